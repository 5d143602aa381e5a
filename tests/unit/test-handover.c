/* SPDX-License-Identifier: ISC */
/*
 * Tests of handovers: each form, refusal and role; who owns what when; what the mails say, when
 * they go and when they stop; answers to all of it, to one item, and by other lines.
 */
#include "tests/unit/intake-fixture.h"

#include "daemon/intake/news.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/absence.h"

#define HOUR 3600
#define DAY 86400
#define MONDAY_NOON (NOON + 2 * DAY) /* in Lisbon; 21:00 in Tokyo */
#define BENS_MORNING (MONDAY_NOON + 12 * HOUR) /* Tuesday 09:00 in Tokyo */

static uint32_t one[] = {1}, two[] = {2}, both[] = {1, 2}, done[] = {3}, none_such[] = {99};
static const char *ana[] = {"ana"}, *ben[] = {"ben"}, *chi[] = {"chi"}, *eve[] = {"eve"};
static const char *ben_dev[] = {"ben", "dev"};

#define TO_BEN .people = ben, .n_people = 1

static void
line(struct inbox *in, const char *from, struct reading_command cmd, const char *reply_to,
    int64_t at)
{
	cmd.source = cmd.verb;
	take(in, &(struct letter){.from = from, .subject = "x", .reply_to = reply_to,
	    .target = {.kind = KIND_TIME}, .commands = &cmd, .n_commands = 1, .at = at});
}

static void
open_scene(struct inbox *in)
{
	struct person dev;

	inbox_open(in, CONF_TRUST_ENVELOPE);
	in->conf.limits.acks_per_day = 1000;
	fixture_person(&in->fx, &dev, "dev@example.org", "Dev Patel", "Europe/Lisbon", ROLE_MEMBER);
	for (int i = 1; i <= 3; i++)
		make_task(in, arena_printf(in->fx.arena, "Task %d", i));
	line(in, NULL, (struct reading_command){.verb = "take", .items = both, .n_items = 2}, NULL,
	    NOON);
	line(in, NULL, (struct reading_command){.verb = "done", .items = done, .n_items = 1}, NULL,
	    NOON);
	jobs_register("news", news_job);
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

static int64_t
asked(struct inbox *in)
{
	return number(in, "SELECT count(*) FROM outbox WHERE dedupe_key LIKE 'handover:%'");
}

static int64_t
owner(struct inbox *in, uint32_t n)
{
	struct item *item = item_numbered(in, n);

	return item->n_owners == 1 ? item->owners[0] : 0;
}

static const struct {
	const char *name, *from;
	struct reading_command cmd;
	const char *refusal; /* NULL: all of it applied */
	int64_t items;       /* handed over */
} rows[] = {
    {"one item", NULL, {.verb = "handover", .items = one, .n_items = 1, TO_BEN}, NULL, 1},
    {"two items and a note", NULL, {.verb = "handover", .items = both, .n_items = 2, TO_BEN,
	.text = "the rest is in the wiki"}, NULL, 2},
    {"the same twice", NULL, {.verb = "handover", .items = (uint32_t[]){1, 1}, .n_items = 2,
	TO_BEN}, NULL, 1},
    {"somebody else's", "dev@example.org", {.verb = "handover", .items = one, .n_items = 1,
	TO_BEN}, "belongs to Ana Lima: handing it over", 0},
    {"by a guest", "chi@example.org", {.verb = "handover", .items = one, .n_items = 1, TO_BEN},
	"needs the role member", 0},
    {"to nobody", NULL, {.verb = "handover", .items = one, .n_items = 1}, "To whom?", 0},
    {"to two", NULL, {.verb = "handover", .items = one, .n_items = 1, .people = ben_dev,
	.n_people = 2}, "each item has one owner", 0},
    {"to oneself", NULL, {.verb = "handover", .items = one, .n_items = 1, .people = ana,
	.n_people = 1}, "becomes yours with /take", 0},
    {"to a guest", NULL, {.verb = "handover", .items = one, .n_items = 1, .people = chi,
	.n_people = 1}, "Chi Wu is a guest", 0},
    {"to a stranger", NULL, {.verb = "handover", .items = one, .n_items = 1, .people = eve,
	.n_people = 1}, "nobody in the team", 0},
    {"of nothing", NULL, {.verb = "handover", TO_BEN}, "Which items?", 0},
    {"of what is done", NULL, {.verb = "handover", .items = done, .n_items = 1, TO_BEN},
	"#3 is done", 0},
    {"of what is not there", NULL, {.verb = "handover", .items = none_such, .n_items = 1, TO_BEN},
	"no #99", 0},
    {"of some that can and one that cannot", NULL, {.verb = "handover",
	.items = (uint32_t[]){1, 3, 2}, .n_items = 3, TO_BEN}, "#3 is done", 2},
};

static void
test_commands(void **state)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct inbox in;

		open_scene(&in);
		line(&in, rows[i].from, rows[i].cmd, NULL, NOON);
		if (number(&in, "SELECT count(*) FROM handover_item") != rows[i].items)
			fail_msg("%s: %s", rows[i].name, last_of(&in, "1 = 1"));
		if (rows[i].refusal != NULL)
			has(&in, "kind = 'error'", rows[i].refusal);
		/* nothing changes hands yet */
		assert_int_equal(owner(&in, 1), 1);
		fixture_close(&in.fx);
	}
}

static void
hand_over(struct inbox *in)
{
	static struct section_entry next_lines[] = {{.line = 2, .text = "ring the vendor #1",
	    .items = one, .n_items = 1}};
	static struct reading_section sections[] = {{SECTION_NEXT, next_lines, 1}};
	struct reading_command cmd = {.verb = "handover", .source = "handover", .items = both,
	    .n_items = 2, TO_BEN, .text = "the rest is in the wiki"};

	take(in, &(struct letter){.subject = "x", .target = {.kind = KIND_UPDATE},
	    .commands = &cmd, .n_commands = 1, .sections = sections, .n_sections = 1,
	    .at = MONDAY_NOON});
	run_due(in, MONDAY_NOON);
	assert_int_equal(asked(in), 0); /* night in Tokyo */
	run_due(in, BENS_MORNING);
	assert_int_equal(asked(in), 1);
}

/* State, next action and owner of each; accepted by a reply without numbers. */
static void
test_accept(void **state)
{
	struct inbox in;

	open_scene(&in);
	line(&in, "dev@example.org", (struct reading_command){.verb = "block", .items = two,
	    .n_items = 1, .text = "no quota"}, NULL, NOON);
	hand_over(&in);
	has(&in, "kind = 'handover'", "To: \"Ben Okri\"");
	has(&in, "kind = 'handover'", "Subject: Ana Lima hands over #1, #2 to you");
	has(&in, "kind = 'handover'", "the rest is in the wiki");
	has(&in, "kind = 'handover'", "Next: ring the vendor #1");
	has(&in, "kind = 'handover'", "State: blocked: no quota");
	has(&in, "kind = 'handover'", "Next: nothing is written");
	has(&in, "kind = 'handover'", "Owner: Ana Lima");
	line(&in, "ben@example.org", (struct reading_command){.verb = "agree"},
	    text_of(&in, "SELECT mid FROM outbox WHERE kind = 'handover'"), BENS_MORNING);
	assert_int_equal(owner(&in, 1), 2);
	assert_int_equal(owner(&in, 2), 2);
	assert_int_equal(number(&in, "SELECT count(*) FROM handover_item WHERE state = 'accepted'"),
	    2);
	run_due(&in, BENS_MORNING + 9 * HOUR);
	has(&in, "kind = 'item' AND rcpt = 'ana@example.org'", "Ben Okri has taken over #2.");
	for (int i = 0; i < 20; i++)
		run_due(&in, BENS_MORNING + i * DAY);
	assert_int_equal(asked(&in), 1);
	assert_int_equal(number(&in, "SELECT count(*) FROM job WHERE kind = 'handover'"), 0);
	line(&in, NULL, (struct reading_command){.verb = "show", .items = one, .n_items = 1}, NULL,
	    MONDAY_NOON);
	has(&in, "kind = 'answer'", "Handover: Ana Lima to Ben Okri, 2026-11-23 12:00");
	fixture_close(&in.fx);
}

/* One is accepted, one declined; the giver hears why, and the item stays. */
static void
test_one_by_one(void **state)
{
	struct inbox in;

	open_scene(&in);
	hand_over(&in);
	line(&in, "ben@example.org", (struct reading_command){.verb = "object", .items = two,
	    .n_items = 1, .text = "no time"}, NULL, BENS_MORNING);
	run_due(&in, BENS_MORNING + DAY);
	assert_int_equal(asked(&in), 2); /* about the other one */
	assert_null(strstr(last_of(&in, "kind = 'handover'"), "About #2"));
	line(&in, "ben@example.org", (struct reading_command){.verb = "agree", .items = one,
	    .n_items = 1, .text = "gladly"}, NULL, BENS_MORNING + DAY);
	assert_int_equal(owner(&in, 1), 2);
	assert_int_equal(owner(&in, 2), 1);
	assert_string_equal(text_of(&in, "SELECT text FROM comment WHERE item_id = 1"), "gladly");
	run_due(&in, BENS_MORNING + DAY + 9 * HOUR);
	has(&in, "kind = 'item' AND CAST(bytes AS TEXT) LIKE '%#2%'", "does not take over #2");
	has(&in, "kind = 'item' AND CAST(bytes AS TEXT) LIKE '%#2%'", "no time");
	run_due(&in, BENS_MORNING + 2 * DAY);
	assert_int_equal(asked(&in), 2);
	/* what was declined can be handed over anew, to another */
	line(&in, NULL, (struct reading_command){.verb = "handover", .items = two, .n_items = 1,
	    .people = (const char *[]){"dev"}, .n_people = 1}, NULL, MONDAY_NOON);
	assert_int_equal(number(&in, "SELECT count(*) FROM handover"), 2);
	fixture_close(&in.fx);
}

/* No answer: three reminders in one thread, on days of work; then the giver hears, once. */
static void
test_no_answer(void **state)
{
	struct inbox in;

	open_scene(&in);
	hand_over(&in);
	for (int i = 1; i <= 3; i++)
		run_due(&in, BENS_MORNING + i * DAY);
	assert_int_equal(asked(&in), 4);
	has(&in, "kind = 'handover'", "since Mon 23 Nov 2026, 21:00 (Asia/Tokyo)");
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'handover' AND "
	    "instr(CAST(bytes AS TEXT), 'References: <' || (SELECT root_mid FROM handover) || '>') "
	    "> 0"),
	    3);
	run_due(&in, BENS_MORNING + 4 * DAY); /* Saturday: nobody is written to */
	assert_int_equal(number(&in, "SELECT told FROM handover"), 0);
	run_due(&in, BENS_MORNING + 6 * DAY + 9 * HOUR);
	has(&in, "kind = 'handover'", "To: \"Ana Lima\"");
	has(&in, "kind = 'handover'", "Ben Okri has not answered");
	for (int i = 7; i < 20; i++)
		run_due(&in, BENS_MORNING + i * DAY);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'handover'"), 5);
	/* late, and still good */
	line(&in, "ben@example.org", (struct reading_command){.verb = "agree", .items = one,
	    .n_items = 1}, NULL, BENS_MORNING + 20 * DAY);
	assert_int_equal(owner(&in, 1), 2);
	fixture_close(&in.fx);
}

/* Any line that makes it the receiver's answers; what is closed is no longer asked about. */
static void
test_other_lines(void **state)
{
	struct inbox in;

	open_scene(&in);
	hand_over(&in);
	line(&in, "ben@example.org", (struct reading_command){.verb = "take", .items = one,
	    .n_items = 1}, NULL, BENS_MORNING);
	assert_string_equal(text_of(&in, "SELECT state FROM handover_item WHERE item_id = 1"),
	    "accepted");
	line(&in, NULL, (struct reading_command){.verb = "done", .items = two, .n_items = 1}, NULL,
	    BENS_MORNING);
	run_due(&in, BENS_MORNING + DAY);
	assert_int_equal(asked(&in), 1);
	fixture_close(&in.fx);
}

static void
test_answers_refused(void **state)
{
	struct inbox in;

	open_scene(&in);
	hand_over(&in);
	/* not by another; a decision's answer is what it says then */
	line(&in, "dev@example.org", (struct reading_command){.verb = "agree", .items = one,
	    .n_items = 1}, NULL, BENS_MORNING);
	assert_int_equal(owner(&in, 1), 1);
	has(&in, "kind = 'error'", "#1 is a task");
	line(&in, "ben@example.org", (struct reading_command){.verb = "agree",
	    .items = (uint32_t[]){1, 3}, .n_items = 2}, NULL, BENS_MORNING);
	has(&in, "kind = 'error'", "#3 is not handed over to you.");
	assert_int_equal(owner(&in, 1), 2);
	/* while one waits there is no second */
	line(&in, NULL, (struct reading_command){.verb = "handover", .items = two, .n_items = 1,
	    .people = (const char *[]){"dev"}, .n_people = 1}, NULL, BENS_MORNING);
	has(&in, "kind = 'error'", "#2 waits for the answer of Ben Okri");
	line(&in, "dev@example.org", (struct reading_command){.verb = "handover", .items = one,
	    .n_items = 1, TO_BEN}, NULL, BENS_MORNING);
	has(&in, "kind = 'error'", "#1 is Ben Okri's already");
	fixture_close(&in.fx);
}

/* Snoozed by the receiver: the next question waits; away: it waits, and the giver is warned. */
static void
test_later(void **state)
{
	struct inbox in;
	struct absence absence = {.person_id = 2, .first_day = "2026-11-23",
	    .last_day = "2026-11-25", .kind = "off", .cover_id = 4, .created_at = NOON};

	open_scene(&in);
	hand_over(&in);
	line(&in, "ben@example.org", (struct reading_command){.verb = "snooze", .items = both,
	    .n_items = 2, .seconds = 2 * DAY, .has_seconds = true}, NULL, BENS_MORNING);
	run_due(&in, BENS_MORNING + DAY);
	assert_int_equal(asked(&in), 1);
	run_due(&in, BENS_MORNING + 2 * DAY);
	assert_int_equal(asked(&in), 2);
	fixture_close(&in.fx);
	open_scene(&in);
	td_ok(&in.fx, absence_add(in.fx.db, &absence, &in.fx.err));
	line(&in, NULL, (struct reading_command){.verb = "handover", .items = one, .n_items = 1,
	    TO_BEN}, NULL, MONDAY_NOON);
	has(&in, "kind = 'ack'", "Ben Okri is away until 2026-11-25, cover: Dev Patel");
	run_due(&in, BENS_MORNING);
	assert_int_equal(asked(&in), 0);
	run_due(&in, BENS_MORNING + 2 * DAY);
	assert_int_equal(asked(&in), 1);
	fixture_close(&in.fx);
}

/* What its giver lost meanwhile is not theirs to give: the question is over, and comes back where
 * the change is taken back. */
static void
test_stale(void **state)
{
	static const char *dev[] = {"dev"};
	struct inbox in;

	open_scene(&in);
	line(&in, NULL, (struct reading_command){.verb = "handover", .items = both, .n_items = 2,
	    TO_BEN}, NULL, MONDAY_NOON);
	line(&in, NULL, (struct reading_command){.verb = "assign", .items = two, .n_items = 1,
	    .people = dev, .n_people = 1}, NULL, MONDAY_NOON);
	line(&in, "ben@example.org", (struct reading_command){.verb = "agree", .items = two,
	    .n_items = 1}, NULL, MONDAY_NOON);
	has(&in, "kind = 'error'", "#2 is not handed over to you any more: it is Dev");
	assert_int_equal(owner(&in, 2), 4);
	assert_string_equal(text_of(&in, "SELECT state FROM handover_item WHERE item_id = 1"),
	    "waiting");
	/* nobody is told of an answer that was not given */
	assert_int_equal(number(&in, "SELECT count(*) FROM news WHERE kind = 'decline'"), 0);
	line(&in, NULL, (struct reading_command){.verb = "undo", .word = text_of(&in,
	    "SELECT undo_code FROM message WHERE from_address = 'ana@example.org' "
	    "AND undo_code IS NOT NULL ORDER BY id DESC")}, NULL, MONDAY_NOON);
	assert_int_equal(owner(&in, 2), 1);
	line(&in, "ben@example.org", (struct reading_command){.verb = "agree", .items = two,
	    .n_items = 1}, NULL, MONDAY_NOON);
	assert_int_equal(owner(&in, 2), 2);
	fixture_close(&in.fx);
}

/* Taken and handed over by one mail: that is its giver's. */
static void
test_taken_and_given(void **state)
{
	struct reading_command lines[] = {
	    {.verb = "take", .source = "take", .items = one, .n_items = 1},
	    {.verb = "handover", .source = "handover", .items = one, .n_items = 1, TO_BEN}};
	struct inbox in;

	open_scene(&in);
	line(&in, NULL, (struct reading_command){.verb = "unassign", .items = one, .n_items = 1},
	    NULL, MONDAY_NOON);
	take(&in, &(struct letter){.from = "dev@example.org", .subject = "x",
	    .target = {.kind = KIND_TIME}, .commands = lines, .n_commands = 2});
	line(&in, "ben@example.org", (struct reading_command){.verb = "agree", .items = one,
	    .n_items = 1}, NULL, MONDAY_NOON);
	assert_int_equal(owner(&in, 1), 2);
	fixture_close(&in.fx);
}

/* Who has left cannot answer: the giver hears at once. */
static void
test_left(void **state)
{
	struct inbox in;

	open_scene(&in);
	line(&in, NULL, (struct reading_command){.verb = "handover", .items = one, .n_items = 1,
	    TO_BEN}, NULL, MONDAY_NOON);
	td_ok(&in.fx, member_remove(in.fx.db, in.fx.team.id, 2, &in.fx.err));
	run_due(&in, MONDAY_NOON + 1);
	has(&in, "kind = 'handover'", "Ben Okri has not answered");
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'handover'"), 1);
	fixture_close(&in.fx);
}

/* Before an answer it goes without a trace, and so does mail that waits; after it, it stays. */
static void
test_undo(void **state)
{
	struct inbox in;
	const char *code;

	open_scene(&in);
	hand_over(&in);
	code = text_of(&in, "SELECT undo_code FROM message ORDER BY id DESC");
	line(&in, NULL, (struct reading_command){.verb = "undo", .word = code}, NULL, BENS_MORNING);
	assert_int_equal(asked(&in), 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM handover"), 0);
	line(&in, "ben@example.org", (struct reading_command){.verb = "agree", .items = one,
	    .n_items = 1}, NULL, BENS_MORNING);
	assert_int_equal(owner(&in, 1), 1);
	line(&in, NULL, (struct reading_command){.verb = "handover", .items = one, .n_items = 1,
	    TO_BEN}, NULL, BENS_MORNING);
	code = text_of(&in, "SELECT undo_code FROM message ORDER BY id DESC");
	line(&in, "ben@example.org", (struct reading_command){.verb = "agree", .items = one,
	    .n_items = 1}, NULL, BENS_MORNING);
	line(&in, NULL, (struct reading_command){.verb = "undo", .word = code}, NULL, BENS_MORNING);
	has(&in, "kind = 'error'", "Ben Okri has answered");
	line(&in, "ben@example.org", (struct reading_command){.verb = "undo", .word = text_of(&in,
	    "SELECT undo_code FROM message WHERE from_address = 'ben@example.org' "
	    "AND undo_code IS NOT NULL ORDER BY id DESC")}, NULL, BENS_MORNING);
	assert_int_equal(owner(&in, 1), 1);
	assert_string_equal(text_of(&in, "SELECT state FROM handover_item"), "waiting");
	run_due(&in, BENS_MORNING + DAY); /* asked again: the answer was taken back */
	assert_int_equal(asked(&in), 1);
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_accept), cmocka_unit_test(test_one_by_one),
	    cmocka_unit_test(test_no_answer), cmocka_unit_test(test_other_lines),
	    cmocka_unit_test(test_answers_refused), cmocka_unit_test(test_later),
	    cmocka_unit_test(test_stale), cmocka_unit_test(test_taken_and_given),
	    cmocka_unit_test(test_left), cmocka_unit_test(test_undo)};

	return cmocka_run_group_tests_name("handover", tests, NULL, NULL);
}
