/* SPDX-License-Identifier: ISC */
/*
 * fuzz-command: any line, as a slash command and as a bare form. A command that was read has a
 * verb of the table; an error has a reason, and the line it offers is short.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/bare.h"
#include "parsers/verb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct reading_command *command)
{
	if (command->verb == NULL || verb_find(span_of(command->verb)) == NULL ||
	    strlen(command->source) > 200 || command->n_items > 200 || command->n_people > 50 ||
	    (command->text != NULL && strlen(command->text) > 10000))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct command_context context = {1795341600, "Europe/Berlin", 0};
	struct span line = {(const char *)data, size};
	struct arena *arena = arena_create();
	struct reading_command command;
	struct reading_error error;

	line = span_first(line, span_find_byte(line, '\n'));
	switch (command_parse(arena, line, 1, &context, &command, &error)) {
	case COMMAND_NONE:
		break;
	case COMMAND_GOOD:
		check(&command);
		break;
	case COMMAND_BAD:
		if (error.why == NULL || *error.why == '\0' || strlen(error.text) > 500)
			abort();
		break;
	}
	for (int reply = 0; reply < 2; reply++)
		if (bare_parse(arena, line, 1, reply, true, &context, &command))
			check(&command);
	arena_destroy(&arena);
	return 0;
}
