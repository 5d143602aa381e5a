/* SPDX-License-Identifier: ISC */
/*
 * group: the open transaction. Many mails share one, each in its savepoint; it is committed when
 * nothing is being read any more, when it is GROUP_MS old (in a full mailbox BULK_MS), when
 * GROUP_MAX things are in it, or when the parsers wait for it: a single mail is committed at once,
 * many in large groups. If the store fails, all that was in it goes back to where it came from,
 * nothing is taken in for a while, and then all is tried again: nobody else has been told of it
 * yet.
 */
#include "config.h"

#include <stdio.h>

#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/pipeline/private.h"

static enum td_status
begin(struct pipeline *p, bool soft)
{
	struct err err;

	if ((soft ? db_begin_soft(p->db, &err) : db_begin(p->db, &err)) != TD_OK) {
		group_failed(p, &err);
		return TD_TEMP;
	}
	p->n_group = 0;
	p->group_soft = soft;
	p->group_since = clock_monotonic_ms();
	loop_timer_set(p->group_timer, GROUP_MS);
	return TD_OK;
}

enum td_status
group_open(struct pipeline *p)
{
	if (p->paused)
		return TD_TEMP;
	if (db_in_transaction(p->db) && (!p->group_soft || group_commit(p) != TD_OK))
		return p->paused ? TD_TEMP : TD_OK;
	return begin(p, false);
}

enum td_status
group_open_soft(struct pipeline *p)
{
	if (p->paused)
		return TD_TEMP;
	return db_in_transaction(p->db) ? TD_OK : begin(p, true);
}

void
group_end_soft(struct pipeline *p)
{
	if (p->group_soft && db_in_transaction(p->db))
		(void)!group_commit(p);
}

/* A commit costs a write to the disk that is waited for: while much is in hand nobody is kept
 * waiting by a larger group, and the whole is through earlier. */
void
group_aged(struct pipeline *p)
{
	int64_t left = p->group_since + BULK_MS - clock_monotonic_ms();

	if (db_in_transaction(p->db) && p->n_all >= BULK_MAILS && left > 0)
		loop_timer_set(p->group_timer, left);
	else
		(void)!group_commit(p);
}

/* The parsers have nothing more to begin with, but much that waits for this commit. They read what
 * they hold already while it is written. */
static bool
starves(const struct pipeline *p)
{
	return p->n_mails[MAIL_WAITING] == 0 && p->n_mails[MAIL_BEGUN] >= STARVE_MAILS &&
	    p->n_mails[MAIL_APPLIED] >= STARVE_MAILS;
}

void
group_count(struct pipeline *p)
{
	if (++p->n_group >= GROUP_MAX || starves(p))
		(void)!group_commit(p);
}

enum td_status
group_commit(struct pipeline *p)
{
	struct err err;

	if (!db_in_transaction(p->db))
		return p->paused ? TD_TEMP : TD_OK;
	loop_timer_set(p->group_timer, -1);
	if (db_commit(p->db, &err) != TD_OK) {
		group_failed(p, &err);
		return TD_TEMP;
	}
	if (p->failures > 0)
		log_info("the store works again");
	p->failures = 0;
	p->pause_why[0] = '\0';
	p->n_group = 0;
	p->group_soft = false;
	p->n_commits++;
	p->again = true;
	mails_committed(p);
	out_committed(p);
	boxes_send_acks(p);
	return TD_OK;
}

void
group_step(struct pipeline *p)
{
	if (db_in_transaction(p->db) && !slots_busy(p))
		(void)!group_commit(p);
}

void
group_failed(struct pipeline *p, const struct err *err)
{
	int64_t delay = 1000ll << (p->failures < 6 ? p->failures : 6);

	if (delay > RETRY_MAX_MS)
		delay = RETRY_MAX_MS;
	log_error("the store cannot take mail, trying again in %d s: %s", (int)(delay / 1000),
	    err->text);
	snprintf(p->pause_why, sizeof p->pause_why, "%s", err->text);
	db_rollback(p->db);
	loop_timer_set(p->group_timer, -1);
	p->n_group = 0;
	p->group_soft = false;
	p->failures++;
	p->paused = true;
	loop_timer_set(p->retry_timer, delay);
	mails_rolled_back(p);
	out_rolled_back(p);
	boxes_rolled_back(p);
	disk_look(p);
}
