/* SPDX-License-Identifier: ISC */
/* store/outbox: see outbox.h. Each change of state names the states it may come from. */
#include "config.h"

#include "daemon/store/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/model/retry.h"

#define COLUMNS                                                                                    \
	"id, dedupe_key, kind, team_id, person_id, sender, rcpt, mid, state, not_before, "         \
	"next_try_at, attempts, unknowns, reply, created_at, sent_at"
/* queued, or once unknown: those that may be sent (again) */
#define SENDABLE "(state = 'queued' OR (state = 'unknown' AND unknowns < 2)) "

static const char *const state_names[] = {"queued", "sending", "sent", "failed", "unknown"};

const char *
outbox_state_name(enum outbox_state state)
{
	return state_names[state];
}

static enum outbox_state
state_of(const char *name)
{
	for (size_t i = 0; name != NULL && i < sizeof state_names / sizeof *state_names; i++)
		if (strcmp(name, state_names[i]) == 0)
			return (enum outbox_state)i;
	return OUTBOX_FAILED; /* a state nobody knows is never sent */
}

static void
read_row(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct outbox *)row = (struct outbox){
	    .id = db_column_i64(st, 0),
	    .dedupe_key = db_column_text(st, 1, arena),
	    .kind = db_column_text(st, 2, arena),
	    .team_id = db_column_i64(st, 3),
	    .person_id = db_column_i64(st, 4),
	    .sender = db_column_text(st, 5, arena),
	    .rcpt = db_column_text(st, 6, arena),
	    .mid = db_column_text(st, 7, arena),
	    .state = state_of(db_column_text(st, 8, arena)),
	    .not_before = db_column_i64(st, 9),
	    .next_try_at = db_column_i64(st, 10),
	    .attempts = db_column_i64(st, 11),
	    .unknowns = db_column_i64(st, 12),
	    .reply = db_column_text(st, 13, arena),
	    .created_at = db_column_i64(st, 14),
	    .sent_at = db_column_i64(st, 15),
	};
}

/* With the mail itself as the last column. */
static void
read_whole(struct db_stmt *st, struct arena *arena, void *row)
{
	read_row(st, arena, row);
	((struct outbox *)row)->bytes = db_column_blob(st, 16, arena);
}

enum td_status
outbox_add(struct db *db, struct outbox *row, int64_t now, bool *added_r, struct err *err)
{
	int64_t first = row->not_before > now ? row->not_before : now;
	int64_t id = 0;
	bool added = false;
	enum td_status status = db_get_i64(db, err, &id, &added,
	    "INSERT INTO outbox (dedupe_key, kind, team_id, person_id, sender, rcpt, mid, bytes, "
	    "not_before, next_try_at, created_at) "
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
	    "ON CONFLICT (dedupe_key) DO NOTHING RETURNING id",
	    "ttrrtttbiii", row->dedupe_key, row->kind, row->team_id, row->person_id, row->sender,
	    row->rcpt, row->mid, &row->bytes, first, first, now);

	if (status != TD_OK)
		return status;
	if (added)
		row->id = id;
	if (added_r != NULL)
		*added_r = added;
	return TD_OK;
}

/* ---- what the sender asks and tells --------------------------------------------------------- */

/* RETURNING gives rows in any order. */
static int
by_due(const void *a_v, const void *b_v)
{
	const struct outbox *a = a_v, *b = b_v;

	if (a->next_try_at != b->next_try_at)
		return a->next_try_at < b->next_try_at ? -1 : 1;
	return a->id < b->id ? -1 : 1;
}

enum td_status
outbox_claim(struct db *db, struct arena *arena, int64_t now, int64_t limit,
    struct outbox **rows_r, size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "UPDATE outbox SET claimed_at = $1 WHERE id IN (SELECT id FROM outbox "
	    "WHERE " SENDABLE "AND claimed_at IS NULL AND next_try_at <= $2 "
	    "ORDER BY next_try_at, id LIMIT $3) RETURNING " COLUMNS ", bytes",
	    "iii", now, now, limit);
	enum td_status status = db_rows(db, arena, st, read_whole, sizeof **rows_r, rows_r, n_r,
	    err);

	if (status == TD_OK && *n_r > 1)
		qsort(*rows_r, *n_r, sizeof **rows_r, by_due);
	return status;
}

static enum td_status
must_have_changed(struct db *db, int64_t id, const char *what, struct err *err)
{
	if (db_changes(db) == 1)
		return TD_OK;
	return err_perm(err, "outbox %lld: cannot be %s in its state; look at it with: tidings "
	    "outbox show %lld", (long long)id, what, (long long)id);
}

enum td_status
outbox_set_sending(struct db *db, int64_t id, int64_t now, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "UPDATE outbox SET state = 'sending', claimed_at = $1 "
	    "WHERE id = $2 AND claimed_at IS NOT NULL AND " SENDABLE,
	    "ii", now, id);

	return status == TD_OK ? must_have_changed(db, id, "sent", err) : status;
}

static const char *
result_name(enum send_result result)
{
	switch (result) {
	case SEND_SENT:
		return "sent";
	case SEND_TEMP:
		return "temp";
	case SEND_PERM:
		return "perm";
	case SEND_UNKNOWN:
		break;
	}
	return "unknown";
}

static enum td_status
note_attempt(struct db *db, int64_t id, enum send_result result, const char *reply, int64_t now,
    struct err *err)
{
	return db_exec(db, err,
	    "INSERT INTO attempt (outbox_id, at, result, reply) VALUES ($1, $2, $3, $4)", "iitt",
	    id, now, result_name(result), reply);
}

struct standing {
	int64_t attempts;    /* before this one */
	int64_t since;       /* its first attempt; 0: none before */
	int64_t last_try_at; /* 0: none before */
};

static enum td_status
get_standing(struct db *db, int64_t id, struct standing *standing_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT attempts, "
	    "(SELECT coalesce(min(at), 0) FROM attempt "
	    "WHERE outbox_id = outbox.id AND at >= not_before), " /* since a retry by hand */
	    "(SELECT coalesce(max(at), 0) FROM attempt WHERE outbox_id = outbox.id) "
	    "FROM outbox WHERE id = $1 AND claimed_at IS NOT NULL",
	    "i", id);
	enum db_step step;

	if (st == NULL)
		return db_status_of(db);
	step = db_step(st, err);
	if (step == DB_ROW)
		*standing_r = (struct standing){
		    db_column_i64(st, 0), db_column_i64(st, 1), db_column_i64(st, 2)};
	if (step == DB_DONE) {
		db_finish(&st);
		return err_perm(err, "outbox %lld: a result for a mail that was not given out",
		    (long long)id);
	}
	return db_end(db, &st, step);
}

static enum td_status
end_attempt(struct db *db, int64_t id, const char *state, const char *reply, int64_t next,
    int64_t sent_at, struct err *err)
{
	return db_exec(db, err,
	    "UPDATE outbox SET state = $1, reply = $2, next_try_at = $3, sent_at = $4, "
	    "attempts = attempts + 1, claimed_at = NULL, "
	    "unknowns = unknowns + CASE WHEN $5 = 'unknown' THEN 1 ELSE 0 END WHERE id = $6",
	    "ttirti", state, reply, next, sent_at, state, id);
}

/* Later, or never. The time before the first attempt was ours, not the server's. */
static enum td_status
end_temp(struct db *db, int64_t id, const struct standing *standing, const char *reply,
    int64_t now, uint32_t jitter, enum outbox_notice *notice_r, struct err *err)
{
	int64_t next = now + retry_delay(standing->attempts + 1, jitter);
	int64_t since = standing->since != 0 ? standing->since : now;
	const char *state = "queued";

	if (retry_is_over(since, now)) {
		state = "failed";
		*notice_r = OUTBOX_NOTICE_FAILED;
	} else if (retry_wants_notice(since, standing->last_try_at, now)) {
		*notice_r = OUTBOX_NOTICE_DELAYED;
	}
	return end_attempt(db, id, state, reply, next, 0, err);
}

enum td_status
outbox_set_result(struct db *db, int64_t id, enum send_result result, const char *reply,
    int64_t now, uint32_t jitter, enum outbox_notice *notice_r, struct err *err)
{
	struct standing standing = {0};
	enum outbox_notice notice = OUTBOX_NOTICE_NONE;
	enum td_status status = get_standing(db, id, &standing, err);

	if (status == TD_OK)
		status = note_attempt(db, id, result, reply, now, err);
	if (status != TD_OK)
		return status;
	switch (result) {
	case SEND_SENT:
		status = end_attempt(db, id, "sent", reply, now, now, err);
		break;
	case SEND_TEMP:
		status = end_temp(db, id, &standing, reply, now, jitter, &notice, err);
		break;
	case SEND_PERM:
		notice = OUTBOX_NOTICE_FAILED;
		status = end_attempt(db, id, "failed", reply, now, 0, err);
		break;
	case SEND_UNKNOWN:
		status = end_attempt(db, id, "unknown", reply, now + retry_delay(1, jitter), 0,
		    err);
		break;
	}
	if (status == TD_OK && notice_r != NULL)
		*notice_r = notice;
	return status;
}

enum td_status
outbox_give_back(struct db *db, int64_t id, struct err *err)
{
	return db_exec(db, err,
	    "UPDATE outbox SET claimed_at = NULL WHERE id = $1 AND " SENDABLE, "i", id);
}

enum td_status
outbox_recover(struct db *db, int64_t now, struct err *err)
{
	static const char why[] = "the process ended before the server's answer was known";
	enum td_status status = db_exec(db, err,
	    "UPDATE outbox SET claimed_at = NULL WHERE claimed_at IS NOT NULL AND " SENDABLE, "");

	if (status == TD_OK)
		status = db_exec(db, err,
		    "INSERT INTO attempt (outbox_id, at, result, reply) "
		    "SELECT id, $1, 'unknown', $2 FROM outbox WHERE state = 'sending'",
		    "it", now, why);
	if (status == TD_OK)
		status = db_exec(db, err,
		    "UPDATE outbox SET state = 'unknown', unknowns = unknowns + 1, "
		    "attempts = attempts + 1, claimed_at = NULL, next_try_at = $1, reply = $2 "
		    "WHERE state = 'sending'",
		    "it", now, why);
	return status;
}

/* The one text that a query gives, NULL for no row. */
static enum td_status
one_text(struct db *db, struct db_stmt *st, struct arena *arena, const char **text_r,
    struct err *err)
{
	const char *text = NULL;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	step = db_step(st, err);
	if (step == DB_ROW)
		text = db_column_text(st, 0, arena);
	status = db_end(db, &st, step);
	if (status == TD_OK)
		*text_r = text;
	return status;
}

enum td_status
outbox_sent_mid(struct db *db, struct arena *arena, const char *mid, const char **rcpt_r,
    struct err *err)
{
	return one_text(db, db_query(db, err,
	    "SELECT rcpt FROM outbox WHERE mid = $1 AND state IN ('sending', 'sent', 'unknown') "
	    "ORDER BY id LIMIT 1", "t", mid), arena, rcpt_r, err);
}

enum td_status
outbox_key_of_mid(struct db *db, struct arena *arena, const char *mid, const char **key_r,
    struct err *err)
{
	return one_text(db, db_query(db, err,
	    "SELECT dedupe_key FROM outbox WHERE mid = $1 ORDER BY id LIMIT 1", "t", mid), arena,
	    key_r, err);
}

enum td_status
outbox_sent_to(struct db *db, struct arena *arena, int64_t person_id, int64_t since,
    const char **rcpt_r, struct err *err)
{
	return one_text(db, db_query(db, err,
	    "SELECT rcpt FROM outbox WHERE person_id = $1 AND sent_at > $2 AND sender <> '' AND "
	    "state = 'sent' ORDER BY sent_at DESC LIMIT 1", "ii", person_id, since), arena,
	    rcpt_r, err);
}

enum td_status
outbox_next(struct db *db, int64_t *at_r, bool *found_r, struct err *err)
{
	return db_get_i64(db, err, at_r, found_r,
	    "SELECT next_try_at FROM outbox WHERE " SENDABLE
	    "AND claimed_at IS NULL ORDER BY next_try_at LIMIT 1",
	    "");
}

/* ---- for people ------------------------------------------------------------------------------ */

enum td_status
outbox_list(struct db *db, struct arena *arena, const enum outbox_state *state, int64_t limit,
    struct outbox **rows_r, size_t *n_r, struct err *err)
{
	const char *name = state != NULL ? state_names[*state] : NULL;
	struct db_stmt *st = db_query(db, err,
	    "SELECT " COLUMNS " FROM outbox WHERE state = $1 OR $2 IS NULL ORDER BY id DESC "
	    "LIMIT $3",
	    "tti", name, name, limit);

	return db_rows(db, arena, st, read_row, sizeof **rows_r, rows_r, n_r, err);
}

enum td_status
outbox_by_id(struct db *db, struct arena *arena, int64_t id, struct outbox **row_r,
    struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT " COLUMNS ", bytes FROM outbox WHERE id = $1", "i", id);

	return db_row(db, arena, st, read_whole, sizeof **row_r, row_r, err);
}

enum td_status
outbox_retry(struct db *db, int64_t id, int64_t now, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "UPDATE outbox SET state = 'queued', attempts = 0, unknowns = 0, not_before = $1, "
	    "next_try_at = $2, reply = NULL "
	    "WHERE id = $3 AND claimed_at IS NULL AND state IN ('queued', 'failed', 'unknown')",
	    "iii", now, now, id);

	return status == TD_OK ? must_have_changed(db, id, "tried again", err) : status;
}

enum td_status
outbox_drop(struct db *db, int64_t id, int64_t now, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "UPDATE outbox SET state = 'failed', reply = 'dropped by hand' "
	    "WHERE id = $1 AND claimed_at IS NULL AND state IN ('queued', 'unknown')",
	    "i", id);

	if (status == TD_OK)
		status = must_have_changed(db, id, "dropped", err);
	return status == TD_OK ? note_attempt(db, id, SEND_PERM, "dropped by hand", now, err)
			       : status;
}

enum td_status
outbox_call_back(struct db *db, int64_t id, bool *gone_r, struct err *err)
{
	int64_t one;
	enum td_status status = db_get_i64(db, err, &one, gone_r,
	    "SELECT 1 FROM outbox WHERE id = $1 AND state = 'queued' AND claimed_at IS NULL", "i",
	    id);

	if (status != TD_OK || !*gone_r)
		return status;
	status = db_exec(db, err, "UPDATE news SET outbox_id = NULL WHERE outbox_id = $1", "i", id);
	if (status == TD_OK)
		status = db_exec(db, err, "DELETE FROM attempt WHERE outbox_id = $1", "i", id);
	if (status == TD_OK)
		status = db_exec(db, err, "DELETE FROM thread WHERE mid = "
		    "(SELECT mid FROM outbox WHERE id = $1)", "i", id);
	if (status == TD_OK)
		status = db_exec(db, err, "DELETE FROM outbox WHERE id = $1", "i", id);
	return status;
}

enum td_status
outbox_call_back_key(struct db *db, const char *dedupe_key, struct err *err)
{
	int64_t id = 0;
	bool found = false;
	enum td_status status = db_get_i64(db, err, &id, &found,
	    "SELECT id FROM outbox WHERE dedupe_key = $1", "t", dedupe_key);

	return status == TD_OK && found ? outbox_call_back(db, id, &found, err) : status;
}

enum td_status
outbox_count(struct db *db, enum outbox_state state, int64_t *n_r, struct err *err)
{
	return db_get_i64(db, err, n_r, NULL, "SELECT count(*) FROM outbox WHERE state = $1", "t",
	    state_names[state]);
}

enum td_status
outbox_count_lost(struct db *db, int64_t *n_r, struct err *err)
{
	return db_get_i64(db, err, n_r, NULL,
	    "SELECT count(*) FROM outbox WHERE state = 'unknown' AND unknowns >= 2", "");
}

enum td_status
outbox_count_for(struct db *db, int64_t person_id, const char *kind, int64_t since, int64_t *n_r,
    struct err *err)
{
	return db_get_i64(db, err, n_r, NULL,
	    "SELECT count(*) FROM outbox WHERE person_id = $1 AND kind = $2 AND created_at > $3",
	    "iti", person_id, kind, since);
}

enum td_status
outbox_any(struct db *db, int64_t person_id, const char *key_begin, bool *any_r, struct err *err)
{
	int64_t n = 0;
	enum td_status status = db_get_i64(db, err, &n, NULL,
	    "SELECT count(*) FROM outbox WHERE person_id = $1 AND substr(dedupe_key, 1, $2) = $3",
	    "iit", person_id, (int64_t)strlen(key_begin), key_begin);

	*any_r = n > 0;
	return status;
}
