/* SPDX-License-Identifier: ISC */
/*
 * store/erase: takes out of the store who somebody was, and keeps what they did. Gone for good:
 * name, address, handle, settings, absences, targets, reminders, what waits for them, their mails
 * as they were read, and the bytes of mail that has gone out in their teams. What they made stays
 * under a pseudonym, items, comments, votes, time and its history; wherever any text names them by
 * their whole name, an address or @handle, it names the pseudonym instead. Words that only they and
 * others know them by cannot be found.
 *
 * The history is append-only but for this: its rows are written anew. Nothing of theirs can be
 * undone any more. Call it in a transaction, and erase_finish behind the commit.
 */
#ifndef TD_STORE_ERASE_H
#define TD_STORE_ERASE_H

#include "daemon/store/db.h"

struct erased {
	const char *name;   /* the pseudonym: "Former member 7" */
	int64_t texts;      /* changed */
	int64_t waiting;    /* mails of their teams that have not gone: they may name them yet */
};

/* Who was erased before can be erased again: what came since goes too. */
TD_CHECK enum td_status person_erase(struct db *db, struct arena *arena, int64_t id, int64_t now,
    struct erased *erased_r, struct err *err);
/* Leaves no old word in the index of the search, nor in the write-ahead log. */
TD_CHECK enum td_status erase_finish(struct db *db, struct err *err);

#endif
