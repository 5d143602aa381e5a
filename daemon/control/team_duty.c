/* SPDX-License-Identifier: ISC */
/* team_duty: see team_duty.h. */
#include "config.h"

#include "daemon/control/team_duty.h"

#include <string.h>

#include "parsers/base/zone.h"
#include "daemon/clock.h"
#include "daemon/compose/gather.h"
#include "daemon/control/show.h"

static const char *const part_keys[] = {"on_call", "emergency"};

static enum td_status
read_one(struct tool *tool, const struct team *team, const char *option, struct span word,
    int64_t *id_r, struct err *err)
{
	struct person *person;
	enum role role = ROLE_NONE;
	enum td_status status = people_find(tool, arena_span(tool->arena, word), &person, err);

	if (status == TD_OK)
		status = member_role(tool->db, team->id, person->id, &role, err);
	if (status != TD_OK)
		return status;
	if (role != ROLE_MEMBER && role != ROLE_LEAD)
		return err_perm(err, "--%s: %s is %s in %s; a call needs the role member", option,
		    person->handle, role == ROLE_GUEST ? "a guest" : "not", team->name);
	*id_r = person->id;
	return TD_OK;
}

enum td_status
team_duty_read(struct tool *tool, const struct team *team, const char *option, const char *text,
    int64_t **people_r, size_t *n_r, struct err *err)
{
	char *words = arena_strdup(tool->arena, text);
	int64_t *people = arena_array(tool->arena, DUTY_LIST_MAX, sizeof *people);
	struct span rest, word;
	size_t n = 0;
	enum td_status status = TD_OK;

	for (char *p = words; *p != '\0'; p++)
		*p = *p == ',' ? ' ' : *p;
	rest = span_of(words);
	if (!span_iis(span_trim(rest), "off"))
		while (status == TD_OK && span_next_word(&rest, &word)) {
			if (n == DUTY_LIST_MAX)
				return err_perm(err, "--%s takes %d people at most", option,
				    DUTY_LIST_MAX);
			status = read_one(tool, team, option, word, &people[n++], err);
		}
	if (status == TD_OK) {
		*people_r = people;
		*n_r = n;
	}
	return status;
}

static enum td_status
handles(struct tool *tool, const int64_t *people, size_t n, json_t **list_r, struct err *err)
{
	json_t *list = json_array();
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct person *person = NULL;

		status = person_by_id(tool->db, tool->arena, people[i], &person, err);
		if (status == TD_OK && person != NULL)
			json_array_append_new(list, show_text(tool, person->handle));
	}
	*list_r = list;
	return status;
}

/* Monday of this week, as the team's clock has it. */
static const char *
this_monday(struct tool *tool, const struct team *team)
{
	const struct zone *zone;
	char text[CIVIL_TEXT];
	int64_t day;

	if (zone_get(team->zone, &zone, NULL) != TD_OK)
		zone = zone_utc();
	day = zone_local_day(zone, clock_now());
	civil_format_day(day - civil_weekday(day), text);
	return arena_strdup(tool->arena, text);
}

enum td_status
team_duty_write(struct tool *tool, const struct team *team, enum oncall_part part,
    const int64_t *people, size_t n, struct err *err)
{
	struct oncall old;
	json_t *before = NULL, *after = NULL;
	enum td_status status = oncall_get(tool->db, tool->arena, team->id, part, &old, err);

	if (status == TD_OK)
		status = handles(tool, old.people, old.n_people, &before, err);
	if (status == TD_OK)
		status = handles(tool, people, n, &after, err);
	if (status == TD_OK)
		status = oncall_set(tool->db, team->id, part, people, n, this_monday(tool, team),
		    err);
	if (status != TD_OK) {
		json_decref(before);
		json_decref(after);
		return status;
	}
	return people_note(tool, "team", team->id, "change",
	    json_pack("{s:o}", part_keys[part], before), json_pack("{s:o}", part_keys[part], after),
	    err);
}

enum td_status
team_duty_json(struct tool *tool, const struct team *team, json_t *object, struct err *err)
{
	struct duty duty;
	struct person *now = NULL;
	json_t *list;
	int64_t today;
	enum td_status status = gather_duty(tool->db, tool->arena, team, clock_now(), &duty, &today,
	    err);

	if (status == TD_OK &&
	    (status = handles(tool, duty.turns, duty.n_turns, &list, err)) == TD_OK)
		json_object_set_new(object, "on_call", list);
	if (status == TD_OK && duty_on_call(&duty, today) != 0)
		status = person_by_id(tool->db, tool->arena, duty_on_call(&duty, today), &now, err);
	if (now != NULL)
		json_object_set_new(object, "on_call_now", show_text(tool, now->handle));
	if (status == TD_OK &&
	    (status = handles(tool, duty.emergency, duty.n_emergency, &list, err)) == TD_OK)
		json_object_set_new(object, "emergency", list);
	return status;
}
