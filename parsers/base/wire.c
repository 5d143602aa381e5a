/* SPDX-License-Identifier: ISC */
/* wire: see wire.h. Bytes are shifted one by one, so the form does not depend on the machine. */
#include "config.h"

#include "parsers/base/wire.h"

#include <string.h>

#define WIRE_NULL 0xffffffffu

static void
wire_put_le(struct buf *out, uint64_t v, unsigned bytes)
{
	char le[8];

	for (unsigned i = 0; i < bytes; i++)
		le[i] = (char)(v >> (8 * i));
	buf_put(out, le, bytes);
}

void
wire_put_u8(struct buf *out, uint8_t v)
{
	wire_put_le(out, v, 1);
}

void
wire_put_u32(struct buf *out, uint32_t v)
{
	wire_put_le(out, v, 4);
}

void
wire_put_u64(struct buf *out, uint64_t v)
{
	wire_put_le(out, v, 8);
}

void
wire_put_i64(struct buf *out, int64_t v)
{
	wire_put_le(out, (uint64_t)v, 8);
}

void
wire_put_str(struct buf *out, const char *text)
{
	if (text == NULL)
		wire_put_u32(out, WIRE_NULL);
	else
		wire_put_span(out, span_of(text));
}

void
wire_put_span(struct buf *out, struct span s)
{
	if (s.len >= WIRE_NULL) {
		out->over = true;
		return;
	}
	wire_put_u32(out, (uint32_t)s.len);
	buf_put_span(out, s);
}

struct wire_reader
wire_reader_of(struct span payload)
{
	return (struct wire_reader){.rest = payload};
}

/* Takes n bytes off; NULL (and bad, and nothing left) when they are not there. */
static const char *
wire_take(struct wire_reader *r, size_t n)
{
	const char *at = r->rest.ptr;

	if (r->bad || n > r->rest.len) {
		r->bad = true;
		r->rest.len = 0;
		return NULL;
	}
	r->rest = span_skip(r->rest, n);
	return at;
}

static uint64_t
wire_get_le(struct wire_reader *r, unsigned bytes)
{
	const char *at = wire_take(r, bytes);
	uint64_t v = 0;

	for (unsigned i = 0; at != NULL && i < bytes; i++)
		v |= (uint64_t)(unsigned char)at[i] << (8 * i);
	return v;
}

uint8_t
wire_get_u8(struct wire_reader *r)
{
	return (uint8_t)wire_get_le(r, 1);
}

uint32_t
wire_get_u32(struct wire_reader *r)
{
	return (uint32_t)wire_get_le(r, 4);
}

uint64_t
wire_get_u64(struct wire_reader *r)
{
	return wire_get_le(r, 8);
}

int64_t
wire_get_i64(struct wire_reader *r)
{
	return (int64_t)wire_get_le(r, 8);
}

const char *
wire_get_str(struct wire_reader *r, struct arena *arena)
{
	uint32_t len = wire_get_u32(r);
	const char *at;

	if (r->bad || len == WIRE_NULL)
		return NULL;
	at = wire_take(r, len);
	if (at == NULL)
		return NULL;
	if (len > 0 && memchr(at, '\0', len) != NULL) {
		r->bad = true;
		r->rest.len = 0;
		return NULL;
	}
	return arena_strndup(arena, at, len);
}

struct span
wire_get_span(struct wire_reader *r)
{
	uint32_t len = wire_get_u32(r);
	const char *at;

	if (r->bad || len == WIRE_NULL)
		return (struct span){NULL, 0};
	at = wire_take(r, len);
	return (struct span){at, at != NULL ? len : 0};
}

bool
wire_done(const struct wire_reader *r)
{
	return !r->bad && r->rest.len == 0;
}
