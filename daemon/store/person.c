/* SPDX-License-Identifier: ISC */
/* store/person: see person.h. */
#include "config.h"

#include "daemon/store/person.h"

#include <string.h>

#include "daemon/store/vote.h"

#define COLUMNS                                                                                    \
	"p.id, p.name, p.handle, p.zone, p.hours, p.lang, p.digest, p.checkin, p.ack, "            \
	"p.created_at, p.removed_at, a.address, a.delivery"
/* the primary address; the least one where several claim to be */
#define PRIMARY                                                                                    \
	" LEFT JOIN address a ON a.address = (SELECT min(b.address) FROM address b "               \
	"WHERE b.person_id = p.id AND b.is_primary = 1) "

static void
read_row(struct db_stmt *st, struct arena *arena, void *row)
{
	struct person *person = row;

	*person = (struct person){
	    .id = db_column_i64(st, 0),
	    .name = db_column_text(st, 1, arena),
	    .handle = db_column_text(st, 2, arena),
	    .zone = db_column_text(st, 3, arena),
	    .hours = db_column_text(st, 4, arena),
	    .lang = db_column_text(st, 5, arena),
	    .digest = db_column_text(st, 6, arena),
	    .checkin = db_column_text(st, 7, arena),
	    .ack = db_column_text(st, 8, arena),
	    .created_at = db_column_i64(st, 9),
	    .removed_at = db_column_i64(st, 10),
	    .address = db_column_text(st, 11, arena),
	    .delivery = db_column_text(st, 12, arena),
	};
}

static const char *
or_default(const char *value, const char *preset)
{
	return value != NULL ? value : preset;
}

/* The handle, or it with the first number that is free. */
static enum td_status
free_handle(struct db *db, struct arena *arena, const char *wanted, const char **handle_r,
    struct err *err)
{
	const char *handle = wanted;

	for (int i = 2;; i++) {
		int64_t id;
		bool found;
		enum td_status status = db_get_i64(db, err, &id, &found,
		    "SELECT id FROM person WHERE handle = $1", "t", handle);

		if (status != TD_OK)
			return status;
		if (!found) {
			*handle_r = handle;
			return TD_OK;
		}
		if (i > 10000)
			return err_perm(err, "handle %s is taken; choose another", wanted);
		handle = arena_printf(arena, "%s%d", wanted, i);
	}
}

enum td_status
person_add(struct db *db, struct arena *arena, struct person *person, int64_t now,
    struct err *err)
{
	struct person row = *person;
	const char *wanted = person->handle;
	enum td_status status = address_free(db, row.address, 0, 0, err);

	if (status != TD_OK)
		return status;
	if (wanted == NULL)
		wanted = person_handle_from(arena, row.address);
	status = free_handle(db, arena, wanted, &row.handle, err);
	if (status == TD_OK && person->handle != NULL && strcmp(row.handle, wanted) != 0)
		return err_perm(err, "handle %s is taken; choose another", wanted);
	row.hours = or_default(row.hours, "mon-fri 09:00-17:00");
	row.lang = or_default(row.lang, "en");
	row.digest = or_default(row.digest, "daily 08:30");
	row.checkin = or_default(row.checkin, "16:30");
	row.ack = or_default(row.ack, "new");
	row.delivery = "ok";
	row.created_at = now;
	if (status == TD_OK)
		status = db_insert(db, err, &row.id,
		    "INSERT INTO person (name, handle, zone, hours, lang, digest, checkin, ack, "
		    "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		    "tttttttti", row.name, row.handle, row.zone, row.hours, row.lang, row.digest,
		    row.checkin, row.ack, now);
	if (status == TD_OK)
		status = person_address_add(db, row.id, row.address, true, err);
	if (status == TD_OK)
		*person = row;
	return status;
}

enum td_status
person_update(struct db *db, const struct person *person, struct err *err)
{
	int64_t other;
	bool found;
	enum td_status status = db_get_i64(db, err, &other, &found,
	    "SELECT id FROM person WHERE handle = $1 AND id <> $2", "ti", person->handle,
	    person->id);

	if (status == TD_OK && found)
		return err_perm(err, "handle %s is taken; choose another", person->handle);
	if (status != TD_OK)
		return status;
	return db_exec(db, err,
	    "UPDATE person SET name = $1, handle = $2, zone = $3, hours = $4, lang = $5, "
	    "digest = $6, checkin = $7, ack = $8 WHERE id = $9",
	    "tttttttti", person->name, person->handle, person->zone, person->hours, person->lang,
	    person->digest, person->checkin, person->ack, person->id);
}

enum td_status
person_remove(struct db *db, int64_t id, int64_t now, struct err *err)
{
	static const char *const steps[] = {
	    /* what their calendar holds is still to be taken back */
	    "UPDATE attendee SET last_address = (SELECT min(a.address) FROM address a "
	    "WHERE a.person_id = $1 AND a.is_primary = 1 AND a.delivery <> 'hard') "
	    "WHERE person_id = $1 AND sent_sequence IS NOT NULL",
	    "DELETE FROM membership WHERE person_id = $1",
	    "DELETE FROM address WHERE person_id = $1",
	    "DELETE FROM timer WHERE person_id = $1",
	    "DELETE FROM job WHERE person_id = $1",
	};
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < sizeof steps / sizeof *steps; i++)
		status = db_exec(db, err, steps[i], "i", id);
	if (status == TD_OK)
		status = vote_gone(db, 0, id, err);
	if (status == TD_OK)
		status = db_exec(db, err,
		    "UPDATE person SET removed_at = $1, handle = handle || '.' || id "
		    "WHERE id = $2 AND removed_at IS NULL",
		    "ii", now, id);
	return status;
}

enum td_status
person_drop(struct db *db, int64_t id, bool *gone_r, struct err *err)
{
	enum td_status status = db_savepoint(db, err);

	*gone_r = false;
	if (status != TD_OK)
		return status;
	status = db_exec(db, err, "DELETE FROM address WHERE person_id = $1", "i", id);
	if (status == TD_OK)
		status = db_exec(db, err, "DELETE FROM job WHERE person_id = $1", "i", id);
	if (status == TD_OK)
		status = db_exec(db, err, "DELETE FROM news WHERE person_id = $1", "i", id);
	if (status == TD_OK)
		status = db_exec(db, err, "DELETE FROM person WHERE id = $1", "i", id);
	if (status == TD_OK) {
		*gone_r = true;
		return db_savepoint_release(db, err);
	}
	db_savepoint_rollback(db);
	return status == TD_PERM && db_in_transaction(db) ? TD_OK : status;
}

static enum td_status
find_one(struct db *db, struct arena *arena, struct db_stmt *st, struct person **person_r,
    struct err *err)
{
	return db_row(db, arena, st, read_row, sizeof **person_r, person_r, err);
}

enum td_status
person_by_id(struct db *db, struct arena *arena, int64_t id, struct person **person_r,
    struct err *err)
{
	return find_one(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM person p" PRIMARY "WHERE p.id = $1", "i",
		id),
	    person_r, err);
}

enum td_status
person_by_address(struct db *db, struct arena *arena, const char *address,
    struct person **person_r, struct err *err)
{
	return find_one(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM person p" PRIMARY
		"WHERE p.removed_at IS NULL AND p.id = (SELECT person_id FROM address "
		"WHERE address = $1)",
		"t", address),
	    person_r, err);
}

enum td_status
person_by_handle(struct db *db, struct arena *arena, const char *handle,
    struct person **person_r, struct err *err)
{
	return find_one(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM person p" PRIMARY
		"WHERE p.removed_at IS NULL AND p.handle = $1",
		"t", handle),
	    person_r, err);
}

enum td_status
person_list(struct db *db, struct arena *arena, struct person **people_r, size_t *n_r,
    struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT " COLUMNS " FROM person p" PRIMARY
	    "WHERE p.removed_at IS NULL ORDER BY p.name, p.id",
	    "");

	return db_rows(db, arena, st, read_row, sizeof **people_r, people_r, n_r, err);
}

/* ---- addresses ---------------------------------------------------------------------------- */

enum td_status
address_free(struct db *db, const char *address, int64_t person_id, int64_t team_id,
    struct err *err)
{
	struct arena *arena = arena_create();
	struct db_stmt *st = db_query(db, err,
	    "SELECT p.name FROM address a JOIN person p ON p.id = a.person_id "
	    "WHERE a.address = $1 AND p.id <> $2 UNION ALL "
	    "SELECT 'team ' || name FROM team WHERE address = $3 AND id <> $4", "titi", address,
	    person_id, address, team_id);
	enum db_step step = st != NULL ? db_step(st, err) : DB_FAIL;
	enum td_status status;

	if (step == DB_ROW)
		(void)err_perm(err, "%s is the address of %s already; choose another", address,
		    db_column_text(st, 0, arena));
	status = db_end(db, &st, step);
	arena_destroy(&arena);
	return status == TD_OK && step == DB_ROW ? TD_PERM : status;
}

enum td_status
person_address_add(struct db *db, int64_t person_id, const char *address, bool is_primary,
    struct err *err)
{
	enum td_status status = address_free(db, address, person_id, 0, err);

	if (status == TD_OK && is_primary)
		status = db_exec(db, err, "UPDATE address SET is_primary = 0 WHERE person_id = $1",
		    "i", person_id);
	if (status == TD_OK)
		status = db_exec(db, err,
		    "INSERT INTO address (address, person_id, is_primary) VALUES ($1, $2, $3) "
		    "ON CONFLICT (address) DO UPDATE SET is_primary = excluded.is_primary",
		    "tii", address, person_id, (int64_t)is_primary);
	return status;
}

enum td_status
person_address_remove(struct db *db, const char *address, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "DELETE FROM address WHERE address = $1 AND is_primary = 0", "t", address);

	if (status == TD_OK && db_changes(db) == 0)
		return err_perm(err, "%s is no second address of anybody; a person keeps the "
		    "primary one", address);
	return status;
}

static void
read_person_address(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct person_address *)row = (struct person_address){
	    .address = db_column_text(st, 0, arena),
	    .person_id = db_column_i64(st, 1),
	    .zone = db_column_text(st, 2, arena),
	    .is_primary = db_column_i64(st, 3) != 0,
	    .delivery = db_column_text(st, 4, arena),
	    .delivery_at = db_column_i64(st, 5),
	    .delivery_why = db_column_text(st, 6, arena),
	};
}

enum td_status
person_addresses(struct db *db, struct arena *arena, int64_t person_id,
    struct person_address **addresses_r, size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT a.address, a.person_id, p.zone, a.is_primary, a.delivery, a.delivery_at, "
	    "a.delivery_why FROM address a JOIN person p ON p.id = a.person_id "
	    "WHERE p.removed_at IS NULL AND (p.id = $1 OR $2 = 0) ORDER BY a.address",
	    "ii", person_id, person_id);

	return db_rows(db, arena, st, read_person_address, sizeof **addresses_r, addresses_r, n_r,
	    err);
}

enum td_status
person_set_delivery(struct db *db, const char *address, const char *delivery, const char *why,
    int64_t now, bool *known_r, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "UPDATE address SET delivery = $1, delivery_why = $2, delivery_at = $3 "
	    "WHERE address = $4",
	    "ttit", delivery, why, now, address);

	if (status == TD_OK)
		*known_r = db_changes(db) > 0;
	return status;
}

enum td_status
person_writes(struct db *db, const char *address, int64_t now, struct err *err)
{
	return db_exec(db, err,
	    "UPDATE address SET delivery = 'ok', delivery_why = NULL, delivery_at = $1 "
	    "WHERE address = $2 AND delivery <> 'ok'",
	    "it", now, address);
}

/* ---- membership ---------------------------------------------------------------------------- */

static enum role
role_of(const char *name)
{
	enum role role = ROLE_NONE;

	/* a word nobody knows gives no right */
	return name != NULL && role_parse(span_of(name), &role) ? role : ROLE_NONE;
}

enum td_status
member_set(struct db *db, int64_t team_id, int64_t person_id, enum role role, int64_t now,
    struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "INSERT INTO membership (team_id, person_id, role, since) VALUES ($1, $2, $3, $4) "
	    "ON CONFLICT (team_id, person_id) DO UPDATE SET role = excluded.role",
	    "iiti", team_id, person_id, role_name(role), now);

	return status == TD_OK && role < ROLE_MEMBER ? vote_gone(db, team_id, person_id, err)
						     : status;
}

enum td_status
member_remove(struct db *db, int64_t team_id, int64_t person_id, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "DELETE FROM membership WHERE team_id = $1 AND person_id = $2", "ii", team_id,
	    person_id);

	return status == TD_OK ? vote_gone(db, team_id, person_id, err) : status;
}

enum td_status
member_only_lead(struct db *db, int64_t team_id, int64_t person_id, bool *only_r, struct err *err)
{
	int64_t others = 0;
	enum role role = ROLE_NONE;
	enum td_status status = member_role(db, team_id, person_id, &role, err);

	if (status == TD_OK)
		status = db_get_i64(db, err, &others, NULL,
		    "SELECT count(*) FROM membership WHERE team_id = $1 AND person_id <> $2 AND "
		    "role = 'lead'", "ii", team_id, person_id);
	*only_r = role == ROLE_LEAD && others == 0;
	return status;
}

enum td_status
member_role(struct db *db, int64_t team_id, int64_t person_id, enum role *role_r,
    struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT role FROM membership WHERE team_id = $1 AND person_id = $2", "ii", team_id,
	    person_id);
	struct arena *arena;
	enum role role = ROLE_NONE;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	arena = arena_create();
	step = db_step(st, err);
	if (step == DB_ROW)
		role = role_of(db_column_text(st, 0, arena));
	status = db_end(db, &st, step);
	arena_destroy(&arena);
	if (status == TD_OK)
		*role_r = role;
	return status;
}

enum td_status
member_list(struct db *db, struct arena *arena, int64_t team_id, struct member **members_r,
    size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT " COLUMNS ", m.role, m.since FROM membership m "
	    "JOIN person p ON p.id = m.person_id" PRIMARY
	    "WHERE m.team_id = $1 AND p.removed_at IS NULL ORDER BY p.name, p.id",
	    "i", team_id);
	struct member *members = NULL;
	size_t n = 0, cap = 0;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	while ((step = db_step(st, err)) == DB_ROW) {
		struct member *member = ARENA_PUSH(arena, members, n, cap);

		read_row(st, arena, &member->person);
		member->role = role_of(db_column_text(st, 13, arena));
		member->since = db_column_i64(st, 14);
	}
	status = db_end(db, &st, step);
	if (status == TD_OK) {
		*members_r = members;
		*n_r = n;
	}
	return status;
}

static void
read_membership(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct membership *)row = (struct membership){
	    db_column_i64(st, 0), db_column_i64(st, 1),
	    role_of(db_column_text(st, 2, arena))};
}

enum td_status
membership_list(struct db *db, struct arena *arena, int64_t person_id,
    struct membership **list_r, size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT team_id, person_id, role FROM membership WHERE person_id = $1 "
	    "ORDER BY since, team_id",
	    "i", person_id);

	return db_rows(db, arena, st, read_membership, sizeof **list_r, list_r, n_r, err);
}
