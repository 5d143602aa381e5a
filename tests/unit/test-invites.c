/* SPDX-License-Identifier: ISC */
/* Tests of the core-hours invites that schedule/jobs keeps: who gets which SEQUENCE, and when. */
#include "tests/unit/jobs-fixture.h"

#include "daemon/store/meeting.h"

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
	/* It names the day of the first occurrence, which is no weekend. */
	assert_true(holds(row, "  From: Mon 23 Nov 2026\r\n"));
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

/* Who was removed altogether has no address any more: the CANCEL goes to the last one, once. */
static void
test_invites_of_removed_person(void **state)
{
	struct fixture fx;
	struct attendee *attendees;
	struct meeting *meeting;
	struct outbox *row;
	struct person again;
	size_t n;

	fixture_open(&fx);
	fx.team.core_hours = "mon-thu 14:00-16:00";
	td_ok(&fx, team_update(fx.db, &fx.team, &fx.err));
	run(&fx, NOON);
	assert_non_null(invite(&fx, fx.ben.id, 0));
	td_ok(&fx, person_address_add(fx.db, fx.ben.id, "ben@example.net", true, &fx.err));
	td_ok(&fx, person_remove(fx.db, fx.ben.id, NOON + 60, &fx.err));
	run(&fx, NOON + 60);
	row = invite(&fx, fx.ben.id, 1);
	assert_non_null(row);
	assert_true(holds(row, "method=CANCEL"));
	assert_string_equal(row->rcpt, "ben@example.net");
	assert_true(holds(row, "To: \"Ben Okri\" <ben@example.net>"));
	/* Sunday noon in Tokyo: it waits for Monday 09:00 there */
	assert_int_equal(row->not_before, AT(23, 0, 0));
	n = count_queued(&fx);
	run(&fx, NOON + 120);
	assert_int_equal(count_queued(&fx), n);
	/* The address is not kept any longer than that. */
	td_ok(&fx, meeting_find(fx.db, fx.arena, fx.team.id, "core", &meeting, &fx.err));
	td_ok(&fx, attendee_list(fx.db, fx.arena, meeting->id, &attendees, &n, &fx.err));
	assert_int_equal(n, 1);
	assert_null(attendees[0].last_address);
	/* The same mailbox again, under a new name: above what it was sent. */
	fixture_person(&fx, &again, "ben@example.net", "Ben O.", "Asia/Tokyo", ROLE_MEMBER);
	assert_int_not_equal(again.id, fx.ben.id);
	run(&fx, NOON + 180);
	assert_true(holds(invite(&fx, again.id, 2), "method=REQUEST"));
	fixture_close(&fx);
}

/* No CANCEL to an address that takes no mail, nor to who was never invited. */
static void
test_invites_of_removed_in_vain(void **state)
{
	struct fixture fx;
	size_t n;
	bool known;

	fixture_open(&fx);
	fx.team.core_hours = "mon-thu 14:00-16:00";
	td_ok(&fx, team_update(fx.db, &fx.team, &fx.err));
	run(&fx, NOON);
	n = count_queued(&fx);
	td_ok(&fx, person_set_delivery(fx.db, "ben@example.org", "hard", "550", NOON, &known,
	    &fx.err));
	td_ok(&fx, person_remove(fx.db, fx.ben.id, NOON + 60, &fx.err));
	td_ok(&fx, person_remove(fx.db, fx.chi.id, NOON + 60, &fx.err));
	run(&fx, NOON + 60);
	assert_int_equal(count_queued(&fx), n);
	fixture_close(&fx);
}

/* Hours that begin on a day whose share is over already start with the next. */
static void
test_invites_begin(void **state)
{
	static const struct {
		const char *hours;
		int64_t now;
		const char *from;
	} rows[] = {
	    {"mon-thu 14:00-16:00", AT(23, 8, 0), "Mon 23 Nov"},
	    {"mon-thu 14:00-16:00", AT(23, 14, 30), "Mon 23 Nov"},
	    {"mon-thu 14:00-16:00", AT(23, 15, 0), "Tue 24 Nov"},
	    {"mon-thu 14:00-16:00", AT(26, 18, 0), "Mon 30 Nov"},
	    {"wed 09:00-10:00", AT(23, 8, 0), "Wed 25 Nov"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture fx;

		fixture_open(&fx);
		fx.team.core_hours = rows[i].hours;
		td_ok(&fx, team_update(fx.db, &fx.team, &fx.err));
		run(&fx, rows[i].now);
		if (!holds(invite(&fx, fx.ana.id, 0),
			arena_printf(fx.arena, "  From: %s 2026\r\n", rows[i].from)))
			fail_msg("row %zu: not from %s", i, rows[i].from);
		fixture_close(&fx);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_invites),
	    cmocka_unit_test(test_invites_of_removed_team),
	    cmocka_unit_test(test_invites_of_removed_person),
	    cmocka_unit_test(test_invites_of_removed_in_vain),
	    cmocka_unit_test(test_invites_begin),
	};

	return cmocka_run_group_tests_name("invites", tests, NULL, NULL);
}
