/* SPDX-License-Identifier: ISC */
/*
 * Tests of task forms: which answers become which fields, what stays as text, that nothing in one
 * is a command; whom it may come from, and how many.
 */
#include "tests/unit/intake-fixture.h"

#include "daemon/intake/form.h"

#define FROM "forms@example.net"

static struct conf_form forms[] = {{.name = "requests", .from = "Forms@Example.net",
    .as = "ana@example.org", .title = "What do you need?", .owner = "Who", .due = "Needed by",
    .priority = "How urgent", .project = "Project:", .tags = "Tags"}};

static void
open_scene(struct inbox *in, enum conf_trust_mode mode)
{
	inbox_open(in, mode);
	in->conf.forms = forms;
	in->conf.n_forms = 1;
}

static enum intake_outcome
fill_in(struct inbox *in, const char *text)
{
	return take(in, &(struct letter){.from = FROM, .subject = "New request", .text = text,
	    .auto_kind = AUTO_OTHER});
}

static const struct {
	const char *name, *text;
	const char *want; /* in the JSON of #1 */
} rows[] = {
    {"a title", "What do you need?: New disks\n", "\"title\":\"New disks\""},
    {"without a colon", "What do you need? New disks\n", "\"title\":\"New disks\""},
    {"in other case", "WHAT DO YOU NEED? New disks", "\"title\":\"New disks\""},
    {"below its question", "What do you need?\n\n  New disks\nNeeded by: x",
        "\"title\":\"New disks\""},
    {"no answer", "Who: ben\nWhat do you need?:\n\n", "\"title\":\"New request\""},
    {"a question within a text", "I asked: What do you need?", "\"title\":\"New request\""},
    {"a longer word", "Whoever: ben", "\"owners\":[]"},
    {"an owner", "Who: Ben", "\"owners\":[2]"},
    {"an owner by handle", "Who? @ben", "\"owners\":[2]"},
    {"an owner who is nobody", "Who: Eve", "\"owners\":[]"},
    {"a date", "Needed by: 2026-12-04", "\"due_day\":\"2026-12-04\""},
    {"no date", "Needed by: soon", "\"due_day\":null"},
    {"a priority", "How urgent: High", "\"priority\":2"},
    {"no priority", "How urgent: very", "\"priority\":0"},
    {"a project", "Project: web", "\"project\":\"web\""},
    {"no project", "Project: the web", "\"project\":null"},
    {"tags", "Tags: Bug, #old, two words", "\"tags\":[\"bug\",\"old\"]"},
    {"all of it in the body", "Owner: chi\nWho: Eve\nNeeded by: soon",
	"\"body\":\"Form requests, " FROM "\\n\\nOwner: chi\\nWho: Eve\\nNeeded by: soon\""},
};

static void
test_fields(void **state)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct inbox in;

		open_scene(&in, CONF_TRUST_ENVELOPE);
		assert_int_equal(fill_in(&in, rows[i].text), INTAKE_APPLIED);
		if (strstr(item_json(&in, 1), rows[i].want) == NULL)
			fail_msg("%s: %s", rows[i].name, item_json(&in, 1));
		/* nobody is answered */
		assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 0);
		fixture_close(&in.fx);
	}
}

/* Commands, numbers, a reply's thread and sections have no effect: a stranger wrote them. */
static void
test_no_commands(void **state)
{
	static uint32_t one[] = {1};
	static struct section_entry done_lines[] = {{.line = 2, .text = "x #1", .items = one,
	    .n_items = 1, .closes = true}};
	static struct reading_section sections[] = {{SECTION_DONE, done_lines, 1}};
	struct reading_command cmd = {.verb = "done", .items = (uint32_t[]){1}, .n_items = 1,
	    .source = "/done #1"};
	struct inbox in;

	open_scene(&in, CONF_TRUST_ENVELOPE);
	make_task(&in, "Mine");
	take(&in, &(struct letter){.from = FROM, .subject = "Re: [#1] Mine", .text = "/done #1",
	    .reply_to = "item-1.platform@example.org", .target = {.kind = KIND_URGENT, .item = 1},
	    .commands = &cmd, .n_commands = 1, .sections = sections, .n_sections = 1,
	    .fields = {.title = "x", .owners = (const char *[]){"ben"}, .n_owners = 1}});
	assert_int_equal(item_numbered(&in, 1)->state, ITEM_OPEN);
	assert_int_equal(item_numbered(&in, 2)->n_owners, 0);
	assert_non_null(strstr(item_numbered(&in, 2)->body, "/done #1"));
	assert_int_equal(number(&in, "SELECT count(*) FROM comment"), 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM page"), 0);
	/* it is Ana's, who may take it back; the owner hears */
	assert_int_equal(item_numbered(&in, 2)->creator_id, 1);
	assert_int_equal(number(&in, "SELECT count(*) FROM message WHERE undo_code IS NOT NULL"),
	    2);
	fixture_close(&in.fx);
}

static void
kept_aside(enum conf_trust_mode mode, const struct letter *letter, const char *as, const char *to,
    const char *why)
{
	struct inbox in;

	open_scene(&in, mode);
	forms[0].as = as;
	forms[0].to = to;
	take(&in, letter);
	if (in.result.outcome == INTAKE_APPLIED || in.result.why == NULL ||
	    strstr(in.result.why, why) == NULL)
		fail_msg("not \"%s\": %s", why, in.result.why);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 0);
	forms[0].as = "ana@example.org";
	forms[0].to = NULL;
	fixture_close(&in.fx);
}

static void
test_refusals(void **state)
{
	const struct letter letter = {.from = FROM, .subject = "x", .text = "Who: ben"};
	const struct letter reply = {.from = FROM, .subject = "x", .auto_kind = AUTO_VACATION};
	const struct letter bounce = {.from = FROM, .subject = "x", .auto_kind = AUTO_BOUNCE};
	const struct letter stranger = {.from = "eve@example.net", .subject = "x"};

	kept_aside(CONF_TRUST_AUTHENTICATED, &letter, "ana@example.org", NULL,
	    "form requests: the sender's domain is not authenticated");
	kept_aside(CONF_TRUST_ENVELOPE, &letter, "nobody@example.org", NULL,
	    "nobody has the address");
	kept_aside(CONF_TRUST_ENVELOPE, &letter, "chi@example.org", NULL,
	    "is no member of the team");
	kept_aside(CONF_TRUST_ENVELOPE, &letter, "ana@example.org", "other@example.org",
	    "is no member of the team");
	kept_aside(CONF_TRUST_ENVELOPE, &reply, "ana@example.org", NULL, "out-of-office");
	kept_aside(CONF_TRUST_ENVELOPE, &bounce, "ana@example.org", NULL, "bounce");
	kept_aside(CONF_TRUST_ENVELOPE, &stranger, "ana@example.org", NULL, "unknown sender");
}

static void
test_limit(void **state)
{
	struct inbox in;

	open_scene(&in, CONF_TRUST_ENVELOPE);
	for (int i = 0; i < FORM_TASKS_A_DAY; i++)
		assert_int_equal(fill_in(&in, "Who: ben"), INTAKE_APPLIED);
	assert_int_equal(fill_in(&in, "Who: ben"), INTAKE_QUARANTINED);
	assert_non_null(strstr(in.result.why, "more than 200 mails in a day"));
	assert_int_equal(take(&in, &(struct letter){.from = FROM, .subject = "x", .text = "y",
	    .at = NOON + 86400}), INTAKE_APPLIED);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), FORM_TASKS_A_DAY + 1);
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_no_commands), cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_limit)};

	return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
