/* SPDX-License-Identifier: ISC */
/*
 * invite: the core-hours series as an iTIP mail (RFC 6047). Every fact of the calendar also
 * stands in the text: some clients show nothing else, others show only their own card.
 */
#include "config.h"

#include "daemon/compose/compose.h"

#include "daemon/compose/draft.h"
#include "daemon/compose/say.h"

#define DAYS_SHOWN 20

static const char *
variant(const struct draft *draft, const struct compose_invite *invite, const char *key)
{
	const char *suffix = invite->cancel ? "_cancel" : invite->days_only ? "_days" :
	    invite->is_update ? "_update" : "";

	return draft_say(draft, arena_printf(draft->arena, "%s%s", key, suffix), draft->root);
}

/* "Fri 25 Dec 2026, ... and 3 more"; nothing where no day is left out. */
static void
fill_left_out(const struct draft *draft, const struct compose_invite *invite)
{
	struct value *params = value_object(draft->arena);
	size_t shown = invite->n_left_out < DAYS_SHOWN ? invite->n_left_out : DAYS_SHOWN;
	const char *days = "";

	if (invite->cancel || invite->n_left_out == 0)
		return;
	for (size_t i = 0; i < shown; i++)
		days = arena_printf(draft->arena, "%s%s%s", days, i > 0 ? ", " : "",
		    say_day(draft->locale, draft->arena, invite->left_out[i], true));
	value_set_text(params, "days", days);
	value_set_int(params, "more", (int64_t)(invite->n_left_out - shown));
	value_set_bool(params, "is_more", invite->n_left_out > shown);
	value_set_text(draft->root, "left", draft_say(draft, "invite_left", params));
}

/* A sentence uses {{zone}} for the zone of the rule; the reader's own is of no matter here. */
static void
fill(const struct draft *draft, const struct compose_invite *invite)
{
	struct value *root = draft->root;

	value_set_bool(root, "cancel", invite->cancel);
	value_set_text(root, "rule", say_rule(draft->arena, invite->rule));
	value_set_text(root, "rule_zone", invite->zone);
	value_set_text(root, "zone", invite->zone);
	value_set_text(root, "day",
	    say_day(draft->locale, draft->arena, invite->first_day, true));
	fill_left_out(draft, invite);
	value_set_text(root, "subject", variant(draft, invite, "invite_subject"));
	value_set_text(root, "what", variant(draft, invite, "invite_what"));
	value_set_text(root, "caption", draft_say(draft, "invite_caption", root));
	value_set_text(root, "why",
	    draft_say(draft, invite->cancel ? "why_invite_cancel" : "why_invite", root));
	value_set_text(root, "how",
	    draft_say(draft, invite->cancel ? "how_invite_cancel" : "how_invite", root));
}

void
compose_invite_texts(struct arena *arena, const struct compose_common *common,
    const struct compose_invite *invite, const char **summary_r, const char **description_r)
{
	struct draft draft;

	draft_begin(&draft, arena, common, NULL);
	fill(&draft, invite);
	*summary_r = draft_say(&draft, "invite_summary", draft.root);
	*description_r = value_str(value_get(draft.root, SPAN("what")));
	if (!invite->cancel)
		*description_r = arena_printf(arena, "%s\n%s", *description_r,
		    draft_say(&draft, "invite_meaning", draft.root));
	if (value_get(draft.root, SPAN("left")) != NULL)
		*description_r = arena_printf(arena, "%s\n%s", *description_r,
		    value_str(value_get(draft.root, SPAN("left"))));
}

enum td_status
compose_invite(struct arena *arena, const struct compose_common *common,
    const struct compose_invite *invite, struct composed *mail_r, struct err *err)
{
	struct draft draft;
	struct mail mail = {0};
	const char *text, *html;
	enum td_status status;

	draft_begin(&draft, arena, common, err);
	fill(&draft, invite);
	if ((status = draft_text(&draft, "invite", &text)) != TD_OK ||
	    (status = draft_html(&draft, "invite", &html)) != TD_OK)
		return status;
	draft_mail(&draft, DRAFT_INVITE, &mail);
	mail.subject = value_str(value_get(draft.root, SPAN("subject")));
	mail.reply_to = NULL; /* the organizer's address alone: answers go to it */
	mail.text = span_of(text);
	mail.html = span_of(html);
	mail.calendar = invite->ics;
	mail.method = invite->cancel ? "CANCEL" : "REQUEST";
	return draft_finish(&draft, &mail, mail_r, NULL);
}
