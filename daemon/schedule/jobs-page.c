/* SPDX-License-Identifier: ISC */
/*
 * jobs-page: a call, until somebody takes it. Each run calls one person: so late runs, as after the
 * daemon slept, never send several at once. Whom, and how often, stands in model/duty.h; contact
 * hours do not count. Each call is a row that stays and a line of the history. When it is over the
 * caller hears, and those who were called.
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include <inttypes.h>

#include "daemon/compose/gather.h"
#include "daemon/log.h"
#include "daemon/store/event.h"
#include "daemon/store/page.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

#define LONGEST 86400 /* whatever happens, a call ends after a day */

struct paging {
	const struct job_context *c;
	const struct job *job;
	const struct page *page;
	struct page_call *calls; /* so far */
	size_t n_calls;
	struct compose_item about;
	bool has_item;
};

static enum td_status
name_of(const struct paging *p, int64_t id, const char **name_r)
{
	struct person *person = NULL;
	enum td_status status = TD_OK;

	*name_r = NULL;
	if (id != 0)
		status = person_by_id(p->c->db, p->c->arena, id, &person, p->c->err);
	if (status == TD_OK && person != NULL)
		*name_r = person->name;
	return status;
}

/* Composes and queues it for now; *sent_r false where that person cannot be written to. */
static enum td_status
send(const struct paging *p, int64_t to_id, const char *key, struct compose_call *call,
    struct composed *mail_r, bool *sent_r)
{
	const struct job_context *c = p->c;
	struct compose_common common = {.templates = c->conf->templates};
	struct person *to = NULL;
	enum td_status status = person_by_id(c->db, c->arena, to_id, &to, c->err);

	*sent_r = false;
	if (status != TD_OK || to == NULL || !job_reachable(to))
		return status;
	status = gather_common(c->db, c->arena, p->page->team_id, to_id, c->now, &common, c->err);
	if (status == TD_OK)
		status = job_reply_token(c, p->page->team_id, TOKEN_NOTICE, p->page->item_id,
		    &common);
	if (status != TD_OK)
		return status;
	call->text = p->page->text;
	call->item = p->has_item ? &p->about : NULL;
	call->root_mid = p->has_item ? p->about.root_mid : p->page->root_mid;
	status = compose_call(c->arena, &common, call, mail_r, c->err);
	if (status != TD_OK)
		return status;
	*sent_r = true;
	return job_queue_about(c, "page", key, p->page->team_id, to_id, p->page->item_id, mail_r,
	    c->now);
}

/* ---- while it goes on ------------------------------------------------------------------------ */

static enum td_status
note_call(const struct paging *p, int64_t to_id, const struct composed *mail)
{
	const struct job_context *c = p->c;
	const struct page_call call = {p->page->id, to_id, c->now, mail->mid};
	const char *name = NULL;
	struct event event = {.at = c->now, .team_id = p->page->team_id,
	    .person_id = p->page->by_id, .entity = "page", .entity_id = p->page->id,
	    .verb = "call"};
	enum td_status status = page_call_add(c->db, &call, c->err);

	if (status == TD_OK)
		status = name_of(p, to_id, &name);
	if (status != TD_OK)
		return status;
	event.after = arena_printf(c->arena, "{\"called\":%" PRId64 ",\"address\":\"%s\"}", to_id,
	    mail->rcpt);
	log_info("called page=%" PRId64 " person=%" PRId64 " mid=%s", p->page->id, to_id,
	    log_value(mail->mid));
	return event_add(c->db, &event, c->err);
}

/* Calls that were made to each, with one more for who is called now. */
static enum td_status
call_one(const struct paging *p, const int64_t *chain, size_t n, int64_t to_id)
{
	const struct job_context *c = p->c;
	struct compose_call call = {.kind = COMPOSE_CALL_PAGE, .at = p->page->created_at,
	    .turn = 1, .turns = DUTY_CALLS, .minutes = DUTY_SECONDS / 60};
	int64_t *ids = arena_array(c->arena, p->n_calls + DUTY_CALLS, sizeof *ids);
	size_t n_ids = 0;
	struct composed mail;
	bool sent = false;
	enum td_status status = name_of(p, p->page->by_id, &call.name);

	for (size_t i = 0; i < p->n_calls; i++) {
		call.turn += p->calls[i].person_id == to_id;
		ids[n_ids++] = p->calls[i].person_id;
	}
	for (unsigned i = call.turn; i <= DUTY_CALLS; i++)
		ids[n_ids++] = to_id;
	if (status == TD_OK)
		status = name_of(p, duty_next(chain, n, ids, n_ids), &call.next);
	if (status == TD_OK)
		status = send(p, to_id, arena_printf(c->arena, "page:%" PRId64 ":%zu", p->page->id,
		    p->n_calls), &call, &mail, &sent);
	if (status != TD_OK || !sent)
		return status;
	return note_call(p, to_id, &mail);
}

static enum td_status
go_on(const struct paging *p, int64_t *next_r)
{
	const struct job_context *c = p->c;
	int64_t chain[DUTY_CHAIN_MAX], today = 0, to_id;
	int64_t *ids = arena_array(c->arena, p->n_calls + 1, sizeof *ids);
	struct team *team = NULL;
	struct duty duty;
	size_t n;
	enum td_status status = team_by_id(c->db, c->arena, p->page->team_id, &team, c->err);

	if (status != TD_OK || team == NULL || team->removed_at != 0)
		return status;
	status = gather_duty(c->db, c->arena, team, c->now, &duty, &today, c->err);
	if (status != TD_OK)
		return status;
	n = duty_chain(&duty, today, p->page->for_id, p->page->by_id, chain);
	for (size_t i = 0; i < p->n_calls; i++)
		ids[i] = p->calls[i].person_id;
	to_id = p->n_calls < DUTY_CHAIN_MAX * DUTY_CALLS &&
	    c->now - p->page->created_at < LONGEST ? duty_next(chain, n, ids, p->n_calls) : 0;
	*next_r = c->now + (to_id != 0 ? DUTY_SECONDS : 0);
	if (to_id != 0)
		return call_one(p, chain, n, to_id);
	return page_end(c->db, p->page->id, c->now, 0, c->err); /* the next run tells of it */
}

/* ---- when it is over ------------------------------------------------------------------------- */

static enum td_status
list_called(const struct paging *p, struct compose_call *call)
{
	struct compose_called *list = arena_array(p->c->arena, p->n_calls + 1, sizeof *list);
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < p->n_calls; i++) {
		status = name_of(p, p->calls[i].person_id, &list[i].name);
		list[i].at = p->calls[i].at;
	}
	call->called = list;
	call->n_called = p->n_calls;
	return status;
}

static enum td_status
tell_end(const struct paging *p, int64_t to_id)
{
	const struct job_context *c = p->c;
	const struct page *page = p->page;
	struct compose_call call = {.kind = page->ended_by != 0 ? COMPOSE_CALL_PAGE_TAKEN :
	    COMPOSE_CALL_PAGE_NOBODY, .at = page->ended_at};
	struct composed mail;
	bool sent;
	enum td_status status = name_of(p, page->ended_by, &call.name);

	if (to_id == page->ended_by)
		return status;
	if (status == TD_OK)
		status = list_called(p, &call);
	if (status != TD_OK)
		return status;
	return send(p, to_id, arena_printf(c->arena, "page-end:%" PRId64 ":%" PRId64 ":%" PRId64,
	    page->id, page->ended_at, to_id), &call, &mail, &sent);
}

/* The caller, and each who was called, once; where nobody took it, the caller alone. */
static enum td_status
tell_all(const struct paging *p)
{
	enum td_status status = tell_end(p, p->page->by_id);

	for (size_t i = 0; status == TD_OK && p->page->ended_by != 0 && i < p->n_calls; i++) {
		bool told = p->calls[i].person_id == p->page->by_id;

		for (size_t k = 0; k < i; k++)
			told = told || p->calls[k].person_id == p->calls[i].person_id;
		if (!told)
			status = tell_end(p, p->calls[i].person_id);
	}
	return status;
}

enum td_status
job_page_run(const struct job_context *c, const struct job *job)
{
	struct paging p = {.c = c, .job = job};
	struct page *page = NULL;
	int64_t next = 0;
	enum td_status status = page_by_id(c->db, c->arena, job_number(job), &page, c->err);

	if (status == TD_OK && page != NULL) {
		p.page = page;
		status = page_calls(c->db, c->arena, page->id, &p.calls, &p.n_calls, c->err);
		if (status == TD_OK && page->item_id != 0)
			status = job_item_load(c, page->item_id, &p.about, &p.has_item);
		if (status == TD_OK)
			status = page->ended_at == 0 ? go_on(&p, &next) : tell_all(&p);
	}
	return status == TD_OK ? job_ran(c->db, job->id, c->now, next, c->err) : status;
}
