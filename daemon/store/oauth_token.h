/* SPDX-License-Identifier: ISC */
/*
 * store/oauth_token: what a log-in by OAuth2 left us, a row for each account and user. A rotated
 * refresh token is committed here before the access token that came with it is used anywhere: the
 * old one may be void by then. A database that others may read keeps no token.
 */
#ifndef TD_STORE_OAUTH_TOKEN_H
#define TD_STORE_OAUTH_TOKEN_H

#include "daemon/store/db.h"

struct oauth_token {
	const char *account; /* the oauth group of the configuration */
	const char *login;   /* the user name */
	const char *refresh_token;
	const char *access_token; /* NULL: none that is good */
	int64_t expires_at;       /* of the access token, UTC */
	bool revoked;             /* only a new log-in helps */
	const char *why;          /* what the server said then */
	int64_t login_at, refreshed_at;
};

/* NULL when nobody has logged in. */
TD_CHECK enum td_status oauth_token_get(struct db *db, struct arena *arena, const char *account,
    const char *login, struct oauth_token **token_r, struct err *err);
TD_CHECK enum td_status oauth_token_list(struct db *db, struct arena *arena,
    struct oauth_token **tokens_r, size_t *n_r, struct err *err);

/* A person has logged in: replaces whatever was there. */
TD_CHECK enum td_status oauth_token_set(struct db *db, const struct oauth_token *token,
    struct err *err);
/* New tokens for old ones. The row must be there and of the same log-in (login_at); *found_r false
 * when somebody logged in or out meanwhile: the tokens are then of no use. */
TD_CHECK enum td_status oauth_token_refresh(struct db *db, const struct oauth_token *token,
    bool *found_r, struct err *err);
/* The server says that the grant is void. */
TD_CHECK enum td_status oauth_token_revoke(struct db *db, const struct oauth_token *token,
    const char *why, bool *found_r, struct err *err);
TD_CHECK enum td_status oauth_token_remove(struct db *db, const char *account, const char *login,
    bool *found_r, struct err *err);

/* TD_PERM where others than its owner may read the database: then no token goes into it. */
TD_CHECK enum td_status oauth_token_check_file(const char *path, struct err *err);

#endif
