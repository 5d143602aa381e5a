/* SPDX-License-Identifier: ISC */
/* gather-team: what the others told: updates, time, goals, absences. See gather.h. */
#include "config.h"

#include "daemon/compose/gather-private.h"

#include <string.h>

#include "daemon/model/hours.h"
#include "daemon/store/entry.h"
#include "daemon/store/holiday.h"
#include "daemon/store/item.h"
#include "daemon/store/status_update.h"
#include "parsers/base/num.h"
#include "parsers/base/utf8.h"

#define TICKED "[x] " /* before a goal that was reached, as the parser keeps it */
#define LINES_MAX 20 /* of a section of one person */
#define GOALS_MAX 50
#define PROJECT_MAX 100000 /* items of one that are counted */

/* ---- updates and time ---- */

/* "#10" alone says nothing to others: the title goes with it. */
const char *
gather_line(const struct gathering *g, const struct update_line *line)
{
	struct item *item = NULL;
	int64_t number;

	if (line->item_id == 0 || *line->text != '#' ||
	    !num_i64(span_of(line->text + 1), 1, UINT32_MAX, &number) ||
	    item_by_id(g->db, g->arena, line->item_id, &item, g->err) != TD_OK || item == NULL)
		return line->text;
	return arena_printf(g->arena, "%s %s", line->text, item->title);
}

static void
add_lines(const struct gathering *g, const struct status_update *update, const char *section,
    const char ***lines, size_t *n)
{
	for (size_t i = 0; i < update->n_lines; i++) {
		bool known = false;
		const char *text;

		if (strcmp(update->lines[i].section, section) != 0 || *n == LINES_MAX)
			continue;
		text = gather_line(g, &update->lines[i]);
		if (*lines == NULL)
			*lines = arena_array(g->arena, LINES_MAX, sizeof **lines);
		for (size_t k = 0; k < *n; k++)
			known = known || strcmp((*lines)[k], text) == 0;
		if (!known)
			(*lines)[(*n)++] = text;
	}
}

/*
 * Updates are kept by the writer's date. One that was written after the digest before this one,
 * for a day that was over for the reader then, would be told by neither: it is told now.
 */
static bool
is_told(const struct gathering *g, const struct status_update *update)
{
	return strcmp(update->day, gather_day(g, g->first)) >= 0 ||
	    (g->request->since != 0 && update->updated_at >= g->request->since);
}

/* Whether it tells of a block; a line about an item that is closed by now does not. */
static bool
tells_block(const struct gathering *g, const struct status_update *update)
{
	for (size_t i = 0; i < update->n_lines; i++) {
		const struct update_line *line = &update->lines[i];
		bool open = line->item_id == 0;

		if (strcmp(line->section, "blocked") != 0)
			continue;
		for (size_t k = 0; k < g->n_items && !open; k++)
			open = g->items[k].id == line->item_id;
		if (open)
			return true;
	}
	return false;
}

/* Whether a later update says that a plan came: by its item, or in the same words. */
static bool
says_done(const struct gathering *g, const struct status_update *later,
    const struct update_line *plan)
{
	const char *words = utf8_fold(g->arena, span_trim(span_of(plan->text)));

	for (size_t i = 0; i < later->n_lines; i++) {
		const struct update_line *line = &later->lines[i];

		if (strcmp(line->section, "done") != 0)
			continue;
		if (plan->item_id != 0 && line->item_id == plan->item_id)
			return true;
		if (strstr(utf8_fold(g->arena, span_of(line->text)), words) != NULL)
			return true;
	}
	return false;
}

static bool
is_item_open(const struct gathering *g, int64_t item_id)
{
	for (size_t i = 0; i < g->n_items; i++)
		if (g->items[i].id == item_id)
			return true;
	return false;
}

/* What an update had as next, and neither those after it nor its item show as done. */
static void
add_missed(const struct gathering *g, const struct status_update *const *updates, size_t n,
    size_t from, struct digest_update *told)
{
	const struct status_update *plans = updates[from];

	for (size_t i = 0; i < plans->n_lines; i++) {
		const struct update_line *plan = &plans->lines[i];
		bool came = strcmp(plan->section, "next") != 0 ||
		    (plan->item_id != 0 && !is_item_open(g, plan->item_id));

		for (size_t k = from + 1; k < n && !came; k++)
			came = says_done(g, updates[k], plan);
		for (size_t k = 0; k < told->n_missed && !came; k++)
			came = strcmp(told->missed[k], plan->text) == 0;
		if (came || told->n_missed == LINES_MAX)
			continue;
		if (told->missed == NULL)
			told->missed = arena_array(g->arena, LINES_MAX, sizeof *told->missed);
		told->missed[told->n_missed++] = plan->text;
	}
}

/* What the person tells, and what became of the plans before it. */
static enum td_status
add_update(const struct gathering *g, const struct status_update *all, size_t n_all,
    const struct person *person, struct digest_update *told, bool *says_blocked)
{
	const struct status_update **updates = arena_array(g->arena, n_all + 1, sizeof *updates);
	struct status_update *before = NULL;
	size_t n = 1; /* the first is the one before */
	enum td_status status = TD_OK;

	for (size_t i = 0; i < n_all; i++) {
		if (all[i].person_id != person->id || !is_told(g, &all[i]))
			continue;
		updates[n++] = &all[i];
		told->checked_in = true;
		add_lines(g, &all[i], "done", &told->done, &told->n_done);
		/* Plans and blocks of an earlier day are overtaken. */
		told->n_next = told->n_blocked = told->n_notes = 0;
		add_lines(g, &all[i], "next", &told->next, &told->n_next);
		add_lines(g, &all[i], "blocked", &told->blocked, &told->n_blocked);
		add_lines(g, &all[i], "notes", &told->notes, &told->n_notes);
		*says_blocked = tells_block(g, &all[i]);
	}
	if (n > 1)
		status = status_update_before(g->db, g->arena, g->team->id, person->id,
		    updates[1]->day, &before, g->err);
	updates[0] = before;
	for (size_t i = before != NULL ? 0 : 1; status == TD_OK && i + 1 < n; i++)
		add_missed(g, updates, n, i, told);
	return status;
}

static int64_t
seconds_of(const struct entry *entries, size_t n, int64_t person_id)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		if (entries[i].person_id == person_id)
			sum += entries[i].seconds;
	return sum;
}

static bool
is_off(const struct absence *off, size_t n, int64_t person_id, const char *day)
{
	for (size_t i = 0; i < n; i++)
		if (off[i].person_id == person_id && !off[i].half_day &&
		    strcmp(off[i].first_day, day) <= 0 && strcmp(off[i].last_day, day) >= 0)
			return true;
	return false;
}

/* How the days that are told of were for somebody: days of work by their hours, and of these the
 * ones that they had off. */
struct days {
	unsigned work, off;
};

static struct days
count_days(const struct gathering *g, const struct person *person, const struct absence *off,
    size_t n)
{
	struct hours hours;
	bool known = hours_parse(span_of(person->hours), &hours, NULL) == TD_OK;
	struct days days = {0, 0};

	for (int64_t day = g->first; day < g->today; day++) {
		if (known && !hours_works_on(&hours, civil_weekday(day)))
			continue;
		days.work++;
		days.off += is_off(off, n, person->id, gather_day(g, day));
	}
	return days;
}

int64_t
gather_workdays(const struct gathering *g, int64_t day, int64_t most)
{
	struct hours hours;
	bool known = hours_parse(span_of(g->reader->hours), &hours, NULL) == TD_OK;
	int64_t n = 0;

	for (int64_t d = g->today + 1; d <= day && n <= most && d < g->today + GATHER_AHEAD; d++)
		n += (!known || hours_works_on(&hours, civil_weekday(d))) &&
		    !is_off(g->off, g->n_off, g->reader->id, gather_day(g, d));
	return day >= g->today + GATHER_AHEAD ? most + 1 : n;
}

enum td_status
gather_updates(struct gathering *g)
{
	const char *from = gather_day(g, g->first - 1), *to = gather_day(g, g->today - 1);
	struct digest_update *list = arena_array(g->arena, g->n_members + 1, sizeof *list);
	struct status_update *updates;
	struct entry *entries;
	struct absence *absences;
	size_t n = 0, n_updates, n_entries, n_absences;
	enum td_status status;

	if ((status = status_update_list(g->db, g->arena, g->team->id, from, to, &updates,
	         &n_updates, g->err)) != TD_OK ||
	    (status = entry_list(g->db, g->arena, g->team->id, 0, gather_day(g, g->first), to,
	         &entries, &n_entries, g->err)) != TD_OK ||
	    (status = days_off_list(g->db, g->arena, 0, from, to, &absences, &n_absences,
	         g->err)) != TD_OK)
		return status;
	g->says_blocked = arena_array(g->arena, g->n_members + 1, sizeof *g->says_blocked);
	for (size_t i = 0; i < g->n_members; i++) {
		const struct person *person = &g->members[i].person;
		struct digest_update *told = &list[n];
		struct days days;

		if (g->members[i].role == ROLE_GUEST)
			continue;
		told->name = gather_name(g, person->id);
		told->seconds = seconds_of(entries, n_entries, person->id);
		days = count_days(g, person, absences, n_absences);
		told->away = days.work > 0 && days.off == days.work;
		status = add_update(g, updates, n_updates, person, told, &g->says_blocked[i]);
		if (status != TD_OK)
			return status;
		/* Nobody misses a check-in on a day off. */
		if (!told->checked_in && told->seconds == 0 && days.work == 0) {
			*told = (struct digest_update){0};
			continue;
		}
		n++;
	}
	g->digest->updates = list;
	g->digest->n_updates = n;
	return TD_OK;
}

/* ---- goals ---- */

/* "... 7 of 10" or "... 7/10" at the end of a goal. */
static bool
read_figure(struct span text, struct digest_goal *goal)
{
	struct span rest = text, word, last[3] = {SPAN(""), SPAN(""), SPAN("")};
	struct span done, total;
	uint32_t a, b;

	while (span_next_word(&rest, &word)) {
		last[0] = last[1];
		last[1] = last[2];
		last[2] = word;
	}
	done = last[0];
	total = last[2];
	if (!span_iis(last[1], "of")) {
		size_t slash = span_find_byte(last[2], '/');

		done = span_first(last[2], slash);
		total = span_skip(last[2], slash < last[2].len ? slash + 1 : slash);
	}
	if (!num_u32(done, 100000, &a) || !num_u32(total, 100000, &b) || b == 0 || a > b)
		return false;
	goal->done = a;
	goal->total = b;
	return true;
}

/* The goal's text without the figure that is shown beside it, and without ':' before it. */
static const char *
without_figure(const struct gathering *g, const char *text)
{
	struct span s = span_rtrim(span_of(text));
	size_t words = span_ends(s, SPAN("/")) ? 0 : 1;

	if (span_ifind(s, SPAN(" of ")) < s.len)
		words = 3;
	for (; words > 0; words--) {
		while (s.len > 0 && s.ptr[s.len - 1] != ' ')
			s.len--;
		s = span_rtrim(s);
	}
	while (s.len > 0 && strchr(":,-(", s.ptr[s.len - 1]) != NULL)
		s = span_rtrim(span_first(s, s.len - 1));
	return s.len > 0 ? arena_span(g->arena, s) : text;
}

/* How many items of the project are done, where the goal is the name of one. */
static enum td_status
project_figure(const struct gathering *g, struct digest_goal *goal)
{
	struct item_filter filter = {.team_id = g->team->id,
	    .project = *goal->text == '+' ? goal->text + 1 : goal->text,
	    .limit = PROJECT_MAX};
	struct item *items;
	size_t n;
	enum td_status status = item_list(g->db, g->arena, &filter, &items, &n, g->err);

	if (status != TD_OK)
		return status;
	for (size_t i = 0; i < n; i++) {
		if (items[i].state == ITEM_DROPPED)
			continue;
		goal->total++;
		goal->done += items[i].state == ITEM_DONE;
	}
	return TD_OK;
}

/* The next "#41" of the text; false without. */
static bool
next_number(struct span *rest, uint32_t *number_r)
{
	for (size_t at; (at = span_find_byte(*rest, '#')) < rest->len;) {
		size_t n = 0;

		*rest = span_skip(*rest, at + 1);
		while (n < rest->len && rest->ptr[n] >= '0' && rest->ptr[n] <= '9')
			n++;
		if (n > 0 && num_u32(span_first(*rest, n), UINT32_MAX, number_r)) {
			*rest = span_skip(*rest, n);
			return true;
		}
	}
	return false;
}

/* How many of the items that the goal names are done. */
static enum td_status
items_figure(const struct gathering *g, struct digest_goal *goal)
{
	struct span rest = span_of(goal->text);
	uint32_t number;
	enum td_status status = TD_OK;

	while (status == TD_OK && next_number(&rest, &number)) {
		struct item *item = NULL;

		status = item_by_number(g->db, g->arena, g->team->id, number, &item, g->err);
		if (status != TD_OK || item == NULL || item->state == ITEM_DROPPED)
			continue;
		goal->total++;
		goal->done += item->state == ITEM_DONE;
	}
	return status;
}

/* A later line about the same goal takes the place of the earlier one. */
static struct digest_goal *
goal_slot(struct digest_goal *list, size_t *n, const char *text)
{
	for (size_t i = 0; i < *n; i++)
		if (span_ieq(span_of(list[i].text), span_of(text)))
			return &list[i];
	return *n < GOALS_MAX ? &list[(*n)++] : NULL;
}

static enum td_status
add_goal(const struct gathering *g, struct digest_goal *list, size_t *n, const char *text)
{
	struct digest_goal goal = {.text = text}, *slot;

	if (span_starts(span_of(text), SPAN(TICKED))) {
		goal = (struct digest_goal){.text = text + strlen(TICKED), .done = 1, .total = 1};
	} else if (read_figure(span_of(text), &goal)) {
		goal.text = without_figure(g, text);
	} else {
		enum td_status status = items_figure(g, &goal);

		if (status == TD_OK && goal.total == 0)
			status = project_figure(g, &goal);
		if (status != TD_OK)
			return status;
	}
	slot = goal_slot(list, n, goal.text);
	if (slot != NULL)
		*slot = goal;
	return TD_OK;
}

enum td_status
gather_goals(struct gathering *g)
{
	struct digest_goal *list = arena_array(g->arena, GOALS_MAX, sizeof *list);
	int64_t monday = g->today - (int64_t)civil_weekday(g->today);
	struct status_update *updates;
	size_t n = 0, n_updates;
	enum td_status status = status_update_list(g->db, g->arena, g->team->id,
	    gather_day(g, monday), gather_day(g, g->today), &updates, &n_updates, g->err);

	for (size_t i = 0; status == TD_OK && i < n_updates; i++)
		for (size_t k = 0; status == TD_OK && k < updates[i].n_lines; k++)
			if (strcmp(updates[i].lines[k].section, "goals") == 0)
				status = add_goal(g, list, &n, updates[i].lines[k].text);
	g->digest->goals = list;
	g->digest->n_goals = n;
	return status;
}

/* ---- absences ---- */

static const char *
half_key(enum day_half half)
{
	return half == HALF_NONE ? NULL : half == HALF_SOME ? "half" : day_half_name(half);
}

enum td_status
gather_away(struct gathering *g)
{
	struct absence *absences;
	struct digest_away *list;
	const char *today = gather_day(g, g->today);
	size_t n = 0, n_absences;
	enum td_status status =
	    days_off_list(g->db, g->arena, 0, today, today, &absences, &n_absences, g->err);

	if (status != TD_OK)
		return status;
	list = arena_array(g->arena, n_absences + 1, sizeof *list);
	for (size_t i = 0; i < n_absences; i++) {
		const char *name = gather_name(g, absences[i].person_id);

		bool twice = false; /* a public holiday within an absence */

		for (size_t k = 0; k < i; k++)
			twice = twice || absences[k].person_id == absences[i].person_id;
		if (name == NULL || twice || absences[i].person_id == g->reader->id)
			continue;
		list[n++] = (struct digest_away){.name = name, .last_day = absences[i].last_day,
		    .cover = gather_name(g, absences[i].cover_id),
		    .half = half_key(absences[i].half_day)};
	}
	g->digest->away = list;
	g->digest->n_away = n;
	return TD_OK;
}

/* ---- core hours ---- */

static const char *
clock_text(const struct gathering *g, int64_t at)
{
	struct civil local;

	zone_to_local(g->zone, at, &local);
	return arena_printf(g->arena, "%02d:%02d", local.hour, local.minute);
}

static int64_t
at_minute(const struct zone *zone, int64_t day, int minute)
{
	struct civil local;

	civil_from_days(day + minute / 1440, &local);
	local.hour = minute % 1440 / 60;
	local.minute = minute % 60;
	return zone_to_utc(zone, &local, NULL);
}

/* The core hours that begin on the reader's day, as the reader's clock shows them. */
void
gather_core(struct gathering *g)
{
	const struct zone *zone;
	struct hours hours;
	const char *core = "";

	if (g->team->core_hours == NULL || zone_get(g->team->zone, &zone, NULL) != TD_OK ||
	    hours_parse(span_of(g->team->core_hours), &hours, NULL) != TD_OK)
		return;
	for (int64_t day = g->today - 1; day <= g->today + 1; day++) {
		for (size_t i = 0; i < hours.count; i++) {
			int64_t from = at_minute(zone, day, hours.spans[i].from);
			int64_t to = at_minute(zone, day, hours.spans[i].to);

			if (hours.spans[i].weekday != civil_weekday(day) ||
			    zone_local_day(g->zone, from) != g->today)
				continue;
			core = arena_printf(g->arena, "%s%s%s-%s", core, *core != '\0' ? ", " : "",
			    clock_text(g, from), clock_text(g, to));
		}
	}
	if (*core == '\0')
		return;
	g->digest->core = core;
	g->digest->core_zone = zone_name(g->zone);
}
