/* SPDX-License-Identifier: ISC */
/* store/erase: see erase.h. */
#include "config.h"

#include "daemon/store/erase.h"

#include <inttypes.h>
#include <string.h>

#include "parsers/base/buf.h"
#include "parsers/base/span.h"
#include "daemon/store/person.h"
#include "daemon/store/search.h"
#include "daemon/store/vote.h"

#define TEXT_MAX (32u << 20)

/* What names them, and what is put in its place. */
struct naming {
	const char *what, *instead;
	bool handle; /* "@ana", and not the beginning of "@anatol" */
};

struct erasing {
	struct db *db;
	struct arena *arena;
	int64_t id;
	struct naming *namings;
	size_t n, cap;
	int64_t texts;
};

/* ---- what names them ------------------------------------------------------------------------- */

static void
add_naming(struct erasing *e, const char *what, const char *instead, bool handle)
{
	if (what != NULL && strlen(what) > 1 && strcmp(what, instead) != 0)
		*ARENA_PUSH(e->arena, e->namings, e->n, e->cap) =
		    (struct naming){what, instead, handle};
}

static void
read_text(struct db_stmt *st, struct arena *arena, void *row)
{
	*(const char **)row = db_column_text(st, 0, arena);
}

/* All addresses that they ever wrote from, or were written to. */
static enum td_status
add_addresses(struct erasing *e, const char *instead, struct err *err)
{
	const char **list;
	size_t n = 0;
	enum td_status status = db_rows(e->db, e->arena, db_query(e->db, err,
	    "SELECT address FROM address WHERE person_id = $1 UNION "
	    "SELECT from_address FROM message WHERE person_id = $2 AND from_address IS NOT NULL "
	    "UNION SELECT rcpt FROM outbox WHERE person_id = $3 UNION "
	    "SELECT last_address FROM attendee WHERE person_id = $4 AND last_address IS NOT NULL",
	    "iiii", e->id, e->id, e->id, e->id), read_text, sizeof *list, &list, &n, err);

	for (size_t i = 0; status == TD_OK && i < n; i++)
		add_naming(e, list[i], instead, false);
	return status;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static bool
goes_on(struct span rest)
{
	return rest.len > 0 && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_", *rest.ptr) != NULL;
}

static const char *
replace(struct erasing *e, const char *text, const struct naming *naming)
{
	struct span rest = span_of(text), what = span_of(naming->what);
	struct buf out;
	bool changed = false;

	buf_init(&out, TEXT_MAX);
	while (rest.len > 0) {
		size_t at = span_ifind(rest, what);
		struct span behind = span_skip(rest, at + what.len);
		bool is = at < rest.len && !(naming->handle && goes_on(behind));

		buf_put_span(&out, span_first(rest, at < rest.len && !is ? at + what.len : at));
		if (is)
			buf_puts(&out, naming->instead);
		changed = changed || is;
		rest = at < rest.len ? behind : span_skip(rest, at);
	}
	if (changed && !out.over)
		text = arena_span(e->arena, buf_span(&out));
	buf_release(&out);
	return text;
}

/* The text itself where it names nobody. */
static const char *
without(void *user, const char *text)
{
	struct erasing *e = user;
	const char *clean = text;

	for (size_t i = 0; text != NULL && i < e->n; i++)
		clean = replace(e, clean, &e->namings[i]);
	e->texts += clean != text;
	return clean;
}

static const struct {
	const char *table, *columns;
} texts[] = {
    {"item", "title body blocked_why outcome outcome_why project"},
    {"comment", "text"},
    {"vote", "reason option"},
    {"update_line", "text"},
    {"entry", "note project"},
    {"sheet", "reason"},
    {"handover", "note"},
    {"page", "text"},
    {"news", "text"},
    {"reminder", "text"},
    {"absence", "note"},
    {"message", "subject reading why"},
    {"quarantine", "from_address subject why"},
    {"outbox", "reply rcpt"},
    {"attempt", "reply"},
};

/* Where a row has no number of its own. */
static const char *const plain_texts[][2] = {{"item_option", "text"}, {"handover_item", "next"}};

struct text_row {
	int64_t id;
	const char *text;
};

static void
read_text_row(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct text_row *)row = (struct text_row){db_column_i64(st, 0),
	    db_column_text(st, 1, arena)};
}

static enum td_status
clean_column(struct erasing *e, const char *table, const char *column, struct err *err)
{
	struct text_row *rows;
	size_t n = 0;
	enum td_status status = db_rows(e->db, e->arena, db_query(e->db, err,
	    arena_printf(e->arena, "SELECT id, %s FROM %s WHERE %s IS NOT NULL AND %s <> ''",
		column, table, column, column), ""), read_text_row, sizeof *rows, &rows, &n, err);

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		const char *clean = without(e, rows[i].text);

		if (clean != rows[i].text)
			status = db_exec(e->db, err, arena_printf(e->arena,
			    "UPDATE %s SET %s = $1 WHERE id = $2", table, column), "ti", clean,
			    rows[i].id);
	}
	return status;
}

static enum td_status
clean_plain(struct erasing *e, const char *table, const char *column, struct err *err)
{
	const char **rows;
	size_t n = 0;
	enum td_status status = db_rows(e->db, e->arena, db_query(e->db, err,
	    arena_printf(e->arena, "SELECT DISTINCT %s FROM %s", column, table), ""), read_text,
	    sizeof *rows, &rows, &n, err);

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		const char *clean = without(e, rows[i]);

		if (clean != rows[i])
			status = db_exec(e->db, err, arena_printf(e->arena,
			    "UPDATE %s SET %s = $1 WHERE %s = $2", table, column, column), "tt",
			    clean, rows[i]);
	}
	return status;
}

static enum td_status
clean_texts(struct erasing *e, struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < sizeof texts / sizeof *texts; i++) {
		struct span rest = span_of(texts[i].columns), column;

		while (status == TD_OK && span_next_word(&rest, &column))
			status = clean_column(e, texts[i].table, arena_span(e->arena, column),
			    err);
	}
	for (size_t i = 0; status == TD_OK && i < sizeof plain_texts / sizeof *plain_texts; i++)
		status = clean_plain(e, plain_texts[i][0], plain_texts[i][1], err);
	return status == TD_OK ? search_rewrite(e->db, e->arena, without, e, err) : status;
}

/* ---- history --------------------------------------------------------------------------------- */

struct event_row {
	int64_t id, at, team_id, person_id, message_id, entity_id;
	const char *entity, *verb, *before, *after;
};

static void
read_event(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct event_row *)row = (struct event_row){db_column_i64(st, 0), db_column_i64(st, 1),
	    db_column_i64(st, 2), db_column_i64(st, 3), db_column_i64(st, 4), db_column_i64(st, 5),
	    db_column_text(st, 6, arena), db_column_text(st, 7, arena),
	    db_column_text(st, 8, arena), db_column_text(st, 9, arena)};
}

/* What is theirs alone leaves no trace but that something was there. */
static bool
is_private(const struct erasing *e, const struct event_row *row)
{
	static const char *const entities[] = {"absence", "plan", "reminder"};

	if (strcmp(row->entity, "person") == 0)
		return row->entity_id == e->id;
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (row->person_id == e->id && strcmp(row->entity, entities[i]) == 0)
			return true;
	return false;
}

static enum td_status
write_event(struct erasing *e, const struct event_row *row, const char *before, const char *after,
    struct err *err)
{
	enum td_status status = db_exec(e->db, err, "DELETE FROM event WHERE id = $1", "i",
	    row->id);

	return status != TD_OK ? status : db_exec(e->db, err,
	    "INSERT INTO event (id, at, team_id, person_id, message_id, entity, entity_id, verb, "
	    "before, after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", "iirrrtittt",
	    row->id, row->at, row->team_id, row->person_id, row->message_id, row->entity,
	    row->entity_id, row->verb, before, after);
}

static enum td_status
clean_events(struct erasing *e, struct err *err)
{
	struct event_row *rows;
	size_t n = 0;
	enum td_status status = db_rows(e->db, e->arena, db_query(e->db, err,
	    "SELECT id, at, team_id, person_id, message_id, entity_id, entity, verb, before, after "
	    "FROM event ORDER BY id", ""), read_event, sizeof *rows, &rows, &n, err);

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		const char *before = NULL, *after = NULL;

		if (!is_private(e, &rows[i])) {
			before = without(e, rows[i].before);
			after = without(e, rows[i].after);
		}
		if (before != rows[i].before || after != rows[i].after)
			status = write_event(e, &rows[i], before, after, err);
	}
	return status;
}

/* ---- rows ------------------------------------------------------------------------------------ */

#define TEAMS                                                                                      \
	"(SELECT team_id FROM membership WHERE person_id = $1 UNION SELECT team_id FROM event "    \
	"WHERE person_id = $1 OR (entity IN ('person', 'membership') AND entity_id = $1) "         \
	"UNION SELECT team_id FROM message WHERE person_id = $1 "                                  \
	"UNION SELECT team_id FROM outbox WHERE person_id = $1)"

/* In this order: what refers to others goes first. A mail that is being sent ends as it will. */
static const char *const steps[] = {
    "UPDATE outbox SET bytes = '' WHERE state IN ('sent', 'failed') AND team_id IN " TEAMS,
    "UPDATE news SET outbox_id = NULL WHERE outbox_id IN (SELECT id FROM outbox WHERE "
	"person_id = $1 AND state <> 'sending')",
    "DELETE FROM news WHERE person_id = $1",
    "DELETE FROM attempt WHERE outbox_id IN (SELECT id FROM outbox WHERE person_id = $1 AND "
	"state <> 'sending')",
    "DELETE FROM outbox WHERE person_id = $1 AND state <> 'sending'",
    "DELETE FROM held WHERE person_id = $1",
    "DELETE FROM quarantine WHERE message_id IN (SELECT id FROM message WHERE person_id = $1)",
    /* its number may be given anew: that mail has not been told of */
    "UPDATE setting SET value = (SELECT coalesce(max(id), 0) FROM quarantine) "
	"WHERE name LIKE 'quarantine-told:%' AND CAST(value AS INTEGER) > "
	"(SELECT coalesce(max(id), 0) FROM quarantine) AND $1 > 0",
    "UPDATE message SET from_address = NULL, mid = NULL, subject = NULL, reading = '{}', "
	"undo_code = NULL WHERE person_id = $1",
    "DELETE FROM absence WHERE person_id = $1",
    "UPDATE absence SET cover_id = NULL WHERE cover_id = $1",
    "DELETE FROM plan WHERE person_id = $1",
    "DELETE FROM reminder WHERE person_id = $1",
    "DELETE FROM target WHERE person_id = $1",
    "DELETE FROM timer WHERE person_id = $1",
    "DELETE FROM oncall WHERE person_id = $1",
    "DELETE FROM item_watch WHERE person_id = $1",
    "DELETE FROM item_snooze WHERE person_id = $1",
    "DELETE FROM attendee WHERE person_id = $1",
    "DELETE FROM thread WHERE person_id = $1",
    "DELETE FROM membership WHERE person_id = $1",
    "DELETE FROM address WHERE person_id = $1",
    "DELETE FROM job WHERE person_id = $1",
    "UPDATE entry SET started_at = NULL WHERE person_id = $1",
};

static enum td_status
rename_person(struct erasing *e, const char *name, const char *handle, int64_t now,
    struct err *err)
{
	return db_exec(e->db, err,
	    "UPDATE person SET name = $1, handle = $2, zone = 'UTC', "
	    "hours = 'mon-fri 09:00-17:00', lang = 'en', digest = 'off', checkin = 'off', "
	    "ack = 'errors', region = NULL, removed_at = coalesce(removed_at, $3) WHERE id = $4",
	    "ttii", name, handle, now, e->id);
}

static enum td_status
find_namings(struct erasing *e, const struct person *person, const char *name, const char *handle,
    struct err *err)
{
	const char *old = person->handle;
	const char *end = arena_printf(e->arena, ".%" PRId64, e->id);
	struct span bare = span_of(old);
	enum td_status status = add_addresses(e, arena_printf(e->arena, "%s@erased.invalid",
	    handle), err);

	/* who was removed has their number behind the handle */
	if (person->removed_at != 0 && span_ends(bare, span_of(end)))
		bare = span_first(bare, bare.len - strlen(end));
	add_naming(e, person->name, name, false);
	add_naming(e, arena_printf(e->arena, "@%.*s", SPAN_FMT(bare)),
	    arena_printf(e->arena, "@%s", handle), true);
	return status;
}

enum td_status
person_erase(struct db *db, struct arena *arena, int64_t id, int64_t now,
    struct erased *erased_r, struct err *err)
{
	struct erasing e = {.db = db, .arena = arena, .id = id};
	const char *name = arena_printf(arena, "Former member %" PRId64, id);
	const char *handle = arena_printf(arena, "former-%" PRId64, id);
	struct person *person = NULL;
	int64_t waiting = 0;
	enum td_status status = person_by_id(db, arena, id, &person, err);

	if (status == TD_OK && person == NULL)
		return err_perm(err, "there is no person %" PRId64, id);
	if (status == TD_OK)
		status = find_namings(&e, person, name, handle, err);
	if (status == TD_OK)
		status = db_get_i64(db, err, &waiting, NULL, "SELECT count(*) FROM outbox WHERE "
		    "person_id <> $1 AND state NOT IN ('sent', 'failed') AND team_id IN " TEAMS,
		    "i", id);
	for (size_t i = 0; status == TD_OK && i < sizeof steps / sizeof *steps; i++)
		status = db_exec(db, err, steps[i], "i", id);
	if (status == TD_OK)
		status = vote_gone(db, 0, id, err);
	if (status == TD_OK)
		status = rename_person(&e, name, handle, now, err);
	if (status == TD_OK)
		status = clean_texts(&e, err);
	if (status == TD_OK)
		status = clean_events(&e, err);
	if (status == TD_OK)
		*erased_r = (struct erased){name, e.texts, waiting};
	return status;
}

enum td_status
erase_finish(struct db *db, struct err *err)
{
	enum td_status status = search_forget(db, err);

	return status == TD_OK ? db_truncate_log(db, err) : status;
}
