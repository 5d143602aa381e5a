/* SPDX-License-Identifier: ISC */
/* store/plan: settings of a person that change at a time to come: working hours from a date, the
 * zone of a journey and the way back. */
#ifndef TD_STORE_PLAN_H
#define TD_STORE_PLAN_H

#include "daemon/store/db.h"

struct plan {
	int64_t id;
	int64_t person_id;
	int64_t at;
	const char *field;  /* "zone", "hours" */
	const char *value;
	int64_t team_id;    /* of the mail: for the history */
	int64_t message_id;
};

TD_CHECK enum td_status plan_add(struct db *db, struct plan *plan, struct err *err);
TD_CHECK enum td_status plan_remove(struct db *db, int64_t id, struct err *err);
/* Of a person, the next one first. */
TD_CHECK enum td_status plan_list(struct db *db, struct arena *arena, int64_t person_id,
    struct plan **plans_r, size_t *n_r, struct err *err);

#endif
