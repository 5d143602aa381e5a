/* SPDX-License-Identifier: ISC */
/* base32: see base32.h. */
#include "config.h"

#include "parsers/base/base32.h"

void
base32_write(const uint8_t *bytes, size_t n, char *text_r)
{
	static const char abc[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint32_t bits = 0;
	unsigned have = 0;

	for (size_t i = 0; i < n; i++) {
		bits = (bits & 0xff) << 8 | bytes[i];
		for (have += 8; have >= 5; have -= 5)
			*text_r++ = abc[bits >> (have - 5) & 31];
	}
	if (have > 0)
		*text_r++ = abc[bits << (5 - have) & 31];
	*text_r = '\0';
}

/* -1: no letter of the alphabet. */
static int
value_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

bool
base32_read(struct span text, uint8_t *bytes_r, size_t max, size_t *n_r)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t n = 0;

	if (text.len != BASE32_LEN(text.len * 5 / 8) || text.len * 5 / 8 > max)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int value = value_of(text.ptr[i]);

		if (value < 0)
			return false;
		bits = (bits & 0xff) << 5 | (uint32_t)value;
		have += 5;
		if (have >= 8) {
			have -= 8;
			bytes_r[n++] = (uint8_t)(bits >> have);
		}
	}
	if ((bits & ((1u << have) - 1)) != 0)
		return false;
	*n_r = n;
	return true;
}
