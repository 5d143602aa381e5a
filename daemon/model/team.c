/* SPDX-License-Identifier: ISC */
/* team: see team.h. */
#include "config.h"

#include "daemon/model/team.h"

const char *
role_name(enum role role)
{
	switch (role) {
	case ROLE_NONE:
		break;
	case ROLE_GUEST:
		return "guest";
	case ROLE_MEMBER:
		return "member";
	case ROLE_LEAD:
		return "lead";
	}
	return "nobody";
}

bool
role_parse(struct span text, enum role *role_r)
{
	for (enum role role = ROLE_GUEST; role <= ROLE_LEAD; role++) {
		if (span_iis(text, role_name(role))) {
			*role_r = role;
			return true;
		}
	}
	return false;
}

enum role
right_needs(enum right right)
{
	switch (right) {
	case RIGHT_COMMENT:
		return ROLE_GUEST;
	case RIGHT_WORK:
		return ROLE_MEMBER;
	case RIGHT_LEAD:
		break;
	}
	return ROLE_LEAD;
}

bool
role_may(enum role role, enum right right)
{
	return role >= right_needs(right);
}
