/* SPDX-License-Identifier: ISC */
/*
 * utf8: text from outside made safe and comparable. Clean text is valid UTF-8 without NUL, CR,
 * C0 and C1 controls, DEL, interlinear marks and noncharacters, and without what nobody sees
 * (Default_Ignorable_Code_Point, Unicode 15 DerivedCoreProperties: bidirectional marks and
 * overrides, tags, zero width spaces, soft hyphens, byte order marks); where lines are allowed
 * it may hold LF and TAB. Joiners and variation selectors stay behind a character that they
 * belong to: an emoji, a letter of a script that is spelled with them.
 *
 * Cleaning is total and linear: ill-formed bytes become U+FFFD, the forbidden characters go.
 */
#ifndef TD_UTF8_H
#define TD_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "parsers/base/span.h"

enum utf8_lines {
	UTF8_LINE,  /* one line: LF, CR, TAB and U+2028/2029 count as white space */
	UTF8_LINES, /* text: LF and TAB stay; CR LF, CR and U+2028/2029 are LF */
};

bool utf8_valid(struct span s);
bool utf8_ascii(struct span s);

/* Valid and without any of the forbidden characters; so is every piece of clean text. */
bool utf8_clean(struct span s, enum utf8_lines lines);

/*
 * The character at the beginning of s (not empty) and its length. An ill-formed sequence is
 * U+FFFD with *valid_r false, as long as its maximal part (Unicode 15, 3.9, U+FFFD substitution).
 */
size_t utf8_next(struct span s, uint32_t *cp_r, bool *valid_r);

/* Writes one character (a scalar value), 1 to 4 bytes. */
size_t utf8_put(uint32_t cp, char out[4]);

/* Appends s, cleaned. */
void utf8_scrub(struct span s, enum utf8_lines lines, struct buf *out);

/* Cleaned copies, cut at max bytes where a character ends. A line is trimmed at both ends. */
char *utf8_line(struct arena *arena, struct span s, size_t max);
char *utf8_text(struct arena *arena, struct span s, size_t max);

/* The longest beginning of s of at most max bytes that does not cut a character. */
struct span utf8_cut(struct span s, size_t max);

/* For comparing: full case folding, then NFC. s is valid UTF-8. */
char *utf8_fold(struct arena *arena, struct span s);

/* Normalization form C. s is valid UTF-8. */
char *utf8_nfc(struct arena *arena, struct span s);

/* Columns on a terminal (wide characters are two, combining marks none). */
size_t utf8_width(struct span s);

#endif
