/* SPDX-License-Identifier: ISC */
/*
 * trim_tail: what ends an author's part: signature, line of the telephone, closing with a name
 * and address, disclaimer, list footer. Works upwards from the end and stops at the first
 * paragraph that might be the author's. A closing counts only where a name and nothing but the
 * lines of a visiting card follow.
 */
#include "config.h"

#include <string.h>

#include "parsers/trim_private.h"

#define CARD_LINES 8
#define BARE_DELIMITER_LINES 12

static void
mark_lines(struct trim_body *t, size_t from, size_t to, enum trim_mark mark)
{
	for (size_t i = from; i < to; i++)
		if (t->lines[i].mark == MARK_OWN)
			t->lines[i].mark = (uint8_t)mark;
}

static size_t
count_text(const struct trim_body *t, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += !t->lines[i].blank;
	return n;
}

/* "-- " always begins a signature (RFC 3676 section 4.3); "--" only a short one. */
static size_t
find_delimiter(const struct trim_body *t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct span line = trim_line_span(t, i);

		if (t->lines[i].fenced || line.len < 2 || line.len > 6)
			continue;
		if (span_is(line, "-- ") || span_is(line, "--\xc2\xa0") ||
		    (span_is(line, "--") && count_text(t, i + 1, to) <= BARE_DELIMITER_LINES))
			return i;
	}
	return to;
}

static bool
is_rule(struct span line)
{
	line = span_trim(line);
	if (line.len < 2)
		return false;
	for (size_t i = 0; i < line.len; i++)
		if (strchr("_-=*~", line.ptr[i]) == NULL)
			return false;
	return true;
}

/* ---- paragraphs at the end ------------------------------------------------------------------ */

static bool
is_disclaimer(const struct trim_body *t, size_t from, size_t to)
{
	struct fold fold = {.len = 0};
	unsigned hits = 0;
	size_t bytes = 0;

	if (!fold_add(&fold, span_first(trim_line_span(t, from), 200)) ||
	    !words_starts_disclaimer(fold_span(&fold)))
		return false;
	for (size_t i = from; i < to; i++) {
		struct span rest = trim_line_span(t, i);

		bytes += rest.len;
		while (rest.len > 0) {
			fold.len = 0;
			if (fold_add(&fold, span_first(rest, 400)))
				hits += words_in_disclaimer(fold_span(&fold));
			rest = span_skip(rest, 400);
		}
	}
	return (hits >= 2 && bytes >= 50) || (hits >= 1 && bytes >= 150);
}

static bool
is_footer(const struct trim_body *t, size_t from, size_t to)
{
	bool ruled = is_rule(trim_line_span(t, from)), list = false;

	if (to - from > 10)
		return false;
	for (size_t i = from; i < to; i++) {
		struct fold fold;

		if (!fold_line(&fold, t, i))
			continue;
		if (words_in_footer(fold_span(&fold)))
			return true;
		list |= span_find(fold_span(&fold), SPAN("mailing list")) < fold_span(&fold).len;
	}
	return ruled && list;
}

static bool
is_sent_from(const struct trim_body *t, size_t from, size_t to)
{
	struct fold fold = {.len = 0};

	if (to - from > 2)
		return false;
	for (size_t i = from; i < to; i++)
		if (!fold_add(&fold, trim_line_span(t, i)) || !fold_add(&fold, SPAN(" ")))
			return false;
	return words_is_sent_from(fold_span(&fold));
}

/* Takes paragraphs that are surely not the author's off the end; gives the new end. */
static size_t
mark_paragraphs(struct trim_body *t, size_t from, size_t to)
{
	size_t dropped_from = to;
	enum trim_mark below = MARK_OWN;

	while (to > from) {
		enum trim_mark mark = MARK_OWN;
		size_t begin;

		if (t->lines[to - 1].blank) {
			to--;
			continue;
		}
		for (begin = to; begin > from && !t->lines[begin - 1].blank;)
			begin--;
		if (t->lines[begin].fenced || t->lines[to - 1].fenced)
			break;
		if (is_sent_from(t, begin, to))
			mark = MARK_SIGNATURE;
		else if (is_sent_from(t, to - 1, to))
			mark = MARK_SIGNATURE, begin = to - 1;
		else if (is_disclaimer(t, begin, to))
			mark = MARK_DISCLAIMER;
		else if (is_footer(t, begin, to))
			mark = MARK_FOOTER;
		else if (below != MARK_OWN && to - begin == 1 && is_rule(trim_line_span(t, begin)))
			mark = below;
		if (mark == MARK_OWN)
			break;
		mark_lines(t, begin, dropped_from, mark);
		below = mark;
		dropped_from = to = begin;
	}
	return to;
}

/* ---- closing and card ----------------------------------------------------------------------- */

static bool
is_upper_start(struct span word)
{
	return word.len > 0 && ((*word.ptr >= 'A' && *word.ptr <= 'Z') || (unsigned char)*word.ptr >= 0x80);
}

/* A word that people also write as an answer on a line of its own. */
static bool
is_answer(struct span line)
{
	static const char *const words[] = {"done", "next", "blocked", "today", "yesterday", "goals",
		"time", "notes", "start", "stop", "skip", "same", "away", "yes", "no", "ok", "okay",
		"agree", "object", "abstain", "blockers", "y", "t", "b", "g", "erledigt", "fertig",
		"fait", "terminé", "hecho", "feito", "klaar", "ja", "nein", "oui", "non", "sí", "si",
		"sim", "não", "nee", "ps", "p.s", "approved", "fixed"};
	struct fold fold = {.len = 0};

	if (!fold_add(&fold, line))
		return false;
	while (fold.len > 0 && strchr(".:!?,", fold.text[fold.len - 1]) != NULL)
		fold.len--;
	for (size_t i = 0; i < sizeof(words) / sizeof *words; i++)
		if (span_is(fold_span(&fold), words[i]))
			return true;
	return false;
}

/* Up to max words, all of those with four letters and more beginning with a capital. */
static bool
is_capitalised(struct span line, unsigned max, bool digits_too)
{
	struct span rest = line, word;
	unsigned n = 0;

	line = span_trim(line);
	if (line.len == 0 || line.len > 60 || strchr("?!:", line.ptr[line.len - 1]) != NULL)
		return false;
	while (span_next_word(&rest, &word)) {
		if (strchr("/#>-+*@", *word.ptr) != NULL && word.len > 1)
			return false;
		if ((n == 0 || word.len >= 4) && !is_upper_start(word))
			return false;
		for (size_t i = 0; i < word.len && !digits_too; i++)
			if (word.ptr[i] >= '0' && word.ptr[i] <= '9')
				return false;
		n++;
	}
	return n >= 1 && n <= max;
}

/* Telephone, address or link: what only a card has. */
static bool
is_contact(struct span line)
{
	struct fold fold = {.len = 0};
	struct span s;
	size_t digits = 0;

	line = span_trim(line);
	if (line.len > 90 || *line.ptr == '/' || *line.ptr == '#' || !fold_add(&fold, line))
		return false;
	s = fold_span(&fold);
	for (size_t i = 0; i < s.len; i++) {
		digits += s.ptr[i] >= '0' && s.ptr[i] <= '9';
		if (s.ptr[i] == '#')
			return false;
	}
	if (span_starts(s, SPAN("www.")) || span_starts(s, SPAN("http")))
		return span_find_byte(s, ' ') == s.len;
	if (words_has_mail(s))
		return span_find_byte(s, ' ') == s.len || s.len < 60;
	return digits >= 6 && digits * 2 >= s.len - 6;
}

static bool
is_card(const struct trim_body *t, size_t from, size_t to)
{
	bool named = false;

	for (size_t i = from; i < to; i++) {
		struct span line = trim_line_span(t, i);

		if (t->lines[i].blank)
			continue;
		if (!named) {
			if (!is_capitalised(line, 4, false) || is_answer(line))
				return false;
			named = true;
		} else if (!is_contact(line) && (!is_capitalised(line, 8, true) || is_answer(line)))
			return false;
	}
	return named;
}

static void
mark_closing(struct trim_body *t, size_t from, size_t to)
{
	size_t seen = 0;

	for (size_t i = to; i > from && seen <= CARD_LINES + 1; i--) {
		struct fold fold;
		struct span line = trim_line_span(t, i - 1);

		if (t->lines[i - 1].fenced)
			return;
		if (t->lines[i - 1].blank || line.len > 100)
			continue;
		seen++;
		if (seen < 2 || line.len > 60 || !fold_line(&fold, t, i - 1) ||
		    !words_is_closing(fold_span(&fold)))
			continue;
		if (is_card(t, i, to))
			mark_lines(t, i - 1, to, MARK_SIGNATURE);
		return;
	}
}

/* A telephone's line in the middle goes too, where it is a paragraph of its own. */
static void
mark_inner_sent_from(struct trim_body *t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		bool above = i == from || t->lines[i - 1].blank;
		bool below = i + 1 >= to || t->lines[i + 1].blank;

		if (above && below && !t->lines[i].blank && !t->lines[i].fenced &&
		    trim_line_span(t, i).len < 160 && is_sent_from(t, i, i + 1))
			t->lines[i].mark = MARK_SIGNATURE;
	}
}

void
trim_tail(struct trim_body *t, size_t from, size_t to)
{
	size_t end = find_delimiter(t, from, to);

	mark_lines(t, end, to, MARK_SIGNATURE);
	end = mark_paragraphs(t, from, end);
	mark_closing(t, from, end);
	mark_inner_sent_from(t, from, end);
}
