/* SPDX-License-Identifier: ISC */
/* answer: see answer.h. Direct answers go at once: the person has just written. */
#include "config.h"

#include "daemon/intake/answer.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/compose/compose.h"
#include "daemon/compose/reply_token.h"
#include "daemon/intake/admit.h"
#include "daemon/log.h"
#include "daemon/store/message.h"
#include "daemon/store/outbox.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

#define DAY 86400

/* ---- queueing -------------------------------------------------------------------------------- */

static struct compose_common
common_of(const struct conf *conf, const struct team *team, const struct person *person,
    const char *address, int64_t now)
{
	return (struct compose_common){
	    .templates = conf->templates,
	    .team = {team->name, team->title, team->address},
	    .to = {person->id, person->name, address, person->zone, person->lang},
	    .now = now,
	};
}

static enum td_status
queue(struct db *db, const char *kind, const char *key, const struct team *team,
    const struct person *person, const struct composed *mail, int64_t now, bool *added_r,
    struct err *err)
{
	struct outbox row = {
	    .dedupe_key = key,
	    .kind = kind,
	    .team_id = team->id,
	    .person_id = person->id,
	    .sender = mail->sender,
	    .rcpt = mail->rcpt,
	    .mid = mail->mid,
	    .bytes = mail->bytes,
	};

	return outbox_add(db, &row, now, added_r, err);
}

/* Is there room for another answer today? */
static enum td_status
within_limit(struct db *db, const struct conf *conf, const struct person *person, int64_t now,
    bool *yes_r, struct err *err)
{
	static const char *const kinds[] = {"ack", "error", "answer"};
	int64_t sum = 0;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		int64_t n = 0;
		enum td_status status = outbox_count_for(db, person->id, kinds[i], now - DAY, &n,
		    err);

		if (status != TD_OK)
			return status;
		sum += n;
	}
	*yes_r = sum < (int64_t)conf->limits.acks_per_day;
	if (!*yes_r)
		log_warn("no answer: limit of the day reached person=%" PRId64 " limit=%u",
		    person->id, conf->limits.acks_per_day);
	return TD_OK;
}

/* Replies to the answer are about the same item. */
static enum td_status
remember(struct db *db, const struct apply *ap, const struct composed *mail, struct err *err)
{
	const struct thread row = {
	    .mid = mail->mid,
	    .team_id = ap->team->id,
	    .item_id = ap->current != NULL ? ap->current->now->id : 0,
	    .kind = THREAD_ITEM,
	    .created_at = ap->now,
	};

	return row.item_id != 0 ? thread_add(db, &row, err) : TD_OK;
}

/* ---- what stands in an answer ---------------------------------------------------------------- */

static struct compose_answered
answered_of(const struct reading *reading)
{
	const struct reading_message *m = &reading->message;

	return (struct compose_answered){m->subject, m->id, m->references, m->n_references};
}

static const char *
owner_of(const struct apply *ap, const struct item *item)
{
	return item->n_owners > 0 ? apply_name(ap, item->owners[0]) : NULL;
}

static const struct compose_item *
new_items(const struct apply *ap, size_t *n_r)
{
	struct compose_item *items = arena_array(ap->arena, ap->n_items, sizeof *items);
	size_t n = 0;

	for (size_t i = 0; i < ap->n_items; i++) {
		const struct item *item = ap->items[i]->now;

		if (ap->items[i]->before == NULL)
			items[n++] = (struct compose_item){
			    .number = item->number,
			    .title = item->title,
			    .owner = owner_of(ap, item),
			    .due = {item->due_at, item->due_day, item->due_zone},
			    .root_mid = item->root_mid,
			    .is_decision = item_is_decision(item),
			};
	}
	*n_r = n;
	return items;
}

static uint32_t
hash(uint32_t h, const char *text)
{
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	return h;
}

/*
 * What identifies the cause of a transcript: its reasons, whatever lines they were about. Where it
 * is to be replied to with a line, nothing was wrong with that: another line is another cause.
 */
static uint32_t
cause_of(const struct apply *ap)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < ap->n_lines; i++) {
		const struct apply_line *line = &ap->lines[i];

		if (line->ok)
			continue;
		h = hash(h, line->result);
		if (ap->wants_reply && line->text != NULL)
			h = hash(h, line->text);
	}
	return h;
}

static const char *
sender_address(const struct apply *ap)
{
	return admit_lower(ap->arena, ap->reading->message.from);
}

static enum td_status
compose_error(struct apply *ap, const struct compose_common *common, const char *undo_code,
    struct composed *mail_r, struct err *err)
{
	struct compose_line *lines = arena_array(ap->arena, ap->n_lines, sizeof *lines);
	struct compose_transcript transcript = {
	    .answered = answered_of(ap->reading),
	    .lines = lines,
	    .n_lines = ap->n_lines,
	    .notes = ap->notes,
	    .n_notes = ap->n_notes,
	    .undo_code = undo_code,
	    .asked = ap->asked,
	    .n_asked = ap->n_asked,
	};

	for (size_t i = 0; i < ap->n_lines; i++)
		lines[i] = (struct compose_line){ap->lines[i].text, ap->lines[i].ok,
		    ap->lines[i].result, ap->lines[i].suggestion};
	transcript.items = new_items(ap, &transcript.n_items);
	return compose_transcript(ap->arena, common, &transcript, mail_r, err);
}

/* What an acknowledgement says of words alone: a comment, or lines of the day's update. */
static const char *
kept(const struct apply *ap)
{
	if (ap->current != NULL)
		return arena_printf(ap->arena, "Your comment on #%u is kept.",
		    ap->current->now->number);
	return arena_printf(ap->arena, "Your update of %s is kept.", ap->day);
}

static enum td_status
compose_success(struct apply *ap, const struct compose_common *common, const char *undo_code,
    struct composed *mail_r, struct err *err)
{
	const char **done = arena_array(ap->arena, ap->n_lines + 1, sizeof *done);
	struct compose_ack ack = {
	    .answered = answered_of(ap->reading),
	    .done = done,
	    .notes = ap->notes,
	    .n_notes = ap->n_notes,
	    .undo_code = undo_code,
	    .asked = ap->asked,
	    .n_asked = ap->n_asked,
	};

	for (size_t i = 0; i < ap->n_lines; i++)
		done[ack.n_done++] = ap->lines[i].result;
	ack.items = new_items(ap, &ack.n_items);
	if (ack.n_done + ack.n_items + ack.n_asked == 0 && ap->changed)
		done[ack.n_done++] = kept(ap);
	return compose_ack(ap->arena, common, &ack, mail_r, err);
}

/* ---- too large ------------------------------------------------------------------------------- */

/* "25 MB", rounded up: a size that people read. */
static const char *
megabytes(struct arena *arena, uint64_t bytes)
{
	return arena_printf(arena, "%" PRIu64 " MB", bytes / 1000000 + (bytes % 1000000 > 0));
}

enum td_status
answer_too_large(struct db *db, const struct conf *conf, const struct team *team,
    const struct person *person, const struct reading *reading, uint64_t size, int64_t now,
    struct arena *arena, struct err *err)
{
	struct compose_common common = common_of(conf, team, person,
	    admit_lower(arena, reading->message.from), now);
	const struct compose_answered answered = answered_of(reading);
	const struct compose_notice notice = {
	    .kind = "large",
	    .facts = {"size"},
	    .values = {{"size", megabytes(arena, size)},
		{"limit", megabytes(arena, conf->limits.mail_bytes)}},
	    .answered = &answered,
	};
	const char *key = arena_printf(arena, "error:%" PRId64 ":%s:too-large:%" PRId64,
	    person->id, person_day(arena, person->zone, now), team->id);
	struct composed mail;
	bool yes = false;
	enum td_status status = within_limit(db, conf, person, now, &yes, err);

	if (status == TD_OK && yes)
		status = reply_token_set(db, arena, conf, &(struct reply_token){
		    .team_id = team->id, .about = TOKEN_ANSWER}, &common, err);
	if (status != TD_OK || !yes)
		return status;
	if (compose_notice(arena, &common, &notice, &mail, err) != TD_OK) {
		log_error("no answer to a mail that is too large: %s", err->text);
		return TD_OK;
	}
	return queue(db, "error", key, team, person, &mail, now, NULL, err);
}

/* ---- which answer ---------------------------------------------------------------------------- */

enum answer { ANSWER_NONE, ANSWER_ACK, ANSWER_ERROR, ANSWER_ASKED };

static bool
is_new_told(const struct apply *ap)
{
	for (size_t i = 0; i < ap->n_items; i++)
		if (ap->items[i]->before == NULL)
			return strcmp(ap->person->ack, "errors") != 0;
	return false;
}

/* Beside its errors: a warning belongs to something that was done and may not be meant. */
static bool
is_told(const struct apply *ap)
{
	return ap->wants_ack || is_new_told(ap) ||
	    (ap->n_notes > 0 && strcmp(ap->person->ack, "errors") != 0);
}

static enum answer
which(const struct apply *ap)
{
	if (ap->n_refused > 0)
		return ANSWER_ERROR;
	if (ap->n_asked > 0)
		return ANSWER_ASKED;
	return is_told(ap) || strcmp(ap->person->ack, "always") == 0 ? ANSWER_ACK : ANSWER_NONE;
}

static const char *
key_of(const struct apply *ap, enum answer answer)
{
	switch (answer) {
	case ANSWER_NONE:
		break;
	case ANSWER_ERROR:
		/* it answers a question too, or is about a call: said each time */
		if (ap->n_asked > 0 || ap->is_about_call)
			break;
		return arena_printf(ap->arena, "error:%" PRId64 ":%s:%08" PRIx32, ap->person->id,
		    person_day(ap->arena, ap->person->zone, ap->now), cause_of(ap));
	case ANSWER_ASKED:
		return arena_printf(ap->arena, "answer:%" PRId64 ":%" PRId64, ap->message_id,
		    ap->team->id);
	case ANSWER_ACK:
		break;
	}
	return arena_printf(ap->arena, "ack:%" PRId64 ":%" PRId64, ap->message_id, ap->team->id);
}

static enum td_status
compose_answer(struct apply *ap, enum answer answer, const struct compose_common *common,
    const char *undo_code, struct composed *mail_r, struct err *err)
{
	switch (answer) {
	case ANSWER_ERROR:
		return compose_error(ap, common, undo_code, mail_r, err);
	case ANSWER_ASKED:
	case ANSWER_NONE:
	case ANSWER_ACK:
		break;
	}
	return compose_success(ap, common, undo_code, mail_r, err);
}

enum td_status
answer_mail(struct db *db, const struct conf *conf, const struct apply *ap_const,
    const char *undo_code, struct err *err)
{
	static const char *const kinds[] = {NULL, "ack", "error", "answer"};
	struct apply ap = *ap_const;
	enum answer answer = which(&ap);
	struct compose_common common = common_of(conf, ap.team, ap.person, sender_address(&ap),
	    ap.now);
	struct composed mail;
	bool yes = false, added = false;
	enum td_status status;

	if (answer == ANSWER_NONE)
		return TD_OK;
	status = within_limit(db, conf, ap.person, ap.now, &yes, err);
	if (status != TD_OK || !yes)
		return status;
	status = reply_token_set(db, ap.arena, conf, &(struct reply_token){.team_id = ap.team->id,
	    .about = ap.current != NULL ? TOKEN_ITEM : TOKEN_ANSWER,
	    .id = ap.current != NULL ? ap.current->now->id : 0, .is_needed = ap.wants_reply},
	    &common, err);
	if (status != TD_OK)
		return status;
	status = compose_answer(&ap, answer, &common, undo_code, &mail, err);
	if (status != TD_OK) {
		log_error("no answer: %s msg=%" PRId64, err->text, ap.message_id);
		return TD_OK;
	}
	status = queue(db, kinds[answer], key_of(&ap, answer), ap.team, ap.person, &mail, ap.now,
	    &added, err);
	/* the cause was told today, what else the mail did was not: the transcript names both */
	if (status == TD_OK && !added && answer == ANSWER_ERROR && is_told(&ap))
		status = queue(db, kinds[ANSWER_ACK], key_of(&ap, ANSWER_ACK), ap.team, ap.person,
		    &mail, ap.now, &added, err);
	return status == TD_OK && added ? remember(db, &ap, &mail, err) : status;
}
