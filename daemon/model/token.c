/* SPDX-License-Identifier: ISC */
/* token: see token.h. A token has one spelling but for case: any other is refused. */
#include "config.h"

#include "daemon/model/token.h"

#include <string.h>

#include "parsers/base/base32.h"
#include "parsers/digest.h"

#define TOKEN_VERSION 1
#define DAY 86400
#define MAC_BYTES 16
#define MAC_LEN BASE32_LEN(MAC_BYTES)
#define BODY_MIN 6  /* two bytes, two numbers, two of the day */
#define BODY_MAX 22
#define NUMBER_MAX 9 /* bytes of 7 bits: 63 bits */

_Static_assert(TOKEN_TEXT_MAX == BASE32_LEN(BODY_MAX) + MAC_LEN, "the longest token");

int64_t
token_last_day(int64_t now)
{
	return now / DAY + TOKEN_DAYS;
}

bool
token_key_is_due(const struct token_keys *keys, int64_t now)
{
	return !keys->current.is_set || now - keys->current.since >= TOKEN_KEY_DAYS * DAY;
}

void
token_key_turn(struct token_keys *keys, const uint8_t bytes[TOKEN_KEY_BYTES], int64_t now)
{
	unsigned number = keys->current.is_set ? keys->current.number + 1 : 0;

	keys->previous = keys->current;
	keys->current = (struct token_key){.is_set = true, .number = number % TOKEN_KEY_NUMBERS,
	    .since = now};
	memcpy(keys->current.bytes, bytes, TOKEN_KEY_BYTES);
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* Seven bits a byte, the highest first; all but the last have the top bit set. */
static size_t
put_number(uint8_t *to, int64_t number)
{
	size_t n = 1, at;

	for (int64_t rest = number >> 7; rest > 0; rest >>= 7)
		n++;
	for (at = n; at > 0; at--, number >>= 7)
		to[at - 1] = (uint8_t)((number & 0x7f) | (at < n ? 0x80 : 0));
	return n;
}

/* Its bytes; 0: there is no number, or one that put_number writes otherwise. */
static size_t
take_number(const uint8_t *from, size_t len, int64_t *number_r)
{
	int64_t number = 0;

	for (size_t n = 0; n < len && n < NUMBER_MAX; n++) {
		number = number << 7 | (from[n] & 0x7f);
		if (number == 0 && (from[n] & 0x80) != 0)
			return 0;
		if ((from[n] & 0x80) == 0) {
			*number_r = number;
			return n + 1;
		}
	}
	return 0;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void
mac_of(const struct token_key *key, const uint8_t *body, size_t n, uint8_t mac_r[DIGEST_BYTES])
{
	digest_hmac((struct span){(const char *)key->bytes, sizeof key->bytes},
	    (struct span){(const char *)body, n}, mac_r);
}

void
token_write(const struct token_keys *keys, const struct token *token, char *text_r)
{
	uint8_t body[BODY_MAX], mac[DIGEST_BYTES];
	size_t n = 0;

	body[n++] = (uint8_t)(TOKEN_VERSION << 4 | keys->current.number);
	body[n++] = (uint8_t)((unsigned)token->about << 4 | (unsigned)token->scope);
	n += put_number(body + n, token->person_id);
	n += put_number(body + n, token->id);
	body[n++] = (uint8_t)(token->last_day >> 8);
	body[n++] = (uint8_t)token->last_day;
	mac_of(&keys->current, body, n, mac);
	base32_write(body, n, text_r);
	base32_write(mac, MAC_BYTES, text_r + BASE32_LEN(n));
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool
unpack(const uint8_t *body, size_t n, struct token *token_r)
{
	struct token token = {0};
	size_t at = 2, len;

	if (n < BODY_MIN || body[0] >> 4 != TOKEN_VERSION || body[1] >> 4 > TOKEN_CONFIRM ||
	    (body[1] & 15) < TOKEN_REPLY || (body[1] & 15) > TOKEN_RELEASE)
		return false;
	token.about = (enum token_about)(body[1] >> 4);
	token.scope = (enum token_scope)(body[1] & 15);
	if ((len = take_number(body + at, n - at, &token.person_id)) == 0)
		return false;
	at += len;
	if ((len = take_number(body + at, n - at, &token.id)) == 0 || n - at - len != 2)
		return false;
	at += len;
	token.last_day = (int64_t)body[at] << 8 | body[at + 1];
	*token_r = token;
	return true;
}

enum token_verdict
token_read(struct span text, const struct token_keys *keys, int64_t now, struct token *token_r)
{
	uint8_t body[BODY_MAX], mac[MAC_BYTES], want[DIGEST_BYTES];
	const struct token_key *key = NULL;
	struct token token;
	size_t n = 0, n_mac = 0;

	if (text.len <= MAC_LEN ||
	    !base32_read(span_first(text, text.len - MAC_LEN), body, sizeof body, &n) ||
	    !base32_read(span_skip(text, text.len - MAC_LEN), mac, sizeof mac, &n_mac) ||
	    n_mac != MAC_BYTES || !unpack(body, n, &token))
		return TOKEN_MALFORMED;
	if (keys->current.is_set && keys->current.number == (body[0] & 15u))
		key = &keys->current;
	else if (keys->previous.is_set && keys->previous.number == (body[0] & 15u))
		key = &keys->previous;
	if (key == NULL)
		return TOKEN_NO_KEY;
	mac_of(key, body, n, want);
	if (!digest_same(mac, want, MAC_BYTES))
		return TOKEN_FORGED;
	if (now / DAY > token.last_day)
		return TOKEN_EXPIRED;
	*token_r = token;
	return TOKEN_VALID;
}

const char *
token_verdict_name(enum token_verdict verdict)
{
	switch (verdict) {
	case TOKEN_VALID:
		break;
	case TOKEN_MALFORMED:
		return "it is none of ours";
	case TOKEN_NO_KEY:
		return "its key is over";
	case TOKEN_FORGED:
		return "it was changed or made up";
	case TOKEN_EXPIRED:
		return "it is over";
	}
	return "it is good";
}
