/* SPDX-License-Identifier: ISC */
/*
 * duration: see duration.h. Pairs of a number and a unit ("1h 30m", "1,5 Stunden", "zwei Tage"),
 * "1h30" and "1:30". Units and numbers in words are those of when-words. Refused: a bare number,
 * a unit named twice, months and minus signs where they are not allowed, "1,500h" (which may be
 * one and a half or fifteen hundred), and more than 100,000 hours.
 */
#include "config.h"

#include "parsers/duration.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parsers/when-lex.h"

#define HOUR 3600
#define SECONDS_MAX (100000LL * HOUR)
#define DAY_HOURS 8
#define WEEK_DAYS 5
#define MONTH_DAYS 20

struct duration_parse {
	struct arena *arena;
	const struct when_token *tokens;
	size_t at, end;
	struct span text;
	unsigned flags;
	int64_t day_seconds;
	bool prefix; /* more text may follow: "2h 3 days ago" is two hours */
	struct refusal *refusal;
};

struct decimal {
	int64_t whole;
	int64_t fraction; /* of `scale` */
	int64_t scale;
};

static void TD_PRINTF(3, 4)
    refuse(struct duration_parse *p, const char *suggestion, const char *fmt, ...)
{
	va_list ap;

	if (p->refusal->why != NULL)
		return;
	va_start(ap, fmt);
	p->refusal->why = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	p->refusal->suggestion = suggestion;
}

static const char *
source(struct duration_parse *p, size_t from, size_t to)
{
	size_t start = p->tokens[from].start, len = p->tokens[to - 1].end - start;

	return arena_span(p->arena, span_first(span_skip(p->text, start), len));
}

static const struct when_token *
peek(const struct duration_parse *p, size_t ahead)
{
	return p->at + ahead < p->end ? &p->tokens[p->at + ahead] : NULL;
}

static bool
sign_is(const struct when_token *t, char sign)
{
	return t != NULL && t->kind == TOKEN_SIGN && t->sign == sign;
}

static bool
number(const struct when_token *t, int digits)
{
	return t != NULL && t->kind == TOKEN_NUMBER && !t->ordinal && t->value >= 0 &&
	       (digits == 0 || t->digits == digits);
}

/* ---- numbers and units ------------------------------------------------------------------- */

static bool
take_decimal(struct duration_parse *p, struct decimal *d_r)
{
	const struct when_token *t = peek(p, 0), *mark = peek(p, 1), *part = peek(p, 2);
	int value;

	if (t != NULL && when_token_means(t, W_HALF, &value)) {
		*d_r = (struct decimal){value / 2, value % 2, 2};
		p->at++;
		p->at += sign_is(mark, '-') && !mark->spaced; /* "demi-heure" */
		return true;
	}
	if (t != NULL && when_token_means(t, W_NUMBER, &value)) {
		*d_r = (struct decimal){value, 0, 1};
		p->at++;
		return true;
	}
	if (sign_is(t, HALF_SIGN)) {
		*d_r = (struct decimal){0, 1, 2};
		p->at++;
		return true;
	}
	if (!number(t, 0))
		return false;
	*d_r = (struct decimal){t->value, 0, 1};
	p->at++;
	if (sign_is(mark, HALF_SIGN)) {
		d_r->fraction = 1;
		d_r->scale = 2;
		p->at++;
		return true;
	}
	if (!(sign_is(mark, '.') || sign_is(mark, ',')) || mark->spaced || !number(part, 0) ||
	    part->spaced)
		return true;
	if (part->digits > 4) {
		p->at--;
		return false;
	}
	if (part->digits == 3)
		refuse(p, NULL, "\"%s\" may be a fraction or a thousand: write it without the mark",
		    source(p, p->at - 1, p->at + 2));
	d_r->fraction = part->value;
	for (int i = 0; i < part->digits; i++)
		d_r->scale *= 10;
	p->at += 2;
	return part->digits != 3;
}

/* 0 for a unit that is no amount of work. */
static int64_t
unit_seconds(const struct duration_parse *p, enum when_unit unit)
{
	switch (unit) {
	case UNIT_SECOND:
		return 1;
	case UNIT_MINUTE:
		return 60;
	case UNIT_HOUR:
		return HOUR;
	case UNIT_DAY:
		return p->day_seconds;
	case UNIT_WEEK:
		return WEEK_DAYS * p->day_seconds;
	case UNIT_MONTH:
		return MONTH_DAYS * p->day_seconds;
	case UNIT_QUARTER:
	case UNIT_YEAR:
		break;
	}
	return 0;
}

/* "1h30": two digits right behind the hours are minutes. */
static bool
take_tail(struct duration_parse *p, enum when_unit unit, int64_t *total)
{
	const struct when_token *t = peek(p, 0), *after = peek(p, 1);

	bool minutes = sign_is(after, '\'') && !after->spaced; /* "1h30'" */

	if (unit != UNIT_HOUR || !number(t, 2) || t->spaced || t->value > 59 ||
	    (after != NULL && !(minutes && peek(p, 2) == NULL)))
		return false;
	*total += t->value * 60;
	p->at += minutes ? 2 : 1;
	return true;
}

/* The unit behind a number; "90'" is minutes. */
static bool
take_unit(struct duration_parse *p, int *unit_r)
{
	const struct when_token *t = peek(p, 0);

	if (t == NULL || !(when_token_means(t, W_UNIT, unit_r) ||
			     (sign_is(t, '\'') && !t->spaced && (*unit_r = UNIT_MINUTE, true))))
		return false;
	p->at++;
	return true;
}

/* "an hour and a half" */
static void
take_half(struct duration_parse *p, int64_t seconds, int64_t *total)
{
	const struct when_token *and = peek(p, 0), *half = peek(p, 1), *after = peek(p, 2);
	int value, unit;

	if (and == NULL || half == NULL || !when_token_means(and, W_AND, NULL) ||
	    !when_token_means(half, W_HALF, &value) || value != 1 ||
	    (after != NULL && (when_token_means(after, W_UNIT, &unit) || sign_is(after, '-'))))
		return;
	*total += seconds / 2;
	p->at += 2;
}

static bool
take_pair(struct duration_parse *p, unsigned *seen, int64_t *total)
{
	struct decimal d;
	int unit;
	int64_t seconds;

	if (!take_decimal(p, &d) || !take_unit(p, &unit))
		return false;
	/* "2 Std.", "2 hrs.": abbreviations; "2h." ends a sentence */
	if (sign_is(peek(p, 0), '.') && !peek(p, 0)->spaced &&
	    p->tokens[p->at - 1].end - p->tokens[p->at - 1].start == 3)
		p->at++;
	seconds = unit_seconds(p, (enum when_unit)unit);
	if (seconds == 0 || (p->prefix && (*seen & ((1u << unit) - 1)) != 0))
		return false;
	if (unit == UNIT_MONTH && (p->flags & DURATION_MONTHS) == 0) {
		refuse(
		    p, NULL, "months are not an amount of work here: write hours, days or weeks");
		return false;
	}
	if ((*seen & 1u << unit) != 0) {
		refuse(p, NULL, "the same unit stands twice in it");
		return false;
	}
	*seen |= 1u << unit;
	*total += d.whole * seconds + (2 * d.fraction * seconds + d.scale) / (2 * d.scale);
	if (*total <= SECONDS_MAX) {
		(void)take_tail(p, (enum when_unit)unit, total);
		take_half(p, seconds, total);
		return true;
	}
	refuse(p, NULL, "that is more than 100,000 hours");
	return false;
}

static bool
parse_pairs(struct duration_parse *p, int64_t *total_r)
{
	unsigned seen = 0;
	int64_t total = 0;

	while (p->at < p->end) {
		if (seen != 0) {
			if (sign_is(peek(p, 0), ','))
				p->at++;
			if (peek(p, 0) != NULL && when_token_means(peek(p, 0), W_AND, NULL))
				p->at++;
		}
		if (!take_pair(p, &seen, &total))
			return false;
	}
	*total_r = total;
	return seen != 0;
}

/* 1:30, 13:27:54 */
static bool
parse_colons(struct duration_parse *p, int64_t *total_r)
{
	const struct when_token *t = peek(p, 0);
	size_t n = p->end - p->at;
	int64_t total;
	int unit;

	/* "1:30h": the unit says no more */
	if ((n == 4 || n == 6) && when_token_means(&t[n - 1], W_UNIT, &unit) && unit == UNIT_HOUR)
		n--;
	if ((n != 3 && n != 5) || !number(t, 0))
		return false;
	total = (int64_t)t->value * HOUR;
	for (size_t i = 1; i + 1 < n; i += 2) {
		if (!sign_is(&t[i], ':') || t[i].spaced || !number(&t[i + 1], 2) || t[i + 1].spaced)
			return false;
		if (t[i + 1].value > 59) {
			refuse(p, NULL, "\"%s\": minutes go to 59 after a colon",
			    source(p, p->at, p->end));
			return false;
		}
		total += t[i + 1].value * (i == 1 ? 60 : 1);
	}
	if (total > SECONDS_MAX) {
		refuse(p, NULL, "that is more than 100,000 hours");
		return false;
	}
	*total_r = total;
	return true;
}

/* ---- the whole --------------------------------------------------------------------------- */

static bool
parse_tokens(struct duration_parse *p, int64_t *seconds_r)
{
	bool negative = sign_is(peek(p, 0), '-');
	int64_t total;
	size_t from;

	p->at += negative || sign_is(peek(p, 0), '+');
	from = p->at;
	if (!parse_colons(p, &total) && (p->at = from, !parse_pairs(p, &total)))
		return false;
	if (negative && (p->flags & DURATION_NEGATIVE) == 0) {
		refuse(p, source(p, from, p->end), "an amount of time cannot be negative here");
		return false;
	}
	*seconds_r = negative ? -total : total;
	return true;
}

static void
begin(struct duration_parse *p, struct arena *arena, struct span text, unsigned flags,
    uint32_t day_seconds, const struct when_tokens *tokens, struct refusal *refusal)
{
	*p = (struct duration_parse){.arena = arena,
	    .tokens = tokens->items,
	    .end = tokens->count,
	    .text = text,
	    .flags = flags,
	    .refusal = refusal,
	    .day_seconds = day_seconds != 0 ? day_seconds : DAY_HOURS * HOUR};
}

/* "90", "1.5": a number and nothing that says of what. */
static bool
refuse_bare(struct duration_parse *p)
{
	struct decimal d;
	size_t from;
	const char *text;

	p->at = sign_is(&p->tokens[0], '-') && p->end > 1;
	from = p->at;
	if (p->tokens[from].kind != TOKEN_NUMBER || !take_decimal(p, &d) || p->at < p->end)
		return false;
	text = source(p, from, p->at);
	refuse(p, arena_printf(p->arena, "%s%s", text, d.whole > 12 ? "m" : "h"),
	    "%s what? Write %sm for minutes or %sh for hours", text, text, text);
	return true;
}

bool
duration_parse(struct arena *arena, struct span expr, unsigned flags, uint32_t day_seconds,
    int64_t *seconds_r, struct refusal *refusal_r)
{
	struct when_tokens tokens;
	struct refusal refusal = {0};
	struct duration_parse p;

	expr = span_trim(expr);
	when_lex(expr, &tokens);
	begin(&p, arena, expr, flags, day_seconds, &tokens, &refusal);
	if (!tokens.cut && tokens.count > 0 && parse_tokens(&p, seconds_r))
		return true;
	if (tokens.count == 0)
		refuse(&p, "1h30m", "no amount of time was written");
	else if (refusal.why == NULL && (tokens.cut || !refuse_bare(&p)))
		refuse(&p, "1h30m",
		    "that is not an amount of time: write one like 1h30m, 45m, "
		    "1.5h or 2d");
	*refusal_r = refusal;
	return false;
}

/* An amount may end here: at white space, ',' ';' ": " or the end of the text. */
static bool
boundary(struct span text, size_t at)
{
	if (at < text.len && text.ptr[at] == ':')
		return at + 1 == text.len || text.ptr[at + 1] == ' ';
	return at >= text.len || strchr(" \t\r,;", text.ptr[at]) != NULL;
}

size_t
duration_prefix(struct arena *arena, struct span text, unsigned flags, uint32_t day_seconds,
    int64_t *seconds_r, struct refusal *refusal_r)
{
	struct when_tokens tokens;
	struct refusal refusal = {0};
	struct duration_parse p;

	text = span_first(text, span_find_byte(text, '\n'));
	/* Most lines are prose and begin with a letter: no amount does, outside a command. */
	if ((flags & DURATION_WORDS) == 0 && text.len > 0 && (*text.ptr | 0x20) >= 'a' &&
	    (*text.ptr | 0x20) <= 'z') {
		*refusal_r = refusal;
		return 0;
	}
	when_lex(text, &tokens);
	if (tokens.cut && tokens.count > 0)
		tokens.count--; /* the last one may be half of a word */
	for (size_t n = tokens.count; n > 0 && refusal.why == NULL; n--) {
		size_t end = tokens.items[n - 1].end;

		if (!boundary(text, end))
			continue;
		begin(&p, arena, text, flags, day_seconds, &tokens, &refusal);
		p.end = n;
		p.prefix = true;
		if (parse_tokens(&p, seconds_r))
			return end;
		if (n <= 3 && refusal.why == NULL)
			(void)refuse_bare(&p);
	}
	*refusal_r = refusal;
	return 0;
}

void
duration_format(int64_t seconds, char out[32])
{
	uint64_t magnitude = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;
	uint64_t minutes = (magnitude + 30) / 60, hours = minutes / 60;
	const char *sign = seconds < 0 && minutes > 0 ? "-" : "";

	minutes %= 60;
	if (hours == 0)
		snprintf(out, 32, "%s%um", sign, (unsigned)minutes);
	else if (minutes == 0)
		snprintf(out, 32, "%s%lluh", sign, (unsigned long long)hours);
	else
		snprintf(
		    out, 32, "%s%lluh %um", sign, (unsigned long long)hours, (unsigned)minutes);
}
