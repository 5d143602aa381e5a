/* SPDX-License-Identifier: ISC */
/* pipeline: its life, from start to stop; see pipeline.h. The work is in the files beside it. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/base/num.h"
#include "daemon/clock.h"
#include "daemon/intake/answer.h"
#include "daemon/intake/decide.h"
#include "daemon/intake/news.h"
#include "daemon/intake/place.h"
#include "parsers/base/wire.h"
#include "daemon/log.h"
#include "daemon/pipeline/private.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/outbox.h"

#define ONCE_FAILURES 3 /* of the store, before a single run gives up */

/* ---- what drives it ------------------------------------------------------------------------- */

static void
pipeline_look_once(struct pipeline *p)
{
	void (*done)(void *, bool) = p->once_done;
	bool good = false, through = boxes_all_scanned(p, &good);

	if (done == NULL)
		return;
	if (p->failures >= ONCE_FAILURES) {
		good = false;
	} else if (slots_in_trouble(p) && p->n_all > 0) {
		log_error("no mail can be read: the parsers end as soon as they start; see the "
			  "lines above, or run tidingsd -v");
		good = false;
	} else if (!through || p->n_all > 0 || !out_idle(p) || db_in_transaction(p->db) ||
		   p->paused) {
		return;
	}
	p->once_done = NULL;
	done(p->once_user, good && !out_in_trouble(p) && p->out_trouble[0] == '\0');
}

/* A commit makes way for more, which no event would tell of: so again, until nothing moves. */
void
pipeline_step(void *user)
{
	struct pipeline *p = user;

	do {
		p->again = false;
		tokens_step(p);
		out_step(p); /* before a group is begun: it has commits of its own */
		if (!p->stopping && !p->paused) {
			mails_step(p);
			order_step(p);
			boxes_step(p);
			slots_fill(p);
		}
		group_step(p);
	} while (p->again && !p->stopping && !p->paused);
	slots_fill(p);
	boxes_send_acks(p);
	pipeline_look_once(p);
}

static void
on_group(void *user)
{
	group_aged(user);
}

static void
on_retry(void *user)
{
	struct pipeline *p = user;

	p->paused = false;
	disk_look(p);
}

static void
on_tick(void *user)
{
	struct pipeline *p = user;

	loop_timer_set(p->tick_timer, TICK_MS);
	p->look_out = true;
	disk_look(p);
}

static void
on_token(void *user)
{
	(void)user; /* the step before the next wait does the work */
}

/* A password could not be read: perhaps it can now. */
static void
on_secret(void *user)
{
	struct pipeline *p = user;

	if (p->fetch != NULL)
		worker_restart(p->fetch, NULL);
	if (p->send != NULL && !worker_is_ready(p->send) && !worker_rests(p->send))
		worker_restart(p->send, NULL);
}

/* ---- life ----------------------------------------------------------------------------------- */

struct pipeline *
pipeline_create(struct loop *loop, struct db *db, const struct conf *conf)
{
	struct pipeline *p = td_alloc(sizeof *p);

	p->loop = loop;
	p->db = db;
	p->conf = conf;
	p->scratch = arena_create();
	p->supervisor = supervisor_create(loop);
	for (int state = 0; state < MAIL_STATES; state++)
		TAILQ_INIT(&p->mails[state]);
	TAILQ_INIT(&p->notes);
	buf_init(&p->context, FRAME_MAX);
	p->group_timer = loop_timer_create(loop, on_group, p);
	p->retry_timer = loop_timer_create(loop, on_retry, p);
	p->tick_timer = loop_timer_create(loop, on_tick, p);
	p->secret_timer = loop_timer_create(loop, on_secret, p);
	p->token_timer = loop_timer_create(loop, on_token, p);
	p->reserve_fd = -1;
	return p;
}

void
pipeline_destroy(struct pipeline **pp)
{
	struct pipeline *p = *pp;

	if (p == NULL)
		return;
	supervisor_destroy(&p->supervisor);
	secrets_destroy(&p->fetch_secrets);
	secrets_destroy(&p->send_secrets);
	secrets_destroy(&p->oauth_secrets);
	if (db_in_transaction(p->db))
		db_rollback(p->db);
	slots_free(p);
	mails_free(p);
	boxes_free(p);
	out_free(p);
	tokens_free(p);
	disk_close(p);
	free(p->reserve_path);
	loop_timer_destroy(&p->group_timer);
	loop_timer_destroy(&p->retry_timer);
	loop_timer_destroy(&p->tick_timer);
	loop_timer_destroy(&p->secret_timer);
	loop_timer_destroy(&p->token_timer);
	buf_release(&p->context);
	arena_destroy(&p->scratch);
	free(p);
	*pp = NULL;
}

/* Without a transport nothing is sent: the old one, and its password, go with the sender. */
static void
pipeline_configure_send(struct pipeline *p, const char *const *extra)
{
	if (p->send != NULL && p->conf->n_transports > 0) {
		worker_restart(p->send, extra);
	} else if (p->send != NULL) {
		worker_rest(p->send);
		p->send_failures = 0;
		p->out_waits = false;
	} else if (p->conf->n_transports > 0) {
		p->send = worker_add(p->supervisor, ROLE_SEND, 0, extra, &send_events, p);
	}
}

static void
pipeline_configure(struct pipeline *p)
{
	static const char *const levels[] = {"error", "warn", "info", "debug"};
	const char *extra[] = {"--log-level", levels[p->conf->log_level], NULL};

	secrets_destroy(&p->fetch_secrets); /* of the old configuration; its workers end now */
	secrets_destroy(&p->send_secrets);
	p->fetch_failures = p->parse_failures = 0;
	secrets_destroy(&p->oauth_secrets);
	boxes_configure(p);
	tokens_configure(p);
	slots_configure(p);
	if (p->fetch != NULL)
		worker_restart(p->fetch, extra);
	else if (p->conf->n_mailboxes > 0)
		p->fetch = worker_add(p->supervisor, ROLE_FETCH, 0, extra, &fetch_events, p);
	pipeline_configure_send(p, extra);
}

enum td_status
pipeline_start(struct pipeline *p, struct err *err)
{
	enum td_status status = db_begin(p->db, err);

	if (status == TD_OK)
		status = outbox_recover(p->db, clock_now(), err);
	if (status == TD_OK)
		status = people_start(p, err);
	if (status == TD_OK)
		status = db_commit(p->db, err);
	if (status != TD_OK) {
		db_rollback(p->db);
		return status;
	}
	jobs_register("confirm", answer_confirm_job);
	jobs_register("decision", decide_job);
	jobs_register("decision-soon", decide_soon_job);
	jobs_register("news", news_job);
	jobs_register("settings", place_job);
	disk_open(p);
	pipeline_configure(p);
	p->look_out = true;
	loop_set_idle(p->loop, pipeline_step, p);
	return TD_OK;
}

/* Runs once the workers are gone: what they said last is noted, and what is left given back. */
static void
on_workers_gone(void *user)
{
	struct pipeline *p = user;

	p->paused = false;
	tokens_step(p); /* an answer that came last */
	out_step(p);
	mails_give_back(p);
	(void)!group_commit(p);
	loop_set_idle(p->loop, NULL, NULL);
	p->stopped(p->stopped_user);
}

void
pipeline_stop(struct pipeline *p, void (*stopped)(void *user), void *user)
{
	if (p->stopping)
		return;
	(void)!group_commit(p);
	p->stopping = true;
	p->stopped = stopped;
	p->stopped_user = user;
	supervisor_stop(p->supervisor, on_workers_gone, p);
}

void
pipeline_run_once(struct pipeline *p, void (*done)(void *user, bool good), void *user)
{
	p->once_done = done;
	p->once_user = user;
}

void
pipeline_reload(struct pipeline *p, const struct conf *conf)
{
	(void)!group_commit(p);
	p->conf = conf;
	p->out_trouble[0] = '\0'; /* may be mended; else it is told again */
	disk_look(p);
	pipeline_configure(p);
	pipeline_wake(p);
}

void
pipeline_wake(struct pipeline *p)
{
	p->look_out = true;
	tokens_load(p);
	jobs_look_again();
	if (people_load(p))
		slots_tell_people(p);
}

bool
pipeline_poll(struct pipeline *p, const char *name)
{
	struct buf out;
	struct err err;

	if (p->fetch == NULL || (name != NULL && box_find(p, name) == NULL))
		return false;
	if (p->fetch_secrets != NULL)
		return true; /* it looks by itself when it starts */
	buf_init(&out, 4096);
	wire_put_str(&out, name);
	if (worker_send(p->fetch, FRAME_POLL, 0, buf_span(&out), -1, &err) != TD_OK)
		log_debug("%s", err.text);
	buf_release(&out);
	return true;
}

void
pipeline_tell_clock(struct pipeline *p, struct worker *worker)
{
	struct buf out;
	struct err err;

	if (!clock_is_test() || worker == NULL)
		return;
	if (worker == p->fetch ? p->fetch_secrets != NULL
		: worker == p->send ? p->send_secrets != NULL
				     : worker == p->oauth && p->oauth_secrets != NULL)
		return; /* it is told after its FRAME_CONF */
	buf_init(&out, 16);
	wire_put_i64(&out, clock_now());
	wire_put_u8(&out, clock_is_frozen());
	if (worker_send(worker, FRAME_CLOCK, 0, buf_span(&out), -1, &err) != TD_OK)
		log_debug("%s", err.text);
	buf_release(&out);
}

void
pipeline_set_clock(struct pipeline *p, int64_t now, bool frozen)
{
	clock_test_set(now, frozen);
	pipeline_tell_clock(p, p->fetch);
	pipeline_tell_clock(p, p->send);
	pipeline_tell_clock(p, p->oauth);
	for (size_t i = 0; i < p->n_slots; i++)
		pipeline_tell_clock(p, p->slots[i].worker);
	pipeline_wake(p);
}

/* ---- status --------------------------------------------------------------------------------- */

/* Proportional set size of a process in bytes; 0 if it cannot be told. */
static uint64_t
pss_of(int pid)
{
	char path[64], line[256];
	struct span rest, word;
	uint64_t kb = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	while (kb == 0 && fgets(line, sizeof line, file) != NULL) {
		rest = span_of(line);
		if (span_next_word(&rest, &word) && span_is(word, "Pss:") &&
		    span_next_word(&rest, &word))
			(void)num_u64(word, UINT32_MAX, &kb);
	}
	fclose(file);
	return kb * 1024;
}

static void
status_worker(struct pipeline_status *status, const struct worker *worker)
{
	struct pipeline_worker *row = &status->workers[status->n_workers];

	if (worker == NULL || worker_rests(worker))
		return;
	*row = (struct pipeline_worker){.role = worker_role_name(worker_role(worker)),
	    .number = worker_number(worker), .pid = (int)worker_pid(worker),
	    .ready = worker_is_ready(worker), .deaths = worker_deaths(worker)};
	if (row->pid != 0)
		row->pss = pss_of(row->pid);
	status->n_workers++;
}

static const char *
waits_name(enum box_waits waits)
{
	switch (waits) {
	case BOX_UNKNOWN:
		break;
	case BOX_POLLS:
		return "poll";
	case BOX_TOLD:
		return "idle";
	}
	return NULL;
}

static int64_t
box_next_try(const struct box *box, int64_t now)
{
	if (!box->in_trouble || box->next_try == 0)
		return -1;
	return box->next_try > now ? (box->next_try - now + 999) / 1000 : 0;
}

static void
status_boxes(struct pipeline *p, struct arena *arena, struct pipeline_status *status)
{
	int64_t now = clock_monotonic_ms();
	size_t n = 0;

	for (struct box *box = p->boxes; box != NULL; box = box->next)
		n++;
	status->mailboxes = arena_array(arena, n, sizeof *status->mailboxes);
	for (struct box *box = p->boxes; box != NULL; box = box->next) {
		if (!box->configured)
			continue;
		status->mailboxes[status->n_mailboxes++] = (struct pipeline_mailbox){
		    .name = arena_strdup(arena, box->name), .uidvalidity = box->uidvalidity,
		    .scanned = box->scanned, .in_hand = box->in_hand,
		    .waits = waits_name(box->waits),
		    .trouble = box->in_trouble || box->left_out ?
			arena_strdup(arena, box->trouble) : NULL,
		    .next_try = box_next_try(box, now)};
	}
}

void
pipeline_status(struct pipeline *p, struct arena *arena, struct pipeline_status *status_r)
{
	struct pipeline_status status = {.mails_applied = p->n_applied,
	    .mails_quarantined = p->n_quarantined, .commits = p->n_commits, .sending = p->n_out,
	    .next_job = p->next_job, .pss = pss_of((int)getpid())};
	char slow[256];

	status.workers = arena_array(arena, p->n_slots + 3, sizeof *status.workers);
	status_worker(&status, p->fetch);
	status_worker(&status, p->send);
	status_worker(&status, p->oauth);
	for (size_t i = 0; i < p->n_slots; i++)
		status_worker(&status, p->slots[i].worker);
	status_boxes(p, arena, &status);
	tokens_status(p, arena, &status);
	slots_tell_slow(p, slow, sizeof slow);
	if (p->out_trouble[0] != '\0')
		status.out_trouble = arena_strdup(arena, p->out_trouble);
	status.slow = slow[0] != '\0' ? arena_strdup(arena, slow) : NULL;
	if (p->disk_low)
		status.paused = arena_strdup(arena, p->disk_why);
	else if (p->pause_why[0] != '\0')
		status.paused = arena_strdup(arena, p->pause_why);
	*status_r = status;
}
