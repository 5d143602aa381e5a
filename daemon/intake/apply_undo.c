/* SPDX-License-Identifier: ISC */
/*
 * apply_undo: takes back all that one mail did, from the history: each event of the mail is
 * turned round, in an order in which nothing refers to what is removed. All or nothing: a savepoint
 * holds the half-done work, and where something later depends on an effect the line is refused
 * with what that is. An undo writes events of its own ("undo") and cannot be undone itself.
 */
#include "config.h"

#include "daemon/intake/undo.h"

#include <string.h>

#include "parsers/duration.h"
#include "daemon/intake/admit.h"
#include "daemon/intake/decide.h"
#include "daemon/intake/decide_calendar.h"
#include "daemon/intake/news.h"
#include "daemon/intake/sheet.h"
#include "daemon/model/patch.h"
#include "daemon/store/absence.h"
#include "daemon/store/comment.h"
#include "daemon/store/entry.h"
#include "daemon/store/event.h"
#include "daemon/store/item.h"
#include "daemon/store/message.h"
#include "daemon/store/person.h"
#include "daemon/store/plan.h"
#include "daemon/store/search.h"

/* ---- what depends on an event ---------------------------------------------------------------- */

static const char *
who(const struct undo *u, const struct event *e)
{
	return arena_printf(u->ap->arena, "by %s on %s", apply_name(u->ap, e->person_id),
	    person_day(u->ap->arena, u->ap->person->zone, e->at));
}

/* The first field that both the event and a later one wrote; NULL without. */
static const char *
shared_field(const json_t *ours, const char *later_json)
{
	json_t *later = later_json != NULL ? json_loads(later_json, 0, NULL) : NULL;
	const char *key, *found = NULL;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)ours, key, value)
		if (found == NULL && strcmp(key, "updated_at") != 0 &&
		    json_object_get(later, key) != NULL)
			found = key;
	json_decref(later);
	return found;
}

enum td_status
undo_look_later(
    struct undo *u, const char *what, const json_t *fields, bool *any_r, struct err *err)
{
	struct event *events;
	size_t n;
	enum td_status status = event_after(u->ap->db, u->ap->arena, u->event, &events, &n, err);

	if (status != TD_OK)
		return status;
	for (size_t i = 0; i < n && u->why == NULL; i++) {
		const char *key = fields != NULL ? shared_field(fields, events[i].after) : "";

		if (key != NULL)
			u->why = arena_printf(u->ap->arena, "%s was changed again %s", what,
			    who(u, &events[i]));
	}
	if (any_r != NULL)
		*any_r = n > 0;
	return TD_OK;
}

/* ---- one event, turned round ----------------------------------------------------------------- */

int64_t
undo_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

const char *
undo_text(const struct undo *u, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? arena_strdup(u->ap->arena, text) : NULL;
}

static enum td_status
load_item(struct undo *u, int64_t id, struct item **item_r, struct err *err)
{
	enum td_status status = item_by_id(u->ap->db, u->ap->arena, id, item_r, err);

	if (status == TD_OK && *item_r == NULL)
		return err_perm(err, "history of item %lld: it is not there", (long long)id);
	return status;
}

/* One mail may have changed an item in several steps: they are told as one. */
static void
note_change(struct undo *u, struct item *before, struct item *now)
{
	for (size_t i = 0; i < u->n_items; i++)
		if (u->items[i].now->id == now->id) {
			u->items[i].now = now;
			return;
		}
	*ARENA_PUSH(u->ap->arena, u->items, u->n_items, u->cap_items) =
	    (struct apply_item){.before = before, .now = now};
}

static enum td_status
undo_item_change(struct undo *u, struct err *err)
{
	struct apply *ap = u->ap;
	struct item *item = NULL, *old;
	bool later = false;
	enum td_status status = load_item(u, u->event->entity_id, &item, err);

	if (status != TD_OK)
		return status;
	u->did = arena_printf(ap->arena, "the change of #%u", item->number);
	status = undo_look_later(u, arena_printf(ap->arena, "#%u", item->number), u->before, &later,
	    err);
	if (status != TD_OK || u->why != NULL)
		return status;
	if (later)
		json_object_del(u->before, "updated_at");
	old = item_copy(ap->arena, item);
	status = item_patch(ap->arena, old, u->before, err);
	if (status == TD_OK)
		status = item_save(ap->db, item, old, err);
	if (status == TD_OK)
		status = decide_schedule(ap->db, ap->arena, old, err);
	note_change(u, item, old);
	return status == TD_OK ? apply_index_item(ap, old, err) : status;
}

static enum td_status
undo_item_create(struct undo *u, struct err *err)
{
	struct item *item = NULL;
	const char *what, *use = NULL;
	enum td_status status = load_item(u, u->event->entity_id, &item, err);

	if (status != TD_OK)
		return status;
	what = arena_printf(u->ap->arena, "#%u", item->number);
	u->did = what;
	status = undo_look_later(u, what, NULL, NULL, err);
	if (status == TD_OK && u->why == NULL)
		status = item_used(u->ap->db, item->id, &use, err);
	if (status == TD_OK && use != NULL)
		u->why = arena_printf(u->ap->arena, "%s of another mail refers to %s", use, what);
	if (status != TD_OK || u->why != NULL)
		return status;
	status = decide_calendar_undone(u->ap, item, err);
	if (status == TD_OK)
		status = search_set(u->ap->db, SEARCH_ITEM, item->id, item->team_id, NULL, err);
	return status == TD_OK ? item_remove(u->ap->db, item, err) : status;
}

static enum td_status
undo_comment(struct undo *u, struct err *err)
{
	enum td_status status = search_set(u->ap->db, SEARCH_COMMENT, u->event->entity_id,
	    u->event->team_id, NULL, err);

	u->did = "a comment";
	return status == TD_OK ? comment_remove(u->ap->db, u->event->entity_id, err) : status;
}

static enum td_status
undo_timer(struct undo *u, struct err *err)
{
	struct apply *ap = u->ap;
	struct timer *runs = NULL;
	const struct timer old = {u->event->entity_id, undo_number(u->before, "team"),
	    undo_number(u->before, "item"), undo_number(u->before, "started_at")};
	enum td_status status = timer_find(ap->db, ap->arena, u->event->entity_id, &runs, err);

	u->did = "the timer";
	if (status != TD_OK)
		return status;
	if (u->before != NULL && runs != NULL)
		u->why = "another timer was started since";
	else if (u->before == NULL && (runs == NULL ||
	    runs->started_at != undo_number(u->after, "started_at") ||
	    runs->item_id != undo_number(u->after, "item")))
		u->why = "the timer was stopped since";
	if (u->why != NULL)
		return TD_OK;
	if (u->before == NULL)
		return timer_stop(ap->db, u->event->entity_id, err);
	status = timer_start(ap->db, &old, err);
	return status == TD_OK ? sheet_watch_timer(ap, &old, err) : status;
}

static enum td_status
undo_absence(struct undo *u, struct err *err)
{
	enum td_status status;

	u->did = u->before != NULL ? "the end of an absence" : "an absence";
	status = undo_look_later(u, "the absence", NULL, NULL, err);
	if (status != TD_OK || u->why != NULL)
		return status;
	if (u->before == NULL)
		return absence_remove(u->ap->db, u->event->entity_id, err);
	return absence_set_end(u->ap->db, u->event->entity_id, undo_text(u, u->before, "last_day"),
	    undo_number(u->before, "ended_at"), err);
}

static enum td_status
undo_person(struct undo *u, struct err *err)
{
	struct apply *ap = u->ap;
	struct person *person = NULL;
	enum td_status status = person_by_id(ap->db, ap->arena, u->event->entity_id, &person, err);

	u->did = "a setting";
	if (status == TD_OK && person != NULL)
		status = undo_look_later(u, "the setting", u->before, NULL, err);
	if (status != TD_OK || person == NULL || u->why != NULL)
		return status;
	apply_patch_person(ap, person, u->before);
	status = person_update(ap->db, person, err);
	if (status == TD_OK && person->id == ap->person->id)
		ap->person = person;
	return status;
}

/* Carried out already: then the change itself is an event of the same mail. */
static enum td_status
undo_plan(struct undo *u, struct err *err)
{
	u->did = "a planned change";
	return plan_remove(u->ap->db, u->event->entity_id, err);
}

static bool
is(const struct event *e, const char *entity)
{
	return strcmp(e->entity, entity) == 0;
}

static enum td_status
turn_round(struct undo *u, struct err *err)
{
	const struct event *e = u->event;

	if (is(e, "item"))
		return u->before != NULL ? undo_item_change(u, err) : undo_item_create(u, err);
	if (is(e, "comment"))
		return undo_comment(u, err);
	if (is(e, "entry"))
		return undo_entry(u, err);
	if (is(e, "timer"))
		return undo_timer(u, err);
	if (is(e, "absence"))
		return undo_absence(u, err);
	if (is(e, "status_update"))
		return undo_update(u, err);
	if (is(e, "person"))
		return u->before != NULL ? undo_person(u, err) : undo_new_person(u, err);
	if (is(e, "membership"))
		return undo_membership(u, err);
	if (is(e, "vote"))
		return undo_vote(u, err);
	if (is(e, "sheet"))
		return undo_sheet(u, err);
	if (is(e, "plan"))
		return undo_plan(u, err);
	if (is(e, "handover"))
		return undo_handover(u, err);
	if (is(e, "page"))
		return undo_page(u, err);
	if (is(e, "reminder"))
		return undo_reminder(u, err);
	return err_perm(err, "history: nothing is known of \"%.40s\"", e->entity);
}

static enum td_status
take_back(struct undo *u, const struct event *event, struct err *err)
{
	enum td_status status;

	u->event = event;
	u->before = event->before != NULL ? json_loads(event->before, 0, NULL) : NULL;
	u->after = event->after != NULL ? json_loads(event->after, 0, NULL) : NULL;
	status = turn_round(u, err);
	json_decref(u->before);
	json_decref(u->after);
	if (status != TD_OK || u->why != NULL)
		return status;
	return apply_event(u->ap, event->entity, event->entity_id, "undo", event->after,
	    event->before, err);
}

/* ---- all events of a mail -------------------------------------------------------------------- */

/* What refers to items goes first, then their changes, then answers (the mail may have closed the
 * decision itself), then new items. */
#define RANKS 4
static int
rank(const struct event *e)
{
	if (is(e, "vote"))
		return 2;
	if (!is(e, "item"))
		return 0;
	return e->before != NULL ? 1 : 3;
}

static enum td_status
take_all(struct apply *ap, const struct event *events, size_t n,
    const struct news_unheard *unheard, const char **why_r, const char **did_r, struct err *err)
{
	struct undo u = {.ap = ap};
	const char *did = NULL;
	enum td_status status = TD_OK;

	for (int pass = 0; pass < RANKS; pass++) {
		for (size_t i = n; status == TD_OK && u.why == NULL && i > 0; i--) {
			const struct event *e = &events[i - 1];

			if (rank(e) != pass || strcmp(e->verb, "undo") == 0)
				continue;
			status = take_back(&u, e, err);
			did = did == NULL ? u.did : arena_printf(ap->arena, "%s, %s", did, u.did);
		}
	}
	for (size_t i = 0; status == TD_OK && u.why == NULL && i < u.n_items; i++)
		status = news_undone(ap, &u.items[i], unheard, err);
	*why_r = u.why;
	*did_r = did;
	return status;
}

static enum td_status
undo_mail(struct apply *ap, const struct reading_command *cmd, const struct message *mail,
    const struct event *events, size_t n, struct err *err)
{
	struct news_unheard unheard = {NULL, 0};
	const char *why = NULL, *did = NULL;
	enum td_status status = db_savepoint(ap->db, err);

	if (status != TD_OK)
		return status;
	status = news_take_back(ap, mail->id, &unheard, err);
	if (status == TD_OK)
		status = take_all(ap, events, n, &unheard, &why, &did, err);
	if (status == TD_OK && why == NULL)
		status = message_set_undone(ap->db, mail->id, ap->message_id, err);
	if (status != TD_OK || why != NULL) {
		db_savepoint_rollback(ap->db);
		apply_members_changed(ap); /* as before the savepoint */
		if (status == TD_OK)
			apply_refuse(ap, cmd->line, cmd->source, NULL,
			    "It cannot be taken back any more: %s.", why);
		return status;
	}
	apply_tell(ap, cmd->line, cmd->source, "Taken back: %s.",
	    did != NULL ? did : "nothing was left of it");
	apply_note(ap, "An undo cannot be undone; what it took back is to be written again.");
	ap->wants_ack = true;
	ap->has_undone = true;
	return db_savepoint_release(ap->db, err);
}

enum td_status
apply_undo(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct message *mail = NULL;
	struct event *events = NULL;
	size_t n = 0;
	bool may = false;
	enum td_status status = message_by_undo_code(ap->db, ap->arena,
	    admit_upper(ap->arena, cmd->word != NULL ? cmd->word : ""), &mail, err);

	if (status != TD_OK)
		return status;
	if (mail == NULL || (mail->person_id != ap->person->id && mail->team_id != ap->team->id)) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "There is no mail with the code %s.",
		    cmd->word);
		return TD_OK;
	}
	if (mail->undone_by == ap->message_id) /* by this very mail, in another team or line */
		return TD_OK;
	status = event_by_message(ap->db, ap->arena, mail->id, &events, &n, err);
	if (status == TD_OK)
		status = undo_may(ap, cmd, mail, events, n, &may, err);
	if (status != TD_OK || !may)
		return status;
	if (mail->undone_by != 0) {
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "That mail was taken back before.");
		return TD_OK;
	}
	return undo_mail(ap, cmd, mail, events, n, err);
}
