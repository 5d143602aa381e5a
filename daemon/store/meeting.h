/* SPDX-License-Identifier: ISC */
/* store/meeting: meetings that we invite to (core hours), and who was sent which SEQUENCE. */
#ifndef TD_STORE_MEETING_H
#define TD_STORE_MEETING_H

#include "daemon/store/db.h"

struct meeting {
	int64_t id;
	int64_t team_id;
	const char *kind;      /* "core", "decision:12" */
	const char *uid;       /* iCalendar UID, immutable */
	int64_t sequence;
	const char *rule;      /* "mon-thu 14:00-17:00" */
	const char *zone;
	const char *first_day; /* local day of DTSTART */
	int64_t cancelled_at;  /* 0: it takes place */
	int64_t created_at;
	int64_t updated_at;
};

struct attendee {
	int64_t meeting_id;
	int64_t person_id;
	const char *partstat;
	int64_t reply_at;      /* DTSTAMP of the reply that counts, 0 without */
	int64_t sent_sequence; /* -1: nothing sent yet */
	const char *left_out;  /* days that the series skips, as sent: "2026-12-24 2026-12-25"; of a
	                          decision the date that was sent, "cancelled" after a CANCEL */
	const char *last_address; /* of who was removed altogether: where the CANCEL goes */
};

TD_CHECK enum td_status meeting_add(struct db *db, struct meeting *meeting, int64_t now,
    struct err *err);
/* The team's meeting of that kind that is not cancelled; NULL when there is none. */
TD_CHECK enum td_status meeting_find(struct db *db, struct arena *arena, int64_t team_id,
    const char *kind, struct meeting **meeting_r, struct err *err);
TD_CHECK enum td_status meeting_by_uid(struct db *db, struct arena *arena, const char *uid,
    struct meeting **meeting_r, struct err *err);
/* Another rule, zone, first day or a cancel: SEQUENCE + 1, partstats back to NEEDS-ACTION.
 * *meeting is brought up to date. */
TD_CHECK enum td_status meeting_change(struct db *db, struct meeting *meeting, bool cancel,
    int64_t now, struct err *err);
TD_CHECK enum td_status attendee_list(struct db *db, struct arena *arena, int64_t meeting_id,
    struct attendee **attendees_r, size_t *n_r, struct err *err);
/* Notes that this SEQUENCE went to the person; adds the attendee when there is none. */
TD_CHECK enum td_status attendee_sent(struct db *db, int64_t meeting_id, int64_t person_id,
    int64_t sequence, const char *left_out, struct err *err);
/* A reply of that DTSTAMP counts from now on. */
TD_CHECK enum td_status attendee_replied(struct db *db, int64_t meeting_id, int64_t person_id,
    const char *partstat, int64_t reply_at, struct err *err);
TD_CHECK enum td_status attendee_remove(struct db *db, int64_t meeting_id, int64_t person_id,
    struct err *err);

#endif
