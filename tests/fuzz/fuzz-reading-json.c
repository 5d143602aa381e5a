/* SPDX-License-Identifier: ISC */
/* fuzz-reading-json: the trust border. What the loader takes must come back the same. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "parsers/base/buf.h"
#include "parsers/reading.h"

static void
fuzz_one(struct arena *arena, struct span input)
{
	struct reading *first, *second;
	struct buf one, two;

	if (reading_from_json(arena, input, &first, NULL) != TD_OK)
		return;
	buf_init(&one, 16u * 1024 * 1024);
	buf_init(&two, 16u * 1024 * 1024);
	reading_to_json(first, 0, &one);
	if (reading_from_json(arena, buf_span(&one), &second, NULL) != TD_OK)
		abort();
	reading_to_json(second, 0, &two);
	if (strcmp(one.ptr, two.ptr) != 0)
		abort();
	buf_release(&one);
	buf_release(&two);
}
