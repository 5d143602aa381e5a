/* SPDX-License-Identifier: ISC */
/*
 * htmltext_put: the lines that htmltext writes: line ends, quote marks, bullets and white space
 * that are due; code and what is struck through marked in the way of Markdown.
 */
#include "config.h"

#include "parsers/htmltext_private.h"

#include <string.h>

void
html_want_breaks(struct html *h, unsigned n)
{
	if (h->breaks < n)
		h->breaks = n;
	h->space = h->cell = false;
}

static void
put_line_start(struct html *h)
{
	unsigned quotes = html_quote_depth(h);
	unsigned lists = h->lists < LIST_DEPTH_MAX ? h->lists : LIST_DEPTH_MAX;

	/* An answer stands in by itself; moved in, it is words and no command. */
	if (h->answering)
		buf_puts(&h->out, "  ");
	else
		for (unsigned i = 0; i < quotes && i < QUOTE_DEPTH_MAX; i++)
			buf_puts(&h->out, "> ");
	if (h->bullet != NULL) {
		for (unsigned i = 1; i < lists; i++)
			buf_puts(&h->out, "  ");
		buf_puts(&h->out, h->bullet);
		h->bullet = NULL;
	}
}

/* The line begins with code, or may be hidden: a backtick keeps it from being read as a command.
 * first is its first byte. */
static void
open_ticks(struct html *h, char first)
{
	if (h->doubted && h->pres == 0) {
		/* three of them would open a fence */
		buf_puts(&h->out, first == '`' ? "` " : "`");
		h->ticked = true;
		return;
	}
	if (!h->literal || h->codes == 0 || h->pres > 0 || html_quote_depth(h) > 0 ||
	    h->bullet != NULL)
		return;
	buf_putc(&h->out, '`');
	h->ticked = true;
}

void
html_close_ticks(struct html *h)
{
	if (h->ticked)
		buf_putc(&h->out, '`');
	h->ticked = false;
}

/* What is struck through is shown so, line by line: no reader takes it for a command. */
static void
open_strike(struct html *h, char first)
{
	if (h->strikes == 0 || h->struck || h->fenced)
		return;
	/* Three of them would open a fence. */
	buf_puts(&h->out, first == '~' ? "~~ " : "~~");
	h->struck = true;
}

void
html_close_strike(struct html *h)
{
	if (h->struck)
		buf_puts(&h->out, "~~");
	h->struck = false;
}

static void
note_signature(struct html *h)
{
	if (h->signature_state == SIGNATURE_CLOSED)
		h->signature_state = html_in_quote(h) || h->attributions > 0 ? SIGNATURE_QUOTE
		                                                             : SIGNATURE_UNSURE;
}

/* Line ends, prefixes and white space that are due before the next visible byte, which is
 * first. */
static void
before_text(struct html *h, char first)
{
	bool answer = h->answers != 0 && html_is_answer(h);
	/* a fence does for what is in it */
	bool doubt = h->fenced ? h->doubted : h->doubts > 0 && html_quote_depth(h) == 0;

	if (answer != h->answering)
		html_want_breaks(h, 1);
	h->answering = answer;
	if (doubt != h->doubted)
		html_want_breaks(h, 1);
	h->doubted = doubt;
	note_signature(h);
	html_note_zone(h);
	h->blank = false;
	if (h->out.len == 0)
		h->breaks = 0;
	if (h->breaks > 0) {
		html_close_strike(h);
		html_close_ticks(h);
		for (; h->breaks > 0; h->breaks--)
			buf_putc(&h->out, '\n');
		h->started = false;
	}
	if (!h->started) {
		/* in front of a bullet too: no item of a section */
		open_ticks(h, first);
		put_line_start(h);
	} else if (h->cell)
		buf_putc(&h->out, '\t');
	else if (h->space)
		buf_putc(&h->out, ' ');
	open_strike(h, first);
	h->started = true;
	h->space = h->cell = false;
	h->plain_seen |= (h->pres == 0 && h->codes == 0) || h->doubts > 0;
}

/* Length of what counts as white space (or nothing at all) at the beginning of s; 0 if text. */
static size_t
blank_len(struct span s, bool *nothing_r)
{
	*nothing_r = false;
	if (*s.ptr == ' ' || *s.ptr == '\t' || *s.ptr == '\n' || *s.ptr == '\r')
		return 1;
	if (span_starts(s, SPAN("\xC2\xA0")))
		return 2;
	*nothing_r = true;
	/* Soft hyphen; zero width space, word joiner, byte order mark; grapheme joiner. */
	if (span_starts(s, SPAN("\xC2\xAD")) || span_starts(s, SPAN("\xCD\x8F")))
		return 2;
	if (span_starts(s, SPAN("\xE2\x80\x8B")) || span_starts(s, SPAN("\xE2\x81\xA0")) ||
	    span_starts(s, SPAN("\xEF\xBB\xBF")))
		return 3;
	return 0;
}

/* Number of leading bytes that are certainly text. */
static size_t
text_run(struct span s)
{
	size_t i = 0;

	while (i < s.len && (unsigned char)s.ptr[i] > ' ' && s.ptr[i] != (char)0xC2 &&
	    s.ptr[i] != (char)0xCD && s.ptr[i] != (char)0xE2 && s.ptr[i] != (char)0xEF)
		i++;
	return i;
}

void
html_put_flowing(struct html *h, struct span s)
{
	while (s.len > 0) {
		bool nothing;
		size_t n = text_run(s);

		if (n == 0) {
			n = blank_len(s, &nothing);
			if (n > 0) {
				h->space |= !nothing;
				h->blank |= *s.ptr == (char)0xC2 && !nothing;
				s = span_skip(s, n);
				continue;
			}
			n = 1;
		}
		before_text(h, *s.ptr);
		buf_put(&h->out, s.ptr, n);
		s = span_skip(s, n);
		/* The rest of a multibyte character follows its first byte. */
		n = 0;
		while (n < s.len && ((unsigned char)s.ptr[n] & 0xC0) == 0x80)
			n++;
		buf_put(&h->out, s.ptr, n);
		s = span_skip(s, n);
	}
}

/* Text in which line ends count, and that is no code. */
void
html_put_lines(struct html *h, struct span s)
{
	while (s.len > 0) {
		size_t n = span_find_byte(s, '\n');

		html_put_flowing(h, span_first(s, n));
		if (n < s.len) {
			h->breaks = h->breaks < 2 ? h->breaks + 1 : 2;
			h->space = h->cell = false;
		}
		s = span_skip(s, n + 1);
	}
}

/* A fence around what is preformatted, but for quotes, and signatures, which some programs put
 * so. */
static void
open_fence(struct html *h, struct span line)
{
	if (!h->literal || h->fenced || h->signature || html_quote_depth(h) > 0)
		return;
	h->signature = h->doubts == 0 && span_starts(line, SPAN("--"));
	if (h->signature)
		return;
	if (h->out.len > 0) {
		html_close_strike(h);
		html_close_ticks(h);
		buf_puts(&h->out, h->breaks > 1 ? "\n\n" : "\n");
	}
	buf_puts(&h->out, "```\n");
	h->breaks = 0;
	h->started = false;
	h->fenced = true;
}

void
html_close_fence(struct html *h)
{
	h->signature = false;
	if (!h->fenced)
		return;
	buf_puts(&h->out, "\n```");
	h->fenced = false;
	html_want_breaks(h, 1);
}

void
html_put_preformatted(struct html *h, struct span s)
{
	struct span line;

	while (s.len > 0) {
		size_t n = span_find_byte(s, '\n');

		line = span_first(s, n);
		if (line.len > 0 && line.ptr[line.len - 1] == '\r')
			line.len--;
		if (line.len > 0) {
			open_fence(h, line);
			before_text(h, *line.ptr);
			/* a line of code that would close the fence */
			if (h->fenced && span_starts(line, SPAN("```")))
				buf_puts(&h->out, "    ");
			buf_put_span(&h->out, line);
		}
		if (n < s.len) {
			/* An empty line in it stays one. */
			if (h->breaks > 0 || !h->started)
				h->breaks = 2;
			else
				h->breaks = 1;
		}
		s = span_skip(s, n + 1);
	}
}

