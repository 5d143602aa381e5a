/* SPDX-License-Identifier: ISC */
/* tidings: the command-line tool. One table of commands; each stands in its own cmd_*.c. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/base/buf.h"
#include "parsers/verb.h"
#include "daemon/conf/nearest.h"
#include "daemon/control/tool.h"

#define HELP_MAX (64u * 1024)

static int run_help(struct tool *tool, int argc, char **argv);

static const struct command cmd_help = {
    "help", "show what a command does", "[COMMAND|/MAIL-COMMAND|mail]",
    "Shows all commands, or one of them; with a slash, a command of the mails people\n"
    "write; \"mail\" lists those.\n",
    run_help};

static const struct command *const commands[] = {
    &cmd_init, &cmd_check, &cmd_team, &cmd_person, &cmd_parse, &cmd_when, &cmd_duration,
    &cmd_deliver, &cmd_once, &cmd_list, &cmd_show, &cmd_search, &cmd_who, &cmd_timesheet, &cmd_log,
    &cmd_digest, &cmd_outbox, &cmd_quarantine, &cmd_oauth, &cmd_status, &cmd_clock, &cmd_help};

static void
put_commands(FILE *out)
{
	fputs("usage: tidings [-c FILE] [--json] COMMAND ...\n\n", out);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		fprintf(out, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\nMore: tidings help COMMAND, tidings(1).\n"
	      "What people can write by mail: tidings help mail, tidings-commands(7).\n", out);
}

static const struct command *
find(const char *name, const char **best)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (strcmp(name, commands[i]->name) == 0)
			return commands[i];
		nearest_try(name, commands[i]->name, best);
	}
	return NULL;
}

static int
unknown(const char *name, const char *best)
{
	fprintf(stderr, "tidings: there is no command \"%.60s\"%s%s%s; see: tidings help\n", name,
	    best != NULL ? "; did you mean \"" : "", best != NULL ? best : "",
	    best != NULL ? "\"?" : "");
	return TOOL_MISUSE;
}

/* What the mail answer to help says, of one verb or (NULL) of all. */
static int
put_verbs(const struct verb *verb)
{
	struct buf text;

	buf_init(&text, HELP_MAX);
	verb_help(verb, &text);
	fputs(text.ptr, stdout);
	buf_release(&text);
	return TOOL_OK;
}

/* A name that is no command of the tool: one of mails, else nothing. */
static int
help_verb(const char *name, const char *best)
{
	struct span word = span_skip(span_of(name), *name == '/');
	const struct verb *verb = verb_find(word);

	if (verb != NULL)
		return put_verbs(verb);
	if (*name != '/' && strcmp(name, "mail") == 0)
		return put_verbs(NULL);
	verb = best == NULL ? verb_nearest(word) : NULL;
	return unknown(name, verb != NULL ? verb->name : best);
}

static int
run_help(struct tool *tool, int argc, char **argv)
{
	char help[] = "--help", *words[] = {NULL, help, NULL};
	const char *best = NULL;
	const struct command *command;

	if (argc < 2 || argv[1][0] == '-') {
		put_commands(stdout);
		return TOOL_OK;
	}
	command = argv[1][0] != '/' ? find(argv[1], &best) : NULL;
	if (command == NULL)
		return help_verb(argv[1], best);
	words[0] = argv[1];
	tool->command = command;
	return command->run(tool, 2, words);
}

/* The options before the command. -1: go on at *at_r. */
static int
first_options(struct tool *tool, int argc, char **argv, int *at_r)
{
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "--json") == 0) {
			tool->json = true;
		} else if (strcmp(argv[i], "-c") == 0 && i + 1 < argc) {
			tool->conf_path = argv[++i];
		} else if (strcmp(argv[i], "-c") == 0) {
			fputs("tidings: -c wants a file: the configuration\n", stderr);
			return TOOL_MISUSE;
		} else if (strcmp(argv[i], "--version") == 0) {
			puts("tidings " PACKAGE_VERSION);
			return TOOL_OK;
		} else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			put_commands(stdout);
			return TOOL_OK;
		} else {
			fprintf(stderr, "tidings: unknown option %.60s\n", argv[i]);
			put_commands(stderr);
			return TOOL_MISUSE;
		}
	}
	*at_r = i;
	return -1;
}

static int
run(struct tool *tool, int argc, char **argv)
{
	const char *best = NULL;
	int at = 0, status = first_options(tool, argc, argv, &at);

	if (status != -1)
		return status;
	if (at == argc) {
		put_commands(stderr);
		return TOOL_MISUSE;
	}
	tool->command = find(argv[at], &best);
	if (tool->command == NULL)
		return unknown(argv[at], best);
	return tool->command->run(tool, argc - at, argv + at);
}

int
main(int argc, char **argv)
{
	const char *no_color = getenv("NO_COLOR");
	struct tool tool = {.arena = arena_create()};
	int status;

	log_init("tidings", LOG_LEVEL_WARN);
	tool.colour = isatty(STDOUT_FILENO) && (no_color == NULL || *no_color == '\0');
	status = run(&tool, argc, argv);
	db_close(&tool.db);
	arena_destroy(&tool.arena);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fputs("tidings: standard output could not be written\n", stderr);
		return TOOL_FAILED;
	}
	return status;
}
