/* SPDX-License-Identifier: ISC */
/*
 * trim_tail: what ends an author's part: signature, line of the telephone, closing with a name
 * and address, disclaimer, list footer. Works upwards from the end and stops at the first
 * paragraph that might be the author's. A closing counts only where a name and nothing but the
 * lines of a visiting card follow.
 */
#include "config.h"

#include <string.h>
#include <unistr.h>

#include "parsers/trim_private.h"
#include "parsers/verb.h"

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

/* A word that people also write as an answer on a line of its own. */
static bool
is_answer(struct span line)
{
	static const char *const words[] = {"done", "next", "blocked", "today", "yesterday",
	    "goals", "time", "notes", "start", "stop", "skip", "same", "away", "yes", "no", "ok",
	    "okay", "agree", "object", "abstain", "blockers", "y", "t", "b", "g", "erledigt",
	    "fertig", "fait", "terminé", "hecho", "feito", "klaar", "ja", "nein", "oui", "non",
	    "sí", "si", "sim", "não", "nee", "ps", "p.s", "approved", "fixed", "ready", "works",
	    "merged", "deployed", "shipped", "closed", "resolved", "great", "perfect", "super",
	    "prima", "parfait", "listo", "pronto", "perfetto", "fatto", "finito", "klar", "klart",
	    "färdig", "færdig", "ferdig", "valmis", "valmista", "hotovo", "gotowe", "готово",
	    "tamam", "tamamlandı"};
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

/* Lines that no signature has: a command, a bullet, "I am ...". */
static bool
has_own_line(const struct trim_body *t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct span line = trim_line_span(t, i);
		struct fold fold;

		if (line.len > 1 &&
		    ((*line.ptr == '/' && line.ptr[1] >= 'a' && line.ptr[1] <= 'z') ||
			(strchr("-*+", *line.ptr) != NULL && line.ptr[1] == ' ')))
			return true;
		if (fold_line(&fold, t, i) && words_has_self(fold_span(&fold)))
			return true;
		if (!t->lines[i].blank && (line.len < 3 || is_answer(line)))
			return true;
	}
	return false;
}

static bool
is_rule(struct span line)
{
	line = span_trim(line);
	if (line.len < 2)
		return false;
	while (line.len > 0) {
		bool wide = span_starts(line, SPAN("—")) || span_starts(line, SPAN("–"));

		if (!wide && strchr("_-=*~", *line.ptr) == NULL)
			return false;
		line = span_skip(line, wide ? 3 : 1);
	}
	return true;
}

/* ---- paragraphs at the end ------------------------------------------------------------------ */

static bool
is_disclaimer(const struct trim_body *t, size_t from, size_t to)
{
	struct fold fold = {.len = 0};
	bool named = false, self = false;
	unsigned hits = 0;
	size_t bytes = 0;

	if (!fold_add(&fold, span_first(trim_line_span(t, from), 200)))
		return false;
	if (!words_starts_disclaimer(fold_span(&fold)) &&
	    !words_may_start_disclaimer(fold_span(&fold)))
		return false;
	for (size_t i = from; i < to; i++) {
		struct span rest = trim_line_span(t, i);

		bytes += rest.len;
		while (rest.len > 0) {
			fold.len = 0;
			if (fold_add(&fold, span_first(rest, 400))) {
				hits += words_in_disclaimer(fold_span(&fold));
				named |= words_names_reader(fold_span(&fold));
				self |= words_has_self(fold_span(&fold));
			}
			rest = span_skip(rest, 400);
		}
	}
	return !self && named &&
	    ((hits >= 2 && bytes >= 50) || (hits >= 1 && bytes >= 150));
}

static bool
has_link(struct span s)
{
	return span_find(s, SPAN("http")) < s.len || words_has_mail(s);
}

/* "https://example.org/mailman/listinfo/dev" and nothing else. */
static bool
is_list_link(struct span s)
{
	return span_find_byte(s, ' ') == s.len && span_find(s, SPAN("/listinfo/")) < s.len;
}

static bool
has_link_below(const struct trim_body *t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct fold fold;

		if (fold_line(&fold, t, i) && has_link(fold_span(&fold)))
			return true;
	}
	return false;
}

/* A rule in the paragraph itself, or the line above it. */
static bool
is_ruled(const struct trim_body *t, size_t from)
{
	size_t above = from;

	while (above > 0 && t->lines[above - 1].blank)
		above--;
	return is_rule(trim_line_span(t, from)) ||
	    (above > 0 && is_rule(trim_line_span(t, above - 1)));
}

/* The line that a footer begins with, or `to` for none: a rule, or the first of its own lines. */
static size_t
find_footer(const struct trim_body *t, size_t from, size_t to)
{
	bool ruled = is_rule(trim_line_span(t, from)), list = false;

	if (to - from > 10)
		return to;
	for (size_t i = from; i < to; i++) {
		struct fold fold;
		struct span s;

		if (!fold_line(&fold, t, i))
			continue;
		s = fold_span(&fold);
		if (words_in_footer(s) || is_list_link(s) || (words_may_be_footer(s) &&
		    (is_ruled(t, from) || has_link_below(t, i, to))))
			return ruled ? from : i;
		list |= span_find(s, SPAN("mailing list")) < s.len ||
		    span_find(s, SPAN("/listinfo/")) < s.len;
	}
	return ruled && list ? from : to;
}

/* A command, or a few words about an item: "/done", "#42 done", "2h #42". */
static bool
is_command_line(struct span line)
{
	struct span word;
	size_t end = 1;
	unsigned words = 0;
	bool item = false;

	if (line.len > 1 && *line.ptr == '/') {
		while (end < line.len && ((line.ptr[end] >= 'a' && line.ptr[end] <= 'z') ||
		    line.ptr[end] == '-'))
			end++;
		return verb_find(span_skip(span_first(line, end), 1)) != NULL;
	}
	while (words < 7 && span_next_word(&line, &word)) {
		item |= word.len > 1 && *word.ptr == '#' && word.ptr[1] >= '0' &&
		    word.ptr[1] <= '9';
		words++;
	}
	return item && words < 6;
}

/* What a person wants done is no boilerplate, whatever stands around it. */
static bool
has_command(const struct trim_body *t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (is_command_line(trim_line_span(t, i)))
			return true;
	return false;
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
	size_t dropped_from = to, first = to;
	enum trim_mark below = MARK_OWN;

	while (to > from) {
		enum trim_mark mark = MARK_OWN;
		size_t begin, footer;

		if (t->lines[to - 1].blank) {
			to--;
			continue;
		}
		/* only once a paragraph, however many lines go one by one */
		if (first >= to)
			for (first = to; first > from && !t->lines[first - 1].blank;)
				first--;
		begin = first;
		if (t->lines[begin].fenced || t->lines[to - 1].fenced)
			break;
		if (is_sent_from(t, begin, to))
			mark = MARK_SIGNATURE;
		else if (is_sent_from(t, to - 1, to))
			mark = MARK_SIGNATURE, begin = to - 1;
		else if (has_command(t, begin, to))
			break;
		else if (is_disclaimer(t, begin, to))
			mark = MARK_DISCLAIMER;
		else if ((footer = find_footer(t, begin, to)) < to)
			mark = MARK_FOOTER, begin = footer;
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

/* Small words inside names and titles: "Ana de la Cruz", "Head of Sales", "Tests und Abnahme". */
static bool
is_particle(struct span word)
{
	static const char *const words[] = {"of", "and", "the", "at", "for", "in", "on", "von",
	    "van", "de", "der", "den", "del", "della", "di", "da", "do", "dos", "das", "du", "des",
	    "la", "le", "les", "el", "al", "bin", "ibn", "und", "f\xc3\xbcr", "et", "e", "y", "i",
	    "en", "voor", "ter", "ten", "te", "zu", "zur", "zum", "af", "av", "og", "och", "ja",
	    "d.", "dr.", "iur."};

	for (size_t i = 0; i < sizeof(words) / sizeof *words; i++)
		if (span_is(word, words[i]))
			return true;
	return false;
}

/* "Login Ok", "Deploy Friday": a word that no name has. */
static bool
has_word_of_work(struct span line)
{
	static const char *const words[] = {"ok", "okay", "done", "fixed", "ready", "works",
	    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today",
	    "tomorrow", "yesterday", "tonight", "soon", "now", "montag", "dienstag", "mittwoch",
	    "donnerstag", "freitag", "heute", "morgen", "fertig", "lundi", "mardi", "mercredi",
	    "jeudi", "vendredi", "demain", "lunes", "martes", "jueves", "viernes", "vrijdag",
	    "maandag",
	    /* what sentences are made of */
	    "no", "not", "all", "it", "is", "are", "at", "go", "up", "out", "please", "this",
	    "that", "we", "you", "they", "yes", "here", "there", "option", "plan", "room", "will",
	    "with", "from", "to", "see", "good", "fine", "great", "deploy", "alles", "gut",
	    "passt", "so", "das", "ist", "geht", "bitte", "nicht", "wir", "c'est", "bon", "bien",
	    "tout", "pas", "voilà", "ya", "está", "todo", "va", "bene", "tutto",
	    "sono", "ecco", "tudo", "já", "bom", "het", "alle", "goed", "allt", "alt",
	    "bra", "godt", "jest", "dobrze", "je", "vše"};
	struct span word;

	while (span_next_word(&line, &word))
		for (size_t i = 0; i < sizeof(words) / sizeof *words; i++)
			if (span_iis(word, words[i]))
				return true;
	return false;
}

/* Names without capitals are short: "김철수 드림", "山田 太郎". */
static bool
is_plain_name(struct span line)
{
	struct span rest = line, word;
	size_t letters = 0;
	unsigned n = 0;

	while (span_next_word(&rest, &word)) {
		if (span_is(word, "\xeb\x93\x9c\xeb\xa6\xbc") ||
		    span_is(word, "\xec\x98\xac\xeb\xa6\xbc"))
			continue;
		letters += u8_mbsnlen((const uint8_t *)word.ptr, word.len);
		if (words_first_letter(word) != LETTER_PLAIN || ++n > 2)
			return false;
	}
	return letters >= 2 && letters <= 4;
}

/* Up to max words, each beginning with a capital, but for particles and figures. */
static bool
is_capitalised(struct span line, unsigned max, bool digits_too)
{
	struct span rest = line, word;
	unsigned n = 0, capitals = 0;

	line = span_trim(line);
	if (line.len == 0 || line.len > 60 || strchr("?!:", line.ptr[line.len - 1]) != NULL)
		return false;
	if (is_plain_name(line))
		return true;
	while (span_next_word(&rest, &word)) {
		enum letter letter = words_first_letter(word);

		if (strchr("/#>-+*@", *word.ptr) != NULL && word.len > 1)
			return false;
		if (letter == LETTER_PLAIN ||
		    (letter == LETTER_SMALL && (n == 0 || !is_particle(word))))
			return false;
		for (size_t i = 0; i < word.len && !digits_too; i++)
			if (word.ptr[i] >= '0' && word.ptr[i] <= '9')
				return false;
		capitals += letter == LETTER_CAPITAL;
		n++;
	}
	return n >= 1 && n <= max && (capitals > 0 || digits_too);
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

/* What stands first below a bare "--": a name or a title, an address, or a program's line. */
static bool
is_no_sentence(const struct trim_body *t, size_t i)
{
	struct fold fold;
	struct span line;

	if (i >= t->n || !fold_line(&fold, t, i))
		return true;
	line = trim_line_span(t, i);
	return (is_capitalised(line, 8, true) && !is_answer(line) && !has_word_of_work(line)) ||
	    is_contact(line) || is_sent_from(t, i, i + 1) || words_in_footer(fold_span(&fold)) ||
	    words_may_be_footer(fold_span(&fold)) || words_starts_disclaimer(fold_span(&fold));
}

/* "-- " always begins a signature (RFC 3676 section 4.3); "--" only a short one below a text. */
static size_t
find_delimiter(const struct trim_body *t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct span line = trim_line_span(t, i);

		if (t->lines[i].fenced || line.len < 2 || line.len > 6)
			continue;
		if (span_is(line, "-- ") || span_is(line, "--\xc2\xa0"))
			return i;
		if (span_is(line, "--") && i + BARE_DELIMITER_LINES * 4 >= to &&
		    count_text(t, i + 1, to) <= BARE_DELIMITER_LINES && t->next_text[0] < i &&
		    !has_own_line(t, i + 1, to) && is_no_sentence(t, t->next_text[i + 1]))
			return i;
	}
	return to;
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
			if (!is_capitalised(line, 4, false) || is_answer(line) ||
			    has_word_of_work(line))
				return false;
			named = true;
		} else if (!is_contact(line) && (!is_capitalised(line, 8, true) || is_answer(line)))
			return false;
	}
	return named;
}

static bool
has_contact(const struct trim_body *t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!t->lines[i].blank && is_contact(trim_line_span(t, i)))
			return true;
	return false;
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
		if (count_text(t, from, i - 1) > 0 && is_card(t, i, to) &&
		    (!words_is_thanks(fold_span(&fold)) || has_contact(t, i, to)))
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
