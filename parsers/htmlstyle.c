/* SPDX-License-Identifier: ISC */
/* htmlstyle: see htmlstyle.h. The names are those that mail programs give to their containers. */
#include "config.h"

#include "parsers/htmlstyle.h"

#include <string.h>

#include "parsers/base/span.h"
#include "parsers/htmltags.h"

static bool
is_one_of(struct span word, const char *const *list)
{
	/* Outlook on the web renames what it quotes and what it forwards. */
	if (span_starts(word, SPAN("x_")))
		word = span_skip(word, 2);
	for (; *list != NULL; list++)
		if (span_iis(word, *list))
			return true;
	return false;
}

static void
read_name(struct span word, struct htmlstyle *style)
{
	static const char *const quotes[] = {"yahoo_quoted", "protonmail_quote", "tutanota_quote",
	    "zmail_extra", "OutlookMessageHeader", "OLK_SRC_BODY_SECTION", NULL};
	static const char *const signatures[] = {"gmail_signature", "moz-signature", "Signature",
	    "protonmail_signature_block", "ms-outlook-mobile-signature", "AppleMailSignature",
	    "k9mail-signature", "composer_signature", "messageSignatureSection", "bloop_sign",
	    "yahoo_signature", "__SIG_PRE__", "__SIG_POST__", "sig1", NULL};
	static const char *const attributions[] = {"gmail_attr", "moz-cite-prefix", "gmail_quote",
	    "gmail_quote_container", "gmail_extra", "appendonsend", "mail-editor-reference-message-"
	    "container", "quote", "quoted-content", "reply-intro", "__HEADERS__", NULL};
	static const char *const containers[] = {"gmail_attr", "moz-cite-prefix",
	    "moz-forward-container", "mail-editor-reference-message-container", "reply-intro",
	    "quote", "quoted-content", "__HEADERS__", "__QUOTED_TEXT__", NULL};
	static const char *const mixed[] = {"gmail_quote", "gmail_quote_container", NULL};
	static const char *const marks[] = {"divRplyFwdMsg", NULL};

	style->quote |= is_one_of(word, quotes);
	style->signature |= is_one_of(word, signatures);
	style->attribution |= is_one_of(word, attributions);
	style->container |= is_one_of(word, containers);
	style->mixed |= is_one_of(word, mixed);
	style->reply_mark |= is_one_of(word, marks);
	style->no_margin |= span_istarts(word, SPAN("Mso"));
}

static void
read_colors(const char *name, struct span value, const char *tag, struct html_look *look)
{
	struct html_look more;

	more.set = more.important = 0;
	if (strcmp(name, "bgcolor") == 0) {
		more.value[HTML_BACKGROUND] = html_color(value);
		more.set = 1u << HTML_BACKGROUND;
	} else if (strcmp(name, "background") == 0) {
		more.value[HTML_BACKGROUND] = HTML_NO_COLOR;
		more.set = 1u << HTML_BACKGROUND;
	} else if ((strcmp(name, "color") == 0 && strcmp(tag, "font") == 0) ||
	    (strcmp(name, "text") == 0 && strcmp(tag, "div") == 0)) {
		more.value[HTML_COLOR] = html_color(value);
		more.set = 1u << HTML_COLOR;
	}
	if (more.set != 0)
		html_look_add(look, &more);
}

/* What the elements themselves mean, below what any style says. */
static void
read_element(const char *tag, const char **attributes, struct html_look *look)
{
	if (strcmp(tag, "s") == 0 || strcmp(tag, "del") == 0 || strcmp(tag, "strike") == 0)
		html_look_declare(look, SPAN("text-decoration:line-through"));
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
		if (strcmp(attributes[0], "hidden") == 0)
			html_look_declare(look, SPAN("display:none"));
		read_colors(attributes[0], span_of(attributes[1]), tag, look);
	}
}

struct htmlstyle
htmlstyle_read(const struct htmlsheet *sheet, const char *tag, const char **attributes)
{
	struct htmlstyle style = {.hidden = false};
	struct htmlsheet_element element = {.tag = span_of(tag), .attributes = attributes};
	struct span class = SPAN(""), id = SPAN(""), inner = SPAN(""), rest, word;
	bool open = false;

	read_element(tag, attributes, &style.look);
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
		const char *name = attributes[0];
		struct span value = span_of(attributes[1]);

		if (strcmp(name, "style") == 0)
			inner = value;
		else if (strcmp(name, "class") == 0)
			class = value;
		else if (strcmp(name, "id") == 0 || strcmp(name, "name") == 0)
			id = strcmp(name, "id") == 0 || id.len == 0 ? value : id;
		else if (strcmp(name, "data-marker") == 0)
			read_name(value, &style);
		else if (strcmp(name, "type") == 0 || strcmp(name, "cite") == 0)
			style.cited = true;
		else if (strcmp(name, HTMLTAGS_NAME) == 0)
			element.tag = value;
		else if (strcmp(name, "open") == 0)
			open = true;
		else if (strcmp(name, "href") == 0)
			style.href = attributes[1];
		else if (strcmp(name, "alt") == 0)
			style.alt = attributes[1];
	}
	element.class = class;
	element.id = id;
	style.doubt = sheet->n > 0 && htmlsheet_apply(sheet, &element, &style.look);
	/* programs that do not know them, or run no scripts, show what is in them */
	style.doubt |= strcmp(tag, "noscript") == 0 || (strcmp(tag, "dialog") == 0 && !open);
	if (inner.len > 0)
		html_look_declare(&style.look, inner);
	for (rest = class; span_next_word(&rest, &word);)
		read_name(word, &style);
	if (id.len > 0)
		read_name(span_trim(id), &style);
	style.hidden = html_look_hides(&style.look);
	style.no_margin |= html_look_get(&style.look, HTML_MARGINLESS, 0) == 1;
	style.ruled = html_look_get(&style.look, HTML_RULED, 0) == 1;
	return style;
}
