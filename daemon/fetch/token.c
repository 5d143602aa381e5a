/* SPDX-License-Identifier: ISC */
/* fetch/token: see token.h. */
#include "config.h"

#include "daemon/fetch/token.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/base/arena.h"

struct token {
	pthread_mutex_t lock;
	char *account;
	char *access;     /* NULL: none */
	uint32_t number;
	bool refused, told;
	char why[256];
};

struct token *
token_create(const char *account)
{
	struct token *token = td_alloc(sizeof *token);

	pthread_mutex_init(&token->lock, NULL);
	token->account = td_strdup(account);
	return token;
}

void
token_wipe(char **access)
{
	if (*access == NULL)
		return;
	explicit_bzero(*access, strlen(*access));
	free(*access);
	*access = NULL;
}

void
token_destroy(struct token **token)
{
	if (*token == NULL)
		return;
	token_wipe(&(*token)->access);
	pthread_mutex_destroy(&(*token)->lock);
	free((*token)->account);
	free(*token);
	*token = NULL;
}

const char *
token_account(const struct token *token)
{
	return token->account;
}

void
token_set(struct token *token, uint32_t number, const char *access)
{
	pthread_mutex_lock(&token->lock);
	token_wipe(&token->access);
	token->access = td_strdup(access);
	token->number = number;
	token->refused = token->told = false;
	pthread_mutex_unlock(&token->lock);
}

enum token_state
token_state(struct token *token)
{
	enum token_state state;

	pthread_mutex_lock(&token->lock);
	state = token->access == NULL ? TOKEN_MISSING : token->refused ? TOKEN_REFUSED : TOKEN_GOOD;
	pthread_mutex_unlock(&token->lock);
	return state;
}

char *
token_take(struct token *token, uint32_t *number_r)
{
	char *access = NULL;

	pthread_mutex_lock(&token->lock);
	if (!token->refused)
		access = td_strdup(token->access);
	*number_r = token->number;
	pthread_mutex_unlock(&token->lock);
	return access;
}

bool
token_is_newer(struct token *token, uint32_t number)
{
	bool newer;

	pthread_mutex_lock(&token->lock);
	newer = token->number != number;
	pthread_mutex_unlock(&token->lock);
	return newer;
}

void
token_refuse(struct token *token, uint32_t number, const char *why)
{
	pthread_mutex_lock(&token->lock);
	if (number == token->number && !token->refused) {
		token->refused = true;
		snprintf(token->why, sizeof token->why, "%s", why);
	}
	pthread_mutex_unlock(&token->lock);
}

bool
token_tell_refused(struct token *token, uint32_t *number_r, char *why, size_t size)
{
	bool tell;

	pthread_mutex_lock(&token->lock);
	tell = token->refused && !token->told;
	token->told = token->told || tell;
	if (tell) {
		*number_r = token->number;
		snprintf(why, size, "%s", token->why);
	}
	pthread_mutex_unlock(&token->lock);
	return tell;
}
