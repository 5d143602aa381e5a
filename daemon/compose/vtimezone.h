/* SPDX-License-Identifier: ISC */
/*
 * vtimezone: a zone as a VTIMEZONE component (RFC 5545 section 3.6.5), made from zone.h: one
 * STANDARD, and one DAYLIGHT where the clock changes, with a yearly RRULE where the zone keeps a
 * rule, else with the dates of the coming years (Morocco's follow the moon). Calendars take the
 * larger offset for daylight saving, whatever the zone calls it (Dublin's winter time).
 */
#ifndef TD_COMPOSE_VTIMEZONE_H
#define TD_COMPOSE_VTIMEZONE_H

#include <stdint.h>

#include <libical/ical.h>

#include "parsers/base/zone.h"

/* Good for times from `from` (UTC) on. The caller owns the component. */
icalcomponent *vtimezone_new(const struct zone *zone, int64_t from);

#endif
