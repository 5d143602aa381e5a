/* SPDX-License-Identifier: ISC */
/*
 * confirm: "was this you?" for held mail (answer.h). The question goes to the address on file in
 * the person's contact hours, at most once a day: whoever forges a From wakes nobody with it.
 * What cannot be asked at once waits for a job.
 */
#include "config.h"

#include "daemon/intake/answer.h"

#include <inttypes.h>

#include "daemon/compose/compose.h"
#include "daemon/compose/reply_token.h"
#include "daemon/intake/contact.h"
#include "daemon/log.h"
#include "daemon/store/message.h"
#include "daemon/store/outbox.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

#define DAY 86400
#define HOUR 3600

static enum td_status
mark_asked(struct db *db, const struct team *team, const struct person *person,
    const struct held *held, size_t n, const char *mid, int64_t now, struct err *err)
{
	const struct thread row = {.mid = mid, .team_id = team->id, .person_id = person->id,
	    .kind = THREAD_CONFIRM, .created_at = now};
	enum td_status status = thread_add(db, &row, err);

	for (size_t i = 0; status == TD_OK && i < n; i++)
		status = held_asked(db, held[i].message_id, now, err);
	return status;
}

static enum td_status
ask_later(struct db *db, struct arena *arena, const struct person *person, int64_t at,
    struct err *err)
{
	const struct job job = {
	    .dedupe_key = arena_printf(arena, "confirm:%" PRId64, person->id),
	    .kind = "confirm",
	    .person_id = person->id,
	    .due_at = at,
	};

	return job_add(db, &job, err);
}

static enum td_status
ask(struct db *db, const struct conf *conf, const struct team *team, const struct person *person,
    const struct held *held, size_t n, int64_t now, struct arena *arena, bool *asked_r,
    struct err *err)
{
	struct compose_held *mails = arena_array(arena, n, sizeof *mails);
	struct compose_confirm confirm = {mails, n};
	struct compose_common common = {
	    .templates = conf->templates,
	    .team = {team->name, team->title, team->address},
	    .to = {person->id, person->name, person->address, person->zone, person->lang},
	    .now = now,
	};
	struct composed mail;
	struct outbox row;
	bool added = false;
	enum td_status status;

	for (size_t i = 0; i < n; i++)
		mails[i] = (struct compose_held){held[i].subject, held[i].received_at};
	status = reply_token_set(db, arena, conf, &(struct reply_token){.team_id = team->id,
	    .about = TOKEN_CONFIRM, .id = now}, &common, err);
	if (status != TD_OK)
		return status;
	status = compose_confirm(arena, &common, &confirm, &mail, err);
	if (status != TD_OK) {
		log_error("cannot ask about held mail: %s person=%" PRId64, err->text, person->id);
		return TD_OK;
	}
	row = (struct outbox){
	    .dedupe_key = arena_printf(arena, "confirm:%" PRId64 ":%s", person->id,
		person_day(arena, person->zone, now)),
	    .kind = "confirm",
	    .team_id = team->id,
	    .person_id = person->id,
	    .sender = mail.sender,
	    .rcpt = mail.rcpt,
	    .mid = mail.mid,
	    .bytes = mail.bytes,
	};
	status = outbox_add(db, &row, now, &added, err);
	if (status != TD_OK)
		return status;
	*asked_r = added;
	if (!added)
		return ask_later(db, arena, person, now + DAY, err); /* asked today already */
	return mark_asked(db, team, person, held, n, mail.mid, now, err);
}



enum td_status
answer_ask_held(struct db *db, const struct conf *conf, int64_t person_id, int64_t now,
    struct arena *arena, bool *asked_r, struct err *err)
{
	struct person *person = NULL;
	struct team *team = NULL;
	struct held *held = NULL;
	size_t n = 0;
	int64_t at = now;
	bool asked = false;
	enum td_status status = held_list(db, arena, person_id, 0, &held, &n, err);

	if (status == TD_OK && n > 0)
		status = person_by_id(db, arena, person_id, &person, err);
	if (status == TD_OK && n > 0)
		status = team_by_id(db, arena, held[0].team_id, &team, err);
	if (status != TD_OK || person == NULL || person->address == NULL || team == NULL)
		return status;
	status = contact_time(db, arena, person, now, &at, err);
	if (status == TD_OK && at > now)
		status = ask_later(db, arena, person, at, err);
	else if (status == TD_OK)
		status = ask(db, conf, team, person, held, n, now, arena, &asked, err);
	if (status == TD_OK && asked_r != NULL)
		*asked_r = asked;
	return status;
}

/* ---- the job --------------------------------------------------------------------------------- */

enum td_status
answer_confirm_job(struct db *db, const struct conf *conf, const struct job *job, int64_t now,
    struct arena *arena, int64_t *next_due_r, struct err *err)
{
	struct person *person = NULL;
	struct held *held;
	size_t n = 0;
	int64_t at = now;
	bool asked = false;
	enum td_status status = held_list(db, arena, job->person_id, 0, &held, &n, err);

	if (status == TD_OK && n > 0)
		status = person_by_id(db, arena, job->person_id, &person, err);
	if (status == TD_OK && person != NULL)
		status = contact_time(db, arena, person, now, &at, err);
	if (status == TD_OK && person != NULL && at <= now)
		status = answer_ask_held(db, conf, job->person_id, now, arena, &asked, err);
	if (status != TD_OK)
		return status;
	if (n == 0 || person == NULL || asked)
		*next_due_r = 0;
	else
		*next_due_r = at > now ? at : now + HOUR; /* asked today already */
	return TD_OK;
}
