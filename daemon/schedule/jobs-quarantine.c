/* SPDX-License-Identifier: ISC */
/*
 * jobs-quarantine: what was kept aside since the summary before, to each lead of the team. The
 * row is gone afterwards; the next mail that is kept aside brings it back.
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/compose/gather.h"
#include "daemon/log.h"
#include "daemon/store/person.h"
#include "daemon/store/quarantine.h"
#include "daemon/store/setting.h"
#include "parsers/base/num.h"

#define ROWS_MAX 1000
#define DAY_SECONDS 86400

static const char *
setting_name(const struct job_context *c, int64_t team_id)
{
	return arena_printf(c->arena, "quarantine-summary:%" PRId64, team_id);
}

/* When the summary before was made; a day ago at most where that is not known. */
static enum td_status
summary_since(const struct job_context *c, int64_t team_id, int64_t *since_r)
{
	const char *value;
	enum td_status status =
	    setting_get(c->db, c->arena, setting_name(c, team_id), &value, c->err);

	if (status != TD_OK)
		return status;
	if (value == NULL || !num_i64(span_of(value), 0, INT64_MAX, since_r))
		*since_r = c->now - 7 * DAY_SECONDS;
	return TD_OK;
}

/* Mail of another team is none of this one's business; one of no team is everybody's. */
static enum td_status
is_of_team(const struct job_context *c, const struct quarantine *row, int64_t team_id, bool *is_r)
{
	struct message *message = NULL;
	enum td_status status = TD_OK;

	if (row->message_id != 0)
		status = message_by_id(c->db, c->arena, row->message_id, &message, c->err);
	*is_r = message == NULL || message->team_id == 0 || message->team_id == team_id;
	return status;
}

static enum td_status
load_rows(const struct job_context *c, int64_t team_id, struct compose_quarantine *out)
{
	struct compose_quarantined *mails;
	struct quarantine *rows;
	int64_t since;
	size_t n;
	enum td_status status = summary_since(c, team_id, &since);

	if (status == TD_OK)
		status = quarantine_list(c->db, c->arena, "kept", ROWS_MAX, &rows, &n, c->err);
	if (status != TD_OK)
		return status;
	mails = arena_array(c->arena, n + 1, sizeof *mails);
	*out = (struct compose_quarantine){.mails = mails};
	for (size_t i = 0; i < n; i++) {
		bool mine = false;

		if (rows[i].created_at <= since)
			continue;
		status = is_of_team(c, &rows[i], team_id, &mine);
		if (status != TD_OK)
			return status;
		if (mine)
			mails[out->n_mails++] = (struct compose_quarantined){.id = rows[i].id,
			    .from = rows[i].from_address, .subject = rows[i].subject,
			    .why = rows[i].why, .at = rows[i].created_at};
	}
	out->total = out->n_mails;
	return TD_OK;
}

static enum td_status
send_summary(const struct job_context *c, int64_t team_id, const struct person *lead,
    const struct compose_quarantine *quarantine)
{
	struct compose_common common = {.templates = c->conf->templates};
	struct job_person loaded;
	struct composed mail;
	char day[CIVIL_TEXT];
	enum td_status status;

	if (!job_reachable(lead) || strcmp(lead->digest, "off") == 0)
		return TD_OK;
	if ((status = job_person_load(c, lead, &loaded)) != TD_OK ||
	    (status = gather_common(c->db, c->arena, team_id, lead->id, c->now, &common,
	         c->err)) != TD_OK ||
	    (status = job_reply_token(c, team_id, TOKEN_NOTICE, 0, &common)) != TD_OK ||
	    (status = compose_quarantine_summary(c->arena, &common, quarantine, &mail, c->err)) !=
	        TD_OK)
		return status;
	civil_format_day(zone_local_day(loaded.due.zone, c->now), day);
	return job_queue(c, "quarantine",
	    arena_printf(c->arena, "quarantine:%" PRId64 ":%" PRId64 ":%s", team_id, lead->id, day),
	    team_id, lead->id, &mail, job_contact(c, &loaded));
}

enum td_status
job_quarantine_run(const struct job_context *c, const struct job *job)
{
	struct compose_quarantine quarantine;
	struct member *members;
	size_t n;
	enum td_status status = load_rows(c, job->team_id, &quarantine);

	if (status == TD_OK)
		status = member_list(c->db, c->arena, job->team_id, &members, &n, c->err);
	for (size_t i = 0; status == TD_OK && quarantine.n_mails > 0 && i < n; i++)
		if (members[i].role == ROLE_LEAD)
			status = send_summary(c, job->team_id, &members[i].person, &quarantine);
	if (status == TD_OK)
		status = setting_set(c->db, setting_name(c, job->team_id),
		    arena_printf(c->arena, "%" PRId64, c->now), c->err);
	if (status != TD_OK)
		return status;
	return job_ran(c->db, job->id, c->now, 0, c->err);
}
