/* SPDX-License-Identifier: ISC */
/*
 * Tests of calls: /page, "urgent:" and /ack-page with each form, refusal and role; who is called
 * when, at night and with people away; that there are few; and what stands on record.
 */
#include "tests/unit/intake-fixture.h"

#include "daemon/model/duty.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/absence.h"
#include "daemon/store/oncall.h"
#include "daemon/store/page.h"

#define MINUTE 60
#define DAY 86400
#define STEP DUTY_SECONDS

static uint32_t one[] = {1}, none_such[] = {99};
static const char *ana[] = {"ana"}, *ben[] = {"ben"}, *chi[] = {"chi"}, *eve[] = {"eve"};
static const char *ben_dev[] = {"ben", "dev"};

/* Ana leads; Ben, Dev and Flo are members, Chi is a guest. Dev's week, then Ben's. */
struct scene {
	struct inbox in;
	struct person dev, flo;
};

static void
open_scene(struct scene *s)
{
	inbox_open(&s->in, CONF_TRUST_ENVELOPE);
	s->in.conf.limits.acks_per_day = 1000;
	fixture_person(&s->in.fx, &s->dev, "dev@example.org", "Dev Patel", "Asia/Kolkata",
	    ROLE_MEMBER);
	fixture_person(&s->in.fx, &s->flo, "flo@example.org", "Flo Berg", "Europe/Berlin",
	    ROLE_MEMBER);
	td_ok(&s->in.fx, oncall_set(s->in.fx.db, s->in.fx.team.id, ONCALL_TURN,
	    (int64_t[]){s->dev.id, s->in.fx.ben.id}, 2, "2026-11-16", &s->in.fx.err));
	td_ok(&s->in.fx, oncall_set(s->in.fx.db, s->in.fx.team.id, ONCALL_EMERGENCY,
	    (int64_t[]){s->flo.id}, 1, "2026-11-16", &s->in.fx.err));
}

static void
line(struct inbox *in, const char *from, struct reading_command cmd, const char *reply_to,
    int64_t at)
{
	cmd.source = cmd.verb;
	take(in, &(struct letter){.from = from, .subject = "x", .reply_to = reply_to,
	    .target = {.kind = KIND_TIME}, .commands = &cmd, .n_commands = 1, .at = at});
}

static const char *
last_of(struct inbox *in, const char *where)
{
	return text_of(in, arena_printf(in->fx.arena,
	    "SELECT CAST(bytes AS TEXT) FROM outbox WHERE %s ORDER BY id DESC LIMIT 1", where));
}

static void
has(struct inbox *in, const char *where, const char *want)
{
	if (strstr(last_of(in, where), want) == NULL)
		fail_msg("no \"%s\" in: %s", want, last_of(in, where));
}

/* "dev dev dev flo": who was called, in order. */
static const char *
called(struct inbox *in)
{
	return text_of(in, "SELECT group_concat(handle, ' ') FROM (SELECT handle FROM page_call c "
	    "JOIN person p ON p.id = c.person_id ORDER BY c.id)");
}

static const struct {
	const char *name, *from;
	struct reading_command cmd;
	const char *refusal; /* NULL: applied */
	const char *called;
} rows[] = {
    {"who is on call", NULL, {.verb = "page", .word = "oncall", .text = "help"}, NULL, "dev"},
    {"nobody is named", "ben@example.org", {.verb = "page", .text = "help"}, NULL, "dev"},
    {"a person", NULL, {.verb = "page", .people = ben, .n_people = 1, .text = "help"}, NULL, "ben"},
    {"about an item", NULL, {.verb = "page", .items = one, .n_items = 1, .text = "help"}, NULL,
	"dev"},
    {"by whoever is on call", "dev@example.org", {.verb = "page", .word = "oncall", .text = "help"},
	NULL, "flo"},
    {"by a guest", "chi@example.org", {.verb = "page", .text = "help"}, "needs the role member",
        ""},
    {"of nothing", NULL, {.verb = "page", .word = "oncall"}, "What is wrong?", ""},
    {"a guest", NULL, {.verb = "page", .people = chi, .n_people = 1, .text = "help"},
	"Chi Wu is a guest", ""},
    {"oneself", NULL, {.verb = "page", .people = ana, .n_people = 1, .text = "help"},
	"is yourself", ""},
    {"a stranger", NULL, {.verb = "page", .people = eve, .n_people = 1, .text = "help"},
	"nobody in the team", ""},
    {"two people", NULL, {.verb = "page", .people = ben_dev, .n_people = 2, .text = "help"},
	"One person at a time", ""},
    {"about nothing known", NULL,
        {.verb = "page", .items = none_such, .n_items = 1, .text = "help"},
	"no #99", ""},
    {"answer to no call", NULL, {.verb = "ack-page"}, "No call waits for an answer", ""},
    {"answer by a guest", "chi@example.org", {.verb = "ack-page"}, "needs the role member", ""},
    {"answer about an item", NULL, {.verb = "ack-page", .items = one, .n_items = 1},
	"No call waits for an answer about that item", ""},
};

static void
test_commands(void **state)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene s;

		open_scene(&s);
		make_task(&s.in, "Fix login");
		line(&s.in, rows[i].from, rows[i].cmd, NULL, NOON);
		run_due(&s.in, NOON);
		if (strcmp(called(&s.in), rows[i].called) != 0)
			fail_msg("%s: called \"%s\"", rows[i].name, called(&s.in));
		if (rows[i].refusal != NULL)
			has(&s.in, "kind = 'error'", rows[i].refusal);
		fixture_close(&s.in.fx);
	}
}

/* On a Saturday, each three times, then the next; the caller hears at the end; then nothing. */
static void
test_escalates(void **state)
{
	struct scene s;
	struct inbox *in = &s.in;
	int64_t at = NOON;

	open_scene(&s);
	line(in, "ben@example.org",
	    (struct reading_command){.verb = "page", .text = "queue is stuck"},
	    NULL, NOON);
	has(in, "kind = 'ack'", "Dev Patel is called now");
	run_due(in, at);
	assert_int_equal(number(in, "SELECT not_before FROM outbox WHERE kind = 'page'"), NOON);
	has(in, "kind = 'page'", "To: \"Dev Patel\"");
	has(in, "kind = 'page'", "Subject: URGENT: queue is stuck");
	has(in, "kind = 'page'", "you are called again in 5 minutes");
	run_due(in, at + STEP - 1);
	assert_string_equal(called(in), "dev");
	run_due(in, at += STEP);
	run_due(in, at += STEP);
	assert_string_equal(called(in), "dev dev dev");
	has(in, "kind = 'page'", "Flo Berg is called in 5 minutes");
	for (int i = 0; i < 6; i++)
		run_due(in, at += STEP);
	assert_string_equal(called(in), "dev dev dev flo flo flo ana ana ana");
	has(in, "kind = 'page'", "hears that nobody answered");
	assert_int_equal(number(in, "SELECT count(DISTINCT rcpt) FROM outbox WHERE kind = 'page'"),
	    3);
	run_due(in, at += STEP);
	has(in, "kind = 'page'", "To: \"Ben Okri\"");
	has(in, "kind = 'page'", "Nobody has taken your call:");
	has(in, "kind = 'page'", "Dev Patel was called on Sat 21 Nov 2026, 21:05 (Asia/Tokyo)");
	assert_int_equal(number(in, "SELECT count(*) FROM outbox WHERE kind = 'page'"), 10);
	run_due(in, at + DAY);
	assert_int_equal(number(in, "SELECT count(*) FROM outbox WHERE kind = 'page'"), 10);
	assert_int_equal(number(in, "SELECT count(*) FROM job WHERE kind = 'page'"), 0);
	/* the record: begun, called nine times */
	assert_int_equal(number(in, "SELECT count(*) FROM event WHERE entity = 'page' "
	    "AND verb = 'call'"), 9);
	/* it was one thread */
	assert_int_equal(number(in, "SELECT count(*) FROM outbox WHERE kind = 'page' AND "
	    "instr(CAST(bytes AS TEXT), 'References: <' || (SELECT root_mid FROM page) || '>') > "
	    "0"),
	    9);
	fixture_close(&in->fx);
}

/* A daemon that slept calls once, not for each step that it missed. */
static void
test_late(void **state)
{
	struct scene s;

	open_scene(&s);
	line(&s.in, NULL, (struct reading_command){.verb = "page", .text = "x"}, NULL, NOON);
	run_due(&s.in, NOON);
	run_due(&s.in, NOON + 100 * STEP);
	assert_string_equal(called(&s.in), "dev dev");
	run_due(&s.in, NOON + 2 * DAY);
	assert_string_equal(called(&s.in), "dev dev");
	assert_int_equal(number(&s.in, "SELECT ended_at > 0 AND ended_by IS NULL FROM page"), 1);
	fixture_close(&s.in.fx);
}

/* By a reply to the call; the caller hears, and who was called; a second answer is told who. */
static void
test_taken(void **state)
{
	struct scene s;
	struct inbox *in = &s.in;
	const char *first;

	open_scene(&s);
	make_task(in, "Fix login");
	line(in, NULL, (struct reading_command){.verb = "page", .text = "one"}, NULL, NOON);
	line(in, NULL, (struct reading_command){.verb = "page", .items = one, .n_items = 1,
	    .text = "two"}, NULL, NOON);
	for (int i = 0; i < 4; i++)
		run_due(in, NOON + i * STEP);
	line(in, "flo@example.org", (struct reading_command){.verb = "ack-page"}, NULL, NOON);
	has(in, "kind = 'error'", "Which call?");
	first = text_of(in, "SELECT mid FROM page_call WHERE page_id = 1 ORDER BY id DESC");
	line(in, "flo@example.org", (struct reading_command){.verb = "ack-page", .text = "on it"},
	    first, NOON + 3 * STEP + MINUTE);
	assert_int_equal(number(in, "SELECT ended_by FROM page WHERE id = 1"), s.flo.id);
	run_due(in, NOON + 3 * STEP + MINUTE);
	assert_int_equal(number(in,
	    "SELECT count(*) FROM outbox WHERE dedupe_key LIKE 'page-end:1:%'"),
	    2); /* Ana, who called, and Dev, who was called; not Flo */
	has(in, "dedupe_key LIKE 'page-end:1:%' AND rcpt = 'ana@example.org'",
	    "Flo Berg has taken the call");
	run_due(in, NOON + 4 * STEP);
	assert_int_equal(number(in, "SELECT count(*) FROM page_call WHERE page_id = 1"), 4);
	line(in, "dev@example.org", (struct reading_command){.verb = "ack-page"}, first,
	    NOON + 4 * STEP);
	has(in, "kind = 'error'", "taken by Flo Berg");
	/* the other one, by the number of its item */
	line(in, "dev@example.org", (struct reading_command){.verb = "ack-page", .items = one,
	    .n_items = 1}, NULL, NOON + 4 * STEP);
	assert_int_equal(number(in, "SELECT ended_by FROM page WHERE id = 2"), s.dev.id);
	/* who was told when stands with the item */
	line(in, NULL, (struct reading_command){.verb = "show", .items = one, .n_items = 1}, NULL,
	    NOON + 5 * STEP);
	has(in, "kind = 'answer'", "Called: Dev Patel, 2026-11-21 12:00");
	has(in, "kind = 'answer'", "Call ended: Dev Patel");
	fixture_close(&in->fx);
}

static void
away(struct scene *s, int64_t id, int64_t cover, bool half)
{
	struct absence absence = {.person_id = id, .first_day = "2026-11-20",
	    .last_day = "2026-11-22", .kind = "off", .cover_id = cover, .half_day = half,
	    .created_at = NOON};

	td_ok(&s->in.fx, absence_add(s->in.fx.db, &absence, &s->in.fx.err));
}

/* Who is away is left alone: their cover, else the next of the list; half a day is no absence. */
static void
test_absences(void **state)
{
	static const struct {
		bool dev, dev_half, ben, flo, ana;
		bool cover; /* Flo for Dev */
		const char *people[1];
		const char *called; /* after seven steps */
	} cases[] = {
	    {0, 0, 0, 0, 0, 0, {NULL}, "dev dev dev flo flo flo ana"},
	    {1, 1, 0, 0, 0, 1, {NULL}, "dev dev dev flo flo flo ana"},
	    {1, 0, 0, 0, 0, 1, {NULL}, "flo flo flo ana ana ana"},
	    {1, 0, 0, 0, 0, 0, {NULL}, "ben ben ben flo flo flo ana"},
	    {1, 0, 0, 1, 0, 1, {NULL}, "ben ben ben ana ana ana"},
	    {1, 0, 1, 0, 0, 0, {"dev"}, "flo flo flo ana ana ana"},
	    {1, 0, 1, 1, 1, 0, {NULL}, "dev dev dev flo flo flo ana"}, /* somebody must hear */
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;
		struct person eli;

		open_scene(&s);
		fixture_person(&s.in.fx, &eli, "eli@example.org", "Eli Stone", "Europe/Berlin",
		    ROLE_MEMBER);
		if (cases[i].dev)
			away(&s, s.dev.id, cases[i].cover ? s.flo.id : 0, cases[i].dev_half);
		if (cases[i].ben)
			away(&s, s.in.fx.ben.id, 0, false);
		if (cases[i].flo)
			away(&s, s.flo.id, 0, false);
		if (cases[i].ana)
			away(&s, s.in.fx.ana.id, 0, false);
		line(&s.in, "eli@example.org", (struct reading_command){.verb = "page",
		    .people = (const char **)(uintptr_t)cases[i].people,
		    .n_people = cases[i].people[0] != NULL, .text = "x"}, NULL, NOON);
		for (int k = 0; k < 7; k++)
			run_due(&s.in, NOON + k * STEP);
		if (strcmp(called(&s.in), cases[i].called) != 0)
			fail_msg("case %zu: %s", i, called(&s.in));
		if (cases[i].people[0] != NULL)
			has(&s.in, "kind = 'ack'", "Dev Patel is away; Flo Berg is called.");
		fixture_close(&s.in.fx);
	}
}

static void
test_turns(void **state)
{
	const struct duty_person people[] = {{.id = 1}, {.id = 2}, {.id = 3}};
	const struct duty duty = {.turns = (int64_t[]){1, 2, 3}, .n_turns = 3, .first_day = 20,
	    .people = people, .n_people = 3};

	assert_int_equal(duty_turn(&duty, 20), 1);
	assert_int_equal(duty_turn(&duty, 26), 1);
	assert_int_equal(duty_turn(&duty, 27), 2);
	assert_int_equal(duty_turn(&duty, 40), 3);
	assert_int_equal(duty_turn(&duty, 41), 1);
	assert_int_equal(duty_turn(&duty, 19), 3);
	assert_int_equal(duty_turn(&duty, 13), 3);
	assert_int_equal(duty_turn(&duty, 12), 2);
	assert_int_equal(duty_turn(&(struct duty){0}, 12), 0);
	assert_int_equal(duty_on_call(&(struct duty){0}, 12), 0);
}

static void
urgent(struct inbox *in, const char *from, const char *subject, const char *reply_to,
    uint32_t item)
{
	take(in, &(struct letter){.from = from, .subject = subject, .text = "look",
	    .reply_to = reply_to, .target = {.kind = KIND_URGENT, .item = item},
	    .fields = {.title = subject}, .at = NOON});
	run_due(in, NOON);
}

/* A task of priority 1 and a call; a reply to it calls nobody anew; a guest calls nobody. */
static void
test_urgent(void **state)
{
	struct scene s;
	struct inbox *in = &s.in;

	open_scene(&s);
	urgent(in, "chi@example.org", "it burns", NULL, 0);
	assert_int_equal(number(in, "SELECT count(*) FROM page"), 0);
	urgent(in, NULL, "it burns", NULL, 0);
	assert_int_equal(item_numbered(in, 1)->priority, 1);
	assert_string_equal(called(in), "dev");
	has(in, "kind = 'ack'", "Dev Patel is called now");
	has(in, "kind = 'page'", "Subject: URGENT: it burns");
	has(in, "kind = 'page'", "References: <item-1.platform@example.org>");
	urgent(in, "dev@example.org", "Re: it burns", text_of(in, "SELECT mid FROM page_call"), 0);
	assert_string_equal(text_of(in, "SELECT text FROM comment"), "look");
	assert_int_equal(number(in, "SELECT count(*) FROM page"), 1);
	line(in, "dev@example.org", (struct reading_command){.verb = "ack-page"}, NULL, NOON);
	urgent(in, "dev@example.org", "Re: it burns", text_of(in, "SELECT mid FROM page_call"), 0);
	assert_int_equal(number(in, "SELECT count(*) FROM page"), 1);
	urgent(in, NULL, "[#1] again", NULL, 1);
	assert_int_equal(number(in, "SELECT count(*) FROM page"), 2);
	/* on an item that has a call already: said, and no second one */
	urgent(in, "ben@example.org", "[#1] still", NULL, 1);
	assert_int_equal(number(in, "SELECT count(*) FROM page"), 2);
	has(in, "kind = 'ack'", "Nobody was called: A call about it goes on");
	/* on one without: it is called for */
	make_task(in, "Calm so far");
	urgent(in, "ben@example.org", "[#2] now", NULL, 2);
	assert_int_equal(number(in, "SELECT count(*) FROM page WHERE item_id = 2"), 1);
	assert_int_equal(item_numbered(in, 2)->priority, 1);
	fixture_close(&in->fx);
}

/* The owner that the mail names is called before whoever is on call. */
static void
test_urgent_owner(void **state)
{
	struct scene s;

	open_scene(&s);
	take(&s.in, &(struct letter){.subject = "it burns", .target = {.kind = KIND_URGENT},
	    .fields = {.title = "it burns", .owners = ben, .n_owners = 1}});
	for (int i = 0; i < 4; i++)
		run_due(&s.in, NOON + i * STEP);
	assert_string_equal(called(&s.in), "ben ben ben dev");
	fixture_close(&s.in.fx);
}

static void
test_few(void **state)
{
	struct scene s;
	struct inbox *in = &s.in;
	static const char *const from[] = {NULL, "ben@example.org", "dev@example.org"};

	open_scene(&s);
	for (int i = 0; i < 6; i++)
		line(in, NULL, (struct reading_command){.verb = "page", .text = "x"}, NULL, NOON);
	has(in, "kind = 'error'", "called 5 times in this hour");
	assert_int_equal(number(in, "SELECT count(*) FROM page"), 5);
	for (int i = 0; i < 6; i++)
		line(in, from[1 + i / 5], (struct reading_command){.verb = "page", .text = "x"},
		    NULL,
		    NOON + 3601);
	assert_int_equal(number(in, "SELECT count(*) FROM page"), 10);
	has(in, "kind = 'error'", "10 calls go on in Platform");
	fixture_close(&in->fx);
}

static void
undo(struct inbox *in, const char *from)
{
	line(in, from, (struct reading_command){.verb = "undo",
	    .word = text_of(in, "SELECT undo_code FROM message ORDER BY id DESC")}, NULL, NOON);
}

static void
letter_with(struct inbox *in, const char *from, enum target_kind kind, struct reading_error *bad)
{
	take(in, &(struct letter){.from = from, .subject = "it burns", .target = {.kind = kind},
	    .fields = {.title = "it burns"}, .errors = bad, .n_errors = bad != NULL});
}

static int64_t
answers(struct inbox *in)
{
	return number(in, "SELECT count(*) FROM outbox WHERE kind IN ('ack', 'error')");
}

/* What is about a call is answered: to who wants to hear of errors alone, beside a line that is
 * refused, and though the same was said that day. */
static void
test_answered(void **state)
{
	struct reading_error bad = {.line = 1, .text = "/due blah", .why = "what is blah"};
	struct reading_error no_text = {.line = 1, .text = "/page", .why = "say what is wrong"};
	struct reading_command page = {.verb = "page", .text = "x"};
	struct scene s;
	struct inbox *in = &s.in;

	open_scene(&s);
	line(in, NULL, (struct reading_command){.verb = "ack", .word = "errors"}, NULL, NOON);
	for (int i = 0; i < 5; i++)
		letter_with(in, NULL, KIND_URGENT, NULL);
	has(in, "1 = 1", "Dev Patel is called now");
	assert_int_equal(answers(in), 5);
	letter_with(in, NULL, KIND_URGENT, NULL);
	has(in, "kind = 'ack'", "Nobody was called: You have called 5 times");
	letter_with(in, NULL, KIND_URGENT, &bad);
	has(in, "1 = 1", "what is blah");
	has(in, "1 = 1", "Nobody was called: You have called 5 times");
	line(in, NULL, page, NULL, NOON);
	line(in, NULL, page, NULL, NOON);
	assert_int_equal(answers(in), 9);
	letter_with(in, NULL, KIND_UPDATE, &no_text);
	letter_with(in, NULL, KIND_UPDATE, &no_text);
	assert_int_equal(answers(in), 11);
	/* a role is asked for: the same reason, of another line */
	line(in, "chi@example.org", (struct reading_command){.verb = "done", .items = one,
	    .n_items = 1}, NULL, NOON);
	line(in, "chi@example.org", (struct reading_command){.verb = "ack-page"}, NULL, NOON);
	assert_int_equal(answers(in), 13);
	letter_with(in, "chi@example.org", KIND_URGENT, NULL);
	letter_with(in, "chi@example.org", KIND_URGENT, NULL);
	assert_int_equal(answers(in), 15);
	/* without a call, once a day is enough */
	letter_with(in, NULL, KIND_UPDATE, &bad);
	letter_with(in, NULL, KIND_UPDATE, &bad);
	assert_int_equal(answers(in), 16);
	fixture_close(&in->fx);
}

/* What is closed needs nobody: its call ends with it, taken by who closed it, and goes on where
 * that is taken back. */
static void
test_closed(void **state)
{
	static const char *const verbs[] = {"done", "drop"};

	for (size_t i = 0; i < 2; i++) {
		struct scene s;
		struct inbox *in = &s.in;

		open_scene(&s);
		urgent(in, NULL, "it burns", NULL, 0);
		make_task(in, "Another");
		assert_string_equal(called(in), "dev");
		line(in, "dev@example.org", (struct reading_command){.verb = verbs[i], .items = one,
		    .n_items = 1}, NULL, NOON);
		has(in, "kind = 'ack'", "The call about #1 has ended with it.");
		assert_string_equal(text_of(in, "SELECT after FROM event WHERE entity = 'page' AND "
		    "verb = 'change'"), "{\"taken_by\":\"dev\",\"closed\":1}");
		for (int k = 1; k < 4; k++)
			run_due(in, NOON + k * STEP);
		assert_string_equal(called(in), "dev");
		has(in, "dedupe_key LIKE 'page-end:%'", "To: \"Ana Lima\"");
		undo(in, "dev@example.org");
		run_due(in, NOON + 5 * STEP);
		assert_string_equal(called(in), "dev dev");
		fixture_close(&in->fx);
	}
}

static void
test_alone(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	line(&in, NULL, (struct reading_command){.verb = "page", .text = "x"}, NULL, NOON);
	has(&in, "kind = 'error'", "nobody in Platform who could be called but you");
	/* without a rotation the leads are called */
	line(&in, "ben@example.org", (struct reading_command){.verb = "page", .text = "x"}, NULL,
	    NOON);
	run_due(&in, NOON);
	assert_string_equal(called(&in), "ana");
	fixture_close(&in.fx);
}

/* Before anybody was called it is as if never said; afterwards it stays. Taking a call can be
 * taken back: then it goes on. */
static void
test_undo(void **state)
{
	struct scene s;
	struct inbox *in = &s.in;

	open_scene(&s);
	line(in, NULL, (struct reading_command){.verb = "page", .text = "x"}, NULL, NOON);
	undo(in, NULL);
	run_due(in, NOON + STEP);
	assert_string_equal(called(in), "");
	assert_int_equal(number(in, "SELECT count(*) FROM page"), 0);
	line(in, NULL, (struct reading_command){.verb = "page", .text = "x"}, NULL, NOON);
	run_due(in, NOON);
	undo(in, NULL);
	has(in, "kind = 'error'", "Dev Patel was called on");
	line(in, "dev@example.org", (struct reading_command){.verb = "ack-page"}, NULL, NOON);
	run_due(in, NOON);
	undo(in, "dev@example.org");
	assert_int_equal(number(in, "SELECT count(*) FROM page WHERE ended_at IS NULL"), 1);
	run_due(in, NOON + STEP);
	assert_string_equal(called(in), "dev dev");
	fixture_close(&in->fx);
}

static void
test_who(void **state)
{
	struct scene s;

	open_scene(&s);
	line(&s.in, NULL, (struct reading_command){.verb = "who"}, NULL, NOON);
	has(&s.in, "kind = 'answer'", "Dev Patel: off hours");
	has(&s.in, "kind = 'answer'", "on call");
	fixture_close(&s.in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_escalates), cmocka_unit_test(test_late),
	    cmocka_unit_test(test_taken), cmocka_unit_test(test_absences),
	    cmocka_unit_test(test_turns), cmocka_unit_test(test_urgent),
	    cmocka_unit_test(test_urgent_owner), cmocka_unit_test(test_few),
	    cmocka_unit_test(test_answered),
	    cmocka_unit_test(test_closed),
	    cmocka_unit_test(test_alone), cmocka_unit_test(test_undo), cmocka_unit_test(test_who)};

	return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
