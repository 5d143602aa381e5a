/* SPDX-License-Identifier: ISC */
/*
 * reading: one mail from its bytes to a reading: headers, parts, calendar, robots and bounces,
 * and then the words (grammar). Each step is a module of its own; this file is their order.
 */
#include "config.h"

#include "parsers/reading.h"

#include "parsers/base/utf8.h"
#include "parsers/bounce.h"
#include "parsers/grammar.h"
#include "parsers/header.h"
#include "parsers/itip.h"
#include "parsers/mime.h"
#include "parsers/robot.h"

#define DATE_SLACK (24 * 60 * 60)

const struct reading_limits reading_limits_default = {
    .mail_bytes = READING_MAIL_BYTES,
    .mime_depth = READING_MIME_DEPTH,
    .mime_parts = READING_MIME_PARTS,
    .header_bytes = READING_HEADER_BYTES,
    .html_bytes = 256 * 1024,
    .ics_bytes = READING_ICS_BYTES,
    .text_bytes = 1024 * 1024,
    .commands = READING_COMMANDS,
};

/* Without the separator line that mbox files have. */
static struct span
without_mbox_line(struct span mail)
{
	if (span_starts(mail, SPAN("From ")))
		mail = span_skip(mail, span_find_byte(mail, '\n') + 1);
	return mail;
}

static const char *
sender_zone(struct arena *arena, const struct reading_context *context, const char *from)
{
	const char *zone = NULL;

	if (from != NULL && context->zone_of != NULL)
		zone = context->zone_of(context->user, utf8_fold(arena, span_of(from)));
	return zone != NULL ? zone : context->zone;
}

/* What dates are read against: the mail's own date, unless it is missing or far off. */
static int64_t
anchor(const struct reading_message *message, int64_t now)
{
	int64_t off = message->has_date ? message->date - now : 0;

	if (!message->has_date || off > DATE_SLACK || off < -DATE_SLACK)
		return now;
	return message->date;
}

/* Words of programs are no commands, but a list that the mail is addressed to may be a team's
 * own address, behind which people write: whether it is, intake knows. */
static bool
is_plain(const struct reading *r)
{
	for (size_t i = 0; r->auto_kind == AUTO_LIST && i < r->message.n_rcpts; i++)
		if (robot_is_list(&r->message, r->message.rcpts[i].address))
			return false;
	return r->auto_kind != AUTO_NONE;
}

static void
read_words(struct arena *arena, const struct reading_context *context,
    const struct reading_limits *limits, struct span body, struct reading *r)
{
	struct grammar_input input = {.body = body,
	    .zone = sender_zone(arena, context, r->message.from),
	    .anchor = anchor(&r->message, context->now), .day_seconds = context->day_seconds,
	    .limits = limits, .plain_only = is_plain(r)};

	grammar_read(arena, &input, r);
	if (r->text == NULL)
		r->text = "";
}

static bool
same_text(const char *a, const char *b)
{
	return span_eq(span_of(a), span_of(b));
}

/* Programs send the same invitation twice: as a part to act on and as a file. */
static bool
is_repeated(const struct itip_events *events, size_t n, const struct reading_event *e)
{
	for (size_t i = 0; i < n; i++) {
		const struct reading_event *other = &events->items[i];

		if (e->uid != NULL && same_text(other->uid, e->uid) &&
		    same_text(other->recurrence_id, e->recurrence_id) &&
		    other->sequence == e->sequence && same_text(other->method, e->method))
			return true;
	}
	return false;
}

static void
read_calendars(struct arena *arena, const struct reading_context *context,
    const struct reading_limits *limits, const struct mime *mime, struct reading *r)
{
	struct itip_events events = {0};
	size_t kept = 0;

	for (size_t i = 0; i < mime->n_calendars; i++)
		itip_read(arena, mime->calendars[i].ics, mime->calendars[i].method,
		    sender_zone(arena, context, r->message.from), limits->ics_bytes, &events);
	for (size_t i = 0; i < events.n; i++)
		if (!is_repeated(&events, kept, &events.items[i]))
			events.items[kept++] = events.items[i];
	r->events = events.items;
	r->n_events = kept;
}

/* A text that nobody but the receiver's own program can read must not vanish silently. */
static void
tell_encrypted(struct arena *arena, struct reading *r)
{
	struct reading_error *errors = arena_array(arena, r->n_errors + 1, sizeof *errors);

	for (size_t i = 0; i < r->n_errors; i++)
		errors[i + 1] = r->errors[i];
	errors[0].why = "The mail is encrypted or wrapped in S/MIME, so it cannot be read here.";
	errors[0].suggestion = "Send it again without encryption.";
	r->errors = errors;
	r->n_errors++;
}

enum td_status
reading_parse(struct arena *arena, struct span mail, const struct reading_context *context,
    struct reading **reading_r, struct err *err)
{
	const struct reading_limits *limits =
	    context->limits != NULL ? context->limits : &reading_limits_default;
	struct reading *r = arena_alloc(arena, sizeof *r);
	struct header_list headers;
	struct mime mime;
	uint64_t size;
	enum td_status status;

	r->version = READING_VERSION;
	size = mail.len;
	mail = without_mbox_line(mail);
	status = header_split(arena, mail, limits->header_bytes, &headers, err);
	if (status != TD_OK)
		return status;
	header_message(arena, &headers, &r->message);
	r->message.size = size;
	status = mime_read(arena, mail, &headers, limits, &r->message, &mime, err);
	if (status != TD_OK)
		return status;
	r->attachments = mime.attachments;
	r->n_attachments = mime.n_attachments;
	r->links = mime.links.items;
	r->n_links = mime.links.n;
	read_calendars(arena, context, limits, &mime, r);
	r->auto_kind = robot_classify(&headers, &r->message, &mime, &r->auto_why);
	if (r->auto_kind == AUTO_BOUNCE)
		bounce_read(arena, &headers, &mime, r);
	read_words(arena, context, limits, mime.body, r);
	if (mime.encrypted && r->auto_kind == AUTO_NONE)
		tell_encrypted(arena, r);
	*reading_r = r;
	return TD_OK;
}
