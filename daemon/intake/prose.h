/* SPDX-License-Identifier: ISC */
/*
 * prose: what is left of the author's text for people to read: without the block of fields at
 * the top, without commands, and (for updates) without the sections.
 */
#ifndef TD_PROSE_H
#define TD_PROSE_H

#include "parsers/reading.h"

/* Fields that stand in the top block of the text, as bits; those of the subject don't. */
#define PROSE_OWNER (1u << 0)
#define PROSE_DUE (1u << 1)
#define PROSE_PRIORITY (1u << 2)
#define PROSE_PROJECT (1u << 3)
#define PROSE_TAGS (1u << 4)
#define PROSE_ESTIMATE (1u << 5)
#define PROSE_STATUS (1u << 6)
#define PROSE_DEPENDS (1u << 7)
#define PROSE_WATCH (1u << 8)
#define PROSE_TITLE (1u << 9)
#define PROSE_OTHER (1u << 10) /* a key that is no field of an item */
#define PROSE_ALL (~0u)

/* The fields of the block, and the number of its lines (0: there is none). */
unsigned prose_block(const char *text, uint32_t *n_lines_r);

/* Never NULL; "" when nothing is left. In the arena. */
const char *prose_of(struct arena *arena, const struct reading *reading, bool with_sections);

#endif
