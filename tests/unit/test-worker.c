/* SPDX-License-Identifier: ISC */
/*
 * Tests of daemon/ipc/worker: this program starts itself again as the worker, as tidingsd does.
 * The worker answers what it is told by the text of a frame: "echo", "die", "exit", "hang".
 */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "parsers/base/buf.h"
#include "daemon/clock.h"
#include "daemon/ipc/worker.h"
#include "daemon/log.h"

static int
count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (dir != NULL && readdir(dir) != NULL)
		n++;
	if (dir != NULL)
		closedir(dir);
	return n;
}

#define BURST 200 /* frames, more than are taken at once */

/* ---- the worker ------------------------------------------------------------------------------ */

static void
child_burst(struct chan *chan)
{
	struct err err;

	for (uint64_t id = 100; id < 100 + BURST; id++)
		(void)!chan_send(chan, FRAME_READING, id, SPAN("one of many"), -1, &err);
}

static int
child_run(struct chan *chan)
{
	struct frame f;
	struct err err;
	char text[32];

	if (chan_send(chan, FRAME_READY, 0, SPAN(""), -1, &err) != TD_OK)
		return 1;
	while (chan_recv(chan, -1, &f, &err) == TD_OK) {
		if (f.type == FRAME_STOP)
			return 0;
		if (span_is(f.payload, "die"))
			raise(SIGKILL);
		if (span_is(f.payload, "exit"))
			return 3;
		if (span_is(f.payload, "last words")) {
			(void)!chan_send(chan, FRAME_REFUSED, f.id, SPAN("bye"), -1, &err);
			raise(SIGKILL);
		}
		if (span_is(f.payload, "burst"))
			child_burst(chan);
		if (span_is(f.payload, "burst") || span_is(f.payload, "be quiet"))
			continue;
		while (span_is(f.payload, "hang"))
			signal(SIGTERM, SIG_IGN), pause();
		snprintf(text, sizeof text, "fds %d", count_fds());
		if (chan_send(chan, FRAME_READING, f.id, span_of(text), -1, &err) != TD_OK)
			return 1;
	}
	return 1;
}

/* ---- the parent ------------------------------------------------------------------------------ */

struct fixture {
	struct loop *loop;
	struct supervisor *supervisor;
	struct worker *worker;
	struct loop_timer *guard;
	struct buf said;
	const char *const *script; /* what to send after each FRAME_READY */
	int64_t died_ms, ready_ms;
	pid_t pid;
	struct loop_timer *nudge;
	unsigned burst; /* frames of it that came */
};

static void
on_started(void *user, struct worker *w)
{
	struct fixture *f = user;
	struct err err;

	buf_puts(&f->said, "started ");
	assert_int_equal(worker_send(w, FRAME_CONF, 0, SPAN(""), -1, &err), TD_OK);
	assert_false(worker_is_ready(w));
}

static void
on_stopped(void *user)
{
	struct fixture *f = user;

	buf_puts(&f->said, "stopped");
	loop_stop(f->loop);
}

/* Until the worker sleeps (S): it has said all it was going to say; or is dead (Z). */
static void
wait_state(pid_t pid, char wanted)
{
	char path[64], text[256] = "", *state = NULL;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	while (state == NULL || state[2] != wanted) {
		file = fopen(path, "re");
		assert_non_null(file);
		assert_non_null(fgets(text, sizeof text, file));
		fclose(file);
		state = strrchr(text, ')');
		usleep(1000);
	}
}

static void
on_nudge(void *user)
{
	struct fixture *f = user;
	struct err err;

	assert_int_equal(worker_send(f->worker, FRAME_CONTEXT, 1, SPAN("be quiet"), -1, &err),
	    TD_OK);
}

static void
on_burst(struct fixture *f, struct worker *w)
{
	if (f->burst++ == 0) {
		wait_state(worker_pid(w), 'S');
		loop_timer_set(f->nudge, 0);
	}
	if (f->burst == BURST)
		supervisor_stop(f->supervisor, on_stopped, f);
}

/* One that is gone is not ready, even before its end has been told: else work would be handed to
 * it, taken back and handed to it again, for as long as nobody looks for events. */
static void
send_to_the_dead(struct worker *w)
{
	struct err err;

	assert_int_equal(worker_send(w, FRAME_CONTEXT, 1, SPAN("exit"), -1, &err), TD_OK);
	wait_state(worker_pid(w), 'Z');
	assert_true(worker_is_ready(w));
	assert_int_equal(worker_send(w, FRAME_CONTEXT, 1, SPAN("x"), -1, &err), TD_PERM);
	assert_false(worker_is_ready(w));
}

static void
on_frame(void *user, struct worker *w, struct frame *frame)
{
	struct fixture *f = user;
	struct err err;

	if (frame->id >= 100)
		on_burst(f, w);
	if (frame->type == FRAME_READY)
		f->ready_ms = clock_monotonic_ms();
	if (frame->type == FRAME_REFUSED)
		buf_puts(&f->said, "last-words ");
	if (frame->type != FRAME_READING)
		return;
	if (frame->id == 0) {
		/* 0, 1, 2, the channel, the folder being read, ".", ".." */
		assert_true(span_is(frame->payload, "fds 7"));
		assert_true(worker_is_ready(w));
		buf_puts(&f->said, "ready ");
		f->pid = worker_pid(w);
		if (*f->script == NULL)
			supervisor_stop(f->supervisor, on_stopped, f);
		else if (strcmp(*f->script, "restart") == 0)
			f->script++, worker_restart(w, NULL);
		else if (strcmp(*f->script, "send to the dead") == 0)
			f->script++, send_to_the_dead(w);
		else if (strcmp(*f->script, "kill") == 0)
			f->script++, worker_kill(w);
		else
			assert_int_equal(worker_send(w, FRAME_CONTEXT, 1, span_of(*f->script++),
			    -1, &err), TD_OK);
	}
}

static void
on_died(void *user, struct worker *w, const char *why)
{
	struct fixture *f = user;

	buf_printf(&f->said, "[%s] ", why != NULL ? why : "asked");
	f->died_ms = clock_monotonic_ms();
	assert_false(worker_is_ready(w));
}

static const struct worker_events events = {on_started, on_frame, on_died};

static void
on_guard(void *user)
{
	fail_msg("too slow; so far: %s", ((struct fixture *)user)->said.ptr);
}

static void
run(struct fixture *f, const char *const *script)
{
	static const char *const extra[] = {"--extra", NULL};

	*f = (struct fixture){.loop = loop_create(), .script = script};
	buf_init(&f->said, 10000);
	f->guard = loop_timer_create(f->loop, on_guard, f);
	loop_timer_set(f->guard, 30000);
	f->nudge = loop_timer_create(f->loop, on_nudge, f);
	f->supervisor = supervisor_create(f->loop);
	f->worker = worker_add(f->supervisor, ROLE_SEND, 0, extra, &events, f);
	loop_run(f->loop);
}

static void
finish(struct fixture *f)
{
	supervisor_destroy(&f->supervisor);
	supervisor_destroy(&f->supervisor);
	loop_timer_destroy(&f->guard);
	loop_timer_destroy(&f->nudge);
	loop_destroy(&f->loop);
	buf_release(&f->said);
}

static void
test_lives(void **state)
{
	static const struct {
		const char *name;
		const char *script[4];
		const char *said;
	} rows[] = {
	    {"orderly", {NULL}, "started ready [asked] stopped"},
	    {"restart", {"restart", NULL}, "started ready [asked] started ready [asked] stopped"},
	    {"death", {"die", NULL},
		"started ready [killed by signal 9 (Killed)] started ready [asked] stopped"},
	    {"own exit", {"exit", NULL},
		"started ready [exit status 3] started ready [asked] stopped"},
	    {"killed by us", {"kill", NULL},
		"started ready [killed by signal 9 (Killed)] started ready [asked] stopped"},
	    {"gone unnoticed", {"send to the dead", NULL},
		"started ready [exit status 3] started ready [asked] stopped"},
	    {"last words", {"last words", NULL},
		"started ready last-words [killed by signal 9 (Killed)] started ready [asked] "
		"stopped"},
	};
	int fds = count_fds();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;

		run(&f, rows[i].script);
		if (strcmp(f.said.ptr, rows[i].said) != 0)
			fail_msg("%s: %s", rows[i].name, f.said.ptr);
		finish(&f);
		assert_int_equal(count_fds(), fds);
	}
}

/* Frames that were read from the socket but not yet handed out show there no more. They come all
 * the same, even if something is sent meanwhile that the worker does not answer. */
static void
test_burst(void **state)
{
	static const char *const script[] = {"burst", NULL};
	struct fixture f;

	run(&f, script);
	assert_int_equal(f.burst, BURST);
	finish(&f);
}

/* The second death in a row costs a second. */
static void
test_back_off(void **state)
{
	static const char *const script[] = {"die", "die", NULL};
	int64_t begun = clock_monotonic_ms();
	struct fixture f;

	run(&f, script);
	assert_int_equal(worker_deaths(f.worker), 2);
	assert_true(clock_monotonic_ms() - begun >= 1000);
	finish(&f);
}

/* One that ignores FRAME_STOP and SIGTERM is gone within 5 s all the same. */
static void
test_hang(void **state)
{
	static const char *const script[] = {"hang", NULL};
	int64_t start = clock_monotonic_ms();
	struct fixture f = {.loop = loop_create(), .script = script};
	static const char *const extra[] = {"--extra", NULL};

	buf_init(&f.said, 10000);
	f.supervisor = supervisor_create(f.loop);
	f.worker = worker_add(f.supervisor, ROLE_SEND, 0, extra, &events, &f);
	f.guard = loop_timer_create(f.loop, on_stopped, &f);
	loop_timer_set(f.guard, 500);
	loop_run(f.loop);
	start = clock_monotonic_ms();
	supervisor_stop(f.supervisor, on_stopped, &f);
	loop_run(f.loop);
	assert_in_range(clock_monotonic_ms() - start, 3000, 5000);
	finish(&f);
}

static void
test_roles(void **state)
{
	enum worker_role role;

	for (int i = ROLE_FETCH; i <= ROLE_OAUTH; i++) {
		assert_true(worker_role_of(worker_role_name((enum worker_role)i), &role));
		assert_int_equal(role, i);
	}
	assert_false(worker_role_of("store", &role));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_roles), cmocka_unit_test(test_lives),
	    cmocka_unit_test(test_burst), cmocka_unit_test(test_back_off),
	    cmocka_unit_test(test_hang),
	};

	if (argc == 4 && strcmp(argv[1], "--role") == 0 && strcmp(argv[3], "--extra") == 0)
		return worker_main(ROLE_SEND, child_run);
	log_init("test", LOG_LEVEL_ERROR);
	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
