/* SPDX-License-Identifier: ISC */
/* store/job: see job.h. */
#include "config.h"

#include "daemon/store/job.h"

#define COLUMNS "id, dedupe_key, kind, team_id, person_id, due_at, last_run_at"

static void
read_row(struct db_stmt *st, struct arena *arena, void *row)
{
	struct job *job = row;

	*job = (struct job){
	    .id = db_column_i64(st, 0),
	    .dedupe_key = db_column_text(st, 1, arena),
	    .kind = db_column_text(st, 2, arena),
	    .team_id = db_column_i64(st, 3),
	    .person_id = db_column_i64(st, 4),
	    .due_at = db_column_i64(st, 5),
	    .last_run_at = db_column_i64(st, 6),
	};
}

enum td_status
job_set(struct db *db, const struct job *job, struct err *err)
{
	return db_exec(db, err,
	    "INSERT INTO job (dedupe_key, kind, team_id, person_id, due_at, last_run_at) "
	    "VALUES ($1, $2, $3, $4, $5, $6) "
	    "ON CONFLICT (dedupe_key) DO UPDATE SET due_at = excluded.due_at",
	    "ttrrir", job->dedupe_key, job->kind, job->team_id, job->person_id, job->due_at,
	    job->last_run_at);
}

enum td_status
job_add(struct db *db, const struct job *job, struct err *err)
{
	return db_exec(db, err,
	    "INSERT INTO job (dedupe_key, kind, team_id, person_id, due_at) "
	    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (dedupe_key) DO NOTHING",
	    "ttrri", job->dedupe_key, job->kind, job->team_id, job->person_id, job->due_at);
}

static enum td_status
list(struct db *db, struct arena *arena, struct db_stmt *st, struct job **jobs_r, size_t *n_r,
    struct err *err)
{
	return db_rows(db, arena, st, read_row, sizeof **jobs_r, jobs_r, n_r, err);
}

enum td_status
job_by_key(struct db *db, struct arena *arena, const char *key, struct job **job_r,
    struct err *err)
{
	struct job *jobs;
	size_t n;
	enum td_status status = list(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM job WHERE dedupe_key = $1", "t", key),
	    &jobs, &n, err);

	if (status == TD_OK)
		*job_r = n > 0 ? jobs : NULL;
	return status;
}

enum td_status
job_due(struct db *db, struct arena *arena, int64_t now, int64_t limit, struct job **jobs_r,
    size_t *n_r, struct err *err)
{
	return list(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM job WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2",
		"ii", now, limit),
	    jobs_r, n_r, err);
}

enum td_status
job_list(struct db *db, struct arena *arena, struct job **jobs_r, size_t *n_r, struct err *err)
{
	return list(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM job ORDER BY due_at, id", ""), jobs_r, n_r,
	    err);
}

enum td_status
job_ran(struct db *db, int64_t id, int64_t now, int64_t next_due_at, struct err *err)
{
	if (next_due_at == 0)
		return db_exec(db, err, "DELETE FROM job WHERE id = $1", "i", id);
	return db_exec(db, err, "UPDATE job SET last_run_at = $1, due_at = $2 WHERE id = $3",
	    "iii", now, next_due_at, id);
}

enum td_status
job_remove(struct db *db, const char *key, struct err *err)
{
	return db_exec(db, err, "DELETE FROM job WHERE dedupe_key = $1", "t", key);
}

enum td_status
job_next(struct db *db, int64_t *at_r, bool *found_r, struct err *err)
{
	return db_get_i64(db, err, at_r, found_r,
	    "SELECT due_at FROM job ORDER BY due_at LIMIT 1", "");
}
