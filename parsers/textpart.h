/* SPDX-License-Identifier: ISC */
/*
 * textpart: the bytes of a text part, its transfer encoding undone, as clean text: charset,
 * line ends, format=flowed, the frame of an inline PGP signature.
 */
#ifndef TD_TEXTPART_H
#define TD_TEXTPART_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"
#include "parsers/links.h"

struct textpart {
	struct span bytes;
	struct span charset; /* label, empty without */
	bool html;
	bool enriched, rich; /* RFC 1896 */
	bool flowed, delsp;  /* RFC 3676 */
	size_t html_max;     /* bytes of HTML, and of text, that are looked at */
	size_t text_max;
};

/* Clean text with LF line ends. *encrypted_r is set (never cleared) for an inline PGP message. */
struct span textpart_read(struct arena *arena, const struct textpart *part, struct links *links,
    bool *encrypted_r);

#endif
