/* SPDX-License-Identifier: ISC */
/*
 * promptmail: the check-in prompt, from its struct to text, HTML and mail: one question, what the
 * reader planned and has open, three answers of one word. What is listed is cut until the mail is
 * small enough, and a line tells how much more there is.
 */
#include "config.h"

#include "daemon/compose/compose.h"

#include "daemon/compose/draft.h"
#include "daemon/compose/mailto.h"
#include "daemon/compose/need.h"
#include "daemon/compose/say.h"

#define ROWS_FIRST 20 /* of each list; halved until the mail fits */
#define TITLE_MAX 200
#define TEXT_MAX 300
#define OTHERS_MAX 10

static size_t
least(size_t n, size_t most)
{
	return n < most ? n : most;
}

static void
add_planned(const struct draft *draft, const struct compose_prompt *prompt, size_t rows)
{
	struct value *list = value_set_list(draft->root, "planned");

	value_set_bool(draft->root, "has_planned", prompt->n_planned > 0);
	for (size_t i = 0; i < least(prompt->n_planned, rows); i++)
		value_add_text(list, draft_cut(draft, prompt->planned[i], TEXT_MAX));
	if (prompt->n_planned > rows)
		value_set_text(draft->root, "planned_more", locale_count(draft->locale,
		    draft->arena, "prompt_more", (int64_t)(prompt->n_planned - rows), NULL));
}

/* A link that prepares a mail of one command. */
static void
add_link(const struct draft *draft, struct value *list, const char *text, const char *subject,
    const char *command)
{
	const char *href = mailto(draft->arena, draft->common->team.address, subject, command);
	struct value *link;

	if (href == NULL)
		return;
	link = value_add_object(list);
	value_set_text(link, "href", href);
	value_set_text(link, "text", text);
}

static void
add_items(const struct draft *draft, const struct compose_prompt *prompt, size_t rows)
{
	struct arena *arena = draft->arena;
	struct value *list = value_set_list(draft->root, "items");

	value_set_bool(draft->root, "has_items", prompt->n_items > 0);
	for (size_t i = 0; i < least(prompt->n_items, rows); i++) {
		const struct digest_need *need = &prompt->items[i];
		struct value *object = value_add_object(list);
		bool blocked = need->kind == NEED_BLOCKED;

		value_set_int(object, "number", need->number);
		value_set_text(object, "title", draft_cut(draft, need->title, TITLE_MAX));
		if (blocked || need->due.at != 0)
			value_set_text(object, "line", need_line(draft, need));
		add_link(draft, value_set_list(object, "actions"),
		    draft_say(draft, blocked ? "act_unblock" : "act_done", object),
		    arena_printf(arena, "[#%u]", need->number),
		    arena_printf(arena, "/%s #%u", blocked ? "unblock" : "done", need->number));
	}
	if (prompt->n_items > rows)
		value_set_text(draft->root, "items_more", locale_count(draft->locale, arena,
		    "more", (int64_t)(prompt->n_items - rows), NULL));
}

static void
add_others(const struct draft *draft, const struct compose_prompt *prompt)
{
	struct value *list = value_set_list(draft->root, "others");

	for (size_t i = 0; i < least(prompt->n_others, OTHERS_MAX); i++) {
		struct value *params = value_object(draft->arena);

		value_set_text(params, "team", prompt->others[i].title);
		value_set_text(params, "address", prompt->others[i].address);
		value_add_text(list, draft_say(draft, "prompt_other", params));
	}
}

/* The three words, as links. The subject tells the day, since no mail is replied to. */
static void
add_answers(const struct draft *draft, const struct compose_prompt *prompt)
{
	static const struct {
		const char *label, *command;
	} answers[] = {{"act_same", "/same"}, {"act_skip", "/skip"}, {"act_away", "/away"}};
	struct value *list = value_set_list(draft->root, "answers");
	const char *subject = arena_printf(draft->arena, "update: %s", prompt->day);

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		add_link(draft, list, draft_say(draft, answers[i].label, NULL), subject,
		    answers[i].command);
}

static void
fill(const struct draft *draft, const struct compose_prompt *prompt, size_t rows)
{
	struct value *root = draft->root;

	value_set_text(root, "day",
	    say_day(draft->locale, draft->arena, prompt->day, false));
	value_set_text(root, "sum", say_hours(draft->arena, prompt->seconds));
	value_set_text(root, "subject", draft_say(draft, "prompt_subject", root));
	value_set_text(root, "what", draft_say(draft, "prompt_what", root));
	value_set_text(root, "hint", draft_say(draft, "prompt_how", root));
	value_set_text(root, "head_planned",
	    draft_upper(draft, draft_say(draft, "prompt_planned", NULL)));
	value_set_text(root, "head_items",
	    draft_upper(draft, draft_say(draft, "prompt_items", NULL)));
	value_set_text(root, "time_line", draft_say(draft, "prompt_time", root));
	value_set_text(root, "why", draft_say(draft, "why_prompt", root));
	value_set_text(root, "how", draft_say(draft, "how_prompt", root));
	add_planned(draft, prompt, rows);
	add_items(draft, prompt, rows);
	add_others(draft, prompt);
	add_answers(draft, prompt);
	add_link(draft, value_set_list(root, "links"), draft_say(draft, "link_off", NULL),
	    "Check-in off", "/checkin off");
}

const char *
compose_prompt_question(struct arena *arena, const char *lang)
{
	const struct compose_common common = {.to.lang = lang};
	struct draft draft;

	draft_begin(&draft, arena, &common, NULL);
	return draft_say(&draft, "prompt_what", draft.root);
}

static enum td_status
compose_rows(struct arena *arena, const struct compose_common *common,
    const struct compose_prompt *prompt, size_t rows, struct composed *mail_r,
    bool *too_large_r, struct err *err)
{
	struct draft draft;
	struct mail mail = {0};
	const char *text, *html;
	enum td_status status;

	*too_large_r = false;
	draft_begin(&draft, arena, common, err);
	fill(&draft, prompt, rows);
	if ((status = draft_text(&draft, "prompt", &text)) != TD_OK ||
	    (status = draft_html(&draft, "prompt", &html)) != TD_OK)
		return status;
	draft_mail(&draft, DRAFT_PROMPT, &mail);
	mail.subject = draft_cut(&draft, value_str(value_get(draft.root, SPAN("subject"))),
	    TEXT_MAX);
	draft_own_reference(&draft, &mail, prompt->day);
	mail.text = span_of(text);
	mail.html = span_of(html);
	return draft_finish(&draft, &mail, mail_r, too_large_r);
}

enum td_status
compose_prompt(struct arena *arena, const struct compose_common *common,
    const struct compose_prompt *prompt, struct composed *mail_r, struct err *err)
{
	bool too_large = false;

	for (size_t rows = ROWS_FIRST;; rows /= 2) {
		enum td_status status =
		    compose_rows(arena, common, prompt, rows, mail_r, &too_large, err);

		if (status == TD_OK || !too_large || rows < 2)
			return status;
	}
}
