/* SPDX-License-Identifier: ISC */
/*
 * bare: commands without a slash (GRAMMAR 4.3), only where a line fits one of the forms exactly
 * and completely; anything else is prose. Words also in German, French, Spanish, Portuguese and
 * Dutch: "#42 erledigt".
 */
#ifndef TD_BARE_H
#define TD_BARE_H

#include "parsers/base/arena.h"
#include "parsers/command.h"

/*
 * is_reply: a state word or an amount alone on the line means the item that is replied to.
 * alone: the line does not continue the one above it; a single word counts only then.
 */
bool bare_parse(struct arena *arena, struct span line, uint32_t number, bool is_reply, bool alone,
    const struct command_context *context, struct reading_command *command_r);

/*
 * A line that fits a time entry's form, with a figure behind it that would get lost: "#42 2h 30",
 * "2h #42, 1h #43". It is no command, and error_r says why.
 */
bool bare_refused(struct arena *arena, struct span line, uint32_t number,
    const struct command_context *context, struct reading_error *error_r);

/* The verb that a bare word stands for in any of the languages ("erledigt": "done"), or NULL. */
const char *bare_verb(struct arena *arena, struct span word);

#endif
