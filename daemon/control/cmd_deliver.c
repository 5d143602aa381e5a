/* SPDX-License-Identifier: ISC */
/*
 * cmd_deliver: one mail from standard input into a mailbox that is a Maildir: for the pipe of an
 * MTA. The mail is whole and on the disk under its name in new/ before this ends with 0; the daemon
 * takes it in from there as any other, now or when it runs again. Exit codes are those of
 * sysexits.h. What an operator can mend is EX_TEMPFAIL: the MTA keeps the mail and tries again.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "parsers/base/buf.h"
#include "daemon/clock.h"
#include "daemon/control/client.h"
#include "daemon/control/tool.h"

#define TEMP_SECONDS (36 * 3600)
#define MAIL_MAX (1024ull * 1024 * 1024) /* what limits.mail_bytes may be at most */

struct delivery {
	struct tool *tool;
	const struct conf_mailbox *box;
	const char *name;  /* unique */
	const char *temp, *final;
	int fd;
	uint64_t size;
};

static int
fail(int code, const char *fmt, ...) TD_PRINTF(2, 3);

static int
fail(int code, const char *fmt, ...)
{
	va_list ap;

	fputs("tidings deliver: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return code;
}

/* ---- where ---------------------------------------------------------------------------------- */

/* The one that is named, else the only Maildir. */
static int
find_mailbox(struct delivery *d, const char *name)
{
	const struct conf *conf = d->tool->conf;
	size_t n = 0;

	for (size_t i = 0; i < conf->n_mailboxes; i++) {
		const struct conf_mailbox *box = &conf->mailboxes[i];

		if (box->maildir == NULL || (name != NULL && strcmp(box->name, name) != 0))
			continue;
		d->box = box;
		n++;
	}
	if (n == 1)
		return EX_OK;
	if (name != NULL)
		return fail(EX_TEMPFAIL, "%s has no mailbox %.60s with a maildir", conf->path,
		    name);
	return fail(EX_TEMPFAIL, n == 0 ? "%s has no mailbox with a maildir"
	    : "%s has several mailboxes with a maildir: say --mailbox NAME", conf->path);
}

static int
open_conf(struct delivery *d, const char *name)
{
	struct err err;

	if (tool_open_conf(d->tool, &err) != TD_OK || tool_become(d->tool, &err) != TD_OK)
		return fail(EX_TEMPFAIL, "%s", err.text);
	return find_mailbox(d, name);
}

/* ---- the file ------------------------------------------------------------------------------- */

/* Seconds first, so that names sort by time; then what nobody else can have. */
static int
make_name(struct delivery *d)
{
	struct arena *arena = d->tool->arena;
	uint64_t random[2];
	char host[65] = "localhost";

	if (getrandom(random, sizeof random, 0) != sizeof random)
		return fail(EX_TEMPFAIL, "no random bytes: %s", strerror(errno));
	(void)gethostname(host, sizeof host - 1);
	for (char *p = host; *p; p++)
		if (strchr("/:", *p) != NULL)
			*p = '_';
	d->name = arena_printf(arena, "%lld.R%016llx%016llxP%d.%s", (long long)clock_now(),
	    (unsigned long long)random[0], (unsigned long long)random[1], (int)getpid(), host);
	d->temp = arena_printf(arena, "%s/tmp/%s", d->box->maildir, d->name);
	d->final = arena_printf(arena, "%s/new/%s", d->box->maildir, d->name);
	return EX_OK;
}

static int
open_temp(struct delivery *d)
{
	d->fd = open(d->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (d->fd < 0)
		return fail(EX_TEMPFAIL, "%s: cannot be made: %s%s", d->temp, strerror(errno),
		    errno == ENOENT ? "; make the Maildir (the folders cur, new and tmp), or "
		    "correct maildir in the configuration" : "");
	return EX_OK;
}

static bool
write_all(struct delivery *d, struct span bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(d->fd, bytes.ptr, bytes.len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			bytes = span_skip(bytes, (size_t)n);
	}
	return true;
}

/* "From ana@example.org Sun Nov 22 ..." is what some MTAs put before the first header. */
static struct span
without_from_line(struct span bytes)
{
	if (!span_starts(bytes, SPAN("From ")))
		return bytes;
	return span_skip(bytes, span_find_byte(bytes, '\n') + 1);
}

static ssize_t
read_some(char *bytes, size_t size)
{
	ssize_t n;

	do
		n = read(STDIN_FILENO, bytes, size);
	while (n < 0 && errno == EINTR);
	return n;
}

/* The first line in one piece, however the pipe cuts it, if it is shorter than size. */
static ssize_t
read_first(char *bytes, size_t size)
{
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len < size && memchr(bytes, '\n', len) == NULL) {
		n = read_some(bytes + len, size - len);
		len += n > 0 ? (size_t)n : 0;
	}
	return n < 0 ? -1 : (ssize_t)len;
}

static int
copy_mail(struct delivery *d)
{
	char bytes[65536];
	ssize_t n = read_first(bytes, sizeof bytes);
	struct span piece = {bytes, n > 0 ? (size_t)n : 0};

	piece = without_from_line(piece);
	while (n > 0) {
		d->size += piece.len;
		if (d->size > MAIL_MAX)
			return fail(EX_DATAERR, "the mail is larger than 1 GiB");
		if (!write_all(d, piece))
			return fail(EX_TEMPFAIL, "%s: cannot be written: %s", d->temp,
			    strerror(errno));
		n = read_some(bytes, sizeof bytes);
		piece = (struct span){bytes, n > 0 ? (size_t)n : 0};
	}
	if (n < 0)
		return fail(EX_IOERR, "standard input cannot be read: %s", strerror(errno));
	if (d->size == 0)
		return fail(EX_DATAERR, "there is no mail on standard input");
	return EX_OK;
}

/* The folder's entry is on the disk, too. */
static int
sync_folder(const char *maildir, const char *sub, struct arena *arena)
{
	const char *path = arena_printf(arena, "%s/%s", maildir, sub);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd >= 0 ? fsync(fd) : -1;

	if (fd >= 0)
		close(fd);
	return rc == 0 ? EX_OK : fail(EX_TEMPFAIL, "%s: %s", path, strerror(errno));
}

/* What deliveries that were killed left in tmp/ goes after 36 hours, as Maildirs have it. */
static void
clean_temp(const struct delivery *d)
{
	const char *path = arena_printf(d->tool->arena, "%s/tmp", d->box->maildir);
	int64_t now = clock_now();
	struct dirent *entry;
	struct stat st;
	DIR *dir = opendir(path);

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' &&
		    fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode) && now - st.st_mtime > TEMP_SECONDS &&
		    now - st.st_atime > TEMP_SECONDS)
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir != NULL)
		closedir(dir);
}

static int
deliver(struct delivery *d)
{
	int status = make_name(d);

	if (status == EX_OK)
		status = open_temp(d);
	if (status != EX_OK)
		return status;
	status = copy_mail(d);
	if (status == EX_OK && (fsync(d->fd) < 0))
		status = fail(EX_TEMPFAIL, "%s: cannot be written: %s", d->temp, strerror(errno));
	close(d->fd);
	if (status == EX_OK && link(d->temp, d->final) < 0)
		status = fail(EX_TEMPFAIL, "%s: cannot be made: %s", d->final, strerror(errno));
	(void)unlink(d->temp);
	if (status == EX_OK)
		status = sync_folder(d->box->maildir, "new", d->tool->arena);
	if (status == EX_OK)
		clean_temp(d);
	return status;
}

static int
run(struct tool *tool, int argc, char **argv)
{
	struct delivery d = {.tool = tool, .fd = -1};
	const char *name = NULL;
	const struct tool_option options[] = {{"mailbox", &name, NULL}};
	int status = tool_options(tool, options, 1, &argc, argv);

	if (status != -1)
		return status == TOOL_MISUSE ? EX_USAGE : status;
	if (argc != 1) {
		(void)tool_misuse(tool, "deliver takes the mail on standard input");
		return EX_USAGE;
	}
	status = open_conf(&d, name);
	if (status == EX_OK)
		status = deliver(&d);
	if (status == EX_OK) /* where inotify is missing it would wait for the next poll */
		(void)!control_ask(tool->conf->run_dir, arena_printf(tool->arena, "poll %s",
		    d.box->name), NULL, NULL);
	return status;
}

const struct command cmd_deliver = {"deliver", "take one mail in from a pipe",
    "[--mailbox NAME] < MAIL",
    "Puts the mail on standard input into a mailbox that is a Maildir (tidings.conf(5)); it is on\n"
    "the disk before the exit. For the pipe of an MTA: exit 0 delivered; 75 try again later, "
    "where\n"
    "somebody has to mend something (configuration, rights, disk); 64 wrong words; 65 no mail;\n"
    "74 standard input broke.\n",
    run};
