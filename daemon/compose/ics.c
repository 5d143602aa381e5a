/* SPDX-License-Identifier: ISC */
/*
 * ics: see ics.h. All input is checked before the first property is made; then libical builds
 * and writes the tree. What libical has no notion of is done here: RFC 6068's escapes in mailto,
 * and no double quote in a parameter (RFC 5545 section 3.2 knows no escape for it).
 */
#include "config.h"

#include "daemon/compose/ics.h"

#include <stdlib.h>
#include <string.h>

#include <libical/ical.h>
#include <unistr.h>

#include "daemon/compose/vtimezone.h"

#define TEXT_MAX 4000
#define ADDRESS_MAX 254

struct pattern {
	const struct zone *zone;
	unsigned days; /* bit n for weekday n */
	int from, to;  /* minutes */
	int64_t first_day;
};

/* ---- checks ------------------------------------------------------------------------------ */

static TD_CHECK enum td_status
check_text(const char *what, const char *text, bool lines, struct err *err)
{
	size_t len;

	if (text == NULL)
		return TD_OK;
	len = strlen(text);
	if (len > TEXT_MAX)
		return err_perm(err, "%s is longer than %d bytes", what, TEXT_MAX);
	if (u8_check((const uint8_t *)text, len) != NULL)
		return err_perm(err, "%s is not valid UTF-8", what);
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++)
		if ((*p < 0x20 && !(lines && *p == '\n')) || *p == 0x7f ||
		    (*p == 0xc2 && p[1] < 0xa0))
			return err_perm(err, "%s holds a control character", what);
	return TD_OK;
}

static TD_CHECK enum td_status
check_address(const char *what, const char *address, struct err *err)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "!#$%&'*+/=?^_`{|}~.-";
	const char *at = address != NULL ? strchr(address, '@') : NULL;

	if (at == NULL || at == address || at[1] == '\0' || strlen(address) > ADDRESS_MAX ||
	    strspn(address, fine) != (size_t)(at - address) ||
	    strspn(at + 1, fine) != strlen(at + 1))
		return err_perm(err, "%s: that is no mail address that a calendar can hold", what);
	return TD_OK;
}

static TD_CHECK enum td_status
check_uid(const char *uid, struct err *err)
{
	if (uid == NULL || uid[0] == '\0' || strlen(uid) > 255)
		return err_perm(err, "a calendar event needs a UID of 1 to 255 bytes");
	for (const char *p = uid; *p != '\0'; p++)
		if (*p <= 0x20 || *p >= 0x7f || strchr(",;:\\\"", *p) != NULL)
			return err_perm(
			    err, "the UID of a calendar event holds an unfit character");
	return TD_OK;
}

static TD_CHECK enum td_status
check_series(const struct ics_series *s, struct err *err)
{
	const struct {
		const char *what, *text;
		bool lines;
	} texts[] = {
	    {"the organizer's name", s->organizer_name, false},
	    {"the attendee's name", s->attendee_name, false},
	    {"the summary", s->summary, false},
	    {"the description", s->description, true},
	    {"the location", s->location, false},
	};
	enum td_status status = check_uid(s->uid, err);

	for (size_t i = 0; i < sizeof texts / sizeof *texts && status == TD_OK; i++)
		status = check_text(texts[i].what, texts[i].text, texts[i].lines, err);
	if (status == TD_OK)
		status = check_address("the organizer", s->organizer, err);
	if (status == TD_OK)
		status = check_address("the attendee", s->attendee, err);
	if (status == TD_OK && s->sequence > INT32_MAX)
		return err_perm(err, "the SEQUENCE of a calendar event is too large");
	return status;
}

static TD_CHECK enum td_status
make_pattern(const struct ics_series *s, struct pattern *p, struct err *err)
{
	enum td_status status = zone_get(s->zone, &p->zone, err);

	if (status == TD_OK && s->hours == NULL && s->end <= s->start)
		return err_perm(err, "a calendar event ends before it begins");
	if (status == TD_OK && s->hours == NULL) {
		p->first_day = zone_local_day(p->zone, s->start);
		return TD_OK;
	}
	if (status == TD_OK)
		status = hours_uniform(s->hours, &p->days, &p->from, &p->to, err);
	if (status != TD_OK)
		return status;
	if (s->first_day < civil_days(2000, 1, 1) || s->first_day > civil_days(2200, 1, 1))
		return err_perm(err, "the first day of a series must lie between 2000 and 2200");
	p->first_day = s->first_day;
	while ((p->days & 1u << civil_weekday(p->first_day)) == 0)
		p->first_day++;
	return TD_OK;
}

/* ---- properties -------------------------------------------------------------------------- */

static void
add_utc(icalcomponent *event, icalproperty *(*new_property)(struct icaltimetype), int64_t utc)
{
	icalcomponent_add_property(event, new_property(icaltime_from_timet_with_zone(
					      (time_t)utc, 0, icaltimezone_get_utc_timezone())));
}

static void
add_clock(icalcomponent *event, icalproperty *(*new_property)(struct icaltimetype),
    const struct pattern *p, const struct civil *c)
{
	struct icaltimetype t = icaltime_null_time();
	icalproperty *property;

	t.year = c->year;
	t.month = c->month;
	t.day = c->day;
	t.hour = c->hour;
	t.minute = c->minute;
	property = new_property(t);
	icalproperty_add_parameter(property, icalparameter_new_tzid(zone_name(p->zone)));
	icalcomponent_add_property(event, property);
}

static void
add_local(icalcomponent *event, icalproperty *(*new_property)(struct icaltimetype),
    const struct pattern *p, int64_t day, int minute)
{
	struct civil c;

	civil_from_seconds(day * CIVIL_DAY + minute * 60, &c);
	add_clock(event, new_property, p, &c);
}

static void
add_moment(icalcomponent *event, icalproperty *(*new_property)(struct icaltimetype),
    const struct pattern *p, int64_t at)
{
	struct civil c;

	zone_to_local(p->zone, at, &c);
	add_clock(event, new_property, p, &c);
}

static void
add_rrule(icalcomponent *event, const struct ics_series *s, const struct pattern *p)
{
	static const char *const names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
	struct buf rule;
	const char *comma = "";
	struct icalrecurrencetype recurrence;

	buf_init(&rule, 200);
	buf_puts(&rule, "FREQ=WEEKLY;WKST=MO;BYDAY=");
	for (int i = 0; i < 7; i++)
		if ((p->days & 1u << i) != 0) {
			buf_printf(&rule, "%s%s", comma, names[i]);
			comma = ",";
		}
	recurrence = icalrecurrencetype_from_string(rule.ptr);
	if (s->until != 0)
		recurrence.until = icaltime_from_timet_with_zone(
		    (time_t)s->until, 0, icaltimezone_get_utc_timezone());
	icalcomponent_add_property(event, icalproperty_new_rrule(recurrence));
	buf_release(&rule);
}

/* "mailto:" with what RFC 6068 section 2 wants escaped. */
static void
put_mailto(struct buf *uri, const char *address)
{
	buf_puts(uri, "mailto:");
	for (; *address != '\0'; address++)
		if (strchr("%/?#&=^`{|}", *address) != NULL)
			buf_printf(uri, "%%%02X", (unsigned char)*address);
		else
			buf_putc(uri, *address);
}

static icalparameter *
common_name(const char *name)
{
	icalparameter *cn;
	char *text = strdup(name);

	if (text == NULL)
		abort();
	for (char *p = text; *p != '\0'; p++)
		if (*p == '"')
			*p = '\'';
	cn = icalparameter_new_cn(text);
	free(text);
	return cn;
}

static void
add_people(icalcomponent *event, const struct ics_series *s)
{
	icalproperty *property;
	struct buf uri;

	buf_init(&uri, 4 * ADDRESS_MAX);
	put_mailto(&uri, s->organizer);
	property = icalproperty_new_organizer(uri.ptr);
	if (s->organizer_name != NULL && s->organizer_name[0] != '\0')
		icalproperty_add_parameter(property, common_name(s->organizer_name));
	icalcomponent_add_property(event, property);

	buf_clear(&uri);
	put_mailto(&uri, s->attendee);
	property = icalproperty_new_attendee(uri.ptr);
	if (s->attendee_name != NULL && s->attendee_name[0] != '\0')
		icalproperty_add_parameter(property, common_name(s->attendee_name));
	icalproperty_add_parameter(property, icalparameter_new_cutype(ICAL_CUTYPE_INDIVIDUAL));
	icalproperty_add_parameter(property, icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT));
	if (!s->cancel) {
		icalproperty_add_parameter(
		    property, icalparameter_new_partstat(ICAL_PARTSTAT_NEEDSACTION));
		icalproperty_add_parameter(property, icalparameter_new_rsvp(ICAL_RSVP_TRUE));
	}
	icalcomponent_add_property(event, property);
	buf_release(&uri);
}

static void
add_busy_status(icalcomponent *event)
{
	icalproperty *property = icalproperty_new_x("FREE");

	icalproperty_set_x_name(property, "X-MICROSOFT-CDO-BUSYSTATUS");
	icalcomponent_add_property(event, property);
}

static icalcomponent *
new_event(const struct ics_series *s, const struct pattern *p)
{
	icalcomponent *event = icalcomponent_new_vevent();

	icalcomponent_add_property(event, icalproperty_new_uid(s->uid));
	icalcomponent_add_property(event, icalproperty_new_sequence((int)s->sequence));
	add_utc(event, icalproperty_new_dtstamp, s->dtstamp);
	if (s->hours == NULL) {
		add_moment(event, icalproperty_new_dtstart, p, s->start);
		add_moment(event, icalproperty_new_dtend, p, s->end);
	} else {
		add_local(event, icalproperty_new_dtstart, p, p->first_day, p->from);
		add_local(event, icalproperty_new_dtend, p, p->first_day, p->to);
		add_rrule(event, s, p);
	}
	for (size_t i = 0; i < s->n_left_out; i++)
		add_local(event, icalproperty_new_exdate, p, s->left_out[i], p->from);
	add_people(event, s);
	icalcomponent_add_property(event, icalproperty_new_summary(s->summary));
	if (s->description != NULL)
		icalcomponent_add_property(event, icalproperty_new_description(s->description));
	if (s->location != NULL)
		icalcomponent_add_property(event, icalproperty_new_location(s->location));
	icalcomponent_add_property(event,
	    icalproperty_new_status(s->cancel ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
	icalcomponent_add_property(event, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
	add_busy_status(event);
	return event;
}

static icalcomponent *
new_calendar(const struct ics_series *s, const struct pattern *p)
{
	icalcomponent *calendar = icalcomponent_new_vcalendar();

	icalcomponent_add_property(calendar, icalproperty_new_prodid(s->hours != NULL ?
	    "-//tidings//core hours//EN" : "-//tidings//decision//EN"));
	icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
	icalcomponent_add_property(calendar, icalproperty_new_calscale("GREGORIAN"));
	icalcomponent_add_property(calendar,
	    icalproperty_new_method(s->cancel ? ICAL_METHOD_CANCEL : ICAL_METHOD_REQUEST));
	icalcomponent_add_component(
	    calendar, vtimezone_new(p->zone, zone_day_start(p->zone, p->first_day)));
	icalcomponent_add_component(calendar, new_event(s, p));
	return calendar;
}

enum td_status
ics_series(const struct ics_series *series, struct buf *out, struct err *err)
{
	struct pattern pattern;
	icalcomponent *calendar;
	char *text;
	enum td_status status = check_series(series, err);

	if (status == TD_OK && series->summary == NULL)
		return err_perm(err, "a calendar event needs a summary");
	if (status == TD_OK)
		status = make_pattern(series, &pattern, err);
	if (status != TD_OK)
		return status;
	icalerror_set_errors_are_fatal(0);
	calendar = new_calendar(series, &pattern);
	text = icalcomponent_as_ical_string_r(calendar);
	icalcomponent_free(calendar);
	if (text == NULL || strlen(text) > ICS_MAX) {
		free(text);
		return err_perm(err, "the calendar could not be written");
	}
	buf_puts(out, text);
	free(text);
	return out->over ? err_perm(err, "the calendar does not fit") : TD_OK;
}
