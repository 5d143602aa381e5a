/* SPDX-License-Identifier: ISC */
/* Tests of daemon/ipc/loop: descriptors, timers, signals, idle work, removal from a callback. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "parsers/base/buf.h"
#include "daemon/clock.h"
#include "daemon/ipc/loop.h"

struct fixture {
	struct loop *loop;
	struct buf said;
	struct loop_watch *a, *b;
	struct loop_timer *timers[8];
	int pipes[2][2];
	int left;
};

static void
setup(struct fixture *f)
{
	*f = (struct fixture){.loop = loop_create()};
	buf_init(&f->said, 10000);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pipe2(f->pipes[i], O_CLOEXEC | O_NONBLOCK), 0);
}

static void
teardown(struct fixture *f)
{
	for (size_t i = 0; i < ARRAY_LEN(f->timers); i++)
		loop_timer_destroy(&f->timers[i]);
	loop_destroy(&f->loop);
	loop_destroy(&f->loop);
	buf_release(&f->said);
	for (int i = 0; i < 2; i++)
		close(f->pipes[i][0]), close(f->pipes[i][1]);
}

static void
on_read(void *user, unsigned events)
{
	struct fixture *f = user;
	char c;

	assert_int_equal(events, LOOP_READ);
	while (read(f->pipes[0][0], &c, 1) == 1)
		buf_putc(&f->said, c);
	if (c == '.')
		loop_stop(f->loop);
}

static void
on_idle(void *user)
{
	struct fixture *f = user;

	buf_putc(&f->said, '|');
	if (--f->left == 0)
		loop_stop(f->loop);
	else
		assert_int_equal(write(f->pipes[0][1], "b", 1), 1);
}

static void
test_read_and_idle(void **state)
{
	struct fixture f;

	setup(&f);
	f.left = 3;
	f.a = loop_watch_fd(f.loop, f.pipes[0][0], LOOP_READ, on_read, &f);
	assert_int_equal(write(f.pipes[0][1], "aa", 2), 2);
	loop_set_idle(f.loop, on_idle, &f);
	loop_run(f.loop);
	assert_string_equal(f.said.ptr, "aa|b|b|");
	loop_unwatch(&f.a);
	assert_null(f.a);
	loop_unwatch(&f.a);
	teardown(&f);
}

/* Both are ready at once; whichever comes first takes the other away. */
static void
on_remove(void *user, unsigned events)
{
	struct fixture *f = user;

	buf_putc(&f->said, 'x');
	loop_unwatch(&f->a);
	loop_unwatch(&f->b);
	loop_timer_set(f->timers[0], 0);
}

static void
on_stop(void *user)
{
	loop_stop(((struct fixture *)user)->loop);
}

static void
test_remove_inside(void **state)
{
	struct fixture f;

	setup(&f);
	f.timers[0] = loop_timer_create(f.loop, on_stop, &f);
	f.a = loop_watch_fd(f.loop, f.pipes[0][0], LOOP_READ, on_remove, &f);
	f.b = loop_watch_fd(f.loop, f.pipes[1][0], LOOP_READ, on_remove, &f);
	assert_int_equal(write(f.pipes[0][1], "a", 1), 1);
	assert_int_equal(write(f.pipes[1][1], "a", 1), 1);
	loop_run(f.loop);
	assert_string_equal(f.said.ptr, "x");
	teardown(&f);
}

static void
on_write(void *user, unsigned events)
{
	struct fixture *f = user;

	assert_int_equal(events, LOOP_WRITE);
	assert_int_equal(write(f->pipes[0][1], ".", 1), 1);
	loop_watch_set(f->b, 0);
}

static void
test_write_and_hangup(void **state)
{
	struct fixture f;

	setup(&f);
	f.a = loop_watch_fd(f.loop, f.pipes[0][0], LOOP_READ, on_read, &f);
	f.b = loop_watch_fd(f.loop, f.pipes[0][1], LOOP_WRITE, on_write, &f);
	loop_run(f.loop);
	assert_string_equal(f.said.ptr, ".");
	loop_unwatch(&f.a);
	loop_unwatch(&f.b);
	/* End of file comes as LOOP_READ. */
	f.a = loop_watch_fd(f.loop, f.pipes[1][0], LOOP_READ, on_remove, &f);
	f.timers[0] = loop_timer_create(f.loop, on_stop, &f);
	close(f.pipes[1][1]);
	loop_run(f.loop);
	assert_string_equal(f.said.ptr, ".x");
	f.pipes[1][1] = dup(0);
	teardown(&f);
}

struct tick {
	struct fixture *f;
	char name;
};

static void
on_tick(void *user)
{
	struct tick *tick = user;

	buf_putc(&tick->f->said, tick->name);
	if (tick->name == 'z')
		loop_stop(tick->f->loop);
	if (tick->name == 'a') /* frees itself and silences another */
		loop_timer_destroy(&tick->f->timers[0]), loop_timer_set(tick->f->timers[2], -1);
}

static void
test_timers(void **state)
{
	static const struct {
		char name;
		int64_t delay;
	} rows[] = {{'a', 0}, {'b', 10}, {'n', 20}, {'c', 30}, {'d', 40}, {'z', 60}};
	struct tick ticks[ARRAY_LEN(rows)];
	struct fixture f;
	int64_t start = clock_monotonic_ms();

	setup(&f);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ticks[i] = (struct tick){&f, rows[i].name};
		f.timers[i] = loop_timer_create(f.loop, on_tick, &ticks[i]);
		loop_timer_set(f.timers[i], 5);
		loop_timer_set(f.timers[i], rows[i].delay);
	}
	loop_run(f.loop);
	assert_string_equal(f.said.ptr, "abcdz");
	assert_in_range(clock_monotonic_ms() - start, 60, 10000);
	teardown(&f);
}

/* A heap of many timers, some moved and removed, comes out in order. */
static int64_t last_due;
static int n_due;

static void
on_due(void *user)
{
	int64_t *due = user;

	assert_true(*due >= last_due);
	last_due = *due;
	n_due++;
}

/* Sets within one tick of the clock, so that the test knows the due time to the millisecond. */
static void
set_exactly(struct loop_timer *timer, int64_t delay, int64_t *due_r)
{
	int64_t before;

	do {
		before = clock_monotonic_ms();
		loop_timer_set(timer, delay);
	} while (clock_monotonic_ms() != before);
	*due_r = before + delay;
}

static void
test_many_timers(void **state)
{
	struct loop_timer *timers[200];
	int64_t due[200];
	struct fixture f;
	unsigned seed = 7;

	setup(&f);
	for (size_t i = 0; i < 200; i++) {
		timers[i] = loop_timer_create(f.loop, on_due, &due[i]);
		for (int k = 0; k < 2; k++) {
			seed = seed * 1103515245 + 12345;
			set_exactly(timers[i], (seed >> 16) % 40 + 1, &due[i]);
		}
	}
	for (size_t i = 0; i < 200; i += 4)
		loop_timer_set(timers[i], -1);
	f.timers[0] = loop_timer_create(f.loop, on_stop, &f);
	loop_timer_set(f.timers[0], 60);
	last_due = n_due = 0;
	loop_run(f.loop);
	assert_int_equal(n_due, 150);
	for (size_t i = 0; i < 200; i++)
		loop_timer_destroy(&timers[i]);
	teardown(&f);
}

static void
on_signal(void *user, int signo)
{
	struct fixture *f = user;

	buf_putc(&f->said, signo == SIGTERM ? 't' : 'u');
	if (signo == SIGTERM)
		loop_stop(f->loop);
	else
		raise(SIGTERM);
}

static void
test_signals(void **state)
{
	struct fixture f;

	setup(&f);
	loop_signal(f.loop, SIGUSR1, on_signal, &f);
	loop_signal(f.loop, SIGTERM, on_signal, &f);
	raise(SIGUSR1);
	loop_run(f.loop);
	assert_string_equal(f.said.ptr, "ut");
	teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_read_and_idle), cmocka_unit_test(test_remove_inside),
	    cmocka_unit_test(test_write_and_hangup), cmocka_unit_test(test_timers),
	    cmocka_unit_test(test_many_timers), cmocka_unit_test(test_signals),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
