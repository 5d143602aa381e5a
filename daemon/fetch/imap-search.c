/* SPDX-License-Identifier: ISC */
/*
 * imap-search: UID SEARCH, spoken here and not by the library, which makes a list cell of each
 * number of the answer. The numbers are given on one by one as they come in, so that an answer
 * costs no memory, however long it is; limits of bytes and time are those of the stream.
 *
 * Whatever else a server says meanwhile is read over; news of mail are kept. The guard has seen all
 * of it before: numbers have 32 bits, literals a size, lines an end.
 */
#include "config.h"

#include "daemon/fetch/imap-private.h"

#include <stdio.h>
#include <string.h>

#include "parsers/base/num.h"

#define SEARCH_TAG "search"
#define HEAD_BYTES 256u /* of a line that are looked at */

enum part {
	PART_HEAD,    /* of any line */
	PART_NUMBERS, /* of a SEARCH answer */
	PART_REST,    /* what may follow its numbers (RFC 7162) */
};

enum end { END_NOT, END_OK, END_REFUSED, END_BYE, END_ODD };

struct answer {
	struct imap *imap;
	imap_take_uid *take;
	void *user;
	enum part part;
	char head[HEAD_BYTES];
	size_t head_len;
	uint64_t number, size, literal; /* literal: bytes of it still to come */
	bool in_number, in_brace, has_size;
};

static bool
is_status(struct span word)
{
	return span_ieq(word, SPAN("OK")) || span_ieq(word, SPAN("NO")) ||
	    span_ieq(word, SPAN("BAD"));
}

static void
take_exists(struct imap *imap, struct span number)
{
	struct mailimap_selection_info *info = imap->session->imap_selection_info;
	uint32_t exists;

	if (info == NULL || !num_u32(number, UINT32_MAX, &exists))
		return;
	info->sel_exists = exists;
	info->sel_has_exists = 1;
}

/* What the end of a line means; text_r is what stands behind a status. */
static enum end
judge(struct answer *a, struct span *text_r)
{
	struct span rest = span_trim((struct span){a->head, a->head_len}), first, second, third;

	if (!span_next_word(&rest, &first) || !span_next_word(&rest, &second))
		return END_ODD;
	*text_r = span_trim(rest);
	if (span_is(first, SEARCH_TAG))
		return span_ieq(second, SPAN("OK")) ? END_OK :
		    is_status(second) ? END_REFUSED : END_ODD;
	if (!span_is(first, "*"))
		return END_ODD;
	if (span_ieq(second, SPAN("BYE")))
		return END_BYE;
	if (span_next_word(&rest, &third) && span_ieq(third, SPAN("EXISTS")))
		take_exists(a->imap, second);
	return END_NOT;
}

/* Only untagged data has literals; the text of a status may look like one. */
static bool
has_literal(const struct answer *a)
{
	struct span rest = {a->head, a->head_len}, first, second;

	return a->has_size && span_next_word(&rest, &first) && span_is(first, "*") &&
	    span_next_word(&rest, &second) && !is_status(second) &&
	    !span_ieq(second, SPAN("BYE"));
}

static enum end
end_line(struct answer *a, struct span *text_r)
{
	enum end end = END_NOT;

	if (a->part == PART_HEAD && has_literal(a)) {
		a->literal = a->size;
		a->has_size = false;
		return END_NOT;
	}
	if (a->part == PART_HEAD)
		end = judge(a, text_r);
	a->part = PART_HEAD;
	a->head_len = 0;
	a->has_size = a->in_brace = false;
	return end;
}

static void
feed_brace(struct answer *a, char c)
{
	if (c == '{') {
		a->in_brace = true;
		a->has_size = false;
		a->size = 0;
	} else if (a->in_brace && c >= '0' && c <= '9') {
		a->size = a->size * 10 + (uint64_t)(c - '0');
	} else if (c != '\r') {
		a->has_size = a->in_brace && c == '}';
		a->in_brace = false;
	}
}

static void
feed_head(struct answer *a, char c)
{
	if (c == ' ' && span_ieq((struct span){a->head, a->head_len}, SPAN("* SEARCH"))) {
		a->part = PART_NUMBERS;
		a->in_number = false;
		return;
	}
	feed_brace(a, c);
	if (a->head_len < HEAD_BYTES)
		a->head[a->head_len++] = c;
}

static void
feed_number(struct answer *a, char c)
{
	if (c >= '0' && c <= '9') {
		a->number = (a->in_number ? a->number * 10 : 0) + (uint64_t)(c - '0');
		a->in_number = true;
		return;
	}
	if (a->in_number && a->number > 0 && a->number <= UINT32_MAX)
		a->take(a->user, (uint32_t)a->number);
	a->in_number = false;
	if (c != ' ' && c != '\r' && c != '\n')
		a->part = PART_REST;
}

static enum end
feed(struct answer *a, char c, struct span *text_r)
{
	if (a->literal > 0) {
		a->literal--;
		return END_NOT;
	}
	if (a->part == PART_NUMBERS)
		feed_number(a, c);
	else if (a->part == PART_HEAD && c != '\n')
		feed_head(a, c);
	return c == '\n' ? end_line(a, text_r) : END_NOT;
}

/* Reads up to the end of the answer and not past it; END_NOT: the stream failed. */
static enum end
read_answer(struct answer *a, struct span *text_r)
{
	mailstream *stream = a->imap->session->imap_stream;

	for (;;) {
		enum end end = END_NOT;
		size_t at = 0;

		while (at < stream->read_buffer_len && end == END_NOT)
			end = feed(a, stream->read_buffer[at++], text_r);
		stream->read_buffer_len -= at;
		memmove(stream->read_buffer, stream->read_buffer + at, stream->read_buffer_len);
		if (end != END_NOT)
			return end;
		if (imap_fill(a->imap, true) <= 0)
			return END_NOT;
	}
}

static enum td_status
says(struct imap *imap, struct span text, struct err *err)
{
	const struct conf_server *server = &imap->conf->conf.server;

	return err_temp(err, "%s:%u: searching the folder failed, the server says: %.*s",
	    server->host, server->port, (int)text.len, text.ptr);
}

static enum td_status
end_search(struct imap *imap, enum end end, struct span text, struct err *err)
{
	enum td_status status = TD_TEMP;

	switch (end) {
	case END_OK:
		return TD_OK;
	case END_REFUSED:
		return says(imap, text, err);
	case END_BYE:
		status = says(imap, text, err);
		imap_drop(imap);
		return status;
	case END_NOT:
		return imap_failed(imap, MAILIMAP_ERROR_STREAM, "searching the folder", err);
	case END_ODD:
		break;
	}
	return imap_failed(imap, MAILIMAP_ERROR_PARSE, "searching the folder", err);
}

enum td_status
imap_search(struct imap *imap, const struct cursor_range *ranges, size_t n, imap_take_uid *take,
    void *user, struct err *err)
{
	struct answer answer = {.imap = imap, .take = take, .user = user};
	struct span text = SPAN("");
	enum end end = END_NOT;
	struct buf line;

	buf_init(&line, 64 + n * 24);
	buf_puts(&line, SEARCH_TAG " UID SEARCH UID ");
	for (size_t i = 0; i < n; i++) {
		buf_printf(&line, "%s%u", i > 0 ? "," : "", ranges[i].first);
		if (ranges[i].last == 0)
			buf_puts(&line, ":*");
		else if (ranges[i].last != ranges[i].first)
			buf_printf(&line, ":%u", ranges[i].last);
	}
	buf_puts(&line, "\r\n");
	imap_begin_own(imap, imap->exists < IMAP_SEARCH_ALL ? imap->exists * 11u : 0,
	    IMAP_SEARCH_BYTES);
	if (!line.over && imap_say(imap, line.ptr))
		end = read_answer(&answer, &text);
	buf_release(&line);
	return end_search(imap, end, text, err);
}
