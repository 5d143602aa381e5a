/* SPDX-License-Identifier: ISC */
/*
 * Tests of schedule/jobs and compose/gather on a real store: three people in three zones, their
 * digests over days, weekends and absences; core-hours invites; quarantine summaries.
 */
#include "tests/unit/store-fixture.h"

#include "daemon/compose/gather.h"
#include "daemon/model/item.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/absence.h"
#include "daemon/store/entry.h"
#include "daemon/store/item.h"
#include "daemon/store/meeting.h"
#include "daemon/store/outbox.h"
#include "daemon/store/quarantine.h"
#include "daemon/store/status_update.h"

/* The fixture's NOON is Saturday 21 November 2026, 12:00 UTC. */
#define HOUR 3600
#define DAY 86400
#define AT(day, hour, minute) (NOON + ((day) - 21) * DAY + ((hour) - 12) * HOUR + (minute) * 60)

static const struct conf conf;

static int64_t
run(struct fixture *fx, int64_t now)
{
	int64_t next = 0;

	jobs_look_again();
	td_ok(fx, jobs_run(fx->db, &conf, now, &next, &fx->err));
	return next;
}

/* The row of that key, NULL where nothing was queued. */
static struct outbox *
queued(struct fixture *fx, const char *key)
{
	struct outbox *rows, *row;
	size_t n;

	td_ok(fx, outbox_list(fx->db, fx->arena, NULL, 1000, &rows, &n, &fx->err));
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].dedupe_key, key) != 0)
			continue;
		td_ok(fx, outbox_by_id(fx->db, fx->arena, rows[i].id, &row, &fx->err));
		return row;
	}
	return NULL;
}

static size_t
count_queued(struct fixture *fx)
{
	struct outbox *rows;
	size_t n;

	td_ok(fx, outbox_list(fx->db, fx->arena, NULL, 1000, &rows, &n, &fx->err));
	return n;
}

static bool
holds(const struct outbox *row, const char *text)
{
	return span_find(row->bytes, span_of(text)) < row->bytes.len;
}

static int64_t
add_item(struct fixture *fx, const char *title, int64_t owner, int64_t due_at, const char *due_day)
{
	struct item item = {.team_id = fx->team.id, .kind = "task", .title = title, .body = "",
	    .creator_id = fx->ana.id, .due_at = due_at, .due_day = due_day,
	    .due_zone = due_at != 0 ? "Europe/Lisbon" : NULL, .created_at = NOON,
	    .updated_at = NOON};

	if (owner != 0)
		item_add_owner(fx->arena, &item, owner);
	td_ok(fx, item_add(fx->db, fx->arena, &item, &fx->err));
	return item.id;
}

static void
block(struct fixture *fx, int64_t id, const char *why, int64_t now)
{
	struct item *item, *before;

	td_ok(fx, item_by_id(fx->db, fx->arena, id, &item, &fx->err));
	before = item_copy(fx->arena, item);
	item_set_state(item, ITEM_BLOCKED, why, now);
	td_ok(fx, item_save(fx->db, before, item, &fx->err));
}

static void
close_item(struct fixture *fx, int64_t id, int64_t now)
{
	struct item *item, *before;

	td_ok(fx, item_by_id(fx->db, fx->arena, id, &item, &fx->err));
	before = item_copy(fx->arena, item);
	item_set_state(item, ITEM_DONE, NULL, now);
	td_ok(fx, item_save(fx->db, before, item, &fx->err));
}

static void
update_item(struct fixture *fx, int64_t person, const char *day, const char *section,
    const char *text, int64_t item_id)
{
	struct update_line line = {.section = section, .text = text, .item_id = item_id};
	int64_t id;
	bool added;

	td_ok(fx, status_update_get(fx->db, fx->team.id, person, day, NOON, &id, NULL, &fx->err));
	td_ok(fx, status_update_add_line(fx->db, id, &line, &added, &fx->err));
}

static void
update(struct fixture *fx, int64_t person, const char *day, const char *section, const char *text)
{
	update_item(fx, person, day, section, text, 0);
}

/* ---- gather ---- */

static struct compose_digest
gather(struct fixture *fx, int64_t person, int64_t now)
{
	struct gather_request request = {.team_id = fx->team.id, .person_id = person, .now = now};
	struct compose_common common;
	struct compose_digest digest;

	td_ok(fx, gather_digest(fx->db, fx->arena, &request, &common, &digest, &fx->err));
	assert_string_equal(common.team.address, "platform@example.org");
	return digest;
}

static void
test_gather(void **state)
{
	struct fixture fx;
	struct compose_digest d;
	struct entry entry;
	struct absence away;
	int64_t own, theirs;

	fixture_open(&fx);
	own = add_item(&fx, "Own, blocked", fx.ana.id, 0, NULL);
	theirs = add_item(&fx, "Waits for Ana", fx.ben.id, 0, NULL);
	add_item(&fx, "Overdue", fx.ana.id, AT(22, 23, 59), "2026-11-22");
	add_item(&fx, "Due soon", fx.ana.id, AT(25, 17, 0), "2026-11-25T17:00");
	add_item(&fx, "Due later", fx.ana.id, AT(30, 17, 0), "2026-11-30T17:00");
	add_item(&fx, "Ben's own", fx.ben.id, AT(24, 17, 0), "2026-11-24T17:00");
	block(&fx, own, "disk quota", AT(21, 12, 0));
	block(&fx, theirs, "review by @ana.", AT(24, 6, 0));
	update(&fx, fx.ben.id, "2026-11-23", "done", "#38 Parser limits");
	update(&fx, fx.ben.id, "2026-11-23", "next", "#41");
	update(&fx, fx.ben.id, "2026-11-20", "done", "too old to tell");
	update(&fx, fx.ana.id, "2026-11-23", "goals", "Release 0.9: 7 of 10");
	update(&fx, fx.ana.id, "2026-11-23", "goals", "Docs");
	entry = (struct entry){.team_id = fx.team.id, .person_id = fx.ben.id, .day = "2026-11-23",
	    .seconds = 5400, .note = "", .created_at = NOON};
	td_ok(&fx, entry_add(fx.db, &entry, &fx.err));
	away = (struct absence){.person_id = fx.ben.id, .first_day = "2026-11-24",
	    .last_day = "2026-11-26", .kind = "off", .cover_id = fx.ana.id, .created_at = NOON};
	td_ok(&fx, absence_add(fx.db, &away, &fx.err));
	fx.team.core_hours = "mon-thu 14:00-17:00";
	td_ok(&fx, team_update(fx.db, &fx.team, &fx.err));

	d = gather(&fx, fx.ana.id, AT(24, 8, 30));
	assert_string_equal(d.day, "2026-11-24");
	assert_null(d.since_day);
	assert_int_equal(d.people, 2); /* Chi is a guest */
	assert_int_equal(d.blocked, 2);
	assert_int_equal(d.n_needs, 4);
	assert_string_equal(d.needs[0].title, "Waits for Ana");
	assert_true(d.needs[0].on_reader);
	assert_string_equal(d.needs[0].owner, "Ben");
	assert_string_equal(d.needs[1].title, "Own, blocked");
	assert_int_equal(d.needs[1].days, 3);
	assert_string_equal(d.needs[2].title, "Overdue");
	assert_int_equal(d.needs[2].kind, NEED_OVERDUE);
	assert_int_equal(d.needs[2].days, 2);
	assert_string_equal(d.needs[3].title, "Due soon");
	assert_int_equal(d.needs[3].days, 1);
	assert_int_equal(d.n_updates, 2);
	assert_string_equal(d.updates[0].name, "Ana");
	assert_string_equal(d.updates[1].name, "Ben");
	assert_int_equal(d.updates[1].n_done, 1);
	assert_string_equal(d.updates[1].done[0], "#38 Parser limits");
	assert_int_equal(d.updates[1].seconds, 5400);
	assert_int_equal(d.n_goals, 2);
	assert_string_equal(d.goals[0].text, "Release 0.9");
	assert_int_equal(d.goals[0].done, 7);
	assert_int_equal(d.goals[0].total, 10);
	assert_int_equal(d.goals[1].total, 0);
	assert_int_equal(d.n_away, 1);
	assert_string_equal(d.away[0].name, "Ben");
	assert_string_equal(d.away[0].cover, "Ana");
	/* 14:00 in Berlin is 13:00 in Lisbon. */
	assert_string_equal(d.core, "13:00-16:00");
	assert_string_equal(d.core_zone, "Europe/Lisbon");
	/* Friday has no core hours; Ben does not see Ana's things, nor himself as away. */
	assert_null(gather(&fx, fx.ana.id, AT(27, 8, 30)).core);
	d = gather(&fx, fx.ben.id, AT(24, 1, 0));
	assert_int_equal(d.n_needs, 2);
	assert_int_equal(d.n_away, 0);
	assert_string_equal(d.core, "22:00-01:00");
	assert_string_equal(d.core_zone, "Asia/Tokyo");
	fixture_close(&fx);
}

/* A task that nobody owns waits for the leads, whatever its state; others have enough of their own. */
static void
test_gather_unowned(void **state)
{
	struct fixture fx;
	struct compose_digest d;
	int64_t blocked, asleep, asks;
	struct item *item, *before;

	fixture_open(&fx);
	add_item(&fx, "Some day", 0, 0, NULL);
	add_item(&fx, "Late", 0, AT(22, 23, 59), "2026-11-22");
	blocked = add_item(&fx, "Stuck", 0, AT(25, 17, 0), "2026-11-25T17:00");
	block(&fx, blocked, "disk quota", AT(23, 6, 0));
	asks = add_item(&fx, "Asks Ana", 0, 0, NULL);
	block(&fx, asks, "review by @ana", AT(23, 6, 0));
	add_item(&fx, "Ana's", fx.ana.id, AT(25, 17, 0), "2026-11-25T17:00");
	asleep = add_item(&fx, "Asleep", 0, 0, NULL);
	td_ok(&fx, item_by_id(fx.db, fx.arena, asleep, &item, &fx.err));
	before = item_copy(fx.arena, item);
	item->snoozed_until = AT(26, 0, 0);
	td_ok(&fx, item_save(fx.db, before, item, &fx.err));

	d = gather(&fx, fx.ana.id, AT(24, 8, 30));
	assert_int_equal(d.n_needs, 5);
	assert_string_equal(d.needs[0].title, "Asks Ana");
	assert_int_equal(d.needs[0].kind, NEED_BLOCKED);
	assert_true(d.needs[0].on_reader);
	assert_string_equal(d.needs[1].title, "Ana's");
	assert_string_equal(d.needs[2].title, "Late");
	assert_int_equal(d.needs[2].kind, NEED_UNOWNED);
	assert_true(d.needs[2].late);
	assert_int_equal(d.needs[2].days, 2);
	assert_null(d.needs[2].owner);
	assert_string_equal(d.needs[3].title, "Stuck");
	assert_int_equal(d.needs[3].kind, NEED_UNOWNED);
	assert_true(d.needs[3].stuck);
	assert_string_equal(d.needs[3].reason, "disk quota");
	assert_false(d.needs[3].late);
	assert_int_equal(d.needs[3].days, 1);
	assert_string_equal(d.needs[4].title, "Some day");
	assert_false(d.needs[4].owner_left);
	assert_int_equal(gather(&fx, fx.ben.id, AT(24, 8, 30)).n_needs, 0);
	/* Where nobody leads, each member sees it; a guest does not. */
	td_ok(&fx, member_set(fx.db, fx.team.id, fx.ana.id, ROLE_MEMBER, NOON, &fx.err));
	assert_int_equal(gather(&fx, fx.ben.id, AT(24, 8, 30)).n_needs, 4);
	assert_int_equal(gather(&fx, fx.chi.id, AT(24, 8, 30)).n_needs, 0);
	fixture_close(&fx);
}

/* A task whose owner has left belongs to nobody either. */
static void
test_gather_owner_left(void **state)
{
	struct fixture fx;
	struct compose_digest d;

	fixture_open(&fx);
	add_item(&fx, "Ben's", fx.ben.id, 0, NULL);
	assert_int_equal(gather(&fx, fx.ana.id, AT(24, 8, 30)).n_needs, 0);
	td_ok(&fx, person_remove(fx.db, fx.ben.id, AT(23, 8, 0), &fx.err));
	d = gather(&fx, fx.ana.id, AT(24, 8, 30));
	assert_int_equal(d.n_needs, 1);
	assert_int_equal(d.needs[0].kind, NEED_UNOWNED);
	assert_true(d.needs[0].owner_left);
	assert_string_equal(d.needs[0].owner, "Ben Okri");
	fixture_close(&fx);
}

/* What a person tells as blocking counts like a blocked item of theirs, once, till overtaken. */
static void
test_gather_says_blocked(void **state)
{
	struct fixture fx;
	int64_t own;

	fixture_open(&fx);
	update(&fx, fx.ben.id, "2026-11-23", "blocked", "no access to the build host");
	update(&fx, fx.ben.id, "2026-11-23", "blocked", "no badge");
	update(&fx, fx.chi.id, "2026-11-23", "blocked", "a guest is not counted");
	assert_int_equal(gather(&fx, fx.ana.id, AT(24, 8, 30)).blocked, 1);
	own = add_item(&fx, "Stuck", fx.ben.id, 0, NULL);
	block(&fx, own, "disk quota", AT(23, 6, 0));
	assert_int_equal(gather(&fx, fx.ana.id, AT(24, 8, 30)).blocked, 1);
	update(&fx, fx.ana.id, "2026-11-23", "done", "a day without trouble");
	assert_int_equal(gather(&fx, fx.ana.id, AT(24, 8, 30)).blocked, 1);
	/* a line about an item that is closed by now blocks nobody */
	update_item(&fx, fx.ana.id, "2026-11-23", "blocked", "#1 Stuck", own);
	assert_int_equal(gather(&fx, fx.ana.id, AT(24, 8, 30)).blocked, 2);
	close_item(&fx, own, AT(24, 7, 0));
	assert_int_equal(gather(&fx, fx.ana.id, AT(24, 8, 30)).blocked, 1);
	fixture_close(&fx);
}

/* ---- digests ---- */

static void
test_digest_days(void **state)
{
	struct fixture fx;
	struct outbox *row;

	fixture_open(&fx);
	add_item(&fx, "Due on Monday", fx.ana.id, AT(23, 17, 0), "2026-11-23T17:00");
	add_item(&fx, "Due on Monday too", fx.ben.id, AT(23, 7, 0), "2026-11-23T16:00");
	/* A Saturday: nothing is due; the next is Ben's, Monday 08:30 in Tokyo. */
	assert_int_equal(run(&fx, NOON), AT(22, 23, 30));
	assert_int_equal(count_queued(&fx), 0);
	assert_int_equal(run(&fx, AT(22, 23, 29)), AT(22, 23, 30));
	assert_int_equal(count_queued(&fx), 0);
	assert_int_equal(run(&fx, AT(22, 23, 30)), AT(23, 8, 30));
	row = queued(&fx, "digest:1:2:2026-11-23");
	assert_non_null(row);
	assert_string_equal(row->rcpt, "ben@example.org");
	assert_string_equal(row->sender, "platform+bounce-2@example.org");
	assert_true(holds(row, "Due on Monday too"));
	assert_true(holds(row, "Subject: Platform daily, Mon 23 Nov: 1 needs you"));
	/* Again at the same moment, and a second later: nothing more. */
	run(&fx, AT(22, 23, 30));
	run(&fx, AT(22, 23, 30) + 1);
	assert_int_equal(count_queued(&fx), 1);
	/* Ana's, two hours late, goes once; the guest has none. */
	assert_int_equal(run(&fx, AT(23, 10, 30)), AT(23, 23, 30));
	assert_non_null(queued(&fx, "digest:1:1:2026-11-23"));
	assert_int_equal(count_queued(&fx), 2);
	fixture_close(&fx);
}

static void
test_digest_skipped(void **state)
{
	struct fixture fx;
	struct absence away;

	fixture_open(&fx);
	add_item(&fx, "Task", fx.ana.id, AT(24, 17, 0), "2026-11-24T17:00");
	run(&fx, NOON);
	/* Down for a day: what is older than the grace is not sent late. */
	run(&fx, AT(23, 20, 0));
	assert_null(queued(&fx, "digest:1:1:2026-11-23"));
	/* Away: none; nothing in it: none; the address bounced: none. */
	away = (struct absence){.person_id = fx.ana.id, .first_day = "2026-11-24",
	    .last_day = "2026-11-24", .kind = "off", .created_at = NOON};
	td_ok(&fx, absence_add(fx.db, &away, &fx.err));
	run(&fx, AT(24, 8, 30));
	assert_null(queued(&fx, "digest:1:1:2026-11-24"));
	run(&fx, AT(25, 0, 0));
	assert_null(queued(&fx, "digest:1:2:2026-11-25"));
	td_ok(&fx, person_set_delivery(fx.db, "ana@example.org", "hard", "550", NOON,
	    &(bool){false}, &fx.err));
	run(&fx, AT(25, 8, 30));
	assert_int_equal(count_queued(&fx), 0);
	fixture_close(&fx);
}

static void
test_digest_settings(void **state)
{
	struct fixture fx;

	fixture_open(&fx);
	add_item(&fx, "Task", fx.ana.id, AT(24, 17, 0), "2026-11-24T17:00");
	run(&fx, NOON);
	fx.ana.digest = "weekly tue 10:00";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	run(&fx, AT(23, 8, 30));
	assert_int_equal(count_queued(&fx), 0);
	run(&fx, AT(24, 10, 0));
	assert_true(holds(queued(&fx, "digest:1:1:2026-11-24"), "Platform weekly, Tue 24 Nov"));
	fx.ana.digest = "off";
	fx.ben.digest = "off";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	td_ok(&fx, person_update(fx.db, &fx.ben, &fx.err));
	assert_int_equal(run(&fx, AT(25, 8, 30)), 0);
	/* Flying west on the day of a digest does not bring it twice. */
	fx.ana.digest = "daily 08:30";
	fx.ana.zone = "Asia/Tokyo";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	run(&fx, AT(25, 23, 30));
	assert_non_null(queued(&fx, "digest:1:1:2026-11-26"));
	fx.ana.zone = "America/Lima";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	run(&fx, AT(26, 13, 30));
	assert_int_equal(count_queued(&fx), 2);
	run(&fx, AT(27, 13, 30));
	assert_int_equal(count_queued(&fx), 3);
	fixture_close(&fx);
}

/* Who left after the row was made gets nothing. */
static void
test_digest_left(void **state)
{
	struct fixture fx;

	fixture_open(&fx);
	add_item(&fx, "Task", fx.ana.id, AT(24, 17, 0), "2026-11-24T17:00");
	run(&fx, NOON);
	td_ok(&fx, member_remove(fx.db, fx.team.id, fx.ana.id, &fx.err));
	run(&fx, AT(23, 8, 30));
	assert_int_equal(count_queued(&fx), 0);
	assert_int_equal(run(&fx, AT(23, 8, 31)), AT(23, 23, 30));
	fixture_close(&fx);
}

/* ---- invites ---- */

static struct outbox *
invite(struct fixture *fx, int64_t person, int sequence)
{
	struct meeting *meeting;

	td_ok(fx, meeting_find(fx->db, fx->arena, fx->team.id, "core", &meeting, &fx->err));
	if (meeting == NULL)
		return NULL;
	return queued(fx, arena_printf(fx->arena, "invite:%s:%lld:%d", meeting->uid,
	    (long long)person, sequence));
}

static void
test_invites(void **state)
{
	struct fixture fx;
	struct outbox *row;

	fixture_open(&fx);
	fx.ana.digest = fx.ben.digest = "off";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	td_ok(&fx, person_update(fx.db, &fx.ben, &fx.err));
	run(&fx, NOON);
	assert_int_equal(count_queued(&fx), 0);
	fx.team.core_hours = "mon-thu 14:00-17:00";
	td_ok(&fx, team_update(fx.db, &fx.team, &fx.err));
	run(&fx, NOON);
	run(&fx, NOON + 100);
	assert_int_equal(count_queued(&fx), 2); /* once a person, the guest none */
	row = invite(&fx, fx.ana.id, 0);
	assert_non_null(row);
	assert_true(holds(row, "method=REQUEST"));
	/* A Saturday: it waits for Monday 09:00 in Lisbon. */
	assert_int_equal(row->not_before, AT(23, 9, 0));
	/* Another rule: SEQUENCE 1 for each. */
	fx.team.core_hours = "mon-thu 13:00-16:00";
	td_ok(&fx, team_update(fx.db, &fx.team, &fx.err));
	run(&fx, NOON + 200);
	assert_int_equal(count_queued(&fx), 4);
	row = invite(&fx, fx.ben.id, 1);
	assert_non_null(row);
	assert_true(holds(row, "Changed: Platform core hours"));
	/* Written in another way it is the same. */
	fx.team.core_hours = "Mon-Thu 13:00-16:00";
	td_ok(&fx, team_update(fx.db, &fx.team, &fx.err));
	run(&fx, NOON + 300);
	assert_int_equal(count_queued(&fx), 4);
	/* Ben leaves: a CANCEL above what he saw; he comes back: above that; the hours change
	 * once more: above all. */
	td_ok(&fx, member_remove(fx.db, fx.team.id, fx.ben.id, &fx.err));
	run(&fx, NOON + 400);
	assert_int_equal(count_queued(&fx), 5);
	assert_true(holds(invite(&fx, fx.ben.id, 2), "method=CANCEL"));
	td_ok(&fx, member_set(fx.db, fx.team.id, fx.ben.id, ROLE_MEMBER, NOON, &fx.err));
	run(&fx, NOON + 500);
	assert_int_equal(count_queued(&fx), 6);
	assert_true(holds(invite(&fx, fx.ben.id, 3), "method=REQUEST"));
	fx.team.zone = "Europe/Lisbon";
	td_ok(&fx, team_update(fx.db, &fx.team, &fx.err));
	run(&fx, NOON + 600);
	assert_int_equal(count_queued(&fx), 8);
	assert_non_null(invite(&fx, fx.ben.id, 4));
	assert_non_null(invite(&fx, fx.ana.id, 4));
	run(&fx, NOON + 700);
	assert_int_equal(count_queued(&fx), 8);
	/* No core hours any more: each gets a CANCEL. */
	fx.team.core_hours = NULL;
	td_ok(&fx, team_update(fx.db, &fx.team, &fx.err));
	run(&fx, NOON + 800);
	assert_int_equal(count_queued(&fx), 10);
	assert_null(invite(&fx, fx.ana.id, 5)); /* the meeting is over */
	run(&fx, NOON + 900);
	assert_int_equal(count_queued(&fx), 10);
	fixture_close(&fx);
}

/* A removed team takes its series out of the calendars, by the address that invited. */
static void
test_invites_of_removed_team(void **state)
{
	struct fixture fx;
	struct meeting *meeting;
	struct outbox *row;
	const char *uid;
	size_t n;

	fixture_open(&fx);
	fx.team.core_hours = "mon-thu 14:00-16:00";
	td_ok(&fx, team_update(fx.db, &fx.team, &fx.err));
	run(&fx, NOON);
	td_ok(&fx, meeting_find(fx.db, fx.arena, fx.team.id, "core", &meeting, &fx.err));
	uid = meeting->uid;
	assert_non_null(invite(&fx, fx.ana.id, 0));
	td_ok(&fx, team_remove(fx.db, fx.team.id, NOON + 60, &fx.err));
	run(&fx, NOON + 60);
	row = queued(&fx, arena_printf(fx.arena, "invite:%s:%lld:1", uid, (long long)fx.ana.id));
	assert_non_null(row);
	assert_true(holds(row, "method=CANCEL"));
	assert_true(holds(row, "<platform@example.org>"));
	assert_false(holds(row, "platform@example.org."));
	n = count_queued(&fx);
	run(&fx, NOON + 120); /* once */
	assert_int_equal(count_queued(&fx), n);
	fixture_close(&fx);
}

/* ---- quarantine and other kinds ---- */

static void
test_quarantine(void **state)
{
	struct fixture fx;
	struct quarantine kept = {.why = "unknown sender", .from_address = "eve@example.net",
	    .subject = "You have won"};
	struct job job = {.dedupe_key = "quarantine:1", .kind = "quarantine-summary", .team_id = 1,
	    .due_at = AT(24, 8, 0)};
	struct outbox *row;

	fixture_open(&fx);
	fx.ana.digest = "daily 20:00";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	td_ok(&fx, quarantine_add(fx.db, &kept, AT(24, 7, 0), &fx.err));
	td_ok(&fx, job_set(fx.db, &job, &fx.err));
	run(&fx, AT(24, 8, 0));
	row = queued(&fx, "quarantine:1:1:2026-11-24");
	assert_non_null(row); /* Ana leads; Ben does not */
	assert_int_equal(count_queued(&fx), 1);
	assert_int_equal(row->not_before, AT(24, 9, 0));
	assert_true(holds(row, "You have won"));
	/* The next one tells of new ones alone, and not at all without any. */
	job.due_at = AT(25, 8, 0);
	td_ok(&fx, job_set(fx.db, &job, &fx.err));
	run(&fx, AT(25, 8, 0));
	assert_int_equal(count_queued(&fx), 1);
	fixture_close(&fx);
}

static int handled;

static enum td_status
handler(struct db *db, const struct conf *c, const struct job *job, int64_t now,
    struct arena *arena, int64_t *next_due_r, struct err *err)
{
	assert_true(db_in_transaction(db));
	handled++;
	if (handled == 1)
		return err_perm(err, "not this time");
	*next_due_r = handled == 2 ? now + 60 : 0;
	return TD_OK;
}

static void
test_handlers(void **state)
{
	struct job job = {.dedupe_key = "confirm:1", .kind = "test", .person_id = 1,
	    .due_at = NOON};
	struct fixture fx;
	int64_t next;

	fixture_open(&fx);
	fx.ana.digest = fx.ben.digest = "off";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	td_ok(&fx, person_update(fx.db, &fx.ben, &fx.err));
	td_ok(&fx, job_set(fx.db, &job, &fx.err));
	/* Nobody knows this kind: it waits, and the loop is not kept busy. */
	assert_int_equal(run(&fx, NOON), NOON + 3600);
	jobs_register("test", handler);
	/* It fails: an hour later again; then twice, then it is gone. */
	assert_int_equal(jobs_run(fx.db, &conf, NOON + 3600, &next, &fx.err), TD_PERM);
	assert_string_equal(fx.err.text, "not this time");
	assert_int_equal(next, NOON + 7200);
	assert_int_equal(run(&fx, NOON + 7200), NOON + 7260);
	assert_int_equal(run(&fx, NOON + 7260), 0);
	assert_int_equal(handled, 3);
	fixture_close(&fx);
}

/* ---- mail that does not get through ---- */

static int64_t
notices(struct fixture *fx, const char *rcpt)
{
	int64_t n = -1;

	td_ok(fx, db_get_i64(fx->db, &fx->err, &n, NULL,
	    "SELECT count(*) FROM outbox WHERE kind = 'notice' AND rcpt = $1", "t", rcpt));
	return n;
}

static enum outbox_notice
attempt(struct fixture *fx, int64_t id, enum send_result result, int64_t now)
{
	enum outbox_notice notice;
	struct outbox *rows;
	size_t n;

	td_ok(fx, outbox_claim(fx->db, fx->arena, now, 100, &rows, &n, &fx->err));
	td_ok(fx, outbox_set_result(fx->db, id, result, "550 5.1.1 no such user", now, 0, &notice,
	    &fx->err));
	return notice;
}

/* A mail of that kind was first tried then, and now this is what came of it. */
static void
trouble(struct fixture *fx, const char *kind, const char *rcpt, int64_t since,
    enum send_result result, int64_t now)
{
	static int n;
	struct outbox row = {.dedupe_key = arena_printf(fx->arena, "trouble:%d", n++),
	    .kind = kind, .team_id = fx->team.id, .sender = "", .rcpt = rcpt, .mid = "m@x",
	    .bytes = SPAN("x")};
	enum outbox_notice notice;

	td_ok(fx, outbox_add(fx->db, &row, since, NULL, &fx->err));
	if (since < now)
		assert_int_equal(attempt(fx, row.id, SEND_TEMP, since), OUTBOX_NOTICE_NONE);
	notice = attempt(fx, row.id, result, now);
	td_ok(fx, jobs_tell_leads(fx->db, &conf, row.id, notice, now, &fx->err));
}

static void
test_notices(void **state)
{
	static const char *const lead = "ana@example.org";
	const int64_t now = AT(23, 12, 0), days = AT(18, 11, 0);
	struct fixture fx;
	struct outbox *row;

	fixture_open(&fx);
	td_ok(&fx, db_exec(fx.db, &fx.err, "UPDATE membership SET role = 'member'", ""));
	td_ok(&fx, member_set(fx.db, fx.team.id, fx.ana.id, ROLE_LEAD, now, &fx.err));
	td_ok(&fx, member_set(fx.db, fx.team.id, fx.ben.id, ROLE_LEAD, now, &fx.err));
	/* fine, or not late yet: nothing */
	trouble(&fx, "digest", "chi@example.org", now, SEND_SENT, now);
	trouble(&fx, "digest", "chi@example.org", now - 3 * HOUR, SEND_TEMP, now);
	assert_int_equal(notices(&fx, lead), 0);
	/* late: each lead once a day, however many mails wait */
	trouble(&fx, "digest", "chi@example.org", now - 5 * HOUR, SEND_TEMP, now);
	trouble(&fx, "digest", "dev@example.org", now - 5 * HOUR, SEND_TEMP, now);
	assert_int_equal(notices(&fx, lead), 1);
	assert_int_equal(notices(&fx, "ben@example.org"), 1);
	/* failed, by the server's word or after five days: each recipient */
	trouble(&fx, "ack", "chi@example.org", now, SEND_PERM, now);
	trouble(&fx, "digest", "chi@example.org", now, SEND_PERM, now);
	trouble(&fx, "digest", "dev@example.org", days, SEND_TEMP, now);
	assert_int_equal(notices(&fx, lead), 3);
	/* not to the address itself, and never about a notice */
	trouble(&fx, "digest", "Ana@example.org", now, SEND_PERM, now);
	assert_int_equal(notices(&fx, lead), 3);
	assert_int_equal(notices(&fx, "ben@example.org"), 4);
	trouble(&fx, "notice", "eli@example.org", now, SEND_PERM, now);
	trouble(&fx, "notice", "eli@example.org", days, SEND_TEMP, now);
	assert_int_equal(notices(&fx, lead), 3);
	assert_int_equal(notices(&fx, "ben@example.org"), 4);
	row = queued(&fx, arena_printf(fx.arena, "notice:failed:%lld:%lld:2026-11-23:%s",
	    (long long)fx.team.id, (long long)fx.ana.id, "chi@example.org"));
	assert_non_null(row);
	assert_true(holds(row, "Subject: Mail to chi@example.org could not be sent"));
	assert_true(holds(row, "550 5.1.1 no such user"));
	fixture_close(&fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_gather), cmocka_unit_test(test_gather_unowned),
	    cmocka_unit_test(test_gather_owner_left), cmocka_unit_test(test_gather_says_blocked),
	    cmocka_unit_test(test_digest_days),
	    cmocka_unit_test(test_digest_skipped), cmocka_unit_test(test_digest_settings),
	    cmocka_unit_test(test_digest_left), cmocka_unit_test(test_invites),
	    cmocka_unit_test(test_invites_of_removed_team),
	    cmocka_unit_test(test_quarantine), cmocka_unit_test(test_notices),
	    cmocka_unit_test(test_handlers),
	};

	return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
