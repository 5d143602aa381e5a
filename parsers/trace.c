/* SPDX-License-Identifier: ISC */
/* trace: see trace.h. */
#include "config.h"

#include "parsers/trace.h"

#include <string.h>

#include "parsers/address.h"
#include "parsers/base/buf.h"
#include "parsers/base/utf8.h"

#define AUTH_MAX 50
#define METHODS_MAX 50
#define RECEIVED_MAX 100
#define HOST_MAX 255
#define VALUE_MAX 16384

/* In a quoted string nothing separates: what would is made harmless, or a sender could write a
 * result of their own into a quoted local part. */
static char
quoted_char(char c)
{
	return strchr("; =\t\r\n", c) != NULL ? '_' : c;
}

/* The value without comments and folds; quoted strings lose their quotes. */
static struct span
without_comments(struct arena *arena, struct span raw)
{
	struct buf out;
	size_t depth = 0;
	bool quoted = false;
	struct span plain;

	raw = span_first(raw, VALUE_MAX);
	buf_init(&out, raw.len + 1);
	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.ptr[i];

		if (c == '\\' && (quoted || depth > 0)) {
			if (++i < raw.len && depth == 0)
				buf_putc(&out, quoted_char(raw.ptr[i]));
		} else if (c == '"' && depth == 0) {
			quoted = !quoted;
		} else if (c == '(' && !quoted) {
			depth++;
		} else if (c == ')' && depth > 0) {
			depth--;
		} else if (quoted) {
			buf_putc(&out, quoted_char(c));
		} else if (depth == 0) {
			buf_putc(&out, c == '\r' || c == '\n' || c == '\t' ? ' ' : c);
		}
	}
	plain.len = out.len;
	plain.ptr = arena_span(arena, buf_span(&out));
	buf_release(&out);
	return plain;
}

/* Lower case, one word, nothing strange in it; NULL otherwise. */
static const char *
lower_word(struct arena *arena, struct span s, size_t max)
{
	char *copy;

	s = span_trim(s);
	if (s.len == 0 || s.len > max || !utf8_clean(s, UTF8_LINE))
		return NULL;
	for (size_t i = 0; i < s.len; i++)
		if (strchr(" <>\"", s.ptr[i]) != NULL)
			return NULL;
	copy = arena_span(arena, s);
	for (char *p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p | 0x20);
	return copy;
}

static bool
is_keyword(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = (char)(s.ptr[i] | 0x20);

		if (!((c >= 'a' && c <= 'z') || (s.ptr[i] >= '0' && s.ptr[i] <= '9') ||
			s.ptr[i] == '-' || s.ptr[i] == '_'))
			return false;
	}
	return s.len > 0 && s.len <= 32;
}

/* Rank of a property that names a domain: the lower, the more it says; 0 for none. */
static unsigned
property_rank(struct span name)
{
	static const char *const names[] = {"header.from", "header.d", "header.i",
	    "smtp.mailfrom", "smtp.mail", "smtp.helo"};

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (span_iis(name, names[i]))
			return i + 1;
	return 0;
}

static const char *
property_domain(struct arena *arena, struct span value)
{
	size_t at = span_find_byte(value, '@');

	return lower_word(arena, at < value.len ? span_skip(value, at + 1) : value, HOST_MAX);
}

/* "dkim/1=pass reason=x header.d=example.org": one method with its result. */
static bool
read_method(struct arena *arena, struct span text, struct reading_auth_method *method_r)
{
	struct reading_auth_method m = {NULL, NULL, NULL};
	struct span word, name, value;
	unsigned best = 0;

	while (span_next_word(&text, &word)) {
		size_t eq = span_find_byte(word, '=');

		if (eq == word.len)
			continue;
		name = span_first(word, eq);
		value = span_skip(word, eq + 1);
		if (m.method == NULL) {
			name = span_first(name, span_find_byte(name, '/'));
			if (!is_keyword(name) || !is_keyword(value))
				return false;
			m.method = lower_word(arena, name, 32);
			m.result = lower_word(arena, value, 32);
		} else if (property_rank(name) != 0 &&
		    (best == 0 || property_rank(name) < best)) {
			best = property_rank(name);
			m.domain = property_domain(arena, value);
		}
	}
	*method_r = m;
	return m.method != NULL;
}

static void
read_auth(struct arena *arena, struct span raw, struct reading_auth *auth)
{
	struct span rest = without_comments(arena, raw), field, word;
	size_t cap = 0;
	bool first = true;

	auth->authserv_id = "";
	while (span_next_field(&rest, ';', &field) && auth->n_methods < METHODS_MAX) {
		struct reading_auth_method m;

		/* Some servers leave the id out: then the first field is a method. */
		if (first && span_find_byte(field, '=') == field.len) {
			struct span head = field;

			if (span_next_word(&head, &word)) {
				const char *id = lower_word(arena, word, HOST_MAX);

				auth->authserv_id = id != NULL ? id : "";
			}
		} else if (read_method(arena, field, &m)) {
			*ARENA_PUSH(arena, auth->methods, auth->n_methods, cap) = m;
		}
		first = false;
	}
}

/* The host after "by", outside of comments. */
static const char *
received_by(struct arena *arena, struct span raw)
{
	struct span rest = without_comments(arena, raw), word;

	while (span_next_word(&rest, &word))
		if (span_iis(word, "by") && span_next_word(&rest, &word)) {
			word = span_first(word, span_find_byte(word, ';'));
			return lower_word(arena, word, HOST_MAX);
		}
	return NULL;
}

void
trace_read(struct arena *arena, const struct header_list *list, struct reading_message *message)
{
	size_t auth_cap = 0, by_cap = 0;
	uint32_t received = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct header *h = &list->items[i];

		if (span_iis(h->name, "Received")) {
			const char *by = received_by(arena, h->value);

			received++;
			if (message->n_received_by < RECEIVED_MAX)
				*ARENA_PUSH(arena, message->received_by, message->n_received_by,
				    by_cap) = by != NULL ? by : "";
		} else if (span_iis(h->name, "Authentication-Results") &&
		    message->n_auth < AUTH_MAX) {
			struct reading_auth *auth =
			    ARENA_PUSH(arena, message->auth, message->n_auth, auth_cap);

			auth->received_before = received;
			read_auth(arena, h->value, auth);
		}
	}
}
