/* SPDX-License-Identifier: ISC */
/* Tests of the core-hours invites that schedule/jobs keeps: who gets which SEQUENCE, and when. */
#include "tests/unit/jobs-fixture.h"

#include "daemon/store/absence.h"
#include "daemon/store/holiday.h"
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

/* Does the calendar in the mail, decoded from base64, leave out that moment? */
static bool
leaves_out(struct fixture *fx, const struct outbox *row, const char *moment)
{
	static const char abc[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct span rest = span_skip(row->bytes, span_find(row->bytes, SPAN("text/calendar")));
	const char *want = arena_printf(fx->arena, "EXDATE;TZID=Europe/Berlin:%s\r\n", moment);
	struct buf ics;
	uint32_t bits = 0;
	bool found;

	rest = span_skip(rest, span_find(rest, SPAN("\r\n\r\n")) + 4);
	rest = span_first(rest, span_find(rest, SPAN("--=_")));
	buf_init(&ics, 65536);
	for (size_t i = 0, n = 0; i < rest.len; i++) {
		const char *at = rest.ptr[i] != '\0' ? strchr(abc, rest.ptr[i]) : NULL;

		if (at == NULL)
			continue;
		bits = bits << 6 | (uint32_t)(at - abc);
		if (++n % 4 == 0)
			for (int shift = 16; shift >= 0; shift -= 8)
				buf_putc(&ics, (char)(bits >> shift & 0xff));
	}
	found = span_find(buf_span(&ics), span_of(want)) < ics.len;
	buf_release(&ics);
	return found;
}

static int64_t
away(struct fixture *fx, int64_t person, const char *first, const char *last, bool half)
{
	struct absence absence = {.person_id = person, .first_day = first, .last_day = last,
	    .kind = "off", .half_day = half, .created_at = NOON};

	td_ok(fx, absence_add(fx->db, &absence, &fx->err));
	return absence.id;
}

/* Days off are left out: one's own, from tomorrow on, each change with a SEQUENCE of one's own. */
static void
test_left_out(void **state)
{
	static const struct holiday days[] = {{"2026-12-08", "x"}, {"2026-12-09", "y"}};
	struct fixture fx;
	struct outbox *row;
	int64_t id;

	fixture_open(&fx);
	fx.ana.digest = fx.ben.digest = "off";
	td_ok(&fx, person_update(fx.db, &fx.ana, &fx.err));
	td_ok(&fx, person_update(fx.db, &fx.ben, &fx.err));
	fx.team.core_hours = "mon-wed 02:00-04:00"; /* 10:00 in Tokyo; the day before in Lima */
	td_ok(&fx, team_update(fx.db, &fx.team, &fx.err));
	away(&fx, fx.ana.id, "2026-11-27", "2026-12-01", false);
	run(&fx, NOON);
	row = invite(&fx, fx.ana.id, 0);
	assert_true(leaves_out(&fx, row, "20261130T020000"));
	assert_true(leaves_out(&fx, row, "20261201T020000"));
	assert_true(holds(row, "Left out, because you are off: Mon 30 Nov 2026, Tue 1 Dec 2026."));
	assert_false(leaves_out(&fx, invite(&fx, fx.ben.id, 0), "20261130T020000"));
	/* half a day, today, and a day without core hours change nothing */
	away(&fx, fx.ana.id, "2026-12-07", "2026-12-07", true);
	away(&fx, fx.ana.id, "2026-12-12", "2026-12-13", false);
	run(&fx, AT(24, 12, 0));
	away(&fx, fx.ana.id, "2026-11-24", "2026-11-24", false);
	run(&fx, AT(24, 12, 1));
	assert_int_equal(count_queued(&fx), 2);
	/* one more day: her alone, SEQUENCE 1; then it is taken back: 2 */
	id = away(&fx, fx.ana.id, "2026-12-14", "2026-12-14", false);
	run(&fx, AT(24, 12, 2));
	assert_int_equal(count_queued(&fx), 3);
	row = invite(&fx, fx.ana.id, 1);
	assert_true(holds(row, "Subject: Platform core hours, without your days off"));
	assert_true(leaves_out(&fx, row, "20261214T020000"));
	td_ok(&fx, absence_remove(fx.db, id, &fx.err));
	run(&fx, AT(24, 12, 3));
	row = invite(&fx, fx.ana.id, 2);
	assert_false(leaves_out(&fx, row, "20261214T020000"));
	/* public holidays: by the day that it is where the person is */
	td_ok(&fx, holiday_replace(fx.db, "jp", days, 2, &fx.err));
	td_ok(&fx, holiday_set_region(fx.db, HOLIDAY_PERSON, fx.ben.id, "jp", &fx.err));
	run(&fx, AT(24, 12, 4));
	row = invite(&fx, fx.ben.id, 1);
	assert_true(leaves_out(&fx, row, "20261208T020000"));
	assert_true(leaves_out(&fx, row, "20261209T020000"));
	assert_int_equal(count_queued(&fx), 5);
	/* what was left out and is over does not count */
	run(&fx, AT(24, 12, 0) + 30 * DAY);
	assert_int_equal(count_queued(&fx), 5);
	/* another rule: above all that anybody saw, and the days go with it */
	fx.team.core_hours = "mon-wed 03:00-05:00";
	td_ok(&fx, team_update(fx.db, &fx.team, &fx.err));
	td_ok(&fx, holiday_set_region(fx.db, HOLIDAY_PERSON, fx.ben.id, NULL, &fx.err));
	away(&fx, fx.ana.id, "2027-02-01", "2027-02-01", false);
	run(&fx, AT(24, 12, 5) + 30 * DAY);
	row = invite(&fx, fx.ana.id, 3);
	assert_true(leaves_out(&fx, row, "20270201T030000"));
	assert_non_null(invite(&fx, fx.ben.id, 3));
	fixture_close(&fx);
}

/* In Lima the day before has begun when the hours do. */
static void
test_left_out_zone(void **state)
{
	struct fixture fx;

	fixture_open(&fx);
	td_ok(&fx, member_set(fx.db, fx.team.id, fx.chi.id, ROLE_MEMBER, NOON, &fx.err));
	fx.team.core_hours = "mon-wed 02:00-04:00";
	td_ok(&fx, team_update(fx.db, &fx.team, &fx.err));
	away(&fx, fx.chi.id, "2026-11-30", "2026-11-30", false);
	run(&fx, NOON);
	assert_true(leaves_out(&fx, invite(&fx, fx.chi.id, 0), "20261201T020000"));
	assert_false(leaves_out(&fx, invite(&fx, fx.chi.id, 0), "20261130T020000"));
	fixture_close(&fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_invites), cmocka_unit_test(test_left_out),
	    cmocka_unit_test(test_left_out_zone),
	    cmocka_unit_test(test_invites_of_removed_team),
	    cmocka_unit_test(test_invites_of_removed_person),
	    cmocka_unit_test(test_invites_of_removed_in_vain),
	    cmocka_unit_test(test_invites_begin),
	};

	return cmocka_run_group_tests_name("invites", tests, NULL, NULL);
}
