/* SPDX-License-Identifier: ISC */
/*
 * Mails that have cost other readers their memory, their stack or their time. Each is made here
 * and must end, as a reading or refused, within a second or two (also under sanitizers) and
 * without much memory.
 */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <sys/resource.h>

#include "parsers/base/buf.h"
#include "parsers/reading.h"

#define CPU_SECONDS 10 /* a tenth of it is usual; sanitizers and slow machines cost the rest */

static const struct reading_context context = {.now = 1760000000, .zone = "UTC"};

static void
repeat(struct buf *mail, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_puts(mail, text);
}

static void
one_quote(struct buf *mail)
{
	buf_puts(mail, "Content-Type: multipart/mixed; boundary=\"\\\"\"\r\n\r\n--\"\r\n\r\nx\r\n");
}

static void
hanging_rule(struct buf *mail)
{
	buf_puts(mail, "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n"
	               "BEGIN:VEVENT\r\nUID:u\r\nDTSTART:20260101T000000Z\r\n"
	               "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\nEND:VEVENT\r\n"
	               "END:VCALENDAR\r\n");
}

static void
nested_messages(struct buf *mail)
{
	repeat(mail, "Content-Type: message/rfc822\r\n\r\n", 50000);
}

static void
nested_multiparts(struct buf *mail)
{
	for (int i = 0; i < 20000; i++)
		buf_printf(mail, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i,
		    i);
}

static void
multiparts_to_the_limit(struct buf *mail)
{
	for (int i = 0; i < 1900; i++)
		buf_printf(mail, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i,
		    i);
}

static void
empty_parts(struct buf *mail)
{
	buf_puts(mail, "Content-Type: multipart/mixed; boundary=b\r\n\r\n");
	repeat(mail, "--b\r\n", 400000);
}

static void
open_comments(struct buf *mail)
{
	buf_puts(mail, "From: ");
	repeat(mail, "(", 200000);
	buf_puts(mail, "\r\n\r\nx\r\n");
}

static void
open_angles(struct buf *mail)
{
	buf_puts(mail, "From: ");
	repeat(mail, "<", 100000);
	buf_puts(mail, "\r\nTo: ");
	repeat(mail, "a@b,", 20000);
	buf_puts(mail, "\r\n\r\nx\r\n");
}

static void
line_ends_in_values(struct buf *mail)
{
	buf_puts(mail, "From: =?utf-8?Q?a=0D=0ABcc:_x@example.org?= <ana@example.org>\r\n"
	               "Subject: =?utf-8?B?YQ0KQmNjOiB4?=\r\n"
	               "Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"
	               "UID:u\r\nDTSTART:20260101T000000Z\r\n"
	               "ATTENDEE;CN=\"a^nb\":mailto:ana@example.org\\nBcc: x\r\n"
	               "SUMMARY:a\\r\\nb\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
}

static void
nested_tags(struct buf *mail)
{
	buf_puts(mail, "Content-Type: text/html\r\n\r\n");
	repeat(mail, "<div>", 200000);
}

static void
unmatched_tags(struct buf *mail)
{
	buf_puts(mail, "Content-Type: text/html\r\n\r\n");
	repeat(mail, "<b>", 25000);
	repeat(mail, "</i>", 45000);
}

static void
many_attributes(struct buf *mail)
{
	buf_puts(mail, "Content-Type: text/html\r\n\r\n<p ");
	for (int i = 0; i < 40000; i++)
		buf_printf(mail, "a%d=1 ", i);
	buf_puts(mail, ">x");
}

static void
nested_quotes(struct buf *mail)
{
	buf_puts(mail, "Content-Type: text/html\r\n\r\n");
	repeat(mail, "<blockquote>", 1900);
	repeat(mail, "x<br>", 40000);
}

static void
long_line(struct buf *mail)
{
	buf_puts(mail, "\r\n");
	repeat(mail, "word ", 1000000);
}

static void
many_short_lines(struct buf *mail)
{
	buf_puts(mail, "\r\n");
	repeat(mail, ">\r\n", 1000000);
}

static void
many_encoded_words(struct buf *mail)
{
	buf_puts(mail, "Subject: ");
	repeat(mail, "=?iso-2022-jp?B?GyRCLSEbKEI=?= =?utf-8?Q?a?= ", 3000);
	buf_puts(mail, "\r\nReferences: ");
	repeat(mail, "<a@b> ", 9000);
	buf_puts(mail, "\r\n\r\n");
}

static void
half_encoded_words(struct buf *mail)
{
	buf_puts(mail, "Subject: ");
	repeat(mail, "=?a?Q?", 30000);
	buf_puts(mail, "\r\n\r\n");
}

static void
half_words_in_from(struct buf *mail)
{
	buf_puts(mail, "From: ");
	repeat(mail, "=?a?Q?", 40000);
	buf_puts(mail, " <ana@example.org>\r\n\r\n");
}

static void
many_parameters(struct buf *mail)
{
	buf_puts(mail, "Content-Type: application/x; name=x\r\nContent-Disposition: attachment");
	for (int i = 0; i < 10000; i++)
		buf_printf(mail, "; filename*%d*=%%41", i);
	buf_puts(mail, "\r\n\r\nx\r\n");
}

static void
long_headers(struct buf *mail)
{
	repeat(mail, "X-Filler: 0123456789012345678901234567890123456789\r\n", 10000);
	buf_puts(mail, "\r\nx\r\n");
}

static void
long_calendar_line(struct buf *mail)
{
	buf_puts(mail, "Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"
	               "DESCRIPTION:");
	repeat(mail, "x\\", 100000);
	buf_puts(mail, "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
}

static void
many_dates(struct buf *mail)
{
	buf_puts(mail, "Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"
	               "UID:u\r\nDTSTART:20260101T000000Z\r\nRDATE:20260101T000000Z");
	repeat(mail, ",20260102T000000Z", 14000);
	buf_puts(mail, "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
}

static void
bounce_of_many(struct buf *mail)
{
	buf_puts(mail, "From: MAILER-DAEMON@example.org\r\nSubject: failure notice\r\n\r\n");
	for (int i = 0; i < 100000; i++)
		buf_printf(mail, "<a%d@example.org>:\r\n550 x\r\n", i);
}

/* A field without an end to its encoded words costs GMime the square of its length. */
static void
half_words(struct buf *mail, const char *field, size_t size)
{
	buf_puts(mail, field);
	repeat(mail, "=?utf-8?b?4pyT", size / 14);
	buf_puts(mail, "\r\n\r\n");
}

static void
part_name(struct buf *mail, size_t size)
{
	buf_puts(mail, "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n");
	half_words(mail, "Content-Disposition: attachment; filename=\"", size);
}

static void
part_type(struct buf *mail, size_t size)
{
	buf_puts(mail, "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n");
	half_words(mail, "Content-Type: application/pdf; name=", size);
}

static void
subject_in_message(struct buf *mail, size_t size)
{
	buf_puts(mail, "Content-Type: message/rfc822\r\n\r\n");
	half_words(mail, "Subject: ", size);
}

static void
subject_in_digest(struct buf *mail, size_t size)
{
	buf_puts(mail, "Content-Type: multipart/digest; =?utf-8?b?Ym91bmRhcnk=?==b\r\n\r\n"
	               "--b\r\n\r\n");
	half_words(mail, "Subject: ", size);
}

/* The first part has a type and no end to its header; the second one has none. */
static void
subject_after_type(struct buf *mail, size_t size)
{
	buf_puts(mail, "Content-Type: multipart/digest; boundary=b\r\n\r\n"
	               "--b\r\nContent-Type: text/plain\r\n--b\r\n\r\n");
	half_words(mail, "Subject: ", size);
}

static void
own_subject(struct buf *mail, size_t size)
{
	half_words(mail, "Subject: ", size / 2);
}

static void
names_of_many_parts(struct buf *mail)
{
	buf_puts(mail, "Content-Type: multipart/mixed; boundary=b\r\n\r\n");
	for (int i = 0; i < 250; i++) {
		buf_puts(mail, "--b\r\n");
		half_words(mail, "Content-Disposition: attachment; filename=\"", 4000);
	}
}

static void
short_part_fields(struct buf *mail)
{
	buf_puts(mail, "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n");
	repeat(mail, "a:\n", 700000);
	buf_puts(mail, "\r\nx\r\n");
}

static void
long_part_headers(struct buf *mail)
{
	buf_puts(mail, "Content-Type: message/rfc822\r\n\r\n");
	repeat(mail, "X-Filler: 0123456789012345678901234567890123456789\r\n"
	             " 01234567890123456789012345678901234567890123456789\r\n", 15000);
	buf_puts(mail, "\r\nx\r\n");
}

static void
many_boundaries(struct buf *mail)
{
	for (int i = 0; i < 1000; i++)
		buf_printf(mail, "Content-Type: multipart/mixed; boundary=%0*d\r\n",
		    i % 200, i + 1);
	buf_puts(mail, "\r\n");
	repeat(mail, "--0000000000000000000000000000000000000000000000000000000000000x\r\n",
	    90000);
}

static void
repeated_boundary_word(struct buf *mail)
{
	buf_puts(mail, "Content-Type: multipart/mixed; ");
	repeat(mail, "boundary=", 20000);
	buf_puts(mail, "\r\n\r\n");
}

static void
comments_in_text(struct buf *mail)
{
	buf_puts(mail, "\r\nhi\n");
	repeat(mail, "-- sql comment\n", 400000);
}

/* Forty mails with the headers that big houses give them. */
static void
forwarded_mails(struct buf *mail)
{
	buf_puts(mail, "Content-Type: multipart/mixed; boundary=b\r\n\r\n");
	for (int i = 0; i < 40; i++) {
		buf_puts(mail, "--b\r\nContent-Type: message/rfc822\r\n\r\n");
		repeat(mail, "X-Filler: 0123456789012345678901234567890123456789\r\n", 200);
		buf_puts(mail, "\r\nx\r\n");
	}
}

/* As some gateways send it, against RFC 2046 section 5.2.1. */
static void
encoded_message(struct buf *mail)
{
	buf_puts(mail, "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
	               "Content-Type: message/rfc822\r\n"
	               "Content-Transfer-Encoding: base64\r\n\r\n");
	repeat(mail, "UmVjZWl2ZWQ6IGJ5IG14LmV4YW1wbGUub3JnClJlY2VpdmVkOiBieSBteC5l\r\n",
	    50000);
	buf_puts(mail, "--b--\r\n");
}

static void
nothing(struct buf *mail)
{
}

static const struct {
	const char *name;
	void (*make)(struct buf *mail);
	bool refused;
} rows[] = {
    {"boundary of one quote", one_quote, false},
    {"rule that never fits", hanging_rule, false},
    {"50,000 messages in each other", nested_messages, true},
    {"20,000 multiparts in each other", nested_multiparts, true},
    {"1,900 multiparts in each other", multiparts_to_the_limit, true},
    {"400,000 empty parts", empty_parts, true},
    {"200,000 ( in From", open_comments, false},
    {"100,000 < in From, 20,000 recipients", open_angles, false},
    {"line ends in names and subjects", line_ends_in_values, false},
    {"200,000 tags in each other", nested_tags, false},
    {"tags that do not match", unmatched_tags, false},
    {"40,000 attributes", many_attributes, false},
    {"quotes in each other", nested_quotes, false},
    {"a line of 5 MB", long_line, false},
    {"a million lines", many_short_lines, false},
    {"6,000 encoded words, 9,000 references", many_encoded_words, false},
    {"30,000 beginnings of encoded words", half_encoded_words, false},
    {"40,000 of them in From", half_words_in_from, false},
    {"10,000 parameters", many_parameters, false},
    {"500 KB of headers", long_headers, true},
    {"a calendar line of 200 KB", long_calendar_line, false},
    {"14,000 dates", many_dates, false},
    {"a bounce of 100,000 addresses", bounce_of_many, false},
    {"250 names of parts, of 4 KB each", names_of_many_parts, false},
    {"700,000 fields of a part", short_part_fields, true},
    {"1.5 MB of headers in a part", long_part_headers, true},
    {"1,000 boundaries, 90,000 lines", many_boundaries, false},
    {"20,000 times the word boundary", repeated_boundary_word, false},
    {"400,000 comments of SQL in the text", comments_in_text, false},
    {"40 forwarded mails", forwarded_mails, false},
    {"a forwarded mail in base64", encoded_message, false},
    {"nothing", nothing, false},
};

static double
cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 +
	    (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
}

static void
test_inputs(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_create();
		struct reading *reading = NULL, *back = NULL;
		struct err err = {""};
		struct buf mail, json;
		double before = cpu_seconds(), spent;
		enum td_status status;

		buf_init(&mail, 30u * 1024 * 1024);
		buf_init(&json, 16u * 1024 * 1024);
		rows[i].make(&mail);
		status = reading_parse(arena, buf_span(&mail), &context, &reading, &err);
		if ((status == TD_PERM) != rows[i].refused)
			fail_msg("%s: status %d %s", rows[i].name, (int)status, err.text);
		if (status == TD_OK) {
			reading_to_json(reading, 0, &json);
			if (reading_from_json(arena, buf_span(&json), &back, &err) != TD_OK)
				fail_msg("%s: %s", rows[i].name, err.text);
		}
		spent = cpu_seconds() - before;
		print_message("%8.3f s %6zu KB  %s\n", spent, arena_used(arena) / 1024,
		    rows[i].name);
		row_assert(spent < CPU_SECONDS, rows[i].name);
		buf_release(&mail);
		buf_release(&json);
		arena_destroy(&arena);
	}
}

static double
cost_of(void (*make)(struct buf *mail, size_t size), size_t size)
{
	struct arena *arena = arena_create();
	struct reading *reading = NULL;
	struct err err = {""};
	struct buf mail;
	double before, spent;

	buf_init(&mail, 2 * size + 1000);
	make(&mail, size);
	before = cpu_seconds();
	if (reading_parse(arena, buf_span(&mail), &context, &reading, &err) != TD_OK)
		fail_msg("%s", err.text);
	spent = cpu_seconds() - before;
	buf_release(&mail);
	arena_destroy(&arena);
	return spent;
}

/* One long field must cost time in proportion: see test-trim. */
static void
test_long_fields(void **state)
{
	static const struct {
		const char *name;
		void (*make)(struct buf *mail, size_t size);
	} fields[] = {
	    {"name of a part", part_name},
	    {"type of a part", part_type},
	    {"subject of a message in the mail", subject_in_message},
	    {"subject in a digest", subject_in_digest},
	    {"subject behind a header without an end", subject_after_type},
	    {"subject", own_subject},
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		double part = cost_of(fields[i].make, 50000);
		double whole = cost_of(fields[i].make, 8 * 50000);

		print_message("%8.3f s %8.3f s  %s\n", part, whole, fields[i].name);
		row_assert(whole < 0.2 + 8 * 4 * part, fields[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_inputs), cmocka_unit_test(test_long_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
