/* SPDX-License-Identifier: ISC */
/* subject: see subject.h. */
#include "config.h"

#include "parsers/subject.h"

#include <string.h>

#include "parsers/base/utf8.h"
#include "parsers/command_private.h"
#include "parsers/field.h"
#include "parsers/mention.h"
#include "parsers/subject_marks.h"

enum target_kind
subject_kind(struct span word)
{
	static const struct {
		const char *word;
		enum target_kind kind;
	} words[] = {
	    {"task", KIND_TASK}, {"todo", KIND_TASK}, {"status", KIND_UPDATE},
	    {"update", KIND_UPDATE},
	    {"time", KIND_TIME}, {"off", KIND_OFF}, {"ooo", KIND_OFF}, {"decide", KIND_DECIDE},
	    {"decision", KIND_DECIDE}, {"urgent", KIND_URGENT}, {"help", KIND_HELP},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof *words; i++)
		if (span_iis(word, words[i].word))
			return words[i].kind;
	return KIND_NONE;
}

/* ---- item and token ------------------------------------------------------------------------- */

/* Joins what stands before and after [at, end), which goes. */
static struct span
without(struct grammar *g, struct span s, size_t at, size_t end)
{
	struct span before = span_rtrim(span_first(s, at)), after = span_trim(span_skip(s, end));

	return span_of(arena_printf(g->arena, "%.*s%s%.*s", SPAN_FMT(before),
	    before.len > 0 && after.len > 0 ? " " : "", SPAN_FMT(after)));
}

static bool
is_token_text(struct span s)
{
	if (s.len < 16 || s.len > 128)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			return false;
	}
	return true;
}

/* "+r-TOKEN", "[r-TOKEN]", "(+r-TOKEN)": the token in a word, or an empty span. */
static struct span
token_in(struct span word)
{
	bool signed_ = false;

	if (word.len > 2 && (*word.ptr == '[' || *word.ptr == '(') &&
	    strchr("])", word.ptr[word.len - 1]) != NULL) {
		word = span_first(span_skip(word, 1), word.len - 2);
		signed_ = true;
	}
	if (word.len > 1 && *word.ptr == '+') {
		word = span_skip(word, 1);
		signed_ = true;
	}
	if (!signed_ || !span_istarts(word, SPAN("r-")) || !is_token_text(span_skip(word, 2)))
		return (struct span){"", 0};
	return span_skip(word, 2);
}

/* A token is a secret of who got it: no mail that names the subject shows it. */
static void
hide_token(struct grammar *g, struct span word)
{
	struct span subject = span_of(g->reading->message.subject);
	size_t at = span_find(subject, word);

	if (at < subject.len)
		g->reading->message.subject = arena_span(g->arena,
		    without(g, subject, at, at + word.len));
}

static struct span
take_token(struct grammar *g, struct span s)
{
	struct span rest = s, word;

	while (span_next_word(&rest, &word)) {
		struct span token = token_in(word);
		size_t at = (size_t)(word.ptr - s.ptr);

		if (token.len == 0)
			continue;
		if (g->reading->target.token == NULL)
			g->reading->target.token = arena_span(g->arena, token);
		hide_token(g, word);
		rest = s = without(g, s, at, at + word.len);
	}
	return s;
}

/* "[#42]" anywhere: the item; it is not part of the title. */
static struct span
take_item(struct grammar *g, struct span s)
{
	size_t at = span_find(s, SPAN("[#")), end;
	uint32_t item;

	if (at == s.len)
		return s;
	end = span_find_byte(span_skip(s, at), ']');
	if (at + end == s.len ||
	    !command_is_item(span_first(span_skip(s, at + 1), end - 1), &item))
		return s;
	g->reading->target.item = item;
	return without(g, s, at, at + end + 1);
}

/* "#42" as a word of the subject: the item too, unless it is one of a new task. */
static void
find_item(struct grammar *g, struct span s)
{
	uint32_t *items;

	if (g->reading->target.item == 0 && mention_items(g->arena, s, 1, &items) > 0)
		g->reading->target.item = items[0];
}

/* ---- prefix and question -------------------------------------------------------------------- */

static bool
has_prefix(struct span s)
{
	size_t colon = span_find_byte(s, ':');

	return colon < s.len && colon <= 12 &&
	    subject_kind(span_trim(span_first(s, colon))) != KIND_NONE;
}

/* "[list] task: Fix", "[list] Re: Fix": a tag before a prefix or a mark is a list's, whatever
 * its name; before plain words it names a project. */
static struct span
take_list_tags(struct grammar *g, struct span s, struct subject *subject)
{
	bool is_reply = false, is_forward = false;
	struct span rest = s;

	while (!is_reply && !is_forward && !has_prefix(rest)) {
		size_t end = span_find_byte(rest, ']');

		if (rest.len == 0 || *rest.ptr != '[' || end == rest.len || end > 60)
			return s;
		rest = subject_strip_marks(span_skip(rest, end + 1), &g->reading->message,
		    &is_reply, &is_forward);
	}
	subject->is_reply |= is_reply;
	subject->is_forward |= is_forward;
	return rest;
}

static struct span
take_prefix(struct grammar *g, struct span s, struct subject *subject)
{
	size_t colon = span_find_byte(s, ':');

	if (!has_prefix(s))
		return s;
	subject->kind = subject_kind(span_trim(span_first(s, colon)));
	subject->prefix = utf8_fold(g->arena, span_trim(span_first(s, colon)));
	return span_trim(span_skip(s, colon + 1));
}

/* "help", "list mine", "show #42", "search words", "who", "timesheet", "undo CODE": exactly such
 * a line. */
static void
find_question(struct grammar *g, struct span s, struct subject *subject)
{
	static const struct {
		const char *word;
		enum target_kind kind;
	} words[] = {
	    {"help", KIND_HELP}, {"list", KIND_QUERY}, {"show", KIND_QUERY}, {"search", KIND_QUERY},
	    {"who", KIND_QUERY}, {"timesheet", KIND_QUERY}, {"undo", KIND_UNDO},
	};
	struct span rest = s, word;

	if (!span_next_word(&rest, &word))
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof *words; i++) {
		struct reading_command command;
		struct reading_error error;
		const char *line = arena_printf(g->arena, "/%.*s", SPAN_FMT(s));

		if (!span_iis(word, words[i].word))
			continue;
		if (command_parse(g->arena, span_of(line), 0, &g->context, &command, &error) !=
			COMMAND_GOOD ||
		    (words[i].kind == KIND_QUERY && span_is(span_of(command.verb), "show") &&
			command.n_items == 0))
			return;
		subject->kind = words[i].kind;
		subject->prefix = words[i].word;
		subject->question = line;
	}
}

/* "/done #4" as a subject is the command that it looks like; "/etc is full" is a title. */
static bool
take_command(struct grammar *g, struct span s, struct subject *subject)
{
	struct span rest = s, word;

	if (s.len < 2 || *s.ptr != '/' || !span_next_word(&rest, &word) ||
	    verb_find(span_skip(word, 1)) == NULL)
		return false;
	subject->command = arena_span(g->arena, s);
	return true;
}

void
subject_read(struct grammar *g, struct span text, struct subject *subject_r)
{
	struct span s;

	*subject_r = (struct subject){.kind = KIND_NONE};
	s = subject_strip_marks(utf8_cut(text, 2000), &g->reading->message, &subject_r->is_reply,
	    &subject_r->is_forward);
	s = take_token(g, s);
	s = take_item(g, s);
	s = take_list_tags(g, s, subject_r);
	if (s.len > 1 && *s.ptr == '+') {
		/* "+task Fix login", where a provider has no plus addresses */
		struct span rest = s, word;

		(void)span_next_word(&rest, &word);
		if (subject_kind(span_skip(word, 1)) != KIND_NONE) {
			subject_r->kind = subject_kind(span_skip(word, 1));
			subject_r->prefix = utf8_fold(g->arena, span_skip(word, 1));
			s = span_trim(rest);
		}
	}
	if (subject_r->kind == KIND_NONE)
		s = take_prefix(g, s, subject_r);
	if (subject_r->kind == KIND_NONE && !subject_r->is_reply && !subject_r->is_forward &&
	    !take_command(g, s, subject_r))
		find_question(g, s, subject_r);
	if (subject_r->kind == KIND_NONE || subject_r->kind == KIND_UPDATE)
		find_item(g, s);
	subject_r->rest = subject_r->command != NULL ? span_first(s, 0) : s;
}

/* ---- fields --------------------------------------------------------------------------------- */

/* "status=done", "watch=+ben" */
static void
read_pair(struct grammar *g, struct span pair)
{
	size_t equals = span_find_byte(pair, '=');
	struct field_refusal refusal = {NULL, NULL};
	enum field field = field_find(span_trim(span_first(pair, equals)));

	if (field == FIELD_NONE || equals == pair.len)
		grammar_add_error(g, 0, pair, "there is no such field", NULL);
	else if (!field_set(g, field, span_skip(pair, equals + 1), &refusal))
		grammar_add_error(g, 0, pair, refusal.why, refusal.suggestion);
}

/* "[status=done;watch=+ben]" at the end: Roundup's way. */
static struct span
take_suffix(struct grammar *g, struct span s)
{
	struct span inner, pair;
	size_t at = s.len;

	if (s.len < 4 || s.ptr[s.len - 1] != ']')
		return s;
	while (at > 0 && s.ptr[at - 1] != '[')
		at--;
	if (at == 0)
		return s;
	inner = span_first(span_skip(s, at), s.len - at - 1);
	if (span_find_byte(inner, '=') == inner.len ||
	    field_find(span_first(inner, span_find_byte(inner, '='))) == FIELD_NONE)
		return s;
	while (span_next_field(&inner, ';', &pair))
		if (span_trim(pair).len > 0)
			read_pair(g, span_trim(pair));
	return span_rtrim(span_first(s, at - 1));
}

/* "[web] Fix login" */
static struct span
take_project(struct grammar *g, struct span s)
{
	size_t end = span_find_byte(s, ']');
	struct field_refusal refusal;

	if (s.len == 0 || *s.ptr != '[' || end == s.len ||
	    span_trim(span_skip(s, end + 1)).len == 0 ||
	    span_find_byte(s, '=') < end ||
	    subject_is_label(span_first(span_skip(s, 1), end - 1)) ||
	    !field_set(g, FIELD_PROJECT, span_first(span_skip(s, 1), end - 1), &refusal))
		return s;
	return span_trim(span_skip(s, end + 1));
}

/* "@ana." at the end of a sentence, "@ana," in a list */
static struct span
without_stop(struct span word)
{
	while (word.len > 1 && strchr(".,;!", word.ptr[word.len - 1]) != NULL)
		word.len--;
	return word;
}

/* What a token at the end is: its field and value. */
static enum field
token_field(struct span word, struct span *value_r)
{
	uint32_t item;
	size_t colon = span_find_byte(word, ':');

	word = without_stop(word);
	*value_r = word;
	if (command_is_marked(word, '+', value_r))
		return FIELD_PROJECT;
	if (*word.ptr == '@' && command_is_person(word, value_r))
		return FIELD_OWNER;
	if (word.len == 2 && (*word.ptr | 0x20) == 'p' && word.ptr[1] >= '1' && word.ptr[1] <= '4')
		return FIELD_PRIORITY;
	if (command_is_item(word, &item))
		return FIELD_DEPENDS;
	if (command_is_marked(word, '#', value_r))
		return FIELD_TAGS;
	if (colon == word.len || colon + 1 == word.len)
		return FIELD_NONE;
	*value_r = span_skip(word, colon + 1);
	switch (field_find(span_first(word, colon))) {
	case FIELD_DUE: return FIELD_DUE;
	case FIELD_START: return FIELD_START;
	case FIELD_ESTIMATE: return FIELD_ESTIMATE;
	case FIELD_PRIORITY: return FIELD_PRIORITY;
	case FIELD_PROJECT: return FIELD_PROJECT;
	case FIELD_OWNER: return FIELD_OWNER;
	case FIELD_NONE: case FIELD_TAGS: case FIELD_STATUS: case FIELD_DEPENDS: case FIELD_WATCH:
	case FIELD_TITLE: case FIELD_COVER: case FIELD_OPTIONS: break;
	}
	return FIELD_NONE;
}

/* Where the tokens at the end begin. An item right behind the words belongs to them: "Fix the
 * crash of #41". */
static size_t
tokens_begin(struct span s)
{
	size_t begin = s.len, at = s.len;

	while (at > 0) {
		size_t end = at;
		struct span word, value;

		while (at > 0 && s.ptr[at - 1] != ' ')
			at--;
		word = span_first(span_skip(s, at), end - at);
		if (word.len == 0 || token_field(word, &value) == FIELD_NONE)
			break;
		begin = at;
		while (at > 0 && s.ptr[at - 1] == ' ')
			at--;
	}
	while (begin < s.len && s.ptr[begin] == '#') {
		struct span rest = span_skip(s, begin), word;
		uint32_t item;

		if (!span_next_word(&rest, &word) || !command_is_item(word, &item))
			break;
		begin = s.len - span_trim(rest).len;
	}
	return begin;
}

static void
read_tokens(struct grammar *g, const struct subject *subject, struct span tokens)
{
	struct span word, value;

	while (span_next_word(&tokens, &word)) {
		struct field_refusal refusal = {NULL, NULL};
		enum field field = token_field(word, &value);

		if (field == FIELD_DEPENDS) {
			uint32_t item;

			if (command_is_item(word, &item) && g->reading->target.item == 0 &&
			    subject->kind != KIND_TASK)
				g->reading->target.item = item;
			continue;
		}
		if (!field_set(g, field, value, &refusal))
			grammar_add_error(g, 0, word, refusal.why,
			    refusal.suggestion == NULL ? NULL :
			    arena_printf(g->arena, "%.*s%s",
				SPAN_FMT(span_first(word, (size_t)(value.ptr - word.ptr))),
				refusal.suggestion));
	}
}

void
subject_fields(struct grammar *g, const struct subject *subject)
{
	struct span s = subject->rest;
	size_t begin;

	if (subject->question != NULL) {
		/* "list due:week": what looks like fields belongs to the question */
		g->reading->fields.title = arena_span(g->arena, s);
		return;
	}
	s = take_project(g, take_suffix(g, s));
	begin = tokens_begin(s);
	if (begin > 0) {
		read_tokens(g, subject, span_skip(s, begin));
		s = span_rtrim(span_first(s, begin));
	}
	if (s.len > 0 && g->reading->fields.title == NULL)
		g->reading->fields.title = arena_span(g->arena, s);
}
