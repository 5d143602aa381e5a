/* SPDX-License-Identifier: ISC */
/* contact: when a mail that is not urgent may reach a person. */
#ifndef TD_CONTACT_H
#define TD_CONTACT_H

#include "daemon/model/person.h"
#include "daemon/store/db.h"

/* The next moment in the person's hours at which they are not away; now where their settings say
 * nothing. */
TD_CHECK enum td_status contact_time(struct db *db, struct arena *arena,
    const struct person *person, int64_t now, int64_t *at_r, struct err *err);

#endif
