/* SPDX-License-Identifier: ISC */
/*
 * fuzz-token: any bytes as a reply token, and as the body of one that our key signed. Whatever is
 * not signed is refused; what is taken is written again letter by letter.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/model/token.h"
#include "parsers/base/base32.h"
#include "parsers/digest.h"

#define NOW 1795262400
#define BODY_MAX 40

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}

static void
want(bool holds)
{
	if (!holds)
		abort();
}

static struct token_keys
make_keys(void)
{
	static const uint8_t key[TOKEN_KEY_BYTES] = "the key of fuzz-token...........";
	struct token_keys keys = {{0}, {0}};

	token_key_turn(&keys, key, NOW);
	return keys;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct token_keys keys = make_keys();
	const struct span key = {(const char *)keys.current.bytes, TOKEN_KEY_BYTES};
	uint8_t mac[DIGEST_BYTES];
	char text[BASE32_LEN(BODY_MAX) + BASE32_LEN(16) + 1], again[TOKEN_TEXT_MAX + 1];
	struct token token;
	size_t n = size < BODY_MAX ? size : BODY_MAX;

	want(token_read((struct span){(const char *)bytes, size}, &keys, NOW, &token) !=
	    TOKEN_VALID);
	digest_hmac(key, (struct span){(const char *)bytes, n}, mac);
	base32_write(bytes, n, text);
	base32_write(mac, 16, text + strlen(text));
	if (token_read(span_of(text), &keys, NOW, &token) != TOKEN_VALID)
		return 0;
	want(token.person_id >= 0 && token.id >= 0 && token.last_day >= NOW / 86400);
	token_write(&keys, &token, again);
	want(strcmp(text, again) == 0);
	return 0;
}
