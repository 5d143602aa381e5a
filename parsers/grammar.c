/* SPDX-License-Identifier: ISC */
/* grammar: see grammar.h. The body is the text. */
#include "config.h"

#include "parsers/grammar.h"

void
grammar_read(struct arena *arena, const struct grammar_input *input, struct reading *reading)
{
	reading->text = arena_span(arena, input->body);
}
