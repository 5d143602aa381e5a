/* SPDX-License-Identifier: ISC */
/* jsonw: see jsonw.h. Runs of bytes that need no escape are copied whole. */
#include "config.h"

#include "parsers/base/jsonw.h"

#include <assert.h>
#include <string.h>

#include "parsers/base/utf8.h"

#define MAX_DEPTH 60

static uint64_t
level(const struct jsonw *w)
{
	return UINT64_C(1) << w->depth;
}

void
jsonw_init(struct jsonw *w, struct buf *out, int indent)
{
	*w = (struct jsonw){.out = out, .indent = indent > 0 ? indent : 0};
}

static void
new_line(struct jsonw *w)
{
	if (w->indent == 0)
		return;
	buf_putc(w->out, '\n');
	for (unsigned i = 0; i < w->depth * (unsigned)w->indent; i++)
		buf_putc(w->out, ' ');
}

/* Comma and line end before the next member of the innermost object or list. */
static void
next_member(struct jsonw *w)
{
	if ((w->filled & level(w)) != 0)
		buf_putc(w->out, ',');
	w->filled |= level(w);
	new_line(w);
}

static void
before_value(struct jsonw *w)
{
	if (w->depth > 0 && (w->is_list & level(w)) != 0)
		next_member(w);
	else
		assert(w->depth == 0 || w->keyed);
	w->keyed = false;
}

static void
open_level(struct jsonw *w, char c, bool is_list)
{
	before_value(w);
	assert(w->depth < MAX_DEPTH);
	buf_putc(w->out, c);
	w->depth++;
	w->filled &= ~level(w);
	w->is_list = is_list ? w->is_list | level(w) : w->is_list & ~level(w);
}

void
jsonw_object(struct jsonw *w)
{
	open_level(w, '{', false);
}

void
jsonw_list(struct jsonw *w)
{
	open_level(w, '[', true);
}

void
jsonw_end(struct jsonw *w)
{
	bool is_list = (w->is_list & level(w)) != 0;
	bool filled = (w->filled & level(w)) != 0;

	assert(w->depth > 0 && !w->keyed);
	w->depth--;
	if (filled)
		new_line(w);
	buf_putc(w->out, is_list ? ']' : '}');
}

void
jsonw_key(struct jsonw *w, const char *key)
{
	assert(w->depth > 0 && (w->is_list & level(w)) == 0 && !w->keyed);
	next_member(w);
	buf_putc(w->out, '"');
	buf_puts(w->out, key);
	buf_puts(w->out, w->indent > 0 ? "\": " : "\":");
	w->keyed = true;
}

/* Escapes the one byte that stands at the beginning of s, or copies the one character. */
static size_t
put_special(struct buf *out, struct span s)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char c = (unsigned char)*s.ptr;
	uint32_t cp;
	bool valid;
	size_t n = utf8_next(s, &cp, &valid);

	if (!valid) {
		buf_puts(out, "\xEF\xBF\xBD");
	} else if (c == '"' || c == '\\') {
		buf_put(out, (char[]){'\\', (char)c}, 2);
	} else if (c == '\n') {
		buf_puts(out, "\\n");
	} else if (c == '\t') {
		buf_puts(out, "\\t");
	} else if (c < 0x20 || c == 0x7F) {
		buf_puts(out, "\\u00");
		buf_put(out, (char[]){hex[c >> 4], hex[c & 15]}, 2);
	} else {
		buf_put(out, s.ptr, n);
	}
	return n;
}

void
jsonw_span(struct jsonw *w, struct span text)
{
	size_t n;

	before_value(w);
	buf_putc(w->out, '"');
	while (text.len > 0) {
		for (n = 0; n < text.len; n++) {
			unsigned char c = (unsigned char)text.ptr[n];

			if (c < 0x20 || c == '"' || c == '\\' || c >= 0x7F)
				break;
		}
		buf_put(w->out, text.ptr, n);
		text = span_skip(text, n);
		if (text.len > 0)
			text = span_skip(text, put_special(w->out, text));
	}
	buf_putc(w->out, '"');
}

void
jsonw_string(struct jsonw *w, const char *text)
{
	if (text == NULL)
		jsonw_null(w);
	else
		jsonw_span(w, span_of(text));
}

void
jsonw_uint(struct jsonw *w, uint64_t value)
{
	char digits[20];
	size_t at = sizeof digits;

	before_value(w);
	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	buf_put(w->out, digits + at, sizeof digits - at);
}

void
jsonw_int(struct jsonw *w, int64_t value)
{
	uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	if (value < 0) {
		before_value(w);
		buf_putc(w->out, '-');
		/* The digits follow the sign: no second comma. */
		jsonw_uint(&(struct jsonw){.out = w->out}, magnitude);
		return;
	}
	jsonw_uint(w, magnitude);
}

void
jsonw_bool(struct jsonw *w, bool value)
{
	before_value(w);
	buf_puts(w->out, value ? "true" : "false");
}

void
jsonw_null(struct jsonw *w)
{
	before_value(w);
	buf_puts(w->out, "null");
}

void
jsonw_put(struct jsonw *w, const char *key, const char *text)
{
	if (text == NULL)
		return;
	jsonw_key(w, key);
	jsonw_string(w, text);
}

void
jsonw_put_int(struct jsonw *w, const char *key, int64_t value)
{
	jsonw_key(w, key);
	jsonw_int(w, value);
}

void
jsonw_put_bool(struct jsonw *w, const char *key, bool value)
{
	jsonw_key(w, key);
	jsonw_bool(w, value);
}
