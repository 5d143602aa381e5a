/* SPDX-License-Identifier: ISC */
/*
 * apply_page: /page, "urgent:" and /ack-page. A call is a row; the job "page:ID" reaches one
 * person after the other, at any hour, until somebody takes it. Calls are few by rule: so many a
 * person and hour, so many at once in a team, one for an item.
 */
#include "config.h"

#include "daemon/intake/undo.h"

#include <inttypes.h>
#include <string.h>

#include "parsers/base/jsonw.h"
#include "parsers/base/utf8.h"
#include "daemon/compose/gather.h"
#include "daemon/store/job.h"
#include "daemon/store/page.h"

#define HOUR 3600
#define PAGES_AN_HOUR 5 /* of one person */
#define PAGES_OPEN 10   /* of a team */
#define TEXT_MAX 500u

static enum td_status
set_job(struct apply *ap, int64_t page_id, int64_t at, struct err *err)
{
	return job_set(ap->db,
	    &(struct job){.dedupe_key = arena_printf(ap->arena, "page:%" PRId64, page_id),
		.kind = "page", .team_id = ap->team->id, .due_at = at},
	    err);
}

static const char *
page_json(struct apply *ap, const struct page *page)
{
	struct buf json;
	struct jsonw w;
	const char *text;

	buf_init(&json, 65536);
	jsonw_init(&w, &json, 0);
	jsonw_object(&w);
	jsonw_put(&w, "text", page->text);
	jsonw_put_int(&w, "item", page->item_id);
	jsonw_put_int(&w, "for", page->for_id);
	jsonw_end(&w);
	text = arena_span(ap->arena, buf_span(&json));
	buf_release(&json);
	return text;
}

/* ---- a call ---------------------------------------------------------------------------------- */

static enum td_status
is_few(struct apply *ap, const struct page *page, const char **why_r, struct err *err)
{
	struct page *open;
	size_t n = 0;
	int64_t own = 0;
	enum td_status status = page_open(ap->db, ap->arena, ap->team->id, &open, &n, err);

	if (status == TD_OK)
		status = page_count(ap->db, ap->person->id, ap->now - HOUR, &own, err);
	if (status != TD_OK)
		return status;
	if (own >= PAGES_AN_HOUR)
		*why_r = arena_printf(ap->arena,
		    "You have called %d times in this hour; that is all "
		    "for now",
		    PAGES_AN_HOUR);
	else if (n >= PAGES_OPEN)
		*why_r = arena_printf(ap->arena, "%d calls go on in %s and wait for /ack-page",
		    PAGES_OPEN, ap->team->title);
	for (size_t i = 0; i < n && page->item_id != 0; i++)
		if (open[i].item_id == page->item_id)
			*why_r = arena_printf(ap->arena, "A call about it goes on since %s",
			    apply_moment(ap, open[i].created_at));
	return TD_OK;
}

/* Whom it reaches first; NULL with a reason. */
static enum td_status
first_of(struct apply *ap, const struct page *page, const char **name_r, const char **why_r,
    struct err *err)
{
	int64_t chain[DUTY_CHAIN_MAX], today = 0;
	struct duty duty;
	enum td_status status = gather_duty(ap->db, ap->arena, ap->team, ap->now, &duty, &today,
	    err);

	if (status != TD_OK)
		return status;
	if (duty_chain(&duty, today, page->for_id, ap->person->id, chain) == 0) {
		*why_r = arena_printf(ap->arena,
		    "There is nobody in %s who could be called but you", ap->team->title);
		return TD_OK;
	}
	*name_r = apply_name(ap, chain[0]);
	if (page->for_id != 0 && chain[0] != page->for_id)
		apply_note(ap, "%s is away; %s is called.", apply_name(ap, page->for_id), *name_r);
	return TD_OK;
}

/* Begins the call, or says why not; *name_r NULL then. */
static enum td_status
start(struct apply *ap, struct page *page, const char **name_r, const char **why_r,
    struct err *err)
{
	enum td_status status = is_few(ap, page, why_r, err);

	*name_r = NULL;
	if (status == TD_OK && *why_r == NULL)
		status = first_of(ap, page, name_r, why_r, err);
	if (status != TD_OK || *why_r != NULL)
		return status;
	status = page_add(ap->db, page, err);
	if (status == TD_OK)
		status = apply_event(ap, "page", page->id, "create", NULL, page_json(ap, page),
		    err);
	if (status == TD_OK)
		status = set_job(ap, page->id, ap->now, err);
	ap->changed = true;
	return status;
}

static struct page
page_of(struct apply *ap, const char *text, const struct apply_item *item)
{
	return (struct page){.team_id = ap->team->id, .by_id = ap->person->id,
	    .item_id = item != NULL ? item->now->id : 0, .message_id = ap->message_id,
	    .text = arena_span(ap->arena, utf8_cut(span_trim(span_of(text)), TEXT_MAX)),
	    .created_at = ap->now};
}

static bool
read_target(struct apply *ap, const struct reading_command *cmd, struct page *page)
{
	const struct member *member;

	if (cmd->n_people == 0)
		return true;
	if (cmd->n_people > 1) {
		apply_refuse(ap, cmd->line, cmd->source, "/page @ben ...",
		    "One person at a time; if no answer comes, the next is called by itself.");
		return false;
	}
	member = apply_find_member(ap, cmd->people[0], cmd->line, cmd->source);
	if (member == NULL)
		return false;
	if (member->role == ROLE_GUEST || member->person.id == ap->person->id) {
		apply_refuse(ap, cmd->line, cmd->source, "/page oncall ...",
		    member->role == ROLE_GUEST
			? "%s is a guest; taking a call needs the role member."
			: "%s is yourself.",
		    member->person.name);
		return false;
	}
	page->for_id = member->person.id;
	return true;
}

static enum td_status
do_page(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct apply_item *item = ap->current;
	struct page page;
	const char *name = NULL, *why = NULL;
	enum td_status status = TD_OK;

	if (cmd->text == NULL || span_trim(span_of(cmd->text)).len == 0) {
		apply_refuse(ap, cmd->line, cmd->source, "/page oncall mail queue is stuck",
		    "What is wrong?");
		return TD_OK;
	}
	if (cmd->n_items > 0)
		status = apply_find_item(ap, cmd->items[0], cmd->line, cmd->source, &item, err);
	if (status != TD_OK || (cmd->n_items > 0 && item == NULL))
		return status;
	page = page_of(ap, cmd->text, item);
	if (!read_target(ap, cmd, &page))
		return TD_OK;
	status = start(ap, &page, &name, &why, err);
	if (status == TD_OK && why != NULL)
		apply_refuse(ap, cmd->line, cmd->source, NULL, "%s.", why);
	else if (status == TD_OK)
		apply_did(ap, cmd->line, cmd->source,
		    "%s is called now; whoever does not answer is followed by the next.", name);
	ap->wants_ack = true; /* who calls for help wants to know that it goes out */
	return status;
}

/* Who is to do it hears of it first. */
static int64_t
owner_to_call(const struct apply *ap, const struct item *item)
{
	int64_t id = item->n_owners > 0 ? item->owners[0] : 0;

	const struct apply_members *members = apply_members(ap);

	for (size_t i = 0; i < members->n; i++)
		if (members->list[i].person.id == id && members->list[i].role != ROLE_GUEST &&
		    id != ap->person->id)
			return id;
	return 0;
}

enum td_status
apply_urgent(struct apply *ap, struct err *err)
{
	const char *subject = ap->reading->message.subject, *name = NULL, *why = NULL;
	struct page page;
	enum td_status status;

	/* "Re: urgent: ..." is about the call that went out, and calls nobody anew */
	if (ap->reading->message.in_reply_to != NULL &&
	    (ap->current == NULL || ap->current->before != NULL))
		return TD_OK;
	ap->is_about_call = true;
	if (ap->current == NULL || !apply_may(ap, RIGHT_WORK, 0, subject))
		return TD_OK;
	ap->wants_ack = true;
	ap->current->now->priority = PRIORITY_P1;
	page = page_of(ap, ap->current->now->title, ap->current);
	page.for_id = owner_to_call(ap, ap->current->now);
	status = start(ap, &page, &name, &why, err);
	if (status == TD_OK && why != NULL)
		apply_note(ap, "Nobody was called: %s.", why);
	else if (status == TD_OK)
		apply_note(ap, "%s is called now; whoever does not answer is followed by the next.",
		    name);
	return status;
}

/* ---- taking it ------------------------------------------------------------------------------- */

/* The call that the mail answers. */
static enum td_status
answered(struct apply *ap, struct page **page_r, struct err *err)
{
	const struct reading_message *m = &ap->reading->message;
	struct page *page = NULL;
	enum td_status status = TD_OK;

	if (m->in_reply_to != NULL)
		status = page_by_mid(ap->db, ap->arena, m->in_reply_to, &page, err);
	for (size_t i = m->n_references; status == TD_OK && page == NULL && i > 0; i--)
		status = page_by_mid(ap->db, ap->arena, m->references[i - 1], &page, err);
	if (status == TD_OK && page != NULL && page->team_id == ap->team->id)
		*page_r = page;
	return status;
}

/* Without a reply: the one about the item, or the only one that goes on. */
static enum td_status
find_open(struct apply *ap, const struct reading_command *cmd, struct page **page_r,
    struct err *err)
{
	struct apply_item *item = ap->current;
	struct page *open;
	size_t n = 0;
	enum td_status status = TD_OK;

	if (cmd->n_items > 0)
		status = apply_find_item(ap, cmd->items[0], cmd->line, cmd->source, &item, err);
	if (status != TD_OK || (cmd->n_items > 0 && item == NULL))
		return status;
	status = page_open(ap->db, ap->arena, ap->team->id, &open, &n, err);
	for (size_t i = 0; status == TD_OK && item != NULL && i < n; i++)
		if (open[i].item_id == item->now->id)
			*page_r = &open[i];
	if (status != TD_OK || *page_r != NULL)
		return status;
	if (n == 1 && cmd->n_items == 0)
		*page_r = open;
	else if (n == 0 || cmd->n_items > 0)
		apply_refuse(ap, cmd->line, cmd->source, NULL, "No call waits for an answer%s.",
		    cmd->n_items > 0 ? " about that item" : "");
	else
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "Which call? Several go on: reply to its mail.");
	return TD_OK;
}

static enum td_status
end(struct apply *ap, const struct page *page, const char *how_json, struct err *err)
{
	enum td_status status = page_end(ap->db, page->id, ap->now, ap->person->id, err);

	if (status == TD_OK)
		status = apply_event(ap, "page", page->id, "change", "{\"taken_by\":null}",
		    how_json, err);
	/* tells the others */
	return status == TD_OK ? set_job(ap, page->id, ap->now, err) : status;
}

static enum td_status
take(struct apply *ap, const struct reading_command *cmd, const struct page *page, struct err *err)
{
	enum td_status status = end(ap, page,
	    arena_printf(ap->arena, "{\"taken_by\":\"%s\"}", ap->person->handle), err);

	if (status == TD_OK)
		apply_did(ap, cmd->line, cmd->source, "You have taken the call: %s.", page->text);
	return status;
}

static enum td_status
do_take(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct page *page = NULL;
	struct apply_item *item = NULL;
	enum td_status status = TD_OK;

	if (cmd->n_items == 0)
		status = answered(ap, &page, err);
	if (status == TD_OK && page == NULL)
		status = find_open(ap, cmd, &page, err);
	if (status != TD_OK || page == NULL)
		return status;
	if (page->ended_at != 0) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "That call is over since %s%s%s.",
		    apply_moment(ap, page->ended_at), page->ended_by != 0 ? ", taken by " : "",
		    page->ended_by != 0 ? apply_name(ap, page->ended_by) : "");
		return TD_OK;
	}
	status = take(ap, cmd, page, err);
	if (status != TD_OK || cmd->text == NULL || *cmd->text == '\0')
		return status;
	/* the words stand with what it is about, wherever they were written */
	item = ap->current;
	if (item == NULL && page->item_id != 0)
		status = apply_item_by_id(ap, page->item_id, &item, err);
	return status == TD_OK && item != NULL ? apply_comment(ap, item, cmd->text, err) : status;
}

bool
page_is_verb(const char *verb)
{
	return strcmp(verb, "page") == 0 || strcmp(verb, "ack-page") == 0;
}

bool
page_is_line(const char *line)
{
	struct span rest = span_of(line), word;

	if (!span_next_word(&rest, &word) || word.len == 0 || *word.ptr != '/')
		return false;
	word = span_skip(word, 1);
	return span_ieq(word, SPAN("page")) || span_ieq(word, SPAN("ack-page"));
}

enum td_status
apply_page_command(struct apply *ap, const struct reading_command *cmd, bool *known_r,
    struct err *err)
{
	*known_r = true;
	if (strcmp(cmd->verb, "page") == 0)
		return do_page(ap, cmd, err);
	if (strcmp(cmd->verb, "ack-page") == 0)
		return do_take(ap, cmd, err);
	*known_r = false;
	return TD_OK;
}

enum td_status
page_settle(struct apply *ap, const struct apply_item *item, struct err *err)
{
	struct page *open;
	size_t n = 0;
	enum td_status status;

	if (!item_is_closed(item->now) || (item->before != NULL && item_is_closed(item->before)))
		return TD_OK;
	status = page_open(ap->db, ap->arena, ap->team->id, &open, &n, err);
	for (size_t i = 0; status == TD_OK && i < n; i++) {
		if (open[i].item_id != item->now->id)
			continue;
		status = end(ap, &open[i],
		    arena_printf(ap->arena, "{\"taken_by\":\"%s\",\"closed\":%u}",
			ap->person->handle, item->now->number), err);
		apply_note(ap, "The call about #%u has ended with it.", item->now->number);
	}
	return status;
}

/* ---- undo ------------------------------------------------------------------------------------ */

static enum td_status
undo_call(struct undo *u, const struct page *page, struct err *err)
{
	struct apply *ap = u->ap;
	struct page_call *calls;
	size_t n = 0;
	enum td_status status = page_calls(ap->db, ap->arena, page->id, &calls, &n, err);

	u->did = "a call";
	if (status == TD_OK && n > 0)
		u->why = arena_printf(ap->arena, "%s was called on %s; /ack-page ends the call",
		    apply_name(ap, calls[0].person_id), apply_moment(ap, calls[0].at));
	return status == TD_OK && n == 0 ? page_remove(ap->db, page->id, err) : status;
}

enum td_status
undo_page(struct undo *u, struct err *err)
{
	struct apply *ap = u->ap;
	struct page *page = NULL;
	enum td_status status = page_by_id(ap->db, ap->arena, u->event->entity_id, &page, err);

	if (status != TD_OK || page == NULL)
		return status;
	if (u->before == NULL)
		return undo_call(u, page, err);
	u->did = "the end of a call";
	status = page_end(ap->db, page->id, 0, 0, err);
	return status == TD_OK ? set_job(ap, page->id, ap->now + DUTY_SECONDS, err) : status;
}
