/* SPDX-License-Identifier: ISC */
/*
 * mbox: where one mailbox stands between the threads and the parent: its state, its window of
 * mails that are out, the acknowledgements that wait for its server. No waiting, no I/O.
 */
#include "config.h"

#include "daemon/fetch/worker-private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "daemon/clock.h"

#define KNOWN_MAX (16u * 1024 * 1024)

void
mbox_set_state(struct mbox *mbox, enum mbox_state state)
{
	mbox->fetcher->n_credit -= mbox->state == MBOX_CREDIT;
	mbox->fetcher->n_credit += state == MBOX_CREDIT;
	mbox->state = state;
}

void
mbox_ready(struct mbox *mbox)
{
	if (mbox->state == MBOX_READY || mbox->state == MBOX_BUSY)
		return;
	mbox_set_state(mbox, MBOX_READY);
	lane_add(mbox);
}

bool
mbox_rests(const struct mbox *mbox)
{
	return mbox->state == MBOX_WAIT || mbox->state == MBOX_LISTEN;
}

void
mbox_look(struct mbox *mbox)
{
	mbox->look = true;
	if (mbox_rests(mbox))
		mbox_ready(mbox);
}

static void
rest(struct mbox *mbox, enum mbox_state state, int64_t ms)
{
	mbox->step = STEP_OPEN;
	mbox->due = clock_monotonic_ms() + ms;
	if (mbox->due < mbox->fetcher->next_due)
		mbox->fetcher->next_due = mbox->due;
	mbox_set_state(mbox, state);
}

void
mbox_wait(struct mbox *mbox, int64_t ms)
{
	rest(mbox, MBOX_WAIT, ms);
}

/* The window is not kept by the thousands that have nothing under way. */
bool
mbox_listen(struct mbox *mbox, int fd, int64_t ms)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT,
		.data.ptr = mbox};
	int epoll = mbox->fetcher->news_fd;

	if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) < 0 &&
	    (errno != ENOENT || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0))
		return false;
	rest(mbox, MBOX_LISTEN, ms);
	mbox->fetcher->n_settled++;
	if (mbox->n_out == 0) {
		free(mbox->out);
		mbox->out = NULL;
	}
	return true;
}

struct source_credit
mbox_credit(const struct mbox *mbox)
{
	const struct fetcher *fetcher = mbox->fetcher;
	size_t mails = MBOX_WINDOW_MAILS - mbox->n_out;
	uint64_t bytes = mbox->out_bytes < MBOX_WINDOW_BYTES ?
	    MBOX_WINDOW_BYTES - mbox->out_bytes : 0;
	size_t all_mails = fetcher->out_mails < FETCH_WINDOW_MAILS ?
	    FETCH_WINDOW_MAILS - fetcher->out_mails : 0;
	uint64_t all_bytes = fetcher->out_bytes < FETCH_WINDOW_BYTES ?
	    FETCH_WINDOW_BYTES - fetcher->out_bytes : 0;
	struct source_credit credit = {
		.mails = (uint32_t)(mails < all_mails ? mails : all_mails),
		.bytes = bytes < all_bytes ? bytes : all_bytes,
		.first = mbox->n_out == 0 && all_bytes > 0,
	};

	return credit;
}

bool
mbox_may_go_on(const struct mbox *mbox)
{
	const struct fetcher *fetcher = mbox->fetcher;

	if (fetcher->out_mails > FETCH_WINDOW_MAILS / 2 ||
	    fetcher->out_bytes > FETCH_WINDOW_BYTES / 2)
		return false;
	return mbox->n_out <= MBOX_WINDOW_MAILS / 2 && mbox->out_bytes <= MBOX_WINDOW_BYTES / 2;
}

void
mbox_sent(struct mbox *mbox, const struct source_mail *mail)
{
	if (mbox->out == NULL)
		mbox->out = td_alloc(MBOX_WINDOW_MAILS * sizeof *mbox->out);
	mbox->out[mbox->n_out++] = (struct mbox_out){mail->uid, mbox->uidvalidity, mail->size};
	mbox->out_bytes += mail->size;
	mbox->fetcher->out_mails++;
	mbox->fetcher->out_bytes += mail->size;
}

void
mbox_answered(struct mbox *mbox, uint32_t uidvalidity, uint32_t uid)
{
	for (size_t i = 0; i < mbox->n_out; i++) {
		const struct mbox_out out = mbox->out[i];

		if (out.uid != uid || out.uidvalidity != uidvalidity)
			continue;
		mbox->out_bytes -= out.size;
		mbox->fetcher->out_bytes -= out.size;
		mbox->fetcher->out_mails--;
		/* answers come in the order of the mails: the next one is found at once */
		memmove(&mbox->out[i], &mbox->out[i + 1],
		    (mbox->n_out - i - 1) * sizeof *mbox->out);
		mbox->n_out--;
		return;
	}
}

void
mbox_add_ack(struct mbox *mbox, uint32_t uidvalidity, uint32_t uid)
{
	if (mbox->n_acks == mbox->cap_acks) {
		size_t cap = mbox->cap_acks ? 2 * mbox->cap_acks : 64;
		struct mbox_ack *acks = td_alloc(cap * sizeof *acks);

		if (mbox->n_acks > 0)
			memcpy(acks, mbox->acks, mbox->n_acks * sizeof *acks);
		free(mbox->acks);
		mbox->acks = acks;
		mbox->cap_acks = cap;
	}
	mbox->acks[mbox->n_acks++] = (struct mbox_ack){uid, uidvalidity};
}

uint32_t *
mbox_take_acks(struct mbox *mbox, size_t *n_r)
{
	uint32_t *uids = td_alloc((mbox->n_acks + 1) * sizeof *uids);
	size_t n = 0;

	for (size_t i = 0; i < mbox->n_acks; i++)
		if (mbox->acks[i].uidvalidity == mbox->uidvalidity)
			uids[n++] = mbox->acks[i].uid;
	free(mbox->acks);
	mbox->acks = NULL;
	mbox->n_acks = mbox->cap_acks = 0;
	*n_r = cursor_sort(uids, n);
	return uids;
}

bool
mbox_add_known(struct mbox *mbox, uint32_t first, uint32_t last)
{
	struct cursor *cursor = &mbox->cursor;
	size_t n = cursor->n_known, more = (size_t)last - first + 1;

	if (last < first || more > KNOWN_MAX - n)
		return false;
	if (n + more > mbox->cap_known) {
		uint32_t *known;

		mbox->cap_known = n + more > 2 * n ? n + more : 2 * n;
		known = td_alloc(mbox->cap_known * sizeof *known);
		if (n > 0)
			memcpy(known, cursor->known, n * sizeof *known);
		free(cursor->known);
		cursor->known = known;
	}
	for (size_t i = 0; i < more; i++)
		cursor->known[n + i] = first + (uint32_t)i;
	cursor->n_known = n + more;
	return true;
}

void
mbox_add_name(struct mbox *mbox, uint32_t uid, const char *name)
{
	if (mbox->n_names == mbox->cap_names) {
		size_t cap = mbox->cap_names > 0 ? 2 * mbox->cap_names : 64;
		struct cursor_name *names = td_alloc(cap * sizeof *names);

		if (mbox->n_names > 0)
			memcpy(names, mbox->names, mbox->n_names * sizeof *names);
		free(mbox->names);
		mbox->names = names;
		mbox->cap_names = cap;
	}
	mbox->names[mbox->n_names++] = (struct cursor_name){uid, td_strdup(name)};
}

void
mbox_free_names(struct cursor_name *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i].name);
	free(names);
}

struct cursor
mbox_take_cursor(struct mbox *mbox)
{
	struct cursor cursor = mbox->cursor;
	uint32_t *known = td_alloc((cursor.n_known + mbox->n_out + 1) * sizeof *known);

	if (cursor.n_known > 0)
		memcpy(known, cursor.known, cursor.n_known * sizeof *known);
	for (size_t i = 0; i < mbox->n_out; i++)
		if (mbox->out[i].uidvalidity == mbox->uidvalidity)
			known[cursor.n_known++] = mbox->out[i].uid;
	free(mbox->cursor.known);
	mbox->cursor = (struct cursor){0};
	mbox->cap_known = 0;
	cursor.names = mbox->names;
	cursor.n_names = mbox->n_names;
	cursor.next_uid = mbox->next_uid;
	mbox->names = NULL;
	mbox->n_names = mbox->cap_names = 0;
	cursor.known = known;
	cursor.n_known = cursor_sort(known, cursor.n_known);
	return cursor;
}
