/* SPDX-License-Identifier: ISC */
/*
 * apply_item: commands on items and the fields of the top block. Each handler looks first and
 * changes the item in memory last; apply.c writes what changed.
 */
#include "config.h"

#include "daemon/intake/apply.h"

#include <string.h>

#include "parsers/base/jsonw.h"
#include "parsers/base/zone.h"
#include "parsers/duration.h"
#include "daemon/intake/admit.h"
#include "daemon/intake/news.h"
#include "daemon/intake/prose.h"
#include "daemon/store/comment.h"
#include "daemon/store/item.h"
#include "daemon/store/search.h"

#define TITLE_MAX 300u
#define DAY_SECONDS 86400

/* ---- states -------------------------------------------------------------------------------- */

bool
apply_may_settle(struct apply *ap, const struct item *item, uint32_t line, const char *text)
{
	return !item_is_decision(item) ||
	    apply_may_dispose(ap, item, "changing the question", line, text);
}

static bool
set_state(struct apply *ap, struct apply_item *item, enum item_state to, const char *why,
    uint32_t line, const char *text)
{
	const char *refusal = NULL;

	if (!item_may_become(item->now, to, &refusal)) {
		apply_refuse(ap, line, text, NULL, "#%u cannot be %s: %s.", item->now->number,
		    to == ITEM_OPEN ? "opened" : item_state_name(to), refusal);
		return false;
	}
	item_set_state(item->now, to, why, ap->now);
	return true;
}

void
apply_close(struct apply *ap, struct apply_item *item, uint32_t line, const char *text)
{
	if (set_state(ap, item, ITEM_DONE, NULL, line, text))
		apply_did(ap, line, text, "#%u is done.", item->now->number);
}

static enum td_status
comment_event(struct apply *ap, const struct comment *comment, struct err *err)
{
	struct buf json;
	struct jsonw w;
	enum td_status status;

	buf_init(&json, 8u << 20);
	jsonw_init(&w, &json, 0);
	jsonw_object(&w);
	jsonw_put_int(&w, "item", comment->item_id);
	jsonw_put(&w, "text", comment->text);
	jsonw_end(&w);
	status = apply_event(ap, "comment", comment->id, "create", NULL, json.ptr, err);
	buf_release(&json);
	return status;
}

enum td_status
apply_comment(struct apply *ap, const struct apply_item *item, const char *text, struct err *err)
{
	return apply_remark(ap, item, text, NEWS_COMMENT, err);
}

static enum td_status
keep_comment(struct apply *ap, const struct apply_item *item, const char *text, struct err *err)
{
	struct comment comment = {
	    .item_id = item->now->id,
	    .person_id = ap->person->id,
	    .message_id = ap->message_id,
	    .text = text,
	    .created_at = ap->now,
	};
	enum td_status status = comment_add(ap->db, &comment, err);

	if (status == TD_OK)
		status = search_set(ap->db, SEARCH_COMMENT, comment.id, ap->team->id, text, err);
	if (status == TD_OK)
		status = comment_event(ap, &comment, err);
	if (status == TD_OK)
		ap->changed = true;
	return status;
}

enum td_status
apply_remark(struct apply *ap, const struct apply_item *item, const char *text,
    enum news_kind kind, struct err *err)
{
	const struct news_teller teller = news_teller_of(ap);
	enum td_status status = keep_comment(ap, item, text, err);

	return status == TD_OK ? news_tell_item(&teller, item->now, kind, text, err) : status;
}

enum td_status
apply_comment_of(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	if (cmd->text == NULL || *cmd->text == '\0')
		return TD_OK;
	return apply_comment(ap, item, cmd->text, err);
}

/* Of a decision all are told, and the reason with it. */
static enum td_status
reason_of(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	if (!item_is_decision(item->now) || cmd->text == NULL || *cmd->text == '\0')
		return apply_comment_of(ap, cmd, item, err);
	item->why = cmd->text;
	return keep_comment(ap, item, cmd->text, err);
}

static enum td_status
do_done(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	if (!set_state(ap, item, ITEM_DONE, NULL, cmd->line, cmd->source))
		return TD_OK;
	apply_did(ap, cmd->line, cmd->source, "#%u is done.", item->now->number);
	return apply_comment_of(ap, cmd, item, err);
}

/* A date that is past would decide it again at once. */
static void
say_open_again(struct apply *ap, struct item *item, uint32_t line, const char *text)
{
	apply_did(ap, line, text, "#%u is open again.", item->number);
	if (!item_is_decision(item) || item->due_at > ap->now || item->due_at == 0)
		return;
	(void)apply_due(ap, item, NULL, line, text);
	apply_note(ap, "The date of #%u was past; it has none now.", item->number);
}

static enum td_status
do_reopen(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	if (item->now->state == ITEM_STARTED || item->now->state == ITEM_BLOCKED) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "#%u is not closed; it is %s.",
		    item->now->number, item_state_name(item->now->state));
		return TD_OK;
	}
	if (!apply_may_settle(ap, item->now, cmd->line, cmd->source) ||
	    !set_state(ap, item, ITEM_OPEN, NULL, cmd->line, cmd->source))
		return TD_OK;
	say_open_again(ap, item->now, cmd->line, cmd->source);
	return reason_of(ap, cmd, item, err);
}

static enum td_status
do_drop(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	if (!apply_may_settle(ap, item->now, cmd->line, cmd->source) ||
	    !set_state(ap, item, ITEM_DROPPED, NULL, cmd->line, cmd->source))
		return TD_OK;
	apply_did(ap, cmd->line, cmd->source, "#%u is dropped.", item->now->number);
	return reason_of(ap, cmd, item, err);
}

static enum td_status
do_unblock(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	if (item->now->state != ITEM_BLOCKED) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "#%u is not blocked; it is %s.",
		    item->now->number, item_state_name(item->now->state));
		return TD_OK;
	}
	item_set_state(item->now, ITEM_OPEN, NULL, ap->now);
	apply_did(ap, cmd->line, cmd->source, "#%u is no longer blocked.", item->now->number);
	return apply_comment_of(ap, cmd, item, err);
}

/* ---- links ---------------------------------------------------------------------------------- */

/* Makes item wait for #number; false when it was refused. */
static enum td_status
add_depends(struct apply *ap, struct apply_item *item, uint32_t number, uint32_t line,
    const char *text, bool *added_r, struct err *err)
{
	struct apply_item *other = NULL;
	bool circle = false;
	enum td_status status = apply_find_item(ap, number, line, text, &other, err);

	*added_r = false;
	if (status != TD_OK || other == NULL)
		return status;
	status = item_circle(ap->db, item->now->id, other->now->id, &circle, err);
	if (status != TD_OK)
		return status;
	if (circle || other == item) {
		apply_refuse(ap, line, text, NULL,
		    "#%u cannot wait for #%u: that would close a circle.", item->now->number,
		    number);
		return TD_OK;
	}
	item_add_depends(ap->arena, item->now, other->now->id);
	*added_r = true;
	/* at once: the next line's search for circles must see it */
	return item_link(ap->db, item->now->id, other->now->id, err);
}

static enum td_status
do_block(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	bool on = cmd->word != NULL && strcmp(cmd->word, "on") == 0;
	const char *why = cmd->text;
	bool added;
	enum td_status status = TD_OK;

	if (why == NULL || *why == '\0') {
		apply_refuse(ap, cmd->line, cmd->source, "/block waiting for disk quota",
		    "Say why #%u is blocked.", item->now->number);
		return TD_OK;
	}
	if (on && cmd->n_people > 0) {
		const struct member *member = apply_find_member(ap, cmd->people[0], cmd->line,
		    cmd->source);

		if (member == NULL)
			return TD_OK;
		/* by handle: so the digest knows whom it waits for */
		why = arena_printf(ap->arena, "%s (waits for @%s)", why, member->person.handle);
	} else if (on && cmd->n_items > 0) {
		uint32_t number = cmd->items[cmd->n_items - 1];

		status = add_depends(ap, item, number, cmd->line, cmd->source, &added, err);
		if (status != TD_OK || !added)
			return status;
		why = arena_printf(ap->arena, "%s (waits for #%u)", why, number);
	}
	if (set_state(ap, item, ITEM_BLOCKED, why, cmd->line, cmd->source))
		apply_did(ap, cmd->line, cmd->source, "#%u is blocked: %s.", item->now->number,
		    why);
	return TD_OK;
}

/* ---- fields --------------------------------------------------------------------------------- */

/* The date of one that is decided or dropped says when that was to be. */
static bool
may_have_date(struct apply *ap, const struct item *item, uint32_t line, const char *text)
{
	if (!item_is_decision(item) || !item_is_closed(item))
		return true;
	apply_refuse(ap, line, text, arena_printf(ap->arena, "/reopen #%u", item->number),
	    "#%u is %s%s; its date is changed after it is opened again.", item->number,
	    item->state == ITEM_DROPPED ? "dropped" : "decided already: ",
	    item->state == ITEM_DROPPED ? "" : item->outcome);
	return false;
}

bool
apply_due(struct apply *ap, struct item *item, const struct reading_when *when, uint32_t line,
    const char *text)
{
	/* a day is due at its end, a moment at that moment */
	int64_t at = when == NULL ? 0 : when->precision == WHEN_MINUTE ? when->start : when->end;

	if (!may_have_date(ap, item, line, text))
		return false;
	if (when != NULL && at <= ap->now && item_is_decision(item)) {
		apply_refuse(ap, line, text, arena_printf(ap->arena, "/due #%u friday",
		    item->number), "#%u cannot close in the past (%s).", item->number,
		    when->local);
		return false;
	}
	item->due_at = at;
	item->due_day = when != NULL ? when->local : NULL;
	item->due_zone = when != NULL ? when->zone : NULL;
	if (when != NULL && at <= ap->anchor)
		apply_note(ap, "The due date of #%u, %s, lies in the past.", item->number,
		    when->local);
	return true;
}

static const char *
when_text(struct apply *ap, const struct reading_when *when)
{
	char *text = arena_printf(ap->arena, "%s (%s)", when->local, when->zone);

	if (when->precision == WHEN_MINUTE && strlen(when->local) > 10)
		text[10] = ' '; /* not "2026-11-27T09:00" */
	return text;
}

static enum td_status
do_due(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	if (cmd->when == NULL && !cmd->none) {
		apply_refuse(ap, cmd->line, cmd->source, "/due friday", "When?");
		return TD_OK;
	}
	if (!apply_may_settle(ap, item->now, cmd->line, cmd->source) ||
	    !apply_due(ap, item->now, cmd->none ? NULL : cmd->when, cmd->line, cmd->source))
		return TD_OK;
	if (cmd->none)
		apply_did(ap, cmd->line, cmd->source, "#%u has no due date.", item->now->number);
	else
		apply_did(ap, cmd->line, cmd->source, "#%u is due %s.", item->now->number,
		    when_text(ap, cmd->when));
	return TD_OK;
}

static enum td_status
do_priority(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	item->now->priority = (int64_t)cmd->priority;
	apply_did(ap, cmd->line, cmd->source, "#%u has priority %d.", item->now->number,
	    (int)cmd->priority);
	return TD_OK;
}

static void
set_tags(struct apply *ap, struct item *item, const char **on, size_t n_on, const char **off,
    size_t n_off)
{
	for (size_t i = 0; i < n_on; i++)
		item_add_tag(ap->arena, item, admit_lower(ap->arena, on[i]));
	for (size_t i = 0; i < n_off; i++)
		item_remove_tag(item, admit_lower(ap->arena, off[i]));
}

static enum td_status
do_tag(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	const char *tags = "";

	set_tags(ap, item->now, cmd->tags, cmd->n_tags, cmd->tags_off, cmd->n_tags_off);
	for (size_t i = 0; i < item->now->n_tags; i++)
		tags = arena_printf(ap->arena, "%s %s", tags, item->now->tags[i]);
	apply_did(ap, cmd->line, cmd->source, "#%u has the tags:%s.", item->now->number,
	    *tags != '\0' ? tags : " none");
	return TD_OK;
}

static enum td_status
do_project(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	item->now->project = cmd->none ? NULL : cmd->project;
	if (item->now->project != NULL)
		apply_did(ap, cmd->line, cmd->source, "#%u is in project %s.", item->now->number,
		    item->now->project);
	else
		apply_did(ap, cmd->line, cmd->source, "#%u is in no project.", item->now->number);
	return TD_OK;
}

static enum td_status
do_title(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	struct span title = span_trim(span_of(cmd->text));

	if (title.len == 0 || title.len > TITLE_MAX) {
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "A title has 1 to %u bytes; this one has %zu.", TITLE_MAX, title.len);
		return TD_OK;
	}
	if (!apply_may_settle(ap, item->now, cmd->line, cmd->source))
		return TD_OK;
	item->now->title = arena_span(ap->arena, title);
	apply_did(ap, cmd->line, cmd->source, "#%u is now \"%s\".", item->now->number,
	    item->now->title);
	return TD_OK;
}

static enum td_status
do_estimate(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	char amount[32];

	if (!cmd->none && (!cmd->has_seconds || cmd->seconds <= 0)) {
		apply_refuse(ap, cmd->line, cmd->source, "/estimate 3h", "How much?");
		return TD_OK;
	}
	item->now->estimate = cmd->none ? 0 : cmd->seconds;
	duration_format(item->now->estimate, amount);
	apply_did(ap, cmd->line, cmd->source, "#%u is estimated at %s.", item->now->number,
	    cmd->none ? "nothing" : amount);
	return TD_OK;
}

/* An amount of a day or more ends with the day's beginning: the digest of that morning has it. */
static int64_t
snooze_end(struct apply *ap, const struct reading_command *cmd)
{
	const struct zone *zone;
	struct err ignored;
	int64_t at;

	if (cmd->when != NULL)
		return cmd->when->start;
	at = ap->anchor + cmd->seconds;
	if (cmd->seconds < DAY_SECONDS || zone_get(ap->person->zone, &zone, &ignored) != TD_OK)
		return at;
	return zone_day_start(zone, zone_local_day(zone, at));
}

static enum td_status
do_snooze(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	int64_t until;

	if (cmd->when == NULL && (!cmd->has_seconds || cmd->seconds <= 0)) {
		apply_refuse(ap, cmd->line, cmd->source, "/snooze 2d", "Until when?");
		return TD_OK;
	}
	until = snooze_end(ap, cmd);
	if (until <= ap->anchor || item_is_closed(item->now)) {
		apply_refuse(ap, cmd->line, cmd->source, "/snooze monday",
		    until <= ap->anchor ? "That moment is past." : "#%u is closed.",
		    item->now->number);
		return TD_OK;
	}
	item_snooze(ap->arena, item->now, ap->person->id, until);
	apply_did(ap, cmd->line, cmd->source, "#%u is left out of your digest before %s.",
	    item->now->number, apply_moment(ap, until));
	return TD_OK;
}

/* ---- the top block --------------------------------------------------------------------------- */

static void
field_status(struct apply *ap, struct apply_item *item, const char *word)
{
	enum item_state to;
	const char *text = arena_printf(ap->arena, "Status: %s", word);
	bool was_closed = item_is_closed(item->now);

	if (!item_state_parse(span_of(word), &to)) {
		apply_refuse(ap, 0, text, "Status: started",
		    "A state is open, started, blocked, done or dropped.");
		return;
	}
	if (to == item->now->state || !apply_may_settle(ap, item->now, 0, text))
		return;
	if (!set_state(ap, item, to, to == ITEM_BLOCKED ? "said so" : NULL, 0, text))
		return;
	if (was_closed && to == ITEM_OPEN)
		say_open_again(ap, item->now, 0, text);
	else
		apply_did(ap, 0, text, "#%u is %s.", item->now->number, item_state_name(to));
}

static void
field_owner(struct apply *ap, struct apply_item *item, const struct reading_fields *fields)
{
	const char *text = arena_printf(ap->arena, "Owner: %s", fields->owners[0]);

	if (apply_may_dispose(ap, item->now, APPLY_GIVING, 0, text))
		(void)apply_set_owners(ap, item, fields->owners, fields->n_owners, 0, text);
}

static void
field_due(struct apply *ap, struct item *item, const struct reading_fields *fields)
{
	const char *text = arena_printf(ap->arena, "Due: %s",
	    fields->due != NULL ? fields->due->local : "none");

	if (apply_may_settle(ap, item, 0, text))
		(void)apply_due(ap, item, fields->due_none ? NULL : fields->due, 0, text);
}

static void
field_watch(struct apply *ap, struct item *item, const struct reading_fields *fields)
{
	for (size_t i = 0; i < fields->n_watch; i++) {
		const struct member *member = apply_find_member(ap, fields->watch[i], 0,
		    arena_printf(ap->arena, "Watch: %s", fields->watch[i]));

		if (member != NULL)
			item_add_watcher(ap->arena, item, member->person.id);
	}
}

static enum td_status
field_depends(struct apply *ap, struct apply_item *item, const struct reading_fields *fields,
    struct err *err)
{
	enum td_status status = TD_OK;
	bool added;

	for (size_t i = 0; status == TD_OK && i < fields->n_depends; i++)
		status = add_depends(ap, item, fields->depends[i], 0,
		    arena_printf(ap->arena, "Depends on: #%u", fields->depends[i]), &added, err);
	return status;
}

enum td_status
apply_fields(struct apply *ap, struct apply_item *item, unsigned which, struct err *err)
{
	const struct reading_fields *fields = &ap->reading->fields;
	struct item *now = item->now;

	if ((which & PROSE_TITLE) != 0 && item->before != NULL && fields->title != NULL &&
	    apply_may_settle(ap, now, 0, arena_printf(ap->arena, "Title: %s", fields->title)))
		now->title = fields->title;
	if ((which & PROSE_PROJECT) != 0 && fields->project != NULL)
		now->project = fields->project;
	if ((which & PROSE_OWNER) != 0 && fields->n_owners > 0)
		field_owner(ap, item, fields);
	/* before its date: opened again it may have another */
	if ((which & PROSE_STATUS) != 0 && fields->status != NULL)
		field_status(ap, item, fields->status);
	if ((which & PROSE_DUE) != 0 && (fields->due != NULL || fields->due_none))
		field_due(ap, now, fields);
	if ((which & PROSE_PRIORITY) != 0 && fields->priority != PRIORITY_NONE)
		now->priority = (int64_t)fields->priority;
	if ((which & PROSE_TAGS) != 0)
		set_tags(ap, now, fields->tags, fields->n_tags, fields->tags_off,
		    fields->n_tags_off);
	if ((which & PROSE_ESTIMATE) != 0 && fields->estimate > 0)
		now->estimate = fields->estimate;
	if ((which & PROSE_WATCH) != 0)
		field_watch(ap, now, fields);
	return (which & PROSE_DEPENDS) != 0 ? field_depends(ap, item, fields, err) : TD_OK;
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct {
	const char *verb;
	enum td_status (*fn)(struct apply *ap, const struct reading_command *cmd,
	    struct apply_item *item, struct err *err);
} handlers[] = {
    {"assign", apply_people_command}, {"block", do_block}, {"done", do_done}, {"drop", do_drop},
    {"due", do_due}, {"estimate", do_estimate}, {"priority", do_priority},
    {"project", do_project}, {"reopen", do_reopen}, {"snooze", do_snooze}, {"tag", do_tag},
    {"take", apply_people_command},
    {"title", do_title}, {"unassign", apply_people_command}, {"unblock", do_unblock},
    {"unwatch", apply_people_command}, {"watch", apply_people_command},
};

static enum td_status
take_off(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    uint32_t number, struct err *err)
{
	struct apply_item *other = NULL;
	enum td_status status = apply_find_item(ap, number, cmd->line, cmd->source, &other, err);

	if (status != TD_OK || other == NULL)
		return status;
	if (!item_remove_depends(item->now, other->now->id)) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "#%u does not wait for #%u.",
		    item->now->number, number);
		return TD_OK;
	}
	apply_did(ap, cmd->line, cmd->source, "#%u no longer waits for #%u.", item->now->number,
	    number);
	return item_unlink(ap->db, item->now->id, other->now->id, err);
}

static enum td_status
take_all_off(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	struct item *now = item->now;
	enum td_status status = TD_OK;

	if (now->n_depends == 0) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "#%u waits for no item.",
		    now->number);
		return TD_OK;
	}
	for (size_t i = 0; status == TD_OK && i < now->n_depends; i++)
		status = item_unlink(ap->db, now->id, now->depends[i], err);
	now->n_depends = 0;
	apply_did(ap, cmd->line, cmd->source, "#%u waits for no item now.", now->number);
	return status;
}

static enum td_status
put_on(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    uint32_t number, struct err *err)
{
	bool added;
	enum td_status status = add_depends(ap, item, number, cmd->line, cmd->source, &added, err);

	if (status == TD_OK && added)
		apply_did(ap, cmd->line, cmd->source, "#%u waits for #%u.", item->now->number,
		    number);
	return status;
}

/* "/depends #41 #40" and "/depends -#41" are about the thread's item, "/depends #42 on #41",
 * "#42 -#41" and "#42 none" about #42. */
static enum td_status
do_depends(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	bool off = cmd->word != NULL && strcmp(cmd->word, "off") == 0;
	bool named = cmd->n_items > 0 && (cmd->none || (off && cmd->flag) ||
	    (cmd->word != NULL && strcmp(cmd->word, "on") == 0));
	struct apply_item *item = ap->current;
	enum td_status status = TD_OK;

	if (named)
		status = apply_find_item(ap, cmd->items[0], cmd->line, cmd->source, &item, err);
	else if (item == NULL)
		apply_refuse(ap, cmd->line, cmd->source,
		    off ? "/depends #42 -#41" : "/depends #42 on #41", "Which item?");
	if (status == TD_OK && item != NULL && cmd->none)
		return take_all_off(ap, cmd, item, err);
	for (size_t i = named ? 1 : 0; status == TD_OK && item != NULL && i < cmd->n_items; i++)
		status = off ? take_off(ap, cmd, item, cmd->items[i], err)
			     : put_on(ap, cmd, item, cmd->items[i], err);
	return status;
}

static enum td_status
for_items(struct apply *ap, const struct reading_command *cmd, size_t handler, struct err *err)
{
	/* in "block #42 why on #41" the last one is what it waits for */
	bool on = cmd->word != NULL && strcmp(cmd->word, "on") == 0 && cmd->n_people == 0;
	size_t n = on && cmd->n_items > 0 ? cmd->n_items - 1 : cmd->n_items;
	enum td_status status = TD_OK;

	if (n == 0 && ap->current == NULL) {
		apply_refuse(ap, cmd->line, cmd->source,
		    arena_printf(ap->arena, "/%s #42", cmd->verb),
		    "Which item? Name its number, or reply to its mail.");
		return TD_OK;
	}
	if (n == 0)
		return handlers[handler].fn(ap, cmd, ap->current, err);
	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct apply_item *item = NULL;

		status = apply_find_item(ap, cmd->items[i], cmd->line, cmd->source, &item, err);
		if (status == TD_OK && item != NULL)
			status = handlers[handler].fn(ap, cmd, item, err);
	}
	return status;
}

enum td_status
apply_item_command(struct apply *ap, const struct reading_command *cmd, bool *known_r,
    struct err *err)
{
	*known_r = true;
	if (strcmp(cmd->verb, "depends") == 0)
		return do_depends(ap, cmd, err);
	for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
		if (strcmp(cmd->verb, handlers[i].verb) == 0)
			return for_items(ap, cmd, i, err);
	*known_r = false;
	return TD_OK;
}
