/* SPDX-License-Identifier: ISC */
/* store/event: see event.h. */
#include "config.h"

#include "daemon/store/event.h"

#define COLUMNS                                                                                    \
	"id, at, team_id, person_id, message_id, entity, entity_id, verb, before, after"

enum td_status
event_add(struct db *db, const struct event *event, struct err *err)
{
	return db_exec(db, err,
	    "INSERT INTO event (at, team_id, person_id, message_id, entity, entity_id, verb, "
	    "before, after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
	    "irrrtittt", event->at, event->team_id, event->person_id, event->message_id,
	    event->entity, event->entity_id, event->verb, event->before, event->after);
}

static void
read_event(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct event *)row = (struct event){
	    .id = db_column_i64(st, 0),
	    .at = db_column_i64(st, 1),
	    .team_id = db_column_i64(st, 2),
	    .person_id = db_column_i64(st, 3),
	    .message_id = db_column_i64(st, 4),
	    .entity = db_column_text(st, 5, arena),
	    .entity_id = db_column_i64(st, 6),
	    .verb = db_column_text(st, 7, arena),
	    .before = db_column_text(st, 8, arena),
	    .after = db_column_text(st, 9, arena),
	};
}

static enum td_status
list(struct db *db, struct arena *arena, struct db_stmt *st, struct event **events_r,
    size_t *n_r, struct err *err)
{
	return db_rows(db, arena, st, read_event, sizeof **events_r, events_r, n_r, err);
}

enum td_status
event_list(struct db *db, struct arena *arena, const char *entity, int64_t entity_id,
    struct event **events_r, size_t *n_r, struct err *err)
{
	return list(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM event WHERE entity = $1 AND entity_id = $2 ORDER BY id",
		"ti", entity, entity_id),
	    events_r, n_r, err);
}

enum td_status
event_by_message(struct db *db, struct arena *arena, int64_t message_id,
    struct event **events_r, size_t *n_r, struct err *err)
{
	return list(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM event WHERE message_id = $1 ORDER BY id", "i",
		message_id),
	    events_r, n_r, err);
}

static enum td_status
standing_from(struct db *db, struct arena *arena, const struct event *event, int64_t from_id,
    struct event **events_r, size_t *n_r, struct err *err)
{
	return list(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM event WHERE entity = $1 AND entity_id = $2 AND id > $3 "
		"AND verb <> 'undo' AND coalesce(message_id, 0) <> $4 AND NOT EXISTS "
		"(SELECT 1 FROM message m WHERE m.id = event.message_id AND m.undone_by > 0) "
		"ORDER BY id",
		"tiii", event->entity, event->entity_id, from_id, event->message_id),
	    events_r, n_r, err);
}

enum td_status
event_after(struct db *db, struct arena *arena, const struct event *event,
    struct event **events_r, size_t *n_r, struct err *err)
{
	return standing_from(db, arena, event, event->id, events_r, n_r, err);
}

enum td_status
event_standing(struct db *db, struct arena *arena, const struct event *event,
    struct event **events_r, size_t *n_r, struct err *err)
{
	return standing_from(db, arena, event, 0, events_r, n_r, err);
}

enum td_status
event_recent(struct db *db, struct arena *arena, int64_t person_id, int64_t limit,
    struct event **events_r, size_t *n_r, struct err *err)
{
	return list(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM event WHERE person_id = $1 OR $2 = 0 "
		"ORDER BY id DESC LIMIT $3",
		"iii", person_id, person_id, limit),
	    events_r, n_r, err);
}
