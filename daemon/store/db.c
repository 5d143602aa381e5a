/* SPDX-License-Identifier: ISC */
/*
 * db: see db.h. Statements live in a hash table by their text and are reset, not finalised, when
 * they are finished; one that is asked for while it runs gets a second copy that is not kept.
 *
 * db_open → (db_begin → (db_savepoint → … → release | rollback)* → db_commit | db_rollback)* →
 * db_close. A failed bind is remembered and makes the next step fail. The engine may roll the
 * whole transaction back by itself (disk full, I/O); db_in_transaction then says false, and
 * commit, release and rollback do nothing or fail, never more.
 */
#include "config.h"

#include "daemon/store/db-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/migrations.h"

/* ---- errors ---------------------------------------------------------------------------- */

static enum td_status
class_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_NOMEM:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PROTOCOL:
	case SQLITE_INTERRUPT:
	case SQLITE_CORRUPT: /* the file's fault, not the mail's: it waits until that is mended */
		return TD_TEMP;
	}
	return TD_PERM;
}

static const char *
advice_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return "locked by another process; it works again when that ends";
	case SQLITE_FULL:
		return "the disk is full; make room";
	case SQLITE_IOERR:
		return "the disk gave an error; look at the system log";
	case SQLITE_READONLY:
		return "cannot be written; give its owner write access to the file and its folder";
	case SQLITE_CANTOPEN:
		return "cannot be opened; look at the folder and its permissions";
	case SQLITE_NOTADB:
		return "file is not a database; put a good copy in its place";
	case SQLITE_CORRUPT:
		return "the file is damaged; put a good copy in its place";
	}
	return NULL;
}

static enum td_status
db_fail(struct db *db, int code, struct err *err)
{
	const char *advice = advice_of(code);

	db->last = class_of(code);
	if (advice != NULL)
		err_perm(err, "%s: %s", db->path, advice);
	else
		err_perm(err, "%s: %s", db->path,
		    db->handle != NULL ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code));
	return db->last;
}

enum td_status
db_status_of(const struct db *db)
{
	return db->last;
}

/* ---- open and close -------------------------------------------------------------------- */

static const char pragmas[] = "PRAGMA busy_timeout = 5000;"
			      "PRAGMA trusted_schema = OFF;"
			      "PRAGMA foreign_keys = ON;"
			      "PRAGMA secure_delete = ON;"
			      "PRAGMA temp_store = MEMORY;" /* the journals of savepoints */
			      "PRAGMA cache_size = -8192;";
static const char pragmas_write[] = "PRAGMA journal_mode = WAL;"
				    "PRAGMA synchronous = FULL;"
				    "PRAGMA journal_size_limit = 67108864;";

/* Once, before the engine is first used: it would count each allocation under a lock, and nobody
 * reads the sums. It says no later, which is no harm. */
static void
engine_setup(void)
{
	static bool done;

	if (!done)
		(void)!sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	done = true;
}

/* Here it turns out not to be a database, or one without anything in it. */
static int
first_look(struct db *db)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(db->handle, "SELECT 1 FROM sqlite_schema LIMIT 1", -1, &st,
	    NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	db->is_new = rc == SQLITE_DONE;
	sqlite3_finalize(st);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static enum td_status
setup(struct db *db, enum db_mode mode, struct err *err)
{
	int rc;

	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	rc = sqlite3_exec(db->handle, pragmas, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = first_look(db);
	if (rc == SQLITE_OK && db->is_new && mode != DB_CREATE)
		return db_empty(db->path, err);
	if (rc == SQLITE_OK && mode != DB_READ_ONLY)
		rc = sqlite3_exec(db->handle, pragmas_write, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return db_fail(db, rc, err);
	return migrations_run(db->handle, db->path, migrations, n_migrations,
	    mode != DB_READ_ONLY, err);
}

enum td_status
db_open(const char *path, enum db_mode mode, struct db **db_r, struct err *err)
{
	struct db *db = NULL;
	enum td_status status;
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
	int rc;

	status = db_look(path, mode, err);
	if (status != TD_OK)
		return status;
	engine_setup();
	db = td_alloc(sizeof *db);
	db->path = td_strdup(path);
	flags |= mode == DB_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	rc = sqlite3_open_v2(path, &db->handle, flags, NULL);
	status = rc == SQLITE_OK ? setup(db, mode, err) : db_fail(db, rc, err);
	if (status != TD_OK) {
		db_close(&db);
		return status;
	}
	*db_r = db;
	return TD_OK;
}

void
db_close(struct db **db_p)
{
	struct db *db = *db_p;

	if (db == NULL)
		return;
	for (size_t i = 0; i < CACHE_SLOTS; i++) {
		while (db->slots[i] != NULL) {
			struct db_stmt *st = db->slots[i];

			db->slots[i] = st->next;
			sqlite3_finalize(st->st);
			free(st->sql);
			free(st);
		}
	}
	if (db->rider != NULL)
		db->rider->destroy(db->load);
	sqlite3_close_v2(db->handle);
	free(db->path);
	free(db);
	*db_p = NULL;
}

bool
db_is_new(const struct db *db)
{
	return db->is_new;
}

const char *
db_path(const struct db *db)
{
	return db->path;
}

/* ---- statements ------------------------------------------------------------------------ */

static size_t
slot_of(const char *sql)
{
	uint32_t h = 2166136261u;

	for (; *sql; sql++)
		h = (h ^ (unsigned char)*sql) * 16777619u;
	return h % CACHE_SLOTS;
}

/* Placeholders must be $1, $2 … in order of first use: else the two engines would differ. */
static bool
placeholders_in_order(sqlite3_stmt *st)
{
	int n = sqlite3_bind_parameter_count(st);
	char want[16];

	for (int i = 1; i <= n; i++) {
		const char *name = sqlite3_bind_parameter_name(st, i);

		snprintf(want, sizeof want, "$%d", i);
		if (name == NULL || strcmp(name, want) != 0)
			return false;
	}
	return true;
}

struct db_stmt *
db_prepare(struct db *db, const char *sql, struct err *err)
{
	struct db_stmt **slot = &db->slots[slot_of(sql)];
	struct db_stmt *st;
	bool keep = true;
	int rc;

	for (st = *slot; st != NULL; st = st->next) {
		if (strcmp(st->sql, sql) != 0)
			continue;
		if (!st->busy) {
			st->busy = true;
			return st;
		}
		keep = false;
	}
	st = td_alloc(sizeof *st);
	st->db = db;
	st->busy = true;
	rc = sqlite3_prepare_v3(db->handle, sql, -1, keep ? SQLITE_PREPARE_PERSISTENT : 0, &st->st,
	    NULL);
	if (rc != SQLITE_OK || st->st == NULL || !placeholders_in_order(st->st)) {
		if (rc == SQLITE_OK) {
			db->last = err_perm(err, "%s: placeholders out of order: %.200s", db->path,
			    sql);
		} else {
			db_fail(db, rc, err);
		}
		sqlite3_finalize(st->st);
		free(st);
		return NULL;
	}
	if (keep) {
		st->sql = td_strdup(sql);
		st->next = *slot;
		*slot = st;
	}
	return st;
}

void
db_note_bind(struct db_stmt *st, int rc)
{
	if (rc != SQLITE_OK && st->bind_rc == SQLITE_OK)
		st->bind_rc = rc;
}

void
db_bind_i64(struct db_stmt *st, int index, int64_t value)
{
	db_note_bind(st, sqlite3_bind_int64(st->st, index, value));
}

void
db_bind_text(struct db_stmt *st, int index, const char *text)
{
	db_note_bind(st, sqlite3_bind_text(st->st, index, text, -1, SQLITE_TRANSIENT));
}

void
db_bind_blob(struct db_stmt *st, int index, struct span bytes)
{
	if (bytes.ptr == NULL)
		db_note_bind(st, sqlite3_bind_null(st->st, index));
	else
		db_note_bind(st, sqlite3_bind_blob64(st->st, index, bytes.ptr, bytes.len,
			SQLITE_TRANSIENT));
}

void
db_bind_null(struct db_stmt *st, int index)
{
	db_note_bind(st, sqlite3_bind_null(st->st, index));
}

enum db_step
db_step(struct db_stmt *st, struct err *err)
{
	int rc = st->bind_rc != SQLITE_OK ? st->bind_rc : sqlite3_step(st->st);

	if (rc == SQLITE_ROW)
		return DB_ROW;
	if (rc == SQLITE_DONE)
		return DB_DONE;
	db_fail(st->db, rc, err);
	return DB_FAIL;
}

bool
db_column_is_null(struct db_stmt *st, int column)
{
	return sqlite3_column_type(st->st, column) == SQLITE_NULL;
}

int64_t
db_column_i64(struct db_stmt *st, int column)
{
	return sqlite3_column_int64(st->st, column);
}

const char *
db_column_text(struct db_stmt *st, int column, struct arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(st->st, column);

	if (text == NULL)
		return NULL;
	return arena_strndup(arena, text, (size_t)sqlite3_column_bytes(st->st, column));
}

struct span
db_column_blob(struct db_stmt *st, int column, struct arena *arena)
{
	const char *bytes = sqlite3_column_blob(st->st, column);
	size_t len = (size_t)sqlite3_column_bytes(st->st, column);

	if (db_column_is_null(st, column))
		return (struct span){NULL, 0};
	return (struct span){arena_strndup(arena, bytes, len), len};
}

void
db_finish(struct db_stmt **st_p)
{
	struct db_stmt *st = *st_p;

	if (st == NULL)
		return;
	*st_p = NULL;
	if (st->sql == NULL) {
		sqlite3_finalize(st->st);
		free(st);
		return;
	}
	sqlite3_reset(st->st);
	sqlite3_clear_bindings(st->st);
	st->bind_rc = SQLITE_OK;
	st->busy = false;
}

int64_t
db_changes(const struct db *db)
{
	return sqlite3_changes64(db->handle);
}

/* ---- transactions ------------------------------------------------------------------------ */

bool
db_in_transaction(const struct db *db)
{
	return !sqlite3_get_autocommit(db->handle);
}

void *
db_ride(struct db *db, const struct db_rider *rider, void *(*create)(void))
{
	if (db->rider == NULL) {
		db->rider = rider;
		db->load = create();
	}
	return db->rider == rider ? db->load : NULL;
}

/* What is left of a transaction that the engine ended by itself does not belong to the next. */
static enum td_status
begin(struct db *db, bool soft, struct err *err)
{
	int rc = SQLITE_OK;

	if (db->rider != NULL && !db_in_transaction(db))
		db->rider->clear(db->load);
	if (soft != db->soft && !db_in_transaction(db))
		rc = sqlite3_exec(db->handle, soft ? "PRAGMA synchronous = NORMAL" :
		    "PRAGMA synchronous = FULL", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return db_fail(db, rc, err);
	db->soft = soft;
	return db_exec(db, err, "BEGIN IMMEDIATE", "");
}

enum td_status
db_begin(struct db *db, struct err *err)
{
	return begin(db, false, err);
}

enum td_status
db_begin_soft(struct db *db, struct err *err)
{
	return begin(db, true, err);
}

enum td_status
db_commit(struct db *db, struct err *err)
{
	enum td_status status = TD_OK;

	if (db->rider != NULL && db_in_transaction(db))
		status = db->rider->flush(db, db->load, err);
	if (status == TD_OK)
		status = db_exec(db, err, "COMMIT", "");
	if (status == TD_OK && db->rider != NULL)
		db->rider->clear(db->load);
	return status;
}

void
db_rollback(struct db *db)
{
	struct err ignored;

	if (db->rider != NULL)
		db->rider->clear(db->load);
	if (db_in_transaction(db) && db_exec(db, &ignored, "ROLLBACK", "") != TD_OK)
		return; /* the engine rolled back by itself */
}

enum td_status
db_savepoint(struct db *db, struct err *err)
{
	if (!db_in_transaction(db)) {
		db->last = TD_PERM;
		return err_perm(err, "%s: savepoint outside a transaction", db->path);
	}
	if (db->rider != NULL && db->rider->mark(db, db->load, err) != TD_OK)
		return db->last;
	return db_exec(db, err, "SAVEPOINT td_one", "");
}

enum td_status
db_savepoint_release(struct db *db, struct err *err)
{
	enum td_status status = db_exec(db, err, "RELEASE td_one", "");

	if (status == TD_OK && db->rider != NULL)
		db->rider->keep(db->load);
	return status;
}

void
db_savepoint_rollback(struct db *db)
{
	struct err ignored;

	if (db->rider != NULL)
		db->rider->drop(db->load);
	if (!db_in_transaction(db) || db_exec(db, &ignored, "ROLLBACK TO td_one", "") != TD_OK)
		return;
	if (db_exec(db, &ignored, "RELEASE td_one", "") != TD_OK)
		return;
}

/* ---- the whole file ---------------------------------------------------------------------- */

enum td_status
db_check(struct db *db, struct err *err)
{
	struct db_stmt *st = db_query(db, err, "PRAGMA integrity_check(1)", "");
	enum td_status status = TD_OK;
	enum db_step step;

	if (st == NULL)
		return db->last;
	step = db_step(st, err);
	if (step == DB_ROW && strcmp((const char *)sqlite3_column_text(st->st, 0), "ok") != 0)
		status = err_perm(err, "%s: %s; put a good copy in its place", db->path,
		    (const char *)sqlite3_column_text(st->st, 0));
	return status != TD_OK ? (db_finish(&st), status) : db_end(db, &st, step);
}

enum td_status
db_truncate_log(struct db *db, struct err *err)
{
	struct db_stmt *st = db_query(db, err, "PRAGMA wal_checkpoint(TRUNCATE)", "");
	enum db_step step;
	int64_t busy = 0;
	enum td_status status;

	if (st == NULL)
		return db->last;
	step = db_step(st, err);
	if (step == DB_ROW)
		busy = db_column_i64(st, 0);
	status = db_end(db, &st, step);
	if (status == TD_OK && busy != 0)
		return err_temp(err, "%s: others are reading; what was overwritten stays in the "
		    "file beside it until they are done", db->path);
	return status;
}

enum td_status
db_backup(struct db *db, const char *path, struct err *err)
{
	return migrations_copy(db->handle, path, err);
}
