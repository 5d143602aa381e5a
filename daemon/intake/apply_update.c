/* SPDX-License-Identifier: ISC */
/*
 * apply_update: the update of a person's day: sections and prose of a mail are merged into it, and
 * so are the one-word answers to a prompt: /skip (nothing today), /same (what was next still is).
 * /away is the third: off for the day. All of it is of the day that the prompt asked about, though
 * the answer may come in the morning after.
 */
#include "config.h"

#include "daemon/intake/apply.h"

#include <string.h>

#include "parsers/base/civil.h"
#include "parsers/base/jsonw.h"
#include "parsers/base/num.h"
#include "daemon/intake/prose.h"
#include "daemon/intake/undo.h"
#include "daemon/store/item.h"
#include "daemon/store/message.h"
#include "daemon/store/outbox.h"
#include "daemon/store/search.h"
#include "daemon/store/status_update.h"

#define JSON_MAX (8u << 20)
#define SKIPPED "nothing today"
#define QUESTION_KNOWN 40 /* bytes of the sentence: the rest may stand on another line */
#define ANSWERED_DAYS 7 /* a reply to an older prompt is of its own day */

static const char *
section_name(enum section_kind kind)
{
	switch (kind) {
	case SECTION_DONE:
		return "done";
	case SECTION_NEXT:
		return "next";
	case SECTION_BLOCKED:
		return "blocked";
	case SECTION_GOALS:
		return "goals";
	case SECTION_TIME:
		return NULL; /* entries, no lines */
	case SECTION_NOTES:
		break;
	}
	return "notes";
}

struct merge {
	int64_t update_id;
	int64_t updated_at; /* before this mail; 0: there was none */
	struct update_line *added;
	size_t n_added, cap_added;
	int64_t *said; /* lines that stood there already: undo of another mail leaves them */
	size_t n_said, cap_said;
};

/* The update of the day, made when there is none. */
static enum td_status
begin_merge(struct apply *ap, struct merge *merge, struct err *err)
{
	if (merge->update_id != 0)
		return TD_OK;
	return status_update_get(ap->db, ap->team->id, ap->person->id, ap->told_day, ap->now,
	    &merge->update_id, &merge->updated_at, err);
}

static enum td_status
merge_line(struct apply *ap, struct merge *merge, const char *section, const char *text,
    int64_t item_id, struct err *err)
{
	struct update_line line = {.section = section, .text = text, .item_id = item_id,
	    .message_id = ap->message_id};
	bool added = false;
	enum td_status status;

	if (*text == '\0')
		return TD_OK;
	status = begin_merge(ap, merge, err);
	if (status == TD_OK)
		status = status_update_add_line(ap->db, merge->update_id, &line, &added, err);
	if (status == TD_OK && added)
		*ARENA_PUSH(ap->arena, merge->added, merge->n_added, merge->cap_added) = line;
	else if (status == TD_OK)
		*ARENA_PUSH(ap->arena, merge->said, merge->n_said, merge->cap_said) = line.id;
	return status;
}

/* What a merge added, and what it said again, as the history keeps it. */
static void
merge_json(const struct apply *ap, const struct merge *merge, struct buf *json)
{
	struct jsonw w;

	jsonw_init(&w, json, 0);
	jsonw_object(&w);
	jsonw_put(&w, "day", ap->told_day);
	jsonw_key(&w, "added");
	jsonw_list(&w);
	for (size_t i = 0; i < merge->n_added; i++) {
		const struct update_line *line = &merge->added[i];

		jsonw_object(&w);
		jsonw_put_int(&w, "id", line->id);
		jsonw_put(&w, "section", line->section);
		jsonw_put(&w, "text", line->text);
		jsonw_put_int(&w, "item", line->item_id);
		jsonw_put_int(&w, "position", line->position);
		jsonw_end(&w);
	}
	jsonw_end(&w);
	if (merge->n_said > 0) {
		jsonw_key(&w, "said");
		jsonw_list(&w);
		for (size_t i = 0; i < merge->n_said; i++)
			jsonw_int(&w, merge->said[i]);
		jsonw_end(&w);
	}
	jsonw_end(&w);
}

/* Found by what this mail added, under the number of its first line. */
static enum td_status
index_added(struct apply *ap, const struct merge *merge, struct err *err)
{
	struct buf text;
	enum td_status status;

	buf_init(&text, JSON_MAX);
	for (size_t i = 0; i < merge->n_added; i++) {
		buf_puts(&text, merge->added[i].text);
		buf_putc(&text, '\n');
	}
	status = search_set(ap->db, SEARCH_UPDATE, merge->added[0].id, ap->team->id, text.ptr, err);
	buf_release(&text);
	return status;
}

static enum td_status
add_event(struct apply *ap, const struct merge *merge, const char *verb, const char *before,
    struct err *err)
{
	struct buf json;
	enum td_status status;

	buf_init(&json, JSON_MAX);
	merge_json(ap, merge, &json);
	status = apply_event(ap, "status_update", merge->update_id, verb, before, json.ptr, err);
	buf_release(&json);
	return status;
}

/* All of it stood there already: nothing was changed, there is nothing to take back, and nothing is
 * told of it. That it was said again is kept for the undo of who said it first. */
static enum td_status
end_said(struct apply *ap, const struct merge *merge, struct err *err)
{
	const bool changed = ap->changed;
	enum td_status status = status_update_end(ap->db, merge->update_id, merge->updated_at, err);

	if (status == TD_OK && merge->n_said > 0)
		status = add_event(ap, merge, "repeat", NULL, err);
	ap->changed = changed;
	return status;
}

/* Search and history of what was merged. */
static enum td_status
end_merge(struct apply *ap, const struct merge *merge, struct err *err)
{
	const bool created = merge->updated_at == 0;
	const char *before = NULL;
	enum td_status status;

	if (merge->n_added == 0)
		return created ? TD_OK : end_said(ap, merge, err);
	status = index_added(ap, merge, err);
	if (status != TD_OK)
		return status;
	if (!created)
		before = arena_printf(ap->arena, "{\"updated_at\":%lld}",
		    (long long)merge->updated_at);
	return add_event(ap, merge, created ? "create" : "change", before, err);
}

/* The item that an entry of a section names first; NULL when none, or unknown (told). */
static enum td_status
entry_item(struct apply *ap, const struct section_entry *entry, struct apply_item **item_r,
    struct err *err)
{
	*item_r = NULL;
	if (entry->n_items == 0)
		return TD_OK;
	return apply_find_item(ap, entry->items[0], entry->line, entry->text, item_r, err);
}

/* What an entry does beside being told: "[x] #42" closes, "(1h30m)" is time. */
static enum td_status
entry_effects(struct apply *ap, const struct section_entry *entry, bool is_time,
    struct apply_item *item, struct err *err)
{
	if (entry->closes) {
		if (item == NULL)
			apply_refuse(ap, entry->line, entry->text, "[x] #42",
			    "Which item is done? Name its number.");
		else if (item->now->state == ITEM_DONE)
			; /* it says what is so */
		else if (apply_may(ap, RIGHT_WORK, entry->line, entry->text))
			apply_close(ap, item, entry->line, entry->text);
	}
	if (!entry->has_seconds && !(is_time && entry->when != NULL))
		return TD_OK;
	return apply_spend(ap,
	    &(struct apply_spend){.line = entry->line, .text = entry->text,
		.seconds = entry->seconds, .has_seconds = entry->has_seconds, .when = entry->when,
		.item = item, .project = entry->project, .note = entry->text},
	    err);
}

static enum td_status
sections(struct apply *ap, struct merge *merge, struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; i < ap->reading->n_sections; i++) {
		const struct reading_section *section = &ap->reading->sections[i];
		const char *name = section_name(section->kind);

		for (size_t j = 0; status == TD_OK && j < section->n_entries; j++) {
			const struct section_entry *entry = &section->entries[j];
			struct apply_item *item = NULL;
			bool is_time = section->kind == SECTION_TIME;

			status = entry_item(ap, entry, &item, err);
			if (status == TD_OK && merge != NULL && name != NULL)
				status = merge_line(ap, merge, name, entry->text,
				    item != NULL ? item->now->id : 0, err);
			/* an unknown number was told; the entry has no further effect */
			if (status == TD_OK && (entry->n_items == 0 || item != NULL))
				status = entry_effects(ap, entry, is_time,
				    item == NULL && is_time ? ap->current : item, err);
		}
	}
	return status;
}

/* The first item that the text mentions and that exists; silent when there is none. */
static enum td_status
mentioned_item(struct apply *ap, int64_t *id_r, struct err *err)
{
	for (size_t i = 0; i < ap->reading->n_mentions; i++) {
		const struct reading_mention *mention = &ap->reading->mentions[i];
		struct item *item = NULL;
		uint32_t number;
		enum td_status status;

		if (strcmp(mention->what, "item") != 0 ||
		    !num_u32(span_of(mention->name), UINT32_MAX, &number))
			continue;
		status = item_by_number(ap->db, ap->arena, ap->team->id, number, &item, err);
		if (status != TD_OK)
			return status;
		if (item != NULL) {
			*id_r = item->id;
			return TD_OK;
		}
	}
	return TD_OK;
}

enum td_status
apply_sections(struct apply *ap, struct err *err)
{
	return sections(ap, NULL, err);
}

/* What a prompt asked is no part of the answer, though it says which line answers what. Where a
 * mail program put it below without any mark, it is known by its first sentence. */
static const char *
without_quotes(struct apply *ap, const char *prose)
{
	const struct span question = span_first(
	    span_of(compose_prompt_question(ap->arena, ap->person->lang)), QUESTION_KNOWN);
	struct span rest = span_of(prose), line;
	struct buf text;
	const char *kept;

	buf_init(&text, JSON_MAX);
	while (span_next_line(&rest, &line)) {
		if (line.len > 0 && *line.ptr == '>')
			continue;
		if (span_starts(span_trim(line), question))
			break;
		buf_put(&text, line.ptr, line.len);
		buf_putc(&text, '\n');
	}
	kept = arena_span(ap->arena, span_trim(buf_span(&text)));
	buf_release(&text);
	return kept;
}

enum td_status
apply_update(struct apply *ap, struct err *err)
{
	struct merge merge = {0};
	const char *prose = prose_of(ap->arena, ap->reading, false);
	int64_t item_id = 0;
	enum td_status status = sections(ap, &merge, err);

	if (ap->answers_prompt)
		prose = without_quotes(ap, prose);
	/* a mail that is all subject is an update of one line */
	if (*prose == '\0' && ap->reading->n_sections == 0 && ap->reading->n_commands == 0 &&
	    ap->reading->n_errors == 0 && ap->reading->message.in_reply_to == NULL)
		prose = apply_title(ap);
	if (status == TD_OK && *prose != '\0')
		status = mentioned_item(ap, &item_id, err);
	if (status == TD_OK)
		status = merge_line(ap, &merge, "notes", prose, item_id, err);
	return status == TD_OK ? end_merge(ap, &merge, err) : status;
}

/* ---- the day ------------------------------------------------------------------------------- */

/* "2026-11-24" at the end of "update: 2026-11-24" or "prompt:7:2026-11-24"; false otherwise. */
static bool
last_day(struct span text, int64_t *day_r)
{
	size_t at = text.len;

	while (at > 0 && text.ptr[at - 1] != ':')
		at--;
	text = span_trim(span_skip(text, at));
	return at > 0 && text.len == 10 && civil_parse_day(text, day_r);
}

/* The day that the mail says it is of; *known_r false where it says none. */
static enum td_status
asked_day(struct apply *ap, const struct thread *thread, int64_t *day_r, bool *known_r,
    struct err *err)
{
	const char *key = NULL;
	enum td_status status = TD_OK;

	ap->answers_prompt = thread != NULL && thread->kind == THREAD_PROMPT &&
	    thread->person_id == ap->person->id;
	if (!ap->answers_prompt) {
		/* the links of a prompt tell the day in the subject: theirs is no reply */
		*known_r = ap->reading->target.kind == KIND_UPDATE &&
		    last_day(span_of(ap->reading->message.subject), day_r);
		return TD_OK;
	}
	if (thread->mid != NULL)
		status = outbox_key_of_mid(ap->db, ap->arena, thread->mid, &key, err);
	*known_r = key != NULL && last_day(span_of(key), day_r);
	if (!*known_r && ap->token != NULL && ap->token->about == TOKEN_PROMPT) {
		*day_r = ap->token->id;
		*known_r = true;
	}
	return status;
}

enum td_status
apply_told_day(struct apply *ap, const struct thread *thread, struct err *err)
{
	char text[CIVIL_TEXT];
	int64_t day = 0, own = 0;
	bool known = false;
	enum td_status status = asked_day(ap, thread, &day, &known, err);

	ap->told_day = ap->day;
	if (status != TD_OK || !known || !civil_parse_day(span_of(ap->day), &own) ||
	    day > own + 1 || day < own - ANSWERED_DAYS)
		return status;
	civil_format_day(day, text);
	ap->told_day = arena_strdup(ap->arena, text);
	return TD_OK;
}

/* ---- answers to a prompt --------------------------------------------------------------------- */

static enum td_status
do_skip(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct merge merge = {0};
	enum td_status status = merge_line(ap, &merge, "notes", SKIPPED, 0, err);

	if (status == TD_OK)
		status = end_merge(ap, &merge, err);
	if (status == TD_OK)
		apply_tell(ap, cmd->line, cmd->source, "Your update of %s: " SKIPPED ".",
		    ap->told_day);
	return status;
}

/* Closed items are not next any more. */
static enum td_status
is_still_next(struct apply *ap, const struct update_line *line, bool *yes_r, struct err *err)
{
	struct item *item = NULL;
	enum td_status status = TD_OK;

	if (line->item_id != 0)
		status = item_by_id(ap->db, ap->arena, line->item_id, &item, err);
	*yes_r = strcmp(line->section, "next") == 0 && (item == NULL || !item_is_closed(item));
	return status;
}

static enum td_status
do_same(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct status_update *last = NULL;
	struct merge merge = {0};
	size_t n = 0;
	enum td_status status = status_update_before(ap->db, ap->arena, ap->team->id,
	    ap->person->id, ap->told_day, &last, err);

	for (size_t i = 0; status == TD_OK && last != NULL && i < last->n_lines; i++) {
		bool next = false;

		status = is_still_next(ap, &last->lines[i], &next, err);
		if (status != TD_OK || !next)
			continue;
		status = merge_line(ap, &merge, "next", last->lines[i].text,
		    last->lines[i].item_id, err);
		n++;
	}
	if (status == TD_OK && n == 0) {
		apply_refuse(ap, cmd->line, cmd->source, "Next: write the report",
		    "Nothing was next in your last update; say what is.");
		return TD_OK;
	}
	if (status == TD_OK)
		status = end_merge(ap, &merge, err);
	if (status == TD_OK)
		apply_tell(ap, cmd->line, cmd->source, "Next on %s is what was next on %s.",
		    ap->told_day, last->day);
	return status;
}

enum td_status
apply_prompt_command(struct apply *ap, const struct reading_command *cmd, bool *known_r,
    struct err *err)
{
	*known_r = true;
	if (strcmp(cmd->verb, "skip") == 0)
		return do_skip(ap, cmd, err);
	if (strcmp(cmd->verb, "same") == 0)
		return do_same(ap, cmd, err);
	*known_r = false;
	return TD_OK;
}

/* ---- undo ---------------------------------------------------------------------------------- */

static bool
names_line(const json_t *after, int64_t id)
{
	const json_t *lines = json_object_get(after, "added"), *value;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)lines, i, value)
		if (undo_number(value, "id") == id)
			return true;
	lines = json_object_get(after, "said");
	json_array_foreach((json_t *)(uintptr_t)lines, i, value)
		if (json_integer_value(value) == id)
			return true;
	return false;
}

/* Did another mail that stands say the line too? */
static bool
said_by_others(const struct event *others, size_t n, int64_t id)
{
	bool yes = false;

	for (size_t i = 0; !yes && i < n; i++) {
		const char *text = others[i].after != NULL ? others[i].after : "{}";
		json_t *after = json_loads(text, 0, NULL);

		yes = names_line(after, id);
		json_decref(after);
	}
	return yes;
}

/* text: of a line that this mail added; NULL for one that it said again. A line that stays is found
 * by itself from now on, no more by the mail's first line. */
static enum td_status
undo_line(struct undo *u, const struct event *others, size_t n, int64_t id, const char *text,
    struct err *err)
{
	const bool stays = said_by_others(others, n, id);
	enum td_status status = TD_OK;

	if (!stays)
		status = status_update_remove_line(u->ap->db, id, err);
	if (status == TD_OK && (!stays || text != NULL))
		status = search_set(u->ap->db, SEARCH_UPDATE, id, u->event->team_id,
		    stays ? text : NULL, err);
	return status;
}

enum td_status
undo_update(struct undo *u, struct err *err)
{
	struct apply *ap = u->ap;
	const json_t *added = json_object_get(u->after, "added");
	const json_t *said = json_object_get(u->after, "said");
	struct event *others = NULL, *later;
	size_t n_others = 0, n = 0;
	enum td_status status = event_standing(ap->db, ap->arena, u->event, &others, &n_others,
	    err);

	u->did = arena_printf(ap->arena, "the lines of %s", undo_text(u, u->after, "day"));
	for (size_t i = 0; status == TD_OK && i < json_array_size(added); i++) {
		const json_t *line = json_array_get(added, i);

		status = undo_line(u, others, n_others, undo_number(line, "id"),
		    undo_text(u, line, "text"), err);
	}
	for (size_t i = 0; status == TD_OK && i < json_array_size(said); i++)
		status = undo_line(u, others, n_others,
		    json_integer_value(json_array_get(said, i)), NULL, err);
	if (status == TD_OK)
		status = event_after(ap->db, ap->arena, u->event, &later, &n, err);
	if (status != TD_OK)
		return status;
	return status_update_end(ap->db, u->event->entity_id,
	    n == 0 ? undo_number(u->before, "updated_at") : 0, err);
}
