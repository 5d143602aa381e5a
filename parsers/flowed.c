/* SPDX-License-Identifier: ISC */
/*
 * flowed: see flowed.h. A line that ends in a space goes on in the next line of the same quote
 * depth; the signature separator "-- " never does.
 */
#include "config.h"

#include "parsers/flowed.h"

#include "parsers/base/buf.h"

struct line {
	size_t depth;
	struct span text; /* without quote marks and space-stuffing */
	bool signature;
	bool flows;       /* goes on in the next line */
};

static struct line
read_line(struct span raw)
{
	struct line line = {.text = raw};

	while (line.text.len > 0 && *line.text.ptr == '>') {
		line.text = span_skip(line.text, 1);
		line.depth++;
	}
	if (line.text.len > 0 && *line.text.ptr == ' ')
		line.text = span_skip(line.text, 1);
	line.signature = span_is(line.text, "-- ");
	line.flows = !line.signature && line.text.len > 0 &&
	    line.text.ptr[line.text.len - 1] == ' ';
	return line;
}

static void
put_prefix(struct buf *out, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		buf_putc(out, '>');
	if (depth > 0)
		buf_putc(out, ' ');
}

struct span
flowed_join(struct arena *arena, struct span text, bool delsp)
{
	struct span rest = text, raw, result;
	struct line last = {0};
	bool open = false; /* last flows and its line end is not written yet */
	struct buf out;

	/* A quoted line gets at most one more byte, its space. */
	buf_init(&out, text.len * 2 + 2);
	while (span_next_line(&rest, &raw)) {
		struct line line = read_line(raw);

		if (open && (line.depth != last.depth || line.signature)) {
			buf_putc(&out, '\n');
			open = false;
		}
		if (!open)
			put_prefix(&out, line.depth);
		if (line.flows && delsp)
			line.text.len--;
		buf_put_span(&out, line.text);
		open = line.flows;
		if (!open)
			buf_putc(&out, '\n');
		last = line;
	}
	if (open)
		buf_putc(&out, '\n');
	result = (struct span){arena_span(arena, buf_span(&out)), out.len};
	buf_release(&out);
	return result;
}
