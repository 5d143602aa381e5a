/* SPDX-License-Identifier: ISC */
/*
 * Tests of intake/proof: replies with a token. What needs one, what it makes of a mail, whose it
 * must be, where it stands in our mail, and which thread it names.
 */
#include "tests/unit/intake-fixture.h"

#include "daemon/intake/answer.h"
#include "daemon/intake/decide.h"
#include "daemon/intake/news.h"
#include "daemon/model/token.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/sheet.h"
#include "daemon/store/token_key.h"
#include "parsers/command.h"

#define DAY 86400
#define MONDAY (NOON + 2 * DAY)
#define ANA "ana@example.org"
#define BEN "ben@example.org"
#define APPROVE "/approve 2026-W46 @ben"
#define ADDRESS "Reply-To: platform+r-"
#define SUBJECT "(+r-"

static void
scene_open(struct inbox *in, enum conf_trust_mode mode, enum conf_reply reply)
{
	struct fixture *fx = &in->fx;

	inbox_open(in, mode);
	in->conf.trust.reply = reply;
	td_ok(fx, sheet_put(fx->db, &(struct sheet){.team_id = fx->team.id,
	    .person_id = fx->ben.id, .week = "2026-W46", .state = SHEET_SUBMITTED,
	    .submitted_at = NOON}, &fx->err));
}

/* A letter with one line; what else it is like is in l. */
static enum intake_outcome
say(struct inbox *in, const char *line, struct letter l)
{
	const struct command_context context = {.anchor = MONDAY, .zone = "Europe/Lisbon"};
	struct reading_command cmd;
	struct reading_error error = {0};

	if (command_parse(in->fx.arena, span_of(line), 1, &context, &cmd, &error) != COMMAND_GOOD)
		fail_msg("%s: %s", line, error.why);
	cmd.source = line;
	l.commands = &cmd;
	l.n_commands = 1;
	l.at = l.at != 0 ? l.at : MONDAY;
	l.subject = l.subject != NULL ? l.subject : "Time";
	l.target.kind = KIND_TIME;
	return take(in, &l);
}

static const char *
last_mail_to(struct inbox *in, const char *rcpt)
{
	return text_of(in, arena_printf(in->fx.arena, "SELECT CAST(bytes AS TEXT) FROM outbox "
	    "WHERE rcpt = '%s' ORDER BY id DESC LIMIT 1", rcpt));
}

/* The token behind the mark in the mail; NULL without. */
static const char *
token_behind(struct inbox *in, const char *bytes, const char *mark)
{
	const char *at = strstr(bytes, mark);

	return at == NULL ? NULL
	    : arena_span(in->fx.arena, (struct span){at + strlen(mark),
		strcspn(at + strlen(mark), "@)")});
}

/* One of our key, for anybody. */
static const char *
token_for(struct inbox *in, const struct person *person, enum token_about about, int64_t id,
    enum token_scope scope, int64_t made_at)
{
	const struct token token = {person->id, about, id, scope, token_last_day(made_at)};
	struct token_keys keys;
	char text[TOKEN_TEXT_MAX + 1];

	td_ok(&in->fx, token_keys_now(in->fx.db, in->fx.arena, made_at, &keys, &in->fx.err));
	token_write(&keys, &token, text);
	return arena_strdup(in->fx.arena, text);
}

static const char *
sheet_state(struct inbox *in)
{
	struct sheet *sheet = NULL;

	td_ok(&in->fx, sheet_find(in->fx.db, in->fx.arena, in->fx.team.id, in->fx.ben.id,
	    "2026-W46", &sheet, &in->fx.err));
	return sheet_state_name(sheet->state);
}

static bool
says(struct inbox *in, const char *bytes, const char *want)
{
	char *flat = arena_alloc(in->fx.arena, strlen(bytes) + 1), *to = flat;

	for (; *bytes != '\0'; bytes++) {
		if (strncmp(bytes, "=\r\n", 3) == 0)
			bytes += 2;
		else if (strchr("\r\n ", *bytes) == NULL)
			*to++ = *bytes;
		else if (to > flat && to[-1] != ' ')
			*to++ = ' ';
	}
	return strstr(flat, want) != NULL;
}

/* ---- refuse, reply, approve ------------------------------------------------------------------ */

/* Wherever the token stands: the line is refused with words that help, and the reply works. */
static void
test_reply(void **state)
{
	static const struct {
		const char *name;
		enum conf_reply reply;
		const char *mark, *other;
	} rows[] = {
	    {"auto", CONF_REPLY_AUTO, SUBJECT, ADDRESS},
	    {"plus", CONF_REPLY_PLUS, ADDRESS, SUBJECT},
	    {"subject", CONF_REPLY_SUBJECT, SUBJECT, ADDRESS},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct inbox in;
		const char *bytes, *token;

		scene_open(&in, CONF_TRUST_AUTHENTICATED, rows[i].reply);
		row_assert(say(&in, APPROVE, (struct letter){.is_authenticated = true}) ==
		    INTAKE_APPLIED, rows[i].name);
		assert_string_equal(sheet_state(&in), "submitted");
		bytes = last_mail_to(&in, ANA);
		row_assert(says(&in, bytes, "This has to come as a reply to a mail from me"),
		    rows[i].name);
		row_assert(says(&in, bytes, "Reply to this mail with that line."), rows[i].name);
		row_assert(says(&in, bytes, APPROVE), rows[i].name);
		token = token_behind(&in, bytes, rows[i].mark);
		row_assert(token != NULL && strstr(bytes, rows[i].other) == NULL, rows[i].name);
		row_assert(strstr(strstr(bytes, "\r\n\r\n"), token) == NULL, rows[i].name);
		/* without References: the token is all that the reply has */
		row_assert(say(&in, APPROVE, (struct letter){.is_authenticated = true,
		    .target = {.token = token}}) == INTAKE_APPLIED, rows[i].name);
		assert_string_equal(sheet_state(&in), "approved");
		assert_int_equal(number(&in, "SELECT trust FROM message ORDER BY id DESC"), 3);
		assert_int_equal(number(&in, "SELECT trust FROM message ORDER BY id"), 2);
		fixture_close(&in.fx);
	}
}

/* Each such line is answered, the same one once a day. */
static void
test_each_line(void **state)
{
	static const char *const lines[] = {APPROVE, "/remove @ben", APPROVE, "/remove @chi"};
	struct inbox in;

	scene_open(&in, CONF_TRUST_AUTHENTICATED, CONF_REPLY_AUTO);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		say(&in, lines[i], (struct letter){.is_authenticated = true});
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 3);
	fixture_close(&in.fx);
}

/* The rest of the mail has its effect. */
static void
test_rest(void **state)
{
	struct reading_command approve = {.line = 2, .verb = "approve", .source = APPROVE,
	    .word = "2026-W46", .people = (const char *[]){"ben"}, .n_people = 1};
	struct inbox in;

	scene_open(&in, CONF_TRUST_AUTHENTICATED, CONF_REPLY_AUTO);
	take(&in, &(struct letter){.subject = "Fix", .is_authenticated = true, .at = MONDAY,
	    .target = {.kind = KIND_TASK}, .fields = {.title = "Fix"}, .commands = &approve,
	    .n_commands = 1});
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	assert_string_equal(sheet_state(&in), "submitted");
	fixture_close(&in.fx);
}

/* ---- levels ---------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	enum conf_trust_mode mode;
	bool is_authenticated, has_token, is_bens, is_over, is_changed;
	enum token_scope scope;
	enum intake_outcome outcome;
	int level;
	const char *state;
} levels[] = {
    {"L2", CONF_TRUST_AUTHENTICATED, true, false, false, false, false, TOKEN_REPLY,
	INTAKE_APPLIED, 2, "submitted"},
    {"L2 and token", CONF_TRUST_AUTHENTICATED, true, true, false, false, false, TOKEN_REPLY,
	INTAKE_APPLIED, 3, "approved"},
    {"token alone", CONF_TRUST_AUTHENTICATED, false, true, false, false, false, TOKEN_REPLY,
	INTAKE_HELD, 1, "submitted"},
    {"another's", CONF_TRUST_AUTHENTICATED, true, true, true, false, false, TOKEN_REPLY,
	INTAKE_HELD, 2, "submitted"},
    {"another's alone", CONF_TRUST_AUTHENTICATED, false, true, true, false, false, TOKEN_REPLY,
	INTAKE_HELD, 1, "submitted"},
    {"over", CONF_TRUST_AUTHENTICATED, true, true, false, true, false, TOKEN_REPLY,
	INTAKE_APPLIED, 2, "submitted"},
    {"another's, over", CONF_TRUST_AUTHENTICATED, true, true, true, true, false, TOKEN_REPLY,
	INTAKE_APPLIED, 2, "submitted"},
    {"changed", CONF_TRUST_AUTHENTICATED, true, true, false, false, true, TOKEN_REPLY,
	INTAKE_APPLIED, 2, "submitted"},
    {"of a question", CONF_TRUST_AUTHENTICATED, true, true, false, false, false, TOKEN_RELEASE,
	INTAKE_APPLIED, 2, "submitted"},
    {"envelope", CONF_TRUST_ENVELOPE, false, false, false, false, false, TOKEN_REPLY,
	INTAKE_APPLIED, 2, "approved"},
    {"envelope and token", CONF_TRUST_ENVELOPE, false, true, false, false, false, TOKEN_REPLY,
	INTAKE_APPLIED, 2, "approved"},
    {"envelope and another's", CONF_TRUST_ENVELOPE, false, true, true, false, false,
	TOKEN_REPLY, INTAKE_HELD, 2, "submitted"},
};

static void
test_levels(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		struct inbox in;
		char *token = NULL;

		scene_open(&in, levels[i].mode, CONF_REPLY_AUTO);
		if (levels[i].has_token)
			token = arena_strdup(in.fx.arena, token_for(&in,
			    levels[i].is_bens ? &in.fx.ben : &in.fx.ana, TOKEN_DIGEST, 0,
			    levels[i].scope, levels[i].is_over ? MONDAY - 31 * DAY : MONDAY));
		if (levels[i].is_changed)
			token[strlen(token) - 3] = token[strlen(token) - 3] == 'a' ? 'b' : 'a';
		row_assert(say(&in, APPROVE, (struct letter){.target = {.token = token},
		    .is_authenticated = levels[i].is_authenticated}) == levels[i].outcome,
		    levels[i].name);
		row_assert(number(&in, "SELECT trust FROM message") == levels[i].level,
		    levels[i].name);
		row_assert(strcmp(sheet_state(&in), levels[i].state) == 0, levels[i].name);
		fixture_close(&in.fx);
	}
}

/* Held with a token: the "yes" makes up for what the server did not vouch for. */
static void
test_released(void **state)
{
	static const struct {
		const char *name;
		bool is_bens;
		int level;
		const char *state;
	} rows[] = {{"their own", false, 3, "approved"}, {"another's", true, 2, "submitted"}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct inbox in;
		const char *token;

		scene_open(&in, CONF_TRUST_AUTHENTICATED, CONF_REPLY_PLUS);
		token = token_for(&in, rows[i].is_bens ? &in.fx.ben : &in.fx.ana, TOKEN_DIGEST, 0,
		    TOKEN_REPLY, MONDAY);
		say(&in, APPROVE, (struct letter){.target = {.token = token}});
		/* the token of the question is enough: the reply has no other trace of it */
		token = token_behind(&in, last_mail_to(&in, ANA), ADDRESS);
		row_assert(token != NULL, rows[i].name);
		take(&in, &(struct letter){.from = BEN, .text = "yes", .at = MONDAY + 60,
		    .target = {.token = token}});
		row_assert(strcmp(in.result.why, "it answers a mail that went to somebody else") ==
		    0, rows[i].name);
		take(&in, &(struct letter){.text = "yes", .at = MONDAY + 60,
		    .target = {.token = token}});
		assert_string_equal(in.result.why, "released held mail");
		row_assert(number(&in, "SELECT trust FROM message ORDER BY id") == rows[i].level,
		    rows[i].name);
		row_assert(strcmp(sheet_state(&in), rows[i].state) == 0, rows[i].name);
		fixture_close(&in.fx);
	}
}

/* ---- the thread ------------------------------------------------------------------------------ */

static void
test_thread(void **state)
{
	static const struct {
		const char *name;
		enum token_about about;
		int64_t id;
		const char *reply_to;
		int comments_1, comments_2, updates;
	} rows[] = {
	    {"an item", TOKEN_ITEM, 2, NULL, 0, 1, 0},
	    {"ids first", TOKEN_ITEM, 2, "first@x", 1, 0, 0},
	    {"no such item", TOKEN_ITEM, 99, NULL, 0, 0, 0},
	    {"another team's", TOKEN_ITEM, 3, NULL, 0, 0, 0},
	    {"a digest", TOKEN_DIGEST, 0, NULL, 0, 0, 1},
	    {"a prompt", TOKEN_PROMPT, 0, NULL, 0, 0, 1},
	    {"a sheet", TOKEN_SHEET, 0, NULL, 0, 0, 1},
	    {"an answer", TOKEN_ANSWER, 0, NULL, 0, 0, 1},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct inbox in;
		struct fixture *fx = &in.fx;
		struct team web = {.name = "web", .title = "Web", .address = "web@example.org",
		    .zone = "Europe/Berlin"};

		scene_open(&in, CONF_TRUST_AUTHENTICATED, CONF_REPLY_PLUS);
		td_ok(fx, team_add(fx->db, &web, NOON, &fx->err));
		td_ok(fx, member_set(fx->db, web.id, fx->ana.id, ROLE_MEMBER, NOON, &fx->err));
		/* a mail that nothing tells about is a new task here */
		td_ok(fx, db_exec(fx->db, &fx->err, "UPDATE team SET default_kind = 'task'", ""));
		take(&in, &(struct letter){.subject = "One", .mid = "first@x",
		    .target = {.kind = KIND_TASK}, .is_authenticated = true});
		take(&in, &(struct letter){.subject = "Two", .target = {.kind = KIND_TASK},
		    .is_authenticated = true});
		take(&in, &(struct letter){.subject = "Three", .target = {.kind = KIND_TASK},
		    .to = web.address, .is_authenticated = true});
		take(&in, &(struct letter){.subject = "Re: x", .text = "words", .at = MONDAY,
		    .is_authenticated = true, .reply_to = rows[i].reply_to,
		    .target = {.token = token_for(&in, &fx->ana, rows[i].about, rows[i].id,
			TOKEN_REPLY, MONDAY)}});
		row_assert(number(&in, "SELECT count(*) FROM comment WHERE item_id = 1") ==
		    rows[i].comments_1, rows[i].name);
		row_assert(number(&in, "SELECT count(*) FROM comment WHERE item_id = 2") ==
		    rows[i].comments_2, rows[i].name);
		row_assert(number(&in, "SELECT count(*) FROM comment") ==
		    rows[i].comments_1 + rows[i].comments_2, rows[i].name);
		row_assert(number(&in, "SELECT count(*) FROM status_update") == rows[i].updates,
		    rows[i].name);
		fixture_close(fx);
	}
}

/* The acknowledgement of a task has one that names the task. */
static void
test_own_token(void **state)
{
	struct inbox in;
	const char *token;

	scene_open(&in, CONF_TRUST_AUTHENTICATED, CONF_REPLY_PLUS);
	take(&in, &(struct letter){.subject = "One", .target = {.kind = KIND_TASK},
	    .is_authenticated = true});
	token = token_behind(&in, last_mail_to(&in, ANA), ADDRESS);
	assert_non_null(token);
	take(&in, &(struct letter){.subject = "Re: x", .text = "words", .at = MONDAY,
	    .is_authenticated = true, .target = {.token = token}});
	assert_int_equal(number(&in, "SELECT count(*) FROM comment WHERE item_id = 1"), 1);
	fixture_close(&in.fx);
}

/* A link begins a new mail: where that would be refused, none offers to approve. The text does. */
static void
test_no_link(void **state)
{
	for (int envelope = 0; envelope < 2; envelope++) {
		struct inbox in;
		const char *bytes;

		scene_open(&in, envelope ? CONF_TRUST_ENVELOPE : CONF_TRUST_AUTHENTICATED,
		    CONF_REPLY_PLUS);
		say(&in, "/submit 2026-W47", (struct letter){.from = BEN,
		    .is_authenticated = true});
		run_due(&in, MONDAY);
		bytes = last_mail_to(&in, ANA);
		assert_true(says(&in, bytes, "Reply \"/approve 2026-W47 @ben\""));
		assert_int_equal(says(&in, bytes, "Approve 2026-W47 of Ben"), envelope);
		assert_non_null(strstr(bytes, ADDRESS));
		fixture_close(&in.fx);
	}
}

/* A mail that asks for what needs a token has one, wherever that may stand: one reply is enough. */
static void
test_asked_for(void **state)
{
	static const struct {
		const char *name;
		enum conf_trust_mode mode;
		enum conf_reply reply;
		const char *mark, *other;
	} rows[] = {
	    {"auto", CONF_TRUST_AUTHENTICATED, CONF_REPLY_AUTO, SUBJECT, ADDRESS},
	    {"plus", CONF_TRUST_AUTHENTICATED, CONF_REPLY_PLUS, ADDRESS, SUBJECT},
	    {"subject", CONF_TRUST_AUTHENTICATED, CONF_REPLY_SUBJECT, SUBJECT, ADDRESS},
	    {"envelope", CONF_TRUST_ENVELOPE, CONF_REPLY_AUTO, NULL, "+r-"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct inbox in;
		const char *bytes, *token = NULL;

		scene_open(&in, rows[i].mode, rows[i].reply);
		say(&in, "/submit 2026-W47", (struct letter){.from = BEN,
		    .is_authenticated = true});
		run_due(&in, MONDAY);
		bytes = last_mail_to(&in, ANA);
		row_assert(says(&in, bytes, "time sheets wait for you"), rows[i].name);
		if (rows[i].mark != NULL)
			token = token_behind(&in, bytes, rows[i].mark);
		row_assert((token != NULL) == (rows[i].mark != NULL), rows[i].name);
		row_assert(strstr(bytes, rows[i].other) == NULL, rows[i].name);
		row_assert(token == NULL || strstr(strstr(bytes, "\r\n\r\n"), token) == NULL,
		    rows[i].name);
		say(&in, APPROVE, (struct letter){.is_authenticated = true,
		    .target = {.token = token}});
		row_assert(strcmp(sheet_state(&in), "approved") == 0, rows[i].name);
		fixture_close(&in.fx);
	}
}

static const char *
item_mail_to_ana(struct inbox *in, int item)
{
	return text_of(in, arena_printf(in->fx.arena, "SELECT CAST(bytes AS TEXT) FROM outbox "
	    "WHERE kind = 'item' AND rcpt = '" ANA "' AND CAST(bytes AS TEXT) LIKE '%%[#%d]%%'",
	    item));
}

/* An objection stands at the date: the mail asks for /resolve, and no other of that day does. */
static void
test_asked_to_resolve(void **state)
{
	static struct reading_when due = {.start = MONDAY + DAY, .end = MONDAY + DAY,
	    .precision = WHEN_MINUTE, .local = "2026-11-24T12:00", .zone = "Europe/Lisbon"};
	struct inbox in;
	const char *bytes, *token;
	int64_t at = MONDAY + DAY + 60;

	scene_open(&in, CONF_TRUST_AUTHENTICATED, CONF_REPLY_AUTO);
	jobs_register("news", news_job);
	jobs_register("decision", decide_job);
	for (int i = 0; i < 2; i++)
		take(&in, &(struct letter){.subject = "decide: Which?", .is_authenticated = true,
		    .target = {.kind = KIND_DECIDE}, .fields = {.title = "Which?", .due = &due}});
	say(&in, "/object #1 never", (struct letter){.from = BEN, .is_authenticated = true});
	run_due(&in, MONDAY + 60); /* the objection is told */
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "UPDATE outbox SET kind = 'told' WHERE "
	    "kind = 'item'", ""));
	for (int i = 0; i < 2; i++)
		run_due(&in, at);
	bytes = item_mail_to_ana(&in, 2);
	assert_true(says(&in, bytes, "the default applies") && strstr(bytes, SUBJECT) == NULL);
	bytes = item_mail_to_ana(&in, 1);
	if (!says(&in, bytes, "an objection stands"))
		fail_msg("%s", bytes);
	token = token_behind(&in, bytes, SUBJECT);
	assert_non_null(token);
	say(&in, "/resolve #1 yes all can", (struct letter){.is_authenticated = true, .at = at,
	    .target = {.token = token}});
	assert_int_equal(item_numbered(&in, 1)->state, ITEM_DONE);
	fixture_close(&in.fx);
}

/* ---- where it stands ------------------------------------------------------------------------- */

static const struct {
	const char *name;
	struct letter letter;
	bool seen;
} plus_rows[] = {
    {"by a plus address", {.tag = "task", .is_authenticated = true}, true},
    {"by the plain one", {.is_authenticated = true}, false},
    {"not authenticated", {.tag = "task"}, false},
    {"by both", {.tag = "task", .to2 = "platform@example.org", .is_authenticated = true}, false},
    {"to another as well", {.tag = "task", .to2 = "eve@example.org", .is_authenticated = true},
	true},
    {"no member", {.tag = "task", .from = "eve@example.org", .is_authenticated = true}, false},
    {"a bounce", {.tag = "bounce-1", .auto_kind = AUTO_BOUNCE}, false},
};

/* Nobody said that plus addresses work: they are used once mail came to one. */
static void
test_plus(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(plus_rows); i++) {
		struct letter letter = plus_rows[i].letter;
		struct inbox in;
		bool in_address;

		scene_open(&in, CONF_TRUST_AUTHENTICATED, CONF_REPLY_AUTO);
		letter.subject = "x";
		take(&in, &letter);
		take(&in, &(struct letter){.subject = "One", .target = {.kind = KIND_TASK},
		    .is_authenticated = true});
		in_address = strstr(last_mail_to(&in, ANA), ADDRESS) != NULL;
		row_assert(in_address == plus_rows[i].seen, plus_rows[i].name);
		row_assert(strstr(last_mail_to(&in, ANA), SUBJECT) == NULL, plus_rows[i].name);
		if (!plus_rows[i].seen)
			row_assert(strstr(last_mail_to(&in, ANA),
			    "Reply-To: platform@example.org\r\n") != NULL, plus_rows[i].name);
		fixture_close(&in.fx);
	}
}

/* A local part has 64 octets at most: where the token has no room there, it goes elsewhere. */
static void
test_long_address(void **state)
{
	static const struct {
		int len;
		bool in_address;
	} rows[] = {{8, true}, {25, true}, {26, false}, {63, false}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct inbox in;
		struct fixture *fx = &in.fx;
		const char *address, *bytes, *at;

		scene_open(&in, CONF_TRUST_AUTHENTICATED, CONF_REPLY_PLUS);
		address = arena_printf(fx->arena, "%0*d@example.org", rows[i].len, 0);
		td_ok(fx, db_exec(fx->db, &fx->err, "UPDATE team SET address = $1", "t", address));
		say(&in, APPROVE, (struct letter){.to = address, .is_authenticated = true});
		bytes = last_mail_to(&in, ANA);
		at = strstr(bytes, "Reply-To: ");
		assert_non_null(at);
		assert_true(strcspn(at + 10, "@") <= 64);
		assert_int_equal(strstr(bytes, "+r-") != NULL && strstr(bytes, SUBJECT) == NULL,
		    rows[i].in_address);
		assert_int_equal(strstr(bytes, SUBJECT) == NULL, rows[i].in_address);
		fixture_close(fx);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_reply),
	    cmocka_unit_test(test_each_line), cmocka_unit_test(test_rest),
	    cmocka_unit_test(test_levels), cmocka_unit_test(test_released),
	    cmocka_unit_test(test_thread), cmocka_unit_test(test_own_token),
	    cmocka_unit_test(test_no_link), cmocka_unit_test(test_asked_for),
	    cmocka_unit_test(test_asked_to_resolve),
	    cmocka_unit_test(test_plus), cmocka_unit_test(test_long_address)};

	return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
