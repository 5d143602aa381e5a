/* SPDX-License-Identifier: ISC */
/*
 * reading_json: a reading as JSON, by the tables of reading_shape.c. What a reading holds past a
 * limit is cut, and a string that its field's type forbids is left out, so that the loader takes
 * whatever is written here.
 */
#include "config.h"

#include "parsers/reading.h"

#include "parsers/base/jsonw.h"
#include "parsers/base/utf8.h"
#include "parsers/reading_shape.h"

static void write_object(struct jsonw *w, const struct shape *shape, const char *base);

static size_t
list_count(const struct shape_field *f, const char *base)
{
	size_t n = *(const size_t *)(base + f->n_offset);

	return n < f->count ? n : f->count;
}

static bool
has_number(const struct shape_field *f, const char *base, bool is_zero)
{
	if (f->n_offset != 0)
		return *(const bool *)(base + f->n_offset);
	return !is_zero || (f->flags & SHAPE_ALWAYS) != 0;
}

static void
write_cleaned(struct jsonw *w, const struct shape_field *f, struct span s)
{
	struct buf clean;
	enum utf8_lines lines = f->type == SHAPE_TEXT ? UTF8_LINES : UTF8_LINE;

	if (utf8_clean(s, lines)) {
		jsonw_span(w, utf8_cut(s, f->bytes));
		return;
	}
	buf_init(&clean, s.len * 3 + 1);
	utf8_scrub(s, lines, &clean);
	jsonw_span(w, utf8_cut(buf_span(&clean), f->bytes));
	buf_release(&clean);
}

static void
write_string(struct jsonw *w, const struct shape_field *f, const char *text)
{
	struct span s = span_of(text);

	if (text == NULL && (f->flags & SHAPE_ALWAYS) == 0)
		return;
	if (!shape_is_free_text(f->type) && !shape_string_ok(f->type, s, f->bytes))
		return;
	jsonw_key(w, f->key);
	write_cleaned(w, f, s);
}

static void
write_strings(struct jsonw *w, const struct shape_field *f, const char *base)
{
	const char *const *items = *(const char *const *const *)(const void *)(base + f->offset);
	size_t n = list_count(f, base);

	if (n == 0 && (f->flags & SHAPE_ALWAYS) == 0)
		return;
	jsonw_key(w, f->key);
	jsonw_list(w);
	for (size_t i = 0; i < n; i++)
		if (shape_is_free_text(f->type) ||
		    shape_string_ok(f->type, span_of(items[i]), f->bytes))
			write_cleaned(w, f, span_of(items[i]));
	jsonw_end(w);
}

static void
write_numbers(struct jsonw *w, const struct shape_field *f, const char *base)
{
	const uint32_t *items = *(const uint32_t *const *)(const void *)(base + f->offset);
	size_t n = list_count(f, base);

	if (n == 0 && (f->flags & SHAPE_ALWAYS) == 0)
		return;
	jsonw_key(w, f->key);
	jsonw_list(w);
	for (size_t i = 0; i < n; i++)
		jsonw_uint(w, items[i]);
	jsonw_end(w);
}

static void
write_list(struct jsonw *w, const struct shape_field *f, const char *base)
{
	const char *items = *(const char *const *)(const void *)(base + f->offset);
	size_t n = list_count(f, base);

	if (n == 0 && (f->flags & SHAPE_ALWAYS) == 0)
		return;
	jsonw_key(w, f->key);
	jsonw_list(w);
	for (size_t i = 0; i < n; i++)
		write_object(w, f->of, items + i * f->of->size);
	jsonw_end(w);
}

static void
write_i64(struct jsonw *w, const struct shape_field *f, const char *base)
{
	int64_t value = *(const int64_t *)(const void *)(base + f->offset);

	if (!has_number(f, base, value == 0))
		return;
	if (value > SHAPE_TIME_MAX)
		value = SHAPE_TIME_MAX;
	if (value < SHAPE_TIME_MIN)
		value = SHAPE_TIME_MIN;
	jsonw_put_int(w, f->key, value);
}

static void
write_uint(struct jsonw *w, const struct shape_field *f, const char *base, uint64_t value)
{
	if (!has_number(f, base, value == 0))
		return;
	jsonw_key(w, f->key);
	jsonw_uint(w, value);
}

static void
write_enum(struct jsonw *w, const struct shape_field *f, const char *at)
{
	unsigned value = *(const unsigned *)(const void *)at;

	if (value < f->count && (value != 0 || (f->flags & SHAPE_ALWAYS) != 0))
		jsonw_put(w, f->key, f->names[value]);
}

static void
write_field(struct jsonw *w, const struct shape_field *f, const char *base)
{
	const char *at = base + f->offset;
	const char *inner;

	switch (f->type) {
	case SHAPE_LINE:
	case SHAPE_TEXT:
	case SHAPE_TOKEN:
	case SHAPE_WORD:
	case SHAPE_ADDRESS:
		write_string(w, f, *(const char *const *)(const void *)at);
		break;
	case SHAPE_HEX:
		jsonw_put(w, f->key, at);
		break;
	case SHAPE_BOOL:
		if (*(const bool *)at || (f->flags & SHAPE_ALWAYS) != 0)
			jsonw_put_bool(w, f->key, *(const bool *)at);
		break;
	case SHAPE_U32:
		write_uint(w, f, base, *(const uint32_t *)(const void *)at);
		break;
	case SHAPE_U64:
		write_uint(w, f, base, *(const uint64_t *)(const void *)at);
		break;
	case SHAPE_I64:
		write_i64(w, f, base);
		break;
	case SHAPE_ENUM:
		write_enum(w, f, at);
		break;
	case SHAPE_IS:
		jsonw_put_bool(w, f->key, *(const unsigned *)(const void *)at != 0);
		break;
	case SHAPE_LINES:
	case SHAPE_WORDS:
		write_strings(w, f, base);
		break;
	case SHAPE_NUMBERS:
		write_numbers(w, f, base);
		break;
	case SHAPE_LIST:
		write_list(w, f, base);
		break;
	case SHAPE_INNER:
		jsonw_key(w, f->key);
		write_object(w, f->of, at);
		break;
	case SHAPE_POINTER:
		inner = *(const char *const *)(const void *)at;
		if (inner != NULL) {
			jsonw_key(w, f->key);
			write_object(w, f->of, inner);
		}
		break;
	}
}

static void
write_object(struct jsonw *w, const struct shape *shape, const char *base)
{
	jsonw_object(w);
	for (size_t i = 0; i < shape->n_fields; i++)
		write_field(w, &shape->fields[i], base);
	jsonw_end(w);
}

void
reading_to_json(const struct reading *reading, int indent, struct buf *out)
{
	struct jsonw w;

	jsonw_init(&w, out, indent);
	write_object(&w, &reading_shape, (const char *)reading);
}
