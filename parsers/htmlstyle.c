/* SPDX-License-Identifier: ISC */
/* htmlstyle: see htmlstyle.h. No cascade: only the element's own attributes count. */
#include "config.h"

#include "parsers/htmlstyle.h"

#include <string.h>

#include "parsers/base/span.h"

#define STYLE_MAX 4000

/* "0", "0px", "0.0em", "1px": too small to be read. */
static bool
is_tiny(struct span value)
{
	size_t n = 0;
	bool zero = true;

	while (n < value.len &&
	    ((value.ptr[n] >= '0' && value.ptr[n] <= '9') || value.ptr[n] == '.')) {
		if (value.ptr[n] != '0' && value.ptr[n] != '.')
			zero = false;
		n++;
	}
	if (n == 0)
		return false;
	return zero || span_istarts(value, SPAN("1px"));
}

static bool
is_zero(struct span value)
{
	return value.len > 0 && *value.ptr == '0' && is_tiny(value);
}

static void
read_property(struct span name, struct span value, struct htmlstyle *style)
{
	if (span_iis(name, "display"))
		style->hidden |= span_istarts(value, SPAN("none"));
	else if (span_iis(name, "visibility"))
		style->hidden |= span_istarts(value, SPAN("hidden"));
	else if (span_iis(name, "mso-hide"))
		style->hidden |= span_istarts(value, SPAN("all"));
	else if (span_iis(name, "max-height") || span_iis(name, "opacity"))
		style->hidden |= is_zero(value);
	else if (span_iis(name, "font-size"))
		style->font_size = is_tiny(value) ? -1 : 1;
	else if (span_iis(name, "border"))
		style->indent_only |= span_istarts(value, SPAN("none"));
	else if (span_iis(name, "margin") || span_iis(name, "margin-bottom"))
		style->no_margin |= is_zero(value);
}

static void
read_style(struct span text, struct htmlstyle *style)
{
	struct span field;

	text = span_first(text, STYLE_MAX);
	while (span_next_field(&text, ';', &field)) {
		size_t colon = span_find_byte(field, ':');

		if (colon < field.len)
			read_property(span_trim(span_first(field, colon)),
			    span_trim(span_skip(field, colon + 1)), style);
	}
}

static bool
is_one_of(struct span word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (span_iis(word, *list))
			return true;
	return false;
}

static void
read_class(struct span text, struct htmlstyle *style)
{
	static const char *const quotes[] = {"yahoo_quoted", "protonmail_quote", "tutanota_quote",
	    "zmail_extra", "OutlookMessageHeader", NULL};
	static const char *const hidden[] = {"preheader", "mcnPreviewText", NULL};
	struct span word;

	while (span_next_word(&text, &word)) {
		style->quote |= is_one_of(word, quotes);
		style->hidden |= is_one_of(word, hidden);
		style->no_margin |= span_istarts(word, SPAN("Mso"));
	}
}

struct htmlstyle
htmlstyle_read(const char **attributes)
{
	static const char *const quotes[] = {"OLK_SRC_BODY_SECTION", "yahoo_quoted", NULL};
	struct htmlstyle style = {0};
	bool cited = false;

	for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
		const char *name = attributes[0];
		struct span value = span_of(attributes[1]);

		if (strcmp(name, "style") == 0)
			read_style(value, &style);
		else if (strcmp(name, "class") == 0)
			read_class(value, &style);
		else if (strcmp(name, "id") == 0)
			style.quote |= is_one_of(value, quotes);
		else if (strcmp(name, "hidden") == 0)
			style.hidden = true;
		else if (strcmp(name, "type") == 0 || strcmp(name, "cite") == 0)
			cited = true;
		else if (strcmp(name, "href") == 0)
			style.href = attributes[1];
		else if (strcmp(name, "alt") == 0)
			style.alt = attributes[1];
	}
	style.indent_only &= !cited;
	return style;
}
