/* SPDX-License-Identifier: ISC */
/*
 * check: what no single key of the configuration shows: required keys, one secret for each
 * login, plain connections that leave the machine, names that stand twice.
 */
#include "config.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "daemon/conf/reader.h"

static bool
is_loopback(const char *host)
{
	unsigned char v4[4];

	if (inet_pton(AF_INET, host, v4) == 1)
		return v4[0] == 127;
	return strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0;
}

static void
check_secret(struct conf_reader *r, const struct conf_server *server, const char *what)
{
	const struct conf_secret *secret = &server->secret;
	int n = (secret->file != NULL) + (secret->command != NULL) +
	    (secret->credential != NULL) + (server->oauth_name != NULL);
	struct err err;

	if (n > 1)
		conf_complain(r, server->line, "%s: give only one of password_file, "
		    "password_command, password_credential, oauth", what);
	else if (server->user != NULL && n == 0)
		conf_complain(r, server->line, "%s: user is set, but none of password_file, "
		    "password_command, password_credential, oauth", what);
	else if (server->user == NULL && n > 0)
		conf_complain(r, server->line, "%s: a password or oauth is set, but no user", what);
	if (secret->file != NULL && conf_secret_file_check(secret->file, &err) != TD_OK)
		conf_complain(r, server->line, "%s: %s", what, err.text);
}

static void
check_tls(struct conf_reader *r, const struct conf_server *server, const char *what)
{
	if (server->tls == CONF_TLS_NONE && !server->allow_plain && !is_loopback(server->host))
		conf_complain(r, server->line, "%s: tls = \"none\" would send mail and password in "
		    "the clear to %s; use \"implicit\" or \"starttls\", or set allow_plain = true",
		    what, server->host);
	if (server->tls == CONF_TLS_NONE && (server->ca_file != NULL || server->pin_sha256 != NULL))
		conf_complain(r, server->line,
		    "%s: ca_file and pin_sha256 mean nothing with tls = \"none\"", what);
	else if (server->ca_file != NULL && server->pin_sha256 != NULL)
		conf_complain(r, server->line,
		    "%s: give either ca_file or pin_sha256, not both", what);
}

static void
check_server(struct conf_reader *r, const char *name, const struct conf_server *server,
    const char *kind)
{
	const char *what = arena_printf(r->arena, "%s %s", kind, name != NULL ? name : "?");

	if (name == NULL)
		conf_complain(r, server->line, "this %s has no name; write one: "
		    "name = \"main\";", kind);
	if (server->host == NULL)
		conf_complain(r, server->line, "%s: host is missing; write "
		    "host = \"mail.example.org\";", what);
	else
		check_tls(r, server, what);
	check_secret(r, server, what);
}

static bool
same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* A Maildir has no server, and its flags stand in the names of files that nobody renames here. */
static void
check_maildir(struct conf_reader *r, const struct conf_mailbox *box, const char *name)
{
	const struct conf_server *server = &box->server;

	if (box->name == NULL)
		conf_complain(r, server->line, "this mailbox has no name; write one: "
		    "name = \"main\";");
	if (server->host != NULL || server->user != NULL || server->oauth_name != NULL ||
	    server->secret.file != NULL || server->secret.command != NULL ||
	    server->secret.credential != NULL)
		conf_complain(r, server->line,
		    "mailbox %s: with maildir, host, user, passwords and oauth mean nothing", name);
	if (box->after == CONF_AFTER_FLAG)
		conf_complain(r, server->line, "mailbox %s: after = \"flag\" is for servers; a "
		    "Maildir knows leave, move and delete", name);
	if (same(box->maildir, box->move_to))
		conf_complain(r, server->line, "mailbox %s: move_to is the Maildir itself", name);
}

static void
check_folder(struct conf_reader *r, const struct conf_mailbox *box, const char *name)
{
	check_server(r, box->name, &box->server, "mailbox");
	if (box->server.user == NULL)
		conf_complain(r, box->server.line, "mailbox %s: user is missing; write who "
		    "logs in: user = \"...\";", name);
	if (box->after == CONF_AFTER_DELETE)
		conf_complain(r, box->server.line,
		    "mailbox %s: after = \"delete\" is for a Maildir; "
		    "a server knows leave, flag and move",
		    name);
	if (same(box->folder, box->move_to))
		conf_complain(r, box->server.line, "mailbox %s: move_to is the folder itself",
		    name);
}

static void
check_mailbox(struct conf_reader *r, const struct conf_mailbox *box)
{
	if (box->maildir != NULL)
		check_maildir(r, box, box->name != NULL ? box->name : "?");
	else
		check_folder(r, box, box->name != NULL ? box->name : "?");
	if (box->after == CONF_AFTER_MOVE && box->move_to == NULL)
		conf_complain(r, box->server.line,
		    "mailbox %s: after = \"move\" needs move_to",
		    box->name != NULL ? box->name : "?");
	if (box->after != CONF_AFTER_MOVE && box->move_to != NULL)
		conf_complain(r, box->server.line,
		    "mailbox %s: move_to needs after = \"move\"",
		    box->name != NULL ? box->name : "?");
}

/* The host in any case, and INBOX (RFC 3501 5.1). */
static bool
same_folder(const struct conf_mailbox *a, const struct conf_mailbox *b)
{
	if (a->server.host == NULL || b->server.host == NULL || a->folder == NULL ||
	    b->folder == NULL || strcasecmp(a->server.host, b->server.host) != 0 ||
	    a->server.port != b->server.port || !same(a->server.user, b->server.user))
		return false;
	return strcmp(a->folder, b->folder) == 0 ||
	    (strcasecmp(a->folder, "INBOX") == 0 && strcasecmp(b->folder, "INBOX") == 0);
}

static void
check_mailbox_pairs(struct conf_reader *r)
{
	const struct conf *conf = r->conf;

	for (size_t i = 0; i < conf->n_mailboxes; i++) {
		const struct conf_mailbox *a = &conf->mailboxes[i];

		for (size_t j = 0; j < i; j++) {
			const struct conf_mailbox *b = &conf->mailboxes[j];

			if (same(a->name, b->name))
				conf_complain(r, a->server.line,
				    "mailbox %s: the name stands already in line %d; "
				    "choose another", a->name,
				    b->server.line);
			else if (same(a->maildir, b->maildir))
				conf_complain(r, a->server.line,
				    "mailbox %s: the same Maildir as mailbox %s in line %d",
				    a->name != NULL ? a->name : "?",
				    b->name != NULL ? b->name : "?", b->server.line);
			else if (same_folder(a, b))
				conf_complain(r, a->server.line,
				    "mailbox %s: the same folder as mailbox %s in line %d",
				    a->name != NULL ? a->name : "?",
				    b->name != NULL ? b->name : "?", b->server.line);
		}
	}
}

static void
check_transports(struct conf_reader *r)
{
	const struct conf *conf = r->conf;

	for (size_t i = 0; i < conf->n_transports; i++) {
		const struct conf_transport *a = &conf->transports[i];

		check_server(r, a->name, &a->server, "transport");
		for (size_t j = 0; j < i; j++)
			if (same(a->name, conf->transports[j].name))
				conf_complain(r, a->server.line,
				    "transport %s: the name stands already in line %d; "
				    "choose another", a->name,
				    conf->transports[j].server.line);
	}
}

static bool
is_address(const char *text)
{
	const char *at = strchr(text, '@');

	return at != NULL && at != text && at[1] != '\0' && strchr(at + 1, '@') == NULL &&
	    strpbrk(text, " \t<>,;\"") == NULL;
}

static void
check_form(struct conf_reader *r, const struct conf_form *form)
{
	const char *name = form->name != NULL ? form->name : "?";
	const struct {
		const char *key, *value;
		bool needed;
	} addresses[] = {{"from", form->from, true}, {"to", form->to, false},
	    {"as", form->as, true}};

	if (form->name == NULL)
		conf_complain(r, form->line, "this form has no name; write one: name = \"help\";");
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		if (addresses[i].value == NULL && addresses[i].needed)
			conf_complain(r, form->line, "form %s: %s is missing; write an address, as "
			    "forms@example.org", name, addresses[i].key);
		else if (addresses[i].value != NULL && !is_address(addresses[i].value))
			conf_complain(r, form->line, "form %s: %s is no address, as "
			    "forms@example.org",
			    name, addresses[i].key);
	}
	if (form->title == NULL && form->owner == NULL && form->due == NULL &&
	    form->priority == NULL && form->project == NULL && form->tags == NULL)
		conf_complain(r, form->line, "form %s: no question is mapped to a field, as "
		    "title = \"What is wrong?\"", name);
}

static void
check_forms(struct conf_reader *r)
{
	const struct conf *conf = r->conf;

	for (size_t i = 0; i < conf->n_forms; i++) {
		check_form(r, &conf->forms[i]);
		for (size_t j = 0; j < i; j++)
			if (same(conf->forms[i].from, conf->forms[j].from))
				conf_complain(r, conf->forms[i].line,
				    "form %s: from stands already in line %d",
				    conf->forms[i].name != NULL ? conf->forms[i].name : "?",
				    conf->forms[j].line);
	}
}

void
conf_check(struct conf_reader *r)
{
	if (r->conf->store_path == NULL)
		conf_complain(r, 0, "the store is missing: write store: { path = \"...\"; };");
	for (size_t i = 0; i < r->conf->n_mailboxes; i++)
		check_mailbox(r, &r->conf->mailboxes[i]);
	check_mailbox_pairs(r);
	check_transports(r);
	conf_oauth_check(r);
	check_forms(r);
}
