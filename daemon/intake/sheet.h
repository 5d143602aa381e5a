/* SPDX-License-Identifier: ISC */
/*
 * sheet: what logging time has to do with time sheets and jobs: locked weeks, and the rows of the
 * jobs that look after a person's week and their timer (schedule/jobs-time.c runs them).
 */
#ifndef TD_SHEET_H
#define TD_SHEET_H

#include "daemon/intake/apply.h"
#include "daemon/model/worktime.h"
#include "daemon/store/entry.h"

/* The sheet of the week that the day is in, as it stands; NULL: there is none. */
TD_CHECK enum td_status sheet_of_day(struct db *db, struct arena *arena, int64_t team_id,
    int64_t person_id, const char *day, struct sheet **sheet_r, struct err *err);
/* The approved sheet of the week that the day is in; NULL: it is open. */
TD_CHECK enum td_status sheet_lock_of(struct db *db, struct arena *arena, int64_t team_id,
    int64_t person_id, const char *day, struct sheet **sheet_r, struct err *err);

/* A person logs time: their weeks are looked at from the next Monday on. */
TD_CHECK enum td_status sheet_watch_week(struct apply *ap, const struct person *person,
    struct err *err);
/* A timer runs (or, with undo, runs again): it is looked at when the working day is over. */
TD_CHECK enum td_status sheet_watch_timer(struct apply *ap, const struct timer *timer,
    struct err *err);

#endif
