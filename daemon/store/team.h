/* SPDX-License-Identifier: ISC */
/* store/team: rows of team. A look-up that finds nothing is TD_OK with *team_r NULL; removed
 * teams are found by id only. Strings live in the arena. */
#ifndef TD_STORE_TEAM_H
#define TD_STORE_TEAM_H

#include "daemon/model/team.h"
#include "daemon/store/db.h"

/* Adds the team (id and created_at of *team are set); TD_PERM when the name is
 * taken, or the address, by whomever. */
TD_CHECK enum td_status team_add(struct db *db, struct team *team, int64_t now, struct err *err);
/* Writes title, address, zone, default_kind, core_hours back; as above. */
TD_CHECK enum td_status team_update(struct db *db, const struct team *team, struct err *err);
TD_CHECK enum td_status team_remove(struct db *db, int64_t id, int64_t now, struct err *err);
TD_CHECK enum td_status team_by_id(struct db *db, struct arena *arena, int64_t id,
    struct team **team_r, struct err *err);
TD_CHECK enum td_status team_by_name(struct db *db, struct arena *arena, const char *name,
    struct team **team_r, struct err *err);
TD_CHECK enum td_status team_by_address(struct db *db, struct arena *arena, const char *address,
    struct team **team_r, struct err *err);
TD_CHECK enum td_status team_list(struct db *db, struct arena *arena, struct team **teams_r,
    size_t *n_r, struct err *err);
/* Removed teams whose meeting is not cancelled yet, with name and address as they were. */
TD_CHECK enum td_status team_list_left(struct db *db, struct arena *arena, struct team **teams_r,
    size_t *n_r, struct err *err);

#endif
