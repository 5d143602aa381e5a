/* SPDX-License-Identifier: ISC */
/*
 * digest: SHA-256, in pieces or at once, and HMAC with it (RFC 2104). digest_finish must follow
 * each digest_init.
 */
#ifndef TD_DIGEST_H
#define TD_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/span.h"

#define DIGEST_BYTES 32

struct digest {
	void *state;
};

void digest_init(struct digest *digest);
void digest_add(struct digest *digest, struct span bytes);
void digest_finish(struct digest *digest, char hex_r[65]);

void digest_hex(struct span bytes, char hex_r[65]);

void digest_hmac(struct span key, struct span bytes, uint8_t mac_r[DIGEST_BYTES]);
/* In a time that tells nothing of where they differ. */
bool digest_same(const uint8_t *a, const uint8_t *b, size_t n);

#endif
