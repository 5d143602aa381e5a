/* SPDX-License-Identifier: ISC */
/*
 * team: a team, its members' roles, and what a role may do. Rules only, no store.
 */
#ifndef TD_MODEL_TEAM_H
#define TD_MODEL_TEAM_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/span.h"

enum role { ROLE_NONE, ROLE_GUEST, ROLE_MEMBER, ROLE_LEAD };

struct team {
	int64_t id;
	const char *name;         /* short, lower case: "platform" */
	const char *title;        /* for people: "Platform" */
	const char *address;      /* lower case */
	const char *zone;         /* IANA */
	const char *default_kind; /* "update" or "task": mail that says nothing else */
	const char *core_hours;   /* "mon-thu 14:00-17:00" in the team's zone, NULL without */
	int64_t created_at;
	int64_t removed_at;       /* 0: not removed */
};

const char *role_name(enum role role); /* "guest", "member", "lead"; "nobody" for none */
bool role_parse(struct span text, enum role *role_r);

/* What is done, in the order of the rights: each needs the role that right_needs names. */
enum right {
	RIGHT_COMMENT,    /* comments on items, own updates */
	RIGHT_WORK,       /* makes and changes items, logs own time, own absence */
	RIGHT_LEAD,       /* members, other people's things, periods that are closed */
};
enum role right_needs(enum right right);
bool role_may(enum role role, enum right right);

#endif
