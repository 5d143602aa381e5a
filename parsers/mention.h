/* SPDX-License-Identifier: ISC */
/*
 * mention: what prose names: "@ana", "#42", "+web", "#bug". An address, a telephone number and a
 * heading are none. Each is listed once, in order; at most 200.
 */
#ifndef TD_MENTION_H
#define TD_MENTION_H

#include "parsers/grammar_private.h"

void mention_read(struct grammar *g, struct span text);

/* The items "#n" named in text, each once, at most max. */
size_t mention_items(struct arena *arena, struct span text, size_t max, uint32_t **items_r);

#endif
