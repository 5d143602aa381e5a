/* SPDX-License-Identifier: ISC */
/*
 * apply_remind: /remind. A moment is kept as it was meant, whatever the hours and absences of the
 * person are then: they asked for it. A day without a time is the beginning of that day's work.
 * The job "remind:ID" sends the mail.
 */
#include "config.h"

#include "daemon/intake/undo.h"

#include <inttypes.h>
#include <string.h>

#include "parsers/base/jsonw.h"
#include "parsers/base/zone.h"
#include "daemon/model/hours.h"
#include "daemon/store/job.h"
#include "daemon/store/reminder.h"

#define REMINDERS_MAX 100              /* that wait, of one person */
#define AHEAD_MAX (5 * 366 * 86400LL)  /* seconds */
#define TEXT_MAX 1000u

static const char *
job_key(struct arena *arena, int64_t id)
{
	return arena_printf(arena, "remind:%" PRId64, id);
}

static int64_t
moment_of(const struct apply *ap, const struct reading_when *when)
{
	const struct zone *zone;
	struct hours hours;

	if (when->precision == WHEN_MINUTE ||
	    zone_get(ap->person->zone, &zone, NULL) != TD_OK ||
	    hours_parse(span_of(ap->person->hours), &hours, NULL) != TD_OK)
		return when->start;
	return hours_day_begin(&hours, zone, zone_local_day(zone, when->start));
}

static bool
may_be(struct apply *ap, const struct reading_command *cmd, int64_t at, size_t waiting)
{
	if (at <= ap->now)
		apply_refuse(ap, cmd->line, cmd->source, "/remind tomorrow ...",
		    "That moment is past: %s.", apply_moment(ap, at));
	else if (at - ap->now > AHEAD_MAX)
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "A reminder lies five years ahead at most.");
	else if (strlen(cmd->text) > TEXT_MAX)
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "A reminder has %u bytes at most; this one has %zu.", TEXT_MAX,
		    strlen(cmd->text));
	else if (waiting >= REMINDERS_MAX)
		apply_refuse(ap, cmd->line, cmd->source, "/list reminders",
		    "You have %d reminders that wait; no more are kept.", REMINDERS_MAX);
	else
		return true;
	return false;
}

static enum td_status
reminder_event(struct apply *ap, const struct reminder *reminder, struct err *err)
{
	struct buf json;
	struct jsonw w;
	enum td_status status;

	buf_init(&json, 1u << 16);
	jsonw_init(&w, &json, 0);
	jsonw_object(&w);
	jsonw_put_int(&w, "at", reminder->at);
	jsonw_put(&w, "text", reminder->text);
	jsonw_put_int(&w, "item", reminder->item_id);
	jsonw_end(&w);
	status = apply_event(ap, "reminder", reminder->id, "create", NULL, json.ptr, err);
	buf_release(&json);
	return status;
}

static enum td_status
add(struct apply *ap, struct reminder *reminder, struct err *err)
{
	enum td_status status = reminder_add(ap->db, reminder, err);

	if (status == TD_OK)
		status = reminder_event(ap, reminder, err);
	if (status != TD_OK)
		return status;
	return job_set(ap->db,
	    &(struct job){.dedupe_key = job_key(ap->arena, reminder->id), .kind = "remind",
		.team_id = ap->team->id, .person_id = ap->person->id, .due_at = reminder->at},
	    err);
}

static enum td_status
do_remind(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct reminder reminder = {.team_id = ap->team->id, .person_id = ap->person->id,
	    .item_id = ap->current != NULL ? ap->current->now->id : 0,
	    .message_id = ap->message_id, .text = cmd->text, .created_at = ap->now};
	struct reminder *waiting;
	size_t n = 0;
	enum td_status status;

	if (cmd->when == NULL || cmd->text == NULL) {
		apply_refuse(ap, cmd->line, cmd->source, "/remind friday call the bank",
		    cmd->when == NULL ? "When?" : "Of what?");
		return TD_OK;
	}
	reminder.at = moment_of(ap, cmd->when);
	status = reminder_list(ap->db, ap->arena, ap->person->id, 0, &waiting, &n, err);
	if (status != TD_OK || !may_be(ap, cmd, reminder.at, n))
		return status;
	status = add(ap, &reminder, err);
	if (status == TD_OK)
		apply_did(ap, cmd->line, cmd->source, "You will be reminded on %s.",
		    apply_moment(ap, reminder.at));
	return status;
}

enum td_status
apply_remind_command(struct apply *ap, const struct reading_command *cmd, bool *known_r,
    struct err *err)
{
	*known_r = strcmp(cmd->verb, "remind") == 0;
	return *known_r ? do_remind(ap, cmd, err) : TD_OK;
}

enum td_status
undo_reminder(struct undo *u, struct err *err)
{
	struct apply *ap = u->ap;
	struct reminder *reminder = NULL;
	enum td_status status = reminder_by_id(ap->db, ap->arena, u->event->entity_id, &reminder,
	    err);

	u->did = "a reminder";
	if (status != TD_OK || reminder == NULL)
		return status;
	if (reminder->sent_at != 0) {
		u->why = arena_printf(ap->arena, "the reminder went out on %s",
		    apply_moment(ap, reminder->sent_at));
		return TD_OK;
	}
	status = job_remove(ap->db, job_key(ap->arena, reminder->id), err);
	return status == TD_OK ? reminder_remove(ap->db, reminder->id, err) : status;
}
