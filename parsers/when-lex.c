/* SPDX-License-Identifier: ISC */
/*
 * when-lex: see when-lex.h. Operations, in order: fold() makes the plain text and the map back
 * to the original; then next_token() takes zone names, phrases of the tables, words, numbers.
 */
#include "config.h"

#include "parsers/when-lex.h"

#include <string.h>

#include "parsers/base/num.h"

#define ORDINAL_SIGN '\x02' /* stands for º ª ° */

struct folded {
	char text[2 * WHEN_TEXT_MAX]; /* one letter may fold to two: "ß" */
	size_t origin[2 * WHEN_TEXT_MAX + 1];
	size_t len;
	bool cut;
};

/* U+00C0..U+00FF without accents; "?" for what is no letter. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo?ouuuuy?saaaaaaaceeeeiiiidnooooo?ouuuuy?y";

static void
put(struct folded *f, char c, size_t origin)
{
	if (f->len < sizeof f->text) {
		f->origin[f->len] = origin;
		f->text[f->len++] = c;
	}
}

/* Takes one character at s; gives its length in bytes. */
static size_t
fold_multibyte(struct folded *f, struct span s, size_t origin)
{
	unsigned char a = (unsigned char)s.ptr[0], b, c;

	if (s.len < 2)
		return put(f, '?', origin), 1;
	b = (unsigned char)s.ptr[1];
	if (a == 0xc3 && b >= 0x80 && b <= 0xbf) {
		put(f, latin[b - 0x80], origin);
		if (b == 0x9f)
			put(f, 's', origin);
		return 2;
	}
	if (a == 0xc2 && (b == 0xaa || b == 0xba || b == 0xb0))
		return put(f, ORDINAL_SIGN, origin), 2;
	if (a == 0xc2 && b == 0xbd)
		return put(f, HALF_SIGN, origin), 2;
	if (a == 0xc2 && b == 0xa0)
		return put(f, ' ', origin), 2;
	if (a == 0xc2 && b == 0xb7)
		return put(f, ',', origin), 2; /* "8:23 AM · Jul 9" */
	if (a == 0xcc || (a == 0xcd && b <= 0xaf))
		return 2; /* a combining accent after its letter */
	if (a != 0xe2 || s.len < 3)
		return put(f, '?', origin), 1;
	c = (unsigned char)s.ptr[2];
	if (b == 0x80 && c >= 0x90 && c <= 0x95)
		put(f, '-', origin);
	else if (b == 0x80 && (c == 0x98 || c == 0x99 || c == 0xb2))
		put(f, '\'', origin); /* quotes, and the sign of minutes */
	else if (b == 0x80 && (c == 0xaf || c == 0x89))
		put(f, ' ', origin);
	else if (b == 0x80 && c == 0xa6) {
		put(f, '.', origin);
		put(f, '.', origin);
	} else if (b == 0x88 && c == 0x92)
		put(f, '-', origin); /* the minus sign */
	else if ((b == 0x88 && c == 0x99) || (b == 0x80 && c == 0xa2))
		put(f, ',', origin); /* dots in the middle of the line */
	else
		put(f, '?', origin);
	return 3;
}

static void
fold(struct span text, struct folded *f)
{
	size_t i = 0;

	f->len = 0;
	f->cut = text.len > WHEN_TEXT_MAX;
	if (f->cut)
		text = span_first(text, WHEN_TEXT_MAX);
	while (i < text.len) {
		char c = text.ptr[i];

		if ((unsigned char)c >= 0x80) {
			i += fold_multibyte(f, span_skip(text, i), i);
			continue;
		}
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		else if (c == '\t' || c == '\n' || c == '\r')
			c = ' ';
		else if (c < 0x20 || c == 0x7f)
			c = '?';
		put(f, c, i++);
	}
	f->origin[f->len] = text.len;
}

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- zone names -------------------------------------------------------------------------- */

/* "europe/berlin" as people write it: each part begins with a capital. */
static void
capitalise(char *name)
{
	bool begin = true;

	for (; *name != '\0'; name++) {
		if (begin && is_letter(*name))
			*name = (char)(*name - 'a' + 'A');
		begin = *name == '/' || *name == '_' || *name == '-';
	}
}

/* Letters, a '/', more letters: a zone's name, if there is such a zone. */
static size_t
zone_length(const struct folded *f, size_t at)
{
	size_t n = 0;
	bool slash = false;

	for (; at + n < f->len; n++) {
		char c = f->text[at + n];

		if (c == '/')
			slash = true;
		else if (!is_letter(c) && c != '_' &&
			 !(slash && (is_digit(c) || c == '+' || c == '-')))
			break;
	}
	return slash && n <= ZONE_NAME_MAX && f->text[at + n - 1] != '/' ? n : 0;
}

static size_t
take_zone(const struct folded *f, struct span original, size_t at, struct when_token *token)
{
	size_t n = zone_length(f, at), from = f->origin[at];
	char name[ZONE_NAME_MAX + 1];

	if (n == 0 || f->origin[at + n] - from != n)
		return 0;
	token->kind = TOKEN_ZONE;
	if (zone_get_span(span_first(span_skip(original, from), n), &token->zone, NULL) == TD_OK)
		return n;
	memcpy(name, f->text + at, n);
	name[n] = '\0';
	capitalise(name);
	return zone_get(name, &token->zone, NULL) == TD_OK ? n : 0;
}

/* ---- tokens ------------------------------------------------------------------------------ */

static size_t
ordinal_length(const struct folded *f, size_t at)
{
	static const char *const endings[] = {
	    "st", "nd", "rd", "th", "er", "ere", "eme", "e", "te", "ten", "de"};
	size_t best = 0;

	if (at < f->len && f->text[at] == ORDINAL_SIGN)
		return 1;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t len = strlen(endings[i]);

		if (at + len <= f->len && memcmp(f->text + at, endings[i], len) == 0 &&
		    (at + len == f->len || !is_letter(f->text[at + len])))
			best = len;
	}
	return best;
}

static size_t
take_number(const struct folded *f, size_t at, struct when_token *token)
{
	size_t n = 0;
	uint32_t value;

	while (at + n < f->len && is_digit(f->text[at + n]))
		n++;
	token->kind = TOKEN_NUMBER;
	token->digits = (int)n;
	token->value = num_u32((struct span){f->text + at, n}, 99999999, &value) ? (int)value : -1;
	size_t ordinal = ordinal_length(f, at + n);
	token->ordinal = ordinal > 0;
	return n + ordinal;
}

static size_t
take_word(const struct folded *f, size_t at, struct when_token *token)
{
	struct span rest = {f->text + at, f->len - at};
	size_t n = when_phrase(rest);

	if (n == 0)
		while (n < rest.len && (is_letter(rest.ptr[n]) || rest.ptr[n] == '\''))
			n++;
	token->kind = TOKEN_WORD;
	token->n_senses = when_word_senses(span_first(rest, n), token->senses, WHEN_SENSES_MAX);
	return n;
}

static size_t
take_sign(const struct folded *f, size_t at, struct when_token *token)
{
	static const char known[] = {
	    '-', '.', ':', ',', '/', '+', '(', ')', '\'', HALF_SIGN, '\0'};
	char c = f->text[at];

	token->kind = TOKEN_SIGN;
	token->sign = c != '\0' && strchr(known, c) != NULL ? c : '?';
	if (c != '.' || at + 1 >= f->len || f->text[at + 1] != '.')
		return 1;
	token->sign = '~';
	return at + 2 < f->len && f->text[at + 2] == '.' ? 3 : 2;
}

static size_t
next_token(const struct folded *f, struct span original, size_t at, struct when_token *token)
{
	size_t n = 0;

	if (is_digit(f->text[at]))
		return take_number(f, at, token);
	if (is_letter(f->text[at]) ||
	    (f->text[at] == '\'' && at + 1 < f->len && is_letter(f->text[at + 1]))) {
		if (is_letter(f->text[at]))
			n = take_zone(f, original, at, token);
		return n > 0 ? n : take_word(f, at, token);
	}
	return take_sign(f, at, token);
}

void
when_lex(struct span text, struct when_tokens *tokens)
{
	struct folded f;
	size_t at = 0;

	fold(text, &f);
	tokens->count = 0;
	tokens->cut = f.cut;
	for (;;) {
		struct when_token *token = &tokens->items[tokens->count];
		bool spaced = at == 0;

		for (; at < f.len && f.text[at] == ' '; at++)
			spaced = true;
		if (at >= f.len)
			return;
		if (tokens->count == WHEN_TOKENS_MAX) {
			tokens->cut = true;
			return;
		}
		*token = (struct when_token){.spaced = spaced, .start = f.origin[at]};
		at += next_token(&f, text, at, token);
		token->end = f.origin[at];
		tokens->count++;
	}
}

bool
when_token_means(const struct when_token *token, enum when_word_kind kind, int *value_r)
{
	if (token->kind != TOKEN_WORD)
		return false;
	for (size_t i = 0; i < token->n_senses; i++)
		if (token->senses[i].kind == kind) {
			if (value_r != NULL)
				*value_r = token->senses[i].value;
			return true;
		}
	return false;
}
