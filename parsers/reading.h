/* SPDX-License-Identifier: ISC */
/*
 * reading: what one mail says. The parser makes it from the bytes, the store process takes it
 * over as JSON and validates it, the tool prints it. It is the only thing that crosses from the
 * sandboxed side to the trusted side, so every field has a plain type and a limit (reading.c).
 *
 * All memory belongs to the arena the reading was made in. Strings are valid UTF-8 without NUL,
 * CR, bidirectional overrides or other control characters; only `text` and the like may hold LF
 * and TAB. A string that the mail did not have is NULL; a list that it did not have has n 0.
 */
#ifndef TD_READING_H
#define TD_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/err.h"

#define READING_VERSION 1

/* ---- message: the envelope as the headers tell it (RFC 5322) ---------------------------- */

/* Where an address of ours was seen. */
enum rcpt_source { RCPT_TO, RCPT_CC, RCPT_DELIVERED_TO, RCPT_X_ORIGINAL_TO, RCPT_ENVELOPE_TO };

struct reading_rcpt {
	const char *address; /* local part as written, domain lower case, without the tag */
	const char *tag;     /* what stood after '+' in the local part, NULL without */
	enum rcpt_source source;
};

/* One Authentication-Results header (RFC 8601), in the order of the headers. */
struct reading_auth_method {
	const char *method; /* "dmarc", "dkim", "spf" */
	const char *result; /* "pass", "fail", ... */
	const char *domain; /* header.from, header.d, header.i or smtp.mailfrom: the domain only */
};

struct reading_auth {
	const char *authserv_id;
	uint32_t received_before; /* number of Received headers that stand above it */
	struct reading_auth_method *methods;
	size_t n_methods;
};

struct reading_message {
	const char *id; /* Message-ID without < >; NULL if missing or not one */
	int64_t date;   /* Date header in UTC seconds; 0 if !has_date */
	bool has_date;
	const char *from; /* the one address of From; NULL unless there is exactly one (L0) */
	const char *from_name;
	uint32_t from_count; /* mailboxes in all From headers together */
	const char *sender;  /* Sender's address: for display, identifies nobody */
	const char *return_path; /* "" for <> */
	const char *subject; /* decoded, one line, as it came but for a reply token */
	const char *in_reply_to;
	const char **references; /* oldest first */
	size_t n_references;
	struct reading_rcpt *rcpts;
	size_t n_rcpts;
	struct reading_auth *auth;
	size_t n_auth;
	const char **received_by; /* the "by" host of each Received header, top first */
	size_t n_received_by;
	const char *list_id; /* List-Id, without < > */
	const char *loop;    /* our own loop header's value, NULL without */
	char key[65];        /* SHA-256, hex: Message-ID, From, Date, Subject and decoded parts */
	uint64_t size;       /* octets of the mail */
};

/* ---- automatic mail and bounces (RFC 3834, RFC 3464) ------------------------------------- */

enum auto_kind {
	AUTO_NONE, /* a person wrote it */
	AUTO_REPLY,
	AUTO_VACATION,
	AUTO_LIST,
	AUTO_BULK,
	AUTO_BOUNCE,
	AUTO_REPORT, /* ARF, DMARC and the like */
	AUTO_CALENDAR, /* calendar reply */
	AUTO_LOOP,   /* our own mail came back */
	AUTO_OTHER,
};

struct reading_bounce {
	const char *recipient;
	const char *status; /* RFC 3463: "5.1.1" */
	const char *action; /* RFC 3464: "failed", "delayed", ... */
	const char *reason; /* "userunknown", "mailboxfull", ... */
	const char *diagnostic;
	bool hard; /* final: do not try this address again */
};

/* ---- what it is about (GRAMMAR 1 and 2) -------------------------------------------------- */

enum target_kind {
	KIND_NONE, /* nothing in the mail says; the thread or the team's default decides */
	KIND_TASK,
	KIND_UPDATE,
	KIND_TIME,
	KIND_OFF,
	KIND_DECIDE,
	KIND_URGENT,
	KIND_HELP,
	KIND_QUERY, /* the subject is a question: commands[0] holds list, show, search,
	               who or timesheet */
	KIND_UNDO,
};

struct reading_target {
	const char *tag; /* the plus tag (or subject prefix) that decided, NULL without */
	enum target_kind kind;
	uint32_t item;     /* #n from the subject, 0 without */
	const char *token; /* reply token, NULL without */
};

/* ---- dates and amounts ------------------------------------------------------------------- */

enum when_precision { WHEN_DAY, WHEN_MINUTE, WHEN_WEEK };

struct reading_when {
	int64_t start; /* UTC seconds; a day starts at local midnight in `zone` */
	int64_t end;   /* exclusive; for a moment (WHEN_MINUTE without range) equal to start */
	enum when_precision precision;
	const char *local; /* "2026-10-12", "2026-10-12T17:00" or "2026-W41": start, as meant */
	const char *local_end; /* last day or end time of a range, NULL without */
	const char *zone;  /* IANA name the expression was meant in */
	bool past;
};

/* ---- fields of an item: from the subject's end and the top block ------------------------- */

enum priority { PRIORITY_NONE, PRIORITY_P1, PRIORITY_P2, PRIORITY_P3, PRIORITY_P4 };

struct reading_fields {
	const char *title; /* subject without prefixes, list tags and trailing tokens */
	const char *project;
	const char **owners; /* names or addresses as written, without '@' before a name */
	size_t n_owners;
	struct reading_when *due; /* NULL without; */
	bool due_none;            /* "due: none" */
	struct reading_when *start;
	enum priority priority;
	const char **tags;
	size_t n_tags;
	const char **tags_off; /* "-old" */
	size_t n_tags_off;
	int64_t estimate; /* seconds, 0 without */
	const char *status; /* as written, lower case */
	uint32_t *depends;
	size_t n_depends;
	const char **watch; /* people, as owners */
	size_t n_watch;
	const char *cover;
	const char **options; /* of a decision */
	size_t n_options;
};

/* ---- sections (GRAMMAR 4.4) --------------------------------------------------------------- */

enum section_kind { SECTION_DONE, SECTION_NEXT, SECTION_BLOCKED, SECTION_GOALS, SECTION_TIME,
	SECTION_NOTES };

struct section_entry {
	uint32_t line; /* line of `text`, from 1 */
	const char *text; /* without bullet, box and closing "(1h30m)" */
	uint32_t *items;  /* #n named in it */
	size_t n_items;
	bool closes;      /* "[x] #42" */
	int64_t seconds;  /* time logged by it, 0 without */
	bool has_seconds;
	struct reading_when *when; /* day or range of a time line, NULL without */
	const char *project;
};

struct reading_section {
	enum section_kind kind;
	struct section_entry *entries;
	size_t n_entries;
};

/* ---- commands (GRAMMAR 4.2, 4.3 and 5) ----------------------------------------------------
 * The verbs stand in parsers/verb.h, one table for reading, help and the man page. A command's
 * arguments are a fixed set of typed fields; a verb uses those that its table row allows.
 */

struct reading_command {
	uint32_t line;    /* line of `text`, from 1; 0 for one that came from the subject */
	const char *verb; /* canonical name from the verb table: "done", "spend", "due" */
	const char *source; /* the line as written, at most 200 bytes */
	bool bare;        /* written without the slash */
	uint32_t *items;
	size_t n_items;
	const char **people; /* as written, without '@' before a name */
	size_t n_people;
	struct reading_when *when;
	bool none;        /* "/due none", "/digest off" */
	int64_t seconds;  /* duration; may be negative in /spend */
	bool has_seconds;
	enum priority priority;
	const char *project;
	const char **tags;
	size_t n_tags;
	const char **tags_off;
	size_t n_tags_off;
	const char *word; /* option, undo code, language, zone, kind of absence, week, filter */
	bool flag;        /* billable, half-day; where /depends takes off, its item is named */
	const char *half; /* of the day: "morning", "afternoon"; NULL: not said */
	const char *cover;
	const char *text; /* free text: note, reason, title, words to search */
};

struct reading_error {
	uint32_t line;          /* as in reading_command */
	const char *text;       /* the line as written */
	const char *why;        /* one sentence */
	const char *suggestion; /* a line to copy, NULL without */
};

/* ---- the rest ------------------------------------------------------------------------------ */

struct reading_trimmed {
	const char *why; /* "quote", "attribution", "signature", "disclaimer", "footer", ... */
	uint32_t from_line; /* lines of the decoded body, from 1 */
	uint32_t to_line;
};

struct reading_mention {
	const char *what; /* "item", "person", "project", "tag" */
	const char *name; /* "42", "ana", "web" */
};

struct reading_attendee {
	const char *address;
	const char *name;
	const char *partstat;
	const char *sent_by;
};

struct reading_event {
	const char *method;
	const char *uid;
	int64_t sequence;
	int64_t dtstamp;
	const char *organizer;
	const char *summary;
	const char *location;
	const char *status;
	const char *comment; /* of who answers, in one line */
	struct reading_attendee *attendees;
	size_t n_attendees;
	int64_t start, end; /* UTC seconds; of a whole day: UTC midnight */
	bool all_day;
	const char *zone; /* IANA; NULL for UTC or floating */
	const char *rule; /* RRULE's value */
	const char *recurrence_id;
	const char *conference;
	const char *error; /* why the rest could not be read, NULL when it could */
};

struct reading_attachment {
	const char *name;
	const char *type;
	uint64_t size; /* decoded octets */
	char sha256[65];
};

struct reading {
	uint32_t version;
	struct reading_message message;
	enum auto_kind auto_kind;
	const char *auto_why; /* the header or shape that decided, NULL for AUTO_NONE */
	struct reading_bounce *bounces;
	size_t n_bounces;
	const char *returned_id; /* Message-ID of the mail that a bounce gives back, NULL without */
	struct reading_target target;
	const char *text; /* the author's own words; never NULL */
	struct reading_trimmed *trimmed;
	size_t n_trimmed;
	struct reading_fields fields;
	struct reading_section *sections;
	size_t n_sections;
	struct reading_command *commands;
	size_t n_commands;
	struct reading_mention *mentions;
	size_t n_mentions;
	struct reading_error *errors;
	size_t n_errors;
	struct reading_event *events;
	size_t n_events;
	const char **links;
	size_t n_links;
	struct reading_attachment *attachments;
	size_t n_attachments;
};

/* The limits where nobody sets others: of the configuration, and of whoever reads without one. */
enum {
	READING_MAIL_BYTES = 25 * 1024 * 1024,
	READING_MIME_DEPTH = 50,
	READING_MIME_PARTS = 1000,
	READING_HEADER_BYTES = 256 * 1024,
	READING_ICS_BYTES = 256 * 1024,
	READING_COMMANDS = 200,
};

/* What a mail is read against. The parser takes no clock and no file: all of it stands here. */
struct reading_limits {
	uint64_t mail_bytes;
	uint32_t mime_depth;
	uint32_t mime_parts;
	uint32_t header_bytes;
	uint32_t html_bytes;    /* 256 KiB */
	uint32_t ics_bytes;
	uint32_t text_bytes;    /* 1 MiB of decoded text */
	uint32_t commands;
};

extern const struct reading_limits reading_limits_default;

struct reading_context {
	int64_t now;           /* arrival, UTC seconds */
	const char *zone;      /* sender's zone, used where zone_of is NULL or does not know */
	/* The zone of a sender (lower-case address), or NULL when unknown. */
	const char *(*zone_of)(void *user, const char *address);
	void *user;
	uint32_t day_seconds;  /* what "1d" means; 0 for 8 hours */
	const struct reading_limits *limits; /* NULL for the default */
};

/*
 * Reads a mail. Any bytes give a reading: what could not be read is left out or stands in
 * errors. TD_PERM only when a limit refuses the whole mail (text in err).
 */
TD_CHECK enum td_status reading_parse(struct arena *arena, struct span mail,
    const struct reading_context *context, struct reading **reading_r, struct err *err);

/* The stable JSON form (one object; pretty with indent > 0), appended to out. */
struct buf;
void reading_to_json(const struct reading *reading, int indent, struct buf *out);

/* The form from process to process, appended to out; and back, every field checked for length,
 * count, range and character set. Not kept: another version may have another one. */
void reading_pack(const struct reading *reading, struct buf *out);
TD_CHECK enum td_status reading_unpack(struct arena *arena, struct span packed,
    struct reading **reading_r, struct err *err);

/* The JSON form back, every field checked for type, length, count and character set. */
TD_CHECK enum td_status reading_from_json(struct arena *arena, struct span json,
    struct reading **reading_r, struct err *err);

#endif
