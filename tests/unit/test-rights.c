/* SPDX-License-Identifier: ISC */
/*
 * Who may do what: each verb, by a guest, a member and a lead, about an item of their own, of
 * another's and of nobody's. Whatever is refused names the role that it needs, and changes nothing.
 */
#include "tests/unit/export-work.h"

#include "daemon/store/entry.h"
#include "daemon/store/sheet.h"
#include "daemon/store/token_key.h"
#include "parsers/command.h"
#include "parsers/verb.h"

#define ANA "ana@example.org"
#define BEN "ben@example.org"
#define CHI "chi@example.org"

static const char *const writers[] = {CHI, BEN, ANA}; /* guest, member, lead */
static const char *const role_names[] = {"a guest", "a member", "a lead"};
static const char *const whose_names[] = {"their own", "another's", "nobody's"};
enum whose { OWN, ANOTHERS, NOBODYS };

/*
 * What becomes of the line: by a guest, a member, a lead; of each own, another's, nobody's. '+' it
 * is done, '-' it is refused for the role. #1 is a task, #2 a task that is done, #3 one that is
 * blocked, #4 a decision, #5 one that is decided, #6 a task of Dee's whatever the case. Dee made
 * them all. The level is what the mail needs where the role is enough: an authenticated sender (2),
 * or a reply to a mail of ours as well (3).
 */
static const struct {
	const char *line, *want;
	int level;
} rows[] = {
    {"/done #1", "--- +++ +++", 2},
    {"/reopen #2", "--- +++ +++", 2},
    {"/drop #1", "--- +++ +++", 2},
    {"/start #1", "--- +++ +++", 2},
    {"/stop", "--- +++ +++", 2},
    {"/unblock #3", "--- +++ +++", 2},
    {"/block #1 no quota", "--- +++ +++", 2},
    /* anybody takes a task, its owner is told; giving it away is for its owner and leads */
    {"/take #1", "--- +++ +++", 2},
    {"/assign #1 @dee", "--- +-+ +++", 2},
    {"/assign #1 @ben", "--- +-+ +++", 2},
    {"/unassign #1", "--- +-+ +++", 2},
    {"/handover @eva #1", "--- +-+ +++", 2},
    {"/due #1 friday", "--- +++ +++", 2},
    {"/snooze #1 2d", "--- +++ +++", 2},
    {"/priority #1 p1", "--- +++ +++", 2},
    {"/tag #1 bug", "--- +++ +++", 2},
    {"/project #1 web", "--- +++ +++", 2},
    {"/title #1 Another", "--- +++ +++", 2},
    {"/estimate #1 2h", "--- +++ +++", 2},
    {"/depends #1 on #6", "--- +++ +++", 2},
    /* one's own mail; another's is theirs to end */
    {"/watch #1", "+++ +++ +++", 2},
    {"/watch #1 @dee", "--- +++ +++", 2},
    {"/unwatch #1", "+++ +++ +++", 2},
    {"/unwatch #1 @dee", "--- --- +++", 3},
    /* time */
    {"/spend 1h #1", "--- +++ +++", 2},
    {"/spend 1h #1 for:@dee", "--- --- +++", 3},
    {"/timesheet", "--- +++ +++", 2},
    {"/timesheet 2026-W46 @dee", "--- --- +++", 2},
    {"/submit 2026-W46", "--- +++ +++", 2},
    {"/approve 2026-W46 @dee", "--- --- +++", 3},
    {"/reject 2026-W46 @dee no", "--- --- +++", 3},
    /* oneself */
    {"/off friday", "--- +++ +++", 2},
    {"/back", "--- +++ +++", 2},
    {"/hours mon-fri 08:00-16:00", "--- +++ +++", 2},
    {"/tz Asia/Dubai", "--- +++ +++", 2},
    {"/digest off", "+++ +++ +++", 2},
    {"/checkin off", "--- +++ +++", 2},
    {"/ack always", "+++ +++ +++", 2},
    {"/lang de", "+++ +++ +++", 2},
    {"/remind friday tea", "--- +++ +++", 2},
    {"/skip", "--- +++ +++", 2},
    {"/same", "--- +++ +++", 2},
    {"/away", "--- +++ +++", 2},
    /* decisions: all members answer; what is asked is for who asks and leads */
    {"/decide Use LMDB? by friday", "--- +++ +++", 2},
    {"/agree #4", "--- +++ +++", 2},
    {"/object #4 no backup", "--- +++ +++", 2},
    {"/abstain #4", "--- +++ +++", 2},
    {"/vote #4 yes", "--- +++ +++", 2},
    {"/resolve #4 yes it is fine", "--- +-- +++", 3},
    {"/drop #4", "--- +-- +++", 2},
    {"/reopen #5", "--- +-- +++", 2},
    {"/due #4 friday", "--- +-- +++", 2},
    {"/title #4 Another?", "--- +-- +++", 2},
    {"/take #4", "--- +-- +++", 2},
    {"/assign #4 @eva", "--- +-- +++", 2},
    {"/unassign #4", "--- +-- +++", 2},
    /* people */
    {"/page @dee please ring", "--- +++ +++", 2},
    {"/ack-page", "--- +++ +++", 2},
    {"/invite dev@example.org Dev", "--- --- +++", 3},
    {"/remove @dee", "--- --- +++", 3},
    {"/undo DEESCODE", "--- --- +++", 3},
    /* questions */
    {"/show #1", "+++ +++ +++", 2},
    {"/list mine", "+++ +++ +++", 2},
    {"/search login", "+++ +++ +++", 2},
    {"/who", "+++ +++ +++", 2},
    {"/help", "+++ +++ +++", 2},
};

/* Without an effect whoever asks: told so, and no role would help. */
static const char *const later[] = {"meet", "book"};

struct scene {
	struct inbox in;
	struct person dee, eva;
	const char *writer;
};

static int64_t
owner_of(const struct scene *s, enum whose whose)
{
	const struct fixture *fx = &s->in.fx;

	switch (whose) {
	case OWN:
		return strcmp(s->writer, ANA) == 0 ? fx->ana.id
		    : strcmp(s->writer, BEN) == 0  ? fx->ben.id : fx->chi.id;
	case ANOTHERS:
		return s->dee.id;
	case NOBODYS:
		break;
	}
	return 0;
}

static void
add(struct scene *s, const char *kind, enum item_state state, int64_t owner)
{
	struct fixture *fx = &s->in.fx;
	struct item item = {.team_id = fx->team.id, .kind = kind, .title = "Fix login",
	    .body = "", .creator_id = s->dee.id, .created_at = NOON, .updated_at = NOON};
	struct item *after;

	if (owner != 0)
		item_add_owner(fx->arena, &item, owner);
	td_ok(fx, item_add(fx->db, fx->arena, &item, &fx->err));
	after = item_copy(fx->arena, &item);
	if (state == ITEM_DONE && item_is_decision(after))
		item_decide(after, "agreed", "resolve", "so", NOON);
	else if (state != ITEM_OPEN)
		item_set_state(after, state, "why", NOON);
	td_ok(fx, item_save(fx->db, &item, after, &fx->err));
}

/* What the lines need that are about no item: a sheet, a timer, an absence, a call, a mail. */
static void
add_rest(struct scene *s)
{
	struct fixture *fx = &s->in.fx;
	int64_t self = owner_of(s, OWN);

	td_ok(fx, sheet_put(fx->db, &(struct sheet){.team_id = fx->team.id,
	    .person_id = s->dee.id, .week = "2026-W46", .state = SHEET_SUBMITTED,
	    .submitted_at = NOON}, &fx->err));
	td_ok(fx, timer_start(fx->db, &(struct timer){.person_id = self, .team_id = fx->team.id,
	    .item_id = 6, .started_at = NOON - 3600}, &fx->err));
	td_ok(fx, db_exec(fx->db, &fx->err, "INSERT INTO absence (person_id, first_day, last_day, "
	    "created_at) VALUES ($1, '2026-11-20', '2026-11-22', $2)", "ii", self,
	    (int64_t)NOON));
	td_ok(fx, db_exec(fx->db, &fx->err, "INSERT INTO page (team_id, by_id, text, created_at) "
	    "VALUES ($1, $2, 'help', $3)", "iii", fx->team.id, s->dee.id, (int64_t)NOON));
	/* for /same */
	td_ok(fx, db_exec(fx->db, &fx->err, "INSERT INTO status_update (team_id, person_id, day, "
	    "created_at, updated_at) VALUES ($1, $2, '2026-11-20', $3, $4)", "iiii", fx->team.id,
	    self, (int64_t)NOON, (int64_t)NOON));
	td_ok(fx, db_exec(fx->db, &fx->err, "INSERT INTO update_line (update_id, section, text, "
	    "position) VALUES (1, 'next', 'write', 1)", ""));
	take(&s->in, &(struct letter){.from = "dee@example.org", .subject = "x",
	    .text = "a comment", .target = {.kind = KIND_NONE, .item = 6}});
	td_ok(fx, db_exec(fx->db, &fx->err, "UPDATE message SET undo_code = 'DEESCODE'", ""));
	td_ok(fx, db_exec(fx->db, &fx->err, "DELETE FROM outbox", ""));
}

static void
scene_open(struct scene *s, const char *writer, enum whose whose)
{
	struct fixture *fx = &s->in.fx;

	*s = (struct scene){.writer = writer};
	inbox_open(&s->in, CONF_TRUST_ENVELOPE);
	fixture_person(fx, &s->dee, "dee@example.org", "Dee Roy", "Europe/Lisbon", ROLE_MEMBER);
	fixture_person(fx, &s->eva, "eva@example.org", "Eva Ly", "Europe/Lisbon", ROLE_MEMBER);
	add(s, "task", ITEM_OPEN, owner_of(s, whose));
	add(s, "task", ITEM_DONE, owner_of(s, whose));
	add(s, "task", ITEM_BLOCKED, owner_of(s, whose));
	add(s, "decision", ITEM_OPEN, owner_of(s, whose));
	add(s, "decision", ITEM_DONE, owner_of(s, whose));
	add(s, "task", ITEM_OPEN, s->dee.id);
	add_rest(s);
}

/* Takes the letter, gives the text of its answer ("" without) and takes it all back. */
static const char *
answer_to(struct scene *s, const struct letter *letter, bool *changed_r)
{
	struct inbox *in = &s->in;
	struct fixture *fx = &in->fx;
	const struct intake_mail mail = {.now = NOON, .raw = SPAN("raw mail")};
	const char *before = export_work(in), *text;

	td_ok(fx, db_begin(fx->db, &fx->err));
	td_ok(fx, intake_apply(fx->db, &in->conf, &mail, letter_reading(in, letter), fx->arena,
	    &in->result, &fx->err));
	text = text_of(in, "SELECT group_concat(CAST(bytes AS TEXT)) FROM outbox "
	    "WHERE kind IN ('error', 'answer', 'ack')");
	*changed_r = strcmp(before, export_work(in)) != 0;
	db_rollback(fx->db);
	return text;
}

/* The answer as a reader sees it: lines may be broken anywhere. */
static bool
says(struct scene *s, const char *text, const char *want)
{
	char *flat = arena_alloc(s->in.fx.arena, strlen(text) + 1), *to = flat;

	for (; *text != '\0'; text++) {
		if (strncmp(text, "=\r\n", 3) == 0)
			text += 2;
		else if (strchr("\r\n ", *text) == NULL)
			*to++ = *text;
		else if (to > flat && to[-1] != ' ')
			*to++ = ' ';
	}
	return strstr(flat, want) != NULL;
}

static void
check(struct scene *s, const struct letter *letter, char want, const char *what)
{
	bool changed = false;
	const char *text = answer_to(s, letter, &changed);

	if (want == '+' && s->in.result.why != NULL)
		fail_msg("%s: refused: %s", what, text);
	if (want == '-' && s->in.result.why == NULL)
		fail_msg("%s: was done", what);
	if (want == '-' && !says(s, text, "needs the role"))
		fail_msg("%s: no role is named: %s", what, text);
	if (want == '-' && changed)
		fail_msg("%s: changed something", what);
}

static void
read_line(struct scene *s, const char *line, struct reading_command *cmd)
{
	const struct command_context context = {.anchor = NOON, .zone = "Europe/Lisbon"};
	struct reading_error error = {0};

	if (command_parse(s->in.fx.arena, span_of(line), 1, &context, cmd, &error) !=
	    COMMAND_GOOD)
		fail_msg("%s: %s", line, error.why);
	cmd->source = line;
}

static void
check_line(struct scene *s, const char *line, char want, const char *what)
{
	struct reading_command cmd;

	read_line(s, line, &cmd);
	check(s, &(struct letter){.from = s->writer, .subject = "x", .text = line,
	    .target = {.kind = KIND_TIME}, .commands = &cmd, .n_commands = 1}, want, what);
}

static void
test_verbs(void **state)
{
	for (int role = 0; role < 3; role++)
		for (int whose = OWN; whose <= NOBODYS; whose++) {
			struct scene s;

			scene_open(&s, writers[role], (enum whose)whose);
			for (size_t i = 0; i < ARRAY_LEN(rows); i++)
				check_line(&s, rows[i].line, rows[i].want[role * 4 + whose],
				    arena_printf(s.in.fx.arena, "%s by %s, %s", rows[i].line,
					role_names[role], whose_names[whose]));
			fixture_close(&s.in.fx);
		}
}

/* A reply token of the writer's, as it stood in a mail of ours. */
static const char *
token_of(struct scene *s)
{
	const struct token token = {owner_of(s, OWN), TOKEN_DIGEST, 0, TOKEN_REPLY,
	    token_last_day(NOON)};
	struct token_keys keys;
	char text[TOKEN_TEXT_MAX + 1];

	td_ok(&s->in.fx, token_keys_now(s->in.fx.db, s->in.fx.arena, NOON, &keys, &s->in.fx.err));
	token_write(&keys, &token, text);
	return arena_strdup(s->in.fx.arena, text);
}

/* A line that the role is enough for, at L2 and at L3. */
static void
check_level(struct scene *s, const char *line, int level, const char *what)
{
	for (int at = 2; at <= 3; at++) {
		struct reading_command cmd;
		bool changed = false;
		const char *text;

		read_line(s, line, &cmd);
		text = answer_to(s, &(struct letter){.from = s->writer, .subject = "x",
		    .text = line, .commands = &cmd, .n_commands = 1, .is_authenticated = true,
		    .target = {.kind = KIND_TIME, .token = at == 3 ? token_of(s) : NULL}},
		    &changed);
		if ((s->in.result.why == NULL) != (at >= level))
			fail_msg("%s at L%d: %s", what, at, text);
		if (at < level && (changed || !says(s, text, "a reply to a mail from me")))
			fail_msg("%s at L%d: something was done, or no reason given: %s", what, at,
			    text);
	}
}

static void
test_levels(void **state)
{
	for (int role = 0; role < 3; role++)
		for (int whose = OWN; whose <= NOBODYS; whose++) {
			struct scene s;

			scene_open(&s, writers[role], (enum whose)whose);
			s.in.conf.trust.mode = CONF_TRUST_AUTHENTICATED;
			for (size_t i = 0; i < ARRAY_LEN(rows); i++)
				if (rows[i].want[role * 4 + whose] == '+')
					check_level(&s, rows[i].line, rows[i].level,
					    arena_printf(s.in.fx.arena, "%s by %s, %s",
						rows[i].line, role_names[role],
						whose_names[whose]));
			fixture_close(&s.in.fx);
		}
}

/* ---- taking back ----------------------------------------------------------------------------- */

static void
take_line(struct scene *s, const char *from, const char *line, int at)
{
	struct inbox *in = &s->in;
	const struct intake_mail mail = {.now = NOON, .raw = SPAN("raw mail")};
	struct reading_command *cmd = arena_alloc(in->fx.arena, sizeof *cmd);
	const struct letter letter = {.from = from, .subject = "x", .text = line, .commands = cmd,
	    .n_commands = 1, .is_authenticated = true,
	    .target = {.kind = KIND_TIME, .token = at == 3 ? token_of(s) : NULL}};

	read_line(s, line, cmd);
	td_ok(&in->fx, intake_apply(in->fx.db, &in->conf, &mail, letter_reading(in, &letter),
	    in->fx.arena, &in->result, &in->fx.err));
}

static const char *
undo_line(struct scene *s)
{
	return arena_printf(s->in.fx.arena, "/undo %s", text_of(&s->in,
	    "SELECT undo_code FROM message ORDER BY id DESC LIMIT 1"));
}

static void
set_role(struct scene *s, int64_t person, enum role role)
{
	td_ok(&s->in.fx, member_set(s->in.fx.db, s->in.fx.team.id, person, role, NOON,
	    &s->in.fx.err));
}

/* The update that these leave is what a guest may write as well. */
static bool
is_update(const char *line)
{
	return strcmp(line, "/skip") == 0 || strcmp(line, "/same") == 0;
}

/* Ana did it as a lead; what she is by now, and how her mail comes, decides whether she takes it
 * back. True if there was something to take back. */
static bool
check_undo(struct scene *s, size_t row, int role, enum whose whose, int at)
{
	struct fixture *fx = &s->in.fx;
	bool may = rows[row].want[role * 4 + (int)whose] == '+' || is_update(rows[row].line);
	const char *what = arena_printf(fx->arena, "undo of %s by %s, %s, at L%d", rows[row].line,
	    role_names[role], whose_names[whose], at);
	const char *before, *text, *want;
	bool has_code;

	td_ok(fx, db_begin(fx->db, &fx->err));
	s->in.conf.trust.mode = CONF_TRUST_ENVELOPE;
	take_line(s, ANA, rows[row].line, 2);
	text = undo_line(s);
	has_code = strlen(text) > strlen("/undo ");
	if (has_code && number(&s->in, "SELECT count(*) FROM event WHERE message_id = "
	    "(SELECT max(id) FROM message)") > 0) {
		s->in.conf.trust.mode = CONF_TRUST_AUTHENTICATED;
		set_role(s, fx->ana.id, (enum role)(ROLE_GUEST + role));
		before = export_work(&s->in);
		take_line(s, ANA, text, at);
		text = text_of(&s->in, "SELECT group_concat(CAST(bytes AS TEXT)) FROM outbox "
		    "WHERE kind IN ('error', 'answer', 'ack')");
		want = may ? "a reply to a mail from me" : "needs the role";
		may = may && at >= rows[row].level;
		if (may != (s->in.result.why == NULL))
			fail_msg("%s: %s: %s", what, may ? "refused" : "was done", text);
		if (!may && (!says(s, text, want) || strcmp(before, export_work(&s->in)) != 0))
			fail_msg("%s: something changed, or no reason given: %s", what, text);
	}
	db_rollback(fx->db);
	return has_code;
}

static void
test_undo(void **state)
{
	size_t n = 0;

	for (int whose = OWN; whose <= NOBODYS; whose++)
		for (int role = 0; role < 3; role++) {
			struct scene s;

			scene_open(&s, ANA, (enum whose)whose);
			s.in.conf.limits.acks_per_day = 10000;
			for (size_t i = 0; i < ARRAY_LEN(rows); i++)
				for (int at = 2; at <= 3; at++)
					n += check_undo(&s, i, role, (enum whose)whose, at);
			fixture_close(&s.in.fx);
		}
	assert_true(n > 700);
}

/* Whoever is judged does not take the judgement back where there is another lead. */
static void
test_undo_own_sheet(void **state)
{
	static const char *const verdicts[] = {"/reject 2026-W46 @ana why",
	    "/approve 2026-W46 @ana"};

	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		struct scene s;
		const char *undo;

		scene_open(&s, ANA, OWN);
		td_ok(&s.in.fx, db_begin(s.in.fx.db, &s.in.fx.err));
		set_role(&s, s.dee.id, ROLE_LEAD);
		take_line(&s, ANA, "/submit 2026-W46", 2);
		take_line(&s, "dee@example.org", verdicts[i], 2);
		undo = undo_line(&s);
		take_line(&s, ANA, undo, 2);
		assert_true(says(&s, last_mail(&s.in), "another lead judges it"));
		take_line(&s, "dee@example.org", undo, 2);
		assert_null(s.in.result.why);
		db_rollback(s.in.fx.db);
		fixture_close(&s.in.fx);
	}
}

/* In an approved week a correction of one's own is for leads, and so is taking it back. */
static void
test_undo_in_locked_week(void **state)
{
	struct scene s;
	const char *undo;

	scene_open(&s, ANA, OWN);
	td_ok(&s.in.fx, db_begin(s.in.fx.db, &s.in.fx.err));
	td_ok(&s.in.fx, sheet_put(s.in.fx.db, &(struct sheet){.team_id = s.in.fx.team.id,
	    .person_id = s.in.fx.ana.id, .week = "2026-W46", .state = SHEET_APPROVED,
	    .submitted_at = NOON}, &s.in.fx.err));
	take_line(&s, ANA, "/spend 1h 2026-11-11", 2);
	assert_null(s.in.result.why);
	undo = undo_line(&s);
	set_role(&s, s.in.fx.ana.id, ROLE_MEMBER);
	take_line(&s, ANA, undo, 2);
	assert_true(says(&s, last_mail(&s.in), "needs the role lead"));
	set_role(&s, s.in.fx.ana.id, ROLE_LEAD);
	take_line(&s, ANA, undo, 2);
	assert_null(s.in.result.why);
	db_rollback(s.in.fx.db);
	fixture_close(&s.in.fx);
}

/* Each line is judged by the role that its writer has by then. */
static void
test_role_within_a_mail(void **state)
{
	static const char *const first[] = {"/remove @ana", "/invite ana@example.org Ana member"};

	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		struct scene s;
		struct reading_command cmds[2];

		scene_open(&s, ANA, OWN);
		set_role(&s, s.dee.id, ROLE_LEAD);
		read_line(&s, first[i], &cmds[0]);
		read_line(&s, "/invite dev@example.org Dev", &cmds[1]);
		take(&s.in, &(struct letter){.from = ANA, .subject = "x", .commands = cmds,
		    .n_commands = 2, .target = {.kind = KIND_TIME}});
		assert_true(says(&s, last_mail(&s.in), "needs the role lead"));
		assert_int_equal(number(&s.in, "SELECT count(*) FROM address "
		    "WHERE address = 'dev@example.org'"), 0);
		fixture_close(&s.in.fx);
	}
}

static bool
is_listed(const char *verb)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct span rest = span_of(rows[i].line), word;

		if (span_next_word(&rest, &word) && span_is(span_skip(word, 1), verb))
			return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(later); i++)
		if (strcmp(later[i], verb) == 0)
			return true;
	return false;
}

static void
test_all_verbs(void **state)
{
	for (size_t i = 0; i < n_verbs; i++)
		if (!is_listed(verbs[i].name))
			fail_msg("no line of /%s", verbs[i].name);
}

/* The same right by the top block of a reply, and by what closes a line of an update. */
static const char *ben_only[] = {"ben"};
static struct reading_when friday = {.start = 1795816800, .end = 1795903200,
    .precision = WHEN_DAY, .local = "2026-11-27", .zone = "Europe/Lisbon"};
static uint32_t one[] = {1};
static struct section_entry closes[] = {{.line = 1, .text = "it", .items = one, .n_items = 1,
    .closes = true}};
static struct reading_section done_section[] = {{SECTION_DONE, closes, 1}};

static const struct {
	const char *name, *want;
	struct letter letter;
} blocks[] = {
    {"Owner: of a task", "--- +-+ +++", {.text = "Owner: ben\n", .target = {.item = 1},
	.fields = {.owners = ben_only, .n_owners = 1}}},
    {"Due: of a task", "--- +++ +++", {.text = "Due: friday\n", .target = {.item = 1},
	.fields = {.due = &friday}}},
    {"Due: of a decision", "--- +-- +++", {.text = "Due: friday\n", .target = {.item = 4},
	.fields = {.due = &friday}}},
    {"Status: of a decision", "--- +-- +++", {.text = "Status: dropped\n", .target = {.item = 4},
	.fields = {.status = "dropped"}}},
    {"Title: of a decision", "--- +-- +++", {.text = "Title: y\n", .target = {.item = 4},
	.fields = {.title = "y"}}},
    {"a comment", "+++ +++ +++", {.text = "words\n", .target = {.item = 1}}},
    {"a line that closes", "--- +++ +++", {.text = "x", .target = {.kind = KIND_TIME},
	.sections = done_section, .n_sections = 1}},
    {"an update", "+++ +++ +++", {.text = "words\n", .target = {.kind = KIND_UPDATE}}},
    {"a new task", "--- +++ +++", {.text = "words\n", .target = {.kind = KIND_TASK}}},
    {"a new decision", "--- +++ +++", {.text = "words\n", .target = {.kind = KIND_DECIDE}}},
    {"an urgent mail", "--- +++ +++", {.text = "words\n", .target = {.kind = KIND_URGENT}}},
};

static void
test_blocks(void **state)
{
	for (int role = 0; role < 3; role++)
		for (int whose = OWN; whose <= NOBODYS; whose++) {
			struct scene s;

			scene_open(&s, writers[role], (enum whose)whose);
			for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
				struct letter letter = blocks[i].letter;

				letter.from = writers[role];
				letter.subject = "x";
				check(&s, &letter, blocks[i].want[role * 4 + whose],
				    arena_printf(s.in.fx.arena, "%s by %s, %s", blocks[i].name,
					role_names[role], whose_names[whose]));
			}
			fixture_close(&s.in.fx);
		}
}

/* Who made an item gives it on, whoever has it; and whose owner left, it is anybody's. */
static void
test_made_and_left(void **state)
{
	struct scene s;
	struct fixture *fx = &s.in.fx;

	scene_open(&s, BEN, ANOTHERS);
	s.writer = "dee@example.org";
	td_ok(fx, db_exec(fx->db, &fx->err, "UPDATE item SET owner_id = 1", ""));
	check_line(&s, "/assign #1 @ben", '+', "by who made it");
	check_line(&s, "/resolve #4 yes so be it", '+', "by who made it");
	s.writer = BEN;
	check_line(&s, "/assign #1 @ben", '-', "of Ana's");
	td_ok(fx, db_exec(fx->db, &fx->err, "UPDATE item SET owner_id = $1", "i", s.dee.id));
	td_ok(fx, member_remove(fx->db, fx->team.id, s.dee.id, &fx->err));
	check_line(&s, "/assign #1 @ben", '+', "of who left");
	check_line(&s, "/resolve #4 yes so be it", '-', "of who left");
	check_line(&s, "/unassign #1", '+', "of who left");
	fixture_close(fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_verbs),
	    cmocka_unit_test(test_verbs), cmocka_unit_test(test_levels),
	    cmocka_unit_test(test_undo), cmocka_unit_test(test_undo_own_sheet),
	    cmocka_unit_test(test_undo_in_locked_week),
	    cmocka_unit_test(test_role_within_a_mail), cmocka_unit_test(test_blocks),
	    cmocka_unit_test(test_made_and_left)};

	return cmocka_run_group_tests_name("rights", tests, NULL, NULL);
}
