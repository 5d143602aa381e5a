/* SPDX-License-Identifier: ISC */
/*
 * mime_cost: what a mail would cost GMime, found before it sees the mail. See mime_private.h.
 *
 * GMime keeps every field of every header, some hundred bytes for each, and the time for one
 * field grows with the square of its length. So the headers of all parts are walked here in one
 * pass: a header stands at the beginning, behind a line that begins with a declared boundary, and
 * behind the header of a message in the mail. Where the mail leaves a doubt, a header is taken to
 * be there: GMime must not see one that was not counted.
 */
#include "config.h"

#include "parsers/mime_private.h"

#include <string.h>

#include "parsers/transfer.h"

#define BOUNDARY_LINES_MAX 2000
#define HEADERS_MAX (1024u * 1024)
#define FIELDS_MAX 20000
#define FIELD_MAX (4u * 1024)
#define BOUNDARY_MAX 255 /* bytes of one that are looked at; RFC 2046 has 70 */
#define FILTER_BITS 17

/* The boundaries declared so far: their lengths and, as bits, their hashes. */
struct boundaries {
	bool any;
	bool lengths[BOUNDARY_MAX + 1];
	unsigned char filter[(1u << FILTER_BITS) / 8];
};

struct cost {
	struct span mail;
	struct buf *cut;
	struct boundaries boundaries;
	bool digest; /* a part without a type may be a message (RFC 2046 section 5.1.5) */
	size_t n_lines, n_fields, bytes;
};

/* What one header says of the part that it begins. */
struct block {
	bool part;    /* it stands behind a boundary */
	bool typed;   /* as something that holds no message, */
	bool odd;     /* and as something else */
	bool message;
	bool plain, encoded; /* with transfer encodings of that sort */
};

/* ---- boundaries ---------------------------------------------------------------------------- */

static uint32_t
hash_byte(uint32_t hash, char c)
{
	return (hash ^ (unsigned char)c) * 16777619u; /* FNV-1a */
}

static uint32_t
filter_bit(uint32_t hash)
{
	return (hash ^ hash >> FILTER_BITS) & ((1u << FILTER_BITS) - 1);
}

/* Any line that begins with "--" and the bytes of prefix is one that may separate parts. */
static void
add_boundary(struct boundaries *b, struct span prefix)
{
	uint32_t hash = 2166136261u, bit;

	prefix = span_first(prefix, BOUNDARY_MAX);
	for (size_t i = 0; i < prefix.len; i++)
		hash = hash_byte(hash, prefix.ptr[i]);
	bit = filter_bit(hash);
	b->any = true;
	b->lengths[prefix.len] = true;
	b->filter[bit / 8] |= (unsigned char)(1u << bit % 8);
}

/* line: behind its "--". */
static bool
is_boundary(const struct boundaries *b, struct span line)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0;; i++) {
		uint32_t bit = filter_bit(hash);

		if (b->lengths[i] && (b->filter[bit / 8] >> bit % 8 & 1) != 0)
			return true;
		if (i == BOUNDARY_MAX || i == line.len || line.ptr[i] == '\n')
			return false;
		hash = hash_byte(hash, line.ptr[i]);
	}
}

/* The part of a parameter's value that every reader takes to be its beginning. */
static struct span
plain_prefix(struct span value)
{
	bool quoted = span_starts(value, SPAN("\""));
	size_t n = 0;

	value = span_first(value, BOUNDARY_MAX);
	if (quoted)
		value = span_skip(value, 1);
	while (n < value.len && value.ptr[n] > ' ' && value.ptr[n] < 0x7F &&
	    value.ptr[n] != '"' && (quoted || value.ptr[n] != ';'))
		n++;
	return span_first(value, n);
}

/* Encoded, continued or with comments, a boundary can be anything. */
static bool
is_odd(struct span type)
{
	return span_find(type, SPAN("=?")) < type.len || span_find_byte(type, '*') < type.len ||
	    span_find_byte(type, '\\') < type.len || span_find_byte(type, '(') < type.len;
}

static void
note_multipart(struct cost *c, struct span type)
{
	const struct span name = SPAN("boundary");

	if (span_ifind(type, SPAN("digest")) < type.len)
		c->digest = true;
	if (is_odd(type)) {
		add_boundary(&c->boundaries, SPAN(""));
		return;
	}
	for (;;) {
		type = span_skip(type, span_ifind(type, name));
		if (type.len == 0)
			return;
		type = span_trim(span_skip(type, name.len));
		if (span_starts(type, SPAN("=")))
			add_boundary(&c->boundaries, plain_prefix(span_trim(span_skip(type, 1))));
	}
}

/* ---- fields -------------------------------------------------------------------------------- */

static void
note_type(struct cost *c, struct block *block, struct span value)
{
	static const char *const kinds[] = {"text/", "image/", "application/", "multipart/",
	    "audio/", "video/", "font/", "model/"};

	if (span_ifind(value, SPAN("multipart")) < value.len)
		note_multipart(c, value);
	if (span_istarts(value, SPAN("message")) || span_starts(value, SPAN("(")))
		block->message = true;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (span_istarts(value, span_of(kinds[i]))) {
			block->typed = true;
			return;
		}
	block->odd = true;
}

/* The value behind a field's name, empty if it is another field. */
static struct span
value_of(struct span field, const char *name)
{
	size_t colon = strlen(name);

	if (!span_istarts(field, span_of(name)))
		return (struct span){"", 0};
	while (colon < field.len && (field.ptr[colon] == ' ' || field.ptr[colon] == '\t'))
		colon++;
	if (colon == field.len || field.ptr[colon] != ':')
		return (struct span){"", 0};
	return span_trim(span_skip(field, colon + 1));
}

/* In the copy that GMime gets, so that all offsets stay. */
static void
cut_field(struct cost *c, struct span field)
{
	char *p;

	if (field.len <= FIELD_MAX)
		return;
	if (c->cut->len == 0)
		buf_put_span(c->cut, c->mail);
	p = c->cut->ptr + (field.ptr - c->mail.ptr);
	for (size_t i = FIELD_MAX; i < field.len; i++)
		if (p[i] != '\r' && p[i] != '\n')
			p[i] = ' ';
}

static void
note_field(struct cost *c, struct block *block, struct span field)
{
	struct span type = value_of(field, "Content-Type");
	struct span encoding = value_of(field, "Content-Transfer-Encoding");

	c->n_fields++;
	c->bytes += field.len;
	if (type.len > 0)
		note_type(c, block, type);
	if (encoding.len > 0) {
		bool plain = transfer_of(encoding) == TRANSFER_PLAIN;

		block->plain |= plain;
		block->encoded |= !plain;
	}
	cut_field(c, field);
}

/* A field with the lines that it is continued on; takes it off *rest. */
static struct span
next_field(struct span *rest)
{
	struct span field = *rest, line;

	do
		(void)span_next_line(rest, &line);
	while (rest->len > 0 && (*rest->ptr == ' ' || *rest->ptr == '\t'));
	return span_first(field, field.len - rest->len);
}

static bool
is_over(const struct cost *c)
{
	return c->n_fields > FIELDS_MAX || c->bytes > HEADERS_MAX ||
	    c->n_lines > BOUNDARY_LINES_MAX;
}

/* ---- headers ------------------------------------------------------------------------------- */

/* Takes one header and its empty line off *rest; whether another one follows at once. part: it
 * stands behind a boundary. */
static bool
walk_header(struct cost *c, struct span *rest, bool part)
{
	struct block block = {.part = part};

	while (rest->len > 0 && !is_over(c)) {
		struct span field = next_field(rest);

		if (span_is(field, "\n") || span_is(field, "\r\n"))
			break;
		if (span_starts(field, SPAN("--")) && c->boundaries.any &&
		    is_boundary(&c->boundaries, span_skip(field, 2))) {
			c->n_lines++;
			/* Here another part may begin. */
			block.part = block.plain = true;
			block.typed = false;
		}
		note_field(c, &block, field);
	}
	if (block.encoded && !block.plain)
		return false;
	return block.message || (block.part && c->digest && (block.odd || !block.typed));
}

/* Moves *rest behind the next line that may separate parts. Looks for the rare '-' and not for
 * line ends: encoded contents have none. */
static bool
find_part(const struct cost *c, struct span *rest)
{
	const char *begin = c->mail.ptr;
	struct span line;

	if (!c->boundaries.any)
		return false;
	for (;; *rest = span_skip(*rest, 1)) {
		*rest = span_skip(*rest, span_find_byte(*rest, '-'));
		if (rest->len == 0)
			return false;
		if (rest->ptr > begin && rest->ptr[-1] == '\n' && span_starts(*rest, SPAN("--")) &&
		    is_boundary(&c->boundaries, span_skip(*rest, 2)))
			return span_next_line(rest, &line);
	}
}

static enum td_status
tell(const struct cost *c, struct err *err)
{
	if (c->n_lines > BOUNDARY_LINES_MAX)
		return err_perm(err, "the mail has more than %d lines that could separate parts",
		    BOUNDARY_LINES_MAX);
	if (c->n_fields > FIELDS_MAX)
		return err_perm(err, "the headers of the mail's parts have more than %d lines",
		    FIELDS_MAX);
	if (c->bytes > HEADERS_MAX)
		return err_perm(err, "the headers of the mail's parts are longer than %u bytes",
		    HEADERS_MAX);
	return TD_OK;
}

enum td_status
mime_check_cost(struct arena *arena, struct span mail, struct buf *cut, struct err *err)
{
	struct cost *c = arena_alloc(arena, sizeof *c);
	struct span rest = mail;
	bool part = false;

	c->mail = mail;
	c->cut = cut;
	do {
		c->n_lines += part;
		while (walk_header(c, &rest, part))
			part = false;
		part = true;
	} while (!is_over(c) && find_part(c, &rest));
	return tell(c, err);
}
