/* SPDX-License-Identifier: ISC */
/*
 * tls: reading and writing for libetpan, and the handshake. Its own TLS accepts any certificate
 * and cannot use descriptors past 1023; its streams have a time-out a read, so a server that
 * sends a byte a minute is never done, and an end of file inside a literal spins. Hence this one:
 * non-blocking, with poll, one deadline and one budget a step, and a read that never gives 0.
 */
#include "config.h"

#include "daemon/fetch/tls-private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/clock.h"

#define PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

void
tls_limit(struct tls_stream *stream, int64_t deadline, uint64_t budget)
{
	stream->deadline = deadline;
	stream->budget = budget;
	stream->guard.literal_max = stream->guard.plain = budget;
}

void
tls_limit_plain(struct tls_stream *stream, uint64_t plain)
{
	stream->guard.plain = plain;
}

bool
tls_is_loopback(const struct tls_stream *stream)
{
	return stream->loopback;
}

bool
tls_is_secure(const struct tls_stream *stream)
{
	return stream->session != NULL;
}

int
tls_fd(const struct tls_stream *stream)
{
	return stream->fd;
}

size_t
tls_pending(const struct tls_stream *stream)
{
	return stream->session != NULL ? gnutls_record_check_pending(stream->session) : 0;
}

const char *
tls_why(const struct tls_stream *stream)
{
	return stream->why;
}

bool
tls_is_over(const struct tls_stream *stream)
{
	return stream->over || stream->guard.over;
}

/* The first reason is the one that counts. */
static ssize_t
fail(struct tls_stream *stream, const char *why)
{
	if (stream->why == NULL)
		stream->why = why;
	return -1;
}

static ssize_t
fail_tls(struct tls_stream *stream, int code)
{
	if (code == GNUTLS_E_PREMATURE_TERMINATION)
		return fail(stream, "closed the connection");
	(void)err_temp(&stream->text, "broke TLS (%s)", gnutls_strerror(code));
	return fail(stream, stream->text.text);
}

static ssize_t
fail_errno(struct tls_stream *stream)
{
	if (errno == ECONNRESET || errno == EPIPE)
		return fail(stream, "closed the connection");
	(void)err_temp(&stream->text, "is lost (%s)", strerror(errno));
	return fail(stream, stream->text.text);
}

/* What to wait for after a TLS call that could not go on, or 0 if it failed for good. */
static short
tls_direction(struct tls_stream *stream, ssize_t n)
{
	if (n != GNUTLS_E_AGAIN && n != GNUTLS_E_INTERRUPTED)
		return 0;
	return gnutls_record_get_direction(stream->session) != 0 ? POLLOUT : POLLIN;
}

static bool
may_retry(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* One try; *wait_r says what to wait for before the next, 0 that it failed (and why is set). */
static ssize_t
read_once(struct tls_stream *stream, void *bytes, size_t len, short *wait_r)
{
	ssize_t n;

	*wait_r = 0;
	if (stream->session != NULL) {
		n = gnutls_record_recv(stream->session, bytes, len);
		if (n < 0 && (*wait_r = tls_direction(stream, n)) == 0 &&
		    gnutls_error_is_fatal((int)n) == 0)
			*wait_r = POLLIN; /* a warning or a session ticket: read on */
		if (n < 0 && *wait_r == 0)
			return fail_tls(stream, (int)n);
	} else {
		n = recv(stream->fd, bytes, len, 0);
		if (n < 0 && may_retry())
			*wait_r = POLLIN;
		else if (n < 0)
			return fail_errno(stream);
	}
	return n == 0 ? fail(stream, "closed the connection") : n;
}

/* How much of len may be read; 0: nothing, and why is set. */
static size_t
within_budget(struct tls_stream *stream, size_t len)
{
	if (stream->why != NULL)
		return 0;
	if (stream->budget == 0) {
		stream->over = true;
		(void)fail(stream, "sent more than was asked for");
	}
	return len > stream->budget ? (size_t)stream->budget : len;
}

static ssize_t
took(struct tls_stream *stream, const void *bytes, ssize_t n)
{
	stream->budget -= (uint64_t)n;
	if (guard_feed(&stream->guard, bytes, (size_t)n))
		return n;
	(void)err_temp(&stream->text, "sent %s", stream->guard.wrong);
	return fail(stream, stream->text.text);
}

static ssize_t
low_read(mailstream_low *low, void *bytes, size_t len)
{
	struct tls_stream *stream = low->data;
	short events;
	ssize_t n;

	len = within_budget(stream, len);
	if (len == 0)
		return -1;
	/* bytes that keep coming must not outrun the deadline either */
	if (clock_monotonic_ms() >= stream->deadline)
		return fail(stream, "did not answer in time");
	while ((n = read_once(stream, bytes, len, &events)) < 0) {
		if (events == 0)
			return -1;
		if (!tls_wait(stream->fd, stream->cancel_fd, events, stream->deadline,
		    &stream->why))
			return -1;
	}
	return took(stream, bytes, n);
}

ssize_t
tls_read_now(struct tls_stream *stream, void *bytes, size_t len)
{
	short events;
	ssize_t n;

	len = within_budget(stream, len);
	if (len == 0)
		return -1;
	/* a record that held none of the application's bytes may be followed by one that does */
	while ((n = read_once(stream, bytes, len, &events)) < 0 && events != 0)
		if (tls_pending(stream) == 0)
			return 0;
	return n > 0 ? took(stream, bytes, n) : -1;
}

static ssize_t
low_write(mailstream_low *low, const void *bytes, size_t len)
{
	struct tls_stream *stream = low->data;

	for (;;) {
		short events = 0;
		ssize_t n;

		if (stream->why != NULL)
			return -1;
		if (stream->session != NULL) {
			n = gnutls_record_send(stream->session, bytes, len);
			if (n < 0 && (events = tls_direction(stream, n)) == 0)
				return fail_tls(stream, (int)n);
		} else {
			n = send(stream->fd, bytes, len, MSG_NOSIGNAL);
			if (n < 0 && may_retry())
				events = POLLOUT;
			else if (n < 0)
				return fail_errno(stream);
		}
		if (n >= 0)
			return n;
		if (!tls_wait(stream->fd, stream->cancel_fd, events, stream->deadline,
		    &stream->why))
			return -1;
	}
}

/* --- session --- */

static bool
is_address(const char *host)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

static int
set_up(struct tls_stream *stream, gnutls_certificate_credentials_t trust)
{
	const char *host = stream->peer.host;
	int rc = gnutls_init(&stream->session,
	    GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);

	if (rc < 0) {
		stream->session = NULL;
		return rc;
	}
	rc = gnutls_priority_set_direct(stream->session, PRIORITY, NULL);
	if (rc >= 0)
		rc = gnutls_credentials_set(stream->session, GNUTLS_CRD_CERTIFICATE, trust);
	if (rc >= 0 && !is_address(host))
		rc = gnutls_server_name_set(stream->session, GNUTLS_NAME_DNS, host, strlen(host));
	gnutls_transport_set_int(stream->session, stream->fd);
	return rc;
}

/* A handshake sends any number of messages at any pace; only the deadline ends it. */
static int
shake_hands(struct tls_stream *stream)
{
	int rc;

	while ((rc = gnutls_handshake(stream->session)) < 0) {
		short events = tls_direction(stream, rc);

		if (events == 0 && gnutls_error_is_fatal(rc) == 0)
			events = POLLIN;
		if (events == 0 || !tls_wait(stream->fd, stream->cancel_fd, events,
		    stream->deadline, &stream->why))
			return rc;
	}
	return 0;
}

enum td_status
tls_start(struct tls_stream *stream, struct err *err)
{
	const struct tls_peer *peer = &stream->peer;
	gnutls_certificate_credentials_t trust;
	enum td_status status = tls_trust_get(peer->ca_file, peer->pin_sha256 != NULL, &trust, err);
	int rc;

	if (status != TD_OK)
		return status;
	rc = set_up(stream, trust);
	if (rc < 0)
		return err_temp(err, "TLS cannot be set up: %s", gnutls_strerror(rc));
	rc = shake_hands(stream);
	if (rc == GNUTLS_E_UNEXPECTED_PACKET_LENGTH || rc == GNUTLS_E_UNEXPECTED_PACKET)
		return err_perm(err, "%s:%u does not speak TLS: set tls = \"starttls\", or another "
		    "port", peer->host, peer->port);
	if (rc == GNUTLS_E_PREMATURE_TERMINATION && stream->why == NULL)
		stream->why = "closed the connection";
	if (rc < 0)
		return err_temp(err, "no TLS with %s:%u: %s%s", peer->host, peer->port,
		    stream->why ? "it " : "", stream->why ? stream->why : gnutls_strerror(rc));
	/* nothing has been written yet that an impostor could use */
	return tls_verify(stream, err);
}

static void
close_stream(struct tls_stream *stream)
{
	if (stream->session != NULL) {
		if (stream->why == NULL)
			(void)gnutls_bye(stream->session, GNUTLS_SHUT_WR);
		gnutls_deinit(stream->session);
		stream->session = NULL;
	}
	if (stream->fd >= 0)
		close(stream->fd);
	stream->fd = -1;
}

void
tls_destroy(struct tls_stream **stream)
{
	if (*stream == NULL)
		return;
	close_stream(*stream);
	free(*stream);
	*stream = NULL;
}

static int
low_close(mailstream_low *low)
{
	close_stream(low->data);
	return 0;
}

static int
low_fd(mailstream_low *low)
{
	return tls_fd(low->data);
}

static void
low_free(mailstream_low *low)
{
	struct tls_stream *stream = low->data;

	tls_destroy(&stream);
	free(low);
}

/* Cancelling is the worker's eventfd, which tls_wait looks at. */
static void
low_cancel(mailstream_low *low)
{
	(void)low;
}

static mailstream_low_driver driver = {
	.mailstream_read = low_read,
	.mailstream_write = low_write,
	.mailstream_close = low_close,
	.mailstream_get_fd = low_fd,
	.mailstream_free = low_free,
	.mailstream_cancel = low_cancel,
};

mailstream_low *
tls_low(struct tls_stream *stream)
{
	return mailstream_low_new(stream, &driver);
}
