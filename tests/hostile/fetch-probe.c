/* SPDX-License-Identifier: ISC */
/*
 * fetch-probe: runs the real fetch worker and plays its parent, so that a test can see what the
 * worker says and nothing else is in the way.
 *
 *	fetch-probe [--seconds N] [--mail-bytes N] [--hold] [--no-ack] [--quiet]
 *	    [--fds N] MAILBOX...
 *
 * A MAILBOX is key=value,...: name host port tls (implicit, starttls, none) allow-plain ca pin
 * user password account timeout folder maildir after (leave, flag, move) move-to poll idle (1, 0)
 * recheck.
 * It prints a line a frame:
 *
 *	TOKEN name number why (it was refused)
 *	READY | OPENED name uidvalidity exists | MAIL name uid size headers-only bytes sha256
 *	SCANNED name highest mails | ACKED name uid... | TROUBLE name permanent text
 *	EXIT status peak-kilobytes
 *
 * It remembers UIDs as a store would, and acknowledges mails in the groups that they come in.
 * Lines on standard input: "poll", "go" (answers the OPENED that --hold kept back), "ack"
 * (no more --no-ack), "token TEXT" (an access token of the account "a", with the next number),
 * "stop".
 * Exit 3: --seconds went by.
 */
#include "config.h"

#include <gnutls/crypto.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parsers/base/num.h"
#include "daemon/clock.h"
#include "daemon/fetch/worker.h"
#include "parsers/base/wire.h"
#include "daemon/log.h"

#define KNOWN_MAX 200000
#define MAIL_MAX (64u * 1024 * 1024)

struct box {
	const char *name;
	uint32_t uidvalidity, watermark;
	uint32_t known[KNOWN_MAX];
	size_t n_known;
	uint32_t pending[1000]; /* to be acknowledged */
	size_t n_pending;
	bool held;
};

struct probe {
	struct arena *arena;
	struct chan *chan;
	pid_t worker;
	struct box *boxes;
	size_t n_boxes;
	uint64_t fds; /* descriptors to be open before the worker starts */
	bool hold, no_ack, quiet, stopping;
	uint64_t seconds;
	uint32_t n_tokens;
	uint64_t mails;
	int64_t first, last; /* ms, for --quiet */
};

static void
die(const char *what)
{
	fprintf(stderr, "fetch-probe: %s\n", what);
	exit(2);
}

static uint64_t
number(struct span s)
{
	uint64_t n = 0;

	if (!num_u64(s, UINT32_MAX, &n))
		die("a number was expected");
	return n;
}

/* --- configuration --- */

static void
set_tls(struct conf_server *server, const char *value)
{
	if (strcmp(value, "implicit") == 0)
		server->tls = CONF_TLS_IMPLICIT;
	else if (strcmp(value, "starttls") == 0)
		server->tls = CONF_TLS_STARTTLS;
	else
		server->tls = CONF_TLS_NONE;
}

static void
set_after(struct conf_mailbox *conf, const char *value)
{
	if (strcmp(value, "flag") == 0)
		conf->after = CONF_AFTER_FLAG;
	else if (strcmp(value, "move") == 0)
		conf->after = CONF_AFTER_MOVE;
	else
		conf->after = CONF_AFTER_LEAVE;
}

static void
set_key(struct fetch_mailbox *mailbox, struct span key, const char *value)
{
	struct conf_mailbox *conf = &mailbox->conf;
	struct conf_server *server = &conf->server;
	const struct {
		const char *key;
		const char **text;
	} texts[] = {
		{"name", &conf->name}, {"host", &server->host}, {"ca", &server->ca_file},
		{"pin", &server->pin_sha256}, {"user", &server->user},
		{"password", &mailbox->password}, {"account", &mailbox->account},
		{"folder", &conf->folder}, {"maildir", &conf->maildir},
		{"move-to", &conf->move_to},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (span_is(key, texts[i].key)) {
			*texts[i].text = value;
			return;
		}
	}
	if (span_is(key, "port"))
		server->port = (uint16_t)number(span_of(value));
	else if (span_is(key, "timeout"))
		server->timeout = (uint32_t)number(span_of(value));
	else if (span_is(key, "poll"))
		conf->poll = (uint32_t)number(span_of(value));
	else if (span_is(key, "idle"))
		conf->idle = number(span_of(value)) != 0;
	else if (span_is(key, "recheck"))
		conf->recheck = (uint32_t)number(span_of(value));
	else if (span_is(key, "allow-plain"))
		server->allow_plain = true;
	else if (span_is(key, "tls"))
		set_tls(server, value);
	else if (span_is(key, "after"))
		set_after(conf, value);
	else
		die("unknown key of a mailbox");
}

static struct fetch_mailbox
parse_mailbox(struct arena *arena, const char *text)
{
	struct fetch_mailbox mailbox = {
	    .conf = {.name = "main", .folder = "INBOX", .poll = 60, .recheck = 300}};
	struct span rest = span_of(text), field, key;

	mailbox.conf.server.timeout = 10;
	while (span_next_field(&rest, ',', &field)) {
		if (!span_next_field(&field, '=', &key))
			die("key=value was expected");
		set_key(&mailbox, key, arena_span(arena, field));
	}
	return mailbox;
}

/* --- the parent's part --- */

static void
say(struct probe *probe, enum frame_type type, struct buf *payload)
{
	struct err err;

	if (chan_send(probe->chan, type, 0, buf_span(payload), -1, &err) == TD_PERM)
		probe->stopping = true;
	buf_release(payload);
}

static struct box *
box_of(struct probe *probe, const char *name)
{
	for (size_t i = 0; i < probe->n_boxes; i++)
		if (name != NULL && strcmp(probe->boxes[i].name, name) == 0)
			return &probe->boxes[i];
	die("a frame names no mailbox");
	return NULL;
}

static void
send_known(struct probe *probe, struct box *box, size_t from, size_t to, bool more)
{
	struct buf out;

	buf_init(&out, FRAME_MAX);
	wire_put_str(&out, box->name);
	wire_put_u32(&out, box->uidvalidity);
	wire_put_u32(&out, box->watermark);
	wire_put_u8(&out, more);
	wire_put_u32(&out, (uint32_t)(to - from));
	for (size_t i = from; i < to; i++) {
		wire_put_u32(&out, box->known[i]);
		wire_put_u32(&out, box->known[i]);
	}
	say(probe, FRAME_CURSOR, &out);
}

/* In two frames, since the worker has to take any number. */
static void
send_cursor(struct probe *probe, struct box *box)
{
	send_known(probe, box, 0, box->n_known / 2, true);
	send_known(probe, box, box->n_known / 2, box->n_known, false);
}

static void
send_acks(struct probe *probe, struct box *box)
{
	struct buf out;

	if (box->n_pending == 0 || probe->no_ack)
		return;
	buf_init(&out, FRAME_MAX);
	wire_put_str(&out, box->name);
	wire_put_u32(&out, box->uidvalidity);
	wire_put_u32(&out, (uint32_t)box->n_pending);
	for (size_t i = 0; i < box->n_pending; i++) {
		wire_put_u32(&out, box->pending[i]);
		wire_put_u8(&out, 1);
	}
	box->n_pending = 0;
	say(probe, FRAME_ACK, &out);
}

static void
on_opened(struct probe *probe, struct box *box, struct wire_reader *in)
{
	uint32_t uidvalidity = wire_get_u32(in);

	printf("OPENED %s %u %u\n", box->name, uidvalidity, wire_get_u32(in));
	if (probe->first == 0)
		probe->first = clock_monotonic_ms();
	if (uidvalidity != box->uidvalidity) {
		box->uidvalidity = uidvalidity;
		box->watermark = 0;
		box->n_known = box->n_pending = 0;
	}
	if (probe->hold)
		box->held = true;
	else
		send_cursor(probe, box);
}

static const char *
digest(struct span bytes)
{
	static char hex[65];
	unsigned char hash[32];

	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes.ptr, bytes.len, hash) < 0)
		die("no SHA-256");
	for (size_t i = 0; i < sizeof hash; i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	return hex;
}

static void
on_mail(struct probe *probe, struct box *box, struct wire_reader *in, int fd)
{
	uint32_t uid;
	int64_t date;
	uint64_t size;
	struct span bytes;
	struct err err;

	(void)wire_get_u32(in);
	uid = wire_get_u32(in);
	date = wire_get_i64(in);
	size = wire_get_u64(in);
	probe->mails++;
	if (!probe->quiet) {
		if (memfd_map(fd, MAIL_MAX, &bytes, &err) != TD_OK)
			die(err.text);
		printf("MAIL %s %u %llu %d %zu %s %lld\n", box->name, uid,
		    (unsigned long long)size, wire_get_u8(in), bytes.len, digest(bytes),
		    (long long)date);
		memfd_unmap(bytes);
	}
	close(fd);
	if (box->n_known < KNOWN_MAX)
		box->known[box->n_known++] = uid;
	box->pending[box->n_pending++] = uid;
	if (box->n_pending == sizeof box->pending / sizeof *box->pending)
		send_acks(probe, box);
}

static void
on_acked(struct box *box, struct wire_reader *in, bool quiet)
{
	uint32_t n;

	(void)wire_get_u32(in);
	n = wire_get_u32(in);
	if (quiet)
		return;
	printf("ACKED %s", box->name);
	for (uint32_t i = 0; i < n && !in->bad; i++)
		printf(" %u", wire_get_u32(in));
	printf("\n");
}

static void
on_scanned(struct probe *probe, struct box *box, struct wire_reader *in)
{
	uint32_t highest, mails;

	(void)wire_get_u32(in);
	highest = wire_get_u32(in);
	mails = wire_get_u32(in);
	printf("SCANNED %s %u %u\n", box->name, highest, mails);
	probe->last = clock_monotonic_ms();
	if (highest > box->watermark)
		box->watermark = highest;
}

static void
on_frame(struct probe *probe, struct frame *frame)
{
	struct wire_reader in = wire_reader_of(frame->payload);
	struct arena *arena = arena_create();
	struct box *box = frame->type == FRAME_READY ? NULL :
	    box_of(probe, wire_get_str(&in, arena));
	uint32_t number;
	int permanent;

	if (box == NULL) {
		printf("READY\n");
	} else if (frame->type == FRAME_OPENED) {
		on_opened(probe, box, &in);
	} else if (frame->type == FRAME_MAIL) {
		on_mail(probe, box, &in, frame->fd);
	} else if (frame->type == FRAME_SCANNED) {
		on_scanned(probe, box, &in);
	} else if (frame->type == FRAME_ACKED) {
		on_acked(box, &in, probe->quiet);
	} else if (frame->type == FRAME_TOKEN_REFUSED) {
		number = wire_get_u32(&in);
		printf("TOKEN %s %u %s\n", box->name, number, wire_get_str(&in, arena));
	} else if (frame->type == FRAME_TROUBLE) {
		permanent = wire_get_u8(&in);
		printf("TROUBLE %s %d %s\n", box->name, permanent, wire_get_str(&in, arena));
	}
	fflush(stdout);
	arena_destroy(&arena);
}

static void
take_frames(struct probe *probe)
{
	struct frame frame;
	struct err err;
	enum td_status status;

	while ((status = chan_recv(probe->chan, 0, &frame, &err)) == TD_OK)
		on_frame(probe, &frame);
	if (status == TD_PERM)
		probe->stopping = true;
	for (size_t i = 0; i < probe->n_boxes; i++)
		send_acks(probe, &probe->boxes[i]);
}

static void
take_command(struct probe *probe)
{
	char line[20000];
	struct buf out;

	buf_init(&out, sizeof line + 100);
	if (fgets(line, sizeof line, stdin) == NULL || strcmp(line, "stop\n") == 0) {
		probe->stopping = true;
	} else if (strcmp(line, "poll\n") == 0) {
		wire_put_str(&out, NULL);
		say(probe, FRAME_POLL, &out);
	} else if (strncmp(line, "token ", 6) == 0) {
		line[strcspn(line, "\n")] = '\0';
		wire_put_str(&out, "a");
		wire_put_u32(&out, ++probe->n_tokens);
		wire_put_str(&out, line + 6);
		say(probe, FRAME_TOKEN, &out);
	} else if (strcmp(line, "ack\n") == 0) {
		probe->no_ack = false;
		for (size_t i = 0; i < probe->n_boxes; i++)
			send_acks(probe, &probe->boxes[i]);
	} else if (strcmp(line, "go\n") == 0) {
		for (size_t i = 0; i < probe->n_boxes; i++)
			if (probe->boxes[i].held)
				send_cursor(probe, &probe->boxes[i]);
	}
}

static bool
run(struct probe *probe)
{
	int64_t end = clock_monotonic_ms() + (int64_t)probe->seconds * 1000;

	setvbuf(stdin, NULL, _IONBF, 0);
	while (!probe->stopping) {
		short events = (short)(POLLIN | (chan_wants_write(probe->chan) ? POLLOUT : 0));
		struct pollfd fds[2] = {{chan_fd(probe->chan), events, 0}, {0, POLLIN, 0}};
		int64_t left = end - clock_monotonic_ms();
		struct err err;

		if (left <= 0)
			return false;
		if (poll(fds, 2, (int)left) < 0)
			die("poll");
		if ((fds[0].revents & POLLOUT) != 0 && chan_flush(probe->chan, &err) == TD_PERM)
			probe->stopping = true;
		if (fds[0].revents != 0)
			take_frames(probe);
		if (fds[1].revents != 0)
			take_command(probe);
	}
	return true;
}

/* So that the worker's sockets have higher numbers than select can take. */
static void
open_descriptors(uint64_t count)
{
	struct rlimit limit;

	if (count == 0)
		return;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		die("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		die("setrlimit");
	while (count-- > 0)
		if (dup(0) < 0)
			die("dup");
}

static void
start(struct probe *probe, const struct fetch_conf *conf)
{
	int pair[2];
	struct buf out;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		die("socketpair");
	probe->worker = fork();
	if (probe->worker < 0)
		die("fork");
	if (probe->worker == 0) {
		open_descriptors(probe->fds);
		struct chan *chan = chan_create(pair[1]);
		int status;

		close(pair[0]);
		arena_destroy(&probe->arena);
		log_init("fetch", LOG_LEVEL_DEBUG);
		status = fetch_worker(chan);
		chan_destroy(&chan);
		exit(status);
	}
	close(pair[1]);
	probe->chan = chan_create(pair[0]);
	buf_init(&out, FRAME_MAX);
	fetch_conf_encode(&out, conf);
	say(probe, FRAME_CONF, &out);
}

static void
finish(struct probe *probe)
{
	struct rusage usage;
	struct buf none;
	struct err err;
	int status = 0;

	buf_init(&none, 1);
	say(probe, FRAME_STOP, &none);
	if (chan_flush(probe->chan, &err) == TD_OK)
		shutdown(chan_fd(probe->chan), SHUT_WR);
	if (wait4(probe->worker, &status, 0, &usage) < 0)
		die("wait4");
	if (probe->quiet && probe->last > probe->first)
		printf("RATE %llu mails in %lld ms: %.0f mails/s\n",
		    (unsigned long long)probe->mails, (long long)(probe->last - probe->first),
		    1000.0 * (double)probe->mails / (double)(probe->last - probe->first));
	printf("EXIT %d %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
	    usage.ru_maxrss);
	chan_destroy(&probe->chan);
}

int
main(int argc, char **argv)
{
	struct probe probe = {.seconds = 60, .arena = arena_create()};
	struct fetch_conf conf = {.mail_bytes = 25u * 1024 * 1024};
	struct fetch_mailbox *mailboxes = arena_array(probe.arena, (size_t)argc,
	    sizeof *mailboxes);
	bool in_time;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc)
			probe.seconds = number(span_of(argv[++i]));
		else if (strcmp(argv[i], "--mail-bytes") == 0 && i + 1 < argc)
			conf.mail_bytes = number(span_of(argv[++i]));
		else if (strcmp(argv[i], "--fds") == 0 && i + 1 < argc)
			probe.fds = number(span_of(argv[++i]));
		else if (strcmp(argv[i], "--hold") == 0)
			probe.hold = true;
		else if (strcmp(argv[i], "--no-ack") == 0)
			probe.no_ack = true;
		else if (strcmp(argv[i], "--quiet") == 0)
			probe.quiet = true;
		else
			mailboxes[conf.n_mailboxes++] = parse_mailbox(probe.arena, argv[i]);
	}
	conf.mailboxes = mailboxes;
	probe.n_boxes = conf.n_mailboxes;
	probe.boxes = td_alloc((probe.n_boxes + 1) * sizeof *probe.boxes);
	for (size_t i = 0; i < probe.n_boxes; i++)
		probe.boxes[i].name = mailboxes[i].conf.name;
	start(&probe, &conf);
	in_time = run(&probe);
	finish(&probe);
	free(probe.boxes);
	arena_destroy(&probe.arena);
	return in_time ? 0 : 3;
}
