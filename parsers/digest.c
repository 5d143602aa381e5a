/* SPDX-License-Identifier: ISC */
/* digest: see digest.h. GnuTLS brings the fast code for the processor at hand. */
#include "config.h"

#include "parsers/digest.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>

#define BYTES DIGEST_BYTES

static void
put_hex(const unsigned char hash[BYTES], char hex_r[65])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < BYTES; i++) {
		hex_r[2 * i] = digits[hash[i] >> 4];
		hex_r[2 * i + 1] = digits[hash[i] & 15];
	}
	hex_r[64] = '\0';
}

/* SHA-256 is missing only where the library itself is broken: no input leads here. */
static void
must(int result)
{
	if (result < 0) {
		fprintf(stderr, "tidings: no SHA-256: %s\n", gnutls_strerror(result));
		abort();
	}
}

void
digest_init(struct digest *digest)
{
	gnutls_hash_hd_t handle;

	must(gnutls_hash_init(&handle, GNUTLS_DIG_SHA256));
	digest->state = handle;
}

void
digest_add(struct digest *digest, struct span bytes)
{
	if (bytes.len > 0)
		must(gnutls_hash(digest->state, bytes.ptr, bytes.len));
}

void
digest_finish(struct digest *digest, char hex_r[65])
{
	unsigned char hash[BYTES];

	gnutls_hash_deinit(digest->state, hash);
	digest->state = NULL;
	put_hex(hash, hex_r);
}

void
digest_hex(struct span bytes, char hex_r[65])
{
	unsigned char hash[BYTES];

	must(gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes.len > 0 ? bytes.ptr : "", bytes.len, hash));
	put_hex(hash, hex_r);
}

void
digest_hmac(struct span key, struct span bytes, uint8_t mac_r[DIGEST_BYTES])
{
	must(gnutls_hmac_fast(GNUTLS_MAC_SHA256, key.ptr, key.len, bytes.ptr, bytes.len, mac_r));
}

bool
digest_same(const uint8_t *a, const uint8_t *b, size_t n)
{
	return gnutls_memcmp(a, b, n) == 0;
}
