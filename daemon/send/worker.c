/* SPDX-License-Identifier: ISC */
/*
 * worker: the send process. One thread: it waits for frames, and while curl is at work the
 * callbacks of smtp.h keep the channel moving, so FRAME_STOP and FRAME_GO are seen at any time.
 */
#include "config.h"

#include "daemon/send/worker.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "parsers/base/wire.h"
#include "daemon/ipc/worker.h"
#include "daemon/log.h"
#include "daemon/send/smtp.h"

struct job {
	struct job *next;
	uint64_t id;
	char *sender, *rcpt;
	int fd;
};

struct sender {
	struct chan *chan;
	struct arena *arena; /* of the configuration */
	struct send_conf conf;
	struct smtp *smtp;
	struct job *first, **last;
	size_t n_jobs;
	uint64_t current; /* id of the mail in hand */
	bool asked;       /* FRAME_DOT was said for it */
	bool gone_ahead;  /* FRAME_GO came for it */
	bool gave_up;     /* we ended it, no server */
	char *token;      /* access token; NULL: none, or the server refused it */
	uint32_t token_number;
	bool token_new;   /* curl does not have it yet */
	bool stopping;    /* FRAME_STOP, or the parent is gone */
	bool broken;      /* the channel is no longer to be believed */
};

/* ---- the queue ----------------------------------------------------------------------------- */

static void
job_destroy(struct job **job)
{
	if (*job == NULL)
		return;
	if ((*job)->fd >= 0)
		close((*job)->fd);
	free((*job)->sender);
	free((*job)->rcpt);
	free(*job);
	*job = NULL;
}

static struct job *
job_take(struct sender *sender)
{
	struct job *job = sender->first;

	sender->first = job->next;
	if (sender->first == NULL)
		sender->last = &sender->first;
	sender->n_jobs--;
	return job;
}

/* FRAME_SEND. False: not what it should be. */
static bool
job_add(struct sender *sender, struct frame *frame)
{
	struct arena *arena = arena_create();
	struct wire_reader in = wire_reader_of(frame->payload);
	const char *from = wire_get_str(&in, arena), *to = wire_get_str(&in, arena);
	bool good = wire_done(&in) && from != NULL && to != NULL && frame->fd >= 0 &&
	    sender->smtp != NULL && sender->n_jobs < SEND_QUEUE_MAX;

	if (good) {
		struct job *job = td_alloc(sizeof *job);

		job->id = frame->id;
		job->sender = td_strdup(from);
		job->rcpt = td_strdup(to);
		job->fd = frame->fd;
		frame->fd = -1;
		*sender->last = job;
		sender->last = &job->next;
		sender->n_jobs++;
	}
	arena_destroy(&arena);
	return good;
}

/* ---- frames -------------------------------------------------------------------------------- */

static bool
take_conf(struct sender *sender, struct frame *frame)
{
	struct err err;

	if (sender->smtp != NULL ||
	    send_conf_decode(sender->arena, frame->payload, &sender->conf, &err) != TD_OK)
		return false;
	sender->smtp = smtp_create(&sender->conf);
	return chan_send(sender->chan, FRAME_READY, 0, SPAN(""), -1, &err) == TD_OK;
}

static void
drop_token(struct sender *sender)
{
	if (sender->token != NULL)
		explicit_bzero(sender->token, strlen(sender->token));
	free(sender->token);
	sender->token = NULL;
}

/* It may come while curl is at work, which hears of it before the next mail. */
static bool
take_token(struct sender *sender, const struct frame *frame)
{
	struct arena *arena = arena_create();
	struct wire_reader in = wire_reader_of(frame->payload);
	const char *account = wire_get_str(&in, arena);
	uint32_t number = wire_get_u32(&in);
	struct span access = wire_get_span(&in);
	bool good = wire_done(&in) && account != NULL && access.len > 0;

	if (good && sender->conf.account != NULL && strcmp(account, sender->conf.account) == 0) {
		drop_token(sender);
		sender->token = td_alloc(access.len + 1);
		memcpy(sender->token, access.ptr, access.len);
		sender->token_number = number;
		sender->token_new = true;
	}
	arena_destroy(&arena);
	return good;
}

static bool
take_frame(struct sender *sender, struct frame *frame)
{
	switch (frame->type) {
	case FRAME_CONF:
		return take_conf(sender, frame);
	case FRAME_STOP:
		sender->stopping = true;
		return true;
	case FRAME_CLOCK:
		return worker_take_clock(frame->payload);
	case FRAME_SEND:
		return job_add(sender, frame);
	case FRAME_TOKEN:
		return take_token(sender, frame);
	case FRAME_GO:
		/* one for a mail that was given up meanwhile means nothing */
		if (frame->id == sender->current)
			sender->gone_ahead = true;
		return true;
	case FRAME_READY:
	case FRAME_OPENED:
	case FRAME_MAIL:
	case FRAME_SCANNED:
	case FRAME_ACKED:
	case FRAME_TROUBLE:
	case FRAME_WAITS:
	case FRAME_RETRY:
	case FRAME_CURSOR:
	case FRAME_ACK:
	case FRAME_POLL:
	case FRAME_CONTEXT:
	case FRAME_PARSE:
	case FRAME_READING:
	case FRAME_REFUSED:
	case FRAME_GLANCE:
	case FRAME_DOT:
	case FRAME_SENT:
	case FRAME_GONE:
	case FRAME_NAMES:
	case FRAME_TOKEN_REFUSED:
	case FRAME_REFRESH:
	case FRAME_REFRESHED:
		return false;
	}
	return false;
}

/* Takes what is there; the first frame is waited for. False when none came in that time. */
static bool
receive(struct sender *sender, int wait_ms)
{
	struct frame frame = {.fd = -1};
	struct err err;
	enum td_status status = chan_recv(sender->chan, wait_ms, &frame, &err);

	if (status == TD_PERM)
		sender->stopping = true; /* the parent is gone */
	if (status != TD_OK)
		return false;
	if (!take_frame(sender, &frame)) {
		log_error("send: frame of type %d is not for a sender", (int)frame.type);
		sender->broken = sender->stopping = true;
	}
	if (frame.fd >= 0)
		close(frame.fd);
	return true;
}

static void
receive_all(struct sender *sender)
{
	while (!sender->stopping && receive(sender, 0))
		;
}

/* ---- one mail ------------------------------------------------------------------------------ */

/* The server waits for the mail: the parent must commit first. */
static bool
ask_parent(void *user)
{
	struct sender *sender = user;
	int64_t deadline = clock_monotonic_ms() + SEND_GO_WAIT * 1000, left;
	struct err err;

	sender->gone_ahead = false;
	sender->asked = true;
	if (sender->stopping || chan_send(sender->chan, FRAME_DOT, sender->current, SPAN(""), -1,
	    &err) != TD_OK)
		return false;
	while (!sender->gone_ahead && !sender->stopping &&
	    (left = deadline - clock_monotonic_ms()) > 0)
		receive(sender, (int)left);
	return sender->gone_ahead;
}

static bool
wants_stop(void *user)
{
	struct sender *sender = user;

	receive_all(sender);
	sender->gave_up = sender->stopping && !sender->asked;
	return sender->stopping;
}

static void
answer(struct sender *sender, uint64_t id, const struct smtp_result *result)
{
	struct buf payload;
	struct err err;

	buf_init(&payload, FRAME_MAX);
	wire_put_u8(&payload, (uint8_t)result->result);
	wire_put_u8(&payload, result->of_server);
	wire_put_str(&payload, result->reply.text);
	if (chan_send(sender->chan, FRAME_SENT, id, buf_span(&payload), -1, &err) != TD_OK)
		sender->stopping = true;
	buf_release(&payload);
}

/* Is there something to log in with? */
static bool
prepare_login(struct sender *sender, struct smtp_result *result)
{
	if (sender->conf.account == NULL)
		return true;
	if (sender->token == NULL) {
		result->result = SEND_TEMP;
		(void)err_temp(&result->reply, "it waits for another access token");
		return false;
	}
	if (sender->token_new)
		smtp_set_token(sender->smtp, sender->token);
	sender->token_new = false;
	return true;
}

/* Before the result is told: the parent then knows what to think of it. */
static void
look_at_token(struct sender *sender, const struct smtp_result *result)
{
	struct buf payload;
	struct err err;

	if (result->result == SEND_SENT || !smtp_token_refused(sender->smtp) || sender->token_new)
		return;
	drop_token(sender);
	buf_init(&payload, FRAME_MAX);
	wire_put_str(&payload, NULL);
	wire_put_u32(&payload, sender->token_number);
	wire_put_str(&payload, result->reply.text);
	if (chan_send(sender->chan, FRAME_TOKEN_REFUSED, 0, buf_span(&payload), -1, &err) != TD_OK)
		sender->stopping = true;
	buf_release(&payload);
}

static void
send_job(struct sender *sender, const struct job *job)
{
	const char *rcpt = job->rcpt;
	struct smtp_mail mail = {.sender = job->sender, .rcpts = &rcpt, .n_rcpts = 1,
	    .may_begin = ask_parent, .wants_stop = wants_stop, .user = sender};
	struct smtp_result result = {.of_server = false};

	if (memfd_map(job->fd, SEND_MAIL_MAX, &mail.bytes, &result.reply) != TD_OK) {
		result.result = SEND_PERM;
	} else if (!prepare_login(sender, &result)) {
		memfd_unmap(mail.bytes);
	} else {
		sender->current = job->id;
		sender->asked = sender->gave_up = false;
		smtp_send(sender->smtp, &mail, &result);
		sender->current = 0;
		memfd_unmap(mail.bytes);
		look_at_token(sender, &result);
	}
	if (!sender->gave_up || result.result != SEND_TEMP)
		answer(sender, job->id, &result);
}

/* What was said last must leave before the process ends. */
static void
flush(struct sender *sender)
{
	int64_t deadline = clock_monotonic_ms() + 2000;
	struct frame frame = {.fd = -1};
	struct err err;

	while (chan_wants_write(sender->chan) && clock_monotonic_ms() < deadline) {
		if (chan_recv(sender->chan, 50, &frame, &err) == TD_PERM)
			return;
		if (frame.fd >= 0)
			close(frame.fd);
		frame.fd = -1;
	}
}

int
send_worker(struct chan *chan)
{
	struct sender sender = {.chan = chan, .arena = arena_create()};

	sender.last = &sender.first;
	while (!sender.stopping) {
		if (sender.first == NULL) {
			receive(&sender, -1);
			continue;
		}
		receive_all(&sender);
		if (!sender.stopping) {
			struct job *job = job_take(&sender);

			send_job(&sender, job);
			job_destroy(&job);
		}
	}
	while (sender.first != NULL) {
		struct job *job = job_take(&sender);

		job_destroy(&job);
	}
	flush(&sender);
	smtp_destroy(&sender.smtp);
	drop_token(&sender);
	if (sender.conf.password != NULL)
		explicit_bzero((char *)sender.conf.password, strlen(sender.conf.password));
	arena_destroy(&sender.arena);
	return sender.broken ? 1 : 0;
}
