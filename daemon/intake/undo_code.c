/* SPDX-License-Identifier: ISC */
/* undo_code: see undo_code.h. */
#include "config.h"

#include "daemon/intake/undo_code.h"

#include <sys/random.h>

#include "daemon/store/message.h"

#define UNDO_LEN 8

/* Eight characters of RFC 4648's base32, 40 random bits, not used before. */
enum td_status
undo_code_new(struct db *db, struct arena *arena, const char **code_r, struct err *err)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned char bytes[UNDO_LEN];
	char *code = arena_alloc(arena, UNDO_LEN + 1);
	bool taken = true;

	while (taken) {
		enum td_status status;

		if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
			return err_temp(err, "no random numbers from the system");
		for (size_t i = 0; i < UNDO_LEN; i++)
			code[i] = alphabet[bytes[i] % 32];
		status = message_undo_taken(db, code, &taken, err);
		if (status != TD_OK)
			return status;
	}
	*code_r = code;
	return TD_OK;
}
