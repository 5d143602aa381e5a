/* SPDX-License-Identifier: ISC */
/* read_apart: reads a mail in a process of its own, with the rights and limits of a parser. */
#ifndef TD_READ_APART_H
#define TD_READ_APART_H

#include "parsers/reading.h"
#include "daemon/control/tool.h"
#include "daemon/store/person.h"

/* The zones of people, for a reading_context: user is the list. */
struct zones {
	struct person_address *addresses;
	size_t n;
};
const char *zones_of(void *user, const char *address);

/*
 * The reading of a mail that came at now. The store must be closed: a mail that takes the
 * process over finds nothing in it. TD_PERM says why there is none: it died, or refused.
 */
TD_CHECK enum td_status read_apart(struct tool *tool, struct span mail, int64_t now,
    const struct zones *zones, struct reading **reading_r, struct err *err);

#endif
