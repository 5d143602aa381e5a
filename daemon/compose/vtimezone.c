/* SPDX-License-Identifier: ISC */
/* vtimezone: see vtimezone.h. */
#include "config.h"

#include "daemon/compose/vtimezone.h"

#include <stdio.h>
#include <string.h>

#include "parsers/base/buf.h"

#define YEARS_AHEAD 6
#define CHANGES_MAX 64
#define RRULE_MAX 200

struct change {
	int64_t at;
	int32_t from, to; /* offsets */
	const char *name; /* of what begins */
	bool listed;      /* stands in an observance already */
};

struct changes {
	struct change items[CHANGES_MAX];
	size_t count;
};

static struct icaltimetype
wall_clock(int64_t local)
{
	struct icaltimetype t = icaltime_null_time();
	struct civil c;

	civil_from_seconds(local, &c);
	t.year = c.year;
	t.month = c.month;
	t.day = c.day;
	t.hour = c.hour;
	t.minute = c.minute;
	t.second = c.second;
	return t;
}

/* Changes of the offset from the year before `from` to some years after it. */
static void
collect(const struct zone *zone, int year, struct changes *changes)
{
	int64_t at = civil_days(year - 1, 1, 1) * CIVIL_DAY;
	int64_t end = civil_days(year + YEARS_AHEAD, 1, 1) * CIVIL_DAY;

	changes->count = 0;
	while (changes->count < CHANGES_MAX && zone_next_transition(zone, at, &at) && at < end) {
		int32_t from = zone_offset_at(zone, at - 1), to = zone_offset_at(zone, at);

		if (from != to)
			changes->items[changes->count++] =
			    (struct change){at, from, to, zone_abbreviation_at(zone, at), false};
	}
}

static bool
in_year(const struct zone_rule *rule, int year, int64_t at)
{
	int64_t start, end;

	zone_rule_year(rule, year, &start, &end);
	return at == start || at == end;
}

/* Do the changes of these years come from the rule, all of them? */
static bool
keeps_rule(const struct zone_rule *rule, const struct changes *changes)
{
	if (rule == NULL || !rule->has_dst || changes->count != 2 * (YEARS_AHEAD + 1))
		return false;
	for (size_t i = 0; i < changes->count; i++) {
		struct civil c;

		civil_from_seconds(changes->items[i].at, &c);
		if (!in_year(rule, c.year, changes->items[i].at) &&
		    !in_year(rule, c.year - 1, changes->items[i].at) &&
		    !in_year(rule, c.year + 1, changes->items[i].at))
			return false;
	}
	return true;
}

/* ---- the rule as RRULE ------------------------------------------------------------------- */

/* A time before midnight or past the day moves the weekday: then the days of the month are named.
 */
static bool
shifted_rrule(const struct zone_rule_date *date, int shift, const char *weekday, struct buf *out)
{
	int first = date->week == 5 ? -7 + shift : 7 * (date->week - 1) + 1 + shift;

	if (date->week == 5 ? shift > 0 : first < 1 || first + 6 > (date->month == 2 ? 28 : 30))
		return false;
	buf_printf(out, "FREQ=YEARLY;BYMONTH=%d;BYDAY=%s;BYMONTHDAY=", date->month, weekday);
	for (int i = 0; i < 7; i++)
		buf_printf(out, "%s%d", i ? "," : "", first + i);
	return true;
}

static bool
rule_rrule(const struct zone_rule_date *date, struct buf *out)
{
	static const char *const names[] = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
	int shift = (int)((date->time + 14 * CIVIL_DAY) / CIVIL_DAY) - 14;
	const char *weekday = names[(date->weekday + shift + 14) % 7];

	if (date->kind != ZONE_RULE_WEEKDAY)
		return false;
	if (shift != 0)
		return shifted_rrule(date, shift, weekday, out);
	buf_printf(out, "FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", date->month,
	    date->week == 5 ? -1 : date->week, weekday);
	return true;
}

/* ---- observances ------------------------------------------------------------------------- */

static icalcomponent *
observance(const struct change *change)
{
	icalcomponent *c = change->to > change->from ? icalcomponent_new_xdaylight()
						     : icalcomponent_new_xstandard();

	icalcomponent_add_property(
	    c, icalproperty_new_dtstart(wall_clock(change->at + change->from)));
	icalcomponent_add_property(c, icalproperty_new_tzoffsetfrom(change->from));
	icalcomponent_add_property(c, icalproperty_new_tzoffsetto(change->to));
	icalcomponent_add_property(c, icalproperty_new_tzname(change->name));
	return c;
}

static bool
add_ruled(icalcomponent *vtimezone, const struct zone_rule *rule, struct changes *changes)
{
	struct buf rrule[2];
	bool ok;

	for (int i = 0; i < 2; i++)
		buf_init(&rrule[i], RRULE_MAX);
	ok = rule_rrule(&rule->dst_start, &rrule[0]) && rule_rrule(&rule->dst_end, &rrule[1]);
	/* The first two changes are one of each kind. */
	for (int i = 0; i < 2 && ok; i++) {
		const struct change *change = &changes->items[i];
		bool starts = change->to == rule->dst_offset;
		icalcomponent *c = observance(change);

		icalcomponent_add_property(c, icalproperty_new_rrule(icalrecurrencetype_from_string(
						  rrule[starts ? 0 : 1].ptr)));
		icalcomponent_add_component(vtimezone, c);
	}
	for (int i = 0; i < 2; i++)
		buf_release(&rrule[i]);
	return ok;
}

/* Changes of the same kind share one observance, the later ones as RDATE. */
static void
add_listed(icalcomponent *vtimezone, struct changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		struct change *first = &changes->items[i];
		icalcomponent *c;

		if (first->listed)
			continue;
		c = observance(first);
		for (size_t k = i + 1; k < changes->count; k++) {
			struct change *more = &changes->items[k];
			struct icaldatetimeperiodtype date = {
			    .period = icalperiodtype_null_period()};

			if (more->from != first->from || more->to != first->to ||
			    strcmp(more->name, first->name) != 0)
				continue;
			more->listed = true;
			date.time = wall_clock(more->at + more->from);
			icalcomponent_add_property(c, icalproperty_new_rdate(date));
		}
		icalcomponent_add_component(vtimezone, c);
	}
}

/* What held before the first change listed, so that no moment is without an offset. */
static void
add_before(icalcomponent *vtimezone, const struct zone *zone, int64_t at)
{
	int32_t offset = zone_offset_at(zone, at);
	struct change change = {at - offset, offset, offset, zone_abbreviation_at(zone, at), false};

	icalcomponent_add_component(vtimezone, observance(&change));
}

icalcomponent *
vtimezone_new(const struct zone *zone, int64_t from)
{
	icalcomponent *vtimezone = icalcomponent_new_vtimezone();
	struct changes changes;
	struct civil c;

	zone_to_local(zone, from, &c);
	collect(zone, c.year, &changes);
	icalcomponent_add_property(vtimezone, icalproperty_new_tzid(zone_name(zone)));
	if (keeps_rule(zone_rule(zone), &changes) &&
	    add_ruled(vtimezone, zone_rule(zone), &changes))
		return vtimezone;
	add_before(vtimezone, zone, civil_days(c.year - 1, 1, 1) * CIVIL_DAY);
	add_listed(vtimezone, &changes);
	return vtimezone;
}
