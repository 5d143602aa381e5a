/* SPDX-License-Identifier: ISC */
/* workrules: a person's target and a team's rounding, for `tidings person` and `tidings team`. */
#ifndef TD_CONTROL_WORKRULES_H
#define TD_CONTROL_WORKRULES_H

#include "daemon/control/people.h"

/* Whether they can be read at all; NULL can. */
TD_CHECK enum td_status workrules_check(const char *target, const char *rounding,
    struct err *err);

/* Reads "8h/day" or "off" (NULL: nothing is done) and keeps it, with the line in the history. In a
 * transaction. */
TD_CHECK enum td_status workrules_target(struct tool *tool, int64_t person_id, const char *text,
    struct err *err);
/* The same for "15m up". */
TD_CHECK enum td_status workrules_rounding(struct tool *tool, int64_t team_id, const char *text,
    struct err *err);

/* Adds "target", or "rounding", to the object: "off" where there is none. */
TD_CHECK enum td_status workrules_person_json(struct tool *tool, int64_t person_id,
    json_t *object, struct err *err);
TD_CHECK enum td_status workrules_team_json(struct tool *tool, int64_t team_id, json_t *object,
    struct err *err);

#endif
