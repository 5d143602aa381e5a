/* SPDX-License-Identifier: ISC */
/* undo_code: the code that takes back what a mail did; who has it still needs the right. */
#ifndef TD_UNDO_CODE_H
#define TD_UNDO_CODE_H

#include "daemon/store/db.h"

/* A new one, not used before, in the arena. TD_TEMP: the system gives no random numbers. */
TD_CHECK enum td_status undo_code_new(struct db *db, struct arena *arena, const char **code_r,
    struct err *err);

#endif
