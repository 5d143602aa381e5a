/* SPDX-License-Identifier: ISC */
/* Tests of intake/apply: each command with its right use, its refusals and its role. */
#include "tests/unit/intake-fixture.h"

static uint32_t one[] = {1}, two[] = {2}, none_such[] = {99}, both[] = {1, 2};
static const char *ben[] = {"ben"}, *ben_chi[] = {"ben", "Chi"}, *eve[] = {"eve"};
static const char *bug[] = {"Bug"}, *old[] = {"old"};
static struct reading_when friday = {.start = 1795816800, .end = 1795903200,
    .precision = WHEN_DAY, .local = "2026-11-27", .zone = "Europe/Lisbon"};
static struct reading_when five = {.start = 1795799000, .end = 1795799000,
    .precision = WHEN_MINUTE, .local = "2026-11-27T17:00", .zone = "Europe/Lisbon"};
static struct reading_when past = {.start = NOON - 200000, .end = NOON - 113600,
    .precision = WHEN_DAY, .local = "2026-11-19", .zone = "Europe/Lisbon"};
static struct reading_when week = {.start = NOON, .end = NOON + 604800, .precision = WHEN_WEEK,
    .local = "2026-W47", .zone = "Europe/Lisbon"};
static struct reading_when morning = {.start = NOON - 7200, .end = NOON - 1800,
    .precision = WHEN_MINUTE, .local = "2026-11-21T10:00", .zone = "Europe/Lisbon"};

struct row {
	const char *name;
	const char *from;  /* NULL: ana, a lead; chi is a guest */
	enum item_state state; /* of #1 before */
	struct reading_command cmd;
	const char *want;    /* in the JSON of #1 afterwards, or in the refusal */
	bool refused;
};

static const struct row rows[] = {
    {"done", NULL, ITEM_OPEN, {.verb = "done", .items = one, .n_items = 1}, "\"state\":\"done\"",
        0},
    {"done by a member", "ben@example.org", ITEM_OPEN, {.verb = "done", .items = one, .n_items = 1},
	"\"state\":\"done\"", 0},
    {"done by a guest", "chi@example.org", ITEM_OPEN, {.verb = "done", .items = one, .n_items = 1},
	"needs the role member", 1},
    {"done twice", NULL, ITEM_DONE, {.verb = "done", .items = one, .n_items = 1}, "done already",
        1},
    {"done after drop", NULL, ITEM_DROPPED, {.verb = "done", .items = one, .n_items = 1},
	"reopen it first", 1},
    {"done, no item", NULL, ITEM_OPEN, {.verb = "done"}, "Which item", 1},
    {"done, unknown item", NULL, ITEM_OPEN, {.verb = "done", .items = none_such, .n_items = 1},
	"no #99 in Platform", 1},
    {"reopen", NULL, ITEM_DONE, {.verb = "reopen", .items = one, .n_items = 1},
	"\"state\":\"open\"", 0},
    {"reopen what is open", NULL, ITEM_OPEN, {.verb = "reopen", .items = one, .n_items = 1},
	"open already", 1},
    {"reopen what is started", NULL, ITEM_STARTED, {.verb = "reopen", .items = one, .n_items = 1},
	"not closed", 1},
    {"drop", NULL, ITEM_STARTED, {.verb = "drop", .items = one, .n_items = 1, .text = "too old"},
	"\"state\":\"dropped\"", 0},
    {"drop what is done", NULL, ITEM_DONE, {.verb = "drop", .items = one, .n_items = 1},
	"reopen it first", 1},
    {"start", NULL, ITEM_OPEN, {.verb = "start", .items = one, .n_items = 1},
	"\"state\":\"started\"", 0},
    {"start what is done", NULL, ITEM_DONE, {.verb = "start", .items = one, .n_items = 1},
	"closed; reopen", 1},
    {"start nothing", NULL, ITEM_OPEN, {.verb = "start"}, "On which item", 1},
    {"stop without a timer", NULL, ITEM_OPEN, {.verb = "stop"}, "No timer", 1},
    {"assign", NULL, ITEM_OPEN, {.verb = "assign", .items = one, .n_items = 1, .people = ben_chi,
	.n_people = 2}, "\"owners\":[2,3]", 0},
    {"assign a stranger", NULL, ITEM_OPEN, {.verb = "assign", .items = one, .n_items = 1,
	.people = eve, .n_people = 1}, "nobody in the team", 1},
    {"assign to nobody", NULL, ITEM_OPEN, {.verb = "assign", .items = one, .n_items = 1},
	"To whom", 1},
    {"take", "ben@example.org", ITEM_OPEN, {.verb = "take", .items = one, .n_items = 1},
	"\"owners\":[2]", 0},
    {"unassign", NULL, ITEM_OPEN, {.verb = "unassign", .items = one, .n_items = 1},
	"\"owners\":[]", 0},
    {"unassign another", NULL, ITEM_OPEN, {.verb = "unassign", .items = one, .n_items = 1,
	.people = ben, .n_people = 1}, "does not belong to Ben", 1},
    {"due a day", NULL, ITEM_OPEN, {.verb = "due", .items = one, .n_items = 1, .when = &friday},
	"\"due_at\":1795903200,\"due_day\":\"2026-11-27\"", 0},
    {"due a moment", NULL, ITEM_OPEN, {.verb = "due", .items = one, .n_items = 1, .when = &five},
	"\"due_at\":1795799000,\"due_day\":\"2026-11-27T17:00\"", 0},
    {"due none", NULL, ITEM_OPEN, {.verb = "due", .items = one, .n_items = 1, .none = true},
	"\"due_at\":0,\"due_day\":null", 0},
    {"due in the past", NULL, ITEM_OPEN, {.verb = "due", .items = one, .n_items = 1,
	.when = &past}, "\"due_day\":\"2026-11-19\"", 0},
    {"due when", NULL, ITEM_OPEN, {.verb = "due", .items = one, .n_items = 1}, "When", 1},
    {"priority", NULL, ITEM_OPEN, {.verb = "priority", .items = one, .n_items = 1,
	.priority = PRIORITY_P2}, "\"priority\":2", 0},
    {"tag", NULL, ITEM_OPEN, {.verb = "tag", .items = one, .n_items = 1, .tags = bug, .n_tags = 1,
	.tags_off = old, .n_tags_off = 1}, "\"tags\":[\"bug\"]", 0},
    {"title", NULL, ITEM_OPEN, {.verb = "title", .items = one, .n_items = 1,
        .text = " New \" one "},
	"\"title\":\"New \\\" one\"", 0},
    {"title of nothing", NULL, ITEM_OPEN, {.verb = "title", .items = one, .n_items = 1,
	.text = "  "}, "1 to 300 bytes", 1},
    {"project", NULL, ITEM_OPEN, {.verb = "project", .items = one, .n_items = 1, .project = "web"},
	"\"project\":\"web\"", 0},
    {"estimate", NULL, ITEM_OPEN, {.verb = "estimate", .items = one, .n_items = 1,
	.seconds = 7200, .has_seconds = true}, "\"estimate\":7200", 0},
    {"estimate of nothing", NULL, ITEM_OPEN, {.verb = "estimate", .items = one, .n_items = 1},
	"How much", 1},
    {"block", NULL, ITEM_OPEN, {.verb = "block", .items = one, .n_items = 1, .text = "no quota"},
	"\"state\":\"blocked\",\"blocked_why\":\"no quota\"", 0},
    {"block on a person", NULL, ITEM_OPEN, {.verb = "block", .items = one, .n_items = 1,
	.people = ben, .n_people = 1, .word = "on", .text = "no quota"},
	"\"blocked_why\":\"no quota (waits for @ben)\"", 0},
    {"block on an item", NULL, ITEM_OPEN, {.verb = "block", .items = both, .n_items = 2,
	.word = "on", .text = "broken"}, "\"depends\":[2]", 0},
    {"block on oneself", NULL, ITEM_OPEN, {.verb = "block", .items = (uint32_t[]){1, 1},
	.n_items = 2, .word = "on", .text = "broken"}, "circle", 1},
    {"block without a reason", NULL, ITEM_OPEN, {.verb = "block", .items = one, .n_items = 1},
	"Say why", 1},
    {"block what is done", NULL, ITEM_DONE, {.verb = "block", .items = one, .n_items = 1,
	.text = "x"}, "closed; reopen", 1},
    {"unblock", NULL, ITEM_BLOCKED, {.verb = "unblock", .items = one, .n_items = 1},
	"\"state\":\"open\",\"blocked_why\":null,\"blocked_since\":0", 0},
    {"unblock what is not", NULL, ITEM_OPEN, {.verb = "unblock", .items = one, .n_items = 1},
	"not blocked", 1},
    {"watch as a guest", "chi@example.org", ITEM_OPEN, {.verb = "watch", .items = one,
	.n_items = 1}, "\"watchers\":[3]", 0},
    {"watch for another as a guest", "chi@example.org", ITEM_OPEN, {.verb = "watch", .items = one,
	.n_items = 1, .people = ben, .n_people = 1}, "needs the role member", 1},
    {"snooze", NULL, ITEM_OPEN, {.verb = "snooze", .items = one, .n_items = 1, .when = &friday},
	"\"snoozed_until:1\":1795816800", 0},
    {"snooze until when", NULL, ITEM_OPEN, {.verb = "snooze", .items = one, .n_items = 1},
	"Until when", 1},
    {"snooze until a past day", NULL, ITEM_OPEN, {.verb = "snooze", .items = one, .n_items = 1,
	.when = &past}, "is past", 1},
    {"snooze what is done", NULL, ITEM_DONE, {.verb = "snooze", .items = one, .n_items = 1,
	.when = &friday}, "closed", 1},
    {"snooze as a guest", "chi@example.org", ITEM_OPEN, {.verb = "snooze", .items = one,
	.n_items = 1, .when = &friday}, "needs the role member", 1},
    {"depends", NULL, ITEM_OPEN, {.verb = "depends", .items = both, .n_items = 2, .word = "on"},
	"\"depends\":[2]", 0},
    {"spend", NULL, ITEM_OPEN, {.verb = "spend", .items = one, .n_items = 1, .seconds = 5400,
	.has_seconds = true}, "", 0},
    {"spend a range", NULL, ITEM_OPEN, {.verb = "spend", .when = &morning}, "", 0},
    {"spend less", NULL, ITEM_OPEN, {.verb = "spend", .seconds = -1800, .has_seconds = true}, "",
        0},
    {"spend nothing", NULL, ITEM_OPEN, {.verb = "spend", .has_seconds = true}, "more than nothing",
	1},
    {"spend too much", NULL, ITEM_OPEN, {.verb = "spend", .seconds = 90000, .has_seconds = true},
	"at most 24 hours", 1},
    {"spend a week", NULL, ITEM_OPEN, {.verb = "spend", .seconds = 60, .has_seconds = true,
	.when = &week}, "belongs to a day", 1},
    {"spend tomorrow", NULL, ITEM_OPEN, {.verb = "spend", .seconds = 60, .has_seconds = true,
	.when = &friday}, "still to come", 1},
    {"spend how long", NULL, ITEM_OPEN, {.verb = "spend"}, "How long", 1},
    {"spend as a guest", "chi@example.org", ITEM_OPEN, {.verb = "spend", .seconds = 60,
	.has_seconds = true}, "needs the role member", 1},
    {"off", NULL, ITEM_OPEN, {.verb = "off", .when = &friday, .word = "holiday", .cover = "ben"},
	"", 0},
    {"off when", NULL, ITEM_OPEN, {.verb = "off"}, "On which days", 1},
    {"off with a strange cover", NULL, ITEM_OPEN, {.verb = "off", .when = &friday,
	.cover = "eve"}, "nobody in the team", 1},
    {"off with oneself as cover", NULL, ITEM_OPEN, {.verb = "off", .when = &friday,
	.cover = "ana"}, "cannot cover for yourself", 1},
    {"off with a guest as cover", NULL, ITEM_OPEN, {.verb = "off", .when = &friday,
	.cover = "chi"}, "Chi Wu is a guest", 1},
    {"a digest as a guest", "chi@example.org", ITEM_OPEN, {.verb = "digest",
	.word = "daily 08:30"}, "needs the role member", 1},
    {"back", NULL, ITEM_OPEN, {.verb = "back"}, "not away", 1},
    {"own digest", "chi@example.org", ITEM_OPEN, {.verb = "digest", .none = true}, "", 0},
    {"a meeting", NULL, ITEM_OPEN, {.verb = "meet", .seconds = 3600, .has_seconds = true},
	"Meetings come with a later version", 1},
    {"a meeting to book", NULL, ITEM_OPEN, {.verb = "book", .items = one, .n_items = 1},
	"nobody was invited", 1},
    {"a lead's command", "ben@example.org", ITEM_OPEN, {.verb = "approve", .word = "2026-W41"},
	"needs the role lead", 1},
    {"a bare word", NULL, ITEM_OPEN, {.verb = "same", .bare = true}, "Nothing was next",
	1},
};

static void
setup_items(struct inbox *in, enum item_state state)
{
	struct item *before, *item;

	make_task(in, "First");
	make_task(in, "Second");
	before = item_numbered(in, 1);
	item = item_copy(in->fx.arena, before);
	item_add_owner(in->fx.arena, item, in->fx.ana.id);
	item_add_tag(in->fx.arena, item, "old");
	item->due_at = NOON + 3600;
	item->due_day = "2026-11-21T13:00";
	item->due_zone = "Etc/UTC";
	item_set_state(item, state, state == ITEM_BLOCKED ? "why" : NULL, NOON);
	td_ok(&in->fx, item_save(in->fx.db, before, item, &in->fx.err));
	td_ok(&in->fx, db_exec(in->fx.db, &in->fx.err, "DELETE FROM outbox", ""));
}

/* The transcript that was queued, as far as a test needs it: its bytes without soft breaks. */
static const char *
transcript(struct inbox *in)
{
	const char *bytes = text_of(in,
	    "SELECT CAST(bytes AS TEXT) FROM outbox WHERE kind = 'error'");
	char *flat = arena_alloc(in->fx.arena, strlen(bytes) + 1), *to = flat;

	for (; *bytes; bytes++) {
		if (strncmp(bytes, "=\r\n", 3) == 0) {
			bytes += 2;
			continue;
		}
		if (*bytes == '\r')
			continue;
		*to = *bytes == '\n' ? ' ' : *bytes;
		if (*to != ' ' || to == flat || to[-1] != ' ')
			to++;
	}
	return flat;
}

static void
test_commands(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct inbox in;
		struct reading_command cmd = row->cmd;
		const char *before, *after;

		inbox_open(&in, CONF_TRUST_ENVELOPE);
		setup_items(&in, row->state);
		before = item_json(&in, 1);
		cmd.line = 1;
		cmd.source = "the line";
		if (cmd.text == NULL && strcmp(cmd.verb, "spend") == 0)
			cmd.text = "note";
		row_assert(take(&in, &(struct letter){.from = row->from, .subject = "hello",
		    .text = "the line\n", .commands = &cmd, .n_commands = 1}) == INTAKE_APPLIED,
		    row->name);
		after = item_json(&in, 1);
		row_assert((number(&in, "SELECT count(*) FROM outbox WHERE kind = 'error'") == 1) ==
		    row->refused, row->name);
		if (row->refused) {
			if (strstr(transcript(&in), row->want) == NULL)
				fail_msg("%s: no \"%s\" in %s", row->name, row->want,
				    transcript(&in));
			row_assert(strcmp(before, after) == 0, row->name);
		} else {
			if (strstr(after, row->want) == NULL)
				fail_msg("%s: no %s in %s", row->name, row->want, after);
			row_assert(number(&in,
			    "SELECT count(*) FROM event WHERE message_id = 3") > 0,
			    row->name);
			row_assert(number(&in,
			    "SELECT count(*) FROM message WHERE id = 3 AND length(undo_code) = "
			    "8") == 1,
			    row->name);
		}
		fixture_close(&in.fx);
	}
}

/* A warning stands beside a bad line, also where that was told of before on that day. */
static void
test_warning_stays(void **state)
{
	struct inbox in;
	struct reading_when gone = {.start = NOON - 86400, .end = NOON - 1, .local = "2026-11-20",
	    .precision = WHEN_DAY, .zone = "Europe/Lisbon"};
	struct reading_command cmd = {.line = 1, .verb = "due", .source = "/due #1 2026-11-20",
	    .items = one, .n_items = 1, .when = &gone};
	struct reading_error error = {3, "/spend 90", "90 what", "/spend 90m"};

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	setup_items(&in, ITEM_OPEN);
	for (int i = 0; i < 2; i++) {
		take(&in, &(struct letter){.subject = "x", .commands = &cmd, .n_commands = 1,
		    .errors = &error, .n_errors = 1});
		assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE instr(CAST(bytes "
		    "AS TEXT), '90 what') AND instr(CAST(bytes AS TEXT), 'lies in the past')"),
		    i + 1);
	}
	fixture_close(&in.fx);
}

/* A bad line stops no good one, and the sender hears of both. */
static void
test_mixed_lines(void **state)
{
	struct inbox in;
	struct reading_command cmds[] = {
	    {.line = 1, .verb = "done", .source = "/done #99", .items = none_such, .n_items = 1},
	    {.line = 2, .verb = "done", .source = "/done #2", .items = two, .n_items = 1},
	};
	struct reading_error error = {3, "/spend 90", "90 what", "/spend 90m"};

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	setup_items(&in, ITEM_OPEN);
	take(&in, &(struct letter){.subject = "x", .text = "/done #99\n/done #2\n/spend 90\n",
	    .commands = cmds, .n_commands = 2, .errors = &error, .n_errors = 1});
	assert_int_equal(item_numbered(&in, 2)->state, ITEM_DONE);
	assert_non_null(strstr(transcript(&in), "/done #2"));
	assert_non_null(strstr(transcript(&in), "90 what"));
	assert_non_null(strstr(transcript(&in), "/spend 90m"));
	assert_int_equal(number(&in, "SELECT count(*) FROM status_update"), 0);
	fixture_close(&in.fx);
}

/* A name that nobody has: the line is offered with the nearest one that somebody has. */
static void
test_nearest_name(void **state)
{
	static const struct {
		const char *who, *source, *want;
	} names[] = {
	    {"bne", "/assign #1 @bne now", "/assign #1 @ben now"},
	    {"BENN", "/assign #1 BENN", "/assign #1 @ben"},
	    {"zacharias", "/assign #1 @zacharias", NULL},
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *who = names[i].who;
		struct reading_command cmd = {.line = 1, .verb = "assign",
		    .source = names[i].source,
		    .items = one, .n_items = 1, .people = &who, .n_people = 1};
		struct inbox in;

		inbox_open(&in, CONF_TRUST_ENVELOPE);
		setup_items(&in, ITEM_OPEN);
		take(&in, &(struct letter){.subject = "x", .text = names[i].source,
		    .commands = &cmd, .n_commands = 1});
		row_assert(strstr(transcript(&in), "nobody in the team") != NULL, who);
		row_assert((strstr(transcript(&in), "@ben") != NULL) == (names[i].want != NULL),
		    who);
		row_assert(names[i].want == NULL || strstr(transcript(&in), names[i].want) != NULL,
		    who);
		fixture_close(&in.fx);
	}
}

static void
test_threads(void **state)
{
	struct inbox in;
	struct reading_command done = {.line = 1, .verb = "done", .source = "done", .bare = true};
	const char *ack;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	take(&in, &(struct letter){.subject = "task: Fix login", .mid = "first@x",
	    .target = {.kind = KIND_TASK}, .fields = {.title = "Fix login"}});
	ack = text_of(&in, "SELECT mid FROM outbox WHERE kind = 'ack'");
	assert_string_not_equal(ack, "");
	/* a reply to the mail itself: "Re: task:" makes no second task */
	take(&in, &(struct letter){.from = "chi@example.org", .subject = "Re: task: Fix login",
	    .reply_to = "first@x", .mid = "second@x", .text = "I saw it too",
	    .target = {.kind = KIND_TASK}, .fields = {.title = "Fix login"}});
	/* a reply to the acknowledgement, to that comment, to the root, and by number */
	take(&in, &(struct letter){.subject = "Re: x", .reply_to = ack, .text = "two"});
	take(&in, &(struct letter){.subject = "Re: x", .reply_to = "second@x", .text = "three"});
	take(&in, &(struct letter){.subject = "Re: x", .text = "four",
	    .reply_to = item_numbered(&in, 1)->root_mid});
	take(&in, &(struct letter){.subject = "[#1] x", .target = {.item = 1}, .text = "five"});
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	assert_int_equal(number(&in, "SELECT count(*) FROM comment WHERE item_id = 1"), 5);
	take(&in, &(struct letter){.subject = "Re: x", .reply_to = "second@x", .text = "done",
	    .commands = &done, .n_commands = 1});
	assert_int_equal(item_numbered(&in, 1)->state, ITEM_DONE);
	assert_int_equal(number(&in, "SELECT count(*) FROM comment"), 5);
	/* another team's thread is not ours */
	take(&in, &(struct letter){.subject = "Re: x", .reply_to = "unknown@x", .text = "six"});
	assert_int_equal(number(&in, "SELECT count(*) FROM comment"), 5);
	assert_int_equal(number(&in, "SELECT count(*) FROM search WHERE search MATCH 'saw'"), 1);
	fixture_close(&in.fx);
}

static void
test_new_item_fields(void **state)
{
	struct inbox in;
	const char *json;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	take(&in, &(struct letter){.subject = "Fix +web",
	    .text = "Owner: Ben\nStatus: started\n\nIt is slow.\n",
	    .target = {.kind = KIND_TASK},
	    .fields = {.title = "Fix", .project = "web", .owners = ben, .n_owners = 1,
		.due = &friday, .priority = PRIORITY_P1, .tags = bug, .n_tags = 1, .estimate = 3600,
		.status = "started", .watch = ben_chi, .n_watch = 2}});
	json = item_json(&in, 1);
	assert_string_equal(json, "{\"number\":1,\"kind\":\"task\",\"title\":\"Fix\","
	    "\"body\":\"It is slow.\",\"state\":\"started\",\"blocked_why\":null,"
	    "\"blocked_since\":0,\"project\":\"web\",\"priority\":1,\"due_at\":1795903200,"
	    "\"due_day\":\"2026-11-27\",\"due_zone\":\"Europe/Lisbon\",\"estimate\":3600,"
	    "\"closed_at\":0,\"owners\":[2],\"watchers\":[2,3],"
	    "\"depends\":[],\"tags\":[\"bug\"]}");
	/* a reply whose subject repeats the tokens sets nothing; one with a block does */
	take(&in, &(struct letter){.subject = "Re: Fix +web", .text = "fine", .target = {.item = 1},
	    .fields = {.title = "Fix", .priority = PRIORITY_P4}});
	assert_string_equal(item_json(&in, 1), json);
	take(&in, &(struct letter){.subject = "Re: Fix +web", .text = "Priority: low\n\nfine",
	    .target = {.item = 1}, .fields = {.title = "Other", .project = "subject",
		.priority = PRIORITY_P4}});
	assert_int_equal(item_numbered(&in, 1)->priority, 4);
	assert_string_equal(item_numbered(&in, 1)->project, "web");
	assert_string_equal(item_numbered(&in, 1)->title, "Fix");
	assert_string_equal(text_of(&in, "SELECT before || after FROM event WHERE verb = 'change'"),
	    "{\"priority\":1}{\"priority\":4}");
	fixture_close(&in.fx);
}

static void
test_guest_makes_no_task(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	take(&in, &(struct letter){.from = "chi@example.org", .subject = "Please do",
	    .target = {.kind = KIND_TASK}, .fields = {.title = "Please do"}});
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 0);
	assert_non_null(strstr(transcript(&in), "needs the role member"));
	assert_string_equal(text_of(&in, "SELECT outcome FROM message"), "error");
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_commands), cmocka_unit_test(test_warning_stays),
	    cmocka_unit_test(test_mixed_lines),
	    cmocka_unit_test(test_nearest_name),
	    cmocka_unit_test(test_threads), cmocka_unit_test(test_new_item_fields),
	    cmocka_unit_test(test_guest_makes_no_task),
	};

	return cmocka_run_group_tests_name("apply", tests, NULL, NULL);
}
