/* SPDX-License-Identifier: ISC */
/* worktime: see worktime.h. */
#include "config.h"

#include "daemon/model/worktime.h"

#include <string.h>

#include "parsers/base/num.h"
#include "parsers/duration.h"

#define QUARTER 900
#define DAY 86400

/* ---- weeks --------------------------------------------------------------------------------- */

bool
week_parse(struct span text, int64_t *monday_r)
{
	uint32_t year, number;

	if (text.len != 8 || text.ptr[4] != '-' || (text.ptr[5] | 32) != 'w' ||
	    !num_u32(span_first(text, 4), 9999, &year) ||
	    !num_u32(span_skip(text, 6), 53, &number) || number < 1 ||
	    (int)number > civil_weeks_in((int)year))
		return false;
	*monday_r = civil_week_start((int)year, (int)number);
	return true;
}

const char *
week_name(struct arena *arena, int64_t day)
{
	int year, number;

	civil_week(day, &year, &number);
	return arena_printf(arena, "%04d-W%02d", year, number);
}

/* ---- amounts ------------------------------------------------------------------------------- */

/* "15m up" is an amount and a last word; the word is "" where the whole text is an amount. */
static bool
take_amount(struct span text, char before, int64_t *seconds_r, struct span *word_r)
{
	struct arena *arena = arena_create();
	struct refusal refusal = {NULL, NULL};
	size_t at = text.len;
	bool good = duration_parse(arena, text, 0, 0, seconds_r, &refusal);

	while (!good && at > 0 && text.ptr[at - 1] != ' ' && text.ptr[at - 1] != before)
		at--;
	*word_r = span_skip(text, at);
	if (!good && at > 0)
		good = duration_parse(arena, span_trim(span_first(text, at - 1)), 0, 0, seconds_r,
		    &refusal);
	arena_destroy(&arena);
	return good;
}

static bool
is_off(struct span text)
{
	return text.len == 0 || span_iis(text, "off") || span_iis(text, "none");
}

static const char *
amount(struct arena *arena, int64_t seconds)
{
	char text[32];

	duration_format(seconds, text);
	return arena_strdup(arena, text);
}

enum td_status
target_parse(struct span text, struct target *target_r, struct err *err)
{
	struct target target = {0};
	struct span word;
	bool good;

	text = span_trim(text);
	if (is_off(text)) {
		*target_r = target;
		return TD_OK;
	}
	good = take_amount(text, '/', &target.seconds, &word);
	target.weekly = span_iis(word, "week");
	if (!good || !(target.weekly || span_iis(word, "day")) || target.seconds <= 0 ||
	    target.seconds > (target.weekly ? 7 : 1) * DAY)
		return err_perm(err, "that is no target: write 8h/day, 40h/week or off");
	*target_r = target;
	return TD_OK;
}

const char *
target_format(struct arena *arena, const struct target *target)
{
	if (target->seconds == 0)
		return "off";
	return arena_printf(arena, "%s/%s", amount(arena, target->seconds),
	    target->weekly ? "week" : "day");
}

int64_t
target_week(const struct target *target, const struct hours *hours, const enum day_off off[7])
{
	int64_t halves = 0, all = 0;

	for (int day = 0; day < 7; day++) {
		if (!hours_works_on(hours, (enum weekday)day))
			continue;
		all += 2;
		halves += off[day] == DAY_WORK ? 2 : off[day] == DAY_HALF ? 1 : 0;
	}
	if (!target->weekly)
		return target->seconds * halves / 2;
	return all > 0 ? target->seconds * halves / all : 0;
}

/* ---- rounding ------------------------------------------------------------------------------ */

enum td_status
rounding_parse(struct span text, struct rounding *rounding_r, struct err *err)
{
	struct rounding rounding = {0};
	struct span word;

	text = span_trim(text);
	if (is_off(text)) {
		*rounding_r = rounding;
		return TD_OK;
	}
	if (take_amount(text, ' ', &rounding.step, &word) && rounding.step >= 60 &&
	    rounding.step <= DAY) {
		rounding.way = span_iis(word, "up") ? ROUND_UP
		    : span_iis(word, "down") ? ROUND_DOWN : ROUND_NEAREST;
		if (word.len == 0 || rounding.way != ROUND_NEAREST || span_iis(word, "nearest")) {
			*rounding_r = rounding;
			return TD_OK;
		}
	}
	return err_perm(err, "that is no rounding: write 15m, 15m up, 15m down or off");
}

const char *
rounding_format(struct arena *arena, const struct rounding *rounding)
{
	static const char *const ways[] = {"", " up", " down"};

	if (rounding->step == 0)
		return "off";
	return arena_printf(arena, "%s%s", amount(arena, rounding->step), ways[rounding->way]);
}

int64_t
rounding_apply(const struct rounding *rounding, int64_t seconds)
{
	int64_t step = rounding->step, over, rounded;

	if (seconds < 0)
		return -rounding_apply(rounding, -seconds);
	if (step == 0 || seconds == 0 || (over = seconds % step) == 0)
		return seconds;
	rounded = seconds - over;
	if (rounding->way == ROUND_UP || (rounding->way == ROUND_NEAREST && over * 2 >= step))
		rounded += step;
	return rounded > 0 ? rounded : step;
}

/* ---- the day ------------------------------------------------------------------------------- */

static int64_t
moment(const struct zone *zone, int64_t day, int minute)
{
	struct civil local;

	if (minute == 1440)
		return zone_day_start(zone, day + 1);
	civil_from_seconds(day * DAY + minute * 60, &local);
	return zone_to_utc(zone, &local, NULL);
}

int64_t
worktime_day_end(const struct hours *hours, const struct zone *zone, int64_t t)
{
	int64_t day = zone_local_day(zone, t), end = 0;

	/* a shift over midnight goes on in the first span of the next day */
	for (int64_t d = day; d <= day + 1; d++)
		for (size_t i = 0; i < hours->count; i++) {
			const struct hours_span *span = &hours->spans[i];
			int64_t to = moment(zone, d, span->to);

			if (span->weekday == civil_weekday(d) && to > t &&
			    (d == day || (end == zone_day_start(zone, d) && span->from == 0)))
				end = to;
		}
	return end != 0 ? end : t + 8 * 3600;
}

int64_t
worktime_late(const struct hours *hours, const struct zone *zone, enum day_half off, int64_t from,
    int64_t to)
{
	int64_t sum = 0;

	if (to > from + DAY)
		to = from + DAY;
	for (int64_t t = from; t < to; t += QUARTER) {
		struct civil local;

		zone_to_local(zone, t, &local);
		if (hours_in_half(hours, zone, t, off) ||
		    ((local.hour >= 22 || local.hour < 6) && !hours_contains(hours, zone, t)))
			sum += to - t < QUARTER ? to - t : QUARTER;
	}
	return sum;
}

/* ---- time sheets --------------------------------------------------------------------------- */

static const char *const state_names[] = {"submitted", "approved", "rejected"};

const char *
sheet_state_name(enum sheet_state state)
{
	return state_names[state];
}

bool
sheet_state_parse(const char *name, enum sheet_state *state_r)
{
	for (size_t i = 0; name != NULL && i < sizeof state_names / sizeof *state_names; i++) {
		if (strcmp(state_names[i], name) == 0) {
			*state_r = (enum sheet_state)i;
			return true;
		}
	}
	return false;
}

bool
sheet_may_become(const struct sheet *sheet, enum sheet_state to, const char **why_r)
{
	const char *why = NULL;

	switch (to) {
	case SHEET_SUBMITTED:
		if (sheet != NULL && sheet->state == SHEET_SUBMITTED)
			why = "it is handed in already";
		else if (sheet != NULL && sheet->state == SHEET_APPROVED)
			why = "it is approved and locked";
		break;
	case SHEET_APPROVED:
		if (sheet == NULL)
			why = "it was not handed in yet";
		else if (sheet->state == SHEET_APPROVED)
			why = "it is approved already";
		else if (sheet->state == SHEET_REJECTED)
			why = "it was handed back and did not come again";
		break;
	case SHEET_REJECTED:
		if (sheet == NULL)
			why = "it was not handed in yet";
		else if (sheet->state == SHEET_REJECTED)
			why = "it was handed back already";
		break;
	}
	*why_r = why;
	return why == NULL;
}
