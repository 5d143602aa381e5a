/* SPDX-License-Identifier: ISC */
/*
 * Tests of compose beside the golden mails: layout, links, locale, templates and their overrides,
 * a digest that is too large, hostile texts in every field.
 */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/compose/layout.h"
#include "daemon/compose/locale.h"
#include "daemon/compose/mailto.h"
#include "daemon/compose/mailbuild.h"
#include "daemon/compose/templates.h"
#include "daemon/log.h"
#include "templates/embedded.h"
#include "tests/unit/mails.h"

static void
test_live(void **state)
{
	static const struct {
		const char *line;
		bool live;
	} rows[] = {
	    {"/done #4", true}, {"/", true}, {" /done", false}, {"done", true},
	    {"Done #4 #5", true},
	    {"done with it", false}, {"#4 done", true}, {"#bug", false}, {"same", true},
	    {"same again", false}, {"undo k7q2", true}, {"undo", false}, {"undo it now", false},
	    {"2h #4", true}, {"1:30", true}, {"2 of 5 people", false}, {"yes", true}, {"", false},
	    {"Reply \"/done\"", false}, {"- /done", false}, {"stop", true}, {"stopping", false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_assert(layout_is_live(span_of(rows[i].line)) == rows[i].live, rows[i].line);
}

#define W "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "

static void
test_layout(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"one\ntwo\n", "one\ntwo\n"},
	    {"\n\none\n\n\n\ntwo\n\n", "one\n\ntwo\n"},
	    {"one  \n", "one\n"},
	    {"-- \nfoot\n", "-- \nfoot\n"},
	    {"/done #1\nskip\n2h\n", " /done #1\n skip\n 2h\n"},
	    {W "abcdef\n", W "abcdef\n"},
	    {W "abcdefg\n", "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n"
	                    "abcdefg\n"},
	    /* What wrapping brings to column 0 is moved in as well. */
	    {W "/unblock #4\n",
	        "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n"
	        " /unblock #4\n"},
	    {" * " W "abcdefg\n",
	        " * 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n"
	        "   abcdefg\n"},
	    {"   Ana  " W "abcdefg\n",
	        "   Ana  0123456789 0123456789 0123456789 0123456789 0123456789\n"
	        "        0123456789 abcdefg\n"},
	    {"x0123456789012345678901234567890123456789012345678901234567890123456789012345 y\n",
	        "x0123456789012345678901234567890123456789012345678901234567890123456789012345\n"
	        "y\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_create();
		const char *got = layout_text(arena, span_of(rows[i].text));

		if (strcmp(got, rows[i].want) != 0)
			fail_msg("row %zu gave <%s>", i, got);
		arena_destroy(&arena);
	}
}

static void
test_bars(void **state)
{
	struct arena *arena = arena_create();

	assert_string_equal(layout_bar(arena, 0, 4), "[..........]");
	assert_string_equal(layout_bar(arena, 7, 10), "[#######...]");
	assert_string_equal(layout_bar(arena, 9, 10), "[#########.]");
	assert_string_equal(layout_bar(arena, 99, 100), "[#########.]");
	assert_string_equal(layout_bar(arena, 5, 4), "[##########]");
	assert_string_equal(layout_bar(arena, 4000000000u, 4000000001u), "[#########.]");
	assert_string_equal(layout_pad(arena, "Zo\xc3\xab", 5), "Zo\xc3\xab  ");
	assert_string_equal(layout_pad(arena, "\xe6\x97\xa5\xe6\x9c\xac", 5),
	    "\xe6\x97\xa5\xe6\x9c\xac ");
	assert_string_equal(layout_pad(arena, "longer", 3), "longer");
	arena_destroy(&arena);
}

static void
test_mailto(void **state)
{
	struct arena *arena = arena_create();
	char text[500];

	assert_string_equal(mailto(arena, "a+b@example.org", "[#4] x & y", "/done #4\nbye"),
	    "mailto:a%2Bb@example.org?subject=%5B%234%5D%20x%20%26%20y"
	    "&body=%2Fdone%20%234%0D%0Abye");
	assert_string_equal(mailto(arena, "a@x", NULL, NULL), "mailto:a@x");
	assert_string_equal(mailto(arena, "a@x", NULL, "b"), "mailto:a@x?body=b");
	assert_string_equal(mailto(arena, "a@x", "\xc3\xab", NULL), "mailto:a@x?subject=%C3%AB");
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_null(mailto(arena, "a@x", text, NULL));
	arena_destroy(&arena);
}

static void
test_locale(void **state)
{
	struct arena *arena = arena_create();
	struct locale *locale = NULL;
	struct value *params = value_object(arena);
	struct err err;

	assert_int_equal(locale_parse("l",
	    SPAN("# c\n\na = x {{n}}\nb.one = 1 b\nb.other = {{n}} bs\n"
	    "days = Mo Di\na = y {{who}}\n"), &locale, &err), TD_OK);
	value_set_text(params, "who", "<Ana>");
	assert_string_equal(locale_say(locale, arena, "a", params), "y <Ana>");
	assert_string_equal(locale_say(locale, arena, "none", params), "none");
	assert_string_equal(locale_count(locale, arena, "b", 1, NULL), "1 b");
	assert_string_equal(locale_count(locale, arena, "b", 0, NULL), "0 bs");
	assert_string_equal(locale_word(locale, arena, "days", 1), "Di");
	assert_string_equal(locale_word(locale, arena, "days", 2), "");
	locale_destroy(&locale);
	assert_int_equal(locale_parse("l", SPAN("ok = 1\nnothing here\n"), &locale, &err), TD_PERM);
	assert_non_null(strstr(err.text, "l, line 2"));
	assert_int_equal(locale_parse("l", SPAN("bad = {{x\n"), &locale, &err), TD_PERM);
	assert_null(locale);
	arena_destroy(&arena);
}

/* ---- overrides ---- */

static void
write_file(const char *folder, const char *name, const char *text)
{
	char path[200];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void
remove_file(const char *folder, const char *name)
{
	char path[200];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	unlink(path);
}

static void
count_complaint(void *user, const char *line)
{
	(*(int *)user)++;
	assert_true(strstr(line, "broken") != NULL || strstr(line, "ack.txt") != NULL ||
	    strstr(line, "digest.text") != NULL);
}

static const char *
ack_with(struct arena *arena, const char *folder)
{
	uint8_t counter = 1;
	struct compose_common common = mails_common(&counter);
	struct composed mail;
	struct err err = {""};

	compose_forget();
	common.templates = folder;
	if (compose_ack(arena, &common, &mails_ack, &mail, &err) != TD_OK)
		fail_msg("%s", err.text);
	return arena_span(arena, mail.bytes);
}

static void
test_overrides(void **state)
{
	struct arena *arena = arena_create();
	char folder[] = "/tmp/td-templates-XXXXXX";
	int complaints = 0;
	struct err err = {""};

	assert_non_null(mkdtemp(folder));
	assert_int_equal(compose_check_templates(folder, count_complaint, &complaints, &err),
	    TD_OK);
	write_file(folder, "ack.txt.mustache",
	    "Ours: {{#items}}{{head}}{{/items}}\n{{>footer.txt}}");
	write_file(folder, "locale.en", "ack_new = Task {{number}}\n");
	assert_int_equal(compose_check_templates(folder, count_complaint, &complaints, &err),
	    TD_OK);
	assert_int_equal(complaints, 0);
	assert_non_null(strstr(ack_with(arena, folder), "Ours: Task 41\r\n"));
	/* A broken one is not used, and the check names it. */
	write_file(folder, "ack.txt.mustache", "{{#items}}");
	write_file(folder, "digest.text.mustache", "a name that no template has");
	log_set_level(LOG_LEVEL_ERROR);
	assert_non_null(strstr(ack_with(arena, folder), "Task 41\r\n  Owner: Ana Lima\r\n"));
	assert_int_equal(compose_check_templates(folder, count_complaint, &complaints, &err),
	    TD_PERM);
	assert_int_equal(complaints, 2);
	remove_file(folder, "ack.txt.mustache");
	remove_file(folder, "locale.en");
	remove_file(folder, "digest.text.mustache");
	assert_int_equal(rmdir(folder), 0);
	/* No such folder: the built-in ones, and the check says so. */
	assert_non_null(strstr(ack_with(arena, folder), "New task #41"));
	assert_int_equal(compose_check_templates(folder, NULL, NULL, &err), TD_PERM);
	assert_int_equal(compose_check_templates(NULL, NULL, NULL, &err), TD_OK);
	compose_forget();
	arena_destroy(&arena);
}

/* Every built-in template compiles, and every {{t.key}} of them is in the locale. */
static void
test_built_in(void **state)
{
	struct arena *arena = arena_create();
	const struct locale *locale = templates_locale(templates_get(NULL), "en");
	const struct value *values = locale_values(locale, arena);

	for (const struct embedded *e = embedded_templates; e->name != NULL; e++) {
		struct mustache *template = NULL;
		struct span rest = span_of(e->text);
		struct err err = {""};

		if (span_starts(span_of(e->name), SPAN("locale.")))
			continue;
		if (mustache_compile(e->name, rest, &template, &err) != TD_OK)
			fail_msg("%s", err.text);
		mustache_destroy(&template);
		for (size_t at; (at = span_find(rest, SPAN("{{t."))) < rest.len;) {
			struct span key;

			rest = span_skip(rest, at + 4);
			key = span_first(rest, span_find(rest, SPAN("}}")));
			if (value_get(values, key) == NULL)
				fail_msg("%s: {{t.%.*s}} has no text", e->name, SPAN_FMT(key));
		}
	}
	compose_forget();
	arena_destroy(&arena);
}

/* ---- what a digest says ---- */

static const char *
digest_text(struct arena *arena, const struct compose_digest *digest)
{
	uint8_t counter = 1;
	struct compose_common common = mails_common(&counter);
	const char *text = "";
	struct err err = {""};

	assert_int_equal(compose_digest_text(arena, &common, digest, &text, &err), TD_OK);
	return text;
}

/* The zone is always named: once, where one closes today; beside each, where several do. */
static void
test_digest_zones(void **state)
{
	struct arena *arena = arena_create();
	struct digest_decision decisions[2] = {
	    {.number = 9, .title = "Use LMDB?", .due_today = true,
	        .due = {.at = 1795536000, .day = "2026-11-24T17:00", .zone = "Europe/Berlin"}},
	    {.number = 10, .title = "Use C23?", .due_today = true,
	        .due = {.at = 1795536000, .day = "2026-11-24T16:00", .zone = "Europe/Lisbon"}}};
	struct compose_digest digest = {.day = "2026-11-24", .people = 3, .decisions = decisions,
	    .n_decisions = 1};
	const char *text = digest_text(arena, &digest);

	assert_non_null(strstr(text, "1 decision closes today at 17:00 (Europe/Berlin).\n"));
	assert_non_null(strstr(text, "#9 Use LMDB? closes today 17:00.\n"));
	digest.n_decisions = 2;
	text = digest_text(arena, &digest);
	assert_non_null(strstr(text, "2 decisions close today.\n"));
	assert_non_null(strstr(text, "#9 Use LMDB? closes today 17:00 (Europe/Berlin).\n"));
	assert_non_null(strstr(text, "#10 Use C23? closes today 16:00 (Europe/Lisbon).\n"));
	compose_forget();
	arena_destroy(&arena);
}

#define NINE {.at = 1795507200, .day = "2026-11-24T09:00", .zone = "Europe/Berlin"}

/* What nobody owns, and what was due this very day. */
static void
test_digest_needs(void **state)
{
	static const struct {
		struct digest_need need;
		const char *line;
	} rows[] = {
	    {{.kind = NEED_OVERDUE, .late = true, .due = NINE},
	        "   was due today at 09:00 (Europe/Berlin)\n   Reply \"/done #4 "},
	    {{.kind = NEED_UNOWNED}, "   no owner yet\n   Reply \"/take #4\" or "},
	    {{.kind = NEED_UNOWNED, .due = NINE},
	        "   no owner yet, due today at 09:00 (Europe/Berlin)\n"},
	    {{.kind = NEED_UNOWNED, .stuck = true}, "   no owner yet, blocked\n"},
	    {{.kind = NEED_UNOWNED, .stuck = true, .reason = "no quota"},
	        "   no owner yet, blocked: no quota\n"},
	    {{.kind = NEED_UNOWNED, .owner = "Eli Stone", .owner_left = true, .late = true,
	         .days = 2, .due = NINE},
	        " * #4 Fix login\n   Eli Stone has left, no owner now, was due Tue 24 Nov, 2 days "
	        "ago\n"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_create();
		struct digest_need need = rows[i].need;
		const struct compose_digest digest = {.day = "2026-11-24", .people = 3,
		    .needs = &need, .n_needs = 1};
		const char *text;

		need.number = 4;
		need.title = "Fix login";
		text = digest_text(arena, &digest);
		if (strstr(text, rows[i].line) == NULL)
			fail_msg("row %zu: %s", i, text);
		arena_destroy(&arena);
	}
	compose_forget();
}

/* Lines that name an item read as a sentence, others behind a label. */
static void
test_digest_updates(void **state)
{
	static const struct {
		const char *done[2], *next[1], *line;
	} rows[] = {
	    {{"#38 Parser limits"}, {"#41"}, "Ana  finished #38 Parser limits; next #41\n"},
	    {{"Answered the auditors"}, {"Rest"}, "Ana  done: Answered the auditors; next: Rest\n"},
	    {{"#38", "Answered the auditors"}, {NULL}, "Ana  done: #38, Answered the auditors\n"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_create();
		const char *done[] = {rows[i].done[0], rows[i].done[1]}, *next = rows[i].next[0];
		struct digest_update update = {.name = "Ana", .done = done,
		    .n_done = done[1] != NULL ? 2 : 1, .next = &next, .n_next = next != NULL,
		    .checked_in = true};
		const struct compose_digest digest = {.day = "2026-11-24", .people = 3,
		    .updates = &update, .n_updates = 1};
		const char *text = digest_text(arena, &digest);

		if (strstr(text, rows[i].line) == NULL)
			fail_msg("row %zu: %s", i, text);
		arena_destroy(&arena);
	}
	compose_forget();
}

/* Who wrote anything has checked in: plain words are told where nothing is under done. */
static void
test_digest_checked_in(void **state)
{
	static const struct {
		const char *note, *done;
		bool checked_in;
		int64_t seconds;
		const char *line;
	} rows[] = {
	    {"Fixed the parser,\nat last", NULL, true, 0, "Ana  Fixed the parser, at last\n"},
	    {"nothing today", NULL, true, 3600, "Ana  nothing today\n"},
	    {"It is done.", NULL, true, 0, "Ana  It is done\n"},
	    {"To be continued...", NULL, true, 0, "Ana  To be continued...\n"},
	    {"Fixed the parser", "#38", true, 0, "Ana  finished #38\n"},
	    {NULL, NULL, true, 0, "Ana  checked in\n"},
	    {NULL, NULL, false, 3600, "Ana  logged time only\n"},
	    {NULL, NULL, false, 0, "Ana  no check-in\n"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_create();
		const char *note = rows[i].note, *done = rows[i].done;
		struct digest_update update = {.name = "Ana", .done = &done, .n_done = done != NULL,
		    .notes = &note, .n_notes = note != NULL, .seconds = rows[i].seconds,
		    .checked_in = rows[i].checked_in};
		const struct compose_digest digest = {.day = "2026-11-24", .people = 3,
		    .updates = &update, .n_updates = 1};
		const char *text = digest_text(arena, &digest);

		if (strstr(text, rows[i].line) == NULL)
			fail_msg("row %zu: %s", i, text);
		arena_destroy(&arena);
	}
	compose_forget();
}

/* Two thousand open items: the mail stays small, and tells how many are not shown. */
static void
test_prompt_large(void **state)
{
	struct arena *arena = arena_create();
	uint8_t counter = 1;
	struct compose_common common = mails_common(&counter);
	struct digest_need *items = arena_array(arena, 2000, sizeof *items);
	const char *planned[30];
	struct compose_prompt prompt = {.day = "2026-11-24", .items = items, .n_items = 2000,
	    .planned = planned, .n_planned = 30};
	struct composed mail;
	struct err err = {""};

	for (size_t i = 0; i < 2000; i++)
		items[i] = (struct digest_need){.kind = NEED_DUE, .number = (uint32_t)i + 1,
		    .title = "Something to do"};
	for (size_t i = 0; i < 30; i++)
		planned[i] = "a plan";
	assert_int_equal(compose_prompt(arena, &common, &prompt, &mail, &err), TD_OK);
	assert_true(mail.bytes.len < 80 * 1024);
	assert_true(span_find(mail.bytes, SPAN("1980 more: reply \"list\"")) < mail.bytes.len);
	assert_true(span_find(mail.bytes, SPAN("10 more\r\n")) < mail.bytes.len);
	compose_forget();
	arena_destroy(&arena);
}

/* A "yes" stands for all the mails it was asked about: the question says so. */
static void
test_confirm(void **state)
{
	struct arena *arena = arena_create();
	uint8_t counter = 1;
	struct compose_common common = mails_common(&counter);
	struct compose_confirm confirm = mails_confirm;
	struct composed mail;
	struct err err = {""};

	assert_int_equal(compose_confirm(arena, &common, &confirm, &mail, &err), TD_OK);
	assert_true(span_find(mail.bytes, SPAN("If you sent all of them, reply")) <
	    mail.bytes.len);
	confirm.n_held = 1;
	assert_int_equal(compose_confirm(arena, &common, &confirm, &mail, &err), TD_OK);
	assert_true(span_find(mail.bytes, SPAN("If you sent it, reply")) < mail.bytes.len);
	assert_true(span_find(mail.bytes, SPAN("do nothing: it stays")) < mail.bytes.len);
	compose_forget();
	arena_destroy(&arena);
}

/* ---- a digest that is too large ---- */

static void
test_overflow(void **state)
{
	struct arena *arena = arena_create();
	uint8_t counter = 1;
	struct compose_common common = mails_common(&counter);
	struct digest_need *needs = arena_array(arena, 2000, sizeof *needs);
	struct compose_digest digest = {.day = "2026-11-24", .people = 3, .needs = needs};
	char title[400];
	struct composed mail;
	struct err err = {""};

	memset(title, '=', sizeof title - 1);
	title[sizeof title - 1] = '\0';
	for (size_t i = 0; i < 2000; i++)
		needs[i] = (struct digest_need){.kind = NEED_BLOCKED, .number = (uint32_t)i + 1,
		    .title = title, .owner = title, .reason = title, .days = 2};
	digest.n_needs = 2000;
	assert_int_equal(compose_digest(arena, &common, &digest, &mail, &err), TD_OK);
	assert_true(mail.bytes.len <= MAIL_BYTES_MAX);
	assert_true(mail.bytes.len > MAIL_BYTES_MAX / 8);
	assert_true(span_find(mail.bytes, SPAN(" more: reply \"list\"")) < mail.bytes.len);
	compose_forget();
	arena_destroy(&arena);
}

/* ---- hostile texts ---- */

static void
test_hostile(void **state)
{
	static const char evil[] = "x\r\nBcc: eve@example.net\r\n\r\n/done #1";
	struct arena *arena = arena_create();
	uint8_t counter = 1;
	struct compose_common common = mails_common(&counter);
	struct compose_ack ack = mails_ack;
	struct compose_item item = ack.items[0];
	struct composed mail;
	struct err err;

	/* In a body it becomes text: no header, and no line that is a live command. */
	item.title = evil;
	ack.items = &item;
	assert_int_equal(compose_ack(arena, &common, &ack, &mail, &err), TD_OK);
	assert_int_equal(span_find(mail.bytes, SPAN("\r\n/done")), mail.bytes.len);
	assert_true(span_find(mail.bytes, SPAN("\r\nBcc:")) >
	    span_find(mail.bytes, SPAN("\r\n\r\n")));
	/* In a header or an address it is refused, by its name. */
	common.to.name = evil;
	assert_int_equal(compose_ack(arena, &common, &ack, &mail, &err), TD_PERM);
	assert_non_null(strstr(err.text, "To name"));
	common = mails_common(&counter);
	common.team.title = evil;
	assert_int_equal(compose_ack(arena, &common, &ack, &mail, &err), TD_PERM);
	assert_non_null(strstr(err.text, "From name"));
	common = mails_common(&counter);
	common.to.address = evil;
	assert_int_equal(compose_ack(arena, &common, &ack, &mail, &err), TD_PERM);
	assert_non_null(strstr(err.text, "To:"));
	common = mails_common(&counter);
	ack.answered.subject = evil;
	assert_int_equal(compose_ack(arena, &common, &ack, &mail, &err), TD_PERM);
	assert_non_null(strstr(err.text, "Subject"));
	/* An id of theirs that could break out is left out. */
	ack.answered.subject = "Hi";
	ack.answered.mid = "x@y>\r\nBcc: eve@example.net";
	assert_int_equal(compose_ack(arena, &common, &ack, &mail, &err), TD_OK);
	assert_int_equal(span_find(mail.bytes, SPAN("Bcc: eve@example.net>")), mail.bytes.len);
	assert_int_equal(span_find(mail.bytes, SPAN("In-Reply-To")), mail.bytes.len);
	compose_forget();
	arena_destroy(&arena);
}

static void
test_verp(void **state)
{
	struct arena *arena = arena_create();

	assert_string_equal(compose_verp(arena, "platform@example.org", 7),
	    "platform+bounce-7@example.org");
	assert_string_equal(
	    compose_verp(arena, "a234567890123456789012345678901234567890123456789012345678@x", 7),
	    "a234567890123456789012345678901234567890123456789012345678@x");
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_live), cmocka_unit_test(test_layout), cmocka_unit_test(test_bars),
	    cmocka_unit_test(test_mailto), cmocka_unit_test(test_locale),
	    cmocka_unit_test(test_overrides), cmocka_unit_test(test_built_in),
	    cmocka_unit_test(test_digest_zones), cmocka_unit_test(test_digest_needs),
	    cmocka_unit_test(test_digest_updates),
	    cmocka_unit_test(test_digest_checked_in), cmocka_unit_test(test_prompt_large),
	    cmocka_unit_test(test_confirm),
	    cmocka_unit_test(test_overflow), cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_verp),
	};

	return cmocka_run_group_tests_name("compose", tests, NULL, NULL);
}
