/* SPDX-License-Identifier: ISC */
/* fuzz: what every libFuzzer target begins with. One arena a run; the bytes as a span. */
#ifndef TD_FUZZ_H
#define TD_FUZZ_H

#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

/* A run of the target: abort() says that something is wrong that no sanitizer sees. */
static void fuzz_one(struct arena *arena, struct span input);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena *arena = arena_create();

	fuzz_one(arena, (struct span){len > 0 ? (const char *)bytes : "", len});
	arena_destroy(&arena);
	return 0;
}

#endif
