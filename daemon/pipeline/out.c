/* SPDX-License-Identifier: ISC */
/*
 * out: jobs that are due put mails into the outbox; due rows are claimed, handed to the sender, and
 * what came of them is noted. A note (before the dot, result) is kept until its commit, so a store
 * that cannot write for a while forgets nothing that the server said.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "parsers/base/wire.h"
#include "daemon/log.h"
#include "daemon/pipeline/private.h"
#include "daemon/schedule/jobs.h"
#include "daemon/send/worker.h"
#include "daemon/store/outbox.h"

#define GIVE_BACK (-1)

/* ---- notes ---------------------------------------------------------------------------------- */

static void
out_forget(struct pipeline *p, int64_t outbox_id)
{
	for (size_t i = 0; i < p->n_out; i++) {
		if (p->out[i].outbox_id == outbox_id) {
			p->out[i] = p->out[--p->n_out];
			return;
		}
	}
}

static struct out_mail *
out_find(struct pipeline *p, uint64_t outbox_id)
{
	for (size_t i = 0; i < p->n_out; i++)
		if ((uint64_t)p->out[i].outbox_id == outbox_id)
			return &p->out[i];
	return NULL;
}

static void
out_note(struct pipeline *p, int64_t outbox_id, bool is_dot, int result, const char *reply)
{
	struct out_note *note = td_alloc(sizeof *note);

	note->outbox_id = outbox_id;
	note->is_dot = is_dot;
	note->result = result;
	strncpy(note->reply, reply != NULL ? reply : "", sizeof note->reply - 1);
	TAILQ_INSERT_TAIL(&p->notes, note, link);
}

static enum td_status
out_apply_result(struct pipeline *p, const struct out_note *note, struct err *err)
{
	enum outbox_notice notice = OUTBOX_NOTICE_NONE;
	uint32_t jitter = 0;
	enum td_status status;

	(void)!getrandom(&jitter, sizeof jitter, 0);
	status = outbox_set_result(p->db, note->outbox_id, (enum send_result)note->result,
	    note->reply, clock_now(), jitter, &notice, err);
	if (status != TD_OK)
		return status;
	switch (notice) {
	case OUTBOX_NOTICE_NONE:
		break;
	case OUTBOX_NOTICE_DELAYED:
		log_warn("mail waits for 4 hours already, still trying out=%jd reply=%s",
		    (intmax_t)note->outbox_id, log_value(note->reply));
		break;
	case OUTBOX_NOTICE_FAILED:
		log_error("mail could not be sent, see: tidings outbox show %jd reply=%s",
		    (intmax_t)note->outbox_id, log_value(note->reply));
		break;
	}
	return jobs_tell_leads(p->db, p->conf, note->outbox_id, notice, clock_now(), err);
}

static enum td_status
out_apply(struct pipeline *p, const struct out_note *note, struct err *err)
{
	if (note->is_dot)
		return outbox_set_sending(p->db, note->outbox_id, clock_now(), err);
	if (note->result == GIVE_BACK)
		return outbox_give_back(p->db, note->outbox_id, err);
	return out_apply_result(p, note, err);
}

static void
out_apply_notes(struct pipeline *p)
{
	struct out_note *note;
	struct err err;

	TAILQ_FOREACH(note, &p->notes, link) {
		if (note->done)
			continue;
		if (group_open(p) != TD_OK)
			return;
		switch (out_apply(p, note, &err)) {
		case TD_OK:
			break;
		case TD_TEMP:
			group_failed(p, &err);
			return;
		case TD_PERM: /* nothing to be noted, and no dot: the sender gives the mail up */
			log_warn("%s out=%jd", err.text, (intmax_t)note->outbox_id);
			note->refused = true;
			break;
		}
		note->done = true;
		p->n_group++;
	}
}

void
out_committed(struct pipeline *p)
{
	struct out_note *note = TAILQ_FIRST(&p->notes), *next;
	struct err err;

	for (; note != NULL; note = next) {
		next = TAILQ_NEXT(note, link);
		if (!note->done)
			continue;
		/* The sender that asked may be gone, and its successor knows nothing of it. */
		if (note->is_dot && !note->refused &&
		    out_find(p, (uint64_t)note->outbox_id) != NULL &&
		    worker_send(p->send, FRAME_GO, (uint64_t)note->outbox_id, SPAN(""), -1,
			&err) != TD_OK)
			log_debug("%s", err.text);
		if (!note->is_dot)
			p->look_out = true;
		TAILQ_REMOVE(&p->notes, note, link);
		free(note);
	}
}

void
out_rolled_back(struct pipeline *p)
{
	struct out_note *note;

	TAILQ_FOREACH(note, &p->notes, link)
		note->done = note->refused = false;
	p->look_out = true; /* the look that failed is to be had again, and the tick to be set */
}

void
out_free(struct pipeline *p)
{
	struct out_note *note;

	while ((note = TAILQ_FIRST(&p->notes)) != NULL) {
		TAILQ_REMOVE(&p->notes, note, link);
		free(note);
	}
}

bool
out_idle(const struct pipeline *p)
{
	return p->n_out == 0 && TAILQ_EMPTY(&p->notes) && !p->look_out &&
	    (!p->out_waits || out_in_trouble(p));
}

bool
out_in_trouble(const struct pipeline *p)
{
	return p->send_failures >= SEND_FAILURES ||
	    (p->conf->n_transports > 0 &&
		tokens_trouble((struct pipeline *)p, &p->conf->transports[0].server) != NULL);
}

/* ---- claiming and handing over -------------------------------------------------------------- */

static void
out_hand_over(struct pipeline *p, const struct outbox *row)
{
	struct err err;
	struct buf out;
	int fd = memfd_sealed(row->bytes.ptr, row->bytes.len, &err);

	buf_init(&out, FRAME_MAX);
	wire_put_str(&out, row->sender);
	wire_put_str(&out, row->rcpt);
	if (fd < 0 || worker_send(p->send, FRAME_SEND, (uint64_t)row->id, buf_span(&out), fd,
			  &err) != TD_OK) {
		log_warn("cannot hand a mail to the sender: %s out=%jd", err.text,
		    (intmax_t)row->id);
		out_note(p, row->id, false, GIVE_BACK, NULL);
	} else {
		p->out[p->n_out++] = (struct out_mail){.outbox_id = row->id};
	}
	buf_release(&out);
}

/* The claim is committed before the sender hears of it: a row is never with two. It is not waited
 * for: a power cut ends the sender, too, and each start takes all claims back. */
static void
out_claim(struct pipeline *p, int64_t now)
{
	struct outbox *rows;
	size_t n = 0;
	struct err err;

	if (p->send == NULL || worker_rests(p->send))
		return;
	p->out_waits = true;
	if (!worker_is_ready(p->send) || p->n_out >= OUT_WINDOW ||
	    !tokens_ready(p, &p->conf->transports[0].server))
		return;
	if (group_commit(p) != TD_OK || group_open_soft(p) != TD_OK)
		return;
	arena_clear(p->scratch);
	if (outbox_claim(p->db, p->scratch, now, (int64_t)(OUT_WINDOW - p->n_out), &rows, &n,
		&err) != TD_OK) {
		group_failed(p, &err);
		return;
	}
	if (group_commit(p) != TD_OK)
		return;
	for (size_t i = 0; i < n; i++)
		out_hand_over(p, &rows[i]);
	p->look_out = n > 0 && p->n_out < OUT_WINDOW;
	p->out_waits = n > 0;
}

/* ---- jobs ----------------------------------------------------------------------------------- */

/* They have transactions of their own. */
static void
out_run_jobs(struct pipeline *p, int64_t now)
{
	struct err err;

	if (group_commit(p) != TD_OK)
		return;
	switch (jobs_run(p->db, p->conf, now, &p->next_job, &err)) {
	case TD_OK:
		break;
	case TD_TEMP:
		group_failed(p, &err);
		break;
	case TD_PERM:
		log_error("a job failed, the others ran: %s", err.text);
		break;
	}
	/* somebody may have a new zone, by mail or by plan */
	if (people_load(p))
		slots_tell_people(p);
}

/* Sets the timer to whatever is due next; a stepped clock is noticed at the next tick. */
static void
out_set_timer(struct pipeline *p, int64_t now)
{
	int64_t at = 0, wait = TICK_MS;
	bool found = false;
	struct err err;

	if (outbox_next(p->db, &at, &found, &err) == TD_OK && found && at > now &&
	    (at - now) * 1000 < wait)
		wait = (at - now) * 1000;
	if (p->next_job > now && (p->next_job - now) * 1000 < wait)
		wait = (p->next_job - now) * 1000;
	loop_timer_set(p->tick_timer, wait);
}

/* While much is in hand, jobs and claims wait for the open group to end by itself: they would end
 * it early. Not for long: the next group may be open before anybody asks. */
static bool
out_waits_for_group(struct pipeline *p)
{
	if (!db_in_transaction(p->db) || p->n_all < BULK_MAILS) {
		p->look_since = 0;
		return false;
	}
	if (p->look_since == 0)
		p->look_since = clock_monotonic_ms();
	if (clock_monotonic_ms() - p->look_since < LOOK_MS)
		return true;
	p->look_since = 0;
	return false;
}

void
out_step(struct pipeline *p)
{
	int64_t now = clock_now();

	out_apply_notes(p);
	if (!p->look_out || p->paused || p->stopping || out_waits_for_group(p))
		return;
	p->look_out = false;
	out_run_jobs(p, now);
	if (!p->paused)
		out_claim(p, now);
	if (!p->paused)
		out_set_timer(p, now);
}

/* ---- the worker's side ---------------------------------------------------------------------- */

/* Told once, not with each mail that meets it. */
static void
out_set_trouble(struct pipeline *p, const char *text)
{
	bool known = strncmp(p->out_trouble, text, sizeof p->out_trouble - 1) == 0;

	snprintf(p->out_trouble, sizeof p->out_trouble, "%s", text);
	if (!known)
		log_warn("transport trouble: %s; mail waits and is tried again transport=%s", text,
		    log_value(p->conf->transports[0].name));
}

static void
out_end_trouble(struct pipeline *p)
{
	if (p->out_trouble[0] != '\0')
		log_info("transport works again transport=%s",
		    log_value(p->conf->transports[0].name));
	p->out_trouble[0] = '\0';
}

static void
send_secrets_read(void *user)
{
	struct pipeline *p = user;
	struct send_conf conf = {.transport = p->conf->transports[0]};
	struct buf out;
	struct err err;

	conf.account = conf_oauth_key(p->scratch, &conf.transport.server);
	if (secrets_get(p->send_secrets, 0, &conf.password, &err) != TD_OK) {
		out_set_trouble(p, err.text);
		p->send_failures = SEND_FAILURES;
		loop_timer_set(p->secret_timer, 60000);
		secrets_destroy(&p->send_secrets);
		return;
	}
	buf_init(&out, FRAME_MAX);
	send_conf_encode(&out, &conf);
	if (worker_send(p->send, FRAME_CONF, 0, buf_span(&out), -1, &err) != TD_OK)
		log_warn("%s", err.text);
	explicit_bzero(out.ptr, out.cap);
	buf_release(&out);
	secrets_destroy(&p->send_secrets);
	pipeline_tell_clock(p, p->send);
	tokens_tell(p, p->send);
}

static void
send_started(void *user, struct worker *worker)
{
	struct pipeline *p = user;
	const struct conf_secret *secret = &p->conf->transports[0].server.secret;

	(void)worker;
	secrets_destroy(&p->send_secrets);
	p->send_secrets = secrets_read(p->loop, &secret, 1, send_secrets_read, p);
}

static void
log_sent(const struct frame *frame, uint8_t result, const char *reply)
{
	log_info("mail %s out=%ju reply=%s",
	    result == SEND_SENT      ? "sent"
		: result == SEND_TEMP ? "not sent yet"
		: result == SEND_PERM ? "refused"
				      : "sent, perhaps",
	    (uintmax_t)frame->id, log_value(reply));
}

static bool
take_sent(struct pipeline *p, const struct frame *frame)
{
	struct wire_reader r = wire_reader_of(frame->payload);
	uint8_t result = wire_get_u8(&r), of_server = wire_get_u8(&r);
	const char *reply;

	arena_clear(p->scratch);
	reply = wire_get_str(&r, p->scratch);
	if (!wire_done(&r) || result > SEND_UNKNOWN || out_find(p, frame->id) == NULL ||
	    reply == NULL)
		return false;
	if (of_server != 0 && p->conf->n_transports > 0)
		out_set_trouble(p, reply);
	else {
		if (result != SEND_TEMP)
			out_end_trouble(p);
		log_sent(frame, result, reply);
	}
	p->send_failures = 0;
	if (result == SEND_SENT)
		worker_forgive(p->send);
	/* a token that was good until now: the mail has had no try of its own */
	out_note(p, (int64_t)frame->id, false,
	    result == SEND_TEMP && p->token_lost ? GIVE_BACK : (int)result, reply);
	out_forget(p, (int64_t)frame->id);
	return true;
}

/* A fresh token that is refused counts as a try of the mail, so that there is an end to them. */
static bool
take_token_refused(struct pipeline *p, const struct frame *frame)
{
	struct wire_reader r = wire_reader_of(frame->payload);
	const struct conf_server *server = &p->conf->transports[0].server;
	uint32_t number;
	const char *why;

	arena_clear(p->scratch);
	(void)wire_get_str(&r, p->scratch);
	number = wire_get_u32(&r);
	why = wire_get_str(&r, p->scratch);
	if (!wire_done(&r) || why == NULL || p->conf->n_transports == 0)
		return false;
	why = arena_strdup(p->scratch, why);
	if (!tokens_refused(p, server, number, why))
		return false;
	p->token_lost = tokens_trouble(p, server) == NULL;
	return true;
}

static void
send_frame(void *user, struct worker *worker, struct frame *frame)
{
	struct pipeline *p = user;
	struct out_mail *mail;
	bool good = false;

	if (frame->fd >= 0)
		close(frame->fd);
	if (frame->type == FRAME_READY) {
		p->look_out = true;
		good = true;
	} else if (frame->type == FRAME_DOT && (mail = out_find(p, frame->id)) != NULL &&
	    !mail->dot) {
		mail->dot = true;
		out_note(p, mail->outbox_id, true, 0, NULL);
		good = true;
	} else if (frame->type == FRAME_SENT) {
		good = take_sent(p, frame);
	} else if (frame->type == FRAME_TOKEN_REFUSED) {
		good = take_token_refused(p, frame);
	}
	if (!good) {
		log_error("the send process sends what was not agreed, type %d", (int)frame->type);
		worker_kill(worker);
	}
}

/* What had its dot may have gone: nobody knows. All else has certainly not. */
static void
send_died(void *user, struct worker *worker, const char *why)
{
	struct pipeline *p = user;

	secrets_destroy(&p->send_secrets);
	p->send_failures += why != NULL;
	while (p->n_out > 0) {
		struct out_mail mail = p->out[--p->n_out];

		out_note(p, mail.outbox_id, false, mail.dot ? (int)SEND_UNKNOWN : GIVE_BACK,
		    "the send process ended before the server's answer");
	}
}

const struct worker_events send_events = {send_started, send_frame, send_died};
