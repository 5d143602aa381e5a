/* SPDX-License-Identifier: ISC */
/* cmd_clock: moves the clock of a daemon that runs with --test-clock. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "parsers/duration.h"
#include "daemon/control/client.h"
#include "daemon/control/show.h"

static const struct show_column fields[] = {{"now", "Now"}};

static int
ask(struct tool *tool, const char *question)
{
	json_t *answer = NULL;
	struct err err;

	if (control_ask(tool->conf->run_dir, question, &answer, &err) != TD_OK)
		return tool_fail(&err);
	show_object(tool, json_pack("{s:o}", "now", show_time(tool,
	    json_integer_value(json_object_get(answer, "now")))), fields, 1);
	json_decref(answer);
	return TOOL_OK;
}

/* +DURATION counts from the daemon's own time, with days of 24 hours. */
static enum td_status
read_plus(struct tool *tool, const char *text, int64_t *plus_r, struct err *err)
{
	struct refusal refusal = {NULL, NULL};

	if (strchr(text, 'w') != NULL) /* a week of work is five days: not what a clock means */
		return err_perm(err, "%s: write days, as +7d", text);
	if (!duration_parse(tool->arena, span_of(*text == '+' ? text + 1 : text),
	    DURATION_NEGATIVE, 86400, plus_r, &refusal))
		return err_perm(err, "%s: %s", text, refusal.why);
	return TD_OK;
}

static enum td_status
daemon_now(struct tool *tool, int64_t *now_r, struct err *err)
{
	json_t *answer = NULL;
	enum td_status status = control_ask(tool->conf->run_dir, "clock", &answer, err);

	if (status == TD_OK)
		*now_r = json_integer_value(json_object_get(answer, "now"));
	json_decref(answer);
	return status;
}

static int
set_run(struct tool *tool, int argc, char **argv)
{
	bool frozen = false;
	const struct tool_option options[] = {{"frozen", NULL, &frozen}};
	bool plus = false;
	struct err err;
	int64_t to, now = 0;
	int status = tool_options(tool, options, 1, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 2)
		return tool_misuse(tool, "clock set wants a time, or + and an amount");
	plus = *argv[1] == '+' || *argv[1] == '-';
	if ((plus ? read_plus(tool, argv[1], &to, &err)
		  : tool_time(argv[1], tool_zone(tool), &to, &err)) != TD_OK)
		return tool_misuse(tool, "%s", err.text);
	if (tool_open_conf(tool, &err) != TD_OK ||
	    (plus && daemon_now(tool, &now, &err) != TD_OK))
		return tool_fail(&err);
	return ask(tool, arena_printf(tool->arena, "clock %" PRId64 "%s", now + to,
	    frozen ? " frozen" : ""));
}

static int
show_run(struct tool *tool, int argc, char **argv)
{
	struct err err;
	int status = tool_options(tool, NULL, 0, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 1)
		return tool_misuse(tool, "clock show takes no words");
	if (tool_open_conf(tool, &err) != TD_OK)
		return tool_fail(&err);
	return ask(tool, "clock");
}

static int
run(struct tool *tool, int argc, char **argv)
{
	static const struct tool_verb verbs[] = {{"set", set_run}, {"show", show_run}};

	return tool_verbs(tool, verbs, 2, argc, argv);
}

const struct command cmd_clock = {"clock", "move the clock of a test daemon",
    "set T|+DURATION [--frozen]\nshow",
    "Works only with tidingsd --test-clock: a whole day passes in seconds.\n"
    "  T          RFC 3339, \"2026-11-22 10:00\", or seconds since 1970\n"
    "  +DURATION  forward by so much, as +1h30m; a day is 24 hours here\n"
    "  --frozen   the clock stands still until it is moved again\n",
    run};
