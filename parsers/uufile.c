/* SPDX-License-Identifier: ISC */
/*
 * uufile: see uufile.h. A "begin" line cannot be a line of data, so each line is looked at twice
 * at most.
 */
#include "config.h"

#include "parsers/uufile.h"

/* "begin 644 photo.jpg": the name, empty if the line is another. */
static struct span
begin_name(struct span line)
{
	struct span mode, none = {"", 0};

	if (!span_starts(line, SPAN("begin ")))
		return none;
	line = span_skip(line, 6);
	if (!span_next_field(&line, ' ', &mode) || mode.len < 3 || mode.len > 4)
		return none;
	for (size_t i = 0; i < mode.len; i++)
		if (mode.ptr[i] < '0' || mode.ptr[i] > '7')
			return none;
	return span_trim(line);
}

/* A length and as many characters as it takes; mail systems cut spaces off the end. */
static bool
is_data(struct span line)
{
	size_t bytes, most;

	line = span_rtrim(line);
	if (line.len == 0)
		return true;
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] < ' ' || line.ptr[i] > '`')
			return false;
	bytes = ((unsigned char)*line.ptr - 32u) & 63;
	most = 1 + (bytes + 2) / 3 * 4;
	/* Some add a character of checksum. */
	return line.len <= most + 1;
}

/* The length of the file that begins with the first line of text; 0 when it is none. */
static size_t
file_len(struct span text)
{
	struct span rest = text, line;

	if (!span_next_line(&rest, &line))
		return 0;
	while (span_next_line(&rest, &line)) {
		if (span_is(span_rtrim(line), "end"))
			return text.len - rest.len;
		if (!is_data(line))
			return 0;
	}
	return 0;
}

bool
uufile_take(struct span *text, struct uufile *file_r)
{
	size_t at = 0;

	while (at < text->len) {
		struct span rest = span_skip(*text, at), line, name;
		size_t found = span_find(rest, SPAN("begin ")), len;

		if (found == rest.len)
			return false;
		at += found;
		rest = span_skip(*text, at);
		if (at > 0 && text->ptr[at - 1] != '\n') {
			at += 6;
			continue;
		}
		name = span_next_line(&rest, &line) ? begin_name(line) : SPAN("");
		len = name.len > 0 ? file_len(span_skip(*text, at)) : 0;
		if (len > 0) {
			*file_r = (struct uufile){span_first(*text, at), name,
			    span_first(span_skip(*text, at), len)};
			*text = span_skip(*text, at + len);
			return true;
		}
		at += line.len;
	}
	return false;
}
