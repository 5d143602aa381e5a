/* SPDX-License-Identifier: ISC */
/*
 * layout: plain text as it goes into a mail: wrapped at 72 columns, and without a line that
 * tidings itself would take for a command if the mail came back unquoted.
 */
#ifndef TD_LAYOUT_H
#define TD_LAYOUT_H

#include <stddef.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

#define LAYOUT_WIDTH 72

/*
 * Wraps lines at blanks (a longer word stays whole); what follows is indented as its line, two
 * more behind a bullet. A line at column 0 that could be a live command is moved in by one blank;
 * so is what wrapping brings there. Blank lines at the beginning, double ones, and those at the
 * end vanish; "-- " keeps its blank.
 */
const char *layout_text(struct arena *arena, struct span text);

/* Whether a line at column 0 could be taken for a command (GRAMMAR 4.2 and 4.3). */
bool layout_is_live(struct span line);

/* text and blanks up to `width` columns; not cut where it is wider. */
const char *layout_pad(struct arena *arena, const char *text, size_t width);
size_t layout_columns(const char *text);

/* "[#######...]", ten signs; done 0..total, total at least 1. */
const char *layout_bar(struct arena *arena, unsigned done, unsigned total);

#endif
