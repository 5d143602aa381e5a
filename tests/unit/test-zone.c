/* SPDX-License-Identifier: ISC */
/*
 * Tests of parsers/base/zone: names, the system's zones across gaps, overlaps and skipped days,
 * rules, and crafted files that must be refused.
 */
#include "tests/unit/unit.h"

#include <stdio.h>

#include "parsers/base/zone.h"

static const struct zone *
zone(const char *name)
{
	const struct zone *z = NULL;
	struct err err;

	if (zone_get(name, &z, &err) != TD_OK)
		fail_msg("%s", err.text);
	return z;
}

/* "2026-10-12T17:00" */
static struct civil
civil(const char *text)
{
	struct civil c = {0};

	if (sscanf(text, "%d-%d-%dT%d:%d", &c.year, &c.month, &c.day, &c.hour, &c.minute) != 5)
		fail_msg("bad row %s", text);
	return c;
}

static int64_t
utc(const char *text)
{
	struct civil c = civil(text);

	return civil_seconds(&c);
}

static void
test_names(void **state)
{
	static const char *bad[] = {"", "/etc/passwd", "../passwd", "Europe/../../etc/passwd",
	    "Europe//Berlin", "Europe/Berlin/", "Europe Berlin", "Europe/Berlin\n", "Zo\xc3\xa9",
	    "a.b", "~", "Europe/Nowhere", "Europe",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	const struct zone *z = NULL;
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		row_assert(zone_get(bad[i], &z, &err) == TD_PERM, bad[i]);
	assert_int_equal(zone_get(NULL, &z, &err), TD_PERM);
	assert_int_equal(zone_get_span((struct span){"UTC\0x", 5}, &z, &err), TD_PERM);
	assert_null(z);
	assert_true(zone_name_valid(SPAN("America/Argentina/Buenos_Aires")));
	assert_true(zone_name_valid(SPAN("Etc/GMT+5")));
	assert_ptr_equal(zone("Europe/Berlin"), zone("Europe/Berlin"));
	assert_string_equal(zone_name(zone("Europe/Berlin")), "Europe/Berlin");
	assert_int_equal(zone_offset_at(zone_utc(), 0), 0);
}

static void
test_offsets(void **state)
{
	static const struct {
		const char *zone, *utc;
		int32_t offset;
		const char *abbreviation;
	} rows[] = {
	    {"Europe/Berlin", "2026-03-29T00:59", 3600, "CET"},
	    {"Europe/Berlin", "2026-03-29T01:00", 7200, "CEST"},
	    {"Europe/Berlin", "2026-10-25T00:59", 7200, "CEST"},
	    {"Europe/Berlin", "2026-10-25T01:00", 3600, "CET"},
	    {"Europe/Berlin", "2150-07-01T00:00", 7200, "CEST"}, /* the closing rule */
	    {"Europe/Berlin", "2150-01-01T00:00", 3600, "CET"},
	    {"America/New_York", "2026-07-01T00:00", -14400, "EDT"},
	    {"Asia/Kolkata", "2026-07-01T00:00", 19800, "IST"},
	    {"Australia/Sydney", "2026-01-01T00:00", 39600, "AEDT"}, /* summer in January */
	    {"Australia/Sydney", "2099-01-01T00:00", 39600, "AEDT"},
	    {"Australia/Sydney", "2099-07-01T00:00", 36000, "AEST"},
	    {"Australia/Lord_Howe", "2026-01-01T00:00", 39600, "+11"},
	    {"Australia/Lord_Howe", "2026-07-01T00:00", 37800, "+1030"},
	    {"Pacific/Kiritimati", "2026-07-01T00:00", 50400, "+14"},
	    {"Pacific/Apia", "2011-12-30T09:59", -36000, "-10"},
	    {"Pacific/Apia", "2011-12-30T10:00", 50400, "+14"},
	    {"America/Nuuk", "2030-07-01T00:00", -3600, "-01"}, /* a rule with a negative hour */
	    {"Asia/Jerusalem", "2060-07-01T00:00", 10800, "IDT"}, /* a rule past 24 hours */
	    {"UTC", "2026-01-01T00:00", 0, "UTC"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct zone *z = zone(rows[i].zone);
		int64_t at = utc(rows[i].utc);

		row_assert(zone_offset_at(z, at) == rows[i].offset, rows[i].utc);
		assert_string_equal(zone_abbreviation_at(z, at), rows[i].abbreviation);
	}
}

static void
test_to_utc(void **state)
{
	static const struct {
		const char *zone, *local, *utc;
		enum zone_fit fit;
	} rows[] = {
	    {"Europe/Berlin", "2026-03-29T01:59", "2026-03-29T00:59", ZONE_ONCE},
	    {"Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00", ZONE_GAP},
	    {"Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30", ZONE_GAP},
	    {"Europe/Berlin", "2026-03-29T02:59", "2026-03-29T01:59", ZONE_GAP},
	    {"Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00", ZONE_ONCE},
	    {"Europe/Berlin", "2026-10-25T01:59", "2026-10-24T23:59", ZONE_ONCE},
	    {"Europe/Berlin", "2026-10-25T02:00", "2026-10-25T00:00", ZONE_OVERLAP},
	    {"Europe/Berlin", "2026-10-25T02:59", "2026-10-25T00:59", ZONE_OVERLAP},
	    {"Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00", ZONE_ONCE},
	    {"Europe/Berlin", "2100-03-28T02:30", "2100-03-28T01:30", ZONE_GAP},
	    {"America/New_York", "2026-03-08T02:30", "2026-03-08T07:30", ZONE_GAP},
	    {"America/New_York", "2026-11-01T01:30", "2026-11-01T05:30", ZONE_OVERLAP},
	    /* Lord Howe moves by half an hour. */
	    {"Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45", ZONE_GAP},
	    {"Australia/Lord_Howe", "2026-10-04T02:30", "2026-10-03T15:30", ZONE_ONCE},
	    {"Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45", ZONE_OVERLAP},
	    {"Australia/Lord_Howe", "2026-04-05T02:00", "2026-04-04T15:30", ZONE_ONCE},
	    /* 2011-12-30 did not happen in Apia: the offset before the gap is -10. */
	    {"Pacific/Apia", "2011-12-29T23:59", "2011-12-30T09:59", ZONE_ONCE},
	    {"Pacific/Apia", "2011-12-30T12:00", "2011-12-30T22:00", ZONE_GAP},
	    {"Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00", ZONE_ONCE},
	    {"Pacific/Kiritimati", "2026-01-01T00:00", "2025-12-31T10:00", ZONE_ONCE},
	    {"Australia/Sydney", "2026-10-04T02:30", "2026-10-03T16:30", ZONE_GAP},
	    {"Australia/Sydney", "2026-04-05T02:30", "2026-04-04T15:30", ZONE_OVERLAP},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct civil local = civil(rows[i].local);
		enum zone_fit fit;
		int64_t got = zone_to_utc(zone(rows[i].zone), &local, &fit);

		row_assert(got == utc(rows[i].utc), rows[i].local);
		row_assert(fit == rows[i].fit, rows[i].local);
	}
}

/* Every half hour of 2026 there and back, in zones with every kind of change. */
static void
test_round_trip(void **state)
{
	static const char *names[] = {"Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns",
	    "Africa/Casablanca", "Pacific/Chatham", "America/Nuuk", "Asia/Gaza"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct zone *z = zone(names[i]);

		for (int64_t at = utc("2026-01-01T00:00"); at < utc("2027-01-01T00:00");
		    at += 1800) {
			struct civil local;
			enum zone_fit fit;
			int64_t back;

			zone_to_local(z, at, &local);
			back = zone_to_utc(z, &local, &fit);
			row_assert(fit != ZONE_GAP, names[i]);
			row_assert(back == at || (fit == ZONE_OVERLAP && back < at), names[i]);
		}
	}
}

static void
test_day_start(void **state)
{
	static const struct {
		const char *zone, *day, *utc;
	} rows[] = {
	    {"Europe/Berlin", "2026-03-29", "2026-03-28T23:00"},
	    {"Asia/Beirut", "2026-03-29", "2026-03-28T22:00"}, /* midnight is skipped */
	    {"America/Havana", "2026-11-01", "2026-11-01T04:00"}, /* 00:00 comes twice */
	    {"America/Havana", "2026-03-08", "2026-03-08T05:00"}, /* the day begins at 01:00 */
	    /* 23:30 became 00:30: the day begins inside the gap. */
	    {"America/Toronto", "1919-03-31", "1919-03-31T04:30"},
	    {"Pacific/Apia", "2011-12-30", "2011-12-30T10:00"},
	    {"Pacific/Apia", "2011-12-31", "2011-12-30T10:00"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t days;

		assert_true(civil_parse_day(span_of(rows[i].day), &days));
		row_assert(zone_day_start(zone(rows[i].zone), days) == utc(rows[i].utc),
		    rows[i].day);
	}
}

static void
test_next_transition(void **state)
{
	int64_t at;

	assert_true(zone_next_transition(zone("Europe/Berlin"), utc("2026-01-01T00:00"), &at));
	assert_int_equal(at, utc("2026-03-29T01:00"));
	assert_true(zone_next_transition(zone("Europe/Berlin"), at, &at));
	assert_int_equal(at, utc("2026-10-25T01:00"));
	assert_true(zone_next_transition(zone("Europe/Berlin"), utc("2199-12-01T00:00"), &at));
	assert_int_equal(at, utc("2200-03-30T01:00"));
	assert_false(zone_next_transition(zone("Asia/Kolkata"), utc("2026-01-01T00:00"), &at));
	assert_false(zone_next_transition(zone_utc(), 0, &at));
	assert_false(zone_next_transition(zone("Europe/Berlin"), INT64_MAX, &at));
}

static void
test_rule(void **state)
{
	const struct zone_rule *rule = zone_rule(zone("Europe/Berlin"));
	int64_t start, end;

	assert_non_null(rule);
	assert_true(rule->has_dst);
	zone_rule_year(rule, 2026, &start, &end);
	assert_int_equal(start, utc("2026-03-29T01:00"));
	assert_int_equal(end, utc("2026-10-25T01:00"));
	assert_false(zone_rule(zone("Asia/Kolkata"))->has_dst);
	assert_null(zone_rule(zone_utc()));
}

/* ---- crafted files ----------------------------------------------------------------------- */

struct crafted {
	char bytes[600];
	size_t len;
};

static void
put(struct crafted *f, const void *bytes, size_t len)
{
	assert_true(f->len + len <= sizeof f->bytes);
	memcpy(f->bytes + f->len, bytes, len);
	f->len += len;
}

static void
put32(struct crafted *f, uint32_t v)
{
	put(f, (char[]){(char)(v >> 24), (char)(v >> 16), (char)(v >> 8), (char)v}, 4);
}

static void
put_header(struct crafted *f, const uint32_t counts[6])
{
	put(f, "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
	for (size_t i = 0; i < 6; i++)
		put32(f, counts[i]);
}

/* An empty first block, then n changes at 1000, 2000, … between types 0 and 1. */
static struct crafted
craft(const uint32_t counts[6], const char *footer)
{
	struct crafted f = {.len = 0};

	put_header(&f, (const uint32_t[]){0, 0, 0, 0, 1, 0});
	put(&f, "\0\0\0\0\0\0", 6);
	put_header(&f, counts);
	for (uint32_t i = 0; i < 3; i++) {
		put32(&f, 0);
		put32(&f, (i + 1) * 1000);
	}
	put(&f, "\1\0\1", 3);
	put(&f, "\0\0\0\0\0\0" "\0\0\x0e\x10\1\4", 12);
	put(&f, "UTC\0SUM\0", 8);
	put(&f, footer, strlen(footer));
	return f;
}

static const uint32_t sound[6] = {0, 0, 0, 3, 2, 8};

static enum td_status
read_crafted(struct crafted *f, size_t len, struct zone **z)
{
	struct err err;

	*z = NULL;
	return zone_create("Test/Zone", (struct span){f->bytes, len}, z, &err);
}

static void
test_crafted_sound(void **state)
{
	struct crafted f = craft(sound, "\nUTC0\n");
	struct zone *z;

	assert_int_equal(read_crafted(&f, f.len, &z), TD_OK);
	assert_int_equal(zone_offset_at(z, 999), 0);
	assert_int_equal(zone_offset_at(z, 1000), 3600);
	assert_int_equal(zone_offset_at(z, 2000), 0);
	assert_int_equal(zone_offset_at(z, 3000), 0); /* the rule, not the last change */
	zone_destroy(&z);
	for (size_t len = 0; len < f.len; len++)
		assert_int_equal(read_crafted(&f, len, &z), TD_PERM);
}

static void
test_crafted_bad(void **state)
{
	static const struct {
		const char *name;
		uint32_t counts[6];
		const char *footer;
	} rows[] = {
	    {"no types", {0, 0, 0, 3, 0, 8}, "\n\n"},
	    {"many types", {0, 0, 0, 3, 257, 8}, "\n\n"},
	    {"many changes", {0, 0, 0, 0x10000001, 2, 8}, "\n\n"},
	    {"huge counts", {0xffffffff, 0xffffffff, 0, 3, 2, 8}, "\n\n"},
	    {"leap seconds", {0, 0, 27, 3, 2, 8}, "\n\n"},
	    {"many characters", {0, 0, 0, 3, 2, 0xffffffff}, "\n\n"},
	    {"abbreviation past the end", {0, 0, 0, 3, 2, 4}, "\n\n"},
	    {"no footer", {0, 0, 0, 3, 2, 8}, ""},
	    {"open footer", {0, 0, 0, 3, 2, 8}, "\nUTC0"},
	    {"bad rule", {0, 0, 0, 3, 2, 8}, "\nUTC\n"},
	    {"month 13", {0, 0, 0, 3, 2, 8}, "\nCET-1CEST,M13.5.0,M10.5.0\n"},
	    {"week 6", {0, 0, 0, 3, 2, 8}, "\nCET-1CEST,M3.6.0,M10.5.0\n"},
	    {"no dates", {0, 0, 0, 3, 2, 8}, "\nCET-1CEST\n"},
	    {"hour 168", {0, 0, 0, 3, 2, 8}, "\nCET-1CEST,M3.5.0/168,M10.5.0\n"},
	    {"long name", {0, 0, 0, 3, 2, 8}, "\nABCDEFGHIJKLMNOPQ0\n"},
	    {"more after", {0, 0, 0, 3, 2, 8}, "\nCET-1CEST,M3.5.0,M10.5.0,\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct crafted f = craft(rows[i].counts, rows[i].footer);
		struct zone *z;

		row_assert(read_crafted(&f, f.len, &z) == TD_PERM, rows[i].name);
		assert_null(z);
	}
}

static void
test_crafted_tables(void **state)
{
	struct crafted f = craft(sound, "\n\n");
	const size_t times = 44 + 6 + 44;
	struct zone *z;

	f.bytes[times + 15] = 0; /* the second change before the first */
	f.bytes[times + 14] = 0;
	assert_int_equal(read_crafted(&f, f.len, &z), TD_PERM);
	f = craft(sound, "\n\n");
	f.bytes[times + 24] = 2; /* type 2 of 2 */
	assert_int_equal(read_crafted(&f, f.len, &z), TD_PERM);
	f = craft(sound, "\n\n");
	f.bytes[times + 27] = 0x7f; /* an offset of years */
	assert_int_equal(read_crafted(&f, f.len, &z), TD_PERM);
	f = craft(sound, "\n\n");
	f.bytes[4] = 0; /* version 1 */
	assert_int_equal(read_crafted(&f, f.len, &z), TD_PERM);
}

static void
test_daylight_saving_all_year(void **state)
{
	/* RFC 8536, 3.3.1: "XXX3EDT4,0/0,J365/23" never leaves daylight saving. */
	struct crafted f = craft(sound, "\nXXX3EDT4,0/0,J365/23\n");
	struct zone *z;
	int64_t at;

	assert_int_equal(read_crafted(&f, f.len, &z), TD_OK);
	assert_int_equal(zone_offset_at(z, utc("2026-01-01T04:30")), -14400);
	assert_int_equal(zone_offset_at(z, utc("2026-12-31T23:59")), -14400);
	assert_false(zone_next_transition(z, utc("2026-01-01T00:00"), &at));
	zone_destroy(&z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_offsets),
	    cmocka_unit_test(test_to_utc),
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_day_start),
	    cmocka_unit_test(test_next_transition),
	    cmocka_unit_test(test_rule),
	    cmocka_unit_test(test_crafted_sound),
	    cmocka_unit_test(test_crafted_bad),
	    cmocka_unit_test(test_crafted_tables),
	    cmocka_unit_test(test_daylight_saving_all_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
