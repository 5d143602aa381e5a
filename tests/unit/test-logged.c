/* SPDX-License-Identifier: ISC */
/*
 * Tests of what becomes of logged time: a timer of another team, weeks that change behind the
 * sheet, weeks that are told late, the zone and the range that were meant.
 */
#include "tests/unit/office-fixture.h"

#include "daemon/store/workrule.h"

/* ---- timers -------------------------------------------------------------------------------- */

/* A second team that Ben is in, with a task of its own. */
static struct team
add_beta(struct inbox *in, enum role role)
{
	struct team beta = {.name = "beta", .title = "Beta", .address = "beta@example.org",
	    .zone = "Europe/Berlin"};

	td_ok(&in->fx, team_add(in->fx.db, &beta, NOON, &in->fx.err));
	td_ok(&in->fx, member_set(in->fx.db, beta.id, in->fx.ben.id, role, NOON, &in->fx.err));
	take(in, &(struct letter){.from = BEN, .to = "beta@example.org", .subject = "Other",
	    .text = "the body", .target = {.kind = KIND_TASK}, .fields = {.title = "Other"}});
	return beta;
}

/* The entry is of the timer's team and item, wherever the mail went that stopped it. */
static void
test_timer_of_another_team(void **state)
{
	static const struct {
		const char *to, *to2, *line;
	} stops[] = {
	    {"beta@example.org", NULL, "/start #1"},
	    {"beta@example.org", NULL, "/stop"},
	    {"beta@example.org", "platform@example.org", "/stop"},
	    {"platform@example.org", "beta@example.org", "/stop"},
	};

	for (size_t i = 0; i < ARRAY_LEN(stops); i++) {
		struct office o;
		struct inbox *in = &o.in;

		office_open(&o);
		make_task(in, "Fix login");
		(void)add_beta(in, ROLE_MEMBER);
		say(in, BEN, "/start #1", MONDAY - 3 * HOUR);
		say_to(in, BEN, stops[i].to, stops[i].to2, stops[i].line, MONDAY - HOUR);
		assert_string_equal(text_of(in,
		    "SELECT group_concat(t.name || ' #' || i.number || ' ' || e.seconds) "
		    "FROM entry e JOIN team t ON t.id = e.team_id "
		    "JOIN item i ON i.id = e.item_id AND i.team_id = e.team_id"),
		    "platform #1 7200");
		assert_int_equal(number(in, "SELECT count(*) FROM event WHERE entity = 'entry' "
		    "AND team_id = (SELECT team_id FROM entry)"), 1);
		assert_string_equal(text_of(in,
		    "SELECT outcome || coalesce(why, '') FROM message ORDER BY id DESC LIMIT 1"),
		    "applied");
		assert_int_equal(number(in, "SELECT count(*) FROM timer"), i == 0);
		undo(in, BEN);
		assert_int_equal(number(in, "SELECT count(*) FROM entry"), 0);
		assert_int_equal(number(in, "SELECT team_id FROM timer"), in->fx.team.id);
		fixture_close(&in->fx);
	}
}

/* Who may log no time in the timer's team any more hears how long it ran. */
static void
test_timer_of_a_guest(void **state)
{
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	make_task(in, "Fix login");
	(void)add_beta(in, ROLE_MEMBER);
	say(in, BEN, "/start #1", MONDAY - 3 * HOUR);
	td_ok(&in->fx, member_set(in->fx.db, in->fx.team.id, in->fx.ben.id, ROLE_GUEST, NOON,
	    &in->fx.err));
	say_to(in, BEN, "beta@example.org", NULL, "/stop", MONDAY - HOUR);
	has(in, "error", "The timer ran for 2h and was stopped; nothing was logged: that needs the "
	    "role member in Platform.");
	assert_int_equal(number(in, "SELECT count(*) FROM entry"), 0);
	assert_int_equal(number(in, "SELECT count(*) FROM timer"), 0);
	fixture_close(&in->fx);
}

/* What cannot be logged now is not lost: the timer runs on. */
static void
test_timer_in_locked_week(void **state)
{
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	make_task(in, "Fix login");
	make_task(in, "Fix logout");
	say(in, BEN, "/submit 2026-W47", NOON + DAY + 11 * HOUR);
	say(in, BEN, "/start #1", NOON + DAY + 11 * HOUR); /* Sunday 23:00 */
	say(in, ANA, "/approve 2026-W47 @ben", NOON + DAY + 12 * HOUR);
	for (int i = 0; i < 2; i++) {
		say(in, BEN, i == 0 ? "/stop" : "/start #2", NOON + DAY + 13 * HOUR);
		has(in, "error", "Your timer on #1 has run for 2h, but 2026-W47 is approved and "
		    "locked in Platform. It runs on");
		assert_int_equal(number(in, "SELECT item_id FROM timer"), 1);
	}
	say(in, ANA, "/reject 2026-W47 @ben one more", NOON + DAY + 14 * HOUR);
	say(in, BEN, "/stop", NOON + DAY + 14 * HOUR);
	assert_int_equal(number(in, "SELECT seconds FROM entry"), 3 * HOUR);
	assert_int_equal(number(in, "SELECT count(*) FROM timer"), 0);
	fixture_close(&in->fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_timer_of_another_team), cmocka_unit_test(test_timer_of_a_guest),
	    cmocka_unit_test(test_timer_in_locked_week),
	};

	return cmocka_run_group_tests_name("logged", tests, NULL, NULL);
}
