/* SPDX-License-Identifier: ISC */
/*
 * span: a piece of text that belongs to someone else, with its length and no terminator. Text
 * from outside stays a span until it is validated. All functions are bounded by the span; case
 * is ASCII's (parsers/base/utf8.h folds the rest).
 */
#ifndef TD_SPAN_H
#define TD_SPAN_H

#include <stdbool.h>
#include <stddef.h>

struct span {
	const char *ptr;
	size_t len;
};

#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})
#define SPAN_FMT(s) (int)(s).len, (s).ptr /* for "%.*s" */

struct span span_of(const char *text); /* NULL gives an empty span */
struct span span_trim(struct span s);  /* without white space (space, tab, CR, LF) at both ends */
struct span span_rtrim(struct span s);
struct span span_skip(struct span s, size_t n); /* without the first n bytes */
struct span span_first(struct span s, size_t n);

bool span_eq(struct span a, struct span b);
bool span_ieq(struct span a, struct span b); /* ASCII case ignored */
bool span_is(struct span a, const char *text);
bool span_iis(struct span a, const char *text);
bool span_starts(struct span s, struct span prefix);
bool span_istarts(struct span s, struct span prefix);
bool span_ends(struct span s, struct span suffix);

/* Offset of the first such byte or text, or s.len when there is none. */
size_t span_find_byte(struct span s, char byte);
size_t span_find(struct span s, struct span needle);
size_t span_ifind(struct span s, struct span needle);

/* Takes the next line off *rest, without its LF or CR LF; false when nothing is left. */
bool span_next_line(struct span *rest, struct span *line_r);
/* Takes the next word (bytes between white space) off *rest; false when there is none. */
bool span_next_word(struct span *rest, struct span *word_r);
/* Takes what stands before the next separator byte off *rest (and the separator). */
bool span_next_field(struct span *rest, char separator, struct span *field_r);

#endif
