/* SPDX-License-Identifier: ISC */
/*
 * jobs-time: what looks after logged time. intake adds the rows, each job sees by the store what
 * there is to say, so that nothing is said of what was taken back.
 *
 *	timer:PERSON          the working day is over: a timer that still runs is stopped; nothing
 *	                      is logged, the person is asked
 *	week:PERSON           a week is over: it can be handed in; and where it was too much for
 *	                      three weeks running, or at night or on days off, the person is told,
 *	                      and nobody else. Who is away hears of all weeks since when they are
 *	                      back
 *	sheets:TEAM:LEAD      sheets wait to be approved
 *	sheet:TEAM:PERSON     what became of theirs
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/compose/gather.h"
#include "daemon/log.h"
#include "daemon/store/entry.h"
#include "daemon/store/event.h"
#include "daemon/store/item.h"
#include "daemon/store/person.h"
#include "daemon/store/sheet.h"
#include "daemon/store/workrule.h"

#define DAY 86400
#define STREAK 3          /* weeks over the target, one after the other */
#define STREAK_LOOKED 12
#define LATE_TOLD 3600    /* a week's work at night or on days off that is spoken of */
#define IDLE_WEEKS 4      /* without time logged: the week is looked at no more */

/* ---- what they share ------------------------------------------------------------------------- */

struct due_mail {
	const struct job_context *c;
	struct person *person;
	struct job_person loaded;
	int64_t contact; /* when the person may be reached */
};

/* person NULL: nobody to write to. */
static enum td_status
load(const struct job_context *c, int64_t person_id, struct due_mail *d)
{
	enum td_status status;

	*d = (struct due_mail){.c = c};
	status = person_by_id(c->db, c->arena, person_id, &d->person, c->err);
	if (status == TD_OK && d->person != NULL && !job_reachable(d->person))
		d->person = NULL;
	if (status == TD_OK && d->person != NULL)
		status = job_person_load(c, d->person, &d->loaded);
	if (status == TD_OK && d->person != NULL)
		d->contact = job_contact(c, &d->loaded);
	return status;
}

static enum td_status
send(const struct due_mail *d, const char *key, int64_t team_id, int64_t item_id,
    const struct compose_time *time)
{
	const struct job_context *c = d->c;
	struct compose_common common = {.templates = c->conf->templates};
	struct composed mail;
	enum td_status status = gather_common(c->db, c->arena, team_id, d->person->id, c->now,
	    &common, c->err);

	if (status == TD_OK)
		status = time->kind == COMPOSE_TIME_WAITING ?
		    job_reply_token_needed(c, team_id, TOKEN_SHEET, &common) :
		    job_reply_token(c, team_id, TOKEN_SHEET, item_id, &common);
	if (status == TD_OK)
		status = compose_time(c->arena, &common, time, &mail, c->err);
	if (status != TD_OK)
		return status;
	return job_queue_about(c, "time", key, team_id, d->person->id, item_id, &mail, d->contact);
}

/* Not yet the person's hours: the job waits for them, and says then what holds then. */
static bool
must_wait(const struct due_mail *d)
{
	return d->person != NULL && d->contact > d->c->now;
}

/* ---- timer ----------------------------------------------------------------------------------- */

static enum td_status
stop_timer(const struct job_context *c, const struct timer *timer)
{
	const struct event event = {.at = c->now, .team_id = timer->team_id, .entity = "timer",
	    .entity_id = timer->person_id, .verb = "end",
	    .before = arena_printf(c->arena,
		"{\"team\":%" PRId64 ",\"item\":%" PRId64 ",\"started_at\":%" PRId64 "}",
		timer->team_id, timer->item_id, timer->started_at)};
	enum td_status status = timer_stop(c->db, timer->person_id, c->err);

	return status == TD_OK ? event_add(c->db, &event, c->err) : status;
}

static enum td_status
ask_about(const struct due_mail *d, const struct job *job, const struct timer *timer, int64_t end)
{
	const struct job_context *c = d->c;
	struct compose_time time = {.kind = COMPOSE_TIME_TIMER, .at = timer->started_at,
	    .seconds = (end - timer->started_at) / 60 * 60,
	    .day = person_day(c->arena, d->person->zone, timer->started_at)};
	struct item *item = NULL;
	enum td_status status = TD_OK;

	if (timer->item_id != 0)
		status = item_by_id(c->db, c->arena, timer->item_id, &item, c->err);
	if (status != TD_OK)
		return status;
	if (item != NULL) {
		time.number = item->number;
		time.title = item->title;
		time.root_mid = item->root_mid;
	}
	return send(d, arena_printf(c->arena, "%s:%" PRId64, job->dedupe_key, timer->started_at),
	    timer->team_id, timer->item_id, &time);
}

enum td_status
job_timer_run(const struct job_context *c, const struct job *job)
{
	struct timer *timer = NULL;
	struct due_mail d;
	int64_t end;
	enum td_status status = timer_find(c->db, c->arena, job->person_id, &timer, c->err);

	if (status == TD_OK)
		status = load(c, job->person_id, &d);
	if (status != TD_OK)
		return status;
	if (timer == NULL)
		return job_ran(c->db, job->id, c->now, 0, c->err);
	end = d.person != NULL ? worktime_day_end(&d.loaded.hours, d.loaded.due.zone,
	    timer->started_at) : c->now;
	if (end > c->now)
		return job_ran(c->db, job->id, c->now, end, c->err);
	status = stop_timer(c, timer);
	if (status == TD_OK && d.person != NULL)
		status = ask_about(&d, job, timer, end);
	return status == TD_OK ? job_ran(c->db, job->id, c->now, 0, c->err) : status;
}

/* ---- the week that is over ------------------------------------------------------------------- */

static void
days_of(int64_t monday, char first[CIVIL_TEXT], char last[CIVIL_TEXT])
{
	civil_format_day(monday, first);
	civil_format_day(monday + 6, last);
}

/* The target and the sum of one week, in all teams. */
static enum td_status
load_week(const struct due_mail *d, int64_t monday, struct gather_week *week, int64_t *seconds_r)
{
	const struct job_context *c = d->c;
	char first[CIVIL_TEXT], last[CIVIL_TEXT];
	enum td_status status = gather_week(c->db, c->arena, d->person, monday, week, c->err);

	days_of(monday, first, last);
	if (status == TD_OK)
		status = entry_sum(c->db, 0, d->person->id, first, last, seconds_r, c->err);
	return status;
}

/* What was logged on one day of the week, and how much of that in a range that is late. */
struct day_sum {
	int64_t all, ranges;
};

/* On a day off all of it; on one that is off by half what was done in that half, or what is more
 * than half of the day's hours. */
static int64_t
late_on(const struct gather_week *week, int weekday, const struct day_sum *sum)
{
	int64_t half = (int64_t)hours_minutes(&week->hours, (enum weekday)weekday) * 30;

	if (!hours_works_on(&week->hours, (enum weekday)weekday) || week->off[weekday] == DAY_OFF)
		return sum->all;
	if (week->off[weekday] == DAY_HALF && sum->all - half > sum->ranges)
		return sum->all - half;
	return sum->ranges;
}

/* The zone that the entry was logged in, on a journey too. */
static const struct zone *
entry_zone(const struct due_mail *d, const struct entry *entry)
{
	const struct zone *zone;
	struct err ignored;

	if (entry->zone != NULL && zone_get(entry->zone, &zone, &ignored) == TD_OK)
		return zone;
	return d->loaded.due.zone;
}

/* Work at night or on days off in that week. */
static enum td_status
late_of(const struct due_mail *d, const struct gather_week *week, int64_t *late_r)
{
	const struct job_context *c = d->c;
	struct day_sum sums[7] = {{0, 0}};
	char first[CIVIL_TEXT], last[CIVIL_TEXT];
	struct entry *entries;
	size_t n = 0;
	enum td_status status;

	days_of(week->monday, first, last);
	*late_r = 0;
	status = entry_all(c->db, c->arena, d->person->id, first, last, &entries, &n, c->err);
	for (size_t i = 0; status == TD_OK && i < n; i++) {
		const struct entry *entry = &entries[i];
		int64_t day = week->monday;
		struct day_sum *sum;

		(void)civil_parse_day(span_of(entry->day), &day);
		sum = &sums[day - week->monday];
		sum->all += entry->seconds;
		if (entry->started_at != 0 && entry->seconds > 0)
			sum->ranges += worktime_late(&week->hours, entry_zone(d, entry),
			    week->half[day - week->monday], entry->started_at,
			    entry->started_at + entry->seconds);
	}
	for (int weekday = 0; weekday < 7; weekday++)
		*late_r += late_on(week, weekday, &sums[weekday]);
	return status;
}

/* How many weeks up to that one were over the target, without a gap. */
static enum td_status
streak_of(const struct due_mail *d, int64_t monday, struct compose_week *weeks, size_t *n_r)
{
	const struct job_context *c = d->c;
	enum td_status status = TD_OK;

	for (*n_r = 0; *n_r < STREAK_LOOKED; (*n_r)++) {
		struct gather_week week;
		int64_t seconds = 0;

		status = load_week(d, monday - (int64_t)*n_r * 7, &week, &seconds);
		if (status != TD_OK || week.rule.seconds == 0 || seconds <= week.target)
			return status;
		weeks[*n_r] = (struct compose_week){.week = week_name(c->arena, week.monday),
		    .seconds = seconds, .target = week.target};
	}
	return status;
}

/* To the person alone, in a team of theirs; too many weeks running again only after as many weeks
 * more. */
static enum td_status
tell_load(const struct due_mail *d, int64_t team_id, int64_t monday, struct week_told *told)
{
	const struct job_context *c = d->c;
	struct compose_week weeks[STREAK_LOOKED + 1];
	struct compose_time time = {.kind = COMPOSE_TIME_LOAD, .weeks = weeks};
	struct gather_week week;
	int64_t seconds, late;
	size_t n;
	enum td_status status = streak_of(d, monday, weeks, &n);

	if (status == TD_OK)
		status = load_week(d, monday, &week, &seconds);
	if (status == TD_OK)
		status = late_of(d, &week, &late);
	if (status != TD_OK)
		return status;
	time.streak = n >= STREAK && (told->streak == 0 || monday - told->streak >= STREAK * 7);
	time.n_weeks = time.streak ? STREAK : 1;
	if (!time.streak && late < LATE_TOLD)
		return TD_OK;
	if (n == 0)
		weeks[0] = (struct compose_week){.week = week_name(c->arena, monday),
		    .seconds = seconds, .target = week.target};
	for (size_t i = 0; i < time.n_weeks / 2; i++) { /* the oldest first */
		struct compose_week swap = weeks[i];

		weeks[i] = weeks[time.n_weeks - 1 - i];
		weeks[time.n_weeks - 1 - i] = swap;
	}
	weeks[time.n_weeks - 1].late = late >= LATE_TOLD ? late : 0;
	if (time.streak)
		told->streak = monday;
	return send(d, arena_printf(c->arena, "load:%" PRId64 ":%s", d->person->id,
	    weeks[time.n_weeks - 1].week), team_id, 0, &time);
}

/* Who has a target is reminded to hand the week in, once a team. */
static enum td_status
tell_ready(const struct due_mail *d, int64_t team_id, int64_t monday)
{
	const struct job_context *c = d->c;
	const char *name = week_name(c->arena, monday);
	char first[CIVIL_TEXT], last[CIVIL_TEXT];
	struct compose_week week = {.week = name};
	struct compose_time time = {.kind = COMPOSE_TIME_READY, .weeks = &week, .n_weeks = 1};
	struct gather_week rule;
	struct sheet *sheet = NULL;
	enum td_status status = gather_week(c->db, c->arena, d->person, monday, &rule, c->err);

	days_of(monday, first, last);
	if (status == TD_OK)
		status = entry_sum(c->db, team_id, d->person->id, first, last, &week.seconds,
		    c->err);
	if (status == TD_OK)
		status = sheet_find(c->db, c->arena, team_id, d->person->id, name, &sheet, c->err);
	if (status != TD_OK || rule.rule.seconds == 0 || week.seconds == 0 || sheet != NULL)
		return status;
	week.target = rule.target;
	return send(d, arena_printf(c->arena, "ready:%" PRId64 ":%" PRId64 ":%s", team_id,
	    d->person->id, name), team_id, 0, &time);
}

/* Next Monday again, for as long as time is logged at all. */
static enum td_status
next_week(const struct due_mail *d, int64_t today, int64_t *next_r)
{
	const struct job_context *c = d->c;
	int64_t monday = today - civil_weekday(today), seconds = 0;
	char first[CIVIL_TEXT], last[CIVIL_TEXT];
	struct entry *entries;
	size_t n = 0;
	enum td_status status;

	civil_format_day(monday - IDLE_WEEKS * 7, first);
	civil_format_day(today, last);
	status = entry_all(c->db, c->arena, d->person->id, first, last, &entries, &n, c->err);
	for (size_t i = 0; status == TD_OK && i < n; i++)
		seconds += entries[i].seconds;
	*next_r = seconds > 0 ? zone_day_start(d->loaded.due.zone, monday + 7) : 0;
	return status;
}

/* Up to which week they were told, where nothing was noted or that is long ago. A new job is due
 * on the Monday behind its week, in the zone that held when it was made. */
static void
told_before(const struct due_mail *d, const struct job *job, int64_t last, struct week_told *told)
{
	int64_t due = zone_local_day(d->loaded.due.zone, job->due_at + DAY / 2);

	if (told->week == 0)
		told->week = due - civil_weekday(due) - 14;
	if (told->week < last - (int64_t)STREAK_LOOKED * 7)
		told->week = last - (int64_t)STREAK_LOOKED * 7;
	if (told->week > last)
		told->week = last;
}

static enum td_status
tell_weeks(const struct due_mail *d, int64_t last, struct week_told *told)
{
	const struct job_context *c = d->c;
	struct membership *teams;
	size_t n = 0;
	enum td_status status = membership_list(c->db, c->arena, d->person->id, &teams, &n,
	    c->err);

	while (status == TD_OK && told->week < last) {
		told->week += 7;
		for (size_t i = 0; status == TD_OK && i < n; i++)
			status = tell_ready(d, teams[i].team_id, told->week);
		if (status == TD_OK && n > 0)
			status = tell_load(d, teams[0].team_id, told->week, told);
	}
	return status;
}

enum td_status
job_week_run(const struct job_context *c, const struct job *job)
{
	struct week_told told;
	struct due_mail d;
	int64_t today, next = 0;
	enum td_status status = load(c, job->person_id, &d);

	if (status == TD_OK)
		status = week_told_get(c->db, job->person_id, &told, c->err);
	if (status != TD_OK)
		return status;
	if (d.person != NULL) {
		today = zone_local_day(d.loaded.due.zone, c->now);
		told_before(&d, job, today - civil_weekday(today) - 7, &told);
		next = d.contact;
	}
	if (d.person != NULL && !must_wait(&d)) {
		status = tell_weeks(&d, today - civil_weekday(today) - 7, &told);
		if (status == TD_OK)
			status = next_week(&d, today, &next);
	}
	if (next == 0)
		told.week = 0; /* looked at no more: time that is logged later begins anew */
	if (status == TD_OK)
		status = week_told_set(c->db, job->person_id, &told, c->err);
	return status == TD_OK ? job_ran(c->db, job->id, c->now, next, c->err) : status;
}

/* ---- sheets ---------------------------------------------------------------------------------- */

static enum td_status
week_of(const struct job_context *c, const struct sheet *sheet, const struct person *whose,
    struct compose_week *week)
{
	struct gather_week rule;
	int64_t monday = 0;
	enum td_status status;

	(void)week_parse(span_of(sheet->week), &monday);
	status = gather_week(c->db, c->arena, whose, monday, &rule, c->err);
	if (status == TD_OK)
		*week = (struct compose_week){.week = sheet->week, .name = whose->name,
		    .handle = whose->handle, .seconds = sheet->seconds, .target = rule.target,
		    .reason = sheet->reason, .approved = sheet->state == SHEET_APPROVED};
	return status;
}

static enum td_status
tell_waiting(const struct due_mail *d, const struct job *job, const struct sheet *sheets, size_t n)
{
	const struct job_context *c = d->c;
	struct compose_week *weeks = arena_array(c->arena, n, sizeof *weeks);
	struct compose_time time = {.kind = COMPOSE_TIME_WAITING, .weeks = weeks};
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct person *whose = NULL;

		if (sheets[i].person_id == d->person->id)
			continue;
		status = person_by_id(c->db, c->arena, sheets[i].person_id, &whose, c->err);
		if (status == TD_OK && whose != NULL)
			status = week_of(c, &sheets[i], whose, &weeks[time.n_weeks++]);
	}
	if (status != TD_OK || time.n_weeks == 0)
		return status;
	return send(d, arena_printf(c->arena, "%s:%" PRId64, job->dedupe_key, c->now),
	    job->team_id, 0, &time);
}

enum td_status
job_sheets_run(const struct job_context *c, const struct job *job)
{
	struct sheet *sheets;
	struct due_mail d;
	enum role role = ROLE_NONE;
	size_t n = 0;
	enum td_status status = load(c, job->person_id, &d);

	if (status == TD_OK)
		status = member_role(c->db, job->team_id, job->person_id, &role, c->err);
	if (status != TD_OK)
		return status;
	if (must_wait(&d))
		return job_ran(c->db, job->id, c->now, d.contact, c->err);
	if (d.person != NULL && role == ROLE_LEAD)
		status = sheet_waiting(c->db, c->arena, job->team_id, &sheets, &n, c->err);
	if (status == TD_OK && n > 0)
		status = tell_waiting(&d, job, sheets, n);
	return status == TD_OK ? job_ran(c->db, job->id, c->now, 0, c->err) : status;
}

/* One mail for each: a reason belongs to its week. */
static enum td_status
tell_judged(const struct due_mail *d, struct sheet *sheet)
{
	const struct job_context *c = d->c;
	struct compose_week week;
	struct compose_time time = {.kind = COMPOSE_TIME_JUDGED, .weeks = &week, .n_weeks = 1};
	struct person *lead = NULL;
	enum td_status status = week_of(c, sheet, d->person, &week);

	if (status == TD_OK)
		status = person_by_id(c->db, c->arena, sheet->judged_by, &lead, c->err);
	if (status != TD_OK)
		return status;
	week.name = lead != NULL ? lead->name : NULL;
	status = send(d, arena_printf(c->arena, "judged:%" PRId64 ":%" PRId64, sheet->id,
	    sheet->judged_at), sheet->team_id, 0, &time);
	sheet->told_at = c->now;
	return status == TD_OK ? sheet_put(c->db, sheet, c->err) : status;
}

enum td_status
job_sheet_run(const struct job_context *c, const struct job *job)
{
	struct sheet *sheets;
	struct due_mail d;
	size_t n = 0;
	enum td_status status = load(c, job->person_id, &d);

	if (status != TD_OK)
		return status;
	if (must_wait(&d))
		return job_ran(c->db, job->id, c->now, d.contact, c->err);
	if (d.person != NULL)
		status = sheet_untold(c->db, c->arena, job->team_id, job->person_id, &sheets, &n,
		    c->err);
	for (size_t i = 0; status == TD_OK && i < n; i++)
		status = tell_judged(&d, &sheets[i]);
	return status == TD_OK ? job_ran(c->db, job->id, c->now, 0, c->err) : status;
}
