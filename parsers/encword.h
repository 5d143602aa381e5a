/* SPDX-License-Identifier: ISC */
/*
 * encword: encoded words in headers (RFC 2047, RFC 2231 section 5 for the language). Neighbours
 * of the same charset are decoded together, since real mail splits a multibyte character over
 * two of them. What is not one stays; raw 8-bit bytes are read as charset_decode does.
 */
#ifndef TD_ENCWORD_H
#define TD_ENCWORD_H

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

/* Valid UTF-8 in the arena (or s itself where nothing was to do), not yet cleaned. */
struct span encword_decode(struct arena *arena, struct span s);

#endif
