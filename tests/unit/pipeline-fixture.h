/* SPDX-License-Identifier: ISC */
/*
 * pipeline-fixture: a pipeline over a new store, with one mailbox and one transport whose workers
 * are those of fake-workers.h. What a test sets between setup and run, is its configuration.
 */
#ifndef TD_PIPELINE_FIXTURE_H
#define TD_PIPELINE_FIXTURE_H

#include "tests/unit/unit.h"

#include <stdio.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/conf/conf.h"
#include "daemon/log.h"
#include "daemon/pipeline/pipeline.h"
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
	int64_t guard_ms;
};

static inline void
run_sql(struct fixture *f, const char *sql)
{
	struct err err = {""};

	if (db_exec(f->db, &err, sql, "") != TD_OK)
		fail_msg("%s: %s", sql, err.text);
}

static inline int64_t
count(struct fixture *f, const char *sql)
{
	int64_t n = -1;
	struct err err = {""};

	if (db_get_i64(f->db, &err, &n, NULL, sql, "") != TD_OK)
		fail_msg("%s: %s", sql, err.text);
	return n;
}

static inline void
setup(struct fixture *f, const char *subjects)
{
	struct err err;

	*f = (struct fixture){.folder = "/tmp/test-pipeline.XXXXXX", .arena = arena_create(),
	    .guard_ms = 600000}; /* two seconds of a processor can take minutes */
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

static inline void
on_guard(void *user)
{
	fail_msg("the pipeline does not come to an end");
}

static inline void
on_done(void *user, bool good)
{
	struct fixture *f = user;

	f->done = true;
	f->good = good;
	loop_stop(f->loop);
}

static inline void
on_step(void *user)
{
	struct fixture *f = user;

	f->on_step(f);
	loop_timer_set(f->step, 20);
}

/* Runs until all is done, or until on_step stops the loop. */
static inline void
run(struct fixture *f, void (*step)(struct fixture *f))
{
	struct err err;

	f->guard = loop_timer_create(f->loop, on_guard, f);
	loop_timer_set(f->guard, f->guard_ms);
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

static inline void
on_stopped(void *user)
{
	loop_stop(((struct fixture *)user)->loop);
}

static inline void
stop(struct fixture *f)
{
	int64_t begun = clock_monotonic_ms();

	f->stopped = true;
	loop_timer_destroy(&f->step);
	pipeline_stop(f->pipeline, on_stopped, f);
	loop_run(f->loop);
	assert_true(clock_monotonic_ms() - begun < 5000);
}

static inline void
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
	unsetenv(FAKE_DIES);
}

#define GONE_INTO(subject)                                                                         \
	"SELECT count(*) FROM message WHERE subject = '" subject "' AND outcome = 'applied'"

/* What main does: with --role it is one of the workers; else the tests run, or the one named. */
static inline int
pipeline_main(int argc, char **argv, const char *name, const struct CMUnitTest *tests, size_t n)
{
	if (argc > 1 && strcmp(argv[1], "--role") == 0)
		return fake_worker(argc, argv);
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	log_init("test", getenv("TD_TEST_VERBOSE") != NULL ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
	return _cmocka_run_group_tests(name, tests, n, NULL, NULL);
}

#endif
