/* SPDX-License-Identifier: ISC */
/*
 * due: see due.h. Both kinds of due time are a time of day on certain local days; slot_next()
 * walks the days. It looks at 400 of them at most.
 */
#include "config.h"

#include "daemon/schedule/due.h"

#define DAYS_AHEAD 400
#define BEFORE_END 30 /* minutes */

struct slot {
	int minute; /* after local midnight */
	bool weekly;
	enum weekday weekday; /* where weekly */
	bool at_work;         /* in the hours of the day, never beside them */
};

bool
due_away(const struct due_person *person, int64_t day)
{
	for (size_t i = 0; i < person->n_absences; i++) {
		const struct due_absence *a = &person->absences[i];

		if (a->half_day == HALF_NONE && day >= a->first_day && day <= a->last_day)
			return true;
	}
	return false;
}

static bool
off_half(const struct due_person *person, int64_t day, enum day_half half)
{
	for (size_t i = 0; i < person->n_absences; i++) {
		const struct due_absence *a = &person->absences[i];

		if (a->half_day == half && day >= a->first_day && day <= a->last_day)
			return true;
	}
	return false;
}

bool
due_away_at(const struct due_person *person, int64_t t)
{
	int64_t day = zone_local_day(person->zone, t);

	return due_away(person, day) ||
	    (off_half(person, day, HALF_MORNING) &&
		hours_in_half(person->hours, person->zone, t, HALF_MORNING)) ||
	    (off_half(person, day, HALF_AFTERNOON) &&
		hours_in_half(person->hours, person->zone, t, HALF_AFTERNOON));
}

/* The minute where it lies in what is worked of the day; else a while before the end of that. -1:
 * nothing of it is worked. */
static int
minute_at_work(int minute, const struct due_person *person, int64_t day)
{
	enum weekday weekday = civil_weekday(day);
	int middle = hours_middle(person->hours, weekday);
	int begin = off_half(person, day, HALF_MORNING) ? middle : 0;
	int end = off_half(person, day, HALF_AFTERNOON) ? middle : 1440;
	int last = -1;

	for (size_t i = 0; i < person->hours->count; i++) {
		const struct hours_span *span = &person->hours->spans[i];
		int from = span->from > begin ? span->from : begin;
		int to = span->to < end ? span->to : end;

		if (span->weekday != weekday || from >= to)
			continue;
		if (minute >= from && minute < to)
			return minute;
		last = to - from > BEFORE_END ? to - BEFORE_END : from;
	}
	return last;
}

/* The slot's minute on that day, or the day's middle where it falls into a morning off; -1: it
 * falls into time off that nothing follows. */
static int
slot_minute(const struct slot *slot, const struct due_person *person, int64_t day)
{
	int middle = hours_middle(person->hours, civil_weekday(day));
	int minute = slot->minute;

	if (slot->at_work)
		return minute_at_work(minute, person, day);
	if (minute < middle && off_half(person, day, HALF_MORNING))
		minute = middle;
	return minute >= middle && off_half(person, day, HALF_AFTERNOON) ? -1 : minute;
}

/* A zone that crosses the date line leaves a day out: it has no moment. */
static bool
day_exists(const struct zone *zone, int64_t day)
{
	return zone_day_start(zone, day) < zone_day_start(zone, day + 1);
}

static bool
has_slot(const struct slot *slot, const struct due_person *person, int64_t day)
{
	enum weekday weekday = civil_weekday(day);

	if (slot->weekly ? weekday != slot->weekday : !hours_works_on(person->hours, weekday))
		return false;
	return !due_away(person, day) && day_exists(person->zone, day) &&
	    slot_minute(slot, person, day) >= 0;
}

static int64_t
slot_at(const struct slot *slot, const struct due_person *person, int64_t day)
{
	struct civil local;

	civil_from_seconds(day * CIVIL_DAY + slot_minute(slot, person, day) * 60, &local);
	return zone_to_utc(person->zone, &local, NULL);
}

/*
 * The first slot of a day after last_day that lies ahead, or behind by the grace at most. A
 * last_day more than a day ahead of now was noted by a clock that ran wrong: today counts then.
 */
static bool
slot_next(const struct slot *slot, const struct due_person *person, int64_t last_day, int64_t now,
    struct due *due_r)
{
	int64_t today = zone_local_day(person->zone, now), day = today - 1;
	bool fresh = last_day == DUE_NEVER;

	if (last_day > today + 1)
		last_day = today;
	if (!fresh && day <= last_day)
		day = last_day + 1;
	for (; day <= today + DAYS_AHEAD; day++) {
		int64_t at;

		if (!has_slot(slot, person, day))
			continue;
		at = slot_at(slot, person, day);
		if (at >= now || (!fresh && now - at <= DUE_GRACE)) {
			*due_r = (struct due){at, day, at < now};
			return true;
		}
	}
	return false;
}

bool
due_digest(const struct digest_setting *setting, const struct due_person *person, int64_t last_day,
    int64_t now, struct due *due_r)
{
	struct slot slot = {.minute = setting->minute, .weekday = setting->weekday};

	switch (setting->kind) {
	case DIGEST_OFF:
		return false;
	case DIGEST_DAILY:
		break;
	case DIGEST_WEEKLY:
		slot.weekly = true;
		break;
	}
	return slot_next(&slot, person, last_day, now, due_r);
}

bool
due_checkin(const struct checkin_setting *setting, const struct due_person *person,
    int64_t last_day, int64_t now, struct due *due_r)
{
	struct slot slot = {.minute = setting->minute, .at_work = true};

	return setting->on && slot_next(&slot, person, last_day, now, due_r);
}

/* The next moment at which another half of a day begins. */
static int64_t
half_after(const struct due_person *person, int64_t t, int64_t day)
{
	struct civil local;
	int64_t middle;

	civil_from_seconds(day * CIVIL_DAY +
	    hours_middle(person->hours, civil_weekday(day)) * 60, &local);
	middle = zone_to_utc(person->zone, &local, NULL);
	return t < middle ? middle : zone_day_start(person->zone, day + 1);
}

bool
due_contact(const struct due_person *person, int64_t t, int64_t *at_r)
{
	int64_t from = t, end = zone_local_day(person->zone, t) + DAYS_AHEAD;

	for (;;) {
		int64_t at, day;

		if (!hours_next_open(person->hours, person->zone, from, &at))
			return false;
		day = zone_local_day(person->zone, at);
		if (!due_away_at(person, at)) {
			*at_r = at;
			return true;
		}
		if (day >= end)
			return false;
		from = half_after(person, at, day);
	}
}
