/* SPDX-License-Identifier: ISC */
/* itip_zone: the names that calendar programs give to time zones, and links to meeting rooms. */
#include "config.h"

#include "parsers/itip.h"

#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "parsers/base/utf8.h"
#include "parsers/base/zone.h"
#include "parsers/links.h"

#define NAME_MAX_BYTES 64

static const char *
known(struct arena *arena, struct span name)
{
	const struct zone *zone;

	if (!zone_name_valid(name) || zone_get_span(name, &zone, NULL) != TD_OK)
		return NULL;
	return arena_span(arena, name);
}

static const char *
from_windows(struct arena *arena, struct span name)
{
	UChar wide[NAME_MAX_BYTES + 1], id[NAME_MAX_BYTES + 1];
	char iana[NAME_MAX_BYTES + 1];
	UErrorCode status = U_ZERO_ERROR;
	int32_t len;

	if (name.len == 0 || name.len > NAME_MAX_BYTES || !utf8_ascii(name))
		return NULL;
	u_charsToUChars(name.ptr, wide, (int32_t)name.len);
	len = ucal_getTimeZoneIDForWindowsID(wide, (int32_t)name.len, NULL, id, NAME_MAX_BYTES,
	    &status);
	if (U_FAILURE(status) || len <= 0)
		return NULL;
	u_UCharsToChars(id, iana, len);
	return known(arena, (struct span){iana, (size_t)len});
}

/* "(UTC+01:00) Amsterdam, Berlin", "(UTC-05:00) Eastern Time (US & Canada)": what Windows shows
 * for its zones; the first city that has a zone, or the name that it stands for. */
static const char *
from_shown(struct arena *arena, struct span tzid)
{
	static const char *const areas[] = {"Europe", "America", "Asia", "Africa", "Australia",
	    "Pacific", "Atlantic"};
	size_t end = span_find_byte(tzid, ')'), time;
	const char *name = NULL;

	if ((!span_starts(tzid, SPAN("(UTC")) && !span_starts(tzid, SPAN("(GMT"))) ||
	    end == tzid.len || tzid.len > 2 * NAME_MAX_BYTES)
		return NULL;
	tzid = span_trim(span_skip(tzid, end + 1));
	time = span_find(tzid, SPAN(" Time (US"));
	if (time < tzid.len)
		return from_windows(arena, span_of(arena_printf(arena, "%.*s Standard Time",
		    SPAN_FMT(span_first(tzid, time)))));
	while (name == NULL && tzid.len > 0) {
		size_t comma = span_find_byte(tzid, ',');
		char *city = arena_span(arena, span_trim(span_first(tzid, comma)));

		for (char *c = city; *c != '\0'; c++)
			if (*c == ' ')
				*c = '_';
		for (size_t i = 0; i < sizeof areas / sizeof *areas && name == NULL; i++)
			name = known(arena, span_of(arena_printf(arena, "%s/%s", areas[i], city)));
		tzid = span_skip(tzid, comma + 1);
	}
	return name;
}

const char *
itip_zone(struct arena *arena, struct span tzid)
{
	const char *name;
	struct span rest;
	size_t slash;

	tzid = span_trim(tzid);
	if (tzid.len > 1 && *tzid.ptr == '"' && tzid.ptr[tzid.len - 1] == '"')
		tzid = span_first(span_skip(tzid, 1), tzid.len - 2);
	name = known(arena, tzid);
	if (name == NULL)
		name = from_windows(arena, tzid);
	if (name == NULL)
		name = from_shown(arena, tzid);
	/* "/example.org/20070129_1/Europe/Berlin", "custom_Europe/Berlin" */
	for (rest = tzid; name == NULL && rest.len > 0;) {
		slash = span_find_byte(rest, '/');
		if (slash == rest.len)
			break;
		rest = span_skip(rest, slash + 1);
		if (span_find_byte(rest, '/') < rest.len)
			name = known(arena, rest);
	}
	if (name == NULL && span_find_byte(tzid, '_') < tzid.len)
		name = known(arena, span_skip(tzid, span_find_byte(tzid, '_') + 1));
	return name;
}

const char *
itip_conference(struct arena *arena, struct span text)
{
	static const char *const hosts[] = {"zoom.us/", "zoom.com/", "teams.microsoft.com/",
	    "teams.live.com/", "meet.google.com/", "webex.com/", "meet.jit.si/", "whereby.com/",
	    "gotomeeting.com/", "meet.goto.com/", "bluejeans.com/", "chime.aws/",
	    "zoomgov.com/"};
	struct links links = {0};

	links_find(arena, &links, text);
	for (size_t i = 0; i < links.n; i++) {
		struct span link = span_of(links.items[i]);
		struct span head = span_first(link, 80);

		/* Pages about the program are no rooms. */
		if (span_find(link, SPAN("meetingOptions")) < link.len ||
		    span_find(link, SPAN("/support")) < link.len)
			continue;
		for (size_t h = 0; h < sizeof hosts / sizeof *hosts; h++)
			if (span_ifind(head, span_of(hosts[h])) < head.len)
				return links.items[i];
	}
	return NULL;
}
