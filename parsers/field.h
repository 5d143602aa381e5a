/* SPDX-License-Identifier: ISC */
/*
 * field: one field of an item from its name and its value as written: of the block at the top of
 * a mail ("Due: friday"), of a subject's end ("due:fri") and of its suffix ("[due=friday]").
 */
#ifndef TD_FIELD_H
#define TD_FIELD_H

#include "parsers/grammar_private.h"

enum field {
	FIELD_NONE,
	FIELD_OWNER,
	FIELD_DUE,
	FIELD_START,
	FIELD_PRIORITY,
	FIELD_PROJECT,
	FIELD_TAGS,
	FIELD_ESTIMATE,
	FIELD_STATUS,
	FIELD_DEPENDS,
	FIELD_WATCH,
	FIELD_TITLE,
	FIELD_COVER,
	FIELD_OPTIONS,
};

/* By its name, case and spaces ignored. */
enum field field_find(struct span name);

struct field_refusal {
	const char *why;
	const char *suggestion; /* a value */
};

/* Puts the value into g->reading->fields; false: it does not fit, nothing is changed. */
bool field_set(struct grammar *g, enum field field, struct span value,
    struct field_refusal *refusal_r);

/* One more option of a decision. */
void field_add_option(struct grammar *g, struct span text);

#endif
