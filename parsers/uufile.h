/* SPDX-License-Identifier: ISC */
/*
 * uufile: files that stand uuencoded inside a text, as old programs send them: a line "begin 644
 * NAME", lines of data, a line "end". What does not fit from the first line to the last is text.
 */
#ifndef TD_UUFILE_H
#define TD_UUFILE_H

#include <stdbool.h>

#include "parsers/base/span.h"

struct uufile {
	struct span before;  /* the text in front of it */
	struct span name;    /* as written */
	struct span encoded; /* from "begin" to "end", for transfer_uu() */
};

/* Takes the first file and all before it off *text; false (nothing changed) without one. */
bool uufile_take(struct span *text, struct uufile *file_r);

#endif
