/* SPDX-License-Identifier: ISC */
/*
 * migrations: see migrations.h. each schema-N.inc is made from schema-N.sql at build time. A
 * step is never edited after a release: a change is the next step.
 */
#include "config.h"

#include "daemon/store/migrations.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct migration migrations[] = {
    {
#include "daemon/store/schema-0001.inc"
    },
    {
#include "daemon/store/schema-0002.inc"
    },
    {
#include "daemon/store/schema-0003.inc"
    },
    {
#include "daemon/store/schema-0004.inc"
    },
    {
#include "daemon/store/schema-0005.inc"
    },
    {
#include "daemon/store/schema-0006.inc"
    },
    {
#include "daemon/store/schema-0007.inc"
    },
    {
#include "daemon/store/schema-0008.inc"
    },
    {
#include "daemon/store/schema-0009.inc"
    },
    {
#include "daemon/store/schema-0010.inc"
    },
    {
#include "daemon/store/schema-0011.inc"
    },
};
const size_t n_migrations = sizeof migrations / sizeof *migrations;

static enum td_status
sql_fail(sqlite3 *handle, const char *path, const char *what, struct err *err)
{
	int code = sqlite3_errcode(handle) & 0xff;

	if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
		return err_perm(err, "%s: %s; put a good copy in its place", path,
		    sqlite3_errmsg(handle));
	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return err_temp(err, "%s: %s: locked by another process; try again when it is done",
		    path, what);
	if (code == SQLITE_FULL)
		return err_temp(err, "%s: %s: the disk is full; make room and try again", path,
		    what);
	if (code == SQLITE_IOERR)
		return err_temp(err, "%s: %s: %s; look at the disk", path, what,
		    sqlite3_errmsg(handle));
	return err_perm(err, "%s: %s: %s", path, what, sqlite3_errmsg(handle));
}

/* The one number that a PRAGMA or a count gives. */
static enum td_status
get_number(sqlite3 *handle, const char *path, const char *sql, int64_t *value_r, struct err *err)
{
	sqlite3_stmt *st = NULL;
	enum td_status status = TD_OK;

	if (sqlite3_prepare_v2(handle, sql, -1, &st, NULL) != SQLITE_OK ||
	    sqlite3_step(st) != SQLITE_ROW)
		status = sql_fail(handle, path, "reading its version", err);
	else
		*value_r = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return status;
}

enum td_status
migrations_copy(sqlite3 *handle, const char *to, struct err *err)
{
	sqlite3 *copy = NULL;
	sqlite3_backup *backup;
	enum td_status status = TD_OK;
	int fd, rc;

	/* made here, so that it is never another's file and never readable by others */
	fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_perm(err, "%s: cannot make the copy: %s%s", to, strerror(errno),
		    errno == EEXIST ? "; move it away first" : "");
	close(fd);
	if (sqlite3_open_v2(to, &copy, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
		status = sql_fail(copy, to, "opening the copy", err);
		goto out;
	}
	backup = sqlite3_backup_init(copy, "main", handle, "main");
	if (backup == NULL) {
		status = sql_fail(copy, to, "copying the store", err);
		goto out;
	}
	rc = sqlite3_backup_step(backup, -1);
	if (sqlite3_backup_finish(backup) != SQLITE_OK || rc != SQLITE_DONE)
		status = sql_fail(copy, to, "copying the store", err);
out:
	sqlite3_close(copy);
	if (status != TD_OK)
		unlink(to);
	return status;
}

static enum td_status
copy_beside(sqlite3 *handle, const char *path, int64_t version, struct err *err)
{
	char to[4096];
	int n = snprintf(to, sizeof to, "%s.before-%" PRId64, path, version + 1);

	if (n < 0 || (size_t)n >= sizeof to)
		return err_perm(err, "%s: the path is too long", path);
	/* one that is there already was made by a step that did not come through: keep it */
	if (access(to, F_OK) == 0)
		return TD_OK;
	return migrations_copy(handle, to, err);
}

static enum td_status
run_step(sqlite3 *handle, const char *path, const struct migration *step, int64_t number,
    struct err *err)
{
	char mark[128];
	enum td_status status;

	snprintf(mark, sizeof mark,
	    "PRAGMA application_id = %d; PRAGMA user_version = %" PRId64 "; COMMIT",
	    MIGRATION_APPLICATION_ID, number);
	if (sqlite3_exec(handle, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_exec(handle, step->sql, NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_exec(handle, mark, NULL, NULL, NULL) == SQLITE_OK)
		return TD_OK;
	status = sql_fail(handle, path, "bringing the store up to date", err);
	if (!sqlite3_get_autocommit(handle))
		sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
	return status;
}

/* A file with tables and no mark of ours belongs to another program. */
static enum td_status
check_ours(sqlite3 *handle, const char *path, int64_t version, struct err *err)
{
	int64_t id, tables;

	if (get_number(handle, path, "PRAGMA application_id", &id, err) != TD_OK ||
	    get_number(handle, path, "SELECT count(*) FROM sqlite_schema", &tables, err) != TD_OK)
		return TD_PERM;
	if (id == MIGRATION_APPLICATION_ID || (version == 0 && tables == 0))
		return TD_OK;
	return err_perm(err, "%s: is a database of another program; set store.path to another file",
	    path);
}

enum td_status
migrations_run(sqlite3 *handle, const char *path, const struct migration *steps, size_t n,
    int may_change, struct err *err)
{
	int64_t version;
	enum td_status status;

	status = get_number(handle, path, "PRAGMA user_version", &version, err);
	if (status == TD_OK)
		status = check_ours(handle, path, version, err);
	if (status != TD_OK)
		return status;
	if (version > (int64_t)n)
		return err_perm(err,
		    "%s: was written by a newer version of tidings (schema %" PRId64
		    ", this one knows %zu); install that version",
		    path, version, n);
	if (version == (int64_t)n)
		return TD_OK;
	if (!may_change)
		return err_perm(err, "%s: schema %" PRId64 " is older than this program's (%zu); "
		    "start tidingsd once to bring it up to date", path, version, n);
	if (version > 0)
		status = copy_beside(handle, path, version, err);
	for (; status == TD_OK && version < (int64_t)n; version++)
		status = run_step(handle, path, &steps[version], version + 1, err);
	return status;
}
