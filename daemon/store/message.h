/* SPDX-License-Identifier: ISC */
/*
 * store/message: each mail that came in, once by its key, with its reading and what became of
 * it; which Message-ID belongs to which item or mail of ours (thread); and mail that waits for
 * its sender's "yes" (held).
 */
#ifndef TD_STORE_MESSAGE_H
#define TD_STORE_MESSAGE_H

#include "daemon/store/db.h"

struct message {
	int64_t id;
	const char *key;       /* SHA-256, hex */
	const char *mid;       /* without < >, NULL without */
	bool mid_conflict;     /* the same Message-ID came with another key */
	int64_t team_id;       /* 0: none */
	int64_t person_id;     /* 0: nobody we know */
	const char *from_address;
	const char *subject;
	int64_t date;          /* 0: none */
	int64_t received_at;
	int64_t size;
	int64_t trust;         /* 0..4 */
	const char *outcome;   /* "applied", "held", "quarantined", "ignored", "error" */
	const char *why;
	const char *reading;   /* JSON */
	const char *undo_code; /* NULL when it changed nothing */
	int64_t undone_by;     /* message that took its effects back, 0: none */
};

/* Adds the row and sets id and mid_conflict: where its Message-ID is known with another key,
 * both rows are flagged. The caller has looked that the key is new. */
TD_CHECK enum td_status message_add(struct db *db, struct message *message, struct err *err);
/* *id_r 0 when the key is new. */
TD_CHECK enum td_status message_id_by_key(struct db *db, const char *key, int64_t *id_r,
    struct err *err);
TD_CHECK enum td_status message_by_id(struct db *db, struct arena *arena, int64_t id,
    struct message **message_r, struct err *err); /* NULL when there is none */
/* Sets team, person, trust, outcome, why; undo_code where it is not NULL. */
TD_CHECK enum td_status message_set_outcome(struct db *db, const struct message *message,
    struct err *err);
TD_CHECK enum td_status message_drop_undo_code(struct db *db, int64_t id, struct err *err);
/* Writes a better copy of the same mail into the row `id`; its key and Message-ID stay. */
TD_CHECK enum td_status message_replace(struct db *db, const struct message *message,
    struct err *err);
/* True when its sender or the operator said that it shall have no effect. */
TD_CHECK enum td_status message_was_dropped(struct db *db, int64_t id, bool *dropped_r,
    struct err *err);

/* The mail of an undo code (upper case); NULL when there is none. */
TD_CHECK enum td_status message_by_undo_code(struct db *db, struct arena *arena,
    const char *code, struct message **message_r, struct err *err);
TD_CHECK enum td_status message_set_undone(struct db *db, int64_t id, int64_t undone_by,
    struct err *err);
TD_CHECK enum td_status message_undo_taken(struct db *db, const char *code, bool *taken_r,
    struct err *err);

/* ---- thread ------------------------------------------------------------------------------- */

enum thread_kind { THREAD_ITEM, THREAD_DIGEST, THREAD_PROMPT, THREAD_INVITE, THREAD_CONFIRM };

struct thread {
	const char *mid;
	int64_t team_id;
	int64_t item_id;   /* 0: none */
	int64_t person_id; /* 0: none */
	enum thread_kind kind;
	int64_t created_at;
};

/* The first one that names a Message-ID keeps it: a later row for it changes nothing. */
TD_CHECK enum td_status thread_add(struct db *db, const struct thread *thread, struct err *err);
/* *thread_r NULL when the team does not know the Message-ID (team_id 0: any team). */
TD_CHECK enum td_status thread_find(struct db *db, struct arena *arena, const char *mid,
    int64_t team_id, struct thread **thread_r, struct err *err);

/* ---- held --------------------------------------------------------------------------------- */

struct held {
	int64_t message_id;
	int64_t person_id;
	int64_t team_id;
	int64_t asked_at;   /* 0: not asked about yet */
	const char *state;  /* "waiting", "released", "dropped" */
	/* of the message */
	const char *subject;
	const char *from_address;
	const char *why;
	int64_t received_at;
	int64_t size;
};

TD_CHECK enum td_status held_add(struct db *db, int64_t message_id, int64_t person_id,
    int64_t team_id, struct err *err);
/* Those of a person that wait and were asked about at that moment (0: not yet), oldest first. */
TD_CHECK enum td_status held_list(struct db *db, struct arena *arena, int64_t person_id,
    int64_t asked_at, struct held **held_r, size_t *n_r, struct err *err);
/* Those of everybody, newest first; is_ended: also those that wait no more. */
TD_CHECK enum td_status held_list_all(struct db *db, struct arena *arena, bool is_ended,
    int64_t limit, struct held **held_r, size_t *n_r, struct err *err);
/* *n_r 0 when the message was never held, else 1. */
TD_CHECK enum td_status held_by_id(struct db *db, struct arena *arena, int64_t message_id,
    struct held **held_r, size_t *n_r, struct err *err);
TD_CHECK enum td_status held_count(struct db *db, int64_t *n_r, struct err *err); /* waiting */
TD_CHECK enum td_status held_asked(struct db *db, int64_t message_id, int64_t now,
    struct err *err);
/* state: "released" or "dropped" */
TD_CHECK enum td_status held_end(struct db *db, int64_t message_id, const char *state,
    struct err *err);

#endif
