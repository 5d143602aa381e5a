/* SPDX-License-Identifier: ISC */
/*
 * Tests of public holidays: whose they are; that nobody is asked or written to on them; what who,
 * digests and due dates make of them, and of absences; that a call does not care.
 */
#include "tests/unit/intake-fixture.h"

#include "daemon/compose/gather.h"
#include "daemon/intake/contact.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/holiday.h"
#include "daemon/store/oncall.h"

#define HOUR 3600
#define DAY 86400
#define MONDAY (NOON + 2 * DAY)  /* 2026-11-23 12:00 in Lisbon, a day of work */
#define MIDNIGHT (NOON - 12 * HOUR)

static const struct holiday pt[] = {{"2026-11-23", "Dia de Ana"}, {"2026-11-25", "Outro dia"}};
static const struct holiday jp[] = {{"2026-11-23", "Kinro"}};

static void
open_scene(struct inbox *in)
{
	inbox_open(in, CONF_TRUST_ENVELOPE);
	td_ok(&in->fx, holiday_replace(in->fx.db, "pt", pt, 2, &in->fx.err));
	td_ok(&in->fx, holiday_replace(in->fx.db, "jp", jp, 1, &in->fx.err));
	td_ok(&in->fx, holiday_set_region(in->fx.db, HOLIDAY_TEAM, in->fx.team.id, "pt",
	    &in->fx.err));
}

/* "2026-11-23 2026-11-25": days off of a person (0: of all) in November. */
static const char *
off(struct inbox *in, int64_t person_id)
{
	struct absence *list;
	const char *text = "";
	size_t n;

	td_ok(&in->fx, days_off_list(in->fx.db, in->fx.arena, person_id, "2026-11-01", "2026-11-30",
	    &list, &n, &in->fx.err));
	for (size_t i = 0; i < n; i++)
		text = arena_printf(in->fx.arena, "%s%s%s", text, i > 0 ? " " : "",
		    list[i].first_day);
	return text;
}

/* The team's, one's own, none, and again the team's; the first team counts; a new list replaces. */
static void
test_region(void **state)
{
	static const struct holiday other[] = {{"2026-11-03", "x"}, {"2026-11-03", "twice"}};
	struct inbox in;
	struct team second = {.name = "second", .title = "Second", .address = "s@example.org",
	    .zone = "UTC"};

	open_scene(&in);
	assert_string_equal(off(&in, 1), "2026-11-23 2026-11-25");
	assert_string_equal(off(&in, 0), "2026-11-23 2026-11-23 2026-11-23 2026-11-25 2026-11-25 "
	    "2026-11-25");
	td_ok(&in.fx, holiday_set_region(in.fx.db, HOLIDAY_PERSON, 2, "jp", &in.fx.err));
	assert_string_equal(off(&in, 2), "2026-11-23");
	td_ok(&in.fx, holiday_set_region(in.fx.db, HOLIDAY_PERSON, 2, HOLIDAY_NONE, &in.fx.err));
	assert_string_equal(off(&in, 2), "");
	td_ok(&in.fx, holiday_set_region(in.fx.db, HOLIDAY_PERSON, 2, NULL, &in.fx.err));
	assert_string_equal(off(&in, 2), "2026-11-23 2026-11-25");
	td_ok(&in.fx, team_add(in.fx.db, &second, NOON, &in.fx.err));
	td_ok(&in.fx, member_set(in.fx.db, second.id, 1, ROLE_MEMBER, NOON + 1, &in.fx.err));
	td_ok(&in.fx, holiday_set_region(in.fx.db, HOLIDAY_TEAM, second.id, "jp", &in.fx.err));
	assert_string_equal(off(&in, 1), "2026-11-23 2026-11-25");
	td_ok(&in.fx, holiday_replace(in.fx.db, "pt", other, 2, &in.fx.err));
	assert_string_equal(off(&in, 1), "2026-11-03");
	fixture_close(&in.fx);
}

static int64_t
contact(struct inbox *in, int64_t person_id, int64_t at)
{
	struct person *person = NULL;

	td_ok(&in->fx, person_by_id(in->fx.db, in->fx.arena, person_id, &person, &in->fx.err));
	td_ok(&in->fx, contact_time(in->fx.db, in->fx.arena, person, at, &at, &in->fx.err));
	return at;
}

static int64_t
digest_at(struct inbox *in, int64_t now, int64_t person_id)
{
	int64_t next;

	jobs_look_again();
	td_ok(&in->fx, jobs_run(in->fx.db, &in->conf, now, &next, &in->fx.err));
	return number(in, arena_printf(in->fx.arena,
	    "SELECT due_at FROM job WHERE dedupe_key = 'digest:1:%lld'", (long long)person_id));
}

/* Mail that can wait, and digests, come on the next day of work. */
static void
test_prompts(void **state)
{
	struct inbox in;

	open_scene(&in);
	assert_int_equal(contact(&in, 1, MONDAY), MONDAY + DAY - 3 * HOUR);
	assert_int_equal(digest_at(&in, NOON, 1), MIDNIGHT + 3 * DAY + 8 * HOUR + 1800);
	td_ok(&in.fx, holiday_set_region(in.fx.db, HOLIDAY_PERSON, 1, HOLIDAY_NONE, &in.fx.err));
	assert_int_equal(contact(&in, 1, MONDAY), MONDAY);
	assert_int_equal(digest_at(&in, NOON, 1), MIDNIGHT + 2 * DAY + 8 * HOUR + 1800);
	fixture_close(&in.fx);
}

static void
line(struct inbox *in, const char *from, struct reading_command cmd, int64_t at)
{
	cmd.source = cmd.verb;
	take(in, &(struct letter){.from = from, .subject = "x", .target = {.kind = KIND_TIME},
	    .commands = &cmd, .n_commands = 1, .at = at});
}

static void
has(struct inbox *in, const char *want)
{
	const char *mail = text_of(in,
	    "SELECT CAST(bytes AS TEXT) FROM outbox ORDER BY id DESC LIMIT 1");

	if (strstr(mail, want) == NULL)
		fail_msg("no \"%s\" in: %s", want, mail);
}

static void
test_who(void **state)
{
	struct inbox in;

	open_scene(&in);
	line(&in, NULL, (struct reading_command){.verb = "who"}, MONDAY);
	has(&in, "Ana Lima: away, public holiday: Dia de Ana");
	fixture_close(&in.fx);
}

static const struct compose_digest *
digest(struct inbox *in, int64_t reader, int64_t now)
{
	struct gather_request request = {.team_id = in->fx.team.id, .person_id = reader,
	    .now = now};
	struct compose_digest *digest = arena_alloc(in->fx.arena, sizeof *digest);
	struct compose_common common = {0};

	td_ok(&in->fx, gather_digest(in->fx.db, in->fx.arena, &request, &common, digest,
	    &in->fx.err));
	return digest;
}

/* Who has a holiday stands under AWAY, once; and misses no check-in by it. */
static void
test_digest(void **state)
{
	static struct reading_when week = {.start = MIDNIGHT + 2 * DAY, .end = MIDNIGHT + 5 * DAY,
	    .precision = WHEN_DAY, .local = "2026-11-23", .local_end = "2026-11-25",
	    .zone = "Europe/Lisbon"};
	struct inbox in;
	const struct compose_digest *d;

	open_scene(&in);
	td_ok(&in.fx, holiday_set_region(in.fx.db, HOLIDAY_PERSON, 2, HOLIDAY_NONE, &in.fx.err));
	td_ok(&in.fx, holiday_set_region(in.fx.db, HOLIDAY_PERSON, 3, HOLIDAY_NONE, &in.fx.err));
	d = digest(&in, 2, MONDAY);
	assert_int_equal(d->n_away, 1);
	assert_string_equal(d->away[0].name, "Ana");
	assert_string_equal(d->away[0].last_day, "2026-11-23");
	d = digest(&in, 2, MONDAY + DAY);
	assert_true(d->n_updates == 2 && d->updates[0].away && !d->updates[1].away);
	/* an absence over the holiday is told once */
	line(&in, NULL, (struct reading_command){.verb = "off", .when = &week}, NOON);
	d = digest(&in, 2, MONDAY);
	assert_int_equal(d->n_away, 1);
	assert_string_equal(d->away[0].last_day, "2026-11-25");
	fixture_close(&in.fx);
}

static void
task_due(struct inbox *in, const char *day, int64_t at)
{
	struct reading_when due = {.start = at - DAY, .end = at, .precision = WHEN_DAY,
	    .local = day,
	    .zone = "Europe/Lisbon"};
	const char *ana[] = {"ana"};

	take(in, &(struct letter){.subject = day, .target = {.kind = KIND_TASK},
	    .fields = {.title = day, .owners = ana, .n_owners = 1, .due = &due}});
}

/* Warned of two days of work ahead: days off and free days give no time for it. */
static void
test_due(void **state)
{
	static const struct {
		const char *name;
		int64_t now;         /* days after Saturday 2026-11-21 */
		int64_t due;
		bool holidays;
		bool warned;
	} cases[] = {
	    {"in two days", 3, 5, false, true},          /* Tuesday, due on Thursday */
	    {"in three", 3, 6, false, false},
	    {"in three, one of them a holiday", 3, 6, true, true}, /* Wednesday is free */
	    {"over a weekend", 6, 9, false, true},       /* Friday, due on Monday */
	    {"over a weekend, Tuesday", 6, 10, false, true},
	    {"over a weekend, Wednesday", 6, 11, false, false},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct inbox in;
		int64_t due = MIDNIGHT + cases[i].due * DAY;
		const struct compose_digest *d;

		open_scene(&in);
		if (!cases[i].holidays)
			td_ok(&in.fx, holiday_set_region(in.fx.db, HOLIDAY_PERSON, 1, HOLIDAY_NONE,
			    &in.fx.err));
		task_due(&in, person_day(in.fx.arena, "Europe/Lisbon", due), due + DAY);
		d = digest(&in, 1, NOON + cases[i].now * DAY);
		if ((d->n_needs == 1) != cases[i].warned)
			fail_msg("%s: %zu", cases[i].name, d->n_needs);
		fixture_close(&in.fx);
	}
}

/* On call is on call: a holiday is no absence then. */
static void
test_call(void **state)
{
	struct inbox in;
	int64_t next;

	open_scene(&in);
	td_ok(&in.fx, oncall_set(in.fx.db, in.fx.team.id, ONCALL_TURN, (int64_t[]){1}, 1,
	    "2026-11-23", &in.fx.err));
	line(&in, "ben@example.org", (struct reading_command){.verb = "page", .text = "x"}, MONDAY);
	jobs_look_again();
	td_ok(&in.fx, jobs_run(in.fx.db, &in.conf, MONDAY, &next, &in.fx.err));
	assert_int_equal(number(&in, "SELECT person_id FROM page_call"), 1);
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_region),
	    cmocka_unit_test(test_prompts), cmocka_unit_test(test_who),
	    cmocka_unit_test(test_digest), cmocka_unit_test(test_due), cmocka_unit_test(test_call)};

	return cmocka_run_group_tests_name("holiday", tests, NULL, NULL);
}
