/* SPDX-License-Identifier: ISC */
/* unit: what every cmocka program includes, in the order cmocka wants. */
#ifndef TD_UNIT_H
#define TD_UNIT_H

#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof *(a))

/* Skips the test; the summary at the end of contrib/check says why. */
#define skip_because(why)                                                                          \
	do {                                                                                       \
		print_message("skipped: %s\n", (why));                                             \
		skip();                                                                            \
	} while (0)

/* Such a test is run by contrib/check in a build without them (tests/rig/plain.py). */
#define NOT_SANITIZED "not in a build with sanitizers"

/* Fails with the row's name: for table-driven tests. */
#define row_assert(cond, row)                                                                      \
	do {                                                                                       \
		if (!(cond))                                                                       \
			fail_msg("%s: %s", (row), #cond);                                          \
	} while (0)

#endif
