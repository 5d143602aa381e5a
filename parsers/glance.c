/* SPDX-License-Identifier: ISC */
/* glance: see glance.h. */
#include "config.h"

#include "parsers/glance.h"

#include "parsers/address.h"
#include "parsers/header.h"

#define FIELD_BYTES 4096 /* of one field that are decoded */

static const char *
field_text(struct arena *arena, struct span raw)
{
	const char *text = header_text(arena, raw, GLANCE_TEXT);

	return *text != '\0' ? text : NULL;
}

static const char *
from_of(struct arena *arena, const struct header_list *list)
{
	struct span raw = span_first(header_get(list, "From"), FIELD_BYTES);
	struct address *found;
	size_t n;

	if (header_count(list, "From") == 1 && address_list(arena, raw, 1, &found, &n) == 1 &&
	    n == 1 && found[0].addr != NULL)
		return found[0].addr;
	return field_text(arena, raw);
}

struct glance
glance_at(struct arena *arena, struct span mail)
{
	struct span head = span_first(mail, GLANCE_BYTES);
	struct glance glance = {NULL, NULL};
	struct header_list list;
	struct err ignored;

	/* the block is no longer than what is looked at, so this does not fail */
	if (header_split(arena, head, head.len, &list, &ignored) != TD_OK)
		return glance;
	glance.from = from_of(arena, &list);
	glance.subject = field_text(arena,
	    span_first(header_get(&list, "Subject"), FIELD_BYTES));
	return glance;
}
