/* SPDX-License-Identifier: ISC */
/*
 * transfer: content transfer encodings undone (RFC 2045 section 6, RFC 2047 section 4). All are
 * forgiving as readers must be: bytes that do not belong are skipped (base64) or kept
 * (quoted-printable), and the output is never longer than the input.
 */
#ifndef TD_TRANSFER_H
#define TD_TRANSFER_H

#include "parsers/base/buf.h"
#include "parsers/base/span.h"

enum transfer { TRANSFER_PLAIN, TRANSFER_BASE64, TRANSFER_QP, TRANSFER_UU };

/* By the value of Content-Transfer-Encoding; what is unknown counts as plain. */
enum transfer transfer_of(struct span name);

void transfer_base64(struct span in, struct buf *out);
/* Where base64 ends and plain text begins that somebody put below it; in.len without. */
size_t transfer_base64_end(struct span in);
void transfer_qp(struct span in, struct buf *out);
void transfer_q(struct span in, struct buf *out); /* the Q of encoded words: '_' is a space */
void transfer_uu(struct span in, struct buf *out);
void transfer_decode(enum transfer encoding, struct span in, struct buf *out);

#endif
