/* SPDX-License-Identifier: ISC */
/*
 * store/role_news: that a person has another role in a team waits to be told to them: the job
 * "role:TEAM:PERSON:BEFORE", with the role that they were last told.
 */
#ifndef TD_STORE_ROLE_NEWS_H
#define TD_STORE_ROLE_NEWS_H

#include "daemon/model/team.h"
#include "daemon/store/db.h"
#include "daemon/store/job.h"

/* The role was `before` until now. Several changes are told as one; where the welcome waits, it
 * tells the role. */
TD_CHECK enum td_status role_news_add(struct db *db, struct arena *arena, int64_t team_id,
    int64_t person_id, enum role before, int64_t now, struct err *err);
/* The role that the job's key names; ROLE_NONE where it names none. */
enum role role_news_before(const struct job *job);

#endif
