/* SPDX-License-Identifier: ISC */
/*
 * conf: the configuration file (libconfig), read whole, checked whole. conf_load reports every
 * unknown key, wrong type, value out of range and missing file with FILE:LINE, all at once.
 * Secrets are only named here; conf_secret reads them when a worker is started.
 *
 *	store:      { path = "/var/lib/tidings/tidings.db"; reserve_mb = 64; };
 *	mailboxes:  ( { name = "main"; host = "imap.example.org"; user = "platform";
 *	                password_file = "/etc/tidings/imap.secret"; after = "flag"; } );
 *	transports: ( { name = "main"; host = "smtp.example.org"; port = 587; ... } );
 *	trust:      { authserv_id = "mx.example.org"; };
 *
 * tidings.conf(5) describes every key; conf.c has one table of them, and the man page is checked
 * against it by a test.
 */
#ifndef TD_CONF_H
#define TD_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "parsers/base/arena.h"
#include "parsers/base/err.h"
#include "daemon/log.h"

enum conf_tls { CONF_TLS_IMPLICIT, CONF_TLS_STARTTLS, CONF_TLS_NONE };
/* DEFAULT is flag, and leave for a Maildir; conf_load leaves none of it. DELETE: a Maildir only. */
enum conf_after { CONF_AFTER_LEAVE, CONF_AFTER_FLAG, CONF_AFTER_MOVE, CONF_AFTER_DELETE,
	CONF_AFTER_DEFAULT };

#define CONF_RECHECK 300
#define CONF_RECHECK_MAX 1680 /* IDLE begins anew with each look, and has to within 29 minutes */

/* Where a secret comes from: exactly one is set, or none where no login is needed. */
struct conf_secret {
	const char *file;       /* first line of it; must not be readable by others */
	const char *command;    /* its first line of output, run by /bin/sh, 10 s at most */
	const char *credential; /* a file in $CREDENTIALS_DIRECTORY (systemd) */
};

enum conf_oauth_provider { CONF_OAUTH_GOOGLE, CONF_OAUTH_MICROSOFT, CONF_OAUTH_OTHER };

/* An authorization server and the client that we are to it (RFC 6749); no user yet. */
struct conf_oauth {
	const char *name;
	enum conf_oauth_provider provider; /* what the file leaves away is filled in by it */
	const char *tenant;        /* Microsoft's; "common" */
	const char *client_id;
	struct conf_secret secret; /* of the client; none where it has none */
	const char *token_url, *device_url, *authorize_url; /* https; the last two may be NULL */
	const char *scope;
	const char *ca_file;       /* instead of the system's trust */
	uint32_t timeout;          /* seconds for one request */
	int line;
};

/* How to reach a server: the same keys for mailboxes and transports. */
struct conf_server {
	const char *host;
	uint16_t port;           /* 0 in the file: by protocol and tls (993, 143, 465, 587, 25) */
	enum conf_tls tls;       /* mailboxes: implicit; transports: starttls */
	bool allow_plain;        /* tls = "none" beyond loopback is refused without this */
	const char *ca_file;     /* instead of the system's trust */
	const char *pin_sha256;  /* hex SHA-256 of the server's certificate (DER); then CA and host
	                            name are not looked at */
	const char *user;
	struct conf_secret secret;
	const char *oauth_name;  /* instead of a secret: log in by OAuth2 */
	const struct conf_oauth *oauth; /* that one; NULL: none */
	uint32_t timeout;        /* seconds for one step: connect, command, reply; 60 */
	int line;                /* in the file, for messages */
};

struct conf_mailbox {
	const char *name;
	struct conf_server server; /* all NULL and 0 for a Maildir, but for line */
	const char *maildir;     /* the path of a Maildir; NULL: it is a folder on a server */
	const char *folder;      /* UTF-8; "INBOX" */
	enum conf_after after;   /* flag */
	const char *move_to;     /* with after = "move" */
	uint32_t poll;           /* seconds; 60; without IDLE */
	bool idle;               /* wait for the server's word of new mail (RFC 2177); true */
	uint32_t recheck;        /* seconds between two looks while it waits so; 300, and one
	                            more for each mailbox beyond 300 */
};

struct conf_transport {
	const char *name;
	struct conf_server server;
	const char *helo;        /* NULL: this host's name */
};

/* Mail of a task form: who sends it, whose tasks it makes, which question is which field. */
struct conf_form {
	const char *name;
	const char *from; /* address */
	const char *to;   /* address of the team; NULL: any that the mail is for */
	const char *as;   /* address of a member: the maker of the tasks */
	const char *title, *owner, *due, *priority, *project,
	    *tags; /* questions; NULL: not asked */
	int line;
};

enum conf_trust_mode { CONF_TRUST_AUTHENTICATED, CONF_TRUST_ENVELOPE };

/* AUTO: in a plus address of a team that mail to one came to before, else as with SUBJECT. */
enum conf_reply { CONF_REPLY_AUTO, CONF_REPLY_PLUS, CONF_REPLY_SUBJECT };

struct conf_trust {
	enum conf_trust_mode mode; /* "authenticated" (default) or "envelope" */
	const char *authserv_id;   /* NULL: no Authentication-Results counts */
	const char *border_host;   /* NULL: they count above the very first Received only */
	enum conf_reply reply;     /* where a reply token stands: "auto" */
};

struct conf_limits {
	uint64_t mail_bytes;       /* 25 MB */
	uint32_t mime_depth;       /* 50 */
	uint32_t mime_parts;       /* 1,000 */
	uint32_t header_bytes;     /* 256 KiB */
	uint32_t parser_mb;        /* 128 */
	uint32_t parser_cpu;       /* 5 s */
	uint32_t parser_wall;      /* 30 s */
	uint32_t parsers;          /* processes; 2 */
	uint32_t commands;         /* 200 a mail */
	uint32_t ics_bytes;        /* 256 KiB */
	uint32_t acks_per_day;     /* 20 a person */
};

struct conf {
	const char *path;          /* the file itself */
	const char *store_path;
	uint32_t store_reserve_mb; /* 64; 0 for none */
	const char *templates;     /* folder of overrides, NULL without */
	const char *run_dir;       /* control socket and pid file; "/run/tidings" */
	const char *user;          /* account to run as when started as root; NULL: stay */
	struct conf_mailbox *mailboxes;
	size_t n_mailboxes;
	struct conf_transport *transports; /* the first is used */
	size_t n_transports;
	struct conf_oauth *oauths;
	size_t n_oauths;
	struct conf_form *forms;
	size_t n_forms;
	struct conf_trust trust;
	struct conf_limits limits;
	enum log_level log_level;
	const char *log_file;      /* NULL: standard error */
};

/*
 * Reads and checks FILE. On failure err holds the first complaint, and each complaint was given
 * to tell (may be NULL) as one line "FILE:LINE: what and what to do".
 */
TD_CHECK enum td_status conf_load(struct arena *arena, const char *path,
    void (*tell)(void *user, const char *line), void *user, struct conf **conf_r,
    struct err *err);

/* What tells accounts apart: "GROUP USER" of a server that logs in by OAuth2, else NULL. */
const char *conf_oauth_key(struct arena *arena, const struct conf_server *server);

/* $TIDINGS_CONF, else ~/.config/tidings/tidings.conf if it exists, else SYSCONFDIR's. */
const char *conf_default_path(struct arena *arena);

/* Reads the secret, at most 4 KiB, without its line end. TD_PERM names what is wrong with it. */
TD_CHECK enum td_status conf_secret_read(struct arena *arena, const struct conf_secret *secret,
    const char **value_r, struct err *err);

/*
 * The same of a command, in two pieces, for one who cannot wait. The process leads a group of its
 * own, to be killed when CONF_COMMAND_MS are over. The caller reads *fd_r to its end (at most
 * CONF_SECRET_BYTES count), closes it and reaps *pid_r; wstatus: of waitpid, -1: not in time.
 */
#define CONF_COMMAND_MS 10000
#define CONF_SECRET_BYTES 4098

TD_CHECK enum td_status conf_secret_spawn(const char *command, pid_t *pid_r, int *fd_r,
    struct err *err);
TD_CHECK enum td_status conf_secret_of_output(struct arena *arena, struct span output, int wstatus,
    const char **value_r, struct err *err);

#endif
