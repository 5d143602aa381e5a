/* SPDX-License-Identifier: ISC */
/*
 * mails: from arrival to commit. A mail is begun (its row is committed as in flight, with a count)
 * before a parser sees it, so that one that takes the whole daemon down is known at the next
 * start. Those that were in hand then are suspects: each is begun alone, before anything else.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "parsers/base/utf8.h"
#include "parsers/glance.h"
#include "parsers/reading.h"
#include "daemon/clock.h"
#include "daemon/intake/aside.h"
#include "daemon/intake/intake.h"
#include "daemon/log.h"
#include "daemon/pipeline/private.h"
#include "daemon/store/mailbox_file.h"
#include "daemon/store/quarantine.h"

void
mail_set_state(struct pipeline *p, struct mail *mail, enum mail_state state)
{
	if (mail->state == MAIL_PARSING) {
		TAILQ_REMOVE(&mail->slot->mails, mail, link);
		mail->slot->n_mails--;
		mail->slot = NULL;
	} else {
		TAILQ_REMOVE(&p->mails[mail->state], mail, link);
	}
	p->n_mails[mail->state]--;
	p->n_mails[state]++;
	mail->box->in_work += mail->state == MAIL_APPLIED;
	mail->box->in_work -= state == MAIL_APPLIED;
	mail->state = state;
	if (state != MAIL_PARSING) /* slots.c puts it into the slot's list */
		TAILQ_INSERT_TAIL(&p->mails[state], mail, link);
}

static void
mail_free(struct pipeline *p, struct mail *mail)
{
	if (mail->state == MAIL_PARSING)
		TAILQ_REMOVE(&mail->slot->mails, mail, link);
	else
		TAILQ_REMOVE(&p->mails[mail->state], mail, link);
	p->n_mails[mail->state]--;
	p->n_all--;
	mail->box->in_hand--;
	mail->box->in_work -= mail->state != MAIL_APPLIED;
	if (p->alone == mail)
		p->alone = NULL;
	order_forget(p, mail);
	close(mail->fd);
	free(mail->name);
	free(mail->from);
	free(mail->subject);
	free(mail);
}

void
mails_free(struct pipeline *p)
{
	for (int state = 0; state < MAIL_STATES; state++)
		while (state != MAIL_PARSING && !TAILQ_EMPTY(&p->mails[state]))
			mail_free(p, TAILQ_FIRST(&p->mails[state]));
}

static bool
list_holds(const struct mail_list *list, const struct box *box, uint32_t uid)
{
	const struct mail *mail;

	TAILQ_FOREACH(mail, list, link)
		if (mail->uid == uid && mail->box == box && mail->uidvalidity == box->uidvalidity)
			return true;
	return false;
}

bool
mails_holds(const struct pipeline *p, const struct box *box, uint32_t uid)
{
	for (int state = 0; state < MAIL_STATES; state++)
		if (state != MAIL_PARSING && list_holds(&p->mails[state], box, uid))
			return true;
	for (size_t i = 0; i < p->n_slots; i++)
		if (list_holds(&p->slots[i].mails, box, uid))
			return true;
	return false;
}

bool
mails_active(const struct pipeline *p)
{
	return p->n_mails[MAIL_BEGUN] + p->n_mails[MAIL_WAITING] + p->n_mails[MAIL_PARSING] +
	    p->n_mails[MAIL_APPLIED] > 0;
}

/* Takes the uid off the box's suspects; gives how often it was begun, 0 if it is none. */
static int64_t
box_take_suspect(struct box *box, uint32_t uid)
{
	for (size_t i = 0; i < box->n_suspects; i++) {
		if (box->suspects[i].uid == uid) {
			int64_t attempts = box->suspects[i].attempts;

			box->suspects[i] = box->suspects[--box->n_suspects];
			return attempts;
		}
	}
	return 0;
}

void
mail_arrive(struct box *box, const struct mail *from)
{
	struct pipeline *p = box->pipeline;
	struct mail *mail;

	if (mails_holds(p, box, from->uid)) {
		box_ack(box, from, false); /* gives the credit back; the other one goes on */
		close(from->fd);
		free(from->name);
		return;
	}
	mail = td_alloc(sizeof *mail);
	*mail = *from;
	mail->box = box;
	mail->id = ++p->next_id;
	mail->attempts = box_take_suspect(box, mail->uid);
	mail->state = mail->attempts > 0 ? MAIL_SUSPECT : MAIL_ARRIVED;
	TAILQ_INSERT_TAIL(&p->mails[mail->state], mail, link);
	p->n_mails[mail->state]++;
	p->n_all++;
	box->in_hand++;
	box->in_work++;
}

/* ---- begin ---------------------------------------------------------------------------------- */

/* False when the store cannot now, or the mail is gone from the list: look at the list anew. */
static bool
mail_begin(struct pipeline *p, struct mail *mail)
{
	int64_t attempts = 0;
	bool known = false;
	struct err err;

	if (!db_in_transaction(p->db) && group_open(p) != TD_OK)
		return false;
	if (mailbox_begin(p->db, mail->box->row, mail->uidvalidity, mail->uid, &attempts, &known,
		&err) != TD_OK) {
		group_failed(p, &err);
		return false;
	}
	if (!known && mail->name != NULL && mailbox_file_add(p->db, mail->box->row, mail->uid,
		mail->name, &err) != TD_OK) {
		group_failed(p, &err);
		return false;
	}
	if (known) {
		box_ack(mail->box, mail, false);
		mail_free(p, mail);
		return true;
	}
	mail->attempts = attempts;
	mail_set_state(p, mail, MAIL_BEGUN);
	if (attempts >= SUSPECT_BEGUN)
		mail_quarantine(p, mail, "the daemon ended several times while it had this mail");
	else
		group_count(p);
	return true;
}

/* The suspect that was begun least often comes first: one that is guilty waits for the others. */
static struct mail *
next_suspect(struct pipeline *p)
{
	struct mail *mail, *best = NULL;

	TAILQ_FOREACH(mail, &p->mails[MAIL_SUSPECT], link)
		if (best == NULL || mail->attempts < best->attempts)
			best = mail;
	return best;
}

void
mails_step(struct pipeline *p)
{
	struct mail *mail = next_suspect(p);

	if (mail != NULL || p->alone != NULL) {
		if (mail == NULL || p->alone != NULL || mails_active(p))
			return;
		p->alone = mail;
		if (!mail_begin(p, mail))
			p->alone = NULL;
		return;
	}
	if (p->disk_low || TAILQ_EMPTY(&p->mails[MAIL_ARRIVED]))
		return;
	/* while others are read there is a commit to come anyway */
	if ((slots_busy(p) ? group_open(p) : group_open_soft(p)) != TD_OK)
		return;
	while ((mail = TAILQ_FIRST(&p->mails[MAIL_ARRIVED])) != NULL)
		if (!mail_begin(p, mail))
			break;
	group_end_soft(p);
}

/* ---- its effects ---------------------------------------------------------------------------- */

/* Notes in the open group that the mail is done with. */
static enum td_status
mail_note_applied(struct pipeline *p, struct mail *mail, int64_t message_id, struct err *err)
{
	struct box *box = mail->box;
	const bool is_told = mail->do_after || (box->rescan && !box->leaves);

	return (is_told ? mailbox_applied : mailbox_done)(p->db, box->row, mail->uidvalidity,
	    mail->uid, message_id, err);
}

static char *
glance_text(struct pipeline *p, struct span text)
{
	const char *line = utf8_line(p->scratch, text, GLANCE_TEXT);

	return *line != '\0' ? td_strdup(line) : NULL;
}

/* A parser that was taken over may say anything: it is no more than a text to show. */
void
mail_glance(struct mail *mail, struct span from, struct span subject)
{
	struct pipeline *p = mail->box->pipeline;

	free(mail->from);
	free(mail->subject);
	mail->from = glance_text(p, from);
	mail->subject = glance_text(p, subject);
}

static enum td_status
mail_keep(struct pipeline *p, struct mail *mail, int64_t message_id, const char *why,
    struct span raw, struct err *err)
{
	struct quarantine row = {.mailbox_id = mail->box->row, .uidvalidity = mail->uidvalidity,
	    .uid = mail->uid, .message_id = message_id, .why = why, .from_address = mail->from,
	    .subject = mail->subject, .size = (int64_t)mail->size, .raw = raw};

	return quarantine_add(p->db, &row, clock_now(), err);
}

/* Keeps the mail whose row intake made in quarantine; only for this its bytes are needed here. */
static enum td_status
mail_keep_whole(struct pipeline *p, struct mail *mail, const struct intake_result *result,
    struct err *err)
{
	struct span raw;
	enum td_status status = memfd_map(mail->fd, SIZE_MAX / 2, &raw, err);

	if (status != TD_OK)
		return status;
	status = mail_keep(p, mail, result->message_id, result->why, raw, err);
	memfd_unmap(raw);
	return status;
}

/* In the open group and inside a savepoint. */
static enum td_status
mail_apply(struct pipeline *p, struct mail *mail, const struct reading *reading,
    struct intake_result *result_r, struct err *err)
{
	struct intake_mail in = {.mailbox = mail->box->name, .now = mail->now,
	    .too_large = mail->headers_only ? mail->size : 0};
	enum td_status status = intake_apply(p->db, p->conf, &in, reading, p->scratch, result_r,
	    err);

	if (status == TD_OK && result_r->outcome == INTAKE_QUARANTINED)
		status = mail_keep_whole(p, mail, result_r, err);
	if (status == TD_OK)
		status = mail_note_applied(p, mail, result_r->message_id, err);
	return status;
}

static void
mail_log(const struct mail *mail, const struct intake_result *result)
{
	static const char *const words[] = {"applied", "known already", "held", "quarantined",
	    "ignored"};

	log_info("mail %s mailbox=%s uid=%u msg=%jd why=%s", words[result->outcome],
	    log_value(mail->box->name), mail->uid, (intmax_t)result->message_id,
	    log_value(result->why));
}

static enum td_status
mail_apply_apart(struct pipeline *p, struct mail *mail, const struct reading *reading,
    struct err *err)
{
	struct intake_result result = {0};
	enum td_status status;

	mail->do_after = !mail->box->leaves && !mail->box->rescan;
	status = db_savepoint(p->db, err);
	if (status == TD_OK)
		status = mail_apply(p, mail, reading, &result, err);
	if (status == TD_OK)
		status = db_savepoint_release(p->db, err);
	else if (status == TD_PERM)
		db_savepoint_rollback(p->db);
	if (status != TD_OK)
		return status;
	if (result.outcome == INTAKE_QUARANTINED)
		p->n_quarantined++;
	else
		p->n_applied++;
	mail_log(mail, &result);
	return TD_OK;
}

void
mail_read(struct pipeline *p, struct mail *mail, struct span packed)
{
	struct reading *reading;
	struct err err;

	arena_clear(p->scratch);
	if (reading_unpack(p->scratch, packed, &reading, &err) != TD_OK) {
		mail_quarantine(p, mail, err.text);
		return;
	}
	mail_glance(mail, span_of(reading->message.from), span_of(reading->message.subject));
	if (group_open(p) != TD_OK) {
		mail_set_state(p, mail, MAIL_WAITING);
		return;
	}
	switch (mail_apply_apart(p, mail, reading, &err)) {
	case TD_OK:
		mail_set_state(p, mail, MAIL_APPLIED);
		group_count(p);
		return;
	case TD_TEMP:
		mail_set_state(p, mail, MAIL_WAITING);
		group_failed(p, &err);
		return;
	case TD_PERM:
		mail_quarantine(p, mail, err.text);
		return;
	}
}

/* The mail stays on its server as it is; its bytes are kept, too. */
void
mail_quarantine(struct pipeline *p, struct mail *mail, const char *why)
{
	struct span raw = {NULL, 0};
	enum td_status status;
	struct err err;

	if (group_open(p) != TD_OK) {
		mail_set_state(p, mail, MAIL_WAITING);
		return;
	}
	if (memfd_map(mail->fd, SIZE_MAX / 2, &raw, &err) != TD_OK)
		raw = (struct span){NULL, 0};
	mail->do_after = false;
	status = mail_keep(p, mail, 0, why, raw, &err);
	if (status == TD_OK)
		status = aside_tell_all(p->db, p->scratch, clock_now(), &err);
	if (status == TD_OK)
		status = mail_note_applied(p, mail, 0, &err);
	memfd_unmap(raw);
	if (status != TD_OK) {
		mail_set_state(p, mail, MAIL_WAITING);
		group_failed(p, &err);
		return;
	}
	log_warn("mail quarantined mailbox=%s uid=%u why=%s", log_value(mail->box->name),
	    mail->uid, log_value(why));
	p->n_quarantined++;
	mail_set_state(p, mail, MAIL_APPLIED);
	group_count(p);
}

/* Its parser died or hung: once more, alone and with a committed count; then never again. */
void
mail_died(struct pipeline *p, struct mail *mail, const char *why)
{
	char text[160];

	log_warn("a parser died with a mail: %s mailbox=%s uid=%u attempt=%d", why,
	    log_value(mail->box->name), mail->uid, (int)mail->attempts);
	if (mail->attempts >= 2) {
		snprintf(text, sizeof text, "reading it failed twice: %s", why);
		mail_quarantine(p, mail, text);
		return;
	}
	mail->alone = true;
	if (mail_begin(p, mail))
		return;
	mail_set_state(p, mail, mail == p->alone ? MAIL_SUSPECT : MAIL_ARRIVED);
	if (mail == p->alone)
		p->alone = NULL; /* it will have its turn again */
}

/* Those that are begun and have had no effect: at the orderly end, which is no fault of theirs. */
void
mails_give_back(struct pipeline *p)
{
	static const enum mail_state states[] = {MAIL_WAITING, MAIL_READ};
	struct mail *mail;
	struct err err;

	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		TAILQ_FOREACH(mail, &p->mails[states[i]], link) {
			if (group_open(p) != TD_OK)
				return;
			if (mailbox_unbegin(p->db, mail->box->row, mail->uidvalidity, mail->uid,
				&err) != TD_OK) {
				group_failed(p, &err);
				return;
			}
		}
	}
}

/* ---- the end of a group --------------------------------------------------------------------- */

void
mails_committed(struct pipeline *p)
{
	struct mail *mail;

	while ((mail = TAILQ_FIRST(&p->mails[MAIL_BEGUN])) != NULL)
		mail_set_state(p, mail, MAIL_WAITING);
	if (!TAILQ_EMPTY(&p->mails[MAIL_APPLIED]))
		p->look_out = true; /* an answer may be due */
	while ((mail = TAILQ_FIRST(&p->mails[MAIL_APPLIED])) != NULL) {
		box_ack(mail->box, mail, mail->do_after);
		mail_free(p, mail);
	}
}

void
mails_rolled_back(struct pipeline *p)
{
	struct mail *mail;

	while ((mail = TAILQ_FIRST(&p->mails[MAIL_BEGUN])) != NULL)
		mail_set_state(p, mail, mail == p->alone ? MAIL_SUSPECT : MAIL_ARRIVED);
	while ((mail = TAILQ_FIRST(&p->mails[MAIL_APPLIED])) != NULL)
		mail_set_state(p, mail, MAIL_WAITING);
	if (p->alone != NULL && p->alone->state == MAIL_SUSPECT)
		p->alone = NULL;
}
