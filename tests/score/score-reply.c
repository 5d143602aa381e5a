/* SPDX-License-Identifier: ISC */
/*
 * score-reply: how well reply trimming does on mail from outside this project, set by set. Fails
 * when a set falls below its figure in reply-floor.txt; skipped where the data is not there.
 * The data lies beside the source tree, in ../shared/corpora/reply/text.jsonl, a case a line:
 * the body, the words wanted, and how they compare (exact, prefix, contains; white space never
 * counts). With -v the cases that are wrong are named. reply-notes.txt tells which of them this
 * project means otherwise.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "parsers/base/num.h"
#include "parsers/trim.h"

#define SETS 16

struct set {
	char name[32];
	uint32_t cases, right, floor;
};

/* Without white space. */
static char *
squeeze(const char *text)
{
	char *out = malloc(strlen(text) + 1), *p = out;

	for (; *text != '\0'; text++)
		if (!isspace((unsigned char)*text))
			*p++ = *text;
	*p = '\0';
	return out;
}

static bool
compare(json_t *row, const char *got)
{
	const char *kind = json_string_value(json_object_get(row, "kind"));
	const char *want = json_string_value(json_object_get(row, "expected"));
	char *a = squeeze(got), *b = squeeze(want != NULL ? want : "");
	json_t *parts = json_object_get(row, "must_contain"), *part;
	bool good = true;
	size_t i;

	if (strcmp(kind, "exact") == 0)
		good = strcmp(a, b) == 0;
	else if (strcmp(kind, "prefix") == 0)
		good = strncmp(a, b, strlen(b)) == 0;
	json_array_foreach(parts, i, part) {
		char *c = squeeze(json_string_value(part));

		good = good && strstr(a, c) != NULL;
		free(c);
	}
	free(a);
	free(b);
	return good;
}

static struct set *
find_set(struct set *sets, const char *name)
{
	for (size_t i = 0; i < SETS; i++) {
		if (sets[i].name[0] == '\0')
			snprintf(sets[i].name, sizeof sets[i].name, "%s", name);
		if (strcmp(sets[i].name, name) == 0)
			return &sets[i];
	}
	fputs("score-reply: too many sets\n", stderr);
	exit(99);
}

static void
score_row(json_t *row, struct set *sets, bool verbose)
{
	struct set *set = find_set(sets, json_string_value(json_object_get(row, "corpus")));
	const char *input = json_string_value(json_object_get(row, "input"));
	struct arena *arena = arena_create();
	struct trim_result result;

	trim_reply(arena, span_of(input), false, &result);
	set->cases++;
	if (compare(row, result.text))
		set->right++;
	else if (verbose)
		printf("wrong: %s %s\n<<<\n%s\n>>>\n", set->name,
		    json_string_value(json_object_get(row, "name")), result.text);
	arena_destroy(&arena);
}

static FILE *
open_in(const char *dir, const char *name)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return fopen(path, "r");
}

/* "crisp 63": a set and the least number of cases that must be right. */
static void
read_floor(FILE *file, struct set *sets)
{
	char line[256];

	while (fgets(line, sizeof line, file) != NULL) {
		struct span rest = span_of(line), name, count;
		char text[32];

		if (*line == '#' || !span_next_word(&rest, &name) || !span_next_word(&rest, &count))
			continue;
		snprintf(text, sizeof text, "%.*s", SPAN_FMT(name));
		if (!num_u32(count, 100000, &find_set(sets, text)->floor))
			exit(99);
	}
}

static int
report(const struct set *sets)
{
	int bad = 0;

	printf("%-14s %6s %6s %6s %6s\n", "reply text", "cases", "right", "wrong", "floor");
	for (size_t i = 0; i < SETS && sets[i].name[0] != '\0'; i++) {
		const struct set *s = &sets[i];

		printf("%-14s %6u %6u %6u %6u%s\n", s->name, s->cases, s->right,
		    s->cases - s->right, s->floor, s->right < s->floor ? "  BELOW" : "");
		bad |= s->right < s->floor;
	}
	return bad;
}

int
main(int argc, char **argv)
{
	const char *srcdir = getenv("TD_SRCDIR") != NULL ? getenv("TD_SRCDIR") : ".";
	FILE *data = open_in(srcdir, "../shared/corpora/reply/text.jsonl");
	FILE *floor = open_in(srcdir, "tests/score/reply-floor.txt");
	struct set sets[SETS] = {{{0}, 0, 0, 0}};
	char *line = NULL;
	size_t cap = 0;

	if (data == NULL) {
		puts("score-reply: skipped, ../shared/corpora/reply is not there");
		return 77;
	}
	if (floor == NULL) {
		puts("score-reply: no tests/score/reply-floor.txt");
		return 99;
	}
	read_floor(floor, sets);
	while (getline(&line, &cap, data) > 0) {
		json_t *row = json_loads(line, 0, NULL);

		if (row != NULL && json_is_string(json_object_get(row, "input")))
			score_row(row, sets, argc > 1);
		json_decref(row);
	}
	free(line);
	fclose(data);
	fclose(floor);
	return report(sets);
}
