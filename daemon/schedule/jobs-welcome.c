/* SPDX-License-Identifier: ISC */
/*
 * jobs-welcome: the one mail to a person whom a lead invited: what this is, how to write, how to
 * stop. It waits for their hours, and says then what holds then; who has left by that time gets
 * none.
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/compose/gather.h"
#include "daemon/store/event.h"
#include "daemon/store/person.h"

/* The event that made the person a member; NULL where there is none. */
static enum td_status
joined_by(const struct job_context *c, const struct job *job, const struct event **event_r)
{
	struct event *events;
	size_t n = 0;
	enum td_status status = event_list(c->db, c->arena, "membership", job->person_id, &events,
	    &n, c->err);

	*event_r = NULL;
	for (size_t i = 0; i < n; i++)
		if (events[i].team_id == job->team_id && strcmp(events[i].verb, "create") == 0)
			*event_r = &events[i];
	return status;
}

static enum td_status
send(const struct job_context *c, const struct job *job, const struct person *person,
    enum role role)
{
	struct compose_common common = {.templates = c->conf->templates};
	struct compose_call call = {.kind = COMPOSE_CALL_WELCOME, .at = c->now,
	    .role = role_name(role), .hours = person->hours};
	const struct event *event;
	struct person *by = NULL;
	struct composed mail;
	enum td_status status = joined_by(c, job, &event);

	if (status == TD_OK && event != NULL)
		status = person_by_id(c->db, c->arena, event->person_id, &by, c->err);
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
	return job_queue(c, "welcome", arena_printf(c->arena, "%s:%" PRId64, job->dedupe_key,
	    event != NULL ? event->id : 0), job->team_id, person->id, &mail, c->now);
}

enum td_status
job_welcome_run(const struct job_context *c, const struct job *job)
{
	struct person *person = NULL;
	struct job_person loaded;
	enum role role = ROLE_NONE;
	int64_t at = 0;
	enum td_status status = member_role(c->db, job->team_id, job->person_id, &role, c->err);

	if (status == TD_OK)
		status = person_by_id(c->db, c->arena, job->person_id, &person, c->err);
	if (status == TD_OK && role != ROLE_NONE && person != NULL && job_reachable(person)) {
		status = job_person_load(c, person, &loaded);
		if (status == TD_OK)
			at = job_contact(c, &loaded);
		if (status == TD_OK && at <= c->now) {
			at = 0;
			status = send(c, job, person, role);
		}
	}
	return status == TD_OK ? job_ran(c->db, job->id, c->now, at, c->err) : status;
}
