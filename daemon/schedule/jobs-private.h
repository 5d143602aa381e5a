/* SPDX-License-Identifier: ISC */
/* jobs-private: what the files of jobs share. */
#ifndef TD_JOBS_PRIVATE_H
#define TD_JOBS_PRIVATE_H

#include "daemon/compose/compose.h"
#include "daemon/model/person.h"
#include "daemon/model/token.h"
#include "daemon/schedule/due.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/message.h"

struct job_context {
	struct db *db;
	const struct conf *conf;
	int64_t now;
	struct arena *arena; /* cleared before each job */
	struct err *err;
};

/* A person as due.h wants to see them: zone, hours and absences from now on. */
struct job_person {
	struct due_person due;
	struct hours hours;
};
TD_CHECK enum td_status job_person_load(const struct job_context *c, const struct person *person,
    struct job_person *person_r);

/* When the person may be reached: now for a mail that is due by their own setting. */
int64_t job_contact(const struct job_context *c, const struct job_person *person);

/* May mail be sent to this person at all? Not where the address bounced for good. */
bool job_reachable(const struct person *person);

/* Before it is composed: gives the mail to common->to its reply token (model/token.h); the item
 * counts where it is not 0. */
TD_CHECK enum td_status job_reply_token(const struct job_context *c, int64_t team_id,
    enum token_about about, int64_t item_id, struct compose_common *common);

/* The same for a mail about no item that asks for what counts in a reply alone. */
TD_CHECK enum td_status job_reply_token_needed(const struct job_context *c, int64_t team_id,
    enum token_about about, struct compose_common *common);

/* Puts a mail into the outbox, and its Message-ID into the threads. */
TD_CHECK enum td_status job_queue(const struct job_context *c, const char *kind, const char *key,
    int64_t team_id, int64_t person_id, const struct composed *mail, int64_t not_before);

/* The same for a mail about an item (0: about none): a reply to it is a comment. */
TD_CHECK enum td_status job_queue_about(const struct job_context *c, const char *kind,
    const char *key, int64_t team_id, int64_t person_id, int64_t item_id,
    const struct composed *mail, int64_t not_before);

/* An item as mails show it; *found_r false when it is gone. */
TD_CHECK enum td_status job_item_load(const struct job_context *c, int64_t id,
    struct compose_item *about, bool *found_r);
/* The number behind "KIND:" in the job's key; 0 without. */
int64_t job_number(const struct job *job);

/* The row of that kind, team (0: none) and person; NULL: there is none. */
const struct job *job_find(const struct job *jobs, size_t n, const char *kind, int64_t team_id,
    int64_t person_id);
/* A row that a clock which ran ahead has marked as done for days to come is none: it goes, and
 * *old becomes NULL. */
TD_CHECK enum td_status job_from_ahead(const struct job_context *c, const struct job **old);
/* Makes, moves or (due NULL) removes a row that follows somebody's setting; old: as it is in the
 * store, NULL without. `row` has all but the time. */
TD_CHECK enum td_status job_keep(const struct job_context *c, const struct job *row,
    const struct job *old, const struct due *due);

/* jobs-handover.c */
TD_CHECK enum td_status job_handover_run(const struct job_context *c, const struct job *job);

/* jobs-page.c */
TD_CHECK enum td_status job_page_run(const struct job_context *c, const struct job *job);

/* jobs-remind.c */
TD_CHECK enum td_status job_remind_run(const struct job_context *c, const struct job *job);

/* jobs-time.c */
TD_CHECK enum td_status job_timer_run(const struct job_context *c, const struct job *job);
TD_CHECK enum td_status job_week_run(const struct job_context *c, const struct job *job);
TD_CHECK enum td_status job_sheets_run(const struct job_context *c, const struct job *job);
TD_CHECK enum td_status job_sheet_run(const struct job_context *c, const struct job *job);

/* jobs-role.c */
TD_CHECK enum td_status job_role_run(const struct job_context *c, const struct job *job);

/* jobs-welcome.c */
TD_CHECK enum td_status job_welcome_run(const struct job_context *c, const struct job *job);

/* jobs-digest.c */
TD_CHECK enum td_status job_digest_sync(const struct job_context *c);
TD_CHECK enum td_status job_digest_run(const struct job_context *c, const struct job *job);

/* jobs-prompt.c */
TD_CHECK enum td_status job_prompt_sync(const struct job_context *c);
TD_CHECK enum td_status job_prompt_run(const struct job_context *c, const struct job *job);

/* jobs-quarantine.c */
TD_CHECK enum td_status job_quarantine_run(const struct job_context *c, const struct job *job);

/* jobs-leftout.c */
#define JOB_LEFT_OUT_MAX 400
struct job_series {
	const struct zone *zone;
	const struct hours *hours; /* uniform */
	int64_t first_day;
};
struct job_days {
	int64_t *days;
	size_t n;
	const char *text; /* "2026-12-24 2026-12-25" */
};
/* The days of the series that leave the person out. */
TD_CHECK enum td_status job_left_out(const struct job_context *c, const struct person *person,
    const struct job_series *series, struct job_days *days_r);
/* Do the two texts differ in days after today? */
bool job_left_out_differs(const char *a, const char *b, int64_t today);

/* jobs-invite.c */
TD_CHECK enum td_status job_invite_sync(const struct job_context *c);

#endif
