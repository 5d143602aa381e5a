/* SPDX-License-Identifier: ISC */
/* team_duty: who is on call in a team, for `tidings team`. */
#ifndef TD_CONTROL_TEAM_DUTY_H
#define TD_CONTROL_TEAM_DUTY_H

#include "daemon/control/people.h"
#include "daemon/store/oncall.h"

/* The people of "ana, ben" or "ana ben", all members that can be called; none for "off". */
TD_CHECK enum td_status team_duty_read(struct tool *tool, const struct team *team,
    const char *option, const char *text, int64_t **people_r, size_t *n_r, struct err *err);

/* Puts them in place of those that were, with the line in the history. In a transaction. Turns
 * begin with this week. */
TD_CHECK enum td_status team_duty_write(struct tool *tool, const struct team *team,
    enum oncall_part part, const int64_t *people, size_t n, struct err *err);

/* Adds "on_call", "on_call_now" and "emergency" to the team's object. */
TD_CHECK enum td_status team_duty_json(struct tool *tool, const struct team *team, json_t *object,
    struct err *err);

#endif
