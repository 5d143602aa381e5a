/* SPDX-License-Identifier: ISC */
/*
 * smtp: one submission server and the connection to it, which stays warm between mails
 * (libcurl). STARTTLS and implicit TLS are verified by CA and name, or by a pinned certificate;
 * without TLS only as the configuration allows. Logs in by PLAIN or LOGIN, or with an access token
 * by OAUTHBEARER or XOAUTH2.
 *
 * What curl's result does not tell (had DATA begun, was the final dot out, which recipient was
 * refused) is followed command by command and reply by reply (send/track.h). A warm connection
 * that turns out to be dead is opened anew once, and only if DATA had not begun.
 */
#ifndef TD_SEND_SMTP_H
#define TD_SEND_SMTP_H

#include <stdbool.h>

#include "parsers/base/err.h"
#include "parsers/base/span.h"
#include "daemon/ipc/frame.h"
#include "daemon/send/worker.h"

#define SMTP_RCPTS_MAX 100u

struct smtp;

/* conf and all it points to stay with the caller and must outlive the session. */
struct smtp *smtp_create(const struct send_conf *conf);
void smtp_destroy(struct smtp **smtp); /* says QUIT where a connection is open */

/* The access token to log in with from now on, for a conf with an account; copied. */
void smtp_set_token(struct smtp *smtp, const char *access);
/* After a failure: was it the token that the server did not take? */
bool smtp_token_refused(const struct smtp *smtp);

struct smtp_mail {
	const char *sender;       /* "" for <> */
	const char *const *rcpts;
	size_t n_rcpts;           /* 1 to SMTP_RCPTS_MAX */
	struct span bytes;        /* CRLF line ends only */

	/* Called after the reply to DATA and before the first byte; false: do not send. NULL:
	 * go on. */
	bool (*may_begin)(void *user);
	/* Called about once a second; true: stop, unless bytes are on their way. NULL: never. */
	bool (*wants_stop)(void *user);
	void *user;
};

struct smtp_result {
	enum send_result result;
	bool of_server; /* it did not come to the mail: any other would have met the same */
	struct err reply; /* the server's last reply, or what went wrong: one line for people */
};

/*
 * Hands the mail over. results_r has n_rcpts elements, all of them set:
 * SEND_SENT the server took it for this recipient; SEND_PERM it refused for good; SEND_UNKNOWN
 * the connection was lost after the final dot and before its reply; SEND_TEMP anything else, and
 * the mail has certainly not gone. Addresses with control characters, spaces or angle brackets,
 * and mails with a bare CR or LF are SEND_PERM without a word to the server.
 */
void smtp_send(struct smtp *smtp, const struct smtp_mail *mail, struct smtp_result *results_r);

/* Connects, encrypts, logs in and says NOOP: for `tidings check`. */
TD_CHECK enum td_status smtp_probe(struct smtp *smtp, struct err *err);

#endif
