/* SPDX-License-Identifier: ISC */
/* form: see form.h. */
#include "config.h"

#include "daemon/intake/form.h"

#include <string.h>

#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "parsers/when.h"
#include "daemon/store/setting.h"

#define ANSWER_MAX 300u
#define TAGS_MAX 10

/* ---- may it act? ----------------------------------------------------------------------------- */

static const struct conf_form *
find_form(struct arena *arena, const struct reading *reading, const struct conf *conf)
{
	const char *from = reading->message.from != NULL ?
	    admit_lower(arena, reading->message.from) : "";

	for (size_t i = 0; i < conf->n_forms; i++)
		if (strcmp(admit_lower(arena, conf->forms[i].from), from) == 0)
			return &conf->forms[i];
	return NULL;
}

/* What a web server sends is marked as automatic, and rightly; replies and lists are no forms. */
static bool
may_be_form(enum auto_kind kind)
{
	return kind == AUTO_NONE || kind == AUTO_OTHER || kind == AUTO_BULK;
}

static enum td_status
aside(struct arena *arena, const struct conf_form *form, const char *why, struct admission *adm)
{
	adm->verdict = ADMIT_QUARANTINE;
	adm->why = arena_printf(arena, "form %s: %s", form->name, why);
	return TD_OK;
}

/* The teams that the mail is for and that the form's person works in. */
static enum td_status
keep_teams(const struct conf_form *form, const struct admit_lookup *lookup,
    const struct person *person, struct admission *adm, struct err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < adm->n_teams; i++) {
		struct admit_team team = adm->teams[i];
		enum td_status status = lookup->role(lookup->user, team.team->id, person->id,
		    &team.role, err);

		if (status != TD_OK)
			return status;
		if (role_may(team.role, RIGHT_WORK) && (form->to == NULL ||
		    span_ieq(span_of(form->to), span_of(team.team->address))))
			adm->teams[n++] = team;
	}
	adm->n_teams = n;
	adm->n_strange = 0;
	return TD_OK;
}

enum td_status
form_admit(struct arena *arena, const struct reading *reading, const struct conf *conf,
    const struct admit_lookup *lookup, struct admission *adm, const struct conf_form **form_r,
    struct err *err)
{
	const struct conf_form *form = find_form(arena, reading, conf);
	const struct person *person = NULL;
	enum td_status status;

	if (form == NULL || adm->person != NULL || adm->level == 0 ||
	    !may_be_form(reading->auto_kind))
		return TD_OK;
	if (adm->level < 2 && conf->trust.mode != CONF_TRUST_ENVELOPE)
		return aside(arena, form, "the sender's domain is not authenticated", adm);
	status = lookup->person(lookup->user, admit_lower(arena, form->as), &person, err);
	if (status == TD_OK && person == NULL)
		return aside(arena, form, "nobody has the address that it acts for", adm);
	if (status == TD_OK)
		status = keep_teams(form, lookup, person, adm, err);
	if (status != TD_OK)
		return status;
	if (adm->n_teams == 0)
		return aside(arena, form, "its person is no member of the team", adm);
	adm->verdict = ADMIT_APPLY;
	adm->why = NULL;
	adm->level = 2;
	adm->person = person;
	*form_r = form;
	return TD_OK;
}

/* ---- how many ------------------------------------------------------------------------------- */

static const char *
counter_name(struct arena *arena, const struct conf_form *form)
{
	return arena_printf(arena, "form:%s", form->name);
}

/* The value is "DAY COUNT". */
enum td_status
form_count(struct db *db, struct arena *arena, const struct conf_form *form, int64_t now,
    uint32_t *n_r, struct err *err)
{
	const char *value = NULL;
	struct span rest, day;
	enum td_status status = setting_get(db, arena, counter_name(arena, form), &value, err);

	if (status != TD_OK)
		return status;
	rest = span_of(value != NULL ? value : "");
	if (!span_next_word(&rest, &day) || !span_is(day, person_day(arena, "UTC", now)) ||
	    !num_u32(span_trim(rest), UINT32_MAX - 1, n_r))
		*n_r = 0;
	return TD_OK;
}

enum td_status
form_counted(struct db *db, struct arena *arena, const struct conf_form *form, int64_t now,
    struct err *err)
{
	uint32_t n = 0;
	enum td_status status = form_count(db, arena, form, now, &n, err);

	return status != TD_OK ? status : setting_set(db, counter_name(arena, form),
	    arena_printf(arena, "%s %u", person_day(arena, "UTC", now), (unsigned)n + 1), err);
}

/* ---- what it says ---------------------------------------------------------------------------- */

/* What follows the question on its line; false when the line does not ask it. */
static bool
asks(struct span line, const char *question, struct span *answer_r)
{
	struct span q = span_trim(span_of(question)), rest;
	bool marked;

	line = span_trim(line);
	while (q.len > 0 && (q.ptr[q.len - 1] == ':' || q.ptr[q.len - 1] == ' '))
		q.len--;
	if (q.len == 0 || !span_istarts(line, q))
		return false;
	rest = span_trim(span_skip(line, q.len));
	marked = q.ptr[q.len - 1] == '?';
	if (rest.len > 0 && *rest.ptr == '?' && !marked) {
		rest = span_trim(span_skip(rest, 1));
		marked = true;
	}
	if (rest.len > 0 && *rest.ptr == ':')
		rest = span_trim(span_skip(rest, 1));
	else if (rest.len > 0 && !marked)
		return false;
	*answer_r = rest;
	return true;
}

/* The answer on the line of the question, or on the first one below that is not empty. */
static const char *
answer_to(struct arena *arena, const struct reading *reading, const char *question)
{
	struct span rest = span_of(reading->text), line, answer = SPAN("");

	if (question == NULL)
		return NULL;
	while (span_next_line(&rest, &line)) {
		if (!asks(line, question, &answer))
			continue;
		while (answer.len == 0 && span_next_line(&rest, &line))
			answer = span_trim(line);
		answer = utf8_cut(answer, ANSWER_MAX);
		return answer.len > 0 ? arena_span(arena, answer) : NULL;
	}
	return NULL;
}

static enum priority
priority_of(const char *answer)
{
	static const char *const words[][2] = {{"p1", "urgent"}, {"p2", "high"}, {"p3", "normal"},
	    {"p4", "low"}};

	for (size_t i = 0; answer != NULL && i < 4; i++)
		if (span_iis(span_of(answer), words[i][0]) || span_iis(span_of(answer),
		    words[i][1]))
			return (enum priority)(PRIORITY_P1 + i);
	return PRIORITY_NONE;
}

static void
take_tags(struct arena *arena, const char *answer, struct reading_fields *fields)
{
	struct span rest = span_of(answer != NULL ? answer : ""), tag;
	size_t cap = 0;

	while (fields->n_tags < TAGS_MAX && span_next_field(&rest, ',', &tag)) {
		tag = span_trim(tag);
		if (tag.len > 0 && *tag.ptr == '#')
			tag = span_skip(tag, 1);
		if (tag.len > 0 && tag.len <= 50 && span_find_byte(tag, ' ') == tag.len)
			*ARENA_PUSH(arena, fields->tags, fields->n_tags, cap) =
			    arena_span(arena, tag);
	}
}

static void
take_due(struct arena *arena, const char *answer, const char *zone, int64_t anchor,
    struct reading_fields *fields)
{
	const struct when_context context = {.anchor = anchor, .zone = zone, .tense = WHEN_FUTURE};
	struct refusal refusal = {NULL, NULL};

	if (answer != NULL && !when_parse(arena, span_of(answer), &context, &fields->due, &refusal))
		fields->due = NULL; /* it stands in the body as it was written */
}

static bool
is_word(const char *text)
{
	size_t n = strlen(text);

	return n <= 50 && strcspn(text, " \t#+@/") == n;
}

const struct reading *
form_reading(struct arena *arena, const struct reading *reading, const struct conf_form *form,
    const char *zone, int64_t now)
{
	struct reading *made = arena_alloc(arena, sizeof *made);
	const char *owner = answer_to(arena, reading, form->owner);
	const char *project = answer_to(arena, reading, form->project);

	made->version = reading->version;
	made->message = reading->message;
	made->message.in_reply_to = NULL; /* an item is made, whatever the mail claims to answer */
	made->message.n_references = 0;
	made->target.kind = KIND_TASK;
	/* the first line keeps what is below from being read as a block of fields */
	made->text = arena_printf(arena, "Form %s, %s\n\n%s", form->name, reading->message.from,
	    reading->text);
	made->fields.title = answer_to(arena, reading, form->title);
	take_due(arena, answer_to(arena, reading, form->due), zone, now, &made->fields);
	made->fields.priority = priority_of(answer_to(arena, reading, form->priority));
	take_tags(arena, answer_to(arena, reading, form->tags), &made->fields);
	if (project != NULL && is_word(project))
		made->fields.project = project;
	if (owner != NULL) {
		made->fields.owners = arena_array(arena, 1, sizeof *made->fields.owners);
		made->fields.owners[0] = *owner == '@' ? owner + 1 : owner;
		made->fields.n_owners = 1;
	}
	return made;
}
