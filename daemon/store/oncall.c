/* SPDX-License-Identifier: ISC */
/* store/oncall: see oncall.h. */
#include "config.h"

#include "daemon/store/oncall.h"

static const char *const part_names[] = {"turn", "emergency"};

enum td_status
oncall_get(struct db *db, struct arena *arena, int64_t team_id, enum oncall_part part,
    struct oncall *oncall_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT person_id, first_day FROM oncall WHERE team_id = $1 AND part = $2 "
	    "ORDER BY position",
	    "it", team_id, part_names[part]);
	struct oncall oncall = {0};
	size_t cap = 0;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	while ((step = db_step(st, err)) == DB_ROW) {
		*ARENA_PUSH(arena, oncall.people, oncall.n_people, cap) = db_column_i64(st, 0);
		oncall.first_day = db_column_text(st, 1, arena);
	}
	status = db_end(db, &st, step);
	if (status == TD_OK)
		*oncall_r = oncall;
	return status;
}

enum td_status
oncall_set(struct db *db, int64_t team_id, enum oncall_part part, const int64_t *people, size_t n,
    const char *first_day, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "DELETE FROM oncall WHERE team_id = $1 AND part = $2", "it", team_id,
	    part_names[part]);

	for (size_t i = 0; status == TD_OK && i < n; i++)
		status = db_exec(db, err,
		    "INSERT INTO oncall (team_id, part, position, person_id, first_day) "
		    "VALUES ($1, $2, $3, $4, $5)",
		    "itiit", team_id, part_names[part], (int64_t)i, people[i], first_day);
	return status;
}
