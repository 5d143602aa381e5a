/* SPDX-License-Identifier: ISC */
/* cmd_person: people and their membership: add, set, show, list, remove. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/control/holidays.h"
#include "daemon/control/people.h"
#include "daemon/control/show.h"
#include "daemon/control/workrules.h"
#include "daemon/store/erase.h"
#include "daemon/store/role_news.h"
#include "parsers/base/num.h"

#define LEN(a) (sizeof(a) / sizeof *(a))

struct person_words {
	const char *name, *handle, *zone, *hours, *lang, *digest, *checkin, *ack, *team, *role;
	const char *holidays, *target; /* of set */
};

#define PERSON_OPTIONS(w)                                                                          \
	{                                                                                          \
		{"name", &(w).name, NULL}, {"handle", &(w).handle, NULL},                          \
		    {"zone", &(w).zone, NULL}, {"hours", &(w).hours, NULL},                        \
		    {"lang", &(w).lang, NULL}, {"digest", &(w).digest, NULL},                      \
		    {"checkin", &(w).checkin, NULL}, {"ack", &(w).ack, NULL},                      \
		    {"team", &(w).team, NULL}, {"role", &(w).role, NULL},                          \
		    {"holidays", &(w).holidays, NULL}, {"target", &(w).target, NULL},              \
	}

static enum td_status
check_ack(const char *text, const char **out_r, struct err *err)
{
	if (strcmp(text, "always") != 0 && strcmp(text, "new") != 0 && strcmp(text, "errors") != 0)
		return err_perm(err, "--ack is always, new or errors");
	*out_r = text;
	return TD_OK;
}

static enum td_status
check_lang(const char *text, const char **out_r, struct err *err)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz");

	if (n < 2 || n > 3 || text[n] != '\0')
		return err_perm(err, "--lang wants a language as en or de");
	*out_r = text;
	return TD_OK;
}

/* Puts what was given, checked, into the person. */
static enum td_status
apply_words(struct tool *tool, const struct person_words *w, struct person *p, struct err *err)
{
	enum td_status status = TD_OK;

	if (w->name != NULL)
		status = people_name(tool, w->name, &p->name, err);
	if (status == TD_OK && w->handle != NULL)
		status = people_handle(tool, w->handle, &p->handle, err);
	if (status == TD_OK && w->zone != NULL)
		status = people_zone(tool, w->zone, &p->zone, err);
	if (status == TD_OK && w->hours != NULL)
		status = people_hours(tool, w->hours, &p->hours, err);
	if (status == TD_OK && w->lang != NULL)
		status = check_lang(w->lang, &p->lang, err);
	if (status == TD_OK && w->digest != NULL)
		status = people_digest(tool, w->digest, &p->digest, err);
	if (status == TD_OK && w->checkin != NULL)
		status = people_checkin(tool, w->checkin, &p->checkin, err);
	if (status == TD_OK && w->ack != NULL)
		status = check_ack(w->ack, &p->ack, err);
	return status;
}

/* The role that --role names; without it a member of the --team, or nobody. */
static enum td_status
role_of(const struct person_words *w, enum role *role_r, struct err *err)
{
	*role_r = w->team != NULL ? ROLE_MEMBER : ROLE_NONE;
	if (w->role == NULL)
		return TD_OK;
	if (w->team == NULL)
		return err_perm(err, "--role needs --team");
	if (!role_parse(span_of(w->role), role_r) || *role_r == ROLE_NONE)
		return err_perm(err, "--role is guest, member or lead");
	return TD_OK;
}

static int
person_add_run(struct tool *tool, int argc, char **argv)
{
	struct person_words w = {NULL};
	const struct tool_option options[] = PERSON_OPTIONS(w);
	struct person person = {.id = 0};
	struct team *team = NULL;
	enum role role;
	struct err err;
	int status = tool_options(tool, options, LEN(options), &argc, argv);

	if (status != -1)
		return status;
	if (argc < 2 || argc > 3 || (argc == 3 && w.name != NULL))
		return tool_misuse(tool, "person add wants an address and a name");
	if (w.holidays != NULL || w.target != NULL)
		return tool_misuse(tool, "--holidays and --target belong to person set");
	w.name = argc == 3 ? argv[2] : w.name;
	if (w.name == NULL)
		return tool_misuse(tool, "person add wants an address and a name");
	if (people_address(tool, argv[1], &person.address, &err) != TD_OK ||
	    apply_words(tool, &w, &person, &err) != TD_OK || role_of(&w, &role, &err) != TD_OK)
		return tool_misuse(tool, "%s", err.text);
	if (tool_open_store(tool, DB_READ_WRITE, &err) != TD_OK ||
	    (w.team != NULL && people_team(tool, w.team, &team, &err) != TD_OK))
		return tool_fail(&err);
	if (person.zone == NULL)
		person.zone = team != NULL ? team->zone : tool_zone(tool);
	if (people_add_person(tool, &person, team, role, &err) != TD_OK)
		return tool_fail(&err);
	tool_wake(tool);
	if (tool->json)
		show_object(tool, people_person_json(tool, &person), NULL, 0);
	else
		printf("%s is @%s%s%s (%s)\n", person.address, person.handle,
		    team != NULL ? ", in team " : ", in no team yet",
		    team != NULL ? team->name : "", person.zone);
	return TOOL_OK;
}

/* Changes (after) or removes (NULL) in the open transaction. */
static enum td_status
person_change(struct tool *tool, const struct person *before, const struct person *after,
    struct err *err)
{
	enum td_status status = after != NULL ? person_update(tool->db, after, err)
	    : person_remove(tool->db, before->id, clock_now(), err);

	if (status == TD_OK)
		status = people_note(tool, "person", before->id, after != NULL ? "change" : "end",
		    people_person_json(tool, before),
		    after != NULL ? people_person_json(tool, after) : NULL, err);
	return status;
}

static enum td_status
note_member(struct tool *tool, int64_t person_id, const struct team *team, enum role role,
    struct err *err)
{
	return people_note(tool, "person", person_id, "change", NULL,
	    json_pack("{s:s, s:s}", "team", team->name, "role", role_name(role)), err);
}

/* A team that nobody leads cannot change by mail who is in it: of one team, or (0) of all. */
static enum td_status
keep_a_lead(struct tool *tool, const struct person *person, int64_t team_id, struct err *err)
{
	struct membership *list;
	size_t n = 0;
	enum td_status status = membership_list(tool->db, tool->arena, person->id, &list, &n, err);

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct team *team = NULL;
		bool only = false;

		if (team_id != 0 && list[i].team_id != team_id)
			continue;
		status = member_only_lead(tool->db, list[i].team_id, person->id, &only, err);
		if (status == TD_OK && only)
			status = team_by_id(tool->db, tool->arena, list[i].team_id, &team, err);
		if (status == TD_OK && team != NULL)
			status = err_perm(err, "%s is the only lead of team %s, and without one "
			    "nobody could lead it; make another the lead first (tidings person set "
			    "PERSON --team %s --role lead), or end the team (tidings team remove "
			    "%s)", person->name, team->name, team->name, team->name);
	}
	return status;
}

/* Another role than before is told to the person. */
static enum td_status
set_role(struct tool *tool, const struct person *person, const struct team *team, enum role role,
    struct err *err)
{
	enum role before = ROLE_NONE;
	enum td_status status = member_role(tool->db, team->id, person->id, &before, err);

	if (status == TD_OK)
		status = member_set(tool->db, team->id, person->id, role, clock_now(), err);
	if (status == TD_OK && before != ROLE_NONE && before != role)
		status = role_news_add(tool->db, tool->arena, team->id, person->id, before,
		    clock_now(), err);
	return status;
}

static enum td_status
person_set(struct tool *tool, const struct person *before, const struct person *after,
    const struct team *team, enum role role, const struct holiday_choice *holidays,
    const char *target, struct err *err)
{
	enum td_status status = db_begin(tool->db, err);

	if (status != TD_OK)
		return status;
	status = person_change(tool, before, after, err);
	if (status == TD_OK)
		status = holidays_write(tool, holidays, HOLIDAY_PERSON, before->id, err);
	if (status == TD_OK)
		status = workrules_target(tool, before->id, target, err);
	if (status == TD_OK && team != NULL && role != ROLE_LEAD)
		status = keep_a_lead(tool, before, team->id, err);
	if (status == TD_OK && team != NULL)
		status = set_role(tool, before, team, role, err);
	if (status == TD_OK && team != NULL)
		status = note_member(tool, before->id, team, role, err);
	return tool_finish(tool, status, err);
}

static int
person_set_run(struct tool *tool, int argc, char **argv)
{
	struct person_words w = {NULL};
	const struct tool_option options[] = PERSON_OPTIONS(w);
	struct holiday_choice holidays;
	struct person *person, after;
	struct team *team = NULL;
	enum role role;
	struct err err;
	int status = tool_options(tool, options, LEN(options), &argc, argv);

	if (status != -1)
		return status;
	if (argc != 2)
		return tool_misuse(tool, "person set wants one person");
	if (role_of(&w, &role, &err) != TD_OK || workrules_check(w.target, NULL, &err) != TD_OK)
		return tool_misuse(tool, "%s", err.text);
	if (holidays_read(tool, w.holidays, true, &holidays, &err) != TD_OK)
		return tool_fail(&err);
	if (tool_open_store(tool, DB_READ_WRITE, &err) != TD_OK ||
	    people_find(tool, argv[1], &person, &err) != TD_OK ||
	    (w.team != NULL && people_team(tool, w.team, &team, &err) != TD_OK))
		return tool_fail(&err);
	if (team != NULL && w.role == NULL) {
		enum role now = ROLE_NONE; /* who is in it already stays what they are */

		if (member_role(tool->db, team->id, person->id, &now, &err) != TD_OK)
			return tool_fail(&err);
		role = now != ROLE_NONE ? now : role;
	}
	after = *person;
	if (apply_words(tool, &w, &after, &err) != TD_OK)
		return tool_misuse(tool, "%s", err.text);
	if (person_set(tool, person, &after, team, role, &holidays, w.target, &err) != TD_OK)
		return tool_fail(&err);
	tool_wake(tool);
	if (tool->json)
		show_object(tool, people_person_json(tool, &after), NULL, 0);
	return TOOL_OK;
}

static enum td_status
teams_json(struct tool *tool, int64_t person_id, json_t *list, struct err *err)
{
	struct membership *memberships;
	size_t n = 0;
	enum td_status status = membership_list(tool->db, tool->arena, person_id, &memberships, &n,
	    err);

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct team *team = NULL;

		status = team_by_id(tool->db, tool->arena, memberships[i].team_id, &team, err);
		if (status == TD_OK && team != NULL && team->removed_at == 0)
			json_array_append_new(list, json_string(arena_printf(tool->arena,
			    "%s (%s)", team->name, role_name(memberships[i].role))));
	}
	return status;
}

static int
person_show_run(struct tool *tool, int argc, char **argv)
{
	static const struct show_column fields[] = {{"name", "Name"}, {"handle", "Handle"},
	    {"address", "Address"}, {"delivery", "Delivery"}, {"zone", "Zone"}, {"hours", "Hours"},
	    {"lang", "Language"}, {"digest", "Digest"}, {"checkin", "Check-in"},
	    {"ack", "Acknowledged"}, {"target", "Target"}, {"teams", "Teams"},
	    {"holidays", "Public holidays"}, {"next_holiday", "The next"}};
	struct person *person;
	struct err err;
	json_t *object, *teams = json_array();
	int status = tool_options(tool, NULL, 0, &argc, argv);

	if (status == -1 && argc != 2)
		status = tool_misuse(tool, "person show wants one person");
	if (status == -1 && (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK ||
	    people_find(tool, argv[1], &person, &err) != TD_OK ||
	    teams_json(tool, person->id, teams, &err) != TD_OK))
		status = tool_fail(&err);
	if (status != -1) {
		json_decref(teams);
		return status;
	}
	object = people_person_json(tool, person);
	json_object_set_new(object, "teams", teams);
	if (holidays_json(tool, HOLIDAY_PERSON, person->id, person->zone, object, &err) != TD_OK ||
	    workrules_person_json(tool, person->id, object, &err) != TD_OK) {
		json_decref(object);
		return tool_fail(&err);
	}
	show_object(tool, object, fields, LEN(fields));
	return TOOL_OK;
}

static enum td_status
members_list(struct tool *tool, const char *name, json_t *list, struct err *err)
{
	struct member *members;
	struct team *team;
	size_t n = 0;
	enum td_status status = people_team(tool, name, &team, err);

	if (status == TD_OK)
		status = member_list(tool->db, tool->arena, team->id, &members, &n, err);
	for (size_t i = 0; status == TD_OK && i < n; i++) {
		json_t *object = people_person_json(tool, &members[i].person);

		json_object_set_new(object, "role", json_string(role_name(members[i].role)));
		json_array_append_new(list, object);
	}
	return status;
}

static enum td_status
people_list(struct tool *tool, json_t *list, struct err *err)
{
	struct person *people;
	size_t n = 0;
	enum td_status status = person_list(tool->db, tool->arena, &people, &n, err);

	for (size_t i = 0; status == TD_OK && i < n; i++)
		json_array_append_new(list, people_person_json(tool, &people[i]));
	return status;
}

static int
person_list_run(struct tool *tool, int argc, char **argv)
{
	static const struct show_column columns[] = {{"handle", "HANDLE"}, {"name", "NAME"},
	    {"address", "ADDRESS"}, {"zone", "ZONE"}, {"hours", "HOURS"}, {"digest", "DIGEST"},
	    {"role", "ROLE"}};
	const char *team = NULL;
	const struct tool_option options[] = {{"team", &team, NULL}};
	struct err err;
	json_t *list;
	enum td_status got;
	int status = tool_options(tool, options, 1, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 1)
		return tool_misuse(tool, "person list takes no names");
	if (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK)
		return tool_fail(&err);
	list = json_array();
	got = team != NULL ? members_list(tool, team, list, &err) : people_list(tool, list, &err);
	if (got != TD_OK) {
		json_decref(list);
		return tool_fail(&err);
	}
	show_list(tool, list, columns, team != NULL ? LEN(columns) : LEN(columns) - 1,
	    "There is nobody yet; add people with: tidings person add");
	return TOOL_OK;
}

static enum td_status
leave_team(struct tool *tool, const struct person *person, const struct team *team,
    struct err *err)
{
	enum role role = ROLE_NONE;
	enum td_status status = member_role(tool->db, team->id, person->id, &role, err);

	if (status == TD_OK && role == ROLE_NONE)
		return err_perm(err, "%s (@%s) is not in team %s; see: tidings person list --team "
		    "%s", person->name, person->handle, team->name, team->name);
	if (status == TD_OK)
		status = member_remove(tool->db, team->id, person->id, err);
	return status == TD_OK ? note_member(tool, person->id, team, ROLE_NONE, err) : status;
}

/* From one team, or (NULL) altogether. */
static enum td_status
leave(struct tool *tool, const struct person *person, const struct team *team, struct err *err)
{
	enum td_status status = db_begin(tool->db, err);

	if (status != TD_OK)
		return status;
	status = keep_a_lead(tool, person, team != NULL ? team->id : 0, err);
	if (status == TD_OK)
		status = team != NULL ? leave_team(tool, person, team, err)
				      : person_change(tool, person, NULL, err);
	return tool_finish(tool, status, err);
}

static int
person_remove_run(struct tool *tool, int argc, char **argv)
{
	const char *name = NULL;
	bool yes = false;
	const struct tool_option options[] = {{"team", &name, NULL}, {"yes", NULL, &yes}};
	struct person *person;
	struct team *team = NULL;
	struct err err;
	int status = tool_options(tool, options, 2, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 2)
		return tool_misuse(tool, "person remove wants one person");
	if (tool_open_store(tool, DB_READ_WRITE, &err) != TD_OK ||
	    people_find(tool, argv[1], &person, &err) != TD_OK ||
	    (name != NULL && people_team(tool, name, &team, &err) != TD_OK))
		return tool_fail(&err);
	status = team != NULL
	    ? tool_confirm(tool, yes, "Take %s off team %s?", person->address, team->name)
	    : tool_confirm(tool, yes, "Remove %s altogether, from all teams?", person->address);
	if (status != -1)
		return status;
	if (leave(tool, person, team, &err) != TD_OK)
		return tool_fail(&err);
	tool_wake(tool);
	if (tool->json)
		show_object(tool, people_person_json(tool, person), NULL, 0);
	else if (team != NULL)
		printf("%s (@%s) is in team %s no more; what they wrote stays.\n", person->name,
		    person->handle, team->name);
	else
		printf("Removed %s (@%s, %s): in no team any more, and mail from there is a "
		    "stranger's; what they wrote stays.\n", person->name, person->handle,
		    person->address);
	return TOOL_OK;
}

/* An address or a handle; who was removed has neither, so their number as `person show --json` and
 * the log have it. */
static enum td_status
find_anybody(struct tool *tool, const char *text, struct person **person_r, struct err *err)
{
	int64_t id;

	if (!num_i64(span_of(text), 1, INT64_MAX, &id))
		return people_find(tool, text, person_r, err);
	*person_r = NULL;
	if (person_by_id(tool->db, tool->arena, id, person_r, err) == TD_OK && *person_r != NULL)
		return TD_OK;
	return err_perm(err, "there is no person %s; see: tidings log", text);
}

static enum td_status
erase(struct tool *tool, const struct person *person, struct erased *erased, struct err *err)
{
	enum td_status status = db_begin(tool->db, err);

	if (status != TD_OK)
		return status;
	status = keep_a_lead(tool, person, 0, err);
	if (status == TD_OK)
		status = person_erase(tool->db, tool->arena, person->id, clock_now(), erased, err);
	if (status == TD_OK)
		status = people_note(tool, "person", person->id, "erase", NULL, NULL, err);
	return tool_finish(tool, status, err);
}

static int
person_erase_run(struct tool *tool, int argc, char **argv)
{
	bool yes = false;
	const struct tool_option options[] = {{"yes", NULL, &yes}};
	struct person *person;
	struct erased erased;
	struct err err;
	int status = tool_options(tool, options, 1, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 2)
		return tool_misuse(tool, "person erase wants one person");
	if (tool_open_store(tool, DB_READ_WRITE, &err) != TD_OK ||
	    find_anybody(tool, argv[1], &person, &err) != TD_OK)
		return tool_fail(&err);
	status = tool_confirm(tool, yes, "Erase who %s (@%s) was, for good?", person->name,
	    person->handle);
	if (status != -1)
		return status;
	if (erase(tool, person, &erased, &err) != TD_OK)
		return tool_fail(&err);
	tool_wake(tool);
	if (tool->json)
		show_object(tool, json_pack("{s:I, s:s, s:I, s:I}", "id", (json_int_t)person->id,
		    "name", erased.name, "texts", (json_int_t)erased.texts, "waiting",
		    (json_int_t)erased.waiting), NULL, 0);
	else
		printf("Erased: person %lld is \"%s\" now; %lld texts named them.\n",
		    (long long)person->id, erased.name, (long long)erased.texts);
	if (!tool->json && erased.waiting > 0)
		printf("%lld mails wait to go out and may name them: erase %lld again when they "
		    "are gone.\n", (long long)erased.waiting, (long long)person->id);
	if (erase_finish(tool->db, &err) != TD_OK)
		return tool_fail(&err);
	return TOOL_OK;
}

static int
run(struct tool *tool, int argc, char **argv)
{
	static const struct tool_verb verbs[] = {{"add", person_add_run}, {"set", person_set_run},
	    {"show", person_show_run}, {"list", person_list_run}, {"remove", person_remove_run},
	    {"erase", person_erase_run}};

	return tool_verbs(tool, verbs, LEN(verbs), argc, argv);
}

const struct command cmd_person = {"person", "add, change, show and remove people",
    "add ADDRESS NAME [--team TEAM] [--role ROLE] [--zone Z] [--hours HOURS] [...]\n"
    "set PERSON [--team TEAM] [--role ROLE] [--name NAME] [--zone Z] [--hours HOURS] [...]\n"
    "show PERSON\nlist [--team TEAM]\nremove PERSON [--team TEAM] [--yes]\n"
    "erase PERSON|NUMBER [--yes]",
    "PERSON is an address or a handle (@ana).\n"
    "  --team TEAM      the team that is joined (or left); --role guest, member or lead\n"
    "  --zone Z         IANA zone, as Europe/Lisbon (default: the team's)\n"
    "  --hours HOURS    working hours, as \"mon-fri 09:00-17:00\"\n"
    "  --digest WHEN    \"daily 08:30\", \"weekly mon 09:00\" or off\n"
    "  --checkin TIME   when to ask for an update: \"16:30\" (the default) or off\n"
    "  --ack WHAT       what is acknowledged: always, new or errors\n"
    "  --holidays REGION  (of set) public holidays: a region as de, a calendar file, none, or off\n"
    "                   for those of the team\n"
    "  --target HOURS   (of set) what they are to work: \"8h/day\", \"40h/week\" or off\n"
    "  --handle NAME    for @mentions; --lang LANGUAGE as en\n",
    run};
