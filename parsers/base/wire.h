/* SPDX-License-Identifier: ISC */
/*
 * wire: how the payload of a frame is written and read. Integers are little-endian; a string is
 * its length (u32) and its bytes; NULL is length 0xffffffff. A reader never goes past the end:
 * once something is missing, it gives zeroes and bad stays set, so one look at the end is enough.
 */
#ifndef TD_WIRE_H
#define TD_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "parsers/base/span.h"

void wire_put_u8(struct buf *out, uint8_t v);
void wire_put_u32(struct buf *out, uint32_t v);
void wire_put_u64(struct buf *out, uint64_t v);
void wire_put_i64(struct buf *out, int64_t v);
void wire_put_str(struct buf *out, const char *text);  /* NULL allowed */
void wire_put_span(struct buf *out, struct span s);

struct wire_reader {
	struct span rest;
	bool bad;
};

struct wire_reader wire_reader_of(struct span payload);
uint8_t wire_get_u8(struct wire_reader *r);
uint32_t wire_get_u32(struct wire_reader *r);
uint64_t wire_get_u64(struct wire_reader *r);
int64_t wire_get_i64(struct wire_reader *r);
/* A terminated copy in the arena, or NULL; a NUL inside makes it bad. */
const char *wire_get_str(struct wire_reader *r, struct arena *arena);
struct span wire_get_span(struct wire_reader *r); /* points into the payload */
/* True if all was there and nothing is left over. */
bool wire_done(const struct wire_reader *r);

#endif
