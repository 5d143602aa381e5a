/* SPDX-License-Identifier: ISC */
/* clock: see clock.h. Single-threaded use for setting; reading is safe from any thread. */
#include "config.h"

#include "daemon/clock.h"

#include <stdatomic.h>
#include <time.h>

static atomic_bool is_test;
static atomic_bool is_frozen;
static _Atomic int64_t test_base;    /* wall time that was set */
static _Atomic int64_t test_mono_ms; /* monotonic time when it was set */

int64_t
clock_monotonic_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_now(void)
{
	struct timespec ts;

	if (is_test) {
		int64_t gone = is_frozen ? 0 : (clock_monotonic_ms() - test_mono_ms) / 1000;

		return test_base + gone;
	}
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec;
}

void
clock_test_set(int64_t now, bool frozen)
{
	test_base = now;
	test_mono_ms = clock_monotonic_ms();
	is_frozen = frozen;
	is_test = true;
}

bool
clock_is_test(void)
{
	return is_test;
}

bool
clock_is_frozen(void)
{
	return is_test && is_frozen;
}
