/* SPDX-License-Identifier: ISC */
/*
 * control/server: the daemon's end of the control socket (daemon/control/client.h says what is
 * asked and answered). Only the daemon's own account and root may open it. A question is at most
 * CONTROL_QUESTION_MAX bytes, a client has five seconds, and 32 are served at a time.
 */
#ifndef TD_CONTROL_SERVER_H
#define TD_CONTROL_SERVER_H

#include "parsers/base/err.h"
#include "daemon/ipc/loop.h"
#include "daemon/pipeline/pipeline.h"

struct control;

/* stop is called when a client asks for it. The folder must exist. */
TD_CHECK enum td_status control_open(struct loop *loop, struct pipeline *pipeline,
    const char *run_dir, void (*stop)(void *user), void *user, struct control **control_r,
    struct err *err);
void control_close(struct control **control); /* removes the socket */

#endif
