/* SPDX-License-Identifier: ISC */
/*
 * frame: what the processes say to each other. A frame is a 16-byte head (length, type, id) and
 * a payload (parsers/base/wire.h), and may carry one file descriptor: a sealed memfd with a mail.
 *
 * Store is the parent and one end of every channel. Types are grouped by who they are between;
 * the payload is listed field by field as written by wire_put_*.
 */
#ifndef TD_FRAME_H
#define TD_FRAME_H

#include <stdint.h>

#include "daemon/model/send_result.h"

#define FRAME_MAX (4u * 1024 * 1024) /* largest payload; a larger one closes the channel */

enum frame_type {
	/* parent -> any worker */
	FRAME_CONF = 1,   /* the worker's part of the configuration; its first frame */
	FRAME_STOP,       /* finish what is begun and exit 0 */
	FRAME_CLOCK,      /* i64 now, u8 frozen: move the test clock */

	/* any worker -> parent */
	FRAME_READY,      /* after FRAME_CONF: able to work */

	/* fetch -> store. FRAME_CONF: see fetch/worker.h */
	FRAME_OPENED = 16, /* str mailbox, u32 uidvalidity, u32 exists */
	FRAME_MAIL,       /* str mailbox, u32 uidvalidity, u32 uid, i64 internaldate, u64 size,
	                     u8 headers_only (too large), str name of the file or NULL; + memfd with
	                     the mail, CRLF as sent */
	FRAME_SCANNED,    /* str mailbox, u32 uidvalidity, u32 highest uid that the scan saw (0:
	                     none), u32 count of mails that were sent, u8 something was left out
	                     (FRAME_TROUBLE said what): one scan is through; every mail up to
	                     that uid was sent, was known, or is gone from the server */
	FRAME_ACKED,      /* str mailbox, u32 uidvalidity, u32 n, n * u32 uid: the server has it */
	FRAME_TROUBLE,    /* str mailbox, u8 permanent, str text: could not; will retry with
	                     back-off, a permanent one every 15 minutes. Told once, and once an
	                     hour while it lasts; FRAME_OPENED says that it is over */
	FRAME_WAITS,      /* str mailbox, u8 told: with nothing to do it now waits to be told of new
	                     mail (1) or for its next poll (0); sent when that changes */
	FRAME_RETRY,      /* str mailbox, u32 seconds: it is in trouble, and tried again then */
	FRAME_GONE,       /* str mailbox, u32 n, n * u32 uid: files of a Maildir that are there no
	                     more */
	FRAME_TOKEN_REFUSED, /* str mailbox, u32 number, str why: a server did not take this access
	                     token; the mailbox waits for another. send -> store: mailbox NULL */

	/* store -> fetch */
	FRAME_CURSOR = 32, /* str mailbox, u32 uidvalidity, u32 watermark, u8 more, u32 n,
	                     n * (u32 first, u32 last uid) that are known above it: answer to
	                     FRAME_OPENED; more 1: not all yet, another one follows */
	FRAME_ACK,        /* str mailbox, u32 uidvalidity, u32 n, n * (u32 uid, u8 do_after): those
	                     are committed; do_after 1: flag or move as configured, 0: leave (only
	                     gives back credit). Each FRAME_MAIL is answered by exactly one. */
	FRAME_POLL,       /* str mailbox or NULL for all: look now */
	FRAME_NAMES,      /* str mailbox, u32 next free uid, u32 n, n * (u32 uid, str name): files
	                     of a
	                     Maildir that are known, ahead of its first FRAME_CURSOR;
	                     as many of these
	                     as it takes */
	FRAME_TOKEN,      /* str account, u32 number, str access token: log in with this one from
	                     now
	                     on. store -> send likewise */

	/* store -> parse */
	FRAME_CONTEXT = 48, /* str default zone, u32 day_seconds, u32 n, n * (str address, str
	                       zone):
	                     replaces the former one */
	FRAME_PARSE,      /* i64 now, u8 glance; + memfd. Answered in order by FRAME_READING or
	                     _REFUSED; glance 1: by a FRAME_GLANCE before that */

	/* parse -> store */
	FRAME_READING = 64, /* the packed reading, nothing else; id as asked */
	FRAME_REFUSED,    /* str why, str from, str subject: a limit refused the mail; id as
	                     asked */
	FRAME_GLANCE,     /* str from, str subject (NULL where there is none): what the mail says
	                     of itself, sent before the reading is tried; id as asked */

	/* store -> send. FRAME_CONF: see send/worker.h */
	FRAME_SEND = 80,  /* str sender, str rcpt; + memfd with the bytes; id = outbox id. Answered
	                     by FRAME_DOT (may be missing) and then exactly one FRAME_SENT */

	/* send -> store */
	FRAME_DOT = 96,   /* the server accepted sender and recipient (or all but): the bytes are
	                     about to go; the parent commits `sending` and answers FRAME_GO */
	FRAME_SENT,       /* u8 result (enum send_result), u8 whether any mail would have met it,
	                     str reply */

	/* store -> send */
	FRAME_GO = 112,   /* the commit is done: go on with DATA; id as in FRAME_DOT */

	/* store -> oauth. FRAME_CONF: see send/oauth_worker.h */
	FRAME_REFRESH = 128, /* str name of the oauth group, str refresh token; answered by exactly
	                        one
	                     FRAME_REFRESHED with the same id */

	/* oauth -> store */
	FRAME_REFRESHED = 144, /* u8 enum oauth_result, str access, str refresh or NULL, i64 seconds
	                     that it lasts, i64 seconds to wait, str text */
};


#endif
