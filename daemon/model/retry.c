/* SPDX-License-Identifier: ISC */
/* retry: see retry.h. */
#include "config.h"

#include "daemon/model/retry.h"

int64_t
retry_delay(int64_t failures, uint32_t jitter)
{
	int64_t delay = RETRY_FIRST, fifth;

	for (int64_t i = 1; i < failures && delay < RETRY_LONGEST; i++)
		delay *= 2;
	if (delay > RETRY_LONGEST)
		delay = RETRY_LONGEST;
	fifth = delay / 5;
	return delay - fifth + (int64_t)(jitter % (uint32_t)(2 * fifth + 1));
}

bool
retry_is_over(int64_t since, int64_t now)
{
	return now - since >= RETRY_FAIL_AFTER;
}

bool
retry_wants_notice(int64_t since, int64_t previous, int64_t now)
{
	int64_t at = since + RETRY_NOTICE_AFTER;

	return now >= at && (previous == 0 || previous < at);
}
