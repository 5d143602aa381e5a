/* SPDX-License-Identifier: ISC */
/*
 * read-time: what the scorer asks. Each line of standard input is one question, fields parted by
 * tabs; each gives one line of JSON:
 *
 *	when NOW ZONE EXPR        a due date, NOW in UTC seconds
 *	past NOW ZONE EXPR        a time entry's date
 *	prefix NOW ZONE TEXT      the date at the beginning of a text, and its length
 *	duration DAY EXPR         DAY: seconds of a day of work
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "parsers/base/num.h"
#include "parsers/base/zone.h"
#include "parsers/duration.h"
#include "parsers/when.h"

static json_t *
refused(const struct refusal *refusal)
{
	return json_pack(
	    "{s:s?, s:s?}", "refused", refusal->why, "suggestion", refusal->suggestion);
}

static json_t *
moment(const struct reading_when *when, int64_t at)
{
	const struct zone *zone;
	char text[CIVIL_TEXT] = "";

	if (zone_get(when->zone, &zone, NULL) == TD_OK)
		civil_format_rfc3339(at, zone_offset_at(zone, at), text);
	return json_string(text);
}

static json_t *
answer_when(struct arena *arena, struct span kind, struct span rest)
{
	static const char *const precisions[] = {"day", "minute", "week"};
	struct when_context context = {.tense = span_is(kind, "past") ? WHEN_PAST : WHEN_FUTURE};
	struct span now, zone;
	struct reading_when *when;
	struct refusal refusal;
	size_t taken;

	if (!span_next_field(&rest, '\t', &now) || !span_next_field(&rest, '\t', &zone) ||
	    !num_i64(now, -(1LL << 40), 1LL << 40, &context.anchor))
		return json_pack("{s:s}", "bad", "now");
	context.zone = arena_span(arena, zone);
	taken = rest.len;
	if (span_is(kind, "prefix"))
		taken = when_prefix(arena, rest, &context, &when, &refusal);
	else if (!when_parse(arena, rest, &context, &when, &refusal))
		taken = 0;
	if (taken == 0)
		return refused(&refusal);
	return json_pack("{s:I, s:o, s:o, s:s, s:s, s:s?, s:s, s:b}", "taken", (json_int_t)taken,
	    "start", moment(when, when->start), "end", moment(when, when->end), "precision",
	    precisions[when->precision], "local", when->local, "local_end", when->local_end, "zone",
	    when->zone, "past", when->past);
}

static json_t *
answer_duration(struct arena *arena, struct span rest)
{
	struct span day;
	uint32_t day_seconds;
	int64_t seconds;
	struct refusal refusal;

	if (!span_next_field(&rest, '\t', &day) || !num_u32(day, CIVIL_DAY, &day_seconds))
		return json_pack("{s:s}", "bad", "day");
	if (!duration_parse(
		arena, rest, DURATION_NEGATIVE | DURATION_MONTHS, day_seconds, &seconds, &refusal))
		return refused(&refusal);
	return json_pack("{s:I}", "seconds", (json_int_t)seconds);
}

int
main(void)
{
	char line[4096];
	struct arena *arena = arena_create();

	while (fgets(line, sizeof line, stdin) != NULL) {
		struct span rest = span_of(line), kind;
		json_t *answer;

		rest.len -= rest.len > 0 && rest.ptr[rest.len - 1] == '\n';
		if (!span_next_field(&rest, '\t', &kind))
			kind = SPAN("");
		answer = span_is(kind, "duration") ? answer_duration(arena, rest)
						   : answer_when(arena, kind, rest);
		json_dumpf(answer, stdout, JSON_COMPACT);
		putchar('\n');
		fflush(stdout);
		json_decref(answer);
		arena_clear(arena);
	}
	arena_destroy(&arena);
	return 0;
}
