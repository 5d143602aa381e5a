/* SPDX-License-Identifier: ISC */
/*
 * store/holiday: public holidays by region, and the days that people have off: their absences and
 * the holidays of their region (their own, else that of the first team that has one).
 */
#ifndef TD_STORE_HOLIDAY_H
#define TD_STORE_HOLIDAY_H

#include "daemon/store/absence.h"
#include "daemon/store/db.h"

#define HOLIDAY_NONE "none" /* the region of a person who works on all of them */

struct holiday {
	const char *day; /* "2026-12-25" */
	const char *name;
};

enum holiday_of { HOLIDAY_TEAM, HOLIDAY_PERSON };

/* In place of what the region had. */
TD_CHECK enum td_status holiday_replace(struct db *db, const char *region,
    const struct holiday *days, size_t n, struct err *err);
TD_CHECK enum td_status holiday_list(struct db *db, struct arena *arena, const char *region,
    const char *from_day, const char *to_day, struct holiday **days_r, size_t *n_r,
    struct err *err);
/* The region of a team or a person; NULL without. */
TD_CHECK enum td_status holiday_region(struct db *db, struct arena *arena, enum holiday_of of,
    int64_t id, const char **region_r, struct err *err);
TD_CHECK enum td_status holiday_set_region(struct db *db, enum holiday_of of, int64_t id,
    const char *region, struct err *err);

/* absence_list, and each public holiday as an absence of that day: kind "public holiday", its
 * name as the note, id 0. person_id 0: of all people. */
TD_CHECK enum td_status days_off_list(struct db *db, struct arena *arena, int64_t person_id,
    const char *from_day, const char *to_day, struct absence **absences_r, size_t *n_r,
    struct err *err);

#endif
