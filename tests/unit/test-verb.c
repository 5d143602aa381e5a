/* SPDX-License-Identifier: ISC */
/* Tests of parsers/verb: lookups, nearness, help. */
#include "tests/unit/unit.h"

#include <stdio.h>

#include "parsers/verb.h"

static void
test_find(void **state)
{
	static const struct {
		const char *word, *verb, *nearest;
	} rows[] = {
	    {"done", "done", "done"}, {"DONE", "done", "done"}, {"close", "done", "done"},
	    {"ooo", "off", "off"}, {"time", "spend", "spend"}, {"dnoe", NULL, "done"},
	    {"asign", NULL, "assign"}, {"spent", "spend", "spend"}, {"spendd", NULL, "spend"},
	    {"unwtach", NULL, "unwatch"}, {"xyzzy", NULL, NULL}, {"", NULL, NULL},
	    {"estimated", NULL, "estimate"}, {"usr", NULL, NULL},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct verb *verb = verb_find(span_of(rows[i].word));
		const struct verb *near = verb_nearest(span_of(rows[i].word));

		row_assert((verb != NULL) == (rows[i].verb != NULL), rows[i].word);
		if (verb != NULL)
			assert_string_equal(verb->name, rows[i].verb);
		row_assert((near != NULL) == (rows[i].nearest != NULL), rows[i].word);
		if (near != NULL)
			assert_string_equal(near->name, rows[i].nearest);
	}
}

static void
test_distance(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned max, want;
	} rows[] = {
	    {"", "", 3, 0}, {"a", "", 3, 1}, {"", "ab", 3, 2}, {"done", "Done", 3, 0},
	    {"done", "dnoe", 3, 1}, {"done", "don", 3, 1}, {"kitten", "sitting", 9, 3},
	    {"abcdef", "ghijkl", 3, 4},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_assert(verb_distance(span_of(rows[i].a), span_of(rows[i].b), rows[i].max) ==
		    rows[i].want, rows[i].a);
}

/* No name or alias stands twice, none holds what the reader of lines would not take. */
static void
test_table(void **state)
{
	for (size_t i = 0; i < n_verbs; i++) {
		struct span rest = span_of(verbs[i].aliases), alias;

		row_assert(verb_find(span_of(verbs[i].name)) == &verbs[i], verbs[i].name);
		while (span_next_word(&rest, &alias))
			row_assert(verb_find(alias) == &verbs[i], verbs[i].name);
		row_assert(*verbs[i].summary != '\0', verbs[i].name);
		row_assert(span_ends(span_of(verbs[i].examples), SPAN("\n")), verbs[i].name);
		row_assert(*verbs[i].examples == '/', verbs[i].name);
	}
}

static void
test_help(void **state)
{
	struct buf out;

	buf_init(&out, 1 << 16);
	verb_help(verb_find(SPAN("spend")), &out);
	assert_non_null(strstr(out.ptr, "/spend DURATION|FROM-TO [DATE]"));
	assert_non_null(strstr(out.ptr, "(also /time, /log, /spent)"));
	assert_non_null(strstr(out.ptr, "  /spend 1h30m #42 review\n"));
	assert_non_null(strstr(out.ptr, "Needs the role: member."));
	buf_clear(&out);
	verb_help(NULL, &out);
	for (size_t i = 0; i < n_verbs; i++)
		row_assert(strstr(out.ptr, verbs[i].name) != NULL, verbs[i].name);
	assert_false(out.over);
	buf_release(&out);
}

/* What stands between BEGIN and END in the page is what the table says. */
static void
test_man(void **state)
{
	const char *srcdir = getenv("TD_SRCDIR") != NULL ? getenv("TD_SRCDIR") : ".";
	char path[4096], *page, *begin, *end;
	size_t size = 1 << 20, len;
	struct buf want;
	FILE *file;

	snprintf(path, sizeof path, "%s/doc/tidings-commands.7", srcdir);
	file = fopen(path, "r");
	assert_non_null(file);
	page = calloc(1, size);
	len = fread(page, 1, size - 1, file);
	assert_true(len > 0 && len < size - 1);
	fclose(file);
	begin = strstr(page, ".\\\" BEGIN\n");
	end = strstr(page, ".\\\" END\n");
	assert_non_null(begin);
	assert_non_null(end);
	*end = '\0';
	buf_init(&want, size);
	verb_man(&want);
	if (strcmp(begin + strlen(".\\\" BEGIN\n"), want.ptr) != 0)
		fail_msg("doc/tidings-commands.7 differs from doc/verb-man: put its output there");
	buf_release(&want);
	free(page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_find), cmocka_unit_test(test_distance),
	    cmocka_unit_test(test_table), cmocka_unit_test(test_help),
	    cmocka_unit_test(test_man),
	};

	return cmocka_run_group_tests_name("verb", tests, NULL, NULL);
}
