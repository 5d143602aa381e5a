/* SPDX-License-Identifier: ISC */
/* explain: one line for people about what went wrong with a submission server: what, why, what
 * to do. Pure; never a secret. */
#ifndef TD_SEND_EXPLAIN_H
#define TD_SEND_EXPLAIN_H

#include "parsers/base/err.h"
#include "daemon/conf/conf.h"
#include "daemon/send/track.h"

/* The server refused something: its reply, and what it probably means. rcpt may be NULL. */
void explain_reply(const struct conf_server *server, enum track_phase phase, const char *rcpt,
    const struct track_reply *reply, struct err *err);

/* The connection failed: curl_code as curl gave it, its own words in detail (may be ""). */
void explain_connection(const struct conf_server *server, enum track_phase phase, int curl_code,
    const char *detail, struct err *err);

#endif
