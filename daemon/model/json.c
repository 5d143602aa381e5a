/* SPDX-License-Identifier: ISC */
/* json: see json.h. */
#include "config.h"

#include "daemon/model/json.h"

#include <inttypes.h>

static void
put_string(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if (*p == '"' || *p == '\\') {
			buf_putc(out, '\\');
			buf_putc(out, (char)*p);
		} else if (*p == '\n') {
			buf_puts(out, "\\n");
		} else if (*p < 0x20 || *p == 0x7f) {
			buf_printf(out, "\\u%04x", *p);
		} else {
			buf_putc(out, (char)*p);
		}
	}
	buf_putc(out, '"');
}

static void
put_key(struct buf *out, const char *key)
{
	if (out->len > 1) /* not the first after '{' */
		buf_putc(out, ',');
	put_string(out, key);
	buf_putc(out, ':');
}

void
json_open(struct buf *out)
{
	buf_clear(out);
	buf_putc(out, '{');
}

void
json_close(struct buf *out)
{
	buf_putc(out, '}');
}

void
json_put_text(struct buf *out, const char *key, const char *value)
{
	put_key(out, key);
	if (value != NULL)
		put_string(out, value);
	else
		buf_puts(out, "null");
}

void
json_put_i64(struct buf *out, const char *key, int64_t value)
{
	put_key(out, key);
	buf_printf(out, "%" PRId64, value);
}

void
json_put_ids(struct buf *out, const char *key, const int64_t *ids, size_t n)
{
	put_key(out, key);
	buf_putc(out, '[');
	for (size_t i = 0; i < n; i++)
		buf_printf(out, i > 0 ? ",%" PRId64 : "%" PRId64, ids[i]);
	buf_putc(out, ']');
}

void
json_put_texts(struct buf *out, const char *key, const char *const *texts, size_t n)
{
	put_key(out, key);
	buf_putc(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(out, ',');
		put_string(out, texts[i]);
	}
	buf_putc(out, ']');
}
