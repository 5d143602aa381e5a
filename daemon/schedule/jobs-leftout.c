/* SPDX-License-Identifier: ISC */
/*
 * jobs-leftout: the days on which the core hours leave somebody out: absences of a whole day and
 * public holidays, from the first day of the series to the end of next year. So what is looked at
 * changes with the year and with what people say, not with each day that goes by.
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include <string.h>

#include "daemon/store/holiday.h"

static int64_t
moment(const struct zone *zone, int64_t day, int minute)
{
	struct civil local;

	civil_from_seconds(day * CIVIL_DAY + minute * 60, &local);
	return zone_to_utc(zone, &local, NULL);
}

/* Off on the day that the hours begin on, as the person's own calendar has it, or in the half of
 * it that all of them lie in. */
static bool
is_off(const struct due_person *person, const struct zone *zone, int64_t day, int from, int until)
{
	int64_t begin = moment(zone, day, from);

	return due_away(person, zone_local_day(person->zone, begin)) ||
	    (due_away_at(person, begin) && due_away_at(person, moment(zone, day, until) - 1));
}

static enum td_status
load_off(const struct job_context *c, const struct person *person, int64_t from, int64_t to,
    struct due_person *due)
{
	char first[CIVIL_TEXT], last[CIVIL_TEXT];
	struct absence *list;
	struct due_absence *off;
	size_t n;
	enum td_status status;

	civil_format_day(from - 1, first);
	civil_format_day(to + 1, last);
	status = days_off_list(c->db, c->arena, person->id, first, last, &list, &n, c->err);
	if (status != TD_OK)
		return status;
	off = arena_array(c->arena, n + 1, sizeof *off);
	for (size_t i = 0; i < n; i++) {
		struct due_absence *a = &off[due->n_absences];

		a->half_day = list[i].half_day;
		due->n_absences += civil_parse_day(span_of(list[i].first_day), &a->first_day) &&
		    civil_parse_day(span_of(list[i].last_day), &a->last_day);
	}
	due->absences = off;
	if (zone_get(person->zone, &due->zone, NULL) != TD_OK)
		due->zone = zone_utc();
	return TD_OK;
}

/* The last day of next year. */
static int64_t
horizon(int64_t today)
{
	struct civil d;

	civil_from_days(today, &d);
	return civil_days(d.year + 1, 12, 31);
}

enum td_status
job_left_out(const struct job_context *c, const struct person *person,
    const struct job_series *series, struct job_days *days_r)
{
	struct hours hours = {.count = 0};
	struct due_person due = {.hours = &hours};
	int64_t today = zone_local_day(series->zone, c->now), to = horizon(today);
	struct job_days days = {.days = arena_array(c->arena, JOB_LEFT_OUT_MAX, sizeof *days.days),
	    .text = ""};
	unsigned weekdays;
	int from, until;
	enum td_status status = hours_uniform(series->hours, &weekdays, &from, &until, c->err);

	/* hours that cannot be read: a day's middle is noon then */
	if (hours_parse(span_of(person->hours), &hours, NULL) != TD_OK)
		hours.count = 0;
	if (status == TD_OK)
		status = load_off(c, person, series->first_day, to, &due);
	for (int64_t day = series->first_day; status == TD_OK && due.n_absences > 0 && day <= to &&
	     days.n < JOB_LEFT_OUT_MAX; day++) {
		char text[CIVIL_TEXT];

		if ((weekdays & 1u << civil_weekday(day)) == 0 ||
		    !is_off(&due, series->zone, day, from, until))
			continue;
		civil_format_day(day, text);
		days.text =
		    arena_printf(c->arena, "%s%s%s", days.text, days.n > 0 ? " " : "", text);
		days.days[days.n++] = day;
	}
	if (status == TD_OK)
		*days_r = days;
	return status;
}

/* What is over, or today, need not be told any more. */
static struct span
to_come(const char *text, int64_t today)
{
	struct span rest = span_of(text), word, left = rest;
	int64_t day;

	while (span_next_word(&rest, &word)) {
		if (civil_parse_day(word, &day) && day > today)
			return left;
		left = span_trim(rest);
	}
	return SPAN("");
}

bool
job_left_out_differs(const char *a, const char *b, int64_t today)
{
	return !span_eq(to_come(a, today), to_come(b, today));
}
