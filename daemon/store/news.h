/* SPDX-License-Identifier: ISC */
/*
 * store/news: what waits to be told to a person about an item: a comment, an item that became
 * theirs, an item that nothing holds up any more. Rows stay until a mail tells them, in the
 * person's contact hours, so that several become one mail.
 */
#ifndef TD_STORE_NEWS_H
#define TD_STORE_NEWS_H

#include "daemon/store/db.h"

enum news_kind { NEWS_COMMENT, NEWS_ASSIGN, NEWS_FREE };

struct news {
	int64_t id;
	int64_t team_id;
	int64_t person_id;  /* who is told */
	int64_t item_id;
	int64_t by_id;      /* who did it */
	int64_t message_id; /* by which mail: an undo forgets what was not told yet */
	enum news_kind kind;
	const char *text;   /* the comment; the item that was closed; NULL without */
	int64_t at;
};

TD_CHECK enum td_status news_add(struct db *db, const struct news *news, struct err *err);
/* What waits for a person in a team, by item, oldest first. */
TD_CHECK enum td_status news_list(struct db *db, struct arena *arena, int64_t team_id,
    int64_t person_id, struct news **news_r, size_t *n_r, struct err *err);
/* All of a person in a team: it was told. */
TD_CHECK enum td_status news_told(struct db *db, int64_t team_id, int64_t person_id,
    struct err *err);
/* All that a mail brought and that was not told yet. */
TD_CHECK enum td_status news_forget(struct db *db, int64_t message_id, struct err *err);

#endif
