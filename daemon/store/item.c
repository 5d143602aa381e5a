/* SPDX-License-Identifier: ISC */
/* store/item: see item.h. A list is written as the difference, row by row. */
#include "config.h"

#include "daemon/store/item.h"

#include <string.h>

#include "parsers/base/buf.h"

#define COLUMNS                                                                                    \
	"i.id, i.team_id, i.number, i.kind, i.title, i.body, i.state, i.blocked_why, "             \
	"i.blocked_since, i.owner_id, i.creator_id, i.project, i.priority, i.due_at, i.due_day, "  \
	"i.due_zone, i.estimate, i.root_mid, i.created_at, i.updated_at, i.closed_at, "     \
	"i.outcome, i.outcome_how, i.outcome_why"

/* ---- lists ----------------------------------------------------------------------------------- */

struct id_list {
	const char *insert, *remove, *select;
};
static const struct id_list owner_list = {
    "INSERT INTO item_owner (item_id, person_id) VALUES ($1, $2)",
    "DELETE FROM item_owner WHERE item_id = $1 AND person_id = $2",
    "SELECT person_id FROM item_owner WHERE item_id = $1 ORDER BY person_id"};
static const struct id_list watcher_list = {
    "INSERT INTO item_watch (item_id, person_id) VALUES ($1, $2)",
    "DELETE FROM item_watch WHERE item_id = $1 AND person_id = $2",
    "SELECT person_id FROM item_watch WHERE item_id = $1 ORDER BY person_id"};
static const struct id_list depends_list = {
    "INSERT INTO item_link (item_id, kind, other_id) VALUES ($1, 'depends', $2) "
    "ON CONFLICT (item_id, kind, other_id) DO NOTHING",
    "DELETE FROM item_link WHERE item_id = $1 AND kind = 'depends' AND other_id = $2",
    "SELECT other_id FROM item_link WHERE item_id = $1 AND kind = 'depends' ORDER BY other_id"};

static bool
has_id(const int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* Runs sql for each id of a that is not in b. */
static enum td_status
for_missing(struct db *db, const char *sql, int64_t item_id, const int64_t *a, size_t n_a,
    const int64_t *b, size_t n_b, struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < n_a; i++)
		if (!has_id(b, n_b, a[i]))
			status = db_exec(db, err, sql, "ii", item_id, a[i]);
	return status;
}

static enum td_status
save_ids(struct db *db, const struct id_list *list, int64_t item_id, const int64_t *old,
    size_t n_old, const int64_t *new, size_t n_new, struct err *err)
{
	enum td_status status = for_missing(db, list->remove, item_id, old, n_old, new, n_new, err);

	if (status == TD_OK)
		status = for_missing(db, list->insert, item_id, new, n_new, old, n_old, err);
	return status;
}

static bool
has_tag(const struct item *item, const char *tag)
{
	for (size_t i = 0; i < item->n_tags; i++)
		if (strcmp(item->tags[i], tag) == 0)
			return true;
	return false;
}

static enum td_status
save_tags(struct db *db, const struct item *before, const struct item *after, struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < before->n_tags; i++)
		if (!has_tag(after, before->tags[i]))
			status = db_exec(db, err,
			    "DELETE FROM item_tag WHERE item_id = $1 AND tag = $2", "it", after->id,
			    before->tags[i]);
	for (size_t i = 0; status == TD_OK && i < after->n_tags; i++)
		if (!has_tag(before, after->tags[i]))
			status = db_exec(db, err,
			    "INSERT INTO item_tag (item_id, tag) VALUES ($1, $2)", "it", after->id,
			    after->tags[i]);
	return status;
}

static enum td_status
save_snoozes(struct db *db, const struct item *before, const struct item *after, struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < before->n_snoozes; i++)
		if (item_snoozed_until(after, before->snoozes[i].person_id) == 0)
			status = db_exec(db, err,
			    "DELETE FROM item_snooze WHERE item_id = $1 AND person_id = $2", "ii",
			    after->id, before->snoozes[i].person_id);
	for (size_t i = 0; status == TD_OK && i < after->n_snoozes; i++) {
		const struct item_snooze *snooze = &after->snoozes[i];

		if (item_snoozed_until(before, snooze->person_id) != snooze->until)
			status = db_exec(db, err,
			    "INSERT INTO item_snooze (item_id, person_id, until) VALUES ($1, $2, "
			    "$3) ON CONFLICT (item_id, person_id) DO UPDATE SET "
			    "until = excluded.until",
			    "iii", after->id, snooze->person_id, snooze->until);
	}
	return status;
}

/* Options have an order, so a change writes all of them. */
static enum td_status
save_options(struct db *db, const struct item *before, const struct item *after, struct err *err)
{
	bool same = before->n_options == after->n_options;
	enum td_status status = TD_OK;

	for (size_t i = 0; same && i < after->n_options; i++)
		same = strcmp(before->options[i], after->options[i]) == 0;
	if (!same)
		status = db_exec(db, err, "DELETE FROM item_option WHERE item_id = $1", "i",
		    after->id);
	for (size_t i = 0; status == TD_OK && !same && i < after->n_options; i++)
		status = db_exec(db, err,
		    "INSERT INTO item_option (item_id, position, text) VALUES ($1, $2, $3)", "iit",
		    after->id, (int64_t)i + 1, after->options[i]);
	return status;
}

/* Owners beyond the first: the first stands in the item's row. */
static const int64_t *
others(const struct item *item, size_t *n_r)
{
	*n_r = item->n_owners > 0 ? item->n_owners - 1 : 0;
	return item->n_owners > 0 ? item->owners + 1 : NULL;
}

static enum td_status
save_lists(struct db *db, const struct item *before, const struct item *after, struct err *err)
{
	size_t n_old, n_new;
	const int64_t *old = others(before, &n_old), *new = others(after, &n_new);
	enum td_status status;

	status = save_ids(db, &owner_list, after->id, old, n_old, new, n_new, err);
	if (status == TD_OK)
		status = save_ids(db, &watcher_list, after->id, before->watchers,
		    before->n_watchers, after->watchers, after->n_watchers, err);
	if (status == TD_OK)
		status = save_ids(db, &depends_list, after->id, before->depends, before->n_depends,
		    after->depends, after->n_depends, err);
	if (status == TD_OK)
		status = save_tags(db, before, after, err);
	if (status == TD_OK)
		status = save_snoozes(db, before, after, err);
	if (status == TD_OK)
		status = save_options(db, before, after, err);
	return status;
}

static enum td_status
load_ids(struct db *db, struct arena *arena, const char *sql, int64_t item_id, int64_t **ids,
    size_t *n, struct err *err)
{
	struct db_stmt *st = db_query(db, err, sql, "i", item_id);
	size_t cap = *n; /* what is there has no room to spare: the first push copies it */
	enum db_step step;

	if (st == NULL)
		return db_status_of(db);
	while ((step = db_step(st, err)) == DB_ROW)
		*ARENA_PUSH(arena, *ids, *n, cap) = db_column_i64(st, 0);
	return db_end(db, &st, step);
}

static enum td_status
load_texts(struct db *db, struct arena *arena, const char *sql, int64_t item_id,
    const char ***texts, size_t *n, struct err *err)
{
	struct db_stmt *st = db_query(db, err, sql, "i", item_id);
	size_t cap = 0;
	enum db_step step;

	if (st == NULL)
		return db_status_of(db);
	while ((step = db_step(st, err)) == DB_ROW)
		*ARENA_PUSH(arena, *texts, *n, cap) = db_column_text(st, 0, arena);
	return db_end(db, &st, step);
}

static void
read_snooze(struct db_stmt *st, struct arena *arena, void *row)
{
	(void)arena;
	*(struct item_snooze *)row = (struct item_snooze){db_column_i64(st, 0),
	    db_column_i64(st, 1)};
}

static enum td_status
load_lists(struct db *db, struct arena *arena, struct item *item, struct err *err)
{
	enum td_status status;

	status = load_ids(db, arena, owner_list.select, item->id, &item->owners, &item->n_owners,
	    err);
	if (status == TD_OK)
		status = load_ids(db, arena, watcher_list.select, item->id, &item->watchers,
		    &item->n_watchers, err);
	if (status == TD_OK)
		status = load_ids(db, arena, depends_list.select, item->id, &item->depends,
		    &item->n_depends, err);
	if (status == TD_OK)
		status = load_texts(db, arena,
		    "SELECT tag FROM item_tag WHERE item_id = $1 ORDER BY tag", item->id,
		    &item->tags, &item->n_tags, err);
	if (status == TD_OK)
		status = db_rows(db, arena, db_query(db, err, "SELECT person_id, until FROM "
		    "item_snooze WHERE item_id = $1 ORDER BY person_id", "i", item->id),
		    read_snooze, sizeof *item->snoozes, &item->snoozes, &item->n_snoozes, err);
	if (status == TD_OK && item_is_decision(item))
		status = load_texts(db, arena,
		    "SELECT text FROM item_option WHERE item_id = $1 ORDER BY position", item->id,
		    &item->options, &item->n_options, err);
	return status;
}

/* ---- one item -------------------------------------------------------------------------------- */

static void
read_row(struct db_stmt *st, struct arena *arena, void *row)
{
	struct item *item = row;
	const char *state = db_column_text(st, 6, arena);

	*item = (struct item){
	    .id = db_column_i64(st, 0),
	    .team_id = db_column_i64(st, 1),
	    .number = (uint32_t)db_column_i64(st, 2),
	    .kind = db_column_text(st, 3, arena),
	    .title = db_column_text(st, 4, arena),
	    .body = db_column_text(st, 5, arena),
	    .blocked_why = db_column_text(st, 7, arena),
	    .blocked_since = db_column_i64(st, 8),
	    .creator_id = db_column_i64(st, 10),
	    .project = db_column_text(st, 11, arena),
	    .priority = db_column_i64(st, 12),
	    .due_at = db_column_i64(st, 13),
	    .due_day = db_column_text(st, 14, arena),
	    .due_zone = db_column_text(st, 15, arena),
	    .estimate = db_column_i64(st, 16),
	    .root_mid = db_column_text(st, 17, arena),
	    .created_at = db_column_i64(st, 18),
	    .updated_at = db_column_i64(st, 19),
	    .closed_at = db_column_i64(st, 20),
	    .outcome = db_column_text(st, 21, arena),
	    .outcome_how = db_column_text(st, 22, arena),
	    .outcome_why = db_column_text(st, 23, arena),
	};
	if (state == NULL || !item_state_parse(span_of(state), &item->state))
		item->state = ITEM_OPEN;
	if (!db_column_is_null(st, 9)) {
		item->owners = arena_alloc(arena, sizeof *item->owners);
		item->owners[0] = db_column_i64(st, 9);
		item->n_owners = 1;
	}
}

static enum td_status
find_one(struct db *db, struct arena *arena, struct db_stmt *st, struct item **item_r,
    struct err *err)
{
	struct item *item = NULL;
	enum td_status status = db_row(db, arena, st, read_row, sizeof *item, &item, err);

	if (status == TD_OK && item != NULL)
		status = load_lists(db, arena, item, err);
	if (status == TD_OK)
		*item_r = item;
	return status;
}

enum td_status
item_by_id(struct db *db, struct arena *arena, int64_t id, struct item **item_r, struct err *err)
{
	return find_one(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM item i WHERE i.id = $1", "i", id), item_r,
	    err);
}

enum td_status
item_by_number(struct db *db, struct arena *arena, int64_t team_id, uint32_t number,
    struct item **item_r, struct err *err)
{
	return find_one(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM item i WHERE i.team_id = $1 AND i.number = $2", "ii",
		team_id, (int64_t)number),
	    item_r, err);
}

static enum td_status
make_root(struct db *db, struct arena *arena, struct item *item, struct err *err)
{
	struct db_stmt *st;
	enum db_step step;
	enum td_status status;

	if (item->root_mid != NULL)
		return TD_OK;
	st = db_query(db, err, "SELECT name, address FROM team WHERE id = $1", "i", item->team_id);
	if (st == NULL)
		return db_status_of(db);
	step = db_step(st, err);
	if (step == DB_ROW) {
		struct span address = span_of(db_column_text(st, 1, arena));
		struct span domain = span_skip(address, span_find_byte(address, '@') + 1);

		item->root_mid = arena_printf(arena, "item-%u.%s@%.*s", item->number,
		    db_column_text(st, 0, arena), SPAN_FMT(domain));
	}
	status = db_end(db, &st, step);
	if (status == TD_OK && item->root_mid == NULL)
		return err_perm(err, "team %lld: no such team", (long long)item->team_id);
	return status;
}

enum td_status
item_add(struct db *db, struct arena *arena, struct item *item, struct err *err)
{
	static const struct item nothing;
	int64_t number = 0;
	enum td_status status = db_get_i64(db, err, &number, NULL,
	    "UPDATE team SET next_item = next_item + 1 WHERE id = $1 RETURNING next_item - 1", "i",
	    item->team_id);

	if (status != TD_OK)
		return status;
	item->number = (uint32_t)number;
	status = make_root(db, arena, item, err);
	if (status == TD_OK)
		status = db_insert(db, err, &item->id,
		    "INSERT INTO item (team_id, number, kind, title, body, state, blocked_why, "
		    "blocked_since, owner_id, creator_id, project, priority, due_at, due_day, "
		    "due_zone, estimate, root_mid, created_at, updated_at, closed_at, "
		    "outcome, outcome_how, outcome_why) VALUES ($1, "
		    "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
		    "$19, $20, $21, $22, $23)",
		    "iittttt" "rrit" "irtt" "itiir" "ttt", item->team_id, number, item->kind,
		    item->title, item->body, item_state_name(item->state), item->blocked_why,
		    item->blocked_since, item->n_owners > 0 ? item->owners[0] : (int64_t)0,
		    item->creator_id, item->project, item->priority, item->due_at, item->due_day,
		    item->due_zone, item->estimate, item->root_mid, item->created_at,
		    item->updated_at, item->closed_at, item->outcome,
		    item->outcome_how, item->outcome_why);
	if (status == TD_OK)
		status = save_lists(db, &nothing, item, err);
	return status;
}

enum td_status
item_save(struct db *db, const struct item *before, const struct item *after, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "UPDATE item SET title = $1, body = $2, state = $3, blocked_why = $4, "
	    "blocked_since = $5, owner_id = $6, project = $7, priority = $8, due_at = $9, "
	    "due_day = $10, due_zone = $11, estimate = $12, updated_at = $13, closed_at = $14, "
	    "outcome = $15, outcome_how = $16, outcome_why = $17 WHERE id = $18",
	    "tttt" "rrti" "rtti" "irttti", after->title, after->body,
	    item_state_name(after->state),
	    after->blocked_why, after->blocked_since,
	    after->n_owners > 0 ? after->owners[0] : (int64_t)0, after->project, after->priority,
	    after->due_at, after->due_day, after->due_zone, after->estimate, after->updated_at,
	    after->closed_at, after->outcome, after->outcome_how,
	    after->outcome_why, after->id);

	return status == TD_OK ? save_lists(db, before, after, err) : status;
}

/* ---- many ------------------------------------------------------------------------------------ */

/*
 * The query of a filter holds only the conditions that are asked for: one with "$1 = 0 OR" would
 * use no index. Each combination is one text, so its statement is kept like any other.
 */
static struct db_stmt *
list_query(struct db *db, const struct item_filter *filter, struct err *err)
{
	struct {
		bool on;
		const char *before, *after; /* of the placeholder */
		int64_t value;
		const char *text;           /* instead of value */
	} parts[] = {
	    {filter->team_id != 0, "i.team_id = ", "", filter->team_id, NULL},
	    {filter->owner_id != 0, "", " IN (SELECT i.owner_id UNION SELECT o.person_id "
		"FROM item_owner o WHERE o.item_id = i.id)", filter->owner_id, NULL},
	    {filter->due_before != 0, "i.due_at < ", "", filter->due_before, NULL},
	    {filter->closed_since != 0, "i.closed_at >= ", "", filter->closed_since, NULL},
	    {filter->project != NULL, "lower(i.project) = lower(", ")", 0, filter->project},
	    {filter->kind != NULL, "i.kind = ", "", 0, filter->kind},
	    {filter->tag != NULL, "", " IN (SELECT t.tag FROM item_tag t WHERE t.item_id = i.id)",
		0, filter->tag},
	};
	struct db_stmt *st;
	struct buf sql;
	int n = 0;

	buf_init(&sql, 4096);
	buf_puts(&sql, "SELECT " COLUMNS " FROM item i WHERE i.id > 0");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i].on)
			buf_printf(&sql, " AND %s$%d%s", parts[i].before, ++n, parts[i].after);
	if (filter->open_only)
		buf_puts(&sql, " AND i.state IN ('open', 'started', 'blocked')");
	if (filter->blocked_only)
		buf_puts(&sql, " AND i.state = 'blocked'");
	buf_puts(&sql, " ORDER BY CASE WHEN i.state = 'blocked' THEN 0 ELSE 1 END, "
		       "CASE WHEN i.due_at IS NULL THEN 1 ELSE 0 END, i.due_at, "
		       "CASE WHEN i.priority = 0 THEN 9 ELSE i.priority END, i.number");
	buf_printf(&sql, " LIMIT $%d", ++n);
	st = db_prepare(db, sql.ptr, err);
	buf_release(&sql);
	n = 0;
	for (size_t i = 0; st != NULL && i < sizeof parts / sizeof *parts; i++)
		if (parts[i].on && parts[i].text != NULL)
			db_bind_text(st, ++n, parts[i].text);
		else if (parts[i].on)
			db_bind_i64(st, ++n, parts[i].value);
	if (st != NULL)
		db_bind_i64(st, ++n, filter->limit > 0 ? filter->limit : 1000);
	return st;
}

static enum td_status
collect(struct db *db, struct arena *arena, struct db_stmt *st, struct item **items_r, size_t *n_r,
    struct err *err)
{
	struct item *items = NULL;
	size_t n = 0;
	enum td_status status = db_rows(db, arena, st, read_row, sizeof *items, &items, &n, err);

	for (size_t i = 0; status == TD_OK && i < n; i++)
		status = load_lists(db, arena, &items[i], err);
	if (status == TD_OK) {
		*items_r = items;
		*n_r = n;
	}
	return status;
}

enum td_status
item_list(struct db *db, struct arena *arena, const struct item_filter *filter,
    struct item **items_r, size_t *n_r, struct err *err)
{
	return collect(db, arena, list_query(db, filter, err), items_r, n_r, err);
}

enum td_status
item_waiting(struct db *db, struct arena *arena, int64_t item_id, struct item **items_r,
    size_t *n_r, struct err *err)
{
	return collect(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM item_link l JOIN item i ON i.id = l.item_id "
		"WHERE l.other_id = $1 AND l.kind = 'depends' "
		"AND i.state IN ('open', 'started', 'blocked') ORDER BY i.number",
		"i", item_id),
	    items_r, n_r, err);
}

enum td_status
item_circle(struct db *db, int64_t item_id, int64_t other_id, bool *circle_r, struct err *err)
{
	int64_t n = 0;
	enum td_status status = db_get_i64(db, err, &n, NULL,
	    "WITH RECURSIVE reach (id) AS (SELECT $1 UNION SELECT l.other_id FROM item_link l "
	    "JOIN reach r ON l.item_id = r.id WHERE l.kind = 'depends') "
	    "SELECT count(*) FROM reach WHERE id = $2",
	    "ii", other_id, item_id);

	if (status == TD_OK)
		*circle_r = n > 0;
	return status;
}

enum td_status
item_link(struct db *db, int64_t item_id, int64_t other_id, struct err *err)
{
	return db_exec(db, err, depends_list.insert, "ii", item_id, other_id);
}

enum td_status
item_unlink(struct db *db, int64_t item_id, int64_t other_id, struct err *err)
{
	return db_exec(db, err, depends_list.remove, "ii", item_id, other_id);
}

/* ---- undo ------------------------------------------------------------------------------------ */

enum td_status
item_used(struct db *db, int64_t id, const char **what_r, struct err *err)
{
	static const struct {
		const char *what, *sql;
	} uses[] = {
	    {"a comment", "SELECT 1 FROM comment WHERE item_id = $1 LIMIT 1"},
	    {"time", "SELECT 1 FROM entry WHERE item_id = $1 LIMIT 1"},
	    {"an update", "SELECT 1 FROM update_line WHERE item_id = $1 LIMIT 1"},
	    {"a link", "SELECT 1 FROM item_link WHERE other_id = $1 LIMIT 1"},
	    {"a reminder", "SELECT 1 FROM reminder WHERE item_id = $1 LIMIT 1"},
	    {"a handover", "SELECT 1 FROM handover_item WHERE item_id = $1 LIMIT 1"},
	    {"a call", "SELECT 1 FROM page WHERE item_id = $1 LIMIT 1"},
	    {"a timer", "SELECT 1 FROM timer WHERE item_id = $1 LIMIT 1"},
	    {"an answer", "SELECT 1 FROM vote WHERE item_id = $1 LIMIT 1"},
	};

	*what_r = NULL;
	for (size_t i = 0; i < sizeof uses / sizeof *uses && *what_r == NULL; i++) {
		int64_t one;
		bool found = false;
		enum td_status status = db_get_i64(db, err, &one, &found, uses[i].sql, "i", id);

		if (status != TD_OK)
			return status;
		if (found)
			*what_r = uses[i].what;
	}
	return TD_OK;
}

enum td_status
item_remove(struct db *db, const struct item *item, struct err *err)
{
	static const struct item nothing;
	struct item empty = nothing;
	enum td_status status;

	empty.id = item->id;
	status = save_lists(db, item, &empty, err);
	if (status == TD_OK)
		status = db_exec(db, err, "DELETE FROM thread WHERE item_id = $1", "i", item->id);
	if (status == TD_OK)
		status = db_exec(db, err, "DELETE FROM news WHERE item_id = $1", "i", item->id);
	if (status == TD_OK)
		status = db_exec(db, err, "DELETE FROM item WHERE id = $1", "i", item->id);
	return status;
}
