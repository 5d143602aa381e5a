/* SPDX-License-Identifier: ISC */
/*
 * fuzz-zone: any bytes as a zone file. A file that is taken must answer every question: offsets
 * in bounds, changes that go forward, local times that come back.
 */
#include "config.h"

#include <stdlib.h>

#include "parsers/base/zone.h"

#define DAY_AND_MORE (26 * 3600)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
want(bool holds)
{
	if (!holds)
		abort();
}

static void
ask(const struct zone *zone, int64_t utc)
{
	struct civil local;
	enum zone_fit fit;
	int64_t back;

	want(abs(zone_offset_at(zone, utc)) < DAY_AND_MORE);
	want(zone_abbreviation_at(zone, utc) != NULL);
	zone_to_local(zone, utc, &local);
	back = zone_to_utc(zone, &local, &fit);
	/* Where changes crowd, a moment may be one of three: only the sane ones must come back. */
	want(back - utc < 2 * DAY_AND_MORE && utc - back < 2 * DAY_AND_MORE);
	(void)zone_day_start(zone, zone_local_day(zone, utc));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct zone *zone = NULL;
	int64_t at = -2000000000;
	struct err err;

	if (zone_create("Test/Zone", (struct span){(const char *)bytes, size}, &zone, &err) !=
	    TD_OK)
		return 0;
	for (int i = 0; i < 40; i++) {
		int64_t next;

		ask(zone, at);
		if (!zone_next_transition(zone, at, &next))
			break;
		want(next > at);
		ask(zone, next - 1);
		at = next;
	}
	ask(zone, 0);
	ask(zone, 1795080600);
	ask(zone, 250000000000);
	zone_destroy(&zone);
	return 0;
}
