/* SPDX-License-Identifier: ISC */
/* place: the job that carries out planned changes of zone and hours (apply_place.c). */
#ifndef TD_PLACE_H
#define TD_PLACE_H

#include "daemon/conf/conf.h"
#include "daemon/store/job.h"

/* A jobs_handler of schedule/jobs.h, kind "settings". */
TD_CHECK enum td_status place_job(struct db *db, const struct conf *conf, const struct job *job,
    int64_t now, struct arena *arena, int64_t *next_due_r, struct err *err);

#endif
