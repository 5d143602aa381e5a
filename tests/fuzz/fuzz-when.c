/* SPDX-License-Identifier: ISC */
/*
 * fuzz-when: any bytes as a date expression, whole and as the beginning of a text. The first byte
 * chooses tense and zone. What is read must be sound; what is refused must say why.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/base/zone.h"
#include "parsers/when.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
want(bool holds)
{
	if (!holds)
		abort();
}

static void
check(const struct reading_when *when)
{
	want(when->start <= when->end);
	want(zone_name_valid(span_of(when->zone)));
	want(when->local != NULL && strlen(when->local) >= 8 && strlen(when->local) <= 16);
	want(when->local_end == NULL || strlen(when->local_end) <= 16);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const zones[] = {
	    "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "UTC"};
	struct arena *arena;
	struct reading_when *when;
	struct refusal refusal = {0};
	struct span text;
	size_t taken;

	if (size == 0)
		return 0;
	struct when_context context = {.anchor = 1795080600,
	    .zone = zones[bytes[0] >> 1 & 3],
	    .tense = bytes[0] & 1 ? WHEN_PAST : WHEN_FUTURE};
	text = (struct span){(const char *)bytes + 1, size - 1};
	arena = arena_create();
	if (when_parse(arena, text, &context, &when, &refusal))
		check(when);
	else
		want(refusal.why != NULL);
	taken = when_prefix(arena, text, &context, &when, &refusal);
	want(taken <= text.len);
	if (taken > 0)
		check(when);
	arena_destroy(&arena);
	return 0;
}
