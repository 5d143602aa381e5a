/* SPDX-License-Identifier: ISC */
/* bounce: see bounce.h. Text is folded to lower case once; all searches are linear in it. */
#include "config.h"

#include "parsers/bounce.h"

#include <string.h>

#include "parsers/address.h"
#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "parsers/encword.h"

#define TEXT_MAX 16384
#define DIAGNOSTIC_MAX 500

struct list {
	struct arena *arena;
	struct reading_bounce *items;
	size_t n, cap;
};

/* ---- codes in text -------------------------------------------------------------------------- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "5.1.1" at the beginning of s: its length, 0 if it is none. */
static size_t
status_len(struct span s)
{
	struct span rest = span_skip(s, 2);
	uint32_t subject, detail;

	if (s.len < 5 || (*s.ptr != '2' && *s.ptr != '4' && *s.ptr != '5') || s.ptr[1] != '.')
		return 0;
	if (!num_take(&rest, 1, &subject) || subject > 7 || rest.len == 0 || *rest.ptr != '.')
		return 0;
	rest = span_skip(rest, 1);
	if (!num_take(&rest, 3, &detail))
		return 0;
	/* "5.1.1.9" is an address or a version. */
	if (rest.len > 1 && *rest.ptr == '.' && is_digit(rest.ptr[1]))
		return 0;
	return s.len - rest.len;
}

/* The first enhanced status code (RFC 3463) that stands on its own. */
static struct span
find_status(struct span text)
{
	struct span zero = {NULL, 0};

	for (size_t i = 0; i < text.len; i++) {
		size_t n;

		if (!is_digit(text.ptr[i]) ||
		    (i > 0 && (is_digit(text.ptr[i - 1]) || text.ptr[i - 1] == '.')))
			continue;
		n = status_len(span_skip(text, i));
		if (n == 0)
			continue;
		/* "5.0.0" says nothing: another may say more. */
		if (!span_is(span_first(span_skip(text, i + 1), n - 1), ".0.0"))
			return span_first(span_skip(text, i), n);
		if (zero.len == 0)
			zero = span_first(span_skip(text, i), n);
	}
	return zero;
}

/* The first SMTP reply code 4yz or 5yz that stands on its own; 0 without. */
static uint32_t
find_reply_code(struct span text)
{
	for (size_t i = 0; i + 3 <= text.len; i++) {
		char before = i > 0 ? text.ptr[i - 1] : ' ';
		char after = i + 3 < text.len ? text.ptr[i + 3] : ' ';

		if ((text.ptr[i] != '4' && text.ptr[i] != '5') || text.ptr[i + 1] > '7' ||
		    !is_digit(text.ptr[i + 1]) || !is_digit(text.ptr[i + 2]))
			continue;
		if (strchr(" \n\t(:;'\"#<[=-", before) != NULL &&
		    strchr(" \n\t-):;'\"#>],", after) != NULL)
			return (uint32_t)(text.ptr[i] - '0') * 100 +
			    (uint32_t)(text.ptr[i + 1] - '0') * 10 +
			    (uint32_t)(text.ptr[i + 2] - '0');
	}
	return 0;
}

/* ---- one recipient -------------------------------------------------------------------------- */

struct facts {
	const char *recipient;
	struct span action;     /* as in the report, empty without */
	struct span status;
	struct span diagnostic; /* folded later */
	struct span context;    /* more text to judge by where the diagnostic says nothing */
};

static bool
is_hard(const char *reason, char class)
{
	static const char *const hard[] = {"userunknown", "hostunknown", "hasmoved", "notaccept"};

	for (size_t i = 0; i < sizeof hard / sizeof *hard; i++)
		if (strcmp(reason, hard[i]) == 0)
			return class != '2' && class != '4';
	return false;
}

/* The mail system goes on trying. */
static bool
is_delayed(const struct facts *f)
{
	static const char *const phrases[] = {"will be retried", "keep trying", "still trying",
	    "will retry", "continue to try", "temporary failure", "warning message",
	    "not yet been delivered", "no action is required", "do not need to"};

	if (f->action.len > 0)
		return span_iis(f->action, "delayed");
	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
		if (span_find(f->context, span_of(phrases[i])) < f->context.len)
			return true;
	return false;
}

static char
status_class(const struct facts *f, struct span status, uint32_t code)
{
	if (status.len > 0)
		return *status.ptr;
	if (code >= 400)
		return (char)('0' + code / 100);
	if (is_delayed(f))
		return '4';
	if (span_iis(f->action, "delivered") || span_iis(f->action, "relayed") ||
	    span_iis(f->action, "expanded"))
		return '2';
	return '5';
}

static bool
says_nothing(struct span status)
{
	return status.len == 0 || span_is(span_skip(status, 1), ".0.0");
}

static const char *
token(struct arena *arena, struct span s, size_t max)
{
	char *copy = utf8_line(arena, s, max);

	for (char *p = copy; *p != '\0'; p++)
		if (!is_digit(*p) && !((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') && *p != '-')
			return NULL;
		else if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p | 0x20);
	return *copy != '\0' ? copy : NULL;
}

/* Addresses and links are no words: "filtered@example.org" does not mean filtered. */
static struct span
mask(struct arena *arena, struct span text)
{
	char *copy = arena_span(arena, text);
	struct span rest = {copy, text.len}, word;

	while (span_next_word(&rest, &word)) {
		size_t open = span_find_byte(word, '<');

		if (span_find_byte(word, '@') == word.len &&
		    span_find(word, SPAN("://")) == word.len)
			continue;
		if (open < word.len)
			word = span_skip(word, open);
		memset(copy + (word.ptr - copy), '_', word.len);
	}
	return (struct span){copy, text.len};
}

/* The recipient was accepted and its "unknown" came only after the mail: a filter said it. */
static bool
came_after_data(const struct facts *f)
{
	static const char *const phrases[] = {"in reply to end of data", ">>> data\n<<<",
	    ">>> data \n<<<", "after end of data", ">>>data\n<<<"};

	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
		if (span_find(f->context, span_of(phrases[i])) < f->context.len)
			return true;
	return false;
}

/*
 * "550 : User unknown", "550: : User unknown": the place where the server puts the address of RCPT
 * is empty, since it answers to the mail and not to an address (RFC 5321, section 3.3).
 */
static bool
names_nobody(struct span words)
{
	for (size_t i = 0; i + 5 < words.len; i++) {
		struct span rest = span_skip(words, i + 3);

		if ((i > 0 && is_digit(words.ptr[i - 1])) ||
		    find_reply_code(span_first(span_skip(words, i), 3)) == 0)
			continue;
		rest = span_skip(rest, *rest.ptr == ':');
		if (span_starts(rest, SPAN(" : ")))
			return true;
	}
	return false;
}

/* The code's subject is the address (x.1.y), or one that a server gives for an address. */
static bool
is_about_address(struct span status)
{
	return status.len > 2 && strchr("145", status.ptr[2]) != NULL;
}

/* RFC 3463, X.3.Y: something behind the server failed; an "unknown" that it hands on is not its
 * own knowledge. */
static bool
is_about_system(struct span status)
{
	return status.len > 2 && status.ptr[2] == '3';
}

static const char *
find_reason(struct arena *arena, const struct facts *f, struct span words, struct span status,
    uint32_t code)
{
	const char *reason = bounce_reason(mask(arena, words), status, code);

	if (strcmp(reason, "undefined") == 0 && f->context.len > 0)
		reason = bounce_reason(mask(arena, span_of(utf8_line(arena, f->context,
		    TEXT_MAX))), status, code);
	if (strcmp(reason, "userunknown") == 0 && !is_about_address(status) &&
	    (is_about_system(status) || came_after_data(f) || names_nobody(words)))
		reason = "filtered";
	return reason;
}

static void
add(struct list *list, const struct facts *f)
{
	struct span words = span_of(utf8_fold(list->arena,
	    span_of(utf8_line(list->arena, f->diagnostic, TEXT_MAX))));
	struct span status = find_status(words);
	struct reading_bounce *b;
	const char *reason;
	uint32_t code;
	char class;

	if (list->n == BOUNCES_MAX)
		return;
	if (says_nothing(status) && f->status.len > 0)
		status = f->status;
	code = find_reply_code(words);
	reason = find_reason(list->arena, f, words, status, code);
	class = status_class(f, status, code);
	if (class == '2')
		reason = "delivered";
	b = ARENA_PUSH(list->arena, list->items, list->n, list->cap);
	b->recipient = f->recipient;
	b->action = token(list->arena, f->action, 32);
	b->status = status.len > 0 ? arena_span(list->arena, status)
	                           : arena_printf(list->arena, "%c.0.0", class);
	b->reason = reason;
	b->diagnostic = utf8_line(list->arena, f->diagnostic, DIAGNOSTIC_MAX);
	if (*b->diagnostic == '\0')
		b->diagnostic = NULL;
	b->hard = is_hard(reason, class);
}

/* ---- message/delivery-status ----------------------------------------------------------------- */

/* "rfc822; ana@example.org", "<ana@example.org>", or the address alone. */
static const char *
report_address(struct arena *arena, struct span value)
{
	size_t semicolon = span_find_byte(value, ';');

	if (semicolon < value.len)
		value = span_skip(value, semicolon + 1);
	value = span_trim(value);
	while (value.len > 0 && (*value.ptr == '<' || *value.ptr == '"'))
		value = span_skip(value, 1);
	while (value.len > 0 &&
	    (value.ptr[value.len - 1] == '>' || value.ptr[value.len - 1] == '"'))
		value.len--;
	return address_normal(arena, value);
}

/* The fields of one group, and the text after the mail system's name in Diagnostic-Code. */
static bool
read_group(struct list *list, const struct header_list *fields, struct span context)
{
	struct span status = span_trim(header_word(header_get(fields, "Status")));
	struct facts f = {.action = header_word(header_get(fields, "Action")),
	    .status = span_first(status, status_len(status)),
	    .diagnostic = header_get(fields, "Diagnostic-Code"), .context = context};

	f.recipient = report_address(list->arena, header_get(fields, "Final-Recipient"));
	if (f.recipient == NULL)
		f.recipient = report_address(list->arena,
		    header_get(fields, "Original-Recipient"));
	if (f.recipient == NULL)
		f.recipient = report_address(list->arena, header_get(fields, "X-Actual-Recipient"));
	if (f.recipient == NULL && f.action.len == 0 && f.status.len == 0)
		return false;
	f.diagnostic = encword_decode(list->arena, f.diagnostic);
	add(list, &f);
	return true;
}

static void
read_report(struct list *list, struct span report, struct span context)
{
	while (report.len > 0 && list->n < BOUNCES_MAX) {
		struct header_list fields;

		if (header_split(list->arena, report, report.len, &fields, NULL) != TD_OK)
			return;
		read_group(list, &fields, context);
		report = span_skip(report, fields.body > 0 ? fields.body : 1);
	}
}

/* ---- prose ----------------------------------------------------------------------------------- */

/* The mail system's own words: what stands before the returned message. */
static struct span
own_words(struct span body)
{
	static const char *const marks[] = {"--- below this line", "copy of the message",
	    "original message follows", "original message header", "----- original message",
	    "return-path:", "content-type: message", "received:", "message headers follow",
	    "unsent message below", "------ this is a copy"};
	struct span rest = body, line;

	while (span_next_line(&rest, &line)) {
		struct span head = span_first(line, 100);

		for (size_t i = 0; i < sizeof marks / sizeof *marks && line.ptr > body.ptr; i++)
			if (span_ifind(head, span_of(marks[i])) < head.len)
				return span_first(body, (size_t)(line.ptr - body.ptr));
	}
	return body;
}

/* The address in a word, without the marks around it. */
static const char *
word_address(struct arena *arena, struct span word)
{
	while (word.len > 0 && strchr("<(\"'[:", *word.ptr) != NULL)
		word = span_skip(word, 1);
	if (span_istarts(word, SPAN("mailto:")))
		word = span_skip(word, 7);
	word = span_first(word, span_find_byte(word, '>'));
	while (word.len > 0 && strchr(")>\"'].:;,", word.ptr[word.len - 1]) != NULL)
		word.len--;
	return address_normal(arena, word);
}

/* Without the reply code and the status code in front. */
static struct span
without_codes(struct span line)
{
	struct span rest = line;
	uint32_t code;

	if (num_take(&rest, 3, &code) && code >= 400 && code < 600)
		line = span_trim(span_skip(rest, rest.len > 0 && strchr(":-", *rest.ptr) != NULL));
	return span_trim(span_skip(line, status_len(line)));
}

/*
 * "<ana@example.org>:", "ana@example.org", "Recipient: ana@example.org", "554 <ana@example.org>":
 * a line about someone.
 */
static const char *
line_recipient(struct arena *arena, struct span line)
{
	static const char *const labels[] = {"final-recipient:", "original-recipient:",
	    "recipient:", "rcpt to:", "address:", "user:", "failed recipient:",
	    "recipient address:"};
	struct span word;
	const char *found;

	line = without_codes(span_trim(line));
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (span_istarts(line, span_of(labels[i])))
			line = span_trim(span_skip(line, strlen(labels[i])));
	if (span_istarts(line, SPAN("rfc822;")))
		line = span_trim(span_skip(line, 7));
	if (!span_next_word(&line, &word))
		return NULL;
	found = word_address(arena, word);
	return found;
}

static const char *
first_address(struct arena *arena, struct span text)
{
	struct span word;

	while (span_next_word(&text, &word))
		if (span_find_byte(word, '@') < word.len) {
			const char *found = word_address(arena, word);

			if (found != NULL)
				return found;
		}
	return NULL;
}

static bool
is_listed(const struct list *list, const char *recipient)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].recipient != NULL &&
		    strcmp(list->items[i].recipient, recipient) == 0)
			return true;
	return false;
}

/* Each recipient is followed by what is said about it, up to the next one. */
static void
read_prose(struct list *list, struct span text, struct span context)
{
	struct span rest = text, line;
	struct facts f = {.context = context};
	bool after_sender = false;

	while (span_next_line(&rest, &line)) {
		const char *found = line_recipient(list->arena, line);
		bool sender = after_sender;

		/* "A message sent by", an empty line, and then the sender. */
		if (span_trim(line).len > 0)
			after_sender = span_ends(span_trim(line), SPAN("sent by"));
		if (sender || found == NULL ||
		    (f.recipient != NULL && strcmp(found, f.recipient) == 0) ||
		    is_listed(list, found))
			continue;
		if (f.recipient != NULL) {
			f.diagnostic.len = (size_t)(line.ptr - f.diagnostic.ptr);
			add(list, &f);
		}
		f.recipient = found;
		f.diagnostic = (struct span){line.ptr, 0};
	}
	if (f.recipient != NULL) {
		f.diagnostic.len = (size_t)(text.ptr + text.len - f.diagnostic.ptr);
		add(list, &f);
	}
}

/* A bounce that names nobody in any known way: at most one entry, by all of its words. */
static void
read_vague(struct list *list, const struct header_list *headers, struct span text)
{
	struct facts f = {.diagnostic = text, .context = text};
	struct span failed = header_get(headers, "X-Failed-Recipients");
	struct address *found;
	size_t n;

	address_list(list->arena, failed, BOUNCES_MAX, &found, &n);
	for (size_t i = 0; i < n; i++) {
		f.recipient = found[i].addr;
		add(list, &f);
	}
	if (list->n > 0)
		return;
	f.recipient = first_address(list->arena, text);
	add(list, &f);
}

/* A report in the text itself, where the mail's structure was lost on the way. */
static struct span
report_in_text(struct span text)
{
	static const char *const starts[] = {"\nReporting-MTA:", "\nFinal-Recipient:"};

	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		size_t at = span_ifind(text, span_of(starts[i]));

		if (at < text.len)
			return span_skip(text, at + 1);
	}
	return (struct span){"", 0};
}

/* Which mail came back: by its own headers, or by a copy of them in the text. */
static const char *
returned_id(struct arena *arena, const struct mime *mime)
{
	static const char field[] = "\nMessage-ID:";
	struct span value = {NULL, 0};
	struct header_list fields;
	const char **ids;
	size_t n, at = span_ifind(mime->body, span_of(field));

	if (mime->original.len > 0 && header_split(arena, mime->original, mime->original.len,
	    &fields, NULL) == TD_OK)
		value = header_get(&fields, "Message-ID");
	if (value.len == 0 && at < mime->body.len) {
		value = span_skip(mime->body, at + sizeof field - 1);
		value = span_first(value, span_find_byte(value, '\n'));
	}
	ids = header_ids(arena, value, 1, &n);
	return n > 0 ? ids[0] : NULL;
}

void
bounce_read(struct arena *arena, const struct header_list *headers, const struct mime *mime,
    struct reading *reading)
{
	struct list list = {.arena = arena};
	struct span text = span_first(own_words(mime->body), TEXT_MAX);
	struct span context = span_of(utf8_fold(arena, span_of(utf8_text(arena, text, TEXT_MAX))));

	if (mime->delivery.len > 0)
		read_report(&list, mime->delivery, context);
	if (list.n == 0)
		read_report(&list, report_in_text(span_first(mime->body, 4 * TEXT_MAX)), context);
	if (list.n == 0)
		read_prose(&list, text, context);
	if (list.n == 0)
		read_vague(&list, headers, text);
	reading->bounces = list.items;
	reading->n_bounces = list.n;
	reading->returned_id = returned_id(arena, mime);
}
