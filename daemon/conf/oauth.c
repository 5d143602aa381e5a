/* SPDX-License-Identifier: ISC */
/*
 * oauth: the groups of `oauth` in the configuration: what a well-known provider leaves to fill in,
 * which group a mailbox or transport means, and what is missing.
 */
#include "config.h"

#include <string.h>

#include "daemon/conf/reader.h"

#define GOOGLE_SCOPE "https://mail.google.com/"
#define MICROSOFT "https://login.microsoftonline.com/"
#define MICROSOFT_SCOPE                                                                            \
	"https://outlook.office.com/IMAP.AccessAsUser.All "                                        \
	"https://outlook.office.com/SMTP.Send offline_access"

static void
fill(const char **value, const char *otherwise)
{
	if (*value == NULL)
		*value = otherwise;
}

static void
fill_provider(struct conf_reader *r, struct conf_oauth *oauth)
{
	const char *tenant = arena_printf(r->arena, MICROSOFT "%s/oauth2/v2.0", oauth->tenant);

	switch (oauth->provider) {
	case CONF_OAUTH_GOOGLE:
		fill(&oauth->token_url, "https://oauth2.googleapis.com/token");
		fill(&oauth->device_url, "https://oauth2.googleapis.com/device/code");
		fill(&oauth->authorize_url, "https://accounts.google.com/o/oauth2/v2/auth");
		fill(&oauth->scope, GOOGLE_SCOPE);
		break;
	case CONF_OAUTH_MICROSOFT:
		fill(&oauth->token_url, arena_printf(r->arena, "%s/token", tenant));
		fill(&oauth->device_url, arena_printf(r->arena, "%s/devicecode", tenant));
		fill(&oauth->authorize_url, arena_printf(r->arena, "%s/authorize", tenant));
		fill(&oauth->scope, MICROSOFT_SCOPE);
		break;
	case CONF_OAUTH_OTHER:
		break;
	}
}

static void
fill_server(struct conf_reader *r, struct conf_server *server, const char *kind, const char *name)
{
	const struct conf *conf = r->conf;

	for (size_t i = 0; server->oauth_name != NULL && i < conf->n_oauths; i++)
		if (conf->oauths[i].name != NULL &&
		    strcmp(conf->oauths[i].name, server->oauth_name) == 0)
			server->oauth = &conf->oauths[i];
	if (server->oauth_name != NULL && server->oauth == NULL)
		conf_complain(r, server->line,
		    "%s %s: oauth = \"%s\": there is no such group in oauth", kind,
		    name != NULL ? name : "?", server->oauth_name);
}

void
conf_oauth_fill(struct conf_reader *r)
{
	struct conf *conf = r->conf;

	for (size_t i = 0; i < conf->n_oauths; i++)
		fill_provider(r, &conf->oauths[i]);
	for (size_t i = 0; i < conf->n_mailboxes; i++)
		fill_server(r, &conf->mailboxes[i].server, "mailbox", conf->mailboxes[i].name);
	for (size_t i = 0; i < conf->n_transports; i++)
		fill_server(r, &conf->transports[i].server, "transport",
		    conf->transports[i].name);
}

const char *
conf_oauth_key(struct arena *arena, const struct conf_server *server)
{
	if (server->oauth == NULL || server->user == NULL)
		return NULL;
	return arena_printf(arena, "%s %s", server->oauth->name, server->user);
}

static void
check_group(struct conf_reader *r, const struct conf_oauth *oauth)
{
	const struct conf_secret *secret = &oauth->secret;
	int n = (secret->file != NULL) + (secret->command != NULL) + (secret->credential != NULL);
	const char *name = oauth->name != NULL ? oauth->name : "?";
	struct err err;

	if (oauth->name == NULL)
		conf_complain(r, oauth->line, "this oauth has no name; write one: "
		    "name = \"google\";");
	if (oauth->client_id == NULL)
		conf_complain(r, oauth->line, "oauth %s: client_id is missing; register a client "
		    "with the provider (see README)", name);
	if (oauth->token_url == NULL)
		conf_complain(r, oauth->line, "oauth %s: token_url is missing; write where the "
		    "provider gives out tokens, or name the provider", name);
	if (n > 1)
		conf_complain(r, oauth->line, "oauth %s: give only one of client_secret_file, "
		    "client_secret_command, client_secret_credential", name);
	if (secret->file != NULL && conf_secret_file_check(secret->file, &err) != TD_OK)
		conf_complain(r, oauth->line, "oauth %s: %s", name, err.text);
}

void
conf_oauth_check(struct conf_reader *r)
{
	const struct conf *conf = r->conf;

	for (size_t i = 0; i < conf->n_oauths; i++) {
		const struct conf_oauth *a = &conf->oauths[i];

		check_group(r, a);
		for (size_t j = 0; j < i; j++)
			if (a->name != NULL && conf->oauths[j].name != NULL &&
			    strcmp(a->name, conf->oauths[j].name) == 0)
				conf_complain(r, a->line,
				    "oauth %s: the name stands already in line %d; "
				    "choose another", a->name,
				    conf->oauths[j].line);
	}
}
