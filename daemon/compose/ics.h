/* SPDX-License-Identifier: ISC */
/*
 * ics: core hours as a calendar series, and the date of a decision as one event of its own: iTIP
 * (RFC 5546) REQUEST or CANCEL for one recipient. The
 * zone's IANA name stands as TZID, with a VTIMEZONE made from our own zone reader (RFC 5545
 * section 3.6.5). Pure: text in, text out. No text that holds a control character gets into a
 * property; addresses must be plain ASCII.
 */
#ifndef TD_COMPOSE_ICS_H
#define TD_COMPOSE_ICS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/model/hours.h"
#include "parsers/base/buf.h"
#include "parsers/base/err.h"

#define ICS_MAX (64 * 1024)

struct ics_series {
	bool cancel;     /* METHOD:CANCEL; sequence must be higher than before */
	const char *uid; /* immutable, ours */
	uint32_t sequence;
	int64_t dtstamp;            /* UTC; another one on every send */
	const char *organizer;      /* address: the From of the mail */
	const char *organizer_name; /* may be NULL */
	const char *attendee;       /* address: the one recipient */
	const char *attendee_name;  /* may be NULL */
	const char *summary;
	const char *description;   /* may be NULL; LF allowed */
	const char *location;      /* may be NULL */
	const char *zone;          /* IANA name the hours are meant in */
	const struct hours *hours; /* must be uniform: hours_uniform(); NULL: one event */
	int64_t start, end;        /* UTC, of the one event */
	int64_t first_day;         /* local day: the first occurrence is on it or after it */
	const int64_t *left_out;   /* local days that the series skips (EXDATE), in order */
	size_t n_left_out;
	int64_t until;             /* UTC, last moment an occurrence may begin; 0: no end */
};

/*
 * Appends the calendar to out (CRLF line ends, folded at 75 octets). TD_PERM: a text that cannot
 * stand in a calendar, an unknown zone, hours that are not uniform.
 */
TD_CHECK enum td_status ics_series(
    const struct ics_series *series, struct buf *out, struct err *err);

#endif
