/* SPDX-License-Identifier: ISC */
/*
 * Fences of code as in Markdown: a line that begins with three or more of "`" or "~", up to three
 * spaces before it; it is closed by a line of at least as many and nothing else. "```x```" is code
 * inside its line and opens nothing.
 */
#ifndef TD_FENCE_H
#define TD_FENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/base/span.h"

struct fence {
	char sign;
	size_t len;
};

bool fence_opens(struct span line, struct fence *fence_r);
bool fence_closes(struct span line, const struct fence *fence);

#endif
