/* SPDX-License-Identifier: ISC */
/* Tests from the bytes of a mail to its effects: the parser and intake as they meet in the
 * daemon. */
#include "tests/unit/intake-fixture.h"

struct mail {
	const char *from; /* NULL: Ana */
	const char *headers;
	const char *subject;
	const char *body;
};

static const char *
zone_of(void *user, const char *address)
{
	return strncmp(address, "ben@", 4) == 0 ? "Asia/Tokyo" : NULL;
}

/* Parses and applies; the reading goes through its JSON, as between the processes. */
static enum intake_outcome
mail_in(struct inbox *in, const struct mail *m)
{
	struct reading_context context = {.now = NOON, .zone = "Europe/Lisbon", .zone_of = zone_of};
	struct intake_mail mail = {.now = NOON};
	struct reading *reading = NULL, *again = NULL;
	struct buf json;
	const char *bytes = arena_printf(in->fx.arena,
	    "From: %s\r\nTo: platform@example.org\r\nDate: Sat, 21 Nov 2026 11:59:00 +0000\r\n"
	    "Message-ID: <w%d@example.net>\r\nSubject: %s\r\n%s"
	    "Content-Type: text/plain; charset=utf-8\r\n\r\n%s",
	    m->from != NULL ? m->from : "Ana <ana@example.org>", ++in->n, m->subject,
	    m->headers != NULL ? m->headers : "", m->body);

	td_ok(&in->fx, reading_parse(in->fx.arena, span_of(bytes), &context, &reading,
	    &in->fx.err));
	buf_init(&json, 4 << 20);
	reading_to_json(reading, 0, &json);
	td_ok(&in->fx, reading_from_json(in->fx.arena, buf_span(&json), &again, &in->fx.err));
	buf_release(&json);
	td_ok(&in->fx, db_begin(in->fx.db, &in->fx.err));
	td_ok(&in->fx, intake_apply(in->fx.db, &in->conf, &mail, again, in->fx.arena, &in->result,
	    &in->fx.err));
	td_ok(&in->fx, db_commit(in->fx.db, &in->fx.err));
	return in->result.outcome;
}

static void
apply(struct inbox *in, const char *subject, const char *body, const char *headers)
{
	assert_int_equal(mail_in(in, &(struct mail){.subject = subject, .body = body,
	    .headers = headers}), INTAKE_APPLIED);
}

/* Fails with what the answer says when a line was refused. */
static void
no_errors(struct inbox *in)
{
	const char *bytes = text_of(in,
	    "SELECT CAST(bytes AS TEXT) FROM outbox WHERE kind = 'error'");

	if (*bytes != '\0')
		fail_msg("%s", bytes);
}

static void
test_task_and_replies(void **state)
{
	struct inbox in;
	struct item *item;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	apply(&in, "task: Fix login +web @ben p1 due:fri #bug est:3h",
	    "The login page is broken.\r\n\r\n-- \r\nAna\r\n", NULL);
	item = item_numbered(&in, 1);
	assert_non_null(item);
	assert_string_equal(item->title, "Fix login");
	assert_string_equal(item->body, "The login page is broken.");
	assert_string_equal(item->project, "web");
	assert_int_equal(item->owners[0], in.fx.ben.id);
	assert_int_equal(item->priority, 1);
	assert_string_equal(item->due_day, "2026-11-27");
	assert_string_equal(item->tags[0], "bug");
	assert_int_equal(item->estimate, 3 * 3600);
	no_errors(&in);

	apply(&in, "Re: task: Fix login +web @ben p1 due:fri #bug est:3h",
	    "I can see it too.\r\n/block waiting for the logs\r\n/spend 45m reading\r\n\r\n"
	    "On Sat, Ana wrote:\r\n> The login page is broken.\r\n> /done\r\n",
	    "In-Reply-To: <w1@example.net>\r\n");
	item = item_numbered(&in, 1);
	assert_int_equal(item->state, ITEM_BLOCKED);
	assert_string_equal(item->blocked_why, "waiting for the logs");
	assert_string_equal(text_of(&in, "SELECT text FROM comment"), "I can see it too.");
	assert_int_equal(number(&in, "SELECT seconds FROM entry WHERE item_id = 1"), 2700);
	no_errors(&in);

	apply(&in, "Re: [#1] Fix login", "done\r\n", NULL);
	assert_int_equal(item_numbered(&in, 1)->state, ITEM_DONE);
	assert_int_equal(number(&in, "SELECT count(*) FROM item"), 1);
	assert_int_equal(number(&in, "SELECT count(*) FROM comment"), 1);
	no_errors(&in);
	fixture_close(&in.fx);
}

static void
test_update(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	apply(&in, "task: One", "x\r\n", NULL);
	apply(&in, "task: Two", "x\r\n", NULL);
	apply(&in, "status: Saturday",
	    "Done:\r\n- [x] #1 fixed the thing (1h30m)\r\n- wrote a mail\r\n\r\n"
	    "Next:\r\n- #2 the other\r\n\r\nTime:\r\n- 15m stand-up\r\n", NULL);
	no_errors(&in);
	assert_int_equal(item_numbered(&in, 1)->state, ITEM_DONE);
	assert_int_equal(item_numbered(&in, 2)->state, ITEM_OPEN);
	assert_int_equal(number(&in, "SELECT sum(seconds) FROM entry"), 6300);
	assert_int_equal(number(&in, "SELECT count(*) FROM update_line WHERE section = 'done'"), 2);
	assert_int_equal(number(&in, "SELECT count(*) FROM update_line WHERE section = 'next' "
				     "AND item_id = 2"), 1);
	assert_int_equal(number(&in, "SELECT count(*) FROM update_line"), 3);
	/* what is done already may be told as done */
	apply(&in, "status: Saturday, again", "Done:\r\n- [x] #1 as I said\r\n", NULL);
	no_errors(&in);
	assert_int_equal(number(&in, "SELECT count(*) FROM update_line"), 4);
	fixture_close(&in.fx);
}

static void
test_block_of_fields(void **state)
{
	struct inbox in;
	struct item *item;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	apply(&in, "task: One",
	    "Owner: ben\r\nDue: 2026-12-01\r\nPriority: high\r\n\r\nPlease.\r\n",
	    NULL);
	no_errors(&in);
	item = item_numbered(&in, 1);
	assert_int_equal(item->owners[0], in.fx.ben.id);
	assert_string_equal(item->due_day, "2026-12-01");
	assert_int_equal(item->priority, 2);
	assert_string_equal(item->body, "Please.");
	fixture_close(&in.fx);
}

static void
test_off_and_time(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	apply(&in, "off: 2026-12-21..2026-12-31 holiday", "\r\n", NULL);
	assert_string_equal(text_of(&in, "SELECT first_day || ' ' || last_day || ' ' || kind "
					 "FROM absence"), "2026-12-21 2026-12-31 holiday");
	apply(&in, "time: today", "1h30m +web call with Ben\r\n", NULL);
	apply(&in, "hello", "/spend 2h yesterday review\r\n", NULL);
	assert_int_equal(number(&in, "SELECT seconds FROM entry WHERE day = '2026-11-20'"), 7200);
	/* a bare amount with text is prose unless the mail is about time */
	apply(&in, "hello", "30 min late today\r\n", NULL);
	assert_int_equal(number(&in, "SELECT sum(seconds) FROM entry"), 5400 + 7200);
	no_errors(&in);
	fixture_close(&in.fx);
}

static void
test_errors_are_told(void **state)
{
	struct inbox in;
	const char *bytes;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	apply(&in, "task: One", "/due 03/04/2027\r\n/prioritty p1\r\n/tag good\r\n", NULL);
	bytes = text_of(&in, "SELECT CAST(bytes AS TEXT) FROM outbox WHERE kind = 'error'");
	assert_non_null(strstr(bytes, "/due 03/04/2027"));
	assert_non_null(strstr(bytes, "/prioritty p1"));
	assert_string_equal(item_numbered(&in, 1)->tags[0], "good");
	fixture_close(&in.fx);
}

static void
test_robot_and_stranger(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	assert_int_equal(mail_in(&in, &(struct mail){.subject = "Away", .body = "/off today\r\n",
	    .headers = "Auto-Submitted: auto-replied\r\n"}), INTAKE_IGNORED);
	assert_int_equal(mail_in(&in, &(struct mail){.subject = "Hi", .body = "done\r\n",
	    .from = "eve@example.org"}), INTAKE_QUARANTINED);
	assert_int_equal(mail_in(&in, &(struct mail){.subject = "Hi", .body = "done\r\n",
	    .from = "ana@example.org, ben@example.org"}), INTAKE_QUARANTINED);
	assert_int_equal(number(&in, "SELECT count(*) FROM outbox"), 0);
	fixture_close(&in.fx);
}

/* Three items in a ring: each line sees what the ones above it have linked. */
static void
test_circle_in_a_mail(void **state)
{
	struct inbox in;

	inbox_open(&in, CONF_TRUST_ENVELOPE);
	for (int i = 0; i < 3; i++)
		apply(&in, "task: One", "x\r\n", NULL);
	apply(&in, "x", "/depends #1 on #2\r\n/depends #2 on #3\r\n/depends #3 on #1\r\n", NULL);
	assert_int_equal(number(&in, "SELECT count(*) FROM item_link"), 2);
	assert_non_null(strstr(text_of(&in,
	    "SELECT CAST(bytes AS TEXT) FROM outbox WHERE kind = 'error'"), "close a circle"));
	fixture_close(&in.fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_task_and_replies), cmocka_unit_test(test_update),
	    cmocka_unit_test(test_block_of_fields), cmocka_unit_test(test_off_and_time),
	    cmocka_unit_test(test_errors_are_told), cmocka_unit_test(test_robot_and_stranger),
	    cmocka_unit_test(test_circle_in_a_mail),
	};

	return cmocka_run_group_tests_name("whole", tests, NULL, NULL);
}
