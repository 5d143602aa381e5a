/* SPDX-License-Identifier: ISC */
/* apply_base: what every part of apply uses: results of lines, items of the mail, history. */
#include "config.h"

#include "daemon/intake/apply.h"

#include <stdarg.h>
#include <string.h>

#include "parsers/base/utf8.h"
#include "parsers/base/zone.h"
#include "daemon/conf/nearest.h"
#include "daemon/store/event.h"
#include "daemon/store/item.h"
#include "daemon/store/person.h"

static void
add_line(struct apply *ap, uint32_t line, const char *text, bool ok, const char *result,
    const char *suggestion)
{
	*ARENA_PUSH(ap->arena, ap->lines, ap->n_lines, ap->cap_lines) =
	    (struct apply_line){line, text != NULL ? text : "", ok, result, suggestion};
	if (!ok)
		ap->n_refused++;
}

void
apply_did(struct apply *ap, uint32_t line, const char *text, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_line(ap, line, text, true, arena_vprintf(ap->arena, fmt, args), NULL);
	va_end(args);
	ap->changed = true;
}

void
apply_tell(struct apply *ap, uint32_t line, const char *text, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_line(ap, line, text, true, arena_vprintf(ap->arena, fmt, args), NULL);
	va_end(args);
}

void
apply_refuse(struct apply *ap, uint32_t line, const char *text, const char *suggestion,
    const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_line(ap, line, text, false, arena_vprintf(ap->arena, fmt, args), suggestion);
	va_end(args);
}

void
apply_note(struct apply *ap, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	*ARENA_PUSH(ap->arena, ap->notes, ap->n_notes, ap->cap_notes) =
	    arena_vprintf(ap->arena, fmt, args);
	va_end(args);
}

bool
apply_may(struct apply *ap, enum right right, uint32_t line, const char *text)
{
	if (role_may(ap->role, right))
		return true;
	if (ap->role == ROLE_NONE)
		apply_refuse(ap, line, text, NULL,
		    "This needs the role %s in %s; you are not in that team any more.",
		    role_name(right_needs(right)), ap->team->title);
	else
		apply_refuse(ap, line, text, NULL,
		    "This needs the role %s in %s; you are a %s there.",
		    role_name(right_needs(right)), ap->team->title, role_name(ap->role));
	return false;
}

/* The first owner who is still in the team; 0: nobody. */
static int64_t
first_owner(const struct apply *ap, const struct item *item)
{
	const struct apply_members *members = apply_members(ap);

	for (size_t i = 0; i < item->n_owners; i++)
		for (size_t k = 0; k < members->n; k++)
			if (members->list[k].person.id == item->owners[i])
				return item->owners[i];
	return 0;
}

bool
apply_may_dispose(struct apply *ap, const struct item *item, const char *what, uint32_t line,
    const char *text)
{
	int64_t owner;

	if (role_may(ap->role, RIGHT_LEAD) || item_is_of(item, ap->person->id))
		return true;
	owner = first_owner(ap, item);
	if (owner == 0 && !item_is_decision(item))
		return true;
	apply_refuse(ap, line, text, NULL,
	    "#%u belongs to %s: %s needs the role lead in %s, unless it is yours or you made it.",
	    item->number, owner != 0 ? apply_name(ap, owner) : "nobody", what, ap->team->title);
	return false;
}

/* An item of this mail from now on: as it was, and as it is to be. */
static struct apply_item *
touch(struct apply *ap, struct item *loaded)
{
	struct apply_item *item = arena_alloc(ap->arena, sizeof *item);

	item->before = loaded;
	item->now = item_copy(ap->arena, loaded);
	*ARENA_PUSH(ap->arena, ap->items, ap->n_items, ap->cap_items) = item;
	return item;
}

enum td_status
apply_find_item(struct apply *ap, uint32_t number, uint32_t line, const char *text,
    struct apply_item **item_r, struct err *err)
{
	struct item *loaded = NULL;
	enum td_status status;

	for (size_t i = 0; i < ap->n_items; i++) {
		if (ap->items[i]->now->number == number) {
			*item_r = ap->items[i];
			return TD_OK;
		}
	}
	status = item_by_number(ap->db, ap->arena, ap->team->id, number, &loaded, err);
	if (status != TD_OK)
		return status;
	if (loaded == NULL) {
		apply_refuse(ap, line, text, NULL, "There is no #%u in %s.", number,
		    ap->team->title);
		*item_r = NULL;
		return TD_OK;
	}
	*item_r = touch(ap, loaded);
	return TD_OK;
}

enum td_status
apply_item_by_id(struct apply *ap, int64_t id, struct apply_item **item_r, struct err *err)
{
	struct item *loaded = NULL;
	enum td_status status;

	for (size_t i = 0; i < ap->n_items; i++) {
		if (ap->items[i]->now->id == id) {
			*item_r = ap->items[i];
			return TD_OK;
		}
	}
	status = item_by_id(ap->db, ap->arena, id, &loaded, err);
	if (status == TD_OK)
		*item_r = loaded != NULL ? touch(ap, loaded) : NULL;
	return status;
}

enum td_status
apply_peek_item(struct apply *ap, uint32_t number, struct item **item_r, struct err *err)
{
	for (size_t i = 0; i < ap->n_items; i++) {
		if (ap->items[i]->now->number == number) {
			*item_r = ap->items[i]->now;
			return TD_OK;
		}
	}
	return item_by_number(ap->db, ap->arena, ap->team->id, number, item_r, err);
}

const struct apply_members *
apply_members(const struct apply *ap)
{
	struct apply_members *members = ap->members;

	if (!members->asked) {
		members->asked = true;
		members->n = 0;
		members->status = member_list(ap->db, ap->arena, ap->team->id, &members->list,
		    &members->n, &members->err);
	}
	return members;
}

void
apply_members_changed(struct apply *ap)
{
	const struct apply_members *members;

	ap->members->asked = false;
	members = apply_members(ap);
	ap->role = ROLE_NONE;
	for (size_t i = 0; i < members->n; i++)
		if (members->list[i].person.id == ap->person->id)
			ap->role = members->list[i].role;
}

/* The line with the name that was meant in place of the one written; NULL without either. */
static const char *
corrected(struct apply *ap, const char *who, const char *text)
{
	const char *name = utf8_fold(ap->arena, span_of(who)), *best = NULL;
	struct span line = span_of(text), written;
	size_t at = line.len;

	for (size_t i = 0; i < apply_members(ap)->n; i++)
		nearest_try(name, apply_members(ap)->list[i].person.handle, &best);
	for (const char *lead = "@ "; *lead != '\0' && at == line.len; lead++) {
		written = span_of(arena_printf(ap->arena, "%c%s", *lead, who));
		at = span_find(line, written);
	}
	if (best == NULL || at == line.len)
		return NULL;
	return arena_printf(ap->arena, "%.*s%s@%s%.*s", SPAN_FMT(span_first(line, at)),
	    *written.ptr == ' ' ? " " : "", best, SPAN_FMT(span_skip(line, at + written.len)));
}

const struct member *
apply_find_member(struct apply *ap, const char *who, uint32_t line, const char *text)
{
	const char *why = NULL;
	const struct member *member = person_match(ap->arena, apply_members(ap)->list,
	    apply_members(ap)->n, span_of(who), ap->person->id, &why);

	if (member == NULL)
		apply_refuse(ap, line, text, corrected(ap, who, text), "%s: %s.", who, why);
	return member;
}

const char *
apply_name(const struct apply *ap, int64_t person_id)
{
	const struct apply_members *members = apply_members(ap);

	for (size_t i = 0; i < members->n; i++)
		if (members->list[i].person.id == person_id)
			return members->list[i].person.name;
	return "somebody";
}

const char *
apply_moment(const struct apply *ap, int64_t at)
{
	const struct zone *zone;
	struct err ignored;
	struct civil local;

	if (zone_get(ap->person->zone, &zone, &ignored) != TD_OK)
		zone = zone_utc();
	zone_to_local(zone, at, &local);
	return arena_printf(ap->arena, "%04d-%02d-%02d %02d:%02d (%s)", local.year, local.month,
	    local.day, local.hour, local.minute, zone_name(zone));
}

enum td_status
apply_event(struct apply *ap, const char *entity, int64_t id, const char *verb,
    const char *before, const char *after, struct err *err)
{
	const struct event event = {
	    .at = ap->now,
	    .team_id = ap->team->id,
	    .person_id = ap->sent_by != NULL ? ap->sent_by->id : ap->person->id,
	    .message_id = ap->message_id,
	    .entity = entity,
	    .entity_id = id,
	    .verb = verb,
	    .before = before,
	    .after = after,
	};

	/* what has a history can be taken back, whether a line of the answer tells of it or not */
	ap->changed = ap->changed || strcmp(verb, "undo") != 0;
	return event_add(ap->db, &event, err);
}
