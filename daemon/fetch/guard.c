/* SPDX-License-Identifier: ISC */
/*
 * guard: one pass, one byte at a time outside of literals. A line is START KIND REST. Only data
 * lines have literals, quoted strings and nesting; what stands in braces or quotes in the text of
 * an OK or NO is only text, for the library as for us, so nothing can hide behind it.
 */
#include "config.h"

#include "daemon/fetch/guard.h"

#include <string.h>

void
guard_init(struct guard *guard)
{
	*guard = (struct guard){.kind = GUARD_START, .digits = true, .plain = UINT64_MAX};
}

static bool
refuse(struct guard *guard, const char *wrong)
{
	guard->wrong = wrong;
	return false;
}

static bool
is_number(const struct guard *guard)
{
	return guard->word_len > 0 && guard->digits;
}

static bool
word_is(const struct guard *guard, const char *word)
{
	return strcmp(guard->word, word) == 0;
}

/* The second word says what the line is; a number stands before the kind of a data line. */
static enum guard_line
kind_of(const struct guard *guard)
{
	static const char *const status[] = {"OK", "NO", "BAD", "BYE", "PREAUTH"};

	for (size_t i = 0; i < sizeof status / sizeof *status; i++)
		if (word_is(guard, status[i]))
			return GUARD_STATUS;
	return word_is(guard, "SEARCH") ? GUARD_SEARCH : GUARD_DATA;
}

/* Mod-sequences have 63 bits (RFC 7162); all other numbers of the protocol have 32. */
static bool
number_fits(const struct guard *guard)
{
	return guard->number <= UINT32_MAX || strstr(guard->last_word, "MODSEQ") != NULL;
}

static bool
end_word(struct guard *guard)
{
	if (guard->word_len == 0)
		return true;
	guard->word[guard->word_len < sizeof guard->word ? guard->word_len :
	    sizeof guard->word - 1] = '\0';
	if (is_number(guard) && guard->kind != GUARD_START &&
	    (guard->kind != GUARD_STATUS || guard->in_code) && !number_fits(guard))
		return refuse(guard, "a number beyond 32 bits");
	if (guard->kind == GUARD_START) {
		guard->kind = word_is(guard, "+") ? GUARD_STATUS : GUARD_KIND;
		guard->tagged = !word_is(guard, "*");
	} else if (guard->kind == GUARD_KIND) {
		guard->kind = guard->tagged ? GUARD_STATUS : kind_of(guard);
	}
	memcpy(guard->last_word, guard->word, sizeof guard->word);
	guard->word_len = 0;
	guard->number = 0;
	guard->digits = true;
	return true;
}

static void
put_word(struct guard *guard, char c)
{
	if (c < '0' || c > '9')
		guard->digits = false;
	else if (guard->number <= UINT32_MAX)
		guard->number = guard->number * 10 + (uint64_t)(c - '0');
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (guard->word_len < sizeof guard->word - 1)
		guard->word[guard->word_len++] = c;
}

static bool
end_line(struct guard *guard)
{
	const bool data = guard->kind == GUARD_DATA;
	const uint64_t size = guard->size;
	const bool literal = data && guard->has_size;
	struct guard next = {.kind = GUARD_START, .digits = true};

	if (guard->in_code)
		return refuse(guard, "a response code without an end");
	if (guard->quoted)
		return refuse(guard, "a quoted string without an end");
	if (literal && size > guard->literal_max) {
		guard->over = true;
		return refuse(guard, "a larger literal than was asked for");
	}
	if (literal) {
		/* the line goes on after the literal */
		guard->literal = size;
		guard->has_size = false;
		guard->digits = true;
		return true;
	}
	if (data && guard->depth > 0)
		return refuse(guard, "a response without its closing parenthesis");
	next.literal_max = guard->literal_max;
	next.plain = guard->plain;
	*guard = next;
	return true;
}

static bool
feed_quoted(struct guard *guard, char c)
{
	if (c == '\n')
		return refuse(guard, "a quoted string without an end");
	if (guard->escaped)
		guard->escaped = false;
	else if (c == '\\')
		guard->escaped = true;
	else if (c == '"')
		guard->quoted = false;
	return true;
}

/* "{123}" before the end of the line: digits only, at most 19 of them. */
static bool
feed_brace(struct guard *guard, char c)
{
	if (c >= '0' && c <= '9' && guard->size < UINT64_MAX / 100) {
		guard->size = guard->size * 10 + (uint64_t)(c - '0');
		return true;
	}
	guard->in_brace = false;
	guard->has_size = c == '}';
	if (guard->has_size)
		return true;
	return refuse(guard, "a literal without a size");
}

/* A response code is "[" right after the status word; its "]" ends it. */
static bool
feed_status(struct guard *guard, char c)
{
	if (c == '[' && !guard->in_text)
		guard->in_code = true;
	else if (c == ']' && guard->in_code) {
		if (!end_word(guard))
			return false;
		if (guard->depth > 0)
			return refuse(guard, "a response code without its closing parenthesis");
		guard->in_code = false;
	}
	if (c != ' ')
		guard->in_text = true;
	if (!guard->in_code)
		return true;
	if (c == '(' || c == ')')
		guard->depth += c == '(' ? 1 : -1;
	if (guard->depth < 0 || guard->depth > GUARD_DEPTH_MAX)
		return refuse(guard, "a response code with disordered parentheses");
	if (c == ' ' || c == '(' || c == ')' || c == '[')
		return end_word(guard);
	put_word(guard, c);
	return true;
}

static bool
feed_data(struct guard *guard, char c)
{
	guard->has_size = false;
	switch (c) {
	case '"':
		guard->quoted = true;
		return end_word(guard);
	case '{':
		guard->in_brace = true;
		guard->size = 0;
		return end_word(guard);
	case '(':
		if (++guard->depth > GUARD_DEPTH_MAX)
			return refuse(guard, "parentheses nested too deep");
		return end_word(guard);
	case ')':
		if (--guard->depth < 0)
			return refuse(guard, "a closing parenthesis too many");
		return end_word(guard);
	case ' ':
		return end_word(guard);
	}
	put_word(guard, c);
	return true;
}

static bool
feed_line(struct guard *guard, char c)
{
	if (guard->plain == 0) {
		guard->over = true;
		return refuse(guard, "more than was asked for");
	}
	guard->plain--;
	if (++guard->line > GUARD_LINE_MAX && guard->kind != GUARD_SEARCH)
		return refuse(guard, "a line beyond 64 KiB");
	if (guard->quoted)
		return feed_quoted(guard, c);
	if (guard->in_brace)
		return feed_brace(guard, c);
	if (c == '\r')
		return end_word(guard);
	if (c == '\n')
		return end_word(guard) && end_line(guard);
	switch (guard->kind) {
	case GUARD_START:
	case GUARD_KIND:
		if (c == ' ')
			return end_word(guard);
		put_word(guard, c);
		return true;
	case GUARD_STATUS:
		return feed_status(guard, c);
	case GUARD_DATA:
	case GUARD_SEARCH:
		return feed_data(guard, c);
	}
	return refuse(guard, "something that is not IMAP");
}

bool
guard_feed(struct guard *guard, const char *bytes, size_t len)
{
	if (guard->wrong != NULL)
		return false;
	while (len > 0) {
		size_t skip = guard->literal < len ? (size_t)guard->literal : len;

		guard->literal -= skip;
		bytes += skip;
		len -= skip;
		if (len == 0)
			break;
		if (!feed_line(guard, *bytes++))
			return false;
		len--;
	}
	return true;
}
