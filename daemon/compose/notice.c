/* SPDX-License-Identifier: ISC */
/* notice: mails to leads and operators: what was kept aside, and what they must know. */
#include "config.h"

#include "daemon/compose/compose.h"

#include "daemon/compose/draft.h"
#include "daemon/compose/say.h"

#define MAILS_MAX 100
#define TEXT_MAX 300

static void
add_mail(const struct draft *draft, struct value *list, const struct compose_quarantined *mail)
{
	struct value *object = value_add_object(list), *params = value_object(draft->arena);

	value_set_int(object, "id", mail->id);
	value_set_text(object, "subject", mail->subject != NULL
	    ? draft_cut(draft, mail->subject, TEXT_MAX)
	    : draft_say(draft, "no_subject", NULL));
	value_set_text(params, "from", mail->from);
	value_set_text(object, "from",
	    draft_say(draft, mail->from != NULL ? "quarantine_from" : "no_sender", params));
	value_set_text(object, "at",
	    say_moment(draft->locale, draft->arena, mail->at, draft->common->to.zone));
	value_set_text(object, "why", mail->why);
}

enum td_status
compose_quarantine_summary(struct arena *arena, const struct compose_common *common,
    const struct compose_quarantine *quarantine, struct composed *mail_r, struct err *err)
{
	struct draft draft;
	struct value *list;
	struct mail mail = {0};
	size_t shown = quarantine->n_mails < MAILS_MAX ? quarantine->n_mails : MAILS_MAX;
	int64_t total = (int64_t)quarantine->total;
	const char *text;
	enum td_status status;

	draft_begin(&draft, arena, common, err);
	list = value_set_list(draft.root, "mails");
	for (size_t i = 0; i < shown; i++)
		add_mail(&draft, list, &quarantine->mails[i]);
	if (quarantine->total > shown)
		value_set_text(draft.root, "more", locale_count(draft.locale, arena,
		    "quarantine_more", (int64_t)(quarantine->total - shown), NULL));
	value_set_text(draft.root, "what",
	    locale_count(draft.locale, arena, "quarantine_what", total, draft.root));
	value_set_text(draft.root, "why", draft_say(&draft, "why_lead", draft.root));
	value_set_text(draft.root, "how", draft_say(&draft, "how_quarantine", draft.root));
	if ((status = draft_text(&draft, "quarantine", &text)) != TD_OK)
		return status;
	draft_mail(&draft, DRAFT_QUARANTINE, &mail);
	value_set_text(draft.root, "day", say_local_day(draft.locale, arena, common->now,
	    common->to.zone));
	mail.subject = locale_count(draft.locale, arena, "quarantine_subject", total, draft.root);
	mail.text = span_of(text);
	return draft_finish(&draft, &mail, mail_r, NULL);
}

static const char *
notice_say(const struct draft *draft, const char *group, const char *name,
    const struct value *values)
{
	const char *key = arena_printf(draft->arena, "notice_%s_%s", group, name);

	return draft_cut(draft, draft_say(draft, key, values), TEXT_MAX);
}

enum td_status
compose_notice(struct arena *arena, const struct compose_common *common,
    const struct compose_notice *notice, struct composed *mail_r, struct err *err)
{
	struct draft draft;
	struct value *facts, *params = value_object(arena), *values = value_object(arena);
	struct mail mail = {0};
	const char *text;
	enum td_status status;

	draft_begin(&draft, arena, common, err);
	for (size_t i = 0; i < COMPOSE_NOTICE_MAX && notice->values[i].name != NULL; i++)
		value_set_text(values, notice->values[i].name, notice->values[i].text);
	value_set_text(draft.root, "what", notice_say(&draft, notice->kind, "what", values));
	facts = value_set_list(draft.root, "facts");
	for (size_t i = 0; i < COMPOSE_NOTICE_MAX && notice->facts[i] != NULL; i++)
		value_add_text(facts, notice_say(&draft, "fact", notice->facts[i], values));
	value_set_text(params, "remedy", notice_say(&draft, notice->kind, "remedy", values));
	value_set_text(draft.root, "remedy", draft_say(&draft, "notice_remedy", params));
	value_set_text(draft.root, "why", draft_say(&draft, "why_notice", draft.root));
	value_set_text(draft.root, "how", draft_say(&draft, "how_notice", draft.root));
	if ((status = draft_text(&draft, "notice", &text)) != TD_OK)
		return status;
	draft_mail(&draft, notice->answered != NULL ? DRAFT_ANSWER : DRAFT_NOTICE, &mail);
	if (notice->answered != NULL)
		draft_answers(&draft, notice->answered, &mail);
	else
		mail.subject = notice_say(&draft, notice->kind, "subject", values);
	mail.text = span_of(text);
	return draft_finish(&draft, &mail, mail_r, NULL);
}
