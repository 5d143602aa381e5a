/* SPDX-License-Identifier: ISC */
/*
 * apply_member: who is in the team: /invite and /remove, and in which role: /invite of a member
 * with another one. A person who is new gets the team's zone
 * and the default hours; the job "welcome:TEAM:PERSON" tells them, in those hours, what this is.
 * Who is taken off leaves their work as it is; what they owned has no owner until somebody takes
 * it, and the jobs take the core hours out of their calendar. A membership is history of its own
 * (entity "membership", the id is the person's, the team the
 * event's), so that undo can end it while the person stays.
 */
#include "config.h"

#include "daemon/intake/undo.h"

#include <inttypes.h>
#include <string.h>

#include "parsers/address.h"
#include "parsers/base/jsonw.h"
#include "parsers/base/utf8.h"
#include "daemon/conf/nearest.h"
#include "daemon/intake/admit.h"
#include "daemon/intake/contact.h"
#include "daemon/intake/proof.h"
#include "daemon/store/entry.h"
#include "daemon/store/item.h"
#include "daemon/store/job.h"
#include "daemon/store/person.h"
#include "daemon/store/role_news.h"
#include "daemon/store/team.h"

#define NAME_MAX_BYTES 100u
#define EVENTS_LOOKED 100
#define ITEMS_NAMED 10

struct invited {
	const char *address, *name;
	enum role role;
};

static const char *
job_key(struct arena *arena, int64_t team_id, int64_t person_id)
{
	return arena_printf(arena, "welcome:%" PRId64 ":%" PRId64, team_id, person_id);
}

static const char *
membership_json(struct arena *arena, enum role role, int64_t since)
{
	return arena_printf(arena, "{\"role\":\"%s\",\"since\":%" PRId64 "}", role_name(role),
	    since);
}

/* ---- invite ---------------------------------------------------------------------------------- */

/* A last word in small letters that was meant as a role: the role that is near, "member" for the
 * words of other programs; NULL for a name. */
static const char *
meant_role(struct apply *ap, struct span name)
{
	static const char *const strange[] = {"admin", "administrator", "leader", "manager",
	    "observer", "owner", "user", "viewer"};
	const char *best = NULL, *word;
	size_t at = name.len;

	while (at > 0 && name.ptr[at - 1] != ' ')
		at--;
	word = arena_span(ap->arena, span_skip(name, at));
	if (at == 0 || strspn(word, "abcdefghijklmnopqrstuvwxyz") != strlen(word))
		return NULL;
	for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
		if (strcmp(word, strange[i]) == 0)
			return "member";
	for (enum role role = ROLE_GUEST; role <= ROLE_LEAD; role++)
		nearest_try(word, role_name(role), &best);
	return best;
}

static const char *
with_role(struct apply *ap, const struct invited *in, struct span name, const char *role)
{
	size_t at = name.len;

	while (at > 0 && name.ptr[at - 1] != ' ')
		at--;
	return arena_printf(ap->arena, "/invite %s %.*s%s", in->address,
	    SPAN_FMT(span_first(name, at)), role);
}

static struct span
unquoted(struct span name)
{
	name = span_trim(name);
	if (name.len > 1 && *name.ptr == '"' && name.ptr[name.len - 1] == '"')
		name = span_trim(span_skip(span_first(name, name.len - 1), 1));
	return name;
}

/* False after a refusal. */
static bool
read_invited(struct apply *ap, const struct reading_command *cmd, struct invited *in)
{
	static const char example[] = "/invite dev@example.org Dev Patel";
	struct span address = span_of(cmd->n_people == 1 ? cmd->people[0] : "");
	struct span name = unquoted(span_of(cmd->text != NULL ? cmd->text : ""));
	const char *role = NULL;

	in->role = ROLE_MEMBER;
	in->address = admit_lower(ap->arena, arena_span(ap->arena, address));
	in->name = arena_span(ap->arena, name);
	if (cmd->word == NULL)
		role = meant_role(ap, name);
	if (!address_valid(address) || !utf8_ascii(address))
		apply_refuse(ap, cmd->line, cmd->source, example,
		    "An invitation needs a mail address, as name@example.org.");
	else if (name.len == 0 || name.len > NAME_MAX_BYTES || !utf8_clean(name, UTF8_LINE))
		apply_refuse(ap, cmd->line, cmd->source, example,
		    "Behind the address stands the person's name, of %u bytes at most.",
		    NAME_MAX_BYTES);
	else if (cmd->word != NULL && !role_parse(span_of(cmd->word), &in->role))
		apply_refuse(ap, cmd->line, cmd->source, example,
		    "The role is guest, member or lead.");
	else if (role != NULL)
		apply_refuse(ap, cmd->line, cmd->source, with_role(ap, in, name, role),
		    "The role is guest, member or lead.");
	else
		return true;
	return false;
}

static enum td_status
person_event(struct apply *ap, const struct person *person, struct err *err)
{
	struct buf json;
	struct jsonw w;
	enum td_status status;

	buf_init(&json, 1u << 16);
	jsonw_init(&w, &json, 0);
	jsonw_object(&w);
	jsonw_put(&w, "name", person->name);
	jsonw_put(&w, "handle", person->handle);
	jsonw_put(&w, "address", person->address);
	jsonw_put(&w, "zone", person->zone);
	jsonw_end(&w);
	status = apply_event(ap, "person", person->id, "create", NULL, json.ptr, err);
	buf_release(&json);
	return status;
}

static enum td_status
add_person(struct apply *ap, const struct invited *in, struct person *person, struct err *err)
{
	enum td_status status;

	*person = (struct person){.name = in->name, .address = in->address,
	    .zone = ap->team->zone};
	status = person_add(ap->db, ap->arena, person, ap->now, err);
	if (status == TD_OK)
		status = person_by_id(ap->db, ap->arena, person->id, &person, err);
	return status == TD_OK ? person_event(ap, person, err) : status;
}

static enum td_status
set_welcome(struct apply *ap, const struct person *person, struct err *err)
{
	int64_t at = ap->now;
	enum td_status status = contact_time(ap->db, ap->arena, person, ap->now, &at, err);

	if (status != TD_OK)
		return status;
	return job_set(ap->db,
	    &(struct job){.dedupe_key = job_key(ap->arena, ap->team->id, person->id),
		.kind = "welcome", .team_id = ap->team->id, .person_id = person->id, .due_at = at},
	    err);
}

static enum td_status
join(struct apply *ap, const struct reading_command *cmd, const struct invited *in,
    const struct person *person, bool is_new, struct err *err)
{
	enum td_status status = member_set(ap->db, ap->team->id, person->id, in->role, ap->now,
	    err);

	if (status == TD_OK)
		status = apply_event(ap, "membership", person->id, "create", NULL,
		    membership_json(ap->arena, in->role, ap->now), err);
	if (status == TD_OK)
		status = set_welcome(ap, person, err);
	if (status != TD_OK)
		return status;
	apply_members_changed(ap);
	ap->wants_ack = true;
	apply_did(ap, cmd->line, cmd->source, "%s (%s, @%s) is a %s of %s now; a mail says so, in "
	    "their hours: %s (%s).", person->name, person->address, person->handle,
	    role_name(in->role), ap->team->title, person->hours, person->zone);
	if (!is_new && !span_iis(span_of(in->name), person->name))
		apply_note(ap, "%s is known as %s here, and keeps that name.", person->address,
		    person->name);
	return TD_OK;
}

static bool
refuse_only_lead(struct apply *ap, const struct reading_command *cmd, const struct person *person)
{
	apply_refuse(ap, cmd->line, cmd->source, NULL,
	    "%s is the only lead of %s; without one nobody could lead it. Invite another lead "
	    "first, or let the operator make somebody one.", person->name, ap->team->title);
	return false;
}

static int64_t
since_of(const struct apply *ap, int64_t person_id)
{
	const struct apply_members *members = apply_members(ap);

	for (size_t i = 0; i < members->n; i++)
		if (members->list[i].person.id == person_id)
			return members->list[i].since;
	return ap->now;
}

/* Who is in the team already, with another role at the end of the line. */
static enum td_status
change_role(struct apply *ap, const struct reading_command *cmd, const struct person *person,
    enum role from, enum role to, struct err *err)
{
	int64_t since = since_of(ap, person->id);
	bool only = false;
	enum td_status status = TD_OK;

	if (from == ROLE_LEAD)
		status = member_only_lead(ap->db, ap->team->id, person->id, &only, err);
	if (status != TD_OK || (only && !refuse_only_lead(ap, cmd, person)))
		return status;
	status = member_set(ap->db, ap->team->id, person->id, to, since, err);
	if (status == TD_OK)
		status = apply_event(ap, "membership", person->id, "change",
		    membership_json(ap->arena, from, since),
		    membership_json(ap->arena, to, since), err);
	if (status != TD_OK)
		return status;
	if (person->id != ap->person->id)
		status = role_news_add(ap->db, ap->arena, ap->team->id, person->id, from, ap->now,
		    err);
	if (status != TD_OK)
		return status;
	apply_members_changed(ap);
	ap->wants_ack = true;
	apply_did(ap, cmd->line, cmd->source, "%s (@%s) is a %s of %s now, and no %s any more.",
	    person->name, person->handle, role_name(to), ap->team->title, role_name(from));
	return TD_OK;
}

static enum td_status
do_invite(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct invited in;
	struct person *person = NULL;
	struct team *team = NULL;
	enum role role = ROLE_NONE;
	bool is_new;
	enum td_status status;

	if (!read_invited(ap, cmd, &in))
		return TD_OK;
	status = team_by_address(ap->db, ap->arena, in.address, &team, err);
	if (status == TD_OK && team != NULL) {
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "%s is the address of the team %s, not of a person.", in.address, team->title);
		return TD_OK;
	}
	if (status == TD_OK)
		status = person_by_address(ap->db, ap->arena, in.address, &person, err);
	is_new = person == NULL;
	if (status == TD_OK && !is_new)
		status = member_role(ap->db, ap->team->id, person->id, &role, err);
	if (status != TD_OK)
		return status;
	if (role != ROLE_NONE && (cmd->word == NULL || in.role == role)) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "%s (@%s) is a %s of %s already; "
		    "another role is named at the end of the line.", person->name, person->handle,
		    role_name(role), ap->team->title);
		return TD_OK;
	}
	if (role != ROLE_NONE)
		return change_role(ap, cmd, person, role, in.role, err);
	if (is_new) {
		person = arena_alloc(ap->arena, sizeof *person);
		status = add_person(ap, &in, person, err);
	}
	return status == TD_OK ? join(ap, cmd, &in, person, is_new, err) : status;
}

/* ---- remove ---------------------------------------------------------------------------------- */

static bool
is_member(const struct apply *ap, int64_t person_id)
{
	const struct apply_members *members = apply_members(ap);

	for (size_t i = 0; i < members->n; i++)
		if (members->list[i].person.id == person_id)
			return true;
	return false;
}

/* Open, the person's, and no other owner is in the team any more. */
static bool
lost_owner(const struct apply *ap, const struct item *item, int64_t person_id)
{
	if (item_is_closed(item) || !item_has_owner(item, person_id))
		return false;
	for (size_t i = 0; i < item->n_owners; i++)
		if (is_member(ap, item->owners[i]))
			return false;
	return true;
}

/* The item as this mail has made it so far. */
static const struct item *
as_now(const struct apply *ap, const struct item *stored)
{
	for (size_t i = 0; i < ap->n_items; i++)
		if (ap->items[i]->now->id == stored->id)
			return ap->items[i]->now;
	return stored;
}

static void
name_item(const struct apply *ap, const struct item *item, const char **text, size_t *n)
{
	if (*n < ITEMS_NAMED)
		*text = arena_printf(ap->arena, "%s%s#%u", *text, *n > 0 ? " " : "", item->number);
	(*n)++;
}

/* The open items that have no owner now, as a sentence. */
static enum td_status
say_items(struct apply *ap, const struct person *person, const char **said_r, struct err *err)
{
	const struct item_filter filter = {.team_id = ap->team->id, .owner_id = person->id,
	    .open_only = true};
	const char *text = "";
	struct item *items;
	size_t n = 0, named = 0;
	enum td_status status = item_list(ap->db, ap->arena, &filter, &items, &n, err);

	for (size_t i = 0; status == TD_OK && i < n; i++)
		if (lost_owner(ap, as_now(ap, &items[i]), person->id))
			name_item(ap, as_now(ap, &items[i]), &text, &named);
	for (size_t i = 0; i < ap->n_items; i++) /* theirs by this mail only */
		if ((ap->items[i]->before == NULL ||
		    !item_has_owner(ap->items[i]->before, person->id)) &&
		    lost_owner(ap, ap->items[i]->now, person->id))
			name_item(ap, ap->items[i]->now, &text, &named);
	*said_r = named == 0 ? "" : arena_printf(ap->arena,
	    " %zu open item%s without an owner now: %s%s. A line like \"/assign %.*s @name\" gives "
	    "one.", named, named == 1 ? " is" : "s are", text,
	    named > ITEMS_NAMED ? " and more" : "",
	    SPAN_FMT(span_first(span_of(text), span_find_byte(span_of(text), ' '))));
	return status;
}

/* A timer for this team stops with the membership; nothing is logged, as nobody asked for it. */
static enum td_status
stop_timer(struct apply *ap, const struct person *person, const char **said_r, struct err *err)
{
	struct timer *timer = NULL;
	enum td_status status = timer_find(ap->db, ap->arena, person->id, &timer, err);

	*said_r = "";
	if (status != TD_OK || timer == NULL || timer->team_id != ap->team->id)
		return status;
	status = timer_stop(ap->db, person->id, err);
	if (status == TD_OK)
		status = apply_event(ap, "timer", person->id, "end",
		    arena_printf(ap->arena, "{\"team\":%" PRId64 ",\"item\":%" PRId64
			",\"started_at\":%" PRId64 "}", timer->team_id, timer->item_id,
			timer->started_at), NULL, err);
	*said_r = " A timer was stopped; nothing was logged.";
	return status;
}

static enum td_status
leave(struct apply *ap, const struct reading_command *cmd, struct member member, struct err *err)
{
	const struct person *person = &member.person;
	const char *items = "", *timer = "";
	enum td_status status = member_remove(ap->db, ap->team->id, person->id, err);

	if (status == TD_OK)
		status = apply_event(ap, "membership", person->id, "end",
		    membership_json(ap->arena, member.role, member.since), NULL, err);
	apply_members_changed(ap);
	if (status == TD_OK)
		status = stop_timer(ap, person, &timer, err);
	if (status == TD_OK)
		status = say_items(ap, person, &items, err);
	if (status != TD_OK)
		return status;
	ap->wants_ack = true;
	apply_did(ap, cmd->line, cmd->source, "%s (@%s) is in %s no more; what they wrote "
	    "stays.%s%s",
	    person->name, person->handle, ap->team->title, items, timer);
	return TD_OK;
}

static enum td_status
do_remove(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	const struct member *member;
	bool only = false;
	enum td_status status;

	if (cmd->n_people != 1) {
		apply_refuse(ap, cmd->line, cmd->source, "/remove @eli",
		    cmd->n_people == 0 ? "Whom?" : "One person a line.");
		return TD_OK;
	}
	member = apply_find_member(ap, cmd->people[0], cmd->line, cmd->source);
	if (member == NULL)
		return TD_OK;
	status = member_only_lead(ap->db, ap->team->id, member->person.id, &only, err);
	if (status != TD_OK)
		return status;
	if (only && !refuse_only_lead(ap, cmd, &member->person))
		return TD_OK;
	return leave(ap, cmd, *member, err);
}

enum td_status
apply_member_command(struct apply *ap, const struct reading_command *cmd, bool *known_r,
    struct err *err)
{
	bool is_invite = strcmp(cmd->verb, "invite") == 0;

	*known_r = is_invite || strcmp(cmd->verb, "remove") == 0;
	if (!*known_r || !proof_may(ap, cmd->line, cmd->source))
		return TD_OK;
	return is_invite ? do_invite(ap, cmd, err) : do_remove(ap, cmd, err);
}

/* ---- undo ------------------------------------------------------------------------------------ */

struct side {
	struct person *person;
	struct member *now; /* of the team of the event; NULL: no member */
	size_t n_leads;
};

static enum td_status
load_side(struct undo *u, struct side *side, struct err *err)
{
	struct apply *ap = u->ap;
	struct member *members = NULL;
	size_t n = 0;
	enum td_status status = person_by_id(ap->db, ap->arena, u->event->entity_id, &side->person,
	    err);

	if (status == TD_OK)
		status = member_list(ap->db, ap->arena, u->event->team_id, &members, &n, err);
	for (size_t i = 0; i < n; i++) {
		side->n_leads += members[i].role == ROLE_LEAD;
		if (members[i].person.id == u->event->entity_id)
			side->now = &members[i];
	}
	return status;
}

/* Has the person done anything in the team since? */
static enum td_status
has_worked(struct undo *u, bool *has_r, struct err *err)
{
	struct event *events;
	size_t n = 0;
	enum td_status status = event_recent(u->ap->db, u->ap->arena, u->event->entity_id,
	    EVENTS_LOOKED, &events, &n, err);

	*has_r = false;
	for (size_t i = 0; status == TD_OK && i < n; i++)
		*has_r = *has_r || (events[i].id > u->event->id &&
		    events[i].team_id == u->event->team_id &&
		    events[i].message_id != u->event->message_id);
	return status;
}

static enum td_status
end_again(struct undo *u, const struct side *side, struct err *err)
{
	struct apply *ap = u->ap;
	bool worked = false;
	enum td_status status = has_worked(u, &worked, err);

	if (status != TD_OK)
		return status;
	if (side->now == NULL || side->now->since != undo_number(u->after, "since") ||
	    strcmp(role_name(side->now->role), undo_text(u, u->after, "role")) != 0)
		u->why = arena_printf(ap->arena, "the membership of %s was changed since",
		    side->person->name);
	else if (side->now->role == ROLE_LEAD && side->n_leads == 1)
		u->why = arena_printf(ap->arena, "%s is the only lead", side->person->name);
	else if (worked)
		u->why = arena_printf(ap->arena, "%s has worked in the team since",
		    side->person->name);
	if (u->why != NULL)
		return TD_OK;
	status = job_remove(ap->db, job_key(ap->arena, u->event->team_id, side->person->id), err);
	if (status == TD_OK)
		status = member_remove(ap->db, u->event->team_id, side->person->id, err);
	apply_members_changed(ap);
	return status;
}

/* As it was before the person was taken off: the role, and since when. */
static enum td_status
join_again(struct undo *u, const struct side *side, struct err *err)
{
	enum role role = ROLE_GUEST;
	enum td_status status;

	if (side->person->removed_at != 0)
		u->why = arena_printf(u->ap->arena, "%s was removed altogether since",
		    side->person->name);
	else if (side->now != NULL)
		u->why = arena_printf(u->ap->arena, "%s is in the team again", side->person->name);
	if (u->why != NULL)
		return TD_OK;
	if (!role_parse(span_of(undo_text(u, u->before, "role")), &role))
		return err_perm(err, "history of person %lld: no role",
		    (long long)u->event->entity_id);
	status = member_set(u->ap->db, u->event->team_id, side->person->id, role,
	    undo_number(u->before, "since"), err);
	apply_members_changed(u->ap);
	return status;
}

static enum td_status
role_again(struct undo *u, const struct side *side, struct err *err)
{
	enum role role = ROLE_GUEST;
	enum td_status status;

	if (side->now == NULL || strcmp(role_name(side->now->role), undo_text(u, u->after,
	    "role")) != 0 || !role_parse(span_of(undo_text(u, u->before, "role")), &role))
		u->why = arena_printf(u->ap->arena, "the membership of %s was changed since",
		    side->person->name);
	else if (side->now->role == ROLE_LEAD && side->n_leads == 1)
		u->why = arena_printf(u->ap->arena, "%s is the only lead", side->person->name);
	if (u->why != NULL)
		return TD_OK;
	status = member_set(u->ap->db, u->event->team_id, side->person->id, role,
	    side->now->since, err);
	if (status == TD_OK && side->person->id != u->ap->person->id)
		status = role_news_add(u->ap->db, u->ap->arena, u->event->team_id,
		    side->person->id, side->now->role, u->ap->now, err);
	apply_members_changed(u->ap);
	return status;
}

enum td_status
undo_membership(struct undo *u, struct err *err)
{
	struct side side = {.person = NULL};
	enum td_status status = load_side(u, &side, err);

	if (status == TD_OK && side.person == NULL)
		return err_perm(err, "history of person %lld: it is not there",
		    (long long)u->event->entity_id);
	if (status != TD_OK)
		return status;
	u->did = arena_printf(u->ap->arena, "the %s of %s", u->before == NULL ? "membership" :
	    u->after == NULL ? "removal" : "role", side.person->name);
	if (u->before != NULL && u->after != NULL)
		return role_again(u, &side, err);
	return u->before != NULL ? join_again(u, &side, err) : end_again(u, &side, err);
}

/*
 * The membership went before. Where mail, or anything else, refers to the person by now, the row
 * stays as that of somebody who left.
 */
enum td_status
undo_new_person(struct undo *u, struct err *err)
{
	struct membership *list;
	size_t n = 0;
	bool gone = false;
	enum td_status status = membership_list(u->ap->db, u->ap->arena, u->event->entity_id, &list,
	    &n, err);

	u->did = "a person";
	if (status == TD_OK && n > 0)
		u->why = arena_printf(u->ap->arena, "%s is in another team by now",
		    undo_text(u, u->after, "name"));
	if (status != TD_OK || u->why != NULL)
		return status;
	status = person_drop(u->ap->db, u->event->entity_id, &gone, err);
	if (status == TD_OK && !gone)
		status = person_remove(u->ap->db, u->event->entity_id, u->ap->now, err);
	return status;
}
