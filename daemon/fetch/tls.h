/* SPDX-License-Identifier: ISC */
/*
 * fetch/tls: the byte stream under the IMAP library: a TCP connection that is plain or TLS 1.2+
 * with the server's certificate and name verified (or its certificate pinned). Every wait ends
 * at one absolute deadline, every answer within one byte budget, and both at once when the
 * worker's cancel descriptor becomes readable.
 *
 *	tls_dial, then tls_start at once (implicit TLS) or after STARTTLS; tls_low gives it to
 *	libetpan, whose mailstream_close then frees it. tls_limit before each command.
 *
 * A stream serves one thread at a time. After a failed read or write, tls_why says why.
 */
#ifndef TD_FETCH_TLS_H
#define TD_FETCH_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libetpan/mailstream.h>

#include "parsers/base/err.h"

struct tls_stream;

/* Whom to reach and how to know them. The strings must outlive the stream. */
struct tls_peer {
	const char *host;       /* name or address; also what the certificate must be for */
	uint16_t port;
	const char *ca_file;    /* PEM; NULL: the system's trust */
	const char *pin_sha256; /* hex SHA-256 of the certificate; then nothing else is looked at */
};

/*
 * Connects to the first address of the host that answers before deadline (clock_monotonic_ms).
 * cancel_fd becomes readable when everything should end; it stays the caller's. TD_TEMP: nobody
 * answered, or cancelled; TD_PERM: no such host name.
 */
TD_CHECK enum td_status tls_dial(const struct tls_peer *peer, int64_t deadline, int cancel_fd,
    struct tls_stream **stream_r, struct err *err);

/* Shakes hands and verifies. TD_PERM: the certificate is not to be trusted, or the CA file or
 * pin is of no use; the text says which and what to do. */
TD_CHECK enum td_status tls_start(struct tls_stream *stream, struct err *err);

/* What libetpan reads and writes; it owns the stream from here on. NULL when out of memory. */
mailstream_low *tls_low(struct tls_stream *stream);

/* Closes and frees a stream that was not given to libetpan. */
void tls_destroy(struct tls_stream **stream);

/* For the next step: when it must be over and how many bytes may come, in all and in a literal. */
void tls_limit(struct tls_stream *stream, int64_t deadline, uint64_t budget);
/* After it: fewer of these bytes may come outside of literals. */
void tls_limit_plain(struct tls_stream *stream, uint64_t plain);

/* Reads what is there now, decrypted or on the socket: 0 when there is nothing, -1 when it failed.
 * The budget holds, the deadline does not count. */
ssize_t tls_read_now(struct tls_stream *stream, void *bytes, size_t len);

bool tls_is_loopback(const struct tls_stream *stream);
bool tls_is_secure(const struct tls_stream *stream);
int tls_fd(const struct tls_stream *stream);

/* Bytes that were decrypted and not read yet: they do not wake a poll on tls_fd. */
size_t tls_pending(const struct tls_stream *stream);

/* Completes "HOST:PORT ...": why reading or writing failed, or NULL if it did not. */
const char *tls_why(const struct tls_stream *stream);

/* True if that was because more came than tls_limit allows. */
bool tls_is_over(const struct tls_stream *stream);

/* Frees the trust that all streams share, at the end of the process. */
void tls_release_all(void);

#endif
