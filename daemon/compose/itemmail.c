/* SPDX-License-Identifier: ISC */
/*
 * itemmail: what is new about an item, to its owners and watchers. The subject never changes but
 * with the title, and References is always the item's root, so that all of it is one thread.
 */
#include "config.h"

#include "daemon/compose/compose.h"

#include "daemon/compose/draft.h"
#include "daemon/compose/mailto.h"
#include "daemon/compose/say.h"

#define NEWS_MAX 50
#define LINES_MAX 200
#define LINE_MAX_BYTES 2000
#define BYTES_MAX 16000 /* of all texts: the whole mail, encoded twice, stays below 80 KB */

static const char *
news_key(enum compose_news_kind kind)
{
	switch (kind) {
	case COMPOSE_NEWS_COMMENT:
		return "news_comment";
	case COMPOSE_NEWS_ASSIGN:
		return "news_assign";
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
		value_set_text(object, "what", draft_say(draft, news_key(news->kind), params));
		if (news->kind == COMPOSE_NEWS_COMMENT && news->text != NULL)
			add_lines(draft, object, news->text, &bytes);
		if (news->undo_code == NULL)
			continue;
		value_set_text(params, "code", news->undo_code);
		value_set_text(object, "undo", draft_say(draft, "news_undo", params));
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
	value_set_text(params, "state", mail->state);
	value_set_text(root, "head",
	    arena_printf(draft->arena, "About #%u, %s", item->number, item->title));
	value_set_text(root, "state", draft_say(draft, "item_state", params));
	value_set_text(root, "owner",
	    draft_say(draft, item->owner != NULL ? "ack_owner" : "ack_nobody", params));
	value_set_text(root, "due", draft_say(draft, due != NULL ? "ack_due" : "ack_no_due", params));
	value_set_text(root, "why", draft_say(draft, mail->is_owner ? "why_own" : "why_watch", params));
	value_set_text(root, "how", draft_say(draft, mail->is_owner ? "how_own" : "how_watch", params));
	if (mail->is_owner) {
		add_link(draft, links, "act_done", params, subject,
		    arena_printf(draft->arena, "/done #%u", item->number));
		add_link(draft, links, "act_snooze", params, subject,
		    arena_printf(draft->arena, "/snooze #%u 1d", item->number));
	} else {
		add_link(draft, links, "act_unwatch", params, subject,
		    arena_printf(draft->arena, "/unwatch #%u", item->number));
	}
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
	if ((status = draft_text(&draft, "item", &text)) != TD_OK ||
	    (status = draft_html(&draft, "item", &html)) != TD_OK)
		return status;
	draft_root_reference(&mail, item->item.root_mid);
	mail.text = span_of(text);
	mail.html = span_of(html);
	return draft_finish(&draft, &mail, mail_r, NULL);
}
