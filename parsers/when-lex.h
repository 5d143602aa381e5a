/* SPDX-License-Identifier: ISC */
/*
 * when-lex: the tokens of a date expression: numbers, words with what they may mean, signs. Text
 * is folded first (case, accents, kinds of dash, blank and apostrophe); each token remembers
 * where it stood in the original. Bounded: WHEN_TEXT_MAX bytes, WHEN_TOKENS_MAX tokens.
 */
#ifndef TD_WHEN_LEX_H
#define TD_WHEN_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/span.h"
#include "parsers/base/zone.h"
#include "parsers/when-words.h"

/* A token of this sign is the character for one half. */
#define HALF_SIGN '\3'
#define WHEN_TEXT_MAX 160
#define WHEN_TOKENS_MAX 64
#define WHEN_SENSES_MAX 6

enum when_token_kind { TOKEN_NUMBER, TOKEN_WORD, TOKEN_SIGN, TOKEN_ZONE };

struct when_token {
	enum when_token_kind kind;
	bool spaced;       /* white space stands before it */
	size_t start, end; /* bytes of the original */
	char sign;         /* TOKEN_SIGN; '~' is "..", '?' anything unknown */
	int value;         /* TOKEN_NUMBER; -1 where it has too many digits */
	int digits;
	bool ordinal;    /* "12th", "1er", "2º" */
	size_t n_senses; /* TOKEN_WORD; 0 for an unknown word */
	struct when_word senses[WHEN_SENSES_MAX];
	const struct zone *zone; /* TOKEN_ZONE */
};

struct when_tokens {
	struct when_token items[WHEN_TOKENS_MAX];
	size_t count;
	bool cut; /* there was more than fits */
};

void when_lex(struct span text, struct when_tokens *tokens);

bool when_token_means(const struct when_token *token, enum when_word_kind kind, int *value_r);

#endif
