/* SPDX-License-Identifier: ISC */
/*
 * num: numbers out of text, bounded. A number is ASCII digits only (a minus sign where the type
 * allows it), the whole span, within [min, max]; anything else is false and *value_r untouched.
 */
#ifndef TD_NUM_H
#define TD_NUM_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/span.h"

bool num_u64(struct span s, uint64_t max, uint64_t *value_r);
bool num_u32(struct span s, uint32_t max, uint32_t *value_r);
bool num_i64(struct span s, int64_t min, int64_t max, int64_t *value_r);
/* Takes up to max_digits digits off *rest; false when there is none or one more follows. */
bool num_take(struct span *rest, unsigned max_digits, uint32_t *value_r);
/* 0 to 15, or -1. */
int num_hex_digit(char c);

#endif
