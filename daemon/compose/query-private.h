/* SPDX-License-Identifier: ISC */
/* query-private: what the parts of query share: the asking, its lines, its JSON. */
#ifndef TD_QUERY_PRIVATE_H
#define TD_QUERY_PRIVATE_H

#include "parsers/base/buf.h"
#include "parsers/base/jsonw.h"
#include "parsers/base/zone.h"
#include "daemon/compose/query.h"
#include "daemon/model/item.h"

#define QUERY_TEXT_MAX 1000u /* bytes of one text of somebody's in a list */

struct asking {
	const struct query *query;
	struct arena *arena;
	const struct reading_command *question;
	const struct member *members;
	size_t n_members;
	const struct zone *zone; /* the reader's */
	struct query_answer *answer;
	size_t cap_lines;
	struct jsonw json;
};

void asking_line(struct asking *a, const char *fmt, ...) TD_PRINTF(2, 3);
/* Each line of a text, moved in; cut after max bytes. */
void asking_text(struct asking *a, const char *text, size_t max);
void asking_refuse(struct asking *a, const char *fmt, ...) TD_PRINTF(2, 3);

/* Owners who are in the team, "nobody" without: the first "and others", or all of them. */
const char *asking_owners(const struct asking *a, const struct item *item, bool all);
const char *asking_name(const struct asking *a, int64_t person_id); /* "somebody" if unknown */
const char *asking_day(const struct asking *a, int64_t at);    /* "2026-11-27", reader's */
const char *asking_moment(const struct asking *a, int64_t at); /* "2026-11-27 17:00 (Zone)" */
const char *asking_amount(const struct asking *a, int64_t seconds); /* "1h 30m" */
/* "2026-11-27", "2026-11-27 17:00 (Europe/Berlin)" as it was meant; NULL without. */
const char *asking_due(const struct asking *a, const struct item *item);

/* JSON: a moment as RFC 3339 in UTC, a person by handle; null for 0. */
void asking_json_time(struct asking *a, const char *key, int64_t at);
void asking_json_person(struct asking *a, const char *key, int64_t person_id);
void asking_json_text(struct asking *a, const char *key, const char *text); /* NULL: null */
/* The fields of an item that every list has, into the object that is open. */
void asking_json_item(struct asking *a, const struct item *item);

/* "#41 Fix login (Ana Lima), due 2026-11-27, p1, +web, #bug" */
const char *asking_item(const struct asking *a, const struct item *item);

/* The member that the text means; NULL after a refusal. */
const struct member *asking_member(struct asking *a, const char *who);

TD_CHECK enum td_status query_reminders(struct asking *a, struct err *err);
TD_CHECK enum td_status query_list(struct asking *a, struct err *err);
TD_CHECK enum td_status query_show(struct asking *a, struct err *err);
TD_CHECK enum td_status query_search(struct asking *a, struct err *err);
TD_CHECK enum td_status query_who(struct asking *a, struct err *err);
TD_CHECK enum td_status query_timesheet(struct asking *a, struct err *err);

#endif
