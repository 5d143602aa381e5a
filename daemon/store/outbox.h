/* SPDX-License-Identifier: ISC */
/*
 * store/outbox: mail that goes out, with fixed bytes. One function per change of state:
 *
 *	           ┌── temp: waits (retry.h), five days at most, then failed
 *	queued ─ claim ─ sending ─┬─ sent
 *	           └──────────────┼─ perm: failed
 *	                          └─ unknown ─ once more, the same bytes ─ ... ─ unknown for good
 *
 * `sending` is committed before the final dot. outbox_recover at start gives claims back and
 * turns what was `sending` into unknown. Only a person brings a failed or twice unknown row back.
 */
#ifndef TD_STORE_OUTBOX_H
#define TD_STORE_OUTBOX_H

#include "daemon/model/send_result.h"
#include "daemon/store/db.h"

enum outbox_state { OUTBOX_QUEUED, OUTBOX_SENDING, OUTBOX_SENT, OUTBOX_FAILED, OUTBOX_UNKNOWN };

struct outbox {
	int64_t id;
	const char *dedupe_key; /* "digest:7:2026-11-22" */
	const char *kind;       /* "digest", "ack", "error", "invite", "confirm", ... */
	int64_t team_id;
	int64_t person_id;
	const char *sender;     /* MAIL FROM, "" for <> */
	const char *rcpt;
	const char *mid;        /* without < > */
	struct span bytes;      /* CRLF; empty in lists */
	enum outbox_state state;
	int64_t not_before;     /* contact hours */
	int64_t next_try_at;
	int64_t attempts;
	int64_t unknowns;
	const char *reply;
	int64_t created_at;
	int64_t sent_at;
};

const char *outbox_state_name(enum outbox_state state);

/* Queues a mail; *added_r (may be NULL) false when its dedupe_key was used before: then nothing
 * is done. Sets id of a new row. */
TD_CHECK enum td_status outbox_add(struct db *db, struct outbox *row, int64_t now, bool *added_r,
    struct err *err);

/* Due rows with their bytes, oldest first, marked as claimed. */
TD_CHECK enum td_status outbox_claim(struct db *db, struct arena *arena, int64_t now,
    int64_t limit, struct outbox **rows_r, size_t *n_r, struct err *err);
/* The bytes are about to go: commit after this, then let the sender go on. */
TD_CHECK enum td_status outbox_set_sending(struct db *db, int64_t id, int64_t now,
    struct err *err);

enum outbox_notice { OUTBOX_NOTICE_NONE, OUTBOX_NOTICE_DELAYED, OUTBOX_NOTICE_FAILED };
/* What came of it. notice_r: the operator is to be told that it waits for four hours (once) or
 * failed. jitter: any random number, spreads the retries. */
TD_CHECK enum td_status outbox_set_result(struct db *db, int64_t id, enum send_result result,
    const char *reply, int64_t now, uint32_t jitter, enum outbox_notice *notice_r,
    struct err *err);
/* The sender went away before the dot: the claim is given back, nothing counts. */
TD_CHECK enum td_status outbox_give_back(struct db *db, int64_t id, struct err *err);
/* At start, before anything is claimed. */
TD_CHECK enum td_status outbox_recover(struct db *db, int64_t now, struct err *err);
/* To whom a mail with that Message-ID went, if it may have arrived; NULL: we sent no such mail. */
TD_CHECK enum td_status outbox_sent_mid(struct db *db, struct arena *arena, const char *mid,
    const char **rcpt_r, struct err *err);
/* The dedupe_key of the mail with that Message-ID; NULL: we made no such mail. */
TD_CHECK enum td_status outbox_key_of_mid(struct db *db, struct arena *arena, const char *mid,
    const char **key_r, struct err *err);
/* To whom the last mail to that person went, of those that went since then. */
TD_CHECK enum td_status outbox_sent_to(struct db *db, struct arena *arena, int64_t person_id,
    int64_t since, const char **rcpt_r, struct err *err);
/* When the next row is due; *found_r false when none waits. */
TD_CHECK enum td_status outbox_next(struct db *db, int64_t *at_r, bool *found_r,
    struct err *err);

/* Newest first, without bytes; state NULL for all. */
TD_CHECK enum td_status outbox_list(struct db *db, struct arena *arena,
    const enum outbox_state *state, int64_t limit, struct outbox **rows_r, size_t *n_r,
    struct err *err);
TD_CHECK enum td_status outbox_by_id(struct db *db, struct arena *arena, int64_t id,
    struct outbox **row_r, struct err *err); /* with bytes; NULL when there is none */
/* By a person: at once, with all counts back to 0. TD_PERM when it was sent or is on its way. */
TD_CHECK enum td_status outbox_retry(struct db *db, int64_t id, int64_t now, struct err *err);
/* By a person: it will not be sent (failed, "dropped"). TD_PERM as above. */
TD_CHECK enum td_status outbox_drop(struct db *db, int64_t id, int64_t now, struct err *err);
/* What it tells was taken back: a mail that is queued, and not with the sender, goes without a
 * trace; *gone_r. The news that stood in it waits again. */
TD_CHECK enum td_status outbox_call_back(struct db *db, int64_t id, bool *gone_r,
    struct err *err);
TD_CHECK enum td_status outbox_call_back_key(struct db *db, const char *dedupe_key,
    struct err *err);
TD_CHECK enum td_status outbox_count(struct db *db, enum outbox_state state, int64_t *n_r,
    struct err *err);
/* Those that were unknown twice, and are not sent again unless a person says so. */
TD_CHECK enum td_status outbox_count_lost(struct db *db, int64_t *n_r, struct err *err);
/* Mails of these kinds ("ack", "error") queued for a person since then. */
TD_CHECK enum td_status outbox_count_for(struct db *db, int64_t person_id, const char *kind,
    int64_t since, int64_t *n_r, struct err *err);

/* Is there a mail to the person whose key begins so? What was called back is there no more. */
TD_CHECK enum td_status outbox_any(struct db *db, int64_t person_id, const char *key_begin,
    bool *any_r, struct err *err);

#endif
