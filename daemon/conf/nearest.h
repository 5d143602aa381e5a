/* SPDX-License-Identifier: ISC */
/* nearest: what somebody may have meant by a word that is unknown. */
#ifndef TD_NEAREST_H
#define TD_NEAREST_H

#include <stddef.h>

#define NEAREST_MAX 64 /* longer words are never near */

/* Number of single-letter changes (insert, delete, replace, swap of neighbours) from a to b. */
size_t nearest_distance(const char *a, const char *b);

/* Keeps the better of *best (NULL at first) and candidate for word. Only words within a third of
 * the length count, so that a suggestion is never a wild guess. */
void nearest_try(const char *word, const char *candidate, const char **best);

#endif
