/* SPDX-License-Identifier: ISC */
/*
 * htmlentity: names of characters that libxml2 does not know, put into a document before it is
 * parsed; and addresses whose parameters look like such names, kept as they are.
 */
#ifndef TD_HTMLENTITY_H
#define TD_HTMLENTITY_H

#include <stddef.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

struct htmlentity {
	const char *name;
	uint32_t value;
};

extern const struct htmlentity htmlentity_table[];
extern const size_t htmlentity_count;

/*
 * html itself or a changed copy in the arena, at most five times as long. "&check;" becomes the
 * character, "&lbrace;" too, "&LT;" what libxml2 knows, "?a=1&copy=2" "?a=1&amp;copy=2".
 */
struct span htmlentity_expand(struct arena *arena, struct span html);

#endif
