/* SPDX-License-Identifier: ISC */
/* store/absence: see absence.h. */
#include "config.h"

#include "daemon/store/absence.h"

#include <string.h>

enum td_status
absence_add(struct db *db, struct absence *absence, struct err *err)
{
	return db_insert(db, err, &absence->id,
	    "INSERT INTO absence (person_id, first_day, last_day, kind, half_day, cover_id, note, "
	    "message_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
	    "itttirtri", absence->person_id, absence->first_day, absence->last_day, absence->kind,
	    (int64_t)absence->half_day, absence->cover_id, absence->note, absence->message_id,
	    absence->created_at);
}

static enum day_half
half_of(int64_t number)
{
	return number >= HALF_NONE && number <= HALF_AFTERNOON ? (enum day_half)number : HALF_SOME;
}

static void
read_absence(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct absence *)row = (struct absence){
	    .id = db_column_i64(st, 0),
	    .person_id = db_column_i64(st, 1),
	    .first_day = db_column_text(st, 2, arena),
	    .last_day = db_column_text(st, 3, arena),
	    .kind = db_column_text(st, 4, arena),
	    .half_day = half_of(db_column_i64(st, 5)),
	    .cover_id = db_column_i64(st, 6),
	    .note = db_column_text(st, 7, arena),
	    .message_id = db_column_i64(st, 8),
	    .created_at = db_column_i64(st, 9),
	    .ended_at = db_column_i64(st, 10),
	};
}

enum td_status
absence_list(struct db *db, struct arena *arena, int64_t person_id, const char *from_day,
    const char *to_day, struct absence **absences_r, size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT id, person_id, first_day, last_day, kind, half_day, cover_id, note, "
	    "message_id, created_at, ended_at FROM absence "
	    "WHERE (person_id = $1 OR $2 = 0) AND last_day >= $3 AND first_day <= $4 "
	    "AND ended_at IS NULL ORDER BY first_day, person_id, id",
	    "iitt", person_id, person_id, from_day, to_day);

	return db_rows(db, arena, st, read_absence, sizeof **absences_r, absences_r, n_r, err);
}

enum td_status
absence_cut(struct db *db, const struct absence *absence, const char *last_day, int64_t now,
    struct err *err)
{
	/* nothing is left of it: it ends, and keeps its days for the history */
	if (strcmp(last_day, absence->first_day) < 0)
		return db_exec(db, err, "UPDATE absence SET ended_at = $1 WHERE id = $2", "ii", now,
		    absence->id);
	return db_exec(db, err, "UPDATE absence SET last_day = $1 WHERE id = $2", "ti", last_day,
	    absence->id);
}

enum td_status
absence_remove(struct db *db, int64_t id, struct err *err)
{
	return db_exec(db, err, "DELETE FROM absence WHERE id = $1", "i", id);
}

enum td_status
absence_set_end(struct db *db, int64_t id, const char *last_day, int64_t ended_at,
    struct err *err)
{
	return db_exec(db, err, "UPDATE absence SET last_day = $1, ended_at = $2 WHERE id = $3",
	    "tri", last_day, ended_at, id);
}
