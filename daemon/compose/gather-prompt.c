/* SPDX-License-Identifier: ISC */
/* gather-prompt: what the check-in prompt shows its reader: what they planned, what of theirs is
 * open, the time they logged. See gather.h. */
#include "config.h"

#include <string.h>

#include "daemon/compose/gather-private.h"
#include "daemon/store/entry.h"
#include "daemon/store/item.h"
#include "daemon/store/status_update.h"

/* What the answer "same" would say again. */
static enum td_status
gather_planned(const struct gathering *g, struct compose_prompt *prompt)
{
	struct status_update *last = NULL;
	enum td_status status = status_update_before(g->db, g->arena, g->team->id, g->reader->id,
	    gather_day(g, g->today), &last, g->err);

	if (status != TD_OK || last == NULL)
		return status;
	prompt->planned = arena_array(g->arena, last->n_lines + 1, sizeof *prompt->planned);
	for (size_t i = 0; i < last->n_lines; i++) {
		const struct update_line *line = &last->lines[i];
		struct item *item = NULL;

		if (strcmp(line->section, "next") != 0)
			continue;
		if (line->item_id != 0)
			status = item_by_id(g->db, g->arena, line->item_id, &item, g->err);
		if (status != TD_OK)
			return status;
		if (item == NULL || !item_is_closed(item))
			prompt->planned[prompt->n_planned++] = gather_line(g, line);
	}
	return TD_OK;
}

/* All that the reader owns, but what is put off. */
static enum td_status
gather_own(const struct gathering *g, struct compose_prompt *prompt)
{
	const struct item_filter filter = {.team_id = g->team->id, .owner_id = g->reader->id,
	    .open_only = true};
	struct digest_need *list;
	struct item *items;
	size_t n;
	enum td_status status = item_list(g->db, g->arena, &filter, &items, &n, g->err);

	if (status != TD_OK)
		return status;
	list = arena_array(g->arena, n + 1, sizeof *list);
	for (size_t i = 0; i < n; i++) {
		struct digest_need *need = &list[prompt->n_items];

		if (item_snoozed_until(&items[i], g->reader->id) > g->request->now ||
		    item_is_decision(&items[i]))
			continue;
		*need = (struct digest_need){.kind = NEED_DUE, .number = items[i].number,
		    .title = items[i].title, .reason = items[i].blocked_why,
		    .due = gather_when(&items[i])};
		if (items[i].due_at != 0)
			(void)gather_due_days(g, &items[i], need);
		if (items[i].state == ITEM_BLOCKED)
			gather_blocked(g, &items[i], need);
		prompt->n_items++;
	}
	prompt->items = list;
	return TD_OK;
}

enum td_status
gather_prompt(struct db *db, struct arena *arena, const struct gather_request *request,
    struct compose_common *common_r, struct compose_prompt *prompt_r, struct err *err)
{
	struct compose_prompt prompt = {0};
	struct compose_digest unused = {0};
	struct gathering g = {.db = db, .arena = arena, .request = request, .err = err,
	    .digest = &unused};
	enum td_status status = gather_begin(&g);

	if (status == TD_OK)
		status = gather_planned(&g, &prompt);
	if (status == TD_OK)
		status = gather_own(&g, &prompt);
	if (status != TD_OK)
		return status;
	prompt.day = gather_day(&g, g.today);
	status = entry_sum(db, 0, request->person_id, prompt.day, prompt.day, &prompt.seconds, err);
	if (status != TD_OK)
		return status;
	gather_fill(g.team, g.reader, request->now, common_r);
	*prompt_r = prompt;
	return TD_OK;
}
