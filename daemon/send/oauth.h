/* SPDX-License-Identifier: ISC */
/*
 * oauth: what we ask an authorization server, and what its answers mean: access tokens for a
 * refresh token (RFC 6749, 6), for a device code (RFC 8628) or for an authorization code with PKCE
 * (RFC 7636). One request a call; who calls keeps the pauses. What the server says in words is
 * made fit for one line and never shows a secret of ours.
 */
#ifndef TD_SEND_OAUTH_H
#define TD_SEND_OAUTH_H

#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"
#include "daemon/conf/conf.h"

#define OAUTH_TOKEN_MAX 16384u /* bytes of a token; more is refused */

enum oauth_result {
	OAUTH_GRANTED,   /* tokens are set */
	OAUTH_PENDING,   /* the person has not answered yet: ask again after the interval */
	OAUTH_SLOW_DOWN, /* the same, and add five seconds to it (RFC 8628, 3.5) */
	OAUTH_EXPIRED,   /* the device code is too old: begin again */
	OAUTH_DENIED,    /* the person said no */
	OAUTH_REVOKED,   /* the grant is void: only a new log-in helps; never ask again with it */
	OAUTH_REFUSED,   /* something in the configuration is wrong; err says what */
	OAUTH_TEMP,      /* the server cannot now; err says why */
	OAUTH_RESULTS
};

struct oauth_tokens {
	const char *access;
	const char *refresh;   /* NULL: the old one stays */
	int64_t expires_in;    /* seconds, 1 hour where the server does not say */
	int64_t retry_after;   /* with OAUTH_TEMP: seconds it asks for; 0: none */
};

/* A client and its secret (NULL: none). conf stays with the caller. */
struct oauth_client {
	const struct conf_oauth *conf;
	const char *secret;
};

enum oauth_result oauth_refresh(struct arena *arena, const struct oauth_client *client,
    const char *refresh_token, struct oauth_tokens *tokens_r, struct err *err);

struct oauth_device {
	const char *device_code;
	const char *user_code;   /* to be typed in */
	const char *uri;         /* at this address */
	const char *whole_uri;   /* the same with the code in it; may be NULL */
	int64_t expires_in;
	int64_t interval;        /* seconds between two questions */
};

/* OAUTH_GRANTED: *device_r is set. */
enum oauth_result oauth_device_begin(struct arena *arena, const struct oauth_client *client,
    struct oauth_device *device_r, struct err *err);
enum oauth_result oauth_device_ask(struct arena *arena, const struct oauth_client *client,
    const char *device_code, struct oauth_tokens *tokens_r, struct err *err);

/* With the code that came back to redirect_uri, and the verifier of PKCE. */
enum oauth_result oauth_code(struct arena *arena, const struct oauth_client *client,
    const char *code, const char *redirect_uri, const char *verifier,
    struct oauth_tokens *tokens_r, struct err *err);

/* What an answer means; pure. secret: what err must not show (NULL: nothing). */
enum oauth_result oauth_read_tokens(struct arena *arena, long code, struct span body,
    const char *const *secrets, struct oauth_tokens *tokens_r, struct err *err);
enum oauth_result oauth_read_device(struct arena *arena, long code, struct span body,
    struct oauth_device *device_r, struct err *err);

#endif
