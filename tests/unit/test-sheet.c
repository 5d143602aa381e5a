/* SPDX-License-Identifier: ISC */
/*
 * Tests of logged time: time sheets handed in and judged, locked weeks, corrections, overlaps,
 * rounding, targets, forgotten timers, and too much or too late work.
 */
#include "tests/unit/office-fixture.h"

#include "daemon/store/holiday.h"
#include "daemon/store/workrule.h"

/* ---- commands ------------------------------------------------------------------------------ */

/* Ben's sheet of W47 before: 0 none, else as it stands; the line; what it is afterwards. */
static const struct {
	const char *before; /* lines of Ben and Ana with ';' between them */
	const char *from, *line;
	const char *want; /* "state seconds reason"; or the refusal */
	bool refused;
} rows[] = {
    {"", BEN, "/submit 2026-W47", "submitted 7200 -", 0},
    {"", BEN, "/submit 2026-W46", "submitted 0 -", 0},
    {"", ANA, "/submit 2026-W47", "submitted 0 -", 0},
    {"", CHI, "/submit 2026-W47", "needs the role member", 1},
    {"", BEN, "/submit 2026-W49", "has not begun yet", 1},
    {"", BEN, "/submit 2024-W49", "more than a year ago", 1},
    {"/submit 2026-W47", BEN, "/submit 2026-W47", "handed in already", 1},
    {"/submit 2026-W47;/approve 2026-W47 @ben", BEN, "/submit 2026-W47", "approved and locked", 1},
    {"/submit 2026-W47;/reject 2026-W47 @ben no", BEN, "/submit 2026-W47", "submitted 7200 -", 0},
    {"/submit 2026-W47", ANA, "/approve 2026-W47 @ben", "approved 7200 -", 0},
    {"/submit 2026-W47", ANA, "/approve @ben 2026-W47 well done", "approved 7200 well done", 0},
    {"/submit 2026-W47", DEE, "/approve 2026-W47 @ben", "needs the role lead", 1},
    {"/submit 2026-W47", BEN, "/approve 2026-W47 @ben", "needs the role lead", 1},
    {"/submit 2026-W47", CHI, "/approve 2026-W47 @ben", "needs the role lead", 1},
    {"", ANA, "/approve 2026-W47 @ben", "was not handed in yet", 1},
    {"", ANA, "/approve 2026-W47 @eve", "nobody in the team", 1},
    {"/submit 2026-W47;/approve 2026-W47 @ben", ANA, "/approve 2026-W47 @ben", "approved already",
        1},
    {"/submit 2026-W47;/reject 2026-W47 @ben no", ANA, "/approve 2026-W47 @ben",
	"did not come again", 1},
    {"/submit 2026-W47", ANA, "/reject 2026-W47 @ben Tuesday is missing",
	"rejected 7200 Tuesday is missing", 0},
    {"/submit 2026-W47;/approve 2026-W47 @ben", ANA, "/reject 2026-W47 @ben after all",
	"rejected 7200 after all", 0},
    {"/submit 2026-W47", DEE, "/reject 2026-W47 @ben no", "needs the role lead", 1},
    {"", ANA, "/reject 2026-W47 @ben no", "was not handed in yet", 1},
    {"/submit 2026-W47;/reject 2026-W47 @ben no", ANA, "/reject 2026-W47 @ben no",
	"handed back already", 1},
};

static const char *
sheet(struct inbox *in)
{
	return text_of(in, "SELECT state || ' ' || seconds || ' ' || coalesce(reason, '-') FROM "
	    "sheet "
	    "ORDER BY id DESC LIMIT 1");
}

static void
test_commands(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct span rest = span_of(rows[i].before), line;
		struct office o;
		struct inbox *in = &o.in;
		const char *before;

		office_open(&o);
		say(in, BEN, "/spend 2h 2026-11-18 work", NOON);
		for (int k = 0; rest.len > 0 && span_next_field(&rest, ';', &line); k++)
			say(in, k == 0 ? BEN : ANA, arena_span(in->fx.arena, line), MONDAY);
		td_ok(&in->fx, db_exec(in->fx.db, &in->fx.err, "DELETE FROM outbox", ""));
		before = sheet(in);
		say(in, rows[i].from, rows[i].line, MONDAY);
		if (rows[i].refused && (strstr(last(in, "error"), rows[i].want) == NULL ||
		    strcmp(sheet(in), before) != 0))
			fail_msg("%s: no \"%s\": %s, %s", rows[i].line, rows[i].want, sheet(in),
			    last(in, "error"));
		if (!rows[i].refused && (strcmp(sheet(in), rows[i].want) != 0 ||
		    *last(in, "error") != '\0'))
			fail_msg("%s: %s, not %s: %s", rows[i].line, sheet(in), rows[i].want,
			    last(in, "error"));
		fixture_close(&in->fx);
	}
}

/* A lead's own sheet is another lead's to judge, where there is one. */
static void
test_own(void **state)
{
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	say(in, ANA, "/submit 2026-W47", MONDAY);
	td_ok(&in->fx, member_set(in->fx.db, in->fx.team.id, o.dee.id, ROLE_LEAD, NOON,
	    &in->fx.err));
	say(in, ANA, "/approve 2026-W47 @ana", MONDAY);
	has(in, "error", "another lead judges it");
	say(in, DEE, "/approve 2026-W47 @ana", MONDAY);
	assert_string_equal(sheet(in), "approved 0 -");
	td_ok(&in->fx, member_set(in->fx.db, in->fx.team.id, o.dee.id, ROLE_MEMBER, NOON,
	    &in->fx.err));
	say(in, ANA, "/submit 2026-W46", MONDAY);
	say(in, ANA, "/approve 2026-W46 @ana", MONDAY);
	assert_string_equal(sheet(in), "approved 0 -");
	fixture_close(&in->fx);
}

/* ---- the lock ------------------------------------------------------------------------------ */

static void
test_lock(void **state)
{
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	say(in, BEN, "/spend 2h 2026-11-18 work", NOON);
	say(in, BEN, "/submit 2026-W47", MONDAY);
	say(in, BEN, "/spend 1h 2026-11-19 more", MONDAY); /* handed in is not locked */
	assert_int_equal(number(in, "SELECT count(*) FROM entry"), 2);
	has(in, "ack", "2026-W47 was handed in with 2h. Hand it in again when all of it is logged");
	say(in, ANA, "/approve 2026-W47 @ben", MONDAY); /* which nobody has shown her */
	has(in, "error", "was handed in with 2h and has 3h now: it is to be handed in again.");
	has(in, "error", "/reject 2026-W47 @ben it has 3h now");
	assert_string_equal(sheet(in), "submitted 7200 -");
	say(in, BEN, "/submit 2026-W47", MONDAY);
	assert_string_equal(sheet(in), "submitted 10800 -");
	say(in, BEN, "/submit 2026-W47", MONDAY);
	has(in, "error", "handed in already");
	say(in, ANA, "/approve 2026-W47 @ben", MONDAY);
	assert_string_equal(sheet(in), "approved 10800 -");
	say(in, BEN, "/spend 1h 2026-11-20 late", MONDAY);
	has(in, "error", "2026-W47 is approved and locked: a correction needs the role lead");
	undo(in, ANA); /* of the approval: nothing depends on it */
	assert_string_equal(sheet(in), "submitted 10800 -");
	say(in, ANA, "/approve 2026-W47 @ben", MONDAY);
	assert_int_equal(number(in, "SELECT count(*) FROM entry"), 2);
	/* another's time is a lead's matter */
	say(in, DEE, "/spend -1h 2026-11-18 for:@ben counted twice", MONDAY);
	has(in, "error", "needs the role lead");
	say(in, ANA, "/spend -1h 2026-11-18 for:@ben counted twice", MONDAY);
	assert_int_equal(number(in, "SELECT sum(seconds) FROM entry WHERE person_id = 2"), 7200);
	assert_int_equal(number(in, "SELECT count(*) FROM entry WHERE correction = 1 AND by_id = "
	    "1"), 1);
	has(in, "ack", "2026-W47 of Ben Okri is approved; this stands there as a correction.");
	answers(in, in->fx.ben.id, "/timesheet 2026-W47",
	    "  -1h (correction by Ana Lima) counted twice");
	answers(in, in->fx.ben.id, "/timesheet 2026-W47", "Approved and locked by Ana Lima");
	/* neither the entry below it nor the approval can be taken back now */
	say(in, ANA, arena_printf(in->fx.arena, "/undo %s",
	    text_of(in, "SELECT undo_code FROM message WHERE id = 1")), MONDAY);
	has(in, "error", "2026-W47 is approved and locked by now");
	say(in, ANA, arena_printf(in->fx.arena, "/undo %s", text_of(in,
	    "SELECT m.undo_code FROM message m JOIN sheet s ON s.message_id = m.id")), MONDAY);
	has(in, "error", "2026-W47 was corrected since");
	undo(in, ANA); /* the correction itself */
	assert_int_equal(number(in, "SELECT count(*) FROM entry"), 2);
	/* outside a locked week it is a plain entry that a lead wrote, and only a lead */
	say(in, DEE, "/spend 1h 2026-11-23 for:ben for fun", MONDAY);
	assert_string_equal(text_of(in, "SELECT outcome FROM message ORDER BY id DESC LIMIT 1"),
	    "error");
	assert_int_equal(number(in, "SELECT count(*) FROM entry"), 2);
	say(in, ANA, "/spend 1h 2026-11-23 for:ben standing in", MONDAY);
	answers(in, in->fx.ben.id, "/timesheet 2026-W48", "  1h (by Ana Lima) standing in");
	fixture_close(&in->fx);
}

static void
test_who_sees(void **state)
{
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	say(in, BEN, "/spend 2h 2026-11-18 secret", NOON);
	say(in, BEN, "/spend 1h 2026-11-19 +web billable also", NOON);
	say(in, BEN, "/spend 1h 2026-11-20 +web billable secret", NOON);
	answers(in, in->fx.ana.id, "/timesheet 2026-W47 @ben",
	    "of Ben Okri in Platform\n  2h\n  2h +web billable\nSum: 4h, of it billable: 2h");
	assert_null(strstr(ask(in, in->fx.ana.id, "/timesheet 2026-W47 @ben"), "secret"));
	answers(in, in->fx.ana.id, "/timesheet @ben 2026-W47", "Sum: 4h, of it billable: 2h");
	answers(in, in->fx.ana.id, "/timesheet @ben", "2026-W48 of Ben Okri in Platform");
	answers(in, 0, "/timesheet 2026-W47 @ben", "secret");
	answers(in, o.dee.id, "/timesheet 2026-W47 @ben", "needs the role lead");
	answers(in, in->fx.ben.id, "/timesheet 2026-W47 @ben", "secret");
	fixture_close(&in->fx);
}

/* ---- warnings, rounding -------------------------------------------------------------------- */

static void
test_overlap(void **state)
{
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	say(in, BEN, "/spend 09:00-10:30 call", MONDAY);
	say(in, BEN, "/spend 10:30-11:00 next", MONDAY);
	assert_string_equal(last(in, "ack"), "");
	say(in, BEN, "/spend 10:00-10:15 review", MONDAY);
	has(in, "ack", "10:00-10:15 overlaps with 09:00-10:30, which is logged already");
	assert_int_equal(number(in, "SELECT count(*) FROM entry"), 3);
	say(in, DEE, "/spend 10:00-10:15 hers", MONDAY);
	assert_null(strstr(last(in, "ack"), "hers"));
	say(in, BEN, "/spend 23h", MONDAY);
	has(in, "ack", "2026-11-23 has 25h 15m now, more than 24 hours.");
	fixture_close(&in->fx);
}

static void
test_rounding(void **state)
{
	static const struct {
		const char *rule;
		int64_t exact, rounded;
	} amounts[] = {
	    {"off", 4020, 4020}, {"15m", 4020, 3600}, {"15m", 4050, 4500}, {"15m", 60, 900},
	    {"15m up", 3660, 4500}, {"15m up", 3600, 3600}, {"15m down", 4440, 3600},
	    {"15m down", 60, 900}, {"15m", -4020, -3600}, {"6m", 4020, 3960}, {"1h up", 1, 3600},
	};
	static const char *const bad[] = {"15", "30s", "5 days", "15m sideways", "often"};
	struct rounding rounding = {.step = 900, .way = ROUND_UP};
	struct office o;
	struct inbox *in = &o.in;
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(amounts); i++) {
		struct rounding r;

		assert_int_equal(rounding_parse(span_of(amounts[i].rule), &r, &err), TD_OK);
		assert_int_equal(rounding_apply(&r, amounts[i].exact), amounts[i].rounded);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		row_assert(rounding_parse(span_of(bad[i]), &rounding, &err) == TD_PERM, bad[i]);
	office_open(&o);
	td_ok(&in->fx, rounding_set(in->fx.db, in->fx.team.id, &rounding, &in->fx.err));
	say(in, BEN, "/ack always", MONDAY);
	say(in, BEN, "/spend 1h7m review", MONDAY);
	assert_int_equal(number(in, "SELECT seconds FROM entry"), 4500);
	assert_string_equal(text_of(in, "SELECT note FROM entry"), "review (1h 7m)");
	has(in, "ack", "Logged 1h 15m (1h 7m, rounded) for 2026-11-23.");
	fixture_close(&in->fx);
}

/* ---- targets ------------------------------------------------------------------------------- */

static void
test_target(void **state)
{
	static const struct {
		const char *rule, *hours, *text;
		enum day_off off[7];
		int64_t want;
	} weeks[] = {
	    {"8h/day", "mon-fri 09:00-17:00", "8h/day", {0}, 40 * HOUR},
	    {"8h day", "mon-fri 09:00-17:00", "8h/day", {DAY_OFF, DAY_HALF}, 28 * HOUR},
	    {"40h/week", "mon-fri 09:00-17:00", "40h/week", {DAY_OFF}, 32 * HOUR},
	    {"30h/week", "mon-wed 09:00-17:00", "30h/week", {DAY_HALF}, 25 * HOUR},
	    {"30h week", "mon-wed 09:00-17:00", "30h/week", {0, 0, 0, DAY_OFF, DAY_OFF}, 30 * HOUR},
	    {"38h30m/week", "mon-fri 09:00-17:00", "38h 30m/week", {DAY_OFF, DAY_OFF, DAY_OFF,
	        DAY_OFF,
		DAY_OFF}, 0},
	    {"off", "mon-fri 09:00-17:00", "off", {0}, 0},
	};
	static const char *const bad[] = {"8", "8h", "25h/day", "200h/week", "a lot", "-8h/day"};
	const struct holiday feast = {"2026-11-20", "Feast"};
	struct target target = {40 * HOUR, true};
	struct absence away = {.first_day = "2026-11-17", .last_day = "2026-11-17", .kind = "off",
	    .created_at = NOON}, half = {.first_day = "2026-11-18", .last_day = "2026-11-18",
	    .kind = "off", .half_day = true, .created_at = NOON};
	struct office o;
	struct inbox *in = &o.in;
	struct hours hours;
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(weeks); i++) {
		struct target t;

		assert_int_equal(target_parse(span_of(weeks[i].rule), &t, &err), TD_OK);
		assert_int_equal(hours_parse(span_of(weeks[i].hours), &hours, &err), TD_OK);
		row_assert(target_week(&t, &hours, weeks[i].off) == weeks[i].want, weeks[i].rule);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		row_assert(target_parse(span_of(bad[i]), &target, &err) == TD_PERM, bad[i]);
	office_open(&o);
	for (size_t i = 0; i < ARRAY_LEN(weeks); i++) {
		struct target t;

		assert_int_equal(target_parse(span_of(weeks[i].rule), &t, &err), TD_OK);
		assert_string_equal(target_format(in->fx.arena, &t), weeks[i].text);
	}
	target = (struct target){40 * HOUR, true};
	td_ok(&in->fx, target_set(in->fx.db, in->fx.ben.id, &target, &in->fx.err));
	away.person_id = half.person_id = in->fx.ben.id;
	td_ok(&in->fx, absence_add(in->fx.db, &away, &in->fx.err));
	td_ok(&in->fx, absence_add(in->fx.db, &half, &in->fx.err));
	say(in, BEN, "/spend 6h 2026-11-19", NOON);
	answers(in, in->fx.ben.id, "/timesheet 2026-W47", "Sum: 6h of 28h (1.5 days off)");
	td_ok(&in->fx, holiday_replace(in->fx.db, "here", &feast, 1, &in->fx.err));
	td_ok(&in->fx, holiday_set_region(in->fx.db, HOLIDAY_TEAM, in->fx.team.id, "here",
	    &in->fx.err));
	answers(in, in->fx.ben.id, "/timesheet 2026-W47", "Sum: 6h of 20h (2.5 days off)");
	fixture_close(&in->fx);
}

/* ---- mails --------------------------------------------------------------------------------- */

static void
test_asked_to_submit(void **state)
{
	struct target target = {8 * HOUR, false};
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	td_ok(&in->fx, target_set(in->fx.db, in->fx.ben.id, &target, &in->fx.err));
	say(in, BEN, "/spend 6h 2026-11-19", NOON);
	say(in, DEE, "/spend 6h 2026-11-19", NOON);
	run(in, MONDAY - 4 * HOUR); /* 08:00: before his hours */
	assert_int_equal(sent(in, BEN), 0);
	run(in, MONDAY - 3 * HOUR);
	has(in, "time", "Subject: Your time sheet of 2026-W47: 6h of 40h");
	has(in, "time", "body=3D%2Fsubmit%202026-W47");
	assert_int_equal(sent(in, BEN), 1);
	assert_int_equal(sent(in, DEE), 0); /* has no target */
	say(in, BEN, "/spend 8h 2026-11-23", MONDAY);
	say(in, BEN, "/submit 2026-W48", MONDAY + 4 * DAY);
	run(in, MONDAY + 7 * DAY);
	assert_int_equal(sent(in, BEN), 1); /* handed in already */
	fixture_close(&in->fx);
}

static void
test_judged(void **state)
{
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	say(in, BEN, "/spend 6h 2026-11-19", NOON);
	say(in, DEE, "/spend 7h 2026-11-19", NOON);
	say(in, BEN, "/submit 2026-W47", NOON);
	say(in, DEE, "/submit 2026-W47", NOON);
	run(in, NOON + 60); /* a Saturday */
	assert_int_equal(sent(in, ANA), 0);
	run(in, MONDAY - 3 * HOUR);
	assert_int_equal(sent(in, ANA), 1); /* one mail for both */
	has(in, "time", "Subject: 2 time sheets wait for you");
	has(in, "time", "Ben Okri, 2026-W47: 6h Dee Roy, 2026-W47: 7h");
	has(in, "time", "body=3D%2Fapprove%202026-W47%20%40ben");
	say(in, ANA, "/approve 2026-W47 @ben", MONDAY);
	say(in, ANA, "/reject 2026-W47 @dee Tuesday is missing", MONDAY);
	run(in, MONDAY + 60);
	assert_int_equal(sent(in, BEN), 1);
	has(in, "time", "Ana Lima handed your time sheet of 2026-W47 back. 2026-W47: 7h; Tuesday "
	    "is "
	    "missing");
	/* what was taken back before its mail is not told */
	say(in, DEE, "/submit 2026-W46", NOON + 9 * DAY);
	undo(in, DEE);
	run(in, MONDAY + 7 * DAY + 120);
	assert_int_equal(sent(in, ANA), 1);
	fixture_close(&in->fx);
}

/* ---- timers -------------------------------------------------------------------------------- */

static void
test_forgotten_timer(void **state)
{
	struct office o;
	struct inbox *in = &o.in;
	const char *spend;

	office_open(&o);
	make_task(in, "Fix login");
	say(in, BEN, "/start #1", MONDAY - 2 * HOUR);
	run(in, MONDAY + 4 * HOUR);
	assert_int_equal(number(in, "SELECT count(*) FROM timer"), 1);
	run(in, MONDAY + 5 * HOUR); /* 17:00: his day is over */
	assert_int_equal(number(in, "SELECT count(*) FROM timer"), 0);
	assert_int_equal(number(in, "SELECT count(*) FROM entry"), 0);
	assert_int_equal(sent(in, BEN), 1);
	/* asked in his hours */
	assert_int_equal(number(in, "SELECT not_before FROM outbox WHERE kind = 'time'"),
	    MONDAY + DAY - 3 * HOUR);
	has(in, "time", "Subject: Your timer on #1 was stopped");
	has(in, "time", "#1 Fix login, from Mon 23 Nov 2026, 10:00 (Europe/Lisbon)");
	has(in, "time", "Reply \"/spend #1 7h 2026-11-23\"");
	has(in, "time", "body=3D%2Fspend%20%231%207h%202026-11-23");
	spend = "/spend #1 7h 2026-11-23";
	say(in, BEN, spend, MONDAY + DAY);
	assert_int_equal(number(in, "SELECT seconds FROM entry WHERE day = '2026-11-23'"),
	    7 * HOUR);
	/* in the evening it runs eight hours; stopped in time, nothing comes */
	say(in, BEN, "/start #1", MONDAY + DAY + 8 * HOUR);
	run(in, MONDAY + DAY + 15 * HOUR);
	assert_int_equal(number(in, "SELECT count(*) FROM timer"), 1);
	say(in, BEN, "/stop", MONDAY + DAY + 15 * HOUR);
	run(in, MONDAY + DAY + 17 * HOUR);
	assert_int_equal(sent(in, BEN), 1);
	fixture_close(&in->fx);
}

static void
test_day_end(void **state)
{
	static const struct {
		const char *hours, *from, *end; /* local, 2026-11-23 to 24 */
	} days[] = {
	    {"mon-fri 09:00-17:00", "23 10:00", "23 17:00"},
	    {"mon-fri 09:00-12:00, mon-fri 13:00-18:00", "23 10:00", "23 18:00"},
	    {"mon-fri 09:00-17:00", "23 07:00", "23 17:00"},
	    {"mon-fri 09:00-17:00", "23 18:00", "24 02:00"},
	    {"tue-fri 09:00-17:00", "23 10:00", "23 18:00"},
	    {"mon 22:00-24:00, tue 00:00-06:00", "23 22:30", "24 06:00"},
	};
	const struct zone *zone;
	struct err err;

	assert_int_equal(zone_get("Europe/Lisbon", &zone, &err), TD_OK);
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		int64_t midnight = 1795392000; /* 2026-11-23 00:00 in Lisbon, which is UTC then */
		int64_t at[2];
		struct hours hours;
		const char *texts[2] = {days[i].from, days[i].end};

		for (int k = 0; k < 2; k++)
			at[k] = midnight + (texts[k][1] - '3') * DAY +
			    ((texts[k][3] - '0') * 10 + texts[k][4] - '0') * HOUR +
			    ((texts[k][6] - '0') * 10 + texts[k][7] - '0') * 60;
		assert_int_equal(hours_parse(span_of(days[i].hours), &hours, &err), TD_OK);
		row_assert(worktime_day_end(&hours, zone, at[0]) == at[1], days[i].hours);
	}
}

/* ---- too much, too late -------------------------------------------------------------------- */

static void
log_week(struct inbox *in, const char *from, int64_t monday, const char *amount)
{
	for (int d = 0; d < 5; d++)
		say(in, from, arena_printf(in->fx.arena, "/spend %s", amount), monday + d * DAY);
}

static void
test_too_much(void **state)
{
	struct target target = {8 * HOUR, false};
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	td_ok(&in->fx, target_set(in->fx.db, in->fx.ben.id, &target, &in->fx.err));
	for (int week = 0; week < 4; week++) {
		int64_t monday = MONDAY + week * 7 * DAY;

		log_week(in, BEN, monday, week == 3 ? "7h" : "9h");
		say(in, BEN, arena_printf(in->fx.arena, "/submit 2026-W%d", 48 + week),
		    monday + 4 * DAY);
		td_ok(&in->fx, db_exec(in->fx.db, &in->fx.err,
		    "DELETE FROM outbox WHERE rcpt = 'ana@example.org'", ""));
		run(in, monday + 7 * DAY);
		if (week == 2) {
			assert_int_equal(sent(in, BEN), 1);
			has(in, "time", "To: \"Ben Okri\"");
		} else {
			assert_int_equal(sent(in, BEN), week > 2);
		}
	}
	td_ok(&in->fx, db_exec(in->fx.db, &in->fx.err, "DELETE FROM outbox WHERE rcpt <> "
	    "'ben@example.org'", ""));
	has(in, "time", "Subject: Three weeks over your target");
	has(in, "time", "2026-W48: 45h of 40h 2026-W49: 45h of 40h 2026-W50: 45h of 40h");
	has(in, "time", "Only you get this mail.");
	fixture_close(&in->fx);
}

static void
test_too_late(void **state)
{
	struct office o;
	struct inbox *in = &o.in;

	office_open(&o);
	say(in, BEN, "/spend 30m", MONDAY + 5 * DAY);            /* half an hour on a Saturday */
	say(in, DEE, "/spend 3h", MONDAY + 5 * DAY);             /* three hours */
	say(in, DEE, "/spend 21:00-23:30 "
	    "release", MONDAY + 12 * HOUR); /* of it 1.5h in the night */
	run(in, MONDAY + 7 * DAY);
	assert_int_equal(sent(in, BEN), 0);
	assert_int_equal(sent(in, DEE), 1);
	assert_int_equal(sent(in, ANA), 0);
	has(in, "time", "Subject: Work at night or on days off in 2026-W48");
	has(in, "time", "2026-W48: 5h 30m, 4h 30m of it at night or on days off");
	run(in, MONDAY + 8 * DAY);
	assert_int_equal(sent(in, DEE), 1);
	fixture_close(&in->fx);
}

/* On a day that is off by half, what lies in that half counts, or what is more than half of the
 * day's hours: the larger of the two. Where it was not said which half, only the amount tells. */
static void
test_late_half(void **state)
{
	static const struct {
		const char *off, *spend[3], *late; /* late: NULL where nobody is told */
	} cases[] = {
	    {"/off 2026-11-24 afternoon", {"/spend 14:00-16:00 2026-11-24 x"}, "2h, 2h of it"},
	    {"/off 2026-11-24 afternoon", {"/spend 09:00-12:00 2026-11-24 x"}, NULL},
	    {"/off 2026-11-24 afternoon", {"/spend 12:00-14:30 2026-11-24 x"},
		"2h 30m, 1h 30m of it"},
	    {"/off 2026-11-24 afternoon", {"/spend 6h 2026-11-24 x"}, "6h, 2h of it"},
	    {"/off 2026-11-24 afternoon", {"/spend 6h 2026-11-24 x", "/spend -2h 2026-11-24 x"},
		NULL},
	    {"/off 2026-11-24 morning", {"/spend 09:00-11:00 2026-11-24 x",
		"/spend 5h 2026-11-24 x"}, "7h, 3h of it"},
	    {"/off 2026-11-24 morning", {"/spend 21:00-23:30 2026-11-24 x"},
		"2h 30m, 1h 30m of it"},
	    {"/off 2026-11-24 half-day", {"/spend 14:00-16:00 2026-11-24 x"}, NULL},
	    {"/off 2026-11-24 half-day", {"/spend 6h 2026-11-24 x"}, "6h, 2h of it"},
	    {"/off 2026-11-24 half-day", {"/spend 4h 2026-11-24 x", "/spend 9h 2026-11-25 x"},
		NULL},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct office o;
		struct inbox *in = &o.in;

		office_open(&o);
		say(in, DEE, cases[i].off, MONDAY);
		for (size_t k = 0; k < 3 && cases[i].spend[k] != NULL; k++)
			say(in, DEE, cases[i].spend[k], MONDAY + 3 * DAY);
		run(in, MONDAY + 7 * DAY);
		row_assert(sent(in, DEE) == (cases[i].late != NULL), cases[i].spend[0]);
		if (cases[i].late != NULL)
			has(in, "time", cases[i].late);
		fixture_close(&in->fx);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_commands), cmocka_unit_test(test_own),
	    cmocka_unit_test(test_lock), cmocka_unit_test(test_who_sees),
	    cmocka_unit_test(test_overlap), cmocka_unit_test(test_rounding),
	    cmocka_unit_test(test_target), cmocka_unit_test(test_asked_to_submit),
	    cmocka_unit_test(test_judged), cmocka_unit_test(test_forgotten_timer),
	    cmocka_unit_test(test_day_end), cmocka_unit_test(test_too_much),
	    cmocka_unit_test(test_too_late), cmocka_unit_test(test_late_half),
	};

	return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
