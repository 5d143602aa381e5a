/* SPDX-License-Identifier: ISC */
/* store/status_update: what a person did and will do, one row a person, team and local day;
 * later mails of the day add their lines to it. */
#ifndef TD_STORE_STATUS_UPDATE_H
#define TD_STORE_STATUS_UPDATE_H

#include "daemon/store/db.h"

struct update_line {
	int64_t id;
	const char *section; /* "done", "next", "blocked", "goals", "notes" */
	const char *text;
	int64_t item_id;     /* 0: none linked */
	int64_t message_id;
	int64_t position;
};

struct status_update {
	int64_t id;
	int64_t team_id;
	int64_t person_id;
	const char *day; /* "2026-11-27", local to the person */
	int64_t created_at;
	int64_t updated_at;
	struct update_line *lines;
	size_t n_lines;
};

/* The row of that day, made when there is none; *before_r (may be NULL) is when it was last
 * changed, 0 if it was just made. */
TD_CHECK enum td_status status_update_get(struct db *db, int64_t team_id, int64_t person_id,
    const char *day, int64_t now, int64_t *id_r, int64_t *before_r, struct err *err);
/* Adds a line at the end; the same text in the same section is kept once (*added_r false). */
TD_CHECK enum td_status status_update_add_line(struct db *db, int64_t update_id,
    struct update_line *line, bool *added_r, struct err *err);
/* With lines; NULL when there is none. */
TD_CHECK enum td_status status_update_find(struct db *db, struct arena *arena, int64_t team_id,
    int64_t person_id, const char *day, struct status_update **update_r, struct err *err);
/* The last one of a person before that day, with lines; NULL when there is none. */
TD_CHECK enum td_status status_update_before(struct db *db, struct arena *arena, int64_t team_id,
    int64_t person_id, const char *day, struct status_update **update_r, struct err *err);
/* All of a team for the days from..to, both included, with lines; by day and person. */
TD_CHECK enum td_status status_update_list(struct db *db, struct arena *arena, int64_t team_id,
    const char *from_day, const char *to_day, struct status_update **updates_r, size_t *n_r,
    struct err *err);

/* The update that a line stands in, without its lines; NULL when there is none. */
TD_CHECK enum td_status status_update_of_line(struct db *db, struct arena *arena, int64_t line_id,
    struct status_update **update_r, struct err *err);
/* What was last said under "next" about an item; NULL: nothing. */
TD_CHECK enum td_status status_update_next(struct db *db, struct arena *arena, int64_t item_id,
    const char **text_r, struct err *err);
/* Only for undo. An update without lines is none: status_update_end removes it then, else it
 * sets updated_at (0: leaves it). */
TD_CHECK enum td_status status_update_remove_line(struct db *db, int64_t line_id,
    struct err *err);
TD_CHECK enum td_status status_update_end(struct db *db, int64_t id, int64_t updated_at,
    struct err *err);

#endif
