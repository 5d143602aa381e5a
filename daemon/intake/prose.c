/* SPDX-License-Identifier: ISC */
/* prose: see prose.h. Lines count from 1, as in the reading. */
#include "config.h"

#include "daemon/intake/prose.h"

#include <string.h>

#include "parsers/base/buf.h"

#define TEXT_MAX (4u << 20)

static const struct {
	const char *key;
	unsigned bit;
} keys[] = {
    {"owner", PROSE_OWNER}, {"assigned to", PROSE_OWNER}, {"due", PROSE_DUE},
    {"due date", PROSE_DUE}, {"start", PROSE_OTHER}, {"priority", PROSE_PRIORITY},
    {"project", PROSE_PROJECT}, {"tags", PROSE_TAGS}, {"labels", PROSE_TAGS},
    {"estimate", PROSE_ESTIMATE}, {"status", PROSE_STATUS}, {"depends on", PROSE_DEPENDS},
    {"blocked by", PROSE_DEPENDS}, {"cc", PROSE_WATCH}, {"watch", PROSE_WATCH},
    {"title", PROSE_TITLE}, {"cover", PROSE_OTHER}, {"options", PROSE_OTHER},
};

static unsigned
key_bit(struct span line)
{
	size_t colon = span_find_byte(line, ':');
	struct span key = span_trim(span_first(line, colon));

	if (colon == line.len)
		return 0;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (span_iis(key, keys[i].key))
			return keys[i].bit;
	return 0;
}

unsigned
prose_block(const char *text, uint32_t *n_lines_r)
{
	struct span rest = span_of(text), line;
	unsigned bits = 0, bit;
	uint32_t n = 0, blank = 0;

	while (span_next_line(&rest, &line)) {
		if (bits == 0 && span_trim(line).len == 0) {
			blank++;
			continue;
		}
		bit = key_bit(line);
		if (bit == 0)
			break;
		bits |= bit;
		n++;
	}
	*n_lines_r = n > 0 ? n + blank : 0;
	return bits;
}

/* "Done:", "## Next", "**Blocked**" alone on its line. */
static bool
is_label(struct span line)
{
	static const char *const labels[] = {"done", "yesterday", "y", "next", "today", "t",
	    "blocked", "blockers", "b", "goals", "g", "time", "notes"};

	line = span_trim(line);
	while (line.len > 0 && (*line.ptr == '#' || *line.ptr == '*' || *line.ptr == ' '))
		line = span_skip(line, 1);
	while (line.len > 0 && (line.ptr[line.len - 1] == '*' || line.ptr[line.len - 1] == ':' ||
				   line.ptr[line.len - 1] == ' '))
		line = span_first(line, line.len - 1);
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (span_iis(line, labels[i]))
			return true;
	return false;
}

/* taken[n] is set for each line that is no prose. */
static void
mark_lines(const struct reading *reading, bool with_sections, bool *taken, uint32_t n_lines)
{
	uint32_t n_block;

	prose_block(reading->text, &n_block);
	for (uint32_t i = 1; i <= n_block && i <= n_lines; i++)
		taken[i] = true;
	for (size_t i = 0; i < reading->n_commands; i++)
		if (reading->commands[i].line <= n_lines)
			taken[reading->commands[i].line] = true;
	for (size_t i = 0; i < reading->n_errors; i++)
		if (reading->errors[i].line <= n_lines)
			taken[reading->errors[i].line] = true;
	for (size_t i = 0; !with_sections && i < reading->n_sections; i++) {
		const struct reading_section *section = &reading->sections[i];

		for (size_t j = 0; j < section->n_entries; j++)
			if (section->entries[j].line <= n_lines)
				taken[section->entries[j].line] = true;
	}
}

/* "- LMDB", or "Options:" above it: an option of a decision is none of its words. */
static bool
is_option(const struct reading *reading, struct span line)
{
	static const char *const bullets[] = {"- ", "* ", "+ ", "\xe2\x80\xa2 "};
	struct span text = span_trim(line), label = text;

	while (label.len > 0 && strchr("*#: ", *label.ptr) != NULL)
		label = span_skip(label, 1);
	while (label.len > 0 && strchr("*: ", label.ptr[label.len - 1]) != NULL)
		label = span_first(label, label.len - 1);
	if (span_istarts(label, SPAN("options")) && (label.len == 7 || label.ptr[7] == ':'))
		return true;
	while (text.len > 0 && ((*text.ptr >= '0' && *text.ptr <= '9') ||
				   *text.ptr == '.' || *text.ptr == ')'))
		text = span_skip(text, 1);
	for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++)
		if (span_starts(text, span_of(bullets[i])))
			text = span_skip(text, strlen(bullets[i]));
	text = span_trim(text);
	for (size_t i = 0; text.len < span_trim(line).len && i < reading->fields.n_options; i++)
		if (span_is(text, reading->fields.options[i]))
			return true;
	return false;
}

static uint32_t
count_lines(const char *text)
{
	struct span rest = span_of(text), line;
	uint32_t n = 0;

	while (span_next_line(&rest, &line))
		n++;
	return n;
}

const char *
prose_of(struct arena *arena, const struct reading *reading, bool with_sections)
{
	uint32_t n_lines = count_lines(reading->text), number = 0, blank = 0;
	bool *taken = arena_array(arena, (size_t)n_lines + 1, sizeof *taken);
	bool labels = !with_sections && reading->n_sections > 0;
	struct span rest = span_of(reading->text), line;
	struct buf out;
	const char *text;

	mark_lines(reading, with_sections, taken, n_lines);
	buf_init(&out, TEXT_MAX);
	while (span_next_line(&rest, &line)) {
		number++;
		if (taken[number] || (labels && is_label(line)) ||
		    (reading->fields.n_options > 0 && is_option(reading, line)))
			continue;
		if (span_trim(line).len == 0) {
			blank = out.len > 0;
			continue;
		}
		if (blank)
			buf_putc(&out, '\n');
		blank = 0;
		buf_put_span(&out, span_rtrim(line));
		buf_putc(&out, '\n');
	}
	text = arena_span(arena, span_trim(buf_span(&out)));
	buf_release(&out);
	return text;
}
