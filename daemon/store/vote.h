/* SPDX-License-Identifier: ISC */
/* store/vote: answers to decisions, one a person and decision. */
#ifndef TD_STORE_VOTE_H
#define TD_STORE_VOTE_H

#include "daemon/model/decision.h"
#include "daemon/store/db.h"

/* Writes the person's answer in place of an earlier one; sets id, which stays. */
TD_CHECK enum td_status vote_set(struct db *db, struct vote *vote, struct err *err);
TD_CHECK enum td_status vote_find(struct db *db, struct arena *arena, int64_t item_id,
    int64_t person_id, struct vote **vote_r, struct err *err); /* NULL when there is none */
/* Of one decision, in the order of the last change. */
TD_CHECK enum td_status vote_list(struct db *db, struct arena *arena, int64_t item_id,
    struct vote **votes_r, size_t *n_r, struct err *err);
/* The person answers no more (in one team, or 0: any): decisions past their date that they object
 * to are settled anew, at once. person.c calls it. */
TD_CHECK enum td_status vote_gone(struct db *db, int64_t team_id, int64_t person_id,
    struct err *err);
TD_CHECK enum td_status vote_remove(struct db *db, int64_t id, struct err *err); /* for undo */

#endif
