/* SPDX-License-Identifier: ISC */
/*
 * json: writes one flat JSON object (RFC 8259), for the before and after of the history. Keys
 * are ours and plain; texts are UTF-8 and escaped.
 *
 *	json_open(&out); json_put_text(&out, "title", title); json_close(&out);
 */
#ifndef TD_MODEL_JSON_H
#define TD_MODEL_JSON_H

#include <stddef.h>
#include <stdint.h>

#include "parsers/base/buf.h"

void json_open(struct buf *out);
void json_close(struct buf *out);
void json_put_text(struct buf *out, const char *key, const char *value); /* NULL: null */
void json_put_i64(struct buf *out, const char *key, int64_t value);
void json_put_ids(struct buf *out, const char *key, const int64_t *ids, size_t n);
void json_put_texts(struct buf *out, const char *key, const char *const *texts, size_t n);

#endif
