/* SPDX-License-Identifier: ISC */
/*
 * Tests of what a decision sends, and of what comes back by calendar: who hears when it is dropped,
 * opened again or gets another date; its entry in calendars, from the first REQUEST to the CANCEL;
 * the answers there, which count as votes; the reminder to who has not answered.
 */
#include "tests/unit/intake-fixture.h"

#include "daemon/intake/decide.h"
#include "daemon/intake/news.h"
#include "daemon/log.h"
#include "daemon/model/token.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/token_key.h"
#include "parsers/command.h"

#define HOUR 3600
#define DAY 86400
#define MONDAY (NOON + 2 * DAY)     /* 2026-11-23 12:00 in Lisbon */
#define FRIDAY (MONDAY + 4 * DAY)
#define DUE (FRIDAY + 3 * HOUR)
#define ANA "ana@example.org"
#define BEN "ben@example.org"
#define DEE "dee@example.org"

static struct reading_when friday = {.start = DUE, .end = DUE,
    .precision = WHEN_MINUTE, .local = "2026-11-27T15:00", .zone = "Europe/Lisbon"};
static const char *stores[] = {"LMDB", "SQLite"};

/* Ana, Ben and Chi of the fixture, with Ben in Lisbon; Dee is a member too. Ana asks. */
static void
open_scene(struct inbox *in)
{
	struct person dee;

	log_set_level(LOG_LEVEL_ERROR);
	inbox_open(in, CONF_TRUST_ENVELOPE);
	in->conf.limits.acks_per_day = 1000;
	fixture_person(&in->fx, &dee, DEE, "Dee Roy", "Europe/Lisbon", ROLE_MEMBER);
	td_ok(&in->fx, db_exec(in->fx.db, &in->fx.err,
	    "UPDATE person SET zone = 'Europe/Lisbon', digest = 'off'", ""));
	jobs_register("news", news_job);
	jobs_register("decision", decide_job);
	jobs_register("decision-soon", decide_soon_job);
}

static void
ask(struct inbox *in, const char **options, size_t n)
{
	take(in, &(struct letter){.from = ANA, .subject = "decide: Use it?",
	    .target = {.kind = KIND_DECIDE}, .at = MONDAY, .fields = {.title = "Use it?",
		.due = &friday, .options = options, .n_options = n}});
}

static void
say_at(struct inbox *in, const char *from, const char *text, int64_t at)
{
	const struct command_context context = {.anchor = at, .zone = "Europe/Lisbon"};
	struct reading_command *cmd = arena_alloc(in->fx.arena, sizeof *cmd);
	struct reading_error error = {0};

	assert_int_equal(command_parse(in->fx.arena, span_of(text), 1, &context, cmd, &error),
	    COMMAND_GOOD);
	cmd->source = text;
	take(in, &(struct letter){.from = from, .subject = "x", .text = text, .at = at,
	    .target = {.kind = KIND_TIME}, .commands = cmd, .n_commands = 1});
	if (in->result.why != NULL)
		fail_msg("%s: %s", text, in->result.why);
}

static void
run(struct inbox *in, int64_t now)
{
	int64_t next;

	jobs_look_again();
	for (int i = 0; i < 3; i++)
		td_ok(&in->fx, jobs_run(in->fx.db, &in->conf, now, &next, &in->fx.err));
}

/* Who got item mails since the last look, with the METHOD and SEQUENCE that each carries:
 * "ben REQUEST 0 dee". The mails are taken away. */
static const char *
mails(struct inbox *in, const char **last_r)
{
	struct db_stmt *st = db_query(in->fx.db, &in->fx.err,
	    "SELECT rcpt, CAST(bytes AS TEXT) FROM outbox WHERE kind = 'item' ORDER BY rcpt", "");
	const char *text = "";

	assert_non_null(st);
	while (db_step(st, &in->fx.err) == DB_ROW) {
		const char *rcpt = db_column_text(st, 0, in->fx.arena);
		const char *bytes = db_column_text(st, 1, in->fx.arena);
		const char *method = strstr(bytes, "; method=");

		*last_r = bytes;
		text = arena_printf(in->fx.arena, "%s%s%.*s%s%.*s", text, *text ? " " : "",
		    (int)strcspn(rcpt, "@"), rcpt, method != NULL ? " " : "",
		    method != NULL ? (int)strcspn(method + 9, "\r") : 0,
		    method != NULL ? method + 9 : "");
	}
	db_finish(&st);
	td_ok(&in->fx, db_exec(in->fx.db, &in->fx.err, "UPDATE news SET outbox_id = NULL", ""));
	td_ok(&in->fx, db_exec(in->fx.db, &in->fx.err, "DELETE FROM news", ""));
	td_ok(&in->fx, db_exec(in->fx.db, &in->fx.err, "DELETE FROM outbox", ""));
	return text;
}

static int64_t
sequence(struct inbox *in, int64_t person)
{
	return number(in, arena_printf(in->fx.arena, "SELECT sent_sequence FROM attendee WHERE "
	    "person_id = %lld", (long long)person));
}

/* ---- what is told, and the entry ------------------------------------------------------------- */

static void
test_entry(void **state)
{
	static const struct {
		const char *from, *line, *mails, *says;
		int64_t sequence; /* of Ben's entry */
	} steps[] = {
	    {NULL, NULL, "ben REQUEST dee REQUEST", "Ana Lima asks Platform to decide #1.", 0},
	    {ANA, "/due #1 2026-11-26 17:00", "ben REQUEST dee REQUEST",
		"Ana Lima moved the date of #1.", 1},
	    {ANA, "/title #1 Use this?", "", NULL, 1},
	    {ANA, "/drop #1 nobody needs it", "ben CANCEL dee CANCEL", "Ana Lima dropped #1:", 2},
	    {ANA, "/reopen #1 we do", "ben REQUEST dee REQUEST", "Ana Lima opened #1 again", 3},
	    {ANA, "/due #1 none", "ben CANCEL dee CANCEL", "Ana Lima moved the date of #1.", 4},
	    {ANA, "/due #1 2026-11-26 17:00", "ben REQUEST dee REQUEST", "moved the date", 5},
	    {BEN, "/agree #1 gladly", "ana", "gladly", 5},
	    {ANA, "/due #1 2026-11-25 17:00", "ben REQUEST dee REQUEST", "moved the date", 6},
	    {ANA, "/resolve #1 yes all want it", "ben CANCEL dee CANCEL", "Ana Lima decided #1", 7},
	};
	struct inbox in;

	open_scene(&in);
	ask(&in, NULL, 0);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		int64_t now = MONDAY + (int64_t)i * 600;
		const char *last = "", *got;

		if (steps[i].line != NULL)
			say_at(&in, steps[i].from, steps[i].line, now);
		run(&in, now);
		got = mails(&in, &last);
		if (strcmp(got, steps[i].mails) != 0)
			fail_msg("%s: %s", steps[i].line, got);
		if (steps[i].says != NULL && strstr(last, steps[i].says) == NULL)
			fail_msg("%s: no \"%s\" in %s", steps[i].line, steps[i].says, last);
		assert_int_equal(sequence(&in, in.fx.ben.id), steps[i].sequence);
	}
	fixture_close(&in.fx);
}

/* The reason of a drop stands in the mail to each member; at the date itself nothing is called off,
 * and who answered before the first mail has no entry. */
static void
test_told(void **state)
{
	struct inbox in;
	const char *last = "";

	open_scene(&in);
	ask(&in, stores, 2);
	say_at(&in, BEN, "/vote #1 2", MONDAY + 60);
	run(&in, MONDAY + 120);
	assert_string_equal(mails(&in, &last), "dee REQUEST");
	assert_non_null(strstr(last, "accept it to vote for LMDB"));
	assert_non_null(strstr(last, "name=\"invite.ics\""));
	run(&in, DUE + 1);
	assert_string_equal(mails(&in, &last), "ana ben dee");
	say_at(&in, ANA, "/reopen #1", DUE + 60);
	say_at(&in, ANA, "/drop #1 it was a mistake", DUE + 120);
	run(&in, MONDAY + 7 * DAY);
	assert_string_equal(mails(&in, &last), "ben dee");
	assert_non_null(strstr(last, "it was a mistake"));
	fixture_close(&in.fx);
}

/* Taken back altogether: who had the entry is told, and it goes; who never got it hears nothing. */
static void
test_undone(void **state)
{
	for (int sent = 0; sent < 2; sent++) {
		struct inbox in;
		const char *last = "";

		open_scene(&in);
		ask(&in, NULL, 0);
		run(&in, MONDAY + 60);
		if (sent)
			td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err,
			    "UPDATE outbox SET state = 'sent', claimed_at = 1", ""));
		say_at(&in, ANA, arena_printf(in.fx.arena, "/undo %s", text_of(&in,
		    "SELECT undo_code FROM message ORDER BY id DESC LIMIT 1")), MONDAY + 120);
		assert_int_equal(number(&in, "SELECT count(*) FROM item"), 0);
		td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err,
		    "DELETE FROM outbox WHERE state = 'sent'", ""));
		assert_string_equal(mails(&in, &last), sent ? "ben CANCEL dee CANCEL" : "");
		if (sent)
			assert_non_null(strstr(last, "Ana Lima dropped #1:"));
		fixture_close(&in.fx);
	}
}

static void
undo_last(struct inbox *in, const char *from, int64_t at)
{
	say_at(in, from, arena_printf(in->fx.arena, "/undo %s", text_of(in, "SELECT undo_code FROM "
	    "message WHERE undo_code IS NOT NULL ORDER BY id DESC LIMIT 1")), at);
}

/* What was told is told again when it is taken back, at once and to the same people; what still
 * waited is told to nobody. */
static void
test_told_of_undo(void **state)
{
	static const struct {
		const char *line, *mails, *says;
	} rows[] = {
	    {"/resolve #1 yes all want it", "ben REQUEST dee REQUEST",
		"Ana Lima opened #1 again: the answers so far stand"},
	    {"/due #1 2026-11-26 17:00", "ben REQUEST dee REQUEST",
		"Ana Lima moved the date of #1."},
	    {"/drop #1 nobody needs it", "ben REQUEST dee REQUEST", "Ana Lima opened #1 again"},
	    {"/due #1 none", "ben REQUEST dee REQUEST", "Ana Lima moved the date of #1."},
	    {"/title #1 Use this?", "", NULL},
	    {"/assign #1 @ben", "ben REQUEST", "Ana Lima has taken #1 over; it is not yours any "
		"more."},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct inbox in;
		const char *last = "", *got;

		open_scene(&in);
		ask(&in, NULL, 0);
		say_at(&in, ANA, "/take #1", MONDAY);
		run(&in, MONDAY);
		(void)mails(&in, &last);
		say_at(&in, ANA, rows[i].line, MONDAY + 60);
		undo_last(&in, ANA, MONDAY + 70);
		run(&in, MONDAY + 70);
		row_assert(strcmp(mails(&in, &last), "") == 0, rows[i].line);
		say_at(&in, ANA, rows[i].line, MONDAY + 80);
		run(&in, MONDAY + 80);
		(void)mails(&in, &last);
		undo_last(&in, ANA, MONDAY + 90);
		run(&in, MONDAY + 90);
		got = mails(&in, &last);
		if (strcmp(got, rows[i].mails) != 0 ||
		    (rows[i].says != NULL && strstr(last, rows[i].says) == NULL))
			fail_msg("%s: %s, %s", rows[i].line, got, last);
		row_assert(strstr(last, "/undo ") == NULL || rows[i].says == NULL, rows[i].line);
		fixture_close(&in.fx);
	}
}

/* Ben has his mail, Dee's could be called back: he alone is told. */
static void
test_told_of_undo_who_knew(void **state)
{
	struct inbox in;
	const char *last = "";

	open_scene(&in);
	ask(&in, NULL, 0);
	run(&in, MONDAY);
	(void)mails(&in, &last);
	say_at(&in, ANA, "/resolve #1 yes all want it", MONDAY + 60);
	run(&in, MONDAY + 60);
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "UPDATE outbox SET state = 'sent', claimed_at "
	    "= 1 WHERE rcpt = '" BEN "'", ""));
	undo_last(&in, ANA, MONDAY + 90);
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "DELETE FROM outbox WHERE state = 'sent'", ""));
	run(&in, MONDAY + 90);
	assert_string_equal(mails(&in, &last), "ben REQUEST");
	fixture_close(&in.fx);
}

/* ---- answers by calendar --------------------------------------------------------------------- */

static const struct {
	const char *name, *from, *attendee, *sent_by, *partstat, *method;
	int64_t sequence, dtstamp; /* dtstamp: seconds after the entry was sent */
	const char *want; /* choice, option and reason of Ben's vote, or his comment; "" for none */
	const char *comment;
} answers[] = {
    {"accepted", BEN, BEN, NULL, "ACCEPTED", "REPLY", 0, 60, "agree LMDB -"},
    {"in small letters", BEN, "Ben@Example.org", NULL, "accepted", "reply", 0, 60,
	"agree LMDB -"},
    {"declined", BEN, BEN, NULL, "DECLINED", "REPLY", 0, 60,
	"object - declined in the calendar"},
    {"tentative", BEN, BEN, NULL, "TENTATIVE", "REPLY", 0, 60, "abstain - -"},
    {"accepted with a word", BEN, BEN, NULL, "ACCEPTED", "REPLY", 0, 60, "agree LMDB It is fast",
	"It is fast"},
    {"declined with a word", BEN, BEN, NULL, "DECLINED", "REPLY", 0, 60,
	"object - Nobody knows it", "Nobody knows it"},
    {"tentative with a word", BEN, BEN, NULL, "TENTATIVE", "REPLY", 0, 60,
	"abstain - /drop #1", "/drop #1"},
    {"nothing but a word", BEN, BEN, NULL, "NEEDS-ACTION", "REPLY", 0, 60, "", "Later"},
    {"not yet", BEN, BEN, NULL, "NEEDS-ACTION", "REPLY", 0, 60, ""},
    {"without a word", BEN, BEN, NULL, NULL, "REPLY", 0, 60, ""},
    {"by who is in the team", DEE, BEN, DEE, "ACCEPTED", "REPLY", 0, 60,
	"agree LMDB (sent by Dee Roy)"},
    {"by a guest", "chi@example.org", BEN, "chi@example.org", "ACCEPTED", "REPLY", 0, 60, ""},
    {"by a stranger", "eve@example.net", BEN, "eve@example.net", "ACCEPTED", "REPLY", 0, 60, ""},
    {"for another", DEE, BEN, NULL, "ACCEPTED", "REPLY", 0, 60, ""},
    {"by who got none", "chi@example.org", "chi@example.org", NULL, "ACCEPTED", "REPLY", 0, 60,
	""},
    {"to a newer entry", BEN, BEN, NULL, "ACCEPTED", "REPLY", 7, 60, "agree LMDB -"},
    {"to an older entry", BEN, BEN, NULL, "ACCEPTED", "REPLY", -1, 60, ""},
    {"a request", BEN, BEN, NULL, "ACCEPTED", "REQUEST", 0, 60, ""},
    {"another time", BEN, BEN, NULL, "TENTATIVE", "COUNTER", 0, 60,
	"Proposes 2026-11-26 15:00 (Europe/Lisbon) in the calendar."},
    {"another time, and why", BEN, BEN, NULL, NULL, "counter", 0, 60,
	"Proposes 2026-11-26 15:00 (Europe/Lisbon) in the calendar: I am off on Friday",
	"I am off on Friday"},
    {"another time, by a guest", "chi@example.org", "chi@example.org", NULL, NULL, "COUNTER", 0,
	60, ""},
    {"another time, for another", DEE, BEN, NULL, NULL, "COUNTER", 0, 60, ""},
    {"another time, declined", BEN, BEN, NULL, NULL, "DECLINECOUNTER", 0, 60, ""},
};

static enum intake_outcome
answer(struct inbox *in, size_t row, const char *uid, int64_t dtstamp, bool trusted)
{
	struct reading_attendee attendee = {.address = answers[row].attendee,
	    .sent_by = answers[row].sent_by, .partstat = answers[row].partstat};
	struct reading_event event = {.method = answers[row].method, .uid = uid,
	    .sequence = answers[row].sequence, .dtstamp = dtstamp, .attendees = &attendee,
	    .n_attendees = 1, .comment = answers[row].comment, .start = DUE - DAY - 900,
	    .end = DUE - DAY, .zone = "Europe/Lisbon"};
	const struct intake_mail mail = {.now = MONDAY + 7200, .raw = SPAN("raw mail")};
	struct reading *r = letter_reading(in, &(struct letter){.from = answers[row].from,
	    .subject = "Accepted: Use it?", .auto_kind = AUTO_CALENDAR});

	r->events = &event;
	r->n_events = 1;
	in->conf.trust.mode = trusted ? CONF_TRUST_ENVELOPE : CONF_TRUST_AUTHENTICATED;
	td_ok(&in->fx, db_begin(in->fx.db, &in->fx.err));
	td_ok(&in->fx, intake_apply(in->fx.db, &in->conf, &mail, r, in->fx.arena, &in->result,
	    &in->fx.err));
	td_ok(&in->fx, db_commit(in->fx.db, &in->fx.err));
	return in->result.outcome;
}

static const char *
vote(struct inbox *in)
{
	return text_of(in, "SELECT coalesce(group_concat(choice || ' ' || coalesce(option, '-') || "
	    "' ' || coalesce(reason, '-'), '; '), (SELECT text FROM comment)) FROM vote");
}

static void
open_asked(struct inbox *in, const char **uid_r)
{
	const char *last;

	open_scene(in);
	ask(in, stores, 2);
	run(in, MONDAY + 60);
	assert_string_equal(mails(in, &last), "ben REQUEST dee REQUEST");
	*uid_r = text_of(in, "SELECT uid FROM meeting");
}

static void
test_answers(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct inbox in;
		const char *uid;
		enum intake_outcome got;

		open_asked(&in, &uid);
		got = answer(&in, i, uid, MONDAY + answers[i].dtstamp, true);
		row_assert(strcmp(vote(&in), answers[i].want) == 0, answers[i].name);
		row_assert(got == (*answers[i].want != '\0' ? INTAKE_APPLIED : INTAKE_IGNORED),
		    answers[i].name);
		/* a calendar is never written to */
		row_assert(number(&in, "SELECT count(*) FROM outbox WHERE kind <> 'item'") == 0,
		    answers[i].name);
		fixture_close(&in.fx);
	}
}

/* Not authenticated, of another's entry, older than one that counts, or too late: no vote. A second
 * answer takes the place of the first; undo takes it back. */
static void
test_answers_in_turn(void **state)
{
	struct inbox in;
	const char *uid, *code;

	open_asked(&in, &uid);
	assert_int_equal(answer(&in, 0, uid, MONDAY + 60, false), INTAKE_IGNORED);
	assert_int_equal(answer(&in, 0, "core-1@example.org", MONDAY + 60, true), INTAKE_IGNORED);
	assert_string_equal(vote(&in), "");
	assert_int_equal(answer(&in, 0, uid, MONDAY + 60, true), INTAKE_APPLIED);
	assert_int_equal(answer(&in, 2, uid, MONDAY + 59, true), INTAKE_IGNORED);
	assert_int_equal(answer(&in, 2, uid, MONDAY + 60, true), INTAKE_IGNORED);
	assert_string_equal(vote(&in), "agree LMDB -");
	assert_int_equal(answer(&in, 2, uid, MONDAY + 61, true), INTAKE_APPLIED);
	assert_string_equal(vote(&in), "object - declined in the calendar");
	assert_string_equal(text_of(&in, "SELECT partstat FROM attendee WHERE person_id = 2"),
	    "DECLINED");
	code = text_of(&in, "SELECT undo_code FROM message ORDER BY id DESC LIMIT 1");
	say_at(&in, BEN, arena_printf(in.fx.arena, "/undo %s", code), MONDAY + 8000);
	assert_string_equal(vote(&in), "agree LMDB -");
	say_at(&in, ANA, "/resolve #1 2 is known", MONDAY + 9000);
	assert_int_equal(answer(&in, 3, uid, MONDAY + 62, true), INTAKE_APPLIED);
	assert_string_equal(vote(&in), "agree LMDB -");
	assert_string_equal(text_of(&in, "SELECT outcome FROM message ORDER BY id DESC LIMIT 1"),
	    "error");
	fixture_close(&in.fx);
}

static const char *
token_of(struct inbox *in, int64_t person_id)
{
	const struct token token = {person_id, TOKEN_ITEM, 1, TOKEN_REPLY,
	    token_last_day(MONDAY)};
	struct token_keys keys;
	char text[TOKEN_TEXT_MAX + 1];

	td_ok(&in->fx, token_keys_now(in->fx.db, in->fx.arena, MONDAY, &keys, &in->fx.err));
	token_write(&keys, &token, text);
	return arena_strdup(in->fx.arena, text);
}

/* Dee's calendar answers for Ben, and the domain vouches for her: without a reply token of hers
 * that is nothing, and she is told; with one Ben is told at once, whatever his hours. */
static void
test_answers_for_another(void **state)
{
	static const struct {
		const char *name;
		const char *handle; /* whose token it comes with; NULL: none */
		const char *method, *want, *kind;
	} tries[] = {
	    {"no token", NULL, "REPLY", "", "decision"},
	    {"a token of whom it is for", "ben", "REPLY", "", "decision"},
	    {"another time, no token", NULL, "COUNTER", "", "decision"},
	    {"core hours", "dee", "REPLY", "", "core"},
	    {"her token", "dee", "REPLY", "object - never (sent by Dee Roy)", "decision"},
	    {"another time, her token", "dee", "COUNTER", "Proposes 2026-11-26 15:00 "
		"(Europe/Lisbon) in the calendar: never (sent by Dee Roy)", "decision"},
	};

	for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
		struct inbox in;
		const char *uid, *last = "", *got;
		bool counts = *tries[i].want != '\0';
		int64_t night = MONDAY + 12 * HOUR;
		struct reading_attendee attendee = {.address = BEN, .sent_by = DEE,
		    .partstat = "DECLINED"};
		struct reading_event event = {.method = tries[i].method, .dtstamp = MONDAY + 60,
		    .attendees = &attendee, .n_attendees = 1, .comment = "never",
		    .start = DUE - DAY - 900, .end = DUE - DAY, .zone = "Europe/Lisbon"};
		const struct intake_mail mail = {.now = night, .raw = SPAN("raw mail")};
		struct reading *r;

		open_asked(&in, &uid);
		event.uid = uid;
		if (strcmp(tries[i].kind, "core") == 0)
			td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "UPDATE meeting SET kind = "
			    "'other'", ""));
		in.conf.trust.mode = CONF_TRUST_AUTHENTICATED;
		r = letter_reading(&in, &(struct letter){.from = DEE, .is_authenticated = true,
		    .subject = "Declined: Use it?", .auto_kind = AUTO_CALENDAR,
		    .target = {.token = tries[i].handle == NULL ? NULL : token_of(&in,
			number(&in, arena_printf(in.fx.arena, "SELECT id FROM person WHERE handle "
			    "= '%s'", tries[i].handle)))}});
		r->events = &event;
		r->n_events = 1;
		td_ok(&in.fx, db_begin(in.fx.db, &in.fx.err));
		td_ok(&in.fx, intake_apply(in.fx.db, &in.conf, &mail, r, in.fx.arena, &in.result,
		    &in.fx.err));
		td_ok(&in.fx, db_commit(in.fx.db, &in.fx.err));
		row_assert(strcmp(vote(&in), tries[i].want) == 0, tries[i].name);
		row_assert(number(&in, "SELECT count(*) FROM outbox WHERE kind = 'error' AND rcpt "
		    "= '" DEE "' AND CAST(bytes AS TEXT) LIKE '%Your calendar answered for Ben%'")
		    == !counts, tries[i].name);
		row_assert(number(&in, "SELECT count(*) FROM event WHERE entity IN ('vote', "
		    "'comment') AND person_id <> (SELECT id FROM person WHERE handle = 'dee')")
		    == 0, tries[i].name);
		row_assert(strcmp(text_of(&in, "SELECT partstat FROM attendee WHERE person_id = "
		    "2"), counts && *tries[i].method == 'R' ? "DECLINED" : "NEEDS-ACTION") == 0,
		    tries[i].name);
		td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "DELETE FROM outbox WHERE kind = "
		    "'error'", ""));
		run(&in, night);
		got = mails(&in, &last);
		row_assert(strcmp(got, counts ? "ben" : "") == 0, tries[i].name);
		row_assert(!counts || strstr(last, "Dee Roy answered #1 for you, by calendar.") !=
		    NULL, tries[i].name);
		row_assert(!counts || strstr(last, "To take all of it back, reply") != NULL,
		    tries[i].name);
		in.conf.trust.mode = CONF_TRUST_ENVELOPE;
		if (counts)
			undo_last(&in, BEN, night + 60);
		row_assert(strcmp(vote(&in), "") == 0, tries[i].name);
		fixture_close(&in.fx);
	}
}

/* What was proposed by calendar is taken back as any comment; PARTSTAT stays as it was. */
static void
test_proposal_undone(void **state)
{
	struct inbox in;
	const char *uid, *last;
	size_t row = 0;

	open_asked(&in, &uid);
	while (strcmp(answers[row].name, "another time") != 0)
		row++;
	assert_int_equal(answer(&in, row, uid, MONDAY + 60, true), INTAKE_APPLIED);
	assert_string_equal(text_of(&in, "SELECT partstat FROM attendee WHERE person_id = 2"),
	    "NEEDS-ACTION");
	run(&in, MONDAY + 7300);
	assert_string_equal(mails(&in, &last), "ana");
	assert_non_null(strstr(last, "Proposes 2026-11-26 15:00"));
	say_at(&in, BEN, arena_printf(in.fx.arena, "/undo %s", text_of(&in, "SELECT undo_code FROM "
	    "message ORDER BY id DESC LIMIT 1")), MONDAY + 8000);
	assert_string_equal(vote(&in), "");
	fixture_close(&in.fx);
}

/* ---- the reminder ---------------------------------------------------------------------------- */

static void
test_soon(void **state)
{
	struct inbox in;
	const char *last = "";

	open_scene(&in);
	/* Dee works until Wednesday, and not again before the date; Ben is off on Thursday */
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "UPDATE person SET hours = 'mon-wed "
	    "09:00-17:00' WHERE handle = 'dee'", ""));
	say_at(&in, BEN, "/off 2026-11-26", MONDAY);
	ask(&in, NULL, 0);
	run(&in, MONDAY + 60);
	assert_string_equal(mails(&in, &last), "ben REQUEST dee REQUEST");
	run(&in, MONDAY + DAY);
	assert_string_equal(mails(&in, &last), "");
	/* the last hours in which Dee is reached: from 24 hours before in steps of a day */
	run(&in, MONDAY + 2 * DAY + 4 * HOUR + 59 * 60);
	assert_string_equal(mails(&in, &last), "dee");
	assert_non_null(strstr(last, "#1 closes soon, and your answer is missing."));
	say_at(&in, DEE, "/agree #1", MONDAY + 2 * DAY + 5 * HOUR);
	/* Ana herself, a day before; Ben on his first morning back; each once */
	(void)mails(&in, &last);
	run(&in, MONDAY + 3 * DAY + 2 * HOUR);
	assert_string_equal(mails(&in, &last), "");
	run(&in, MONDAY + 3 * DAY + 3 * HOUR + 60);
	assert_string_equal(mails(&in, &last), "ana");
	run(&in, FRIDAY - 3 * HOUR + 60);
	assert_string_equal(mails(&in, &last), "ben");
	run(&in, FRIDAY);
	say_at(&in, ANA, "/title #1 Use this?", FRIDAY + 60);
	run(&in, FRIDAY + 120);
	assert_string_equal(mails(&in, &last), "");
	run(&in, DUE + 1);
	assert_string_equal(mails(&in, &last), "ana ben");
	fixture_close(&in.fx);
}

/* A question that is asked less than a day and a half ahead reminds nobody. */
static void
test_soon_not(void **state)
{
	struct inbox in;
	const char *last = "";

	open_scene(&in);
	friday.start = friday.end = MONDAY + 25 * HOUR;
	ask(&in, NULL, 0);
	run(&in, MONDAY + 60);
	(void)mails(&in, &last);
	run(&in, MONDAY + 6 * HOUR);
	run(&in, MONDAY + 24 * HOUR);
	assert_string_equal(mails(&in, &last), "");
	friday.start = friday.end = DUE;
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_entry),
	    cmocka_unit_test(test_told), cmocka_unit_test(test_undone),
	    cmocka_unit_test(test_told_of_undo), cmocka_unit_test(test_told_of_undo_who_knew),
	    cmocka_unit_test(test_answers), cmocka_unit_test(test_answers_in_turn),
	    cmocka_unit_test(test_answers_for_another),
	    cmocka_unit_test(test_proposal_undone),
	    cmocka_unit_test(test_soon), cmocka_unit_test(test_soon_not)};

	return cmocka_run_group_tests_name("decide-mail", tests, NULL, NULL);
}
