/* SPDX-License-Identifier: ISC */
/* htmlstyle: what the attributes of an element say about how it is seen. */
#ifndef TD_HTMLSTYLE_H
#define TD_HTMLSTYLE_H

#include <stdbool.h>

struct htmlstyle {
	bool hidden;      /* display:none and what else mail uses to hide preheaders */
	bool quote;       /* a container in which a mail program puts the mail replied to */
	bool indent_only; /* a <blockquote> that only moves the text to the right */
	bool no_margin;   /* a paragraph without an empty line around it */
	int font_size;    /* -1: nothing to see (0 or 1 px); 1: one is set; 0: none named */
	const char *href;
	const char *alt;
};

/* attributes: name, value, ..., NULL as SAX gives them; may be NULL. */
struct htmlstyle htmlstyle_read(const char **attributes);

#endif
