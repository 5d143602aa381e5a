/* SPDX-License-Identifier: ISC */
/* enriched: text/enriched (RFC 1896) and its forerunner text/richtext as plain text. Linear. */
#ifndef TD_ENRICHED_H
#define TD_ENRICHED_H

#include <stdbool.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

/* text has LF line ends. rich: it is text/richtext, where line ends mean nothing, <nl> does.
 * Lines of an <excerpt> begin with "> ". */
struct span enriched_read(struct arena *arena, struct span text, bool rich);

#endif
