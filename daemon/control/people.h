/* SPDX-License-Identifier: ISC */
/*
 * people: what `team`, `person` and `init` share: values that are checked before they reach the
 * store, changes in one transaction with their line in the history, and finding a person by what
 * somebody writes.
 */
#ifndef TD_CONTROL_PEOPLE_H
#define TD_CONTROL_PEOPLE_H

#include "daemon/control/tool.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

/* Each gives the canonical form in the arena, or TD_PERM with what is wrong. */
TD_CHECK enum td_status people_address(struct tool *tool, const char *text, const char **out_r,
    struct err *err);
TD_CHECK enum td_status people_zone(struct tool *tool, const char *text, const char **out_r,
    struct err *err);
TD_CHECK enum td_status people_hours(struct tool *tool, const char *text, const char **out_r,
    struct err *err);
/* Core hours: the same time on each of their days. "off" gives NULL. */
TD_CHECK enum td_status people_core(struct tool *tool, const char *text, const char **out_r,
    struct err *err);
TD_CHECK enum td_status people_digest(struct tool *tool, const char *text, const char **out_r,
    struct err *err);
TD_CHECK enum td_status people_checkin(struct tool *tool, const char *text, const char **out_r,
    struct err *err);
/* A display name or title: clean text on one line, 1 to 100 characters. */
TD_CHECK enum td_status people_name(struct tool *tool, const char *text, const char **out_r,
    struct err *err);
/* A team's short name or a handle: a-z, 0-9, '-', '_', '.', at most 40. */
TD_CHECK enum td_status people_handle(struct tool *tool, const char *text, const char **out_r,
    struct err *err);

/* "platform" gives "Platform". */
const char *people_title(struct tool *tool, const char *name);

/* By address, else by handle (an '@' before it is allowed). TD_PERM when there is none. */
TD_CHECK enum td_status people_find(struct tool *tool, const char *text, struct person **person_r,
    struct err *err);
TD_CHECK enum td_status people_team(struct tool *tool, const char *name, struct team **team_r,
    struct err *err);

/* The team of that name, or (NULL) the only one there is. */
TD_CHECK enum td_status people_one_team(struct tool *tool, const char *name, struct team **team_r,
    struct err *err);

json_t *people_person_json(struct tool *tool, const struct person *person);
json_t *people_team_json(struct tool *tool, const struct team *team);

/*
 * Adds within one transaction, with their lines in the history. person->address and zone are
 * needed; role ROLE_NONE: no membership.
 */
TD_CHECK enum td_status people_add_team(struct tool *tool, struct team *team, struct err *err);
TD_CHECK enum td_status people_add_person(struct tool *tool, struct person *person,
    const struct team *team, enum role role, struct err *err);

/* A line of the history: what the operator did. before or after NULL: created, removed. Takes
 * both references. */
TD_CHECK enum td_status people_note(struct tool *tool, const char *entity, int64_t id,
    const char *verb, json_t *before, json_t *after, struct err *err);

#endif
