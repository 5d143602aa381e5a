/* SPDX-License-Identifier: ISC */
/*
 * jobs-quarantine: what was kept aside and not yet told, to each lead of the team: by the number
 * of the last that was, since clocks jump. The row is gone afterwards; the next mail that is kept
 * aside brings it back.
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

static const char *
setting_name(const struct job_context *c, int64_t team_id)
{
	return arena_printf(c->arena, "quarantine-told:%" PRId64, team_id);
}

/* The number of the last mail that a summary looked at; 0: there was none yet. */
static enum td_status
last_told(const struct job_context *c, int64_t team_id, int64_t *id_r)
{
	const char *value;
	enum td_status status =
	    setting_get(c->db, c->arena, setting_name(c, team_id), &value, c->err);

	if (status != TD_OK)
		return status;
	if (value == NULL || !num_i64(span_of(value), 0, INT64_MAX, id_r))
		*id_r = 0;
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
load_rows(const struct job_context *c, int64_t team_id, struct compose_quarantine *out,
    int64_t *last_r)
{
	struct compose_quarantined *mails;
	struct quarantine *rows;
	int64_t told;
	size_t n;
	enum td_status status = last_told(c, team_id, &told);

	if (status == TD_OK)
		status = quarantine_list(c->db, c->arena, "kept", ROWS_MAX, &rows, &n, c->err);
	if (status != TD_OK)
		return status;
	mails = arena_array(c->arena, n + 1, sizeof *mails);
	*out = (struct compose_quarantine){.mails = mails};
	*last_r = n > 0 && rows[0].id > told ? rows[0].id : told; /* the newest comes first */
	for (size_t i = 0; i < n; i++) {
		bool mine = false;

		if (rows[i].id <= told)
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
    const struct compose_quarantine *quarantine, int64_t last)
{
	struct compose_common common = {.templates = c->conf->templates};
	struct job_person loaded;
	struct composed mail;
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
	return job_queue(c, "quarantine",
	    arena_printf(c->arena, "quarantine:%" PRId64 ":%" PRId64 ":%" PRId64, team_id, lead->id,
	        last),
	    team_id, lead->id, &mail, job_contact(c, &loaded));
}

enum td_status
job_quarantine_run(const struct job_context *c, const struct job *job)
{
	struct compose_quarantine quarantine;
	struct member *members;
	int64_t last = 0;
	size_t n;
	enum td_status status = load_rows(c, job->team_id, &quarantine, &last);

	if (status == TD_OK)
		status = member_list(c->db, c->arena, job->team_id, &members, &n, c->err);
	for (size_t i = 0; status == TD_OK && quarantine.n_mails > 0 && i < n; i++)
		if (members[i].role == ROLE_LEAD)
			status = send_summary(c, job->team_id, &members[i].person, &quarantine,
			    last);
	if (status == TD_OK)
		status = setting_set(c->db, setting_name(c, job->team_id),
		    arena_printf(c->arena, "%" PRId64, last), c->err);
	if (status != TD_OK)
		return status;
	return job_ran(c->db, job->id, c->now, 0, c->err);
}
