/* SPDX-License-Identifier: ISC */
/* say: days and moments in the words of a locale. Texts live in the arena. */
#ifndef TD_SAY_H
#define TD_SAY_H

#include "daemon/compose/compose.h"
#include "daemon/compose/locale.h"

/* "2026-11-24" as "Tue 24 Nov", or with the year; the text itself where it is not a day. */
const char *say_day(const struct locale *locale, struct arena *arena, const char *day,
    bool with_year);
/* "Fri 27 Nov 2026, 17:00 (Europe/Berlin)"; NULL when there is no moment. */
const char *say_when(const struct locale *locale, struct arena *arena,
    const struct compose_when *when);
/* "17:00" of a moment that has a time, else NULL. */
const char *say_time(struct arena *arena, const struct compose_when *when);
/* "Sun 22 Nov 2026, 14:05 (Europe/Lisbon)": a point in time, shown in a zone. */
const char *say_moment(const struct locale *locale, struct arena *arena, int64_t at,
    const char *zone);
/* The day that it is at `at` in a zone: "Sun 22 Nov". */
const char *say_local_day(const struct locale *locale, struct arena *arena, int64_t at,
    const char *zone);
/* "6h 30m", "0m". */
const char *say_hours(struct arena *arena, int64_t seconds);
/* "mon-thu 14:00-17:00" as "Mon-Thu 14:00-17:00". */
const char *say_rule(struct arena *arena, const char *rule);

#endif
