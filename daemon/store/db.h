/* SPDX-License-Identifier: ISC */
/*
 * db: the statement layer over SQLite, thin enough that PostgreSQL can stand behind it: prepare,
 * bind, step, column over a handle. Statements are kept by their text, so preparing one again
 * costs a look-up. Placeholders are $1, $2 … in order.
 *
 *	struct db_stmt *st = db_prepare(db, "SELECT name FROM person WHERE id = $1", err);
 *	db_bind_i64(st, 1, id);
 *	switch (db_step(st, err)) { case DB_ROW: …; case DB_DONE: …; case DB_FAIL: … }
 *	db_finish(&st);
 *
 * One writer: db_begin takes the write lock at once. What may pass by itself or by mending the
 * machine (busy, disk full, I/O, read-only, out of memory) is TD_TEMP, all others TD_PERM;
 * db_status_of tells which of the last failure. Errors name the file, what, and what to do.
 */
#ifndef TD_DB_H
#define TD_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"

struct db;
struct db_stmt;

enum db_mode { DB_READ_WRITE, DB_READ_ONLY, DB_CREATE };
enum db_step { DB_ROW, DB_DONE, DB_FAIL };

/* What the file alone tells: whether it can be opened, and is no file of 0 bytes. DB_CREATE makes
 * one that is missing; the other modes refuse it and say what to do. */
TD_CHECK enum td_status db_look(const char *path, enum db_mode mode, struct err *err);
/* TD_PERM: says of a store that there is nothing in it, and what to do. */
TD_CHECK enum td_status db_empty(const char *path, struct err *err);

/* Opens the file, sets the pragmas of doc/store.md, brings the schema up to date (a copy of the
 * file is kept beside it before a migration) and refuses one that is newer than this program. A
 * file that is missing or has nothing in it becomes a store with DB_CREATE only: whoever asks for
 * that says so to the user. */
TD_CHECK enum td_status db_open(const char *path, enum db_mode mode, struct db **db_r,
    struct err *err);
void db_close(struct db **db);
/* Whether there was nothing in the file when it was opened (DB_CREATE). */
bool db_is_new(const struct db *db);

TD_CHECK enum td_status db_begin(struct db *db, struct err *err);
/* A transaction whose commit outlives this process, but is not waited for: the machine's end may
 * take it, unless a later one of db_begin() was committed. For what loses nothing by that. */
TD_CHECK enum td_status db_begin_soft(struct db *db, struct err *err);
TD_CHECK enum td_status db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);

/* A savepoint inside the transaction: one bad message never takes the others with it. */
TD_CHECK enum td_status db_savepoint(struct db *db, struct err *err);
TD_CHECK enum td_status db_savepoint_release(struct db *db, struct err *err);
void db_savepoint_rollback(struct db *db);

/*
 * What a module of the store holds back until the end of a transaction. flush writes it, within
 * the transaction and after all savepoints; its failure is that of the commit. mark is called
 * before a savepoint begins, and may write, too. The others say what becomes of what came since
 * the savepoint (keep, drop), and of all (clear: committed or rolled back). There is one rider a
 * database; it lives until db_close.
 */
struct db_rider {
	enum td_status (*flush)(struct db *db, void *load, struct err *err);
	enum td_status (*mark)(struct db *db, void *load, struct err *err);
	void (*keep)(void *load);
	void (*drop)(void *load);
	void (*clear)(void *load);
	void (*destroy)(void *load);
};

/* The load of this rider, made with create the first time. */
void *db_ride(struct db *db, const struct db_rider *rider, void *(*create)(void));

/* NULL only for a statement that does not compile (err says why): a bug, or a broken file. */
struct db_stmt *db_prepare(struct db *db, const char *sql, struct err *err);
void db_bind_i64(struct db_stmt *st, int index, int64_t value);
void db_bind_text(struct db_stmt *st, int index, const char *text); /* NULL binds NULL; copied */
void db_bind_blob(struct db_stmt *st, int index, struct span bytes);
void db_bind_null(struct db_stmt *st, int index);
enum db_step db_step(struct db_stmt *st, struct err *err);
bool db_column_is_null(struct db_stmt *st, int column); /* columns from 0 */
int64_t db_column_i64(struct db_stmt *st, int column);
const char *db_column_text(struct db_stmt *st, int column, struct arena *arena); /* NULL if NULL */
struct span db_column_blob(struct db_stmt *st, int column, struct arena *arena);
void db_finish(struct db_stmt **st);

/*
 * The same in one call. Format of args: i = int64_t, t = const char *, b = struct span *,
 * r = int64_t that refers to a row (0 binds NULL), n = no argument, binds NULL. NULL on failure.
 */
struct db_stmt *db_query(struct db *db, struct err *err, const char *sql, const char *types, ...);
/* Finishes the statement and says how its last step ended: DB_ROW and DB_DONE are TD_OK. */
TD_CHECK enum td_status db_end(struct db *db, struct db_stmt **st, enum db_step step);

/* Fills a row of the caller's, which is zeroed, from the statement's columns. */
typedef void db_reader(struct db_stmt *st, struct arena *arena, void *row);

/*
 * All rows of a statement, which it ends, as an array in the arena: *(T **)rows_r, NULL without
 * any. size is that of one T. st may be NULL, as db_query gives it on failure; nothing is written
 * then, or when reading fails.
 */
TD_CHECK enum td_status db_rows(struct db *db, struct arena *arena, struct db_stmt *st,
    db_reader *read, size_t size, void *rows_r, size_t *n_r, struct err *err);
/* The first row alone, *(T **)row_r, NULL if there is none. */
TD_CHECK enum td_status db_row(struct db *db, struct arena *arena, struct db_stmt *st,
    db_reader *read, size_t size, void *row_r, struct err *err);

/* Runs a statement that gives no rows, args as above. db_exec(db, err, "UPDATE x SET a = $1 WHERE
 * id = $2", "ti", a, id) */
TD_CHECK enum td_status db_exec(struct db *db, struct err *err, const char *sql,
    const char *types, ...);
/* Runs an INSERT of one row, without a conflict's clause, into a table with an integer key "id",
 * and gives that key. RETURNING, which costs twice as much, is for those that may do nothing. */
TD_CHECK enum td_status db_insert(struct db *db, struct err *err, int64_t *id_r, const char *sql,
    const char *types, ...);
/* Runs one that gives at most one row with one integer; absent rows give TD_OK and *found_r
 * false (found_r may be NULL: then *value_r stays untouched). */
TD_CHECK enum td_status db_get_i64(struct db *db, struct err *err, int64_t *value_r, bool *found_r,
    const char *sql, const char *types, ...);

enum td_status db_status_of(const struct db *db); /* of the last DB_FAIL */
int64_t db_changes(const struct db *db);          /* rows that the last statement changed */
const char *db_path(const struct db *db);

/* Runs the engine's integrity check; TD_PERM with the first thing that is wrong. Reads all. */
TD_CHECK enum td_status db_check(struct db *db, struct err *err);
/* Empties the write-ahead log, so that nothing that was overwritten is left there. TD_TEMP while
 * others read. */
TD_CHECK enum td_status db_truncate_log(struct db *db, struct err *err);
/* A consistent copy of the whole store in a new file, taken while others write. */
TD_CHECK enum td_status db_backup(struct db *db, const char *path, struct err *err);

#endif
