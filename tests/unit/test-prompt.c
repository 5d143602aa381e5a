/* SPDX-License-Identifier: ISC */
/*
 * Tests of the check-in prompt, from the person's setting to the mail, and from the bytes of an
 * answer to the update that it becomes.
 */
#include "tests/unit/intake-fixture.h"
#include "tests/unit/jobs-fixture.h"

#include "daemon/store/absence.h"
#include "daemon/store/holiday.h"

#define ANA "ana@example.org"
#define MONDAY_PROMPT "prompt:1:2026-11-23"

static void
set_checkin(struct fixture *fx, struct person *person, const char *checkin)
{
	person->checkin = checkin;
	td_ok(fx, person_update(fx->db, person, &fx->err));
}

/* Ana in Lisbon, as long as nothing else is said: asked at 16:30, which is UTC in winter. */
static void
open_scene(struct inbox *in)
{
	inbox_open(in, CONF_TRUST_ENVELOPE);
	in->fx.ana.digest = in->fx.ben.digest = "off";
	td_ok(&in->fx, person_update(in->fx.db, &in->fx.ben, &in->fx.err));
	set_checkin(&in->fx, &in->fx.ana, "16:30");
	run(&in->fx, NOON);
}

static int64_t
prompts(struct inbox *in)
{
	return number(in, "SELECT count(*) FROM outbox WHERE kind = 'prompt'");
}

/* ---- when ------------------------------------------------------------------------------------ */

static void
test_day_by_day(void **state)
{
	struct inbox in;
	struct outbox *row;

	open_scene(&in);
	/* Saturday; the guest and Ben, who said off, are never asked */
	assert_int_equal(run(&in.fx, NOON), AT(23, 16, 30));
	run(&in.fx, AT(23, 16, 29));
	assert_int_equal(prompts(&in), 0);
	assert_int_equal(run(&in.fx, AT(23, 16, 30)), AT(24, 16, 30));
	row = queued(&in.fx, MONDAY_PROMPT);
	assert_non_null(row);
	assert_string_equal(row->rcpt, ANA);
	assert_string_equal(row->sender, "platform+bounce-1@example.org");
	assert_true(holds(row, "Subject: Platform check-in, Mon 23 Nov\r\n"));
	assert_true(holds(row, "<prompt.platform.example.org>"));
	assert_false(holds(row, "Precedence"));
	/* again, a second later, and with the clock set back */
	run(&in.fx, AT(23, 16, 30));
	run(&in.fx, AT(23, 16, 31));
	run(&in.fx, AT(23, 14, 0));
	run(&in.fx, AT(23, 16, 30));
	assert_int_equal(prompts(&in), 1);
	/* a little late is in time; the next day has its own */
	run(&in.fx, AT(24, 16, 50));
	assert_int_equal(prompts(&in), 2);
	/* the clock stood in 2030, and came back */
	run(&in.fx, AT(24, 16, 50) + 1200 * DAY);
	run(&in.fx, AT(25, 16, 30));
	run(&in.fx, AT(26, 16, 30));
	assert_non_null(queued(&in.fx, "prompt:1:2026-11-26"));
	fixture_close(&in.fx);
}

/* A new person has it at 16:30 without saying so. */
static void
test_default(void **state)
{
	struct inbox in;
	struct person dan = {.name = "Dan Moss", .address = "dan@example.org", .zone = "UTC"};

	open_scene(&in);
	td_ok(&in.fx, person_add(in.fx.db, in.fx.arena, &dan, NOON, &in.fx.err));
	td_ok(&in.fx, member_set(in.fx.db, in.fx.team.id, dan.id, ROLE_MEMBER, NOON, &in.fx.err));
	run(&in.fx, NOON);
	run(&in.fx, AT(23, 16, 30));
	assert_int_equal(prompts(&in), 2);
	fixture_close(&in.fx);
}

enum reason { UPDATED, UPDATED_ELSEWHERE, AWAY, HOLIDAY, OFF, LEFT, GUEST, BOUNCED, LATE, WEEKEND,
	ASKED };

static void
give_reason(struct inbox *in, enum reason reason)
{
	struct fixture *fx = &in->fx;
	struct team web = {.name = "web", .title = "Web", .address = "web@example.org",
	    .zone = "UTC"};
	struct holiday day = {.day = "2026-11-23", .name = "Dia de Ana"};
	struct absence away = {.person_id = 1, .first_day = "2026-11-23",
	    .last_day = "2026-11-23", .kind = "off", .created_at = NOON};
	bool known;

	switch (reason) {
	case UPDATED:
		update(fx, 1, "2026-11-23", "done", "all of it");
		break;
	case UPDATED_ELSEWHERE:
		td_ok(fx, team_add(fx->db, &web, NOON, &fx->err));
		td_ok(fx, member_set(fx->db, web.id, 1, ROLE_MEMBER, NOON + 1, &fx->err));
		fx->team.id = web.id;
		update(fx, 1, "2026-11-23", "done", "all of it");
		break;
	case AWAY:
		td_ok(fx, absence_add(fx->db, &away, &fx->err));
		break;
	case HOLIDAY:
		td_ok(fx, holiday_replace(fx->db, "pt", &day, 1, &fx->err));
		td_ok(fx, holiday_set_region(fx->db, HOLIDAY_TEAM, 1, "pt", &fx->err));
		break;
	case OFF:
		set_checkin(fx, &fx->ana, "off");
		break;
	case LEFT:
		td_ok(fx, member_remove(fx->db, 1, 1, &fx->err));
		break;
	case GUEST:
		td_ok(fx, member_set(fx->db, 1, 1, ROLE_GUEST, NOON, &fx->err));
		break;
	case BOUNCED:
		td_ok(fx, person_set_delivery(fx->db, ANA, "hard", "550", NOON, &known, &fx->err));
		break;
	case WEEKEND:
		fx->ana.hours = "tue-fri 09:00-17:00";
		td_ok(fx, person_update(fx->db, &fx->ana, &fx->err));
		break;
	case LATE:
	case ASKED:
		break;
	}
}

/* Found out by the job alone, and by the look before it at people and teams. */
static void
test_not_asked(void **state)
{
	for (enum reason reason = UPDATED; reason <= ASKED; reason++) {
		struct inbox in;
		static const struct conf conf;
		int64_t next, at = reason == LATE ? AT(23, 17, 0) : AT(23, 16, 30);

		open_scene(&in);
		give_reason(&in, reason);
		td_ok(&in.fx, jobs_run(in.fx.db, &conf, NOON + 1, &next, &in.fx.err));
		td_ok(&in.fx, jobs_run(in.fx.db, &conf, at, &next, &in.fx.err));
		run(&in.fx, at + 60);
		if (prompts(&in) != (reason == ASKED))
			fail_msg("reason %d: %lld prompts", (int)reason, (long long)prompts(&in));
		fixture_close(&in.fx);
	}
}

/* Asked in the evening in Lisbon, she flies east over midnight, and back. */
static void
test_travel(void **state)
{
	struct inbox in;

	open_scene(&in);
	run(&in.fx, AT(23, 16, 30));
	assert_int_equal(prompts(&in), 1);
	in.fx.ana.zone = "Asia/Tokyo";
	td_ok(&in.fx, person_update(in.fx.db, &in.fx.ana, &in.fx.err));
	run(&in.fx, AT(23, 16, 31));
	assert_int_equal(prompts(&in), 1);
	run(&in.fx, AT(24, 7, 30));
	assert_non_null(queued(&in.fx, "prompt:1:2026-11-24"));
	/* and west: 16:30 of the same day comes once more, and nothing with it */
	in.fx.ana.zone = "America/Lima";
	td_ok(&in.fx, person_update(in.fx.db, &in.fx.ana, &in.fx.err));
	run(&in.fx, AT(24, 21, 30));
	assert_int_equal(prompts(&in), 2);
	run(&in.fx, AT(25, 21, 30));
	assert_non_null(queued(&in.fx, "prompt:1:2026-11-25"));
	/* before the day's prompt: it comes by the clock of where she is then */
	in.fx.ana.zone = "Asia/Tokyo";
	td_ok(&in.fx, person_update(in.fx.db, &in.fx.ana, &in.fx.err));
	run(&in.fx, AT(26, 1, 0));
	run(&in.fx, AT(26, 7, 30));
	assert_non_null(queued(&in.fx, "prompt:1:2026-11-26"));
	assert_int_equal(prompts(&in), 4);
	fixture_close(&in.fx);
}

/* The row of Monday is made in Lisbon; on the morning of Monday she is in Tokyo. */
static void
test_travel_before(void **state)
{
	struct inbox in;

	open_scene(&in);
	in.fx.ana.zone = "Asia/Tokyo";
	td_ok(&in.fx, person_update(in.fx.db, &in.fx.ana, &in.fx.err));
	run(&in.fx, AT(23, 1, 0));
	run(&in.fx, AT(23, 7, 30));
	assert_non_null(queued(&in.fx, MONDAY_PROMPT));
	fixture_close(&in.fx);
}

/* ---- what it says ---------------------------------------------------------------------------- */

static void
test_says(void **state)
{
	struct inbox in;
	struct team web = {.name = "web", .title = "Web", .address = "web@example.org",
	    .zone = "UTC"};
	struct outbox *row;
	int64_t quota, closed;

	open_scene(&in);
	td_ok(&in.fx, team_add(in.fx.db, &web, NOON, &in.fx.err));
	td_ok(&in.fx, member_set(in.fx.db, web.id, 1, ROLE_MEMBER, NOON + 1, &in.fx.err));
	add_item(&in.fx, "Move the queue", in.fx.ana.id, AT(24, 17, 0), "2026-11-24T17:00");
	quota = add_item(&in.fx, "Ask for quota", in.fx.ana.id, 0, NULL);
	closed = add_item(&in.fx, "Old news", in.fx.ana.id, 0, NULL);
	add_item(&in.fx, "Of Ben", in.fx.ben.id, 0, NULL);
	block(&in.fx, quota, "no budget", AT(21, 13, 0));
	close_item(&in.fx, closed, AT(21, 14, 0));
	update(&in.fx, 1, "2026-11-20", "done", "was done then");
	update_item(&in.fx, 1, "2026-11-20", "next", "#2", quota);
	update_item(&in.fx, 1, "2026-11-20", "next", "read old news", closed);
	update(&in.fx, 1, "2026-11-20", "next", "write the report");
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "INSERT INTO entry (team_id, person_id, day, "
	    "seconds, created_at) VALUES ($1, 1, '2026-11-23', 5400, $2)", "ii", web.id,
	    (int64_t)NOON));
	run(&in.fx, AT(23, 16, 30));
	assert_int_equal(prompts(&in), 1);
	row = queued(&in.fx, MONDAY_PROMPT);
	assert_non_null(row);
	assert_true(holds(row, "From: \"Platform via tidings\""));
	assert_true(holds(row, "YOU PLANNED\r\n * #2 Ask for quota\r\n * write the report\r\n"
	    "\r\n"));
	assert_true(holds(row, "YOUR OPEN ITEMS\r\n * #2 Ask for quota\r\n   no budget, 2 days\r\n"
	    " * #1 Move the queue\r\n   due tomorrow at 17:00 (Europe/Lisbon)\r\n\r\n"));
	assert_true(holds(row, "Time logged today: 1h 30m.\r\n"));
	assert_true(holds(row, "What belongs to Web goes to web@example.org.\r\n"));
	assert_false(holds(row, "Of Ben"));
	assert_false(holds(row, "ld news"));
	assert_false(holds(row, "was done then"));
	fixture_close(&in.fx);
}

/* A guest of the team that she joined first: she is asked for the other, which alone is named. */
static void
test_guest_elsewhere(void **state)
{
	struct inbox in;
	struct team web = {.name = "web", .title = "Web", .address = "web@example.org",
	    .zone = "UTC"};
	struct outbox *row;

	open_scene(&in);
	td_ok(&in.fx, team_add(in.fx.db, &web, NOON, &in.fx.err));
	td_ok(&in.fx, member_set(in.fx.db, web.id, 1, ROLE_MEMBER, NOON + 1, &in.fx.err));
	td_ok(&in.fx, member_set(in.fx.db, 1, 1, ROLE_GUEST, NOON, &in.fx.err));
	run(&in.fx, AT(23, 16, 30));
	row = queued(&in.fx, MONDAY_PROMPT);
	assert_non_null(row);
	assert_true(holds(row, "Subject: Web check-in, Mon 23 Nov\r\n"));
	assert_true(holds(row, "<prompt.web.example.org>"));
	assert_false(holds(row, "latform"));
	assert_int_equal(prompts(&in), 1);
	fixture_close(&in.fx);
}

/* ---- answers --------------------------------------------------------------------------------- */

static void
mail_to(struct inbox *in, int64_t at, const char *from, const char *to, const char *subject,
    const char *reply_to, const char *body)
{
	struct reading_context context = {.now = at, .zone = "Europe/Lisbon"};
	struct intake_mail mail = {.now = at};
	struct reading *reading = NULL;
	const char *bytes = arena_printf(in->fx.arena,
	    "From: %s\r\nTo: %s\r\nMessage-ID: <a%d@example.net>\r\n"
	    "Subject: %s\r\n%s%s%sContent-Type: text/plain; charset=utf-8\r\n\r\n%s", from,
	    to, ++in->n, subject, reply_to != NULL ? "In-Reply-To: <" : "",
	    reply_to != NULL ? reply_to : "", reply_to != NULL ? ">\r\n" : "", body);

	td_ok(&in->fx, reading_parse(in->fx.arena, span_of(bytes), &context, &reading,
	    &in->fx.err));
	td_ok(&in->fx, db_begin(in->fx.db, &in->fx.err));
	td_ok(&in->fx, intake_apply(in->fx.db, &in->conf, &mail, reading, in->fx.arena, &in->result,
	    &in->fx.err));
	td_ok(&in->fx, db_commit(in->fx.db, &in->fx.err));
	assert_int_equal(in->result.outcome, INTAKE_APPLIED);
}

static void
mail_at(struct inbox *in, int64_t at, const char *from, const char *subject, const char *reply_to,
    const char *body)
{
	mail_to(in, at, from, "platform@example.org", subject, reply_to, body);
}

static const char *
told(struct inbox *in)
{
	return text_of(in, "SELECT group_concat(day || ' ' || section || ' ' || text, ' | ') FROM "
	    "(SELECT * FROM update_line JOIN status_update u ON u.id = update_id "
	    "WHERE day > '2026-11-20' ORDER BY day, update_line.position, update_line.id)");
}

/* Asked on Monday; on Friday something was next. */
static const char *
open_asked(struct inbox *in)
{
	open_scene(in);
	update(&in->fx, 1, "2026-11-20", "next", "write the report");
	add_item(&in->fx, "Move the queue", in->fx.ana.id, 0, NULL);
	run(&in->fx, AT(23, 16, 30));
	return text_of(in, "SELECT mid FROM outbox WHERE kind = 'prompt'");
}

#define TUESDAY AT(24, 8, 0)
#define RE "Re: Platform check-in, Mon 23 Nov"
static const struct {
	const char *name, *subject, *body;
	int64_t at;
	bool replies;
	const char *want; /* the lines of updates after Friday */
	const char *sql;  /* more, one number: not 0 */
} answers[] = {
    {"a free line", RE, "Fixed the parser\r\n", AT(23, 17, 5), true,
	"2026-11-23 notes Fixed the parser", NULL},
    {"sections", RE, "Done: the parser #1\r\nNext: the tests\r\n", AT(23, 17, 5), true,
	"2026-11-23 done the parser #1 | 2026-11-23 next the tests", NULL},
    {"the next morning", RE, "Fixed the parser\r\n", TUESDAY, true,
	"2026-11-23 notes Fixed the parser", NULL},
    {"on Sunday", RE, "Fixed the parser\r\n", AT(29, 8, 0), true,
	"2026-11-23 notes Fixed the parser", NULL},
    {"after more than a week", RE, "Fixed the parser\r\n", AT(23, 8, 0) + 8 * DAY, true,
	"2026-12-01 notes Fixed the parser", NULL},
    {"same", RE, "same\r\n", AT(23, 17, 5), true, "2026-11-23 next write the report", NULL},
    {"same, the next morning", RE, "Same\r\n", TUESDAY, true,
	"2026-11-23 next write the report", NULL},
    {"skip", RE, "skip\r\n", AT(23, 17, 5), true, "2026-11-23 notes nothing today", NULL},
    {"away", RE, "away\r\n", AT(23, 17, 5), true, "",
	"SELECT count(*) FROM absence WHERE person_id = 1 AND first_day = '2026-11-23' AND "
	"last_day = '2026-11-23'"},
    {"away, the next morning", RE, "away\r\n", TUESDAY, true, "",
	"SELECT count(*) FROM absence WHERE first_day = '2026-11-23'"},
    {"off, the next morning", RE, "/off today\r\n", TUESDAY, true, "",
	"SELECT count(*) FROM absence WHERE first_day = '2026-11-24'"},
    {"time, the next morning", RE, "#1 2h tests\r\n", TUESDAY, true, "",
	"SELECT count(*) FROM entry WHERE day = '2026-11-23' AND seconds = 7200"},
    {"time with a date", RE, "/spend #1 2h today\r\n", TUESDAY, true, "",
	"SELECT count(*) FROM entry WHERE day = '2026-11-24'"},
    {"a link", "update: 2026-11-23", "/same\r\n", TUESDAY, false,
	"2026-11-23 next write the report", NULL},
    {"another link", "update: 2026-11-23", "/skip\r\n", AT(23, 17, 5), false,
	"2026-11-23 notes nothing today", NULL},
    {"the third link", "update: 2026-11-23", "/away\r\n", TUESDAY, false, "",
	"SELECT count(*) FROM absence WHERE first_day = '2026-11-23'"},
    {"a day that is not near", "update: 2026-10-23", "/skip\r\n", TUESDAY, false,
	"2026-11-24 notes nothing today", NULL},
    {"a day to come", "update: 2026-11-28", "/skip\r\n", TUESDAY, false,
	"2026-11-24 notes nothing today", NULL},
    {"quoted with marks", RE, "Fixed it\r\n\r\n"
	"On Mon, 23 Nov 2026 at 16:30, Platform via tidings <platform@example.org> wrote:\r\n"
	"> What did you do today, what is next, and does anything hold you up?\r\n>\r\n"
	"> YOUR OPEN ITEMS\r\n>  * #1 Move the queue\r\n> same\r\n> /done #1\r\n", AT(23, 17, 5),
	true, "2026-11-23 notes Fixed it", NULL},
    {"quoted by a block of headers", RE, "skip\r\n\r\n________________________________\r\n"
	"From: Platform via tidings <platform@example.org>\r\n"
	"Sent: Monday, 23 November 2026 16:30\r\nTo: Ana Lima <ana@example.org>\r\n"
	"Subject: Platform check-in, Mon 23 Nov\r\n\r\n"
	"What did you do today, what is next, and does anything hold you up?\r\n\r\n"
	"YOUR OPEN ITEMS\r\n * #1 Move the queue\r\n", AT(23, 17, 5), true,
	"2026-11-23 notes nothing today", NULL},
    {"quoted below a line of its program", RE, "same\r\n\r\n-----Original Message-----\r\n"
	"From: Platform via tidings\r\nSent: Monday\r\n\r\nskip\r\nNext: nothing\r\n",
	AT(23, 17, 5), true, "2026-11-23 next write the report", NULL},
    {"quoted in German", RE, "skip\r\n\r\nAm Mo., 23. Nov. 2026 um 16:30 Uhr schrieb Platform via "
	"tidings\r\n<platform@example.org>:\r\n\r\n> Reply in a line or two\r\n> same\r\n",
	AT(23, 17, 5), true, "2026-11-23 notes nothing today", NULL},
    {"quoted without a mark", RE, "same\r\n\r\n"
	"What did you do today, what is next, and does anything\r\nhold you up?\r\n\r\n"
	"Reply in a line or two, or in one word\r\n\r\nYOUR OPEN ITEMS\r\n"
	" * #1 Move the queue\r\n\r\nTime logged today: 0m.\r\n", AT(23, 17, 5), true,
	"2026-11-23 next write the report", NULL},
    {"answered in between", RE, "> What did you do today, what is next, and does anything\r\n"
	"> hold you up?\r\n\r\nNext: tests\r\n\r\n> YOU PLANNED\r\n>  * write the report\r\n",
	AT(23, 17, 5), true, "2026-11-23 next tests", NULL},
};

static void
test_answers(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct inbox in;
		const char *mid = open_asked(&in);

		mail_at(&in, answers[i].at, ANA, answers[i].subject,
		    answers[i].replies ? mid : NULL, answers[i].body);
		if (strcmp(told(&in), answers[i].want) != 0)
			fail_msg("%s: told \"%s\"", answers[i].name, told(&in));
		if (answers[i].sql != NULL && number(&in, answers[i].sql) == 0)
			fail_msg("%s: nothing by %s", answers[i].name, answers[i].sql);
		/* success is quiet, nothing was taken for another thing, and no task was made */
		if (number(&in, "SELECT count(*) FROM outbox WHERE kind <> 'prompt'") != 0)
			fail_msg("%s: %s", answers[i].name, last_mail(&in));
		assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
		assert_int_equal(number(&in, "SELECT count(*) FROM item WHERE state <> 'open'"), 0);
		/* and nobody asks again for the day */
		run(&in.fx, AT(23, 16, 59));
		assert_int_equal(prompts(&in), 1);
		fixture_close(&in.fx);
	}
}

/* An answer before the time is one: there is nothing left to ask. Undone, the day has none. */
static void
test_answered_before(void **state)
{
	static const char *const words[] = {"/skip\r\n", "/same\r\n", "/away\r\n"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct inbox in;

		open_scene(&in);
		update(&in.fx, 1, "2026-11-20", "next", "write the report");
		mail_at(&in, AT(23, 12, 0), ANA, "update: Monday", NULL, words[i]);
		run(&in.fx, AT(23, 16, 30));
		assert_int_equal(prompts(&in), 0);
		run(&in.fx, AT(24, 16, 30));
		assert_int_equal(prompts(&in), 1);
		fixture_close(&in.fx);
	}
}

/* Ben answers the prompt that Ana forwarded to him: that is an update of his own day. */
static void
test_of_another(void **state)
{
	struct inbox in;
	const char *mid = open_asked(&in);

	mail_at(&in, TUESDAY, "ben@example.org", RE, mid, "Fixed the parser\r\n");
	assert_string_equal(told(&in), "2026-11-24 notes Fixed the parser");
	fixture_close(&in.fx);
}

/* She flew from Tokyo to Lima before she answered: the day is the one that the prompt says. */
static void
test_answer_after_flight(void **state)
{
	struct inbox in;
	const char *mid;

	open_scene(&in);
	in.fx.ana.zone = "Asia/Tokyo";
	td_ok(&in.fx, person_update(in.fx.db, &in.fx.ana, &in.fx.err));
	run(&in.fx, NOON + 1);
	run(&in.fx, AT(23, 7, 30));
	mid = text_of(&in, "SELECT mid FROM outbox WHERE kind = 'prompt'");
	in.fx.ana.zone = "Pacific/Honolulu";
	td_ok(&in.fx, person_update(in.fx.db, &in.fx.ana, &in.fx.err));
	mail_at(&in, AT(23, 8, 0), ANA, RE, mid, "Fixed the parser\r\n2h #1\r\n");
	assert_int_equal(number(&in, "SELECT count(*) FROM status_update WHERE day = '2026-11-23'"),
	    1);
	fixture_close(&in.fx);
}

/* A mail program lost the ids: the token of Reply-To names the prompt, and the day of it. */
static void
test_answer_by_token(void **state)
{
	struct inbox in;
	const char *mail, *at;

	open_scene(&in);
	in.conf.trust.reply = CONF_REPLY_PLUS;
	run_due(&in, AT(23, 16, 30));
	mail = last_mail(&in);
	at = strstr(mail, "Reply-To: platform+r-");
	assert_non_null(at);
	at += strlen("Reply-To: ");
	mail_to(&in, TUESDAY, ANA, arena_span(in.fx.arena, span_first(span_of(at),
	    strcspn(at, "\r"))), RE, NULL, "Fixed the parser\r\n> in my own time\r\n");
	assert_string_equal(told(&in), "2026-11-23 notes Fixed the parser");
	fixture_close(&in.fx);
}

/* A team that makes tasks of what says nothing else makes none of an answer, nor of the links. */
static void
test_team_of_tasks(void **state)
{
	struct inbox in;
	const char *mid;

	open_scene(&in);
	in.fx.team.default_kind = "task";
	td_ok(&in.fx, team_update(in.fx.db, &in.fx.team, &in.fx.err));
	run(&in.fx, AT(23, 16, 30));
	mid = text_of(&in, "SELECT mid FROM outbox WHERE kind = 'prompt'");
	mail_at(&in, AT(23, 17, 0), ANA, RE, mid, "Fixed the parser\r\n");
	mail_at(&in, AT(23, 17, 1), ANA, "update: 2026-11-23", NULL, "/skip\r\n");
	mail_at(&in, AT(23, 17, 2), ANA, "Check-in off", NULL, "/checkin off\r\n");
	mail_at(&in, AT(23, 17, 2), ANA, "Digest", NULL, "/digest weekly mon 09:00\r\n");
	mail_at(&in, AT(23, 17, 3), ANA, "Off to the sea", NULL, "/off 2026-12-28\r\n");
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 0);
	assert_string_equal(text_of(&in, "SELECT digest FROM person WHERE id = 1"),
	    "weekly mon 09:00");
	/* what says a word, or is about an item, is a task */
	mail_at(&in, AT(23, 17, 4), ANA, "Book a flight", NULL, "Soon.\r\n/ack errors\r\n");
	mail_at(&in, AT(23, 17, 5), ANA, "Buy disks", NULL, "/assign @ben\r\n");
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 2);
	run(&in.fx, AT(24, 16, 30));
	assert_int_equal(prompts(&in), 1);
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_day_by_day), cmocka_unit_test(test_default),
	    cmocka_unit_test(test_not_asked), cmocka_unit_test(test_travel),
	    cmocka_unit_test(test_travel_before), cmocka_unit_test(test_says),
	    cmocka_unit_test(test_guest_elsewhere),
	    cmocka_unit_test(test_answers), cmocka_unit_test(test_answered_before),
	    cmocka_unit_test(test_of_another), cmocka_unit_test(test_answer_after_flight),
	    cmocka_unit_test(test_answer_by_token), cmocka_unit_test(test_team_of_tasks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
