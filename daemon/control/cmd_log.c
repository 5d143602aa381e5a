/* SPDX-License-Identifier: ISC */
/* cmd_log: the history: who changed what, when, by which mail. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "daemon/control/people.h"
#include "daemon/control/show.h"
#include "daemon/store/comment.h"
#include "daemon/store/event.h"
#include "daemon/store/handover.h"
#include "daemon/store/item.h"
#include "daemon/store/page.h"

#define EVENTS_DEFAULT 100
#define EVENTS_MOST 100000
#define VALUE_MAX 40

/* ---- one event ------------------------------------------------------------------------------- */

static const char *
value_text(struct tool *tool, const json_t *value)
{
	char *text;
	const char *shown;

	if (value == NULL || json_is_null(value))
		return "none";
	if (json_is_string(value))
		return utf8_line(tool->arena, span_of(json_string_value(value)), VALUE_MAX);
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	shown = utf8_line(tool->arena, span_of(text != NULL ? text : ""), VALUE_MAX);
	free(text);
	return shown;
}

/* "state: open > done, closed_at: ..." */
static const char *
change_text(struct tool *tool, const json_t *before, const json_t *after)
{
	const json_t *keys = after != NULL ? after : before;
	const char *text = "", *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)keys, key, value) {
		const json_t *old = json_object_get(before, key);

		if (strcmp(key, "updated_at") == 0 ||
		    (before == NULL && (json_is_null(value) || json_equal(value, json_false()))))
			continue;
		text = arena_printf(tool->arena, "%s%s%s: %s%s%s", text, *text != '\0' ? ", " : "",
		    key, before != NULL && after != NULL ? value_text(tool, old) : "",
		    before != NULL && after != NULL ? " > " : "", value_text(tool, value));
	}
	return text;
}

static enum td_status
event_json(struct tool *tool, const struct event *event, json_t **object_r, struct err *err)
{
	struct person *person = NULL;
	json_t *before = event->before != NULL ? json_loads(event->before, 0, NULL) : NULL;
	json_t *after = event->after != NULL ? json_loads(event->after, 0, NULL) : NULL;
	enum td_status status = TD_OK;

	if (event->person_id != 0)
		status = person_by_id(tool->db, tool->arena, event->person_id, &person, err);
	if (status == TD_OK)
		*object_r = json_pack("{s:I, s:o, s:o, s:I, s:s, s:I, s:s, s:o, s:O?, s:O?}", "id",
		    (json_int_t)event->id, "at", show_time(tool, event->at), "person",
		    show_text(tool, person != NULL ? person->handle : "operator"), "message",
		    (json_int_t)event->message_id, "entity", event->entity, "entity_id",
		    (json_int_t)event->entity_id, "verb", event->verb, "change",
		    show_text(tool, change_text(tool, before, after)), "before", before, "after",
		    after);
	json_decref(before);
	json_decref(after);
	return status;
}

/* ---- which events ---------------------------------------------------------------------------- */

static enum td_status
add_events(struct tool *tool, const char *entity, int64_t id, struct event **events_r, size_t *n_r,
    size_t *cap, struct err *err)
{
	struct event *more;
	size_t n = 0;
	enum td_status status = event_list(tool->db, tool->arena, entity, id, &more, &n, err);

	for (size_t k = 0; status == TD_OK && k < n; k++)
		*ARENA_PUSH(tool->arena, *events_r, *n_r, *cap) = more[k];
	return status;
}

/* The item's own, then those of its comments, calls and handovers. */
static enum td_status
item_events(struct tool *tool, uint32_t number, const char *team_name,
    struct event **events_r, size_t *n_r, struct err *err)
{
	struct comment *comments;
	struct page *pages;
	struct handover *handovers;
	struct item *item = NULL;
	struct team *team = NULL;
	size_t n_comments = 0, n_pages = 0, n_handovers = 0, cap;
	enum td_status status = people_one_team(tool, team_name, &team, err);

	if (status != TD_OK)
		return status;
	status = item_by_number(tool->db, tool->arena, team->id, number, &item, err);
	if (status == TD_OK && item == NULL)
		return err_perm(err, "there is no #%u in %s", number, team->title);
	if (status == TD_OK)
		status = event_list(tool->db, tool->arena, "item", item->id, events_r, n_r, err);
	if (status == TD_OK)
		status = comment_list(tool->db, tool->arena, item->id, &comments, &n_comments, err);
	if (status == TD_OK)
		status = page_of_item(tool->db, tool->arena, item->id, &pages, &n_pages, err);
	if (status == TD_OK)
		status = handover_of_item(tool->db, tool->arena, item->id, false, &handovers,
		    &n_handovers, err);
	cap = *n_r;
	for (size_t i = 0; status == TD_OK && i < n_comments; i++)
		status = add_events(tool, "comment", comments[i].id, events_r, n_r, &cap, err);
	for (size_t i = 0; status == TD_OK && i < n_pages; i++)
		status = add_events(tool, "page", pages[i].id, events_r, n_r, &cap, err);
	for (size_t i = 0; status == TD_OK && i < n_handovers; i++)
		status = add_events(tool, "handover", handovers[i].id, events_r, n_r, &cap, err);
	return status;
}

static enum td_status
find_events(struct tool *tool, uint32_t item, const char *team, const char *who, uint32_t limit,
    struct event **events_r, size_t *n_r, struct err *err)
{
	struct person *person = NULL;
	enum td_status status = TD_OK;

	*events_r = NULL;
	*n_r = 0;
	if (item != 0)
		return item_events(tool, item, team, events_r, n_r, err);
	if (who != NULL)
		status = people_find(tool, who, &person, err);
	if (status == TD_OK)
		status = event_recent(tool->db, tool->arena, person != NULL ? person->id : 0, limit,
		    events_r, n_r, err);
	return status;
}

static int
run(struct tool *tool, int argc, char **argv)
{
	static const struct show_column columns[] = {{"at", "AT"}, {"person", "WHO"},
	    {"entity", "WHAT"}, {"entity_id", "ID"}, {"verb", "DID"}, {"change", "CHANGE"}};
	const char *item = NULL, *team = NULL, *who = NULL, *limit_text = NULL;
	const struct tool_option options[] = {{"item", &item, NULL}, {"team", &team, NULL},
	    {"person", &who, NULL}, {"limit", &limit_text, NULL}};
	uint32_t limit = EVENTS_DEFAULT, number = 0;
	struct event *events;
	json_t *list, *object = NULL;
	size_t n;
	struct err err;
	int status = tool_options(tool, options, 4, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 1 || (item != NULL && who != NULL))
		return tool_misuse(tool, "log takes --item or --person");
	if (limit_text != NULL && !num_u32(span_of(limit_text), EVENTS_MOST, &limit))
		return tool_misuse(tool, "--limit wants a number up to %d", EVENTS_MOST);
	if (item != NULL && (!num_u32(span_of(*item == '#' ? item + 1 : item), UINT32_MAX,
	    &number) || number == 0))
		return tool_misuse(tool, "--item wants a number, as in --item 42");
	if (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK ||
	    find_events(tool, number, team, who, limit, &events, &n, &err) != TD_OK)
		return tool_fail(&err);
	list = json_array();
	for (size_t i = 0; i < n; i++) {
		if (event_json(tool, &events[i], &object, &err) != TD_OK) {
			json_decref(list);
			return tool_fail(&err);
		}
		json_array_append_new(list, object);
	}
	show_list(tool, list, columns, sizeof columns / sizeof *columns, "nothing yet");
	return TOOL_OK;
}

const struct command cmd_log = {"log", "show the history",
    "[--item NUMBER [--team TEAM] | --person PERSON] [--limit N]",
    "Shows who changed what, and when. --json has the fields before and after, and the mail.\n"
    "  --item NUMBER    of one item, its comments, calls and handovers, oldest first\n"
    "  --team TEAM      of the item, where there are several\n"
    "  --person PERSON  by one person, newest first\n"
    "  --limit N        without --item: the newest N (100)\n",
    run};
