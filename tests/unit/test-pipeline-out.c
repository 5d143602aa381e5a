/* SPDX-License-Identifier: ISC */
/*
 * Tests of daemon/pipeline, from the outbox to the sender, and of the passwords that its workers
 * get: in real processes, with a sender that misbehaves on demand (fake-workers.h).
 */
#include "tests/unit/pipeline-fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include "parsers/base/num.h"
#include "daemon/store/outbox.h"

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

/* A server that is down is no fault of the mails: it is told once, until a mail goes again. */
static void
look_down(struct fixture *f)
{
	struct pipeline_status status;

	pipeline_status(f->pipeline, f->arena, &status);
	if (status.out_trouble == NULL ||
	    count(f, "SELECT count(*) FROM outbox WHERE attempts = 1") != 2)
		return;
	assert_string_equal(status.out_trouble, "nobody is there");
	loop_stop(f->loop);
}

static void
test_server_down(void **state)
{
	struct fixture f;

	setup(&f, "one");
	queue_mail(&f, "1.down@example.org");
	queue_mail(&f, "2.down@example.org");
	run(&f, look_down);
	assert_int_equal(count(&f, "SELECT count(*) FROM outbox WHERE state = 'queued' AND "
				   "reply = 'nobody is there'"), 2);
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
	    count(f, OUT("sent@example.org", "state = 'sent'")) == 1 &&
	    count(f, GONE_INTO("two")) == 1) {
		/* what came in goes its own way beside the reloads, and may be the last to end */
		loop_stop(f->loop);
	}
}

static void
test_without_transports(void **state)
{
	struct fixture f;

	setup(&f, "slow,two");
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

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sending), cmocka_unit_test(test_server_down),
	    cmocka_unit_test(test_no_go_without_commit),
	    cmocka_unit_test(test_give_back),
	    cmocka_unit_test(test_stop_before_sending),
	    cmocka_unit_test(test_without_transports),
	    cmocka_unit_test(test_slow_password),
	    cmocka_unit_test(test_stop_while_passwords_hang),
	    cmocka_unit_test(test_failing_password),
	};

	return pipeline_main(argc, argv, "pipeline-out", tests, ARRAY_LEN(tests));
}
