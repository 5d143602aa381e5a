/* SPDX-License-Identifier: ISC */
/*
 * imap: the source's calls, handed on to the files that do them: imap-login (greeting to login),
 * imap-session (select, close, failures), imap-scan (what to fetch), imap-fetch (batches),
 * imap-stream (one large mail), imap-ack (flag, move), imap-idle (waiting for news), imap-parts
 * (reading answers).
 */
#include "config.h"

#include "daemon/fetch/imap-private.h"

#include <stdlib.h>

#include "parsers/base/arena.h"

static struct imap *
imap_of(struct source *source)
{
	return (struct imap *)source;
}

static enum td_status
op_open(struct source *source, struct source_opened *opened_r, struct err *err)
{
	return imap_open(imap_of(source), opened_r, err);
}

static enum td_status
op_scan(struct source *source, const struct cursor *cursor, struct err *err)
{
	return imap_scan(imap_of(source), cursor, err);
}

static enum td_status
op_next(struct source *source, const struct source_credit *credit, enum source_next *next_r,
    struct source_mail *mail_r, struct err *err)
{
	return imap_next(imap_of(source), credit, next_r, mail_r, err);
}

static bool
op_scanned(struct source *source, struct source_scanned *scanned_r, struct err *err)
{
	const struct imap *imap = imap_of(source);

	scanned_r->highest = cursor_scanned(imap->seen, imap->left_out);
	scanned_r->mails = imap->given;
	scanned_r->more = imap->more;
	if (imap->left_out == 0)
		return true;
	*err = imap->left_out_err;
	return false;
}

static enum td_status
op_ack(struct source *source, const uint32_t *uids, size_t n, struct err *err)
{
	return imap_ack(imap_of(source), uids, n, err);
}

static enum td_status
op_listen(struct source *source, struct source_news *news_r, struct err *err)
{
	return imap_listen(imap_of(source), news_r, err);
}

static bool
op_is_open(const struct source *source)
{
	return ((const struct imap *)source)->session != NULL;
}

static bool
op_has_mail(const struct source *source)
{
	const struct imap *imap = (const struct imap *)source;

	return imap->ready_at < imap->n_ready;
}

static void
op_close(struct source *source)
{
	imap_close(imap_of(source));
}

static void
op_destroy(struct source **source)
{
	struct imap *imap;

	if (*source == NULL)
		return;
	imap = imap_of(*source);
	imap_close(imap);
	free(imap->uids);
	free(imap);
	*source = NULL;
}

static const struct source_ops imap_ops = {
	.open = op_open,
	.scan = op_scan,
	.next = op_next,
	.scanned = op_scanned,
	.ack = op_ack,
	.listen = op_listen,
	.is_open = op_is_open,
	.has_mail = op_has_mail,
	.close = op_close,
	.destroy = op_destroy,
};

struct source *
imap_create(const struct fetch_mailbox *conf, uint64_t mail_bytes, int cancel_fd)
{
	struct imap *imap = td_alloc(sizeof *imap);

	imap->source.ops = &imap_ops;
	imap->conf = conf;
	imap->mail_bytes = mail_bytes;
	imap->cancel_fd = cancel_fd;
	return &imap->source;
}
