/* SPDX-License-Identifier: ISC */
/* store/sheet: see sheet.h. */
#include "config.h"

#include "daemon/store/sheet.h"

#define SELECT                                                                                     \
	"SELECT id, team_id, person_id, week, state, seconds, reason, message_id, submitted_at, "  \
	"judged_by, judged_at, told_at FROM sheet "

enum td_status
sheet_put(struct db *db, struct sheet *sheet, struct err *err)
{
	return db_get_i64(db, err, &sheet->id, NULL,
	    "INSERT INTO sheet (team_id, person_id, week, state, seconds, reason, message_id, "
	    "submitted_at, judged_by, judged_at, told_at) "
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
	    "ON CONFLICT (team_id, person_id, week) DO UPDATE SET state = excluded.state, "
	    "seconds = excluded.seconds, reason = excluded.reason, "
	    "message_id = excluded.message_id, submitted_at = excluded.submitted_at, "
	    "judged_by = excluded.judged_by, judged_at = excluded.judged_at, "
	    "told_at = excluded.told_at RETURNING id",
	    "iittitrirrr", sheet->team_id, sheet->person_id, sheet->week,
	    sheet_state_name(sheet->state), sheet->seconds, sheet->reason, sheet->message_id,
	    sheet->submitted_at, sheet->judged_by, sheet->judged_at, sheet->told_at);
}

static void
read_sheet(struct db_stmt *st, struct arena *arena, void *row)
{
	struct sheet *sheet = row;

	*sheet = (struct sheet){
	    .id = db_column_i64(st, 0),
	    .team_id = db_column_i64(st, 1),
	    .person_id = db_column_i64(st, 2),
	    .week = db_column_text(st, 3, arena),
	    .state = SHEET_SUBMITTED,
	    .seconds = db_column_i64(st, 5),
	    .reason = db_column_text(st, 6, arena),
	    .message_id = db_column_i64(st, 7),
	    .submitted_at = db_column_i64(st, 8),
	    .judged_by = db_column_i64(st, 9),
	    .judged_at = db_column_i64(st, 10),
	    .told_at = db_column_i64(st, 11),
	};
	(void)sheet_state_parse(db_column_text(st, 4, arena), &sheet->state);
}

static enum td_status
collect(struct db *db, struct arena *arena, struct db_stmt *st, struct sheet **sheets_r,
    size_t *n_r, struct err *err)
{
	return db_rows(db, arena, st, read_sheet, sizeof **sheets_r, sheets_r, n_r, err);
}

enum td_status
sheet_find(struct db *db, struct arena *arena, int64_t team_id, int64_t person_id,
    const char *week, struct sheet **sheet_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    SELECT "WHERE team_id = $1 AND person_id = $2 AND week = $3", "iit", team_id, person_id,
	    week);

	return db_row(db, arena, st, read_sheet, sizeof **sheet_r, sheet_r, err);
}

enum td_status
sheet_waiting(struct db *db, struct arena *arena, int64_t team_id, struct sheet **sheets_r,
    size_t *n_r, struct err *err)
{
	return collect(db, arena,
	    db_query(db, err,
		SELECT "WHERE team_id = $1 AND state = 'submitted' ORDER BY week, submitted_at, id",
		"i", team_id),
	    sheets_r, n_r, err);
}

enum td_status
sheet_untold(struct db *db, struct arena *arena, int64_t team_id, int64_t person_id,
    struct sheet **sheets_r, size_t *n_r, struct err *err)
{
	return collect(db, arena,
	    db_query(db, err,
		SELECT "WHERE team_id = $1 AND person_id = $2 AND state <> 'submitted' "
		       "AND told_at IS NULL ORDER BY week, id",
		"ii", team_id, person_id),
	    sheets_r, n_r, err);
}

enum td_status
sheet_remove(struct db *db, int64_t id, struct err *err)
{
	return db_exec(db, err, "DELETE FROM sheet WHERE id = $1", "i", id);
}

enum td_status
week_told_get(struct db *db, int64_t person_id, struct week_told *told_r, struct err *err)
{
	enum td_status status;

	*told_r = (struct week_told){0, 0};
	status = db_get_i64(db, err, &told_r->week, NULL,
	    "SELECT coalesce(max(week_told), 0) FROM person WHERE id = $1", "i", person_id);
	if (status == TD_OK)
		status = db_get_i64(db, err, &told_r->streak, NULL,
		    "SELECT coalesce(max(streak_told), 0) FROM person WHERE id = $1", "i",
		    person_id);
	return status;
}

enum td_status
week_told_set(struct db *db, int64_t person_id, const struct week_told *told, struct err *err)
{
	return db_exec(db, err,
	    "UPDATE person SET week_told = $1, streak_told = $2 WHERE id = $3", "rri", told->week,
	    told->streak, person_id);
}
