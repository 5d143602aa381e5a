/* SPDX-License-Identifier: ISC */
/*
 * jobs: the work that is due at a time, kept as rows in the store so that nothing is forgotten
 * and nothing done twice:
 *
 *	digest:TEAM:PERSON    a person's digest of a team, by their setting, hours and absences
 *	prompt:PERSON         asks a person for the update of their day, at the end of it
 *	quarantine:TEAM       summary of what was kept aside, to the leads (intake adds the row)
 *	confirm:PERSON        question about held mail (intake adds the row and brings the handler)
 *	news:TEAM:PERSON      what is new about items (the same)
 *	handover:ID           asks the receiver, reminds, tells the giver (intake adds the row)
 *	page:ID               a call that goes on until somebody takes it (intake adds the row)
 *	remind:ID             what somebody asked to be reminded of (intake adds the row)
 *	welcome:TEAM:PERSON   tells who was invited what this is (the same)
 *	role:TEAM:PERSON:ROLE tells who has another role than that one (intake or tool adds it)
 *	timer: week: sheets: sheet:   what looks after logged time (jobs-time.c)
 *	decision:ITEM         a decision's date; decision-soon:ITEM reminds before it (the same)
 *	settings:PERSON       planned changes of zone and hours (the same)
 *
 * and the core-hours invites, which follow the state of teams and members rather than a time.
 * Each job runs in a transaction of its own: its mail is in the outbox under a dedupe key
 * ("digest:3:7:2026-11-24") and the row is moved on, or neither. Not called in a transaction.
 */
#ifndef TD_JOBS_H
#define TD_JOBS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/conf/conf.h"
#include "daemon/store/db.h"
#include "daemon/store/job.h"
#include "daemon/store/outbox.h"

/*
 * Makes, moves and removes the rows of digests and prompts as teams, people, settings, absences
 * and zones now are, and queues the invites that follow from core hours: one REQUEST a person, a
 * new SEQUENCE when hours or zone change, a CANCEL to who leaves. Cheap when nothing changed.
 */
TD_CHECK enum td_status jobs_sync(struct db *db, const struct conf *conf, int64_t now,
    struct err *err);

/*
 * Runs what is due at now; before that jobs_sync, at the first call and then when 15 seconds
 * have gone by. *next_due_r: when to call again (0: nothing waits). TD_TEMP: the store cannot
 * now; TD_PERM is a job's own failure: the others ran, and it is tried again in an hour.
 */
TD_CHECK enum td_status jobs_run(struct db *db, const struct conf *conf, int64_t now,
    int64_t *next_due_r, struct err *err);

/* When the next job is due; *found_r false when there is none. */
TD_CHECK enum td_status jobs_next_due(struct db *db, int64_t *at_r, bool *found_r,
    struct err *err);

/* The next jobs_run begins with a jobs_sync: people or teams were changed. */
void jobs_look_again(void);

/* Tells the leads of its team that a mail waits or has failed; the row says by now what the server
 * said. In the caller's transaction. See jobs-notice.c for the bounds. */
TD_CHECK enum td_status jobs_tell_leads(struct db *db, const struct conf *conf, int64_t outbox_id,
    enum outbox_notice notice, int64_t now, struct err *err);

/* Tells each lead of any team, once for each log-in (login_at), that an account's log-in by OAuth2
 * is
 * no longer good and its mailbox is not read. In the caller's transaction. */
TD_CHECK enum td_status jobs_tell_login_lost(struct db *db, const struct conf *conf,
    const char *account, const char *mailbox, const char *why, int64_t login_at, int64_t now,
    struct err *err);

/*
 * Work of a kind that another room knows how to do. In a transaction; *next_due_r 0: the row
 * goes. A kind without a handler waits, an hour at a time.
 */
typedef enum td_status (*jobs_handler)(struct db *db, const struct conf *conf,
    const struct job *job, int64_t now, struct arena *arena, int64_t *next_due_r,
    struct err *err);
void jobs_register(const char *kind, jobs_handler handler); /* at start; kind is not copied */

#endif
