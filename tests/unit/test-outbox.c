/* SPDX-License-Identifier: ISC */
/* Tests of store/outbox and store/mailbox: what may go out again, and what is read again. */
#include "tests/unit/store-fixture.h"

#include "daemon/model/retry.h"
#include "daemon/store/mailbox.h"
#include "daemon/store/outbox.h"

static int64_t
queue(struct fixture *fx, const char *key, int64_t not_before, bool want_added)
{
	struct outbox row = {.dedupe_key = key, .kind = "ack", .person_id = fx->ana.id,
	    .sender = "", .rcpt = "ana@example.org", .mid = key, .bytes = SPAN("To: x\r\n\r\n"),
	    .not_before = not_before};
	bool added;

	td_ok(fx, outbox_add(fx->db, &row, NOON, &added, &fx->err));
	assert_int_equal(added, want_added);
	return row.id;
}

static size_t
claim(struct fixture *fx, int64_t now, struct outbox **rows)
{
	size_t n;

	td_ok(fx, outbox_claim(fx->db, fx->arena, now, 10, rows, &n, &fx->err));
	return n;
}

static enum outbox_state
state_of(struct fixture *fx, int64_t id)
{
	struct outbox *row;

	td_ok(fx, outbox_by_id(fx->db, fx->arena, id, &row, &fx->err));
	return row->state;
}

static enum outbox_notice
result(struct fixture *fx, int64_t id, enum send_result what, int64_t now)
{
	enum outbox_notice notice;

	td_ok(fx, outbox_set_result(fx->db, id, what, "reply", now, 0, &notice, &fx->err));
	return notice;
}

static void
test_queue_and_send(void **state)
{
	struct fixture fx;
	struct outbox *rows;
	int64_t a, b, at;
	bool found;

	fixture_open(&fx);
	b = queue(&fx, "b", NOON + 60, true);
	a = queue(&fx, "a", 0, true);
	assert_int_equal(queue(&fx, "a", 0, false), 0); /* the same thing once */
	assert_int_equal(outbox_set_sending(fx.db, a, NOON, &fx.err), TD_PERM); /* not claimed */
	assert_int_equal(claim(&fx, NOON, &rows), 1);
	assert_int_equal(rows[0].id, a);
	assert_true(span_is(rows[0].bytes, "To: x\r\n\r\n"));
	assert_int_equal(claim(&fx, NOON, &rows), 0); /* given out once */
	td_ok(&fx, outbox_next(fx.db, &at, &found, &fx.err));
	assert_true(found);
	assert_int_equal(at, NOON + 60);
	td_ok(&fx, outbox_set_sending(fx.db, a, NOON, &fx.err));
	assert_int_equal(state_of(&fx, a), OUTBOX_SENDING);
	assert_int_equal(outbox_retry(fx.db, a, NOON, &fx.err), TD_PERM); /* on its way */
	assert_int_equal(outbox_drop(fx.db, a, NOON, &fx.err), TD_PERM);
	assert_int_equal(result(&fx, a, SEND_SENT, NOON + 1), OUTBOX_NOTICE_NONE);
	assert_int_equal(state_of(&fx, a), OUTBOX_SENT);
	assert_int_equal(outbox_retry(fx.db, a, NOON, &fx.err), TD_PERM);
	assert_int_equal(outbox_set_result(fx.db, a, SEND_SENT, "", NOON, 0, NULL, &fx.err),
	    TD_PERM); /* no second result */
	assert_int_equal(claim(&fx, NOON + 60, &rows), 1);
	assert_int_equal(rows[0].id, b);
	td_ok(&fx, outbox_give_back(fx.db, b, &fx.err));
	assert_int_equal(claim(&fx, NOON + 60, &rows), 1);
	assert_int_equal(result(&fx, b, SEND_PERM, NOON + 61), OUTBOX_NOTICE_FAILED);
	assert_int_equal(state_of(&fx, b), OUTBOX_FAILED);
	assert_int_equal(claim(&fx, NOON + 10 * 86400, &rows), 0);
	td_ok(&fx, outbox_retry(fx.db, b, NOON + 100, &fx.err));
	assert_int_equal(claim(&fx, NOON + 100, &rows), 1);
	fixture_close(&fx);
}

static void
test_temporary(void **state)
{
	struct fixture fx;
	struct outbox *rows;
	int64_t id, at = NOON;
	int delayed = 0, tries = 0;
	bool found;
	enum outbox_notice notice = OUTBOX_NOTICE_NONE;

	fixture_open(&fx);
	id = queue(&fx, "t", 0, true);
	while (notice != OUTBOX_NOTICE_FAILED && tries++ < 1000) {
		td_ok(&fx, outbox_next(fx.db, &at, &found, &fx.err));
		assert_true(found);
		assert_int_equal(claim(&fx, at - 1, &rows), 0);
		assert_int_equal(claim(&fx, at, &rows), 1);
		notice = result(&fx, id, SEND_TEMP, at);
		delayed += notice == OUTBOX_NOTICE_DELAYED;
	}
	assert_int_equal(delayed, 1);
	assert_int_equal(state_of(&fx, id), OUTBOX_FAILED);
	assert_true(at - NOON >= RETRY_FAIL_AFTER && at - NOON < RETRY_FAIL_AFTER + 2 * 4000);
	assert_true(tries > 50 && tries < 200);
	fixture_close(&fx);
}

/* An outage of ours is no refusal of theirs: the five days begin with the first attempt, and anew
 * with a retry by hand. */
static void
test_the_days_begin_with_the_first_attempt(void **state)
{
	const int64_t late = NOON + 6 * 86400;
	struct fixture fx;
	struct outbox *rows;
	int64_t id;

	fixture_open(&fx);
	id = queue(&fx, "t", 0, true);
	for (int64_t first = late; first <= late + 20 * 86400; first += 20 * 86400) {
		assert_int_equal(claim(&fx, first, &rows), 1);
		assert_int_equal(result(&fx, id, SEND_TEMP, first), OUTBOX_NOTICE_NONE);
		assert_int_equal(state_of(&fx, id), OUTBOX_QUEUED);
		assert_int_equal(claim(&fx, first + RETRY_FAIL_AFTER, &rows), 1);
		assert_int_equal(result(&fx, id, SEND_TEMP, first + RETRY_FAIL_AFTER),
		    OUTBOX_NOTICE_FAILED);
		assert_int_equal(state_of(&fx, id), OUTBOX_FAILED);
		td_ok(&fx, outbox_retry(fx.db, id, first + 10 * 86400, &fx.err));
	}
	fixture_close(&fx);
}

static void
test_unknown_is_sent_once_more(void **state)
{
	struct fixture fx;
	struct outbox *rows;
	int64_t id;

	fixture_open(&fx);
	id = queue(&fx, "u", 0, true);
	assert_int_equal(claim(&fx, NOON, &rows), 1);
	td_ok(&fx, outbox_set_sending(fx.db, id, NOON, &fx.err));
	td_ok(&fx, outbox_recover(fx.db, NOON + 1, &fx.err)); /* the process died */
	assert_int_equal(state_of(&fx, id), OUTBOX_UNKNOWN);
	assert_int_equal(claim(&fx, NOON + 1, &rows), 1);
	assert_true(span_is(rows[0].bytes, "To: x\r\n\r\n"));
	td_ok(&fx, outbox_set_sending(fx.db, id, NOON + 1, &fx.err));
	assert_int_equal(result(&fx, id, SEND_UNKNOWN, NOON + 2), OUTBOX_NOTICE_NONE);
	assert_int_equal(state_of(&fx, id), OUTBOX_UNKNOWN);
	assert_int_equal(claim(&fx, NOON + 10 * 86400, &rows), 0); /* never a third time */
	/* a claim that never reached the dot is simply given back */
	id = queue(&fx, "v", 0, true);
	assert_int_equal(claim(&fx, NOON, &rows), 1);
	td_ok(&fx, outbox_recover(fx.db, NOON + 3, &fx.err));
	assert_int_equal(state_of(&fx, id), OUTBOX_QUEUED);
	assert_int_equal(claim(&fx, NOON + 3, &rows), 1);
	fixture_close(&fx);
}

/* ---- mailbox --------------------------------------------------------------------------------- */

static int64_t
begin(struct fixture *fx, const struct mailbox *mb, uint32_t uid, bool want_known)
{
	int64_t attempts;
	bool known;

	td_ok(fx, mailbox_begin(fx->db, mb->id, mb->uidvalidity, uid, &attempts, &known,
	    &fx->err));
	assert_int_equal(known, want_known);
	return attempts;
}

static struct mailbox *
reload(struct fixture *fx)
{
	struct mailbox *mb;

	td_ok(fx, mailbox_get(fx->db, fx->arena, "main", &mb, &fx->err));
	return mb;
}

static void
test_cursor(void **state)
{
	struct fixture fx;
	struct mailbox *mb;
	struct mailbox_uid *uids;
	uint32_t *known;
	size_t n;

	fixture_open(&fx);
	mb = reload(&fx);
	assert_int_equal(mb->uidvalidity, 0);
	td_ok(&fx, mailbox_open(fx.db, mb, 77, &fx.err));
	assert_false(mb->rescan); /* the first epoch is no rescan */
	for (uint32_t uid = 3; uid <= 9; uid += 3)
		assert_int_equal(begin(&fx, mb, uid, false), 1);
	assert_int_equal(begin(&fx, mb, 6, false), 2); /* it died with it once */
	td_ok(&fx, mailbox_applied(fx.db, mb->id, 77, 3, 0, &fx.err));
	td_ok(&fx, mailbox_done(fx.db, mb->id, 77, 9, 0, &fx.err));
	begin(&fx, mb, 9, true);
	td_ok(&fx, mailbox_scanned(fx.db, mb->id, 77, 9, &fx.err));
	mb = reload(&fx);
	assert_int_equal(mb->watermark, 5); /* 6 is still in flight */
	td_ok(&fx, mailbox_known(fx.db, fx.arena, mb, &known, &n, &fx.err));
	assert_int_equal(n, 1);
	assert_int_equal(known[0], 9);
	td_ok(&fx, mailbox_inflight(fx.db, fx.arena, mb, &uids, &n, &fx.err));
	assert_int_equal(n, 1);
	assert_int_equal(uids[0].uid, 6);
	assert_int_equal(uids[0].attempts, 2);
	td_ok(&fx, mailbox_unacked(fx.db, fx.arena, mb, &uids, &n, &fx.err));
	assert_int_equal(n, 1);
	assert_int_equal(uids[0].uid, 3); /* below the watermark, and kept until acknowledged */
	td_ok(&fx, mailbox_applied(fx.db, mb->id, 77, 6, 0, &fx.err));
	td_ok(&fx, mailbox_acked(fx.db, mb->id, 77, 6, &fx.err));
	td_ok(&fx, mailbox_acked(fx.db, mb->id, 77, 3, &fx.err));
	td_ok(&fx, mailbox_scanned(fx.db, mb->id, 77, 9, &fx.err));
	td_ok(&fx, mailbox_scanned(fx.db, mb->id, 77, 4, &fx.err)); /* never back */
	mb = reload(&fx);
	assert_int_equal(mb->watermark, 9);
	begin(&fx, mb, 9, true);
	td_ok(&fx, mailbox_known(fx.db, fx.arena, mb, &known, &n, &fx.err));
	assert_int_equal(n, 0);
	fixture_close(&fx);
}

static void
test_epoch(void **state)
{
	struct fixture fx;
	struct mailbox *mb;
	int64_t attempts, rows = -1;
	bool known;

	fixture_open(&fx);
	mb = reload(&fx);
	td_ok(&fx, mailbox_open(fx.db, mb, 77, &fx.err));
	begin(&fx, mb, 4294967295u, false); /* the largest UID there is */
	td_ok(&fx, mailbox_applied(fx.db, mb->id, 77, 4294967295u, 0, &fx.err));
	td_ok(&fx, mailbox_scanned(fx.db, mb->id, 77, 4294967295u, &fx.err));
	mb = reload(&fx);
	assert_int_equal(mb->watermark, 4294967295u);
	td_ok(&fx, mailbox_open(fx.db, mb, 78, &fx.err));
	assert_true(mb->rescan);
	assert_int_equal(mb->watermark, 0);
	td_ok(&fx, db_get_i64(fx.db, &fx.err, &rows, NULL, "SELECT count(*) FROM seen", ""));
	assert_int_equal(rows, 0);
	/* what comes late for the old epoch touches nothing */
	td_ok(&fx, mailbox_begin(fx.db, mb->id, 77, 5, &attempts, &known, &fx.err));
	assert_true(known);
	td_ok(&fx, mailbox_scanned(fx.db, mb->id, 77, 50, &fx.err));
	assert_true(reload(&fx)->rescan);
	td_ok(&fx, mailbox_scanned(fx.db, mb->id, 78, 0, &fx.err));
	assert_false(reload(&fx)->rescan);
	td_ok(&fx, mailbox_failed(fx.db, mb->id, "no", NOON, &fx.err));
	td_ok(&fx, mailbox_failed(fx.db, mb->id, "no", NOON, &fx.err));
	assert_int_equal(reload(&fx)->failures, 2);
	td_ok(&fx, mailbox_ok(fx.db, mb->id, NOON, &fx.err));
	assert_int_equal(reload(&fx)->failures, 0);
	fixture_close(&fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_queue_and_send), cmocka_unit_test(test_temporary),
	    cmocka_unit_test(test_the_days_begin_with_the_first_attempt),
	    cmocka_unit_test(test_unknown_is_sent_once_more), cmocka_unit_test(test_cursor),
	    cmocka_unit_test(test_epoch),
	};

	return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
