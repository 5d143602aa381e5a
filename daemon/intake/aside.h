/* SPDX-License-Identifier: ISC */
/* aside: when the leads of a team hear of mail that was kept aside: at 9 o'clock of the team. */
#ifndef TD_INTAKE_ASIDE_H
#define TD_INTAKE_ASIDE_H

#include "daemon/store/db.h"
#include "daemon/store/team.h"

/* Plans the summary of that team, unless it is planned already. */
TD_CHECK enum td_status aside_tell(struct db *db, struct arena *arena, const struct team *team,
    int64_t now, struct err *err);

/* Plans it for every team: for mail of which nobody can say whose it is. */
TD_CHECK enum td_status aside_tell_all(struct db *db, struct arena *arena, int64_t now,
    struct err *err);

#endif
