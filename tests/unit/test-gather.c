/* SPDX-License-Identifier: ISC */
/* Tests of compose/gather on a real store: what the digest of each reader says. */
#include "tests/unit/jobs-fixture.h"

#include "daemon/compose/gather.h"
#include "daemon/store/absence.h"
#include "daemon/store/entry.h"

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

static bool
is_among(const char *const *texts, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(texts[i], text) == 0)
			return true;
	return false;
}

/* What was next and did not come is told; what came, by its words or its item, is not. */
static void
test_gather_missed(void **state)
{
	struct fixture fx;
	struct gather_request request = {.now = AT(24, 8, 30)};
	struct compose_common common = {.templates = NULL};
	struct compose_digest d;
	const struct digest_update *ben;
	const char *text;

	fixture_open(&fx);
	add_item(&fx, "Parser", fx.ben.id, 0, NULL);
	/* Friday's plans, a weekend between */
	update(&fx, fx.ben.id, "2026-11-20", "next", "Review the parser");
	update(&fx, fx.ben.id, "2026-11-20", "next", "Write to the provider");
	update(&fx, fx.ben.id, "2026-11-20", "next", "Call Dee");
	update(&fx, fx.ben.id, "2026-11-19", "next", "long ago");
	update(&fx, fx.ben.id, "2026-11-23", "done", "review the parser, with Ana");
	update(&fx, fx.ben.id, "2026-11-23", "next", "Call Dee");
	update(&fx, fx.ana.id, "2026-11-20", "next", "Anything");

	d = gather(&fx, fx.ana.id, AT(24, 8, 30));
	ben = &d.updates[1];
	assert_string_equal(ben->name, "Ben");
	assert_int_equal(ben->n_missed, 2);
	assert_true(is_among(ben->missed, ben->n_missed, "Write to the provider"));
	assert_true(is_among(ben->missed, ben->n_missed, "Call Dee"));
	/* who told nothing is not held to a plan */
	assert_int_equal(d.updates[0].n_missed, 0);
	request.team_id = fx.team.id;
	request.person_id = fx.ana.id;
	td_ok(&fx, gather_digest(fx.db, fx.arena, &request, &common, &d, &fx.err));
	td_ok(&fx, compose_digest_text(fx.arena, &common, &d, &text, &fx.err));
	assert_non_null(strstr(text, "planned and not done:"));
	/* the next day his plan of Monday came, and nothing of Friday's is told again */
	update(&fx, fx.ben.id, "2026-11-24", "done", "Call Dee");
	d = gather(&fx, fx.ana.id, AT(25, 8, 30));
	assert_int_equal(d.updates[1].n_missed, 0);
	fixture_close(&fx);
}

/* A plan that names an item came when the item was closed. */
static void
test_gather_missed_item(void **state)
{
	struct fixture fx;
	struct compose_digest d;
	struct item *item, *before;
	int64_t id;

	fixture_open(&fx);
	id = add_item(&fx, "Parser", fx.ben.id, 0, NULL);
	update_item(&fx, fx.ben.id, "2026-11-20", "next", "#1 parser", id);
	update(&fx, fx.ben.id, "2026-11-23", "done", "this and that");
	d = gather(&fx, fx.ana.id, AT(24, 8, 30));
	assert_int_equal(d.updates[1].n_missed, 1);
	td_ok(&fx, item_by_id(fx.db, fx.arena, id, &item, &fx.err));
	before = item_copy(fx.arena, item);
	item_set_state(item, ITEM_DONE, NULL, NOON);
	td_ok(&fx, item_save(fx.db, before, item, &fx.err));
	d = gather(&fx, fx.ana.id, AT(24, 8, 30));
	assert_int_equal(d.updates[1].n_missed, 0);
	fixture_close(&fx);
}

/* A week's digest looks at each day's plans. */
static void
test_gather_missed_week(void **state)
{
	struct gather_request request = {.now = AT(27, 8, 30), .weekly = true};
	struct fixture fx;
	struct compose_common common;
	struct compose_digest d;

	fixture_open(&fx);
	update(&fx, fx.ben.id, "2026-11-23", "next", "Tests");
	update(&fx, fx.ben.id, "2026-11-23", "next", "Docs");
	update(&fx, fx.ben.id, "2026-11-24", "done", "tests");
	update(&fx, fx.ben.id, "2026-11-25", "next", "Release");
	request.team_id = fx.team.id;
	request.person_id = fx.ana.id;
	td_ok(&fx, gather_digest(fx.db, fx.arena, &request, &common, &d, &fx.err));
	assert_int_equal(d.updates[1].n_missed, 1);
	assert_string_equal(d.updates[1].missed[0], "Docs");
	assert_int_equal(d.updates[1].n_next, 1);
	fixture_close(&fx);
}

/* n of m: as written, by the items that are named, by those of a project. */
static void
test_gather_goals(void **state)
{
	struct fixture fx;
	struct compose_digest d;
	struct item *item, *before;

	fixture_open(&fx);
	for (int i = 1; i <= 5; i++)
		add_item(&fx, "Work", fx.ben.id, 0, NULL);
	for (uint32_t i = 1; i <= 4; i++) {
		td_ok(&fx, item_by_number(fx.db, fx.arena, fx.team.id, i, &item, &fx.err));
		before = item_copy(fx.arena, item);
		item->project = i > 2 ? "web" : NULL;
		item_set_state(item, i == 4 ? ITEM_DROPPED : i % 2 ? ITEM_DONE : ITEM_STARTED, NULL,
		    NOON);
		td_ok(&fx, item_save(fx.db, before, item, &fx.err));
	}
	update(&fx, fx.ana.id, "2026-11-23", "goals", "Release 0.9: 7 of 10");
	update(&fx, fx.ana.id, "2026-11-23", "goals", "Parser #1 #2, #99 and #4");
	update(&fx, fx.ana.id, "2026-11-23", "goals", "+web");
	update(&fx, fx.ana.id, "2026-11-23", "goals", "Be kind");
	update(&fx, fx.ana.id, "2026-11-23", "goals", "Demo");
	update(&fx, fx.ana.id, "2026-11-23", "goals", "[x] demo");
	d = gather(&fx, fx.ana.id, AT(24, 8, 30));
	assert_int_equal(d.n_goals, 5);
	/* ticked: it is reached */
	assert_string_equal(d.goals[4].text, "demo");
	assert_int_equal(d.goals[4].done, 1);
	assert_int_equal(d.goals[4].total, 1);
	assert_int_equal(d.goals[0].done, 7);
	assert_int_equal(d.goals[0].total, 10);
	assert_int_equal(d.goals[1].done,
	    1); /* a dropped one and one that is not there don't count */
	assert_int_equal(d.goals[1].total, 2);
	assert_int_equal(d.goals[2].done, 1);
	assert_int_equal(d.goals[2].total, 1);
	assert_int_equal(d.goals[3].total, 0);
	fixture_close(&fx);
}

/* A task that nobody owns waits for the leads, whatever its state; others have enough of their
 * own. */
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
	item_snooze(fx.arena, item, fx.ana.id, AT(26, 0, 0));
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
	/* Where nobody leads, each member sees it, and what Ana snoozes too; a guest does not. */
	td_ok(&fx, member_set(fx.db, fx.team.id, fx.ana.id, ROLE_MEMBER, NOON, &fx.err));
	assert_int_equal(gather(&fx, fx.ben.id, AT(24, 8, 30)).n_needs, 5);
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

/* A number alone is told with its title; words stay as they were written. */
static void
test_gather_number_alone(void **state)
{
	struct fixture fx;
	struct compose_digest d;
	int64_t item;

	fixture_open(&fx);
	item = add_item(&fx, "Mend the pump", fx.ben.id, 0, NULL);
	update_item(&fx, fx.ben.id, "2026-11-23", "done", "#1", item);
	update_item(&fx, fx.ben.id, "2026-11-23", "done", "#1 the pump", item);
	d = gather(&fx, fx.ana.id, AT(24, 8, 30));
	for (size_t i = 0; i < d.n_updates; i++)
		if (strcmp(d.updates[i].name, "Ben") == 0) {
			assert_int_equal(d.updates[i].n_done, 2);
			assert_string_equal(d.updates[i].done[0], "#1 Mend the pump");
			assert_string_equal(d.updates[i].done[1], "#1 the pump");
			fixture_close(&fx);
			return;
		}
	fail_msg("Ben's update is not told");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_gather), cmocka_unit_test(test_gather_number_alone),
	    cmocka_unit_test(test_gather_missed),
	    cmocka_unit_test(test_gather_missed_item),
	    cmocka_unit_test(test_gather_missed_week), cmocka_unit_test(test_gather_goals),
	    cmocka_unit_test(test_gather_unowned),
	    cmocka_unit_test(test_gather_owner_left),
	    cmocka_unit_test(test_gather_says_blocked),
	};

	return cmocka_run_group_tests_name("gather", tests, NULL, NULL);
}
