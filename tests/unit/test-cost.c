/* SPDX-License-Identifier: ISC */
/*
 * What something costs the store does not grow with what is there: counted in the steps of the
 * engine's programs, which are the same on every machine.
 */
#include "config.h"

#include <sqlite3.h>

#include "tests/unit/store-fixture.h"

#include "daemon/store/status_update.h"

#define FEW 10
#define MANY 1000

static int64_t steps;

static int
count_steps(unsigned what, void *user, void *st, void *took)
{
	(void)what, (void)user, (void)took;
	steps += sqlite3_stmt_status(st, SQLITE_STMTSTATUS_VM_STEP, 1);
	return 0;
}

/* Each database that is opened from now on tells what its statements did. */
static int
watch(sqlite3 *handle, const char **error, const void *api)
{
	(void)error, (void)api;
	return sqlite3_trace_v2(handle, SQLITE_TRACE_PROFILE, count_steps, NULL);
}

/* Puts it into the update of a day; how many steps that took. */
static int64_t
add_line(struct fixture *fx, int64_t update, int n)
{
	struct update_line line = {.section = "notes",
	    .text = arena_printf(fx->arena, "%04d is the number of this note, which is long", n)};
	bool added = false;

	steps = 0;
	td_ok(fx, status_update_add_line(fx->db, update, &line, &added, &fx->err));
	assert_true(added);
	return steps;
}

static void
test_line_of_an_update(void **state)
{
	struct fixture fx;
	int64_t update = 0, few = 0, many = 0;

	(void)state;
	fixture_open(&fx);
	td_ok(&fx, db_begin(fx.db, &fx.err));
	td_ok(&fx, status_update_get(fx.db, fx.team.id, fx.ana.id, "2026-11-21", NOON, &update,
	    NULL, &fx.err));
	for (int n = 0; n < MANY; n++) {
		many = add_line(&fx, update, n);
		few = n == FEW ? many : few;
	}
	td_ok(&fx, db_commit(fx.db, &fx.err));
	assert_true(few > 0);
	assert_int_equal(many, few);
	fixture_close(&fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_line_of_an_update),
	};

	sqlite3_auto_extension((void (*)(void))watch);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
