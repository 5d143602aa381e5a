/* SPDX-License-Identifier: ISC */
/*
 * utf8: see utf8.h. Decoding is our own (it must give U+FFFD per maximal part and be fast on
 * ASCII); case, normal forms and widths are libunistring's.
 */
#include "config.h"

#include "parsers/base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

#define REPLACEMENT "\xEF\xBF\xBD"
#define REPLACEMENT_CP 0xFFFDu
#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Number of leading bytes of s that are ASCII. */
static size_t
ascii_run(struct span s)
{
	size_t i = 0;
	uint64_t word;

	for (; i + sizeof word <= s.len; i += sizeof word) {
		memcpy(&word, s.ptr + i, sizeof word);
		if ((word & HIGH_BITS) != 0)
			break;
	}
	while (i < s.len && (unsigned char)s.ptr[i] < 0x80)
		i++;
	return i;
}

bool
utf8_ascii(struct span s)
{
	return ascii_run(s) == s.len;
}

/* What may follow a lead byte: length of the sequence and the range of its second byte. */
static size_t
lead(unsigned char c, unsigned char *low_r, unsigned char *high_r)
{
	*low_r = 0x80;
	*high_r = 0xBF;
	if (c >= 0xC2 && c <= 0xDF)
		return 2;
	if (c >= 0xE0 && c <= 0xEF) {
		if (c == 0xE0)
			*low_r = 0xA0;
		if (c == 0xED)
			*high_r = 0x9F;
		return 3;
	}
	if (c >= 0xF0 && c <= 0xF4) {
		if (c == 0xF0)
			*low_r = 0x90;
		if (c == 0xF4)
			*high_r = 0x8F;
		return 4;
	}
	return 0;
}

size_t
utf8_next(struct span s, uint32_t *cp_r, bool *valid_r)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	unsigned char low, high;
	uint32_t cp = p[0];
	size_t need, i;

	*valid_r = true;
	*cp_r = cp;
	if (cp < 0x80)
		return 1;
	need = lead(p[0], &low, &high);
	cp &= need == 2 ? 0x1F : need == 3 ? 0x0F : 0x07;
	for (i = 1; i < need && i < s.len && p[i] >= low && p[i] <= high; i++) {
		cp = cp << 6 | (p[i] & 0x3F);
		low = 0x80;
		high = 0xBF;
	}
	if (need == 0 || i < need) {
		*valid_r = false;
		cp = 0xFFFD;
	}
	*cp_r = cp;
	return i;
}

size_t
utf8_put(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

bool
utf8_valid(struct span s)
{
	uint32_t cp;
	bool valid;

	for (;;) {
		s = span_skip(s, ascii_run(s));
		if (s.len == 0)
			return true;
		s = span_skip(s, utf8_next(s, &cp, &valid));
		if (!valid)
			return false;
	}
}

static bool
is_break(uint32_t cp)
{
	return cp == '\r' || cp == '\n' || cp == 0x2028 || cp == 0x2029;
}

/* Variation selectors: a character of text or an emoji, another form of an ideograph. */
static bool
is_selector(uint32_t cp)
{
	return (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xE0100 && cp <= 0xE01EF);
}

/* Letters, marks and emoji of scripts whose spelling has need of joiners: not punctuation. */
static bool
may_join(uint32_t last)
{
	return last >= 0x600 && (last < 0x2000 || last > 0x206F) &&
	    (last < 0x3000 || last > 0x303F) && (last < 0xFF00 || last > 0xFFEF);
}

/* Invisible, but part of the character before it. last: that character, 0 at the beginning. */
static bool
belongs(uint32_t cp, uint32_t last)
{
	if (cp == 0x200C || cp == 0x200D)
		return may_join(last);
	if (is_selector(cp))
		return !is_selector(last) &&
		    (last >= 0xA9 || (last >= '0' && last <= '9') || last == '#' || last == '*');
	/* old Hangul, Mongolian */
	return cp == 0x115F || cp == 0x1160 || (cp >= 0x180B && cp <= 0x180F && cp != 0x180E);
}

/* Characters that never get through, whatever the kind of text; last: what stands before. */
static bool
is_forbidden(uint32_t cp, uint32_t last)
{
	if (cp < 0x20)
		return cp != '\t' && !is_break(cp);
	if (cp < 0x7F)
		return false;
	if (cp <= 0x9F || (cp >= 0xFFF9 && cp <= 0xFFFB) || (cp & 0xFFFE) == 0xFFFE ||
	    (cp >= 0xFDD0 && cp <= 0xFDEF))
		return true;
	return uc_is_property_default_ignorable_code_point(cp) && !belongs(cp, last);
}

/* Number of leading bytes that are printable ASCII: the part that needs no look. */
static size_t
plain_run(struct span s)
{
	size_t i = 0;

	while (i < s.len && (unsigned char)s.ptr[i] >= 0x20 && (unsigned char)s.ptr[i] < 0x7F)
		i++;
	return i;
}

/* last: the character in front of s. */
static bool
is_clean(struct span s, enum utf8_lines lines, uint32_t last)
{
	uint32_t cp;
	bool valid;
	size_t n;

	for (;;) {
		n = plain_run(s);
		if (n > 0)
			last = (unsigned char)s.ptr[n - 1];
		s = span_skip(s, n);
		if (s.len == 0)
			return true;
		s = span_skip(s, utf8_next(s, &cp, &valid));
		if (!(lines == UTF8_LINES && (cp == '\n' || cp == '\t')) &&
		    (!valid || cp == '\t' || is_break(cp) || is_forbidden(cp, last)))
			return false;
		last = cp;
	}
}

bool
utf8_clean(struct span s, enum utf8_lines lines)
{
	/* A piece of clean text is clean, wherever it begins. */
	return is_clean(s, lines, REPLACEMENT_CP);
}

/* Length of one line break at the beginning of s: CR LF is one. */
static size_t
break_len(struct span s, size_t len)
{
	return s.len > 1 && s.ptr[0] == '\r' && s.ptr[1] == '\n' ? 2 : len;
}

/* On one line a break and the white space around it are a single space. */
static struct span
put_space(struct span s, struct buf *out)
{
	while (out->len > 0 && out->ptr[out->len - 1] == ' ')
		buf_truncate(out, out->len - 1);
	buf_putc(out, ' ');
	while (s.len > 0 && (*s.ptr == ' ' || *s.ptr == '\t' || *s.ptr == '\r' || *s.ptr == '\n'))
		s = span_skip(s, 1);
	return s;
}

void
utf8_scrub(struct span s, enum utf8_lines lines, struct buf *out)
{
	uint32_t cp, last = 0;
	bool valid;
	size_t n;

	while (s.len > 0 && !out->over) {
		n = plain_run(s);
		buf_put(out, s.ptr, n);
		if (n > 0)
			last = (unsigned char)s.ptr[n - 1];
		s = span_skip(s, n);
		if (s.len == 0)
			break;
		n = utf8_next(s, &cp, &valid);
		if (!valid) {
			buf_puts(out, REPLACEMENT);
			last = cp;
		} else if (is_break(cp)) {
			n = break_len(s, n);
			last = ' ';
			if (lines == UTF8_LINE) {
				s = put_space(span_skip(s, n), out);
				continue;
			}
			buf_putc(out, '\n');
		} else if (cp == '\t') {
			buf_putc(out, lines == UTF8_LINE ? ' ' : '\t');
			last = ' ';
		} else if (!is_forbidden(cp, last)) {
			buf_put(out, s.ptr, n);
			last = cp;
		}
		s = span_skip(s, n);
	}
}

struct span
utf8_cut(struct span s, size_t max)
{
	size_t n = max;

	if (s.len <= max)
		return s;
	while (n > 0 && ((unsigned char)s.ptr[n] & 0xC0) == 0x80)
		n--;
	return span_first(s, n);
}

static char *
scrubbed(struct arena *arena, struct span s, enum utf8_lines lines, size_t max)
{
	struct buf out;
	char *copy;

	if (s.len > max && s.len - max > 3 * max)
		s = span_first(s, 4 * max + 4);
	/* Cleaning triples at most: one bad byte becomes three. */
	buf_init(&out, s.len * 3 + 1);
	utf8_scrub(s, lines, &out);
	s = buf_span(&out);
	if (lines == UTF8_LINE)
		s = span_trim(s);
	copy = arena_span(arena, utf8_cut(s, max));
	buf_release(&out);
	return copy;
}

char *
utf8_line(struct arena *arena, struct span s, size_t max)
{
	if (s.len <= max && is_clean(s, UTF8_LINE, 0))
		return arena_span(arena, span_trim(s));
	return scrubbed(arena, s, UTF8_LINE, max);
}

char *
utf8_text(struct arena *arena, struct span s, size_t max)
{
	if (s.len <= max && is_clean(s, UTF8_LINES, 0))
		return arena_span(arena, s);
	return scrubbed(arena, s, UTF8_LINES, max);
}

/*
 * Folds the characters that most mail is made of, one by one: those that change neither their
 * number nor compose with a neighbour. 0 where the whole table is needed.
 */
static uint32_t
fold_simple(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 'A' && cp <= 'Z' ? cp | 0x20 : cp;
	if (cp < 0x180)
		return cp == 0xB5 || cp == 0xDF || cp == 0x130 || cp == 0x149 || cp == 0x17F
		    ? 0
		    : (uint32_t)uc_tolower(cp);
	if (cp >= 0x386 && cp < 0x3CF && cp != 0x387 && cp != 0x390 && cp != 0x3B0)
		return cp == 0x3C2 ? 0x3C3 : (uint32_t)uc_tolower(cp); /* final sigma */
	if (cp >= 0x400 && cp < 0x482)
		return (uint32_t)uc_tolower(cp);
	if ((cp >= 0x2010 && cp < 0x2060) || (cp >= 0x20A0 && cp < 0x20C0) ||
	    (cp >= 0x2190 && cp < 0x2200) || (cp >= 0x2500 && cp < 0x2ADC) ||
	    (cp >= 0x3000 && cp < 0x3099) || (cp >= 0x309B && cp < 0x3100) ||
	    (cp >= 0x4E00 && cp < 0xA000) ||
	    (cp >= 0x1F300 && cp < 0x1FB00))
		return cp;
	return 0;
}

/* NULL where a character needs more than fold_simple. */
static char *
fold_fast(struct arena *arena, struct span s)
{
	/* No simple folding is longer than the character itself. */
	char *copy = arena_alloc(arena, s.len + 4), *to = copy;
	uint32_t cp;
	bool valid;

	while (s.len > 0) {
		s = span_skip(s, utf8_next(s, &cp, &valid));
		cp = fold_simple(cp);
		if (cp == 0)
			return NULL;
		to += utf8_put(cp, to);
	}
	return copy;
}

char *
utf8_fold(struct arena *arena, struct span s)
{
	uint8_t *folded;
	size_t len = 0;
	char *copy = fold_fast(arena, s);

	if (copy != NULL)
		return copy;
	folded = u8_casefold((const uint8_t *)s.ptr, s.len, NULL, UNINORM_NFC, NULL, &len);
	if (folded == NULL)
		return arena_span(arena, s);
	copy = arena_strndup(arena, (const char *)folded, len);
	free(folded);
	return copy;
}

char *
utf8_nfc(struct arena *arena, struct span s)
{
	uint8_t *normal;
	size_t len = 0;
	char *copy;

	if (utf8_ascii(s))
		return arena_span(arena, s);
	normal = u8_normalize(UNINORM_NFC, (const uint8_t *)s.ptr, s.len, NULL, &len);
	if (normal == NULL)
		return arena_span(arena, s);
	copy = arena_strndup(arena, (const char *)normal, len);
	free(normal);
	return copy;
}

size_t
utf8_width(struct span s)
{
	int width = u8_width((const uint8_t *)s.ptr, s.len, "UTF-8");

	return width > 0 ? (size_t)width : 0;
}
