/* SPDX-License-Identifier: ISC */
/* store/comment: what people said about an item. */
#ifndef TD_STORE_COMMENT_H
#define TD_STORE_COMMENT_H

#include "daemon/store/db.h"

struct comment {
	int64_t id;
	int64_t item_id;
	int64_t person_id;
	int64_t message_id; /* 0 without */
	const char *text;
	int64_t created_at;
};

TD_CHECK enum td_status comment_add(struct db *db, struct comment *comment, struct err *err);
/* Of one item, oldest first. */
TD_CHECK enum td_status comment_list(struct db *db, struct arena *arena, int64_t item_id,
    struct comment **comments_r, size_t *n_r, struct err *err);

TD_CHECK enum td_status comment_by_id(struct db *db, struct arena *arena, int64_t id,
    struct comment **comment_r, struct err *err); /* NULL when there is none */
TD_CHECK enum td_status comment_remove(struct db *db, int64_t id, struct err *err);

#endif
