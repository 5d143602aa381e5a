/* SPDX-License-Identifier: ISC */
/*
 * tool: what the subcommands of `tidings` share: options, the store, errors, words of time.
 *
 * A command's run gets its own words (argv[0] is its name) and gives the exit status: TOOL_OK,
 * TOOL_FAILED after one line on standard error, TOOL_MISUSE after what is wrong and the usage.
 * Memory comes from tool->arena and lives as long as the program.
 */
#ifndef TD_CONTROL_TOOL_H
#define TD_CONTROL_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "parsers/base/arena.h"
#include "parsers/base/err.h"
#include "daemon/conf/conf.h"
#include "daemon/store/db.h"

enum { TOOL_OK = 0, TOOL_FAILED = 1, TOOL_MISUSE = 2 };

struct command;

struct tool {
	struct arena *arena;
	const char *conf_path; /* as given; NULL: the default */
	bool json;
	bool colour;           /* standard output is a terminal and NO_COLOR is not set */
	bool told_zone;        /* that TZ cannot be used */
	const struct command *command;
	struct conf *conf;     /* NULL until tool_open_conf */
	struct db *db;         /* NULL until tool_open_store */
};

struct command {
	const char *name;
	const char *summary; /* one line of `tidings help` */
	const char *usage;   /* the words behind the name, a line each; after a blank: goes on */
	const char *help;    /* options and what it does; ends with a line end */
	int (*run)(struct tool *tool, int argc, char **argv);
};

extern const struct command cmd_check, cmd_clock, cmd_deliver, cmd_digest, cmd_duration, cmd_init,
    cmd_once, cmd_list, cmd_log, cmd_oauth, cmd_outbox, cmd_parse, cmd_person, cmd_quarantine,
    cmd_search, cmd_show, cmd_status, cmd_team, cmd_timesheet, cmd_when, cmd_who;

/* ---- words ---------------------------------------------------------------------------------- */

struct tool_option {
	const char *name;   /* without "--" */
	const char **value; /* NULL: a flag */
	bool *flag;
};

/*
 * Takes the options (and -c, --json, --help, which every command has) out of the words; what is
 * left stands in argv[0..*argc). -1: go on; else the exit status.
 */
int tool_options(struct tool *tool, const struct tool_option *options, size_t n, int *argc,
    char **argv);

/* The number that argv[1] is, where a verb takes one and nothing else. -1, or the exit status. */
int tool_id(struct tool *tool, int argc, char **argv, int64_t *id_r);

struct tool_verb {
	const char *name;
	int (*run)(struct tool *tool, int argc, char **argv);
};

/* Runs the verb that argv[1] names ("team add"). */
int tool_verbs(struct tool *tool, const struct tool_verb *verbs, size_t n, int argc, char **argv);

/* "tidings team: TEXT" and the usage; TOOL_MISUSE. */
int tool_misuse(struct tool *tool, const char *fmt, ...) TD_PRINTF(2, 3);
/* "tidings: TEXT"; TOOL_FAILED. */
int tool_fail(const struct err *err);
int tool_failf(const char *fmt, ...) TD_PRINTF(1, 2);

/* ---- time ----------------------------------------------------------------------------------- */

/* RFC 3339, "2026-11-22 10:00" or "2026-11-22" (in zone), or seconds since 1970. */
TD_CHECK enum td_status tool_time(const char *text, const char *zone, int64_t *at_r,
    struct err *err);
/* RFC 3339 in the zone, in the arena; NULL for 0. */
const char *tool_rfc3339(struct tool *tool, int64_t at, const char *zone);
/* The zone of this machine ($TZ or /etc/localtime), "UTC" where it cannot be told. */
const char *tool_zone(struct tool *tool);

/* ---- configuration, store, daemon ----------------------------------------------------------- */

/* Reads the configuration; each complaint goes to standard error. */
TD_CHECK enum td_status tool_open_conf(struct tool *tool, struct err *err);

/* Opens the configuration and the store; as root, becomes the configured account first, so that
 * no file of the store gets another owner. */
TD_CHECK enum td_status tool_open_store(struct tool *tool, enum db_mode mode, struct err *err);

/* The same to read and write; where there is none, or an empty one, makes it, and says so. */
TD_CHECK enum td_status tool_open_or_make_store(struct tool *tool, struct err *err);

/* As root, becomes the configured account. */
TD_CHECK enum td_status tool_become(struct tool *tool, struct err *err);

/* Ends the transaction: commits after TD_OK, else rolls back; gives what came of it. */
TD_CHECK enum td_status tool_finish(struct tool *tool, enum td_status status, struct err *err);

/* Tells a running daemon that the store was changed; warns when that does not work. */
void tool_wake(struct tool *tool);

/* Asks a yes-or-no question on a terminal, unless --yes has answered it; without either it is a
 * misuse. -1: go on; else the exit status. */
int tool_confirm(struct tool *tool, bool yes, const char *fmt, ...) TD_PRINTF(3, 4);

#endif
