/* SPDX-License-Identifier: ISC */
/*
 * mailenc: the encodings of outgoing mail: quoted-printable and base64 bodies (RFC 2045), encoded
 * words (RFC 2047). Input is valid UTF-8 (mailenc_text makes it so); output is ASCII with CRLF.
 */
#ifndef TD_MAILENC_H
#define TD_MAILENC_H

#include <stdbool.h>

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "parsers/base/span.h"

/* A body as it may go out: valid UTF-8 (U+FFFD for the rest), CRLF line ends, a line end at the
 * end, no control character but TAB. */
struct span mailenc_text(struct arena *arena, struct span text);

/* Lines of at most 76 octets, never cut inside a character. "." and "From " at the beginning of a
 * line are encoded, so that nothing on the way has to. */
void mailenc_qp(struct buf *out, struct span text);

/* Lines of 76 octets. */
void mailenc_base64(struct buf *out, struct span bytes);

/*
 * Encoded words of at most 75 octets, in UTF-8, each holding whole characters, with CRLF SP
 * between them; `column` is how far the header line has come. Q or B, whichever is shorter.
 */
void mailenc_words(struct buf *out, struct span text, size_t column);

/* Bytes of the UTF-8 character that begins at s; 0 if there is no valid one. */
size_t mailenc_char(struct span s);

#endif
