/* SPDX-License-Identifier: ISC */
/*
 * mustache: templates in the core of the Mustache language: comments, set delimiters, variables
 * (escaped, {{{raw}}}, {{&raw}}, dotted names), sections, inverted sections, partials with their
 * indentation, and lines that hold nothing but a tag vanish. No lambdas, no inheritance.
 *
 * A template is compiled once and rendered often. Compiling refuses what is not well formed and
 * names the line. Rendering refuses to go on past its limits: depth of sections and partials,
 * steps, and the size that the output buffer allows; so a partial that includes itself ends.
 */
#ifndef TD_MUSTACHE_H
#define TD_MUSTACHE_H

#include "parsers/base/buf.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"
#include "daemon/compose/value.h"

#define MUSTACHE_SOURCE_MAX (256 * 1024) /* bytes of one template */
#define MUSTACHE_NEST_MAX 32             /* sections in sections, in one template */
#define MUSTACHE_PARTIAL_MAX 16          /* partials in partials */
#define MUSTACHE_STEPS_MAX 1000000       /* tags and texts put out in one rendering */

struct mustache;

enum mustache_escape {
	MUSTACHE_PLAIN, /* {{x}} puts x as it is: text templates */
	MUSTACHE_HTML,  /* {{x}} escapes & " ' < > */
};

/* name is for error texts. The source is copied. */
TD_CHECK enum td_status mustache_compile(const char *name, struct span source,
    struct mustache **template_r, struct err *err);
void mustache_destroy(struct mustache **template);

/* Finds a partial by name; NULL if there is none: it is then empty. */
typedef const struct mustache *(*mustache_find)(void *user, struct span name);

/* Appends to out. On failure what out holds is without meaning. */
TD_CHECK enum td_status mustache_render(const struct mustache *template,
    const struct value *root, enum mustache_escape escape, mustache_find find, void *user,
    struct buf *out, struct err *err);

#endif
