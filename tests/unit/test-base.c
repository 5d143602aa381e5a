/* SPDX-License-Identifier: ISC */
/* Tests of parsers/base: errors, spans, arenas, buffers, numbers. */
#include "tests/unit/unit.h"

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "parsers/base/num.h"

static void
test_err(void **state)
{
	struct err err;

	assert_int_equal(err_temp(&err, "bad \r\n name %d", 7), TD_TEMP);
	assert_string_equal(err.text, "bad ?  name 7");
	assert_int_equal(err_prefix(&err, TD_PERM, "mailbox %s", "main"), TD_PERM);
	assert_string_equal(err.text, "mailbox main: bad ?  name 7");
	assert_int_equal(err_perm(NULL, "x"), TD_PERM);
}

static void
test_span(void **state)
{
	struct span rest = SPAN("one\r\ntwo\n\nfour"), line;
	const char *want[] = {"one", "two", "", "four"};

	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		assert_true(span_next_line(&rest, &line));
		assert_true(span_is(line, want[i]));
	}
	assert_false(span_next_line(&rest, &line));
	assert_true(span_is(span_trim(SPAN(" \t x y \r\n")), "x y"));
	assert_int_equal(span_ifind(SPAN("abcDEF"), SPAN("cde")), 2);
	assert_int_equal(span_ifind(SPAN("ab"), SPAN("abc")), 2);
	assert_true(span_istarts(SPAN("Re: x"), SPAN("RE:")));
	rest = SPAN("a,,b");
	assert_true(span_next_field(&rest, ',', &line) && span_is(line, "a"));
	assert_true(span_next_field(&rest, ',', &line) && span_is(line, ""));
	assert_true(span_next_field(&rest, ',', &line) && span_is(line, "b"));
	assert_false(span_next_field(&rest, ',', &line));
}

static void
test_arena(void **state)
{
	struct arena *arena = arena_create();
	struct {
		int *items;
		size_t n, cap;
	} list = {0};

	for (int i = 0; i < 1000; i++)
		*ARENA_PUSH(arena, list.items, list.n, list.cap) = i;
	assert_int_equal(list.n, 1000);
	assert_int_equal(list.items[999], 999);
	assert_string_equal(arena_printf(arena, "%05d", 42), "00042");
	for (int i = 0; i < 100; i++)
		assert_int_equal(((uintptr_t)arena_alloc(arena, (size_t)i)) % 16, 0);
	arena_clear(arena);
	assert_int_equal(arena_used(arena), 0);
	arena_destroy(&arena);
	assert_null(arena);
	arena_destroy(&arena);
}

static void
test_buf(void **state)
{
	struct buf buf;

	buf_init(&buf, 10);
	assert_string_equal(buf.ptr, "");
	buf_puts(&buf, "12345");
	buf_printf(&buf, "%d", 678);
	assert_string_equal(buf.ptr, "12345678");
	buf_drop_front(&buf, 3);
	assert_string_equal(buf.ptr, "45678");
	buf_puts(&buf, "too long");
	assert_true(buf.over);
	assert_string_equal(buf.ptr, "45678");
	buf_release(&buf);
	assert_string_equal(buf.ptr, "");
}

static void
test_num(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int64_t value;
	} rows[] = {
	    {"0", true, 0}, {"42", true, 42}, {"-7", true, -7}, {"", false, 0}, {"-", false, 0},
	    {"+1", false, 0}, {" 1", false, 0}, {"1x", false, 0},
	    {"9223372036854775807", true, INT64_MAX}, {"9223372036854775808", false, 0},
	    {"99999999999999999999999", false, 0},
	};
	struct span rest = SPAN("2026-11");
	uint32_t part;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t value = 0;
		bool good = num_i64(span_of(rows[i].text), INT64_MIN, INT64_MAX, &value);

		row_assert(good == rows[i].good, rows[i].text);
		row_assert(value == rows[i].value, rows[i].text);
	}
	assert_false(num_u32(SPAN("11"), 10, &part));
	assert_false(num_take(&rest, 3, &part));
	assert_true(num_take(&rest, 4, &part));
	assert_int_equal(part, 2026);
	assert_true(span_is(rest, "-11"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_err), cmocka_unit_test(test_span), cmocka_unit_test(test_arena),
	    cmocka_unit_test(test_buf), cmocka_unit_test(test_num),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
