/* SPDX-License-Identifier: ISC */
/*
 * reading_pack: a reading as bytes (base/wire.h) by the tables of reading_shape.c, from the parser
 * process to the store: the fields of a struct one after the other, without names. JSON is for
 * people and for keeping; taking it apart was a third of the store's work on a mail.
 *
 * What a reading holds past a limit is cut, and a string that its field's type forbids is left
 * out, as in reading_json.c, so that reading_unpack() takes whatever is packed here.
 */
#include "config.h"

#include "parsers/reading.h"

#include "parsers/base/utf8.h"
#include "parsers/base/wire.h"
#include "parsers/reading_shape.h"

static void pack_object(struct buf *out, const struct shape *shape, const char *base);

static void
pack_string(struct buf *out, const struct shape_field *f, const char *text)
{
	struct span s = span_of(text);
	struct buf clean;

	if (text == NULL && (f->flags & SHAPE_ALWAYS) == 0) {
		wire_put_str(out, NULL);
	} else if (shape_string_ok(f->type, s, f->bytes)) {
		wire_put_span(out, s);
	} else if (!shape_is_free_text(f->type)) {
		wire_put_str(out, NULL);
	} else {
		buf_init(&clean, s.len * 3 + 1);
		utf8_scrub(s, f->type == SHAPE_TEXT ? UTF8_LINES : UTF8_LINE, &clean);
		wire_put_span(out, utf8_cut(buf_span(&clean), f->bytes));
		buf_release(&clean);
	}
}

static size_t
list_count(const struct shape_field *f, const char *base)
{
	size_t n = *(const size_t *)(const void *)(base + f->n_offset);

	return n < f->count ? n : f->count;
}

static size_t
put_count(struct buf *out, const struct shape_field *f, const char *base)
{
	size_t n = list_count(f, base);

	wire_put_u32(out, (uint32_t)n);
	return n;
}

/* A member of a list of strings; free text is cleaned, anything else that is wrong left out. */
static bool
may_stand(const struct shape_field *f, const char *item)
{
	return item != NULL && (shape_is_free_text(f->type) ||
	    shape_string_ok(f->type, span_of(item), f->bytes));
}

static void
pack_strings(struct buf *out, const struct shape_field *f, const char *base)
{
	const char *const *items = *(const char *const *const *)(const void *)(base + f->offset);
	size_t n = list_count(f, base), n_good = 0;

	for (size_t i = 0; i < n; i++)
		n_good += may_stand(f, items[i]);
	wire_put_u32(out, (uint32_t)n_good);
	for (size_t i = 0; i < n; i++)
		if (may_stand(f, items[i]))
			pack_string(out, f, items[i]);
}

static void
pack_numbers(struct buf *out, const struct shape_field *f, const char *base)
{
	const uint32_t *items = *(const uint32_t *const *)(const void *)(base + f->offset);
	size_t n = put_count(out, f, base);

	for (size_t i = 0; i < n; i++)
		wire_put_u32(out, items[i]);
}

static void
pack_list(struct buf *out, const struct shape_field *f, const char *base)
{
	const char *items = *(const char *const *)(const void *)(base + f->offset);
	size_t n = put_count(out, f, base);

	for (size_t i = 0; i < n; i++)
		pack_object(out, f->of, items + i * f->of->size);
}

static void
pack_pointer(struct buf *out, const struct shape_field *f, const char *inner)
{
	wire_put_u8(out, inner != NULL);
	if (inner != NULL)
		pack_object(out, f->of, inner);
}

static void
pack_integer(struct buf *out, const struct shape_field *f, const char *base)
{
	const void *at = base + f->offset;
	int64_t value = 0;

	if (f->type == SHAPE_U32)
		value = *(const uint32_t *)at;
	else if (f->type == SHAPE_U64)
		value = *(const uint64_t *)at < SHAPE_U64_MAX ?
		    (int64_t)*(const uint64_t *)at : SHAPE_U64_MAX;
	else
		value = *(const int64_t *)at;
	if (f->type == SHAPE_I64 && value > SHAPE_TIME_MAX)
		value = SHAPE_TIME_MAX;
	if (f->type == SHAPE_I64 && value < SHAPE_TIME_MIN)
		value = SHAPE_TIME_MIN;
	if (f->n_offset != 0)
		wire_put_u8(out, *(const bool *)(base + f->n_offset));
	wire_put_i64(out, value);
}

static void
pack_field(struct buf *out, const struct shape_field *f, const char *base)
{
	const char *at = base + f->offset;

	switch (f->type) {
	case SHAPE_LINE:
	case SHAPE_TEXT:
	case SHAPE_TOKEN:
	case SHAPE_WORD:
	case SHAPE_ADDRESS:
		pack_string(out, f, *(const char *const *)(const void *)at);
		break;
	case SHAPE_HEX:
		wire_put_str(out, at);
		break;
	case SHAPE_BOOL:
		wire_put_u8(out, *(const bool *)at);
		break;
	case SHAPE_U32:
	case SHAPE_U64:
	case SHAPE_I64:
		pack_integer(out, f, base);
		break;
	case SHAPE_ENUM:
		wire_put_u32(out, *(const unsigned *)(const void *)at);
		break;
	case SHAPE_IS:
		break; /* follows from the enum */
	case SHAPE_LINES:
	case SHAPE_WORDS:
		pack_strings(out, f, base);
		break;
	case SHAPE_NUMBERS:
		pack_numbers(out, f, base);
		break;
	case SHAPE_LIST:
		pack_list(out, f, base);
		break;
	case SHAPE_INNER:
		pack_object(out, f->of, at);
		break;
	case SHAPE_POINTER:
		pack_pointer(out, f, *(const char *const *)(const void *)at);
		break;
	}
}

static void
pack_object(struct buf *out, const struct shape *shape, const char *base)
{
	for (size_t i = 0; i < shape->n_fields; i++)
		pack_field(out, &shape->fields[i], base);
}

void
reading_pack(const struct reading *reading, struct buf *out)
{
	pack_object(out, &reading_shape, (const char *)reading);
}
