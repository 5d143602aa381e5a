/* SPDX-License-Identifier: ISC */
/*
 * clock: the one place that asks what time it is. Code that decides by the hour takes `now` as
 * a parameter; who calls it takes it from here. Under a test clock (tidingsd --test-clock, tests)
 * wall time is what was last set plus the time that has really gone by since, unless it was
 * frozen. Time-outs and deadlines use the monotonic clock, which no test moves.
 */
#ifndef TD_CLOCK_H
#define TD_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

int64_t clock_now(void);          /* wall clock, UTC seconds */
int64_t clock_monotonic_ms(void); /* for deadlines; never moved, never goes back */

void clock_test_set(int64_t now, bool frozen); /* from here on the clock is a test clock */
bool clock_is_test(void);
bool clock_is_frozen(void); /* a test clock that stands still */

#endif
