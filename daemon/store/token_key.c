/* SPDX-License-Identifier: ISC */
/*
 * store/token_key: see token_key.h. The setting "token_keys" holds "NUMBER HEX SINCE", the current
 * key first. What cannot be read is as if it were not there: then tokens that were made are over.
 */
#include "config.h"

#include "daemon/store/token_key.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>

#include "parsers/base/num.h"
#include "daemon/store/setting.h"

#define NAME "token_keys"

/* ---- as text --------------------------------------------------------------------------------- */

static bool
read_bytes(struct span hex, uint8_t *bytes_r)
{
	if (hex.len != 2 * TOKEN_KEY_BYTES)
		return false;
	for (size_t i = 0; i < TOKEN_KEY_BYTES; i++) {
		int high = num_hex_digit(hex.ptr[2 * i]), low = num_hex_digit(hex.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes_r[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* Takes one key off the text; not set where there is none. */
static struct token_key
read_key(struct span *rest)
{
	struct token_key key = {0};
	struct span number, hex, since;
	uint32_t n = 0;

	key.is_set = span_next_word(rest, &number) && span_next_word(rest, &hex) &&
	    span_next_word(rest, &since) && num_u32(number, TOKEN_KEY_NUMBERS - 1, &n) &&
	    read_bytes(hex, key.bytes) && num_i64(since, 0, INT64_MAX, &key.since);
	key.number = n;
	return key;
}

static const char *
key_text(struct arena *arena, const struct token_key *key)
{
	static const char digits[] = "0123456789abcdef";
	char hex[2 * TOKEN_KEY_BYTES + 1];

	if (!key->is_set)
		return "";
	for (size_t i = 0; i < TOKEN_KEY_BYTES; i++) {
		hex[2 * i] = digits[key->bytes[i] >> 4];
		hex[2 * i + 1] = digits[key->bytes[i] & 15];
	}
	hex[2 * TOKEN_KEY_BYTES] = '\0';
	return arena_printf(arena, "%u %s %" PRId64 "\n", key->number, hex, key->since);
}

/* ---- keys ------------------------------------------------------------------------------------ */

enum td_status
token_keys_load(struct db *db, struct arena *arena, struct token_keys *keys_r, struct err *err)
{
	const char *text = NULL;
	enum td_status status = setting_get(db, arena, NAME, &text, err);
	struct span rest = span_of(text != NULL ? text : "");

	if (status != TD_OK)
		return status;
	keys_r->current = read_key(&rest);
	keys_r->previous = read_key(&rest);
	return TD_OK;
}

static enum td_status
random_key(uint8_t bytes[TOKEN_KEY_BYTES], struct err *err)
{
	size_t have = 0;

	while (have < TOKEN_KEY_BYTES) {
		ssize_t got = getrandom(bytes + have, TOKEN_KEY_BYTES - have, 0);

		if (got > 0)
			have += (size_t)got;
		else if (errno != EINTR)
			return err_temp(err, "the system gives no random numbers");
	}
	return TD_OK;
}

enum td_status
token_keys_now(struct db *db, struct arena *arena, int64_t now, struct token_keys *keys_r,
    struct err *err)
{
	struct token_keys keys;
	uint8_t bytes[TOKEN_KEY_BYTES];
	enum td_status status = token_keys_load(db, arena, &keys, err);

	if (status == TD_OK && token_key_is_due(&keys, now)) {
		status = random_key(bytes, err);
		if (status != TD_OK)
			return status;
		token_key_turn(&keys, bytes, now);
		status = setting_set(db, NAME, arena_printf(arena, "%s%s",
		    key_text(arena, &keys.current), key_text(arena, &keys.previous)), err);
	}
	if (status == TD_OK)
		*keys_r = keys;
	return status;
}

/* ---- plus addresses -------------------------------------------------------------------------- */

static const char *
plus_name(struct arena *arena, int64_t team_id)
{
	return arena_printf(arena, "plus_address:%" PRId64, team_id);
}

enum td_status
plus_address_works(struct db *db, struct arena *arena, int64_t team_id, const char *address,
    bool *works_r, struct err *err)
{
	const char *value = NULL;
	enum td_status status = setting_get(db, arena, plus_name(arena, team_id), &value, err);

	if (status == TD_OK)
		*works_r = value != NULL && strcmp(value, address) == 0;
	return status;
}

enum td_status
plus_address_seen(struct db *db, struct arena *arena, int64_t team_id, const char *address,
    struct err *err)
{
	bool works = false;
	enum td_status status = plus_address_works(db, arena, team_id, address, &works, err);

	return status != TD_OK || works ? status
					: setting_set(db, plus_name(arena, team_id), address, err);
}
