/* SPDX-License-Identifier: ISC */
/* Tests of daemon/model/hours: hours and clock settings, read, written and asked. */
#include "tests/unit/unit.h"

#include <stdio.h>

#include "daemon/model/hours.h"

static struct arena *arena;

static int
setup(void **state)
{
	arena = arena_create();
	return 0;
}

static int
teardown(void **state)
{
	arena_destroy(&arena);
	return 0;
}

static const struct zone *
zone(const char *name)
{
	const struct zone *z = NULL;

	assert_int_equal(zone_get(name, &z, NULL), TD_OK);
	return z;
}

/* "2026-10-12T17:00" as seconds */
static int64_t
at(const char *text)
{
	struct civil c = {0};

	assert_int_equal(sscanf(text, "%d-%d-%dT%d:%d", &c.year, &c.month, &c.day, &c.hour,
	    &c.minute), 5);
	return civil_seconds(&c);
}

static void
test_parse_and_format(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"mon-fri 09:00-17:00", "mon-fri 09:00-17:00"},
	    {"mon-fri 09:00-17:00, sat 10:00-12:00", "mon-fri 09:00-17:00, sat 10:00-12:00"},
	    {"Mon - Fri 9-17", "mon-fri 09:00-17:00"},
	    {"mon-fri 9am-5pm", "mon-fri 09:00-17:00"},
	    {"mon-fri 9:00 to 17:30", "mon-fri 09:00-17:30"},
	    {"mon, wed, fri 08:00-12:00", "mon 08:00-12:00, wed 08:00-12:00, fri 08:00-12:00"},
	    {"mon-fri 09:00-12:00, 13:00-17:00", "mon-fri 09:00-12:00, 13:00-17:00"},
	    {"mon-fri 13:00-17:00, 09:00-12:00", "mon-fri 09:00-12:00, 13:00-17:00"},
	    {"mon-fri 09:00-12:00, 12:00-17:00", "mon-fri 09:00-17:00"},
	    {"sun-thu 09:00-17:00", "mon-thu 09:00-17:00, sun 09:00-17:00"},
	    {"fri 22:00-24:00, sat 00:00-06:00", "fri 22:00-24:00, sat 00:00-06:00"},
	    {"Mo-Fr 9:00-17:00", "mon-fri 09:00-17:00"},
	    {"lundi au vendredi 9:00-17:00", "mon-fri 09:00-17:00"},
	    {"maandag t/m donderdag 9:00-17:00", "mon-thu 09:00-17:00"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct hours hours, again;
		struct err err;
		const char *text;

		if (hours_parse(span_of(rows[i].text), &hours, &err) != TD_OK)
			fail_msg("%s: %s", rows[i].text, err.text);
		text = hours_format(arena, &hours);
		assert_string_equal(text, rows[i].want);
		assert_int_equal(hours_parse(span_of(text), &again, &err), TD_OK);
		assert_string_equal(hours_format(arena, &again), text);
	}
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
	    {"", "begin with their days"}, {"09:00-17:00", "begin with their days"},
	    {"mon-fri", "range of times"}, {"mon-fri 09:00", "range of times"},
	    {"mon-fri 25:00-26:00", "range of times"}, {"mon-fri 09:60-10:00", "range of times"},
	    {"fri 22:00-06:00", "over midnight"}, {"mon 09:00-09:00", "before they begin"},
	    {"mon 09:00-12:00, mon 11:00-13:00", "overlap on mon"},
	    {"mon-fri 09:00-17:00 or so", "more text"}, {"mon-fri 09:00-17:00,", "range of times"},
	    {"mon-foo 09:00-17:00", "range of times"}, {"mon\n09:00-17:00;", "more text"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct hours hours;
		struct err err = {""};

		row_assert(hours_parse(span_of(rows[i].text), &hours, &err) == TD_PERM,
		    rows[i].text);
		if (strstr(err.text, rows[i].why) == NULL)
			fail_msg("\"%s\": %s", rows[i].text, err.text);
	}
}

static void
test_next_open(void **state)
{
	static const struct {
		const char *hours, *zone, *t, *want;
	} rows[] = {
	    /* Sunday noon, Monday 09:00 in Berlin. */
	    {"mon-fri 09:00-17:00", "Europe/Berlin", "2026-11-22T12:00", "2026-11-23T08:00"},
	    {"mon-fri 09:00-17:00", "Europe/Berlin", "2026-11-23T08:00", "2026-11-23T08:00"},
	    {"mon-fri 09:00-17:00", "Europe/Berlin", "2026-11-23T15:59", "2026-11-23T15:59"},
	    {"mon-fri 09:00-17:00", "Europe/Berlin", "2026-11-23T16:00", "2026-11-24T08:00"},
	    {"mon-fri 09:00-17:00", "Europe/Berlin", "2026-11-27T16:00", "2026-11-30T08:00"},
	    /* The same wall clock after the change of the clock. */
	    {"mon-fri 09:00-17:00", "Europe/Berlin", "2026-10-23T15:00", "2026-10-26T08:00"},
	    {"mon 09:00-10:00", "Pacific/Kiritimati", "2026-11-22T18:30", "2026-11-22T19:00"},
	    /* A gap swallows the hours: they begin after it. */
	    {"sun 02:15-05:00", "Europe/Berlin", "2026-03-29T00:00", "2026-03-29T01:15"},
	    {"sun 02:00-03:00", "Europe/Berlin", "2026-03-29T00:00", "2026-04-05T00:00"},
	    /* The overlap: from the first 02:00. */
	    {"sun 02:00-03:00", "Europe/Berlin", "2026-10-24T23:00", "2026-10-25T00:00"},
	    {"mon 00:00-24:00", "Europe/Berlin", "2026-11-23T22:59", "2026-11-23T22:59"},
	    {"mon 00:00-24:00", "Europe/Berlin", "2026-11-23T23:00", "2026-11-29T23:00"},
	    /* Friday 2011-12-30 did not happen in Apia. */
	    {"fri 09:00-17:00", "Pacific/Apia", "2011-12-30T09:00", "2012-01-05T19:00"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct hours hours;
		int64_t got;

		assert_int_equal(hours_parse(span_of(rows[i].hours), &hours, NULL), TD_OK);
		row_assert(hours_next_open(&hours, zone(rows[i].zone), at(rows[i].t), &got),
		    rows[i].t);
		if (got != at(rows[i].want))
			fail_msg("%s %s: off by %lld", rows[i].hours, rows[i].t,
			    (long long)(got - at(rows[i].want)));
		row_assert(hours_contains(&hours, zone(rows[i].zone), at(rows[i].t)) ==
		    (strcmp(rows[i].t, rows[i].want) == 0), rows[i].t);
	}
}

static void
test_uniform(void **state)
{
	struct hours hours;
	unsigned days;
	int from, to;

	assert_int_equal(hours_parse(SPAN("mon-thu 14:00-17:00"), &hours, NULL), TD_OK);
	assert_int_equal(hours_uniform(&hours, &days, &from, &to, NULL), TD_OK);
	assert_int_equal(days, 0x0f);
	assert_int_equal(from, 840);
	assert_int_equal(to, 1020);
	assert_int_equal(hours_parse(SPAN("mon 14:00-17:00, tue 14:00-16:00"), &hours, NULL),
	    TD_OK);
	assert_int_equal(hours_uniform(&hours, &days, &from, &to, NULL), TD_PERM);
	assert_int_equal(hours_parse(SPAN("mon 9-10, 11-12"), &hours, NULL), TD_OK);
	assert_int_equal(hours_uniform(&hours, &days, &from, &to, NULL), TD_PERM);
}

static void
test_settings(void **state)
{
	static const struct {
		const char *text, *want;
	} digests[] = {
	    {"daily 08:30", "daily 08:30"}, {"Daily at 8:30", "daily 08:30"},
	    {"weekly mon 09:00", "weekly mon 09:00"}, {"weekly Friday 4pm", "weekly fri 16:00"},
	    {"off", "off"}, {" OFF ", "off"}, {"", NULL}, {"daily", NULL}, {"weekly 09:00", NULL},
	    {"hourly", NULL}, {"daily 24:00", NULL}, {"daily 08:30 please", NULL}, {"08:30", NULL},
	}, checkins[] = {
	    {"16:30", "16:30"}, {"4:30pm", "16:30"}, {"off", "off"}, {"", NULL}, {"16:61", NULL},
	    {"24:00", NULL}, {"16:30 daily", NULL}, {"noonish", NULL},
	};

	for (size_t i = 0; i < ARRAY_LEN(digests); i++) {
		struct digest_setting s;
		struct err err;
		bool ok = digest_setting_parse(span_of(digests[i].text), &s, &err) == TD_OK;

		row_assert(ok == (digests[i].want != NULL), digests[i].text);
		if (ok)
			assert_string_equal(digest_setting_format(arena, &s), digests[i].want);
	}
	for (size_t i = 0; i < ARRAY_LEN(checkins); i++) {
		struct checkin_setting s;
		struct err err;
		bool ok = checkin_setting_parse(span_of(checkins[i].text), &s, &err) == TD_OK;

		row_assert(ok == (checkins[i].want != NULL), checkins[i].text);
		if (ok)
			assert_string_equal(checkin_setting_format(arena, &s), checkins[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parse_and_format),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_next_open),
	    cmocka_unit_test(test_uniform),
	    cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
