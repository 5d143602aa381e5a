/* SPDX-License-Identifier: ISC */
/* test-fetch: the worker's configuration on the wire, server dates, and the window of a mailbox. */
#include "tests/unit/unit.h"

#include "daemon/clock.h"
#include "daemon/fetch/imap-private.h"
#include "daemon/fetch/worker-private.h"
#include "parsers/base/wire.h"

static struct fetch_mailbox boxes[] = {
	{{.name = "main", .server = {.host = "imap.example.org", .port = 993,
	    .tls = CONF_TLS_IMPLICIT, .ca_file = "/etc/ca.pem", .user = "ana", .timeout = 60},
	    .folder = "Aufgaben ✓", .after = CONF_AFTER_MOVE, .move_to = "Done", .poll = 30,
	    .idle = true,
	    .recheck = 200},
	    "secret", NULL, NULL},
	{{.name = "two", .server = {.host = "127.0.0.1", .port = 143, .tls = CONF_TLS_NONE,
	    .allow_plain = true, .pin_sha256 = "00", .timeout = 5}, .folder = "INBOX",
	    .after = CONF_AFTER_LEAVE, .poll = 1}, NULL, "google ana@example.org", NULL},
};

static void
configuration_survives_the_wire(void **state)
{
	const struct fetch_conf conf = {boxes, ARRAY_LEN(boxes), 1234567};
	struct arena *arena = arena_create();
	struct fetch_conf got = {0};
	struct buf out;
	struct err err;

	buf_init(&out, FRAME_MAX);
	fetch_conf_encode(&out, &conf);
	assert_int_equal(fetch_conf_decode(arena, buf_span(&out), &got, &err), TD_OK);
	assert_int_equal(got.n_mailboxes, 2);
	assert_int_equal(got.mail_bytes, 1234567);
	assert_string_equal(got.mailboxes[0].conf.server.host, "imap.example.org");
	assert_string_equal(got.mailboxes[0].conf.folder, "Aufgaben ✓");
	assert_string_equal(got.mailboxes[0].conf.move_to, "Done");
	assert_string_equal(got.mailboxes[0].password, "secret");
	assert_int_equal(got.mailboxes[0].conf.server.port, 993);
	assert_int_equal(got.mailboxes[0].conf.after, CONF_AFTER_MOVE);
	assert_int_equal(got.mailboxes[0].conf.poll, 30);
	assert_true(got.mailboxes[0].conf.idle);
	assert_int_equal(got.mailboxes[0].conf.recheck, 200);
	assert_null(got.mailboxes[0].conf.server.pin_sha256);
	assert_int_equal(got.mailboxes[1].conf.server.tls, CONF_TLS_NONE);
	assert_true(got.mailboxes[1].conf.server.allow_plain);
	assert_null(got.mailboxes[1].password);
	assert_false(got.mailboxes[1].conf.idle);
	assert_null(got.mailboxes[0].account);
	assert_string_equal(got.mailboxes[1].account, "google ana@example.org");
	/* any other length is refused whole */
	for (size_t len = 0; len < out.len; len++)
		assert_int_equal(fetch_conf_decode(arena, span_first(buf_span(&out), len), &got,
		    &err), TD_PERM);
	buf_putc(&out, 'x');
	assert_int_equal(fetch_conf_decode(arena, buf_span(&out), &got, &err), TD_PERM);
	buf_release(&out);
	arena_destroy(&arena);
}

static void
reads_server_dates(void **state)
{
	static const struct {
		struct mailimap_date_time date; /* day month year hour minute second zone */
		int64_t want;
	} rows[] = {
		{{1, 1, 1970, 0, 0, 0, 0}, 0},
		{{17, 7, 1996, 2, 44, 25, -700}, 837596665},
		{{29, 2, 2024, 23, 59, 59, 0}, 1709251199},
		{{1, 3, 2100, 0, 0, 0, 0}, 4107542400},
		{{22, 11, 2026, 10, 0, 0, 530}, 1795321800},
		{{1, 1, 1970, 0, 0, 0, 100}, -3600},
		{{1, 13, 2026, 0, 0, 0, 0}, 0},
		{{0, 1, 2026, 0, 0, 0, 0}, 0},
		{{1, 1, 99999, 0, 0, 0, 0}, 0},
		{{1, 1, 2026, 24, 0, 0, 0}, 0},
		{{1, 1, 2026, 0, 0, 0, 99999}, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(imap_date(&rows[i].date), rows[i].want);
	assert_int_equal(imap_date(NULL), 0);
}

static void
window_is_given_back_once(void **state)
{
	struct fetcher fetcher = {.next_due = INT64_MAX};
	struct mbox mbox = {.fetcher = &fetcher, .uidvalidity = 7, .state = MBOX_BUSY};
	struct source_mail mail = {.size = MBOX_WINDOW_BYTES / 4};

	assert_true(mbox_credit(&mbox).first);
	for (mail.uid = 1; mail.uid <= 4; mail.uid++)
		mbox_sent(&mbox, &mail);
	assert_int_equal(mbox_credit(&mbox).bytes, 0);
	assert_false(mbox_credit(&mbox).first);
	assert_false(mbox_may_go_on(&mbox));
	mbox_answered(&mbox, 8, 1); /* of another UIDVALIDITY */
	mbox_answered(&mbox, 7, 9); /* never sent */
	assert_int_equal(mbox.n_out, 4);
	mbox_answered(&mbox, 7, 2);
	mbox_answered(&mbox, 7, 2);
	assert_int_equal(mbox.n_out, 3);
	assert_int_equal(mbox_credit(&mbox).bytes, MBOX_WINDOW_BYTES / 4);
	mbox_answered(&mbox, 7, 1);
	assert_true(mbox_may_go_on(&mbox));
	mbox_answered(&mbox, 7, 3);
	mbox_answered(&mbox, 7, 4);
	assert_int_equal(fetcher.out_mails, 0);
	assert_int_equal(fetcher.out_bytes, 0);
	free(mbox.out);
}

static void
mails_that_are_out_are_known(void **state)
{
	struct fetcher fetcher = {.next_due = INT64_MAX};
	struct mbox mbox = {.fetcher = &fetcher, .uidvalidity = 7};
	struct source_mail mail = {.uid = 5, .size = 1};
	uint32_t *known = td_alloc(2 * sizeof *known);
	struct cursor cursor;

	known[0] = 9;
	known[1] = 3;
	mbox.cursor = (struct cursor){7, 2, known, 2};
	mbox_sent(&mbox, &mail);
	mbox.uidvalidity = 8;
	mail.uid = 6; /* of the next UIDVALIDITY */
	mbox_sent(&mbox, &mail);
	mbox.uidvalidity = 7;
	cursor = mbox_take_cursor(&mbox);
	assert_int_equal(cursor.n_known, 3);
	assert_int_equal(cursor.known[0], 3);
	assert_int_equal(cursor.known[1], 5);
	assert_int_equal(cursor.known[2], 9);
	free(cursor.known);
	free(mbox.out);
}

static void
acknowledgements_of_another_uidvalidity_are_void(void **state)
{
	struct fetcher fetcher = {.next_due = INT64_MAX};
	struct mbox mbox = {.fetcher = &fetcher, .uidvalidity = 7};
	uint32_t *uids;
	size_t n;

	mbox_add_ack(&mbox, 7, 4);
	mbox_add_ack(&mbox, 6, 1);
	mbox_add_ack(&mbox, 7, 2);
	mbox_add_ack(&mbox, 7, 4);
	uids = mbox_take_acks(&mbox, &n);
	assert_int_equal(n, 2);
	assert_int_equal(uids[0], 2);
	assert_int_equal(uids[1], 4);
	assert_int_equal(mbox.n_acks, 0);
	free(uids);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configuration_survives_the_wire),
		cmocka_unit_test(reads_server_dates),
		cmocka_unit_test(window_is_given_back_once),
		cmocka_unit_test(mails_that_are_out_are_known),
		cmocka_unit_test(acknowledgements_of_another_uidvalidity_are_void),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
