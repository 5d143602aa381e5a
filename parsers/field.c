/* SPDX-License-Identifier: ISC */
/* field: see field.h. Lists are added to, of single values the last one stays. */
#include "config.h"

#include "parsers/field.h"

#include <string.h>

#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "parsers/duration.h"
#include "parsers/when.h"

#define PEOPLE_MAX 50
#define TAGS_MAX 100
#define DEPENDS_MAX 200
#define OPTIONS_MAX 50

static const struct {
	const char *name; /* without spaces, lower case */
	enum field field;
} names[] = {
    {"owner", FIELD_OWNER}, {"owners", FIELD_OWNER}, {"assignedto", FIELD_OWNER},
    {"assignee", FIELD_OWNER}, {"assign", FIELD_OWNER}, {"due", FIELD_DUE}, {"duedate", FIELD_DUE},
    {"deadline", FIELD_DUE}, {"start", FIELD_START}, {"startdate", FIELD_START},
    {"priority", FIELD_PRIORITY}, {"prio", FIELD_PRIORITY}, {"project", FIELD_PROJECT},
    {"tags", FIELD_TAGS}, {"tag", FIELD_TAGS}, {"labels", FIELD_TAGS}, {"label", FIELD_TAGS},
    {"estimate", FIELD_ESTIMATE}, {"est", FIELD_ESTIMATE}, {"status", FIELD_STATUS},
    {"state", FIELD_STATUS}, {"dependson", FIELD_DEPENDS}, {"depends", FIELD_DEPENDS},
    {"blockedby", FIELD_DEPENDS}, {"cc", FIELD_WATCH}, {"watch", FIELD_WATCH},
    {"watchers", FIELD_WATCH}, {"title", FIELD_TITLE}, {"cover", FIELD_COVER},
    {"options", FIELD_OPTIONS},
};

enum field
field_find(struct span name)
{
	char word[24];
	size_t n = 0;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (c == ' ' || c == '\t' || c == '-' || c == '_')
			continue;
		if (n + 1 == sizeof word)
			return FIELD_NONE;
		word[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	word[n] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof *names; i++)
		if (strcmp(names[i].name, word) == 0)
			return names[i].field;
	return FIELD_NONE;
}

static bool
refuse(struct field_refusal *refusal, const char *why, const char *suggestion)
{
	*refusal = (struct field_refusal){why, suggestion};
	return false;
}

/* The next of several values: between commas or semicolons. */
static bool
next_value(struct span *rest, struct span *value_r)
{
	while (rest->len > 0) {
		size_t n = 0;

		while (n < rest->len && rest->ptr[n] != ',' && rest->ptr[n] != ';')
			n++;
		*value_r = span_trim(span_first(*rest, n));
		*rest = span_skip(*rest, n + 1);
		if (value_r->len > 0)
			return true;
	}
	return false;
}

static void
add_text(struct grammar *g, const char ***list, size_t *n, size_t *cap, size_t max,
    struct span text)
{
	if (text.len > 0 && *n < max)
		*ARENA_PUSH(g->arena, *list, *n, *cap) = arena_span(g->arena, text);
}

static void
add_people(struct grammar *g, const char ***list, size_t *n, size_t *cap, struct span value)
{
	struct span person;

	while (next_value(&value, &person)) {
		while (person.len > 1 && (*person.ptr == '@' || *person.ptr == '+'))
			person = span_skip(person, 1);
		add_text(g, list, n, cap, PEOPLE_MAX, utf8_cut(person, 255));
	}
}

static bool
set_when(struct grammar *g, struct span value, struct reading_when **when_r,
    struct field_refusal *refusal_r)
{
	struct when_context context = {g->context.anchor, g->context.zone, WHEN_FUTURE};
	struct refusal refusal = {NULL, NULL};

	if (when_parse(g->arena, value, &context, when_r, &refusal))
		return true;
	return refuse(refusal_r, refusal.why, refusal.suggestion);
}

static bool
set_priority(struct grammar *g, struct span value, struct field_refusal *refusal_r)
{
	static const char *const words[][4] = {{"p1", "1", "urgent", "highest"},
	    {"p2", "2", "high", "major"}, {"p3", "3", "normal", "medium"},
	    {"p4", "4", "low", "lowest"}};

	for (unsigned p = 0; p < 4; p++)
		for (unsigned i = 0; i < 4; i++)
			if (span_iis(value, words[p][i])) {
				g->reading->fields.priority = (enum priority)(PRIORITY_P1 + p);
				return true;
			}
	return refuse(refusal_r, "a priority is one of p1, p2, p3, p4, urgent, high, normal, low",
	    "p2");
}

static bool
is_one_word(struct span value)
{
	if (value.len == 0 || value.len > 100)
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (strchr(" \t,;#+@/<>\"'", value.ptr[i]) != NULL)
			return false;
	return true;
}

static bool
set_project(struct grammar *g, struct span value, struct field_refusal *refusal_r)
{
	if (value.len > 1 && *value.ptr == '+')
		value = span_skip(value, 1);
	if (!is_one_word(value))
		return refuse(refusal_r, "a project is one word", NULL);
	g->reading->fields.project = arena_span(g->arena, value);
	return true;
}

static bool
set_tags(struct grammar *g, struct span value, struct field_refusal *refusal_r)
{
	struct reading_fields *f = &g->reading->fields;
	struct span item, word, rest = value;

	while (next_value(&rest, &item))
		while (span_next_word(&item, &word)) {
			bool off = word.len > 1 && *word.ptr == '-';

			while (word.len > 1 && strchr("-+#", *word.ptr) != NULL)
				word = span_skip(word, 1);
			if (!is_one_word(word))
				return refuse(refusal_r, "a tag is one word", NULL);
			if (off)
				add_text(g, &f->tags_off, &f->n_tags_off, &g->cap_tags_off,
				    TAGS_MAX, word);
			else
				add_text(g, &f->tags, &f->n_tags, &g->cap_tags, TAGS_MAX, word);
		}
	return true;
}

static bool
set_estimate(struct grammar *g, struct span value, struct field_refusal *refusal_r)
{
	struct refusal refusal = {NULL, NULL};

	if (duration_parse(g->arena, value, DURATION_MONTHS, g->context.day_seconds,
		&g->reading->fields.estimate, &refusal))
		return true;
	return refuse(refusal_r, refusal.why, refusal.suggestion);
}

static bool
set_depends(struct grammar *g, struct span value, struct field_refusal *refusal_r)
{
	struct reading_fields *f = &g->reading->fields;
	struct span item, word, rest = value;
	uint32_t numbers[DEPENDS_MAX];
	size_t n = 0;

	while (next_value(&rest, &item))
		while (span_next_word(&item, &word)) {
			if (*word.ptr == '#')
				word = span_skip(word, 1);
			if (span_iis(word, "and"))
				continue;
			if (n == DEPENDS_MAX || !num_u32(word, 999999999, &numbers[n]) ||
			    numbers[n] == 0)
				return refuse(refusal_r, "items are written with their numbers",
				    "#41");
			n++;
		}
	for (size_t i = 0; i < n && f->n_depends < DEPENDS_MAX; i++)
		*ARENA_PUSH(g->arena, f->depends, f->n_depends, g->cap_depends) = numbers[i];
	return true;
}

static bool
set_status(struct grammar *g, struct span value, struct field_refusal *refusal_r)
{
	static const char *const known[][2] = {
		{"open", "open"}, {"new", "open"}, {"reopened", "open"}, {"started", "started"},
		{"in progress", "started"}, {"in-progress", "started"}, {"doing", "started"},
		{"blocked", "blocked"}, {"done", "done"}, {"closed", "done"}, {"resolved", "done"},
		{"fixed", "done"}, {"finished", "done"}, {"dropped", "dropped"},
		{"cancelled", "dropped"}, {"canceled", "dropped"}, {"wontfix", "dropped"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof *known; i++)
		if (span_iis(value, known[i][0])) {
			g->reading->fields.status = known[i][1];
			return true;
		}
	return refuse(refusal_r, "a status is one of open, started, blocked, done, dropped",
	    "done");
}

void
field_add_option(struct grammar *g, struct span text)
{
	struct reading_fields *f = &g->reading->fields;

	add_text(g, &f->options, &f->n_options, &g->cap_options, OPTIONS_MAX,
	    utf8_cut(span_trim(text), 1000));
}

static void
set_options(struct grammar *g, struct span value)
{
	char separator = span_find_byte(value, '|') < value.len ? '|' :
	    span_find_byte(value, ';') < value.len ? ';' : ',';
	struct span option;

	while (span_next_field(&value, separator, &option))
		field_add_option(g, option);
}

bool
field_set(struct grammar *g, enum field field, struct span value, struct field_refusal *refusal_r)
{
	struct reading_fields *f = &g->reading->fields;

	value = span_trim(value);
	switch (field) {
	case FIELD_NONE:
		return false;
	case FIELD_OWNER:
		add_people(g, &f->owners, &f->n_owners, &g->cap_owners, value);
		return true;
	case FIELD_DUE:
		f->due_none = span_iis(value, "none");
		if (f->due_none)
			f->due = NULL;
		return f->due_none || set_when(g, value, &f->due, refusal_r);
	case FIELD_START:
		return set_when(g, value, &f->start, refusal_r);
	case FIELD_PRIORITY:
		return set_priority(g, value, refusal_r);
	case FIELD_PROJECT:
		return set_project(g, value, refusal_r);
	case FIELD_TAGS:
		return set_tags(g, value, refusal_r);
	case FIELD_ESTIMATE:
		return set_estimate(g, value, refusal_r);
	case FIELD_STATUS:
		return set_status(g, value, refusal_r);
	case FIELD_DEPENDS:
		return set_depends(g, value, refusal_r);
	case FIELD_WATCH:
		add_people(g, &f->watch, &f->n_watch, &g->cap_watch, value);
		return true;
	case FIELD_TITLE:
		f->title = arena_span(g->arena, utf8_cut(value, 2000));
		return true;
	case FIELD_COVER:
		while (value.len > 1 && *value.ptr == '@')
			value = span_skip(value, 1);
		f->cover = arena_span(g->arena, utf8_cut(value, 255));
		return true;
	case FIELD_OPTIONS:
		set_options(g, value);
		return true;
	}
	return false;
}
