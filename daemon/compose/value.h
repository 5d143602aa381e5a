/* SPDX-License-Identifier: ISC */
/*
 * value: what a template is rendered with: a small tree of texts, truths, lists and objects in
 * an arena. Keys and texts are copied. Building cannot fail; a NULL text becomes an absent value
 * (an empty string is false in a section, as NULL, false and the empty list are).
 *
 *	struct value *v = value_object(arena);
 *	value_set_text(v, "title", "Platform");
 *	struct value *list = value_set_list(v, "items");
 *	value_set_text(value_add_object(list), "number", "41");
 */
#ifndef TD_VALUE_H
#define TD_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

struct value;

enum value_type { VALUE_NULL, VALUE_BOOL, VALUE_TEXT, VALUE_LIST, VALUE_OBJECT };

struct value *value_null(struct arena *arena);
struct value *value_bool(struct arena *arena, bool truth);
struct value *value_text(struct arena *arena, const char *text);
struct value *value_list(struct arena *arena);
struct value *value_object(struct arena *arena);

/* Adds to an object (the last one of a name counts) or at the end of a list. */
void value_set(struct value *object, const char *key, struct value *value);
void value_add(struct value *list, struct value *value);

void value_set_text(struct value *object, const char *key, const char *text);
void value_set_int(struct value *object, const char *key, int64_t number);
void value_set_bool(struct value *object, const char *key, bool truth);
struct value *value_set_list(struct value *object, const char *key);
struct value *value_set_object(struct value *object, const char *key);
struct value *value_add_object(struct value *list);
void value_add_text(struct value *list, const char *text);

enum value_type value_type(const struct value *value);
bool value_truth(const struct value *value);             /* as a section sees it */
const char *value_str(const struct value *value);        /* "" for lists, objects and NULL */
const struct value *value_get(const struct value *object, struct span key); /* NULL: no such */
const struct value *value_at(const struct value *list, size_t index);       /* NULL: past the end */

#endif
