/* SPDX-License-Identifier: ISC */
/* fuzz-mail: a whole mail to a reading, to JSON and to bytes, and back: the same both ways. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>

#include "parsers/base/buf.h"
#include "parsers/reading.h"

static void
fuzz_one(struct arena *arena, struct span input)
{
	struct reading_context context = {.now = 1760000000, .zone = "Europe/Berlin"};
	struct reading *reading, *back;
	struct err err = {""};
	struct buf json, packed, again;

	if (reading_parse(arena, input, &context, &reading, &err) != TD_OK)
		return;
	buf_init(&json, 16u * 1024 * 1024);
	reading_to_json(reading, 0, &json);
	if (reading_from_json(arena, buf_span(&json), &back, &err) != TD_OK) {
		fprintf(stderr, "%s\n%s\n", err.text, json.ptr);
		abort();
	}
	buf_init(&packed, 16u * 1024 * 1024);
	buf_init(&again, 16u * 1024 * 1024);
	reading_pack(reading, &packed);
	if (reading_unpack(arena, buf_span(&packed), &back, &err) != TD_OK) {
		fprintf(stderr, "%s\n%s\n", err.text, json.ptr);
		abort();
	}
	reading_to_json(back, 0, &again);
	if (strcmp(json.ptr, again.ptr) != 0) {
		fprintf(stderr, "%s\n%s\n", json.ptr, again.ptr);
		abort();
	}
	buf_release(&json);
	buf_release(&packed);
	buf_release(&again);
}
