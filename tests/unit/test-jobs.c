/* SPDX-License-Identifier: ISC */
/*
 * Tests of schedule/jobs on a real store: three people in three zones, their digests over days,
 * weekends and absences; quarantine summaries, notices, other kinds of job.
 */
#include "tests/unit/jobs-fixture.h"

#include "daemon/store/absence.h"
#include "daemon/store/quarantine.h"

static const struct conf conf;

/* ---- digests ---- */

static void
test_digest_days(void **state)
{
	struct fixture fx;
	struct outbox *row;

	fixture_open(&fx);
	add_item(&fx, "Due on Monday", fx.ana.id, AT(23, 17, 0), "2026-11-23T17:00");
	add_item(&fx, "Due on Monday too", fx.ben.id, AT(23, 7, 0), "2026-11-23T16:00");
	/* A Saturday: nothing is due; the next is Ben's, Monday 08:30 in Tokyo. */
	assert_int_equal(run(&fx, NOON), AT(22, 23, 30));
	assert_int_equal(count_queued(&fx), 0);
	assert_int_equal(run(&fx, AT(22, 23, 29)), AT(22, 23, 30));
	assert_int_equal(count_queued(&fx), 0);
	assert_int_equal(run(&fx, AT(22, 23, 30)), AT(23, 8, 30));
	row = queued(&fx, "digest:1:2:2026-11-23");
	assert_non_null(row);
	assert_string_equal(row->rcpt, "ben@example.org");
	assert_string_equal(row->sender, "platform+bounce-2@example.org");
	assert_true(holds(row, "Due on Monday too"));
	assert_true(holds(row, "Subject: Platform daily, Mon 23 Nov: 1 needs you"));
	/* Again at the same moment, and a second later: nothing more. */
	run(&fx, AT(22, 23, 30));
	run(&fx, AT(22, 23, 30) + 1);
	assert_int_equal(count_queued(&fx), 1);
	/* Ana's, two hours late, goes once; the guest has none. */
	assert_int_equal(run(&fx, AT(23, 10, 30)), AT(23, 23, 30));
	assert_non_null(queued(&fx, "digest:1:1:2026-11-23"));
	assert_int_equal(count_queued(&fx), 2);
	fixture_close(&fx);
}

static void
test_digest_skipped(void **state)
{
	struct fixture fx;
	struct absence away;

	fixture_open(&fx);
	add_item(&fx, "Task", fx.ana.id, AT(24, 17, 0), "2026-11-24T17:00");
	run(&fx, NOON);
	/* Down for a day: what is older than the grace is not sent late. */
	run(&fx, AT(23, 20, 0));
	assert_null(queued(&fx, "digest:1:1:2026-11-23"));
	/* Away: none; nothing in it: none; the address bounced: none. */
	away = (struct absence){.person_id = fx.ana.id, .first_day = "2026-11-24",
	    .last_day = "2026-11-24", .kind = "off", .created_at = NOON};
	td_ok(&fx, absence_add(fx.db, &away, &fx.err));
	run(&fx, AT(24, 8, 30));
	assert_null(queued(&fx, "digest:1:1:2026-11-24"));
	run(&fx, AT(25, 0, 0));
	assert_null(queued(&fx, "digest:1:2:2026-11-25"));
	td_ok(&fx, person_set_delivery(fx.db, "ana@example.org", "hard", "550", NOON,
	    &(bool){false}, &fx.err));
	run(&fx, AT(25, 8, 30));
	assert_int_equal(count_queued(&fx), 0);
	fixture_close(&fx);
}

static void
test_digest_settings(void **state)
{
	struct fixture fx;

	fixture_open(&fx);
	add_item(&fx, "Task", fx.ana.id, AT(24, 17, 0), "2026-11-24T17:00");
	run(&fx, NOON);
	fx.ana.digest = "weekly tue 10:00";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	run(&fx, AT(23, 8, 30));
	assert_int_equal(count_queued(&fx), 0);
	run(&fx, AT(24, 10, 0));
	assert_true(holds(queued(&fx, "digest:1:1:2026-11-24"), "Platform weekly, Tue 24 Nov"));
	fx.ana.digest = "off";
	fx.ben.digest = "off";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	td_ok(&fx, person_update(fx.db, &fx.ben, &fx.err));
	assert_int_equal(run(&fx, AT(25, 8, 30)), 0);
	/* Flying west on the day of a digest does not bring it twice. */
	fx.ana.digest = "daily 08:30";
	fx.ana.zone = "Asia/Tokyo";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	run(&fx, AT(25, 23, 30));
	assert_non_null(queued(&fx, "digest:1:1:2026-11-26"));
	fx.ana.zone = "America/Lima";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	run(&fx, AT(26, 13, 30));
	assert_int_equal(count_queued(&fx), 2);
	run(&fx, AT(27, 13, 30));
	assert_int_equal(count_queued(&fx), 3);
	fixture_close(&fx);
}

/* The clock stood in 2030 for a while: the digests of the days after that come all the same. */
static void
test_digest_clock(void **state)
{
	struct fixture fx;

	fixture_open(&fx);
	add_item(&fx, "Task", fx.ana.id, AT(24, 17, 0), "2026-11-24T17:00");
	run(&fx, NOON);
	run(&fx, AT(23, 8, 30) + 1200 * DAY);
	run(&fx, AT(24, 8, 30) + 1200 * DAY);
	run(&fx, AT(24, 9, 0));
	run(&fx, AT(25, 8, 30));
	assert_non_null(queued(&fx, "digest:1:1:2026-11-25"));
	fixture_close(&fx);
}

/* Who left after the row was made gets nothing. */
static void
test_digest_left(void **state)
{
	struct fixture fx;

	fixture_open(&fx);
	add_item(&fx, "Task", fx.ana.id, AT(24, 17, 0), "2026-11-24T17:00");
	run(&fx, NOON);
	td_ok(&fx, member_remove(fx.db, fx.team.id, fx.ana.id, &fx.err));
	run(&fx, AT(23, 8, 30));
	assert_int_equal(count_queued(&fx), 0);
	assert_int_equal(run(&fx, AT(23, 8, 31)), AT(23, 23, 30));
	fixture_close(&fx);
}

/* ---- quarantine and other kinds ---- */

static void
test_quarantine(void **state)
{
	struct fixture fx;
	struct quarantine kept = {.why = "unknown sender", .from_address = "eve@example.net",
	    .subject = "You have won"};
	struct job job = {.dedupe_key = "quarantine:1", .kind = "quarantine-summary", .team_id = 1,
	    .due_at = AT(24, 8, 0)};
	struct outbox *row;

	fixture_open(&fx);
	fx.ana.digest = "daily 20:00";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	td_ok(&fx, quarantine_add(fx.db, &kept, AT(24, 7, 0), &fx.err));
	td_ok(&fx, job_set(fx.db, &job, &fx.err));
	run(&fx, AT(24, 8, 0));
	row = queued(&fx, "quarantine:1:1:1");
	assert_non_null(row); /* Ana leads; Ben does not */
	assert_int_equal(count_queued(&fx), 1);
	assert_int_equal(row->not_before, AT(24, 9, 0));
	assert_true(holds(row, "You have won"));
	/* The next one tells of new ones alone, and not at all without any. */
	job.due_at = AT(25, 8, 0);
	td_ok(&fx, job_set(fx.db, &job, &fx.err));
	run(&fx, AT(25, 8, 0));
	assert_int_equal(count_queued(&fx), 1);
	/* One that came while the clock stood behind that is told of, on a day that was told. */
	kept.subject = "You have won again";
	td_ok(&fx, quarantine_add(fx.db, &kept, AT(23, 7, 0), &fx.err));
	job.due_at = AT(24, 8, 0);
	td_ok(&fx, job_set(fx.db, &job, &fx.err));
	run(&fx, AT(24, 8, 0));
	row = queued(&fx, "quarantine:1:1:2");
	assert_non_null(row);
	assert_true(holds(row, "You have won again"));
	assert_int_equal(count_queued(&fx), 2);
	fixture_close(&fx);
}

/* The first summary tells of all that is kept, however old it is. */
static void
test_quarantine_old(void **state)
{
	struct fixture fx;
	struct quarantine kept = {.why = "unknown sender", .from_address = "eve@example.net",
	    .subject = "You have won"};
	struct job job = {.dedupe_key = "quarantine:1", .kind = "quarantine-summary", .team_id = 1,
	    .due_at = AT(24, 8, 0)};

	fixture_open(&fx);
	td_ok(&fx, quarantine_add(fx.db, &kept, AT(2, 7, 0), &fx.err));
	td_ok(&fx, job_set(fx.db, &job, &fx.err));
	run(&fx, AT(24, 8, 0));
	assert_int_equal(count_queued(&fx), 1);
	fixture_close(&fx);
}

static int handled;

static enum td_status
handler(struct db *db, const struct conf *c, const struct job *job, int64_t now,
    struct arena *arena, int64_t *next_due_r, struct err *err)
{
	assert_true(db_in_transaction(db));
	handled++;
	if (handled == 1)
		return err_perm(err, "not this time");
	*next_due_r = handled == 2 ? now + 60 : 0;
	return TD_OK;
}

static void
test_handlers(void **state)
{
	struct job job = {.dedupe_key = "confirm:1", .kind = "test", .person_id = 1,
	    .due_at = NOON};
	struct fixture fx;
	int64_t next;

	fixture_open(&fx);
	fx.ana.digest = fx.ben.digest = "off";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	td_ok(&fx, person_update(fx.db, &fx.ben, &fx.err));
	td_ok(&fx, job_set(fx.db, &job, &fx.err));
	/* Nobody knows this kind: it waits, and the loop is not kept busy. */
	assert_int_equal(run(&fx, NOON), NOON + 3600);
	jobs_register("test", handler);
	/* It fails: an hour later again; then twice, then it is gone. */
	assert_int_equal(jobs_run(fx.db, &conf, NOON + 3600, &next, &fx.err), TD_PERM);
	assert_string_equal(fx.err.text, "not this time");
	assert_int_equal(next, NOON + 7200);
	assert_int_equal(run(&fx, NOON + 7200), NOON + 7260);
	assert_int_equal(run(&fx, NOON + 7260), 0);
	assert_int_equal(handled, 3);
	fixture_close(&fx);
}

/* ---- mail that does not get through ---- */

static int64_t
notices(struct fixture *fx, const char *rcpt)
{
	int64_t n = -1;

	td_ok(fx, db_get_i64(fx->db, &fx->err, &n, NULL,
	    "SELECT count(*) FROM outbox WHERE kind = 'notice' AND rcpt = $1", "t", rcpt));
	return n;
}

static enum outbox_notice
attempt(struct fixture *fx, int64_t id, enum send_result result, int64_t now)
{
	enum outbox_notice notice;
	struct outbox *rows;
	size_t n;

	td_ok(fx, outbox_claim(fx->db, fx->arena, now, 100, &rows, &n, &fx->err));
	td_ok(fx, outbox_set_result(fx->db, id, result, "550 5.1.1 no such user", now, 0, &notice,
	    &fx->err));
	return notice;
}

/* A mail of that kind was first tried then, and now this is what came of it. */
static void
trouble(struct fixture *fx, const char *kind, const char *rcpt, int64_t since,
    enum send_result result, int64_t now)
{
	static int n;
	struct outbox row = {.dedupe_key = arena_printf(fx->arena, "trouble:%d", n++),
	    .kind = kind, .team_id = fx->team.id, .sender = "", .rcpt = rcpt, .mid = "m@x",
	    .bytes = SPAN("x")};
	enum outbox_notice notice;

	td_ok(fx, outbox_add(fx->db, &row, since, NULL, &fx->err));
	if (since < now)
		assert_int_equal(attempt(fx, row.id, SEND_TEMP, since), OUTBOX_NOTICE_NONE);
	notice = attempt(fx, row.id, result, now);
	td_ok(fx, jobs_tell_leads(fx->db, &conf, row.id, notice, now, &fx->err));
}

static void
test_notices(void **state)
{
	static const char *const lead = "ana@example.org";
	const int64_t now = AT(23, 12, 0), days = AT(18, 11, 0);
	struct fixture fx;
	struct outbox *row;

	fixture_open(&fx);
	td_ok(&fx, db_exec(fx.db, &fx.err, "UPDATE membership SET role = 'member'", ""));
	td_ok(&fx, member_set(fx.db, fx.team.id, fx.ana.id, ROLE_LEAD, now, &fx.err));
	td_ok(&fx, member_set(fx.db, fx.team.id, fx.ben.id, ROLE_LEAD, now, &fx.err));
	/* fine, or not late yet: nothing */
	trouble(&fx, "digest", "chi@example.org", now, SEND_SENT, now);
	trouble(&fx, "digest", "chi@example.org", now - 3 * HOUR, SEND_TEMP, now);
	assert_int_equal(notices(&fx, lead), 0);
	/* late: each lead once a day, however many mails wait */
	trouble(&fx, "digest", "chi@example.org", now - 5 * HOUR, SEND_TEMP, now);
	trouble(&fx, "digest", "dev@example.org", now - 5 * HOUR, SEND_TEMP, now);
	assert_int_equal(notices(&fx, lead), 1);
	assert_int_equal(notices(&fx, "ben@example.org"), 1);
	/* failed, by the server's word or after five days: each recipient */
	trouble(&fx, "ack", "chi@example.org", now, SEND_PERM, now);
	trouble(&fx, "digest", "chi@example.org", now, SEND_PERM, now);
	trouble(&fx, "digest", "dev@example.org", days, SEND_TEMP, now);
	assert_int_equal(notices(&fx, lead), 3);
	/* not to the address itself, and never about a notice */
	trouble(&fx, "digest", "Ana@example.org", now, SEND_PERM, now);
	assert_int_equal(notices(&fx, lead), 3);
	assert_int_equal(notices(&fx, "ben@example.org"), 4);
	trouble(&fx, "notice", "eli@example.org", now, SEND_PERM, now);
	trouble(&fx, "notice", "eli@example.org", days, SEND_TEMP, now);
	assert_int_equal(notices(&fx, lead), 3);
	assert_int_equal(notices(&fx, "ben@example.org"), 4);
	row = queued(&fx, arena_printf(fx.arena, "notice:failed:%lld:%lld:2026-11-23:%s",
	    (long long)fx.team.id, (long long)fx.ana.id, "chi@example.org"));
	assert_non_null(row);
	assert_true(holds(row, "Subject: Mail to chi@example.org could not be sent"));
	assert_true(holds(row, "550 5.1.1 no such user"));
	fixture_close(&fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_digest_days),
	    cmocka_unit_test(test_digest_skipped),
	    cmocka_unit_test(test_digest_settings),
	    cmocka_unit_test(test_digest_clock),
	    cmocka_unit_test(test_digest_left),
	    cmocka_unit_test(test_quarantine),
	    cmocka_unit_test(test_quarantine_old),
	    cmocka_unit_test(test_handlers),
	    cmocka_unit_test(test_notices),
	};

	return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
