/* SPDX-License-Identifier: ISC */
/* Tests of intake as a whole: duplicates, held mail, strangers, robots, updates, answers. */
#include "tests/unit/intake-fixture.h"

#include "daemon/intake/answer.h"
#include "daemon/store/absence.h"
#include "daemon/store/entry.h"
#include "daemon/store/search.h"
#include "daemon/store/status_update.h"

static void
test_duplicates(void **state)
{
	struct inbox in;
	struct letter l = {.subject = "Fix", .mid = "a@x", .target = {.kind = KIND_TASK},
	    .fields = {.title = "Fix"}};
	int64_t first;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	l.key = arena_printf(in.fx.arena, "%064d", 7);
	assert_int_equal(take(&in, &l), INTAKE_APPLIED);
	first = in.result.message_id;
	assert_int_equal(take(&in, &l), INTAKE_DUPLICATE);
	assert_int_equal(in.result.message_id, first);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 1);
	/* the same Message-ID with other contents: both count, both are flagged */
	l.key = arena_printf(in.fx.arena, "%064d", 8);
	assert_int_equal(take(&in, &l), INTAKE_APPLIED);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 2);
	assert_int_equal(number(&in, "SELECT count(*) FROM message WHERE mid_conflict = 1"), 2);
	/* the first one keeps the thread */
	assert_int_equal(number(&in, "SELECT item_id FROM thread WHERE mid = 'a@x'"), 1);
	fixture_close(&in.fx);
}

static void
test_strangers(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	assert_int_equal(take(&in, &(struct letter){.from = "eve@example.org", .subject = "Hi"}),
	    INTAKE_QUARANTINED);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 0); /* silence */
	assert_int_equal(number(&in, "SELECT count(*) FROM quarantine WHERE raw IS NOT NULL"), 1);
	assert_int_equal(number(&in, "SELECT count(*) FROM job WHERE kind = 'quarantine-summary'"),
	    1);
	/* Sunday 9:00 in Berlin */
	assert_int_equal(number(&in, "SELECT due_at FROM job"), NOON + 20 * 3600);
	/* the operator knows her: then it is applied, once */
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "INSERT INTO address (address, person_id) "
	    "VALUES ('eve@example.org', $1)", "i", in.fx.ben.id));
	td_ok(&in.fx, intake_release(in.fx.db, &in.conf, in.result.message_id, 2, NOON + 60,
	    in.fx.arena, &in.result, &in.fx.err));
	assert_int_equal(number(&in, "SELECT count(*) FROM status_update WHERE person_id = 2"), 1);
	assert_int_equal(intake_release(in.fx.db, &in.conf, in.result.message_id, 2, NOON + 60,
	    in.fx.arena, &in.result, &in.fx.err), TD_PERM);
	fixture_close(&in.fx);
}

/* Mail to none of the teams is of concern to all of their leads. */
static void
test_no_team(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	assert_int_equal(take(&in, &(struct letter){.from = "ana@example.org", .subject = "Hi",
	    .to = "sales@example.org"}), INTAKE_QUARANTINED);
	assert_int_equal(number(&in, "SELECT count(*) FROM job WHERE kind = 'quarantine-summary'"),
	    1);
	fixture_close(&in.fx);
}

/* Of a mail that is too large only the headers came: who is known is told so, once a day, and
 * nothing in it has an effect, now or ever. */
static void
test_too_large(void **state)
{
	static const struct {
		const char *name, *from, *to;
		enum conf_trust_mode mode;
		enum auto_kind kind;
		enum intake_outcome outcome;
		bool told;
	} rows[] = {
	    {"member", "ana@example.org", NULL, CONF_TRUST_ENVELOPE, AUTO_NONE,
		INTAKE_QUARANTINED, true},
	    {"not authenticated", "ana@example.org", NULL, CONF_TRUST_AUTHENTICATED, AUTO_NONE,
		INTAKE_QUARANTINED, true},
	    {"stranger", "eve@example.org", NULL, CONF_TRUST_ENVELOPE, AUTO_NONE,
		INTAKE_QUARANTINED, false},
	    {"no team", "ana@example.org", "other@example.org", CONF_TRUST_ENVELOPE, AUTO_NONE,
		INTAKE_QUARANTINED, false},
	    {"robot", "ana@example.org", NULL, CONF_TRUST_ENVELOPE, AUTO_VACATION,
		INTAKE_IGNORED, false},
	};
	struct reading_command done = {.line = 1, .verb = "task", .source = "/task Hi"};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct letter l = {.from = rows[i].from, .to = rows[i].to, .subject = "Film",
		    .mid = "film@x", .text = "done", .auto_kind = rows[i].kind,
		    .target = {.kind = KIND_TASK}, .fields = {.title = "Film"},
		    .commands = &done, .n_commands = 1, .too_large = 31200000};
		struct inbox in;

		inbox_open(&in, rows[i].mode);
		row_assert(take(&in, &l) == rows[i].outcome, rows[i].name);
		row_assert(take(&in, &l) == rows[i].outcome, rows[i].name); /* another such */
		row_assert(number(&in, "SELECT count(*) FROM outbox") == rows[i].told,
		    rows[i].name);
		row_assert(number(&in, "SELECT count(*) FROM item") == 0, rows[i].name);
		row_assert(number(&in, "SELECT count(*) FROM held") == 0, rows[i].name);
		row_assert(rows[i].outcome == INTAKE_IGNORED || intake_release(in.fx.db,
		    &in.conf, in.result.message_id, 2, NOON, in.fx.arena, &in.result,
		    &in.fx.err) == TD_PERM, rows[i].name);
		if (rows[i].told) {
			const char *mail = text_of(&in, "SELECT bytes FROM outbox");

			assert_non_null(strstr(mail, "Size: 32 MB. Limit: 25 MB."));
			assert_non_null(strstr(mail, "In-Reply-To: <film@x>"));
			assert_non_null(strstr(mail, "Auto-Submitted: auto-replied"));
			assert_string_equal(text_of(&in, "SELECT sender FROM outbox"), "");
		}
		fixture_close(&in.fx);
	}
}

static void
test_robots(void **state)
{
	static const enum auto_kind kinds[] = {AUTO_REPLY, AUTO_VACATION, AUTO_LIST, AUTO_BULK,
	    AUTO_REPORT, AUTO_CALENDAR, AUTO_LOOP, AUTO_OTHER};
	struct reading_command done = {.line = 1, .verb = "done", .source = "done"};
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	make_task(&in, "One");
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "DELETE FROM outbox", ""));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		assert_int_equal(take(&in, &(struct letter){.subject = "[#1] away",
		    .text = "done", .target = {.item = 1}, .commands = &done, .n_commands = 1,
		    .auto_kind = kinds[i]}), INTAKE_IGNORED);
	assert_int_equal(item_numbered(&in, 1)->state, ITEM_OPEN);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM comment"), 0);
	fixture_close(&in.fx);
}

/* A mail that was sent to Ben: its Message-ID is "digest@x". */
static void
send_digest(struct inbox *in)
{
	struct outbox row = {.dedupe_key = "digest", .kind = "digest", .team_id = in->fx.team.id,
	    .person_id = in->fx.ben.id, .sender = "platform+bounce-2@example.org",
	    .rcpt = "Ben@example.org", .mid = "digest@x", .bytes = SPAN("x")};
	struct outbox queued = row, *rows;
	size_t n;

	td_ok(&in->fx, outbox_add(in->fx.db, &row, NOON - 60, NULL, &in->fx.err));
	td_ok(&in->fx, outbox_claim(in->fx.db, in->fx.arena, NOON - 60, 10, &rows, &n,
	    &in->fx.err));
	td_ok(&in->fx, outbox_set_result(in->fx.db, row.id, SEND_SENT, "250", NOON - 60, 0, NULL,
	    &in->fx.err));
	queued.dedupe_key = "later";
	queued.mid = "later@x";
	td_ok(&in->fx, outbox_add(in->fx.db, &queued, NOON, NULL, &in->fx.err));
}

static const char *
delivery_of(struct inbox *in, const char *who)
{
	return text_of(in, arena_printf(in->fx.arena,
	    "SELECT delivery FROM address WHERE address = '%s@example.org'", who));
}

/* Anybody can write a bounce: it counts only where it gives back what we sent. */
static void
test_bounces(void **state)
{
	static struct reading_bounce gone = {.recipient = "ben@example.org", .hard = true,
	    .status = "5.1.1"}, full = {.recipient = "ben@example.org", .status = "5.2.2"},
	    ana = {.recipient = "ana@example.org", .hard = true, .status = "5.1.1"},
	    elsewhere = {.recipient = "b@example.net", .hard = true, .status = "5.1.1"},
	    nobody = {.hard = false, .status = "5.0.0", .reason = "undefined"},
	    relayed = {.recipient = "ben@example.org", .status = "2.0.0"};
	static const struct {
		const char *name;
		struct reading_bounce *bounce;
		const char *returned_id, *tag;
		int64_t at;
		const char *ben;
	} rows[] = {
	    {"ours", &gone, "digest@x", NULL, NOON, "hard"},
	    {"full", &full, "digest@x", NULL, NOON, "soft"},
	    {"forwarded", &elsewhere, "digest@x", NULL, NOON, "hard"},
	    {"about another", &ana, "digest@x", NULL, NOON, "hard"},
	    {"arrived", &relayed, "digest@x", NULL, NOON, "ok"},
	    {"nobody named", &nobody, "digest@x", NULL, NOON, "soft"},
	    {"forged", &gone, NULL, NULL, NOON, "ok"},
	    {"not ours", &gone, "other@x", NULL, NOON, "ok"},
	    {"not sent yet", &gone, "later@x", NULL, NOON, "ok"},
	    {"only the tag, which can be guessed", &gone, NULL, "bounce-2", NOON, "soft"},
	    {"tag, nobody named", &nobody, "other@x", "bounce-2", NOON, "soft"},
	    {"tag, nothing sent to her", &gone, NULL, "bounce-3", NOON, "ok"},
	    {"tag, long ago", &gone, NULL, "bounce-2", NOON + 15 * 86400, "ok"},
	    {"tag, no number", &gone, NULL, "bounce-x", NOON, "ok"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct inbox in;

		inbox_open(&in, CONF_TRUST_ENVELOPE);
		send_digest(&in);
		row_assert(take(&in, &(struct letter){.subject = "failed", .from = "MAILER@mx",
		    .auto_kind = AUTO_BOUNCE, .bounces = rows[i].bounce, .n_bounces = 1,
		    .returned_id = rows[i].returned_id, .tag = rows[i].tag, .at = rows[i].at}) ==
		    INTAKE_IGNORED, rows[i].name);
		row_assert(strcmp(delivery_of(&in, "ben"), rows[i].ben) == 0, rows[i].name);
		row_assert(strcmp(delivery_of(&in, "ana"), "ok") == 0, rows[i].name);
		row_assert(strcmp(delivery_of(&in, "chi"), "ok") == 0, rows[i].name);
		/* what he writes himself shows that he is there, and says nothing of others */
		take(&in, &(struct letter){.from = "ana@example.org", .text = "Hi"});
		row_assert(strcmp(delivery_of(&in, "ben"), rows[i].ben) == 0, rows[i].name);
		take(&in, &(struct letter){.from = "Ben@example.org", .text = "Hi"});
		row_assert(strcmp(delivery_of(&in, "ben"), "ok") == 0, rows[i].name);
		fixture_close(&in.fx);
	}
}

/* A sender who is not authenticated may be anybody: that proves nothing. */
static void
test_bounce_unproven(void **state)
{
	struct reading_bounce gone = {.recipient = "ben@example.org", .hard = true};
	struct inbox in;

	inbox_open(&in, CONF_TRUST_AUTHENTICATED);
	send_digest(&in);
	take(&in, &(struct letter){.from = "MAILER@mx", .auto_kind = AUTO_BOUNCE,
	    .bounces = &gone, .n_bounces = 1, .returned_id = "digest@x"});
	assert_int_equal(take(&in, &(struct letter){.from = "ben@example.org"}), INTAKE_HELD);
	assert_string_equal(delivery_of(&in, "ben"), "hard");
	fixture_close(&in.fx);
}

static void
test_held(void **state)
{
	struct inbox in;
	struct letter l = {.subject = "Fix", .target = {.kind = KIND_TASK},
	    .fields = {.title = "Fix"}};
	struct job job = {.kind = "confirm"};
	const char *confirm;
	int64_t next = 1, monday = NOON + 45 * 3600;

	inbox_open(&in, CONF_TRUST_AUTHENTICATED);
	assert_int_equal(take(&in, &l), INTAKE_HELD);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 0);
	/* a Saturday: nobody is asked before Monday 9:00 in Lisbon */
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 0);
	assert_int_equal(number(&in, "SELECT due_at FROM job WHERE kind = 'confirm'"), monday);
	job.person_id = in.fx.ana.id;
	td_ok(&in.fx, answer_confirm_job(in.fx.db, &in.conf, &job, monday, in.fx.arena, &next,
	    &in.fx.err));
	assert_int_equal(next, 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'confirm' "
				     "AND rcpt = 'ana@example.org'"), 1);
	confirm = text_of(&in, "SELECT mid FROM outbox");
	/* asked once a day; what comes later waits for tomorrow's question */
	l.subject = l.fields.title = "Forged";
	l.at = monday + 600;
	assert_int_equal(take(&in, &l), INTAKE_HELD);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 1);
	assert_int_equal(number(&in, "SELECT count(*) FROM job WHERE kind = 'confirm'"), 1);
	/* another person's yes, a yes to nothing, and prose are no answer */
	assert_int_equal(take(&in, &(struct letter){.from = "ben@example.org", .text = "yes",
	    .reply_to = confirm}), INTAKE_HELD);
	assert_int_equal(take(&in, &(struct letter){.text = "yes"}), INTAKE_HELD);
	assert_int_equal(take(&in, &(struct letter){.text = "who asks?", .reply_to = confirm}),
	    INTAKE_HELD);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 0);
	/* hers releases what was asked about, and nothing that came after */
	assert_int_equal(take(&in, &(struct letter){.text = "Yes, it was me.",
	    .reply_to = confirm, .at = monday + 7200}), INTAKE_APPLIED);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	assert_string_equal(item_numbered(&in, 1)->title, "Fix");
	assert_int_equal(number(&in, "SELECT count(*) FROM message WHERE trust = 2"), 1);
	/* at night the job waits for Tuesday 9:00 */
	td_ok(&in.fx, answer_confirm_job(in.fx.db, &in.conf, &job, monday + 11 * 3600, in.fx.arena,
	    &next, &in.fx.err));
	assert_int_equal(next, monday + 24 * 3600);
	td_ok(&in.fx, answer_confirm_job(in.fx.db, &in.conf, &job, next, in.fx.arena, &next,
	    &in.fx.err));
	assert_int_equal(next, 0);
	confirm = text_of(&in, "SELECT mid FROM outbox WHERE kind = 'confirm' ORDER BY id DESC");
	assert_int_equal(take(&in, &(struct letter){.text = "no", .reply_to = confirm}),
	    INTAKE_APPLIED);
	assert_int_equal(number(&in, "SELECT count(*) FROM held WHERE state = 'dropped'"), 3);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	fixture_close(&in.fx);
}

/* One held mail that cannot be applied keeps none of the others from a "yes". */
static void
test_held_one_fails(void **state)
{
	static const char *const titles[] = {"Good", "Bad", "Better"};
	struct inbox in;
	bool asked = false;

	inbox_open(&in, CONF_TRUST_AUTHENTICATED);
	for (size_t i = 0; i < ARRAY_LEN(titles); i++)
		assert_int_equal(take(&in, &(struct letter){.subject = titles[i],
		    .target = {.kind = KIND_TASK}, .fields = {.title = titles[i]}}), INTAKE_HELD);
	td_ok(&in.fx, answer_ask_held(in.fx.db, &in.conf, in.fx.ana.id, NOON + 46 * 3600,
	    in.fx.arena, &asked, &in.fx.err));
	assert_true(asked);
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "CREATE TRIGGER no BEFORE INSERT ON item "
	    "WHEN NEW.title = 'Bad' BEGIN SELECT RAISE(ABORT, 'no'); END", ""));
	assert_int_equal(take(&in, &(struct letter){.text = "yes", .at = NOON + 47 * 3600,
	    .reply_to = text_of(&in, "SELECT mid FROM outbox WHERE kind = 'confirm'")}),
	    INTAKE_APPLIED);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 2);
	assert_int_equal(number(&in, "SELECT count(*) FROM held WHERE state = 'released'"), 2);
	assert_string_equal(text_of(&in, "SELECT m.subject FROM held h JOIN message m ON "
	    "m.id = h.message_id WHERE h.state = 'waiting'"), "Bad");
	assert_string_equal(in.result.why, "released held mail, but not message 2");
	fixture_close(&in.fx);
}

static void
test_update(void **state)
{
	uint32_t one[] = {1}, nine[] = {9};
	struct section_entry done[] = {
	    {.line = 2, .text = "Fixed it", .items = one, .n_items = 1, .closes = true,
		.seconds = 5400, .has_seconds = true},
	    {.line = 3, .text = "Lost it", .items = nine, .n_items = 1},
	};
	struct section_entry next[] = {{.line = 5, .text = "The other"}};
	struct section_entry time[] = {{.line = 7, .text = "stand-up", .seconds = 900,
	    .has_seconds = true, .project = "web"}};
	struct reading_section sections[] = {{SECTION_DONE, done, 2}, {SECTION_NEXT, next, 1},
	    {SECTION_TIME, time, 1}};
	struct letter l = {.subject = "status", .sections = sections, .n_sections = 3,
	    .text = "Done:\n- [x] #1 Fixed it (1h30m)\n- Lost it #9\nNext:\n- The other\nTime:\n"
		    "15m +web stand-up\n\nA long day.\n"};
	struct inbox in;
	struct status_update *update;
	struct search_hit *hits;
	size_t n;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	make_task(&in, "One");
	take(&in, &l);
	assert_int_equal(item_numbered(&in, 1)->state, ITEM_DONE);
	td_ok(&in.fx, status_update_find(in.fx.db, in.fx.arena, in.fx.team.id, in.fx.ana.id,
	    "2026-11-21", &update, &in.fx.err));
	assert_non_null(update);
	assert_int_equal(update->n_lines, 4);
	assert_string_equal(update->lines[0].section, "done");
	assert_string_equal(update->lines[0].text, "Fixed it");
	assert_int_equal(update->lines[0].item_id, 1);
	assert_int_equal(update->lines[1].item_id, 0);
	assert_string_equal(update->lines[2].section, "next");
	assert_string_equal(update->lines[3].text, "A long day.");
	assert_int_equal(number(&in, "SELECT sum(seconds) FROM entry WHERE day = '2026-11-21'"),
	    6300);
	assert_int_equal(number(&in, "SELECT count(*) FROM entry WHERE project = 'web'"), 1);
	/* #9 does not exist: said */
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'error'"), 1);
	/* a later mail of the day is merged; what it repeats is kept once */
	done[0].has_seconds = done[0].closes = false;
	l.n_sections = 1;
	l.text = "Done:\n- #1 Fixed it\n- Lost it #9\n\nOne more thing.\n";
	take(&in, &l);
	assert_int_equal(number(&in, "SELECT count(*) FROM status_update"), 1);
	assert_int_equal(number(&in, "SELECT count(*) FROM update_line"), 5);
	td_ok(&in.fx, search_query(in.fx.db, in.fx.arena, in.fx.team.id, "thing", 10, &hits, &n,
	    &in.fx.err));
	assert_int_equal(n, 1);
	assert_int_equal(hits[0].entity, SEARCH_UPDATE);
	fixture_close(&in.fx);
}

/* Days are the writer's: 23:30 in Lisbon is the next day in Tokyo. */
static void
test_local_day(void **state)
{
	struct inbox in;
	int64_t late = NOON + 11 * 3600 + 1800;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	take(&in, &(struct letter){.subject = "s", .text = "ana", .at = late});
	take(&in, &(struct letter){.subject = "s", .text = "ben", .from = "ben@example.org",
	    .at = late});
	assert_string_equal(text_of(&in, "SELECT day FROM status_update WHERE person_id = 1"),
	    "2026-11-21");
	assert_string_equal(text_of(&in, "SELECT day FROM status_update WHERE person_id = 2"),
	    "2026-11-22");
	fixture_close(&in.fx);
}

static void
test_answers(void **state)
{
	uint32_t none[] = {99};
	struct reading_command bad = {.line = 1, .verb = "done", .source = "/done #99",
	    .items = none, .n_items = 1};
	struct letter l = {.subject = "x", .text = "/done #99", .commands = &bad, .n_commands = 1};
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	for (int i = 0; i < 5; i++)
		take(&in, &l);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 1); /* one a cause and day */
	none[0] = 98;
	take(&in, &l);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 2);
	l.at = NOON + 86400;
	take(&in, &l);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 3);
	assert_int_equal(number(&in, "SELECT count(undo_code) FROM message"), 0); /* no effect */
	/* no more than the limit of a day, and the mails have their effect all the same */
	in.conf.limits.acks_per_day = 4;
	for (int i = 0; i < 5; i++)
		make_task(&in, "T");
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 5);
	assert_int_equal(number(&in, "SELECT count(undo_code) FROM message"), 5);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 4);
	fixture_close(&in.fx);
}

/* The cause of an error is told once a day; the number of a new item each time. */
static void
test_new_item_with_known_error(void **state)
{
	struct reading_error typo = {.line = 1, .text = "/assgin @ben", .why = "no such command",
	    .suggestion = "/assign @ben"};
	struct letter l = {.target = {.kind = KIND_TASK}, .errors = &typo, .n_errors = 1};
	static const char *const second =
	    " FROM outbox WHERE kind = 'ack' AND instr(bytes, '#2') > 0 "
	    "AND instr(bytes, 'Second task') > 0 AND instr(bytes, '/assgin @chi') > 0";
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	l.subject = l.fields.title = "First task";
	take(&in, &l);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'error'"), 1);
	l.subject = l.fields.title = "Second task";
	typo.text = "/assgin @chi";
	take(&in, &l);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 2);
	assert_int_equal(number(&in, arena_printf(in.fx.arena, "SELECT count(*)%s", second)), 1);
	/* who wants to hear of errors alone was told of this one */
	in.fx.ana.ack = "errors";
	td_ok(&in.fx, person_update(in.fx.db, &in.fx.ana, &in.fx.err));
	take(&in, &l);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 2);
	fixture_close(&in.fx);
}

static void
test_help(void **state)
{
	static const struct {
		const char *word;
		int all, examples;
	} rows[] = {{NULL, 1, 0}, {"spend", 0, 1}, {"time", 0, 1}, {"nonsense", 1, 0}};
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reading_command help = {.verb = "help", .source = "/help",
		    .word = rows[i].word};

		td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "DELETE FROM outbox", ""));
		take(&in, &(struct letter){.subject = "help", .target = {.kind = KIND_HELP},
		    .commands = &help, .n_commands = 1});
		assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'answer'"),
		    1);
		row_assert(number(&in, "SELECT instr(bytes, '/remind') > 0 FROM outbox") ==
		        rows[i].all, rows[i].word);
		row_assert(number(&in, "SELECT instr(bytes, 'Examples:') > 0 FROM outbox") ==
		        rows[i].examples, rows[i].word);
	}
	fixture_close(&in.fx);
}

static void
test_ack_settings(void **state)
{
	static const struct {
		const char *ack;
		int for_new, for_other;
	} rows[] = {{"new", 1, 0}, {"errors", 0, 0}, {"always", 1, 1}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct inbox in;

		inbox_open(&in, CONF_TRUST_ENVELOPE);
		in.fx.ana.ack = rows[i].ack;
		td_ok(&in.fx, person_update(in.fx.db, &in.fx.ana, &in.fx.err));
		make_task(&in, "T");
		row_assert(number(&in, "SELECT count(*) FROM outbox") == rows[i].for_new,
		    rows[i].ack);
		take(&in, &(struct letter){.subject = "update", .text = "I slept"});
		row_assert(number(&in, "SELECT count(*) FROM outbox") ==
		    rows[i].for_new + rows[i].for_other, rows[i].ack);
		fixture_close(&in.fx);
	}
}

static void
test_two_teams(void **state)
{
	struct inbox in;
	struct team web = {.name = "web", .title = "Web", .address = "web@example.org",
	    .zone = "Europe/Paris"};

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	td_ok(&in.fx, team_add(in.fx.db, &web, NOON, &in.fx.err));
	td_ok(&in.fx, member_set(in.fx.db, web.id, in.fx.ana.id, ROLE_MEMBER, NOON, &in.fx.err));
	take(&in, &(struct letter){.subject = "Both", .to2 = "web@example.org",
	    .target = {.kind = KIND_TASK}, .fields = {.title = "Both"}});
	assert_int_equal(number(&in, "SELECT count(*) FROM item WHERE number = 1"), 2);
	assert_int_equal(number(&in, "SELECT count(DISTINCT root_mid) FROM item"), 2);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'ack'"), 2);
	/* Ben is in one of them */
	take(&in, &(struct letter){.subject = "Both", .from = "ben@example.org",
	    .to2 = "web@example.org", .target = {.kind = KIND_TASK}, .fields = {.title = "B"}});
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 3);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'error'"), 1);
	fixture_close(&in.fx);
}

/* A copy by Bcc or of another mailbox names a second team: it acts there too, once. */
static void
test_second_copy(void **state)
{
	struct inbox in;
	struct team web = {.name = "web", .title = "Web", .address = "web@example.org",
	    .zone = "Europe/Paris"};
	struct letter l = {.subject = "Both", .mid = "both@x", .target = {.kind = KIND_TASK},
	    .fields = {.title = "Both"}};

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	td_ok(&in.fx, team_add(in.fx.db, &web, NOON, &in.fx.err));
	td_ok(&in.fx, member_set(in.fx.db, web.id, in.fx.ana.id, ROLE_MEMBER, NOON, &in.fx.err));
	l.key = arena_printf(in.fx.arena, "%064d", 7);
	assert_int_equal(take(&in, &l), INTAKE_APPLIED);
	l.to = "web@example.org";
	assert_int_equal(take(&in, &l), INTAKE_APPLIED);
	assert_int_equal(number(&in, "SELECT count(*) FROM item WHERE title = 'Both'"), 2);
	assert_int_equal(number(&in, "SELECT count(DISTINCT team_id) FROM item"), 2);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'ack'"), 2);
	assert_int_equal(number(&in, "SELECT count(*) FROM message WHERE mid_conflict = 1"), 0);
	/* each has had it */
	assert_int_equal(take(&in, &l), INTAKE_DUPLICATE);
	l.to2 = "platform@example.org";
	assert_int_equal(take(&in, &l), INTAKE_DUPLICATE);
	l.to = "nobody@example.org";
	assert_int_equal(take(&in, &l), INTAKE_DUPLICATE);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 2);
	assert_int_equal(number(&in, "SELECT count(*) FROM quarantine"), 0);
	fixture_close(&in.fx);
}

static void
test_timer_and_absence(void **state)
{
	uint32_t one[] = {1}, two[] = {2};
	struct reading_command start = {.line = 1, .verb = "start", .source = "s", .items = one,
	    .n_items = 1}, stop = {.line = 1, .verb = "stop", .source = "stop"};
	struct reading_when days = {.start = NOON - 12 * 3600, .end = NOON + 60 * 3600,
	    .precision = WHEN_DAY, .local = "2026-11-21", .local_end = "2026-11-23",
	    .zone = "Europe/Lisbon"};
	struct reading_command off = {.line = 1, .verb = "off", .source = "o", .when = &days,
	    .word = "sick", .cover = "ben"}, back = {.line = 1, .verb = "back", .source = "b"};
	struct letter l = {.subject = "x", .commands = &start, .n_commands = 1};
	struct inbox in;
	struct absence *absences;
	size_t n;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	make_task(&in, "One");
	make_task(&in, "Two");
	take(&in, &l);
	/* starting another logs the first */
	start.items = two;
	l.at = NOON + 3600;
	take(&in, &l);
	assert_int_equal(number(&in, "SELECT seconds FROM entry WHERE item_id = 1"), 3600);
	l.commands = &stop;
	l.at = NOON + 3600 + 1830;
	take(&in, &l);
	assert_int_equal(number(&in, "SELECT seconds FROM entry WHERE item_id = 2"), 1800);
	assert_int_equal(number(&in, "SELECT count(*) FROM timer"), 0);
	/* one that was forgotten logs nothing and says so */
	l.commands = &start;
	take(&in, &l);
	l.commands = &stop;
	l.at = NOON + 86400;
	take(&in, &l);
	assert_int_equal(number(&in, "SELECT count(*) FROM entry"), 2);
	assert_int_equal(number(&in, "SELECT count(*) FROM timer"), 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'error'"), 1);

	l.commands = &off;
	l.at = NOON;
	take(&in, &l);
	td_ok(&in.fx, absence_list(in.fx.db, in.fx.arena, in.fx.ana.id, "2026-11-23",
	    "2026-11-30", &absences, &n, &in.fx.err));
	assert_int_equal(n, 1);
	assert_string_equal(absences[0].first_day, "2026-11-21");
	assert_string_equal(absences[0].last_day, "2026-11-23");
	assert_int_equal(absences[0].cover_id, in.fx.ben.id);
	l.commands = &back;
	l.at = NOON + 86400;
	take(&in, &l);
	td_ok(&in.fx, absence_list(in.fx.db, in.fx.arena, in.fx.ana.id, "2026-11-01",
	    "2026-11-30", &absences, &n, &in.fx.err));
	assert_int_equal(n, 1);
	assert_string_equal(absences[0].last_day, "2026-11-21");
	fixture_close(&in.fx);
}

/* A mail that cannot be applied leaves nothing of itself; the next one is applied. */
static void
test_isolation(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "CREATE TRIGGER no BEFORE INSERT ON event "
	    "BEGIN SELECT RAISE(ABORT, 'no'); END", ""));
	assert_int_equal(try_take(&in, &(struct letter){.subject = "T",
	    .target = {.kind = KIND_TASK}, .fields = {.title = "T"}}), TD_PERM);
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "DROP TRIGGER no", ""));
	assert_int_equal(number(&in, "SELECT count(*) FROM message"), 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 0);
	make_task(&in, "Good");
	assert_int_equal(item_numbered(&in, 1)->number, 1); /* no number was lost */
	fixture_close(&in.fx);
}

static void
test_search_is_literal(void **state)
{
	static const struct {
		const char *words;
		size_t hits;
	} rows[] = {
	    {"quota", 1}, {"QUOTA", 1}, {"disk quota", 1}, {"quota disk", 1}, {"\"quota disk\"", 0},
	    {"\"disk quota\"", 1}, {"quo*", 1}, {"quo", 0}, {"disk -quota", 0}, {"disk -other", 1},
	    {"-disk", 0}, {"", 0}, {"*", 0}, {"\"", 0}, {"AND OR NOT", 0}, {"text:disk", 0},
	    {"disk\" OR \"x", 0}, {"(disk", 1}, {"disk NEAR(quota", 0}, {"naive", 1},
	};
	struct inbox in;
	struct search_hit *hits;
	size_t n;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	make_task(&in, "The disk quota is na\xc3\xafve");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		td_ok(&in.fx, search_query(in.fx.db, in.fx.arena, in.fx.team.id, rows[i].words, 10,
		    &hits, &n, &in.fx.err));
		row_assert(n == rows[i].hits, rows[i].words);
	}
	td_ok(&in.fx, search_query(in.fx.db, in.fx.arena, 999, "disk", 10, &hits, &n, &in.fx.err));
	assert_int_equal(n, 0); /* another team's */
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_duplicates), cmocka_unit_test(test_strangers),
	    cmocka_unit_test(test_no_team),
	    cmocka_unit_test(test_robots), cmocka_unit_test(test_bounces),
	    cmocka_unit_test(test_bounce_unproven), cmocka_unit_test(test_too_large),
	    cmocka_unit_test(test_held),
	    cmocka_unit_test(test_held_one_fails),
	    cmocka_unit_test(test_update), cmocka_unit_test(test_local_day),
	    cmocka_unit_test(test_answers), cmocka_unit_test(test_help),
	    cmocka_unit_test(test_new_item_with_known_error),
	    cmocka_unit_test(test_ack_settings),
	    cmocka_unit_test(test_two_teams), cmocka_unit_test(test_second_copy),
	    cmocka_unit_test(test_timer_and_absence),
	    cmocka_unit_test(test_isolation), cmocka_unit_test(test_search_is_literal),
	};

	return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
