/* SPDX-License-Identifier: ISC */
/* buf: see buf.h. Doubles its memory; never more than max + 1 bytes. */
#include "config.h"

#include "parsers/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/base/arena.h"

static char empty[1];

void
buf_init(struct buf *buf, size_t max)
{
	*buf = (struct buf){.ptr = empty, .max = max};
}

void
buf_release(struct buf *buf)
{
	if (buf->cap > 0)
		free(buf->ptr);
	buf_init(buf, buf->max);
}

void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->over = false;
	if (buf->cap > 0)
		buf->ptr[0] = '\0';
}

/* Makes room for n more bytes and the terminator; false (and over) when max forbids it. */
static bool
buf_reserve(struct buf *buf, size_t n)
{
	size_t cap = buf->cap > 0 ? buf->cap : 64;
	char *grown;

	if (buf->over || n > buf->max || buf->len > buf->max - n) {
		buf->over = true;
		return false;
	}
	if (buf->len + n < buf->cap)
		return true;
	while (cap <= buf->len + n)
		cap *= 2;
	grown = realloc(buf->cap > 0 ? buf->ptr : NULL, cap);
	if (grown == NULL) {
		fputs("tidings: out of memory\n", stderr);
		abort();
	}
	buf->ptr = grown;
	buf->cap = cap;
	return true;
}

void
buf_put(struct buf *buf, const void *bytes, size_t len)
{
	if (len == 0 || !buf_reserve(buf, len))
		return;
	memcpy(buf->ptr + buf->len, bytes, len);
	buf->len += len;
	buf->ptr[buf->len] = '\0';
}

void
buf_putc(struct buf *buf, char c)
{
	buf_put(buf, &c, 1);
}

void
buf_puts(struct buf *buf, const char *text)
{
	buf_put(buf, text, strlen(text));
}

void
buf_put_span(struct buf *buf, struct span s)
{
	buf_put(buf, s.ptr, s.len);
}

void
buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n <= 0 || !buf_reserve(buf, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(buf->ptr + buf->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf->len += (size_t)n;
}

void
buf_drop_front(struct buf *buf, size_t n)
{
	if (n >= buf->len) {
		buf_truncate(buf, 0);
		return;
	}
	memmove(buf->ptr, buf->ptr + n, buf->len - n);
	buf_truncate(buf, buf->len - n);
}

void
buf_truncate(struct buf *buf, size_t len)
{
	if (len < buf->len)
		buf->len = len;
	if (buf->cap > 0)
		buf->ptr[buf->len] = '\0';
}

struct span
buf_span(const struct buf *buf)
{
	return (struct span){buf->ptr, buf->len};
}
