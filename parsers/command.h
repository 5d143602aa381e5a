/* SPDX-License-Identifier: ISC */
/*
 * command: one slash line to a typed command (GRAMMAR 5), by the verb's shape (verb.h). A line
 * that begins with a slash and a word is a command; "/usr/bin" and the like are not. What is not
 * understood gives an error with the reason in plain words and, where there is one, a line to
 * copy. Pure; memory comes from the arena.
 */
#ifndef TD_COMMAND_H
#define TD_COMMAND_H

#include "parsers/base/arena.h"
#include "parsers/base/span.h"
#include "parsers/reading.h"

struct command_context {
	int64_t anchor;       /* what dates are read against, UTC seconds */
	const char *zone;     /* the writer's, IANA */
	uint32_t day_seconds; /* what "1d" of work means; 0 for 8 hours */
};

enum command_result {
	COMMAND_NONE, /* not a command: prose */
	COMMAND_GOOD, /* command_r is filled */
	COMMAND_BAD,  /* error_r is filled */
};

/* line: without its end; number: its line in the text, 0 for the subject. */
enum command_result command_parse(struct arena *arena, struct span line, uint32_t number,
    const struct command_context *context, struct reading_command *command_r,
    struct reading_error *error_r);

#endif
