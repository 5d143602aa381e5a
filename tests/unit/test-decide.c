/* SPDX-License-Identifier: ISC */
/*
 * Tests of decisions: each command in its right forms, refusals and roles, in a thread and alone;
 * who is asked and told; and the digest, the log and the search.
 */
#include "tests/unit/decide-fixture.h"

static const char *
votes(struct inbox *in)
{
	return text_of(in,
	    "SELECT group_concat(item_id || ' ' || person_id || ' ' || choice || ' ' || "
	    "coalesce(option, '-') || ' ' || coalesce(reason, '-'), '; ') FROM "
	    "(SELECT * FROM vote ORDER BY item_id, person_id)");
}

/* ---- commands -------------------------------------------------------------------------------- */

static const struct {
	const char *from;
	const char *line;
	uint32_t thread; /* in reply to that item; 0: a mail of its own */
	const char *want; /* all votes after it; or the refusal */
	bool refused;
} rows[] = {
    {ANA, "/agree #1", 0, "1 1 agree - -", 0},
    {ANA, "/agree", 1, "1 1 agree - -", 0},
    {ANA, "/+1 #1", 0, "1 1 agree - -", 0},
    {ANA, "/agree #1 #2", 0, "1 1 agree - -; 2 1 agree LMDB -", 0},
    {ANA, "/agree #1 at last", 0, "1 1 agree - at last", 0},
    {BEN, "/agree #1", 0, "1 2 agree - -", 0},
    {CHI, "/agree #1", 0, "needs the role member", 1},
    {ANA, "/agree", 0, "Which decision?", 1},
    {ANA, "/agree #3", 0, "#3 is a task", 1},
    {ANA, "/agree", 3, "#3 is a task", 1},
    {ANA, "/agree #4", 0, "decided already: agreed", 1},
    {ANA, "/agree #5", 0, "was dropped; reopen it first", 1},
    {ANA, "/agree #99", 0, "There is no #99", 1},
    {BEN, "/object #1 too new for us", 0, "1 2 object - too new for us", 0},
    {BEN, "/object too new for us", 1, "1 2 object - too new for us", 0},
    {CHI, "/object #1 too new", 0, "needs the role member", 1},
    {BEN, "/object #3 no", 0, "#3 is a task", 1},
    {BEN, "/object #4 no", 0, "decided already", 1},
    {BEN, "/abstain #2", 0, "2 2 abstain - -", 0},
    {BEN, "/abstain no idea", 2, "2 2 abstain - no idea", 0},
    {CHI, "/abstain #2", 0, "needs the role member", 1},
    {BEN, "/abstain #3", 0, "#3 is a task", 1},
    {DEE, "/vote #2 sqlite", 0, "2 4 option SQLite -", 0},
    {DEE, "/vote #2 2", 0, "2 4 option SQLite -", 0},
    {DEE, "/vote #2 sq", 0, "2 4 option SQLite -", 0},
    {DEE, "/vote use both", 2, "2 4 option Use both -", 0},
    {CHI, "/vote #2 sqlite", 0, "needs the role member", 1},
    {DEE, "/vote #2 4", 0, "is none of them; the options are: 1 LMDB, 2 SQLite, 3 Use both", 1},
    {DEE, "/vote #2 postgres", 0, "is none of them", 1},
    {DEE, "/vote #1 yes", 0, "1 4 agree - -", 0},
    {DEE, "/vote #1 no", 0, "/object #1 REASON", 1},
    {DEE, "/vote #1 LMDB", 0, "has no options", 1},
    {DEE, "/vote sqlite", 0, "Which decision?", 1},
    {DEE, "/vote #3 sqlite", 0, "#3 is a task", 1},
    {DEE, "/vote #4 yes", 0, "decided already", 1},
    {ANA, "/done #1", 0, "/resolve closes it", 1},
    {ANA, "/start #1", 0, "it is a decision", 1},
    {ANA, "/block #1 no time", 0, "it is a decision", 1},
    {ANA, "/due #1 2026-11-01", 0, "cannot close in the past", 1},
    {CHI, "/decide More of it?", 0, "needs the role member", 1},
    {CHI, "/resolve #1 yes it is fine", 0, "needs the role member", 1},
    {DEE, "/resolve #1 yes it is fine", 0, "#1 belongs to Ben Okri: closing it needs the role lead",
        1},
    {ANA, "/resolve #2 postgres is better", 0, "is none of them", 1},
    {ANA, "/resolve #3 yes it is fine", 0, "#3 is a task", 1},
    {ANA, "/resolve #4 no after all", 0, "decided already", 1},
    {ANA, "/resolve yes it is fine", 0, "Which decision?", 1},
};

static void
test_answers(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct inbox_more m;
		struct inbox *in = &m.in;
		const char *error, *thread;

		people_open(&m);
		setup(in, NULL);
		thread = rows[i].thread != 0 ? item_numbered(in, rows[i].thread)->root_mid : NULL;
		say_at(in, rows[i].from, rows[i].line, thread, NOON);
		error = flat(in, text_of(in,
		    "SELECT CAST(bytes AS TEXT) FROM outbox WHERE kind = 'error'"));
		if (rows[i].refused && strstr(error, rows[i].want) == NULL)
			fail_msg("%s: no \"%s\" in: %s", rows[i].line, rows[i].want, error);
		if (rows[i].refused && *votes(in) != '\0')
			fail_msg("%s: counted: %s", rows[i].line, votes(in));
		if (!rows[i].refused && (strcmp(votes(in), rows[i].want) != 0 || *error != '\0'))
			fail_msg("%s: %s, not %s; %s", rows[i].line, votes(in), rows[i].want,
			    error);
		fixture_close(&in->fx);
	}
}

/* ---- making, closing, opening again ---------------------------------------------------------- */

static void
test_made(void **state)
{
	struct inbox_more m;
	struct inbox *in = &m.in;
	struct reading_command decide = {.line = 3, .verb = "decide", .source = "/decide Which?",
	    .text = "Which store?", .when = &friday};

	people_open(&m);
	/* among the words of an update, with options as bullets */
	take(in, &(struct letter){.from = BEN, .subject = "today", .mid = "asked@x",
	    .text = "Slow day.\n\n/decide Which store? by friday\nOptions:\n- LMDB\n- SQLite\n"
	    "- Use both\n\nThanks\n", .commands = &decide, .n_commands = 1,
	    .fields = {.options = lmdb_sqlite, .n_options = 3}});
	assert_string_equal(item_json(in, 1), "{\"number\":1,\"kind\":\"decision\","
	    "\"title\":\"Which store?\",\"body\":\"Slow day.\\n\\nThanks\",\"state\":\"open\","
	    "\"blocked_why\":null,\"blocked_since\":0,\"project\":null,\"priority\":0,"
	    "\"due_at\":1795824000,\"due_day\":\"2026-11-27\",\"due_zone\":\"Europe/Lisbon\","
	    "\"estimate\":0,\"closed_at\":0,\"owners\":[2],\"watchers\":[],"
	    "\"depends\":[],\"tags\":[],\"options\":[\"LMDB\",\"SQLite\",\"Use both\"],"
	    "\"outcome\":null,\"outcome_how\":null,\"outcome_why\":null}");
	assert_string_equal(text_of(in, "SELECT text FROM update_line"), "Slow day.\n\nThanks");
	/* a reply to that very mail answers it, and so does one that says "Re: decide:" */
	say_at(in, ANA, "/vote 2", "asked@x", NOON);
	take(in, &(struct letter){.subject = "Re: decide: Which store?", .text = "I am for it",
	    .reply_to = "asked@x", .target = {.kind = KIND_DECIDE},
	    .fields = {.title = "Which store?"}});
	assert_string_equal(votes(in), "1 1 option SQLite -");
	assert_int_equal(number(in, "SELECT count(*) FROM item"), 1);
	assert_int_equal(number(in, "SELECT count(*) FROM comment WHERE item_id = 1"), 1);
	fixture_close(&in->fx);
}

static void
test_past_date(void **state)
{
	struct inbox_more m;
	struct inbox *in = &m.in;
	struct reading_when past = friday;

	people_open(&m);
	past.start = NOON - 3 * 86400;
	past.end = NOON - 2 * 86400;
	take(in, &(struct letter){.from = BEN, .subject = "decide: Now?",
	    .target = {.kind = KIND_DECIDE}, .fields = {.title = "Now?", .due = &past}});
	/* it is kept, and never closes at once */
	assert_int_equal(item_numbered(in, 1)->due_at, 0);
	assert_int_equal(number(in, "SELECT count(*) FROM job WHERE kind = 'decision'"), 0);
	assert_non_null(strstr(flat(in, text_of(in, "SELECT CAST(bytes AS TEXT) FROM outbox")),
	    "cannot close in the past"));
	fixture_close(&in->fx);
}

static void
test_resolve(void **state)
{
	static const struct {
		const char *from, *line, *outcome, *why;
	} ends[] = {
	    {ANA, "/resolve #1 yes all can", "agreed", "all can"},
	    {BEN, "/resolve #1 no it is his own", "rejected", "it is his own"},
	    {ANA, "/resolve #1 later in spring", "later", "in spring"},
	    {ANA, "/resolve #2 SQLite is known", "SQLite", "is known"},
	    {ANA, "/resolve #2 2 is known", "SQLite", "is known"},
	    {BEN, "/resolve #2 Use both costs little", "Use both", "costs little"},
	    {BEN, "/resolve #2 \"Use both\" costs little", "Use both", "costs little"},
	    {ANA, "/resolve #2 none fits", "none of the options", "fits"},
	};

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct inbox_more m;
		struct inbox *in = &m.in;
		struct item *item;

		people_open(&m);
		setup(in, &friday);
		say(in, ends[i].from, ends[i].line);
		item = item_numbered(in, ends[i].line[10] == '1' ? 1 : 2);
		if (item->outcome == NULL || strcmp(item->outcome, ends[i].outcome) != 0 ||
		    strcmp(item->outcome_why, ends[i].why) != 0)
			fail_msg("%s: %s, %s", ends[i].line, item->outcome, item->outcome_why);
		assert_int_equal(item->state, ITEM_DONE);
		/* nothing is left to happen at its date */
		assert_int_equal(number(in, "SELECT count(*) FROM job WHERE kind = 'decision'"), 1);
		fixture_close(&in->fx);
	}
}

static void
test_reopen(void **state)
{
	struct inbox_more m;
	struct inbox *in = &m.in;

	people_open(&m);
	setup(in, &friday);
	say(in, ANA, "/resolve #1 yes all can");
	say(in, ANA, "/reopen #1");
	assert_null(item_numbered(in, 1)->outcome);
	assert_int_equal(number(in, "SELECT count(*) FROM job WHERE kind = 'decision'"), 2);
	say(in, ANA, "/resolve #1 yes all can");
	say_at(in, ANA, "/reopen #1", NULL, friday.end + HOUR); /* its date is past */
	assert_int_equal(item_numbered(in, 1)->due_at, 0);
	assert_int_equal(item_numbered(in, 1)->state, ITEM_OPEN);
	fixture_close(&in->fx);
}

/* ---- mails ----------------------------------------------------------------------------------- */

static const char *
mail_to(struct inbox *in, const char *rcpt)
{
	return flat(in, text_of(in, arena_printf(in->fx.arena,
	    "SELECT CAST(bytes AS TEXT) FROM outbox WHERE kind = 'item' AND rcpt = '%s' "
	    "ORDER BY id DESC LIMIT 1", rcpt)));
}

static void
has(struct inbox *in, const char *rcpt, const char *want)
{
	if (strstr(mail_to(in, rcpt), want) == NULL)
		fail_msg("no \"%s\" in: %s", want, mail_to(in, rcpt));
}

static void
test_asked(void **state)
{
	struct inbox_more m;
	struct inbox *in = &m.in;

	people_open(&m);
	take(in, &(struct letter){.from = ANA, .subject = "decide: Which store?",
	    .text = "We need one.\n\n- LMDB\n- SQLite\n- Use both\n",
	    .target = {.kind = KIND_DECIDE},
	    .fields = {.title = "Which store?", .options = lmdb_sqlite, .n_options = 3,
		.due = &friday}});
	run_jobs(in, "news", news_job, NOON);
	assert_string_equal(mail_to(in, DEE), ""); /* a Saturday */
	say(in, EMI, "/object #1 no backup for it");
	run_jobs(in, "news", news_job, MONDAY);
	has(in, DEE, "Subject: [#1] Which store?");
	has(in, DEE, "References: <item-1.platform@example.org>");
	has(in, DEE, "Ana Lima asks Platform to decide #1. We need one.");
	has(in, DEE, "Closes: Fri 27 Nov 2026 (Europe/Lisbon)");
	has(in, DEE, "1. LMDB: 0 votes (the default) 2. SQLite: 0 votes 3. Use both: 0 votes");
	has(in, DEE, "1 of 4 answered");
	has(in, DEE, "Emi Sato objects: no backup for it");
	has(in, DEE,
	    "mailto:platform@example.org?subject=3D%5B%231%5D&amp;body=3D%2Fvote%20%231%202");
	has(in, DEE, "body=3D%2Fobject%20%231");
	has(in, DEE, "body=3D%2Fabstain%20%231");
	assert_string_equal(mail_to(in, CHI), "");  /* a guest is not asked */
	assert_string_equal(mail_to(in, EMI), "");  /* answered already */
	assert_string_equal(mail_to(in, BEN), "");  /* it is night in Tokyo */
	has(in, ANA, "Emi Sato objects to #1: no backup for it"); /* it is hers */
	fixture_close(&in->fx);
}

static void
test_told(void **state)
{
	struct inbox_more m;
	struct inbox *in = &m.in;

	people_open(&m);
	setup(in, &friday);
	say(in, DEE, "/agree #1");
	say(in, DEE, "/object #2 no backup");
	run_jobs(in, "news", news_job, MONDAY);
	td_ok(&in->fx, db_exec(in->fx.db, &in->fx.err, "UPDATE outbox SET rcpt = 'told'", ""));
	run_jobs(in, "decision", decide_job, friday.end);
	run_jobs(in, "news", news_job, friday.end + 3 * 86400 + 12 * HOUR);
	has(in, EMI, "The decision on #1: agreed. The answers say so.");
	has(in, EMI, "State: decided");
	has(in, ANA, "The date of #2 has come, and an objection stands");
	has(in, ANA, "Dee Roy objects: no backup");
	td_ok(&in->fx, db_exec(in->fx.db, &in->fx.err, "UPDATE outbox SET rcpt = 'told'", ""));
	say_at(in, ANA, "/resolve #2 SQLite is known", NULL, friday.end + 3 * 86400 + 12 * HOUR);
	run_jobs(in, "news", news_job, friday.end + 3 * 86400 + 12 * HOUR);
	has(in, EMI, "Ana Lima decided #2: SQLite. is known");
	assert_string_equal(mail_to(in, ANA), "");
	fixture_close(&in->fx);
}

/* ---- digest, log, search, undo --------------------------------------------------------------- */

static const char *
digest_of(struct inbox *in, int64_t now)
{
	struct gather_request request = {.team_id = in->fx.team.id, .person_id = in->fx.ana.id,
	    .now = now};
	struct compose_common common = {.templates = NULL};
	struct compose_digest digest;
	const char *text;

	td_ok(&in->fx, gather_digest(in->fx.db, in->fx.arena, &request, &common, &digest,
	    &in->fx.err));
	td_ok(&in->fx, compose_digest_text(in->fx.arena, &common, &digest, &text, &in->fx.err));
	return text;
}

static void
test_digest(void **state)
{
	struct inbox_more m;
	struct inbox *in = &m.in;
	struct reading_when five = {.start = 1795798800, .end = 1795798800,
	    .precision = WHEN_MINUTE, .local = "2026-11-27T17:00", .zone = "Europe/Lisbon"};

	people_open(&m);
	setup(in, &five);
	say(in, ANA, "/agree #1");
	say(in, BEN, "/agree #1");
	say(in, DEE, "/agree #1");
	say(in, DEE, "/object #2 no backup");
	if (strstr(flat(in, digest_of(in, 1795770000)),
	    " * #1 Move to C17? 3 of 4 answered, closes "
	    "today 17:00 (Europe/Lisbon). * #2 Which store? 1 of 4 answered, 1 objection, closes "
	    "today 17:00 (Europe/Lisbon).") == NULL)
		fail_msg("%s", digest_of(in, 1795770000));
	if (strstr(flat(in, digest_of(in, 1795770000 + 86400)),
	    "1 of 4 answered, 1 objection, past its date, waits for") == NULL)
		fail_msg("%s", digest_of(in, 1795770000 + 86400));
	fixture_close(&in->fx);
}

static const char *
answer_to(struct inbox *in, const char *line)
{
	const struct command_context context = {.anchor = NOON, .zone = "Europe/Lisbon"};
	const struct query query = {.db = in->fx.db, .arena = in->fx.arena, .team = &in->fx.team,
	    .reader_id = in->fx.ana.id, .zone = "Europe/Lisbon", .now = NOON};
	struct query_answer answer = {0};
	struct reading_command cmd;
	struct reading_error error;
	const char *text;

	assert_int_equal(command_parse(in->fx.arena, span_of(line), 0, &context, &cmd, &error),
	    COMMAND_GOOD);
	td_ok(&in->fx, query_ask(&query, &cmd, &answer, &in->fx.err));
	assert_null(answer.why);
	text = answer.title;
	for (size_t i = 0; i < answer.n_lines; i++)
		text = arena_printf(in->fx.arena, "%s\n%s", text, answer.lines[i]);
	return text;
}

static void
answers(struct inbox *in, const char *line, const char *want)
{
	if (strstr(answer_to(in, line), want) == NULL)
		fail_msg("%s: no \"%s\" in: %s", line, want, answer_to(in, line));
}

static void
test_log(void **state)
{
	struct inbox_more m;
	struct inbox *in = &m.in;

	people_open(&m);
	setup(in, NULL);
	say(in, DEE, "/object #2 no backup for it");
	say(in, EMI, "/vote #2 lmdb");
	answers(in, "/list decisions", "list decisions: 4 items");
	answers(in, "/list decisions", "#4 Old question (Ben Okri), decided: agreed");
	answers(in, "/list decisions open", "2 items");
	answers(in, "/list decisions done", "1 item");
	answers(in, "/list tasks", "#3 A task");
	answers(in, "/show #2", "Option 1: LMDB, 1 vote (the default)");
	answers(in, "/show #2", "Answered: 2 of 4, 1 objection");
	answers(in, "/show #2", "Answer of Dee Roy: object: no backup for it");
	answers(in, "/show #4", "Decided: agreed (resolved): it was said");
	answers(in, "/search backup", "#2 Which store?");
	answers(in, "/search sqlite", "#2 Which store?");
	say(in, ANA, "/resolve #1 postponed there is no time");
	answers(in, "/search postponed", "#1 Move to C17?"); /* an outcome that was no option */
	say(in, ANA, "/resolve #2 lmdb the fastest");
	answers(in, "/search fastest", "#2 Which store?");
	fixture_close(&in->fx);
}

/* The last answer counts; an undo brings back the one before, unless it is decided. */
static void
test_undo(void **state)
{
	struct inbox_more m;
	struct inbox *in = &m.in;
	const char *code, *first;

	people_open(&m);
	setup(in, &friday);
	say(in, DEE, "/vote #2 1");
	first = text_of(in, "SELECT undo_code FROM message ORDER BY id DESC LIMIT 1");
	say(in, DEE, "/vote #2 2");
	assert_string_equal(votes(in), "2 4 option SQLite -");
	code = text_of(in, "SELECT undo_code FROM message ORDER BY id DESC LIMIT 1");
	say(in, DEE, arena_printf(in->fx.arena, "/undo %s", first));
	assert_string_equal(votes(in), "2 4 option SQLite -"); /* it was changed again */
	say(in, DEE, arena_printf(in->fx.arena, "/undo %s", code));
	assert_string_equal(votes(in), "2 4 option LMDB -");
	run_jobs(in, "decision", decide_job, friday.end);
	say(in, DEE, arena_printf(in->fx.arena, "/undo %s", first));
	assert_string_equal(votes(in), "2 4 option LMDB -");
	assert_non_null(strstr(flat(in, text_of(in, "SELECT CAST(bytes AS TEXT) FROM outbox "
	    "WHERE kind = 'error' ORDER BY id DESC")), "#2 is decided by now: LMDB"));
	fixture_close(&in->fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_answers), cmocka_unit_test(test_made),
	    cmocka_unit_test(test_past_date), cmocka_unit_test(test_resolve),
	    cmocka_unit_test(test_reopen), cmocka_unit_test(test_asked),
	    cmocka_unit_test(test_told), cmocka_unit_test(test_digest),
	    cmocka_unit_test(test_log), cmocka_unit_test(test_undo),
	};

	return cmocka_run_group_tests_name("decide", tests, NULL, NULL);
}
