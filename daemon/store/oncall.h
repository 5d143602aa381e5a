/* SPDX-License-Identifier: ISC */
/* store/oncall: who is on call in turns of a week, and the emergency contacts of a team. */
#ifndef TD_STORE_ONCALL_H
#define TD_STORE_ONCALL_H

#include "daemon/store/db.h"

enum oncall_part { ONCALL_TURN, ONCALL_EMERGENCY };

struct oncall {
	int64_t *people; /* in order */
	size_t n_people;
	const char *first_day; /* Monday of the first turn; NULL without people */
};

TD_CHECK enum td_status oncall_get(struct db *db, struct arena *arena, int64_t team_id,
    enum oncall_part part, struct oncall *oncall_r, struct err *err);
/* In place of what was there; none with n 0. */
TD_CHECK enum td_status oncall_set(struct db *db, int64_t team_id, enum oncall_part part,
    const int64_t *people, size_t n, const char *first_day, struct err *err);

#endif
