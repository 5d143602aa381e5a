/* SPDX-License-Identifier: ISC */
/* gather-week: a person's week of work: its target, with days off taken away. See gather.h. */
#include "config.h"

#include "daemon/compose/gather.h"

#include <string.h>

#include "daemon/store/holiday.h"
#include "daemon/store/workrule.h"

/* halves: of each day, a bit for each enum day_half that is off. */
static void
mark_off(const struct absence *absence, int64_t monday, unsigned halves[7])
{
	for (int d = 0; d < 7; d++) {
		char day[CIVIL_TEXT];

		civil_format_day(monday + d, day);
		if (strcmp(absence->first_day, day) > 0 || strcmp(absence->last_day, day) < 0)
			continue;
		halves[d] |= 1u << absence->half_day;
	}
}

static enum day_off
off_of(unsigned halves)
{
	const unsigned both = 1u << HALF_MORNING | 1u << HALF_AFTERNOON;

	if ((halves & 1u << HALF_NONE) != 0 || (halves & both) == both)
		return DAY_OFF;
	return halves != 0 ? DAY_HALF : DAY_WORK;
}

static enum day_half
half_of(unsigned halves)
{
	if (off_of(halves) != DAY_HALF)
		return HALF_NONE;
	return (halves & 1u << HALF_MORNING) != 0 ? HALF_MORNING
	    : (halves & 1u << HALF_AFTERNOON) != 0 ? HALF_AFTERNOON : HALF_SOME;
}

enum td_status
gather_week(struct db *db, struct arena *arena, const struct person *person, int64_t monday,
    struct gather_week *week_r, struct err *err)
{
	struct gather_week week = {.monday = monday};
	struct absence *absences;
	unsigned halves[7] = {0};
	char first[CIVIL_TEXT], last[CIVIL_TEXT];
	size_t n;
	enum td_status status;

	civil_format_day(monday, first);
	civil_format_day(monday + 6, last);
	if ((status = target_get(db, person->id, &week.rule, err)) != TD_OK ||
	    (status = days_off_list(db, arena, person->id, first, last, &absences, &n,
	        err)) != TD_OK)
		return status;
	for (size_t i = 0; i < n; i++)
		mark_off(&absences[i], monday, halves);
	for (int d = 0; d < 7; d++) {
		week.off[d] = off_of(halves[d]);
		week.half[d] = half_of(halves[d]);
	}
	if (hours_parse(span_of(person->hours), &week.hours, NULL) != TD_OK)
		week.hours.count = 0;
	for (int d = 0; d < 7; d++)
		if (hours_works_on(&week.hours, (enum weekday)d))
			week.halves_off += week.off[d] == DAY_OFF ? 2 : week.off[d] == DAY_HALF;
	week.target = target_week(&week.rule, &week.hours, week.off);
	*week_r = week;
	return TD_OK;
}
