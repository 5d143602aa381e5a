/* SPDX-License-Identifier: ISC */
/*
 * fetch/utf7: folder names between UTF-8 (the configuration) and IMAP's modified UTF-7
 * (RFC 3501 5.1.3): printable ASCII stands for itself but "&" is "&-"; all else is UTF-16 in a
 * base64 with "," for "/" and without padding, between "&" and "-".
 */
#ifndef TD_FETCH_UTF7_H
#define TD_FETCH_UTF7_H

#include "parsers/base/buf.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"

/* Appends the encoded name. TD_PERM: not UTF-8, or a control character inside (no folder name
 * may carry CR LF into a command). out may then hold a part. */
TD_CHECK enum td_status utf7_encode(struct buf *out, struct span utf8, struct err *err);

/* Appends the decoded name. TD_PERM: not what an encoder may write (RFC 3501 allows one spelling
 * only: no ASCII in base64, no loose bits, no lone surrogate). */
TD_CHECK enum td_status utf7_decode(struct buf *out, struct span name, struct err *err);

#endif
