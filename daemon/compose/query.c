/* SPDX-License-Identifier: ISC */
/* query: see query.h. Here: which question, help, lists, and what all answers are made with. */
#include "config.h"

#include "daemon/compose/query.h"

#include <stdarg.h>
#include <string.h>

#include "parsers/base/civil.h"
#include "parsers/base/utf8.h"
#include "parsers/duration.h"
#include "parsers/verb.h"
#include "daemon/compose/query-private.h"
#include "daemon/store/item.h"
#include "daemon/store/person.h"

#define LIST_MAX 100
#define JSON_MAX (8u << 20)
#define HELP_MAX 65536u

/* ---- lines, names, times --------------------------------------------------------------------- */

void
asking_line(struct asking *a, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	*ARENA_PUSH(a->arena, a->answer->lines, a->answer->n_lines, a->cap_lines) =
	    arena_vprintf(a->arena, fmt, args);
	va_end(args);
}

void
asking_text(struct asking *a, const char *text, size_t max)
{
	struct span rest = utf8_cut(span_of(text), max), line;
	bool cut = rest.len < strlen(text);

	while (span_next_line(&rest, &line))
		asking_line(a, "  %.*s", SPAN_FMT(line));
	if (cut)
		asking_line(a, "  (cut here)");
}

void
asking_refuse(struct asking *a, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	a->answer->why = arena_vprintf(a->arena, fmt, args);
	va_end(args);
}

static const struct member *
member_of(const struct asking *a, int64_t person_id)
{
	for (size_t i = 0; i < a->n_members; i++)
		if (a->members[i].person.id == person_id)
			return &a->members[i];
	return NULL;
}

const char *
asking_name(const struct asking *a, int64_t person_id)
{
	const struct member *member = member_of(a, person_id);

	return member != NULL ? member->person.name : "somebody";
}

const char *
asking_day(const struct asking *a, int64_t at)
{
	char text[CIVIL_TEXT];

	civil_format_day(zone_local_day(a->zone, at), text);
	return arena_strdup(a->arena, text);
}

const char *
asking_moment(const struct asking *a, int64_t at)
{
	struct civil local;

	zone_to_local(a->zone, at, &local);
	return arena_printf(a->arena, "%s %02d:%02d (%s)", asking_day(a, at), local.hour,
	    local.minute, zone_name(a->zone));
}

const char *
asking_amount(const struct asking *a, int64_t seconds)
{
	char text[32];

	duration_format(seconds, text);
	return arena_strdup(a->arena, text);
}

const char *
asking_owners(const struct asking *a, const struct item *item, bool all)
{
	const char *text = NULL;

	for (size_t i = 0; i < item->n_owners; i++) {
		const struct member *member = member_of(a, item->owners[i]);

		if (member != NULL && text != NULL && !all)
			return arena_printf(a->arena, "%s and others", text);
		if (member != NULL)
			text = text == NULL ? member->person.name :
			    arena_printf(a->arena, "%s, %s", text, member->person.name);
	}
	if (text != NULL)
		return text;
	return item->n_owners > 0 && all ? "nobody; who had it has left" : "nobody";
}

const char *
asking_due(const struct asking *a, const struct item *item)
{
	size_t t = item->due_day != NULL ? span_find_byte(span_of(item->due_day), 'T') : 0;

	if (item->due_at == 0)
		return NULL;
	if (item->due_day == NULL)
		return asking_moment(a, item->due_at);
	if (item->due_day[t] == '\0')
		return item->due_day;
	return arena_printf(a->arena, "%.*s %s (%s)", (int)t, item->due_day, item->due_day + t + 1,
	    item->due_zone != NULL ? item->due_zone : "UTC");
}

const char *
asking_item(const struct asking *a, const struct item *item)
{
	const char *due = asking_due(a, item);
	const char *text = arena_printf(a->arena, "#%u %s (%s)", item->number, item->title,
	    asking_owners(a, item, false));

	if (item->outcome != NULL)
		text = arena_printf(a->arena, "%s, decided: %s", text, item->outcome);
	else if (item->state != ITEM_OPEN)
		text = arena_printf(a->arena, "%s, %s", text, item_state_name(item->state));
	if (item->blocked_why != NULL)
		text = arena_printf(a->arena, "%s: %s", text, item->blocked_why);
	if (due != NULL)
		text = arena_printf(a->arena, "%s, due %s", text, due);
	if (item->priority > 0)
		text = arena_printf(a->arena, "%s, p%d", text, (int)item->priority);
	if (item->project != NULL)
		text = arena_printf(a->arena, "%s, +%s", text, item->project);
	for (size_t i = 0; i < item->n_tags; i++)
		text = arena_printf(a->arena, "%s, #%s", text, item->tags[i]);
	return text;
}

const struct member *
asking_member(struct asking *a, const char *who)
{
	const char *why = NULL;
	const struct member *member = person_match(a->arena, a->members, a->n_members,
	    span_of(who), a->query->reader_id, &why);

	if (member == NULL)
		asking_refuse(a, "%s: %s.", who, why);
	return member;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

void
asking_json_text(struct asking *a, const char *key, const char *text)
{
	jsonw_key(&a->json, key);
	jsonw_string(&a->json, text);
}

void
asking_json_time(struct asking *a, const char *key, int64_t at)
{
	char text[CIVIL_TEXT];

	if (at != 0)
		civil_format_rfc3339(at, 0, text);
	asking_json_text(a, key, at != 0 ? text : NULL);
}

void
asking_json_person(struct asking *a, const char *key, int64_t person_id)
{
	const struct member *member = member_of(a, person_id);

	asking_json_text(a, key, member != NULL ? member->person.handle : NULL);
}

void
asking_json_item(struct asking *a, const struct item *item)
{
	struct jsonw *w = &a->json;

	jsonw_put_int(w, "number", item->number);
	jsonw_put(w, "kind", item->kind);
	jsonw_put(w, "title", item->title);
	jsonw_put(w, "state", item_state_name(item->state));
	asking_json_text(a, "blocked_why", item->blocked_why);
	jsonw_key(w, "owners");
	jsonw_list(w);
	for (size_t i = 0; i < item->n_owners; i++) {
		const struct member *member = member_of(a, item->owners[i]);

		jsonw_string(w, member != NULL ? member->person.handle : NULL);
	}
	jsonw_end(w);
	asking_json_text(a, "project", item->project);
	jsonw_put_int(w, "priority", item->priority);
	asking_json_time(a, "due_at", item->due_at);
	asking_json_text(a, "due", item->due_day);
	jsonw_key(w, "tags");
	jsonw_list(w);
	for (size_t i = 0; i < item->n_tags; i++)
		jsonw_string(w, item->tags[i]);
	jsonw_end(w);
	if (item_is_decision(item)) {
		asking_json_text(a, "outcome", item->outcome);
		asking_json_text(a, "outcome_how", item->outcome_how);
		asking_json_text(a, "outcome_why", item->outcome_why);
	}
}

/* ---- help ------------------------------------------------------------------------------------ */

/* Does the line go on with the sentence before it? What was written for 80 columns is wrapped anew
 * by the mail. */
static bool
goes_on(const char *before, struct span line)
{
	size_t len = before != NULL ? strlen(before) : 0;

	return len > 0 && *before != ' ' && *before != '/' && *line.ptr != ' ' &&
	    strchr(".:", before[len - 1]) == NULL;
}

static void
help_lines(struct asking *a, struct span text)
{
	const char *sentence = NULL;
	struct span line;

	while (span_next_line(&text, &line)) {
		if (span_trim(line).len == 0)
			continue;
		if (goes_on(sentence, line)) {
			sentence = arena_printf(a->arena, "%s %.*s", sentence, SPAN_FMT(line));
			continue;
		}
		if (sentence != NULL)
			asking_line(a, "%s", sentence);
		sentence = arena_span(a->arena, line);
	}
	if (sentence != NULL)
		asking_line(a, "%s", sentence);
}

static enum td_status
query_help(struct asking *a, struct err *err)
{
	const char *word = a->question->word;
	const struct verb *verb = word != NULL ? verb_find(span_of(word)) : NULL;
	struct buf text;

	buf_init(&text, HELP_MAX);
	verb_help(verb, &text);
	if (verb != NULL)
		a->answer->title = arena_printf(a->arena, "About /%s:", verb->name);
	else
		a->answer->title = "A normal mail is enough. These lines are commands:";
	help_lines(a, buf_span(&text));
	jsonw_string(&a->json, text.ptr);
	buf_release(&text);
	return TD_OK;
}

/* ---- list ------------------------------------------------------------------------------------ */

/* The moment at which the reader's day, week or month ends. */
static int64_t
end_of(const struct asking *a, struct span what)
{
	int64_t day = zone_local_day(a->zone, a->query->now);
	struct civil local;

	if (span_is(what, "tomorrow"))
		day += 1;
	if (span_is(what, "week"))
		day += SUNDAY - civil_weekday(day);
	if (span_is(what, "month")) {
		civil_from_days(day, &local);
		day += civil_month_days(local.year, local.month) - local.day;
	}
	/* what is due on a day is due at its very end: that belongs to it */
	return zone_day_start(a->zone, day + 1) + 1;
}

struct listing {
	struct item_filter filter;
	bool done, unowned, tasks, open;
};

static void
take_word(struct asking *a, struct listing *l, struct span word)
{
	if (span_is(word, "mine"))
		l->filter.owner_id = a->query->reader_id;
	else if (span_is(word, "blocked"))
		l->filter.blocked_only = true;
	else if (span_is(word, "overdue"))
		l->filter.due_before = a->query->now;
	else if (span_is(word, "done"))
		l->done = true;
	else if (span_is(word, "unowned"))
		l->unowned = true;
	else if (span_is(word, "open"))
		l->open = true;
	else if (span_is(word, "decisions"))
		l->filter.kind = "decision";
	else if (span_is(word, "tasks"))
		l->tasks = true;
	else if (span_istarts(word, SPAN("due:")))
		l->filter.due_before = end_of(a, span_skip(word, 4));
	if (span_is(word, "all") || span_is(word, "done"))
		l->filter.open_only = false;
}

static bool
read_filter(struct asking *a, struct listing *l)
{
	const struct reading_command *q = a->question;
	struct span rest = span_of(q->word != NULL ? q->word : ""), word;

	l->filter.team_id = a->query->team->id;
	l->filter.open_only = true;
	l->filter.limit = 1000;
	l->filter.project = q->project;
	l->filter.tag = q->n_tags > 0 ? utf8_fold(a->arena, span_of(q->tags[0])) : NULL;
	while (span_next_word(&rest, &word)) {
		if (span_is(word, "mine") && a->query->reader_id == 0) {
			asking_refuse(a, "Whose? Nobody of the team asks; name a person.");
			return false;
		}
		take_word(a, l, word);
	}
	/* the log of decisions has those that were made */
	if (l->filter.kind != NULL && !l->open)
		l->filter.open_only = false;
	if (q->n_people > 1) {
		asking_refuse(a, "One person at a time.");
		return false;
	}
	if (q->n_people == 1) {
		const struct member *member = asking_member(a, q->people[0]);

		if (member == NULL)
			return false;
		l->filter.owner_id = member->person.id;
	}
	return true;
}

static bool
has_tag(const struct item *item, const char *tag)
{
	for (size_t i = 0; i < item->n_tags; i++)
		if (span_ieq(span_of(item->tags[i]), span_of(tag)))
			return true;
	return false;
}

static bool
passes(const struct asking *a, const struct listing *l, const struct item *item)
{
	for (size_t i = 0; i < a->question->n_tags; i++)
		if (!has_tag(item, a->question->tags[i]))
			return false;
	return !(l->done && item->state != ITEM_DONE) && !(l->unowned && item->n_owners > 0) &&
	    !(l->tasks && item_is_decision(item));
}

/* "+web blocked #bug @ben" */
static const char *
filter_text(const struct asking *a)
{
	const struct reading_command *q = a->question;
	const char *text = q->word != NULL ? arena_printf(a->arena, " %s", q->word) : "";

	if (q->project != NULL)
		text = arena_printf(a->arena, "%s +%s", text, q->project);
	for (size_t i = 0; i < q->n_tags; i++)
		text = arena_printf(a->arena, "%s #%s", text, q->tags[i]);
	for (size_t i = 0; i < q->n_people; i++)
		text = arena_printf(a->arena, "%s @%s", text, q->people[i]);
	return text;
}

enum td_status
query_list(struct asking *a, struct err *err)
{
	struct listing l = {0};
	struct item *items;
	size_t n, shown = 0;
	enum td_status status;

	if (a->question->word != NULL && strcmp(a->question->word, "reminders") == 0)
		return query_reminders(a, err);
	if (!read_filter(a, &l))
		return TD_OK;
	status = item_list(a->query->db, a->arena, &l.filter, &items, &n, err);
	if (status != TD_OK)
		return status;
	jsonw_list(&a->json);
	for (size_t i = 0; i < n; i++) {
		if (!passes(a, &l, &items[i]))
			continue;
		if (shown++ < LIST_MAX)
			asking_line(a, "%s", asking_item(a, &items[i]));
		jsonw_object(&a->json);
		asking_json_item(a, &items[i]);
		jsonw_end(&a->json);
	}
	jsonw_end(&a->json);
	if (shown > LIST_MAX)
		asking_line(a, "%zu more are not shown; a filter narrows the list.",
		    shown - LIST_MAX);
	a->answer->title = arena_printf(a->arena, "list%s: %zu %s", filter_text(a), shown,
	    shown == 1 ? "item" : "items");
	return TD_OK;
}

/* ---- which ----------------------------------------------------------------------------------- */

static const struct {
	const char *verb;
	enum td_status (*fn)(struct asking *a, struct err *err);
} questions[] = {
    {"help", query_help}, {"list", query_list}, {"search", query_search}, {"show", query_show},
    {"timesheet", query_timesheet}, {"who", query_who},
};

bool
query_is(const char *verb)
{
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
		if (strcmp(questions[i].verb, verb) == 0)
			return true;
	return false;
}

enum td_status
query_ask(const struct query *query, const struct reading_command *question,
    struct query_answer *answer_r, struct err *err)
{
	struct query_answer answer = {0};
	struct asking a = {.query = query, .arena = query->arena, .question = question,
	    .answer = &answer};
	struct member *members;
	struct buf json;
	enum td_status status = member_list(query->db, query->arena, query->team->id, &members,
	    &a.n_members, err);

	if (status != TD_OK)
		return status;
	a.members = members;
	if (zone_get(query->zone, &a.zone, NULL) != TD_OK)
		a.zone = zone_utc();
	buf_init(&json, JSON_MAX);
	jsonw_init(&a.json, &json, 1);
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
		if (strcmp(questions[i].verb, question->verb) == 0)
			status = questions[i].fn(&a, err);
	answer.json = arena_strdup(query->arena, json.ptr != NULL ? json.ptr : "null");
	buf_release(&json);
	if (status == TD_OK)
		*answer_r = answer;
	return status;
}
