/* SPDX-License-Identifier: ISC */
/*
 * Golden readings: tests/golden/reading/NAME.eml is read as on Sunday 2026-11-22, 11:00 in
 * Berlin, and each key of NAME.json must stand in the reading just so. With -p NAME.eml it prints
 * what the file would hold, for a new mail: read each line of it before it is kept.
 */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <stdio.h>

#include <jansson.h>

#include "parsers/base/buf.h"
#include "parsers/reading.h"

static char *
read_file(const char *path, size_t *len_r)
{
	FILE *file = fopen(path, "rb");
	char *bytes = calloc(1, 1 << 20);

	if (file == NULL || bytes == NULL)
		fail_msg("%s cannot be read", path);
	*len_r = fread(bytes, 1, (1 << 20) - 1, file);
	fclose(file);
	return bytes;
}

static json_t *
read_bytes(struct span mail, const char *name)
{
	struct reading_context context = {.now = 1795341600, .zone = "Europe/Berlin"};
	struct arena *arena = arena_create();
	struct reading *reading;
	struct buf json;
	struct err err;
	json_t *root;

	if (reading_parse(arena, mail, &context, &reading, &err) != TD_OK)
		fail_msg("%s: %s", name, err.text);
	buf_init(&json, 16 << 20);
	reading_to_json(reading, 0, &json);
	root = json_loads(json.ptr, 0, NULL);
	assert_non_null(root);
	buf_release(&json);
	arena_destroy(&arena);
	return root;
}

static json_t *
read_mail(const char *path)
{
	size_t len;
	char *bytes = read_file(path, &len);
	json_t *root = read_bytes((struct span){bytes, len}, path);

	free(bytes);
	return root;
}

/* Whether that line of the mail is an entry of Time. */
static bool
is_time_entry(const json_t *reading, json_int_t line)
{
	const json_t *section, *entry;
	size_t i, k;

	json_array_foreach(json_object_get(reading, "sections"), i, section) {
		const char *kind = json_string_value(json_object_get(section, "kind"));

		json_array_foreach(json_object_get(section, "entries"), k, entry)
			if (strcmp(kind, "time") == 0 &&
			    json_integer_value(json_object_get(entry, "line")) == line)
				return true;
	}
	return false;
}

/* What is offered for copying is read without an error, where the line that was refused stood. */
static void
check_offered(struct arena *arena, const char *name, const json_t *reading)
{
	const json_t *error;
	size_t i;

	json_array_foreach(json_object_get(reading, "errors"), i, error) {
		const char *line = json_string_value(json_object_get(error, "suggestion"));
		json_int_t number = json_integer_value(json_object_get(error, "line"));
		const char *mail;
		json_t *again;

		if (line == NULL)
			continue;
		mail = arena_printf(arena, "From: Ana <ana@example.org>\n"
		    "To: platform@example.org\nSubject: Re: [#42] Fix login\n"
		    "Message-ID: <offered@example.org>\nIn-Reply-To: <root-42@example.org>\n"
		    "Date: Sun, 22 Nov 2026 11:00:00 +0100\n"
		    "Content-Type: text/plain; charset=utf-8\n\n%s%s\n",
		    *line != '/' && is_time_entry(reading, number) ? "Time:\n- " : "", line);
		again = read_bytes(span_of(mail), name);
		if (json_array_size(json_object_get(again, "errors")) > 0 || (*line == '/' &&
			json_array_size(json_object_get(again, "commands")) != 1))
			fail_msg("%s: \"%s\" is offered and cannot be read", name, line);
		json_decref(again);
	}
}

static void
check(struct arena *arena, const char *dir, const char *name)
{
	const char *path = arena_printf(arena, "%s/%s", dir, name);
	json_t *want, *got = read_mail(path), *value;
	json_error_t error;
	const char *key;

	path = arena_printf(arena, "%.*s.json", (int)(strlen(path) - 4), path);
	want = json_load_file(path, 0, &error);
	if (want == NULL)
		fail_msg("%s: %s", path, error.text);
	json_object_foreach(want, key, value)
		if (!json_equal(value, json_object_get(got, key)))
			fail_msg("%s: %s is %s", name, key,
			    json_dumps(json_object_get(got, key), JSON_COMPACT | JSON_ENCODE_ANY));
	check_offered(arena, name, got);
	json_decref(want);
	json_decref(got);
}

static void
test_readings(void **state)
{
	const char *srcdir = getenv("TD_SRCDIR") != NULL ? getenv("TD_SRCDIR") : ".";
	struct arena *arena = arena_create();
	const char *path = arena_printf(arena, "%s/tests/golden/reading", srcdir);
	struct dirent *entry;
	unsigned n = 0;
	DIR *dir = opendir(path);

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		size_t len = strlen(entry->d_name);

		if (len < 5 || strcmp(entry->d_name + len - 4, ".eml") != 0)
			continue;
		check(arena, path, entry->d_name);
		n++;
	}
	closedir(dir);
	arena_destroy(&arena);
	assert_true(n >= 100);
}

static int
print(const char *path)
{
	static const char *const keys[] = {"target", "text", "trimmed", "fields", "sections",
		"commands", "mentions", "errors"};
	json_t *got = read_mail(path), *kept = json_object();

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		json_object_set(kept, keys[i], json_object_get(got, keys[i]));
	json_dumpf(kept, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(kept);
	json_decref(got);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_readings)};

	if (argc == 3 && strcmp(argv[1], "-p") == 0)
		return print(argv[2]);
	return cmocka_run_group_tests_name("golden-reading", tests, NULL, NULL);
}
