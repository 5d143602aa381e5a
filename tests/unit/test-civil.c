/* SPDX-License-Identifier: ISC */
/* Tests of parsers/base/civil: days and dates, weeks, months, texts. */
#include "tests/unit/unit.h"

#include "parsers/base/civil.h"

static void
test_known_days(void **state)
{
	static const struct {
		int year, month, day;
		int64_t days;
		enum weekday weekday;
	} rows[] = {
	    {1970, 1, 1, 0, THURSDAY},
	    {1969, 12, 31, -1, WEDNESDAY},
	    {2000, 2, 29, 11016, TUESDAY},
	    {2026, 11, 22, 20779, SUNDAY},
	    {1, 1, 1, -719162, MONDAY},
	    {9999, 12, 31, 2932896, FRIDAY},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct civil c;

		assert_int_equal(civil_days(rows[i].year, rows[i].month, rows[i].day),
		    rows[i].days);
		assert_int_equal(civil_weekday(rows[i].days), rows[i].weekday);
		civil_from_days(rows[i].days, &c);
		assert_int_equal(c.year, rows[i].year);
		assert_int_equal(c.month, rows[i].month);
		assert_int_equal(c.day, rows[i].day);
	}
}

static void
test_every_day_of_four_centuries(void **state)
{
	int64_t days = civil_days(1800, 1, 1);

	for (int year = 1800; year < 2200; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= civil_month_days(year, month); day++, days++) {
				struct civil c;

				civil_from_days(days, &c);
				assert_true(c.year == year && c.month == month && c.day == day);
				assert_int_equal(civil_days(year, month, day), days);
			}
}

static void
test_valid(void **state)
{
	assert_true(civil_valid(2024, 2, 29));
	assert_false(civil_valid(2026, 2, 29));
	assert_false(civil_valid(1900, 2, 29));
	assert_false(civil_valid(2026, 4, 31));
	assert_false(civil_valid(2026, 13, 1));
	assert_false(civil_valid(2026, 0, 1));
	assert_false(civil_valid(2026, 1, 0));
	assert_false(civil_valid(0, 1, 1));
	assert_false(civil_valid(10000, 1, 1));
}

static void
test_months(void **state)
{
	char text[CIVIL_TEXT];
	static const struct {
		const char *day;
		int months;
		const char *want;
	} rows[] = {
	    {"2026-01-31", 1, "2026-02-28"},
	    {"2024-01-31", 1, "2024-02-29"},
	    {"2026-12-15", 1, "2027-01-15"},
	    {"2026-03-31", -1, "2026-02-28"},
	    {"2026-01-01", -1, "2025-12-01"},
	    {"2026-05-31", 18, "2027-11-30"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t days;

		assert_true(civil_parse_day(span_of(rows[i].day), &days));
		civil_format_day(civil_add_months(days, rows[i].months), text);
		assert_string_equal(text, rows[i].want);
	}
}

static void
test_weeks(void **state)
{
	static const struct {
		const char *day;
		int year, week;
	} rows[] = {
	    {"2026-01-01", 2026, 1},
	    {"2025-12-29", 2026, 1},
	    {"2025-12-28", 2025, 52},
	    {"2027-01-03", 2026, 53},
	    {"2027-01-04", 2027, 1},
	    {"2021-01-03", 2020, 53},
	    {"2026-10-05", 2026, 41},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t days;
		int year, week;

		assert_true(civil_parse_day(span_of(rows[i].day), &days));
		civil_week(days, &year, &week);
		assert_int_equal(year, rows[i].year);
		assert_int_equal(week, rows[i].week);
		assert_true(civil_week_start(year, week) <= days);
		assert_true(civil_week_start(year, week) + 6 >= days);
	}
	assert_int_equal(civil_weeks_in(2026), 53);
	assert_int_equal(civil_weeks_in(2025), 52);
}

static void
test_texts(void **state)
{
	static const char *bad[] = {"", "2026-1-01", "2026-02-30", "2026-10-12x", "2026/10/12",
	    "20261012", "+026-10-12", "0000-01-01"};
	char text[CIVIL_TEXT];
	int64_t days = 7;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		row_assert(!civil_parse_day(span_of(bad[i]), &days), bad[i]);
	assert_int_equal(days, 7);
	civil_format_rfc3339(0, 0, text);
	assert_string_equal(text, "1970-01-01T00:00:00Z");
	civil_format_rfc3339(1791817200, 7200, text);
	assert_string_equal(text, "2026-10-12T17:00:00+02:00");
	civil_format_rfc3339(1791817200, -12600, text);
	assert_string_equal(text, "2026-10-12T11:30:00-03:30");
	civil_format_minute(&(struct civil){2026, 10, 12, 17, 5, 59}, text);
	assert_string_equal(text, "2026-10-12T17:05");
}

static void
test_extremes_are_clamped(void **state)
{
	struct civil c;

	civil_from_seconds(INT64_MAX, &c);
	assert_int_equal(c.year, 9999);
	civil_from_seconds(INT64_MIN, &c);
	assert_int_equal(c.year, 1);
	civil_from_days(INT64_MAX, &c);
	assert_int_equal(c.year, 9999);
	(void)civil_weekday(INT64_MIN);
	(void)civil_days(INT32_MAX, INT32_MIN, INT32_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_known_days),
	    cmocka_unit_test(test_every_day_of_four_centuries),
	    cmocka_unit_test(test_valid),
	    cmocka_unit_test(test_months),
	    cmocka_unit_test(test_weeks),
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_extremes_are_clamped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
