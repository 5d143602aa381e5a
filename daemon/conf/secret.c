/* SPDX-License-Identifier: ISC */
/*
 * secret: passwords from a file, a command or a systemd credential. Never logged, never on a
 * command line: the command is run by /bin/sh -c, and what it prints comes back by a pipe.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/conf/reader.h"

#define SECRET_MAX 4096

extern char **environ;

static enum td_status
check_open_file(const struct stat *st, const char *path, struct err *err)
{
	if (!S_ISREG(st->st_mode))
		return err_perm(err, "%s: is not a file", path);
	if ((st->st_mode & (S_IROTH | S_IWOTH)) != 0)
		return err_perm(err, "%s: others may read or change it; mend it with: chmod 600 %s",
		    path, path);
	if ((st->st_mode & S_IWGRP) != 0)
		return err_perm(err, "%s: its group may change it; mend it with: chmod g-w %s",
		    path, path);
	return TD_OK;
}

enum td_status
conf_secret_file_check(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return TD_OK; /* a missing file is told where the key is read */
	return check_open_file(&st, path, err);
}

/* The first line of bytes is the secret. */
static enum td_status
secret_of(struct arena *arena, struct span bytes, const char *from, const char **value_r,
    struct err *err)
{
	struct span line = {"", 0};

	if (memchr(bytes.ptr, '\0', bytes.len) != NULL)
		return err_perm(err, "%s: the password holds a NUL byte", from);
	if (!span_next_line(&bytes, &line) || line.len == 0)
		return err_perm(err, "%s: the first line is empty; the password belongs there",
		    from);
	if (line.len > SECRET_MAX)
		return err_perm(err, "%s: the first line is longer than 4 KiB", from);
	*value_r = arena_span(arena, line);
	return TD_OK;
}

/* Reads until the end, a line end or one byte more than a secret may have; -1 on error. */
static ssize_t
read_line(int fd, char *bytes, size_t size)
{
	size_t len = 0;

	while (len < size && memchr(bytes, '\n', len) == NULL) {
		ssize_t n = read(fd, bytes + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

static enum td_status
from_file(struct arena *arena, const char *path, bool is_private, const char **value_r,
    struct err *err)
{
	char bytes[SECRET_MAX + 2];
	enum td_status status = TD_OK;
	struct stat st;
	ssize_t n = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return err_perm(err, "%s: the password cannot be read: %s", path, strerror(errno));
	if (fstat(fd, &st) < 0)
		status = err_perm(err, "%s: %s", path, strerror(errno));
	else if (is_private)
		status = check_open_file(&st, path, err);
	if (status == TD_OK && (n = read_line(fd, bytes, sizeof bytes)) < 0)
		status = err_perm(err, "%s: the password cannot be read: %s", path,
		    strerror(errno));
	close(fd);
	if (status == TD_OK)
		status = secret_of(arena, (struct span){bytes, (size_t)n}, path, value_r, err);
	explicit_bzero(bytes, sizeof bytes);
	return status;
}

static enum td_status
from_credential(struct arena *arena, const char *name, const char **value_r, struct err *err)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");

	if (dir == NULL || *dir == '\0')
		return err_perm(err, "credential %s: $CREDENTIALS_DIRECTORY is not set; this works "
		    "only in a systemd unit with LoadCredential=", name);
	return from_file(arena, arena_printf(arena, "%s/%s", dir, name), false, value_r, err);
}

/* ---- a command ----------------------------------------------------------------------------- */

static int
spawn_shell(const char *command, int out, pid_t *pid_r)
{
	char *argv[] = {(char *)"sh", (char *)"-c", (char *)command, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, reset;
	int rc;

	sigemptyset(&none);
	sigemptyset(&reset);
	sigaddset(&reset, SIGPIPE);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	/* its own group, so that a time-out ends the pipeline and not only the shell */
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &reset);
	posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawn(pid_r, "/bin/sh", &files, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return rc;
}

/* Collects output until its end; false when the time is over. What is beyond size is dropped. */
static bool
collect(int fd, int64_t deadline, char *bytes, size_t size, size_t *len_r)
{
	char dropped[256];
	size_t len = 0;

	for (;;) {
		struct pollfd pfd = {.fd = fd, .events = POLLIN};
		int64_t left = deadline - clock_monotonic_ms();
		int ready = left > 0 ? poll(&pfd, 1, (int)left) : 0;
		ssize_t n;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return false;
		n = len < size ? read(fd, bytes + len, size - len)
			       : read(fd, dropped, sizeof dropped);
		if (n < 0 && errno != EINTR)
			return false;
		if (n == 0)
			break;
		if (n > 0 && len < size)
			len += (size_t)n;
	}
	*len_r = len;
	return true;
}

/* Waits for the command until the deadline, then kills its group; gives its wait status. */
static int
reap(pid_t pid, int64_t deadline, bool in_time)
{
	int wstatus = 0;

	while (in_time && clock_monotonic_ms() < deadline) {
		pid_t done = waitpid(pid, &wstatus, WNOHANG);

		if (done != 0)
			return done == pid ? wstatus : -1;
		poll(NULL, 0, 10);
	}
	kill(-pid, SIGKILL);
	while (waitpid(pid, &wstatus, 0) < 0 && errno == EINTR)
		;
	return -1;
}

enum td_status
conf_secret_spawn(const char *command, pid_t *pid_r, int *fd_r, struct err *err)
{
	int pipe_fd[2], rc;

	if (pipe2(pipe_fd, O_CLOEXEC) < 0)
		return err_temp(err, "password_command: no pipe: %s", strerror(errno));
	rc = spawn_shell(command, pipe_fd[1], pid_r);
	close(pipe_fd[1]);
	if (rc != 0) {
		close(pipe_fd[0]);
		return err_temp(err, "password_command: /bin/sh: %s", strerror(rc));
	}
	*fd_r = pipe_fd[0];
	return TD_OK;
}

enum td_status
conf_secret_of_output(struct arena *arena, struct span output, int wstatus, const char **value_r,
    struct err *err)
{
	if (wstatus == -1)
		return err_perm(err, "password_command did not end within 10 seconds");
	if (!WIFEXITED(wstatus) || WEXITSTATUS(wstatus) != 0)
		return err_perm(err, "password_command failed (%s %d); run it by hand to see why",
		    WIFEXITED(wstatus) ? "exit" : "signal",
		    WIFEXITED(wstatus) ? WEXITSTATUS(wstatus) : WTERMSIG(wstatus));
	return secret_of(arena, output, "password_command", value_r, err);
}

static enum td_status
from_command(struct arena *arena, const char *command, const char **value_r, struct err *err)
{
	int64_t deadline = clock_monotonic_ms() + CONF_COMMAND_MS;
	char bytes[CONF_SECRET_BYTES];
	size_t len = 0;
	bool in_time;
	pid_t pid;
	int fd;
	enum td_status status = conf_secret_spawn(command, &pid, &fd, err);

	if (status != TD_OK)
		return status;
	in_time = collect(fd, deadline, bytes, sizeof bytes, &len);
	close(fd);
	status = conf_secret_of_output(arena, (struct span){bytes, len},
	    reap(pid, deadline, in_time), value_r, err);
	explicit_bzero(bytes, sizeof bytes);
	return status;
}

enum td_status
conf_secret_read(struct arena *arena, const struct conf_secret *secret, const char **value_r,
    struct err *err)
{
	if (secret->file != NULL)
		return from_file(arena, secret->file, true, value_r, err);
	if (secret->command != NULL)
		return from_command(arena, secret->command, value_r, err);
	if (secret->credential != NULL)
		return from_credential(arena, secret->credential, value_r, err);
	return err_perm(err, "no password is configured");
}
