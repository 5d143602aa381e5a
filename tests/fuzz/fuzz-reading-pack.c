/* SPDX-License-Identifier: ISC */
/* fuzz-reading-pack: the trust border. What is taken must come back the same, in each form. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "parsers/base/buf.h"
#include "parsers/reading.h"

static void
fuzz_one(struct arena *arena, struct span input)
{
	struct reading *first, *second;
	struct buf packed, one, two;

	if (reading_unpack(arena, input, &first, NULL) != TD_OK)
		return;
	buf_init(&packed, 16u * 1024 * 1024);
	buf_init(&one, 16u * 1024 * 1024);
	buf_init(&two, 16u * 1024 * 1024);
	reading_pack(first, &packed);
	reading_to_json(first, 0, &one);
	if (reading_unpack(arena, buf_span(&packed), &second, NULL) != TD_OK)
		abort();
	reading_to_json(second, 0, &two);
	if (strcmp(one.ptr, two.ptr) != 0)
		abort();
	if (reading_from_json(arena, buf_span(&one), &second, NULL) != TD_OK)
		abort();
	buf_release(&packed);
	buf_release(&one);
	buf_release(&two);
}
