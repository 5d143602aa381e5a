/* SPDX-License-Identifier: ISC */
/* track: see track.h. */
#include "config.h"

#include "daemon/send/track.h"

#include <string.h>

void
track_begin(struct track *track, struct track_reply *rcpts, size_t n_rcpts)
{
	bool said_auth = track->said_auth;

	*track = (struct track){.rcpts = rcpts, .n_rcpts = n_rcpts, .said_auth = said_auth};
	memset(rcpts, 0, n_rcpts * sizeof *rcpts);
}

/* The only place where a command changes the phase. */
static void
set_phase(struct track *track, enum track_phase phase)
{
	track->phase = phase;
	track->answered = false;
	track->open = (struct track_reply){.code = 0};
}

void
track_command(struct track *track, struct span piece)
{
	static const struct {
		const char *verb;
		enum track_phase phase;
	} verbs[] = {
	    {"EHLO", TRACK_HELLO}, {"HELO", TRACK_HELLO}, {"STARTTLS", TRACK_HELLO},
	    {"AUTH", TRACK_AUTH}, {"MAIL", TRACK_MAIL}, {"RCPT", TRACK_RCPT}, {"DATA", TRACK_DATA},
	    {"NOOP", TRACK_OTHER},
	};
	struct span verb = {piece.ptr, 0};
	bool is_start = !track->mid_command;

	if (piece.len == 0 || track->quitting)
		return;
	track->mid_command = piece.ptr[piece.len - 1] != '\n';
	if (track->phase == TRACK_AUTH && track->answered && track->last.code == 334) {
		/* a line of the login, even if its base64 looks like a command */
		track->answered = false;
		return;
	}
	while (verb.len < piece.len && strchr(" \r\n", piece.ptr[verb.len]) == NULL)
		verb.len++;
	if (is_start && span_iis(verb, "QUIT")) {
		/* said on the way out of a failure: the phase still tells where that was */
		track->quitting = true;
		return;
	}
	for (size_t i = 0;
	     is_start && track->phase < TRACK_BODY && i < sizeof verbs / sizeof *verbs; i++) {
		if (!span_iis(verb, verbs[i].verb))
			continue;
		set_phase(track, verbs[i].phase);
		if (verbs[i].phase == TRACK_HELLO)
			track->offers_auth = track->said_auth = false;
		if (verbs[i].phase == TRACK_AUTH)
			track->said_auth = true;
		if (verbs[i].phase == TRACK_RCPT)
			track->rcpt++;
		return;
	}
}

static void
append_text(struct track_reply *reply, struct span text)
{
	size_t n = strlen(reply->text);

	if (n > 0 && n < sizeof reply->text - 1)
		reply->text[n++] = ' ';
	for (size_t i = 0; i < text.len && n < sizeof reply->text - 1; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		reply->text[n++] = c < 0x20 || c >= 0x7f ? '?' : (char)c;
	}
	reply->text[n] = '\0';
}

/* The last line of a reply is in: it belongs to the command that is out. */
static void
settle(struct track *track)
{
	track->last = track->open;
	track->open = (struct track_reply){.code = 0};
	track->answered = true;
	switch (track->phase) {
	case TRACK_MAIL:
		track->mail = track->last;
		break;
	case TRACK_RCPT:
		if (track->rcpt >= 1 && track->rcpt <= track->n_rcpts)
			track->rcpts[track->rcpt - 1] = track->last;
		break;
	case TRACK_DATA:
		track->data = track->last;
		break;
	case TRACK_BODY:
	case TRACK_DOT:
		/* a reply before the dot is a refusal that came early: it stands for the dot's */
		if (track->dot.code == 0)
			track->dot = track->last;
		break;
	case TRACK_CONNECT:
	case TRACK_HELLO:
	case TRACK_AUTH:
	case TRACK_OTHER:
		break;
	}
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
track_line(struct track *track, struct span line)
{
	struct span text;

	line = span_rtrim(line);
	if (track->quitting)
		return false;
	if (line.len < 3 || !is_digit(line.ptr[0]) || !is_digit(line.ptr[1]) ||
	    !is_digit(line.ptr[2]) || (line.len > 3 && line.ptr[3] != ' ' && line.ptr[3] != '-')) {
		track->garbage = true;
		return false;
	}
	text = span_skip(line, 4);
	if (track->open.code == 0)
		append_text(&track->open, span_first(line, 3));
	track->open.code = (line.ptr[0] - '0') * 100 + (line.ptr[1] - '0') * 10 + line.ptr[2] - '0';
	if (track->phase == TRACK_HELLO &&
	    (span_istarts(text, SPAN("AUTH ")) || span_istarts(text, SPAN("AUTH="))))
		track->offers_auth = true;
	append_text(&track->open, text);
	if (line.len > 3 && line.ptr[3] == '-')
		return false;
	settle(track);
	return true;
}

void
track_set_body(struct track *track)
{
	set_phase(track, TRACK_BODY);
}

void
track_set_dot(struct track *track)
{
	set_phase(track, TRACK_DOT);
}
