/* SPDX-License-Identifier: ISC */
/* layout: see layout.h. */
#include "config.h"

#include <stdbool.h>

#include "daemon/compose/layout.h"

#include <stdint.h>
#include <string.h>
#include <uniwidth.h>

#include "parsers/base/buf.h"

#define BAR 10

static size_t
columns(struct span s)
{
	int n = u8_width((const uint8_t *)s.ptr, s.len, "UTF-8");

	return n > 0 ? (size_t)n : 0;
}

size_t
layout_columns(const char *text)
{
	return columns(span_of(text));
}

const char *
layout_pad(struct arena *arena, const char *text, size_t width)
{
	size_t have = layout_columns(text);

	return arena_printf(arena, "%s%*s", text, (int)(have < width ? width - have : 0), "");
}

const char *
layout_bar(struct arena *arena, unsigned done, unsigned total)
{
	char bar[BAR + 1] = "..........";
	size_t full = done >= total ? BAR : (size_t)((uint64_t)done * BAR / total);

	memset(bar, '#', full);
	return arena_printf(arena, "[%s]", bar);
}

static bool
is_number(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return s.len > 0;
}

static bool
is_item(struct span word)
{
	return word.len > 1 && word.ptr[0] == '#' && is_number(span_skip(word, 1));
}

/* "done #42 #43", "skip", "undo CODE": a verb, and behind it nothing that is prose. */
static bool
is_bare_verb(struct span first, struct span rest)
{
	static const char *const verbs[] = {"done", "start", "stop", "reopen", "unblock", "take",
	    "skip", "same", "away", "yes"};
	struct span word;
	bool known = false;

	if (span_iis(first, "undo"))
		return span_next_word(&rest, &word) && span_trim(rest).len == 0;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		known = known || span_iis(first, verbs[i]);
	while (known && span_next_word(&rest, &word))
		known = is_item(word);
	return known;
}

bool
layout_is_live(struct span line)
{
	struct span rest = line, first;

	if (line.len == 0 || line.ptr[0] == ' ' || line.ptr[0] == '\t' ||
	    !span_next_word(&rest, &first))
		return false;
	if (first.ptr[0] == '/' || is_item(first))
		return true;
	/* "2h", "1:30", "30m review": an amount of time, and a bare number is none. */
	if (first.ptr[0] >= '0' && first.ptr[0] <= '9')
		return !is_number(first);
	return is_bare_verb(first, rest);
}

static void
put_line(struct buf *out, struct span line)
{
	if (layout_is_live(line))
		buf_putc(out, ' ');
	buf_put_span(out, line);
	buf_putc(out, '\n');
}

/* How many blanks go before what follows a line that is wrapped: as the line has, two more behind
 * a bullet, or as far as its second column ("   Ana  finished"). */
static size_t
hang(struct span line)
{
	size_t n = 0, gap;

	while (n < line.len && line.ptr[n] == ' ')
		n++;
	gap = n + span_find(span_skip(line, n), SPAN("  "));
	if (n > 0 && gap < line.len) {
		while (line.ptr[gap] == ' ')
			gap++;
		if (columns(span_first(line, gap)) < LAYOUT_WIDTH / 2)
			return columns(span_first(line, gap));
	}
	if (n + 1 < line.len && strchr("*->", line.ptr[n]) != NULL && line.ptr[n + 1] == ' ')
		n += 2;
	return n < LAYOUT_WIDTH / 2 ? n : 0;
}

static void
put_wrapped(struct arena *arena, struct buf *out, struct span line)
{
	size_t indent = hang(line), used = 0, start = 0;
	struct span rest = line;
	const char *row;

	/* No cut in the blanks before the line's first word. */
	while (start < line.len && line.ptr[start] == ' ')
		start++;
	while (columns(rest) + used > LAYOUT_WIDTH) {
		size_t cut = 0;

		/* The last blank that still fits, else the first one there is. */
		for (size_t i = used > 0 ? 0 : start; i < rest.len; i++) {
			if (rest.ptr[i] != ' ' || i == 0 || rest.ptr[i - 1] == ' ')
				continue;
			if (cut > 0 && columns(span_first(rest, i)) + used > LAYOUT_WIDTH)
				break;
			cut = i;
		}
		if (cut == 0)
			break;
		row = arena_printf(arena, "%*s%.*s", (int)used, "",
		    SPAN_FMT(span_first(rest, cut)));
		put_line(out, span_of(row));
		rest = span_skip(rest, cut + 1);
		used = indent;
	}
	row = arena_printf(arena, "%*s%.*s", (int)used, "", SPAN_FMT(rest));
	put_line(out, span_of(row));
}

const char *
layout_text(struct arena *arena, struct span text)
{
	struct span line;
	struct buf out;
	const char *done;
	bool blank = true; /* none at the beginning */

	buf_init(&out, 2 * text.len + 1024);
	while (span_next_line(&text, &line)) {
		bool empty = span_trim(line).len == 0;

		if (empty && blank)
			continue;
		blank = empty;
		if (span_is(line, "-- "))
			buf_puts(&out, "-- \n");
		else
			put_wrapped(arena, &out, span_rtrim(line));
	}
	while (out.len > 1 && out.ptr[out.len - 1] == '\n' && out.ptr[out.len - 2] == '\n')
		buf_truncate(&out, out.len - 1);
	done = arena_strdup(arena, out.ptr);
	buf_release(&out);
	return done;
}
