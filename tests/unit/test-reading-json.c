/* SPDX-License-Identifier: ISC */
/* Tests of the reading's JSON: both ways, and what the loader must refuse. */
#include "tests/unit/unit.h"

#include <stdio.h>

#include "parsers/base/buf.h"
#include "parsers/reading.h"
#include "tests/unit/reading-full.h"

/* The least that is a reading; %s stands where a row puts its own. */
#define MINIMAL(version, message, rest, text)                                                      \
	"{\"version\":" version ",\"message\":{\"from_count\":1," message "\"key\":\"" READING_KEY \
	"\",\"size\":10},\"auto\":{\"is\":false,\"kind\":\"none\"},\"bounce\":[],"                 \
	"\"target\":{\"kind\":\"none\"},\"text\":" text ",\"trimmed\":[],\"fields\":{},"           \
	"\"sections\":[],\"commands\":[],\"mentions\":[],\"errors\":[],\"calendar\":[],"           \
	"\"links\":[]," rest "\"attachments\":[]}"

static void
test_round_trip(void **state)
{
	struct arena *arena = arena_create();
	struct reading r, *back = NULL;
	struct buf first, second;
	struct err err = {""};

	reading_fill(&r);
	for (int indent = 0; indent <= 2; indent += 2) {
		buf_init(&first, 1 << 20);
		buf_init(&second, 1 << 20);
		reading_to_json(&r, indent, &first);
		assert_int_equal(reading_from_json(arena, buf_span(&first), &back, &err), TD_OK);
		reading_to_json(back, indent, &second);
		assert_string_equal(first.ptr, second.ptr);
		buf_release(&first);
		buf_release(&second);
	}
	assert_int_equal(back->commands[0].seconds, -1800);
	assert_string_equal(back->commands[0].text, "a\n\tnote");
	assert_string_equal(back->message.return_path, "");
	assert_int_equal(back->message.date, -5);
	assert_int_equal(back->message.rcpts[1].source, RCPT_ENVELOPE_TO);
	assert_null(back->errors[0].suggestion);
	assert_int_equal(back->fields.due->end, 87400);
	arena_destroy(&arena);
}

/* What a producer overdoes is cut, so that the loader takes it. */
static void
test_cut(void **state)
{
	struct arena *arena = arena_create();
	struct reading r, *back = NULL;
	char long_name[2000];
	const char *many[300];
	struct buf out;
	struct err err = {""};

	reading_fill(&r);
	memset(long_name, 'x', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = "https://example.org/";
	r.message.from_name = long_name;
	r.message.subject = "a\r\nBcc: x\x01\xFF";
	r.message.sender = "not an address";
	r.links = many;
	r.n_links = ARRAY_LEN(many);
	buf_init(&out, 1 << 20);
	reading_to_json(&r, 0, &out);
	assert_int_equal(reading_from_json(arena, buf_span(&out), &back, &err), TD_OK);
	assert_int_equal(strlen(back->message.from_name), 255);
	assert_string_equal(back->message.subject, "a Bcc: x\xEF\xBF\xBD");
	assert_null(back->message.sender);
	assert_int_equal(back->n_links, 200);
	buf_release(&out);
	arena_destroy(&arena);
}

static void
test_hostile(void **state)
{
	static const struct {
		const char *name, *json, *why;
	} rows[] = {
	    {"not JSON", "{", "not JSON"},
	    {"a list", "[]", "object"},
	    {"nothing in it", "{}", "missing"},
	    {"other version", MINIMAL("2", "", "", "\"\""), "version"},
	    {"version as text", MINIMAL("\"1\"", "", "", "\"\""), "version"},
	    {"version as real", MINIMAL("1.0", "", "", "\"\""), "version"},
	    {"text is null", MINIMAL("1", "", "", "null"), "text"},
	    {"escaped NUL", MINIMAL("1", "", "", "\"a\\u0000b\""), "not JSON"},
	    {"carriage return", MINIMAL("1", "", "", "\"a\\rb\""), "text"},
	    {"escape character", MINIMAL("1", "", "", "\"a\\u001b[2J\""), "text"},
	    {"override", MINIMAL("1", "", "", "\"a\\u202etxt\""), "text"},
	    {"bad UTF-8", MINIMAL("1", "", "", "\"\xFF\""), "not JSON"},
	    {"unknown key", MINIMAL("1", "", "\"evil\":1,", "\"\""), "key"},
	    {"repeated key", MINIMAL("1", "", "\"text\":\"x\",", "\"\""), "not JSON"},
	    {"line feed in subject", MINIMAL("1", "\"subject\":\"a\\nBcc: x\",", "", "\"\""),
	        "subject"},
	    {"space in address", MINIMAL("1", "\"from\":\"a b@example.org\",", "", "\"\""),
	        "from"},
	    {"no domain", MINIMAL("1", "\"from\":\"ana\",", "", "\"\""), "from"},
	    {"angle in id", MINIMAL("1", "\"id\":\"a>b@example.org\",", "", "\"\""), "id"},
	    {"date too far", MINIMAL("1", "\"date\":253402300800,", "", "\"\""), "date"},
	    {"date is true", MINIMAL("1", "\"date\":true,", "", "\"\""), "date"},
	    {"unknown source",
	        MINIMAL("1", "\"to\":[{\"address\":\"a@b\",\"source\":\"bcc\"}],", "", "\"\""),
	        "source"},
	    {"recipient without address", MINIMAL("1", "\"to\":[{\"source\":\"to\"}],", "", "\"\""),
	        "address"},
	    {"list is an object", MINIMAL("1", "\"to\":{},", "", "\"\""), "to"},
	    {"member is a number", MINIMAL("1", "\"references\":[1],", "", "\"\""), "references"},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reading *reading = NULL;
		struct err err = {""};

		row_assert(reading_from_json(arena, span_of(rows[i].json), &reading, &err) ==
		        TD_PERM,
		    rows[i].name);
		row_assert(reading == NULL, rows[i].name);
		if (strstr(err.text, rows[i].why) == NULL)
			fail_msg("%s: %s", rows[i].name, err.text);
	}
	arena_destroy(&arena);
}

/* Only one thing at a time is wrong in the rows above: without it they are taken. */
static void
test_minimal(void **state)
{
	struct arena *arena = arena_create();
	struct reading *reading = NULL;
	struct err err = {""};

	assert_int_equal(reading_from_json(arena,
	    SPAN(MINIMAL("1", "\"from\":\"ana@example.org\",", "", "\"hi\"")), &reading, &err),
	    TD_OK);
	assert_string_equal(reading->text, "hi");
	arena_destroy(&arena);
}

static void
test_bombs(void **state)
{
	struct arena *arena = arena_create();
	struct reading *reading = NULL;
	struct err err = {""};
	size_t len = 3 << 20;
	char *json = td_alloc(len);

	memset(json, '[', len);
	assert_int_equal(reading_from_json(arena, (struct span){json, len}, &reading, &err),
	    TD_PERM);
	assert_non_null(strstr(err.text, "too large"));
	memset(json, '[', 100000);
	assert_int_equal(reading_from_json(arena, (struct span){json, 100000}, &reading, &err),
	    TD_PERM);
	memset(json, ' ', len);
	assert_int_equal(reading_from_json(arena, (struct span){json, len}, &reading, &err),
	    TD_PERM);
	free(json);
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_minimal),
	    cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_bombs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
