/* SPDX-License-Identifier: ISC */
/*
 * query: answers to questions ("/list mine", "/show #42", "/search disk -old", "/who",
 * "/timesheet 2026-W41", "/help spend"), read from the store for one reader: as lines of text with
 * times in the reader's zone, and as JSON. A question is the command that the grammar read, so
 * mail and tool ask the same way. Reads only. All memory comes from the arena.
 *
 *	struct query query = {.db = db, .arena = arena, .team = team, .zone = zone, .now = now};
 *	TD_CHECK query_ask(&query, &command, &answer, err);
 */
#ifndef TD_QUERY_H
#define TD_QUERY_H

#include "parsers/reading.h"
#include "daemon/model/person.h"
#include "daemon/model/team.h"
#include "daemon/store/db.h"

struct query {
	struct db *db;
	struct arena *arena;
	const struct team *team;
	int64_t reader_id;    /* who asks: "mine", own time; 0: nobody of the team */
	const char *zone;     /* the reader's, IANA */
	int64_t now;
	uint32_t thread_item; /* number of the item that the thread is about, 0 without */
};

struct query_answer {
	const char *why;    /* NULL; else a sentence: why the question has no answer */
	const char *title;  /* a line: what the answer is about */
	const char **lines;
	size_t n_lines;
	const char *json;   /* one value */
};

/* Is this verb a question? */
bool query_is(const char *verb);

TD_CHECK enum td_status query_ask(const struct query *query, const struct reading_command *question,
    struct query_answer *answer_r, struct err *err);

#endif
