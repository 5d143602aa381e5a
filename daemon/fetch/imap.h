/* SPDX-License-Identifier: ISC */
/*
 * fetch/imap: a mailbox on an IMAP4rev1 server (RFC 3501) as a source. Mails are fetched with
 * BODY.PEEK[], small ones in batches, large ones one by one straight into their memfd; larger
 * than the limit: headers only. What happens to a mail that is committed:
 *
 *	leave  nothing
 *	flag   the keyword $tidings where the folder takes keywords, else \Seen
 *	move   UID MOVE (RFC 6851); else UID COPY, \Deleted and UID EXPUNGE where the server has
 *	       UIDPLUS (RFC 4315); else it is copied nowhere and flagged as above. A plain EXPUNGE
 *	       would take mails along that someone else marked, so it is never sent.
 *
 * ENVELOPE and BODYSTRUCTURE are never asked for: the library's parser must see no mail.
 */
#ifndef TD_FETCH_IMAP_H
#define TD_FETCH_IMAP_H

#include "daemon/fetch/source.h"
#include "daemon/fetch/worker.h"

/* conf must outlive the source; cancel_fd ends its waits when readable, and stays the caller's. */
struct source *imap_create(const struct fetch_mailbox *conf, uint64_t mail_bytes, int cancel_fd);

#endif
