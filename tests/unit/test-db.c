/* SPDX-License-Identifier: ISC */
/* Tests of store/db and store/migrations: opening, refusing, statements, savepoints, copies. */
#include "tests/unit/store-fixture.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "daemon/store/event.h"
#include "daemon/store/migrations.h"

static void
write_file(const char *path, const char *bytes, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void
expect_refusal(struct fixture *fx, enum db_mode mode, const char *part)
{
	struct db *db = NULL;

	assert_int_not_equal(db_open(fx->path, mode, &db, &fx->err), TD_OK);
	assert_null(db);
	if (strstr(fx->err.text, part) == NULL || strstr(fx->err.text, fx->path) == NULL)
		fail_msg("\"%s\" says neither \"%s\" nor the file", fx->err.text, part);
}

static void
test_open_refusals(void **state)
{
	struct fixture fx;
	char garbage[4096];

	fixture_dir(&fx);
	expect_refusal(&fx, DB_READ_WRITE, "no store");
	write_file(fx.path, "", 0);
	expect_refusal(&fx, DB_READ_WRITE, "empty");
	expect_refusal(&fx, DB_READ_ONLY, "empty");
	memset(garbage, 'x', sizeof garbage);
	write_file(fx.path, garbage, sizeof garbage);
	expect_refusal(&fx, DB_READ_WRITE, "not a database");
	unlink(fx.path);
	snprintf(fx.path, sizeof fx.path, "%s/none/t.db", fx.dir);
	expect_refusal(&fx, DB_CREATE, "folder does not exist");
	snprintf(fx.path, sizeof fx.path, "%s/t.db", fx.dir);
	fixture_close(&fx);
}

static void
test_foreign_and_newer(void **state)
{
	struct fixture fx;
	sqlite3 *raw;

	fixture_dir(&fx);
	assert_int_equal(sqlite3_open(fx.path, &raw), SQLITE_OK);
	assert_int_equal(sqlite3_exec(raw, "CREATE TABLE other (x)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(raw);
	expect_refusal(&fx, DB_CREATE, "another program");
	unlink(fx.path);

	td_ok(&fx, db_open(fx.path, DB_CREATE, &fx.db, &fx.err));
	td_ok(&fx, db_exec(fx.db, &fx.err, "PRAGMA user_version = 99", ""));
	db_close(&fx.db);
	expect_refusal(&fx, DB_READ_WRITE, "newer version");
	expect_refusal(&fx, DB_READ_ONLY, "newer version");
	fixture_close(&fx);
}

static void
test_read_only(void **state)
{
	struct fixture fx;
	struct db *ro = NULL;

	fixture_open(&fx);
	td_ok(&fx, db_open(fx.path, DB_READ_ONLY, &ro, &fx.err));
	assert_int_equal(db_exec(ro, &fx.err, "DELETE FROM membership", ""), TD_TEMP);
	assert_non_null(strstr(fx.err.text, "cannot be written"));
	db_close(&ro);
	fixture_close(&fx);
}

static void
test_locked(void **state)
{
	struct fixture fx;
	struct db *other = NULL;

	fixture_open(&fx);
	td_ok(&fx, db_open(fx.path, DB_READ_WRITE, &other, &fx.err));
	td_ok(&fx, db_exec(other, &fx.err, "PRAGMA busy_timeout = 10", ""));
	td_ok(&fx, db_begin(fx.db, &fx.err));
	assert_int_equal(db_begin(other, &fx.err), TD_TEMP);
	assert_int_equal(db_status_of(other), TD_TEMP);
	assert_non_null(strstr(fx.err.text, "locked"));
	td_ok(&fx, db_commit(fx.db, &fx.err));
	td_ok(&fx, db_begin(other, &fx.err));
	db_rollback(other);
	db_close(&other);
	fixture_close(&fx);
}

static void
test_disk_full(void **state)
{
	struct fixture fx;
	struct span big = {NULL, 1 << 20};
	int64_t pages = 0;

	fixture_open(&fx);
	big.ptr = arena_alloc(fx.arena, big.len);
	td_ok(&fx, db_get_i64(fx.db, &fx.err, &pages, NULL, "PRAGMA page_count", ""));
	td_ok(&fx, db_exec(fx.db, &fx.err,
	    arena_printf(fx.arena, "PRAGMA max_page_count = %d", (int)pages + 4), ""));
	td_ok(&fx, db_begin(fx.db, &fx.err));
	assert_int_equal(db_exec(fx.db, &fx.err,
	    "INSERT INTO setting (name, value) VALUES ('x', $1)", "b", &big), TD_TEMP);
	assert_non_null(strstr(fx.err.text, "disk is full"));
	db_rollback(fx.db);
	assert_false(db_in_transaction(fx.db));
	fixture_close(&fx);
}

static void
test_statements(void **state)
{
	struct fixture fx;
	const char *sql = "SELECT name FROM person WHERE id >= $1 ORDER BY id";
	struct db_stmt *outer, *inner, *again;
	struct span blob = {"a\0b", 3}, back;

	fixture_open(&fx);
	/* the same text inside itself: a second copy, the first one undisturbed */
	outer = db_query(fx.db, &fx.err, sql, "i", fx.ana.id);
	assert_int_equal(db_step(outer, &fx.err), DB_ROW);
	inner = db_query(fx.db, &fx.err, sql, "i", fx.chi.id);
	assert_ptr_not_equal(outer, inner);
	assert_int_equal(db_step(inner, &fx.err), DB_ROW);
	assert_string_equal(db_column_text(inner, 0, fx.arena), "Chi Wu");
	assert_int_equal(db_step(inner, &fx.err), DB_DONE);
	db_finish(&inner);
	assert_null(inner);
	db_finish(&inner);
	assert_string_equal(db_column_text(outer, 0, fx.arena), "Ana Lima");
	again = outer;
	db_finish(&outer);
	outer = db_prepare(fx.db, sql, &fx.err);
	assert_ptr_equal(outer, again); /* kept */
	assert_int_equal(db_step(outer, &fx.err), DB_DONE); /* the old binding is gone: NULL */
	db_finish(&outer);

	assert_null(db_prepare(fx.db, "SELECT nothing FROM nowhere", &fx.err));
	assert_null(db_prepare(fx.db, "SELECT $2, $1", &fx.err));
	assert_non_null(strstr(fx.err.text, "out of order"));
	assert_null(db_prepare(fx.db, "SELECT \"no such column\"", &fx.err));

	td_ok(&fx, db_exec(fx.db, &fx.err, "INSERT INTO setting (name, value) VALUES ($1, $2)",
	    "tb", "blob", &blob));
	outer = db_query(fx.db, &fx.err, "SELECT value FROM setting", "");
	assert_int_equal(db_step(outer, &fx.err), DB_ROW);
	back = db_column_blob(outer, 0, fx.arena);
	assert_int_equal(back.len, 3);
	assert_memory_equal(back.ptr, "a\0b", 3);
	db_finish(&outer);
	fixture_close(&fx);
}

static int64_t
count(struct fixture *fx, const char *sql)
{
	int64_t n = -1;

	td_ok(fx, db_get_i64(fx->db, &fx->err, &n, NULL, sql, ""));
	return n;
}

static void
add_setting(struct fixture *fx, const char *name)
{
	td_ok(fx, db_exec(fx->db, &fx->err, "INSERT INTO setting (name, value) VALUES ($1, 'v')",
	    "t", name));
}

static void
test_savepoint(void **state)
{
	struct fixture fx;

	fixture_open(&fx);
	assert_int_equal(db_savepoint(fx.db, &fx.err), TD_PERM); /* no transaction */
	td_ok(&fx, db_begin(fx.db, &fx.err));
	td_ok(&fx, db_savepoint(fx.db, &fx.err));
	add_setting(&fx, "one");
	td_ok(&fx, db_savepoint_release(fx.db, &fx.err));
	td_ok(&fx, db_savepoint(fx.db, &fx.err));
	add_setting(&fx, "two");
	assert_int_equal(db_exec(fx.db, &fx.err,
	    "INSERT INTO setting (name, value) VALUES ('one', 'again')", ""), TD_PERM);
	db_savepoint_rollback(fx.db);
	td_ok(&fx, db_savepoint(fx.db, &fx.err));
	add_setting(&fx, "three");
	td_ok(&fx, db_savepoint_release(fx.db, &fx.err));
	td_ok(&fx, db_commit(fx.db, &fx.err));
	assert_int_equal(count(&fx, "SELECT count(*) FROM setting"), 2);
	assert_int_equal(count(&fx, "SELECT count(*) FROM setting WHERE name = 'two'"), 0);

	td_ok(&fx, db_begin(fx.db, &fx.err));
	add_setting(&fx, "four");
	db_rollback(fx.db);
	db_rollback(fx.db);
	assert_int_equal(count(&fx, "SELECT count(*) FROM setting"), 2);
	fixture_close(&fx);
}

static void
test_pragmas(void **state)
{
	struct fixture fx;

	fixture_open(&fx);
	assert_int_equal(count(&fx, "PRAGMA synchronous"), 2);
	td_ok(&fx, db_begin_soft(fx.db, &fx.err));
	assert_int_equal(count(&fx, "PRAGMA synchronous"), 1);
	td_ok(&fx, db_commit(fx.db, &fx.err));
	td_ok(&fx, db_begin(fx.db, &fx.err));
	assert_int_equal(count(&fx, "PRAGMA synchronous"), 2);
	td_ok(&fx, db_commit(fx.db, &fx.err));
	assert_int_equal(count(&fx, "PRAGMA foreign_keys"), 1);
	assert_int_equal(count(&fx, "PRAGMA trusted_schema"), 0);
	assert_int_equal(count(&fx, "PRAGMA busy_timeout"), 5000);
	assert_int_equal(count(&fx, "PRAGMA secure_delete"), 1);
	assert_int_equal(count(&fx, "PRAGMA user_version"), (int64_t)n_migrations);
	assert_int_equal(count(&fx, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	/* a foreign key is held */
	assert_int_equal(db_exec(fx.db, &fx.err,
	    "INSERT INTO membership (team_id, person_id, role, since) VALUES (9, 9, 'lead', 0)",
	    ""),
	    TD_PERM);
	fixture_close(&fx);
}

static void
test_migrations(void **state)
{
	static const struct migration steps[] = {
	    {"CREATE TABLE one (x INTEGER);"},
	    {"CREATE TABLE two (x INTEGER); INSERT INTO two VALUES (2);"},
	    {"CREATE TABLE three (x INTEGER); INSERT INTO nowhere VALUES (3);"},
	};
	struct fixture fx;
	sqlite3 *raw;
	char copy[128];
	struct stat sb;

	fixture_dir(&fx);
	snprintf(copy, sizeof copy, "%s.before-2", fx.path);
	assert_int_equal(sqlite3_open(fx.path, &raw), SQLITE_OK);
	td_ok(&fx, migrations_run(raw, fx.path, steps, 1, 1, &fx.err));
	assert_int_equal(stat(copy, &sb), -1); /* a new store needs none */
	assert_int_equal(migrations_run(raw, fx.path, steps, 2, 0, &fx.err), TD_PERM);
	assert_non_null(strstr(fx.err.text, "older"));
	td_ok(&fx, migrations_run(raw, fx.path, steps, 2, 1, &fx.err));
	assert_int_equal(stat(copy, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0600);
	assert_int_equal(sqlite3_exec(raw, "SELECT x FROM two", NULL, NULL, NULL), SQLITE_OK);
	/* a step that fails leaves nothing of itself */
	assert_int_equal(migrations_run(raw, fx.path, steps, 3, 1, &fx.err), TD_PERM);
	assert_int_equal(sqlite3_exec(raw, "SELECT x FROM three", NULL, NULL, NULL), SQLITE_ERROR);
	td_ok(&fx, migrations_run(raw, fx.path, steps, 2, 1, &fx.err));
	assert_int_equal(migrations_run(raw, fx.path, steps, 1, 1, &fx.err), TD_PERM);
	sqlite3_close(raw);
	snprintf(copy, sizeof copy, "%s.before-3", fx.path);
	unlink(copy);
	fixture_close(&fx);
}

static void
test_check_and_backup(void **state)
{
	struct fixture fx;
	char copy[128];
	struct db *db = NULL;
	struct person *person = NULL;

	fixture_open(&fx);
	td_ok(&fx, db_check(fx.db, &fx.err));
	snprintf(copy, sizeof copy, "%s.copy", fx.path);
	td_ok(&fx, db_backup(fx.db, copy, &fx.err));
	assert_int_equal(db_backup(fx.db, copy, &fx.err), TD_PERM); /* never over a file */
	td_ok(&fx, db_open(copy, DB_READ_WRITE, &db, &fx.err));
	td_ok(&fx, person_by_handle(db, fx.arena, "ben", &person, &fx.err));
	assert_string_equal(person->name, "Ben Okri");
	db_close(&db);
	fixture_close(&fx);
}

static void
test_events_append_only(void **state)
{
	struct fixture fx;
	struct event *events;
	size_t n;

	fixture_open(&fx);
	td_ok(&fx, event_add(fx.db, &(struct event){.at = NOON, .team_id = fx.team.id,
	    .person_id = fx.ana.id, .entity = "item", .entity_id = 7, .verb = "create",
	    .after = "{}"}, &fx.err));
	assert_int_equal(db_exec(fx.db, &fx.err, "UPDATE event SET verb = 'x'", ""), TD_PERM);
	assert_non_null(strstr(fx.err.text, "append-only"));
	td_ok(&fx, event_list(fx.db, fx.arena, "item", 7, &events, &n, &fx.err));
	assert_int_equal(n, 1);
	assert_string_equal(events[0].verb, "create");
	assert_null(events[0].before);
	fixture_close(&fx);
}

/* What was snoozed for all before schema 10 is snoozed for its owners. */
static void
test_snoozes_of_before(void **state)
{
	static const char rows[] =
	    "INSERT INTO team (id, name, title, address, zone, created_at) "
	    "VALUES (1, 'platform', 'Platform', 'platform@example.org', 'UTC', 1);"
	    "INSERT INTO person (id, name, handle, zone, created_at) VALUES "
	    "(1, 'Ana', 'ana', 'UTC', 1), (2, 'Ben', 'ben', 'UTC', 1), (3, 'Chi', 'chi', 'UTC', 1);"
	    "INSERT INTO item (id, team_id, number, kind, title, owner_id, creator_id, created_at, "
	    "updated_at, snoozed_until, root_mid) VALUES "
	    "(1, 1, 1, 'task', 'a', 2, 1, 1, 1, 500, 'a'), "
	    "(2, 1, 2, 'task', 'b', NULL, 1, 1, 1, 600, 'b'), "
	    "(3, 1, 3, 'task', 'c', 1, 1, 1, 1, NULL, 'c');"
	    "INSERT INTO item_owner (item_id, person_id) VALUES (1, 3);";
	struct fixture fx;
	char *why = NULL;
	sqlite3 *raw;

	fixture_dir(&fx);
	assert_int_equal(sqlite3_open(fx.path, &raw), SQLITE_OK);
	td_ok(&fx, migrations_run(raw, fx.path, migrations, 9, 1, &fx.err));
	if (sqlite3_exec(raw, rows, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	sqlite3_close(raw);
	td_ok(&fx, db_open(fx.path, DB_READ_WRITE, &fx.db, &fx.err));
	assert_int_equal(count(&fx, "SELECT count(*) FROM item_snooze"), 2);
	assert_int_equal(count(&fx, "SELECT sum(person_id) FROM item_snooze WHERE item_id = 1 AND "
	    "until = 500"), 5);
	fixture_remove(&fx, ".before-10");
	fixture_close(&fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_open_refusals), cmocka_unit_test(test_foreign_and_newer),
	    cmocka_unit_test(test_read_only), cmocka_unit_test(test_locked),
	    cmocka_unit_test(test_disk_full), cmocka_unit_test(test_statements),
	    cmocka_unit_test(test_savepoint), cmocka_unit_test(test_pragmas),
	    cmocka_unit_test(test_migrations), cmocka_unit_test(test_check_and_backup),
	    cmocka_unit_test(test_events_append_only),
	    cmocka_unit_test(test_snoozes_of_before),
	};

	return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
