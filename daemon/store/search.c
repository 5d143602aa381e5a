/* SPDX-License-Identifier: ISC */
/*
 * store/search: see search.h. SQLite's FTS5. The number of a row is made from what it stands
 * for, so it is found without a look-up; unindexed columns would have to be scanned.
 *
 * Within a transaction the rows are held back and written at its end, each once however often it
 * was set. The engine would write its index anew with each savepoint, which is with each mail; so
 * it does so once a commit, and what is committed can always be found. Who asks in between has
 * all written that is held back, which is then written again at the end: a savepoint may take it
 * back.
 */
#include "config.h"

#include "daemon/store/search.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/base/buf.h"

#define ENTITIES 8 /* room for kinds to come; part of the file format */
/* snippet() takes time by the square of the words that fit: a longer text shows its beginning */
#define SNIPPET_MAX "8000"
#define QUERY_MAX 2000u
#define HELD_BYTES (1024u * 1024) /* more is written before the next savepoint */

static const char *const entity_names[] = {"item", "comment", "update"};

/* ---- what is held back ----------------------------------------------------------------------- */

struct held {
	int64_t number;
	int64_t team_id;
	char *text; /* NULL: the row goes */
};

struct load {
	struct held *rows;
	size_t n, cap;
	size_t mark; /* rows from here on came since the savepoint */
	size_t bytes;
	bool marked;
};

static enum search_entity
entity_of(int64_t number)
{
	return (enum search_entity)(number % ENTITIES);
}

static enum td_status
write_row(struct db *db, const struct held *row, struct err *err)
{
	enum td_status status = db_exec(db, err, "DELETE FROM search WHERE rowid = $1", "i",
	    row->number);

	if (status != TD_OK || row->text == NULL)
		return status;
	return db_exec(db, err,
	    "INSERT INTO search (rowid, text, entity, entity_id, team_id) "
	    "VALUES ($1, $2, $3, $4, $5)",
	    "ittii", row->number, row->text, entity_names[entity_of(row->number)],
	    row->number / ENTITIES, row->team_id);
}

static void
cut(struct load *load, size_t n)
{
	while (load->n > n) {
		struct held *row = &load->rows[--load->n];

		load->bytes -= row->text != NULL ? strlen(row->text) : 0;
		free(row->text);
	}
}

static void
load_clear(void *user)
{
	struct load *load = user;

	cut(load, 0);
	load->marked = false;
}

static enum td_status
load_flush(struct db *db, void *user, struct err *err)
{
	struct load *load = user;
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < load->n; i++)
		status = write_row(db, &load->rows[i], err);
	return status;
}

static enum td_status
load_mark(struct db *db, void *user, struct err *err)
{
	struct load *load = user;

	if (load->bytes > HELD_BYTES) {
		enum td_status status = load_flush(db, load, err);

		if (status != TD_OK)
			return status;
		cut(load, 0);
	}
	load->mark = load->n;
	load->marked = true;
	return TD_OK;
}

static void
load_drop(void *user)
{
	struct load *load = user;

	if (load->marked)
		cut(load, load->mark);
	load->marked = false;
}

/* Puts it in the place of an earlier row of the same number, if there is one. */
static void
replace(struct load *load, struct held row)
{
	load->bytes += row.text != NULL ? strlen(row.text) : 0;
	for (size_t i = 0; i < load->n; i++) {
		if (load->rows[i].number != row.number)
			continue;
		load->bytes -= load->rows[i].text != NULL ? strlen(load->rows[i].text) : 0;
		free(load->rows[i].text);
		load->rows[i] = row;
		return;
	}
	load->rows[load->n++] = row;
}

static void
load_keep(void *user)
{
	struct load *load = user;
	size_t n = load->n;

	load->n = load->marked ? load->mark : n;
	for (size_t i = load->n; i < n; i++) {
		struct held row = load->rows[i];

		load->bytes -= row.text != NULL ? strlen(row.text) : 0;
		replace(load, row);
	}
	load->marked = false;
}

static void
load_destroy(void *user)
{
	struct load *load = user;

	cut(load, 0);
	free(load->rows);
	free(load);
}

static void *
load_create(void)
{
	return td_alloc(sizeof(struct load));
}

static const struct db_rider rider = {
	load_flush, load_mark, load_keep, load_drop, load_clear, load_destroy};

static void
hold(struct load *load, struct held row)
{
	if (load->n == load->cap) {
		size_t cap = load->cap > 0 ? 2 * load->cap : 64;
		struct held *rows = td_alloc(cap * sizeof *rows);

		if (load->n > 0)
			memcpy(rows, load->rows, load->n * sizeof *rows);
		free(load->rows);
		load->rows = rows;
		load->cap = cap;
	}
	row.text = row.text != NULL ? td_strdup(row.text) : NULL;
	if (load->marked) {
		load->bytes += row.text != NULL ? strlen(row.text) : 0;
		load->rows[load->n++] = row;
	} else {
		replace(load, row);
	}
}

enum td_status
search_set(struct db *db, enum search_entity entity, int64_t entity_id, int64_t team_id,
    const char *text, struct err *err)
{
	struct held row = {entity_id * ENTITIES + (int64_t)entity, team_id,
	    (char *)(uintptr_t)text};

	if (!db_in_transaction(db))
		return write_row(db, &row, err);
	hold(db_ride(db, &rider, load_create), row);
	return TD_OK;
}

/* A string of the query language: nothing in it is an operator. */
static void
put_quoted(struct buf *out, struct span word)
{
	buf_putc(out, '"');
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] == '"')
			buf_putc(out, '"');
		if (word.ptr[i] != '\0')
			buf_putc(out, word.ptr[i]);
	}
	buf_putc(out, '"');
}

/* Takes the next word or "phrase" off rest. */
static bool
next_term(struct span *rest, struct span *term_r, bool *not_r)
{
	*rest = span_trim(*rest);
	*not_r = rest->len > 1 && *rest->ptr == '-';
	if (*not_r)
		*rest = span_skip(*rest, 1);
	if (rest->len > 0 && *rest->ptr == '"') {
		*rest = span_skip(*rest, 1);
		*term_r = span_first(*rest, span_find_byte(*rest, '"'));
		*rest = span_skip(*rest, term_r->len + 1);
		return true;
	}
	return span_next_word(rest, term_r);
}

static bool
has_letter(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z'))
			return true;
	}
	return false;
}

/* The query of the engine; false when no word asks for anything. */
static bool
make_query(const char *words, struct buf *out)
{
	struct span rest = span_of(words), term;
	struct buf nots;
	bool not, any = false;

	buf_init(&nots, QUERY_MAX);
	while (next_term(&rest, &term, &not)) {
		struct buf *to = not ? &nots : out;
		bool begins = span_ends(term, SPAN("*"));

		if (!has_letter(term))
			continue;
		buf_puts(to, not ? " NOT " : any ? " AND " : "(");
		put_quoted(to, begins ? span_first(term, term.len - 1) : term);
		if (begins)
			buf_puts(to, " *");
		any = any || !not;
	}
	if (any)
		buf_putc(out, ')');
	buf_put_span(out, buf_span(&nots));
	buf_release(&nots);
	return any && !out->over;
}

enum td_status
search_query(struct db *db, struct arena *arena, int64_t team_id, const char *words,
    int64_t limit, struct search_hit **hits_r, size_t *n_r, struct err *err)
{
	struct search_hit *hits = NULL;
	size_t n = 0, cap = 0;
	struct buf query;
	struct db_stmt *st = NULL;
	enum db_step step = DB_DONE;
	enum td_status status = TD_OK;

	if (db_in_transaction(db))
		status = load_flush(db, db_ride(db, &rider, load_create), err);
	buf_init(&query, 2 * QUERY_MAX);
	if (status == TD_OK && make_query(words, &query)) {
		st = db_query(db, err,
		    "SELECT rowid, entity_id, CASE WHEN length(text) < " SNIPPET_MAX " "
		    "THEN snippet(search, 0, '[', ']', '…', 16) ELSE substr(text, 1, 200) END "
		    "FROM search "
		    "WHERE search MATCH $1 AND team_id = $2 ORDER BY rank LIMIT $3",
		    "tii", query.ptr, team_id, limit);
		if (st == NULL)
			status = db_status_of(db);
	}
	if (st != NULL) {
		while ((step = db_step(st, err)) == DB_ROW)
			*ARENA_PUSH(arena, hits, n, cap) = (struct search_hit){
			    entity_of(db_column_i64(st, 0)), db_column_i64(st, 1),
			    db_column_text(st, 2, arena)};
		status = db_end(db, &st, step);
	}
	buf_release(&query);
	if (status == TD_OK) {
		*hits_r = hits;
		*n_r = n;
	}
	return status;
}

/* ---- erasing --------------------------------------------------------------------------------- */

struct indexed {
	int64_t number;
	const char *text;
};

static void
read_indexed(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct indexed *)row = (struct indexed){db_column_i64(st, 0),
	    db_column_text(st, 1, arena)};
}

enum td_status
search_rewrite(struct db *db, struct arena *arena, search_change *change, void *user,
    struct err *err)
{
	struct indexed *rows;
	size_t n = 0;
	enum td_status status = TD_OK;

	if (db_in_transaction(db))
		status = load_flush(db, db_ride(db, &rider, load_create), err);
	if (status == TD_OK)
		status = db_rows(db, arena, db_query(db, err, "SELECT rowid, text FROM search",
		    ""), read_indexed, sizeof *rows, &rows, &n, err);
	for (size_t i = 0; status == TD_OK && i < n; i++) {
		const char *text = change(user, rows[i].text);

		if (text != rows[i].text)
			status = db_exec(db, err, "UPDATE search SET text = $1 WHERE rowid = $2",
			    "ti", text, rows[i].number);
	}
	return status;
}

enum td_status
search_forget(struct db *db, struct err *err)
{
	return db_exec(db, err, "INSERT INTO search (search) VALUES ('optimize')", "");
}
