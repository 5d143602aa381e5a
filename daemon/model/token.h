/* SPDX-License-Identifier: ISC */
/*
 * token: the reply token. It stands in the Reply-To of a mail to one person (team+r-TOKEN@host),
 * comes back with the reply, and proves with it that who answers got that mail; it also names what
 * the mail was about. Nothing is kept of it but the keys: all that it says is in it, under 128
 * bits of HMAC-SHA-256.
 *
 *	base32(version and key, what and scope, person, id, last day) base32(mac)
 *
 * What it is worth depends on who sent it, which is not seen here: alone it is worth nothing.
 */
#ifndef TD_TOKEN_H
#define TD_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/span.h"

#define TOKEN_DAYS 30      /* a token is good for so long */
#define TOKEN_KEY_DAYS 32  /* a key makes tokens for so long, and is then kept as long again */
#define TOKEN_KEY_BYTES 32
#define TOKEN_KEY_NUMBERS 16 /* they go round: 0..15 */
#define TOKEN_TEXT_MAX 62

/* What the mail was about. */
enum token_about {
	TOKEN_ANSWER,  /* it answered a mail; id: none */
	TOKEN_ITEM,    /* id: item.id */
	TOKEN_DIGEST,
	TOKEN_PROMPT,  /* id: the day that it asks about, since 1970 */
	TOKEN_SHEET,   /* time and time sheets */
	TOKEN_NOTICE,  /* all else that a person is told */
	TOKEN_CONFIRM, /* "was this you?"; id: the moment of asking */
};

/* What it is good for. */
enum token_scope {
	TOKEN_REPLY = 1, /* what its person may do, and does in a reply */
	TOKEN_RELEASE,   /* only the answer to "was this you?" */
};

struct token {
	int64_t person_id;
	enum token_about about;
	int64_t id;       /* 0: none */
	enum token_scope scope;
	int64_t last_day; /* it is good for; days since 1970 in UTC */
};

struct token_key {
	bool is_set;
	unsigned number;
	uint8_t bytes[TOKEN_KEY_BYTES];
	int64_t since; /* when it was made */
};

/* New tokens are made with the current one; the other is good until all of its tokens are over. */
struct token_keys {
	struct token_key current, previous;
};

/* The last day of a token that is made now. */
int64_t token_last_day(int64_t now);

/* Is it time for another current key? Also where there is none. */
bool token_key_is_due(const struct token_keys *keys, int64_t now);
/* Makes one of random bytes; what was current is the previous one from now on. */
void token_key_turn(struct token_keys *keys, const uint8_t bytes[TOKEN_KEY_BYTES], int64_t now);

/* text_r: TOKEN_TEXT_MAX + 1 bytes. The current key must be set, and no number below 0. */
void token_write(const struct token_keys *keys, const struct token *token, char *text_r);

enum token_verdict {
	TOKEN_VALID,
	TOKEN_MALFORMED, /* nothing that we write */
	TOKEN_NO_KEY,    /* its key is over, or was never ours */
	TOKEN_FORGED,
	TOKEN_EXPIRED,
};

/* *token_r is set when it is good, and untouched else. Whose it is is the caller's to compare. */
enum token_verdict token_read(struct span text, const struct token_keys *keys, int64_t now,
    struct token *token_r);

const char *token_verdict_name(enum token_verdict verdict); /* for the log */

#endif
