/* SPDX-License-Identifier: ISC */
/*
 * worker: see worker.h; the parent's side. A worker is a slot: it has a process (pid and channel)
 * or waits for its restart timer. Each process ends in worker_gone and nowhere else, by SIGCHLD; a
 * channel that breaks first only makes sure that the process ends.
 */
#include "config.h"

#include "daemon/ipc/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parsers/base/arena.h"
#include "daemon/clock.h"
#include "daemon/log.h"

#define WORKER_ARGS 24
#define WORKER_FRAMES 64 /* taken from one worker before others have their turn */
#define STOP_TERM_MS 2500
#define STOP_KILL_MS 1000
#define CUT_KILL_MS 500
#define HEALTHY_MS 60000
#define BACKOFF_MAX_MS 60000

struct worker {
	struct supervisor *supervisor;
	struct worker *next;
	enum worker_role role;
	unsigned number;
	char *extra[WORKER_ARGS];
	const struct worker_events *events;
	void *user;

	pid_t pid;
	struct chan *chan;
	struct loop_watch *watch;
	struct loop_timer *timer; /* restart, or the next step of stopping */
	bool ready;
	bool more; /* frames may be buffered that the socket no longer shows */
	bool stopping;
	bool termed;
	bool rests; /* is not started (again) */
	unsigned failures; /* in a row */
	unsigned deaths;
	int64_t started_ms;
};

struct supervisor {
	struct loop *loop;
	struct worker *workers;
	bool stopping;
	void (*stopped)(void *user);
	void *stopped_user;
	struct loop_timer *look; /* so that `stopped` never runs inside supervisor_stop */
};

static void worker_on_chan(void *user, unsigned events);

const char *
worker_role_name(enum worker_role role)
{
	static const char *const names[] = {"fetch", "parse", "send", "oauth"};

	return names[role];
}

bool
worker_role_of(const char *name, enum worker_role *role_r)
{
	for (int role = ROLE_FETCH; role <= ROLE_OAUTH; role++) {
		if (strcmp(name, worker_role_name((enum worker_role)role)) == 0) {
			*role_r = (enum worker_role)role;
			return true;
		}
	}
	return false;
}

/* ---- starting ------------------------------------------------------------------------------- */

/* In the child: only async-signal-safe calls until exec. */
static _Noreturn void
worker_exec(int fd, char *const *argv)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	/* A ^C or a closed terminal is the parent's to handle; it stops us in order. */
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (fd == WORKER_FD)
		fcntl(fd, F_SETFD, 0);
	else if (dup2(fd, WORKER_FD) < 0)
		_exit(127);
	(void)close_range(WORKER_FD + 1, ~0u, 0); /* all are close-on-exec; this makes sure */
	execv("/proc/self/exe", argv);
	_exit(127);
}

static enum td_status
worker_spawn(struct worker *w, struct err *err)
{
	char *argv[WORKER_ARGS + 4] = {(char *)(uintptr_t)"tidingsd", (char *)(uintptr_t)"--role",
	    (char *)(uintptr_t)worker_role_name(w->role)};
	int fds[2];
	pid_t pid;

	for (size_t i = 0; i < WORKER_ARGS && w->extra[i] != NULL; i++)
		argv[3 + i] = w->extra[i];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return err_temp(err, "no channel: %s", strerror(errno));
	pid = fork();
	if (pid == 0)
		worker_exec(fds[1], argv);
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return err_temp(err, "no new process: %s", strerror(errno));
	}
	w->pid = pid;
	w->chan = chan_create(fds[0]);
	w->watch = loop_watch_fd(w->supervisor->loop, fds[0], LOOP_READ, worker_on_chan, w);
	return TD_OK;
}

static void
worker_retry_later(struct worker *w)
{
	int64_t delay = w->failures == 0 ? 0 : 1000ll << (w->failures < 7 ? w->failures - 1 : 6);

	w->failures++;
	loop_timer_set(w->timer, delay < BACKOFF_MAX_MS ? delay : BACKOFF_MAX_MS);
}

static void
worker_start(struct worker *w)
{
	struct err err;

	w->ready = w->more = w->stopping = w->termed = false;
	w->started_ms = clock_monotonic_ms();
	if (worker_spawn(w, &err) != TD_OK) {
		log_error("cannot start a worker: %s role=%s", err.text, worker_role_name(w->role));
		worker_retry_later(w);
		return;
	}
	log_debug("worker started role=%s n=%u pid=%d", worker_role_name(w->role), w->number,
	    (int)w->pid);
	w->events->started(w->user, w);
}

/* ---- stopping ------------------------------------------------------------------------------- */

static void
worker_begin_stop(struct worker *w)
{
	struct err err;

	if (w->stopping)
		return;
	w->stopping = true;
	if (w->pid == 0)
		return;
	if (chan_send(w->chan, FRAME_STOP, 0, SPAN(""), -1, &err) != TD_OK)
		kill(w->pid, SIGKILL);
	loop_timer_set(w->timer, STOP_TERM_MS);
}

/* The restart timer while there is no process, the next step of stopping while there is one. */
static void
worker_on_timer(void *user)
{
	struct worker *w = user;

	if (w->pid == 0) {
		worker_start(w);
	} else if (!w->termed) {
		w->termed = true;
		kill(w->pid, SIGTERM);
		loop_timer_set(w->timer, STOP_KILL_MS);
	} else {
		kill(w->pid, SIGKILL);
	}
}

static bool
supervisor_idle(const struct supervisor *s)
{
	for (const struct worker *w = s->workers; w != NULL; w = w->next)
		if (w->pid != 0)
			return false;
	return true;
}

static void
worker_close(struct worker *w)
{
	loop_unwatch(&w->watch);
	chan_destroy(&w->chan);
}

static const char *
worker_why(int status, char *text, size_t size)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF)
		snprintf(text, size, "used up its processor time");
	else if (WIFSIGNALED(status))
		snprintf(text, size, "killed by signal %d (%s)", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	else
		snprintf(text, size, "exit status %d", WEXITSTATUS(status));
	return text;
}

/* Hands out what the channel still holds: what the process said before it died counts. */
static void
worker_drain(struct worker *w)
{
	struct frame frame;
	struct err err;

	while (w->chan != NULL && chan_recv(w->chan, 0, &frame, &err) == TD_OK) {
		if (frame.type == FRAME_READY)
			w->ready = true;
		w->events->frame(w->user, w, &frame);
	}
}

static void
worker_gone(struct worker *w, int status)
{
	bool asked = w->stopping;
	char why[80];

	worker_drain(w);
	worker_close(w);
	w->pid = 0;
	w->ready = false;
	loop_timer_set(w->timer, -1);
	worker_why(status, why, sizeof why);
	if (asked && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		log_debug("worker stopped role=%s n=%u", worker_role_name(w->role), w->number);
	} else {
		w->deaths++;
		log_warn("worker died: %s role=%s n=%u", why, worker_role_name(w->role), w->number);
	}
	if (clock_monotonic_ms() - w->started_ms > HEALTHY_MS)
		w->failures = 0;
	w->events->died(w->user, w, asked ? NULL : why);
	if (w->supervisor->stopping || w->rests)
		return;
	if (asked)
		worker_start(w);
	else
		worker_retry_later(w);
}

static void
supervisor_on_child(void *user, int signo)
{
	struct supervisor *s = user;
	int status;

	for (struct worker *w = s->workers; w != NULL; w = w->next)
		if (w->pid != 0 && waitpid(w->pid, &status, WNOHANG) == w->pid)
			worker_gone(w, status);
	if (s->stopping && s->stopped != NULL && supervisor_idle(s)) {
		void (*stopped)(void *) = s->stopped;

		s->stopped = NULL;
		stopped(s->stopped_user);
	}
}

static void
supervisor_on_look(void *user)
{
	supervisor_on_child(user, SIGCHLD);
}

/* ---- frames --------------------------------------------------------------------------------- */

/* A socket can nearly always be written: so LOOP_WRITE also brings us back to what is buffered. */
static void
worker_set_watch(struct worker *w)
{
	if (w->watch != NULL)
		loop_watch_set(w->watch,
		    LOOP_READ | (chan_wants_write(w->chan) || w->more ? LOOP_WRITE : 0u));
}

/* The channel is of no more use. The process is mostly about to end by itself, and its own exit
 * status tells more than our signal; so it gets a moment. SIGCHLD brings it to worker_gone. */
static void
worker_cut(struct worker *w, const char *why)
{
	if (!w->stopping)
		log_debug("channel closed: %s role=%s n=%u", why, worker_role_name(w->role),
		    w->number);
	loop_unwatch(&w->watch);
	w->ready = false;
	if (w->stopping)
		return;
	w->termed = true;
	loop_timer_set(w->timer, CUT_KILL_MS);
}

static void
worker_on_chan(void *user, unsigned events)
{
	struct worker *w = user;
	struct frame frame;
	struct err err;

	if ((events & LOOP_WRITE) != 0)
		(void)!chan_flush(w->chan, &err);
	w->more = true;
	for (int n = 0; n < WORKER_FRAMES; n++) {
		switch (chan_recv(w->chan, 0, &frame, &err)) {
		case TD_OK:
			if (frame.type == FRAME_READY)
				w->ready = true;
			w->events->frame(w->user, w, &frame);
			if (w->watch == NULL)
				return;
			continue;
		case TD_TEMP:
			w->more = false;
			worker_set_watch(w);
			return;
		case TD_PERM:
			worker_cut(w, err.text);
			return;
		}
	}
	worker_set_watch(w);
}

enum td_status
worker_send(struct worker *w, enum frame_type type, uint64_t id, struct span payload, int pass_fd,
    struct err *err)
{
	enum td_status status;

	if (w->chan == NULL) {
		if (pass_fd >= 0)
			close(pass_fd);
		return err_perm(err, "the %s process is not running", worker_role_name(w->role));
	}
	status = chan_send(w->chan, type, id, payload, pass_fd, err);
	if (chan_is_gone(w->chan))
		w->ready = false; /* though nobody has told us yet */
	worker_set_watch(w);
	return status;
}

/* ---- the rest of the interface -------------------------------------------------------------- */

struct supervisor *
supervisor_create(struct loop *loop)
{
	struct supervisor *s = td_alloc(sizeof *s);

	s->loop = loop;
	s->look = loop_timer_create(loop, supervisor_on_look, s);
	loop_signal(loop, SIGCHLD, supervisor_on_child, s);
	return s;
}

static void
worker_free_extra(struct worker *w)
{
	for (size_t i = 0; i < WORKER_ARGS; i++) {
		free(w->extra[i]);
		w->extra[i] = NULL;
	}
}

void
supervisor_destroy(struct supervisor **sp)
{
	struct supervisor *s = *sp;

	if (s == NULL)
		return;
	while (s->workers != NULL) {
		struct worker *w = s->workers;

		s->workers = w->next;
		if (w->pid != 0) {
			kill(w->pid, SIGKILL);
			while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
				;
		}
		worker_close(w);
		loop_timer_destroy(&w->timer);
		worker_free_extra(w);
		free(w);
	}
	loop_timer_destroy(&s->look);
	free(s);
	*sp = NULL;
}

void
supervisor_stop(struct supervisor *s, void (*stopped)(void *user), void *user)
{
	s->stopping = true;
	s->stopped = stopped;
	s->stopped_user = user;
	for (struct worker *w = s->workers; w != NULL; w = w->next) {
		if (w->pid == 0)
			loop_timer_set(w->timer, -1);
		worker_begin_stop(w);
	}
	loop_timer_set(s->look, 0);
}

static void
worker_set_extra(struct worker *w, const char *const *extra)
{
	worker_free_extra(w);
	for (size_t i = 0; extra != NULL && extra[i] != NULL && i + 1 < WORKER_ARGS; i++)
		w->extra[i] = td_strdup(extra[i]);
}

struct worker *
worker_add(struct supervisor *s, enum worker_role role, unsigned number,
    const char *const *extra, const struct worker_events *events, void *user)
{
	struct worker *w = td_alloc(sizeof *w);

	*w = (struct worker){.supervisor = s, .next = s->workers, .role = role, .number = number,
	    .events = events, .user = user};
	w->timer = loop_timer_create(s->loop, worker_on_timer, w);
	worker_set_extra(w, extra);
	s->workers = w;
	/* From the loop, so that `started` never runs inside the caller. */
	loop_timer_set(w->timer, 0);
	return w;
}

void
worker_restart(struct worker *w, const char *const *extra)
{
	if (extra != NULL)
		worker_set_extra(w, extra);
	w->failures = 0;
	w->rests = false;
	if (w->pid == 0)
		loop_timer_set(w->timer, 0);
	else
		worker_begin_stop(w);
}

void
worker_rest(struct worker *w)
{
	w->rests = true;
	if (w->pid == 0)
		loop_timer_set(w->timer, -1);
	else
		worker_begin_stop(w);
}

bool
worker_rests(const struct worker *w)
{
	return w->rests;
}

void
worker_kill(struct worker *w)
{
	if (w->pid != 0)
		kill(w->pid, SIGKILL);
}

void
worker_forgive(struct worker *w)
{
	w->failures = 0;
}

enum worker_role
worker_role(const struct worker *w)
{
	return w->role;
}

unsigned
worker_number(const struct worker *w)
{
	return w->number;
}

pid_t
worker_pid(const struct worker *w)
{
	return w->pid;
}

bool
worker_is_ready(const struct worker *w)
{
	return w->pid != 0 && w->ready && !w->stopping;
}

unsigned
worker_deaths(const struct worker *w)
{
	return w->deaths;
}

size_t
worker_queued(const struct worker *w)
{
	return w->chan != NULL ? chan_queued(w->chan) : 0;
}
