/* SPDX-License-Identifier: ISC */
/*
 * Lines as people write them, through the parser: the forms and refusals of fields and settings,
 * with what the answer says to who wants to hear of everything.
 */
#include "tests/unit/export-work.h"

#include "parsers/command.h"

/* #1 and #2 are tasks of Ana's, #3 is done, #4 waits for #1; Ana watches #2. */
static const struct {
	const char *line, *says;
	bool refused;
} rows[] = {
    {"/priority #1 p4", "#1 has priority 4.", false},
    {"/priority #1 urgent", "#1 has priority 1.", false},
    {"/priority #1 low", "#1 has priority 4.", false},
    {"/priority #1 p5", "one of p1, p2, p3, p4", true},
    {"/priority #1", "one of p1, p2, p3, p4", true},
    {"/tag #1 bug -old", "#1 has the tags: bug.", false},
    {"/tag #1 #bug #ui", "#1 has the tags: bug old ui.", false},
    {"/tag #1 -old", "#1 has the tags: none.", false},
    {"/tag #1", "/tag needs a tag", true},
    {"/project #1 web", "#1 is in project web.", false},
    {"/project #1 +web", "#1 is in project web.", false},
    {"/project #1 none", "#1 is in no project.", false},
    {"/project #1", "/project needs a name", true},
    {"/title #1", "/title needs the new title", true},
    {"/estimate #1 2d", "#1 is estimated at 16h.", false},
    {"/estimate #1 none", "#1 is estimated at nothing.", false},
    {"/estimate #1 2", "2 what?", true},
    {"/depends #1 on #2", "#1 waits for #2.", false},
    {"/depends #1 #2", "Which item?", true},
    {"/depends #1 on #1", "needs the item that is waited for", true},
    {"/depends #1 on #4", "would close a circle", true},
    {"/depends #1 on #99", "There is no #99 in Platform", true},
    {"/depends #1", "Which item?", true},
    {"/depends #4 -#1", "#4 no longer waits for #1.", false},
    {"/depends #4 none", "#4 waits for no item now.", false},
    {"/depends #1 -#2", "#1 does not wait for #2.", true},
    {"/depends #1 none", "#1 waits for no item.", true},
    {"/depends #4 -#4", "needs the item that is waited for", true},
    {"/depends #4 -#99", "There is no #99 in Platform", true},
    {"/depends -#1", "Which item?", true},
    {"/depends #1 #2 none", "does not take", true},
    {"/take #1", "#1 is yours.", false},
    {"/unassign #1 @ben", "#1 does not belong to Ben Okri", true},
    {"/unwatch #2", "no longer gets the mail of #2", false},
    {"/unwatch #1", "no longer gets the mail of #1", false},
    {"/watch #2", "Ana Lima gets the mail of #2", false},
    {"/watch #1 @eve", "nobody in the team is called", true},
    {"/snooze #3 2d", "#3 is closed.", true},
    {"/snooze #1 none", "/snooze needs a date or a duration", true},
    {"/start #1 on it", "#1 is started; the timer runs.", false},
    {"/stop", "No timer of yours is running", true},
    {"/due #1 03/04/2026", "may be 3 April or 4 March", true},
    {"/due #1 31 Nov", "November 2026 has 30 days", true},
    {"/due #1 2026-11-01", "lies in the past", false},
    {"/due #1 90", "A bare number is not a date", true},
    {"/digest daily 07:15", "Your digest: daily 07:15.", false},
    {"/digest weekly mon 09:00", "Your digest: weekly mon 09:00.", false},
    {"/digest off", "Your digest: off.", false},
    {"/digest monthly", "daily, weekly or off", true},
    {"/digest", "daily, weekly or off", true},
    {"/checkin 16:30", "Your check-in: 16:30.", false},
    {"/checkin off", "Your check-in: off.", false},
    {"/checkin never", "/checkin needs a time", true},
    {"/ack new", "", false},
    {"/ack errors", "", false},
    {"/ack sometimes", "/ack is always, new or errors", true},
    {"/lang de", "Your language: de.", false},
    {"/lang", "a language is a code", true},
    {"/back", "You are not away today.", true},
    {"/reopen #1", "it is open already", true},
    {"/drop #3 no use", "reopen it first", true},
    {"/done #1 #2", "#2 is done.", false},
    {"/hours mon-fri 17:00-09:00", "hours are days and times", true},
    {"/hours someday", "hours are days and times", true},
    {"/tz Mars/Base", "there is no time zone", true},
    {"/remind friday", "needs what to remind you of", true},
    {"/undo NOSUCHCODE", "no mail with the code NOSUCHCODE", true},
    {"/approve 2026-W41 @ben", "was not handed in yet", true},
    {"/submit next", "/submit needs a week", true},
};

static void
say(struct inbox *in, const char *text)
{
	const struct command_context context = {.anchor = NOON, .zone = "Europe/Lisbon"};
	struct reading_command *cmd = arena_alloc(in->fx.arena, sizeof *cmd);
	struct reading_error *error = arena_alloc(in->fx.arena, sizeof *error);
	struct letter letter = {.subject = "x", .text = text, .target = {.kind = KIND_TIME}};

	if (command_parse(in->fx.arena, span_of(text), 1, &context, cmd, error) == COMMAND_GOOD) {
		cmd->source = text;
		letter.commands = cmd;
		letter.n_commands = 1;
	} else {
		letter.errors = error;
		letter.n_errors = 1;
	}
	take(in, &letter);
}

static void
open_scene(struct inbox *in)
{
	static const char *const before[] = {"/take #1 #2", "/done #3", "/depends #4 on #1",
	    "/watch #2", "/tag #1 old", "/ack always"};

	inbox_open(in, CONF_TRUST_ENVELOPE);
	in->conf.limits.acks_per_day = 1000;
	for (int i = 1; i <= 4; i++)
		make_task(in, "Fix login");
	for (size_t i = 0; i < ARRAY_LEN(before); i++)
		say(in, before[i]);
	td_ok(&in->fx, db_exec(in->fx.db, &in->fx.err, "DELETE FROM outbox", ""));
}

/* As a reader sees it: lines may be broken anywhere. */
static const char *
flat(struct inbox *in)
{
	struct span rest = span_of(text_of(in, "SELECT CAST(bytes AS TEXT) FROM outbox ORDER BY id "
	    "DESC LIMIT 1")), word;
	const char *all = "";

	while (span_next_word(&rest, &word))
		all = arena_printf(in->fx.arena, "%s %.*s", all, SPAN_FMT(word));
	return all;
}

static void
test_lines(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct inbox in;
		const char *before, *mail;

		open_scene(&in);
		before = export_work(&in);
		say(&in, rows[i].line);
		mail = flat(&in);
		if ((in.result.why != NULL) != rows[i].refused ||
		    strstr(mail, rows[i].says) == NULL)
			fail_msg("%s: no \"%s\" in %s", rows[i].line, rows[i].says, mail);
		if (rows[i].refused && strcmp(before, export_work(&in)) != 0)
			fail_msg("%s: refused, and changed something", rows[i].line);
		fixture_close(&in.fx);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines)};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
