/* SPDX-License-Identifier: ISC */
/* value: see value.h. Objects are short, so a key is found by looking at each from the end. */
#include "config.h"

#include "daemon/compose/value.h"

#include <inttypes.h>

struct member {
	const char *key; /* NULL in a list */
	struct value *value;
};

struct value {
	struct arena *arena;
	enum value_type type;
	bool truth;
	const char *text;
	struct member *members;
	size_t n, cap;
};

static struct value *
value_new(struct arena *arena, enum value_type type)
{
	struct value *value = arena_alloc(arena, sizeof *value);

	value->arena = arena;
	value->type = type;
	return value;
}

struct value *
value_null(struct arena *arena)
{
	return value_new(arena, VALUE_NULL);
}

struct value *
value_bool(struct arena *arena, bool truth)
{
	struct value *value = value_new(arena, VALUE_BOOL);

	value->truth = truth;
	return value;
}

struct value *
value_text(struct arena *arena, const char *text)
{
	struct value *value = value_new(arena, text == NULL ? VALUE_NULL : VALUE_TEXT);

	value->text = arena_strdup(arena, text);
	return value;
}

struct value *
value_list(struct arena *arena)
{
	return value_new(arena, VALUE_LIST);
}

struct value *
value_object(struct arena *arena)
{
	return value_new(arena, VALUE_OBJECT);
}

static void
value_push(struct value *value, const char *key, struct value *child)
{
	struct member *member =
	    ARENA_PUSH(value->arena, value->members, value->n, value->cap);

	member->key = arena_strdup(value->arena, key);
	member->value = child;
}

void
value_set(struct value *object, const char *key, struct value *value)
{
	value_push(object, key, value);
}

void
value_add(struct value *list, struct value *value)
{
	value_push(list, NULL, value);
}

void
value_set_text(struct value *object, const char *key, const char *text)
{
	value_set(object, key, value_text(object->arena, text));
}

void
value_set_int(struct value *object, const char *key, int64_t number)
{
	value_set_text(object, key, arena_printf(object->arena, "%" PRId64, number));
}

void
value_set_bool(struct value *object, const char *key, bool truth)
{
	value_set(object, key, value_bool(object->arena, truth));
}

struct value *
value_set_list(struct value *object, const char *key)
{
	struct value *list = value_list(object->arena);

	value_set(object, key, list);
	return list;
}

struct value *
value_set_object(struct value *object, const char *key)
{
	struct value *child = value_object(object->arena);

	value_set(object, key, child);
	return child;
}

struct value *
value_add_object(struct value *list)
{
	struct value *object = value_object(list->arena);

	value_add(list, object);
	return object;
}

void
value_add_text(struct value *list, const char *text)
{
	value_add(list, value_text(list->arena, text));
}

enum value_type
value_type(const struct value *value)
{
	return value == NULL ? VALUE_NULL : value->type;
}

bool
value_truth(const struct value *value)
{
	switch (value_type(value)) {
	case VALUE_NULL:
		return false;
	case VALUE_BOOL:
		return value->truth;
	case VALUE_TEXT:
		return value->text[0] != '\0';
	case VALUE_LIST:
		return value->n > 0;
	case VALUE_OBJECT:
		return true;
	}
	return false;
}

const char *
value_str(const struct value *value)
{
	switch (value_type(value)) {
	case VALUE_BOOL:
		return value->truth ? "true" : "false";
	case VALUE_TEXT:
		return value->text;
	case VALUE_NULL:
	case VALUE_LIST:
	case VALUE_OBJECT:
		return "";
	}
	return "";
}

const struct value *
value_get(const struct value *object, struct span key)
{
	if (value_type(object) != VALUE_OBJECT)
		return NULL;
	for (size_t i = object->n; i-- > 0;)
		if (span_is(key, object->members[i].key))
			return object->members[i].value;
	return NULL;
}

const struct value *
value_at(const struct value *list, size_t index)
{
	if (value_type(list) != VALUE_LIST || index >= list->n)
		return NULL;
	return list->members[index].value;
}
