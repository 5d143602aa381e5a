/* SPDX-License-Identifier: ISC */
/*
 * reading_load: the JSON form back. It was kept in the store or comes from a file, and is believed
 * in nothing: unknown and repeated keys, missing ones, wrong types, strings too long or with
 * forbidden characters, lists too long, numbers and names out of range are all refused, with the
 * place in the error. The tables that say what may stand where are in reading_shape.c.
 *
 * Before jansson sees it, size and number of values are bounded, for its tree costs far more
 * memory than the text.
 */
#include "config.h"

#include "parsers/reading.h"

#include <jansson.h>
#include <string.h>

#include "parsers/base/span.h"
#include "parsers/reading_shape.h"

#define JSON_BYTES_MAX (4u * 1024 * 1024)
#define JSON_VALUES_MAX 200000u

struct loader {
	struct arena *arena;
	struct err *err;
};

static enum td_status load_object(struct loader *l, const json_t *json, const struct shape *shape,
    char *base);

static enum td_status
wrong(struct loader *l, const struct shape_field *f, const char *what)
{
	return err_perm(l->err, "reading: \"%s\" %s", f->key, what);
}

static enum td_status
load_string(struct loader *l, const json_t *json, const struct shape_field *f, const char **text_r)
{
	struct span s;

	if (!json_is_string(json))
		return wrong(l, f, "is not a string");
	s = (struct span){json_string_value(json), json_string_length(json)};
	if (!shape_string_ok(f->type, s, f->bytes))
		return wrong(l, f, "is too long or has characters that do not belong there");
	*text_r = arena_span(l->arena, s);
	return TD_OK;
}

static enum td_status
load_hex(struct loader *l, const json_t *json, const struct shape_field *f, char *at)
{
	struct span s = {json_string_value(json), json_string_length(json)};

	if (!json_is_string(json) || !shape_hex_ok(s))
		return wrong(l, f, "is not a SHA-256");
	memcpy(at, s.ptr, s.len);
	at[s.len] = '\0';
	return TD_OK;
}

static enum td_status
load_number(struct loader *l, const json_t *json, const struct shape_field *f, int64_t min,
    int64_t max, int64_t *value_r)
{
	int64_t value = json_integer_value(json);

	if (!json_is_integer(json) || value < min || value > max)
		return wrong(l, f, "is not a number in its range");
	*value_r = value;
	return TD_OK;
}

static enum td_status
load_integer(struct loader *l, const json_t *json, const struct shape_field *f, char *base)
{
	int64_t max = f->type == SHAPE_U32 ? UINT32_MAX : SHAPE_U64_MAX;
	int64_t value = 0;
	enum td_status status;

	if (f->type == SHAPE_I64)
		status = load_number(l, json, f, SHAPE_TIME_MIN, SHAPE_TIME_MAX, &value);
	else
		status = load_number(l, json, f, 0, max, &value);
	if (status != TD_OK)
		return status;
	if (f->type == SHAPE_U32)
		*(uint32_t *)(void *)(base + f->offset) = (uint32_t)value;
	else if (f->type == SHAPE_U64)
		*(uint64_t *)(void *)(base + f->offset) = (uint64_t)value;
	else
		*(int64_t *)(void *)(base + f->offset) = value;
	if (f->n_offset != 0)
		*(bool *)(base + f->n_offset) = true;
	return TD_OK;
}

static enum td_status
load_enum(struct loader *l, const json_t *json, const struct shape_field *f, char *at)
{
	const char *name = json_string_value(json);

	for (unsigned i = 0; name != NULL && i < f->count; i++)
		if (strcmp(name, f->names[i]) == 0) {
			*(unsigned *)(void *)at = i;
			return TD_OK;
		}
	return wrong(l, f, "is not one of its names");
}

/* The array behind json, not longer than the field allows. */
static enum td_status
list_length(struct loader *l, const json_t *json, const struct shape_field *f, size_t *n_r)
{
	if (!json_is_array(json))
		return wrong(l, f, "is not a list");
	if (json_array_size(json) > f->count)
		return wrong(l, f, "is too long");
	*n_r = json_array_size(json);
	return TD_OK;
}

static enum td_status
load_strings(struct loader *l, const json_t *json, const struct shape_field *f, char *base)
{
	const char **items;
	size_t n;
	enum td_status status = list_length(l, json, f, &n);

	if (status != TD_OK || n == 0)
		return status;
	items = arena_array(l->arena, n, sizeof *items);
	for (size_t i = 0; i < n && status == TD_OK; i++)
		status = load_string(l, json_array_get(json, i), f, &items[i]);
	*(const char ***)(void *)(base + f->offset) = items;
	*(size_t *)(void *)(base + f->n_offset) = n;
	return status;
}

static enum td_status
load_numbers(struct loader *l, const json_t *json, const struct shape_field *f, char *base)
{
	uint32_t *items;
	int64_t value = 0;
	size_t n;
	enum td_status status = list_length(l, json, f, &n);

	if (status != TD_OK || n == 0)
		return status;
	items = arena_array(l->arena, n, sizeof *items);
	for (size_t i = 0; i < n && status == TD_OK; i++) {
		status = load_number(l, json_array_get(json, i), f, 0, UINT32_MAX, &value);
		if (status == TD_OK)
			items[i] = (uint32_t)value;
	}
	*(uint32_t **)(void *)(base + f->offset) = items;
	*(size_t *)(void *)(base + f->n_offset) = n;
	return status;
}

static enum td_status
load_list(struct loader *l, const json_t *json, const struct shape_field *f, char *base)
{
	char *items;
	size_t n;
	enum td_status status = list_length(l, json, f, &n);

	if (status != TD_OK || n == 0)
		return status;
	items = arena_array(l->arena, n, f->of->size);
	for (size_t i = 0; i < n && status == TD_OK; i++)
		status = load_object(l, json_array_get(json, i), f->of, items + i * f->of->size);
	*(char **)(void *)(base + f->offset) = items;
	*(size_t *)(void *)(base + f->n_offset) = n;
	return status;
}

static enum td_status
load_pointer(struct loader *l, const json_t *json, const struct shape_field *f, char *at)
{
	char *inner = arena_alloc(l->arena, f->of->size);

	*(char **)(void *)at = inner;
	return load_object(l, json, f->of, inner);
}

static enum td_status
load_bool(struct loader *l, const json_t *json, const struct shape_field *f, bool *value_r)
{
	if (!json_is_boolean(json))
		return wrong(l, f, "is not true or false");
	*value_r = json_is_true(json);
	return TD_OK;
}

static enum td_status
load_field(struct loader *l, const json_t *json, const struct shape_field *f, char *base)
{
	char *at = base + f->offset;
	bool ignored; /* "is" follows from "kind" (checked at the end) */

	switch (f->type) {
	case SHAPE_LINE:
	case SHAPE_TEXT:
	case SHAPE_TOKEN:
	case SHAPE_WORD:
	case SHAPE_ADDRESS:
		return load_string(l, json, f, (const char **)(void *)at);
	case SHAPE_HEX:
		return load_hex(l, json, f, at);
	case SHAPE_BOOL:
		return load_bool(l, json, f, (bool *)at);
	case SHAPE_IS:
		return load_bool(l, json, f, &ignored);
	case SHAPE_U32:
	case SHAPE_U64:
	case SHAPE_I64:
		return load_integer(l, json, f, base);
	case SHAPE_ENUM:
		return load_enum(l, json, f, at);
	case SHAPE_LINES:
	case SHAPE_WORDS:
		return load_strings(l, json, f, base);
	case SHAPE_NUMBERS:
		return load_numbers(l, json, f, base);
	case SHAPE_LIST:
		return load_list(l, json, f, base);
	case SHAPE_INNER:
		return load_object(l, json, f->of, at);
	case SHAPE_POINTER:
		return load_pointer(l, json, f, at);
	}
	return wrong(l, f, "has no type");
}

static enum td_status
load_object(struct loader *l, const json_t *json, const struct shape *shape, char *base)
{
	size_t known = 0;

	if (!json_is_object(json))
		return err_perm(l->err, "reading: an object was expected");
	for (size_t i = 0; i < shape->n_fields; i++) {
		const struct shape_field *f = &shape->fields[i];
		const json_t *value = json_object_get(json, f->key);
		enum td_status status;

		if (value == NULL && (f->flags & SHAPE_ALWAYS) != 0)
			return wrong(l, f, "is missing");
		if (value == NULL)
			continue;
		known++;
		status = load_field(l, value, f, base);
		if (status != TD_OK)
			return status;
	}
	if (known != json_object_size(json))
		return err_perm(l->err, "reading: a key that does not belong there");
	return TD_OK;
}

/* "is" says what "kind" does. */
static enum td_status
check_auto(struct loader *l, const json_t *json, const struct reading *reading)
{
	bool is = json_is_true(json_object_get(json_object_get(json, "auto"), "is"));

	if (is != (reading->auto_kind != AUTO_NONE))
		return err_perm(l->err, "reading: \"auto\" contradicts itself");
	return reading_check(reading, l->err);
}

/* An upper bound of the values in a JSON text: separators and brackets outside strings. */
static bool
few_values(struct span json)
{
	size_t n = 0;
	bool in_string = false;

	for (size_t i = 0; i < json.len; i++) {
		char c = json.ptr[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == ',' || c == '[' || c == '{'))
			n++;
	}
	return n <= JSON_VALUES_MAX;
}

enum td_status
reading_from_json(struct arena *arena, struct span json, struct reading **reading_r,
    struct err *err)
{
	struct loader l = {arena, err};
	struct reading *reading;
	json_error_t why;
	json_t *root;
	enum td_status status;

	if (json.len > JSON_BYTES_MAX || !few_values(json))
		return err_perm(err, "reading: too large");
	root = json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES, &why);
	if (root == NULL)
		return err_perm(err, "reading: not JSON: %s at byte %d", why.text, why.position);
	reading = arena_alloc(arena, sizeof *reading);
	status = load_object(&l, root, &reading_shape, (char *)reading);
	if (status == TD_OK)
		status = check_auto(&l, root, reading);
	json_decref(root);
	if (status == TD_OK)
		*reading_r = reading;
	return status;
}
