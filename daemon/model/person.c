/* SPDX-License-Identifier: ISC */
/* person: see person.h. */
#include "config.h"

#include "daemon/model/person.h"

#include <string.h>

#include "parsers/base/zone.h"

static struct span
first_name(const char *name)
{
	struct span rest = span_of(name), word;

	return span_next_word(&rest, &word) ? word : (struct span){"", 0};
}

/* Ways to mean a member, the surest first. */
enum way { BY_ADDRESS, BY_HANDLE, BY_NAME, BY_FIRST_NAME, WAYS };

static bool
fits(const struct person *person, enum way way, struct span text)
{
	switch (way) {
	case BY_ADDRESS:
		return person->address != NULL && span_iis(text, person->address);
	case BY_HANDLE:
		return span_iis(text, person->handle);
	case BY_NAME:
		return span_iis(text, person->name);
	case BY_FIRST_NAME:
		return span_ieq(text, first_name(person->name));
	case WAYS:
		break;
	}
	return false;
}

const struct member *
person_match(struct arena *arena, const struct member *members, size_t n, struct span text,
    int64_t self_id, const char **why_r)
{
	text = span_trim(text);
	if (text.len > 0 && *text.ptr == '@')
		text = span_skip(text, 1);
	if (span_iis(text, "me")) {
		for (size_t i = 0; i < n; i++)
			if (members[i].person.id == self_id)
				return &members[i];
	}
	for (enum way way = BY_ADDRESS; text.len > 0 && way < WAYS; way++) {
		const struct member *found = NULL, *second = NULL;

		for (size_t i = 0; i < n; i++) {
			if (!fits(&members[i].person, way, text))
				continue;
			second = found;
			found = &members[i];
			if (second != NULL)
				break;
		}
		if (second != NULL) {
			*why_r = arena_printf(arena, "\"%.*s\" may be %s or %s; write @%s or @%s",
			    SPAN_FMT(text), second->person.name, found->person.name,
			    second->person.handle, found->person.handle);
			return NULL;
		}
		if (found != NULL)
			return found;
	}
	*why_r = arena_printf(arena, "nobody in the team is called \"%.*s\"", SPAN_FMT(text));
	return NULL;
}

char *
person_handle_from(struct arena *arena, const char *address)
{
	struct span local = span_first(span_of(address), span_find_byte(span_of(address), '@'));
	char *handle = arena_alloc(arena, local.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < local.len; i++) {
		char c = local.ptr[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    (n > 0 && (c == '.' || c == '-' || c == '_')))
			handle[n++] = c;
	}
	handle[n] = '\0';
	return n > 0 ? handle : arena_strdup(arena, "person");
}

const char *
person_day(struct arena *arena, const char *zone_name, int64_t at)
{
	const struct zone *zone = NULL;
	char text[CIVIL_TEXT];
	struct err ignored;

	if (zone_name == NULL || zone_get(zone_name, &zone, &ignored) != TD_OK)
		zone = zone_utc();
	civil_format_day(zone_local_day(zone, at), text);
	return arena_strdup(arena, text);
}
