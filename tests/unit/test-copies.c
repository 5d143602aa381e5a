/* SPDX-License-Identifier: ISC */
/* Tests of copies: the same mail has its effect once, by the best of its copies. */
#include "tests/unit/intake-fixture.h"

#include "daemon/intake/answer.h"
#include "daemon/store/quarantine.h"

#define KEY "%064d"

static void
open_box(struct inbox *in, struct letter *l)
{
	inbox_open(in, CONF_TRUST_AUTHENTICATED);
	in->conf.trust.authserv_id = LETTER_AUTHSERV;
	*l = (struct letter){.subject = "Fix", .mid = "fix@x", .target = {.kind = KIND_TASK},
	    .fields = {.title = "Fix"}, .key = arena_printf(in->fx.arena, KEY, 7)};
}

static void
add_web(struct inbox *in)
{
	struct team web = {.name = "web", .title = "Web", .address = "web@example.org",
	    .zone = "Europe/Paris"};

	td_ok(&in->fx, team_add(in->fx.db, &web, NOON, &in->fx.err));
	td_ok(&in->fx, member_set(in->fx.db, web.id, in->fx.ana.id, ROLE_MEMBER, NOON,
	    &in->fx.err));
}

static enum td_status
release(struct inbox *in, int64_t message_id)
{
	return intake_release(in->fx.db, &in->conf, message_id, 2, NOON + 60, in->fx.arena,
	    &in->result, &in->fx.err);
}

/* Whatever came first: the authenticated copy acts, is answered, and is the last to. */
static void
test_better_copy(void **state)
{
	static const struct {
		const char *name;
		enum auto_kind kind;
		bool authentic, too_large;
		const char *to;
		enum intake_outcome outcome;
	} rows[] = {
	    {"a list's", AUTO_LIST, true, false, NULL, INTAKE_IGNORED},
	    {"a list's, of anybody", AUTO_LIST, false, false, NULL, INTAKE_IGNORED},
	    {"an automatic one", AUTO_REPLY, true, false, NULL, INTAKE_IGNORED},
	    {"one of anybody", AUTO_NONE, false, false, NULL, INTAKE_HELD},
	    {"to no team", AUTO_NONE, true, false, "sales@example.org", INTAKE_QUARANTINED},
	    {"half", AUTO_NONE, true, true, NULL, INTAKE_QUARANTINED},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct inbox in;
		struct letter l;

		open_box(&in, &l);
		l.auto_kind = rows[i].kind;
		l.is_authenticated = rows[i].authentic;
		l.to = rows[i].to;
		l.too_large = rows[i].too_large ? 31200000 : 0;
		row_assert(take(&in, &l) == rows[i].outcome, rows[i].name);
		row_assert(take(&in, &l) == INTAKE_DUPLICATE, rows[i].name);
		row_assert(number(&in, "SELECT count(*) FROM item") == 0, rows[i].name);
		l.auto_kind = AUTO_NONE;
		l.is_authenticated = true;
		l.to = NULL;
		l.too_large = 0;
		row_assert(take(&in, &l) == INTAKE_APPLIED, rows[i].name);
		row_assert(number(&in, "SELECT count(*) FROM item") == 1, rows[i].name);
		row_assert(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'ack' "
		    "AND rcpt = 'ana@example.org'") == 1 || rows[i].too_large, rows[i].name);
		row_assert(take(&in, &l) == INTAKE_DUPLICATE, rows[i].name);
		l.is_authenticated = false;
		row_assert(take(&in, &l) == INTAKE_DUPLICATE, rows[i].name);
		row_assert(number(&in, "SELECT count(*) FROM message WHERE outcome = 'applied' "
		    "AND trust = 2") == 1, rows[i].name);
		row_assert(number(&in, "SELECT count(*) FROM message") == 1, rows[i].name);
		/* nothing of it waits, and nothing can be released once more */
		row_assert(number(&in, "SELECT count(*) FROM held WHERE state = 'waiting'") == 0,
		    rows[i].name);
		row_assert(number(&in, "SELECT count(*) FROM quarantine WHERE state = 'kept'") == 0,
		    rows[i].name);
		row_assert(release(&in, in.result.message_id) == TD_PERM, rows[i].name);
		row_assert(number(&in, "SELECT count(*) FROM item") == 1, rows[i].name);
		fixture_close(&in.fx);
	}
}

/* The question was asked; the authenticated copy comes before the "yes". */
static void
test_yes_comes_late(void **state)
{
	struct job job = {.kind = "confirm"};
	int64_t next = 1, monday = NOON + 45 * 3600;
	struct inbox in;
	struct letter l;

	open_box(&in, &l);
	assert_int_equal(take(&in, &l), INTAKE_HELD);
	job.person_id = in.fx.ana.id;
	td_ok(&in.fx, answer_confirm_job(in.fx.db, &in.conf, &job, monday, in.fx.arena, &next,
	    &in.fx.err));
	l.is_authenticated = true;
	assert_int_equal(take(&in, &l), INTAKE_APPLIED);
	assert_int_equal(take(&in, &(struct letter){.text = "yes", .at = monday + 60,
	    .reply_to = text_of(&in, "SELECT mid FROM outbox WHERE kind = 'confirm'")}),
	    INTAKE_APPLIED);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	fixture_close(&in.fx);
}

/* A "yes" whose list copy came first, for all that is held. */
static void
test_yes_by_a_list_first(void **state)
{
	struct job job = {.kind = "confirm"};
	int64_t next = 1, monday = NOON + 45 * 3600;
	struct inbox in;
	struct letter l, yes;

	open_box(&in, &l);
	assert_int_equal(take(&in, &l), INTAKE_HELD);
	job.person_id = in.fx.ana.id;
	td_ok(&in.fx, answer_confirm_job(in.fx.db, &in.conf, &job, monday, in.fx.arena, &next,
	    &in.fx.err));
	yes = (struct letter){.text = "yes", .at = monday + 60, .auto_kind = AUTO_LIST,
	    .key = arena_printf(in.fx.arena, KEY, 8),
	    .reply_to = text_of(&in, "SELECT mid FROM outbox WHERE kind = 'confirm'")};
	assert_int_equal(take(&in, &yes), INTAKE_IGNORED);
	yes.auto_kind = AUTO_NONE;
	assert_int_equal(take(&in, &yes), INTAKE_APPLIED);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	assert_int_equal(take(&in, &yes), INTAKE_DUPLICATE);
	fixture_close(&in.fx);
}

/* What was dropped stays so when it is read again under other rules; an authenticated copy is
 * more than was dropped. */
static void
test_dropped(void **state)
{
	struct inbox in;
	struct letter l;

	open_box(&in, &l);
	assert_int_equal(take(&in, &l), INTAKE_HELD);
	td_ok(&in.fx, held_end(in.fx.db, in.result.message_id, "dropped", &in.fx.err));
	in.conf.trust.mode = CONF_TRUST_ENVELOPE;
	assert_int_equal(take(&in, &l), INTAKE_DUPLICATE);
	in.conf.trust.mode = CONF_TRUST_AUTHENTICATED;
	assert_int_equal(take(&in, &l), INTAKE_DUPLICATE);
	l.is_authenticated = true;
	assert_int_equal(take(&in, &l), INTAKE_APPLIED);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	fixture_close(&in.fx);
}

static void
test_unknown_is_known_now(void **state)
{
	struct inbox in;
	struct letter l;

	open_box(&in, &l);
	l.from = "eve@example.org";
	l.is_authenticated = true;
	assert_int_equal(take(&in, &l), INTAKE_QUARANTINED);
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "INSERT INTO address (address, person_id) "
	    "VALUES ('eve@example.org', $1)", "i", in.fx.ben.id));
	assert_int_equal(take(&in, &l), INTAKE_APPLIED);
	assert_int_equal(number(&in, "SELECT count(*) FROM quarantine WHERE state = 'kept'"), 0);
	assert_int_equal(release(&in, in.result.message_id), TD_PERM);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	fixture_close(&in.fx);
}

/* A copy of anybody names a team more than the authenticated one: that team waits for the "yes",
 * and the other one had the mail. */
static void
test_wider_copy_is_held(void **state)
{
	struct inbox in;
	struct letter l;
	int64_t held;

	open_box(&in, &l);
	add_web(&in);
	l.to2 = "web@example.org";
	assert_int_equal(take(&in, &l), INTAKE_HELD);
	held = in.result.message_id;
	l.to2 = NULL;
	l.is_authenticated = true;
	assert_int_equal(take(&in, &l), INTAKE_APPLIED);
	assert_int_equal(take(&in, &l), INTAKE_DUPLICATE);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	td_ok(&in.fx, release(&in, held));
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 2);
	assert_int_equal(number(&in, "SELECT count(DISTINCT team_id) FROM item"), 2);
	assert_int_equal(number(&in, "SELECT count(*) FROM held WHERE state = 'waiting'"), 0);
	l.to2 = "web@example.org";
	assert_int_equal(take(&in, &l), INTAKE_DUPLICATE);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 2);
	fixture_close(&in.fx);
}

/* A held copy acted in the second team only; its "yes" does nothing in the first. */
static void
test_held_in_second_team(void **state)
{
	struct inbox in;
	struct letter l;
	int64_t held;

	open_box(&in, &l);
	add_web(&in);
	l.is_authenticated = true;
	assert_int_equal(take(&in, &l), INTAKE_APPLIED);
	l.is_authenticated = false;
	l.to2 = "web@example.org";
	assert_int_equal(take(&in, &l), INTAKE_HELD);
	held = in.result.message_id;
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	td_ok(&in.fx, release(&in, held));
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 2);
	assert_int_equal(number(&in, "SELECT count(DISTINCT team_id) FROM item"), 2);
	l.is_authenticated = true;
	assert_int_equal(take(&in, &l), INTAKE_DUPLICATE);
	fixture_close(&in.fx);
}

/* The same, but the authenticated copy comes before the "yes". */
static void
test_second_team_settled(void **state)
{
	struct inbox in;
	struct letter l;
	int64_t held;

	open_box(&in, &l);
	add_web(&in);
	assert_int_equal(take(&in, &l), INTAKE_HELD);
	l.to = "web@example.org";
	assert_int_equal(take(&in, &l), INTAKE_HELD);
	held = in.result.message_id;
	l.is_authenticated = true;
	l.to2 = "platform@example.org";
	assert_int_equal(take(&in, &l), INTAKE_APPLIED);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 2);
	assert_int_equal(number(&in, "SELECT count(*) FROM held WHERE state = 'waiting'"), 0);
	assert_int_equal(release(&in, held), TD_PERM);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 2);
	fixture_close(&in.fx);
}

/* Who was erased and comes again begins anew; old mail that is read again is not theirs. */
static void
test_erased(void **state)
{
	struct inbox in;
	struct letter l;

	open_box(&in, &l);
	l.is_authenticated = true;
	assert_int_equal(take(&in, &l), INTAKE_APPLIED);
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "UPDATE message SET reading = '{}'", ""));
	assert_int_equal(take(&in, &l), INTAKE_DUPLICATE);
	l.from = "eve@example.org";
	assert_int_equal(take(&in, &l), INTAKE_DUPLICATE);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_better_copy), cmocka_unit_test(test_yes_comes_late),
	    cmocka_unit_test(test_yes_by_a_list_first), cmocka_unit_test(test_dropped),
	    cmocka_unit_test(test_unknown_is_known_now),
	    cmocka_unit_test(test_wider_copy_is_held),
	    cmocka_unit_test(test_held_in_second_team),
	    cmocka_unit_test(test_second_team_settled), cmocka_unit_test(test_erased),
	};

	return cmocka_run_group_tests_name("copies", tests, NULL, NULL);
}
