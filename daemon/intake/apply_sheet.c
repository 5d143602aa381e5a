/* SPDX-License-Identifier: ISC */
/*
 * apply_sheet: time sheets by mail: /submit by the person, /approve and /reject by a lead. An
 * approved week is locked: only a lead writes into it, visibly. Nobody judges their own sheet
 * where there is another lead. What is approved is what was handed in: a week that is over, and
 * the sum that the lead was told.
 */
#include "config.h"

#include "daemon/intake/sheet.h"

#include <inttypes.h>
#include <string.h>

#include "parsers/base/jsonw.h"
#include "parsers/base/zone.h"
#include "parsers/duration.h"
#include "daemon/intake/proof.h"
#include "daemon/intake/undo.h"
#include "daemon/store/job.h"
#include "daemon/store/sheet.h"

#define LATE_WEEKS 53 /* older ones are not handed in any more */

/* ---- looking after ------------------------------------------------------------------------- */

enum td_status
sheet_of_day(struct db *db, struct arena *arena, int64_t team_id, int64_t person_id,
    const char *day, struct sheet **sheet_r, struct err *err)
{
	int64_t days;

	*sheet_r = NULL;
	if (!civil_parse_day(span_of(day), &days))
		return TD_OK;
	return sheet_find(db, arena, team_id, person_id, week_name(arena, days), sheet_r, err);
}

enum td_status
sheet_lock_of(struct db *db, struct arena *arena, int64_t team_id, int64_t person_id,
    const char *day, struct sheet **sheet_r, struct err *err)
{
	struct sheet *sheet = NULL;
	enum td_status status = sheet_of_day(db, arena, team_id, person_id, day, &sheet, err);

	if (status == TD_OK)
		*sheet_r = sheet != NULL && sheet->state == SHEET_APPROVED ? sheet : NULL;
	return status;
}

static const struct zone *
zone_of(const struct person *person)
{
	const struct zone *zone;
	struct err ignored;

	return zone_get(person->zone, &zone, &ignored) == TD_OK ? zone : zone_utc();
}

enum td_status
sheet_watch_week(struct apply *ap, const struct person *person, struct err *err)
{
	const struct zone *zone = zone_of(person);
	int64_t today = zone_local_day(zone, ap->now);

	return job_add(ap->db,
	    &(struct job){.dedupe_key = arena_printf(ap->arena, "week:%" PRId64, person->id),
		.kind = "week", .person_id = person->id,
		.due_at = zone_day_start(zone, today - civil_weekday(today) + 7)},
	    err);
}

enum td_status
sheet_watch_timer(struct apply *ap, const struct timer *timer, struct err *err)
{
	struct hours hours;
	struct err ignored;
	int64_t end = timer->started_at + 8 * 3600;

	if (hours_parse(span_of(ap->person->hours), &hours, &ignored) == TD_OK)
		end = worktime_day_end(&hours, zone_of(ap->person), timer->started_at);
	return job_set(ap->db,
	    &(struct job){.dedupe_key = arena_printf(ap->arena, "timer:%" PRId64,
			      timer->person_id),
		.kind = "timer", .team_id = timer->team_id, .person_id = timer->person_id,
		.due_at = end},
	    err);
}

/* ---- history ------------------------------------------------------------------------------- */

static const char *
sheet_json(struct apply *ap, const struct sheet *sheet)
{
	struct buf json;
	struct jsonw w;
	const char *text;

	if (sheet == NULL)
		return NULL;
	buf_init(&json, 1u << 16);
	jsonw_init(&w, &json, 0);
	jsonw_object(&w);
	jsonw_put_int(&w, "team", sheet->team_id);
	jsonw_put_int(&w, "person", sheet->person_id);
	jsonw_put(&w, "week", sheet->week);
	jsonw_put(&w, "state", sheet_state_name(sheet->state));
	jsonw_put_int(&w, "seconds", sheet->seconds);
	jsonw_key(&w, "reason");
	jsonw_string(&w, sheet->reason);
	jsonw_put_int(&w, "message", sheet->message_id);
	jsonw_put_int(&w, "submitted_at", sheet->submitted_at);
	jsonw_put_int(&w, "judged_by", sheet->judged_by);
	jsonw_put_int(&w, "judged_at", sheet->judged_at);
	jsonw_put_int(&w, "told_at", sheet->told_at);
	jsonw_end(&w);
	text = arena_span(ap->arena, buf_span(&json));
	buf_release(&json);
	return text;
}

static enum td_status
save(struct apply *ap, const struct sheet *old, struct sheet *now, struct err *err)
{
	enum td_status status = sheet_put(ap->db, now, err);

	if (status != TD_OK)
		return status;
	return apply_event(ap, "sheet", now->id, old == NULL ? "create" : "change",
	    sheet_json(ap, old), sheet_json(ap, now), err);
}

/* ---- whose, which week --------------------------------------------------------------------- */

static const char *
amount(struct apply *ap, int64_t seconds)
{
	char text[32];

	duration_format(seconds, text);
	return arena_strdup(ap->arena, text);
}

struct week {
	const char *name;
	char first[CIVIL_TEXT], last[CIVIL_TEXT];
	int64_t monday;
};

static bool
read_week(struct apply *ap, const struct reading_command *cmd, struct week *week)
{
	int64_t today = 0;

	if (cmd->word == NULL || !week_parse(span_of(cmd->word), &week->monday)) {
		apply_refuse(ap, cmd->line, cmd->source,
		    arena_printf(ap->arena, "/%s 2026-W41", cmd->verb), "Which week?");
		return false;
	}
	week->name = week_name(ap->arena, week->monday);
	civil_format_day(week->monday, week->first);
	civil_format_day(week->monday + 6, week->last);
	(void)civil_parse_day(span_of(ap->day), &today);
	if (week->monday > today) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "%s has not begun yet.",
		    week->name);
		return false;
	}
	if (week->monday < today - LATE_WEEKS * 7) {
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "%s is more than a year ago.", week->name);
		return false;
	}
	return true;
}

/* The sheet as it stands, and what was logged in its week. */
static enum td_status
load(struct apply *ap, const struct week *week, int64_t person_id, struct sheet **sheet_r,
    int64_t *seconds_r, struct err *err)
{
	enum td_status status = sheet_find(ap->db, ap->arena, ap->team->id, person_id, week->name,
	    sheet_r, err);

	if (status == TD_OK)
		status = entry_sum(ap->db, ap->team->id, person_id, week->first, week->last,
		    seconds_r, err);
	return status;
}

/* ---- handing in ---------------------------------------------------------------------------- */

static bool
is_other_lead(const struct member *member, int64_t person_id)
{
	return member->role == ROLE_LEAD && member->person.id != person_id;
}

static bool
has_other_lead(const struct apply *ap, int64_t person_id)
{
	const struct apply_members *members = apply_members(ap);

	for (size_t i = 0; i < members->n; i++)
		if (is_other_lead(&members->list[i], person_id))
			return true;
	return false;
}

static enum td_status
tell_leads(struct apply *ap, struct err *err)
{
	const struct apply_members *members = apply_members(ap);
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < members->n; i++)
		if (is_other_lead(&members->list[i], ap->person->id))
			status = job_add(ap->db,
			    &(struct job){.dedupe_key = arena_printf(ap->arena,
					      "sheets:%" PRId64 ":%" PRId64, ap->team->id,
					      members->list[i].person.id),
				.kind = "sheets", .team_id = ap->team->id,
				.person_id = members->list[i].person.id, .due_at = ap->now},
			    err);
	return status;
}

/* Was other time logged in the week since it was handed in? */
static bool
has_changed(const struct sheet *sheet, int64_t seconds)
{
	return sheet != NULL && sheet->state == SHEET_SUBMITTED && sheet->seconds != seconds;
}

static enum td_status
do_submit(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct sheet now = {.team_id = ap->team->id, .person_id = ap->person->id,
	    .state = SHEET_SUBMITTED, .message_id = ap->message_id, .submitted_at = ap->now};
	struct sheet *old = NULL;
	struct week week;
	const char *why;
	enum td_status status;

	if (!read_week(ap, cmd, &week))
		return TD_OK;
	now.week = week.name;
	status = load(ap, &week, ap->person->id, &old, &now.seconds, err);
	if (status != TD_OK)
		return status;
	if (!sheet_may_become(old, SHEET_SUBMITTED, &why) && !has_changed(old, now.seconds)) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "Your sheet of %s: %s.", week.name,
		    why);
		return TD_OK;
	}
	if (now.seconds == 0)
		apply_note(ap, "Nothing is logged in %s; an empty sheet was handed in.", week.name);
	status = save(ap, old, &now, err);
	if (status == TD_OK)
		status = tell_leads(ap, err);
	if (status == TD_OK)
		apply_did(ap, cmd->line, cmd->source,
		    "Your sheet of %s is handed in: %s. A lead approves it.", week.name,
		    amount(ap, now.seconds));
	return status;
}

/* ---- judging ------------------------------------------------------------------------------- */

static enum td_status
tell_person(struct apply *ap, int64_t person_id, struct err *err)
{
	return job_add(ap->db,
	    &(struct job){.dedupe_key = arena_printf(ap->arena, "sheet:%" PRId64 ":%" PRId64,
			      ap->team->id, person_id),
		.kind = "sheet", .team_id = ap->team->id, .person_id = person_id,
		.due_at = ap->now},
	    err);
}

/* Is the week over for the person, and the sum the one that was handed in? Else the line is
 * refused. */
static bool
may_approve(struct apply *ap, const struct reading_command *cmd, const struct member *member,
    const struct week *week, const struct sheet *sheet, int64_t seconds)
{
	const struct person *person = &member->person;
	char next[CIVIL_TEXT];

	if (zone_local_day(zone_of(person), ap->now) < week->monday + 7) {
		civil_format_day(week->monday + 7, next);
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "%s is not over yet: it can be approved from %s on.", week->name, next);
		return false;
	}
	if (has_changed(sheet, seconds)) {
		apply_refuse(ap, cmd->line, cmd->source,
		    arena_printf(ap->arena, "/reject %s @%s it has %s now", week->name,
			person->handle, amount(ap, seconds)),
		    "The sheet of %s, %s, was handed in with %s and has %s now: it is to be handed "
		    "in again.", person->name, week->name, amount(ap, sheet->seconds),
		    amount(ap, seconds));
		return false;
	}
	return true;
}

static enum td_status
judge(struct apply *ap, const struct reading_command *cmd, enum sheet_state to, struct err *err)
{
	const struct member *member;
	struct sheet *old = NULL, now;
	struct week week;
	int64_t seconds = 0;
	const char *why;
	enum td_status status;

	if (cmd->n_people == 0) {
		apply_refuse(ap, cmd->line, cmd->source,
		    arena_printf(ap->arena, "/%s 2026-W41 @ana", cmd->verb), "Whose?");
		return TD_OK;
	}
	if (!proof_may(ap, cmd->line, cmd->source))
		return TD_OK;
	member = apply_find_member(ap, cmd->people[0], cmd->line, cmd->source);
	if (member == NULL || !read_week(ap, cmd, &week))
		return TD_OK;
	if (member->person.id == ap->person->id && has_other_lead(ap, ap->person->id)) {
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "It is your own sheet: another lead judges it.");
		return TD_OK;
	}
	if (to == SHEET_REJECTED && (cmd->text == NULL || *cmd->text == '\0')) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "Say why it is handed back.");
		return TD_OK;
	}
	status = load(ap, &week, member->person.id, &old, &seconds, err);
	if (status != TD_OK)
		return status;
	if (!sheet_may_become(old, to, &why)) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "The sheet of %s, %s: %s.",
		    member->person.name, week.name, why);
		return TD_OK;
	}
	if (to == SHEET_APPROVED && !may_approve(ap, cmd, member, &week, old, seconds))
		return TD_OK;
	now = *old;
	now.state = to;
	now.seconds = seconds;
	now.reason = cmd->text;
	now.message_id = ap->message_id;
	now.judged_by = ap->person->id;
	now.judged_at = ap->now;
	now.told_at = member->person.id == ap->person->id ? ap->now : 0;
	status = save(ap, old, &now, err);
	if (status == TD_OK && now.told_at == 0)
		status = tell_person(ap, member->person.id, err);
	if (status == TD_OK)
		apply_did(ap, cmd->line, cmd->source, "The sheet of %s, %s (%s), is %s.",
		    member->person.name, week.name, amount(ap, seconds),
		    to == SHEET_APPROVED ? "approved and locked" : "handed back");
	return status;
}

enum td_status
apply_sheet_command(struct apply *ap, const struct reading_command *cmd, bool *known_r,
    struct err *err)
{
	*known_r = true;
	if (strcmp(cmd->verb, "submit") == 0)
		return do_submit(ap, cmd, err);
	if (strcmp(cmd->verb, "approve") == 0)
		return judge(ap, cmd, SHEET_APPROVED, err);
	if (strcmp(cmd->verb, "reject") == 0)
		return judge(ap, cmd, SHEET_REJECTED, err);
	*known_r = false;
	return TD_OK;
}

/* ---- undo ---------------------------------------------------------------------------------- */

static enum td_status
corrected_since(struct undo *u, struct err *err)
{
	const char *week = undo_text(u, u->after, "week");
	char first[CIVIL_TEXT], last[CIVIL_TEXT];
	int64_t monday = 0;
	bool yes = false;
	enum td_status status;

	if (week == NULL || !week_parse(span_of(week), &monday))
		return TD_OK;
	civil_format_day(monday, first);
	civil_format_day(monday + 6, last);
	status = entry_corrected(u->ap->db, undo_number(u->after, "team"),
	    undo_number(u->after, "person"), first, last, &yes, err);
	if (status == TD_OK && yes)
		u->why = arena_printf(u->ap->arena, "%s was corrected since", week);
	return status;
}

enum td_status
undo_sheet(struct undo *u, struct err *err)
{
	struct sheet old = {.team_id = undo_number(u->before, "team"),
	    .person_id = undo_number(u->before, "person"), .week = undo_text(u, u->before, "week"),
	    .seconds = undo_number(u->before, "seconds"),
	    .reason = undo_text(u, u->before, "reason"),
	    .message_id = undo_number(u->before, "message"),
	    .submitted_at = undo_number(u->before, "submitted_at"),
	    .judged_by = undo_number(u->before, "judged_by"),
	    .judged_at = undo_number(u->before, "judged_at"),
	    .told_at = undo_number(u->before, "told_at")};
	enum td_status status;

	u->did = "a time sheet";
	status = undo_look_later(u, "the time sheet", NULL, NULL, err);
	if (status == TD_OK && u->why == NULL &&
	    strcmp(undo_text(u, u->after, "state"), "approved") == 0)
		status = corrected_since(u, err);
	if (status != TD_OK || u->why != NULL)
		return status;
	if (u->before == NULL)
		return sheet_remove(u->ap->db, u->event->entity_id, err);
	(void)sheet_state_parse(undo_text(u, u->before, "state"), &old.state);
	return sheet_put(u->ap->db, &old, err);
}

/* Time in a week that was approved since stays: whoever wants it gone corrects it. */
enum td_status
undo_entry(struct undo *u, struct err *err)
{
	struct apply *ap = u->ap;
	struct entry *entry = NULL;
	struct sheet *lock = NULL;
	char text[32];
	enum td_status status = entry_by_id(ap->db, ap->arena, u->event->entity_id, &entry, err);

	if (status != TD_OK || entry == NULL)
		return status;
	duration_format(entry->seconds, text);
	u->did = arena_printf(ap->arena, "%s on %s", text, entry->day);
	status = sheet_lock_of(ap->db, ap->arena, entry->team_id, entry->person_id, entry->day,
	    &lock, err);
	if (status == TD_OK && lock != NULL && !entry->correction)
		u->why = arena_printf(ap->arena, "%s is approved and locked by now", lock->week);
	if (status != TD_OK || u->why != NULL)
		return status;
	return entry_remove(ap->db, entry->id, err);
}
