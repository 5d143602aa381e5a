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
#include <string.h>

struct span {
	const char *ptr;
	size_t len;
};

#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})
#define SPAN_FMT(s) (int)(s).len, (s).ptr /* for "%.*s" */

struct span span_trim(struct span s);  /* without white space (space, tab, CR, LF) at both ends */
struct span span_rtrim(struct span s);

bool span_ieq(struct span a, struct span b); /* ASCII case ignored */
bool span_iis(struct span a, const char *text);
bool span_istarts(struct span s, struct span prefix);

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

/* ---- the smallest ones, called for each word and line -------------------------------------- */

/* NULL gives an empty span. */
static inline struct span
span_of(const char *text)
{
	return (struct span){text != NULL ? text : "", text != NULL ? strlen(text) : 0};
}

/* Without the first n bytes. */
static inline struct span
span_skip(struct span s, size_t n)
{
	if (n > s.len)
		n = s.len;
	/* An empty span may have no pointer, to which not even 0 may be added. */
	return n == 0 ? s : (struct span){s.ptr + n, s.len - n};
}

static inline struct span
span_first(struct span s, size_t n)
{
	return (struct span){s.ptr, n < s.len ? n : s.len};
}

/* Most comparisons fail at the first or last byte: they cost no call. */
static inline bool
span_eq(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || (*a.ptr == *b.ptr &&
	    a.ptr[a.len - 1] == b.ptr[a.len - 1] && memcmp(a.ptr, b.ptr, a.len) == 0));
}

static inline bool
span_is(struct span a, const char *text)
{
	return !(a.len > 0 && text != NULL && *a.ptr != *text) && span_eq(a, span_of(text));
}

static inline bool
span_starts(struct span s, struct span prefix)
{
	return s.len >= prefix.len && span_eq(span_first(s, prefix.len), prefix);
}

static inline bool
span_ends(struct span s, struct span suffix)
{
	return s.len >= suffix.len && span_eq(span_skip(s, s.len - suffix.len), suffix);
}

#endif
