/* SPDX-License-Identifier: ISC */
/*
 * intake: see intake.h. One mail: known by its key (then it is for copies.c)? → admit →
 * message row → by the verdict: apply and answer, hold and ask, quarantine, or note. The row is
 * written first, because all other rows refer to it, and brought up to date at the end.
 */
#include "config.h"

#include "daemon/intake/intake-private.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "parsers/base/buf.h"
#include "parsers/base/num.h"
#include "parsers/base/zone.h"
#include "daemon/intake/answer.h"
#include "daemon/intake/apply.h"
#include "daemon/intake/form.h"
#include "daemon/intake/proof.h"
#include "daemon/intake/undo_code.h"
#include "daemon/intake/aside.h"
#include "daemon/intake/bounces.h"
#include "daemon/log.h"
#include "daemon/store/job.h"
#include "daemon/store/message.h"
#include "daemon/store/outbox.h"
#include "daemon/store/person.h"
#include "daemon/store/quarantine.h"
#include "daemon/store/team.h"

#define READING_MAX (4u * 1024 * 1024)

/* ---- look-ups of admit ----------------------------------------------------------------------- */

static enum td_status
look_team(void *user, const char *address, const struct team **team_r, struct err *err)
{
	struct work *w = user;
	struct team *team = NULL;
	enum td_status status = team_by_address(w->db, w->arena, address, &team, err);

	if (status == TD_OK)
		*team_r = team;
	return status;
}

static enum td_status
look_person(void *user, const char *address, const struct person **person_r, struct err *err)
{
	struct work *w = user;
	struct person *person = NULL;
	enum td_status status = person_by_address(w->db, w->arena, address, &person, err);

	if (status == TD_OK)
		*person_r = person;
	return status;
}

static enum td_status
look_role(void *user, int64_t team_id, int64_t person_id, enum role *role_r, struct err *err)
{
	struct work *w = user;

	return member_role(w->db, team_id, person_id, role_r, err);
}

/* A form that runs wild does not fill the team's list. */
static enum td_status
limit_form(struct work *w, struct err *err)
{
	uint32_t n = 0;
	enum td_status status = form_count(w->db, w->arena, w->form, w->now, &n, err);

	if (status == TD_OK && n >= FORM_TASKS_A_DAY) {
		w->adm.verdict = ADMIT_QUARANTINE;
		w->adm.why = arena_printf(w->arena, "form %s: more than %d mails in a day",
		    w->form->name, FORM_TASKS_A_DAY);
		w->form = NULL;
	}
	return status;
}

enum td_status
work_admit(struct work *w, struct err *err)
{
	const struct admit_lookup lookup = {look_team, look_person, look_role, w};

	enum td_status status = admit(w->arena, w->reading, &w->conf->trust, &lookup, &w->adm, err);

	if (status == TD_OK)
		status = form_admit(w->arena, w->reading, w->conf, &lookup, &w->adm, &w->form, err);
	if (status == TD_OK && w->form == NULL)
		status = proof_admit(w->db, w->arena, w->reading, &w->conf->trust, w->arrival,
		    &w->adm, err);
	return status == TD_OK && w->form != NULL ? limit_form(w, err) : status;
}

/* Half a mail has no effect, whoever sent it. Who is known is told. */
static void
refuse_too_large(struct work *w)
{
	if (w->adm.verdict != ADMIT_APPLY && w->adm.verdict != ADMIT_HOLD)
		return;
	w->tell_too_large = true;
	w->adm.verdict = ADMIT_QUARANTINE;
	w->adm.why = WORK_TOO_LARGE;
}

static enum td_status
tell_too_large(struct work *w, struct err *err)
{
	return answer_too_large(w->db, w->conf, w->adm.teams[0].team, w->adm.person, w->reading,
	    w->too_large, w->now, w->arena, err);
}

/* ---- the message row ------------------------------------------------------------------------- */

static const char *
outcome_name(enum admit_verdict verdict)
{
	switch (verdict) {
	case ADMIT_APPLY:
		break;
	case ADMIT_HOLD:
		return "held";
	case ADMIT_QUARANTINE:
		return "quarantined";
	case ADMIT_IGNORE:
		return "ignored";
	}
	return "applied";
}

/* A new row has its undo code from the start, since most mails change something: then the row need
 * not be written again. */
static enum td_status
fill_row(struct work *w, const char *json, struct err *err)
{
	const struct reading_message *m = &w->reading->message;

	w->row = (struct message){
	    .id = w->row_id,
	    .key = w->copy_key != NULL ? w->copy_key : m->key,
	    .mid = w->copy_key != NULL ? NULL : m->id, /* no conflict: it is the same mail */
	    .team_id = w->adm.n_teams > 0 ? w->adm.teams[0].team->id : 0,
	    .person_id = w->adm.person != NULL ? w->adm.person->id : 0,
	    .from_address = m->from != NULL ? admit_lower(w->arena, m->from) : NULL,
	    .subject = m->subject,
	    .date = m->has_date ? m->date : 0,
	    .received_at = w->now,
	    .size = (int64_t)m->size,
	    .trust = w->adm.level,
	    .outcome = w->too_large > 0 && w->adm.verdict == ADMIT_QUARANTINE ?
		"error" /* half a mail can never be released */ : outcome_name(w->adm.verdict),
	    .why = w->adm.why,
	    .reading = json,
	};
	return w->adm.verdict == ADMIT_APPLY && w->row_id == 0 ?
	    undo_code_new(w->db, w->arena, &w->row.undo_code, err) : TD_OK;
}

/* The mail changed nothing after all. */
static enum td_status
drop_undo_code(struct work *w, struct err *err)
{
	if (w->row.undo_code == NULL)
		return TD_OK;
	w->row.undo_code = NULL;
	return message_drop_undo_code(w->db, w->row.id, err);
}

enum td_status
work_write(struct work *w, struct err *err)
{
	struct buf json;
	enum td_status status;

	buf_init(&json, READING_MAX);
	reading_to_json(w->reading, 0, &json);
	if (json.over) {
		buf_release(&json);
		return err_perm(err, "the reading is larger than %u bytes", READING_MAX);
	}
	status = fill_row(w, json.ptr, err);
	if (status == TD_OK)
		status = w->row_id != 0 ? message_replace(w->db, &w->row, err) :
		    message_add(w->db, &w->row, err);
	w->row.reading = NULL; /* it goes with the buffer */
	buf_release(&json);
	return status;
}

/* ---- apply ----------------------------------------------------------------------------------- */

static enum td_status
apply_teams(struct work *w, struct apply *aps, struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < w->adm.n_teams; i++) {
		aps[i] = (struct apply){
		    .db = w->db,
		    .arena = w->arena,
		    .reading = w->form == NULL ? w->reading : form_reading(w->arena, w->reading,
			w->form, w->adm.person->zone, w->now),
		    .team = w->adm.teams[i].team,
		    .person = w->adm.person,
		    .role = w->adm.teams[i].role,
		    .message_id = w->row.id,
		    .now = w->now,
		    .arrival = w->arrival,
		    .is_proven = w->adm.level >= 3 ||
			w->conf->trust.mode == CONF_TRUST_ENVELOPE,
		    .token = w->adm.has_token ? &w->adm.token : NULL,
		};
		status = apply_mail(&aps[i], err);
	}
	/* a team that the sender is no member of: said once, in the first answer */
	for (size_t i = 0; status == TD_OK && i < w->adm.n_strange; i++)
		apply_refuse(&aps[0], 0, w->adm.strange[i]->address, NULL,
		    "You are not a member of %s; nothing was done there.",
		    w->adm.strange[i]->title);
	return status;
}

/* Whether the row says already what is to be said of it. */
static bool
says_the_same(const struct message *is, const struct message *shall)
{
	return is->undo_code == shall->undo_code && is->why == NULL && shall->why == NULL &&
	    is->person_id == shall->person_id && is->team_id == shall->team_id &&
	    is->trust == shall->trust && strcmp(is->outcome, shall->outcome) == 0;
}

static enum td_status
apply_and_answer(struct work *w, struct err *err)
{
	struct apply *aps = arena_array(w->arena, w->adm.n_teams, sizeof *aps);
	const char *written = w->row.undo_code;
	struct message was;
	bool changed = false, refused = false;
	enum td_status status = apply_teams(w, aps, err);

	for (size_t i = 0; status == TD_OK && i < w->adm.n_teams; i++) {
		changed = changed || aps[i].changed;
		refused = refused || aps[i].n_refused > 0;
	}
	if (status == TD_OK && !changed) {
		status = drop_undo_code(w, err);
		written = NULL;
	} else if (status == TD_OK && w->row.undo_code == NULL) {
		status = undo_code_new(w->db, w->arena, &w->row.undo_code, err);
	}
	if (status == TD_OK && w->form != NULL)
		status = form_counted(w->db, w->arena, w->form, w->now, err);
	/* a form is not written to: who it is about hears by the item's mail */
	for (size_t i = 0; status == TD_OK && w->form == NULL && i < w->adm.n_teams; i++)
		status = answer_mail(w->db, w->conf, &aps[i], w->row.undo_code, err);
	if (status != TD_OK)
		return status;
	was = w->row;
	was.undo_code = written;
	w->row.outcome = !changed && refused ? "error" : "applied";
	w->row.why = refused ? "some lines had no effect" : NULL;
	w->row.person_id = w->adm.person->id;
	w->row.team_id = w->adm.teams[0].team->id;
	w->row.trust = w->adm.level;
	return says_the_same(&was, &w->row) ? TD_OK : message_set_outcome(w->db, &w->row, err);
}

/* ---- held mail ------------------------------------------------------------------------------- */

static enum td_status
hold(struct work *w, struct err *err)
{
	enum td_status status = held_add(w->db, w->row.id, w->adm.person->id,
	    w->adm.teams[0].team->id, err);

	if (status != TD_OK)
		return status;
	return answer_ask_held(w->db, w->conf, w->adm.person->id, w->now, w->arena, NULL, err);
}

/* The first word of the mail, if it is an answer to "was this you?": 1 yes, -1 no, 0 neither. */
static int
yes_or_no(const char *text)
{
	static const char *const yes[] = {"yes", "y", "ja", "oui", "si", "sim"};
	static const char *const no[] = {"no", "n", "nein", "non", "não", "nao"};
	struct span rest = span_of(text), word;

	if (!span_next_word(&rest, &word))
		return 0;
	while (word.len > 0 && strchr(".,!", word.ptr[word.len - 1]) != NULL)
		word.len--;
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (span_iis(word, yes[i]))
			return 1;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (span_iis(word, no[i]))
			return -1;
	return 0;
}

enum td_status
work_find_confirm(struct work *w, struct thread **thread_r, struct err *err)
{
	const char *mid = w->reading->message.in_reply_to;
	struct thread *thread = NULL;
	enum td_status status = TD_OK;

	*thread_r = NULL;
	if (w->adm.person == NULL ||
	    (w->adm.verdict != ADMIT_APPLY && w->adm.verdict != ADMIT_HOLD))
		return TD_OK;
	if (mid != NULL)
		status = thread_find(w->db, w->arena, mid, 0, &thread, err);
	if (thread == NULL)
		thread = proof_question(w->arena, &w->adm);
	if (status == TD_OK && thread != NULL && thread->kind == THREAD_CONFIRM &&
	    thread->person_id == w->adm.person->id && yes_or_no(w->reading->text) != 0)
		*thread_r = thread;
	return status;
}

/* One of them, in its own savepoint: what cannot be applied stays held, and holds up no other. */
static enum td_status
release_one(struct work *w, const struct held *held, const char **failed, struct err *err)
{
	struct intake_result ignored;
	enum td_status status = db_savepoint(w->db, err);

	if (status != TD_OK)
		return status;
	status = intake_release(w->db, w->conf, held->message_id, 2, w->now, w->arena, &ignored,
	    err);
	if (status == TD_OK)
		return db_savepoint_release(w->db, err);
	db_savepoint_rollback(w->db);
	if (status == TD_TEMP)
		return status;
	log_error("held mail cannot be released msg=%" PRId64 ": %s", held->message_id, err->text);
	*failed = arena_printf(w->arena, "%s%s%" PRId64, *failed != NULL ? *failed : "",
	    *failed != NULL ? ", " : "", held->message_id);
	return TD_OK;
}

static enum td_status
release_all(struct work *w, const struct thread *thread, struct err *err)
{
	struct held *held = NULL;
	const char *failed = NULL;
	size_t n = 0;
	bool yes = yes_or_no(w->reading->text) > 0;
	enum td_status status = held_list(w->db, w->arena, w->adm.person->id, thread->created_at,
	    &held, &n, err);

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		if (yes)
			status = release_one(w, &held[i], &failed, err);
		else
			status = held_end(w->db, held[i].message_id, "dropped", err);
	}
	if (status != TD_OK)
		return status;
	w->row.outcome = "applied";
	w->row.why = yes ? "released held mail" : "dropped held mail";
	if (failed != NULL)
		w->row.why = arena_printf(w->arena, "%s, but not message %s", w->row.why,
		    failed);
	status = drop_undo_code(w, err);
	return status == TD_OK ? message_set_outcome(w->db, &w->row, err) : status;
}

/* ---- quarantine ------------------------------------------------------------------------------ */

static enum td_status
keep_aside(struct work *w, struct err *err)
{
	struct quarantine row = {
	    .message_id = w->row.id,
	    .why = w->adm.why,
	    .from_address = w->row.from_address,
	    .subject = w->row.subject,
	    .size = w->row.size,
	    .raw = w->raw,
	};
	enum td_status status = quarantine_add(w->db, &row, w->now, err);

	if (status == TD_OK && w->adm.n_teams == 0)
		return aside_tell_all(w->db, w->arena, w->now, err);
	for (size_t i = 0; status == TD_OK && i < w->adm.n_teams; i++)
		status = aside_tell(w->db, w->arena, w->adm.teams[i].team, w->now, err);
	return status;
}

/* ---- one mail -------------------------------------------------------------------------------- */

/* Who writes can be written to: an earlier bounce is forgotten. */
static enum td_status
apply_live(struct work *w, struct err *err)
{
	enum td_status status = person_writes(w->db,
	    admit_lower(w->arena, w->reading->message.from), w->now, err);

	return status == TD_OK ? apply_and_answer(w, err) : status;
}

static enum td_status
act(struct work *w, struct err *err)
{
	enum td_status status;

	switch (w->adm.verdict) {
	case ADMIT_APPLY:
		return apply_live(w, err);
	case ADMIT_HOLD:
		return hold(w, err);
	case ADMIT_QUARANTINE:
		return w->tell_too_large ? tell_too_large(w, err) : keep_aside(w, err);
	case ADMIT_IGNORE:
		break;
	}
	status = bounces_note(w->db, w->arena, w->reading, w->now, err);
	return status == TD_OK ? work_take_calendar(w, err) : status;
}

enum td_status
work_act(struct work *w, const struct thread *confirm, struct intake_result *result_r,
    struct err *err)
{
	static const enum intake_outcome outcomes[] = {[ADMIT_APPLY] = INTAKE_APPLIED,
	    [ADMIT_HOLD] = INTAKE_HELD, [ADMIT_QUARANTINE] = INTAKE_QUARANTINED,
	    [ADMIT_IGNORE] = INTAKE_IGNORED};
	enum td_status status = confirm == NULL ?
	    proof_note_plus(w->db, w->arena, w->reading, &w->adm, err) : TD_OK;

	if (confirm != NULL)
		w->adm.verdict = ADMIT_APPLY;
	if (status == TD_OK)
		status = confirm != NULL ? release_all(w, confirm, err) : act(w, err);
	if (status == TD_OK)
		*result_r = (struct intake_result){outcomes[w->adm.verdict],
		    w->adm.verdict == ADMIT_APPLY ? w->row.why : w->adm.why, w->row.id};
	return status;
}

enum td_status
intake_apply(struct db *db, const struct conf *conf, const struct intake_mail *mail,
    const struct reading *reading, struct arena *arena, struct intake_result *result_r,
    struct err *err)
{
	struct work w = {.db = db, .conf = conf, .reading = reading, .arena = arena,
	    .now = mail->now, .arrival = mail->now, .raw = mail->raw,
	    .too_large = mail->too_large};
	struct thread *confirm = NULL;
	int64_t known = 0;
	enum td_status status = message_id_by_key(db, reading->message.key, &known, err);

	if (status == TD_OK && known != 0)
		return copies_take(&w, known, result_r, err);
	if (status == TD_OK)
		status = work_admit(&w, err);
	if (status == TD_OK && w.too_large > 0)
		refuse_too_large(&w);
	if (status == TD_OK)
		status = work_write(&w, err);
	if (status == TD_OK)
		status = work_find_confirm(&w, &confirm, err);
	return status == TD_OK ? work_act(&w, confirm, result_r, err) : status;
}

/* ---- release --------------------------------------------------------------------------------- */

static enum td_status
load_for_release(struct work *w, int64_t message_id, struct err *err)
{
	struct message *row = NULL;
	struct reading *reading = NULL;
	enum td_status status = message_by_id(w->db, w->arena, message_id, &row, err);

	if (status != TD_OK)
		return status;
	if (row == NULL)
		return err_perm(err, "there is no message %" PRId64, message_id);
	if (strcmp(row->outcome, "error") == 0) /* what is kept of such is half a mail */
		return err_perm(err, "only its headers were taken: it is larger than "
		    "limits.mail_bytes was. Raise that, then take the mail out of its mailbox and "
		    "put it back: it is read as a new one");
	if (strcmp(row->outcome, "held") != 0 && strcmp(row->outcome, "quarantined") != 0)
		return err_perm(err, "it waits no more: it is %s already", row->outcome);
	status = reading_from_json(w->arena, span_of(row->reading), &reading, err);
	if (status != TD_OK)
		return status;
	w->reading = reading;
	w->row = *row;
	return TD_OK;
}

/* Other copies were applied since, in all of its teams. */
static enum td_status
note_settled(struct work *w, struct err *err)
{
	w->row.outcome = "ignored";
	w->row.why = "other copies of it had its effect";
	return message_set_outcome(w->db, &w->row, err);
}

enum td_status
intake_release(struct db *db, const struct conf *conf, int64_t message_id, int level, int64_t now,
    struct arena *arena, struct intake_result *result_r, struct err *err)
{
	struct work w = {.db = db, .conf = conf, .arena = arena, .now = now};
	enum td_status status = load_for_release(&w, message_id, err);

	w.arrival = w.row.received_at;
	if (status == TD_OK)
		status = work_admit(&w, err);
	if (status != TD_OK)
		return status;
	if (w.adm.verdict != ADMIT_APPLY && w.adm.verdict != ADMIT_HOLD)
		return err_perm(err, "it cannot be released: %s%s", w.adm.why,
		    admit_remedy(w.adm.why));
	status = copies_leave(&w, err);
	if (status != TD_OK)
		return status;
	w.adm.verdict = ADMIT_APPLY;
	/* who said yes, or the operator, stands for the sender; a token of theirs counts as ever */
	w.adm.level = level == 2 && w.adm.has_token && w.adm.token.scope == TOKEN_REPLY ? 3
	    : level;
	status = w.adm.n_teams > 0 ? apply_and_answer(&w, err) : note_settled(&w, err);
	if (status == TD_OK)
		status = held_end(db, message_id, "released", err);
	if (status == TD_OK)
		*result_r = (struct intake_result){INTAKE_APPLIED, w.row.why, message_id};
	return status;
}
