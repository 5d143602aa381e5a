/* SPDX-License-Identifier: ISC */
/* Tests of /invite and /remove: each form, refusal and role; alone and in a thread; the welcome
 * mail; what becomes of items, timer and core hours; undo. */
#include "tests/unit/export-work.h"

#include "daemon/schedule/jobs.h"

#define MONDAY_8 (NOON + 2 * 86400 - 5 * 3600) /* 2026-11-23 08:00 in Berlin */

static const char *dev[] = {"dev@example.org"}, *upper[] = {"Dev@Example.ORG"};
static const char *odd[] = {"dev@ex\xc3\xa4mple.org"}, *team[] = {"platform@example.org"};
static const char *ben[] = {"ben@example.org"}, *eve[] = {"eve@example.org"};

#define INVITE(who, ...) {.verb = "invite", .people = (who), .n_people = 1, __VA_ARGS__}

static const struct {
	const char *name, *from;
	struct reading_command cmd;
	const char *refusal;   /* NULL: applied */
	const char *address, *role, *called; /* of who is a member then */
} invites[] = {
    {"a member", NULL, INVITE(dev, .text = "Dev Patel"), NULL, "dev@example.org", "member",
	"Dev Patel"},
    {"a guest", NULL, INVITE(dev, .text = "Dev Patel", .word = "guest"), NULL, "dev@example.org",
	"guest", "Dev Patel"},
    {"a lead", NULL, INVITE(dev, .text = "Dev Patel", .word = "lead"), NULL, "dev@example.org",
	"lead", "Dev Patel"},
    {"in capitals", NULL, INVITE(upper, .text = "Dev Patel"), NULL, "dev@example.org", "member",
	"Dev Patel"},
    {"a quoted name", NULL, INVITE(dev, .text = "\"Dev Patel\""), NULL, "dev@example.org",
	"member", "Dev Patel"},
    {"one name that is near a role", NULL, INVITE(dev, .text = "Leon"), NULL, "dev@example.org",
	"member", "Leon"},
    {"a last name that is near a role", NULL, INVITE(dev, .text = "Ana Lead"), NULL,
	"dev@example.org", "member", "Ana Lead"},
    {"of another team", NULL, INVITE(eve, .text = "Eve Stone", .word = "guest"), NULL,
	"eve@example.org", "guest", "Eve Stone"},
    {"of another team, by another name", NULL, INVITE(eve, .text = "Evie"), NULL,
	"eve@example.org", "member", "Eve Stone"},
    {"a member already", NULL, INVITE(ben, .text = "Ben"), "is a member of Platform already",
	NULL, NULL, NULL},
    {"nobody", NULL, {.verb = "invite", .text = "Dev"}, "needs a mail address", NULL, NULL, NULL},
    {"no ASCII", NULL, INVITE(odd, .text = "Dev"), "needs a mail address", NULL, NULL, NULL},
    {"no name", NULL, INVITE(dev, .text = NULL), "stands the person's name", NULL, NULL, NULL},
    {"a name of two lines", NULL, INVITE(dev, .text = "Dev\nBcc: x"), "stands the person's name",
	NULL, NULL, NULL},
    {"an unknown role", NULL, INVITE(dev, .text = "Dev", .word = "boss"),
	"guest, member or lead", NULL, NULL, NULL},
    {"a role of another program", NULL, INVITE(dev, .text = "Dev Patel admin"),
	"/invite dev@example.org Dev Patel member", NULL, NULL, NULL},
    {"a role with a slip", NULL, INVITE(dev, .text = "Dev Patel gest"),
	"/invite dev@example.org Dev Patel guest", NULL, NULL, NULL},
    {"the team itself", NULL, INVITE(team, .text = "Platform"), "is the address of the team", NULL,
	NULL, NULL},
    {"by a member", "ben@example.org", INVITE(dev, .text = "Dev"), "needs the role lead", NULL,
	NULL, NULL},
    {"by a guest", "chi@example.org", INVITE(dev, .text = "Dev"), "needs the role lead", NULL,
	NULL, NULL},
};

static void
line(struct inbox *in, const char *from, struct reading_command cmd, const char *reply_to)
{
	cmd.source = cmd.source != NULL ? cmd.source : cmd.verb;
	take(in, &(struct letter){.from = from, .subject = "x", .reply_to = reply_to,
	    .target = {.kind = KIND_TIME}, .commands = &cmd, .n_commands = 1});
}

/* A second team, which Eve is in. */
static void
open_two(struct inbox *in)
{
	struct team ops = {.name = "ops", .title = "Ops", .address = "ops@example.org",
	    .zone = "UTC"};
	struct person eve_stone = {.name = "Eve Stone", .address = "eve@example.org",
	    .zone = "Asia/Tokyo"};

	inbox_open(in, CONF_TRUST_ENVELOPE);
	td_ok(&in->fx, team_add(in->fx.db, &ops, NOON, &in->fx.err));
	td_ok(&in->fx, person_add(in->fx.db, in->fx.arena, &eve_stone, NOON, &in->fx.err));
	td_ok(&in->fx, member_set(in->fx.db, ops.id, eve_stone.id, ROLE_MEMBER, NOON, &in->fx.err));
}

static const char *
last_code(struct inbox *in)
{
	return text_of(in, "SELECT undo_code FROM message ORDER BY id DESC LIMIT 1");
}

static void
has(struct inbox *in, const char *want)
{
	char flat[20000];
	size_t n = 0;

	/* as a reader sees it: lines may be broken anywhere */
	for (const char *p = last_mail(in); *p != '\0' && n < sizeof flat - 1; p++) {
		if (*p == '\r')
			continue;
		flat[n++] = *p == '\n' ? ' ' : *p;
		while (n > 1 && flat[n - 1] == ' ' && flat[n - 2] == ' ')
			n--;
	}
	flat[n] = '\0';
	if (strstr(flat, want) == NULL)
		fail_msg("no \"%s\" in: %s", want, flat);
}

static const char *
joined(struct inbox *in, const char *address)
{
	return text_of(in, arena_printf(in->fx.arena,
	    "SELECT m.role || ' ' || p.name FROM membership m JOIN person p ON p.id = m.person_id "
	    "JOIN address a ON a.person_id = p.id WHERE m.team_id = 1 AND a.address = '%s'",
	        address));
}

static int64_t
welcomes(struct inbox *in)
{
	return number(in, "SELECT count(*) FROM outbox WHERE kind = 'welcome'");
}

static void
test_invite(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(invites); i++)
		for (int threaded = 0; threaded < 2; threaded++) {
			struct inbox in;
			const char *before;

			open_two(&in);
			make_task(&in, "Fix login");
			before = export_work(&in);
			line(&in, invites[i].from, invites[i].cmd,
			    threaded ? text_of(&in, "SELECT mid FROM outbox") : NULL);
			if (invites[i].refusal != NULL) {
				has(&in, invites[i].refusal);
				if (strcmp(before, export_work(&in)) != 0)
					fail_msg("%s: changed something", invites[i].name);
			} else {
				has(&in, "is a ");
				if (strcmp(joined(&in, invites[i].address),
				    arena_printf(in.fx.arena, "%s %s", invites[i].role,
					invites[i].called)) != 0)
					fail_msg("%s: %s", invites[i].name, last_mail(&in));
			}
			fixture_close(&in.fx);
		}
}

/* The team's zone, the default hours, and one who can be named further down in the same mail. */
static void
test_same_mail(void **state)
{
	struct reading_command lines[] = {INVITE(dev, .text = "Dev Patel", .source = "a"),
	    INVITE(dev, .text = "Dev Patel", .source = "b"),
	    {.verb = "assign", .source = "c", .items = (uint32_t[]){1}, .n_items = 1, .people = dev,
		.n_people = 1}};
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	make_task(&in, "Fix login");
	take(&in, &(struct letter){.subject = "x", .target = {.kind = KIND_TIME}, .commands = lines,
	    .n_commands = 3});
	has(&in, "is a member of Platform already");
	assert_string_equal(text_of(&in, "SELECT p.zone || ' ' || p.hours FROM item i JOIN person "
	    "p "
	    "ON p.id = i.owner_id WHERE p.handle = 'dev'"), "Europe/Berlin mon-fri 09:00-17:00");
	assert_int_equal(number(&in, "SELECT count(*) FROM event WHERE entity = 'membership'"), 1);
	fixture_close(&in.fx);
}

/* One mail, in the hours of who gets it, text and HTML, by the lead's name. */
static void
test_welcome(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	line(&in, NULL, (struct reading_command)INVITE(dev, .text = "Dev Patel"), NULL);
	run_due(&in, NOON + 60);
	run_due(&in, MONDAY_8 + 3599);
	assert_int_equal(welcomes(&in), 0);
	/* the hours that hold then */
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err,
	    "UPDATE person SET hours = 'mon-fri 09:30-17:00' WHERE handle = 'dev'", ""));
	run_due(&in, MONDAY_8 + 3600);
	assert_int_equal(welcomes(&in), 0);
	run_due(&in, MONDAY_8 + 5400);
	assert_int_equal(welcomes(&in), 1);
	assert_int_equal(number(&in, "SELECT count(*) FROM job WHERE kind = 'welcome'"), 0);
	has(&in, "To: \"Dev Patel\" <dev@example.org>");
	has(&in, "Subject: Welcome to Platform");
	has(&in, "Ana Lima added you to Platform, with the role member.");
	has(&in, "Content-Type: text/html");
	run_due(&in, MONDAY_8 + 7200);
	assert_int_equal(welcomes(&in), 1);
	fixture_close(&in.fx);
}

/* Who is in no team any more by then is not welcomed; invited again, they are. */
static void
test_left_before(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	line(&in, NULL, (struct reading_command)INVITE(dev, .text = "Dev Patel"), NULL);
	td_ok(&in.fx, member_remove(in.fx.db, in.fx.team.id, number(&in,
	    "SELECT max(id) FROM person"), &in.fx.err));
	run_due(&in, MONDAY_8 + 3600);
	assert_int_equal(welcomes(&in), 0);
	for (int i = 1; i <= 2; i++) {
		line(&in, NULL, (struct reading_command)INVITE(dev, .text = "Dev Patel"), NULL);
		run_due(&in, MONDAY_8 + 3600 + i);
		assert_int_equal(welcomes(&in), i);
		td_ok(&in.fx, member_remove(in.fx.db, in.fx.team.id, number(&in,
		    "SELECT max(id) FROM person"), &in.fx.err));
	}
	fixture_close(&in.fx);
}

static void
undo(struct inbox *in, const char *code)
{
	line(in, NULL, (struct reading_command){.verb = "undo", .word = code}, NULL);
}

/* Before anything went out: byte for byte, and no mail. */
static void
test_undo_invite(void **state)
{
	static const char **who[] = {dev, eve};

	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		struct inbox in;
		const char *before;

		open_two(&in);
		before = export_work(&in);
		line(&in, NULL, (struct reading_command)INVITE(who[i], .text = "Dev Patel"), NULL);
		assert_string_not_equal(before, export_work(&in));
		undo(&in, last_code(&in));
		has(&in, "Taken back: the membership of");
		assert_string_equal(before, export_work(&in));
		assert_int_equal(number(&in, "SELECT count(*) FROM job WHERE kind = 'welcome'"), 0);
		run_due(&in, MONDAY_8 + 3600);
		assert_int_equal(welcomes(&in), 0);
		fixture_close(&in.fx);
	}
}

/* What the team was told meanwhile, and the new one not yet, does not keep the row either. */
static void
test_undo_invite_told(void **state)
{
	struct inbox in;
	const char *code;

	open_two(&in);
	line(&in, NULL, (struct reading_command)INVITE(dev, .text = "Dev Patel"), NULL);
	code = last_code(&in);
	take(&in, &(struct letter){.subject = "decide: Use it?", .target = {.kind = KIND_DECIDE},
	    .fields = {.title = "Use it?"}});
	assert_int_equal(number(&in, "SELECT count(*) FROM news n JOIN person p ON p.id = "
	    "n.person_id WHERE p.handle = 'dev'"), 1);
	undo(&in, code);
	has(&in, "Taken back: the membership of Dev Patel");
	assert_int_equal(number(&in, "SELECT count(*) FROM person WHERE name = 'Dev Patel'"), 0);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	fixture_close(&in.fx);
}

/* After the welcome: the person has left, and the address is free. */
static void
test_undo_welcomed(void **state)
{
	struct inbox in;
	const char *code;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	line(&in, NULL, (struct reading_command)INVITE(dev, .text = "Dev Patel"), NULL);
	code = last_code(&in);
	run_due(&in, MONDAY_8 + 3600);
	undo(&in, code);
	has(&in, "Taken back: the membership of Dev Patel");
	assert_string_equal(joined(&in, "dev@example.org"), "");
	assert_int_equal(number(&in, "SELECT count(*) FROM address WHERE address = "
	    "'dev@example.org'"),
	    0);
	assert_int_equal(number(&in, "SELECT count(*) FROM person WHERE removed_at > 0"), 1);
	line(&in, NULL, (struct reading_command)INVITE(dev, .text = "Dev Patel"), NULL);
	assert_string_equal(joined(&in, "dev@example.org"), "member Dev Patel");
	fixture_close(&in.fx);
}

static void
test_undo_refused(void **state)
{
	struct inbox in;
	const char *code, *before;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	line(&in, NULL, (struct reading_command)INVITE(dev, .text = "Dev Patel", .word = "lead"),
	    NULL);
	code = last_code(&in);
	td_ok(&in.fx, member_set(in.fx.db, 1, in.fx.ana.id, ROLE_MEMBER, NOON, &in.fx.err));
	before = export_work(&in);
	undo(&in, code);
	has(&in, "needs the role lead in Platform");
	assert_string_equal(before, export_work(&in));
	line(&in, "dev@example.org", (struct reading_command){.verb = "undo", .word = code}, NULL);
	has(&in, "Dev Patel is the only lead");
	assert_string_equal(before, export_work(&in));
	td_ok(&in.fx, member_set(in.fx.db, 1, in.fx.ana.id, ROLE_LEAD, NOON, &in.fx.err));
	line(&in, "dev@example.org", (struct reading_command){.verb = "ack", .word = "always"},
	    NULL);
	undo(&in, code);
	has(&in, "Dev Patel has worked in the team since");
	td_ok(&in.fx, member_set(in.fx.db, 1, number(&in, "SELECT max(id) FROM person"),
	    ROLE_GUEST, NOON, &in.fx.err));
	undo(&in, code);
	has(&in, "the membership of Dev Patel was changed since");
	fixture_close(&in.fx);
}

static const char *ana_at[] = {"ana@example.org"}, *chi_at[] = {"chi@example.org"};

static const struct {
	const char *name, *from;
	struct reading_command cmd;
	const char *refusal; /* NULL: applied */
	const char *address, *joined; /* afterwards */
} roles[] = {
    {"a lead", NULL, INVITE(ben, .text = "Ben", .word = "lead"), NULL, "ben@example.org",
	"lead Ben Okri"},
    {"a guest", NULL, INVITE(ben, .text = "Ben", .word = "guest"), NULL, "ben@example.org",
	"guest Ben Okri"},
    {"a member", NULL, INVITE(chi_at, .text = "Chi", .word = "member"), NULL, "chi@example.org",
	"member Chi Wu"},
    {"the same", NULL, INVITE(ben, .text = "Ben", .word = "member"), "is a member of Platform",
	"ben@example.org", "member Ben Okri"},
    {"the only lead", NULL, INVITE(ana_at, .text = "Ana", .word = "member"), "is the only lead",
	"ana@example.org", "lead Ana Lima"},
    {"by a member", "ben@example.org", INVITE(ben, .text = "Ben", .word = "lead"),
	"needs the role lead", "ben@example.org", "member Ben Okri"},
    {"by a guest", "chi@example.org", INVITE(chi_at, .text = "Chi", .word = "lead"),
	"needs the role lead", "chi@example.org", "guest Chi Wu"},
};

static void
test_roles(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		struct inbox in;
		const char *before;

		inbox_open(&in, CONF_TRUST_ENVELOPE);
		before = export_work(&in);
		line(&in, roles[i].from, roles[i].cmd, NULL);
		has(&in, roles[i].refusal != NULL ? roles[i].refusal : "any more.");
		if (strcmp(joined(&in, roles[i].address), roles[i].joined) != 0)
			fail_msg("%s: %s", roles[i].name, joined(&in, roles[i].address));
		assert_int_equal(welcomes(&in), 0);
		if (roles[i].refusal == NULL) {
			undo(&in, last_code(&in));
			has(&in, "Taken back: the role of");
		}
		if (strcmp(before, export_work(&in)) != 0)
			fail_msg("%s: not as before", roles[i].name);
		fixture_close(&in.fx);
	}
}

static int64_t
told_role(struct inbox *in, int64_t now)
{
	run_due(in, now);
	run_due(in, now + 1);
	return number(in, "SELECT count(*) FROM outbox WHERE kind = 'role'");
}

/* Who has another role hears so once, in their hours; not of their own doing, nor of what is as it
 * was by then. All work in Berlin here. */
static void
test_role_told(void **state)
{
	struct inbox in;
	const char *code;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.conf.limits.acks_per_day = 1000;
	td_ok(&in.fx, db_exec(in.fx.db, &in.fx.err, "UPDATE person SET zone = 'Europe/Berlin', "
	    "digest = 'off'", ""));
	line(&in, NULL, (struct reading_command)INVITE(ben, .text = "Ben", .word = "guest"), NULL);
	line(&in, NULL, (struct reading_command)INVITE(ben, .text = "Ben", .word = "lead"), NULL);
	code = last_code(&in);
	assert_int_equal(told_role(&in, NOON + 60), 0); /* a Saturday */
	assert_int_equal(told_role(&in, MONDAY_8 + 3600), 1);
	has(&in, "To: \"Ben Okri\" <ben@example.org>");
	has(&in, "Subject: You are a lead of Platform now");
	has(&in, "Ana Lima changed your role in Platform: you are a lead now, and no member any "
	    "more.");
	assert_int_equal(told_role(&in, MONDAY_8 + 3700), 1);
	undo(&in, code);
	assert_int_equal(told_role(&in, MONDAY_8 + 3800), 2);
	has(&in, "you are a guest now, and no lead any more.");
	/* back before it is told; and what one does oneself */
	line(&in, NULL, (struct reading_command)INVITE(ben, .text = "Ben", .word = "lead"), NULL);
	undo(&in, last_code(&in));
	line(&in, NULL, (struct reading_command)INVITE(ben, .text = "Ben", .word = "lead"), NULL);
	line(&in, "ben@example.org", (struct reading_command)INVITE(ben, .text = "Ben",
	    .word = "guest"), NULL);
	assert_int_equal(told_role(&in, MONDAY_8 + 3900), 2);
	assert_int_equal(number(&in, "SELECT count(*) FROM job WHERE kind = 'role'"), 0);
	/* the welcome tells it already */
	line(&in, NULL, (struct reading_command)INVITE(dev, .text = "Dev Patel"), NULL);
	line(&in, NULL, (struct reading_command)INVITE(dev, .text = "Dev", .word = "lead"), NULL);
	assert_int_equal(told_role(&in, MONDAY_8 + 4000), 2);
	assert_int_equal(welcomes(&in), 1);
	has(&in, "with the role lead.");
	fixture_close(&in.fx);
}

/* Two leads: one steps down, and then the other cannot; nor can an undo take the last one. */
static void
test_roles_in_turn(void **state)
{
	struct inbox in;
	const char *code;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	line(&in, NULL, (struct reading_command)INVITE(ben, .text = "Ben", .word = "lead"), NULL);
	code = last_code(&in);
	line(&in, NULL, (struct reading_command)INVITE(ana_at, .text = "Ana", .word = "guest"),
	    NULL);
	assert_string_equal(joined(&in, "ana@example.org"), "guest Ana Lima");
	line(&in, NULL, (struct reading_command)INVITE(ana_at, .text = "Ana", .word = "lead"),
	    NULL);
	has(&in, "needs the role lead");
	line(&in, "ben@example.org", (struct reading_command){.verb = "undo", .word = code}, NULL);
	has(&in, "Ben Okri is the only lead");
	line(&in, "ben@example.org", (struct reading_command)INVITE(ana_at, .text = "Ana",
	    .word = "lead"), NULL);
	assert_string_equal(joined(&in, "ana@example.org"), "lead Ana Lima");
	fixture_close(&in.fx);
}

static const char *ana[] = {"ana"}, *chi[] = {"@chi"}, *me[] = {"me"}, *who[] = {"who"};
static const char *by_name[] = {"Ben Okri"}, *two_people[] = {"ben", "chi"};

static const struct {
	const char *name, *from;
	struct reading_command cmd;
	const char *refusal; /* NULL: applied */
	const char *left;    /* address of who is in the team no more */
} removals[] = {
    {"a member by address", NULL, {.verb = "remove", .people = ben, .n_people = 1}, NULL,
	"ben@example.org"},
    {"a member by name", NULL, {.verb = "remove", .people = by_name, .n_people = 1}, NULL,
	"ben@example.org"},
    {"a guest", NULL, {.verb = "remove", .people = chi, .n_people = 1}, NULL, "chi@example.org"},
    {"the only lead", NULL, {.verb = "remove", .people = ana, .n_people = 1}, "is the only lead",
	NULL},
    {"oneself, as the only lead", NULL, {.verb = "remove", .people = me, .n_people = 1},
	"is the only lead", NULL},
    {"whom", NULL, {.verb = "remove"}, "Whom?", NULL},
    {"two", NULL, {.verb = "remove", .people = two_people, .n_people = 2}, "One person a line",
	NULL},
    {"a stranger", NULL, {.verb = "remove", .people = who, .n_people = 1}, "nobody in the team",
	NULL},
    {"of another team", NULL, {.verb = "remove", .people = eve, .n_people = 1},
	"nobody in the team", NULL},
    {"by a member", "ben@example.org", {.verb = "remove", .people = chi, .n_people = 1},
	"needs the role lead", NULL},
    {"by a guest", "chi@example.org", {.verb = "remove", .people = ben, .n_people = 1},
	"needs the role lead", NULL},
};

static void
test_remove(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(removals); i++)
		for (int threaded = 0; threaded < 2; threaded++) {
			struct inbox in;
			const char *before;

			open_two(&in);
			make_task(&in, "Fix login");
			before = export_work(&in);
			line(&in, removals[i].from, removals[i].cmd,
			    threaded ? text_of(&in, "SELECT mid FROM outbox") : NULL);
			if (removals[i].refusal != NULL) {
				has(&in, removals[i].refusal);
				if (strcmp(before, export_work(&in)) != 0)
					fail_msg("%s: changed something", removals[i].name);
			} else {
				has(&in, "is in Platform no more");
				assert_string_equal(joined(&in, removals[i].left), "");
				assert_int_equal(number(&in, "SELECT count(*) FROM membership "
				    "WHERE team_id = 1"), 2);
				undo(&in, last_code(&in));
				has(&in, "Taken back: the removal of");
				assert_string_equal(before, export_work(&in));
			}
			fixture_close(&in.fx);
		}
}

/* Two leads in one mail: the second one stays. A lead may go where another one stays. */
static void
test_last_of_two(void **state)
{
	struct reading_command lines[] = {
	    {.verb = "remove", .source = "a", .people = me, .n_people = 1},
	    {.verb = "remove", .source = "b", .people = ben, .n_people = 1}};
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	td_ok(&in.fx, member_set(in.fx.db, 1, in.fx.ben.id, ROLE_LEAD, NOON, &in.fx.err));
	take(&in, &(struct letter){.subject = "x", .target = {.kind = KIND_TIME}, .commands = lines,
	    .n_commands = 2});
	has(&in, "you are not in that team any more");
	assert_string_equal(joined(&in, "ana@example.org"), "");
	assert_string_equal(joined(&in, "ben@example.org"), "lead Ben Okri");
	/* her mail has no effect any more, and another lead takes the removal back */
	assert_int_equal(take(&in, &(struct letter){.subject = "x", .text = "hello",
	    .target = {.kind = KIND_UPDATE}}), INTAKE_QUARANTINED);
	line(&in, "ben@example.org", (struct reading_command){.verb = "undo", .word = text_of(&in,
	    "SELECT undo_code FROM message WHERE undo_code IS NOT NULL")}, NULL);
	assert_string_equal(joined(&in, "ana@example.org"), "lead Ana Lima");
	fixture_close(&in.fx);
}

/* Open items stay, and show as nobody's; those with another owner in the team are not named. */
static void
test_items(void **state)
{
	static const char *both[] = {"ben", "ana"};
	static uint32_t one[] = {1}, two[] = {2}, three[] = {3};
	struct reading_command lines[] = {
	    {.verb = "assign", .source = "a", .items = three, .n_items = 1, .people = ben,
		.n_people = 1},
	    {.verb = "remove", .source = "b", .people = ben, .n_people = 1}};
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	for (int i = 1; i <= 3; i++)
		make_task(&in, arena_printf(in.fx.arena, "Task %d", i));
	line(&in, NULL, (struct reading_command){.verb = "assign", .items = one, .n_items = 1,
	    .people = ben, .n_people = 1}, NULL);
	line(&in, NULL, (struct reading_command){.verb = "assign", .items = two, .n_items = 1,
	    .people = both, .n_people = 2}, NULL);
	line(&in, "ben@example.org", (struct reading_command){.verb = "start", .items = one,
	    .n_items = 1}, NULL);
	take(&in, &(struct letter){.subject = "x", .target = {.kind = KIND_TIME}, .commands = lines,
	    .n_commands = 2});
	has(&in, "2 open items are without an owner now: #1 #3.");
	has(&in, "A timer was stopped");
	assert_int_equal(number(&in, "SELECT count(*) FROM timer"), 0);
	assert_int_equal(number(&in, "SELECT owner_id FROM item WHERE number = 1"), in.fx.ben.id);
	line(&in, NULL, (struct reading_command){.verb = "list"}, NULL);
	has(&in, "#1 Task 1 (nobody)");
	has(&in, "#2 Task 2 (Ana Lima)");
	line(&in, NULL, (struct reading_command){.verb = "show", .items = one, .n_items = 1}, NULL);
	has(&in, "Owner: nobody; who had it has left");
	undo(&in, text_of(&in, "SELECT m.undo_code FROM message m JOIN event e "
	    "ON e.message_id = m.id WHERE e.entity = 'membership'"));
	assert_int_equal(number(&in, "SELECT count(*) FROM timer"), 1);
	line(&in, NULL, (struct reading_command){.verb = "list"}, NULL);
	has(&in, "#1 Task 1 (Ben Okri)");
	fixture_close(&in.fx);
}

static int64_t
calendars(struct inbox *in, const char *method)
{
	return number(in, arena_printf(in->fx.arena, "SELECT count(*) FROM outbox WHERE kind = "
	    "'invite' AND person_id = 2 AND CAST(bytes AS TEXT) LIKE '%%method=%s%%'", method));
}

/* The core hours leave the calendar with the person, and come back with an undo. */
static void
test_core_hours(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	in.fx.team.core_hours = "mon-thu 14:00-17:00";
	td_ok(&in.fx, team_update(in.fx.db, &in.fx.team, &in.fx.err));
	run_due(&in, NOON);
	assert_int_equal(calendars(&in, "REQUEST"), 1);
	line(&in, NULL, (struct reading_command){.verb = "remove", .people = ben, .n_people = 1},
	    NULL);
	run_due(&in, NOON + 60);
	assert_int_equal(calendars(&in, "CANCEL"), 1);
	undo(&in, last_code(&in));
	run_due(&in, NOON + 120);
	assert_int_equal(calendars(&in, "REQUEST"), 2);
	fixture_close(&in.fx);
}

static void
test_undo_remove_refused(void **state)
{
	struct inbox in;
	const char *code;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	line(&in, NULL, (struct reading_command){.verb = "remove", .people = ben, .n_people = 1},
	    NULL);
	code = last_code(&in);
	line(&in, NULL, (struct reading_command)INVITE(ben, .text = "Ben Okri"), NULL);
	undo(&in, code);
	has(&in, "Ben Okri is in the team again");
	td_ok(&in.fx, person_remove(in.fx.db, in.fx.ben.id, NOON, &in.fx.err));
	undo(&in, code);
	has(&in, "Ben Okri was removed altogether since");
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_invite),
	    cmocka_unit_test(test_same_mail), cmocka_unit_test(test_welcome),
	    cmocka_unit_test(test_left_before), cmocka_unit_test(test_undo_invite),
	    cmocka_unit_test(test_role_told),
	    cmocka_unit_test(test_undo_invite_told),
	    cmocka_unit_test(test_undo_welcomed), cmocka_unit_test(test_undo_refused),
	    cmocka_unit_test(test_roles),
	    cmocka_unit_test(test_roles_in_turn), cmocka_unit_test(test_remove),
	    cmocka_unit_test(test_last_of_two),
	    cmocka_unit_test(test_items), cmocka_unit_test(test_core_hours),
	    cmocka_unit_test(test_undo_remove_refused)};

	return cmocka_run_group_tests_name("member", tests, NULL, NULL);
}
