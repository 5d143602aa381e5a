/* SPDX-License-Identifier: ISC */
/* charset_guess: see charset_guess.h. */
#include "config.h"

#include "parsers/charset_guess.h"

#include <stdbool.h>
#include <stddef.h>

#define LOOKED_AT 4096
#define HIGH_MIN 6 /* 8-bit bytes without which nothing is said */

struct counts {
	size_t high;          /* 8-bit bytes */
	size_t beside;        /* of these, next to another one */
	size_t upper_half;    /* 0xC0 to 0xFF: where Cyrillic letters are */
	size_t koi, win;      /* small letters of each Cyrillic charset */
};

static bool
is_high(struct span s, size_t i)
{
	return i < s.len && (unsigned char)s.ptr[i] >= 0x80;
}

static struct counts
count(struct span s)
{
	struct counts n = {0};

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c < 0x80)
			continue;
		n.high++;
		n.beside += is_high(s, i + 1) || (i > 0 && is_high(s, i - 1));
		n.upper_half += c >= 0xC0;
		n.koi += c >= 0xC0 && c < 0xE0;
		n.win += c >= 0xE0;
	}
	return n;
}

/* Two-byte characters from 0xA1A1: EUC-KR, EUC-JP and GB2312 are told apart by their rows. */
static const char *
guess_euc(struct span s)
{
	size_t pairs = 0, kana = 0, hangul = 0, hanzi = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char a = (unsigned char)s.ptr[i], b;

		if (a < 0x80)
			continue;
		if (!is_high(s, i + 1))
			return NULL;
		b = (unsigned char)s.ptr[++i];
		if (a < 0xA1 || b < 0xA1 || a == 0xFF || b == 0xFF)
			return NULL;
		pairs++;
		kana += a == 0xA4 || a == 0xA5;
		hangul += a >= 0xB0 && a <= 0xC8;
		hanzi += a >= 0xB0 && a <= 0xF7;
	}
	if (kana * 3 >= pairs)
		return "EUC-JP-MS";
	if (pairs >= 8 && hangul * 10 >= pairs * 9)
		return "UHC";
	return hanzi * 2 >= pairs ? "GB18030" : NULL;
}

/* Japanese has many kana: 0x82 and 0x83 in front. */
static const char *
guess_sjis(struct span s)
{
	size_t pairs = 0, kana = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char a = (unsigned char)s.ptr[i], b;

		if (a < 0x80 || (a >= 0xA1 && a <= 0xDF))
			continue;
		b = i + 1 < s.len ? (unsigned char)s.ptr[i + 1] : 0;
		if (a == 0x80 || a == 0xA0 || a > 0xFC || b < 0x40 || b == 0x7F || b > 0xFC)
			return NULL;
		i++;
		pairs++;
		kana += (a == 0x82 && b >= 0x9F) || (a == 0x83 && b <= 0x96);
	}
	return pairs >= 3 && kana * 3 >= pairs ? "CP932" : NULL;
}

/* Characters of two bytes, the second of which may be ASCII: GBK beyond GB2312. */
static const char *
guess_gbk(struct span s)
{
	size_t pairs = 0, common = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char a = (unsigned char)s.ptr[i], b;

		if (a < 0x80)
			continue;
		b = i + 1 < s.len ? (unsigned char)s.ptr[i + 1] : 0;
		if (a < 0x81 || a == 0xFF || b < 0x40 || b == 0x7F || b == 0xFF)
			return NULL;
		i++;
		pairs++;
		common += a >= 0xB0 && a <= 0xD7 && b >= 0xA1;
	}
	return pairs >= 4 && common * 2 >= pairs ? "GB18030" : NULL;
}

const char *
charset_guess(struct span bytes)
{
	struct span s = span_first(bytes, LOOKED_AT);
	struct counts n = count(s);
	const char *name;

	/* Not in the middle of a character. */
	while (s.len > 0 && s.len < bytes.len && is_high(s, s.len - 1))
		s.len--;
	if (n.high < HIGH_MIN)
		return NULL;
	name = guess_sjis(s);
	if (name != NULL)
		return name;
	if (n.beside * 10 < n.high * 8)
		return NULL;
	if (n.upper_half * 100 >= n.high * 93) {
		if (n.win > 2 * n.koi)
			return "CP1251";
		if (n.koi > 2 * n.win)
			return "KOI8-R";
	}
	name = guess_euc(s);
	return name != NULL ? name : guess_gbk(s);
}
