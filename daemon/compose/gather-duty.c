/* SPDX-License-Identifier: ISC */
/* gather-duty: who is on call, who stands in, who is away. See gather.h and model/duty.h. */
#include "config.h"

#include "daemon/compose/gather.h"

#include <string.h>

#include "parsers/base/zone.h"
#include "daemon/store/absence.h"
#include "daemon/store/oncall.h"
#include "daemon/store/person.h"

/* Off now, where it is by half? */
static bool
is_off_now(const struct absence *absence, const struct person *person, int64_t now)
{
	const struct zone *zone;
	struct hours hours;

	if (absence->half_day == HALF_NONE)
		return true;
	return zone_get(person->zone, &zone, NULL) == TD_OK &&
	    hours_parse(span_of(person->hours), &hours, NULL) == TD_OK &&
	    hours_in_half(&hours, zone, now, absence->half_day);
}

static void
note_absence(struct duty_person *person, const struct person *who, const char *day, int64_t now,
    const struct absence *absences, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct absence *a = &absences[i];

		if (a->person_id != person->id || strcmp(a->first_day, day) > 0 ||
		    strcmp(a->last_day, day) < 0 || !is_off_now(a, who, now))
			continue;
		person->away = true;
		if (a->cover_id != 0)
			person->cover_id = a->cover_id;
	}
}

/* A guest cannot answer a call, and somebody whose address is gone does not get it. */
static bool
can_be_called(const struct member *member)
{
	return member->role != ROLE_GUEST && member->person.address != NULL &&
	    strcmp(member->person.delivery, "hard") != 0;
}

static enum td_status
load_people(struct db *db, struct arena *arena, int64_t team_id, int64_t now, struct duty *duty,
    struct err *err)
{
	struct member *members;
	struct absence *absences;
	struct duty_person *people;
	size_t n, n_absences;
	/* a day on either side: somewhere it is not UTC's */
	const char *from = person_day(arena, "UTC", now - 86400);
	const char *to = person_day(arena, "UTC", now + 86400);
	enum td_status status;

	if ((status = member_list(db, arena, team_id, &members, &n, err)) != TD_OK ||
	    (status = absence_list(db, arena, 0, from, to, &absences, &n_absences, err)) != TD_OK)
		return status;
	people = arena_array(arena, n + 1, sizeof *people);
	for (size_t i = 0; i < n; i++) {
		struct duty_person *person = &people[duty->n_people];

		if (!can_be_called(&members[i]))
			continue;
		*person = (struct duty_person){.id = members[i].person.id,
		    .lead = members[i].role == ROLE_LEAD};
		note_absence(person, &members[i].person, person_day(arena,
		    members[i].person.zone, now), now, absences, n_absences);
		duty->n_people++;
	}
	duty->people = people;
	return TD_OK;
}

enum td_status
gather_duty(struct db *db, struct arena *arena, const struct team *team, int64_t now,
    struct duty *duty_r, int64_t *today_r, struct err *err)
{
	struct oncall turns, emergency;
	struct duty duty = {0};
	const struct zone *zone;
	enum td_status status;

	if ((status = oncall_get(db, arena, team->id, ONCALL_TURN, &turns, err)) != TD_OK ||
	    (status = oncall_get(db, arena, team->id, ONCALL_EMERGENCY, &emergency, err)) !=
		TD_OK ||
	    (status = load_people(db, arena, team->id, now, &duty, err)) != TD_OK)
		return status;
	duty.turns = turns.people;
	duty.n_turns = turns.n_people;
	duty.emergency = emergency.people;
	duty.n_emergency = emergency.n_people;
	if (turns.first_day != NULL &&
	    !civil_parse_day(span_of(turns.first_day), &duty.first_day))
		duty.first_day = 0;
	if (zone_get(team->zone, &zone, NULL) != TD_OK)
		zone = zone_utc();
	*today_r = zone_local_day(zone, now);
	*duty_r = duty;
	return TD_OK;
}
