/* SPDX-License-Identifier: ISC */
/*
 * apply_people: who an item belongs to and who gets its mail: /assign, /take, /unassign, /watch,
 * /unwatch. Anybody takes a task, and its owner is told; giving another's away is for them, for
 * who made it and for leads.
 */
#include "config.h"

#include "daemon/intake/apply.h"
#include "daemon/intake/proof.h"

#include <string.h>

#include "daemon/store/holiday.h"

bool
apply_set_owners(struct apply *ap, struct apply_item *item, const char **people, size_t n,
    uint32_t line, const char *text)
{
	struct item copy = *item->now;

	copy.owners = NULL;
	copy.n_owners = 0;
	for (size_t i = 0; i < n; i++) {
		const struct member *member = apply_find_member(ap, people[i], line, text);

		if (member == NULL)
			return false;
		item_add_owner(ap->arena, &copy, member->person.id);
	}
	item->now->owners = copy.owners;
	item->now->n_owners = copy.n_owners;
	return true;
}

static const char *
owner_names(struct apply *ap, const struct item *item)
{
	const char *names = "nobody";

	for (size_t i = 0; i < item->n_owners; i++)
		names = i == 0 ? apply_name(ap, item->owners[i]) :
			arena_printf(ap->arena, "%s, %s", names, apply_name(ap, item->owners[i]));
	return names;
}

static enum td_status
do_assign(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	if (cmd->n_people == 0)
		apply_refuse(ap, cmd->line, cmd->source, "/assign @ana", "To whom?");
	else if (apply_may_dispose(ap, item->now, APPLY_GIVING, cmd->line, cmd->source) &&
	    apply_set_owners(ap, item, cmd->people, cmd->n_people, cmd->line, cmd->source))
		apply_did(ap, cmd->line, cmd->source, "#%u belongs to %s.", item->now->number,
		    owner_names(ap, item->now));
	return TD_OK;
}

static enum td_status
do_take(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	static const char *me[] = {"me"};

	if (!apply_may_settle(ap, item->now, cmd->line, cmd->source) ||
	    !apply_set_owners(ap, item, me, 1, cmd->line, cmd->source))
		return TD_OK;
	apply_did(ap, cmd->line, cmd->source, "#%u is yours.", item->now->number);
	return apply_comment_of(ap, cmd, item, err);
}

/* Anybody leaves an item; taking others off it is giving it away. */
static bool
may_unassign(struct apply *ap, const struct reading_command *cmd, const struct item *item)
{
	bool own = cmd->n_people == 0 && item->n_owners == 1 && item->owners[0] == ap->person->id;

	for (size_t i = 0; i < cmd->n_people; i++) {
		const struct member *member = apply_find_member(ap, cmd->people[i], cmd->line,
		    cmd->source);

		if (member == NULL)
			return false;
		if (!item_has_owner(item, member->person.id)) {
			apply_refuse(ap, cmd->line, cmd->source, NULL, "#%u does not belong to %s.",
			    item->number, member->person.name);
			return false;
		}
		own = cmd->n_people == 1 && member->person.id == ap->person->id;
	}
	return own || apply_may_dispose(ap, item, APPLY_GIVING, cmd->line, cmd->source);
}

static enum td_status
do_unassign(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	if (!may_unassign(ap, cmd, item->now))
		return TD_OK;
	if (cmd->n_people == 0)
		item->now->n_owners = 0;
	for (size_t i = 0; i < cmd->n_people; i++)
		(void)item_remove_owner(item->now, apply_find_member(ap, cmd->people[i], cmd->line,
		    cmd->source)->person.id);
	apply_did(ap, cmd->line, cmd->source, "#%u belongs to %s.", item->now->number,
	    owner_names(ap, item->now));
	return TD_OK;
}

static enum td_status
watch(struct apply *ap, const struct reading_command *cmd, struct apply_item *item, bool on)
{
	static const char *me[] = {"me"};
	const char **people = cmd->n_people > 0 ? cmd->people : me;
	size_t n = cmd->n_people > 0 ? cmd->n_people : 1;

	for (size_t i = 0; i < n; i++) {
		const struct member *member = apply_find_member(ap, people[i], cmd->line,
		    cmd->source);

		if (member == NULL)
			return TD_OK;
		/* guests watch for themselves only; which mail another gets is theirs to end */
		if (member->person.id != ap->person->id &&
		    (!apply_may(ap, on ? RIGHT_WORK : RIGHT_LEAD, cmd->line, cmd->source) ||
		     (!on && !proof_may(ap, cmd->line, cmd->source))))
			return TD_OK;
		if (on)
			item_add_watcher(ap->arena, item->now, member->person.id);
		else
			item_remove_watcher(item->now, member->person.id);
		apply_did(ap, cmd->line, cmd->source, "%s %s the mail of #%u.",
		    member->person.name, on ? "gets" : "no longer gets", item->now->number);
	}
	return TD_OK;
}

enum td_status
apply_people_command(struct apply *ap, const struct reading_command *cmd, struct apply_item *item,
    struct err *err)
{
	if (strcmp(cmd->verb, "assign") == 0)
		return do_assign(ap, cmd, item, err);
	if (strcmp(cmd->verb, "take") == 0)
		return do_take(ap, cmd, item, err);
	if (strcmp(cmd->verb, "unassign") == 0)
		return do_unassign(ap, cmd, item, err);
	return watch(ap, cmd, item, strcmp(cmd->verb, "watch") == 0);
}

/* ---- due on a day off ------------------------------------------------------------------------ */

static const struct person *
find_person(const struct apply *ap, int64_t id)
{
	const struct apply_members *members = apply_members(ap);

	for (size_t i = 0; i < members->n; i++)
		if (members->list[i].person.id == id)
			return &members->list[i].person;
	return NULL;
}

static void
say_off(struct apply *ap, const struct item *item, const struct person *owner,
    const struct absence *off)
{
	bool self = owner->id == ap->person->id;
	const char *cover = off->cover_id == 0 ? "" : arena_printf(ap->arena, " (cover: %s)",
	    apply_name(ap, off->cover_id));

	if (off->id == 0)
		apply_note(ap, "#%u is due on %s, a public holiday for %s (%s).", item->number,
		    off->first_day, self ? "you" : owner->name, off->note);
	else
		apply_note(ap, "#%u is due while %s away, from %s to %s%s.", item->number,
		    self ? "you are" : arena_printf(ap->arena, "%s is", owner->name),
		    off->first_day, off->last_day, cover);
}

/* The last moment at which it is not yet late, on the owner's calendar. */
static enum td_status
warn_owner(struct apply *ap, const struct item *item, const struct person *owner, struct err *err)
{
	const char *day = person_day(ap->arena, owner->zone, item->due_at - 1);
	struct absence *off;
	size_t n = 0;
	enum td_status status = days_off_list(ap->db, ap->arena, owner->id, day, day, &off, &n,
	    err);

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		if (off[i].half_day != HALF_NONE)
			continue;
		say_off(ap, item, owner, &off[i]);
		break;
	}
	return status;
}

static bool
is_new_to(const struct apply_item *item, int64_t owner)
{
	return item->before == NULL || item->before->due_at != item->now->due_at ||
	    !item_has_owner(item->before, owner);
}

enum td_status
apply_warn_due(struct apply *ap, struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; i < ap->n_items; i++) {
		const struct item *now = ap->items[i]->now;

		if (now->due_at <= ap->now || item_is_closed(now))
			continue;
		for (size_t k = 0; status == TD_OK && k < now->n_owners; k++) {
			const struct person *owner = find_person(ap, now->owners[k]);

			if (owner != NULL && is_new_to(ap->items[i], owner->id))
				status = warn_owner(ap, now, owner, err);
		}
	}
	return status;
}
