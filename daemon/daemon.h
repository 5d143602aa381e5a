/* SPDX-License-Identifier: ISC */
/* daemon: the store process, from its configuration to its end. */
#ifndef TD_DAEMON_H
#define TD_DAEMON_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/conf/conf.h"

struct daemon_options {
	const char *conf_path;
	bool foreground;
	bool verbose;    /* log everything, whatever the configuration says */
	bool test_clock;
	int64_t test_begin; /* where the test clock begins; 0: now */
	bool once;       /* fetch everything, process, send what is due, end */
};

/* Reads the configuration and only says what is wrong with it: exit status 0 or 1. */
int daemon_check(const struct daemon_options *options);

/* Runs until it is told to stop (or, once, until all is done). Gives the exit status. */
int daemon_run(const struct daemon_options *options);

#endif
