/* SPDX-License-Identifier: ISC */
/*
 * What must hold whatever is written, over random mails (play.h): no sequence of them breaks a
 * rule of the model (work-rules.c), and undo after any of them restores the state before it, byte
 * for byte of the exported work, or is refused whole where the writer is a guest by now.
 * TD_PLAY_SEED picks the mails, TD_PLAY_EVERY=1 looks at the rules after each of them.
 */
#include "tests/unit/export-work.h"

#include "parsers/base/num.h"
#include "parsers/verb.h"
#include "daemon/intake/decide.h"
#include "daemon/intake/place.h"
#include "daemon/log.h"
#include "daemon/schedule/jobs.h"
#include "tests/unit/play.h"
#include "tests/unit/work-rules.h"

#define COMMANDS 10000
#define GROUP 50
#define UNDONE 800

static struct play play;

static uint64_t
setting(const char *name, uint64_t otherwise)
{
	uint64_t value = otherwise;

	if (getenv(name) != NULL)
		assert_true(num_u64(span_of(getenv(name)), UINT32_MAX, &value));
	return value;
}

static void
check_rules(size_t from, uint64_t seed, const struct play_mail *last)
{
	struct arena *arena = arena_create();
	const char *broken = work_rules_broken(play.in.fx.db, arena);

	if (broken != NULL)
		fail_msg("seed %u, mails %zu to %zu (TD_PLAY_EVERY=1 finds the mail): %s\nthe "
			 "last: %s\n%s", (unsigned)seed, from, play.n_mails - 1, broken,
			     last->subject,
		    last->body);
	arena_destroy(&arena);
}

/* ---- the rules ------------------------------------------------------------------------------- */

struct counts {
	size_t tried, done;
} counts[256];

/* A line alone in its mail tells whether its form can be accepted. */
static void
count(const struct play_mail *mail)
{
	if (mail->line < 0)
		return;
	counts[mail->line].tried++;
	counts[mail->line].done += play.in.result.why == NULL;
}

/* A form that there was little chance to write well says nothing; the first seed has them all. */
static void
check_counts(uint64_t seed)
{
	size_t tried = 0, done = 0;

	for (size_t i = 0; i < play_n_lines; i++) {
		bool later;
		const char *text = play_line(i, &later);

		if (!later && counts[i].done == 0 && (counts[i].tried > 40 || seed == 1))
			fail_msg("\"%s\" was tried %zu times and never accepted", text,
			    counts[i].tried);
		tried += later ? 0 : counts[i].tried;
		done += later ? 0 : counts[i].done;
	}
	print_message("of %zu lines alone in their mail %zu were accepted\n", tried, done);
	assert_true(done * 10 > tried * 7);
}

static void
test_rules(void **state)
{
	const uint64_t seed = setting("TD_PLAY_SEED", 1), every = setting("TD_PLAY_EVERY", 1000);
	struct fixture *fx = &play.in.fx;
	struct arena *arena = arena_create();
	struct play_mail mail;
	int64_t next;

	assert_true(play_n_lines < ARRAY_LEN(counts));
	jobs_register("decision", decide_job);
	jobs_register("settings", place_job);
	log_set_level(LOG_LEVEL_ERROR);
	play_open(&play, seed);
	while (play.n_mails < COMMANDS) {
		size_t from = play.n_mails;

		arena_clear(arena);
		td_ok(fx, db_begin(fx->db, &fx->err));
		for (size_t i = 0; i < GROUP; i++) {
			play_write(&play, arena, &mail);
			play_take(&play, &mail, mail.date + 20);
			count(&mail);
			if (every == 1)
				check_rules(play.n_mails - 1, seed, &mail);
		}
		td_ok(fx, db_commit(fx->db, &fx->err));
		td_ok(fx, jobs_run(fx->db, &play.in.conf, play.clock, &next, &fx->err));
		if (play.n_mails % every == 0)
			check_rules(from > every ? play.n_mails - every : 0, seed, &mail);
	}
	check_rules(0, seed, &mail);
	check_counts(seed);
	arena_destroy(&arena);
	play_close(&play);
}

/* ---- undo ------------------------------------------------------------------------------------ */

/* By who wrote the mail, in its team; true if it was done. */
static bool
try_undo(const struct play_mail *mail, const char *code)
{
	static size_t n;
	char key[65];

	snprintf(key, sizeof key, "%064zu", ++n);
	take(&play.in, &(struct letter){.from = play_address(&play, mail),
	    .to = play.teams[mail->team].address, .subject = "undo",
	    .target = {.kind = KIND_UNDO}, .n_commands = 1, .key = key, .at = play.clock + 25,
	    .commands = &(struct reading_command){.line = 1, .verb = "undo", .word = code,
		.source = "undo"}});
	assert_int_equal(play.in.result.outcome, INTAKE_APPLIED);
	return play.in.result.why == NULL;
}

static void
undo(const struct play_mail *mail, const char *code)
{
	if (!try_undo(mail, code))
		fail_msg("mail %zu (%s\n%s): undo was refused: %s", mail->id, mail->subject,
		    mail->body, text_of(&play.in, "SELECT CAST(bytes AS TEXT) FROM outbox ORDER BY "
		    "id DESC LIMIT 1"));
}

static const char *
work_events(const char *code)
{
	return arena_printf(play.in.fx.arena, "SELECT count(*) FROM event e JOIN message m ON "
	    "m.id = e.message_id WHERE m.undo_code = '%s' AND e.entity IN ('absence', 'entry', "
	    "'handover', 'membership', 'page', 'plan', 'reminder', 'sheet', 'timer', 'vote')",
	    code);
}

/* The writer became a guest meanwhile: what a guest cannot do stays, whole, and what is taken back
 * is so as by anybody. True if it was taken back. */
static bool
undo_as_guest(const struct play_mail *mail, const char *code)
{
	struct inbox *in = &play.in;
	struct fixture *fx = &in->fx;
	int64_t team = play.teams[mail->team].id, person;
	const bool work = number(in, work_events(code)) > 0;
	const char *before = export_work(in);
	enum role role;
	bool done;

	person = number(in, arena_printf(fx->arena, "SELECT person_id FROM message "
	    "WHERE undo_code = '%s'", code));
	td_ok(fx, member_role(fx->db, team, person, &role, &fx->err));
	td_ok(fx, db_exec(fx->db, &fx->err, "UPDATE membership SET role = 'guest' "
	    "WHERE team_id = $1 AND person_id = $2", "ii", team, person));
	done = try_undo(mail, code);
	td_ok(fx, db_exec(fx->db, &fx->err, "UPDATE membership SET role = $1 "
	    "WHERE team_id = $2 AND person_id = $3", "tii", role_name(role), team, person));
	if (done && work)
		fail_msg("mail %zu (%s\n%s): a guest took it back", mail->id, mail->subject,
		    mail->body);
	if (!done && strcmp(before, export_work(in)) != 0)
		fail_msg("mail %zu (%s\n%s): refused, and yet changed", mail->id, mail->subject,
		    mail->body);
	return done;
}

static void
same_work(const char *before, const char *after, const struct play_mail *mail, uint64_t seed)
{
	size_t i = 0;

	if (strcmp(before, after) == 0)
		return;
	while (before[i] == after[i])
		i++;
	i -= i < 200 ? i : 200;
	fail_msg("seed %u, mail %zu (%s\n%s): not restored:\n%.400s\n---- is now:\n%.400s",
	    (unsigned)seed, mail->id, mail->subject, mail->body, before + i, after + i);
}

/* Is taken, and taken back two times in three; true if it was. */
static bool
take_back(const struct play_mail *mail, uint64_t seed)
{
	struct fixture *fx = &play.in.fx;
	const char *before = export_work(&play.in), *code;

	td_ok(fx, db_begin(fx->db, &fx->err));
	play_take(&play, mail, mail->date + 20);
	td_ok(fx, db_commit(fx->db, &fx->err));
	code = arena_strdup(fx->arena, play_code(&play, mail));
	/* an undo cannot be undone */
	if (*code == '\0' || strstr(mail->body, "{code:") != NULL || play_random(&play, 3) == 0)
		return false;
	if (play_random(&play, 3) != 0 || !undo_as_guest(mail, code))
		undo(mail, code);
	same_work(before, export_work(&play.in), mail, seed);
	return true;
}

static void
test_undo(void **state)
{
	const uint64_t seed = setting("TD_PLAY_SEED", 1);
	size_t undone = 0;
	struct arena *whole;

	log_set_level(LOG_LEVEL_ERROR);
	play_open(&play, seed);
	play.in.conf.limits.acks_per_day = 10000;
	whole = play.in.fx.arena;
	play.in.fx.arena = arena_create(); /* of one mail */
	while (play.n_mails < UNDONE) {
		struct play_mail mail;

		arena_clear(play.in.fx.arena);
		play_write(&play, play.in.fx.arena, &mail);
		undone += take_back(&mail, seed);
	}
	print_message("%zu of %d mails taken back\n", undone, UNDONE);
	assert_true(undone > UNDONE / 3);
	arena_destroy(&play.in.fx.arena);
	play.in.fx.arena = whole;
	play_close(&play);
}

/* ---- every verb is in the play --------------------------------------------------------------- */

static bool
is_played(const char *verb)
{
	for (size_t i = 0; i < play_n_lines; i++) {
		bool later;
		struct span word, rest = span_of(play_line(i, &later));

		if (span_next_word(&rest, &word) && *word.ptr == '/' &&
		    span_is(span_skip(word, 1), verb))
			return true;
	}
	return false;
}

static void
test_all_verbs(void **state)
{
	for (size_t i = 0; i < n_verbs; i++)
		if (!is_played(verbs[i].name))
			fail_msg("play.c has no line of /%s", verbs[i].name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_verbs),
	    cmocka_unit_test(test_rules), cmocka_unit_test(test_undo)};

	return cmocka_run_group_tests_name("property", tests, NULL, NULL);
}
