/* SPDX-License-Identifier: ISC */
/*
 * digestmail: the digest, from its struct to text, HTML and mail. Sentences are made here once,
 * from the locale, so that both bodies have the same words in the same order. When the mail would
 * be too large, each list is shown to a smaller number and a line tells how many more there are.
 */
#include "config.h"

#include "daemon/compose/compose.h"

#include <string.h>

#include "parsers/base/utf8.h"
#include "daemon/compose/draft.h"
#include "daemon/compose/layout.h"
#include "daemon/compose/mailto.h"
#include "daemon/compose/need.h"
#include "daemon/compose/say.h"

#define ROWS_FIRST 50 /* of each list; halved until the mail fits */
#define TITLE_MAX 200
#define TEXT_MAX 300

struct view {
	struct draft draft;
	const struct compose_digest *digest;
	size_t rows;
};

static const char *
count(const struct view *v, const char *key, int64_t n, struct value *params)
{
	return locale_count(v->draft.locale, v->draft.arena, key, n, params);
}

static struct value *
params_of(const struct view *v)
{
	return value_object(v->draft.arena);
}

/* "texts[0], texts[1], ..." */
static const char *
join(const struct view *v, const char *separator, const char *const *texts, size_t n)
{
	const char *all = "";

	for (size_t i = 0; i < n; i++)
		all = arena_printf(v->draft.arena, "%s%s%s", all, i > 0 ? separator : "",
		    draft_cut(&v->draft, texts[i], TEXT_MAX));
	return all;
}

static size_t
shown(const struct view *v, size_t n)
{
	return n < v->rows ? n : v->rows;
}

/* The heading in the text's capitals, and the line that stands for what is not shown. */
static void
begin_section(const struct view *v, const char *name, const char *heading, size_t n)
{
	struct arena *arena = v->draft.arena;
	struct value *root = v->draft.root;

	value_set_bool(root, arena_printf(arena, "has_%s", name), n > 0);
	value_set_text(root, arena_printf(arena, "head_%s", name), draft_upper(&v->draft, heading));
	if (n > v->rows)
		value_set_text(root, arena_printf(arena, "%s_more", name),
		    count(v, "more", (int64_t)(n - v->rows), NULL));
}

/* ---- needs you ---- */

/* What can be done about it: the sentence, the first button and its command. */
static const struct need_words {
	const char *hint, *label, *verb;
} need_words[] = {
    [NEED_BLOCKED] = {"hint_blocked", "act_unblock", "unblock"},
    [NEED_OVERDUE] = {"hint_due", "act_done", "done"},
    [NEED_DUE] = {"hint_due", "act_done", "done"},
    [NEED_UNOWNED] = {"hint_unowned", "act_take", "take"},
};

static void
add_action(const struct view *v, struct value *list, const char *label, uint32_t number,
    const char *command)
{
	struct arena *arena = v->draft.arena;
	struct value *params = params_of(v), *action;
	const char *href = mailto(arena, v->draft.common->team.address,
	    arena_printf(arena, "[#%u]", number), command);

	if (href == NULL)
		return;
	value_set_int(params, "number", number);
	action = value_add_object(list);
	value_set_text(action, "href", href);
	value_set_text(action, "text", draft_say(&v->draft, label, params));
}

static void
add_actions(const struct view *v, struct value *object, const struct digest_need *need)
{
	struct arena *arena = v->draft.arena;
	struct value *list = value_set_list(object, "actions");
	const struct need_words *words = &need_words[need->kind];

	value_set_bool(object, "has_actions", true);
	add_action(v, list, words->label, need->number,
	    arena_printf(arena, "/%s #%u", words->verb, need->number));
	add_action(v, list, "act_snooze", need->number,
	    arena_printf(arena, "/snooze #%u 1d", need->number));
}

static void
add_needs(const struct view *v)
{
	const struct compose_digest *d = v->digest;
	struct value *list = value_set_list(v->draft.root, "needs");

	begin_section(v, "needs", draft_say(&v->draft, "needs_you", NULL), d->n_needs);
	for (size_t i = 0; i < shown(v, d->n_needs); i++) {
		const struct digest_need *need = &d->needs[i];
		struct value *object = value_add_object(list);
		/* One hint for each run of items of a kind: at its last. */
		const char *hint = need_words[need->kind].hint;
		bool last = i + 1 == shown(v, d->n_needs) ||
		    strcmp(hint, need_words[need[1].kind].hint) != 0;

		value_set_int(object, "number", need->number);
		value_set_text(object, "title", draft_cut(&v->draft, need->title, TITLE_MAX));
		value_set_text(object, "owner", need->owner_left ? NULL : need->owner);
		value_set_text(object, "line", need_line(&v->draft, need));
		if (last)
			value_set_text(object, "hint", draft_say(&v->draft, hint, object));
		add_actions(v, object, need);
	}
}

/* ---- decisions ---- */

static size_t
due_today(const struct compose_digest *d, const struct digest_decision **first_r)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_decisions; i++)
		if (d->decisions[i].due_today && n++ == 0)
			*first_r = &d->decisions[i];
	return n;
}

static const char *
decision_line(const struct view *v, const struct digest_decision *decision)
{
	struct value *params = params_of(v);
	const char *closes = say_when(v->draft.locale, v->draft.arena, &decision->due);
	const struct digest_decision *first;

	value_set_text(params, "time", say_time(v->draft.arena, &decision->due));
	/* the first sentence names the zone where only one closes today */
	if (due_today(v->digest, &first) > 1)
		value_set_text(params, "zone", decision->due.zone);
	if (decision->due_today)
		closes = draft_say(&v->draft, "decision_today", params);
	if (decision->stuck)
		closes = draft_say(&v->draft, "decision_stuck", NULL);
	value_set_bool(params, "stuck", decision->stuck);
	if (decision->objections > 0)
		value_set_text(params, "objections",
		    count(v, "decision_objections", decision->objections, NULL));
	if (decision->asked > 0)
		value_set_int(params, "asked", decision->asked);
	value_set_int(params, "answered", decision->answered);
	value_set_text(params, "closes", closes);
	value_set_bool(params, "open", closes == NULL && decision->asked == 0);
	return draft_say(&v->draft, "decision_line", params);
}

/* A title before its line in the text: with a colon, unless it ends a sentence itself. */
static const char *
as_head(const struct view *v, const char *title)
{
	size_t n = strlen(title);

	return n > 0 && strchr("?!.:", title[n - 1]) != NULL
	    ? title
	    : arena_printf(v->draft.arena, "%s:", title);
}

static void
add_decisions(const struct view *v)
{
	const struct compose_digest *d = v->digest;
	struct value *list = value_set_list(v->draft.root, "decisions");

	begin_section(v, "decisions", draft_say(&v->draft, "decisions", NULL), d->n_decisions);
	for (size_t i = 0; i < shown(v, d->n_decisions); i++) {
		struct value *object = value_add_object(list);
		const struct digest_decision *decision = &d->decisions[i];

		value_set_int(object, "number", decision->number);
		value_set_text(object, "title", draft_cut(&v->draft, decision->title, TITLE_MAX));
		value_set_text(object, "head",
		    as_head(v, draft_cut(&v->draft, decision->title, TITLE_MAX)));
		value_set_text(object, "line", decision_line(v, decision));
	}
}

/* ---- what the others told, and their time ---- */

/* "finished #38 Parser limits", but "done: Answered the auditors": people write as they like. */
static const char *
update_part(const struct view *v, const char *key, const char *items_key, const char **texts,
    size_t n)
{
	struct value *params = params_of(v);
	bool items = true;

	for (size_t i = 0; i < n; i++)
		items = items && *texts[i] == '#';
	value_set_text(params, "list", join(v, ", ", texts, n));
	return draft_say(&v->draft, items ? items_key : key, params);
}

/* What was written in plain words, on one line and without the full stop. */
static const char *
note_part(const struct view *v, const struct digest_update *update)
{
	const char *text = utf8_line(v->draft.arena,
	    span_of(join(v, " ", update->notes, update->n_notes)), TEXT_MAX);
	struct span line = span_of(text);

	if (span_ends(line, SPAN(".")) && !span_ends(line, SPAN("..")))
		text = arena_span(v->draft.arena, span_first(line, line.len - 1));
	return text;
}

static const char *
update_line(const struct view *v, const struct digest_update *update)
{
	const char *parts[4];
	size_t n = 0;

	if (update->n_done > 0)
		parts[n++] = update_part(v, "update_done", "update_done_items", update->done,
		    update->n_done);
	else if (update->n_notes > 0)
		parts[n++] = note_part(v, update);
	if (update->n_missed > 0)
		parts[n++] = update_part(v, "update_missed", "update_missed", update->missed,
		    update->n_missed);
	if (update->n_next > 0)
		parts[n++] = update_part(v, "update_next", "update_next_items", update->next,
		    update->n_next);
	if (update->n_blocked > 0)
		parts[n++] = update_part(v, "update_blocked", "update_blocked", update->blocked,
		    update->n_blocked);
	if (n > 0)
		return join(v, "; ", parts, n);
	if (update->checked_in)
		return draft_say(&v->draft, "update_other", NULL);
	if (update->away)
		return draft_say(&v->draft, "update_away", NULL);
	return draft_say(&v->draft,
	    update->seconds > 0 ? "update_time_only" : "update_none", NULL);
}

static void
set_bar(struct value *object, int64_t done, int64_t total)
{
	int64_t full = total <= 0 ? 0 : done >= total ? 100 : done * 100 / total;

	if (full > 0)
		value_set_int(object, "full", full);
	if (full < 100)
		value_set_int(object, "rest", 100 - full);
}

static void
add_time(const struct view *v)
{
	const struct compose_digest *d = v->digest;
	struct value *list = value_set_list(v->draft.root, "time");
	const char *line = "";
	int64_t most = 0;

	for (size_t i = 0; i < d->n_updates; i++)
		most = d->updates[i].seconds > most ? d->updates[i].seconds : most;
	value_set_bool(v->draft.root, "has_time", most > 0);
	for (size_t i = 0; most > 0 && i < shown(v, d->n_updates); i++) {
		const struct digest_update *update = &d->updates[i];
		struct value *object;
		const char *figure;

		if (update->away && update->seconds == 0)
			continue;
		figure = say_hours(v->draft.arena, update->seconds);
		object = value_add_object(list);
		value_set_text(object, "name", update->name);
		value_set_text(object, "figure", figure);
		set_bar(object, update->seconds, most);
		line = arena_printf(v->draft.arena, "%s%s%s %s", line, *line != '\0' ? ", " : "",
		    update->name, figure);
	}
	value_set_text(v->draft.root, "time_line", line);
}

static void
add_updates(const struct view *v)
{
	const struct compose_digest *d = v->digest;
	struct value *list = value_set_list(v->draft.root, "updates"), *params = params_of(v);
	const char *title = draft_say(&v->draft, "yesterday", NULL);
	size_t width = 0;

	value_set_text(params, "day",
	    say_day(v->draft.locale, v->draft.arena, d->since_day, false));
	if (d->since_day != NULL)
		title = draft_say(&v->draft, "since", params);
	begin_section(v, "updates", title, d->n_updates);
	value_set_text(v->draft.root, "updates_title", title);
	for (size_t i = 0; i < shown(v, d->n_updates); i++)
		if (layout_columns(d->updates[i].name) > width)
			width = layout_columns(d->updates[i].name);
	for (size_t i = 0; i < shown(v, d->n_updates); i++) {
		struct value *object = value_add_object(list);
		const struct digest_update *update = &d->updates[i];

		value_set_text(object, "name", update->name);
		value_set_text(object, "padded",
		    layout_pad(v->draft.arena, update->name, width < 24 ? width : 24));
		value_set_text(object, "line", update_line(v, update));
	}
	add_time(v);
}

/* ---- goals, absences, core hours ---- */

static void
add_goals(const struct view *v)
{
	const struct compose_digest *d = v->digest;
	struct value *list = value_set_list(v->draft.root, "goals");
	size_t width = 0;

	begin_section(v, "goals", draft_say(&v->draft, "goals", NULL), d->n_goals);
	for (size_t i = 0; i < shown(v, d->n_goals); i++)
		if (d->goals[i].total > 0 && layout_columns(d->goals[i].text) > width)
			width = layout_columns(d->goals[i].text);
	for (size_t i = 0; i < shown(v, d->n_goals); i++) {
		const struct digest_goal *goal = &d->goals[i];
		struct value *object = value_add_object(list);
		const char *text = draft_cut(&v->draft, goal->text, TITLE_MAX);

		value_set_text(object, "text", text);
		value_set_text(object, "padded", text);
		if (goal->total == 0)
			continue;
		value_set_text(object, "padded",
		    layout_pad(v->draft.arena, text, width < 36 ? width : 36));
		value_set_int(object, "done", goal->done);
		value_set_int(object, "total", goal->total);
		value_set_text(object, "figure", draft_say(&v->draft, "goal_figure", object));
		value_set_text(object, "bar",
		    layout_bar(v->draft.arena, goal->done, goal->total));
		set_bar(object, goal->done, goal->total);
	}
}

static const char *
away_name(const struct view *v, const struct digest_away *away)
{
	if (away->half == NULL)
		return away->name;
	return arena_printf(v->draft.arena, "%s (%s)", away->name, draft_say(&v->draft,
	    arena_printf(v->draft.arena, "away_%s", away->half), NULL));
}

static void
add_away(const struct view *v)
{
	const struct compose_digest *d = v->digest;
	struct arena *arena = v->draft.arena;
	struct value *list = value_set_list(v->draft.root, "away"), *core;
	const char *away = draft_upper(&v->draft, draft_say(&v->draft, "away", NULL));
	const char *hours = draft_upper(&v->draft, draft_say(&v->draft, "core_hours", NULL));
	size_t width = layout_columns(away) > layout_columns(hours) ? layout_columns(away)
	                                                            : layout_columns(hours);

	value_set_bool(v->draft.root, "has_away", d->n_away > 0);
	for (size_t i = 0; i < shown(v, d->n_away); i++) {
		struct value *object = value_add_object(list);

		value_set_text(object, "name", away_name(v, &d->away[i]));
		value_set_text(object, "day",
		    say_day(v->draft.locale, arena, d->away[i].last_day, false));
		value_set_text(object, "cover", d->away[i].cover);
		value_set_text(object, "line", draft_say(&v->draft,
		    strcmp(d->away[i].last_day, d->day) == 0 ? "away_today" : "away_until",
		    object));
		value_set_text(object, "label", layout_pad(arena, i == 0 ? away : "", width));
	}
	if (d->core == NULL)
		return;
	core = value_set_object(v->draft.root, "core");
	value_set_text(core, "hours", d->core);
	value_set_text(core, "zone", d->core_zone);
	value_set_text(core, "line", draft_say(&v->draft, "core_today", core));
	value_set_text(core, "label", layout_pad(arena, hours, width));
}

/* ---- summary, subject, footer ---- */

static const char *
summary(const struct view *v)
{
	const struct compose_digest *d = v->digest;
	const struct digest_decision *decision = NULL;
	struct value *params = params_of(v);
	const char *parts[2];
	size_t n = 0, today = due_today(d, &decision);

	value_set_int(params, "people", d->people);
	if (d->blocked > 0)
		parts[n++] = count(v, "digest_summary_blocked", d->blocked, params);
	else if (d->n_needs > 0)
		parts[n++] = count(v, "digest_summary_needs", (int64_t)d->n_needs, params);
	if (today > 0) {
		value_set_text(params, "time", say_time(v->draft.arena, &decision->due));
		value_set_text(params, "zone", decision->due.zone);
		parts[n++] = count(v, "digest_summary_today", (int64_t)today, params);
	} else if (d->n_decisions > 0) {
		parts[n++] = count(v, "digest_summary_open", (int64_t)d->n_decisions, params);
	}
	if (n == 0)
		parts[n++] = draft_say(&v->draft, "digest_summary_calm", NULL);
	return join(v, " ", parts, n);
}

static const char *
subject(const struct view *v)
{
	const struct compose_digest *d = v->digest;
	const struct digest_decision *decision = NULL;
	struct value *params = params_of(v);
	const char *parts[2];
	size_t n = 0, today = due_today(d, &decision);

	if (d->n_needs > 0)
		parts[n++] = count(v, "digest_subject_needs", (int64_t)d->n_needs, NULL);
	if (today > 0)
		parts[n++] = count(v, "digest_subject_decisions", (int64_t)today, NULL);
	value_set_text(params, "team", v->draft.common->team.title);
	value_set_bool(params, "weekly", d->weekly);
	value_set_text(params, "day", say_day(v->draft.locale, v->draft.arena, d->day, false));
	value_set_text(params, "parts", join(v, ", ", parts, n));
	return draft_say(&v->draft, "digest_subject", params);
}

static void
add_footer(const struct view *v)
{
	const struct draft *draft = &v->draft;
	struct value *links = value_set_list(draft->root, "links"), *link;
	const char *address = draft->common->team.address;

	value_set_text(draft->root, "why", draft_say(draft, "why_digest", draft->root));
	value_set_text(draft->root, "how", draft_say(draft, "how_digest", draft->root));
	link = value_add_object(links);
	value_set_text(link, "href",
	    mailto(draft->arena, address, "Digest", "/digest weekly mon 09:00"));
	value_set_text(link, "text", draft_say(draft, "link_weekly", NULL));
	link = value_add_object(links);
	value_set_text(link, "href", mailto(draft->arena, address, "Digest", "/digest off"));
	value_set_text(link, "text", draft_say(draft, "link_off", NULL));
}

static void
fill(struct view *v, struct arena *arena, const struct compose_common *common,
    const struct compose_digest *digest, size_t rows, struct err *err)
{
	const char *line;

	v->digest = digest;
	v->rows = rows;
	draft_begin(&v->draft, arena, common, err);
	line = subject(v);
	value_set_text(v->draft.root, "subject", line);
	value_set_text(v->draft.root, "title", arena_span(arena,
	    span_first(span_of(line), span_find(span_of(line), SPAN(": ")))));
	value_set_text(v->draft.root, "summary", summary(v));
	add_needs(v);
	add_decisions(v);
	add_updates(v);
	add_goals(v);
	add_away(v);
	add_footer(v);
}

/* ---- the mail ---- */

bool
compose_digest_has_news(const struct compose_digest *digest)
{
	if (digest->n_needs + digest->n_decisions + digest->n_goals + digest->n_away > 0)
		return true;
	for (size_t i = 0; i < digest->n_updates; i++)
		if (digest->updates[i].checked_in || digest->updates[i].seconds != 0)
			return true;
	return false;
}

enum td_status
compose_digest_text(struct arena *arena, const struct compose_common *common,
    const struct compose_digest *digest, const char **text_r, struct err *err)
{
	struct view v;

	fill(&v, arena, common, digest, ROWS_FIRST, err);
	return draft_text(&v.draft, "digest", text_r);
}

enum td_status
compose_digest_html(struct arena *arena, const struct compose_common *common,
    const struct compose_digest *digest, const char **html_r, struct err *err)
{
	struct view v;

	fill(&v, arena, common, digest, ROWS_FIRST, err);
	return draft_html(&v.draft, "digest", html_r);
}

static enum td_status
compose_rows(struct arena *arena, const struct compose_common *common,
    const struct compose_digest *digest, size_t rows, struct composed *mail_r,
    bool *too_large_r, struct err *err)
{
	struct view v;
	struct mail mail = {0};
	const char *text, *html;
	enum td_status status;

	*too_large_r = false;
	fill(&v, arena, common, digest, rows, err);
	if ((status = draft_text(&v.draft, "digest", &text)) != TD_OK ||
	    (status = draft_html(&v.draft, "digest", &html)) != TD_OK)
		return status;
	draft_mail(&v.draft, DRAFT_DIGEST, &mail);
	mail.subject = draft_cut(&v.draft, value_str(value_get(v.draft.root, SPAN("subject"))),
	    TEXT_MAX);
	draft_own_reference(&v.draft, &mail, digest->day);
	mail.text = span_of(text);
	mail.html = span_of(html);
	return draft_finish(&v.draft, &mail, mail_r, too_large_r);
}

enum td_status
compose_digest(struct arena *arena, const struct compose_common *common,
    const struct compose_digest *digest, struct composed *mail_r, struct err *err)
{
	bool too_large = false;

	for (size_t rows = ROWS_FIRST;; rows /= 2) {
		enum td_status status =
		    compose_rows(arena, common, digest, rows, mail_r, &too_large, err);

		if (status == TD_OK || !too_large || rows < 2)
			return status;
	}
}
