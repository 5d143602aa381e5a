/* SPDX-License-Identifier: ISC */
/* store-fixture: a new store in a folder of its own, with a team and three people. */
#ifndef TD_STORE_FIXTURE_H
#define TD_STORE_FIXTURE_H

#include "tests/unit/unit.h"

#include <stdio.h>
#include <unistd.h>

#include "daemon/store/db.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

#define NOON 1795262400 /* 2026-11-21T12:00:00Z, a Saturday */

struct fixture {
	char dir[64];
	char path[96];
	struct db *db;
	struct arena *arena;
	struct err err;
	struct team team;
	struct person ana, ben, chi; /* lead, member, guest */
};

#define td_ok(fx, call)                                                                            \
	do {                                                                                       \
		(fx)->err.text[0] = '\0';                                                          \
		if ((call) != TD_OK)                                                               \
			fail_msg("%s: %s", #call, (fx)->err.text);                                 \
	} while (0)

static inline void
fixture_dir(struct fixture *fx)
{
	memset(fx, 0, sizeof *fx);
	snprintf(fx->dir, sizeof fx->dir, "%s/td-test-XXXXXX",
	    getenv("TMPDIR") != NULL && strlen(getenv("TMPDIR")) < 40 ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(fx->dir));
	snprintf(fx->path, sizeof fx->path, "%s/t.db", fx->dir);
	fx->arena = arena_create();
}

static inline void
fixture_person(struct fixture *fx, struct person *person, const char *address, const char *name,
    const char *zone, enum role role)
{
	/* nobody is asked at the end of their day, but where a test is about that */
	*person = (struct person){.name = name, .address = address, .zone = zone,
	    .checkin = "off"};
	td_ok(fx, person_add(fx->db, fx->arena, person, NOON, &fx->err));
	td_ok(fx, member_set(fx->db, fx->team.id, person->id, role, NOON, &fx->err));
}

static inline void
fixture_open(struct fixture *fx)
{
	fixture_dir(fx);
	td_ok(fx, db_open(fx->path, DB_CREATE, &fx->db, &fx->err));
	fx->team = (struct team){.name = "platform", .title = "Platform",
	    .address = "platform@example.org", .zone = "Europe/Berlin"};
	td_ok(fx, team_add(fx->db, &fx->team, NOON, &fx->err));
	fixture_person(fx, &fx->ana, "ana@example.org", "Ana Lima", "Europe/Lisbon", ROLE_LEAD);
	fixture_person(fx, &fx->ben, "ben@example.org", "Ben Okri", "Asia/Tokyo", ROLE_MEMBER);
	fixture_person(fx, &fx->chi, "chi@example.org", "Chi Wu", "America/Lima", ROLE_GUEST);
}

static inline void
fixture_remove(struct fixture *fx, const char *suffix)
{
	char path[128];

	snprintf(path, sizeof path, "%s%s", fx->path, suffix);
	unlink(path);
}

static inline void
fixture_close(struct fixture *fx)
{
	db_close(&fx->db);
	arena_destroy(&fx->arena);
	fixture_remove(fx, "");
	fixture_remove(fx, "-wal");
	fixture_remove(fx, "-shm");
	fixture_remove(fx, ".before-2");
	fixture_remove(fx, ".copy");
	assert_int_equal(rmdir(fx->dir), 0);
}

#endif
