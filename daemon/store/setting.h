/* SPDX-License-Identifier: ISC */
/* store/setting: a few named values that belong to the store itself. */
#ifndef TD_STORE_SETTING_H
#define TD_STORE_SETTING_H

#include "daemon/store/db.h"

TD_CHECK enum td_status setting_get(struct db *db, struct arena *arena, const char *name,
    const char **value_r, struct err *err); /* NULL when there is none */
TD_CHECK enum td_status setting_set(struct db *db, const char *name, const char *value,
    struct err *err); /* value NULL removes it */

#endif
