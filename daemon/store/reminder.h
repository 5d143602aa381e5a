/* SPDX-License-Identifier: ISC */
/* store/reminder: what people asked to be reminded of, until the mail is queued and after it. */
#ifndef TD_STORE_REMINDER_H
#define TD_STORE_REMINDER_H

#include "daemon/store/db.h"

struct reminder {
	int64_t id;
	int64_t team_id;    /* whose address it comes from */
	int64_t person_id;
	int64_t item_id;    /* 0: about no item */
	int64_t message_id;
	int64_t at;
	const char *text;
	int64_t created_at;
	int64_t sent_at;    /* 0: still to come */
};

TD_CHECK enum td_status reminder_add(struct db *db, struct reminder *reminder, struct err *err);
TD_CHECK enum td_status reminder_by_id(struct db *db, struct arena *arena, int64_t id,
    struct reminder **reminder_r, struct err *err); /* NULL when there is none */
/* Those of a person that are still to come, in one team (0: in all), the next one first. */
TD_CHECK enum td_status reminder_list(struct db *db, struct arena *arena, int64_t person_id,
    int64_t team_id, struct reminder **reminders_r, size_t *n_r, struct err *err);
TD_CHECK enum td_status reminder_sent(struct db *db, int64_t id, int64_t now, struct err *err);
TD_CHECK enum td_status reminder_remove(struct db *db, int64_t id, struct err *err);

#endif
