/* SPDX-License-Identifier: ISC */
/*
 * stub: the plain text of a mail that is only there to say that the words are in the HTML: "Use an
 * HTML viewer", "[image: logo]", a link. People's programs make the plain text out of the HTML, so
 * what shares no word with it is no text of the mail either.
 */
#ifndef TD_STUB_H
#define TD_STUB_H

#include <stdbool.h>

#include "parsers/base/span.h"

#define STUB_MAX 300 /* bytes; what is longer is none */

/* What can be said without reading the HTML: plain is clean text, html the document's bytes. */
bool stub_may_be(struct span plain, struct span html);

/* Both are clean text. When unsure: false. */
bool stub_is(struct span plain, struct span html);

#endif
