/* SPDX-License-Identifier: ISC */
/*
 * civil: dates of the proleptic Gregorian calendar. A day is a number, days since 1970-01-01; a
 * civil time is a wall clock's reading without a zone (parsers/base/zone.h joins the two). Pure.
 * Years go from CIVIL_YEAR_MIN to CIVIL_YEAR_MAX; functions that take days or seconds clamp
 * them into that range, so no input overflows.
 */
#ifndef TD_CIVIL_H
#define TD_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/span.h"

#define CIVIL_YEAR_MIN 1
#define CIVIL_YEAR_MAX 9999
#define CIVIL_DAY 86400

struct civil {
	int year;
	int month; /* 1..12 */
	int day;   /* 1..31 */
	int hour;  /* 0..23 */
	int minute;
	int second;
};

/* Weekdays as ISO 8601 orders them. */
enum weekday { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

bool civil_valid(int year, int month, int day); /* such a date exists */
int civil_month_days(int year, int month);      /* month 1..12 */
bool civil_leap(int year);

/* Days since 1970-01-01. month may lie outside 1..12 and day outside the month: it carries. */
int64_t civil_days(int year, int month, int day);
void civil_from_days(int64_t days, struct civil *civil_r); /* at 00:00:00 */
enum weekday civil_weekday(int64_t days);
int64_t civil_add_months(int64_t days, int months); /* the last day where there is no such day */

/* ISO 8601 weeks: the year is the week's, which is not always the day's. */
void civil_week(int64_t days, int *year_r, int *week_r);
int civil_weeks_in(int year);                 /* 52 or 53 */
int64_t civil_week_start(int year, int week); /* its Monday; week 1..53 */

/* Seconds since 1970-01-01T00:00:00 on the same wall clock, and back. */
int64_t civil_seconds(const struct civil *civil);
void civil_from_seconds(int64_t seconds, struct civil *civil_r);

/* "2026-10-12"; false where it is not exactly that or no such day. */
bool civil_parse_day(struct span s, int64_t *days_r);

/* Room for the texts below, terminator included. */
#define CIVIL_TEXT 40
void civil_format_day(int64_t days, char out[CIVIL_TEXT]);                 /* "2026-10-12" */
void civil_format_minute(const struct civil *civil, char out[CIVIL_TEXT]); /* "…T17:00" */
/* RFC 3339 section 5.6 with the given offset: "2026-10-12T17:00:00+02:00", "Z" for 0. */
void civil_format_rfc3339(int64_t utc, int32_t offset, char out[CIVIL_TEXT]);

#endif
