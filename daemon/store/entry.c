/* SPDX-License-Identifier: ISC */
/* store/entry: see entry.h. */
#include "config.h"

#include "daemon/store/entry.h"

#include "parsers/base/civil.h"

#define COLUMNS                                                                                    \
	"id, team_id, person_id, day, seconds, started_at, item_id, project, billable, note, "     \
	"message_id, created_at, by_id, correction, said, zone"

/* The day in UTC of a moment. */
static const char *
day_text(struct arena *arena, int64_t at)
{
	char text[CIVIL_TEXT];

	civil_format_day(at / 86400, text);
	return arena_strdup(arena, text);
}

enum td_status
entry_add(struct db *db, struct entry *entry, struct err *err)
{
	return db_insert(db, err, &entry->id,
	    "INSERT INTO entry (team_id, person_id, day, seconds, started_at, item_id, project, "
	    "billable, note, message_id, created_at, by_id, correction, "
	    "said, zone) "
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
	    "iitirrtitririrt", entry->team_id, entry->person_id, entry->day, entry->seconds,
	    entry->started_at, entry->item_id, entry->project, (int64_t)entry->billable,
	    entry->note, entry->message_id, entry->created_at, entry->by_id,
	    (int64_t)entry->correction, entry->said, entry->zone);
}

enum td_status
entry_remove(struct db *db, int64_t id, struct err *err)
{
	return db_exec(db, err, "DELETE FROM entry WHERE id = $1", "i", id);
}

static void
read_entry(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct entry *)row = (struct entry){
	    .id = db_column_i64(st, 0),
	    .team_id = db_column_i64(st, 1),
	    .person_id = db_column_i64(st, 2),
	    .day = db_column_text(st, 3, arena),
	    .seconds = db_column_i64(st, 4),
	    .started_at = db_column_i64(st, 5),
	    .item_id = db_column_i64(st, 6),
	    .project = db_column_text(st, 7, arena),
	    .billable = db_column_i64(st, 8) != 0,
	    .note = db_column_text(st, 9, arena),
	    .message_id = db_column_i64(st, 10),
	    .created_at = db_column_i64(st, 11),
	    .by_id = db_column_i64(st, 12),
	    .correction = db_column_i64(st, 13) != 0,
	    .said = db_column_i64(st, 14),
	    .zone = db_column_text(st, 15, arena),
	};
}

static enum td_status
collect(struct db *db, struct arena *arena, struct db_stmt *st, struct entry **entries_r,
    size_t *n_r, struct err *err)
{
	return db_rows(db, arena, st, read_entry, sizeof **entries_r, entries_r, n_r, err);
}

enum td_status
entry_list(struct db *db, struct arena *arena, int64_t team_id, int64_t person_id,
    const char *from_day, const char *to_day, struct entry **entries_r, size_t *n_r,
    struct err *err)
{
	return collect(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM entry "
		"WHERE team_id = $1 AND (person_id = $2 OR $3 = 0) AND day >= $4 AND day <= $5 "
		"ORDER BY day, person_id, id",
		"iiitt", team_id, person_id, person_id, from_day, to_day),
	    entries_r, n_r, err);
}

enum td_status
entry_all(struct db *db, struct arena *arena, int64_t person_id, const char *from_day,
    const char *to_day, struct entry **entries_r, size_t *n_r, struct err *err)
{
	return collect(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM entry WHERE person_id = $1 AND day >= $2 AND day <= $3 "
		"ORDER BY day, id",
		"itt", person_id, from_day, to_day),
	    entries_r, n_r, err);
}

enum td_status
entry_overlap(struct db *db, struct arena *arena, int64_t person_id, int64_t from, int64_t to,
    struct entry **entry_r, struct err *err)
{
	/* an entry is a day long at most, and its day is that of its beginning: the index serves */
	struct db_stmt *st = db_query(db, err,
	    "SELECT " COLUMNS " FROM entry WHERE person_id = $1 AND day >= $2 AND day <= $3 "
	    "AND seconds > 0 AND started_at < $4 AND started_at + coalesce(said, seconds) > $5 "
	    "ORDER BY started_at LIMIT 1",
	    "ittii", person_id, day_text(arena, from - 2 * 86400), day_text(arena, to + 2 * 86400),
	    to, from);

	return db_row(db, arena, st, read_entry, sizeof **entry_r, entry_r, err);
}

enum td_status
entry_by_id(struct db *db, struct arena *arena, int64_t id, struct entry **entry_r,
    struct err *err)
{
	struct db_stmt *st = db_query(db, err, "SELECT " COLUMNS " FROM entry WHERE id = $1", "i",
	    id);

	return db_row(db, arena, st, read_entry, sizeof **entry_r, entry_r, err);
}

enum td_status
entry_corrected(struct db *db, int64_t team_id, int64_t person_id, const char *from_day,
    const char *to_day, bool *yes_r, struct err *err)
{
	int64_t one;

	return db_get_i64(db, err, &one, yes_r,
	    "SELECT 1 FROM entry WHERE person_id = $1 AND day >= $2 AND day <= $3 AND "
	    "team_id = $4 AND correction = 1 LIMIT 1",
	    "itti", person_id, from_day, to_day, team_id);
}

enum td_status
entry_sum(struct db *db, int64_t team_id, int64_t person_id, const char *from_day,
    const char *to_day, int64_t *seconds_r, struct err *err)
{
	return db_get_i64(db, err, seconds_r, NULL,
	    "SELECT coalesce(sum(seconds), 0) FROM entry WHERE person_id = $1 AND day >= $2 "
	    "AND day <= $3 AND (team_id = $4 OR $5 = 0)",
	    "ittii", person_id, from_day, to_day, team_id, team_id);
}

enum td_status
entry_item_sum(struct db *db, int64_t item_id, int64_t *seconds_r, struct err *err)
{
	return db_get_i64(db, err, seconds_r, NULL,
	    "SELECT coalesce(sum(seconds), 0) FROM entry WHERE item_id = $1", "i", item_id);
}

/* ---- timer -------------------------------------------------------------------------------- */

enum td_status
timer_start(struct db *db, const struct timer *timer, struct err *err)
{
	return db_exec(db, err,
	    "INSERT INTO timer (person_id, team_id, item_id, started_at) VALUES ($1, $2, $3, $4) "
	    "ON CONFLICT (person_id) DO UPDATE SET team_id = excluded.team_id, "
	    "item_id = excluded.item_id, started_at = excluded.started_at",
	    "iiri", timer->person_id, timer->team_id, timer->item_id, timer->started_at);
}

static void
read_timer(struct db_stmt *st, struct arena *arena, void *row)
{
	(void)arena;
	*(struct timer *)row = (struct timer){db_column_i64(st, 0), db_column_i64(st, 1),
	    db_column_i64(st, 2), db_column_i64(st, 3)};
}

enum td_status
timer_find(struct db *db, struct arena *arena, int64_t person_id, struct timer **timer_r,
    struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT person_id, team_id, item_id, started_at FROM timer WHERE person_id = $1", "i",
	    person_id);

	return db_row(db, arena, st, read_timer, sizeof **timer_r, timer_r, err);
}

enum td_status
timer_stop(struct db *db, int64_t person_id, struct err *err)
{
	return db_exec(db, err, "DELETE FROM timer WHERE person_id = $1", "i", person_id);
}
