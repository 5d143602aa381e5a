/* SPDX-License-Identifier: ISC */
/* reading_shape: see reading_shape.h. The order of the rows is the order of the keys. */
#include "config.h"

#include "parsers/reading_shape.h"

#include "parsers/address.h"
#include "parsers/base/utf8.h"
#include "parsers/reading.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Rows. S is the struct, f its member, n its count. */
#define STRING(S, f, k, t, max, fl)                                                                \
	{                                                                                          \
		.key = k, .type = t, .flags = fl, .offset = offsetof(struct S, f), .bytes = max    \
	}
#define LINE(S, f, max) STRING(S, f, #f, SHAPE_LINE, max, 0)
#define TOKEN(S, f, max) STRING(S, f, #f, SHAPE_TOKEN, max, 0)
#define WORD(S, f, max) STRING(S, f, #f, SHAPE_WORD, max, 0)
#define ADDRESS(S, f) STRING(S, f, #f, SHAPE_ADDRESS, SHAPE_ADDRESS_MAX, 0)
#define HEX(S, f) STRING(S, f, #f, SHAPE_HEX, 64, SHAPE_ALWAYS)
#define PLAIN(S, f, t, fl)                                                                         \
	{                                                                                          \
		.key = #f, .type = t, .flags = fl, .offset = offsetof(struct S, f)                 \
	}
#define BOOL(S, f) PLAIN(S, f, SHAPE_BOOL, 0)
#define I64_IF(S, f, has)                                                                          \
	{                                                                                          \
		.key = #f, .type = SHAPE_I64, .offset = offsetof(struct S, f),                     \
		.n_offset = offsetof(struct S, has)                                                \
	}
#define ENUM(S, f, k, table, fl)                                                                   \
	{                                                                                          \
		.key = k, .type = SHAPE_ENUM, .flags = fl, .offset = offsetof(struct S, f),        \
		.names = table, .count = COUNT(table)                                              \
	}
#define STRINGS(S, f, t, most, max)                                                                \
	{                                                                                          \
		.key = #f, .type = t, .offset = offsetof(struct S, f),                             \
		.n_offset = offsetof(struct S, n_##f), .bytes = max, .count = most                 \
	}
#define LINES(S, f, most, max) STRINGS(S, f, SHAPE_LINES, most, max)
#define NUMBERS(S, f, most) STRINGS(S, f, SHAPE_NUMBERS, most, 0)
#define LIST(S, f, k, s, most, fl)                                                                 \
	{                                                                                          \
		.key = k, .type = SHAPE_LIST, .flags = fl, .offset = offsetof(struct S, f),        \
		.n_offset = offsetof(struct S, n_##f), .count = most, .of = &(s)                   \
	}
#define POINTER(S, f, s)                                                                           \
	{                                                                                          \
		.key = #f, .type = SHAPE_POINTER, .offset = offsetof(struct S, f), .of = &(s)      \
	}
#define INNER(k, at, s)                                                                            \
	{                                                                                          \
		.key = k, .type = SHAPE_INNER, .flags = SHAPE_ALWAYS, .offset = at, .of = &(s)     \
	}
#define SHAPE(name, S)                                                                             \
	static const struct shape name##_shape = {name##_fields, COUNT(name##_fields),             \
	    sizeof(struct S)}

static const char *const rcpt_names[] = {"to", "cc", "delivered-to", "x-original-to",
    "envelope-to"};
static const char *const auto_names[] = {"none", "reply", "vacation", "list", "bulk", "bounce",
    "report", "calendar", "loop", "other"};
static const char *const kind_names[] = {"none", "task", "update", "time", "off", "decide",
    "urgent", "help", "query", "undo"};
static const char *const precision_names[] = {"day", "minute", "week"};
static const char *const priority_names[] = {"none", "p1", "p2", "p3", "p4"};
static const char *const section_names[] = {"done", "next", "blocked", "goals", "time", "notes"};

static const struct shape_field rcpt_fields[] = {
    STRING(reading_rcpt, address, "address", SHAPE_ADDRESS, SHAPE_ADDRESS_MAX, SHAPE_ALWAYS),
    WORD(reading_rcpt, tag, 128),
    ENUM(reading_rcpt, source, "source", rcpt_names, SHAPE_ALWAYS),
};
SHAPE(rcpt, reading_rcpt);

static const struct shape_field method_fields[] = {
    STRING(reading_auth_method, method, "method", SHAPE_TOKEN, 32, SHAPE_ALWAYS),
    STRING(reading_auth_method, result, "result", SHAPE_TOKEN, 32, SHAPE_ALWAYS),
    WORD(reading_auth_method, domain, 255),
};
SHAPE(method, reading_auth_method);

static const struct shape_field auth_fields[] = {
    STRING(reading_auth, authserv_id, "authserv_id", SHAPE_WORD, 255, SHAPE_ALWAYS),
    PLAIN(reading_auth, received_before, SHAPE_U32, SHAPE_ALWAYS),
    LIST(reading_auth, methods, "methods", method_shape, 50, 0),
};
SHAPE(auth, reading_auth);

static const struct shape_field message_fields[] = {
    WORD(reading_message, id, 998),
    I64_IF(reading_message, date, has_date),
    ADDRESS(reading_message, from),
    LINE(reading_message, from_name, 255),
    PLAIN(reading_message, from_count, SHAPE_U32, SHAPE_ALWAYS),
    LIST(reading_message, rcpts, "to", rcpt_shape, 500, 0),
    ADDRESS(reading_message, sender),
    STRING(reading_message, return_path, "return_path", SHAPE_WORD, SHAPE_ADDRESS_MAX, 0),
    LINE(reading_message, subject, 2000),
    WORD(reading_message, in_reply_to, 998),
    STRINGS(reading_message, references, SHAPE_WORDS, 200, 998),
    LIST(reading_message, auth, "auth", auth_shape, 50, 0),
    STRINGS(reading_message, received_by, SHAPE_WORDS, 100, 255),
    LINE(reading_message, list_id, 255),
    WORD(reading_message, loop, 255),
    HEX(reading_message, key),
    PLAIN(reading_message, size, SHAPE_U64, SHAPE_ALWAYS),
};
SHAPE(message, reading_message);

static const struct shape_field auto_fields[] = {
    {.key = "is", .type = SHAPE_IS, .flags = SHAPE_ALWAYS,
        .offset = offsetof(struct reading, auto_kind)},
    ENUM(reading, auto_kind, "kind", auto_names, SHAPE_ALWAYS),
    STRING(reading, auto_why, "why", SHAPE_LINE, 200, 0),
};
SHAPE(auto, reading);

static const struct shape_field bounce_fields[] = {
    ADDRESS(reading_bounce, recipient),
    TOKEN(reading_bounce, status, 16),
    TOKEN(reading_bounce, action, 32),
    TOKEN(reading_bounce, reason, 32),
    LINE(reading_bounce, diagnostic, 500),
    PLAIN(reading_bounce, hard, SHAPE_BOOL, SHAPE_ALWAYS),
};
SHAPE(bounce, reading_bounce);

static const struct shape_field target_fields[] = {
    WORD(reading_target, tag, 128),
    ENUM(reading_target, kind, "kind", kind_names, SHAPE_ALWAYS),
    PLAIN(reading_target, item, SHAPE_U32, 0),
    WORD(reading_target, token, 128),
};
SHAPE(target, reading_target);

static const struct shape_field when_fields[] = {
    PLAIN(reading_when, start, SHAPE_I64, SHAPE_ALWAYS),
    PLAIN(reading_when, end, SHAPE_I64, SHAPE_ALWAYS),
    ENUM(reading_when, precision, "precision", precision_names, SHAPE_ALWAYS),
    TOKEN(reading_when, local, 32),
    TOKEN(reading_when, local_end, 32),
    TOKEN(reading_when, zone, 64),
    BOOL(reading_when, past),
};
SHAPE(when, reading_when);

static const struct shape_field fields_fields[] = {
    LINE(reading_fields, title, 2000),
    LINE(reading_fields, project, 100),
    LINES(reading_fields, owners, 50, 255),
    POINTER(reading_fields, due, when_shape),
    BOOL(reading_fields, due_none),
    POINTER(reading_fields, start, when_shape),
    ENUM(reading_fields, priority, "priority", priority_names, 0),
    LINES(reading_fields, tags, 100, 100),
    LINES(reading_fields, tags_off, 100, 100),
    PLAIN(reading_fields, estimate, SHAPE_I64, 0),
    LINE(reading_fields, status, 100),
    NUMBERS(reading_fields, depends, 200),
    LINES(reading_fields, watch, 50, 255),
    LINE(reading_fields, cover, 255),
    LINES(reading_fields, options, 50, 1000),
};
SHAPE(fields, reading_fields);

static const struct shape_field entry_fields[] = {
    PLAIN(section_entry, line, SHAPE_U32, SHAPE_ALWAYS),
    STRING(section_entry, text, "text", SHAPE_TEXT, 10000, 0),
    NUMBERS(section_entry, items, 200),
    BOOL(section_entry, closes),
    I64_IF(section_entry, seconds, has_seconds),
    POINTER(section_entry, when, when_shape),
    LINE(section_entry, project, 100),
};
SHAPE(entry, section_entry);

static const struct shape_field section_fields[] = {
    ENUM(reading_section, kind, "kind", section_names, SHAPE_ALWAYS),
    LIST(reading_section, entries, "entries", entry_shape, 1000, 0),
};
SHAPE(section, reading_section);

static const struct shape_field args_fields[] = {
    NUMBERS(reading_command, items, 200),
    LINES(reading_command, people, 50, 255),
    POINTER(reading_command, when, when_shape),
    BOOL(reading_command, none),
    I64_IF(reading_command, seconds, has_seconds),
    ENUM(reading_command, priority, "priority", priority_names, 0),
    LINE(reading_command, project, 100),
    LINES(reading_command, tags, 100, 100),
    LINES(reading_command, tags_off, 100, 100),
    LINE(reading_command, word, 1000),
    BOOL(reading_command, flag),
    LINE(reading_command, half, 20),
    LINE(reading_command, cover, 255),
    STRING(reading_command, text, "text", SHAPE_TEXT, 10000, 0),
};
SHAPE(args, reading_command);

static const struct shape_field command_fields[] = {
    PLAIN(reading_command, line, SHAPE_U32, SHAPE_ALWAYS),
    STRING(reading_command, verb, "verb", SHAPE_TOKEN, 32, SHAPE_ALWAYS),
    LINE(reading_command, source, 200),
    BOOL(reading_command, bare),
    INNER("args", 0, args_shape),
};
SHAPE(command, reading_command);

static const struct shape_field trimmed_fields[] = {
    STRING(reading_trimmed, why, "why", SHAPE_TOKEN, 32, SHAPE_ALWAYS),
    PLAIN(reading_trimmed, from_line, SHAPE_U32, SHAPE_ALWAYS),
    PLAIN(reading_trimmed, to_line, SHAPE_U32, SHAPE_ALWAYS),
};
SHAPE(trimmed, reading_trimmed);

static const struct shape_field mention_fields[] = {
    STRING(reading_mention, what, "what", SHAPE_TOKEN, 32, SHAPE_ALWAYS),
    STRING(reading_mention, name, "name", SHAPE_LINE, 255, SHAPE_ALWAYS),
};
SHAPE(mention, reading_mention);

static const struct shape_field error_fields[] = {
    PLAIN(reading_error, line, SHAPE_U32, SHAPE_ALWAYS),
    LINE(reading_error, text, 500),
    STRING(reading_error, why, "why", SHAPE_LINE, 1000, SHAPE_ALWAYS),
    LINE(reading_error, suggestion, 500),
};
SHAPE(error, reading_error);

static const struct shape_field attendee_fields[] = {
    ADDRESS(reading_attendee, address),
    LINE(reading_attendee, name, 255),
    TOKEN(reading_attendee, partstat, 32),
    ADDRESS(reading_attendee, sent_by),
};
SHAPE(attendee, reading_attendee);

static const struct shape_field event_fields[] = {
    TOKEN(reading_event, method, 32),
    LINE(reading_event, uid, 998),
    PLAIN(reading_event, sequence, SHAPE_I64, SHAPE_ALWAYS),
    PLAIN(reading_event, dtstamp, SHAPE_I64, 0),
    ADDRESS(reading_event, organizer),
    LINE(reading_event, summary, 1000),
    LINE(reading_event, location, 1000),
    TOKEN(reading_event, status, 32),
    LINE(reading_event, comment, 1000),
    LIST(reading_event, attendees, "attendees", attendee_shape, 500, 0),
    PLAIN(reading_event, start, SHAPE_I64, 0),
    PLAIN(reading_event, end, SHAPE_I64, 0),
    BOOL(reading_event, all_day),
    TOKEN(reading_event, zone, 64),
    LINE(reading_event, rule, 1000),
    LINE(reading_event, recurrence_id, 255),
    WORD(reading_event, conference, 2000),
    LINE(reading_event, error, 500),
};
SHAPE(event, reading_event);

static const struct shape_field attachment_fields[] = {
    LINE(reading_attachment, name, 255),
    TOKEN(reading_attachment, type, 255),
    PLAIN(reading_attachment, size, SHAPE_U64, SHAPE_ALWAYS),
    HEX(reading_attachment, sha256),
};
SHAPE(attachment, reading_attachment);

static const struct shape_field reading_fields_[] = {
    PLAIN(reading, version, SHAPE_U32, SHAPE_ALWAYS),
    INNER("message", offsetof(struct reading, message), message_shape),
    INNER("auto", 0, auto_shape),
    LIST(reading, bounces, "bounce", bounce_shape, 100, SHAPE_ALWAYS),
    WORD(reading, returned_id, 998),
    INNER("target", offsetof(struct reading, target), target_shape),
    STRING(reading, text, "text", SHAPE_TEXT, 1024 * 1024, SHAPE_ALWAYS),
    LIST(reading, trimmed, "trimmed", trimmed_shape, 10000, SHAPE_ALWAYS),
    INNER("fields", offsetof(struct reading, fields), fields_shape),
    LIST(reading, sections, "sections", section_shape, 100, SHAPE_ALWAYS),
    LIST(reading, commands, "commands", command_shape, 1000, SHAPE_ALWAYS),
    LIST(reading, mentions, "mentions", mention_shape, 1000, SHAPE_ALWAYS),
    LIST(reading, errors, "errors", error_shape, 1000, SHAPE_ALWAYS),
    LIST(reading, events, "calendar", event_shape, 50, SHAPE_ALWAYS),
    {.key = "links", .type = SHAPE_WORDS, .flags = SHAPE_ALWAYS,
        .offset = offsetof(struct reading, links),
        .n_offset = offsetof(struct reading, n_links), .bytes = 2000, .count = 200},
    LIST(reading, attachments, "attachments", attachment_shape, 1000, SHAPE_ALWAYS),
};

const struct shape reading_shape = {reading_fields_, COUNT(reading_fields_),
    sizeof(struct reading)};

static bool
is_token(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
			c == '.' || c == '_' || c == '-' || c == '+' || c == '/' || c == ':'))
			return false;
	}
	return s.len > 0;
}

static bool
is_word(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == ' ' || s.ptr[i] == '<' || s.ptr[i] == '>' || s.ptr[i] == '"')
			return false;
	return utf8_clean(s, UTF8_LINE);
}

bool
shape_string_ok(enum shape_type type, struct span s, size_t max)
{
	if (s.len > max)
		return false;
	if (type == SHAPE_TOKEN)
		return is_token(s);
	if (type == SHAPE_WORD || type == SHAPE_WORDS)
		return is_word(s);
	if (type == SHAPE_ADDRESS)
		return address_valid(s);
	return utf8_clean(s, type == SHAPE_TEXT ? UTF8_LINES : UTF8_LINE);
}

bool
shape_is_free_text(enum shape_type type)
{
	return type == SHAPE_LINE || type == SHAPE_LINES || type == SHAPE_TEXT;
}

bool
shape_hex_ok(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!((s.ptr[i] >= '0' && s.ptr[i] <= '9') || (s.ptr[i] >= 'a' && s.ptr[i] <= 'f')))
			return false;
	return s.len == 0 || s.len == 64;
}

enum td_status
reading_check(const struct reading *reading, struct err *err)
{
	const struct reading_message *m = &reading->message;

	if (reading->version != READING_VERSION)
		return err_perm(err, "reading: version %u is not %u", reading->version,
		    READING_VERSION);
	if (m->from != NULL && m->from_count != 1)
		return err_perm(err, "reading: \"from\" with %u addresses", m->from_count);
	if (m->key[0] == '\0')
		return err_perm(err, "reading: \"key\" is empty");
	for (size_t i = 0; i < reading->n_trimmed; i++)
		if (reading->trimmed[i].from_line > reading->trimmed[i].to_line)
			return err_perm(err, "reading: \"trimmed\" runs backwards");
	return TD_OK;
}
