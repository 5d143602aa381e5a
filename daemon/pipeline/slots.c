/* SPDX-License-Identifier: ISC */
/*
 * slots: the parsers. Each gets a few mails ahead of its answers, and answers in order, so when it
 * dies the first unanswered mail is the one it died with; the others were not touched.
 */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "parsers/base/wire.h"
#include "daemon/log.h"
#include "daemon/parse_worker.h"
#include "daemon/pipeline/private.h"

static bool
slot_open(const struct slot *slot)
{
	const struct mail *first = TAILQ_FIRST(&slot->mails);

	return worker_is_ready(slot->worker) && slot->n_mails < SLOT_WINDOW &&
	    (first == NULL || !first->alone) && !slot->timed_out;
}

static struct slot *
freest_slot(struct pipeline *p)
{
	struct slot *best = NULL;

	for (size_t i = 0; i < p->n_slots; i++)
		if (slot_open(&p->slots[i]) &&
		    (best == NULL || p->slots[i].n_mails < best->n_mails))
			best = &p->slots[i];
	return best;
}

static void
slot_watch_wall(struct slot *slot)
{
	bool busy = !TAILQ_EMPTY(&slot->mails);

	slot->since = clock_monotonic_ms();
	loop_timer_set(slot->wall,
	    busy ? (int64_t)slot->pipeline->conf->limits.parser_wall * 1000 : -1);
}

static bool
slot_give(struct slot *slot, struct mail *mail)
{
	struct pipeline *p = slot->pipeline;
	struct buf out;
	struct err err;
	int fd = dup(mail->fd);
	enum td_status status = TD_TEMP;

	buf_init(&out, 64);
	wire_put_i64(&out, mail->now);
	wire_put_u8(&out, mail->attempts > 1);
	if (fd >= 0)
		status = worker_send(slot->worker, FRAME_PARSE, mail->id, buf_span(&out), fd, &err);
	buf_release(&out);
	if (status != TD_OK)
		return false;
	mail_set_state(p, mail, MAIL_PARSING);
	mail->slot = slot;
	TAILQ_INSERT_TAIL(&slot->mails, mail, link);
	if (slot->n_mails++ == 0)
		slot_watch_wall(slot);
	return true;
}

/* The first for whose reading there is room. After a failed store the first of the list need not
 * be the one whose turn it is. */
static struct mail *
next_waiting(const struct pipeline *p)
{
	struct mail *mail;

	TAILQ_FOREACH(mail, &p->mails[MAIL_WAITING], link)
		if (order_has_room(p, mail))
			return mail;
	return NULL;
}

void
slots_fill(struct pipeline *p)
{
	struct slot *slot;
	struct mail *mail;

	while (!p->paused && !p->stopping && (slot = freest_slot(p)) != NULL &&
	    (mail = next_waiting(p)) != NULL)
		if ((mail->alone && slot->n_mails > 0) || !slot_give(slot, mail))
			return;
}

bool
slots_busy(const struct pipeline *p)
{
	return p->n_mails[MAIL_PARSING] > 0;
}

void
slots_tell_slow(const struct pipeline *p, char *text, size_t size)
{
	int64_t now = clock_monotonic_ms();

	text[0] = '\0';
	for (size_t i = 0; i < p->n_slots && text[0] == '\0'; i++) {
		const struct slot *slot = &p->slots[i];
		const struct mail *mail = TAILQ_FIRST(&slot->mails);

		if (mail != NULL && now - slot->since > SLOW_MS)
			snprintf(text, size, "a parser has been at one mail for %d s (mailbox %s, "
			    "uid %u); %zu others wait", (int)((now - slot->since) / 1000),
			    mail->box->name, mail->uid, p->n_all - 1);
	}
}

bool
slots_in_trouble(const struct pipeline *p)
{
	return p->n_slots > 0 && p->parse_failures >= WORKER_FAILURES * p->n_slots;
}

/* ---- the worker's side ---------------------------------------------------------------------- */

static void
slot_tell_people(struct slot *slot)
{
	struct err err;

	if (worker_send(slot->worker, FRAME_CONTEXT, 0, buf_span(&slot->pipeline->context), -1,
		&err) != TD_OK)
		log_debug("%s", err.text);
}

void
slots_tell_people(struct pipeline *p)
{
	for (size_t i = 0; i < p->n_slots; i++)
		if (worker_pid(p->slots[i].worker) != 0)
			slot_tell_people(&p->slots[i]);
}

static void
slot_started(void *user, struct worker *worker)
{
	struct slot *slot = user;
	struct buf out;
	struct err err;

	slot->timed_out = false;
	buf_init(&out, FRAME_MAX);
	parse_conf_encode(&out, &slot->pipeline->conf->limits);
	if (worker_send(worker, FRAME_CONF, 0, buf_span(&out), -1, &err) == TD_OK)
		slot_tell_people(slot);
	buf_release(&out);
	pipeline_tell_clock(slot->pipeline, worker);
}

static void
take_glance(struct mail *mail, struct wire_reader *r)
{
	struct span from = wire_get_span(r), subject = wire_get_span(r);

	arena_clear(mail->box->pipeline->scratch);
	if (wire_done(r))
		mail_glance(mail, from, subject);
}

static void
slot_answer(struct slot *slot, const struct frame *frame)
{
	struct pipeline *p = slot->pipeline;
	struct mail *mail = TAILQ_FIRST(&slot->mails);
	struct wire_reader r = wire_reader_of(frame->payload);

	if (mail == NULL || mail->id != frame->id) {
		log_error("a parser answers what was not asked n=%u", worker_number(slot->worker));
		worker_kill(slot->worker);
		return;
	}
	if (frame->type == FRAME_GLANCE) {
		take_glance(mail, &r);
		return;
	}
	if (clock_monotonic_ms() - slot->since > SLOW_MS)
		log_warn("a mail was slow to read mailbox=%s uid=%u ms=%d",
		    log_value(mail->box->name), mail->uid,
		    (int)(clock_monotonic_ms() - slot->since));
	worker_forgive(slot->worker);
	p->parse_failures = 0;
	if (frame->type == FRAME_READING) {
		order_read(p, mail, frame->payload);
	} else {
		char text[300] = "refused: ";
		struct span why = wire_get_span(&r);

		snprintf(text, sizeof text, "refused: %.*s",
		    (int)(why.len < 250 ? why.len : 250), why.ptr != NULL ? why.ptr : "");
		take_glance(mail, &r);
		mail_quarantine(p, mail, text);
	}
	order_step(p);
	slot_watch_wall(slot);
	slots_fill(p);
}

static void
slot_frame(void *user, struct worker *worker, struct frame *frame)
{
	struct slot *slot = user;

	if (frame->fd >= 0)
		close(frame->fd);
	if (frame->type == FRAME_READING || frame->type == FRAME_REFUSED ||
	    frame->type == FRAME_GLANCE)
		slot_answer(slot, frame);
	else if (frame->type == FRAME_READY)
		slots_fill(slot->pipeline);
	else
		worker_kill(worker);
}

static void
slot_died(void *user, struct worker *worker, const char *why)
{
	struct slot *slot = user;
	struct pipeline *p = slot->pipeline;
	struct mail *first = TAILQ_FIRST(&slot->mails), *mail;
	char text[64];

	loop_timer_set(slot->wall, -1);
	if (slot->timed_out) {
		snprintf(text, sizeof text, "took longer than %u s", p->conf->limits.parser_wall);
		why = text;
	}
	/* Backwards to the front, so that they keep their order. */
	while ((mail = TAILQ_LAST(&slot->mails, mail_list)) != NULL && mail != first) {
		mail_set_state(p, mail, MAIL_WAITING);
		TAILQ_REMOVE(&p->mails[MAIL_WAITING], mail, link);
		TAILQ_INSERT_HEAD(&p->mails[MAIL_WAITING], mail, link);
	}
	if (first == NULL) {
		p->parse_failures += why != NULL;
		return;
	}
	if (why == NULL || p->stopping) {
		mail_set_state(p, first, MAIL_WAITING);
		return;
	}
	worker_forgive(worker); /* the mail is to blame, and there is an end to its tries */
	mail_died(p, first, why);
	order_step(p);
}

static const struct worker_events slot_events = {slot_started, slot_frame, slot_died};

static void
slot_on_wall(void *user)
{
	struct slot *slot = user;

	slot->timed_out = true;
	worker_kill(slot->worker);
}

void
slots_configure(struct pipeline *p)
{
	size_t want = p->conf->limits.parsers;
	static const char *const levels[] = {"error", "warn", "info", "debug"};
	const char *extra[] = {"--log-level", levels[p->conf->log_level], NULL};

	for (size_t i = 0; i < p->n_slots; i++)
		if (i < want)
			worker_restart(p->slots[i].worker, extra);
		else
			worker_rest(p->slots[i].worker);
	while (p->n_slots < want && p->n_slots < PARSERS_MAX) {
		struct slot *slot = &p->slots[p->n_slots];

		*slot = (struct slot){.pipeline = p};
		TAILQ_INIT(&slot->mails);
		slot->wall = loop_timer_create(p->loop, slot_on_wall, slot);
		slot->worker = worker_add(p->supervisor, ROLE_PARSE, (unsigned)p->n_slots, extra,
		    &slot_events, slot);
		p->n_slots++;
	}
}

void
slots_free(struct pipeline *p)
{
	struct mail *mail;

	for (size_t i = 0; i < p->n_slots; i++) {
		while ((mail = TAILQ_FIRST(&p->slots[i].mails)) != NULL)
			mail_set_state(p, mail, MAIL_WAITING);
		loop_timer_destroy(&p->slots[i].wall);
	}
	p->n_slots = 0;
}
