/* SPDX-License-Identifier: ISC */
/* timespan: see timespan.h. */
#include "config.h"

#include "parsers/timespan.h"

#include <string.h>

#include "parsers/base/civil.h"
#include "parsers/base/num.h"
#include "parsers/base/zone.h"

#define LONGEST (16 * 60)

/* "9:15", "09:15": hours and minutes, and nothing but white space or a dash behind. */
static size_t
clock_prefix(struct span text, uint32_t *minutes_r)
{
	struct span rest = text;
	uint32_t hour, minute;

	if (!num_take(&rest, 2, &hour) || hour > 24 || rest.len < 3 || *rest.ptr != ':')
		return 0;
	rest = span_skip(rest, 1);
	if (rest.ptr[1] < '0' || rest.ptr[1] > '9' || !num_take(&rest, 2, &minute) || minute > 59 ||
	    (hour == 24 && minute > 0))
		return 0;
	*minutes_r = hour * 60 + minute;
	return text.len - rest.len;
}

static size_t
dash_prefix(struct span text)
{
	static const char *const dashes[] = {"-", "..", "\xe2\x80\x93", "\xe2\x80\x94", "to ",
	    "until ", "till ", "bis ", "\xc3\xa0 ", "a ", "hasta ", "at\xc3\xa9 ", "\xc3\xa0s ",
	    "tot "};
	size_t n = 0;

	while (n < text.len && text.ptr[n] == ' ')
		n++;
	for (size_t i = 0; i < sizeof(dashes) / sizeof *dashes; i++)
		if (span_istarts(span_skip(text, n), span_of(dashes[i]))) {
			n += strlen(dashes[i]);
			while (n < text.len && text.ptr[n] == ' ')
				n++;
			return n;
		}
	return 0;
}

size_t
timespan_prefix(struct span text, struct timespan *span_r)
{
	uint32_t from, to;
	size_t first = clock_prefix(text, &from), dash, second;
	size_t end;

	*span_r = (struct timespan){false, 0, 0};
	if (first == 0 || (dash = dash_prefix(span_skip(text, first))) == 0)
		return 0;
	second = clock_prefix(span_skip(text, first + dash), &to);
	end = first + dash + second;
	if (second == 0 || (end < text.len && strchr(" \t,;", text.ptr[end]) == NULL))
		return 0;
	if (to < from)
		to += 24 * 60;
	if (to == from || to - from > LONGEST || from >= 24 * 60)
		return 0;
	*span_r = (struct timespan){true, from, to};
	return end;
}

static int64_t
moment(const struct zone *zone, int64_t day, uint32_t minutes, char text[CIVIL_TEXT])
{
	struct civil civil;

	civil_from_days(day + minutes / (24 * 60), &civil);
	civil.hour = (int)(minutes / 60 % 24);
	civil.minute = (int)(minutes % 60);
	civil_format_minute(&civil, text);
	return zone_to_utc(zone, &civil, NULL);
}

static const struct zone *
find_zone(const char *name)
{
	const struct zone *zone;
	struct err err;

	if (name == NULL || zone_get(name, &zone, &err) != TD_OK)
		return zone_utc();
	return zone;
}

struct reading_when *
timespan_on(struct arena *arena, const struct timespan *span, const char *zone_text,
    const char *day_text)
{
	const struct zone *zone = find_zone(zone_text);
	struct reading_when *when = arena_alloc(arena, sizeof *when);
	char from[CIVIL_TEXT], to[CIVIL_TEXT];
	int64_t day = 0;

	(void)civil_parse_day(span_first(span_of(day_text), 10), &day);
	when->start = moment(zone, day, span->from, from);
	when->end = moment(zone, day, span->to, to);
	if (when->end < when->start)
		when->end = when->start;
	when->precision = WHEN_MINUTE;
	when->local = arena_strdup(arena, from);
	when->local_end = arena_strdup(arena, to);
	when->zone = arena_strdup(arena, zone_name(zone));
	when->past = true;
	return when;
}

const char *
timespan_today(struct arena *arena, const char *zone, int64_t at)
{
	char text[CIVIL_TEXT];

	civil_format_day(zone_local_day(find_zone(zone), at), text);
	return arena_strdup(arena, text);
}

bool
timespan_looks_dated(struct span text)
{
	struct span word;
	unsigned digits = 0, marks = 0;

	if (!span_next_word(&text, &word))
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] >= '0' && word.ptr[i] <= '9')
			digits++;
		else if (strchr("/.-", word.ptr[i]) != NULL)
			marks++;
		else if (strchr("W,;", word.ptr[i]) == NULL)
			return false;
	}
	return digits >= 3 && marks >= 1 && *word.ptr != '-';
}

size_t
timespan_clock(struct span text, uint32_t *minutes_r)
{
	struct span rest = text;
	uint32_t hour, minute = 0;
	bool pm, am;

	if (span_istarts(text, SPAN("noon"))) {
		*minutes_r = 12 * 60;
		return 4;
	}
	if (!num_take(&rest, 2, &hour))
		return 0;
	if (rest.len > 0 && strchr(":.h", *rest.ptr) != NULL) {
		rest = span_skip(rest, 1);
		if (!num_take(&rest, 2, &minute))
			return 0;
	}
	pm = span_istarts(rest, SPAN("pm"));
	am = span_istarts(rest, SPAN("am"));
	if (pm || am) {
		if (hour < 1 || hour > 12)
			return 0;
		hour = hour % 12 + (pm ? 12 : 0);
		rest = span_skip(rest, 2);
	}
	if (hour > 24 || minute > 59 || (hour == 24 && minute > 0))
		return 0;
	*minutes_r = hour * 60 + minute;
	return text.len - rest.len;
}
