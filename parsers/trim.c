/* SPDX-License-Identifier: ISC */
/*
 * trim: see trim.h. In order: split the body into lines; pair fences of code, inside which
 * nothing is recognised; mark quotes and what introduces them, from the top; mark the ends of
 * the author's parts; keep the quoted line that an answer between quotes belongs to; where
 * nothing of the author's is left, keep what was forwarded or quoted, as a quote. Each step is
 * one walk over the lines.
 */
#include "config.h"

#include "parsers/trim.h"

#include <string.h>

#include "parsers/fence.h"
#include "parsers/trim_private.h"

#define TAIL_BYTES 48

struct span
trim_line_span(const struct trim_body *t, size_t i)
{
	return (struct span){t->body.ptr + t->lines[i].start, t->lines[i].len};
}

/* ---- lines ---------------------------------------------------------------------------------- */

static bool
is_ruler(struct span line)
{
	line = span_trim(line);
	for (size_t i = 0; i < line.len; i++)
		if (strchr("_-=*", line.ptr[i]) == NULL)
			return false;
	return line.len > 0;
}

/* The end of a line, with room for the longest verb and the word before it. */
static struct span
line_tail(struct span line)
{
	size_t from = line.len > TAIL_BYTES ? line.len - TAIL_BYTES : 0;

	while (from > 0 && ((unsigned char)line.ptr[from] & 0xc0) == 0x80)
		from--;
	return span_skip(line, from);
}

static bool
is_terminal(struct span line)
{
	struct fold fold = {.len = 0};

	line = span_trim(line);
	if (line.len == 0 || line.len > FOLD_MAX || is_ruler(line))
		return false;
	if (strchr(":->", line.ptr[line.len - 1]) != NULL || span_ends(line, SPAN("\xef\xbc\x9a")))
		return true;
	line = line_tail(line);
	return line.len > 4 && fold_add(&fold, line) && words_ends_wrote(fold_span(&fold));
}

static bool
is_blank(struct span line)
{
	for (size_t i = 0; i < line.len; i++) {
		if ((unsigned char)line.ptr[i] == 0xc2 && i + 1 < line.len &&
		    (unsigned char)line.ptr[i + 1] == 0xa0)
			i++;
		else if (line.ptr[i] != ' ' && line.ptr[i] != '\t')
			return false;
	}
	return true;
}

static void
split_lines(struct arena *arena, struct trim_body *t)
{
	struct span rest = t->body, line;
	size_t n = 0;

	while (span_next_line(&rest, &line))
		n++;
	t->lines = arena_array(arena, n + 1, sizeof *t->lines);
	rest = t->body;
	while (span_next_line(&rest, &line)) {
		struct trim_line *l = &t->lines[t->n++];

		l->start = (uint32_t)(line.ptr - t->body.ptr);
		l->len = (uint32_t)line.len;
		l->blank = is_blank(line);
		l->quoted = line.len > 0 && *line.ptr == '>';
		l->terminal = is_terminal(line);
	}
}

static void
look_ahead(struct arena *arena, struct trim_body *t)
{
	t->next_text = arena_array(arena, t->n + 1, sizeof *t->next_text);
	t->next_quote = arena_array(arena, t->n + 1, sizeof *t->next_quote);
	t->next_text[t->n] = t->next_quote[t->n] = t->n;
	for (size_t i = t->n; i-- > 0;) {
		t->next_text[i] = t->lines[i].blank ? t->next_text[i + 1] : i;
		t->next_quote[i] = t->lines[i].quoted ? i : t->next_quote[i + 1];
	}
}

static void
pair_fences(struct trim_body *t)
{
	struct fence fence;
	size_t open = t->n;

	for (size_t i = 0; i < t->n; i++) {
		if (open == t->n) {
			if (fence_opens(trim_line_span(t, i), &fence))
				open = i;
			continue;
		}
		if (!fence_closes(trim_line_span(t, i), &fence))
			continue;
		for (; open <= i; open++) {
			t->lines[open].fenced = true;
			t->lines[open].quoted = false;
		}
		open = t->n;
	}
}

/* A lone ">From" is what mailboxes make of a line that begins with "From". */
static void
unquote_from(struct trim_body *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (span_starts(trim_line_span(t, i), SPAN(">From ")) &&
		    (i == 0 || !t->lines[i - 1].quoted) &&
		    (i + 1 == t->n || !t->lines[i + 1].quoted))
			t->lines[i].quoted = false;
}

/* ---- quotes --------------------------------------------------------------------------------- */

/* The rule and the blank lines above an introduction belong to it. */
static void
mark_rule_above(struct trim_body *t, size_t i, enum trim_mark mark)
{
	size_t j = i;

	while (j > 0 && t->lines[j - 1].blank)
		j--;
	if (j > 0 && t->lines[j - 1].mark == MARK_OWN && t->lines[j - 1].len >= 4 &&
	    is_ruler(trim_line_span(t, j - 1)))
		for (size_t k = j - 1; k < i; k++)
			t->lines[k].mark = (uint8_t)mark;
}

static void
mark_range(struct trim_body *t, size_t from, size_t to, enum trim_mark mark)
{
	for (size_t i = from; i < to; i++)
		t->lines[i].mark = (uint8_t)mark;
}

/* A line between two quoted ones that is only the rest of a link the mail program broke. */
static bool
is_broken_link(const struct trim_body *t, size_t i)
{
	struct span line = span_trim(trim_line_span(t, i)), above;
	size_t link;

	if (i == 0 || i + 1 >= t->n || !t->lines[i - 1].quoted || !t->lines[i + 1].quoted)
		return false;
	if (span_starts(line, SPAN("(http")) || span_starts(line, SPAN("<http")))
		return true;
	above = trim_line_span(t, i - 1);
	link = span_find(above, SPAN("http"));
	return link < above.len && link > 0 && strchr("(<", above.ptr[link - 1]) != NULL &&
	    span_find_byte(span_skip(above, link), above.ptr[link - 1] == '(' ? ')' : '>') ==
		above.len - link && span_find_byte(line, ' ') == line.len;
}

/* Marks quotes from the top. is_forward: what is introduced is forwarded, not quoted. */
static void
mark_quotes(struct trim_body *t, bool is_forward)
{
	struct trim_intro intro;
	size_t shared;

	for (size_t i = 0; i < t->n; i++) {
		if (t->lines[i].mark != MARK_OWN || t->lines[i].blank)
			continue;
		if (t->lines[i].quoted || is_broken_link(t, i)) {
			t->lines[i].mark = MARK_QUOTE;
			continue;
		}
		shared = trim_find_shared(t, i, &intro);
		if (shared > 0) {
			t->lines[i].len = (uint32_t)shared;
			t->lines[i].cut = true;
		} else if (trim_find_intro(t, i, &intro)) {
			if (is_forward && intro.mark != MARK_ATTRIBUTION)
				intro.forwarded = true;
			mark_range(t, i, intro.end, intro.forwarded ? MARK_FORWARDED : intro.mark);
			mark_rule_above(t, i, (enum trim_mark)t->lines[i].mark);
		} else
			continue;
		if (intro.strong)
			mark_range(t, intro.end, t->n,
			    intro.forwarded ? MARK_FORWARDED : MARK_QUOTE);
		i = intro.end - 1;
	}
}

/* ---- answers between quotes ------------------------------------------------------------------ */

static void
mark_tails(struct trim_body *t)
{
	size_t i = 0;

	while (i < t->n) {
		size_t from = i;

		while (i < t->n && t->lines[i].mark == MARK_OWN)
			i++;
		if (i > from)
			trim_tail(t, from, i);
		while (i < t->n && t->lines[i].mark != MARK_OWN)
			i++;
	}
}

static bool
is_own(const struct trim_line *line)
{
	return line->mark == MARK_OWN && !line->blank;
}

/*
 * A run of quoted lines is answered where the author's words follow it. Two answered runs, or
 * one that the author put there without an attribution, are answers between quotes: each run
 * keeps its last line, a short one without attribution all its lines.
 */
static void
keep_context(struct trim_body *t)
{
	bool introduced = false;
	size_t answered = 0, first = t->n, last = t->n;

	for (int pass = 0; pass < 2; pass++) {
		first = last = t->n;
		for (size_t i = 0; i < t->n; i++) {
			struct trim_line *line = &t->lines[i];

			if (line->mark == MARK_QUOTE && line->quoted) {
				first = first == t->n ? i : first;
				last = i;
			} else if (is_own(line) && last < t->n) {
				bool whole = !introduced && last - first < 4;

				answered += pass == 0;
				if (pass == 1 && (answered >= 2 || !introduced))
					for (size_t k = whole ? first : last; k <= last; k++)
						t->lines[k].context = true;
				first = last = t->n;
			} else if (line->mark != MARK_OWN && line->mark != MARK_QUOTE) {
				introduced |= pass == 0 && (line->mark == MARK_ATTRIBUTION ||
				    line->mark == MARK_HEADER);
				if (!line->blank)
					first = last = t->n;
			}
			introduced |= pass == 0 && line->cut;
		}
	}
}

/* The last line of a run may be an empty quote ">": the context is the last with words. */
static void
settle_context(struct trim_body *t)
{
	for (size_t i = t->n; i-- > 0;) {
		struct trim_line *line = &t->lines[i];
		struct span s = trim_line_span(t, i);

		if (!line->context)
			continue;
		while (s.len > 0 && strchr("> \t", *s.ptr) != NULL)
			s = span_skip(s, 1);
		if (s.len > 0 || i == 0)
			continue;
		line->context = false;
		if (t->lines[i - 1].mark == MARK_QUOTE && t->lines[i - 1].quoted)
			t->lines[i - 1].context = true;
	}
}

/* ---- the result ------------------------------------------------------------------------------ */

static const char *
mark_name(enum trim_mark mark)
{
	switch (mark) {
	case MARK_OWN: break;
	case MARK_QUOTE: return "quote";
	case MARK_ATTRIBUTION: return "attribution";
	case MARK_HEADER: return "header";
	case MARK_FORWARDED: return "forwarded";
	case MARK_SIGNATURE: return "signature";
	case MARK_DISCLAIMER: return "disclaimer";
	case MARK_FOOTER: return "footer";
	}
	return "blank";
}

struct writer {
	char *text;
	size_t len;
	uint32_t *lines;
	size_t n;
	bool after_drop; /* something was left out just above */
	bool gap;        /* a blank line was */
};

static void
write_line(struct writer *w, const struct trim_body *t, size_t i, bool as_quote)
{
	struct span line = trim_line_span(t, i);

	if (!t->lines[i].fenced)
		line = span_rtrim(line);
	if (as_quote && !t->lines[i].quoted) {
		w->text[w->len++] = '>';
		if (line.len > 0)
			w->text[w->len++] = ' ';
	}
	if (line.len > 0)
		memcpy(w->text + w->len, line.ptr, line.len);
	w->len += line.len;
	w->text[w->len++] = '\n';
	w->lines[w->n++] = (uint32_t)(i + 1);
	w->after_drop = w->gap = false;
}

/* Which lines stay: the author's and their context, or, as the last resort, the older mail. */
static bool
stays(const struct trim_line *line, bool restore)
{
	if (restore)
		return line->mark == MARK_QUOTE || line->mark == MARK_FORWARDED;
	return line->mark == MARK_OWN || line->context;
}

static void
write_text(struct arena *arena, const struct trim_body *t, bool restore,
    struct trim_result *result)
{
	struct writer w = {.after_drop = true};

	w.text = arena_alloc(arena, t->body.len + 3 * t->n + 1);
	w.lines = arena_array(arena, t->n + 1, sizeof *w.lines);
	for (size_t i = 0; i < t->n; i++) {
		if (!stays(&t->lines[i], restore)) {
			w.after_drop = true;
			w.gap |= t->lines[i].blank;
			continue;
		}
		if (t->lines[i].blank && w.after_drop) {
			w.gap = true;
			continue;
		}
		if (w.gap && w.n > 0 && w.text[w.len - 1] == '\n' &&
		    (w.len < 2 || w.text[w.len - 2] != '\n')) {
			w.text[w.len++] = '\n';
			w.lines[w.n++] = (uint32_t)i;
		}
		write_line(&w, t, i, restore);
	}
	while (w.n > 0 && w.len > 0 && (w.len == 1 || w.text[w.len - 2] == '\n')) {
		w.len--;
		w.n--;
	}
	if (w.len > 0)
		w.len--; /* the last line end */
	w.text[w.len] = '\0';
	result->text = w.text;
	result->lines = w.lines;
	result->n_lines = w.n;
}

/* Marks as ranges; blank lines between two pieces of the same kind belong to them. */
static void
list_trimmed(struct arena *arena, const struct trim_body *t, bool restore,
    struct trim_result *result)
{
	size_t cap = 0;

	for (size_t i = 0; i < t->n; i++) {
		const struct trim_line *line = &t->lines[i];
		const char *why = mark_name((enum trim_mark)line->mark);
		struct reading_trimmed *last = result->n_trimmed > 0 ?
		    &result->trimmed[result->n_trimmed - 1] : NULL;

		if (line->cut)
			why = "attribution";
		else if (line->mark == MARK_OWN || line->blank || stays(line, restore))
			continue;
		if (last != NULL && strcmp(last->why, why) == 0 &&
		    t->next_text[last->to_line] == i) {
			last->to_line = (uint32_t)(i + 1);
			continue;
		}
		*ARENA_PUSH(arena, result->trimmed, result->n_trimmed, cap) =
		    (struct reading_trimmed){why, (uint32_t)(i + 1), (uint32_t)(i + 1)};
	}
}

/* Where nothing else is there, what looks like a program's words may be the author's: it stays. */
static void
keep_alone(struct trim_body *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->lines[i].mark == MARK_DISCLAIMER || t->lines[i].mark == MARK_FOOTER ||
		    t->lines[i].mark == MARK_HEADER)
			t->lines[i].mark = MARK_OWN;
}

void
trim_reply(struct arena *arena, struct span body, bool is_forward, struct trim_result *result_r)
{
	struct trim_body t = {.body = body};
	bool own = false, older = false;

	*result_r = (struct trim_result){.text = ""};
	split_lines(arena, &t);
	pair_fences(&t);
	unquote_from(&t);
	look_ahead(arena, &t);
	mark_quotes(&t, is_forward);
	mark_tails(&t);
	keep_context(&t);
	settle_context(&t);
	for (size_t i = 0; i < t.n; i++) {
		own |= is_own(&t.lines[i]);
		older |= !t.lines[i].blank && stays(&t.lines[i], true);
	}
	if (!own && !older)
		keep_alone(&t);
	write_text(arena, &t, !own && older, result_r);
	list_trimmed(arena, &t, !own && older, result_r);
}
