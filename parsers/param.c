/* SPDX-License-Identifier: ISC */
/* param: see param.h. One pass collects the pieces, a second joins them. */
#include "config.h"

#include "parsers/param.h"

#include <stdbool.h>
#include <string.h>

#include "parsers/base/buf.h"
#include "parsers/base/num.h"
#include "parsers/charset.h"
#include "parsers/encword.h"

#define PIECES_MAX 100
#define VALUE_MAX 16384

struct piece {
	struct span value; /* without quotes and folds */
	bool encoded;      /* %XX; the first one begins with charset'language' */
};

struct pieces {
	struct arena *arena;
	struct span plain;
	struct piece at[PIECES_MAX]; /* name*0, name*1, ...; name* counts as the first */
};

/* A value at the beginning of *rest, up to the next ';': unquoted, without line ends. */
static struct span
take_value(struct arena *arena, struct span *rest)
{
	struct span s = span_trim(*rest), value;
	struct buf out;
	size_t i = 0;
	bool quoted = s.len > 0 && *s.ptr == '"';

	buf_init(&out, s.len + 1);
	for (i = quoted ? 1 : 0; i < s.len && s.ptr[i] != (quoted ? '"' : ';'); i++) {
		/* "C:\dir\file" is more common in names than an escape. */
		if (quoted && s.ptr[i] == '\\' && i + 1 < s.len &&
		    (s.ptr[i + 1] == '"' || s.ptr[i + 1] == '\\'))
			i++;
		if (s.ptr[i] != '\r' && s.ptr[i] != '\n')
			buf_putc(&out, s.ptr[i]);
	}
	s = span_skip(s, i);
	*rest = span_skip(s, span_find_byte(s, ';'));
	value = span_trim((struct span){arena_span(arena, buf_span(&out)), out.len});
	buf_release(&out);
	return value;
}

/* "name", "name*", "name*2", "name*2*": false if it is another parameter. */
static bool
take_piece(struct pieces *p, struct span name, struct span value, const char *wanted)
{
	struct span rest = span_skip(name, strlen(wanted));
	uint32_t index = 0;
	bool encoded;

	if (!span_istarts(name, span_of(wanted)))
		return false;
	if (rest.len == 0) {
		if (p->plain.ptr == NULL)
			p->plain = value;
		return true;
	}
	if (*rest.ptr != '*')
		return false;
	encoded = rest.ptr[rest.len - 1] == '*';
	rest = span_skip(span_first(rest, rest.len - (encoded && rest.len > 1)), 1);
	if (rest.len > 0 && !num_u32(rest, PIECES_MAX - 1, &index))
		return false;
	if (p->at[index].value.ptr == NULL)
		p->at[index] = (struct piece){value, encoded};
	return true;
}

static void
put_percent(struct span s, struct buf *out)
{
	while (s.len > 0) {
		int high = s.len > 2 && *s.ptr == '%' ? num_hex_digit(s.ptr[1]) : -1;
		int low = high >= 0 ? num_hex_digit(s.ptr[2]) : -1;

		buf_putc(out, low >= 0 ? (char)(high << 4 | low) : *s.ptr);
		s = span_skip(s, low >= 0 ? 3 : 1);
	}
}

/* "utf-8'en'" at the beginning of the first piece. */
static struct span
take_charset(struct span *value)
{
	size_t first = span_find_byte(*value, '\'');
	struct span rest = span_skip(*value, first + 1), charset = {"", 0};
	size_t second = span_find_byte(rest, '\'');

	if (first < value->len && second < rest.len) {
		charset = span_first(*value, first);
		*value = span_skip(rest, second + 1);
	}
	return charset;
}

static struct span
join(struct pieces *p)
{
	struct span charset = {"", 0}, joined;
	struct buf out;

	buf_init(&out, VALUE_MAX);
	for (size_t i = 0; i < PIECES_MAX && p->at[i].value.ptr != NULL; i++) {
		struct span value = p->at[i].value;

		if (i == 0 && p->at[i].encoded)
			charset = take_charset(&value);
		if (p->at[i].encoded)
			put_percent(value, &out);
		else
			buf_put_span(&out, value);
	}
	joined = (struct span){arena_span(p->arena, buf_span(&out)), out.len};
	buf_release(&out);
	return charset_decode(p->arena, joined, charset);
}

struct span
param_get(struct arena *arena, struct span header, const char *name)
{
	struct pieces p = {.arena = arena};
	struct span rest;

	header = span_first(header, VALUE_MAX);
	rest = span_skip(header, span_find_byte(header, ';'));
	while (rest.len > 0) {
		size_t eq;
		struct span key, value;

		rest = span_skip(rest, 1);
		eq = span_find_byte(rest, '=');
		if (span_find_byte(rest, ';') < eq) {
			rest = span_skip(rest, span_find_byte(rest, ';'));
			continue;
		}
		if (eq == rest.len)
			break;
		key = span_trim(span_first(rest, eq));
		rest = span_skip(rest, eq + 1);
		value = take_value(arena, &rest);
		take_piece(&p, key, value, name);
	}
	if (p.at[0].value.ptr != NULL)
		return join(&p);
	return p.plain.ptr != NULL ? encword_decode(arena, p.plain) : (struct span){"", 0};
}
