/* SPDX-License-Identifier: ISC */
/*
 * command_spend: a time entry: the amount, the day, items and the project in any order, then the
 * note. A second amount or a figure that would get lost in the note is refused.
 */
#include "config.h"

#include <string.h>

#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "parsers/base/zone.h"
#include "parsers/command_private.h"
#include "parsers/duration.h"
#include "parsers/timespan.h"

/* What parts a day from the note behind it: "monday, call", "monday: call", "monday - call". */
static void
skip_parting(struct command_parser *p)
{
	while (p->rest.len > 0 && strchr(" \t,;:", *p->rest.ptr) != NULL)
		p->rest = span_skip(p->rest, 1);
	if (p->rest.len > 1 && *p->rest.ptr == '-' && p->rest.ptr[1] == ' ')
		p->rest = span_trim(span_skip(p->rest, 2));
}

/* The amount before the day belongs to the line to copy. */
static bool
refuse_day(struct command_parser *p, struct span amount, const char *day, const char *why)
{
	struct refusal refusal = {why, NULL};

	while (amount.len > 0 && strchr(" ,;:", amount.ptr[amount.len - 1]) != NULL)
		amount.len--;
	refusal.suggestion = arena_printf(p->arena, "%.*s %s", SPAN_FMT(amount), day);
	return command_refuse_whole(p, &refusal, "a day");
}

/* A date that is refused, and "24/12", which may be one. "1/2 of it" and "1.2.3" begin a note. */
static bool
refuse_figures(struct command_parser *p, const struct when_context *context,
    struct refusal *refusal, struct span amount)
{
	struct reading_when *when;

	if (refusal->why == NULL && (!timespan_looks_dated(p->rest) ||
	    when_parse(p->arena, command_peek(p), context, &when, refusal) ||
	    refusal->suggestion == NULL))
		return false;
	return !refuse_day(p, amount, refusal->suggestion != NULL ? refusal->suggestion : "today",
	    refusal->why);
}

/* "last week" and "mon - wed" are no day of an entry; "this week" may begin a note. */
static bool
refuse_stretch(struct command_parser *p, size_t n, const struct reading_when *when,
    struct span amount)
{
	bool whole = span_trim(span_skip(p->rest, n)).len == 0;

	if ((when->precision == WHEN_DAY && when->local_end == NULL) ||
	    when->precision == WHEN_MINUTE || (!whole && !when->past))
		return false;
	return !refuse_day(p, amount, "yesterday", arena_printf(p->arena,
	    "a time entry is for one day, not for \"%.*s\"", SPAN_FMT(span_first(p->rest, n))));
}

/*
 * A day right behind the amount: "sat", "yesterday", of the past. Of "monday morning call" it is
 * monday; the rest is the note.
 */
static bool
take_day(struct command_parser *p, const struct timespan *span, struct span amount,
    bool *failed_r)
{
	struct when_context context = command_when_context(p, WHEN_PAST);
	struct refusal refusal = {NULL, NULL};
	struct reading_when *when = NULL;
	size_t n = when_prefix(p->arena, p->rest, &context, &when, &refusal);

	*failed_r = n > 0 && refuse_stretch(p, n, when, amount);
	if (*failed_r)
		return false;
	context.one_day = true;
	if (n > 0 && refusal.why == NULL)
		n = when_prefix(p->arena, p->rest, &context, &when, &refusal);
	if (n == 0) {
		*failed_r = refuse_figures(p, &context, &refusal, amount);
		return false;
	}
	if (when->start > p->context->anchor) {
		*failed_r = !refuse_day(p, amount, "today", arena_printf(p->arena,
		    "%s is still to come: time is logged when it was spent", when->local));
		return false;
	}
	p->rest = span_skip(p->rest, n);
	skip_parting(p);
	if (span->ranged)
		p->command->when = timespan_on(p->arena, span, p->context->zone, when->local);
	else
		p->command->when = when;
	return true;
}

/* "for:@ana": a lead writes it for somebody. */
static bool
take_whose(struct command_parser *p)
{
	struct span word = command_peek(p), name;

	if (!span_istarts(word, SPAN("for:")) || p->command->n_people > 0)
		return false;
	word = span_skip(word, 4);
	if (word.len > 0 && *word.ptr != '@')
		word = span_of(arena_printf(p->arena, "@%.*s", SPAN_FMT(utf8_cut(word, 200))));
	if (!command_is_person(word, &name))
		return false;
	*ARENA_PUSH(p->arena, p->command->people, p->command->n_people, p->cap_people) =
	    arena_span(p->arena, name);
	command_skip_word(p);
	return true;
}

/* What stands between the amount and the note, in any order. */
static bool
take_entry_parts(struct command_parser *p, const struct timespan *span, struct span amount)
{
	bool day = false, failed = false, more = true;
	struct span name;

	while (more) {
		p->rest = span_trim(p->rest);
		more = command_take_items(p) || take_whose(p);
		if (!more && command_is_marked(command_peek(p), '+', &name) &&
		    p->command->project == NULL) {
			p->command->project = arena_span(p->arena, name);
			command_skip_word(p);
			more = true;
		}
		if (!more && command_take_word(p, "billable"))
			more = p->command->flag = true;
		if (!more && !day && p->rest.len > 0) {
			day = more = take_day(p, span, amount, &failed);
			if (failed)
				return false;
		}
	}
	return true;
}

/* "... review #42": the item at the end of the note is the entry's. */
static void
take_last_item(struct command_parser *p)
{
	struct span rest = span_rtrim(p->rest);
	size_t at = rest.len;
	uint32_t item;

	while (at > 0 && rest.ptr[at - 1] != ' ')
		at--;
	if (p->command->n_items > 0 || !command_is_item(span_skip(rest, at), &item))
		return;
	command_add_item(p, item);
	p->rest = span_rtrim(span_first(rest, at));
}

/* An amount with its unit at the beginning of text, 0 for none. "1:30" may be a time of day. */
static size_t
amount_with_unit(struct command_parser *p, struct span text)
{
	struct refusal refusal = {NULL, NULL};
	int64_t seconds;
	size_t n = duration_prefix(p->arena, text, 0, 0, &seconds, &refusal);

	for (size_t i = 0; i < n; i++)
		if ((text.ptr[i] | 0x20) >= 'a' && (text.ptr[i] | 0x20) <= 'z')
			return n;
	return 0;
}

/* "1h #43", "3h", "tue 3h mail" where the note should be; the line up to it is offered. */
static bool
begins_entry(struct command_parser *p)
{
	struct when_context context = command_when_context(p, WHEN_PAST);
	struct refusal refusal;
	struct reading_when *when;
	struct span word, rest = p->rest;
	uint32_t item;
	size_t n = amount_with_unit(p, rest);

	if (n > 0) {
		rest = span_trim(span_skip(rest, n));
		if (span_next_word(&rest, &word) && !command_is_item(word, &item))
			return false;
	} else {
		context.one_day = true;
		n = when_prefix(p->arena, rest, &context, &when, &refusal);
		if (n == 0 || amount_with_unit(p, span_trim(span_skip(rest, n))) == 0)
			return false;
	}
	(void)command_fail(p, "\"%.*s\" looks like a second entry: each needs a line of its own",
	    SPAN_FMT(utf8_cut(p->rest, 60)));
	if (p->command->n_items < 2 && command_head(p).len > 0)
		p->suggestion = arena_printf(p->arena, "/%s %.*s", p->verb->name,
		    SPAN_FMT(command_head(p)));
	return true;
}

/* "3d model 2h #42": the amount that was read first belongs to the note. */
static bool
ends_in_entry(struct command_parser *p, struct span amount)
{
	struct span rest = span_rtrim(p->rest), last;
	size_t at = rest.len, n;
	uint32_t item;

	while (at > 0 && rest.ptr[at - 1] != ' ')
		at--;
	if (!command_is_item(span_skip(rest, at), &item))
		return false;
	last = span_rtrim(span_first(rest, at));
	for (n = last.len; n > 0 && last.ptr[n - 1] != ' ';)
		n--;
	last = span_skip(last, n);
	if (n == 0 || amount_with_unit(p, last) != last.len)
		return false;
	(void)command_fail_with(p, arena_printf(p->arena, "%.*s #%u %.*s %.*s", SPAN_FMT(last),
	    (unsigned)item, SPAN_FMT(amount), SPAN_FMT(span_rtrim(span_first(rest, n)))),
	    "there are two amounts, \"%.*s\" and \"%.*s\": write the one that was spent first, "
	    "and each entry on a line of its own", SPAN_FMT(amount), SPAN_FMT(last));
	return true;
}

/*
 * "1h 30": half an hour would be lost. One figure may begin a note ("1h 3 bugs fixed"), two right
 * behind the hours are minutes.
 */
static bool
has_loose_minutes(struct command_parser *p, struct span before, struct span behind)
{
	struct span word = command_peek(p), after = span_skip(p->rest, word.len);
	struct span next, rest = after;
	int64_t seconds = p->command->seconds;
	bool direct = p->rest.ptr == behind.ptr && word.len == 2 && seconds % 3600 == 0;
	uint32_t minutes;

	if (word.len > 2 || !num_u32(word, 99, &minutes) || command_is_parted(p) ||
	    (!direct && span_next_word(&rest, &next) && strchr("#+@", *next.ptr) == NULL))
		return false;
	(void)command_fail(p, "\"%.*s\" what? Write 1h30m for an hour and 30 minutes; a note that "
	    "begins with a figure goes behind a colon", SPAN_FMT(word));
	if (minutes < 60 && seconds > 0 && seconds % 3600 == 0)
		p->suggestion = arena_printf(p->arena, "/%s %.*s%lldh%02um %.*s%.*s", p->verb->name,
		    SPAN_FMT(before), (long long)(seconds / 3600), (unsigned)minutes,
		    SPAN_FMT(span_first(behind, (size_t)(p->rest.ptr - behind.ptr))),
		    SPAN_FMT(span_trim(utf8_cut(after, 300))));
	p->suggestion = arena_span(p->arena, span_rtrim(span_of(p->suggestion)));
	return true;
}

/* The amount, or from when to when. */
static bool
take_spent(struct command_parser *p, struct timespan *span_r)
{
	struct refusal refusal = {NULL, NULL};
	size_t n = timespan_prefix(p->rest, span_r);

	if (n > 0) {
		p->rest = span_trim(span_skip(p->rest, n));
		p->command->when = timespan_on(p->arena, span_r, p->context->zone,
		    timespan_today(p->arena, p->context->zone, p->context->anchor));
		return true;
	}
	if (!command_take_duration(p, DURATION_NEGATIVE, &refusal))
		return command_refuse(p, &refusal,
		    "a duration, as in 1h30m, or from-to, as in 09:15-10:45");
	return p->command->seconds != 0 || command_fail(p, "no time was spent: 0 is not logged");
}

/* What is left is the note, and no more time. */
static bool
take_note(struct command_parser *p, struct span before, struct span amount, struct span behind)
{
	skip_parting(p);
	if (has_loose_minutes(p, before, behind) || begins_entry(p))
		return false;
	if (p->command->n_items == 0 && ends_in_entry(p, amount))
		return false;
	take_last_item(p);
	command_take_text(p);
	return true;
}

bool
command_spend(struct command_parser *p)
{
	struct timespan span;
	struct span before, amount, behind;
	const char *minus[] = {"\xe2\x88\x92", "\xe2\x80\x93"};

	(void)command_take_items(p);
	before = span_first(p->args, p->args.len - p->rest.len);
	for (size_t i = 0; i < 2; i++)
		if (span_starts(p->rest, span_of(minus[i])))
			p->rest = span_of(arena_printf(p->arena, "-%.*s",
			    SPAN_FMT(span_skip(p->rest, 3))));
	amount = p->rest;
	if (!take_spent(p, &span))
		return false;
	behind = p->rest;
	amount = span_rtrim(span_first(amount, amount.len - behind.len));
	if (!take_entry_parts(p, &span, amount))
		return false;
	if (span.ranged) {
		p->command->seconds = p->command->when->end - p->command->when->start;
		p->command->has_seconds = true;
		if (p->command->seconds <= 0)
			return command_fail(p, "from %s to %s no time passed: the clocks went "
			    "forward", p->command->when->local, p->command->when->local_end);
	}
	return take_note(p, before, amount, behind);
}
