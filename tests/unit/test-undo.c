/* SPDX-License-Identifier: ISC */
/*
 * Tests of undo: after each mail that changes something, its code restores the state before it,
 * byte for byte of the exported work; and each refusal.
 */
#include "tests/unit/export-work.h"

static uint32_t one[] = {1}, two[] = {2}, one_two[] = {1, 2};
static uint32_t five[] = {5}, six[] = {6};
static const char *a_b[] = {"a", "b"};
static struct reading_when today_late = {.start = NOON + 20000, .end = NOON + 20000,
    .precision = WHEN_MINUTE, .local = "2026-11-21T17:33", .zone = "Europe/Lisbon"};
static struct reading_when last_week = {.start = NOON - 9 * 86400 - 43200,
    .end = NOON - 8 * 86400 - 43200, .precision = WHEN_DAY, .local = "2026-11-12",
    .zone = "Europe/Lisbon"};
static const char *ben[] = {"ben"}, *ben_ana[] = {"ben", "ana"}, *chi[] = {"chi"};
static const char *dev[] = {"dev@example.org"};
static const char *bug[] = {"bug"}, *old[] = {"old"};
static struct reading_when friday = {.start = 1795816800, .end = 1795903200,
    .precision = WHEN_DAY, .local = "2026-11-27", .zone = "Europe/Lisbon"};
static struct reading_when today = {.start = NOON - 43200, .end = NOON + 43200,
    .precision = WHEN_DAY, .local = "2026-11-21", .zone = "Europe/Lisbon"};
static struct section_entry done_lines[] = {
    {.line = 2, .text = "wrote it #1", .items = one, .n_items = 1, .seconds = 3600,
	.has_seconds = true},
    {.line = 3, .text = "closed #2", .items = two, .n_items = 1, .closes = true}};
static struct section_entry next_lines[] = {{.line = 5, .text = "the next thing"}};
static struct reading_section sections[] = {{SECTION_DONE, done_lines, 2},
    {SECTION_NEXT, next_lines, 1}};

#define ONE .items = one, .n_items = 1
#define DO(...) {.commands = (struct reading_command[]){__VA_ARGS__},                              \
	.n_commands = sizeof((struct reading_command[]){__VA_ARGS__}) /                            \
	    sizeof(struct reading_command)}

/* Each is taken, undone and compared, one after the other, in a store that has been worked in. */
static const struct {
	const char *name;
	struct letter mail;
} rows[] = {
    {"done with a comment", DO({.verb = "done", ONE, .text = "at last"})},
    {"drop", DO({.verb = "drop", ONE, .text = "no use"})},
    {"reopen", DO({.verb = "reopen", .items = (uint32_t[]){3}, .n_items = 1})},
    {"start, on top of another timer", DO({.verb = "start", ONE})},
    {"stop", DO({.verb = "stop"})},
    {"take", DO({.verb = "take", ONE})},
    {"assign to two", DO({.verb = "assign", ONE, .people = ben_ana, .n_people = 2})},
    {"unassign", DO({.verb = "unassign", ONE})},
    {"due", DO({.verb = "due", ONE, .when = &friday})},
    {"due none", DO({.verb = "due", ONE, .none = true})},
    {"priority", DO({.verb = "priority", ONE, .priority = PRIORITY_P2})},
    {"tags", DO({.verb = "tag", ONE, .tags = bug, .n_tags = 1, .tags_off = old, .n_tags_off = 1})},
    {"project", DO({.verb = "project", ONE, .project = "web"})},
    {"title", DO({.verb = "title", ONE, .text = "Another \"title\""})},
    {"estimate", DO({.verb = "estimate", ONE, .seconds = 7200, .has_seconds = true})},
    {"depends", DO({.verb = "depends", .items = one_two, .n_items = 2, .word = "on"})},
    {"block on an item", DO({.verb = "block", .items = one_two, .n_items = 2, .word = "on",
	.text = "broken"})},
    {"unblock", DO({.verb = "unblock", .items = (uint32_t[]){4}, .n_items = 1, .text = "now"})},
    {"snooze", DO({.verb = "snooze", ONE, .when = &friday})},
    {"watch", DO({.verb = "watch", ONE, .people = chi, .n_people = 1})},
    {"unwatch", DO({.verb = "unwatch", ONE, .people = ben, .n_people = 1})},
    {"spend", DO({.verb = "spend", ONE, .seconds = 5400, .has_seconds = true, .text = "review"})},
    {"off", DO({.verb = "off", .when = &friday, .word = "holiday", .cover = "ben",
	.text = "sea"})},
    {"back", DO({.verb = "back"})},
    {"digest", DO({.verb = "digest", .word = "weekly mon 09:00"})},
    {"checkin", DO({.verb = "checkin", .word = "15:00"})},
    {"hours", DO({.verb = "hours", .word = "mon-thu 08:00-16:00"})},
    {"hours from a day on", DO({.verb = "hours", .word = "mon-thu 08:00-16:00",
	.when = &friday})},
    {"zone", DO({.verb = "tz", .word = "Asia/Dubai"})},
    {"a journey", DO({.verb = "tz", .word = "Asia/Dubai", .when = &friday})},
    {"a journey that has begun", DO({.verb = "tz", .word = "Asia/Dubai", .when = &today})},
    {"a handover", DO({.verb = "handover", .items = one_two, .n_items = 2, .people = ben,
	.n_people = 1, .text = "all yours"})},
    {"an answer to a handover", {.from = "ben@example.org", .subject = "x",
	.target = {.kind = KIND_TIME}, .commands = (struct reading_command[]){{.verb = "agree",
	    .items = (uint32_t[]){4}, .n_items = 1, .text = "gladly"}}, .n_commands = 1}},
    {"a handover that is declined", {.from = "ben@example.org", .subject = "x",
	.target = {.kind = KIND_TIME}, .commands = (struct reading_command[]){{.verb = "object",
	    .items = (uint32_t[]){4}, .n_items = 1, .text = "no time"}}, .n_commands = 1}},
    {"a call", DO({.verb = "page", .people = ben, .n_people = 1, .text = "help"})},
    {"an urgent task", {.subject = "it burns", .target = {.kind = KIND_URGENT},
	.fields = {.title = "it burns", .owners = ben, .n_owners = 1}}},
    {"a reminder", DO({.verb = "remind", .when = &friday, .text = "call the bank"})},
    {"an invitation", DO({.verb = "invite", .people = dev, .n_people = 1,
	.text = "Dev Patel", .word = "guest"})},
    {"a removal", DO({.verb = "remove", .people = ben, .n_people = 1})},
    {"two settings", DO({.verb = "ack", .word = "errors"}, {.verb = "lang", .word = "de"})},
    {"many lines", DO({.verb = "spend", ONE, .seconds = 60, .has_seconds = true},
	{.verb = "title", ONE, .text = "Third"}, {.verb = "done", .items = one_two, .n_items = 2},
	{.verb = "due", ONE, .when = &friday}, {.verb = "off", .when = &friday})},
    {"a task", {.subject = "new", .text = "its body", .target = {.kind = KIND_TASK},
	.fields = {.title = "new", .owners = ben, .n_owners = 1, .tags = bug, .n_tags = 1,
	    .due = &friday, .depends = two, .n_depends = 1}}},
    {"a task with time and a comment", {.subject = "new", .target = {.kind = KIND_TASK},
	.fields = {.title = "new"}, .commands = (struct reading_command[]){
	    {.verb = "spend", .seconds = 60, .has_seconds = true}, {.verb = "start"},
	    {.verb = "done", .text = "all of it"}}, .n_commands = 3}},
    {"a decision", {.subject = "decide: x", .text = "why\n\n- a\n- b",
	.target = {.kind = KIND_DECIDE}, .fields = {.title = "x", .options = a_b, .n_options = 2,
	    .due = &friday}}},
    {"a decision with an answer", DO({.verb = "decide", .text = "y", .when = &friday},
	{.verb = "agree", .text = "me too"}, {.verb = "due", .when = &today_late})},
    {"a first answer", DO({.verb = "abstain", .items = six, .n_items = 1})},
    {"another answer", DO({.verb = "vote", .items = five, .n_items = 1, .word = "2"})},
    {"an answer, and the end of it", DO({.verb = "agree", .items = five, .n_items = 1},
	{.verb = "resolve", .items = five, .n_items = 1, .word = "a", .text = "it is"})},
    {"nothing today", DO({.verb = "skip"})},
    {"the same as before", DO({.verb = "same"})},
    {"away for today", DO({.verb = "away"})},
    {"an objection", DO({.verb = "object", .items = five, .n_items = 1, .text = "no"})},
    {"spend in a locked week", DO({.verb = "spend", .seconds = -60, .has_seconds = true,
	.people = ben, .n_people = 1, .when = &last_week})},
    {"submit", DO({.verb = "submit", .word = "2026-W47"})},
    {"approve", DO({.verb = "approve", .word = "2026-W45", .people = ben, .n_people = 1})},
    {"reject", DO({.verb = "reject", .word = "2026-W45", .people = ben, .n_people = 1,
	.text = "no"})},
    {"reject what was approved", DO({.verb = "reject", .word = "2026-W46", .people = ben,
	.n_people = 1, .text = "no"})},
    {"resolve", DO({.verb = "resolve", .items = five, .n_items = 1, .word = "a",
	.text = "it is"})},
    {"reopen a decision", DO({.verb = "reopen", .items = (uint32_t[]){7}, .n_items = 1})},
    {"a comment", {.subject = "[#1] x", .text = "my two pence", .target = {.item = 1}}},
    {"fields in a comment", {.subject = "[#1] x", .text = "Priority: high\nTags: bug\n\nhello",
	.target = {.item = 1}, .fields = {.priority = PRIORITY_P2, .tags = bug, .n_tags = 1}}},
    {"fields alone", {.subject = "[#1] x", .text = "Priority: high\nTags: bug\n\n",
	.target = {.item = 1}, .fields = {.priority = PRIORITY_P2, .tags = bug, .n_tags = 1}}},
    {"an update on top of another", {.subject = "x", .text = "more of today",
	.target = {.kind = KIND_UPDATE}}},
    {"an update with sections", {.subject = "x", .target = {.kind = KIND_UPDATE},
	.sections = sections, .n_sections = 2}},
    {"a first update", {.from = "ben@example.org", .subject = "x", .text = "mine",
	.target = {.kind = KIND_UPDATE}}},
};

static struct reading_command *
undo_line(struct inbox *in, const char *code)
{
	struct reading_command *cmd = arena_alloc(in->fx.arena, sizeof *cmd);

	*cmd = (struct reading_command){.line = 1, .verb = "undo", .word = code, .source = "undo"};
	return cmd;
}

/* Undoes with the code, as that person. */
static void
undo(struct inbox *in, const char *from, const char *code)
{
	assert_int_equal(take(in, &(struct letter){.from = from, .subject = "undo",
	    .target = {.kind = KIND_UNDO}, .commands = undo_line(in, code), .n_commands = 1,
	    .at = NOON + 5000}), INTAKE_APPLIED);
}

static const char *
last_code(struct inbox *in)
{
	return text_of(in, "SELECT undo_code FROM message ORDER BY id DESC LIMIT 1");
}

static void
one_line(struct inbox *in, struct reading_command cmd)
{
	take(in, &(struct letter){.subject = "x", .target = {.kind = KIND_TIME}, .commands = &cmd,
	    .n_commands = 1, .at = NOON - 3000});
	assert_string_equal(text_of(in, "SELECT outcome FROM message ORDER BY id DESC LIMIT 1"),
	    "applied");
}

/* Four items in different states, a timer, an absence, an update: things to change. */
static void
work(struct inbox *in)
{
	for (int i = 1; i <= 4; i++)
		make_task(in, arena_printf(in->fx.arena, "Task %d", i));
	for (int i = 5; i <= 7; i++)
		take(in, &(struct letter){.subject = "decide: z", .target = {.kind = KIND_DECIDE},
		    .fields = {.title = "z", .options = a_b, .n_options = 2}});
	take(in, &(struct letter){.subject = "status", .target = {.kind = KIND_UPDATE},
	    .sections = &(struct reading_section){SECTION_NEXT, next_lines, 1}, .n_sections = 1,
	    .at = NOON - 86400});
	one_line(in, (struct reading_command){.verb = "agree", .items = five, .n_items = 1});
	one_line(in, (struct reading_command){.verb = "resolve", .items = (uint32_t[]){7},
	    .n_items = 1, .word = "a", .text = "so"});
	for (int week = 45; week <= 46; week++)
		take(in, &(struct letter){.from = "ben@example.org", .subject = "x",
		    .at = NOON - 3000,
		    .target = {.kind = KIND_TIME}, .n_commands = 1,
		    .commands = &(struct reading_command){.verb = "submit",
			.word = arena_printf(in->fx.arena, "2026-W%d", week)}});
	one_line(in, (struct reading_command){.verb = "approve", .word = "2026-W46", .people = ben,
	    .n_people = 1});
	one_line(in, (struct reading_command){.verb = "tag", ONE, .tags = old, .n_tags = 1});
	one_line(in, (struct reading_command){.verb = "due", ONE, .when = &today});
	one_line(in, (struct reading_command){.verb = "watch", ONE, .people = ben, .n_people = 1});
	one_line(in, (struct reading_command){.verb = "assign", ONE, .people = ben, .n_people = 1});
	one_line(in, (struct reading_command){.verb = "done", .items = (uint32_t[]){3},
	    .n_items = 1});
	one_line(in, (struct reading_command){.verb = "block", .items = (uint32_t[]){4},
	    .n_items = 1, .text = "no quota"});
	one_line(in, (struct reading_command){.verb = "handover", .items = (uint32_t[]){4},
	    .n_items = 1, .people = ben, .n_people = 1});
	one_line(in, (struct reading_command){.verb = "start", .items = two, .n_items = 1});
	one_line(in, (struct reading_command){.verb = "off", .when = &today});
	take(in, &(struct letter){.subject = "x", .text = "early words",
	    .target = {.kind = KIND_UPDATE}, .at = NOON - 3000});
}

static void
test_restores(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 10000;
	work(&in);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *before = export_work(&in), *changed, *after;

		take(&in, &rows[i].mail);
		changed = export_work(&in);
		if (strcmp(before, changed) == 0)
			fail_msg("%s: changed nothing: %s", rows[i].name, last_mail(&in));
		undo(&in, rows[i].mail.from, last_code(&in));
		after = export_work(&in);
		if (strcmp(before, after) != 0)
			fail_msg("%s: not restored: %s\n%s\n%s", rows[i].name, last_mail(&in),
			    before, after);
		assert_non_null(strstr(last_mail(&in), "Taken back:"));
	}
	fixture_close(&in.fx);
}

/* All of them first, then undone from the last to the first, each by who wrote it: they are told
 * nothing of it. */
static void
test_restores_a_day(void **state)
{
	const char *states[sizeof rows / sizeof *rows], *codes[sizeof rows / sizeof *rows];
	const char *writers[sizeof rows / sizeof *rows];
	size_t n = 0;
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 10000;
	work(&in);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		states[n] = export_work(&in);
		take(&in, &rows[i].mail);
		codes[n] = last_code(&in);
		writers[n] = rows[i].mail.from;
		n += strlen(codes[n]) == 8;
	}
	assert_true(n > 25);
	while (n-- > 0) {
		undo(&in, writers[n], codes[n]);
		if (strcmp(states[n], export_work(&in)) != 0)
			fail_msg("%zu from the start: not restored: %s", n, last_mail(&in));
	}
	fixture_close(&in.fx);
}

static const char *
code_of(struct inbox *in, struct letter mail)
{
	take(in, &mail);
	assert_int_equal(strlen(last_code(in)), 8);
	return last_code(in);
}

static void
refused(struct inbox *in, const char *from, const char *code, const char *why)
{
	const char *before = export_work(in);
	int64_t n = number(in, "SELECT count(*) FROM event");

	undo(in, from, code);
	assert_string_equal(before, export_work(in));
	assert_int_equal(n, number(in, "SELECT count(*) FROM event"));
	if (strstr(last_mail(in), why) == NULL)
		fail_msg("no \"%s\" in: %s", why, last_mail(in));
}

static struct letter
by_ben(struct reading_command *cmd)
{
	return (struct letter){.from = "ben@example.org", .subject = "x",
	    .target = {.kind = KIND_TIME}, .commands = cmd, .n_commands = 1};
}

static void
test_refusals(void **state)
{
	struct inbox in;
	const char *task, *due, *title, *start;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 10000;
	task = code_of(&in, (struct letter){.from = "ben@example.org", .subject = "t", .text = "b",
	    .target = {.kind = KIND_TASK}, .fields = {.title = "t"}});
	refused(&in, "ana@example.org", "ABCDEFGH", "There is no mail with the code");
	refused(&in, "chi@example.org", task, "taking it back needs");
	due = code_of(&in, by_ben(&(struct reading_command){.verb = "due", ONE, .when = &today}));
	refused(&in, "ben@example.org", task, "#1 was changed again by");
	title = code_of(&in, by_ben(&(struct reading_command){.verb = "title", ONE,
	    .text = "u"}));
	code_of(&in, by_ben(&(struct reading_command){.verb = "due", ONE, .when = &friday}));
	refused(&in, "ben@example.org", due, "#1 was changed again");
	undo(&in, "ben@example.org", title); /* another field: nothing depends on it */
	assert_string_equal(item_numbered(&in, 1)->title, "t");
	refused(&in, "ben@example.org", title, "was taken back before");
	start = code_of(&in, by_ben(&(struct reading_command){.verb = "start", ONE}));
	code_of(&in, by_ben(&(struct reading_command){.verb = "stop"}));
	refused(&in, "ben@example.org", start, "the timer was stopped");
	fixture_close(&in.fx);
}

/* A timer that was forgotten is stopped and nothing is logged: an error, and yet a change. */
static void
test_forgotten_timer(void **state)
{
	struct inbox in;
	const char *before, *code;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	make_task(&in, "t");
	code_of(&in, by_ben(&(struct reading_command){.verb = "start", ONE}));
	before = export_work(&in);
	code = code_of(&in, (struct letter){.from = "ben@example.org", .subject = "x",
	    .target = {.kind = KIND_TIME}, .commands = &(struct reading_command){.verb = "stop"},
	    .n_commands = 1, .at = NOON + 20 * 3600});
	assert_int_equal(number(&in, "SELECT count(*) FROM timer"), 0);
	undo(&in, "ben@example.org", code);
	assert_string_equal(before, export_work(&in));
	fixture_close(&in.fx);
}

/* What was taken back itself is no hindrance, and an undo has no code. */
static void
test_chain(void **state)
{
	struct inbox in;
	const char *first, *task, *second, *before;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	before = export_work(&in);
	task = code_of(&in, (struct letter){.from = "ben@example.org", .subject = "t", .text = "b",
	    .target = {.kind = KIND_TASK}, .fields = {.title = "t"}});
	first = code_of(&in, by_ben(&(struct reading_command){.verb = "due", ONE,
	    .when = &today}));
	second = code_of(&in, by_ben(&(struct reading_command){.verb = "due", ONE,
	    .when = &friday}));
	undo(&in, "ana@example.org", second); /* a lead may */
	assert_string_equal(last_code(&in), "");
	assert_string_equal(item_numbered(&in, 1)->due_day, "2026-11-21");
	undo(&in, "ben@example.org", first);
	assert_null(item_numbered(&in, 1)->due_day);
	undo(&in, "ben@example.org", task);
	assert_string_equal(before, export_work(&in));
	assert_int_equal(number(&in, "SELECT count(*) FROM event WHERE verb = 'undo'"), 3);
	fixture_close(&in.fx);
}

/* A bare "undo CODE" in reply to the acknowledgement of a task, in a team where mail makes
 * tasks: the task goes, and none comes. */
static void
test_reply(void **state)
{
	struct inbox in;
	const char *before, *code;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.fx.team.default_kind = "task";
	td_ok(&in.fx, team_update(in.fx.db, &in.fx.team, &in.fx.err));
	before = export_work(&in);
	code = code_of(&in, (struct letter){.subject = "t", .target = {.kind = KIND_TASK},
	    .fields = {.title = "t"}});
	take(&in, &(struct letter){.subject = "Re: t", .text = "undo it",
	    .reply_to = text_of(&in, "SELECT mid FROM outbox"), .target = {.kind = KIND_TASK},
	    .fields = {.title = "t"}, .commands = undo_line(&in, code), .n_commands = 1});
	assert_string_equal(before, export_work(&in));
	fixture_close(&in.fx);
}

/* What two mails of a day say stays for as long as one of them stands, whichever goes first, and is
 * found. */
static void
test_said_twice(void **state)
{
	struct section_entry lines[] = {{.line = 2, .text = "write the report"},
	    {.line = 3, .text = "read mails"}};
	struct reading_section first = {SECTION_NEXT, lines, 1}, second = {SECTION_NEXT, lines, 2};
	const struct letter a = {.subject = "x", .target = {.kind = KIND_UPDATE},
	    .sections = &first, .n_sections = 1}, b = {.subject = "y",
	    .target = {.kind = KIND_UPDATE}, .sections = &second, .n_sections = 1};
	const struct { const char *name; const struct letter *one, *two; bool code; } cases[] = {
	    {"more in the second", &a, &b, true}, {"the same again", &a, &a, false},
	    {"less in the second", &b, &a, false}};
	const char *const found = "SELECT count(*) FROM search WHERE text MATCH 'report'";

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (int order = 0; order < (cases[i].code ? 2 : 1); order++) {
			struct inbox in;
			const char *codes[2], *before;

			inbox_open(&in, CONF_TRUST_ENVELOPE);
			before = export_work(&in);
			codes[0] = code_of(&in, *cases[i].one);
			take(&in, cases[i].two);
			codes[1] = last_code(&in);
			assert_int_equal(strlen(codes[1]), cases[i].code ? 8 : 0);
			undo(&in, "ana@example.org", codes[order]);
			if (number(&in, "SELECT count(*) FROM update_line "
			    "WHERE text = 'write the report'") != 1 || number(&in, found) != 1)
				fail_msg("%s: what stands is gone", cases[i].name);
			if (cases[i].code) {
				undo(&in, "ana@example.org", codes[1 - order]);
				assert_string_equal(before, export_work(&in));
			}
			fixture_close(&in.fx);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_restores),
	    cmocka_unit_test(test_restores_a_day), cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_forgotten_timer), cmocka_unit_test(test_chain),
	    cmocka_unit_test(test_reply), cmocka_unit_test(test_said_twice)};

	return cmocka_run_group_tests_name("undo", tests, NULL, NULL);
}
