/* SPDX-License-Identifier: ISC */
/* header: see header.h. Authentication-Results and Received are in parsers/trace.c. */
#include "config.h"

#include "parsers/header.h"

#include <gmime/gmime.h>
#include <string.h>

#include "parsers/address.h"
#include "parsers/base/utf8.h"
#include "parsers/encword.h"
#include "parsers/trace.h"

#define REFERENCES_MAX 200
#define RCPTS_MAX 500
#define ID_MAX 998
#define SUBJECT_MAX 2000
#define LIST_ID_MAX 255
#define DATE_MAX 128
#define YEAR_10000 INT64_C(253402300800)

/* The field's name in a line, empty if the line is no field. */
static struct span
field_name(struct span line)
{
	size_t colon = span_find_byte(line, ':');
	struct span name = span_rtrim(span_first(line, colon));

	if (colon == line.len || colon == 0)
		return (struct span){NULL, 0};
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] <= ' ' || (unsigned char)name.ptr[i] >= 0x7F)
			return (struct span){NULL, 0};
	return name;
}


enum td_status
header_split(struct arena *arena, struct span mail, size_t max_bytes, struct header_list *list_r,
    struct err *err)
{
	struct header_list list = {NULL, 0, 0};
	struct header *current = NULL;
	struct span rest = mail, line;
	size_t cap = 0;

	while (span_next_line(&rest, &line) && line.len > 0) {
		struct span name;

		if ((size_t)(rest.ptr - mail.ptr) > max_bytes)
			return err_perm(err, "the headers are longer than %zu bytes", max_bytes);
		if (*line.ptr == ' ' || *line.ptr == '\t') {
			if (current != NULL)
				current->value.len =
				    (size_t)(line.ptr + line.len - current->value.ptr);
			continue;
		}
		name = field_name(line);
		current = NULL;
		if (name.len == 0)
			continue;
		current = ARENA_PUSH(arena, list.items, list.n, cap);
		current->name = name;
		current->value = span_skip(line, span_find_byte(line, ':') + 1);
	}
	for (size_t i = 0; i < list.n; i++)
		list.items[i].value = span_trim(list.items[i].value);
	list.body = (size_t)(rest.ptr - mail.ptr);
	*list_r = list;
	return TD_OK;
}

static const struct header *
find(const struct header_list *list, const char *name)
{
	struct span wanted = span_of(name);

	for (size_t i = 0; i < list->n; i++)
		if (span_ieq(list->items[i].name, wanted))
			return &list->items[i];
	return NULL;
}

struct span
header_get(const struct header_list *list, const char *name)
{
	const struct header *h = find(list, name);

	return h != NULL ? h->value : (struct span){"", 0};
}

bool
header_has(const struct header_list *list, const char *name)
{
	return find(list, name) != NULL;
}

size_t
header_count(const struct header_list *list, const char *name)
{
	struct span wanted = span_of(name);
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += span_ieq(list->items[i].name, wanted);
	return n;
}

char *
header_text(struct arena *arena, struct span raw, size_t max)
{
	/* Encoded words grow at most fourfold when decoded; the rest would be cut anyway. */
	return utf8_line(arena, encword_decode(arena, span_first(raw, 8 * max + 1024)), max);
}

struct span
header_word(struct span raw)
{
	raw = span_first(raw, span_find_byte(raw, ';'));
	raw = span_first(raw, span_find_byte(raw, '('));
	return span_trim(raw);
}

static bool
id_ok(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] <= ' ' || strchr("<>\"", s.ptr[i]) != NULL)
			return false;
	return s.len > 0 && s.len <= ID_MAX && utf8_clean(s, UTF8_LINE);
}

/* Takes the next <id> off *rest. */
static bool
next_id(struct span *rest, struct span *id_r)
{
	while (rest->len > 0) {
		size_t open = span_find_byte(*rest, '<');
		struct span inside = span_skip(*rest, open + 1);
		size_t close = span_find_byte(inside, '>');
		struct span id = span_trim(span_first(inside, close));

		if (close == inside.len)
			break;
		*rest = span_skip(inside, close + 1);
		if (id_ok(id)) {
			*id_r = id;
			return true;
		}
	}
	*rest = (struct span){"", 0};
	return false;
}

const char **
header_ids(struct arena *arena, struct span raw, size_t max, size_t *n_r)
{
	const char **ids = NULL;
	struct span rest = raw, id;
	size_t total = 0, skip, n = 0;

	*n_r = 0;
	while (next_id(&rest, &id))
		total++;
	if (total == 0)
		return NULL;
	skip = total > max ? total - max : 0;
	ids = arena_array(arena, total - skip, sizeof *ids);
	for (rest = raw; next_id(&rest, &id);)
		if (skip > 0)
			skip--;
		else
			ids[n++] = arena_span(arena, id);
	*n_r = n;
	return ids;
}

/* The first id of a value; a bare word with '@' counts too. */
static const char *
first_id(struct arena *arena, struct span raw)
{
	struct span rest = raw, id;

	if (next_id(&rest, &id))
		return arena_span(arena, id);
	raw = span_trim(raw);
	if (span_find_byte(raw, '@') < raw.len && id_ok(raw))
		return arena_span(arena, raw);
	return NULL;
}

bool
header_date(struct arena *arena, struct span raw, int64_t *seconds_r)
{
	GDateTime *date;
	int64_t seconds;

	if (raw.len == 0 || raw.len > DATE_MAX)
		return false;
	date = g_mime_utils_header_decode_date(arena_span(arena, raw));
	if (date == NULL)
		return false;
	seconds = g_date_time_to_unix(date);
	g_date_time_unref(date);
	if (seconds <= 0 || seconds >= YEAR_10000)
		return false;
	*seconds_r = seconds;
	return true;
}

struct rcpts {
	struct reading_rcpt *items;
	size_t n, cap;
};

static void
add_rcpts(struct arena *arena, struct span raw, enum rcpt_source source, struct rcpts *rcpts)
{
	struct address *list;
	size_t n;

	address_list(arena, raw, RCPTS_MAX, &list, &n);
	for (size_t i = 0; i < n && rcpts->n < RCPTS_MAX; i++) {
		struct reading_rcpt *rcpt;

		if (list[i].addr == NULL)
			continue;
		rcpt = ARENA_PUSH(arena, rcpts->items, rcpts->n, rcpts->cap);
		rcpt->address = address_without_tag(arena, list[i].addr, &rcpt->tag);
		rcpt->source = source;
	}
}

static void
read_rcpts(struct arena *arena, const struct header_list *list, struct reading_message *m)
{
	static const struct {
		const char *name;
		enum rcpt_source source;
	} fields[] = {
	    {"To", RCPT_TO},
	    {"Cc", RCPT_CC},
	    {"Delivered-To", RCPT_DELIVERED_TO},
	    {"X-Original-To", RCPT_X_ORIGINAL_TO},
	    {"Envelope-To", RCPT_ENVELOPE_TO},
	    {"X-Envelope-To", RCPT_ENVELOPE_TO},
	};
	struct rcpts rcpts = {NULL, 0, 0};

	for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
		for (size_t i = 0; i < list->n; i++)
			if (span_iis(list->items[i].name, fields[f].name))
				add_rcpts(arena, list->items[i].value, fields[f].source, &rcpts);
	m->rcpts = rcpts.items;
	m->n_rcpts = rcpts.n;
}

/* Exactly one mailbox in all From fields together, or none is taken (L0). */
static void
read_from(struct arena *arena, const struct header_list *list, struct reading_message *m)
{
	size_t count = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct address *found;
		size_t n;

		if (!span_iis(list->items[i].name, "From"))
			continue;
		count += address_list(arena, list->items[i].value, 1, &found, &n);
		if (n > 0 && m->from == NULL) {
			m->from = found[0].addr;
			m->from_name = found[0].name;
		}
	}
	m->from_count = (uint32_t)(count < UINT32_MAX ? count : UINT32_MAX);
	if (count != 1)
		m->from = NULL;
}

static const char *
one_address(struct arena *arena, struct span raw)
{
	struct address *found;
	size_t n, count = address_list(arena, raw, 1, &found, &n);

	return count == 1 ? found[0].addr : NULL;
}

static const char *
return_path(struct arena *arena, const struct header_list *list)
{
	struct span raw = header_get(list, "Return-Path");

	if (span_is(raw, "<>"))
		return "";
	return one_address(arena, raw);
}

/* "Name of the list <id.example.org>": the id; else the whole. */
static const char *
list_id(struct arena *arena, struct span raw)
{
	size_t open = span_find_byte(raw, '<');
	size_t close = span_find_byte(raw, '>');

	if (raw.len == 0)
		return NULL;
	if (open < close && close < raw.len)
		raw = span_first(span_skip(raw, open + 1), close - open - 1);
	raw.ptr = header_text(arena, raw, LIST_ID_MAX);
	return *raw.ptr != '\0' ? raw.ptr : NULL;
}

static const char *
loop_value(struct arena *arena, struct span raw)
{
	return raw.len <= LIST_ID_MAX && id_ok(raw) ? arena_span(arena, raw) : NULL;
}

void
header_message(struct arena *arena, const struct header_list *list,
    struct reading_message *message_r)
{
	struct reading_message m = {0};

	m.id = first_id(arena, header_get(list, "Message-ID"));
	m.has_date = header_date(arena, header_get(list, "Date"), &m.date);
	read_from(arena, list, &m);
	m.sender = one_address(arena, header_get(list, "Sender"));
	m.return_path = return_path(arena, list);
	if (header_has(list, "Subject"))
		m.subject = header_text(arena, header_get(list, "Subject"), SUBJECT_MAX);
	m.in_reply_to = first_id(arena, header_get(list, "In-Reply-To"));
	m.references = header_ids(arena, header_get(list, "References"), REFERENCES_MAX,
	    &m.n_references);
	read_rcpts(arena, list, &m);
	trace_read(arena, list, &m);
	m.list_id = list_id(arena, header_get(list, "List-Id"));
	m.loop = loop_value(arena, header_get(list, "X-Tidings-Loop"));
	*message_r = m;
}
