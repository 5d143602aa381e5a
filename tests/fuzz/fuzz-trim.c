/* SPDX-License-Identifier: ISC */
/*
 * fuzz-trim: any body. What stays is made of lines of the body, in order; each dropped range lies
 * within it.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/trim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create();
	struct trim_result result;
	struct span body, rest, line;
	size_t lines = 0, n = 0;

	if (size == 0) {
		arena_destroy(&arena);
		return 0;
	}
	body = (struct span){(const char *)data + 1, size - 1};
	rest = body;
	while (span_next_line(&rest, &line))
		lines++;
	trim_reply(arena, body, data[0] & 1, &result);
	for (size_t i = 0; i < result.n_lines; i++) {
		if (result.lines[i] < 1 || result.lines[i] > lines ||
		    (i > 0 && result.lines[i] < result.lines[i - 1]))
			abort();
	}
	for (size_t i = 0; i < result.n_trimmed; i++)
		if (result.trimmed[i].from_line < 1 || result.trimmed[i].to_line > lines ||
		    result.trimmed[i].from_line > result.trimmed[i].to_line)
			abort();
	if (memchr(body.ptr, '\0', body.len) == NULL) {
		rest = span_of(result.text);
		for (n = *result.text != '\0'; span_find_byte(rest, '\n') < rest.len; n++)
			rest = span_skip(rest, span_find_byte(rest, '\n') + 1);
		if (n != result.n_lines)
			abort();
	}
	arena_destroy(&arena);
	return 0;
}
