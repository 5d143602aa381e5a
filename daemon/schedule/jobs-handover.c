/* SPDX-License-Identifier: ISC */
/*
 * jobs-handover: asks the receiver of a handover in their contact hours, again on the days after
 * while no answer comes, and at last tells the giver. What was closed meanwhile, or became the
 * receiver's, is left out; if they snoozed all of it the question waits until that is over.
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include <inttypes.h>

#include "daemon/compose/gather.h"
#include "daemon/model/handover.h"
#include "daemon/store/handover.h"
#include "daemon/store/item.h"
#include "daemon/store/person.h"

struct handing {
	const struct job_context *c;
	const struct handover *handover;
	struct compose_handed *list; /* what still waits for an answer */
	size_t n;
	int64_t first_item;
	int64_t asleep_until; /* the receiver snoozed all of it: the first end; else 0 */
};

static enum td_status
add_item(struct handing *h, const struct handover_item *row)
{
	const struct job_context *c = h->c;
	struct compose_handed *handed = &h->list[h->n];
	struct item *item = NULL;
	int64_t asleep_until;
	bool found = false;
	enum td_status status = item_by_id(c->db, c->arena, row->item_id, &item, c->err);

	if (status != TD_OK || item == NULL || row->state != HANDOVER_WAITING ||
	    !handover_is_due(item, h->handover->to_id))
		return status;
	status = job_item_load(c, row->item_id, &handed->item, &found);
	if (status != TD_OK || !found)
		return status;
	handed->state = item_state_name(item->state);
	handed->blocked_why = item->blocked_why;
	handed->next = row->next;
	asleep_until = item_snoozed_until(item, h->handover->to_id);
	if (h->n == 0)
		h->first_item = item->id;
	if (h->n == 0 || asleep_until < h->asleep_until)
		h->asleep_until = asleep_until;
	h->n++;
	return TD_OK;
}

static enum td_status
load(struct handing *h)
{
	const struct job_context *c = h->c;
	struct handover_item *rows;
	size_t n = 0;
	enum td_status status = handover_items(c->db, c->arena, h->handover->id, &rows, &n, c->err);

	if (status != TD_OK)
		return status;
	h->list = arena_array(c->arena, n + 1, sizeof *h->list);
	for (size_t i = 0; status == TD_OK && i < n; i++)
		status = add_item(h, &rows[i]);
	return status;
}

static enum td_status
send(const struct handing *h, int64_t to_id, int64_t other_id, const char *key,
    struct compose_call *call, struct composed *mail_r)
{
	const struct job_context *c = h->c;
	struct compose_common common = {.templates = c->conf->templates};
	struct person *other = NULL;
	enum td_status status = person_by_id(c->db, c->arena, other_id, &other, c->err);

	if (status == TD_OK)
		status = gather_common(
		    c->db, c->arena, h->handover->team_id, to_id, c->now, &common, c->err);
	if (status == TD_OK)
		status = job_reply_token(
		    c, h->handover->team_id, TOKEN_NOTICE, h->first_item, &common);
	if (status != TD_OK)
		return status;
	call->at = h->handover->created_at;
	call->name = other != NULL ? other->name : "";
	call->handed = h->list;
	call->n_handed = h->n;
	status = compose_call(c->arena, &common, call, mail_r, c->err);
	if (status != TD_OK)
		return status;
	return job_queue_about(
	    c, "handover", key, h->handover->team_id, to_id, h->first_item, mail_r, c->now);
}

static enum td_status
ask(const struct handing *h)
{
	const struct handover *handover = h->handover;
	struct compose_call call = {.kind = COMPOSE_CALL_HANDOVER,
	    .turn = (unsigned)handover->asked + 1, .root_mid = handover->root_mid,
	    .text = *handover->note != '\0' ? handover->note : NULL};
	struct composed mail;
	enum td_status status = send(h, handover->to_id, handover->from_id,
	    arena_printf(h->c->arena, "handover:%" PRId64 ":%" PRId64, handover->id,
		handover->asked), &call, &mail);

	return status == TD_OK ? handover_asked(h->c->db, handover->id, mail.mid, h->c->err)
	    : status;
}

static enum td_status
tell_giver(const struct handing *h)
{
	const struct handover *handover = h->handover;
	struct compose_call call = {.kind = COMPOSE_CALL_UNANSWERED};
	struct composed mail;
	enum td_status status = send(h, handover->from_id, handover->to_id,
	    arena_printf(h->c->arena, "handover-end:%" PRId64, handover->id), &call, &mail);

	return status == TD_OK ? handover_told(h->c->db, handover->id, h->c->err) : status;
}

/* May somebody be written to now? *at_r: when. False in *can_r: never. */
static enum td_status
contact(const struct job_context *c, int64_t team_id, int64_t person_id, bool *can_r,
    int64_t *at_r)
{
	struct person *person = NULL;
	struct job_person loaded;
	enum role role = ROLE_NONE;
	enum td_status status;

	*can_r = false;
	if ((status = person_by_id(c->db, c->arena, person_id, &person, c->err)) != TD_OK ||
	    (status = member_role(c->db, team_id, person_id, &role, c->err)) != TD_OK)
		return status;
	if (person == NULL || role == ROLE_NONE || !job_reachable(person))
		return TD_OK;
	status = job_person_load(c, person, &loaded);
	if (status == TD_OK)
		*at_r = job_contact(c, &loaded);
	*can_r = status == TD_OK;
	return status;
}

/* One step; *next_r: when the next is due, 0 for none. */
static enum td_status
step(struct handing *h, int64_t *next_r)
{
	const struct job_context *c = h->c;
	const struct handover *handover = h->handover;
	bool is_over = handover->asked >= HANDOVER_ASKS, can = false;
	int64_t at = c->now;
	enum td_status status;

	if (h->n == 0 || handover->told)
		return TD_OK;
	if (!is_over && h->asleep_until > c->now) {
		*next_r = h->asleep_until;
		return TD_OK;
	}
	status = contact(c, handover->team_id, is_over ? handover->from_id : handover->to_id, &can,
	    &at);
	if (status != TD_OK || (!can && is_over))
		return status;
	if (!can) /* who cannot be asked does not answer: the giver hears at once */
		return contact(c, handover->team_id, handover->from_id, &can, &at) == TD_OK && can ?
		    tell_giver(h) : TD_OK;
	if (at > c->now) {
		*next_r = at;
		return TD_OK;
	}
	*next_r = is_over ? 0 : c->now + HANDOVER_SECONDS;
	return is_over ? tell_giver(h) : ask(h);
}

enum td_status
job_handover_run(const struct job_context *c, const struct job *job)
{
	struct handing h = {.c = c};
	struct handover *handover = NULL;
	int64_t next = 0;
	enum td_status status = handover_by_id(c->db, c->arena, job_number(job), &handover, c->err);

	if (status == TD_OK && handover != NULL) {
		h.handover = handover;
		status = load(&h);
		if (status == TD_OK)
			status = step(&h, &next);
	}
	return status == TD_OK ? job_ran(c->db, job->id, c->now, next, c->err) : status;
}
