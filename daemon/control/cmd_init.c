/* SPDX-License-Identifier: ISC */
/*
 * cmd_init: from nothing to a working set-up: few questions on a terminal (flags answer them
 * ahead), the file, the store, the first team and person, and a check of it all.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "parsers/address.h"
#include "parsers/base/num.h"
#include "daemon/control/check.h"
#include "daemon/control/init.h"
#include "daemon/control/people.h"
#include "daemon/control/show.h"

/* ---- questions ------------------------------------------------------------------------------ */

#define TRIES 3

/* What is missing or wrong: on a terminal told without the usage, nobody wrote an option. */
static int
refuse(struct init *init, const char *text)
{
	if (init->ask)
		return tool_failf("%s; nothing was written", text);
	return tool_misuse(init->tool, "%s", text);
}

/* One line from the terminal; fallback on an empty one. NULL at the end of input. */
static const char *
ask(struct init *init, const char *question, const char *fallback)
{
	char line[512];
	struct span answer;

	if (fallback != NULL)
		fprintf(stderr, "%s [%s]: ", question, fallback);
	else
		fprintf(stderr, "%s: ", question);
	if (fgets(line, sizeof line, stdin) == NULL)
		return NULL;
	answer = span_trim(span_of(line));
	return answer.len > 0 ? arena_span(init->tool->arena, answer) : fallback;
}

static const char *
ask_password(struct init *init)
{
	struct termios before, silent;
	bool is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	char line[512];
	struct span answer = {"", 0};

	/* before the question: what is typed at once belongs to it */
	if (is_terminal) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	}
	fputs("Password (kept in a file that only this account may read): ", stderr);
	if (fgets(line, sizeof line, stdin) != NULL)
		answer = span_of(line);
	if (is_terminal)
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	fputc('\n', stderr);
	while (answer.len > 0 && strchr("\r\n", answer.ptr[answer.len - 1]) != NULL)
		answer.len--;
	return answer.len > 0 ? arena_span(init->tool->arena, answer) : NULL;
}

/* Fills *value by asking, again after an empty answer; -1 or the exit status. */
static int
need(struct init *init, const char **value, const char *question, const char *option)
{
	for (int i = 0; *value == NULL && init->ask && i < TRIES && !feof(stdin); i++)
		*value = ask(init, question, NULL);
	if (*value != NULL)
		return -1;
	return init->ask ? tool_failf("%s: no answer; nothing was written", question)
			 : tool_misuse(init->tool, "--%s is needed", option);
}

/* Fills *value where it is missing: by asking, else by the fallback. */
static void
fill(struct init *init, const char **value, const char *question, const char *fallback)
{
	if (*value == NULL && init->ask)
		*value = ask(init, question, fallback);
	if (*value == NULL)
		*value = fallback;
}

/* ---- what follows from what ----------------------------------------------------------------- */

static const char *
number_text(struct init *init, unsigned number)
{
	return arena_printf(init->tool->arena, "%u", number);
}

static int
fill_servers(struct init *init)
{
	const struct provider *p = init->provider;
	const char *guess = p->imap_host;

	if (strcmp(p->name, "maildir") == 0)
		fill(init, &init->smtp_host, "The machine's own mail server (SMTP)", p->smtp_host);
	else if (init->maildir != NULL)
		return tool_misuse(init->tool, "--maildir is for --provider maildir");
	if (guess == NULL)
		guess = arena_printf(init->tool->arena, "mail.%s", address_domain(init->address));
	if (p->imap_host == NULL && strcmp(p->name, "maildir") != 0)
		fill(init, &init->imap_host, "IMAP server", guess);
	if (p->smtp_host == NULL)
		fill(init, &init->smtp_host, "Submission server (SMTP)", init->imap_host);
	if (init->imap_host == NULL)
		init->imap_host = p->imap_host;
	if (init->smtp_host == NULL)
		init->smtp_host = p->smtp_host;
	if (init->imap_port == NULL)
		init->imap_port = number_text(init, p->imap_port);
	if (init->smtp_port == NULL)
		init->smtp_port = number_text(init, p->smtp_port);
	if (init->imap_tls == NULL)
		init->imap_tls = provider_tls_name(p->imap_tls);
	if (init->smtp_tls == NULL)
		init->smtp_tls = provider_tls_name(p->smtp_tls);
	if (init->authserv_id == NULL)
		init->authserv_id = p->authserv_id;
	return -1;
}

static bool
is_tls(const char *text)
{
	for (enum conf_tls tls = CONF_TLS_IMPLICIT; tls <= CONF_TLS_NONE; tls++)
		if (strcmp(text, provider_tls_name(tls)) == 0)
			return true;
	return false;
}

static int
check_words(struct init *init)
{
	uint32_t port;

	if (!num_u32(span_of(init->imap_port), 65535, &port) ||
	    !num_u32(span_of(init->smtp_port), 65535, &port))
		return tool_misuse(init->tool, "a port is a number up to 65535");
	if (!is_tls(init->imap_tls) || !is_tls(init->smtp_tls))
		return tool_misuse(init->tool, "--imap-tls and --smtp-tls are implicit, starttls "
		    "or none");
	if (strcmp(init->trust, "authenticated") != 0 && strcmp(init->trust, "envelope") != 0)
		return tool_misuse(init->tool, "--trust is authenticated or envelope");
	return -1;
}

/* By OAuth2 where the provider has it and a client is named, else by password. */
static int
fill_login(struct init *init)
{
	const char *by = init->provider->oauth;

	if (init->oauth_client != NULL && by == NULL)
		return tool_misuse(init->tool,
		    "--oauth-client is for gmail and outlook; for another "
		    "server write an oauth group (tidings.conf(5))");
	if (init->oauth_client == NULL && by != NULL && init->ask && init->password_file == NULL &&
	    init->password_command == NULL)
		init->oauth_client = ask(init, "Client id for OAuth2 (empty: by password)", NULL);
	if (init->oauth_client != NULL && (init->password_file != NULL ||
	    init->password_command != NULL))
		return tool_misuse(init->tool, "either --oauth-client or a password");
	if (init->oauth_client != NULL && init->ask && init->oauth_secret_file == NULL)
		init->oauth_secret_file = ask(init, "File with the client's secret (empty: it has "
		    "none)", NULL);
	if (init->oauth_client != NULL)
		return -1;
	if (init->password_file != NULL || init->password_command != NULL)
		return -1;
	for (int i = 0; init->password == NULL && init->ask && i < TRIES && !feof(stdin); i++)
		init->password = ask_password(init);
	if (init->password != NULL)
		return -1;
	return init->ask ? refuse(init, "no password was given")
			 : tool_misuse(init->tool, "--%s is needed", by != NULL
	    ? "oauth-client (or --password-file, --password-command)"
	    : "password-file (or --password-command)");
}

static int
fill_account(struct init *init, const char *provider)
{
	struct err err;
	int status;

	fill(init, &provider, "Provider (gmail, outlook, fastmail, proton, dovecot, maildir)",
	    "dovecot");
	init->provider = provider_find(provider);
	if (init->provider == NULL)
		return refuse(init, arena_printf(init->tool->arena, "there is no provider %s; use "
		    "dovecot for a server of your own", provider));
	if (init->provider->hint != NULL)
		fprintf(stderr, "%s\n", init->provider->hint);
	status = need(init, &init->address, "The team's mail address", "address");
	if (status != -1)
		return status;
	if (people_address(init->tool, init->address, &init->address, &err) != TD_OK)
		return refuse(init, err.text);
	if (init->user == NULL)
		init->user = init->address;
	/* the machine's own mail server wants none as a rule */
	if (strcmp(init->provider->name, "maildir") == 0 && init->oauth_client == NULL)
		return -1;
	return fill_login(init);
}

/* "platform" of "platform@example.org". */
static const char *
local_part(struct init *init, const char *address)
{
	const char *at = strchr(address, '@');

	return arena_strndup(init->tool->arena, address, (size_t)(at - address));
}

static int
fill_people(struct init *init, struct team *team, struct person *lead)
{
	struct err err;
	int status;

	fill(init, &init->team, "Short name of the team", local_part(init, init->address));
	if (init->zone == NULL)
		fill(init, &init->zone, "Time zone", tool_zone(init->tool));
	status = need(init, &init->lead, "Your own mail address", "lead");
	if (status == -1)
		status = need(init, &init->lead_name, "Your name", "lead-name");
	if (status != -1)
		return status;
	if (people_handle(init->tool, init->team, &team->name, &err) != TD_OK ||
	    people_zone(init->tool, init->zone, &team->zone, &err) != TD_OK ||
	    people_name(init->tool, init->title != NULL ? init->title
		: people_title(init->tool, init->team), &team->title, &err) != TD_OK ||
	    people_address(init->tool, init->lead, &lead->address, &err) != TD_OK ||
	    people_name(init->tool, init->lead_name, &lead->name, &err) != TD_OK)
		return refuse(init, err.text);
	team->address = init->address;
	lead->zone = team->zone;
	if (strcmp(lead->address, team->address) == 0)
		return refuse(init, "your own address cannot be the team's");
	return -1;
}

/* ---- doing it ------------------------------------------------------------------------------- */

static enum td_status
make_store(struct init *init, struct team *team, struct person *lead, struct err *err)
{
	struct tool *tool = init->tool;
	struct team *old = NULL;
	struct person *known = NULL;
	enum td_status status;

	tool->conf_path = init->path;
	status = tool_open_store(tool, DB_CREATE, err);
	if (status == TD_OK)
		status = team_by_name(tool->db, tool->arena, team->name, &old, err);
	if (status == TD_OK && old == NULL)
		status = people_add_team(tool, team, err);
	else if (status == TD_OK)
		*team = *old;
	if (status == TD_OK)
		status = person_by_address(tool->db, tool->arena, lead->address, &known, err);
	if (status == TD_OK && known == NULL)
		status = people_add_person(tool, lead, team, ROLE_LEAD, err);
	db_close(&tool->db);
	return status;
}

static int
set_up(struct init *init, const char *provider, bool no_check)
{
	struct team team = {.zone = NULL};
	struct person lead = {.id = 0};
	struct err err;
	int status = fill_account(init, provider);

	if (status == -1)
		status = fill_servers(init);
	if (status == -1)
		status = fill_people(init, &team, &lead);
	if (status == -1)
		status = check_words(init);
	if (status != -1)
		return status;
	init_places(init);
	if (init_account(init, &err) != TD_OK || init_write(init, &err) != TD_OK)
		return tool_fail(&err);
	if (make_store(init, &team, &lead, &err) != TD_OK) {
		init_unwrite(init);
		return tool_fail(&err);
	}
	if (!init->tool->json)
		printf("Wrote %s and made %s.\n", init->path, init->store);
	if (geteuid() == 0 && init->account == NULL)
		fprintf(stderr,
		    "tidings: there is no account \"tidings\": tidingsd will run as root; "
		    "better make one and run this again (see README, Install it)\n");
	if (init->tool->json && (init->oauth_client != NULL || no_check)) /* else check's */
		show_object(init->tool, json_pack("{s:s, s:s}", "configuration", init->path,
		    "store", init->store), NULL, 0);
	if (init->oauth_client != NULL) {
		if (!init->tool->json)
			puts("Now log in with: tidings oauth login main, then try it all with: "
			     "tidings "
			     "check");
		return TOOL_OK;
	}
	return no_check ? TOOL_OK : check_everything(init->tool);
}

static int
run(struct tool *tool, int argc, char **argv)
{
	struct init init = {.tool = tool, .trust = "authenticated"};
	const char *provider = NULL;
	bool yes = false, no_check = false;
	const struct tool_option options[] = {{"provider", &provider, NULL}, {"yes", NULL, &yes},
	    {"force", NULL, &init.force}, {"no-check", NULL, &no_check},
	    {"address", &init.address, NULL}, {"user", &init.user, NULL},
	    {"password-file", &init.password_file, NULL},
	    {"password-command", &init.password_command, NULL},
	    {"oauth-client", &init.oauth_client, NULL},
	    {"oauth-secret-file", &init.oauth_secret_file, NULL},
	    {"oauth-tenant", &init.oauth_tenant, NULL},
	    {"imap-host", &init.imap_host, NULL}, {"imap-port", &init.imap_port, NULL},
	    {"imap-tls", &init.imap_tls, NULL}, {"smtp-host", &init.smtp_host, NULL},
	    {"smtp-port", &init.smtp_port, NULL}, {"smtp-tls", &init.smtp_tls, NULL},
	    {"maildir", &init.maildir, NULL},
	    {"ca-file", &init.ca_file, NULL}, {"authserv-id", &init.authserv_id, NULL},
	    {"trust", &init.trust, NULL}, {"team", &init.team, NULL}, {"title", &init.title, NULL},
	    {"zone", &init.zone, NULL}, {"lead", &init.lead, NULL},
	    {"lead-name", &init.lead_name, NULL}, {"store", &init.store, NULL},
	    {"run-dir", &init.run_dir, NULL}, {"account", &init.account, NULL}};
	int status = tool_options(tool, options, sizeof options / sizeof *options, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 1)
		return tool_misuse(tool, "init takes options only");
	if (init.password_file != NULL && init.password_command != NULL)
		return tool_misuse(tool, "either --password-file or --password-command");
	init.ask = !yes && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
	init.path = tool->conf_path;
	return set_up(&init, provider, no_check);
}

const struct command cmd_init = {"init", "write a configuration and make the store",
    "[--provider gmail|outlook|fastmail|proton|dovecot|maildir] [--force]\n"
    "--yes --address ADDRESS --lead ADDRESS --lead-name NAME --password-file FILE [...]",
    "Asks few questions, writes a working file (-c FILE, readable by you alone), makes the store\n"
    "with the first team and person, and ends with check. Options answer questions ahead; with\n"
    "--yes nothing is asked.\n"
    "  --address ADDRESS      the team's address; --user NAME where the login is another\n"
    "  --password-file FILE   or --password-command COMMAND\n"
    "  --oauth-client ID      gmail, outlook: by OAuth2; --oauth-secret-file FILE, --oauth-tenant "
    "T\n"
    "  --maildir FOLDER       maildir: where `tidings deliver` puts mail (default: in, beside the "
    "store)\n"
    "  --imap-host, --imap-port, --imap-tls, --smtp-host, --smtp-port, --smtp-tls, --ca-file\n"
    "  --authserv-id NAME     what your server writes into Authentication-Results\n"
    "  --trust MODE           authenticated, or envelope for a closed mail system\n"
    "  --team NAME, --title TITLE, --zone Z\n"
    "  --lead ADDRESS, --lead-name NAME   the first person\n"
    "  --store FILE, --run-dir FOLDER\n"
    "  --account NAME         by root: what tidingsd runs as (default: tidings, if there is one)\n"
    "  --force                replaces a configuration that is there\n"
    "  --no-check             does not try the servers\n",
    run};
