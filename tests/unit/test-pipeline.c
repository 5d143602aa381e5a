/* SPDX-License-Identifier: ISC */
/*
 * Tests of daemon/pipeline: the whole chain in real processes, with a mailbox, mails and a sender
 * that misbehave on demand (fake-workers.h). What counts is what the store holds in the end.
 */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/base/num.h"
#include "daemon/clock.h"
#include "daemon/conf/conf.h"
#include "daemon/log.h"
#include "daemon/pipeline/pipeline.h"
#include "daemon/store/outbox.h"
#include "tests/unit/fake-workers.h"

struct fixture {
	char folder[64];
	char store[128];
	struct conf_mailbox mailbox;
	struct conf_transport transport;
	struct conf conf;
	struct arena *arena;
	struct loop *loop;
	struct db *db;
	struct pipeline *pipeline;
	struct loop_timer *guard, *step;
	bool done, good, stopped;
	void (*on_step)(struct fixture *f);
	bool endless; /* goes on when all is done */
	int phase;    /* of on_step */
};

static void
run_sql(struct fixture *f, const char *sql)
{
	struct err err = {""};

	if (db_exec(f->db, &err, sql, "") != TD_OK)
		fail_msg("%s: %s", sql, err.text);
}

static int64_t
count(struct fixture *f, const char *sql)
{
	int64_t n = -1;
	struct err err = {""};

	if (db_get_i64(f->db, &err, &n, NULL, sql, "") != TD_OK)
		fail_msg("%s: %s", sql, err.text);
	return n;
}

static void
setup(struct fixture *f, const char *subjects)
{
	struct err err;

	*f = (struct fixture){.folder = "/tmp/test-pipeline.XXXXXX", .arena = arena_create()};
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->store, sizeof f->store, "%s/store.db", f->folder);
	f->mailbox = (struct conf_mailbox){.name = "main", .folder = "INBOX",
	    .after = CONF_AFTER_FLAG, .server.host = "localhost"};
	f->transport = (struct conf_transport){.name = "main", .server.host = "localhost"};
	f->conf = (struct conf){.path = "test", .store_path = f->store, .store_reserve_mb = 1,
	    .run_dir = f->folder, .mailboxes = &f->mailbox, .n_mailboxes = 1,
	    .transports = &f->transport, .n_transports = 1, .log_level = LOG_LEVEL_ERROR,
	    .trust.mode = CONF_TRUST_ENVELOPE,
	    .limits = {.mail_bytes = 1000000, .mime_depth = 50, .mime_parts = 1000,
		.header_bytes = 262144, .parser_mb = 64, .parser_cpu = 1, .parser_wall = 60,
		.parsers = 1, .commands = 200, .ics_bytes = 262144, .acks_per_day = 20}};
	setenv(FAKE_SUBJECTS, subjects, 1);
	assert_int_equal(db_open(f->store, DB_CREATE, &f->db, &err), TD_OK);
	run_sql(f, "INSERT INTO team (id, name, title, address, zone, created_at) VALUES "
		   "(1, 'platform', 'Platform', 'platform@example.org', 'UTC', 1)");
	run_sql(f, "INSERT INTO person (id, name, handle, zone, created_at, ack) VALUES "
		   "(1, 'Ana', 'ana', 'UTC', 1, 'errors')");
	run_sql(f, "INSERT INTO address (address, person_id) VALUES ('ana@example.org', 1)");
	run_sql(f, "INSERT INTO membership (team_id, person_id, role, since) VALUES "
		   "(1, 1, 'member', 1)");
	f->loop = loop_create();
}

static void
on_guard(void *user)
{
	fail_msg("the pipeline does not come to an end");
}

static void
on_done(void *user, bool good)
{
	struct fixture *f = user;

	f->done = true;
	f->good = good;
	loop_stop(f->loop);
}

static void
on_step(void *user)
{
	struct fixture *f = user;

	f->on_step(f);
	loop_timer_set(f->step, 20);
}

/* Runs until all is done, or until on_step stops the loop. */
static void
run(struct fixture *f, void (*step)(struct fixture *f))
{
	struct err err;

	f->guard = loop_timer_create(f->loop, on_guard, f);
	loop_timer_set(f->guard, 600000); /* two seconds of a processor can take minutes */
	f->pipeline = pipeline_create(f->loop, f->db, &f->conf);
	assert_int_equal(pipeline_start(f->pipeline, &err), TD_OK);
	if (step != NULL) {
		f->on_step = step;
		f->step = loop_timer_create(f->loop, on_step, f);
		loop_timer_set(f->step, 20);
	}
	if (!f->endless)
		pipeline_run_once(f->pipeline, on_done, f);
	loop_run(f->loop);
}

static void
on_stopped(void *user)
{
	loop_stop(((struct fixture *)user)->loop);
}

static void
stop(struct fixture *f)
{
	int64_t begun = clock_monotonic_ms();

	f->stopped = true;
	loop_timer_destroy(&f->step);
	pipeline_stop(f->pipeline, on_stopped, f);
	loop_run(f->loop);
	assert_true(clock_monotonic_ms() - begun < 5000);
}

static void
teardown(struct fixture *f)
{
	char command[128];

	if (!f->stopped)
		stop(f);
	pipeline_destroy(&f->pipeline);
	pipeline_destroy(&f->pipeline);
	loop_timer_destroy(&f->guard);
	loop_timer_destroy(&f->step);
	loop_destroy(&f->loop);
	db_close(&f->db);
	arena_destroy(&f->arena);
	snprintf(command, sizeof command, "rm -r %s", f->folder);
	assert_int_equal(system(command), 0);
}

#define GONE_INTO(subject)                                                                         \
	"SELECT count(*) FROM message WHERE subject = '" subject "' AND outcome = 'applied'"
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
test_hang(void **state)
{
	struct fixture f;

	setup(&f, "one,hang,two");
	f.conf.limits.parser_wall = 2;
	run(&f, NULL);
	assert_int_equal(count(&f, GONE_INTO("one")), 1);
	assert_int_equal(count(&f, GONE_INTO("two")), 1);
	assert_int_equal(count(&f, KEPT_FOR("2", "reading it failed twice: took longer%")), 1);
	assert_int_equal(parser_deaths(&f), 2);
	teardown(&f);
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

static void
test_memory(void **state)
{
	struct fixture f;

#ifdef TD_SANITIZERS
	skip();
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

static void
queue_mail(struct fixture *f, const char *rcpt)
{
	struct outbox row = {.dedupe_key = rcpt, .kind = "ack", .team_id = 1, .sender = "",
	    .rcpt = rcpt, .mid = rcpt, .bytes = SPAN("Subject: x\r\n\r\nx\r\n")};
	struct err err;

	assert_int_equal(outbox_add(f->db, &row, clock_now(), NULL, &err), TD_OK);
}

#define OUT(rcpt, rest) "SELECT count(*) FROM outbox WHERE rcpt = '" rcpt "' AND " rest

static void
test_sending(void **state)
{
	static const char *const rows[] = {
	    OUT("sent@example.org", "state = 'sent' AND reply = 'as the test wants it'"),
	    OUT("temp@example.org", "state = 'queued' AND attempts = 1 AND claimed_at IS NULL"),
	    OUT("perm@example.org", "state = 'failed'"),
	    OUT("die@example.org", "state = 'unknown' AND unknowns = 1 AND claimed_at IS NULL"),
	};
	struct fixture f;

	setup(&f, "one");
	run_sql(&f, "UPDATE membership SET role = 'lead'");
	queue_mail(&f, "sent@example.org");
	queue_mail(&f, "temp@example.org");
	queue_mail(&f, "perm@example.org");
	queue_mail(&f, "die@example.org");
	run(&f, NULL);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_assert(count(&f, rows[i]) == 1, rows[i]);
	/* the lead hears of the one that failed, and of no other */
	assert_int_equal(count(&f, "SELECT count(*) FROM outbox WHERE kind = 'notice'"), 1);
	assert_int_equal(count(&f, OUT("ana@example.org", "kind = 'notice' AND "
					"dedupe_key LIKE 'notice:failed:%perm@example.org'")), 1);
	teardown(&f);
}

/* A mail whose `sending` could not be noted does not go. */
static void
test_no_go_without_commit(void **state)
{
	struct fixture f;

	setup(&f, "one");
	run_sql(&f, "CREATE TRIGGER no_sending BEFORE UPDATE OF state ON outbox "
		    "WHEN new.state = 'sending' BEGIN SELECT raise(IGNORE); END");
	queue_mail(&f, "wait@example.org");
	run(&f, NULL);
	assert_int_equal(count(&f, OUT("wait@example.org", "state = 'queued' AND attempts = 1")),
	    1);
	teardown(&f);
}

/* A sender that ends before the dot has sent nothing: the claim is given back, nothing counts. */
static void
stop_after_death(struct fixture *f)
{
	struct pipeline_status status;

	pipeline_status(f->pipeline, f->arena, &status);
	for (size_t i = 0; i < status.n_workers; i++)
		if (strcmp(status.workers[i].role, "send") == 0 && status.workers[i].deaths > 1)
			loop_stop(f->loop);
}

static void
test_give_back(void **state)
{
	struct fixture f;

	setup(&f, "one");
	queue_mail(&f, "quit@example.org");
	run(&f, stop_after_death);
	assert_int_equal(count(&f, OUT("quit@example.org", "state = 'queued' AND attempts = 0")),
	    1);
	teardown(&f);
}

/* Nor does an orderly stop count for what the sender had not begun. */
static void
stop_with_the_sender(struct fixture *f)
{
	if (count(f, OUT("hold@example.org", "claimed_at NOTNULL")) == 1)
		loop_stop(f->loop);
}

static void
test_stop_before_sending(void **state)
{
	struct fixture f;

	setup(&f, "one");
	queue_mail(&f, "hold@example.org");
	run(&f, stop_with_the_sender);
	stop(&f);
	assert_int_equal(count(&f, OUT("hold@example.org", "state = 'queued' AND attempts = 0 AND "
				       "claimed_at IS NULL AND reply IS NULL")), 1);
	assert_int_equal(count(&f, "SELECT count(*) FROM attempt"), 0);
	teardown(&f);
}

/* Reloads that leave out the transports and all parsers but one end those processes; one that
 * brings the transport back has its mail sent. */
static size_t
workers_of(struct fixture *f, const char *role, bool *ready_r)
{
	struct pipeline_status status;
	size_t n = 0;

	*ready_r = true;
	pipeline_status(f->pipeline, f->arena, &status);
	for (size_t i = 0; i < status.n_workers; i++) {
		if (strcmp(status.workers[i].role, role) == 0) {
			*ready_r = *ready_r && status.workers[i].ready;
			n++;
		}
	}
	return n;
}

static void
reload(struct fixture *f, size_t n_transports, uint32_t parsers)
{
	struct conf *conf = arena_alloc(f->arena, sizeof *conf);

	*conf = f->conf;
	conf->transports = n_transports > 0 ? f->conf.transports : NULL;
	conf->n_transports = n_transports;
	conf->limits.parsers = parsers;
	pipeline_reload(f->pipeline, conf);
	f->phase++;
}

static void
without_transports(struct fixture *f)
{
	bool send_ready, parse_ready;
	size_t n_send = workers_of(f, "send", &send_ready);
	size_t n_parse = workers_of(f, "parse", &parse_ready);

	if (f->phase == 0 && n_send == 1 && send_ready && n_parse == 2 && parse_ready) {
		reload(f, 0, 1);
	} else if (f->phase == 1 && n_send == 0 && n_parse == 1 && parse_ready) {
		queue_mail(f, "sent@example.org");
		reload(f, 0, 1);
	} else if (f->phase == 2 && n_send == 0 && n_parse == 1 && parse_ready) {
		assert_int_equal(count(f, OUT("sent@example.org", "claimed_at IS NULL")), 1);
		reload(f, 1, 2);
	} else if (f->phase == 3 && n_send == 1 && n_parse == 2 && parse_ready &&
	    count(f, OUT("sent@example.org", "state = 'sent'")) == 1) {
		loop_stop(f->loop);
	}
}

static void
test_without_transports(void **state)
{
	struct fixture f;

	setup(&f, "one,two");
	f.conf.limits.parsers = 2;
	f.endless = true;
	run(&f, without_transports);
	assert_int_equal(count(&f, GONE_INTO("two")), 1);
	teardown(&f);
}

/* A password_command that waits for this very process: only a free loop can answer it. */
static void
answer_command(struct fixture *f)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "%s/fifo", f->folder);
	if (f->phase == 0 && (fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)) >= 0) {
		assert_int_equal(write(fd, "hunter2\n", 8), 8);
		close(fd);
		f->phase++;
	}
}

static void
test_slow_password(void **state)
{
	char command[128];
	struct fixture f;

	setup(&f, "one");
	snprintf(command, sizeof command, "cat %s/fifo", f.folder);
	assert_int_equal(mkfifo(command + 4, 0600), 0);
	f.mailbox.server.secret.command = command;
	run(&f, answer_command);
	assert_true(f.good);
	assert_int_equal(f.phase, 1);
	assert_int_equal(count(&f, GONE_INTO("one")), 1);
	teardown(&f);
}

/* One that hangs ends with the stop, and not later. */
static pid_t
pid_of_command(struct fixture *f)
{
	char path[128], line[32] = "";
	uint64_t pid = 0;
	FILE *file;

	snprintf(path, sizeof path, "%s/begun", f->folder);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	assert_non_null(fgets(line, sizeof line, file));
	fclose(file);
	assert_true(num_u64((struct span){line, strcspn(line, "\n")}, INT32_MAX, &pid));
	return (pid_t)pid;
}

/* The loop turns while it runs: whoever waits for it comes here when it is over. */
static void
until_one_hangs(struct fixture *f)
{
	pid_t pid = pid_of_command(f);

	if (pid == 0)
		return;
	assert_int_equal(kill(pid, 0), 0);
	loop_stop(f->loop);
}

static void
test_stop_while_passwords_hang(void **state)
{
	char command[320];
	struct fixture f;
	pid_t pid;

	setup(&f, "one");
	snprintf(command, sizeof command, "echo $$ > %s/new; mv %s/new %s/begun; exec sleep 1000",
	    f.folder, f.folder, f.folder);
	f.mailbox.server.secret.command = "exec sleep 1000";
	f.transport.server.secret.command = command;
	run(&f, until_one_hangs);
	pid = pid_of_command(&f);
	teardown(&f);
	assert_int_equal(kill(pid, 0), -1);
}

/* One that fails leaves the mail where it is. */
static void
test_failing_password(void **state)
{
	struct fixture f;

	setup(&f, "one");
	f.transport.server.secret.command = "exit 3";
	queue_mail(&f, "sent@example.org");
	run(&f, NULL);
	assert_false(f.good);
	assert_int_equal(count(&f, GONE_INTO("one")), 1);
	assert_int_equal(count(&f, OUT("sent@example.org", "attempts = 0 AND claimed_at IS NULL")),
	    1);
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

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bad_mails), cmocka_unit_test(test_hang),
	    cmocka_unit_test(test_order), cmocka_unit_test(test_memory),
	    cmocka_unit_test(test_full_store), cmocka_unit_test(test_suspects),
	    cmocka_unit_test(test_sending), cmocka_unit_test(test_give_back),
	    cmocka_unit_test(test_stop_before_sending),
	    cmocka_unit_test(test_no_room), cmocka_unit_test(test_no_go_without_commit),
	    cmocka_unit_test(test_without_transports), cmocka_unit_test(test_slow_password),
	    cmocka_unit_test(test_stop_while_passwords_hang),
	    cmocka_unit_test(test_failing_password),
	};

	if (argc > 1 && strcmp(argv[1], "--role") == 0)
		return fake_worker(argc, argv);
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	log_init("test", getenv("TD_TEST_VERBOSE") != NULL ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
	return cmocka_run_group_tests_name("pipeline", tests, NULL, NULL);
}
