/* SPDX-License-Identifier: ISC */
/* htmllook: see htmllook.h. */
#include "config.h"

#include "parsers/htmllook.h"

#include "parsers/base/num.h"

#define STYLE_MAX 4000
#define SAME_MAX 10 /* difference of each part of a color */
#define FAINT 100   /* thousandths; what is less solid is not seen */
#define PAGE 0xFFFFFF
#define BIT(property) (1u << (property))

/* ---- numbers and colors -------------------------------------------------------------------- */

/* A number in thousandths, with its sign; *s is what follows it. */
static bool
take_number(struct span *s, int64_t *n_r)
{
	bool negative = s->len > 0 && *s->ptr == '-', any = false;
	int64_t n = 0, scale = 1000;

	*s = span_skip(*s, negative);
	for (; s->len > 0 && *s->ptr >= '0' && *s->ptr <= '9'; any = true) {
		n = n < 1000000 ? n * 10 + (*s->ptr - '0') : n;
		*s = span_skip(*s, 1);
	}
	n *= 1000;
	if (s->len > 0 && *s->ptr == '.')
		for (*s = span_skip(*s, 1); s->len > 0 && *s->ptr >= '0' && *s->ptr <= '9';
		     any = true) {
			scale /= 10;
			n += (*s->ptr - '0') * scale;
			*s = span_skip(*s, 1);
		}
	*n_r = negative ? -n : n;
	return any;
}

static bool
is_zero(struct span value)
{
	int64_t n;

	return take_number(&value, &n) && n == 0;
}

/* Out to the left or above by more than a window may be scrolled. */
static bool
is_away(struct span value)
{
	int64_t n;

	return take_number(&value, &n) && n <= -500 * 1000;
}

/* "0", "0.01", "5%" */
static bool
is_faint(struct span value)
{
	int64_t n;

	if (!take_number(&value, &n))
		return false;
	return (span_starts(value, SPAN("%")) ? n / 100 : n) < FAINT;
}

/* The numbers behind name and its "("; 0 where one is a word, or name is not there. */
static size_t
arguments(struct span value, const char *name, int64_t numbers[4])
{
	size_t at = span_ifind(value, span_of(name)), n = 0;

	value = span_skip(value, at);
	value = span_skip(value, span_find_byte(value, '(') + 1);
	value = span_trim(span_first(value, span_find_byte(value, ')')));
	while (n < 4 && value.len > 0) {
		if (!take_number(&value, &numbers[n++]))
			return 0;
		while (value.len > 0 && *value.ptr != ' ' && *value.ptr != ',')
			value = span_skip(value, 1);
		while (value.len > 0 && (*value.ptr == ' ' || *value.ptr == ','))
			value = span_skip(value, 1);
	}
	return n;
}

/* "rect(0, 0, 0, 0)" and what leaves no more than a pixel; "inset(50%)", "circle(0)". */
static bool
is_clipped(struct span value)
{
	int64_t n[4];

	if (arguments(value, "rect", n) == 4 && (n[2] - n[0] <= 1000 || n[1] - n[3] <= 1000))
		return true;
	if (arguments(value, "inset", n) > 0 && n[0] >= 50 * 1000)
		return true;
	return arguments(value, "circle", n) > 0 && n[0] == 0;
}

/* "scale(0)", "scaleY(0.01)", "translateX(-9999px)" */
static bool
is_shrunk(struct span value)
{
	int64_t n[4];
	size_t given = arguments(value, "scale", n);

	for (size_t i = 0; i < given; i++)
		if (n[i] > -FAINT && n[i] < FAINT)
			return true;
	given = arguments(value, "translate", n);
	for (size_t i = 0; i < given; i++)
		if (n[i] <= -500 * 1000)
			return true;
	return false;
}

static int32_t
font_size(struct span value)
{
	int64_t n;

	if (!take_number(&value, &n))
		return span_istarts(value, SPAN("inherit")) ||
		    span_istarts(value, SPAN("larger")) || span_istarts(value, SPAN("smaller"))
		    ? -1 : 0;
	if (n == 0)
		return 1;
	if (span_istarts(value, SPAN("em")) || span_istarts(value, SPAN("ex")))
		return n < 150 ? 1 : -1;
	if (span_istarts(value, SPAN("rem")))
		return n < 150;
	if (span_istarts(value, SPAN("%")))
		return n < 15 * 1000 ? 1 : -1;
	return n < 2000 && !span_istarts(value, SPAN("in")) && !span_istarts(value, SPAN("cm")) &&
	    !span_istarts(value, SPAN("vw"));
}

/* Three, four, six or eight digits; the fourth part is how solid it is. */
static int32_t
hex_color(struct span s)
{
	int digits[8];
	size_t n = 0;

	while (n < s.len && n < 8 && num_hex_digit(s.ptr[n]) >= 0) {
		digits[n] = num_hex_digit(s.ptr[n]);
		n++;
	}
	if (n == 3 || n == 4)
		return n == 4 && digits[3] == 0 ? HTML_CLEAR_COLOR
		    : (digits[0] * 17) << 16 | (digits[1] * 17) << 8 | digits[2] * 17;
	if (n != 6 && n != 8)
		return HTML_NO_COLOR;
	if (n == 8 && digits[6] == 0 && digits[7] == 0)
		return HTML_CLEAR_COLOR;
	return digits[0] << 20 | digits[1] << 16 | digits[2] << 12 | digits[3] << 8 |
	    digits[4] << 4 | digits[5];
}

/* "(1, 2, 3, 0.5)", "(10% 20% 30% / 1)" */
static int32_t
rgb_color(struct span s)
{
	int64_t part[4] = {0, 0, 0, 1000};
	int32_t color = 0;
	size_t n = 0;

	s = span_skip(s, span_find_byte(s, '(') + 1);
	while (n < 4 && s.len > 0 && *s.ptr != ')') {
		if (take_number(&s, &part[n])) {
			if (n < 3 && s.len > 0 && *s.ptr == '%')
				part[n] = part[n] * 255 / 100;
			n++;
		} else
			s = span_skip(s, 1);
	}
	if (n < 3)
		return HTML_NO_COLOR;
	if (part[3] < 50)
		return HTML_CLEAR_COLOR;
	for (size_t i = 0; i < 3; i++) {
		int64_t byte = part[i] / 1000;

		color = color << 8 | (int32_t)(byte < 0 ? 0 : byte > 255 ? 255 : byte);
	}
	return color;
}

int32_t
html_color(struct span text)
{
	static const struct {
		const char *name;
		int32_t color;
	} names[] = {
	    {"white", 0xFFFFFF}, {"black", 0}, {"windowtext", 0}, {"window", 0xFFFFFF},
	    {"red", 0xFF0000}, {"green", 0x008000}, {"blue", 0x0000FF}, {"navy", 0x000080},
	    {"purple", 0x800080}, {"maroon", 0x800000}, {"teal", 0x008080}, {"olive", 0x808000},
	    {"gray", 0x808080}, {"grey", 0x808080}, {"silver", 0xC0C0C0}, {"yellow", 0xFFFF00},
	    {"lime", 0x00FF00}, {"aqua", 0x00FFFF}, {"cyan", 0x00FFFF}, {"fuchsia", 0xFF00FF},
	    {"magenta", 0xFF00FF}, {"orange", 0xFFA500}, {"snow", 0xFFFAFA},
	    {"ivory", 0xFFFFF0}, {"whitesmoke", 0xF5F5F5}, {"ghostwhite", 0xF8F8FF},
	    {"crimson", 0xDC143C}, {"darkred", 0x8B0000}, {"darkblue", 0x00008B},
	    {"darkgreen", 0x006400}, {"firebrick", 0xB22222}, {"brown", 0xA52A2A},
	    {"royalblue", 0x4169E1}, {"violet", 0xEE82EE}, {"indigo", 0x4B0082},
	    {"transparent", HTML_CLEAR_COLOR}, {"none", HTML_CLEAR_COLOR},
	};
	int32_t color;

	text = span_trim(text);
	if (text.len > 0 && *text.ptr == '#')
		return hex_color(span_skip(text, 1));
	if (span_istarts(text, SPAN("rgb")))
		return rgb_color(text);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_iis(text, names[i].name))
			return names[i].color;
	color = text.len == 6 ? hex_color(text) : HTML_NO_COLOR;
	return color >= 0 ? color : HTML_NO_COLOR;
}

bool
html_colors_same(int32_t a, int32_t b)
{
	if (a < 0 || b < 0)
		return false;
	for (int shift = 0; shift <= 16; shift += 8) {
		int difference = (int)(a >> shift & 0xFF) - (int)(b >> shift & 0xFF);

		if (difference > SAME_MAX || difference < -SAME_MAX)
			return false;
	}
	return true;
}

/* ---- declarations ---------------------------------------------------------------------------- */

static void
set(struct html_look *look, enum html_property property, int32_t value, bool important)
{
	if ((look->important & BIT(property)) != 0 && !important)
		return;
	look->value[property] = value;
	look->set |= BIT(property);
	look->important |= important ? BIT(property) : 0;
}

/* "url(x) #fff", "white none": the color in it; an image may be anything. */
static int32_t
background(struct span value)
{
	int32_t color = HTML_CLEAR_COLOR;
	struct span word, rest = value;

	if (span_ifind(value, SPAN("url(")) < value.len ||
	    span_ifind(value, SPAN("gradient(")) < value.len)
		return HTML_NO_COLOR;
	if (span_istarts(value, SPAN("rgb")))
		return html_color(value);
	while (span_next_word(&rest, &word)) {
		int32_t found = html_color(word);

		if (found >= 0)
			return found;
		if (found == HTML_NO_COLOR)
			color = color == HTML_CLEAR_COLOR && rest.len == 0 && word.len == value.len
			    ? HTML_NO_COLOR : color;
	}
	return color;
}

/* What Word draws between a mail and the one that it answers: "solid #E1E1E1 1.0pt", or, where
 * Outlook on the web wrote it anew, "1pt solid rgb(225, 225, 225)". */
static bool
is_ruled(struct span value)
{
	static const char *const colors[] = {"#E1E1E1", "#B5C4DF", "rgb(225, 225, 225)",
	    "rgb(181, 196, 223)", "rgb(225,225,225)", "rgb(181,196,223)"};

	if (span_ifind(value, SPAN("solid")) == value.len)
		return false;
	for (size_t i = 0; i < sizeof colors / sizeof *colors; i++)
		if (span_ifind(value, span_of(colors[i])) < value.len)
			return true;
	return false;
}

/* "overflow" and the rest of what may come alone or as one of a family. */
static void
declare_box(struct html_look *look, struct span name, struct span value, bool important)
{
	static const struct {
		const char *name;
		enum html_property property;
	} sizes[] = {{"height", HTML_HEIGHT}, {"max-height", HTML_MAX_HEIGHT},
	    {"width", HTML_WIDTH}, {"max-width", HTML_MAX_WIDTH}};

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		if (span_iis(name, sizes[i].name))
			set(look, sizes[i].property, is_zero(value), important);
	if (span_istarts(name, SPAN("overflow")))
		set(look, HTML_CUT, span_istarts(value, SPAN("hidden")) ||
		    span_istarts(value, SPAN("clip")), important);
	else if (span_iis(name, "text-indent") || span_iis(name, "left") || span_iis(name, "top"))
		set(look, HTML_AWAY, is_away(value) || html_look_get(look, HTML_AWAY, 0) == 1,
		    important);
	else if (span_iis(name, "clip") || span_iis(name, "clip-path"))
		set(look, HTML_CLIPPED, is_clipped(value), important);
	else if (span_iis(name, "transform"))
		set(look, HTML_SHRUNK, is_shrunk(value), important);
	else if (span_iis(name, "border"))
		set(look, HTML_BORDERLESS, span_istarts(value, SPAN("none")), important);
	else if (span_iis(name, "border-top"))
		set(look, HTML_RULED, is_ruled(value), important);
	else if (span_iis(name, "margin") || span_iis(name, "margin-bottom"))
		set(look, HTML_MARGINLESS, is_zero(value), important);
}

static void
declare(struct html_look *look, struct span name, struct span value, bool important)
{
	if (span_iis(name, "display"))
		set(look, HTML_DISPLAY, span_istarts(value, SPAN("none")), important);
	else if (span_iis(name, "visibility"))
		set(look, HTML_VISIBILITY, span_istarts(value, SPAN("hidden")) ||
		    span_istarts(value, SPAN("collapse")), important);
	else if (span_iis(name, "mso-hide"))
		set(look, HTML_MSO_HIDE, span_istarts(value, SPAN("all")), important);
	else if (span_iis(name, "white-space"))
		set(look, HTML_WHITE_SPACE, span_istarts(value, SPAN("pre")) ||
		    span_istarts(value, SPAN("break-spaces")), important);
	else if (span_iis(name, "mso-list"))
		set(look, HTML_LIST_SIGN, span_istarts(value, SPAN("Ignore")), important);
	else if (span_iis(name, "opacity"))
		set(look, HTML_OPACITY, is_faint(value), important);
	else if (span_iis(name, "font-size"))
		set(look, HTML_FONT_SIZE, font_size(value), important);
	else if (span_iis(name, "font")) {
		/* "0/0 a": nothing in front of the size but in this shortest form */
		set(look, HTML_FONT_SIZE, is_zero(value), important);
	} else if (span_iis(name, "text-decoration") || span_iis(name, "text-decoration-line"))
		set(look, HTML_STRIKE, span_ifind(value, SPAN("line-through")) < value.len,
		    important);
	else if (span_iis(name, "color"))
		set(look, HTML_COLOR, html_color(value), important);
	else if (span_iis(name, "background") || span_iis(name, "background-color"))
		set(look, HTML_BACKGROUND, background(value), important);
	else if (span_iis(name, "background-image") && !span_istarts(value, SPAN("none")))
		set(look, HTML_BACKGROUND, HTML_NO_COLOR, important);
	else
		declare_box(look, name, value, important);
}

/* Escapes and comments undone ("dis\\70 lay", CSS 2.2 section 4.1.3), into room for s.len. */
static struct span
plain_text(struct span s, char *room)
{
	size_t n = 0;

	while (s.len > 0) {
		size_t used = 1, digits = 0;
		unsigned value = 0;

		if (span_starts(s, SPAN("/*"))) {
			used = 2 + span_find(span_skip(s, 2), SPAN("*/")) + 2;
		} else if (*s.ptr == '\\') {
			for (int digit; used < s.len && digits < 6 &&
			    (digit = num_hex_digit(s.ptr[used])) >= 0; used++, digits++)
				value = value * 16 + (unsigned)digit;
			if (digits > 0 && used < s.len && s.ptr[used] == ' ')
				used++;
			if (digits > 0)
				room[n++] = value > 0 && value < 0x80 ? (char)value : '?';
		} else {
			room[n++] = *s.ptr;
		}
		s = span_skip(s, used);
	}
	return (struct span){room, n};
}

void
html_look_declare(struct html_look *look, struct span declarations)
{
	struct span text = span_first(declarations, STYLE_MAX), field;
	char room[STYLE_MAX];

	if (span_find_byte(text, '\\') < text.len || span_find(text, SPAN("/*")) < text.len)
		text = plain_text(text, room);
	while (span_next_field(&text, ';', &field)) {
		size_t colon = span_find_byte(field, ':');
		struct span value = span_trim(span_skip(field, colon + 1));
		size_t mark = span_find_byte(value, '!');

		if (colon < field.len)
			declare(look, span_trim(span_first(field, colon)),
			    span_trim(span_first(value, mark)), mark < value.len);
	}
}

void
html_look_add(struct html_look *look, const struct html_look *more)
{
	for (unsigned i = 0; i < HTML_PROPERTIES; i++)
		if ((more->set & BIT(i)) != 0)
			set(look, (enum html_property)i, more->value[i],
			    (more->important & BIT(i)) != 0);
}

int32_t
html_look_get(const struct html_look *look, enum html_property property, int32_t otherwise)
{
	return (look->set & BIT(property)) != 0 ? look->value[property] : otherwise;
}

static bool
is_flat(const struct html_look *look)
{
	return html_look_get(look, HTML_HEIGHT, 0) == 1 ||
	    html_look_get(look, HTML_MAX_HEIGHT, 0) == 1 ||
	    html_look_get(look, HTML_WIDTH, 0) == 1 ||
	    html_look_get(look, HTML_MAX_WIDTH, 0) == 1;
}

bool
html_look_hides(const struct html_look *look)
{
	return html_look_get(look, HTML_DISPLAY, 0) == 1 ||
	    html_look_get(look, HTML_MSO_HIDE, 0) == 1 ||
	    html_look_get(look, HTML_OPACITY, 0) == 1 ||
	    html_look_get(look, HTML_AWAY, 0) == 1 ||
	    html_look_get(look, HTML_CLIPPED, 0) == 1 ||
	    html_look_get(look, HTML_SHRUNK, 0) == 1 ||
	    (is_flat(look) && html_look_get(look, HTML_CUT, 0) == 1);
}

bool
html_look_may_hide(const struct html_look *look)
{
	int32_t color = html_look_get(look, HTML_COLOR, HTML_NO_COLOR);
	int32_t ground = html_look_get(look, HTML_BACKGROUND, PAGE);

	return html_look_hides(look) || html_look_get(look, HTML_VISIBILITY, 0) == 1 ||
	    html_look_get(look, HTML_FONT_SIZE, 0) == 1 || color == HTML_CLEAR_COLOR ||
	    html_colors_same(color, ground);
}
