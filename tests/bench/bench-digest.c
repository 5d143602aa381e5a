/* SPDX-License-Identifier: ISC */
/*
 * bench-digest: digests composed per second, by the daemon's own functions. A team of 50 in eight
 * zones has 400 items, made and worked on by mails that are read and taken in as any others; then
 * everyone tells their day. Prints what a digest costs: read from the store, and as text, HTML and
 * MIME; and what the jobs of a morning cost, each with its transaction and outbox row. Judges
 * nothing.
 *
 *	bench-digest [ROUNDS] [FILE]   ROUNDS of 50 digests, 20 unless told; FILE: the store, made
 *	                               anew and removed at the end
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "parsers/base/buf.h"
#include "parsers/base/num.h"
#include "parsers/reading.h"
#include "daemon/clock.h"
#include "daemon/compose/gather.h"
#include "daemon/intake/intake.h"
#include "daemon/log.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/outbox.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

#define PEOPLE 50
#define ITEMS 400
#define MONDAY 1795420800                 /* 2026-11-23 08:00 UTC: the items are made */
#define TOLD (MONDAY + 2 * 3600)          /* everyone tells their day, Monday in each zone */
#define EVENING (MONDAY + 8 * 3600)       /* Monday's digests are sent, Tuesday's are not */
#define MORNING (MONDAY + 24 * 3600)      /* the digests of Tuesday */
#define DIGEST_MIN 3000                   /* bytes; a smaller one shows no team of this size */

struct bench {
	struct db *db;
	struct arena *arena; /* of one mail or digest */
	struct team team;
	int64_t person[PEOPLE];
	struct conf conf;
	unsigned mails;
};

static const char *const zones[] = {"Europe/Berlin", "Europe/Lisbon", "America/New_York",
    "Asia/Kolkata", "Asia/Tokyo", "America/Sao_Paulo", "Australia/Sydney", "Africa/Nairobi"};
static const char *const nouns[] = {"mail queue", "certificate", "login page", "archive", "backup",
    "invoice template", "search index", "test machine", "address book", "release notes"};
static const char *const verbs[] = {"Move", "Renew", "Review", "Measure", "Document", "Mend",
    "Split"};

static struct err err;

static void
must(enum td_status status)
{
	if (status == TD_OK)
		return;
	fprintf(stderr, "bench-digest: %s\n", err.text);
	_exit(1);
}

#define PICK(list, n) ((list)[(n) % (sizeof(list) / sizeof *(list))])

static void
add_people(struct bench *b)
{
	b->team = (struct team){.name = "platform", .title = "Platform",
	    .address = "platform@example.org", .zone = "Europe/Berlin",
	    .core_hours = "mon-thu 14:00-17:00"};
	must(team_add(b->db, &b->team, MONDAY - 86400, &err));
	must(team_update(b->db, &b->team, &err));
	for (unsigned i = 0; i < PEOPLE; i++) {
		struct person person = {.zone = PICK(zones, i), .ack = "errors",
		    .name = arena_printf(b->arena, "Person %u", i),
		    .address = arena_printf(b->arena, "p%u@example.org", i)};

		must(person_add(b->db, b->arena, &person, MONDAY - 86400, &err));
		must(member_set(b->db, b->team.id, person.id, i < 3 ? ROLE_LEAD : ROLE_MEMBER,
		    MONDAY - 86400, &err));
		b->person[i] = person.id;
	}
	arena_clear(b->arena);
}

/* A mail of person `who`: read as a parser does, applied as the store does. */
static void
take_in(struct bench *b, unsigned who, int64_t now, const char *subject, const char *body)
{
	struct buf mail;
	const struct reading_context context = {.now = now, .zone = PICK(zones, who)};
	struct intake_mail intake = {.now = now};
	struct intake_result result;
	struct reading *reading;

	buf_init(&mail, 100000);
	buf_printf(&mail, "From: p%u@example.org\r\nTo: platform@example.org\r\n"
	    "Message-ID: <m%u@example.org>\r\nSubject: %s\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n\r\n%s", who, b->mails++, subject, body);
	must(reading_parse(b->arena, buf_span(&mail), &context, &reading, &err));
	must(intake_apply(b->db, &b->conf, &intake, reading, b->arena, &result, &err));
	if (result.outcome != INTAKE_APPLIED || reading->n_errors > 0) {
		fprintf(stderr, "bench-digest: '%s' was not applied: %s\n", subject,
		    result.why != NULL ? result.why : "a line is wrong");
		_exit(1);
	}
	buf_release(&mail);
	arena_clear(b->arena);
}

/* Of ten items one has no owner, two are blocked, three are due this week, half are done. */
static void
add_items(struct bench *b)
{
	must(db_begin(b->db, &err));
	for (unsigned i = 0; i < ITEMS; i++) {
		char subject[200], body[200] = "As we said on Friday.\r\n";

		snprintf(subject, sizeof subject, "task: %s the %s of host %u%s",
		    PICK(verbs, i), PICK(nouns, i / 3), i % 41,
		    i % 10 < 3 ? " due:2026-11-25" : "");
		if (i % 10 != 9)
			snprintf(subject + strlen(subject), 40, " @p%u",
			    (i * 7 + i / PEOPLE) % PEOPLE);
		take_in(b, i % PEOPLE, MONDAY + i, subject, body);
		if (i % 5 == 1)
			snprintf(body, sizeof body, "/block #%u waits for the %s of @p%u\r\n",
			    i + 1, PICK(nouns, i), (i + 1) % PEOPLE);
		else if (i % 2 == 0)
			snprintf(body, sizeof body, "/done #%u\r\n", i + 1);
		else
			continue;
		take_in(b, i % PEOPLE, MONDAY + 3600 + i, "Where it stands", body);
	}
	must(db_commit(b->db, &err));
}

static void
add_updates(struct bench *b)
{
	must(db_begin(b->db, &err));
	for (unsigned i = 0; i < PEOPLE; i++) {
		char body[1000];

		snprintf(body, sizeof body,
		    "Done:\r\n- %s the %s #%u (2h)\r\n- Answered the auditors (1h 30m)\r\n"
		    "- Read what p%u wrote about the %s\r\nNext:\r\n- #%u\r\n- %s the %s\r\n%s",
		    PICK(verbs, i), PICK(nouns, i), i * 4 + 1, (i + 1) % PEOPLE, PICK(nouns, i + 5),
		    i * 4 + 4, PICK(verbs, i + 2), PICK(nouns, i + 2),
		    i % 5 == 0 ? "Blocked:\r\n- the disk quota\r\n" : "");
		take_in(b, i, TOLD + i, "status: today", body);
	}
	must(db_commit(b->db, &err));
}

/* ---- the figures --------------------------------------------------------------------------- */

/* One person's digest; its size as a mail, or 0 where it is only read from the store. */
static size_t
digest_of(struct bench *b, unsigned who, bool composed)
{
	struct compose_common common = {.templates = NULL};
	struct gather_request request = {.team_id = b->team.id, .person_id = b->person[who],
	    .now = MORNING};
	struct compose_digest digest;
	struct composed mail = {.bytes = SPAN("")};

	must(gather_digest(b->db, b->arena, &request, &common, &digest, &err));
	if (composed)
		must(compose_digest(b->arena, &common, &digest, &mail, &err));
	arena_clear(b->arena);
	return mail.bytes.len;
}

/* Milliseconds of rounds times everyone's digest. */
static int64_t
run_rounds(struct bench *b, uint64_t rounds, bool composed, uint64_t *bytes_r)
{
	int64_t began = clock_monotonic_ms(), gone;

	for (uint64_t round = 0; round < rounds; round++)
		for (unsigned who = 0; who < PEOPLE; who++)
			*bytes_r += digest_of(b, who, composed);
	gone = clock_monotonic_ms() - began;
	return gone > 0 ? gone : 1;
}

static void
print_composing(struct bench *b, uint64_t rounds)
{
	uint64_t bytes = 0, n = rounds * PEOPLE;
	int64_t whole, store;

	(void)digest_of(b, 0, true); /* compiles the templates */
	whole = run_rounds(b, rounds, true, &bytes);
	store = run_rounds(b, rounds, false, &bytes);
	if (bytes / n < DIGEST_MIN) {
		fprintf(stderr, "bench-digest: a digest has only %" PRIu64 " bytes\n", bytes / n);
		_exit(1);
	}
	printf("digest: %.0f digests composed per second; %.0f us each: %.0f us to read the store, "
	    "%.0f us for text, HTML and MIME (%" PRIu64 " digests of %d people and %d items, "
	    "%" PRIu64 " bytes each)\n", (double)n * 1000 / (double)whole,
	    (double)whole * 1000 / (double)n, (double)store * 1000 / (double)n,
	    (double)(whole > store ? whole - store : 0) * 1000 / (double)n, n, PEOPLE, ITEMS,
	    bytes / n);
}

static int64_t
digests_queued(struct bench *b)
{
	int64_t n = 0;

	must(db_get_i64(b->db, &err, &n, NULL, "SELECT count(*) FROM outbox WHERE kind = 'digest'",
	    ""));
	return n;
}

/* The jobs from Monday's evening on, an hour at a time, until it was morning in each zone. */
static void
print_morning(struct bench *b)
{
	int64_t next, began, gone, before;

	must(jobs_run(b->db, &b->conf, EVENING, &next, &err));
	before = digests_queued(b);
	began = clock_monotonic_ms();
	for (int hour = 1; hour <= 24; hour++)
		must(jobs_run(b->db, &b->conf, EVENING + hour * 3600, &next, &err));
	gone = clock_monotonic_ms() - began;
	if (digests_queued(b) - before != PEOPLE) {
		fprintf(stderr, "bench-digest: %" PRId64 " digests were queued, not %d\n",
		    digests_queued(b) - before, PEOPLE);
		_exit(1);
	}
	printf("digest: a day's jobs of the team: %" PRId64 " ms, with a transaction and an outbox "
	    "row for each of %d digests\n", gone, PEOPLE);
}

int
main(int argc, char **argv)
{
	const char *path = argc > 2 ? argv[2] : "bench-digest.db";
	struct bench b = {.arena = arena_create(), .conf = {.trust = {.mode = CONF_TRUST_ENVELOPE},
	    .limits = {.acks_per_day = 1000, .commands = 200}}};
	uint64_t rounds = 20;

	if (argc > 1 && (!num_u64(span_of(argv[1]), 1000000, &rounds) || rounds == 0)) {
		fprintf(stderr, "usage: bench-digest [ROUNDS] [FILE]\n");
		return 2;
	}
	log_init("bench-digest", LOG_LEVEL_ERROR);
	unlink(path);
	must(db_open(path, DB_CREATE, &b.db, &err));
	add_people(&b);
	add_items(&b);
	add_updates(&b);
	print_composing(&b, rounds);
	print_morning(&b);
	db_close(&b.db);
	compose_forget();
	arena_destroy(&b.arena);
	unlink(path);
	return 0;
}
