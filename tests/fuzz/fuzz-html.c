/* SPDX-License-Identifier: ISC */
/* fuzz-html: an HTML body, in any charset, to clean text. */
#include "tests/fuzz/fuzz.h"

#include "parsers/base/utf8.h"
#include "parsers/textpart.h"

static void
fuzz_one(struct arena *arena, struct span input)
{
	struct textpart part = {.bytes = input, .charset = {"", 0}, .html = true,
	    .html_max = 65536, .text_max = 65536};
	struct links links = {0};
	bool encrypted = false;

	if (!utf8_clean(textpart_read(arena, &part, &links, &encrypted), UTF8_LINES))
		abort();
	part.html = false;
	part.flowed = part.delsp = true;
	if (!utf8_clean(textpart_read(arena, &part, &links, &encrypted), UTF8_LINES))
		abort();
}
