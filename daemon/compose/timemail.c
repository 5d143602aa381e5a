/* SPDX-License-Identifier: ISC */
/*
 * timemail: mails about logged time, to the person and to who judges their sheets: a timer that
 * was forgotten, a week that can be handed in, sheets that wait, what became of one, and too much
 * or too late work (which the person alone is told of).
 */
#include "config.h"

#include "daemon/compose/compose.h"

#include "parsers/base/utf8.h"
#include "daemon/compose/draft.h"
#include "daemon/compose/mailto.h"
#include "daemon/compose/say.h"

#define WEEKS_MAX 50
#define LINKS_MAX 8
#define SUBJECT_MAX 200

static const char *const keys[] = {
    [COMPOSE_TIME_TIMER] = "timer", [COMPOSE_TIME_READY] = "ready",
    [COMPOSE_TIME_WAITING] = "waiting", [COMPOSE_TIME_JUDGED] = "judged",
    [COMPOSE_TIME_LOAD] = "load",
};

static const char *
say(const struct draft *draft, const char *part, const struct compose_time *mail,
    const struct value *params)
{
	return draft_say(draft, arena_printf(draft->arena, "time_%s_%s", keys[mail->kind], part),
	    params);
}

static void
add_link(const struct draft *draft, const char *key, const struct value *params,
    const char *subject, const char *body)
{
	const struct value *links = value_get(draft->root, SPAN("links"));
	const char *href = mailto(draft->arena, draft->common->team.address, subject, body);
	struct value *link;

	if (href == NULL || links == NULL)
		return;
	link = value_add_object((struct value *)(uintptr_t)links);
	value_set_text(link, "text", draft_say(draft, key, params));
	value_set_text(link, "href", href);
}

static struct value *
week_params(const struct draft *draft, const struct compose_week *week)
{
	struct value *params = value_object(draft->arena);

	value_set_text(params, "week", week->week);
	value_set_text(params, "name", week->name);
	value_set_text(params, "handle", week->handle);
	value_set_text(params, "sum", say_hours(draft->arena, week->seconds));
	if (week->target > 0)
		value_set_text(params, "target", say_hours(draft->arena, week->target));
	if (week->late > 0)
		value_set_text(params, "late", say_hours(draft->arena, week->late));
	if (week->reason != NULL)
		value_set_text(params, "reason",
		    utf8_line(draft->arena, span_of(week->reason), 500));
	value_set_bool(params, "approved", week->approved);
	return params;
}

/* A line for each week, with the answers that fit it. */
static void
add_weeks(const struct draft *draft, const struct compose_time *mail)
{
	struct value *lines = value_set_list(draft->root, "lines");
	struct arena *arena = draft->arena;

	for (size_t i = 0; i < mail->n_weeks && i < WEEKS_MAX; i++) {
		const struct compose_week *week = &mail->weeks[i];
		struct value *params = week_params(draft, week);

		value_add_text(lines, say(draft, "line", mail, params));
		if (i >= LINKS_MAX)
			continue;
		if (mail->kind == COMPOSE_TIME_WAITING && !draft->common->replies_only)
			add_link(draft, "act_approve", params, "Time sheet",
			    arena_printf(arena, "/approve %s @%s", week->week, week->handle));
		if (mail->kind == COMPOSE_TIME_READY)
			add_link(draft, "act_submit", params, "Time sheet",
			    arena_printf(arena, "/submit %s", week->week));
		if (mail->kind == COMPOSE_TIME_READY || mail->kind == COMPOSE_TIME_JUDGED)
			add_link(draft, "act_timesheet", params, "Time sheet",
			    arena_printf(arena, "/timesheet %s", week->week));
	}
}

static void
add_timer(const struct draft *draft, const struct compose_time *mail, struct value *params)
{
	const char *spent = say_hours(draft->arena, mail->seconds);

	value_set_text(params, "at", say_moment(draft->locale, draft->arena, mail->at,
	    draft->common->to.zone));
	value_set_text(params, "end", say_moment(draft->locale, draft->arena,
	    mail->at + mail->seconds, draft->common->to.zone));
	value_set_text(params, "spent", spent);
	value_set_text(params, "date", mail->day);
	value_set_text(params, "title", mail->title);
	if (mail->number != 0)
		value_set_int(params, "number", mail->number);
	value_add_text(value_set_list(draft->root, "lines"), say(draft, "line", mail, params));
	add_link(draft, "act_spend", params,
	    mail->number != 0 ? arena_printf(draft->arena, "[#%u]", mail->number) : "Time",
	    mail->number != 0
		? arena_printf(draft->arena, "/spend #%u %s %s", mail->number, spent, mail->day)
		: arena_printf(draft->arena, "/spend %s %s", spent, mail->day));
}

static const char *
count_say(const struct draft *draft, const char *part, const struct compose_time *mail,
    struct value *params)
{
	return locale_count(draft->locale, draft->arena, arena_printf(draft->arena, "time_%s_%s",
	    keys[mail->kind], part), (int64_t)mail->n_weeks, params);
}

static void
fill(const struct draft *draft, const struct compose_time *mail)
{
	struct value *root = draft->root, *params = value_object(draft->arena);

	value_set_list(root, "links");
	if (mail->n_weeks > 0)
		params = week_params(draft, &mail->weeks[mail->n_weeks - 1]);
	value_set_text(params, "team", draft->common->team.title);
	value_set_bool(params, "streak", mail->streak);
	if (mail->kind == COMPOSE_TIME_TIMER)
		add_timer(draft, mail, params);
	else
		add_weeks(draft, mail);
	if (mail->kind == COMPOSE_TIME_WAITING) {
		value_set_text(root, "subject", count_say(draft, "subject", mail, params));
		value_set_text(root, "what", count_say(draft, "what", mail, params));
	} else {
		value_set_text(root, "subject", say(draft, "subject", mail, params));
		value_set_text(root, "what", say(draft, "what", mail, params));
	}
	value_set_text(root, "hint", say(draft, "hint", mail, params));
	value_set_text(root, "why", say(draft, "why", mail, params));
	value_set_text(root, "how", say(draft, "how", mail, params));
}

enum td_status
compose_time(struct arena *arena, const struct compose_common *common,
    const struct compose_time *time, struct composed *mail_r, struct err *err)
{
	struct draft draft;
	struct mail mail = {0};
	const char *text, *html;
	enum td_status status;

	draft_begin(&draft, arena, common, err);
	fill(&draft, time);
	if ((status = draft_text(&draft, "time", &text)) != TD_OK ||
	    (status = draft_html(&draft, "time", &html)) != TD_OK)
		return status;
	draft_mail(&draft, DRAFT_TIME, &mail);
	mail.subject = draft_cut(&draft, value_str(value_get(draft.root, SPAN("subject"))),
	    SUBJECT_MAX);
	draft_tag_subject(&draft, &mail);
	draft_root_reference(&mail, time->root_mid);
	mail.text = span_of(text);
	mail.html = span_of(html);
	return draft_finish(&draft, &mail, mail_r, NULL);
}
