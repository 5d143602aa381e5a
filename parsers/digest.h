/* SPDX-License-Identifier: ISC */
/* digest: SHA-256, in pieces or at once. digest_finish must follow each digest_init. */
#ifndef TD_DIGEST_H
#define TD_DIGEST_H

#include "parsers/base/span.h"

struct digest {
	void *state;
};

void digest_init(struct digest *digest);
void digest_add(struct digest *digest, struct span bytes);
void digest_finish(struct digest *digest, char hex_r[65]);

void digest_hex(struct span bytes, char hex_r[65]);

#endif
