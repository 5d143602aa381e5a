/* SPDX-License-Identifier: ISC */
/*
 * What the files of trim share: the lines of a body, their marks, and the folded form in which
 * words of many languages are compared. Order: trim.c splits and marks; trim_block.c recognises
 * what introduces a quote; trim_tail.c what ends the author's part; trim_words.c holds the words.
 */
#ifndef TD_TRIM_PRIVATE_H
#define TD_TRIM_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/span.h"

enum trim_mark {
	MARK_OWN,
	MARK_QUOTE,
	MARK_ATTRIBUTION,
	MARK_HEADER,
	MARK_FORWARDED,
	MARK_SIGNATURE,
	MARK_DISCLAIMER,
	MARK_FOOTER,
};

struct trim_line {
	uint32_t start; /* offset in the body */
	uint32_t len;   /* without the line end; shortened where an attribution shares the line */
	uint8_t mark;   /* enum trim_mark */
	bool blank;
	bool quoted;    /* begins with '>' */
	bool fenced;    /* inside a closed fence of code: nothing is recognised there */
	bool terminal;  /* may end an attribution: a colon, a dash, a verb */
	bool cut;       /* the rest of the line is an attribution */
	bool context;   /* a quoted line that an answer below needs */
};

struct trim_body {
	struct span body;
	struct trim_line *lines;
	size_t n;
	size_t *next_text;  /* the next line, from this one on, that is not blank; n without */
	size_t *next_quote; /* the same for quoted lines */
};

/* A line in folded form: lower case, white space and typographic variants made one. */
#define FOLD_MAX 512
struct fold {
	char text[FOLD_MAX + 8];
	size_t len;
};

/* Appends text to fold; false when it does not fit (then it is nothing we look for). */
bool fold_add(struct fold *fold, struct span text);
bool fold_line(struct fold *fold, const struct trim_body *t, size_t i);
struct span fold_span(const struct fold *fold);
struct span trim_line_span(const struct trim_body *t, size_t i);

/* Does folded text start with, or hold, one of n texts? */
bool words_starts_any(struct span s, const char *const *table, size_t n);
bool words_has_any(struct span s, const char *const *table, size_t n);

/* What a word begins with, not folded; LETTER_PLAIN: a letter of a script without capitals. */
enum letter { LETTER_NONE, LETTER_SMALL, LETTER_CAPITAL, LETTER_PLAIN };
enum letter words_first_letter(struct span word);

/* Does a word of s begin with it? */
bool words_has_start(struct span s, const char *word);
/* "I" as a word: people say so, programs and lawyers do not. */
bool words_has_self(struct span s);

/* Word tables (trim_words.c, trim_phrases.c, trim_device.c); the text is folded. */
bool words_has_wrote(struct span folded);       /* holds "wrote" as a word, in any language */
bool words_ends_wrote(struct span folded);      /* ends with it, a colon or not */
bool words_starts_attribution(struct span folded); /* "on ", "le ", "am ", a weekday ... */
bool words_starts_citation(struct span folded); /* "Quoting " */
bool words_is_original(struct span folded, bool *forwarded_r); /* "original message" */
bool words_is_forward_line(struct span folded); /* "Begin forwarded message:" */
bool words_is_reply_above(struct span folded);
bool words_is_sent_from(struct span folded);
bool words_is_closing(struct span folded);      /* "best regards," */
bool words_is_thanks(struct span folded);       /* such a one, without a comma behind it */
bool words_starts_disclaimer(struct span folded);
unsigned words_in_disclaimer(struct span folded); /* number of its usual words */
bool words_may_start_disclaimer(struct span folded); /* what people often begin with as well */
bool words_names_reader(struct span folded);    /* the reader, or that he is not the one meant */
bool words_in_footer(struct span folded);
bool words_may_be_footer(struct span folded);   /* so with a rule above or a link behind it */

enum header_label {
	LABEL_NONE,
	LABEL_FROM = 1,
	LABEL_DATE = 2,
	LABEL_TO = 4,
	LABEL_SUBJECT = 8,
	LABEL_OTHER = 16,
	LABEL_SENT = 32, /* as mail programs name the date; people write "Date" */
};
/* The label of "Label: value", and its value. */
enum header_label words_header_label(struct span folded, struct span *value_r);
/* The label that a word inside a value is, of the first that is one. */
enum header_label words_inner_label(struct span value);

/* What evidence a folded text holds. */
bool words_has_mail(struct span folded);
bool words_has_time(struct span folded);
bool words_has_second(struct span folded); /* "10:02:50" */
bool words_has_day(struct span folded); /* a year or a numeric date */

/* trim_block.c: does a block begin at line i? Each gives the line after it, or i for none. */
struct trim_intro {
	size_t end;     /* first line after it */
	bool strong;    /* what follows is quoted even without '>' */
	bool forwarded;
	enum trim_mark mark;
};
bool trim_find_intro(const struct trim_body *t, size_t i, struct trim_intro *intro_r);
/* "reply On Wed, ... wrote:": the length of the author's part of the line; 0 without. */
size_t trim_find_shared(const struct trim_body *t, size_t i, struct trim_intro *intro_r);

/* trim_tail.c: marks what ends the author's part in lines [from, to). */
void trim_tail(struct trim_body *t, size_t from, size_t to);

#endif
