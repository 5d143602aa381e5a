/* SPDX-License-Identifier: ISC */
/*
 * section: "Done", "Next", "Blocked", "Goals", "Time" and "Notes" with what stands below them
 * (GRAMMAR 4.4). A label is a line of its own, or ends with a colon and text follows; it may be a
 * Markdown heading or bold. Labels also in German, French, Spanish, Portuguese and Dutch.
 */
#ifndef TD_SECTION_H
#define TD_SECTION_H

#include "parsers/grammar_private.h"

enum section_list { SECTION_NO_LIST, SECTION_BULLETS, SECTION_NUMBERS };

struct section_label {
	enum section_kind kind;
	struct span text;       /* what follows it on the line */
	bool colon, heading, bold;
	bool marked;            /* by one of these three: more than the word alone */
	bool sign;              /* a picture stands beside it */
	bool ruled;             /* "Done -", "=== Done ===", "[Done]" */
	bool dashed;            /* "Done - text": the text follows a dash */
	enum section_list list; /* "- Done", "1. Done" */
};

/*
 * Whether the line is the word of a label and marks that people put around one. Whether that makes
 * a section depends on the lines around it: section_read() knows.
 */
bool section_label(struct arena *arena, struct span line, struct section_label *label_r);

/* "-----", "=====": under a label or between two parts, never an entry. */
bool section_ruler(struct span line);

/* Whether the line begins a list item; *text_r is the item without its mark. */
bool section_bullet(struct span line, struct span *text_r);

/* Whether the text says that there is nothing: "none", "nothing, thanks", "no blockers today". */
bool section_is_none(struct arena *arena, struct span text);

/* "yesterday 45m mail" as "45m yesterday mail", the order of /spend; else text as it is. */
struct span section_amount_first(struct grammar *g, struct span text);

/* Takes "(1h30m)" off the end of an entry under Done and logs it; gives what is left of text. */
struct span section_take_amount(struct grammar *g, struct span text, struct section_entry *entry);

/* Reports what looks like an amount in the entries under Done and was not logged. */
void section_report_amounts(struct grammar *g);

/* Reads all lines that no reader has taken before, and marks those it takes. */
void section_read(struct grammar *g);

/* Lines that begin as time entries, one a line, anywhere: the body of a mail to team+time@. */
void section_read_time(struct grammar *g);

#endif
