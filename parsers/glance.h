/* SPDX-License-Identifier: ISC */
/*
 * glance: what a mail that cannot be read says of itself: From and Subject, so that a person can
 * recognise it in quarantine. It looks at the beginning of the mail alone, builds no tree, and
 * never fails. It proves nothing: nobody is believed for what it gives.
 */
#ifndef TD_GLANCE_H
#define TD_GLANCE_H

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

#define GLANCE_BYTES 262144 /* of the mail that are looked at */
#define GLANCE_TEXT 300     /* bytes of each text at most */

struct glance {
	const char *from;    /* the address where there is one alone, else the field; NULL
	                        without */
	const char *subject; /* one clean line, NULL without */
};

struct glance glance_at(struct arena *arena, struct span mail);

#endif
