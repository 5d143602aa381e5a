/* SPDX-License-Identifier: ISC */
/* tidingsd: options and roles. The store process is daemon.c; the others start in worker_main. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "parsers/base/num.h"
#include "daemon/daemon.h"
#include "daemon/fetch/worker.h"
#include "daemon/ipc/worker.h"
#include "daemon/log.h"
#include "daemon/parse_worker.h"
#include "daemon/send/oauth_worker.h"
#include "daemon/send/worker.h"
#include "daemon/startup.h"

enum { OPT_TEST_CLOCK = 256, OPT_ONCE, OPT_VERSION, OPT_HELP, OPT_ROLE, OPT_LOG_LEVEL };

static const struct option long_options[] = {
    {"config", required_argument, NULL, 'c'},
    {"test-clock", optional_argument, NULL, OPT_TEST_CLOCK},
    {"once", no_argument, NULL, OPT_ONCE},
    {"version", no_argument, NULL, OPT_VERSION},
    {"help", no_argument, NULL, OPT_HELP},
    {"role", required_argument, NULL, OPT_ROLE},
    {"log-level", required_argument, NULL, OPT_LOG_LEVEL},
    {NULL, 0, NULL, 0},
};

static void
usage(FILE *out)
{
	fputs("usage: tidingsd [-c FILE] [-f] [-n] [-v] [--test-clock[=T]] [--once]\n"
	      "  -c FILE       configuration (default: $TIDINGS_CONF, else\n"
	      "                ~/.config/tidings/tidings.conf, else " TD_SYSCONFDIR
	      "/tidings/tidings.conf)\n"
	      "  -f            stay in the foreground\n"
	      "  -n            check the configuration and exit\n"
	      "  -v            log everything\n"
	      "  --test-clock  let `tidings clock` move the time; T: begin there (seconds since "
	      "1970)\n"
	      "  --once        fetch everything, process it, send what is due, and exit\n"
	      "  --version, --help\n",
	    out);
}

static enum log_level
level_of(const char *name)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};

	for (int i = LOG_LEVEL_ERROR; i <= LOG_LEVEL_DEBUG; i++)
		if (strcmp(name, names[i]) == 0)
			return (enum log_level)i;
	return LOG_LEVEL_INFO;
}

static int
run_role(const char *name)
{
	enum worker_role role;

	if (!worker_role_of(name, &role)) {
		fprintf(stderr, "tidingsd: --role is for tidingsd itself\n");
		return 2;
	}
	switch (role) {
	case ROLE_FETCH:
		return worker_main(role, fetch_worker);
	case ROLE_PARSE:
		return worker_main(role, parse_worker);
	case ROLE_SEND:
		return worker_main(role, send_worker);
	case ROLE_OAUTH:
		return worker_main(role, oauth_worker);
	}
	return 2;
}

/* What the command line asks for. */
struct command_line {
	struct daemon_options options;
	const char *role;
	bool check;
	int exit_status; /* -1: go on */
};

static void
take_option(struct command_line *line, int opt)
{
	switch (opt) {
	case 'c':
		line->options.conf_path = optarg;
		break;
	case 'f':
		line->options.foreground = true;
		break;
	case 'n':
		line->check = true;
		break;
	case 'v':
		line->options.verbose = true;
		break;
	case OPT_TEST_CLOCK:
		line->options.test_clock = true;
		if (optarg != NULL && !num_i64(span_of(optarg), 0, INT64_MAX / 2,
				      &line->options.test_begin)) {
			fputs("tidingsd: --test-clock=T wants seconds since 1970\n", stderr);
			line->exit_status = 2;
		}
		break;
	case OPT_ONCE:
		line->options.once = true;
		break;
	case OPT_ROLE:
		line->role = optarg;
		break;
	case OPT_LOG_LEVEL:
		log_set_level(level_of(optarg));
		break;
	case OPT_VERSION:
		puts("tidingsd " PACKAGE_VERSION);
		line->exit_status = 0;
		break;
	case OPT_HELP:
		usage(stdout);
		line->exit_status = 0;
		break;
	default:
		usage(stderr);
		line->exit_status = 2;
	}
}

int
main(int argc, char **argv)
{
	struct command_line line = {.exit_status = -1};
	int opt;

	while (line.exit_status < 0 &&
	    (opt = getopt_long(argc, argv, "c:fnv", long_options, NULL)) != -1)
		take_option(&line, opt);
	if (line.exit_status < 0 && optind < argc)
		take_option(&line, '?');
	if (line.exit_status >= 0)
		return line.exit_status;
	if (line.role != NULL)
		return run_role(line.role);
	startup_descriptors();
	log_init("store", LOG_LEVEL_INFO);
	return line.check ? daemon_check(&line.options) : daemon_run(&line.options);
}
