/* SPDX-License-Identifier: ISC */
/*
 * charset: bytes of any charset to UTF-8. What is valid UTF-8 is taken for it, whatever the label
 * says (but the CJK and the 7-bit charsets that could look like it); then the label, by an alias
 * table for the names that mail uses; then, without one, what the bytes themselves say for certain
 * (charset_guess); then windows-1252. What still cannot be read is U+FFFD.
 */
#ifndef TD_CHARSET_H
#define TD_CHARSET_H

#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

/*
 * Valid UTF-8: bytes itself, or a copy in the arena (terminated). label may be empty. The output
 * is at most 3 times as long as the input, plus a little.
 */
struct span charset_decode(struct arena *arena, struct span bytes, struct span label);

/* What a byte is in windows-1252; U+FFFD where it has nothing. */
uint32_t charset_c1(unsigned char byte);

#endif
