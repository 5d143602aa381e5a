/* SPDX-License-Identifier: ISC */
/* Tests of /remind: each form, each refusal, each role; when the mail goes, and what it says. */
#include "tests/unit/intake-fixture.h"

#include "daemon/schedule/jobs.h"
#include "daemon/store/reminder.h"

#define DAY 86400
#define FRIDAY (NOON + 5 * DAY + 12 * 3600) /* midnight of 2026-11-27 in Lisbon */
#define TEN(s) s s s s s s s s s s

static struct reading_when friday = {.start = FRIDAY, .end = FRIDAY + DAY,
    .precision = WHEN_DAY, .local = "2026-11-27", .zone = "Europe/Lisbon"};
static struct reading_when saturday = {.start = FRIDAY + DAY, .end = FRIDAY + 2 * DAY,
    .precision = WHEN_DAY, .local = "2026-11-28", .zone = "Europe/Lisbon"};
static struct reading_when night = {.start = FRIDAY + 3 * 3600, .end = FRIDAY + 3 * 3600,
    .precision = WHEN_MINUTE, .local = "2026-11-27T03:00", .zone = "Europe/Lisbon"};
static struct reading_when past = {.start = NOON - 1, .end = NOON - 1,
    .precision = WHEN_MINUTE, .local = "2026-11-21T11:59", .zone = "Europe/Lisbon", .past = true};
static struct reading_when far = {.start = NOON + 6 * 366LL * DAY, .end = NOON + 6 * 366LL * DAY,
    .precision = WHEN_MINUTE, .local = "2032-11-27T11:59", .zone = "Europe/Lisbon"};
static struct reading_when next_week = {.start = NOON - 12 * 3600 + 2 * DAY,
    .end = NOON + 9 * DAY, .precision = WHEN_WEEK, .local = "2026-W48", .zone = "Europe/Lisbon"};

static const struct {
	const char *name, *from;
	struct reading_command cmd;
	const char *refusal; /* NULL: applied */
	int64_t at;
} rows[] = {
    {"a moment at night", NULL, {.verb = "remind", .when = &night, .text = "x"}, NULL,
	FRIDAY + 3 * 3600},
    {"a day: when its work begins", NULL, {.verb = "remind", .when = &friday, .text = "x"}, NULL,
	FRIDAY + 9 * 3600},
    {"a day off: at nine", NULL, {.verb = "remind", .when = &saturday, .text = "x"}, NULL,
	FRIDAY + DAY + 9 * 3600},
    {"a week: its Monday", NULL, {.verb = "remind", .when = &next_week, .text = "x"}, NULL,
	NOON + 2 * DAY - 3 * 3600},
    {"by a member", "ben@example.org", {.verb = "remind", .when = &night, .text = "x"}, NULL,
	FRIDAY + 3 * 3600},
    {"by a guest", "chi@example.org", {.verb = "remind", .when = &night, .text = "x"},
	"needs the role member", 0},
    {"when", NULL, {.verb = "remind", .text = "x"}, "When?", 0},
    {"of what", NULL, {.verb = "remind", .when = &night}, "Of what?", 0},
    {"past", NULL, {.verb = "remind", .when = &past, .text = "x"}, "is past", 0},
    {"too far", NULL, {.verb = "remind", .when = &far, .text = "x"}, "five years", 0},
    {"too long", NULL, {.verb = "remind", .when = &night,
	.text = TEN(TEN(TEN("x"))) "x"}, "1000 bytes at most", 0},
};

static void
line(struct inbox *in, const char *from, struct reading_command cmd, const char *reply_to)
{
	cmd.source = cmd.verb;
	take(in, &(struct letter){.from = from, .subject = "x", .reply_to = reply_to,
	    .target = {.kind = KIND_TIME}, .commands = &cmd, .n_commands = 1});
}

static void
has(struct inbox *in, const char *want)
{
	if (strstr(last_mail(in), want) == NULL)
		fail_msg("no \"%s\" in: %s", want, last_mail(in));
}

static void
run(struct inbox *in, int64_t now)
{
	int64_t next;

	td_ok(&in->fx, jobs_run(in->fx.db, &in->conf, now, &next, &in->fx.err));
}

static int64_t
sent(struct inbox *in)
{
	return number(in, "SELECT count(*) FROM outbox WHERE kind = 'remind'");
}

static void
test_commands(void **state)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct inbox in;

		inbox_open(&in, CONF_TRUST_ENVELOPE);
		line(&in, rows[i].from, rows[i].cmd, NULL);
		if ((number(&in,
		    "SELECT count(*) FROM reminder") == 0) != (rows[i].refusal != NULL))
			fail_msg("%s: %s", rows[i].name, last_mail(&in));
		if (rows[i].refusal != NULL) {
			has(&in, rows[i].refusal);
			assert_int_equal(number(&in,
			    "SELECT count(*) FROM job WHERE kind = 'remind'"),
			    0);
		} else if (number(&in, "SELECT at FROM reminder") != rows[i].at) {
			fail_msg("%s: at %lld", rows[i].name,
			    (long long)number(&in, "SELECT at FROM reminder"));
		}
		fixture_close(&in.fx);
	}
}

/* At its moment, at night and away; once; and not when the person has left. */
static void
test_mail(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	line(&in, NULL, (struct reading_command){.verb = "off", .when = &friday}, NULL);
	line(&in, NULL, (struct reading_command){.verb = "remind", .when = &night,
	    .text = "take the pills"}, NULL);
	line(&in, "ben@example.org", (struct reading_command){.verb = "remind", .when = &night,
	    .text = "I am gone"}, NULL);
	td_ok(&in.fx, member_remove(in.fx.db, in.fx.team.id, in.fx.ben.id, &in.fx.err));
	run(&in, FRIDAY + 3 * 3600 - 1);
	assert_int_equal(sent(&in), 0);
	run(&in, FRIDAY + 3 * 3600);
	assert_int_equal(sent(&in), 1);
	assert_int_equal(number(&in, "SELECT not_before FROM outbox WHERE kind = 'remind'"),
	    FRIDAY + 3 * 3600);
	has(&in, "Subject: Reminder: take the pills");
	has(&in, "List-Id: \"Platform reminders\"");
	has(&in, "To: \"Ana Lima\"");
	run(&in, FRIDAY + 4 * 3600);
	assert_int_equal(sent(&in), 1);
	assert_int_equal(number(&in, "SELECT count(*) FROM job WHERE kind = 'remind'"), 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM reminder WHERE sent_at IS NULL"), 0);
	fixture_close(&in.fx);
}

/* In the thread of an item: the mail stands in it, and a reply is a comment. */
static void
test_thread(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	make_task(&in, "Fix login");
	line(&in, NULL, (struct reading_command){.verb = "remind", .when = &friday,
	    .text = "ask Ben"}, text_of(&in, "SELECT mid FROM outbox"));
	assert_int_equal(number(&in, "SELECT item_id FROM reminder"), 1);
	run(&in, FRIDAY + 9 * 3600);
	has(&in, "References: <item-1.platform@example.org>");
	has(&in, "About #1, Fix login");
	take(&in, &(struct letter){.subject = "Re: Reminder", .text = "did so",
	    .reply_to = text_of(&in, "SELECT mid FROM outbox WHERE kind = 'remind'"),
	    .at = FRIDAY + 10 * 3600});
	assert_string_equal(text_of(&in, "SELECT text FROM comment WHERE item_id = 1"), "did so");
	fixture_close(&in.fx);
}

/* Whoever asks sees their own, the next one first, in their zone. */
static void
test_list(void **state)
{
	struct inbox in;
	const char *mail;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	line(&in, NULL, (struct reading_command){.verb = "remind", .when = &saturday,
	    .text = "second thing"}, NULL);
	line(&in, NULL, (struct reading_command){.verb = "remind", .when = &friday,
	    .text = "first thing"}, NULL);
	line(&in, "ben@example.org", (struct reading_command){.verb = "remind", .when = &friday,
	    .text = "of another"}, NULL);
	line(&in, NULL, (struct reading_command){.verb = "list", .word = "reminders"}, NULL);
	mail = last_mail(&in);
	has(&in, "list reminders: 2");
	has(&in, "2026-11-27 09:00 (Europe/Lisbon): first thing");
	assert_true(strstr(mail, "first thing") < strstr(mail, "second thing"));
	assert_null(strstr(mail, "of another"));
	fixture_close(&in.fx);
}

static void
test_bound(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	for (int i = 0; i < 101; i++)
		line(&in, NULL, (struct reading_command){.verb = "remind", .when = &night,
		    .text = "x"}, NULL);
	has(&in, "100 reminders that wait");
	assert_int_equal(number(&in, "SELECT count(*) FROM reminder"), 100);
	fixture_close(&in.fx);
}

/* Before it went it can be taken back, afterwards not. */
static void
test_undo(void **state)
{
	struct inbox in;
	const char *first, *second;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	line(&in, NULL, (struct reading_command){.verb = "remind", .when = &night, .text = "x"},
	    NULL);
	first = text_of(&in, "SELECT undo_code FROM message ORDER BY id DESC");
	line(&in, NULL, (struct reading_command){.verb = "undo", .word = first}, NULL);
	run(&in, FRIDAY + DAY);
	assert_int_equal(sent(&in), 0);
	line(&in, NULL, (struct reading_command){.verb = "remind", .when = &night, .text = "x"},
	    NULL);
	second = text_of(&in, "SELECT undo_code FROM message ORDER BY id DESC");
	run(&in, FRIDAY + DAY);
	line(&in, NULL, (struct reading_command){.verb = "undo", .word = second}, NULL);
	has(&in, "the reminder went out on");
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_mail), cmocka_unit_test(test_thread),
	    cmocka_unit_test(test_list), cmocka_unit_test(test_bound),
	    cmocka_unit_test(test_undo)};

	return cmocka_run_group_tests_name("remind", tests, NULL, NULL);
}
