/* SPDX-License-Identifier: ISC */
/*
 * jobs-remind: a reminder, at the moment that was asked for: neither hours nor absences hold it.
 * One that the daemon slept over comes late, not never.
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include <string.h>

#include "parsers/base/num.h"
#include "daemon/compose/gather.h"
#include "daemon/log.h"
#include "daemon/store/item.h"
#include "daemon/store/person.h"
#include "daemon/store/reminder.h"

static enum td_status
load_item(const struct job_context *c, int64_t id, struct compose_item *about, bool *found_r)
{
	struct item *item = NULL;
	struct person *owner = NULL;
	enum td_status status = item_by_id(c->db, c->arena, id, &item, c->err);

	*found_r = item != NULL;
	if (status != TD_OK || item == NULL)
		return status;
	if (item->n_owners > 0)
		status = person_by_id(c->db, c->arena, item->owners[0], &owner, c->err);
	*about = (struct compose_item){.number = item->number, .title = item->title,
	    .owner = owner != NULL ? owner->name : NULL,
	    .due = {item->due_at, item->due_day, item->due_zone}, .root_mid = item->root_mid};
	return status;
}

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
		status = load_item(c, reminder->item_id, &about, &found);
	if (status != TD_OK)
		return status;
	if (found) {
		call.item = &about;
		call.root_mid = about.root_mid;
	}
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
	int64_t id = 0;
	enum td_status status = TD_OK;

	if (num_i64(span_skip(span_of(job->dedupe_key), strlen("remind:")), 1, INT64_MAX, &id))
		status = reminder_by_id(c->db, c->arena, id, &reminder, c->err);
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
