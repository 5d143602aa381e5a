/* SPDX-License-Identifier: ISC */
/*
 * section_amount: amounts of time in what stands under Done (GRAMMAR 4.4). "(1h30m)" that closes
 * an entry is logged, a full stop behind it or not. What looks like an amount and is not logged
 * ("(90)", "(about 2h)", "- 2h", one in the middle) is reported, so that no time is lost unseen.
 */
#include "config.h"

#include "parsers/section.h"

#include <string.h>

#include "parsers/bare.h"
#include "parsers/duration.h"

#define PIECE_MAX 60   /* bytes between brackets that may be an amount */
#define CLOCK_HOURS 6  /* "(10:30)" may be a time of day, "(1:30)" is an amount */
#define WORDS_BEFORE 2 /* "about 2h", "took only 2h" */

static struct span
without_stop(struct span s)
{
	while (s.len > 0 && strchr(".,;:! \t", s.ptr[s.len - 1]) != NULL)
		s.len--;
	return s;
}

static bool
is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool
has_letter(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (is_letter(s.ptr[i]))
			return true;
	return false;
}

static bool
is_amount(struct grammar *g, struct span s, int64_t *seconds_r, struct refusal *refusal_r)
{
	*refusal_r = (struct refusal){NULL, NULL};
	return duration_parse(g->arena, s, 0, g->context.day_seconds, seconds_r, refusal_r);
}

struct span
section_take_amount(struct grammar *g, struct span text, struct section_entry *entry)
{
	struct span whole = without_stop(text), piece;
	struct refusal refusal;
	int64_t seconds;
	size_t at = whole.len;

	if (whole.len < 4 || whole.ptr[whole.len - 1] != ')')
		return text;
	while (at > 0 && whole.ptr[at - 1] != '(')
		at--;
	if (at == 0)
		return text;
	piece = span_trim(span_first(span_skip(whole, at), whole.len - at - 1));
	if (!is_amount(g, piece, &seconds, &refusal) ||
	    (!has_letter(piece) && seconds >= CLOCK_HOURS * 3600 &&
		span_find_byte(piece, ':') < piece.len))
		return text;
	entry->seconds = seconds;
	entry->has_seconds = true;
	return span_trim(span_first(whole, at - 1));
}

/* ---- what is not logged --------------------------------------------------------------------- */

static void
report(struct grammar *g, const struct section_entry *entry, struct span amount, const char *why)
{
	const char *item = entry->n_items != 1 ? "" :
	    arena_printf(g->arena, " #%u", (unsigned)entry->items[0]);

	grammar_add_error(g, entry->line, span_of(entry->text), why, amount.len == 0 ? NULL :
	    arena_printf(g->arena, "/spend %.*s%s", SPAN_FMT(amount), item));
}

static bool
report_place(struct grammar *g, const struct section_entry *entry, struct span amount)
{
	report(g, entry, amount, arena_printf(g->arena,
	    "no time was logged: under Done an amount closes the line, as in (%.*s)",
	    SPAN_FMT(amount)));
	return true;
}

/* "2026": a year, not an amount without its unit. */
static bool
is_year(struct span s)
{
	return s.len == 4 && (span_starts(s, SPAN("19")) || span_starts(s, SPAN("20")));
}

/* The amount that begins or ends the text between brackets: "2h with Ben", "about 2h". */
static struct span
find_amount(struct grammar *g, struct span piece)
{
	struct refusal refusal;
	int64_t seconds;
	struct span rest = piece, word;

	for (size_t n = piece.len; n > 1 && *piece.ptr >= '0' && *piece.ptr <= '9'; n--) {
		char next = n < piece.len ? piece.ptr[n] : ' ';

		if (!is_letter(next) && !(next >= '0' && next <= '9') &&
		    has_letter(span_first(piece, n)) &&
		    is_amount(g, span_first(piece, n), &seconds, &refusal))
			return span_trim(span_first(piece, n));
	}
	/* "~2h", "2-3h" */
	while (rest.len > 1 && (*rest.ptr < '0' || *rest.ptr > '9') && !is_letter(*rest.ptr))
		rest = span_skip(rest, 1);
	if (has_letter(rest) && is_amount(g, rest, &seconds, &refusal))
		return rest;
	rest = span_trim(span_skip(piece, 1 + span_find_byte(piece, '-')));
	if (has_letter(rest) && is_amount(g, rest, &seconds, &refusal))
		return rest;
	rest = piece;
	for (unsigned words = 0; words < WORDS_BEFORE && span_next_word(&rest, &word); words++) {
		rest = span_trim(rest);
		if (has_letter(rest) && is_amount(g, rest, &seconds, &refusal))
			return rest;
	}
	return (struct span){"", 0};
}

/* One text between brackets; closing: nothing stands behind it. True when it was reported. */
static bool
report_piece(struct grammar *g, const struct section_entry *entry, struct span piece, bool closing)
{
	struct when_context context = {.anchor = g->context.anchor, .zone = g->context.zone,
	    .tense = WHEN_PAST};
	struct refusal refusal, unused;
	struct reading_when *when;
	struct span amount;
	int64_t seconds;

	if (piece.len == 0 || piece.len > PIECE_MAX)
		return false;
	if (is_amount(g, piece, &seconds, &refusal)) {
		if (has_letter(piece))
			return report_place(g, entry, piece);
		if (!closing || entry->has_seconds)
			return false;
		report(g, entry, (struct span){"", 0}, arena_printf(g->arena,
		    "\"%.*s\" may be a time of day or an amount: write it as 10h30m",
		    SPAN_FMT(piece)));
		return true;
	}
	if (!closing || entry->has_seconds)
		return false;
	amount = find_amount(g, piece);
	/* "3 days ago" is a day, and no amount; "2-3h" is no time of day */
	if (amount.len > 0 && (span_find_byte(piece, ' ') == piece.len ||
	    !when_parse(g->arena, piece, &context, &when, &unused)))
		return report_place(g, entry, amount);
	if (amount.len > 0 || strchr("-0123456789", *piece.ptr) == NULL || is_year(piece) ||
	    refusal.suggestion == NULL || strcmp(refusal.suggestion, "1h30m") == 0)
		return false;
	report(g, entry, span_of(refusal.suggestion), refusal.why);
	return true;
}

static bool
report_brackets(struct grammar *g, const struct section_entry *entry)
{
	struct span rest = without_stop(span_of(entry->text));

	while (rest.len > 0) {
		size_t at = 0, end;

		while (at < rest.len && strchr("([", rest.ptr[at]) == NULL)
			at++;
		rest = span_skip(rest, at + 1);
		end = 0;
		while (end < rest.len && strchr("()[]", rest.ptr[end]) == NULL)
			end++;
		if (report_piece(g, entry, span_trim(span_first(rest, end)), end + 1 >= rest.len))
			return true;
		rest = span_skip(rest, end < rest.len && strchr("([", rest.ptr[end]) != NULL ? end :
		    end + 1);
	}
	return false;
}

/* "fixed it - 2h", "#42: 2h" */
static bool
report_tail(struct grammar *g, const struct section_entry *entry)
{
	static const char *const signs[] = {" - ", " \xe2\x80\x93 ", " \xe2\x80\x94 ", ": "};
	struct span text = without_stop(span_of(entry->text));
	struct refusal refusal;
	int64_t seconds;

	for (size_t i = 0; i < sizeof(signs) / sizeof *signs; i++) {
		struct span sign = span_of(signs[i]), tail = text;
		size_t at;

		while ((at = span_find(tail, sign)) < tail.len)
			tail = span_skip(tail, at + sign.len);
		if (tail.len < text.len && has_letter(tail) &&
		    is_amount(g, tail, &seconds, &refusal))
			return report_place(g, entry, tail);
	}
	return false;
}

/* "- 2h #42 review" under Done: a time entry's form behind a bullet. */
static bool
report_bare(struct grammar *g, const struct section_entry *entry)
{
	struct reading_command command;
	struct span text = span_of(entry->text), word;

	if (!bare_parse(g->arena, text, entry->line, false, false, &g->context, &command) ||
	    strcmp(command.verb, "spend") != 0)
		return false;
	if (*text.ptr == '#')
		(void)span_next_word(&text, &word);
	text = span_trim(text);
	report_place(g, entry, span_first(text, duration_prefix(g->arena, text, 0,
	    g->context.day_seconds, &command.seconds, &(struct refusal){NULL, NULL})));
	return true;
}

void
section_report_amounts(struct grammar *g)
{
	for (size_t i = 0; i < g->reading->n_sections; i++) {
		const struct reading_section *section = &g->reading->sections[i];

		for (size_t k = 0; section->kind == SECTION_DONE && k < section->n_entries; k++) {
			const struct section_entry *entry = &section->entries[k];

			if (!report_brackets(g, entry) && !entry->has_seconds &&
			    !report_tail(g, entry))
				(void)report_bare(g, entry);
		}
	}
}
