/* SPDX-License-Identifier: ISC */
/*
 * parse_worker: the process that reads mails. It is told its limits once (FRAME_CONF, below), who
 * lives in which zone (FRAME_CONTEXT, again whenever that changes), and then gets one mail after
 * the other (FRAME_PARSE) and answers each in order with a reading or a refusal. It keeps nothing
 * between mails, and gives memory back that a large one took.
 */
#ifndef TD_PARSE_WORKER_H
#define TD_PARSE_WORKER_H

#include "parsers/base/buf.h"
#include "daemon/conf/conf.h"
#include "daemon/ipc/chan.h"

/* Writes the payload of the worker's FRAME_CONF. */
void parse_conf_encode(struct buf *out, const struct conf_limits *limits);

/* Runs until FRAME_STOP or the parent is gone. Gives the exit status of the process. */
int parse_worker(struct chan *chan);

#endif
