/* SPDX-License-Identifier: ISC */
/*
 * command_time: commands about dates and amounts of time: due, snooze, estimate, absences,
 * reminders, meetings, time sheets.
 */
#include "config.h"

#include <string.h>

#include "parsers/base/civil.h"
#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "parsers/base/zone.h"
#include "parsers/command_private.h"
#include "parsers/duration.h"
#include "parsers/timespan.h"

static bool
take_one_of(struct command_parser *p, const char *const *words, size_t n)
{
	const char *word = utf8_fold(p->arena, utf8_cut(command_peek(p), 30));

	for (size_t i = 0; i < n; i++)
		if (strcmp(word, words[i]) == 0) {
			command_skip_word(p);
			return true;
		}
	return false;
}

/* "by friday", "until monday", "for 2 days", "bis zum 12. Dezember", "jusqu'à la fin du mois": the
 * words before the date say no more. */
static void
take_until(struct command_parser *p)
{
	static const char *const words[] = {"by", "until", "till", "for", "bis", "spätestens",
	    "für", "d'ici", "d’ici", "jusqu'à", "jusqu’à", "jusqu'au", "jusqu’au", "pour",
	    "hasta", "para", "por", "até", "tot", "uiterlijk", "tegen", "voor", "au", "pendant",
	    "durante"};
	static const char *const more[] = {"zum", "zur", "spätestens", "la", "le", "au", "plus",
	    "tard", "el", "à", "o", "en", "met", "the"};
	size_t n_words = sizeof(words) / sizeof *words, n_more = sizeof(more) / sizeof *more;
	struct span rest;

	if (!take_one_of(p, words, n_words))
		return;
	rest = p->rest;
	while (take_one_of(p, more, n_more) || take_one_of(p, words, n_words))
		;
	if (span_trim(p->rest).len == 0)
		p->rest = rest;
}

bool
command_due(struct command_parser *p)
{
	struct refusal refusal;

	(void)command_take_items(p);
	if (command_take_word(p, "none") || command_take_word(p, "never")) {
		p->command->none = true;
		(void)command_take_items(p);
		return command_at_end(p);
	}
	take_until(p);
	if (!command_take_when(p, WHEN_FUTURE, &refusal))
		return command_refuse(p, &refusal, "a date, or \"none\"");
	(void)command_take_items(p);
	return command_no_rest(p);
}

bool
command_take_duration(struct command_parser *p, unsigned flags, struct refusal *refusal_r)
{
	size_t n;

	*refusal_r = (struct refusal){NULL, NULL};
	p->rest = span_trim(p->rest);
	n = duration_prefix(p->arena, p->rest, flags | DURATION_WORDS, p->context->day_seconds,
	    &p->command->seconds, refusal_r);
	if (n == 0)
		return false;
	p->command->has_seconds = true;
	p->rest = span_skip(p->rest, n);
	while (p->rest.len > 0 && strchr(" \t,;:", *p->rest.ptr) != NULL)
		p->rest = span_skip(p->rest, 1);
	return true;
}

/* "a week", "an hour": of the calendar, as "in a week". */
static bool
take_distance(struct command_parser *p)
{
	struct span rest = p->rest;
	struct refusal refusal;

	p->rest = span_of(arena_printf(p->arena, "in %.*s", SPAN_FMT(rest)));
	if (rest.len > 0 && command_take_when(p, WHEN_FUTURE, &refusal))
		return true;
	p->rest = rest;
	return false;
}

/* "1:30" is an amount, and a time of day: where that is past already, nobody means it for sure. */
static bool
refuse_clock_amount(struct command_parser *p)
{
	struct when_context context = command_when_context(p, WHEN_FUTURE);
	struct refusal refusal = {NULL, NULL};
	struct reading_when *when;
	struct span word = command_peek(p);
	int64_t seconds;

	if (span_find_byte(word, ':') == word.len ||
	    !duration_parse(p->arena, word, 0, 0, &seconds, &refusal) ||
	    !when_parse(p->arena, word, &context, &when, &refusal) || !when->past)
		return false;
	refusal.why = arena_printf(p->arena,
	    "\"%.*s\" may be an amount of time or a time of day that has passed", SPAN_FMT(word));
	refusal.suggestion = arena_printf(p->arena, "%lldh%02lldm", (long long)(seconds / 3600),
	    (long long)(seconds / 60 % 60));
	return !command_refuse(p, &refusal, "");
}

/* A date first: "2d" is two days of the calendar here, not sixteen hours of work. */
bool
command_snooze(struct command_parser *p)
{
	struct refusal refusal, other;

	(void)command_take_items(p);
	take_until(p);
	if (refuse_clock_amount(p))
		return false;
	if (!command_take_when(p, WHEN_FUTURE, &refusal) && !take_distance(p) &&
	    !command_take_duration(p, 0, &other))
		return command_refuse(p, refusal.why != NULL ? &refusal : &other,
		    "a date or a duration");
	(void)command_take_items(p);
	return command_no_rest(p);
}

bool
command_estimate(struct command_parser *p)
{
	struct refusal refusal;

	(void)command_take_items(p);
	if (command_take_word(p, "none")) {
		p->command->none = true;
		return command_at_end(p);
	}
	if (!command_take_duration(p, DURATION_MONTHS, &refusal))
		return command_refuse(p, &refusal, "a duration");
	(void)command_take_items(p);
	return command_at_end(p);
}

/* ---- absences ------------------------------------------------------------------------------- */

static const char *
absence_kind(struct span word)
{
	static const char *const kinds[][2] = {
		{"holiday", "holiday"}, {"holidays", "holiday"}, {"vacation", "holiday"},
		{"pto", "holiday"}, {"annual", "holiday"}, {"urlaub", "holiday"},
		{"congé", "holiday"},
		{"congés", "holiday"}, {"vacances", "holiday"}, {"vacaciones", "holiday"},
		{"férias", "holiday"}, {"vakantie", "holiday"}, {"sick", "sick"}, {"ill", "sick"},
		{"krank", "sick"}, {"malade", "sick"}, {"enfermo", "sick"}, {"enferma", "sick"},
		{"doente", "sick"}, {"ziek", "sick"}, {"parental", "parental"},
		{"training", "training"},
		{"travel", "travel"}, {"public", "public"}, {"unpaid", "unpaid"},
		{"other", "other"},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof *kinds; i++)
		if (span_iis(word, kinds[i][0]))
			return kinds[i][1];
	return NULL;
}

static bool
take_cover(struct command_parser *p)
{
	struct span word = command_peek(p), name;

	if (!span_istarts(word, SPAN("cover")))
		return false;
	if (span_istarts(word, SPAN("cover:")) && word.len > 6)
		word = span_skip(word, 6);
	else if (word.len <= 6) {
		struct span rest = p->rest;

		(void)span_next_word(&rest, &word);
		if (!span_next_word(&rest, &word) || *word.ptr != '@')
			return false;
		command_skip_word(p);
	} else
		return false;
	if (*word.ptr != '@')
		word = span_of(arena_printf(p->arena, "@%.*s", SPAN_FMT(utf8_cut(word, 200))));
	if (!command_is_person(word, &name))
		return false;
	p->command->cover = arena_span(p->arena, name);
	command_skip_word(p);
	return true;
}

static const char *
half_named(struct span word)
{
	static const char *const halves[][2] = {
		{"morning", "morning"}, {"mornings", "morning"}, {"am", "morning"},
		{"vormittag", "morning"}, {"vormittags", "morning"}, {"matin", "morning"},
		{"ochtend", "morning"}, {"manh\xc3\xa3", "morning"},
		{"afternoon", "afternoon"}, {"afternoons", "afternoon"}, {"pm", "afternoon"},
		{"nachmittag", "afternoon"}, {"nachmittags", "afternoon"},
		{"apr\xc3\xa8s-midi", "afternoon"}, {"tarde", "afternoon"}, {"middag", "afternoon"},
	};

	while (word.len > 0 && strchr(",;", word.ptr[word.len - 1]) != NULL)
		word.len--;
	for (size_t i = 0; i < sizeof(halves) / sizeof *halves; i++)
		if (span_iis(word, halves[i][0]))
			return halves[i][1];
	return NULL;
}

/* "friday morning" is nine o'clock everywhere else; here it is that half of the day. */
static void
take_half_of_when(struct command_parser *p, struct span before)
{
	struct when_context context = command_when_context(p, WHEN_FUTURE);
	struct span read = span_rtrim(span_first(before, before.len - p->rest.len));
	struct refusal refusal = {NULL, NULL};
	struct reading_when *day = NULL;
	size_t at = read.len;

	while (at > 0 && read.ptr[at - 1] != ' ')
		at--;
	if (at == 0 || half_named(span_skip(read, at)) == NULL ||
	    !when_parse(p->arena, span_rtrim(span_first(read, at)), &context, &day, &refusal) ||
	    day->precision != WHEN_DAY)
		return;
	p->command->when = day;
	p->command->half = half_named(span_skip(read, at));
	p->command->flag = true;
}

static bool
take_half(struct command_parser *p)
{
	const char *half = half_named(command_peek(p));

	if (half == NULL || p->command->half != NULL)
		return false;
	p->command->half = half;
	p->command->flag = true;
	command_skip_word(p);
	return true;
}

/* "until friday": from today on. */
static void
take_open_range(struct command_parser *p)
{
	static const char *const words[] = {"until", "till", "bis", "jusqu'à", "jusqu’à",
	    "jusqu'au", "jusqu’au", "hasta", "até", "tot"};

	if (take_one_of(p, words, sizeof(words) / sizeof *words))
		p->rest = span_of(arena_printf(p->arena, "%s..%.*s", timespan_today(p->arena,
		    p->context->zone, p->context->anchor), SPAN_FMT(span_trim(p->rest))));
}

bool
command_off(struct command_parser *p)
{
	const char *first = absence_kind(command_peek(p));
	struct span before;
	struct refusal refusal;
	bool more = true;

	if (first != NULL) {
		/* "sick today" as "today sick" */
		p->command->word = first;
		command_skip_word(p);
		if (p->rest.len == 0)
			return command_fail_with(p, arena_printf(p->arena, "today %s", first),
			    "/off needs the days too");
	}
	take_open_range(p);
	before = span_trim(p->rest);
	if (!command_take_when(p, WHEN_FUTURE, &refusal))
		return command_refuse(p, &refusal, "a date, or two, as in 2026-12-21..2026-12-31");
	take_half_of_when(p, before);
	while (more) {
		if (!command_no_figures(p))
			return false;
		const char *kind = absence_kind(command_peek(p));

		more = take_cover(p) || take_half(p);
		if (!more && kind != NULL && p->command->word == NULL) {
			p->command->word = kind;
			command_skip_word(p);
			more = true;
		}
		if (!more && (command_take_word(p, "half-day") || command_take_word(p, "halfday") ||
				 command_take_word(p, "half")))
			more = p->command->flag = true;
		if (more && p->command->flag)
			(void)command_take_word(p, "day");
	}
	command_take_text(p);
	return true;
}

bool
command_remind(struct command_parser *p)
{
	struct refusal refusal;

	if (!command_take_when(p, WHEN_FUTURE, &refusal))
		return command_refuse(p, &refusal, "a date, and then what to remind you of");
	if (!command_no_figures(p))
		return false;
	command_take_text(p);
	return p->command->text != NULL || command_fail(p, "/remind needs what to remind you of");
}

bool
command_meet(struct command_parser *p)
{
	struct refusal refusal;

	if (!command_take_duration(p, 0, &refusal))
		return command_refuse(p, &refusal, "a duration first, as in 1h");
	for (bool more = true; more;) {
		more = command_take_person(p) || command_take_word(p, "and") ||
		    command_take_word(p, "with");
		if (!more && p->command->when == NULL && p->rest.len > 0)
			more = command_take_when(p, WHEN_FUTURE, &refusal);
		if (!more && p->command->when == NULL && p->rest.len > 0 && refusal.why != NULL)
			return command_refuse(p, &refusal, "a date");
	}
	if (p->command->n_people == 0)
		return command_fail(p, "/meet needs at least one person, as in @ana");
	if (!command_no_figures(p))
		return false;
	command_take_text(p);
	return true;
}

/* ---- weeks ---------------------------------------------------------------------------------- */

/* "2026-W41" as it is, "last week" and the like by the calendar. */
static bool
take_week(struct command_parser *p)
{
	struct refusal refusal;

	if (!command_take_when(p, WHEN_PAST, &refusal)) {
		(void)command_refuse(p, &refusal, "a week, as in 2026-W41");
		return false;
	}
	if (p->command->when->precision != WHEN_WEEK) {
		p->command->when = NULL;
		return command_fail(p, "/%s needs a week, as in 2026-W41", p->verb->name);
	}
	p->command->word = p->command->when->local;
	p->command->when = NULL;
	return true;
}

bool
command_week(struct command_parser *p)
{
	bool is_question = span_is(span_of(p->verb->name), "timesheet");

	if (is_question)
		(void)command_take_person(p);
	if (is_question && p->rest.len == 0)
		return true;
	if (!take_week(p))
		return false;
	if (is_question && p->command->n_people == 0)
		(void)command_take_person(p);
	return command_at_end(p);
}

bool
command_judge(struct command_parser *p)
{
	(void)command_take_person(p);
	if (!take_week(p))
		return false;
	(void)command_take_person(p);
	if (p->command->n_people == 0) {
		(void)command_fail(p, "/%s needs the person, as in @ana", p->verb->name);
		if (p->rest.len > 0 && *p->rest.ptr != '@')
			p->suggestion = arena_printf(p->arena, "/%s %s @%.*s", p->verb->name,
			    p->command->word, SPAN_FMT(utf8_cut(p->rest, 300)));
		return false;
	}
	command_take_text(p);
	if (p->command->text == NULL && span_is(span_of(p->verb->name), "reject"))
		return command_fail(p, "/reject needs a reason");
	return true;
}
