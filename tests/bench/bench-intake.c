/* SPDX-License-Identifier: ISC */
/*
 * bench-intake: mails applied per second, from readings to committed rows, in groups of 200 as
 * the daemon commits them. Prints figures for each tenth, so that a cost that grows with the
 * store is seen; judges nothing.
 *
 *	bench-intake [MAILS] [FILE]
 *	bench-intake --items [MOST] [FILE]   time of one mail in stores of 1,000 items, ten times as
 *	                                     many, and so on to MOST; the items are put in at once
 *	bench-intake --fill ITEMS FILE       puts so many into a store that is there, for its first
 *	                                     team, which has three members at least
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "parsers/base/num.h"
#include "daemon/clock.h"
#include "daemon/intake/intake.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

#define GROUP 200
#define GROUPS 5  /* in a round */
#define ROUNDS 5
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

/* ---- with a growing store ------------------------------------------------------------------- */

/*
 * Items from `from` to `to` with what hangs on them in a store that was worked in: a mail, an
 * event, a thread and a search row each, and for some a comment, an entry, a tag, a watcher, a
 * link to the item before. One in ten is open.
 */
static const char *const fill[] = {
    "INSERT INTO item (id, team_id, number, kind, title, body, state, owner_id, creator_id, "
    "priority, root_mid, created_at, updated_at, closed_at) SELECT i, 1, i, 'task', 'Mail ' || i "
    "|| ' about the queue', 'The mail queue on host ' || i % 97 || ' was full', CASE WHEN "
    "i % 10 = 0 THEN 'open' ELSE 'done' END, 1 + i % 3, 1 + i % 3, i % 5, 'item-' || i || "
    "'.platform@example.org', $3, $3, CASE WHEN i % 10 = 0 THEN NULL ELSE $3 END FROM n",
    "INSERT INTO message (key, mid, team_id, person_id, from_address, subject, received_at, size, "
    "trust, outcome, reading, undo_code) SELECT 'bulk' || i, i || '@bulk.example.net', 1, "
    "1 + i % 3, 'ana@example.org', 'Mail ' || i, $3, 1000, 2, 'applied', '{}', 'BULK' || i FROM n",
    "INSERT INTO event (at, team_id, person_id, message_id, entity, entity_id, verb, after) SELECT "
    "$3, 1, 1 + i % 3, i, 'item', i, 'create', '{\"number\":' || i || '}' FROM n",
    "INSERT INTO thread (mid, team_id, item_id, kind, created_at) SELECT i || "
    "'@bulk.example.net', 1, i, 'item', $3 FROM n",
    "INSERT INTO search (rowid, text, entity, entity_id, team_id) SELECT i * 8, 'Mail ' || i || "
    "' about the queue The mail queue on host ' || i % 97 || ' was full at ' || $3, 'item', i, 1 "
    "FROM n",
    "INSERT INTO comment (item_id, person_id, text, created_at) SELECT i, 1 + i % 3, 'I saw it', "
    "$3 FROM n WHERE i % 2 = 0",
    "INSERT INTO entry (team_id, person_id, day, seconds, item_id, note, created_at) SELECT 1, "
    "1 + i % 3, date($3 - i % 900 * 86400, 'unixepoch'), 1800, i, '', $3 FROM n WHERE i % 2 = 1",
    "INSERT INTO item_tag (item_id, tag) SELECT i, 'bug' FROM n WHERE i % 3 = 0 AND $3 > 0",
    "INSERT INTO item_watch (item_id, person_id) SELECT i, 1 + (i + 1) % 3 FROM n WHERE "
    "i % 4 = 0 AND $3 > 0",
    "INSERT INTO item_link (item_id, kind, other_id) SELECT i, 'depends', i - 1 FROM n WHERE "
    "i % 5 = 0 AND $3 > 0",
    "UPDATE team SET next_item = $2 + 1 WHERE $1 < $3",
};

static void
fill_items(struct db *db, struct arena *arena, int64_t from, int64_t to)
{
	must(db_begin(db, &err));
	for (size_t i = 0; i < sizeof fill / sizeof *fill; i++)
		must(db_exec(db, &err, arena_printf(arena,
		    "WITH RECURSIVE n (i) AS (SELECT $1 UNION "
		    "ALL SELECT i + 1 FROM n WHERE i < $2) %s", fill[i]), "iii", from, to,
		    (int64_t)NOW));
	must(db_commit(db, &err));
}

static int64_t
items_now(struct db *db)
{
	int64_t next = 0;

	must(db_get_i64(db, &err, &next, NULL, "SELECT next_item FROM team WHERE id = 1", ""));
	return next - 1;
}

static int64_t
cpu_us(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000 + use.ru_utime.tv_usec +
	    use.ru_stime.tv_usec;
}

static void
grow(struct db *db, const struct conf *conf, struct arena *arena, uint64_t most)
{
	uint64_t n = 0;

	for (uint64_t size = 1000; size <= most; size *= 10) {
		int64_t have = items_now(db), best = INT64_MAX, cpu = INT64_MAX;
		uint32_t items = (uint32_t)size;

		fill_items(db, arena, have + 1, (int64_t)size);
		arena_clear(arena);
		for (int round = 0; round < ROUNDS; round++) {
			int64_t mark = clock_monotonic_ms(), used = cpu_us();

			for (int i = 0; i < GROUPS; i++)
				apply_group(db, conf, arena, &n, &items);
			mark = clock_monotonic_ms() - mark;
			used = cpu_us() - used;
			best = mark < best ? mark : best;
			cpu = used < cpu ? used : cpu;
		}
		printf("intake: %8" PRIu64 " items: %4" PRId64 " us a mail, %4" PRId64 " us of "
		    "CPU (best of "
		    "%d rounds of %d mails)\n", size, best * 1000 / (GROUPS * GROUP),
		    cpu / (GROUPS * GROUP), ROUNDS, GROUPS * GROUP);
		fflush(stdout);
	}
}

static void
run(struct db *db, const struct conf *conf, struct arena *arena, uint64_t mails)
{
	uint64_t n = 0;
	uint32_t items = 0;
	int64_t began = clock_monotonic_ms(), mark = began;

	for (uint64_t part = 1; part <= 10; part++) {
		uint64_t from = n;
		int64_t now;

		while (n < mails * part / 10)
			apply_group(db, conf, arena, &n, &items);
		now = clock_monotonic_ms();
		printf("intake: %7" PRIu64 " mails, %6u items in the store: %6.0f mails/s\n", n,
		    items, (double)(n - from) * 1000 / (double)(now > mark ? now - mark : 1));
		mark = now;
	}
	printf("intake: %.0f mails/s applied and committed, groups of %d\n",
	    (double)n * 1000 / (double)(mark > began ? mark - began : 1), GROUP);
}

static int
usage(void)
{
	fprintf(stderr, "usage: bench-intake [MAILS] [FILE] | --items [MOST] [FILE] | --fill ITEMS "
	    "FILE\n");
	return 2;
}

int
main(int argc, char **argv)
{
	const struct conf conf = {.trust = {.mode = CONF_TRUST_ENVELOPE},
	    .limits = {.acks_per_day = 1000000}};
	bool grows = argc > 1 && strcmp(argv[1], "--items") == 0;
	bool fills = argc > 1 && strcmp(argv[1], "--fill") == 0;
	int words = grows || fills ? 2 : 1;
	const char *path = argc > words + 1 ? argv[words + 1] : "bench-intake.db";
	uint64_t number = grows ? 1000000 : 10000;
	struct arena *arena = arena_create();
	struct db *db = NULL;

	if ((argc > words && !num_u64(span_of(argv[words]), 100000000, &number)) ||
	    (fills && argc != 4))
		return usage();
	must(db_open(path, fills ? DB_READ_WRITE : DB_CREATE, &db, &err));
	if (fills) {
		fill_items(db, arena, 1, (int64_t)number);
	} else {
		people(db, arena);
		if (grows)
			grow(db, &conf, arena, number);
		else
			run(db, &conf, arena, number);
	}
	db_close(&db);
	arena_destroy(&arena);
	if (!fills)
		unlink(path);
	return 0;
}
