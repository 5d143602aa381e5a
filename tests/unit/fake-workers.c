/* SPDX-License-Identifier: ISC */
/* fake-workers: see fake-workers.h. */
#include "config.h"

#include "tests/unit/fake-workers.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parsers/base/arena.h"
#include "parsers/reading.h"
#include "parsers/base/wire.h"
#include "daemon/ipc/worker.h"
#include "daemon/parse_worker.h"
#include "daemon/send/oauth_worker.h"

/* ---- fetch ---------------------------------------------------------------------------------- */

#define FAKE_MAILS 300u /* of which it is remembered that they are known */

struct fake {
	struct chan *chan;
	struct arena *arena;
	struct buf out;
	bool known[FAKE_MAILS];
};

static void
fetch_say(struct fake *f, enum frame_type type, int fd)
{
	struct err err;

	if (chan_send(f->chan, type, 0, buf_span(&f->out), fd, &err) != TD_OK)
		_exit(1);
	buf_clear(&f->out);
	wire_put_str(&f->out, "main");
	wire_put_u32(&f->out, 7);
}

static void
fetch_opened(struct fake *f)
{
	fetch_say(f, FRAME_READY, -1);
	wire_put_u32(&f->out, 1);
	fetch_say(f, FRAME_OPENED, -1);
}

static void
fetch_mail(struct fake *f, uint32_t uid, struct span subject)
{
	struct err err;
	char *mail;

	if (span_is(subject, "kill fetch"))
		abort();
	mail = arena_printf(f->arena, "From: Ana <ana@example.org>\r\nTo: "
	    "platform@example.org\r\nSubject: %.*s\r\nMessage-ID: <m%u@example.org>\r\n\r\nHi.\r\n",
	    SPAN_FMT(subject), uid);

	wire_put_u32(&f->out, uid);
	wire_put_i64(&f->out, 1795334400);
	wire_put_u64(&f->out, strlen(mail));
	wire_put_u8(&f->out, span_is(subject, "large"));
	wire_put_str(&f->out, NULL);
	fetch_say(f, FRAME_MAIL, memfd_sealed(mail, strlen(mail), &err));
}

static void
fetch_scan(struct fake *f, struct span payload)
{
	struct wire_reader r = wire_reader_of(payload);
	struct span rest = span_of(getenv(FAKE_SUBJECTS)), subject;
	uint32_t uid = 0, watermark, n;
	bool more;

	(void)wire_get_str(&r, f->arena);
	(void)wire_get_u32(&r);
	watermark = wire_get_u32(&r);
	more = wire_get_u8(&r) != 0;
	n = wire_get_u32(&r);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t first = wire_get_u32(&r), last = wire_get_u32(&r);

		for (uint32_t k = first; k <= last && k < FAKE_MAILS; k++)
			f->known[k] = true;
	}
	if (more)
		return;
	while (span_next_field(&rest, ',', &subject)) {
		bool skip = ++uid <= watermark;

		if (!skip && (uid >= FAKE_MAILS || !f->known[uid]))
			fetch_mail(f, uid, subject);
	}
	memset(f->known, 0, sizeof f->known);
	wire_put_u32(&f->out, uid);
	wire_put_u32(&f->out, uid);
	wire_put_u8(&f->out, 0);
	fetch_say(f, FRAME_SCANNED, -1);
}

static void
fetch_ack(struct fake *f, struct span payload)
{
	struct wire_reader r = wire_reader_of(payload);
	uint32_t n;

	(void)wire_get_str(&r, f->arena);
	(void)wire_get_u32(&r);
	n = wire_get_u32(&r);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t uid = wire_get_u32(&r);

		if (wire_get_u8(&r) == 0)
			continue;
		wire_put_u32(&f->out, 1);
		wire_put_u32(&f->out, uid);
		fetch_say(f, FRAME_ACKED, -1);
	}
}

static int
fake_fetch(struct chan *chan)
{
	struct fake f = {.chan = chan, .arena = arena_create()};
	struct frame frame;
	struct err err;

	buf_init(&f.out, FRAME_MAX);
	while (chan_recv(chan, -1, &frame, &err) == TD_OK && frame.type != FRAME_STOP) {
		if (frame.type == FRAME_CONF)
			fetch_opened(&f);
		else if (frame.type == FRAME_CURSOR)
			fetch_scan(&f, frame.payload);
		else if (frame.type == FRAME_ACK)
			fetch_ack(&f, frame.payload);
	}
	buf_release(&f.out);
	arena_destroy(&f.arena);
	return 0;
}

/* ---- parse ---------------------------------------------------------------------------------- */

enum td_status __real_reading_parse(struct arena *arena, struct span mail,
    const struct reading_context *context, struct reading **reading_r, struct err *err);
enum td_status __wrap_reading_parse(struct arena *arena, struct span mail,
    const struct reading_context *context, struct reading **reading_r, struct err *err);

static bool
says(struct span mail, const char *subject)
{
	return span_find(mail, span_of(subject)) < mail.len;
}

static bool
escapes(void)
{
	if (open("/etc/hostname", O_RDONLY) >= 0 || open("/", O_RDONLY | O_DIRECTORY) >= 0)
		return true;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_DGRAM, 0) >= 0)
		return true;
	execl("/bin/true", "true", (char *)NULL);
	return kill(getppid(), 0) == 0;
}

enum td_status
__wrap_reading_parse(struct arena *arena, struct span mail,
    const struct reading_context *context, struct reading **reading_r, struct err *err)
{
	volatile unsigned spins = 0;

	if (says(mail, "Subject: crash"))
		abort();
	while (says(mail, "Subject: spin"))
		spins++;
	while (says(mail, "Subject: hang"))
		pause();
	if (says(mail, "Subject: slow"))
		usleep(300000); /* so that another parser is through with what comes later */
	if (says(mail, "Subject: brief"))
		usleep(5000); /* longer than a mail takes anybody else */
	while (says(mail, "Subject: eat"))
		memset(arena_alloc(arena, 1 << 20), 1, 1 << 20);
	if (says(mail, "Subject: refuse"))
		return err_perm(err, "it is refused here");
	if (says(mail, "Subject: escape") && escapes())
		return err_perm(err, "the sandbox has a hole");
	return __real_reading_parse(arena, mail, context, reading_r, err);
}

/* ---- send ----------------------------------------------------------------------------------- */

static bool server_down; /* what the answer to the mail in hand says */

static void
send_say(struct chan *chan, enum frame_type type, uint64_t id, enum send_result result)
{
	struct buf out;
	struct err err;

	buf_init(&out, 100);
	if (type == FRAME_SENT) {
		wire_put_u8(&out, (uint8_t)result);
		wire_put_u8(&out, server_down);
		wire_put_str(&out, server_down ? "nobody is there" : "as the test wants it");
	}
	if (chan_send(chan, type, id, buf_span(&out), -1, &err) != TD_OK)
		_exit(1);
	buf_release(&out);
}

/* What is to come of the mail stands in its recipient. Gives false when the process is to end. */
static bool
send_take(struct chan *chan, const struct frame *frame)
{
	struct frame go;
	struct err err;

	close(frame->fd);
	if (says(frame->payload, "quit@"))
		return false;
	if (says(frame->payload, "hold@"))
		return true; /* not begun yet */
	server_down = says(frame->payload, "down@");
	if (server_down || says(frame->payload, "temp@")) {
		send_say(chan, FRAME_SENT, frame->id, SEND_TEMP);
		return true;
	}
	if (says(frame->payload, "perm@")) {
		send_say(chan, FRAME_SENT, frame->id, SEND_PERM);
		return true;
	}
	if (says(frame->payload, "wait@")) {
		send_say(chan, FRAME_DOT, frame->id, SEND_SENT);
		send_say(chan, FRAME_SENT, frame->id, chan_recv(chan, 1000, &go, &err) == TD_OK &&
		    go.type == FRAME_GO ? SEND_SENT : SEND_TEMP);
		return true;
	}
	if (says(frame->payload, "die@")) {
		send_say(chan, FRAME_DOT, frame->id, SEND_SENT);
		while (chan_recv(chan, -1, &go, &err) == TD_OK && go.id != frame->id)
			send_say(chan, FRAME_SENT, go.id, SEND_SENT);
		return false;
	}
	send_say(chan, FRAME_DOT, frame->id, SEND_SENT);
	return true;
}

static int
fake_send(struct chan *chan)
{
	struct frame frame;
	struct err err;

	while (chan_recv(chan, -1, &frame, &err) == TD_OK && frame.type != FRAME_STOP) {
		if (frame.type == FRAME_CONF)
			send_say(chan, FRAME_READY, 0, SEND_SENT);
		else if (frame.type == FRAME_GO)
			send_say(chan, FRAME_SENT, frame.id, SEND_SENT);
		else if (frame.type == FRAME_SEND && !send_take(chan, &frame))
			return 1;
	}
	return 0;
}

int
fake_worker(int argc, char **argv)
{
	enum worker_role role;

	if (argc < 3 || strcmp(argv[1], "--role") != 0 || !worker_role_of(argv[2], &role))
		return 2;
	if (getenv(FAKE_DIES) != NULL && strcmp(getenv(FAKE_DIES), argv[2]) == 0)
		abort();
	switch (role) {
	case ROLE_FETCH:
		return worker_main(role, fake_fetch);
	case ROLE_PARSE:
		return worker_main(role, parse_worker);
	case ROLE_SEND:
		return worker_main(role, fake_send);
	case ROLE_OAUTH:
		return worker_main(role, oauth_worker);
	}
	return 2;
}
