/* SPDX-License-Identifier: ISC */
/* store/holiday: see holiday.h. */
#include "config.h"

#include "daemon/store/holiday.h"

#include <string.h>

enum td_status
holiday_replace(struct db *db, const char *region, const struct holiday *days, size_t n,
    struct err *err)
{
	enum td_status status = db_exec(db, err, "DELETE FROM holiday WHERE region = $1", "t",
	    region);

	for (size_t i = 0; status == TD_OK && i < n; i++)
		status = db_exec(db, err,
		    "INSERT INTO holiday (region, day, name) VALUES ($1, $2, $3) "
		    "ON CONFLICT (region, day) DO NOTHING",
		    "ttt", region, days[i].day, days[i].name);
	return status;
}

static void
read_holiday(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct holiday *)row = (struct holiday){db_column_text(st, 0, arena),
	    db_column_text(st, 1, arena)};
}

enum td_status
holiday_list(struct db *db, struct arena *arena, const char *region, const char *from_day,
    const char *to_day, struct holiday **days_r, size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT day, name FROM holiday WHERE region = $1 AND day >= $2 AND day <= $3 "
	    "ORDER BY day",
	    "ttt", region, from_day, to_day);

	return db_rows(db, arena, st, read_holiday, sizeof **days_r, days_r, n_r, err);
}

static void
read_region(struct db_stmt *st, struct arena *arena, void *row)
{
	*(const char **)row = db_column_text(st, 0, arena);
}

enum td_status
holiday_region(struct db *db, struct arena *arena, enum holiday_of of, int64_t id,
    const char **region_r, struct err *err)
{
	const char **found = NULL;
	enum td_status status = db_row(db, arena,
	    db_query(db, err, of == HOLIDAY_TEAM ? "SELECT region FROM team WHERE id = $1" :
		"SELECT region FROM person WHERE id = $1", "i", id), read_region, sizeof *found,
	    &found, err);

	if (status == TD_OK)
		*region_r = found != NULL ? *found : NULL;
	return status;
}

enum td_status
holiday_set_region(struct db *db, enum holiday_of of, int64_t id, const char *region,
    struct err *err)
{
	return db_exec(db, err, of == HOLIDAY_TEAM ? "UPDATE team SET region = $1 WHERE id = $2" :
	    "UPDATE person SET region = $1 WHERE id = $2", "ti", region, id);
}

static void
read_day_off(struct db_stmt *st, struct arena *arena, void *row)
{
	const char *day = db_column_text(st, 1, arena);

	*(struct absence *)row = (struct absence){.person_id = db_column_i64(st, 0),
	    .first_day = day, .last_day = day, .kind = "public holiday",
	    .note = db_column_text(st, 2, arena)};
}

enum td_status
days_off_list(struct db *db, struct arena *arena, int64_t person_id, const char *from_day,
    const char *to_day, struct absence **absences_r, size_t *n_r, struct err *err)
{
	struct absence *away = NULL, *public = NULL, *all;
	size_t n = 0, n_public = 0;
	enum td_status status = absence_list(db, arena, person_id, from_day, to_day, &away, &n,
	    err);

	if (status == TD_OK)
		status = db_rows(db, arena, db_query(db, err,
		    "SELECT p.id, h.day, h.name FROM person p JOIN holiday h ON h.region = "
		    "coalesce(p.region, (SELECT t.region FROM membership m "
		    "JOIN team t ON t.id = m.team_id WHERE m.person_id = p.id "
		    "AND t.region IS NOT NULL ORDER BY m.since, t.id LIMIT 1)) "
		    "WHERE (p.id = $1 OR $2 = 0) AND p.removed_at IS NULL "
		    "AND h.day >= $3 AND h.day <= $4 ORDER BY h.day, p.id",
		    "iitt", person_id, person_id, from_day, to_day), read_day_off, sizeof *public,
		    &public, &n_public, err);
	if (status != TD_OK)
		return status;
	all = arena_array(arena, n + n_public + 1, sizeof *all);
	if (n > 0)
		memcpy(all, away, n * sizeof *all);
	if (n_public > 0)
		memcpy(all + n, public, n_public * sizeof *all);
	*absences_r = all;
	*n_r = n + n_public;
	return TD_OK;
}
