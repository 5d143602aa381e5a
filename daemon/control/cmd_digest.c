/* SPDX-License-Identifier: ISC */
/* cmd_digest: a person's digest as it would go out; sends nothing. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "parsers/base/zone.h"
#include "daemon/clock.h"
#include "daemon/compose/gather.h"
#include "daemon/control/people.h"
#include "daemon/control/show.h"
#include "daemon/model/hours.h"

enum format { FORMAT_TEXT, FORMAT_HTML, FORMAT_EML };

/* The team that --team names, else the person's only one. */
static enum td_status
team_of(struct tool *tool, const struct person *person, const char *name, struct team **team_r,
    struct err *err)
{
	struct membership *list;
	size_t n;
	enum td_status status;

	if (name != NULL)
		return people_team(tool, name, team_r, err);
	status = membership_list(tool->db, tool->arena, person->id, &list, &n, err);
	if (status != TD_OK)
		return status;
	if (n == 0)
		return err_perm(err, "%s is in no team", person->handle);
	if (n > 1)
		return err_perm(err, "%s is in several teams; name one with --team",
		    person->handle);
	status = team_by_id(tool->db, tool->arena, list[0].team_id, team_r, err);
	if (status == TD_OK && *team_r == NULL)
		return err_perm(err, "%s is in no team", person->handle);
	return status;
}

/* With --date: the moment of that day at which the digest goes out. */
static enum td_status
moment_of(const struct person *person, int64_t days, const struct digest_setting *setting,
    int64_t *now_r, struct err *err)
{
	const struct zone *zone;
	struct civil local;
	enum td_status status = zone_get(person->zone, &zone, err);

	if (status != TD_OK)
		return status;
	civil_from_days(days, &local);
	local.hour = setting->minute / 60;
	local.minute = setting->minute % 60;
	*now_r = zone_to_utc(zone, &local, NULL);
	return TD_OK;
}

static enum td_status
put_digest(struct tool *tool, const struct compose_common *common,
    const struct compose_digest *digest, enum format format, struct err *err)
{
	struct composed mail;
	const char *text = NULL;
	enum td_status status = TD_OK;

	if (format == FORMAT_EML) {
		status = compose_digest(tool->arena, common, digest, &mail, err);
		if (status == TD_OK)
			fwrite(mail.bytes.ptr, 1, mail.bytes.len, stdout);
		return status;
	}
	if (format == FORMAT_HTML)
		status = compose_digest_html(tool->arena, common, digest, &text, err);
	else
		status = compose_digest_text(tool->arena, common, digest, &text, err);
	if (status == TD_OK && tool->json)
		show_object(tool, json_pack("{s:s, s:o, s:b, s:o}", "day", digest->day, "to",
		    show_text(tool, common->to.address), "has_news",
		    (int)compose_digest_has_news(digest), "body", show_text(tool, text)), NULL, 0);
	else if (status == TD_OK)
		fputs(text, stdout);
	return status;
}

static enum td_status
digest_for(struct tool *tool, const char *who, const char *team_name, const int64_t *day,
    enum format format, struct err *err)
{
	struct gather_request request = {.now = clock_now()};
	struct digest_setting setting = {.kind = DIGEST_DAILY, .minute = 510};
	struct compose_common common = {.templates = tool->conf->templates};
	struct compose_digest digest;
	struct person *person;
	struct team *team;
	enum td_status status = people_find(tool, who, &person, err);

	if (status == TD_OK)
		status = team_of(tool, person, team_name, &team, err);
	if (status != TD_OK)
		return status;
	if (digest_setting_parse(span_of(person->digest), &setting, NULL) != TD_OK ||
	    setting.kind == DIGEST_OFF)
		setting = (struct digest_setting){.kind = DIGEST_DAILY, .minute = 510};
	if (day != NULL)
		status = moment_of(person, *day, &setting, &request.now, err);
	request.team_id = team->id;
	request.person_id = person->id;
	request.weekly = setting.kind == DIGEST_WEEKLY;
	if (status == TD_OK)
		status = gather_digest(tool->db, tool->arena, &request, &common, &digest, err);
	if (status == TD_OK)
		status = put_digest(tool, &common, &digest, format, err);
	compose_forget();
	return status;
}

static int
run(struct tool *tool, int argc, char **argv)
{
	const char *team = NULL, *date = NULL, *name = "text";
	const struct tool_option options[] = {
	    {"team", &team, NULL}, {"date", &date, NULL}, {"format", &name, NULL}};
	enum format format = FORMAT_TEXT;
	struct err err;
	int64_t day = 0;
	int status = tool_options(tool, options, 3, &argc, argv);

	if (status != -1)
		return status;
	if (strcmp(name, "html") == 0)
		format = FORMAT_HTML;
	else if (strcmp(name, "eml") == 0)
		format = FORMAT_EML;
	else if (strcmp(name, "text") != 0)
		return tool_misuse(tool, "--format is text, html or eml");
	if (argc != 2)
		return tool_misuse(tool, "digest wants one person");
	if (date != NULL && !civil_parse_day(span_of(date), &day))
		return tool_misuse(tool, "--date wants a day as 2026-11-24");
	if (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK ||
	    digest_for(tool, argv[1], team, date != NULL ? &day : NULL, format, &err) != TD_OK)
		return tool_fail(&err);
	return TOOL_OK;
}

const struct command cmd_digest = {"digest", "show a digest as it would go out",
    "PERSON [--team TEAM] [--date DAY] [--format text|html|eml]",
    "Shows the digest; sends nothing. PERSON is an address or a handle.\n"
    "  --team TEAM  where the person is in several\n"
    "  --date DAY   as on that day, at the time the digest goes out\n"
    "  --format F   text, html, or the whole mail (eml)\n",
    run};
