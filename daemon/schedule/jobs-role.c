/* SPDX-License-Identifier: ISC */
/*
 * jobs-role: the one mail to a person whose role in a team is another by now: what it is, what it
 * was, and what may be done with it. It waits for their hours; a role that is again what it was by
 * then is not told.
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/compose/gather.h"
#include "daemon/store/event.h"
#include "daemon/store/person.h"
#include "daemon/store/role_news.h"

/* The mail that changed it writes "membership", the tool a "person" that names team and role. */
static enum td_status
last_change(const struct job_context *c, const struct job *job, const char *entity,
    const struct event **last)
{
	struct event *events;
	size_t n = 0;
	enum td_status status = event_list(c->db, c->arena, entity, job->person_id, &events, &n,
	    c->err);

	for (size_t i = 0; status == TD_OK && i < n; i++)
		if ((events[i].team_id == job->team_id || events[i].team_id == 0) &&
		    events[i].after != NULL && strstr(events[i].after, "\"role\"") != NULL &&
		    (*last == NULL || events[i].id > (*last)->id))
			*last = &events[i];
	return status;
}

/* Who changed it; NULL: the operator, or it is not known. */
static enum td_status
changed_by(const struct job_context *c, const struct job *job, struct person **by_r)
{
	const struct event *last = NULL;
	enum td_status status = last_change(c, job, "membership", &last);

	if (status == TD_OK)
		status = last_change(c, job, "person", &last);
	if (status != TD_OK || last == NULL || last->person_id == 0)
		return status;
	return person_by_id(c->db, c->arena, last->person_id, by_r, c->err);
}

static enum td_status
send(const struct job_context *c, const struct job *job, const struct person *person,
    enum role before, enum role role)
{
	struct compose_common common = {.templates = c->conf->templates};
	struct compose_call call = {.kind = COMPOSE_CALL_ROLE, .at = c->now,
	    .role = role_name(role), .role_before = role_name(before)};
	struct person *by = NULL;
	struct composed mail;
	enum td_status status = changed_by(c, job, &by);

	if (status == TD_OK)
		status = gather_common(c->db, c->arena, job->team_id, person->id, c->now, &common,
		    c->err);
	if (status == TD_OK)
		status = job_reply_token(c, job->team_id, TOKEN_NOTICE, 0, &common);
	if (status != TD_OK)
		return status;
	call.name = by != NULL ? by->name : NULL;
	status = compose_call(c->arena, &common, &call, &mail, c->err);
	if (status != TD_OK)
		return status;
	return job_queue(c, "role", arena_printf(c->arena, "%s:%" PRId64, job->dedupe_key,
	    job->due_at), job->team_id, person->id, &mail, c->now);
}

enum td_status
job_role_run(const struct job_context *c, const struct job *job)
{
	struct person *person = NULL;
	struct job_person loaded;
	enum role role = ROLE_NONE, before = role_news_before(job);
	int64_t at = 0;
	enum td_status status = member_role(c->db, job->team_id, job->person_id, &role, c->err);

	if (status == TD_OK)
		status = person_by_id(c->db, c->arena, job->person_id, &person, c->err);
	if (status == TD_OK && role != ROLE_NONE && role != before && person != NULL &&
	    job_reachable(person)) {
		status = job_person_load(c, person, &loaded);
		if (status == TD_OK)
			at = job_contact(c, &loaded);
		if (status == TD_OK && at <= c->now) {
			at = 0;
			status = send(c, job, person, before, role);
		}
	}
	return status == TD_OK ? job_ran(c->db, job->id, c->now, at, c->err) : status;
}
