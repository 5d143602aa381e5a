/* SPDX-License-Identifier: ISC */
/*
 * decide-fixture: what the tests of decisions share: five people, five items, lines that somebody
 * writes, and jobs that run.
 */
#ifndef TD_TESTS_DECIDE_FIXTURE_H
#define TD_TESTS_DECIDE_FIXTURE_H

#include "tests/unit/intake-fixture.h"

#include "daemon/compose/gather.h"
#include "daemon/compose/query.h"
#include "daemon/intake/decide.h"
#include "daemon/intake/news.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/erase.h"
#include "parsers/command.h"

#define HOUR 3600
#define MONDAY (NOON + 2 * 86400) /* 2026-11-23 12:00 in Lisbon, 21:00 in Tokyo */
#define ANA "ana@example.org"
#define BEN "ben@example.org"
#define CHI "chi@example.org"
#define DEE "dee@example.org"
#define EMI "emi@example.org"

static const char *lmdb_sqlite[] = {"LMDB", "SQLite", "Use both"};
static struct reading_when friday = {.start = 1795737600, .end = 1795824000,
    .precision = WHEN_DAY, .local = "2026-11-27", .zone = "Europe/Lisbon"};

struct inbox_more {
	struct inbox in;
	struct person dee, emi;
};

static inline void
people_open(struct inbox_more *m)
{
	inbox_open(&m->in, CONF_TRUST_ENVELOPE);
	m->in.conf.limits.acks_per_day = 10000;
	fixture_person(&m->in.fx, &m->dee, DEE, "Dee Roy", "Europe/Lisbon", ROLE_MEMBER);
	fixture_person(&m->in.fx, &m->emi, EMI, "Emi Sato", "Europe/Lisbon", ROLE_MEMBER);
}

/* A line as the grammar reads it, in a mail of its own or in reply to one. */
static inline void
say_at(struct inbox *in, const char *from, const char *text, const char *reply_to, int64_t at)
{
	const struct command_context context = {.anchor = at, .zone = "Europe/Lisbon"};
	struct reading_command *cmd = arena_alloc(in->fx.arena, sizeof *cmd);
	struct reading_error error = {0};
	enum command_result result = command_parse(in->fx.arena, span_of(text), 1, &context, cmd,
	    &error);

	if (result != COMMAND_GOOD)
		fail_msg("%s: %s", text, error.why);
	cmd->source = text;
	take(in, &(struct letter){.from = from, .subject = "x", .text = text,
	    .target = {.kind = reply_to != NULL ? KIND_NONE : KIND_TIME}, .reply_to = reply_to,
	    .commands = cmd, .n_commands = 1, .at = at});
}

static inline void
say(struct inbox *in, const char *from, const char *text)
{
	say_at(in, from, text, NULL, NOON);
}

/* #1 a proposal, #2 with three options, #3 a task, #4 decided, #5 dropped. */
static inline void
setup(struct inbox *in, struct reading_when *due)
{
	take(in, &(struct letter){.from = BEN, .subject = "decide: Move to C17?",
	    .text = "The compilers can.", .target = {.kind = KIND_DECIDE},
	    .fields = {.title = "Move to C17?", .due = due}});
	take(in, &(struct letter){.from = BEN, .subject = "decide: Which store?",
	    .text = "We need one.\n\n- LMDB\n- SQLite\n- Use both\n",
	    .target = {.kind = KIND_DECIDE},
	    .fields = {.title = "Which store?", .options = lmdb_sqlite, .n_options = 3,
	    .due = due}});
	make_task(in, "A task");
	say(in, BEN, "/decide Old question");
	say(in, BEN, "/resolve #4 yes it was said");
	say(in, BEN, "/decide Silly question");
	say(in, BEN, "/drop #5");
	td_ok(&in->fx, db_exec(in->fx.db, &in->fx.err, "DELETE FROM outbox", ""));
}

static inline const char *
flat(struct inbox *in, const char *bytes)
{
	char *to = arena_alloc(in->fx.arena, strlen(bytes) + 1), *start = to;

	for (; *bytes; bytes++) {
		if (strncmp(bytes, "=\r\n", 3) == 0) {
			bytes += 2;
			continue;
		}
		if (strchr("\r\n ", *bytes) == NULL)
			*to++ = *bytes;
		else if (to > start && to[-1] != ' ')
			*to++ = ' ';
	}
	return start;
}

static inline void
run_jobs(struct inbox *in, const char *kind, jobs_handler handler, int64_t now)
{
	struct arena *arena = arena_create();
	struct job *jobs;
	size_t n;

	td_ok(&in->fx, job_due(in->fx.db, arena, now, 100, &jobs, &n, &in->fx.err));
	for (size_t i = 0; i < n; i++) {
		int64_t next = 0;

		if (strcmp(jobs[i].kind, kind) != 0)
			continue;
		td_ok(&in->fx, db_begin(in->fx.db, &in->fx.err));
		td_ok(&in->fx, handler(in->fx.db, &in->conf, &jobs[i], now, arena, &next,
		    &in->fx.err));
		td_ok(&in->fx, job_ran(in->fx.db, jobs[i].id, now, next, &in->fx.err));
		td_ok(&in->fx, db_commit(in->fx.db, &in->fx.err));
	}
	arena_destroy(&arena);
}

#endif
