/* SPDX-License-Identifier: ISC */
/* tool: see tool.h; options, verbs and errors. */
#include "config.h"

#include "daemon/control/tool.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "daemon/conf/nearest.h"

static void
put_usage(FILE *out, const struct command *command)
{
	struct span rest = span_of(command->usage), line;
	const char *lead = "usage:";

	while (span_next_field(&rest, '\n', &line)) {
		if (line.len > 0 && *line.ptr == ' ') { /* goes on with the line above */
			fprintf(out, "       %.*s\n", SPAN_FMT(line));
			continue;
		}
		fprintf(out, "%s tidings %s%s%.*s\n", lead, command->name,
		    line.len > 0 ? " " : "", SPAN_FMT(line));
		lead = "      ";
	}
}

int
tool_misuse(struct tool *tool, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(tool->arena, fmt, ap);
	va_end(ap);
	fprintf(stderr, "tidings %s: %s\n", tool->command->name,
	    utf8_line(tool->arena, span_of(text), 500));
	put_usage(stderr, tool->command);
	return TOOL_MISUSE;
}

int
tool_fail(const struct err *err)
{
	fprintf(stderr, "tidings: %s\n", err->text);
	return TOOL_FAILED;
}

int
tool_failf(const char *fmt, ...)
{
	struct arena *arena = arena_create();
	struct err err;
	va_list ap;

	va_start(ap, fmt);
	(void)err_perm(&err, "%s", arena_vprintf(arena, fmt, ap)); /* cleans it */
	va_end(ap);
	arena_destroy(&arena);
	return tool_fail(&err);
}

static int
put_help(const struct command *command)
{
	put_usage(stdout, command);
	printf("\n%s", command->help);
	puts("\nEvery command takes: -c FILE, --json, --help. See tidings(1).");
	return TOOL_OK;
}

/* ---- options -------------------------------------------------------------------------------- */

struct words {
	struct tool *tool;
	const struct tool_option *options;
	size_t n;
	int argc, at;
	char **argv;
};

static bool
is_flag(struct words *w, struct span name, bool has_value, const char *flag)
{
	return span_is(name, flag) && !has_value;
}

static int
unknown_option(struct words *w, struct span name)
{
	const char *word = arena_span(w->tool->arena, name), *best = NULL;

	for (size_t i = 0; i < w->n; i++)
		nearest_try(word, w->options[i].name, &best);
	if (best != NULL)
		return tool_misuse(w->tool, "unknown option --%s; did you mean --%s?", word, best);
	return tool_misuse(w->tool, "unknown option --%s", word);
}

/* The value of an option: after '=', or the next word. NULL when there is none. */
static const char *
value_of(struct words *w, struct span after, bool has_value)
{
	if (has_value)
		return arena_span(w->tool->arena, after);
	return w->at + 1 < w->argc ? w->argv[++w->at] : NULL;
}

static int
long_option(struct words *w)
{
	struct span after = span_skip(span_of(w->argv[w->at]), 2), name = after;
	bool has_value = span_find_byte(after, '=') < after.len;

	span_next_field(&after, '=', &name);
	if (is_flag(w, name, has_value, "help"))
		return put_help(w->tool->command);
	if (is_flag(w, name, has_value, "json")) {
		w->tool->json = true;
		return -1;
	}
	for (size_t i = 0; i < w->n; i++) {
		const struct tool_option *option = &w->options[i];

		if (!span_is(name, option->name))
			continue;
		if (option->value == NULL) {
			if (has_value)
				return tool_misuse(w->tool, "--%s takes no value", option->name);
			*option->flag = true;
			return -1;
		}
		*option->value = value_of(w, after, has_value);
		if (*option->value == NULL)
			return tool_misuse(w->tool, "--%s wants a value", option->name);
		return -1;
	}
	return unknown_option(w, name);
}

static int
short_option(struct words *w)
{
	const char *word = w->argv[w->at];

	if (strcmp(word, "-h") == 0)
		return put_help(w->tool->command);
	if (strncmp(word, "-c", 2) != 0)
		return tool_misuse(w->tool, "unknown option %s", word);
	w->tool->conf_path = word[2] != '\0' ? word + 2 : value_of(w, SPAN(""), false);
	if (w->tool->conf_path == NULL)
		return tool_misuse(w->tool, "-c wants a file");
	return -1;
}

/* "-1h" and "-30m" are amounts of time, not options. */
static bool
is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0' && !(word[1] >= '0' && word[1] <= '9');
}

int
tool_options(struct tool *tool, const struct tool_option *options, size_t n, int *argc,
    char **argv)
{
	struct words w = {tool, options, n, *argc, 1, argv};
	int kept = 1, status;
	bool only_words = false;

	for (; w.at < w.argc; w.at++) {
		char *word = argv[w.at];

		status = -1;
		if (only_words || !is_option(word))
			argv[kept++] = word;
		else if (strcmp(word, "--") == 0)
			only_words = true;
		else if (word[1] == '-')
			status = long_option(&w);
		else
			status = short_option(&w);
		if (status != -1)
			return status;
	}
	*argc = kept;
	return -1;
}

int
tool_id(struct tool *tool, int argc, char **argv, int64_t *id_r)
{
	if (argc == 2 && num_i64(span_of(argv[1]), 1, INT64_MAX, id_r))
		return -1;
	return tool_misuse(tool, "%s %s wants the ID of one mail", tool->command->name, argv[0]);
}

int
tool_verbs(struct tool *tool, const struct tool_verb *verbs, size_t n, int argc, char **argv)
{
	const char *best = NULL;

	if (argc < 2)
		return tool_misuse(tool, "what is to be done?");
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return put_help(tool->command);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(tool, argc - 1, argv + 1);
		nearest_try(argv[1], verbs[i].name, &best);
	}
	if (best != NULL)
		return tool_misuse(tool, "unknown: %s; did you mean %s?", argv[1], best);
	return tool_misuse(tool, "unknown: %s", argv[1]);
}

int
tool_confirm(struct tool *tool, bool yes, const char *fmt, ...)
{
	char answer[16];
	const char *question;
	va_list ap;

	if (yes)
		return -1;
	va_start(ap, fmt);
	question = arena_vprintf(tool->arena, fmt, ap);
	va_end(ap);
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return tool_misuse(tool, "%s There is no terminal to ask on: add --yes", question);
	fprintf(stderr, "%s [y/N] ", utf8_line(tool->arena, span_of(question), 500));
	if (fgets(answer, sizeof answer, stdin) != NULL && (*answer == 'y' || *answer == 'Y'))
		return -1;
	return tool_failf("nothing was changed");
}
