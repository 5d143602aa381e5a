/* SPDX-License-Identifier: ISC */
/*
 * cmd_oauth: log-ins by OAuth2: login, list, logout. A log-in is by device (a code that is typed in
 * on any other machine) or by browser; what comes of it goes into the store, and a daemon that runs
 * takes it from there.
 */
#include "config.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/control/oauth_browser.h"
#include "daemon/control/show.h"
#include "daemon/store/oauth_token.h"

#define LEN(a) (sizeof(a) / sizeof *(a))
#define SLOWER 5 /* seconds (RFC 8628, 3.5) */

/* ---- which account -------------------------------------------------------------------------- */

/* A mailbox and a transport may have one name: the one that logs in by OAuth2 is meant. */
static const struct conf_server *
server_named(const struct conf *conf, const char *name)
{
	const struct conf_server *found = NULL;

	for (size_t i = 0; i < conf->n_transports; i++)
		if (strcmp(conf->transports[i].name, name) == 0)
			found = &conf->transports[i].server;
	for (size_t i = 0; i < conf->n_mailboxes; i++)
		if (strcmp(conf->mailboxes[i].name, name) == 0 &&
		    (found == NULL || found->oauth == NULL ||
			conf->mailboxes[i].server.oauth != NULL))
			found = &conf->mailboxes[i].server;
	return found;
}

static int
find_server(struct tool *tool, int argc, char **argv, const struct conf_server **server_r)
{
	struct err err;

	if (argc != 2)
		return tool_misuse(tool, "oauth %s wants the name of one mailbox", argv[0]);
	if (tool_open_store(tool, DB_READ_WRITE, &err) != TD_OK)
		return tool_fail(&err);
	*server_r = server_named(tool->conf, argv[1]);
	if (*server_r == NULL)
		return tool_failf("there is no mailbox %.60s in %s", argv[1], tool->conf->path);
	if ((*server_r)->oauth == NULL)
		return tool_failf("mailbox %.60s logs in by password; set oauth = \"...\" in %s",
		    argv[1], tool->conf->path);
	return -1;
}

/* ---- login ---------------------------------------------------------------------------------- */

static void
put_device(const struct oauth_device *device, const char *login)
{
	fprintf(stderr, "On any machine, open\n\n    %s\n\nlog in as %s, and enter the code\n\n"
	    "    %s\n\n", device->uri, login, device->user_code);
	if (device->whole_uri != NULL)
		fprintf(stderr, "or open %s\n\n", device->whole_uri);
	fputs("Waiting ...\n", stderr);
}

/* Asks at the server's pace until it says something final. */
static enum oauth_result
wait_for_device(struct arena *arena, const struct oauth_client *client,
    const struct oauth_device *device, struct oauth_tokens *tokens_r, struct err *err)
{
	int64_t deadline = clock_monotonic_ms() + device->expires_in * 1000;
	int64_t interval = device->interval;
	enum oauth_result result;

	while (clock_monotonic_ms() < deadline) {
		(void)poll(NULL, 0, (int)(interval * 1000));
		result = oauth_device_ask(arena, client, device->device_code, tokens_r, err);
		if (result == OAUTH_SLOW_DOWN)
			interval += SLOWER;
		else if (result != OAUTH_PENDING && result != OAUTH_TEMP)
			return result;
	}
	(void)err_temp(err, "nobody logged in before the code ran out");
	return OAUTH_EXPIRED;
}

static enum oauth_result
by_device(struct arena *arena, const struct oauth_client *client, const char *login,
    struct oauth_tokens *tokens_r, struct err *err)
{
	struct oauth_device device;
	enum oauth_result result = oauth_device_begin(arena, client, &device, err);

	if (result != OAUTH_GRANTED)
		return result;
	put_device(&device, login);
	return wait_for_device(arena, client, &device, tokens_r, err);
}

/* Google's devices may not ask for mail, so a log-in there is by browser unless told otherwise. */
static bool
wants_browser(const struct conf_oauth *conf, bool device, bool browser)
{
	if (device || browser)
		return browser;
	return conf->device_url == NULL || conf->provider == CONF_OAUTH_GOOGLE;
}

static enum td_status
store_tokens(struct tool *tool, const struct conf_server *server,
    const struct oauth_tokens *tokens, struct oauth_token *row_r, struct err *err)
{
	int64_t now = clock_now();
	struct oauth_token *old = NULL;
	enum td_status status;

	*row_r = (struct oauth_token){.account = server->oauth->name, .login = server->user,
	    .refresh_token = tokens->refresh, .access_token = tokens->access,
	    .expires_at = now + tokens->expires_in, .login_at = now, .refreshed_at = now};
	status = oauth_token_get(tool->db, tool->arena, row_r->account, row_r->login, &old, err);
	if (status != TD_OK)
		return status;
	if (old != NULL && old->login_at >= now)
		row_r->login_at = old->login_at + 1; /* tells two log-ins apart */
	return oauth_token_set(tool->db, row_r, err);
}

static json_t *
row_json(struct tool *tool, const struct oauth_token *row)
{
	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "account",
	    show_text(tool, row->account), "login", show_text(tool, row->login), "state",
	    row->revoked ? "log in again" : "ok", "logged_in", show_time(tool, row->login_at),
	    "renewed", show_time(tool, row->refreshed_at), "expires",
	    show_time(tool, row->expires_at), "why", show_text(tool, row->why));
}

static int
log_in(struct tool *tool, const struct conf_server *server, bool browser)
{
	static const struct show_column fields[] = {{"account", "Account"}, {"login", "Log-in"},
	    {"expires", "Access until"}};
	struct oauth_client client = {server->oauth, NULL};
	struct oauth_tokens tokens = {.access = NULL};
	const struct conf_secret *secret = &server->oauth->secret;
	struct oauth_token row;
	enum oauth_result result;
	struct err err;

	if (oauth_token_check_file(tool->conf->store_path, &err) != TD_OK)
		return tool_fail(&err);
	if ((secret->file != NULL || secret->command != NULL || secret->credential != NULL) &&
	    conf_secret_read(tool->arena, secret, &client.secret, &err) != TD_OK)
		return tool_fail(&err);
	result = browser ? oauth_browser(tool->arena, &client, server->user, &tokens, &err)
			 : by_device(tool->arena, &client, server->user, &tokens, &err);
	if (result != OAUTH_GRANTED)
		return tool_failf("no log-in: %s", err.text);
	if (tokens.refresh == NULL)
		return tool_failf("the server gave no refresh token, so the log-in would end by "
		    "itself: let scope allow it (Microsoft: offline_access)");
	if (store_tokens(tool, server, &tokens, &row, &err) != TD_OK)
		return tool_fail(&err);
	tool_wake(tool);
	show_object(tool, row_json(tool, &row), fields, LEN(fields));
	return TOOL_OK;
}

static int
login_run(struct tool *tool, int argc, char **argv)
{
	bool device = false, browser = false;
	const struct tool_option options[] = {
	    {"device", NULL, &device}, {"browser", NULL, &browser}};
	const struct conf_server *server = NULL;
	int status = tool_options(tool, options, LEN(options), &argc, argv);

	if (status == -1 && device && browser)
		return tool_misuse(tool, "either --device or --browser");
	if (status == -1)
		status = find_server(tool, argc, argv, &server);
	if (status != -1)
		return status;
	return log_in(tool, server, wants_browser(server->oauth, device, browser));
}

/* ---- the others ----------------------------------------------------------------------------- */

static int
list_run(struct tool *tool, int argc, char **argv)
{
	static const struct show_column columns[] = {{"account", "ACCOUNT"}, {"login", "LOG-IN"},
	    {"state", "STATE"}, {"logged_in", "LOGGED IN"}, {"renewed", "RENEWED"},
	    {"expires", "ACCESS UNTIL"}, {"why", "WHY"}};
	struct oauth_token *rows;
	struct err err;
	json_t *list;
	size_t n;
	int status = tool_options(tool, NULL, 0, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 1)
		return tool_misuse(tool, "oauth list takes no names");
	if (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK ||
	    oauth_token_list(tool->db, tool->arena, &rows, &n, &err) != TD_OK)
		return tool_fail(&err);
	list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, row_json(tool, &rows[i]));
	show_list(tool, list, columns, LEN(columns), "Nobody has logged in.");
	return TOOL_OK;
}

static int
logout_run(struct tool *tool, int argc, char **argv)
{
	const struct conf_server *server = NULL;
	bool found = false;
	struct err err;
	int status = tool_options(tool, NULL, 0, &argc, argv);

	if (status == -1)
		status = find_server(tool, argc, argv, &server);
	if (status != -1)
		return status;
	if (oauth_token_remove(tool->db, server->oauth->name, server->user, &found, &err) != TD_OK)
		return tool_fail(&err);
	if (!found)
		return tool_failf("nobody has logged in as %s", server->user);
	tool_wake(tool);
	if (!tool->json)
		puts(
		    "The tokens are gone from here. The provider's page of the account can end the "
		    "log-in there.");
	return TOOL_OK;
}

static int
run(struct tool *tool, int argc, char **argv)
{
	static const struct tool_verb verbs[] = {{"login", login_run}, {"list", list_run},
	    {"logout", logout_run}};

	return tool_verbs(tool, verbs, LEN(verbs), argc, argv);
}

const struct command cmd_oauth = {"oauth", "log in to mailboxes by OAuth2",
    "login MAILBOX [--device|--browser]\n"
    "list\n"
    "logout MAILBOX",
    "login shows an address to open and waits until somebody has logged in there. By device, a\n"
    "code is entered on any machine; by browser, the browser comes back to this machine, or the\n"
    "address where it ends is pasted. The default is what the provider takes for mail: the\n"
    "browser for Google, the device for Microsoft. All mailboxes and transports with the same\n"
    "oauth and user share the log-in. The tokens go into the store, which only its owner may "
    "read.\n",
    run};
