/* SPDX-License-Identifier: ISC */
/* links: the web addresses in a mail, each once, in order, at most LINKS_MAX. */
#ifndef TD_LINKS_H
#define TD_LINKS_H

#include <stddef.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

#define LINKS_MAX 200
#define LINK_BYTES_MAX 2000

struct links {
	const char **items;
	size_t n, cap;
};

/* Adds url if it is one (http or https, no white space, clean) and new. */
void links_add(struct arena *arena, struct links *links, struct span url);

/* Adds all that stand in a text; closing punctuation is not part of them. */
void links_find(struct arena *arena, struct links *links, struct span text);

/* The link at the beginning of text, empty if none. */
struct span links_at(struct span text);

#endif
