/* SPDX-License-Identifier: ISC */
/* decide: see decide.h. The job's key holds the item; its row needs no column for it. */
#include "config.h"

#include "daemon/intake/decide.h"

#include <inttypes.h>
#include <string.h>

#include "parsers/base/num.h"
#include "daemon/intake/news.h"
#include "daemon/store/event.h"
#include "daemon/store/item.h"
#include "daemon/store/person.h"
#include "daemon/store/search.h"
#include "daemon/store/vote.h"

#define KEY "decision:"
#define JSON_MAX (8u << 20)

enum td_status
decide_schedule(struct db *db, struct arena *arena, const struct item *item, struct err *err)
{
	const char *key = arena_printf(arena, KEY "%" PRId64, item->id);

	if (!item_is_decision(item))
		return TD_OK;
	if (item->due_at == 0 || item_is_closed(item))
		return job_remove(db, key, err);
	return job_set(db,
	    &(struct job){.dedupe_key = key, .kind = "decision", .team_id = item->team_id,
		.due_at = item->due_at},
	    err);
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

enum td_status
decide_job(struct db *db, const struct conf *conf, const struct job *job, int64_t now,
    struct arena *arena, int64_t *next_due_r, struct err *err)
{
	struct closing c = {.db = db, .arena = arena, .now = now};
	struct item *item = NULL;
	int64_t id;
	enum td_status status;

	(void)conf;
	*next_due_r = 0;
	if (!num_i64(span_skip(span_of(job->dedupe_key), strlen(KEY)), 1, INT64_MAX, &id))
		return TD_OK;
	status = item_by_id(db, arena, id, &item, err);
	if (status != TD_OK || item == NULL || item->due_at == 0 || item_is_closed(item))
		return status;
	if (item->due_at > now) {
		*next_due_r = item->due_at;
		return TD_OK;
	}
	c.item = item;
	return come_due(&c, err);
}
