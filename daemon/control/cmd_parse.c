/* SPDX-License-Identifier: ISC */
/* cmd_parse: the reading of a mail as JSON, as the daemon would make it. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "parsers/base/buf.h"
#include "parsers/base/zone.h"
#include "parsers/reading.h"
#include "daemon/clock.h"
#include "daemon/control/tool.h"
#include "daemon/store/person.h"
#include "daemon/control/read_apart.h"
#include "daemon/store/team.h"

static enum td_status
read_mail(const char *path, size_t max, struct buf *mail, struct err *err)
{
	char bytes[65536];
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1;

	if (fd < 0)
		return err_perm(err, "%s: cannot be opened: %s", path, strerror(errno));
	while (n != 0 && mail->len <= max) {
		n = read(fd, bytes, sizeof bytes);
		if (n < 0 && errno != EINTR)
			break;
		if (n > 0)
			buf_put(mail, bytes, (size_t)n);
	}
	if (fd != STDIN_FILENO)
		close(fd);
	return n >= 0 ? TD_OK : err_perm(err, "%s: cannot be read: %s", path, strerror(errno));
}

/* --team: the team's zone, and its people's. */
static enum td_status
use_team(struct tool *tool, const char *name, struct reading_context *context,
    struct zones *zones, struct err *err)
{
	struct team *team = NULL;
	enum td_status status = tool_open_store(tool, DB_READ_ONLY, err);

	if (status == TD_OK)
		status = team_by_name(tool->db, tool->arena, name, &team, err);
	if (status == TD_OK && team == NULL)
		return err_perm(err, "there is no team %s; see: tidings team list", name);
	if (status == TD_OK)
		status = person_addresses(tool->db, tool->arena, 0, &zones->addresses, &zones->n,
		    err);
	if (status == TD_OK) {
		context->zone = team->zone;
		context->zone_of = zones_of;
		context->user = zones;
	}
	return status;
}

static int
parse(struct tool *tool, const char *path, const struct reading_context *context)
{
	struct reading *reading = NULL;
	struct buf mail, json;
	struct err err;
	enum td_status status;

	buf_init(&mail, (size_t)reading_limits_default.mail_bytes + 65536);
	buf_init(&json, 64u * 1024 * 1024);
	status = read_mail(path, (size_t)reading_limits_default.mail_bytes, &mail, &err);
	if (status == TD_OK)
		status = reading_parse(tool->arena, buf_span(&mail), context, &reading, &err);
	if (status == TD_OK) {
		reading_to_json(reading, 2, &json);
		puts(json.ptr);
	}
	buf_release(&json);
	buf_release(&mail);
	return status == TD_OK ? TOOL_OK : tool_fail(&err);
}

static int
run(struct tool *tool, int argc, char **argv)
{
	const char *now = NULL, *zone = NULL, *team = NULL;
	const struct tool_option options[] = {
	    {"now", &now, NULL}, {"zone", &zone, NULL}, {"team", &team, NULL}};
	struct reading_context context = {.now = clock_now()};
	struct zones zones = {NULL, 0};
	const struct zone *z;
	struct err err;
	int status = tool_options(tool, options, 3, &argc, argv);

	if (status != -1)
		return status;
	if (argc > 2)
		return tool_misuse(tool, "one file, please");
	context.zone = zone != NULL ? zone : tool_zone(tool);
	if (zone_get(context.zone, &z, &err) != TD_OK ||
	    (now != NULL && tool_time(now, context.zone, &context.now, &err) != TD_OK))
		return tool_misuse(tool, "%s", err.text);
	if (team != NULL && use_team(tool, team, &context, &zones, &err) != TD_OK)
		return tool_fail(&err);
	if (zone != NULL)
		context.zone = zone;
	return parse(tool, argc > 1 ? argv[1] : "-", &context);
}

const struct command cmd_parse = {"parse", "show how a mail is read",
    "[--now T] [--zone Z] [--team T] [FILE|-]",
    "Prints the reading of a mail as JSON. Needs neither store nor configuration.\n"
    "  --now T    read it as if it came at T (RFC 3339, or seconds)\n"
    "  --zone Z   the sender's zone where it is not known (default: this machine's)\n"
    "  --team T   take zones from the store: the team's, and its people's own\n",
    run};
