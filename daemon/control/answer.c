/* SPDX-License-Identifier: ISC */
/* control/answer: see answer.h. */
#include "config.h"

#include "daemon/control/answer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "parsers/base/arena.h"
#include "parsers/base/num.h"
#include "daemon/clock.h"

#define YEAR_9999 253402300799

static json_t *
good(void)
{
	return json_pack("{s:b}", "ok", 1);
}

static json_t *
bad(const char *why)
{
	return json_pack("{s:b, s:s}", "ok", 0, "error", why);
}

static json_t *
status_workers(const struct pipeline_status *status)
{
	json_t *list = json_array();

	for (size_t i = 0; i < status->n_workers; i++) {
		const struct pipeline_worker *w = &status->workers[i];

		json_array_append_new(list, json_pack("{s:s, s:i, s:i, s:b, s:i, s:I}", "role",
		    w->role, "number", (int)w->number, "pid", w->pid, "ready", (int)w->ready,
		    "deaths", (int)w->deaths, "pss", (json_int_t)w->pss));
	}
	return list;
}

static json_t *
status_mailboxes(const struct pipeline_status *status)
{
	json_t *list = json_array();

	for (size_t i = 0; i < status->n_mailboxes; i++) {
		const struct pipeline_mailbox *m = &status->mailboxes[i];

		json_array_append_new(list, json_pack("{s:s, s:I, s:b, s:s?, s:s?, s:o, s:I}",
		    "name", m->name, "uidvalidity", (json_int_t)m->uidvalidity, "scanned",
		    (int)m->scanned, "waits", m->waits, "trouble", m->trouble, "next_try_seconds",
		    m->next_try >= 0 ? json_integer(m->next_try) : json_null(), "in_hand",
		    (json_int_t)m->in_hand));
	}
	return list;
}

static json_t *
status_accounts(const struct pipeline_status *status)
{
	json_t *list = json_array();

	for (size_t i = 0; i < status->n_accounts; i++) {
		const struct pipeline_account *a = &status->accounts[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:s?}", "name", a->name,
		    "login", a->login, "expires", (json_int_t)a->expires_at, "trouble",
		    a->trouble));
	}
	return list;
}

static json_t *
answer_status(struct pipeline *pipeline)
{
	struct arena *arena = arena_create();
	struct pipeline_status s;
	json_t *answer;

	pipeline_status(pipeline, arena, &s);
	answer = json_pack("{s:b, s:s, s:i, s:I, s:b, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:s?, "
	    "s:s?, s:s?, s:I, s:I}",
	    "ok", 1, "version", PACKAGE_VERSION, "pid", (int)getpid(), "now",
	    (json_int_t)clock_now(), "test_clock", (int)clock_is_test(), "workers",
	    status_workers(&s), "mailboxes", status_mailboxes(&s), "accounts",
	    status_accounts(&s), "applied",
	    (json_int_t)s.mails_applied, "quarantined", (json_int_t)s.mails_quarantined, "commits",
	    (json_int_t)s.commits, "sending", (json_int_t)s.sending, "slow", s.slow, "paused",
	    s.paused, "transport_trouble", s.out_trouble,
	    "next_job", (json_int_t)s.next_job, "pss", (json_int_t)s.pss);
	arena_destroy(&arena);
	return answer != NULL ? answer : bad("the status cannot be told");
}

/* "clock" tells it, "clock SECONDS [frozen]" moves it. */
static json_t *
answer_clock(struct pipeline *pipeline, struct span args)
{
	struct span word, how = {"", 0};
	int64_t to;

	if (!span_next_word(&args, &word))
		return json_pack("{s:b, s:I, s:b, s:b}", "ok", 1, "now",
		    (json_int_t)clock_now(), "test", (int)clock_is_test(), "frozen",
		    (int)clock_is_frozen());
	if (!clock_is_test())
		return bad("the clock can be moved only when tidingsd runs with --test-clock");
	(void)span_next_word(&args, &how);
	if (!num_i64(word, 0, YEAR_9999, &to) || (how.len > 0 && !span_is(how, "frozen")))
		return bad("clock SECONDS [frozen], in seconds since 1970");
	pipeline_set_clock(pipeline, to, how.len > 0);
	return json_pack("{s:b, s:I}", "ok", 1, "now", (json_int_t)clock_now());
}

static json_t *
answer_poll(struct pipeline *pipeline, struct span args)
{
	struct arena *arena = arena_create();
	struct span name = span_trim(args);
	bool known = pipeline_poll(pipeline, name.len > 0 ? arena_span(arena, name) : NULL);

	arena_destroy(&arena);
	return known ? good() : bad("there is no such mailbox");
}

static json_t *
answer_question(struct pipeline *pipeline, struct span line, bool *stop_r)
{
	struct span verb;

	if (!span_next_word(&line, &verb))
		return bad("an empty question");
	if (span_is(verb, "status"))
		return answer_status(pipeline);
	if (span_is(verb, "clock"))
		return answer_clock(pipeline, line);
	if (span_is(verb, "poll"))
		return answer_poll(pipeline, line);
	if (span_is(verb, "wake")) {
		pipeline_wake(pipeline);
		return good();
	}
	if (span_is(verb, "stop")) {
		*stop_r = true;
		return good();
	}
	return bad("a question is one of status, poll, wake, clock, stop");
}

bool
control_answer(struct pipeline *pipeline, struct span line, struct buf *out)
{
	bool stop = false;
	json_t *answer = NULL;
	char *text;

	if (memchr(line.ptr, '\0', line.len) == NULL)
		answer = answer_question(pipeline, line, &stop);
	else
		answer = bad("a question is one line of text");
	text = answer != NULL ? json_dumps(answer, JSON_COMPACT) : NULL;
	buf_puts(out, text != NULL ? text : "{\"ok\":false,\"error\":\"out of memory\"}");
	free(text);
	json_decref(answer);
	return stop;
}
