/* SPDX-License-Identifier: ISC */
/*
 * address: see address.h. One pass over the bytes; what stands between two separators is an item:
 * a phrase, perhaps an address in angles, perhaps a comment that serves as its name.
 */
#include "config.h"

#include "parsers/address.h"

#include <stdint.h>
#include <string.h>

#include "parsers/base/buf.h"
#include "parsers/base/utf8.h"
#include "parsers/encword.h"

#define NAME_MAX_BYTES 255

struct item {
	struct buf phrase;   /* text outside angles and comments, quotes resolved */
	struct span comment; /* the last one */
	struct span angle;
	unsigned angles;     /* "<...>" seen in it */
	bool quoted;         /* a quoted string was part of the phrase */
};

struct list {
	struct arena *arena;
	struct address *items;
	size_t n, cap, max;
	size_t count; /* of all mailboxes */
};

static bool
local_ok(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] <= ' ' || strchr("<>(),;:\\\"[]@", s.ptr[i]) != NULL)
			return false;
	return s.len > 0;
}

static bool
domain_ok(struct span s)
{
	bool literal = s.len > 2 && s.ptr[0] == '[' && s.ptr[s.len - 1] == ']';

	if (literal)
		s = span_first(span_skip(s, 1), s.len - 2);
	if (s.len == 0 || s.ptr[0] == '.' || s.ptr[0] == '-' || s.ptr[s.len - 1] == '.')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		bool alnum = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');

		if (c == '.' && i > 0 && s.ptr[i - 1] == '.')
			return false;
		if (!alnum && c < 0x80 && c != '.' && c != '-' && c != '_' &&
		    !(literal && c == ':'))
			return false;
	}
	return true;
}

bool
address_valid(struct span s)
{
	size_t at = s.len > 0 && s.len <= 320 ? span_find_byte(s, '@') : s.len;

	return at < s.len && local_ok(span_first(s, at)) && domain_ok(span_skip(s, at + 1)) &&
	    utf8_clean(s, UTF8_LINE);
}

const char *
address_normal(struct arena *arena, struct span s)
{
	char *copy;

	if (!address_valid(s))
		return NULL;
	copy = arena_span(arena, s);
	for (char *p = strchr(copy, '@'); *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p | 0x20);
	return copy;
}

const char *
address_without_tag(struct arena *arena, const char *addr, const char **tag_r)
{
	struct span local = span_first(span_of(addr), span_find_byte(span_of(addr), '@'));
	size_t plus = span_find_byte(local, '+');

	*tag_r = NULL;
	if (plus == 0 || plus == local.len)
		return addr;
	if (plus + 1 < local.len)
		*tag_r = arena_span(arena, span_skip(local, plus + 1));
	return arena_printf(arena, "%.*s%s", (int)plus, local.ptr, addr + local.len);
}

const char *
address_domain(const char *addr)
{
	const char *at = addr != NULL ? strchr(addr, '@') : NULL;

	return at != NULL ? at + 1 : "";
}

/* Length of a comment at the beginning of s, nested ones included; an open one takes the rest. */
static size_t
comment_len(struct span s)
{
	size_t depth = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\\')
			i++;
		else if (s.ptr[i] == '(')
			depth++;
		else if (s.ptr[i] == ')' && --depth == 0)
			return i + 1;
	}
	return s.len;
}

/* Length of a quoted string at the beginning of s, with its content in out. */
static size_t
take_quoted(struct span s, struct buf *out)
{
	for (size_t i = 1; i < s.len; i++) {
		if (s.ptr[i] == '"')
			return i + 1;
		if (s.ptr[i] == '\\' && i + 1 < s.len)
			i++;
		buf_putc(out, s.ptr[i]);
	}
	return s.len;
}

/* Length of "<...>" at the beginning of s; quotes in it may hold '>'. */
static size_t
angle_len(struct span s)
{
	bool quoted = false;

	for (size_t i = 1; i < s.len; i++) {
		if (s.ptr[i] == '"')
			quoted = !quoted;
		else if (s.ptr[i] == '\\')
			i++;
		else if (s.ptr[i] == '>' && !quoted)
			return i + 1;
	}
	return s.len;
}

/* The content of "<...>" without brackets and the route of RFC 822 ("@a,@b:local@c"). */
static struct span
angle_content(struct span s)
{
	size_t colon;

	s = span_skip(s, 1);
	if (s.len > 0 && s.ptr[s.len - 1] == '>')
		s.len--;
	s = span_trim(s);
	colon = span_find_byte(s, ':');
	if (s.len > 0 && s.ptr[0] == '@' && colon < s.len)
		s = span_skip(s, colon + 1);
	if (span_istarts(s, SPAN("mailto:")))
		s = span_skip(s, 7);
	return s;
}

static const char *
decoded_name(struct arena *arena, struct span raw)
{
	struct span decoded = encword_decode(arena, span_trim(raw));
	char *name = utf8_line(arena, span_trim(decoded), NAME_MAX_BYTES);

	return *name != '\0' ? name : NULL;
}

static void
item_clear(struct item *item)
{
	buf_clear(&item->phrase);
	item->comment = item->angle = (struct span){NULL, 0};
	item->angles = 0;
	item->quoted = false;
}

/* The item is complete: what it names goes to the list. */
static void
item_end(struct list *list, struct item *item)
{
	struct span phrase = span_trim(buf_span(&item->phrase));
	struct address a = {NULL, NULL};

	if (item->angles == 0 && phrase.len == 0) {
		item_clear(item);
		return;
	}
	list->count += item->angles > 1 ? item->angles : 1;
	if (list->n < list->max) {
		if (item->angles == 1)
			a.addr = address_normal(list->arena, item->angle);
		else if (item->angles == 0 && !item->quoted)
			a.addr = address_normal(list->arena, phrase);
		if (item->angles > 0 && phrase.len > 0)
			a.name = decoded_name(list->arena, phrase);
		else if (item->comment.len > 0)
			a.name = decoded_name(list->arena, item->comment);
		*ARENA_PUSH(list->arena, list->items, list->n, list->cap) = a;
	}
	item_clear(item);
}

/* Takes the next token of raw into the item; ends the item at a separator. */
static size_t
take_token(struct list *list, struct item *item, struct span rest)
{
	size_t n = 1;

	switch (*rest.ptr) {
	case '(':
		n = comment_len(rest);
		item->comment = span_first(span_skip(rest, 1), n > 2 ? n - 2 : 0);
		buf_putc(&item->phrase, ' ');
		break;
	case '"':
		item->quoted = true;
		n = take_quoted(rest, &item->phrase);
		break;
	case '<':
		n = angle_len(rest);
		item->angle = angle_content(span_first(rest, n));
		item->angles++;
		break;
	case ',':
	case ';':
		item_end(list, item);
		break;
	case ':':
		/* "Group name: a@x, b@y;" */
		item_clear(item);
		break;
	case '\r':
	case '\n':
	case '\t':
		buf_putc(&item->phrase, ' ');
		break;
	default:
		buf_putc(&item->phrase, *rest.ptr);
		break;
	}
	return n;
}

size_t
address_list(struct arena *arena, struct span raw, size_t max, struct address **list_r, size_t *n_r)
{
	struct list list = {.arena = arena, .max = max};
	struct item item = {0};

	buf_init(&item.phrase, raw.len + 1);
	while (raw.len > 0)
		raw = span_skip(raw, take_token(&list, &item, raw));
	item_end(&list, &item);
	buf_release(&item.phrase);
	*list_r = list.items;
	*n_r = list.n;
	return list.count;
}
