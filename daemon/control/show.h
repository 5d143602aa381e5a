/* SPDX-License-Identifier: ISC */
/*
 * show: what a command found, as JSON with --json, else for people: aligned, with control
 * characters of foreign text made harmless. A command builds JSON once; both forms come from it.
 */
#ifndef TD_CONTROL_SHOW_H
#define TD_CONTROL_SHOW_H

#include <stddef.h>

#include <jansson.h>

#include "daemon/control/tool.h"

struct show_column {
	const char *key;   /* in each object */
	const char *title; /* over the column, or before the value */
};

/* A list of objects as a table; empty: a sentence where there is none. Takes the reference. */
void show_list(struct tool *tool, json_t *list, const struct show_column *columns, size_t n,
    const char *empty);

/* One object, a line a field; fields without a value are left out. Takes the reference. */
void show_object(struct tool *tool, json_t *object, const struct show_column *fields, size_t n);

/* A string value; NULL gives null; what is no clean UTF-8 is made so. */
json_t *show_text(struct tool *tool, const char *text);
/* A moment as RFC 3339 in UTC; 0 gives null. */
json_t *show_time(struct tool *tool, int64_t at);

/* One line of a list of results ("ok", "wrong"), coloured on a terminal. */
void show_result(struct tool *tool, bool good, const char *what, const char *text);

#endif
