/* SPDX-License-Identifier: ISC */
/* store/message: see message.h. */
#include "config.h"

#include "daemon/store/message.h"

#include <string.h>

/* ---- message ------------------------------------------------------------------------------ */

enum td_status
message_id_by_key(struct db *db, const char *key, int64_t *id_r, struct err *err)
{
	int64_t id = 0;
	enum td_status status = db_get_i64(db, err, &id, NULL,
	    "SELECT id FROM message WHERE key = $1", "t", key);

	if (status == TD_OK)
		*id_r = id;
	return status;
}

enum td_status
message_add(struct db *db, struct message *message, struct err *err)
{
	bool conflict = false;
	enum td_status status = TD_OK;

	if (message->mid != NULL) {
		status = db_exec(db, err, "UPDATE message SET mid_conflict = 1 WHERE mid = $1", "t",
		    message->mid);
		conflict = status == TD_OK && db_changes(db) > 0;
	}
	if (status == TD_OK)
		status = db_insert(db, err, &message->id,
		    "INSERT INTO message (key, mid, mid_conflict, team_id, person_id, "
		    "from_address, "
		    "subject, date, received_at, size, trust, outcome, why, reading, undo_code) "
		    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
		    "ttirrttriiitttt", message->key, message->mid, (int64_t)conflict,
		    message->team_id, message->person_id, message->from_address, message->subject,
		    message->date, message->received_at, message->size, message->trust,
		    message->outcome, message->why, message->reading, message->undo_code);
	if (status == TD_OK)
		message->mid_conflict = conflict;
	return status;
}

#define MESSAGE_COLUMNS                                                                            \
	"id, key, mid, mid_conflict, team_id, person_id, from_address, subject, date, "            \
	"received_at, size, trust, outcome, why, reading, undo_code, undone_by"

static void
read_message(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct message *)row = (struct message){
	    .id = db_column_i64(st, 0),
	    .key = db_column_text(st, 1, arena),
	    .mid = db_column_text(st, 2, arena),
	    .mid_conflict = db_column_i64(st, 3) != 0,
	    .team_id = db_column_i64(st, 4),
	    .person_id = db_column_i64(st, 5),
	    .from_address = db_column_text(st, 6, arena),
	    .subject = db_column_text(st, 7, arena),
	    .date = db_column_i64(st, 8),
	    .received_at = db_column_i64(st, 9),
	    .size = db_column_i64(st, 10),
	    .trust = db_column_i64(st, 11),
	    .outcome = db_column_text(st, 12, arena),
	    .why = db_column_text(st, 13, arena),
	    .reading = db_column_text(st, 14, arena),
	    .undo_code = db_column_text(st, 15, arena),
	    .undone_by = db_column_i64(st, 16),
	};
}

static enum td_status
find_message(struct db *db, struct arena *arena, struct db_stmt *st, struct message **message_r,
    struct err *err)
{
	return db_row(db, arena, st, read_message, sizeof **message_r, message_r, err);
}

enum td_status
message_by_id(struct db *db, struct arena *arena, int64_t id, struct message **message_r,
    struct err *err)
{
	return find_message(db, arena,
	    db_query(db, err, "SELECT " MESSAGE_COLUMNS " FROM message WHERE id = $1", "i", id),
	    message_r, err);
}

enum td_status
message_by_undo_code(struct db *db, struct arena *arena, const char *code,
    struct message **message_r, struct err *err)
{
	return find_message(db, arena,
	    db_query(db, err, "SELECT " MESSAGE_COLUMNS " FROM message WHERE undo_code = $1", "t",
		code),
	    message_r, err);
}

enum td_status
message_set_undone(struct db *db, int64_t id, int64_t undone_by, struct err *err)
{
	return db_exec(db, err, "UPDATE message SET undone_by = $1 WHERE id = $2", "ri", undone_by,
	    id);
}

enum td_status
message_set_outcome(struct db *db, const struct message *message, struct err *err)
{
	return db_exec(db, err,
	    "UPDATE message SET team_id = $1, person_id = $2, trust = $3, outcome = $4, why = $5, "
	    "undo_code = coalesce($6, undo_code) WHERE id = $7",
	    "rrittti", message->team_id, message->person_id, message->trust,
	    message->outcome, message->why, message->undo_code, message->id);
}

enum td_status
message_drop_undo_code(struct db *db, int64_t id, struct err *err)
{
	return db_exec(db, err, "UPDATE message SET undo_code = NULL WHERE id = $1", "i", id);
}

enum td_status
message_replace(struct db *db, const struct message *message, struct err *err)
{
	return db_exec(db, err,
	    "UPDATE message SET team_id = $1, person_id = $2, from_address = $3, subject = $4, "
	    "date = $5, received_at = $6, size = $7, trust = $8, outcome = $9, why = $10, "
	    "reading = $11 WHERE id = $12",
	    "rrttriiittti", message->team_id, message->person_id, message->from_address,
	    message->subject, message->date, message->received_at, message->size, message->trust,
	    message->outcome, message->why, message->reading, message->id);
}

enum td_status
message_was_dropped(struct db *db, int64_t id, bool *dropped_r, struct err *err)
{
	int64_t n = 0;
	enum td_status status = db_get_i64(db, err, &n, NULL,
	    "SELECT (SELECT count(*) FROM held WHERE message_id = $1 AND state = 'dropped') + "
	    "(SELECT count(*) FROM quarantine WHERE message_id = $2 AND state = 'dropped')",
	    "ii", id, id);

	if (status == TD_OK)
		*dropped_r = n > 0;
	return status;
}

enum td_status
message_undo_taken(struct db *db, const char *code, bool *taken_r, struct err *err)
{
	int64_t id;

	return db_get_i64(db, err, &id, taken_r, "SELECT id FROM message WHERE undo_code = $1", "t",
	    code);
}

/* ---- thread ------------------------------------------------------------------------------- */

static const char *const kind_names[] = {"item", "digest", "prompt", "invite", "confirm"};

enum td_status
thread_add(struct db *db, const struct thread *thread, struct err *err)
{
	return db_exec(db, err,
	    "INSERT INTO thread (mid, team_id, item_id, kind, person_id, created_at) "
	    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (mid, team_id) DO NOTHING",
	    "tirtri", thread->mid, thread->team_id, thread->item_id, kind_names[thread->kind],
	    thread->person_id, thread->created_at);
}

static struct thread *
read_thread(struct db_stmt *st, struct arena *arena)
{
	struct thread *thread = arena_alloc(arena, sizeof *thread);
	const char *kind = db_column_text(st, 3, arena);

	thread->mid = db_column_text(st, 0, arena);
	thread->team_id = db_column_i64(st, 1);
	thread->item_id = db_column_i64(st, 2);
	thread->person_id = db_column_i64(st, 4);
	thread->created_at = db_column_i64(st, 5);
	for (size_t i = 0; i < sizeof kind_names / sizeof *kind_names; i++) {
		if (kind != NULL && strcmp(kind, kind_names[i]) == 0) {
			thread->kind = (enum thread_kind)i;
			return thread;
		}
	}
	return NULL; /* a kind of a later version: as if unknown */
}

enum td_status
thread_find(struct db *db, struct arena *arena, const char *mid, int64_t team_id,
    struct thread **thread_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT mid, team_id, item_id, kind, person_id, created_at FROM thread "
	    "WHERE mid = $1 AND (team_id = $2 OR $3 = 0) ORDER BY team_id LIMIT 1",
	    "tii", mid, team_id, team_id);
	struct thread *thread = NULL;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	step = db_step(st, err);
	if (step == DB_ROW)
		thread = read_thread(st, arena);
	status = db_end(db, &st, step);
	if (status == TD_OK)
		*thread_r = thread;
	return status;
}

/* ---- held --------------------------------------------------------------------------------- */

enum td_status
held_add(struct db *db, int64_t message_id, int64_t person_id, int64_t team_id, struct err *err)
{
	return db_exec(db, err,
	    "INSERT INTO held (message_id, person_id, team_id) VALUES ($1, $2, $3)", "iii",
	    message_id, person_id, team_id);
}

static void
read_held(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct held *)row = (struct held){
	    .message_id = db_column_i64(st, 0),
	    .person_id = db_column_i64(st, 1),
	    .team_id = db_column_i64(st, 2),
	    .asked_at = db_column_i64(st, 3),
	    .state = db_column_text(st, 4, arena),
	    .subject = db_column_text(st, 5, arena),
	    .from_address = db_column_text(st, 6, arena),
	    .why = db_column_text(st, 7, arena),
	    .received_at = db_column_i64(st, 8),
	    .size = db_column_i64(st, 9),
	};
}

#define HELD                                                                                       \
	"SELECT h.message_id, h.person_id, h.team_id, h.asked_at, h.state, m.subject, "            \
	"m.from_address, m.why, m.received_at, m.size "                                            \
	"FROM held h JOIN message m ON m.id = h.message_id "

enum td_status
held_list(struct db *db, struct arena *arena, int64_t person_id, int64_t asked_at,
    struct held **held_r, size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    HELD "WHERE h.person_id = $1 AND h.state = 'waiting' AND coalesce(h.asked_at, 0) = $2 "
	    "ORDER BY h.message_id LIMIT 100",
	    "ii", person_id, asked_at);

	return db_rows(db, arena, st, read_held, sizeof **held_r, held_r, n_r, err);
}

enum td_status
held_list_all(struct db *db, struct arena *arena, bool is_ended, int64_t limit,
    struct held **held_r, size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    HELD "WHERE h.state = 'waiting' OR $1 ORDER BY h.message_id DESC LIMIT $2", "ii",
	    (int64_t)is_ended, limit);

	return db_rows(db, arena, st, read_held, sizeof **held_r, held_r, n_r, err);
}

enum td_status
held_by_id(struct db *db, struct arena *arena, int64_t message_id, struct held **held_r,
    size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err, HELD "WHERE h.message_id = $1", "i", message_id);

	return db_rows(db, arena, st, read_held, sizeof **held_r, held_r, n_r, err);
}

enum td_status
held_count(struct db *db, int64_t *n_r, struct err *err)
{
	return db_get_i64(db, err, n_r, NULL, "SELECT count(*) FROM held WHERE state = 'waiting'",
	    "");
}

enum td_status
held_asked(struct db *db, int64_t message_id, int64_t now, struct err *err)
{
	return db_exec(db, err, "UPDATE held SET asked_at = $1 WHERE message_id = $2", "ii", now,
	    message_id);
}

enum td_status
held_end(struct db *db, int64_t message_id, const char *state, struct err *err)
{
	return db_exec(db, err,
	    "UPDATE held SET state = $1 WHERE message_id = $2 AND state = 'waiting'", "ti", state,
	    message_id);
}
