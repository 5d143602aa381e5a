/* SPDX-License-Identifier: ISC */
/*
 * section: see section.h. A label opens a section; bullets below belong to it, blank lines
 * between them too; lines without a bullet only until the first blank line (under a heading too).
 * "none" in a section is no entry.
 */
#include "config.h"

#include "parsers/section.h"

#include <string.h>

#include "parsers/base/utf8.h"
#include "parsers/command_private.h"
#include "parsers/duration.h"
#include "parsers/mention.h"
#include "parsers/timespan.h"

#define WRAP_MIN 50
#define ENTRY_MAX 5000

struct section_reader {
	struct grammar *g;
	struct reading_section *section; /* NULL outside */
	size_t n_entries; /* of all sections */
	struct section_entry *last; /* what a wrapped line continues */
	bool any;    /* something was read below the label */
	bool loose;  /* then a blank line was seen: only bullets belong here now */
	size_t last_len; /* length of the line above */
	bool bulleted;   /* the line above is a bullet, or a label that is one */
	bool several[4]; /* see count_ways() */
};

static struct reading_section *
open_section(struct section_reader *r, enum section_kind kind)
{
	struct reading *reading = r->g->reading;

	r->loose = r->any = false;
	r->last = NULL;
	for (size_t i = 0; i < reading->n_sections; i++)
		if (reading->sections[i].kind == kind)
			return &reading->sections[i];
	ARENA_PUSH(r->g->arena, reading->sections, reading->n_sections,
	    r->g->cap_sections)->kind = kind;
	return &reading->sections[reading->n_sections - 1];
}

/* ---- entries -------------------------------------------------------------------------------- */

/* "[x] #42 ..." and "[ ] ...": the box goes; *checked_r says which. */
static struct span
take_box(struct span text, bool *checked_r)
{
	*checked_r = false;
	if (text.len < 4 || *text.ptr != '[' || text.ptr[2] != ']' ||
	    strchr(" xX", text.ptr[1]) == NULL)
		return text;
	*checked_r = text.ptr[1] != ' ';
	return span_trim(span_skip(text, 3));
}

static void
add_entry(struct section_reader *r, const struct section_entry *entry)
{
	if (r->n_entries >= GRAMMAR_ENTRIES)
		return;
	r->n_entries++;
	r->last = ARENA_PUSH(r->g->arena, r->section->entries, r->section->n_entries,
	    r->g->cap_entries[r->section->kind]);
	*r->last = *entry;
}

/* ---- time entries --------------------------------------------------------------------------- */

/* An amount or a range at the beginning: its length, 0 without. */
static size_t
amount_prefix(struct grammar *g, struct span text)
{
	struct refusal refusal = {NULL, NULL};
	struct timespan span;
	int64_t seconds;
	size_t n = timespan_prefix(text, &span);

	if (n > 0)
		return n;
	return duration_prefix(g->arena, text, DURATION_NEGATIVE, g->context.day_seconds, &seconds,
	    &refusal);
}

/* "yesterday 45m mail" as "45m yesterday mail": the order of /spend. */
struct span
section_amount_first(struct grammar *g, struct span text)
{
	struct when_context context = {.anchor = g->context.anchor, .zone = g->context.zone,
	    .tense = WHEN_PAST};
	struct refusal refusal = {NULL, NULL};
	struct reading_when *when;
	struct span day, rest;
	size_t n, m;

	if (amount_prefix(g, text) > 0 || *text.ptr == '#')
		return text;
	n = span_find_byte(text, ' ');
	for (unsigned words = 0; words < 4 && n < text.len; words++) {
		day = span_first(text, n);
		while (day.len > 0 && strchr(":,", day.ptr[day.len - 1]) != NULL)
			day.len--;
		rest = span_trim(span_skip(text, n));
		m = amount_prefix(g, rest);
		if (m > 0 && when_parse(g->arena, day, &context, &when, &refusal))
			return span_of(arena_printf(g->arena, "%.*s %.*s %.*s",
			    SPAN_FMT(span_first(rest, m)), SPAN_FMT(day),
			    SPAN_FMT(span_trim(span_skip(rest, m)))));
		n += 1 + span_find_byte(span_skip(text, n + 1), ' ');
	}
	return text;
}

/* A figure that is no item's number: in Time it is an amount that was not understood. */
static bool
looks_timed(struct span text)
{
	struct span word;
	uint32_t item;

	while (span_next_word(&text, &word))
		for (size_t i = 0; i < word.len && !command_is_item(word, &item); i++)
			if (word.ptr[i] >= '0' && word.ptr[i] <= '9')
				return true;
	return false;
}

/* One line of Time. What has no amount is kept as text; what looks as if it had is reported. */
static void
time_entry(struct section_reader *r, size_t i, struct span text)
{
	struct grammar *g = r->g;
	struct section_entry entry = {.line = (uint32_t)(i + 1)};
	struct span ordered = section_amount_first(g, text);
	struct reading_command command;
	struct reading_error error;
	const char *line;

	line = arena_printf(g->arena, "/spend %.*s", SPAN_FMT(ordered));
	if (command_parse(g->arena, span_of(line), entry.line, &g->context, &command, &error) ==
	    COMMAND_GOOD) {
		entry.text = command.text != NULL ? command.text : "";
		entry.items = command.items;
		entry.n_items = command.n_items;
		entry.seconds = command.seconds;
		entry.has_seconds = true;
		entry.when = command.when;
		entry.project = command.project;
	} else {
		if (looks_timed(text))
			grammar_add_error(g, entry.line, text, error.why, error.suggestion != NULL
			    ? error.suggestion + strlen("/spend ") : NULL);
		entry.text = arena_span(g->arena, text);
		entry.n_items = mention_items(g->arena, text, COMMAND_ITEMS, &entry.items);
	}
	add_entry(r, &entry);
	r->last = NULL; /* a wrapped note is not put back together: each line is an entry */
}

static void
plain_entry(struct section_reader *r, size_t i, struct span text)
{
	struct section_entry entry = {.line = (uint32_t)(i + 1)};
	bool checked;

	text = utf8_cut(take_box(span_trim(text), &checked), ENTRY_MAX);
	entry.n_items = mention_items(r->g->arena, text, COMMAND_ITEMS, &entry.items);
	/* a goal that is ticked is reached; of one that names items these tell */
	if (r->section->kind == SECTION_GOALS && checked && entry.n_items == 0)
		text = span_of(arena_printf(r->g->arena, "[x] %.*s", SPAN_FMT(text)));
	if (r->section->kind == SECTION_DONE) {
		text = section_take_amount(r->g, text, &entry);
		entry.closes = checked && entry.n_items > 0;
	}
	entry.text = arena_span(r->g->arena, text);
	add_entry(r, &entry);
}

static void
read_entry(struct section_reader *r, size_t i, struct span text)
{
	text = span_trim(text);
	r->any = true;
	r->last = NULL;
	if (r->n_entries >= GRAMMAR_ENTRIES || text.len == 0 || section_is_none(r->g->arena, text))
		return;
	if (r->section->kind == SECTION_TIME)
		time_entry(r, i, text);
	else
		plain_entry(r, i, text);
}

/* A wrapped line is put to the entry above. Its amount may stand only now. */
static void
continue_entry(struct section_reader *r, struct span text)
{
	struct section_entry *entry = r->last;

	if (strlen(entry->text) + text.len > ENTRY_MAX)
		return;
	text = span_of(arena_printf(r->g->arena, "%s %.*s", entry->text,
	    SPAN_FMT(span_trim(text))));
	entry->n_items = mention_items(r->g->arena, text, COMMAND_ITEMS, &entry->items);
	if (r->section->kind == SECTION_DONE && !entry->has_seconds)
		text = section_take_amount(r->g, text, entry);
	entry->text = arena_span(r->g->arena, text);
}

/* ---- lines ---------------------------------------------------------------------------------- */

/*
 * Whether a line that is only the word "done" is a label: something must follow it. In a mail
 * about an item, where "done" alone closes it, that something is a list.
 */
static bool
has_entries_below(const struct grammar *g, size_t i)
{
	struct span text;

	if (g->reading->target.item == 0 && i + 1 < g->n_lines && !g->lines[i + 1].blank)
		return !g->lines[i + 1].literal && !g->lines[i + 1].taken;
	for (i++; i < g->n_lines && g->lines[i].blank;)
		i++;
	return i < g->n_lines && !g->lines[i].literal && section_bullet(g->lines[i].text, &text);
}

/* The line below i that is not blank, or NULL. */
static const struct grammar_line *
line_below(const struct grammar *g, size_t i)
{
	for (i++; i < g->n_lines && g->lines[i].blank;)
		i++;
	return i < g->n_lines && !g->lines[i].literal ? &g->lines[i] : NULL;
}

static bool
is_number(struct span line)
{
	line = span_trim(line);
	return line.len > 0 && *line.ptr >= '0' && *line.ptr <= '9';
}

/*
 * "- Done" and "1. Done" are labels above a list of their own: indented, or of the other kind.
 * With a colon any bullet right below will do.
 */
static bool
has_list_below(const struct grammar *g, size_t i, const struct section_label *label)
{
	const struct grammar_line *below = line_below(g, i);
	struct span text;

	if (label->colon && i + 1 < g->n_lines && !g->lines[i + 1].literal &&
	    section_bullet(g->lines[i + 1].text, &text))
		return true;
	return below != NULL && section_bullet(below->text, &text) &&
	    (*below->text.ptr == ' ' || *below->text.ptr == '\t' ||
		is_number(below->text) != (label->list == SECTION_NUMBERS));
}

/* "Y" may be an answer: alone it is a label only above a bullet. */
static bool
is_letter_alone(const struct grammar *g, size_t i)
{
	struct span text;

	return span_trim(g->lines[i].text).len == 1 &&
	    !(i + 1 < g->n_lines && !g->lines[i + 1].literal &&
	    section_bullet(g->lines[i + 1].text, &text));
}

/* The way a label is written that counts only where others are written so too; 3 for any other. */
static unsigned
way_of(const struct section_label *label)
{
	return label->dashed ? 0 : label->list == SECTION_BULLETS ? 1 :
	    label->list == SECTION_NUMBERS ? 2 : 3;
}

/*
 * "1. Done: the login page", "Done - the login page": one such line is prose, two labels that are
 * written in the same way are sections.
 */
static void
count_ways(struct section_reader *r)
{
	unsigned kinds[4] = {0};
	struct section_label label;

	for (size_t i = 0; i < r->g->n_lines; i++)
		if (!r->g->lines[i].taken && !r->g->lines[i].literal &&
		    section_label(r->g->arena, r->g->lines[i].text, &label))
			kinds[way_of(&label)] |= 1u << label.kind;
	for (unsigned way = 0; way < 4; way++)
		r->several[way] = (kinds[way] & (kinds[way] - 1)) != 0;
}

static bool
is_label(const struct section_reader *r, size_t i, const struct section_label *label)
{
	const struct grammar *g = r->g;
	const struct grammar_line *below;
	struct span text;

	if (label->dashed || (label->list != SECTION_NO_LIST && label->text.len > 0))
		return r->several[way_of(label)];
	if (label->list != SECTION_NO_LIST) {
		below = line_below(g, i);
		return has_list_below(g, i, label) || (r->several[way_of(label)] &&
		    below != NULL && !section_bullet(below->text, &text));
	}
	return label->marked || (!is_letter_alone(g, i) && has_entries_below(g, i));
}

static bool
read_label(struct section_reader *r, size_t i)
{
	struct grammar *g = r->g;
	struct section_label label;

	if (!section_label(g->arena, g->lines[i].text, &label) || !is_label(r, i, &label))
		return false;
	r->section = open_section(r, label.kind);
	r->bulleted = label.list != SECTION_NO_LIST && label.text.len > 0;
	g->lines[i].taken = true;
	(void)section_bullet(label.text, &label.text);
	if (label.text.len > 0)
		read_entry(r, i, label.text);
	return true;
}

/* A line inside a section: false when it ends it. */
static bool
read_line(struct section_reader *r, size_t i)
{
	struct grammar_line *line = &r->g->lines[i];
	bool indented = *line->text.ptr == ' ' || *line->text.ptr == '\t';
	struct span text;

	if (section_ruler(line->text)) {
		line->taken = !r->any;
		return !r->any;
	}
	if (section_bullet(line->text, &text))
		read_entry(r, i, text);
	else if (r->last != NULL && !r->loose && (indented || r->last_len >= WRAP_MIN))
		continue_entry(r, line->text);
	else if (!r->loose && !indented)
		read_entry(r, i, line->text);
	else
		return false;
	line->taken = true;
	return true;
}

/* After a bullet an unindented line without one is prose; after plain lines it is another one.
 * In Time each line is an entry. */
static bool
ends_after_bullet(const struct section_reader *r, size_t i)
{
	struct span text, line = r->g->lines[i].text;

	return r->bulleted && r->section->kind != SECTION_TIME && !section_bullet(line, &text) &&
	       *line.ptr != ' ' && *line.ptr != '\t' && r->last_len < WRAP_MIN;
}

void
section_read(struct grammar *g)
{
	struct section_reader r = {.g = g};

	count_ways(&r);
	for (size_t i = 0; i < g->n_lines; i++) {
		struct grammar_line *line = &g->lines[i];
		struct span text;

		if (line->taken)
			continue;
		if (line->blank) {
			r.loose = r.loose || r.any;
			continue;
		}
		if (line->literal) {
			r.section = NULL;
			continue;
		}
		if (!read_label(&r, i) && r.section != NULL) {
			if (ends_after_bullet(&r, i) || !read_line(&r, i))
				r.section = NULL;
			else if (section_bullet(line->text, &text))
				r.bulleted = true;
		}
		r.last_len = line->text.len;
	}
	section_report_amounts(g);
}

void
section_read_time(struct grammar *g)
{
	struct section_reader r = {.g = g};

	for (size_t i = 0; i < g->n_lines && r.n_entries < GRAMMAR_ENTRIES; i++) {
		struct grammar_line *line = &g->lines[i];
		struct span text;

		if (line->taken || line->blank || line->literal)
			continue;
		if (!section_bullet(line->text, &text))
			text = span_trim(line->text);
		if (amount_prefix(g, section_amount_first(g, text)) == 0)
			continue;
		if (r.section == NULL)
			r.section = open_section(&r, SECTION_TIME);
		line->taken = true;
		read_entry(&r, i, text);
	}
}
