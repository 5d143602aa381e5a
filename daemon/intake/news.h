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

/* A comment: to owners and watchers of the item. */
TD_CHECK enum td_status news_comment(struct apply *ap, const struct item *item, const char *text,
    struct err *err);
/* What an item's change means for others: new owners, and owners of what it held up. Call it when
 * all items of the mail are saved. */
TD_CHECK enum td_status news_change(struct apply *ap, const struct apply_item *item,
    struct err *err);

/* For undo: what that mail brought is told no more; mail that tells it and still waits is made
 * anew without it. */
TD_CHECK enum td_status news_take_back(struct apply *ap, int64_t message_id, struct err *err);

/* The job (a jobs_handler of schedule/jobs.h, kind "news"). */
TD_CHECK enum td_status news_job(struct db *db, const struct conf *conf, const struct job *job,
    int64_t now, struct arena *arena, int64_t *next_due_r, struct err *err);

#endif
