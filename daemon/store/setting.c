/* SPDX-License-Identifier: ISC */
/* store/setting: see setting.h. */
#include "config.h"

#include "daemon/store/setting.h"

enum td_status
setting_get(struct db *db, struct arena *arena, const char *name, const char **value_r,
    struct err *err)
{
	struct db_stmt *st = db_query(db, err, "SELECT value FROM setting WHERE name = $1", "t",
	    name);
	const char *value = NULL;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	step = db_step(st, err);
	if (step == DB_ROW)
		value = db_column_text(st, 0, arena);
	status = db_end(db, &st, step);
	if (status == TD_OK)
		*value_r = value;
	return status;
}

enum td_status
setting_set(struct db *db, const char *name, const char *value, struct err *err)
{
	if (value == NULL)
		return db_exec(db, err, "DELETE FROM setting WHERE name = $1", "t", name);
	return db_exec(db, err,
	    "INSERT INTO setting (name, value) VALUES ($1, $2) "
	    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
	    "tt", name, value);
}
