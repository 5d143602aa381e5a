/* SPDX-License-Identifier: ISC */
/* gather: see gather.h. Here: who reads, what needs them, decisions, core hours. */
#include "config.h"

#include "daemon/compose/gather.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/compose/gather-private.h"
#include "daemon/store/item.h"

#define DUE_SOON_DAYS 2

const char *
gather_day(const struct gathering *g, int64_t days)
{
	char text[CIVIL_TEXT];

	civil_format_day(days, text);
	return arena_strdup(g->arena, text);
}

static struct span
first_name(const char *name)
{
	struct span rest = span_of(name), word;

	return span_next_word(&rest, &word) ? word : span_of(name);
}

const char *
gather_name(const struct gathering *g, int64_t person_id)
{
	const struct member *found = NULL;
	size_t same = 0;

	for (size_t i = 0; i < g->n_members && found == NULL; i++)
		if (g->members[i].person.id == person_id)
			found = &g->members[i];
	if (found == NULL)
		return NULL;
	for (size_t i = 0; i < g->n_members; i++)
		same += span_ieq(first_name(g->members[i].person.name),
		    first_name(found->person.name));
	return same == 1 ? arena_span(g->arena, first_name(found->person.name))
	                 : found->person.name;
}

/* A person who has left is still named by what the store kept. */
static enum td_status
owner_name(const struct gathering *g, const struct item *item, const char **name_r)
{
	int64_t id = item->n_owners > 0 ? item->owners[0] : 0;
	struct person *person = NULL;
	enum td_status status = TD_OK;

	*name_r = id != 0 ? gather_name(g, id) : NULL;
	if (id == 0 || *name_r != NULL)
		return TD_OK;
	status = person_by_id(g->db, g->arena, id, &person, g->err);
	if (status == TD_OK && person != NULL)
		*name_r = person->name;
	return status;
}

/* ---- needs you ---- */

static bool
is_name_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    c == '.' || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* Whether the text names the reader as "@handle". */
static bool
names_reader(const struct gathering *g, const char *text)
{
	struct span handle = span_of(g->reader->handle), rest = span_of(text);

	while (rest.len > 0) {
		size_t at = span_find_byte(rest, '@'), end = 0;
		struct span word = span_skip(rest, at < rest.len ? at + 1 : at);

		while (end < word.len && is_name_char(word.ptr[end]))
			end++;
		while (end > 0 && word.ptr[end - 1] == '.')
			end--;
		if (handle.len > 0 && span_ieq(span_first(word, end), handle))
			return true;
		rest = word;
	}
	return false;
}

/* Whether an open item of the reader's must be done before this one. */
static bool
held_by_reader(const struct gathering *g, const struct item *item)
{
	for (size_t i = 0; i < item->n_depends; i++)
		for (size_t k = 0; k < g->n_items; k++)
			if (g->items[k].id == item->depends[i] &&
			    item_has_owner(&g->items[k], g->reader->id))
				return true;
	return false;
}

static int64_t
local_day(const struct gathering *g, int64_t at)
{
	return zone_local_day(g->zone, at);
}

/* Day a thing is due on, as it was meant. */
static int64_t
due_day(const struct gathering *g, const struct item *item)
{
	int64_t days;

	if (item->due_day != NULL && strlen(item->due_day) >= 10 &&
	    civil_parse_day(span_first(span_of(item->due_day), 10), &days))
		return days;
	return local_day(g, item->due_at);
}

/* Whether it had owners, and they are members no more. */
static bool
owners_left(const struct gathering *g, const struct item *item)
{
	for (size_t i = 0; i < item->n_owners; i++)
		if (gather_name(g, item->owners[i]) != NULL)
			return false;
	return item->n_owners > 0;
}

/* Whether the reader looks after what nobody owns: a lead does, or all where nobody leads. */
static bool
reader_tends(const struct gathering *g)
{
	enum role own = ROLE_NONE;
	bool led = false;

	for (size_t i = 0; i < g->n_members; i++) {
		led = led || g->members[i].role == ROLE_LEAD;
		if (g->members[i].person.id == g->reader->id)
			own = g->members[i].role;
	}
	return own == ROLE_LEAD || (!led && own == ROLE_MEMBER);
}

int64_t
gather_due_days(const struct gathering *g, const struct item *item, struct digest_need *need)
{
	int64_t days = due_day(g, item) - g->today;

	need->late = item->due_at < g->request->now;
	if (need->late)
		need->days = days < 0 ? (unsigned)-days : 0;
	else
		need->days = days > 0 ? (unsigned)days : 0;
	return days;
}

void
gather_blocked(const struct gathering *g, const struct item *item, struct digest_need *need)
{
	int64_t days = g->today - local_day(g, item->blocked_since);

	need->kind = NEED_BLOCKED;
	need->days = days > 0 ? (unsigned)days : 0;
}

static bool
classify_blocked(const struct gathering *g, const struct item *item, bool own,
    struct digest_need *need)
{
	need->on_reader = !own && (names_reader(g, item->blocked_why) || held_by_reader(g, item));
	if (!own && !need->on_reader)
		return false;
	gather_blocked(g, item, need);
	return true;
}

static bool
classify_unowned(const struct gathering *g, const struct item *item, struct digest_need *need)
{
	need->owner_left = owners_left(g, item);
	if ((item->n_owners > 0 && !need->owner_left) || !reader_tends(g))
		return false;
	need->kind = NEED_UNOWNED;
	need->stuck = item->state == ITEM_BLOCKED;
	if (item->due_at != 0)
		gather_due_days(g, item, need);
	return true;
}

/* Decides whether the item is a need, and of which kind. */
static bool
classify(const struct gathering *g, const struct item *item, struct digest_need *need)
{
	bool own = item_has_owner(item, g->reader->id);
	int64_t days;

	if (item_snoozed_until(item, g->reader->id) > g->request->now)
		return false;
	if (item->state == ITEM_BLOCKED && classify_blocked(g, item, own, need))
		return true;
	if (!own)
		return classify_unowned(g, item, need);
	if (item->due_at == 0)
		return false;
	days = gather_due_days(g, item, need);
	need->kind = need->late ? NEED_OVERDUE : NEED_DUE;
	/* the days before it that are free give no time for it */
	return need->late || days <= DUE_SOON_DAYS ||
	    gather_workdays(g, due_day(g, item), DUE_SOON_DAYS) <= DUE_SOON_DAYS;
}

static int
rank(const struct digest_need *need)
{
	switch (need->kind) {
	case NEED_BLOCKED:
		return need->on_reader ? 0 : 1;
	case NEED_OVERDUE:
		return 2;
	case NEED_DUE:
		return 3;
	case NEED_UNOWNED:
		return 4;
	}
	return 5;
}

static int
compare_needs(const void *left, const void *right)
{
	const struct digest_need *a = left, *b = right;

	if (rank(a) != rank(b))
		return rank(a) - rank(b);
	if (a->due.at != b->due.at)
		return a->due.at == 0 || (b->due.at != 0 && a->due.at > b->due.at) ? 1 : -1;
	return a->number < b->number ? -1 : a->number > b->number;
}

struct compose_when
gather_when(const struct item *item)
{
	return (struct compose_when){item->due_at, item->due_day, item->due_zone};
}

static enum td_status
gather_needs(struct gathering *g)
{
	struct digest_need *list = arena_array(g->arena, g->n_items + 1, sizeof *list);
	size_t n = 0;

	for (size_t i = 0; i < g->n_items; i++) {
		const struct item *item = &g->items[i];
		struct digest_need need = {.number = item->number, .title = item->title,
		    .reason = item->blocked_why, .due = gather_when(item)};
		enum td_status status;

		if (item_is_decision(item) || !classify(g, item, &need))
			continue;
		status = owner_name(g, item, &need.owner);
		if (status != TD_OK)
			return status;
		list[n++] = need;
	}
	qsort(list, n, sizeof *list, compare_needs);
	g->digest->needs = list;
	g->digest->n_needs = n;
	return TD_OK;
}

static enum td_status
gather_decisions(struct gathering *g)
{
	struct digest_decision *list = arena_array(g->arena, g->n_items + 1, sizeof *list);
	size_t n = 0;

	for (size_t i = 0; i < g->n_items; i++) {
		const struct item *item = &g->items[i];
		struct compose_decision d;
		enum td_status status;

		if (!item_is_decision(item))
			continue;
		status = gather_decision(g->db, g->arena, item, g->members, g->n_members,
		    g->reader->id, &d, g->err);
		if (status != TD_OK)
			return status;
		list[n++] = (struct digest_decision){.number = item->number,
		    .title = item->title, .due = gather_when(item), .answered = d.answered,
		    .asked = d.asked, .objections = (unsigned)d.n_objections,
		    .stuck = d.n_objections > 0 && item->due_at != 0 &&
			item->due_at <= g->request->now,
		    .due_today = item->due_at > g->request->now && due_day(g, item) == g->today};
	}
	g->digest->decisions = list;
	g->digest->n_decisions = n;
	return TD_OK;
}

/* Members (guests are not counted), and those who have a blocked item or tell of a block. */
static void
count_people(struct gathering *g)
{
	for (size_t i = 0; i < g->n_members; i++) {
		int64_t id = g->members[i].person.id;
		bool blocked = g->says_blocked[i];

		if (g->members[i].role == ROLE_GUEST)
			continue;
		for (size_t k = 0; k < g->n_items && !blocked; k++)
			blocked = g->items[k].state == ITEM_BLOCKED &&
			    item_has_owner(&g->items[k], id);
		g->digest->people++;
		g->digest->blocked += blocked;
	}
}

/* ---- who and when ---- */

static enum td_status
load_people(struct gathering *g)
{
	const struct gather_request *r = g->request;
	enum td_status status;
	bool member = false;

	if ((status = team_by_id(g->db, g->arena, r->team_id, &g->team, g->err)) != TD_OK ||
	    (status = person_by_id(g->db, g->arena, r->person_id, &g->reader, g->err)) != TD_OK)
		return status;
	if (g->team == NULL || g->reader == NULL)
		return err_perm(g->err, "digest: there is no such team or person");
	status = member_list(g->db, g->arena, g->team->id, &g->members, &g->n_members, g->err);
	if (status != TD_OK)
		return status;
	for (size_t i = 0; i < g->n_members; i++)
		member = member || g->members[i].person.id == g->reader->id;
	if (!member)
		return err_perm(g->err, "digest: %s is not in %s", g->reader->name, g->team->title);
	return TD_OK;
}

static enum td_status
set_days(struct gathering *g)
{
	const struct gather_request *r = g->request;

	if (zone_get(g->reader->zone, &g->zone, NULL) != TD_OK)
		g->zone = zone_utc();
	g->today = local_day(g, r->now);
	if (r->day != NULL && !civil_parse_day(span_of(r->day), &g->today))
		return err_perm(g->err, "'%s' is not a day; write it as 2026-11-24", r->day);
	g->first = g->today - (r->weekly ? 7 : 1);
	if (r->since != 0 && local_day(g, r->since) < g->today)
		g->first = local_day(g, r->since);
	if (g->first < g->today - 31)
		g->first = g->today - 31;
	g->digest->day = gather_day(g, g->today);
	g->digest->weekly = r->weekly;
	if (g->first != g->today - 1)
		g->digest->since_day = gather_day(g, g->first);
	return days_off_list(g->db, g->arena, g->reader->id, gather_day(g, g->today),
	    gather_day(g, g->today + GATHER_AHEAD), &g->off, &g->n_off,
	    g->err);
}

enum td_status
gather_begin(struct gathering *g)
{
	enum td_status status = load_people(g);

	return status == TD_OK ? set_days(g) : status;
}

void
gather_fill(const struct team *team, const struct person *person, int64_t now,
    struct compose_common *common)
{
	common->team = (struct compose_team){team->name, team->title, team->address};
	common->to = (struct compose_person){.id = person->id, .name = person->name,
	    .address = person->address, .zone = person->zone, .lang = person->lang};
	common->now = now;
}

enum td_status
gather_common(struct db *db, struct arena *arena, int64_t team_id, int64_t person_id, int64_t now,
    struct compose_common *common_r, struct err *err)
{
	struct team *team;
	struct person *person;
	enum td_status status;

	if ((status = team_by_id(db, arena, team_id, &team, err)) != TD_OK ||
	    (status = person_by_id(db, arena, person_id, &person, err)) != TD_OK)
		return status;
	if (team == NULL || person == NULL)
		return err_perm(err, "there is no such team or person");
	if (person->address == NULL)
		return err_perm(err, "%s has no address", person->name);
	gather_fill(team, person, now, common_r);
	return TD_OK;
}

enum td_status
gather_digest(struct db *db, struct arena *arena, const struct gather_request *request,
    struct compose_common *common_r, struct compose_digest *digest_r, struct err *err)
{
	struct compose_digest digest = {0};
	struct gathering g = {.db = db, .arena = arena, .request = request, .err = err,
	    .digest = &digest};
	struct item_filter filter = {.team_id = request->team_id, .open_only = true};
	enum td_status status;

	if ((status = gather_begin(&g)) != TD_OK ||
	    (status = item_list(db, arena, &filter, &g.items, &g.n_items, err)) != TD_OK ||
	    (status = gather_needs(&g)) != TD_OK || (status = gather_updates(&g)) != TD_OK ||
	    (status = gather_goals(&g)) != TD_OK || (status = gather_away(&g)) != TD_OK ||
	    (status = gather_decisions(&g)) != TD_OK)
		return status;
	gather_core(&g);
	count_people(&g);
	gather_fill(g.team, g.reader, request->now, common_r);
	*digest_r = digest;
	return TD_OK;
}
