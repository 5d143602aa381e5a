/* SPDX-License-Identifier: ISC */
/* store/vote: see vote.h. */
#include "config.h"

#include "daemon/store/vote.h"

#define COLUMNS "id, item_id, person_id, choice, option, reason, message_id, at"

enum td_status
vote_set(struct db *db, struct vote *vote, struct err *err)
{
	return db_get_i64(db, err, &vote->id, NULL,
	    "INSERT INTO vote (item_id, person_id, choice, option, reason, message_id, at) "
	    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (item_id, person_id) DO UPDATE SET "
	    "choice = excluded.choice, option = excluded.option, reason = excluded.reason, "
	    "message_id = excluded.message_id, at = excluded.at RETURNING id",
	    "iitttri", vote->item_id, vote->person_id, vote_choice_name(vote->choice),
	    vote->option, vote->reason, vote->message_id, vote->at);
}

static void
read_vote(struct db_stmt *st, struct arena *arena, void *row)
{
	struct vote *vote = row;

	*vote = (struct vote){
	    .id = db_column_i64(st, 0),
	    .item_id = db_column_i64(st, 1),
	    .person_id = db_column_i64(st, 2),
	    .choice = VOTE_ABSTAIN,
	    .option = db_column_text(st, 4, arena),
	    .reason = db_column_text(st, 5, arena),
	    .message_id = db_column_i64(st, 6),
	    .at = db_column_i64(st, 7),
	};
	(void)vote_choice_parse(db_column_text(st, 3, arena), &vote->choice);
}

enum td_status
vote_find(struct db *db, struct arena *arena, int64_t item_id, int64_t person_id,
    struct vote **vote_r, struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT " COLUMNS " FROM vote WHERE item_id = $1 AND person_id = $2", "ii", item_id,
	    person_id);

	return db_row(db, arena, st, read_vote, sizeof **vote_r, vote_r, err);
}

enum td_status
vote_list(struct db *db, struct arena *arena, int64_t item_id, struct vote **votes_r, size_t *n_r,
    struct err *err)
{
	struct db_stmt *st = db_query(db, err,
	    "SELECT " COLUMNS " FROM vote WHERE item_id = $1 ORDER BY at, id", "i", item_id);

	return db_rows(db, arena, st, read_vote, sizeof **votes_r, votes_r, n_r, err);
}

enum td_status
vote_remove(struct db *db, int64_t id, struct err *err)
{
	return db_exec(db, err, "DELETE FROM vote WHERE id = $1", "i", id);
}

/* The job is decide.c's, which removes that of a decision that is closed. */
enum td_status
vote_gone(struct db *db, int64_t team_id, int64_t person_id, struct err *err)
{
	return db_exec(db, err,
	    "INSERT INTO job (dedupe_key, kind, team_id, due_at) "
	    "SELECT 'decision:' || i.id, 'decision', i.team_id, i.due_at "
	    "FROM vote v JOIN item i ON i.id = v.item_id "
	    "WHERE v.person_id = $1 AND ($2 = 0 OR i.team_id = $2) AND v.choice = 'object' "
	    "AND i.due_at IS NOT NULL AND i.state NOT IN ('done', 'dropped') "
	    "ON CONFLICT (dedupe_key) DO UPDATE SET due_at = excluded.due_at",
	    "ii", person_id, team_id);
}
