/* SPDX-License-Identifier: ISC */
/*
 * htmllook: the few CSS declarations that say whether text can be seen, and how it stands out
 * (CSS 2.2 sections 4, 6, 9, 11, 14; only what mail programs and mail templates write).
 */
#ifndef TD_HTMLLOOK_H
#define TD_HTMLLOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/span.h"

enum html_property {
	HTML_DISPLAY,    /* 1: none */
	HTML_VISIBILITY, /* 1: hidden */
	HTML_MSO_HIDE,   /* 1: all */
	HTML_OPACITY,    /* 1: nothing to see */
	HTML_HEIGHT,     /* 1: zero; so the next three: it hides where what is too large is cut */
	HTML_MAX_HEIGHT,
	HTML_WIDTH,
	HTML_MAX_WIDTH,
	HTML_CUT,        /* 1: overflow hidden */
	HTML_AWAY,       /* 1: moved out of the window */
	HTML_FONT_SIZE,  /* 1: too small to be read; 0: a size; -1: a part of the one around it */
	HTML_STRIKE,     /* 1: struck through */
	HTML_COLOR,      /* 0xRRGGBB, or HTML_NO_COLOR */
	HTML_BACKGROUND, /* the same */
	HTML_BORDERLESS, /* 1: none */
	HTML_MARGINLESS, /* 1: zero */
	HTML_WHITE_SPACE, /* 1: line ends in the text are line ends */
	HTML_LIST_SIGN,  /* 1: the bullet or number that Word puts in front of an item */
	HTML_CLIPPED,    /* 1: to nothing */
	HTML_SHRUNK,     /* 1: to nothing, or moved away */
	HTML_RULED,      /* 1: a line above, as Outlook draws it over the mail replied to */
	HTML_PROPERTIES
};

#define HTML_NO_COLOR (-1)    /* one that cannot be told: an image, "inherit", a name */
#define HTML_CLEAR_COLOR (-2) /* transparent */

struct html_look {
	int32_t value[HTML_PROPERTIES];
	uint32_t set, important; /* bits by enum html_property */
};

/* Takes over "name: value; ..." (the first 4,000 bytes). What is not known is passed over. */
void html_look_declare(struct html_look *look, struct span declarations);

/* Takes over what another look says, as declared after look's own. */
void html_look_add(struct html_look *look, const struct html_look *more);

/* The value, or otherwise where nothing was declared. */
int32_t html_look_get(const struct html_look *look, enum html_property property,
    int32_t otherwise);

/* Nothing of the element is seen, whatever its children say (font size and visibility aside). */
bool html_look_hides(const struct html_look *look);

/* The same of a rule alone, with font size, visibility and the color of the page. */
bool html_look_may_hide(const struct html_look *look);

/* "#fff", "rgb(1, 2, 3)", "white"; as attributes have it also "ffffff". */
int32_t html_color(struct span text);

/* So near that a text of one on a ground of the other is not seen. */
bool html_colors_same(int32_t a, int32_t b);

#endif
