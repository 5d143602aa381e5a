/* SPDX-License-Identifier: ISC */
/*
 * holidays_ics: the days of a calendar of public holidays: whole-day events, of one day or some,
 * once or each year. Bounded: bytes, events, days of an event, years; other rules of repetition are
 * refused by name rather than expanded.
 */
#include "config.h"

#include "daemon/control/holidays.h"

#include <libical/ical.h>
#include <string.h>

#include "parsers/base/civil.h"
#include "parsers/base/utf8.h"

#define DAYS_MAX 4000
#define EVENT_DAYS_MAX 31
#define YEARS 10
#define NAME_MAX_BYTES 100
#define DEPTH_MAX 20 /* libical's serialiser and destructor recurse */

struct reading_days {
	struct arena *arena;
	int64_t from, to; /* days since 1970 */
	struct holiday *days;
	size_t n, cap;
	struct err *err;
};

static enum td_status
add_day(struct reading_days *r, int64_t day, const char *name)
{
	char text[CIVIL_TEXT];

	if (day < r->from || day > r->to)
		return TD_OK;
	if (r->n == DAYS_MAX)
		return err_perm(r->err, "the calendar has more than %d days", DAYS_MAX);
	civil_format_day(day, text);
	*ARENA_PUSH(r->arena, r->days, r->n, r->cap) =
	    (struct holiday){arena_strdup(r->arena, text), name};
	return TD_OK;
}

static int64_t
day_of(struct icaltimetype t)
{
	return civil_days(t.year, t.month, t.day);
}

static enum td_status
add_days(struct reading_days *r, int64_t first, int64_t n, const char *name)
{
	enum td_status status = TD_OK;

	for (int64_t i = 0; status == TD_OK && i < n; i++)
		status = add_day(r, first + i, name);
	return status;
}

/* The same date each year: the one rule that holidays need. */
static enum td_status
add_yearly(struct reading_days *r, struct icaltimetype start, int64_t n, int until,
    const char *name)
{
	struct civil first, last;
	enum td_status status = TD_OK;

	civil_from_days(r->from, &first);
	civil_from_days(r->to, &last);
	for (int year = first.year - 1; status == TD_OK && year <= last.year; year++)
		if (year >= start.year && year <= until &&
		    start.day <= civil_month_days(year, start.month))
			status = add_days(r, civil_days(year, start.month, start.day), n, name);
	return status;
}

static bool
is_plain_yearly(const struct icalrecurrencetype *rule)
{
	return rule->freq == ICAL_YEARLY_RECURRENCE && rule->interval <= 1 &&
	    rule->by_day[0] == ICAL_RECURRENCE_ARRAY_MAX &&
	    rule->by_week_no[0] == ICAL_RECURRENCE_ARRAY_MAX &&
	    rule->by_year_day[0] == ICAL_RECURRENCE_ARRAY_MAX &&
	    rule->by_set_pos[0] == ICAL_RECURRENCE_ARRAY_MAX;
}

static int
last_year(const struct icalrecurrencetype *rule, struct icaltimetype start)
{
	if (rule->count > 0)
		return start.year + rule->count - 1;
	return icaltime_is_null_time(rule->until) ? 9999 : rule->until.year;
}

static const char *
name_of(struct reading_days *r, icalcomponent *event)
{
	const char *summary = icalcomponent_get_summary(event);

	return summary == NULL ? "public holiday" :
	    utf8_line(r->arena, span_of(summary), NAME_MAX_BYTES);
}

static enum td_status
add_event(struct reading_days *r, icalcomponent *event)
{
	struct icaltimetype start = icalcomponent_get_dtstart(event);
	struct icaltimetype end = icalcomponent_get_dtend(event);
	icalproperty *property = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
	const char *name = name_of(r, event);
	struct icalrecurrencetype rule;
	int64_t n = 1;

	if (icaltime_is_null_time(start) || !start.is_date || start.year < 1900 ||
	    start.year > 9000 || start.month < 1 || start.month > 12)
		return TD_OK; /* no whole day: no public holiday */
	if (!icaltime_is_null_time(end) && end.is_date)
		n = day_of(end) - day_of(start);
	n = n < 1 ? 1 : n > EVENT_DAYS_MAX ? EVENT_DAYS_MAX : n;
	if (property == NULL)
		return add_days(r, day_of(start), n, name);
	rule = icalproperty_get_rrule(property);
	if (!is_plain_yearly(&rule))
		return err_perm(r->err, "\"%s\" repeats by a rule that is not FREQ=YEARLY alone; "
		    "write its days out", name);
	return add_yearly(r, start, n, last_year(&rule, start), name);
}

/* What libical is known to stumble over is refused before it sees the text. */
static enum td_status
check_shape(struct span ics, struct err *err)
{
	struct span rest = ics, line;
	int depth = 0;

	if (!utf8_valid(ics) || span_find_byte(ics, '\0') < ics.len)
		return err_perm(err, "is no UTF-8 text");
	while (span_next_line(&rest, &line)) {
		depth += span_istarts(line, SPAN("BEGIN:")) ? 1 : 0;
		depth -= span_istarts(line, SPAN("END:")) ? 1 : 0;
		if (depth > DEPTH_MAX)
			return err_perm(err, "is nested deeper than %d", DEPTH_MAX);
		if (line.len > 0 && line.ptr[line.len - 1] == '\\')
			return err_perm(err, "has a line that ends with a backslash");
	}
	return TD_OK;
}

static enum td_status
add_calendar(struct reading_days *r, icalcomponent *calendar)
{
	enum td_status status = TD_OK;

	for (icalcomponent *event = icalcomponent_get_first_component(calendar,
	    ICAL_VEVENT_COMPONENT);
	     status == TD_OK && event != NULL;
	     event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
		status = add_event(r, event);
	return status;
}

enum td_status
holidays_parse(struct arena *arena, struct span ics, int64_t from_day, struct holiday **days_r,
    size_t *n_r, struct err *err)
{
	struct reading_days r = {.arena = arena, .from = from_day,
	    .to = from_day + YEARS * 366, .err = err};
	icalcomponent *root;
	enum td_status status = check_shape(ics, err);

	if (status != TD_OK)
		return status;
	icalerror_set_errors_are_fatal(0);
	root = icalparser_parse_string(arena_span(arena, ics));
	if (root == NULL)
		return err_perm(err, "is no calendar (ICS)");
	if (icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT)
		status = add_calendar(&r, root);
	for (icalcomponent *c = icalcomponent_get_first_component(root, ICAL_VCALENDAR_COMPONENT);
	     status == TD_OK && c != NULL;
	     c = icalcomponent_get_next_component(root, ICAL_VCALENDAR_COMPONENT))
		status = add_calendar(&r, c);
	icalcomponent_free(root);
	if (status == TD_OK && r.n == 0)
		return err_perm(err, "has no whole-day events in the next %d years", YEARS);
	if (status == TD_OK) {
		*days_r = r.days;
		*n_r = r.n;
	}
	return status;
}
