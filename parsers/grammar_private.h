/* SPDX-License-Identifier: ISC */
/*
 * What the readers of one mail share: the reading being filled, the lines of the author's text,
 * and the lists that grow. grammar.c owns it and calls the readers in the order of GRAMMAR 4.
 */
#ifndef TD_GRAMMAR_PRIVATE_H
#define TD_GRAMMAR_PRIVATE_H

#include "parsers/command.h"
#include "parsers/grammar.h"

#define GRAMMAR_ERRORS 200
#define GRAMMAR_ENTRIES 1000
/* So many commands and errors may find their list full before the rest is not read. */
#define GRAMMAR_SURPLUS 1000

struct grammar_line {
	struct span text;
	bool blank;
	bool literal; /* quoted, or code: never read */
	bool taken;   /* a reader has used it */
};

struct grammar {
	struct arena *arena;
	struct command_context context;
	struct reading *reading;
	struct grammar_line *lines;
	size_t n_lines;
	uint32_t max_commands;
	uint32_t surplus; /* commands and errors for which there was no room */
	bool is_reply; /* to an item, a prompt or a digest: "done" alone has a meaning */
	size_t cap_commands, cap_errors, cap_mentions, cap_sections;
	size_t cap_entries[SECTION_NOTES + 1]; /* by kind: a section may go on further down */
	size_t cap_owners, cap_tags, cap_tags_off, cap_depends, cap_watch, cap_options;
};

/* Appends; past the limit one error says so and the rest is left out. */
void grammar_add_command(struct grammar *g, const struct reading_command *command);
void grammar_add_error(struct grammar *g, uint32_t line, struct span text, const char *why,
    const char *suggestion);
/* Reads "/verb args" as a command of that line; false (and no error added) if it is not good. */
bool grammar_try_command(struct grammar *g, uint32_t line, const char *text, struct span source,
    struct reading_error *error_r);

#endif
