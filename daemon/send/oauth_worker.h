/* SPDX-License-Identifier: ISC */
/*
 * send/oauth_worker: the process that asks authorization servers for access tokens, and what the
 * parent tells it. It is apart from the one that sends mail, so that a submission server that
 * hangs holds up no token. The first frame is FRAME_CONF (below), answered by FRAME_READY; then
 * each FRAME_REFRESH is answered, in turn, by exactly one FRAME_REFRESHED. One that is under way
 * is finished even when the process is told to stop: its answer may hold the only good token.
 */
#ifndef TD_SEND_OAUTH_WORKER_H
#define TD_SEND_OAUTH_WORKER_H

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"
#include "daemon/conf/conf.h"
#include "daemon/ipc/chan.h"

struct oauth_group {
	struct conf_oauth conf;
	const char *secret;  /* of the client; NULL: none */
	const char *trouble; /* why the secret cannot be had; NULL: all is well */
};

/* Writes the payload of FRAME_CONF. It holds secrets: wipe it after sending. */
void oauth_conf_encode(struct buf *out, const struct oauth_group *groups, size_t n);

/* Runs until FRAME_STOP or the parent is gone; gives the exit status of the process. */
int oauth_worker(struct chan *chan);

#endif
