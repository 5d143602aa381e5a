/* SPDX-License-Identifier: ISC */
/*
 * when-private: what the parts of when share. when-day.c reads days, when-clock.c times of day
 * and offsets, when.c joins them into points and ranges.
 *
 * A matcher looks at the tokens from p->at on. When they fit, it moves p->at past them and fills
 * its result; otherwise it leaves both alone. A form that is clearly meant but wrong ("31 Nov")
 * leaves its reason with when_refuse(): that is told if nothing else fits.
 */
#ifndef TD_WHEN_PRIVATE_H
#define TD_WHEN_PRIVATE_H

#include "parsers/when.h"
#include "parsers/when-lex.h"

#define WHEN_YEAR_FIRST 1900
#define WHEN_YEAR_LAST 2999

struct when_parse {
	struct arena *arena;
	const struct when_token *tokens;
	size_t at, end;
	struct span text; /* the original */
	int64_t anchor;
	const struct zone *writer; /* whose words these are */
	const struct zone *zone;   /* named in the expression, else the writer's */
	int64_t today;             /* local day of the anchor in `zone` */
	int64_t base;              /* weekdays and days without a year are sought from here */
	enum when_tense tense;
	int64_t slack; /* days before base that still count as the coming such day */
	int year;      /* a year that stands at the range's other end, 0 without */
	bool prefix;   /* more text may follow: no guesses */
	struct refusal *refusal;
};

struct when_day {
	int64_t first, last;           /* both included */
	enum when_precision precision; /* WHEN_DAY, WHEN_WEEK; WHEN_MINUTE: the moment below */
	int64_t moment;                /* UTC, of "now" and "in 2 hours" */
	bool has_year;
};

struct when_clock {
	int32_t start, end; /* seconds after local midnight; end < 0 without a range */
	bool has_offset;
	int32_t offset; /* seconds east */
	bool midnight;
};

/* Keeps the first reason. suggestion may be NULL. */
void when_refuse(struct when_parse *p, const char *suggestion, const char *fmt, ...)
    TD_PRINTF(3, 4);

const struct when_token *when_peek(
    const struct when_parse *p, size_t ahead); /* NULL past the end */
bool when_next_is(const struct when_parse *p, size_t ahead, enum when_word_kind kind, int *value_r);
bool when_take_word(struct when_parse *p, enum when_word_kind kind, int *value_r);
bool when_take_sign(struct when_parse *p, char sign);
const char *when_source(struct when_parse *p, size_t from, size_t to); /* tokens, as written */
const char *when_iso_day(struct when_parse *p, int64_t days);

bool when_match_day(struct when_parse *p, struct when_day *day_r);
/* "in 3 days", "2 weeks ago"; when-amount.c. */
bool when_match_amount(struct when_parse *p, struct when_day *day_r);
/* bare_hour: "at 8" and the like are allowed. */
bool when_match_clock(struct when_parse *p, bool bare_hour, struct when_clock *clock_r);
bool when_match_offset(struct when_parse *p, struct when_clock *clock);

#endif
