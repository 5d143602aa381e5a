/* SPDX-License-Identifier: ISC */
/*
 * htmltext: an HTML body as the text that its reader sees: lines, bullets, cells; quotes begin
 * with "> " for each level, so that trim and grammar treat both kinds of mail alike. What is
 * hidden (preheaders, style, script) is left out. Links are collected.
 *
 * Input past the limit is dropped, nesting past 2,000 ends the text; so the work is bounded
 * whatever the tags.
 */
#ifndef TD_HTMLTEXT_H
#define TD_HTMLTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"
#include "parsers/links.h"

/* html is valid UTF-8; links may be NULL. The text has LF line ends and is not yet cleaned. */
struct span htmltext_read(struct arena *arena, struct span html, size_t max_bytes,
    struct links *links);

/* The charset that the document names for itself in its first 1,024 bytes; empty if none. */
struct span htmltext_charset(struct span html);

#endif
