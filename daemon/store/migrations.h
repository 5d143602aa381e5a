/* SPDX-License-Identifier: ISC */
/*
 * migrations: the numbered steps that bring a store's schema up to date. Each runs in one
 * transaction together with its number (PRAGMA user_version), so a store is never between two.
 * Before an existing store is changed, a copy of it is kept beside it (FILE.before-N).
 */
#ifndef TD_MIGRATIONS_H
#define TD_MIGRATIONS_H

#include <sqlite3.h>
#include <stddef.h>

#include "parsers/base/err.h"

#define MIGRATION_APPLICATION_ID 0x74646e67 /* "tdng": marks the file as ours */

struct migration {
	const char *sql; /* step i + 1 of the table; statements that end in ';' */
};

extern const struct migration migrations[];
extern const size_t n_migrations;

/*
 * Brings the open file at path from its version to n. Refuses (TD_PERM) a version beyond n and a
 * file that is not ours. may_change false: refuses a file that is not up to date instead.
 */
TD_CHECK enum td_status migrations_run(sqlite3 *handle, const char *path,
    const struct migration *steps, size_t n, int may_change, struct err *err);

/* Copies the database to a new file; fails when that file exists. */
TD_CHECK enum td_status migrations_copy(sqlite3 *handle, const char *to, struct err *err);

#endif
