/* SPDX-License-Identifier: ISC */
/*
 * Tests of news about items: who is told what, when, in how many mails; of snoozing; and of what
 * an acknowledgement says.
 */
#include "tests/unit/intake-fixture.h"

#include "daemon/compose/gather.h"
#include "daemon/intake/news.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/absence.h"

#define MONDAY_NOON (NOON + 2 * 86400) /* 12:00 in Lisbon, 21:00 in Tokyo, 07:00 in Lima */

static uint32_t one[] = {1}, two[] = {2}, two_one[] = {2, 1};
static const char *ana[] = {"ana"}, *ben[] = {"ben"}, *chi[] = {"chi"};

#define ONE .items = one, .n_items = 1

static void
line(struct inbox *in, const char *from, struct reading_command cmd)
{
	cmd.source = cmd.verb;
	take(in, &(struct letter){.from = from, .subject = "x", .target = {.kind = KIND_TIME},
	    .commands = &cmd, .n_commands = 1, .at = MONDAY_NOON});
	assert_string_equal(text_of(in, "SELECT outcome FROM message ORDER BY id DESC"), "applied");
}

static void
comment(struct inbox *in, const char *from, const char *text)
{
	take(in, &(struct letter){.from = from, .subject = "[#1]", .text = text,
	    .target = {.item = 1}, .at = MONDAY_NOON});
}

/* Runs the jobs that wait as the daemon would; gives the number of item mails so far. */
static int64_t
mails(struct inbox *in, int64_t now)
{
	struct arena *arena = arena_create();
	struct job *jobs;
	size_t n;

	td_ok(&in->fx, job_due(in->fx.db, arena, now, 100, &jobs, &n, &in->fx.err));
	for (size_t i = 0; i < n; i++) {
		int64_t next = 0;

		if (strcmp(jobs[i].kind, "news") != 0)
			continue;
		td_ok(&in->fx, db_begin(in->fx.db, &in->fx.err));
		td_ok(&in->fx, news_job(in->fx.db, &in->conf, &jobs[i], now, arena, &next,
		    &in->fx.err));
		td_ok(&in->fx, job_ran(in->fx.db, jobs[i].id, now, next, &in->fx.err));
		td_ok(&in->fx, db_commit(in->fx.db, &in->fx.err));
	}
	arena_destroy(&arena);
	return number(in, "SELECT count(*) FROM outbox WHERE kind = 'item'");
}

static const char *
last_item_mail(struct inbox *in)
{
	return text_of(in,
	    "SELECT CAST(bytes AS TEXT) FROM outbox WHERE kind = 'item' ORDER BY id DESC LIMIT 1");
}

static void
has(struct inbox *in, const char *want)
{
	if (strstr(last_item_mail(in), want) == NULL)
		fail_msg("no \"%s\" in: %s", want, last_item_mail(in));
}

static void
test_comments(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	make_task(&in, "Fix login");
	line(&in, NULL, (struct reading_command){.verb = "take", ONE});
	assert_int_equal(mails(&in, MONDAY_NOON), 0); /* what one does oneself is no news */
	comment(&in, "ben@example.org", "the first words");
	comment(&in, "chi@example.org", "and more words");
	comment(&in, "ana@example.org", "my own");
	assert_int_equal(mails(&in, MONDAY_NOON), 1);
	has(&in, "To: \"Ana Lima\"");
	has(&in, "Subject: [#1] Fix login");
	has(&in, "References: <item-1.platform@example.org>");
	has(&in, "List-Id: \"Platform items\"");
	has(&in, "Ben Okri wrote:");
	has(&in, "and more words");
	assert_null(strstr(last_item_mail(&in), "my own"));
	assert_int_equal(mails(&in, MONDAY_NOON), 1); /* told once */
	/* a reply to it is a comment on the item */
	take(&in, &(struct letter){.from = "ana@example.org", .subject = "Re: [#1]",
	    .text = "a reply", .reply_to = text_of(&in,
	    "SELECT mid FROM outbox WHERE kind = 'item'"),
	    .at = MONDAY_NOON});
	assert_int_equal(number(&in, "SELECT count(*) FROM comment WHERE item_id = 1"), 4);
	fixture_close(&in.fx);
}

static void
test_watchers_and_hours(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	make_task(&in, "Fix login");
	line(&in, NULL, (struct reading_command){.verb = "watch", ONE, .people = ben,
	    .n_people = 1});
	line(&in, NULL, (struct reading_command){.verb = "assign", ONE, .people = chi,
	    .n_people = 1});
	comment(&in, "ana@example.org", "for both");
	/* 21:00 in Tokyo, 07:00 in Lima: nobody is at work */
	assert_int_equal(mails(&in, MONDAY_NOON), 0);
	assert_int_equal(number(&in, "SELECT due_at FROM job WHERE dedupe_key = 'news:1:3'"),
	    MONDAY_NOON + 2 * 3600);
	assert_int_equal(mails(&in, MONDAY_NOON + 2 * 3600), 1);
	has(&in, "Ana Lima gave #1 to you.");
	has(&in, "for both");
	assert_int_equal(number(&in, "SELECT due_at FROM job WHERE dedupe_key = 'news:1:2'"),
	    MONDAY_NOON + 12 * 3600);
	assert_int_equal(mails(&in, MONDAY_NOON + 12 * 3600), 2);
	has(&in, "To: \"Ben Okri\"");
	has(&in, "you watch #1");
	fixture_close(&in.fx);
}

/* Whoever had it is told that it went; who gives their own away is not, nor who leaves it. */
static void
test_moved(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	make_task(&in, "Fix login");
	line(&in, NULL, (struct reading_command){.verb = "take", ONE});
	line(&in, "ben@example.org", (struct reading_command){.verb = "take", ONE});
	assert_int_equal(mails(&in, MONDAY_NOON), 1);
	has(&in, "Ben Okri has taken #1 over; it is not yours any more.");
	has(&in, "You get this because #1 was yours until now.");
	assert_null(strstr(last_mail(&in), "/unwatch"));
	line(&in, "ben@example.org", (struct reading_command){.verb = "assign", ONE, .people = ana,
	    .n_people = 1});
	assert_int_equal(mails(&in, MONDAY_NOON), 2);
	has(&in, "Ben Okri gave #1 to you.");
	line(&in, NULL, (struct reading_command){.verb = "assign", ONE, .people = ben,
	    .n_people = 1});
	line(&in, NULL, (struct reading_command){.verb = "assign", ONE, .people = chi,
	    .n_people = 1});
	assert_int_equal(mails(&in, MONDAY_NOON + 2 * 3600), 3); /* Chi's */
	assert_int_equal(mails(&in, MONDAY_NOON + 12 * 3600), 4); /* Ben's */
	has(&in, "Ana Lima gave #1 to you.");
	has(&in, "Ana Lima gave #1 to Chi Wu; it is not yours any more.");
	fixture_close(&in.fx);
}

/* Closing the last thing that holds an item up tells its owner; the first of two does not. */
static void
test_unblocked(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	for (int i = 1; i <= 3; i++)
		make_task(&in, arena_printf(in.fx.arena, "Task %d", i));
	line(&in, NULL, (struct reading_command){.verb = "assign", .items = two, .n_items = 1,
	    .people = ana, .n_people = 1});
	line(&in, NULL, (struct reading_command){.verb = "depends", .items = two_one, .n_items = 2,
	    .word = "on"});
	line(&in, NULL, (struct reading_command){.verb = "depends", .items = (uint32_t[]){2, 3},
	    .n_items = 2, .word = "on"});
	line(&in, "ben@example.org", (struct reading_command){.verb = "done", ONE});
	assert_int_equal(mails(&in, MONDAY_NOON), 0);
	line(&in, "ben@example.org", (struct reading_command){.verb = "drop",
	    .items = (uint32_t[]){3}, .n_items = 1});
	assert_int_equal(mails(&in, MONDAY_NOON), 1);
	has(&in, "Nothing holds up #2 any more: #3 Task 3 is closed.");
	has(&in, "Subject: [#2] Task 2");
	fixture_close(&in.fx);
}

/* Two items that close in one mail tell once; an undo takes back what was not told yet. */
static void
test_together_and_undone(void **state)
{
	struct inbox in;
	struct reading_command undo = {.verb = "undo", .source = "undo"};

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	for (int i = 1; i <= 2; i++)
		make_task(&in, arena_printf(in.fx.arena, "Task %d", i));
	line(&in, NULL, (struct reading_command){.verb = "take", .items = (uint32_t[]){1, 2},
	    .n_items = 2});
	comment(&in, "ben@example.org", "a mistake");
	undo.word = text_of(&in, "SELECT undo_code FROM message ORDER BY id DESC");
	line(&in, "ben@example.org", undo);
	assert_int_equal(mails(&in, MONDAY_NOON), 0);
	comment(&in, "ben@example.org", "one");
	line(&in, "ben@example.org", (struct reading_command){.verb = "done", .items = two,
	    .n_items = 1, .text = "two"});
	assert_int_equal(mails(&in, MONDAY_NOON), 2); /* a mail an item: each in its thread */
	fixture_close(&in.fx);
}

static int64_t
waiting(struct inbox *in)
{
	return number(in, "SELECT count(*) FROM outbox WHERE kind = 'item' AND state = 'queued'");
}

static void
undo_of(struct inbox *in, const char *from, int64_t message)
{
	struct reading_command undo = {.verb = "undo", .source = "undo"};

	undo.word = text_of(in, arena_printf(in->fx.arena,
	    "SELECT undo_code FROM message WHERE id = %lld", (long long)message));
	line(in, from, undo);
}

/* The mail names the code of what it tells; an undo calls back a mail that has not gone, and what
 * else stood in it goes in another. */
static void
test_called_back(void **state)
{
	struct inbox in;
	int64_t first, second;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	make_task(&in, "Fix login");
	line(&in, NULL, (struct reading_command){.verb = "take", ONE});
	comment(&in, "ben@example.org", "a mistake");
	first = in.result.message_id;
	comment(&in, "ben@example.org", "well said");
	second = in.result.message_id;
	assert_int_equal(mails(&in, MONDAY_NOON), 1);
	has(&in,
	    text_of(&in, "SELECT 'Ben Okri or a lead takes it back with \"/undo ' || undo_code "
	    "|| '\"' FROM message WHERE subject = '[#1]' ORDER BY id LIMIT 1"));
	undo_of(&in, "ben@example.org", first);
	assert_int_equal(waiting(&in), 0);
	assert_int_equal(mails(&in, MONDAY_NOON), 1);
	has(&in, "well said");
	assert_null(strstr(last_item_mail(&in), "a mistake"));
	/* with the sender already: it goes, and is not told again */
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "UPDATE outbox SET claimed_at = 1", ""));
	undo_of(&in, "ben@example.org", second);
	assert_int_equal(waiting(&in), 1);
	assert_int_equal(mails(&in, MONDAY_NOON), 1);
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "UPDATE outbox SET state = 'sent'", ""));
	comment(&in, "ben@example.org", "more");
	assert_int_equal(mails(&in, MONDAY_NOON), 2);
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "UPDATE outbox SET state = 'sent'", ""));
	comment(&in, "ben@example.org", "and more");
	assert_int_equal(mails(&in, MONDAY_NOON), 3);
	/* what was sent is kept no longer than until the next */
	assert_int_equal(number(&in, "SELECT count(*) FROM news"), 1);
	fixture_close(&in.fx);
}

/* The task itself is taken back: the mail that gave it to somebody does not go. */
static void
test_task_called_back(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	take(&in, &(struct letter){.from = "ben@example.org", .subject = "t",
	    .target = {.kind = KIND_TASK}, .fields = {.title = "t", .owners = ana, .n_owners = 1},
	    .at = MONDAY_NOON});
	assert_int_equal(mails(&in, MONDAY_NOON), 1);
	undo_of(&in, "ben@example.org", in.result.message_id);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 0);
	assert_int_equal(mails(&in, MONDAY_NOON), 0);
	fixture_close(&in.fx);
}

static size_t
needs(struct inbox *in, int64_t now)
{
	struct gather_request request = {.team_id = in->fx.team.id, .person_id = in->fx.ana.id,
	    .now = now};
	struct compose_common common = {0};
	struct compose_digest digest = {0};

	td_ok(&in->fx, gather_digest(in->fx.db, in->fx.arena, &request, &common, &digest,
	    &in->fx.err));
	return digest.n_needs;
}

static void
test_snooze(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	make_task(&in, "Fix login");
	line(&in, NULL, (struct reading_command){.verb = "take", ONE});
	line(&in, NULL, (struct reading_command){.verb = "block", ONE, .text = "no quota"});
	assert_int_equal(needs(&in, MONDAY_NOON), 1);
	line(&in, NULL, (struct reading_command){.verb = "snooze", ONE, .seconds = 86400,
	    .has_seconds = true});
	/* a day is until the next morning's digest, not until noon */
	assert_int_equal(item_snoozed_until(item_numbered(&in, 1), 1), MONDAY_NOON + 12 * 3600);
	assert_int_equal(needs(&in, MONDAY_NOON + 3600), 0);
	assert_int_equal(needs(&in, MONDAY_NOON + 20 * 3600), 1);
	line(&in, NULL, (struct reading_command){.verb = "snooze", ONE, .seconds = 7200,
	    .has_seconds = true});
	assert_int_equal(item_snoozed_until(item_numbered(&in, 1), 1), MONDAY_NOON + 7200);
	fixture_close(&in.fx);
}

/* It is each person's own: what one leaves out of their digest stands in another's, and each takes
 * back their own alone. */
static void
test_snooze_own(void **state)
{
	struct inbox in;
	struct reading_command week = {.verb = "snooze", ONE, .seconds = 7 * 86400,
	    .has_seconds = true};
	int64_t anas;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	make_task(&in, "Fix login");
	line(&in, NULL, (struct reading_command){.verb = "take", ONE});
	line(&in, NULL, (struct reading_command){.verb = "block", ONE, .text = "no quota"});
	line(&in, "ben@example.org", week);
	assert_int_equal(in.result.outcome, INTAKE_APPLIED);
	assert_int_equal(needs(&in, MONDAY_NOON), 1);
	line(&in, NULL, week);
	anas = in.result.message_id;
	assert_int_equal(needs(&in, MONDAY_NOON), 0);
	line(&in, "ben@example.org", week);
	undo_of(&in, NULL, anas);
	assert_int_equal(needs(&in, MONDAY_NOON), 1);
	line(&in, "ben@example.org", (struct reading_command){.verb = "show", ONE});
	assert_non_null(strstr(last_mail(&in), "Left out of your digest before: 2026-11-30"));
	line(&in, NULL, (struct reading_command){.verb = "show", ONE});
	assert_null(strstr(last_mail(&in), "Left out"));
	fixture_close(&in.fx);
}

/* Who wants to hear of everything reads what was done, be it words alone. */
static void
test_ack_says(void **state)
{
	static struct reading_when at = {.start = 1795816800, .end = 1795816800,
	    .precision = WHEN_MINUTE, .local = "2026-11-27T17:00", .zone = "Europe/Lisbon"};
	struct reading_command due = {.verb = "due", .source = "/due", ONE,
	    .when = &at};
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.fx.ana.ack = "always";
	td_ok(&in.fx, person_update(in.fx.db, &in.fx.ana, &in.fx.err));
	make_task(&in, "T");
	take(&in, &(struct letter){.subject = "update", .text = "I slept",
	    .target = {.kind = KIND_UPDATE}});
	assert_non_null(strstr(last_mail(&in), "Your update of 2026-11-21 is kept."));
	take(&in, &(struct letter){.subject = "[#1]", .text = "a word", .target = {.item = 1}});
	assert_non_null(strstr(last_mail(&in), "Your comment on #1 is kept."));
	take(&in, &(struct letter){.subject = "x", .target = {.kind = KIND_TIME},
	    .commands = &due, .n_commands = 1});
	assert_non_null(strstr(last_mail(&in), "#1 is due 2026-11-27 17:00 (Europe/Lisbon)."));
	assert_null(strstr(last_mail(&in), "is kept"));
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_ack_says),
	    cmocka_unit_test(test_comments),
	    cmocka_unit_test(test_watchers_and_hours), cmocka_unit_test(test_moved),
	    cmocka_unit_test(test_unblocked),
	    cmocka_unit_test(test_together_and_undone), cmocka_unit_test(test_snooze),
	    cmocka_unit_test(test_snooze_own),
	    cmocka_unit_test(test_called_back),
	    cmocka_unit_test(test_task_called_back)};

	return cmocka_run_group_tests_name("news", tests, NULL, NULL);
}
