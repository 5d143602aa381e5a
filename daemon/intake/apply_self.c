/* SPDX-License-Identifier: ISC */
/* apply_self: what a person says of themselves: absences and the settings of their own mail. */
#include "config.h"

#include "daemon/intake/apply.h"

#include <string.h>

#include "daemon/model/json.h"
#include "parsers/base/civil.h"
#include "daemon/store/absence.h"
#include "daemon/store/person.h"

#define ABSENCE_LONGEST (2 * 366) /* days */

/* ---- absence ------------------------------------------------------------------------------- */

static enum td_status
absence_event(struct apply *ap, const struct absence *before, const struct absence *after,
    int64_t id, struct err *err)
{
	const struct absence *both[2] = {before, after};
	struct buf json[2];
	enum td_status status;

	for (size_t i = 0; i < 2; i++) {
		const struct absence *a = both[i];

		buf_init(&json[i], 1u << 16);
		if (a == NULL)
			continue;
		json_open(&json[i]);
		json_put_text(&json[i], "first_day", a->first_day);
		json_put_text(&json[i], "last_day", a->last_day);
		json_put_text(&json[i], "kind", a->kind);
		json_put_i64(&json[i], "half_day", a->half_day);
		json_put_i64(&json[i], "cover", a->cover_id);
		json_put_text(&json[i], "note", a->note);
		json_put_i64(&json[i], "ended_at", a->ended_at);
		json_close(&json[i]);
	}
	status = apply_event(ap, "absence", id, before == NULL ? "create" : "change",
	    before != NULL ? json[0].ptr : NULL, after != NULL ? json[1].ptr : NULL, err);
	buf_release(&json[0]);
	buf_release(&json[1]);
	return status;
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
	if (cmd->cover != NULL) {
		const struct member *cover = apply_find_member(ap, cmd->cover, cmd->line,
		    cmd->source);

		if (cover == NULL)
			return false;
		absence->cover_id = cover->person.id;
	}
	return true;
}

static enum td_status
do_off(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct absence absence = {
	    .person_id = ap->person->id,
	    .kind = cmd->word != NULL ? cmd->word : "off",
	    .half_day = cmd->flag,
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
		status = absence_event(ap, NULL, &absence, absence.id, err);
	if (status != TD_OK)
		return status;
	if (strcmp(absence.first_day, absence.last_day) == 0)
		apply_did(ap, cmd->line, cmd->source, "You are away on %s%s.", absence.first_day,
		    absence.half_day ? " for half a day" : "");
	else
		apply_did(ap, cmd->line, cmd->source, "You are away from %s to %s.",
		    absence.first_day, absence.last_day);
	return TD_OK;
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
	return status == TD_OK ? absence_event(ap, before, &after, before->id, err) : status;
}

static enum td_status
do_back(struct apply *ap, const struct reading_command *cmd, struct err *err)
{
	struct absence *absences;
	size_t n;
	int64_t today = 0;
	char yesterday[CIVIL_TEXT];
	enum td_status status = absence_list(ap->db, ap->arena, ap->person->id, ap->day, ap->day,
	    &absences, &n, err);

	if (status != TD_OK)
		return status;
	if (n == 0 || !civil_parse_day(span_of(ap->day), &today)) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "You are not away today.");
		return TD_OK;
	}
	civil_format_day(today - 1, yesterday);
	for (size_t i = 0; status == TD_OK && i < n; i++)
		status = cut(ap, &absences[i], arena_strdup(ap->arena, yesterday), err);
	if (status == TD_OK)
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

static enum td_status
do_setting(struct apply *ap, const struct reading_command *cmd, size_t which, struct err *err)
{
	struct person after = *ap->person, *changed;
	const char **field = (const char **)(void *)((char *)&after + settings[which].offset);
	const char *old = *field;
	const char *value = cmd->none ? "off" : cmd->word;
	struct buf before_json, after_json;
	enum td_status status;

	if (value == NULL) {
		apply_refuse(ap, cmd->line, cmd->source, NULL, "To what?");
		return TD_OK;
	}
	*field = value;
	status = person_update(ap->db, &after, err);
	buf_init(&before_json, 4096);
	buf_init(&after_json, 4096);
	json_open(&before_json);
	json_put_text(&before_json, settings[which].verb, old);
	json_close(&before_json);
	json_open(&after_json);
	json_put_text(&after_json, settings[which].verb, value);
	json_close(&after_json);
	if (status == TD_OK)
		status = apply_event(ap, "person", ap->person->id, "change", before_json.ptr,
		    after_json.ptr, err);
	buf_release(&before_json);
	buf_release(&after_json);
	if (status != TD_OK)
		return status;
	/* a second setting in the same mail must not bring the old value back */
	changed = arena_alloc(ap->arena, sizeof *changed);
	*changed = after;
	ap->person = changed;
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
	if (strcmp(cmd->verb, "back") == 0)
		return do_back(ap, cmd, err);
	if (strcmp(cmd->verb, "help") == 0) {
		ap->wants_help = true;
		return TD_OK;
	}
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (strcmp(cmd->verb, settings[i].verb) == 0)
			return do_setting(ap, cmd, i, err);
	*known_r = false;
	return TD_OK;
}
