/* SPDX-License-Identifier: ISC */
/*
 * chan: see chan.h. A frame on the wire is a head of 16 bytes (u32 length of the payload, u16
 * type, u16 flags, u64 id, little-endian) and its payload. A descriptor travels with the first
 * byte of its frame; the kernel never joins bytes past one that carries a descriptor into the
 * same read, so descriptors come in the order of the frames whose flag announces them.
 */
#include "config.h"

#include "daemon/ipc/chan.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "parsers/base/arena.h"
#include "daemon/clock.h"

#define CHAN_HEAD 16u
#define CHAN_QUEUE_MAX (64u * 1024 * 1024)
#define CHAN_READ (64u * 1024)    /* what the input buffer holds when frames are small */
#define CHAN_KEEP (256u * 1024)   /* a larger input buffer is given back */
#define CHAN_FDS 4
#define CHAN_IOV 32
#define CHAN_HAS_FD 1u

struct chan_out {
	struct chan_out *next;
	size_t len;
	size_t sent;
	int fd;
	char bytes[];
};

struct chan {
	int fd;
	bool dead; /* nothing more to read: closed, or the format was broken */
	bool gone; /* nothing more can be written; what the peer wrote before is still read */
	char why[128];

	struct chan_out *first, **last;
	size_t queued;

	char *in;
	size_t cap, start, end;
	int fds[CHAN_FDS];
	size_t n_fds;
};

struct chan *
chan_create(int fd)
{
	struct chan *chan = td_alloc(sizeof *chan);
	int flags = fcntl(fd, F_GETFL);

	chan->fd = fd;
	chan->last = &chan->first;
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		chan->dead = true;
	return chan;
}

static void
chan_drop_out(struct chan *chan)
{
	struct chan_out *out = chan->first;

	chan->queued -= out->len - out->sent;
	chan->first = out->next;
	if (chan->first == NULL)
		chan->last = &chan->first;
	if (out->fd >= 0)
		close(out->fd);
	free(out);
}

void
chan_destroy(struct chan **chanp)
{
	struct chan *chan = *chanp;

	if (chan == NULL)
		return;
	while (chan->first != NULL)
		chan_drop_out(chan);
	for (size_t i = 0; i < chan->n_fds; i++)
		close(chan->fds[i]);
	close(chan->fd);
	free(chan->in);
	free(chan);
	*chanp = NULL;
}

int
chan_fd(const struct chan *chan)
{
	return chan->fd;
}

static enum td_status
chan_die(struct chan *chan, struct err *err, const char *why)
{
	if (!chan->dead) {
		chan->dead = true;
		strncpy(chan->why, why, sizeof chan->why - 1);
	}
	return err_perm(err, "%s", chan->why[0] != '\0' ? chan->why : "the channel is closed");
}

static bool
frame_known(enum frame_type type)
{
	switch (type) {
	case FRAME_CONF:
	case FRAME_STOP:
	case FRAME_CLOCK:
	case FRAME_READY:
	case FRAME_OPENED:
	case FRAME_MAIL:
	case FRAME_SCANNED:
	case FRAME_ACKED:
	case FRAME_TROUBLE:
	case FRAME_WAITS:
	case FRAME_RETRY:
	case FRAME_CURSOR:
	case FRAME_ACK:
	case FRAME_POLL:
	case FRAME_CONTEXT:
	case FRAME_PARSE:
	case FRAME_READING:
	case FRAME_REFUSED:
	case FRAME_GLANCE:
	case FRAME_SEND:
	case FRAME_DOT:
	case FRAME_SENT:
	case FRAME_GO:
	case FRAME_GONE:
	case FRAME_NAMES:
	case FRAME_TOKEN:
	case FRAME_TOKEN_REFUSED:
	case FRAME_REFRESH:
	case FRAME_REFRESHED:
		return true;
	}
	return false;
}

static bool
frame_carries_fd(enum frame_type type)
{
	return type == FRAME_MAIL || type == FRAME_PARSE || type == FRAME_SEND;
}

/* ---- sending -------------------------------------------------------------------------------- */

static void
put_le(char *at, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (char)(v >> (8 * i));
}

static uint64_t
get_le(const char *at, unsigned bytes)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < bytes; i++)
		v |= (uint64_t)(unsigned char)at[i] << (8 * i);
	return v;
}

static struct chan_out *
chan_out_of(enum frame_type type, uint64_t id, struct span payload, int pass_fd)
{
	struct chan_out *out = td_alloc(sizeof *out + CHAN_HEAD + payload.len);

	out->len = CHAN_HEAD + payload.len;
	out->fd = pass_fd;
	put_le(out->bytes, payload.len, 4);
	put_le(out->bytes + 4, type, 2);
	put_le(out->bytes + 6, pass_fd >= 0 ? CHAN_HAS_FD : 0, 2);
	put_le(out->bytes + 8, id, 8);
	if (payload.len > 0)
		memcpy(out->bytes + CHAN_HEAD, payload.ptr, payload.len);
	return out;
}

enum td_status
chan_send(struct chan *chan, enum frame_type type, uint64_t id, struct span payload, int pass_fd,
    struct err *err)
{
	enum td_status status = TD_OK;

	if (chan->dead || chan->gone)
		status = err_perm(err, "the other process is gone");
	else if ((pass_fd >= 0) != frame_carries_fd(type))
		status = err_perm(err, "a frame of type %d with the wrong descriptor", (int)type);
	else if (payload.len > FRAME_MAX)
		status = err_perm(err, "a frame of %zu bytes, but at most %u go", payload.len,
		    FRAME_MAX);
	else if (chan->queued + CHAN_HEAD + payload.len > CHAN_QUEUE_MAX)
		status = err_temp(err, "%zu bytes wait in the channel already", chan->queued);
	if (status != TD_OK) {
		if (pass_fd >= 0)
			close(pass_fd);
		return status;
	}
	*chan->last = chan_out_of(type, id, payload, pass_fd);
	chan->queued += (*chan->last)->len;
	chan->last = &(*chan->last)->next;
	return chan_flush(chan, err);
}

/* Gathers frames for one write. One with a descriptor may only be the first. */
static size_t
chan_gather(const struct chan *chan, struct iovec *iov)
{
	size_t n = 0;

	for (struct chan_out *out = chan->first; out != NULL && n < CHAN_IOV; out = out->next) {
		if (n > 0 && out->fd >= 0)
			break;
		iov[n].iov_base = out->bytes + out->sent;
		iov[n++].iov_len = out->len - out->sent;
	}
	return n;
}

/* One write; gives what sendmsg gave. */
static ssize_t
chan_write(struct chan *chan)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {{0}};
	struct iovec iov[CHAN_IOV];
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = chan_gather(chan, iov)};

	if (chan->first->fd >= 0) {
		struct cmsghdr *c;

		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof control.bytes;
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &chan->first->fd, sizeof(int));
	}
	return sendmsg(chan->fd, &msg, MSG_NOSIGNAL);
}

static void
chan_sent(struct chan *chan, size_t n)
{
	if (chan->first->fd >= 0) {
		close(chan->first->fd);
		chan->first->fd = -1;
	}
	while (n > 0) {
		struct chan_out *out = chan->first;
		size_t part = out->len - out->sent < n ? out->len - out->sent : n;

		out->sent += part;
		chan->queued -= part;
		n -= part;
		if (out->sent == out->len)
			chan_drop_out(chan);
	}
}

enum td_status
chan_flush(struct chan *chan, struct err *err)
{
	while (chan->first != NULL && !chan->gone && !chan->dead) {
		ssize_t n = chan_write(chan);

		if (n > 0)
			chan_sent(chan, (size_t)n);
		else if (n < 0 && errno == EINTR)
			continue;
		else if (n < 0 && (errno == EAGAIN || errno == ETOOMANYREFS || errno == ENOBUFS))
			return TD_OK;
		else
			chan->gone = true;
	}
	if (chan->gone || chan->dead)
		return err_perm(err, "the other process is gone");
	return TD_OK;
}

bool
chan_wants_write(const struct chan *chan)
{
	return chan->first != NULL && !chan->dead && !chan->gone;
}

bool
chan_is_gone(const struct chan *chan)
{
	return chan->gone || chan->dead;
}

size_t
chan_queued(const struct chan *chan)
{
	return chan->queued;
}

/* ---- receiving ------------------------------------------------------------------------------ */

/* Makes room to read at least one byte, and all of the frame whose head is there. */
static void
chan_room(struct chan *chan, size_t need)
{
	size_t have = chan->end - chan->start;

	if (need < CHAN_READ)
		need = CHAN_READ;
	if (have == 0)
		chan->start = chan->end = 0;
	if (chan->cap > CHAN_KEEP && need <= CHAN_READ && have < CHAN_READ) {
		char *small = td_alloc(CHAN_READ);

		memcpy(small, chan->in + chan->start, have);
		free(chan->in);
		chan->in = small;
		chan->cap = CHAN_READ;
	} else if (chan->cap - chan->start >= need && chan->end < chan->cap) {
		return;
	} else if (chan->cap >= need && chan->start > 0) {
		memmove(chan->in, chan->in + chan->start, have);
	} else {
		char *grown = td_alloc(need > chan->cap ? need : chan->cap * 2);

		if (have > 0)
			memcpy(grown, chan->in + chan->start, have);
		free(chan->in);
		chan->in = grown;
		chan->cap = need > chan->cap ? need : chan->cap * 2;
	}
	chan->start = 0;
	chan->end = have;
}

/* Keeps the descriptors of a message; false if there are more than there can be. */
static bool
chan_take_fds(struct chan *chan, struct msghdr *msg)
{
	bool good = (msg->msg_flags & MSG_CTRUNC) == 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof fd);
			if (n == 1 && chan->n_fds < CHAN_FDS) {
				chan->fds[chan->n_fds++] = fd;
			} else {
				close(fd);
				good = false;
			}
		}
	}
	return good;
}

/* Reads once. TD_TEMP: nothing there. */
static enum td_status
chan_read(struct chan *chan, struct err *err)
{
	union {
		char bytes[CMSG_SPACE(CHAN_FDS * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = {chan->in + chan->end, chan->cap - chan->end};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes,
	    .msg_controllen = sizeof control.bytes};
	ssize_t n;

	do
		n = recvmsg(chan->fd, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return err_temp(err, "nothing there yet");
	if (n <= 0)
		return chan_die(chan, err, "the other process closed the channel");
	chan->end += (size_t)n;
	if (!chan_take_fds(chan, &msg))
		return chan_die(chan, err, "too many descriptors at once");
	return TD_OK;
}

/* Takes the next whole frame out of what was read. TD_TEMP: *need_r bytes are needed for it. */
static enum td_status
chan_parse(struct chan *chan, struct frame *frame_r, size_t *need_r, struct err *err)
{
	const char *head = chan->in + chan->start;
	size_t have = chan->end - chan->start, len, flags;
	enum frame_type type;

	*need_r = CHAN_HEAD;
	if (have == 0 && chan->n_fds > 0)
		return chan_die(chan, err, "a descriptor without a frame");
	if (have < CHAN_HEAD)
		return TD_TEMP;
	len = (size_t)get_le(head, 4);
	type = (enum frame_type)get_le(head + 4, 2);
	flags = (size_t)get_le(head + 6, 2);
	if (len > FRAME_MAX || !frame_known(type) || (flags & ~(size_t)CHAN_HAS_FD) != 0 ||
	    (flags != 0) != frame_carries_fd(type))
		return chan_die(chan, err, "a frame that is none of ours");
	if (flags != 0 && chan->n_fds == 0)
		return chan_die(chan, err, "a frame came without its descriptor");
	*need_r = CHAN_HEAD + len;
	if (have < *need_r)
		return TD_TEMP;
	*frame_r = (struct frame){.type = type, .id = get_le(head + 8, 8),
	    .payload = {head + CHAN_HEAD, len}, .fd = -1};
	if (flags != 0) {
		frame_r->fd = chan->fds[0];
		memmove(chan->fds, chan->fds + 1, --chan->n_fds * sizeof chan->fds[0]);
	}
	chan->start += *need_r;
	return TD_OK;
}

/* Waits until there is something to read, or to write while frames are queued. */
static void
chan_wait(const struct chan *chan, int64_t deadline)
{
	struct pollfd p = {.fd = chan->fd, .events = POLLIN};
	int64_t left = deadline < 0 ? -1 : deadline - clock_monotonic_ms();

	if (chan_wants_write(chan))
		p.events |= POLLOUT;
	if (left > 1000000)
		left = 1000000;
	(void)poll(&p, 1, left < 0 && deadline >= 0 ? 0 : (int)left);
}

enum td_status
chan_recv(struct chan *chan, int wait_ms, struct frame *frame_r, struct err *err)
{
	int64_t deadline = wait_ms < 0 ? -1 : clock_monotonic_ms() + wait_ms;
	enum td_status status;
	size_t need;

	for (;;) {
		if (chan->dead)
			return chan_die(chan, err, "");
		status = chan_parse(chan, frame_r, &need, err);
		if (status != TD_TEMP)
			return status;
		chan_room(chan, need);
		status = chan_read(chan, err);
		if (status == TD_PERM)
			return status;
		if (status == TD_OK)
			continue;
		if (wait_ms == 0 || (deadline >= 0 && clock_monotonic_ms() >= deadline))
			return TD_TEMP;
		chan_wait(chan, deadline);
		(void)!chan_flush(chan, err); /* a peer that is gone shows in the read */
	}
}
