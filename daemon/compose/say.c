/* SPDX-License-Identifier: ISC */
/* say: see say.h. */
#include "config.h"

#include "daemon/compose/say.h"

#include <string.h>

#include "parsers/base/zone.h"
#include "parsers/duration.h"

const char *
say_day(const struct locale *locale, struct arena *arena, const char *day, bool with_year)
{
	struct value *params = value_object(arena);
	struct civil d;
	int64_t days;

	if (day == NULL || strlen(day) < 10 ||
	    !civil_parse_day(span_first(span_of(day), 10), &days))
		return day;
	civil_from_days(days, &d);
	value_set_text(params, "weekday",
	    locale_word(locale, arena, "days", (size_t)civil_weekday(days)));
	value_set_text(params, "month", locale_word(locale, arena, "months", (size_t)d.month - 1));
	value_set_int(params, "day", d.day);
	value_set_int(params, "year", d.year);
	return locale_say(locale, arena, with_year ? "day_year" : "day_short", params);
}

const char *
say_time(struct arena *arena, const struct compose_when *when)
{
	struct span day = span_of(when->day);
	size_t t = span_find_byte(day, 'T');

	return when->at != 0 && t < day.len ? arena_span(arena, span_skip(day, t + 1)) : NULL;
}

static const char *
say_parts(const struct locale *locale, struct arena *arena, const char *day, const char *time,
    const char *zone)
{
	struct value *params = value_object(arena);

	value_set_text(params, "day", say_day(locale, arena, day, true));
	value_set_text(params, "time", time);
	value_set_text(params, "zone", zone);
	return locale_say(locale, arena, "moment", params);
}

const char *
say_when(const struct locale *locale, struct arena *arena, const struct compose_when *when)
{
	if (when->at == 0 || when->day == NULL)
		return NULL;
	return say_parts(locale, arena, when->day, say_time(arena, when), when->zone);
}

/* Local time at `at`; an unknown zone is shown as UTC. */
static const char *
local_time(int64_t at, const char *name, struct civil *local_r)
{
	const struct zone *zone;

	if (name == NULL || zone_get(name, &zone, NULL) != TD_OK)
		zone = zone_utc();
	zone_to_local(zone, at, local_r);
	return zone_name(zone);
}

static const char *
day_text(struct arena *arena, const struct civil *local)
{
	return arena_printf(arena, "%04d-%02d-%02d", local->year, local->month, local->day);
}

const char *
say_moment(const struct locale *locale, struct arena *arena, int64_t at, const char *zone)
{
	struct civil local;
	const char *shown = local_time(at, zone, &local);

	return say_parts(locale, arena, day_text(arena, &local),
	    arena_printf(arena, "%02d:%02d", local.hour, local.minute), shown);
}

const char *
say_local_day(const struct locale *locale, struct arena *arena, int64_t at, const char *zone)
{
	struct civil local;

	(void)local_time(at, zone, &local);
	return say_day(locale, arena, day_text(arena, &local), false);
}

const char *
say_hours(struct arena *arena, int64_t seconds)
{
	char text[32];

	duration_format(seconds, text);
	return arena_strdup(arena, text);
}

const char *
say_rule(struct arena *arena, const char *rule)
{
	char *said = arena_strdup(arena, rule);
	bool first = true;

	for (char *p = said; *p != '\0'; p++) {
		bool letter = *p >= 'a' && *p <= 'z';

		if (letter && first)
			*p = (char)(*p - 'a' + 'A');
		first = !letter && !(*p >= 'A' && *p <= 'Z');
	}
	return said;
}
