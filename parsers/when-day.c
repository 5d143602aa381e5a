/* SPDX-License-Identifier: ISC */
/*
 * when-day: days by their name or place: "today", "friday", "next friday", "vendredi prochain",
 * "Fri 27 Nov", "next week", "end of month", "eoq". The end of a week is its Sunday, as the end
 * of a month is its last day. The longest form that fits wins.
 */
#include "config.h"

#include "parsers/when-private.h"

#include "parsers/when-date.h"

static const char *const weekday_names[] = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

enum which { NONE, NEXT, COMING, THIS, LAST };

static void
set_day(struct when_day *day_r, int64_t day)
{
	*day_r = (struct when_day){.first = day, .last = day, .precision = WHEN_DAY};
}

static enum which
take_which(struct when_parse *p)
{
	int coming;

	if (when_take_word(p, W_NEXT, &coming))
		return coming ? COMING : NEXT;
	if (when_take_word(p, W_THIS, NULL))
		return THIS;
	return when_take_word(p, W_LAST, NULL) ? LAST : NONE;
}

static int
steps(enum which which)
{
	return which == NEXT || which == COMING ? 1 : which == LAST ? -1 : 0;
}

/* ---- weekdays ---------------------------------------------------------------------------- */

static int64_t
find_weekday(const struct when_parse *p, int weekday, enum which which)
{
	int ahead = (weekday - (int)civil_weekday(p->base) + 7) % 7; /* 0..6 */
	bool past = p->tense == WHEN_PAST && which != COMING;
	int64_t next;

	switch (which) {
	case NEXT:
		next = p->today - civil_weekday(p->today) + 7 + weekday;
		/* "next fri..next mon": of the week after the range's beginning */
		return next > p->base ? next : p->base - civil_weekday(p->base) + 7 + weekday;
	case LAST:
		return p->base + ahead - 7;
	case THIS:
		return p->base + (past && ahead > 0 ? ahead - 7 : ahead);
	case COMING:
	case NONE:
		break;
	}
	return p->base + (past ? ahead - 7 : ahead > 0 ? ahead : 7);
}

/* The step of "next week", "semana que viene" and the like after a weekday. */
static bool
take_week_after(struct when_parse *p, enum which *which_r)
{
	size_t at = p->at;
	enum which which;
	int unit;

	(void)when_take_sign(p, ',');
	while (when_take_word(p, W_OF, NULL) || when_take_word(p, W_ON, NULL))
		;
	which = take_which(p);
	if (when_take_word(p, W_UNIT, &unit) && unit == UNIT_WEEK) {
		if (which == NONE)
			which = take_which(p);
		if (which != NONE) {
			*which_r = which;
			return true;
		}
	}
	p->at = at;
	return false;
}

static bool
check_weekday(struct when_parse *p, size_t from, int weekday, const struct when_day *day)
{
	if (day->first != day->last || (int)civil_weekday(day->first) == weekday)
		return true;
	when_refuse(p, when_iso_day(p, day->first), "\"%s\": %s is a %s, not a %s",
	    when_source(p, from, p->at), when_iso_day(p, day->first),
	    weekday_names[civil_weekday(day->first)], weekday_names[weekday]);
	return false;
}

/*
 * The date after a weekday, which must be such a day.
 */
static bool
take_date_after(struct when_parse *p, size_t from, int weekday, struct when_day *day_r, bool *bad)
{
	size_t at = p->at;
	struct when_day day;

	(void)when_take_sign(p, '.');
	(void)when_take_sign(p, ',');
	while (when_take_word(p, W_ON, NULL))
		;
	*bad = false;
	if (when_match_date(p, &day) && day.precision == WHEN_DAY) {
		if (check_weekday(p, from, weekday, &day)) {
			*day_r = day;
			return true;
		}
		*bad = true;
	}
	p->at = at;
	return false;
}

/* "next week friday", "nächste Woche Freitag", "semaine prochaine vendredi" */
static bool
match_week_weekday(struct when_parse *p, struct when_day *day_r)
{
	size_t from = p->at;
	enum which which = take_which(p);
	int unit, weekday;

	if (when_take_word(p, W_UNIT, &unit) && unit == UNIT_WEEK) {
		if (which == NONE)
			which = take_which(p);
		(void)when_take_sign(p, ',');
		while (when_take_word(p, W_ON, NULL))
			;
		if (which != NONE && when_take_word(p, W_WEEKDAY, &weekday)) {
			set_day(
			    day_r, p->base - civil_weekday(p->base) + 7 * steps(which) + weekday);
			return true;
		}
	}
	p->at = from;
	return false;
}

static bool
match_weekday(struct when_parse *p, struct when_day *day_r)
{
	size_t from = p->at;
	enum which which = take_which(p);
	int weekday;
	bool bad = false;

	if (!when_take_word(p, W_WEEKDAY, &weekday))
		goto no;
	if (which == NONE && take_date_after(p, from, weekday, day_r, &bad))
		return true;
	if (bad)
		goto no;
	if (which == NONE && when_token_means(&p->tokens[p->at - 1], W_MONTH, NULL)) {
		if (!p->prefix)
			when_refuse(
			    p, NULL, "\"%s\" may be Tuesday or March", when_source(p, from, p->at));
		goto no;
	}
	(void)when_take_sign(p, '.');
	if (which == NONE && take_week_after(p, &which)) {
		set_day(day_r, p->base - civil_weekday(p->base) + 7 * steps(which) + weekday);
		return true;
	}
	if (which == NONE)
		which = take_which(p);
	set_day(day_r, find_weekday(p, weekday, which));
	return true;
no:
	p->at = from;
	return false;
}

/* ---- today, and stretches of the calendar ------------------------------------------------ */

static bool
match_relative(struct when_parse *p, struct when_day *day_r)
{
	int days;

	if (when_take_word(p, W_NOW, NULL)) {
		*day_r = (struct when_day){.first = p->today,
		    .last = p->today,
		    .precision = WHEN_MINUTE,
		    .moment = p->anchor};
		return true;
	}
	if (!when_take_word(p, W_RELDAY, &days))
		return false;
	set_day(day_r, p->today + days);
	return true;
}

/* The stretch that holds today, moved by `by` of its kind. */
static bool
stretch(const struct when_parse *p, enum when_unit unit, int by, struct when_day *day_r)
{
	struct civil c;
	int months = 1, first = 1;

	civil_from_days(p->today, &c);
	switch (unit) {
	case UNIT_SECOND:
	case UNIT_MINUTE:
	case UNIT_HOUR:
		return false;
	case UNIT_DAY:
		set_day(day_r, p->today + by);
		return true;
	case UNIT_WEEK:
		set_day(day_r, p->today - civil_weekday(p->today) + 7 * by);
		day_r->last += 6;
		day_r->precision = WHEN_WEEK;
		return true;
	case UNIT_MONTH:
		first = c.month;
		break;
	case UNIT_QUARTER:
		months = 3;
		first = (c.month - 1) / 3 * 3 + 1;
		break;
	case UNIT_YEAR:
		months = 12;
		break;
	}
	set_day(day_r, civil_days(c.year, first + by * months, 1));
	day_r->last = civil_days(c.year, first + (by + 1) * months, 1) - 1;
	return true;
}

/* "next week", "semaine prochaine", "diesen Monat" */
static bool
match_stretch(struct when_parse *p, struct when_day *day_r)
{
	size_t from = p->at;
	enum which which = take_which(p);
	int unit;

	if (when_take_word(p, W_UNIT, &unit)) {
		if (which == NONE)
			which = take_which(p);
		if (which != NONE && unit != UNIT_DAY &&
		    stretch(p, (enum when_unit)unit, steps(which), day_r))
			return true;
	}
	p->at = from;
	return false;
}

/* "end of October", "fin octobre 2026" */
static bool
end_of_month(struct when_parse *p, struct when_day *day_r)
{
	size_t from = p->at;
	struct civil base;
	int month, year;

	if (!when_take_word(p, W_MONTH, &month))
		return false;
	civil_from_days(p->base, &base);
	year = month < base.month ? base.year + 1 : base.year;
	const struct when_token *t = when_peek(p, 0);
	if (t != NULL && t->kind == TOKEN_NUMBER && t->digits == 4) {
		year = t->value;
		p->at++;
	}
	if (year < WHEN_YEAR_FIRST || year > WHEN_YEAR_LAST) {
		when_refuse(p, NULL, "the year %04d is out of reach: years go from %d to %d", year,
		    WHEN_YEAR_FIRST, WHEN_YEAR_LAST);
		p->at = from;
		return false;
	}
	set_day(day_r, civil_days(year, month, civil_month_days(year, month)));
	return true;
}

/* "eom", "end of the month", "end of next week", "fin de semaine prochaine" */
static bool
match_end(struct when_parse *p, struct when_day *day_r)
{
	size_t from = p->at;
	struct when_day whole;
	enum which which;
	int unit;

	if (when_take_word(p, W_EOX, &unit)) {
		which = NONE;
	} else {
		if (!when_take_word(p, W_END_OF, NULL))
			return false;
		if (end_of_month(p, day_r))
			return true;
		while (when_take_word(p, W_OF, NULL) || when_take_word(p, W_ON, NULL))
			;
		which = take_which(p);
		if (!when_take_word(p, W_UNIT, &unit))
			goto no;
		if (which == NONE)
			which = take_which(p);
	}
	if (!stretch(p, (enum when_unit)unit, steps(which), &whole))
		goto no;
	set_day(day_r, whole.last);
	return true;
no:
	p->at = from;
	return false;
}

bool
when_match_day(struct when_parse *p, struct when_day *day_r)
{
	static bool (*const forms[])(struct when_parse *, struct when_day *) = {when_match_date,
	    match_weekday, match_week_weekday, match_relative, match_stretch, match_end,
	    when_match_amount};
	size_t from = p->at, longest = from;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct when_day day;

		p->at = from;
		if (forms[i](p, &day) && p->at > longest) {
			longest = p->at;
			*day_r = day;
		}
	}
	p->at = longest;
	return longest > from;
}
