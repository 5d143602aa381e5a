/* SPDX-License-Identifier: ISC */
/* Tests of daemon/schedule/due: due times across gaps, overlaps, travel, absences, bad clocks. */
#include "tests/unit/unit.h"

#include <stdio.h>

#include "daemon/schedule/due.h"

static const struct zone *
zone(const char *name)
{
	const struct zone *z = NULL;

	assert_int_equal(zone_get(name, &z, NULL), TD_OK);
	return z;
}

static int64_t
at(const char *text)
{
	struct civil c = {0};

	assert_int_equal(sscanf(text, "%d-%d-%dT%d:%d", &c.year, &c.month, &c.day, &c.hour,
	    &c.minute), 5);
	return civil_seconds(&c);
}

static int64_t
day(const char *text)
{
	int64_t days = DUE_NEVER;

	assert_true(text == NULL || civil_parse_day(span_of(text), &days));
	return days;
}

static void
test_digest(void **state)
{
	static const struct {
		const char *setting, *zone, *last, *now, *want, *day;
		bool late;
	} rows[] = {
	    /* Ahead, late, too late. */
	    {"daily 08:30", "Europe/Berlin", "2026-11-20", "2026-11-22T12:00", "2026-11-23T07:30",
	        "2026-11-23", false},
	    {"daily 08:30", "Europe/Berlin", "2026-11-20", "2026-11-23T07:30", "2026-11-23T07:30",
	        "2026-11-23", false},
	    {"daily 08:30", "Europe/Berlin", "2026-11-20", "2026-11-23T13:30", "2026-11-23T07:30",
	        "2026-11-23", true},
	    {"daily 08:30", "Europe/Berlin", "2026-11-20", "2026-11-23T13:31", "2026-11-24T07:30",
	        "2026-11-24", false},
	    {"daily 08:30", "Europe/Berlin", "2026-11-23", "2026-11-23T07:31", "2026-11-24T07:30",
	        "2026-11-24", false},
	    /* A new person waits for the next one. */
	    {"daily 08:30", "Europe/Berlin", NULL, "2026-11-23T08:00", "2026-11-24T07:30",
	        "2026-11-24", false},
	    /* Friday's is done: the weekend has none. */
	    {"daily 08:30", "Europe/Berlin", "2026-11-27", "2026-11-27T12:00", "2026-11-30T07:30",
	        "2026-11-30", false},
	    {"weekly mon 09:00", "Europe/Berlin", "2026-11-16", "2026-11-17T00:00",
	        "2026-11-23T08:00", "2026-11-23", false},
	    {"weekly sun 02:30", "Europe/Berlin", "2026-03-22", "2026-03-28T12:00",
	        "2026-03-29T01:30", "2026-03-29", false}, /* in the gap: 03:30 */
	    {"weekly sun 02:30", "Europe/Berlin", "2026-10-18", "2026-10-24T12:00",
	        "2026-10-25T00:30", "2026-10-25", false}, /* the first of two */
	    {"weekly sun 02:30", "Europe/Berlin", "2026-10-25", "2026-10-25T01:00",
	        "2026-11-01T01:30", "2026-11-01", false}, /* not again at the second */
	    {"weekly sun 02:15", "Australia/Lord_Howe", "2026-09-27", "2026-10-01T00:00",
	        "2026-10-03T15:45", "2026-10-04", false},
	    /* Friday 2011-12-30 was left out in Apia. */
	    {"daily 08:30", "Pacific/Apia", "2011-12-29", "2011-12-29T20:00", "2012-01-01T18:30",
	        "2012-01-02", false},
	    {"weekly fri 08:30", "Pacific/Apia", "2011-12-23", "2011-12-25T20:00",
	        "2012-01-05T18:30", "2012-01-06", false},
	    /* Over the date line eastward: the digest of the 24th went out in Kiritimati. */
	    {"daily 08:30", "Pacific/Honolulu", "2026-11-24", "2026-11-23T20:00",
	        "2026-11-25T18:30", "2026-11-25", false},
	    /* From San Francisco to Tokyo the same evening. */
	    {"daily 08:30", "Asia/Tokyo", "2026-11-23", "2026-11-23T17:00", "2026-11-23T23:30",
	        "2026-11-24", false},
	    /* The clock once stood in 2030. */
	    {"daily 08:30", "Europe/Berlin", "2030-05-06", "2026-11-23T12:00", "2026-11-24T07:30",
	        "2026-11-24", false},
	    /* The clock was set back by two hours after the digest. */
	    {"daily 08:30", "Europe/Berlin", "2026-11-23", "2026-11-23T05:31", "2026-11-24T07:30",
	        "2026-11-24", false},
	    /* Down for a week: only the latest is sent, late. */
	    {"daily 08:30", "Europe/Berlin", "2026-11-12", "2026-11-23T09:00", "2026-11-23T07:30",
	        "2026-11-23", true},
	};
	struct hours hours;

	assert_int_equal(hours_parse(SPAN("mon-fri 09:00-17:00"), &hours, NULL), TD_OK);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct due_person person = {zone(rows[i].zone), &hours, NULL, 0};
		struct digest_setting setting;
		struct due due;

		assert_int_equal(digest_setting_parse(span_of(rows[i].setting), &setting, NULL),
		    TD_OK);
		row_assert(due_digest(&setting, &person, day(rows[i].last), at(rows[i].now), &due),
		    rows[i].now);
		if (due.at != at(rows[i].want))
			fail_msg("row %zu, %s: off by %lld", i, rows[i].now,
			    (long long)(due.at - at(rows[i].want)));
		row_assert(due.day == day(rows[i].day), rows[i].now);
		row_assert(due.late == rows[i].late, rows[i].now);
	}
}

/* Looked at every ten minutes for two years, each working day has one and only one. */
static void
test_never_twice_never_skipped(void **state)
{
	static const char *zones[] = {"Europe/Berlin", "Australia/Lord_Howe", "America/New_York",
	    "Africa/Casablanca", "America/Havana", "Pacific/Apia"};
	struct digest_setting setting = {.kind = DIGEST_DAILY};
	struct hours hours;

	assert_int_equal(hours_parse(SPAN("mon-sun 09:00-17:00"), &hours, NULL), TD_OK);
	for (size_t i = 0; i < ARRAY_LEN(zones); i++)
		for (setting.minute = 0; setting.minute < 240; setting.minute += 30) {
			struct due_person person = {zone(zones[i]), &hours, NULL, 0};
			int64_t last = DUE_NEVER;
			struct due due;

			for (int64_t t = at("2026-01-01T00:00"); t < at("2028-01-01T00:00");) {
				row_assert(due_digest(&setting, &person, last, t, &due), zones[i]);
				row_assert(last == DUE_NEVER || due.day == last + 1, zones[i]);
				row_assert(zone_local_day(person.zone, due.at) == due.day,
				    zones[i]);
				last = due.day;
				t = due.at + 600;
			}
		}
}

static void
test_absence(void **state)
{
	struct due_absence away[] = {
	    {day("2026-11-23"), day("2026-11-25"), false},
	    {day("2026-11-26"), day("2026-11-26"), true},
	};
	struct hours hours;
	struct due_person person = {zone("Europe/Berlin"), &hours, away, 2};
	struct checkin_setting setting = {true, 16 * 60 + 30};
	struct due due;
	int64_t t;

	assert_int_equal(hours_parse(SPAN("mon-fri 09:00-17:00"), &hours, NULL), TD_OK);
	assert_true(due_checkin(&setting, &person, day("2026-11-20"), at("2026-11-22T12:00"),
	    &due));
	assert_int_equal(due.at, at("2026-11-26T15:30"));
	assert_true(due_contact(&person, at("2026-11-22T12:00"), &t));
	assert_int_equal(t, at("2026-11-26T08:00"));
	assert_true(due_contact(&person, at("2026-11-20T12:00"), &t));
	assert_int_equal(t, at("2026-11-20T12:00"));
	away[0].last_day = day("2040-01-01");
	assert_false(due_checkin(&setting, &person, day("2026-11-20"), at("2026-11-22T12:00"),
	    &due));
	assert_false(due_contact(&person, at("2026-11-22T12:00"), &t));
	assert_true(due_away(&person, day("2026-11-24")));
	setting.on = false;
	person.n_absences = 0;
	assert_false(due_checkin(&setting, &person, DUE_NEVER, at("2026-11-22T12:00"), &due));
}

/* A check-in keeps to what is worked of its day. */
static void
test_checkin(void **state)
{
	static const char *const office = "mon-fri 09:00-17:00";
	static const char *const always = "mon-sun 00:00-24:00";
	static const struct {
		const char *setting, *hours, *zone, *last, *now, *want;
		enum day_half half; /* is off on 2026-11-23 and -24 */
	} rows[] = {
	    {"16:30", office, "Europe/Berlin", "2026-11-20", "2026-11-22T12:00",
	        "2026-11-23T15:30", HALF_SOME},
	    {"16:59", office, "Europe/Berlin", "2026-11-20", "2026-11-22T12:00",
	        "2026-11-23T15:59", HALF_SOME},
	    /* beside the hours: half an hour before their end */
	    {"17:00", office, "Europe/Berlin", "2026-11-20", "2026-11-22T12:00",
	        "2026-11-23T15:30", HALF_SOME},
	    {"08:00", office, "Europe/Berlin", "2026-11-20", "2026-11-22T12:00",
	        "2026-11-23T15:30", HALF_SOME},
	    {"16:30", "mon 08:00-12:00, tue 18:00-18:20", "Europe/Berlin", "2026-11-20",
	        "2026-11-22T12:00", "2026-11-23T10:30", HALF_SOME},
	    {"16:30", "mon 08:00-12:00, tue 18:00-18:20", "Europe/Berlin", "2026-11-23",
	        "2026-11-23T12:00", "2026-11-24T17:00", HALF_SOME},
	    {"12:30", "mon-fri 08:00-12:00, 13:00-17:00", "Europe/Berlin", "2026-11-20",
	        "2026-11-22T12:00", "2026-11-23T15:30", HALF_SOME},
	    /* half days: at the end of the half that is worked */
	    {"16:30", office, "Europe/Berlin", "2026-11-20", "2026-11-22T12:00",
	        "2026-11-23T11:30", HALF_AFTERNOON},
	    {"10:00", office, "Europe/Berlin", "2026-11-20", "2026-11-22T12:00",
	        "2026-11-23T09:00", HALF_AFTERNOON},
	    {"16:30", office, "Europe/Berlin", "2026-11-20", "2026-11-22T12:00",
	        "2026-11-23T15:30", HALF_MORNING},
	    {"10:00", office, "Europe/Berlin", "2026-11-20", "2026-11-22T12:00",
	        "2026-11-23T15:30", HALF_MORNING},
	    {"16:30", office, "Europe/Berlin", "2026-11-20", "2026-11-22T12:00",
	        "2026-11-25T15:30", HALF_NONE},
	    /* the clocks change: in the gap, and the first of two */
	    {"02:30", always, "Europe/Berlin", "2026-03-28", "2026-03-28T12:00",
	        "2026-03-29T01:30", HALF_SOME},
	    {"02:30", always, "Europe/Berlin", "2026-10-24", "2026-10-24T12:00",
	        "2026-10-25T00:30", HALF_SOME},
	    {"02:30", always, "Europe/Berlin", "2026-10-25", "2026-10-25T01:00",
	        "2026-10-26T01:30", HALF_SOME},
	    {"16:30", always, "Europe/Berlin", "2026-03-27", "2026-03-28T12:00",
	        "2026-03-28T15:30", HALF_SOME},
	    {"16:30", always, "Europe/Berlin", "2026-03-28", "2026-03-28T16:00",
	        "2026-03-29T14:30", HALF_SOME},
	    {"16:30", always, "America/New_York", "2026-10-31", "2026-10-31T21:00",
	        "2026-11-01T21:30", HALF_SOME},
	    /* asked in Tokyo on the 24th, then in Honolulu, where it is the 24th again */
	    {"16:30", office, "Pacific/Honolulu", "2026-11-24", "2026-11-24T20:00",
	        "2026-11-26T02:30", HALF_SOME},
	    /* a clock that was set back; one that once stood in 2030 */
	    {"16:30", office, "Europe/Berlin", "2026-11-23", "2026-11-23T13:00",
	        "2026-11-24T15:30", HALF_SOME},
	    {"16:30", office, "Europe/Berlin", "2030-05-06", "2026-11-23T12:00",
	        "2026-11-24T15:30", HALF_SOME},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct due_absence off = {day("2026-11-23"), day("2026-11-24"), rows[i].half};
		struct hours hours;
		struct due_person person = {zone(rows[i].zone), &hours, &off, 1};
		struct checkin_setting setting;
		struct due due = {0};

		assert_int_equal(hours_parse(span_of(rows[i].hours), &hours, NULL), TD_OK);
		assert_int_equal(checkin_setting_parse(span_of(rows[i].setting), &setting, NULL),
		    TD_OK);
		row_assert(due_checkin(&setting, &person, day(rows[i].last), at(rows[i].now),
		    &due), rows[i].want);
		if (due.at != at(rows[i].want))
			fail_msg("row %zu, %s: off by %lld", i, rows[i].want,
			    (long long)(due.at - at(rows[i].want)));
		row_assert(hours_contains(&hours, person.zone, due.at), rows[i].want);
		row_assert(!due_away_at(&person, due.at), rows[i].want);
	}
}

/* Both halves off by two absences: nothing of the day is worked. */
static void
test_checkin_two_halves(void **state)
{
	const struct due_absence off[] = {
	    {day("2026-11-23"), day("2026-11-23"), HALF_MORNING},
	    {day("2026-11-23"), day("2026-11-23"), HALF_AFTERNOON},
	};
	const struct checkin_setting setting = {true, 16 * 60 + 30};
	struct hours hours;
	struct due_person person = {zone("Europe/Berlin"), &hours, off, 2};
	struct due due;

	assert_int_equal(hours_parse(SPAN("mon-fri 09:00-17:00"), &hours, NULL), TD_OK);
	assert_true(due_checkin(&setting, &person, day("2026-11-20"), at("2026-11-22T12:00"),
	    &due));
	assert_int_equal(due.at, at("2026-11-24T15:30"));
}

static void
test_off(void **state)
{
	struct hours hours = {.count = 0};
	struct due_person person = {zone("Europe/Berlin"), &hours, NULL, 0};
	struct digest_setting off = {.kind = DIGEST_OFF}, daily = {.kind = DIGEST_DAILY};
	struct due due;
	int64_t t;

	assert_false(due_digest(&off, &person, DUE_NEVER, 0, &due));
	assert_false(due_digest(&daily, &person, DUE_NEVER, 0, &due)); /* no day of work */
	assert_false(due_contact(&person, 0, &t));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_digest),
	    cmocka_unit_test(test_never_twice_never_skipped),
	    cmocka_unit_test(test_absence),
	    cmocka_unit_test(test_checkin),
	    cmocka_unit_test(test_checkin_two_halves),
	    cmocka_unit_test(test_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
