/* SPDX-License-Identifier: ISC */
/* Tests of daemon/model/retry: back-off of mail that could not go. */
#include "tests/unit/unit.h"

#include "daemon/model/retry.h"

static void
test_delay(void **state)
{
	static const struct {
		int64_t failures, middle;
	} rows[] = {{1, 300}, {2, 600}, {3, 1200}, {4, 2400}, {5, 4000}, {6, 4000}, {1000, 4000},
	    {INT64_MAX, 4000}, {0, 300}, {-3, 300}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t low = INT64_MAX, high = 0, middle = rows[i].middle;

		for (uint32_t jitter = 0; jitter < 4000; jitter++) {
			int64_t delay = retry_delay(rows[i].failures, jitter);

			low = delay < low ? delay : low;
			high = delay > high ? delay : high;
		}
		assert_int_equal(low, middle - middle / 5);
		assert_int_equal(high, middle + middle / 5);
	}
	assert_in_range(retry_delay(5, UINT32_MAX), 3200, 4800);
}

/* A mail that always fails: one notice, past four hours; some 100 attempts; the end at 5 days. */
static void
test_whole_life(void **state)
{
	int64_t since = 1795000000, now = since, previous = 0, notice_at = 0;
	int attempts = 0, notices = 0;

	while (!retry_is_over(since, now)) {
		attempts++;
		if (retry_wants_notice(since, previous, now)) {
			notices++;
			notice_at = now;
		}
		previous = now;
		now += retry_delay(attempts, (uint32_t)attempts * 2654435761u);
	}
	assert_int_equal(notices, 1);
	assert_in_range(notice_at - since, 4 * 3600, 4 * 3600 + 4800);
	assert_in_range(attempts, 90, 140);
	assert_true(now - since >= 5 * 86400);
	assert_true(retry_is_over(10, 10 + 5 * 86400));
	assert_false(retry_is_over(10, 10 + 5 * 86400 - 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_delay), cmocka_unit_test(test_whole_life),
	};

	return cmocka_run_group_tests_name("retry", tests, NULL, NULL);
}
