/* SPDX-License-Identifier: ISC */
/* aside: see aside.h. */
#include "config.h"

#include "daemon/intake/aside.h"

#include <inttypes.h>

#include "parsers/base/zone.h"
#include "daemon/store/job.h"

#define SUMMARY_HOUR 9 /* local time of the team */

/* The next 9 o'clock of the team: when its lead hears what was kept aside. */
static int64_t
next_summary(const struct team *team, int64_t now)
{
	const struct zone *zone = NULL;
	struct err ignored;
	struct civil local;
	int64_t day;

	if (zone_get(team->zone, &zone, &ignored) != TD_OK)
		zone = zone_utc();
	day = zone_local_day(zone, now);
	for (int i = 0; i < 2; i++) {
		int64_t at;

		civil_from_days(day + i, &local);
		local.hour = SUMMARY_HOUR;
		at = zone_to_utc(zone, &local, NULL);
		if (at > now)
			return at;
	}
	return now + 86400;
}

enum td_status
aside_tell(struct db *db, struct arena *arena, const struct team *team, int64_t now,
    struct err *err)
{
	const struct job job = {.dedupe_key = arena_printf(arena, "quarantine:%" PRId64, team->id),
	    .kind = "quarantine-summary", .team_id = team->id,
	    .due_at = next_summary(team, now)};

	return job_add(db, &job, err);
}

enum td_status
aside_tell_all(struct db *db, struct arena *arena, int64_t now, struct err *err)
{
	struct team *teams;
	size_t n = 0;
	enum td_status status = team_list(db, arena, &teams, &n, err);

	for (size_t i = 0; status == TD_OK && i < n; i++)
		status = aside_tell(db, arena, &teams[i], now, err);
	return status;
}
