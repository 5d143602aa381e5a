/* SPDX-License-Identifier: ISC */
/* store/entry: time that was worked, and the one running timer of a person. An entry is never
 * changed: a correction is another one, negative. */
#ifndef TD_STORE_ENTRY_H
#define TD_STORE_ENTRY_H

#include "daemon/store/db.h"

struct entry {
	int64_t id;
	int64_t team_id;
	int64_t person_id;
	const char *day;     /* local to the person */
	int64_t seconds;
	int64_t started_at;  /* 0: no range was given */
	int64_t item_id;     /* 0: none */
	const char *project; /* NULL: none */
	bool billable;
	const char *note;    /* "" without */
	int64_t message_id;
	int64_t created_at;
	int64_t by_id;       /* the lead who wrote it for the person; 0: the person */
	bool correction;     /* written into a week that was approved */
	int64_t said;        /* seconds before rounding; 0: as above */
	const char *zone;    /* of the person when it was logged; NULL: not known */
};

TD_CHECK enum td_status entry_add(struct db *db, struct entry *entry, struct err *err);
/* Only for undo: a correction is another entry. */
TD_CHECK enum td_status entry_remove(struct db *db, int64_t id, struct err *err);
/* Of a team (person_id 0: of all; team_id 0: in all teams), days from..to, both
 * included; by day, person, id. */
TD_CHECK enum td_status entry_list(struct db *db, struct arena *arena, int64_t team_id,
    int64_t person_id, const char *from_day, const char *to_day, struct entry **entries_r,
    size_t *n_r, struct err *err);
/* Of a person in all teams; by day, id. */
TD_CHECK enum td_status entry_all(struct db *db, struct arena *arena, int64_t person_id,
    const char *from_day, const char *to_day, struct entry **entries_r, size_t *n_r,
    struct err *err);
/* Seconds of a person over the days; team_id 0: in all teams. */
TD_CHECK enum td_status entry_sum(struct db *db, int64_t team_id, int64_t person_id,
    const char *from_day, const char *to_day, int64_t *seconds_r, struct err *err);

/* An entry of the person, in any team, whose range, as it was said, touches from..to; NULL: there
 * is none. */
TD_CHECK enum td_status entry_overlap(struct db *db, struct arena *arena, int64_t person_id,
    int64_t from, int64_t to, struct entry **entry_r, struct err *err);
/* Were corrections written into those days in that team? */
TD_CHECK enum td_status entry_corrected(struct db *db, int64_t team_id, int64_t person_id,
    const char *from_day, const char *to_day, bool *yes_r, struct err *err);
TD_CHECK enum td_status entry_by_id(struct db *db, struct arena *arena, int64_t id,
    struct entry **entry_r, struct err *err); /* NULL when there is none */

/* Seconds that all people logged on an item. */
TD_CHECK enum td_status entry_item_sum(struct db *db, int64_t item_id, int64_t *seconds_r,
    struct err *err);

struct timer {
	int64_t person_id;
	int64_t team_id;
	int64_t item_id; /* 0: none */
	int64_t started_at;
};

TD_CHECK enum td_status timer_start(struct db *db, const struct timer *timer, struct err *err);
TD_CHECK enum td_status timer_find(struct db *db, struct arena *arena, int64_t person_id,
    struct timer **timer_r, struct err *err); /* NULL when none runs */
TD_CHECK enum td_status timer_stop(struct db *db, int64_t person_id, struct err *err);

#endif
