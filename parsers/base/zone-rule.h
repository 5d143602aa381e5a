/* SPDX-License-Identifier: ISC */
/*
 * zone-rule: the POSIX rule at the end of a zone file ("CET-1CEST,M3.5.0,M10.5.0/3"), with the
 * extension of RFC 8536 section 3.3.1 (hours from -167 to 167). Part of zone; others use zone.h.
 */
#ifndef TD_ZONE_RULE_H
#define TD_ZONE_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/span.h"
#include "parsers/base/zone.h"

/* The whole of text, or false. Daylight saving without dates is refused. */
bool zone_rule_parse(struct span text, struct zone_rule *rule_r);

/* Which half holds at a moment. */
bool zone_rule_is_dst(const struct zone_rule *rule, int64_t utc);

/* The first change after utc; false where the rule never changes the clock. */
bool zone_rule_next(const struct zone_rule *rule, int64_t utc, int64_t *at_r);

#endif
