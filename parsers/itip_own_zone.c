/* SPDX-License-Identifier: ISC */
/*
 * itip_own_zone: the offset of a time zone that only the calendar itself describes, in a
 * VTIMEZONE (RFC 5545 section 3.6.5): of all its changes of the clock the last one before the
 * moment holds. Reads the yearly rules that calendar programs write; expands nothing.
 */
#include "config.h"

#include "parsers/itip_own_zone.h"

#include <string.h>

#include "parsers/base/civil.h"

#define CHANGES_MAX 200
#define OFFSET_MAX 86400

/* With iterators of its own: the caller walks through root's events meanwhile. */
static icalcomponent *
find_zone(icalcomponent *root, const char *tzid)
{
	icalcompiter at = icalcomponent_begin_component(root, ICAL_VTIMEZONE_COMPONENT);

	for (; icalcompiter_deref(&at) != NULL; icalcompiter_next(&at)) {
		icalproperty *id = icalcomponent_get_first_property(icalcompiter_deref(&at),
		    ICAL_TZID_PROPERTY);

		if (id != NULL && icalproperty_get_tzid(id) != NULL &&
		    strcmp(icalproperty_get_tzid(id), tzid) == 0)
			return icalcompiter_deref(&at);
	}
	return NULL;
}

/* "-1SU" of a month, or the first such weekday from a day of it; 0 for what is neither. */
static int
day_of_rule(const struct icalrecurrencetype *rule, int year, int month)
{
	int position = icalrecurrencetype_day_position(rule->by_day[0]);
	int weekday = ((int)icalrecurrencetype_day_day_of_week(rule->by_day[0]) + 5) % 7;
	int64_t first = civil_days(year, month, 1), next = civil_days(year, month + 1, 1);
	int64_t day;

	if (position < 0) {
		day = next - 1;
		day -= (civil_weekday(day) - weekday + 7) % 7;
		day += 7 * (position + 1);
	} else {
		day = first;
		if (position == 0 && rule->by_month_day[0] > 0 && rule->by_month_day[0] <= 31)
			day += rule->by_month_day[0] - 1;
		day += (weekday - civil_weekday(day) + 7) % 7;
		day += 7 * (position > 0 ? position - 1 : 0);
	}
	return day >= first && day < next ? (int)(day - first) + 1 : 0;
}

/* The change of the clock in a year, on the wall clock before it; false where there is none. */
static bool
change_in(icalproperty *property, const struct civil *begin, int year, int64_t *at_r)
{
	struct icalrecurrencetype rule = icalproperty_get_rrule(property);
	struct civil at = *begin;

	if (rule.freq != ICAL_YEARLY_RECURRENCE || year < begin->year ||
	    (!icaltime_is_null_time(rule.until) && rule.until.year < year))
		return false;
	at.year = year;
	if (rule.by_month[0] >= 1 && rule.by_month[0] <= 12)
		at.month = rule.by_month[0];
	if (rule.by_day[0] != ICAL_RECURRENCE_ARRAY_MAX)
		at.day = day_of_rule(&rule, year, at.month);
	if (!civil_valid(at.year, at.month, at.day))
		return false;
	*at_r = civil_seconds(&at);
	return true;
}

/* The last change of one STANDARD or DAYLIGHT part that is not after local. */
static bool
last_change(icalcomponent *part, int64_t local, int64_t *at_r)
{
	icalproperty *start = icalcomponent_get_first_property(part, ICAL_DTSTART_PROPERTY);
	icalproperty *rule = icalcomponent_get_first_property(part, ICAL_RRULE_PROPERTY);
	struct icaltimetype t = start != NULL ? icalproperty_get_dtstart(start)
	                                      : icaltime_null_time();
	struct civil begin = {t.year, t.month, t.day, t.hour, t.minute, t.second}, now;
	int64_t at;

	if (start == NULL || t.year < CIVIL_YEAR_MIN || !civil_valid(t.year, t.month, t.day) ||
	    t.year > CIVIL_YEAR_MAX)
		return false;
	civil_from_seconds(local, &now);
	for (int year = now.year; rule != NULL && year >= now.year - 1; year--)
		if (change_in(rule, &begin, year, &at) && at <= local) {
			*at_r = at;
			return true;
		}
	*at_r = civil_seconds(&begin);
	return *at_r <= local;
}

static bool
offset_of(icalcomponent *part, icalproperty_kind kind, int64_t *offset_r)
{
	icalproperty *p = icalcomponent_get_first_property(part, kind);

	if (p == NULL)
		return false;
	*offset_r = kind == ICAL_TZOFFSETTO_PROPERTY ? icalproperty_get_tzoffsetto(p)
	                                             : icalproperty_get_tzoffsetfrom(p);
	return *offset_r > -OFFSET_MAX && *offset_r < OFFSET_MAX;
}

bool
itip_own_offset(icalcomponent *root, const char *tzid, int64_t local, int64_t *offset_r)
{
	icalcomponent *zone = find_zone(root, tzid), *part;
	int64_t best = INT64_MIN, at, offset;
	unsigned seen = 0;
	bool found = false;

	if (zone == NULL)
		return false;
	part = icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT);
	for (; part != NULL && seen < CHANGES_MAX; seen++,
	     part = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT)) {
		if (last_change(part, local, &at)) {
			if (at >= best && offset_of(part, ICAL_TZOFFSETTO_PROPERTY, &offset)) {
				best = at;
				*offset_r = offset;
				found = true;
			}
		} else if (!found && best == INT64_MIN &&
		    offset_of(part, ICAL_TZOFFSETFROM_PROPERTY, &offset)) {
			/* before all changes: what held until then */
			*offset_r = offset;
			found = true;
		}
	}
	return found;
}
