/* SPDX-License-Identifier: ISC */
/*
 * civil: see civil.h. Days and dates are turned into each other by counting in eras of 400 years
 * of 146,097 days, with March as the first month, so that the leap day ends its year.
 */
#include "config.h"

#include "parsers/base/civil.h"

#include <stdio.h>

#include "parsers/base/num.h"

#define DAYS_MIN (-719162) /* 0001-01-01 */
#define DAYS_MAX 2932896   /* 9999-12-31 */

static int64_t
clamp(int64_t value, int64_t min, int64_t max)
{
	return value < min ? min : value > max ? max : value;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

bool
civil_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int
civil_month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month < 1 || month > 12)
		return 0;
	return month == 2 && civil_leap(year) ? 29 : days[month - 1];
}

bool
civil_valid(int year, int month, int day)
{
	return year >= CIVIL_YEAR_MIN && year <= CIVIL_YEAR_MAX && day >= 1 &&
	       day <= civil_month_days(year, month);
}

int64_t
civil_days(int year, int month, int day)
{
	int64_t months = clamp(year, -20000, 20000) * 12 + clamp(month, -240000, 240000) - 1 - 2;
	int64_t y = floor_div(months, 12), era = floor_div(y, 400);
	int64_t year_day = (153 * (months - y * 12) + 2) / 5;
	int64_t era_year = y - era * 400;

	return era * 146097 + era_year * 365 + era_year / 4 - era_year / 100 + year_day + day - 1 -
	       719468;
}

void
civil_from_days(int64_t days, struct civil *civil_r)
{
	int64_t z = clamp(days, DAYS_MIN, DAYS_MAX) + 719468, era = floor_div(z, 146097);
	int64_t era_day = z - era * 146097;
	int64_t era_year = (era_day - era_day / 1460 + era_day / 36524 - era_day / 146096) / 365;
	int64_t year_day = era_day - (365 * era_year + era_year / 4 - era_year / 100);
	int64_t month = (5 * year_day + 2) / 153;

	*civil_r = (struct civil){
	    .year = (int)(era_year + era * 400 + (month >= 10)),
	    .month = (int)(month < 10 ? month + 3 : month - 9),
	    .day = (int)(year_day - (153 * month + 2) / 5 + 1),
	};
}

enum weekday
civil_weekday(int64_t days)
{
	int64_t d = clamp(days, DAYS_MIN, DAYS_MAX) + 3; /* 1970-01-01 was a Thursday */

	return (enum weekday)(d - floor_div(d, 7) * 7);
}

int64_t
civil_add_months(int64_t days, int months)
{
	struct civil c;
	int64_t first;

	civil_from_days(days, &c);
	first = civil_days(c.year, c.month + months, 1);
	int day = c.day;
	civil_from_days(first, &c);
	if (day > civil_month_days(c.year, c.month))
		day = civil_month_days(c.year, c.month);
	return first + day - 1;
}

int64_t
civil_week_start(int year, int week)
{
	int64_t jan4 = civil_days(year, 1, 4); /* always in week 1 */

	return jan4 - (int64_t)civil_weekday(jan4) + 7 * ((int64_t)week - 1);
}

int
civil_weeks_in(int year)
{
	return (int)((civil_week_start(year + 1, 1) - civil_week_start(year, 1)) / 7);
}

void
civil_week(int64_t days, int *year_r, int *week_r)
{
	int64_t thursday = days - (int64_t)civil_weekday(days) + THURSDAY;
	struct civil c;

	civil_from_days(thursday, &c);
	*year_r = c.year;
	*week_r = (int)((thursday - civil_days(c.year, 1, 1)) / 7 + 1);
}

int64_t
civil_seconds(const struct civil *civil)
{
	return civil_days(civil->year, civil->month, civil->day) * CIVIL_DAY +
	       civil->hour * 3600LL + civil->minute * 60LL + civil->second;
}

void
civil_from_seconds(int64_t seconds, struct civil *civil_r)
{
	int64_t s =
	    clamp(seconds, DAYS_MIN * (int64_t)CIVIL_DAY, (DAYS_MAX + 1) * (int64_t)CIVIL_DAY - 1);
	int64_t days = floor_div(s, CIVIL_DAY);

	s -= days * CIVIL_DAY;
	civil_from_days(days, civil_r);
	civil_r->hour = (int)(s / 3600);
	civil_r->minute = (int)(s / 60 % 60);
	civil_r->second = (int)(s % 60);
}

bool
civil_parse_day(struct span s, int64_t *days_r)
{
	uint32_t year, month, day;

	if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-' ||
	    !num_u32(span_first(s, 4), CIVIL_YEAR_MAX, &year) ||
	    !num_u32(span_first(span_skip(s, 5), 2), 12, &month) ||
	    !num_u32(span_skip(s, 8), 31, &day) || !civil_valid((int)year, (int)month, (int)day))
		return false;
	*days_r = civil_days((int)year, (int)month, (int)day);
	return true;
}

void
civil_format_day(int64_t days, char out[CIVIL_TEXT])
{
	struct civil c;

	civil_from_days(days, &c);
	snprintf(out, CIVIL_TEXT, "%04d-%02d-%02d", c.year, c.month, c.day);
}

void
civil_format_minute(const struct civil *civil, char out[CIVIL_TEXT])
{
	snprintf(out, CIVIL_TEXT, "%04d-%02d-%02dT%02d:%02d", civil->year % 10000,
	    civil->month % 100, civil->day % 100, civil->hour % 100, civil->minute % 100);
}

void
civil_format_rfc3339(int64_t utc, int32_t offset, char out[CIVIL_TEXT])
{
	/* RFC 3339 has no seconds in an offset: local mean times of the past are rounded. */
	int32_t minutes = offset / 60, magnitude = minutes < 0 ? -minutes : minutes;
	struct civil c;
	size_t n;

	civil_from_seconds(utc + minutes * 60, &c);
	n = (size_t)snprintf(out, CIVIL_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", c.year % 10000,
	    c.month % 100, c.day % 100, c.hour % 100, c.minute % 100, c.second % 100);
	if (minutes == 0)
		snprintf(out + n, CIVIL_TEXT - n, "Z");
	else
		snprintf(out + n, CIVIL_TEXT - n, "%c%02d:%02d", minutes < 0 ? '-' : '+',
		    magnitude / 60 % 100, magnitude % 60);
}
