/* SPDX-License-Identifier: ISC */
/*
 * Tests of the composed mails against tests/golden/NAME.eml, byte for byte (the files hold LF, a
 * mail CRLF). TD_GOLDEN_OUT=DIR writes what is composed into DIR, to be read before it is kept.
 */
#include "tests/unit/unit.h"

#include <stdio.h>

#include "daemon/compose/ics.h"
#include "parsers/base/buf.h"
#include "tests/unit/mails.h"

static enum td_status
digest(struct arena *arena, const struct compose_common *common, const void *what,
    struct composed *mail_r, struct err *err)
{
	return compose_digest(arena, common, what, mail_r, err);
}

static enum td_status
prompt(struct arena *arena, const struct compose_common *common, const void *what,
    struct composed *mail_r, struct err *err)
{
	return compose_prompt(arena, common, what, mail_r, err);
}

static enum td_status
ack(struct arena *arena, const struct compose_common *common, const void *what,
    struct composed *mail_r, struct err *err)
{
	return compose_ack(arena, common, what, mail_r, err);
}

static enum td_status
transcript(struct arena *arena, const struct compose_common *common, const void *what,
    struct composed *mail_r, struct err *err)
{
	return compose_transcript(arena, common, what, mail_r, err);
}

/* A reply token, as it stands in an address and in a subject. */
#define TAG "r-caiqoklkcaadutxjl5hpu3vqyk7wqfz4hm2b"

static enum td_status
reply_by_address(struct arena *arena, const struct compose_common *common, const void *what,
    struct composed *mail_r, struct err *err)
{
	struct compose_common tagged = *common;

	tagged.reply_tag = TAG;
	return compose_transcript(arena, &tagged, what, mail_r, err);
}

static enum td_status
reply_by_subject(struct arena *arena, const struct compose_common *common, const void *what,
    struct composed *mail_r, struct err *err)
{
	struct compose_common tagged = *common;

	tagged.subject_tag = TAG;
	return compose_transcript(arena, &tagged, what, mail_r, err);
}

static enum td_status
item(struct arena *arena, const struct compose_common *common, const void *what,
    struct composed *mail_r, struct err *err)
{
	return compose_item_mail(arena, common, what, mail_r, err);
}

static enum td_status
timed(struct arena *arena, const struct compose_common *common, const void *what,
    struct composed *mail_r, struct err *err)
{
	return compose_time(arena, common, what, mail_r, err);
}

static enum td_status
call(struct arena *arena, const struct compose_common *common, const void *what,
    struct composed *mail_r, struct err *err)
{
	return compose_call(arena, common, what, mail_r, err);
}

static enum td_status
confirm(struct arena *arena, const struct compose_common *common, const void *what,
    struct composed *mail_r, struct err *err)
{
	return compose_confirm(arena, common, what, mail_r, err);
}

static enum td_status
quarantine(struct arena *arena, const struct compose_common *common, const void *what,
    struct composed *mail_r, struct err *err)
{
	return compose_quarantine_summary(arena, common, what, mail_r, err);
}

static enum td_status
notice(struct arena *arena, const struct compose_common *common, const void *what,
    struct composed *mail_r, struct err *err)
{
	return compose_notice(arena, common, what, mail_r, err);
}

static enum td_status
invite(struct arena *arena, const struct compose_common *common, const void *what,
    struct composed *mail_r, struct err *err)
{
	struct compose_invite invited = *(const struct compose_invite *)what;
	struct ics_series series = {.cancel = invited.cancel, .uid = "core-1@example.org",
	    .sequence = invited.cancel ? 3 : 0, .dtstamp = common->now,
	    .organizer = common->team.address, .organizer_name = common->team.title,
	    .attendee = common->to.address, .attendee_name = common->to.name,
	    .zone = invited.zone};
	struct hours hours;
	struct buf ics;
	enum td_status status;

	assert_int_equal(hours_parse(span_of(invited.rule), &hours, err), TD_OK);
	assert_true(civil_parse_day(span_of(invited.first_day), &series.first_day));
	series.hours = &hours;
	series.left_out = arena_array(arena, invited.n_left_out + 1, sizeof *series.left_out);
	series.n_left_out = invited.n_left_out;
	for (size_t i = 0; i < invited.n_left_out; i++)
		assert_true(civil_parse_day(span_of(invited.left_out[i]),
		    &((int64_t *)(uintptr_t)series.left_out)[i]));
	compose_invite_texts(arena, common, &invited, &series.summary, &series.description);
	buf_init(&ics, ICS_MAX);
	assert_int_equal(ics_series(&series, &ics, err), TD_OK);
	invited.ics = buf_span(&ics);
	status = compose_invite(arena, common, &invited, mail_r, err);
	buf_release(&ics);
	return status;
}

static const struct {
	const char *name;
	enum td_status (*compose)(struct arena *, const struct compose_common *, const void *,
	    struct composed *, struct err *);
	const void *what;
	const char *sender;
} rows[] = {
    {"digest", digest, &mails_digest, "platform+bounce-7@example.org"},
    {"digest-calm", digest, &mails_digest_calm, "platform+bounce-7@example.org"},
    {"prompt", prompt, &mails_prompt, "platform+bounce-7@example.org"},
    {"prompt-bare", prompt, &mails_prompt_bare, "platform+bounce-7@example.org"},
    {"ack", ack, &mails_ack, ""},
    {"ack-many", ack, &mails_ack_many, ""},
    {"answer", ack, &mails_asked, ""},
    {"item-decided", item, &mails_item_decided, "platform+bounce-7@example.org"},
    {"item-decision", item, &mails_item_decision, "platform+bounce-7@example.org"},
    {"item", item, &mails_item, "platform+bounce-7@example.org"},
    {"item-watched", item, &mails_item_watched,
	"platform+bounce-7@example.org"},
    {"call-reminder", call, &mails_reminder, "platform+bounce-7@example.org"},
    {"call-reminder-item", call, &mails_reminder_item, "platform+bounce-7@example.org"},
    {"call-page", call, &mails_page, "platform+bounce-7@example.org"},
    {"call-page-last", call, &mails_page_last, "platform+bounce-7@example.org"},
    {"call-page-taken", call, &mails_page_taken, "platform+bounce-7@example.org"},
    {"call-page-nobody", call, &mails_page_nobody, "platform+bounce-7@example.org"},
    {"call-handover", call, &mails_handover, "platform+bounce-7@example.org"},
    {"call-handover-one", call, &mails_handover_one, "platform+bounce-7@example.org"},
    {"call-unanswered", call, &mails_unanswered, "platform+bounce-7@example.org"},
    {"time-judged", timed, &mails_time_judged, "platform+bounce-7@example.org"},
    {"time-load", timed, &mails_time_load, "platform+bounce-7@example.org"},
    {"time-ready", timed, &mails_time_ready, "platform+bounce-7@example.org"},
    {"time-timer", timed, &mails_time_timer, "platform+bounce-7@example.org"},
    {"time-waiting", timed, &mails_time_waiting, "platform+bounce-7@example.org"},
    {"call-welcome", call, &mails_welcome, "platform+bounce-7@example.org"},
    {"call-welcome-guest", call, &mails_welcome_guest, "platform+bounce-7@example.org"},
    {"call-role", call, &mails_role, "platform+bounce-7@example.org"},
    {"call-role-guest", call, &mails_role_guest, "platform+bounce-7@example.org"},
    {"transcript", transcript, &mails_transcript, ""},
    {"transcript-warned", transcript, &mails_transcript_warned, ""},
    {"transcript-none", transcript, &mails_transcript_none, ""},
    {"transcript-rest", transcript, &mails_transcript_rest, ""},
    {"transcript-reply", reply_by_address, &mails_transcript_reply, ""},
    {"transcript-reply-subject", reply_by_subject, &mails_transcript_reply, ""},
    {"confirm", confirm, &mails_confirm, ""},
    {"quarantine", quarantine, &mails_quarantine, "platform+bounce-7@example.org"},
    {"notice", notice, &mails_notice, "platform+bounce-7@example.org"},
    {"invite", invite, &mails_invite, "platform+bounce-7@example.org"},
    {"invite-days", invite, &mails_invite_days, "platform+bounce-7@example.org"},
    {"cancel", invite, &mails_cancel, "platform+bounce-7@example.org"},
};

/* The file with CRLF for LF; NULL where there is none. */
static const char *
read_golden(struct arena *arena, const char *name)
{
	const char *srcdir = getenv("TD_SRCDIR");
	FILE *file = fopen(arena_printf(arena, "%s/tests/golden/%s.eml", srcdir ? srcdir : ".",
	    name), "r");
	const char *text;
	struct buf buf;
	int c;

	if (file == NULL)
		return NULL;
	buf_init(&buf, 200000);
	while ((c = getc(file)) != EOF) {
		if (c == '\n')
			buf_putc(&buf, '\r');
		buf_putc(&buf, (char)c);
	}
	fclose(file);
	text = arena_strdup(arena, buf.ptr);
	buf_release(&buf);
	return text;
}

static void
write_out(const char *name, struct span bytes)
{
	const char *folder = getenv("TD_GOLDEN_OUT");
	char path[4096];
	FILE *file;

	if (folder == NULL)
		return;
	snprintf(path, sizeof path, "%s/%s.eml", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	for (size_t i = 0; i < bytes.len; i++)
		if (bytes.ptr[i] != '\r')
			putc(bytes.ptr[i], file);
	fclose(file);
}

static void
test_golden(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_create();
		uint8_t counter = 1;
		struct compose_common common = mails_common(&counter);
		struct composed mail;
		struct err err = {""};
		const char *want;

		if (rows[i].compose(arena, &common, rows[i].what, &mail, &err) != TD_OK)
			fail_msg("%s: %s", rows[i].name, err.text);
		write_out(rows[i].name, mail.bytes);
		want = read_golden(arena, rows[i].name);
		if (want == NULL || !span_is(mail.bytes, want))
			fail_msg("%s: differs from tests/golden/%s.eml; compare with what "
			         "TD_GOLDEN_OUT=DIR %s writes", rows[i].name, rows[i].name,
			    "tests/unit/test-golden");
		row_assert(strcmp(mail.sender, rows[i].sender) == 0, rows[i].name);
		row_assert(strcmp(mail.rcpt, "ana@example.org") == 0, rows[i].name);
		arena_destroy(&arena);
	}
	compose_forget();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden)};

	return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
