/* SPDX-License-Identifier: ISC */
/* htmlentity: see htmlentity.h. */
#include "config.h"

#include "parsers/htmlentity.h"

#include <string.h>

#include "parsers/base/buf.h"
#include "parsers/base/utf8.h"

#define NAME_LONGEST 32

/* The length of the name behind '&' at the beginning of s; 0 without one. */
static size_t
name_len(struct span s)
{
	size_t n = 0;

	s = span_skip(s, 1);
	while (n < s.len && n <= NAME_LONGEST && ((s.ptr[n] >= 'a' && s.ptr[n] <= 'z') ||
	        (s.ptr[n] >= 'A' && s.ptr[n] <= 'Z') || (s.ptr[n] >= '0' && s.ptr[n] <= '9')))
		n++;
	return n <= NAME_LONGEST ? n : 0;
}

static const struct htmlentity *
find(struct span name)
{
	size_t low = 0, high = htmlentity_count;
	char text[NAME_LONGEST + 1];

	memcpy(text, name.ptr, name.len);
	text[name.len] = '\0';
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(text, htmlentity_table[mid].name);

		if (order == 0)
			return &htmlentity_table[mid];
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

static void
put(struct buf *out, uint32_t cp)
{
	char utf8[4];

	/* What would be read as markup stays a reference. */
	if (cp < 0x80 && strchr("<>&\"'", (int)cp) != NULL)
		buf_printf(out, "&#%u;", (unsigned)cp);
	else
		buf_put(out, utf8, utf8_put(cp, utf8));
}

/* What stands for the reference at the beginning of s; its length, 0 where nothing changes. */
static size_t
expand(struct span s, struct buf *out)
{
	size_t n = name_len(s);
	const struct htmlentity *entity;
	char end = n > 0 && 1 + n < s.len ? s.ptr[1 + n] : '\0';

	if (end == '=') {
		buf_puts(out, "&amp;");
		return 1;
	}
	if (end != ';')
		return 0;
	entity = find(span_first(span_skip(s, 1), n));
	if (entity == NULL)
		return 0;
	if (entity->value > 0x10FFFF) {
		put(out, entity->value & 0xFFFF);
		put(out, entity->value >> 16);
	} else {
		put(out, entity->value);
	}
	return n + 2;
}

struct span
htmlentity_expand(struct arena *arena, struct span html)
{
	struct span rest = html, result;
	struct buf out;
	size_t taken = 0, n;

	buf_init(&out, 5 * html.len + 1);
	while (rest.len > 0) {
		n = span_find_byte(rest, '&');
		buf_put(&out, rest.ptr, n);
		rest = span_skip(rest, n);
		if (rest.len == 0)
			break;
		n = expand(rest, &out);
		taken += n;
		if (n == 0)
			buf_putc(&out, '&');
		rest = span_skip(rest, n > 0 ? n : 1);
	}
	result = taken > 0 ? (struct span){arena_span(arena, buf_span(&out)), out.len} : html;
	buf_release(&out);
	return result;
}
