/* SPDX-License-Identifier: ISC */
/* verb: see verb.h. Lookups, nearness and help; the table itself stands in verb_table.c. */
#include "config.h"

#include "parsers/verb.h"

#include <string.h>

#define WORD_MAX 64

static bool
is_alias(const struct verb *verb, struct span name)
{
	struct span rest = span_of(verb->aliases), alias;

	while (span_next_word(&rest, &alias))
		if (span_ieq(alias, name))
			return true;
	return false;
}

const struct verb *
verb_find(struct span name)
{
	for (size_t i = 0; i < n_verbs; i++)
		if (span_ieq(span_of(verbs[i].name), name) || is_alias(&verbs[i], name))
			return &verbs[i];
	return NULL;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

unsigned
verb_distance(struct span a, struct span b, unsigned max)
{
	unsigned rows[3][WORD_MAX + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2];

	a = span_first(a, WORD_MAX);
	b = span_first(b, WORD_MAX);
	for (unsigned j = 0; j <= b.len; j++)
		above[j] = j;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned *spare = before;

		row[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			char x = lower(a.ptr[i - 1]), y = lower(b.ptr[j - 1]);

			row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == lower(b.ptr[j - 2]) &&
			    lower(a.ptr[i - 2]) == y && before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[b.len] > max ? max + 1 : above[b.len];
}

/* The edits from name to candidate; 3 where that is too many: short words must be nearer. */
static unsigned
nearness(struct span name, struct span candidate)
{
	unsigned allowed = candidate.len <= 3 || name.len <= 3 ? 1 : 2;
	unsigned distance = verb_distance(name, candidate, 3);

	return candidate.len < 2 || name.len < 2 || distance > allowed ? 3 : distance;
}

static unsigned
verb_nearness(struct span name, const struct verb *verb)
{
	struct span rest = span_of(verb->aliases), alias;
	unsigned best = nearness(name, span_of(verb->name));

	while (span_next_word(&rest, &alias)) {
		unsigned other = nearness(name, alias);

		best = other < best ? other : best;
	}
	return best;
}

size_t
verb_near(struct span name, const struct verb **found_r, size_t max)
{
	size_t n = 0;

	for (unsigned distance = 0; distance < 3; distance++)
		for (size_t i = 0; i < n_verbs && n < max; i++)
			if (verb_nearness(name, &verbs[i]) == distance)
				found_r[n++] = &verbs[i];
	/* "/complete" for "/complete-it": a verb written longer */
	for (size_t i = 0; i < n_verbs && n == 0 && max > 0; i++)
		if (strlen(verbs[i].name) >= 4 && span_istarts(name, span_of(verbs[i].name)))
			found_r[n++] = &verbs[i];
	return n;
}

const struct verb *
verb_nearest(struct span name)
{
	const struct verb *found;

	return verb_near(name, &found, 1) > 0 ? found : NULL;
}

bool
verb_needs_reply(const struct verb *verb)
{
	static const char *const names[] = {"approve", "reject", "resolve", "invite", "remove"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(verb->name, names[i]) == 0)
			return true;
	return false;
}

const char *
verb_role_name(enum verb_role role)
{
	switch (role) {
	case VERB_GUEST: return "guest";
	case VERB_MEMBER: return "member";
	case VERB_LEAD: return "lead";
	}
	return "";
}

static void
put_synopsis(const struct verb *verb, struct buf *out)
{
	buf_printf(out, "/%s%s%s", verb->name, *verb->synopsis != '\0' ? " " : "", verb->synopsis);
}

static void
help_one(const struct verb *verb, struct buf *out)
{
	struct span rest = span_of(verb->aliases), word;

	put_synopsis(verb, out);
	while (span_next_word(&rest, &word))
		buf_printf(out, "%s/%.*s", word.ptr == verb->aliases ? "   (also " : ", ",
		    SPAN_FMT(word));
	buf_puts(out, *verb->aliases != '\0' ? ")\n\n" : "\n\n");
	buf_printf(out, "%s.\n%s\n", verb->summary, verb->help);
	if (verb->item == ITEM_MUST)
		buf_puts(out, "Without #n the item that the mail replies to is meant.\n");
	if (verb->role != VERB_GUEST)
		buf_printf(out, "Needs the role: %s.\n", verb_role_name(verb->role));
	if (verb_needs_reply(verb))
		buf_puts(out, "Write it in a reply to a mail from the team.\n");
	buf_puts(out, "\nExamples:\n");
	rest = span_of(verb->examples);
	while (span_next_line(&rest, &word))
		buf_printf(out, "  %.*s\n", SPAN_FMT(word));
}

void
verb_help(const struct verb *verb, struct buf *out)
{
	if (verb != NULL) {
		help_one(verb, out);
		return;
	}
	buf_puts(out, "Write a normal mail; a line that begins with a slash is a command.\n\n");
	for (size_t i = 0; i < n_verbs; i++) {
		size_t at = out->len;

		buf_puts(out, "  ");
		put_synopsis(&verbs[i], out);
		if (out->len - at < 36)
			buf_printf(out, "%*s", (int)(36 - (out->len - at)), "");
		else
			buf_printf(out, "\n%36s", "");
		buf_printf(out, "%s\n", verbs[i].summary);
	}
	buf_puts(out, "\nMore about one of them: help COMMAND.\n");
}

/* ---- the man page --------------------------------------------------------------------------- */

/* A line of text in roff: nothing in it is a request or an escape. */
static void
put_roff(struct span line, struct buf *out)
{
	if (line.len > 0 && (*line.ptr == '.' || *line.ptr == '\''))
		buf_puts(out, "\\&");
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '\\')
			buf_puts(out, "\\e");
		else if (line.ptr[i] == '-')
			buf_puts(out, "\\-");
		else
			buf_putc(out, line.ptr[i]);
	}
	buf_putc(out, '\n');
}

static bool
ends_sentence(struct span line, size_t i)
{
	return line.ptr[i] == ' ' && i > 0 && line.ptr[i - 1] == '.' && i + 1 < line.len &&
	    line.ptr[i + 1] >= 'A' && line.ptr[i + 1] <= 'Z';
}

/* Text that is filled: a sentence begins on a line of its own. */
static void
put_roff_text(const char *text, struct buf *out)
{
	struct span rest = span_of(text), line;

	while (span_next_line(&rest, &line)) {
		size_t from = 0;

		for (size_t i = 0; i < line.len; i++)
			if (ends_sentence(line, i)) {
				put_roff(span_skip(span_first(line, i), from), out);
				from = i + 1;
			}
		put_roff(span_skip(line, from), out);
	}
}

static void
put_roff_lines(const char *text, struct buf *out)
{
	struct span rest = span_of(text), line;

	while (span_next_line(&rest, &line))
		put_roff(line, out);
}

static void
man_one(const struct verb *verb, struct buf *out)
{
	struct span rest = span_of(verb->aliases), word;

	/* one argument, so that no word of it is taken for a macro */
	buf_printf(out, ".It Li \"/%s%s%s\"\n", verb->name, *verb->synopsis != '\0' ? " " : "",
	    verb->synopsis);
	buf_putc(out, (char)(*verb->summary - 32));
	put_roff(span_skip(span_of(verb->summary), 1), out);
	buf_truncate(out, out->len - 1);
	buf_puts(out, ".\n");
	put_roff_text(verb->help, out);
	while (span_next_word(&rest, &word))
		buf_printf(out, "%s/%.*s", word.ptr == verb->aliases ? "Also " : ", ",
		    SPAN_FMT(word));
	if (*verb->aliases != '\0')
		buf_puts(out, ".\n");
	if (verb->role != VERB_GUEST)
		buf_printf(out, "Needs the role %s.\n", verb_role_name(verb->role));
	if (verb_needs_reply(verb))
		buf_puts(out, "To be written in a reply to a mail from the team.\n");
	buf_puts(out, ".Bd -literal -compact\n");
	put_roff_lines(verb->examples, out);
	buf_puts(out, ".Ed\n");
}

void
verb_man(struct buf *out)
{
	buf_puts(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < n_verbs; i++)
		man_one(&verbs[i], out);
	buf_puts(out, ".El\n");
}
