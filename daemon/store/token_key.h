/* SPDX-License-Identifier: ISC */
/*
 * store/token_key: the keys of reply tokens (model/token.h), and which teams' plus addresses are
 * known to work. Both are settings of the store, so all that opens it shares them.
 */
#ifndef TD_STORE_TOKEN_KEY_H
#define TD_STORE_TOKEN_KEY_H

#include "daemon/model/token.h"
#include "daemon/store/db.h"

/* As they stand, to read tokens with; none are set where no token was made yet. */
TD_CHECK enum td_status token_keys_load(struct db *db, struct arena *arena,
    struct token_keys *keys_r, struct err *err);
/* To make tokens with: the current key is made, or another one, where it is time for it. */
TD_CHECK enum td_status token_keys_now(struct db *db, struct arena *arena, int64_t now,
    struct token_keys *keys_r, struct err *err);

/* Has mail to team+word@host come to the team? It is forgotten when the team's address changes. */
TD_CHECK enum td_status plus_address_works(struct db *db, struct arena *arena, int64_t team_id,
    const char *address, bool *works_r, struct err *err);
TD_CHECK enum td_status plus_address_seen(struct db *db, struct arena *arena, int64_t team_id,
    const char *address, struct err *err);

#endif
