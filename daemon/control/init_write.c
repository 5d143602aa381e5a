/* SPDX-License-Identifier: ISC */
/* init_write: the files of `tidings init`; see init.h. */
#include "config.h"

#include "daemon/control/init.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/base/buf.h"

bool
init_has_login(const struct init *init)
{
	return init->password != NULL || init->password_file != NULL ||
	    init->password_command != NULL || init->oauth_client != NULL;
}

/* ---- places --------------------------------------------------------------------------------- */

static const char *
home_place(struct init *init, const char *variable, const char *below_home, const char *name)
{
	const char *base = getenv(variable), *home = getenv("HOME");

	if (base != NULL && *base == '/')
		return arena_printf(init->tool->arena, "%s/tidings/%s", base, name);
	return arena_printf(init->tool->arena, "%s/%s/tidings/%s", home != NULL ? home : ".",
	    below_home, name);
}

static const char *
absolute(struct init *init, const char *path)
{
	char *cwd, *out;

	if (path == NULL || *path == '/')
		return path;
	cwd = getcwd(NULL, 0);
	out = arena_printf(init->tool->arena, "%s/%s", cwd != NULL ? cwd : ".", path);
	free(cwd);
	return out;
}

static const char *
dir_of(const struct init *init, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? "." : arena_strndup(init->tool->arena, path, (size_t)(slash - path));
}

static bool
is_maildir(const struct init *init)
{
	return init->provider != NULL && strcmp(init->provider->name, "maildir") == 0;
}

void
init_places(struct init *init)
{
	bool root = geteuid() == 0;

	if (init->path == NULL)
		init->path = root ? TD_SYSCONFDIR "/tidings/tidings.conf"
		    : home_place(init, "XDG_CONFIG_HOME", ".config", "tidings.conf");
	if (init->store == NULL)
		init->store = root ? "/var/lib/tidings/tidings.db"
		    : home_place(init, "XDG_DATA_HOME", ".local/share", "tidings.db");
	if (is_maildir(init) && init->maildir == NULL)
		init->maildir = arena_printf(init->tool->arena, "%s/in",
		    dir_of(init, init->store));
	init->maildir = absolute(init, init->maildir);
	init->path = absolute(init, init->path);
	init->store = absolute(init, init->store);
	init->password_file = absolute(init, init->password_file);
	init->oauth_secret_file = absolute(init, init->oauth_secret_file);
	init->ca_file = absolute(init, init->ca_file);
	if (init->run_dir == NULL)
		init->run_dir = root ? "/run/tidings"
		    : arena_printf(init->tool->arena, "%s/run", dir_of(init, init->store));
	init->run_dir = absolute(init, init->run_dir);
}

/* ---- the daemon's account ------------------------------------------------------------------- */

enum td_status
init_account(struct init *init, struct err *err)
{
	bool asked = init->account != NULL;
	const char *name = asked ? init->account : "tidings";

	if (asked && geteuid() != 0)
		return err_perm(err, "--account is for root; without it tidingsd runs as you");
	if (geteuid() != 0)
		return TD_OK;
	init->account = getpwnam(name) != NULL ? name : NULL;
	if (asked && init->account == NULL)
		return err_perm(err, "account %s: there is none; make one with: useradd --system "
		    "--shell /usr/sbin/nologin %s", name, name);
	return TD_OK;
}

/* Gives a file or folder to the account, so that the daemon can read what only its owner may. */
static enum td_status
give(const struct init *init, const char *path, struct err *err)
{
	const struct passwd *pw = init->account != NULL ? getpwnam(init->account) : NULL;

	if (pw == NULL || path == NULL)
		return TD_OK;
	if (lchown(path, pw->pw_uid, pw->pw_gid) < 0)
		return err_perm(err, "%s: cannot be given to account %s: %s", path, init->account,
		    strerror(errno));
	return TD_OK;
}

/* ---- files ---------------------------------------------------------------------------------- */

/* As mkdir -p, each new folder 0700 and the account's; one that was there stays as it is. */
static enum td_status
make_folders(struct init *init, const char *path, struct err *err)
{
	char *part = arena_strdup(init->tool->arena, path);

	for (char *p = part + 1;; p++) {
		char was = *p;

		if (was != '/' && was != '\0')
			continue;
		*p = '\0';
		if (mkdir(part, 0700) == 0) {
			if (give(init, part, err) != TD_OK)
				return TD_PERM;
		} else if (errno != EEXIST) {
			return err_perm(err, "%s: the folder cannot be made: %s", part,
			    strerror(errno));
		}
		*p = was;
		if (was == '\0')
			return TD_OK;
	}
}

static enum td_status
write_all(int fd, const char *path, struct span text, struct err *err)
{
	while (text.len > 0) {
		ssize_t n = write(fd, text.ptr, text.len);

		if (n < 0 && errno != EINTR)
			return err_perm(err, "%s: cannot be written: %s", path, strerror(errno));
		if (n > 0)
			text = span_skip(text, (size_t)n);
	}
	return fsync(fd) == 0 ? TD_OK
			      : err_perm(err, "%s: cannot be written: %s", path, strerror(errno));
}

/* The name under which a file is written before it stands in its place. */
static const char *
draft_of(const struct init *init, const char *path)
{
	return arena_printf(init->tool->arena, "%s.new-%d", path, (int)getpid());
}

/* A file that only its owner may read, under its name for drafts. */
static enum td_status
write_draft(const struct init *init, const char *path, struct span text, struct err *err)
{
	const char *temp = draft_of(init, path);
	enum td_status status;
	int fd;

	(void)unlink(temp);
	fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_perm(err, "%s: cannot be made: %s", temp, strerror(errno));
	status = write_all(fd, temp, text, err);
	close(fd);
	return status;
}

/* The draft becomes the file, and the account's. */
static enum td_status
place(const struct init *init, const char *path, struct err *err)
{
	const char *temp = draft_of(init, path);
	int rc;

	if (give(init, temp, err) != TD_OK)
		return TD_PERM;
	/* link fails where a file is there already: nothing is overwritten by a race */
	rc = init->force ? rename(temp, path) : link(temp, path);
	return rc == 0 ? TD_OK : err_perm(err, errno == EEXIST
	    ? "%s: is there already; --force replaces it" : "%s: cannot be made (%s)", path,
	    strerror(errno));
}

/* ---- the text ------------------------------------------------------------------------------- */

static void
put_key(struct buf *out, const char *indent, const char *key, const char *value)
{
	if (value == NULL)
		return;
	buf_printf(out, "%s%s = \"", indent, key);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *value);
	}
	buf_puts(out, "\";\n");
}

static void
put_server(struct buf *out, const struct init *init, const char *host, const char *port,
    const char *tls)
{
	put_key(out, "\t\t", "name", "main");
	put_key(out, "\t\t", "host", host);
	buf_printf(out, "\t\tport = %s;\n", port);
	put_key(out, "\t\t", "tls", tls);
	if (strcmp(tls, "none") != 0)
		put_key(out, "\t\t", "ca_file", init->ca_file);
	put_key(out, "\t\t", "user", init_has_login(init) ? init->user : NULL);
	put_key(out, "\t\t", "password_file", init->password_file);
	put_key(out, "\t\t", "password_command", init->password_command);
	if (init->oauth_client != NULL)
		put_key(out, "\t\t", "oauth", init->provider->oauth);
}

static void
put_maildir(struct buf *out, const struct init *init)
{
	put_key(out, "\t\t", "name", "main");
	put_key(out, "\t\t", "maildir", init->maildir);
	put_key(out, "\t\t", "after", "delete");
}

static void
put_oauth(struct buf *out, const struct init *init)
{
	if (init->oauth_client == NULL)
		return;
	buf_puts(out, "oauth: (\n\t{\n");
	put_key(out, "\t\t", "name", init->provider->oauth);
	put_key(out, "\t\t", "provider", init->provider->oauth);
	put_key(out, "\t\t", "tenant", init->oauth_tenant);
	put_key(out, "\t\t", "client_id", init->oauth_client);
	put_key(out, "\t\t", "client_secret_file", init->oauth_secret_file);
	buf_puts(out, "\t}\n);\n\n");
}

static void
put_conf(struct buf *out, const struct init *init)
{
	buf_puts(out, "# Written by `tidings init`; see tidings.conf(5).\n\nstore: {\n");
	put_key(out, "\t", "path", init->store);
	buf_puts(out, "};\n\n");
	put_oauth(out, init);
	buf_puts(out, "mailboxes: (\n\t{\n");
	if (init->maildir != NULL)
		put_maildir(out, init);
	else
		put_server(out, init, init->imap_host, init->imap_port, init->imap_tls);
	buf_puts(out, "\t}\n);\n\ntransports: (\n\t{\n");
	put_server(out, init, init->smtp_host, init->smtp_port, init->smtp_tls);
	buf_puts(out, "\t}\n);\n\ntrust: {\n");
	put_key(out, "\t", "mode", init->trust);
	put_key(out, "\t", "authserv_id", init->authserv_id);
	buf_puts(out, "};\n\n");
	buf_printf(out, "run_dir = \"%s\";\n", init->run_dir);
	put_key(out, "", "user", init->account);
}

/* The Maildir and its three folders, where they are not there yet. */
static enum td_status
make_maildir(struct init *init, struct err *err)
{
	static const char *const parts[] = {"tmp", "new", "cur"};
	enum td_status status = TD_OK;

	for (size_t i = 0; init->maildir != NULL && status == TD_OK && i < 3; i++)
		status = make_folders(init,
		    arena_printf(init->tool->arena, "%s/%s", init->maildir, parts[i]), err);
	return status;
}

/* Quotes and line ends in a path would end the string in the file. */
static enum td_status
check_path(const char *path, struct err *err)
{
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == '"' || *p == '\\')
			return err_perm(err, "%s: choose a path without quotes and backslashes",
			    path);
	return TD_OK;
}

/* Whether the daemon could read it; what is wrong is told without the place, which is no more. */
static enum td_status
check_draft(const struct init *init, struct err *err)
{
	struct conf *conf;
	struct err wrong;
	const char *temp = draft_of(init, init->path);
	struct span text;

	if (conf_load(init->tool->arena, temp, NULL, NULL, &conf, &wrong) == TD_OK)
		return TD_OK;
	text = span_of(wrong.text);
	if (span_starts(text, span_of(temp)))
		text = span_skip(text, strlen(temp));
	while (text.len > 0 && strchr(":0123456789 ", *text.ptr) != NULL)
		text = span_skip(text, 1);
	return err_perm(err, "nothing was written: %.*s", SPAN_FMT(text));
}

static enum td_status
write_draft_conf(const struct init *init, struct err *err)
{
	struct buf text;
	enum td_status status;

	buf_init(&text, 65536);
	put_conf(&text, init);
	status = write_draft(init, init->path, buf_span(&text), err);
	buf_release(&text);
	return status;
}

static const char *
password_path(const struct init *init)
{
	return arena_printf(init->tool->arena, "%s/password", dir_of(init, init->path));
}

static enum td_status
write_draft_password(const struct init *init, struct err *err)
{
	struct buf text;
	enum td_status status;

	buf_init(&text, 65536);
	buf_printf(&text, "%s\n", init->password);
	status = write_draft(init, password_path(init), buf_span(&text), err);
	explicit_bzero(text.ptr, text.len);
	buf_release(&text);
	return status;
}

/* First with the password where it is now, then as it stays. */
static enum td_status
write_files(struct init *init, struct err *err)
{
	enum td_status status = TD_OK;

	if (init->password != NULL) {
		init->password_file = draft_of(init, password_path(init));
		status = write_draft_password(init, err);
	}
	if (status == TD_OK)
		status = write_draft_conf(init, err);
	if (status == TD_OK)
		status = check_draft(init, err);
	if (status == TD_OK && init->password != NULL) {
		init->password_file = password_path(init);
		status = write_draft_conf(init, err);
		if (status == TD_OK)
			status = place(init, init->password_file, err);
	}
	return status == TD_OK ? place(init, init->path, err) : status;
}

enum td_status
init_write(const struct init *init, struct err *err)
{
	struct init copy = *init;
	enum td_status status = check_path(init->run_dir, err);

	if (status == TD_OK && init->maildir != NULL)
		status = check_path(init->maildir, err);
	if (status == TD_OK && !init->force && access(init->path, F_OK) == 0)
		return err_perm(err, "%s: is there already; --force replaces it", init->path);
	if (status == TD_OK)
		status = make_folders(&copy, dir_of(&copy, init->path), err);
	if (status == TD_OK)
		status = make_folders(&copy, dir_of(&copy, init->store), err);
	if (status == TD_OK)
		status = make_folders(&copy, init->run_dir, err);
	if (status == TD_OK)
		status = make_maildir(&copy, err);
	if (status != TD_OK)
		return status;
	status = write_files(&copy, err);
	(void)unlink(draft_of(init, init->path));
	if (init->password != NULL)
		(void)unlink(draft_of(init, password_path(init)));
	return status;
}

void
init_unwrite(const struct init *init)
{
	if (init->force)
		return;
	(void)unlink(init->path);
	if (init->password != NULL)
		(void)unlink(password_path(init));
}
