/* SPDX-License-Identifier: ISC */
/*
 * zone: time zones, read from the system's zoneinfo files (RFC 8536, version 2 and later with
 * the POSIX rule in the footer) in $TZDIR, else /usr/share/zoneinfo. Names are validated before
 * any file is opened; every count in a file is bounded. Zones that were loaded stay loaded until
 * the process ends, so a pointer from zone_get() never dangles. Not for several threads.
 *
 * Local times turn into moments as RFC 5545 section 3.3.5 says: a time in a gap is read with the
 * offset before the gap, an ambiguous time is the first of the two.
 */
#ifndef TD_ZONE_H
#define TD_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/civil.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"

#define ZONE_NAME_MAX 64
#define ZONE_FILE_MAX 65536
/* Moments are clamped into 0001-01-02 .. 9999-12-30, so that any offset keeps them in range. */

struct zone;

/* Letters, digits, "_+-/", at most 64 bytes; no leading, trailing or double '/'. Opens nothing. */
bool zone_name_valid(struct span name);

/*
 * The zone of that name; it belongs to the module. TD_PERM: the name is not valid, there is no
 * such zone or its file is not sound. TD_TEMP: the file could not be read.
 */
TD_CHECK enum td_status zone_get(const char *name, const struct zone **zone_r, struct err *err);
TD_CHECK enum td_status zone_get_span(
    struct span name, const struct zone **zone_r, struct err *err);
const struct zone *zone_utc(void);

/* A zone from the bytes of a file: for tests and fuzzing. */
TD_CHECK enum td_status zone_create(
    const char *name, struct span file, struct zone **zone_r, struct err *err);
void zone_destroy(struct zone **zone);

const char *zone_name(const struct zone *zone);

/* What holds at a moment (UTC seconds). The offset is seconds east of UTC. */
int32_t zone_offset_at(const struct zone *zone, int64_t utc);
const char *zone_abbreviation_at(const struct zone *zone, int64_t utc); /* "CET", "+0330" */
bool zone_dst_at(const struct zone *zone, int64_t utc);

/* The first moment after utc at which offset, abbreviation or daylight saving change. */
bool zone_next_transition(const struct zone *zone, int64_t utc, int64_t *at_r);

void zone_to_local(const struct zone *zone, int64_t utc, struct civil *local_r);
int64_t zone_local_day(const struct zone *zone, int64_t utc); /* days since 1970-01-01 */

enum zone_fit {
	ZONE_ONCE,    /* the wall clock shows it exactly once */
	ZONE_GAP,     /* never: the offset before the gap was used */
	ZONE_OVERLAP, /* twice: this is the first */
};
/* fit_r may be NULL. */
int64_t zone_to_utc(const struct zone *zone, const struct civil *local, enum zone_fit *fit_r);

/*
 * The first moment of a local day. Where the day begins with a gap it is the moment after the
 * gap; a day that was skipped altogether begins (and ends) where the next one begins.
 */
int64_t zone_day_start(const struct zone *zone, int64_t days);

/* The rule that holds after the last change listed in the file (RFC 8536 section 3.3). */
enum zone_rule_kind {
	ZONE_RULE_WEEKDAY, /* "Mm.w.d" */
	ZONE_RULE_JULIAN,  /* "Jn": 1..365, no leap day */
	ZONE_RULE_DAY,     /* "n": 0..365, leap day counted */
};
struct zone_rule_date {
	enum zone_rule_kind kind;
	int month, week, weekday; /* weekday as POSIX: 0 is Sunday; week 5 is the last */
	int day;                  /* n of the other two kinds */
	int32_t time;             /* seconds after local midnight; may be negative or over a day */
};
struct zone_rule {
	int32_t std_offset, dst_offset; /* seconds east of UTC */
	char std_name[16], dst_name[16];
	bool has_dst;
	struct zone_rule_date dst_start; /* on the standard clock */
	struct zone_rule_date dst_end;   /* on the daylight clock */
};
/* NULL where the file ends without one. */
const struct zone_rule *zone_rule(const struct zone *zone);
/* The moments at which the rule changes the clock in that year. Only where has_dst. */
void zone_rule_year(
    const struct zone_rule *rule, int year, int64_t *dst_start_r, int64_t *dst_end_r);

#endif
