/* SPDX-License-Identifier: ISC */
/*
 * jobs-remind: a reminder, at the moment that was asked for: neither hours nor absences hold it.
 * One that the daemon slept over comes late, not never.
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include "daemon/compose/gather.h"
#include "daemon/log.h"
#include "daemon/store/person.h"
#include "daemon/store/reminder.h"

static enum td_status
send(const struct job_context *c, const struct job *job, const struct reminder *reminder)
{
	struct compose_common common = {.templates = c->conf->templates};
	struct compose_call call = {.kind = COMPOSE_CALL_REMINDER, .at = reminder->created_at,
	    .text = reminder->text};
	struct compose_item about;
	struct composed mail;
	bool found = false;
	enum td_status status = gather_common(c->db, c->arena, reminder->team_id,
	    reminder->person_id, c->now, &common, c->err);

	if (status == TD_OK && reminder->item_id != 0)
		status = job_item_load(c, reminder->item_id, &about, &found);
	if (status != TD_OK)
		return status;
	if (found) {
		call.item = &about;
		call.root_mid = about.root_mid;
	}
	status = job_reply_token(c, reminder->team_id, TOKEN_NOTICE, reminder->item_id, &common);
	if (status == TD_OK)
		status = compose_call(c->arena, &common, &call, &mail, c->err);
	if (status != TD_OK)
		return status;
	return job_queue_about(c, "remind", job->dedupe_key, reminder->team_id,
	    reminder->person_id, reminder->item_id, &mail, c->now);
}

enum td_status
job_remind_run(const struct job_context *c, const struct job *job)
{
	struct reminder *reminder = NULL;
	struct person *person = NULL;
	enum role role = ROLE_NONE;
	enum td_status status = reminder_by_id(c->db, c->arena, job_number(job), &reminder,
	    c->err);

	if (status == TD_OK && reminder != NULL && reminder->sent_at == 0) {
		if ((status = member_role(c->db, reminder->team_id, reminder->person_id, &role,
			 c->err)) != TD_OK ||
		    (status = person_by_id(c->db, c->arena, reminder->person_id, &person,
			 c->err)) != TD_OK)
			return status;
		if (role != ROLE_NONE && person != NULL && job_reachable(person))
			status = send(c, job, reminder);
		else
			log_warn("reminder not sent: nobody to send it to person=%lld",
			    (long long)reminder->person_id);
		if (status == TD_OK)
			status = reminder_sent(c->db, reminder->id, c->now, c->err);
	}
	return status == TD_OK ? job_ran(c->db, job->id, c->now, 0, c->err) : status;
}
