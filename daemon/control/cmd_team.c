/* SPDX-License-Identifier: ISC */
/* cmd_team: teams: add, set, show, list, remove. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/control/holidays.h"
#include "daemon/control/people.h"
#include "daemon/control/show.h"
#include "daemon/control/team_duty.h"
#include "daemon/control/workrules.h"

#define LEN(a) (sizeof(a) / sizeof *(a))

struct team_words {
	const char *title, *address, *zone, *core, *kind;
	const char *oncall, *emergency, *holidays, *round; /* of set */
};

#define TEAM_OPTIONS(w)                                                                            \
	{                                                                                          \
		{"title", &(w).title, NULL}, {"address", &(w).address, NULL},                      \
		    {"zone", &(w).zone, NULL}, {"core", &(w).core, NULL},                          \
		    {"default", &(w).kind, NULL}, {"oncall", &(w).oncall, NULL},                  \
		    {"emergency", &(w).emergency, NULL}, {"holidays", &(w).holidays, NULL},        \
		    {"round", &(w).round, NULL},                                                   \
	}

/* Puts what was given, checked, into the team. */
static enum td_status
apply_words(struct tool *tool, const struct team_words *w, struct team *team, struct err *err)
{
	enum td_status status = TD_OK;

	if (w->title != NULL)
		status = people_name(tool, w->title, &team->title, err);
	if (status == TD_OK && w->address != NULL)
		status = people_address(tool, w->address, &team->address, err);
	if (status == TD_OK && w->zone != NULL)
		status = people_zone(tool, w->zone, &team->zone, err);
	if (status == TD_OK && w->core != NULL)
		status = people_core(tool, w->core, &team->core_hours, err);
	if (status == TD_OK && w->kind != NULL) {
		if (strcmp(w->kind, "update") != 0 && strcmp(w->kind, "task") != 0)
			return err_perm(err, "--default is update or task");
		team->default_kind = w->kind;
	}
	return status;
}

static int
team_add_run(struct tool *tool, int argc, char **argv)
{
	struct team_words w = {NULL};
	const struct tool_option options[] = TEAM_OPTIONS(w);
	struct team team = {.zone = NULL};
	struct err err;
	int status = tool_options(tool, options, LEN(options), &argc, argv);

	if (status != -1)
		return status;
	if (argc != 2 || w.address == NULL)
		return tool_misuse(tool, "team add wants a name and --address");
	if (w.oncall != NULL || w.emergency != NULL || w.holidays != NULL || w.round != NULL)
		return tool_misuse(tool,
		    "--oncall, --emergency, --holidays and --round belong to team set");
	if (w.zone == NULL)
		w.zone = tool_zone(tool);
	if (people_handle(tool, argv[1], &team.name, &err) != TD_OK ||
	    apply_words(tool, &w, &team, &err) != TD_OK)
		return tool_misuse(tool, "%s", err.text);
	if (team.title == NULL)
		team.title = people_title(tool, team.name);
	if (tool_open_or_make_store(tool, &err) != TD_OK ||
	    people_add_team(tool, &team, &err) != TD_OK)
		return tool_fail(&err);
	tool_wake(tool);
	if (tool->json)
		show_object(tool, people_team_json(tool, &team), NULL, 0);
	else
		printf("Team %s reads mail to %s (%s). Add people with: tidings person add\n",
		    team.name, team.address, team.zone);
	return TOOL_OK;
}

static enum td_status
set_duty(struct tool *tool, const struct team *team, enum oncall_part part, const char *option,
    const char *text, struct err *err)
{
	int64_t *people;
	size_t n;
	enum td_status status;

	if (text == NULL)
		return TD_OK;
	status = team_duty_read(tool, team, option, text, &people, &n, err);
	return status == TD_OK ? team_duty_write(tool, team, part, people, n, err) : status;
}

/* Changes or removes within one transaction, with the line in the history. */
static enum td_status
team_change(struct tool *tool, const struct team *before, const struct team *after,
    const struct team_words *w, const struct holiday_choice *holidays, struct err *err)
{
	enum td_status status = db_begin(tool->db, err);

	if (status != TD_OK)
		return status;
	status = after != NULL ? team_update(tool->db, after, err)
			       : team_remove(tool->db, before->id, clock_now(), err);
	if (status == TD_OK)
		status = people_note(tool, "team", before->id, after != NULL ? "change" : "end",
		    people_team_json(tool, before),
		    after != NULL ? people_team_json(tool, after) : NULL, err);
	if (status == TD_OK)
		status = set_duty(tool, before, ONCALL_TURN, "oncall", w->oncall, err);
	if (status == TD_OK)
		status = set_duty(tool, before, ONCALL_EMERGENCY, "emergency", w->emergency, err);
	if (status == TD_OK)
		status = holidays_write(tool, holidays, HOLIDAY_TEAM, before->id, err);
	if (status == TD_OK)
		status = workrules_rounding(tool, before->id, w->round, err);
	return tool_finish(tool, status, err);
}

static int
team_set_run(struct tool *tool, int argc, char **argv)
{
	struct team_words w = {NULL};
	const struct tool_option options[] = TEAM_OPTIONS(w);
	struct holiday_choice holidays;
	struct team *team, after;
	struct err err;
	int status = tool_options(tool, options, LEN(options), &argc, argv);

	if (status != -1)
		return status;
	if (argc != 2)
		return tool_misuse(tool, "team set wants the name of one team");
	if (workrules_check(NULL, w.round, &err) != TD_OK)
		return tool_misuse(tool, "%s", err.text);
	if (holidays_read(tool, w.holidays, false, &holidays, &err) != TD_OK)
		return tool_fail(&err);
	if (tool_open_store(tool, DB_READ_WRITE, &err) != TD_OK ||
	    people_team(tool, argv[1], &team, &err) != TD_OK)
		return tool_fail(&err);
	after = *team;
	if (apply_words(tool, &w, &after, &err) != TD_OK)
		return tool_misuse(tool, "%s", err.text);
	if (team_change(tool, team, &after, &w, &holidays, &err) != TD_OK)
		return tool_fail(&err);
	tool_wake(tool);
	if (tool->json)
		show_object(tool, people_team_json(tool, &after), NULL, 0);
	return TOOL_OK;
}

static json_t *
members_json(struct tool *tool, const struct member *members, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(arena_printf(tool->arena, "%s (%s)",
		    members[i].person.handle, role_name(members[i].role))));
	return list;
}

static int
team_show_run(struct tool *tool, int argc, char **argv)
{
	static const struct show_column fields[] = {{"name", "Team"}, {"title", "Title"},
	    {"address", "Address"}, {"zone", "Zone"}, {"core_hours", "Core hours"},
	    {"default_kind", "Mail is a"}, {"rounding", "Time is rounded to"}, {"members",
	        "Members"},
	    {"on_call", "On call, by weeks"}, {"on_call_now", "On call now"},
	    {"emergency", "Emergency"}, {"holidays", "Public holidays"},
	    {"next_holiday", "The next"}};
	struct member *members;
	struct team *team;
	struct err err;
	json_t *object;
	size_t n;
	int status = tool_options(tool, NULL, 0, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 2)
		return tool_misuse(tool, "team show wants the name of one team");
	if (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK ||
	    people_team(tool, argv[1], &team, &err) != TD_OK ||
	    member_list(tool->db, tool->arena, team->id, &members, &n, &err) != TD_OK)
		return tool_fail(&err);
	object = people_team_json(tool, team);
	json_object_set_new(object, "members", members_json(tool, members, n));
	if (team_duty_json(tool, team, object, &err) != TD_OK ||
	    holidays_json(tool, HOLIDAY_TEAM, team->id, team->zone, object, &err) != TD_OK ||
	    workrules_team_json(tool, team->id, object, &err) != TD_OK) {
		json_decref(object);
		return tool_fail(&err);
	}
	show_object(tool, object, fields, LEN(fields));
	return TOOL_OK;
}

static int
team_list_run(struct tool *tool, int argc, char **argv)
{
	static const struct show_column columns[] = {{"name", "TEAM"}, {"address", "ADDRESS"},
	    {"zone", "ZONE"}, {"core_hours", "CORE HOURS"}};
	struct team *teams;
	struct err err;
	json_t *list;
	size_t n;
	int status = tool_options(tool, NULL, 0, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 1)
		return tool_misuse(tool, "team list takes no names");
	if (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK ||
	    team_list(tool->db, tool->arena, &teams, &n, &err) != TD_OK)
		return tool_fail(&err);
	list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, people_team_json(tool, &teams[i]));
	show_list(tool, list, columns, LEN(columns),
	    "There is no team yet; add one with: tidings team add");
	return TOOL_OK;
}

static int
team_remove_run(struct tool *tool, int argc, char **argv)
{
	bool yes = false;
	const struct tool_option options[] = {{"yes", NULL, &yes}};
	struct team *team;
	struct err err;
	int status = tool_options(tool, options, 1, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 2)
		return tool_misuse(tool, "team remove wants the name of one team");
	if (tool_open_store(tool, DB_READ_WRITE, &err) != TD_OK ||
	    people_team(tool, argv[1], &team, &err) != TD_OK)
		return tool_fail(&err);
	status = tool_confirm(tool, yes, "Remove team %s? Its mail will not be read any more.",
	    team->name);
	if (status != -1)
		return status;
	if (team_change(tool, team, NULL, &(struct team_words){NULL},
	    &(struct holiday_choice){false}, &err) != TD_OK)
		return tool_fail(&err);
	tool_wake(tool);
	if (tool->json)
		show_object(tool, people_team_json(tool, team), NULL, 0);
	else
		printf("Removed team %s: mail to %s is not read any more; who was invited to its "
		       "core hours gets a cancellation.\n", team->name, team->address);
	return TOOL_OK;
}

static int
run(struct tool *tool, int argc, char **argv)
{
	static const struct tool_verb verbs[] = {{"add", team_add_run}, {"set", team_set_run},
	    {"show", team_show_run}, {"list", team_list_run}, {"remove", team_remove_run}};

	return tool_verbs(tool, verbs, LEN(verbs), argc, argv);
}

const struct command cmd_team = {"team", "add, change, show and remove teams",
    "add NAME --address ADDRESS [--title TITLE] [--zone Z] [--core HOURS]\n"
    "    [--default KIND]\n"
    "set NAME [--address ADDRESS] [--title TITLE] [--zone Z] [--core HOURS|off]\n"
    "    [--default KIND] [--oncall PEOPLE|off] [--emergency PEOPLE|off]\n"
    "    [--holidays REGION|FILE|off] [--round STEP|off]\n"
    "show NAME\nlist\nremove NAME [--yes]",
    "  --address ADDRESS  the address that the team's mail goes to\n"
    "  --title TITLE      its name for people\n"
    "  --zone Z           IANA zone, as Europe/Berlin (default: this machine's)\n"
    "  --core HOURS       core hours in that zone, as \"mon-thu 14:00-17:00\"\n"
    "  --default KIND     what a mail is that says nothing else: update or task\n"
    "  --oncall PEOPLE    who is on call, a week each from Monday on, as \"ana, ben\"; the first\n"
    "                     has this week\n"
    "  --emergency PEOPLE who is called when whoever is on call does not answer\n"
    "  --holidays REGION  public holidays of its people: a region that is shipped, as de, or the\n"
    "                     path of a calendar file (ICS)\n"
    "  --round STEP       how logged time is rounded: \"15m\", \"15m up\", \"6m down\"\n",
    run};
