/* SPDX-License-Identifier: ISC */
/* itip_own_zone: the offset of a time zone that only the calendar itself describes. */
#ifndef TD_ITIP_OWN_ZONE_H
#define TD_ITIP_OWN_ZONE_H

#include <libical/ical.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Seconds east of UTC at a time on the wall clock (seconds as if it were UTC), by the VTIMEZONE of
 * that TZID in root. False where there is none, or none that can be read.
 */
bool itip_own_offset(
    icalcomponent *root, const char *tzid, int64_t local, int64_t *offset_r);

#endif
