/* SPDX-License-Identifier: ISC */
/*
 * mime: a mail's parts. The body is the text that the sender meant to be read (text/plain if
 * there is one, else HTML as text); all else is listed. Forwarded and returned messages are
 * attachments, their text is never part of the body.
 *
 * GMime builds the tree; contents are read in place out of the caller's bytes. Before it sees
 * the mail, what is known to cost it too much is refused, or kept from it: see mime_cost.c.
 */
#ifndef TD_MIME_H
#define TD_MIME_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/base/arena.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"
#include "parsers/header.h"
#include "parsers/links.h"
#include "parsers/reading.h"

#define MIME_CALENDARS_MAX 20

struct mime_calendar {
	struct span ics;    /* UTF-8 */
	const char *method; /* parameter of the content type, NULL without */
};

struct mime {
	struct span body;          /* clean UTF-8, LF */
	bool encrypted;            /* S/MIME or PGP: there is a text that cannot be read */
	bool signature;            /* S/MIME or PGP signed (not verified) */
	struct links links;
	struct reading_attachment *attachments;
	size_t n_attachments;
	struct mime_calendar calendars[MIME_CALENDARS_MAX];
	size_t n_calendars;
	const char *report_type;   /* multipart/report (RFC 6522), lower case, NULL without */
	struct span delivery;      /* message/delivery-status, empty without */
	struct span feedback;      /* message/feedback-report (RFC 5965) */
	struct span original;      /* beginning of a returned message or its headers */
};

/* Fills mime_r and message->key, for which message holds what the headers say. */
TD_CHECK enum td_status mime_read(struct arena *arena, struct span mail,
    const struct header_list *headers, const struct reading_limits *limits,
    struct reading_message *message, struct mime *mime_r, struct err *err);

#endif
