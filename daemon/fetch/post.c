/* SPDX-License-Identifier: ISC */
/*
 * post: what the threads tell the parent. They put frames into a queue; the first thread, which
 * owns the channel, sends them in order. The window bounds how many mails can be in the queue.
 */
#include "config.h"

#include "daemon/fetch/worker-private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "parsers/base/wire.h"

#define TELL_AGAIN_MS (60 * 60 * 1000)
#define ACKED_TOGETHER 100000u /* keeps the frame below FRAME_MAX */

void
post_wake(struct fetcher *fetcher)
{
	const uint64_t one = 1;

	/* it can only fail when the counter is full, and then it is readable anyway */
	if (write(fetcher->wake_fd, &one, sizeof one) < 0)
		return;
}

void
post_free(struct post *post)
{
	if (post->fd >= 0)
		close(post->fd);
	buf_release(&post->payload);
	free(post);
}

static struct post *
begin(struct mbox *mbox, enum frame_type type)
{
	struct post *post = td_alloc(sizeof *post);

	post->type = type;
	post->fd = -1;
	buf_init(&post->payload, FRAME_MAX);
	wire_put_str(&post->payload, mbox->conf->conf.name);
	return post;
}

static void
end(struct fetcher *fetcher, struct post *post)
{
	*fetcher->posts_end = post;
	fetcher->posts_end = &post->next;
	/* mails go together: who posts them wakes the first thread before it waits again */
	if (post->type != FRAME_MAIL)
		post_wake(fetcher);
}

void
post_opened(struct mbox *mbox, const struct source_opened *opened)
{
	struct post *post = begin(mbox, FRAME_OPENED);

	wire_put_u32(&post->payload, opened->uidvalidity);
	wire_put_u32(&post->payload, opened->exists);
	end(mbox->fetcher, post);
}

void
post_mail(struct mbox *mbox, const struct source_mail *mail)
{
	struct post *post = begin(mbox, FRAME_MAIL);

	wire_put_u32(&post->payload, mbox->uidvalidity);
	wire_put_u32(&post->payload, mail->uid);
	wire_put_i64(&post->payload, mail->internaldate);
	wire_put_u64(&post->payload, mail->size);
	wire_put_u8(&post->payload, mail->headers_only);
	wire_put_str(&post->payload, mail->name);
	post->fd = mail->fd;
	end(mbox->fetcher, post);
}

void
post_scanned(struct mbox *mbox, const struct source_scanned *scanned)
{
	struct post *post = begin(mbox, FRAME_SCANNED);

	wire_put_u32(&post->payload, mbox->uidvalidity);
	wire_put_u32(&post->payload, scanned->highest);
	wire_put_u32(&post->payload, scanned->mails);
	wire_put_u8(&post->payload, mbox->left_out);
	end(mbox->fetcher, post);
}

/* The UIDs in frames of a bounded size. */
static void
post_uids(struct mbox *mbox, enum frame_type type, bool validity, const uint32_t *uids, size_t n)
{
	while (n > 0) {
		size_t some = n < ACKED_TOGETHER ? n : ACKED_TOGETHER;
		struct post *post = begin(mbox, type);

		if (validity)
			wire_put_u32(&post->payload, mbox->uidvalidity);
		wire_put_u32(&post->payload, (uint32_t)some);
		for (size_t i = 0; i < some; i++)
			wire_put_u32(&post->payload, uids[i]);
		end(mbox->fetcher, post);
		uids += some;
		n -= some;
	}
}

void
post_acked(struct mbox *mbox, const uint32_t *uids, size_t n)
{
	post_uids(mbox, FRAME_ACKED, true, uids, n);
}

void
post_gone(struct mbox *mbox, const uint32_t *uids, size_t n)
{
	post_uids(mbox, FRAME_GONE, false, uids, n);
}

void
post_waits(struct mbox *mbox, enum mbox_waits waits)
{
	struct post *post;

	if (mbox->waits == waits)
		return;
	mbox->waits = waits;
	post = begin(mbox, FRAME_WAITS);
	wire_put_u8(&post->payload, waits == WAITS_TOLD);
	end(mbox->fetcher, post);
}

void
post_token_refused(struct mbox *mbox, uint32_t number, const char *why)
{
	struct post *post = begin(mbox, FRAME_TOKEN_REFUSED);

	wire_put_u32(&post->payload, number);
	wire_put_str(&post->payload, why);
	end(mbox->fetcher, post);
}

void
post_trouble(struct mbox *mbox, bool permanent, const struct err *err)
{
	int64_t now = clock_monotonic_ms();
	struct post *post;

	if (strcmp(mbox->told.text, err->text) == 0 && now - mbox->told_at < TELL_AGAIN_MS)
		return;
	mbox->told = *err;
	mbox->told_at = now;
	post = begin(mbox, FRAME_TROUBLE);
	wire_put_u8(&post->payload, permanent);
	wire_put_str(&post->payload, err->text);
	end(mbox->fetcher, post);
}

void
post_retry(struct mbox *mbox, int64_t ms)
{
	struct post *post = begin(mbox, FRAME_RETRY);

	wire_put_u32(&post->payload, (uint32_t)((ms + 999) / 1000));
	end(mbox->fetcher, post);
}
