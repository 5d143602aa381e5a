/* SPDX-License-Identifier: ISC */
/*
 * fetch/worker: the process that reads mailboxes, and what the parent tells it. The parent sends
 * one FRAME_CONF (below) as the first frame; the worker answers FRAME_READY and begins. A changed
 * configuration means a new worker: the parent stops the old one (FRAME_STOP) and starts another.
 *
 * A few threads serve the mailboxes that are ready; the first thread alone speaks to the parent.
 * Each scan of a mailbox is: FRAME_OPENED, the parent's FRAME_CURSOR, FRAME_MAILs, FRAME_SCANNED.
 * Mails that are out and not yet answered by FRAME_ACK are counted, and no more are fetched past
 * the window, so a slow parent slows the fetching and fills no memory.
 *
 * A mailbox with an account waits for FRAME_TOKEN. A token that its server refuses is told to the
 * parent (FRAME_TOKEN_REFUSED), and the mailbox waits for the next one.
 */
#ifndef TD_FETCH_WORKER_H
#define TD_FETCH_WORKER_H

#include <stddef.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"
#include "daemon/conf/conf.h"
#include "daemon/fetch/token.h"
#include "daemon/ipc/chan.h"

struct fetch_mailbox {
	struct conf_mailbox conf; /* of conf.server, secret and line are not carried */
	const char *password;     /* what conf_secret_read gave; NULL without a login, or by
	                             token */
	const char *account;      /* conf_oauth_key of the server; NULL: not by OAuth2 */
	struct token *token;      /* of the account; not carried, the worker makes it; else NULL */
};

struct fetch_conf {
	struct fetch_mailbox *mailboxes;
	size_t n_mailboxes;
	uint64_t mail_bytes; /* larger mails come with their headers only */
};

#define FETCH_MAILBOXES_MAX 10000u

/* Writes the payload of the worker's FRAME_CONF. The caller owns out (with a max of FRAME_MAX);
 * it holds secrets: wipe it after sending. */
void fetch_conf_encode(struct buf *out, const struct fetch_conf *conf);

/* Reads it back. Strings are copies in the arena. TD_PERM: not what fetch_conf_encode writes. */
TD_CHECK enum td_status fetch_conf_decode(struct arena *arena, struct span payload,
    struct fetch_conf *conf_r, struct err *err);

/*
 * Runs the worker until FRAME_STOP or the parent is gone; owns none of chan. Gives the exit
 * status of the process: 0 after FRAME_STOP or end of file, 1 on a broken channel.
 */
int fetch_worker(struct chan *chan);

#endif
