/* SPDX-License-Identifier: ISC */
/* Tests of daemon/model: legal changes of state, rights, people by what is written, lists. */
#include "tests/unit/store-fixture.h"

#include "daemon/model/item.h"
#include "daemon/store/item.h"

static void
test_states(void **state)
{
	/* rows: from; columns: to open, started, blocked, done, dropped */
	static const bool legal[5][5] = {
	    {false, true, true, true, true},
	    {true, true, true, true, true},
	    {true, true, true, true, true},
	    {true, false, false, false, false},
	    {true, false, false, false, false},
	};

	for (int from = ITEM_OPEN; from <= ITEM_DROPPED; from++) {
		for (int to = ITEM_OPEN; to <= ITEM_DROPPED; to++) {
			struct item item = {.state = (enum item_state)from};
			const char *why = NULL;
			bool may = item_may_become(&item, (enum item_state)to, &why);

			assert_int_equal(may, legal[from][to]);
			assert_int_equal(why == NULL, may);
			item_set_state(&item, (enum item_state)to, "why", 100);
			assert_int_equal(item.closed_at, to >= ITEM_DONE ? 100 : 0);
			assert_int_equal(item.blocked_why != NULL, to == ITEM_BLOCKED);
		}
	}
}

static void
test_rights(void **state)
{
	static const bool may[4][3] = {
	    {false, false, false}, {true, false, false}, {true, true, false}, {true, true, true}};

	for (int role = ROLE_NONE; role <= ROLE_LEAD; role++)
		for (int right = RIGHT_COMMENT; right <= RIGHT_LEAD; right++)
			assert_int_equal(role_may((enum role)role, (enum right)right),
			    may[role][right]);
}

static void
test_match(void **state)
{
	static const struct member members[] = {
	    {{.id = 1, .name = "Ana Lima", .handle = "ana", .address = "ana@example.org"},
	        ROLE_LEAD},
	    {{.id = 2, .name = "Ben Okri", .handle = "ben", .address = "ben@example.org"},
		ROLE_MEMBER},
	    {{.id = 3, .name = "Ben Alder", .handle = "ben.a", .address = "ba@example.org"},
		ROLE_MEMBER},
	    {{.id = 4, .name = "Chi Ana", .handle = "chi", .address = "chi@example.org"},
	        ROLE_GUEST},
	    {{.id = 5, .name = "Dev Rao", .handle = "dr", .address = NULL}, ROLE_GUEST},
	    {{.id = 6, .name = "Dev Sen", .handle = "ds", .address = NULL}, ROLE_GUEST},
	};
	static const struct {
		const char *text;
		int64_t id; /* 0: none */
		const char *why;
	} rows[] = {
	    {"ana", 1, NULL}, {"@Ana", 1, NULL}, {"Ana Lima", 1, NULL},
	    {" ANA@example.org ", 1, NULL},
	    {"ben", 2, NULL}, {"@ben.a", 3, NULL}, {"Ben Alder", 3, NULL}, {"Chi", 4, NULL},
	    {"me", 2, NULL}, {"dev", 0, "write @dr or @ds"}, {"eve", 0, "nobody"},
	    {"", 0, "nobody"},
	    {"@", 0, "nobody"}, {"lima", 0, "nobody"},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *why = NULL;
		const struct member *m = person_match(arena, members, ARRAY_LEN(members),
		    span_of(rows[i].text), 2, &why);

		row_assert((m != NULL ? m->person.id : 0) == rows[i].id, rows[i].text);
		row_assert(m != NULL || strstr(why, rows[i].why) != NULL, rows[i].text);
	}
	assert_string_equal(person_handle_from(arena, "Ana.Lima+x@example.org"), "ana.limax");
	assert_string_equal(person_handle_from(arena, "-@example.org"), "person");
	arena_destroy(&arena);
}

static int64_t
add(struct fixture *fx, const char *title, int64_t owner, int64_t second, int64_t due)
{
	struct item item = {.team_id = fx->team.id, .kind = "task", .title = title, .body = "",
	    .creator_id = fx->ana.id, .due_at = due, .created_at = NOON, .updated_at = NOON};

	if (owner != 0)
		item_add_owner(fx->arena, &item, owner);
	if (second != 0)
		item_add_owner(fx->arena, &item, second);
	td_ok(fx, item_add(fx->db, fx->arena, &item, &fx->err));
	return item.id;
}

static const char *
titles(struct fixture *fx, const struct item_filter *filter)
{
	struct item *items;
	const char *text = "";
	size_t n;

	td_ok(fx, item_list(fx->db, fx->arena, filter, &items, &n, &fx->err));
	for (size_t i = 0; i < n; i++)
		text = arena_printf(fx->arena, "%s%s", text, items[i].title);
	return text;
}

static void
test_item_list(void **state)
{
	struct fixture fx;
	struct item *item, *after;
	bool circle;

	fixture_open(&fx);
	add(&fx, "a", fx.ana.id, 0, 0);
	add(&fx, "b", fx.ben.id, fx.ana.id, NOON + 100);
	add(&fx, "c", 0, 0, NOON + 50);
	add(&fx, "d", fx.ben.id, 0, 0);
	td_ok(&fx, item_by_number(fx.db, fx.arena, fx.team.id, 4, &item, &fx.err));
	after = item_copy(fx.arena, item);
	item_set_state(after, ITEM_BLOCKED, "why", NOON);
	item_add_depends(fx.arena, after, 1);
	td_ok(&fx, item_save(fx.db, item, after, &fx.err));
	td_ok(&fx, item_by_number(fx.db, fx.arena, fx.team.id, 3, &item, &fx.err));
	after = item_copy(fx.arena, item);
	item_set_state(after, ITEM_DONE, NULL, NOON + 5);
	td_ok(&fx, item_save(fx.db, item, after, &fx.err));

	assert_string_equal(titles(&fx, &(struct item_filter){0}), "dcba");
	assert_string_equal(titles(&fx, &(struct item_filter){.open_only = true}), "dba");
	assert_string_equal(titles(&fx, &(struct item_filter){.owner_id = fx.ana.id}), "ba");
	assert_string_equal(titles(&fx, &(struct item_filter){.team_id = fx.team.id,
	    .owner_id = fx.ben.id, .blocked_only = true}), "d");
	assert_string_equal(titles(&fx, &(struct item_filter){.due_before = NOON + 60}), "c");
	assert_string_equal(titles(&fx, &(struct item_filter){.closed_since = NOON + 5}), "c");
	assert_string_equal(titles(&fx, &(struct item_filter){.closed_since = NOON + 6}), "");
	assert_string_equal(titles(&fx, &(struct item_filter){.team_id = 99}), "");
	assert_string_equal(titles(&fx, &(struct item_filter){.limit = 2}), "dc");
	td_ok(&fx, item_circle(fx.db, 1, 4, &circle, &fx.err));
	assert_true(circle); /* 4 waits for 1 */
	td_ok(&fx, item_circle(fx.db, 2, 4, &circle, &fx.err));
	assert_false(circle);
	fixture_close(&fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_states), cmocka_unit_test(test_rights),
	    cmocka_unit_test(test_match), cmocka_unit_test(test_item_list),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
