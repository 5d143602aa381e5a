/* SPDX-License-Identifier: ISC */
/*
 * control/client: one question to the daemon that runs, by its socket RUN_DIR/control (a stream
 * socket that only the daemon's account and root may open).
 *
 * A question is one line of words, an answer one line of JSON; then the daemon closes:
 *
 *	wake                      the store was changed: look at people, jobs and outbox
 *	poll [MAILBOX]            look for new mail now
 *	status                    what runs; see pipeline_status
 *	clock SECONDS [frozen]    moves the test clock
 *	clock                     tells it: {"ok": true, "now": SECONDS, "test": BOOL,
 *	                          "frozen": BOOL}
 *	stop                      ends the daemon in order
 *
 *	{"ok": true, ...}         done
 *	{"ok": false, "error": "one line for people"}
 */
#ifndef TD_CONTROL_CLIENT_H
#define TD_CONTROL_CLIENT_H

#include <stdbool.h>

#include <jansson.h>

#include "parsers/base/err.h"

#define CONTROL_SOCKET "control"            /* in run_dir */
#define CONTROL_QUESTION_MAX 1024u          /* bytes of a line, its LF included */
#define CONTROL_ANSWER_MAX (4u * 1024 * 1024)
#define CONTROL_SECONDS 10                  /* for a whole exchange */

/* True if a daemon listens there. */
bool control_is_up(const char *run_dir);

/*
 * Asks and waits for the answer. *answer_r (may be NULL) belongs to the caller (json_decref).
 * TD_TEMP: no daemon runs there; TD_PERM: it did not answer, or answered that it cannot: err has
 * its words.
 */
TD_CHECK enum td_status control_ask(const char *run_dir, const char *question, json_t **answer_r,
    struct err *err);

#endif
