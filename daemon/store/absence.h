/* SPDX-License-Identifier: ISC */
/* store/absence: days on which somebody is away. Days are local to the person. */
#ifndef TD_STORE_ABSENCE_H
#define TD_STORE_ABSENCE_H

#include "daemon/model/hours.h"
#include "daemon/store/db.h"

struct absence {
	int64_t id;
	int64_t person_id;
	const char *first_day;
	const char *last_day; /* included */
	const char *kind;     /* "off", "holiday", "sick", ... */
	enum day_half half_day;
	int64_t cover_id;     /* 0: nobody */
	const char *note;     /* NULL without */
	int64_t message_id;
	int64_t created_at;
	int64_t ended_at;     /* 0; else taken back or cut short at that time */
};

TD_CHECK enum td_status absence_add(struct db *db, struct absence *absence, struct err *err);
/* Absences that are not ended and touch from..to; of one person, or of all with person_id 0. */
TD_CHECK enum td_status absence_list(struct db *db, struct arena *arena, int64_t person_id,
    const char *from_day, const char *to_day, struct absence **absences_r, size_t *n_r,
    struct err *err);
/* Back before the end: last_day becomes the day before `day`; one that would have begun only
 * on `day` or later is ended. */
TD_CHECK enum td_status absence_cut(struct db *db, const struct absence *absence,
    const char *last_day, int64_t now, struct err *err);

/* Only for undo: as if it had never been said; or with its end as it was (ended_at 0: not
 * ended). */
TD_CHECK enum td_status absence_remove(struct db *db, int64_t id, struct err *err);
TD_CHECK enum td_status absence_set_end(struct db *db, int64_t id, const char *last_day,
    int64_t ended_at, struct err *err);

#endif
