/* SPDX-License-Identifier: ISC */
/*
 * export-work: all that the team works with, as one canonical JSON text: each table of it, each
 * row by its key, each column. Two stores with the same text say the same. Left out are mail in
 * and out, the history, and the counter of numbers, which only goes up.
 */
#ifndef TD_EXPORT_WORK_H
#define TD_EXPORT_WORK_H

#include "tests/unit/intake-fixture.h"

#include "parsers/base/jsonw.h"

/* Column names and the key that orders the rows. */
static const struct export_table {
	const char *name, *columns, *order;
} export_tables[] = {
    {"item", "id team_id number kind title body state blocked_why blocked_since owner_id "
	     "creator_id project priority due_at due_day due_zone estimate root_mid "
	     "created_at updated_at closed_at outcome outcome_how outcome_why", "id"},
    {"item_option", "item_id position text", "item_id, position"},
    {"vote", "id item_id person_id choice option reason message_id at", "id"},
    {"item_owner", "item_id person_id", "item_id, person_id"},
    {"item_tag", "item_id tag", "item_id, tag"},
    {"item_link", "item_id kind other_id", "item_id, kind, other_id"},
    {"item_watch", "item_id person_id", "item_id, person_id"},
    {"item_snooze", "item_id person_id until", "item_id, person_id"},
    {"comment", "id item_id person_id message_id text created_at", "id"},
    {"status_update", "id team_id person_id day created_at updated_at", "id"},
    {"update_line", "id update_id section text item_id message_id position", "id"},
    {"entry", "id team_id person_id day seconds started_at item_id project billable note "
	      "message_id created_at by_id correction", "id"},
    {"sheet", "id team_id person_id week state seconds reason message_id submitted_at judged_by "
	      "judged_at told_at", "id"},
    {"news", "id team_id person_id item_id by_id message_id kind text at", "id"},
    {"timer", "person_id team_id item_id started_at", "person_id"},
    {"absence", "id person_id first_day last_day kind half_day cover_id note message_id "
		"created_at ended_at", "id"},
    {"plan", "id person_id at field value team_id message_id", "id"},
    {"handover", "id team_id from_id to_id message_id note created_at asked told root_mid", "id"},
    {"handover_item", "handover_id item_id next state", "handover_id, item_id"},
    {"page", "id team_id by_id for_id item_id message_id text created_at root_mid ended_at "
	     "ended_by", "id"},
    {"reminder", "id team_id person_id item_id message_id at text created_at sent_at", "id"},
    {"person", "id name handle zone hours lang digest checkin ack created_at removed_at", "id"},
    {"membership", "team_id person_id role since", "team_id, person_id"},
    {"address", "address person_id is_primary", "address"},
    {"search", "text entity entity_id", "entity, entity_id"},
};

static inline void
export_table(struct inbox *in, const struct export_table *table, struct jsonw *w)
{
	struct span rest = span_of(table->columns), column;
	const char *names[40], *list = "";
	struct db_stmt *st;
	size_t n = 0;

	while (span_next_word(&rest, &column)) {
		names[n] = arena_span(in->fx.arena, column);
		list = arena_printf(in->fx.arena, "%s%s%s", list, n > 0 ? ", " : "", names[n]);
		n++;
	}
	st = db_query(in->fx.db, &in->fx.err,
	    arena_printf(in->fx.arena, "SELECT %s FROM %s ORDER BY %s", list, table->name,
		table->order), "");
	assert_non_null(st);
	while (db_step(st, &in->fx.err) == DB_ROW) {
		jsonw_object(w);
		for (size_t i = 0; i < n; i++) {
			jsonw_key(w, names[i]);
			jsonw_string(w, db_column_text(st, (int)i, in->fx.arena));
		}
		jsonw_end(w);
	}
	db_finish(&st);
}

static inline const char *
export_work(struct inbox *in)
{
	struct buf out;
	struct jsonw w;
	const char *text;

	buf_init(&out, 8u << 20);
	jsonw_init(&w, &out, 1);
	jsonw_object(&w);
	for (size_t i = 0; i < sizeof export_tables / sizeof *export_tables; i++) {
		jsonw_key(&w, export_tables[i].name);
		jsonw_list(&w);
		export_table(in, &export_tables[i], &w);
		jsonw_end(&w);
	}
	jsonw_end(&w);
	text = arena_strdup(in->fx.arena, out.ptr);
	buf_release(&out);
	return text;
}

#endif
