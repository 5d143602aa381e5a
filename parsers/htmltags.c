/* SPDX-License-Identifier: ISC */
/* htmltags: see htmltags.h. */
#include "config.h"

#include "parsers/htmltags.h"

#include "parsers/base/buf.h"

#define ADDRESS_MAX 320 /* bytes of "<ana@example.org>" */

static const struct {
	const char *from, *to;
} names[] = {{"s", "del"}, {"strike", "del"}, {"b", "span"}, {"i", "span"}, {"u", "span"},
    {"tt", "code"}, {"body", "div"}, {"big", "span"}, {"small", "span"}};

bool
htmltags_is_renamed(struct span name)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_iis(name, names[i].from))
			return !span_iis(name, "body");
	return false;
}

/* The other name of the element whose name begins s; NULL where it keeps its own. *len_r: the
 * length of the old one. */
static const char *
other_name(struct span s, size_t *len_r)
{
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

/* The length of an address or a link in angle brackets at the beginning of s; 0 without one. */
static size_t
address_len(struct span s)
{
	size_t at = 0, n = 1;
	bool link = span_istarts(s, SPAN("<http://")) || span_istarts(s, SPAN("<https://"));

	if (!span_starts(s, SPAN("<")))
		return 0;
	for (; n < s.len && n < ADDRESS_MAX && s.ptr[n] != '>'; n++) {
		if (s.ptr[n] <= ' ' || s.ptr[n] == '<' || s.ptr[n] == '"' || s.ptr[n] == '\'')
			return 0;
		if (s.ptr[n] == '@' && n > 1)
			at = n;
		if (s.ptr[n] == '=' && !link)
			return 0;
	}
	if (n == s.len || s.ptr[n] != '>' || n < 4)
		return 0;
	return link || (at > 0 && at + 1 < n) ? n + 1 : 0;
}

struct span
htmltags_rename(struct arena *arena, struct span html, bool keep_names)
{
	struct span rest = html, result;
	bool changed = false;
	struct buf out;

	buf_init(&out, 6 * html.len + 1);
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
		n = address_len(rest);
		if (n > 0) {
			buf_puts(&out, "&lt;");
			buf_put(&out, rest.ptr + 1, n - 2);
			buf_puts(&out, "&gt;");
			rest = span_skip(rest, n);
			changed = true;
			continue;
		}
		n = rest.len > 0 && *rest.ptr == '<';
		n += n < rest.len && rest.ptr[n] == '/';
		buf_put(&out, rest.ptr, n);
		rest = span_skip(rest, n);
		name = other_name(rest, &old);
		if (n > 0 && name != NULL) {
			buf_puts(&out, name);
			if (keep_names && n == 1)
				buf_printf(&out, " " HTMLTAGS_NAME "=%.*s", (int)old, rest.ptr);
			rest = span_skip(rest, old);
			changed = true;
		}
	}
	result = changed ? (struct span){arena_span(arena, buf_span(&out)), out.len} : html;
	buf_release(&out);
	return result;
}
