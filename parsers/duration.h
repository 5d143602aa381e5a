/* SPDX-License-Identifier: ISC */
/*
 * duration: amounts of time as people write them (GRAMMAR 6): "1h30m", "1,5h", "1:30", "2d".
 * A bare number is refused. Everything is seconds.
 */
#ifndef TD_DURATION_H
#define TD_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"
#include "parsers/when.h"

#define DURATION_NEGATIVE 1u /* a leading minus is allowed */
#define DURATION_MONTHS 2u   /* "mo": estimates only; 20 working days */
#define DURATION_WORDS 4u    /* duration_prefix: it may begin with a word, "half an hour" */

/* day_seconds: what a day of work means; 0 for 8 hours. A week is 5 of them. */
bool duration_parse(struct arena *arena, struct span expr, unsigned flags, uint32_t day_seconds,
    int64_t *seconds_r, struct refusal *refusal_r);

/* As when_prefix: the longest duration at the beginning of text, bytes taken or 0. */
size_t duration_prefix(struct arena *arena, struct span text, unsigned flags, uint32_t day_seconds,
    int64_t *seconds_r, struct refusal *refusal_r);

/* "6h 30m", "45m", "0m", "-1h"; at most 31 bytes and a terminator. For people. */
void duration_format(int64_t seconds, char out[32]);

#endif
