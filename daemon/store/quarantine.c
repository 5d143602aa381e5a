/* SPDX-License-Identifier: ISC */
/* store/quarantine: see quarantine.h. */
#include "config.h"

#include "daemon/store/quarantine.h"

#define COLUMNS                                                                                    \
	"id, mailbox_id, uidvalidity, uid, message_id, why, from_address, subject, size, state, "  \
	"created_at"

enum td_status
quarantine_add(struct db *db, struct quarantine *row, int64_t now, struct err *err)
{
	enum td_status status = db_get_i64(db, err, &row->id, NULL,
	    "INSERT INTO quarantine (mailbox_id, uidvalidity, uid, message_id, why, from_address, "
	    "subject, size, raw, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
	    "ON CONFLICT (message_id) DO UPDATE SET "
	    "mailbox_id = coalesce(excluded.mailbox_id, quarantine.mailbox_id), "
	    "uidvalidity = coalesce(excluded.uidvalidity, quarantine.uidvalidity), "
	    "uid = coalesce(excluded.uid, quarantine.uid), "
	    "raw = coalesce(excluded.raw, quarantine.raw) RETURNING id",
	    "rrrrtttibi", row->mailbox_id, (int64_t)row->uidvalidity, (int64_t)row->uid,
	    row->message_id, row->why, row->from_address, row->subject, row->size, &row->raw, now);

	if (status == TD_OK) {
		row->state = "kept";
		row->created_at = now;
	}
	return status;
}

static void
read_row(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct quarantine *)row = (struct quarantine){
	    .id = db_column_i64(st, 0),
	    .mailbox_id = db_column_i64(st, 1),
	    .uidvalidity = (uint32_t)db_column_i64(st, 2),
	    .uid = (uint32_t)db_column_i64(st, 3),
	    .message_id = db_column_i64(st, 4),
	    .why = db_column_text(st, 5, arena),
	    .from_address = db_column_text(st, 6, arena),
	    .subject = db_column_text(st, 7, arena),
	    .size = db_column_i64(st, 8),
	    .state = db_column_text(st, 9, arena),
	    .created_at = db_column_i64(st, 10),
	};
}

enum td_status
quarantine_list(struct db *db, struct arena *arena, const char *state, int64_t limit,
    struct quarantine **rows_r, size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT " COLUMNS " FROM quarantine WHERE state = $1 OR $2 IS NULL "
	    "ORDER BY id DESC LIMIT $3",
	    "tti", state, state, limit);

	return db_rows(db, arena, st, read_row, sizeof **rows_r, rows_r, n_r, err);
}

enum td_status
quarantine_by_id(struct db *db, struct arena *arena, int64_t id, struct quarantine **row_r,
    struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT " COLUMNS ", raw FROM quarantine WHERE id = $1", "i", id);
	struct quarantine *row = NULL;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	step = db_step(st, err);
	if (step == DB_ROW) {
		row = arena_alloc(arena, sizeof *row);
		read_row(st, arena, row);
		row->raw = db_column_blob(st, 11, arena);
	}
	status = db_end(db, &st, step);
	if (status == TD_OK)
		*row_r = row;
	return status;
}

enum td_status
quarantine_set_state(struct db *db, int64_t id, const char *state, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "UPDATE quarantine SET state = $1, "
	    "raw = CASE WHEN $2 = 'dropped' THEN NULL ELSE raw END "
	    "WHERE id = $3 AND state = 'kept'",
	    "tti", state, state, id);

	if (status == TD_OK && db_changes(db) == 0)
		return err_perm(err, "quarantine %lld: no mail is kept under this number",
		    (long long)id);
	return status;
}

enum td_status
quarantine_settle(struct db *db, int64_t message_id, struct err *err)
{
	return db_exec(db, err,
	    "UPDATE quarantine SET state = 'released' WHERE message_id = $1 AND state = 'kept'",
	    "i", message_id);
}

enum td_status
quarantine_count(struct db *db, int64_t since, int64_t *n_r, struct err *err)
{
	return db_get_i64(db, err, n_r, NULL,
	    "SELECT count(*) FROM quarantine WHERE state = 'kept' AND created_at >= $1", "i",
	    since);
}
