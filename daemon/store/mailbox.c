/* SPDX-License-Identifier: ISC */
/* store/mailbox: see mailbox.h. */
#include "config.h"

#include "daemon/store/mailbox.h"

#define OPEN "state <> 'acked'" /* the few rows that the index has */

#define COLUMNS                                                                                    \
	"id, name, uidvalidity, watermark, rescan, last_ok_at, last_error, last_error_at, failures"

static void
read_row(struct db_stmt *st, struct arena *arena, void *row)
{
	struct mailbox *mailbox = row;

	*mailbox = (struct mailbox){
	    .id = db_column_i64(st, 0),
	    .name = db_column_text(st, 1, arena),
	    .uidvalidity = (uint32_t)db_column_i64(st, 2),
	    .watermark = (uint32_t)db_column_i64(st, 3),
	    .rescan = db_column_i64(st, 4) != 0,
	    .last_ok_at = db_column_i64(st, 5),
	    .last_error = db_column_text(st, 6, arena),
	    .last_error_at = db_column_i64(st, 7),
	    .failures = db_column_i64(st, 8),
	};
}

enum td_status
mailbox_get(struct db *db, struct arena *arena, const char *name, struct mailbox **mailbox_r,
    struct err *err)
{
	struct mailbox *mailbox = arena_alloc(arena, sizeof *mailbox);
	struct db_stmt *st;
	enum db_step step;
	enum td_status status;

	status = db_exec(db, err,
	    "INSERT INTO mailbox (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", "t", name);
	if (status != TD_OK)
		return status;
	st = db_query(db, err, "SELECT " COLUMNS " FROM mailbox WHERE name = $1", "t", name);
	if (st == NULL)
		return db_status_of(db);
	step = db_step(st, err);
	if (step == DB_ROW)
		read_row(st, arena, mailbox);
	status = db_end(db, &st, step);
	if (status == TD_OK)
		*mailbox_r = mailbox;
	return status;
}

enum td_status
mailbox_list(struct db *db, struct arena *arena, struct mailbox **mailboxes_r, size_t *n_r,
    struct err *err)
{
	struct db_stmt *st = db_query(db, err, "SELECT " COLUMNS " FROM mailbox ORDER BY name",
	    "");

	return db_rows(db, arena, st, read_row, sizeof **mailboxes_r, mailboxes_r, n_r, err);
}

enum td_status
mailbox_open(struct db *db, struct mailbox *mailbox, uint32_t uidvalidity, struct err *err)
{
	bool again = mailbox->uidvalidity != 0;
	enum td_status status;

	if (mailbox->uidvalidity == uidvalidity)
		return TD_OK;
	status = db_exec(db, err, "DELETE FROM seen WHERE mailbox_id = $1", "i", mailbox->id);
	if (status == TD_OK)
		status = db_exec(db, err,
		    "UPDATE mailbox SET uidvalidity = $1, watermark = 0, rescan = $2 WHERE id = $3",
		    "iii", (int64_t)uidvalidity, (int64_t)again, mailbox->id);
	if (status != TD_OK)
		return status;
	mailbox->uidvalidity = uidvalidity;
	mailbox->watermark = 0;
	mailbox->rescan = again;
	return TD_OK;
}

/* Whether the mail is done with, and how often it was begun, by its row. */
static enum td_status
look_begun(struct db *db, int64_t mailbox_id, uint32_t uidvalidity, uint32_t uid,
    bool *has_row_r, int64_t *attempts_r, bool *known_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT s.attempts, s.state = 'inflight' FROM mailbox m LEFT JOIN seen s "
	    "ON s.mailbox_id = m.id AND s.uidvalidity = m.uidvalidity AND s.uid = $1 "
	    "WHERE m.id = $2 AND m.uidvalidity = $3 AND m.watermark < $4",
	    "iiii", (int64_t)uid, mailbox_id, (int64_t)uidvalidity, (int64_t)uid);
	int64_t attempts = 0;
	bool known = true;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	step = db_step(st, err);
	if (step == DB_ROW) {
		*has_row_r = !db_column_is_null(st, 1);
		known = *has_row_r && db_column_i64(st, 1) == 0;
		attempts = db_column_i64(st, 0);
	}
	status = db_end(db, &st, step);
	if (status == TD_OK) {
		*attempts_r = attempts;
		*known_r = known;
	}
	return status;
}

enum td_status
mailbox_begin(struct db *db, int64_t mailbox_id, uint32_t uidvalidity, uint32_t uid,
    int64_t *attempts_r, bool *known_r, struct err *err)
{
	int64_t attempts = 0;
	bool known = false, has_row = false;
	enum td_status status = look_begun(db, mailbox_id, uidvalidity, uid, &has_row, &attempts,
	    &known, err);

	if (status == TD_OK && !known)
		status = db_exec(db, err, has_row ?
		    "UPDATE seen SET attempts = $1 "
		    "WHERE mailbox_id = $2 AND uidvalidity = $3 AND uid = $4" :
		    "INSERT INTO seen (attempts, mailbox_id, uidvalidity, uid, state) "
		    "VALUES ($1, $2, $3, $4, 'inflight')",
		    "iiii", attempts + 1, mailbox_id, (int64_t)uidvalidity, (int64_t)uid);
	if (status == TD_OK) {
		*attempts_r = known ? 0 : attempts + 1;
		*known_r = known;
	}
	return status;
}

enum td_status
mailbox_unbegin(struct db *db, int64_t mailbox_id, uint32_t uidvalidity, uint32_t uid,
    struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "UPDATE seen SET attempts = attempts - 1 "
	    "WHERE mailbox_id = $1 AND uidvalidity = $2 AND uid = $3 AND state = 'inflight'",
	    "iii", mailbox_id, (int64_t)uidvalidity, (int64_t)uid);

	if (status == TD_OK)
		status = db_exec(db, err,
		    "DELETE FROM seen WHERE mailbox_id = $1 AND uidvalidity = $2 AND uid = $3 "
		    "AND state = 'inflight' AND attempts <= 0",
		    "iii", mailbox_id, (int64_t)uidvalidity, (int64_t)uid);
	return status;
}

static enum td_status
end_mail(struct db *db, int64_t mailbox_id, uint32_t uidvalidity, uint32_t uid,
    const char *state, int64_t message_id, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "UPDATE seen SET state = $1, message_id = $2 "
	    "WHERE mailbox_id = $3 AND uidvalidity = $4 AND uid = $5",
	    "triii", state, message_id, mailbox_id, (int64_t)uidvalidity, (int64_t)uid);

	if (status != TD_OK || db_changes(db) > 0)
		return status;
	return db_exec(db, err,
	    "INSERT INTO seen (mailbox_id, uidvalidity, uid, state, attempts, message_id) "
	    "VALUES ($1, $2, $3, $4, 1, $5)",
	    "iiitr", mailbox_id, (int64_t)uidvalidity, (int64_t)uid, state, message_id);
}

enum td_status
mailbox_applied(struct db *db, int64_t mailbox_id, uint32_t uidvalidity, uint32_t uid,
    int64_t message_id, struct err *err)
{
	return end_mail(db, mailbox_id, uidvalidity, uid, "applied", message_id, err);
}

enum td_status
mailbox_done(struct db *db, int64_t mailbox_id, uint32_t uidvalidity, uint32_t uid,
    int64_t message_id, struct err *err)
{
	return end_mail(db, mailbox_id, uidvalidity, uid, "acked", message_id, err);
}

enum td_status
mailbox_acked(struct db *db, int64_t mailbox_id, uint32_t uidvalidity, uint32_t uid,
    struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "UPDATE seen SET state = 'acked' "
	    "WHERE mailbox_id = $1 AND uidvalidity = $2 AND uid = $3 AND state = 'applied'",
	    "iii", mailbox_id, (int64_t)uidvalidity, (int64_t)uid);

	/* at or below the watermark the row has done its work */
	if (status == TD_OK)
		status = db_exec(db, err,
		    "DELETE FROM seen WHERE mailbox_id = $1 AND uidvalidity = $2 AND uid = $3 "
		    "AND state = 'acked' AND uid <= (SELECT watermark FROM mailbox WHERE id = $4)",
		    "iiii", mailbox_id, (int64_t)uidvalidity, (int64_t)uid, mailbox_id);
	return status;
}

enum td_status
mailbox_scanned(struct db *db, int64_t mailbox_id, uint32_t uidvalidity, uint32_t highest,
    struct err *err)
{
	int64_t lowest = 0;
	enum td_status status = db_get_i64(db, err, &lowest, NULL,
	    "SELECT coalesce(min(uid), 0) FROM seen "
	    "WHERE mailbox_id = $1 AND uidvalidity = $2 AND state = 'inflight' AND " OPEN,
	    "ii", mailbox_id, (int64_t)uidvalidity);
	int64_t to = lowest > 0 && lowest <= highest ? lowest - 1 : highest;

	if (status == TD_OK)
		status = db_exec(db, err,
		    "UPDATE mailbox SET watermark = $1, rescan = 0 "
		    "WHERE id = $2 AND uidvalidity = $3 AND watermark < $4",
		    "iiii", to, mailbox_id, (int64_t)uidvalidity, to);
	if (status == TD_OK)
		status = db_exec(db, err,
		    "UPDATE mailbox SET rescan = 0 WHERE id = $1 AND uidvalidity = $2 "
		    "AND rescan = 1",
		    "ii", mailbox_id, (int64_t)uidvalidity);
	if (status == TD_OK)
		status = db_exec(db, err,
		    "DELETE FROM seen WHERE mailbox_id = $1 AND uidvalidity = $2 "
		    "AND state = 'acked' AND uid <= $3",
		    "iii", mailbox_id, (int64_t)uidvalidity, to);
	return status;
}

static void
read_uid(struct db_stmt *st, struct arena *arena, void *row)
{
	(void)arena;
	*(uint32_t *)row = (uint32_t)db_column_i64(st, 0);
}

enum td_status
mailbox_known(struct db *db, struct arena *arena, const struct mailbox *mailbox,
    uint32_t **uids_r, size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT uid FROM seen WHERE mailbox_id = $1 AND uidvalidity = $2 AND uid > $3 "
	    "AND state <> 'inflight' ORDER BY uid",
	    "iii", mailbox->id, (int64_t)mailbox->uidvalidity, (int64_t)mailbox->watermark);

	return db_rows(db, arena, st, read_uid, sizeof **uids_r, uids_r, n_r, err);
}

static void
read_mailbox_uid(struct db_stmt *st, struct arena *arena, void *row)
{
	(void)arena;
	*(struct mailbox_uid *)row = (struct mailbox_uid){
	    (uint32_t)db_column_i64(st, 0), db_column_i64(st, 1), db_column_i64(st, 2)};
}

static enum td_status
list_state(struct db *db, struct arena *arena, const struct mailbox *mailbox, const char *state,
    struct mailbox_uid **uids_r, size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT uid, attempts, message_id FROM seen "
	    "WHERE mailbox_id = $1 AND state = $2 AND uidvalidity = $3 AND " OPEN " ORDER BY uid",
	    "iti", mailbox->id, state, (int64_t)mailbox->uidvalidity);

	return db_rows(db, arena, st, read_mailbox_uid, sizeof **uids_r, uids_r, n_r, err);
}

enum td_status
mailbox_unacked(struct db *db, struct arena *arena, const struct mailbox *mailbox,
    struct mailbox_uid **uids_r, size_t *n_r, struct err *err)
{
	return list_state(db, arena, mailbox, "applied", uids_r, n_r, err);
}

enum td_status
mailbox_inflight(struct db *db, struct arena *arena, const struct mailbox *mailbox,
    struct mailbox_uid **uids_r, size_t *n_r, struct err *err)
{
	return list_state(db, arena, mailbox, "inflight", uids_r, n_r, err);
}

enum td_status
mailbox_ok(struct db *db, int64_t mailbox_id, int64_t now, struct err *err)
{
	return db_exec(db, err, "UPDATE mailbox SET last_ok_at = $1, failures = 0 WHERE id = $2",
	    "ii", now, mailbox_id);
}

enum td_status
mailbox_failed(struct db *db, int64_t mailbox_id, const char *text, int64_t now, struct err *err)
{
	return db_exec(db, err,
	    "UPDATE mailbox SET last_error = $1, last_error_at = $2, failures = failures + 1 "
	    "WHERE id = $3",
	    "tii", text, now, mailbox_id);
}
