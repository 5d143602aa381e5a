/* SPDX-License-Identifier: ISC */
/*
 * verb-man: prints the list of commands for tidings-commands(7) from the table that the reading
 * uses. It stands in the page between the marks BEGIN and END; a test compares the two.
 */
#include "config.h"

#include <stdio.h>

#include "parsers/verb.h"

int
main(void)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	verb_man(&out);
	fputs(out.ptr, stdout);
	buf_release(&out);
	return 0;
}
