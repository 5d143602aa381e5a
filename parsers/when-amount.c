/* SPDX-License-Identifier: ISC */
/*
 * when-amount: dates by their distance: "in 3 days", "3d", "2 weeks ago", "vor 3 Tagen",
 * "in 1.5 hours". Days and longer units give a day, hours and minutes a moment.
 */
#include "config.h"

#include "parsers/when-private.h"

#define AMOUNT_MAX 100000

struct amount {
	int64_t seconds;
	int64_t days;
	int months;
	bool moment; /* hours or smaller were named */
};

static bool
add_unit(struct amount *a, int value, int tenths, enum when_unit unit)
{
	static const int seconds[] = {[UNIT_SECOND] = 1, [UNIT_MINUTE] = 60, [UNIT_HOUR] = 3600};

	switch (unit) {
	case UNIT_SECOND:
	case UNIT_MINUTE:
	case UNIT_HOUR:
		a->moment = true;
		a->seconds += (int64_t)value * seconds[unit] + tenths * seconds[unit] / 10;
		return true;
	case UNIT_DAY:
	case UNIT_WEEK:
		a->days += (int64_t)value * (unit == UNIT_WEEK ? 7 : 1);
		return tenths == 0;
	case UNIT_MONTH:
		a->months += value;
		return tenths == 0;
	case UNIT_QUARTER:
		a->months += 3 * value;
		return tenths == 0;
	case UNIT_YEAR:
		a->months += 12 * value;
		return tenths == 0;
	}
	return false;
}

static bool
take_count(struct when_parse *p, int *value_r, int *tenths_r)
{
	const struct when_token *t = when_peek(p, 0), *more = when_peek(p, 2);

	*tenths_r = 0;
	if (when_take_word(p, W_HALF, value_r)) {
		*tenths_r = *value_r % 2 * 5;
		*value_r /= 2;
		(void)when_take_sign(p, '-'); /* "demi-heure" */
		return true;
	}
	if (when_take_word(p, W_NUMBER, value_r))
		return true;
	if (t == NULL || t->kind != TOKEN_NUMBER || t->ordinal || t->value < 0 ||
	    t->value > AMOUNT_MAX)
		return false;
	*value_r = t->value;
	p->at++;
	if (more != NULL && more->kind == TOKEN_NUMBER && !more->spaced && more->digits == 1 &&
	    !more->ordinal && (when_take_sign(p, '.') || when_take_sign(p, ','))) {
		*tenths_r = more->value;
		p->at++;
	}
	return true;
}

/* "minutes", and "'" right behind its number */
static bool
take_unit(struct when_parse *p, int *unit_r)
{
	const struct when_token *t = when_peek(p, 0);

	if (t != NULL && !t->spaced && when_take_sign(p, '\'')) {
		*unit_r = UNIT_MINUTE;
		return true;
	}
	return when_take_word(p, W_UNIT, unit_r);
}

static bool
take_pair(struct when_parse *p, struct amount *a)
{
	size_t at = p->at;
	int value, tenths, unit;

	if (take_count(p, &value, &tenths) && take_unit(p, &unit) &&
	    add_unit(a, value, tenths, (enum when_unit)unit))
		return true;
	p->at = at;
	return false;
}

/* One or more pairs: "1d 2hr 5min", "2 weeks and 3 days" */
static bool
take_amount(struct when_parse *p, struct amount *a_r)
{
	struct amount a = {0};

	if (!take_pair(p, &a))
		return false;
	for (;;) {
		size_t at = p->at;
		struct amount more = a;

		(void)when_take_sign(p, ',');
		(void)when_take_word(p, W_AND, NULL);
		if (!take_pair(p, &more)) {
			p->at = at;
			break;
		}
		a = more;
	}
	*a_r = a;
	return a.months <= AMOUNT_MAX;
}

static void
apply(struct when_parse *p, const struct amount *a, int sign, struct when_day *day_r)
{
	int64_t day = civil_add_months(p->today, sign * a->months) + sign * a->days;

	*day_r = (struct when_day){.first = day, .last = day, .precision = WHEN_DAY};
	if (!a->moment)
		return;
	day_r->precision = WHEN_MINUTE;
	day_r->moment = p->anchor + sign * a->seconds;
	if (a->days != 0 || a->months != 0) {
		struct civil c, date;

		zone_to_local(p->zone, p->anchor, &c);
		civil_from_days(day, &date);
		date.hour = c.hour;
		date.minute = c.minute;
		date.second = c.second;
		day_r->moment = zone_to_utc(p->zone, &date, NULL) + sign * a->seconds;
	}
}

/* Words that stand for the hour of the day as well as for hours. */
static bool
names_hour(const struct when_parse *p, const struct when_token *t)
{
	static const char *const words[] = {"uur", "heures", "horas"};
	struct span word = span_first(span_skip(p->text, t->start), t->end - t->start);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_iis(word, words[i]))
			return true;
	return !t->spaced && word.len == 1;
}

/* "17h", "17 heures" alone is a time to some and an amount to others. */
static bool
unclear_hour(struct when_parse *p, size_t from)
{
	const struct when_token *t = &p->tokens[from];

	if (p->at - from != 2 || t->kind != TOKEN_NUMBER || t->digits != 2 || t->value > 24 ||
	    !names_hour(p, &t[1]))
		return false;
	when_refuse(p, arena_printf(p->arena, "%02d:00", t->value),
	    "\"%s\" may be a time or an amount: write %02d:00, or \"in %d hours\"",
	    when_source(p, from, p->at), t->value, t->value);
	return true;
}

static bool
bare_amount(struct when_parse *p, size_t from, const struct amount *a)
{
	int count;

	if (p->tense == WHEN_PAST) {
		if (!p->prefix)
			when_refuse(p,
			    arena_printf(p->arena, "%s ago", when_source(p, from, p->at)),
			    "\"%s\" does not say from when", when_source(p, from, p->at));
		return false;
	}
	if (when_token_means(&p->tokens[from], W_NUMBER, &count) && count == 1)
		return false; /* "a day": no date without "in" or "ago" */
	return !a->moment || !unclear_hour(p, from);
}

bool
when_match_amount(struct when_parse *p, struct when_day *day_r)
{
	size_t from = p->at;
	bool in, before, ago = false, later = false;
	struct amount a;

	in = when_take_word(p, W_IN, NULL);
	before = !in && when_take_word(p, W_AGO_BEFORE, NULL);
	if (!take_amount(p, &a))
		goto no;
	if (!in && !before) {
		ago = when_take_word(p, W_AGO, NULL);
		later = !ago && when_take_word(p, W_LATER, NULL);
		if (!ago && !later && !bare_amount(p, from, &a))
			goto no;
	}
	apply(p, &a, ago || before ? -1 : 1, day_r);
	return true;
no:
	p->at = from;
	return false;
}
