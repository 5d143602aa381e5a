/* SPDX-License-Identifier: ISC */
/*
 * topblock: the "Key: value" lines at the very top of the author's text (GRAMMAR 4.1). The block
 * ends at the first line that does not fit, a blank one included.
 */
#ifndef TD_TOPBLOCK_H
#define TD_TOPBLOCK_H

#include "parsers/grammar_private.h"

/* Fills fields, marks the lines as taken, adds an error for a value that was not understood. */
void topblock_read(struct grammar *g);

#endif
