/* SPDX-License-Identifier: ISC */
/* store/news: see news.h. */
#include "config.h"

#include "daemon/store/news.h"

#include <string.h>

#include "daemon/store/outbox.h"

#define COLUMNS                                                                                    \
	"id, team_id, person_id, item_id, by_id, message_id, kind, text, at, outbox_id"

static const char *const kind_names[] = {"comment", "assign", "free", "decide", "object",
    "stuck", "decided", "accept", "decline", "moved", "dropped", "reopened", "dated", "soon",
    "spoken"};

static enum news_kind
kind_of(const char *name)
{
	for (size_t i = 0; name != NULL && i < sizeof kind_names / sizeof *kind_names; i++)
		if (strcmp(kind_names[i], name) == 0)
			return (enum news_kind)i;
	return NEWS_COMMENT;
}

enum td_status
news_add(struct db *db, const struct news *news, struct err *err)
{
	return db_exec(db, err,
	    "INSERT INTO news (team_id, person_id, item_id, by_id, message_id, kind, text, at) "
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
	    "iiiirtti", news->team_id, news->person_id, news->item_id, news->by_id,
	    news->message_id, kind_names[news->kind], news->text, news->at);
}

static void
read_news(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct news *)row = (struct news){
	    .id = db_column_i64(st, 0),
	    .team_id = db_column_i64(st, 1),
	    .person_id = db_column_i64(st, 2),
	    .item_id = db_column_i64(st, 3),
	    .by_id = db_column_i64(st, 4),
	    .message_id = db_column_i64(st, 5),
	    .kind = kind_of(db_column_text(st, 6, arena)),
	    .text = db_column_text(st, 7, arena),
	    .at = db_column_i64(st, 8),
	    .outbox_id = db_column_i64(st, 9),
	};
}

static enum td_status
find_all(struct db *db, struct arena *arena, struct db_stmt *st, struct news **news_r,
    size_t *n_r, struct err *err)
{
	return db_rows(db, arena, st, read_news, sizeof **news_r, news_r, n_r, err);
}

enum td_status
news_list(struct db *db, struct arena *arena, int64_t team_id, int64_t person_id,
    struct news **news_r, size_t *n_r, struct err *err)
{
	return find_all(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM news WHERE team_id = $1 AND person_id = $2 "
		"AND outbox_id IS NULL ORDER BY item_id, id",
		"ii", team_id, person_id),
	    news_r, n_r, err);
}

enum td_status
news_told(struct db *db, int64_t team_id, int64_t person_id, int64_t item_id, int64_t outbox_id,
    struct err *err)
{
	return db_exec(db, err,
	    "UPDATE news SET outbox_id = $1 WHERE team_id = $2 AND person_id = $3 "
	    "AND item_id = $4 AND outbox_id IS NULL",
	    "iiii", outbox_id, team_id, person_id, item_id);
}

enum td_status
news_clear(struct db *db, int64_t team_id, int64_t person_id, struct err *err)
{
	return db_exec(db, err,
	    "DELETE FROM news WHERE team_id = $1 AND person_id = $2 AND (outbox_id IS NULL OR "
	    "outbox_id IN (SELECT id FROM outbox WHERE state <> 'queued'))",
	    "ii", team_id, person_id);
}

enum td_status
news_forget(struct db *db, struct arena *arena, int64_t message_id, struct news **rows_r,
    size_t *n_r, struct err *err)
{
	struct news *rows = NULL;
	size_t n = 0, kept = 0;
	enum td_status status = find_all(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM news WHERE id IN "
		"(SELECT min(id) FROM news WHERE message_id = $1 "
		"GROUP BY person_id, item_id, outbox_id) ORDER BY id", "i", message_id), &rows, &n,
	    err);

	if (status == TD_OK)
		status = db_exec(db, err, "DELETE FROM news WHERE message_id = $1", "i",
		    message_id);
	for (size_t i = 0; status == TD_OK && i < n; i++) {
		bool gone = rows[i].outbox_id == 0;

		if (!gone)
			status = outbox_call_back(db, rows[i].outbox_id, &gone, err);
		if (gone)
			rows[kept++] = rows[i];
	}
	if (status == TD_OK) {
		*rows_r = rows;
		*n_r = kept;
	}
	return status;
}
