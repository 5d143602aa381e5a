/* SPDX-License-Identifier: ISC */
/*
 * grammar: see grammar.h. The order is that of GRAMMAR 1 to 4: the subject's marks, the author's
 * own words, where the mail goes, the block at the top, commands, bare forms, sections; what is
 * left is prose. Each line is taken by one reader at most. Quoted lines and fenced code are never
 * read; commands begin at column 0, so indented code is none.
 */
#include "config.h"

#include "parsers/grammar.h"

#include <string.h>

#include "parsers/bare.h"
#include "parsers/base/utf8.h"
#include "parsers/fence.h"
#include "parsers/field.h"
#include "parsers/grammar_private.h"
#include "parsers/mention.h"
#include "parsers/section.h"
#include "parsers/subject.h"
#include "parsers/topblock.h"
#include "parsers/trim.h"
#include "parsers/when.h"

/* A line this long that ends without a mark goes on in the next one. */
#define WRAP_MIN 50

/* ---- lists ---------------------------------------------------------------------------------- */

void
grammar_add_error(struct grammar *g, uint32_t line, struct span text, const char *why,
    const char *suggestion)
{
	struct reading *r = g->reading;

	if (r->n_errors >= GRAMMAR_ERRORS) {
		g->surplus++;
		return;
	}
	*ARENA_PUSH(g->arena, r->errors, r->n_errors, g->cap_errors) = (struct reading_error){line,
		arena_span(g->arena, utf8_cut(span_trim(text), 500)),
		why != NULL ? why : "this was not understood", suggestion};
}

void
grammar_add_command(struct grammar *g, const struct reading_command *command)
{
	struct reading *r = g->reading;

	if (r->n_commands < g->max_commands) {
		*ARENA_PUSH(g->arena, r->commands, r->n_commands, g->cap_commands) = *command;
		return;
	}
	g->surplus++;
	if (r->n_commands == g->max_commands && (r->n_errors == 0 ||
		strstr(r->errors[r->n_errors - 1].why, "commands of a mail count") == NULL))
		grammar_add_error(g, command->line, span_of(command->source),
		    arena_printf(g->arena, "only the first %u commands of a mail count",
			(unsigned)g->max_commands), NULL);
}

bool
grammar_try_command(struct grammar *g, uint32_t line, const char *text, struct span source,
    struct reading_error *error_r)
{
	struct reading_command command;

	if (command_parse(g->arena, span_of(text), line, &g->context, &command, error_r) !=
	    COMMAND_GOOD)
		return false;
	command.bare = true;
	command.source = arena_span(g->arena, utf8_cut(source, 200));
	grammar_add_command(g, &command);
	return true;
}

/* ---- lines ---------------------------------------------------------------------------------- */

/* Marks [from, to) as code. */
static void
mark_literal(struct grammar *g, size_t from, size_t to)
{
	while (from < to)
		g->lines[from++].literal = true;
}

/*
 * Marks fences of code. One of "`" that is never closed goes to the end; of "~" it is a ruler,
 * and what is below it is read.
 */
static void
mark_fences(struct grammar *g)
{
	size_t n = g->n_lines, open = n;
	bool rulers = false;
	struct fence fence;

	for (size_t i = 0; i < n; i++) {
		if (open == n) {
			if (fence_opens(g->lines[i].text, &fence) &&
			    !(rulers && fence.sign == '~'))
				open = i;
		} else if (fence_closes(g->lines[i].text, &fence)) {
			mark_literal(g, open, i + 1);
			open = n;
		}
		if (i + 1 == n && open < n && fence.sign == '~') {
			rulers = true;
			i = open;
			open = n;
		}
	}
	mark_literal(g, open, n);
}

static void
split_lines(struct grammar *g)
{
	struct span rest = span_of(g->reading->text), line;
	size_t n = 0;

	while (span_next_line(&rest, &line))
		n++;
	g->lines = arena_array(g->arena, n + 1, sizeof *g->lines);
	rest = span_of(g->reading->text);
	while (span_next_line(&rest, &line))
		g->lines[g->n_lines++] = (struct grammar_line){.text = line,
			.blank = span_trim(line).len == 0,
			.literal = line.len > 0 && *line.ptr == '>'};
	mark_fences(g);
}

/* ---- commands and bare forms ----------------------------------------------------------------- */

static void
read_commands(struct grammar *g)
{
	for (size_t i = 0; i < g->n_lines; i++) {
		struct grammar_line *line = &g->lines[i];
		struct reading_command command;
		struct reading_error error;

		if (line->literal || line->taken || line->blank || *line->text.ptr != '/')
			continue;
		if (g->surplus > GRAMMAR_SURPLUS) {
			line->taken = true;
			continue;
		}
		switch (command_parse(g->arena, line->text, (uint32_t)(i + 1), &g->context,
		    &command,
		    &error)) {
		case COMMAND_NONE:
			continue;
		case COMMAND_GOOD:
			grammar_add_command(g, &command);
			break;
		case COMMAND_BAD:
			grammar_add_error(g, error.line, span_of(error.text), error.why,
			    error.suggestion);
			break;
		}
		line->taken = true;
	}
}

/* Whether line i begins for itself: the line above does not run on into it. */
static bool
stands_alone(const struct grammar *g, size_t i)
{
	struct span above;

	if (i == 0 || g->lines[i - 1].blank || g->lines[i - 1].taken || g->lines[i - 1].literal)
		return true;
	above = g->lines[i - 1].text;
	return above.len < WRAP_MIN || strchr(".:;!?,", above.ptr[above.len - 1]) != NULL;
}

/* Whether the line below i is an amount of time and nothing else, in a reply. */
static bool
stands_above_amount(const struct grammar *g, size_t i)
{
	struct reading_command command;

	if (++i >= g->n_lines || g->lines[i].blank || g->lines[i].taken || g->lines[i].literal ||
	    strchr("#0123456789", *g->lines[i].text.ptr) == NULL)
		return false;
	return bare_parse(g->arena, g->lines[i].text, (uint32_t)(i + 1), g->is_reply, true,
	    &g->context, &command) && strcmp(command.verb, "spend") == 0;
}

/* "done" above "2h" in a reply are two commands; above anything else it is a label. */
static void
read_bare_pairs(struct grammar *g)
{
	for (size_t i = 0; i < g->n_lines && g->surplus <= GRAMMAR_SURPLUS; i++) {
		struct grammar_line *line = &g->lines[i];
		struct reading_command command;

		if (line->literal || line->taken || line->blank || !stands_above_amount(g, i) ||
		    !bare_parse(g->arena, line->text, (uint32_t)(i + 1), g->is_reply,
			stands_alone(g, i), &g->context, &command))
			continue;
		grammar_add_command(g, &command);
		line->taken = true;
	}
}

/*
 * Bare forms. Those with "#n" come before sections, but for the lines of Time, which are entries
 * anyway; single words come after them, so that "done" above bullets is a label.
 */
static void
read_bare(struct grammar *g, bool numbered)
{
	bool in_time = false;

	for (size_t i = 0; i < g->n_lines && g->surplus <= GRAMMAR_SURPLUS; i++) {
		struct grammar_line *line = &g->lines[i];
		struct reading_command command;
		struct reading_error error;
		struct section_label label;

		if (line->literal || line->taken || line->blank) {
			in_time = in_time && !line->blank;
			continue;
		}
		if (numbered && section_label(g->arena, line->text, &label)) {
			in_time = label.kind == SECTION_TIME;
			continue;
		}
		if (in_time || (numbered && span_find_byte(line->text, '#') == line->text.len))
			continue;
		if (!bare_parse(g->arena, line->text, (uint32_t)(i + 1), g->is_reply,
			!numbered && stands_alone(g, i), &g->context, &command)) {
			if (numbered && bare_refused(g->arena, line->text, (uint32_t)(i + 1),
				&g->context, &error))
				grammar_add_error(g, (uint32_t)(i + 1), line->text, error.why,
				    error.suggestion);
			continue;
		}
		grammar_add_command(g, &command);
		line->taken = true;
	}
}

/* ---- decisions ------------------------------------------------------------------------------ */

/* "Options: A, B", or with bullets below. */
static bool
options_label(struct span line, struct span *value_r)
{
	size_t colon = span_find_byte(line, ':');

	while (line.len > 0 && (*line.ptr == '*' || *line.ptr == '#' || *line.ptr == ' ')) {
		line = span_skip(line, 1);
		colon = span_find_byte(line, ':');
	}
	if (colon == line.len || !span_iis(span_trim(span_first(line, colon)), "options"))
		return false;
	*value_r = span_trim(span_skip(line, colon + 1));
	while (value_r->len > 0 && *value_r->ptr == '*')
		*value_r = span_skip(*value_r, 1);
	return true;
}

/* The bullets from line i on, blank lines before the first allowed; they are taken. */
static bool
read_bullets(struct grammar *g, size_t i)
{
	struct span text;
	bool any = false;

	for (; i < g->n_lines; i++) {
		struct grammar_line *line = &g->lines[i];

		if (line->blank && !any)
			continue;
		if (line->blank || line->literal || line->taken ||
		    !section_bullet(line->text, &text))
			break;
		field_add_option(g, text);
		line->taken = any = true;
	}
	return any;
}

static bool
read_options_label(struct grammar *g)
{
	for (size_t i = 0; i < g->n_lines; i++) {
		struct field_refusal refusal;
		struct span value;

		if (g->lines[i].literal || g->lines[i].taken ||
		    !options_label(g->lines[i].text, &value))
			continue;
		g->lines[i].taken = true;
		if (value.len > 0)
			return field_set(g, FIELD_OPTIONS, value, &refusal);
		return read_bullets(g, i + 1);
	}
	return false;
}

static void
read_options(struct grammar *g)
{
	const struct reading *r = g->reading;
	bool decides = r->target.kind == KIND_DECIDE;

	for (size_t i = 0; i < r->n_commands; i++)
		decides |= strcmp(r->commands[i].verb, "decide") == 0;
	if (!decides || r->fields.n_options > 0 || read_options_label(g))
		return;
	for (size_t i = 0; i < r->n_commands; i++)
		if (strcmp(r->commands[i].verb, "decide") == 0 && r->commands[i].line > 0 &&
		    read_bullets(g, r->commands[i].line))
			return;
	for (size_t i = 0; i < g->n_lines && r->target.kind == KIND_DECIDE; i++)
		if (read_bullets(g, i))
			return;
}

/* "Use LMDB? by friday": the deadline at the end of a decision's title. */
static void
read_decision_title(struct grammar *g)
{
	struct reading_fields *f = &g->reading->fields;
	struct reading_command command;
	struct reading_error error;

	if (f->title == NULL || f->due != NULL ||
	    command_parse(g->arena, span_of(arena_printf(g->arena, "/decide %s", f->title)), 0,
		&g->context, &command, &error) != COMMAND_GOOD || command.when == NULL)
		return;
	f->title = command.text;
	f->due = command.when;
}

/* ---- kinds ---------------------------------------------------------------------------------- */

static bool
has_command(const struct grammar *g, const char *verb)
{
	for (size_t i = 0; i < g->reading->n_commands; i++)
		if (strcmp(g->reading->commands[i].verb, verb) == 0)
			return true;
	return false;
}

/* What is wrong with figures that are there, or that there are none. */
static void
refuse_subject(struct grammar *g, struct span subject, const struct reading_error *error,
    const char *why, const char *suggestion)
{
	bool digit = false;

	for (size_t i = 0; i < subject.len; i++)
		digit |= subject.ptr[i] >= '0' && subject.ptr[i] <= '9';
	if (digit && error->why != NULL)
		grammar_add_error(g, 0, subject, error->why, error->suggestion);
	else
		grammar_add_error(g, 0, subject, why, suggestion);
}

/* What a mail to team+off@ or with "off:" says: days in the subject, else in its first line. */
static void
read_off(struct grammar *g, struct span subject)
{
	struct reading_error error = {0};

	if (has_command(g, "off") || has_command(g, "back"))
		return;
	if (subject.len > 0 && grammar_try_command(g, 0,
		arena_printf(g->arena, "/off %.*s", SPAN_FMT(subject)), subject, &error))
		return;
	for (size_t i = 0; i < g->n_lines; i++) {
		struct grammar_line *line = &g->lines[i];

		if (line->blank || line->literal || line->taken)
			continue;
		if (grammar_try_command(g, (uint32_t)(i + 1),
			arena_printf(g->arena, "/off %.*s", SPAN_FMT(line->text)), line->text,
			&error)) {
			line->taken = true;
			return;
		}
		break;
	}
	refuse_subject(g, subject, &error, "no days were found in it",
	    "/off 2026-12-21..2026-12-31 holiday");
}

static bool
has_time(const struct grammar *g)
{
	for (size_t i = 0; i < g->reading->n_sections; i++)
		for (size_t k = 0; k < g->reading->sections[i].n_entries; k++)
			if (g->reading->sections[i].entries[k].has_seconds)
				return true;
	return has_command(g, "spend");
}

/* What a mail to team+time@ or with "time:" says: an entry in the subject, one a line below. */
static void
read_time(struct grammar *g, struct span subject)
{
	struct reading_error error = {0};
	bool found = subject.len > 0 && grammar_try_command(g, 0, arena_printf(g->arena,
	    "/spend %.*s", SPAN_FMT(section_amount_first(g, subject))), subject, &error);

	section_read_time(g);
	if (!found && !has_time(g))
		refuse_subject(g, subject, &error, "no time was found in it",
		    "/spend 2h #42 review");
}

static void
read_kind(struct grammar *g, const struct subject *subject)
{
	switch (g->reading->target.kind) {
	case KIND_OFF:
		read_off(g, subject->rest);
		break;
	case KIND_TIME:
		read_time(g, subject->rest);
		break;
	case KIND_DECIDE:
		read_decision_title(g);
		break;
	case KIND_NONE: case KIND_TASK: case KIND_UPDATE: case KIND_URGENT: case KIND_HELP:
	case KIND_QUERY: case KIND_UNDO:
		break;
	}
}

/* ---- where it goes -------------------------------------------------------------------------- */

/* The plus tag of the most trusted recipient that has one we know. */
static void
read_tags(struct grammar *g)
{
	struct reading *r = g->reading;

	for (size_t i = 0; i < r->message.n_rcpts; i++) {
		struct span tag = span_of(r->message.rcpts[i].tag);
		enum target_kind kind = subject_kind(tag);

		if (span_istarts(tag, SPAN("r-")) && tag.len > 2 && tag.len <= 128 &&
		    r->target.token == NULL)
			r->target.token = arena_span(g->arena, span_skip(tag, 2));
		else if (kind != KIND_NONE && r->target.kind == KIND_NONE) {
			r->target.kind = kind;
			r->target.tag = utf8_fold(g->arena, tag);
		}
	}
}

static void
read_target(struct grammar *g, struct subject *subject)
{
	struct reading *r = g->reading;

	read_tags(g);
	subject_read(g, span_of(r->message.subject), subject);
	if (r->target.kind == KIND_NONE) {
		r->target.kind = subject->kind;
		r->target.tag = subject->prefix;
	} else if (subject->question != NULL)
		subject->question = NULL;
	g->is_reply = subject->is_reply || r->message.in_reply_to != NULL ||
	    r->message.n_references > 0 || r->target.item > 0 || r->target.token != NULL;
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* Commands and errors in the order of their lines; few, and nearly in order already. */
static void
sort_by_line(struct reading *r)
{
	for (size_t i = 1; i < r->n_commands; i++)
		for (size_t k = i; k > 0 && r->commands[k].line < r->commands[k - 1].line; k--) {
			struct reading_command swap = r->commands[k];

			r->commands[k] = r->commands[k - 1];
			r->commands[k - 1] = swap;
		}
	for (size_t i = 1; i < r->n_errors; i++)
		for (size_t k = i; k > 0 && r->errors[k].line < r->errors[k - 1].line; k--) {
			struct reading_error swap = r->errors[k];

			r->errors[k] = r->errors[k - 1];
			r->errors[k - 1] = swap;
		}
}

static void
read_mentions(struct grammar *g, const struct subject *subject)
{
	mention_read(g, subject->rest);
	for (size_t i = 0; i < g->n_lines; i++)
		if (!g->lines[i].literal && !g->lines[i].blank)
			mention_read(g, g->lines[i].text);
}

static void
read_question(struct grammar *g, const struct subject *subject)
{
	struct reading_command command;
	struct reading_error error;

	if (subject->question == NULL ||
	    command_parse(g->arena, span_of(subject->question), 0, &g->context, &command, &error) !=
		COMMAND_GOOD)
		return;
	command.bare = true;
	command.source = subject->question + 1;
	grammar_add_command(g, &command);
}

/*
 * A command as the subject. What stands below is a comment where the command names an item, else
 * an update; without any text the mail is the command alone.
 */
static void
read_subject_command(struct grammar *g, const struct subject *subject)
{
	struct reading_command command;
	struct reading_error error;
	struct reading_target *target = &g->reading->target;

	if (subject->command == NULL)
		return;
	if (target->kind == KIND_NONE && target->item == 0)
		target->kind = span_trim(span_of(g->reading->text)).len == 0
		    ? KIND_QUERY : KIND_UPDATE;
	switch (command_parse(g->arena, span_of(subject->command), 0, &g->context, &command,
	    &error)) {
	case COMMAND_NONE:
		break;
	case COMMAND_GOOD:
		grammar_add_command(g, &command);
		break;
	case COMMAND_BAD:
		grammar_add_error(g, 0, span_of(subject->command), error.why, error.suggestion);
		break;
	}
}

void
grammar_read(struct arena *arena, const struct grammar_input *input, struct reading *reading)
{
	const struct reading_limits *limits =
	    input->limits != NULL ? input->limits : &reading_limits_default;
	struct grammar g = {.arena = arena, .reading = reading, .max_commands = limits->commands,
		.context = {input->anchor, input->zone, input->day_seconds}};
	struct trim_result trimmed;
	struct subject subject;

	read_target(&g, &subject);
	trim_reply(arena, input->body, subject.is_forward, &trimmed);
	reading->text = trimmed.text;
	reading->trimmed = trimmed.trimmed;
	reading->n_trimmed = trimmed.n_trimmed;
	if (input->plain_only) {
		if (subject.rest.len > 0)
			reading->fields.title = arena_span(arena, subject.rest);
		return;
	}
	split_lines(&g);
	read_question(&g, &subject);
	read_subject_command(&g, &subject);
	subject_fields(&g, &subject);
	topblock_read(&g);
	read_commands(&g);
	read_options(&g);
	read_bare(&g, true);
	read_bare_pairs(&g);
	section_read(&g);
	read_bare(&g, false);
	read_kind(&g, &subject);
	read_mentions(&g, &subject);
	sort_by_line(reading);
}
