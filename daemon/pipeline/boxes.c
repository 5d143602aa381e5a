/* SPDX-License-Identifier: ISC */
/*
 * boxes: the mailboxes as the fetch worker tells of them. A cursor is answered only while mail can
 * be taken in; a scan is noted only with or after the effects of each of its mails. After the fetch
 * worker or this process started anew, what is applied and was not confirmed is acknowledged again.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/fetch/worker.h"
#include "parsers/base/wire.h"
#include "daemon/fetch/maildir-name.h"
#include "daemon/log.h"
#include "daemon/pipeline/private.h"

#define SECRET_RETRY_MS 60000

/* ---- configuration -------------------------------------------------------------------------- */

struct box *
box_find(struct pipeline *p, const char *name)
{
	for (struct box *box = p->boxes; name != NULL && box != NULL; box = box->next)
		if (strcmp(box->name, name) == 0)
			return box;
	return NULL;
}

static struct box *
box_add(struct pipeline *p, const char *name)
{
	struct box *box = td_alloc(sizeof *box);

	*box = (struct box){.next = p->boxes, .pipeline = p, .name = td_strdup(name),
	    .repeat_acks = true};
	buf_init(&box->acks, FRAME_MAX / 2);
	buf_init(&box->after, FRAME_MAX);
	p->boxes = box;
	return box;
}

/* Mailboxes that are no longer configured stay while mail of theirs is in hand. */
void
boxes_configure(struct pipeline *p)
{
	for (struct box *box = p->boxes; box != NULL; box = box->next)
		box->configured = false;
	for (size_t i = 0; i < p->conf->n_mailboxes; i++) {
		const struct conf_mailbox *conf = &p->conf->mailboxes[i];
		struct box *box = box_find(p, conf->name);

		if (box == NULL)
			box = box_add(p, conf->name);
		box->configured = true;
		box->leaves = conf->after == CONF_AFTER_LEAVE;
		box->is_maildir = conf->maildir != NULL;
	}
}

void
boxes_free(struct pipeline *p)
{
	while (p->boxes != NULL) {
		struct box *box = p->boxes;

		p->boxes = box->next;
		buf_release(&box->acks);
		buf_release(&box->after);
		free(box->suspects);
		free(box->name);
		free(box);
	}
}

bool
boxes_all_scanned(const struct pipeline *p, bool *good_r)
{
	bool good = true;

	for (const struct box *box = p->boxes; box != NULL; box = box->next) {
		if (!box->configured)
			continue;
		if (!box->scanned && !box->in_trouble)
			return false;
		if (box->unacked > 0 && !box->in_trouble)
			return false;
		good = good && !box->in_trouble;
	}
	*good_r = good;
	return true;
}

void
box_trouble(struct box *box, const char *text)
{
	struct pipeline *p = box->pipeline;
	struct mailbox *row;
	struct err err;

	box->in_trouble = true;
	box->next_try = 0;
	strncpy(box->trouble, text, sizeof box->trouble - 1);
	log_warn("mailbox trouble: %s mailbox=%s", text, log_value(box->name));
	if (group_open(p) != TD_OK)
		return;
	if (mailbox_get(p->db, p->scratch, box->name, &row, &err) != TD_OK ||
	    mailbox_failed(p->db, row->id, box->trouble, clock_now(), &err) != TD_OK)
		group_failed(p, &err);
}

/* The process that reads all mailboxes does not live long enough to. */
static void
box_trouble_by_death(struct box *box, const char *why)
{
	char text[sizeof box->trouble];

	snprintf(text, sizeof text,
	    "the fetch process ended %d times without getting further (%s): "
	    "see what it logged, or run tidingsd -v",
	    WORKER_FAILURES, why);
	box_trouble(box, text);
}

/* ---- starting the worker -------------------------------------------------------------------- */

/* The mailboxes whose password could be read. The others are tried again later. */
static void
fetch_secrets_read(void *user)
{
	struct pipeline *p = user;
	struct arena *arena = arena_create();
	struct fetch_mailbox *list = arena_array(arena, p->conf->n_mailboxes, sizeof *list);
	struct fetch_conf conf = {.mailboxes = list, .mail_bytes = p->conf->limits.mail_bytes};
	struct buf out;
	struct box *box;
	struct err err;

	for (size_t i = 0; i < p->conf->n_mailboxes; i++) {
		struct fetch_mailbox *m = &list[conf.n_mailboxes];

		m->conf = p->conf->mailboxes[i];
		if (secrets_get(p->fetch_secrets, i, &m->password, &err) != TD_OK) {
			box = box_find(p, m->conf.name);
			box_trouble(box, err.text);
			box->next_try = clock_monotonic_ms() + SECRET_RETRY_MS;
			loop_timer_set(p->secret_timer, SECRET_RETRY_MS);
			continue;
		}
		m->account = conf_oauth_key(arena, &m->conf.server);
		conf.n_mailboxes++;
	}
	buf_init(&out, FRAME_MAX);
	fetch_conf_encode(&out, &conf);
	if (out.over)
		log_error("too many mailboxes for one fetch process");
	else if (worker_send(p->fetch, FRAME_CONF, 0, buf_span(&out), -1, &err) != TD_OK)
		log_warn("%s", err.text);
	explicit_bzero(out.ptr, out.cap);
	buf_release(&out);
	arena_destroy(&arena);
	secrets_destroy(&p->fetch_secrets);
	pipeline_tell_clock(p, p->fetch);
	tokens_tell(p, p->fetch);
}

static void
fetch_started(void *user, struct worker *worker)
{
	struct pipeline *p = user;
	struct arena *arena = arena_create();
	const struct conf_secret **list = arena_array(arena, p->conf->n_mailboxes, sizeof *list);

	(void)worker;
	for (size_t i = 0; i < p->conf->n_mailboxes; i++)
		list[i] = &p->conf->mailboxes[i].server.secret;
	secrets_destroy(&p->fetch_secrets);
	p->fetch_secrets = secrets_read(p->loop, list, p->conf->n_mailboxes, fetch_secrets_read, p);
	arena_destroy(&arena);
}

void
boxes_rolled_back(struct pipeline *p)
{
	for (struct box *box = p->boxes; box != NULL; box = box->next)
		box->repeat_acks = true; /* confirmations may have been lost */
}

static void
fetch_died(void *user, struct worker *worker, const char *why)
{
	struct pipeline *p = user;

	secrets_destroy(&p->fetch_secrets);
	p->fetch_failures += why != NULL;
	for (struct box *box = p->boxes; box != NULL; box = box->next) {
		if (box->configured && why != NULL && p->fetch_failures == WORKER_FAILURES)
			box_trouble_by_death(box, why);
		box->wants_cursor = false;
		box->waits = BOX_UNKNOWN;
		box->repeat_acks = true;
		box->has_names = false;
		box->unacked = 0;
		box->n_acks = 0;
		buf_clear(&box->after);
		buf_clear(&box->acks);
	}
}

/* ---- acknowledgements ----------------------------------------------------------------------- */

static void
box_send_acks(struct box *box)
{
	struct pipeline *p = box->pipeline;
	struct buf out;
	struct err err;

	if (box->n_acks == 0)
		return;
	buf_init(&out, FRAME_MAX);
	wire_put_str(&out, box->name);
	wire_put_u32(&out, box->acks_validity);
	wire_put_u32(&out, box->n_acks);
	buf_put_span(&out, buf_span(&box->acks));
	if (p->fetch == NULL || p->fetch_secrets != NULL ||
	    worker_send(p->fetch, FRAME_ACK, 0, buf_span(&out), -1, &err) != TD_OK)
		box->repeat_acks = true; /* they are told again once it is back */
	buf_release(&out);
	buf_clear(&box->acks);
	box->n_acks = 0;
}

void
box_ack(struct box *box, const struct mail *mail, bool do_after)
{
	if (box->n_acks > 0 && (box->acks_validity != mail->uidvalidity || box->n_acks >= 10000))
		box_send_acks(box);
	box->acks_validity = mail->uidvalidity;
	wire_put_u32(&box->acks, mail->uid);
	wire_put_u8(&box->acks, do_after && !box->is_maildir);
	if (do_after && box->is_maildir)
		maildir_queue(box, mail->uid);
	box->n_acks++;
	box->unacked += do_after;
}

void
boxes_send_acks(struct pipeline *p)
{
	for (struct box *box = p->boxes; box != NULL; box = box->next)
		box_send_acks(box);
}

static enum td_status
box_repeat_acks(struct box *box, const struct mailbox *row, struct err *err)
{
	struct pipeline *p = box->pipeline;
	struct mailbox_uid *uids;
	size_t n;
	enum td_status status = mailbox_unacked(p->db, p->scratch, row, &uids, &n, err);

	if (status != TD_OK)
		return status;
	for (size_t i = 0; i < n; i++) {
		struct mail mail = {.uid = uids[i].uid, .uidvalidity = row->uidvalidity};

		box_ack(box, &mail, true);
	}
	if (n > 0)
		log_info("acknowledgements repeated mailbox=%s mails=%zu", log_value(box->name), n);
	box->repeat_acks = false;
	box_send_acks(box);
	return TD_OK;
}

/* ---- cursors -------------------------------------------------------------------------------- */

/* What was in flight and is not in hand: only an unclean stop leaves that. */
static enum td_status
box_load_suspects(struct box *box, const struct mailbox *row, struct err *err)
{
	struct pipeline *p = box->pipeline;
	struct mailbox_uid *uids;
	size_t n;
	enum td_status status = mailbox_inflight(p->db, p->scratch, row, &uids, &n, err);

	if (status != TD_OK)
		return status;
	free(box->suspects);
	box->suspects = td_alloc((n + 1) * sizeof *uids);
	box->n_suspects = 0;
	for (size_t i = 0; i < n; i++)
		if (!mails_holds(p, box, uids[i].uid))
			box->suspects[box->n_suspects++] = uids[i];
	return TD_OK;
}

/* What is applied must be committed before the acknowledgements that this may repeat. */
static void
box_answer_opened(struct box *box)
{
	struct pipeline *p = box->pipeline;
	uint32_t seen = box->uidvalidity;
	struct mailbox *row;
	enum td_status status;
	struct err err;

	if (group_commit(p) != TD_OK || group_open(p) != TD_OK)
		return;
	arena_clear(p->scratch);
	status = mailbox_get(p->db, p->scratch, box->name, &row, &err);
	if (status == TD_OK && row->uidvalidity != seen && row->uidvalidity != 0)
		log_warn("mailbox was made anew on its server, looking through all of it "
		    "mailbox=%s old=%u new=%u", log_value(box->name), row->uidvalidity, seen);
	if (status == TD_OK)
		status = mailbox_open(p->db, row, seen, &err);
	if (status == TD_OK) {
		box->row = row->id;
		box->rescan = row->rescan;
		status = box_load_suspects(box, row, &err);
	}
	if (status == TD_OK && box->repeat_acks) {
		box->unacked = 0; /* what a former connection was told counts no more */
		if (!box->rescan)
			status = box_repeat_acks(box, row, &err);
	}
	if (status == TD_OK && box->is_maildir && !box->has_names) {
		status = maildir_send_names(box, &err);
		box->has_names = status == TD_OK;
	}
	if (status == TD_OK)
		status = box_send_cursor(box, row, &err);
	if (status != TD_OK) {
		group_failed(p, &err);
		return;
	}
	box->wants_cursor = false;
}

/* ---- scans ---------------------------------------------------------------------------------- */

/* A suspect that the scan went past is no longer on the server. */
static enum td_status
box_forget_gone(struct box *box, struct err *err)
{
	struct pipeline *p = box->pipeline;
	enum td_status status = TD_OK;

	for (size_t i = box->n_suspects; i > 0 && status == TD_OK; i--) {
		uint32_t uid = box->suspects[i - 1].uid;

		if (uid > box->highest)
			continue;
		log_warn("a mail that was in hand is gone from its server mailbox=%s uid=%u",
		    log_value(box->name), uid);
		status = mailbox_done(p->db, box->row, box->uidvalidity, uid, 0, err);
		box->suspects[i - 1] = box->suspects[--box->n_suspects];
	}
	return status;
}

static void
box_note_scanned(struct box *box)
{
	struct pipeline *p = box->pipeline;
	enum td_status status;
	struct err err;

	if (box->in_work > 0 || group_open(p) != TD_OK)
		return;
	status = box_forget_gone(box, &err);
	if (status == TD_OK)
		status = mailbox_scanned(p->db, box->row, box->uidvalidity, box->highest, &err);
	if (status == TD_OK)
		status = mailbox_ok(p->db, box->row, clock_now(), &err);
	if (status != TD_OK) {
		group_failed(p, &err);
		return;
	}
	box->wants_scanned = false;
	if (!box->scanned || p->once_done == NULL)
		p->fetch_failures = 0; /* for a single run, another look is nothing new */
	box->scanned = true;
	box->in_trouble = false;
	if (box->rescan) {
		box->repeat_acks = true; /* what the rescan held back: with the next cursor */
		(void)pipeline_poll(p, box->name);
	}
	box->rescan = false;
}

void
boxes_step(struct pipeline *p)
{
	for (struct box *box = p->boxes; box != NULL && !p->paused; box = box->next) {
		if (box->after.len > 0)
			maildir_step(box);
		if (box->wants_scanned)
			box_note_scanned(box);
		if (box->wants_cursor && !p->disk_low && !p->paused)
			box_answer_opened(box);
	}
}

/* ---- frames --------------------------------------------------------------------------------- */

static bool
take_mail(struct box *box, struct wire_reader *r, struct frame *frame)
{
	struct mail mail = {.fd = frame->fd};
	const char *name;
	int64_t now = clock_now();

	mail.uidvalidity = wire_get_u32(r);
	mail.uid = wire_get_u32(r);
	mail.now = wire_get_i64(r);
	mail.size = wire_get_u64(r);
	mail.headers_only = wire_get_u8(r) != 0;
	name = wire_get_str(r, box->pipeline->scratch);
	if (!wire_done(r) || mail.uid == 0 || box->pipeline->n_all >= MAILS_MAX ||
	    mail.uidvalidity != box->uidvalidity ||
	    (name != NULL && !maildir_name_is_good(name)))
		return false;
	mail.name = td_strdup(name);
	/* Dates are read against the arrival; a test clock has another idea of it. */
	if (mail.now <= 0 || mail.now > now || clock_is_test())
		mail.now = now;
	frame->fd = -1;
	box->pipeline->fetch_failures = 0;
	mail_arrive(box, &mail);
	return true;
}

static bool
take_acked(struct box *box, struct wire_reader *r)
{
	struct pipeline *p = box->pipeline;
	uint32_t uidvalidity = wire_get_u32(r), n = wire_get_u32(r);
	struct err err;

	for (uint32_t i = 0; i < n && !r->bad; i++) {
		uint32_t uid = wire_get_u32(r);

		if (box->unacked > 0)
			box->unacked--;
		if (r->bad || group_open(p) != TD_OK) {
			box->repeat_acks = true; /* it will be told, and confirmed, again */
			continue;
		}
		if (mailbox_acked(p->db, box->row, uidvalidity, uid, &err) != TD_OK)
			group_failed(p, &err);
	}
	return wire_done(r);
}

static bool
take_token_refused(struct box *box, struct wire_reader *r)
{
	struct pipeline *p = box->pipeline;
	uint32_t number = wire_get_u32(r);
	const char *why = wire_get_str(r, p->scratch);
	const struct conf_mailbox *conf = box_conf(box);

	if (!wire_done(r) || why == NULL)
		return false;
	return conf == NULL || tokens_refused(p, &conf->server, number, why);
}

static bool
take_frame(struct pipeline *p, struct box *box, struct wire_reader *r, struct frame *frame)
{
	const char *text;

	switch ((int)frame->type) {
	case FRAME_OPENED:
		box->uidvalidity = wire_get_u32(r);
		(void)wire_get_u32(r);
		box->wants_cursor = true;
		return wire_done(r) && box->uidvalidity != 0;
	case FRAME_MAIL:
		return take_mail(box, r, frame);
	case FRAME_SCANNED:
		if (wire_get_u32(r) != box->uidvalidity)
			return false;
		box->highest = wire_get_u32(r);
		(void)wire_get_u32(r);
		box->left_out = wire_get_u8(r) != 0;
		box->wants_scanned = true;
		return wire_done(r);
	case FRAME_ACKED:
		return take_acked(box, r);
	case FRAME_WAITS:
		box->waits = wire_get_u8(r) != 0 ? BOX_TOLD : BOX_POLLS;
		return wire_done(r);
	case FRAME_GONE:
		return maildir_take_gone(box, r);
	case FRAME_TOKEN_REFUSED:
		return take_token_refused(box, r);
	case FRAME_TROUBLE:
		(void)wire_get_u8(r); /* permanent: FRAME_RETRY tells what comes of it */
		text = wire_get_str(r, p->scratch);
		if (!wire_done(r) || text == NULL)
			return false;
		box_trouble(box, text);
		return true;
	case FRAME_RETRY:
		box->next_try = clock_monotonic_ms() + (int64_t)wire_get_u32(r) * 1000;
		return wire_done(r);
	}
	return false;
}

static void
fetch_frame(void *user, struct worker *worker, struct frame *frame)
{
	struct pipeline *p = user;
	struct wire_reader r = wire_reader_of(frame->payload);
	struct box *box;
	bool good = true;

	if (frame->type != FRAME_READY) {
		arena_clear(p->scratch);
		box = box_find(p, wire_get_str(&r, p->scratch));
		good = box != NULL && take_frame(p, box, &r, frame);
	}
	if (frame->fd >= 0)
		close(frame->fd);
	if (!good) {
		log_error("the fetch process sends what was not agreed, type %d", (int)frame->type);
		worker_kill(worker);
	}
}

const struct worker_events fetch_events = {fetch_started, fetch_frame, fetch_died};
