/* SPDX-License-Identifier: ISC */
/* store/quarantine: mail that is kept aside, with its bytes or its place on the server. */
#ifndef TD_STORE_QUARANTINE_H
#define TD_STORE_QUARANTINE_H

#include "daemon/store/db.h"

struct quarantine {
	int64_t id;
	int64_t mailbox_id;  /* 0: came another way, or not known yet */
	uint32_t uidvalidity;
	uint32_t uid;
	int64_t message_id;  /* 0: it was never read */
	const char *why;
	const char *from_address;
	const char *subject;
	int64_t size;
	struct span raw;     /* ptr NULL: the bytes stay on the server only */
	const char *state;   /* "kept", "released", "dropped" */
	int64_t created_at;
};

/* Adds a row. For a message that is kept already it completes that row with what is new here
 * (mailbox, uid, raw): intake and its caller both know a part. Sets id. */
TD_CHECK enum td_status quarantine_add(struct db *db, struct quarantine *row, int64_t now,
    struct err *err);
/* Newest first, without raw; state NULL for all. */
TD_CHECK enum td_status quarantine_list(struct db *db, struct arena *arena, const char *state,
    int64_t limit, struct quarantine **rows_r, size_t *n_r, struct err *err);
TD_CHECK enum td_status quarantine_by_id(struct db *db, struct arena *arena, int64_t id,
    struct quarantine **row_r, struct err *err); /* with raw; NULL when there is none */
/* From kept only; TD_PERM when it is not. Dropping forgets the bytes. */
TD_CHECK enum td_status quarantine_set_state(struct db *db, int64_t id, const char *state,
    struct err *err);
/* A better copy of the mail came: what is kept of it, if anything is, waits no more. */
TD_CHECK enum td_status quarantine_settle(struct db *db, int64_t message_id, struct err *err);
/* Kept since then: for the daily summary and status. */
TD_CHECK enum td_status quarantine_count(struct db *db, int64_t since, int64_t *n_r,
    struct err *err);

#endif
