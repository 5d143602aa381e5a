/* SPDX-License-Identifier: ISC */
/* charset: see charset.h. iconv does the tables; windows-1252 is our own, being the last resort. */
#include "config.h"

#include "parsers/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "parsers/base/buf.h"
#include "parsers/base/utf8.h"
#include "parsers/charset_guess.h"

#define LABEL_MAX 63
#define HZ "HZ" /* which iconv does not have */

enum charset_kind {
	KIND_UTF8,
	KIND_LATIN, /* ASCII, ISO 8859-1 and windows-1252, and whatever is unknown */
	KIND_BYTE,  /* by iconv; valid UTF-8 is not this */
	KIND_CJK,   /* by iconv; a short text may happen to be valid UTF-8 */
	KIND_SEVEN, /* by iconv; looks like ASCII */
	KIND_WIDE,  /* by iconv; UTF-16 and UTF-32 */
};

struct alias {
	const char *label; /* lower case; a '*' at the end stands for any rest */
	const char *iconv; /* NULL: the label itself */
	enum charset_kind kind;
};

static const struct alias aliases[] = {
    {"utf-8*", NULL, KIND_UTF8}, {"utf8*", NULL, KIND_UTF8}, {"x-utf-8", NULL, KIND_UTF8},
    {"unicode-1-1-utf-8", NULL, KIND_UTF8},
    {"us-ascii", NULL, KIND_LATIN}, {"ascii", NULL, KIND_LATIN},
    {"ansi_x3*", NULL, KIND_LATIN}, {"iso-8859-1", NULL, KIND_LATIN},
    {"iso8859-1", NULL, KIND_LATIN}, {"iso_8859-1*", NULL, KIND_LATIN},
    {"latin1", NULL, KIND_LATIN}, {"latin-1", NULL, KIND_LATIN},
    {"windows-1252", NULL, KIND_LATIN}, {"cp1252", NULL, KIND_LATIN},
    {"x-cp1252", NULL, KIND_LATIN}, {"unknown*", NULL, KIND_LATIN},
    {"x-unknown*", NULL, KIND_LATIN}, {"default*", NULL, KIND_LATIN},
    {"x-user-defined", NULL, KIND_LATIN}, {"binary", NULL, KIND_LATIN},
    {"8bit", NULL, KIND_LATIN}, {"7bit", NULL, KIND_LATIN}, {"none", NULL, KIND_LATIN},
    {"hz-gb-2312", HZ, KIND_SEVEN}, {"hz-gb2312", HZ, KIND_SEVEN}, {"hz", HZ, KIND_SEVEN},
    {"utf-7", "UTF-7", KIND_SEVEN}, {"unicode-1-1-utf-7", "UTF-7", KIND_SEVEN},
    {"iso-2022-jp*", "ISO-2022-JP-2", KIND_SEVEN}, {"csiso2022jp", "ISO-2022-JP-2", KIND_SEVEN},
    {"iso-2022-kr", "ISO-2022-KR", KIND_SEVEN}, {"iso-2022-cn*", "ISO-2022-CN-EXT", KIND_SEVEN},
    {"utf-16*", NULL, KIND_WIDE}, {"utf-32*", NULL, KIND_WIDE}, {"ucs-2", "UTF-16", KIND_WIDE},
    {"unicode", "UTF-16", KIND_WIDE}, {"iso-10646-ucs-2", "UTF-16", KIND_WIDE},
    {"ks_c_5601*", "UHC", KIND_CJK}, {"korean", "UHC", KIND_CJK}, {"euc-kr", "UHC", KIND_CJK},
    {"euc_kr", "UHC", KIND_CJK}, {"ks_c-5601*", "UHC", KIND_CJK}, {"ms949", "UHC", KIND_CJK},
    {"windows-949", "UHC", KIND_CJK}, {"cp949", "UHC", KIND_CJK}, {"johab", NULL, KIND_CJK},
    {"x-windows-949", "UHC", KIND_CJK},
    {"gb2312*", "GB18030", KIND_CJK}, {"gbk", "GB18030", KIND_CJK},
    {"gb_2312*", "GB18030", KIND_CJK}, {"x-gbk", "GB18030", KIND_CJK},
    {"gb18030", "GB18030", KIND_CJK}, {"chinese", "GB18030", KIND_CJK},
    {"euc-cn", "GB18030", KIND_CJK}, {"eucgb2312_cn", "GB18030", KIND_CJK},
    {"cp936", "GB18030", KIND_CJK}, {"windows-936", "GB18030", KIND_CJK},
    {"ms936", "GB18030", KIND_CJK}, {"cn-gb", "GB18030", KIND_CJK},
    {"big5*", "BIG5-HKSCS", KIND_CJK}, {"x-big5", "BIG5-HKSCS", KIND_CJK},
    {"cn-big5", "BIG5-HKSCS", KIND_CJK}, {"cp950", "BIG5", KIND_CJK},
    {"windows-950", "BIG5", KIND_CJK}, {"euc-tw", NULL, KIND_CJK},
    {"shift_jis*", "CP932", KIND_CJK}, {"shift-jis*", "CP932", KIND_CJK},
    {"sjis", "CP932", KIND_CJK}, {"x-sjis", "CP932", KIND_CJK},
    {"ms_kanji", "CP932", KIND_CJK}, {"windows-31j", "CP932", KIND_CJK},
    {"cp932", "CP932", KIND_CJK}, {"ms932", "CP932", KIND_CJK},
    {"euc-jp*", "EUC-JP-MS", KIND_CJK}, {"x-euc-jp", "EUC-JP-MS", KIND_CJK},
    {"iso-8859-8-i", "ISO-8859-8", KIND_BYTE}, {"iso-8859-8-e", "ISO-8859-8", KIND_BYTE},
    {"iso-8859-6-i", "ISO-8859-6", KIND_BYTE}, {"logical", "ISO-8859-8", KIND_BYTE},
    {"iso-8859-9", "CP1254", KIND_BYTE}, {"iso-8859-11", "CP874", KIND_BYTE},
    {"tis-620", "CP874", KIND_BYTE}, {"windows-874", "CP874", KIND_BYTE},
    {"x-mac-roman", "MACINTOSH", KIND_BYTE}, {"macintosh", "MACINTOSH", KIND_BYTE},
    {"x-mac-cyrillic", "MAC-CYRILLIC", KIND_BYTE}, {"x-mac-ce", "MAC-CENTRALEUROPE", KIND_BYTE},
    {"dos-850", "CP850", KIND_BYTE}, {"dos-866", "CP866", KIND_BYTE},
    {"koi8r", "KOI8-R", KIND_BYTE}, {"koi8u", "KOI8-U", KIND_BYTE},
};

/* 0x80 to 0x9F in windows-1252; 0 where it has nothing. */
static const uint16_t latin_c1[32] = {0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D,
    0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

uint32_t
charset_c1(unsigned char byte)
{
	if (byte < 0x80 || byte > 0x9F)
		return byte;
	return latin_c1[byte - 0x80] != 0 ? latin_c1[byte - 0x80] : 0xFFFD;
}

static bool
alias_fits(const char *pattern, const char *label)
{
	size_t n = strlen(pattern);

	if (pattern[n - 1] == '*')
		return strncmp(pattern, label, n - 1) == 0;
	return strcmp(pattern, label) == 0;
}

/* The label in lower case without quotes and white space; false if it cannot be one. */
static bool
label_name(struct span label, char name[LABEL_MAX + 1])
{
	size_t n = 0;

	label = span_trim(label);
	for (size_t i = 0; i < label.len; i++) {
		char c = label.ptr[i];

		if (c == '"' || c == '\'' || c == ' ')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		/* No '/': iconv reads "//TRANSLIT" and the like into it. */
		if (n == LABEL_MAX || c <= ' ' || c > '~' || c == '/' || c == ',')
			return false;
		name[n++] = c;
	}
	name[n] = '\0';
	return n > 0;
}

static enum charset_kind
resolve(struct span label, char name[LABEL_MAX + 1], const char **iconv_r)
{
	*iconv_r = name;
	if (!label_name(label, name))
		return KIND_LATIN;
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (alias_fits(aliases[i].label, name)) {
			if (aliases[i].iconv != NULL)
				*iconv_r = aliases[i].iconv;
			return aliases[i].kind;
		}
	return KIND_BYTE;
}

static struct span
kept(struct arena *arena, struct buf *out)
{
	struct span s = {arena_span(arena, buf_span(out)), out->len};

	buf_release(out);
	return s;
}

static struct span
decode_latin(struct arena *arena, struct span bytes)
{
	struct buf out;
	char utf8[4];

	buf_init(&out, bytes.len * 3 + 1);
	for (size_t i = 0; i < bytes.len; i++) {
		uint32_t cp = charset_c1((unsigned char)bytes.ptr[i]);

		buf_put(&out, utf8, utf8_put(cp, utf8));
	}
	return kept(arena, &out);
}

/* UTF-8 that is broken in places. */
static struct span
decode_broken(struct arena *arena, struct span bytes)
{
	struct buf out;
	uint32_t cp;
	bool valid;

	buf_init(&out, bytes.len * 3 + 1);
	while (bytes.len > 0) {
		size_t n = utf8_next(bytes, &cp, &valid);

		if (valid)
			buf_put(&out, bytes.ptr, n);
		else
			buf_puts(&out, "\xEF\xBF\xBD");
		bytes = span_skip(bytes, n);
	}
	return kept(arena, &out);
}

/* False when iconv does not know the name. *errors_r counts the bytes that did not fit. */
static bool
decode_iconv(struct arena *arena, struct span bytes, const char *name, struct span *text_r,
    size_t *errors_r)
{
	iconv_t cd = iconv_open("UTF-8", name);
	char *in = (char *)(uintptr_t)bytes.ptr, chunk[2048];
	size_t left = bytes.len;
	struct buf out;

	if (cd == (iconv_t)-1)
		return false;
	*errors_r = 0;
	buf_init(&out, bytes.len * 4 + 64);
	while (left > 0) {
		char *to = chunk;
		size_t room = sizeof chunk, before = left;
		size_t result = iconv(cd, &in, &left, &to, &room);

		buf_put(&out, chunk, sizeof chunk - room);
		if (result != (size_t)-1 || (errno == E2BIG && left < before))
			continue;
		buf_puts(&out, "\xEF\xBF\xBD");
		++*errors_r;
		if (left == 0)
			break;
		in++;
		left--;
	}
	/* Some charsets hold a character back for a combining mark that may follow. */
	if (bytes.len > 0) {
		char *to = chunk;
		size_t room = sizeof chunk;

		iconv(cd, NULL, NULL, &to, &room);
		buf_put(&out, chunk, sizeof chunk - room);
	}
	iconv_close(cd);
	*text_r = kept(arena, &out);
	return true;
}

/* Broken, but more of its characters are well-formed than not. */
static bool
is_mostly_utf8(struct span bytes)
{
	size_t good = 0, bad = 0;
	uint32_t cp;
	bool valid;

	while (bytes.len > 0) {
		bytes = span_skip(bytes, utf8_next(bytes, &cp, &valid));
		good += valid && cp >= 0x80;
		bad += !valid;
	}
	return good >= bad;
}

/*
 * ISO-2022-JP as EUC-JP: the same rows without escapes. iconv's ISO-2022-JP knows only the
 * standard rows; the vendors' (circled digits and the like), which mail has, are in EUC-JP-MS.
 */
static struct span
jis_to_euc(struct arena *arena, struct span in)
{
	enum { ASCII, KANJI, KANA, EXTRA } row = ASCII;
	struct buf out;

	buf_init(&out, in.len * 3 + 1);
	while (in.len > 0) {
		size_t n = row == ASCII || row == KANA || in.len < 2 ? 1 : 2;

		if (span_starts(in, SPAN("\x1b$(D"))) {
			row = EXTRA;
			n = 4;
		} else if (span_starts(in, SPAN("\x1b$")) && in.len > 2) {
			row = KANJI;
			n = 3;
		} else if (span_starts(in, SPAN("\x1b(")) && in.len > 2) {
			row = in.ptr[2] == 'I' ? KANA : ASCII;
			n = 3;
		} else if (row == ASCII || *in.ptr == '\n' || *in.ptr == '\r') {
			/* A line end goes back to ASCII. */
			row = ASCII;
			n = 1;
			buf_putc(&out, *in.ptr);
		} else {
			if (row != KANJI)
				buf_putc(&out, (char)(row == KANA ? 0x8E : 0x8F));
			for (size_t i = 0; i < n; i++)
				buf_putc(&out, (char)(in.ptr[i] | 0x80));
		}
		in = span_skip(in, n);
	}
	return kept(arena, &out);
}

/* HZ as GB2312 in eight bits (RFC 1843): "~{" begins it, "~}" ends it, "~~" is a tilde. */
static struct span
hz_to_euc(struct arena *arena, struct span in)
{
	bool wide = false;
	struct buf out;

	buf_init(&out, in.len + 1);
	while (in.len > 0) {
		size_t n = wide && in.len > 1 ? 2 : 1;

		if (*in.ptr == '\n' || *in.ptr == '\r') {
			/* A line end goes back to ASCII. */
			wide = false;
			n = 1;
			buf_putc(&out, *in.ptr);
		} else if (span_starts(in, SPAN("~}")) || (!wide && (span_starts(in, SPAN("~{")) ||
		               span_starts(in, SPAN("~\n"))))) {
			wide = in.ptr[1] == '{';
			n = 2;
		} else if (!wide && span_starts(in, SPAN("~~"))) {
			buf_putc(&out, '~');
			n = 2;
		} else {
			for (size_t i = 0; i < n; i++)
				buf_putc(&out, (char)(in.ptr[i] | (wide ? 0x80 : 0)));
		}
		in = span_skip(in, n);
	}
	return kept(arena, &out);
}

/* The label says nothing of 8-bit bytes. */
static bool
is_open(const char *name)
{
	static const char *const open[] = {"us-ascii", "ascii", "ansi_x3*", "unknown*",
	    "x-unknown*", "default*", "x-user-defined", "8bit", "7bit", "none", "binary"};

	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		if (alias_fits(open[i], name))
			return true;
	return false;
}

/* By the bytes alone; false where they do not say it, or do not fit. */
static bool
decode_guess(struct arena *arena, struct span bytes, struct span *text_r)
{
	const char *name = charset_guess(bytes);
	size_t errors = 0;

	return name != NULL && decode_iconv(arena, bytes, name, text_r, &errors) && errors == 0 &&
	    utf8_valid(*text_r);
}

/* Two-byte characters only, and few: as likely a short text in a CJK charset. */
static bool
is_thin_utf8(struct span bytes)
{
	size_t many = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];

		if (c >= 0xE0)
			return false;
		many += c >= 0xC0;
	}
	return many < 8;
}

/* UTF-16 without a byte order mark is mostly little-endian in mail, whatever RFC 2781 says. */
static const char *
wide_name(const char *name, struct span bytes)
{
	size_t odd = 0, even = 0;

	if (strcmp(name, "utf-16") != 0 && strcmp(name, "UTF-16") != 0)
		return name;
	if (span_starts(bytes, SPAN("\xFF\xFE")) || span_starts(bytes, SPAN("\xFE\xFF")))
		return "UTF-16";
	for (size_t i = 0; i < bytes.len && i < 200; i++)
		if (bytes.ptr[i] == '\0')
			++*(i % 2 == 1 ? &odd : &even);
	return even > odd ? "UTF-16BE" : "UTF-16LE";
}

struct span
charset_decode(struct arena *arena, struct span bytes, struct span label)
{
	char name[LABEL_MAX + 1];
	const char *iconv_name;
	enum charset_kind kind = resolve(label, name, &iconv_name);
	bool ascii = utf8_ascii(bytes), valid = ascii || utf8_valid(bytes);
	struct span text, euc;
	size_t errors = 0, euc_errors = 0;

	if (kind == KIND_LATIN && ascii && span_find(bytes, SPAN("\x1b$B")) < bytes.len) {
		kind = KIND_SEVEN;
		iconv_name = "ISO-2022-JP-2";
	}
	if (kind == KIND_WIDE)
		iconv_name = wide_name(iconv_name, bytes);
	else if (kind != KIND_SEVEN && ascii)
		return bytes;
	else if (valid && kind != KIND_SEVEN && !(kind == KIND_CJK && is_thin_utf8(bytes)))
		return bytes;
	if ((kind == KIND_UTF8 || (label.len == 0 && kind == KIND_LATIN)) && is_mostly_utf8(bytes))
		return decode_broken(arena, bytes);
	if (kind == KIND_LATIN && !valid && (label.len == 0 || is_open(name)) &&
	    decode_guess(arena, bytes, &text))
		return text;
	if (kind == KIND_UTF8)
		kind = KIND_LATIN;
	if (strcmp(iconv_name, HZ) == 0) {
		bytes = hz_to_euc(arena, bytes);
		iconv_name = "GB18030";
	}
	if (kind == KIND_LATIN || !decode_iconv(arena, bytes, iconv_name, &text, &errors))
		return valid ? bytes : decode_latin(arena, bytes);
	if (errors > 0 && valid && kind == KIND_CJK)
		return bytes;
	if (errors > 0 && strcmp(iconv_name, "ISO-2022-JP-2") == 0 &&
	    decode_iconv(arena, jis_to_euc(arena, bytes), "EUC-JP-MS", &euc, &euc_errors) &&
	    euc_errors < errors)
		return euc;
	/* iconv lets some halves of surrogate pairs through. */
	return utf8_valid(text) ? text : decode_broken(arena, text);
}
