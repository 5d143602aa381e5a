/* SPDX-License-Identifier: ISC */
/*
 * http: one POST of a form over verified TLS (libcurl), for OAuth2. An answer is at most
 * HTTP_ANSWER_MAX bytes and comes within the time-out, or there is none. No redirect is followed,
 * no proxy and no cookie used; nothing of what is sent or comes back is ever logged here.
 */
#ifndef TD_SEND_HTTP_H
#define TD_SEND_HTTP_H

#include <stddef.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"

#define HTTP_ANSWER_MAX 65536u

struct http_server {
	const char *url;     /* https://... */
	const char *ca_file; /* NULL: the system's trust */
	uint32_t timeout;    /* seconds for the whole exchange */
};

struct http_field {
	const char *name;
	const char *value; /* NULL: left out */
};

struct http_answer {
	long code;           /* 200 ... */
	long retry_after;    /* seconds that the server asks for; 0: none */
	struct span body;    /* in the arena */
};

/* TD_OK: there was an answer, of whatever code. TD_TEMP: there was none, err says why. */
TD_CHECK enum td_status http_post(struct arena *arena, const struct http_server *server,
    const struct http_field *fields, size_t n, struct http_answer *answer_r, struct err *err);

#endif
