/* SPDX-License-Identifier: ISC */
/*
 * fuzz-duration: any bytes as an amount of time, whole and as the beginning of a text. What is
 * read stays in its bounds; what is refused must say why.
 */
#include "config.h"

#include <stdlib.h>

#include "parsers/duration.h"

#define BOUND (100001LL * 3600)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
want(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *arena;
	struct refusal refusal = {0};
	struct span text;
	int64_t seconds = 0;
	unsigned flags;
	size_t taken;
	char out[32];

	if (size == 0)
		return 0;
	flags = bytes[0] & 3;
	text = (struct span){(const char *)bytes + 1, size - 1};
	arena = arena_create();
	if (duration_parse(arena, text, flags, 0, &seconds, &refusal)) {
		want(seconds <= BOUND && seconds >= -BOUND);
		want(seconds >= 0 || (flags & DURATION_NEGATIVE) != 0);
		duration_format(seconds, out);
	} else {
		want(refusal.why != NULL);
	}
	taken = duration_prefix(arena, text, flags, 0, &seconds, &refusal);
	want(taken <= text.len);
	arena_destroy(&arena);
	return 0;
}
