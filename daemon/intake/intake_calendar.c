/* SPDX-License-Identifier: ISC */
/*
 * intake_calendar: a mail that a calendar sent in answer to one of our entries. What it says of a
 * decision is applied as a vote or a comment of whose calendar it is. A calendar is never written
 * to; but who answers for another is told where that does not count, and the other where it does.
 */
#include "config.h"

#include "daemon/intake/intake-private.h"

#include <inttypes.h>

#include "daemon/intake/answer.h"
#include "daemon/intake/apply.h"
#include "daemon/intake/decide_calendar.h"
#include "daemon/intake/news.h"
#include "daemon/intake/undo_code.h"
#include "daemon/log.h"

static bool
may_be_calendar(enum auto_kind kind)
{
	return kind == AUTO_CALENDAR || kind == AUTO_REPLY || kind == AUTO_OTHER;
}

static struct apply
apply_of(const struct work *w, const struct decide_answer *answer)
{
	return (struct apply){.db = w->db, .arena = w->arena, .reading = answer->reading,
	    .team = answer->team, .person = answer->person, .role = answer->role,
	    .sent_by = answer->sender, .message_id = w->row.id, .now = w->now,
	    .arrival = w->arrival};
}

/* To the sender: why it has no effect. */
static enum td_status
refuse(struct work *w, const struct decide_answer *answer, struct err *err)
{
	struct apply ap = apply_of(w, answer);

	ap.reading = w->reading;
	ap.person = answer->sender;
	ap.sent_by = NULL;
	apply_refuse(&ap, 0, w->reading->message.subject, NULL, "%s", answer->refusal);
	return answer_mail(w->db, w->conf, &ap, NULL, err);
}

/* To whose answer it is, from now on. */
static enum td_status
tell_whose(const struct work *w, const struct apply *ap, const struct decide_answer *answer,
    struct err *err)
{
	struct news_teller teller = news_teller_of(ap);

	if (answer->sender == NULL || !ap->changed)
		return TD_OK;
	teller.by_id = answer->sender->id;
	return news_tell_one(&teller, answer->person->id, answer->item_id, NEWS_SPOKEN,
	    NULL, err);
}

static enum td_status
apply_answer(struct work *w, const struct decide_answer *answer, int level, struct err *err)
{
	struct apply ap = apply_of(w, answer);
	enum td_status status = apply_mail(&ap, err);

	if (status == TD_OK)
		status = tell_whose(w, &ap, answer, err);
	if (status == TD_OK && ap.changed)
		status = undo_code_new(w->db, w->arena, &w->row.undo_code, err);
	if (status != TD_OK)
		return status;
	w->adm.verdict = ADMIT_APPLY;
	w->row.outcome = ap.n_refused > 0 ? "error" : "applied";
	w->row.why = ap.n_refused > 0 ? ap.lines[0].result : NULL;
	w->row.person_id = answer->person->id;
	w->row.team_id = answer->team->id;
	w->row.trust = level;
	return message_set_outcome(w->db, &w->row, err);
}

enum td_status
work_take_calendar(struct work *w, struct err *err)
{
	const struct decide_mail mail = {.reading = w->reading, .trust = &w->conf->trust,
	    .arrival = w->arrival, .level = w->adm.level == 1 &&
		w->conf->trust.mode == CONF_TRUST_ENVELOPE ? 2 : w->adm.level};
	struct decide_answer answer;
	enum td_status status;

	if (!may_be_calendar(w->reading->auto_kind) || w->too_large > 0)
		return TD_OK;
	status = decide_calendar_answer(w->db, w->arena, &mail, &answer, err);
	if (status == TD_OK && answer.why != NULL)
		log_info("%s msg=%" PRId64, answer.why, w->row.id);
	if (status == TD_OK && answer.refusal != NULL)
		return refuse(w, &answer, err);
	if (status != TD_OK || answer.reading == NULL)
		return status;
	return apply_answer(w, &answer, answer.sender != NULL && mail.level == 2 &&
	    w->conf->trust.mode != CONF_TRUST_ENVELOPE ? 3 : mail.level, err);
}
