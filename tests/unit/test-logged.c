/* SPDX-License-Identifier: ISC */
/*
 * Tests of what becomes of logged time: a timer of another team, weeks that change behind the
 * sheet, weeks that are told late, the zone and the range that were meant.
 */
#include "tests/unit/office-fixture.h"

#include "daemon/intake/place.h"
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
	say(in, ANA, "/approve 2026-W47 @ben", NOON + DAY + 12 * HOUR - 1);
	has(in, "error", "2026-W47 is not over yet: it can be approved from 2026-11-23 on.");
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

/* ---- weeks that are told ------------------------------------------------------------------- */

/* 45 hours in the week, week 0 being W48, said at some moment. */
static void
log_long_week(struct inbox *in, int week, int64_t at)
{
	char days[2][CIVIL_TEXT];

	for (int i = 0; i < 2; i++)
		civil_format_day(MONDAY / DAY + week * 7 + i, days[i]);
	say(in, BEN, arena_printf(in->fx.arena, "/spend 23h %s;/spend 22h %s", days[0], days[1]),
	    at);
}

static void
has_target(struct inbox *in)
{
	struct target target = {40 * HOUR, true};

	td_ok(&in->fx, target_set(in->fx.db, in->fx.ben.id, &target, &in->fx.err));
}

static int64_t
mails_with(struct inbox *in, const char *subject)
{
	return number(in, arena_printf(in->fx.arena, "SELECT count(*) FROM outbox "
	    "WHERE kind = 'time' AND CAST(bytes AS TEXT) LIKE '%%%s%%'", subject));
}

/* Who is away when the week is over hears of it on the first day back. */
static void
test_told_after_week_off(void **state)
{
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	has_target(in);
	for (int week = 0; week < 3; week++)
		log_long_week(in, week, MONDAY + (week * 7 + 4) * DAY);
	say(in, BEN, "/off 2026-12-14..2026-12-18", MONDAY + 18 * DAY);
	for (int day = 7; day <= 27; day++)
		run(in, MONDAY + day * DAY);
	assert_int_equal(mails_with(in, "Your time sheet of 2026-W49"), 1);
	assert_int_equal(mails_with(in, "Your time sheet of 2026-W50"), 0);
	for (int day = 28; day <= 30; day++) {
		run(in, MONDAY + day * DAY);
		assert_int_equal(mails_with(in, "Your time sheet of 2026-W50"), 1);
		assert_int_equal(mails_with(in, "Three weeks over your target"), 1);
	}
	assert_int_equal(mails_with(in, "Your time sheet of"), 3);
	fixture_close(&in->fx);
}

/* A daemon that was down over a Monday does the same. */
static void
test_told_after_standstill(void **state)
{
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	has_target(in);
	log_long_week(in, 0, MONDAY + 4 * DAY);
	log_long_week(in, 1, MONDAY + 11 * DAY);
	run(in, MONDAY + 16 * DAY);
	assert_int_equal(mails_with(in, "Your time sheet of 2026-W48"), 1);
	assert_int_equal(mails_with(in, "Your time sheet of 2026-W49"), 1);
	assert_int_equal(mails_with(in, "Your time sheet of"), 2);
	fixture_close(&in->fx);
}

/* Three weeks or more are told, however late they were logged, and then not for three weeks. */
static void
test_streak_logged_late(void **state)
{
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	has_target(in);
	for (int week = 0; week < 4; week++)
		log_long_week(in, week, MONDAY + 25 * DAY);
	run(in, MONDAY + 28 * DAY);
	assert_int_equal(mails_with(in, "Three weeks over your target"), 1);
	has(in, "time", "2026-W49: 45h of 40h 2026-W50: 45h of 40h 2026-W51: 45h of 40h");
	for (int week = 4; week < 8; week++) {
		log_long_week(in, week, MONDAY + (week * 7 + 4) * DAY);
		run(in, MONDAY + (week * 7 + 7) * DAY);
		assert_int_equal(mails_with(in, "Three weeks over your target"), 1 + (week >= 6));
	}
	fixture_close(&in->fx);
}

/* ---- what was meant ------------------------------------------------------------------------ */

/* An afternoon in New York is no night, though it is one at home. */
static void
test_night_on_journey(void **state)
{
	struct office o;
	struct inbox *in = &o.in;

	jobs_register("settings", place_job);
	office_open(&o);
	say(in, BEN, "/tz America/New_York 2026-11-24..2026-11-27", MONDAY);
	run(in, MONDAY + 18 * HOUR);
	assert_string_equal(text_of(in, "SELECT zone FROM person WHERE id = 2"),
	    "America/New_York");
	for (int day = 1; day <= 3; day++) /* to 23:30 in Lisbon */
		say_in(in, BEN, "America/New_York", "/spend 14:00-18:30",
		    MONDAY + day * DAY + 12 * HOUR);
	say_in(in, DEE, "Europe/Lisbon", "/spend 21:00-23:30 2026-11-24", MONDAY + 2 * DAY);
	run(in, MONDAY + 6 * DAY);
	assert_string_equal(text_of(in, "SELECT zone FROM person WHERE id = 2"), "Europe/Lisbon");
	run(in, MONDAY + 7 * DAY);
	assert_int_equal(sent(in, BEN), 0);
	assert_int_equal(sent(in, DEE), 1);
	fixture_close(&in->fx);
}

/* Ranges overlap as they were said, whatever they were rounded to. */
static void
test_overlap_as_said(void **state)
{
	struct rounding rounding = {.step = 900, .way = ROUND_UP};
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	td_ok(&in->fx, rounding_set(in->fx.db, in->fx.team.id, &rounding, &in->fx.err));
	say(in, BEN, "/spend 10:00-10:20 call;/spend 10:20-10:40 next", MONDAY);
	assert_int_equal(number(in, "SELECT sum(seconds) FROM entry"), HOUR);
	assert_string_equal(last(in, "ack"), "");
	say(in, BEN, "/spend 10:39-10:50 more", MONDAY);
	has(in, "ack", "10:39-10:50 overlaps with 10:20-10:40, which is logged already");
	fixture_close(&in->fx);
}

static void
test_days_of_old(void **state)
{
	static const struct {
		const char *line;
		bool good;
	} days[] = {
	    {"/spend 2h 1970-01-01", false}, {"/spend 2h 2025-11-16", false},
	    {"/spend 2h 2025-11-23", true},
	    {"/spend 09:00-10:00 2016-11-23", false},
	};
	struct office o;
	struct inbox *in = &o.in;
	int64_t n = 0;

	office_open(&o);
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		say(in, BEN, days[i].line, MONDAY);
		n += days[i].good;
		row_assert(number(in, "SELECT count(*) FROM entry") == n, days[i].line);
	}
	has(in, "error", "2016-11-23 is more than a year ago; time is logged within the year.");
	fixture_close(&in->fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_timer_of_another_team), cmocka_unit_test(test_timer_of_a_guest),
	    cmocka_unit_test(test_timer_in_locked_week),
	    cmocka_unit_test(test_told_after_week_off),
	    cmocka_unit_test(test_told_after_standstill),
	    cmocka_unit_test(test_streak_logged_late), cmocka_unit_test(test_night_on_journey),
	    cmocka_unit_test(test_overlap_as_said), cmocka_unit_test(test_days_of_old),
	};

	return cmocka_run_group_tests_name("logged", tests, NULL, NULL);
}
