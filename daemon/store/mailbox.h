/* SPDX-License-Identifier: ISC */
/*
 * store/mailbox: how far each mailbox is read. A row of `seen` goes inflight → applied → acked;
 * the watermark moves over what is done, and rows at or below it go away once acknowledged.
 *
 * Order: mailbox_open (a new UIDVALIDITY begins a new epoch) → mailbox_begin per mail →
 * mailbox_applied in the transaction of its effects → after the commit the server is told →
 * mailbox_acked. mailbox_scanned when a scan is through. UIDs are 1 to 2^32-1 (RFC 9051, 2.3.1).
 */
#ifndef TD_STORE_MAILBOX_H
#define TD_STORE_MAILBOX_H

#include "daemon/store/db.h"

struct mailbox {
	int64_t id;
	const char *name;     /* in the configuration */
	uint32_t uidvalidity; /* 0: never opened */
	uint32_t watermark;   /* every UID up to here is done */
	bool rescan;          /* a new epoch is being read again: nothing is flagged or moved */
	int64_t last_ok_at;
	const char *last_error;
	int64_t last_error_at;
	int64_t failures;     /* in a row */
};

struct mailbox_uid {
	uint32_t uid;
	int64_t attempts;   /* times it was begun */
	int64_t message_id; /* 0 without */
};

/* The row of a configured mailbox; made when there is none. */
TD_CHECK enum td_status mailbox_get(struct db *db, struct arena *arena, const char *name,
    struct mailbox **mailbox_r, struct err *err);
TD_CHECK enum td_status mailbox_list(struct db *db, struct arena *arena,
    struct mailbox **mailboxes_r, size_t *n_r, struct err *err);

/* The server's UIDVALIDITY was seen: when it differs from the row's, a new epoch begins at 0 and
 * the rows of the old one go; *mailbox is brought up to date. */
TD_CHECK enum td_status mailbox_open(struct db *db, struct mailbox *mailbox, uint32_t uidvalidity,
    struct err *err);

/* A mail is begun: its row becomes inflight, *attempts_r is how often it was begun, this one
 * included. *known_r true and nothing changed when it is applied or acked already. */
TD_CHECK enum td_status mailbox_begin(struct db *db, int64_t mailbox_id, uint32_t uidvalidity,
    uint32_t uid, int64_t *attempts_r, bool *known_r, struct err *err);
/* It was begun, and left in order before anything came of it: this time does not count. */
TD_CHECK enum td_status mailbox_unbegin(struct db *db, int64_t mailbox_id, uint32_t uidvalidity,
    uint32_t uid, struct err *err);
/* Its effects are in this transaction (message_id 0 where there is no row). */
TD_CHECK enum td_status mailbox_applied(struct db *db, int64_t mailbox_id, uint32_t uidvalidity,
    uint32_t uid, int64_t message_id, struct err *err);
/* The same, of a mail that no server is told of: it is acked with that. */
TD_CHECK enum td_status mailbox_done(struct db *db, int64_t mailbox_id, uint32_t uidvalidity,
    uint32_t uid, int64_t message_id, struct err *err);
/* The server has what it was told. */
TD_CHECK enum td_status mailbox_acked(struct db *db, int64_t mailbox_id, uint32_t uidvalidity,
    uint32_t uid, struct err *err);

/* A scan up to `highest` is through and each mail of it has its row: the watermark goes to
 * highest, but stays below the lowest UID in flight; never back. Ends the rescan. */
TD_CHECK enum td_status mailbox_scanned(struct db *db, int64_t mailbox_id, uint32_t uidvalidity,
    uint32_t highest, struct err *err);

/* UIDs above the watermark that are applied or acked: not to be fetched again. */
TD_CHECK enum td_status mailbox_known(struct db *db, struct arena *arena,
    const struct mailbox *mailbox, uint32_t **uids_r, size_t *n_r, struct err *err);
/* Applied and not acknowledged: what is repeated at start. */
TD_CHECK enum td_status mailbox_unacked(struct db *db, struct arena *arena,
    const struct mailbox *mailbox, struct mailbox_uid **uids_r, size_t *n_r, struct err *err);
/* In flight when the process died: taken one by one. */
TD_CHECK enum td_status mailbox_inflight(struct db *db, struct arena *arena,
    const struct mailbox *mailbox, struct mailbox_uid **uids_r, size_t *n_r, struct err *err);

TD_CHECK enum td_status mailbox_ok(struct db *db, int64_t mailbox_id, int64_t now,
    struct err *err);
TD_CHECK enum td_status mailbox_failed(struct db *db, int64_t mailbox_id, const char *text,
    int64_t now, struct err *err);

#endif
