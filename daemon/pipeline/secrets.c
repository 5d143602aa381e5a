/* SPDX-License-Identifier: ISC */
/*
 * secrets: the passwords that a worker is given when it starts. A command may take ten seconds, and
 * the loop waits for none: all run at once, each watched until its output ends, then until its
 * process does. A file is read at once.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/pipeline/private.h"

#define REAP_MS 10 /* between looks at a command that has closed its output, but not ended */

struct secret {
	struct secrets *secrets;
	enum td_status status;
	const char *value;
	struct err err;

	pid_t pid; /* of the command; 0: none runs */
	int fd;    /* its output; -1: has ended */
	struct loop_watch *watch;
	struct loop_timer *timer;
	int64_t deadline;
	char bytes[CONF_SECRET_BYTES];
	size_t len;
};

struct secrets {
	struct arena *arena;
	struct loop *loop;
	struct secret *list;
	size_t n, running;
	struct loop_timer *timer; /* so that done never runs inside secrets_read */
	void (*done)(void *user);
	void *user;
};

static void
secret_close(struct secret *secret)
{
	loop_unwatch(&secret->watch);
	if (secret->fd >= 0)
		close(secret->fd);
	secret->fd = -1;
}

/* The command is gone; wstatus -1: it was not in time. */
static void
secret_end(struct secret *secret, int wstatus)
{
	struct secrets *all = secret->secrets;

	secret_close(secret);
	loop_timer_set(secret->timer, -1);
	secret->pid = 0;
	secret->status = conf_secret_of_output(all->arena,
	    (struct span){secret->bytes, secret->len}, wstatus, &secret->value, &secret->err);
	if (--all->running == 0)
		loop_timer_set(all->timer, 0);
}

/* It was killed: the wait is over at once. */
static void
secret_kill(struct secret *secret)
{
	kill(-secret->pid, SIGKILL);
	while (waitpid(secret->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* The deadline; or, once the output has ended, a look whether the process has. */
static void
secret_on_timer(void *user)
{
	struct secret *secret = user;
	int wstatus = 0;
	pid_t done = secret->fd < 0 ? waitpid(secret->pid, &wstatus, WNOHANG) : 0;

	if (done != 0) {
		secret_end(secret, done == secret->pid ? wstatus : -1);
	} else if (clock_monotonic_ms() >= secret->deadline) {
		secret_kill(secret);
		secret_end(secret, -1);
	} else {
		loop_timer_set(secret->timer, REAP_MS);
	}
}

/* What is beyond the longest secret is dropped. */
static void
secret_on_output(void *user, unsigned events)
{
	struct secret *secret = user;
	size_t room = sizeof secret->bytes - secret->len;
	char dropped[256];
	ssize_t n = room > 0 ? read(secret->fd, secret->bytes + secret->len, room)
			     : read(secret->fd, dropped, sizeof dropped);

	(void)events;
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0 && room > 0)
		secret->len += (size_t)n;
	if (n > 0)
		return;
	secret_close(secret);
	loop_timer_set(secret->timer, 0);
}

static void
secret_begin(struct secret *secret, const struct conf_secret *conf)
{
	struct secrets *all = secret->secrets;

	if (conf->file == NULL && conf->command == NULL && conf->credential == NULL)
		return;
	if (conf->file != NULL || conf->command == NULL) {
		secret->status = conf_secret_read(all->arena, conf, &secret->value, &secret->err);
		return;
	}
	secret->status = conf_secret_spawn(conf->command, &secret->pid, &secret->fd, &secret->err);
	if (secret->status != TD_OK) {
		secret->pid = 0;
		return;
	}
	(void)fcntl(secret->fd, F_SETFL, O_NONBLOCK);
	secret->deadline = clock_monotonic_ms() + CONF_COMMAND_MS;
	secret->watch = loop_watch_fd(all->loop, secret->fd, LOOP_READ, secret_on_output, secret);
	secret->timer = loop_timer_create(all->loop, secret_on_timer, secret);
	loop_timer_set(secret->timer, CONF_COMMAND_MS);
	all->running++;
}

static void
secrets_on_done(void *user)
{
	struct secrets *all = user;

	all->done(all->user);
}

struct secrets *
secrets_read(struct loop *loop, const struct conf_secret *const *list, size_t n,
    void (*done)(void *user), void *user)
{
	struct secrets *all = td_alloc(sizeof *all);

	*all = (struct secrets){.arena = arena_create(), .loop = loop, .n = n, .done = done,
	    .user = user, .list = td_alloc((n + 1) * sizeof *all->list)};
	all->timer = loop_timer_create(loop, secrets_on_done, all);
	for (size_t i = 0; i < n; i++) {
		all->list[i].secrets = all;
		all->list[i].fd = -1;
		secret_begin(&all->list[i], list[i]);
	}
	if (all->running == 0)
		loop_timer_set(all->timer, 0);
	return all;
}

enum td_status
secrets_get(const struct secrets *all, size_t i, const char **value_r, struct err *err)
{
	const struct secret *secret = &all->list[i];

	if (secret->status == TD_OK)
		*value_r = secret->value;
	else
		*err = secret->err;
	return secret->status;
}

void
secrets_destroy(struct secrets **secrets)
{
	struct secrets *all = *secrets;

	if (all == NULL)
		return;
	for (size_t i = 0; i < all->n; i++) {
		struct secret *secret = &all->list[i];

		secret_close(secret);
		if (secret->pid != 0)
			secret_kill(secret);
		loop_timer_destroy(&secret->timer);
		if (secret->value != NULL)
			explicit_bzero((char *)(uintptr_t)secret->value, strlen(secret->value));
		explicit_bzero(secret->bytes, sizeof secret->bytes);
	}
	loop_timer_destroy(&all->timer);
	arena_destroy(&all->arena);
	free(all->list);
	free(all);
	*secrets = NULL;
}
