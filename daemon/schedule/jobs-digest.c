/* SPDX-License-Identifier: ISC */
/*
 * jobs-digest: one row a person and team, due at the person's own time. What was done is
 * remembered as the moment it was due (last_run_at), so a late run past midnight does not take
 * the next day's place; the outbox key holds the local day, so a flight west sends none twice.
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/compose/gather.h"
#include "daemon/log.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

struct digest_due {
	bool wanted; /* false: no digest for this person */
	bool weekly;
	struct due due;
};

static const char *
key_of(const struct job_context *c, int64_t team_id, int64_t person_id)
{
	return arena_printf(c->arena, "digest:%" PRId64 ":%" PRId64, team_id, person_id);
}

/* The last day that is done. A row that never ran stands for a day that is still to come. */
static int64_t
last_day(const struct job *row, const struct zone *zone)
{
	if (row == NULL)
		return DUE_NEVER;
	if (row->last_run_at == 0)
		return zone_local_day(zone, row->due_at) - 1;
	return zone_local_day(zone, row->last_run_at);
}

/* When it is due next: after done_day, or where that is DUE_NEVER after what the row (NULL:
 * there is none yet) tells. */
static enum td_status
find_due(const struct job_context *c, const struct person *person, const struct job *row,
    int64_t done_day, struct digest_due *due_r)
{
	struct digest_setting setting;
	struct job_person loaded;
	enum td_status status;

	*due_r = (struct digest_due){0};
	if (!job_reachable(person) ||
	    digest_setting_parse(span_of(person->digest), &setting, NULL) != TD_OK)
		return TD_OK;
	status = job_person_load(c, person, &loaded);
	if (status != TD_OK)
		return status;
	if (done_day == DUE_NEVER)
		done_day = last_day(row, loaded.due.zone);
	due_r->weekly = setting.kind == DIGEST_WEEKLY;
	due_r->wanted = due_digest(&setting, &loaded.due, done_day, c->now, &due_r->due);
	return TD_OK;
}

/* ---- keeping the rows ---- */

static enum td_status
sync_member(const struct job_context *c, int64_t team_id, const struct person *person,
    const struct job *old)
{
	struct digest_due due;
	enum td_status status = job_from_ahead(c, &old);

	if (status == TD_OK)
		status = find_due(c, person, old, DUE_NEVER, &due);
	if (status != TD_OK)
		return status;
	return job_keep(c,
	    &(struct job){.dedupe_key = key_of(c, team_id, person->id), .kind = "digest",
	        .team_id = team_id, .person_id = person->id},
	    old, due.wanted ? &due.due : NULL);
}

static enum td_status
sync_team(const struct job_context *c, const struct team *team, const struct job *jobs, size_t n)
{
	struct member *members;
	size_t n_members;
	enum td_status status =
	    member_list(c->db, c->arena, team->id, &members, &n_members, c->err);

	for (size_t i = 0; status == TD_OK && i < n_members; i++)
		if (members[i].role != ROLE_GUEST)
			status = sync_member(c, team->id, &members[i].person,
			    job_find(jobs, n, "digest", team->id, members[i].person.id));
	return status;
}

enum td_status
job_digest_sync(const struct job_context *c)
{
	struct team *teams;
	struct job *jobs;
	size_t n_teams, n_jobs;
	enum td_status status;

	if ((status = team_list(c->db, c->arena, &teams, &n_teams, c->err)) != TD_OK ||
	    (status = job_list(c->db, c->arena, &jobs, &n_jobs, c->err)) != TD_OK ||
	    (status = db_begin(c->db, c->err)) != TD_OK)
		return status;
	for (size_t i = 0; status == TD_OK && i < n_teams; i++)
		status = sync_team(c, &teams[i], jobs, n_jobs);
	if (status == TD_OK)
		status = db_commit(c->db, c->err);
	if (status != TD_OK)
		db_rollback(c->db);
	return status;
}

/* ---- running one ---- */

static enum td_status
send_digest(const struct job_context *c, const struct job *job, const struct digest_due *due)
{
	struct compose_common common = {.templates = c->conf->templates};
	struct gather_request request = {.team_id = job->team_id, .person_id = job->person_id,
	    .now = c->now, .since = job->last_run_at, .weekly = due->weekly};
	struct compose_digest digest;
	struct composed mail;
	char day[CIVIL_TEXT];
	enum td_status status;

	civil_format_day(due->due.day, day);
	request.day = day;
	status = gather_digest(c->db, c->arena, &request, &common, &digest, c->err);
	if (status != TD_OK)
		return status;
	if (!compose_digest_has_news(&digest)) {
		log_info("digest not sent, nothing in it team=%lld person=%lld day=%s",
		    (long long)job->team_id, (long long)job->person_id, day);
		return TD_OK;
	}
	status = job_reply_token(c, job->team_id, TOKEN_DIGEST, 0, &common);
	if (status == TD_OK)
		status = compose_digest(c->arena, &common, &digest, &mail, c->err);
	if (status != TD_OK)
		return status;
	return job_queue(c, "digest",
	    arena_printf(c->arena, "%s:%s", key_of(c, job->team_id, job->person_id), day),
	    job->team_id, job->person_id, &mail, c->now);
}

/* The member whose digest it is; *person_r NULL when there is none any more. */
static enum td_status
load_member(const struct job_context *c, const struct job *job, struct person **person_r)
{
	struct team *team;
	enum role role = ROLE_NONE;
	enum td_status status;

	if ((status = team_by_id(c->db, c->arena, job->team_id, &team, c->err)) != TD_OK ||
	    (status = member_role(c->db, job->team_id, job->person_id, &role, c->err)) != TD_OK ||
	    (status = person_by_id(c->db, c->arena, job->person_id, person_r, c->err)) != TD_OK)
		return status;
	if (team == NULL || team->removed_at != 0 || role == ROLE_NONE || role == ROLE_GUEST)
		*person_r = NULL;
	return TD_OK;
}

enum td_status
job_digest_run(const struct job_context *c, const struct job *job)
{
	struct person *person = NULL;
	struct digest_due due, next;
	enum td_status status = load_member(c, job, &person);

	if (status != TD_OK)
		return status;
	if (person == NULL)
		return job_remove(c->db, job->dedupe_key, c->err);
	status = find_due(c, person, job, DUE_NEVER, &due);
	if (status != TD_OK || !due.wanted)
		return status != TD_OK ? status : job_remove(c->db, job->dedupe_key, c->err);
	if (due.due.at > c->now) /* too late for the one of the row, or the setting changed */
		return job_ran(c->db, job->id, job->last_run_at, due.due.at, c->err);
	if ((status = send_digest(c, job, &due)) != TD_OK ||
	    (status = find_due(c, person, job, due.due.day, &next)) != TD_OK)
		return status;
	return job_ran(c->db, job->id, due.due.at, next.wanted ? next.due.at : 0, c->err);
}
