/* SPDX-License-Identifier: ISC */
/*
 * maildir-private: what the parts of fetch/maildir share. maildir-list.c knows which files there
 * are, and gives each its number; maildir.c reads them.
 */
#ifndef TD_FETCH_MAILDIR_PRIVATE_H
#define TD_FETCH_MAILDIR_PRIVATE_H

#include <sys/types.h>

#include "daemon/fetch/maildir.h"

struct file {
	char *name;       /* unique */
	char *rest;       /* what follows it: the flags with their ":"; "" without */
	const char *sub;  /* "new" or "cur"; static */
	uint32_t uid;     /* 0: not yet given */
	ino_t inode;
	unsigned missing; /* scans in a row that did not see it */
	bool listed;      /* by this scan */
};

struct maildir {
	struct source source;
	const struct fetch_mailbox *conf;
	uint64_t mail_bytes;
	size_t files_max;
	bool open;
	int inotify_fd; /* -1: none */
	bool told;      /* why there is none */

	struct file *files; /* sorted by name */
	size_t n_files, cap_files;
	uint32_t next_uid;

	/* the scan */
	struct file **work; /* sorted by UID */
	size_t n_work, at;
	uint32_t given;
	uint32_t held_back; /* lowest UID that was not read and may yet be; 0: none */
	bool trouble;
	struct err trouble_err; /* the first of this scan */
	uint32_t *gone;
	size_t n_gone;
};

/* Lists new/ and cur/: marks the files that are there, numbers those that are new, drops those that
 * two scans missed (gone). */
TD_CHECK enum td_status maildir_list(struct maildir *m, const struct cursor *cursor,
    struct err *err);
void maildir_free_files(struct maildir *m);

#endif
