/* SPDX-License-Identifier: ISC */
/* need: see need.h. */
#include "config.h"

#include "daemon/compose/need.h"

#include "daemon/compose/say.h"

#define NEED_TEXT_MAX 300

static const char *
count(const struct draft *draft, const char *key, int64_t n, struct value *params)
{
	return locale_count(draft->locale, draft->arena, key, n, params);
}

static const char *
blocked_line(const struct draft *draft, const struct digest_need *need)
{
	struct value *params = value_object(draft->arena);
	const char *what;

	value_set_text(params, "reason", need->reason);
	what = draft_say(draft, need->on_reader ? "need_waits" : "need_blocked", params);
	value_set_text(params, "what", draft_cut(draft, what, NEED_TEXT_MAX));
	if (need->days == 0)
		return draft_say(draft, "need_since_today", params);
	return count(draft, "need_for", need->days, params);
}

static const char *
due_line(const struct draft *draft, const struct digest_need *need)
{
	struct value *params = value_object(draft->arena);

	value_set_text(params, "day",
	    say_day(draft->locale, draft->arena, need->due.day, false));
	value_set_text(params, "time", say_time(draft->arena, &need->due));
	value_set_text(params, "zone", need->due.zone);
	value_set_int(params, "n", need->days);
	if (need->late && need->days > 0)
		return count(draft, "need_overdue", need->days, params);
	return draft_say(draft,
	    need->late            ? "need_was_today"
	        : need->days == 0 ? "need_today"
	        : need->days == 1 ? "need_tomorrow"
	                          : "need_later",
	    params);
}

static const char *
unowned_line(const struct draft *draft, const struct digest_need *need)
{
	struct value *params = value_object(draft->arena);

	value_set_text(params, "owner", need->owner);
	value_set_text(params, "due", need->due.at != 0 ? due_line(draft, need) : NULL);
	value_set_bool(params, "stuck", need->stuck);
	value_set_text(params, "reason",
	    need->reason != NULL ? draft_cut(draft, need->reason, NEED_TEXT_MAX) : NULL);
	return draft_say(draft, need->owner_left ? "need_left" : "need_unowned", params);
}

const char *
need_line(const struct draft *draft, const struct digest_need *need)
{
	switch (need->kind) {
	case NEED_BLOCKED:
		return blocked_line(draft, need);
	case NEED_OVERDUE:
	case NEED_DUE:
		return due_line(draft, need);
	case NEED_UNOWNED:
		return unowned_line(draft, need);
	}
	return "";
}
