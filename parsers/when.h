/* SPDX-License-Identifier: ISC */
/*
 * when: dates and times as people write them (GRAMMAR 6), strict and small: an expression is
 * understood whole or refused with the reason and, where there is one, a suggestion. Pure: the
 * moment and the zone it is read against are parameters. Gaps and overlaps of daylight saving
 * follow RFC 5545 section 3.3.5: a time in a gap is read with the offset before the gap, an
 * ambiguous time is the first of the two.
 */
#ifndef TD_WHEN_H
#define TD_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"
#include "parsers/reading.h"

enum when_tense {
	WHEN_FUTURE, /* due dates: "friday" is the next one, today excluded */
	WHEN_PAST,   /* time entries: "friday" is the last one */
};

struct when_context {
	int64_t anchor;   /* UTC seconds: the mail's Date, or its arrival */
	const char *zone; /* IANA name of the writer's zone */
	enum when_tense tense;
	bool one_day; /* when_prefix: the longest beginning that is one day, without a time */
};

struct refusal {
	const char *why;        /* one sentence for people, in the arena */
	const char *suggestion; /* a text to write instead, or NULL */
};

/* Reads the whole of expr, a moment, a day, a week or a range. */
bool when_parse(struct arena *arena, struct span expr, const struct when_context *context,
    struct reading_when **when_r, struct refusal *refusal_r);

/*
 * Reads the longest date expression at the beginning of text (it ends at white space, ',' ';', at
 * ':' before white space, or the end) and gives the number of bytes it took; 0 if there is none.
 * For "/remind DATE text". A beginning that looks like a date but is refused gives 0 with
 * refusal_r->why set.
 */
size_t when_prefix(struct arena *arena, struct span text, const struct when_context *context,
    struct reading_when **when_r, struct refusal *refusal_r);

#endif
