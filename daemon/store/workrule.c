/* SPDX-License-Identifier: ISC */
/* store/workrule: see workrule.h. */
#include "config.h"

#include "daemon/store/workrule.h"

/* The two numbers of a row; 0 without one. */
static enum td_status
get_pair(struct db *db, const char *sql, int64_t id, int64_t pair[2], struct err *err)
{
	struct db_stmt *st = db_query(db, err, sql, "i", id);
	enum db_step step;

	pair[0] = pair[1] = 0;
	if (st == NULL)
		return db_status_of(db);
	step = db_step(st, err);
	if (step == DB_ROW) {
		pair[0] = db_column_i64(st, 0);
		pair[1] = db_column_i64(st, 1);
	}
	return db_end(db, &st, step);
}

enum td_status
target_get(struct db *db, int64_t person_id, struct target *target_r, struct err *err)
{
	int64_t pair[2];
	enum td_status status = get_pair(db,
	    "SELECT seconds, weekly FROM target WHERE person_id = $1", person_id, pair, err);

	if (status == TD_OK)
		*target_r = (struct target){pair[0], pair[1] != 0};
	return status;
}

enum td_status
target_set(struct db *db, int64_t person_id, const struct target *target, struct err *err)
{
	if (target->seconds == 0)
		return db_exec(db, err, "DELETE FROM target WHERE person_id = $1", "i", person_id);
	return db_exec(db, err,
	    "INSERT INTO target (person_id, seconds, weekly) VALUES ($1, $2, $3) "
	    "ON CONFLICT (person_id) DO UPDATE SET seconds = excluded.seconds, "
	    "weekly = excluded.weekly",
	    "iii", person_id, target->seconds, (int64_t)target->weekly);
}

enum td_status
rounding_get(struct db *db, int64_t team_id, struct rounding *rounding_r, struct err *err)
{
	int64_t pair[2];
	enum td_status status = get_pair(db, "SELECT step, way FROM rounding WHERE team_id = $1",
	    team_id, pair, err);

	if (status == TD_OK)
		*rounding_r = (struct rounding){pair[0], pair[1] == 1 ? ROUND_UP :
		    pair[1] == 2 ? ROUND_DOWN : ROUND_NEAREST};
	return status;
}

enum td_status
rounding_set(struct db *db, int64_t team_id, const struct rounding *rounding, struct err *err)
{
	if (rounding->step == 0)
		return db_exec(db, err, "DELETE FROM rounding WHERE team_id = $1", "i", team_id);
	return db_exec(db, err,
	    "INSERT INTO rounding (team_id, step, way) VALUES ($1, $2, $3) "
	    "ON CONFLICT (team_id) DO UPDATE SET step = excluded.step, way = excluded.way",
	    "iii", team_id, rounding->step, (int64_t)rounding->way);
}
