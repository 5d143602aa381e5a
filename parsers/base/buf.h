/* SPDX-License-Identifier: ISC */
/*
 * buf: bytes that grow, up to a maximum that the owner names. Past the maximum nothing more is
 * taken and buf.over stays set: the writer need not look after each call, only at the end.
 * buf.ptr is always terminated (and never NULL after buf_init).
 */
#ifndef TD_BUF_H
#define TD_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/base/err.h"
#include "parsers/base/span.h"

struct buf {
	char *ptr;
	size_t len;
	size_t cap;
	size_t max;
	bool over; /* something did not fit */
};

void buf_init(struct buf *buf, size_t max); /* no memory is taken until the first byte */
void buf_release(struct buf *buf);
void buf_clear(struct buf *buf); /* empty again, memory kept */

void buf_put(struct buf *buf, const void *bytes, size_t len);
void buf_putc(struct buf *buf, char c);
void buf_puts(struct buf *buf, const char *text);
void buf_put_span(struct buf *buf, struct span s);
void buf_printf(struct buf *buf, const char *fmt, ...) TD_PRINTF(2, 3);
void buf_drop_front(struct buf *buf, size_t n); /* removes the first n bytes */
void buf_truncate(struct buf *buf, size_t len); /* keeps the first len bytes */
struct span buf_span(const struct buf *buf);

#endif
