/* SPDX-License-Identifier: ISC */
/*
 * hours: a person's working hours and a team's core hours ("mon-fri 09:00-17:00, sat
 * 10:00-12:00"), and the two settings that hang on the clock: the digest ("daily 08:30",
 * "weekly mon 09:00", "off") and the check-in ("16:30", "off"). Read from people's text, in any
 * of the languages of parsers/when-words.h, and written back in one canonical English form, which
 * is what the store keeps. Pure.
 */
#ifndef TD_MODEL_HOURS_H
#define TD_MODEL_HOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/civil.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"
#include "parsers/base/zone.h"

#define HOURS_SPANS_MAX 42 /* six a day */

struct hours_span {
	enum weekday weekday;
	int from, to; /* minutes after local midnight, from < to <= 1440 */
};

struct hours {
	struct hours_span spans[HOURS_SPANS_MAX]; /* by weekday, then time; none touch */
	size_t count;                             /* never 0 after hours_parse */
};

/*
 * Entries with commas between them: days ("mon", "mon-fri", "mon, wed"), then a range of times.
 * Times without days belong to the days before. Refused: a range that ends before it begins
 * (night shifts are written as two), spans that overlap.
 */
TD_CHECK enum td_status hours_parse(struct span text, struct hours *hours_r, struct err *err);
const char *hours_format(struct arena *arena, const struct hours *hours);

/* Is t (UTC) inside the hours, as the clock in that zone shows them? */
bool hours_contains(const struct hours *hours, const struct zone *zone, int64_t t);
/* The first moment >= t inside the hours; false only for empty hours. */
bool hours_next_open(const struct hours *hours, const struct zone *zone, int64_t t, int64_t *at_r);
/* When somebody's day begins: with the first of their hours on it, else at 09:00. */
int64_t hours_day_begin(const struct hours *hours, const struct zone *zone, int64_t day);
bool hours_works_on(const struct hours *hours, enum weekday weekday);

/* Which part of a day somebody has off. The store keeps the numbers. */
enum day_half {
	HALF_NONE,  /* not by half: all of it */
	HALF_SOME,  /* which half was not said: nothing is known of any hour */
	HALF_MORNING,
	HALF_AFTERNOON,
};
const char *day_half_name(enum day_half half); /* "morning", "afternoon"; NULL for the others */

int hours_minutes(const struct hours *hours, enum weekday weekday); /* of that day */
/* When half of that day's work is done: minutes after midnight; noon on a day without hours. */
int hours_middle(const struct hours *hours, enum weekday weekday);
/* Does the moment lie in that half of its day? Never for HALF_NONE and HALF_SOME. */
bool hours_in_half(const struct hours *hours, const struct zone *zone, int64_t t,
    enum day_half half);

/*
 * One range of times, the same on each of its days, as a calendar series needs it: *days_r has
 * bit n for weekday n. TD_PERM otherwise: core hours are refused then.
 */
TD_CHECK enum td_status hours_uniform(
    const struct hours *hours, unsigned *days_r, int *from_r, int *to_r, struct err *err);

enum digest_kind { DIGEST_OFF, DIGEST_DAILY, DIGEST_WEEKLY };

struct digest_setting {
	enum digest_kind kind;
	enum weekday weekday; /* DIGEST_WEEKLY */
	int minute;           /* after local midnight */
};

TD_CHECK enum td_status digest_setting_parse(
    struct span text, struct digest_setting *setting_r, struct err *err);
const char *digest_setting_format(struct arena *arena, const struct digest_setting *setting);

struct checkin_setting {
	bool on;
	int minute;
};

TD_CHECK enum td_status checkin_setting_parse(
    struct span text, struct checkin_setting *setting_r, struct err *err);
const char *checkin_setting_format(struct arena *arena, const struct checkin_setting *setting);

#endif
