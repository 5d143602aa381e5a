/* SPDX-License-Identifier: ISC */
/*
 * fetch/maildir: a Maildir as a source. Its files are read and never renamed, moved or written to
 * (this process may write nothing anyway): what becomes of a file whose mail is committed is the
 * parent's business (daemon/pipeline/maildir.c). inotify tells of new files, and each scan looks at
 * all of new/ and cur/, so that nothing depends on it.
 *
 * A file is known by its unique name, which stands before the flags; other programs move it from
 * new/ to cur/ and change its flags meanwhile. Each name has a number here that takes the place of
 * the UID: the next free one when it is first seen. The parent keeps both with the mail and gives
 * them back at the first scan. Names that are gone in two scans are told as gone, and forgotten; a
 * file that was not read is waited for until then.
 */
#ifndef TD_FETCH_MAILDIR_H
#define TD_FETCH_MAILDIR_H

#include "daemon/fetch/source.h"
#include "daemon/fetch/worker.h"

#define MAILDIR_UIDVALIDITY 1u
#define MAILDIR_FILES_MAX 1000000u /* a folder with more is no mailbox */

/* conf must outlive the source. What lies beyond files_max is not read, and told of. */
struct source *maildir_create(const struct fetch_mailbox *conf, uint64_t mail_bytes,
    size_t files_max);

#endif
