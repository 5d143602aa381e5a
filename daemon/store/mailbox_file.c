/* SPDX-License-Identifier: ISC */
/* store/mailbox_file: see mailbox_file.h. */
#include "config.h"

#include "daemon/store/mailbox_file.h"

enum td_status
mailbox_file_add(struct db *db, int64_t mailbox_id, uint32_t uid, const char *name,
    struct err *err)
{
	return db_exec(db, err,
	    "INSERT INTO mailbox_file (mailbox_id, uid, name) VALUES ($1, $2, $3) "
	    "ON CONFLICT (mailbox_id, uid) DO UPDATE SET name = excluded.name",
	    "iit", mailbox_id, (int64_t)uid, name);
}

enum td_status
mailbox_file_name(struct db *db, struct arena *arena, int64_t mailbox_id, uint32_t uid,
    const char **name_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT name FROM mailbox_file WHERE mailbox_id = $1 AND uid = $2", "ii", mailbox_id,
	    (int64_t)uid);
	const char *name = NULL;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	step = db_step(st, err);
	if (step == DB_ROW)
		name = db_column_text(st, 0, arena);
	status = db_end(db, &st, step);
	if (status == TD_OK)
		*name_r = name;
	return status;
}

enum td_status
mailbox_file_list(struct db *db, struct arena *arena, int64_t mailbox_id, uint32_t after,
    int64_t limit, struct mailbox_file **files_r, size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT uid, name FROM mailbox_file WHERE mailbox_id = $1 AND uid > $2 "
	    "ORDER BY uid LIMIT $3", "iii", mailbox_id, (int64_t)after, limit);
	struct mailbox_file *files = NULL;
	size_t n = 0, cap = 0;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	while ((step = db_step(st, err)) == DB_ROW)
		*ARENA_PUSH(arena, files, n, cap) = (struct mailbox_file){
		    (uint32_t)db_column_i64(st, 0), db_column_text(st, 1, arena)};
	status = db_end(db, &st, step);
	if (status == TD_OK) {
		*files_r = files;
		*n_r = n;
	}
	return status;
}

enum td_status
mailbox_file_next(struct db *db, int64_t mailbox_id, uint32_t *uid_r, struct err *err)
{
	int64_t file = 0, seen = 0, done = 0, last;
	enum td_status status = db_get_i64(db, err, &file, NULL,
	    "SELECT coalesce(max(uid), 0) FROM mailbox_file WHERE mailbox_id = $1", "i",
	    mailbox_id);

	if (status == TD_OK)
		status = db_get_i64(db, err, &seen, NULL,
		    "SELECT coalesce(max(uid), 0) FROM seen WHERE mailbox_id = $1", "i",
		    mailbox_id);
	if (status == TD_OK)
		status = db_get_i64(db, err, &done, NULL,
		    "SELECT watermark FROM mailbox WHERE id = $1", "i", mailbox_id);
	if (status != TD_OK)
		return status;
	last = file > seen ? file : seen;
	last = last > done ? last : done;
	*uid_r = last < UINT32_MAX ? (uint32_t)last + 1 : UINT32_MAX;
	return TD_OK;
}

enum td_status
mailbox_file_gone(struct db *db, int64_t mailbox_id, uint32_t uid, struct err *err)
{
	return db_exec(db, err,
	    "DELETE FROM mailbox_file WHERE mailbox_id = $1 AND uid = $2 AND NOT EXISTS "
	    "(SELECT 1 FROM seen WHERE mailbox_id = $3 AND uid = $4 AND state = 'inflight')",
	    "iiii", mailbox_id, (int64_t)uid, mailbox_id, (int64_t)uid);
}
