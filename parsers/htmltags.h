/* SPDX-License-Identifier: ISC */
/*
 * htmltags: tags changed before libxml2 sees them. It closes <b>, <s> and their kin where a
 * paragraph begins, which browsers do not: what is struck or hidden would be so no more. It drops
 * what the tag of a second <body> says, and shows Outlook's "<![if x]>" as text. It takes
 * "<ana@example.org>" and "<https://...>" for the text that they were written as.
 */
#ifndef TD_HTMLTAGS_H
#define TD_HTMLTAGS_H

#include <stdbool.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

/* <s> and <strike> as <del>, <tt> as <code>, <b>, <i>, <u>, <big> and <small> as <span>, <body> as
 * <div>, <![x]> as nothing; a copy in the arena, at most six times as long, or html itself.
 * keep_names: what was renamed has its old name as the attribute HTMLTAGS_NAME. */
#define HTMLTAGS_NAME "td-tag"
struct span htmltags_rename(struct arena *arena, struct span html, bool keep_names);

/* Is it one of these names, but "body"? */
bool htmltags_is_renamed(struct span name);

#endif
