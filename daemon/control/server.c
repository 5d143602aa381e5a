/* SPDX-License-Identifier: ISC */
/* control/server: see server.h. One small object a client; each ends by its answer or its timer. */
#include "config.h"

#include "daemon/control/server.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "daemon/control/answer.h"
#include "daemon/control/client.h"

#define CLIENTS_MAX 32
#define LARGE 65536u /* an answer whose memory goes back to the system */
#define CLIENT_MS 5000

struct client {
	struct client *next;
	struct control *control;
	int fd;
	struct loop_watch *watch;
	struct loop_timer *timer;
	struct buf in, out;
	bool answered;
	bool stop; /* ends the daemon once the answer is out */
};

struct control {
	struct loop *loop;
	struct pipeline *pipeline;
	struct sockaddr_un addr;
	int fd;
	struct loop_watch *watch;
	struct client *clients;
	size_t n_clients;
	void (*stop)(void *user);
	void *user;
};

static void
client_end(struct client *client)
{
	struct control *control = client->control;
	struct client **at = &control->clients;
	bool stop = client->stop, large = client->out.cap >= LARGE;

	while (*at != client)
		at = &(*at)->next;
	*at = client->next;
	control->n_clients--;
	loop_unwatch(&client->watch);
	loop_timer_destroy(&client->timer);
	close(client->fd);
	buf_release(&client->in);
	buf_release(&client->out);
	free(client);
	if (large) /* the JSON of many mailboxes, once asked for, is not to stay for good */
		malloc_trim(0);
	if (stop)
		control->stop(control->user);
}

static void
client_on_timer(void *user)
{
	client_end(user);
}

static void
client_write(struct client *client)
{
	while (client->out.len > 0) {
		ssize_t n = send(client->fd, client->out.ptr, client->out.len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			loop_watch_set(client->watch, LOOP_WRITE);
			return;
		}
		if (n <= 0)
			break;
		buf_drop_front(&client->out, (size_t)n);
	}
	client_end(client);
}

static void
client_answer(struct client *client, struct span line)
{
	struct control *control = client->control;

	client->answered = true;
	client->stop = control_answer(control->pipeline, line, &client->out);
	buf_putc(&client->out, '\n');
	client_write(client);
}

/* False when the client is gone or says more than it may. */
static bool
client_read(struct client *client)
{
	char bytes[1024];
	ssize_t n;

	for (;;) {
		n = recv(client->fd, bytes, sizeof bytes, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		if (n == 0)
			return false;
		buf_put(&client->in, bytes, (size_t)n);
		if (client->in.over)
			return false;
		if (memchr(bytes, '\n', (size_t)n) != NULL)
			return true;
	}
}

static void
client_on_event(void *user, unsigned events)
{
	struct client *client = user;
	struct span rest, line;

	if (client->answered) {
		client_write(client);
		return;
	}
	if (!client_read(client)) {
		client_end(client);
		return;
	}
	rest = buf_span(&client->in);
	if (span_find_byte(rest, '\n') < rest.len && span_next_line(&rest, &line))
		client_answer(client, line);
}

static const char crowded[] =
    "{\"ok\":false,\"error\":\"too many ask at once; try again in a few seconds\"}\n";

static void
control_on_accept(void *user, unsigned events)
{
	struct control *control = user;
	int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *client;

	if (fd < 0)
		return;
	if (control->n_clients >= CLIENTS_MAX) {
		(void)!send(fd, crowded, sizeof crowded - 1, MSG_NOSIGNAL);
		close(fd);
		return;
	}
	client = td_alloc(sizeof *client);
	*client = (struct client){.next = control->clients, .control = control, .fd = fd};
	buf_init(&client->in, CONTROL_QUESTION_MAX);
	buf_init(&client->out, CONTROL_ANSWER_MAX);
	client->watch = loop_watch_fd(control->loop, fd, LOOP_READ, client_on_event, client);
	client->timer = loop_timer_create(control->loop, client_on_timer, client);
	loop_timer_set(client->timer, CLIENT_MS);
	control->clients = client;
	control->n_clients++;
}

/* The daemon's lock was taken before: a socket that is there is a dead one's. */
static enum td_status
control_listen(struct control *control, struct err *err)
{
	mode_t before;
	int rc;

	control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control->fd < 0)
		return err_perm(err, "no control socket: %s", strerror(errno));
	(void)unlink(control->addr.sun_path);
	before = umask(0177);
	rc = bind(control->fd, (struct sockaddr *)&control->addr, sizeof control->addr);
	umask(before);
	if (rc < 0 || listen(control->fd, CLIENTS_MAX) < 0)
		return err_perm(err, "%s: cannot make the control socket: %s",
		    control->addr.sun_path, strerror(errno));
	return TD_OK;
}

enum td_status
control_open(struct loop *loop, struct pipeline *pipeline, const char *run_dir,
    void (*stop)(void *user), void *user, struct control **control_r, struct err *err)
{
	struct control *control = td_alloc(sizeof *control);
	char *path = control->addr.sun_path;
	int n;

	control->loop = loop;
	control->pipeline = pipeline;
	control->stop = stop;
	control->user = user;
	control->fd = -1;
	control->addr.sun_family = AF_UNIX;
	n = snprintf(path, sizeof control->addr.sun_path, "%s/" CONTROL_SOCKET, run_dir);
	if (n < 0 || (size_t)n >= sizeof control->addr.sun_path) {
		control->addr.sun_path[0] = '\0';
		control_close(&control);
		return err_perm(err,
		    "run_dir %s: the path of the control socket is too long; use a "
		    "shorter one",
		    run_dir);
	}
	if (control_listen(control, err) != TD_OK) {
		control_close(&control);
		return TD_PERM;
	}
	control->watch = loop_watch_fd(loop, control->fd, LOOP_READ, control_on_accept, control);
	*control_r = control;
	return TD_OK;
}

void
control_close(struct control **controlp)
{
	struct control *control = *controlp;

	if (control == NULL)
		return;
	while (control->clients != NULL) {
		control->clients->stop = false;
		client_end(control->clients);
	}
	loop_unwatch(&control->watch);
	if (control->fd >= 0) {
		close(control->fd);
		(void)unlink(control->addr.sun_path);
	}
	free(control);
	*controlp = NULL;
}
