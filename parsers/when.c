/* SPDX-License-Identifier: ISC */
/*
 * when: see when.h. An expression is a point (a day, a time, both, in either order) or two points
 * with a range sign between them. parse_whole() wants every token; when_prefix() tries it on
 * ever shorter beginnings. Bounded by when_lex(): at most 64 tokens, so the tries are too.
 */
#include "config.h"

#include "parsers/when.h"

#include <stdarg.h>
#include <string.h>

#include "parsers/when-private.h"

#define NOON (12 * 60)
#define SLACK_DAYS 120 /* see choose_year() */
#define TURNED_DAYS 330 /* see is_turned() */

/* ---- shared with the matchers ------------------------------------------------------------ */

void
when_refuse(struct when_parse *p, const char *suggestion, const char *fmt, ...)
{
	va_list ap;

	if (p->refusal->why != NULL)
		return;
	va_start(ap, fmt);
	p->refusal->why = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	p->refusal->suggestion = suggestion;
}

const struct when_token *
when_peek(const struct when_parse *p, size_t ahead)
{
	return p->at + ahead < p->end ? &p->tokens[p->at + ahead] : NULL;
}

bool
when_next_is(const struct when_parse *p, size_t ahead, enum when_word_kind kind, int *value_r)
{
	const struct when_token *t = when_peek(p, ahead);

	return t != NULL && when_token_means(t, kind, value_r);
}

bool
when_take_word(struct when_parse *p, enum when_word_kind kind, int *value_r)
{
	if (!when_next_is(p, 0, kind, value_r))
		return false;
	p->at++;
	return true;
}

bool
when_take_sign(struct when_parse *p, char sign)
{
	const struct when_token *t = when_peek(p, 0);

	if (t == NULL || t->kind != TOKEN_SIGN || t->sign != sign)
		return false;
	p->at++;
	return true;
}

/* For messages: what was written, cut between characters, control characters shown as "?". */
static const char *
quoted(struct when_parse *p, struct span s)
{
	size_t len = s.len;
	char *text;

	if (len > 60)
		for (len = 60; len > 0 && ((unsigned char)s.ptr[len] & 0xc0) == 0x80;)
			len--;
	text = arena_span(p->arena, span_trim(span_first(s, len)));
	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	return text;
}

const char *
when_source(struct when_parse *p, size_t from, size_t to)
{
	if (to > p->end)
		to = p->end;
	if (from >= to)
		return "";
	size_t start = p->tokens[from].start;
	return quoted(p, span_first(span_skip(p->text, start), p->tokens[to - 1].end - start));
}

const char *
when_iso_day(struct when_parse *p, int64_t days)
{
	char text[CIVIL_TEXT];

	civil_format_day(days, text);
	return arena_strdup(p->arena, text);
}

/* ---- points ------------------------------------------------------------------------------ */

struct point {
	bool has_day, timed;
	struct when_day day;
	struct when_clock clock;
	int part; /* minutes after midnight of a part of the day, -1 without */
	const struct zone *zone;
	bool named_zone;
	int64_t start, end; /* UTC; equal for a moment */
};

static void
skip_joints(struct when_parse *p)
{
	while (when_take_word(p, W_ON, NULL) || when_take_word(p, W_AT, NULL) ||
	       when_take_word(p, W_FROM, NULL) || when_take_sign(p, ','))
		;
}

static void
take_zone(struct when_parse *p)
{
	const struct when_token *t = when_peek(p, 0);

	if (t != NULL && t->kind == TOKEN_ZONE)
		p->at++;
}

/* A zone named anywhere in the point says in which zone its "today" is meant. */
static void
find_zone(struct when_parse *p, struct point *point)
{
	point->zone = p->zone;
	for (size_t i = p->at; i < p->end; i++)
		if (p->tokens[i].kind == TOKEN_ZONE) {
			point->zone = p->tokens[i].zone;
			point->named_zone = true;
		}
	if (point->named_zone && point->zone != p->zone) {
		int64_t today = zone_local_day(point->zone, p->anchor);

		if (p->base == p->today)
			p->base = today;
		p->today = today;
		p->zone = point->zone;
	}
}

/* "tonight", "this morning", "last night": a part of the day that names its day too. */
static bool
take_day_with_part(struct when_parse *p, struct point *point)
{
	size_t at = p->at;
	int minutes, shift = 0;

	if (when_take_word(p, W_TODAYPART, &minutes)) {
		shift = minutes / (24 * 60);
	} else if (when_take_word(p, W_THIS, NULL) && when_take_word(p, W_DAYPART, &minutes)) {
		shift = 0;
	} else if (p->at = at,
	    when_take_word(p, W_LAST, NULL) && when_take_word(p, W_DAYPART, &minutes)) {
		shift = -1;
	} else {
		p->at = at;
		return false;
	}
	point->part = minutes % (24 * 60);
	point->has_day = true;
	point->day = (struct when_day){
	    .first = p->today + shift, .last = p->today + shift, .precision = WHEN_DAY};
	return true;
}

static bool
take_day(struct when_parse *p, struct point *point)
{
	if (point->has_day || !(take_day_with_part(p, point) || when_match_day(p, &point->day)))
		return false;
	point->has_day = true;
	take_zone(p);
	return true;
}

static bool
take_part(struct when_parse *p, struct point *point)
{
	size_t at = p->at;

	skip_joints(p);
	if (point->part < 0 && when_take_word(p, W_DAYPART, &point->part))
		return true;
	p->at = at;
	return false;
}

static bool
take_clock(struct when_parse *p, struct point *point)
{
	size_t at = p->at;
	bool joined = false, tee = false;

	if (point->timed)
		return false;
	if (point->has_day && when_next_is(p, 0, W_T, NULL) && !p->tokens[p->at].spaced)
		tee = when_take_word(p, W_T, NULL);
	while (
	    !tee && (when_next_is(p, 0, W_AT, NULL) || when_next_is(p, 0, W_FROM, NULL) ||
			when_next_is(p, 0, W_ON, NULL) ||
			(point->has_day && when_peek(p, 0) != NULL &&
			    when_peek(p, 0)->kind == TOKEN_SIGN && when_peek(p, 0)->sign == ','))) {
		joined = joined || when_next_is(p, 0, W_AT, NULL);
		p->at++;
	}
	int unit;
	bool hour_word =
	    (point->has_day && when_next_is(p, 1, W_UNIT, &unit) && unit == UNIT_HOUR) ||
	    when_next_is(p, 1, W_DAYPART, NULL) ||
	    when_next_is(p, 1, W_TODAYPART, NULL); /* "8 in the evening" */
	if (when_match_clock(p, joined || point->part >= 0 || hour_word, &point->clock)) {
		point->timed = true;
		take_zone(p);
		return true;
	}
	p->at = at;
	return false;
}

/* "8 in the evening", "tonight at 8" */
static void
shift_by_part(struct point *point)
{
	if (point->part < NOON || !point->timed || point->clock.start >= 12 * 3600)
		return;
	if (point->part > 16 * 60 && point->clock.start < 5 * 3600)
		return; /* "tonight at 1" is not 13:00 */
	point->clock.start += 12 * 3600;
	if (point->clock.end >= 0 && point->clock.end <= 12 * 3600)
		point->clock.end += 12 * 3600;
}

static int64_t
instant(const struct point *point, int64_t day, int32_t seconds)
{
	struct civil local;

	civil_from_seconds(day * CIVIL_DAY + seconds, &local);
	if (point->clock.has_offset)
		return civil_seconds(&local) - point->clock.offset;
	return zone_to_utc(point->zone, &local, NULL);
}

static bool
time_point(struct when_parse *p, struct point *point)
{
	int64_t day;

	if (!point->timed) {
		point->timed = true;
		point->clock = (struct when_clock){.start = point->part * 60, .end = -1};
	}
	if (!point->has_day) {
		day = p->base;
		point->day = (struct when_day){.first = day, .last = day};
	}
	day = point->day.first;
	if (point->day.first != point->day.last || point->day.precision == WHEN_MINUTE) {
		when_refuse(
		    p, NULL, "a time of day goes with one day: write \"DAY TIME .. DAY TIME\"");
		return false;
	}
	point->start = point->end = instant(point, day, point->clock.start);
	if (point->clock.end < 0)
		return true;
	if (point->clock.end == point->clock.start) {
		when_refuse(p, NULL, "the range begins and ends at the same time");
		return false;
	}
	point->end =
	    instant(point, point->clock.end < point->clock.start ? day + 1 : day, point->clock.end);
	return true;
}

static bool
day_point(struct when_parse *p, struct point *point)
{
	(void)p;
	if (point->day.precision == WHEN_MINUTE) {
		point->timed = true;
		point->clock.end = -1;
		point->start = point->end = point->day.moment;
		return true;
	}
	point->start = zone_day_start(point->zone, point->day.first);
	point->end = zone_day_start(point->zone, point->day.last + 1);
	return true;
}

/* All tokens from p->at to p->end as one point. */
static bool
parse_point(struct when_parse *p, struct point *point_r)
{
	struct point point = {.part = -1, .clock = {.end = -1}};
	struct when_parse saved = *p;

	find_zone(p, &point);
	/* Joints are also other words ("a week ago"): what fits as it stands comes first. */
	if (!take_day(p, &point) && !take_clock(p, &point)) {
		skip_joints(p);
		if (!take_day(p, &point) && !take_clock(p, &point))
			goto no;
	}
	for (;;) {
		size_t at = p->at;

		if (take_part(p, &point) || take_clock(p, &point) || take_day(p, &point))
			continue;
		skip_joints(p);
		if (take_day(p, &point))
			continue;
		p->at = at;
		break;
	}
	take_zone(p);
	if (p->at != p->end)
		goto no;
	shift_by_part(&point);
	if (point.timed || point.part >= 0 ? !time_point(p, &point) : !day_point(p, &point))
		goto no;
	*point_r = point;
	p->today = saved.today;
	p->base = saved.base;
	p->zone = saved.zone;
	return true;
no:
	*p = saved;
	return false;
}

/* ---- results ----------------------------------------------------------------------------- */

static const char *
local_minute(struct when_parse *p, const struct zone *zone, int64_t utc)
{
	char text[CIVIL_TEXT];
	struct civil c;

	zone_to_local(zone, utc, &c);
	civil_format_minute(&c, text);
	return arena_strdup(p->arena, text);
}

static const char *
local_week(struct when_parse *p, int64_t day)
{
	int year, week;

	civil_week(day, &year, &week);
	return arena_printf(p->arena, "%04d-W%02d", year, week);
}

static const struct zone *
shown_zone(const struct when_parse *p, const struct point *point)
{
	if (point->named_zone)
		return point->zone;
	if (point->clock.has_offset)
		return point->clock.offset == 0 ? zone_utc() : p->writer;
	return point->zone;
}

static struct reading_when *
result(struct when_parse *p, const struct point *a, const struct point *b)
{
	struct reading_when *when = arena_alloc(p->arena, sizeof *when);
	const struct zone *zone = shown_zone(p, a);
	bool range = a != b || a->clock.end >= 0;

	when->start = a->start;
	when->end = b->end;
	when->zone = arena_strdup(p->arena, zone_name(zone));
	if (a->timed || b->timed) {
		when->precision = WHEN_MINUTE;
		when->local = local_minute(p, zone, when->start);
		if (range)
			when->local_end = local_minute(p, zone, when->end);
	} else if (a->day.precision == WHEN_WEEK && b->day.precision == WHEN_WEEK) {
		when->precision = WHEN_WEEK;
		when->local = local_week(p, a->day.first);
		if (range)
			when->local_end = local_week(p, b->day.first);
	} else {
		when->precision = WHEN_DAY;
		when->local = when_iso_day(p, a->day.first);
		if (b->day.last != a->day.first)
			when->local_end = when_iso_day(p, b->day.last);
	}
	when->past = when->end == when->start ? when->end < p->anchor : when->end <= p->anchor;
	return when;
}

/* ---- ranges ------------------------------------------------------------------------------ */

static bool
range_sign(const struct when_token *t)
{
	return when_token_means(t, W_TO, NULL) ||
	       (t->kind == TOKEN_SIGN && (t->sign == '~' || t->sign == '-'));
}

static bool
parse_part(struct when_parse *p, size_t from, size_t to, struct point *point_r)
{
	size_t end = p->end;
	bool ok;

	p->at = from;
	p->end = to;
	ok = from < to && parse_point(p, point_r);
	p->end = end;
	return ok;
}

/* "2026-10-12..14": the right end is a day of the same month. */
static bool
parse_lone_day(struct when_parse *p, size_t from, const struct point *a, struct point *b_r)
{
	const struct when_token *t = &p->tokens[from];
	struct civil c;

	if (p->end - from != 1 || t->kind != TOKEN_NUMBER || t->digits > 2 || a->timed)
		return false;
	civil_from_days(a->day.first, &c);
	if (!civil_valid(c.year, c.month, t->value))
		return false;
	*b_r = *a;
	b_r->day.first = b_r->day.last = civil_days(c.year, c.month, t->value);
	return day_point(p, b_r);
}

static bool
parse_right(struct when_parse *p, size_t from, const struct point *a, struct point *b_r)
{
	struct when_parse saved = *p;
	bool ok;

	p->zone = a->zone;
	p->base = a->day.first;
	p->tense = WHEN_FUTURE;
	p->slack = 0;
	ok = parse_part(p, from, p->end, b_r) || parse_lone_day(p, from, a, b_r);
	*p = saved;
	return ok;
}

/* "10 August - 12 September 2013": the year at the end is meant at the beginning too. */
static bool
share_year(struct when_parse *p, size_t sign, struct point *a, const struct point *b)
{
	struct civil c;
	bool ok;

	if (a->day.has_year || !b->day.has_year || !a->has_day)
		return true;
	civil_from_days(b->day.first, &c);
	p->year = c.year;
	ok = parse_part(p, 0, sign, a);
	if (ok && a->start >= b->end) {
		p->year = c.year - 1;
		ok = parse_part(p, 0, sign, a);
	}
	p->year = 0;
	return ok;
}

/* "14 Oct..12 Oct": no year was written, and the end is meant before, not a year on. */
static bool
is_turned(const struct point *a, const struct point *b)
{
	struct civil from, to;

	if (a->day.has_year || b->day.has_year || b->day.first - a->day.first < TURNED_DAYS)
		return false;
	civil_from_days(a->day.first, &from);
	civil_from_days(b->day.first, &to);
	return to.year > from.year;
}

static bool
parse_range(struct when_parse *p, size_t sign, struct reading_when **when_r)
{
	struct point a, b;

	if (!parse_part(p, 0, sign, &a) || a.clock.end >= 0 || !parse_right(p, sign + 1, &a, &b) ||
	    b.clock.end >= 0 || !share_year(p, sign, &a, &b))
		return false;
	if (b.end <= a.start || is_turned(&a, &b)) {
		when_refuse(p,
		    arena_printf(p->arena, "%s..%s", when_source(p, sign + 1, p->end),
			when_source(p, 0, sign)),
		    "the end of the range (%s) lies before its beginning (%s)",
		    when_source(p, sign + 1, p->end), when_source(p, 0, sign));
		return false;
	}
	*when_r = result(p, &a, &b);
	return true;
}

/* ---- the whole --------------------------------------------------------------------------- */

static bool
parse_whole(struct when_parse *p, struct reading_when **when_r)
{
	struct point point;

	if (parse_part(p, 0, p->end, &point)) {
		*when_r = result(p, &point, &point);
		return true;
	}
	for (size_t i = 1; i + 1 < p->end; i++)
		if (range_sign(&p->tokens[i]) && parse_range(p, i, when_r))
			return true;
	return false;
}

static bool
begin(struct when_parse *p, struct arena *arena, struct span text,
    const struct when_context *context, const struct when_tokens *tokens, struct refusal *refusal)
{
	struct err err;

	*p = (struct when_parse){.arena = arena,
	    .tokens = tokens->items,
	    .end = tokens->count,
	    .text = text,
	    .anchor = context->anchor,
	    .tense = context->tense,
	    .refusal = refusal,
	    .slack = SLACK_DAYS};
	if (zone_get(context->zone, &p->writer, &err) != TD_OK) {
		refusal->why = arena_strdup(arena, err.text);
		return false;
	}
	p->zone = p->writer;
	p->base = p->today = zone_local_day(p->zone, p->anchor);
	return true;
}

static bool
bare_number(const struct when_parse *p)
{
	for (size_t i = 0; i < p->end; i++)
		if (p->tokens[i].kind != TOKEN_NUMBER &&
		    (p->tokens[i].kind != TOKEN_SIGN ||
			(p->tokens[i].sign != '.' && p->tokens[i].sign != ',')))
			return false;
	return p->end > 0;
}

/* "until friday": where it ends, and not where it begins. */
static bool
refuse_open(struct when_parse *p)
{
	struct reading_when *unused;

	p->at = 0;
	if (!when_next_is(p, 0, W_TO, NULL) || when_next_is(p, 0, W_AT, NULL) || p->end < 2)
		return false;
	p->tokens++;
	p->end--;
	if (!parse_whole(p, &unused))
		return false;
	when_refuse(p, when_source(p, 0, p->end),
	    "\"%s\" says where it ends, not where it begins: write the day alone, or A..B",
	    quoted(p, p->text));
	return true;
}

bool
when_parse(struct arena *arena, struct span expr, const struct when_context *context,
    struct reading_when **when_r, struct refusal *refusal_r)
{
	struct when_tokens tokens;
	struct when_parse p;
	struct refusal refusal = {0};

	expr = span_trim(expr);
	when_lex(expr, &tokens);
	if (begin(&p, arena, expr, context, &tokens, &refusal)) {
		if (!tokens.cut && parse_whole(&p, when_r))
			return true;
		if (expr.len == 0)
			when_refuse(&p, "tomorrow", "no date was written");
		else if (tokens.cut)
			when_refuse(&p, NULL, "that is too long for a date");
		else if (refuse_open(&p))
			;
		else if (bare_number(&p))
			when_refuse(&p, NULL,
			    "\"%s\" what? A bare number is not a date: write a "
			    "date like 2026-11-27, or \"in 3 days\"",
			    quoted(&p, expr));
		else
			when_refuse(&p, when_word_near(arena, expr),
			    "\"%s\" is not a date or time that we know: write "
			    "one like 2026-11-27, friday, tomorrow 17:00 or in 3 days",
			    quoted(&p, expr));
	}
	*refusal_r = refusal;
	return false;
}

/* ---- beginnings -------------------------------------------------------------------------- */

/* An expression may end here: at white space, ',' ';' ": " or the end of the text. */
static bool
boundary(struct span text, size_t at)
{
	if (at < text.len && text.ptr[at] == ':')
		return at + 1 == text.len || strchr(" \t", text.ptr[at + 1]) != NULL;
	return at >= text.len || strchr(" \t\r\n,;", text.ptr[at]) != NULL;
}

/* Whether the context wants one day and this is more, less or none. */
static bool
not_one_day(const struct when_context *context, const struct reading_when *when)
{
	return context->one_day && (when->precision != WHEN_DAY || when->local_end != NULL);
}

/*
 * A single short word that is a weekday in one language is prose in another ("so", "die", "set"):
 * it counts only where nothing follows it.
 */
static bool
weak(const struct when_parse *p, struct span text)
{
	static const char *const strong[] = {
	    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "eow", "eom", "eoq", "eoy"};
	const struct when_token *t = &p->tokens[0];
	struct span word = span_first(span_skip(text, t->start), t->end - t->start), rest;

	if (p->end != 1 || t->kind != TOKEN_WORD || word.len > 3)
		return false;
	for (size_t i = 0; i < sizeof strong / sizeof *strong; i++)
		if (span_iis(word, strong[i]))
			return false;
	rest = span_trim(span_skip(text, t->end));
	return rest.len > 0 && rest.ptr[0] != ',' && rest.ptr[0] != ';';
}

size_t
when_prefix(struct arena *arena, struct span text, const struct when_context *context,
    struct reading_when **when_r, struct refusal *refusal_r)
{
	struct when_tokens tokens;
	struct when_parse p;
	struct refusal refusal = {0};

	text = span_first(text, span_find_byte(text, '\n'));
	when_lex(text, &tokens);
	if (tokens.cut && tokens.count > 0)
		tokens.count--; /* the last one may be half of a word */
	if (!begin(&p, arena, text, context, &tokens, &refusal))
		goto no;
	p.prefix = true;
	for (size_t n = tokens.count; n > 0 && refusal.why == NULL; n--) {
		size_t end = tokens.items[n - 1].end;

		if (!boundary(text, end) || tokens.items[n - 1].sign == ',')
			continue;
		p.at = 0;
		p.end = n;
		if (parse_whole(&p, when_r) && !weak(&p, text) && !not_one_day(context, *when_r))
			return end;
	}
no:
	*refusal_r = refusal;
	return 0;
}
