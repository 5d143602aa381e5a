/* SPDX-License-Identifier: ISC */
/*
 * lookup: a host name to its addresses, with a deadline. getaddrinfo has none and cannot be
 * ended, so each look-up runs on a thread of its own. One that is not done in time is left behind
 * and cleans up after itself; only LOOKUPS_MAX may be left, so that a name service which hangs
 * for good takes no more than that.
 */
#ifndef TD_FETCH_LOOKUP_H
#define TD_FETCH_LOOKUP_H

#include <netdb.h>
#include <stdint.h>

#include "parsers/base/err.h"

#define LOOKUPS_MAX 16 /* under way at a time, those left behind included */

/*
 * The addresses for a stream; the caller frees them with freeaddrinfo. deadline and cancel_fd as
 * for tls_dial. TD_TEMP: not in time, cancelled, or the name service has trouble; TD_PERM: there
 * is no such host.
 */
TD_CHECK enum td_status lookup_host(const char *host, uint16_t port, int64_t deadline,
    int cancel_fd, struct addrinfo **list_r, struct err *err);

#endif
