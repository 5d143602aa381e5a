/* SPDX-License-Identifier: ISC */
/* fuzz-mail: a whole mail to a reading, to JSON, and back through the loader. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>

#include "parsers/base/buf.h"
#include "parsers/reading.h"

static void
fuzz_one(struct arena *arena, struct span input)
{
	struct reading_context context = {.now = 1760000000, .zone = "Europe/Berlin"};
	struct reading *reading, *back;
	struct err err = {""};
	struct buf json;

	if (reading_parse(arena, input, &context, &reading, &err) != TD_OK)
		return;
	buf_init(&json, 16u * 1024 * 1024);
	reading_to_json(reading, 0, &json);
	if (reading_from_json(arena, buf_span(&json), &back, &err) != TD_OK) {
		fprintf(stderr, "%s\n%s\n", err.text, json.ptr);
		abort();
	}
	buf_release(&json);
}
