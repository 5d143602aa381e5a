/* SPDX-License-Identifier: ISC */
/* logging: an entry on its way into the store, between the commands that log time (apply_time.c)
 * and the timer (apply_timer.c). */
#ifndef TD_LOGGING_H
#define TD_LOGGING_H

#include "daemon/intake/apply.h"
#include "daemon/store/entry.h"

/* An entry on its way: whose and where it is, and what became of the amount. A timer's entry
 * belongs to the timer's team, also where the mail that stops it went to another. */
struct logging {
	const struct apply_spend *spend;
	const struct person *person;
	const struct team *team;
	enum role role;          /* of the writer in that team */
	const struct item *item; /* NULL: none */
	bool is_timer;
	bool is_done;            /* it was logged */
	struct entry entry;
	int64_t exact; /* before rounding */
};

/* What is known of the entry but its amount and day; spend, team and item are set. */
void logging_begin(struct apply *ap, struct logging *l);
/* Reads, checks and adds it, and tells so; is_done false when the line was refused. */
TD_CHECK enum td_status logging_add(struct apply *ap, struct logging *l, struct err *err);

/* apply_timer.c: both commands */
TD_CHECK enum td_status timer_command_start(struct apply *ap, const struct reading_command *cmd,
    struct err *err);
TD_CHECK enum td_status timer_command_stop(struct apply *ap, const struct reading_command *cmd,
    struct err *err);

#endif
