/* SPDX-License-Identifier: ISC */
/*
 * intake: from a validated reading to its effects. intake_apply runs inside the caller's
 * transaction and savepoint: it decides who the mail is from and what they may (admit), applies
 * it to the model (apply), and queues what must be said about it (answer) in the outbox. It does
 * no I/O but the store's, so a mail has all of its effects or none.
 *
 * The caller (daemon/pipeline) keeps mailbox, seen and quarantine rows; intake tells it what
 * became of the mail.
 */
#ifndef TD_INTAKE_H
#define TD_INTAKE_H

#include "parsers/reading.h"
#include "daemon/conf/conf.h"
#include "daemon/store/db.h"

enum intake_outcome {
	INTAKE_APPLIED,     /* had its effect; bad lines may have been answered */
	INTAKE_DUPLICATE,   /* same key as one before, which did as much: nothing done */
	INTAKE_HELD,        /* known sender, not authenticated: waits for a "yes" */
	INTAKE_QUARANTINED, /* unknown or malformed sender: kept silently */
	INTAKE_IGNORED,     /* automatic, list, bounce, loop: noted, never answered */
};

struct intake_mail {
	const char *mailbox; /* name, for the log; NULL where it came another way */
	int64_t now;         /* arrival */
	struct span raw;     /* the mail itself, kept where the outcome is INTAKE_QUARANTINED;
	                        {NULL}: whoever calls keeps it then */
	uint64_t too_large;  /* not 0: larger than limits.mail_bytes, namely so many bytes; reading
	                        and raw are of its headers. It has no effect, and a sender who is
	                        known is told; the outcome is INTAKE_QUARANTINED */
};

struct intake_result {
	enum intake_outcome outcome;
	const char *why;       /* one line for the log and `tidings status`; static or arena */
	int64_t message_id;    /* row in message; of the first one for a duplicate */
};

/* TD_TEMP: the store cannot now (busy, full): roll back and try again later. TD_PERM: this mail
 * cannot be applied: roll its savepoint back and quarantine it with err's text. */
TD_CHECK enum td_status intake_apply(struct db *db, const struct conf *conf,
    const struct intake_mail *mail, const struct reading *reading, struct arena *arena,
    struct intake_result *result_r, struct err *err);

/* Releases a held mail (the sender said yes) or a quarantined one (the operator said so): applies
 * its stored reading with `level` as if it had come so. */
TD_CHECK enum td_status intake_release(struct db *db, const struct conf *conf, int64_t message_id,
    int level, int64_t now, struct arena *arena, struct intake_result *result_r, struct err *err);

#endif
