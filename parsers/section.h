/* SPDX-License-Identifier: ISC */
/*
 * section: "Done", "Next", "Blocked", "Goals", "Time" and "Notes" with what stands below them
 * (GRAMMAR 4.4). A label is a line of its own, or ends with a colon and text follows; it may be a
 * Markdown heading or bold. Labels also in German, French, Spanish, Portuguese and Dutch.
 */
#ifndef TD_SECTION_H
#define TD_SECTION_H

#include "parsers/grammar_private.h"

/*
 * Whether a line is a label; *text_r is what follows it on the line, *marked_r says that it is
 * more than the word alone (a colon, a heading, bold).
 */
bool section_label(struct arena *arena, struct span line, enum section_kind *kind_r,
    struct span *text_r, bool *marked_r);

/* Whether the line begins a list item; *text_r is the item without its mark. */
bool section_bullet(struct span line, struct span *text_r);

/* Whether the text says that there is nothing: "none", "nothing, thanks", "no blockers today". */
bool section_is_none(struct arena *arena, struct span text);

/* Takes "(1h30m)" off the end of an entry under Done and logs it; gives what is left of text. */
struct span section_take_amount(struct grammar *g, struct span text, struct section_entry *entry);

/* Reports what looks like an amount in the entries under Done and was not logged. */
void section_report_amounts(struct grammar *g);

/* Reads all lines that no reader has taken before, and marks those it takes. */
void section_read(struct grammar *g);

/* Lines that begin as time entries, one a line, anywhere: the body of a mail to team+time@. */
void section_read_time(struct grammar *g);

#endif
