/* SPDX-License-Identifier: ISC */
/* holidays: see holidays.h. Here: which file, and what becomes of it in the store. */
#include "config.h"

#include "daemon/control/holidays.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/base/zone.h"
#include "daemon/clock.h"
#include "daemon/control/people.h"
#include "daemon/control/show.h"

#define BYTES_MAX (256 * 1024)
#define REGION_MAX 40

static const char *
folder(void)
{
	const char *own = getenv("TIDINGS_HOLIDAYS");

	return own != NULL ? own : TD_DATADIR "/holidays";
}

/* "at, be, de": the regions that are shipped. */
static const char *
shipped(struct tool *tool)
{
	struct dirent **list = NULL;
	const char *names = "";
	int n = scandir(folder(), &list, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		struct span name = span_of(list[i]->d_name);

		if (name.len > 4 && span_is(span_skip(name, name.len - 4), ".ics"))
			names = arena_printf(tool->arena, "%s%s%.*s", names,
			    *names != '\0' ? ", " : "", (int)name.len - 4, name.ptr);
		free(list[i]);
	}
	free(list);
	return *names != '\0' ? names : "none here";
}

static enum td_status
read_file(struct tool *tool, const char *path, struct span *bytes_r, struct err *err)
{
	char *bytes = arena_alloc(tool->arena, BYTES_MAX + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	size_t n = 0;
	ssize_t got = 1;
	struct stat sb;

	if (fd < 0)
		return err_perm(err, "%s: %s", path, strerror(errno));
	if (fstat(fd, &sb) != 0 || !S_ISREG(sb.st_mode)) {
		close(fd);
		return err_perm(err, "%s: is no file", path);
	}
	while (got > 0 && n <= BYTES_MAX) {
		got = read(fd, bytes + n, BYTES_MAX + 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	if (got < 0)
		return err_perm(err, "%s: cannot be read", path);
	if (n > BYTES_MAX)
		return err_perm(err, "%s: is larger than %d KiB", path, BYTES_MAX / 1024);
	*bytes_r = (struct span){bytes, n};
	return TD_OK;
}

/* The region that a file makes: its name, in lower case, without folder and ending. */
static const char *
region_of(struct tool *tool, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = arena_strdup(tool->arena, slash != NULL ? slash + 1 : path);
	size_t n = strlen(name);

	if (n > 4 && strcmp(name + n - 4, ".ics") == 0)
		name[n - 4] = '\0';
	for (char *p = name; *p != '\0'; p++) {
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
		if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9')))
			*p = '-';
	}
	if (strlen(name) > REGION_MAX)
		name[REGION_MAX] = '\0';
	return name;
}

static enum td_status
read_calendar(struct tool *tool, const char *path, struct holiday_choice *choice, struct err *err)
{
	struct span bytes;
	struct err why;
	enum td_status status = read_file(tool, path, &bytes, err);

	if (status != TD_OK)
		return status;
	/* some days back: an old clock must not lose today's */
	status = holidays_parse(tool->arena, bytes, clock_now() / 86400 - 400, &choice->days,
	    &choice->n_days, &why);
	return status == TD_OK ? TD_OK : err_perm(err, "%s: %s", path, why.text);
}

enum td_status
holidays_read(struct tool *tool, const char *text, bool of_person,
    struct holiday_choice *choice_r, struct err *err)
{
	struct holiday_choice choice = {.given = text != NULL};
	const char *path = text;
	enum td_status status = TD_OK;

	if (text != NULL && strcmp(text, HOLIDAY_NONE) == 0 && of_person) {
		choice.region = HOLIDAY_NONE;
	} else if (text != NULL && strcmp(text, "off") != 0) {
		if (strchr(text, '/') == NULL && strchr(text, '.') == NULL) {
			path = arena_printf(tool->arena, "%s/%s.ics", folder(), text);
			if (access(path, R_OK) != 0)
				return err_perm(err,
				    "no holidays are shipped for \"%.40s\"; there are: "
				    "%s; or name a calendar file (ICS)",
				    text, shipped(tool));
		}
		choice.region = region_of(tool, path);
		status = read_calendar(tool, path, &choice, err);
	}
	if (status == TD_OK)
		*choice_r = choice;
	return status;
}

enum td_status
holidays_write(struct tool *tool, const struct holiday_choice *choice, enum holiday_of of,
    int64_t id, struct err *err)
{
	const char *before = NULL;
	enum td_status status;

	if (!choice->given)
		return TD_OK;
	status = holiday_region(tool->db, tool->arena, of, id, &before, err);
	if (status == TD_OK && choice->n_days > 0)
		status = holiday_replace(tool->db, choice->region, choice->days, choice->n_days,
		    err);
	if (status == TD_OK)
		status = holiday_set_region(tool->db, of, id, choice->region, err);
	if (status != TD_OK)
		return status;
	return people_note(tool, of == HOLIDAY_TEAM ? "team" : "person", id, "change",
	    json_pack("{s:o}", "region", show_text(tool, before)),
	    json_pack("{s:o}", "region", show_text(tool, choice->region)), err);
}

enum td_status
holidays_json(struct tool *tool, enum holiday_of of, int64_t id, const char *zone, json_t *object,
    struct err *err)
{
	const char *region = NULL;
	struct holiday *days = NULL;
	size_t n = 0;
	enum td_status status = holiday_region(tool->db, tool->arena, of, id, &region, err);

	if (status == TD_OK && region != NULL)
		status = holiday_list(tool->db, tool->arena, region,
		    person_day(tool->arena, zone, clock_now()), "9999-12-31", &days, &n, err);
	if (status != TD_OK)
		return status;
	json_object_set_new(object, "holidays", show_text(tool, region));
	if (n > 0)
		json_object_set_new(object, "next_holiday", show_text(tool,
		    arena_printf(tool->arena, "%s %s", days[0].day, days[0].name)));
	return TD_OK;
}
