/* SPDX-License-Identifier: ISC */
/* store/reminder: see reminder.h. */
#include "config.h"

#include "daemon/store/reminder.h"

#define COLUMNS                                                                                    \
	"id, team_id, person_id, item_id, message_id, at, text, created_at, sent_at"

enum td_status
reminder_add(struct db *db, struct reminder *reminder, struct err *err)
{
	return db_insert(db, err, &reminder->id,
	    "INSERT INTO reminder (team_id, person_id, item_id, message_id, at, text, created_at) "
	    "VALUES ($1, $2, $3, $4, $5, $6, $7)",
	    "iirriti", reminder->team_id, reminder->person_id, reminder->item_id,
	    reminder->message_id, reminder->at, reminder->text, reminder->created_at);
}

static void
read_reminder(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct reminder *)row = (struct reminder){
	    .id = db_column_i64(st, 0),
	    .team_id = db_column_i64(st, 1),
	    .person_id = db_column_i64(st, 2),
	    .item_id = db_column_i64(st, 3),
	    .message_id = db_column_i64(st, 4),
	    .at = db_column_i64(st, 5),
	    .text = db_column_text(st, 6, arena),
	    .created_at = db_column_i64(st, 7),
	    .sent_at = db_column_i64(st, 8),
	};
}

static enum td_status
find_all(struct db *db, struct arena *arena, struct db_stmt *st, struct reminder **reminders_r,
    size_t *n_r, struct err *err)
{
	return db_rows(db, arena, st, read_reminder, sizeof **reminders_r, reminders_r, n_r, err);
}

enum td_status
reminder_by_id(struct db *db, struct arena *arena, int64_t id, struct reminder **reminder_r,
    struct err *err)
{
	struct reminder *found = NULL;
	size_t n = 0;
	enum td_status status = find_all(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM reminder WHERE id = $1", "i", id), &found,
	    &n, err);

	if (status == TD_OK)
		*reminder_r = n > 0 ? found : NULL;
	return status;
}

enum td_status
reminder_list(struct db *db, struct arena *arena, int64_t person_id, int64_t team_id,
    struct reminder **reminders_r, size_t *n_r, struct err *err)
{
	return find_all(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM reminder WHERE person_id = $1 AND sent_at IS NULL "
		"AND (team_id = $2 OR $3 = 0) ORDER BY at, id",
		"iii", person_id, team_id, team_id),
	    reminders_r, n_r, err);
}

enum td_status
reminder_sent(struct db *db, int64_t id, int64_t now, struct err *err)
{
	return db_exec(db, err, "UPDATE reminder SET sent_at = $1 WHERE id = $2", "ii", now, id);
}

enum td_status
reminder_remove(struct db *db, int64_t id, struct err *err)
{
	return db_exec(db, err, "DELETE FROM reminder WHERE id = $1", "i", id);
}
