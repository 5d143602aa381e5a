/* SPDX-License-Identifier: ISC */
/*
 * Tests of daemon/control/server: what clients may say to it, and what it does about those that
 * say too much, too little or too slowly. The clients are sockets on the server's own loop.
 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <jansson.h>

#include "parsers/base/buf.h"
#include "daemon/clock.h"
#include "daemon/control/client.h"
#include "daemon/control/server.h"
#include "daemon/log.h"

struct fixture {
	char folder[64];
	char store[128];
	char socket[100];
	struct conf conf;
	struct loop *loop;
	struct db *db;
	struct pipeline *pipeline;
	struct control *control;
	struct loop_timer *guard;
	unsigned stops;
	size_t n_open; /* clients that were not hung up on */
};

struct peer {
	struct fixture *f;
	int fd;
	struct loop_watch *watch;
	struct buf said; /* by the server */
};

static void
on_stop(void *user)
{
	((struct fixture *)user)->stops++;
}

static void
on_guard(void *user)
{
	fail_msg("the server keeps its clients waiting");
}

static void
setup(struct fixture *f)
{
	struct err err;

	*f = (struct fixture){.folder = "/tmp/test-control.XXXXXX"};
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->store, sizeof f->store, "%s/store.db", f->folder);
	snprintf(f->socket, sizeof f->socket, "%s/" CONTROL_SOCKET, f->folder);
	f->conf = (struct conf){.path = "test", .store_path = f->store, .run_dir = f->folder};
	assert_int_equal(db_open(f->store, DB_CREATE, &f->db, &err), TD_OK);
	f->loop = loop_create();
	f->pipeline = pipeline_create(f->loop, f->db, &f->conf);
	f->guard = loop_timer_create(f->loop, on_guard, f);
	assert_int_equal(control_open(f->loop, f->pipeline, f->folder, on_stop, f, &f->control,
	    &err), TD_OK);
}

static void
teardown(struct fixture *f)
{
	char command[128];

	control_close(&f->control);
	control_close(&f->control);
	assert_int_equal(access(f->socket, F_OK), -1); /* it takes its socket along */
	pipeline_destroy(&f->pipeline);
	loop_timer_destroy(&f->guard);
	loop_destroy(&f->loop);
	db_close(&f->db);
	snprintf(command, sizeof command, "rm -r %s", f->folder);
	assert_int_equal(system(command), 0);
}

/* ---- clients -------------------------------------------------------------------------------- */

/* Until the server hangs up. One that hangs up on words it did not read resets the connection. */
static void
peer_on_event(void *user, unsigned events)
{
	struct peer *peer = user;
	char bytes[4096];
	ssize_t n;

	while ((n = recv(peer->fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
		buf_put(&peer->said, bytes, (size_t)n);
	if (n < 0 && errno == EAGAIN)
		return;
	loop_unwatch(&peer->watch);
	if (--peer->f->n_open == 0)
		loop_stop(peer->f->loop);
}

static void
peer_open(struct fixture *f, struct peer *peer)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};

	snprintf(addr.sun_path, sizeof addr.sun_path, "%s", f->socket);
	*peer = (struct peer){.f = f, .fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	buf_init(&peer->said, CONTROL_ANSWER_MAX);
	assert_int_equal(connect(peer->fd, (struct sockaddr *)&addr, sizeof addr), 0);
	peer->watch = loop_watch_fd(f->loop, peer->fd, LOOP_READ, peer_on_event, peer);
	f->n_open++;
}

static void
peer_say(struct peer *peer, struct span text)
{
	assert_int_equal(send(peer->fd, text.ptr, text.len, MSG_NOSIGNAL), (ssize_t)text.len);
}

static void
peer_close(struct peer *peer)
{
	close(peer->fd);
	buf_release(&peer->said);
}

static void
run(struct fixture *f, int64_t guard_ms)
{
	loop_timer_set(f->guard, guard_ms);
	loop_run(f->loop);
	loop_timer_set(f->guard, -1);
}

/* One line of JSON, with that "ok". */
static void
assert_answer(const struct peer *peer, bool ok, const char *name)
{
	json_t *answer;

	row_assert(peer->said.len > 0 && peer->said.ptr[peer->said.len - 1] == '\n', name);
	answer = json_loadb(peer->said.ptr, peer->said.len, JSON_REJECT_DUPLICATES, NULL);
	row_assert(json_is_object(answer), name);
	row_assert(json_is_true(json_object_get(answer, "ok")) == ok, name);
	row_assert(ok || json_is_string(json_object_get(answer, "error")), name);
	json_decref(answer);
}

static void
test_questions(void **state)
{
	static char longest[CONTROL_QUESTION_MAX + 1], too_long[CONTROL_QUESTION_MAX + 2];
	static const struct {
		const char *name;
		struct span question;
		int ok; /* -1: hung up on without an answer */
	} rows[] = {
	    {"status", SPAN("status\n"), 1},
	    {"wake", SPAN("wake\n"), 1},
	    {"clock", SPAN("clock\n"), 1},
	    {"line end of the net", SPAN("wake\r\n"), 1},
	    {"only the first line counts", SPAN("wake\nstop\n"), 1},
	    {"no mailbox", SPAN("poll main\n"), 0},
	    {"no test clock", SPAN("clock 5\n"), 0},
	    {"empty", SPAN("\n"), 0},
	    {"blank", SPAN("  \n"), 0},
	    {"unknown", SPAN("sing\n"), 0},
	    {"JSON", SPAN("{\"question\": \"status\"}\n"), 0},
	    {"broken JSON", SPAN("{\"ok\": [[[[\n"), 0},
	    {"a NUL", {"wake\0\n", 6}, 0},
	    {"bytes", SPAN("\xff\xfe\x80\n"), 0},
	    {"a mailbox of bytes", SPAN("poll \xff\xfe\"\\\n"), 0},
	    {"as long as may be", {longest, CONTROL_QUESTION_MAX}, 0},
	    {"too long", {too_long, CONTROL_QUESTION_MAX + 1}, -1},
	};
	struct fixture f;

	memset(longest, 'x', CONTROL_QUESTION_MAX - 1);
	memset(too_long, 'x', CONTROL_QUESTION_MAX);
	longest[CONTROL_QUESTION_MAX - 1] = too_long[CONTROL_QUESTION_MAX] = '\n';
	setup(&f);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct peer peer;

		peer_open(&f, &peer);
		peer_say(&peer, rows[i].question);
		run(&f, 30000);
		if (rows[i].ok >= 0)
			assert_answer(&peer, rows[i].ok > 0, rows[i].name);
		else
			row_assert(peer.said.len == 0, rows[i].name);
		peer_close(&peer);
	}
	assert_int_equal(f.stops, 0);
	teardown(&f);
}

static void
test_stop(void **state)
{
	struct fixture f;
	struct peer peer;

	setup(&f);
	peer_open(&f, &peer);
	peer_say(&peer, SPAN("stop\n"));
	run(&f, 30000);
	assert_answer(&peer, true, "stop");
	assert_int_equal(f.stops, 1);
	peer_close(&peer);
	teardown(&f);
}

/* One begins a question and never ends it: the other is answered at once, and the slow one is
 * hung up on when its time is over. */
static void
test_slow(void **state)
{
	struct fixture f;
	struct peer slow, quick, gone;
	int64_t begun = clock_monotonic_ms();

	setup(&f);
	peer_open(&f, &slow);
	peer_say(&slow, SPAN("sta"));
	peer_open(&f, &gone);
	peer_say(&gone, SPAN("stop"));
	shutdown(gone.fd, SHUT_WR); /* and is gone before its line end */
	f.n_open -= 1;              /* so that the loop ends while the slow one waits */
	peer_open(&f, &quick);
	peer_say(&quick, SPAN("wake\n"));
	run(&f, 30000);
	assert_answer(&quick, true, "quick");
	assert_non_null(slow.watch);
	assert_null(gone.watch);
	f.n_open = 1;
	run(&f, 60000);
	assert_int_equal(slow.said.len, 0);
	assert_true(clock_monotonic_ms() - begun >= 4900);
	assert_int_equal(f.stops, 0);
	peer_close(&slow);
	peer_close(&quick);
	peer_close(&gone);
	teardown(&f);
}

/* All places are taken by such as say nothing, or half a question: one more is told so at once,
 * those who speak are answered, whoever leaves makes room, and the rest is hung up on in
 * time. */
#define PLACES 32

static void
ask_while_crowded(struct fixture *f, bool ok, const char *name)
{
	struct peer peer;

	peer_open(f, &peer);
	peer_say(&peer, SPAN("wake\n"));
	f->n_open = 1;
	run(f, 4000);
	assert_answer(&peer, ok, name);
	peer_close(&peer);
}

static void
test_crowd(void **state)
{
	struct peer peers[PLACES];
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < PLACES; i++) {
		peer_open(&f, &peers[i]);
		if (i % 2 == 0)
			peer_say(&peers[i], SPAN("sta"));
	}
	ask_while_crowded(&f, false, "one too many");
	for (size_t i = 0; i < PLACES; i++)
		assert_non_null(peers[i].watch);
	peer_say(&peers[0], SPAN("tus\n"));
	f.n_open = 1;
	run(&f, 4000);
	assert_answer(&peers[0], true, "one of them");
	ask_while_crowded(&f, true, "in the free place");
	f.n_open = PLACES - 1;
	run(&f, 60000);
	for (size_t i = 0; i < PLACES; i++) {
		assert_null(peers[i].watch);
		assert_true(i == 0 || peers[i].said.len == 0);
		peer_close(&peers[i]);
	}
	ask_while_crowded(&f, true, "afterwards");
	teardown(&f);
}

/* A question that comes in pieces, between those of others. */
static void
test_two(void **state)
{
	struct fixture f;
	struct peer a, b;

	setup(&f);
	peer_open(&f, &a);
	peer_open(&f, &b);
	peer_say(&a, SPAN("cl"));
	peer_say(&b, SPAN("po"));
	f.n_open = 1; /* the loop ends after the first answer */
	peer_say(&b, SPAN("ll nowhere\n"));
	run(&f, 30000);
	assert_answer(&b, false, "b");
	assert_non_null(a.watch);
	f.n_open = 1;
	peer_say(&a, SPAN("ock\n"));
	run(&f, 30000);
	assert_answer(&a, true, "a");
	peer_close(&a);
	peer_close(&b);
	teardown(&f);
}

/* Only this account may open it; a dead one's socket is no obstacle, a path too long is. */
static void
test_socket(void **state)
{
	struct control *control = NULL;
	char folder[200];
	struct fixture f;
	struct stat st;
	struct err err;

	setup(&f);
	assert_int_equal(stat(f.socket, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(control_open(f.loop, f.pipeline, f.folder, on_stop, &f, &control, &err),
	    TD_OK);
	control_close(&control);
	memset(folder, 'x', sizeof folder - 1);
	folder[sizeof folder - 1] = '\0';
	assert_int_equal(control_open(f.loop, f.pipeline, folder, on_stop, &f, &control, &err),
	    TD_PERM);
	assert_null(control);
	teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_questions), cmocka_unit_test(test_stop),
	    cmocka_unit_test(test_slow), cmocka_unit_test(test_crowd),
	    cmocka_unit_test(test_two),
	    cmocka_unit_test(test_socket),
	};

	log_init("test", LOG_LEVEL_ERROR);
	return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
