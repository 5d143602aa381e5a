/* SPDX-License-Identifier: ISC */
/* Tests of parsers/base/utf8 and jsonw. */
#include "tests/unit/unit.h"

#include <unicase.h>

#include "parsers/base/jsonw.h"
#include "parsers/base/utf8.h"

#define FFFD "\xEF\xBF\xBD"

static void
test_valid(void **state)
{
	static const struct {
		const char *name;
		struct span s;
		bool valid;
	} rows[] = {
	    {"ascii", {"hello, long enough", 18}, true},
	    {"two bytes", {"\xC3\xA9", 2}, true},
	    {"four bytes", {"\xF0\x9F\x98\x80", 4}, true},
	    {"last character", {"\xF4\x8F\xBF\xBF", 4}, true},
	    {"overlong slash", {"\xC0\xAF", 2}, false},
	    {"overlong three", {"\xE0\x80\xAF", 3}, false},
	    {"surrogate", {"\xED\xA0\x80", 3}, false},
	    {"past the end of Unicode", {"\xF4\x90\x80\x80", 4}, false},
	    {"cut short", {"ab\xE2\x82", 4}, false},
	    {"continuation alone", {"\x80", 1}, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_assert(utf8_valid(rows[i].s) == rows[i].valid, rows[i].name);
}

static void
test_clean(void **state)
{
	static const struct {
		const char *name;
		struct span in;
		const char *line, *text;
	} rows[] = {
	    {"plain", {"a b", 3}, "a b", "a b"},
	    {"NUL and escape", {"a\0b\x1B[1m", 7}, "ab[1m", "ab[1m"},
	    {"line ends", {"a\r\nb\rc\n d", 9}, "a b c d", "a\nb\nc\n d"},
	    {"tab", {"a\tb", 3}, "a b", "a\tb"},
	    {"C1 and DEL", {"a\xC2\x85\x7F" "b", 5}, "ab", "ab"},
	    {"override", {"a\xE2\x80\xAE" "txt\xE2\x81\xA6", 10}, "atxt", "atxt"},
	    {"line separator", {"a\xE2\x80\xA8" "b", 5}, "a b", "a\nb"},
	    {"byte order mark", {"\xEF\xBB\xBF" "a", 4}, "a", "a"},
	    {"bidirectional marks", {"/d\xE2\x80\x8E" "o\xE2\x80\x8Fn\xD8\x9C" "e", 13}, "/done",
	        "/done"},
	    {"tags", {"a\xF3\xA0\x80\x81\xF3\xA0\x81\xA1" "b", 10}, "ab", "ab"},
	    {"zero width", {"a\xE2\x80\x8B\xC2\xAD\xE2\x81\xA0\xE2\x81\xAA\xCD\x8F" "b", 15},
	        "ab", "ab"},
	    {"joiner in a word", {"/d\xE2\x80\x8Do\xE2\x80\x8Cne", 11}, "/done", "/done"},
	    {"joiner first", {"\xE2\x80\x8D/done", 8}, "/done", "/done"},
	    {"joiner behind a break", {"\xD9\x85\n\xE2\x80\x8C/x", 8}, "\xD9\x85 /x",
	        "\xD9\x85\n/x"},
	    {"Persian", {"\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE", 9},
	        "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE",
	        "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE"},
	    {"two joiners", {"\xD9\x85\xE2\x80\x8C\xE2\x80\x8C\xD8\xAE", 10},
	        "\xD9\x85\xE2\x80\x8C\xD8\xAE", "\xD9\x85\xE2\x80\x8C\xD8\xAE"},
	    {"emoji of two", {"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB", 11},
	        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB",
	        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB"},
	    {"heart", {"\xE2\x9D\xA4\xEF\xB8\x8F\xEF\xB8\x8F", 9}, "\xE2\x9D\xA4\xEF\xB8\x8F",
	        "\xE2\x9D\xA4\xEF\xB8\x8F"},
	    {"selector in a word", {"/d\xEF\xB8\x8Fone", 8}, "/done", "/done"},
	    {"name with a selector", {"\xE8\x91\x9B\xF3\xA0\x84\x80", 7},
	        "\xE8\x91\x9B\xF3\xA0\x84\x80", "\xE8\x91\x9B\xF3\xA0\x84\x80"},
	    {"maximal parts", {"\xE2\x82" "a\xF0\x9F\xFF", 6}, FFFD "a" FFFD FFFD,
	        FFFD "a" FFFD FFFD},
	    {"trimmed", {"  a  ", 5}, "a", "  a  "},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *line = utf8_line(arena, rows[i].in, 100);
		char *text = utf8_text(arena, rows[i].in, 100);

		row_assert(strcmp(line, rows[i].line) == 0, rows[i].name);
		row_assert(strcmp(text, rows[i].text) == 0, rows[i].name);
		row_assert(utf8_clean(span_of(line), UTF8_LINE), rows[i].name);
		row_assert(utf8_clean(span_of(text), UTF8_LINES), rows[i].name);
	}
	assert_string_equal(utf8_line(arena, SPAN("ab\xC3\xA9"), 3), "ab");
	assert_string_equal(utf8_line(arena, SPAN("\n\n\n\n\n\n\n\nab\xC3\xA9"), 4), "ab\xC3\xA9");
	arena_destroy(&arena);
}

static void
test_forms(void **state)
{
	struct arena *arena = arena_create();

	assert_string_equal(utf8_fold(arena, SPAN("ABCz")), "abcz");
	assert_string_equal(utf8_fold(arena, SPAN("STRASSE")),
	    utf8_fold(arena, SPAN("Stra\xC3\x9F" "e")));
	/* The quick way gives what the tables give; combining marks go the long way. */
	assert_string_equal(utf8_fold(arena, SPAN("\xC3\x84\xC5\xB9\xD0\x96\xE4\xB8\xAD")),
	    "\xC3\xA4\xC5\xBA\xD0\xB6\xE4\xB8\xAD");
	assert_string_equal(utf8_fold(arena, SPAN("E\xCC\x81")), "\xC3\xA9");
	assert_string_equal(utf8_fold(arena, SPAN("\xCE\xA3\xCF\x82")), "\xCF\x83\xCF\x83");
	assert_string_equal(utf8_nfc(arena, SPAN("e\xCC\x81")), "\xC3\xA9");
	assert_int_equal(utf8_width(SPAN("a\xC3\xA9\xE4\xB8\xAD")), 4);
	assert_int_equal(utf8_width(SPAN("")), 0);
	arena_destroy(&arena);
}

/* Every character that is folded quickly gives what libunistring's tables give. */
static void
test_fold_all(void **state)
{
	struct arena *arena = arena_create();
	char c[5] = "";

	for (uint32_t cp = 1; cp < 0x20000; cp++) {
		uint8_t want[64];
		size_t n = utf8_put(cp, c), len = sizeof want;
		char *got;

		if (cp >= 0xD800 && cp < 0xE000)
			continue;
		assert_non_null(u8_casefold((const uint8_t *)c, n, NULL, UNINORM_NFC, want, &len));
		got = utf8_fold(arena, (struct span){c, n});
		if (strlen(got) != len || memcmp(got, want, len) != 0)
			fail_msg("U+%04X", (unsigned)cp);
		if (cp % 4096 == 0)
			arena_clear(arena);
	}
	arena_destroy(&arena);
}

static void
test_writer(void **state)
{
	struct jsonw w;
	struct buf out;

	buf_init(&out, 4096);
	jsonw_init(&w, &out, 0);
	jsonw_object(&w);
	jsonw_put(&w, "s", "a\"b\\c\n\t\x01\x7F\xFF\xC3\xA9");
	jsonw_put(&w, "none", NULL);
	jsonw_key(&w, "list");
	jsonw_list(&w);
	jsonw_int(&w, INT64_MIN);
	jsonw_int(&w, 0);
	jsonw_uint(&w, UINT64_MAX);
	jsonw_list(&w);
	jsonw_end(&w);
	jsonw_object(&w);
	jsonw_end(&w);
	jsonw_null(&w);
	jsonw_end(&w);
	jsonw_put_bool(&w, "yes", true);
	jsonw_end(&w);
	assert_string_equal(out.ptr,
	    "{\"s\":\"a\\\"b\\\\c\\n\\t\\u0001\\u007f" FFFD "\xC3\xA9\","
	    "\"list\":[-9223372036854775808,0,18446744073709551615,[],{},null],\"yes\":true}");
	buf_clear(&out);
	jsonw_init(&w, &out, 2);
	jsonw_object(&w);
	jsonw_key(&w, "a");
	jsonw_list(&w);
	jsonw_int(&w, 1);
	jsonw_int(&w, 2);
	jsonw_end(&w);
	jsonw_end(&w);
	assert_string_equal(out.ptr, "{\n  \"a\": [\n    1,\n    2\n  ]\n}");
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_valid),
	    cmocka_unit_test(test_clean),
	    cmocka_unit_test(test_forms),
	    cmocka_unit_test(test_fold_all),
	    cmocka_unit_test(test_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
