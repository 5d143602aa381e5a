/* SPDX-License-Identifier: ISC */
/*
 * hours: see hours.h. Text is taken apart by when_lex(), so that days may be written in any
 * language that dates may.
 */
#include "config.h"

#include "daemon/model/hours.h"

#include <string.h>

#include "parsers/base/buf.h"
#include "parsers/when-lex.h"

#define DAY_MINUTES 1440
#define MORNING (9 * 60)
#define EXAMPLE "write them like mon-fri 09:00-17:00, sat 10:00-12:00"

static const char *const day_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

struct hours_reader {
	struct when_tokens tokens;
	size_t at;
};

static const struct when_token *
peek(const struct hours_reader *r, size_t ahead)
{
	return r->at + ahead < r->tokens.count ? &r->tokens.items[r->at + ahead] : NULL;
}

static bool
take_sign(struct hours_reader *r, char sign)
{
	const struct when_token *t = peek(r, 0);

	if (t == NULL || t->kind != TOKEN_SIGN || t->sign != sign)
		return false;
	r->at++;
	return true;
}

static bool
take_to(struct hours_reader *r)
{
	const struct when_token *t = peek(r, 0);

	if (t != NULL && when_token_means(t, W_TO, NULL)) {
		r->at++;
		return true;
	}
	return take_sign(r, '-') || take_sign(r, '~');
}

static bool
take_weekday(struct hours_reader *r, int *weekday_r)
{
	if (peek(r, 0) == NULL || !when_token_means(peek(r, 0), W_WEEKDAY, weekday_r))
		return false;
	r->at++;
	(void)take_sign(r, '.');
	return true;
}

/* "9", "09:00", "24:00", "9am", "5:30pm" */
static bool
take_minute(struct hours_reader *r, int *minute_r)
{
	const struct when_token *hour = peek(r, 0), *minute = peek(r, 2), *half;
	int value, minutes = 0;

	if (hour == NULL || hour->kind != TOKEN_NUMBER || hour->digits > 2 || hour->ordinal)
		return false;
	value = hour->value;
	r->at++;
	if (minute != NULL && minute->kind == TOKEN_NUMBER && minute->digits == 2 &&
	    (take_sign(r, ':') || take_sign(r, '.'))) {
		minutes = minute->value;
		r->at++;
	}
	half = peek(r, 0);
	if (half != NULL &&
	    (when_token_means(half, W_AM, NULL) || when_token_means(half, W_PM, NULL))) {
		if (value < 1 || value > 12)
			return false;
		value = value % 12 + (when_token_means(half, W_PM, NULL) ? 12 : 0);
		r->at++;
	}
	if (value > 24 || minutes > 59 || (value == 24 && minutes > 0))
		return false;
	*minute_r = value * 60 + minutes;
	return true;
}

/* ---- hours ------------------------------------------------------------------------------- */

/* One or more days or ranges of days, as bits. */
static unsigned
take_days(struct hours_reader *r)
{
	unsigned days = 0;
	int first, last;

	while (take_weekday(r, &first)) {
		size_t at = r->at;

		last = first;
		if (take_to(r) && !take_weekday(r, &last))
			r->at = at, last = first;
		for (int day = first;; day = (day + 1) % 7) {
			days |= 1u << day;
			if (day == last)
				break;
		}
		at = r->at;
		if (!take_sign(r, ',') || peek(r, 0) == NULL ||
		    !when_token_means(peek(r, 0), W_WEEKDAY, NULL)) {
			r->at = at;
			break;
		}
	}
	return days;
}

static bool
add_span(struct hours *hours, const struct hours_span *span)
{
	size_t i = hours->count;

	if (hours->count == HOURS_SPANS_MAX)
		return false;
	for (; i > 0; i--) {
		const struct hours_span *before = &hours->spans[i - 1];

		if (before->weekday < span->weekday ||
		    (before->weekday == span->weekday && before->from < span->from))
			break;
		hours->spans[i] = *before;
	}
	hours->spans[i] = *span;
	hours->count++;
	return true;
}

/* Spans of a day that touch become one; those that overlap are a mistake. */
static enum td_status
join_spans(struct hours *hours, struct err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < hours->count; i++) {
		struct hours_span *last = n > 0 ? &hours->spans[n - 1] : NULL;
		const struct hours_span *span = &hours->spans[i];

		if (last != NULL && last->weekday == span->weekday && last->to > span->from)
			return err_perm(err, "two ranges of hours overlap on %s: " EXAMPLE,
			    day_names[span->weekday]);
		if (last != NULL && last->weekday == span->weekday && last->to == span->from)
			last->to = span->to;
		else
			hours->spans[n++] = *span;
	}
	hours->count = n;
	return TD_OK;
}

static enum td_status
take_entry(struct hours_reader *r, unsigned *days, struct hours *hours, struct err *err)
{
	unsigned named = take_days(r);
	struct hours_span span;

	if (named != 0)
		*days = named;
	if (*days == 0)
		return err_perm(err, "hours begin with their days: " EXAMPLE);
	if (!take_minute(r, &span.from) || !take_to(r) || !take_minute(r, &span.to))
		return err_perm(err, "after the days comes a range of times: " EXAMPLE);
	if (span.to <= span.from)
		return err_perm(err,
		    "the hours end at %02d:%02d, before they begin: write those over "
		    "midnight as two, like fri 22:00-24:00, sat 00:00-06:00",
		    span.to / 60, span.to % 60);
	for (int day = 0; day < 7; day++) {
		span.weekday = (enum weekday)day;
		if ((*days & 1u << day) != 0 && !add_span(hours, &span))
			return err_perm(err, "more than %d ranges of hours", HOURS_SPANS_MAX);
	}
	return TD_OK;
}

enum td_status
hours_parse(struct span text, struct hours *hours_r, struct err *err)
{
	struct hours_reader r = {.at = 0};
	struct hours hours = {.count = 0};
	unsigned days = 0;
	enum td_status status;

	when_lex(span_trim(text), &r.tokens);
	if (r.tokens.cut)
		return err_perm(err, "these hours are too long: " EXAMPLE);
	do {
		status = take_entry(&r, &days, &hours, err);
		if (status != TD_OK)
			return status;
	} while (take_sign(&r, ','));
	if (peek(&r, 0) != NULL)
		return err_perm(err, "there is more text after the hours: " EXAMPLE);
	status = join_spans(&hours, err);
	if (status == TD_OK)
		*hours_r = hours;
	return status;
}

/* ---- writing ----------------------------------------------------------------------------- */

static size_t
day_spans(const struct hours *hours, int weekday, const struct hours_span **first_r)
{
	size_t n = 0;

	for (size_t i = 0; i < hours->count; i++)
		if ((int)hours->spans[i].weekday == weekday) {
			if (n++ == 0)
				*first_r = &hours->spans[i];
		}
	return n;
}

static bool
same_times(const struct hours *hours, int a, int b)
{
	const struct hours_span *x = NULL, *y = NULL;
	size_t n = day_spans(hours, a, &x);

	if (n != day_spans(hours, b, &y))
		return false;
	for (size_t i = 0; i < n; i++)
		if (x[i].from != y[i].from || x[i].to != y[i].to)
			return false;
	return true;
}

const char *
hours_format(struct arena *arena, const struct hours *hours)
{
	const char *text = "";

	for (int first = 0, last; first < 7; first = last + 1) {
		const struct hours_span *spans = NULL;
		size_t n = day_spans(hours, first, &spans);

		last = first;
		if (n == 0)
			continue;
		while (last < 6 && same_times(hours, first, last + 1))
			last++;
		text = arena_printf(arena, "%s%s%s%s%s", text, *text ? ", " : "", day_names[first],
		    last > first ? "-" : "", last > first ? day_names[last] : "");
		for (size_t i = 0; i < n; i++)
			text = arena_printf(arena, "%s%s %02d:%02d-%02d:%02d", text, i ? "," : "",
			    spans[i].from / 60, spans[i].from % 60, spans[i].to / 60,
			    spans[i].to % 60);
	}
	return text;
}

/* ---- asking ------------------------------------------------------------------------------ */

static int64_t
moment(const struct zone *zone, int64_t day, int minute)
{
	struct civil local;

	if (minute == DAY_MINUTES)
		return zone_day_start(zone, day + 1);
	civil_from_seconds(day * CIVIL_DAY + minute * 60, &local);
	return zone_to_utc(zone, &local, NULL);
}

bool
hours_next_open(const struct hours *hours, const struct zone *zone, int64_t t, int64_t *at_r)
{
	int64_t today = zone_local_day(zone, t);

	/* Nine days: a week, and both ends of one that a zone made shorter. */
	for (int64_t day = today - 1; day <= today + 8; day++)
		for (size_t i = 0; i < hours->count; i++) {
			const struct hours_span *span = &hours->spans[i];

			if (span->weekday != civil_weekday(day) ||
			    zone_day_start(zone, day) == zone_day_start(zone, day + 1))
				continue;
			int64_t from = moment(zone, day, span->from);
			int64_t to = moment(zone, day, span->to);
			if (t < to && from < to) {
				*at_r = t > from ? t : from;
				return true;
			}
		}
	return false;
}

bool
hours_contains(const struct hours *hours, const struct zone *zone, int64_t t)
{
	int64_t at;

	return hours_next_open(hours, zone, t, &at) && at == t;
}

int64_t
hours_day_begin(const struct hours *hours, const struct zone *zone, int64_t day)
{
	const struct hours_span *first = NULL;

	if (day_spans(hours, (int)civil_weekday(day), &first) == 0)
		return moment(zone, day, MORNING);
	return moment(zone, day, first->from);
}

bool
hours_works_on(const struct hours *hours, enum weekday weekday)
{
	for (size_t i = 0; i < hours->count; i++)
		if (hours->spans[i].weekday == weekday)
			return true;
	return false;
}

const char *
day_half_name(enum day_half half)
{
	switch (half) {
	case HALF_NONE:
	case HALF_SOME:
		break;
	case HALF_MORNING:
		return "morning";
	case HALF_AFTERNOON:
		return "afternoon";
	}
	return NULL;
}

int
hours_minutes(const struct hours *hours, enum weekday weekday)
{
	const struct hours_span *first = NULL;
	size_t n = day_spans(hours, (int)weekday, &first);
	int all = 0;

	for (size_t i = 0; i < n; i++)
		all += first[i].to - first[i].from;
	return all;
}

int
hours_middle(const struct hours *hours, enum weekday weekday)
{
	const struct hours_span *first = NULL;
	size_t n = day_spans(hours, (int)weekday, &first);
	int all = hours_minutes(hours, weekday);

	for (size_t i = 0, done = 0; i < n; i++) {
		int span = first[i].to - first[i].from;

		if ((int)done + span >= all / 2)
			return first[i].from + all / 2 - (int)done;
		done += (size_t)span;
	}
	return DAY_MINUTES / 2;
}

bool
hours_in_half(const struct hours *hours, const struct zone *zone, int64_t t, enum day_half half)
{
	int64_t day = zone_local_day(zone, t);
	bool before = t < moment(zone, day, hours_middle(hours, civil_weekday(day)));

	return half == HALF_MORNING ? before : half == HALF_AFTERNOON && !before;
}

enum td_status
hours_uniform(const struct hours *hours, unsigned *days_r, int *from_r, int *to_r, struct err *err)
{
	unsigned days = 0;

	for (size_t i = 0; i < hours->count; i++) {
		unsigned bit = 1u << hours->spans[i].weekday;

		if ((days & bit) != 0 || hours->spans[i].from != hours->spans[0].from ||
		    hours->spans[i].to != hours->spans[0].to)
			return err_perm(err,
			    "core hours are one range of times, the same on each of "
			    "their days: write them like mon-thu 14:00-17:00");
		days |= bit;
	}
	if (days == 0)
		return err_perm(err, "core hours need a day: write them like mon-thu 14:00-17:00");
	*days_r = days;
	*from_r = hours->spans[0].from;
	*to_r = hours->spans[0].to;
	return TD_OK;
}

/* ---- settings ---------------------------------------------------------------------------- */

static bool
take_time_of_day(struct hours_reader *r, int *minute_r)
{
	if (peek(r, 0) != NULL && when_token_means(peek(r, 0), W_AT, NULL))
		r->at++;
	return take_minute(r, minute_r) && *minute_r < DAY_MINUTES && peek(r, 0) == NULL;
}

enum td_status
digest_setting_parse(struct span text, struct digest_setting *setting_r, struct err *err)
{
	struct digest_setting setting = {.kind = DIGEST_OFF};
	struct hours_reader r = {.at = 0};
	struct span rest = span_trim(text), word;
	int weekday = MONDAY;

	if (span_iis(rest, "off")) {
		*setting_r = setting;
		return TD_OK;
	}
	if (!span_next_word(&rest, &word))
		word = SPAN("");
	if (span_iis(word, "daily"))
		setting.kind = DIGEST_DAILY;
	else if (span_iis(word, "weekly"))
		setting.kind = DIGEST_WEEKLY;
	when_lex(rest, &r.tokens);
	if (setting.kind == DIGEST_OFF || r.tokens.cut ||
	    (setting.kind == DIGEST_WEEKLY && !take_weekday(&r, &weekday)) ||
	    !take_time_of_day(&r, &setting.minute))
		return err_perm(err, "that is no time for a digest: write daily 08:30, "
				     "weekly mon 09:00 or off");
	setting.weekday = (enum weekday)weekday;
	*setting_r = setting;
	return TD_OK;
}

const char *
digest_setting_format(struct arena *arena, const struct digest_setting *setting)
{
	switch (setting->kind) {
	case DIGEST_OFF:
		break;
	case DIGEST_DAILY:
		return arena_printf(
		    arena, "daily %02d:%02d", setting->minute / 60, setting->minute % 60);
	case DIGEST_WEEKLY:
		return arena_printf(arena, "weekly %s %02d:%02d", day_names[setting->weekday],
		    setting->minute / 60, setting->minute % 60);
	}
	return "off";
}

enum td_status
checkin_setting_parse(struct span text, struct checkin_setting *setting_r, struct err *err)
{
	struct checkin_setting setting = {.on = true};
	struct hours_reader r = {.at = 0};

	if (span_iis(span_trim(text), "off")) {
		*setting_r = (struct checkin_setting){.on = false};
		return TD_OK;
	}
	when_lex(span_trim(text), &r.tokens);
	if (r.tokens.cut || !take_time_of_day(&r, &setting.minute))
		return err_perm(err, "that is no time for a check-in: write 16:30 or off");
	*setting_r = setting;
	return TD_OK;
}

const char *
checkin_setting_format(struct arena *arena, const struct checkin_setting *setting)
{
	return setting->on
		   ? arena_printf(arena, "%02d:%02d", setting->minute / 60, setting->minute % 60)
		   : "off";
}
