/* SPDX-License-Identifier: ISC */
/* people: see people.h. */
#include "config.h"

#include "daemon/control/people.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/address.h"
#include "parsers/base/utf8.h"
#include "parsers/base/zone.h"
#include "daemon/clock.h"
#include "daemon/control/show.h"
#include "daemon/model/hours.h"
#include "daemon/store/event.h"

/* ---- values --------------------------------------------------------------------------------- */

static char *
lower(struct arena *arena, const char *text)
{
	char *out = arena_strdup(arena, text);

	for (char *p = out; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return out;
}

enum td_status
people_address(struct tool *tool, const char *text, const char **out_r, struct err *err)
{
	if (!address_valid(span_of(text)) || !utf8_ascii(span_of(text)))
		return err_perm(err, "%.320s is no mail address; write it as ana@example.org",
		    text);
	*out_r = lower(tool->arena, text);
	return TD_OK;
}

enum td_status
people_zone(struct tool *tool, const char *text, const char **out_r, struct err *err)
{
	const struct zone *zone;
	enum td_status status = zone_get(text, &zone, err);

	if (status == TD_OK)
		*out_r = zone_name(zone);
	return status;
}

enum td_status
people_hours(struct tool *tool, const char *text, const char **out_r, struct err *err)
{
	struct hours hours;
	enum td_status status = hours_parse(span_of(text), &hours, err);

	if (status == TD_OK)
		*out_r = hours_format(tool->arena, &hours);
	return status;
}

enum td_status
people_core(struct tool *tool, const char *text, const char **out_r, struct err *err)
{
	struct hours hours;
	unsigned days;
	int from, to;
	enum td_status status;

	if (strcmp(text, "off") == 0) {
		*out_r = NULL;
		return TD_OK;
	}
	status = hours_parse(span_of(text), &hours, err);
	if (status == TD_OK)
		status = hours_uniform(&hours, &days, &from, &to, err);
	if (status == TD_OK)
		*out_r = hours_format(tool->arena, &hours);
	return status;
}

enum td_status
people_digest(struct tool *tool, const char *text, const char **out_r, struct err *err)
{
	struct digest_setting setting;
	enum td_status status = digest_setting_parse(span_of(text), &setting, err);

	if (status == TD_OK)
		*out_r = digest_setting_format(tool->arena, &setting);
	return status;
}

enum td_status
people_checkin(struct tool *tool, const char *text, const char **out_r, struct err *err)
{
	struct checkin_setting setting;
	enum td_status status = checkin_setting_parse(span_of(text), &setting, err);

	if (status == TD_OK)
		*out_r = checkin_setting_format(tool->arena, &setting);
	return status;
}

enum td_status
people_name(struct tool *tool, const char *text, const char **out_r, struct err *err)
{
	struct span name = span_trim(span_of(text));

	if (name.len == 0 || name.len > 100 || !utf8_clean(name, UTF8_LINE))
		return err_perm(err, "a name is 1 to 100 characters of plain text on one line");
	*out_r = arena_span(tool->arena, name);
	return TD_OK;
}

enum td_status
people_handle(struct tool *tool, const char *text, const char **out_r, struct err *err)
{
	char *out = lower(tool->arena, *text == '@' ? text + 1 : text);
	size_t n = strspn(out, "abcdefghijklmnopqrstuvwxyz0123456789-_.");

	if (n == 0 || out[n] != '\0' || n > 40 || *out == '-' || *out == '.')
		return err_perm(err,
		    "%.60s: a short name is made of a-z, 0-9, '-', '_' and '.', at "
		    "most 40 of them",
		    text);
	*out_r = out;
	return TD_OK;
}

const char *
people_title(struct tool *tool, const char *name)
{
	char *title = arena_strdup(tool->arena, name);

	if (*title >= 'a' && *title <= 'z')
		*title = (char)(*title - 'a' + 'A');
	return title;
}

/* ---- finding -------------------------------------------------------------------------------- */

enum td_status
people_find(struct tool *tool, const char *text, struct person **person_r, struct err *err)
{
	struct person *person = NULL;
	const char *key = lower(tool->arena, *text == '@' ? text + 1 : text);
	enum td_status status = person_by_address(tool->db, tool->arena, key, &person, err);

	if (status == TD_OK && person == NULL)
		status = person_by_handle(tool->db, tool->arena, key, &person, err);
	if (status == TD_OK && person == NULL)
		return err_perm(err, "nobody is known as %.320s; see: tidings person list", text);
	if (status == TD_OK)
		*person_r = person;
	return status;
}

enum td_status
people_team(struct tool *tool, const char *name, struct team **team_r, struct err *err)
{
	struct team *team = NULL;
	const char *key = lower(tool->arena, name);
	enum td_status status = team_by_name(tool->db, tool->arena, key, &team, err);

	if (status == TD_OK && team == NULL)
		status = team_by_address(tool->db, tool->arena, key, &team, err);
	if (status == TD_OK && team == NULL)
		return err_perm(err, "there is no team %.320s; see: tidings team list", name);
	if (status == TD_OK)
		*team_r = team;
	return status;
}

enum td_status
people_one_team(struct tool *tool, const char *name, struct team **team_r, struct err *err)
{
	struct team *teams;
	size_t n;
	enum td_status status;

	if (name != NULL)
		return people_team(tool, name, team_r, err);
	status = team_list(tool->db, tool->arena, &teams, &n, err);
	if (status != TD_OK)
		return status;
	if (n != 1)
		return err_perm(err, n == 0 ? "there is no team yet; see: tidings team add"
					    : "there are several teams; name one with --team");
	*team_r = teams;
	return TD_OK;
}

/* ---- JSON and history ----------------------------------------------------------------------- */

json_t *
people_person_json(struct tool *tool, const struct person *person)
{
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
	    (json_int_t)person->id, "name", show_text(tool, person->name), "handle",
	    show_text(tool, person->handle), "address", show_text(tool, person->address), "zone",
	    show_text(tool, person->zone), "hours", show_text(tool, person->hours), "lang",
	    show_text(tool, person->lang), "digest", show_text(tool, person->digest), "checkin",
	    show_text(tool, person->checkin), "ack", show_text(tool, person->ack), "delivery",
	    show_text(tool, person->delivery));
}

json_t *
people_team_json(struct tool *tool, const struct team *team)
{
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "id", (json_int_t)team->id, "name",
	    show_text(tool, team->name), "title", show_text(tool, team->title), "address",
	    show_text(tool, team->address), "zone", show_text(tool, team->zone), "default_kind",
	    show_text(tool, team->default_kind), "core_hours",
	    show_text(tool, team->core_hours));
}

static const char *
compact(struct tool *tool, json_t *value)
{
	char *text = value != NULL ? json_dumps(value, JSON_COMPACT) : NULL;
	const char *out = arena_strdup(tool->arena, text);

	free(text);
	json_decref(value);
	return out;
}

enum td_status
people_note(struct tool *tool, const char *entity, int64_t id, const char *verb, json_t *before,
    json_t *after, struct err *err)
{
	const struct event event = {.at = clock_now(), .entity = entity, .entity_id = id,
	    .verb = verb, .before = compact(tool, before), .after = compact(tool, after)};

	return event_add(tool->db, &event, err);
}

/* ---- adding --------------------------------------------------------------------------------- */

enum td_status
people_add_team(struct tool *tool, struct team *team, struct err *err)
{
	enum td_status status = db_begin(tool->db, err);

	if (status != TD_OK)
		return status;
	status = team_add(tool->db, team, clock_now(), err);
	if (status == TD_OK)
		status = people_note(tool, "team", team->id, "create", NULL,
		    people_team_json(tool, team), err);
	return tool_finish(tool, status, err);
}

enum td_status
people_add_person(struct tool *tool, struct person *person, const struct team *team,
    enum role role, struct err *err)
{
	enum td_status status = db_begin(tool->db, err);

	if (status != TD_OK)
		return status;
	status = person_add(tool->db, tool->arena, person, clock_now(), err);
	if (status == TD_OK && role != ROLE_NONE)
		status = member_set(tool->db, team->id, person->id, role, clock_now(), err);
	if (status == TD_OK)
		status = people_note(tool, "person", person->id, "create", NULL,
		    people_person_json(tool, person), err);
	return tool_finish(tool, status, err);
}
