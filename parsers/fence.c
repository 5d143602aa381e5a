/* SPDX-License-Identifier: ISC */
/* fence: see fence.h. */
#include "config.h"

#include "parsers/fence.h"

#define INDENT_MAX 3
#define SIGNS_MIN 3

/* The signs at the beginning; *after_r is what follows them. */
static bool
take_signs(struct span line, struct fence *fence_r, struct span *after_r)
{
	size_t indent = 0, n = 0;

	while (indent < line.len && indent <= INDENT_MAX && line.ptr[indent] == ' ')
		indent++;
	line = span_skip(line, indent);
	if (indent > INDENT_MAX || line.len == 0 || (*line.ptr != '`' && *line.ptr != '~'))
		return false;
	while (n < line.len && line.ptr[n] == *line.ptr)
		n++;
	*fence_r = (struct fence){*line.ptr, n};
	*after_r = span_skip(line, n);
	return n >= SIGNS_MIN;
}

bool
fence_opens(struct span line, struct fence *fence_r)
{
	struct span after;

	return take_signs(line, fence_r, &after) &&
	    !(fence_r->sign == '`' && span_find_byte(after, '`') < after.len);
}

bool
fence_closes(struct span line, const struct fence *fence)
{
	struct fence closing;
	struct span after;

	return take_signs(line, &closing, &after) && closing.sign == fence->sign &&
	    closing.len >= fence->len && span_trim(after).len == 0;
}
