/* SPDX-License-Identifier: ISC */
/* Tests of intake/admit: who may act, and what a mail cannot claim about itself. */
#include "tests/unit/unit.h"

#include "daemon/intake/admit.h"

static const struct team teams[] = {
    {.id = 1, .name = "platform", .title = "Platform", .address = "platform@example.org"},
    {.id = 2, .name = "web", .title = "Web", .address = "web@example.org"},
};
static const struct person ana = {.id = 1, .name = "Ana", .handle = "ana"};

static enum td_status
find_team(void *user, const char *address, const struct team **team_r, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(teams); i++)
		if (strcmp(address, teams[i].address) == 0)
			*team_r = &teams[i];
	return TD_OK;
}

static enum td_status
find_person(void *user, const char *address, const struct person **person_r, struct err *err)
{
	if (strcmp(address, "ana@example.org") == 0 || strcmp(address, "ana@sub.example.org") == 0)
		*person_r = &ana;
	return TD_OK;
}

static enum td_status
find_role(void *user, int64_t team_id, int64_t person_id, enum role *role_r, struct err *err)
{
	*role_r = team_id == 1 ? ROLE_MEMBER : ROLE_NONE;
	return TD_OK;
}

static const struct admit_lookup lookup = {find_team, find_person, find_role, NULL};

/* ---- levels ---------------------------------------------------------------------------------- */

struct level_row {
	const char *name;
	const char *authserv, *border;   /* settings */
	const char *header_id;           /* of the result header */
	uint32_t received_before;
	const char *method, *result, *domain;
	int level;
};

static const char *const passed[] = {"inside.example.org", "mx.example.org", "relay.other.net"};

static int
level_of(const struct level_row *row, const char *from, uint32_t from_count)
{
	struct reading_auth_method method = {row->method, row->result, row->domain};
	struct reading_auth auth = {row->header_id, row->received_before, &method, 1};
	struct reading reading = {.message = {.from = from, .from_count = from_count,
	    .auth = &auth, .n_auth = 1, .received_by = (const char **)(uintptr_t)passed,
	    .n_received_by = ARRAY_LEN(passed)}};
	struct conf_trust trust = {.authserv_id = row->authserv, .border_host = row->border};

	return admit_level(&reading, &trust);
}

static void
test_levels(void **state)
{
	static const struct level_row rows[] = {
	    {"dmarc pass", "mx", NULL, "mx", 0, "dmarc", "pass", "example.org", 2},
	    {"case and dots", "MX.", NULL, "mx", 0, "DMARC", "Pass", "Example.org.", 2},
	    {"no setting", NULL, NULL, "mx", 0, "dmarc", "pass", "example.org", 1},
	    {"another server's name", "mx", NULL, "evil", 0, "dmarc", "pass", "example.org", 1},
	    {"no name", "mx", NULL, NULL, 0, "dmarc", "pass", "example.org", 1},
	    {"fail", "mx", NULL, "mx", 0, "dmarc", "fail", "example.org", 1},
	    {"another domain", "mx", NULL, "mx", 0, "dmarc", "pass", "evil.net", 1},
	    {"a domain within", "mx", NULL, "mx", 0, "dmarc", "pass", "sub.example.org", 1},
	    {"no domain", "mx", NULL, "mx", 0, "dmarc", "pass", NULL, 1},
	    {"spf alone", "mx", NULL, "mx", 0, "spf", "pass", "example.org", 1},
	    {"dkim", "mx", NULL, "mx", 0, "dkim", "pass", "example.org", 2},
	    {"dkim of another", "mx", NULL, "mx", 0, "dkim", "pass", "mailer.net", 1},
	    {"dkim of the top level", "mx", NULL, "mx", 0, "dkim", "pass", "org", 1},
	    {"dkim of a tail", "mx", NULL, "mx", 0, "dkim", "pass", "ample.org", 1},
	    {"below a Received line", "mx", NULL, "mx", 1, "dmarc", "pass", "example.org", 1},
	    {"above our border", "mx", "mx.example.org", "mx", 1, "dmarc", "pass", "example.org",
	        2},
	    {"forged below our border", "mx", "mx.example.org", "mx", 2, "dmarc", "pass",
		"example.org", 1},
	    {"never at our border", "mx", "gw.example.org", "mx", 0, "dmarc", "pass", "example.org",
		1},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		row_assert(level_of(&rows[i], "ana@example.org", 1) == rows[i].level, rows[i].name);
		row_assert(level_of(&rows[i], "ana@example.org", 2) == 0, rows[i].name);
		row_assert(level_of(&rows[i], NULL, 0) == 0, rows[i].name);
	}
	/* a signer speaks for the domains below its own */
	assert_int_equal(level_of(&rows[10], "ana@sub.example.org", 1), 2);
	assert_int_equal(level_of(&rows[0], "ana@sub.example.org", 1), 1);
	assert_int_equal(level_of(&rows[0], "no-domain", 1), 0);
	assert_int_equal(level_of(&rows[0], "ana@", 1), 0);
}

/* ---- verdicts -------------------------------------------------------------------------------- */

struct verdict_row {
	const char *name;
	const char *from;
	uint32_t from_count;
	const char *to[3];
	enum auto_kind kind;
	bool authentic, envelope;
	enum admit_verdict verdict;
	size_t n_teams;
	const char *list_id;
};

static const struct verdict_row verdicts[] = {
    {"known and authentic", "ana@example.org", 1, {"platform@example.org"}, AUTO_NONE, true, false,
	ADMIT_APPLY, 1},
    {"case of addresses", "Ana@Example.Org", 1, {"Platform@example.org"}, AUTO_NONE, true, false,
	ADMIT_APPLY, 1},
    {"known, not authentic", "ana@example.org", 1, {"platform@example.org"}, AUTO_NONE, false,
	false, ADMIT_HOLD, 1},
    {"closed mail system", "ana@example.org", 1, {"platform@example.org"}, AUTO_NONE, false, true,
	ADMIT_APPLY, 1},
    {"a stranger", "eve@example.org", 1, {"platform@example.org"}, AUTO_NONE, true, false,
	ADMIT_QUARANTINE, 1},
    {"a stranger in a closed system", "eve@example.org", 1, {"platform@example.org"}, AUTO_NONE,
	true, true, ADMIT_QUARANTINE, 1},
    {"two senders", "ana@example.org", 2, {"platform@example.org"}, AUTO_NONE, true, true,
	ADMIT_QUARANTINE, 1},
    {"no sender", NULL, 0, {"platform@example.org"}, AUTO_NONE, true, true, ADMIT_QUARANTINE, 1},
    {"no team", "ana@example.org", 1, {"other@example.org"}, AUTO_NONE, true, false,
	ADMIT_QUARANTINE, 0},
    {"the same team twice", "ana@example.org", 1, {"platform@example.org", "platform@example.org"},
	AUTO_NONE, true, false, ADMIT_APPLY, 1},
    {"two teams, member of one", "ana@example.org", 1, {"web@example.org", "platform@example.org"},
	AUTO_NONE, true, false, ADMIT_APPLY, 1},
    {"member of none", "ana@example.org", 1, {"web@example.org"}, AUTO_NONE, true, false,
	ADMIT_QUARANTINE, 0},
    {"vacation", "ana@example.org", 1, {"platform@example.org"}, AUTO_VACATION, true, false,
	ADMIT_IGNORE, 1},
    {"list", "ana@example.org", 1, {"platform@example.org"}, AUTO_LIST, true, false, ADMIT_IGNORE,
	1},
    {"the team's address is a list", "ana@example.org", 1, {"platform@example.org"}, AUTO_LIST,
	true, false, ADMIT_APPLY, 1, "Platform.example.org"},
    {"the same, not authentic", "ana@example.org", 1, {"platform@example.org"}, AUTO_LIST, false,
	false, ADMIT_HOLD, 1, "platform.example.org"},
    {"the same, a stranger", "eve@example.org", 1, {"platform@example.org"}, AUTO_LIST, true,
	false, ADMIT_QUARANTINE, 1, "platform.example.org"},
    {"the same, an automatic answer", "ana@example.org", 1, {"platform@example.org"}, AUTO_REPLY,
	true, false, ADMIT_IGNORE, 1, "platform.example.org"},
    {"the same, rewritten by the list", "platform@example.org", 1, {"platform@example.org"},
	AUTO_LIST, true, false, ADMIT_IGNORE, 1, "platform.example.org"},
    {"a list that the team reads", "ana@example.org", 1,
	{"dev@example.org", "platform@example.org"}, AUTO_LIST, true, false, ADMIT_IGNORE, 1,
	"dev.example.org"},
    {"a list with a longer name", "ana@example.org", 1, {"platform@example.org"}, AUTO_LIST, true,
	false, ADMIT_IGNORE, 1, "platform.example.org.uk"},
    {"bounce without a sender", NULL, 0, {"platform@example.org"}, AUTO_BOUNCE, false, false,
	ADMIT_IGNORE, 1},
    {"calendar reply", "ana@example.org", 1, {"platform@example.org"}, AUTO_CALENDAR, true, false,
	ADMIT_IGNORE, 1},
    {"our own", "ana@example.org", 1, {"platform@example.org"}, AUTO_LOOP, true, true,
	ADMIT_IGNORE, 1},
    {"from a team", "web@example.org", 1, {"platform@example.org"}, AUTO_NONE, true, true,
	ADMIT_IGNORE, 1},
};

static void
test_verdicts(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		const struct verdict_row *row = &verdicts[i];
		struct arena *arena = arena_create();
		struct reading_auth_method method = {"dmarc", "pass", "example.org"};
		struct reading_auth auth = {"mx", 0, &method, 1};
		struct reading_rcpt rcpts[3] = {{0}};
		struct reading reading = {.auto_kind = row->kind, .message = {.from = row->from,
		    .from_count = row->from_count, .list_id = row->list_id,
		    .rcpts = rcpts, .auth = &auth,
		    .n_auth = row->authentic ? 1 : 0}};
		struct conf_trust trust = {.authserv_id = "mx",
		    .mode = row->envelope ? CONF_TRUST_ENVELOPE : CONF_TRUST_AUTHENTICATED};
		struct admission adm;
		struct err err;

		for (; reading.message.n_rcpts < 3 && row->to[reading.message.n_rcpts] != NULL;
		    reading.message.n_rcpts++)
			rcpts[reading.message.n_rcpts].address = row->to[reading.message.n_rcpts];
		assert_int_equal(admit(arena, &reading, &trust, &lookup, &adm, &err), TD_OK);
		row_assert(adm.verdict == row->verdict, row->name);
		row_assert(adm.n_teams == row->n_teams, row->name);
		row_assert((adm.why == NULL) == (row->verdict == ADMIT_APPLY), row->name);
		if (adm.verdict == ADMIT_APPLY)
			row_assert(adm.level == 2 && adm.teams[0].role == ROLE_MEMBER, row->name);
		arena_destroy(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_levels), cmocka_unit_test(test_verdicts),
	};

	return cmocka_run_group_tests_name("admit", tests, NULL, NULL);
}
