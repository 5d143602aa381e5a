/* SPDX-License-Identifier: ISC */
/*
 * store/search: see search.h. SQLite's FTS5. The number of a row is made from what it stands
 * for, so it is found without a look-up; unindexed columns would have to be scanned.
 */
#include "config.h"

#include "daemon/store/search.h"

#include "parsers/base/buf.h"

#define ENTITIES 8 /* room for kinds to come; part of the file format */
#define QUERY_MAX 2000u

static const char *const entity_names[] = {"item", "comment", "update"};

enum td_status
search_set(struct db *db, enum search_entity entity, int64_t entity_id, int64_t team_id,
    const char *text, struct err *err)
{
	int64_t number = entity_id * ENTITIES + (int64_t)entity;
	enum td_status status = db_exec(db, err, "DELETE FROM search WHERE rowid = $1", "i",
	    number);

	if (status != TD_OK || text == NULL)
		return status;
	return db_exec(db, err,
	    "INSERT INTO search (rowid, text, entity, entity_id, team_id) "
	    "VALUES ($1, $2, $3, $4, $5)",
	    "ittii", number, text, entity_names[entity], entity_id, team_id);
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

static enum search_entity
entity_of(int64_t number)
{
	return (enum search_entity)(number % ENTITIES);
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

	buf_init(&query, 2 * QUERY_MAX);
	if (make_query(words, &query)) {
		st = db_query(db, err,
		    "SELECT rowid, entity_id, snippet(search, 0, '[', ']', '…', 16) FROM search "
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
