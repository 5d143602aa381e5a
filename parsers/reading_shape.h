/* SPDX-License-Identifier: ISC */
/*
 * reading_shape: the outer forms of a reading as tables: each field's key, type, place, limits.
 * Writers (reading_json.c, reading_pack.c) and readers (reading_load.c, reading_unpack.c) follow
 * them, so that what one writes the other takes, and nothing else. To add a field: one row in
 * reading_shape.c.
 */
#ifndef TD_READING_SHAPE_H
#define TD_READING_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/err.h"
#include "parsers/base/span.h"

enum shape_type {
	SHAPE_LINE,    /* clean text on one line */
	SHAPE_TEXT,    /* clean text with LF and TAB */
	SHAPE_TOKEN,   /* ASCII letters, digits and . _ - + / : */
	SHAPE_WORD,    /* clean, no white space, no < > or " */
	SHAPE_ADDRESS, /* local@domain as shape_is_address() */
	SHAPE_HEX,     /* char[65]: 64 hexadecimal digits, lower case, or nothing */
	SHAPE_BOOL,
	SHAPE_U32,
	SHAPE_U64, /* up to 2^53 */
	SHAPE_I64, /* a time or an amount: seconds within the years 0 to 9999 */
	SHAPE_ENUM,
	SHAPE_LINES,   /* const char ** with its count */
	SHAPE_WORDS,
	SHAPE_NUMBERS, /* uint32_t * with its count */
	SHAPE_INNER,   /* an object in JSON, the same struct (at offset) in C */
	SHAPE_POINTER, /* a struct, NULL without */
	SHAPE_LIST,    /* structs with their count */
	SHAPE_IS,      /* bool derived from an enum: not its first value */
};

#define SHAPE_ALWAYS 1u   /* written even when empty; required when read */

struct shape {
	const struct shape_field *fields;
	size_t n_fields;
	size_t size; /* of the struct */
};

struct shape_field {
	const char *key;
	enum shape_type type;
	unsigned flags;
	size_t offset;
	size_t n_offset; /* of a list's count, or of the bool that says whether a number is there */
	size_t bytes;    /* longest string */
	size_t count;    /* most members of a list; names of an enum */
	const struct shape *of;
	const char *const *names;
};

extern const struct shape reading_shape;

/* Whether a string may stand in a field of this type (length and characters). */
bool shape_string_ok(enum shape_type type, struct span s, size_t max);
/* Text of people, which is cleaned before it is written; other strings are right or left out. */
bool shape_is_free_text(enum shape_type type);
bool shape_hex_ok(struct span s); /* 64 digits, lower case, or nothing */

/* What the tables cannot say: how fields depend on each other. */
struct reading;
TD_CHECK enum td_status reading_check(const struct reading *reading, struct err *err);

#define SHAPE_ADDRESS_MAX 320
#define SHAPE_U64_MAX (INT64_C(1) << 53)
#define SHAPE_TIME_MAX INT64_C(253402300799)
#define SHAPE_TIME_MIN (-INT64_C(62167219200))

#endif
