/* SPDX-License-Identifier: ISC */
/* parse_worker: see parse_worker.h. Runs inside SANDBOX_PURE; its limits are put on here. */
#include "config.h"

#include "daemon/parse_worker.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/base/arena.h"
#include "parsers/glance.h"
#include "parsers/reading.h"
#include "daemon/ipc/sandbox.h"
#include "parsers/base/wire.h"
#include "daemon/ipc/worker.h"
#include "daemon/log.h"

#define ZONES_MAX 1000000u
#define KEEP_FREE (8u * 1024 * 1024) /* more than this is given back after a mail */

struct sender_zone {
	const char *address;
	const char *zone;
};

struct parse_worker {
	struct chan *chan;
	struct reading_limits limits;
	uint32_t memory_mb;
	uint32_t cpu;

	struct arena *people; /* what FRAME_CONTEXT said */
	const char *zone;
	uint32_t day_seconds;
	struct sender_zone *zones;
	size_t n_zones;

	struct arena *arena; /* of one mail */
	struct buf out;
};

void
parse_conf_encode(struct buf *out, const struct conf_limits *limits)
{
	wire_put_u64(out, limits->mail_bytes);
	wire_put_u32(out, limits->mime_depth);
	wire_put_u32(out, limits->mime_parts);
	wire_put_u32(out, limits->header_bytes);
	wire_put_u32(out, limits->commands);
	wire_put_u32(out, limits->ics_bytes);
	wire_put_u32(out, limits->parser_mb);
	wire_put_u32(out, limits->parser_cpu);
}

static enum td_status
take_conf(struct parse_worker *w, struct span payload, struct err *err)
{
	struct wire_reader r = wire_reader_of(payload);

	w->limits = reading_limits_default;
	w->limits.mail_bytes = wire_get_u64(&r);
	w->limits.mime_depth = wire_get_u32(&r);
	w->limits.mime_parts = wire_get_u32(&r);
	w->limits.header_bytes = wire_get_u32(&r);
	w->limits.commands = wire_get_u32(&r);
	w->limits.ics_bytes = wire_get_u32(&r);
	w->memory_mb = wire_get_u32(&r);
	w->cpu = wire_get_u32(&r);
	if (!wire_done(&r))
		return err_perm(err, "the limits were not understood");
	if (sandbox_limit_memory(w->memory_mb, err) != TD_OK)
		return TD_PERM;
	return chan_send(w->chan, FRAME_READY, 0, SPAN(""), -1, err);
}

static int
zone_order(const void *a, const void *b)
{
	const struct sender_zone *x = a, *y = b;

	return strcmp(x->address, y->address);
}

static const char *
zone_of(void *user, const char *address)
{
	const struct parse_worker *w = user;
	struct sender_zone key = {.address = address}, *found;

	if (w->n_zones == 0)
		return NULL;
	found = bsearch(&key, w->zones, w->n_zones, sizeof *w->zones, zone_order);
	return found != NULL ? found->zone : NULL;
}

static enum td_status
take_context(struct parse_worker *w, struct span payload, struct err *err)
{
	struct wire_reader r = wire_reader_of(payload);
	uint32_t n;

	arena_clear(w->people);
	w->n_zones = 0;
	w->zone = wire_get_str(&r, w->people);
	w->day_seconds = wire_get_u32(&r);
	n = wire_get_u32(&r);
	if (r.bad || w->zone == NULL || n > ZONES_MAX || n > payload.len)
		return err_perm(err, "the table of zones was not understood");
	w->zones = arena_array(w->people, n, sizeof *w->zones);
	for (uint32_t i = 0; i < n; i++) {
		struct sender_zone *z = &w->zones[i];

		z->address = wire_get_str(&r, w->people);
		z->zone = wire_get_str(&r, w->people);
		if (z->address == NULL || z->zone == NULL)
			return err_perm(err, "the table of zones was not understood");
	}
	if (!wire_done(&r))
		return err_perm(err, "the table of zones was not understood");
	qsort(w->zones, n, sizeof *w->zones, zone_order);
	w->n_zones = n;
	return TD_OK;
}

/* The reading, packed in w->out, or why there is none. */
static enum td_status
read_mail(struct parse_worker *w, int64_t now, struct span mail, struct err *err)
{
	struct reading_context context = {.now = now, .zone = w->zone != NULL ? w->zone : "UTC",
	    .zone_of = zone_of, .user = w, .day_seconds = w->day_seconds, .limits = &w->limits};
	struct reading *reading;
	enum td_status status = reading_parse(w->arena, mail, &context, &reading, err);

	if (status != TD_OK)
		return status;
	reading_pack(reading, &w->out);
	if (w->out.over)
		return err_perm(err, "what it says is larger than %u bytes", FRAME_MAX);
	return TD_OK;
}

/* What a large mail took goes back to the system, so that a parser at rest is small. */
static void
give_memory_back(struct parse_worker *w)
{
	arena_clear(w->arena);
	if (w->out.cap > KEEP_FREE / 8)
		buf_release(&w->out);
	if (mallinfo2().fordblks > KEEP_FREE)
		malloc_trim(0);
}

/* What the mail says of itself, behind what stands in w->out already. */
static void
put_glance(struct parse_worker *w, struct span mail)
{
	struct glance glance = glance_at(w->arena, mail);

	wire_put_str(&w->out, glance.from);
	wire_put_str(&w->out, glance.subject);
}

/* Before the reading is tried: afterwards there may be nobody left to tell. */
static enum td_status
tell_glance(struct parse_worker *w, uint64_t id, struct span mail, struct err *err)
{
	enum td_status status;

	put_glance(w, mail);
	status = chan_send(w->chan, FRAME_GLANCE, id, buf_span(&w->out), -1, err);
	buf_clear(&w->out);
	return status;
}

static enum td_status
tell_refused(struct parse_worker *w, uint64_t id, const char *why, struct span mail,
    struct err *err)
{
	buf_clear(&w->out);
	wire_put_str(&w->out, why);
	put_glance(w, mail);
	return chan_send(w->chan, FRAME_REFUSED, id, buf_span(&w->out), -1, err);
}

static enum td_status
take_mail(struct parse_worker *w, const struct frame *frame, struct err *err)
{
	struct wire_reader r = wire_reader_of(frame->payload);
	int64_t now = wire_get_i64(&r);
	bool glance = wire_get_u8(&r) != 0;
	struct span mail = {NULL, 0};
	enum td_status status, told = TD_OK;
	struct err why;

	buf_clear(&w->out);
	status = wire_done(&r) ? memfd_map(frame->fd, w->limits.mail_bytes, &mail, &why)
			       : err_perm(&why, "the request was not understood");
	close(frame->fd);
	if (status == TD_OK) {
		sandbox_limit_cpu(w->cpu);
		if (glance)
			told = tell_glance(w, frame->id, mail, err);
		status = read_mail(w, now, mail, &why);
		sandbox_limit_cpu(0);
	}
	if (told == TD_OK && status == TD_OK)
		told = chan_send(w->chan, FRAME_READING, frame->id, buf_span(&w->out), -1, err);
	else if (told == TD_OK)
		told = tell_refused(w, frame->id, why.text, mail, err);
	memfd_unmap(mail);
	give_memory_back(w);
	return told;
}

static enum td_status
take_frame(struct parse_worker *w, const struct frame *frame, struct err *err)
{
	switch ((int)frame->type) {
	case FRAME_CONF:
		return take_conf(w, frame->payload, err);
	case FRAME_CONTEXT:
		return take_context(w, frame->payload, err);
	case FRAME_PARSE:
		return take_mail(w, frame, err);
	case FRAME_CLOCK:
		return worker_take_clock(frame->payload) ? TD_OK : err_perm(err, "a wrong clock");
	}
	if (frame->fd >= 0)
		close(frame->fd);
	return err_perm(err, "a frame that is not for a parser");
}

int
parse_worker(struct chan *chan)
{
	struct parse_worker w = {.chan = chan, .limits = reading_limits_default,
	    .people = arena_create(), .arena = arena_create()};
	struct frame frame;
	struct err err;
	int exit_status = 0;

	buf_init(&w.out, FRAME_MAX);
	for (;;) {
		if (chan_recv(chan, -1, &frame, &err) != TD_OK)
			break; /* the parent is gone, and so are we */
		if (frame.type == FRAME_STOP)
			break;
		if (take_frame(&w, &frame, &err) != TD_OK) {
			log_error("%s", err.text);
			exit_status = 1;
			break;
		}
	}
	buf_release(&w.out);
	arena_destroy(&w.people);
	arena_destroy(&w.arena);
	return exit_status;
}
