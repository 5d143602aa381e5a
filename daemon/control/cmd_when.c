/* SPDX-License-Identifier: ISC */
/* cmd_when: how a date and how an amount of time is read (tidings when, tidings duration). */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "parsers/base/zone.h"
#include "parsers/duration.h"
#include "parsers/when.h"
#include "daemon/clock.h"
#include "daemon/control/show.h"
#include "daemon/control/tool.h"

/* All words are one expression: `tidings when next friday` needs no quotes. */
static const char *
words(struct tool *tool, int argc, char **argv)
{
	const char *all = "";

	for (int i = 1; i < argc; i++)
		all = arena_printf(tool->arena, "%s%s%s", all, i > 1 ? " " : "", argv[i]);
	return all;
}

static int
refused(struct tool *tool, const char *expr, const struct refusal *refusal)
{
	const char *why = refusal->why != NULL ? refusal->why : "it is not understood";

	if (refusal->suggestion != NULL)
		return tool_failf("%s: %s; as in: %s", expr, why, refusal->suggestion);
	return tool_failf("%s: %s", expr, why);
}

/* ---- when ----------------------------------------------------------------------------------- */

static void
show_when(struct tool *tool, const struct reading_when *when)
{
	static const char *const precisions[] = {"day", "minute", "week"};
	const char *start = tool_rfc3339(tool, when->start, when->zone);
	const char *end = tool_rfc3339(tool, when->end, when->zone);

	if (!tool->json) {
		printf("%s%s%s\n", start, when->local_end != NULL ? "/" : "",
		    when->local_end != NULL ? end : "");
		return;
	}
	show_object(tool, json_pack("{s:s, s:s, s:I, s:I, s:s, s:o, s:o, s:s, s:b}", "start", start,
	    "end", end, "start_seconds", (json_int_t)when->start, "end_seconds",
	    (json_int_t)when->end, "precision", precisions[when->precision], "local",
	    show_text(tool, when->local), "local_end", show_text(tool, when->local_end), "zone",
	    when->zone, "past", (int)when->past), NULL, 0);
}

static int
run_when(struct tool *tool, int argc, char **argv)
{
	const char *now = NULL, *zone = NULL, *expr;
	bool past = false;
	const struct tool_option options[] = {
	    {"now", &now, NULL}, {"zone", &zone, NULL}, {"past", NULL, &past}};
	struct when_context context = {.anchor = clock_now()};
	struct reading_when *when = NULL;
	struct refusal refusal = {NULL, NULL};
	const struct zone *z;
	struct err err;
	int status = tool_options(tool, options, 3, &argc, argv);

	if (status != -1)
		return status;
	if (argc < 2)
		return tool_misuse(tool, "which date?");
	context.zone = zone != NULL ? zone : tool_zone(tool);
	context.tense = past ? WHEN_PAST : WHEN_FUTURE;
	if (zone_get(context.zone, &z, &err) != TD_OK ||
	    (now != NULL && tool_time(now, context.zone, &context.anchor, &err) != TD_OK))
		return tool_misuse(tool, "%s", err.text);
	expr = words(tool, argc, argv);
	if (!when_parse(tool->arena, span_of(expr), &context, &when, &refusal))
		return refused(tool, expr, &refusal);
	show_when(tool, when);
	return TOOL_OK;
}

const struct command cmd_when = {"when", "show how a date is read",
    "EXPR [--now T] [--zone Z] [--past]",
    "Prints the moment in RFC 3339, a range as START/END, or says why it is refused (exit 1).\n"
    "  --now T    read it at T (RFC 3339, or seconds)\n"
    "  --zone Z   in this zone (default: this machine's)\n"
    "  --past     as in a time entry: \"friday\" is the last one\n",
    run_when};

/* ---- duration ------------------------------------------------------------------------------- */

static int
run_duration(struct tool *tool, int argc, char **argv)
{
	const char *expr;
	bool months = false;
	const struct tool_option options[] = {{"estimate", NULL, &months}};
	struct refusal refusal = {NULL, NULL};
	int64_t seconds;
	char text[32];
	int status = tool_options(tool, options, 1, &argc, argv);

	if (status != -1)
		return status;
	if (argc < 2)
		return tool_misuse(tool, "how long?");
	expr = words(tool, argc, argv);
	if (!duration_parse(tool->arena, span_of(expr),
	    DURATION_NEGATIVE | (months ? DURATION_MONTHS : 0), 0, &seconds, &refusal))
		return refused(tool, expr, &refusal);
	duration_format(seconds, text);
	if (tool->json)
		show_object(tool, json_pack("{s:I, s:s}", "seconds", (json_int_t)seconds, "text",
		    text), NULL, 0);
	else
		printf("%" PRId64 "\n", seconds);
	return TOOL_OK;
}

const struct command cmd_duration = {"duration", "show how an amount of time is read",
    "EXPR [--estimate]",
    "Prints the seconds, or says why it is refused (exit 1). A day is 8 hours.\n"
    "  --estimate  as in an estimate: \"2mo\" is allowed\n",
    run_duration};
