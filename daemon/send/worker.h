/* SPDX-License-Identifier: ISC */
/*
 * send/worker: the process that hands mail to the submission server, and what the parent tells
 * it. The first frame is FRAME_CONF (below), answered by FRAME_READY; a changed configuration
 * means a new worker. Each FRAME_SEND is queued and taken in turn over one warm connection.
 *
 * For each: FRAME_DOT once the server has taken sender and recipient and answered DATA; the
 * parent commits `sending` and says FRAME_GO (within SEND_GO_WAIT seconds, or nothing is sent);
 * then exactly one FRAME_SENT. A FRAME_SENT without FRAME_DOT means that no byte of the mail has
 * left. With an account, FRAME_TOKEN brings what to log in with; a token that the server refuses is
 * told by FRAME_TOKEN_REFUSED, and until the next one nothing is tried. On FRAME_STOP the worker
 * ends; a mail that it had not begun, or ended before FRAME_DOT, is not answered: it was not tried,
 * and the parent takes it back.
 */
#ifndef TD_SEND_WORKER_H
#define TD_SEND_WORKER_H

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"
#include "daemon/conf/conf.h"
#include "daemon/ipc/chan.h"

#define SEND_GO_WAIT 60                        /* seconds */
#define SEND_MAIL_MAX (64u * 1024 * 1024)      /* bytes of one mail */
#define SEND_QUEUE_MAX 1000u                   /* FRAME_SENDs that wait; more break the channel */

struct send_conf {
	struct conf_transport transport; /* server.secret and line are not carried */
	const char *password;            /* what conf_secret_read gave; NULL without a login */
	const char *account;             /* conf_oauth_key of the server; NULL: not by OAuth2 */
};

/* Writes the payload of the worker's FRAME_CONF. The caller owns out; it holds the password: wipe
 * it after sending. */
void send_conf_encode(struct buf *out, const struct send_conf *conf);

/* Reads it back. Strings are copies in the arena. TD_PERM: not what send_conf_encode writes. */
TD_CHECK enum td_status send_conf_decode(struct arena *arena, struct span payload,
    struct send_conf *conf_r, struct err *err);

/*
 * Runs the worker until FRAME_STOP or the parent is gone; owns none of chan. Gives the exit
 * status of the process: 0 after FRAME_STOP or end of file, 1 on a broken channel.
 */
int send_worker(struct chan *chan);

#endif
