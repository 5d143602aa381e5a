/* SPDX-License-Identifier: ISC */
/* transfer: see transfer.h. */
#include "config.h"

#include "parsers/transfer.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define CHUNK 3072
#define FOOTER_MAX 4096

/* Value of each base64 digit plus one; 0 for what is not one. */
static const unsigned char base64_value[256] = {
    ['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7, ['H'] = 8,
    ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15,
    ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22,
    ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29,
    ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
    ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42, ['q'] = 43,
    ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50,
    ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56, ['4'] = 57,
    ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64};

enum transfer
transfer_of(struct span name)
{
	static const struct {
		const char *name;
		enum transfer encoding;
	} table[] = {
	    {"base64", TRANSFER_BASE64},
	    {"quoted-printable", TRANSFER_QP},
	    {"x-uuencode", TRANSFER_UU},
	    {"x-uue", TRANSFER_UU},
	    {"uuencode", TRANSFER_UU},
	};

	name = span_trim(name);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (span_iis(name, table[i].name))
			return table[i].encoding;
	return TRANSFER_PLAIN;
}

/* Four digits in a row make three bytes: the way nearly all of the input goes. */
static size_t
base64_fast(const unsigned char *p, size_t len, unsigned char *out, size_t *in_r)
{
	size_t i = 0, n = 0;

	while (i + 4 <= len && n + 3 <= CHUNK) {
		unsigned a = base64_value[p[i]], b = base64_value[p[i + 1]];
		unsigned c = base64_value[p[i + 2]], d = base64_value[p[i + 3]];
		uint32_t word;

		if (a == 0 || b == 0 || c == 0 || d == 0)
			break;
		word = (a - 1) << 18 | (b - 1) << 12 | (c - 1) << 6 | (d - 1);
		out[n++] = (unsigned char)(word >> 16);
		out[n++] = (unsigned char)(word >> 8);
		out[n++] = (unsigned char)word;
		i += 4;
	}
	*in_r = i;
	return n;
}

void
transfer_base64(struct span in, struct buf *out)
{
	const unsigned char *p = (const unsigned char *)in.ptr;
	unsigned char chunk[CHUNK];
	uint32_t word = 0;
	unsigned digits = 0;
	size_t i = 0, taken, n;

	while (i < in.len) {
		if (digits == 0) {
			n = base64_fast(p + i, in.len - i, chunk, &taken);
			buf_put(out, chunk, n);
			i += taken;
			if (i >= in.len)
				break;
		}
		if (base64_value[p[i]] != 0) {
			word = word << 6 | (uint32_t)(base64_value[p[i]] - 1);
			if (++digits == 4) {
				chunk[0] = (unsigned char)(word >> 16);
				chunk[1] = (unsigned char)(word >> 8);
				chunk[2] = (unsigned char)word;
				buf_put(out, chunk, 3);
				digits = 0;
				word = 0;
			}
		} else if (p[i] == '=') {
			/* Padding ends a group; some senders join encoded pieces. */
			if (digits >= 2)
				buf_putc(out, (char)(word >> (digits == 2 ? 4 : 10)));
			if (digits == 3)
				buf_putc(out, (char)(word >> 2));
			digits = 0;
			word = 0;
		}
		i++;
	}
	if (digits >= 2)
		buf_putc(out, (char)(word >> (digits == 2 ? 4 : 10)));
	if (digits == 3)
		buf_putc(out, (char)(word >> 2));
}

static bool
is_base64_line(struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if (base64_value[(unsigned char)line.ptr[i]] == 0 && line.ptr[i] != '=')
			return false;
	return line.len > 0;
}

/* Lines of a text: at least one with a space or a rule in it, and none that is a full line of
 * base64. */
static bool
is_footer(struct span text)
{
	bool words = false;
	struct span line;

	if (text.len > FOOTER_MAX)
		return false;
	while (span_next_line(&text, &line)) {
		line = span_trim(line);
		if (line.len >= 60 && is_base64_line(line) && *line.ptr != '=')
			return false;
		words |= span_find_byte(line, ' ') < line.len || span_starts(line, SPAN("__")) ||
		    span_starts(line, SPAN("--"));
	}
	return words;
}

size_t
transfer_base64_end(struct span in)
{
	struct span rest = in, line;
	size_t end = in.len;
	bool data = false;

	while (span_next_line(&rest, &line)) {
		size_t at = (size_t)(line.ptr - in.ptr);

		line = span_trim(line);
		if (line.len == 0)
			continue;
		/* What follows the end of the data may look like data: a name, a rule. */
		if (data && end < in.len && is_footer(span_skip(in, at)))
			return at;
		if (!is_base64_line(line))
			return data && is_footer(span_skip(in, at)) ? at : in.len;
		data = true;
		end = line.ptr[line.len - 1] == '=' ? at + line.len : in.len;
	}
	return in.len;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "=XX" at the beginning of s. */
static bool
take_hex(struct span s, struct buf *out)
{
	int high, low;

	if (s.len < 3)
		return false;
	high = hex_value(s.ptr[1]);
	low = hex_value(s.ptr[2]);
	if (high < 0 || low < 0)
		return false;
	buf_putc(out, (char)(high << 4 | low));
	return true;
}

/* Length of a soft line break at the beginning of s: '=', white space, line end; 0 if none. */
static size_t
soft_break(struct span s)
{
	size_t i = 1;

	while (i < s.len && (s.ptr[i] == ' ' || s.ptr[i] == '\t'))
		i++;
	if (i < s.len && s.ptr[i] == '\r')
		i++;
	if (i < s.len && s.ptr[i] == '\n')
		return i + 1;
	return i == s.len ? i : 0;
}

void
transfer_qp(struct span in, struct buf *out)
{
	size_t n;

	while (in.len > 0) {
		n = span_find_byte(in, '=');
		buf_put(out, in.ptr, n);
		in = span_skip(in, n);
		if (in.len == 0)
			break;
		if (take_hex(in, out)) {
			n = 3;
		} else {
			n = soft_break(in);
			if (n == 0) {
				buf_putc(out, '=');
				n = 1;
			}
		}
		in = span_skip(in, n);
	}
}

void
transfer_q(struct span in, struct buf *out)
{
	while (in.len > 0) {
		if (*in.ptr == '=' && take_hex(in, out)) {
			in = span_skip(in, 3);
			continue;
		}
		buf_putc(out, *in.ptr == '_' ? ' ' : *in.ptr);
		in = span_skip(in, 1);
	}
}

static void
uu_line(struct span line, struct buf *out)
{
	size_t want = ((unsigned char)line.ptr[0] - 32u) & 63;

	line = span_skip(line, 1);
	for (size_t i = 0; i < want; i++) {
		size_t group = i / 3 * 4, at = group + i % 3;
		unsigned a, b, shift = 2 + 2 * (unsigned)(i % 3);

		if (at + 1 >= line.len)
			break;
		a = ((unsigned char)line.ptr[at] - 32u) & 63;
		b = ((unsigned char)line.ptr[at + 1] - 32u) & 63;
		buf_putc(out, (char)(a << shift | b >> (6 - shift)));
	}
}

void
transfer_uu(struct span in, struct buf *out)
{
	struct span line;
	bool inside = false;

	while (span_next_line(&in, &line)) {
		if (!inside) {
			inside = span_starts(line, SPAN("begin "));
			continue;
		}
		if (span_is(span_trim(line), "end"))
			return;
		if (line.len > 0)
			uu_line(line, out);
	}
}

void
transfer_decode(enum transfer encoding, struct span in, struct buf *out)
{
	switch (encoding) {
	case TRANSFER_PLAIN:
		buf_put_span(out, in);
		break;
	case TRANSFER_BASE64:
		transfer_base64(in, out);
		break;
	case TRANSFER_QP:
		transfer_qp(in, out);
		break;
	case TRANSFER_UU:
		transfer_uu(in, out);
		break;
	}
}
