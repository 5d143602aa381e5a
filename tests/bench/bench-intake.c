/* SPDX-License-Identifier: ISC */
/*
 * bench-intake: mails applied per second, from readings to committed rows, in groups of 200 as
 * the daemon commits them. Prints figures for each tenth, so that a cost that grows with the
 * store is seen; judges nothing.
 *
 *	bench-intake [MAILS] [FILE]
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "parsers/base/num.h"
#include "daemon/clock.h"
#include "daemon/intake/intake.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

#define GROUP 200
#define NOW 1795262400

static struct err err;

static void
must(enum td_status status)
{
	if (status == TD_OK)
		return;
	fprintf(stderr, "bench-intake: %s\n", err.text);
	_exit(1);
}

static void
people(struct db *db, struct arena *arena)
{
	static const char *const names[] = {"ana", "ben", "chi"};
	struct team team = {.name = "platform", .title = "Platform",
	    .address = "platform@example.org", .zone = "Europe/Berlin"};

	must(team_add(db, &team, NOW, &err));
	for (size_t i = 0; i < 3; i++) {
		struct person person = {.name = names[i], .zone = "Europe/Lisbon", .ack = "new",
		    .address = arena_printf(arena, "%s@example.org", names[i])};

		must(person_add(db, arena, &person, NOW, &err));
		must(member_set(db, team.id, person.id, ROLE_MEMBER, NOW, &err));
	}
}

/* A third each: a new task, a comment with a command on an older one, an update with time. */
static struct reading *
reading_of(struct arena *arena, uint64_t n, uint32_t items)
{
	static const char *const from[] = {"ana@example.org", "ben@example.org",
	    "chi@example.org"};
	struct reading *r = arena_alloc(arena, sizeof *r);
	struct reading_rcpt *to = arena_alloc(arena, sizeof *to);
	struct reading_command *cmd = arena_alloc(arena, sizeof *cmd);

	r->version = READING_VERSION;
	r->message.id = arena_printf(arena, "%" PRIu64 "@example.net", n);
	r->message.from = from[n % 3];
	r->message.from_count = 1;
	r->message.subject = arena_printf(arena, "Mail %" PRIu64 " about the queue", n);
	to->address = "platform@example.org";
	r->message.rcpts = to;
	r->message.n_rcpts = 1;
	snprintf(r->message.key, sizeof r->message.key, "%064" PRIu64, n);
	r->text = arena_printf(arena, "The mail queue on host %" PRIu64 " was full this morning, "
	    "and we moved it to the other disk.\nIt runs again.\n", n % 97);
	if (n % 3 == 0 || items == 0) {
		r->target.kind = KIND_TASK;
		r->fields.title = r->message.subject;
		return r;
	}
	*cmd = (struct reading_command){.line = 9, .source = "/spend 30m", .verb = "spend",
	    .seconds = 1800, .has_seconds = true};
	if (n % 3 == 1) {
		r->target.item = (uint32_t)(n * 7919 % items) + 1;
		cmd->verb = "priority";
		cmd->priority = (enum priority)(1 + n % 4);
	}
	r->commands = cmd;
	r->n_commands = 1;
	return r;
}

static void
apply_group(struct db *db, const struct conf *conf, struct arena *arena, uint64_t *n,
    uint32_t *items)
{
	must(db_begin(db, &err));
	for (int i = 0; i < GROUP; i++, (*n)++) {
		const struct reading *reading = reading_of(arena, *n, *items);
		/* a mail every ten minutes: so that updates spread over days */
		struct intake_mail mail = {.now = NOW + (int64_t)*n * 600};
		struct intake_result result;

		must(db_savepoint(db, &err));
		must(intake_apply(db, conf, &mail, reading, arena, &result, &err));
		must(db_savepoint_release(db, &err));
		*items += reading->target.kind == KIND_TASK;
		arena_clear(arena);
	}
	must(db_commit(db, &err));
}

int
main(int argc, char **argv)
{
	const struct conf conf = {.trust = {.mode = CONF_TRUST_ENVELOPE},
	    .limits = {.acks_per_day = 1000000}};
	const char *path = argc > 2 ? argv[2] : "bench-intake.db";
	uint64_t mails = 10000, n = 0;
	uint32_t items = 0;
	struct arena *arena = arena_create();
	struct db *db = NULL;
	int64_t began, mark;

	if (argc > 1 && !num_u64(span_of(argv[1]), 100000000, &mails)) {
		fprintf(stderr, "usage: bench-intake [MAILS] [FILE]\n");
		return 2;
	}
	must(db_open(path, DB_CREATE, &db, &err));
	people(db, arena);
	began = mark = clock_monotonic_ms();
	for (uint64_t part = 1; part <= 10; part++) {
		uint64_t from = n;
		int64_t now;

		while (n < mails * part / 10)
			apply_group(db, &conf, arena, &n, &items);
		now = clock_monotonic_ms();
		printf("intake: %7" PRIu64 " mails, %6u items in the store: %6.0f mails/s\n", n,
		    items, (double)(n - from) * 1000 / (double)(now > mark ? now - mark : 1));
		mark = now;
	}
	printf("intake: %.0f mails/s applied and committed, groups of %d\n",
	    (double)n * 1000 / (double)(mark > began ? mark - began : 1), GROUP);
	db_close(&db);
	arena_destroy(&arena);
	unlink(path);
	return 0;
}
