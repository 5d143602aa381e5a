/* SPDX-License-Identifier: ISC */
/*
 * apply_place: when and where a person works: /hours and /tz, at once or from a day on, and the
 * way back from a journey. What is to come stands in the store's plan; the job
 * "settings:PERSON" carries it out at its moment, so that everything else only ever looks at the
 * zone and the hours that hold now.
 */
#include "config.h"

#include "daemon/intake/apply.h"

#include <inttypes.h>
#include <string.h>

#include "parsers/base/jsonw.h"
#include "parsers/base/zone.h"
#include "daemon/intake/place.h"
#include "daemon/model/hours.h"
#include "daemon/store/event.h"
#include "daemon/store/person.h"
#include "daemon/store/plan.h"

static const char **
field_of(struct person *person, const char *field)
{
	return strcmp(field, "zone") == 0 ? &person->zone : &person->hours;
}

/* {"zone":"Asia/Dubai"}; with a moment also {"at":...} */
static const char *
field_json(struct arena *arena, const char *field, const char *value, int64_t at)
{
	struct buf json;
	struct jsonw w;
	const char *text;

	buf_init(&json, 65536);
	jsonw_init(&w, &json, 0);
	jsonw_object(&w);
	jsonw_put(&w, field, value);
	if (at != 0)
		jsonw_put_int(&w, "at", at);
	jsonw_end(&w);
	text = arena_span(arena, buf_span(&json));
	buf_release(&json);
	return text;
}

static enum td_status
change_now(struct apply *ap, const char *field, const char *value, struct err *err)
{
	struct person *after = arena_alloc(ap->arena, sizeof *after);
	const char *before = field_json(ap->arena, field,
	    strcmp(field, "zone") == 0 ? ap->person->zone : ap->person->hours, 0);
	enum td_status status;

	*after = *ap->person;
	*field_of(after, field) = value;
	status = person_update(ap->db, after, err);
	if (status == TD_OK)
		status = apply_event(ap, "person", after->id, "change", before,
		    field_json(ap->arena, field, value, 0), err);
	if (status == TD_OK)
		ap->person = after;
	return status;
}

static enum td_status
change_later(struct apply *ap, const char *field, const char *value, int64_t at, struct err *err)
{
	struct plan plan = {.person_id = ap->person->id, .at = at, .field = field, .value = value,
	    .team_id = ap->team->id, .message_id = ap->message_id};
	const char *key = arena_printf(ap->arena, "settings:%" PRId64, ap->person->id);
	struct plan *plans;
	size_t n;
	enum td_status status = plan_add(ap->db, &plan, err);

	if (status == TD_OK)
		status = apply_event(ap, "plan", plan.id, "create", NULL,
		    field_json(ap->arena, field, value, at), err);
	if (status == TD_OK)
		status = plan_list(ap->db, ap->arena, ap->person->id, &plans, &n, err);
	if (status != TD_OK)
		return status;
	return job_set(ap->db,
	    &(struct job){.dedupe_key = key, .kind = "settings", .person_id = ap->person->id,
		.due_at = plans[0].at},
	    err);
}

/* A second plan for the same thing is refused: what should hold after both is not clear. */
static enum td_status
is_free(struct apply *ap, const struct reading_command *cmd, const char *field, bool *free_r,
    struct err *err)
{
	struct plan *plans;
	size_t n;
	enum td_status status = plan_list(ap->db, ap->arena, ap->person->id, &plans, &n, err);

	*free_r = status == TD_OK;
	for (size_t i = 0; status == TD_OK && *free_r && i < n; i++)
		*free_r = strcmp(plans[i].field, field) != 0;
	if (status == TD_OK && !*free_r)
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "Another change of your %s is planned; take that mail back first, with its "
		    "undo code.", strcmp(field, "zone") == 0 ? "time zone" : "working hours");
	return status;
}

static enum td_status
do_hours(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct hours hours;
	struct err why;
	const char *text;
	bool later = cmd->when != NULL && cmd->when->start > ap->now, is_ok;
	enum td_status status;

	if (cmd->word == NULL || hours_parse(span_of(cmd->word), &hours, &why) != TD_OK) {
		apply_refuse(ap, cmd->line, cmd->source, "/hours mon-fri 09:00-17:00", "%s.",
		    cmd->word == NULL ? "Which hours?" : why.text);
		return TD_OK;
	}
	text = hours_format(ap->arena, &hours);
	status = is_free(ap, cmd, "hours", &is_ok, err);
	if (status != TD_OK || !is_ok)
		return status;
	status = later ? change_later(ap, "hours", text, cmd->when->start, err)
		       : change_now(ap, "hours", text, err);
	if (status == TD_OK)
		apply_did(ap, cmd->line, cmd->source, "Your working hours%s%s: %s (%s).",
		    later ? " from " : "", later ? cmd->when->local : "", text,
		    ap->person->zone);
	return status;
}

/* A journey: the zone from its first day on, and the one of now behind its last. */
static enum td_status
travel(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	const struct reading_when *when = cmd->when;
	const char *home = ap->person->zone;
	enum td_status status;

	if (when->end <= ap->now || when->end <= when->start) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "That journey is over.");
		return TD_OK;
	}
	status = when->start > ap->now ? change_later(ap, "zone", cmd->word, when->start, err)
				       : change_now(ap, "zone", cmd->word, err);
	if (status == TD_OK)
		status = change_later(ap, "zone", home, when->end, err);
	if (status == TD_OK)
		apply_did(ap, cmd->line, cmd->source,
		    "Your time zone is %s from %s to %s, then %s.", cmd->word, when->local,
		    when->local_end != NULL ? when->local_end : when->local, home);
	return status;
}

static enum td_status
do_zone(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	const struct zone *zone;
	struct err why;
	bool is_ok;
	enum td_status status;

	if (cmd->word == NULL || zone_get(cmd->word, &zone, &why) != TD_OK) {
		apply_refuse(ap, cmd->line, cmd->source, "/tz Asia/Dubai", "%s.",
		    cmd->word == NULL ? "Which zone?" : why.text);
		return TD_OK;
	}
	status = is_free(ap, cmd, "zone", &is_ok, err);
	if (status != TD_OK || !is_ok)
		return status;
	if (cmd->when != NULL)
		return travel(ap, cmd, err);
	status = change_now(ap, "zone", cmd->word, err);
	if (status == TD_OK)
		apply_did(ap, cmd->line, cmd->source, "Your time zone: %s.", cmd->word);
	return status;
}

enum td_status
apply_place_command(struct apply *ap, const struct reading_command *cmd, bool *known_r,
    struct err *err)
{
	*known_r = true;
	if (strcmp(cmd->verb, "hours") == 0)
		return do_hours(ap, cmd, err);
	if (strcmp(cmd->verb, "tz") == 0)
		return do_zone(ap, cmd, err);
	*known_r = false;
	return TD_OK;
}

/* ---- the job --------------------------------------------------------------------------------- */

static enum td_status
carry_out(struct db *db, struct arena *arena, struct person *person, const struct plan *plan,
    int64_t now, struct err *err)
{
	const char **field = field_of(person, plan->field);
	const struct event event = {.at = now, .team_id = plan->team_id, .person_id = person->id,
	    .message_id = plan->message_id, .entity = "person", .entity_id = person->id,
	    .verb = "change", .before = field_json(arena, plan->field, *field, 0),
	    .after = field_json(arena, plan->field, plan->value, 0)};
	enum td_status status;

	*field = plan->value;
	status = person_update(db, person, err);
	if (status == TD_OK)
		status = event_add(db, &event, err);
	return status == TD_OK ? plan_remove(db, plan->id, err) : status;
}

enum td_status
place_job(struct db *db, const struct conf *conf, const struct job *job, int64_t now,
    struct arena *arena, int64_t *next_due_r, struct err *err)
{
	struct person *person = NULL;
	struct plan *plans;
	size_t n = 0, i = 0;
	enum td_status status = plan_list(db, arena, job->person_id, &plans, &n, err);

	if (status == TD_OK && n > 0)
		status = person_by_id(db, arena, job->person_id, &person, err);
	for (; status == TD_OK && person != NULL && i < n && plans[i].at <= now; i++)
		status = carry_out(db, arena, person, &plans[i], now, err);
	if (status == TD_OK)
		*next_due_r = person != NULL && i < n ? plans[i].at : 0;
	return status;
}
