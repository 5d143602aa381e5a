/* SPDX-License-Identifier: ISC */
/*
 * fetch/guard: looks at what a server sends before the protocol library does. The library reads
 * lines of any length into memory, takes any literal, lets numbers wrap at 2^32, recurses as deep
 * as brackets go, and reads past a response code that never closes. The guard refuses all these.
 *
 * It follows lines and literals only; what a response means is the library's business. Bytes
 * within literals are counted, not looked at, so a mail costs next to nothing.
 */
#ifndef TD_FETCH_GUARD_H
#define TD_FETCH_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUARD_LINE_MAX (64u * 1024)  /* a line without its literals, but SEARCH answers */
#define GUARD_DEPTH_MAX 8            /* parentheses; ENVELOPE and BODYSTRUCTURE are never asked */

enum guard_line {
	GUARD_START,  /* in the first word */
	GUARD_KIND,   /* in the second word */
	GUARD_STATUS, /* OK, NO, BAD, BYE, PREAUTH, a tagged or "+" line: words, no literal */
	GUARD_DATA,   /* untagged data */
	GUARD_SEARCH, /* its numbers; may be long */
};

struct guard {
	uint64_t literal;      /* bytes of it still to come */
	uint64_t literal_max;  /* largest literal that may come now */
	uint64_t plain;        /* bytes outside of literals that may still come: the library makes
	                          dozens of each */
	size_t line;           /* bytes of the line so far */
	enum guard_line kind;
	char word[20];         /* the word so far, upper case, cut */
	char last_word[20];    /* the one before */
	size_t word_len;
	uint64_t number;       /* its value while it is all digits */
	uint64_t size;         /* number in braces at the end of the line */
	bool digits;           /* the word is all digits */
	bool tagged, quoted, escaped;
	bool in_brace, has_size;
	bool over;             /* wrong because more came than literal_max or plain */
	bool in_code, in_text; /* of a status line: within [...]; past where one may begin */
	int depth;
	const char *wrong;     /* static text: why the server is not believed; NULL: all well */
};

void guard_init(struct guard *guard);

/* Takes the next bytes as they came. False, for ever after, when they break a limit: wrong then
 * completes the sentence "the server sent ...". */
bool guard_feed(struct guard *guard, const char *bytes, size_t len);

#endif
