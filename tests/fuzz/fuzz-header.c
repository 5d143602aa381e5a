/* SPDX-License-Identifier: ISC */
/* fuzz-header: header block, addresses, encoded words, parameters, trace fields. */
#include "tests/fuzz/fuzz.h"

#include "parsers/address.h"
#include "parsers/base/utf8.h"
#include "parsers/encword.h"
#include "parsers/glance.h"
#include "parsers/header.h"
#include "parsers/param.h"

static void
fuzz_one(struct arena *arena, struct span input)
{
	struct header_list list;
	struct reading_message message;
	struct glance glance = glance_at(arena, input);
	struct address *addresses;
	size_t n;

	if (header_split(arena, input, 100000, &list, NULL) == TD_OK)
		header_message(arena, &list, &message);
	if ((glance.from != NULL && !utf8_clean(span_of(glance.from), UTF8_LINE)) ||
	    (glance.subject != NULL && !utf8_clean(span_of(glance.subject), UTF8_LINE)))
		abort();
	address_list(arena, input, 100, &addresses, &n);
	for (size_t i = 0; i < n; i++)
		if (addresses[i].addr != NULL && !address_valid(span_of(addresses[i].addr)))
			abort();
	if (!utf8_valid(encword_decode(arena, input)) ||
	    !utf8_valid(param_get(arena, input, "name")) ||
	    !utf8_clean(span_of(header_text(arena, input, 500)), UTF8_LINE))
		abort();
}
