/* SPDX-License-Identifier: ISC */
/* cert: the server's certificate in a GnuTLS session: does it match a pin, and what is wrong with
 * it when the CA or the name did not satisfy. */
#ifndef TD_SEND_CERT_H
#define TD_SEND_CERT_H

#include <stdbool.h>
#include <stdint.h>

#include <gnutls/gnutls.h>

#include "parsers/base/err.h"

/* pin: 64 lower-case hex digits, the SHA-256 of the certificate's DER form. */
bool cert_matches(gnutls_session_t session, const char *pin);

/* One line about a certificate that was refused: expired, not valid yet, another name, or (when
 * none of these) an unknown CA. */
void cert_explain(gnutls_session_t session, const char *host, int64_t now, struct err *err);

#endif
