/* SPDX-License-Identifier: ISC */
/*
 * cmd_ask: list, show, search, who and timesheet: the questions that can be mailed to a team, with
 * the same words and the same answers. The words are read by the grammar of the mails.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "parsers/base/utf8.h"
#include "parsers/command.h"
#include "daemon/clock.h"
#include "daemon/compose/query.h"
#include "daemon/control/people.h"
#include "daemon/control/show.h"

#define LINE_MAX_BYTES 4000

static bool
is_number(const char *word)
{
	return *word != '\0' && word[strspn(word, "0123456789")] == '\0';
}

/* "/show #42" from "show 42": a shell takes #42 for a comment. */
static const char *
question_line(struct tool *tool, int argc, char **argv)
{
	bool numbers = strcmp(tool->command->name, "show") == 0;
	const char *line = arena_printf(tool->arena, "/%s", tool->command->name);

	for (int i = 1; i < argc; i++)
		line = arena_printf(tool->arena, "%s %s%s", line,
		    numbers && is_number(argv[i]) ? "#" : "", argv[i]);
	return line;
}

static enum td_status
read_question(struct tool *tool, const char *line, const char *zone,
    struct reading_command *question_r, struct err *err)
{
	const struct command_context context = {.anchor = clock_now(), .zone = zone};
	struct reading_error error;

	if (!utf8_clean(span_of(line), UTF8_LINE))
		return err_perm(err, "%s: the words are not clean text", tool->command->name);
	switch (command_parse(tool->arena, span_of(line), 0, &context, question_r, &error)) {
	case COMMAND_GOOD:
		return TD_OK;
	case COMMAND_BAD:
		return err_perm(err, "%s%s%s", error.why,
		    error.suggestion != NULL ? "; nearest: " : "",
		    error.suggestion != NULL ? error.suggestion : "");
	case COMMAND_NONE:
		break;
	}
	return err_perm(err, "%s: not understood", tool->command->name);
}

static void
put_answer(struct tool *tool, const struct query_answer *answer)
{
	if (tool->json) {
		puts(answer->json);
		return;
	}
	puts(utf8_line(tool->arena, span_of(answer->title), LINE_MAX_BYTES));
	for (size_t i = 0; i < answer->n_lines; i++) {
		const char *line = utf8_line(tool->arena, span_of(answer->lines[i]),
		    LINE_MAX_BYTES);
		size_t blanks = strspn(answer->lines[i], " ");

		/* utf8_line joins blanks; those in front show what belongs together */
		printf("  %*s%s\n", (int)blanks, "", line + strspn(line, " "));
	}
}

static int
ask(struct tool *tool, const char *line, const char *team_name, const char *reader_name,
    const char *whose)
{
	struct query query = {.db = tool->db, .arena = tool->arena,
	    .now = clock_now()};
	struct reading_command question;
	struct query_answer answer = {0};
	struct person *reader;
	struct team *team;
	struct err err;
	enum td_status status = people_one_team(tool, team_name, &team, &err);

	if (status == TD_OK && reader_name != NULL) {
		status = people_find(tool, reader_name, &reader, &err);
		if (status == TD_OK) {
			query.reader_id = reader->id;
			query.zone = reader->zone;
		}
	}
	if (status != TD_OK)
		return tool_fail(&err);
	if (query.zone == NULL)
		query.zone = tool_zone(tool);
	if (read_question(tool, line, query.zone, &question, &err) != TD_OK)
		return tool_misuse(tool, "%s", err.text);
	query.team = team;
	if (whose != NULL) {
		question.people = &whose;
		question.n_people = 1;
	}
	if (query_ask(&query, &question, &answer, &err) != TD_OK)
		return tool_fail(&err);
	if (answer.why != NULL)
		return tool_failf("%s", answer.why);
	put_answer(tool, &answer);
	return TOOL_OK;
}

static int
run_question(struct tool *tool, int argc, char **argv)
{
	const char *team = NULL, *reader = NULL, *whose = NULL;
	const struct tool_option options[] = {{"team", &team, NULL}, {"as", &reader, NULL}};
	struct err err;
	int status = tool_options(tool, options, 2, &argc, argv);

	if (status != -1)
		return status;
	if (strcmp(tool->command->name, "timesheet") == 0) {
		if (argc < 2)
			return tool_misuse(tool, "timesheet wants a person");
		whose = argv[1];
		argv[1] = argv[0];
		argv++;
		argc--;
	}
	if (argc < 2 && (strcmp(tool->command->name, "show") == 0 ||
	    strcmp(tool->command->name, "search") == 0))
		return tool_misuse(tool, "%s wants %s", tool->command->name,
		    *tool->command->name == 's' && tool->command->name[1] == 'h' ? "a number"
										 : "words");
	if (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK)
		return tool_fail(&err);
	return ask(tool, question_line(tool, argc, argv), team, reader, whose);
}

#define ASK_OPTIONS                                                                                \
	"  --team TEAM  where there are several\n"                                                 \
	"  --as PERSON  as if that person had asked: \"mine\", and the zone of times\n"

const struct command cmd_list = {"list", "list items", "[FILTER ...] [--team TEAM] [--as PERSON]",
    "Lists open items. Filters, several of which narrow the list: mine, @PERSON,\n"
    "+PROJECT, #TAG, blocked, overdue, unowned, tasks, decisions (open and made ones), open,\n"
    "done, all, due:today, due:tomorrow, due:week, due:month.\n" ASK_OPTIONS,
    run_question};
const struct command cmd_show = {"show", "show all about an item",
    "NUMBER ... [--team TEAM] [--as PERSON]",
    "Shows state, fields, links, time and comments of items.\n" ASK_OPTIONS, run_question};
const struct command cmd_search = {"search", "search items, comments and updates",
    "WORD ... [--team TEAM] [--as PERSON]",
    "Shows what holds all the words, best first. \"...\" is a phrase, -word must not occur,\n"
    "wor* is a beginning; person:NAME, tag:TAG and before:DAY narrow it. Where a word begins with "
    "a minus,\n"
    "put quotes around all of them.\n" ASK_OPTIONS,
    run_question};
const struct command cmd_who = {"who", "show who works now and who is away",
    "[--team TEAM] [--as PERSON]", "A line a member: at work, off hours or away, until when,\n"
    "and the time it is there.\n" ASK_OPTIONS, run_question};
const struct command cmd_timesheet = {"timesheet", "show the time that a person logged in a week",
    "PERSON [WEEK] [--team TEAM] [--as PERSON]",
    "WEEK is written as 2026-W41; without it the current one.\n" ASK_OPTIONS, run_question};
