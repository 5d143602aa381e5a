/* SPDX-License-Identifier: ISC */
/* contact: see contact.h. */
#include "config.h"

#include "daemon/intake/contact.h"

#include "daemon/schedule/due.h"
#include "daemon/store/holiday.h"

enum td_status
contact_time(struct db *db, struct arena *arena, const struct person *person, int64_t now,
    int64_t *at_r, struct err *err)
{
	const char *today = person_day(arena, person->zone, now);
	struct due_person due = {0};
	struct due_absence *away;
	struct absence *absences;
	struct hours hours;
	struct err ignored;
	size_t n;
	enum td_status status = days_off_list(db, arena, person->id, today, "9999-12-31",
	    &absences, &n, err);

	*at_r = now;
	if (status != TD_OK || zone_get(person->zone, &due.zone, &ignored) != TD_OK ||
	    hours_parse(span_of(person->hours), &hours, &ignored) != TD_OK)
		return status;
	away = arena_array(arena, n, sizeof *away);
	for (size_t i = 0; i < n; i++) {
		struct due_absence *a = &away[due.n_absences];

		a->half_day = absences[i].half_day;
		due.n_absences +=
		    civil_parse_day(span_of(absences[i].first_day), &a->first_day) &&
		    civil_parse_day(span_of(absences[i].last_day), &a->last_day);
	}
	due.hours = &hours;
	due.absences = away;
	if (!due_contact(&due, now, at_r))
		*at_r = now;
	return TD_OK;
}
