/* SPDX-License-Identifier: ISC */
/* topblock: see topblock.h. */
#include "config.h"

#include "parsers/topblock.h"

#include "parsers/field.h"
#include "parsers/verb.h"

#define VALUE_MAX 300

static struct span
without_stars(struct span s)
{
	s = span_trim(s);
	while (s.len > 0 && (*s.ptr == '*' || *s.ptr == '_'))
		s = span_skip(s, 1);
	while (s.len > 0 && (s.ptr[s.len - 1] == '*' || s.ptr[s.len - 1] == '_'))
		s.len--;
	return span_trim(s);
}

/* Splits "Due date: friday", "**Due:** friday"; FIELD_NONE when it is no such line. */
static enum field
split(struct span line, struct span *value_r)
{
	size_t colon = span_find_byte(line, ':');
	enum field field;

	if (colon == line.len || colon > 30)
		return FIELD_NONE;
	field = field_find(without_stars(span_first(line, colon)));
	*value_r = span_trim(span_skip(line, colon + 1));
	while (value_r->len > 0 && *value_r->ptr == '*')
		*value_r = span_trim(span_skip(*value_r, 1));
	return field;
}

static bool
is_bullet(struct span line)
{
	line = span_trim(line);
	return line.len > 2 && (*line.ptr == '-' || *line.ptr == '*') && line.ptr[1] == ' ';
}

/*
 * Whether a value that does not fit was meant as one: a few words, or a number in it. "Status: on
 * track" and "Start: we begin with the parser" are sentences that happen to begin with a key.
 */
static bool
is_meant(enum field field, struct span value)
{
	static const char *const states[] = {
	    "open", "started", "blocked", "done", "dropped", "closed"};
	struct span rest = value, word;
	unsigned words = 0;
	bool digit = false;

	for (size_t i = 0; i < value.len; i++)
		digit |= value.ptr[i] >= '0' && value.ptr[i] <= '9';
	while (span_next_word(&rest, &word))
		words++;
	for (size_t i = 0; field == FIELD_STATUS && i < sizeof(states) / sizeof *states; i++)
		if (verb_distance(value, span_of(states[i]), 2) <= 2)
			return true;
	return field != FIELD_STATUS && value.len <= 60 && (words <= 2 || digit);
}

/* "Options:" with the options as bullets below; gives the last line it took. */
static size_t
read_options(struct grammar *g, size_t i)
{
	while (i + 1 < g->n_lines && !g->lines[i + 1].literal && is_bullet(g->lines[i + 1].text)) {
		i++;
		field_add_option(g, span_skip(span_trim(g->lines[i].text), 2));
		g->lines[i].taken = true;
	}
	return i;
}

void
topblock_read(struct grammar *g)
{
	size_t i = 0;

	while (i < g->n_lines && g->lines[i].blank)
		i++;
	for (; i < g->n_lines && !g->lines[i].literal; i++) {
		struct grammar_line *line = &g->lines[i];
		struct field_refusal refusal = {NULL, NULL};
		struct span value;
		enum field field = split(line->text, &value);

		if (field == FIELD_NONE || value.len > VALUE_MAX ||
		    (value.len == 0 && field != FIELD_OPTIONS))
			break;
		if (!field_set(g, field, value, &refusal)) {
			if (!is_meant(field, value))
				break;
			grammar_add_error(g, (uint32_t)(i + 1), line->text, refusal.why,
			    refusal.suggestion == NULL ? NULL : arena_printf(g->arena, "%.*s: %s",
				SPAN_FMT(span_first(line->text, span_find_byte(line->text, ':'))),
				refusal.suggestion));
		}
		line->taken = true;
		if (field == FIELD_OPTIONS && value.len == 0)
			i = read_options(g, i);
	}
}
