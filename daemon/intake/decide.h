/* SPDX-License-Identifier: ISC */
/*
 * decide: what happens to a decision by itself: the job "decision:ITEM" runs when its date has
 * come. Then what most answered holds, or the default, and the team is told; while somebody
 * objects it stays open, and its owner and the leads are told that once.
 */
#ifndef TD_DECIDE_H
#define TD_DECIDE_H

#include "daemon/conf/conf.h"
#include "daemon/model/item.h"
#include "daemon/store/job.h"

/* Sets the job to the item's date, or takes it away where there is nothing to wait for. Call it
 * whenever a decision was changed. */
TD_CHECK enum td_status decide_schedule(struct db *db, struct arena *arena,
    const struct item *item, struct err *err);

/* The job (a jobs_handler of schedule/jobs.h, kind "decision"). */
TD_CHECK enum td_status decide_job(struct db *db, const struct conf *conf, const struct job *job,
    int64_t now, struct arena *arena, int64_t *next_due_r, struct err *err);

/*
 * The job "decision-soon:ITEM" (kind "decision-soon"): who has not answered is reminded once, in
 * their hours, about a day before the date; earlier where they work no more until then.
 */
TD_CHECK enum td_status decide_soon_job(struct db *db, const struct conf *conf,
    const struct job *job, int64_t now, struct arena *arena, int64_t *next_due_r,
    struct err *err);

#endif
