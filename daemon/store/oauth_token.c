/* SPDX-License-Identifier: ISC */
/* store/oauth_token: see oauth_token.h. */
#include "config.h"

#include "daemon/store/oauth_token.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define COLUMNS                                                                                    \
	"account, login, refresh_token, access_token, expires_at, state, why, login_at, "          \
	"refreshed_at"

static void
read_row(struct db_stmt *st, struct arena *arena, struct oauth_token *token)
{
	*token = (struct oauth_token){
	    .account = db_column_text(st, 0, arena),
	    .login = db_column_text(st, 1, arena),
	    .refresh_token = db_column_text(st, 2, arena),
	    .access_token = db_column_text(st, 3, arena),
	    .expires_at = db_column_i64(st, 4),
	    .revoked = span_is(span_of(db_column_text(st, 5, arena)), "revoked"),
	    .why = db_column_text(st, 6, arena),
	    .login_at = db_column_i64(st, 7),
	    .refreshed_at = db_column_i64(st, 8),
	};
}

static enum td_status
list(struct db *db, struct arena *arena, struct db_stmt *st, struct oauth_token **tokens_r,
    size_t *n_r, struct err *err)
{
	struct oauth_token *tokens = NULL;
	size_t n = 0, cap = 0;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	while ((step = db_step(st, err)) == DB_ROW)
		read_row(st, arena, ARENA_PUSH(arena, tokens, n, cap));
	status = db_end(db, &st, step);
	if (status == TD_OK) {
		*tokens_r = tokens;
		*n_r = n;
	}
	return status;
}

enum td_status
oauth_token_get(struct db *db, struct arena *arena, const char *account, const char *login,
    struct oauth_token **token_r, struct err *err)
{
	struct oauth_token *tokens = NULL;
	size_t n = 0;
	enum td_status status = list(db, arena, db_query(db, err,
	    "SELECT " COLUMNS " FROM oauth_token WHERE account = $1 AND login = $2", "tt", account,
	    login), &tokens, &n, err);

	if (status == TD_OK)
		*token_r = n > 0 ? tokens : NULL;
	return status;
}

enum td_status
oauth_token_list(struct db *db, struct arena *arena, struct oauth_token **tokens_r, size_t *n_r,
    struct err *err)
{
	return list(db, arena, db_query(db, err,
	    "SELECT " COLUMNS " FROM oauth_token ORDER BY account, login", ""), tokens_r, n_r, err);
}

enum td_status
oauth_token_set(struct db *db, const struct oauth_token *token, struct err *err)
{
	return db_exec(db, err,
	    "INSERT INTO oauth_token (account, login, refresh_token, access_token, expires_at, "
	    "login_at, refreshed_at) VALUES ($1, $2, $3, $4, $5, $6, $7) "
	    "ON CONFLICT (account, login) DO UPDATE SET refresh_token = excluded.refresh_token, "
	    "access_token = excluded.access_token, expires_at = excluded.expires_at, "
	    "state = 'ok', why = NULL, login_at = excluded.login_at, "
	    "refreshed_at = excluded.refreshed_at",
	    "ttttiii", token->account, token->login, token->refresh_token, token->access_token,
	    token->expires_at, token->login_at, token->refreshed_at);
}

enum td_status
oauth_token_refresh(struct db *db, const struct oauth_token *token, bool *found_r, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "UPDATE oauth_token SET refresh_token = $1, access_token = $2, expires_at = $3, "
	    "state = 'ok', why = NULL, refreshed_at = $4 "
	    "WHERE account = $5 AND login = $6 AND login_at = $7",
	    "ttiitti", token->refresh_token, token->access_token, token->expires_at,
	    token->refreshed_at, token->account, token->login, token->login_at);

	if (status == TD_OK)
		*found_r = db_changes(db) > 0;
	return status;
}

enum td_status
oauth_token_revoke(struct db *db, const struct oauth_token *token, const char *why, bool *found_r,
    struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "UPDATE oauth_token SET state = 'revoked', access_token = NULL, expires_at = 0, "
	    "why = $1 WHERE account = $2 AND login = $3 AND login_at = $4",
	    "ttti", why, token->account, token->login, token->login_at);

	if (status == TD_OK)
		*found_r = db_changes(db) > 0;
	return status;
}

enum td_status
oauth_token_remove(struct db *db, const char *account, const char *login, bool *found_r,
    struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "DELETE FROM oauth_token WHERE account = $1 AND login = $2", "tt", account, login);

	if (status == TD_OK)
		*found_r = db_changes(db) > 0;
	return status;
}

enum td_status
oauth_token_check_file(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_perm(err, "%s: %s", path, strerror(errno));
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return err_perm(err, "%s: others may read or change it, and it is to hold tokens; "
		    "mend it with: chmod 600 %s", path, path);
	return TD_OK;
}
