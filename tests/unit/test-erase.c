/* SPDX-License-Identifier: ISC */
/*
 * Tests of erasing a person: afterwards no row, no index and no file of the store names them, and
 * what they made, with its sums, is all there under the pseudonym.
 */
#include "tests/unit/intake-fixture.h"

#include <stdio.h>

#include "daemon/intake/news.h"
#include "daemon/log.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/absence.h"
#include "daemon/store/erase.h"
#include "daemon/store/reminder.h"
#include "daemon/store/search.h"
#include "parsers/command.h"

#define MONDAY (NOON + 2 * 86400)
#define BEN "ben@example.org"

static void
say(struct inbox *in, const char *from, const char *text)
{
	const struct command_context context = {.anchor = MONDAY, .zone = "Europe/Lisbon"};
	struct reading_command *cmd = arena_alloc(in->fx.arena, sizeof *cmd);
	struct reading_error error = {0};

	if (command_parse(in->fx.arena, span_of(text), 1, &context, cmd, &error) != COMMAND_GOOD)
		fail_msg("%s: %s", text, error.why);
	cmd->source = text;
	take(in, &(struct letter){.from = from, .subject = text, .text = text, .at = MONDAY,
	    .target = {.kind = KIND_TIME}, .commands = cmd, .n_commands = 1});
	if (in->result.why != NULL)
		fail_msg("%s: %s", text, in->result.why);
}

/* Ben works, and others write of him: by name, by address, by handle. */
static void
work(struct inbox *in)
{
	static const char *const of_ben[] = {"/spend 2h #1 with Ben Okri",
	    "/remind friday call @ben", "/block #2 waits for BEN OKRI"};
	static const char *const by_ben[] = {"/spend 90m #1 Ben Okri and the disk",
	    "/off tuesday sick influenza", "/remind friday dentist", "/tz Asia/Dubai",
	    "/digest weekly mon 09:00", "/done #1 said ben okri", "/watch #2", "/snooze #2 2d",
	    "/decide Should @ben rest? by friday", "/vote #3 yes", "/submit 2026-W47"};

	for (size_t i = 0; i < 2; i++)
		take(in, &(struct letter){.from = i == 0 ? BEN : NULL, .subject = "Ask Ben Okri",
		    .text = "write to ben@example.org or @ben, not @benny", .at = MONDAY,
		    .target = {.kind = KIND_TASK}, .fields = {.title = "Ask Ben Okri"}});
	for (size_t i = 0; i < ARRAY_LEN(by_ben); i++)
		say(in, BEN, by_ben[i]);
	for (size_t i = 0; i < ARRAY_LEN(of_ben); i++)
		say(in, NULL, of_ben[i]);
	take(in, &(struct letter){.from = BEN, .subject = "status", .text = "Ben Okri was here",
	    .target = {.kind = KIND_UPDATE}, .at = MONDAY});
	say(in, NULL, "/handover @ben #2 Ben Okri knows it");
}

static void
run(struct inbox *in, int64_t now)
{
	int64_t next;

	jobs_look_again();
	td_ok(&in->fx, jobs_run(in->fx.db, &in->conf, now, &next, &in->fx.err));
}

static void
erase_ben(struct inbox *in, struct erased *erased)
{
	struct fixture *fx = &in->fx;

	td_ok(fx, db_begin(fx->db, &fx->err));
	td_ok(fx, person_erase(fx->db, fx->arena, fx->ben.id, MONDAY, erased, &fx->err));
	td_ok(fx, db_commit(fx->db, &fx->err));
	td_ok(fx, erase_finish(fx->db, &fx->err));
}

static bool
holds(const char *bytes, size_t n, const char *what)
{
	size_t len = strlen(what);

	for (size_t i = 0; i + len <= n; i++)
		if (span_ieq((struct span){bytes + i, len}, span_of(what)))
			return true;
	return false;
}

/* The bytes of the store on the disk, and of the log beside it. */
static void
check_files(struct inbox *in)
{
	static const char *const words[] = {"ben@example.org", "Ben Okri", "influenza", "dentist",
	    "Asia/Dubai"};
	static const char *const files[] = {"", "-wal"};

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		const char *path = arena_printf(in->fx.arena, "%s%s", in->fx.path, files[i]);
		FILE *file = fopen(path, "r");
		char *bytes = arena_alloc(in->fx.arena, 8 << 20);
		size_t n;

		if (file == NULL)
			continue;
		n = fread(bytes, 1, 8 << 20, file);
		fclose(file);
		assert_true(n < 8 << 20);
		for (size_t k = 0; k < ARRAY_LEN(words); k++)
			if (holds(bytes, n, words[k]))
				fail_msg("%s still holds \"%s\"", path, words[k]);
	}
}

static size_t
hits(struct inbox *in, const char *words)
{
	struct search_hit *list;
	size_t n = 0;

	td_ok(&in->fx, search_query(in->fx.db, in->fx.arena, in->fx.team.id, words, 50, &list, &n,
	    &in->fx.err));
	return n;
}

static const char sums[] =
    "SELECT (SELECT group_concat(person_id || ' ' || day || ' ' || seconds, ';') FROM entry) || "
    "(SELECT count(*) FROM item) || (SELECT count(*) FROM comment) || (SELECT count(*) FROM vote) "
    "|| (SELECT group_concat(state || coalesce(owner_id, 0) || creator_id) FROM item) || "
    "(SELECT group_concat(seconds) FROM sheet) || (SELECT count(*) FROM event) || "
    "(SELECT count(*) FROM update_line)";

static void
test_erased(void **state)
{
	struct inbox in;
	struct erased erased;
	const char *before;

	log_set_level(LOG_LEVEL_ERROR);
	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	jobs_register("news", news_job);
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "UPDATE person SET zone = 'Europe/Lisbon'",
	    ""));
	work(&in);
	run(&in, MONDAY + 60);
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "UPDATE outbox SET state = 'sent'", ""));
	before = text_of(&in, sums);
	assert_true(hits(&in, "okri") > 0);
	erase_ben(&in, &erased);

	assert_string_equal(erased.name, "Former member 2");
	assert_true(erased.texts > 5);
	assert_int_equal(erased.waiting, 0);
	assert_string_equal(before, text_of(&in, sums));
	assert_int_equal(hits(&in, "okri"), 0);
	assert_true(hits(&in, "former") > 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE person_id = 2"), 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE length(bytes) > 0"), 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM absence"), 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM item_snooze"), 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM reminder WHERE person_id = 2"), 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM event WHERE entity IN ('absence', "
	    "'person') AND (before IS NOT NULL OR after IS NOT NULL)"), 0);
	assert_string_equal(text_of(&in, "SELECT name || ' ' || handle || ' ' || zone FROM person "
	    "WHERE id = 2"), "Former member 2 former-2 UTC");
	assert_string_equal(text_of(&in, "SELECT body FROM item WHERE number = 2"),
	    "write to former-2@erased.invalid or @former-2, not @benny");
	assert_string_equal(text_of(&in, "SELECT title FROM item WHERE number = 2"),
	    "Ask Former member 2");
	assert_string_equal(text_of(&in, "SELECT blocked_why FROM item WHERE number = 2"),
	    "waits for Former member 2");
	check_files(&in);
	fixture_close(&in.fx);
}

/* Mail from there is a stranger's; what came after is erased by erasing again; others stay. */
static void
test_afterwards(void **state)
{
	struct inbox in;
	struct erased erased;

	log_set_level(LOG_LEVEL_ERROR);
	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	work(&in);
	erase_ben(&in, &erased);
	assert_true(erased.waiting > 0); /* answers to Ana */
	assert_int_equal(take(&in, &(struct letter){.from = BEN, .subject = "x", .text = "hello",
	    .target = {.kind = KIND_UPDATE}}), INTAKE_QUARANTINED);
	assert_int_equal(take(&in, &(struct letter){.subject = "x", .text = "Where is everybody?",
	    .target = {.kind = KIND_UPDATE}}), INTAKE_APPLIED);
	erase_ben(&in, &erased);
	assert_string_equal(erased.name, "Former member 2");
	assert_string_equal(text_of(&in, "SELECT name FROM person WHERE id = 1"), "Ana Lima");
	assert_int_equal(number(&in, "SELECT count(*) FROM membership"), 2);
	td_ok(&in.fx, db_check(in.fx.db, &in.fx.err));
	assert_int_equal(person_erase(in.fx.db, in.fx.arena, 99, MONDAY, &erased, &in.fx.err),
	    TD_PERM);
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_erased),
	    cmocka_unit_test(test_afterwards)};

	return cmocka_run_group_tests_name("erase", tests, NULL, NULL);
}
