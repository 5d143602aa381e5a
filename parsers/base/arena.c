/* SPDX-License-Identifier: ISC */
/*
 * arena: a chain of blocks, the newest first; an allocation that does not fit opens a new block
 * at least as large as it needs. arena_clear keeps the oldest block, so a loop over messages
 * allocates nothing once it is warm.
 */
#include "config.h"

#include "parsers/base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BLOCK 8192u
#define ARENA_ALIGN 16u

struct arena_block {
	struct arena_block *older;
	size_t size;
	size_t used;
	size_t pad;
	unsigned char bytes[];
};

struct arena {
	struct arena_block *newest;
	size_t total;
};

static _Noreturn void
out_of_memory(void)
{
	fputs("tidings: out of memory\n", stderr);
	abort();
}

void *
td_alloc(size_t size)
{
	void *p = calloc(1, size > 0 ? size : 1);

	if (p == NULL)
		out_of_memory();
	return p;
}

char *
td_strdup(const char *text)
{
	char *p;

	if (text == NULL)
		return NULL;
	p = strdup(text);
	if (p == NULL)
		out_of_memory();
	return p;
}

static struct arena_block *
block_create(size_t size, struct arena_block *older)
{
	struct arena_block *block;

	if (size > SIZE_MAX - sizeof *block)
		out_of_memory();
	block = malloc(sizeof *block + size);
	if (block == NULL)
		out_of_memory();
	block->older = older;
	block->size = size;
	block->used = 0;
	return block;
}

struct arena *
arena_create(void)
{
	struct arena *arena = td_alloc(sizeof *arena);

	arena->newest = block_create(ARENA_BLOCK, NULL);
	return arena;
}

void
arena_clear(struct arena *arena)
{
	while (arena->newest->older != NULL) {
		struct arena_block *older = arena->newest->older;

		free(arena->newest);
		arena->newest = older;
	}
	arena->newest->used = 0;
	arena->total = 0;
}

void
arena_destroy(struct arena **arena)
{
	if (*arena == NULL)
		return;
	arena_clear(*arena);
	free((*arena)->newest);
	free(*arena);
	*arena = NULL;
}

size_t
arena_used(const struct arena *arena)
{
	return arena->total;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->newest;
	void *p;

	if (size > SIZE_MAX / 2)
		out_of_memory();
	size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	if (size > block->size - block->used) {
		size_t grow = block->size < (1u << 20) ? block->size * 2 : block->size;

		block = block_create(size > grow ? size : grow, block);
		arena->newest = block;
	}
	p = block->bytes + block->used;
	block->used += size;
	arena->total += size;
	memset(p, 0, size);
	return p;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		out_of_memory();
	return arena_alloc(arena, count * size);
}

char *
arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *p = arena_alloc(arena, len + 1);

	if (len > 0)
		memcpy(p, text, len);
	return p;
}

char *
arena_strdup(struct arena *arena, const char *text)
{
	return text != NULL ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *
arena_span(struct arena *arena, struct span s)
{
	return arena_strndup(arena, s.ptr, s.len);
}

char *
arena_vprintf(struct arena *arena, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return arena_strdup(arena, "");
	p = arena_alloc(arena, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return p;
}

char *
arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = arena_vprintf(arena, fmt, ap);
	va_end(ap);
	return p;
}

void *
arena_grow(struct arena *arena, void *items, size_t count, size_t *cap, size_t size)
{
	void *grown;

	if (count < *cap)
		return items;
	if (*cap > SIZE_MAX / 4)
		out_of_memory();
	*cap = *cap > 0 ? *cap * 2 : 8;
	grown = arena_array(arena, *cap, size);
	if (count > 0)
		memcpy(grown, items, count * size);
	return grown;
}
