/* SPDX-License-Identifier: ISC */
/*
 * chan: one end of a socketpair that carries frames. Sending queues and writes what it can;
 * receiving gives one whole frame at a time with the descriptor that came with it. The store
 * process uses it non-blocking under daemon/ipc/loop; a worker with nothing else to do may wait.
 *
 * A channel whose peer broke the format (too long, unknown head, descriptor where none belongs)
 * is dead: every later call fails, and the owner closes it.
 */
#ifndef TD_CHAN_H
#define TD_CHAN_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/buf.h"
#include "parsers/base/err.h"
#include "daemon/ipc/frame.h"

struct chan;

struct frame {
	enum frame_type type;
	uint64_t id;
	struct span payload; /* valid until the next chan_recv on the channel */
	int fd;              /* -1 or a descriptor that now belongs to the receiver */
};

struct chan *chan_create(int fd); /* takes fd over and makes it non-blocking */
void chan_destroy(struct chan **chan);
int chan_fd(const struct chan *chan);

/*
 * Queues a frame and writes as much as goes. pass_fd (-1 for none) is taken over: it is closed
 * when it has been passed or when the call fails. TD_TEMP: the queue is full (64 MB): stop
 * feeding; TD_PERM: the peer is gone.
 */
TD_CHECK enum td_status chan_send(struct chan *chan, enum frame_type type, uint64_t id,
    struct span payload, int pass_fd, struct err *err);

/* Writes what is queued. wants_write tells whether something is left (poll for POLLOUT). */
TD_CHECK enum td_status chan_flush(struct chan *chan, struct err *err);
bool chan_wants_write(const struct chan *chan);
bool chan_is_gone(const struct chan *chan); /* nothing can be written any more */
size_t chan_queued(const struct chan *chan); /* bytes */

/*
 * Gives the next frame. TD_TEMP: none there yet (non-blocking); TD_PERM: the peer closed or
 * broke the format. With wait_ms != 0 it waits that long (-1: for ever) before TD_TEMP, and
 * writes what is queued meanwhile.
 */
TD_CHECK enum td_status chan_recv(struct chan *chan, int wait_ms, struct frame *frame_r,
    struct err *err);

/* A memfd with these bytes, sealed against any change; -1 and err on failure. */
int memfd_sealed(const void *bytes, size_t len, struct err *err);
/* The same in steps, for bytes that come one after the other: open (-1 and err on failure), append
 * as often as needed, seal. Appending after the seal fails. */
int memfd_open(struct err *err);
TD_CHECK enum td_status memfd_append(int fd, const void *bytes, size_t len, struct err *err);
TD_CHECK enum td_status memfd_seal(int fd, struct err *err);
/* Maps a sealed memfd read-only; refuses one that is not sealed or larger than max. Unmap with
 * memfd_unmap. An empty mail gives a span of length 0. */
TD_CHECK enum td_status memfd_map(int fd, size_t max, struct span *bytes_r, struct err *err);
void memfd_unmap(struct span bytes);

#endif
