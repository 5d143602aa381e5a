/* SPDX-License-Identifier: ISC */
/* query-people: who works now and who is away, and the time sheet of a week. */
#include "config.h"

#include "daemon/compose/query-private.h"

#include <string.h>

#include "parsers/base/civil.h"
#include "parsers/base/utf8.h"
#include "daemon/compose/gather.h"
#include "daemon/model/hours.h"
#include "daemon/store/entry.h"
#include "daemon/store/holiday.h"
#include "daemon/store/item.h"
#include "daemon/store/sheet.h"

/* ---- who ------------------------------------------------------------------------------------- */

struct presence {
	const char *state;   /* "working", "off hours", "away" */
	int64_t next;        /* when the hours begin again; 0: not known */
	const struct absence *absence;
	bool on_call;
};

static bool
is_off_now(const struct absence *absence, const struct hours *hours, const struct zone *zone,
    int64_t now)
{
	return absence->half_day == HALF_NONE ||
	    hours_in_half(hours, zone, now, absence->half_day);
}

/* Of that day: one that is now before one of its other half. */
static const struct absence *
absence_of(const struct asking *a, const struct absence *list, size_t n,
    const struct person *person, const struct zone *zone)
{
	const char *day = person_day(a->arena, zone_name(zone), a->query->now);
	const struct absence *found = NULL;
	struct hours hours = {.count = 0};

	if (hours_parse(span_of(person->hours), &hours, NULL) != TD_OK)
		hours.count = 0;
	for (size_t i = 0; i < n; i++)
		if (list[i].person_id == person->id && strcmp(list[i].first_day, day) <= 0 &&
		    strcmp(list[i].last_day, day) >= 0 && (found == NULL ||
		    !is_off_now(found, &hours, zone, a->query->now)))
			found = &list[i];
	return found;
}

static struct presence
presence_of(const struct asking *a, const struct person *person, const struct zone *zone,
    const struct absence *absence)
{
	struct presence p = {.state = "off hours", .absence = absence};
	struct hours hours;

	if (absence != NULL && absence->half_day == HALF_NONE) {
		p.state = "away";
		return p;
	}
	if (hours_parse(span_of(person->hours), &hours, NULL) != TD_OK)
		return p;
	if (absence != NULL && is_off_now(absence, &hours, zone, a->query->now))
		p.state = "away";
	else if (hours_contains(&hours, zone, a->query->now))
		p.state = "working";
	else if (!hours_next_open(&hours, zone, a->query->now, &p.next))
		p.next = 0;
	return p;
}

static const char *
half_text(enum day_half half)
{
	switch (half) {
	case HALF_NONE:
		break;
	case HALF_SOME:
		return " (half days)";
	case HALF_MORNING:
		return " (mornings)";
	case HALF_AFTERNOON:
		return " (afternoons)";
	}
	return "";
}

static void
put_presence(struct asking *a, const struct person *person, const struct zone *zone,
    const struct presence *p)
{
	const char *more = "";
	struct civil local;

	zone_to_local(zone, a->query->now, &local);
	if (p->absence != NULL && p->absence->id == 0)
		more = arena_printf(a->arena, ", public holiday: %s", p->absence->note);
	else if (p->absence != NULL)
		more = arena_printf(a->arena, ", %s%s until %s%s%s", p->absence->kind,
		    half_text(p->absence->half_day), p->absence->last_day,
		    p->absence->cover_id != 0 ? ", cover: " : "",
		    p->absence->cover_id != 0 ? asking_name(a, p->absence->cover_id) : "");
	if (p->next != 0)
		more = arena_printf(a->arena, "%s, back %s", more, asking_moment(a, p->next));
	if (p->on_call)
		more = arena_printf(a->arena, "%s, on call", more);
	asking_line(a, "%s: %s%s; it is %02d:%02d there (%s)", person->name, p->state, more,
	    local.hour, local.minute, zone_name(zone));
	jsonw_object(&a->json);
	jsonw_put(&a->json, "person", person->handle);
	jsonw_put(&a->json, "name", person->name);
	jsonw_put(&a->json, "state", p->state);
	jsonw_put(&a->json, "zone", zone_name(zone));
	asking_json_text(a, "absence", p->absence != NULL ? p->absence->kind : NULL);
	asking_json_text(a, "half",
	    p->absence != NULL ? day_half_name(p->absence->half_day) : NULL);
	asking_json_text(a, "until", p->absence != NULL ? p->absence->last_day : NULL);
	asking_json_person(a, "cover", p->absence != NULL ? p->absence->cover_id : 0);
	asking_json_time(a, "back_at", p->next);
	jsonw_put_bool(&a->json, "on_call", p->on_call);
	jsonw_end(&a->json);
}

enum td_status
query_who(struct asking *a, struct err *err)
{
	struct absence *absences;
	struct duty duty;
	int64_t today;
	size_t n;
	/* a day on either side: somewhere it is not the reader's */
	const char *from = person_day(a->arena, "UTC", a->query->now - 86400);
	const char *to = person_day(a->arena, "UTC", a->query->now + 86400);
	enum td_status status = days_off_list(a->query->db, a->arena, 0, from, to, &absences, &n,
	    err);

	if (status == TD_OK)
		status = gather_duty(a->query->db, a->arena, a->query->team, a->query->now, &duty,
		    &today, err);
	if (status != TD_OK)
		return status;
	a->answer->title = arena_printf(a->arena, "who: %zu in %s, %s", a->n_members,
	    a->query->team->title, asking_moment(a, a->query->now));
	jsonw_list(&a->json);
	for (size_t i = 0; i < a->n_members; i++) {
		const struct person *person = &a->members[i].person;
		const struct zone *zone;
		struct presence p;

		if (zone_get(person->zone, &zone, NULL) != TD_OK)
			zone = zone_utc();
		p = presence_of(a, person, zone, absence_of(a, absences, n, person,
		    zone));
		p.on_call = duty_on_call(&duty, today) == person->id;
		put_presence(a, person, zone, &p);
	}
	jsonw_end(&a->json);
	return TD_OK;
}

/* ---- time sheet ------------------------------------------------------------------------------ */

static const char *const day_names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

/* Monday of "2026-W41", or of the week of `today`. */
static bool
read_week(struct asking *a, const char *today, int64_t *monday_r)
{
	struct span week = span_of(a->question->word != NULL ? a->question->word : "");
	int64_t days;

	if (week.len == 0 && civil_parse_day(span_of(today), &days)) {
		*monday_r = days - civil_weekday(days);
		return true;
	}
	if (week_parse(week, monday_r))
		return true;
	asking_refuse(a, "A week is written as 2026-W41.");
	return false;
}

/* " (correction by Ana Lima)" */
static const char *
written_by(const struct asking *a, const struct entry *entry)
{
	const char *by = entry->by_id != 0 ? arena_printf(a->arena, "by %s",
	    asking_name(a, entry->by_id)) : "";

	if (!entry->correction && entry->by_id == 0)
		return "";
	return arena_printf(a->arena, " (%s%s%s)", entry->correction ? "correction" : "",
	    entry->correction && *by != '\0' ? " " : "", by);
}

static enum td_status
put_entry(struct asking *a, const struct entry *entry, struct err *err)
{
	struct item *item = NULL;
	const char *what = entry->note;
	enum td_status status = TD_OK;

	if (entry->item_id != 0)
		status = item_by_id(a->query->db, a->arena, entry->item_id, &item, err);
	if (status != TD_OK)
		return status;
	if (item != NULL && strcmp(what, "") == 0)
		what = item->title;
	asking_line(a, "  %s%s%s%s%s%s%s%s", asking_amount(a, entry->seconds),
	    item != NULL ? arena_printf(a->arena, " #%u", item->number) : "",
	    entry->project != NULL ? " +" : "", entry->project != NULL ? entry->project : "",
	    entry->billable ? " billable" : "", written_by(a, entry), *what != '\0' ? " " : "",
	    what);
	jsonw_object(&a->json);
	if (entry->day != NULL)
		jsonw_put(&a->json, "day", entry->day);
	jsonw_put_int(&a->json, "seconds", entry->seconds);
	if (item != NULL)
		jsonw_put_int(&a->json, "number", item->number);
	asking_json_text(a, "project", entry->project);
	jsonw_put_bool(&a->json, "billable", entry->billable);
	jsonw_put(&a->json, "note", entry->note);
	jsonw_put_bool(&a->json, "correction", entry->correction);
	asking_json_person(a, "by", entry->by_id);
	jsonw_end(&a->json);
	return TD_OK;
}

static int64_t
sum_of(const struct entry *entries, size_t n, const char *day, bool billable_only)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		if ((day == NULL || strcmp(entries[i].day, day) == 0) &&
		    (!billable_only || entries[i].billable))
			sum += entries[i].seconds;
	return sum;
}

static enum td_status
put_days(struct asking *a, int64_t monday, const struct entry *entries, size_t n,
    struct err *err)
{
	enum td_status status = TD_OK;

	for (int d = 0; status == TD_OK && d < 7; d++) {
		char day[CIVIL_TEXT];
		bool any = false;

		civil_format_day(monday + d, day);
		for (size_t i = 0; status == TD_OK && i < n; i++) {
			if (strcmp(entries[i].day, day) != 0)
				continue;
			if (!any)
				asking_line(a, "%s %s: %s", day_names[d], day,
				    asking_amount(a, sum_of(entries, n, day, false)));
			any = true;
			status = put_entry(a, &entries[i], err);
		}
	}
	return status;
}

static bool
is_same_work(const struct entry *a, const struct entry *b)
{
	return a->item_id == b->item_id && a->billable == b->billable &&
	    a->correction == b->correction && a->by_id == b->by_id &&
	    (a->project == b->project || (a->project != NULL && b->project != NULL &&
		strcmp(a->project, b->project) == 0));
}

/* For a lead: how much on what, and neither days nor hours of anybody. */
static enum td_status
put_sums(struct asking *a, const struct entry *entries, size_t n, struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct entry sum = {.item_id = entries[i].item_id, .project = entries[i].project,
		    .billable = entries[i].billable, .correction = entries[i].correction,
		    .by_id = entries[i].by_id, .note = ""};
		bool told = false;

		for (size_t k = 0; k < n; k++) {
			if (!is_same_work(&entries[k], &sum))
				continue;
			told = told || k < i;
			sum.seconds += entries[k].seconds;
		}
		if (!told)
			status = put_entry(a, &sum, err);
	}
	return status;
}

/* What was handed in, and what became of it. */
static enum td_status
put_state(struct asking *a, const struct person *person, const char *week, struct err *err)
{
	struct sheet *sheet = NULL;
	const char *reason = "";
	enum td_status status = sheet_find(a->query->db, a->arena, a->query->team->id, person->id,
	    week, &sheet, err);

	if (status != TD_OK)
		return status;
	asking_json_text(a, "state", sheet != NULL ? sheet_state_name(sheet->state) : NULL);
	asking_json_time(a, "submitted_at", sheet != NULL ? sheet->submitted_at : 0);
	asking_json_person(a, "judged_by", sheet != NULL ? sheet->judged_by : 0);
	asking_json_time(a, "judged_at", sheet != NULL ? sheet->judged_at : 0);
	asking_json_text(a, "reason", sheet != NULL ? sheet->reason : NULL);
	if (sheet == NULL)
		return TD_OK;
	if (sheet->reason != NULL)
		reason = utf8_line(a->arena, span_of(sheet->reason), 500);
	asking_line(a, "Handed in: %s", asking_moment(a, sheet->submitted_at));
	if (sheet->state != SHEET_SUBMITTED)
		asking_line(a, "%s by %s, %s: %s%s%s",
		    sheet->state == SHEET_APPROVED ? "Approved and locked" : "Handed back",
		    asking_name(a, sheet->judged_by), asking_moment(a, sheet->judged_at),
		    asking_amount(a, sheet->seconds), *reason != '\0' ? "; " : "", reason);
	return TD_OK;
}

/* " of 32h (1 day off)" */
static const char *
target_text(const struct asking *a, const struct gather_week *week)
{
	const char *off = "";

	if (week->rule.seconds == 0)
		return "";
	if (week->halves_off > 0)
		off = arena_printf(a->arena, " (%u%s %s off)", week->halves_off / 2,
		    week->halves_off % 2 != 0 ? ".5" : "",
		    week->halves_off == 2 ? "day" : "days");
	return arena_printf(a->arena, " of %s%s", asking_amount(a, week->target), off);
}

/* Days and notes are for the person, and for the operator, who asks for nobody. */
static bool
sees_days(const struct asking *a, int64_t person_id)
{
	return a->query->reader_id == 0 || a->query->reader_id == person_id;
}

static enum td_status
put_sheet(struct asking *a, const struct person *person, int64_t monday,
    const struct entry *entries, size_t n, struct err *err)
{
	int64_t billable = sum_of(entries, n, NULL, true), all = sum_of(entries, n, NULL, false);
	const char *name = week_name(a->arena, monday);
	struct gather_week week;
	enum td_status status = gather_week(a->query->db, a->arena, person, monday, &week, err);

	if (status != TD_OK)
		return status;
	a->answer->title = arena_printf(a->arena, "timesheet %s of %s in %s", name, person->name,
	    a->query->team->title);
	jsonw_object(&a->json);
	jsonw_put(&a->json, "person", person->handle);
	jsonw_put(&a->json, "week", name);
	jsonw_put_int(&a->json, "seconds", all);
	jsonw_put_int(&a->json, "billable_seconds", billable);
	jsonw_put_int(&a->json, "target_seconds", week.target);
	jsonw_key(&a->json, "entries");
	jsonw_list(&a->json);
	status = sees_days(a, person->id) ? put_days(a, monday, entries, n, err)
					  : put_sums(a, entries, n, err);
	jsonw_end(&a->json);
	asking_line(a, "Sum: %s%s%s", asking_amount(a, all), target_text(a, &week), billable != 0 ?
	    arena_printf(a->arena, ", of it billable: %s", asking_amount(a, billable)) : "");
	if (status == TD_OK)
		status = put_state(a, person, name, err);
	jsonw_end(&a->json);
	return status;
}

/* Of another's sheet a lead sees the sums. */
static bool
may_see(struct asking *a, const struct member *whose)
{
	const struct member *reader = NULL;

	for (size_t i = 0; i < a->n_members; i++)
		if (a->members[i].person.id == a->query->reader_id)
			reader = &a->members[i];
	if (sees_days(a, whose->person.id))
		return true;
	if (reader != NULL && role_may(reader->role, RIGHT_LEAD))
		return true;
	asking_refuse(a, "The time sheet of another needs the role lead in %s.",
	    a->query->team->title);
	return false;
}

enum td_status
query_timesheet(struct asking *a, struct err *err)
{
	const struct member *whose = NULL;
	const char *today;
	struct entry *entries;
	char first[CIVIL_TEXT], last[CIVIL_TEXT];
	int64_t monday;
	size_t n;
	enum td_status status;

	whose = asking_member(a, a->question->n_people > 0 ? a->question->people[0] : "me");
	if (whose == NULL || !may_see(a, whose))
		return TD_OK;
	today = person_day(a->arena, whose->person.zone, a->query->now);
	if (!read_week(a, today, &monday))
		return TD_OK;
	civil_format_day(monday, first);
	civil_format_day(monday + 6, last);
	status = entry_list(a->query->db, a->arena, a->query->team->id, whose->person.id, first,
	    last, &entries, &n, err);
	return status == TD_OK ? put_sheet(a, &whose->person, monday, entries, n, err) : status;
}
