/* SPDX-License-Identifier: ISC */
/*
 * What the files of htmltext share: htmltext.c walks the elements, htmltext_put.c writes the
 * lines, htmltext_cite.c knows where another mail begins, htmltext_after.c looks at what was
 * written: signatures, and answers inside quotes.
 */
#ifndef TD_HTMLTEXT_PRIVATE_H
#define TD_HTMLTEXT_PRIVATE_H

#include <libxml/HTMLparser.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/buf.h"
#include "parsers/htmltext.h"
#include "parsers/htmlstyle.h"

#define DEPTH_MAX 2000
#define LIST_DEPTH_MAX 6
#define QUOTE_DEPTH_MAX 20

enum tag_kind {
	TAG_INLINE,
	TAG_BLOCK, /* on lines of its own */
	TAG_PARAGRAPH, /* with an empty line around it */
	TAG_SKIP,  /* with all that is in it */
	TAG_BREAK,
	TAG_LIST,
	TAG_ORDERED,
	TAG_ITEM,
	TAG_CELL,
	TAG_QUOTE,
	TAG_PRE,
	TAG_CODE,
	TAG_LINK,
	TAG_IMAGE,
};

/* How text is seen; what an element changes is undone when it closes. */
struct seen {
	bool tiny;      /* font size 0, until an inner element sets another */
	bool invisible; /* visibility, the same */
	bool lines;     /* line ends count */
	bool colored;   /* somebody named a color for the text */
	int32_t color, ground;
};

struct element {
	char name[12];
	enum tag_kind kind;
	bool quote, list, pre, code, hidden, strike, doubt, attribution, signature;
	bool older;      /* holds a mail that is quoted or forwarded */
	bool mixed;      /* so until a quote in it begins */
	unsigned ruled;  /* its number among those with Outlook's line above; 0: without */
	struct seen before; /* state to go back to */
	size_t begins;   /* its offset in out */
	unsigned number; /* of the next item in an ordered list; 0: bullets */
};

/* The hues in which people write answers into a quote. */
enum hue { HUE_NONE, HUE_RED, HUE_GREEN, HUE_BLUE, HUE_PURPLE, HUE_ORANGE, HUES };

enum signature_state {
	SIGNATURE_NONE,
	SIGNATURE_OPEN,
	SIGNATURE_CLOSED, /* nothing but quotes stood below it so far */
	SIGNATURE_QUOTE,  /* a quote or what introduces one follows */
	SIGNATURE_UNSURE, /* text follows, that may be the author's */
};

/* What a mail program marks as another mail's, as offsets in out. */
struct zone {
	size_t from, to;
};

struct html {
	struct arena *arena;
	struct links *links;
	xmlParserCtxtPtr parser;
	struct buf out;
	struct element stack[DEPTH_MAX];
	size_t depth;
	unsigned quotes, lists, pres, codes, hidden, strikes, doubts, attributions;
	struct htmlsheet sheet;
	struct seen seen;
	bool literal;    /* code is marked as such, in the way of Markdown */
	bool fenced;     /* inside a fence */
	bool signature;  /* what is preformatted here is one */
	bool ticked;     /* inside backticks, at the beginning of this line */
	bool plain_seen; /* there is text that is no code */
	bool doubted;    /* this line is what may be hidden, marked like code */
	bool bare_title; /* the end of a title was forgotten */
	bool struck;     /* what is struck through has begun on this line */
	bool region;     /* below Outlook's mark: all is the mail that is answered */
	unsigned olders; /* open elements of that kind */
	unsigned rules;  /* elements with Outlook's line above, so far */
	unsigned head;   /* the one that holds the head of the mail that is answered; 0: none */
	bool walked;     /* head is known, from the walk before */
	bool cite;       /* what is marked as another mail's is written as a quote */
	bool in_zone;    /* the last text belongs to the last zone */
	struct zone *zones;
	size_t n_zones, zones_cap;
	unsigned breaks; /* line ends wanted before the next text: 0, 1 or 2 */
	bool space;      /* white space wanted before the next text */
	bool blank;      /* a no-break space stood here, and no text yet */
	bool cell;       /* a cell ended: TAB before the next text on this line */
	bool started;    /* something stands on the current line */
	const char *bullet;
	char bullet_text[16];
	enum signature_state signature_state;
	size_t signature_from, signature_to; /* offsets in out */
	size_t quote_from;                   /* where the first quote begins */
	bool quote_seen;
	size_t quoted, hued[HUES]; /* letters in quotes; of these, by hue */
	unsigned answers;          /* bits by hue: what is an answer where it is quoted; 0: none */
	bool answering;            /* the current line is one */
};

/* htmltext_put.c */
void html_want_breaks(struct html *h, unsigned n);
void html_put_flowing(struct html *h, struct span s);
void html_put_lines(struct html *h, struct span s);
void html_put_preformatted(struct html *h, struct span s);
void html_close_ticks(struct html *h);
void html_close_strike(struct html *h);
void html_close_fence(struct html *h);

/* htmltext_cite.c */
/* Other people's mails begin and end with elements: e is open, or was just closed. */
void html_open_older(struct html *h, struct element *e, const struct htmlstyle *style);
void html_close_older(struct html *h, const struct element *e);
/* The text that is about to be written belongs to another mail, or not. */
void html_note_zone(struct html *h);
/* The levels of quoting in front of the text at hand. */
unsigned html_quote_depth(const struct html *h);
/* Something of another mail would be taken for the author's: nothing but its marks say what it
 * is. */
bool html_must_cite(const struct html *h);

/* htmltext_after.c */
enum hue html_hue(int32_t color);
bool html_in_quote(const struct html *h);
/* The text at hand stands in a quote in the color of an answer. */
bool html_is_answer(const struct html *h);
void html_count_letters(struct html *h, struct span s);
/* Which hues are answers, by what the author says above the quote; 0 for none. */
unsigned html_find_answers(const struct html *h);
/* A quote begins: whether what stands between it and a signature only introduces the quote. */
void html_settle_signature(struct html *h);
/* Puts the line "-- " in front of the signature. */
void html_mark_signature(struct html *h);

#endif

