/* SPDX-License-Identifier: ISC */
/*
 * store/mailbox_file: the files of a Maildir by their unique names, each with the number that takes
 * the place of its UID in `seen`. A row is written in the transaction that begins its mail, so that
 * a file is never taken for another one, and goes when the file is gone.
 */
#ifndef TD_STORE_MAILBOX_FILE_H
#define TD_STORE_MAILBOX_FILE_H

#include "daemon/store/db.h"

struct mailbox_file {
	uint32_t uid;
	const char *name; /* without the flags behind ":" */
};

TD_CHECK enum td_status mailbox_file_add(struct db *db, int64_t mailbox_id, uint32_t uid,
    const char *name, struct err *err);
/* NULL when there is none. */
TD_CHECK enum td_status mailbox_file_name(struct db *db, struct arena *arena, int64_t mailbox_id,
    uint32_t uid, const char **name_r, struct err *err);
/* Those with a uid above `after`, at most limit of them, by uid. */
TD_CHECK enum td_status mailbox_file_list(struct db *db, struct arena *arena, int64_t mailbox_id,
    uint32_t after, int64_t limit, struct mailbox_file **files_r, size_t *n_r, struct err *err);
/* A number that no file and no mail of the mailbox has or had. */
TD_CHECK enum td_status mailbox_file_next(struct db *db, int64_t mailbox_id, uint32_t *uid_r,
    struct err *err);
/* The file is gone; the row stays while its mail is in flight. */
TD_CHECK enum td_status mailbox_file_gone(struct db *db, int64_t mailbox_id, uint32_t uid,
    struct err *err);

#endif
