/* SPDX-License-Identifier: ISC */
/* oauth_browser: a log-in by browser: an authorization code with PKCE that comes back to a port of
 * this machine (RFC 8252), or that a person copies from the browser of another one. */
#ifndef TD_CONTROL_OAUTH_BROWSER_H
#define TD_CONTROL_OAUTH_BROWSER_H

#include "daemon/send/oauth.h"

/* Shows the address to open on standard error and waits, ten minutes at most. */
enum oauth_result oauth_browser(struct arena *arena, const struct oauth_client *client,
    const char *login, struct oauth_tokens *tokens_r, struct err *err);

#endif
