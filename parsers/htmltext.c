/* SPDX-License-Identifier: ISC */
/*
 * htmltext: see htmltext.h. libxml2's SAX push parser names the elements; a stack of what each
 * open element changed (quote, list, hidden, preformatted) is undone when it closes. No tree is
 * built. Code is marked as Markdown does it, so that nothing in it is read as a command.
 */
#include "config.h"

#include "parsers/htmltext.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/base/buf.h"
#include "parsers/htmlstyle.h"

#define DEPTH_MAX 2000
#define CHUNK 16384
#define LIST_DEPTH_MAX 6
#define QUOTE_DEPTH_MAX 20

enum tag_kind {
	TAG_INLINE,
	TAG_BLOCK, /* on lines of its own */
	TAG_PARAGRAPH, /* with an empty line around it */
	TAG_SKIP,  /* with all that is in it */
	TAG_BREAK,
	TAG_LIST,
	TAG_ORDERED,
	TAG_ITEM,
	TAG_CELL,
	TAG_QUOTE,
	TAG_PRE,
	TAG_CODE,
	TAG_LINK,
	TAG_IMAGE,
};

struct element {
	char name[12];
	enum tag_kind kind;
	bool quote, list, pre, code, hidden, tiny;
	bool had_tiny; /* state to go back to */
	unsigned number; /* of the next item in an ordered list; 0: bullets */
};

struct html {
	struct arena *arena;
	struct links *links;
	xmlParserCtxtPtr parser;
	struct buf out;
	struct element stack[DEPTH_MAX];
	size_t depth;
	unsigned quotes, lists, pres, codes, hidden;
	bool literal;    /* code is marked as such, in the way of Markdown */
	bool fenced;     /* inside a fence */
	bool signature;  /* what is preformatted here is one */
	bool ticked;     /* inside backticks, at the beginning of this line */
	bool plain_seen; /* there is text that is no code */
	bool tiny;       /* font size 0, until an inner element sets another */
	unsigned breaks; /* line ends wanted before the next text: 0, 1 or 2 */
	bool space;      /* white space wanted before the next text */
	bool cell;       /* a cell ended: TAB before the next text on this line */
	bool started;    /* something stands on the current line */
	const char *bullet;
	char bullet_text[16];
};

static enum tag_kind
tag_kind(const char *name)
{
	static const struct {
		const char *name;
		enum tag_kind kind;
	} tags[] = {
	    {"a", TAG_LINK}, {"address", TAG_BLOCK}, {"article", TAG_BLOCK}, {"aside", TAG_BLOCK},
	    {"blockquote", TAG_QUOTE}, {"body", TAG_BLOCK}, {"br", TAG_BREAK},
	    {"caption", TAG_BLOCK}, {"center", TAG_BLOCK}, {"code", TAG_CODE}, {"dd", TAG_BLOCK},
	    {"dir", TAG_LIST},
	    {"div", TAG_BLOCK}, {"dl", TAG_BLOCK}, {"dt", TAG_BLOCK}, {"fieldset", TAG_BLOCK},
	    {"figure", TAG_BLOCK}, {"footer", TAG_BLOCK}, {"form", TAG_BLOCK},
	    {"h1", TAG_PARAGRAPH}, {"h2", TAG_PARAGRAPH}, {"h3", TAG_PARAGRAPH},
	    {"h4", TAG_PARAGRAPH}, {"h5", TAG_PARAGRAPH}, {"h6", TAG_PARAGRAPH},
	    {"header", TAG_BLOCK}, {"hr", TAG_PARAGRAPH}, {"img", TAG_IMAGE}, {"li", TAG_ITEM},
	    {"main", TAG_BLOCK}, {"math", TAG_SKIP}, {"menu", TAG_LIST}, {"nav", TAG_BLOCK},
	    {"object", TAG_SKIP}, {"ol", TAG_ORDERED}, {"option", TAG_SKIP},
	    {"p", TAG_PARAGRAPH}, {"pre", TAG_PRE}, {"script", TAG_SKIP}, {"section", TAG_BLOCK},
	    {"style", TAG_SKIP}, {"svg", TAG_SKIP}, {"table", TAG_BLOCK}, {"tbody", TAG_BLOCK},
	    {"td", TAG_CELL}, {"template", TAG_SKIP}, {"textarea", TAG_SKIP},
	    {"th", TAG_CELL}, {"title", TAG_SKIP}, {"tr", TAG_BLOCK}, {"ul", TAG_LIST},
	};
	size_t low = 0, high = sizeof tags / sizeof *tags;

	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(name, tags[mid].name);

		if (order == 0)
			return tags[mid].kind;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return TAG_INLINE;
}

static void
want_breaks(struct html *h, unsigned n)
{
	if (h->breaks < n)
		h->breaks = n;
	h->space = h->cell = false;
}

static void
put_line_start(struct html *h)
{
	unsigned quotes = h->quotes < QUOTE_DEPTH_MAX ? h->quotes : QUOTE_DEPTH_MAX;
	unsigned lists = h->lists < LIST_DEPTH_MAX ? h->lists : LIST_DEPTH_MAX;

	for (unsigned i = 0; i < quotes; i++)
		buf_puts(&h->out, "> ");
	if (h->bullet != NULL) {
		for (unsigned i = 1; i < lists; i++)
			buf_puts(&h->out, "  ");
		buf_puts(&h->out, h->bullet);
		h->bullet = NULL;
	}
}

/* The line begins with code: a backtick keeps it from being read as a command. */
static void
open_ticks(struct html *h)
{
	if (!h->literal || h->codes == 0 || h->pres > 0 || h->quotes > 0 || h->bullet != NULL)
		return;
	buf_putc(&h->out, '`');
	h->ticked = true;
}

static void
close_ticks(struct html *h)
{
	if (h->ticked)
		buf_putc(&h->out, '`');
	h->ticked = false;
}

/* Line ends, prefixes and white space that are due before the next visible byte. */
static void
before_text(struct html *h)
{
	if (h->out.len == 0)
		h->breaks = 0;
	if (h->breaks > 0) {
		close_ticks(h);
		for (; h->breaks > 0; h->breaks--)
			buf_putc(&h->out, '\n');
		h->started = false;
	}
	if (!h->started) {
		open_ticks(h);
		put_line_start(h);
	} else if (h->cell)
		buf_putc(&h->out, '\t');
	else if (h->space)
		buf_putc(&h->out, ' ');
	h->started = true;
	h->space = h->cell = false;
	h->plain_seen |= h->pres == 0 && h->codes == 0;
}

/* Length of what counts as white space (or nothing at all) at the beginning of s; 0 if text. */
static size_t
blank_len(struct span s, bool *nothing_r)
{
	*nothing_r = false;
	if (*s.ptr == ' ' || *s.ptr == '\t' || *s.ptr == '\n' || *s.ptr == '\r')
		return 1;
	if (span_starts(s, SPAN("\xC2\xA0")))
		return 2;
	*nothing_r = true;
	/* Soft hyphen; zero width space, word joiner, byte order mark; grapheme joiner. */
	if (span_starts(s, SPAN("\xC2\xAD")) || span_starts(s, SPAN("\xCD\x8F")))
		return 2;
	if (span_starts(s, SPAN("\xE2\x80\x8B")) || span_starts(s, SPAN("\xE2\x81\xA0")) ||
	    span_starts(s, SPAN("\xEF\xBB\xBF")))
		return 3;
	return 0;
}

/* Number of leading bytes that are certainly text. */
static size_t
text_run(struct span s)
{
	size_t i = 0;

	while (i < s.len && (unsigned char)s.ptr[i] > ' ' && s.ptr[i] != (char)0xC2 &&
	    s.ptr[i] != (char)0xCD && s.ptr[i] != (char)0xE2 && s.ptr[i] != (char)0xEF)
		i++;
	return i;
}

static void
put_flowing(struct html *h, struct span s)
{
	while (s.len > 0) {
		bool nothing;
		size_t n = text_run(s);

		if (n == 0) {
			n = blank_len(s, &nothing);
			if (n > 0) {
				h->space |= !nothing;
				s = span_skip(s, n);
				continue;
			}
			n = 1;
		}
		before_text(h);
		buf_put(&h->out, s.ptr, n);
		s = span_skip(s, n);
		/* The rest of a multibyte character follows its first byte. */
		n = 0;
		while (n < s.len && ((unsigned char)s.ptr[n] & 0xC0) == 0x80)
			n++;
		buf_put(&h->out, s.ptr, n);
		s = span_skip(s, n);
	}
}

/* A fence around what is preformatted, but for quotes, and signatures, which some programs put
 * so. */
static void
open_fence(struct html *h, struct span line)
{
	if (!h->literal || h->fenced || h->signature || h->quotes > 0)
		return;
	h->signature = span_starts(line, SPAN("--"));
	if (h->signature)
		return;
	if (h->out.len > 0) {
		close_ticks(h);
		buf_puts(&h->out, h->breaks > 1 ? "\n\n" : "\n");
	}
	buf_puts(&h->out, "```\n");
	h->breaks = 0;
	h->started = false;
	h->fenced = true;
}

static void
close_fence(struct html *h)
{
	h->signature = false;
	if (!h->fenced)
		return;
	buf_puts(&h->out, "\n```");
	h->fenced = false;
	want_breaks(h, 1);
}

static void
put_preformatted(struct html *h, struct span s)
{
	struct span line;

	while (s.len > 0) {
		size_t n = span_find_byte(s, '\n');

		line = span_first(s, n);
		if (line.len > 0 && line.ptr[line.len - 1] == '\r')
			line.len--;
		if (line.len > 0) {
			open_fence(h, line);
			before_text(h);
			/* a line of code that would close the fence */
			if (h->fenced && span_starts(line, SPAN("```")))
				buf_puts(&h->out, "    ");
			buf_put_span(&h->out, line);
		}
		if (n < s.len) {
			/* An empty line in it stays one. */
			if (h->breaks > 0 || !h->started)
				h->breaks = 2;
			else
				h->breaks = 1;
		}
		s = span_skip(s, n + 1);
	}
}

static void
on_characters(void *user, const xmlChar *text, int len)
{
	struct html *h = user;
	struct span s = {(const char *)text, len > 0 ? (size_t)len : 0};

	if (h->hidden > 0 || h->tiny)
		return;
	if (h->pres > 0)
		put_preformatted(h, s);
	else
		put_flowing(h, s);
}

static void
open_item(struct html *h)
{
	struct element *list = NULL;

	want_breaks(h, 1);
	for (size_t i = h->depth; i > 0 && list == NULL; i--)
		if (h->stack[i - 1].list)
			list = &h->stack[i - 1];
	h->bullet = "- ";
	if (list != NULL && list->number > 0) {
		struct buf b;

		buf_init(&b, sizeof h->bullet_text - 1);
		buf_printf(&b, "%u. ", list->number++);
		memcpy(h->bullet_text, b.ptr, b.len + 1);
		buf_release(&b);
		h->bullet = h->bullet_text;
	}
}

static void
open_element(struct html *h, struct element *e, const struct htmlstyle *style)
{
	switch (e->kind) {
	case TAG_INLINE:
	case TAG_LINK:
	case TAG_IMAGE:
	case TAG_SKIP:
		break;
	case TAG_CELL:
		/* The first cell of a row has nothing before it. */
		h->cell = h->started && h->breaks == 0;
		break;
	case TAG_BREAK:
		h->breaks = h->breaks < 2 ? h->breaks + 1 : 2;
		h->space = h->cell = false;
		break;
	case TAG_PARAGRAPH:
		want_breaks(h, style->no_margin ? 1 : 2);
		break;
	case TAG_BLOCK:
		want_breaks(h, 1);
		break;
	case TAG_LIST:
	case TAG_ORDERED:
		want_breaks(h, 1);
		e->list = true;
		e->number = e->kind == TAG_ORDERED;
		break;
	case TAG_ITEM:
		open_item(h);
		break;
	case TAG_QUOTE:
		want_breaks(h, 1);
		e->quote = !style->indent_only;
		break;
	case TAG_PRE:
		want_breaks(h, 1);
		e->pre = true;
		break;
	case TAG_CODE:
		e->code = true;
		break;
	}
	e->quote |= style->quote;
	e->hidden = style->hidden || e->kind == TAG_SKIP;
}

static void
on_start(void *user, const xmlChar *name, const xmlChar **attributes)
{
	struct html *h = user;
	struct htmlstyle style = htmlstyle_read((const char **)attributes);
	struct element *e;

	if (h->depth == DEPTH_MAX) {
		xmlStopParser(h->parser);
		return;
	}
	e = &h->stack[h->depth];
	*e = (struct element){.kind = tag_kind((const char *)name), .had_tiny = h->tiny};
	strncpy(e->name, (const char *)name, sizeof e->name - 1);
	open_element(h, e, &style);
	h->depth++;
	h->quotes += e->quote;
	h->lists += e->list;
	h->pres += e->pre;
	h->codes += e->code;
	h->hidden += e->hidden;
	if (e->quote)
		want_breaks(h, 1);
	if (style.font_size != 0)
		h->tiny = style.font_size < 0;
	if (h->hidden == 0 && e->kind == TAG_LINK && style.href != NULL && h->links != NULL)
		links_add(h->arena, h->links, span_of(style.href));
	/* Emoji are often images; their text is the emoji. */
	if (e->kind == TAG_IMAGE && style.alt != NULL && (unsigned char)*style.alt >= 0xE2 &&
	    strlen(style.alt) <= 16)
		on_characters(h, (const xmlChar *)style.alt, (int)strlen(style.alt));
}

static void
close_element(struct html *h)
{
	struct element *e = &h->stack[--h->depth];

	switch (e->kind) {
	case TAG_INLINE:
	case TAG_LINK:
	case TAG_IMAGE:
	case TAG_SKIP:
	case TAG_BREAK:
	case TAG_CODE:
		break;
	case TAG_CELL:
		h->cell = h->started && h->breaks == 0;
		break;
	case TAG_PARAGRAPH:
	case TAG_BLOCK:
	case TAG_LIST:
	case TAG_ORDERED:
	case TAG_ITEM:
	case TAG_QUOTE:
	case TAG_PRE:
		want_breaks(h, 1);
		break;
	}
	if (e->quote)
		want_breaks(h, 1);
	if (e->kind == TAG_ITEM)
		h->bullet = NULL;
	h->quotes -= e->quote;
	h->lists -= e->list;
	h->pres -= e->pre;
	h->codes -= e->code;
	if (h->pres == 0)
		close_fence(h);
	if (h->codes == 0)
		close_ticks(h);
	h->hidden -= e->hidden;
	h->tiny = e->had_tiny;
}

static void
on_end(void *user, const xmlChar *name)
{
	struct html *h = user;

	/* The parser closes in order; an end without its start changes nothing. */
	if (h->depth > 0 &&
	    strncmp(h->stack[h->depth - 1].name, (const char *)name,
	        sizeof h->stack->name - 1) == 0)
		close_element(h);
}

static void
on_cdata(void *user, const xmlChar *text, int len)
{
	(void)user;
	(void)text;
	(void)len;
}

static void
parse(struct html *h, struct span html, bool literal)
{
	htmlSAXHandler sax = {.startElement = on_start, .endElement = on_end,
	    .characters = on_characters, .ignorableWhitespace = on_characters,
	    .cdataBlock = on_cdata};

	h->literal = literal;
	h->parser = htmlCreatePushParserCtxt(&sax, h, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	if (h->parser == NULL)
		return;
	htmlCtxtUseOptions(h->parser, HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
	    HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	/* Without an open element an end tag ends the document, and what follows is lost. */
	htmlParseChunk(h->parser, "<html><body>", 12, 0);
	while (html.len > 0) {
		struct span chunk = span_first(html, CHUNK);

		if (htmlParseChunk(h->parser, chunk.ptr, (int)chunk.len, 0) == XML_ERR_USER_STOP)
			break;
		html = span_skip(html, chunk.len);
	}
	htmlParseChunk(h->parser, NULL, 0, 1);
	if (h->parser->myDoc != NULL)
		xmlFreeDoc(h->parser->myDoc);
	htmlFreeParserCtxt(h->parser);
	/* what stayed open where the parser stopped */
	while (h->depth > 0)
		close_element(h);
}

struct span
htmltext_read(struct arena *arena, struct span html, size_t max_bytes, struct links *links)
{
	struct html *h = td_alloc(sizeof *h);
	struct span text;

	*h = (struct html){.arena = arena, .links = links};
	html = span_first(html, max_bytes);
	/* Prefixes can multiply short lines: quotes and bullets are bounded, and so is this. */
	buf_init(&h->out, 8 * html.len + 64);
	parse(h, html, true);
	/* A mail of nothing but <pre> is plain text that a program has wrapped. */
	if (!h->plain_seen && h->out.len > 0) {
		struct buf out = h->out;

		buf_clear(&out);
		*h = (struct html){.arena = arena, .links = links, .out = out};
		parse(h, html, false);
	}
	if (h->out.len > 0)
		buf_putc(&h->out, '\n');
	text = (struct span){arena_span(arena, buf_span(&h->out)), h->out.len};
	buf_release(&h->out);
	free(h);
	return text;
}

struct span
htmltext_charset(struct span html)
{
	struct span head = span_first(html, 1024);
	size_t at = span_ifind(head, SPAN("charset="));
	size_t n = 0;

	if (at == head.len)
		return (struct span){"", 0};
	head = span_skip(head, at + 8);
	while (head.len > 0 && (*head.ptr == '"' || *head.ptr == '\'' || *head.ptr == ' '))
		head = span_skip(head, 1);
	while (n < head.len && strchr("\"' ;/>", head.ptr[n]) == NULL)
		n++;
	return span_first(head, n);
}
