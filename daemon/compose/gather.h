/* SPDX-License-Identifier: ISC */
/*
 * gather: what a digest says, read from the store: for one team, one reader and one day of the
 * reader's calendar. Reads only. Everything lives in the arena.
 *
 *	NEEDS YOU   open items of the reader that are blocked, overdue or due within two days, and
 *	            blocked ones of others that wait for the reader (named in the reason, or held
 *	            up by an item of the reader's); for leads also tasks without an owner
 *	DECISIONS   open ones of the team
 *	YESTERDAY   each member's update and time since the digest before, and what they had as next
 *	            and did not do
 *	GOALS       of this week; AWAY today; CORE HOURS today
 */
#ifndef TD_GATHER_H
#define TD_GATHER_H

#include "daemon/compose/compose.h"
#include "daemon/model/decision.h"
#include "daemon/model/duty.h"
#include "daemon/model/worktime.h"
#include "daemon/store/db.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

struct gather_request {
	int64_t team_id;
	int64_t person_id;
	int64_t now;
	const char *day;  /* "2026-11-24"; NULL: the reader's date at `now` */
	int64_t since;    /* when the digest before went out; 0: yesterday (weekly: a week ago) */
	bool weekly;
};

/* Fills team, to and now of *common_r (the rest is the caller's), and the digest. TD_PERM when
 * there is no such team, person or membership. */
TD_CHECK enum td_status gather_digest(struct db *db, struct arena *arena,
    const struct gather_request *request, struct compose_common *common_r,
    struct compose_digest *digest_r, struct err *err);

/* The same for the check-in prompt: of the day, the reader's plans, open items and time. `since`
 * and `weekly` are not looked at; `others` is the caller's to fill. */
TD_CHECK enum td_status gather_prompt(struct db *db, struct arena *arena,
    const struct gather_request *request, struct compose_common *common_r,
    struct compose_prompt *prompt_r, struct err *err);

/* What gather_digest fills into common, from rows that the caller has. */
void gather_fill(const struct team *team, const struct person *person, int64_t now,
    struct compose_common *common);

/* The same for any mail to a person, by ids; TD_PERM when they have no address. */
TD_CHECK enum td_status gather_common(struct db *db, struct arena *arena, int64_t team_id,
    int64_t person_id, int64_t now, struct compose_common *common_r, struct err *err);

/* A week of a person: what is to be worked in it, and what is off. */
struct gather_week {
	int64_t monday;
	struct target rule;      /* seconds 0: the person has no target */
	int64_t target;          /* in this week, days off taken away */
	struct hours hours;
	enum day_off off[7];
	enum day_half half[7];   /* which one is off, where it is DAY_HALF and was said */
	unsigned halves_off;     /* half working days that are off */
};
TD_CHECK enum td_status gather_week(struct db *db, struct arena *arena,
    const struct person *person, int64_t monday, struct gather_week *week_r, struct err *err);

/* Where a decision stands, for one reader (0: nobody of the team). */
TD_CHECK enum td_status gather_decision(struct db *db, struct arena *arena,
    const struct item *item, const struct member *members, size_t n_members, int64_t reader_id,
    struct compose_decision *decision_r, struct err *err);

/* Who can be called in the team, and who is away at `now`; the day in the team's zone. */
TD_CHECK enum td_status gather_duty(struct db *db, struct arena *arena, const struct team *team,
    int64_t now, struct duty *duty_r, int64_t *today_r, struct err *err);

#endif
