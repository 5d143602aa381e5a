/* SPDX-License-Identifier: ISC */
/*
 * answer: direct answers to a mail: acknowledgement, transcript of errors, "was this you?". Plain
 * text, MAIL FROM:<>, Auto-Submitted: auto-replied; nobody's program answers those.
 */
#include "config.h"

#include "daemon/compose/compose.h"

#include <string.h>

#include "daemon/compose/draft.h"
#include "daemon/compose/say.h"

#define LINES_MAX 200
#define LINE_TEXT_MAX 400
#define ASKED_LINES_MAX 800
#define ASKED_TEXT_MAX 2000
#define ASKED_BYTES_MAX 24000 /* of one mail: the whole of it, encoded, stays below 80 KB */

static void
add_item(const struct draft *draft, struct value *list, const struct compose_item *item)
{
	struct value *object = value_add_object(list), *params = value_object(draft->arena);
	const char *due = say_when(draft->locale, draft->arena, &item->due);

	value_set_int(params, "number", item->number);
	value_set_text(params, "title", item->title);
	value_set_text(params, "owner", item->owner);
	value_set_text(params, "due", due);
	value_set_bool(params, "decision", item->is_decision);
	value_set_text(object, "head", draft_say(draft, "ack_new", params));
	value_set_text(object, "owner",
	    draft_say(draft, item->owner != NULL ? "ack_owner" : "ack_nobody", params));
	value_set_text(object, "due",
	    draft_say(draft, due != NULL ? "ack_due" : "ack_no_due", params));
}

static void
add_items(const struct draft *draft, const struct compose_item *items, size_t n)
{
	struct value *list = value_set_list(draft->root, "items");

	for (size_t i = 0; i < n && i < LINES_MAX; i++)
		add_item(draft, list, &items[i]);
}

static void
add_texts(const struct draft *draft, const char *key, const char **texts, size_t n)
{
	struct value *list = value_set_list(draft->root, key);

	for (size_t i = 0; i < n && i < LINES_MAX; i++)
		value_add_text(list, texts[i]);
}

/* The answers to questions; what is too much is counted. */
static void
add_asked(const struct draft *draft, const struct compose_asked *asked, size_t n)
{
	struct value *list = value_set_list(draft->root, "asked");
	size_t bytes = 0;

	for (size_t i = 0; i < n; i++) {
		struct value *object = value_add_object(list);
		struct value *lines = value_set_list(object, "lines");
		size_t k = 0;

		value_set_text(object, "title", draft_cut(draft, asked[i].title, LINE_TEXT_MAX));
		for (; k < asked[i].n_lines && k < ASKED_LINES_MAX && bytes < ASKED_BYTES_MAX;
		     k++) {
			const char *line = draft_cut(draft, asked[i].lines[k], ASKED_TEXT_MAX);

			bytes += strlen(line) + 4;
			value_add_text(lines, line);
		}
		if (k < asked[i].n_lines)
			value_set_text(object, "more", locale_count(draft->locale, draft->arena,
			    "asked_more", (int64_t)(asked[i].n_lines - k), NULL));
	}
}

static void
add_undo(const struct draft *draft, const char *code)
{
	struct value *params = value_object(draft->arena);

	if (code == NULL)
		return;
	value_set_text(params, "code", code);
	value_set_text(draft->root, "undo", draft_say(draft, "ack_undo", params));
}

static void
add_footer(const struct draft *draft, const char *why, const char *how)
{
	value_set_text(draft->root, "why", draft_say(draft, why, draft->root));
	value_set_text(draft->root, "how", draft_say(draft, how, draft->root));
}

/* Text alone, in the thread of the mail that is answered and of the item that it made. */
static enum td_status
send_answer(struct draft *draft, const char *name, const struct compose_answered *answered,
    const struct compose_item *items, size_t n_items, struct composed *mail_r)
{
	struct mail mail = {0};
	const char *text;
	enum td_status status = draft_text(draft, name, &text);

	if (status != TD_OK)
		return status;
	draft_mail(draft, DRAFT_ANSWER, &mail);
	draft_answers(draft, answered, &mail);
	if (n_items == 1)
		draft_root_reference(&mail, items[0].root_mid);
	mail.text = span_of(text);
	return draft_finish(draft, &mail, mail_r, NULL);
}

enum td_status
compose_ack(struct arena *arena, const struct compose_common *common,
    const struct compose_ack *ack, struct composed *mail_r, struct err *err)
{
	struct draft draft;
	struct value *params = value_object(arena);

	draft_begin(&draft, arena, common, err);
	add_asked(&draft, ack->asked, ack->n_asked);
	add_items(&draft, ack->items, ack->n_items);
	add_texts(&draft, "done", ack->done, ack->n_done);
	add_texts(&draft, "notes", ack->notes, ack->n_notes);
	if (ack->n_items > 0) {
		value_set_int(params, "number", ack->items[0].number);
		value_set_text(draft.root, "change", draft_say(&draft,
		    ack->n_items == 1 ? "ack_change" : "ack_change_many", params));
	}
	add_undo(&draft, ack->undo_code);
	add_footer(&draft, "why_answer", ack->n_asked > 0 ? "how_asked" : "how_ack");
	return send_answer(&draft, "ack", &ack->answered, ack->items, ack->n_items, mail_r);
}

/* ---- transcript ---- */

static void
add_line(const struct draft *draft, struct value *list, const struct compose_line *line)
{
	struct value *object = value_add_object(list), *params = value_object(draft->arena);

	value_set_text(object, "text", draft_cut(draft, line->text, LINE_TEXT_MAX));
	value_set_text(object, "mark",
	    draft_say(draft, line->applied ? "line_good" : "line_bad", NULL));
	value_set_text(object, "result", draft_cut(draft, line->result, LINE_TEXT_MAX));
	if (line->suggestion == NULL)
		return;
	value_set_text(params, "line", line->suggestion);
	value_set_text(object, "try", draft_say(draft, "line_try", params));
}

/* What a mail did is not all in lines: a new item or a comment stands in none. */
static const char *
transcript_summary(const struct draft *draft, const struct compose_transcript *transcript,
    size_t good)
{
	struct value *params = value_object(draft->arena);
	bool did = transcript->n_items > 0 || transcript->undo_code != NULL;
	size_t bad = transcript->n_lines - good;

	if (good == 0)
		return locale_count(draft->locale, draft->arena,
		    did ? "transcript_rest" : "transcript_none", (int64_t)bad, params);
	value_set_int(params, "total", (int64_t)(good + bad));
	value_set_int(params, "good", (int64_t)good);
	value_set_int(params, "bad", (int64_t)bad);
	return draft_say(draft, "transcript_some", params);
}

enum td_status
compose_transcript(struct arena *arena, const struct compose_common *common,
    const struct compose_transcript *transcript, struct composed *mail_r, struct err *err)
{
	struct draft draft;
	struct value *list;
	const char *copy = transcript->copy;
	size_t good = 0;

	draft_begin(&draft, arena, common, err);
	list = value_set_list(draft.root, "lines");
	for (size_t i = 0; i < transcript->n_lines; i++) {
		const struct compose_line *line = &transcript->lines[i];

		good += line->applied;
		if (copy == NULL && !line->applied)
			copy = line->suggestion;
		if (i < LINES_MAX)
			add_line(&draft, list, line);
	}
	value_set_text(draft.root, "summary",
	    transcript_summary(&draft, transcript, good));
	value_set_text(draft.root, "copy", copy);
	add_texts(&draft, "notes", transcript->notes, transcript->n_notes);
	value_set_bool(draft.root, "warned", transcript->n_notes > 0);
	add_asked(&draft, transcript->asked, transcript->n_asked);
	add_items(&draft, transcript->items, transcript->n_items);
	add_undo(&draft, transcript->undo_code);
	add_footer(&draft, "why_answer", "how_errors");
	return send_answer(&draft, "transcript", &transcript->answered, transcript->items,
	    transcript->n_items, mail_r);
}

/* ---- "was this you?" ---- */

enum td_status
compose_confirm(struct arena *arena, const struct compose_common *common,
    const struct compose_confirm *confirm, struct composed *mail_r, struct err *err)
{
	static const char *const parts[] = {"what", "yes", "no"};
	struct draft draft;
	struct value *list;
	struct mail mail = {0};
	const char *text;
	enum td_status status;

	draft_begin(&draft, arena, common, err);
	list = value_set_list(draft.root, "held");
	for (size_t i = 0; i < confirm->n_held && i < LINES_MAX; i++) {
		struct value *object = value_add_object(list);
		const char *subject = confirm->held[i].subject;

		value_set_text(object, "subject",
		    subject != NULL ? subject : draft_say(&draft, "no_subject", NULL));
		value_set_text(object, "at", say_moment(draft.locale, arena,
		    confirm->held[i].received_at, common->to.zone));
	}
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		value_set_text(draft.root, parts[i], locale_count(draft.locale, arena,
		    arena_printf(arena, "confirm_%s", parts[i]), (int64_t)confirm->n_held,
		    draft.root));
	add_footer(&draft, "why_confirm", "how_confirm");
	if ((status = draft_text(&draft, "confirm", &text)) != TD_OK)
		return status;
	draft_mail(&draft, DRAFT_ANSWER, &mail);
	mail.subject = draft_say(&draft, "confirm_subject", draft.root);
	mail.text = span_of(text);
	return draft_finish(&draft, &mail, mail_r, NULL);
}
