/* SPDX-License-Identifier: ISC */
/*
 * grammar: from subject, recipients and decoded body to what the author wants: target, fields,
 * sections, commands, mentions and errors of a reading. Called by reading_parse with
 * reading->message filled in; the meaning of words for people is in tidings-commands(7).
 */
#ifndef TD_GRAMMAR_H
#define TD_GRAMMAR_H

#include "parsers/reading.h"

struct grammar_input {
	struct span body;        /* decoded text of the mail, UTF-8, LF; quotes begin with '>' */
	const char *zone;        /* the sender's zone */
	int64_t anchor;          /* the moment dates are read against (GRAMMAR 6) */
	uint32_t day_seconds;
	const struct reading_limits *limits;
	bool plain_only;         /* an automatic mail: trim, but look for no commands */
};

/* Fills text, trimmed, target, fields, sections, commands, mentions and errors. */
void grammar_read(struct arena *arena, const struct grammar_input *input, struct reading *reading);

#endif
