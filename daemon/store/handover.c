/* SPDX-License-Identifier: ISC */
/* store/handover: see handover.h. */
#include "config.h"

#include "daemon/store/handover.h"

#include <string.h>

#define COLUMNS                                                                                    \
	"h.id, h.team_id, h.from_id, h.to_id, h.message_id, h.note, h.created_at, h.asked, "       \
	"h.told, h.root_mid"

static const char *const state_names[] = {"waiting", "accepted", "declined"};

const char *
handover_state_name(enum handover_state state)
{
	return state_names[state];
}

static enum handover_state
state_of(const char *name)
{
	for (size_t i = 0; name != NULL && i < sizeof state_names / sizeof *state_names; i++)
		if (strcmp(state_names[i], name) == 0)
			return (enum handover_state)i;
	return HANDOVER_WAITING;
}

enum td_status
handover_add(struct db *db, struct handover *handover, struct err *err)
{
	return db_insert(db, err, &handover->id,
	    "INSERT INTO handover (team_id, from_id, to_id, message_id, note, created_at) "
	    "VALUES ($1, $2, $3, $4, $5, $6)",
	    "iiirti", handover->team_id, handover->from_id, handover->to_id, handover->message_id,
	    handover->note, handover->created_at);
}

enum td_status
handover_add_item(struct db *db, const struct handover_item *item, struct err *err)
{
	return db_exec(db, err,
	    "INSERT INTO handover_item (handover_id, item_id, next, state) VALUES ($1, $2, $3, $4)",
	    "iitt", item->handover_id, item->item_id, item->next, state_names[item->state]);
}

static enum td_status
find_all(struct db *db, struct arena *arena, struct db_stmt *st, struct handover **handovers_r,
    size_t *n_r, struct err *err)
{
	struct handover *handovers = NULL;
	size_t n = 0, cap = 0;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	while ((step = db_step(st, err)) == DB_ROW)
		*ARENA_PUSH(arena, handovers, n, cap) = (struct handover){
		    .id = db_column_i64(st, 0),
		    .team_id = db_column_i64(st, 1),
		    .from_id = db_column_i64(st, 2),
		    .to_id = db_column_i64(st, 3),
		    .message_id = db_column_i64(st, 4),
		    .note = db_column_text(st, 5, arena),
		    .created_at = db_column_i64(st, 6),
		    .asked = db_column_i64(st, 7),
		    .told = db_column_i64(st, 8) != 0,
		    .root_mid = db_column_text(st, 9, arena),
		};
	status = db_end(db, &st, step);
	if (status == TD_OK) {
		*handovers_r = handovers;
		*n_r = n;
	}
	return status;
}

enum td_status
handover_by_id(struct db *db, struct arena *arena, int64_t id, struct handover **handover_r,
    struct err *err)
{
	struct handover *found = NULL;
	size_t n = 0;
	enum td_status status = find_all(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM handover h WHERE h.id = $1", "i", id),
	    &found, &n, err);

	if (status == TD_OK)
		*handover_r = n > 0 ? found : NULL;
	return status;
}

enum td_status
handover_items(struct db *db, struct arena *arena, int64_t id, struct handover_item **items_r,
    size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT handover_id, item_id, next, state FROM handover_item WHERE handover_id = $1 "
	    "ORDER BY item_id",
	    "i", id);
	struct handover_item *items = NULL;
	size_t n = 0, cap = 0;
	enum db_step step;
	enum td_status status;

	if (st == NULL)
		return db_status_of(db);
	while ((step = db_step(st, err)) == DB_ROW)
		*ARENA_PUSH(arena, items, n, cap) = (struct handover_item){
		    .handover_id = db_column_i64(st, 0),
		    .item_id = db_column_i64(st, 1),
		    .next = db_column_text(st, 2, arena),
		    .state = state_of(db_column_text(st, 3, arena)),
		};
	status = db_end(db, &st, step);
	if (status == TD_OK) {
		*items_r = items;
		*n_r = n;
	}
	return status;
}

enum td_status
handover_of_item(struct db *db, struct arena *arena, int64_t item_id, bool waiting_only,
    struct handover **handovers_r, size_t *n_r, struct err *err)
{
	return find_all(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM handover h JOIN handover_item i ON i.handover_id = h.id "
		"WHERE i.item_id = $1 AND (i.state = 'waiting' OR $2 = 0) ORDER BY h.id",
		"ii", item_id, (int64_t)waiting_only),
	    handovers_r, n_r, err);
}

enum td_status
handover_set_state(struct db *db, int64_t id, int64_t item_id, enum handover_state state,
    struct err *err)
{
	return db_exec(db, err,
	    "UPDATE handover_item SET state = $1 WHERE handover_id = $2 AND item_id = $3", "tii",
	    state_names[state], id, item_id);
}

enum td_status
handover_asked(struct db *db, int64_t id, const char *mid, struct err *err)
{
	return db_exec(db, err,
	    "UPDATE handover SET asked = asked + 1, root_mid = coalesce(root_mid, $1) "
	    "WHERE id = $2",
	    "ti", mid, id);
}

enum td_status
handover_told(struct db *db, int64_t id, struct err *err)
{
	return db_exec(db, err, "UPDATE handover SET told = 1 WHERE id = $1", "i", id);
}

enum td_status
handover_remove(struct db *db, int64_t id, struct err *err)
{
	enum td_status status = db_exec(db, err,
	    "DELETE FROM handover_item WHERE handover_id = $1", "i", id);

	return status != TD_OK ? status :
	    db_exec(db, err, "DELETE FROM handover WHERE id = $1", "i", id);
}
