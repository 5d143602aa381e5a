/* SPDX-License-Identifier: ISC */
/*
 * loop: see loop.h. Watches that are removed while a batch of events is handed out are only
 * marked and freed after the batch, since a later event of the batch may still name them. Timers
 * stand in a binary heap by due time.
 */
#include "config.h"

#include "daemon/ipc/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "parsers/base/arena.h"
#include "daemon/clock.h"

#define LOOP_EVENTS 64
#define LOOP_SIGNALS 8
#define TIMER_OFF ((size_t)-1)

struct loop_watch {
	struct loop *loop;
	struct loop_watch *next_dead;
	struct loop_watch *prev, *next;
	int fd;
	unsigned events;
	void (*fn)(void *user, unsigned events);
	void *user;
	bool dead;
};

struct loop_timer {
	struct loop *loop;
	size_t at; /* place in the heap, TIMER_OFF when not set */
	int64_t due;
	void (*fn)(void *user);
	void *user;
};

struct loop {
	int epoll;
	bool stop;
	struct loop_watch *watches;
	struct loop_watch *dead;

	struct loop_timer **heap;
	size_t n_heap, cap_heap;

	void (*idle)(void *user);
	void *idle_user;

	int signal_fd;
	struct loop_watch *signal_watch;
	sigset_t signals;
	struct {
		int signo;
		void (*fn)(void *user, int signo);
		void *user;
	} handlers[LOOP_SIGNALS];
	size_t n_handlers;
};

/* The kernel refuses only for our own bugs and for want of memory. */
static _Noreturn void
loop_abort(const char *what)
{
	fprintf(stderr, "tidings: event loop: %s: %s\n", what, strerror(errno));
	abort();
}

struct loop *
loop_create(void)
{
	struct loop *loop = td_alloc(sizeof *loop);

	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0)
		loop_abort("epoll_create1");
	loop->signal_fd = -1;
	sigemptyset(&loop->signals);
	return loop;
}

static void
loop_free_dead(struct loop *loop)
{
	while (loop->dead != NULL) {
		struct loop_watch *watch = loop->dead;

		loop->dead = watch->next_dead;
		free(watch);
	}
}

void
loop_destroy(struct loop **loopp)
{
	struct loop *loop = *loopp;

	if (loop == NULL)
		return;
	while (loop->watches != NULL) {
		struct loop_watch *watch = loop->watches;

		loop_unwatch(&watch);
	}
	loop_free_dead(loop);
	if (loop->signal_fd >= 0)
		close(loop->signal_fd);
	for (size_t i = 0; i < loop->n_heap; i++)
		loop->heap[i]->at = TIMER_OFF;
	free(loop->heap);
	close(loop->epoll);
	free(loop);
	*loopp = NULL;
}

/* ---- descriptors ---------------------------------------------------------------------------- */

static uint32_t
loop_epoll_events(unsigned events)
{
	return ((events & LOOP_READ) != 0 ? EPOLLIN : 0u) |
	    ((events & LOOP_WRITE) != 0 ? EPOLLOUT : 0u);
}

struct loop_watch *
loop_watch_fd(struct loop *loop, int fd, unsigned events, void (*fn)(void *user, unsigned events),
    void *user)
{
	struct loop_watch *watch = td_alloc(sizeof *watch);
	struct epoll_event ev = {.events = loop_epoll_events(events), .data.ptr = watch};

	*watch = (struct loop_watch){.loop = loop, .fd = fd, .events = events, .fn = fn,
	    .user = user, .next = loop->watches};
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &ev) < 0)
		loop_abort("epoll_ctl add");
	if (loop->watches != NULL)
		loop->watches->prev = watch;
	loop->watches = watch;
	return watch;
}

void
loop_watch_set(struct loop_watch *watch, unsigned events)
{
	struct epoll_event ev = {.events = loop_epoll_events(events), .data.ptr = watch};

	if (watch->events == events)
		return;
	watch->events = events;
	if (epoll_ctl(watch->loop->epoll, EPOLL_CTL_MOD, watch->fd, &ev) < 0)
		loop_abort("epoll_ctl mod");
}

void
loop_unwatch(struct loop_watch **watchp)
{
	struct loop_watch *watch = *watchp;

	if (watch == NULL)
		return;
	/* Fails only where the owner closed the descriptor first: then it is out already. */
	(void)epoll_ctl(watch->loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
	if (watch->prev != NULL)
		watch->prev->next = watch->next;
	else
		watch->loop->watches = watch->next;
	if (watch->next != NULL)
		watch->next->prev = watch->prev;
	watch->dead = true;
	watch->next_dead = watch->loop->dead;
	watch->loop->dead = watch;
	*watchp = NULL;
}

/* ---- timers --------------------------------------------------------------------------------- */

static void
heap_place(struct loop *loop, size_t at, struct loop_timer *timer)
{
	loop->heap[at] = timer;
	timer->at = at;
}

static void
heap_up(struct loop *loop, size_t at)
{
	struct loop_timer *timer = loop->heap[at];

	while (at > 0 && loop->heap[(at - 1) / 2]->due > timer->due) {
		heap_place(loop, at, loop->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	heap_place(loop, at, timer);
}

static void
heap_down(struct loop *loop, size_t at)
{
	struct loop_timer *timer = loop->heap[at];

	for (;;) {
		size_t child = at * 2 + 1;

		if (child + 1 < loop->n_heap && loop->heap[child + 1]->due < loop->heap[child]->due)
			child++;
		if (child >= loop->n_heap || loop->heap[child]->due >= timer->due)
			break;
		heap_place(loop, at, loop->heap[child]);
		at = child;
	}
	heap_place(loop, at, timer);
}

static void
heap_remove(struct loop_timer *timer)
{
	struct loop *loop = timer->loop;
	size_t at = timer->at;
	struct loop_timer *last;

	if (at == TIMER_OFF)
		return;
	timer->at = TIMER_OFF;
	last = loop->heap[--loop->n_heap];
	if (last == timer)
		return;
	heap_place(loop, at, last);
	heap_up(loop, at);
	heap_down(loop, last->at);
}

static void
heap_add(struct loop *loop, struct loop_timer *timer)
{
	if (loop->n_heap == loop->cap_heap) {
		size_t cap = loop->cap_heap > 0 ? loop->cap_heap * 2 : 16;
		struct loop_timer **grown = td_alloc(cap * sizeof *grown);

		if (loop->n_heap > 0)
			memcpy(grown, loop->heap, loop->n_heap * sizeof *grown);
		free(loop->heap);
		loop->heap = grown;
		loop->cap_heap = cap;
	}
	heap_place(loop, loop->n_heap++, timer);
	heap_up(loop, timer->at);
}

struct loop_timer *
loop_timer_create(struct loop *loop, void (*fn)(void *user), void *user)
{
	struct loop_timer *timer = td_alloc(sizeof *timer);

	*timer = (struct loop_timer){.loop = loop, .at = TIMER_OFF, .fn = fn, .user = user};
	return timer;
}

void
loop_timer_set(struct loop_timer *timer, int64_t delay_ms)
{
	heap_remove(timer);
	if (delay_ms < 0)
		return;
	timer->due = clock_monotonic_ms() + delay_ms;
	heap_add(timer->loop, timer);
}

void
loop_timer_destroy(struct loop_timer **timer)
{
	if (*timer == NULL)
		return;
	heap_remove(*timer);
	free(*timer);
	*timer = NULL;
}

/* Runs what is due now. A timer that sets itself to 0 again comes with the next turn. */
static void
loop_run_timers(struct loop *loop)
{
	int64_t now = loop->n_heap > 0 ? clock_monotonic_ms() : 0;

	for (size_t n = loop->n_heap; n > 0 && loop->n_heap > 0 && !loop->stop; n--) {
		struct loop_timer *timer = loop->heap[0];

		if (timer->due > now)
			break;
		heap_remove(timer);
		timer->fn(timer->user);
	}
}

static int
loop_timeout(const struct loop *loop)
{
	int64_t left;

	if (loop->n_heap == 0)
		return -1;
	left = loop->heap[0]->due - clock_monotonic_ms();
	return left < 0 ? 0 : left > 1000000 ? 1000000 : (int)left;
}

/* ---- signals -------------------------------------------------------------------------------- */

static void
loop_on_signal(void *user, unsigned events)
{
	struct loop *loop = user;
	struct signalfd_siginfo info;

	while (read(loop->signal_fd, &info, sizeof info) == (ssize_t)sizeof info)
		for (size_t i = 0; i < loop->n_handlers; i++)
			if (loop->handlers[i].signo == (int)info.ssi_signo)
				loop->handlers[i].fn(loop->handlers[i].user,
				    loop->handlers[i].signo);
}

void
loop_signal(struct loop *loop, int signo, void (*fn)(void *user, int signo), void *user)
{
	if (loop->n_handlers == LOOP_SIGNALS)
		loop_abort("too many signals");
	loop->handlers[loop->n_handlers].signo = signo;
	loop->handlers[loop->n_handlers].fn = fn;
	loop->handlers[loop->n_handlers++].user = user;
	sigaddset(&loop->signals, signo);
	if (sigprocmask(SIG_BLOCK, &loop->signals, NULL) < 0)
		loop_abort("sigprocmask");
	loop->signal_fd = signalfd(loop->signal_fd, &loop->signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (loop->signal_fd < 0)
		loop_abort("signalfd");
	if (loop->signal_watch == NULL)
		loop->signal_watch = loop_watch_fd(loop, loop->signal_fd, LOOP_READ,
		    loop_on_signal, loop);
}

/* ---- running -------------------------------------------------------------------------------- */

void
loop_set_idle(struct loop *loop, void (*fn)(void *user), void *user)
{
	loop->idle = fn;
	loop->idle_user = user;
}

void
loop_stop(struct loop *loop)
{
	loop->stop = true;
}

static void
loop_hand_out(struct loop *loop, const struct epoll_event *events, int n)
{
	for (int i = 0; i < n && !loop->stop; i++) {
		struct loop_watch *watch = events[i].data.ptr;
		unsigned what = 0;

		if (watch->dead)
			continue;
		if ((events[i].events & EPOLLOUT) != 0)
			what |= LOOP_WRITE;
		if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
			what |= LOOP_READ;
		watch->fn(watch->user, what);
	}
	loop_free_dead(loop);
}

/* Idle work is done only when nothing is ready, and then once for all that came before. */
static int
loop_wait(struct loop *loop, struct epoll_event *events)
{
	int n;

	if (loop->idle != NULL) {
		n = epoll_wait(loop->epoll, events, LOOP_EVENTS, 0);
		if (n != 0)
			return n;
		loop->idle(loop->idle_user);
		if (loop->stop)
			return 0;
	}
	return epoll_wait(loop->epoll, events, LOOP_EVENTS, loop_timeout(loop));
}

void
loop_run(struct loop *loop)
{
	struct epoll_event events[LOOP_EVENTS];

	loop->stop = false;
	while (!loop->stop) {
		int n;

		loop_run_timers(loop);
		if (loop->stop)
			break;
		n = loop_wait(loop, events);
		if (n < 0 && errno != EINTR)
			loop_abort("epoll_wait");
		loop_hand_out(loop, events, n);
	}
	loop_free_dead(loop);
}
