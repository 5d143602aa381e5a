/* SPDX-License-Identifier: ISC */
/* news: see news.h. */
#include "config.h"

#include "daemon/intake/news.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/compose/gather.h"
#include "daemon/compose/reply_token.h"
#include "daemon/intake/contact.h"
#include "daemon/intake/decide_calendar.h"
#include "daemon/log.h"
#include "daemon/store/handover.h"
#include "daemon/store/item.h"
#include "daemon/store/message.h"
#include "daemon/store/news.h"
#include "daemon/store/outbox.h"
#include "daemon/store/person.h"

/* ---- who is told ----------------------------------------------------------------------------- */

struct news_teller
news_teller_of(const struct apply *ap)
{
	const struct apply_members *members = apply_members(ap);

	return (struct news_teller){.db = ap->db, .arena = ap->arena, .members = members->list,
	    .n_members = members->n, .team_id = ap->team->id, .by_id = ap->person->id,
	    .message_id = ap->message_id, .now = ap->now};
}

static bool
is_member(const struct news_teller *t, int64_t person_id)
{
	for (size_t i = 0; i < t->n_members; i++)
		if (t->members[i].person.id == person_id)
			return true;
	return false;
}

static enum td_status
tell_soon(const struct news_teller *t, int64_t team_id, int64_t person_id, struct err *err)
{
	return job_add(t->db,
	    &(struct job){.dedupe_key = arena_printf(t->arena, "news:%" PRId64 ":%" PRId64,
			      team_id, person_id),
		.kind = "news", .team_id = team_id, .person_id = person_id, .due_at = t->now},
	    err);
}

/* Even where the job waits for the person's hours already. */
static enum td_status
tell_now(const struct news_teller *t, int64_t person_id, struct err *err)
{
	return job_set(t->db,
	    &(struct job){.dedupe_key = arena_printf(t->arena, "news:%" PRId64 ":%" PRId64,
			      t->team_id, person_id),
		.kind = "news", .team_id = t->team_id, .person_id = person_id,
		.due_at = t->now},
	    err);
}

enum td_status
news_tell_one(const struct news_teller *t, int64_t person_id, int64_t item_id, enum news_kind kind,
    const char *text, struct err *err)
{
	const struct news news = {.team_id = t->team_id, .person_id = person_id,
	    .item_id = item_id, .by_id = t->by_id, .message_id = t->message_id, .kind = kind,
	    .text = text, .at = t->now};
	enum td_status status;

	if ((person_id == t->by_id && !t->self_too) || !is_member(t, person_id))
		return TD_OK;
	status = news_add(t->db, &news, err);
	if (status == TD_OK && kind == NEWS_SPOKEN)
		return tell_now(t, person_id, err);
	return status == TD_OK ? tell_soon(t, t->team_id, person_id, err) : status;
}

enum td_status
news_take_back(struct apply *ap, int64_t message_id, struct news_unheard *unheard_r,
    struct err *err)
{
	const struct news_teller t = news_teller_of(ap);
	struct news_unheard list = {NULL, 0};
	enum td_status status = news_forget(ap->db, ap->arena, message_id, &list.rows, &list.n,
	    err);

	for (size_t i = 0; status == TD_OK && i < list.n; i++)
		status = tell_soon(&t, list.rows[i].team_id, list.rows[i].person_id, err);
	if (status == TD_OK)
		*unheard_r = list;
	return status;
}

enum td_status
news_tell_item(const struct news_teller *t, const struct item *item, enum news_kind kind,
    const char *text, struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < item->n_owners; i++)
		status = news_tell_one(t, item->owners[i], item->id, kind, text, err);
	for (size_t i = 0; status == TD_OK && i < item->n_watchers; i++)
		if (!item_has_owner(item, item->watchers[i]))
			status = news_tell_one(t, item->watchers[i], item->id, kind, text, err);
	return status;
}

enum td_status
news_tell_team(const struct news_teller *t, const struct item *item, enum news_kind kind,
    const char *text, struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < t->n_members; i++)
		if (t->members[i].role >= ROLE_MEMBER)
			status = news_tell_one(t, t->members[i].person.id, item->id, kind, text,
			    err);
	return status;
}

/* Does anything open still hold it up? */
static enum td_status
is_held(const struct news_teller *t, const struct item *item, bool *held_r, struct err *err)
{
	enum td_status status = TD_OK;

	*held_r = false;
	for (size_t i = 0; status == TD_OK && !*held_r && i < item->n_depends; i++) {
		struct item *other = NULL;

		status = item_by_id(t->db, t->arena, item->depends[i], &other, err);
		*held_r = status == TD_OK && other != NULL && !item_is_closed(other);
	}
	return status;
}

enum td_status
news_tell_free(const struct news_teller *t, const struct item *closed, struct err *err)
{
	const char *text = arena_printf(t->arena, "#%u %s", closed->number, closed->title);
	struct item *waiting;
	size_t n = 0;
	enum td_status status = item_waiting(t->db, t->arena, closed->id, &waiting, &n, err);

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		bool held;

		status = is_held(t, &waiting[i], &held, err);
		for (size_t k = 0; status == TD_OK && !held && k < waiting[i].n_owners; k++)
			status = news_tell_one(
			    t, waiting[i].owners[k], waiting[i].id, NEWS_FREE, text, err);
	}
	return status;
}

/* A new question goes to all, and so does what came of it. */
static enum td_status
tell_decision(const struct news_teller *t, const struct apply_item *item, struct err *err)
{
	const struct item *now = item->now, *before = item->before;

	if (!item_is_decision(now))
		return TD_OK;
	if (now->outcome != NULL)
		return before != NULL && before->outcome != NULL ? TD_OK :
		    news_tell_team(t, now, NEWS_DECIDED, now->outcome_why, err);
	if (before == NULL)
		return item_is_closed(now) ? TD_OK : news_tell_team(t, now, NEWS_DECIDE,
		    *now->body != '\0' ? now->body : NULL, err);
	if (item_is_closed(now))
		return item_is_closed(before) ? TD_OK :
		    news_tell_team(t, now, NEWS_DROPPED, item->why, err);
	if (item_is_closed(before))
		return news_tell_team(t, now, NEWS_REOPENED, item->why, err);
	return before->due_at == now->due_at ? TD_OK :
	    news_tell_team(t, now, NEWS_DATED, NULL, err);
}

/* Did they hand it over to who owns it now? Then the answer to that is told. */
static enum td_status
handed_over(const struct news_teller *t, const struct item *item, int64_t person_id, bool *yes_r,
    struct err *err)
{
	struct handover *list;
	size_t n = 0;
	enum td_status status = handover_of_item(t->db, t->arena, item->id, true, &list, &n, err);

	*yes_r = false;
	for (size_t i = 0; status == TD_OK && i < n; i++)
		*yes_r = *yes_r || (list[i].from_id == person_id &&
		    item_has_owner(item, list[i].to_id));
	return status;
}

/* Whose it is by now; NULL: of who did it alone. */
static const char *
owners_text(struct apply *ap, const struct item *item)
{
	const char *names = NULL;

	if (item->n_owners == 1 && item->owners[0] == ap->person->id)
		return NULL;
	for (size_t i = 0; i < item->n_owners; i++)
		names = arena_printf(ap->arena, "%s%s%s", names != NULL ? names : "",
		    names != NULL ? ", " : "", apply_name(ap, item->owners[i]));
	return names != NULL ? names : "nobody";
}

/* Whoever had it is told that it went. */
static enum td_status
tell_before(struct apply *ap, const struct news_teller *t, const struct apply_item *item,
    struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && item->before != NULL && i < item->before->n_owners;
	     i++) {
		int64_t who = item->before->owners[i];
		bool handed = false;

		if (item_has_owner(item->now, who))
			continue;
		status = handed_over(t, item->now, who, &handed, err);
		if (status == TD_OK && !handed)
			status = news_tell_one(t, who, item->now->id, NEWS_MOVED,
			    owners_text(ap, item->now), err);
	}
	return status;
}

static enum td_status
tell_owners(struct apply *ap, const struct news_teller *t, const struct apply_item *item,
    struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < item->now->n_owners; i++)
		if (item->before == NULL || !item_has_owner(item->before, item->now->owners[i]))
			status = news_tell_one(t, item->now->owners[i], item->now->id, NEWS_ASSIGN,
			    NULL, err);
	return status == TD_OK ? tell_before(ap, t, item, err) : status;
}

static bool
has_heard(const struct news_unheard *unheard, int64_t person_id, int64_t item_id)
{
	for (size_t i = 0; i < unheard->n; i++)
		if (unheard->rows[i].person_id == person_id && unheard->rows[i].item_id == item_id)
			return false;
	return true;
}

enum td_status
news_undone(struct apply *ap, const struct apply_item *item, const struct news_unheard *unheard,
    struct err *err)
{
	struct news_teller t = news_teller_of(ap);
	struct member *told = arena_array(ap->arena, t.n_members, sizeof *told);
	size_t n = 0;
	enum td_status status;

	for (size_t i = 0; i < t.n_members; i++)
		if (has_heard(unheard, t.members[i].person.id, item->now->id))
			told[n++] = t.members[i];
	t.members = told;
	t.n_members = n;
	t.message_id = 0; /* it has no code: an undo cannot be undone */
	status = tell_owners(ap, &t, item, err);
	return status == TD_OK ? tell_decision(&t, item, err) : status;
}

enum td_status
news_change(struct apply *ap, const struct apply_item *item, struct err *err)
{
	const struct news_teller t = news_teller_of(ap);
	enum td_status status = tell_owners(ap, &t, item, err);

	if (status == TD_OK && item_is_closed(item->now) &&
	    (item->before == NULL || !item_is_closed(item->before)))
		status = news_tell_free(&t, item->now, err);
	return status == TD_OK ? tell_decision(&t, item, err) : status;
}

/* ---- the mail -------------------------------------------------------------------------------- */

struct telling {
	struct db *db;
	struct arena *arena;
	const struct person *person;
	const struct job *job;
	struct compose_common common;
	struct member *members; /* of the team */
	size_t n_members;
	int64_t now;
};

static enum td_status
name_of(const struct telling *t, int64_t id, const char **name_r, struct err *err)
{
	struct person *person = NULL;
	enum td_status status = person_by_id(t->db, t->arena, id, &person, err);

	if (status == TD_OK)
		*name_r = person != NULL ? person->name : NULL;
	return status;
}

static enum td_status
queue(const struct telling *t, const struct item *item, const struct news *news, size_t n,
    const struct composed *mail, const struct decide_entry *entry, struct err *err)
{
	struct outbox row = {
	    .dedupe_key = arena_printf(t->arena, "item:%" PRId64 ":%" PRId64 ":%" PRId64 ":%zu",
		item->id, t->person->id, news[n - 1].id, n),
	    .kind = "item",
	    .team_id = item->team_id,
	    .person_id = t->person->id,
	    .sender = mail->sender,
	    .rcpt = mail->rcpt,
	    .mid = mail->mid,
	    .bytes = mail->bytes,
	};
	const struct thread thread = {.mid = mail->mid, .team_id = item->team_id,
	    .item_id = item->id, .kind = THREAD_ITEM, .created_at = t->now};
	bool added = false;
	enum td_status status = outbox_add(t->db, &row, t->now, &added, err);

	if (status != TD_OK || !added)
		return status;
	status = news_told(t->db, t->job->team_id, t->person->id, item->id, row.id, err);
	if (status == TD_OK)
		status = decide_calendar_sent(t->db, entry, t->person->id, err);
	return status == TD_OK ? thread_add(t->db, &thread, err) : status;
}

/* The code of the mail that brought it: once, behind the last of what one mail brought. */
static enum td_status
undo_code_of(const struct telling *t, const struct news *news, size_t n, size_t i,
    const char **code_r, struct err *err)
{
	struct message *message = NULL;
	enum td_status status;

	if (news[i].message_id == 0 ||
	    (i + 1 < n && news[i + 1].message_id == news[i].message_id))
		return TD_OK;
	status = message_by_id(t->db, t->arena, news[i].message_id, &message, err);
	if (status == TD_OK && message != NULL && message->undone_by == 0)
		*code_r = message->undo_code;
	return status;
}

/* A question that was answered, or is closed, by now is not asked any more. */
static bool
is_over(const struct news *news, const struct compose_decision *decision)
{
	if (decision == NULL)
		return false;
	if (news->kind == NEWS_DATED)
		return !decision->is_open;
	return (news->kind == NEWS_DECIDE || news->kind == NEWS_SOON) &&
	    (!decision->may_answer || decision->own != NULL);
}

/* All news of one item in one mail. */
static enum td_status
tell_item(const struct telling *t, const struct news *news, size_t n, struct err *err)
{
	struct compose_news *list = arena_array(t->arena, n, sizeof *list);
	struct compose_item_mail what = {.news = list};
	struct compose_decision decision;
	struct decide_entry entry = {0};
	struct composed mail;
	struct item *item = NULL;
	enum td_status status = item_by_id(t->db, t->arena, news->item_id, &item, err);

	if (status != TD_OK || item == NULL)
		return status;
	what.item = (struct compose_item){.number = item->number, .title = item->title,
	    .due = {item->due_at, item->due_day, item->due_zone}, .root_mid = item->root_mid};
	what.state = item_state_name(item->state);
	what.is_owner = item_has_owner(item, t->person->id);
	if (item_is_decision(item)) {
		status = gather_decision(t->db, t->arena, item, t->members, t->n_members,
		    t->person->id, &decision, err);
		what.decision = &decision;
	}
	if (status == TD_OK && item->n_owners > 0)
		status = name_of(t, item->owners[0], &what.item.owner, err);
	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct compose_news *told = &list[what.n_news];

		if (is_over(&news[i], what.decision))
			continue;
		*told = (struct compose_news){(enum compose_news_kind)news[i].kind, NULL,
		    news[i].text, NULL};
		status = name_of(t, news[i].by_id, &told->name, err);
		if (status == TD_OK)
			status = undo_code_of(t, news, n, i, &told->undo_code, err);
		what.was_owner = what.was_owner || news[i].kind == NEWS_MOVED;
		what.n_news++;
	}
	if (status != TD_OK || what.n_news == 0)
		return status;
	if (what.decision != NULL)
		status = decide_calendar_fill(t->db, t->arena, &t->common, item, t->now, &what,
		    &entry, err);
	if (status != TD_OK)
		return status;
	status = compose_item_mail(t->arena, &t->common, &what, &mail, err);
	if (status != TD_OK) {
		log_error("no mail about an item: %s item=%" PRId64 " person=%" PRId64, err->text,
		    item->id, t->person->id);
		return TD_OK;
	}
	return queue(t, item, news, n, &mail, &entry, err);
}

static bool
any_of(const struct news *news, size_t n, enum news_kind kind)
{
	for (size_t i = 0; i < n; i++)
		if (news[i].kind == kind)
			return true;
	return false;
}

static enum td_status
tell_all(struct telling *t, const struct conf *conf, const struct news *news, size_t n,
    struct err *err)
{
	enum td_status status = gather_common(t->db, t->arena, t->job->team_id, t->person->id,
	    t->now, &t->common, err);
	size_t end;

	t->common.templates = conf->templates;
	if (status == TD_OK)
		status = member_list(t->db, t->arena, t->job->team_id, &t->members,
		    &t->n_members, err);
	for (size_t i = 0; status == TD_OK && i < n; i = end) {
		for (end = i + 1; end < n && news[end].item_id == news[i].item_id;)
			end++;
		status = reply_token_set(t->db, t->arena, conf, &(struct reply_token){
		    .team_id = t->job->team_id, .about = TOKEN_ITEM, .id = news[i].item_id,
		    /* the mail asks for /resolve, which counts in a reply alone */
		    .is_needed = any_of(&news[i], end - i, NEWS_STUCK)}, &t->common, err);
		if (status == TD_OK)
			status = tell_item(t, &news[i], end - i, err);
	}
	return status;
}

enum td_status
news_job(struct db *db, const struct conf *conf, const struct job *job, int64_t now,
    struct arena *arena, int64_t *next_due_r, struct err *err)
{
	struct telling t = {.db = db, .arena = arena, .job = job, .now = now};
	struct person *person = NULL;
	struct news *news;
	enum role role = ROLE_NONE;
	size_t n = 0;
	int64_t at = now;
	enum td_status status = news_list(db, arena, job->team_id, job->person_id, &news, &n, err);

	if (status == TD_OK)
		status = person_by_id(db, arena, job->person_id, &person, err);
	if (status == TD_OK)
		status = member_role(db, job->team_id, job->person_id, &role, err);
	if (status == TD_OK && person != NULL)
		status = contact_time(db, arena, person, now, &at, err);
	if (status != TD_OK)
		return status;
	if (n > 0 && role != ROLE_NONE && person->address != NULL &&
	    strcmp(person->delivery, "hard") != 0) {
		if (at > now && !any_of(news, n, NEWS_SPOKEN)) {
			*next_due_r = at;
			return TD_OK;
		}
		t.person = person;
		status = tell_all(&t, conf, news, n, err);
	}
	*next_due_r = 0;
	return status == TD_OK ? news_clear(db, job->team_id, job->person_id, err) : status;
}
