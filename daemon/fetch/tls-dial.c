/* SPDX-License-Identifier: ISC */
/*
 * tls-dial: a TCP connection with a deadline. All addresses of the host are tried in the order
 * of the resolver; each gets its share of the time that is left, so that one dead address does
 * not use it up. The look-up of the name counts, too (lookup.h).
 */
#include "config.h"

#include "daemon/fetch/tls-private.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parsers/base/arena.h"
#include "daemon/clock.h"
#include "daemon/fetch/lookup.h"

bool
tls_wait(int fd, int cancel_fd, short events, int64_t deadline, const char **why_r)
{
	struct pollfd fds[2] = {{fd, events, 0}, {cancel_fd, POLLIN, 0}};

	for (;;) {
		int64_t left = deadline - clock_monotonic_ms();
		int n;

		if (left <= 0) {
			*why_r = "did not answer in time";
			return false;
		}
		n = poll(fds, 2, left > 60000 ? 60000 : (int)left);
		if (n < 0 && errno != EINTR) {
			*why_r = strerror(errno);
			return false;
		}
		if (n > 0 && fds[1].revents != 0) {
			*why_r = "was left because the daemon stops";
			return false;
		}
		if (n > 0)
			return true;
	}
}

static bool
is_loopback(const struct sockaddr *addr)
{
	if (addr->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)addr;

		return ntohl(in->sin_addr.s_addr) >> 24 == 127;
	}
	if (addr->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)addr;

		return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
	}
	return false;
}

/* A peer that is gone without a word is noticed while nothing is sent, after some four minutes. */
static void
keep_alive(int fd)
{
	const int on = 1, idle = 120, interval = 30, probes = 4;

	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

/* One address; -1 and *why_r on failure. */
static int
dial_address(const struct addrinfo *address, int64_t deadline, int cancel_fd, const char **why_r)
{
	int fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    address->ai_protocol);
	int error = 0, one = 1;
	socklen_t len = sizeof error;

	if (fd < 0) {
		*why_r = strerror(errno);
		return -1;
	}
	if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
		goto out;
	if (errno != EINPROGRESS)
		error = errno;
	else if (!tls_wait(fd, cancel_fd, POLLOUT, deadline, why_r))
		goto fail;
	else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (error != 0) {
		*why_r = strerror(error);
		goto fail;
	}
out:
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	keep_alive(fd);
	return fd;
fail:
	close(fd);
	return -1;
}

static int
dial_any(const struct addrinfo *list, int64_t deadline, int cancel_fd, bool *loopback_r,
    const char **why_r)
{
	int left = 0;

	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next)
		left++;
	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next, left--) {
		int64_t now = clock_monotonic_ms();
		int fd = dial_address(a, now + (deadline - now) / left, cancel_fd, why_r);

		if (fd >= 0) {
			*loopback_r = is_loopback(a->ai_addr);
			return fd;
		}
	}
	return -1;
}

enum td_status
tls_dial(const struct tls_peer *peer, int64_t deadline, int cancel_fd,
    struct tls_stream **stream_r, struct err *err)
{
	struct addrinfo *list = NULL;
	struct tls_stream *stream;
	const char *why = "has no address";
	bool loopback = false;
	enum td_status status = lookup_host(peer->host, peer->port, deadline, cancel_fd, &list,
	    err);
	int fd;

	if (status != TD_OK)
		return status;
	fd = dial_any(list, deadline, cancel_fd, &loopback, &why);
	freeaddrinfo(list);
	if (fd < 0)
		return err_temp(err, "no connection to %s:%u (%s): is the server up, are host and "
		    "port right?", peer->host, peer->port, why);
	stream = td_alloc(sizeof *stream);
	stream->peer = *peer;
	stream->fd = fd;
	stream->cancel_fd = cancel_fd;
	stream->loopback = loopback;
	guard_init(&stream->guard);
	tls_limit(stream, deadline, GUARD_LINE_MAX);
	*stream_r = stream;
	return TD_OK;
}
