/* SPDX-License-Identifier: ISC */
/*
 * htmltext_cite: where a mail that is quoted or forwarded stands, by the marks that mail programs
 * set around it. trim finds its head by the words, and knows more of it then; so the marks count
 * where the words are of a language that trim does not know.
 */
#include "config.h"

#include "parsers/htmltext_private.h"

#include "parsers/trim.h"

#define HEAD_LINES 3 /* lines that a head has at least; who wrote when takes fewer */
#define HEAD_MAX 4000 /* bytes in which a head is looked for */
#define LABEL_MAX 40 /* bytes of "Subject:" in any language */

/* ---- marks ---------------------------------------------------------------------------------- */

static size_t
count_lines(struct span text)
{
	struct span line;
	size_t n = 0;

	text = span_first(text, HEAD_MAX);
	while (span_next_line(&text, &line))
		n += span_trim(line).len > 0;
	return n;
}

/* Lines of "Label: value", in any language. */
static bool
is_head(struct span text)
{
	struct span line;
	size_t n = 0;

	text = span_first(text, HEAD_MAX);
	while (span_next_line(&text, &line)) {
		struct span label = span_first(line, LABEL_MAX);

		n += span_find_byte(label, ':') < label.len ||
		    span_find(label, SPAN("\xEF\xBC\x9A")) < label.len;
	}
	return n >= HEAD_LINES;
}

/* In a container that is mixed a quote begins: below who wrote when, the rest may be answers;
 * below a whole head it is another mail. */
static void
settle_mixed(struct html *h)
{
	for (size_t i = 0; i < h->depth; i++) {
		struct element *e = &h->stack[i];

		if (!e->mixed || !e->older)
			continue;
		e->mixed = false;
		if (count_lines(span_skip(buf_span(&h->out), e->begins)) >= HEAD_LINES)
			continue;
		e->older = false;
		h->olders--;
	}
}

void
html_open_older(struct html *h, struct element *e, const struct htmlstyle *style)
{
	bool mark = style->reply_mark;

	if (h->hidden > 0 || h->quotes > 0)
		return;
	if (style->ruled) {
		e->ruled = ++h->rules;
		mark |= h->walked ? h->head == e->ruled : h->head == 0;
	}
	h->region |= mark;
	e->older = !e->quote && (style->container || style->mixed);
	e->mixed = style->mixed && !style->container;
	if (e->quote)
		settle_mixed(h);
	h->olders += e->older;
	if (e->older)
		html_want_breaks(h, 1);
}

void
html_close_older(struct html *h, const struct element *e)
{
	struct span text;

	if (e->older) {
		html_want_breaks(h, 1);
		if (--h->olders == 0)
			h->region = false;
	}
	if (e->ruled == 0 || h->walked || h->head != 0)
		return;
	text = span_skip(buf_span(&h->out), e->begins);
	if (is_head(text)) {
		h->head = e->ruled;
		return;
	}
	/* a line that means nothing */
	h->region = h->in_zone = false;
	if (h->n_zones > 0 && h->zones[h->n_zones - 1].from >= e->begins)
		h->n_zones--;
}

unsigned
html_quote_depth(const struct html *h)
{
	bool cited = h->cite && (h->region || h->olders > 0);

	return h->quotes + (cited || (h->answers != 0 && h->region));
}

/* ---- whether they are needed ---------------------------------------------------------------- */

void
html_note_zone(struct html *h)
{
	bool in = h->quotes == 0 && (h->region || h->olders > 0);

	if (in == h->in_zone)
		return;
	if (in)
		*ARENA_PUSH(h->arena, h->zones, h->n_zones, h->zones_cap) =
		    (struct zone){h->out.len, SIZE_MAX};
	else
		h->zones[h->n_zones - 1].to = h->out.len;
	h->in_zone = in;
}

bool
html_must_cite(const struct html *h)
{
	struct span text = buf_span(&h->out), rest = text, body = text, line, kept;
	struct trim_result trimmed;
	size_t zone = 0, at = 0;

	if (h->n_zones == 0)
		return false;
	trim_reply(h->arena, text, false, &trimmed);
	kept = span_of(trimmed.text);
	for (size_t i = 0; i < trimmed.n_lines && span_next_line(&kept, &line); i++) {
		size_t from;

		while (at < trimmed.lines[i] && span_next_line(&rest, &body))
			at++;
		if (line.len == 0 || *line.ptr == '>' || at != trimmed.lines[i])
			continue;
		from = (size_t)(body.ptr - text.ptr);
		while (zone < h->n_zones && h->zones[zone].to <= from)
			zone++;
		if (zone < h->n_zones && h->zones[zone].from < from + body.len)
			return true;
	}
	return false;
}
