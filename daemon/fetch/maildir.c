/* SPDX-License-Identifier: ISC */
/* fetch/maildir: see maildir.h. */
#include "config.h"

#include "daemon/fetch/maildir-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "daemon/fetch/maildir-name.h"
#include "daemon/ipc/chan.h"

#define HEADER_BYTES (256u * 1024)   /* of a mail that is too large */

static struct maildir *
maildir_of(struct source *source)
{
	return (struct maildir *)(void *)source;
}

/* ---- the work list ------------------------------------------------------------------------ */

static int
compare_uids(const void *a, const void *b)
{
	uint32_t x = (*(struct file *const *)a)->uid, y = (*(struct file *const *)b)->uid;

	return (x > y) - (x < y);
}

/* The watermark stays below it. */
static void
hold_back(struct maildir *m, const struct file *file)
{
	if (m->held_back == 0 || file->uid < m->held_back)
		m->held_back = file->uid;
}

/* The files stay where they are in memory until the next scan. One that was not read and is not
 * there now may come back: other programs take files out of a folder for a moment. */
static void
make_work_list(struct maildir *m, const struct cursor *cursor)
{
	free(m->work);
	m->work = td_alloc((m->n_files + 1) * sizeof *m->work);
	m->n_work = m->at = 0;
	for (size_t i = 0; i < m->n_files; i++) {
		struct file *file = &m->files[i];

		if (file->uid <= cursor->watermark ||
		    cursor_has(cursor->known, cursor->n_known, file->uid))
			continue;
		if (file->listed)
			m->work[m->n_work++] = file;
		else
			hold_back(m, file);
	}
	qsort(m->work, m->n_work, sizeof *m->work, compare_uids);
}

/* ---- reading -------------------------------------------------------------------------------- */

static int
open_at(const struct maildir *m, const char *sub, const char *name, const char *rest)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s/%s%s", m->conf->conf.maildir, sub, name, rest);
	return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
}

/* Another program may have moved it since the scan: it is looked for once more. */
static int
open_file(const struct maildir *m, const struct file *file)
{
	char path[4096];
	int fd = open_at(m, file->sub, file->name, file->rest);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	if (!maildir_find(m->conf->conf.maildir, file->name, path, sizeof path)) {
		errno = ENOENT;
		return -1;
	}
	return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
}

/* A copy with CRLF at the line ends, as mail travels. */
static void
put_lines(struct buf *out, struct span bytes, char *last)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] == '\n' && *last != '\r')
			buf_putc(out, '\r');
		buf_putc(out, bytes.ptr[i]);
		*last = bytes.ptr[i];
	}
}

static bool
ends_header(const struct buf *out)
{
	return span_find(buf_span(out), SPAN("\r\n\r\n")) < out->len;
}

/* All of it, or with headers_only the headers. */
static enum td_status
copy_file(int from, int to, bool headers_only, struct err *err)
{
	enum td_status status = TD_OK;
	size_t total = 0;
	char bytes[65536], last = '\0';
	struct buf out;
	ssize_t n = 1;

	buf_init(&out, 2 * sizeof bytes + 2 * HEADER_BYTES);
	while (status == TD_OK && n > 0) {
		n = read(from, bytes, sizeof bytes);
		if (n < 0 && errno == EINTR) {
			n = 1;
			continue;
		}
		if (n < 0)
			status = err_temp(err, "%s", strerror(errno));
		if (n > 0)
			put_lines(&out, (struct span){bytes, (size_t)n}, &last);
		total += n > 0 ? (size_t)n : 0;
		if (headers_only && (total >= HEADER_BYTES || ends_header(&out))) {
			size_t end = span_find(buf_span(&out), SPAN("\r\n\r\n"));

			buf_truncate(&out, end < out.len ? end + 4 : out.len);
			n = 0;
		}
		if (!headers_only || n == 0) {
			if (status == TD_OK)
				status = memfd_append(to, out.ptr, out.len, err);
			buf_clear(&out);
		}
	}
	buf_release(&out);
	return status;
}

static enum td_status
read_mail(struct maildir *m, int from, const struct stat *st, struct source_mail *mail_r,
    struct err *err)
{
	bool headers_only = (uint64_t)st->st_size > m->mail_bytes;
	int fd = memfd_open(err);
	enum td_status status;

	if (fd < 0)
		return TD_TEMP;
	status = copy_file(from, fd, headers_only, err);
	if (status == TD_OK)
		status = memfd_seal(fd, err);
	if (status != TD_OK) {
		close(fd);
		return status;
	}
	mail_r->internaldate = st->st_mtime > 0 ? (int64_t)st->st_mtime : 1;
	mail_r->size = (uint64_t)st->st_size;
	mail_r->headers_only = headers_only;
	mail_r->fd = fd;
	return TD_OK;
}

static void
leave_out(struct maildir *m, const struct file *file, const char *why)
{
	hold_back(m, file);
	if (!m->trouble)
		(void)err_perm(&m->trouble_err, "%s/%s/%.100s: %.150s: it is left out",
		    m->conf->conf.maildir, file->sub, file->name, why);
	m->trouble = true;
}

/* ---- the calls ------------------------------------------------------------------------------ */

static void
start_inotify(struct maildir *m)
{
	static const char *const subs[] = {"new", "cur"};
	char path[4096];

	m->inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	for (size_t i = 0; i < 2 && m->inotify_fd >= 0; i++) {
		snprintf(path, sizeof path, "%s/%s", m->conf->conf.maildir, subs[i]);
		if (inotify_add_watch(m->inotify_fd, path,
			IN_CREATE | IN_MOVED_TO | IN_ONLYDIR | IN_DELETE_SELF | IN_MOVE_SELF) < 0) {
			close(m->inotify_fd);
			m->inotify_fd = -1;
		}
	}
}

static enum td_status
op_open(struct source *source, struct source_opened *opened_r, struct err *err)
{
	struct maildir *m = maildir_of(source);
	static const char *const subs[] = {"new", "cur"};
	char path[4096];
	struct stat st;

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/%s", m->conf->conf.maildir, subs[i]);
		if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
			source->ops->close(source);
			return err_perm(err,
			    "%s: is no folder (%s); a Maildir has the folders new, cur "
			    "and tmp",
			    path, strerror(errno));
		}
	}
	/* before the first look, so that nothing comes in between */
	if (m->inotify_fd < 0)
		start_inotify(m);
	m->open = true;
	*opened_r = (struct source_opened){MAILDIR_UIDVALIDITY, (uint32_t)m->n_files};
	return TD_OK;
}

static enum td_status
op_scan(struct source *source, const struct cursor *cursor, struct err *err)
{
	struct maildir *m = maildir_of(source);
	enum td_status status;

	m->given = m->held_back = 0;
	m->trouble = false;
	status = maildir_list(m, cursor, err);
	if (status != TD_OK) {
		source->ops->close(source);
		return status;
	}
	make_work_list(m, cursor);
	return TD_OK;
}

static bool
fits(const struct source_credit *credit, uint64_t size)
{
	return credit->mails > 0 && (credit->first || size <= credit->bytes);
}

/* *fd_r -1: it is not there, or is left out. */
static void
open_next(struct maildir *m, const struct file *file, struct stat *st, int *fd_r)
{
	int fd = open_file(m, file);

	*fd_r = -1;
	if (fd < 0 && errno == ENOENT)
		hold_back(m, file); /* until a second scan misses it */
	else if (fd < 0)
		leave_out(m, file, errno == ELOOP ? "is a link" : strerror(errno));
	if (fd < 0)
		return;
	if (fstat(fd, st) < 0 || !S_ISREG(st->st_mode)) {
		leave_out(m, file, "is no file");
		close(fd);
		return;
	}
	*fd_r = fd;
}

static enum td_status
op_next(struct source *source, const struct source_credit *credit, enum source_next *next_r,
    struct source_mail *mail_r, struct err *err)
{
	struct maildir *m = maildir_of(source);

	for (; m->at < m->n_work; m->at++) {
		const struct file *file = m->work[m->at];
		enum td_status status;
		struct stat st;
		int fd = -1;

		open_next(m, file, &st, &fd);
		if (fd < 0)
			continue;
		if (!fits(credit, (uint64_t)st.st_size)) {
			close(fd);
			*next_r = SOURCE_CREDIT;
			return TD_OK;
		}
		status = read_mail(m, fd, &st, mail_r, err);
		close(fd);
		if (status != TD_OK) {
			leave_out(m, file, err->text);
			continue;
		}
		mail_r->uid = file->uid;
		mail_r->name = file->name;
		m->at++;
		m->given++;
		*next_r = SOURCE_MAIL;
		return TD_OK;
	}
	*next_r = SOURCE_END;
	return TD_OK;
}

static bool
op_scanned(struct source *source, struct source_scanned *scanned_r, struct err *err)
{
	struct maildir *m = maildir_of(source);

	*scanned_r = (struct source_scanned){.mails = m->given, .gone = m->gone,
	    .n_gone = m->n_gone, .highest = cursor_scanned(m->next_uid - 1, m->held_back)};
	if (!m->trouble)
		return true;
	*err = m->trouble_err;
	return false;
}

static enum td_status
op_ack(struct source *source, const uint32_t *uids, size_t n, struct err *err)
{
	return TD_OK; /* the parent has done it */
}

static enum td_status
op_listen(struct source *source, struct source_news *news_r, struct err *err)
{
	struct maildir *m = maildir_of(source);
	char events[4096] __attribute__((aligned(8)));

	*news_r = (struct source_news){.fd = m->inotify_fd};
	if (m->inotify_fd < 0 && !m->told) {
		news_r->why = "inotify is not to be had here";
		m->told = true;
	}
	while (m->inotify_fd >= 0 && read(m->inotify_fd, events, sizeof events) > 0)
		news_r->any = true;
	return TD_OK;
}

static bool
op_is_open(const struct source *source)
{
	return ((const struct maildir *)(const void *)source)->open;
}

static bool
op_has_mail(const struct source *source)
{
	const struct maildir *m = (const struct maildir *)(const void *)source;

	return m->at < m->n_work;
}

/* The watch goes, too: the folders may be other ones when they are opened again. */
static void
op_close(struct source *source)
{
	struct maildir *m = maildir_of(source);

	if (m->inotify_fd >= 0)
		close(m->inotify_fd);
	m->inotify_fd = -1;
	m->open = false;
	m->n_work = m->at = 0;
}

static void
op_destroy(struct source **source)
{
	struct maildir *m = *source != NULL ? maildir_of(*source) : NULL;

	if (m == NULL)
		return;
	op_close(*source);
	maildir_free_files(m);
	free(m->work);
	free(m->gone);
	free(m);
	*source = NULL;
}

static const struct source_ops maildir_ops = {
	.open = op_open,
	.scan = op_scan,
	.next = op_next,
	.scanned = op_scanned,
	.ack = op_ack,
	.listen = op_listen,
	.is_open = op_is_open,
	.has_mail = op_has_mail,
	.close = op_close,
	.destroy = op_destroy,
};

struct source *
maildir_create(const struct fetch_mailbox *conf, uint64_t mail_bytes, size_t files_max)
{
	struct maildir *m = td_alloc(sizeof *m);

	m->source.ops = &maildir_ops;
	m->conf = conf;
	m->mail_bytes = mail_bytes;
	m->files_max = files_max;
	m->inotify_fd = -1;
	m->next_uid = 1;
	return &m->source;
}
