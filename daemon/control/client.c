/* SPDX-License-Identifier: ISC */
/* control/client: see client.h. */
#include "config.h"

#include "daemon/control/client.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "parsers/base/buf.h"
#include "daemon/clock.h"

static enum td_status
dial(const char *run_dir, int *fd_r, struct err *err)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd, saved;

	if (snprintf(addr.sun_path, sizeof addr.sun_path, "%s/%s", run_dir, CONTROL_SOCKET) >=
	    (int)sizeof addr.sun_path)
		return err_perm(err, "run_dir %s is too long for a socket", run_dir);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&addr, sizeof addr) == 0) {
		*fd_r = fd;
		return TD_OK;
	}
	saved = errno;
	if (fd >= 0)
		close(fd);
	if (saved == ENOENT || saved == ECONNREFUSED)
		return err_temp(err, "tidingsd does not run (nothing listens at %s)",
		    addr.sun_path);
	if (saved == EAGAIN)
		return err_perm(err, "tidingsd is asked by too many at once; try again in a few "
		    "seconds");
	return err_perm(err, "%s: %s", addr.sun_path, strerror(saved));
}

bool
control_is_up(const char *run_dir)
{
	int fd;

	if (dial(run_dir, &fd, NULL) != TD_OK)
		return false;
	close(fd);
	return true;
}

static bool
wait_for(int fd, short events, int64_t deadline)
{
	struct pollfd pfd = {.fd = fd, .events = events};
	int64_t left;
	int n = -1;

	while (n < 0 && (left = deadline - clock_monotonic_ms()) > 0) {
		n = poll(&pfd, 1, (int)left);
		if (n < 0 && errno != EINTR)
			return false;
	}
	return n > 0;
}

static bool
say(int fd, struct span line, int64_t deadline)
{
	while (line.len > 0) {
		ssize_t n = send(fd, line.ptr, line.len, MSG_NOSIGNAL);

		if (n > 0)
			line = span_skip(line, (size_t)n);
		else if (n < 0 && errno == EINTR)
			continue;
		else if (n >= 0 || errno != EAGAIN || !wait_for(fd, POLLOUT, deadline))
			return false;
	}
	return true;
}

static bool
hear(int fd, struct buf *answer, int64_t deadline)
{
	char bytes[16384];

	for (;;) {
		ssize_t n = recv(fd, bytes, sizeof bytes, 0);

		if (n == 0)
			return !answer->over;
		if (n > 0)
			buf_put(answer, bytes, (size_t)n);
		else if (errno == ECONNRESET && answer->len > 0)
			return !answer->over; /* it answered before it heard the question */
		else if (errno == EAGAIN && !wait_for(fd, POLLIN, deadline))
			return false;
		else if (errno != EAGAIN && errno != EINTR)
			return false;
	}
}

static enum td_status
take_answer(const struct buf *text, json_t **answer_r, struct err *err)
{
	enum td_status status = TD_OK;
	json_t *answer = json_loadb(text->ptr, text->len, JSON_REJECT_DUPLICATES, NULL);
	const char *why = json_string_value(json_object_get(answer, "error"));

	if (!json_is_object(answer))
		status = err_perm(err, "tidingsd gave no answer that makes sense");
	else if (!json_is_true(json_object_get(answer, "ok")))
		status = err_perm(err, "tidingsd: %s", why != NULL ? why : "it did not work");
	else if (answer_r != NULL)
		*answer_r = json_incref(answer);
	json_decref(answer);
	return status;
}

static enum td_status
exchange(int fd, const char *question, struct buf *text, struct err *err)
{
	int64_t deadline = clock_monotonic_ms() + CONTROL_SECONDS * 1000;

	buf_printf(text, "%s\n", question);
	if (text->len > CONTROL_QUESTION_MAX)
		return err_perm(err, "the question to tidingsd is too long");
	if (!say(fd, buf_span(text), deadline))
		return err_perm(err, "tidingsd does not listen");
	buf_clear(text);
	if (!hear(fd, text, deadline))
		return err_perm(err, "tidingsd did not answer within %d seconds; its log says what "
		    "it does, and stopping and starting it does no harm", CONTROL_SECONDS);
	return TD_OK;
}

enum td_status
control_ask(const char *run_dir, const char *question, json_t **answer_r, struct err *err)
{
	enum td_status status;
	struct buf text;
	int fd = -1;

	buf_init(&text, CONTROL_ANSWER_MAX);
	status = dial(run_dir, &fd, err);
	if (status == TD_OK)
		status = exchange(fd, question, &text, err);
	if (status == TD_OK)
		status = take_answer(&text, answer_r, err);
	if (fd >= 0)
		close(fd);
	buf_release(&text);
	return status;
}
