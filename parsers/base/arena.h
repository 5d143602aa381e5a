/* SPDX-License-Identifier: ISC */
/*
 * arena: memory for one message, job or request, freed whole. What it gives is zeroed and lives
 * until the arena is cleared or destroyed; there is no free of a single piece. Out of memory
 * aborts: sizes that came over a wire are checked against a limit before they reach an arena.
 */
#ifndef TD_ARENA_H
#define TD_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "parsers/base/err.h"
#include "parsers/base/span.h"

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena **arena); /* accepts NULL inside */
void arena_clear(struct arena *arena);    /* frees all it gave, keeps one block */
size_t arena_used(const struct arena *arena);

void *arena_alloc(struct arena *arena, size_t size);                /* zeroed, 16-aligned */
void *arena_array(struct arena *arena, size_t count, size_t size);  /* overflow aborts */
char *arena_strdup(struct arena *arena, const char *text);          /* NULL stays NULL */
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_span(struct arena *arena, struct span s);               /* a terminated copy */
char *arena_printf(struct arena *arena, const char *fmt, ...) TD_PRINTF(2, 3);
char *arena_vprintf(struct arena *arena, const char *fmt, va_list ap)
    TD_PRINTF(2, 0);

/*
 * Grows an array in an arena by doubling: *items has room for *cap, count are used; afterwards
 * there is room for one more. For use as ARENA_PUSH(arena, list->items, list->count, list->cap).
 */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *cap, size_t size);
#define ARENA_PUSH(arena, items, count, cap)                                                       \
	((items) = arena_grow((arena), (items), (count), &(cap), sizeof *(items)),                 \
	    &(items)[(count)++])

/* Heap helpers for long-lived objects: zeroed, abort when out of memory. */
void *td_alloc(size_t size);
char *td_strdup(const char *text); /* NULL stays NULL */

#endif
