/* SPDX-License-Identifier: ISC */
/*
 * reading_unpack: the trust border. The bytes come from a process that ate hostile mail and may
 * have been taken over by it, so they are believed in nothing: strings too long or with forbidden
 * characters, lists too long, numbers and names out of range, missing and left over bytes are all
 * refused, with the field in the error. The tables are those of reading_shape.c.
 *
 * No more memory is taken than the bytes can fill: a list's count is bounded by its table and by
 * the bytes that are left, and the number of structs as a whole by OBJECTS_MAX.
 */
#include "config.h"

#include "parsers/reading.h"

#include <string.h>

#include "parsers/base/wire.h"
#include "parsers/reading_shape.h"

#define OBJECTS_MAX 100000u

struct unpacker {
	struct arena *arena;
	struct err *err;
	struct wire_reader in;
	size_t n_objects;
};

static enum td_status unpack_object(struct unpacker *u, const struct shape *shape, char *base);

static enum td_status
wrong(struct unpacker *u, const struct shape_field *f, const char *what)
{
	return err_perm(u->err, "reading: \"%s\" %s", f->key, what);
}

static enum td_status
unpack_string(struct unpacker *u, const struct shape_field *f, const char **text_r)
{
	struct span s = wire_get_span(&u->in);

	if (u->in.bad)
		return wrong(u, f, "is cut off");
	if (s.ptr == NULL && (f->flags & SHAPE_ALWAYS) != 0)
		return wrong(u, f, "is missing");
	if (s.ptr != NULL && !shape_string_ok(f->type, s, f->bytes))
		return wrong(u, f, "is too long or has characters that do not belong there");
	*text_r = s.ptr != NULL ? arena_span(u->arena, s) : NULL;
	return TD_OK;
}

static enum td_status
unpack_hex(struct unpacker *u, const struct shape_field *f, char *at)
{
	struct span s = wire_get_span(&u->in);

	if (u->in.bad || !shape_hex_ok(s))
		return wrong(u, f, "is not a SHA-256");
	if (s.len > 0)
		memcpy(at, s.ptr, s.len);
	at[s.len] = '\0';
	return TD_OK;
}

static enum td_status
unpack_bool(struct unpacker *u, const struct shape_field *f, bool *value_r)
{
	uint8_t value = wire_get_u8(&u->in);

	if (u->in.bad || value > 1)
		return wrong(u, f, "is not true or false");
	*value_r = value == 1;
	return TD_OK;
}

static enum td_status
unpack_integer(struct unpacker *u, const struct shape_field *f, char *base)
{
	const int64_t min = f->type == SHAPE_I64 ? SHAPE_TIME_MIN : 0;
	const int64_t max = f->type == SHAPE_I64 ? SHAPE_TIME_MAX :
	    f->type == SHAPE_U32 ? UINT32_MAX : SHAPE_U64_MAX;
	void *at = base + f->offset;
	int64_t value;

	if (f->n_offset != 0 && unpack_bool(u, f, (bool *)(base + f->n_offset)) != TD_OK)
		return TD_PERM;
	value = wire_get_i64(&u->in);
	if (u->in.bad || value < min || value > max)
		return wrong(u, f, "is not a number in its range");
	if (f->type == SHAPE_U32)
		*(uint32_t *)at = (uint32_t)value;
	else if (f->type == SHAPE_U64)
		*(uint64_t *)at = (uint64_t)value;
	else
		*(int64_t *)at = value;
	return TD_OK;
}

static enum td_status
unpack_enum(struct unpacker *u, const struct shape_field *f, char *at)
{
	uint32_t value = wire_get_u32(&u->in);

	if (u->in.bad || value >= f->count)
		return wrong(u, f, "is not one of its names");
	*(unsigned *)(void *)at = value;
	return TD_OK;
}

/* The count of a list: *items_r has room for so many of this size, NULL for none. */
static enum td_status
unpack_count(struct unpacker *u, const struct shape_field *f, size_t size, char *base,
    size_t *n_r, void **items_r)
{
	size_t n = wire_get_u32(&u->in);

	if (u->in.bad || n > f->count || n > u->in.rest.len)
		return wrong(u, f, "is too long");
	*n_r = n;
	*items_r = n > 0 ? arena_array(u->arena, n, size) : NULL;
	*(void **)(void *)(base + f->offset) = *items_r;
	*(size_t *)(void *)(base + f->n_offset) = n;
	return TD_OK;
}

static enum td_status
unpack_strings(struct unpacker *u, const struct shape_field *f, char *base)
{
	void *items;
	size_t n;
	enum td_status status = unpack_count(u, f, sizeof(const char *), base, &n, &items);

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		const char **text_p = (const char **)items + i;

		status = unpack_string(u, f, text_p);
		if (status == TD_OK && *text_p == NULL)
			status = wrong(u, f, "has nothing in it");
	}
	return status;
}

static enum td_status
unpack_numbers(struct unpacker *u, const struct shape_field *f, char *base)
{
	void *items;
	size_t n;
	enum td_status status = unpack_count(u, f, sizeof(uint32_t), base, &n, &items);

	for (size_t i = 0; status == TD_OK && i < n; i++)
		((uint32_t *)items)[i] = wire_get_u32(&u->in);
	return status == TD_OK && u->in.bad ? wrong(u, f, "is cut off") : status;
}

static enum td_status
unpack_list(struct unpacker *u, const struct shape_field *f, char *base)
{
	void *items;
	size_t n;
	enum td_status status = unpack_count(u, f, f->of->size, base, &n, &items);

	for (size_t i = 0; status == TD_OK && i < n; i++)
		status = unpack_object(u, f->of, (char *)items + i * f->of->size);
	return status;
}

static enum td_status
unpack_pointer(struct unpacker *u, const struct shape_field *f, char *at)
{
	bool there = false;
	char *inner;

	if (unpack_bool(u, f, &there) != TD_OK)
		return TD_PERM;
	if (!there)
		return TD_OK;
	inner = arena_alloc(u->arena, f->of->size);
	*(char **)(void *)at = inner;
	return unpack_object(u, f->of, inner);
}

static enum td_status
unpack_field(struct unpacker *u, const struct shape_field *f, char *base)
{
	char *at = base + f->offset;

	switch (f->type) {
	case SHAPE_LINE:
	case SHAPE_TEXT:
	case SHAPE_TOKEN:
	case SHAPE_WORD:
	case SHAPE_ADDRESS:
		return unpack_string(u, f, (const char **)(void *)at);
	case SHAPE_HEX:
		return unpack_hex(u, f, at);
	case SHAPE_BOOL:
		return unpack_bool(u, f, (bool *)at);
	case SHAPE_IS:
		return TD_OK;
	case SHAPE_U32:
	case SHAPE_U64:
	case SHAPE_I64:
		return unpack_integer(u, f, base);
	case SHAPE_ENUM:
		return unpack_enum(u, f, at);
	case SHAPE_LINES:
	case SHAPE_WORDS:
		return unpack_strings(u, f, base);
	case SHAPE_NUMBERS:
		return unpack_numbers(u, f, base);
	case SHAPE_LIST:
		return unpack_list(u, f, base);
	case SHAPE_INNER:
		return unpack_object(u, f->of, at);
	case SHAPE_POINTER:
		return unpack_pointer(u, f, at);
	}
	return wrong(u, f, "has no type");
}

static enum td_status
unpack_object(struct unpacker *u, const struct shape *shape, char *base)
{
	enum td_status status = TD_OK;

	if (u->n_objects++ == OBJECTS_MAX)
		return err_perm(u->err, "reading: too large");
	for (size_t i = 0; status == TD_OK && i < shape->n_fields; i++)
		status = unpack_field(u, &shape->fields[i], base);
	return status;
}

enum td_status
reading_unpack(struct arena *arena, struct span packed, struct reading **reading_r,
    struct err *err)
{
	struct unpacker u = {arena, err, wire_reader_of(packed), 0};
	struct reading *reading = arena_alloc(arena, sizeof *reading);
	enum td_status status = unpack_object(&u, &reading_shape, (char *)reading);

	if (status == TD_OK && !wire_done(&u.in))
		status = err_perm(err, "reading: more than a reading");
	if (status == TD_OK)
		status = reading_check(reading, err);
	if (status == TD_OK)
		*reading_r = reading;
	return status;
}
