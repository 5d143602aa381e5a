/* SPDX-License-Identifier: ISC */
/*
 * due: when a digest or a check-in is due for a person, and when a mail may reach them. Pure: the
 * moment, the zone and the absences are parameters.
 *
 * Each thing is due once on a local day. What was done is remembered as that day, so neither a
 * second 02:30 in autumn, nor a clock set back, nor a flight to the west makes it due twice; and
 * a time that a spring night leaves out comes after the gap on the same day. A day that a zone
 * skipped altogether has nothing due.
 */
#ifndef TD_SCHEDULE_DUE_H
#define TD_SCHEDULE_DUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/model/hours.h"
#include "parsers/base/zone.h"

/* What was missed by no more than this is done late; older ones are skipped. Seconds. */
#define DUE_GRACE (6 * 3600)
#define DUE_NEVER INT64_MIN /* for last_day: not done yet */

struct due_absence {
	int64_t first_day, last_day; /* local days since 1970-01-01, both included */
	enum day_half half_day;      /* works the other half, and is reached in that */
};

struct due_person {
	const struct zone *zone; /* where they are now, travel included */
	const struct hours *hours;
	const struct due_absence *absences;
	size_t n_absences;
};

struct due {
	int64_t at;  /* UTC; not after now for one that is late */
	int64_t day; /* the local day it belongs to: for the dedupe key, and last_day next time */
	bool late;
};

/*
 * The next digest: daily on days of work, weekly on its weekday (work or not), never while away;
 * one that falls into a morning off comes with the afternoon, and none comes in an afternoon off.
 * last_day: the day of the last one done, or DUE_NEVER. false: the setting is off, or nothing is
 * due within 400 days.
 */
bool due_digest(const struct digest_setting *setting, const struct due_person *person,
    int64_t last_day, int64_t now, struct due *due_r);

/*
 * The next check-in: on days of work, never while away, and always within the hours. A time that
 * lies beside what is worked of a day (before or after the hours, in a half of it that is off)
 * becomes half an hour before the end of that.
 */
bool due_checkin(const struct checkin_setting *setting, const struct due_person *person,
    int64_t last_day, int64_t now, struct due *due_r);

/* Away for the whole of that local day? */
bool due_away(const struct due_person *person, int64_t day);
/* Away at that moment: for its day, or for the half of it that it lies in? */
bool due_away_at(const struct due_person *person, int64_t t);

/*
 * The first moment >= t at which a mail may reach the person: in their hours and not away. false
 * if there is none within 400 days.
 */
bool due_contact(const struct due_person *person, int64_t t, int64_t *at_r);

#endif
