/* SPDX-License-Identifier: ISC */
/*
 * Each command about an item, in a thread and alone: in a reply to the item's mail it needs no
 * number, and does what the same line does with the number in a mail of its own; alone and without
 * a number it is refused, and nothing is changed, or it is about no item where that may be.
 */
#include "tests/unit/export-work.h"

#include "parsers/command.h"
#include "parsers/verb.h"

/* #1 is a task of Ana's, #2 one that is done, #3 one that is blocked, #4 a decision. */
static const struct {
	const char *verb;
	uint32_t item;            /* of the thread */
	const char *line, *named; /* in the thread, and alone with the number */
	const char *alone;        /* without number and thread: what the refusal says; NULL: done */
} rows[] = {
    {"done", 1, "/done at last", "/done #1 at last", "Which item"},
    {"reopen", 2, "/reopen it came back", "/reopen #2 it came back", "Which item"},
    {"drop", 1, "/drop no use", "/drop #1 no use", "Which item"},
    {"start", 1, "/start", "/start #1", "On which item"},
    {"take", 3, "/take", "/take #3", "Which item"},
    {"assign", 1, "/assign @ben @chi", "/assign #1 @ben @chi", "Which item"},
    {"unassign", 1, "/unassign", "/unassign #1", "Which item"},
    {"unassign", 1, "/unassign @ana", "/unassign #1 @ana", "Which item"},
    {"due", 1, "/due 2026-11-27", "/due #1 2026-11-27", "Which item"},
    {"due", 1, "/due none", "/due #1 none", "Which item"},
    {"due", 4, "/due 2026-11-27 17:00", "/due #4 2026-11-27 17:00", "Which item"},
    {"snooze", 1, "/snooze 2d", "/snooze #1 2d", "Which item"},
    {"priority", 1, "/priority p1", "/priority #1 p1", "Which item"},
    {"priority", 1, "/prio high", "/prio #1 high", "Which item"},
    {"tag", 1, "/tag bug -old", "/tag #1 bug -old", "Which item"},
    {"project", 1, "/project web", "/project #1 web", "Which item"},
    {"title", 1, "/title Mend the login", "/title #1 Mend the login", "Which item"},
    {"estimate", 1, "/estimate 3h", "/estimate #1 3h", "Which item"},
    {"depends", 1, "/depends #3", "/depends #1 on #3", "Which item"},
    {"block", 1, "/block no quota on @ben", "/block #1 no quota on @ben", "Which item"},
    {"block", 1, "/block no quota on #3", "/block #1 no quota on #3", "Which item"},
    {"unblock", 3, "/unblock it is there", "/unblock #3 it is there", "Which item"},
    {"watch", 3, "/watch", "/watch #3", "Which item"},
    {"watch", 3, "/watch @ben", "/watch #3 @ben", "Which item"},
    {"unwatch", 3, "/unwatch @chi", "/unwatch #3 @chi", "Which item"},
    {"spend", 1, "/spend 1h30m review", "/spend 1h30m #1 review", NULL},
    {"spend", 1, "/spend 09:00-10:00 2026-11-20", "/spend 09:00-10:00 2026-11-20 #1", NULL},
    {"agree", 4, "/agree gladly", "/agree #4 gladly", "Which"},
    {"object", 4, "/object no backup", "/object #4 no backup", "Which"},
    {"abstain", 4, "/abstain", "/abstain #4", "Which"},
    {"vote", 4, "/vote yes", "/vote #4 yes", "Which"},
    {"resolve", 4, "/resolve yes it is fine", "/resolve #4 yes it is fine", "Which"},
    {"handover", 1, "/handover @ben all yours", "/handover @ben #1 all yours", "Which item"},
    {"page", 1, "/page @ben please ring", "/page #1 @ben please ring", NULL},
    {"ack-page", 1, "/ack-page I look", "/ack-page #1 I look", "No call"},
    {"show", 1, "/show", "/show #1", "Which item"},
};

/* What is about no item does in an item's thread what it does alone. */
static const struct {
	const char *verb, *line;
	const char *before; /* said in a mail ahead of it */
} others[] = {
    {"stop", "/stop", "/start #1"}, {"timesheet", "/timesheet", "/spend 1h"},
    {"timesheet", "/timesheet 2026-W46", NULL}, {"submit", "/submit 2026-W47", "/spend 1h"},
    {"approve", "/approve 2026-W47 @ana", "/submit 2026-W47"},
    {"reject", "/reject 2026-W47 @ana too long", "/submit 2026-W47"},
    {"off", "/off 2026-11-25 sick", NULL}, {"skip", "/skip", NULL}, {"same", "/same", NULL},
    {"away", "/away", NULL}, {"back", "/back", "/off 2026-11-20..2026-11-25"},
    {"hours", "/hours mon-thu 08:00-16:00", NULL}, {"tz", "/tz Europe/Berlin", NULL},
    {"digest", "/digest daily 07:30", NULL}, {"checkin", "/checkin 16:00", NULL},
    {"ack", "/ack errors", NULL}, {"lang", "/lang en", NULL},
    {"decide", "/decide Keep it?", NULL},
    {"meet", "/meet 30m @ben", NULL}, {"book", "/book 1", NULL},
    {"invite", "/invite dev@example.org Dev", NULL}, {"remove", "/remove @chi", NULL},
    {"list", "/list", NULL}, {"list", "/list blocked", NULL}, {"search", "/search login", NULL},
    {"who", "/who", NULL}, {"help", "/help due", NULL}, {"help", "/help", NULL},
};

static void
say(struct inbox *in, const char *text, uint32_t item)
{
	const struct command_context context = {.anchor = NOON, .zone = "Europe/Lisbon"};
	struct reading_command *cmd = arena_alloc(in->fx.arena, sizeof *cmd);
	struct reading_error *error = arena_alloc(in->fx.arena, sizeof *error);
	struct letter letter = {.subject = "x", .text = text, .target = {.kind = KIND_TIME}};

	switch (command_parse(in->fx.arena, span_of(text), 1, &context, cmd, error)) {
	case COMMAND_GOOD:
		cmd->source = text;
		letter.commands = cmd;
		letter.n_commands = 1;
		break;
	case COMMAND_BAD:
	case COMMAND_NONE:
		letter.errors = error;
		letter.n_errors = 1;
		break;
	}
	if (item != 0)
		letter.reply_to = item_numbered(in, item)->root_mid;
	take(in, &letter);
}

static void
open_scene(struct inbox *in, const char *verb)
{
	static const char *const before[] = {"/assign #1 @ana", "/done #2", "/block #3 no disk",
	    "/watch #3 @chi", "/tag #1 old", "/due #1 2026-11-30"};

	inbox_open(in, CONF_TRUST_ENVELOPE);
	in->conf.limits.acks_per_day = 1000;
	for (int i = 1; i <= 3; i++)
		make_task(in, "Fix login");
	take(in, &(struct letter){.subject = "decide: Use it?", .target = {.kind = KIND_DECIDE},
	    .fields = {.title = "Use it?"}});
	for (size_t i = 0; i < ARRAY_LEN(before); i++) {
		say(in, before[i], 0);
		assert_null(in->result.why);
	}
	td_ok(&in->fx, db_exec(in->fx.db, &in->fx.err, "DELETE FROM outbox", ""));
	if (strcmp(verb, "ack-page") == 0)
		say(in, "/page #1 @ben please ring", 0);
}

/* The work after the line, and the answers that it brought. */
static const char *
after(size_t row, const char *line, uint32_t item)
{
	static struct arena *kept;
	struct inbox in;
	const char *work, *before;

	if (kept == NULL)
		kept = arena_create();
	open_scene(&in, rows[row].verb);
	before = export_work(&in);
	say(&in, line, item);
	if (in.result.why != NULL)
		fail_msg("%s: %s", line, last_mail(&in));
	if (strcmp(rows[row].verb, "show") == 0)
		work = strstr(last_mail(&in), "#1 Fix login") != NULL ? "shown" : "not shown";
	else
		work = export_work(&in);
	if (strcmp(work, before) == 0)
		fail_msg("%s: changed nothing", line);
	work = arena_strdup(kept, work);
	fixture_close(&in.fx);
	return work;
}

static void
test_thread(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *in_thread = after(i, rows[i].line, rows[i].item);

		if (strcmp(in_thread, "not shown") == 0 ||
		    strcmp(in_thread, after(i, rows[i].named, 0)) != 0)
			fail_msg("%s in the thread of #%u is not \"%s\" alone", rows[i].line,
			    rows[i].item, rows[i].named);
	}
}

static void
test_alone(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct inbox in;
		const char *before, *mail;

		if (rows[i].alone == NULL)
			continue;
		open_scene(&in, "");
		before = export_work(&in);
		say(&in, rows[i].line, 0);
		mail = last_mail(&in);
		if (in.result.why == NULL || strstr(mail, rows[i].alone) == NULL)
			fail_msg("%s: no \"%s\" in %s", rows[i].line, rows[i].alone, mail);
		if (strcmp(before, export_work(&in)) != 0)
			fail_msg("%s alone: changed something", rows[i].line);
		fixture_close(&in.fx);
	}
}

/* The text of the mail, without what differs each time. */
static const char *
answer_of(struct inbox *in)
{
	char *text = strstr(arena_strdup(in->fx.arena, last_mail(in)), "\r\n\r\n");

	if (text == NULL)
		return "no mail";
	for (char *code = text; (code = strstr(code, "/undo ")) != NULL;)
		for (code += 6; *code > ' ' && *code != '"';)
			*code++ = 'X';
	return text;
}

/* All that the line changed and answered. */
static const char *
outcome(size_t row, uint32_t item)
{
	static struct arena *kept;
	struct inbox in;
	const char *all;

	if (kept == NULL)
		kept = arena_create();
	open_scene(&in, "");
	if (others[row].before != NULL)
		say(&in, others[row].before, 0);
	say(&in, others[row].line, item);
	all = arena_printf(kept, "%s\n%s\n%s", in.result.why != NULL ? in.result.why : "done",
	    export_work(&in), answer_of(&in));
	fixture_close(&in.fx);
	return all;
}

static void
test_about_no_item(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		for (uint32_t item = 1; item <= 4; item += 3)
			if (strcmp(outcome(i, 0), outcome(i, item)) != 0)
				fail_msg("%s in the thread of #%u: %s\nalone: %s", others[i].line,
				    item, outcome(i, item), outcome(i, 0));
}

static void
test_every_verb(void **state)
{
	for (size_t v = 0; v < n_verbs; v++) {
		/* test-undo; and test-remind: of the thread's item */
		bool found = strcmp(verbs[v].name, "undo") == 0 ||
		    strcmp(verbs[v].name, "remind") == 0;

		for (size_t i = 0; i < ARRAY_LEN(others); i++)
			found = found || strcmp(others[i].verb, verbs[v].name) == 0;
		for (size_t i = 0; i < ARRAY_LEN(rows); i++)
			found = found || strcmp(rows[i].verb, verbs[v].name) == 0;
		if (!found)
			fail_msg("no row of /%s", verbs[v].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_thread),
	    cmocka_unit_test(test_alone), cmocka_unit_test(test_about_no_item),
	    cmocka_unit_test(test_every_verb)};

	return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
