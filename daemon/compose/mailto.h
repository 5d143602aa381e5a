/* SPDX-License-Identifier: ISC */
/*
 * mailto: links that prepare a mail (RFC 6068). Everything outside the unreserved characters is
 * percent-encoded: a blank is %20 (never '+'), a line break %0D%0A, a '+' of an address %2B.
 */
#ifndef TD_MAILTO_H
#define TD_MAILTO_H

#include "parsers/base/arena.h"

#define MAILTO_MAX 400 /* bytes of a link; longer ones are cut by mail programs */

/* subject and body may be NULL. NULL when the link would be longer than MAILTO_MAX. */
const char *mailto(struct arena *arena, const char *address, const char *subject,
    const char *body);

#endif
