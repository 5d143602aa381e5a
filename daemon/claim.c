/* SPDX-License-Identifier: ISC */
/*
 * claim: see claim.h. A claim is a socket bound to a name made of the mailbox, in the abstract
 * namespace (unix(7)): the kernel gives a name to one process and frees it when that ends, and
 * there is no file that could stay behind. Such names are seen in one network namespace only; a
 * Maildir is claimed by a lock on its folder (flock) instead, which all of the machine see.
 */
#include "config.h"

#include "daemon/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "parsers/digest.h"

#define NAME_BYTES 96
#define IDENTITY_BYTES 8192u

struct claim {
	char name[NAME_BYTES];
	int fd;
};

struct claims {
	size_t n;
	struct claim *list;
};

/* In small letters and without the dot of the root: DNS knows no difference. */
static void
put_host(struct buf *text, const char *host)
{
	size_t len = strlen(host);

	if (len > 1 && host[len - 1] == '.')
		len--;
	for (size_t i = 0; i < len; i++)
		buf_putc(text, host[i] >= 'A' && host[i] <= 'Z' ?
		    (char)(host[i] - 'A' + 'a') : host[i]);
}

/* INBOX is the same in any case (RFC 3501 5.1); of other folders only the server knows. */
static const char *
folder_name(const char *folder)
{
	return strcasecmp(folder, "INBOX") == 0 ? "INBOX" : folder;
}

static void
put_server(struct buf *text, const struct conf_mailbox *box)
{
	buf_printf(text, "imap ");
	put_host(text, box->server.host);
	buf_printf(text, " %u %s %s", (unsigned)box->server.port, box->server.user,
	    folder_name(box->folder));
}

/* A Maildir by its inode, so that another path to it is the same; a server by the name that is
 * written, so that another name of one server is another mailbox. */
static void
name_of(const struct conf_mailbox *box, char *name)
{
	struct buf text;
	struct stat st;
	char hex[65];

	buf_init(&text, IDENTITY_BYTES);
	if (box->maildir != NULL && stat(box->maildir, &st) == 0)
		buf_printf(&text, "folder %ju %ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	else if (box->maildir != NULL)
		buf_printf(&text, "path %s", box->maildir);
	else
		put_server(&text, box);
	digest_hex(buf_span(&text), hex);
	buf_release(&text);
	snprintf(name, NAME_BYTES, "tidings.mailbox.%s", hex);
}

/* The socket, or -1 with errno. */
static int
bind_name(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t len = strlen(name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), why;

	if (fd < 0)
		return -1;
	memcpy(address.sun_path + 1, name, len); /* behind a NUL: the abstract namespace */
	if (bind(fd, (struct sockaddr *)&address,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + len)) == 0)
		return fd;
	why = errno;
	close(fd);
	errno = why;
	return -1;
}

/* Likewise; a file system that has no such locks is claimed by name. */
static int
lock_folder(const char *path, const char *name)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool taken;

	if (fd < 0)
		return bind_name(name);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	taken = errno == EWOULDBLOCK;
	close(fd);
	if (!taken)
		return bind_name(name);
	errno = EADDRINUSE;
	return -1;
}

static int
take_claim(const struct conf_mailbox *box, const char *name)
{
	return box->maildir != NULL ? lock_folder(box->maildir, name) : bind_name(name);
}

static int
held_already(const struct claims *old, const char *name)
{
	for (size_t i = 0; old != NULL && i < old->n; i++)
		if (strcmp(old->list[i].name, name) == 0)
			return old->list[i].fd;
	return -1;
}

static enum td_status
refuse(const struct conf_mailbox *box, struct err *err)
{
	if (errno != EADDRINUSE)
		return err_perm(err, "mailbox %s cannot be claimed: %s", box->name,
		    strerror(errno));
	return err_perm(err, "mailbox %s is read by another tidingsd on this machine, and two "
	    "would do everything twice: stop the other one, or take the mailbox out of one "
	    "configuration", box->name);
}

/* Lets go of what a has and b has not. */
static void
let_go(struct claims *a, const struct claims *b)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->n; i++)
		if (held_already(b, a->list[i].name) < 0)
			close(a->list[i].fd);
	free(a->list);
	free(a);
}

enum td_status
claims_take(const struct conf *conf, struct claims **claims_p, struct err *err)
{
	struct claims *old = *claims_p, *now = td_alloc(sizeof *now);

	now->list = td_alloc((conf->n_mailboxes + 1) * sizeof *now->list);
	for (size_t i = 0; i < conf->n_mailboxes; i++) {
		struct claim *claim = &now->list[now->n];

		name_of(&conf->mailboxes[i], claim->name);
		if (held_already(now, claim->name) >= 0)
			continue; /* the configuration names it twice: that is told elsewhere */
		claim->fd = held_already(old, claim->name);
		if (claim->fd < 0)
			claim->fd = take_claim(&conf->mailboxes[i], claim->name);
		if (claim->fd < 0) {
			(void)refuse(&conf->mailboxes[i], err);
			let_go(now, old);
			return TD_PERM;
		}
		now->n++;
	}
	let_go(old, now);
	*claims_p = now;
	return TD_OK;
}

void
claims_end(struct claims **claims_p)
{
	let_go(*claims_p, NULL);
	*claims_p = NULL;
}
