/* SPDX-License-Identifier: ISC */
/* mailenc: see mailenc.h. */
#include "config.h"

#include "daemon/compose/mailenc.h"

#include <stdint.h>
#include <string.h>
#include <unistr.h>

#define LINE_MAX_QP 76
#define WORD_MAX 75
#define WORD_FRAME 12 /* =?UTF-8?Q? and ?= */

size_t
mailenc_char(struct span s)
{
	ucs4_t c;
	int n = s.len == 0 ? -1 : u8_mbtoucr(&c, (const uint8_t *)s.ptr, s.len);

	return n > 0 ? (size_t)n : 0;
}

/* U+0080 to U+009F: some readers take them for line ends. */
static bool
is_c1(struct span character)
{
	return character.len == 2 && (unsigned char)character.ptr[0] == 0xc2 &&
	    (unsigned char)character.ptr[1] < 0xa0;
}

static bool
is_control(unsigned char c)
{
	return (c < 0x20 && c != '\t') || c == 0x7f;
}

/* One line without its end; controls vanish, what is not UTF-8 becomes U+FFFD. */
static void
put_line(struct buf *out, struct span line)
{
	while (line.len > 0) {
		size_t n = mailenc_char(line);
		struct span character = span_first(line, n > 0 ? n : 1);

		if (n == 0)
			buf_puts(out, "\xef\xbf\xbd");
		else if (!is_control((unsigned char)character.ptr[0]) && !is_c1(character))
			buf_put_span(out, character);
		line = span_skip(line, character.len);
	}
}

struct span
mailenc_text(struct arena *arena, struct span text)
{
	struct buf out;
	struct span s;
	size_t start = 0;

	buf_init(&out, 3 * text.len + 2);
	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.ptr[i] != '\n' && text.ptr[i] != '\r')
			continue;
		if (i == text.len && i == start)
			break;
		put_line(&out, (struct span){text.ptr + start, i - start});
		buf_puts(&out, "\r\n");
		if (i + 1 < text.len && text.ptr[i] == '\r' && text.ptr[i + 1] == '\n')
			i++;
		start = i + 1;
	}
	s = (struct span){arena_span(arena, buf_span(&out)), out.len};
	buf_release(&out);
	return s;
}

static void
put_hex(char out[3], unsigned char c)
{
	static const char hex[] = "0123456789ABCDEF";

	out[0] = '=';
	out[1] = hex[c >> 4];
	out[2] = hex[c & 15];
}

/* Whether the first octet of line must be encoded: what a mail transport could take for its own. */
static bool
is_fragile_start(struct span line)
{
	return span_starts(line, SPAN(".")) || span_starts(line, SPAN("From "));
}

/* The encoded form of one character of a line, at most 12 octets. */
static size_t
qp_char(char out[12], struct span character, bool first_or_last)
{
	unsigned char c = (unsigned char)character.ptr[0];

	if (character.len == 1 && c != '=' && c < 0x7f && (c >= 0x20 || c == '\t') &&
	    !first_or_last) {
		out[0] = (char)c;
		return 1;
	}
	for (size_t i = 0; i < character.len; i++)
		put_hex(out + 3 * i, (unsigned char)character.ptr[i]);
	return 3 * character.len;
}

static void
qp_line(struct buf *out, struct span line)
{
	bool fragile = is_fragile_start(line);
	size_t column = 0;

	while (line.len > 0) {
		size_t n = mailenc_char(line), len;
		struct span character = span_first(line, n > 0 ? n : 1);
		bool blank = character.ptr[0] == ' ' || character.ptr[0] == '\t';
		bool last = line.len == character.len;
		char enc[12];

		len = qp_char(enc, character, fragile || (last && blank));
		if (column + len > LINE_MAX_QP - (last ? 0 : 1)) {
			buf_puts(out, "=\r\n");
			column = 0;
			if (is_fragile_start(line))
				len = qp_char(enc, character, true);
		}
		buf_put(out, enc, len);
		column += len;
		fragile = false;
		line = span_skip(line, character.len);
	}
}

void
mailenc_qp(struct buf *out, struct span text)
{
	struct span line;

	while (span_next_line(&text, &line)) {
		qp_line(out, line);
		buf_puts(out, "\r\n");
	}
}

/* Up to three octets as four. */
static void
base64_group(char out[4], struct span in)
{
	static const char abc[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char b[3] = {0, 0, 0};

	memcpy(b, in.ptr, in.len < 3 ? in.len : 3);
	out[0] = abc[b[0] >> 2];
	out[1] = abc[(b[0] & 3) << 4 | b[1] >> 4];
	out[2] = in.len > 1 ? abc[(b[1] & 15) << 2 | b[2] >> 6] : '=';
	out[3] = in.len > 2 ? abc[b[2] & 63] : '=';
}

static void
base64_run(struct buf *out, struct span bytes)
{
	while (bytes.len > 0) {
		char group[4];

		base64_group(group, bytes);
		buf_put(out, group, 4);
		bytes = span_skip(bytes, bytes.len < 3 ? bytes.len : 3);
	}
}

void
mailenc_base64(struct buf *out, struct span bytes)
{
	while (bytes.len > 0) {
		struct span line = span_first(bytes, bytes.len < 57 ? bytes.len : 57);

		base64_run(out, line);
		buf_puts(out, "\r\n");
		bytes = span_skip(bytes, line.len);
	}
}

/* RFC 2047 section 5 (3): what may stand for itself in a word of a phrase. */
static bool
is_word_char(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c != '\0' && strchr("!*+-/", c) != NULL);
}

static size_t
q_length(struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] == ' ' || is_word_char((unsigned char)s.ptr[i]) ? 1 : 3;
	return n;
}

static void
put_word(struct buf *out, struct span s, bool q)
{
	buf_puts(out, q ? "=?UTF-8?Q?" : "=?UTF-8?B?");
	if (!q) {
		base64_run(out, s);
	} else {
		for (size_t i = 0; i < s.len; i++) {
			unsigned char c = (unsigned char)s.ptr[i];
			char enc[3];

			put_hex(enc, c);
			if (c == ' ')
				buf_putc(out, '_');
			else if (is_word_char(c))
				buf_putc(out, (char)c);
			else
				buf_put(out, enc, 3);
		}
	}
	buf_puts(out, "?=");
}

/*
 * How much of s goes into a word of `room` octets: whole characters. A base64 word that others
 * follow ends without padding where that can be: some readers join the words before they decode.
 */
static size_t
word_take(struct span s, bool q, size_t room)
{
	size_t taken = 0, unpadded = 0;

	while (taken < s.len) {
		size_t n = mailenc_char(span_skip(s, taken));
		size_t next = taken + (n > 0 ? n : 1);
		struct span word = span_first(s, next);
		size_t len = q ? q_length(word) : (word.len + 2) / 3 * 4;

		if (len + WORD_FRAME > room)
			break;
		taken = next;
		if (taken % 3 == 0)
			unpadded = taken;
	}
	return q || taken == s.len || unpadded == 0 ? taken : unpadded;
}

void
mailenc_words(struct buf *out, struct span text, size_t column)
{
	bool q = q_length(text) <= (text.len + 2) / 3 * 4;
	bool first = true;

	while (text.len > 0) {
		size_t room = column < WORD_MAX ? WORD_MAX + 1 - column : 0;
		size_t taken = word_take(text, q, room < WORD_MAX ? room : WORD_MAX);

		if (taken == 0 || !first) {
			buf_puts(out, "\r\n ");
			column = 1;
			taken = word_take(text, q, WORD_MAX);
		}
		put_word(out, span_first(text, taken), q);
		text = span_skip(text, taken);
		first = false;
	}
}
