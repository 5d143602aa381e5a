/* SPDX-License-Identifier: ISC */
/*
 * command: see command.h. The verb is looked up in the table and its shape's function reads the
 * rest of the line; the shapes stand in command_item.c, command_time.c and command_person.c.
 */
#include "config.h"

#include "parsers/command.h"

#include <string.h>

#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "parsers/command_private.h"
#include "parsers/when-words.h"

/* ---- words ---------------------------------------------------------------------------------- */

static bool
is_name_byte(char c)
{
	return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
}

bool
command_is_item(struct span word, uint32_t *item_r)
{
	uint32_t item;

	while (word.len > 2 && *word.ptr == '#' &&
	    strchr(".,:;!?)", word.ptr[word.len - 1]) != NULL)
		word.len--;
	if (word.len < 2 || *word.ptr != '#' || !num_u32(span_skip(word, 1), 999999999, &item) ||
	    item == 0)
		return false;
	*item_r = item;
	return true;
}

bool
command_is_marked(struct span word, char mark, struct span *name_r)
{
	if (word.len < 2 || word.len > 100 || *word.ptr != mark || !is_name_byte(word.ptr[1]) ||
	    word.ptr[1] == '-' || word.ptr[1] == '.')
		return false;
	for (size_t i = 1; i < word.len; i++)
		if (!is_name_byte(word.ptr[i]))
			return false;
	*name_r = span_skip(word, 1);
	return true;
}

bool
command_is_person(struct span word, struct span *name_r)
{
	size_t at = span_find_byte(word, '@');

	if (at == 0)
		return command_is_marked(word, '@', name_r);
	if (at == word.len || at + 1 == word.len || word.len > 255 ||
	    span_find_byte(span_skip(word, at + 1), '.') == word.len - at - 1)
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (!is_name_byte(word.ptr[i]) && strchr("+'", word.ptr[i]) == NULL && i != at)
			return false;
	*name_r = word;
	return true;
}

struct span
command_peek(const struct command_parser *p)
{
	struct span rest = p->rest, word;

	if (!span_next_word(&rest, &word))
		return (struct span){"", 0};
	while (word.len > 1 && strchr(",;", word.ptr[word.len - 1]) != NULL)
		word.len--;
	return word;
}

void
command_skip_word(struct command_parser *p)
{
	struct span word;

	(void)span_next_word(&p->rest, &word);
	p->rest = span_trim(p->rest);
}

bool
command_take_word(struct command_parser *p, const char *word)
{
	if (!span_iis(command_peek(p), word))
		return false;
	command_skip_word(p);
	return true;
}

void
command_add_item(struct command_parser *p, uint32_t item)
{
	for (size_t i = 0; i < p->command->n_items; i++)
		if (p->command->items[i] == item)
			return;
	if (p->command->n_items < COMMAND_ITEMS)
		*ARENA_PUSH(p->arena, p->command->items, p->command->n_items, p->cap_items) = item;
}

bool
command_take_items(struct command_parser *p)
{
	uint32_t item;
	bool any = false;

	for (;;) {
		struct span rest = p->rest, word;

		if (any && span_next_word(&rest, &word) && span_iis(word, "and") &&
		    span_next_word(&rest, &word) && command_is_item(word, &item))
			command_skip_word(p);
		if (!command_is_item(command_peek(p), &item))
			return any;
		command_add_item(p, item);
		command_skip_word(p);
		any = true;
	}
}

bool
command_take_person(struct command_parser *p)
{
	struct span name;

	if (p->command->n_people == COMMAND_PEOPLE || !command_is_person(command_peek(p), &name))
		return false;
	*ARENA_PUSH(p->arena, p->command->people, p->command->n_people, p->cap_people) =
	    arena_span(p->arena, name);
	command_skip_word(p);
	return true;
}

void
command_take_text(struct command_parser *p)
{
	struct span text = utf8_cut(span_trim(p->rest), COMMAND_TEXT);

	p->command->text = text.len > 0 ? arena_span(p->arena, text) : NULL;
	p->rest = (struct span){"", 0};
}

bool
command_at_end(struct command_parser *p)
{
	struct span left = span_trim(p->rest);

	if (left.len == 0)
		return true;
	return command_fail(p, "/%s does not take \"%.*s\"", p->verb->name,
	    SPAN_FMT(utf8_cut(left, 100)));
}

struct when_context
command_when_context(const struct command_parser *p, enum when_tense tense)
{
	return (struct when_context){.anchor = p->context->anchor, .zone = p->context->zone,
	    .tense = tense};
}

bool
command_take_when(struct command_parser *p, enum when_tense tense, struct refusal *refusal_r)
{
	struct when_context context = command_when_context(p, tense);
	size_t n;

	*refusal_r = (struct refusal){NULL, NULL};
	p->rest = span_trim(p->rest);
	n = when_prefix(p->arena, p->rest, &context, &p->command->when, refusal_r);
	if (n == 0) {
		/* nothing there looks like a date; perhaps the word alone is refused for a
		 * reason */
		if (refusal_r->why == NULL && p->rest.len > 0 && *p->rest.ptr >= '0' &&
		    *p->rest.ptr <= '9')
			(void)when_parse(p->arena, command_peek(p), &context, &p->command->when,
			    refusal_r);
		p->command->when = NULL;
		return false;
	}
	p->rest = span_skip(p->rest, n);
	while (p->rest.len > 0 && strchr(" \t,;:", *p->rest.ptr) != NULL)
		p->rest = span_skip(p->rest, 1);
	return true;
}

/* ---- errors --------------------------------------------------------------------------------- */

bool
command_fail(struct command_parser *p, const char *fmt, ...)
{
	struct span rest = span_of(p->verb->examples), line = {"", 0};
	va_list ap;

	va_start(ap, fmt);
	p->why = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	(void)span_next_line(&rest, &line);
	p->suggestion = arena_span(p->arena, line);
	return false;
}

bool
command_fail_with(struct command_parser *p, const char *suggestion, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	p->why = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	p->suggestion = arena_printf(p->arena, "/%s %s", p->verb->name, suggestion);
	return false;
}

/* "#42 #43 ": what was named before the piece that is refused belongs to the line to copy. */
static const char *
items_text(struct command_parser *p)
{
	const char *text = "";

	for (size_t i = 0; i < p->command->n_items && i < 10; i++)
		text = arena_printf(p->arena, "%s#%u ", text, (unsigned)p->command->items[i]);
	return text;
}

bool
command_fail_word(struct command_parser *p, const char *const *words, size_t n, const char *why)
{
	struct span word = command_peek(p);
	const char *found = NULL;
	unsigned best = 3;

	(void)command_fail(p, "%s", why);
	for (size_t i = 0; i < n; i++) {
		unsigned distance = verb_distance(word, span_of(words[i]), 2);

		if (word.len >= 3 && distance < best) {
			best = distance;
			found = words[i];
		}
	}
	if (found != NULL)
		p->suggestion = arena_printf(p->arena, "/%s %s%s%.*s", p->verb->name,
		    items_text(p), found, SPAN_FMT(span_skip(span_trim(p->rest), word.len)));
	return false;
}

bool
command_fail_person(struct command_parser *p, const char *why)
{
	struct span word = command_peek(p), name, after = span_skip(span_trim(p->rest), word.len);
	bool plain = command_is_marked(span_of(arena_printf(p->arena, "@%.*s",
	    SPAN_FMT(utf8_cut(word, 60)))), '@', &name);

	(void)command_fail(p, "%s", why);
	if (plain)
		p->suggestion = arena_printf(p->arena, "/%s %s@%.*s%.*s", p->verb->name,
		    items_text(p), SPAN_FMT(name), SPAN_FMT(utf8_cut(after, 300)));
	return false;
}

static bool
takes_date(enum verb_shape shape)
{
	return shape == VERB_DUE || shape == VERB_SNOOZE || shape == VERB_OFF ||
	    shape == VERB_REMIND;
}

bool
command_refuse_whole(struct command_parser *p, const struct refusal *refusal, const char *what)
{
	struct span left = utf8_cut(command_peek(p), 60);
	const char *near = refusal->why == NULL && takes_date(p->verb->shape)
	    ? when_word_near(p->arena, left) : NULL;

	if (near != NULL)
		return command_fail_with(p, arena_printf(p->arena, "%s%s%.*s", items_text(p), near,
		    SPAN_FMT(span_skip(span_trim(p->rest), left.len))),
		    "\"%.*s\" was not understood: /%s needs %s", SPAN_FMT(left), p->verb->name,
		    what);
	if (refusal->why == NULL && left.len > 0)
		return command_fail(p, "\"%.*s\" was not understood: /%s needs %s", SPAN_FMT(left),
		    p->verb->name, what);
	if (refusal->why == NULL)
		return command_fail(p, "/%s needs %s", p->verb->name, what);
	if (refusal->suggestion != NULL)
		return command_fail_with(p, arena_printf(p->arena, "%s%s", items_text(p),
		    refusal->suggestion), "%s", refusal->why);
	return command_fail(p, "%s", refusal->why);
}

bool
command_refuse(struct command_parser *p, const struct refusal *refusal, const char *what)
{
	const char *line = refusal->why != NULL ? command_mended(p, refusal) : NULL;

	(void)command_refuse_whole(p, refusal, what);
	if (line != NULL)
		p->suggestion = line;
	return false;
}

/* ---- shapes that need no file of their own --------------------------------------------------- */

static bool
read_help(struct command_parser *p)
{
	struct span word = command_peek(p);
	const struct verb *verb;

	if (word.len == 0)
		return true;
	if (*word.ptr == '/')
		word = span_skip(word, 1);
	verb = verb_find(word);
	if (verb == NULL) {
		verb = verb_nearest(word);
		(void)command_fail_with(p, verb != NULL ? verb->name : "",
		    "there is no command \"%.*s\"", SPAN_FMT(utf8_cut(word, 60)));
		if (verb == NULL)
			p->suggestion = "/help";
		return false;
	}
	p->command->word = verb->name;
	command_skip_word(p);
	return command_at_end(p);
}

static bool
read_undo(struct command_parser *p)
{
	struct span word = command_peek(p);

	for (size_t i = 0; i < word.len; i++)
		if (!is_name_byte(word.ptr[i]) || (unsigned char)word.ptr[i] >= 0x80)
			return command_fail(p, "an undo code has letters and digits only");
	if (word.len < 4 || word.len > 32)
		return command_fail(p, "/undo needs the code from the acknowledgement");
	p->command->word = arena_span(p->arena, word);
	command_skip_word(p);
	return command_at_end(p);
}

static bool
read_book(struct command_parser *p)
{
	struct span word = command_peek(p);
	uint32_t number;

	if (!num_u32(word, 99, &number) || number == 0)
		return command_fail(p, "/book needs the number of one of the times offered");
	p->command->word = arena_printf(p->arena, "%u", (unsigned)number);
	command_skip_word(p);
	return command_at_end(p);
}

static bool
read_text(struct command_parser *p, const char *what)
{
	command_take_text(p);
	return p->command->text != NULL ||
	    command_fail(p, "/%s needs %s", p->verb->name, what);
}

static bool
read_show(struct command_parser *p)
{
	(void)command_take_items(p);
	return command_at_end(p);
}

static bool
read_titled(struct command_parser *p, const char *what)
{
	(void)command_take_items(p);
	return read_text(p, what);
}

static bool
read_remove(struct command_parser *p)
{
	if (!command_take_person(p))
		return command_fail_person(p, "/remove needs a person, as in @eli");
	return command_at_end(p);
}

/*
 * "#13/14", "(#13)" or "13" where an item may stand: a number that is not understood must not
 * leave the command to the item of the thread, nor be left out.
 */
static bool
is_number_unclear(const struct command_parser *p)
{
	struct span text = span_of(p->command->text);

	if (text.len == 0 || (p->verb->shape != VERB_STATE && p->verb->shape != VERB_REASON &&
	    p->verb->shape != VERB_BLOCK && p->verb->shape != VERB_HANDOVER))
		return false;
	if (command_is_numbers(text))
		return true;
	if (p->command->n_items > 0)
		return false;
	if (text.len > 1 && strchr("([", *text.ptr) != NULL)
		text = span_skip(text, 1);
	return *text.ptr == '#' && text.len > 1 && strchr(" 0123456789", text.ptr[1]) != NULL;
}

static bool
read_shape(struct command_parser *p)
{
	switch (p->verb->shape) {
	case VERB_NOTHING: return command_at_end(p);
	case VERB_STATE: return command_state(p);
	case VERB_REASON: return read_titled(p, "a reason");
	case VERB_TITLE: return read_titled(p, "the new title");
	case VERB_SHOW: return read_show(p);
	case VERB_PEOPLE:
	case VERB_PEOPLE_OPT: return command_people(p);
	case VERB_DUE: return command_due(p);
	case VERB_SNOOZE: return command_snooze(p);
	case VERB_PRIORITY: return command_priority(p);
	case VERB_TAG: return command_tag(p);
	case VERB_PROJECT: return command_project(p);
	case VERB_ESTIMATE: return command_estimate(p);
	case VERB_DEPENDS: return command_depends(p);
	case VERB_BLOCK: return command_block(p);
	case VERB_SPEND: return command_spend(p);
	case VERB_OFF: return command_off(p);
	case VERB_HOURS: return command_hours(p);
	case VERB_ZONE: return command_zone(p);
	case VERB_DIGEST: return command_digest(p);
	case VERB_CHECKIN: return command_checkin(p);
	case VERB_ACK: return command_ack(p);
	case VERB_LANG: return command_lang(p);
	case VERB_DECIDE: return command_decide(p);
	case VERB_VOTE: return command_vote(p);
	case VERB_RESOLVE: return command_resolve(p);
	case VERB_HANDOVER: return command_handover(p);
	case VERB_PAGE: return command_page(p);
	case VERB_REMIND: return command_remind(p);
	case VERB_MEET: return command_meet(p);
	case VERB_BOOK: return read_book(p);
	case VERB_WEEK: return command_week(p);
	case VERB_JUDGE: return command_judge(p);
	case VERB_LIST: return command_list(p);
	case VERB_SEARCH: return read_text(p, "words to look for");
	case VERB_HELP: return read_help(p);
	case VERB_UNDO: return read_undo(p);
	case VERB_INVITE: return command_invite(p);
	case VERB_REMOVE: return read_remove(p);
	}
	return false;
}

/* ---- a line --------------------------------------------------------------------------------- */

/* The word after the slash: letters, then digits and '-' too, and "+1"; empty for "/usr/bin",
 * "/ x", "//", "/24". */
static struct span
verb_word(struct span line)
{
	struct span rest = span_skip(line, 1), word;

	if (line.len < 2 || *line.ptr != '/' || line.ptr[1] == ' ' || line.ptr[1] == '\t' ||
	    !span_next_word(&rest, &word))
		return (struct span){"", 0};
	if (word.len > 1 && strchr(":,.", word.ptr[word.len - 1]) != NULL)
		word.len--;
	if (span_is(word, "+1"))
		return word;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c == '-' && i > 0) ||
			(c >= '0' && c <= '9' && i > 0) ||
			((unsigned char)c >= 0x80 && (i > 0 || (unsigned char)c < 0xe0))))
			return (struct span){"", 0};
	}
	return word.len <= 40 ? word : (struct span){"", 0};
}

/* "/done#42", "/due:friday": a verb that we know, and no space behind it. */
static struct span
tight_verb(struct span line)
{
	struct span word = span_skip(line, 1);
	size_t n = 0;

	while (n < word.len && ((word.ptr[n] | 0x20) >= 'a' || word.ptr[n] == '-') &&
	    (word.ptr[n] | 0x20) <= 'z')
		n++;
	if (n == 0 || n == word.len || strchr("#:@", word.ptr[n]) == NULL ||
	    verb_find(span_first(word, n)) == NULL)
		return (struct span){"", 0};
	return span_first(word, n);
}

/* No-break and other wide spaces, which mail programs put in, are plain ones here. */
static struct span
plain_spaces(struct arena *arena, struct span line)
{
	static const char *const wide[] = {
	    "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x87", "\xe3\x80\x80"};
	char *copy, *end;

	if (utf8_ascii(line))
		return line;
	copy = end = arena_alloc(arena, line.len + 1);
	while (line.len > 0) {
		size_t n = 0;

		for (size_t i = 0; i < sizeof(wide) / sizeof *wide && n == 0; i++)
			if (span_starts(line, span_of(wide[i])))
				n = strlen(wide[i]);
		*end++ = n > 0 ? ' ' : *line.ptr;
		line = span_skip(line, n > 0 ? n : 1);
	}
	return (struct span){copy, (size_t)(end - copy)};
}

/* The verb's first example that names an item. */
static const char *
numbered_example(const struct command_parser *p)
{
	struct span rest = span_of(p->verb->examples), line;

	while (span_next_line(&rest, &line))
		if (span_find_byte(line, '#') < line.len)
			return arena_span(p->arena, line);
	return p->suggestion;
}

/* What is offered for a line that is bad: it is read itself. */
static const char *
offer(struct command_parser *p)
{
	if (p->offered || p->suggestion == NULL || *p->suggestion != '/' ||
	    command_is_read(p->arena, p->context, p->suggestion))
		return p->suggestion;
	(void)command_fail(p, "%s", p->why);
	return p->suggestion;
}

static enum command_result
parse_line(struct arena *arena, struct span line, uint32_t number, bool offered,
    const struct command_context *context, struct reading_command *command_r,
    struct reading_error *error_r)
{
	struct command_parser p = {.arena = arena, .context = context, .command = command_r,
		.offered = offered};
	struct span word, rest;
	const char *numbered;

	if (line.len == 0 || *line.ptr != '/')
		return COMMAND_NONE;
	line = plain_spaces(arena, span_rtrim(line));
	word = verb_word(line);
	if (word.len == 0)
		word = tight_verb(line);
	if (word.len == 0)
		return COMMAND_NONE;
	p.rest = span_skip(line, 1 + word.len);
	if (p.rest.len > 0 && strchr(":,.", *p.rest.ptr) != NULL)
		p.rest = span_skip(p.rest, 1);
	p.rest = p.args = span_trim(p.rest);
	*error_r = (struct reading_error){.line = number,
		.text = arena_span(arena, utf8_cut(line, 500))};
	p.verb = verb_find(word);
	if (p.verb == NULL)
		return command_unknown(arena, context, word, p.rest, error_r);
	*command_r = (struct reading_command){.line = number, .verb = p.verb->name,
		.source = arena_span(arena, utf8_cut(line, 200))};
	rest = p.rest;
	if (read_shape(&p) && !is_number_unclear(&p))
		return COMMAND_GOOD;
	numbered = p.verb->item == ITEM_NONE ? NULL :
	    command_with_numbers(arena, context, p.verb, rest);
	if (p.why == NULL || numbered != NULL) {
		(void)command_fail(&p, "which item is meant? Write the number as in #42");
		p.suggestion = numbered != NULL ? numbered : numbered_example(&p);
	}
	error_r->why = p.why;
	error_r->suggestion = offer(&p);
	return COMMAND_BAD;
}

bool
command_is_read(struct arena *arena, const struct command_context *context, const char *line)
{
	struct reading_command command;
	struct reading_error error;

	return parse_line(arena, span_of(line), 0, true, context, &command, &error) == COMMAND_GOOD;
}

enum command_result
command_parse(struct arena *arena, struct span line, uint32_t number,
    const struct command_context *context, struct reading_command *command_r,
    struct reading_error *error_r)
{
	return parse_line(arena, line, number, false, context, command_r, error_r);
}
