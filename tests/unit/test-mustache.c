/* SPDX-License-Identifier: ISC */
/*
 * Tests of compose/mustache: the cases of tests/golden/mustache/, what is refused, the limits,
 * and, as a test more where $MUSTACHE_SPEC names its folder, the specification's own files.
 */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <stdio.h>

#include <jansson.h>

#include "daemon/compose/mustache.h"

static struct value *
from_json(struct arena *arena, json_t *json)
{
	struct value *value;
	const char *key;
	json_t *child;
	size_t i;

	switch (json_typeof(json)) {
	case JSON_OBJECT:
		value = value_object(arena);
		json_object_foreach(json, key, child)
			value_set(value, key, from_json(arena, child));
		return value;
	case JSON_ARRAY:
		value = value_list(arena);
		json_array_foreach(json, i, child)
			value_add(value, from_json(arena, child));
		return value;
	case JSON_STRING:
		return value_text(arena, json_string_value(json));
	case JSON_INTEGER:
		return value_text(arena, arena_printf(arena, "%lld",
		    (long long)json_integer_value(json)));
	case JSON_REAL:
		return value_text(arena, arena_printf(arena, "%.15g", json_real_value(json)));
	case JSON_TRUE:
	case JSON_FALSE:
		return value_bool(arena, json_is_true(json));
	case JSON_NULL:
		return value_null(arena);
	}
	return NULL;
}

struct partials {
	struct {
		const char *name;
		struct mustache *template;
	} list[8];
	size_t n;
};

static const struct mustache *
find_partial(void *user, struct span name)
{
	struct partials *partials = user;

	for (size_t i = 0; i < partials->n; i++)
		if (span_is(name, partials->list[i].name))
			return partials->list[i].template;
	return NULL;
}

static void
run_case(json_t *test)
{
	struct arena *arena = arena_create();
	const char *name = json_string_value(json_object_get(test, "name")), *key;
	struct partials partials = {0};
	struct mustache *template = NULL;
	json_t *part;
	struct buf out;
	struct err err;

	json_object_foreach(json_object_get(test, "partials"), key, part) {
		partials.list[partials.n].name = key;
		row_assert(mustache_compile(key, span_of(json_string_value(part)),
		    &partials.list[partials.n++].template, &err) == TD_OK, name);
	}
	row_assert(mustache_compile(name, span_of(json_string_value(
	    json_object_get(test, "template"))), &template, &err) == TD_OK, name);
	buf_init(&out, 10000);
	row_assert(mustache_render(template, from_json(arena, json_object_get(test, "data")),
	    MUSTACHE_HTML, find_partial, &partials, &out, &err) == TD_OK, name);
	if (strcmp(out.ptr, json_string_value(json_object_get(test, "expected"))) != 0)
		fail_msg("%s: gave <%s>", name, out.ptr);
	buf_release(&out);
	mustache_destroy(&template);
	while (partials.n > 0)
		mustache_destroy(&partials.list[--partials.n].template);
	arena_destroy(&arena);
}

/* Runs each case of a file that is in the form of the specification's; gives their number. */
static size_t
run_file(const char *folder, const char *name)
{
	char path[4096];
	json_t *file, *test;
	json_error_t error;
	size_t i;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = json_load_file(path, 0, &error);
	if (file == NULL)
		fail_msg("%s: %s", path, error.text);
	json_array_foreach(json_object_get(file, "tests"), i, test)
		run_case(test);
	i = json_array_size(json_object_get(file, "tests"));
	json_decref(file);
	return i;
}

#define CASES 136 /* in these files, of the specification as of ours */
static const char *const files[] = {"comments.json", "delimiters.json", "interpolation.json",
    "inverted.json", "partials.json", "sections.json"};

static void
test_cases(void **state)
{
	const char *srcdir = getenv("TD_SRCDIR");
	char folder[4096];
	size_t n = 0;

	snprintf(folder, sizeof folder, "%s/tests/golden/mustache", srcdir ? srcdir : ".");
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		n += run_file(folder, files[i]);
	assert_int_equal(n, CASES);
}

static void
test_specification(void **state)
{
	const char *folder = getenv("MUSTACHE_SPEC");
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		n += run_file(folder, files[i]);
	assert_true(n >= CASES); /* later versions of it have more */
}

static void
test_refused(void **state)
{
	static const struct {
		const char *source, *why;
	} rows[] = {
	    {"one\n{{two", "template t, line 2: a tag that is opened here is never closed"},
	    {"{{{x}}", "line 1: a tag that is opened here is never closed"},
	    {"{{ }}", "line 1: this tag has no name"},
	    {"{{#a}}\n\n", "line 3: a section is not closed at the end"},
	    {"\n{{/a}}", "line 2: a section is closed that is not open"},
	    {"{{#a}}{{#b}}{{/a}}{{/b}}", "another section than this one is open"},
	    {"{{=<%=}}", "delimiters are two words"},
	    {"{{=<% %> x=}}", "delimiters are two words"},
	    {"{{=<% %>}}", "delimiters are set as"},
	    {"{{= = == =}}", "delimiters are two words"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mustache *template = NULL;
		struct err err;

		row_assert(mustache_compile("t", span_of(rows[i].source), &template, &err) ==
		    TD_PERM, rows[i].source);
		row_assert(template == NULL, rows[i].source);
		if (strstr(err.text, rows[i].why) == NULL)
			fail_msg("%s: %s", rows[i].source, err.text);
	}
}

static void
test_limits(void **state)
{
	struct arena *arena = arena_create();
	struct value *root = value_object(arena), *list = value_set_list(root, "l");
	struct partials partials = {.list = {{"p", NULL}}, .n = 1};
	struct mustache *t = NULL;
	struct buf deep, out;
	struct err err;

	/* A partial that includes itself for ever. */
	assert_int_equal(mustache_compile("p", SPAN("x{{>p}}{{>p}}"), &t, &err), TD_OK);
	partials.list[0].template = t;
	buf_init(&out, 1000);
	assert_int_equal(mustache_render(t, root, MUSTACHE_PLAIN, find_partial, &partials, &out,
	    &err), TD_PERM);
	assert_non_null(strstr(err.text, "partials are nested too deeply"));
	mustache_destroy(&t);
	/* Output past what the buffer takes. */
	for (int i = 0; i < 1100; i++)
		value_add_text(list, "x");
	assert_int_equal(mustache_compile("o", SPAN("{{#l}}{{.}}{{/l}}"), &t, &err), TD_OK);
	buf_clear(&out);
	assert_int_equal(mustache_render(t, root, MUSTACHE_PLAIN, NULL, NULL, &out, &err), TD_PERM);
	assert_non_null(strstr(err.text, "output is too large"));
	mustache_destroy(&t);
	/* Three lists in each other: 1,100^3 steps without any output. */
	assert_int_equal(mustache_compile("s", SPAN("{{#l}}{{#l}}{{#l}}{{no}}{{/l}}{{/l}}{{/l}}"),
	    &t, &err), TD_OK);
	buf_clear(&out);
	assert_int_equal(mustache_render(t, root, MUSTACHE_PLAIN, NULL, NULL, &out, &err), TD_PERM);
	assert_non_null(strstr(err.text, "too many steps"));
	mustache_destroy(&t);
	/* Sections in sections. */
	buf_init(&deep, 10000);
	for (int i = 0; i < MUSTACHE_NEST_MAX + 1; i++)
		buf_puts(&deep, "{{#l}}");
	assert_int_equal(mustache_compile("d", buf_span(&deep), &t, &err), TD_PERM);
	assert_non_null(strstr(err.text, "nested too deeply"));
	buf_release(&deep);
	buf_release(&out);
	arena_destroy(&arena);
}

/* Indentation before an end tag that does not stand alone belongs into the section. */
static void
test_indent(void **state)
{
	struct arena *arena = arena_create();
	struct value *root = value_object(arena);
	struct partials partials = {.list = {{"p", NULL}}, .n = 1};
	struct mustache *t = NULL;
	struct buf out;
	struct err err;

	value_set_bool(root, "no", false);
	value_set_bool(root, "yes", true);
	assert_int_equal(mustache_compile("p", SPAN("{{#yes}}a\n{{/yes}}b\n{{#no}}c\n{{/no}}d\n"),
	    &partials.list[0].template, &err), TD_OK);
	assert_int_equal(mustache_compile("t", SPAN("  {{>p}}\n"), &t, &err), TD_OK);
	buf_init(&out, 1000);
	assert_int_equal(mustache_render(t, root, MUSTACHE_PLAIN, find_partial, &partials, &out,
	    &err), TD_OK);
	assert_string_equal(out.ptr, "  a\n  b\n  d\n");
	buf_release(&out);
	mustache_destroy(&t);
	mustache_destroy(&partials.list[0].template);
	arena_destroy(&arena);
}

static void
test_plain(void **state)
{
	struct arena *arena = arena_create();
	struct value *root = value_object(arena);
	struct mustache *t = NULL;
	struct buf out;
	struct err err;

	value_set_text(root, "x", "a & 'b' <c>");
	value_set_text(root, "x", "last \"<'&");
	value_set_text(root, "none", NULL);
	value_set_text(root, "empty", "");
	assert_int_equal(mustache_compile("t",
	    SPAN("{{x}}{{^none}}1{{/none}}{{^empty}}2{{/empty}}"),
	    &t, &err), TD_OK);
	buf_init(&out, 1000);
	assert_int_equal(mustache_render(t, root, MUSTACHE_PLAIN, NULL, NULL, &out, &err), TD_OK);
	assert_string_equal(out.ptr, "last \"<'&12");
	buf_clear(&out);
	assert_int_equal(mustache_render(t, root, MUSTACHE_HTML, NULL, NULL, &out, &err), TD_OK);
	assert_string_equal(out.ptr, "last &quot;&lt;&#39;&amp;12");
	buf_release(&out);
	mustache_destroy(&t);
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases), cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_limits), cmocka_unit_test(test_indent),
	    cmocka_unit_test(test_plain), cmocka_unit_test(test_specification),
	};
	size_t n = ARRAY_LEN(tests) - (getenv("MUSTACHE_SPEC") == NULL);

	return _cmocka_run_group_tests("mustache", tests, n, NULL, NULL);
}
