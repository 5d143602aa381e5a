/* SPDX-License-Identifier: ISC */
/*
 * param: parameters of Content-Type and Content-Disposition (RFC 2045, RFC 2231), and what mail
 * programs write instead: encoded words inside quotes (also folded), raw 8-bit bytes, values
 * with spaces and no quotes.
 */
#ifndef TD_PARAM_H
#define TD_PARAM_H

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

/*
 * The value of a parameter in a raw header value: valid UTF-8, not yet cleaned; empty without.
 * The extended forms (name*, name*0) win over the plain one.
 */
struct span param_get(struct arena *arena, struct span header, const char *name);

#endif
