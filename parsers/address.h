/* SPDX-License-Identifier: ISC */
/*
 * address: mail addresses and lists of them (RFC 5322 section 3.4, with the obsolete forms that
 * are still seen, RFC 6532 for UTF-8). The parser is iterative and linear, and counts every
 * mailbox that a list names, also one it cannot read: trust hangs on "exactly one".
 */
#ifndef TD_ADDRESS_H
#define TD_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

struct address {
	const char *addr; /* local part as written, domain lower case; NULL if it is not one */
	const char *name; /* decoded display name, NULL without */
};

/*
 * local@domain without white space, control characters, quotes or any of < > ( ) , ; : \ [ ]
 * (but a domain literal), at most 320 bytes. What a quoted local part could hold beyond that is
 * not taken for an address.
 */
bool address_valid(struct span s);

/* The address alone, domain in lower case; NULL unless address_valid. */
const char *address_normal(struct arena *arena, struct span s);

/* Splits team+tag@domain; *tag_r is NULL without a tag. */
const char *address_without_tag(struct arena *arena, const char *addr, const char **tag_r);

/* What stands behind '@', or "" where there is none. */
const char *address_domain(const char *addr);

/*
 * A raw header value, folded or not. Gives at most max entries in *list_r; the return value is
 * the number of all mailboxes in it.
 */
size_t address_list(struct arena *arena, struct span raw, size_t max, struct address **list_r,
    size_t *n_r);

#endif
