/* SPDX-License-Identifier: ISC */
/*
 * smtp-drive: hands mails to daemon/send from the command line, for tests. The configuration is
 * key=value words (host, port, tls, ca, pin, user, password, timeout, helo); then one of
 *
 *	probe                        smtp_probe
 *	direct SENDER RCPT,... FILE  smtp_send, a line for each recipient
 *	worker [no-go] [stop] SENDER RCPT FILE [SENDER RCPT FILE ...]
 *	                             the worker behind a channel: all mails are queued at once;
 *	                             FRAME_GO is answered unless no-go; stop sends FRAME_STOP
 *	                             at the end of standard input, and waits for its end
 *
 * "-" is the empty sender; "repeat N" before these does `direct` N times on one session.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parsers/base/num.h"
#include "parsers/base/wire.h"
#include "daemon/send/smtp.h"

static const char *const result_names[] = {"SENT", "TEMP", "PERM", "UNKNOWN"};

static struct span
slurp(struct arena *arena, const char *path)
{
	FILE *f = fopen(path, "rb");
	char *bytes = arena_alloc(arena, 1 << 22);
	size_t n;

	if (f == NULL) {
		perror(path);
		exit(2);
	}
	n = fread(bytes, 1, 1 << 22, f);
	fclose(f);
	return (struct span){bytes, n};
}

static void
take_key(struct send_conf *conf, struct arena *arena, const char *word)
{
	static const char *const tls[] = {"implicit", "starttls", "none"};
	struct span rest = span_of(word), key;
	struct conf_server *server = &conf->transport.server;
	uint32_t number = 0;
	const char *value;

	span_next_field(&rest, '=', &key);
	value = arena_span(arena, rest);
	(void)num_u32(rest, 65535, &number);
	if (span_is(key, "host"))
		server->host = value;
	else if (span_is(key, "port"))
		server->port = (uint16_t)number;
	else if (span_is(key, "ca"))
		server->ca_file = value;
	else if (span_is(key, "pin"))
		server->pin_sha256 = value;
	else if (span_is(key, "user"))
		server->user = value;
	else if (span_is(key, "password"))
		conf->password = value;
	else if (span_is(key, "timeout"))
		server->timeout = number;
	else if (span_is(key, "helo"))
		conf->transport.helo = value;
	for (size_t i = 0; i < 3; i++)
		if (span_is(key, "tls") && strcmp(value, tls[i]) == 0)
			server->tls = (enum conf_tls)i;
}

static const char *
sender_of(const char *word)
{
	return strcmp(word, "-") == 0 ? "" : word;
}

static int
drive_direct(struct smtp *smtp, struct arena *arena, char **words)
{
	const char *rcpts[SMTP_RCPTS_MAX];
	struct smtp_result results[SMTP_RCPTS_MAX];
	struct span list = span_of(words[1]), one;
	struct smtp_mail mail = {.sender = sender_of(words[0]), .rcpts = rcpts};

	while (span_next_field(&list, ',', &one) && mail.n_rcpts < SMTP_RCPTS_MAX)
		rcpts[mail.n_rcpts++] = arena_span(arena, one);
	mail.bytes = slurp(arena, words[2]);
	smtp_send(smtp, &mail, results);
	for (size_t i = 0; i < mail.n_rcpts; i++)
		printf("%s %s\n", result_names[results[i].result], results[i].reply.text);
	return 0;
}

/* ---- the worker ------------------------------------------------------------------------------ */

static void
must(enum td_status status, const struct err *err)
{
	if (status != TD_OK) {
		fprintf(stderr, "smtp-drive: %s\n", err->text);
		exit(2);
	}
}

static size_t
queue_mails(struct chan *chan, struct arena *arena, char **words)
{
	size_t n = 0;

	for (; words[0] != NULL && words[1] != NULL && words[2] != NULL; words += 3) {
		struct span bytes = slurp(arena, words[2]);
		struct buf payload;
		struct err err;
		int fd = memfd_sealed(bytes.ptr, bytes.len, &err);

		buf_init(&payload, FRAME_MAX);
		wire_put_str(&payload, sender_of(words[0]));
		wire_put_str(&payload, words[1]);
		must(chan_send(chan, FRAME_SEND, ++n, buf_span(&payload), fd, &err), &err);
		buf_release(&payload);
	}
	return n;
}

/* Until each mail has its result; ends: until the worker has ended. */
static void
serve(struct chan *chan, struct arena *arena, size_t n_mails, bool go, bool ends)
{
	struct frame frame;
	struct err err;

	while (n_mails > 0 || ends) {
		struct wire_reader in;
		uint8_t result;
		enum td_status status = chan_recv(chan, 60000, &frame, &err);

		if (ends && status == TD_PERM)
			return;
		must(status, &err);
		in = wire_reader_of(frame.payload);
		if (frame.type == FRAME_READY)
			puts("READY");
		if (frame.type == FRAME_DOT) {
			printf("DOT %d\n", (int)frame.id);
			if (go)
				must(chan_send(chan, FRAME_GO, frame.id, SPAN(""), -1, &err), &err);
			else /* the parent could not commit and ends */
				must(chan_send(chan, FRAME_STOP, 0, SPAN(""), -1, &err), &err);
		}
		if (frame.type != FRAME_SENT)
			continue;
		result = wire_get_u8(&in);
		(void)wire_get_u8(&in); /* whether any mail would have met it */
		printf("%s %d %s\n", result <= SEND_UNKNOWN ? result_names[result] : "?",
		    (int)frame.id, wire_get_str(&in, arena));
		n_mails--;
	}
}

static int
drive_worker(const struct send_conf *conf, struct arena *arena, char **words)
{
	bool go = true, stop = false;
	struct chan *chan;
	struct buf payload;
	struct err err;
	int fds[2], wstatus = 0;
	size_t n;
	pid_t pid;

	for (; *words != NULL && words[0][2] != '\0'; words++) {
		if (strcmp(*words, "no-go") == 0)
			go = false;
		else if (strcmp(*words, "stop") == 0)
			stop = true;
		else
			break;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0 || (pid = fork()) < 0)
		return 2;
	if (pid == 0) {
		close(fds[0]);
		chan = chan_create(fds[1]);
		wstatus = send_worker(chan);
		chan_destroy(&chan);
		arena_destroy(&arena);
		exit(wstatus);
	}
	close(fds[1]);
	chan = chan_create(fds[0]);
	buf_init(&payload, FRAME_MAX);
	send_conf_encode(&payload, conf);
	must(chan_send(chan, FRAME_CONF, 0, buf_span(&payload), -1, &err), &err);
	buf_release(&payload);
	n = queue_mails(chan, arena, words);
	if (stop) {
		while (getchar() != EOF)
			;
		must(chan_send(chan, FRAME_STOP, 0, SPAN(""), -1, &err), &err);
	}
	serve(chan, arena, n, go, stop || !go);
	if (!stop && go)
		must(chan_send(chan, FRAME_STOP, 0, SPAN(""), -1, &err), &err);
	waitpid(pid, &wstatus, 0);
	printf("EXIT %d\n", WIFEXITED(wstatus) ? WEXITSTATUS(wstatus) : -WTERMSIG(wstatus));
	chan_destroy(&chan);
	return 0;
}

/* ---- what to do ------------------------------------------------------------------------------ */

static int
drive(const struct send_conf *conf, struct arena *arena, char **words)
{
	struct smtp *smtp;
	uint32_t times = 1;
	struct err err;

	if (*words != NULL && strcmp(*words, "worker") == 0)
		return drive_worker(conf, arena, words + 1);
	if (*words != NULL && strcmp(*words, "repeat") == 0) {
		(void)num_u32(span_of(words[1]), 1000, &times);
		words += 2;
	}
	if (*words == NULL)
		return 2;
	smtp = smtp_create(conf);
	if (strcmp(*words, "probe") == 0)
		printf("%s\n", smtp_probe(smtp, &err) == TD_OK ? "OK" : err.text);
	else
		for (; times > 0; times--)
			drive_direct(smtp, arena, words + 1);
	smtp_destroy(&smtp);
	return 0;
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_create();
	struct send_conf conf = {.transport = {.name = "test",
	    .server = {.host = "127.0.0.1", .tls = CONF_TLS_NONE, .timeout = 10}}};
	char **words = argv + 1;
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (; *words != NULL && strchr(*words, '=') != NULL; words++)
		take_key(&conf, arena, *words);
	status = drive(&conf, arena, words);
	arena_destroy(&arena);
	return status;
}
