/* SPDX-License-Identifier: ISC */
/*
 * timespan: "09:15-10:45", a stretch of one day as people write it in time entries. Clock times
 * have hours and minutes on both sides; a stretch that ends before it begins ends the next day
 * and is at most 16 hours long. Pure, but for the zone's rules.
 */
#ifndef TD_TIMESPAN_H
#define TD_TIMESPAN_H

#include "parsers/base/arena.h"
#include "parsers/base/span.h"
#include "parsers/reading.h"

struct timespan {
	bool ranged;   /* there was one */
	uint32_t from; /* minutes after midnight */
	uint32_t to;   /* may be past 24:00 */
};

/* Bytes taken at the beginning of text, 0 for none (and span_r->ranged false). */
size_t timespan_prefix(struct span text, struct timespan *span_r);

/* The stretch on a day "2026-10-12" of that zone, as moments. */
struct reading_when *timespan_on(struct arena *arena, const struct timespan *span,
    const char *zone, const char *day);

/* The day that it is in the zone. */
const char *timespan_today(struct arena *arena, const char *zone, int64_t moment);

/* Does the first word have digits and separators like a date: "03/04/2026", "2026-10-12"? */
bool timespan_looks_dated(struct span text);

/* "8:30", "08.30", "5pm", "noon" at the beginning: minutes after midnight, bytes taken or 0. */
size_t timespan_clock(struct span text, uint32_t *minutes_r);

#endif
