/* SPDX-License-Identifier: ISC */
/* mention: see mention.h. */
#include "config.h"

#include "parsers/mention.h"

#include <string.h>

#include "parsers/command_private.h"

#define MENTIONS_MAX 200

/* The next word without the brackets and marks around it. */
static bool
next_core(struct span *rest, struct span *core_r)
{
	struct span word;

	if (!span_next_word(rest, &word))
		return false;
	while (word.len > 0 && strchr("([{\"'*_,;", *word.ptr) != NULL)
		word = span_skip(word, 1);
	while (word.len > 0 && strchr(")]}\"'*_,;.:!?", word.ptr[word.len - 1]) != NULL)
		word.len--;
	*core_r = word;
	return true;
}

static bool
has_letter(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80 ||
		    ((s.ptr[i] | 0x20) >= 'a' && (s.ptr[i] | 0x20) <= 'z'))
			return true;
	return false;
}

static void
add(struct grammar *g, const char *what, struct span name)
{
	struct reading *r = g->reading;

	for (size_t i = 0; i < r->n_mentions; i++)
		if (strcmp(r->mentions[i].what, what) == 0 && span_is(name, r->mentions[i].name))
			return;
	*ARENA_PUSH(g->arena, r->mentions, r->n_mentions, g->cap_mentions) =
	    (struct reading_mention){what, arena_span(g->arena, name)};
}

void
mention_read(struct grammar *g, struct span text)
{
	struct span word, name;
	uint32_t item;

	while (g->reading->n_mentions < MENTIONS_MAX && next_core(&text, &word)) {
		if (word.len < 2 || word.len > 200)
			continue;
		if (command_is_item(word, &item))
			add(g, "item", span_of(arena_printf(g->arena, "%u", (unsigned)item)));
		else if (*word.ptr == '@' && command_is_person(word, &name))
			add(g, "person", name);
		else if (command_is_marked(word, '#', &name) && has_letter(name))
			add(g, "tag", name);
		else if (command_is_marked(word, '+', &name) && has_letter(span_first(name, 1)))
			add(g, "project", name);
	}
}

size_t
mention_items(struct arena *arena, struct span text, size_t max, uint32_t **items_r)
{
	uint32_t *items = NULL, item;
	size_t n = 0, cap = 0;
	struct span word;

	while (n < max && next_core(&text, &word)) {
		bool known = false;

		if (!command_is_item(word, &item))
			continue;
		for (size_t i = 0; i < n; i++)
			known |= items[i] == item;
		if (!known)
			*ARENA_PUSH(arena, items, n, cap) = item;
	}
	*items_r = items;
	return n;
}
