/* SPDX-License-Identifier: ISC */
/*
 * htmltags: tags changed before libxml2 sees them. It closes <b>, <s> and their kin where a
 * paragraph begins, which browsers do not: what is struck or hidden would be so no more. It drops
 * what the tag of a second <body> says, and shows Outlook's "<![if x]>" as text.
 */
#ifndef TD_HTMLTAGS_H
#define TD_HTMLTAGS_H

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

/* <s> and <strike> as <del>, <tt> as <code>, <b>, <i>, <u>, <big> and <small> as <span>, <body> as
 * <div>, <![x]> as nothing; a copy in the arena, at most twice as long, or html itself. */
struct span htmltags_rename(struct arena *arena, struct span html);

#endif
