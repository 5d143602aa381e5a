/* SPDX-License-Identifier: ISC */
/*
 * htmltags: names of elements changed before libxml2 sees them. It closes <b>, <s> and their kin
 * where a paragraph begins, which browsers do not: what is struck or hidden would be so no more.
 */
#ifndef TD_HTMLTAGS_H
#define TD_HTMLTAGS_H

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

/* <s> and <strike> as <del>, <b>, <i>, <u>, <tt>, <big> and <small> as <span>; a copy in the
 * arena, at most twice as long, or html itself. */
struct span htmltags_rename(struct arena *arena, struct span html);

#endif
