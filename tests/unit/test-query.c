/* SPDX-License-Identifier: ISC */
/* Tests of compose/query: each question with its filters, refusals and JSON; and by mail. */
#include "tests/unit/intake-fixture.h"

#include <jansson.h>

#include "daemon/compose/query.h"
#include "daemon/store/absence.h"
#include "daemon/store/entry.h"
#include "parsers/command.h"
#include "parsers/verb.h"

/* What has the answer to hold (lines joined with LF), and not to hold; NULL: refused with want. */
static const struct {
	const char *question;
	const char *want;
	const char *want2;
	const char *not;
	bool refused;
} rows[] = {
    {"/list", "list: 4 items", "#4 Buy disks (nobody), blocked: no quota", "#3", 0},
    {"/list mine", "list mine: 1 item", "#1 Fix login (Ana Lima), due 2026-11-20", "#2", 0},
    {"/list @ben", "#2 Write docs (Ben Okri), due 2026-11-22", NULL, "#1", 0},
    {"/list +WEB", "#1 Fix login", NULL, "#2", 0},
    {"/list #bug", "#1 Fix login", ", #bug", "#2", 0},
    {"/list +web #bug mine", "1 item", NULL, "#2", 0},
    {"/list blocked", "#4 Buy disks", NULL, "#1", 0},
    {"/list overdue", "#1 Fix login", NULL, "#2", 0},
    {"/list due:week", "#2 Write docs", NULL, "#5", 0},
    {"/list due:today", "#1 Fix login", NULL, "#2", 0},
    {"/list due:tomorrow", "#2 Write docs", NULL, "#5", 0},
    {"/list due:month", "#5 Later", NULL, "#4", 0},
    {"/list done", "#3 Old thing", "1 item", "#1", 0},
    {"/list all", "5 items", "#3 Old thing (nobody), done", NULL, 0},
    {"/list unowned", "#4 Buy disks", NULL, "#1", 0},
    {"/list decisions", "0 items", NULL, "#1", 0},
    {"/list @eve", "nobody in the team", NULL, NULL, 1},
    {"/show #1", "#1 Fix login", "Owner: Ana Lima", NULL, 0},
    {"/show #1", "Project: web", "Time: 1h 30m", NULL, 0},
    {"/show #1", "Holds up: #2 Write docs", "Ben Okri, 2026-11-21 12:00 (Europe/Lisbon):", NULL, 0},
    {"/show #2", "Waits for: #1 Fix login", NULL, "Holds up", 0},
    {"/show #4 #5", "2 items", "State: blocked: no quota", NULL, 0},
    {"/show #99", "There is no #99 in Platform", NULL, NULL, 1},
    {"/search quota", "#1 Fix login: Ben Okri, 2026-11-21", "disk [quota]", NULL, 0},
    {"/search \"disk quota\"", "1 found", NULL, NULL, 0},
    {"/search \"quota disk\"", "0 found", NULL, NULL, 0},
    {"/search disk* -quota", "Buy [disks]", NULL, "[quota]", 0},
    {"/search disk*", "2 found", NULL, NULL, 0},
    {"/search disk* person:ben", "1 found", "#1", "#4", 0},
    {"/search login tag:bug", "#1 Fix login", NULL, NULL, 0},
    {"/search login tag:none", "0 found", NULL, NULL, 0},
    {"/search login before:2026-11-21", "0 found", NULL, NULL, 0},
    {"/search login before:2026-11-22", "1 found", NULL, NULL, 0},
    {"/search early", "Ben Okri's update, 2026-11-21", "[early]", NULL, 0},
    {"/search login before:soon", "wants a day", NULL, NULL, 1},
    {"/search person:ana", "Name a word", NULL, NULL, 1},
    {"/search login person:eve", "nobody in the team", NULL, NULL, 1},
    {"/who", "Ana Lima: off hours, back 2026-11-23 09:00 (Europe/Lisbon); it is 12:00 there",
	"Ben Okri: away, holiday until 2026-11-24, cover: Ana Lima; it is 21:00 there (Asia/Tokyo)",
	NULL, 0},
    {"/who", "Chi Wu: off hours, back 2026-11-23 14:00 (Europe/Lisbon); it is 07:00 there",
	"who: 3 in Platform", NULL, 0},
    {"/timesheet", "timesheet 2026-W47 of Ana Lima", "Sum: 1h 30m", NULL, 0},
    {"/timesheet 2026-W47", "Sat 2026-11-21: 1h 30m", "1h 30m #1 +web Fix login", NULL, 0},
    {"/timesheet 2026-W46", "Sum: 0m", NULL, "Sat", 0},
    {"/help", "/spend", "/undo", NULL, 0},
    {"/help spend", "About /spend:", "Examples:", "/undo", 0},
    {"/help decide", "the first is the default. At the deadline the one that most voted for",
	"asks the team to decide.", "At the\n", 0},
};

static struct reading_when
day(const char *text, int64_t start)
{
	return (struct reading_when){.start = start, .end = start + 86400, .precision = WHEN_DAY,
	    .local = text, .zone = "Europe/Lisbon"};
}

static void
task(struct inbox *in, const char *title, const char *owner, struct reading_when *due)
{
	const char **owners = arena_alloc(in->fx.arena, sizeof *owners);

	*owners = owner;
	take(in, &(struct letter){.subject = title, .target = {.kind = KIND_TASK},
	    .fields = {.title = title, .owners = owners, .n_owners = owner != NULL, .due = due}});
}

static void
line(struct inbox *in, const char *text, const char *from)
{
	const struct command_context context = {.anchor = NOON, .zone = "Europe/Lisbon"};
	struct reading_command *cmd = arena_alloc(in->fx.arena, sizeof *cmd);
	struct reading_error error;

	assert_int_equal(command_parse(in->fx.arena, span_of(text), 1, &context, cmd, &error),
	    COMMAND_GOOD);
	take(in, &(struct letter){.from = from, .subject = "x", .target = {.kind = KIND_TIME},
	    .commands = cmd, .n_commands = 1});
}

static void
work(struct inbox *in)
{
	struct reading_when friday = day("2026-11-20", 1795132800),
	    sunday = day("2026-11-22", 1795305600), late = day("2026-11-30", 1795996800);
	struct absence away = {.person_id = in->fx.ben.id, .first_day = "2026-11-20",
	    .last_day = "2026-11-24", .kind = "holiday", .cover_id = in->fx.ana.id,
	    .created_at = NOON};

	task(in, "Fix login", "ana", &friday);
	task(in, "Write docs", "ben", &sunday);
	task(in, "Old thing", NULL, NULL);
	task(in, "Buy disks", NULL, NULL);
	task(in, "Later", "chi", &late);
	line(in, "/project #1 web", NULL);
	line(in, "/tag #1 bug", NULL);
	line(in, "/done #3", NULL);
	line(in, "/block #4 no quota", NULL);
	line(in, "/depends #2 on #1", NULL);
	line(in, "/spend 1h30m #1", NULL);
	take(in, &(struct letter){.from = "ben@example.org", .subject = "[#1]",
	    .text = "out of disk quota", .target = {.item = 1}});
	take(in, &(struct letter){.from = "ben@example.org", .subject = "x", .text = "early bird",
	    .target = {.kind = KIND_UPDATE}});
	td_ok(&in->fx, absence_add(in->fx.db, &away, &in->fx.err));
}

static const char *
joined(struct inbox *in, const struct query_answer *answer)
{
	const char *text = answer->title;

	for (size_t i = 0; i < answer->n_lines; i++)
		text = arena_printf(in->fx.arena, "%s\n%s", text, answer->lines[i]);
	return text;
}

static void
check_row(struct inbox *in, size_t i)
{
	const struct command_context context = {.anchor = NOON, .zone = "Europe/Lisbon"};
	const struct query query = {.db = in->fx.db, .arena = in->fx.arena, .team = &in->fx.team,
	    .reader_id = in->fx.ana.id, .zone = "Europe/Lisbon", .now = NOON};
	struct reading_command question;
	struct reading_error error;
	struct query_answer answer;
	const char *text;
	json_t *json;

	if (command_parse(in->fx.arena, span_of(rows[i].question), 0, &context, &question,
	    &error) != COMMAND_GOOD)
		fail_msg("%s: %s", rows[i].question, error.why);
	td_ok(&in->fx, query_ask(&query, &question, &answer, &in->fx.err));
	if (rows[i].refused != (answer.why != NULL))
		fail_msg("%s: %s", rows[i].question, answer.why != NULL ? answer.why : "answered");
	text = answer.why != NULL ? answer.why : joined(in, &answer);
	if (strstr(text, rows[i].want) == NULL ||
	    (rows[i].want2 != NULL && strstr(text, rows[i].want2) == NULL) ||
	    (rows[i].not != NULL && strstr(text, rows[i].not) != NULL))
		fail_msg("%s: %s", rows[i].question, text);
	json = json_loads(answer.json, JSON_DECODE_ANY, NULL);
	if (answer.why == NULL && json == NULL)
		fail_msg("%s: no JSON: %s", rows[i].question, answer.json);
	json_decref(json);
}

/* An update is of the writer's day: what is Sunday in Tokyo stays so for a reader in Lisbon, where
 * it was written on Saturday. */
static void
test_update_day(void **state)
{
	struct inbox in;
	const struct reading_command question = {.verb = "search", .text = "sunday",
	    .source = "/search sunday"};
	struct query_answer answer;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	take(&in, &(struct letter){.from = "ben@example.org", .subject = "x",
	    .text = "a sunday walk", .target = {.kind = KIND_UPDATE}, .at = NOON + 5 * 3600});
	td_ok(&in.fx, query_ask(&(struct query){.db = in.fx.db, .arena = in.fx.arena,
	    .team = &in.fx.team, .reader_id = in.fx.ana.id, .zone = "Europe/Lisbon",
	    .now = NOON + 6 * 3600}, &question, &answer, &in.fx.err));
	assert_string_equal(answer.lines[0], "Ben Okri's update, 2026-11-22");
	fixture_close(&in.fx);
}

static void
test_questions(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	work(&in);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(&in, i);
	fixture_close(&in.fx);
}

/* Lines in one, as a reader sees them. */
static const char *
flat(struct arena *arena, struct span text)
{
	const char *all = "";
	struct span line;

	while (span_next_line(&text, &line))
		if (span_trim(line).len > 0)
			all = arena_printf(arena, "%s %.*s", all, SPAN_FMT(line));
	return all;
}

/* The answer to help says what the verb table says: of all verbs and of each. A sentence is one
 * line, however the table breaks it. */
static void
check_help(struct inbox *in, const struct verb *verb)
{
	const struct query query = {.db = in->fx.db, .arena = in->fx.arena, .team = &in->fx.team,
	    .reader_id = in->fx.ana.id, .zone = "Europe/Lisbon", .now = NOON};
	const struct reading_command question = {.verb = "help",
	    .word = verb != NULL ? verb->name : NULL, .source = "/help"};
	struct query_answer answer;
	const char *all = "";
	struct buf text;

	td_ok(&in->fx, query_ask(&query, &question, &answer, &in->fx.err));
	buf_init(&text, 1 << 16);
	verb_help(verb, &text);
	for (size_t i = 0; i < answer.n_lines; i++)
		all = arena_printf(in->fx.arena, "%s %s", all, answer.lines[i]);
	assert_string_equal(all, flat(in->fx.arena, buf_span(&text)));
	buf_release(&text);
}

static void
test_help(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	check_help(&in, NULL);
	for (size_t i = 0; i < n_verbs; i++)
		check_help(&in, &verbs[i]);
	fixture_close(&in.fx);
}

/* By mail: one answer to all questions of a mail, also beside refused lines; guests may ask. */
static void
test_by_mail(void **state)
{
	struct reading_command both[] = {
	    {.line = 1, .verb = "list", .word = "blocked", .source = "/list blocked"},
	    {.line = 2, .verb = "who", .source = "/who"},
	    {.line = 3, .verb = "done", .source = "/done"}};
	struct inbox in;
	int64_t n;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	work(&in);
	n = number(&in, "SELECT count(*) FROM outbox");
	take(&in, &(struct letter){.from = "chi@example.org", .subject = "list blocked",
	    .target = {.kind = KIND_QUERY}, .commands = both, .n_commands = 2});
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), n + 1);
	assert_string_equal(text_of(&in, "SELECT kind FROM outbox ORDER BY id DESC"), "answer");
	assert_non_null(strstr(last_mail(&in), "#4 Buy disks"));
	assert_non_null(strstr(last_mail(&in), "Chi Wu: off hours"));
	assert_non_null(strstr(last_mail(&in), "(America/Lima)")); /* the reader's */
	assert_null(strstr(last_mail(&in), "undo"));
	take(&in, &(struct letter){.subject = "x", .target = {.kind = KIND_TIME}, .commands = both,
	    .n_commands = 3});
	assert_string_equal(text_of(&in, "SELECT kind FROM outbox ORDER BY id DESC"), "error");
	assert_non_null(strstr(last_mail(&in), "Which item?"));
	assert_non_null(strstr(last_mail(&in), "#4 Buy disks"));
	fixture_close(&in.fx);
}

/* "show" in a thread is about its item, as it is after the mail; held mail gets no answer. */
static void
test_thread_and_trust(void **state)
{
	struct reading_command show[] = {{.line = 1, .verb = "show", .source = "/show"},
	    {.line = 2, .verb = "title", .text = "New name", .source = "/title New name"}};
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	work(&in);
	take(&in, &(struct letter){.subject = "[#1] Fix login", .target = {.item = 1},
	    .commands = show, .n_commands = 2});
	assert_non_null(strstr(last_mail(&in), "#1 New name"));
	in.conf.trust.mode = CONF_TRUST_AUTHENTICATED;
	assert_int_equal(take(&in, &(struct letter){.subject = "who",
	    .target = {.kind = KIND_QUERY}, .commands = show, .n_commands = 1}), INTAKE_HELD);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'answer'"), 1);
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_update_day),
	    cmocka_unit_test(test_questions),
	    cmocka_unit_test(test_help), cmocka_unit_test(test_by_mail),
	    cmocka_unit_test(test_thread_and_trust)};

	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
