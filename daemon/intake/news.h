/* SPDX-License-Identifier: ISC */
/*
 * news: who is told what about an item, and the mail that tells it. intake writes rows while a
 * mail is applied; the job "news:TEAM:PERSON" makes one mail an item of them, in the person's
 * contact hours. Nobody is told what they did themselves.
 */
#ifndef TD_NEWS_H
#define TD_NEWS_H

#include "daemon/conf/conf.h"
#include "daemon/intake/apply.h"
#include "daemon/store/job.h"
#include "daemon/store/news.h"

/* Who tells, about what: by a mail, or (message_id 0) by a job. */
struct news_teller {
	struct db *db;
	struct arena *arena;
	const struct member *members; /* of the team: nobody else is told */
	size_t n_members;
	int64_t team_id;
	int64_t by_id;
	int64_t message_id;
	int64_t now;
	bool self_too; /* the one who did it is told as well */
};
struct news_teller news_teller_of(const struct apply *ap);

/* To one person, if they are a member and did not do it themselves. */
TD_CHECK enum td_status news_tell_one(const struct news_teller *teller, int64_t person_id,
    int64_t item_id, enum news_kind kind, const char *text, struct err *err);
/* To the owners and watchers of an item; to all members and leads. text NULL without. */
TD_CHECK enum td_status news_tell_item(const struct news_teller *teller, const struct item *item,
    enum news_kind kind, const char *text, struct err *err);
TD_CHECK enum td_status news_tell_team(const struct news_teller *teller, const struct item *item,
    enum news_kind kind, const char *text, struct err *err);

/* To the owners of what the closed item held up, where nothing else does. */
TD_CHECK enum td_status news_tell_free(const struct news_teller *teller,
    const struct item *closed, struct err *err);

/* What an item's change means for others: new owners, those before, owners of what it held up,
 * and the team where it is a decision. Call it when all items of the mail are saved. */
TD_CHECK enum td_status news_change(struct apply *ap, const struct apply_item *item,
    struct err *err);

/* For undo: what that mail brought is told no more; mail that tells it and still waits is made
 * anew without it. *unheard_r: who heard nothing of it. */
struct news_unheard {
	struct news *rows;
	size_t n;
};
TD_CHECK enum td_status news_take_back(struct apply *ap, int64_t message_id,
    struct news_unheard *unheard_r, struct err *err);
/* The item is again as it was before that mail: whoever heard of the change hears of this. */
TD_CHECK enum td_status news_undone(struct apply *ap, const struct apply_item *item,
    const struct news_unheard *unheard, struct err *err);

/* The job (a jobs_handler of schedule/jobs.h, kind "news"). */
TD_CHECK enum td_status news_job(struct db *db, const struct conf *conf, const struct job *job,
    int64_t now, struct arena *arena, int64_t *next_due_r, struct err *err);

#endif
