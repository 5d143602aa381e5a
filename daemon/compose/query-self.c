/* SPDX-License-Identifier: ISC */
/* query-self: what waits for the reader alone: their reminders. */
#include "config.h"

#include "daemon/compose/query-private.h"

#include "daemon/store/item.h"
#include "daemon/store/reminder.h"

static enum td_status
put_reminder(struct asking *a, const struct reminder *reminder, struct err *err)
{
	struct item *item = NULL;
	enum td_status status = TD_OK;

	if (reminder->item_id != 0)
		status = item_by_id(a->query->db, a->arena, reminder->item_id, &item, err);
	if (status != TD_OK)
		return status;
	asking_line(a, "%s: %s%s", asking_moment(a, reminder->at), reminder->text,
	    item != NULL ? arena_printf(a->arena, " (#%u)", item->number) : "");
	jsonw_object(&a->json);
	asking_json_time(a, "at", reminder->at);
	jsonw_put(&a->json, "text", reminder->text);
	if (item != NULL)
		jsonw_put_int(&a->json, "number", item->number);
	jsonw_end(&a->json);
	return TD_OK;
}

enum td_status
query_reminders(struct asking *a, struct err *err)
{
	struct reminder *list;
	size_t n = 0;
	enum td_status status;

	if (a->query->reader_id == 0) {
		asking_refuse(a, "Whose? Nobody of the team asks; name yourself (--as).");
		return TD_OK;
	}
	status = reminder_list(a->query->db, a->arena, a->query->reader_id, a->query->team->id,
	    &list, &n, err);
	if (status != TD_OK)
		return status;
	jsonw_list(&a->json);
	for (size_t i = 0; status == TD_OK && i < n; i++)
		status = put_reminder(a, &list[i], err);
	jsonw_end(&a->json);
	a->answer->title = arena_printf(a->arena, "list reminders: %zu", n);
	return status;
}
