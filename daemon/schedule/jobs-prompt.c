/* SPDX-License-Identifier: ISC */
/*
 * jobs-prompt: the check-in prompt, one row a person. A day ends once, however many teams somebody
 * is in, so there is one prompt a person and day: from the first team they joined that is not as a
 * guest, and it names the others. Whoever has written an update of the day, in any team, is not
 * asked.
 *
 * The row remembers the local day that was asked about, not a moment: last_run_at is noon (UTC) of
 * that date. So a flight over midnight neither repeats a day nor takes the next one's place. The
 * outbox key "prompt:PERSON:DAY" holds the day as well, for the answer to be of that day.
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include <inttypes.h>

#include "daemon/compose/gather.h"
#include "daemon/compose/reply_token.h"
#include "daemon/log.h"
#include "daemon/store/person.h"
#include "daemon/store/status_update.h"
#include "daemon/store/team.h"

#define KIND "prompt"

struct prompt_due {
	bool wanted; /* false: this person is not asked */
	struct due due;
	struct job_person loaded;
};

static const char *
key_of(const struct job_context *c, int64_t person_id)
{
	return arena_printf(c->arena, KIND ":%" PRId64, person_id);
}

static int64_t
mark_of(int64_t day)
{
	return day * CIVIL_DAY + CIVIL_DAY / 2;
}

/* When it is due next: after that day, DUE_NEVER for somebody who was not asked before. */
static enum td_status
find_due(const struct job_context *c, const struct person *person, int64_t last_day,
    struct prompt_due *due_r)
{
	struct checkin_setting setting;
	enum td_status status;

	*due_r = (struct prompt_due){0};
	if (!job_reachable(person) ||
	    checkin_setting_parse(span_of(person->checkin), &setting, NULL) != TD_OK)
		return TD_OK;
	status = job_person_load(c, person, &due_r->loaded);
	if (status != TD_OK)
		return status;
	due_r->wanted = due_checkin(&setting, &due_r->loaded.due, last_day, c->now, &due_r->due);
	return TD_OK;
}

static int64_t
last_day(const struct job *row)
{
	return row == NULL || row->last_run_at == 0 ? DUE_NEVER : row->last_run_at / CIVIL_DAY;
}

/* ---- keeping the rows ---- */

static enum td_status
sync_person(const struct job_context *c, const struct person *person, const struct job *old)
{
	struct job row = {.dedupe_key = key_of(c, person->id), .kind = KIND,
	    .person_id = person->id};
	struct prompt_due due;
	enum td_status status = job_from_ahead(c, &old);

	if (status == TD_OK)
		status = find_due(c, person, last_day(old), &due);
	if (status != TD_OK)
		return status;
	row.last_run_at = mark_of(due.due.day - 1);
	return job_keep(c, &row, old, due.wanted ? &due.due : NULL);
}

struct people {
	int64_t *ids;
	size_t n, cap;
};

static bool
is_in(const struct people *people, int64_t id)
{
	for (size_t i = 0; i < people->n; i++)
		if (people->ids[i] == id)
			return true;
	return false;
}

static enum td_status
sync_team(const struct job_context *c, const struct team *team, const struct job *jobs, size_t n,
    struct people *seen)
{
	struct member *members;
	size_t n_members;
	enum td_status status =
	    member_list(c->db, c->arena, team->id, &members, &n_members, c->err);

	for (size_t i = 0; status == TD_OK && i < n_members; i++) {
		const struct person *person = &members[i].person;

		if (members[i].role == ROLE_GUEST || is_in(seen, person->id))
			continue;
		*ARENA_PUSH(c->arena, seen->ids, seen->n, seen->cap) = person->id;
		status = sync_person(c, person, job_find(jobs, n, KIND, 0, person->id));
	}
	return status;
}

enum td_status
job_prompt_sync(const struct job_context *c)
{
	struct people seen = {0};
	struct team *teams;
	struct job *jobs;
	size_t n_teams, n_jobs;
	enum td_status status;

	if ((status = team_list(c->db, c->arena, &teams, &n_teams, c->err)) != TD_OK ||
	    (status = job_list(c->db, c->arena, &jobs, &n_jobs, c->err)) != TD_OK ||
	    (status = db_begin(c->db, c->err)) != TD_OK)
		return status;
	for (size_t i = 0; status == TD_OK && i < n_teams; i++)
		status = sync_team(c, &teams[i], jobs, n_jobs, &seen);
	if (status == TD_OK)
		status = db_commit(c->db, c->err);
	if (status != TD_OK)
		db_rollback(c->db);
	return status;
}

/* ---- running one ---- */

/* The teams that the person works in, first joined first. */
struct teams {
	struct team **list;
	size_t n, cap;
};

static enum td_status
teams_of(const struct job_context *c, int64_t person_id, struct teams *teams)
{
	struct membership *list;
	size_t n = 0;
	enum td_status status = membership_list(c->db, c->arena, person_id, &list, &n, c->err);

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct team *team = NULL;

		if (list[i].role == ROLE_GUEST)
			continue;
		status = team_by_id(c->db, c->arena, list[i].team_id, &team, c->err);
		if (status == TD_OK && team != NULL && team->removed_at == 0)
			*ARENA_PUSH(c->arena, teams->list, teams->n, teams->cap) = team;
	}
	return status;
}

static enum td_status
has_told(const struct job_context *c, const struct teams *teams, int64_t person_id,
    const char *day, bool *told_r)
{
	enum td_status status = TD_OK;

	*told_r = false;
	for (size_t i = 0; status == TD_OK && !*told_r && i < teams->n; i++) {
		struct status_update *update = NULL;

		status = status_update_find(c->db, c->arena, teams->list[i]->id, person_id, day,
		    &update, c->err);
		*told_r = update != NULL;
	}
	return status;
}

static enum td_status
send_prompt(const struct job_context *c, const struct teams *teams, int64_t person_id,
    int64_t on)
{
	const int64_t team_id = teams->list[0]->id;
	const struct reply_token token = {.team_id = team_id, .about = TOKEN_PROMPT, .id = on};
	char day[CIVIL_TEXT];
	const struct gather_request request = {.team_id = team_id, .person_id = person_id,
	    .now = c->now, .day = day};
	struct compose_common common = {.templates = c->conf->templates};
	struct compose_team *others = arena_array(c->arena, teams->n, sizeof *others);
	struct compose_prompt prompt;
	struct composed mail;
	enum td_status status;

	civil_format_day(on, day);
	status = gather_prompt(c->db, c->arena, &request, &common, &prompt, c->err);
	if (status == TD_OK)
		status = reply_token_set(c->db, c->arena, c->conf, &token, &common, c->err);
	if (status != TD_OK)
		return status;
	for (size_t i = 1; i < teams->n; i++)
		others[prompt.n_others++] = (struct compose_team){teams->list[i]->name,
		    teams->list[i]->title, teams->list[i]->address};
	prompt.others = others;
	status = compose_prompt(c->arena, &common, &prompt, &mail, c->err);
	if (status != TD_OK)
		return status;
	return job_queue(c, KIND,
	    arena_printf(c->arena, "%s:%s", key_of(c, person_id), day), team_id, person_id, &mail,
	    c->now);
}

/* Asks, unless there is a reason not to: then the day is done all the same. */
static enum td_status
ask(const struct job_context *c, const struct teams *teams, int64_t person_id,
    const struct prompt_due *due)
{
	const char *why = NULL;
	char day[CIVIL_TEXT];
	bool told = false;
	enum td_status status;

	civil_format_day(due->due.day, day);
	status = has_told(c, teams, person_id, day, &told);
	if (status != TD_OK)
		return status;
	if (told)
		why = "there is an update";
	else if (!hours_contains(&due->loaded.hours, due->loaded.due.zone, c->now) ||
	    due_away_at(&due->loaded.due, c->now))
		why = "too late, out of hours";
	if (why == NULL)
		return send_prompt(c, teams, person_id, due->due.day);
	log_info("prompt not sent, %s person=%lld day=%s", why, (long long)person_id, day);
	return TD_OK;
}

enum td_status
job_prompt_run(const struct job_context *c, const struct job *job)
{
	struct person *person = NULL;
	struct prompt_due due = {0}, next;
	struct teams teams = {0};
	enum td_status status = person_by_id(c->db, c->arena, job->person_id, &person, c->err);

	if (status == TD_OK && person != NULL)
		status = teams_of(c, person->id, &teams);
	if (status == TD_OK && teams.n > 0)
		status = find_due(c, person, last_day(job), &due);
	if (status != TD_OK)
		return status;
	if (!due.wanted)
		return job_remove(c->db, job->dedupe_key, c->err);
	if (due.due.at > c->now) /* too late for the one of the row, or the setting changed */
		return job_ran(c->db, job->id, job->last_run_at, due.due.at, c->err);
	if ((status = ask(c, &teams, person->id, &due)) != TD_OK ||
	    (status = find_due(c, person, due.due.day, &next)) != TD_OK)
		return status;
	return job_ran(c->db, job->id, mark_of(due.due.day), next.wanted ? next.due.at : 0, c->err);
}
