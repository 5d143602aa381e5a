/* SPDX-License-Identifier: ISC */
/*
 * command_suggest: what to write instead of a line that was not understood: the nearest verb that
 * can be read with what follows it, numbers with their "#". What is offered is always read itself.
 */
#include "config.h"

#include <string.h>

#include "parsers/bare.h"
#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "parsers/command_private.h"

#define NEAR_MAX 8

/* What to write for a verb that there is not: one that is near and can be read with what follows,
 * what the word means as a bare one, "/p1" as "/priority p1"; else an example of the nearest. */
static const char *
suggest(struct arena *arena, const struct command_context *context, struct span word,
    struct span rest)
{
	const struct verb *near[NEAR_MAX];
	size_t n = verb_near(word, near, NEAR_MAX);
	const char *verb = bare_verb(arena, word), *line;
	struct span examples, first;

	rest = utf8_cut(rest, 400);
	line = arena_printf(arena, "/priority %.*s%s%.*s", SPAN_FMT(word), rest.len > 0 ? " " : "",
	    SPAN_FMT(rest));
	if (word.len == 2 && command_is_read(arena, context, line))
		return line;
	for (size_t i = 0; i < n + (verb != NULL); i++) {
		line = arena_printf(arena, "/%s%s%.*s", i < n ? near[i]->name : verb,
		    rest.len > 0 ? " " : "", SPAN_FMT(rest));
		if (command_is_read(arena, context, line))
			return line;
	}
	for (size_t i = 0; i < n_verbs && word.len == 3 && rest.len > 0; i++) {
		line = arena_printf(arena, "/%s %.*s", verbs[i].name, SPAN_FMT(rest));
		if (verb_distance(word, span_of(verbs[i].name), 2) <= 2 &&
		    command_is_read(arena, context, line))
			return line;
	}
	if (n == 0)
		return "/help";
	examples = span_of(near[0]->examples);
	(void)span_next_line(&examples, &first);
	return arena_span(arena, first);
}

enum command_result
command_unknown(struct arena *arena, const struct command_context *context, struct span word,
    struct span rest, struct reading_error *error)
{
	static const char *const comments[] = {
	    "comment", "note", "reply", "say", "write", "update"};

	error->why = arena_printf(arena, "there is no command /%.*s", SPAN_FMT(word));
	error->suggestion = suggest(arena, context, word, rest);
	for (size_t i = 0; i < sizeof(comments) / sizeof *comments; i++)
		if (span_iis(word, comments[i])) {
			error->why = arena_printf(arena, "there is no command /%.*s: a comment or "
			    "an update is plain text, without a slash", SPAN_FMT(word));
			error->suggestion = rest.len > 0 ? arena_span(arena, utf8_cut(rest, 400)) :
			    "/help";
		}
	return COMMAND_BAD;
}

/* "13", "13, 14", "and 14", "#13/14": numbers, and what joins them, and no other word. */
bool
command_is_numbers(struct span text)
{
	static const char *const joints[] = {"and", "und", "et", "y", "e", "en", "&"};
	struct span word;
	bool any = false;

	while (span_next_word(&text, &word)) {
		bool joint = false, digit = false;

		for (size_t i = 0; i < sizeof(joints) / sizeof *joints; i++)
			joint |= span_iis(word, joints[i]);
		for (size_t i = 0; i < word.len && !joint; i++) {
			digit |= word.ptr[i] >= '0' && word.ptr[i] <= '9';
			if (strchr("0123456789#/,.;()[]&", word.ptr[i]) == NULL)
				return false;
		}
		any |= digit;
	}
	return any;
}

/*
 * The line with "#" before the numbers that it begins with, "/take 13", "/done (#13)", "/due 42
 * friday", "/done #13/14"; NULL if that would not be read either.
 */
const char *
command_with_numbers(struct arena *arena, const struct command_context *context,
    const struct verb *verb, struct span rest)
{
	const char *line = arena_printf(arena, "/%s", verb->name);
	bool any = false, bare = false;

	while (rest.len > 0) {
		struct span digits = rest;
		uint32_t item;
		size_t n = 0;

		while (digits.len > 0 && strchr("#/,([ ])&", *digits.ptr) != NULL)
			digits = span_skip(digits, 1);
		if (any && span_istarts(digits, SPAN("and ")))
			digits = span_trim(span_skip(digits, 4));
		while (n < digits.len && digits.ptr[n] >= '0' && digits.ptr[n] <= '9')
			n++;
		if (n == 0 || !num_u32(span_first(digits, n), 999999999, &item) || item == 0 ||
		    (n < digits.len && strchr("/,)]. ", digits.ptr[n]) == NULL))
			break;
		bare |= digits.ptr == rest.ptr || digits.ptr[-1] != '#' ||
		    (n < digits.len && strchr("/)]", digits.ptr[n]) != NULL);
		line = arena_printf(arena, "%s #%u", line, (unsigned)item);
		rest = span_skip(digits, n);
		any = true;
	}
	while (any && rest.len > 0 && strchr("/,)]. ", *rest.ptr) != NULL)
		rest = span_skip(rest, 1);
	if (!any || !bare)
		return NULL;
	line = arena_printf(arena, "%s%s%.*s", line, rest.len > 0 ? " " : "",
	    SPAN_FMT(utf8_cut(rest, 400)));
	return command_is_read(arena, context, line) ? line : NULL;
}
