/* SPDX-License-Identifier: ISC */
/* htmltags: see htmltags.h. */
#include "config.h"

#include "parsers/htmltags.h"

#include <stdbool.h>

#include "parsers/base/buf.h"

/* The other name of the element whose name begins s; NULL where it keeps its own. *len_r: the
 * length of the old one. */
static const char *
other_name(struct span s, size_t *len_r)
{
	static const struct {
		const char *from, *to;
	} names[] = {{"s", "del"}, {"strike", "del"}, {"b", "span"}, {"i", "span"},
	    {"u", "span"}, {"tt", "span"}, {"big", "span"}, {"small", "span"}};
	size_t n = 0;

	while (n < s.len && n < 8 && ((s.ptr[n] | 0x20) >= 'a' && (s.ptr[n] | 0x20) <= 'z'))
		n++;
	if (n == s.len || !(s.ptr[n] == '>' || s.ptr[n] == '/' || s.ptr[n] == ' ' ||
	        s.ptr[n] == '\t' || s.ptr[n] == '\n' || s.ptr[n] == '\r'))
		return NULL;
	*len_r = n;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_iis(span_first(s, n), names[i].from))
			return names[i].to;
	return NULL;
}

struct span
htmltags_rename(struct arena *arena, struct span html)
{
	struct span rest = html, result;
	bool changed = false;
	struct buf out;

	buf_init(&out, 2 * html.len + 1);
	while (rest.len > 0) {
		size_t n = span_find_byte(rest, '<'), old;
		const char *name;

		n += n < rest.len;
		n += n < rest.len && rest.ptr[n] == '/';
		buf_put(&out, rest.ptr, n);
		rest = span_skip(rest, n);
		name = other_name(rest, &old);
		if (n > 0 && name != NULL) {
			buf_puts(&out, name);
			rest = span_skip(rest, old);
			changed = true;
		}
	}
	result = changed ? (struct span){arena_span(arena, buf_span(&out)), out.len} : html;
	buf_release(&out);
	return result;
}
