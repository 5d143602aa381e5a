/* SPDX-License-Identifier: ISC */
/* Tests of /hours and /tz: at once, from a day on, journeys and the way back. */
#include "tests/unit/intake-fixture.h"

#include "daemon/intake/contact.h"
#include "daemon/intake/place.h"

#define DAY 86400
#define MIDNIGHT (NOON + 5 * DAY + 12 * 3600) /* 2026-11-27 in Lisbon, a Friday */

static struct reading_when friday = {.start = MIDNIGHT, .end = MIDNIGHT + DAY,
    .precision = WHEN_DAY, .local = "2026-11-27", .zone = "Europe/Lisbon"};
static struct reading_when now = {.start = NOON - 3600, .end = NOON + DAY,
    .precision = WHEN_DAY, .local = "2026-11-21", .local_end = "2026-11-22",
    .zone = "Europe/Lisbon"};
static struct reading_when past = {.start = NOON - 3 * DAY, .end = NOON - 2 * DAY,
    .precision = WHEN_DAY, .local = "2026-11-18", .zone = "Europe/Lisbon"};

static const struct {
	const char *name;
	const char *from;
	struct reading_command cmd;
	const char *refusal; /* NULL: applied */
	const char *zone, *hours; /* at once */
	int64_t plans;
} rows[] = {
    {"hours", NULL, {.verb = "hours", .word = "mon-thu 08:00-16:00"}, NULL, "Europe/Lisbon",
	"mon-thu 08:00-16:00", 0},
    {"hours from a day", NULL, {.verb = "hours", .word = "tue 08:00-16:00", .when = &friday}, NULL,
	"Europe/Lisbon", "mon-fri 09:00-17:00", 1},
    {"hours from a day that is past", NULL, {.verb = "hours", .word = "tue 08:00-16:00",
	.when = &past}, NULL, "Europe/Lisbon", "tue 08:00-16:00", 0},
    {"no hours", NULL, {.verb = "hours"}, "Which hours", NULL, NULL, 0},
    {"hours that are none", NULL, {.verb = "hours", .word = "mon 17:00-09:00"}, "", NULL, NULL, 0},
    {"hours of a guest", "chi@example.org", {.verb = "hours", .word = "tue 08:00-16:00"},
	"needs the role member", NULL, NULL, 0},
    {"zone", NULL, {.verb = "tz", .word = "Asia/Dubai"}, NULL, "Asia/Dubai",
	"mon-fri 09:00-17:00", 0},
    {"no zone", NULL, {.verb = "tz", .word = "Asia/Nowhere"}, "", NULL, NULL, 0},
    {"a journey to come", NULL, {.verb = "tz", .word = "Asia/Dubai", .when = &friday}, NULL,
	"Europe/Lisbon", "mon-fri 09:00-17:00", 2},
    {"a journey that has begun", NULL, {.verb = "tz", .word = "Asia/Dubai", .when = &now}, NULL,
	"Asia/Dubai", "mon-fri 09:00-17:00", 1},
    {"a journey that is over", NULL, {.verb = "tz", .word = "Asia/Dubai", .when = &past}, "is over",
	NULL, NULL, 0},
};

static void
line(struct inbox *in, const char *from, struct reading_command cmd)
{
	cmd.source = cmd.verb;
	take(in, &(struct letter){.from = from, .subject = "x", .target = {.kind = KIND_TIME},
	    .commands = &cmd, .n_commands = 1});
}

static void
test_commands(void **state)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct inbox in;
		const char *outcome;

		inbox_open(&in, CONF_TRUST_ENVELOPE);
		line(&in, rows[i].from, rows[i].cmd);
		outcome = text_of(&in, "SELECT outcome FROM message");
		if (strcmp(outcome, rows[i].refusal != NULL ? "error" : "applied") != 0)
			fail_msg("%s: %s", rows[i].name, last_mail(&in));
		if (rows[i].refusal != NULL) {
			assert_non_null(strstr(last_mail(&in), rows[i].refusal));
			assert_int_equal(number(&in,
			    "SELECT count(*) FROM event WHERE message_id > 0"),
			    0);
		} else {
			assert_string_equal(text_of(&in, "SELECT zone FROM person WHERE id = 1"),
			    rows[i].zone);
			assert_string_equal(text_of(&in, "SELECT hours FROM person WHERE id = 1"),
			    rows[i].hours);
		}
		assert_int_equal(number(&in, "SELECT count(*) FROM plan"), rows[i].plans);
		fixture_close(&in.fx);
	}
}

/* Runs the job if it is due; gives when it is due next, 0 when there is none. */
static int64_t
run(struct inbox *in, int64_t at)
{
	struct job *job = NULL;
	int64_t next = 0;

	td_ok(&in->fx, job_by_key(in->fx.db, in->fx.arena, "settings:1", &job, &in->fx.err));
	assert_non_null(job);
	if (job->due_at > at)
		return job->due_at;
	td_ok(&in->fx, db_begin(in->fx.db, &in->fx.err));
	td_ok(&in->fx, place_job(in->fx.db, &in->conf, job, at, in->fx.arena, &next, &in->fx.err));
	td_ok(&in->fx, job_ran(in->fx.db, job->id, at, next, &in->fx.err));
	td_ok(&in->fx, db_commit(in->fx.db, &in->fx.err));
	return next;
}

static int64_t
contact(struct inbox *in, int64_t at)
{
	struct person *ana = NULL;

	td_ok(&in->fx, person_by_id(in->fx.db, in->fx.arena, 1, &ana, &in->fx.err));
	td_ok(&in->fx, contact_time(in->fx.db, in->fx.arena, ana, at, &at, &in->fx.err));
	return at;
}

/* There and back again: zone, contact hours, history; an undo on the way brings her home. */
static void
test_journey(void **state)
{
	struct inbox in;
	const char *code;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	line(&in, NULL, (struct reading_command){.verb = "tz", .word = "Asia/Dubai",
	    .when = &friday});
	code = text_of(&in, "SELECT undo_code FROM message");
	line(&in, NULL, (struct reading_command){.verb = "tz", .word = "Asia/Tokyo"});
	assert_non_null(strstr(last_mail(&in), "is planned"));
	assert_int_equal(run(&in, MIDNIGHT - 1), MIDNIGHT);
	assert_int_equal(contact(&in, MIDNIGHT), MIDNIGHT + 9 * 3600); /* Lisbon's morning */
	assert_int_equal(run(&in, MIDNIGHT), MIDNIGHT + DAY);
	assert_string_equal(text_of(&in, "SELECT zone FROM person WHERE id = 1"), "Asia/Dubai");
	assert_int_equal(contact(&in, MIDNIGHT), MIDNIGHT + 5 * 3600); /* Dubai's */
	line(&in, NULL, (struct reading_command){.verb = "undo", .word = code});
	assert_string_equal(text_of(&in, "SELECT zone FROM person WHERE id = 1"), "Europe/Lisbon");
	assert_int_equal(run(&in, MIDNIGHT + DAY), 0);
	assert_string_equal(text_of(&in, "SELECT zone FROM person WHERE id = 1"), "Europe/Lisbon");
	fixture_close(&in.fx);
}

static void
test_back(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	line(&in, NULL, (struct reading_command){.verb = "tz", .word = "Asia/Dubai",
	    .when = &friday});
	line(&in, NULL, (struct reading_command){.verb = "hours", .word = "mon 08:00-16:00",
	    .when = &friday});
	/* the daemon slept over all of it */
	assert_int_equal(run(&in, MIDNIGHT + 3 * DAY), 0);
	assert_string_equal(text_of(&in, "SELECT zone FROM person WHERE id = 1"), "Europe/Lisbon");
	assert_string_equal(text_of(&in, "SELECT hours FROM person WHERE id = 1"),
	    "mon 08:00-16:00");
	assert_int_equal(number(&in, "SELECT count(*) FROM event WHERE entity = 'person' "
	    "AND verb = 'change' AND message_id > 0"), 3);
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_journey), cmocka_unit_test(test_back)};

	return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
