/* SPDX-License-Identifier: ISC */
/*
 * verb: the one table of all commands people can write (GRAMMAR 5). The reading looks verbs up
 * here, `tidings help COMMAND`, the mail answer to `help` and tidings-commands(7) are printed
 * from here. A verb's shape says which fields of struct reading_command it fills.
 */
#ifndef TD_VERB_H
#define TD_VERB_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "parsers/base/span.h"

/* In front of each: what may be written; behind: the fields it fills (see reading.h). */
enum verb_shape {
	VERB_NOTHING,  /* nothing */
	VERB_STATE,    /* [#n...] [text]              items, text */
	VERB_REASON,   /* [#n...] text                items, text */
	VERB_TITLE,    /* [#n] text                   items, text */
	VERB_SHOW,     /* [#n...]                     items */
	VERB_PEOPLE,   /* [#n...] @a [@b]             items, people */
	VERB_PEOPLE_OPT, /* [#n...] [@a...]           items, people */
	VERB_DUE,      /* [#n...] DATE|none           items, when or none */
	VERB_SNOOZE,   /* [#n...] DATE|DURATION       items, when or seconds */
	VERB_PRIORITY, /* [#n...] p1..p4              items, priority */
	VERB_TAG,      /* [#n...] word -word          items, tags, tags_off */
	VERB_PROJECT,  /* [#n...] name|none           items, project or none */
	VERB_ESTIMATE, /* [#n...] DURATION|none       items, seconds or none */
	VERB_DEPENDS,  /* #m, or #n on #m             items: first the dependent one if word is
	                  "on", then those it waits for */
	VERB_BLOCK,    /* [#n] reason [on #m|@p]      items, text; word "on" with the last item
	                  (if no people) or people[0] being what it waits for */
	VERB_SPEND,    /* AMOUNT [DATE] [#n] [+p] [billable] [for:@p] [note]
	                  seconds, when (a range: its moments), items, project, flag, people,
	                  text */
	VERB_OFF,      /* DATE[..DATE] [kind] [morning|afternoon|half-day] [cover:@p] [note]
	                  when, word (kind), flag (half-day), half, cover, text */
	VERB_HOURS,    /* mon-fri 09:00-17:00[, ...] [from DATE]   word (normal form), when */
	VERB_ZONE,     /* Area/City [DATE..DATE]      word, when */
	VERB_DIGEST,   /* daily 08:30|weekly mon 09:00|off   word, none for off */
	VERB_CHECKIN,  /* 16:30|off                   word, none for off */
	VERB_ACK,      /* always|new|errors           word */
	VERB_LANG,     /* de                          word */
	VERB_DECIDE,   /* TITLE [by DATE]             text, when */
	VERB_VOTE,     /* [#n] OPTION                 items, word */
	VERB_RESOLVE,  /* [#n] OPTION reason          items, word, text; an option of several words
	                  stands in quotes */
	VERB_HANDOVER, /* @p #n... [note]             people, items, text */
	VERB_PAGE,     /* [@p|oncall] text            people, or word "oncall"; text */
	VERB_REMIND,   /* DATE text                   when, text */
	VERB_MEET,     /* DURATION @a... [DATE..DATE] seconds, people, when */
	VERB_BOOK,     /* N                           word */
	VERB_WEEK,     /* [WEEK] [@p]                 word "2026-W41" or NULL, people */
	VERB_JUDGE,    /* WEEK @p [reason]            word, people, text */
	VERB_LIST,     /* filter words                word (filter) or NULL; project, people,
	                  tags */
	VERB_SEARCH,   /* words                       text */
	VERB_HELP,     /* [command]                   word or NULL */
	VERB_UNDO,     /* CODE                        word */
	VERB_INVITE,   /* name@x.org Name [role]      people[0] the address, text the name, word
	                  the role (guest, member, lead; NULL without) */
	VERB_REMOVE,   /* @p                          people */
};

enum verb_role { VERB_GUEST, VERB_MEMBER, VERB_LEAD };

enum verb_item {
	ITEM_NONE, /* has nothing to do with an item */
	ITEM_MAY,  /* an item can be named */
	ITEM_MUST, /* #n, or the item that the mail's thread is about */
};

struct verb {
	const char *name;
	const char *aliases; /* separated by one space; "" without */
	enum verb_shape shape;
	enum verb_role role; /* the least role that may use it */
	enum verb_item item;
	const char *synopsis; /* what follows the verb: "[#n...] [text]"; "" without */
	const char *summary;  /* one line, no full stop */
	const char *help;     /* some sentences */
	const char *examples; /* lines, each ends with LF */
};

extern const struct verb verbs[];
extern const size_t n_verbs;

/* By name or alias, case ignored, without the slash; NULL when there is none. */
const struct verb *verb_find(struct span name);

/* The verb whose name or alias is nearest by edit distance, NULL when none is near. */
const struct verb *verb_nearest(struct span name);

/* All that are near, at most max, the nearest first and else in the table's order. */
size_t verb_near(struct span name, const struct verb **found_r, size_t max);

/* Does it count only in a reply to a mail from the team (the daemon's trust, L3)? */
bool verb_needs_reply(const struct verb *verb);

const char *verb_role_name(enum verb_role role); /* "guest", "member", "lead" */

/* Help for people as plain text: one command, or (NULL) the list of all of them. */
void verb_help(const struct verb *verb, struct buf *out);

/* All commands as a section of tidings-commands(7), mdoc. */
void verb_man(struct buf *out);

/* Edits (insert, delete, change, swap two) from a to b, case ignored; more than max gives
 * max + 1. At most 64 bytes of each count. */
unsigned verb_distance(struct span a, struct span b, unsigned max);

#endif
