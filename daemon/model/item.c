/* SPDX-License-Identifier: ISC */
/* item: see item.h. Lists are small (a few owners, tags, watchers), so they are plain arrays. */
#include "config.h"

#include "daemon/model/item.h"

#include <inttypes.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "parsers/base/jsonw.h"

/* ---- states -------------------------------------------------------------------------------- */

const char *
item_state_name(enum item_state state)
{
	switch (state) {
	case ITEM_OPEN:
		break;
	case ITEM_STARTED:
		return "started";
	case ITEM_BLOCKED:
		return "blocked";
	case ITEM_DONE:
		return "done";
	case ITEM_DROPPED:
		return "dropped";
	}
	return "open";
}

bool
item_state_parse(struct span text, enum item_state *state_r)
{
	static const struct {
		const char *word;
		enum item_state state;
	} words[] = {
	    {"open", ITEM_OPEN}, {"reopened", ITEM_OPEN}, {"new", ITEM_OPEN},
	    {"started", ITEM_STARTED}, {"in progress", ITEM_STARTED}, {"doing", ITEM_STARTED},
	    {"blocked", ITEM_BLOCKED}, {"waiting", ITEM_BLOCKED},
	    {"done", ITEM_DONE}, {"closed", ITEM_DONE}, {"resolved", ITEM_DONE},
	    {"fixed", ITEM_DONE},
	    {"dropped", ITEM_DROPPED}, {"rejected", ITEM_DROPPED}, {"cancelled", ITEM_DROPPED},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (span_iis(text, words[i].word)) {
			*state_r = words[i].state;
			return true;
		}
	}
	return false;
}

bool
item_is_decision(const struct item *item)
{
	return item->kind != NULL && strcmp(item->kind, "decision") == 0;
}

bool
item_is_closed(const struct item *item)
{
	return item->state == ITEM_DONE || item->state == ITEM_DROPPED;
}

bool
item_may_become(const struct item *item, enum item_state to, const char **why_r)
{
	bool decision = item_is_decision(item);
	const char *why = NULL;

	switch (to) {
	case ITEM_OPEN:
		why = item->state == ITEM_OPEN ? "it is open already" : NULL;
		break;
	case ITEM_STARTED:
	case ITEM_BLOCKED:
		why = decision ? "it is a decision, which is open, decided or dropped" :
		    item_is_closed(item) ? "it is closed; reopen it first" : NULL;
		break;
	case ITEM_DONE:
		why = decision && !item_is_closed(item) ? "it is a decision; /resolve closes it"
		      : item->state == ITEM_DONE        ? "it is done already"
		      : item->state == ITEM_DROPPED     ? "it was dropped; reopen it first"
							: NULL;
		break;
	case ITEM_DROPPED:
		why = item->state == ITEM_DROPPED ? "it was dropped already" :
		    item->state == ITEM_DONE ? "it is done; reopen it first" : NULL;
		break;
	}
	if (why != NULL && why_r != NULL)
		*why_r = why;
	return why == NULL;
}

void
item_set_state(struct item *item, enum item_state to, const char *why, int64_t now)
{
	if (to == ITEM_BLOCKED) {
		if (item->state != ITEM_BLOCKED)
			item->blocked_since = now;
		item->blocked_why = why;
	} else {
		item->blocked_since = 0;
		item->blocked_why = NULL;
	}
	item->state = to;
	item->closed_at = item_is_closed(item) ? now : 0;
	item->outcome = item->outcome_how = item->outcome_why = NULL;
}

void
item_decide(struct item *item, const char *outcome, const char *how, const char *why, int64_t now)
{
	item_set_state(item, ITEM_DONE, NULL, now);
	item->outcome = outcome;
	item->outcome_how = how;
	item->outcome_why = why;
}

/* ---- lists --------------------------------------------------------------------------------- */

static bool
has_id(const int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* Puts id in; sorted from position `from` on (the first owner keeps its place). */
static bool
add_id(struct arena *arena, int64_t **ids, size_t *n, size_t from, int64_t id)
{
	int64_t *grown;
	size_t at = *n;

	if (has_id(*ids, *n, id))
		return false;
	grown = arena_array(arena, *n + 1, sizeof *grown);
	if (*n > 0)
		memcpy(grown, *ids, *n * sizeof *grown);
	while (at > from && grown[at - 1] > id) {
		grown[at] = grown[at - 1];
		at--;
	}
	grown[at] = id;
	*ids = grown;
	(*n)++;
	return true;
}

static bool
remove_id(int64_t *ids, size_t *n, int64_t id)
{
	for (size_t i = 0; i < *n; i++) {
		if (ids[i] != id)
			continue;
		memmove(ids + i, ids + i + 1, (*n - i - 1) * sizeof *ids);
		(*n)--;
		return true;
	}
	return false;
}

bool
item_add_tag(struct arena *arena, struct item *item, const char *tag)
{
	const char **grown;
	size_t at = item->n_tags;

	for (size_t i = 0; i < item->n_tags; i++)
		if (strcmp(item->tags[i], tag) == 0)
			return false;
	grown = arena_array(arena, item->n_tags + 1, sizeof *grown);
	if (item->n_tags > 0)
		memcpy(grown, item->tags, item->n_tags * sizeof *grown);
	while (at > 0 && strcmp(grown[at - 1], tag) > 0) {
		grown[at] = grown[at - 1];
		at--;
	}
	grown[at] = tag;
	item->tags = grown;
	item->n_tags++;
	return true;
}

bool
item_remove_tag(struct item *item, const char *tag)
{
	for (size_t i = 0; i < item->n_tags; i++) {
		if (strcmp(item->tags[i], tag) != 0)
			continue;
		memmove(item->tags + i, item->tags + i + 1,
		    (item->n_tags - i - 1) * sizeof *item->tags);
		item->n_tags--;
		return true;
	}
	return false;
}

bool
item_add_owner(struct arena *arena, struct item *item, int64_t person_id)
{
	return add_id(arena, &item->owners, &item->n_owners, item->n_owners > 0 ? 1 : 0,
	    person_id);
}

bool
item_remove_owner(struct item *item, int64_t person_id)
{
	return remove_id(item->owners, &item->n_owners, person_id);
}

bool
item_add_watcher(struct arena *arena, struct item *item, int64_t person_id)
{
	return add_id(arena, &item->watchers, &item->n_watchers, 0, person_id);
}

bool
item_remove_watcher(struct item *item, int64_t person_id)
{
	return remove_id(item->watchers, &item->n_watchers, person_id);
}

bool
item_add_depends(struct arena *arena, struct item *item, int64_t item_id)
{
	return add_id(arena, &item->depends, &item->n_depends, 0, item_id);
}

bool
item_remove_depends(struct item *item, int64_t item_id)
{
	return remove_id(item->depends, &item->n_depends, item_id);
}

int64_t
item_snoozed_until(const struct item *item, int64_t person_id)
{
	for (size_t i = 0; i < item->n_snoozes; i++)
		if (item->snoozes[i].person_id == person_id)
			return item->snoozes[i].until;
	return 0;
}

void
item_snooze(struct arena *arena, struct item *item, int64_t person_id, int64_t until)
{
	struct item_snooze *list = arena_array(arena, item->n_snoozes + 1, sizeof *list);
	size_t n = 0, k = 0;

	while (k < item->n_snoozes && item->snoozes[k].person_id < person_id)
		list[n++] = item->snoozes[k++];
	if (until != 0)
		list[n++] = (struct item_snooze){person_id, until};
	for (; k < item->n_snoozes; k++)
		if (item->snoozes[k].person_id != person_id)
			list[n++] = item->snoozes[k];
	item->snoozes = list; /* never in place: a copy of the item may share the old list */
	item->n_snoozes = n;
}

bool
item_has_owner(const struct item *item, int64_t person_id)
{
	return has_id(item->owners, item->n_owners, person_id);
}

bool
item_is_of(const struct item *item, int64_t person_id)
{
	return item->creator_id == person_id || item_has_owner(item, person_id);
}

static int64_t *
copy_ids(struct arena *arena, const int64_t *ids, size_t n)
{
	int64_t *copy = arena_array(arena, n, sizeof *copy);

	if (n > 0)
		memcpy(copy, ids, n * sizeof *copy);
	return copy;
}

static const char **
copy_texts(struct arena *arena, const char **texts, size_t n)
{
	const char **copy = arena_array(arena, n, sizeof *copy);

	if (n > 0)
		memcpy(copy, texts, n * sizeof *copy);
	return copy;
}

struct item *
item_copy(struct arena *arena, const struct item *item)
{
	struct item *copy = arena_alloc(arena, sizeof *copy);

	*copy = *item;
	copy->owners = copy_ids(arena, item->owners, item->n_owners);
	copy->watchers = copy_ids(arena, item->watchers, item->n_watchers);
	copy->depends = copy_ids(arena, item->depends, item->n_depends);
	copy->tags = copy_texts(arena, item->tags, item->n_tags);
	copy->options = copy_texts(arena, item->options, item->n_options);
	return copy;
}

const char *
item_words(struct arena *arena, const struct item *item)
{
	const char *text = arena_printf(arena, "%s\n%s", item->title, item->body);

	for (size_t i = 0; i < item->n_tags; i++)
		text = arena_printf(arena, "%s\n#%s", text, item->tags[i]);
	for (size_t i = 0; i < item->n_options; i++)
		text = arena_printf(arena, "%s\n%s", text, item->options[i]);
	if (item->outcome != NULL)
		text = arena_printf(arena, "%s\n%s", text, item->outcome);
	if (item->outcome_why != NULL)
		text = arena_printf(arena, "%s\n%s", text, item->outcome_why);
	return text;
}

/* ---- differences ----------------------------------------------------------------------------- */

/* One field of the JSON form: how it is told and compared. */
struct sides {
	struct jsonw before, after;
	bool whole; /* created: no side before, every field is told */
};

static void
diff_text(struct sides *sides, const char *key, const char *a, const char *b)
{
	if (!sides->whole) {
		if (a == b || (a != NULL && b != NULL && strcmp(a, b) == 0))
			return;
		jsonw_key(&sides->before, key);
		jsonw_string(&sides->before, a);
	}
	jsonw_key(&sides->after, key);
	jsonw_string(&sides->after, b);
}

static void
diff_number(struct sides *sides, const char *key, int64_t a, int64_t b)
{
	if (!sides->whole) {
		if (a == b)
			return;
		jsonw_put_int(&sides->before, key, a);
	}
	jsonw_put_int(&sides->after, key, b);
}

static void
put_ids(struct jsonw *w, const char *key, const int64_t *ids, size_t n)
{
	jsonw_key(w, key);
	jsonw_list(w);
	for (size_t i = 0; i < n; i++)
		jsonw_int(w, ids[i]);
	jsonw_end(w);
}

static void
diff_ids(struct sides *sides, const char *key, const int64_t *a, size_t n_a, const int64_t *b,
    size_t n_b)
{
	if (!sides->whole) {
		if (n_a == n_b && (n_a == 0 || memcmp(a, b, n_a * sizeof *a) == 0))
			return;
		put_ids(&sides->before, key, a, n_a);
	}
	put_ids(&sides->after, key, b, n_b);
}

static void
put_texts(struct jsonw *w, const char *key, const char *const *texts, size_t n)
{
	jsonw_key(w, key);
	jsonw_list(w);
	for (size_t i = 0; i < n; i++)
		jsonw_string(w, texts[i]);
	jsonw_end(w);
}

static bool
same_texts(const char **a, size_t n_a, const char **b, size_t n_b)
{
	if (n_a != n_b)
		return false;
	for (size_t i = 0; i < n_a; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return true;
}

static void
diff_texts(struct sides *sides, const char *key, const char **a, size_t n_a, const char **b,
    size_t n_b)
{
	if (!sides->whole) {
		if (same_texts(a, n_a, b, n_b))
			return;
		put_texts(&sides->before, key, a, n_a);
	}
	put_texts(&sides->after, key, b, n_b);
}

static void
diff_decision(struct sides *s, const struct item *a, const struct item *b)
{
	diff_texts(s, "options", a->options, a->n_options, b->options, b->n_options);
	diff_text(s, "outcome", a->outcome, b->outcome);
	diff_text(s, "outcome_how", a->outcome_how, b->outcome_how);
	diff_text(s, "outcome_why", a->outcome_why, b->outcome_why);
}

/* A field for each person: what one snoozes is no change of another's. */
static void
diff_snooze(struct sides *s, const struct item *a, const struct item *b, int64_t person_id)
{
	char key[sizeof ITEM_SNOOZE_KEY + 20];

	snprintf(key, sizeof key, ITEM_SNOOZE_KEY "%" PRId64, person_id);
	diff_number(s, key, item_snoozed_until(a, person_id), item_snoozed_until(b, person_id));
}

static void
diff_snoozes(struct sides *s, const struct item *a, const struct item *b)
{
	for (size_t i = 0; i < a->n_snoozes; i++)
		diff_snooze(s, a, b, a->snoozes[i].person_id);
	for (size_t i = 0; i < b->n_snoozes; i++)
		if (item_snoozed_until(a, b->snoozes[i].person_id) == 0)
			diff_snooze(s, a, b, b->snoozes[i].person_id);
}

static void
diff_fields(struct sides *s, const struct item *a, const struct item *b)
{
	diff_number(s, "number", a->number, b->number);
	diff_text(s, "kind", a->kind, b->kind);
	diff_text(s, "title", a->title, b->title);
	diff_text(s, "body", a->body, b->body);
	diff_text(s, "state", item_state_name(a->state), item_state_name(b->state));
	diff_text(s, "blocked_why", a->blocked_why, b->blocked_why);
	diff_number(s, "blocked_since", a->blocked_since, b->blocked_since);
	diff_text(s, "project", a->project, b->project);
	diff_number(s, "priority", a->priority, b->priority);
	diff_number(s, "due_at", a->due_at, b->due_at);
	diff_text(s, "due_day", a->due_day, b->due_day);
	diff_text(s, "due_zone", a->due_zone, b->due_zone);
	diff_number(s, "estimate", a->estimate, b->estimate);
	diff_snoozes(s, a, b);
	diff_number(s, "closed_at", a->closed_at, b->closed_at);
	diff_ids(s, "owners", a->owners, a->n_owners, b->owners, b->n_owners);
	diff_ids(s, "watchers", a->watchers, a->n_watchers, b->watchers, b->n_watchers);
	diff_ids(s, "depends", a->depends, a->n_depends, b->depends, b->n_depends);
	diff_texts(s, "tags", a->tags, a->n_tags, b->tags, b->n_tags);
	if (item_is_decision(b))
		diff_decision(s, a, b);
}

bool
item_diff(const struct item *before, const struct item *after, struct buf *before_json,
    struct buf *after_json)
{
	static const struct item nothing;
	struct sides sides = {.whole = before == NULL};

	if (before_json != NULL)
		buf_clear(before_json);
	buf_clear(after_json);
	if (before != NULL) {
		jsonw_init(&sides.before, before_json, 0);
		jsonw_object(&sides.before);
	}
	jsonw_init(&sides.after, after_json, 0);
	jsonw_object(&sides.after);
	diff_fields(&sides, before != NULL ? before : &nothing, after);
	if (before != NULL && after_json->len > 1)
		diff_number(&sides, "updated_at", before->updated_at, after->updated_at);
	if (before != NULL)
		jsonw_end(&sides.before);
	jsonw_end(&sides.after);
	return !span_is(buf_span(after_json), "{}");
}
