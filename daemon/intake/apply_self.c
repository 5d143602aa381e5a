/* SPDX-License-Identifier: ISC */
/* apply_self: what a person says of themselves: absences and the settings of their own mail. */
#include "config.h"

#include "daemon/intake/apply.h"

#include <jansson.h>
#include <string.h>

#include "parsers/base/jsonw.h"
#include "parsers/base/civil.h"
#include "daemon/model/hours.h"
#include "daemon/store/absence.h"
#include "daemon/store/person.h"

#define ABSENCE_LONGEST (2 * 366) /* days */

/* ---- absence ------------------------------------------------------------------------------- */

/* NULL for no absence. */
static const char *
absence_json(struct apply *ap, const struct absence *absence)
{
	struct buf json;
	struct jsonw w;
	const char *text;

	if (absence == NULL)
		return NULL;
	buf_init(&json, 1u << 16);
	jsonw_init(&w, &json, 0);
	jsonw_object(&w);
	jsonw_put(&w, "first_day", absence->first_day);
	jsonw_put(&w, "last_day", absence->last_day);
	jsonw_put(&w, "kind", absence->kind);
	jsonw_put_bool(&w, "half_day", absence->half_day != HALF_NONE);
	if (day_half_name(absence->half_day) != NULL)
		jsonw_put(&w, "half", day_half_name(absence->half_day));
	jsonw_put_int(&w, "cover", absence->cover_id);
	jsonw_key(&w, "note");
	jsonw_string(&w, absence->note);
	jsonw_put_int(&w, "ended_at", absence->ended_at);
	jsonw_end(&w);
	text = arena_span(ap->arena, buf_span(&json));
	buf_release(&json);
	return text;
}

static enum td_status
absence_event(struct apply *ap, const struct absence *before, const struct absence *after,
    struct err *err)
{
	return apply_event(ap, "absence", after->id, before == NULL ? "create" : "change",
	    absence_json(ap, before), absence_json(ap, after), err);
}

static bool
read_cover(struct apply *ap, const struct reading_command *cmd, struct absence *absence)
{
	const struct member *cover = apply_find_member(ap, cmd->cover, cmd->line, cmd->source);

	if (cover == NULL)
		return false;
	if (cover->person.id == ap->person->id || cover->role == ROLE_GUEST) {
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    cover->role == ROLE_GUEST
			? "%s is a guest; covering for somebody needs the role member."
			: "%s, you cannot cover for yourself: name another, or nobody.",
		    cover->person.name);
		return false;
	}
	absence->cover_id = cover->person.id;
	return true;
}

static bool
read_off(struct apply *ap, const struct reading_command *cmd, struct absence *absence)
{
	int64_t first, last;

	if (cmd->when == NULL) {
		apply_refuse(ap, cmd->line, cmd->source, "/off 2026-12-24..2026-12-31 holiday",
		    "On which days?");
		return false;
	}
	absence->first_day = person_day(ap->arena, ap->person->zone, cmd->when->start);
	absence->last_day = cmd->when->end > cmd->when->start ?
	    person_day(ap->arena, ap->person->zone, cmd->when->end - 1) : absence->first_day;
	if (!civil_parse_day(span_of(absence->first_day), &first) ||
	    !civil_parse_day(span_of(absence->last_day), &last) ||
	    last - first > ABSENCE_LONGEST) {
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "An absence lasts two years at most.");
		return false;
	}
	return cmd->cover == NULL || read_cover(ap, cmd, absence);
}

static enum day_half
half_of(const struct reading_command *cmd)
{
	for (enum day_half half = HALF_MORNING; half <= HALF_AFTERNOON; half++)
		if (cmd->half != NULL && strcmp(cmd->half, day_half_name(half)) == 0)
			return half;
	return cmd->flag ? HALF_SOME : HALF_NONE;
}

/* " for half a day", " in the morning", " each morning" */
static const char *
half_text(struct apply *ap, const struct absence *absence)
{
	bool one = strcmp(absence->first_day, absence->last_day) == 0;
	const char *name = day_half_name(absence->half_day);

	if (absence->half_day == HALF_NONE)
		return "";
	if (name == NULL)
		return one ? " for half a day" : " for half of each day";
	return arena_printf(ap->arena, one ? " in the %s" : " each %s", name);
}

static enum td_status
do_off(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct absence absence = {
	    .person_id = ap->person->id,
	    .kind = cmd->word != NULL ? cmd->word : "off",
	    .half_day = half_of(cmd),
	    .note = cmd->text,
	    .message_id = ap->message_id,
	    .created_at = ap->now,
	};
	struct absence *others;
	size_t n;
	enum td_status status;

	if (!read_off(ap, cmd, &absence))
		return TD_OK;
	status = absence_list(ap->db, ap->arena, ap->person->id, absence.first_day,
	    absence.last_day, &others, &n, err);
	if (status == TD_OK && n > 0)
		apply_note(ap, "You were away on some of these days already (%s to %s).",
		    others[0].first_day, others[0].last_day);
	if (status == TD_OK)
		status = absence_add(ap->db, &absence, err);
	if (status == TD_OK)
		status = absence_event(ap, NULL, &absence, err);
	if (status != TD_OK)
		return status;
	if (strcmp(absence.first_day, absence.last_day) == 0)
		apply_did(ap, cmd->line, cmd->source, "You are away on %s%s.", absence.first_day,
		    half_text(ap, &absence));
	else
		apply_did(ap, cmd->line, cmd->source, "You are away from %s to %s%s.",
		    absence.first_day, absence.last_day, half_text(ap, &absence));
	return TD_OK;
}

/* Off for the whole of today, or of the day that a prompt asked about. */
static enum td_status
do_away(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct reading_command off = *cmd;
	struct reading_when today = {.precision = WHEN_DAY, .local = ap->told_day,
	    .zone = ap->person->zone};
	const struct zone *zone;
	int64_t day;

	if (zone_get(ap->person->zone, &zone, NULL) != TD_OK)
		zone = zone_utc();
	today.start = today.end = civil_parse_day(span_of(ap->told_day), &day)
	    ? zone_day_start(zone, day) : ap->anchor;
	off.when = &today;
	return do_off(ap, &off, err);
}

static enum td_status
cut(struct apply *ap, const struct absence *before, const char *last_day, struct err *err)
{
	struct absence after = *before;
	enum td_status status = absence_cut(ap->db, before, last_day, ap->now, err);

	if (strcmp(last_day, before->first_day) < 0)
		after.ended_at = ap->now;
	else
		after.last_day = last_day;
	return status == TD_OK ? absence_event(ap, before, &after, err) : status;
}

/* A morning off, and it is over: what is past stays as it was. */
static bool
is_past_morning(const struct apply *ap, const struct absence *absence)
{
	const struct zone *zone;
	struct hours hours;

	return absence->half_day == HALF_MORNING &&
	    zone_get(ap->person->zone, &zone, NULL) == TD_OK &&
	    hours_parse(span_of(ap->person->hours), &hours, NULL) == TD_OK &&
	    !hours_in_half(&hours, zone, ap->anchor, HALF_MORNING);
}

static enum td_status
do_back(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct absence *absences;
	size_t n;
	int64_t today = 0;
	char yesterday[CIVIL_TEXT];
	bool any = false;
	enum td_status status = absence_list(ap->db, ap->arena, ap->person->id, ap->day, ap->day,
	    &absences, &n, err);

	if (status != TD_OK)
		return status;
	if (n == 0 || !civil_parse_day(span_of(ap->day), &today)) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "You are not away today.");
		return TD_OK;
	}
	civil_format_day(today - 1, yesterday);
	for (size_t i = 0; status == TD_OK && i < n; i++) {
		bool past = is_past_morning(ap, &absences[i]);

		if (past && strcmp(absences[i].last_day, ap->day) == 0)
			continue;
		any = true;
		status = cut(ap, &absences[i],
		    past ? ap->day : arena_strdup(ap->arena, yesterday), err);
	}
	if (status == TD_OK && !any)
		apply_refuse(ap, cmd->line, cmd->source, NULL,
		    "Your morning off is past: nothing is left of it that could end.");
	else if (status == TD_OK)
		apply_did(ap, cmd->line, cmd->source, "You are back since %s.", ap->day);
	return status;
}

/* ---- own settings -------------------------------------------------------------------------- */

/* The field that a verb sets; the grammar has checked the value. */
static const struct {
	const char *verb;
	const char *label;
	size_t offset;
} settings[] = {
    {"ack", "acknowledgements", offsetof(struct person, ack)},
    {"checkin", "check-in", offsetof(struct person, checkin)},
    {"digest", "digest", offsetof(struct person, digest)},
    {"lang", "language", offsetof(struct person, lang)},
};

static const char *
setting_json(struct apply *ap, const char *name, const char *value)
{
	struct buf json;
	struct jsonw w;
	const char *text;

	buf_init(&json, 4096);
	jsonw_init(&w, &json, 0);
	jsonw_object(&w);
	jsonw_put(&w, name, value);
	jsonw_end(&w);
	text = arena_span(ap->arena, buf_span(&json));
	buf_release(&json);
	return text;
}

static void
patch_text(struct apply *ap, const char **field, const struct json_t *fields, const char *key)
{
	const char *value = json_string_value(json_object_get(fields, key));

	if (value != NULL)
		*field = arena_strdup(ap->arena, value);
}

void
apply_patch_person(struct apply *ap, struct person *person, const struct json_t *fields)
{
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		const char **field = (const char **)(void *)((char *)person + settings[i].offset);

		patch_text(ap, field, fields, settings[i].verb);
	}
	patch_text(ap, &person->zone, fields, "zone");
	patch_text(ap, &person->hours, fields, "hours");
}

static enum td_status
do_setting(struct apply *ap, const struct reading_command *cmd, size_t which, struct err *err)
{
	struct person *after = arena_alloc(ap->arena, sizeof *after);
	const char **field = (const char **)(void *)((char *)after + settings[which].offset);
	const char *value = cmd->none ? "off" : cmd->word;
	const char *before;
	enum td_status status;

	if (value == NULL) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "To what?");
		return TD_OK;
	}
	/* no digest goes to guests: to say that one comes would be untrue */
	if (strcmp(settings[which].verb, "digest") == 0 && strcmp(value, "off") != 0 &&
	    !apply_may(ap, RIGHT_WORK, cmd->line, cmd->source))
		return TD_OK;
	*after = *ap->person;
	before = setting_json(ap, settings[which].verb, *field);
	*field = value;
	status = person_update(ap->db, after, err);
	if (status == TD_OK)
		status = apply_event(ap, "person", after->id, "change", before,
		    setting_json(ap, settings[which].verb, value), err);
	if (status != TD_OK)
		return status;
	/* a second setting in the same mail must not bring the old value back */
	ap->person = after;
	apply_did(ap, cmd->line, cmd->source, "Your %s: %s.", settings[which].label, value);
	return TD_OK;
}

enum td_status
apply_self_command(struct apply *ap, const struct reading_command *cmd, bool *known_r,
    struct err *err)
{
	*known_r = true;
	if (strcmp(cmd->verb, "off") == 0)
		return do_off(ap, cmd, err);
	if (strcmp(cmd->verb, "away") == 0)
		return do_away(ap, cmd, err);
	if (strcmp(cmd->verb, "back") == 0)
		return do_back(ap, cmd, err);
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (strcmp(cmd->verb, settings[i].verb) == 0)
			return do_setting(ap, cmd, i, err);
	*known_r = false;
	return TD_OK;
}
