/* SPDX-License-Identifier: ISC */
/* fuzz-oauth: the answer of an authorization server, whatever it is. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "daemon/send/oauth.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}

static const char *const secrets[] = {"hush-hush", NULL};

/* One line without a secret. */
static void
check_words(const struct err *err)
{
	if (strchr(err->text, '\n') != NULL || strstr(err->text, secrets[0]) != NULL)
		abort();
}

static void
fuzz_one(struct arena *arena, struct span input)
{
	static const long codes[] = {200, 400, 503};

	for (size_t i = 0; i < 3; i++) {
		struct oauth_tokens tokens = {.access = NULL};
		struct oauth_device device;
		struct err err = {""};

		if (oauth_read_tokens(arena, codes[i], input, secrets, &tokens, &err) ==
			OAUTH_GRANTED &&
		    (codes[i] != 200 || tokens.access == NULL || tokens.expires_in < 1 ||
			strlen(tokens.access) > OAUTH_TOKEN_MAX ||
			strpbrk(tokens.access, " \r\n") != NULL))
			abort();
		check_words(&err);
		if (oauth_read_device(arena, codes[i], input, &device, NULL) == OAUTH_GRANTED &&
		    (device.interval < 1 || device.expires_in < 1 || device.uri == NULL))
			abort();
	}
}
