/* SPDX-License-Identifier: ISC */
/* store/meeting: see meeting.h. */
#include "config.h"

#include "daemon/store/meeting.h"

#define COLUMNS                                                                                    \
	"id, team_id, kind, uid, sequence, rule, zone, first_day, cancelled_at, created_at, "      \
	"updated_at"

enum td_status
meeting_add(struct db *db, struct meeting *meeting, int64_t now, struct err *err)
{
	enum td_status status = db_insert(db, err, &meeting->id,
	    "INSERT INTO meeting (team_id, kind, uid, rule, zone, first_day, created_at, "
	    "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
	    "itttttii", meeting->team_id, meeting->kind, meeting->uid, meeting->rule,
	    meeting->zone, meeting->first_day, now, now);

	if (status == TD_OK) {
		meeting->sequence = 0;
		meeting->created_at = meeting->updated_at = now;
	}
	return status;
}

static void
read_meeting(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct meeting *)row = (struct meeting){
	    .id = db_column_i64(st, 0),
	    .team_id = db_column_i64(st, 1),
	    .kind = db_column_text(st, 2, arena),
	    .uid = db_column_text(st, 3, arena),
	    .sequence = db_column_i64(st, 4),
	    .rule = db_column_text(st, 5, arena),
	    .zone = db_column_text(st, 6, arena),
	    .first_day = db_column_text(st, 7, arena),
	    .cancelled_at = db_column_i64(st, 8),
	    .created_at = db_column_i64(st, 9),
	    .updated_at = db_column_i64(st, 10),
	};
}

static enum td_status
find_one(struct db *db, struct arena *arena, struct db_stmt *st, struct meeting **meeting_r,
    struct err *err)
{
	return db_row(db, arena, st, read_meeting, sizeof **meeting_r, meeting_r, err);
}

enum td_status
meeting_find(struct db *db, struct arena *arena, int64_t team_id, const char *kind,
    struct meeting **meeting_r, struct err *err)
{
	return find_one(db, arena,
	    db_query(db, err,
		"SELECT " COLUMNS " FROM meeting WHERE team_id = $1 AND kind = $2 "
		"AND cancelled_at IS NULL ORDER BY id LIMIT 1",
		"it", team_id, kind),
	    meeting_r, err);
}

enum td_status
meeting_by_uid(struct db *db, struct arena *arena, const char *uid, struct meeting **meeting_r,
    struct err *err)
{
	return find_one(db, arena,
	    db_query(db, err, "SELECT " COLUMNS " FROM meeting WHERE uid = $1", "t", uid),
	    meeting_r, err);
}

enum td_status
meeting_change(struct db *db, struct meeting *meeting, bool cancel, int64_t now, struct err *err)
{
	int64_t cancelled_at = cancel ? now : meeting->cancelled_at;
	enum td_status status = db_exec(db, err,
	    "UPDATE meeting SET rule = $1, zone = $2, first_day = $3, cancelled_at = $4, "
	    "sequence = sequence + 1, updated_at = $5 WHERE id = $6",
	    "tttrii", meeting->rule, meeting->zone, meeting->first_day, cancelled_at, now,
	    meeting->id);

	if (status == TD_OK)
		status = db_exec(db, err,
		    "UPDATE attendee SET partstat = 'NEEDS-ACTION', reply_at = NULL "
		    "WHERE meeting_id = $1",
		    "i", meeting->id);
	if (status == TD_OK) {
		meeting->sequence++;
		meeting->cancelled_at = cancelled_at;
		meeting->updated_at = now;
	}
	return status;
}

static void
read_attendee(struct db_stmt *st, struct arena *arena, void *row)
{
	*(struct attendee *)row = (struct attendee){
	    .meeting_id = db_column_i64(st, 0),
	    .person_id = db_column_i64(st, 1),
	    .partstat = db_column_text(st, 2, arena),
	    .reply_at = db_column_i64(st, 3),
	    .sent_sequence = db_column_i64(st, 4),
	    .last_address = db_column_text(st, 5, arena),
	    .left_out = db_column_text(st, 6, arena),
	};
}

enum td_status
attendee_list(struct db *db, struct arena *arena, int64_t meeting_id,
    struct attendee **attendees_r, size_t *n_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT meeting_id, person_id, partstat, reply_at, coalesce(sent_sequence, -1), "
	    "last_address, left_out FROM attendee WHERE meeting_id = $1 ORDER BY person_id",
	    "i", meeting_id);

	return db_rows(db, arena, st, read_attendee, sizeof **attendees_r, attendees_r, n_r, err);
}

enum td_status
attendee_sent(struct db *db, int64_t meeting_id, int64_t person_id, int64_t sequence,
    const char *left_out, struct err *err)
{
	return db_exec(db, err,
	    "INSERT INTO attendee (meeting_id, person_id, sent_sequence, left_out) "
	    "VALUES ($1, $2, $3, $4) ON CONFLICT (meeting_id, person_id) DO UPDATE "
	    "SET sent_sequence = excluded.sent_sequence, left_out = excluded.left_out",
	    "iiit", meeting_id, person_id, sequence, left_out);
}

enum td_status
attendee_replied(struct db *db, int64_t meeting_id, int64_t person_id, const char *partstat,
    int64_t reply_at, struct err *err)
{
	return db_exec(db, err,
	    "UPDATE attendee SET partstat = $1, reply_at = $2 "
	    "WHERE meeting_id = $3 AND person_id = $4",
	    "tiii", partstat, reply_at, meeting_id, person_id);
}

enum td_status
attendee_remove(struct db *db, int64_t meeting_id, int64_t person_id, struct err *err)
{
	return db_exec(db, err,
	    "DELETE FROM attendee WHERE meeting_id = $1 AND person_id = $2", "ii", meeting_id,
	    person_id);
}
