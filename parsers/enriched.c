/* SPDX-License-Identifier: ISC */
/* enriched: see enriched.h. */
#include "config.h"

#include "parsers/enriched.h"

#include "parsers/base/buf.h"

#define TAG_MAX 60
#define DEPTH_MAX 20

struct enriched {
	struct buf out;
	unsigned quotes, params, plain; /* open <excerpt>, <param>, <nofill> */
	bool rich;
	bool started; /* something stands on the line */
	bool space;   /* white space wanted before the next text on it */
};

/* The tag at the beginning of s, without its brackets; empty if it is none. */
static struct span
tag_at(struct span s)
{
	size_t n = span_find_byte(span_first(s, TAG_MAX + 2), '>');

	if (n < 2 || n >= s.len || n > TAG_MAX + 1)
		return (struct span){"", 0};
	s = span_first(span_skip(s, 1), n - 1);
	for (size_t i = 0; i < s.len; i++) {
		char c = (char)(s.ptr[i] | 0x20);

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
		        s.ptr[i] == '/'))
			return (struct span){"", 0};
	}
	return s;
}

static void
new_line(struct enriched *e)
{
	buf_putc(&e->out, '\n');
	e->started = e->space = false;
}

static void
count(unsigned *n, bool closes)
{
	if (!closes && *n < DEPTH_MAX)
		++*n;
	else if (closes && *n > 0)
		--*n;
}

static void
take_tag(struct enriched *e, struct span tag)
{
	bool closes = *tag.ptr == '/';
	struct span name = span_skip(tag, closes);

	if (span_iis(name, "param"))
		count(&e->params, closes);
	else if (span_iis(name, "nofill"))
		count(&e->plain, closes);
	else if (span_iis(name, "excerpt")) {
		if (e->started)
			new_line(e);
		count(&e->quotes, closes);
	} else if (e->rich && (span_iis(name, "nl") || (span_iis(name, "paragraph") && closes)))
		new_line(e);
}

static void
put(struct enriched *e, struct span text)
{
	if (e->params > 0 || text.len == 0)
		return;
	if (!e->started)
		for (unsigned i = 0; i < e->quotes; i++)
			buf_puts(&e->out, "> ");
	if (e->space)
		buf_putc(&e->out, ' ');
	buf_put_span(&e->out, text);
	e->started = true;
	e->space = false;
}

/* n line ends in a row: one is white space, of more one is taken away. */
static void
take_breaks(struct enriched *e, size_t n)
{
	if (e->params > 0)
		return;
	if (e->plain == 0 && (n == 1 || e->rich)) {
		e->space = e->started;
		return;
	}
	for (size_t i = e->plain > 0 ? 0 : 1; i < n; i++)
		new_line(e);
}

struct span
enriched_read(struct arena *arena, struct span text, bool rich)
{
	struct enriched e = {.rich = rich};
	struct span result;

	buf_init(&e.out, text.len * 4 + 64);
	while (text.len > 0) {
		size_t n = 0;
		struct span tag;

		while (n < text.len && text.ptr[n] != '<' && text.ptr[n] != '\n')
			n++;
		put(&e, span_first(text, n));
		text = span_skip(text, n);
		for (n = 0; n < text.len && text.ptr[n] == '\n';)
			n++;
		if (n > 0)
			take_breaks(&e, n);
		text = span_skip(text, n);
		if (n > 0 || text.len == 0)
			continue;
		tag = tag_at(text);
		if (rich && span_iis(tag, "lt"))
			put(&e, SPAN("<"));
		else if (tag.len > 0)
			take_tag(&e, tag);
		else
			put(&e, SPAN("<"));
		text = span_skip(text, tag.len > 0 ? tag.len + 2 :
		    span_starts(text, SPAN("<<")) ? 2 : 1);
	}
	if (e.out.len > 0 && e.out.ptr[e.out.len - 1] != '\n')
		buf_putc(&e.out, '\n');
	result = (struct span){arena_span(arena, buf_span(&e.out)), e.out.len};
	buf_release(&e.out);
	return result;
}
