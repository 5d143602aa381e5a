/* SPDX-License-Identifier: ISC */
/* fuzz-calendar: a calendar part to events. */
#include "tests/fuzz/fuzz.h"

#include "parsers/base/utf8.h"
#include "parsers/itip.h"

static void
fuzz_one(struct arena *arena, struct span input)
{
	struct itip_events events = {0};

	itip_read(arena, input, NULL, "Europe/Berlin", 65536, &events);
	for (size_t i = 0; i < events.n; i++)
		if (!utf8_clean(span_of(events.items[i].summary), UTF8_LINE) ||
		    events.items[i].end < events.items[i].start)
			abort();
}
