/* SPDX-License-Identifier: ISC */
/* test-guard: which bytes of a server reach the protocol library. Every row is fed whole and one
 * byte at a time, since a server may send either way. */
#include "tests/unit/unit.h"

#include "daemon/fetch/guard.h"

static const char *
verdict(const char *text, size_t len, size_t step)
{
	struct guard guard;

	guard_init(&guard);
	guard.literal_max = 1000;
	for (size_t at = 0; at < len; at += step)
		if (!guard_feed(&guard, text + at, len - at < step ? len - at : step))
			return guard.wrong;
	return NULL;
}

static void
lets_good_sessions_through(void **state)
{
	static const char *const good[] = {
		"* OK [CAPABILITY IMAP4rev1 LITERAL+ APPENDLIMIT=52428800000] ready.\r\n",
		"* OK it's \"ready\" (or {12}\r\n* OK next\r\n",
		"* OK [PERMANENTFLAGS (\\Answered \\Seen $a \\*)] Flags permitted.\r\n",
		"* OK [HIGHESTMODSEQ 715194045007] Highest\r\n",
		"* OK [UIDVALIDITY 4294967295] ok [99999999999]\r\n",
		"* OK 99999999999 bottles\r\n",
		"12 OK [READ-WRITE] Select completed (0.001 + 0.000 secs).\r\n",
		"3 NO [AUTHENTICATIONFAILED] wrong\r\n",
		"* FLAGS (\\Answered $x)\r\n* 23 EXISTS\r\n* 0 RECENT\r\n",
		"* SEARCH 2 84 882\r\n* SEARCH\r\n",
		"* 12 FETCH (UID 7 FLAGS (\\Seen) BODY[] {11}\r\n)))((\"4\r\n\xff\n)\r\n1 OK x\r\n",
		"* 12 FETCH (UID 7 BODY[] {0}\r\n UID 8)\r\n",
		"* 12 FETCH (BODY[HEADER.FIELDS (\"a)\\\"(\" b)] NIL MODSEQ (99999999999))\r\n",
		("* 1 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" "
		 "RFC822.SIZE 4294967295)\r\n"),
		"+ idling\r\n+ \r\n",
		"* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n",
		"* BYE closing\r\n",
		"* LIST (\\HasNoChildren) \"/\" {3}\r\na\"b\r\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		size_t len = strlen(good[i]);
		const char *wrong = verdict(good[i], len, len);

		if (wrong == NULL)
			wrong = verdict(good[i], len, 1);
		if (wrong != NULL)
			fail_msg("%s: %s", good[i], wrong);
	}
}

static void
stops_bad_ones(void **state)
{
	static const char *const bad[][2] = {
		{"* OK [PERMANENTFLAGS (\r\n", "without an end"},
		{"* OK [PERMANENTFLAGS (]\r\n", "closing parenthesis"},
		{"* OK [PERMANENTFLAGS )]\r\n", "disordered"},
		{"* OK [UIDVALIDITY 4294967296] ok\r\n", "32 bits"},
		{"4 OK [UIDNEXT 4294967296] ok\r\n", "32 bits"},
		{"* SEARCH 1 4294967297\r\n", "32 bits"},
		{"* SEARCH 18446744073709551617\r\n", "32 bits"},
		{"* 4294967297 EXISTS\r\n", "32 bits"},
		{"* 1 FETCH (UID 4294967297)\r\n", "32 bits"},
		{"* 1 FETCH (BODY[] {1001}\r\n", "larger literal"},
		{"* 1 FETCH (BODY[] {99999999999999999999}\r\n", "without a size"},
		{"* 1 FETCH (BODY[] {4x}\r\n", "without a size"},
		{"* 1 FETCH (UID 1\r\n", "closing parenthesis"},
		{"* 1 FETCH (UID 1))\r\n", "too many"},
		{"* 1 FETCH (X \"abc\r\n", "quoted string"},
		{"* 1 FETCH (BODYSTRUCTURE (((((((((", "nested"},
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		size_t len = strlen(bad[i][0]);

		for (size_t step = 1; step <= len; step += len - 1) {
			const char *wrong = verdict(bad[i][0], len, step);

			if (wrong == NULL || strstr(wrong, bad[i][1]) == NULL)
				fail_msg("%s: %s", bad[i][0], wrong ? wrong : "let through");
		}
	}
}

static void
limits_lines_but_searches(void **state)
{
	static char line[GUARD_LINE_MAX + 100];

	memset(line, ' ', sizeof line);
	memcpy(line, "* SEARCH", 8);
	assert_null(verdict(line, sizeof line, sizeof line));
	memcpy(line, "* LISTEN", 8);
	assert_non_null(verdict(line, sizeof line, sizeof line));
	memset(line, 'x', sizeof line);
	assert_non_null(verdict(line, sizeof line, 4096));
	memcpy(line, "* OK ", 5);
	line[GUARD_LINE_MAX - 1] = '\n';
	assert_null(verdict(line, sizeof line, sizeof line));
}

static void
stays_wrong(void **state)
{
	struct guard guard;

	guard_init(&guard);
	assert_false(guard_feed(&guard, "* 1 FETCH )", 11));
	assert_false(guard_feed(&guard, "\r\n* OK\r\n", 8));
}

static void
counts_what_is_not_in_literals(void **state)
{
	struct guard guard;

	(void)state;
	guard_init(&guard);
	guard.literal_max = 1000;
	guard.plain = 44;
	assert_true(guard_feed(&guard, "* 1 FETCH (BODY[] {9}\r\n123456789)\r\n", 35));
	assert_true(guard_feed(&guard, "* 1 EXISTS\r\n* 2 R", 17));
	assert_false(guard_feed(&guard, "ECENT\r\n", 7));
	assert_true(guard.over);
	assert_string_equal(guard.wrong, "more than was asked for");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_good_sessions_through),
		cmocka_unit_test(stops_bad_ones),
		cmocka_unit_test(limits_lines_but_searches),
		cmocka_unit_test(stays_wrong),
		cmocka_unit_test(counts_what_is_not_in_literals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
