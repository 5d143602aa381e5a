/* SPDX-License-Identifier: ISC */
/* store/comment: see comment.h. */
#include "config.h"

#include "daemon/store/comment.h"

enum td_status
comment_add(struct db *db, struct comment *comment, struct err *err)
{
	return db_insert(db, err, &comment->id,
	    "INSERT INTO comment (item_id, person_id, message_id, text, created_at) "
	    "VALUES ($1, $2, $3, $4, $5)",
	    "iirti", comment->item_id, comment->person_id, comment->message_id, comment->text,
	    comment->created_at);
}

#define COLUMNS "id, item_id, person_id, message_id, text, created_at"

static void
read_comment(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct comment *)row = (struct comment){
	    .id = db_column_i64(st, 0),
	    .item_id = db_column_i64(st, 1),
	    .person_id = db_column_i64(st, 2),
	    .message_id = db_column_i64(st, 3),
	    .text = db_column_text(st, 4, arena),
	    .created_at = db_column_i64(st, 5),
	};
}

static enum td_status
list(struct db *db, struct arena *arena, struct db_stmt *st, struct comment **comments_r,
    size_t *n_r, struct err *err)
{
	return db_rows(db, arena, st, read_comment, sizeof **comments_r, comments_r, n_r, err);
}

enum td_status
comment_list(struct db *db, struct arena *arena, int64_t item_id, struct comment **comments_r,
    size_t *n_r, struct err *err)
{
	return list(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM comment WHERE item_id = $1 ORDER BY created_at, id", "i",
		item_id),
	    comments_r, n_r, err);
}

enum td_status
comment_by_id(struct db *db, struct arena *arena, int64_t id, struct comment **comment_r,
    struct err *err)
{
	struct comment *comments;
	size_t n;
	enum td_status status = list(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM comment WHERE id = $1", "i", id), &comments,
	    &n, err);

	if (status == TD_OK)
		*comment_r = n > 0 ? comments : NULL;
	return status;
}

enum td_status
comment_remove(struct db *db, int64_t id, struct err *err)
{
	return db_exec(db, err, "DELETE FROM comment WHERE id = $1", "i", id);
}
