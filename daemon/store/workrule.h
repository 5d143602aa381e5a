/* SPDX-License-Identifier: ISC */
/* store/workrule: the target of a person, the rounding of a team; without a row there is none. */
#ifndef TD_STORE_WORKRULE_H
#define TD_STORE_WORKRULE_H

#include "daemon/model/worktime.h"
#include "daemon/store/db.h"

TD_CHECK enum td_status target_get(struct db *db, int64_t person_id, struct target *target_r,
    struct err *err);
TD_CHECK enum td_status target_set(struct db *db, int64_t person_id, const struct target *target,
    struct err *err);
TD_CHECK enum td_status rounding_get(struct db *db, int64_t team_id, struct rounding *rounding_r,
    struct err *err);
TD_CHECK enum td_status rounding_set(struct db *db, int64_t team_id,
    const struct rounding *rounding, struct err *err);

#endif
