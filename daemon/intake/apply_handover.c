/* SPDX-License-Identifier: ISC */
/*
 * apply_handover: /handover, and the answers to it: /accept (which is /agree) and /object, as
 * everywhere where somebody is asked. An item stays with its owner until the receiver accepts it,
 * or takes it by any other line: handover_settle sees to that at the end of each mail. The job
 * "handover:ID" asks, reminds, and tells the giver when no answer comes.
 */
#include "config.h"

#include "daemon/intake/undo.h"

#include <inttypes.h>
#include <string.h>

#include "parsers/base/jsonw.h"
#include "parsers/base/utf8.h"
#include "daemon/intake/news.h"
#include "daemon/model/handover.h"
#include "daemon/store/handover.h"
#include "daemon/store/holiday.h"
#include "daemon/store/job.h"
#include "daemon/store/outbox.h"
#include "daemon/store/status_update.h"

#define NOTE_MAX 2000u
#define NEXT_MAX 500u

static const char *
job_key(struct arena *arena, int64_t id)
{
	return arena_printf(arena, "handover:%" PRId64, id);
}

static enum td_status
set_job(struct apply *ap, int64_t id, int64_t at, struct err *err)
{
	return job_set(ap->db,
	    &(struct job){.dedupe_key = job_key(ap->arena, id), .kind = "handover",
		.team_id = ap->team->id, .due_at = at},
	    err);
}

/* ---- handing over ---------------------------------------------------------------------------- */

/* What waits for an answer about the item, by whoever is asked; NULL: nothing. */
static enum td_status
waits(struct apply *ap, const struct item *item, struct handover **handover_r, struct err *err)
{
	struct handover *list;
	size_t n = 0;
	enum td_status status = handover_of_item(ap->db, ap->arena, item->id, true, &list, &n,
	    err);

	*handover_r = NULL;
	for (size_t i = 0; status == TD_OK && i < n; i++)
		if (handover_is_due(item, list[i].to_id))
			*handover_r = &list[i];
	return status;
}

static enum td_status
may_go(struct apply *ap, const struct reading_command *cmd, const struct apply_item *item,
    const struct member *to, bool *may_r, struct err *err)
{
	const struct item *now = item->now;
	struct handover *other = NULL;
	const char *why = NULL;
	enum td_status status = waits(ap, now, &other, err);

	if (status != TD_OK)
		return status;
	if (strcmp(now->kind, "task") != 0)
		why = "is a decision; only tasks are handed over";
	else if (item_is_closed(now))
		why = arena_printf(ap->arena, "is %s", item_state_name(now->state));
	else if (!handover_is_due(now, to->person.id))
		why = arena_printf(ap->arena, "is %s's already", to->person.name);
	else if (other != NULL)
		why = arena_printf(ap->arena, "waits for the answer of %s since %s",
		    apply_name(ap, other->to_id), apply_moment(ap, other->created_at));
	*may_r = why == NULL &&
	    apply_may_dispose(ap, now, "handing it over", cmd->line, cmd->source);
	if (why != NULL)
		apply_refuse(ap, cmd->line, cmd->source, NULL, "#%u %s.", now->number, why);
	return TD_OK;
}

static const struct member *
receiver(struct apply *ap, const struct reading_command *cmd)
{
	const struct member *to;

	if (cmd->n_people != 1) {
		apply_refuse(ap, cmd->line, cmd->source, "/handover @ben #42",
		    cmd->n_people == 0 ? "To whom?" : "To one person: each item has one owner.");
		return NULL;
	}
	to = apply_find_member(ap, cmd->people[0], cmd->line, cmd->source);
	if (to == NULL)
		return NULL;
	if (to->person.id == ap->person->id) {
		apply_refuse(ap, cmd->line, cmd->source, "/take #42",
		    "To yourself? An item becomes yours with /take.");
		return NULL;
	}
	if (to->role == ROLE_GUEST) {
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "%s is a guest; taking an item over needs the role member.", to->person.name);
		return NULL;
	}
	return to;
}

/* The next action: what this mail says of it under Next, else what was last said of it there. */
static enum td_status
next_of(struct apply *ap, const struct item *item, const char **next_r, struct err *err)
{
	const struct reading *r = ap->reading;

	*next_r = NULL;
	for (size_t i = 0; i < r->n_sections; i++)
		for (size_t k = 0; r->sections[i].kind == SECTION_NEXT &&
		    k < r->sections[i].n_entries;
		     k++)
			if (r->sections[i].entries[k].n_items > 0 &&
			    r->sections[i].entries[k].items[0] == item->number)
				*next_r = r->sections[i].entries[k].text;
	return *next_r != NULL ? TD_OK :
	    status_update_next(ap->db, ap->arena, item->id, next_r, err);
}

static enum td_status
add_items(struct apply *ap, const struct handover *handover, struct apply_item **items, size_t n,
    const char **numbers_r, struct err *err)
{
	enum td_status status = TD_OK;

	*numbers_r = "";
	for (size_t i = 0; status == TD_OK && i < n; i++) {
		const char *next = NULL;

		status = next_of(ap, items[i]->now, &next, err);
		if (status != TD_OK)
			return status;
		next = next == NULL ? "" : arena_span(ap->arena, utf8_cut(span_of(next), NEXT_MAX));
		status = handover_add_item(ap->db, &(struct handover_item){
		    .handover_id = handover->id, .item_id = items[i]->now->id, .next = next}, err);
		*numbers_r = arena_printf(ap->arena, "%s%s#%u", *numbers_r, i > 0 ? ", " : "",
		    items[i]->now->number);
	}
	return status;
}

static const char *
handover_json(struct apply *ap, const struct handover *handover, const char *numbers)
{
	struct buf json;
	struct jsonw w;
	const char *text;

	buf_init(&json, 65536);
	jsonw_init(&w, &json, 0);
	jsonw_object(&w);
	jsonw_put_int(&w, "to", handover->to_id);
	jsonw_put(&w, "items", numbers);
	jsonw_put(&w, "note", handover->note);
	jsonw_end(&w);
	text = arena_span(ap->arena, buf_span(&json));
	buf_release(&json);
	return text;
}

static enum td_status
note_absence(struct apply *ap, const struct person *to, struct err *err)
{
	const char *today = person_day(ap->arena, to->zone, ap->now);
	struct absence *away;
	size_t n = 0;
	enum td_status status = days_off_list(ap->db, ap->arena, to->id, today, today, &away, &n,
	    err);

	for (size_t i = 0; status == TD_OK && i < n && i < 1; i++)
		if (!away[i].half_day)
			apply_note(ap, "%s is away until %s%s%s and is asked after that.", to->name,
			    away[i].last_day, away[i].cover_id != 0 ? ", cover: " : "",
			    away[i].cover_id != 0 ? apply_name(ap, away[i].cover_id) : "");
	return status;
}

static enum td_status
hand_over(struct apply *ap, const struct reading_command *cmd, struct apply_item **items, size_t n,
    const struct member *to, struct err *err)
{
	struct handover handover = {.team_id = ap->team->id, .from_id = ap->person->id,
	    .to_id = to->person.id, .message_id = ap->message_id, .note = "",
	    .created_at = ap->now};
	const char *numbers = NULL;
	enum td_status status;

	if (cmd->text != NULL)
		handover.note = arena_span(ap->arena, utf8_cut(span_of(cmd->text), NOTE_MAX));
	status = handover_add(ap->db, &handover, err);
	if (status == TD_OK)
		status = add_items(ap, &handover, items, n, &numbers, err);
	if (status == TD_OK)
		status = apply_event(ap, "handover", handover.id, "create", NULL,
		    handover_json(ap, &handover, numbers), err);
	if (status == TD_OK)
		status = set_job(ap, handover.id, ap->now, err);
	if (status == TD_OK)
		status = note_absence(ap, &to->person, err);
	if (status == TD_OK)
		apply_did(ap, cmd->line, cmd->source,
		    "%s is asked to take over %s; until then nothing changes hands.",
		    to->person.name, numbers);
	return status;
}

static enum td_status
find_items(struct apply *ap, const struct reading_command *cmd, const struct member *to,
    struct apply_item **items, size_t *n_r, struct err *err)
{
	size_t n = cmd->n_items > 0 ? cmd->n_items : 1;
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct apply_item *item = ap->current;
		bool may = false, twice = false;

		if (cmd->n_items > 0)
			status = apply_find_item(ap, cmd->items[i], cmd->line, cmd->source, &item,
			    err);
		for (size_t k = 0; k < *n_r; k++)
			twice = twice || items[k] == item;
		if (status == TD_OK && item != NULL && !twice)
			status = may_go(ap, cmd, item, to, &may, err);
		if (may)
			items[(*n_r)++] = item;
	}
	return status;
}

static enum td_status
do_handover(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct apply_item **items = arena_array(ap->arena, cmd->n_items + 1, sizeof *items);
	const struct member *to = receiver(ap, cmd);
	size_t n = 0;
	enum td_status status;

	if (to == NULL)
		return TD_OK;
	if ((cmd->n_items == 0 && ap->current == NULL) || cmd->n_items > HANDOVER_ITEMS_MAX) {
		apply_refuse(ap, cmd->line, cmd->source, "/handover @ben #42 #43",
		    "Which items? Name their numbers, %d at most.", HANDOVER_ITEMS_MAX);
		return TD_OK;
	}
	status = find_items(ap, cmd, to, items, &n, err);
	return status == TD_OK && n > 0 ? hand_over(ap, cmd, items, n, to, err) : status;
}

/* ---- answering ------------------------------------------------------------------------------- */

static enum td_status
set_answer(struct apply *ap, const struct handover *handover, const struct item *item,
    enum handover_state state, struct err *err)
{
	enum td_status status = handover_set_state(ap->db, handover->id, item->id, state, err);

	return status != TD_OK ? status :
	    apply_event(ap, "handover", handover->id, "change",
		arena_printf(
		    ap->arena, "{\"item\":%" PRId64 ",\"state\":\"waiting\"}", item->id),
		arena_printf(ap->arena, "{\"item\":%" PRId64 ",\"state\":\"%s\"}", item->id,
		    handover_state_name(state)),
		err);
}

static enum td_status
note_answer(struct apply *ap, const struct handover *handover, const struct item *item,
    enum handover_state state, const char *why, struct err *err)
{
	const struct news_teller teller = news_teller_of(ap);
	enum td_status status = set_answer(ap, handover, item, state, err);

	return status != TD_OK ? status :
	    news_tell_one(&teller, handover->from_id, item->id,
		state == HANDOVER_ACCEPTED ? NEWS_ACCEPT : NEWS_DECLINE, why, err);
}

static enum td_status
answer_item(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    const struct handover *handover, bool accept, struct err *err)
{
	if (accept) {
		item->now->owners = NULL;
		item->now->n_owners = 0;
		item_add_owner(ap->arena, item->now, ap->person->id);
		apply_did(ap, cmd->line, cmd->source, "#%u is yours; %s gets to know.",
		    item->now->number, apply_name(ap, handover->from_id));
		return cmd->text != NULL ? apply_comment(ap, item, cmd->text, err) : TD_OK;
	}
	apply_did(ap, cmd->line, cmd->source, "#%u stays where it was; %s gets to know.",
	    item->now->number, apply_name(ap, handover->from_id));
	return note_answer(ap, handover, item->now, HANDOVER_DECLINED, cmd->text, err);
}

/* All of it that waits: what a reply without numbers answers. */
static enum td_status
answer_all(struct apply *ap, const struct reading_command *cmd, const struct handover *handover,
    bool accept, struct err *err)
{
	struct handover_item *list;
	size_t n = 0;
	enum td_status status = handover_items(ap->db, ap->arena, handover->id, &list, &n, err);

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct apply_item *item = NULL;

		if (list[i].state != HANDOVER_WAITING)
			continue;
		status = apply_item_by_id(ap, list[i].item_id, &item, err);
		if (status == TD_OK && item != NULL && handover_is_due(item->now, ap->person->id))
			status = answer_item(ap, cmd, item, handover, accept, err);
	}
	return status;
}

/* One that waits for this very person. */
static enum td_status
asked_of(struct apply *ap, const struct item *item, struct handover **handover_r, struct err *err)
{
	enum td_status status = waits(ap, item, handover_r, err);

	if (status == TD_OK && *handover_r != NULL && (*handover_r)->to_id != ap->person->id)
		*handover_r = NULL;
	return status;
}

/* Was it asked of them, and is over? Then the line is refused with what became of it. */
static enum td_status
refuse_over(struct apply *ap, const struct reading_command *cmd, const struct item *item,
    bool *over_r, struct err *err)
{
	struct handover *list;
	size_t n = 0;
	enum td_status status = handover_of_item(ap->db, ap->arena, item->id, false, &list, &n,
	    err);

	*over_r = false;
	for (size_t i = 0; status == TD_OK && i < n; i++)
		*over_r = *over_r || list[i].to_id == ap->person->id;
	if (!*over_r)
		return status;
	if (item_is_closed(item))
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "#%u is not handed over to you any more: it is %s.", item->number,
		    item_state_name(item->state));
	else
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "#%u is not handed over to you any more: it is %s now.", item->number,
		    item->n_owners == 0 ? "nobody's"
		    : item_has_owner(item, ap->person->id) ? "yours"
		    : arena_printf(ap->arena, "%s's", apply_name(ap, item->owners[0])));
	return status;
}

static enum td_status
answer_named(struct apply *ap, const struct reading_command *cmd, bool accept, struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < cmd->n_items; i++) {
		struct apply_item *item = NULL;
		struct handover *handover = NULL;
		bool over = false;

		status = apply_find_item(ap, cmd->items[i], cmd->line, cmd->source, &item, err);
		if (status != TD_OK || item == NULL)
			continue;
		status = asked_of(ap, item->now, &handover, err);
		if (status == TD_OK && handover != NULL)
			status = answer_item(ap, cmd, item, handover, accept, err);
		else if (status == TD_OK)
			status = refuse_over(ap, cmd, item->now, &over, err);
		if (status == TD_OK && handover == NULL && !over)
			apply_refuse(ap, cmd->line, cmd->source, NULL,
			    "#%u is not handed over to you.", item->now->number);
	}
	return status;
}

/* /agree and /object belong to decisions too: *known_r only where a handover is meant. */
static enum td_status
do_answer(struct apply *ap, const struct reading_command *cmd, bool accept, bool *known_r,
    struct err *err)
{
	struct handover *handover = NULL;
	struct item *item = ap->current != NULL ? ap->current->now : NULL;
	enum td_status status = TD_OK;

	if (cmd->n_items > 0) {
		item = NULL;
		status = apply_peek_item(ap, cmd->items[0], &item, err);
	}
	if (status == TD_OK && item != NULL)
		status = asked_of(ap, item, &handover, err);
	*known_r = handover != NULL;
	if (status == TD_OK && handover == NULL && item != NULL && !item_is_decision(item) &&
	    cmd->n_items <= 1)
		return refuse_over(ap, cmd, item, known_r, err);
	if (status != TD_OK || handover == NULL)
		return status;
	return cmd->n_items > 0 ? answer_named(ap, cmd, accept, err)
				: answer_all(ap, cmd, handover, accept, err);
}

enum td_status
apply_handover_command(struct apply *ap, const struct reading_command *cmd, bool *known_r,
    struct err *err)
{
	*known_r = strcmp(cmd->verb, "handover") == 0;
	if (*known_r)
		return do_handover(ap, cmd, err);
	if (strcmp(cmd->verb, "agree") == 0 || strcmp(cmd->verb, "object") == 0)
		return do_answer(ap, cmd, *cmd->verb == 'a', known_r, err);
	return TD_OK;
}

static bool
same_owners(const struct item *a, const struct item *b)
{
	return a->n_owners == b->n_owners && (a->n_owners == 0 ||
	    memcmp(a->owners, b->owners, a->n_owners * sizeof *a->owners) == 0);
}

enum td_status
handover_settle(struct apply *ap, const struct apply_item *item, struct err *err)
{
	struct handover *list;
	size_t n = 0;
	enum td_status status;

	if (item_is_closed(item->now) || item->before == NULL ||
	    same_owners(item->before, item->now))
		return TD_OK;
	status = handover_of_item(ap->db, ap->arena, item->now->id, true, &list, &n, err);
	for (size_t i = 0; status == TD_OK && i < n; i++)
		if (item->now->n_owners == 1 && list[i].to_id == item->now->owners[0])
			status = note_answer(ap, &list[i], item->now, HANDOVER_ACCEPTED, NULL, err);
		else if (list[i].message_id != ap->message_id &&
		    !item_has_owner(item->now, list[i].from_id))
			status = set_answer(ap, &list[i], item->now, HANDOVER_DECLINED, err);
	return status;
}

/* ---- undo ------------------------------------------------------------------------------------ */

static enum td_status
undo_asking(struct undo *u, const struct handover *handover, struct err *err)
{
	struct apply *ap = u->ap;
	struct handover_item *items;
	size_t n = 0;
	enum td_status status = handover_items(ap->db, ap->arena, handover->id, &items, &n, err);

	u->did = "a handover";
	for (size_t i = 0; status == TD_OK && i < n; i++)
		if (items[i].state != HANDOVER_WAITING)
			u->why = arena_printf(ap->arena, "%s has answered",
			    apply_name(ap, handover->to_id));
	for (int64_t i = 0; status == TD_OK && u->why == NULL && i < handover->asked; i++)
		status = outbox_call_back_key(ap->db, arena_printf(ap->arena,
		    "handover:%" PRId64 ":%" PRId64, handover->id, i), err);
	if (status != TD_OK || u->why != NULL)
		return status;
	status = job_remove(ap->db, job_key(ap->arena, handover->id), err);
	return status == TD_OK ? handover_remove(ap->db, handover->id, err) : status;
}

enum td_status
undo_handover(struct undo *u, struct err *err)
{
	struct apply *ap = u->ap;
	struct handover *handover = NULL;
	enum td_status status = handover_by_id(ap->db, ap->arena, u->event->entity_id, &handover,
	    err);

	if (status != TD_OK || handover == NULL)
		return status;
	if (u->before == NULL)
		return undo_asking(u, handover, err);
	u->did = "the answer to a handover";
	status = handover_set_state(ap->db, handover->id, undo_number(u->before, "item"),
	    HANDOVER_WAITING, err);
	return status != TD_OK ? status :
	    set_job(ap, handover->id, ap->now + HANDOVER_SECONDS, err);
}
