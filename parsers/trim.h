/* SPDX-License-Identifier: ISC */
/*
 * trim: the author's own words out of a decoded body: without quotes, attributions, forwarded
 * headers, signatures, disclaimers and list footers; what was dropped is listed with the reason.
 * Losing a person's own words is the worst error: when unsure, keep.
 *
 * The body is UTF-8 text with LF line ends; quoted HTML arrives as lines that begin with '>'
 * (parsers/htmltext). Time and memory grow linearly with the body.
 */
#ifndef TD_TRIM_H
#define TD_TRIM_H

#include "parsers/base/arena.h"
#include "parsers/base/span.h"
#include "parsers/reading.h"

struct trim_result {
	const char *text;    /* the author's words; interleaved answers keep the quoted line that
	                        they answer (it begins with "> ") */
	uint32_t *lines;     /* for each line of text: its line in the body, from 1 */
	size_t n_lines;
	struct reading_trimmed *trimmed;
	size_t n_trimmed;
};

/* is_forward: the subject says so; then the forwarded part is dropped but named "forwarded". */
void trim_reply(struct arena *arena, struct span body, bool is_forward,
    struct trim_result *result_r);

#endif
