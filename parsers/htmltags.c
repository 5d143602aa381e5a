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
	    {"u", "span"}, {"tt", "code"}, {"body", "div"}, {"big", "span"}, {"small", "span"}};
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

/* The length of the comment at the beginning of s; 0 without one. */
static size_t
comment_len(struct span s)
{
	if (!span_starts(s, SPAN("<!--")))
		return 0;
	s = span_skip(s, 2);
	return span_find(s, SPAN("-->")) < s.len ? 2 + span_find(s, SPAN("-->")) + 3 : 2 + s.len;
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

		buf_put(&out, rest.ptr, n);
		rest = span_skip(rest, n);
		n = comment_len(rest);
		buf_put(&out, rest.ptr, n);
		rest = span_skip(rest, n);
		if (span_starts(rest, SPAN("<![")) && !span_starts(rest, SPAN("<![CDATA["))) {
			rest = span_skip(rest, span_find_byte(rest, '>') + 1);
			changed = true;
		}
		if (n > 0)
			continue;
		n = rest.len > 0 && *rest.ptr == '<';
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
