/* SPDX-License-Identifier: ISC */
/* patch: see patch.h. One table: field, type, place. */
#include "config.h"

#include "daemon/model/patch.h"

#include <string.h>

#include "parsers/base/num.h"

enum type { TYPE_TEXT, TYPE_NUMBER };

static const struct {
	const char *key;
	enum type type;
	size_t offset;
} fields[] = {
    {"kind", TYPE_TEXT, offsetof(struct item, kind)},
    {"title", TYPE_TEXT, offsetof(struct item, title)},
    {"body", TYPE_TEXT, offsetof(struct item, body)},
    {"blocked_why", TYPE_TEXT, offsetof(struct item, blocked_why)},
    {"blocked_since", TYPE_NUMBER, offsetof(struct item, blocked_since)},
    {"project", TYPE_TEXT, offsetof(struct item, project)},
    {"priority", TYPE_NUMBER, offsetof(struct item, priority)},
    {"due_at", TYPE_NUMBER, offsetof(struct item, due_at)},
    {"due_day", TYPE_TEXT, offsetof(struct item, due_day)},
    {"due_zone", TYPE_TEXT, offsetof(struct item, due_zone)},
    {"estimate", TYPE_NUMBER, offsetof(struct item, estimate)},
    {"closed_at", TYPE_NUMBER, offsetof(struct item, closed_at)},
    {"outcome", TYPE_TEXT, offsetof(struct item, outcome)},
    {"outcome_how", TYPE_TEXT, offsetof(struct item, outcome_how)},
    {"outcome_why", TYPE_TEXT, offsetof(struct item, outcome_why)},
    {"updated_at", TYPE_NUMBER, offsetof(struct item, updated_at)},
};

static bool
set_scalar(struct arena *arena, struct item *item, const char *key, const json_t *value)
{
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		void *place = (char *)item + fields[i].offset;

		if (strcmp(fields[i].key, key) != 0)
			continue;
		if (fields[i].type == TYPE_NUMBER && json_is_integer(value))
			*(int64_t *)place = json_integer_value(value);
		else if (fields[i].type == TYPE_TEXT && json_is_string(value))
			*(const char **)place = arena_strdup(arena, json_string_value(value));
		else if (fields[i].type == TYPE_TEXT && json_is_null(value))
			*(const char **)place = NULL;
		else
			return false;
		return true;
	}
	return false;
}

static bool
set_ids(struct arena *arena, int64_t **ids, size_t *n, const json_t *list)
{
	size_t count = json_array_size(list);
	int64_t *copy = arena_array(arena, count, sizeof *copy);

	if (!json_is_array(list))
		return false;
	for (size_t i = 0; i < count; i++)
		copy[i] = json_integer_value(json_array_get(list, i));
	*ids = copy;
	*n = count;
	return true;
}

static bool
set_tags(struct arena *arena, struct item *item, const json_t *list)
{
	if (!json_is_array(list))
		return false;
	item->tags = NULL;
	item->n_tags = 0;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *tag = json_string_value(json_array_get(list, i));

		if (tag == NULL)
			return false;
		item_add_tag(arena, item, arena_strdup(arena, tag));
	}
	return true;
}

static bool
set_options(struct arena *arena, struct item *item, const json_t *list)
{
	size_t n = json_array_size(list);

	if (!json_is_array(list))
		return false;
	item->options = arena_array(arena, n, sizeof *item->options);
	item->n_options = n;
	for (size_t i = 0; i < n; i++) {
		const char *option = json_string_value(json_array_get(list, i));

		if (option == NULL)
			return false;
		item->options[i] = arena_strdup(arena, option);
	}
	return true;
}

/* Of one person; as it was once, of all: then it is its owners'. */
static bool
set_snooze(struct arena *arena, struct item *item, struct span whom, const json_t *value)
{
	int64_t person_id = 0;

	if (!json_is_integer(value))
		return false;
	if (whom.len > 0 && !num_i64(whom, 1, INT64_MAX, &person_id))
		return false;
	if (person_id != 0)
		item_snooze(arena, item, person_id, json_integer_value(value));
	for (size_t i = 0; person_id == 0 && i < item->n_owners; i++)
		item_snooze(arena, item, item->owners[i], json_integer_value(value));
	return true;
}

static bool
set_field(struct arena *arena, struct item *item, const char *key, const json_t *value)
{
	if (strcmp(key, "state") == 0)
		return json_is_string(value) &&
		    item_state_parse(span_of(json_string_value(value)), &item->state);
	if (strcmp(key, "owners") == 0)
		return set_ids(arena, &item->owners, &item->n_owners, value);
	if (strcmp(key, "watchers") == 0)
		return set_ids(arena, &item->watchers, &item->n_watchers, value);
	if (strcmp(key, "depends") == 0)
		return set_ids(arena, &item->depends, &item->n_depends, value);
	if (strcmp(key, "tags") == 0)
		return set_tags(arena, item, value);
	if (strcmp(key, "options") == 0)
		return set_options(arena, item, value);
	if (strcmp(key, "snoozed_until") == 0)
		return set_snooze(arena, item, SPAN(""), value);
	if (strncmp(key, ITEM_SNOOZE_KEY, strlen(ITEM_SNOOZE_KEY)) == 0)
		return set_snooze(arena, item, span_of(key + strlen(ITEM_SNOOZE_KEY)), value);
	return set_scalar(arena, item, key, value);
}

enum td_status
item_patch(struct arena *arena, struct item *item, const json_t *object, struct err *err)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
		if (!set_field(arena, item, key, value))
			return err_perm(err, "history of #%u: the field \"%.40s\" is not readable",
			    item->number, key);
	return TD_OK;
}
