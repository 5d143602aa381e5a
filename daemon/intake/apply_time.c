/* SPDX-License-Identifier: ISC */
/*
 * apply_time: time entries and the running timer. An entry is never changed; a correction is a
 * negative one. Days are the person's own.
 */
#include "config.h"

#include "daemon/intake/apply.h"

#include <string.h>

#include "parsers/base/jsonw.h"
#include "parsers/duration.h"
#include "daemon/store/entry.h"
#include "daemon/store/item.h"

#define DAY_SECONDS 86400
#define TIMER_LONGEST (16 * 3600) /* beyond that it was forgotten */

/* ---- entries ------------------------------------------------------------------------------- */

/* The amount and the day that are meant; false when the line was refused. */
static bool
read_spend(struct apply *ap, const struct apply_spend *spend, struct entry *entry)
{
	const struct reading_when *when = spend->when;

	entry->day = ap->day;
	entry->seconds = spend->seconds;
	if (when != NULL && when->precision == WHEN_WEEK) {
		apply_refuse(ap, spend->line, spend->text, NULL,
		    "Time belongs to a day; name one instead of a week.");
		return false;
	}
	if (when != NULL) {
		entry->day = person_day(ap->arena, ap->person->zone, when->start);
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
	if (strcmp(entry->day, person_day(ap->arena, ap->person->zone, ap->now)) > 0 &&
	    strcmp(entry->day, ap->day) > 0) {
		apply_refuse(ap, spend->line, spend->text, NULL,
		    "%s is still to come; time is logged when it is spent.", entry->day);
		return false;
	}
	return true;
}

static enum td_status
entry_event(struct apply *ap, const struct entry *entry, struct err *err)
{
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
	jsonw_end(&w);
	status = apply_event(ap, "entry", entry->id, "create", NULL, json.ptr, err);
	buf_release(&json);
	return status;
}

/* More than a day in a day, or less than nothing, is told and kept. */
static enum td_status
check_sum(struct apply *ap, const struct entry *entry, struct err *err)
{
	int64_t sum = 0;
	char amount[32];
	enum td_status status = entry_sum(ap->db, 0, ap->person->id, entry->day, entry->day, &sum,
	    err);

	if (status != TD_OK)
		return status;
	duration_format(sum, amount);
	if (sum > DAY_SECONDS)
		apply_note(ap, "%s has %s now, more than 24 hours.", entry->day, amount);
	else if (sum < 0)
		apply_note(ap, "%s has %s now, less than nothing.", entry->day, amount);
	return TD_OK;
}

enum td_status
apply_spend(struct apply *ap, const struct apply_spend *spend, struct err *err)
{
	struct entry entry = {
	    .team_id = ap->team->id,
	    .person_id = ap->person->id,
	    .item_id = spend->item != NULL ? spend->item->now->id : 0,
	    .project = spend->project,
	    .billable = spend->billable,
	    .note = spend->note != NULL ? spend->note : "",
	    .message_id = ap->message_id,
	    .created_at = ap->now,
	};
	char amount[32];
	enum td_status status;

	if (!apply_may(ap, RIGHT_WORK, spend->line, spend->text) || !read_spend(ap, spend, &entry))
		return TD_OK;
	if (entry.project == NULL && spend->item != NULL)
		entry.project = spend->item->now->project;
	status = entry_add(ap->db, &entry, err);
	if (status == TD_OK)
		status = entry_event(ap, &entry, err);
	if (status == TD_OK)
		status = check_sum(ap, &entry, err);
	if (status != TD_OK)
		return status;
	duration_format(entry.seconds, amount);
	if (spend->item != NULL)
		apply_did(ap, spend->line, spend->text, "Logged %s on #%u for %s.", amount,
		    spend->item->now->number, entry.day);
	else
		apply_did(ap, spend->line, spend->text, "Logged %s for %s.", amount, entry.day);
	return TD_OK;
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
	};

	if (cmd->n_items > 0) {
		enum td_status status = apply_find_item(ap, cmd->items[0], cmd->line, cmd->source,
		    &spend.item, err);

		if (status != TD_OK || spend.item == NULL)
			return status;
	}
	return apply_spend(ap, &spend, err);
}

/* ---- timer --------------------------------------------------------------------------------- */

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

/* The time that the timer ran becomes an entry of its item's team. */
static enum td_status
log_timer(struct apply *ap, const struct reading_command *cmd, const struct timer *timer,
    struct err *err)
{
	int64_t ran = ap->anchor - timer->started_at;
	struct apply_item *item = NULL;
	struct item *found = NULL;
	enum td_status status = TD_OK;

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
	if (timer->item_id != 0)
		status = item_by_id(ap->db, ap->arena, timer->item_id, &found, err);
	if (status == TD_OK && found != NULL && found->team_id == ap->team->id)
		status = apply_find_item(ap, found->number, cmd->line, cmd->source, &item, err);
	if (status != TD_OK)
		return status;
	return apply_spend(ap,
	    &(struct apply_spend){.line = cmd->line, .text = cmd->source,
		.seconds = ran / 60 * 60, .has_seconds = true, .item = item,
		.when = &(struct reading_when){.start = timer->started_at, .end = ap->anchor,
		    .precision = WHEN_MINUTE}},
	    err);
}

static enum td_status
stop_timer(struct apply *ap, const struct reading_command *cmd, bool must, struct err *err)
{
	struct timer *timer = NULL;
	enum td_status status = timer_find(ap->db, ap->arena, ap->person->id, &timer, err);

	if (status != TD_OK)
		return status;
	if (timer == NULL) {
		if (must)
			apply_refuse(ap, cmd->line, cmd->source, "/start #42",
			    "No timer of yours is running.");
		return TD_OK;
	}
	status = timer_stop(ap->db, ap->person->id, err);
	if (status == TD_OK)
		status = timer_event(ap, timer, NULL, err);
	return status == TD_OK ? log_timer(ap, cmd, timer, err) : status;
}

static enum td_status
do_start(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct timer timer = {.person_id = ap->person->id, .team_id = ap->team->id,
	    .started_at = ap->anchor};
	struct apply_item *item = ap->current;
	const char *why = NULL;
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
	status = stop_timer(ap, cmd, false, err);
	timer.item_id = item->now->id;
	if (status == TD_OK)
		status = timer_start(ap->db, &timer, err);
	if (status == TD_OK)
		status = timer_event(ap, NULL, &timer, err);
	if (status != TD_OK)
		return status;
	if (item->now->state != ITEM_STARTED)
		item_set_state(item->now, ITEM_STARTED, NULL, ap->now);
	apply_did(ap, cmd->line, cmd->source, "#%u is started; the timer runs.",
	    item->now->number);
	return TD_OK;
}

enum td_status
apply_time_command(struct apply *ap, const struct reading_command *cmd, bool *known_r,
    struct err *err)
{
	*known_r = true;
	if (strcmp(cmd->verb, "spend") == 0)
		return do_spend(ap, cmd, err);
	if (strcmp(cmd->verb, "start") == 0)
		return do_start(ap, cmd, err);
	if (strcmp(cmd->verb, "stop") == 0)
		return stop_timer(ap, cmd, true, err);
	*known_r = false;
	return TD_OK;
}
