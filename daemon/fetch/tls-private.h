/* SPDX-License-Identifier: ISC */
/* tls-private: what tls.c, tls-dial.c and tls-verify.c share. */
#ifndef TD_FETCH_TLS_PRIVATE_H
#define TD_FETCH_TLS_PRIVATE_H

#include <gnutls/gnutls.h>

#include "daemon/fetch/guard.h"
#include "daemon/fetch/tls.h"

struct tls_stream {
	struct tls_peer peer;
	int fd;
	int cancel_fd;
	bool loopback;
	gnutls_session_t session; /* NULL: plain */
	int64_t deadline;
	uint64_t budget;
	bool over;         /* the budget ran out */
	struct guard guard;
	const char *why;   /* static, or in text */
	struct err text;
};

/* Waits for events on fd; false sets *why_r to the reason that ended it: deadline or cancel. */
bool tls_wait(int fd, int cancel_fd, short events, int64_t deadline, const char **why_r);

/* The shared credentials for this CA file (NULL: the system's), loaded once a process. With
 * pinned, none are loaded. They stay the module's. */
TD_CHECK enum td_status tls_trust_get(const char *ca_file, bool pinned,
    gnutls_certificate_credentials_t *trust_r, struct err *err);

/* Judges the certificate of a finished handshake. */
TD_CHECK enum td_status tls_verify(struct tls_stream *stream, struct err *err);

#endif
