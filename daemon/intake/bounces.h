/* SPDX-License-Identifier: ISC */
/* bounces: what a bounce says of the address that a mail of ours went to. */
#ifndef TD_BOUNCES_H
#define TD_BOUNCES_H

#include "parsers/reading.h"
#include "daemon/store/db.h"

/* Nothing is noted for a mail that is no bounce. */
TD_CHECK enum td_status bounces_note(struct db *db, struct arena *arena,
    const struct reading *reading, int64_t now, struct err *err);

#endif
