/* SPDX-License-Identifier: ISC */
/* tool_open: configuration, store, daemon and words of time; see tool.h. */
#include "config.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "parsers/base/zone.h"
#include "daemon/clock.h"
#include "daemon/control/client.h"
#include "daemon/control/tool.h"

/* ---- configuration and store ---------------------------------------------------------------- */

struct complaints {
	struct arena *arena;
	const char *last; /* NULL: none so far */
};

/* All but the last, which the caller prints: they are in the order of their lines. */
static void
complain(void *user, const char *line)
{
	struct complaints *complaints = user;

	if (complaints->last != NULL)
		fprintf(stderr, "tidings: %s\n", complaints->last);
	complaints->last = arena_strdup(complaints->arena, line);
}

enum td_status
tool_open_conf(struct tool *tool, struct err *err)
{
	struct complaints complaints = {.arena = tool->arena};
	const char *path = tool->conf_path;

	if (tool->conf != NULL)
		return TD_OK;
	if (path == NULL)
		path = conf_default_path(tool->arena);
	if (conf_load(tool->arena, path, complain, &complaints, &tool->conf, err) == TD_OK)
		return TD_OK;
	return err_perm(err, "%s", complaints.last);
}

static enum td_status
become(const char *name, struct err *err)
{
	const struct passwd *pw;

	if (name == NULL || geteuid() != 0)
		return TD_OK;
	pw = getpwnam(name);
	if (pw == NULL)
		return err_perm(err, "user %s of the configuration: there is no such account",
		    name);
	if (pw->pw_uid == 0)
		return TD_OK;
	if (initgroups(name, pw->pw_gid) < 0 || setgid(pw->pw_gid) < 0 || setuid(pw->pw_uid) < 0)
		return err_perm(err, "cannot become user %s: %s", name, strerror(errno));
	return TD_OK;
}

/* Under a test clock the tool lives in the daemon's time, not in this machine's. */
static void
follow_clock(const struct tool *tool)
{
	json_t *answer = NULL;

	if (control_ask(tool->conf->run_dir, "clock", &answer, NULL) !=
	    TD_OK)
		return;
	if (json_is_true(json_object_get(answer, "test")))
		clock_test_set(json_integer_value(json_object_get(answer, "now")),
		    json_is_true(json_object_get(answer, "frozen")));
	json_decref(answer);
}

enum td_status
tool_become(struct tool *tool, struct err *err)
{
	return become(tool->conf->user, err);
}

enum td_status
tool_open_store(struct tool *tool, enum db_mode mode, struct err *err)
{
	enum td_status status = tool_open_conf(tool, err);

	if (status == TD_OK)
		status = become(tool->conf->user, err);
	if (status == TD_OK)
		follow_clock(tool);
	return status == TD_OK ? db_open(tool->conf->store_path, mode, &tool->db, err) : status;
}

enum td_status
tool_open_or_make_store(struct tool *tool, struct err *err)
{
	enum td_status status = tool_open_store(tool, DB_CREATE, err);

	if (status == TD_OK && db_is_new(tool->db))
		fprintf(stderr, "tidings: made a new store: %s\n", tool->conf->store_path);
	return status;
}

enum td_status
tool_finish(struct tool *tool, enum td_status status, struct err *err)
{
	if (status == TD_OK)
		status = db_commit(tool->db, err);
	if (status != TD_OK)
		db_rollback(tool->db);
	return status;
}

void
tool_wake(struct tool *tool)
{
	struct err err;

	if (control_ask(tool->conf->run_dir, "wake", NULL, &err) ==
	    TD_PERM)
		fprintf(stderr, "tidings: it is done, but %s\n", err.text);
}

/* ---- time ----------------------------------------------------------------------------------- */

static bool
take(struct span *rest, unsigned digits, int most, int *value_r)
{
	uint32_t value;

	if (rest->len < digits || !num_u32(span_first(*rest, digits), (uint32_t)most, &value))
		return false;
	*value_r = (int)value;
	*rest = span_skip(*rest, digits);
	return true;
}

static bool
take_byte(struct span *rest, const char *any)
{
	if (rest->len == 0 || strchr(any, *rest->ptr) == NULL)
		return false;
	*rest = span_skip(*rest, 1);
	return true;
}

/* "2026-11-22", "2026-11-22 10:00", "2026-11-22T10:00:00.5": what stands before the offset. */
static bool
take_civil(struct span *rest, struct civil *civil)
{
	bool good = take(rest, 4, 9999, &civil->year) && take_byte(rest, "-") &&
	    take(rest, 2, 12, &civil->month) && take_byte(rest, "-") &&
	    take(rest, 2, 31, &civil->day) &&
	    civil_valid(civil->year, civil->month, civil->day);

	if (!good || rest->len == 0)
		return good;
	if (!take_byte(rest, "Tt ") || !take(rest, 2, 23, &civil->hour) || !take_byte(rest, ":") ||
	    !take(rest, 2, 59, &civil->minute))
		return false;
	if (take_byte(rest, ":") && !take(rest, 2, 59, &civil->second))
		return false;
	if (take_byte(rest, "."))
		while (take_byte(rest, "0123456789"))
			;
	return true;
}

static bool
take_offset(struct span *rest, int64_t *offset_r)
{
	int hours, minutes;
	bool west;

	if (take_byte(rest, "Zz")) {
		*offset_r = 0;
		return rest->len == 0;
	}
	west = rest->len > 0 && *rest->ptr == '-';
	if (!take_byte(rest, "+-") || !take(rest, 2, 23, &hours) || !take_byte(rest, ":") ||
	    !take(rest, 2, 59, &minutes) || rest->len > 0)
		return false;
	*offset_r = (hours * 60 + minutes) * 60 * (west ? -1 : 1);
	return true;
}

enum td_status
tool_time(const char *text, const char *zone, int64_t *at_r, struct err *err)
{
	struct span rest = span_of(text);
	struct civil civil = {0};
	const struct zone *z;
	int64_t offset;

	if (num_i64(rest, 0, 253402300799, at_r))
		return TD_OK;
	if (take_civil(&rest, &civil)) {
		if (rest.len == 0) {
			enum td_status status = zone_get(zone, &z, err);

			if (status == TD_OK)
				*at_r = zone_to_utc(z, &civil, NULL);
			return status;
		}
		if (take_offset(&rest, &offset)) {
			*at_r = civil_seconds(&civil) - offset;
			return TD_OK;
		}
	}
	return err_perm(err, "%s is no time; write 2026-11-22T10:00:00Z, or seconds since 1970",
	    text);
}

const char *
tool_rfc3339(struct tool *tool, int64_t at, const char *zone)
{
	const struct zone *z = zone_utc();
	char text[CIVIL_TEXT];

	if (at == 0)
		return NULL;
	if (zone != NULL && zone_get(zone, &z, NULL) != TD_OK)
		z = zone_utc();
	civil_format_rfc3339(at, zone_offset_at(z, at), text);
	return arena_strdup(tool->arena, text);
}

/* "Europe/Lisbon" of ".../zoneinfo/Europe/Lisbon"; NULL where that is no zone. */
static const char *
zone_of_path(struct tool *tool, const char *path)
{
	static const char root[] = "/zoneinfo/";
	const char *at = strstr(path, root);
	const struct zone *zone;

	if (at == NULL || zone_get(at + strlen(root), &zone, NULL) != TD_OK)
		return NULL;
	return arena_strdup(tool->arena, at + strlen(root));
}

static const char *
machine_zone(struct tool *tool, const char *link)
{
	char path[256];
	ssize_t n = readlink(link, path, sizeof path - 1);
	const char *name = NULL;

	if (n > 0) {
		path[n] = '\0';
		name = zone_of_path(tool, path);
	}
	return name != NULL ? name : "UTC";
}

const char *
tool_zone(struct tool *tool)
{
	const char *env = getenv("TZ"), *name = NULL;
	const struct zone *zone;

	if (env != NULL && *env == ':')
		env++;
	if (env == NULL || *env == '\0')
		return machine_zone(tool, "/etc/localtime");
	if (*env == '/')
		return (name = zone_of_path(tool, env)) != NULL ? name : machine_zone(tool, env);
	if (zone_get(env, &zone, NULL) == TD_OK)
		return env;
	if (!tool->told_zone)
		fprintf(stderr, "tidings: TZ is \"%s\", which names no zone that is known here; "
		    "UTC is taken instead; write one as Europe/Lisbon\n",
		    utf8_line(tool->arena, span_of(env), 60));
	tool->told_zone = true;
	return "UTC";
}
