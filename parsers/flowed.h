/* SPDX-License-Identifier: ISC */
/* flowed: text/plain with format=flowed back to one line a paragraph (RFC 3676). Linear. */
#ifndef TD_FLOWED_H
#define TD_FLOWED_H

#include <stdbool.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

/* text has LF line ends. Quoted lines come out as '>' for each level, a space and the text. */
struct span flowed_join(struct arena *arena, struct span text, bool delsp);

#endif
