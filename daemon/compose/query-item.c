/* SPDX-License-Identifier: ISC */
/* query-item: all about an item, and what holds some words. */
#include "config.h"

#include "daemon/compose/gather.h"
#include "daemon/compose/query-private.h"

#include <string.h>

#include "parsers/base/civil.h"
#include "parsers/base/utf8.h"
#include "daemon/store/comment.h"
#include "daemon/store/entry.h"
#include "daemon/store/handover.h"
#include "daemon/store/item.h"
#include "daemon/store/page.h"
#include "daemon/store/search.h"
#include "daemon/store/status_update.h"
#include "daemon/store/vote.h"

#define ITEMS_MAX 10
#define COMMENTS_MAX 40
#define BODY_MAX 8000u
#define COMMENT_MAX 2000u
#define HITS_MAX 500 /* looked at before the filters */
#define HITS_SHOWN 50

/* ---- show ------------------------------------------------------------------------------------ */

static void
put_people(struct asking *a, const char *label, const int64_t *ids, size_t n)
{
	const char *text = "";

	for (size_t i = 0; i < n; i++)
		text = arena_printf(a->arena, "%s%s%s", text, i > 0 ? ", " : "",
		    asking_name(a, ids[i]));
	if (n > 0)
		asking_line(a, "%s: %s", label, text);
}

/* What the reader said for themselves, while it holds. */
static void
put_snooze(struct asking *a, const struct item *item)
{
	int64_t until = item_snoozed_until(item, a->query->reader_id);

	if (until > a->query->now)
		asking_line(a, "Left out of your digest before: %s", asking_moment(a, until));
}

static void
put_fields(struct asking *a, const struct item *item, int64_t logged)
{
	const char *due = asking_due(a, item);

	asking_line(a, "State: %s%s%s", item_state_name(item->state),
	    item->blocked_why != NULL ? ": " : "", item->blocked_why != NULL
	        ? item->blocked_why : "");
	if (item->n_owners > 0)
		asking_line(a, "Owner: %s", asking_owners(a, item, true));
	if (due != NULL)
		asking_line(a, "Due: %s", due);
	if (item->priority > 0)
		asking_line(a, "Priority: p%d", (int)item->priority);
	if (item->project != NULL)
		asking_line(a, "Project: %s", item->project);
	for (size_t i = 0; i < item->n_tags; i++)
		asking_line(a, "Tag: %s", item->tags[i]);
	if (item->estimate > 0)
		asking_line(a, "Estimate: %s", asking_amount(a, item->estimate));
	if (logged != 0)
		asking_line(a, "Time: %s", asking_amount(a, logged));
	put_people(a, "Watched by", item->watchers, item->n_watchers);
	put_snooze(a, item);
	asking_line(a, "Made by: %s, %s", asking_name(a, item->creator_id),
	    asking_moment(a, item->created_at));
	if (item->closed_at != 0)
		asking_line(a, "Closed: %s", asking_moment(a, item->closed_at));
}

static enum td_status
put_votes(struct asking *a, const struct item *item, struct err *err)
{
	struct vote *votes;
	size_t n = 0;
	enum td_status status = vote_list(a->query->db, a->arena, item->id, &votes, &n, err);

	if (status != TD_OK)
		return status;
	jsonw_key(&a->json, "answers");
	jsonw_list(&a->json);
	for (size_t i = 0; i < n; i++) {
		const char *choice = vote_choice_name(votes[i].choice);

		asking_line(a, "Answer of %s: %s%s%s", asking_name(a, votes[i].person_id),
		    votes[i].option != NULL ? votes[i].option : choice,
		    votes[i].reason != NULL ? ": " : "",
		    votes[i].reason != NULL ? utf8_line(a->arena, span_of(votes[i].reason), 300)
					    : "");
		jsonw_object(&a->json);
		asking_json_person(a, "person", votes[i].person_id);
		jsonw_put(&a->json, "choice", choice);
		asking_json_text(a, "option", votes[i].option);
		asking_json_text(a, "reason", votes[i].reason);
		asking_json_time(a, "at", votes[i].at);
		jsonw_end(&a->json);
	}
	jsonw_end(&a->json);
	return TD_OK;
}

/* Options with their votes, answers, and what was decided. */
static enum td_status
put_decision(struct asking *a, const struct item *item, struct err *err)
{
	struct compose_decision d;
	enum td_status status;

	if (!item_is_decision(item))
		return TD_OK;
	status = gather_decision(a->query->db, a->arena, item, a->members, a->n_members,
	    a->query->reader_id, &d, err);
	if (status != TD_OK)
		return status;
	if (d.outcome != NULL)
		asking_line(a, "Decided: %s (%s)%s%s", d.outcome,
		    strcmp(d.how, "default") == 0 ? "by default, at its date" :
		    strcmp(d.how, "vote") == 0 ? "by the answers, at its date" : "resolved",
		    d.why != NULL ? ": " : "", d.why != NULL ? d.why : "");
	jsonw_key(&a->json, "options");
	jsonw_list(&a->json);
	for (size_t i = 0; i < d.n_options; i++) {
		asking_line(a, "Option %zu: %s, %u %s%s", i + 1, d.options[i].text,
		    d.options[i].votes, d.options[i].votes == 1 ? "vote" : "votes",
		    i == 0 ? " (the default)" : "");
		jsonw_object(&a->json);
		jsonw_put(&a->json, "option", d.options[i].text);
		jsonw_put_int(&a->json, "votes", d.options[i].votes);
		jsonw_end(&a->json);
	}
	jsonw_end(&a->json);
	asking_line(a, "Answered: %u of %u, %u %s", d.answered, d.asked,
	    (unsigned)d.n_objections, d.n_objections == 1 ? "objection" : "objections");
	jsonw_put_int(&a->json, "asked", d.asked);
	jsonw_put_int(&a->json, "answered", d.answered);
	jsonw_put_int(&a->json, "objections", (int64_t)d.n_objections);
	return put_votes(a, item, err);
}

/* What it waits for, and what waits for it. */
static enum td_status
put_links(struct asking *a, const struct item *item, struct err *err)
{
	struct item *waiting;
	size_t n = 0;
	enum td_status status = TD_OK;

	jsonw_key(&a->json, "depends");
	jsonw_list(&a->json);
	for (size_t i = 0; status == TD_OK && i < item->n_depends; i++) {
		struct item *other = NULL;

		status = item_by_id(a->query->db, a->arena, item->depends[i], &other, err);
		if (status == TD_OK && other != NULL) {
			asking_line(a, "Waits for: %s", asking_item(a, other));
			jsonw_int(&a->json, other->number);
		}
	}
	jsonw_end(&a->json);
	if (status == TD_OK)
		status = item_waiting(a->query->db, a->arena, item->id, &waiting, &n, err);
	if (status != TD_OK)
		return status;
	jsonw_key(&a->json, "holds_up");
	jsonw_list(&a->json);
	for (size_t i = 0; i < n; i++) {
		asking_line(a, "Holds up: %s", asking_item(a, &waiting[i]));
		jsonw_int(&a->json, waiting[i].number);
	}
	jsonw_end(&a->json);
	return TD_OK;
}

static enum td_status
put_comments(struct asking *a, const struct item *item, struct err *err)
{
	struct comment *comments;
	size_t n, first;
	enum td_status status = comment_list(a->query->db, a->arena, item->id, &comments, &n, err);

	if (status != TD_OK)
		return status;
	jsonw_key(&a->json, "comments");
	jsonw_list(&a->json);
	for (size_t i = 0; i < n; i++) {
		jsonw_object(&a->json);
		asking_json_person(a, "person", comments[i].person_id);
		asking_json_time(a, "at", comments[i].created_at);
		jsonw_put(&a->json, "text", comments[i].text);
		jsonw_end(&a->json);
	}
	jsonw_end(&a->json);
	first = n > COMMENTS_MAX ? n - COMMENTS_MAX : 0;
	if (first > 0)
		asking_line(a, "%zu older comments are not shown.", first);
	for (size_t i = first; i < n; i++) {
		asking_line(a, "%s", "");
		asking_line(a, "%s, %s:", asking_name(a, comments[i].person_id),
		    asking_moment(a, comments[i].created_at));
		asking_text(a, comments[i].text, COMMENT_MAX);
	}
	return TD_OK;
}

/* Who was asked to take it over, and what came of it. */
static enum td_status
put_handovers(struct asking *a, const struct item *item, struct err *err)
{
	struct handover *list;
	size_t n = 0;
	enum td_status status = handover_of_item(a->query->db, a->arena, item->id, false, &list, &n,
	    err);

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct handover_item *rows;
		size_t n_rows = 0;

		status = handover_items(a->query->db, a->arena, list[i].id, &rows, &n_rows, err);
		for (size_t k = 0; status == TD_OK && k < n_rows; k++)
			if (rows[k].item_id == item->id)
				asking_line(a, "Handover: %s to %s, %s: %s",
				    asking_name(a, list[i].from_id), asking_name(a, list[i].to_id),
				    asking_moment(a, list[i].created_at),
				    handover_state_name(rows[k].state));
	}
	return status;
}

/* Calls about it: who was told when, and who took it. */
static enum td_status
put_calls(struct asking *a, const struct item *item, struct err *err)
{
	struct page *pages;
	size_t n = 0, n_calls;
	enum td_status status = page_of_item(a->query->db, a->arena, item->id, &pages, &n, err);

	if (status != TD_OK)
		return status;
	jsonw_key(&a->json, "calls");
	jsonw_list(&a->json);
	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct page_call *calls;

		status = page_calls(a->query->db, a->arena, pages[i].id, &calls, &n_calls, err);
		for (size_t k = 0; status == TD_OK && k < n_calls; k++) {
			asking_line(a, "Called: %s, %s", asking_name(a, calls[k].person_id),
			    asking_moment(a, calls[k].at));
			jsonw_object(&a->json);
			asking_json_person(a, "person", calls[k].person_id);
			asking_json_time(a, "at", calls[k].at);
			jsonw_end(&a->json);
		}
		if (status == TD_OK && pages[i].ended_at != 0)
			asking_line(a, "Call ended: %s, %s", pages[i].ended_by != 0 ?
			    asking_name(a, pages[i].ended_by) : "nobody took it",
			    asking_moment(a, pages[i].ended_at));
	}
	jsonw_end(&a->json);
	return status;
}

static enum td_status
show_one(struct asking *a, const struct item *item, struct err *err)
{
	int64_t logged = 0;
	enum td_status status = entry_item_sum(a->query->db, item->id, &logged, err);

	if (status != TD_OK)
		return status;
	if (a->question->n_items > 1)
		asking_line(a, "#%u %s", item->number, item->title);
	jsonw_object(&a->json);
	asking_json_item(a, item);
	jsonw_put_int(&a->json, "estimate", item->estimate);
	jsonw_put_int(&a->json, "seconds", logged);
	asking_json_person(a, "creator", item->creator_id);
	asking_json_time(a, "created_at", item->created_at);
	asking_json_time(a, "closed_at", item->closed_at);
	jsonw_put(&a->json, "body", item->body);
	put_fields(a, item, logged);
	status = put_decision(a, item, err);
	if (status == TD_OK)
		status = put_links(a, item, err);
	if (status == TD_OK)
		status = put_handovers(a, item, err);
	if (status == TD_OK)
		status = put_calls(a, item, err);
	if (status == TD_OK && *item->body != '\0') {
		asking_line(a, "%s", "");
		asking_text(a, item->body, BODY_MAX);
	}
	if (status == TD_OK)
		status = put_comments(a, item, err);
	jsonw_end(&a->json);
	return status;
}

enum td_status
query_show(struct asking *a, struct err *err)
{
	const uint32_t *numbers = a->question->items;
	size_t n = a->question->n_items;
	enum td_status status = TD_OK;

	if (n == 0 && a->query->thread_item != 0) {
		numbers = &a->query->thread_item;
		n = 1;
	}
	if (n == 0 || n > ITEMS_MAX) {
		asking_refuse(a, "Which item? Name its number, at most %d of them.", ITEMS_MAX);
		return TD_OK;
	}
	jsonw_list(&a->json);
	for (size_t i = 0; status == TD_OK && a->answer->why == NULL && i < n; i++) {
		struct item *item = NULL;

		status = item_by_number(a->query->db, a->arena, a->query->team->id, numbers[i],
		    &item, err);
		if (status != TD_OK)
			return status;
		if (item == NULL)
			asking_refuse(a, "There is no #%u in %s.", numbers[i],
			    a->query->team->title);
		else
			status = show_one(a, item, err);
		if (item != NULL && n == 1)
			a->answer->title = arena_printf(a->arena, "#%u %s", item->number,
			    item->title);
	}
	jsonw_end(&a->json);
	if (n > 1)
		a->answer->title = arena_printf(a->arena, "%zu items", n);
	return status;
}

/* ---- search ---------------------------------------------------------------------------------- */

struct looking {
	const char *words;      /* without the filters */
	const struct member *person;
	const char *tag;
	int64_t before;         /* 0: any time */
};

static bool
take_before(struct asking *a, struct looking *l, struct span day)
{
	int64_t days;

	if (!civil_parse_day(day, &days)) {
		asking_refuse(a, "before: wants a day, as in before:2026-11-01.");
		return false;
	}
	l->before = zone_day_start(a->zone, days);
	return true;
}

/* A filter is taken, another word is kept, quotes and all. */
static bool
take_term(struct asking *a, struct looking *l, struct span term)
{
	if (span_istarts(term, SPAN("person:"))) {
		l->person = asking_member(a, arena_span(a->arena, span_skip(term, 7)));
		return l->person != NULL;
	}
	if (span_istarts(term, SPAN("tag:"))) {
		struct span tag = span_skip(term, 4);

		l->tag = arena_span(
		    a->arena, tag.len > 0 && *tag.ptr == '#' ? span_skip(tag, 1) : tag);
		return true;
	}
	if (span_istarts(term, SPAN("before:")))
		return take_before(a, l, span_skip(term, 7));
	l->words = arena_printf(a->arena, "%s %.*s", l->words, SPAN_FMT(term));
	return true;
}

static bool
read_search(struct asking *a, struct looking *l)
{
	struct span rest = span_trim(span_of(a->question->text != NULL ? a->question->text : ""));

	l->words = "";
	while (rest.len > 0) {
		size_t start = *rest.ptr == '-' ? 1 : 0, end = 0;

		if (start < rest.len && rest.ptr[start] == '"') {
			end = start + 1 + span_find_byte(span_skip(rest, start + 1), '"');
			end = end < rest.len ? end + 1 : end;
		}
		while (end < rest.len && rest.ptr[end] != ' ' && rest.ptr[end] != '\t')
			end++;
		if (!take_term(a, l, span_first(rest, end)))
			return false;
		rest = span_trim(span_skip(rest, end));
	}
	if (span_trim(span_of(l->words)).len == 0) {
		asking_refuse(a, "Name a word to look for, as in: search disk person:ana.");
		return false;
	}
	return true;
}

/* A thing that was found: what it belongs to. */
struct found {
	const struct item *item; /* NULL for an update */
	int64_t person_id;
	int64_t at;
	const char *kind;
	const char *day; /* of an update: its own, wherever the reader is; NULL for the rest */
};

static enum td_status
load_hit(struct asking *a, const struct search_hit *hit, struct found *found, struct err *err)
{
	struct comment *comment = NULL;
	struct status_update *update = NULL;
	struct item *item = NULL;
	int64_t item_id = hit->entity_id;
	enum td_status status = TD_OK;

	switch (hit->entity) {
	case SEARCH_UPDATE:
		status = status_update_of_line(a->query->db, a->arena, hit->entity_id, &update,
		    err);
		if (status == TD_OK && update != NULL)
			*found = (struct found){NULL, update->person_id, update->created_at,
			    "update", update->day};
		return status;
	case SEARCH_COMMENT:
		status = comment_by_id(a->query->db, a->arena, hit->entity_id, &comment, err);
		if (status != TD_OK || comment == NULL)
			return status;
		item_id = comment->item_id;
		break;
	case SEARCH_ITEM:
		break;
	}
	status = item_by_id(a->query->db, a->arena, item_id, &item, err);
	if (status != TD_OK || item == NULL)
		return status;
	*found = (struct found){item, item->creator_id, item->created_at, "item", NULL};
	if (comment != NULL)
		*found = (struct found){item, comment->person_id, comment->created_at, "comment",
		    NULL};
	return TD_OK;
}

static bool
fits(const struct looking *l, const struct found *found)
{
	bool theirs = l->person == NULL || found->person_id == l->person->person.id ||
	    (strcmp(found->kind, "item") == 0 &&
		item_has_owner(found->item, l->person->person.id));
	bool tagged = l->tag == NULL;

	for (size_t i = 0; !tagged && found->item != NULL && i < found->item->n_tags; i++)
		tagged = span_ieq(span_of(found->item->tags[i]), span_of(l->tag));
	return found->kind != NULL && theirs && tagged && (l->before == 0 || found->at < l->before);
}

static void
put_hit(struct asking *a, const struct search_hit *hit, const struct found *found, bool shown)
{
	const char *name = asking_name(a, found->person_id);
	const char *day = found->day != NULL ? found->day : asking_day(a, found->at);
	const char *snippet = utf8_line(a->arena, span_of(hit->snippet), 300);

	jsonw_object(&a->json);
	jsonw_put(&a->json, "kind", found->kind);
	if (found->item != NULL) {
		jsonw_put_int(&a->json, "number", found->item->number);
		jsonw_put(&a->json, "title", found->item->title);
	}
	asking_json_person(a, "person", found->person_id);
	asking_json_time(a, "at", found->at);
	jsonw_put(&a->json, "snippet", snippet);
	jsonw_end(&a->json);
	if (!shown)
		return;
	if (found->item == NULL)
		asking_line(a, "%s's update, %s", name, day);
	else if (strcmp(found->kind, "comment") == 0)
		asking_line(a, "#%u %s: %s, %s", found->item->number, found->item->title, name,
		    day);
	else
		asking_line(a, "#%u %s", found->item->number, found->item->title);
	asking_line(a, "  %s", snippet);
}

enum td_status
query_search(struct asking *a, struct err *err)
{
	struct looking l = {0};
	struct search_hit *hits;
	size_t n, shown = 0;
	enum td_status status;

	if (!read_search(a, &l))
		return TD_OK;
	status = search_query(a->query->db, a->arena, a->query->team->id, l.words, HITS_MAX, &hits,
	    &n, err);
	if (status != TD_OK)
		return status;
	jsonw_list(&a->json);
	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct found found = {0};

		status = load_hit(a, &hits[i], &found, err);
		if (status != TD_OK || found.kind == NULL || !fits(&l, &found))
			continue;
		put_hit(a, &hits[i], &found, shown++ < HITS_SHOWN);
	}
	jsonw_end(&a->json);
	if (shown > HITS_SHOWN)
		asking_line(a, "%zu more are not shown; another word narrows the search.",
		    shown - HITS_SHOWN);
	a->answer->title = arena_printf(a->arena, "search %s: %zu found",
	    utf8_line(a->arena, span_of(a->question->text), 200), shown);
	return status;
}
