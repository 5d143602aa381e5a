/* SPDX-License-Identifier: ISC */
/*
 * work-rules: what must hold of the work in any store, whatever mails made it. Each rule is a
 * query that finds what breaks it, or a function where a query cannot say it.
 */
#ifndef TD_WORK_RULES_H
#define TD_WORK_RULES_H

#include "tests/unit/intake-fixture.h"

/* Says which rule is broken by what; NULL when all hold. */
const char *work_rules_broken(struct db *db, struct arena *arena);

#endif
