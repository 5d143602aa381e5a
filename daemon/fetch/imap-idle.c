/* SPDX-License-Identifier: ISC */
/*
 * imap-idle: waiting for news without asking (IDLE, RFC 2177). The command is spoken here and not
 * by the library, which takes data ahead of the "+" for the answer and then waits for the end of
 * the command. Only lines are read, from the library's buffer first and then from the stream, so
 * that nothing that is buffered anywhere is waited for.
 *
 * Most of what comes is no news: "still here", flags, tickets of TLS. The connection stays in IDLE
 * then. A server whose IDLE fails several times in a row, or that refuses it, is polled for a
 * while. An idle connection keeps small buffers.
 */
#include "config.h"

#include "daemon/fetch/imap-private.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/base/num.h"
#include "daemon/clock.h"

#define IDLE_TAG "idle"
#define IDLE_BYTES (1024u * 1024)         /* that may come in one IDLE */
#define IDLE_BUFFER 512u                  /* of the stream while it is idle */
#define IDLE_TRIES 3u
#define IDLE_GOOD_MS (60 * 1000)          /* one that lasted so long did not fail */
#define IDLE_REST_MS (30 * 60 * 1000)

enum line {
	LINE_QUIET, /* nothing to do with new mail */
	LINE_NEWS,  /* EXISTS */
	LINE_GO,    /* "+": the server is idling */
	LINE_END,   /* the command is over */
	LINE_REFUSED,
	LINE_BYE,
	LINE_ODD,   /* nothing that can be read on after */
};

/* --- lines --- */

static enum line
judge_status(struct span word, bool tagged)
{
	if (span_ieq(word, SPAN("OK")))
		return tagged ? LINE_END : LINE_QUIET;
	if (span_ieq(word, SPAN("NO")) || span_ieq(word, SPAN("BAD")))
		return tagged ? LINE_REFUSED : LINE_QUIET;
	return tagged ? LINE_ODD : LINE_BYE;
}

static bool
is_status(struct span word)
{
	return span_ieq(word, SPAN("OK")) || span_ieq(word, SPAN("NO")) ||
	    span_ieq(word, SPAN("BAD")) || span_ieq(word, SPAN("BYE"));
}

static enum line
judge(struct span line, uint32_t *exists_r)
{
	struct span rest = line, first, second = {NULL, 0}, third = {NULL, 0};
	uint32_t number;

	if (!span_next_word(&rest, &first))
		return LINE_ODD;
	if (span_is(first, "+"))
		return LINE_GO;
	if (!span_next_word(&rest, &second))
		return LINE_ODD;
	if (span_is(first, IDLE_TAG))
		return judge_status(second, true);
	if (span_is(first, "*") && is_status(second))
		return judge_status(second, false);
	/* a literal would have to be read over, and nothing that has one is expected */
	if (!span_is(first, "*") || line.ptr[line.len - 1] == '}')
		return LINE_ODD;
	if (num_u32(second, UINT32_MAX, &number) && span_next_word(&rest, &third) &&
	    span_ieq(third, SPAN("EXISTS"))) {
		*exists_r = number;
		return LINE_NEWS;
	}
	return LINE_QUIET;
}

ssize_t
imap_fill(struct imap *imap, bool wait)
{
	mailstream *stream = imap->session->imap_stream;
	size_t room = stream->buffer_max_size - stream->read_buffer_len;
	char *at = stream->read_buffer + stream->read_buffer_len;
	ssize_t n;

	if (room == 0)
		return -1; /* a line that long says nothing that we need */
	n = wait ? mailstream_low_read(stream->low, at, room) :
	    tls_read_now(imap->stream, at, room);
	if (n > 0)
		stream->read_buffer_len += (size_t)n;
	return n;
}

/* The next line; as imap_fill for what it gives. */
static ssize_t
next_line(struct imap *imap, bool wait, enum line *line_r)
{
	mailstream *stream = imap->session->imap_stream;
	const char *end;
	size_t len;

	while ((end = memchr(stream->read_buffer, '\n', stream->read_buffer_len)) == NULL) {
		ssize_t n = imap_fill(imap, wait);

		if (n <= 0)
			return n;
	}
	len = (size_t)(end - stream->read_buffer) + 1;
	*line_r = judge(span_trim((struct span){stream->read_buffer, len}), &imap->exists);
	if (*line_r == LINE_NEWS)
		imap->news = true;
	stream->read_buffer_len -= len;
	memmove(stream->read_buffer, end + 1, stream->read_buffer_len);
	return 1;
}

bool
imap_say(struct imap *imap, const char *line)
{
	mailstream *stream = imap->session->imap_stream;
	size_t len = strlen(line);

	return mailstream_write(stream, line, len) == (ssize_t)len &&
	    mailstream_flush(stream) == 0;
}

/* The stream's two buffers; left alone while there is more in them. */
static void
resize_buffers(struct imap *imap, size_t size)
{
	mailstream *stream = imap->session->imap_stream;
	char *in, *out;

	if (stream->read_buffer_len > size || stream->write_buffer_len > 0)
		return;
	in = td_alloc(size);
	out = td_alloc(size);
	memcpy(in, stream->read_buffer, stream->read_buffer_len);
	free(stream->read_buffer);
	free(stream->write_buffer);
	stream->read_buffer = in;
	stream->write_buffer = out;
	stream->buffer_max_size = size;
}

/* --- begin, listen, end --- */

static void
count_failure(struct imap *imap)
{
	int64_t now = clock_monotonic_ms();

	if (imap->idling && now - imap->idle_since >= IDLE_GOOD_MS)
		imap->idle_failures = 0;
	if (++imap->idle_failures < IDLE_TRIES)
		return;
	imap->idle_failures = 0;
	imap->idle_rest = now + IDLE_REST_MS;
	imap->idle_why = "its IDLE failed several times in a row";
}

static enum td_status
failed(struct imap *imap, struct err *err)
{
	const struct conf_server *server = &imap->conf->conf.server;
	const char *why = tls_why(imap->stream);

	count_failure(imap);
	(void)err_temp(err, "%s:%u: waiting for news failed, the server %s", server->host,
	    server->port, why != NULL ? why : "ended it");
	imap_drop(imap);
	return TD_TEMP;
}

static enum td_status
begin(struct imap *imap, struct err *err)
{
	enum line line = LINE_QUIET;
	ssize_t n;

	imap_begin_own(imap, 0, IDLE_BYTES);
	n = imap_say(imap, IDLE_TAG " IDLE\r\n") ? 1 : -1;
	while (n > 0 && (line == LINE_QUIET || line == LINE_NEWS))
		n = next_line(imap, true, &line);
	if (n > 0 && line == LINE_GO) {
		imap->idling = true;
		imap->idle_since = clock_monotonic_ms();
		resize_buffers(imap, IDLE_BUFFER);
		return TD_OK;
	}
	if (n <= 0 || line != LINE_REFUSED)
		return failed(imap, err);
	imap->idle_rest = clock_monotonic_ms() + IDLE_REST_MS;
	imap->idle_why = "it refuses IDLE";
	return TD_OK;
}

static enum td_status
take_what_came(struct imap *imap, struct err *err)
{
	enum line line = LINE_QUIET;
	ssize_t n = 1;

	while (n > 0 && (line == LINE_QUIET || line == LINE_NEWS || line == LINE_GO))
		n = next_line(imap, false, &line);
	return n == 0 ? TD_OK : failed(imap, err);
}

enum td_status
imap_idle_end(struct imap *imap, struct err *err)
{
	enum line line = LINE_QUIET;
	ssize_t n;

	if (!imap->idling)
		return TD_OK;
	imap_begin_own(imap, 0, IDLE_BYTES);
	resize_buffers(imap, IMAP_STREAM_BUFFER);
	n = imap_say(imap, "DONE\r\n") ? 1 : -1;
	while (n > 0 && (line == LINE_QUIET || line == LINE_NEWS || line == LINE_GO))
		n = next_line(imap, true, &line);
	if (n <= 0 || (line != LINE_END && line != LINE_REFUSED))
		return failed(imap, err);
	imap->idling = false;
	return TD_OK;
}

/* Between the commands of the scan the library took what came. */
static bool
told_meanwhile(struct imap *imap)
{
	const struct mailimap_selection_info *info = imap->session->imap_selection_info;

	if (imap->idling || info == NULL || !info->sel_has_exists)
		return false;
	imap->exists = info->sel_exists;
	return true;
}

static bool
may_idle(struct imap *imap)
{
	return imap->session != NULL && imap->conf->conf.idle && imap_has(imap, IMAP_CAN_IDLE) &&
	    clock_monotonic_ms() >= imap->idle_rest;
}

enum td_status
imap_listen(struct imap *imap, struct source_news *news_r, struct err *err)
{
	enum td_status status = TD_OK;

	*news_r = (struct source_news){.fd = -1, .why = imap->idle_why};
	imap->idle_why = NULL;
	if (!may_idle(imap))
		return TD_OK;
	if (told_meanwhile(imap))
		imap->news = true;
	else if (!imap->idling)
		status = begin(imap, err);
	if (status == TD_OK && imap->idling)
		status = take_what_came(imap, err);
	if (status != TD_OK)
		return status;
	if (imap->idling)
		news_r->fd = tls_fd(imap->stream);
	/* only news that brought mail show that it works */
	if (imap->given > 0)
		imap->idle_failures = 0;
	news_r->any = imap->news;
	news_r->why = imap->idle_why;
	imap->idle_why = NULL;
	return TD_OK;
}
