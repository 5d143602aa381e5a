/* SPDX-License-Identifier: ISC */
/*
 * cmd_check: tries the store, each mailbox, each transport, zone data and templates, as the
 * daemon would: by the same code, as the same account. A line each; exit 1 if one is wrong.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "parsers/base/zone.h"
#include "daemon/clock.h"
#include "daemon/compose/compose.h"
#include "daemon/control/check.h"
#include "daemon/control/client.h"
#include "daemon/control/show.h"
#include "daemon/fetch/imap.h"
#include "daemon/fetch/maildir.h"
#include "daemon/send/smtp.h"
#include "daemon/store/oauth_token.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"
#include "daemon/store/token_key.h"

struct check {
	struct tool *tool;
	json_t *list;
	bool wrong;
	bool progress; /* standard error is a terminal */
};

/* What is tried now; the result's line takes its place. */
static void
trying(struct check *c, const char *what)
{
	if (c->progress)
		fprintf(stderr, "\r\033[K... %s", what);
}

static void
result(struct check *c, bool good, const char *what, const char *text)
{
	if (c->progress)
		fputs("\r\033[K", stderr);
	c->wrong |= !good;
	json_array_append_new(c->list, json_pack("{s:s, s:b, s:o}", "what", what, "ok", (int)good,
	    "text", show_text(c->tool, text)));
	if (!c->tool->json)
		show_result(c->tool, good, what, text);
}

/* ---- store and people ----------------------------------------------------------------------- */

static bool
check_store(struct check *c)
{
	const char *path = c->tool->conf->store_path;
	struct err err;
	struct team *teams;
	struct person *persons;
	size_t n_teams, n_people;

	if (tool_open_store(c->tool, DB_READ_ONLY, &err) != TD_OK ||
	    team_list(c->tool->db, c->tool->arena, &teams, &n_teams, &err) != TD_OK ||
	    person_list(c->tool->db, c->tool->arena, &persons, &n_people, &err) != TD_OK) {
		result(c, false, "store", err.text);
		return false;
	}
	if (access(path, W_OK) < 0)
		result(c, false, "store", arena_printf(c->tool->arena,
		    "%s cannot be written by this account; the daemon's account must own it",
		    path));
	else if (n_teams == 0)
		result(c, false, "store", "there is no team yet; add one with: tidings team add");
	else
		result(c, true, "store", arena_printf(c->tool->arena,
		    "%s; teams: %zu, people: %zu", path, n_teams, n_people));
	return true;
}

static void
check_zone(struct check *c, const char *name, const char *whose, bool *good)
{
	const struct zone *zone;
	struct err err;

	if (zone_get(name, &zone, &err) == TD_OK)
		return;
	*good = false;
	result(c, false, "zone data", arena_printf(c->tool->arena, "%s: %s", whose, err.text));
}

/* Every zone that somebody uses; an empty store is tried with one that each machine has. */
static void
check_zones(struct check *c)
{
	struct person *people = NULL;
	struct team *teams = NULL;
	size_t n_people = 0, n_teams = 0;
	bool good = true;

	if (c->tool->db != NULL &&
	    (team_list(c->tool->db, c->tool->arena, &teams, &n_teams, NULL) != TD_OK ||
		person_list(c->tool->db, c->tool->arena, &people, &n_people, NULL) != TD_OK))
		return; /* told with the store */
	check_zone(c, "Europe/Berlin", "this machine (apt-get install tzdata)", &good);
	for (size_t i = 0; i < n_teams; i++)
		check_zone(c, teams[i].zone, teams[i].name, &good);
	for (size_t i = 0; i < n_people; i++)
		check_zone(c, people[i].zone, people[i].handle, &good);
	if (good)
		result(c, true, "zone data", "every zone in use is known");
}

/* ---- servers -------------------------------------------------------------------------------- */

/* The daemon renews tokens; a second one who does would make its refresh token void. */
static enum td_status
read_token(struct check *c, const struct conf_server *server, const char **access_r,
    struct err *err)
{
	struct oauth_token *row = NULL;
	const char *group = server->oauth->name;

	if (c->tool->db == NULL)
		return err_perm(err, "its tokens are in the store, which cannot be read");
	if (oauth_token_check_file(c->tool->conf->store_path, err) != TD_OK ||
	    oauth_token_get(c->tool->db, c->tool->arena, group, server->user, &row, err) != TD_OK)
		return TD_PERM;
	if (row == NULL)
		return err_perm(err, "nobody has logged in as %s; run: tidings oauth login",
		    server->user);
	if (row->revoked)
		return err_perm(err,
		    "the log-in of %s is no longer good (%.200s); run: tidings oauth "
		    "login",
		    server->user, row->why != NULL ? row->why : "revoked");
	if (row->access_token == NULL || row->expires_at <= clock_now())
		return err_perm(err,
		    "the access token of %s ran out at %s; tidingsd renews it when "
		    "it runs, and tidings status says if it cannot",
		    server->user, tool_rfc3339(c->tool, row->expires_at, NULL));
	*access_r = row->access_token;
	return TD_OK;
}

static enum td_status
read_secret(struct check *c, const struct conf_server *server, const char **password_r,
    struct err *err)
{
	*password_r = NULL;
	if (server->user == NULL)
		return TD_OK;
	if (server->oauth != NULL)
		return read_token(c, server, password_r, err);
	return conf_secret_read(c->tool->arena, &server->secret, password_r, err);
}

static const char *
server_words(struct check *c, const struct conf_server *server)
{
	static const char *const tls[] = {"TLS", "STARTTLS", "no encryption"};

	return arena_printf(c->tool->arena, "%s port %u, %s%s%s%s%s", server->host, server->port,
	    tls[server->tls], server->user != NULL ? ", as " : "",
	    server->user != NULL ? server->user : "", server->oauth != NULL ? " by oauth " : "",
	    server->oauth != NULL ? server->oauth->name : "");
}

static enum td_status
open_mailbox(struct check *c, struct fetch_mailbox *box, struct source_opened *opened_r,
    struct err *err)
{
	int cancel = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	enum td_status status;
	struct source *source;

	if (cancel < 0)
		return err_temp(err, "no descriptor is left");
	if (box->account != NULL) {
		box->token = token_create(box->account);
		token_set(box->token, 1, box->password);
	}
	source = box->conf.maildir != NULL ? maildir_create(box,
	    c->tool->conf->limits.mail_bytes, MAILDIR_FILES_MAX)
					   : imap_create(box, c->tool->conf->limits.mail_bytes,
					       cancel);
	status = source->ops->open(source, opened_r, err);
	source->ops->close(source);
	source->ops->destroy(&source);
	token_destroy(&box->token);
	close(cancel);
	return status;
}

static void
check_mailbox(struct check *c, const struct conf_mailbox *conf)
{
	struct fetch_mailbox box = {.conf = *conf,
	    .account = conf_oauth_key(c->tool->arena, &conf->server)};
	const char *what = arena_printf(c->tool->arena, "mailbox %s", conf->name);
	struct source_opened opened;
	struct err err;

	trying(c, what);
	if (read_secret(c, &conf->server, &box.password, &err) != TD_OK ||
	    open_mailbox(c, &box, &opened, &err) != TD_OK)
		result(c, false, what, err.text);
	else if (conf->maildir != NULL)
		result(c, true, what, arena_printf(c->tool->arena, "Maildir %s", conf->maildir));
	else
		result(c, true, what, arena_printf(c->tool->arena, "%s, %s: %u mails",
		    server_words(c, &conf->server), conf->folder, opened.exists));
}

static void
check_transport(struct check *c, const struct conf_transport *conf)
{
	struct send_conf send = {.transport = *conf,
	    .account = conf_oauth_key(c->tool->arena, &conf->server)};
	const char *what = arena_printf(c->tool->arena, "transport %s", conf->name);
	struct smtp *smtp = NULL;
	struct err err;

	trying(c, what);
	if (read_secret(c, &conf->server, &send.password, &err) != TD_OK) {
		result(c, false, what, err.text);
		return;
	}
	smtp = smtp_create(&send);
	if (send.account != NULL)
		smtp_set_token(smtp, send.password);
	if (smtp_probe(smtp, &err) == TD_OK)
		result(c, true, what, server_words(c, &conf->server));
	else
		result(c, false, what, err.text);
	smtp_destroy(&smtp);
}

static void
check_servers(struct check *c)
{
	const struct conf *conf = c->tool->conf;

	for (size_t i = 0; i < conf->n_mailboxes; i++)
		check_mailbox(c, &conf->mailboxes[i]);
	if (conf->n_mailboxes == 0)
		result(c, false, "mailboxes", "none is configured: no mail is read");
	for (size_t i = 0; i < conf->n_transports; i++)
		check_transport(c, &conf->transports[i]);
	if (conf->n_transports == 0)
		result(c, false, "transports", "none is configured: no mail can be sent");
}

/* ---- the rest ------------------------------------------------------------------------------- */

static void
complain(void *user, const char *line)
{
	result(user, false, "templates", line);
}

static void
check_templates(struct check *c)
{
	const char *folder = c->tool->conf->templates;
	bool was_wrong = c->wrong;
	struct err err;

	if (folder == NULL) {
		result(c, true, "templates", "the built-in ones");
		return;
	}
	c->wrong = false;
	if (compose_check_templates(folder, complain, c, &err) == TD_OK && !c->wrong)
		result(c, true, "templates", folder);
	else if (!c->wrong)
		result(c, false, "templates", err.text);
	c->wrong |= was_wrong;
}

static void
check_trust(struct check *c)
{
	const struct conf_trust *trust = &c->tool->conf->trust;

	if (trust->mode == CONF_TRUST_ENVELOPE)
		result(c, true, "trust",
		    "the From address is believed; right only where nobody can "
		    "write under another's name");
	else if (trust->authserv_id == NULL)
		result(c, true, "trust", "no authserv_id: each mail waits for a \"yes\" of its "
		    "sender");
	else
		result(c, true, "trust", trust->authserv_id);
}

static const char *
auto_words(struct check *c, const struct team *team)
{
	bool works = false;
	struct err err;

	if (plus_address_works(c->tool->db, c->tool->arena, team->id, team->address, &works,
	    &err) != TD_OK)
		return err.text[0] != '\0' ? arena_strdup(c->tool->arena, err.text) : "unknown";
	return works ? "in Reply-To"
	    : "in the subject of an answer that asks for a reply, until mail to a plus address of "
	      "the team comes";
}

/* Where reply tokens stand, for each team. */
static void
check_reply_tokens(struct check *c)
{
	const enum conf_reply reply = c->tool->conf->trust.reply;
	struct team *teams = NULL;
	size_t n = 0;
	struct err err;

	if (reply != CONF_REPLY_AUTO) {
		result(c, true, "reply tokens", reply == CONF_REPLY_PLUS ?
		    "in Reply-To: the mail server must deliver plus addresses" :
		    "in the subject of an answer that asks for a reply");
		return;
	}
	if (c->tool->db == NULL ||
	    team_list(c->tool->db, c->tool->arena, &teams, &n, &err) != TD_OK)
		return; /* the store was complained of */
	for (size_t i = 0; i < n; i++)
		result(c, true, arena_printf(c->tool->arena, "reply tokens of %s", teams[i].name),
		    auto_words(c, &teams[i]));
}

static void
check_daemon(struct check *c)
{
	result(c, true, "tidingsd", control_is_up(c->tool->conf->run_dir) ? "runs"
	    : "does not run; start it with: tidingsd, or systemctl start tidingsd");
}

int
check_everything(struct tool *tool)
{
	struct check c = {.tool = tool, .list = json_array()};
	struct err err;

	c.progress = isatty(STDERR_FILENO) && !tool->json;
	if (tool_open_conf(tool, &err) != TD_OK) {
		json_decref(c.list);
		return tool_fail(&err);
	}
	result(&c, true, "configuration", tool->conf->path);
	check_store(&c);
	check_zones(&c);
	check_servers(&c);
	check_templates(&c);
	check_trust(&c);
	check_reply_tokens(&c);
	check_daemon(&c);
	if (tool->json)
		show_list(tool, json_incref(c.list), NULL, 0, "");
	json_decref(c.list);
	return c.wrong ? TOOL_FAILED : TOOL_OK;
}

static int
run(struct tool *tool, int argc, char **argv)
{
	int status = tool_options(tool, NULL, 0, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 1)
		return tool_misuse(tool, "check takes no words");
	return check_everything(tool);
}

const struct command cmd_check = {"check", "try everything that is configured", "",
    "Tries the store, each mailbox, each transport, zone data and templates; a line each: what\n"
    "works, or what is wrong and how to mend it. Exit 1 if anything is wrong.\n",
    run};
