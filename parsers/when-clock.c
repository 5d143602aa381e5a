/* SPDX-License-Identifier: ISC */
/*
 * when-clock: times of day ("17:00", "5pm", "17h30", "17.30 Uhr", "noon"), ranges of them
 * ("9-11am", "09:00-10:30") and offsets ("+02:00", "UTC", "CET").
 */
#include "config.h"

#include "parsers/when-private.h"

enum meridiem { NO_MERIDIEM, AM, PM };

struct reading_clock {
	int hour, minute, second;
	enum meridiem meridiem;
	bool bare; /* an hour alone: counts only beside something that makes it a time */
	bool midnight;
	bool exact; /* to the second: as machines write */
};

static bool
take_number(struct when_parse *p, int max_digits, bool tight, int *value_r, int *digits_r)
{
	const struct when_token *t = when_peek(p, 0);

	if (t == NULL || t->kind != TOKEN_NUMBER || t->digits > max_digits || t->ordinal ||
	    (tight && t->spaced))
		return false;
	*value_r = t->value;
	if (digits_r != NULL)
		*digits_r = t->digits;
	p->at++;
	return true;
}

/* ":30", ".30" before "Uhr" or "pm", "h30" */
static bool
take_minutes(struct when_parse *p, struct reading_clock *c)
{
	const struct when_token *sign = when_peek(p, 0);
	size_t at = p->at;
	int digits = 0, unit;

	if (sign == NULL || sign->spaced)
		return false;
	p->at++;
	if (sign->kind == TOKEN_SIGN && sign->sign == ':' &&
	    take_number(p, 2, true, &c->minute, &digits) && digits == 2)
		return true;
	p->at = at + 1;
	if (sign->kind == TOKEN_SIGN && sign->sign == '.' &&
	    take_number(p, 2, true, &c->minute, &digits) && digits == 2 &&
	    (when_next_is(p, 0, W_OCLOCK, NULL) || when_next_is(p, 0, W_AM, NULL) ||
		when_next_is(p, 0, W_PM, NULL)))
		return true;
	p->at = at + 1;
	if (when_token_means(sign, W_UNIT, &unit) && unit == UNIT_HOUR &&
	    take_number(p, 2, true, &c->minute, &digits) && digits == 2)
		return true;
	p->at = at;
	c->minute = 0;
	return false;
}

static void
take_seconds(struct when_parse *p, struct reading_clock *c)
{
	size_t at = p->at;
	int unused, digits;

	if (!when_take_sign(p, ':') || p->tokens[p->at - 1].spaced ||
	    !take_number(p, 2, true, &c->second, &digits) || digits != 2) {
		p->at = at;
		c->second = 0;
		return;
	}
	c->exact = true;
	at = p->at;
	if (!when_take_sign(p, '.') || !take_number(p, 9, true, &unused, NULL))
		p->at = at;
}

static void
take_suffix(struct when_parse *p, struct reading_clock *c)
{
	int unit;

	if (when_take_word(p, W_AM, NULL))
		c->meridiem = AM;
	else if (when_take_word(p, W_PM, NULL))
		c->meridiem = PM;
	else if (when_next_is(p, 0, W_OCLOCK, NULL))
		p->at++;
	else if (c->bare && when_next_is(p, 0, W_UNIT, &unit) && unit == UNIT_HOUR)
		p->at++; /* "17h", "17 heures": the caller knows whether that may be a time */
	else
		return;
	if (c->meridiem != NO_MERIDIEM || when_token_means(&p->tokens[p->at - 1], W_OCLOCK, NULL))
		c->bare = false;
}

static bool
sound(struct when_parse *p, size_t from, struct reading_clock *c)
{
	bool twelve = c->meridiem != NO_MERIDIEM;

	if (twelve && c->hour > 12 && c->hour < 24 && c->minute < 60) {
		when_refuse(p, arena_printf(p->arena, "%02d:%02d", c->hour, c->minute),
		    "\"%s\" is not a time: am and pm go with hours from 1 to 12",
		    when_source(p, from, p->at));
		return false;
	}
	if (twelve && c->hour == 0 && c->minute < 60) {
		when_refuse(p, arena_printf(p->arena, "%02d:%02d", c->meridiem == PM ? 12 : 0,
		    c->minute), "\"%s\" is not a time: am and pm go with hours from 1 to 12",
		    when_source(p, from, p->at));
		return false;
	}
	if (c->hour > 24 || c->minute > 59 || c->second > 59 || (twelve && c->hour == 0) ||
	    (c->hour == 24 && (c->minute > 0 || c->second > 0))) {
		if (!c->bare)
			when_refuse(p, NULL, "there is no time %s: hours go to 23, minutes to 59",
			    when_source(p, from, p->at));
		return false;
	}
	return true;
}

static bool
take_reading(struct when_parse *p, struct reading_clock *c_r)
{
	struct reading_clock c = {0};
	size_t from = p->at;
	int minute;

	if (when_take_word(p, W_CLOCK, &minute)) {
		*c_r = (struct reading_clock){.hour = minute / 60, .midnight = minute == 24 * 60};
		return true;
	}
	if (!take_number(p, 2, false, &c.hour, NULL))
		return false;
	if (take_minutes(p, &c))
		take_seconds(p, &c);
	else
		c.bare = true;
	take_suffix(p, &c);
	if (!sound(p, from, &c)) {
		p->at = from;
		return false;
	}
	*c_r = c;
	return true;
}

static int32_t
seconds_of(const struct reading_clock *c)
{
	int hour = c->hour;

	if (c->meridiem != NO_MERIDIEM)
		hour = hour % 12 + (c->meridiem == PM ? 12 : 0);
	return hour * 3600 + c->minute * 60 + c->second;
}

/* "9-11am": the first takes over what the second says, unless that turns them round. */
static void
share_meridiem(struct reading_clock *from, const struct reading_clock *to)
{
	if (from->meridiem != NO_MERIDIEM || to->meridiem == NO_MERIDIEM || from->midnight ||
	    from->hour == 0 || from->hour > 12)
		return;
	from->meridiem = to->meridiem;
	if (seconds_of(from) >= seconds_of(to))
		from->meridiem = to->meridiem == PM ? AM : PM;
}

static bool
take_to(struct when_parse *p)
{
	return when_take_sign(p, '~') || when_take_sign(p, '-') || when_take_word(p, W_TO, NULL);
}

static bool
take_range(struct when_parse *p, struct reading_clock *from, struct when_clock *clock)
{
	size_t at = p->at;
	struct reading_clock to;

	if (!take_to(p) || (when_take_word(p, W_AT, NULL), !take_reading(p, &to)) ||
	    (to.bare && from->bare && p->tokens[p->at - 1].kind == TOKEN_NUMBER)) {
		p->at = at;
		return false;
	}
	if (to.bare && p->tokens[p->at - 1].kind == TOKEN_NUMBER && from->meridiem == NO_MERIDIEM) {
		p->at = at; /* "09:00 - 12" may go on as a date */
		return false;
	}
	share_meridiem(from, &to);
	clock->start = seconds_of(from);
	clock->end = seconds_of(&to);
	return true;
}

bool
when_match_clock(struct when_parse *p, bool bare_hour, struct when_clock *clock_r)
{
	struct when_clock clock = {.end = -1};
	struct reading_clock from;
	size_t at = p->at;
	bool tee = at > 0 && when_token_means(&p->tokens[at - 1], W_T, NULL);

	if (!take_reading(p, &from))
		return false;
	/* "T17:00-05:00" is an offset, "09:00-10:30" a range. */
	bool exact = (tee || from.exact) && when_match_offset(p, &clock);
	if (exact || !take_range(p, &from, &clock)) {
		if (from.bare && !bare_hour) {
			p->at = at;
			return false;
		}
		clock.start = seconds_of(&from);
		clock.midnight = from.midnight;
	}
	if (!exact)
		(void)when_match_offset(p, &clock);
	*clock_r = clock;
	return true;
}

/* ---- offsets ----------------------------------------------------------------------------- */

/* "+2", "+02", "+0200", "+02:00" */
static bool
take_signed(struct when_parse *p, int32_t *seconds_r)
{
	size_t at = p->at;
	int32_t sign = when_take_sign(p, '+') ? 1 : when_take_sign(p, '-') ? -1 : 0;
	int hour, minute = 0, digits;

	if (sign == 0 || !take_number(p, 4, true, &hour, &digits) || digits == 3)
		goto no;
	if (digits == 4) {
		minute = hour % 100;
		hour /= 100;
	} else if (when_take_sign(p, ':')) {
		if (!take_number(p, 2, true, &minute, &digits) || digits != 2)
			goto no;
	}
	if (hour > 14 || minute > 59)
		goto no;
	*seconds_r = sign * (hour * 3600 + minute * 60);
	return true;
no:
	p->at = at;
	return false;
}

bool
when_match_offset(struct when_parse *p, struct when_clock *clock)
{
	int minutes;
	int32_t more;
	const struct when_token *t = when_peek(p, 0);

	if (t == NULL)
		return false;
	if (when_take_word(p, W_OFFSET, &minutes)) {
		clock->has_offset = true;
		clock->offset = minutes * 60;
		if (minutes == 0 && take_signed(p, &more))
			clock->offset = more;
		return true;
	}
	if (when_take_word(p, W_OFFSET_UNCLEAR, NULL)) {
		when_refuse(p, NULL,
		    "\"%s\" is the name of more than one zone: write a zone like "
		    "America/Chicago, or an offset like +05:30",
		    when_source(p, p->at - 1, p->at));
		p->at--;
		return false;
	}
	/* A minus after a blank is a range: "17:00 - 18:00". */
	if (t->kind == TOKEN_SIGN && (t->sign == '+' || (t->sign == '-' && !t->spaced)) &&
	    take_signed(p, &clock->offset)) {
		clock->has_offset = true;
		return true;
	}
	return false;
}
