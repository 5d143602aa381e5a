/* SPDX-License-Identifier: ISC */
/*
 * jsonw: JSON (RFC 8259) written piece by piece into a buf. The caller opens, names, fills and
 * closes in order; the writer places commas, line ends and escapes. Strings may be any bytes:
 * what is not UTF-8 becomes U+FFFD, so the output is always valid JSON.
 *
 *	jsonw_init(&w, &buf, 0);
 *	jsonw_object(&w);
 *	jsonw_key(&w, "id");
 *	jsonw_int(&w, 42);
 *	jsonw_end(&w);
 *
 * A value without a key inside an object, more than 60 levels, or an end too many is a bug of
 * the caller and asserted.
 */
#ifndef TD_JSONW_H
#define TD_JSONW_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/buf.h"
#include "parsers/base/span.h"

struct jsonw {
	struct buf *out;
	int indent;       /* spaces a level; 0 writes one line */
	unsigned depth;
	uint64_t is_list; /* bit per level */
	uint64_t filled;  /* bit per level: something stands in it already */
	bool keyed;       /* a key waits for its value */
};

void jsonw_init(struct jsonw *w, struct buf *out, int indent);

void jsonw_object(struct jsonw *w);
void jsonw_list(struct jsonw *w);
void jsonw_end(struct jsonw *w); /* closes the innermost object or list */

void jsonw_key(struct jsonw *w, const char *key);

void jsonw_string(struct jsonw *w, const char *text); /* NULL writes null */
void jsonw_span(struct jsonw *w, struct span text);
void jsonw_int(struct jsonw *w, int64_t value);
void jsonw_uint(struct jsonw *w, uint64_t value);
void jsonw_bool(struct jsonw *w, bool value);
void jsonw_null(struct jsonw *w);

/* Key and value in one; jsonw_put leaves both out where text is NULL. */
void jsonw_put(struct jsonw *w, const char *key, const char *text);
void jsonw_put_int(struct jsonw *w, const char *key, int64_t value);
void jsonw_put_bool(struct jsonw *w, const char *key, bool value);

#endif
