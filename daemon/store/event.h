/* SPDX-License-Identifier: ISC */
/* store/event: the history. Rows are only added; the store refuses to change one. */
#ifndef TD_STORE_EVENT_H
#define TD_STORE_EVENT_H

#include "daemon/store/db.h"

struct event {
	int64_t id;
	int64_t at;
	int64_t team_id;
	int64_t person_id;  /* who; 0: the daemon or the operator */
	int64_t message_id; /* by which mail; 0: another way */
	const char *entity; /* "item", "entry", "status_update", "comment", "absence", "timer" */
	int64_t entity_id;
	const char *verb;   /* "create", "change", "end", "undo"; "repeat": said again, as it is */
	const char *before; /* JSON of what changed; NULL when created */
	const char *after;  /* JSON; NULL when removed */
};

TD_CHECK enum td_status event_add(struct db *db, const struct event *event, struct err *err);
/* History of one thing, oldest first. */
TD_CHECK enum td_status event_list(struct db *db, struct arena *arena, const char *entity,
    int64_t entity_id, struct event **events_r, size_t *n_r, struct err *err);
/* All that one mail did, oldest first. */
TD_CHECK enum td_status event_by_message(struct db *db, struct arena *arena, int64_t message_id,
    struct event **events_r, size_t *n_r, struct err *err);

/* What was done to a thing after that event by others than that mail, and still holds: not what
 * was taken back since, nor the taking back. Oldest first. */
TD_CHECK enum td_status event_after(struct db *db, struct arena *arena, const struct event *event,
    struct event **events_r, size_t *n_r, struct err *err);
/* The same with what was done before it: all that others than its mail did to the thing, and that
 * still holds. Oldest first. */
TD_CHECK enum td_status event_standing(struct db *db, struct arena *arena,
    const struct event *event, struct event **events_r, size_t *n_r, struct err *err);
/* The newest of all events of a person (person_id 0: of all people), newest first. */
TD_CHECK enum td_status event_recent(struct db *db, struct arena *arena, int64_t person_id,
    int64_t limit, struct event **events_r, size_t *n_r, struct err *err);

#endif
