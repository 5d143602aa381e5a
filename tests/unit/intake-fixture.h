/* SPDX-License-Identifier: ISC */
/* intake-fixture: readings as the parser would give them, and a store to apply them to. */
#ifndef TD_INTAKE_FIXTURE_H
#define TD_INTAKE_FIXTURE_H

#include "tests/unit/store-fixture.h"

#include "daemon/intake/intake.h"
#include "daemon/model/item.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/event.h"
#include "daemon/store/item.h"
#include "daemon/store/message.h"
#include "daemon/store/outbox.h"

struct letter {
	const char *from; /* ana@example.org */
	const char *to;   /* platform@example.org */
	const char *to2;
	const char *subject;
	const char *text;
	const char *mid;
	const char *key;  /* NULL: a new one */
	const char *reply_to;
	struct reading_target target;
	struct reading_fields fields;
	struct reading_command *commands;
	size_t n_commands;
	struct reading_section *sections;
	size_t n_sections;
	struct reading_error *errors;
	size_t n_errors;
	enum auto_kind auto_kind;
	struct reading_bounce *bounces;
	size_t n_bounces;
	const char *returned_id;
	const char *tag; /* of the team's address */
	bool is_authenticated; /* by dmarc, as mx.example.org says */
	int64_t at; /* NOON */
	uint64_t too_large;
};

#define LETTER_AUTHSERV "mx.example.org" /* for conf.trust.authserv_id */

struct inbox {
	struct fixture fx;
	struct conf conf;
	int n; /* letters taken */
	struct intake_result result;
};

static inline void
inbox_open(struct inbox *in, enum conf_trust_mode mode)
{
	fixture_open(&in->fx);
	in->n = 0;
	in->conf = (struct conf){.trust = {.mode = mode, .authserv_id = "mx.example.org"},
	    .limits = {.acks_per_day = 20, .mail_bytes = 25000000}};
}

static inline void
letter_authenticate(struct arena *arena, struct reading_message *m)
{
	m->n_auth = 1;
	m->auth = arena_alloc(arena, sizeof *m->auth);
	m->auth->authserv_id = LETTER_AUTHSERV;
	m->auth->n_methods = 1;
	m->auth->methods = arena_alloc(arena, sizeof *m->auth->methods);
	*m->auth->methods = (struct reading_auth_method){.method = "dmarc", .result = "pass",
	    .domain = strchr(m->from, '@') + 1};
}

static inline struct reading *
letter_reading(struct inbox *in, const struct letter *l)
{
	struct arena *arena = in->fx.arena;
	struct reading *r = arena_alloc(arena, sizeof *r);
	const char *key = l->key != NULL ? l->key : arena_printf(arena, "%064d", ++in->n);

	r->version = READING_VERSION;
	r->message.id = l->mid != NULL ? l->mid : arena_printf(arena, "m%d@example.net", in->n);
	r->message.from = l->from != NULL ? l->from : "ana@example.org";
	r->message.from_count = 1;
	r->message.subject = l->subject;
	r->message.in_reply_to = l->reply_to;
	r->message.size = 1000;
	memcpy(r->message.key, key, 65);
	r->message.n_rcpts = l->to2 != NULL ? 2 : 1;
	r->message.rcpts = arena_array(arena, 2, sizeof *r->message.rcpts);
	r->message.rcpts[0].address = l->to != NULL ? l->to : "platform@example.org";
	r->message.rcpts[1].address = l->to2;
	r->text = l->text != NULL ? l->text : "";
	r->target = l->target;
	r->fields = l->fields;
	r->commands = l->commands;
	r->n_commands = l->n_commands;
	r->sections = l->sections;
	r->n_sections = l->n_sections;
	r->errors = l->errors;
	r->n_errors = l->n_errors;
	r->auto_kind = l->auto_kind;
	r->bounces = l->bounces;
	r->n_bounces = l->n_bounces;
	r->returned_id = l->returned_id;
	r->message.rcpts[0].tag = l->tag;
	if (l->is_authenticated)
		letter_authenticate(arena, &r->message);
	return r;
}

static inline enum td_status
try_take(struct inbox *in, const struct letter *l)
{
	struct intake_mail mail = {.now = l->at != 0 ? l->at : NOON, .raw = SPAN("raw mail"),
	    .too_large = l->too_large};
	enum td_status status;

	td_ok(&in->fx, db_begin(in->fx.db, &in->fx.err));
	td_ok(&in->fx, db_savepoint(in->fx.db, &in->fx.err));
	status = intake_apply(in->fx.db, &in->conf, &mail, letter_reading(in, l), in->fx.arena,
	    &in->result, &in->fx.err);
	if (status == TD_OK)
		td_ok(&in->fx, db_savepoint_release(in->fx.db, &in->fx.err));
	else
		db_savepoint_rollback(in->fx.db);
	td_ok(&in->fx, db_commit(in->fx.db, &in->fx.err));
	return status;
}

static inline enum intake_outcome
take(struct inbox *in, const struct letter *l)
{
	td_ok(&in->fx, try_take(in, l));
	return in->result.outcome;
}

static inline int64_t
number(struct inbox *in, const char *sql)
{
	int64_t n = -1;

	td_ok(&in->fx, db_get_i64(in->fx.db, &in->fx.err, &n, NULL, sql, ""));
	return n;
}

static inline const char *
text_of(struct inbox *in, const char *sql)
{
	struct db_stmt *st = db_query(in->fx.db, &in->fx.err, sql, "");
	const char *text = NULL;

	assert_non_null(st);
	if (db_step(st, &in->fx.err) == DB_ROW)
		text = db_column_text(st, 0, in->fx.arena);
	db_finish(&st);
	return text != NULL ? text : "";
}

/* The mail that was queued last. */
static inline const char *
last_mail(struct inbox *in)
{
	return text_of(in, "SELECT CAST(bytes AS TEXT) FROM outbox ORDER BY id DESC LIMIT 1");
}

/* What is due at that moment, people and teams looked at anew. */
static inline void
run_due(struct inbox *in, int64_t now)
{
	int64_t next;

	jobs_look_again();
	td_ok(&in->fx, jobs_run(in->fx.db, &in->conf, now, &next, &in->fx.err));
}

static inline struct item *
item_numbered(struct inbox *in, uint32_t n)
{
	struct item *item = NULL;

	td_ok(&in->fx, item_by_number(in->fx.db, in->fx.arena, in->fx.team.id, n, &item,
	    &in->fx.err));
	return item;
}

/* The whole item as JSON. */
static inline const char *
item_json(struct inbox *in, uint32_t n)
{
	struct buf json;
	const char *text;

	buf_init(&json, 1 << 20);
	assert_true(item_diff(NULL, item_numbered(in, n), NULL, &json));
	text = arena_strdup(in->fx.arena, json.ptr);
	buf_release(&json);
	return text;
}

static inline void
make_task(struct inbox *in, const char *title)
{
	assert_int_equal(take(in, &(struct letter){.subject = title, .text = "the body",
	    .target = {.kind = KIND_TASK}, .fields = {.title = title}}), INTAKE_APPLIED);
}

#endif
