/* SPDX-License-Identifier: ISC */
/*
 * apply: see apply.h. Order within a mail: undo, the item it is about (found, or made), its fields,
 * the text (comment, update), the sections, the commands from top to bottom; at the end each
 * item that changed is written once, with one event and its search row.
 */
#include "config.h"

#include "daemon/intake/apply.h"

#include <string.h>

#include "parsers/base/jsonw.h"
#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "parsers/verb.h"
#include "daemon/compose/query.h"
#include "daemon/intake/decide.h"
#include "daemon/intake/news.h"
#include "daemon/intake/proof.h"
#include "daemon/intake/prose.h"
#include "daemon/store/event.h"
#include "daemon/store/item.h"
#include "daemon/store/message.h"
#include "daemon/store/person.h"
#include "daemon/store/search.h"
#include "daemon/store/status_update.h"

#define TITLE_MAX 300u
#define JSON_MAX (8u << 20)

/* ---- the item in question -------------------------------------------------------------------- */

static enum td_status
thread_of(struct apply *ap, const char *mid, struct thread **thread_r, struct err *err)
{
	if (mid == NULL || *thread_r != NULL)
		return TD_OK;
	return thread_find(ap->db, ap->arena, mid, ap->team->id, thread_r, err);
}

/* The nearest mail first: In-Reply-To, then References from the newest on; else the token's. */
static enum td_status
find_thread(struct apply *ap, struct thread **thread_r, struct err *err)
{
	const struct reading_message *message = &ap->reading->message;
	enum td_status status = thread_of(ap, message->in_reply_to, thread_r, err);

	for (size_t i = message->n_references; status == TD_OK && i > 0; i--)
		status = thread_of(ap, message->references[i - 1], thread_r, err);
	if (status == TD_OK && *thread_r == NULL)
		status = proof_thread(ap, thread_r, err);
	return status;
}

static enum td_status
find_current(struct apply *ap, struct thread *thread, struct err *err)
{
	struct item *item = NULL;
	uint32_t number = ap->reading->target.item;
	enum td_status status = TD_OK;

	if (thread != NULL && thread->item_id != 0) {
		status = item_by_id(ap->db, ap->arena, thread->item_id, &item, err);
		if (status == TD_OK && item != NULL)
			number = item->number;
	}
	if (status != TD_OK || number == 0)
		return status;
	return apply_find_item(ap, number, 0, ap->reading->message.subject, &ap->current, err);
}

const char *
apply_title(struct apply *ap)
{
	struct span title = span_trim(span_of(ap->reading->fields.title));

	if (title.len == 0)
		title = span_trim(span_of(ap->reading->message.subject));
	if (title.len == 0)
		return "(no subject)";
	return arena_span(ap->arena, utf8_cut(title, TITLE_MAX));
}

enum td_status
apply_add_item(struct apply *ap, struct item *now, struct apply_item **item_r, struct err *err)
{
	struct apply_item *item = arena_alloc(ap->arena, sizeof *item);
	enum td_status status;

	item->now = now;
	now->team_id = ap->team->id;
	now->creator_id = ap->person->id;
	now->created_at = now->updated_at = ap->now;
	status = item_add(ap->db, ap->arena, now, err);
	if (status != TD_OK)
		return status;
	*ARENA_PUSH(ap->arena, ap->items, ap->n_items, ap->cap_items) = item;
	ap->changed = true;
	*item_r = item;
	return TD_OK;
}

static enum td_status
make_task(struct apply *ap, struct err *err)
{
	struct item *now = arena_alloc(ap->arena, sizeof *now);

	if (!apply_may(ap, RIGHT_WORK, 0, ap->reading->message.subject))
		return TD_OK;
	now->kind = "task";
	now->title = apply_title(ap);
	now->body = prose_of(ap->arena, ap->reading, true);
	return apply_add_item(ap, now, &ap->current, err);
}

/* ---- kinds ----------------------------------------------------------------------------------- */

/*
 * Nothing but lines about the writer, their settings, days and sheets, whatever the subject: so
 * are the mails that the links in the footers of ours write. No task is meant by one.
 */
static bool
is_about_writer(const struct apply *ap)
{
	static const char *const of_writer[] = {"ack", "approve", "away", "back", "checkin",
	    "digest", "hours", "lang", "off", "reject", "same", "skip", "submit", "tz"};
	const struct reading *r = ap->reading;
	size_t own = 0;

	for (size_t i = 0; i < r->n_commands; i++)
		for (size_t k = 0; k < sizeof of_writer / sizeof *of_writer; k++)
			own += strcmp(r->commands[i].verb, of_writer[k]) == 0;
	return own > 0 && own == r->n_commands && r->n_errors == 0 && r->n_sections == 0 &&
	    *prose_of(ap->arena, r, true) == '\0';
}

/* What replies to a task's own mail is about that task, though "Re: task: …" still says task. */
static enum target_kind
kind_of(const struct apply *ap, const struct thread *thread)
{
	enum target_kind kind = ap->reading->target.kind;

	if (ap->current != NULL && kind == KIND_DECIDE && item_is_decision(ap->current->now))
		return KIND_NONE;
	if (ap->current != NULL && (kind == KIND_TASK || kind == KIND_NONE || kind == KIND_URGENT))
		return KIND_NONE;
	/* "undo" in reply to a task that is gone by it: that does not make the task anew */
	if (ap->has_undone && thread != NULL && ap->current == NULL)
		return KIND_UPDATE;
	if (kind != KIND_NONE)
		return kind;
	if (thread != NULL || is_about_writer(ap))
		return KIND_UPDATE;
	return strcmp(ap->team->default_kind, "task") == 0 ? KIND_TASK : KIND_UPDATE;
}

static enum td_status
apply_to_current(struct apply *ap, struct err *err)
{
	uint32_t n_block;
	unsigned block = prose_block(ap->reading->text, &n_block);
	const char *text = prose_of(ap->arena, ap->reading, true);
	enum td_status status = TD_OK;

	if (block != 0 && apply_may(ap, RIGHT_WORK, 1, "Key: value"))
		status = apply_fields(ap, ap->current, block, err);
	if (status == TD_OK && *text != '\0')
		status = apply_comment(ap, ap->current, text, err);
	return status == TD_OK ? apply_sections(ap, err) : status;
}

static enum td_status
apply_task(struct apply *ap, struct err *err)
{
	enum td_status status = make_task(ap, err);

	if (status != TD_OK || ap->current == NULL)
		return status;
	status = apply_fields(ap, ap->current, PROSE_ALL, err);
	return status == TD_OK ? apply_sections(ap, err) : status;
}

/* Questions are answered when the mail has had its effects. */
static void
ask(struct apply *ap, const struct reading_command *question)
{
	*ARENA_PUSH(ap->arena, ap->questions, ap->n_questions, ap->cap_questions) = question;
}

static enum td_status
answer_questions(struct apply *ap, struct err *err)
{
	const struct query query = {.db = ap->db, .arena = ap->arena, .team = ap->team,
	    .reader_id = ap->person->id, .zone = ap->person->zone, .now = ap->now,
	    .thread_item = ap->current != NULL ? ap->current->now->number : 0};
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < ap->n_questions; i++) {
		const struct reading_command *q = ap->questions[i];
		struct query_answer answer = {0};

		status = query_ask(&query, q, &answer, err);
		if (status == TD_OK && answer.why != NULL)
			apply_refuse(ap, q->line, q->source, NULL, "%s", answer.why);
		else if (status == TD_OK)
			*ARENA_PUSH(ap->arena, ap->asked, ap->n_asked, ap->cap_asked) =
			    (struct compose_asked){answer.title, answer.lines, answer.n_lines};
	}
	return status;
}

static enum td_status
apply_kind(struct apply *ap, enum target_kind kind, struct err *err)
{
	static const struct reading_command help = {.verb = "help", .source = "help"};
	const char *subject = ap->reading->message.subject;

	switch (kind) {
	case KIND_NONE:
		return apply_to_current(ap, err);
	case KIND_TASK:
		return apply_task(ap, err);
	case KIND_UPDATE:
		return apply_update(ap, err);
	case KIND_TIME:
		if (ap->reading->n_commands == 0 && ap->reading->n_sections == 0 &&
		    ap->reading->n_errors == 0)
			apply_refuse(ap, 0, subject, "2h #42 review", "No time was found in it.");
		return apply_sections(ap, err);
	case KIND_OFF:
		if (ap->reading->n_commands == 0 && ap->reading->n_errors == 0)
			apply_refuse(ap, 0, subject, "/off 2026-12-24..2026-12-31 holiday",
			    "No days were found in it.");
		return TD_OK;
	case KIND_URGENT:
		return apply_task(ap, err);
	case KIND_DECIDE:
		return apply_decision(ap, apply_title(ap), err);
	case KIND_HELP:
		/* "help" as a subject, or the address for it: unless a line says which help */
		if (ap->reading->n_commands == 0)
			ask(ap, &help);
		return TD_OK;
	case KIND_QUERY:
	case KIND_UNDO:
		/* the question itself is the first command */
		if (ap->reading->n_commands == 0)
			apply_refuse(ap, 0, subject, NULL, "This has no effect in this version.");
		return TD_OK;
	}
	return TD_OK;
}

/* ---- commands -------------------------------------------------------------------------------- */

static enum right
verb_right(const struct verb *verb)
{
	switch (verb->role) {
	case VERB_GUEST:
		return RIGHT_COMMENT;
	case VERB_MEMBER:
		return RIGHT_WORK;
	case VERB_LEAD:
		break;
	}
	return RIGHT_LEAD;
}

/* What is read and comes with a later version. */
static void
refuse_later(struct apply *ap, const struct reading_command *cmd)
{
	if (strcmp(cmd->verb, "meet") == 0 || strcmp(cmd->verb, "book") == 0)
		apply_refuse(ap, cmd->line, cmd->source, "/who",
		    "Meetings come with a later version: no times were looked for, and nobody was "
		    "invited. /who shows who is here, and what time it is for each.");
	else
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "\"%s\" is understood but has no effect in this version.", cmd->verb);
}

enum td_status
apply_command(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	const struct verb *verb = verb_find(span_of(cmd->verb));
	bool known = false;
	enum td_status status = TD_OK;

	ap->is_about_call = ap->is_about_call || page_is_verb(cmd->verb);
	if (verb != NULL && !apply_may(ap, verb_right(verb), cmd->line, cmd->source))
		return TD_OK;
	if (query_is(cmd->verb)) {
		ask(ap, cmd);
		return TD_OK;
	}
	status = apply_handover_command(ap, cmd, &known, err);
	if (status == TD_OK && !known)
		status = apply_item_command(ap, cmd, &known, err);
	if (status == TD_OK && !known)
		status = apply_decide_command(ap, cmd, &known, err);
	if (status == TD_OK && !known)
		status = apply_time_command(ap, cmd, &known, err);
	if (status == TD_OK && !known)
		status = apply_sheet_command(ap, cmd, &known, err);
	if (status == TD_OK && !known)
		status = apply_place_command(ap, cmd, &known, err);
	if (status == TD_OK && !known)
		status = apply_self_command(ap, cmd, &known, err);
	if (status == TD_OK && !known)
		status = apply_prompt_command(ap, cmd, &known, err);
	if (status == TD_OK && !known)
		status = apply_page_command(ap, cmd, &known, err);
	if (status == TD_OK && !known)
		status = apply_remind_command(ap, cmd, &known, err);
	if (status == TD_OK && !known)
		status = apply_member_command(ap, cmd, &known, err);
	if (status == TD_OK && !known)
		refuse_later(ap, cmd);
	return status;
}

/* The same scalar twice in one mail: the last one wins, and that is said. */
static void
note_repeats(struct apply *ap)
{
	static const char *const scalars[] = {"due", "priority", "project", "title", "estimate"};
	const struct reading *r = ap->reading;

	for (size_t v = 0; v < sizeof scalars / sizeof *scalars; v++) {
		unsigned n = 0;

		for (size_t i = 0; i < r->n_commands; i++)
			n += strcmp(r->commands[i].verb, scalars[v]) == 0 &&
			    r->commands[i].n_items == 0;
		if (n > 1)
			apply_note(ap, "/%s stands there %u times; the last one counts.",
			    scalars[v], n);
	}
}

/* ---- the end --------------------------------------------------------------------------------- */

enum td_status
apply_index_item(struct apply *ap, const struct item *item, struct err *err)
{
	return search_set(ap->db, SEARCH_ITEM, item->id, ap->team->id,
	    item_words(ap->arena, item), err);
}

static enum td_status
save_item(struct apply *ap, struct apply_item *item, struct err *err)
{
	struct buf before_json, after_json;
	/* a new item stands in the store as apply_add_item wrote it */
	static const struct item nothing = {.title = "", .body = ""};
	const struct item *before = item->before != NULL ? item->before : &nothing;
	enum td_status status = TD_OK;

	buf_init(&before_json, JSON_MAX);
	buf_init(&after_json, JSON_MAX);
	item->now->updated_at = ap->now;
	if (item_diff(item->before, item->now, &before_json, &after_json)) {
		status = item_save(ap->db, before, item->now, err);
		if (status == TD_OK)
			status = apply_event(ap, "item", item->now->id,
			    item->before != NULL ? "change" : "create",
			    item->before != NULL ? before_json.ptr : NULL, after_json.ptr, err);
		if (status == TD_OK && (item->before == NULL ||
		    strcmp(item_words(ap->arena, before), item_words(ap->arena, item->now)) != 0))
			status = apply_index_item(ap, item->now, err);
		if (status == TD_OK)
			status = decide_schedule(ap->db, ap->arena, item->now, err);
	}
	buf_release(&before_json);
	buf_release(&after_json);
	return status;
}

/* Replies to this mail, and to the item's own mails, are about the item. */
static enum td_status
remember_thread(struct apply *ap, struct err *err)
{
	struct thread row = {.team_id = ap->team->id, .kind = THREAD_ITEM,
	    .created_at = ap->now};
	enum td_status status = TD_OK;

	if (ap->current == NULL)
		return TD_OK;
	row.item_id = ap->current->now->id;
	if (ap->reading->message.id != NULL) {
		row.mid = ap->reading->message.id;
		status = thread_add(ap->db, &row, err);
	}
	if (status == TD_OK && ap->current->before == NULL) {
		row.mid = ap->current->now->root_mid;
		status = thread_add(ap->db, &row, err);
	}
	return status;
}

static bool
is_undo(const struct reading_command *cmd)
{
	return strcmp(cmd->verb, "undo") == 0;
}

static enum td_status
prepare(struct apply *ap, struct thread **thread_r, struct err *err)
{
	const struct reading_message *message = &ap->reading->message;
	int64_t off = message->date > ap->arrival ? message->date - ap->arrival
						  : ap->arrival - message->date;
	enum td_status status;

	ap->members = arena_alloc(ap->arena, sizeof *ap->members);
	ap->anchor = message->has_date && off <= 86400 ? message->date : ap->arrival;
	ap->day = person_day(ap->arena, ap->person->zone, ap->anchor);
	status = find_thread(ap, thread_r, err);
	if (status == TD_OK)
		status = apply_told_day(ap, *thread_r, err);
	for (size_t i = 0; status == TD_OK && i < ap->reading->n_commands; i++)
		if (is_undo(&ap->reading->commands[i]))
			status = apply_undo(ap, &ap->reading->commands[i], err);
	return status == TD_OK ? find_current(ap, *thread_r, err) : status;
}

enum td_status
apply_mail(struct apply *ap, struct err *err)
{
	struct thread *thread = NULL;
	enum td_status status = prepare(ap, &thread, err);

	if (status == TD_OK)
		status = apply_kind(ap, kind_of(ap, thread), err);
	if (status == TD_OK && ap->reading->target.kind == KIND_URGENT)
		status = apply_urgent(ap, err);
	for (size_t i = 0; status == TD_OK && i < ap->reading->n_commands; i++)
		if (!is_undo(&ap->reading->commands[i]))
			status = apply_command(ap, &ap->reading->commands[i], err);
	note_repeats(ap);
	if (status == TD_OK)
		status = apply_warn_due(ap, err);
	for (size_t i = 0; i < ap->reading->n_errors; i++) {
		const struct reading_error *e = &ap->reading->errors[i];

		ap->is_about_call = ap->is_about_call || page_is_line(e->text);
		apply_refuse(ap, e->line, e->text, e->suggestion, "%s", e->why);
	}
	for (size_t i = 0; status == TD_OK && i < ap->n_items; i++)
		status = save_item(ap, ap->items[i], err);
	for (size_t i = 0; status == TD_OK && i < ap->n_items; i++)
		status = news_change(ap, ap->items[i], err);
	for (size_t i = 0; status == TD_OK && i < ap->n_items; i++)
		status = handover_settle(ap, ap->items[i], err);
	for (size_t i = 0; status == TD_OK && i < ap->n_items; i++)
		status = page_settle(ap, ap->items[i], err);
	if (status == TD_OK)
		status = answer_questions(ap, err);
	if (status == TD_OK)
		status = remember_thread(ap, err);
	if (status == TD_OK && ap->members->status != TD_OK) {
		*err = ap->members->err;
		status = ap->members->status;
	}
	return status;
}
