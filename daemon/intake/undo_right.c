/* SPDX-License-Identifier: ISC */
/*
 * undo_right: who may take a mail back. What each event of the mail would need if it were done now
 * is read from the event itself: the right, whether the item has to be one's own, and whether a
 * reply to a mail of ours is needed. All of it is looked at before anything is turned round, on the
 * items as they will be then.
 */
#include "config.h"

#include "daemon/intake/undo.h"

#include <string.h>

#include "daemon/intake/proof.h"
#include "daemon/intake/sheet.h"
#include "daemon/model/patch.h"
#include "daemon/store/entry.h"
#include "daemon/store/handover.h"
#include "daemon/store/item.h"
#include "daemon/store/person.h"

struct need {
	struct apply *ap;
	const struct event *event;
	json_t *before, *after;  /* of the event; NULL without */
	enum right right;
	bool proof;
	bool own_sheet;          /* it judges the sheet of who takes it back */
	const struct item **own; /* have to be one's own, or to have no owner */
	size_t n_own, cap_own;
	const char *what;        /* it would do with them */
};

static void
raise_to(struct need *need, enum right right)
{
	if (right > need->right)
		need->right = right;
}

/* What only leads do, and prove. */
static void
raise_to_proven_lead(struct need *need)
{
	need->right = RIGHT_LEAD;
	need->proof = true;
}

/* ---- items ----------------------------------------------------------------------------------- */

static bool
has_id(const json_t *list, int64_t id)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_integer_value(json_array_get(list, i)) == id)
			return true;
	return false;
}

/* Somebody other than that person stands in the first list and not in the second. */
static bool
has_other(const json_t *in, const json_t *not_in, int64_t person_id)
{
	for (size_t i = 0; i < json_array_size(in); i++) {
		int64_t id = json_integer_value(json_array_get(in, i));

		if (id != person_id && !has_id(not_in, id))
			return true;
	}
	return false;
}

static void
need_for_watchers(struct need *need, const json_t *was, const json_t *is)
{
	int64_t self = need->ap->person->id;

	if (has_other(is, was, self))
		raise_to(need, RIGHT_WORK);
	if (has_other(was, is, self))
		raise_to_proven_lead(need);
}

/* Anybody takes a task and leaves one; all else gives it away. */
static bool
gives_away(const struct need *need, const json_t *was, const json_t *is)
{
	int64_t self = need->ap->person->id;

	if (has_other(is, was, self))
		return true;
	return has_other(was, is, self) && (!has_id(is, self) || has_id(was, self));
}

/* Of a decision; all else of it may be changed by all members. */
static bool
is_of_question(const char *key)
{
	static const char *const keys[] = {"title", "body", "state", "due_at", "due_day",
	    "due_zone", "closed_at", "owners", "options", "outcome", "outcome_how", "outcome_why"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

static void
need_own(struct need *need, const struct item *item, const char *what)
{
	*ARENA_PUSH(need->ap->arena, need->own, need->n_own, need->cap_own) = item;
	need->what = what;
}

static void
need_for_decision(struct need *need, const struct item *item, const char *key)
{
	const char *how = json_string_value(json_object_get(need->after, "outcome_how"));

	if (how != NULL && strcmp(how, "resolve") == 0)
		need->proof = true;
	/* closed by the last answer: that was for all members */
	else if (how != NULL)
		return;
	if (is_of_question(key))
		need_own(need, item, "changing the question");
}

static enum td_status
need_for_item(struct need *need, struct err *err)
{
	struct apply *ap = need->ap;
	struct item *item = NULL;
	const char *key;
	json_t *was;
	enum td_status status = item_by_id(ap->db, ap->arena, need->event->entity_id, &item, err);

	if (need->before == NULL)
		raise_to(need, RIGHT_WORK);
	if (status != TD_OK || item == NULL || need->before == NULL)
		return status;
	item = item_copy(ap->arena, item);
	status = item_patch(ap->arena, item, need->before, err);
	if (status != TD_OK)
		return status;
	json_object_foreach(need->before, key, was) {
		const json_t *is = json_object_get(need->after, key);

		if (strcmp(key, "updated_at") == 0)
			continue;
		if (strcmp(key, "watchers") == 0) {
			need_for_watchers(need, was, is);
			continue;
		}
		raise_to(need, RIGHT_WORK);
		if (item_is_decision(item))
			need_for_decision(need, item, key);
		else if (strcmp(key, "owners") == 0 && gives_away(need, was, is))
			need_own(need, item, APPLY_GIVING);
	}
	return TD_OK;
}

/* What it asked for; the answers are the receiver's. */
static enum td_status
need_for_handover(struct need *need, struct err *err)
{
	struct apply *ap = need->ap;
	struct handover_item *items = NULL;
	size_t n = 0;
	enum td_status status = TD_OK;

	raise_to(need, RIGHT_WORK);
	if (need->before == NULL)
		status = handover_items(ap->db, ap->arena, need->event->entity_id, &items, &n, err);
	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct item *item = NULL;

		status = item_by_id(ap->db, ap->arena, items[i].item_id, &item, err);
		if (status == TD_OK && item != NULL)
			need_own(need, item, "handing it over");
	}
	return status;
}

/* ---- time, people ---------------------------------------------------------------------------- */

static enum td_status
need_for_entry(struct need *need, struct err *err)
{
	struct apply *ap = need->ap;
	struct entry *entry = NULL;
	struct sheet *lock = NULL;
	enum td_status status = entry_by_id(ap->db, ap->arena, need->event->entity_id, &entry, err);

	raise_to(need, RIGHT_WORK);
	if (status != TD_OK || entry == NULL)
		return status;
	if (entry->person_id != ap->person->id)
		raise_to_proven_lead(need);
	status = sheet_lock_of(ap->db, ap->arena, entry->team_id, entry->person_id, entry->day,
	    &lock, err);
	/* what was no correction is not taken back at all: undo_entry says so */
	if (lock != NULL && entry->correction)
		raise_to(need, RIGHT_LEAD);
	return status;
}

static enum td_status
need_for_sheet(struct need *need, struct err *err)
{
	struct apply *ap = need->ap;
	const char *state = json_string_value(json_object_get(need->after, "state"));
	bool only = false;
	enum td_status status = TD_OK;

	raise_to(need, RIGHT_WORK);
	if (state == NULL || strcmp(state, "submitted") == 0)
		return TD_OK;
	raise_to_proven_lead(need);
	if (undo_number(need->after, "person") != ap->person->id)
		return TD_OK;
	status = member_only_lead(ap->db, need->event->team_id, ap->person->id, &only, err);
	need->own_sheet = !only;
	return status;
}

/* Settings: guests have mail of their own, and no working day. */
static void
need_for_person(struct need *need)
{
	if (need->before == NULL)
		raise_to_proven_lead(need);
	else if (json_object_get(need->before, "zone") != NULL ||
	    json_object_get(need->before, "hours") != NULL ||
	    json_object_get(need->before, "checkin") != NULL)
		raise_to(need, RIGHT_WORK);
}

static enum td_status
read_need(struct need *need, struct err *err)
{
	const char *entity = need->event->entity;

	if (strcmp(entity, "item") == 0)
		return need_for_item(need, err);
	if (strcmp(entity, "handover") == 0)
		return need_for_handover(need, err);
	if (strcmp(entity, "entry") == 0)
		return need_for_entry(need, err);
	if (strcmp(entity, "sheet") == 0)
		return need_for_sheet(need, err);
	if (strcmp(entity, "membership") == 0)
		raise_to_proven_lead(need);
	else if (strcmp(entity, "person") == 0)
		need_for_person(need);
	else if (strcmp(entity, "comment") != 0 && strcmp(entity, "status_update") != 0)
		raise_to(need, RIGHT_WORK);
	return TD_OK;
}

/* ---- may they -------------------------------------------------------------------------------- */

static bool
refuse_role(struct apply *ap, const struct reading_command *cmd, const struct need *need,
    enum role role)
{
	apply_refuse(ap, cmd->line, cmd->source, NULL,
	    "Taking that mail back needs the role %s in %s, as what it did does; you are "
	    "%s%s there.",
	    role_name(right_needs(need->right)), need->event->team_id == ap->team->id
		? ap->team->title : "another team that it went to",
	    role == ROLE_NONE ? "" : "a ", role_name(role));
	return false;
}

/* In another team who left it is not asked for: what they own there is still theirs. */
static bool
is_own(struct apply *ap, const struct reading_command *cmd, const struct need *need,
    const struct item *item, enum role role)
{
	struct need lead = *need;

	if (need->event->team_id == ap->team->id)
		return apply_may_dispose(ap, item, need->what, cmd->line, cmd->source);
	if (role_may(role, RIGHT_LEAD) || item_is_of(item, ap->person->id) ||
	    (item->n_owners == 0 && !item_is_decision(item)))
		return true;
	lead.right = RIGHT_LEAD;
	return refuse_role(ap, cmd, &lead, role);
}

static enum td_status
judge(struct need *need, const struct reading_command *cmd, bool *may_r, struct err *err)
{
	struct apply *ap = need->ap;
	enum role role = ap->role;
	enum td_status status = TD_OK;

	if (need->event->team_id != ap->team->id)
		status = member_role(ap->db, need->event->team_id, ap->person->id, &role, err);
	if (status != TD_OK)
		return status;
	*may_r = role_may(role, need->right) || refuse_role(ap, cmd, need, role);
	for (size_t i = 0; *may_r && i < need->n_own; i++)
		*may_r = is_own(ap, cmd, need, need->own[i], role);
	if (*may_r && need->own_sheet) {
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "It is about your own sheet: another lead judges it, and takes that back.");
		*may_r = false;
	}
	return TD_OK;
}

static enum td_status
may_undo_event(struct apply *ap, const struct reading_command *cmd, const struct event *event,
    bool *may_r, bool *proof_r, struct err *err)
{
	struct need need = {.ap = ap, .event = event, .right = RIGHT_COMMENT};
	enum td_status status;

	need.before = event->before != NULL ? json_loads(event->before, 0, NULL) : NULL;
	need.after = event->after != NULL ? json_loads(event->after, 0, NULL) : NULL;
	status = read_need(&need, err);
	if (status == TD_OK)
		status = judge(&need, cmd, may_r, err);
	*proof_r = *proof_r || need.proof;
	json_decref(need.before);
	json_decref(need.after);
	return status;
}

/* Leads take back what others wrote, where they lead every team that the mail had to do with. */
static bool
may_undo_others(struct apply *ap, const struct reading_command *cmd, const struct event *events,
    size_t n)
{
	bool may = role_may(ap->role, RIGHT_LEAD);

	for (size_t i = 0; may && i < n; i++)
		may = events[i].team_id == ap->team->id;
	if (!may)
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "Another person wrote that mail: taking it back needs the role lead.");
	return may;
}

enum td_status
undo_may(struct apply *ap, const struct reading_command *cmd, const struct message *mail,
    const struct event *events, size_t n, bool *may_r, struct err *err)
{
	bool is_others = mail->person_id != ap->person->id, proof = is_others;
	enum td_status status = TD_OK;

	*may_r = !is_others || may_undo_others(ap, cmd, events, n);
	for (size_t i = 0; status == TD_OK && *may_r && i < n; i++)
		if (strcmp(events[i].verb, "undo") != 0)
			status = may_undo_event(ap, cmd, &events[i], may_r, &proof, err);
	if (status == TD_OK && *may_r && proof)
		*may_r = proof_may(ap, cmd->line, cmd->source);
	return status;
}
