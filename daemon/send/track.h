/* SPDX-License-Identifier: ISC */
/*
 * track: where an SMTP session stands, followed by the commands that went out and the reply lines
 * that came in (RFC 5321, 4.2). Pure: no I/O. It never keeps what a command said but its verb, so
 * a login does not get into memory that is shown.
 */
#ifndef TD_SEND_TRACK_H
#define TD_SEND_TRACK_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/base/span.h"

enum track_phase {
	TRACK_CONNECT, /* nothing was said yet; the greeting belongs here */
	TRACK_HELLO,   /* EHLO, HELO, STARTTLS */
	TRACK_AUTH,
	TRACK_MAIL,
	TRACK_RCPT,
	TRACK_DATA,    /* DATA went out, no byte of the mail did */
	TRACK_BODY,    /* bytes are on their way, the final dot is not */
	TRACK_DOT,     /* the final dot may have gone */
	TRACK_OTHER,   /* NOOP */
};

struct track_reply {
	int code;       /* 0: none came */
	char text[300]; /* "550 5.1.1 ...": all lines in one, without control characters */
};

struct track {
	enum track_phase phase;
	bool mid_command;      /* the last piece that went out did not end its line */
	bool answered;         /* the command that is out has its whole reply */
	bool garbage;          /* a line came that is no reply (RFC 5321, 4.2) */
	bool quitting;         /* QUIT went out: what comes now concerns no mail */
	bool offers_auth;      /* the last EHLO's reply had AUTH in it */
	bool said_auth;        /* a login was tried on this connection */
	size_t rcpt;           /* recipients named so far */
	struct track_reply *rcpts; /* of the caller, n_rcpts of them */
	size_t n_rcpts;
	struct track_reply open; /* the reply whose lines are coming in */
	struct track_reply last; /* the last whole one */
	struct track_reply mail, data, dot;
};

/* A new transaction; rcpts is the caller's array and is emptied. */
void track_begin(struct track *track, struct track_reply *rcpts, size_t n_rcpts);

/* Bytes of commands that went out, as they went (a piece may be part of a line). */
void track_command(struct track *track, struct span piece);

/* One line of a reply. True when it is the last line of its reply, which then stands in last. */
bool track_line(struct track *track, struct span line);

/* The body: its first byte is about to go; its last went, the dot follows. */
void track_set_body(struct track *track);
void track_set_dot(struct track *track);

#endif
