/* SPDX-License-Identifier: ISC */
/*
 * retry: when a mail that could not go is tried again (RFC 5321, 4.5.4.1), as plain arithmetic:
 * 300 s, 600 s, 1200 s, 2400 s, then 4000 s each time, spread by 20 % either way; the operator
 * hears of it after 4 hours; after 5 days it has failed.
 */
#ifndef TD_MODEL_RETRY_H
#define TD_MODEL_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#define RETRY_FIRST 300             /* seconds */
#define RETRY_LONGEST 4000
#define RETRY_NOTICE_AFTER (4 * 3600)
#define RETRY_FAIL_AFTER (5 * 86400)

/* Seconds from the attempt that has just failed to the next; failures counts it (1 is the
 * first). jitter: any random number. */
int64_t retry_delay(int64_t failures, uint32_t jitter);

/* The mail has had its five days: give up. since: its first attempt. */
bool retry_is_over(int64_t since, int64_t now);

/* Exactly one failed attempt of a mail gives true: the first at or past the four hours. previous:
 * when the failed attempt before was, 0 for none. */
bool retry_wants_notice(int64_t since, int64_t previous, int64_t now);

#endif
