/* SPDX-License-Identifier: ISC */
/* htmlsheet: see htmlsheet.h. One walk over the text of each style element. */
#include "config.h"

#include "parsers/htmlsheet.h"

#include <string.h>

#include "parsers/base/buf.h"
#include "parsers/htmltags.h"

#define SHEET_MAX (64u * 1024) /* bytes of rules that are read */
#define NESTING_MAX 4

/* What the sheet is for. */
enum medium { MEDIUM_ALWAYS, MEDIUM_SOMETIMES, MEDIUM_NEVER };

struct reader {
	struct arena *arena;
	struct htmlsheet *sheet;
};

static void read_rules(struct reader *r, struct span text, enum medium medium, int depth);

/* ---- rules --------------------------------------------------------------------------------- */

/* The length of the name that s begins with. */
static size_t
name_len(struct span s)
{
	size_t i = 0;

	for (; i < s.len; i++) {
		char c = s.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		        c == '-' || c == '_' || (unsigned char)c >= 0x80))
			break;
	}
	return i;
}

static bool
is_name(struct span s)
{
	return name_len(s) == s.len;
}

/* "body p" is "p": all stands in the body. */
static struct span
without_root(struct span selector)
{
	static const char *const roots[] = {"html ", "body "};

	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (span_istarts(selector, span_of(roots[i])))
			selector = span_trim(span_skip(selector, 5));
	return selector;
}

/* "p", ".x", "p.x", "#x"; false for what has several steps or conditions. */
static bool
read_selector(struct span selector, struct htmlsheet_rule *rule)
{
	size_t mark;

	selector = without_root(span_trim(selector));
	for (mark = 0; mark < selector.len && selector.ptr[mark] != '.' &&
	     selector.ptr[mark] != '#';)
		mark++;
	rule->tag = span_first(selector, mark);
	rule->class = rule->id = rule->attribute = rule->part = SPAN("");
	if (mark < selector.len && selector.ptr[mark] == '.')
		rule->class = span_skip(selector, mark + 1);
	else if (mark < selector.len)
		rule->id = span_skip(selector, mark + 1);
	return selector.len > 0 && is_name(rule->tag) && is_name(rule->class) &&
	    is_name(rule->id) && mark + 1 != selector.len;
}

/* The last step: what stands behind the last space, ">", "+" or "~" that is in no bracket. A last
 * "*" is what stands in the step before. */
static struct span
last_step(struct span selector)
{
	size_t from = 0, depth = 0;

	while (selector.len > 0 && strchr("*>+~ \t\r\n", selector.ptr[selector.len - 1]) != NULL)
		selector.len--;
	for (size_t i = 0; i < selector.len; i++) {
		char c = selector.ptr[i];

		depth += c == '[' || c == '(';
		depth -= depth > 0 && (c == ']' || c == ')');
		if (depth == 0 && strchr(">+~ \t\r\n", c) != NULL)
			from = i + 1;
	}
	return span_skip(selector, from);
}

/* "[name]", "[name=value]", "[name*='value']": what stands in the brackets. */
static void
read_attribute(struct span inner, struct htmlsheet_rule *rule)
{
	inner = span_trim(inner);
	rule->attribute = span_first(inner, name_len(inner));
	inner = span_skip(inner, span_find_byte(inner, '=') + 1);
	if (inner.len > 0 && (*inner.ptr == '"' || *inner.ptr == '\''))
		inner = span_first(span_skip(inner, 1),
		    span_find_byte(span_skip(inner, 1), *inner.ptr));
	rule->part = span_first(inner, span_find_byte(inner, ' '));
}

/* What holds only while a reader points somewhere, or for something that is no text of the
 * mail's. */
static bool
is_passing(struct span pseudo)
{
	static const char *const names[] = {"hover", "active", "focus", "focus-within",
	    "focus-visible", "visited", "target", "before", "after", "selection", "placeholder",
	    "marker", "first-line", "first-letter", "checked", "disabled"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_iis(pseudo, names[i]))
			return true;
	return false;
}

/* As much of the last step of a selector as is known; false if nothing is. */
static bool
read_last_step(struct span selector, struct htmlsheet_rule *rule)
{
	struct span s = last_step(selector), name;

	rule->tag = span_first(s, name_len(s));
	rule->class = rule->id = rule->attribute = rule->part = SPAN("");
	s = span_skip(s, rule->tag.len);
	while (s.len > 0) {
		char sign = *s.ptr;
		size_t end;

		s = span_skip(s, 1);
		name = span_first(s, name_len(s));
		end = name.len;
		if (sign == '.')
			rule->class = name;
		else if (sign == '#')
			rule->id = name;
		else if (sign == '[') {
			end = span_find_byte(s, ']') + 1;
			read_attribute(span_first(s, end - 1), rule);
		} else if (sign == ':' && is_passing(name))
			return false;
		else if (sign == ':' && end < s.len && s.ptr[end] == '(')
			end = span_find_byte(s, ')') + 1;
		else if (sign != ':' && sign != '*')
			return false;
		s = span_skip(s, end);
	}
	return rule->tag.len + rule->class.len + rule->id.len + rule->attribute.len > 0;
}

static bool
has_ground(const struct html_look *look)
{
	return html_look_get(look, HTML_BACKGROUND, HTML_CLEAR_COLOR) != HTML_CLEAR_COLOR;
}

static void
add_rule(struct reader *r, struct span selectors, struct span declarations, enum medium medium)
{
	struct htmlsheet *sheet = r->sheet;
	struct htmlsheet_rule rule = {.shows = medium == MEDIUM_SOMETIMES};
	struct span selector;

	html_look_declare(&rule.look, declarations);
	if (rule.look.set == 0)
		return;
	while (span_next_field(&selectors, ',', &selector)) {
		bool simple = read_selector(selector, &rule);

		if (!simple || rule.shows)
			sheet->unsure |= has_ground(&rule.look);
		rule.doubt = !simple && !rule.shows && html_look_may_hide(&rule.look) &&
		    read_last_step(span_trim(selector), &rule);
		if (!simple && !rule.doubt)
			continue;
		sheet->renamed |= htmltags_is_renamed(rule.tag);
		if (sheet->n == HTMLSHEET_RULES_MAX) {
			sheet->unsure = true;
			return;
		}
		*ARENA_PUSH(r->arena, sheet->rules, sheet->n, sheet->cap) = rule;
	}
}

/* ---- the text of a sheet ------------------------------------------------------------------- */

/* Offset of the brace that closes what is open at the beginning of s; s.len without one. */
static size_t
closing_brace(struct span s)
{
	size_t depth = 1;

	for (size_t i = 0; i < s.len; i++) {
		depth += s.ptr[i] == '{';
		depth -= s.ptr[i] == '}';
		if (depth == 0)
			return i;
	}
	return s.len;
}

static enum medium
medium_of(struct span query)
{
	bool screen = span_ifind(query, SPAN("screen")) < query.len ||
	    span_ifind(query, SPAN("all")) < query.len;

	if (span_find_byte(query, '(') < query.len)
		return MEDIUM_SOMETIMES;
	return screen || span_trim(query).len == 0 ? MEDIUM_ALWAYS : MEDIUM_NEVER;
}

static void
read_at_rule(struct reader *r, struct span head, struct span block, enum medium medium, int depth)
{
	enum medium inner;

	if (!span_istarts(head, SPAN("@media")) || depth == NESTING_MAX)
		return;
	inner = medium_of(span_skip(head, 6));
	if (inner != MEDIUM_NEVER)
		read_rules(r, block, inner == MEDIUM_ALWAYS ? medium : inner, depth + 1);
}

static void
read_rules(struct reader *r, struct span text, enum medium medium, int depth)
{
	while (text.len > 0) {
		size_t open = span_find_byte(text, '{'), end;
		struct span head = span_trim(span_first(text, open)), block;

		/* "@import x;" and the like stand in front of a rule. */
		while (head.len > 0 && span_find_byte(head, ';') < head.len)
			head = span_trim(span_skip(head, span_find_byte(head, ';') + 1));
		if (open == text.len)
			return;
		text = span_skip(text, open + 1);
		end = closing_brace(text);
		block = span_first(text, end);
		if (head.len > 0 && *head.ptr == '@')
			read_at_rule(r, head, block, medium, depth);
		else
			add_rule(r, head, block, medium);
		text = span_skip(text, end + 1);
	}
}

/* Without comments, neither CSS's nor the ones that hid sheets from the first browsers. */
static struct span
without_comments(struct arena *arena, struct span text)
{
	struct span result;
	struct buf out;

	buf_init(&out, text.len + 1);
	while (text.len > 0) {
		size_t n = 1;

		if (span_starts(text, SPAN("/*"))) {
			n = span_find(span_skip(text, 2), SPAN("*/")) + 4;
		} else if (span_starts(text, SPAN("<!--"))) {
			n = 4;
		} else if (span_starts(text, SPAN("-->"))) {
			n = 3;
		} else {
			buf_putc(&out, *text.ptr);
		}
		text = span_skip(text, n);
	}
	result = (struct span){arena_span(arena, buf_span(&out)), out.len};
	buf_release(&out);
	return result;
}

/* ---- a document's sheets ------------------------------------------------------------------- */

/* The medium that a style element's attributes name. */
static enum medium
medium_named(struct span tag)
{
	size_t at = span_ifind(tag, SPAN("media="));

	tag = span_skip(tag, at + 6);
	if (tag.len > 0 && (*tag.ptr == '"' || *tag.ptr == '\''))
		tag = span_first(span_skip(tag, 1), span_find_byte(span_skip(tag, 1), *tag.ptr));
	return medium_of(tag);
}

void
htmlsheet_read(struct arena *arena, struct span html, struct htmlsheet *sheet_r)
{
	struct reader r = {.arena = arena, .sheet = sheet_r};
	size_t left = SHEET_MAX;

	*sheet_r = (struct htmlsheet){.n = 0};
	while (left > 0) {
		size_t end;
		struct span tag, text;
		enum medium medium;

		html = span_skip(html, span_find_byte(html, '<'));
		if (html.len == 0)
			return;
		if (span_starts(html, SPAN("<!--"))) {
			html = span_skip(html, span_find(html, SPAN("-->")));
			html = span_skip(html, 1);
			continue;
		}
		if (!span_istarts(html, SPAN("<style"))) {
			html = span_skip(html, 1);
			continue;
		}
		tag = span_first(html, span_find_byte(html, '>'));
		html = span_skip(html, tag.len + 1);
		end = span_ifind(html, SPAN("</style"));
		text = without_comments(arena, span_first(span_first(html, end), left));
		medium = medium_named(span_skip(tag, 6));
		if (medium != MEDIUM_NEVER)
			read_rules(&r, text, medium, 0);
		left -= end < left ? end : left;
		html = span_skip(html, end);
	}
}

/* ---- elements ------------------------------------------------------------------------------ */

static bool
has_word(struct span words, struct span word)
{
	struct span w;

	while (span_next_word(&words, &w))
		if (span_eq(w, word))
			return true;
	return false;
}

static bool
has_attribute(const char **attributes, const struct htmlsheet_rule *rule)
{
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
		struct span value = span_of(attributes[1] != NULL ? attributes[1] : "");

		if (span_ieq(span_of(attributes[0]), rule->attribute))
			return rule->part.len == 0 || span_ifind(value, rule->part) < value.len;
	}
	return false;
}

static bool
fits(const struct htmlsheet_rule *rule, const struct htmlsheet_element *element)
{
	return (rule->tag.len == 0 || span_ieq(rule->tag, element->tag)) &&
	    (rule->id.len == 0 || span_eq(rule->id, element->id)) &&
	    (rule->class.len == 0 || has_word(element->class, rule->class)) &&
	    (rule->attribute.len == 0 || has_attribute(element->attributes, rule));
}

/* How much a rule weighs against others (CSS 2.2 section 6.4.3). */
static int
weight(const struct htmlsheet_rule *rule)
{
	return rule->id.len > 0 ? 2 : rule->class.len > 0;
}

/* The properties of which a look says something else than that there is nothing to see. */
static uint32_t
what_it_shows(const struct html_look *look)
{
	uint32_t bits = 0;

	for (unsigned i = 0; i < HTML_PROPERTIES; i++)
		if (look->value[i] <= 0 || i == HTML_COLOR || i == HTML_BACKGROUND)
			bits |= look->set & (1u << i);
	return bits;
}

bool
htmlsheet_apply(const struct htmlsheet *sheet, const struct htmlsheet_element *element,
    struct html_look *look)
{
	uint32_t shown = 0;
	bool doubt = false;

	for (int step = 0; step <= 2; step++)
		for (size_t i = 0; i < sheet->n; i++) {
			const struct htmlsheet_rule *rule = &sheet->rules[i];

			if (weight(rule) != step || !fits(rule, element))
				continue;
			if (rule->doubt)
				doubt = true;
			else if (rule->shows)
				shown |= what_it_shows(&rule->look);
			else
				html_look_add(look, &rule->look);
		}
	/* What holds in some windows alone: then the rest is not certain either. */
	look->set &= ~shown;
	look->important &= ~shown;
	return doubt;
}
