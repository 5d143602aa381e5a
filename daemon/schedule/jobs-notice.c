/* SPDX-License-Identifier: ISC */
/*
 * jobs-notice: mail that waits for hours or cannot be sent at all, told to the leads of its team.
 * A server that is down for a day delays many mails, so a lead gets one notice of delay a day, and
 * one of failure a day and recipient. Nothing is told about a notice, nor to the very address that
 * takes no mail.
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include <inttypes.h>
#include <strings.h>
#include <string.h>

#include "daemon/compose/gather.h"
#include "daemon/log.h"
#include "daemon/store/person.h"

static const char *
notice_key(const struct job_context *c, const struct outbox *row, const struct person *lead,
    enum outbox_notice notice)
{
	char day[CIVIL_TEXT];

	civil_format_day(c->now / 86400, day);
	if (notice == OUTBOX_NOTICE_FAILED)
		return arena_printf(c->arena, "notice:failed:%" PRId64 ":%" PRId64 ":%s:%s",
		    row->team_id, lead->id, day, row->rcpt);
	return arena_printf(c->arena, "notice:delayed:%" PRId64 ":%" PRId64 ":%s", row->team_id,
	    lead->id, day);
}

static enum td_status
notice_compose(const struct job_context *c, const struct outbox *row,
    const struct compose_common *common, enum outbox_notice notice, struct composed *mail_r)
{
	const struct compose_notice text = {
	    .kind = notice == OUTBOX_NOTICE_FAILED ? "failed" : "delayed",
	    .facts = {"to", "kind", "reply"},
	    .values = {{"to", row->rcpt}, {"kind", row->kind},
		{"reply", row->reply != NULL ? row->reply : "-"},
		{"id", arena_printf(c->arena, "%" PRId64, row->id)}},
	};

	return compose_notice(c->arena, common, &text, mail_r, c->err);
}

static enum td_status
tell_lead(const struct job_context *c, const struct outbox *row, const struct person *lead,
    enum outbox_notice notice)
{
	struct compose_common common = {.templates = c->conf->templates};
	struct job_person loaded;
	struct composed mail;
	enum td_status status;

	if (!job_reachable(lead) || strcasecmp(lead->address, row->rcpt) == 0)
		return TD_OK;
	if ((status = job_person_load(c, lead, &loaded)) != TD_OK ||
	    (status = gather_common(c->db, c->arena, row->team_id, lead->id, c->now, &common,
		 c->err)) != TD_OK ||
	    (status = job_reply_token(c, row->team_id, TOKEN_NOTICE, 0, &common)) != TD_OK)
		return status;
	if (notice_compose(c, row, &common, notice, &mail) != TD_OK) {
		log_error("no notice: %s out=%" PRId64, c->err->text, row->id);
		return TD_OK; /* what came of the mail is to be noted all the same */
	}
	return job_queue(c, "notice", notice_key(c, row, lead, notice), row->team_id, lead->id,
	    &mail, job_contact(c, &loaded));
}

static enum td_status
tell_leads(const struct job_context *c, int64_t outbox_id, enum outbox_notice notice)
{
	struct outbox *row;
	struct member *members;
	size_t n = 0;
	enum td_status status = outbox_by_id(c->db, c->arena, outbox_id, &row, c->err);

	if (status != TD_OK || row == NULL || row->team_id == 0 ||
	    strcmp(row->kind, "notice") == 0)
		return status;
	status = member_list(c->db, c->arena, row->team_id, &members, &n, c->err);
	for (size_t i = 0; status == TD_OK && i < n; i++)
		if (members[i].role == ROLE_LEAD)
			status = tell_lead(c, row, &members[i].person, notice);
	return status;
}

enum td_status
jobs_tell_leads(struct db *db, const struct conf *conf, int64_t outbox_id,
    enum outbox_notice notice, int64_t now, struct err *err)
{
	struct err own;
	struct job_context c = {db, conf, now, arena_create(), err != NULL ? err : &own};
	enum td_status status = notice == OUTBOX_NOTICE_NONE ? TD_OK :
							       tell_leads(&c, outbox_id, notice);

	arena_destroy(&c.arena);
	return status;
}
