/* SPDX-License-Identifier: ISC */
/* test-cursor: which UIDs are fetched, at the edges of 32 bits and in disorder. */
#include "tests/unit/unit.h"

#include <stdio.h>

#include "daemon/fetch/cursor.h"

#define MAX 4294967295u

/* A list of numbers as text, so that rows of the tables stay readable. */
static const char *
text_of(const uint32_t *uids, size_t n)
{
	static char text[400];
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%u", i ? " " : "",
		    uids[i]);
	return text;
}

static void
sorts_without_doubles_and_zeroes(void **state)
{
	static const struct {
		const char *name;
		uint32_t uids[6];
		size_t n;
		const char *want;
	} rows[] = {
		{"nothing", {0}, 0, ""},
		{"only zero", {0}, 1, ""},
		{"in order", {1, 2, 9}, 3, "1 2 9"},
		{"disorder and doubles", {9, 2, 9, MAX, 0, 2}, 6, "2 9 4294967295"},
		{"zero first", {0, 3, 4}, 3, "3 4"},
		{"all the same", {5, 5, 5}, 3, "5"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint32_t uids[6];
		size_t n;

		memcpy(uids, rows[i].uids, sizeof uids);
		n = cursor_sort(uids, rows[i].n);
		if (strcmp(text_of(uids, n), rows[i].want) != 0)
			fail_msg("%s: got %s", rows[i].name, text_of(uids, n));
	}
}

static void
finds_members(void **state)
{
	static const uint32_t uids[] = {2, 5, 7, MAX};

	for (size_t i = 0; i < ARRAY_LEN(uids); i++)
		assert_true(cursor_has(uids, ARRAY_LEN(uids), uids[i]));
	assert_false(cursor_has(uids, ARRAY_LEN(uids), 1));
	assert_false(cursor_has(uids, ARRAY_LEN(uids), 6));
	assert_false(cursor_has(uids, 3, MAX));
	assert_false(cursor_has(uids, 0, 2));
}

static void
filters_what_is_done(void **state)
{
	static const struct {
		const char *name;
		uint32_t watermark;
		uint32_t known[4];
		size_t n_known;
		uint32_t uids[5];
		size_t n;
		const char *want;
	} rows[] = {
		{"new mailbox", 0, {0}, 0, {1, 2, 3}, 3, "1 2 3"},
		{"n:* gives the last one always", 9, {0}, 0, {9}, 1, ""},
		{"above the watermark", 4, {0}, 0, {4, 5, 8}, 3, "5 8"},
		{"known ones above it", 4, {6, 8}, 2, {5, 6, 7, 8, 9}, 5, "5 7 9"},
		{"known ones not on the server", 0, {1, 2, 7}, 3, {3, 7, 9}, 3, "3 9"},
		{"known ones below", 5, {2, 6}, 2, {2, 6, 7}, 3, "7"},
		{"the last UID", MAX - 1, {0}, 0, {MAX}, 1, "4294967295"},
		{"nothing above the last UID", MAX, {0}, 0, {1, MAX}, 2, ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint32_t uids[5], known[4];
		struct cursor cursor = {7, rows[i].watermark, known, rows[i].n_known};
		size_t n;

		memcpy(uids, rows[i].uids, sizeof uids);
		memcpy(known, rows[i].known, sizeof known);
		n = cursor_filter(&cursor, uids, rows[i].n);
		if (strcmp(text_of(uids, n), rows[i].want) != 0)
			fail_msg("%s: got %s", rows[i].name, text_of(uids, n));
	}
}

static void
never_wraps(void **state)
{
	struct cursor cursor = {.watermark = MAX};
	struct cursor_range window;
	uint32_t first = 17;

	assert_false(cursor_first(&cursor, &first));
	assert_int_equal(first, 17);
	cursor.watermark = MAX - 1;
	assert_true(cursor_first(&cursor, &first));
	assert_int_equal(first, MAX);

	window = cursor_window(MAX, 200000, MAX);
	assert_true(window.first == MAX && window.last == MAX);
	window = cursor_window(1, 200000, MAX);
	assert_true(window.first == 1 && window.last == 200000);
	window = cursor_window(MAX - 5, 5, MAX);
	assert_true(window.last == MAX - 1);
	window = cursor_window(10, 100, 50);
	assert_true(window.last == 50);
	assert_int_equal(cursor_widen(200000, 5), 800000);
	assert_int_equal(cursor_widen(200000, 1000), 200000);
	assert_int_equal(cursor_widen(UINT32_C(1) << 30, 0), UINT32_C(1) << 30);
}

static void
scans_up_to_what_was_left_out(void **state)
{
	assert_int_equal(cursor_scanned(90, 0), 90);
	assert_int_equal(cursor_scanned(90, 40), 39);
	assert_int_equal(cursor_scanned(90, 91), 90);
	assert_int_equal(cursor_scanned(90, 1), 0);
	assert_int_equal(cursor_scanned(0, 0), 0);
}

static void
makes_ranges(void **state)
{
	static const uint32_t uids[] = {1, 2, 3, 7, 9, 10, MAX - 1, MAX};
	struct cursor_range r[8];
	size_t n;

	assert_int_equal(cursor_ranges(uids, ARRAY_LEN(uids), r, 8, &n), 8);
	assert_int_equal(n, 4);
	assert_true(r[0].first == 1 && r[0].last == 3);
	assert_true(r[1].first == 7 && r[1].last == 7);
	assert_true(r[3].first == MAX - 1 && r[3].last == MAX);
	/* the maximum ends after a whole range */
	assert_int_equal(cursor_ranges(uids, ARRAY_LEN(uids), r, 3, &n), 6);
	assert_int_equal(n, 3);
	assert_true(r[2].first == 9 && r[2].last == 10);
	assert_int_equal(cursor_ranges(uids, 0, r, 8, &n), 0);
	assert_int_equal(n, 0);
}

/* A list of three, though numbers come in any order and far more of them. */
static void
lists_the_lowest(void **state)
{
	static const struct {
		const char *name;
		uint32_t watermark, known[3];
		size_t n_known;
		struct cursor_range window;
		uint32_t come[12];
		size_t n;
		const char *want;
		bool cut;
		uint32_t seen;
	} rows[] = {
		{"nothing", 4, {0}, 0, {5, MAX}, {0}, 0, "", false, 4},
		{"only zeroes", 4, {0}, 0, {5, MAX}, {0}, 12, "", false, 4},
		{"all of it", 4, {0}, 0, {5, MAX}, {7, 5}, 2, "5 7", false, 7},
		{"the end of the numbers", 4, {0}, 0, {5, MAX}, {MAX, 6}, 2, "6 4294967295", false,
		    MAX},
		{"known ones count as seen", 4, {6, 9}, 2, {5, MAX}, {5, 6, 9}, 3, "5", false, 9},
		{"strangers do not", 4, {0}, 0, {5, 8}, {3, 4, 9, 6, MAX}, 5, "6", false, 6},
		{"repeats", 0, {0}, 0, {1, MAX}, {2, 2, 2, 1, 2, 2, 2, 2, 2, 1, 2, 2}, 12, "1 2",
		    false, 2},
		{"one too many", 0, {0}, 0, {1, MAX}, {4, 3, 2, 1}, 4, "1 2 3", true, 3},
		{"falling", 0, {0}, 0, {1, MAX}, {12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 12,
		    "1 2 3", true, 3},
		{"rising", 0, {0}, 0, {1, MAX}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 12,
		    "1 2 3", true, 3},
		{"known ones take no place", 0, {1, 2, 3}, 3, {1, MAX}, {6, 5, 4, 3, 2, 1}, 6,
		    "4 5 6", false, 6},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint32_t known[3];
		struct cursor cursor = {.watermark = rows[i].watermark, .known = known,
		    .n_known = rows[i].n_known};
		struct cursor_list list;

		memcpy(known, rows[i].known, sizeof known);
		cursor_list_begin(&list, &cursor, 3);
		cursor_list_window(&list, rows[i].window);
		for (size_t k = 0; k < rows[i].n; k++)
			cursor_list_add(&list, rows[i].come[k]);
		row_assert(cursor_list_end(&list, rows[i].watermark) == rows[i].seen,
		    rows[i].name);
		row_assert(list.cut == rows[i].cut, rows[i].name);
		row_assert(strcmp(text_of(list.uids, list.n), rows[i].want) == 0, rows[i].name);
		free(list.uids);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_without_doubles_and_zeroes),
		cmocka_unit_test(finds_members),
		cmocka_unit_test(filters_what_is_done),
		cmocka_unit_test(never_wraps),
		cmocka_unit_test(scans_up_to_what_was_left_out),
		cmocka_unit_test(makes_ranges),
		cmocka_unit_test(lists_the_lowest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
