/* SPDX-License-Identifier: ISC */
/*
 * maildir: the parent's part of a Maildir. The fetch process reads the files and may write nothing;
 * here each file's name is kept with its mail, told to a fetch process that starts anew, and once
 * the mail is committed the file is left, moved to another Maildir or deleted, as configured. What
 * was not done before this process ended is done at the next start: a file that is gone already
 * has had its turn.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/base/wire.h"
#include "daemon/fetch/maildir-name.h"
#include "daemon/log.h"
#include "daemon/pipeline/private.h"
#include "daemon/store/mailbox_file.h"

#define NAMES_TOGETHER 2000 /* in one frame */
#define NAMES_TRIED 100u /* of a file in move_to */
#define AFTER_TOGETHER 256  /* files in one step */

const struct conf_mailbox *
box_conf(const struct box *box)
{
	const struct conf *conf = box->pipeline->conf;

	for (size_t i = 0; i < conf->n_mailboxes; i++)
		if (strcmp(conf->mailboxes[i].name, box->name) == 0)
			return &conf->mailboxes[i];
	return NULL;
}

/* ---- names ---------------------------------------------------------------------------------- */

enum td_status
maildir_send_names(struct box *box, struct err *err)
{
	struct pipeline *p = box->pipeline;
	struct arena *arena = arena_create();
	struct mailbox_file *files = NULL;
	uint32_t after = 0, next = 1;
	size_t n = 1;
	struct buf out;
	enum td_status status = mailbox_file_next(p->db, box->row, &next, err);

	while (status == TD_OK && n > 0) {
		arena_clear(arena);
		status = mailbox_file_list(
		    p->db, arena, box->row, after, NAMES_TOGETHER, &files, &n, err);
		if (status != TD_OK)
			break;
		buf_init(&out, FRAME_MAX);
		wire_put_str(&out, box->name);
		wire_put_u32(&out, next);
		wire_put_u32(&out, (uint32_t)n);
		for (size_t i = 0; i < n; i++) {
			wire_put_u32(&out, files[i].uid);
			wire_put_str(&out, files[i].name);
			after = files[i].uid;
		}
		(void)!worker_send(p->fetch, FRAME_NAMES, 0, buf_span(&out), -1, NULL);
		buf_release(&out);
	}
	arena_destroy(&arena);
	return status;
}

bool
maildir_take_gone(struct box *box, struct wire_reader *r)
{
	struct pipeline *p = box->pipeline;
	uint32_t n = wire_get_u32(r);
	struct err err;

	for (uint32_t i = 0; i < n && !r->bad; i++) {
		uint32_t uid = wire_get_u32(r);

		/* what is not noted now is told again after the next start */
		if (!r->bad && group_open(p) == TD_OK &&
		    mailbox_file_gone(p->db, box->row, uid, &err) != TD_OK)
			group_failed(p, &err);
	}
	return wire_done(r);
}

/* ---- afterwards ----------------------------------------------------------------------------- */

static enum td_status
make_maildir(const char *path, struct err *err)
{
	static const char *const subs[] = {"", "/tmp", "/new", "/cur"};
	char sub[4096];

	for (size_t i = 0; i < 4; i++) {
		snprintf(sub, sizeof sub, "%s%s", path, subs[i]);
		if (mkdir(sub, 0700) < 0 && errno != EEXIST)
			return err_perm(err, "%s: the folder cannot be made: %s", sub,
			    strerror(errno));
	}
	return TD_OK;
}

static bool
same_file(const char *a, const char *b)
{
	struct stat x, y;

	return lstat(a, &x) == 0 && lstat(b, &y) == 0 && x.st_dev == y.st_dev &&
	    x.st_ino == y.st_ino;
}

/* Under its own name, or where that is another file's there, under one that is free. What a run
 * that was interrupted has linked already is left as it is. */
static int
link_into(const char *path, const char *to)
{
	const char *base = strrchr(path, '/') + 1;
	size_t len = maildir_name_length(base);
	char target[4096], more[16] = "";

	for (unsigned i = 1; i < NAMES_TRIED; i++) {
		snprintf(target, sizeof target, "%s/cur/%.*s%s%s", to, (int)len, base, more,
		    base[len] != '\0' ? base + len : ":2,S");
		if (link(path, target) == 0)
			return 0;
		if (errno != EEXIST)
			return -1;
		if (same_file(path, target))
			return 0;
		snprintf(more, sizeof more, "_%u", i);
	}
	errno = EEXIST;
	return -1;
}

/* The new name is on the disk before the old one goes. */
static enum td_status
move_file(const char *path, const char *to, struct err *err)
{
	char target[4096];
	int fd, rc;

	if (make_maildir(to, err) != TD_OK)
		return TD_PERM;
	if (link_into(path, to) < 0)
		return err_perm(err, "%s: cannot be moved to %s: %s%s", path, to, strerror(errno),
		    errno == EXDEV ? "; move_to must be on the same file system" : "");
	snprintf(target, sizeof target, "%s/cur", to);
	fd = open(target, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = fd >= 0 ? fsync(fd) : -1;
	if (fd >= 0)
		close(fd);
	if (rc < 0 || (unlink(path) < 0 && errno != ENOENT))
		return err_perm(err, "%s: cannot be moved to %s: %s", path, to, strerror(errno));
	return TD_OK;
}

static enum td_status
after_one(const struct conf_mailbox *conf, const char *name, struct err *err)
{
	char path[4096];

	if (!maildir_find(conf->maildir, name, path, sizeof path))
		return TD_OK;
	switch (conf->after) {
	case CONF_AFTER_MOVE:
		return move_file(path, conf->move_to, err);
	case CONF_AFTER_DELETE:
		if (unlink(path) < 0 && errno != ENOENT)
			return err_perm(err, "%s: cannot be deleted: %s", path, strerror(errno));
		return TD_OK;
	case CONF_AFTER_LEAVE:
	case CONF_AFTER_FLAG:
	case CONF_AFTER_DEFAULT:
		return TD_OK;
	}
	return TD_OK;
}

void
maildir_queue(struct box *box, uint32_t uid)
{
	wire_put_u32(&box->after, uid);
}

static enum td_status
step_one(struct box *box, const struct conf_mailbox *conf, uint32_t uid, struct err *err)
{
	struct pipeline *p = box->pipeline;
	struct arena *arena = arena_create();
	const char *name = NULL;
	struct err why;
	enum td_status status = mailbox_file_name(p->db, arena, box->row, uid, &name, err);

	if (status == TD_OK && name != NULL && maildir_name_is_good(name) &&
	    after_one(conf, name, &why) != TD_OK)
		box_trouble(box, why.text); /* it stays, and is tried at the next start */
	else if (status == TD_OK)
		status = mailbox_acked(p->db, box->row, box->uidvalidity, uid, err);
	arena_destroy(&arena);
	return status;
}

void
maildir_step(struct box *box)
{
	const struct conf_mailbox *conf = box_conf(box);
	struct pipeline *p = box->pipeline;
	struct err err;

	for (unsigned i = 0; i < AFTER_TOGETHER && box->after.len > 0 && conf != NULL; i++) {
		struct wire_reader r = wire_reader_of(buf_span(&box->after));
		uint32_t uid = wire_get_u32(&r);

		if (group_open(p) != TD_OK)
			return;
		if (step_one(box, conf, uid, &err) != TD_OK) {
			group_failed(p, &err);
			return;
		}
		buf_drop_front(&box->after, sizeof uid);
		box->unacked -= box->unacked > 0;
		p->n_group++;
	}
	p->again = p->again || box->after.len > 0;
}
