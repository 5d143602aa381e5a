/* SPDX-License-Identifier: ISC */
/*
 * store/news: what waits to be told to a person about an item: a comment, an item that became
 * theirs, an item that nothing holds up any more, a decision. A row waits until a mail tells it,
 * in the person's contact hours, so that several become one mail; it stays, with that mail's row
 * of the outbox, for as long as an undo could still call the mail back.
 */
#ifndef TD_STORE_NEWS_H
#define TD_STORE_NEWS_H

#include "daemon/store/db.h"

enum news_kind {
	NEWS_COMMENT, NEWS_ASSIGN, NEWS_FREE,
	NEWS_DECIDE,  /* an answer to a decision is asked for */
	NEWS_OBJECT,  /* somebody objects to it */
	NEWS_STUCK,   /* its date came, and an objection stands */
	NEWS_DECIDED,
	NEWS_ACCEPT,  /* what was handed over is accepted */
	NEWS_DECLINE, /* or not; text: why */
	NEWS_MOVED,   /* it was theirs, and is not any more; text: whose it is, NULL: who did it */
	NEWS_DROPPED, /* a decision that nobody is asked any more; text: why */
	NEWS_REOPENED,
	NEWS_DATED,   /* the date of a decision was moved */
	NEWS_SOON,    /* its date comes, and their answer is missing */
	NEWS_SPOKEN,  /* somebody answered it for them, by calendar; it waits for no hours */
};

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
	int64_t outbox_id;  /* of the mail that tells it; 0: still to be told */
};

TD_CHECK enum td_status news_add(struct db *db, const struct news *news, struct err *err);
/* What waits for a person in a team and stands in no mail yet, by item, oldest first. */
TD_CHECK enum td_status news_list(struct db *db, struct arena *arena, int64_t team_id,
    int64_t person_id, struct news **news_r, size_t *n_r, struct err *err);
/* What waits for a person about an item stands in that mail now. */
TD_CHECK enum td_status news_told(struct db *db, int64_t team_id, int64_t person_id,
    int64_t item_id, int64_t outbox_id, struct err *err);
/* Of a person in a team: what stands in no mail and never will, and what cannot be called back. */
TD_CHECK enum td_status news_clear(struct db *db, int64_t team_id, int64_t person_id,
    struct err *err);
/*
 * All that a mail brought, for its undo. Mails that tell of it and are still queued are called
 * back; what else stood in them waits again. *rows_r: a row for each person and item of which the
 * person has heard nothing.
 */
TD_CHECK enum td_status news_forget(struct db *db, struct arena *arena, int64_t message_id,
    struct news **rows_r, size_t *n_r, struct err *err);

#endif
