/* SPDX-License-Identifier: ISC */
/* store/job: what is due at a time. One row a thing ("digest:3:7"), moved on when it is done. */
#ifndef TD_STORE_JOB_H
#define TD_STORE_JOB_H

#include "daemon/store/db.h"

struct job {
	int64_t id;
	const char *dedupe_key;
	const char *kind; /* "digest", "quarantine-summary", "confirm", ... */
	int64_t team_id;
	int64_t person_id;
	int64_t due_at;
	int64_t last_run_at; /* 0: never */
};

/* Adds the job, or moves the one of that key to due_at and leaves the rest of it. */
TD_CHECK enum td_status job_set(struct db *db, const struct job *job, struct err *err);
/* Adds the job; one of that key that waits already stays as it is. */
TD_CHECK enum td_status job_add(struct db *db, const struct job *job, struct err *err);
TD_CHECK enum td_status job_by_key(struct db *db, struct arena *arena, const char *key,
    struct job **job_r, struct err *err); /* NULL when there is none */
TD_CHECK enum td_status job_due(struct db *db, struct arena *arena, int64_t now, int64_t limit,
    struct job **jobs_r, size_t *n_r, struct err *err);
/* It ran: due again at next_due_at, or gone with 0. */
TD_CHECK enum td_status job_ran(struct db *db, int64_t id, int64_t now, int64_t next_due_at,
    struct err *err);
TD_CHECK enum td_status job_remove(struct db *db, const char *key, struct err *err);
/* When the next one is due; *found_r false when there is none. */
TD_CHECK enum td_status job_next(struct db *db, int64_t *at_r, bool *found_r, struct err *err);
TD_CHECK enum td_status job_list(struct db *db, struct arena *arena, struct job **jobs_r,
    size_t *n_r, struct err *err);

#endif
