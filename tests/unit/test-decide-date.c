/* SPDX-License-Identifier: ISC */
/*
 * Tests of the date of a decision: what holds when it comes, what an objection does to that, and
 * what may be done about the date before and after.
 */
#include "tests/unit/decide-fixture.h"

static const struct {
	const char *name;
	const char *lines[5]; /* of ana, ben, chi (a guest), dee, emi */
	uint32_t item;
	const char *outcome, *how; /* NULL: still open */
} dates[] = {
    {"silence, a proposal", {NULL}, 1, "agreed", "default"},
    {"agreed", {"/agree #1"}, 1, "agreed", "vote"},
    {"only abstained", {"/abstain #1"}, 1, "agreed", "default"},
    {"objected", {"/agree #1", "/object #1 no"}, 1, NULL, NULL},
    {"silence, options", {NULL}, 2, "LMDB", "default"},
    {"most", {"/vote #2 2", "/vote #2 2", NULL, "/vote #2 1"}, 2, "SQLite", "vote"},
    {"agreed to the first", {"/agree #2"}, 2, "LMDB", "vote"},
    {"as many for one as for another", {"/vote #2 2", "/vote #2 3", NULL}, 2, "LMDB", "default"},
    {"level with the first", {"/vote #2 3", "/vote #2 1", NULL}, 2, "LMDB", "default"},
    {"objected, options", {"/vote #2 2", "/vote #2 2", NULL, "/object #2 no backup"}, 2, NULL,
        NULL},
};

static void
test_date(void **state)
{
	static const char *const who[] = {ANA, BEN, CHI, DEE, EMI};

	for (size_t i = 0; i < ARRAY_LEN(dates); i++) {
		struct inbox_more m;
		struct inbox *in = &m.in;
		struct item *item;

		people_open(&m);
		setup(in, &friday);
		for (size_t p = 0; p < 5; p++)
			if (dates[i].lines[p] != NULL)
				say(in, who[p], dates[i].lines[p]);
		run_jobs(in, "decision", decide_job, friday.end - 1);
		row_assert(item_numbered(in, dates[i].item)->state == ITEM_OPEN, dates[i].name);
		run_jobs(in, "decision", decide_job, friday.end);
		item = item_numbered(in, dates[i].item);
		row_assert((item->state == ITEM_DONE) == (dates[i].outcome != NULL), dates[i].name);
		if (dates[i].outcome != NULL && (strcmp(item->outcome, dates[i].outcome) != 0 ||
		    strcmp(item->outcome_how, dates[i].how) != 0))
			fail_msg("%s: %s by %s", dates[i].name, item->outcome, item->outcome_how);
		fixture_close(&in->fx);
	}
}

/* "Status: open" does what /reopen does: a date that is past goes, one that comes with it holds. */
static void
test_reopen_by_field(void **state)
{
	static struct reading_when later = {.start = 1796342400, .end = 1796428800,
	    .precision = WHEN_DAY, .local = "2026-12-04", .zone = "Europe/Lisbon"};

	for (int dated = 0; dated < 2; dated++) {
		struct inbox_more m;
		struct inbox *in = &m.in;
		int64_t at = friday.end + HOUR;

		people_open(&m);
		setup(in, &friday);
		run_jobs(in, "decision", decide_job, friday.end);
		assert_int_equal(item_numbered(in, 1)->state, ITEM_DONE);
		take(in, &(struct letter){.from = BEN, .subject = "Re: [#1] Move to C17?", .at = at,
		    .target = {.kind = KIND_NONE, .item = 1},
		    .text = dated ? "Due: 2026-12-04\nStatus: open\n" : "Status: open\n",
		    .fields = {.status = "open", .due = dated ? &later : NULL}});
		run_jobs(in, "decision", decide_job, at);
		assert_int_equal(item_numbered(in, 1)->state, ITEM_OPEN);
		assert_null(item_numbered(in, 1)->outcome);
		assert_int_equal(item_numbered(in, 1)->due_at, dated ? later.end : 0);
		fixture_close(&in->fx);
	}
}

/* Who has left the team counts no more. */
static void
test_leaver(void **state)
{
	struct inbox_more m;
	struct inbox *in = &m.in;

	people_open(&m);
	setup(in, &friday);
	say(in, DEE, "/object #1 no");
	td_ok(&in->fx, member_remove(in->fx.db, in->fx.team.id, m.dee.id, &in->fx.err));
	run_jobs(in, "decision", decide_job, friday.end);
	assert_string_equal(item_numbered(in, 1)->outcome, "agreed");
	fixture_close(&in->fx);
}

/* The objection goes after the date: it closes then. */
static void
test_settled_late(void **state)
{
	struct inbox_more m;
	struct inbox *in = &m.in;

	people_open(&m);
	setup(in, &friday);
	say(in, DEE, "/object #1 no");
	run_jobs(in, "decision", decide_job, friday.end);
	assert_int_equal(number(in, "SELECT count(*) FROM news WHERE kind = 'stuck'"), 2);
	say_at(in, EMI, "/agree #1", NULL, friday.end + HOUR);
	run_jobs(in, "decision", decide_job, friday.end + HOUR);
	/* told once, though others answer */
	assert_int_equal(number(in, "SELECT count(*) FROM news WHERE kind = 'stuck'"), 2);
	assert_int_equal(item_numbered(in, 1)->state, ITEM_OPEN);
	say_at(in, DEE, "/agree #1", NULL, friday.end + 2 * HOUR);
	run_jobs(in, "decision", decide_job, friday.end + 2 * HOUR);
	assert_string_equal(item_numbered(in, 1)->outcome, "agreed");
	fixture_close(&in->fx);
}

static void
drop_altogether(struct inbox_more *m, bool erase)
{
	struct db *db = m->in.fx.db;
	struct erased erased;

	if (erase)
		td_ok(&m->in.fx, person_erase(db, m->in.fx.arena, m->dee.id, friday.end + 1,
		    &erased, &m->in.fx.err));
	else
		td_ok(&m->in.fx, person_remove(db, m->dee.id, friday.end + 1, &m->in.fx.err));
}

/* Whoever objects goes after the date: it closes then, and all are told; not while another of the
 * team objects. */
static void
test_objector_goes(void **state)
{
	static const struct {
		const char *line;
		const char *outcome; /* NULL: still open */
		const char *other;   /* objects too; without a line: not NULL to erase */
	} ways[] = {
	    {"/remove @dee", "agreed", NULL},
	    {"/invite dee@example.org Dee Roy guest", "agreed", NULL},
	    {NULL, "agreed", NULL},  /* removed altogether */
	    {NULL, "agreed", "data"}, /* erased */
	    {"/invite dee@example.org Dee Roy lead", NULL, NULL},
	    {"/remove @emi", NULL, NULL},
	    {"/remove @dee", NULL, EMI},
	};

	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct inbox_more m;
		struct inbox *in = &m.in;
		bool closed = ways[i].outcome != NULL;

		people_open(&m);
		setup(in, &friday);
		say(in, DEE, "/object #1 no");
		if (ways[i].line != NULL && ways[i].other != NULL)
			say(in, ways[i].other, "/object #1 never");
		run_jobs(in, "decision", decide_job, friday.end);
		if (ways[i].line != NULL)
			say_at(in, ANA, ways[i].line, NULL, friday.end + HOUR);
		else
			drop_altogether(&m, ways[i].other != NULL);
		run_jobs(in, "decision", decide_job, friday.end + HOUR);
		row_assert((item_numbered(in, 1)->state == ITEM_DONE) == closed, ways[i].line);
		row_assert(!closed || strcmp(item_numbered(in, 1)->outcome, ways[i].outcome) == 0,
		    ways[i].line);
		row_assert(number(in, "SELECT count(*) FROM news WHERE kind = 'decided' AND "
		    "item_id = 1 AND person_id = 2") == closed, ways[i].line);
		/* nothing is left to happen to one that is closed */
		row_assert(!closed || number(in, "SELECT count(*) FROM job WHERE dedupe_key = "
		    "'decision:1'") == 0, ways[i].line);
		fixture_close(&in->fx);
	}
}

/* A date that is moved moves what happens at it; an undo moves it back. */
static void
test_moved(void **state)
{
	struct inbox_more m;
	struct inbox *in = &m.in;
	const char *at = "SELECT due_at FROM job WHERE dedupe_key = 'decision:1'";

	people_open(&m);
	setup(in, &friday);
	assert_int_equal(number(in, at), friday.end);
	say(in, BEN, "/due #1 2026-12-01");
	assert_int_equal(number(in, at), friday.end + 4 * 86400);
	say(in, BEN, arena_printf(in->fx.arena, "/undo %s",
	    text_of(in, "SELECT undo_code FROM message ORDER BY id DESC LIMIT 1")));
	assert_int_equal(number(in, at), friday.end);
	say(in, BEN, "/due #1 none");
	assert_int_equal(number(in, at), -1);
	fixture_close(&in->fx);
}

/* What is closed keeps its date, and whoever wants another is told what to do. */
static void
test_moved_too_late(void **state)
{
	static const struct {
		const char *line, *why;
	} tries[] = {
	    {"/due #4 2026-12-01", "#4 is decided already: agreed; its date is changed after it is "
		"opened again."},
	    {"/due #4 none", "#4 is decided already"},
	    {"/due #5 2026-12-01", "#5 is dropped; its date is changed after it is opened again."},
	};
	struct inbox_more m;
	struct inbox *in = &m.in;

	people_open(&m);
	setup(in, &friday);
	for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
		const char *answer;

		say(in, BEN, tries[i].line);
		answer = flat(in, text_of(in, "SELECT CAST(bytes AS TEXT) FROM outbox WHERE kind = "
		    "'error' ORDER BY id DESC"));
		row_assert(answer != NULL && strstr(answer, tries[i].why) != NULL, tries[i].line);
		row_assert(strstr(answer, "/reopen #") != NULL, tries[i].line);
	}
	assert_int_equal(item_numbered(in, 4)->due_at, 0);
	assert_int_equal(item_numbered(in, 5)->due_at, 0);
	take(in, &(struct letter){.from = BEN, .subject = "Re: [#4]", .text = "Due: 2026-11-27\n",
	    .target = {.kind = KIND_NONE, .item = 4}, .fields = {.due = &friday}});
	assert_int_equal(item_numbered(in, 4)->due_at, 0);
	fixture_close(&in->fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reopen_by_field), cmocka_unit_test(test_date),
	    cmocka_unit_test(test_leaver), cmocka_unit_test(test_settled_late),
	    cmocka_unit_test(test_objector_goes), cmocka_unit_test(test_moved),
	    cmocka_unit_test(test_moved_too_late),
	};

	return cmocka_run_group_tests_name("decide-date", tests, NULL, NULL);
}
