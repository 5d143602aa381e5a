/* SPDX-License-Identifier: ISC */
/* workrules: see workrules.h. */
#include "config.h"

#include "daemon/control/workrules.h"

#include "daemon/store/workrule.h"

static enum td_status
note(struct tool *tool, const char *entity, int64_t id, const char *key, const char *before,
    const char *after, struct err *err)
{
	return people_note(tool, entity, id, "change", json_pack("{s:s}", key, before),
	    json_pack("{s:s}", key, after), err);
}

enum td_status
workrules_check(const char *target, const char *rounding, struct err *err)
{
	struct target hours;
	struct rounding step;
	enum td_status status = TD_OK;

	if (target != NULL)
		status = target_parse(span_of(target), &hours, err);
	if (status == TD_OK && rounding != NULL)
		status = rounding_parse(span_of(rounding), &step, err);
	return status;
}

enum td_status
workrules_target(struct tool *tool, int64_t person_id, const char *text, struct err *err)
{
	struct target old, now;
	enum td_status status;

	if (text == NULL)
		return TD_OK;
	if ((status = target_parse(span_of(text), &now, err)) != TD_OK ||
	    (status = target_get(tool->db, person_id, &old, err)) != TD_OK ||
	    (status = target_set(tool->db, person_id, &now, err)) != TD_OK)
		return status;
	return note(tool, "person", person_id, "target", target_format(tool->arena, &old),
	    target_format(tool->arena, &now), err);
}

enum td_status
workrules_rounding(struct tool *tool, int64_t team_id, const char *text, struct err *err)
{
	struct rounding old, now;
	enum td_status status;

	if (text == NULL)
		return TD_OK;
	if ((status = rounding_parse(span_of(text), &now, err)) != TD_OK ||
	    (status = rounding_get(tool->db, team_id, &old, err)) != TD_OK ||
	    (status = rounding_set(tool->db, team_id, &now, err)) != TD_OK)
		return status;
	return note(tool, "team", team_id, "rounding", rounding_format(tool->arena, &old),
	    rounding_format(tool->arena, &now), err);
}

enum td_status
workrules_person_json(struct tool *tool, int64_t person_id, json_t *object, struct err *err)
{
	struct target target;
	enum td_status status = target_get(tool->db, person_id, &target, err);

	if (status == TD_OK)
		json_object_set_new(object, "target",
		    json_string(target_format(tool->arena, &target)));
	return status;
}

enum td_status
workrules_team_json(struct tool *tool, int64_t team_id, json_t *object, struct err *err)
{
	struct rounding rounding;
	enum td_status status = rounding_get(tool->db, team_id, &rounding, err);

	if (status == TD_OK)
		json_object_set_new(object, "rounding",
		    json_string(rounding_format(tool->arena, &rounding)));
	return status;
}
