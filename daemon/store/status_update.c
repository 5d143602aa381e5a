/* SPDX-License-Identifier: ISC */
/* store/status_update: see status_update.h. */
#include "config.h"

#include "daemon/store/status_update.h"

enum td_status
status_update_get(struct db *db, int64_t team_id, int64_t person_id, const char *day,
    int64_t now, int64_t *id_r, int64_t *before_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT id, updated_at FROM status_update "
	    "WHERE team_id = $1 AND person_id = $2 AND day = $3",
	    "iit", team_id, person_id, day);
	int64_t id = 0, before = 0;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	step = db_step(st, err);
	if (step == DB_ROW) {
		id = db_column_i64(st, 0);
		before = db_column_i64(st, 1);
	}
	status = db_end(db, &st, step);
	if (status == TD_OK && id == 0)
		status = db_insert(db, err, &id,
		    "INSERT INTO status_update (team_id, person_id, day, created_at, updated_at) "
		    "VALUES ($1, $2, $3, $4, $5)",
		    "iitii", team_id, person_id, day, now, now);
	else if (status == TD_OK)
		status = db_exec(db, err, "UPDATE status_update SET updated_at = $1 WHERE id = $2",
		    "ii", now, id);
	if (status == TD_OK) {
		*id_r = id;
		if (before_r != NULL)
			*before_r = before;
	}
	return status;
}

enum td_status
status_update_add_line(struct db *db, int64_t update_id, struct update_line *line,
    bool *added_r, struct err *err)
{
	int64_t position = 0;
	bool found = false;
	enum td_status status = db_get_i64(db, err, &line->id, &found,
	    /* By the first words there is an index. With "text = $3" the engine would put $3 in the
	     * place of text there, too, and read every line. */
	    "SELECT id FROM update_line WHERE update_id = $1 AND section = $2 "
	    "AND NOT text <> $3 AND substr(text, 1, 32) = substr($4, 1, 32)",
	    "ittt", update_id, line->section, line->text, line->text);

	if (status == TD_OK && !found) {
		status = db_get_i64(db, err, &position, NULL,
		    "SELECT coalesce(max(position), 0) + 1 FROM update_line WHERE update_id = $1",
		    "i", update_id);
		if (status == TD_OK)
			status = db_insert(db, err, &line->id,
			    "INSERT INTO update_line (update_id, section, text, item_id, "
			    "message_id, "
			    "position) VALUES ($1, $2, $3, $4, $5, $6)",
			    "ittrri", update_id, line->section, line->text, line->item_id,
			    line->message_id, position);
	}
	if (status == TD_OK) {
		line->position = position;
		*added_r = !found;
	}
	return status;
}

/* Rows of update and line, joined and in order: a new update begins where the id changes. */
static enum td_status
collect(struct db *db, struct arena *arena, struct db_stmt *st, struct status_update **updates_r,
    size_t *n_r, struct err *err)
{
	struct status_update *updates = NULL, *update = NULL;
	size_t n = 0, cap = 0, lines_cap = 0;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	while ((step = db_step(st, err)) == DB_ROW) {
		if (update == NULL || update->id != db_column_i64(st, 0)) {
			update = ARENA_PUSH(arena, updates, n, cap);
			*update = (struct status_update){
			    .id = db_column_i64(st, 0),
			    .team_id = db_column_i64(st, 1),
			    .person_id = db_column_i64(st, 2),
			    .day = db_column_text(st, 3, arena),
			    .created_at = db_column_i64(st, 4),
			    .updated_at = db_column_i64(st, 5),
			};
			lines_cap = 0;
		}
		if (db_column_is_null(st, 6))
			continue;
		*ARENA_PUSH(
		    arena, update->lines, update->n_lines, lines_cap) = (struct update_line){
		    .id = db_column_i64(st, 6),
		    .section = db_column_text(st, 7, arena),
		    .text = db_column_text(st, 8, arena),
		    .item_id = db_column_i64(st, 9),
		    .message_id = db_column_i64(st, 10),
		    .position = db_column_i64(st, 11),
		};
	}
	status = db_end(db, &st, step);
	if (status == TD_OK) {
		*updates_r = updates;
		*n_r = n;
	}
	return status;
}

#define JOINED                                                                                     \
	"SELECT u.id, u.team_id, u.person_id, u.day, u.created_at, u.updated_at, l.id, l.section, "\
	"l.text, l.item_id, l.message_id, l.position "                                             \
	"FROM status_update u LEFT JOIN update_line l ON l.update_id = u.id "

enum td_status
status_update_find(struct db *db, struct arena *arena, int64_t team_id, int64_t person_id,
    const char *day, struct status_update **update_r, struct err *err)
{
	struct status_update *updates;
	size_t n;
	enum td_status status = collect(db, arena,
	    db_query(db, err,
		JOINED "WHERE u.team_id = $1 AND u.person_id = $2 AND u.day = $3 "
		       "ORDER BY l.position",
		"iit", team_id, person_id, day),
	    &updates, &n, err);

	if (status == TD_OK)
		*update_r = n > 0 ? updates : NULL;
	return status;
}

enum td_status
status_update_before(struct db *db, struct arena *arena, int64_t team_id, int64_t person_id,
    const char *day, struct status_update **update_r, struct err *err)
{
	struct status_update *updates;
	size_t n;
	enum td_status status = collect(db, arena,
	    db_query(db, err,
		JOINED "WHERE u.team_id = $1 AND u.person_id = $2 AND u.day = "
		       "(SELECT max(b.day) FROM status_update b WHERE b.team_id = $3 AND "
		       "b.person_id = $4 AND b.day < $5) ORDER BY l.position",
		"iiiit", team_id, person_id, team_id, person_id, day),
	    &updates, &n, err);

	if (status == TD_OK)
		*update_r = n > 0 ? updates : NULL;
	return status;
}

enum td_status
status_update_list(struct db *db, struct arena *arena, int64_t team_id, const char *from_day,
    const char *to_day, struct status_update **updates_r, size_t *n_r, struct err *err)
{
	return collect(db, arena,
	    db_query(db, err,
		JOINED "WHERE u.team_id = $1 AND u.day >= $2 AND u.day <= $3 "
		       "ORDER BY u.day, u.person_id, l.position",
		"itt", team_id, from_day, to_day),
	    updates_r, n_r, err);
}

enum td_status
status_update_of_line(struct db *db, struct arena *arena, int64_t line_id,
    struct status_update **update_r, struct err *err)
{
	struct status_update *updates;
	size_t n;
	enum td_status status = collect(db, arena,
	    db_query(db, err,
		"SELECT u.id, u.team_id, u.person_id, u.day, u.created_at, u.updated_at, NULL "
		"FROM update_line l JOIN status_update u ON u.id = l.update_id WHERE l.id = $1",
		"i", line_id),
	    &updates, &n, err);

	if (status == TD_OK)
		*update_r = n > 0 ? updates : NULL;
	return status;
}

enum td_status
status_update_remove_line(struct db *db, int64_t line_id, struct err *err)
{
	return db_exec(db, err, "DELETE FROM update_line WHERE id = $1", "i", line_id);
}

enum td_status
status_update_end(struct db *db, int64_t id, int64_t updated_at, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "DELETE FROM status_update WHERE id = $1 AND NOT EXISTS "
	    "(SELECT 1 FROM update_line WHERE update_id = $2)",
	    "ii", id, id);

	if (status != TD_OK || updated_at == 0)
		return status;
	return db_exec(db, err, "UPDATE status_update SET updated_at = $1 WHERE id = $2", "ii",
	    updated_at, id);
}

enum td_status
status_update_next(struct db *db, struct arena *arena, int64_t item_id, const char **text_r,
    struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT text FROM update_line WHERE item_id = $1 AND section = 'next' "
	    "ORDER BY id DESC LIMIT 1",
	    "i", item_id);
	const char *text = NULL;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	step = db_step(st, err);
	if (step == DB_ROW)
		text = db_column_text(st, 0, arena);
	status = db_end(db, &st, step);
	if (status == TD_OK)
		*text_r = text;
	return status;
}
