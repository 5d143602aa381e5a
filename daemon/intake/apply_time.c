/* SPDX-License-Identifier: ISC */
/*
 * apply_time: time entries (the timer: apply_timer.c). An entry is never changed; a correction is a
 * negative one. Days are the person's own. An amount is rounded as the team has it; the exact one
 * stands in the note.
 */
#include "config.h"

#include "daemon/intake/apply.h"

#include <string.h>

#include "parsers/base/jsonw.h"
#include "parsers/base/zone.h"
#include "parsers/duration.h"
#include "daemon/intake/logging.h"
#include "daemon/intake/proof.h"
#include "daemon/intake/sheet.h"
#include "daemon/store/entry.h"
#include "daemon/store/event.h"
#include "daemon/store/workrule.h"

#define DAY_SECONDS 86400
#define OLDEST_DAY 371 /* days ago: weeks as old as that are handed in (apply_sheet.c) */

/* ---- entries ------------------------------------------------------------------------------- */

/* The day, as the one who logs it meant it. */
static const char *
day_of(struct apply *ap, const struct logging *l, const struct reading_when *when)
{
	if (when->precision != WHEN_MINUTE && when->local != NULL && strlen(when->local) >= 10)
		return arena_span(ap->arena, span_first(span_of(when->local), 10));
	return person_day(ap->arena, l->person->zone, when->start);
}

/* No day to come, and none of another year by a slip; false when the line was refused. */
static bool
is_day_likely(struct apply *ap, const struct logging *l)
{
	const struct apply_spend *spend = l->spend;
	const char *today = person_day(ap->arena, ap->person->zone, ap->now);
	const char *day = l->entry.day;
	char oldest[CIVIL_TEXT];
	int64_t days = 0;

	if (strcmp(day, today) > 0 && strcmp(day, ap->day) > 0 && strcmp(day, ap->told_day) > 0) {
		apply_refuse(ap, spend->line, spend->text, NULL,
		    "%s is still to come; time is logged when it is spent.", day);
		return false;
	}
	(void)civil_parse_day(span_of(today), &days);
	civil_format_day(days - OLDEST_DAY, oldest);
	if (strcmp(day, oldest) < 0) {
		apply_refuse(ap, spend->line, spend->text, NULL,
		    "%s is more than a year ago; time is logged within the year.", day);
		return false;
	}
	return true;
}

/* The amount and the day that are meant; false when the line was refused. */
static bool
read_spend(struct apply *ap, struct logging *l)
{
	const struct apply_spend *spend = l->spend;
	const struct reading_when *when = spend->when;
	struct entry *entry = &l->entry;

	entry->day = ap->told_day;
	entry->seconds = spend->seconds;
	if (when != NULL && when->precision == WHEN_WEEK) {
		apply_refuse(ap, spend->line, spend->text, NULL,
		    "Time belongs to a day; name one instead of a week.");
		return false;
	}
	if (when != NULL) {
		entry->day = day_of(ap, l, when);
		if (when->precision == WHEN_MINUTE) {
			entry->started_at = when->start;
			if (!spend->has_seconds)
				entry->seconds = when->end - when->start;
		} else if (when->end - when->start > DAY_SECONDS + 2 * 3600) {
			apply_refuse(ap, spend->line, spend->text, NULL,
			    "Time belongs to one day; write a line for each.");
			return false;
		}
	}
	if (entry->seconds == 0 && !spend->has_seconds) {
		apply_refuse(ap, spend->line, spend->text, "2h #42 review",
		    "How long? Write an amount or from-to.");
		return false;
	}
	if (entry->seconds == 0 || entry->seconds > DAY_SECONDS ||
	    entry->seconds < -DAY_SECONDS) {
		apply_refuse(ap, spend->line, spend->text, NULL,
		    "An entry is more than nothing and at most 24 hours.");
		return false;
	}
	return is_day_likely(ap, l);
}

static enum td_status
entry_event(struct apply *ap, const struct entry *entry, struct err *err)
{
	struct event event = {.at = ap->now, .team_id = entry->team_id,
	    .person_id = ap->person->id, .message_id = ap->message_id, .entity = "entry",
	    .entity_id = entry->id, .verb = "create"};
	struct buf json;
	struct jsonw w;
	enum td_status status;

	buf_init(&json, 1u << 16);
	jsonw_init(&w, &json, 0);
	jsonw_object(&w);
	jsonw_key(&w, "day");
	jsonw_string(&w, entry->day);
	jsonw_put_int(&w, "seconds", entry->seconds);
	jsonw_put_int(&w, "started_at", entry->started_at);
	jsonw_put_int(&w, "item", entry->item_id);
	jsonw_key(&w, "project");
	jsonw_string(&w, entry->project);
	jsonw_put_int(&w, "billable", entry->billable);
	jsonw_key(&w, "note");
	jsonw_string(&w, entry->note);
	if (entry->by_id != 0)
		jsonw_put_int(&w, "person", entry->person_id);
	if (entry->correction)
		jsonw_put_bool(&w, "correction", true);
	jsonw_end(&w);
	event.after = json.ptr;
	ap->changed = true;
	status = event_add(ap->db, &event, err);
	buf_release(&json);
	return status;
}

/* More than a day in a day, or less than nothing, is told and kept. */
static enum td_status
check_sum(struct apply *ap, const struct entry *entry, struct err *err)
{
	int64_t sum = 0;
	char amount[32];
	enum td_status status = entry_sum(ap->db, 0, entry->person_id, entry->day, entry->day,
	    &sum, err);

	if (status != TD_OK)
		return status;
	duration_format(sum, amount);
	if (sum > DAY_SECONDS)
		apply_note(ap, "%s has %s now, more than 24 hours.", entry->day, amount);
	else if (sum < 0)
		apply_note(ap, "%s has %s now, less than nothing.", entry->day, amount);
	return TD_OK;
}

static const char *
clock_text(struct apply *ap, const struct person *person, int64_t at)
{
	const struct zone *zone;
	struct err ignored;
	struct civil local;

	if (zone_get(person->zone, &zone, &ignored) != TD_OK)
		zone = zone_utc();
	zone_to_local(zone, at, &local);
	return arena_printf(ap->arena, "%02d:%02d", local.hour, local.minute);
}

/* Two things at once are told and kept. */
static enum td_status
check_overlap(struct apply *ap, const struct logging *l, struct err *err)
{
	const struct entry *entry = &l->entry;
	struct entry *other = NULL;
	enum td_status status;

	if (entry->started_at == 0 || entry->seconds <= 0)
		return TD_OK;
	status = entry_overlap(ap->db, ap->arena, entry->person_id, entry->started_at,
	    entry->started_at + l->exact, &other, err);
	if (status == TD_OK && other != NULL)
		apply_note(ap, "%s-%s overlaps with %s-%s, which is logged already (%s).",
		    clock_text(ap, l->person, entry->started_at),
		    clock_text(ap, l->person, entry->started_at + l->exact),
		    clock_text(ap, l->person, other->started_at),
		    clock_text(ap, l->person, other->started_at +
			(other->said != 0 ? other->said : other->seconds)),
		    l->person->zone);
	return status;
}

/* Whose time it is; false when the line was refused. */
static bool
find_whose(struct apply *ap, struct logging *l)
{
	const struct apply_spend *spend = l->spend;
	const struct member *member;

	l->person = ap->person;
	if (spend->whose != NULL) {
		member = apply_find_member(ap, spend->whose, spend->line, spend->text);
		if (member == NULL)
			return false;
		if (member->person.id != ap->person->id) {
			if (!apply_may(ap, RIGHT_LEAD, spend->line, spend->text) ||
			    !proof_may(ap, spend->line, spend->text))
				return false;
			l->person = &member->person;
			l->entry.by_id = ap->person->id;
		}
	}
	l->entry.person_id = l->person->id;
	return true;
}

/* Why the week is locked; a timer then runs on, so that nothing of it is lost. */
static void
refuse_locked(struct apply *ap, const struct logging *l, const struct sheet *lock)
{
	const struct apply_spend *spend = l->spend;
	const char *on = l->item != NULL
	    ? arena_printf(ap->arena, " on #%u", l->item->number) : "";
	char amount[32];

	duration_format(l->entry.seconds, amount);
	if (l->is_timer)
		apply_refuse(ap, spend->line, spend->text, NULL,
		    "Your timer%s has run for %s, but %s is approved and locked in %s. It runs on; "
		    "ask a lead there to hand the week back or to log the %s for you.", on, amount,
		    lock->week, l->team->title, amount);
	else
		apply_refuse(ap, spend->line, spend->text, NULL,
		    "%s is approved and locked: a correction needs the role lead.", lock->week);
}

/* A week that was handed in is open, but what is approved is what was handed in: said once. */
static void
note_handed_in(struct apply *ap, const struct logging *l, const struct sheet *sheet)
{
	const char *note;
	char amount[32];

	duration_format(sheet->seconds, amount);
	if (l->entry.by_id != 0)
		note = arena_printf(ap->arena, "%s of %s was handed in with %s. It is to be handed "
		    "in again before it can be approved.", sheet->week, l->person->name, amount);
	else
		note = arena_printf(ap->arena, "%s was handed in with %s. Hand it in again when "
		    "all of it is logged, with \"/submit %s\": it cannot be approved before.",
		    sheet->week, amount, sheet->week);
	for (size_t i = 0; i < ap->n_notes; i++)
		if (strcmp(ap->notes[i], note) == 0)
			return;
	apply_note(ap, "%s", note);
}

/* A week that was approved is open to leads alone; *open_r false when the line was refused. */
static enum td_status
check_lock(struct apply *ap, struct logging *l, bool *open_r, struct err *err)
{
	struct sheet *lock = NULL;
	enum td_status status = sheet_of_day(ap->db, ap->arena, l->team->id, l->person->id,
	    l->entry.day, &lock, err);

	if (status == TD_OK && lock != NULL && lock->state == SHEET_SUBMITTED)
		note_handed_in(ap, l, lock);
	if (lock != NULL && lock->state != SHEET_APPROVED)
		lock = NULL;
	*open_r = status == TD_OK && (lock == NULL || role_may(l->role, RIGHT_LEAD));
	if (status != TD_OK || lock == NULL)
		return status;
	if (!*open_r) {
		refuse_locked(ap, l, lock);
		return TD_OK;
	}
	l->entry.correction = true;
	apply_note(ap, "%s of %s is approved; this stands there as a correction.", lock->week,
	    l->person->name);
	return TD_OK;
}

static enum td_status
round_amount(struct apply *ap, struct logging *l, struct err *err)
{
	struct rounding rounding;
	char exact[32], rounded[32];
	enum td_status status = rounding_get(ap->db, l->team->id, &rounding, err);

	if (status != TD_OK)
		return status;
	l->exact = l->entry.seconds;
	l->entry.seconds = rounding_apply(&rounding, l->exact);
	duration_format(l->exact, exact);
	duration_format(l->entry.seconds, rounded);
	l->entry.said = l->exact != l->entry.seconds ? l->exact : 0;
	if (l->entry.said != 0)
		l->entry.note = arena_printf(ap->arena, "%s%s(%s)", l->entry.note,
		    *l->entry.note != '\0' ? " " : "", exact);
	return TD_OK;
}

static void
tell_logged(struct apply *ap, const struct logging *l)
{
	const struct apply_spend *spend = l->spend;
	char amount[32], exact[32];
	const char *on = l->item != NULL
	    ? arena_printf(ap->arena, " on #%u", l->item->number) : "";
	const char *in = l->team->id != ap->team->id
	    ? arena_printf(ap->arena, " in %s", l->team->title) : "";
	const char *whose = l->entry.by_id != 0
	    ? arena_printf(ap->arena, " of %s", l->person->name) : "";
	const char *rounded = "";

	duration_format(l->entry.seconds, amount);
	duration_format(l->exact, exact);
	if (l->exact != l->entry.seconds)
		rounded = arena_printf(ap->arena, " (%s, rounded)", exact);
	apply_did(ap, spend->line, spend->text, "Logged %s%s%s%s for %s%s.", amount, rounded, on,
	    in, l->entry.day, whose);
}

static enum td_status
add_entry(struct apply *ap, struct logging *l, struct err *err)
{
	enum td_status status = check_overlap(ap, l, err);

	if (status == TD_OK)
		status = entry_add(ap->db, &l->entry, err);
	if (status == TD_OK)
		status = entry_event(ap, &l->entry, err);
	if (status == TD_OK)
		status = check_sum(ap, &l->entry, err);
	return status == TD_OK ? sheet_watch_week(ap, l->person, err) : status;
}

void
logging_begin(struct apply *ap, struct logging *l)
{
	const struct apply_spend *spend = l->spend;

	l->entry.team_id = l->team->id;
	l->entry.item_id = l->item != NULL ? l->item->id : 0;
	l->entry.project = spend->project;
	l->entry.billable = spend->billable;
	l->entry.note = spend->note != NULL ? spend->note : "";
	l->entry.message_id = ap->message_id;
	l->entry.created_at = ap->now;
	if (l->entry.project == NULL && l->item != NULL)
		l->entry.project = l->item->project;
}

enum td_status
logging_add(struct apply *ap, struct logging *l, struct err *err)
{
	bool is_open = false;
	enum td_status status;

	l->entry.zone = l->person->zone;
	if (!read_spend(ap, l))
		return TD_OK;
	status = check_lock(ap, l, &is_open, err);
	if (status != TD_OK || !is_open)
		return status;
	status = round_amount(ap, l, err);
	if (status == TD_OK)
		status = add_entry(ap, l, err);
	if (status == TD_OK)
		tell_logged(ap, l);
	l->is_done = status == TD_OK;
	return status;
}

enum td_status
apply_spend(struct apply *ap, const struct apply_spend *spend, struct err *err)
{
	struct logging l = {.spend = spend, .team = ap->team, .role = ap->role,
	    .item = spend->item != NULL ? spend->item->now : NULL};

	logging_begin(ap, &l);
	if (!apply_may(ap, RIGHT_WORK, spend->line, spend->text) || !find_whose(ap, &l))
		return TD_OK;
	return logging_add(ap, &l, err);
}

static enum td_status
do_spend(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct apply_spend spend = {
	    .line = cmd->line,
	    .text = cmd->source,
	    .seconds = cmd->seconds,
	    .has_seconds = cmd->has_seconds,
	    .when = cmd->when,
	    .item = ap->current,
	    .project = cmd->project,
	    .billable = cmd->flag,
	    .note = cmd->text,
	    .whose = cmd->n_people > 0 ? cmd->people[0] : NULL,
	};

	if (cmd->n_items > 0) {
		enum td_status status = apply_find_item(ap, cmd->items[0], cmd->line, cmd->source,
		    &spend.item, err);

		if (status != TD_OK || spend.item == NULL)
			return status;
	}
	return apply_spend(ap, &spend, err);
}

enum td_status
apply_time_command(struct apply *ap, const struct reading_command *cmd, bool *known_r,
    struct err *err)
{
	*known_r = true;
	if (strcmp(cmd->verb, "spend") == 0)
		return do_spend(ap, cmd, err);
	if (strcmp(cmd->verb, "start") == 0)
		return timer_command_start(ap, cmd, err);
	if (strcmp(cmd->verb, "stop") == 0)
		return timer_command_stop(ap, cmd, err);
	*known_r = false;
	return TD_OK;
}
