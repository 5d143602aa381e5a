/* SPDX-License-Identifier: ISC */
/* init: what cmd_init.c (the questions) and init_write.c (the files) share. */
#ifndef TD_CONTROL_INIT_H
#define TD_CONTROL_INIT_H

#include "daemon/control/provider.h"
#include "daemon/control/tool.h"

struct init {
	struct tool *tool;
	bool ask;   /* on a terminal, and not --yes */
	bool force;
	const struct provider *provider;
	const char *address;  /* of the team; also what logs in, unless user is given */
	const char *user;
	const char *password_file, *password_command;
	const char *oauth_client, *oauth_secret_file, *oauth_tenant; /* NULL: by password */
	const char *password; /* typed in: goes into a file beside the configuration */
	const char *maildir; /* in place of an IMAP server; made where it is not there */
	const char *imap_host, *imap_port, *imap_tls;
	const char *smtp_host, *smtp_port, *smtp_tls;
	const char *ca_file;
	const char *authserv_id, *trust;
	const char *team, *title, *zone;
	const char *lead, *lead_name; /* the first person */
	const char *path, *store, *run_dir;
	const char *account; /* what the daemon runs as, when root runs init; NULL: as started */
};

/* Whether anything is known to log in with; the machine's own MTA may want nothing. */
bool init_has_login(const struct init *init);

/* Where things go when nobody says: the system's folders for root, else the home's. */
void init_places(struct init *init);

/* Run by root: the daemon is to run as the account (default: "tidings", where there is one). An
 * account that was asked for and is not there is an error. */
TD_CHECK enum td_status init_account(struct init *init, struct err *err);

/* Makes the folders, the password's file and the configuration (0600), and gives them to the
 * account. Never overwrites without force; a configuration with a mistake is refused before any of
 * the files is there. */
TD_CHECK enum td_status init_write(const struct init *init, struct err *err);

/* What came after failed: takes the files of init_write away again, so that the next try finds
 * none. With force they stay: what they replaced is gone. */
void init_unwrite(const struct init *init);

#endif
