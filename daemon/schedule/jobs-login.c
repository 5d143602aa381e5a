/* SPDX-License-Identifier: ISC */
/*
 * jobs-login: a log-in by OAuth2 that a person has to do again, told to the leads of all teams: a
 * mailbox belongs to none. Each lead gets one mail for each log-in that is lost, in the name of
 * the first team that they lead. If the mail goes out by the same account it waits with all others
 * until the log-in is done; the log and `tidings status` tell of it at once.
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include <inttypes.h>

#include "daemon/compose/gather.h"
#include "daemon/log.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

struct lost {
	const char *account, *mailbox, *why;
	int64_t login_at;
};

static enum td_status
lost_compose(const struct job_context *c, const struct lost *lost,
    const struct compose_common *common, struct composed *mail_r)
{
	const struct compose_notice text = {
	    .kind = "login",
	    .facts = {"mailbox", "account", "authorization"},
	    .values = {{"mailbox", lost->mailbox}, {"account", lost->account},
		{"reply", lost->why}},
	};

	return compose_notice(c->arena, common, &text, mail_r, c->err);
}

/* The key lets the first team win for somebody who leads several. */
static enum td_status
tell_lead(const struct job_context *c, const struct lost *lost, int64_t team_id,
    const struct person *lead)
{
	struct compose_common common = {.templates = c->conf->templates};
	struct job_person loaded;
	struct composed mail;
	enum td_status status;

	if (!job_reachable(lead))
		return TD_OK;
	if ((status = job_person_load(c, lead, &loaded)) != TD_OK ||
	    (status = gather_common(c->db, c->arena, team_id, lead->id, c->now, &common,
		 c->err)) != TD_OK ||
	    (status = job_reply_token(c, team_id, TOKEN_NOTICE, 0, &common)) != TD_OK)
		return status;
	if (lost_compose(c, lost, &common, &mail) != TD_OK) {
		log_error("no notice: %s person=%" PRId64, c->err->text, lead->id);
		return TD_OK; /* that the log-in is lost is to be noted all the same */
	}
	return job_queue(c, "notice",
	    arena_printf(c->arena, "notice:login:%s:%" PRId64 ":%" PRId64, lost->account,
		lost->login_at, lead->id),
	    team_id, lead->id, &mail, job_contact(c, &loaded));
}

static enum td_status
tell_team(const struct job_context *c, const struct lost *lost, int64_t team_id)
{
	struct member *members;
	size_t n = 0;
	enum td_status status = member_list(c->db, c->arena, team_id, &members, &n, c->err);

	for (size_t i = 0; status == TD_OK && i < n; i++)
		if (members[i].role == ROLE_LEAD)
			status = tell_lead(c, lost, team_id, &members[i].person);
	return status;
}

enum td_status
jobs_tell_login_lost(struct db *db, const struct conf *conf, const char *account,
    const char *mailbox, const char *why, int64_t login_at, int64_t now, struct err *err)
{
	struct err own;
	struct job_context c = {db, conf, now, arena_create(), err != NULL ? err : &own};
	const struct lost lost = {account, mailbox, why, login_at};
	struct team *teams;
	size_t n = 0;
	enum td_status status = team_list(db, c.arena, &teams, &n, c.err);

	for (size_t i = 0; status == TD_OK && i < n; i++)
		status = tell_team(&c, &lost, teams[i].id);
	arena_destroy(&c.arena);
	return status;
}
