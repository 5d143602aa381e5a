/* SPDX-License-Identifier: ISC */
/*
 * itip: calendar parts of a mail (RFC 5545, RFC 5546) as events. Only facts: nothing is
 * expanded. What libical is known to stumble over is refused or repaired before it sees the
 * text: size, nesting, number of components, a backslash at a line's end; and rules that repeat
 * by second, minute or hour.
 *
 * Zones: an IANA name is taken as it is, Windows' names are translated by ICU, and what the
 * calendar calls anything else falls back to the standard offset that it gives with it.
 */
#ifndef TD_ITIP_H
#define TD_ITIP_H

#include "parsers/base/arena.h"
#include "parsers/base/span.h"
#include "parsers/reading.h"

#define ITIP_EVENTS_MAX 50
#define ITIP_ATTENDEES_MAX 500

struct itip_events {
	struct reading_event *items;
	size_t n, cap;
};

/*
 * Appends the events of one calendar (UTF-8) to events. method: of the content type, NULL
 * without; zone: where floating times are read. A calendar that cannot be read appends one event
 * that has only `error`.
 */
void itip_read(struct arena *arena, struct span ics, const char *method, const char *zone,
    size_t max_bytes, struct itip_events *events);

/* "Europe/Helsinki" for that name, "FLE Standard Time", or one with a vendor's prefix; or NULL. */
const char *itip_zone(struct arena *arena, struct span tzid);

/* The meeting room (Zoom, Teams, Meet, Webex and the like) that a text links to; or NULL. */
const char *itip_conference(struct arena *arena, struct span text);

#endif
