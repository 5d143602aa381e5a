/* SPDX-License-Identifier: ISC */
/* Tests of glance: what can be told of a mail that cannot be read. */
#include "tests/unit/unit.h"

#include "parsers/base/utf8.h"
#include "parsers/glance.h"

static void
text_is(const char *got, const char *wanted, const char *mail)
{
	if (got == NULL || wanted == NULL ? got != wanted : strcmp(got, wanted) != 0)
		fail_msg("%s: %s, not %s", mail, got != NULL ? got : "(none)",
		    wanted != NULL ? wanted : "(none)");
}

static void
test_glance(void **state)
{
	static const struct {
		const char *mail, *from, *subject;
	} rows[] = {
	    {"From: Ana <ana@example.org>\r\nSubject: Fix login\r\n\r\nFrom: eve@example.net\r\n",
	        "ana@example.org", "Fix login"},
	    {"Subject: =?UTF-8?Q?=C3=9Cbersetzung?=\r\n folded\r\nFrom: ana@example.org\r\n",
	        "ana@example.org", "\xC3\x9C" "bersetzung folded"},
	    /* what is no single address is shown as it stands */
	    {"From: ana@example.org, ben@example.org\n\nx", "ana@example.org, ben@example.org",
	        NULL},
	    {"From: ana@example.org\nFrom: ben@example.org\n\nx", "ana@example.org", NULL},
	    {"From: nobody at all\nSubject:\n\nx", "nobody at all", NULL},
	    /* nothing of it leaves its line, or moves the cursor */
	    {"From: a\x1b[2Jb\r\nSubject: =?UTF-8?Q?a=0D=0Ab=1B=5B2J?=\r\n\r\n", "a[2Jb", "a b[2J"},
	    {"From ana Sat Nov 21 2026\nSubject: of an mbox\n\n", NULL, "of an mbox"},
	    {"no header at all", NULL, NULL},
	    {"\r\nSubject: of the body\r\n", NULL, NULL},
	    {"", NULL, NULL},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct glance glance = glance_at(arena, span_of(rows[i].mail));

		text_is(glance.from, rows[i].from, rows[i].mail);
		text_is(glance.subject, rows[i].subject, rows[i].mail);
	}
	arena_destroy(&arena);
}

/* However large the mail or a field of it is, little is looked at and little is told. */
static void
test_large(void **state)
{
	struct arena *arena = arena_create();
	size_t len = 4u << 20;
	char *mail = arena_alloc(arena, len);
	struct glance glance;

	memset(mail, '(', len);
	memcpy(mail, "From: ", 6);
	glance = glance_at(arena, (struct span){mail, len});
	assert_non_null(glance.from);
	assert_true(strlen(glance.from) <= GLANCE_TEXT);
	assert_null(glance.subject);
	memset(mail, 'x', len);
	memcpy(mail, "Subject: ", 9);
	memcpy(mail + GLANCE_BYTES, "\nFrom: ana@example.org\n", 23);
	glance = glance_at(arena, (struct span){mail, len});
	assert_null(glance.from);
	assert_int_equal(strlen(glance.subject), GLANCE_TEXT);
	assert_true(utf8_clean(span_of(glance.subject), UTF8_LINE));
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_glance), cmocka_unit_test(test_large)};

	return cmocka_run_group_tests_name("glance", tests, NULL, NULL);
}
