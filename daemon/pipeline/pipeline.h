/* SPDX-License-Identifier: ISC */
/*
 * pipeline: the one place that knows the whole chain: mailbox, fetch, parse, intake, commit,
 * acknowledgement; jobs that are due; outbox, send. It runs in the store process on its loop, and
 * is the only owner of the database there.
 *
 *	pipeline_create → pipeline_start → the loop runs → pipeline_stop → pipeline_destroy
 *
 * A mail is acknowledged to its server only after the commit of its effects, and a mail goes out
 * past its final dot only after the commit of `sending`. Whatever process dies, this one included,
 * nothing is lost and nothing has its effect twice.
 */
#ifndef TD_PIPELINE_H
#define TD_PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/err.h"
#include "daemon/conf/conf.h"
#include "daemon/ipc/loop.h"
#include "daemon/store/db.h"

struct pipeline;

/* db and conf stay with the caller and outlive it. */
struct pipeline *pipeline_create(struct loop *loop, struct db *db, const struct conf *conf);
void pipeline_destroy(struct pipeline **pipeline); /* kills workers that still run */

/* Brings the store in order after an unclean stop and starts the workers. */
TD_CHECK enum td_status pipeline_start(struct pipeline *pipeline, struct err *err);

/* Commits what is done, gives claims back, ends the workers (within 5 s) and calls stopped. */
void pipeline_stop(struct pipeline *pipeline, void (*stopped)(void *user), void *user);

/* For `once`: calls done when every mailbox has been looked at, every mail is applied and
 * acknowledged, and nothing that is due waits to be sent. good: nothing was in trouble. */
void pipeline_run_once(struct pipeline *pipeline, void (*done)(void *user, bool good),
    void *user);

/* Another configuration (the old one may be freed after this): workers start again with it. */
void pipeline_reload(struct pipeline *pipeline, const struct conf *conf);

/* Somebody else changed the store: people, jobs and outbox are looked at anew. */
void pipeline_wake(struct pipeline *pipeline);
/* Looks for new mail now; name NULL: in every mailbox. False when there is no such mailbox. */
bool pipeline_poll(struct pipeline *pipeline, const char *name);
/* Moves the test clock, here and in all workers. */
void pipeline_set_clock(struct pipeline *pipeline, int64_t now, bool frozen);

/* ---- what `tidings status` shows ------------------------------------------------------------ */

struct pipeline_worker {
	const char *role;
	unsigned number;
	int pid; /* 0: is being started again */
	bool ready;
	unsigned deaths;
	uint64_t pss; /* bytes, proportional; 0 unknown */
};

struct pipeline_mailbox {
	const char *name;
	uint32_t uidvalidity;
	bool scanned;        /* looked through since the start */
	const char *waits;   /* "idle": is told of new mail, "poll"; NULL: not known yet */
	const char *trouble; /* NULL: none */
	int64_t next_try;    /* in trouble: seconds until it is tried again; -1 not known */
	uint64_t in_hand;    /* mails fetched and not yet committed */
};

struct pipeline_account { /* that logs in by OAuth2 */
	const char *name, *login;
	int64_t expires_at;  /* of the access token; 0: there is none */
	const char *trouble; /* NULL: none */
};

struct pipeline_status {
	struct pipeline_worker *workers;
	size_t n_workers;
	struct pipeline_mailbox *mailboxes;
	size_t n_mailboxes;
	struct pipeline_account *accounts;
	size_t n_accounts;
	uint64_t mails_applied, mails_quarantined, commits; /* since the start */
	uint64_t sending;   /* mails with the sender now */
	const char *out_trouble; /* why no mail can go out now, NULL when one could */
	const char *slow;   /* what keeps a parser busy for long, NULL when none is */
	const char *paused; /* why nothing is taken in now, NULL when all is well */
	int64_t next_job;   /* UTC; 0: none */
	uint64_t pss;       /* of this process */
};

void pipeline_status(struct pipeline *pipeline, struct arena *arena,
    struct pipeline_status *status_r);

#endif
