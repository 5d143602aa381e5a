/* SPDX-License-Identifier: ISC */
/* Tests of the reading's packed form: both ways, and what a parser that lies cannot get across. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "parsers/base/buf.h"
#include "parsers/base/wire.h"
#include "parsers/reading.h"
#include "tests/unit/reading-full.h"

#define ROOM (1u << 20)

static void
pack_full(struct reading *r, struct buf *packed)
{
	reading_fill(r);
	buf_init(packed, ROOM);
	reading_pack(r, packed);
}

/* The same reading as by way of JSON. */
static void
test_round_trip(void **state)
{
	struct arena *arena = arena_create();
	struct reading r, *back = NULL;
	struct buf packed, before, after;
	struct err err = {""};

	pack_full(&r, &packed);
	buf_init(&before, ROOM);
	buf_init(&after, ROOM);
	assert_int_equal(reading_unpack(arena, buf_span(&packed), &back, &err), TD_OK);
	reading_to_json(&r, 0, &before);
	reading_to_json(back, 0, &after);
	assert_string_equal(before.ptr, after.ptr);
	assert_int_equal(back->commands[0].seconds, -1800);
	assert_true(back->message.has_date);
	assert_int_equal(back->message.date, -5);
	assert_string_equal(back->message.return_path, "");
	assert_null(back->errors[0].suggestion);
	buf_release(&packed);
	buf_release(&before);
	buf_release(&after);
	arena_destroy(&arena);
}

/* What a producer overdoes is cut, so that it is taken. */
static void
test_cut(void **state)
{
	struct arena *arena = arena_create();
	struct reading r, *back = NULL;
	char long_name[2000];
	const char *many[300], *odd[] = {"<a@example.org>", NULL, "b@example.org"};
	struct buf packed;
	struct err err = {""};

	reading_fill(&r);
	memset(long_name, 'x', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = "https://example.org/";
	r.message.from_name = long_name;
	r.message.subject = "a\r\nBcc: x\x01\xFF";
	r.message.sender = "not an address";
	r.message.references = odd;
	r.message.n_references = ARRAY_LEN(odd);
	r.links = many;
	r.n_links = ARRAY_LEN(many);
	buf_init(&packed, ROOM);
	reading_pack(&r, &packed);
	assert_int_equal(reading_unpack(arena, buf_span(&packed), &back, &err), TD_OK);
	assert_int_equal(strlen(back->message.from_name), 255);
	assert_string_equal(back->message.subject, "a Bcc: x\xEF\xBF\xBD");
	assert_null(back->message.sender);
	assert_int_equal(back->message.n_references, 1);
	assert_string_equal(back->message.references[0], "b@example.org");
	assert_int_equal(back->n_links, 200);
	buf_release(&packed);
	arena_destroy(&arena);
}

/* Cut off anywhere, or with a byte too many, it is refused and says so. */
static void
test_cut_off(void **state)
{
	struct arena *arena = arena_create();
	struct reading r, *back = NULL;
	struct buf packed;

	pack_full(&r, &packed);
	buf_putc(&packed, '\0');
	for (size_t len = 0; len <= packed.len; len++) {
		struct err err = {""};
		enum td_status status = reading_unpack(arena, (struct span){packed.ptr, len}, &back,
		    &err);

		if (len == packed.len - 1) {
			assert_int_equal(status, TD_OK);
			continue;
		}
		assert_int_equal(status, TD_PERM);
		assert_string_not_equal(err.text, "");
		arena_clear(arena);
	}
	buf_release(&packed);
	arena_destroy(&arena);
}

/* Whatever one byte is turned into: refused, or a reading that keeps every rule of its fields. */
static void
test_each_byte(void **state)
{
	static const unsigned char values[] = {0, 1, 2, '\r', '\n', 0x1b, ' ', '<', 0x7f, 0xff};
	struct arena *arena = arena_create();
	struct reading r, *back = NULL, *again = NULL;
	struct buf packed, json;
	size_t n_refused = 0;

	pack_full(&r, &packed);
	buf_init(&json, ROOM);
	for (size_t at = 0; at < packed.len; at++) {
		char was = packed.ptr[at];

		for (size_t i = 0; i < ARRAY_LEN(values); i++) {
			struct err err = {""};

			packed.ptr[at] = (char)values[i];
			arena_clear(arena);
			if (reading_unpack(arena, buf_span(&packed), &back, &err) != TD_OK) {
				n_refused++;
				continue;
			}
			buf_clear(&json);
			reading_to_json(back, 0, &json);
			if (reading_from_json(arena, buf_span(&json), &again, &err) != TD_OK)
				fail_msg("byte %zu as %u: %s", at, values[i], err.text);
		}
		packed.ptr[at] = was;
	}
	assert_true(n_refused > packed.len); /* most of it is checked */
	buf_release(&packed);
	buf_release(&json);
	arena_destroy(&arena);
}

/* Counts that promise more than there is take no memory. */
static void
test_bombs(void **state)
{
	struct arena *arena = arena_create();
	struct reading *back = NULL;
	struct err err = {""};
	const size_t len = 4u << 20;
	char *bytes = malloc(len);

	assert_non_null(bytes);
	for (unsigned value = 0; value < 256; value++) {
		memset(bytes, (int)value, len);
		assert_int_equal(reading_unpack(arena, (struct span){bytes, len}, &back, &err),
		    TD_PERM);
		assert_true(arena_used(arena) < len);
		arena_clear(arena);
	}
	free(bytes);
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_cut_off),
	    cmocka_unit_test(test_each_byte),
	    cmocka_unit_test(test_bombs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
