/* SPDX-License-Identifier: ISC */
/* htmlstyle: what an element's attributes, and the style sheet, say about how it is seen. */
#ifndef TD_HTMLSTYLE_H
#define TD_HTMLSTYLE_H

#include <stdbool.h>

#include "parsers/htmllook.h"
#include "parsers/htmlsheet.h"

struct htmlstyle {
	struct html_look look;
	bool hidden;      /* display:none and what else mail uses to hide preheaders */
	bool doubt;       /* may be hidden: nobody can say */
	bool quote;       /* a container in which a mail program puts the mail replied to */
	bool cited;       /* a <blockquote> that says it is a quote */
	bool reply_mark;  /* what Outlook puts between a mail and the one that it answers */
	bool ruled;       /* a line above, as Outlook draws it over the head of that mail */
	bool attribution; /* the line that says who wrote what is quoted */
	bool container;   /* all of it is a mail that is quoted or forwarded, with its head */
	bool mixed;       /* such a one, in which answers may stand between the quotes */
	bool signature;   /* the container in which a mail program puts the signature */
	bool no_margin;   /* a paragraph without an empty line around it */
	const char *href;
	const char *alt;
};

/* attributes: name, value, ..., NULL as SAX gives them; may be NULL. */
struct htmlstyle htmlstyle_read(const struct htmlsheet *sheet, const char *tag,
    const char **attributes);

#endif
