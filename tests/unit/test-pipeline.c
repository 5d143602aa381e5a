/* SPDX-License-Identifier: ISC */
/*
 * Tests of daemon/pipeline, from the mailbox to the store: the whole chain in real processes, with
 * a mailbox and mails that misbehave on demand (fake-workers.h). What counts is what the store
 * holds in the end.
 */
#include "tests/unit/pipeline-fixture.h"

#include "parsers/base/buf.h"

#define KEPT_AS(uid, subject)                                                                      \
	"SELECT count(*) FROM quarantine WHERE uid = " uid " AND subject = '" subject "' AND "     \
	"from_address = 'ana@example.org'"
#define KEPT_FOR(uid, why)                                                                         \
	"SELECT count(*) FROM quarantine WHERE uid = " uid " AND why LIKE '" why "' AND raw NOTNULL"

static unsigned
parser_deaths(struct fixture *f)
{
	struct pipeline_status status;
	unsigned n = 0;

	pipeline_status(f->pipeline, f->arena, &status);
	for (size_t i = 0; i < status.n_workers; i++)
		if (strcmp(status.workers[i].role, "parse") == 0)
			n += status.workers[i].deaths;
	return n;
}

/* One parser, and a bad mail between good ones: each bad one ends alone, each good one goes in. */
static void
test_bad_mails(void **state)
{
	static const char *const rows[] = {
	    GONE_INTO("one"), GONE_INTO("two"), GONE_INTO("three"), GONE_INTO("four"),
	    GONE_INTO("five"), GONE_INTO("escape"),
	    KEPT_FOR("2", "reading it failed twice: killed by signal 6%"),
	    KEPT_FOR("4", "reading it failed twice: used up its processor time"),
	    KEPT_FOR("6", "refused: it is refused here"),
	    KEPT_FOR("9", "larger than limits.mail_bytes%"),
	    /* a person can tell what each of them was, also of one that ended its parser */
	    KEPT_AS("2", "crash"), KEPT_AS("4", "spin"), KEPT_AS("6", "refuse"),
	    KEPT_AS("9", "large"),
	};
	struct fixture f;

	setup(&f, "one,crash,two,spin,three,refuse,four,escape,large,five");
	run(&f, NULL);
	assert_true(f.good);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_assert(count(&f, rows[i]) == 1, rows[i]);
	assert_int_equal(count(&f, "SELECT count(*) FROM message WHERE outcome = 'applied'"), 6);
	assert_int_equal(count(&f, "SELECT count(*) FROM quarantine"), 4);
	/* whose mail was too large is told, and she alone */
	assert_int_equal(count(&f, "SELECT count(*) FROM outbox"), 1);
	assert_int_equal(count(&f, "SELECT count(*) FROM outbox WHERE kind = 'error' AND "
				   "rcpt = 'ana@example.org'"), 1);
	assert_int_equal(parser_deaths(&f), 4); /* crash and spin: twice each, not once */
	assert_int_equal(count(&f, "SELECT count(*) FROM seen WHERE state <> 'acked'"), 0);
	teardown(&f);
}

static void
step_see_slow(struct fixture *f)
{
	struct pipeline_status status;

	pipeline_status(f->pipeline, f->arena, &status);
	if (status.slow != NULL && strstr(status.slow, "(mailbox main, uid 2)") != NULL)
		f->phase = 1;
}

static void
test_hang(void **state)
{
	struct fixture f;

	setup(&f, "one,hang,two");
	f.conf.limits.parser_wall = 2;
	run(&f, step_see_slow);
	assert_int_equal(f.phase, 1);
	assert_int_equal(count(&f, GONE_INTO("one")), 1);
	assert_int_equal(count(&f, GONE_INTO("two")), 1);
	assert_int_equal(count(&f, KEPT_FOR("2", "reading it failed twice: took longer%")), 1);
	assert_int_equal(count(&f, KEPT_AS("2", "hang")), 1);
	/* the leads hear of it, though nobody read to which team it went */
	assert_int_equal(count(&f, "SELECT count(*) FROM job WHERE kind = 'quarantine-summary'"),
	    1);
	assert_int_equal(parser_deaths(&f), 2);
	teardown(&f);
}

/* A single run comes to an end though a process dies at each start, or at the same mail. */
static void
test_once_ends(void **state)
{
	static const struct {
		const char *name, *subjects, *dies;
		int64_t applied;
	} rows[] = {
	    {"fetch never comes up", "one,two", "fetch", 0},
	    {"fetch dies at a mail", "one,kill fetch,two", NULL, 1},
	    {"no parser comes up", "one,two", "parse", 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;

		setup(&f, rows[i].subjects);
		f.guard_ms = 60000;
		if (rows[i].dies != NULL)
			setenv(FAKE_DIES, rows[i].dies, 1);
		run(&f, NULL);
		row_assert(!f.good, rows[i].name);
		row_assert(count(&f, "SELECT count(*) FROM message") == rows[i].applied,
		    rows[i].name);
		row_assert(i == 2 || count(&f, "SELECT count(*) FROM mailbox WHERE failures > 0 "
			   "AND last_error LIKE 'the fetch process ended 3 times%signal 6%'") == 1,
		    rows[i].name);
		teardown(&f);
	}
}

/* Two parsers, and the first mail takes long: mails take effect in the order of the mailbox, so a
 * reply never comes before what it replies to. One that kills its parser holds nobody up. */
static void
test_order(void **state)
{
	struct fixture f;

	setup(&f, "slow,two,three,crash,five,slow 6,seven");
	f.conf.limits.parsers = 2;
	run(&f, NULL);
	assert_true(f.good);
	assert_int_equal(count(&f, "SELECT count(*) FROM message"), 6);
	assert_int_equal(count(&f, "SELECT count(*) FROM quarantine WHERE uid = 4"), 1);
	assert_int_equal(count(&f, "SELECT count(*) FROM seen AS a JOIN seen AS b ON "
				   "a.uid < b.uid AND a.message_id > b.message_id"), 0);
	teardown(&f);
}

/* A single mail is committed as soon as it is read; many are not committed one by one while parsers
 * still work. How many commits there may be follows from how long it took: a group stays open for
 * 20 ms, and each may have a commit before it. Until a parser is up, each mail that comes may have
 * one for the note that it is begun, which nobody waits for. */
static void
test_groups(void **state)
{
	static const size_t rows[] = {1, 200};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pipeline_status status;
		struct buf subjects;
		struct fixture f;
		int64_t begun;
		uint64_t most;

		buf_init(&subjects, 4096);
		for (size_t n = 0; n < rows[i]; n++)
			buf_puts(&subjects, n > 0 ? ",brief" : "brief");
		setup(&f, subjects.ptr);
		f.conf.limits.parsers = 1;
		begun = clock_monotonic_ms();
		run(&f, NULL);
		most = 20 + rows[i] + 2 * (uint64_t)(clock_monotonic_ms() - begun) / 20;
		assert_true(f.good);
		pipeline_status(f.pipeline, f.arena, &status);
		assert_int_equal(status.mails_applied, rows[i]);
		if (status.commits < 2 || status.commits > most)
			fail_msg("%zu mails: %d commits, at most %d", rows[i], (int)status.commits,
			    (int)most);
		buf_release(&subjects);
		teardown(&f);
	}
}

static void
test_memory(void **state)
{
	struct fixture f;

#ifdef TD_SANITIZERS
	skip_because(NOT_SANITIZED);
#endif
	setup(&f, "one,eat,two");
	run(&f, NULL);
	assert_int_equal(count(&f, GONE_INTO("one")), 1);
	assert_int_equal(count(&f, GONE_INTO("two")), 1);
	assert_int_equal(count(&f, KEPT_FOR("2", "reading it failed twice: killed by signal%")), 1);
	teardown(&f);
}

/* A store that is full for a while: everything is taken in after it, and nothing twice. */
static void
step_make_room(void *user)
{
	struct fixture *f = user;
	struct pipeline_status status;

	pipeline_status(f->pipeline, f->arena, &status);
	if (status.paused == NULL) {
		loop_timer_set(f->step, 20);
		return;
	}
	assert_true(count(f, "SELECT count(*) FROM message") < 100);
	(void)count(f, "PRAGMA max_page_count = 1000000");
}

static void
test_full_store(void **state)
{
	char subjects[2000] = "mail 0";
	struct fixture f;

	for (int i = 1; i < 100; i++)
		snprintf(subjects + strlen(subjects), 20, ",mail %d", i);
	setup(&f, subjects);
	run_sql(&f, "INSERT INTO setting (name, value) VALUES ('fill', hex(zeroblob(3000)))");
	(void)count(&f, "PRAGMA max_page_count = 1");
	f.step = loop_timer_create(f.loop, step_make_room, &f);
	loop_timer_set(f.step, 20);
	run(&f, NULL);
	assert_true(f.good);
	assert_int_equal(count(&f, "SELECT count(*) FROM message WHERE outcome = 'applied'"), 100);
	assert_int_equal(count(&f, "SELECT count(*) FROM quarantine"), 0);
	assert_int_equal(count(&f, "SELECT count(*) FROM seen WHERE state = 'inflight'"), 0);
	teardown(&f);
}

/* What was in hand at unclean stops: taken again, but not for ever; what is gone is forgotten. */
static void
test_suspects(void **state)
{
	struct fixture f;

	setup(&f, "one,two,three,four");
	run_sql(&f, "INSERT INTO mailbox (id, name, uidvalidity) VALUES (1, 'main', 7)");
	run_sql(&f, "INSERT INTO seen (mailbox_id, uidvalidity, uid, state, attempts) VALUES "
		    "(1, 7, 1, 'inflight', 1), (1, 7, 2, 'inflight', 2), "
		    "(1, 7, 3, 'inflight', 3), (1, 7, 4, 'applied', 1)");
	run(&f, NULL);
	assert_true(f.good);
	assert_int_equal(count(&f, GONE_INTO("one")), 1);
	assert_int_equal(count(&f, GONE_INTO("two")), 1);
	assert_int_equal(count(&f, KEPT_FOR("3", "%ended several times%")), 1);
	/* applied before the stop: not fetched again, but acknowledged again */
	assert_int_equal(count(&f, "SELECT count(*) FROM message"), 2);
	assert_int_equal(count(&f, "SELECT count(*) FROM seen WHERE state <> 'acked'"), 0);
	teardown(&f);
}

/* An orderly stop is no fault of the mail that is in hand: it does not count as begun. */
static void
stop_with_a_mail(struct fixture *f)
{
	if (!db_in_transaction(f->db) &&
	    count(f, "SELECT coalesce(max(attempts), 0) FROM seen") == f->phase + 1)
		loop_stop(f->loop);
}

static void
test_stop_with_a_mail(void **state)
{
	for (int before = 0; before <= 2; before += 2) {
		struct fixture f;

		setup(&f, "hang");
		f.phase = before;
		run_sql(&f, "INSERT INTO mailbox (id, name, uidvalidity) VALUES (1, 'main', 7)");
		if (before > 0)
			run_sql(&f, "INSERT INTO seen (mailbox_id, uidvalidity, uid, state, "
				    "attempts) VALUES (1, 7, 1, 'inflight', 2)");
		run(&f, stop_with_a_mail);
		stop(&f);
		assert_int_equal(count(&f, "SELECT coalesce(sum(attempts), 0) FROM seen"), before);
		assert_int_equal(count(&f, "SELECT count(*) FROM seen"), before > 0);
		teardown(&f);
	}
}

/* Only the note that a mail is begun may be lost with the machine: all that has an effect, or after
 * which a server is told, is on the disk. */
static void
test_on_the_disk(void **state)
{
	struct fixture f;

	setup(&f, "one,crash,two,three");
	run_sql(&f, "CREATE TEMP TABLE noted (what TEXT, level INTEGER)");
	run_sql(&f, "CREATE TEMP TRIGGER noted_begin AFTER INSERT ON main.seen BEGIN INSERT INTO "
		    "noted SELECT 'begin', synchronous FROM pragma_synchronous; END");
	run_sql(&f, "CREATE TEMP TRIGGER noted_done AFTER UPDATE OF state ON main.seen WHEN "
		    "NEW.state <> 'inflight' BEGIN INSERT INTO noted SELECT 'done', synchronous "
		    "FROM pragma_synchronous; END");
	run_sql(&f, "CREATE TEMP TRIGGER noted_mail AFTER INSERT ON main.message BEGIN INSERT INTO "
		    "noted SELECT 'mail', synchronous FROM pragma_synchronous; END");
	run_sql(&f, "CREATE TEMP TRIGGER noted_kept AFTER INSERT ON main.quarantine BEGIN INSERT "
		    "INTO noted SELECT 'kept', synchronous FROM pragma_synchronous; END");
	run(&f, NULL);
	assert_true(f.good);
	assert_true(count(&f, "SELECT count(*) FROM noted WHERE what = 'begin' AND level = 1") > 0);
	assert_int_equal(count(&f, "SELECT count(*) FROM noted WHERE what = 'mail'"), 3);
	assert_int_equal(count(&f, "SELECT count(*) FROM noted WHERE what = 'kept'"), 1);
	assert_int_equal(
	    count(&f, "SELECT count(*) FROM noted WHERE what <> 'begin' AND level <> 2"), 0);
	teardown(&f);
}

/* No room on the disk: no cursor is given, so nothing is fetched; with room all comes. */
static void
room_by_reload(struct fixture *f)
{
	struct pipeline_status status;
	struct conf *conf;

	pipeline_status(f->pipeline, f->arena, &status);
	if (status.paused == NULL || status.n_workers < 3 || !status.workers[0].ready)
		return;
	if (f->conf.limits.mail_bytes == 1000000)
		return;
	assert_int_equal(count(f, "SELECT count(*) FROM seen"), 0);
	conf = arena_alloc(f->arena, sizeof *conf);
	*conf = f->conf;
	f->conf.limits.mail_bytes = conf->limits.mail_bytes = 1000000;
	pipeline_reload(f->pipeline, conf);
}

static void
test_no_room(void **state)
{
	struct fixture f;

	setup(&f, "one,two");
	f.conf.limits.mail_bytes = UINT64_C(1) << 60;
	run(&f, room_by_reload);
	assert_true(f.good);
	assert_int_equal(count(&f, GONE_INTO("one")), 1);
	assert_int_equal(count(&f, GONE_INTO("two")), 1);
	teardown(&f);
}

/* A mail that its server never gives holds the watermark, and the known above it grow for ever:
 * here more than one frame can name, and no two of them side by side. */
static void
test_many_known(void **state)
{
	struct fixture f;

	setup(&f, "one,two");
	run_sql(&f, "INSERT INTO mailbox (id, name, uidvalidity) VALUES (1, 'main', 7)");
	run_sql(&f, "WITH RECURSIVE n(i) AS "
		    "(SELECT 10 UNION ALL SELECT i + 2 FROM n LIMIT 1100000) "
		    "INSERT INTO seen (mailbox_id, uidvalidity, uid, state, attempts) "
		    "SELECT 1, 7, i, 'acked', 1 FROM n");
	run(&f, NULL);
	assert_true(f.good);
	assert_int_equal(count(&f, GONE_INTO("one")), 1);
	assert_int_equal(count(&f, GONE_INTO("two")), 1);
	assert_int_equal(count(&f, "SELECT failures FROM mailbox"), 0);
	teardown(&f);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bad_mails),
	    cmocka_unit_test(test_many_known),
	    cmocka_unit_test(test_hang),
	    cmocka_unit_test(test_once_ends),
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_groups),
	    cmocka_unit_test(test_memory),
	    cmocka_unit_test(test_full_store),
	    cmocka_unit_test(test_suspects),
	    cmocka_unit_test(test_stop_with_a_mail),
	    cmocka_unit_test(test_on_the_disk),
	    cmocka_unit_test(test_no_room),
	};

	return pipeline_main(argc, argv, "pipeline", tests, ARRAY_LEN(tests));
}
