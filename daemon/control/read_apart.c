/* SPDX-License-Identifier: ISC */
/*
 * read_apart: see read_apart.h. The child says one byte, 1 for a reading as JSON or 0 for a
 * reason, then that; what it says is checked as what a parser of the daemon says.
 */
#include "config.h"

#include "daemon/control/read_apart.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parsers/base/buf.h"
#include "daemon/ipc/frame.h"
#include "daemon/ipc/sandbox.h"

const char *
zones_of(void *user, const char *address)
{
	const struct zones *zones = user;

	for (size_t i = 0; i < zones->n; i++)
		if (strcmp(zones->addresses[i].address, address) == 0)
			return zones->addresses[i].zone;
	return NULL;
}

static struct reading_limits
limits_of(const struct conf_limits *conf)
{
	struct reading_limits limits = reading_limits_default;

	limits.mail_bytes = conf->mail_bytes;
	limits.mime_depth = conf->mime_depth;
	limits.mime_parts = conf->mime_parts;
	limits.header_bytes = conf->header_bytes;
	limits.commands = conf->commands;
	limits.ics_bytes = conf->ics_bytes;
	return limits;
}

static void
write_all(int fd, struct span bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);

		if (n <= 0 && errno != EINTR)
			return;
		bytes = span_skip(bytes, n > 0 ? (size_t)n : 0);
	}
}

/* The child: nothing of the tool is open in it but the pipe. */
static _Noreturn void
read_and_tell(struct tool *tool, struct span mail, struct reading_context *context, int fd)
{
	const struct conf_limits *conf = &tool->conf->limits;
	struct reading *reading = NULL;
	struct buf out;
	struct err err;
	enum td_status status;

	(void)close_range((unsigned)fd + 1, ~0u, 0);
	if (fd > STDERR_FILENO + 1)
		(void)close_range(STDERR_FILENO + 1, (unsigned)fd - 1, 0);
	buf_init(&out, FRAME_MAX);
	status = sandbox_enter(SANDBOX_PURE, &err);
	if (status == TD_OK)
		status = sandbox_limit_memory(conf->parser_mb, &err);
	if (status == TD_OK) {
		sandbox_limit_cpu(conf->parser_cpu);
		status = reading_parse(tool->arena, mail, context, &reading, &err);
	}
	buf_putc(&out, status == TD_OK);
	if (status == TD_OK)
		reading_pack(reading, &out);
	else
		buf_puts(&out, err.text);
	write_all(fd, buf_span(&out));
	_exit(out.over);
}

static void
read_all(int fd, struct buf *out)
{
	char bytes[65536];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof bytes)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			buf_put(out, bytes, (size_t)n);
}

static enum td_status
take_answer(struct tool *tool, struct span said, int how, struct reading **reading_r,
    struct err *err)
{
	if (how != 0 || said.len < 2)
		return err_perm(err, "reading it failed again (%s %d)", WIFSIGNALED(how) ?
		    "signal" : "exit", WIFSIGNALED(how) ? WTERMSIG(how) : WEXITSTATUS(how));
	if (*said.ptr != 1)
		return err_perm(err, "%.*s", SPAN_FMT(span_skip(said, 1)));
	return reading_unpack(tool->arena, span_skip(said, 1), reading_r, err);
}

enum td_status
read_apart(struct tool *tool, struct span mail, int64_t now, const struct zones *zones,
    struct reading **reading_r, struct err *err)
{
	const struct reading_limits limits = limits_of(&tool->conf->limits);
	struct reading_context context = {.now = now, .zone = "UTC", .zone_of = zones_of,
	    .user = (void *)(uintptr_t)zones, .limits = &limits};
	struct buf said;
	int fds[2], how = -1;
	enum td_status status;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_temp(err, "no pipe: %s", strerror(errno));
	pid = fork();
	if (pid == 0)
		read_and_tell(tool, mail, &context, fds[1]);
	close(fds[1]);
	buf_init(&said, FRAME_MAX);
	if (pid > 0) {
		read_all(fds[0], &said);
		while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
			;
	}
	close(fds[0]);
	status = pid < 0 ? err_temp(err, "no new process: %s", strerror(errno)) :
	    take_answer(tool, buf_span(&said), how, reading_r, err);
	buf_release(&said);
	return status;
}
