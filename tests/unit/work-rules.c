/* SPDX-License-Identifier: ISC */
/*
 * work-rules: see work-rules.h. To add a rule: a line with its sentence and a query whose rows
 * break it. The queries are SQLite's own: they run in tests alone.
 */
#include "tests/unit/work-rules.h"

#include <inttypes.h>
#include <jansson.h>

#include "daemon/model/patch.h"

/* "e" is what the history tells of rows of one kind that were made and not taken back. */
#define LIVE(entity)                                                                               \
	"SELECT entity_id FROM event WHERE entity = '" entity "' GROUP BY entity_id HAVING "       \
	"sum(verb = 'create') > sum(verb = 'undo' AND after IS NULL)"

static const struct {
	const char *rule, *breach;
} rules[] = {
    /* items */
    {"an item's state is one of five",
	"SELECT id FROM item WHERE state NOT IN ('open', 'started', 'blocked', 'done', 'dropped')"},
    {"a blocked item says why and since when; another does not",
	"SELECT id FROM item WHERE (state = 'blocked') <> (blocked_why IS NOT NULL) OR "
	"(state = 'blocked') <> (coalesce(blocked_since, 0) > 0)"},
    {"a closed item says when; another does not",
	"SELECT id FROM item WHERE (state IN ('done', 'dropped')) <> (coalesce(closed_at, 0) > 0)"},
    {"a due date is whole or not there",
	"SELECT id FROM item WHERE (coalesce(due_at, 0) > 0) <> (due_day IS NOT NULL) OR "
	"(due_day IS NULL) <> (due_zone IS NULL)"},
    {"a priority is 0 to 4, an estimate not negative, a title not empty",
	"SELECT id FROM item WHERE priority NOT BETWEEN 0 AND 4 OR estimate < 0 OR title = ''"},
    {"numbers of a team have no gap but where a new item was taken back, and none is ahead",
	"WITH RECURSIVE n (team, i, next) AS (SELECT id, 1, next_item FROM team UNION ALL "
	"SELECT team, i + 1, next FROM n WHERE i + 2 <= next) SELECT team || ' #' || i FROM n "
	"WHERE "
	"i < next AND NOT EXISTS (SELECT 1 FROM item WHERE team_id = team AND number = i) AND NOT "
	"EXISTS (SELECT 1 FROM event WHERE entity = 'item' AND verb = 'undo' AND after IS NULL AND "
	"team_id = team AND json_extract(before, '$.number') = i)"},
    {"no number is used that was not given out",
	"SELECT i.id FROM item i JOIN team t ON t.id = i.team_id WHERE i.number >= t.next_item"},
    {"owners are members of the team",
	"SELECT id FROM item i WHERE owner_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM membership "
	"m "
	"WHERE m.team_id = i.team_id AND m.person_id = i.owner_id) UNION ALL SELECT o.item_id FROM "
	"item_owner o JOIN item i ON i.id = o.item_id WHERE NOT EXISTS (SELECT 1 FROM membership m "
	"WHERE m.team_id = i.team_id AND m.person_id = o.person_id)"},
    {"the first owner is no other owner, and others come after a first",
	"SELECT o.item_id FROM item_owner o JOIN item i ON i.id = o.item_id WHERE "
	"i.owner_id IS NULL OR i.owner_id = o.person_id"},
    {"watchers are members of the team",
	"SELECT w.item_id FROM item_watch w JOIN item i ON i.id = w.item_id WHERE NOT EXISTS "
	"(SELECT "
	"1 FROM membership m WHERE m.team_id = i.team_id AND m.person_id = w.person_id)"},
    {"a link stays within a team and leads to another item",
	"SELECT l.item_id FROM item_link l JOIN item a ON a.id = l.item_id JOIN item b ON "
	"b.id = l.other_id WHERE a.team_id <> b.team_id OR a.id = b.id"},
    {"links make no circle",
	"WITH RECURSIVE way (a, b) AS (SELECT item_id, other_id FROM item_link UNION SELECT way.a, "
	"l.other_id FROM way JOIN item_link l ON l.item_id = way.b) SELECT a FROM way WHERE a = b"},
    /* time */
    {"one timer runs a person, in the team of its item",
	"SELECT t.person_id FROM timer t LEFT JOIN item i ON i.id = t.item_id WHERE "
	"t.item_id IS NULL OR i.id IS NULL OR i.team_id <> t.team_id"},
    {"a timer runs only where the last word of the history says so",
	"SELECT t.person_id FROM timer t WHERE coalesce((SELECT json_extract(after, "
	"'$.started_at') "
	"FROM event e WHERE e.entity = 'timer' AND e.entity_id = t.person_id ORDER BY e.id DESC "
	"LIMIT 1), 0) <> t.started_at"},
    {"a timer that the history says runs is there",
	"SELECT e.entity_id FROM event e WHERE e.id IN (SELECT max(id) FROM event WHERE "
	"entity = 'timer' GROUP BY entity_id) AND e.after IS NOT NULL AND NOT EXISTS (SELECT 1 "
	"FROM "
	"timer t WHERE t.person_id = e.entity_id)"},
    {"an entry is more than nothing and at most a day, either way",
	"SELECT id FROM entry WHERE seconds = 0 OR abs(seconds) > 86400"},
    {"an entry is of a real day, and not of the day after tomorrow",
	"SELECT id FROM entry WHERE date(day) IS NOT day OR day > date(created_at, 'unixepoch', "
	"'+1 day')"},
    {"an entry's item is of its team, its writer a member",
	"SELECT e.id FROM entry e LEFT JOIN item i ON i.id = e.item_id WHERE i.team_id <> "
	"e.team_id OR "
	"NOT EXISTS (SELECT 1 FROM membership m WHERE m.team_id = e.team_id AND "
	"m.person_id = e.person_id)"},
    {"the entries' sum is the sum of what the history made and took back",
	"SELECT p.id FROM person p WHERE (SELECT coalesce(sum(seconds), 0) FROM entry WHERE "
	"person_id = p.id) <> (SELECT coalesce(sum(CASE WHEN e.after IS NOT NULL THEN "
	"json_extract(e.after, '$.seconds') ELSE -json_extract(e.before, '$.seconds') END), 0) "
	"FROM "
	"event e WHERE e.entity = 'entry' AND (SELECT coalesce(json_extract(c.after, '$.person'), "
	"c.person_id) FROM event c WHERE " /* a lead's is of the person that it names */
	"c.entity = 'entry' AND c.entity_id = e.entity_id AND c.verb = 'create') = p.id)"},
    /* made and taken back */
    {"items: those that the history made", "SELECT id FROM item EXCEPT " LIVE("item")},
    {"items: all that the history made", LIVE("item") " EXCEPT SELECT id FROM item"},
    {"entries: those that the history made", "SELECT id FROM entry EXCEPT " LIVE("entry")},
    {"entries: all that the history made", LIVE("entry") " EXCEPT SELECT id FROM entry"},
    {"comments: those that the history made", "SELECT id FROM comment EXCEPT " LIVE("comment")},
    {"comments: all that the history made", LIVE("comment") " EXCEPT SELECT id FROM comment"},
    {"absences: those that the history made", "SELECT id FROM absence EXCEPT " LIVE("absence")},
    {"absences: all that the history made", LIVE("absence") " EXCEPT SELECT id FROM absence"},
    {"a comment stands on an item",
	"SELECT id FROM comment WHERE item_id NOT IN (SELECT id FROM item)"},
    /* updates */
    {"an update has a line",
	"SELECT id FROM status_update u WHERE NOT EXISTS (SELECT 1 FROM update_line l WHERE "
	"l.update_id = u.id)"},
    {"lines of an update have places of their own, a section that there is, and words",
	"SELECT update_id FROM update_line GROUP BY update_id, position HAVING count(*) > 1 UNION "
	"ALL SELECT id FROM update_line WHERE text = '' OR section NOT IN ('done', 'next', "
	"'blocked', 'goals', 'notes')"},
    {"a line's item is of the update's team",
	"SELECT l.id FROM update_line l JOIN status_update u ON u.id = l.update_id JOIN item i ON "
	"i.id = l.item_id WHERE i.team_id <> u.team_id"},
    /* decisions */
    {"only a decision has options, votes and an outcome",
	"SELECT item_id FROM item_option WHERE item_id NOT IN (SELECT id FROM item WHERE "
	"kind = 'decision') UNION ALL SELECT item_id FROM vote WHERE item_id NOT IN (SELECT id "
	"FROM "
	"item WHERE kind = 'decision') UNION ALL SELECT id FROM item WHERE kind <> 'decision' AND "
	"outcome IS NOT NULL"},
    {"options are numbered from 1, and no two are the same",
	"SELECT item_id FROM item_option GROUP BY item_id HAVING min(position) <> 1 OR "
	"max(position) <> count(*) OR count(DISTINCT lower(text)) <> count(*)"},
    {"a decision is done when it has an outcome, and says how it came",
	"SELECT id FROM item WHERE kind = 'decision' AND ((state = 'done') <> (outcome IS NOT "
	"NULL) "
	"OR (outcome IS NULL) <> (outcome_how IS NULL))"},
    {"a vote is of a member of the team",
	"SELECT v.id FROM vote v JOIN item i ON i.id = v.item_id WHERE NOT EXISTS (SELECT 1 FROM "
	"membership m WHERE m.team_id = i.team_id AND m.person_id = v.person_id)"},
    {"an objection has a reason, a choice an option",
	"SELECT id FROM vote WHERE (choice = 'object' AND coalesce(reason, '') = '') OR "
	"(choice = 'option' AND option IS NULL) OR (choice IN ('object', 'abstain') AND "
	"option IS NOT NULL)"},
    /* calls, reminders */
    {"a call is by a member, about an item of the team",
	"SELECT p.id FROM page p LEFT JOIN item i ON i.id = p.item_id WHERE i.team_id <> p.team_id "
	"OR "
	"NOT EXISTS (SELECT 1 FROM membership m WHERE m.team_id = p.team_id AND "
	"m.person_id = p.by_id)"},
    {"one call goes on about an item",
	"SELECT item_id FROM page WHERE ended_at IS NULL AND item_id IS NOT NULL GROUP BY item_id "
	"HAVING count(*) > 1"},
    {"calls: those that the history made", "SELECT id FROM page EXCEPT " LIVE("page")},
    {"reminders: those that the history made", "SELECT id FROM reminder EXCEPT " LIVE("reminder")},
    {"a handover goes to another member of the team",
	"SELECT h.id FROM handover h WHERE h.from_id = h.to_id OR NOT EXISTS (SELECT 1 FROM "
	"membership m WHERE m.team_id = h.team_id AND m.person_id = h.to_id AND m.role <> "
	    "'guest')"},
    {"a handover has an item, and each is a task of its team",
	"SELECT id FROM handover WHERE id NOT IN (SELECT handover_id FROM handover_item) UNION ALL "
	"SELECT l.handover_id FROM handover_item l JOIN handover h ON h.id = l.handover_id JOIN "
	    "item "
	"i ON i.id = l.item_id WHERE i.team_id <> h.team_id OR i.kind <> 'task'"},
    {"handovers: those that the history made", "SELECT id FROM handover EXCEPT " LIVE("handover")},
    /* oneself */
    {"an absence begins before it ends, or ended before it began",
	"SELECT id FROM absence WHERE first_day > last_day AND coalesce(ended_at, 0) = 0"},
    {"who covers is a person of the teams", "SELECT id FROM absence WHERE cover_id IS NOT NULL AND "
					    "cover_id NOT IN (SELECT person_id FROM "
					    "membership)"},
    {"a person has settings that can be read",
	"SELECT id FROM person WHERE ack NOT IN ('always', 'new', 'errors') OR zone = '' OR "
	"hours = '' OR (checkin <> 'off' AND checkin NOT LIKE '__:__')"},
    {"one plan a person and field and way",
	"SELECT person_id FROM plan GROUP BY person_id, field HAVING count(*) > 2"},
    /* mails, codes, history */
    {"a code has eight characters of base32",
	"SELECT id FROM message WHERE undo_code IS NOT NULL AND (length(undo_code) <> 8 OR "
	"undo_code GLOB '*[^A-Z2-7]*')"},
    {"a mail that changed something has a code",
	"SELECT DISTINCT e.message_id FROM event e JOIN message m ON m.id = e.message_id WHERE "
	"e.verb NOT IN ('undo', 'repeat') AND m.undo_code IS NULL"},
    {"what was taken back was so by a later mail, and had a code",
	"SELECT id FROM message m WHERE undone_by IS NOT NULL AND (undo_code IS NULL OR "
	"undone_by <= id OR NOT EXISTS (SELECT 1 FROM message u WHERE u.id = m.undone_by))"},
    {"an event is of a mail that there is, by its writer; or of the clock",
	"SELECT e.id FROM event e LEFT JOIN message m ON m.id = e.message_id WHERE "
	"(e.message_id IS NULL AND e.person_id IS NOT NULL AND e.verb <> 'call') OR "
	"(e.message_id IS NOT NULL AND (m.id IS NULL OR m.person_id <> e.person_id))"},
    {"a mail is answered once at most in a team",
	"SELECT dedupe_key FROM outbox WHERE kind IN ('ack', 'error', 'answer') GROUP BY "
	"dedupe_key HAVING count(*) > 1"},
    {"a thread leads to an item that there is, of its team",
	"SELECT t.mid FROM thread t LEFT JOIN item i ON i.id = t.item_id WHERE t.item_id IS NOT "
	"NULL "
	"AND (i.id IS NULL OR i.team_id <> t.team_id)"},
    {"news is for who is or was a member, of an item that there is",
	"SELECT n.id FROM news n WHERE (n.person_id = n.by_id AND "
	"n.message_id IS NOT NULL) OR n.item_id NOT IN (SELECT id FROM "
	"item) OR NOT EXISTS (SELECT 1 FROM membership m WHERE m.team_id = n.team_id AND "
	"m.person_id = n.person_id UNION ALL SELECT 1 FROM event e WHERE e.entity = 'membership' "
	"AND e.entity_id = n.person_id AND e.team_id = n.team_id AND e.verb IN ('end', 'undo'))"},
    /* search */
    {"search knows all that there is, once",
	"SELECT 'item ' || id FROM item WHERE id NOT IN (SELECT entity_id FROM search WHERE "
	"entity = 'item') UNION ALL SELECT 'comment ' || id FROM comment WHERE id NOT IN (SELECT "
	"entity_id FROM search WHERE entity = 'comment') UNION ALL SELECT 'line ' || min(id) "
	"FROM update_line GROUP BY update_id, message_id HAVING min(id) NOT IN (SELECT entity_id "
	"FROM search WHERE entity = 'update') UNION "
	"ALL SELECT entity || entity_id FROM search GROUP BY entity, entity_id HAVING count(*) > "
	    "1"},
    {"search knows nothing that is gone",
	"SELECT 'item ' || entity_id FROM search WHERE entity = 'item' AND entity_id NOT IN "
	"(SELECT "
	"id FROM item) UNION ALL SELECT 'comment ' || entity_id FROM search WHERE "
	"entity = 'comment' AND entity_id NOT IN (SELECT id FROM comment) UNION ALL SELECT "
	"'line ' || entity_id FROM search WHERE entity = 'update' AND entity_id NOT IN (SELECT id "
	"FROM update_line)"},
    {"search has the words of each line of an update",
	"SELECT l.id FROM update_line l WHERE NOT EXISTS (SELECT 1 FROM search s JOIN update_line "
	    "f "
	"ON f.id = s.entity_id WHERE s.entity = 'update' AND f.update_id = l.update_id AND "
	"instr(s.text, l.text) > 0)"},
    {"search has the words of an item as they are now",
	"SELECT i.id FROM item i JOIN search s ON s.entity = 'item' AND s.entity_id = i.id WHERE "
	"substr(s.text, 1, length(i.title || char(10) || i.body)) <> i.title || char(10) || "
	"i.body"},
    /* the file */
    {"nothing refers to what is gone", "SELECT \"table\" || ' ' || rowid FROM "
				       "pragma_foreign_key_check"},
    {"the file is whole", "SELECT integrity_check FROM pragma_integrity_check WHERE "
			  "integrity_check <> 'ok'"},
};

static const char *
first_row(struct db *db, struct arena *arena, const char *sql)
{
	struct err err = {.text = ""};
	struct db_stmt *st = db_query(db, &err, sql, "");
	const char *text = NULL;

	if (st == NULL)
		return arena_printf(arena, "%s in: %s", err.text, sql);
	if (db_step(st, &err) == DB_ROW) {
		text = db_column_text(st, 0, arena);
		if (text == NULL)
			text = "a row";
	}
	db_finish(&st);
	return text;
}

/* ---- the history adds up --------------------------------------------------------------------- */

static bool
same_value(const struct item *item, const char *key, const json_t *value, struct arena *arena)
{
	struct item patched = *item;
	struct buf before, after;
	struct err err;
	json_t *one = json_object();
	bool same;

	json_object_set(one, key, (json_t *)(uintptr_t)value);
	buf_init(&before, 1 << 20);
	buf_init(&after, 1 << 20);
	same = item_patch(arena, &patched, one, &err) == TD_OK &&
	    !item_diff(item, &patched, &before, &after);
	buf_release(&before);
	buf_release(&after);
	json_decref(one);
	return same;
}

/* One event on top of the item as the ones before left it; what is wrong, or NULL. */
static const char *
add_event(struct arena *arena, struct item *item, const struct event *e)
{
	json_t *before = e->before != NULL ? json_loads(e->before, 0, NULL) : NULL;
	json_t *after = e->after != NULL ? json_loads(e->after, 0, NULL) : NULL;
	const char *key, *why = NULL;
	struct err err;
	json_t *value;

	json_object_foreach(before, key, value)
		if (why == NULL && after != NULL && strcmp(key, "updated_at") != 0 &&
		    !same_value(item, key, value, arena))
			why = arena_printf(arena, "event %" PRId64 ": before, \"%s\" was not that",
			    e->id, key);
	json_object_del(after, "number");
	if (why == NULL && after != NULL && item_patch(arena, item, after, &err) != TD_OK)
		why = arena_printf(arena, "event %" PRId64 ": %s", e->id, err.text);
	json_decref(before);
	json_decref(after);
	return why;
}

static const char *
item_history(struct db *db, struct arena *arena, int64_t id)
{
	struct item *item = NULL, *made = arena_alloc(arena, sizeof *made);
	struct event *events;
	struct err err = {.text = ""};
	struct buf before, after;
	const char *why = NULL;
	size_t n;

	if (item_by_id(db, arena, id, &item, &err) != TD_OK || item == NULL ||
	    event_list(db, arena, "item", id, &events, &n, &err) != TD_OK)
		return arena_printf(arena, "item %" PRId64 ": %s", id, err.text);
	made->title = made->body = "";
	made->number = item->number;
	for (size_t i = 0; i < n && why == NULL; i++)
		why = add_event(arena, made, &events[i]);
	made->updated_at = item->updated_at;
	buf_init(&before, 8 << 20);
	buf_init(&after, 8 << 20);
	if (why == NULL && item_diff(made, item, &before, &after))
		why = arena_printf(arena, "by its history it is %s, in the store %s", before.ptr,
		    after.ptr);
	buf_release(&before);
	buf_release(&after);
	return why == NULL ? NULL : arena_printf(arena, "#%u: %s", item->number, why);
}

/* From nothing, each event on top of the one before: that is the item as it stands. */
static const char *
histories(struct db *db, struct arena *arena)
{
	struct arena *one = arena_create();
	struct db_stmt *st;
	struct err err;
	const char *why = NULL;

	st = db_query(db, &err, "SELECT id FROM item ORDER BY id", "");
	assert_non_null(st);
	while (why == NULL && db_step(st, &err) == DB_ROW) {
		arena_clear(one);
		why = arena_strdup(arena, item_history(db, one, db_column_i64(st, 0)));
	}
	db_finish(&st);
	arena_destroy(&one);
	return why;
}

const char *
work_rules_broken(struct db *db, struct arena *arena)
{
	const char *row;

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		row = first_row(db, arena, rules[i].breach);
		if (row != NULL)
			return arena_printf(arena, "%s: broken by %s", rules[i].rule, row);
	}
	row = histories(db, arena);
	if (row != NULL)
		return arena_printf(arena, "the history of an item adds up to it: %s", row);
	return NULL;
}
