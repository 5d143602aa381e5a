/* SPDX-License-Identifier: ISC */
/* num: see num.h. */
#include "config.h"

#include "parsers/base/num.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
num_u64(struct span s, uint64_t max, uint64_t *value_r)
{
	uint64_t value = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		uint64_t digit;

		if (!is_digit(s.ptr[i]))
			return false;
		digit = (uint64_t)(s.ptr[i] - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (value > max)
		return false;
	*value_r = value;
	return true;
}

bool
num_u32(struct span s, uint32_t max, uint32_t *value_r)
{
	uint64_t value;

	if (!num_u64(s, max, &value))
		return false;
	*value_r = (uint32_t)value;
	return true;
}

bool
num_i64(struct span s, int64_t min, int64_t max, int64_t *value_r)
{
	bool negative = s.len > 0 && s.ptr[0] == '-';
	uint64_t magnitude;
	int64_t value;

	if (!num_u64(negative ? span_skip(s, 1) : s, INT64_MAX, &magnitude))
		return false;
	value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
	if (value < min || value > max)
		return false;
	*value_r = value;
	return true;
}

bool
num_take(struct span *rest, unsigned max_digits, uint32_t *value_r)
{
	unsigned n = 0;

	while (n < rest->len && n <= max_digits && is_digit(rest->ptr[n]))
		n++;
	if (n == 0 || n > max_digits || !num_u32(span_first(*rest, n), UINT32_MAX, value_r))
		return false;
	*rest = span_skip(*rest, n);
	return true;
}

int
num_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
