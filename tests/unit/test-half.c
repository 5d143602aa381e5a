/* SPDX-License-Identifier: ISC */
/*
 * Tests of half days off, from the line that says so to all that respects it: when mail comes, who
 * is here, who is called, the digest, targets, core hours; and of the warning about a due date on
 * a day off.
 */
#include "tests/unit/intake-fixture.h"

#include "daemon/compose/gather.h"
#include "daemon/compose/query.h"
#include "daemon/intake/contact.h"
#include "daemon/schedule/jobs-private.h"
#include "daemon/store/absence.h"
#include "daemon/store/holiday.h"
#include "daemon/store/workrule.h"
#include "parsers/command.h"

#define HOUR 3600
#define DAY 86400
#define MIDNIGHT (NOON + 36 * HOUR) /* the beginning of Monday 2026-11-23 in Lisbon */
#define ANA "ana@example.org"

/* A line as the grammar reads it, on Saturday noon. */
static void
say(struct inbox *in, const char *from, const char *text)
{
	const struct command_context context = {.anchor = NOON, .zone = "Europe/Lisbon"};
	struct reading_command *cmd = arena_alloc(in->fx.arena, sizeof *cmd);
	struct reading_error error = {0};

	if (command_parse(in->fx.arena, span_of(text), 1, &context, cmd, &error) != COMMAND_GOOD)
		fail_msg("%s: %s", text, error.why);
	cmd->source = text;
	take(in, &(struct letter){.from = from, .subject = "x", .text = text,
	    .target = {.kind = KIND_TIME}, .commands = cmd, .n_commands = 1});
	if (in->result.why != NULL)
		fail_msg("%s: %s", text, text_of(in, "SELECT CAST(bytes AS TEXT) FROM outbox "
		    "ORDER BY id DESC LIMIT 1"));
}

static const char *
state_at(struct inbox *in, int64_t now)
{
	const struct query query = {.db = in->fx.db, .arena = in->fx.arena, .team = &in->fx.team,
	    .reader_id = in->fx.ben.id, .zone = "UTC", .now = now};
	struct query_answer answer = {0};

	td_ok(&in->fx, query_ask(&query, &(struct reading_command){.verb = "who", .source = "who"},
	    &answer, &in->fx.err));
	for (size_t i = 0; i < answer.n_lines; i++)
		if (strncmp(answer.lines[i], "Ana Lima: ", 10) == 0)
			return answer.lines[i] + 10;
	return "nowhere";
}

static bool
called_away(struct inbox *in, int64_t now)
{
	struct duty duty;
	int64_t today;

	td_ok(&in->fx, gather_duty(in->fx.db, in->fx.arena, &in->fx.team, now, &duty, &today,
	    &in->fx.err));
	for (size_t i = 0; i < duty.n_people; i++)
		if (duty.people[i].id == in->fx.ana.id)
			return duty.people[i].away;
	return false;
}

static const struct {
	const char *line;   /* "" : nothing is said */
	enum day_half half;
	/* at ten o'clock and at three on Monday: what /who says, when mail comes (hours after
	 * Monday began) and whether a call goes past her */
	const char *ten, *three;
	int mail_ten, mail_three;
	bool away_ten, away_three;
	unsigned halves; /* of the week's target that go */
} rows[] = {
    {"", HALF_NONE, "working", "working", 10, 15, false, false, 0},
    {"/off monday", HALF_NONE, "away, off", "away, off", 33, 33, true, true, 2},
    {"/off monday half-day", HALF_SOME, "working, off (half days)", "working, off (half days)",
	10, 15, false, false, 1},
    {"/off monday morning", HALF_MORNING, "away, off (mornings)", "working, off (mornings)", 13, 15,
	true, false, 1},
    {"/off monday afternoon", HALF_AFTERNOON, "working, off (afternoons)",
	"away, off (afternoons)", 10, 33, false, true, 1},
    {"/off monday half-day afternoon", HALF_AFTERNOON, "working", "away", 10, 33, false, true, 1},
    {"/off 2026-11-23 sick am", HALF_MORNING, "away, sick (mornings)", "working", 13, 15, true,
	false, 1},
    {"/off 2026-11-23..2026-11-24 morning", HALF_MORNING, "away", "working", 13, 15, true, false,
	2},
};

static void
test_half(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct inbox in;
		struct absence *list;
		struct gather_week week;
		size_t n = 0;
		int64_t ten = MIDNIGHT + 10 * HOUR, three = MIDNIGHT + 15 * HOUR, at;

		inbox_open(&in, CONF_TRUST_ENVELOPE);
		if (*rows[i].line != '\0')
			say(&in, ANA, rows[i].line);
		td_ok(&in.fx, absence_list(in.fx.db, in.fx.arena, in.fx.ana.id, "2026-11-23",
		    "2026-11-23", &list, &n, &in.fx.err));
		row_assert(n == (*rows[i].line != '\0'), rows[i].line);
		row_assert(n == 0 || list[0].half_day == rows[i].half, rows[i].line);
		row_assert(strncmp(state_at(&in, ten), rows[i].ten, strlen(rows[i].ten)) == 0,
		    rows[i].line);
		row_assert(strncmp(state_at(&in, three), rows[i].three,
		    strlen(rows[i].three)) == 0, rows[i].line);
		td_ok(&in.fx, contact_time(in.fx.db, in.fx.arena, &in.fx.ana, ten, &at,
		    &in.fx.err));
		row_assert(at == MIDNIGHT + rows[i].mail_ten * HOUR, rows[i].line);
		td_ok(&in.fx, contact_time(in.fx.db, in.fx.arena, &in.fx.ana, three, &at,
		    &in.fx.err));
		row_assert(at == MIDNIGHT + rows[i].mail_three * HOUR, rows[i].line);
		row_assert(called_away(&in, ten) == rows[i].away_ten, rows[i].line);
		row_assert(called_away(&in, three) == rows[i].away_three, rows[i].line);
		td_ok(&in.fx, gather_week(in.fx.db, in.fx.arena, &in.fx.ana, civil_days(2026, 11,
		    23), &week, &in.fx.err));
		row_assert(week.halves_off == rows[i].halves, rows[i].line);
		fixture_close(&in.fx);
	}
}

/* /back ends what is still to come: a morning that is past stays off, with its hours. */
static void
test_back(void **state)
{
	static const struct {
		const char *off;
		int hour;      /* of Monday 2026-11-23, when they are back */
		const char *left; /* first and last day; "" where all of it ended */
		bool refused;
	} cases[] = {
	    {"/off 2026-11-23 morning", 15, "2026-11-23 2026-11-23", true},
	    {"/off 2026-11-23 morning", 10, "", false},
	    {"/off 2026-11-23 afternoon", 15, "", false},
	    {"/off 2026-11-23..2026-11-25 morning", 15, "2026-11-23 2026-11-23", false},
	    {"/off 2026-11-23..2026-11-25", 15, "", false},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct inbox in;
		struct reading_command back = {.verb = "back", .source = "/back"};

		inbox_open(&in, CONF_TRUST_ENVELOPE);
		say(&in, ANA, cases[i].off);
		take(&in, &(struct letter){.subject = "x", .target = {.kind = KIND_TIME},
		    .commands = &back, .n_commands = 1, .at = MIDNIGHT + cases[i].hour * HOUR});
		row_assert(strcmp(text_of(&in, "SELECT first_day || ' ' || last_day FROM absence "
		    "WHERE ended_at IS NULL"), cases[i].left) == 0, cases[i].off);
		row_assert(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'error' AND "
		    "instr(CAST(bytes AS TEXT), 'Your morning off is past')") == cases[i].refused,
		    cases[i].off);
		fixture_close(&in.fx);
	}
}

/* A morning and an afternoon, said apart, are a day. */
static void
test_both_halves(void **state)
{
	struct inbox in;
	struct gather_week week;
	int64_t at;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	say(&in, ANA, "/off monday morning");
	say(&in, ANA, "/off monday afternoon");
	td_ok(&in.fx, gather_week(in.fx.db, in.fx.arena, &in.fx.ana, civil_days(2026, 11, 23),
	    &week, &in.fx.err));
	assert_int_equal(week.halves_off, 2);
	td_ok(&in.fx, contact_time(in.fx.db, in.fx.arena, &in.fx.ana, MIDNIGHT + 10 * HOUR, &at,
	    &in.fx.err));
	assert_int_equal(at, MIDNIGHT + 33 * HOUR);
	assert_int_equal(strncmp(state_at(&in, MIDNIGHT + 10 * HOUR), "away", 4), 0);
	assert_int_equal(strncmp(state_at(&in, MIDNIGHT + 15 * HOUR), "away", 4), 0);
	fixture_close(&in.fx);
}

static void
test_digest(void **state)
{
	static const struct {
		enum day_half half;
		const char *setting;
		int64_t want; /* minutes after Monday began */
	} cases[] = {
	    {HALF_NONE, "daily 08:30", 24 * 60 + 8 * 60 + 30},
	    {HALF_SOME, "daily 08:30", 8 * 60 + 30},
	    {HALF_MORNING, "daily 08:30", 13 * 60},
	    {HALF_AFTERNOON, "daily 08:30", 8 * 60 + 30},
	    {HALF_MORNING, "daily 16:00", 16 * 60},
	    {HALF_AFTERNOON, "daily 16:00", 24 * 60 + 16 * 60},
	    {HALF_AFTERNOON, "weekly mon 16:00", 7 * 24 * 60 + 16 * 60},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct due_absence off = {civil_days(2026, 11, 23), civil_days(2026, 11, 23),
		    cases[i].half};
		struct digest_setting setting;
		struct due_person person = {.absences = &off, .n_absences = 1};
		struct hours hours;
		struct due due;

		assert_int_equal(zone_get("Europe/Lisbon", &person.zone, NULL), TD_OK);
		assert_int_equal(hours_parse(SPAN("mon-fri 09:00-17:00"), &hours, NULL), TD_OK);
		assert_int_equal(digest_setting_parse(span_of(cases[i].setting), &setting, NULL),
		    TD_OK);
		person.hours = &hours;
		assert_true(due_digest(&setting, &person, civil_days(2026, 11, 22), MIDNIGHT,
		    &due));
		row_assert(due.at == MIDNIGHT + cases[i].want * 60, cases[i].setting);
	}
}

static void
test_middle(void **state)
{
	static const struct {
		const char *hours;
		int middle; /* of Monday */
	} cases[] = {
	    {"mon-fri 09:00-17:00", 13 * 60}, {"mon 09:00-12:00,13:00-18:00", 14 * 60},
	    {"mon 08:00-12:00,13:00-17:00", 12 * 60}, {"tue 09:00-17:00", 12 * 60},
	    {"mon 06:00-07:00", 6 * 60 + 30},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct hours hours;

		assert_int_equal(hours_parse(span_of(cases[i].hours), &hours, NULL), TD_OK);
		row_assert(hours_middle(&hours, MONDAY) == cases[i].middle, cases[i].hours);
	}
}

/* Core hours that lie in the half that is off leave the person out; others do not. */
static void
test_core(void **state)
{
	static const struct {
		const char *core, *line, *left_out;
	} cases[] = {
	    {"mon-thu 14:00-16:00", "/off monday afternoon", "2026-11-23"},
	    {"mon-thu 14:00-16:00", "/off monday morning", ""},
	    {"mon-thu 09:00-11:00", "/off monday morning", "2026-11-23"},
	    {"mon-thu 12:00-14:00", "/off monday morning", ""},
	    {"mon-thu 12:00-14:00", "/off monday half-day", ""},
	    {"mon-thu 12:00-14:00", "/off monday", "2026-11-23"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct inbox in;
		struct hours core;
		struct job_context c;
		struct job_series series = {.hours = &core,
		    .first_day = civil_days(2026, 11, 23)};
		struct job_days days;

		inbox_open(&in, CONF_TRUST_ENVELOPE);
		say(&in, ANA, cases[i].line);
		c = (struct job_context){in.fx.db, &in.conf, MIDNIGHT, in.fx.arena, &in.fx.err};
		assert_int_equal(hours_parse(span_of(cases[i].core), &core, NULL), TD_OK);
		assert_int_equal(zone_get("Europe/Lisbon", &series.zone, NULL), TD_OK);
		td_ok(&in.fx, job_left_out(&c, &in.fx.ana, &series, &days));
		row_assert(strcmp(days.text, cases[i].left_out) == 0, cases[i].line);
		fixture_close(&in.fx);
	}
}

/* ---- due on a day off ------------------------------------------------------------------------ */

static const struct holiday pt[] = {{"2026-12-01", "Restoration"}};
static const struct {
	const char *line, *note; /* NULL: none */
} due_rows[] = {
    {"/due #1 2026-11-26", "#1 is due while Ana Lima is away, from 2026-11-25 to 2026-11-27 "
	"(cover: Ben Okri)."},
    {"/due #1 2026-11-27 17:00", "#1 is due while Ana Lima is away"},
    {"/due #1 2026-11-24", NULL},
    {"/due #1 2026-11-28", NULL},
    {"/due #1 2026-11-30", NULL}, /* a half day */
    {"/due #1 2026-12-01", "#1 is due on 2026-12-01, a public holiday for Ana Lima "
	"(Restoration)."},
    {"/due #2 2026-11-26", NULL}, /* nobody's */
    {"/assign #3 @ana", "#3 is due while Ana Lima is away"},
    {"/assign #3 @ben", NULL},
    {"/title #4 Another", NULL}, /* its date was spoken of before */
};

static void
test_due(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(due_rows); i++) {
		struct inbox in;
		const char *mail;

		inbox_open(&in, CONF_TRUST_ENVELOPE);
		in.conf.limits.acks_per_day = 1000;
		td_ok(&in.fx, holiday_replace(in.fx.db, "pt", pt, 1, &in.fx.err));
		td_ok(&in.fx, holiday_set_region(in.fx.db, HOLIDAY_PERSON, in.fx.ana.id, "pt",
		    &in.fx.err));
		for (int k = 1; k <= 4; k++)
			take(&in, &(struct letter){.from = "ben@example.org", .subject = "t",
			    .target = {.kind = KIND_TASK}, .fields = {.title = "t"}});
		say(&in, "ben@example.org", "/assign #1 @ana");
		say(&in, "ben@example.org", "/due #3 2026-11-26");
		say(&in, "ben@example.org", "/assign #4 @ana");
		say(&in, "ben@example.org", "/due #4 2026-11-26");
		say(&in, ANA, "/off 2026-11-25..2026-11-27 holiday cover:@ben");
		say(&in, ANA, "/off 2026-11-30 morning");
		td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "DELETE FROM outbox", ""));
		say(&in, "ben@example.org", due_rows[i].line);
		mail = text_of(&in, "SELECT replace(replace(CAST(bytes AS TEXT), char(13) || "
		    "char(10) || '  ', ' '), char(13) || char(10), ' ') FROM outbox "
		    "WHERE kind = 'ack'");
		if (due_rows[i].note == NULL ? *mail != '\0'
		    : strstr(mail, due_rows[i].note) == NULL)
			fail_msg("%s: %s", due_rows[i].line, mail);
		fixture_close(&in.fx);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_half),
	    cmocka_unit_test(test_back), cmocka_unit_test(test_both_halves),
	    cmocka_unit_test(test_digest),
	    cmocka_unit_test(test_middle), cmocka_unit_test(test_core),
	    cmocka_unit_test(test_due)};

	return cmocka_run_group_tests_name("half", tests, NULL, NULL);
}
