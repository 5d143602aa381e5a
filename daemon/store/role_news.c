/* SPDX-License-Identifier: ISC */
/* store/role_news: see role_news.h. */
#include "config.h"

#include "daemon/store/role_news.h"

#include <inttypes.h>
#include <string.h>

static const char *
key_of(struct arena *arena, int64_t team_id, int64_t person_id, enum role before)
{
	return arena_printf(arena, "role:%" PRId64 ":%" PRId64 ":%s", team_id, person_id,
	    role_name(before));
}

static enum td_status
is_there(struct db *db, struct arena *arena, const char *key, bool *any_r, struct err *err)
{
	struct job *job = NULL;
	enum td_status status = job_by_key(db, arena, key, &job, err);

	*any_r = *any_r || (status == TD_OK && job != NULL);
	return status;
}

enum td_status
role_news_add(struct db *db, struct arena *arena, int64_t team_id, int64_t person_id,
    enum role before, int64_t now, struct err *err)
{
	const struct job job = {.dedupe_key = key_of(arena, team_id, person_id, before),
	    .kind = "role", .team_id = team_id, .person_id = person_id, .due_at = now};
	bool waits = false;
	enum td_status status = is_there(db, arena, arena_printf(arena,
	    "welcome:%" PRId64 ":%" PRId64, team_id, person_id), &waits, err);

	for (enum role role = ROLE_GUEST; status == TD_OK && role <= ROLE_LEAD; role++)
		status = is_there(db, arena, key_of(arena, team_id, person_id, role), &waits, err);
	return status == TD_OK && !waits ? job_add(db, &job, err) : status;
}

enum role
role_news_before(const struct job *job)
{
	const char *colon = strrchr(job->dedupe_key, ':');
	enum role role = ROLE_NONE;

	if (colon == NULL || !role_parse(span_of(colon + 1), &role))
		return ROLE_NONE;
	return role;
}
