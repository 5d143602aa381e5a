/* SPDX-License-Identifier: ISC */
/* Tests of parsers/duration: what is read, what is refused and why, beginnings, texts. */
#include "tests/unit/unit.h"

#include "parsers/duration.h"

#define H 3600
#define BOTH (DURATION_NEGATIVE | DURATION_MONTHS)

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

static void
test_read(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} rows[] = {
	    {"1h30m", 5400}, {"1h 30m", 5400}, {"1h30", 5400}, {"90m", 5400}, {"90 min", 5400},
	    {"1.5h", 5400}, {"1,5h", 5400}, {"1:30", 5400}, {"2d", 16 * H}, {"1w", 40 * H},
	    {"0.25h", 900}, {"1H", H}, {" 2h\t", 2 * H}, {"1 hour and 15 minutes", 4500},
	    {"2 hrs", 2 * H}, {"1d 4h", 12 * H}, {"0m", 0}, {"100:00", 100 * H}, {"-30m", -1800},
	    {"1h59", 7140}, {"0:59", 3540},
	    {"\xe2\x88\x92" "30m", -1800}, {"-1:30", -5400}, {"1mo", 160 * H}, {"an hour", H},
	    {"1w 2d 3h 4m", 40 * H + 16 * H + 3 * H + 240}, {"1:00:30", H + 30},
	    {"2 Stunden 15 Minuten", 8100}, {"1,5 Std", 5400}, {"zwei Tage", 16 * H},
	    {"2 heures", 2 * H}, {"1 h 30 min", 5400}, {"2 jours", 16 * H}, {"45 minutos", 2700},
	    {"2 horas y 30 minutos", 9000}, {"2 dias", 16 * H}, {"2 uur", 2 * H},
	    {"1 dag", 8 * H}, {"1u30", 5400}, {"2 semanas", 80 * H},
	    {"\xc2\xbdh", 1800}, {"1\xc2\xbd h", 5400}, {"1 \xc2\xbd h", 5400}, {"2 Std.", 2 * H},
	    {"2 hrs.", 2 * H}, {"2 Std. 30 Min.", 9000}, {"-\xc2\xbdh", -1800},
	    {"1:30h", 5400}, {"1:30 h", 5400}, {"0:45 Std", 2700},
	    {"90'", 5400}, {"1h30'", 5400}, {"90\xe2\x80\xb2", 5400}, {"half an hour", 1800},
	    {"half a day", 4 * H}, {"an hour and a half", 5400}, {"eine halbe Stunde", 1800},
	    {"anderthalb Stunden", 5400}, {"zweieinhalb Tage", 20 * H}, {"une demi-heure", 1800},
	    {"une heure et demie", 5400}, {"media hora", 1800}, {"una hora y media", 5400},
	    {"meia hora", 1800}, {"uma hora e meia", 5400}, {"een half uur", 1800},
	    {"anderhalf uur", 5400}, {"1h and a half", 5400},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct refusal refusal;
		int64_t seconds = -1;

		row_assert(duration_parse(arena, span_of(rows[i].text), BOTH, 0, &seconds,
		    &refusal),
		    rows[i].text);
		row_assert(seconds == rows[i].seconds, rows[i].text);
	}
}

static void
test_day_length(void **state)
{
	struct refusal refusal;
	int64_t seconds;

	assert_true(duration_parse(arena, SPAN("1.5d"), 0, 6 * H, &seconds, &refusal));
	assert_int_equal(seconds, 9 * H);
	assert_true(duration_parse(arena, SPAN("1w"), 0, 6 * H, &seconds, &refusal));
	assert_int_equal(seconds, 30 * H);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text;
		unsigned flags;
		const char *why, *suggestion;
	} rows[] = {
	    {"90", BOTH, "90 what?", "90m"}, {"2", BOTH, "2 what?", "2h"},
	    {"1.5", BOTH, "1.5 what?", "1.5h"}, {"-90", BOTH, "90 what?", "90m"},
	    {"", BOTH, "no amount", "1h30m"}, {"-30m", 0, "negative", "30m"},
	    {"1mo", 0, "months", NULL}, {"1h 2h", BOTH, "twice", NULL},
	    {"1,500h", BOTH, "thousand", NULL}, {"1:75", BOTH, "59", NULL},
	    {"999999h", BOTH, "100,000", NULL}, {"99999999w", BOTH, "100,000", NULL},
	    {"99999999999999999999h", BOTH, "not an amount", "1h30m"},
	    {"1h30x", BOTH, "not an amount", "1h30m"}, {"h", BOTH, "not an amount", "1h30m"},
	    {"1y", BOTH, "not an amount", "1h30m"}, {"1::30", BOTH, "not an amount", "1h30m"},
	    {":30", BOTH, "not an amount", "1h30m"}, {"1:3", BOTH, "not an amount", "1h30m"},
	    {"--1h", BOTH, "not an amount", "1h30m"}, {"1h late", BOTH, "not an amount", "1h30m"},
	    {"foo", BOTH, "not an amount", "1h30m"}, {"1 : 30", BOTH, "not an amount", "1h30m"},
	    {"1h75", BOTH, "not an amount", "1h30m"}, {"1h60", BOTH, "not an amount", "1h30m"},
	    {"half", BOTH, "not an amount", "1h30m"}, {"90 '", BOTH, "not an amount", "1h30m"},
	    {"90''", BOTH, "not an amount", "1h30m"}, {"half 9", BOTH, "not an amount", "1h30m"},
	    {"1d6", BOTH, "not an amount", "1h30m"}, {"1.23456h", BOTH, "not an amount", "1h30m"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct refusal refusal = {0};
		int64_t seconds = 7;

		row_assert(!duration_parse(arena, span_of(rows[i].text), rows[i].flags, 0, &seconds,
		    &refusal), rows[i].text);
		row_assert(seconds == 7, rows[i].text);
		if (strstr(refusal.why, rows[i].why) == NULL)
			fail_msg("\"%s\": %s", rows[i].text, refusal.why);
		if (rows[i].suggestion == NULL)
			row_assert(refusal.suggestion == NULL, rows[i].text);
		else
			assert_string_equal(refusal.suggestion, rows[i].suggestion);
	}
}

static void
test_prefix(void **state)
{
	static const struct {
		const char *text;
		size_t taken;
		int64_t seconds;
		bool refused;
	} rows[] = {
	    {"2h #42 review", 2, 2 * H, false}, {"1h 30m call", 6, 5400, false},
	    {"1:30 call", 4, 5400, false}, {"2h 3 reviews", 2, 2 * H, false},
	    {"1h30m, then more", 5, 5400, false}, {"-30m oops", 4, -1800, false},
	    {"2h", 2, 2 * H, false}, {"2h\n3h", 2, 2 * H, false}, {"review 2h", 0, 0, false},
	    {"2hours", 6, 2 * H, false}, {"2hx", 0, 0, false}, {"90 reviews", 0, 0, true},
	    {"2h.", 0, 0, false}, {"", 0, 0, false}, {"2h: call", 2, 2 * H, false},
	    {"2h 3 days ago", 2, 2 * H, false}, {"30m 2h", 3, 1800, false},
	    {"half an hour", 0, 0, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct refusal refusal = {0};
		int64_t seconds = 0;
		size_t taken = duration_prefix(arena, span_of(rows[i].text), DURATION_NEGATIVE, 0,
		    &seconds, &refusal);

		row_assert(taken == rows[i].taken, rows[i].text);
		row_assert(seconds == rows[i].seconds, rows[i].text);
		row_assert((taken == 0 && refusal.why != NULL) == rows[i].refused, rows[i].text);
	}
}

static void
test_format(void **state)
{
	static const struct {
		int64_t seconds;
		const char *want;
	} rows[] = {
	    {0, "0m"}, {2700, "45m"}, {6 * H + 1800, "6h 30m"}, {-H, "-1h"}, {-1800, "-30m"},
	    {29, "0m"}, {-29, "0m"}, {30, "1m"}, {3599, "1h"},
	    {INT64_MIN, "-2562047788015215h 30m"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[32];

		duration_format(rows[i].seconds, text);
		assert_string_equal(text, rows[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_read),
	    cmocka_unit_test(test_day_length),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_prefix),
	    cmocka_unit_test(test_format),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
