/* SPDX-License-Identifier: ISC */
/*
 * itemmail: what is new about an item, to its owners and watchers. The subject never changes but
 * with the title, and References is always the item's root, so that all of it is one thread.
 */
#include "config.h"

#include "daemon/compose/compose.h"

#include "parsers/base/utf8.h"
#include "daemon/compose/draft.h"
#include "daemon/compose/mailto.h"
#include "daemon/compose/say.h"

#define NEWS_MAX 50
#define LINES_MAX 200
#define LINE_MAX_BYTES 2000
#define BYTES_MAX 16000 /* of all texts: the whole mail, encoded twice, stays below 80 KB */

static const char *
news_key(const struct draft *draft, const struct compose_news *news,
    const struct compose_decision *decision)
{
	switch (news->kind) {
	case COMPOSE_NEWS_COMMENT:
		return "news_comment";
	case COMPOSE_NEWS_ASSIGN:
		return "news_assign";
	case COMPOSE_NEWS_DECIDE:
		return "news_decide";
	case COMPOSE_NEWS_OBJECT:
		return "news_object";
	case COMPOSE_NEWS_STUCK:
		return "news_stuck";
	case COMPOSE_NEWS_DECIDED:
		return decision == NULL || decision->how == NULL ? "news_decided_resolve" :
		    arena_printf(draft->arena, "news_decided_%s", decision->how);
	case COMPOSE_NEWS_ACCEPT:
		return "news_accept";
	case COMPOSE_NEWS_DECLINE:
		return "news_decline";
	case COMPOSE_NEWS_MOVED:
		return news->text != NULL ? "news_moved" : "news_taken";
	case COMPOSE_NEWS_DROPPED:
		return "news_dropped";
	case COMPOSE_NEWS_REOPENED:
		return "news_reopened";
	case COMPOSE_NEWS_DATED:
		return "news_dated";
	case COMPOSE_NEWS_SOON:
		return "news_soon";
	case COMPOSE_NEWS_SPOKEN:
		return "news_spoken";
	case COMPOSE_NEWS_FREE:
		break;
	}
	return "news_free";
}

static void
add_lines(const struct draft *draft, struct value *object, const char *text, size_t *bytes)
{
	struct value *lines = value_set_list(object, "lines");
	struct span rest = span_of(text), line;
	size_t n = 0;

	while (span_next_line(&rest, &line)) {
		if (n++ == LINES_MAX || *bytes > BYTES_MAX) {
			value_add_text(lines, "...");
			return;
		}
		if (span_trim(line).len > 0)
			value_add_text(lines, draft_cut(draft, arena_span(draft->arena, line),
			    LINE_MAX_BYTES));
		*bytes += line.len;
	}
}

static void
add_news(const struct draft *draft, const struct compose_item_mail *item)
{
	struct value *list = value_set_list(draft->root, "news");
	size_t bytes = 0;

	for (size_t i = 0; i < item->n_news && i < NEWS_MAX; i++) {
		const struct compose_news *news = &item->news[i];
		struct value *object = value_add_object(list), *params = value_object(draft->arena);

		value_set_text(params, "name", news->name);
		value_set_text(params, "text", news->text);
		value_set_int(params, "number", item->item.number);
		value_set_text(params, "team", draft->common->team.title);
		if (item->decision != NULL)
			value_set_text(params, "outcome", item->decision->outcome);
		value_set_text(object, "what",
		    draft_say(draft, news_key(draft, news, item->decision), params));
		if (news->text != NULL && news->kind != COMPOSE_NEWS_FREE &&
		    news->kind != COMPOSE_NEWS_MOVED)
			add_lines(draft, object, news->text, &bytes);
		if (news->undo_code == NULL)
			continue;
		value_set_text(params, "code", news->undo_code);
		value_set_text(object, "undo", draft_say(draft, news->kind ==
		    COMPOSE_NEWS_SPOKEN ? "ack_undo" /* it is the reader's */ : "news_undo",
		    params));
	}
}

static void
add_link(const struct draft *draft, struct value *links, const char *key,
    const struct value *params, const char *subject, const char *body)
{
	const char *href = mailto(draft->arena, draft->common->team.address, subject, body);
	struct value *link;

	if (href == NULL)
		return;
	link = value_add_object(links);
	value_set_text(link, "text", draft_say(draft, key, params));
	value_set_text(link, "href", href);
}

/* ---- a decision: where it stands, and how to answer ---- */

#define LINKS_MAX 8

static const char *
objection_line(const struct draft *draft, const struct compose_objection *objection)
{
	struct value *params = value_object(draft->arena);

	value_set_text(params, "name", objection->name);
	if (objection->reason != NULL)
		value_set_text(params, "reason",
		    utf8_line(draft->arena, span_of(objection->reason), 300));
	return draft_say(draft, "decision_objects", params);
}

static struct value *
add_standing(const struct draft *draft, const struct compose_decision *decision)
{
	struct value *lines = value_set_list(draft->root, "decision");
	struct value *params = value_object(draft->arena);

	for (size_t i = 0; i < decision->n_options; i++) {
		value_set_int(params, "number", (int64_t)i + 1);
		value_set_text(params, "option",
		    draft_cut(draft, decision->options[i].text, 200));
		value_set_bool(params, "first", i == 0 && decision->is_open);
		value_add_text(lines, locale_count(draft->locale, draft->arena,
		    "decision_option", decision->options[i].votes, params));
	}
	value_set_int(params, "answered", decision->answered);
	value_set_int(params, "asked", decision->asked);
	value_set_int(params, "agree", decision->agree);
	value_set_bool(params, "proposal", decision->n_options == 0);
	value_add_text(lines, draft_say(draft, "decision_answered", params));
	for (size_t i = 0; i < decision->n_objections && i < NEWS_MAX; i++)
		value_add_text(lines, objection_line(draft, &decision->objections[i]));
	value_set_text(params, "own", decision->own);
	if (decision->may_answer && decision->own != NULL)
		value_add_text(lines, draft_say(draft, "decision_own", params));
	return lines;
}

static void
add_answers(const struct draft *draft, const struct compose_item_mail *mail, struct value *lines,
    struct value *links)
{
	const struct compose_decision *decision = mail->decision;
	struct value *params = value_object(draft->arena);
	unsigned number = mail->item.number;
	const char *subject = arena_printf(draft->arena, "[#%u]", number);

	value_set_int(params, "number", number);
	value_add_text(lines, draft_say(draft,
	    decision->n_options > 0 ? "decision_how_vote" : "decision_how_agree", params));
	for (size_t i = 0; i < decision->n_options && i < LINKS_MAX; i++) {
		value_set_text(params, "option",
		    draft_cut(draft, decision->options[i].text, 60));
		add_link(draft, links, "act_vote", params, subject,
		    arena_printf(draft->arena, "/vote #%u %zu", number, i + 1));
	}
	if (decision->n_options == 0)
		add_link(draft, links, "act_agree", params, subject,
		    arena_printf(draft->arena, "/agree #%u", number));
	add_link(draft, links, "act_object", params, subject,
	    arena_printf(draft->arena, "/object #%u ", number));
	add_link(draft, links, "act_abstain", params, subject,
	    arena_printf(draft->arena, "/abstain #%u", number));
}

/* How a calendar's buttons are counted: "Accept votes for LMDB, ..." */
static const char *
calendar_line(const struct draft *draft, const struct compose_item_mail *item)
{
	struct value *params = value_object(draft->arena);

	value_set_int(params, "number", item->item.number);
	if (item->decision->n_options > 0)
		value_set_text(params, "option",
		    draft_cut(draft, item->decision->options[0].text, 200));
	return draft_say(draft, "decision_calendar", params);
}

static void
fill_decision(const struct draft *draft, const struct compose_item_mail *mail,
    struct value *params, struct value *links)
{
	struct value *root = draft->root, *lines;

	value_set_text(root, "due", !mail->decision->is_open ? NULL : draft_say(draft,
	    mail->item.due.at != 0 ? "decision_closes" : "decision_no_date", params));
	value_set_text(root, "why", draft_say(draft, "why_decision", params));
	value_set_text(root, "how", draft_say(draft, "how_decision", params));
	lines = add_standing(draft, mail->decision);
	if (mail->decision->may_answer)
		add_answers(draft, mail, lines, links);
	if (mail->ics.ptr != NULL && !mail->cancel)
		value_add_text(lines, calendar_line(draft, mail));
}

/* State and the way on: who owns it may close or put it off, who watches may stop. */
static void
fill(const struct draft *draft, const struct compose_item_mail *mail)
{
	struct value *root = draft->root, *params = value_object(draft->arena);
	struct value *links = value_set_list(root, "links");
	const struct compose_item *item = &mail->item;
	const char *due = say_when(draft->locale, draft->arena, &item->due);
	const char *subject = arena_printf(draft->arena, "[#%u]", item->number);

	value_set_int(params, "number", item->number);
	value_set_text(params, "owner", item->owner);
	value_set_text(params, "due", due);
	value_set_text(params, "state", mail->decision != NULL && mail->decision->outcome != NULL
		? draft_say(draft, "state_decided", NULL) : mail->state);
	value_set_text(root, "head",
	    arena_printf(draft->arena, "About #%u, %s", item->number, item->title));
	value_set_text(root, "state", draft_say(draft, "item_state", params));
	value_set_text(root, "owner",
	    draft_say(draft, item->owner != NULL ? "ack_owner" : "ack_nobody", params));
	value_set_text(root, "due",
	    draft_say(draft, due != NULL ? "ack_due" : "ack_no_due", params));
	value_set_text(root, "why", draft_say(draft, mail->is_owner ? "why_own" :
	    mail->was_owner ? "why_was" : "why_watch", params));
	value_set_text(root, "how", draft_say(draft, mail->is_owner ? "how_own" :
	    mail->was_owner ? "how_was" : "how_watch", params));
	if (mail->decision != NULL) {
		value_set_text(params, "team", draft->common->team.title);
		fill_decision(draft, mail, params, links);
	} else if (mail->is_owner) {
		add_link(draft, links, "act_done", params, subject,
		    arena_printf(draft->arena, "/done #%u", item->number));
		add_link(draft, links, "act_snooze", params, subject,
		    arena_printf(draft->arena, "/snooze #%u 1d", item->number));
	} else if (!mail->was_owner) {
		add_link(draft, links, "act_unwatch", params, subject,
		    arena_printf(draft->arena, "/unwatch #%u", item->number));
	}
}

/* ---- its date in a calendar ---- */

void
compose_decision_texts(struct arena *arena, const struct compose_common *common,
    const struct compose_item_mail *item, const char **summary_r, const char **description_r)
{
	const struct compose_decision *decision = item->decision;
	struct draft draft;
	struct value *params = value_object(arena);
	const char *text;

	draft_begin(&draft, arena, common, NULL);
	value_set_int(params, "number", item->item.number);
	value_set_text(params, "title", draft_cut(&draft, item->item.title, 300));
	value_set_text(params, "due",
	    say_when(draft.locale, arena, &item->item.due));
	*summary_r = draft_say(&draft, "decision_summary", params);
	text = draft_say(&draft, item->cancel ? "decision_gone" : "decision_closes", params);
	for (size_t i = 0; i < decision->n_options && !item->cancel; i++)
		text = arena_printf(arena, "%s\n%zu. %s", text, i + 1,
		    draft_cut(&draft, decision->options[i].text, 100));
	*description_r = item->cancel ? text : arena_printf(arena, "%s\n%s\n%s", text,
	    calendar_line(&draft, item), draft_say(&draft, decision->n_options > 0 ?
		"decision_how_vote" : "decision_how_agree", params));
}

enum td_status
compose_item_mail(struct arena *arena, const struct compose_common *common,
    const struct compose_item_mail *item, struct composed *mail_r, struct err *err)
{
	struct draft draft;
	struct mail mail = {0};
	const char *text, *html;
	enum td_status status;

	draft_begin(&draft, arena, common, err);
	fill(&draft, item);
	add_news(&draft, item);
	draft_mail(&draft, DRAFT_ITEM, &mail);
	mail.subject = draft_cut(&draft, arena_printf(arena, "[#%u] %s", item->item.number,
	    item->item.title), 200);
	value_set_text(draft.root, "subject", mail.subject);
	draft_tag_subject(&draft, &mail);
	if ((status = draft_text(&draft, "item", &text)) != TD_OK ||
	    (status = draft_html(&draft, "item", &html)) != TD_OK)
		return status;
	draft_root_reference(&mail, item->item.root_mid);
	mail.text = span_of(text);
	mail.html = span_of(html);
	mail.calendar = item->ics;
	mail.method = item->ics.ptr == NULL ? NULL : item->cancel ? "CANCEL" : "REQUEST";
	return draft_finish(&draft, &mail, mail_r, NULL);
}
