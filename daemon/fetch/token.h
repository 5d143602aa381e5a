/* SPDX-License-Identifier: ISC */
/*
 * fetch/token: the access token of an account (OAuth2), which its mailboxes share. It comes from
 * the parent, who renews it ahead of its end and after a server has refused it; each has a number
 * that only grows. Behind a lock of its own: any thread may call any of these.
 */
#ifndef TD_FETCH_TOKEN_H
#define TD_FETCH_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct token;

enum token_state {
	TOKEN_GOOD,
	TOKEN_MISSING, /* none has come yet */
	TOKEN_REFUSED, /* a server did not take it */
};

struct token *token_create(const char *account);
void token_destroy(struct token **token); /* wipes it */
const char *token_account(const struct token *token);

void token_set(struct token *token, uint32_t number, const char *access);
enum token_state token_state(struct token *token);

/* A copy for one login, to be given to token_wipe; NULL when there is none, or it was refused. */
char *token_take(struct token *token, uint32_t *number_r);
void token_wipe(char **access);
/* Has a newer one come than that of this number? */
bool token_is_newer(struct token *token, uint32_t number);

/* A server refused the token of this number; an older one does not matter. why: its words. */
void token_refuse(struct token *token, uint32_t number, const char *why);
/* True once for each refused token: its number and the server's words (size bytes of room). */
bool token_tell_refused(struct token *token, uint32_t *number_r, char *why, size_t size);

#endif
