/* SPDX-License-Identifier: ISC */
/* itip: see itip.h. */
#include "config.h"

#include "parsers/itip.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/address.h"
#include "parsers/base/buf.h"
#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "parsers/base/zone.h"
#include "parsers/header.h"
#include "parsers/itip_own_zone.h"
#include "parsers/links.h"

#define DEPTH_MAX 10
#define COMPONENTS_MAX 2000
#define LINE_MAX_BYTES 1000
#define TEXT_LOOKED_AT 16384

struct calendar {
	struct arena *arena;
	icalcomponent *root;
	const char *method;
	const char *zone; /* of floating times */
};

/* ---- before libical ------------------------------------------------------------------------- */

/* Why the text is refused, NULL when it may be parsed. */
static const char *
refused(struct span ics, size_t max_bytes)
{
	struct span rest = ics, line;
	size_t depth = 0, components = 0;

	if (ics.len > max_bytes)
		return "the calendar is too large";
	while (span_next_line(&rest, &line)) {
		line = span_trim(line);
		if (span_istarts(line, SPAN("BEGIN:"))) {
			if (++depth > DEPTH_MAX)
				return "the calendar's components are nested too deep";
			if (++components > COMPONENTS_MAX)
				return "the calendar has too many components";
		} else if (span_istarts(line, SPAN("END:")) && depth > 0) {
			depth--;
		}
	}
	return components > 0 ? NULL : "there is no calendar in it";
}

/* The components that are open at a line, innermost last. */
struct open {
	struct span names[DEPTH_MAX];
	size_t n;
};

/* Closes what is open down to n: what is cut off, or never closed, is read as far as it goes. */
static void
close_down(struct open *open, size_t n, struct buf *out)
{
	while (open->n > n) {
		open->n--;
		buf_printf(out, "\nEND:%.*s", SPAN_FMT(open->names[open->n]));
	}
}

/* False for the END of a component that is not open. */
static bool
follow(struct open *open, struct span line, struct buf *out)
{
	struct span name;
	size_t n = open->n;

	if (span_istarts(line, SPAN("BEGIN:")) && open->n < DEPTH_MAX)
		open->names[open->n++] = span_trim(span_skip(line, 6));
	if (!span_istarts(line, SPAN("END:")))
		return true;
	name = span_trim(span_skip(line, 4));
	while (n > 0 && !span_ieq(open->names[n - 1], name))
		n--;
	if (n == 0)
		return false;
	close_down(open, n, out);
	open->n = n - 1;
	return true;
}

/* Unfolded, LF, clean, all components closed; without a backslash at a line's end, which libical
 * reads past. */
static char *
prepared(struct arena *arena, struct span ics)
{
	struct span rest = span_of(utf8_text(arena, ics, ics.len)), line;
	struct open open = {.n = 0};
	struct buf out;
	char *text;

	buf_init(&out, rest.len * 4 + 2);
	while (span_next_line(&rest, &line)) {
		if (line.len > 0 && (*line.ptr == ' ' || *line.ptr == '\t')) {
			line = span_skip(line, 1);
		} else if (out.len > 0) {
			while (out.len > 0 && out.ptr[out.len - 1] == '\\')
				buf_truncate(&out, out.len - 1);
			if (!follow(&open, line, &out))
				continue;
			buf_putc(&out, '\n');
		} else if (!follow(&open, line, &out)) {
			continue;
		}
		buf_put_span(&out, line);
	}
	while (out.len > 0 && out.ptr[out.len - 1] == '\\')
		buf_truncate(&out, out.len - 1);
	close_down(&open, 0, &out);
	buf_putc(&out, '\n');
	text = arena_span(arena, buf_span(&out));
	buf_release(&out);
	return text;
}

/* ---- values --------------------------------------------------------------------------------- */

static const char *
value_line(const struct calendar *c, icalproperty *property)
{
	char *raw = property != NULL ? icalproperty_get_value_as_string_r(property) : NULL;
	char *line = NULL;

	if (raw != NULL)
		line = utf8_line(c->arena, span_of(raw), LINE_MAX_BYTES);
	free(raw);
	return line != NULL && *line != '\0' ? line : NULL;
}

/* TEXT values come with their escapes undone (RFC 5545 section 3.3.11). */
static const char *
text_of(const struct calendar *c, icalproperty *property)
{
	icalvalue *value = property != NULL ? icalproperty_get_value(property) : NULL;
	const char *text = value != NULL ? icalvalue_get_text(value) : NULL;
	char *line;

	if (text == NULL)
		return NULL;
	line = utf8_line(c->arena, span_of(text), LINE_MAX_BYTES);
	return *line != '\0' ? line : NULL;
}

static const char *
text_line(const struct calendar *c, icalcomponent *event, icalproperty_kind kind)
{
	return text_of(c, icalcomponent_get_first_property(event, kind));
}

static const char *
upper_token(const struct calendar *c, const char *raw)
{
	char *token = raw != NULL ? utf8_line(c->arena, span_of(raw), 32) : NULL;

	for (char *p = token; p != NULL && *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p & ~0x20);
	return token != NULL && *token != '\0' ? token : NULL;
}

static struct span
parameter(icalproperty *property, const char *name)
{
	/* Owned by libical's ring of temporary buffers: copied before the next call. */
	const char *raw = icalproperty_get_parameter_as_string(property, name);

	return span_of(raw);
}

static const char *
mail_address(const struct calendar *c, struct span uri)
{
	uri = span_trim(uri);
	while (uri.len > 0 && (*uri.ptr == '"' || *uri.ptr == '<'))
		uri = span_skip(uri, 1);
	while (uri.len > 0 && (uri.ptr[uri.len - 1] == '"' || uri.ptr[uri.len - 1] == '>'))
		uri.len--;
	if (span_istarts(uri, SPAN("mailto:")))
		uri = span_skip(uri, 7);
	return address_normal(c->arena, span_trim(uri));
}

/* A parameter's value as a line, decoded, without its quotes. */
static const char *
parameter_line(const struct calendar *c, icalproperty *property, const char *name, size_t max)
{
	struct span line = span_of(header_text(c->arena, parameter(property, name), max));

	while (line.len > 0 && *line.ptr == '"')
		line = span_skip(line, 1);
	while (line.len > 0 && line.ptr[line.len - 1] == '"')
		line.len--;
	return line.len > 0 ? arena_span(c->arena, line) : NULL;
}

/* What somebody wrote beside an answer: COMMENT (RFC 5545 section 3.8.1.4), or where Google's
 * calendar writes it. */
static const char *
comment_of(const struct calendar *c, icalcomponent *event)
{
	icalproperty *p = icalcomponent_get_first_property(event, ICAL_COMMENT_PROPERTY);
	const char *text = NULL;

	for (; p != NULL && text == NULL;
	     p = icalcomponent_get_next_property(event, ICAL_COMMENT_PROPERTY))
		text = text_of(c, p);
	p = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
	if (text == NULL && p != NULL)
		text = parameter_line(c, p, "X-RESPONSE-COMMENT", LINE_MAX_BYTES);
	return text;
}

/* Some programs put no address into the value, but into EMAIL (RFC 7986). */
static const char *
property_address(const struct calendar *c, icalproperty *property)
{
	char *raw = icalproperty_get_value_as_string_r(property);
	const char *found = raw != NULL ? mail_address(c, span_of(raw)) : NULL;

	free(raw);
	return found != NULL ? found : mail_address(c, parameter(property, "EMAIL"));
}

/* ---- times ---------------------------------------------------------------------------------- */

struct moment {
	bool set;
	bool all_day;
	int64_t local; /* seconds on the wall clock */
	int64_t utc;
	const char *zone; /* IANA; NULL for UTC, floating and whole days */
	const struct zone *rules; /* NULL: fixed offset */
	int64_t offset;
	const char *error;
};

static int64_t
to_utc(const struct moment *m, int64_t local)
{
	struct civil civil;

	if (m->rules == NULL)
		return local - m->offset;
	civil_from_seconds(local, &civil);
	return zone_to_utc(m->rules, &civil, NULL);
}

static void
set_zone(const struct calendar *c, const char *tzid, struct moment *m)
{
	const char *name = itip_zone(c->arena, span_of(tzid));

	if (name != NULL && zone_get(name, &m->rules, NULL) == TD_OK) {
		m->zone = name;
		return;
	}
	if (itip_own_offset(c->root, tzid, m->local, &m->offset))
		m->error = "the time zone is not known; the rules it comes with were used";
	else
		m->error = "the time zone is not known; the times were read as UTC";
}

static struct moment
read_moment(const struct calendar *c, icalproperty *property, struct icaltimetype t)
{
	struct moment m = {.set = true, .all_day = t.is_date};
	struct civil civil = {t.year, t.month, t.day, t.hour, t.minute, t.second};
	icalparameter *tzid = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);

	if (icaltime_is_null_time(t) || t.year < CIVIL_YEAR_MIN || t.year > CIVIL_YEAR_MAX ||
	    !civil_valid(t.year, t.month, t.day) || t.hour < 0 || t.hour > 23 || t.minute < 0 ||
	    t.minute > 59 || t.second < 0 || t.second > 60)
		return (struct moment){.set = false};
	if (t.is_date)
		civil.hour = civil.minute = civil.second = 0;
	m.local = civil_seconds(&civil);
	if (t.is_date || icaltime_is_utc(t))
		m.utc = m.local;
	else if (tzid != NULL && icalparameter_get_tzid(tzid) != NULL)
		set_zone(c, icalparameter_get_tzid(tzid), &m);
	else if (c->zone != NULL && zone_get(c->zone, &m.rules, NULL) != TD_OK)
		m.rules = NULL;
	m.utc = to_utc(&m, m.local);
	return m;
}

static struct moment
moment_of(const struct calendar *c, icalcomponent *event, icalproperty_kind kind)
{
	icalproperty *property = icalcomponent_get_first_property(event, kind);
	icalvalue *value = property != NULL ? icalproperty_get_value(property) : NULL;

	if (value == NULL || (icalvalue_isa(value) != ICAL_DATETIME_VALUE &&
	    icalvalue_isa(value) != ICAL_DATE_VALUE))
		return (struct moment){.set = false};
	return read_moment(c, property, icalvalue_get_datetime(value));
}

/* Days and weeks are of the calendar, hours, minutes and seconds exact (RFC 5545, 3.3.6). */
static int64_t
after_duration(const struct moment *start, const struct icaldurationtype *d)
{
	int64_t days = (int64_t)d->days + 7 * (int64_t)d->weeks;
	int64_t from = days == 0 ? start->utc : to_utc(start, start->local + days * CIVIL_DAY);

	return from + 3600 * (int64_t)d->hours + 60 * (int64_t)d->minutes + d->seconds;
}

/* DTEND, DTSTART and DURATION, or what RFC 5545 section 3.6.1 says where there is neither. */
static int64_t
end_of(const struct calendar *c, icalcomponent *event, const struct moment *start)
{
	struct moment end = moment_of(c, event, ICAL_DTEND_PROPERTY);
	icalproperty *duration = icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY);

	if (end.set)
		return end.utc;
	if (duration != NULL) {
		struct icaldurationtype d = icalproperty_get_duration(duration);

		if (!icaldurationtype_is_bad_duration(d) && d.is_neg == 0 && d.days < 36500 &&
		    d.weeks < 5200)
			return after_duration(start, &d);
	}
	return start->all_day ? start->utc + CIVIL_DAY : start->utc;
}

static void
read_times(const struct calendar *c, icalcomponent *event, struct reading_event *e)
{
	struct moment start = moment_of(c, event, ICAL_DTSTART_PROPERTY);

	if (!start.set) {
		/* A cancelled series need not say when it was. */
		if (!span_is(span_of(e->method), "CANCEL"))
			e->error = "it has no start";
		return;
	}
	e->start = start.utc;
	e->end = end_of(c, event, &start);
	e->all_day = start.all_day;
	e->zone = start.zone;
	e->error = start.error;
	if (e->end < e->start) {
		e->error = "it ends before it starts";
		e->end = e->start;
	}
}

/* "20220317T110000Z", or "20220317" of a whole day. */
static const char *
recurrence_id(const struct calendar *c, icalcomponent *event)
{
	struct moment m = moment_of(c, event, ICAL_RECURRENCEID_PROPERTY);
	struct civil t;

	if (!m.set)
		return NULL;
	civil_from_seconds(m.utc, &t);
	if (m.all_day)
		return arena_printf(c->arena, "%04d%02d%02d", t.year, t.month, t.day);
	return arena_printf(c->arena, "%04d%02d%02dT%02d%02d%02dZ", t.year, t.month, t.day, t.hour,
	    t.minute, t.second);
}

/* ---- events ---------------------------------------------------------------------------------- */

static void
read_rule(const struct calendar *c, icalcomponent *event, struct reading_event *e)
{
	icalproperty *property = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
	struct span rule;

	if (property == NULL)
		return;
	e->rule = value_line(c, property);
	rule = span_of(e->rule);
	if (span_ifind(rule, SPAN("SECONDLY")) < rule.len ||
	    span_ifind(rule, SPAN("MINUTELY")) < rule.len ||
	    span_ifind(rule, SPAN("HOURLY")) < rule.len) {
		e->rule = NULL;
		e->error = "it repeats more than once a day";
	}
}

static void
read_attendees(const struct calendar *c, icalcomponent *event, struct reading_event *e)
{
	icalproperty *p = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
	size_t cap = 0;

	for (; p != NULL && e->n_attendees < ITIP_ATTENDEES_MAX;
	     p = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY)) {
		struct reading_attendee *a =
		    ARENA_PUSH(c->arena, e->attendees, e->n_attendees, cap);

		a->name = parameter_line(c, p, "CN", 255);
		a->address = property_address(c, p);
		a->partstat = upper_token(c, parameter(p, "PARTSTAT").ptr);
		a->sent_by = mail_address(c, parameter(p, "SENT-BY"));
	}
}

static const char *
first_link(struct arena *arena, struct span text)
{
	struct links links = {0};

	links_find(arena, &links, text);
	return links.n > 0 ? links.items[0] : NULL;
}

static const char *
conference_text(const struct calendar *c, icalproperty *p, icalvalue *value)
{
	const char *text = NULL;

	if (icalvalue_isa(value) == ICAL_TEXT_VALUE)
		text = icalvalue_get_text(value);
	else if (icalvalue_isa(value) == ICAL_X_VALUE)
		text = icalvalue_get_x(value);
	return text != NULL ? text : value_line(c, p);
}

static void
read_conference(const struct calendar *c, icalcomponent *event, struct reading_event *e)
{
	static const char *const names[] = {"X-MICROSOFT-SKYPETEAMSMEETINGURL",
	    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK", "X-GOOGLE-CONFERENCE", "CONFERENCE",
	    "LOCATION", "URL", "DESCRIPTION", "X-ALT-DESC"};

	for (size_t i = 0; i < sizeof names / sizeof *names && e->conference == NULL; i++) {
		icalproperty *p = icalcomponent_get_first_property(event, ICAL_ANY_PROPERTY);

		for (; p != NULL && e->conference == NULL;
		     p = icalcomponent_get_next_property(event, ICAL_ANY_PROPERTY)) {
			const char *name = icalproperty_get_property_name(p);
			icalvalue *value = icalproperty_get_value(p);
			const char *text;

			if (name == NULL || value == NULL || !span_iis(span_of(name), names[i]))
				continue;
			text = conference_text(c, p, value);
			e->conference = itip_conference(c->arena,
			    span_first(span_of(text), TEXT_LOOKED_AT));
			/* RFC 7986: whatever the host, it is one. */
			if (e->conference == NULL && span_iis(span_of(name), "CONFERENCE"))
				e->conference = first_link(c->arena, span_of(text));
		}
	}
}

static void
read_event(const struct calendar *c, icalcomponent *event, struct reading_event *e)
{
	icalproperty *p;
	struct moment stamp = moment_of(c, event, ICAL_DTSTAMP_PROPERTY);

	e->method = c->method;
	e->uid = text_line(c, event, ICAL_UID_PROPERTY);
	p = icalcomponent_get_first_property(event, ICAL_SEQUENCE_PROPERTY);
	e->sequence = p != NULL ? icalproperty_get_sequence(p) : 0;
	if (e->sequence < 0)
		e->sequence = 0;
	e->dtstamp = stamp.set ? stamp.utc : 0;
	p = icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY);
	e->organizer = p != NULL ? property_address(c, p) : NULL;
	e->summary = text_line(c, event, ICAL_SUMMARY_PROPERTY);
	e->location = text_line(c, event, ICAL_LOCATION_PROPERTY);
	e->status = upper_token(c, value_line(c,
	    icalcomponent_get_first_property(event, ICAL_STATUS_PROPERTY)));
	e->comment = comment_of(c, event);
	read_times(c, event, e);
	read_rule(c, event, e);
	e->recurrence_id = recurrence_id(c, event);
	read_attendees(c, event, e);
	read_conference(c, event, e);
	if (e->uid == NULL)
		e->error = "it has no UID";
}

static const char *
method_of(struct calendar *c, const char *parameter_method)
{
	icalproperty *p = icalcomponent_get_first_property(c->root, ICAL_METHOD_PROPERTY);
	const char *method = p != NULL ? upper_token(c, value_line(c, p)) : NULL;

	return method != NULL ? method : upper_token(c, parameter_method);
}

static void
read_component(struct calendar *c, struct itip_events *events)
{
	icalcomponent *event = icalcomponent_get_first_component(c->root, ICAL_VEVENT_COMPONENT);

	for (; event != NULL && events->n < ITIP_EVENTS_MAX;
	     event = icalcomponent_get_next_component(c->root, ICAL_VEVENT_COMPONENT)) {
		struct reading_event e = {0};

		read_event(c, event, &e);
		*ARENA_PUSH(c->arena, events->items, events->n, events->cap) = e;
	}
}

static void
add_error(struct arena *arena, const char *error, struct itip_events *events)
{
	if (events->n < ITIP_EVENTS_MAX)
		*ARENA_PUSH(arena, events->items, events->n, events->cap) =
		    (struct reading_event){.error = error};
}

void
itip_read(struct arena *arena, struct span ics, const char *method, const char *zone,
    size_t max_bytes, struct itip_events *events)
{
	struct calendar c = {.arena = arena, .zone = zone};
	const char *why = refused(ics, max_bytes);
	icalcomponent *parsed, *inner;
	size_t before = events->n;

	if (why != NULL) {
		add_error(arena, why, events);
		return;
	}
	icalerror_set_errors_are_fatal(0);
	parsed = icalparser_parse_string(prepared(arena, ics));
	if (parsed == NULL) {
		add_error(arena, "the calendar cannot be read", events);
		return;
	}
	/* Several calendars in one text come wrapped in a root of libical's own. */
	if (icalcomponent_isa(parsed) == ICAL_VCALENDAR_COMPONENT) {
		c.root = parsed;
		c.method = method_of(&c, method);
		read_component(&c, events);
	}
	inner = icalcomponent_get_first_component(parsed, ICAL_VCALENDAR_COMPONENT);
	for (; inner != NULL; inner = icalcomponent_get_next_component(parsed,
	                          ICAL_VCALENDAR_COMPONENT)) {
		c.root = inner;
		c.method = method_of(&c, method);
		read_component(&c, events);
	}
	if (events->n == before && icalcomponent_isa(parsed) != ICAL_VCALENDAR_COMPONENT &&
	    icalcomponent_get_first_component(parsed, ICAL_VCALENDAR_COMPONENT) == NULL)
		add_error(arena, "there is no calendar in it", events);
	icalcomponent_free(parsed);
	icalmemory_free_ring();
}
