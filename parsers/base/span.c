/* SPDX-License-Identifier: ISC */
/* span: see span.h. Nothing here allocates, and nothing reads outside the span. */
#include "config.h"

#include "parsers/base/span.h"

#include <string.h>
#include <strings.h>

static bool
is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span
span_rtrim(struct span s)
{
	while (s.len > 0 && is_white(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

struct span
span_trim(struct span s)
{
	while (s.len > 0 && is_white(*s.ptr))
		s = span_skip(s, 1);
	return span_rtrim(s);
}

bool
span_ieq(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || strncasecmp(a.ptr, b.ptr, a.len) == 0);
}

/* Most comparisons fail at the first byte: they cost no strlen. */
static bool
first_differs(struct span a, const char *text)
{
	return a.len > 0 && text != NULL &&
	    (((unsigned char)*a.ptr ^ (unsigned char)*text) & (unsigned char)~0x20) != 0;
}

bool
span_iis(struct span a, const char *text)
{
	return !first_differs(a, text) && span_ieq(a, span_of(text));
}

bool
span_istarts(struct span s, struct span prefix)
{
	return s.len >= prefix.len && span_ieq(span_first(s, prefix.len), prefix);
}

size_t
span_find_byte(struct span s, char byte)
{
	const char *p = s.len > 0 ? memchr(s.ptr, byte, s.len) : NULL;

	return p != NULL ? (size_t)(p - s.ptr) : s.len;
}

size_t
span_find(struct span s, struct span needle)
{
	const char *p;
	size_t at;

	if (s.len == 0 || needle.len == 0)
		return needle.len == 0 ? 0 : s.len;
	/* memmem() takes its time to begin, and mostly not even the first byte is there */
	at = span_find_byte(s, *needle.ptr);
	p = at < s.len ? memmem(s.ptr + at, s.len - at, needle.ptr, needle.len) : NULL;
	return p != NULL ? (size_t)(p - s.ptr) : s.len;
}

size_t
span_ifind(struct span s, struct span needle)
{
	for (size_t i = 0; i + needle.len <= s.len; i++)
		if (span_ieq((struct span){s.ptr + i, needle.len}, needle))
			return i;
	return s.len;
}

bool
span_next_line(struct span *rest, struct span *line_r)
{
	size_t n;

	if (rest->len == 0)
		return false;
	n = span_find_byte(*rest, '\n');
	*line_r = span_first(*rest, n);
	*rest = span_skip(*rest, n + 1);
	if (line_r->len > 0 && line_r->ptr[line_r->len - 1] == '\r')
		line_r->len--;
	return true;
}

bool
span_next_word(struct span *rest, struct span *word_r)
{
	size_t n = 0;

	while (rest->len > 0 && is_white(*rest->ptr))
		*rest = span_skip(*rest, 1);
	while (n < rest->len && !is_white(rest->ptr[n]))
		n++;
	*word_r = span_first(*rest, n);
	*rest = span_skip(*rest, n);
	return n > 0;
}

bool
span_next_field(struct span *rest, char separator, struct span *field_r)
{
	size_t n;

	if (rest->ptr == NULL)
		return false;
	n = span_find_byte(*rest, separator);
	*field_r = span_first(*rest, n);
	if (n == rest->len)
		*rest = (struct span){NULL, 0};
	else
		*rest = span_skip(*rest, n + 1);
	return true;
}
