/* SPDX-License-Identifier: ISC */
/*
 * fuzz-grammar: a subject (the first line) and a body, cleaned as the decoder does. The reading
 * must go into JSON and come back: whatever people write, the store process takes it over.
 */
#include "config.h"

#include <stdlib.h>

#include "parsers/base/utf8.h"
#include "parsers/grammar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create();
	struct reading *reading = arena_alloc(arena, sizeof *reading), *back;
	struct span rest = {(const char *)data, size}, subject;
	struct reading_rcpt rcpt = {"platform@example.org", NULL, RCPT_TO};
	struct grammar_input input = {.zone = "Europe/Berlin", .anchor = 1795341600,
		.limits = &reading_limits_default};
	struct buf json;
	struct err err;

	buf_init(&json, 64 << 20);
	if (span_next_line(&rest, &subject)) {
		rcpt.tag = subject.len % 3 == 0 ? "time" : subject.len % 3 == 1 ? "off" : NULL;
		reading->version = READING_VERSION;
		for (size_t i = 0; i < 64; i++)
			reading->message.key[i] = '0';
		reading->message.subject = utf8_line(arena, subject, 2000);
		reading->message.rcpts = &rcpt;
		reading->message.n_rcpts = 1;
		input.body = span_of(utf8_text(arena, rest, 1 << 20));
		grammar_read(arena, &input, reading);
		if (!utf8_clean(span_of(reading->text), UTF8_LINES))
			abort();
		reading_to_json(reading, 0, &json);
		if (json.over || reading_from_json(arena, buf_span(&json), &back, &err) != TD_OK)
			abort();
		if (back->n_commands != reading->n_commands ||
		    back->n_errors != reading->n_errors ||
		    back->n_sections != reading->n_sections ||
		    back->n_mentions != reading->n_mentions)
			abort();
	}
	buf_release(&json);
	arena_destroy(&arena);
	return 0;
}
