/* SPDX-License-Identifier: ISC */
/*
 * when-date: calendar dates with numbers and month names: "2026-10-12", "12.10.2026", "12 Oct",
 * "Oct 12th, 2026", "12-14 Oct", "2026-W41", "KW 41". Refused with a reason: "03/04/2026", where
 * both readings exist, and days that no calendar has.
 */
#include "config.h"

#include "parsers/when-private.h"

#include "parsers/when-date.h"

#define NO_YEAR (-1)

static const char *const month_names[] = {"January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December"};

static bool
number(const struct when_token *t, int min_digits, int max_digits)
{
	return t != NULL && t->kind == TOKEN_NUMBER && t->digits >= min_digits &&
	       t->digits <= max_digits;
}

static bool
tight_sign(const struct when_token *t, char sign)
{
	return t != NULL && t->kind == TOKEN_SIGN && t->sign == sign && !t->spaced;
}

/* ---- finding the year -------------------------------------------------------------------- */

/*
 * The year of a date that names none: the coming such day, where one that was up to `slack` days
 * ago still counts as that one (and is then told to be past) rather than as next year's. For
 * time entries the latest such day.
 */
static int
choose_year(const struct when_parse *p, int month, int day)
{
	struct civil base;

	if (p->year != 0)
		return p->year;
	civil_from_days(p->base, &base);
	for (int i = 0; i < 3; i++) {
		int year = base.year + (p->tense == WHEN_FUTURE ? i - 1 : 1 - i);
		int64_t days = civil_days(year, month, day);

		if (p->tense == WHEN_FUTURE ? days >= p->base - p->slack : days <= p->base)
			return year;
	}
	return base.year;
}

static void
year_out_of_reach(struct when_parse *p, int year, int month, int day)
{
	int near = choose_year(p, month, day);

	when_refuse(p, civil_valid(near, month, day)
	    ? when_iso_day(p, civil_days(near, month, day)) : NULL,
	    "the year %04d is out of reach: years go from %d to %d", year, WHEN_YEAR_FIRST,
	    WHEN_YEAR_LAST);
}

/* Checks the date and leaves the reason where there is none such. */
static bool
set_days(struct when_parse *p, int year, int month, int first, int last, struct when_day *day_r)
{
	bool has_year = year != NO_YEAR;

	if (month < 1 || month > 12 || first < 1 || last < first)
		return false;
	if (!has_year)
		year = choose_year(p, month, first);
	if (year < WHEN_YEAR_FIRST || year > WHEN_YEAR_LAST) {
		year_out_of_reach(p, year, month, first);
		return false;
	}
	if (!civil_valid(year, month, last)) {
		int64_t nearest = civil_days(year, month, civil_month_days(year, month));

		when_refuse(p, when_iso_day(p, nearest), "there is no such day: %s %d has %d days",
		    month_names[month - 1], year, civil_month_days(year, month));
		return false;
	}
	*day_r = (struct when_day){.first = civil_days(year, month, first),
	    .last = civil_days(year, month, last),
	    .precision = WHEN_DAY,
	    .has_year = has_year};
	return true;
}

static int
full_year(const struct when_token *t)
{
	return t->digits == 4 ? t->value : t->value < 70 ? 2000 + t->value : 1900 + t->value;
}

/* ---- numbers only ------------------------------------------------------------------------ */

/* 2026-10-12, 2026/10/12, 2026.10.12 */
static bool
match_year_first(struct when_parse *p, struct when_day *day_r)
{
	const struct when_token *t = when_peek(p, 0), *last = when_peek(p, 4);

	if (!number(t, 4, 4) || !number(last, 1, 2) || !number(when_peek(p, 2), 1, 2))
		return false;
	char sign = t[1].sign;
	if ((sign != '-' && sign != '/' && sign != '.') || !tight_sign(&t[1], sign) ||
	    t[2].spaced || !tight_sign(&t[3], sign) || last->spaced)
		return false;
	if (t[2].value < 1 || t[2].value > 12 || last->value < 1) {
		bool swapped = civil_valid(t->value, last->value, t[2].value);

		when_refuse(p,
		    swapped ? when_iso_day(p, civil_days(t->value, last->value, t[2].value)) : NULL,
		    "\"%s\" is not a date: after the year come the month "
		    "(01 to 12) and the day",
		    when_source(p, p->at, p->at + 5));
		return false;
	}
	if (!set_days(p, t->value, t[2].value, last->value, last->value, day_r))
		return false;
	p->at += 5;
	return true;
}

/* "24/12", "3/4": a date without a year, or a fraction. */
static void
refuse_fraction(struct when_parse *p, int a, int b)
{
	const char *source = when_source(p, p->at, p->at + 3);
	bool day_first = b >= 1 && b <= 12 && civil_valid(choose_year(p, b, a), b, a);
	bool month_first = a >= 1 && a <= 12 && civil_valid(choose_year(p, a, b), a, b);
	int day = day_first ? a : b, month = day_first ? b : a;

	if (!day_first && !month_first) {
		when_refuse(p, NULL, "\"%s\" is no date: write year-month-day", source);
		return;
	}
	when_refuse(p, when_iso_day(p, civil_days(choose_year(p, month, day), month, day)),
	    day_first && month_first && a != b ?
	    "\"%s\" may be two dates or a fraction: write year-month-day" :
	    "\"%s\" may be a date or a fraction: write year-month-day", source);
}

/* Which of a and b is the day, where the year comes last and signs do not tell. */
static bool
set_slashed(struct when_parse *p, int a, int b, int year, struct when_day *day_r)
{
	bool day_first = civil_valid(year, b, a), month_first = civil_valid(year, a, b);
	const char *source = when_source(p, p->at, p->at + 5);

	if ((year < WHEN_YEAR_FIRST || year > WHEN_YEAR_LAST) && a >= 1 && b >= 1 &&
	    (a <= 12 || b <= 12)) {
		year_out_of_reach(p, year, b <= 12 ? b : a, b <= 12 ? a : b);
		return false;
	}
	if (day_first && month_first && a != b) {
		when_refuse(p, when_iso_day(p, civil_days(year, b, a)),
		    "\"%s\" may be %d %s or %d %s: write year-month-day", source, a,
		    month_names[b - 1], b, month_names[a - 1]);
		return false;
	}
	if (day_first)
		return set_days(p, year, b, a, a, day_r);
	if (month_first)
		return set_days(p, year, a, b, b, day_r);
	when_refuse(p, NULL, "\"%s\" is not a date in any order: write year-month-day", source);
	return false;
}

/* 12/10/2026, 27-07-2022 */
static bool
match_slashed(struct when_parse *p, struct when_day *day_r)
{
	const struct when_token *t = when_peek(p, 0), *last = when_peek(p, 4);
	char sign;

	if (!number(t, 1, 2) || t->ordinal || when_peek(p, 1) == NULL)
		return false;
	sign = t[1].sign;
	if ((sign != '/' && sign != '-') || !tight_sign(&t[1], sign) ||
	    !number(when_peek(p, 2), 1, 2) || t[2].spaced)
		return false;
	if (last == NULL || !tight_sign(&t[3], sign) || last->spaced ||
	    !(number(last, 4, 4) || (number(last, 2, 2) && sign == '/'))) {
		if (!p->prefix && sign == '/' && !(p->at + 3 < p->end && tight_sign(&t[3], '/')))
			refuse_fraction(p, t->value, t[2].value);
		return false;
	}
	if (!set_slashed(p, t->value, t[2].value, full_year(last), day_r))
		return false;
	p->at += 5;
	return true;
}

/* 12.10.2026, 12.10.26, 12.10. */
static bool
match_dotted(struct when_parse *p, struct when_day *day_r)
{
	const struct when_token *t = when_peek(p, 0), *year = when_peek(p, 4);
	bool has_year;

	if (!number(t, 1, 2) || when_peek(p, 3) == NULL || !tight_sign(&t[1], '.') ||
	    !number(&t[2], 1, 2) || !tight_sign(&t[3], '.'))
		return false;
	has_year = number(year, 4, 4) || (number(year, 2, 2) && !year->spaced);
	if (t[2].spaced && !number(year, 4, 4))
		return false;
	if (t[2].value < 1 || t[2].value > 12 || t->value < 1 || t->value > 31) {
		if (has_year)
			when_refuse(p, NULL, "\"%s\" is not a date: with dots the day comes first",
			    when_source(p, p->at, p->at + 5));
		return false;
	}
	if (!set_days(p, has_year ? full_year(year) : NO_YEAR, t[2].value, t->value, t->value,
		day_r))
		return false;
	p->at += has_year ? 5 : 4;
	return true;
}

/* ---- month names ------------------------------------------------------------------------- */

/* "2026", ", 2026", "de 2026"; "96" where nothing comes after it. NO_YEAR and nothing taken
 * without. */
static int
take_year(struct when_parse *p)
{
	size_t at = p->at;
	const struct when_token *t, *after;

	if (!when_take_sign(p, ','))
		(void)when_take_word(p, W_OF, NULL);
	t = when_peek(p, 0);
	after = when_peek(p, 1);
	bool clock = after != NULL && !after->spaced && after->kind != TOKEN_SIGN;
	if (after != NULL && after->kind == TOKEN_SIGN && after->sign == ':')
		clock = true;
	if (t != NULL && !t->ordinal && !clock &&
	    (number(t, 4, 4) || (number(t, 2, 2) && after == NULL && !p->prefix))) {
		p->at++;
		return full_year(t);
	}
	p->at = at;
	return NO_YEAR;
}

static bool
take_month_day(struct when_parse *p, int *day_r)
{
	const struct when_token *t = when_peek(p, 0), *after = when_peek(p, 1);

	if (!number(t, 1, 2) || (after != NULL && tight_sign(after, ':')))
		return false;
	*day_r = t->value;
	p->at++;
	return true;
}

static bool
take_to(struct when_parse *p)
{
	return when_take_sign(p, '~') || when_take_sign(p, '-') || when_take_word(p, W_TO, NULL);
}

static bool
day_in_reach(struct when_parse *p, int month, int first, int last)
{
	if (first >= 1 && last <= 31)
		return true;
	when_refuse(p, NULL, "there is no such day: %s has %d days", month_names[month - 1],
	    civil_month_days(2024, month));
	return false;
}

/* 8/Oct/2012, 12-Oct-2026 */
static bool
match_joined(struct when_parse *p, struct when_day *day_r)
{
	const struct when_token *t = when_peek(p, 0), *year = when_peek(p, 4);
	int month;

	if (!number(t, 1, 2) || !number(year, 4, 4) || year->spaced ||
	    !when_token_means(&t[2], W_MONTH, &month) || t[2].spaced)
		return false;
	char sign = t[1].sign;
	if ((sign != '/' && sign != '-') || !tight_sign(&t[1], sign) || !tight_sign(&t[3], sign) ||
	    !day_in_reach(p, month, t->value, t->value) ||
	    !set_days(p, year->value, month, t->value, t->value, day_r))
		return false;
	p->at += 5;
	return true;
}

/* 12 Oct, 12th of October 2026, 12. Oktober, 12-14 Oct */
static bool
match_day_month(struct when_parse *p, struct when_day *day_r)
{
	size_t from = p->at, at;
	int first, last, month, year;

	if (!take_month_day(p, &first))
		return false;
	(void)when_take_sign(p, '.');
	last = first;
	at = p->at;
	if (!take_to(p) || ((void)when_take_word(p, W_ON, NULL), !take_month_day(p, &last)))
		p->at = at, last = first;
	else
		(void)when_take_sign(p, '.');
	(void)when_take_word(p, W_OF, NULL);
	if (!when_take_word(p, W_MONTH, &month))
		goto no;
	(void)when_take_sign(p, '.');
	year = take_year(p);
	if (day_in_reach(p, month, first, last) && set_days(p, year, month, first, last, day_r))
		return true;
no:
	p->at = from;
	return false;
}

/* Oct 12, October 12th, 2026, Aug 10 - 22, 2012 */
static bool
match_month_day(struct when_parse *p, struct when_day *day_r)
{
	size_t from = p->at, at;
	int first, last, month, year;

	if (!when_take_word(p, W_MONTH, &month))
		return false;
	if (!when_take_sign(p, '.'))
		(void)when_take_sign(p, ',');
	if (!take_month_day(p, &first))
		goto no;
	last = first;
	at = p->at;
	const struct when_token *after;
	if (!take_to(p) || !take_month_day(p, &last) ||
	    ((after = when_peek(p, 0)) != NULL &&
		(after->kind == TOKEN_WORD || (after->kind == TOKEN_SIGN && after->sign != ','))))
		p->at = at, last = first; /* "Aug 10 - 12 Sep", "Aug 10 - 12.9." */
	year = take_year(p);
	if (day_in_reach(p, month, first, last) && set_days(p, year, month, first, last, day_r))
		return true;
no:
	p->at = from;
	return false;
}

/* 2018 March 18, 2012/Aug/10 */
static bool
match_year_month_day(struct when_parse *p, struct when_day *day_r)
{
	size_t from = p->at;
	const struct when_token *t = when_peek(p, 0);
	int month, day;

	if (!number(t, 4, 4))
		return false;
	p->at++;
	if (!when_take_sign(p, '/'))
		(void)when_take_sign(p, '-');
	if (when_take_word(p, W_MONTH, &month)) {
		if (!when_take_sign(p, '/'))
			(void)when_take_sign(p, '-');
		if (take_month_day(p, &day) && day_in_reach(p, month, day, day) &&
		    set_days(p, t->value, month, day, day, day_r))
			return true;
	}
	p->at = from;
	return false;
}

/* A month alone is no day. */
static bool
refuse_month(struct when_parse *p, struct when_day *day_r)
{
	const struct when_token *t = when_peek(p, 0);
	struct when_day first;
	int month;

	(void)day_r;
	if (p->prefix || !when_next_is(p, 0, W_MONTH, &month) || p->at + 1 != p->end ||
	    when_next_is(p, 0, W_WEEKDAY, NULL) || !set_days(p, NO_YEAR, month, 1, 1, &first))
		return false;
	when_refuse(p, when_iso_day(p, first.first), "\"%.*s\" is a month: say which day of it",
	    (int)(t->end - t->start), p->text.ptr + t->start);
	return false;
}

/* ---- weeks ------------------------------------------------------------------------------- */

static bool
set_week(struct when_parse *p, int year, int week, int weekday, struct when_day *day_r)
{
	int64_t monday;

	if (year < WHEN_YEAR_FIRST || year > WHEN_YEAR_LAST) {
		when_refuse(p, NULL, "the year %04d is out of reach: years go from %d to %d", year,
		    WHEN_YEAR_FIRST, WHEN_YEAR_LAST);
		return false;
	}
	if (week < 1 || week > civil_weeks_in(year)) {
		when_refuse(p, arena_printf(p->arena, "%04d-W%02d", year, civil_weeks_in(year)),
		    "there is no such week: %d has weeks 1 to %d", year, civil_weeks_in(year));
		return false;
	}
	monday = civil_week_start(year, week);
	if (weekday > 0)
		*day_r = (struct when_day){.first = monday + weekday - 1,
		    .last = monday + weekday - 1,
		    .precision = WHEN_DAY,
		    .has_year = true};
	else
		*day_r = (struct when_day){
		    .first = monday, .last = monday + 6, .precision = WHEN_WEEK, .has_year = true};
	return true;
}

/* 2026-W41, 2026W41, 2026-W41-3 */
static bool
match_iso_week(struct when_parse *p, struct when_day *day_r)
{
	size_t from = p->at, at;
	const struct when_token *year = when_peek(p, 0), *week, *day;
	int weekday = 0;

	if (!number(year, 4, 4))
		return false;
	p->at++;
	(void)when_take_sign(p, '-');
	if (!when_take_word(p, W_WEEKNO, NULL) || !number(week = when_peek(p, 0), 1, 2))
		goto no;
	at = ++p->at;
	if (when_take_sign(p, '-')) {
		day = when_peek(p, 0);
		if (p->tokens[at].spaced || !number(day, 1, 1) || day->spaced || day->value < 1 ||
		    day->value > 7)
			p->at = at;
		else
			weekday = day->value, p->at++;
	}
	if (set_week(p, year->value, week->value, weekday, day_r))
		return true;
no:
	p->at = from;
	return false;
}

/* The year of a week that names none, as choose_year(). */
static int
choose_week_year(const struct when_parse *p, int week)
{
	int year, unused;

	if (p->year != 0)
		return p->year;
	civil_week(p->base, &year, &unused);
	for (int i = 0; i < 3; i++) {
		int y = year + (p->tense == WHEN_FUTURE ? i - 1 : 1 - i);
		int64_t monday = civil_week_start(y, week);

		if (p->tense == WHEN_FUTURE ? monday + 6 >= p->base - p->slack : monday <= p->base)
			return y;
	}
	return year;
}

/* week 41, KW 41/2026, semaine 41, W41 */
static bool
match_week(struct when_parse *p, struct when_day *day_r)
{
	size_t from = p->at, at;
	const struct when_token *week, *year;
	int y = NO_YEAR;

	if (!when_take_word(p, W_WEEKNO, NULL) || !number(week = when_peek(p, 0), 1, 2) ||
	    week->ordinal)
		goto no;
	at = ++p->at;
	if (!when_take_sign(p, '/') && !when_take_sign(p, ','))
		(void)when_take_word(p, W_OF, NULL);
	year = when_peek(p, 0);
	if (number(year, 4, 4))
		y = year->value, p->at++;
	else
		p->at = at;
	if (set_week(p, y != NO_YEAR ? y : choose_week_year(p, week->value), week->value, 0, day_r))
		return true;
no:
	p->at = from;
	return false;
}

bool
when_match_date(struct when_parse *p, struct when_day *day_r)
{
	static bool (*const forms[])(struct when_parse *, struct when_day *) = {match_year_first,
	    match_slashed, match_dotted, match_joined, match_day_month, match_month_day,
	    match_year_month_day, match_iso_week, match_week, refuse_month};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (forms[i](p, day_r))
			return true;
	return false;
}
