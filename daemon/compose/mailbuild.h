/* SPDX-License-Identifier: ISC */
/*
 * mailbuild: the one place where headers and MIME of outgoing mail are written. What it is given
 * is checked first: control characters, invalid UTF-8, malformed addresses and ids are refused
 * with TD_PERM and the field's name, so that nothing from an incoming mail can become a header, an
 * address or a command (RFC 5322, 2045-2047, 2369, 2919, 3834; RFC 6047 for the invite).
 *
 * The shape follows from the bodies: text alone; text and html in multipart/alternative; with a
 * calendar the alternative's last part and an application/ics attachment in multipart/mixed.
 * Text bodies are quoted-printable, the calendar base64.
 */
#ifndef TD_MAILBUILD_H
#define TD_MAILBUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"

#define MAIL_BYTES_MAX (80 * 1024) /* the whole mail: larger ones are cut by readers' clients */
#define MAIL_REFERENCES_MAX 12

struct mail_address {
	const char *name;    /* UTF-8; NULL or "" for none */
	const char *address; /* ASCII dot-atom@domain */
};

enum mail_auto {
	MAIL_GENERATED, /* Auto-Submitted: auto-generated */
	MAIL_REPLIED,   /* Auto-Submitted: auto-replied */
};

struct mail {
	struct mail_address from, to;
	const char *reply_to;          /* address, NULL without */
	const char *subject;
	int64_t date;
	const char *mid;               /* ids are without < > */
	const char *in_reply_to;       /* NULL without */
	const char *references[MAIL_REFERENCES_MAX]; /* oldest first */
	size_t n_references;
	enum mail_auto automatic;
	const char *list_name;         /* words before List-Id, NULL without */
	const char *list_id;           /* "digest.platform.example.org", NULL without */
	const char *list_unsubscribe;  /* "mailto:..." URIs, NULL without */
	const char *list_help;
	const char *list_post;
	bool bulk;                     /* Precedence: bulk */
	const char *loop;              /* X-Tidings-Loop: the team's address */
	const char *lang;              /* Content-Language, NULL without */
	struct span text;
	struct span html;              /* ptr NULL without */
	struct span calendar;          /* ptr NULL without */
	const char *method;            /* of the calendar: "REQUEST", "CANCEL" */
	const char *boundary;          /* 8 to 40 letters and digits: the random part */
};

/* bytes_r lives in the arena. TD_PERM also when the mail is larger than MAIL_BYTES_MAX: then
 * *too_large_r (may be NULL) is true, and less text may help. */
TD_CHECK enum td_status mail_build(struct arena *arena, const struct mail *mail,
    struct span *bytes_r, bool *too_large_r, struct err *err);

/* The single checks, for envelopes and for leaving out what would be refused. */
TD_CHECK enum td_status mail_check_address(const char *field, const char *address,
    struct err *err);
TD_CHECK enum td_status mail_check_text(const char *field, const char *text, struct err *err);
bool mail_good_id(const char *mid);

#endif
