/* SPDX-License-Identifier: ISC */
/* store/plan: see plan.h. */
#include "config.h"

#include "daemon/store/plan.h"

enum td_status
plan_add(struct db *db, struct plan *plan, struct err *err)
{
	return db_insert(db, err, &plan->id,
	    "INSERT INTO plan (person_id, at, field, value, team_id, message_id) "
	    "VALUES ($1, $2, $3, $4, $5, $6)",
	    "iittrr", plan->person_id, plan->at, plan->field, plan->value, plan->team_id,
	    plan->message_id);
}

enum td_status
plan_remove(struct db *db, int64_t id, struct err *err)
{
	return db_exec(db, err, "DELETE FROM plan WHERE id = $1", "i", id);
}

static void
read_plan(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct plan *)row = (struct plan){
	    .id = db_column_i64(st, 0),
	    .person_id = db_column_i64(st, 1),
	    .at = db_column_i64(st, 2),
	    .field = db_column_text(st, 3, arena),
	    .value = db_column_text(st, 4, arena),
	    .team_id = db_column_i64(st, 5),
	    .message_id = db_column_i64(st, 6),
	};
}

enum td_status
plan_list(struct db *db, struct arena *arena, int64_t person_id, struct plan **plans_r,
    size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT id, person_id, at, field, value, team_id, message_id FROM plan "
	    "WHERE person_id = $1 ORDER BY at, id",
	    "i", person_id);

	return db_rows(db, arena, st, read_plan, sizeof **plans_r, plans_r, n_r, err);
}
