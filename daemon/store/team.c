/* SPDX-License-Identifier: ISC */
/* store/team: see team.h. */
#include "config.h"

#include "daemon/store/team.h"

#include "daemon/store/person.h"

#define COLUMNS "id, name, title, address, zone, default_kind, core_hours, created_at, removed_at"

static void
read_row(struct db_stmt *st, struct arena *arena, void *row)
{
	struct team *team = row;

	*team = (struct team){
	    .id = db_column_i64(st, 0),
	    .name = db_column_text(st, 1, arena),
	    .title = db_column_text(st, 2, arena),
	    .address = db_column_text(st, 3, arena),
	    .zone = db_column_text(st, 4, arena),
	    .default_kind = db_column_text(st, 5, arena),
	    .core_hours = db_column_text(st, 6, arena),
	    .created_at = db_column_i64(st, 7),
	    .removed_at = db_column_i64(st, 8),
	};
}

static enum td_status
name_free(struct db *db, const char *name, struct err *err)
{
	int64_t id;
	bool found;
	enum td_status status = db_get_i64(db, err, &id, &found,
	    "SELECT id FROM team WHERE name = $1", "t", name);

	if (status == TD_OK && found)
		return err_perm(err, "a team with the name %s exists; choose another", name);
	return status;
}

enum td_status
team_add(struct db *db, struct team *team, int64_t now, struct err *err)
{
	const char *kind = team->default_kind != NULL ? team->default_kind : "update";
	enum td_status status = name_free(db, team->name, err);

	if (status == TD_OK)
		status = address_free(db, team->address, 0, 0, err);
	if (status == TD_OK)
		status = db_insert(db, err, &team->id,
		    "INSERT INTO team (name, title, address, zone, default_kind, core_hours, "
		    "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		    "tttttti", team->name, team->title, team->address,
		    team->zone, kind, team->core_hours, now);
	if (status == TD_OK) {
		team->default_kind = kind;
		team->created_at = now;
	}
	return status;
}

enum td_status
team_update(struct db *db, const struct team *team, struct err *err)
{
	enum td_status status = address_free(db, team->address, 0, team->id, err);

	if (status != TD_OK)
		return status;
	return db_exec(db, err,
	    "UPDATE team SET title = $1, address = $2, zone = $3, default_kind = $4, "
	    "core_hours = $5 WHERE id = $6",
	    "ttttti", team->title, team->address, team->zone, team->default_kind,
	    team->core_hours, team->id);
}

enum td_status
team_remove(struct db *db, int64_t id, int64_t now, struct err *err)
{
	enum td_status status = db_exec(db, err, "DELETE FROM membership WHERE team_id = $1", "i",
	    id);

	/* name and address become free; the row stays for the history */
	if (status == TD_OK)
		status = db_exec(db, err,
		    "UPDATE team SET removed_at = $1, name = name || '.' || id, "
		    "address = address || '.' || id WHERE id = $2 AND removed_at IS NULL",
		    "ii", now, id);
	return status;
}

static enum td_status
find_one(struct db *db, struct arena *arena, struct db_stmt *st, struct team **team_r,
    struct err *err)
{
	return db_row(db, arena, st, read_row, sizeof **team_r, team_r, err);
}

enum td_status
team_by_id(struct db *db, struct arena *arena, int64_t id, struct team **team_r, struct err *err)
{
	return find_one(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM team WHERE id = $1", "i", id), team_r, err);
}

enum td_status
team_by_name(struct db *db, struct arena *arena, const char *name, struct team **team_r,
    struct err *err)
{
	return find_one(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM team WHERE name = $1 AND removed_at IS NULL", "t", name),
	    team_r, err);
}

enum td_status
team_by_address(struct db *db, struct arena *arena, const char *address, struct team **team_r,
    struct err *err)
{
	return find_one(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM team WHERE address = $1 AND removed_at IS NULL", "t",
		address),
	    team_r, err);
}

static enum td_status
find_all(struct db *db, struct arena *arena, struct db_stmt *st, struct team **teams_r,
    size_t *n_r, struct err *err)
{
	return db_rows(db, arena, st, read_row, sizeof **teams_r, teams_r, n_r, err);
}

enum td_status
team_list(struct db *db, struct arena *arena, struct team **teams_r, size_t *n_r, struct err *err)
{
	return find_all(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM team WHERE removed_at IS NULL ORDER BY name", ""),
	    teams_r, n_r, err);
}

/* What team_remove put behind name and address is taken off. */
#define AS_IT_WAS(column) "substr(" column ", 1, length(" column ") - length('.' || id))"

enum td_status
team_list_left(struct db *db, struct arena *arena, struct team **teams_r, size_t *n_r,
    struct err *err)
{
	return find_all(db, arena,
	    db_query(db, err,
		"SELECT id, " AS_IT_WAS("name") ", title, " AS_IT_WAS("address") ", zone, "
		"default_kind, core_hours, created_at, removed_at FROM team "
		"WHERE removed_at IS NOT NULL AND id IN "
		"(SELECT team_id FROM meeting WHERE cancelled_at IS NULL) ORDER BY id", ""),
	    teams_r, n_r, err);
}
