/* SPDX-License-Identifier: ISC */
/*
 * mustache: a template becomes a flat array of nodes; a section knows the index behind its end.
 * Text is cut at line ends, and a node that begins a line of the template says so, because the
 * indentation of a partial goes before each line of its source, not of its output.
 */
#include "config.h"

#include "daemon/compose/mustache.h"

#include <stdlib.h>
#include <string.h>

enum node_type { NODE_TEXT, NODE_VARIABLE, NODE_RAW, NODE_SECTION, NODE_INVERTED, NODE_PARTIAL };

struct node {
	enum node_type type;
	bool line_start;    /* indentation goes before it */
	bool standalone;    /* of a partial: alone on its line */
	struct span text;   /* of a text; otherwise the name */
	struct span indent; /* of a standalone partial */
	size_t end;         /* of a section: the node behind it */
};

struct mustache {
	struct arena *arena;
	const char *name;
	struct node *nodes;
	size_t n, cap;
};

/* ---- compiling ---- */

struct compiler {
	struct mustache *template;
	struct span source;
	size_t pos;
	bool line_open;    /* the line has no node yet */
	struct span open, close;
	size_t sections[MUSTACHE_NEST_MAX];
	size_t depth;
	struct err *err;
};

struct tag {
	size_t start, end;  /* with the delimiters */
	char sigil;         /* '\0' for a variable, '{' for the triple form */
	struct span name;
};

static enum td_status
fail(const struct compiler *c, size_t offset, const char *why)
{
	unsigned line = 1;

	for (size_t i = 0; i < offset && i < c->source.len; i++)
		line += c->source.ptr[i] == '\n';
	return err_perm(c->err, "template %s, line %u: %s", c->template->name, line, why);
}

static struct node *
add_node(struct compiler *c, enum node_type type, struct span text)
{
	struct mustache *t = c->template;
	struct node *node = ARENA_PUSH(t->arena, t->nodes, t->n, t->cap);

	*node = (struct node){.type = type, .text = text, .line_start = c->line_open};
	c->line_open = false;
	return node;
}

/* Source from pos to end, a node a line. */
static void
add_text(struct compiler *c, size_t end)
{
	while (c->pos < end) {
		struct span rest = {c->source.ptr + c->pos, end - c->pos};
		size_t n = span_find_byte(rest, '\n');
		bool whole = n < rest.len;

		add_node(c, NODE_TEXT, span_first(rest, whole ? n + 1 : n));
		c->pos += whole ? n + 1 : n;
		if (whole)
			c->line_open = true;
	}
}

/* Whether the tag stands alone on its lines; then *next_r is where the following line begins. */
static bool
is_standalone(const struct compiler *c, const struct tag *tag, size_t *next_r)
{
	const char *p = c->source.ptr;
	size_t line = tag->start, end = tag->end;

	while (line > 0 && (p[line - 1] == ' ' || p[line - 1] == '\t'))
		line--;
	if (line > 0 && p[line - 1] != '\n')
		return false;
	while (end < c->source.len && (p[end] == ' ' || p[end] == '\t'))
		end++;
	if (end < c->source.len && p[end] == '\r' && end + 1 < c->source.len && p[end + 1] == '\n')
		end++;
	if (end < c->source.len && p[end] != '\n')
		return false;
	*next_r = end < c->source.len ? end + 1 : end;
	return true;
}

/* Reads the tag whose opening delimiter stands at start. */
static enum td_status
read_tag(const struct compiler *c, size_t start, struct tag *tag_r)
{
	struct span rest = span_skip(c->source, start + c->open.len);
	bool braces = span_is(c->open, "{{") && span_is(c->close, "}}");
	struct span close = c->close;
	size_t n;

	*tag_r = (struct tag){.start = start};
	if (rest.len > 0 && strchr("#^/>!=&", rest.ptr[0]) != NULL)
		tag_r->sigil = rest.ptr[0];
	else if (braces && rest.len > 0 && rest.ptr[0] == '{')
		tag_r->sigil = '{';
	if (tag_r->sigil == '{')
		close = SPAN("}}}");
	if (tag_r->sigil != '\0')
		rest = span_skip(rest, 1);
	n = span_find(rest, close);
	if (n == rest.len)
		return fail(c, start, "a tag that is opened here is never closed");
	tag_r->name = span_trim(span_first(rest, n));
	tag_r->end = (size_t)(rest.ptr - c->source.ptr) + n + close.len;
	if (tag_r->name.len == 0 && tag_r->sigil != '!')
		return fail(c, start, "this tag has no name");
	return TD_OK;
}

/* "{{=<% %>=}}" */
static enum td_status
set_delimiters(struct compiler *c, const struct tag *tag)
{
	struct span rest = tag->name, open, close, more;

	if (rest.len == 0 || rest.ptr[rest.len - 1] != '=')
		return fail(c, tag->start, "delimiters are set as {{=<% %>=}}");
	rest = span_first(rest, rest.len - 1);
	if (!span_next_word(&rest, &open) || !span_next_word(&rest, &close) ||
	    span_next_word(&rest, &more) || span_find_byte(open, '=') < open.len ||
	    span_find_byte(close, '=') < close.len)
		return fail(c, tag->start, "delimiters are two words without '='");
	c->open = open;
	c->close = close;
	return TD_OK;
}

static enum td_status
open_section(struct compiler *c, const struct tag *tag)
{
	if (c->depth == MUSTACHE_NEST_MAX)
		return fail(c, tag->start, "sections are nested too deeply");
	c->sections[c->depth++] = c->template->n;
	add_node(c, tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED, tag->name);
	return TD_OK;
}

static enum td_status
close_section(struct compiler *c, const struct tag *tag)
{
	struct node *section;

	if (c->depth == 0)
		return fail(c, tag->start, "a section is closed that is not open");
	section = &c->template->nodes[c->sections[--c->depth]];
	if (!span_eq(section->text, tag->name))
		return fail(c, tag->start, "another section than this one is open");
	if (c->line_open) {
		/* Indentation before an end tag belongs into the section. */
		add_node(c, NODE_TEXT, SPAN(""));
		section = &c->template->nodes[c->sections[c->depth]];
	}
	section->end = c->template->n;
	return TD_OK;
}

static enum td_status
compile_tag(struct compiler *c, const struct tag *tag, bool standalone, struct span indent)
{
	struct node *node;

	switch (tag->sigil) {
	case '!':
		return TD_OK;
	case '=':
		return set_delimiters(c, tag);
	case '#':
	case '^':
		return open_section(c, tag);
	case '/':
		return close_section(c, tag);
	case '>':
		node = add_node(c, NODE_PARTIAL, tag->name);
		node->standalone = standalone;
		node->indent = indent;
		return TD_OK;
	case '{':
	case '&':
		add_node(c, NODE_RAW, tag->name);
		return TD_OK;
	default: /* the sigil is a byte of the source: all others are names */
		add_node(c, NODE_VARIABLE, tag->name);
		return TD_OK;
	}
}

static enum td_status
compile_next(struct compiler *c, size_t start)
{
	struct tag tag;
	struct span indent = SPAN("");
	size_t next;
	bool standalone;
	enum td_status status = read_tag(c, start, &tag);

	if (status != TD_OK)
		return status;
	standalone = tag.sigil != '\0' && tag.sigil != '{' && tag.sigil != '&' &&
	    is_standalone(c, &tag, &next);
	if (standalone) {
		/* The line's blanks belong to the tag; no node of it is a line's beginning. */
		indent = (struct span){c->source.ptr + c->pos, start - c->pos};
		c->line_open = false;
	} else {
		add_text(c, start);
		next = tag.end;
	}
	status = compile_tag(c, &tag, standalone, indent);
	c->pos = next;
	if (standalone)
		c->line_open = true;
	return status;
}

static enum td_status
compile(struct compiler *c)
{
	while (c->pos < c->source.len) {
		struct span rest = span_skip(c->source, c->pos);
		size_t n = span_find(rest, c->open);
		enum td_status status;

		if (n == rest.len) {
			add_text(c, c->source.len);
			break;
		}
		/* Whole lines before the tag are text; only its own line is looked at closely. */
		for (size_t i = n; i > 0; i--) {
			if (rest.ptr[i - 1] == '\n') {
				add_text(c, c->pos + i);
				break;
			}
		}
		status = compile_next(c, (size_t)(rest.ptr - c->source.ptr) + n);
		if (status != TD_OK)
			return status;
	}
	if (c->depth > 0)
		return fail(c, c->source.len, "a section is not closed at the end");
	return TD_OK;
}

enum td_status
mustache_compile(const char *name, struct span source, struct mustache **template_r,
    struct err *err)
{
	struct mustache *t;
	struct compiler c = {
	    .line_open = true, .open = SPAN("{{"), .close = SPAN("}}"), .err = err};
	enum td_status status;

	if (source.len > MUSTACHE_SOURCE_MAX)
		return err_perm(err, "template %s: larger than %d bytes", name,
		    MUSTACHE_SOURCE_MAX);
	t = td_alloc(sizeof *t);
	t->arena = arena_create();
	t->name = arena_strdup(t->arena, name);
	c.template = t;
	c.source = (struct span){arena_span(t->arena, source), source.len};
	status = compile(&c);
	if (status != TD_OK) {
		mustache_destroy(&t);
		return status;
	}
	*template_r = t;
	return TD_OK;
}

void
mustache_destroy(struct mustache **template)
{
	if (*template == NULL)
		return;
	arena_destroy(&(*template)->arena);
	free(*template);
	*template = NULL;
}

/* ---- rendering ---- */

#define STACK_MAX (1 + MUSTACHE_NEST_MAX * (MUSTACHE_PARTIAL_MAX + 1))
#define INDENT_MAX 256

struct render {
	const struct value *stack[STACK_MAX];
	size_t depth;
	enum mustache_escape escape;
	mustache_find find;
	void *user;
	struct buf *out;
	unsigned partials;
	unsigned steps;
	struct err *err;
};

static enum td_status render_range(struct render *r, const struct mustache *t, size_t from,
    size_t to, struct span indent);

static const struct value *
look_up(const struct render *r, struct span name)
{
	const struct value *value = NULL;
	struct span rest = name, part;

	if (span_is(name, "."))
		return r->stack[r->depth - 1];
	if (!span_next_field(&rest, '.', &part))
		return NULL;
	for (size_t i = r->depth; i-- > 0 && value == NULL;)
		value = value_get(r->stack[i], part);
	while (value != NULL && span_next_field(&rest, '.', &part))
		value = value_get(value, part);
	return value;
}

static void
put_escaped(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '&':
			buf_puts(out, "&amp;");
			break;
		case '"':
			buf_puts(out, "&quot;");
			break;
		case '\'':
			buf_puts(out, "&#39;");
			break;
		case '<':
			buf_puts(out, "&lt;");
			break;
		case '>':
			buf_puts(out, "&gt;");
			break;
		default: /* a byte of text, not a state */
			buf_putc(out, *text);
			break;
		}
	}
}

static enum td_status
render_with(struct render *r, const struct mustache *t, size_t section, const struct value *top,
    struct span indent)
{
	enum td_status status;

	r->stack[r->depth++] = top;
	status = render_range(r, t, section + 1, t->nodes[section].end, indent);
	r->depth--;
	return status;
}

static enum td_status
render_section(struct render *r, const struct mustache *t, size_t at, struct span indent)
{
	const struct node *node = &t->nodes[at];
	const struct value *value = look_up(r, node->text), *item;

	if (node->type == NODE_INVERTED)
		return value_truth(value)
		    ? TD_OK
		    : render_range(r, t, at + 1, node->end, indent);
	if (!value_truth(value))
		return TD_OK;
	if (value_type(value) != VALUE_LIST)
		return render_with(r, t, at, value, indent);
	for (size_t i = 0; (item = value_at(value, i)) != NULL; i++) {
		enum td_status status = render_with(r, t, at, item, indent);

		if (status != TD_OK)
			return status;
	}
	return TD_OK;
}

static enum td_status
render_partial(struct render *r, const struct mustache *t, const struct node *node,
    struct span indent)
{
	const struct mustache *partial =
	    r->find != NULL ? r->find(r->user, node->text) : NULL;
	char both[INDENT_MAX];
	struct span inner = SPAN("");
	enum td_status status;

	if (partial == NULL)
		return TD_OK;
	if (r->partials == MUSTACHE_PARTIAL_MAX)
		return err_perm(r->err, "template %s: partials are nested too deeply", t->name);
	if (node->standalone && indent.len + node->indent.len <= sizeof both) {
		memcpy(both, indent.ptr, indent.len);
		memcpy(both + indent.len, node->indent.ptr, node->indent.len);
		inner = (struct span){both, indent.len + node->indent.len};
	}
	r->partials++;
	status = render_range(r, partial, 0, partial->n, inner);
	r->partials--;
	return status;
}

static enum td_status
render_node(struct render *r, const struct mustache *t, size_t at, struct span indent)
{
	const struct node *node = &t->nodes[at];
	const char *text;

	if (node->line_start)
		buf_put_span(r->out, indent);
	switch (node->type) {
	case NODE_TEXT:
		buf_put_span(r->out, node->text);
		return TD_OK;
	case NODE_VARIABLE:
	case NODE_RAW:
		text = value_str(look_up(r, node->text));
		if (r->escape == MUSTACHE_HTML && node->type == NODE_VARIABLE)
			put_escaped(r->out, text);
		else
			buf_puts(r->out, text);
		return TD_OK;
	case NODE_SECTION:
	case NODE_INVERTED:
		return render_section(r, t, at, indent);
	case NODE_PARTIAL:
		return render_partial(r, t, node, indent);
	}
	return TD_OK;
}

static enum td_status
render_range(struct render *r, const struct mustache *t, size_t from, size_t to,
    struct span indent)
{
	for (size_t i = from; i < to;) {
		const struct node *node = &t->nodes[i];
		enum td_status status = render_node(r, t, i, indent);

		if (status != TD_OK)
			return status;
		if (++r->steps > MUSTACHE_STEPS_MAX)
			return err_perm(r->err, "template %s: takes too many steps", t->name);
		if (r->out->over)
			return err_perm(r->err, "template %s: its output is too large", t->name);
		i = node->type == NODE_SECTION || node->type == NODE_INVERTED ? node->end : i + 1;
	}
	return TD_OK;
}

enum td_status
mustache_render(const struct mustache *template, const struct value *root,
    enum mustache_escape escape, mustache_find find, void *user, struct buf *out,
    struct err *err)
{
	struct render r = {.stack = {root}, .depth = 1, .escape = escape, .find = find,
	    .user = user, .out = out, .err = err};

	return render_range(&r, template, 0, template->n, SPAN(""));
}
