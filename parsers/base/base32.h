/* SPDX-License-Identifier: ISC */
/*
 * base32: bytes as letters that no mail program harms (RFC 4648, section 6, in lower case and
 * without padding). Reading takes either case; what could be written in another way is refused.
 */
#ifndef TD_BASE32_H
#define TD_BASE32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/span.h"

/* Letters of n bytes, without the NUL. */
#define BASE32_LEN(n) (((n) * 8 + 4) / 5)

/* text_r: BASE32_LEN(n) + 1 bytes. */
void base32_write(const uint8_t *bytes, size_t n, char *text_r);

/* At most max bytes; false (and *n_r untouched) where text is longer, holds anything but the
 * letters, or is no text that base32_write gives. */
bool base32_read(struct span text, uint8_t *bytes_r, size_t max, size_t *n_r);

#endif
