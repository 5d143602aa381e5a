/* SPDX-License-Identifier: ISC */
/*
 * apply_timer: the one running timer of a person. What it ran becomes an entry of the team and the
 * item that it was started on; where that cannot be now, it runs on.
 */
#include "config.h"

#include "daemon/intake/logging.h"

#include <string.h>

#include "parsers/duration.h"
#include "daemon/intake/sheet.h"
#include "daemon/store/event.h"
#include "daemon/store/item.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

#define TIMER_LONGEST (16 * 3600) /* beyond that it was forgotten */

static enum td_status
timer_event(struct apply *ap, const struct timer *before, const struct timer *after,
    struct err *err)
{
	const struct timer *both[2] = {before, after};
	const char *json[2] = {NULL, NULL};

	for (size_t i = 0; i < 2; i++)
		if (both[i] != NULL)
			json[i] = arena_printf(ap->arena,
			    "{\"team\":%lld,\"item\":%lld,\"started_at\":%lld}",
			    (long long)both[i]->team_id, (long long)both[i]->item_id,
			    (long long)both[i]->started_at);
	return apply_event(ap, "timer", ap->person->id, after != NULL ? "create" : "end", json[0],
	    json[1], err);
}

/* The timer's team, the writer's role there, and the item, as this mail has left it. */
static enum td_status
load_timer(struct apply *ap, const struct timer *timer, struct logging *l, struct err *err)
{
	struct team *team = NULL;
	struct item *item = NULL;
	enum td_status status = team_by_id(ap->db, ap->arena, timer->team_id, &team, err);

	if (status == TD_OK)
		status = member_role(ap->db, timer->team_id, ap->person->id, &l->role, err);
	if (status == TD_OK && timer->item_id != 0)
		status = item_by_id(ap->db, ap->arena, timer->item_id, &item, err);
	if (status == TD_OK && item != NULL && item->team_id == ap->team->id)
		status = apply_peek_item(ap, item->number, &item, err);
	l->team = team != NULL ? team : ap->team;
	l->item = item;
	return status;
}

/* The time that the timer ran becomes an entry of its item's team. *keep_r: that could not be, and
 * can be later: the timer runs on. */
static enum td_status
log_timer(struct apply *ap, const struct reading_command *cmd, const struct timer *timer,
    bool *keep_r, struct err *err)
{
	const int64_t ran = ap->anchor - timer->started_at;
	const struct reading_when when = {.start = timer->started_at, .end = ap->anchor,
	    .precision = WHEN_MINUTE};
	const struct apply_spend spend = {.line = cmd->line, .text = cmd->source,
	    .seconds = ran / 60 * 60, .has_seconds = true, .when = &when};
	struct logging l = {.spend = &spend, .person = ap->person, .is_timer = true};
	char amount[32];
	enum td_status status;

	if (ran > TIMER_LONGEST) {
		apply_refuse(ap, cmd->line, cmd->source, "/spend 2h",
		    "The timer ran for %lld hours and was stopped; nothing was logged. Write how "
		    "long it was.", (long long)(ran / 3600));
		return TD_OK;
	}
	if (ran < 60) {
		apply_did(ap, cmd->line, cmd->source,
		    "The timer is stopped; it ran for less than a minute and nothing was logged.");
		return TD_OK;
	}
	status = load_timer(ap, timer, &l, err);
	if (status != TD_OK)
		return status;
	if (!role_may(l.role, RIGHT_WORK)) {
		duration_format(spend.seconds, amount);
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "The timer ran for %s and was stopped; nothing was logged: that needs the role "
		    "%s in %s.", amount, role_name(right_needs(RIGHT_WORK)), l.team->title);
		return TD_OK;
	}
	logging_begin(ap, &l);
	l.entry.person_id = ap->person->id;
	status = logging_add(ap, &l, err);
	*keep_r = !l.is_done;
	return status;
}

/* A mail to several teams stops the timer in the first of them. */
static enum td_status
say_none_runs(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct event *events;
	size_t n = 0;
	enum td_status status = event_by_message(ap->db, ap->arena, ap->message_id, &events, &n,
	    err);

	if (status != TD_OK)
		return status;
	for (size_t i = 0; i < n; i++) {
		if (events[i].team_id != ap->team->id && strcmp(events[i].entity, "timer") == 0 &&
		    strcmp(events[i].verb, "end") == 0) {
			apply_tell(ap, cmd->line, cmd->source,
			    "The timer is stopped already, by the same mail to another team.");
			return TD_OK;
		}
	}
	apply_refuse(ap, cmd->line, cmd->source, "/start #42", "No timer of yours is running.");
	return TD_OK;
}

/* *runs_r: it could not be logged and runs on; the line was refused. */
static enum td_status
stop_timer(struct apply *ap, const struct reading_command *cmd, bool must, bool *runs_r,
    struct err *err)
{
	struct timer *timer = NULL;
	enum td_status status = timer_find(ap->db, ap->arena, ap->person->id, &timer, err);

	*runs_r = false;
	if (status != TD_OK)
		return status;
	if (timer == NULL)
		return must ? say_none_runs(ap, cmd, err) : TD_OK;
	status = log_timer(ap, cmd, timer, runs_r, err);
	if (status != TD_OK || *runs_r)
		return status;
	status = timer_stop(ap->db, ap->person->id, err);
	return status == TD_OK ? timer_event(ap, timer, NULL, err) : status;
}

enum td_status
timer_command_start(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct timer timer = {.person_id = ap->person->id, .team_id = ap->team->id,
	    .started_at = ap->anchor};
	struct apply_item *item = ap->current;
	const char *why = NULL;
	bool runs;
	enum td_status status = TD_OK;

	if (cmd->n_items > 0)
		status = apply_find_item(ap, cmd->items[0], cmd->line, cmd->source, &item, err);
	else if (item == NULL)
		apply_refuse(ap, cmd->line, cmd->source, "/start #42", "On which item?");
	if (status != TD_OK || item == NULL)
		return status;
	if (!item_may_become(item->now, ITEM_STARTED, &why)) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "#%u cannot be started: %s.",
		    item->now->number, why);
		return TD_OK;
	}
	status = stop_timer(ap, cmd, false, &runs, err);
	if (status != TD_OK || runs)
		return status;
	timer.item_id = item->now->id;
	status = timer_start(ap->db, &timer, err);
	if (status == TD_OK)
		status = timer_event(ap, NULL, &timer, err);
	if (status == TD_OK)
		status = sheet_watch_timer(ap, &timer, err);
	if (status != TD_OK)
		return status;
	if (item->now->state != ITEM_STARTED)
		item_set_state(item->now, ITEM_STARTED, NULL, ap->now);
	apply_did(ap, cmd->line, cmd->source, "#%u is started; the timer runs.",
	    item->now->number);
	return TD_OK;
}

enum td_status
timer_command_stop(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	bool runs;

	return stop_timer(ap, cmd, true, &runs, err);
}
