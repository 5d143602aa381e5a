/* SPDX-License-Identifier: ISC */
/* store/sheet: weeks that were handed in, one row a person, team and week; and which weeks a
 * person was spoken to about. */
#ifndef TD_STORE_SHEET_H
#define TD_STORE_SHEET_H

#include "daemon/model/worktime.h"
#include "daemon/store/db.h"

/* Writes all of it in place of what stood there for that person, team and week; sets id. */
TD_CHECK enum td_status sheet_put(struct db *db, struct sheet *sheet, struct err *err);
TD_CHECK enum td_status sheet_find(struct db *db, struct arena *arena, int64_t team_id,
    int64_t person_id, const char *week, struct sheet **sheet_r, struct err *err); /* or NULL */
/* Of a team: those that wait for a lead, oldest week first. */
TD_CHECK enum td_status sheet_waiting(struct db *db, struct arena *arena, int64_t team_id,
    struct sheet **sheets_r, size_t *n_r, struct err *err);
/* Of a person in a team: those that were judged and of which they were not told yet. */
TD_CHECK enum td_status sheet_untold(struct db *db, struct arena *arena, int64_t team_id,
    int64_t person_id, struct sheet **sheets_r, size_t *n_r, struct err *err);
TD_CHECK enum td_status sheet_remove(struct db *db, int64_t id, struct err *err); /* for undo */

/* Mondays, as days since 1970; 0: none yet. */
struct week_told {
	int64_t week;   /* this one and all before it */
	int64_t streak; /* the last of weeks that were too long, when that was told last */
};
TD_CHECK enum td_status week_told_get(struct db *db, int64_t person_id, struct week_told *told_r,
    struct err *err);
TD_CHECK enum td_status week_told_set(struct db *db, int64_t person_id,
    const struct week_told *told, struct err *err);

#endif
