/* SPDX-License-Identifier: ISC */
/* gather-private: what gather.c, gather-team.c and gather-prompt.c share. */
#ifndef TD_GATHER_PRIVATE_H
#define TD_GATHER_PRIVATE_H

#include "daemon/compose/gather.h"
#include "daemon/model/item.h"
#include "daemon/store/holiday.h"
#include "daemon/store/status_update.h"
#include "parsers/base/zone.h"

#define GATHER_AHEAD 60 /* days that are looked at for due dates */

struct gathering {
	struct db *db;
	struct arena *arena;
	const struct gather_request *request;
	struct err *err;
	struct team *team;
	struct person *reader;
	struct member *members;
	size_t n_members;
	bool *says_blocked; /* for each member: the update that counts tells of a block */
	struct item *items; /* open ones of the team */
	size_t n_items;
	const struct zone *zone; /* the reader's */
	int64_t today;           /* days since 1970-01-01, in the reader's calendar */
	struct absence *off; /* the reader's days off from today on */
	size_t n_off;
	int64_t first;           /* first day that updates are told of */
	struct compose_digest *digest;
};

const char *gather_day(const struct gathering *g, int64_t days); /* "2026-11-24" */
/* The short name of a person: the first one where no other member has it; NULL for id 0. */
const char *gather_name(const struct gathering *g, int64_t person_id);

/* Loads team, reader, members and days by the request; TD_PERM as gather_digest. */
TD_CHECK enum td_status gather_begin(struct gathering *g);

struct compose_when gather_when(const struct item *item);
/* Fills in `late` and `days`; gives the days until it is due, less than 0 when that is over. */
int64_t gather_due_days(const struct gathering *g, const struct item *item,
    struct digest_need *need);
/* The same of a blocked item: the kind, and for how many days it is. */
void gather_blocked(const struct gathering *g, const struct item *item, struct digest_need *need);
/* A line of an update for others: with the title where it is a number alone. */
const char *gather_line(const struct gathering *g, const struct update_line *line);

/* Days of the reader's work after today up to that day; more than `most` is most + 1. */
int64_t gather_workdays(const struct gathering *g, int64_t day, int64_t most);

TD_CHECK enum td_status gather_updates(struct gathering *g);
TD_CHECK enum td_status gather_goals(struct gathering *g);
TD_CHECK enum td_status gather_away(struct gathering *g);
void gather_core(struct gathering *g);

#endif
