/* SPDX-License-Identifier: ISC */
/*
 * Tests of daemon/compose/ics: golden calendars of five zones, what libical makes of them (the
 * rules of iTIP, and each occurrence's moment against our own zone reader), and texts that try to
 * break out. With TD_GOLDEN_WRITE set the golden files are written anew: read them then.
 */
#include "tests/unit/unit.h"

#include <stdio.h>

#include <libical/ical.h>

#include "daemon/compose/ics.h"
#include "daemon/compose/vtimezone.h"

#define DTSTAMP 1795341600 /* 2026-11-22T10:00:00Z */

static struct ics_series
series(const char *zone, const struct hours *hours, const char *first_day)
{
	struct ics_series s = {.uid = "core-1@example.org", .dtstamp = DTSTAMP,
	    .organizer = "team+core@example.org", .organizer_name = "Platform via tidings",
	    .attendee = "ana@example.org", .attendee_name = "Ana Lim\xc3\xb3n",
	    .summary = "Platform: core hours", .zone = zone, .hours = hours,
	    .description = "Core hours of Platform, mon-thu.\nNobody is booked; be reachable."};

	assert_true(civil_parse_day(span_of(first_day), &s.first_day));
	return s;
}

static struct hours
hours(const char *text)
{
	struct hours h;

	assert_int_equal(hours_parse(span_of(text), &h, NULL), TD_OK);
	return h;
}

static char *
make(const struct ics_series *s)
{
	struct buf out;
	struct err err;

	buf_init(&out, ICS_MAX);
	if (ics_series(s, &out, &err) != TD_OK)
		fail_msg("%s", err.text);
	return out.ptr;
}

/* ---- form -------------------------------------------------------------------------------- */

static void
check_lines(const char *text)
{
	size_t len = 0;

	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\n') {
			assert_true(p > text && p[-1] == '\r');
			assert_true(len <= 76); /* the CR was counted */
			/* No character is cut: what follows a fold is not its second byte. */
			assert_true(((unsigned char)p[1] & 0xc0) != 0x80);
			if (p[1] == ' ')
				assert_true(((unsigned char)p[2] & 0xc0) != 0x80);
			len = 0;
		} else {
			assert_true(*p == '\r' ? p[1] == '\n' : (unsigned char)*p >= 0x20);
			len++;
		}
	}
	assert_int_equal(len, 0);
}

static void
check_golden(const char *name, const char *text)
{
	const char *srcdir = getenv("TD_SRCDIR");
	char path[4096], *want = calloc(1, ICS_MAX);
	FILE *f;

	snprintf(path, sizeof path, "%s/tests/golden/%s", srcdir ? srcdir : ".", name);
	if (getenv("TD_GOLDEN_WRITE") != NULL) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(text, f);
		fclose(f);
	}
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("%s is missing", path);
	assert_true(fread(want, 1, ICS_MAX - 1, f) > 0);
	fclose(f);
	if (strcmp(text, want) != 0)
		fail_msg("%s differs; this is what was made:\n%s", name, text);
	free(want);
}

static void
test_golden(void **state)
{
	static const struct {
		const char *file, *zone, *hours;
	} rows[] = {
	    {"core-berlin.ics", "Europe/Berlin", "mon-thu 14:00-17:00"},
	    {"core-lisbon.ics", "Europe/Lisbon", "mon-thu 13:00-16:00"},
	    {"core-new-york.ics", "America/New_York", "mon-fri 08:00-11:00"},
	    {"core-kolkata.ics", "Asia/Kolkata", "mon-fri 18:30-21:30"},
	    {"core-lord-howe.ics", "Australia/Lord_Howe", "tue 09:15-12:00"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct hours h = hours(rows[i].hours);
		struct ics_series s = series(rows[i].zone, &h, "2026-11-22");
		char *text = make(&s);

		check_lines(text);
		check_golden(rows[i].file, text);
		free(text);
	}
}

static void
test_cancel(void **state)
{
	struct hours h = hours("mon-thu 14:00-17:00");
	struct ics_series s = series("Europe/Berlin", &h, "2026-11-22");
	char *text;

	s.cancel = true;
	s.sequence = 3;
	s.until = 1798761600; /* 2027-01-01T00:00:00Z */
	text = make(&s);
	check_lines(text);
	check_golden("core-cancel.ics", text);
	free(text);
}

/* ---- what others read -------------------------------------------------------------------- */

static void
test_restrictions(void **state)
{
	struct hours h = hours("mon-thu 14:00-17:00");

	for (int cancel = 0; cancel <= 1; cancel++) {
		struct ics_series s = series("Europe/Berlin", &h, "2026-11-22");
		icalcomponent *c;
		char *text;

		s.cancel = cancel;
		text = make(&s);
		c = icalparser_parse_string(text);
		assert_non_null(c);
		assert_int_equal(icalrestriction_check(c), 1);
		assert_int_equal(icalcomponent_count_errors(c), 0);
		assert_int_equal(icalcomponent_count_components(c, ICAL_VEVENT_COMPONENT), 1);
		assert_int_equal(icalcomponent_count_components(c, ICAL_VTIMEZONE_COMPONENT), 1);
		icalcomponent_free(c);
		free(text);
	}
}

static icaltimezone *
parsed_zone(icalcomponent *calendar)
{
	icalcomponent *c =
	    icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT);
	icaltimezone *zone = icaltimezone_new();

	assert_non_null(c);
	assert_true(icaltimezone_set_component(zone, icalcomponent_new_clone(c)));
	return zone;
}

static void
check_occurrences(icalcomponent *calendar, icaltimezone *from_text, const struct zone *zone,
    const char *name)
{
	icalcomponent *event =
	    icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
	icalproperty *rrule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
	struct icaltimetype t = icalproperty_get_dtstart(
	    icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY));
	icalrecur_iterator *it = icalrecur_iterator_new(icalproperty_get_rrule(rrule), t);

	/* Four years of working days. */
	for (int i = 0; i < 1000; i++) {
		struct icaltimetype n = icalrecur_iterator_next(it);
		struct civil c = {n.year, n.month, n.day, n.hour, n.minute, n.second};
		enum zone_fit fit;
		int64_t want = zone_to_utc(zone, &c, &fit);

		if (icaltime_is_null_time(n))
			break;
		if (fit == ZONE_ONCE && icaltime_as_timet_with_zone(n, from_text) != want)
			fail_msg("%s: %s is off", name, icaltime_as_ical_string(n));
	}
	icalrecur_iterator_free(it);
}

static void
test_occurrences_agree(void **state)
{
	static const char *zones[] = {"Europe/Berlin", "Europe/Lisbon", "America/New_York",
	    "Asia/Kolkata", "Australia/Lord_Howe", "Australia/Sydney", "Europe/Dublin",
	    "America/Nuuk", "Asia/Jerusalem", "Africa/Casablanca", "America/Santiago",
	    "Pacific/Chatham", "Africa/Cairo", "UTC", "Etc/GMT+5", "Pacific/Kiritimati",
	    "America/Sao_Paulo", "Asia/Gaza"};
	struct hours h = hours("mon-sun 14:00-17:00");

	for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
		struct ics_series s = series(zones[i], &h, "2026-11-22");
		char *text = make(&s);
		icalcomponent *c = icalparser_parse_string(text);
		icaltimezone *from_text = parsed_zone(c);
		const struct zone *zone;

		assert_int_equal(zone_get(zones[i], &zone, NULL), TD_OK);
		check_lines(text);
		row_assert(icalrestriction_check(c) == 1, zones[i]);
		check_occurrences(c, from_text, zone, zones[i]);
		icaltimezone_free(from_text, 1);
		icalcomponent_free(c);
		free(text);
	}
}

/* A zone with a rule has one STANDARD and one DAYLIGHT, and says so without a vendor's prefix. */
static void
test_shape_of_zones(void **state)
{
	static const struct {
		const char *zone;
		int standard, daylight;
		bool rrule;
	} rows[] = {
	    {"Europe/Berlin", 1, 1, true}, {"Europe/Dublin", 1, 1, true},
	    {"Australia/Lord_Howe", 1, 1, true}, {"America/Nuuk", 1, 1, true},
	    {"Asia/Jerusalem", 1, 1, true}, {"Asia/Kolkata", 1, 0, false},
	    {"UTC", 1, 0, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct zone *zone;
		icalcomponent *c;
		char *text;

		assert_int_equal(zone_get(rows[i].zone, &zone, NULL), TD_OK);
		c = vtimezone_new(zone, DTSTAMP);
		row_assert(icalcomponent_count_components(c, ICAL_XSTANDARD_COMPONENT) ==
		    rows[i].standard, rows[i].zone);
		row_assert(icalcomponent_count_components(c, ICAL_XDAYLIGHT_COMPONENT) ==
		    rows[i].daylight, rows[i].zone);
		text = icalcomponent_as_ical_string_r(c);
		row_assert((strstr(text, "RRULE") != NULL) == rows[i].rrule, rows[i].zone);
		row_assert(strstr(text, "TZID:/") == NULL && strstr(text, "X-LIC") == NULL,
		    rows[i].zone);
		free(text);
		icalcomponent_free(c);
	}
}

static void
test_texts_come_back(void **state)
{
	struct hours h = hours("mon-thu 14:00-17:00");
	struct ics_series s = series("Europe/Berlin", &h, "2026-11-22");
	icalcomponent *c, *event;
	icalproperty *attendee;
	char *text;

	s.summary =
	    "K\xc3\xa4rnzeit, \\n; \"x\": \xe2\x80\x93 \xf0\x9f\x95\x92 "
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa4\xc3\xb6"
	    "\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6";
	s.attendee_name = "Ana \"the; one\": Lim\xc3\xb3n, Dr.";
	s.attendee = "ana+x%y/z@example.org";
	text = make(&s);
	check_lines(text);
	c = icalparser_parse_string(text);
	event = icalcomponent_get_first_component(c, ICAL_VEVENT_COMPONENT);
	assert_string_equal(icalcomponent_get_summary(event), s.summary);
	assert_string_equal(icalcomponent_get_description(event), s.description);
	attendee = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
	assert_string_equal(icalproperty_get_attendee(attendee),
	    "mailto:ana+x%25y%2Fz@example.org");
	assert_string_equal(icalparameter_get_cn(icalproperty_get_first_parameter(attendee,
	    ICAL_CN_PARAMETER)), "Ana 'the; one': Lim\xc3\xb3n, Dr.");
	assert_null(icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY));
	icalcomponent_free(c);
	free(text);
}

static void
test_refused(void **state)
{
	struct hours h = hours("mon-thu 14:00-17:00"), two = hours("mon 9-10, tue 9-11");
	const struct ics_series fine = series("Europe/Berlin", &h, "2026-11-22");
	struct ics_series bad[17];
	struct buf out;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		bad[i] = fine;
	bad[0].summary = "x\r\nATTENDEE:mailto:eve@example.org";
	bad[1].summary = "x\nX-EVIL:1";
	bad[2].summary = NULL;
	bad[3].attendee_name = "Ana\r\nX-EVIL:1";
	bad[4].organizer_name = "\x7f";
	bad[5].description = "x\rX-EVIL:1";
	bad[6].description = "\xc2\x85";
	bad[7].description = "\xff";
	bad[8].attendee = "ana@example.org\r\nX-EVIL:1";
	bad[9].attendee = "\"ana b\"@example.org";
	bad[10].attendee = "ana";
	bad[11].organizer = NULL;
	bad[12].zone = "../etc/passwd";
	bad[13].hours = &two;
	bad[14].uid = "a\r\nb";
	bad[15].first_day = INT64_MAX;
	bad[16].sequence = UINT32_MAX;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = {""};

		buf_init(&out, ICS_MAX);
		if (ics_series(&bad[i], &out, &err) != TD_PERM)
			fail_msg("row %zu was taken", i);
		assert_true(strlen(err.text) > 10);
		assert_int_equal(out.len, 0);
		buf_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_golden),
	    cmocka_unit_test(test_cancel),
	    cmocka_unit_test(test_restrictions),
	    cmocka_unit_test(test_occurrences_agree),
	    cmocka_unit_test(test_shape_of_zones),
	    cmocka_unit_test(test_texts_come_back),
	    cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
