/* SPDX-License-Identifier: ISC */
/* decide: see decide.h. The job's key holds the item; its row needs no column for it. */
#include "config.h"

#include "daemon/intake/decide.h"

#include <inttypes.h>
#include <string.h>

#include "parsers/base/num.h"
#include "daemon/intake/contact.h"
#include "daemon/intake/news.h"
#include "daemon/store/event.h"
#include "daemon/store/item.h"
#include "daemon/store/person.h"
#include "daemon/store/search.h"
#include "daemon/store/vote.h"

#define KEY "decision:"
#define SOON "decision-soon:"
#define DAY 86400
#define LOOKED_BACK 14      /* days before the date, for hours in which somebody is reached */
#define ASKED_SECONDS 43200 /* a question that is younger needs no reminder */
#define JSON_MAX (8u << 20)

/* The second looks, whenever the decision was changed, when it is next to remind somebody. */
static enum td_status
set_jobs(struct db *db, struct arena *arena, const struct item *item, const char *key,
    struct err *err)
{
	enum td_status status = job_set(db,
	    &(struct job){.dedupe_key = key, .kind = "decision", .team_id = item->team_id,
		.due_at = item->due_at},
	    err);

	return status != TD_OK ? status : job_set(db,
	    &(struct job){.dedupe_key = arena_printf(arena, SOON "%" PRId64, item->id),
		.kind = "decision-soon", .team_id = item->team_id, .due_at = item->created_at},
	    err);
}

enum td_status
decide_schedule(struct db *db, struct arena *arena, const struct item *item, struct err *err)
{
	const char *key = arena_printf(arena, KEY "%" PRId64, item->id);

	if (!item_is_decision(item))
		return TD_OK;
	if (item->due_at == 0 || item_is_closed(item))
		return job_remove(db, key, err);
	return set_jobs(db, arena, item, key, err);
}

/* ---- the job --------------------------------------------------------------------------------- */

struct closing {
	struct db *db;
	struct arena *arena;
	const struct item *item;
	struct member *members;
	size_t n_members;
	int64_t now;
};

static enum td_status
note_change(const struct closing *c, const struct item *after, struct err *err)
{
	struct event event = {.at = c->now, .team_id = after->team_id, .entity = "item",
	    .entity_id = after->id, .verb = "change"};
	struct buf before_json, after_json;
	enum td_status status;

	buf_init(&before_json, JSON_MAX);
	buf_init(&after_json, JSON_MAX);
	(void)item_diff(c->item, after, &before_json, &after_json);
	event.before = before_json.ptr;
	event.after = after_json.ptr;
	status = event_add(c->db, &event, err);
	buf_release(&before_json);
	buf_release(&after_json);
	return status;
}

static struct news_teller
teller_of(const struct closing *c)
{
	return (struct news_teller){.db = c->db, .arena = c->arena, .members = c->members,
	    .n_members = c->n_members, .team_id = c->item->team_id, .now = c->now,
	    .by_id = c->item->creator_id, .self_too = true};
}

static enum td_status
close_it(const struct closing *c, const char *outcome, const char *how, struct err *err)
{
	const struct news_teller teller = teller_of(c);
	struct item *after = item_copy(c->arena, c->item);
	enum td_status status;

	item_decide(after, outcome, how, NULL, c->now);
	after->updated_at = c->now;
	status = item_save(c->db, c->item, after, err);
	if (status == TD_OK)
		status = note_change(c, after, err);
	if (status == TD_OK)
		status = search_set(c->db, SEARCH_ITEM, after->id, after->team_id,
		    item_words(c->arena, after), err);
	if (status == TD_OK)
		status = news_tell_free(&teller, after, err);
	return status == TD_OK ? news_tell_team(&teller, after, NEWS_DECIDED, NULL, err) : status;
}

/* Owners, watchers and leads: who can settle it. */
static enum td_status
tell_stuck(const struct closing *c, struct err *err)
{
	const struct news_teller teller = teller_of(c);
	struct item *told = item_copy(c->arena, c->item);

	for (size_t i = 0; i < c->n_members; i++)
		if (c->members[i].role == ROLE_LEAD &&
		    !item_has_owner(told, c->members[i].person.id))
			item_add_watcher(c->arena, told, c->members[i].person.id);
	return news_tell_item(&teller, told, NEWS_STUCK, NULL, err);
}

static enum td_status
come_due(struct closing *c, struct err *err)
{
	struct decision_tally tally;
	struct vote *votes;
	const char *outcome, *how;
	size_t n;
	enum td_status status = member_list(c->db, c->arena, c->item->team_id, &c->members,
	    &c->n_members, err);

	if (status == TD_OK)
		status = vote_list(c->db, c->arena, c->item->id, &votes, &n, err);
	if (status != TD_OK)
		return status;
	decision_count(c->item, votes, n, c->members, c->n_members, &tally);
	if (!decision_at_deadline(c->item, &tally, &outcome, &how))
		return tell_stuck(c, err);
	return close_it(c, outcome, how, err);
}

/* The decision that a job's key names after its prefix; c->item stays NULL if it is closed. */
static enum td_status
open_decision_of(struct closing *c, const struct job *job, const char *prefix, struct err *err)
{
	struct item *item = NULL;
	enum td_status status;
	int64_t id;

	if (!num_i64(span_skip(span_of(job->dedupe_key), strlen(prefix)), 1, INT64_MAX, &id))
		return TD_OK;
	status = item_by_id(c->db, c->arena, id, &item, err);
	if (status == TD_OK && item != NULL && !item_is_closed(item))
		c->item = item;
	return status;
}

enum td_status
decide_job(struct db *db, const struct conf *conf, const struct job *job, int64_t now,
    struct arena *arena, int64_t *next_due_r, struct err *err)
{
	struct closing c = {.db = db, .arena = arena, .now = now};
	enum td_status status = open_decision_of(&c, job, KEY, err);

	(void)conf;
	*next_due_r = 0;
	if (status != TD_OK || c.item == NULL || c.item->due_at == 0)
		return status;
	if (c.item->due_at > now) {
		*next_due_r = c.item->due_at;
		return TD_OK;
	}
	return come_due(&c, err);
}

/* ---- the reminder ---------------------------------------------------------------------------- */

/* A moment in the person's hours, a day before the date or later; where there is none any more
 * before the date, the last day's that has one. 0: none. */
static enum td_status
remind_at(const struct closing *c, const struct person *person, int64_t *at_r, struct err *err)
{
	enum td_status status = TD_OK;

	*at_r = 0;
	for (int day = 1; status == TD_OK && *at_r == 0 && day <= LOOKED_BACK; day++) {
		int64_t at = 0;

		status = contact_time(c->db, c->arena, person, c->item->due_at - day * DAY, &at,
		    err);
		if (status == TD_OK && at < c->item->due_at)
			*at_r = at;
	}
	return status;
}

static bool
has_answered(const struct vote *votes, size_t n, int64_t person_id)
{
	for (size_t i = 0; i < n; i++)
		if (votes[i].person_id == person_id)
			return true;
	return false;
}

static enum td_status
remind_all(const struct closing *c, int64_t last_run_at, int64_t *next_due_r, struct err *err)
{
	const struct news_teller teller = teller_of(c);
	struct vote *votes;
	size_t n = 0;
	enum td_status status = vote_list(c->db, c->arena, c->item->id, &votes, &n, err);

	for (size_t i = 0; status == TD_OK && i < c->n_members; i++) {
		const struct member *member = &c->members[i];
		int64_t at = 0;

		if (member->role < ROLE_MEMBER || has_answered(votes, n, member->person.id))
			continue;
		status = remind_at(c, &member->person, &at, err);
		if (status != TD_OK || at < c->item->created_at + ASKED_SECONDS)
			continue;
		if (at > c->now) {
			*next_due_r = *next_due_r == 0 || at < *next_due_r ? at : *next_due_r;
			continue;
		}
		/* the first run only looks; what came due since the last one is told */
		if (last_run_at != 0 && at > last_run_at)
			status = news_tell_one(&teller, member->person.id, c->item->id, NEWS_SOON,
			    NULL, err);
	}
	return status;
}

enum td_status
decide_soon_job(struct db *db, const struct conf *conf, const struct job *job, int64_t now,
    struct arena *arena, int64_t *next_due_r, struct err *err)
{
	struct closing c = {.db = db, .arena = arena, .now = now};
	enum td_status status = open_decision_of(&c, job, SOON, err);

	(void)conf;
	*next_due_r = 0;
	if (status != TD_OK || c.item == NULL || c.item->due_at <= now)
		return status;
	status = member_list(db, arena, c.item->team_id, &c.members, &c.n_members, err);
	return status == TD_OK ? remind_all(&c, job->last_run_at, next_due_r, err) : status;
}
