/* SPDX-License-Identifier: ISC */
/*
 * Tests of store/search: what is held back until the commit is found all the same, is taken back
 * with its savepoint or transaction, and is whole after a commit.
 */
#include "tests/unit/store-fixture.h"

#include <sqlite3.h>

#include "daemon/store/migrations.h"
#include "daemon/store/search.h"
#include "daemon/store/status_update.h"

static void
set(struct fixture *fx, int64_t id, const char *text)
{
	td_ok(fx, search_set(fx->db, SEARCH_ITEM, id, fx->team.id, text, &fx->err));
}

static size_t
hits_in(struct fixture *fx, struct db *db, const char *words)
{
	struct search_hit *hits;
	size_t n;

	td_ok(fx, search_query(db, fx->arena, fx->team.id, words, 1000, &hits, &n, &fx->err));
	return n;
}

#define expect(fx, words, n) assert_int_equal(hits_in(fx, (fx)->db, words), n)

/* What another connection finds, which is what is committed. */
static void
expect_committed(struct fixture *fx, const char *words, size_t n)
{
	struct db *other;

	td_ok(fx, db_open(fx->path, DB_READ_ONLY, &other, &fx->err));
	assert_int_equal(hits_in(fx, other, words), n);
	db_close(&other);
}

static void
test_transaction(void **state)
{
	struct fixture fx;

	fixture_open(&fx);
	set(&fx, 1, "pump");
	td_ok(&fx, db_begin(fx.db, &fx.err));
	set(&fx, 2, "pump and seal");
	set(&fx, 2, "seal");
	set(&fx, 3, "seal");
	set(&fx, 3, NULL);
	expect(&fx, "pump", 1);
	expect(&fx, "seal", 1);
	expect_committed(&fx, "seal", 0);
	db_rollback(fx.db);
	expect(&fx, "seal", 0);
	td_ok(&fx, db_begin(fx.db, &fx.err));
	set(&fx, 2, "seal ring");
	set(&fx, 1, NULL);
	td_ok(&fx, db_commit(fx.db, &fx.err));
	expect_committed(&fx, "seal", 1);
	expect_committed(&fx, "pump", 0);
	/* nothing of it is left for the next one */
	set(&fx, 2, "other");
	td_ok(&fx, db_begin(fx.db, &fx.err));
	td_ok(&fx, db_commit(fx.db, &fx.err));
	expect_committed(&fx, "seal", 0);
	expect_committed(&fx, "other", 1);
	fixture_close(&fx);
}

/* One mail of a group is taken back: asked says whether it searched in between. */
static void
take_back(bool asked)
{
	struct fixture fx;

	fixture_open(&fx);
	td_ok(&fx, db_begin(fx.db, &fx.err));
	td_ok(&fx, db_savepoint(fx.db, &fx.err));
	set(&fx, 1, "first");
	set(&fx, 2, "second");
	td_ok(&fx, db_savepoint_release(fx.db, &fx.err));
	td_ok(&fx, db_savepoint(fx.db, &fx.err));
	set(&fx, 1, "changed");
	set(&fx, 2, NULL);
	set(&fx, 3, "third");
	if (asked)
		expect(&fx, "first", 0);
	if (asked)
		expect(&fx, "changed", 1);
	db_savepoint_rollback(fx.db);
	td_ok(&fx, db_savepoint(fx.db, &fx.err));
	set(&fx, 4, "fourth");
	td_ok(&fx, db_savepoint_release(fx.db, &fx.err));
	td_ok(&fx, db_commit(fx.db, &fx.err));
	expect_committed(&fx, "first", 1);
	expect_committed(&fx, "second", 1);
	expect_committed(&fx, "fourth", 1);
	expect_committed(&fx, "changed", 0);
	expect_committed(&fx, "third", 0);
	fixture_close(&fx);
}

static void
test_savepoint(void **state)
{
	take_back(false);
	take_back(true);
}

/* More than is held in memory: written early, and never within a savepoint. */
static void
test_much_text(void **state)
{
	struct fixture fx;
	char *text = td_alloc(300001);

	fixture_open(&fx);
	for (size_t i = 0; i < 300000; i += 10)
		snprintf(text + i, 11, "w%08zu ", i % 20000);
	memcpy(text, "valve ", 6);
	td_ok(&fx, db_begin(fx.db, &fx.err));
	for (int64_t id = 1; id <= 20; id++) {
		td_ok(&fx, db_savepoint(fx.db, &fx.err));
		set(&fx, id, text);
		if (id % 5 == 0)
			db_savepoint_rollback(fx.db);
		else
			td_ok(&fx, db_savepoint_release(fx.db, &fx.err));
	}
	td_ok(&fx, db_commit(fx.db, &fx.err));
	expect_committed(&fx, "valve", 16);
	free(text);
	fixture_close(&fx);
}

static const char old_rows[] =
    "INSERT INTO team (id, name, title, address, zone, created_at) "
    "VALUES (1, 'platform', 'Platform', 'platform@example.org', 'UTC', 1);"
    "INSERT INTO person (id, name, handle, zone, created_at) VALUES (1, 'Ana', 'ana', 'UTC', 1);"
    "INSERT INTO status_update (id, team_id, person_id, day, created_at, updated_at) "
    "VALUES (7, 1, 1, '2026-11-21', 1, 1);"
    "INSERT INTO message (id, key, received_at, size, trust, outcome, reading) "
    "VALUES (5, 'a', 1, 1, 2, 'applied', '{}'), (6, 'b', 1, 1, 2, 'applied', '{}');"
    "INSERT INTO update_line (id, update_id, section, text, message_id, position) VALUES "
    "(11, 7, 'done', 'fixed the pump', 5, 1), (12, 7, 'notes', 'with a ring', 5, 2), "
    "(13, 7, 'next', 'paint the pump', 6, 3);"
    "INSERT INTO search (rowid, text, entity, entity_id, team_id) "
    "VALUES (7 * 8 + 2, 'fixed the pump with a ring paint the pump', 'update', 7, 1), "
    "(7 * 8, 'an item with a pump', 'item', 7, 1);";

/* Schema 8: an update of before is found by what each mail added. */
/* One word, 50,000 times: the search is answered all the same, with the text's beginning. */
static void
test_one_word_again_and_again(void **state)
{
	struct fixture fx;
	struct search_hit *hits;
	size_t n;
	char *text;

	fixture_open(&fx);
	text = arena_alloc(fx.arena, 5 * 50000 + 1);
	for (size_t i = 0; i < 50000; i++)
		memcpy(text + 5 * i, "pump ", 5);
	set(&fx, 1, text);
	set(&fx, 2, "one pump");
	td_ok(&fx, search_query(fx.db, fx.arena, fx.team.id, "pump", 10, &hits, &n, &fx.err));
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		if (hits[i].entity_id == 1)
			assert_int_equal(strlen(hits[i].snippet), 200);
		else
			assert_string_equal(hits[i].snippet, "one [pump]");
	fixture_close(&fx);
}

static void
test_migration(void **state)
{
	struct fixture fx;
	struct status_update *update;
	struct search_hit *hits;
	size_t n;
	char *why = NULL;
	sqlite3 *raw;

	fixture_dir(&fx);
	assert_int_equal(sqlite3_open(fx.path, &raw), SQLITE_OK);
	td_ok(&fx, migrations_run(raw, fx.path, migrations, 7, 1, &fx.err));
	if (sqlite3_exec(raw, old_rows, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	sqlite3_close(raw);
	td_ok(&fx, db_open(fx.path, DB_READ_WRITE, &fx.db, &fx.err));
	fx.team.id = 1;
	expect(&fx, "pump", 3);
	td_ok(&fx, search_query(fx.db, fx.arena, 1, "ring pump", 10, &hits, &n, &fx.err));
	assert_int_equal(n, 1);
	assert_int_equal(hits[0].entity, SEARCH_UPDATE);
	td_ok(&fx, status_update_of_line(fx.db, fx.arena, hits[0].entity_id, &update, &fx.err));
	assert_non_null(update);
	assert_int_equal(update->id, 7);
	assert_int_equal(update->person_id, 1);
	td_ok(&fx, status_update_of_line(fx.db, fx.arena, 999, &update, &fx.err));
	assert_null(update);
	fixture_remove(&fx, ".before-8");
	fixture_close(&fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_transaction), cmocka_unit_test(test_savepoint),
	    cmocka_unit_test(test_much_text),
	    cmocka_unit_test(test_one_word_again_and_again), cmocka_unit_test(test_migration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
