/* SPDX-License-Identifier: ISC */
/*
 * utf7: both directions work one character at a time over a span and append to a buf. Bits of a
 * base64 run are kept in one small register; a run ends before the next printable ASCII
 * character or at the end of the name.
 */
#include "config.h"

#include "daemon/fetch/utf7.h"

#include <stdint.h>
#include <string.h>
#include <unistr.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

struct bits {
	uint32_t value;
	unsigned count;
	bool open; /* within "&...-" */
};

static bool
is_printable(uint32_t c)
{
	return c >= 0x20 && c <= 0x7e;
}

static void
put_unit(struct buf *out, struct bits *bits, uint16_t unit)
{
	if (!bits->open) {
		buf_putc(out, '&');
		*bits = (struct bits){.open = true};
	}
	bits->value = bits->value << 16 | unit;
	bits->count += 16;
	while (bits->count >= 6) {
		bits->count -= 6;
		buf_putc(out, alphabet[bits->value >> bits->count & 0x3f]);
	}
	bits->value &= (1u << bits->count) - 1;
}

static void
end_run(struct buf *out, struct bits *bits)
{
	if (!bits->open)
		return;
	if (bits->count > 0)
		buf_putc(out, alphabet[bits->value << (6 - bits->count) & 0x3f]);
	buf_putc(out, '-');
	bits->open = false;
}

static void
put_char(struct buf *out, struct bits *bits, ucs4_t c)
{
	if (is_printable(c)) {
		end_run(out, bits);
		buf_putc(out, (char)c);
		if (c == '&')
			buf_putc(out, '-');
	} else if (c < 0x10000) {
		put_unit(out, bits, (uint16_t)c);
	} else {
		put_unit(out, bits, (uint16_t)(0xd800 + ((c - 0x10000) >> 10)));
		put_unit(out, bits, (uint16_t)(0xdc00 + ((c - 0x10000) & 0x3ff)));
	}
}

enum td_status
utf7_encode(struct buf *out, struct span utf8, struct err *err)
{
	struct bits bits = {0};

	while (utf8.len > 0) {
		ucs4_t c;
		int n = u8_mbtoucr(&c, (const uint8_t *)utf8.ptr, utf8.len);

		if (n <= 0)
			return err_perm(err, "folder name is not UTF-8");
		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return err_perm(err, "folder name holds a control character");
		put_char(out, &bits, c);
		utf8 = span_skip(utf8, (size_t)n);
	}
	end_run(out, &bits);
	return TD_OK;
}

/* --- the other way --- */

struct decoder {
	struct buf *out;
	struct bits bits;
	uint16_t high; /* first half of a pair that waits for its second, or 0 */
};

static bool
put_utf8(struct buf *out, ucs4_t c)
{
	uint8_t bytes[6];
	int n = u8_uctomb(bytes, c, sizeof bytes);

	if (n <= 0)
		return false;
	buf_put(out, bytes, (size_t)n);
	return true;
}

static bool
take_unit(struct decoder *d, uint16_t unit)
{
	uint16_t high = d->high;

	d->high = 0;
	if (unit >= 0xd800 && unit < 0xdc00) {
		d->high = unit;
		return high == 0;
	}
	if (unit >= 0xdc00 && unit < 0xe000)
		return high != 0 && put_utf8(d->out,
		    0x10000 + ((ucs4_t)(high - 0xd800) << 10) + (unit - 0xdc00u));
	return high == 0 && !is_printable(unit) && unit >= 0x20 && put_utf8(d->out, unit);
}

/* Takes one base64 character; gives false when it, or the unit it completes, may not stand. */
static bool
take_base64(struct decoder *d, char c)
{
	const char *at = c == '\0' ? NULL : strchr(alphabet, c);
	uint32_t unit;

	if (at == NULL)
		return false;
	d->bits.value = d->bits.value << 6 | (uint32_t)(at - alphabet);
	d->bits.count += 6;
	if (d->bits.count < 16)
		return true;
	d->bits.count -= 16;
	unit = d->bits.value >> d->bits.count & 0xffff;
	d->bits.value &= (1u << d->bits.count) - 1;
	return take_unit(d, (uint16_t)unit);
}

/* Takes a run after its "&" up to its "-"; *rest then begins after it. */
static bool
take_run(struct decoder *d, struct span *rest)
{
	size_t end = span_find_byte(*rest, '-');

	if (end == rest->len)
		return false;
	if (end == 0) {
		buf_putc(d->out, '&');
	} else {
		d->bits = (struct bits){0};
		for (size_t i = 0; i < end; i++)
			if (!take_base64(d, rest->ptr[i]))
				return false;
		if (d->high != 0 || d->bits.value != 0 || d->bits.count >= 6)
			return false;
	}
	*rest = span_skip(*rest, end + 1);
	return true;
}

enum td_status
utf7_decode(struct buf *out, struct span name, struct err *err)
{
	struct decoder d = {.out = out};

	while (name.len > 0) {
		char c = name.ptr[0];

		name = span_skip(name, 1);
		if (c == '&' ? !take_run(&d, &name) : !is_printable((unsigned char)c))
			return err_perm(err, "folder name is not modified UTF-7");
		if (c != '&')
			buf_putc(out, c);
	}
	return TD_OK;
}
