/* SPDX-License-Identifier: ISC */
/*
 * item: a task or a decision, and the legal changes of its state. All of it stands in one struct:
 * who changes an item loads it, changes the struct through these functions, and gives it back to
 * the store together with what it was before.
 *
 *	open ⇄ started ⇄ blocked    each of them → done, dropped    done, dropped → open (reopen)
 *
 * A decision is never started nor blocked, and only item_decide closes it as done.
 */
#ifndef TD_MODEL_ITEM_H
#define TD_MODEL_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "parsers/base/span.h"

enum item_state { ITEM_OPEN, ITEM_STARTED, ITEM_BLOCKED, ITEM_DONE, ITEM_DROPPED };

/* Left out of one person's digests for a while. */
struct item_snooze {
	int64_t person_id;
	int64_t until; /* UTC; never 0 */
};

struct item {
	int64_t id;
	int64_t team_id;
	uint32_t number;        /* of the team */
	const char *kind;       /* "task", "decision" */
	const char *title;
	const char *body;
	enum item_state state;
	const char *blocked_why; /* NULL unless blocked */
	int64_t blocked_since;   /* 0 unless blocked */
	int64_t creator_id;
	const char *project;     /* NULL without */
	int64_t priority;        /* 0 none, 1 highest .. 4 */
	int64_t due_at;          /* UTC: end of the day, or the moment; 0 without */
	const char *due_day;     /* as meant: "2026-11-27", "2026-11-27T17:00"; NULL without */
	const char *due_zone;
	int64_t estimate;        /* seconds, 0 without */
	const char *root_mid;    /* Message-ID that all its mail refers to, without < > */
	int64_t created_at;
	int64_t updated_at;
	int64_t closed_at;       /* 0 unless done or dropped */
	int64_t *owners;         /* person ids, the first one first, the others by id */
	size_t n_owners;
	const char **tags;       /* lower case, sorted */
	size_t n_tags;
	int64_t *watchers;       /* person ids, sorted */
	size_t n_watchers;
	int64_t *depends;        /* item ids that must be done before, sorted */
	size_t n_depends;
	struct item_snooze *snoozes; /* by person; those that are past may be among them */
	size_t n_snoozes;
	const char **options;    /* of a decision, in their order; the first is the default */
	size_t n_options;
	const char *outcome;     /* what was decided, NULL while it is open */
	const char *outcome_how; /* "vote", "default", "resolve"; NULL as outcome */
	const char *outcome_why; /* the reason of a /resolve, NULL without */
};

const char *item_state_name(enum item_state state); /* "open", "started", ... */
bool item_state_parse(struct span text, enum item_state *state_r); /* "closed" is done too */
bool item_is_closed(const struct item *item);

/* Is this change legal? If not, *why_r is a sentence for people (static). A change to the state
 * it has already is legal for started and blocked (a new reason), else refused. */
bool item_may_become(const struct item *item, enum item_state to, const char **why_r);

bool item_is_decision(const struct item *item);

/* Closes a decision, in place of item_set_state. */
void item_decide(struct item *item, const char *outcome, const char *how, const char *why,
    int64_t now);

/* The only place that changes a state: call it after item_may_become. why: for ITEM_BLOCKED.
 * Opening a decision again takes its outcome away. */
void item_set_state(struct item *item, enum item_state to, const char *why, int64_t now);

/* Lists of an item; true when the list changed. New arrays come from the arena. */
bool item_add_tag(struct arena *arena, struct item *item, const char *tag);
bool item_remove_tag(struct item *item, const char *tag);
bool item_add_owner(struct arena *arena, struct item *item, int64_t person_id);
bool item_remove_owner(struct item *item, int64_t person_id);
bool item_add_watcher(struct arena *arena, struct item *item, int64_t person_id);
bool item_remove_watcher(struct item *item, int64_t person_id);
bool item_add_depends(struct arena *arena, struct item *item, int64_t item_id);
bool item_remove_depends(struct item *item, int64_t item_id);
/* For that person alone; until 0: no longer. */
void item_snooze(struct arena *arena, struct item *item, int64_t person_id, int64_t until);
int64_t item_snoozed_until(const struct item *item, int64_t person_id); /* 0: it is not */
bool item_has_owner(const struct item *item, int64_t person_id);
/* Is it theirs to give away, and where it is a decision to settle? Its owners, and who made it. */
bool item_is_of(const struct item *item, int64_t person_id);

/* In the JSON of item_diff: "snoozed_until:2" for the person 2. Histories of before have
 * "snoozed_until" alone, for all. */
#define ITEM_SNOOZE_KEY "snoozed_until:"

/* A copy whose lists can be changed without touching the original's. */
struct item *item_copy(struct arena *arena, const struct item *item);

/* All its words, a line each: what is searched. */
const char *item_words(struct arena *arena, const struct item *item);

/* What differs, as two JSON objects with the same keys (updated_at alone is no difference; where
 * there is another it is told too). false when nothing differs. before NULL: the whole item, as
 * created. */
bool item_diff(const struct item *before, const struct item *after, struct buf *before_json,
    struct buf *after_json);

#endif
