/* SPDX-License-Identifier: ISC */
/*
 * when-words: the words of dates, times and amounts in English, German, French, Spanish,
 * Portuguese and Dutch. One table a language, looked up all at once: the language need not be
 * declared, and a word may mean several things ("mar": March, Tuesday), which its neighbours
 * settle. Words stand in lower case, without accents, as when_lex() makes them.
 */
#ifndef TD_WHEN_WORDS_H
#define TD_WHEN_WORDS_H

#include <stddef.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

enum when_word_kind {
	W_WEEKDAY = 1, /* value: enum weekday */
	W_MONTH,       /* 1..12 */
	W_RELDAY,      /* days from today */
	W_UNIT,        /* enum when_unit */
	W_NUMBER,      /* "two" */
	W_HALF,        /* "half an", "anderthalb": how many halves */
	W_NEXT,        /* before or after what it belongs to; value: COMING, the very next
	                  weekday */
	W_THIS,
	W_LAST,
	W_IN,         /* "in" 3 days */
	W_AGO,        /* 3 days "ago" */
	W_AGO_BEFORE, /* "vor" 3 Tagen */
	W_LATER,      /* 3 days "from now" */
	W_END_OF,     /* "end of" the week */
	W_EOX,        /* "eom": enum when_unit */
	W_DAYPART,    /* "morning": minute of the day */
	W_TODAYPART,  /* "tonight": minutes after today's midnight */
	W_CLOCK,      /* "noon": minute of the day */
	W_AM,
	W_PM,
	W_OCLOCK, /* 17 "Uhr" */
	W_AT,     /* "at" 17:00 */
	W_ON,     /* "on" friday */
	W_OF,     /* 12th "of" October, end "of the" month */
	W_TO,     /* A "to" B */
	W_FROM,   /* "from" A to B */
	W_AND,
	W_NOW,
	W_WEEKNO,         /* "KW" 41 */
	W_T,              /* the T of 2026-10-12T17:00 */
	W_OFFSET,         /* "UTC", "CET": minutes east */
	W_OFFSET_UNCLEAR, /* "IST": several zones are called so */
};

enum when_unit {
	UNIT_SECOND,
	UNIT_MINUTE,
	UNIT_HOUR,
	UNIT_DAY,
	UNIT_WEEK,
	UNIT_MONTH,
	UNIT_QUARTER,
	UNIT_YEAR,
};

struct when_word {
	const char *text;
	enum when_word_kind kind;
	int value;
};

/* What a word means: at most max senses; 0 for an unknown word. */
size_t when_word_senses(struct span word, struct when_word *senses, size_t max);

/* Length of the longest phrase of the tables at the beginning of text, or 0. */
size_t when_phrase(struct span text);

/*
 * The day or weekday whose name is nearest to the word by edit distance, for a suggestion; NULL
 * when none is near or when it is one of them.
 */
const char *when_word_near(struct arena *arena, struct span word);

#endif
