/* SPDX-License-Identifier: ISC */
/* store/page: see page.h. */
#include "config.h"

#include "daemon/store/page.h"

#define COLUMNS                                                                                    \
	"p.id, p.team_id, p.by_id, p.for_id, p.item_id, p.message_id, p.text, p.created_at, "      \
	"p.root_mid, p.ended_at, p.ended_by"

enum td_status
page_add(struct db *db, struct page *page, struct err *err)
{
	return db_insert(db, err, &page->id,
	    "INSERT INTO page (team_id, by_id, for_id, item_id, message_id, text, created_at) "
	    "VALUES ($1, $2, $3, $4, $5, $6, $7)",
	    "iirrrti", page->team_id, page->by_id, page->for_id, page->item_id, page->message_id,
	    page->text, page->created_at);
}

static void
read_page(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct page *)row = (struct page){
	    .id = db_column_i64(st, 0),
	    .team_id = db_column_i64(st, 1),
	    .by_id = db_column_i64(st, 2),
	    .for_id = db_column_i64(st, 3),
	    .item_id = db_column_i64(st, 4),
	    .message_id = db_column_i64(st, 5),
	    .text = db_column_text(st, 6, arena),
	    .created_at = db_column_i64(st, 7),
	    .root_mid = db_column_text(st, 8, arena),
	    .ended_at = db_column_i64(st, 9),
	    .ended_by = db_column_i64(st, 10),
	};
}

static enum td_status
find_all(struct db *db, struct arena *arena, struct db_stmt *st, struct page **pages_r, size_t *n_r,
    struct err *err)
{
	return db_rows(db, arena, st, read_page, sizeof **pages_r, pages_r, n_r, err);
}

static enum td_status
find_one(struct db *db, struct arena *arena, struct db_stmt *st, struct page **page_r,
    struct err *err)
{
	struct page *pages = NULL;
	size_t n = 0;
	enum td_status status = find_all(db, arena, st, &pages, &n, err);

	if (status == TD_OK)
		*page_r = n > 0 ? pages : NULL;
	return status;
}

enum td_status
page_by_id(struct db *db, struct arena *arena, int64_t id, struct page **page_r, struct err *err)
{
	return find_one(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM page p WHERE p.id = $1", "i", id), page_r,
	    err);
}

enum td_status
page_by_mid(struct db *db, struct arena *arena, const char *mid, struct page **page_r,
    struct err *err)
{
	return find_one(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM page p JOIN page_call c ON c.page_id = p.id "
		"WHERE c.mid = $1", "t", mid), page_r, err);
}

enum td_status
page_open(struct db *db, struct arena *arena, int64_t team_id, struct page **pages_r, size_t *n_r,
    struct err *err)
{
	return find_all(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM page p WHERE p.team_id = $1 "
		"AND p.ended_at IS NULL ORDER BY p.id", "i", team_id), pages_r, n_r, err);
}

enum td_status
page_of_item(struct db *db, struct arena *arena, int64_t item_id, struct page **pages_r,
    size_t *n_r, struct err *err)
{
	return find_all(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM page p WHERE p.item_id = $1 ORDER BY p.id",
		"i", item_id), pages_r, n_r, err);
}

enum td_status
page_count(struct db *db, int64_t by_id, int64_t since, int64_t *n_r, struct err *err)
{
	return db_get_i64(db, err, n_r, NULL,
	    "SELECT count(*) FROM page WHERE by_id = $1 AND created_at > $2", "ii", by_id, since);
}

enum td_status
page_end(struct db *db, int64_t id, int64_t ended_at, int64_t ended_by, struct err *err)
{
	return db_exec(db, err, "UPDATE page SET ended_at = $1, ended_by = $2 WHERE id = $3",
	    "rri", ended_at, ended_by, id);
}

enum td_status
page_remove(struct db *db, int64_t id, struct err *err)
{
	return db_exec(db, err, "DELETE FROM page WHERE id = $1", "i", id);
}

enum td_status
page_call_add(struct db *db, const struct page_call *call, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "INSERT INTO page_call (page_id, person_id, at, mid) VALUES ($1, $2, $3, $4)", "iiit",
	    call->page_id, call->person_id, call->at, call->mid);

	return status != TD_OK ? status : db_exec(db, err,
	    "UPDATE page SET root_mid = $1 WHERE id = $2 AND root_mid IS NULL", "ti", call->mid,
	    call->page_id);
}

static void
read_page_call(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct page_call *)row = (struct page_call){
	    .page_id = db_column_i64(st, 0),
	    .person_id = db_column_i64(st, 1),
	    .at = db_column_i64(st, 2),
	    .mid = db_column_text(st, 3, arena),
	};
}

enum td_status
page_calls(struct db *db, struct arena *arena, int64_t page_id, struct page_call **calls_r,
    size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT page_id, person_id, at, mid FROM page_call WHERE page_id = $1 ORDER BY id",
	    "i", page_id);

	return db_rows(db, arena, st, read_page_call, sizeof **calls_r, calls_r, n_r, err);
}
