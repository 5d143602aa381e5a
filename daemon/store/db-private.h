/* SPDX-License-Identifier: ISC */
/* store/db-private: what the files of the statement layer share: db.c, db_call.c. */
#ifndef TD_DB_PRIVATE_H
#define TD_DB_PRIVATE_H

#include <sqlite3.h>

#include "daemon/store/db.h"

#define CACHE_SLOTS 512u

struct db_stmt {
	struct db *db;
	sqlite3_stmt *st;
	struct db_stmt *next; /* in the slot */
	char *sql;            /* NULL: not kept */
	bool busy;
	int bind_rc;
};

struct db {
	sqlite3 *handle;
	char *path;
	bool is_new;
	enum td_status last;
	bool soft; /* the last transaction was begun by db_begin_soft() */
	struct db_stmt *slots[CACHE_SLOTS];
	const struct db_rider *rider; /* NULL: none so far */
	void *load;
};

/* A failed bind is remembered, and makes the next step fail. */
void db_note_bind(struct db_stmt *st, int rc);

#endif
