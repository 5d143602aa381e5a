/* SPDX-License-Identifier: ISC */
/*
 * htmlsheet: the style sheet of a document as far as it says what can be seen: rules for an
 * element, a class or an id alone. Where it cannot be told what a rule means (selectors of
 * several steps, conditions on the window), nothing is taken for hidden; what a selector of
 * several steps may hide, by the last of them, is doubtful.
 */
#ifndef TD_HTMLSHEET_H
#define TD_HTMLSHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"
#include "parsers/htmllook.h"

#define HTMLSHEET_RULES_MAX 200

struct htmlsheet_rule {
	struct span tag, class, id; /* empty: any */
	struct span attribute, part; /* the name of one, and what its value holds; empty: any */
	struct html_look look;
	bool doubt; /* may hide what fits, if more fits than is known */
	bool shows; /* makes visible what others hide, in some windows */
};

struct htmlsheet {
	struct htmlsheet_rule *rules;
	size_t n, cap;
	bool unsure; /* of the ground that texts stand on */
	bool renamed; /* there are rules for elements that htmltags renames */
};

/* Reads the style elements of a document; the spans are pieces of html. */
void htmlsheet_read(struct arena *arena, struct span html, struct htmlsheet *sheet_r);

struct htmlsheet_element {
	struct span tag, class, id; /* class: words */
	const char **attributes;    /* as SAX gives them; may be NULL */
};

/* Adds to look what the sheet says of an element. Returns whether it may be hidden. */
bool htmlsheet_apply(const struct htmlsheet *sheet, const struct htmlsheet_element *element,
    struct html_look *look);

#endif
