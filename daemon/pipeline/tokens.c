/* SPDX-License-Identifier: ISC */
/*
 * tokens: log-ins by OAuth2. An account is a group of `oauth` and a user; mailboxes and the
 * transport share it. Its access token is renewed ahead of its end, or when a server refused it:
 * by the oauth process, one request at a time, and what comes back is committed before anybody
 * uses it, since the refresh token that it replaces may be void by then.
 *
 *	ABSENT ─ a person logs in ─ GOOD ─ nearly over, or refused ─ DUE ─ ASKING ─ ANSWERED ─ GOOD
 *	REVOKED: the server wants a person to log in again; nothing is asked until then
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "parsers/base/wire.h"
#include "daemon/log.h"
#include "daemon/pipeline/private.h"
#include "daemon/schedule/jobs.h"
#include "daemon/send/oauth.h"
#include "daemon/send/oauth_worker.h"
#include "daemon/store/oauth_token.h"

#define AHEAD 300              /* seconds before its end that a token is renewed */
#define SHORT 60               /* one that lives no longer is renewed once in so many seconds */
#define FRESH_MS 60000         /* one that is refused so soon is not to be renewed at once */
#define TEMP_MS 30000          /* after the first failure; then twice as long each time ... */
#define TEMP_MAX_MS 3600000    /* ... but no longer */
#define REFUSED_MS 900000      /* the same where a person has to look */
#define REFUSED_MAX_MS 14400000

enum account_state {
	ACCOUNT_ABSENT,
	ACCOUNT_GOOD,
	ACCOUNT_DUE,
	ACCOUNT_ASKING,
	ACCOUNT_ANSWERED,
	ACCOUNT_REVOKED,
};

/* What the oauth process said; stays until its commit. */
struct account_answer {
	enum oauth_result result;
	char *access, *refresh; /* refresh NULL: the old one stays */
	int64_t expires_in, retry_after;
	char text[256];
};

struct account {
	struct account *next;
	struct pipeline *p;
	char *key, *group, *login;
	bool configured;
	enum account_state state;
	uint64_t id;       /* of FRAME_REFRESH */
	uint32_t number;   /* of the access token */
	char *access, *refresh;
	int64_t expires_at; /* of access; 0: it is of no use */
	int64_t ahead;
	int64_t login_at;
	int64_t got_ms;    /* when it was renewed, on the monotonic clock; 0: before our time */
	unsigned failures; /* to renew it, in a row */
	unsigned refusals; /* of fresh ones, in a row */
	int64_t next_ms;   /* not asked for before */
	struct account_answer answer;
	char trouble[256]; /* empty: none */
};

static void
wipe(char **text)
{
	if (*text != NULL)
		explicit_bzero(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

static void
account_set_state(struct account *a, enum account_state state)
{
	a->state = state;
}

static bool
has_access(const struct account *a)
{
	return a->access != NULL && a->expires_at > clock_now();
}

static struct account *
find(struct pipeline *p, const char *key)
{
	for (struct account *a = p->accounts; key != NULL && a != NULL; a = a->next)
		if (strcmp(a->key, key) == 0)
			return a;
	return NULL;
}

static struct account *
account_of(struct pipeline *p, const struct conf_server *server)
{
	struct arena *arena = arena_create();
	struct account *a = find(p, conf_oauth_key(arena, server));

	arena_destroy(&arena);
	return a;
}

/* ---- telling others ------------------------------------------------------------------------- */

static void
send_token(struct account *a, struct worker *worker)
{
	struct buf out;
	struct err err;

	buf_init(&out, FRAME_MAX);
	wire_put_str(&out, a->key);
	wire_put_u32(&out, a->number);
	wire_put_str(&out, a->access);
	if (worker_send(worker, FRAME_TOKEN, 0, buf_span(&out), -1, &err) != TD_OK)
		log_debug("%s", err.text);
	explicit_bzero(out.ptr, out.cap);
	buf_release(&out);
}

void
tokens_tell(struct pipeline *p, struct worker *worker)
{
	for (struct account *a = p->accounts; a != NULL; a = a->next)
		if (a->configured && has_access(a))
			send_token(a, worker);
}

/* To both, but for one that has no FRAME_CONF yet: it is told after that. */
static void
account_distribute(struct account *a)
{
	struct pipeline *p = a->p;

	if (p->fetch != NULL && p->fetch_secrets == NULL && worker_pid(p->fetch) != 0)
		send_token(a, p->fetch);
	if (p->send != NULL && p->send_secrets == NULL && worker_pid(p->send) != 0)
		send_token(a, p->send);
	p->token_lost = false;
	p->look_out = true;
}

/* Says it once for as long as it stays the same; to the mailboxes only if nothing is left, or if
 * nothing will be. */
static void
account_trouble(struct account *a, const char *text)
{
	struct pipeline *p = a->p;
	bool same = strncmp(a->trouble, text, sizeof a->trouble - 1) == 0;

	snprintf(a->trouble, sizeof a->trouble, "%s", text);
	if (!same)
		log_warn("no access token: %s account=%s", text, log_value(a->key));
	if (has_access(a) && a->state != ACCOUNT_REVOKED)
		return;
	for (size_t i = 0; i < p->conf->n_mailboxes; i++) {
		const struct conf_mailbox *box = &p->conf->mailboxes[i];

		if (account_of(p, &box->server) == a)
			box_trouble(box_find(p, box->name), text);
	}
}

const char *
tokens_trouble(struct pipeline *p, const struct conf_server *server)
{
	struct account *a = account_of(p, server);

	return a == NULL || has_access(a) || a->trouble[0] == '\0' ? NULL : a->trouble;
}

bool
tokens_ready(struct pipeline *p, const struct conf_server *server)
{
	struct account *a = account_of(p, server);

	return a == NULL || has_access(a);
}

/* The first mailbox of the account: what `tidings oauth login` wants to be called with. */
static const char *
account_mailbox(const struct account *a)
{
	const struct conf *conf = a->p->conf;

	for (size_t i = 0; i < conf->n_mailboxes; i++)
		if (account_of(a->p, &conf->mailboxes[i].server) == a)
			return conf->mailboxes[i].name;
	for (size_t i = 0; i < conf->n_transports; i++)
		if (account_of(a->p, &conf->transports[i].server) == a)
			return conf->transports[i].name;
	return "MAILBOX";
}

/* ---- what the store holds ------------------------------------------------------------------- */

static void
account_take_row(struct account *a, const struct oauth_token *row)
{
	char text[256];

	if (row == NULL || row->revoked) {
		account_set_state(a, row == NULL ? ACCOUNT_ABSENT : ACCOUNT_REVOKED);
		a->expires_at = 0;
		a->login_at = row != NULL ? row->login_at : 0;
		if (row == NULL)
			snprintf(text, sizeof text,
			    "nobody has logged in; run: tidings oauth login "
			    "%.60s",
			    account_mailbox(a));
		else
			snprintf(text, sizeof text, "the log-in is no longer good (%.100s); run: "
			    "tidings oauth login %.60s", row->why != NULL ? row->why : "revoked",
			    account_mailbox(a));
		account_trouble(a, text);
		return;
	}
	wipe(&a->access);
	wipe(&a->refresh);
	a->access = td_strdup(row->access_token);
	a->refresh = td_strdup(row->refresh_token);
	a->expires_at = row->access_token != NULL ? row->expires_at : 0;
	a->ahead = AHEAD;
	a->login_at = row->login_at;
	a->number++;
	a->failures = a->refusals = 0;
	a->got_ms = a->next_ms = 0;
	a->trouble[0] = '\0';
	account_set_state(a, has_access(a) ? ACCOUNT_GOOD : ACCOUNT_DUE);
	if (has_access(a))
		account_distribute(a);
}

/* Somebody may have logged in or out. What is being asked for is not disturbed: its commit finds
 * out whether it still counts. */
static enum td_status
account_load(struct account *a, bool first)
{
	struct pipeline *p = a->p;
	struct arena *arena = arena_create();
	struct oauth_token *row = NULL;
	struct err err;
	enum td_status status = oauth_token_get(p->db, arena, a->group, a->login, &row, &err);

	if (status != TD_OK)
		log_error("tokens cannot be read: %s", err.text);
	else if (a->state != ACCOUNT_ASKING && a->state != ACCOUNT_ANSWERED &&
	    (first || (row != NULL ? row->login_at : 0) != a->login_at))
		account_take_row(a, row);
	arena_destroy(&arena);
	return status;
}

void
tokens_load(struct pipeline *p)
{
	for (struct account *a = p->accounts; a != NULL; a = a->next)
		if (a->configured)
			(void)!account_load(a, false);
}

static void
account_configure(struct pipeline *p, const struct conf_server *server)
{
	struct arena *arena = arena_create();
	const char *key = conf_oauth_key(arena, server);
	struct account *a = find(p, key);

	if (key != NULL && a == NULL) {
		a = td_alloc(sizeof *a);
		*a = (struct account){.next = p->accounts, .p = p, .key = td_strdup(key),
		    .group = td_strdup(server->oauth->name), .login = td_strdup(server->user)};
		p->accounts = a;
	}
	if (a != NULL && !a->configured) {
		a->configured = true;
		(void)!account_load(a, true);
	}
	arena_destroy(&arena);
}

void
tokens_configure(struct pipeline *p)
{
	bool any = false;

	for (struct account *a = p->accounts; a != NULL; a = a->next)
		a->configured = false;
	for (size_t i = 0; i < p->conf->n_mailboxes; i++)
		account_configure(p, &p->conf->mailboxes[i].server);
	if (p->conf->n_transports > 0) /* the first is used */
		account_configure(p, &p->conf->transports[0].server);
	for (struct account *a = p->accounts; a != NULL; a = a->next)
		any = any || a->configured;
	if (p->oauth != NULL && any)
		worker_restart(p->oauth, NULL);
	else if (p->oauth != NULL)
		worker_rest(p->oauth);
	else if (any)
		p->oauth = worker_add(p->supervisor, ROLE_OAUTH, 0, NULL, &oauth_events, p);
}

void
tokens_free(struct pipeline *p)
{
	while (p->accounts != NULL) {
		struct account *a = p->accounts;

		p->accounts = a->next;
		wipe(&a->access);
		wipe(&a->refresh);
		wipe(&a->answer.access);
		wipe(&a->answer.refresh);
		free(a->key);
		free(a->group);
		free(a->login);
		free(a);
	}
}

/* ---- renewing ------------------------------------------------------------------------------- */

static int64_t
backoff(int64_t first, int64_t most, unsigned times)
{
	for (unsigned i = 1; i < times && first < most; i++)
		first *= 2;
	return first < most ? first : most;
}

static void
account_ask(struct account *a)
{
	struct pipeline *p = a->p;
	struct buf out;
	struct err err;

	buf_init(&out, FRAME_MAX);
	wire_put_str(&out, a->group);
	wire_put_str(&out, a->refresh);
	a->id = ++p->next_id;
	if (worker_send(p->oauth, FRAME_REFRESH, a->id, buf_span(&out), -1, &err) == TD_OK)
		account_set_state(a, ACCOUNT_ASKING);
	explicit_bzero(out.ptr, out.cap);
	buf_release(&out);
}

/* Not again before so long; what is still good goes on meanwhile. */
static void
account_wait(struct account *a, int64_t ms, const char *why)
{
	account_set_state(a, ACCOUNT_DUE);
	a->next_ms = clock_monotonic_ms() + ms;
	account_trouble(a, why);
}

static enum td_status
account_commit(struct account *a, bool *found_r, struct err *err)
{
	struct pipeline *p = a->p;
	const struct account_answer *answer = &a->answer;
	int64_t now = clock_now();
	const struct oauth_token row = {.account = a->group, .login = a->login,
	    .refresh_token = answer->refresh != NULL ? answer->refresh : a->refresh,
	    .access_token = answer->access, .expires_at = now + answer->expires_in,
	    .login_at = a->login_at, .refreshed_at = now};
	enum td_status status;

	if (answer->result == OAUTH_GRANTED)
		return oauth_token_refresh(p->db, &row, found_r, err);
	status = oauth_token_revoke(p->db, &row, answer->text, found_r, err);
	if (status == TD_OK && *found_r)
		status = jobs_tell_login_lost(p->db, p->conf, a->key, account_mailbox(a),
		    answer->text, a->login_at, now, err);
	return status;
}

static void
account_granted(struct account *a)
{
	struct account_answer *answer = &a->answer;
	int64_t now = clock_now();

	wipe(&a->access);
	a->access = answer->access;
	answer->access = NULL;
	if (answer->refresh != NULL) {
		wipe(&a->refresh);
		a->refresh = answer->refresh;
		answer->refresh = NULL;
	}
	a->expires_at = now + answer->expires_in;
	a->ahead = answer->expires_in > 4 * AHEAD ? AHEAD : answer->expires_in / 4;
	a->number++;
	a->failures = 0;
	a->got_ms = clock_monotonic_ms();
	a->trouble[0] = '\0';
	account_set_state(a, ACCOUNT_GOOD);
	if (answer->expires_in <= SHORT) {
		a->next_ms = a->got_ms + SHORT * 1000;
		log_warn("the authorization server gives access tokens of a few seconds: renewed "
		    "once a minute only account=%s", log_value(a->key));
	}
	log_info("access token renewed account=%s seconds=%" PRId64, log_value(a->key),
	    answer->expires_in);
	account_distribute(a);
}

static void
account_revoked(struct account *a)
{
	char text[256];

	/* what is left of the access token can still carry the word of it to the operator */
	account_set_state(a, ACCOUNT_REVOKED);
	snprintf(text, sizeof text, "the log-in is no longer good (%.100s); run: tidings oauth "
	    "login %.60s", a->answer.text, account_mailbox(a));
	account_trouble(a, text);
	a->p->look_out = true;
}

/* Granted and revoked change the store, and nobody hears of them before that is safe. */
static void
account_apply(struct account *a)
{
	struct pipeline *p = a->p;
	bool found = false;
	struct err err;

	if (group_open(p) != TD_OK)
		return;
	if (account_commit(a, &found, &err) != TD_OK) {
		group_failed(p, &err);
		return;
	}
	if (group_commit(p) != TD_OK)
		return;
	if (!found) {
		/* somebody logged in or out meanwhile */
		account_set_state(a, ACCOUNT_DUE);
		(void)!account_load(a, true);
	} else if (a->answer.result == OAUTH_GRANTED) {
		account_granted(a);
	} else {
		account_revoked(a);
	}
	wipe(&a->answer.access);
	wipe(&a->answer.refresh);
}

static void
account_answered(struct account *a)
{
	const struct account_answer *answer = &a->answer;
	int64_t wait;

	switch (answer->result) {
	case OAUTH_GRANTED:
	case OAUTH_REVOKED:
		account_apply(a);
		return;
	case OAUTH_REFUSED:
		account_wait(a, backoff(REFUSED_MS, REFUSED_MAX_MS, ++a->failures), answer->text);
		return;
	case OAUTH_PENDING:
	case OAUTH_SLOW_DOWN:
	case OAUTH_EXPIRED:
	case OAUTH_DENIED:
	case OAUTH_TEMP:
	case OAUTH_RESULTS:
		break;
	}
	wait = backoff(TEMP_MS, TEMP_MAX_MS, ++a->failures);
	if (answer->retry_after > wait / 1000) /* a shorter one would be a storm */
		wait = answer->retry_after < TEMP_MAX_MS / 1000 ? answer->retry_after * 1000
								: TEMP_MAX_MS;
	account_wait(a, wait, answer->text);
}

static void
account_step(struct account *a, int64_t *wait)
{
	struct pipeline *p = a->p;
	int64_t left;

	if (a->state == ACCOUNT_ANSWERED)
		account_answered(a);
	if (p->stopping || !a->configured)
		return;
	if (a->state == ACCOUNT_GOOD) {
		left = a->expires_at - a->ahead - clock_now();
		if (left <= 0)
			account_set_state(a, ACCOUNT_DUE);
		else if (left * 1000 < *wait)
			*wait = left * 1000;
	}
	if (a->state != ACCOUNT_DUE)
		return;
	left = a->next_ms - clock_monotonic_ms();
	if (left > 0 && left < *wait)
		*wait = left;
	else if (left <= 0 && worker_is_ready(p->oauth))
		account_ask(a);
}

void
tokens_step(struct pipeline *p)
{
	int64_t wait = TICK_MS; /* a clock that was moved is noticed by then */

	if (p->accounts == NULL || p->paused)
		return;
	for (struct account *a = p->accounts; a != NULL; a = a->next)
		account_step(a, &wait);
	loop_timer_set(p->token_timer, p->stopping ? -1 : wait);
}

bool
tokens_refused(struct pipeline *p, const struct conf_server *server, uint32_t number,
    const char *why)
{
	struct account *a = account_of(p, server);
	bool fresh;

	if (a == NULL || number != a->number || a->expires_at == 0)
		return a != NULL;
	fresh = a->got_ms != 0 && clock_monotonic_ms() - a->got_ms < FRESH_MS;
	a->expires_at = 0;
	a->refusals = fresh ? a->refusals + 1 : 0;
	log_info("access token refused account=%s fresh=%d", log_value(a->key), (int)fresh);
	if (a->state == ACCOUNT_GOOD)
		account_set_state(a, ACCOUNT_DUE);
	if (fresh && a->state == ACCOUNT_DUE)
		account_wait(a, backoff(REFUSED_MS, REFUSED_MAX_MS, a->refusals), why);
	return true;
}

/* ---- the worker's side ---------------------------------------------------------------------- */

static void
oauth_secrets_read(void *user)
{
	struct pipeline *p = user;
	struct arena *arena = arena_create();
	struct oauth_group *groups = arena_array(arena, p->conf->n_oauths, sizeof *groups);
	struct buf out;
	struct err err;

	for (size_t i = 0; i < p->conf->n_oauths; i++) {
		groups[i].conf = p->conf->oauths[i];
		if (secrets_get(p->oauth_secrets, i, &groups[i].secret, &err) != TD_OK)
			groups[i].trouble = arena_strdup(arena, err.text);
	}
	buf_init(&out, FRAME_MAX);
	oauth_conf_encode(&out, groups, p->conf->n_oauths);
	if (worker_send(p->oauth, FRAME_CONF, 0, buf_span(&out), -1, &err) != TD_OK)
		log_warn("%s", err.text);
	explicit_bzero(out.ptr, out.cap);
	buf_release(&out);
	arena_destroy(&arena);
	secrets_destroy(&p->oauth_secrets);
	pipeline_tell_clock(p, p->oauth);
}

static void
oauth_started(void *user, struct worker *worker)
{
	struct pipeline *p = user;
	struct arena *arena = arena_create();
	const struct conf_secret **list = arena_array(arena, p->conf->n_oauths, sizeof *list);

	(void)worker;
	for (size_t i = 0; i < p->conf->n_oauths; i++)
		list[i] = &p->conf->oauths[i].secret;
	secrets_destroy(&p->oauth_secrets);
	p->oauth_secrets = secrets_read(p->loop, list, p->conf->n_oauths, oauth_secrets_read, p);
	arena_destroy(&arena);
}

static bool
take_refreshed(struct pipeline *p, const struct frame *frame)
{
	struct arena *arena = arena_create();
	struct wire_reader r = wire_reader_of(frame->payload);
	uint8_t result = wire_get_u8(&r);
	struct oauth_tokens tokens = {.access = wire_get_str(&r, arena),
	    .refresh = wire_get_str(&r, arena), .expires_in = wire_get_i64(&r),
	    .retry_after = wire_get_i64(&r)};
	const char *text = wire_get_str(&r, arena);
	struct account *a = p->accounts;
	bool good;

	while (a != NULL && (a->state != ACCOUNT_ASKING || a->id != frame->id))
		a = a->next;
	good = wire_done(&r) && result < OAUTH_RESULTS && a != NULL && text != NULL &&
	    (result != OAUTH_GRANTED || tokens.access != NULL) && tokens.expires_in >= 0 &&
	    tokens.expires_in < INT32_MAX && tokens.retry_after >= 0 &&
	    tokens.retry_after < INT32_MAX;
	if (good) {
		a->answer = (struct account_answer){.result = (enum oauth_result)result,
		    .access = td_strdup(tokens.access), .refresh = td_strdup(tokens.refresh),
		    .expires_in = tokens.expires_in, .retry_after = tokens.retry_after};
		snprintf(a->answer.text, sizeof a->answer.text, "%s", text);
		account_set_state(a, ACCOUNT_ANSWERED);
	}
	arena_destroy(&arena);
	return good;
}

static void
oauth_frame(void *user, struct worker *worker, struct frame *frame)
{
	struct pipeline *p = user;

	if (frame->fd >= 0)
		close(frame->fd);
	if (frame->type == FRAME_REFRESHED && take_refreshed(p, frame)) {
		worker_forgive(worker);
	} else if (frame->type != FRAME_READY) {
		log_error("the oauth process sends what was not agreed, type %d",
		    (int)frame->type);
		worker_kill(worker);
	}
}

/* What it was asked is asked again, with the old refresh token: nobody knows how far it came. */
static void
oauth_died(void *user, struct worker *worker, const char *why)
{
	struct pipeline *p = user;

	(void)worker;
	secrets_destroy(&p->oauth_secrets);
	for (struct account *a = p->accounts; a != NULL; a = a->next) {
		if (a->state != ACCOUNT_ASKING)
			continue;
		if (why == NULL)
			account_set_state(a, ACCOUNT_DUE);
		else
			account_wait(a, backoff(TEMP_MS, TEMP_MAX_MS, ++a->failures),
			    "the process that renews it ended");
	}
}

const struct worker_events oauth_events = {oauth_started, oauth_frame, oauth_died};

/* ---- status --------------------------------------------------------------------------------- */

void
tokens_status(struct pipeline *p, struct arena *arena, struct pipeline_status *status)
{
	size_t n = 0;

	for (struct account *a = p->accounts; a != NULL; a = a->next)
		n++;
	status->accounts = arena_array(arena, n, sizeof *status->accounts);
	for (struct account *a = p->accounts; a != NULL; a = a->next)
		if (a->configured)
			status->accounts[status->n_accounts++] = (struct pipeline_account){
			    .name = arena_strdup(arena, a->group),
			    .login = arena_strdup(arena, a->login),
			    .expires_at = has_access(a) ? a->expires_at : 0,
			    .trouble = a->trouble[0] != '\0' ? arena_strdup(arena, a->trouble)
							      : NULL};
}
