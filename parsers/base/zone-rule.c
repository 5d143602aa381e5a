/* SPDX-License-Identifier: ISC */
/* zone-rule: see zone-rule.h. */
#include "config.h"

#include "parsers/base/zone-rule.h"

#include <string.h>

#include "parsers/base/num.h"

/* ---- reading ----------------------------------------------------------------------------- */

static bool
take_byte(struct span *rest, char byte)
{
	if (rest->len == 0 || rest->ptr[0] != byte)
		return false;
	*rest = span_skip(*rest, 1);
	return true;
}

static bool
name_byte(char c, bool quoted)
{
	bool alpha = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

	return alpha || (quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-'));
}

static bool
take_name(struct span *rest, char name[16])
{
	bool quoted = take_byte(rest, '<');
	size_t n = 0;

	while (n < rest->len && name_byte(rest->ptr[n], quoted))
		n++;
	if (n < 3 || n > 15)
		return false;
	memcpy(name, rest->ptr, n);
	name[n] = '\0';
	*rest = span_skip(*rest, n);
	return !quoted || take_byte(rest, '>');
}

/* [+-]h[h[h]][:mm[:ss]] */
static bool
take_time(struct span *rest, uint32_t max_hour, int32_t *seconds_r)
{
	int32_t sign = take_byte(rest, '-') ? -1 : 1;
	uint32_t hour, minute = 0, second = 0;

	if (sign == 1)
		take_byte(rest, '+');
	if (!num_take(rest, 3, &hour) || hour > max_hour)
		return false;
	if (take_byte(rest, ':')) {
		if (!num_take(rest, 2, &minute) || minute > 59)
			return false;
		if (take_byte(rest, ':') && (!num_take(rest, 2, &second) || second > 59))
			return false;
	}
	*seconds_r = sign * (int32_t)(hour * 3600 + minute * 60 + second);
	return true;
}

static bool
take_number(struct span *rest, uint32_t min, uint32_t max, int *value_r)
{
	uint32_t value;

	if (!num_take(rest, 3, &value) || value < min || value > max)
		return false;
	*value_r = (int)value;
	return true;
}

static bool
take_date(struct span *rest, struct zone_rule_date *date)
{
	bool ok;

	if (take_byte(rest, 'M')) {
		date->kind = ZONE_RULE_WEEKDAY;
		ok = take_number(rest, 1, 12, &date->month) && take_byte(rest, '.') &&
		     take_number(rest, 1, 5, &date->week) && take_byte(rest, '.') &&
		     take_number(rest, 0, 6, &date->weekday);
	} else if (take_byte(rest, 'J')) {
		date->kind = ZONE_RULE_JULIAN;
		ok = take_number(rest, 1, 365, &date->day);
	} else {
		date->kind = ZONE_RULE_DAY;
		ok = take_number(rest, 0, 365, &date->day);
	}
	date->time = 7200;
	return ok && (!take_byte(rest, '/') || take_time(rest, 167, &date->time));
}

static bool
take_dst(struct span *rest, struct zone_rule *rule)
{
	rule->has_dst = true;
	rule->dst_offset = rule->std_offset + 3600;
	if (!take_name(rest, rule->dst_name))
		return false;
	if (rest->len > 0 && rest->ptr[0] != ',') {
		if (!take_time(rest, 24, &rule->dst_offset))
			return false;
		rule->dst_offset = -rule->dst_offset;
	}
	return take_byte(rest, ',') && take_date(rest, &rule->dst_start) && take_byte(rest, ',') &&
	       take_date(rest, &rule->dst_end);
}

bool
zone_rule_parse(struct span text, struct zone_rule *rule_r)
{
	struct zone_rule rule = {0};

	if (!take_name(&text, rule.std_name) || !take_time(&text, 24, &rule.std_offset))
		return false;
	rule.std_offset = -rule.std_offset; /* POSIX counts west of Greenwich */
	if (text.len > 0 && (!take_dst(&text, &rule) || text.len > 0))
		return false;
	*rule_r = rule;
	return true;
}

/* ---- reckoning --------------------------------------------------------------------------- */

static int64_t
rule_day(const struct zone_rule_date *date, int year)
{
	int64_t first = civil_days(year, 1, 1);

	switch (date->kind) {
	case ZONE_RULE_JULIAN:
		return first + date->day - 1 + (date->day > 59 && civil_leap(year));
	case ZONE_RULE_DAY:
		return first + date->day;
	case ZONE_RULE_WEEKDAY:
		break;
	}
	int64_t day = civil_days(year, date->month, 1);
	int last = civil_month_days(year, date->month);
	int wanted = (date->weekday + 6) % 7; /* POSIX begins the week on Sunday */
	int in_month = (wanted - (int)civil_weekday(day) + 7) % 7 + 7 * (date->week - 1);

	return day + (in_month < last ? in_month : in_month - 7);
}

void
zone_rule_year(const struct zone_rule *rule, int year, int64_t *dst_start_r, int64_t *dst_end_r)
{
	*dst_start_r =
	    rule_day(&rule->dst_start, year) * CIVIL_DAY + rule->dst_start.time - rule->std_offset;
	*dst_end_r =
	    rule_day(&rule->dst_end, year) * CIVIL_DAY + rule->dst_end.time - rule->dst_offset;
}

/* A time of day may lie a week outside its year: the years on both sides are looked at too. */
#define CHANGES 10
struct change {
	int64_t at;
	bool to_dst;
};

static void
changes_around(const struct zone_rule *rule, int64_t utc, struct change changes[CHANGES])
{
	struct civil c;
	size_t n = 0;

	civil_from_seconds(utc + rule->std_offset, &c);
	for (int year = c.year - 2; year <= c.year + 2; year++) {
		int64_t start, end;

		zone_rule_year(rule, year, &start, &end);
		changes[n++] = (struct change){end, false};
		changes[n++] = (struct change){start, true};
	}
	/* Few and nearly in order. Equal moments keep "end" first: daylight saving goes on. */
	for (size_t i = 1; i < CHANGES; i++)
		for (size_t k = i; k > 0 && (changes[k].at < changes[k - 1].at ||
						(changes[k].at == changes[k - 1].at &&
						    !changes[k].to_dst && changes[k - 1].to_dst));
		     k--) {
			struct change swap = changes[k];

			changes[k] = changes[k - 1];
			changes[k - 1] = swap;
		}
}

bool
zone_rule_is_dst(const struct zone_rule *rule, int64_t utc)
{
	struct change changes[CHANGES];
	bool dst = false;

	if (!rule->has_dst)
		return false;
	changes_around(rule, utc, changes);
	for (size_t i = 0; i < CHANGES && changes[i].at <= utc; i++)
		dst = changes[i].to_dst;
	return dst;
}

bool
zone_rule_next(const struct zone_rule *rule, int64_t utc, int64_t *at_r)
{
	struct change changes[CHANGES];
	bool dst = zone_rule_is_dst(rule, utc);

	if (!rule->has_dst)
		return false;
	changes_around(rule, utc, changes);
	for (size_t i = 0; i < CHANGES; i++) {
		if (changes[i].at <= utc || (i + 1 < CHANGES && changes[i + 1].at == changes[i].at))
			continue;
		if (changes[i].to_dst != dst) {
			*at_r = changes[i].at;
			return true;
		}
	}
	return false;
}
