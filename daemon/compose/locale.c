/* SPDX-License-Identifier: ISC */
/* locale: see locale.h. */
#include "config.h"

#include "daemon/compose/locale.h"

#include <stdlib.h>

#include "daemon/compose/mustache.h"

#define SENTENCE_MAX 8192

struct entry {
	const char *key;
	const char *text;
	struct mustache *sentence;
};

struct locale {
	struct arena *arena;
	struct entry *entries;
	size_t n, cap;
};

static enum td_status
parse_line(struct locale *locale, const char *name, unsigned number, struct span line,
    struct err *err)
{
	size_t eq = span_find_byte(line, '=');
	struct span key = span_trim(span_first(line, eq));
	struct span text = eq < line.len ? span_trim(span_skip(line, eq + 1)) : SPAN("");
	struct entry *entry;

	if (span_trim(line).len == 0 || line.ptr[0] == '#')
		return TD_OK;
	if (eq == line.len || key.len == 0)
		return err_perm(err, "%s, line %u: not of the form 'key = text'", name, number);
	entry = ARENA_PUSH(locale->arena, locale->entries, locale->n, locale->cap);
	entry->key = arena_span(locale->arena, key);
	entry->text = arena_span(locale->arena, text);
	entry->sentence = NULL;
	return mustache_compile(arena_printf(locale->arena, "%s, line %u", name, number), text,
	    &entry->sentence, err);
}

enum td_status
locale_parse(const char *name, struct span source, struct locale **locale_r, struct err *err)
{
	struct locale *locale = td_alloc(sizeof *locale);
	struct span line;
	unsigned number = 0;

	locale->arena = arena_create();
	while (span_next_line(&source, &line)) {
		enum td_status status = parse_line(locale, name, ++number, line, err);

		if (status != TD_OK) {
			locale_destroy(&locale);
			return status;
		}
	}
	*locale_r = locale;
	return TD_OK;
}

void
locale_destroy(struct locale **locale)
{
	if (*locale == NULL)
		return;
	for (size_t i = 0; i < (*locale)->n; i++)
		mustache_destroy(&(*locale)->entries[i].sentence);
	arena_destroy(&(*locale)->arena);
	free(*locale);
	*locale = NULL;
}

/* The last one of a key counts, so that an override may follow the built-in ones. */
static const struct entry *
find(const struct locale *locale, const char *key)
{
	for (size_t i = locale->n; i-- > 0;)
		if (span_is(span_of(key), locale->entries[i].key))
			return &locale->entries[i];
	return NULL;
}

const char *
locale_say(const struct locale *locale, struct arena *arena, const char *key,
    const struct value *params)
{
	const struct entry *entry = find(locale, key);
	const char *said;
	struct buf out;

	if (entry == NULL)
		return arena_strdup(arena, key);
	buf_init(&out, SENTENCE_MAX);
	/* Past the maximum it is cut: a sentence too long is still one to read. */
	if (mustache_render(entry->sentence, params != NULL ? params : value_object(arena),
	    MUSTACHE_PLAIN, NULL, NULL, &out, NULL) != TD_OK && out.len == 0)
		buf_puts(&out, key);
	said = arena_strdup(arena, out.ptr);
	buf_release(&out);
	return said;
}

const char *
locale_count(const struct locale *locale, struct arena *arena, const char *key, int64_t n,
    struct value *params)
{
	struct value *values = params != NULL ? params : value_object(arena);

	value_set_int(values, "n", n);
	return locale_say(locale, arena,
	    arena_printf(arena, "%s.%s", key, n == 1 ? "one" : "other"), values);
}

const char *
locale_word(const struct locale *locale, struct arena *arena, const char *key, size_t index)
{
	const struct entry *entry = find(locale, key);
	struct span rest = span_of(entry != NULL ? entry->text : ""), word;

	while (span_next_word(&rest, &word))
		if (index-- == 0)
			return arena_span(arena, word);
	return "";
}

struct value *
locale_values(const struct locale *locale, struct arena *arena)
{
	struct value *values = value_object(arena);

	for (size_t i = 0; i < locale->n; i++)
		value_set_text(values, locale->entries[i].key, locale->entries[i].text);
	return values;
}
