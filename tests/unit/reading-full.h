/* SPDX-License-Identifier: ISC */
/* reading-full: a reading with something in every field, for tests of its outer forms. */
#ifndef TD_TESTS_READING_FULL_H
#define TD_TESTS_READING_FULL_H

#include "parsers/reading.h"

#define READING_KEY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct reading_when friday = {.start = 1000, .end = 87400, .precision = WHEN_DAY,
    .local = "1970-01-02", .zone = "Asia/Dubai", .past = true};

static inline void
reading_fill(struct reading *r)
{
	static struct reading_rcpt rcpts[] = {{"team@example.org", "task", RCPT_TO},
	    {"team@example.org", NULL, RCPT_ENVELOPE_TO}};
	static struct reading_auth_method methods[] = {{"dmarc", "pass", "example.org"}};
	static struct reading_auth auth[] = {{"mx.example.org", 1, methods, 1}};
	static const char *words[] = {"one@example.org", "two@example.org"};
	static const char *lines[] = {"ana", "\xC3\x89va"};
	static uint32_t numbers[] = {42, 43};
	static struct reading_bounce bounces[] = {{"ben@example.org", "5.1.1", "failed",
	    "userunknown", "550 no such user", true}};
	static struct reading_trimmed trimmed[] = {{"quote", 3, 9}};
	static struct section_entry entries[] = {{.line = 2, .text = "Fixed", .items = numbers,
	    .n_items = 1, .closes = true, .seconds = 3600, .has_seconds = true, .when = &friday}};
	static struct reading_section sections[] = {{SECTION_NEXT, entries, 1}};
	static struct reading_command commands[] = {{.line = 1, .verb = "spend",
	    .source = "/spend -30m", .bare = false, .items = numbers, .n_items = 2,
	    .people = lines, .n_people = 2, .when = &friday, .seconds = -1800,
	    .has_seconds = true, .priority = PRIORITY_P2, .tags = lines, .n_tags = 1,
	    .text = "a\n\tnote"}};
	static struct reading_mention mentions[] = {{"item", "42"}};
	static struct reading_error errors[] = {{4, "/foo", "not a command", NULL}};
	static struct reading_attendee attendees[] = {{"chi@example.org", "Chi", "ACCEPTED", NULL}};
	static struct reading_event events[] = {{.method = "REPLY", .uid = "u@example.org",
	    .sequence = 2, .dtstamp = 1700000000, .organizer = "ana@example.org",
	    .comment = "Too early", .attendees = attendees, .n_attendees = 1, .start = 1, .end = 2,
	    .zone = "Europe/Berlin", .rule = "FREQ=WEEKLY;BYDAY=MO,TU"}};
	static struct reading_attachment attachments[] = {{"a.txt", "text/plain", 5, READING_KEY}};

	*r = (struct reading){.version = READING_VERSION, .auto_kind = AUTO_CALENDAR,
	    .auto_why = "method=REPLY", .bounces = bounces, .n_bounces = 1,
	    .returned_id = "d7@example.org", .text = "a\tb\n\"c\"",
	    .trimmed = trimmed, .n_trimmed = 1, .sections = sections, .n_sections = 1,
	    .commands = commands, .n_commands = 1, .mentions = mentions, .n_mentions = 1,
	    .errors = errors, .n_errors = 1, .events = events, .n_events = 1, .links = words,
	    .n_links = 2, .attachments = attachments, .n_attachments = 1};
	r->message = (struct reading_message){.id = "x@example.org", .date = -5, .has_date = true,
	    .from = "ana@example.org", .from_name = "Ana", .from_count = 1,
	    .return_path = "", .subject = "S", .references = words, .n_references = 2,
	    .rcpts = rcpts, .n_rcpts = 2, .auth = auth, .n_auth = 1, .received_by = words,
	    .n_received_by = 1, .list_id = "l", .loop = "v1", .key = READING_KEY, .size = 77};
	r->target = (struct reading_target){"task", KIND_TASK, 42, "abcd"};
	r->fields = (struct reading_fields){.title = "T", .owners = lines, .n_owners = 2,
	    .due = &friday, .estimate = 10800, .depends = numbers, .n_depends = 2};
}

#endif
