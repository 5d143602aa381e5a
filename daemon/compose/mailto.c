/* SPDX-License-Identifier: ISC */
/* mailto: see mailto.h. */
#include "config.h"

#include "daemon/compose/mailto.h"

#include <string.h>

#include "parsers/base/buf.h"

static void
put_encoded(struct buf *out, const char *text, const char *also)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    strchr("-._~", c) != NULL || strchr(also, c) != NULL)
			buf_putc(out, (char)c);
		else if (c == '\n')
			buf_puts(out, "%0D%0A");
		else if (c != '\r')
			buf_printf(out, "%%%02X", c);
	}
}

const char *
mailto(struct arena *arena, const char *address, const char *subject, const char *body)
{
	struct buf out;
	const char *link;

	buf_init(&out, MAILTO_MAX);
	buf_puts(&out, "mailto:");
	put_encoded(&out, address, "@");
	if (subject != NULL) {
		buf_puts(&out, "?subject=");
		put_encoded(&out, subject, "");
	}
	if (body != NULL) {
		buf_puts(&out, subject != NULL ? "&body=" : "?body=");
		put_encoded(&out, body, "");
	}
	link = out.over ? NULL : arena_strdup(arena, out.ptr);
	buf_release(&out);
	return link;
}
