/* SPDX-License-Identifier: ISC */
/*
 * htmltext: see htmltext.h. libxml2's SAX push parser names the elements; a stack of what each
 * open element changed (quote, list, hidden, preformatted) is undone when it closes. No tree is
 * built. Code and what is struck through are marked as Markdown does it, so that nothing in them
 * is read as a command.
 */
#include "config.h"

#include "parsers/htmltext.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/base/utf8.h"
#include "parsers/charset.h"
#include "parsers/htmlentity.h"
#include "parsers/htmltags.h"
#include "parsers/htmltext_private.h"

#define CHUNK 16384

static enum tag_kind
tag_kind(const char *name)
{
	static const struct {
		const char *name;
		enum tag_kind kind;
	} tags[] = {
	    {"a", TAG_LINK}, {"address", TAG_BLOCK}, {"article", TAG_BLOCK}, {"aside", TAG_BLOCK},
	    {"audio", TAG_SKIP},
	    {"blockquote", TAG_QUOTE}, {"body", TAG_BLOCK}, {"br", TAG_BREAK},
	    {"canvas", TAG_SKIP},
	    {"caption", TAG_BLOCK}, {"center", TAG_BLOCK}, {"code", TAG_CODE}, {"dd", TAG_BLOCK},
	    {"details", TAG_BLOCK}, {"dialog", TAG_BLOCK}, {"dir", TAG_LIST},
	    {"div", TAG_BLOCK}, {"dl", TAG_BLOCK}, {"dt", TAG_BLOCK}, {"fieldset", TAG_BLOCK},
	    {"figure", TAG_BLOCK}, {"footer", TAG_BLOCK}, {"form", TAG_BLOCK},
	    {"h1", TAG_PARAGRAPH}, {"h2", TAG_PARAGRAPH}, {"h3", TAG_PARAGRAPH},
	    {"h4", TAG_PARAGRAPH}, {"h5", TAG_PARAGRAPH}, {"h6", TAG_PARAGRAPH},
	    {"header", TAG_BLOCK}, {"hr", TAG_PARAGRAPH}, {"iframe", TAG_SKIP},
	    {"img", TAG_IMAGE}, {"kbd", TAG_CODE}, {"li", TAG_ITEM},
	    {"main", TAG_BLOCK}, {"math", TAG_SKIP}, {"menu", TAG_LIST}, {"nav", TAG_BLOCK},
	    {"noembed", TAG_SKIP}, {"noframes", TAG_SKIP},
	    {"object", TAG_SKIP}, {"ol", TAG_ORDERED}, {"option", TAG_SKIP},
	    {"p", TAG_PARAGRAPH}, {"pre", TAG_PRE}, {"samp", TAG_CODE}, {"script", TAG_SKIP},
	    {"section", TAG_BLOCK},
	    {"style", TAG_SKIP}, {"summary", TAG_BLOCK}, {"svg", TAG_SKIP},
	    {"table", TAG_BLOCK}, {"tbody", TAG_BLOCK},
	    {"td", TAG_CELL}, {"template", TAG_SKIP}, {"textarea", TAG_SKIP},
	    {"th", TAG_CELL}, {"title", TAG_SKIP}, {"tr", TAG_BLOCK}, {"ul", TAG_LIST},
	    {"video", TAG_SKIP},
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

/* ---- text ----------------------------------------------------------------------------------- */

/* Nothing of the text at hand can be seen. */
static bool
is_unseen(const struct html *h)
{
	return h->hidden > 0 || h->seen.tiny || h->seen.invisible || (h->seen.colored &&
	    (h->seen.color == HTML_CLEAR_COLOR ||
		html_colors_same(h->seen.color, h->seen.ground)));
}

static void
put_text(struct html *h, struct span s)
{
	html_count_letters(h, s);
	if (h->pres > 0)
		html_put_preformatted(h, s);
	else if (h->seen.lines)
		html_put_lines(h, s);
	else
		html_put_flowing(h, s);
}

static void
on_characters(void *user, const xmlChar *text, int len)
{
	struct html *h = user;
	struct span s = {(const char *)text, len > 0 ? (size_t)len : 0};
	char utf8[4];

	if (is_unseen(h))
		return;
	/* U+0080 to U+009F are windows-1252 (HTML Living Standard, 13.2.5.80). */
	for (size_t i = 0; i + 1 < s.len;) {
		i += span_find_byte(span_skip(s, i), (char)0xC2);
		if (i + 1 < s.len && (unsigned char)s.ptr[i + 1] < 0xA0) {
			put_text(h, span_first(s, i));
			put_text(h, (struct span){utf8,
			    utf8_put(charset_c1((unsigned char)s.ptr[i + 1]), utf8)});
			s = span_skip(s, i + 2);
			i = 0;
		} else {
			i++;
		}
	}
	put_text(h, s);
}

/* ---- elements ------------------------------------------------------------------------------- */

static void
open_item(struct html *h)
{
	struct element *list = NULL;

	html_want_breaks(h, 1);
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
		if (h->cell)
			break;
		/* the first one of an item stands beside its bullet */
		html_want_breaks(h, style->no_margin || h->bullet != NULL ? 1 : 2);
		break;
	case TAG_BLOCK:
		/* Word puts a paragraph into each cell: a row stays one line all the same. */
		if (!h->cell || e->name[0] == 't')
			html_want_breaks(h, 1);
		break;
	case TAG_LIST:
	case TAG_ORDERED:
		html_want_breaks(h, 1);
		e->list = true;
		e->number = e->kind == TAG_ORDERED;
		break;
	case TAG_ITEM:
		open_item(h);
		break;
	case TAG_QUOTE:
		html_want_breaks(h, 1);
		e->quote = style->cited ||
		    html_look_get(&style->look, HTML_BORDERLESS, 0) == 0;
		break;
	case TAG_PRE:
		html_want_breaks(h, 1);
		e->pre = true;
		break;
	case TAG_CODE:
		e->code = true;
		break;
	}
	e->quote |= style->quote;
	e->hidden = style->hidden || e->kind == TAG_SKIP;
	e->attribution = style->attribution;
	if (html_look_get(&style->look, HTML_LIST_SIGN, 0) == 1) {
		e->hidden = true;
		h->bullet = "- ";
	}
	e->strike = html_look_get(&style->look, HTML_STRIKE, 0) == 1;
}

/* Below it all is the mail that is answered; and so below the first quote. */
static void
note_quote(struct html *h, struct element *e, const struct htmlstyle *style)
{
	html_open_older(h, e, style);
	if (h->quote_seen || (!e->quote && !h->region && (!h->cite || h->olders == 0)))
		return;
	h->quote_seen = true;
	h->quote_from = h->out.len;
	html_settle_signature(h);
}

static void
note_signature(struct html *h, struct element *e, const struct htmlstyle *style)
{
	if (!style->signature || h->signature_state != SIGNATURE_NONE || html_in_quote(h) ||
	    h->hidden > 0)
		return;
	e->signature = true;
	html_want_breaks(h, 1);
	h->signature_state = SIGNATURE_OPEN;
	h->signature_from = h->out.len;
}

static void
see(struct html *h, const struct html_look *look)
{
	int32_t size = html_look_get(look, HTML_FONT_SIZE, -1);
	int32_t space = html_look_get(look, HTML_WHITE_SPACE, -1);
	int32_t visibility = html_look_get(look, HTML_VISIBILITY, -1);
	int32_t color = html_look_get(look, HTML_COLOR, HTML_NO_COLOR);
	int32_t ground = html_look_get(look, HTML_BACKGROUND, HTML_CLEAR_COLOR);

	if (space >= 0)
		h->seen.lines = space == 1;
	if (size >= 0)
		h->seen.tiny = size == 1;
	if (visibility >= 0)
		h->seen.invisible = visibility == 1;
	if (color != HTML_NO_COLOR) {
		h->seen.color = color;
		h->seen.colored = true;
	}
	if (ground != HTML_CLEAR_COLOR)
		h->seen.ground = ground;
}

/* A title holds no elements: where one begins, the title's end was forgotten. */
static void
leave_title(struct html *h)
{
	struct element *e = h->depth > 0 ? &h->stack[h->depth - 1] : NULL;

	if (e == NULL || !e->hidden || strcmp(e->name, "title") != 0)
		return;
	e->hidden = false;
	h->hidden--;
}

static void
on_start(void *user, const xmlChar *name, const xmlChar **attributes)
{
	struct html *h = user;
	struct htmlstyle style = htmlstyle_read(&h->sheet, (const char *)name,
	    (const char **)attributes);
	struct element *e;

	if (h->depth == DEPTH_MAX) {
		xmlStopParser(h->parser);
		return;
	}
	if (h->bare_title)
		leave_title(h);
	e = &h->stack[h->depth];
	*e = (struct element){.kind = tag_kind((const char *)name), .before = h->seen,
	    .begins = h->out.len};
	strncpy(e->name, (const char *)name, sizeof e->name - 1);
	open_element(h, e, &style);
	note_signature(h, e, &style);
	note_quote(h, e, &style);
	h->depth++;
	h->quotes += e->quote;
	h->lists += e->list;
	h->pres += e->pre;
	h->codes += e->code;
	h->hidden += e->hidden;
	h->strikes += e->strike;
	e->doubt = style.doubt;
	h->doubts += e->doubt;
	h->attributions += e->attribution;
	if (e->quote)
		html_want_breaks(h, 1);
	see(h, &style.look);
	if (!is_unseen(h) && e->kind == TAG_LINK && style.href != NULL && h->links != NULL)
		links_add(h->arena, h->links, span_of(style.href));
	/* Emoji are often images; their text is the emoji. */
	if (e->kind == TAG_IMAGE && style.alt != NULL && (unsigned char)*style.alt >= 0xE2 &&
	    strlen(style.alt) <= 16)
		on_characters(h, (const xmlChar *)style.alt, (int)strlen(style.alt));
}

/* Something stands in the cell, and no line end. */
static bool
is_one_line(const struct html *h, const struct element *cell)
{
	struct span text = span_trim(span_skip(buf_span(&h->out), cell->begins));

	return text.len > 0 && span_find_byte(text, '\n') == text.len;
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
		if (is_one_line(h, e))
			h->breaks = 0;
		h->cell = h->started && h->breaks == 0;
		break;
	case TAG_PARAGRAPH:
	case TAG_BLOCK:
		/* A line of nothing but a no-break space is an empty one. */
		if (h->blank && (h->breaks > 0 || !h->started))
			html_want_breaks(h, 2);
		h->blank = false;
		html_want_breaks(h, 1);
		break;
	case TAG_LIST:
	case TAG_ORDERED:
	case TAG_ITEM:
	case TAG_QUOTE:
	case TAG_PRE:
		html_want_breaks(h, 1);
		break;
	}
	if (e->quote)
		html_want_breaks(h, 1);
	if (e->kind == TAG_ITEM)
		h->bullet = NULL;
	h->quotes -= e->quote;
	h->lists -= e->list;
	h->pres -= e->pre;
	h->codes -= e->code;
	if (h->pres == 0)
		html_close_fence(h);
	if (h->codes == 0 && !h->doubted)
		html_close_ticks(h);
	h->hidden -= e->hidden;
	h->strikes -= e->strike;
	h->doubts -= e->doubt;
	h->attributions -= e->attribution;
	html_close_older(h, e);
	h->seen = e->before;
	if (h->strikes == 0)
		html_close_strike(h);
	if (e->signature) {
		h->signature_state = SIGNATURE_CLOSED;
		h->signature_to = h->out.len;
		html_want_breaks(h, 1);
	}
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
	h->parser = NULL;
	/* what stayed open where the parser stopped */
	while (h->depth > 0)
		close_element(h);
	html_close_ticks(h);
}

/* Ready for another walk over the same document. */
static void
restart(struct html *h, unsigned answers)
{
	struct html again = {.arena = h->arena, .links = h->links, .out = h->out,
	    .sheet = h->sheet, .bare_title = h->bare_title, .answers = answers,
	    .cite = h->cite, .head = h->head, .walked = h->walked};

	buf_clear(&again.out);
	*h = again;
	/* black on white, until somebody says otherwise */
	h->seen.ground = h->sheet.unsure ? HTML_NO_COLOR : 0xFFFFFF;
}

/* The last title does not end. */
static bool
has_open_title(struct span html)
{
	size_t at;

	do {
		at = span_ifind(html, SPAN("<title"));
		html = span_skip(html, at + 6);
		at = span_ifind(html, SPAN("</title"));
	} while (at < html.len);
	return html.len > 0;
}

struct span
htmltext_read(struct arena *arena, struct span html, size_t max_bytes, struct links *links)
{
	struct html *h = td_alloc(sizeof *h);
	bool literal = true;
	struct span text;
	unsigned answers;

	*h = (struct html){.arena = arena, .links = links};
	html = htmlentity_expand(arena, span_first(html, max_bytes));
	htmlsheet_read(arena, html, &h->sheet);
	html = htmltags_rename(arena, html, h->sheet.renamed);
	h->bare_title = has_open_title(html);
	/* Prefixes can multiply short lines: quotes and bullets are bounded, and so is this. */
	buf_init(&h->out, 8 * html.len + 64);
	restart(h, 0);
	parse(h, html, literal);
	h->walked = true;
	/* A mail of nothing but <pre> is plain text that a program has wrapped. */
	if (!h->plain_seen && h->out.len > 0) {
		literal = false;
		restart(h, 0);
		parse(h, html, literal);
	}
	if (html_must_cite(h)) {
		h->cite = true;
		restart(h, 0);
		parse(h, html, literal);
	}
	answers = html_find_answers(h);
	if (answers != 0) {
		restart(h, answers);
		parse(h, html, literal);
	}
	html_mark_signature(h);
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
