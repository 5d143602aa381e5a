/* SPDX-License-Identifier: ISC */
/*
 * store/db_call: a statement in one call, over those of db.c: arguments by a format, and the rows
 * into an array, a struct or a number.
 */
#include "config.h"

#include "daemon/store/db-private.h"

#include <stdarg.h>
#include <string.h>

/* keeps: the statement ends before the caller has its arguments back, so nothing is copied. */
static void
bind_bytes(struct db_stmt *st, int index, struct span bytes, bool is_text, bool keeps)
{
	sqlite3_destructor_type how = keeps ? SQLITE_STATIC : SQLITE_TRANSIENT;

	if (bytes.ptr == NULL)
		return; /* NULL is what it has when nothing is bound */
	if (is_text)
		db_note_bind(st, sqlite3_bind_text64(st->st, index, bytes.ptr, bytes.len, how,
			SQLITE_UTF8));
	else
		db_note_bind(st, sqlite3_bind_blob64(st->st, index, bytes.ptr, bytes.len, how));
}

static void
bind_args(struct db_stmt *st, bool keeps, const char *types, va_list ap)
{
	int64_t number;
	const char *text;
	struct span *bytes;

	for (int i = 1; types[i - 1] != '\0'; i++) {
		switch (types[i - 1]) {
		case 'i':
			db_bind_i64(st, i, va_arg(ap, int64_t));
			break;
		case 'r':
			number = va_arg(ap, int64_t);
			if (number != 0)
				db_bind_i64(st, i, number);
			break;
		case 't':
			text = va_arg(ap, const char *);
			if (text != NULL)
				bind_bytes(st, i, span_of(text), true, keeps);
			break;
		case 'b':
			bytes = va_arg(ap, struct span *);
			if (bytes != NULL)
				bind_bytes(st, i, *bytes, false, keeps);
			break;
		case 'n':
			break;
		default: /* a letter nobody knows: a bug, told by the step */
			db_note_bind(st, SQLITE_MISUSE);
			return;
		}
	}
}

struct db_stmt *
db_query(struct db *db, struct err *err, const char *sql, const char *types, ...)
{
	struct db_stmt *st = db_prepare(db, sql, err);
	va_list ap;

	if (st == NULL)
		return NULL;
	va_start(ap, types);
	bind_args(st, false, types, ap);
	va_end(ap);
	return st;
}

enum td_status
db_end(struct db *db, struct db_stmt **st, enum db_step step)
{
	db_finish(st);
	return step == DB_FAIL ? db->last : TD_OK;
}

enum td_status
db_exec(struct db *db, struct err *err, const char *sql, const char *types, ...)
{
	struct db_stmt *st = db_prepare(db, sql, err);
	enum db_step step;
	va_list ap;

	if (st == NULL)
		return db->last;
	va_start(ap, types);
	bind_args(st, true, types, ap);
	va_end(ap);
	while ((step = db_step(st, err)) == DB_ROW)
		; /* a RETURNING that nobody reads */
	return db_end(db, &st, step);
}

enum td_status
db_rows(struct db *db, struct arena *arena, struct db_stmt *st, db_reader *read, size_t size,
    void *rows_r, size_t *n_r, struct err *err)
{
	char *rows = NULL;
	size_t n = 0, cap = 0;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db->last;
	while ((step = db_step(st, err)) == DB_ROW) {
		rows = arena_grow(arena, rows, n, &cap, size);
		read(st, arena, rows + n++ * size);
	}
	status = db_end(db, &st, step);
	if (status == TD_OK) {
		memcpy(rows_r, &rows, sizeof rows);
		*n_r = n;
	}
	return status;
}

enum td_status
db_row(struct db *db, struct arena *arena, struct db_stmt *st, db_reader *read, size_t size,
    void *row_r, struct err *err)
{
	void *row = NULL;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db->last;
	step = db_step(st, err);
	if (step == DB_ROW) {
		row = arena_alloc(arena, size);
		read(st, arena, row);
	}
	status = db_end(db, &st, step);
	if (status == TD_OK)
		memcpy(row_r, &row, sizeof row);
	return status;
}

enum td_status
db_get_i64(struct db *db, struct err *err, int64_t *value_r, bool *found_r, const char *sql,
    const char *types, ...)
{
	struct db_stmt *st = db_prepare(db, sql, err);
	enum db_step step;
	va_list ap;

	if (st == NULL)
		return db->last;
	va_start(ap, types);
	bind_args(st, true, types, ap);
	va_end(ap);
	step = db_step(st, err);
	if (step == DB_ROW)
		*value_r = db_column_i64(st, 0);
	if (found_r != NULL && step != DB_FAIL)
		*found_r = step == DB_ROW;
	return db_end(db, &st, step);
}

enum td_status
db_insert(struct db *db, struct err *err, int64_t *id_r, const char *sql, const char *types, ...)
{
	struct db_stmt *st = db_prepare(db, sql, err);
	enum db_step step;
	va_list ap;

	if (st == NULL)
		return db->last;
	va_start(ap, types);
	bind_args(st, true, types, ap);
	va_end(ap);
	step = db_step(st, err);
	if (step == DB_DONE)
		*id_r = sqlite3_last_insert_rowid(db->handle);
	return db_end(db, &st, step);
}
