/* SPDX-License-Identifier: ISC */
/*
 * command_rest: what is left of a line when a shape has taken what it knows. A figure or a date
 * there was meant for something, so it is refused and never dropped; and a line with one refused
 * piece is offered whole, with that piece mended.
 */
#include "config.h"

#include <string.h>

#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "parsers/command_private.h"
#include "parsers/duration.h"

#define TAIL_MAX 300 /* bytes of what follows, in a line to copy */
#define PIECE_WORDS 12 /* of a date or an amount */

/* p->rest may be a rewritten copy: then what stood before it is not known. */
static bool
on_line(const struct command_parser *p)
{
	return p->rest.ptr >= p->args.ptr && p->rest.ptr + p->rest.len <= p->args.ptr + p->args.len;
}

struct span
command_head(const struct command_parser *p)
{
	struct span head = {"", 0};

	if (on_line(p))
		head = span_rtrim(span_first(p->args, (size_t)(p->rest.ptr - p->args.ptr)));
	while (head.len > 0 && (strchr(",; \t", head.ptr[head.len - 1]) != NULL ||
		span_ends(head, SPAN(" -"))))
		head.len--;
	return head;
}

/* "friday: 9 calls": behind a colon stands a note. */
bool
command_is_parted(const struct command_parser *p)
{
	struct span head = command_head(p);

	return head.len > 0 && head.ptr[head.len - 1] == ':';
}

/* ---- a line with one piece mended ------------------------------------------------------------ */

/* Whether this text alone is refused for that reason, as a date or as an amount. */
static bool
refused_so(struct command_parser *p, struct span text, const char *why)
{
	struct when_context context = command_when_context(p, WHEN_FUTURE);
	struct refusal refusal = {NULL, NULL};
	struct reading_when *when;
	int64_t seconds;

	if (!when_parse(p->arena, text, &context, &when, &refusal) && refusal.why != NULL &&
	    strcmp(refusal.why, why) == 0)
		return true;
	return !duration_parse(p->arena, text, 0, 0, &seconds, &refusal) && refusal.why != NULL &&
	    strcmp(refusal.why, why) == 0;
}

/* The shortest beginning of p->rest, of whole words, that is refused so; empty for none. */
static struct span
refused_piece(struct command_parser *p, const char *why)
{
	struct span rest = span_trim(p->rest), after = rest, word, piece, right;

	for (unsigned n = 0; n < PIECE_WORDS && span_next_word(&after, &word); n++) {
		piece = span_first(rest, (size_t)(word.ptr + word.len - rest.ptr));
		while (piece.len > 0 && strchr(",;:", piece.ptr[piece.len - 1]) != NULL)
			piece.len--;
		size_t dots = span_find(piece, SPAN(".."));

		right = span_trim(span_skip(piece, dots + 2));
		if (dots < piece.len && refused_so(p, span_first(piece, dots), why))
			return span_rtrim(span_first(piece, dots));
		if (dots < piece.len && right.len > 0 && refused_so(p, right, why))
			return right;
		if (refused_so(p, piece, why))
			return piece;
	}
	return (struct span){"", 0};
}

/* "..05/04/2026 planning": the end of the range may be refused too. */
static struct span
mended_end(struct command_parser *p, struct span tail)
{
	struct when_context context = command_when_context(p, WHEN_FUTURE);
	struct refusal refusal = {NULL, NULL};
	struct span end = span_skip(tail, 2), rest = end;
	struct reading_when *when;

	if (!span_starts(tail, SPAN("..")) || !span_next_word(&rest, &end) ||
	    when_parse(p->arena, end, &context, &when, &refusal) || refusal.suggestion == NULL)
		return tail;
	return span_of(arena_printf(p->arena, "..%s%.*s", refusal.suggestion, SPAN_FMT(rest)));
}

const char *
command_mended(struct command_parser *p, const struct refusal *refusal)
{
	struct span piece, tail;
	const char *line;

	if (p->offered || refusal->suggestion == NULL || !on_line(p))
		return NULL;
	piece = refused_piece(p, refusal->why);
	if (piece.len == 0)
		return NULL;
	tail = mended_end(p, span_skip(p->args, (size_t)(piece.ptr + piece.len - p->args.ptr)));
	line = arena_printf(p->arena, "/%s %.*s%s%.*s", p->verb->name,
	    SPAN_FMT(span_first(p->args, (size_t)(piece.ptr - p->args.ptr))), refusal->suggestion,
	    SPAN_FMT(utf8_cut(tail, TAIL_MAX)));
	return command_is_read(p->arena, p->context, line) ? line : NULL;
}

/* ---- what is left over ----------------------------------------------------------------------- */

/* "9", "17.30": what may be a time of day; as "9:00", "17:30", or NULL. */
static const char *
as_clock(struct command_parser *p, struct span word)
{
	size_t dot = span_find_byte(word, '.');
	uint32_t hour, minute = 0;

	if (dot > 2 || !num_u32(span_first(word, dot), 24, &hour) ||
	    (dot < word.len && (word.len - dot != 3 ||
		!num_u32(span_skip(word, dot + 1), 59, &minute))))
		return NULL;
	return arena_printf(p->arena, "%u:%02u", (unsigned)hour, (unsigned)minute);
}

/* What to write where a figure is left behind a date: "friday 9" is "friday 9:00", and "20 Nov
 * 17 Uhr 30" is "2026-11-20 17:30". */
static void
offer_clock(struct command_parser *p)
{
	struct span word = command_peek(p), head = command_head(p);
	struct span tail = utf8_cut(span_skip(span_trim(p->rest), word.len), TAIL_MAX);
	const struct reading_when *when = p->command->when;
	const char *clock = as_clock(p, word), *line = NULL;
	uint32_t minute;

	if (when != NULL && when->precision == WHEN_MINUTE && when->local_end == NULL &&
	    span_ends(span_of(when->local), SPAN(":00")) && word.len == 2 &&
	    num_u32(word, 59, &minute))
		line = arena_printf(p->arena, "/%s %.10s %.2s:%02u%.*s", p->verb->name, when->local,
		    when->local + 11, (unsigned)minute, SPAN_FMT(tail));
	else if (clock != NULL)
		line = arena_printf(p->arena, "/%s %.*s %s%.*s", p->verb->name, SPAN_FMT(head),
		    clock, SPAN_FMT(tail));
	if (line == NULL || !command_is_read(p->arena, p->context, line))
		line = arena_printf(p->arena, "/%s %.*s", p->verb->name, SPAN_FMT(head));
	p->suggestion = line;
}

bool
command_no_rest(struct command_parser *p)
{
	while (p->rest.len > 0 && strchr(".!) \t", *p->rest.ptr) != NULL)
		p->rest = span_skip(p->rest, 1);
	if (command_at_end(p))
		return true;
	if (!p->offered)
		offer_clock(p);
	return false;
}

/* "21 Dec", "+ 21.12.", "and wed", "or monday": how far to the end of such a date, 0 for none. */
static size_t
second_date(struct command_parser *p)
{
	static const char *const joints[] = {"and", "or", "und", "oder", "et", "ou", "y", "o", "e",
	    "en", "of", "+", "&", "/"};
	struct when_context context = command_when_context(p, WHEN_FUTURE);
	struct span rest = p->rest, word;
	struct refusal refusal;
	struct reading_when *when;
	size_t n;

	if (!span_next_word(&rest, &word))
		return 0;
	rest = span_trim(rest);
	for (size_t i = 0; i < sizeof(joints) / sizeof *joints; i++)
		if (span_iis(word, joints[i]))
			goto joined;
	rest = p->rest;
joined:
	n = when_prefix(p->arena, rest, &context, &when, &refusal);
	return n > 0 ? (size_t)(rest.ptr + n - p->rest.ptr) : 0;
}

bool
command_no_figures(struct command_parser *p)
{
	struct span word = command_peek(p), head;
	size_t n;

	p->rest = span_trim(p->rest);
	if (word.len == 0 || command_is_parted(p))
		return true;
	head = command_head(p);
	n = second_date(p);
	if (n > 0) {
		(void)command_fail(p, "\"%.*s\" is a second date: each needs a line of its own, "
		    "and days in a row are written A..B",
		    SPAN_FMT(utf8_cut(span_first(p->rest, n), 60)));
		p->suggestion = arena_printf(p->arena, "/%s %.*s%.*s", p->verb->name,
		    SPAN_FMT(head), SPAN_FMT(utf8_cut(span_skip(p->rest, n), TAIL_MAX)));
	} else if (p->verb->shape == VERB_OFF && *word.ptr >= '0' && *word.ptr <= '9') {
		(void)command_fail(p, "does \"%.*s\" belong to the days? Write them as A..B; a "
		    "note that begins with a figure goes behind a colon",
		    SPAN_FMT(utf8_cut(word, 60)));
		p->suggestion = arena_printf(p->arena, "/%s %.*s", p->verb->name, SPAN_FMT(head));
	} else if (as_clock(p, word) != NULL) {
		(void)command_fail(p, "does \"%.*s\" belong to the date? Write a time as in 9:00; "
		    "a note that begins with a figure goes behind a colon", SPAN_FMT(word));
		if (!p->offered)
			offer_clock(p);
	} else
		return true;
	return false;
}
