/* SPDX-License-Identifier: ISC */
/* itip_zone: the names that calendar programs give to time zones, and links to meeting rooms. */
#include "config.h"

#include "parsers/itip.h"

#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "parsers/base/buf.h"
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

/* ---- meeting rooms --------------------------------------------------------------------------- */

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The address inside one that a mail filter has put around it; link itself where there is none. */
static const char *
unwrapped(struct arena *arena, const char *link)
{
	static const char *const marks[] = {"safelinks.protection.outlook.com/?url=",
	    "www.google.com/url?q=", "/v2/url?u="};
	struct span s = span_of(link), value;
	struct links found = {0};
	struct buf out;

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t at = span_find(s, span_of(marks[i]));

		if (at == s.len)
			continue;
		value = span_skip(s, at + strlen(marks[i]));
		value = span_first(value, span_find_byte(value, '&'));
		buf_init(&out, value.len + 1);
		while (value.len > 0) {
			bool coded = value.len > 2 && *value.ptr == '%' &&
			    hex_value(value.ptr[1]) >= 0 && hex_value(value.ptr[2]) >= 0;

			buf_putc(&out, coded ? (char)(hex_value(value.ptr[1]) << 4 |
				hex_value(value.ptr[2])) : *value.ptr);
			value = span_skip(value, coded ? 3 : 1);
		}
		links_add(arena, &found, buf_span(&out));
		buf_release(&out);
		return found.n > 0 ? found.items[0] : link;
	}
	return link;
}

/* The name of a link's host; *path_r is what follows it. */
static struct span
host_of(struct span link, struct span *path_r)
{
	size_t n = 0;

	link = span_skip(link, span_find(link, SPAN("://")) + 3);
	while (n < link.len && strchr("/?#:", link.ptr[n]) == NULL)
		n++;
	*path_r = span_skip(link, n);
	return span_first(link, n);
}

static bool
is_room(struct span link)
{
	static const char *const hosts[] = {"zoom.us", "zoom.com", "zoomgov.com",
	    "teams.microsoft.com", "teams.microsoft.us", "teams.live.com", "teams.cloud.microsoft",
	    "meet.google.com", "webex.com", "meet.jit.si", "whereby.com", "gotomeeting.com",
	    "meet.goto.com", "bluejeans.com", "chime.aws"};
	struct span path, host = host_of(link, &path);

	/* Pages about the program, and lists of telephone numbers, are no rooms. */
	if (path.len < 2 || span_find(path, SPAN("meetingOptions")) < path.len ||
	    span_starts(path, SPAN("/u/")) || span_find(path, SPAN("/support")) < path.len ||
	    span_find(path, SPAN("dialin")) < path.len || span_istarts(host, SPAN("support.")) ||
	    span_istarts(host, SPAN("dialin.")) || span_istarts(host, SPAN("help.")))
		return false;
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		size_t n = strlen(hosts[i]);

		if (host.len >= n && span_iis(span_skip(host, host.len - n), hosts[i]) &&
		    (host.len == n || host.ptr[host.len - n - 1] == '.'))
			return true;
	}
	return false;
}

const char *
itip_conference(struct arena *arena, struct span text)
{
	struct links links = {0};

	links_find(arena, &links, text);
	for (size_t i = 0; i < links.n; i++) {
		const char *link = unwrapped(arena, links.items[i]);

		if (is_room(span_of(link)))
			return link;
	}
	return NULL;
}
