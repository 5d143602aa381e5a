/* SPDX-License-Identifier: ISC */
/*
 * worktime: the rules of time that is logged: weeks and their names, targets with days off taken
 * away, rounding, the end of a working day, work at night, and the states of a time sheet. Pure.
 */
#ifndef TD_MODEL_WORKTIME_H
#define TD_MODEL_WORKTIME_H

#include "daemon/model/hours.h"

/* ---- weeks (ISO 8601): "2026-W41" ---- */

bool week_parse(struct span text, int64_t *monday_r);
const char *week_name(struct arena *arena, int64_t day); /* of the week that the day is in */

/* ---- targets ---- */

struct target {
	int64_t seconds; /* 0: none */
	bool weekly;     /* else for each working day */
};

enum day_off { DAY_WORK, DAY_HALF, DAY_OFF };

/* "8h/day", "38h30m week", "off". */
TD_CHECK enum td_status target_parse(struct span text, struct target *target_r, struct err *err);
const char *target_format(struct arena *arena, const struct target *target);

/* What is to be worked in that week: a weekly target is spread over its working days, and for
 * each one that is off, wholly or by half, its part goes. */
int64_t target_week(const struct target *target, const struct hours *hours,
    const enum day_off off[7]);

/* ---- rounding ---- */

enum rounding_way { ROUND_NEAREST, ROUND_UP, ROUND_DOWN };

struct rounding {
	int64_t step; /* seconds; 0: none */
	enum rounding_way way;
};

/* "15m", "15m up", "6m down", "off"; a step is 1 minute to 1 day. */
TD_CHECK enum td_status rounding_parse(struct span text, struct rounding *rounding_r,
    struct err *err);
const char *rounding_format(struct arena *arena, const struct rounding *rounding);
/* A negative amount is rounded as its opposite; what was more than nothing stays so. */
int64_t rounding_apply(const struct rounding *rounding, int64_t seconds);

/* ---- the day ---- */

/* When the working day ends that t is in or before on its date; 8 hours after t where no hours are
 * left on that date. */
int64_t worktime_day_end(const struct hours *hours, const struct zone *zone, int64_t t);
/* Seconds of from..to at night (22:00 to 06:00) and outside the hours, or in the half of the day
 * that is off, in quarter hours. */
int64_t worktime_late(const struct hours *hours, const struct zone *zone, enum day_half off,
    int64_t from, int64_t to);

/* ---- time sheets ---- */

enum sheet_state { SHEET_SUBMITTED, SHEET_APPROVED, SHEET_REJECTED };

struct sheet {
	int64_t id;
	int64_t team_id;
	int64_t person_id;
	const char *week;       /* "2026-W41" */
	enum sheet_state state;
	int64_t seconds;        /* when it was handed in, or approved */
	const char *reason;     /* of the lead, NULL without */
	int64_t message_id;
	int64_t submitted_at;
	int64_t judged_by;      /* 0: not yet */
	int64_t judged_at;
	int64_t told_at;        /* the person heard what became of it; 0: not yet */
};

const char *sheet_state_name(enum sheet_state state);
bool sheet_state_parse(const char *name, enum sheet_state *state_r);
/* Is the change legal? sheet NULL: nothing was handed in. If not, *why_r is static: "it ..." */
bool sheet_may_become(const struct sheet *sheet, enum sheet_state to, const char **why_r);

#endif
