/* SPDX-License-Identifier: ISC */
/* links: see links.h. */
#include "config.h"

#include "parsers/links.h"

#include <stdbool.h>
#include <string.h>

#include "parsers/base/utf8.h"

static size_t
scheme_len(struct span s)
{
	if (span_istarts(s, SPAN("https://")))
		return 8;
	return span_istarts(s, SPAN("http://")) ? 7 : 0;
}

static bool
is_link_byte(char c)
{
	return (unsigned char)c > ' ' && c != 0x7F && strchr("<>\"`{}|\\^", c) == NULL;
}

void
links_add(struct arena *arena, struct links *links, struct span url)
{
	url = span_trim(url);
	if (links->n >= LINKS_MAX || url.len > LINK_BYTES_MAX || scheme_len(url) == 0 ||
	    scheme_len(url) == url.len || !utf8_clean(url, UTF8_LINE))
		return;
	for (size_t i = 0; i < url.len; i++)
		if (!is_link_byte(url.ptr[i]))
			return;
	for (size_t i = 0; i < links->n; i++)
		if (span_is(url, links->items[i]))
			return;
	*ARENA_PUSH(arena, links->items, links->n, links->cap) = arena_span(arena, url);
}

struct span
links_at(struct span text)
{
	size_t n = scheme_len(text);

	if (n == 0)
		return (struct span){NULL, 0};
	while (n < text.len && is_link_byte(text.ptr[n]))
		n++;
	while (n > 0 && strchr(".,;:!?'*_", text.ptr[n - 1]) != NULL)
		n--;
	/* "(see https://example.org/)": the parenthesis belongs to the text. */
	if (n > 0 && (text.ptr[n - 1] == ')' || text.ptr[n - 1] == ']')) {
		char open = text.ptr[n - 1] == ')' ? '(' : '[';

		if (span_find_byte(span_first(text, n), open) == n)
			n--;
	}
	return span_first(text, n);
}

void
links_find(struct arena *arena, struct links *links, struct span text)
{
	while (links->n < LINKS_MAX) {
		size_t at = span_find(text, SPAN("://"));
		size_t back = at >= 5 && (text.ptr[at - 1] | 0x20) == 's' ? 5 : 4;
		struct span link;

		if (at == text.len)
			return;
		if (at < back) {
			text = span_skip(text, at + 3);
			continue;
		}
		link = links_at(span_skip(text, at - back));
		links_add(arena, links, link);
		text = span_skip(text, link.len > back + 3 ? at - back + link.len : at + 3);
	}
}
