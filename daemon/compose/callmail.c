/* SPDX-License-Identifier: ISC */
/*
 * callmail: mails that ask one person for something, one shape for all: a sentence, somebody's
 * words, what it is about, what to answer. A table has the texts of each kind, by their names in
 * the locale.
 */
#include "config.h"

#include "daemon/compose/compose.h"

#include <string.h>

#include "daemon/compose/draft.h"
#include "daemon/compose/mailto.h"
#include "daemon/compose/say.h"

#define SUBJECT_MAX 200
#define TEXT_MAX 4000
#define LINES_MAX 60
#define NUMBERS_SHOWN 5

/* A prepared answer: the text of the link, and the line that it sends. */
struct call_act {
	const char *key;
	const char *command; /* sentence of the locale's kind, with the values of the mail */
};

struct call_texts {
	bool counted; /* the sentences depend on the number of items that are handed over */
	const char *subject, *what, *hint, *why, *how;
	enum draft_kind draft;
	struct call_act acts[3];
	const char *lines[4]; /* sentences, where there are no words of somebody */
};

static const struct call_texts texts[] = {
    [COMPOSE_CALL_REMINDER] = {false, "remind_subject", "remind_what", "remind_hint", "why_remind",
	"how_remind", DRAFT_REMINDER,
	{{"act_remind_hour", "remind_in_hour"}, {"act_remind_tomorrow", "remind_tomorrow"}}},
    [COMPOSE_CALL_PAGE] = {false, "page_subject", "page_what", "page_hint", "why_page", "how_page",
	DRAFT_PAGE, {{"act_ack_page", "ack_page"}}},
    [COMPOSE_CALL_PAGE_TAKEN] = {false, "page_subject", "page_taken", "page_taken_hint", "why_page",
	"how_page_over", DRAFT_PAGE, {{NULL, NULL}}},
    [COMPOSE_CALL_PAGE_NOBODY] = {false, "page_subject", "page_nobody", "page_nobody_hint",
	"why_page", "how_page_over", DRAFT_PAGE, {{NULL, NULL}}},
    [COMPOSE_CALL_HANDOVER] = {true, "handover_subject", "handover_what", "handover_hint",
	"why_handover", "how_handover", DRAFT_HANDOVER,
	{{"act_accept", "accept_line"}, {"act_decline", "decline_line"},
	    {"act_later", "later_line"}}},
    [COMPOSE_CALL_UNANSWERED] = {true, "unanswered_subject", "handover_unanswered",
	"handover_unanswered_hint", "why_unanswered", "how_unanswered", DRAFT_HANDOVER,
	{{NULL, NULL}}},
    [COMPOSE_CALL_WELCOME] = {false, "welcome_subject", "welcome_what", "welcome_hint",
        "why_welcome",
	"how_welcome", DRAFT_NOTICE, {{"act_help", "help_line"}, {"act_no_digest",
	    "no_digest_line"}},
	{"welcome_write", "welcome_task", "welcome_command", "welcome_hours"}},
    [COMPOSE_CALL_ROLE] = {false, "role_subject", "role_what", "role_hint", "why_role", "how_role",
	DRAFT_NOTICE, {{"act_help", "help_line"}}, {"role_may"}},
};

/* One line of it, for subjects and links. */
static const char *
one_line(const struct draft *draft, const char *text)
{
	struct span rest = span_of(text), line;

	while (span_next_line(&rest, &line))
		if (span_trim(line).len > 0)
			return draft_cut(draft, arena_span(draft->arena, span_trim(line)),
			    SUBJECT_MAX);
	return "";
}

static void
add_text(const struct draft *draft, const char *text)
{
	struct value *lines = value_set_list(draft->root, "lines");
	struct span rest = span_of(draft_cut(draft, text, TEXT_MAX)), line;
	size_t n = 0;

	while (n < LINES_MAX && span_next_line(&rest, &line)) {
		if (span_trim(line).len == 0)
			continue;
		value_add_text(lines, arena_span(draft->arena, line));
		n++;
	}
}

static void
add_sentences(const struct draft *draft, const struct call_texts *t, const struct value *params)
{
	struct value *lines = value_set_list(draft->root, "lines");

	for (size_t i = 0; i < sizeof t->lines / sizeof *t->lines && t->lines[i] != NULL; i++)
		value_add_text(lines, draft_say(draft, t->lines[i], params));
}

static void
add_item(const struct draft *draft, const struct compose_item *item)
{
	const char *due = say_when(draft->locale, draft->arena, &item->due);
	struct value *object = value_object(draft->arena), *params = value_object(draft->arena);

	value_set(draft->root, "item", object);
	value_set_text(params, "owner", item->owner);
	value_set_text(params, "due", due);
	value_set_text(object, "head", arena_printf(draft->arena, "About #%u, %s",
	    item->number, item->title));
	value_set_text(object, "owner",
	    draft_say(draft, item->owner != NULL ? "ack_owner" : "ack_nobody", params));
	value_set_text(object, "due",
	    draft_say(draft, due != NULL ? "ack_due" : "ack_no_due", params));
}

static void
add_handed(const struct draft *draft, const struct compose_call *call)
{
	struct value *list = value_set_list(draft->root, "handed");

	for (size_t i = 0; i < call->n_handed && i < LINES_MAX; i++) {
		const struct compose_handed *handed = &call->handed[i];
		const char *due = say_when(draft->locale, draft->arena, &handed->item.due);
		struct value *object = value_add_object(list), *params = value_object(draft->arena);
		bool has_next = handed->next != NULL && *handed->next != '\0';

		value_set_text(params, "owner", handed->item.owner);
		value_set_text(params, "due", due);
		value_set_text(params, "state", handed->blocked_why == NULL ? handed->state :
		    arena_printf(draft->arena, "%s: %s", handed->state, handed->blocked_why));
		value_set_text(params, "next", handed->next);
		value_set_text(object, "head", draft_cut(draft, arena_printf(draft->arena,
		    "About #%u, %s", handed->item.number, handed->item.title), SUBJECT_MAX));
		value_set_text(object, "state", draft_say(draft, "item_state", params));
		value_set_text(object, "owner",
		    draft_say(draft, handed->item.owner != NULL ? "ack_owner" : "ack_nobody",
		    params));
		value_set_text(object, "due",
		    draft_say(draft, due != NULL ? "ack_due" : "ack_no_due", params));
		value_set_text(object, "next",
		    draft_say(draft, has_next ? "handed_next" : "handed_no_next", params));
	}
}

/* "#41, #42 and 3 more" for people, "#41 #42 ..." for commands. */
static void
put_numbers(const struct draft *draft, const struct compose_call *call, struct value *params)
{
	const char *some = "", *all = "";

	for (size_t i = 0; i < call->n_handed; i++) {
		uint32_t number = call->handed[i].item.number;

		all = arena_printf(draft->arena, "%s%s#%u", all, i > 0 ? " " : "", number);
		if (i < NUMBERS_SHOWN)
			some =
			    arena_printf(draft->arena, "%s%s#%u", some, i > 0 ? ", " : "", number);
	}
	if (call->n_handed > NUMBERS_SHOWN)
		some = arena_printf(draft->arena, "%s, ...", some);
	value_set_text(params, "numbers", some);
	value_set_text(params, "all", all);
	if (call->n_handed > 0)
		value_set_text(params, "first",
		    arena_printf(draft->arena, "#%u", call->handed[0].item.number));
}

static void
add_called(const struct draft *draft, const struct compose_call *call)
{
	struct value *list = value_set_list(draft->root, "called");

	for (size_t i = 0; i < call->n_called && i < LINES_MAX; i++) {
		struct value *params = value_object(draft->arena);

		value_set_text(params, "name", call->called[i].name);
		value_set_text(params, "at", say_moment(draft->locale, draft->arena,
		    call->called[i].at, draft->common->to.zone));
		value_add_text(list, draft_say(draft, "page_called", params));
	}
}

static void
add_links(const struct draft *draft, const struct call_texts *t, const struct value *params,
    const char *subject)
{
	struct value *links = value_set_list(draft->root, "links");

	for (size_t i = 0; i < sizeof t->acts / sizeof *t->acts && t->acts[i].key != NULL; i++) {
		const char *href = mailto(draft->arena, draft->common->team.address, subject,
		    draft_say(draft, t->acts[i].command, params));
		struct value *link;

		if (href == NULL)
			continue;
		link = value_add_object(links);
		value_set_text(link, "text", draft_say(draft, t->acts[i].key, params));
		value_set_text(link, "href", href);
	}
}

static const char *
say(const struct draft *draft, const struct call_texts *t, const struct compose_call *call,
    const char *key, struct value *params)
{
	return t->counted ? locale_count(draft->locale, draft->arena, key, (int64_t)call->n_handed,
	    params) : draft_say(draft, key, params);
}

/* The values that the sentences may use. */
static struct value *
params_of(const struct draft *draft, const struct compose_call *call)
{
	struct value *params = value_object(draft->arena);

	value_set_text(params, "team", draft->common->team.title);
	value_set_text(params, "address", draft->common->team.address);
	value_set_text(params, "zone", draft->common->to.zone);
	value_set_text(params, "role", call->role);
	value_set_text(params, "before", call->role_before);
	value_set_text(params, "hours", call->hours);
	value_set_bool(params, "guest", call->role != NULL && strcmp(call->role, "guest") == 0);
	value_set_bool(params, "lead", call->role != NULL && strcmp(call->role, "lead") == 0);
	value_set_text(params, "name", call->name);
	value_set_text(params, "next", call->next);
	value_set_bool(params, "again", call->kind == COMPOSE_CALL_HANDOVER ? call->turn > 1 :
	    call->turn < call->turns);
	value_set_int(params, "minutes", call->minutes);
	value_set_text(params, "text", call->text != NULL ? one_line(draft, call->text) : NULL);
	value_set_text(params, "at", say_moment(draft->locale, draft->arena, call->at,
	    draft->common->to.zone));
	put_numbers(draft, call, params);
	return params;
}

enum td_status
compose_call(struct arena *arena, const struct compose_common *common,
    const struct compose_call *call, struct composed *mail_r, struct err *err)
{
	const struct call_texts *t = &texts[call->kind];
	struct draft draft;
	struct value *params;
	struct mail mail = {0};
	const char *text, *html, *about;
	enum td_status status;

	draft_begin(&draft, arena, common, err);
	params = params_of(&draft, call);
	draft_mail(&draft, t->draft, &mail);
	mail.subject = draft_cut(&draft, say(&draft, t, call, t->subject, params), SUBJECT_MAX);
	about = call->item == NULL ? mail.subject :
				     arena_printf(arena, "[#%u]", call->item->number);
	value_set_text(draft.root, "subject", mail.subject);
	value_set_text(draft.root, "what", say(&draft, t, call, t->what, params));
	value_set_text(draft.root, "hint", say(&draft, t, call, t->hint, params));
	value_set_text(draft.root, "why", draft_say(&draft, t->why, params));
	value_set_text(draft.root, "how", draft_say(&draft, t->how, params));
	if (call->text != NULL)
		add_text(&draft, call->text);
	else
		add_sentences(&draft, t, params);
	if (call->item != NULL)
		add_item(&draft, call->item);
	add_called(&draft, call);
	add_handed(&draft, call);
	add_links(&draft, t, params, about);
	if ((status = draft_text(&draft, "call", &text)) != TD_OK ||
	    (status = draft_html(&draft, "call", &html)) != TD_OK)
		return status;
	draft_root_reference(&mail, call->root_mid);
	mail.text = span_of(text);
	mail.html = span_of(html);
	return draft_finish(&draft, &mail, mail_r, NULL);
}
