/* SPDX-License-Identifier: ISC */
/* show: see show.h. */
#include "config.h"

#include "daemon/control/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/base/utf8.h"

#define COLUMNS_MAX 12
#define CELL_MAX 400
#define GREEN "\033[32m"
#define RED "\033[31m"
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

json_t *
show_text(struct tool *tool, const char *text)
{
	return text == NULL ? json_null()
			    : json_string(utf8_text(tool->arena, span_of(text), 1u << 20));
}

json_t *
show_time(struct tool *tool, int64_t at)
{
	const char *text = tool_rfc3339(tool, at, NULL);

	return text != NULL ? json_string(text) : json_null();
}

static void
dump(json_t *value)
{
	char *text = json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY);

	puts(text != NULL ? text : "null");
	free(text);
}

static const char *
join(struct tool *tool, const json_t *list)
{
	const char *all = "";
	size_t i;
	json_t *value;

	json_array_foreach (list, i, value)
		all = arena_printf(tool->arena, "%s%s%s", all, i > 0 ? ", " : "",
		    json_is_string(value) ? json_string_value(value) : "?");
	return all;
}

/* A value as people read it; "" for none. */
static const char *
cell(struct tool *tool, const json_t *value)
{
	if (json_is_string(value))
		return utf8_line(tool->arena, span_of(json_string_value(value)), CELL_MAX);
	if (json_is_integer(value))
		return arena_printf(tool->arena, "%" JSON_INTEGER_FORMAT,
		    json_integer_value(value));
	if (json_is_boolean(value))
		return json_is_true(value) ? "yes" : "no";
	return json_is_array(value) ? join(tool, value) : "";
}

static void
put_cell(const char *text, size_t width, bool is_last)
{
	size_t w = utf8_width(span_of(text));

	fputs(text, stdout);
	for (; !is_last && w < width + 2; w++)
		putchar(' ');
}

static void
put_table(struct tool *tool, const json_t *list, const struct show_column *columns, size_t n)
{
	size_t rows = json_array_size(list), width[COLUMNS_MAX];
	const char **cells = arena_array(tool->arena, (rows + 1) * n, sizeof *cells);

	for (size_t c = 0; c < n; c++) {
		cells[c] = columns[c].title;
		width[c] = utf8_width(span_of(columns[c].title));
	}
	for (size_t i = 0; i < rows * n; i++) {
		const char *text = cell(tool,
		    json_object_get(json_array_get(list, i / n), columns[i % n].key));
		size_t w = utf8_width(span_of(text));

		cells[n + i] = *text != '\0' ? text : "-";
		width[i % n] = w > width[i % n] ? w : width[i % n];
	}
	for (size_t i = 0; i < (rows + 1) * n; i++) {
		if (tool->colour && i == 0)
			fputs(BOLD, stdout);
		put_cell(cells[i], width[i % n], i % n == n - 1);
		if (tool->colour && i == n - 1)
			fputs(PLAIN, stdout);
		if (i % n == n - 1)
			putchar('\n');
	}
}

void
show_list(struct tool *tool, json_t *list, const struct show_column *columns, size_t n,
    const char *empty)
{
	if (tool->json)
		dump(list);
	else if (json_array_size(list) == 0)
		puts(empty);
	else
		put_table(tool, list, columns, n < COLUMNS_MAX ? n : COLUMNS_MAX);
	json_decref(list);
}

void
show_object(struct tool *tool, json_t *object, const struct show_column *fields, size_t n)
{
	size_t width = 0;

	if (tool->json) {
		dump(object);
		json_decref(object);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		size_t w = utf8_width(span_of(fields[i].title)) + 1;

		width = w > width ? w : width;
	}
	for (size_t i = 0; i < n; i++) {
		const char *text = cell(tool, json_object_get(object, fields[i].key));

		if (*text == '\0')
			continue;
		put_cell(arena_printf(tool->arena, "%s:", fields[i].title), width, false);
		puts(text);
	}
	json_decref(object);
}

void
show_result(struct tool *tool, bool good, const char *what, const char *text)
{
	printf("%s%s%s  %-24s  %s\n", tool->colour ? (good ? GREEN : RED) : "",
	    good ? "ok   " : "wrong", tool->colour ? PLAIN : "", what,
	    utf8_line(tool->arena, span_of(text), 600));
	fflush(stdout);
}
