/* SPDX-License-Identifier: ISC */
/*
 * command_item: commands about items and decisions: state, people, fields, what blocks, votes,
 * hand-over, pages, lists.
 */
#include "config.h"

#include <string.h>

#include "parsers/base/utf8.h"
#include "parsers/command_private.h"

bool
command_state(struct command_parser *p)
{
	(void)command_take_items(p);
	command_take_text(p);
	return true;
}

static void
take_items_and_people(struct command_parser *p)
{
	while (command_take_items(p) || command_take_person(p) || command_take_word(p, "and"))
		;
}

static bool
is_one_of(struct span word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_iis(word, words[i]))
			return true;
	return false;
}

/* "/assign me" is /take, "/assign nobody" is /unassign, "/assign Ben" has no "@". */
static bool
fail_person(struct command_parser *p, struct span word)
{
	static const char *const me[] = {"me", "myself", "mir", "mich", "ich", "moi", "mi", "yo",
	    "mim", "eu", "mij", "ik", "@me"};
	static const char *const nobody[] = {"nobody", "none", "noone", "no-one", "niemand",
	    "personne", "nadie", "ninguém"};
	const char *items = "";
	struct span name;

	for (size_t i = 0; i < p->command->n_items && i < 10; i++)
		items = arena_printf(p->arena, "%s #%u", items, (unsigned)p->command->items[i]);
	(void)command_fail(p, "a person is written with an @");
	if (is_one_of(word, me, sizeof(me) / sizeof *me)) {
		(void)command_fail(p, "an item for yourself is taken with /take");
		p->suggestion = arena_printf(p->arena, "/take%s", items);
	} else if (is_one_of(word, nobody, sizeof(nobody) / sizeof *nobody)) {
		(void)command_fail(p, "an owner is taken off with /unassign");
		p->suggestion = arena_printf(p->arena, "/unassign%s", items);
	} else if (command_is_marked(span_of(arena_printf(p->arena, "@%.*s",
	    SPAN_FMT(span_first(word, span_find_byte(word, '@'))))), '@', &name))
		p->suggestion = arena_printf(p->arena, "/%s%s @%.*s", p->verb->name, items,
		    SPAN_FMT(utf8_cut(name, 60)));
	return false;
}

bool
command_people(struct command_parser *p)
{
	take_items_and_people(p);
	if (p->command->n_people == 0 && p->verb->shape == VERB_PEOPLE) {
		struct span word = command_peek(p);

		if (word.len == 0)
			return command_fail(p, "/%s needs a person, as in @ana", p->verb->name);
		return fail_person(p, word);
	}
	return command_at_end(p);
}

bool
command_priority(struct command_parser *p)
{
	static const struct {
		const char *word;
		enum priority priority;
	} words[] = {
	    {"p1", PRIORITY_P1}, {"p2", PRIORITY_P2}, {"p3", PRIORITY_P3}, {"p4", PRIORITY_P4},
	    {"1", PRIORITY_P1}, {"2", PRIORITY_P2}, {"3", PRIORITY_P3}, {"4", PRIORITY_P4},
	    {"urgent", PRIORITY_P1}, {"high", PRIORITY_P2}, {"normal", PRIORITY_P3},
	    {"medium", PRIORITY_P3}, {"low", PRIORITY_P4},
	};

	static const char *const near[] = {"urgent", "high", "normal", "medium", "low"};

	(void)command_take_items(p);
	for (size_t i = 0; i < sizeof(words) / sizeof *words; i++)
		if (command_take_word(p, words[i].word)) {
			p->command->priority = words[i].priority;
			(void)command_take_items(p);
			return command_at_end(p);
		}
	return command_fail_word(p, near, sizeof(near) / sizeof *near,
	    "a priority is one of p1, p2, p3, p4, urgent, high, normal, low");
}

static bool
take_tag(struct command_parser *p)
{
	struct span word = command_peek(p), name;
	bool off = word.len > 1 && *word.ptr == '-';
	uint32_t item;
	char *marked;

	if (off)
		word = span_skip(word, 1);
	if (word.len > 1 && (*word.ptr == '#' || *word.ptr == '+'))
		word = span_skip(word, 1);
	marked = arena_printf(p->arena, "#%.*s", SPAN_FMT(span_first(word, 200)));
	/* "#42" is an item, so "42" is no tag */
	if (command_is_item(span_of(marked), &item) ||
	    !command_is_marked(span_of(marked), '#', &name) ||
	    p->command->n_tags + p->command->n_tags_off >= COMMAND_TAGS)
		return false;
	if (off)
		*ARENA_PUSH(p->arena, p->command->tags_off, p->command->n_tags_off,
		    p->cap_tags_off) = name.ptr;
	else
		*ARENA_PUSH(p->arena, p->command->tags, p->command->n_tags, p->cap_tags) = name.ptr;
	command_skip_word(p);
	return true;
}

bool
command_tag(struct command_parser *p)
{
	while (command_take_items(p) || take_tag(p))
		;
	if (p->command->n_tags == 0 && p->command->n_tags_off == 0 && span_trim(p->rest).len == 0)
		return command_fail(p, "/tag needs a tag");
	return command_at_end(p);
}

bool
command_project(struct command_parser *p)
{
	struct span word, name;
	char *marked;

	(void)command_take_items(p);
	word = command_peek(p);
	if (word.len == 0)
		return command_fail(p, "/project needs a name, or \"none\"");
	if (span_iis(word, "none"))
		p->command->none = true;
	else {
		if (*word.ptr == '+')
			word = span_skip(word, 1);
		marked = arena_printf(p->arena, "+%.*s", SPAN_FMT(span_first(word, 200)));
		if (!command_is_marked(span_of(marked), '+', &name))
			return command_fail(p,
			    "a project is one word of letters, digits, - _ or .");
		p->command->project = name.ptr;
	}
	command_skip_word(p);
	(void)command_take_items(p);
	return command_at_end(p);
}

/* "-#41": it is waited for no longer. */
static bool
take_item_off(struct command_parser *p)
{
	struct span word = command_peek(p);
	uint32_t item;

	if (word.len < 2 || *word.ptr != '-' || !command_is_item(span_skip(word, 1), &item))
		return false;
	command_add_item(p, item);
	command_skip_word(p);
	return true;
}

bool
command_depends(struct command_parser *p)
{
	bool any = command_take_items(p);

	if (p->command->n_items <= 1 && command_take_word(p, "none")) {
		p->command->none = true;
		return command_at_end(p);
	}
	if (p->command->n_items <= 1 && take_item_off(p)) {
		p->command->word = "off";
		p->command->flag = any;
		while (take_item_off(p))
			;
		if (any && p->command->n_items < 2)
			return command_fail(p,
			    "/depends needs the item that is waited for, as in #41");
		return command_at_end(p);
	}
	if (any && command_take_word(p, "on")) {
		if (p->command->n_items != 1)
			return command_fail_with(p, "#42 on #41", "before \"on\" stands one item");
		p->command->word = "on";
		any = command_take_items(p);
	} else if (!any && command_take_word(p, "on"))
		any = command_take_items(p);
	if (!any || (p->command->word != NULL && p->command->n_items < 2))
		return command_fail(p, "/depends needs the item that is waited for, as in #41");
	return command_at_end(p);
}

/* "... on #41", "... on @ben" at the end of the reason. */
static void
take_blocker(struct command_parser *p)
{
	struct span rest = span_rtrim(p->rest), last, name, before;
	size_t at = rest.len;
	uint32_t item;

	while (at > 0 && rest.ptr[at - 1] != ' ')
		at--;
	last = span_skip(rest, at);
	before = span_rtrim(span_first(rest, at));
	while (last.len > 1 && strchr(".,;", last.ptr[last.len - 1]) != NULL)
		last.len--;
	if (!(before.len == 2 && span_istarts(before, SPAN("on"))) &&
	    !(before.len >= 3 && span_ieq(span_skip(before, before.len - 3), SPAN(" on"))))
		return;
	if (command_is_item(last, &item))
		command_add_item(p, item);
	else if (command_is_person(last, &name))
		*ARENA_PUSH(p->arena, p->command->people, p->command->n_people, p->cap_people) =
		    arena_span(p->arena, name);
	else
		return;
	p->command->word = "on";
	p->rest = span_trim(span_first(before, before.len - 2));
	if (p->rest.len == 0)
		p->rest = span_of(arena_printf(p->arena, "waits for %.*s", SPAN_FMT(last)));
}

bool
command_block(struct command_parser *p)
{
	(void)command_take_items(p);
	take_blocker(p);
	command_take_text(p);
	return p->command->text != NULL ||
	    command_fail(p, "/block needs a reason: what is it waiting for?");
}

/* ---- decisions ------------------------------------------------------------------------------ */

/*
 * Behind "by": a refusal of what is a date ("03/04/2026", "30 Feb"). "by the way" and "by 3
 * people" are prose.
 */
static bool
is_date_refused(struct command_parser *p, struct span text, struct refusal *refusal_r)
{
	struct when_context context = command_when_context(p, WHEN_FUTURE);
	struct reading_when *when;

	return when_prefix(p->arena, text, &context, &when, refusal_r) == 0 &&
	    refusal_r->why != NULL;
}

/* "... by DATE" at the end; the last "by" that a date follows. */
bool
command_decide(struct command_parser *p)
{
	struct when_context context = command_when_context(p, WHEN_FUTURE);
	struct span rest = span_trim(p->rest);
	unsigned tries = 0;

	for (size_t at = rest.len; at > 4 && tries < 4; at--) {
		struct refusal refusal = {NULL, NULL};

		if (!span_istarts(span_skip(rest, at - 4), SPAN(" by ")))
			continue;
		tries++;
		if (when_parse(p->arena, span_trim(span_skip(rest, at)), &context,
			&p->command->when, &refusal)) {
			p->rest = span_first(rest, at - 4);
			break;
		}
		if (is_date_refused(p, span_trim(span_skip(rest, at)), &refusal)) {
			p->rest = span_trim(span_skip(rest, at));
			return command_refuse(p, &refusal, "a date after \"by\"");
		}
	}
	command_take_text(p);
	return p->command->text != NULL || command_fail(p, "/decide needs the question");
}

bool
command_vote(struct command_parser *p)
{
	struct span option;

	(void)command_take_items(p);
	option = utf8_cut(span_trim(p->rest), 1000);
	if (option.len == 0)
		return command_fail(p, "/vote needs an option");
	p->command->word = arena_span(p->arena, option);
	return true;
}

bool
command_resolve(struct command_parser *p)
{
	struct span rest;
	size_t end;

	(void)command_take_items(p);
	rest = span_trim(p->rest);
	if (rest.len > 1 && *rest.ptr == '"' &&
	    (end = span_find_byte(span_skip(rest, 1), '"')) < rest.len - 1) {
		p->command->word = arena_span(p->arena,
		    utf8_cut(span_first(span_skip(rest, 1), end), 1000));
		p->rest = span_skip(rest, end + 2);
	} else {
		p->command->word = arena_span(p->arena, utf8_cut(command_peek(p), 1000));
		command_skip_word(p);
	}
	if (*p->command->word == '\0')
		return command_fail(p, "/resolve needs an option and a reason");
	command_take_text(p);
	return p->command->text != NULL || command_fail(p, "/resolve needs a reason");
}

/* ---- people --------------------------------------------------------------------------------- */

bool
command_handover(struct command_parser *p)
{
	(void)command_take_items(p);
	if (!command_take_person(p))
		return command_fail_person(p,
		    "/handover needs the person who takes over, as in @ben");
	(void)command_take_items(p);
	command_take_text(p);
	return true;
}

bool
command_page(struct command_parser *p)
{
	if (command_take_word(p, "oncall") || command_take_word(p, "on-call"))
		p->command->word = "oncall";
	else
		while (command_take_items(p) || command_take_person(p))
			;
	command_take_text(p);
	return p->command->text != NULL ||
	    command_fail(p, "/page needs a few words: what is wrong?");
}

/* ---- lists ---------------------------------------------------------------------------------- */

static const char *const known[] = {"mine", "blocked", "overdue", "open", "done", "all", "unowned",
    "decisions", "tasks", "reminders", "due:today", "due:tomorrow", "due:week", "due:month"};

static bool
take_filter(struct command_parser *p, struct buf *words)
{
	struct span word = command_peek(p), name;

	if (command_take_person(p))
		return true;
	for (size_t i = 0; i < sizeof(known) / sizeof *known; i++)
		if (command_take_word(p, known[i])) {
			buf_printf(words, "%s%s", words->len > 0 ? " " : "", known[i]);
			return true;
		}
	if (command_is_marked(word, '+', &name) && p->command->project == NULL)
		p->command->project = arena_span(p->arena, name);
	else if (command_is_marked(word, '#', &name) && p->command->n_tags < COMMAND_TAGS)
		*ARENA_PUSH(p->arena, p->command->tags, p->command->n_tags, p->cap_tags) =
		    arena_span(p->arena, name);
	else
		return false;
	command_skip_word(p);
	return true;
}

bool
command_list(struct command_parser *p)
{
	struct buf words;

	buf_init(&words, 900);
	while (take_filter(p, &words))
		;
	if (words.len > 0)
		p->command->word = arena_strdup(p->arena, words.ptr);
	buf_release(&words);
	if (span_trim(p->rest).len == 0)
		return true;
	(void)command_fail_word(p, known, sizeof(known) / sizeof *known, arena_printf(p->arena,
	    "/list does not know \"%.*s\"; it knows mine, @person, +project, #tag, blocked, "
	    "overdue, due:week", SPAN_FMT(utf8_cut(command_peek(p), 60))));
	if (strcmp(p->suggestion, "/list") == 0)
		p->suggestion = "/list mine";
	return false;
}
