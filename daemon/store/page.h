/* SPDX-License-Identifier: ISC */
/* store/page: calls that reach people at any hour, and the record of who was told when. */
#ifndef TD_STORE_PAGE_H
#define TD_STORE_PAGE_H

#include "daemon/store/db.h"

struct page {
	int64_t id;
	int64_t team_id;
	int64_t by_id;
	int64_t for_id;       /* who is called first; 0: who is on call */
	int64_t item_id;      /* 0: about no item */
	int64_t message_id;
	const char *text;
	int64_t created_at;
	const char *root_mid; /* of its first mail; NULL: none went yet */
	int64_t ended_at;     /* 0: it goes on */
	int64_t ended_by;     /* who took it; 0: nobody did */
};

struct page_call {
	int64_t page_id;
	int64_t person_id;
	int64_t at;
	const char *mid;
};

TD_CHECK enum td_status page_add(struct db *db, struct page *page, struct err *err);
TD_CHECK enum td_status page_by_id(struct db *db, struct arena *arena, int64_t id,
    struct page **page_r, struct err *err); /* NULL when there is none */
/* The one that a mail with this Message-ID called for; NULL when it did not. */
TD_CHECK enum td_status page_by_mid(struct db *db, struct arena *arena, const char *mid,
    struct page **page_r, struct err *err);
/* Those of a team that go on, the oldest first. */
TD_CHECK enum td_status page_open(struct db *db, struct arena *arena, int64_t team_id,
    struct page **pages_r, size_t *n_r, struct err *err);
TD_CHECK enum td_status page_of_item(struct db *db, struct arena *arena, int64_t item_id,
    struct page **pages_r, size_t *n_r, struct err *err);
TD_CHECK enum td_status page_count(struct db *db, int64_t by_id, int64_t since, int64_t *n_r,
    struct err *err);
/* ended_at 0: it goes on again. */
TD_CHECK enum td_status page_end(struct db *db, int64_t id, int64_t ended_at, int64_t ended_by,
    struct err *err);
TD_CHECK enum td_status page_remove(struct db *db, int64_t id, struct err *err);

/* Notes a call; the first one's Message-ID becomes the thread's root. */
TD_CHECK enum td_status page_call_add(struct db *db, const struct page_call *call,
    struct err *err);
TD_CHECK enum td_status page_calls(struct db *db, struct arena *arena, int64_t page_id,
    struct page_call **calls_r, size_t *n_r, struct err *err); /* the oldest first */

#endif
