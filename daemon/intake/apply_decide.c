/* SPDX-License-Identifier: ISC */
/*
 * apply_decide: decisions: asking for one, answering, and closing it with /resolve. What happens
 * at its date stands in decide.c. An answer takes the place of the person's earlier one.
 */
#include "config.h"

#include "daemon/intake/apply.h"

#include <string.h>

#include "parsers/base/jsonw.h"
#include "parsers/base/utf8.h"
#include "daemon/intake/decide.h"
#include "daemon/intake/news.h"
#include "daemon/intake/proof.h"
#include "daemon/intake/prose.h"
#include "daemon/intake/undo.h"
#include "daemon/store/item.h"
#include "daemon/store/vote.h"

#define TITLE_MAX 300u

/* ---- a new one ----------------------------------------------------------------------------- */

static bool
has_option(const struct item *item, const char *option)
{
	for (size_t i = 0; i < item->n_options; i++)
		if (span_ieq(span_of(item->options[i]), span_of(option)))
			return true;
	return false;
}

/* The options of the mail belong to the first decision that it makes. */
static void
take_options(struct apply *ap, struct item *item)
{
	const struct reading_fields *fields = &ap->reading->fields;

	if (ap->has_decided)
		return;
	ap->has_decided = true;
	item->options = arena_array(ap->arena, fields->n_options, sizeof *item->options);
	for (size_t i = 0; i < fields->n_options; i++) {
		struct span option = span_trim(utf8_cut(span_of(fields->options[i]),
		    DECISION_OPTION_BYTES));
		const char *text = arena_span(ap->arena, option);

		if (option.len == 0 || has_option(item, text))
			continue;
		if (item->n_options == DECISION_OPTIONS_MAX) {
			apply_note(ap, "A decision has %u options at most; the rest is left out.",
			    DECISION_OPTIONS_MAX);
			return;
		}
		item->options[item->n_options++] = text;
	}
}

static enum td_status
make_decision(struct apply *ap, const char *title, struct apply_item **item_r, struct err *err)
{
	struct item *now = arena_alloc(ap->arena, sizeof *now);
	bool own_text = ap->current == NULL;

	now->kind = "decision";
	now->title = arena_span(ap->arena, utf8_cut(span_trim(span_of(title)), TITLE_MAX));
	now->body = own_text ? prose_of(ap->arena, ap->reading, true) : "";
	item_add_owner(ap->arena, now, ap->person->id);
	take_options(ap, now);
	return apply_add_item(ap, now, item_r, err);
}

enum td_status
apply_decision(struct apply *ap, const char *title, struct err *err)
{
	struct apply_item *item = NULL;
	enum td_status status;

	if (!apply_may(ap, RIGHT_WORK, 0, ap->reading->message.subject))
		return TD_OK;
	status = make_decision(ap, title, &item, err);
	if (status != TD_OK)
		return status;
	ap->current = item;
	return apply_fields(ap, item, PROSE_ALL, err);
}

static enum td_status
do_decide(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct apply_item *item = NULL;
	enum td_status status = make_decision(ap, cmd->text, &item, err);

	if (status != TD_OK)
		return status;
	if (cmd->when != NULL)
		(void)apply_due(ap, item->now, cmd->when, cmd->line, cmd->source);
	if (ap->current == NULL)
		ap->current = item;
	apply_did(ap, cmd->line, cmd->source, "#%u asks the team to decide.", item->now->number);
	return TD_OK;
}

/* ---- answers ------------------------------------------------------------------------------- */

static const char *
vote_json(struct apply *ap, const struct vote *vote)
{
	struct buf json;
	struct jsonw w;
	const char *text;

	if (vote == NULL)
		return NULL;
	buf_init(&json, 1u << 16);
	jsonw_init(&w, &json, 0);
	jsonw_object(&w);
	jsonw_put_int(&w, "item", vote->item_id);
	jsonw_put_int(&w, "person", vote->person_id);
	jsonw_put(&w, "choice", vote_choice_name(vote->choice));
	jsonw_key(&w, "option");
	jsonw_string(&w, vote->option);
	jsonw_key(&w, "reason");
	jsonw_string(&w, vote->reason);
	jsonw_put_int(&w, "message", vote->message_id);
	jsonw_put_int(&w, "at", vote->at);
	jsonw_end(&w);
	text = arena_span(ap->arena, buf_span(&json));
	buf_release(&json);
	return text;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The reason is kept as a comment too: it is searched, and shown with the others. */
static enum td_status
keep_reason(struct apply *ap, const struct apply_item *item, const struct vote *vote,
    struct err *err)
{
	if (vote->reason == NULL)
		return TD_OK;
	return apply_remark(ap, item, vote->reason,
	    vote->choice == VOTE_OBJECT ? NEWS_OBJECT : NEWS_COMMENT, err);
}

static enum td_status
save_vote(struct apply *ap, const struct apply_item *item, const struct vote *old,
    struct vote *vote, struct err *err)
{
	enum td_status status = vote_set(ap->db, vote, err);

	if (status == TD_OK)
		status = apply_event(ap, "vote", vote->id, old == NULL ? "create" : "change",
		    vote_json(ap, old), vote_json(ap, vote), err);
	/* an objection that goes may be all that kept it open past its date */
	if (status == TD_OK && old != NULL && old->choice == VOTE_OBJECT &&
	    vote->choice != VOTE_OBJECT)
		status = decide_schedule(ap->db, ap->arena, item->now, err);
	return status == TD_OK ? keep_reason(ap, item, vote, err) : status;
}

static const char *
told_choice(const struct vote *vote)
{
	switch (vote->choice) {
	case VOTE_AGREE:
		return "You agree to";
	case VOTE_OBJECT:
		return "You object to";
	case VOTE_ABSTAIN:
		return "You abstain from";
	case VOTE_OPTION:
		break;
	}
	return "You voted on";
}

static enum td_status
cast(struct apply *ap, const struct reading_command *cmd, const struct apply_item *item,
    struct vote *vote, struct err *err)
{
	const char *option = vote->option != NULL ? arena_printf(ap->arena, ": %s", vote->option)
						  : "";
	const char *instead = " It takes your earlier answer's place.";
	struct vote *old = NULL;
	enum td_status status;

	vote->item_id = item->now->id;
	vote->person_id = ap->person->id;
	vote->message_id = ap->message_id;
	vote->at = ap->now;
	if (vote->reason != NULL && *vote->reason == '\0')
		vote->reason = NULL;
	status = vote_find(ap->db, ap->arena, vote->item_id, vote->person_id, &old, err);
	if (status != TD_OK)
		return status;
	if (old != NULL && old->choice == vote->choice && same_text(old->option, vote->option) &&
	    same_text(old->reason, vote->reason)) {
		apply_tell(ap, cmd->line, cmd->source, "That is your answer to #%u already.",
		    item->now->number);
		return TD_OK;
	}
	status = save_vote(ap, item, old, vote, err);
	if (status == TD_OK)
		apply_did(ap, cmd->line, cmd->source, "%s #%u%s.%s", told_choice(vote),
		    item->now->number, option, old != NULL ? instead : "");
	return status;
}

static enum td_status
do_agree(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	struct vote vote = {.choice = VOTE_AGREE, .reason = cmd->text,
	    .option = item->now->n_options > 0 ? item->now->options[0] : NULL};

	return cast(ap, cmd, item, &vote, err);
}

static enum td_status
do_object(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	struct vote vote = {.choice = VOTE_OBJECT, .reason = cmd->text};

	if (cmd->text == NULL || *cmd->text == '\0') {
		apply_refuse(ap, cmd->line, cmd->source, "/object no backup for it",
		    "Say why: an objection needs a reason.");
		return TD_OK;
	}
	return cast(ap, cmd, item, &vote, err);
}

static enum td_status
do_abstain(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	struct vote vote = {.choice = VOTE_ABSTAIN, .reason = cmd->text};

	return cast(ap, cmd, item, &vote, err);
}

static bool
is_word(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_iis(span_trim(span_of(word)), words[i]))
			return true;
	return false;
}

static bool
means_yes(const char *word)
{
	static const char *const words[] = {"yes", "y", "agree", "agreed", "accept", "accepted",
	    "+1"};

	return is_word(word, words, sizeof words / sizeof *words);
}

static bool
means_no(const char *word)
{
	static const char *const words[] = {"no", "n", "reject", "rejected", "declined", "-1"};

	return is_word(word, words, sizeof words / sizeof *words);
}

static enum td_status
do_vote(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	struct vote vote = {.choice = VOTE_OPTION};
	const char *word = cmd->word != NULL ? cmd->word : "", *why = NULL;

	if (item->now->n_options == 0 && means_yes(word))
		return do_agree(ap, cmd, item, err);
	if (item->now->n_options == 0) {
		apply_refuse(ap, cmd->line, cmd->source, means_no(word) ? arena_printf(ap->arena,
		    "/object #%u REASON", item->now->number) : arena_printf(ap->arena,
		    "/agree #%u", item->now->number),
		    "#%u has no options; agree to it, or object and say why.", item->now->number);
		return TD_OK;
	}
	vote.option = decision_option(ap->arena, item->now, word, &why);
	if (vote.option == NULL) {
		apply_refuse(ap, cmd->line, cmd->source,
		    arena_printf(ap->arena, "/vote #%u 1", item->now->number), "%s.", why);
		return TD_OK;
	}
	return cast(ap, cmd, item, &vote, err);
}

/* ---- resolve ------------------------------------------------------------------------------- */

/* The option whose whole name the line begins with, the rest being the reason; else the word. */
static const char *
read_outcome(struct apply *ap, const struct reading_command *cmd, const struct item *item,
    const char **reason, const char **why_r)
{
	const char *whole = arena_printf(ap->arena, "%s %s", cmd->word, *reason);

	for (size_t i = 0; i < item->n_options; i++) {
		struct span option = span_of(item->options[i]), line = span_of(whole);

		if (!span_istarts(line, option) || line.len <= option.len + 1 ||
		    line.ptr[option.len] != ' ')
			continue;
		*reason = arena_span(ap->arena, span_trim(span_skip(line, option.len)));
		return item->options[i];
	}
	if (item->n_options > 0)
		return span_iis(span_of(cmd->word), "none") ? DECISION_NONE :
		    decision_option(ap->arena, item, cmd->word, why_r);
	if (means_yes(cmd->word))
		return DECISION_AGREED;
	return means_no(cmd->word) ? DECISION_REJECTED : cmd->word;
}

static enum td_status
do_resolve(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	const char *reason = cmd->text, *why = NULL, *outcome;

	if (!apply_may_dispose(ap, item->now, "closing it", cmd->line, cmd->source) ||
	    !proof_may(ap, cmd->line, cmd->source))
		return TD_OK;
	if (cmd->word == NULL || reason == NULL || *reason == '\0') {
		apply_refuse(ap, cmd->line, cmd->source, "/resolve #9 LMDB fits best",
		    "A decision is closed with an option and a reason.");
		return TD_OK;
	}
	outcome = read_outcome(ap, cmd, item->now, &reason, &why);
	if (outcome == NULL) {
		apply_refuse(ap, cmd->line, cmd->source, arena_printf(ap->arena,
		    "/resolve #%u 1 %s", item->now->number, reason), "%s.", why);
		return TD_OK;
	}
	item_decide(item->now, outcome, "resolve", reason, ap->now);
	apply_did(ap, cmd->line, cmd->source, "#%u is decided: %s.", item->now->number, outcome);
	return TD_OK;
}

/* ---- undo ---------------------------------------------------------------------------------- */

enum td_status
undo_vote(struct undo *u, struct err *err)
{
	struct apply *ap = u->ap;
	struct vote old = {.item_id = undo_number(u->before, "item"),
	    .person_id = undo_number(u->before, "person"), .choice = VOTE_ABSTAIN,
	    .option = undo_text(u, u->before, "option"),
	    .reason = undo_text(u, u->before, "reason"),
	    .message_id = undo_number(u->before, "message"), .at = undo_number(u->before, "at")};
	struct item *item = NULL;
	enum td_status status = item_by_id(ap->db, ap->arena, undo_number(u->after, "item"), &item,
	    err);

	u->did = "an answer";
	if (status == TD_OK)
		status = undo_look_later(u, "the answer", NULL, NULL, err);
	if (status != TD_OK || u->why != NULL || item == NULL)
		return status;
	if (item->outcome != NULL) {
		u->why = arena_printf(ap->arena, "#%u is decided by now: %s", item->number,
		    item->outcome);
		return TD_OK;
	}
	(void)vote_choice_parse(undo_text(u, u->before, "choice"), &old.choice);
	status = u->before == NULL ? vote_remove(ap->db, u->event->entity_id, err)
				   : vote_set(ap->db, &old, err);
	/* an objection that goes may be all that kept it open past its date */
	return status == TD_OK ? decide_schedule(ap->db, ap->arena, item, err) : status;
}

/* ---- the table ----------------------------------------------------------------------------- */

static const struct {
	const char *verb;
	enum td_status (*fn)(struct apply *ap, const struct reading_command *cmd,
	    struct apply_item *item, struct err *err);
} handlers[] = {
    {"abstain", do_abstain}, {"agree", do_agree}, {"object", do_object},
    {"resolve", do_resolve}, {"vote", do_vote},
};

static bool
is_open(struct apply *ap, const struct reading_command *cmd, const struct item *item)
{
	if (!item_is_decision(item))
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "#%u is a task; only a decision is answered so.", item->number);
	else if (item->state == ITEM_DROPPED)
		apply_refuse(ap, cmd->line, cmd->source, NULL, "#%u was dropped; reopen it first.",
		    item->number);
	else if (item_is_closed(item))
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "#%u is decided already: %s.", item->number, item->outcome);
	else
		return true;
	return false;
}

static enum td_status
for_decisions(struct apply *ap, const struct reading_command *cmd, size_t handler,
    struct err *err)
{
	size_t n = cmd->n_items > 0 ? cmd->n_items : 1;
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct apply_item *item = ap->current;

		if (cmd->n_items > 0)
			status = apply_find_item(ap, cmd->items[i], cmd->line, cmd->source, &item,
			    err);
		else if (item == NULL)
			apply_refuse(ap, cmd->line, cmd->source,
			    arena_printf(ap->arena, "/%s #9", cmd->verb),
			    "Which decision? Name its number, or reply to its mail.");
		if (status == TD_OK && item != NULL && is_open(ap, cmd, item->now))
			status = handlers[handler].fn(ap, cmd, item, err);
	}
	return status;
}

enum td_status
apply_decide_command(struct apply *ap, const struct reading_command *cmd, bool *known_r,
    struct err *err)
{
	*known_r = true;
	if (strcmp(cmd->verb, "decide") == 0)
		return do_decide(ap, cmd, err);
	for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
		if (strcmp(cmd->verb, handlers[i].verb) == 0)
			return for_decisions(ap, cmd, i, err);
	*known_r = false;
	return TD_OK;
}
